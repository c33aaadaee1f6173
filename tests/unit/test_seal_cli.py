import io
import json
import sys

import pytest

from desktop_app.cli import main
from desktop_app.reports.document import write_json
from tests.unit.certificates import PASSPHRASE, make_authority, make_p12, write_pem
from tests.unit.seal_reports import make_case_report, report_bytes, result, write_report


@pytest.fixture
def stored(tmp_path):
    return write_json(result(), tmp_path / "clip.cotejo.json")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "report.pdf: intact"), ("es", "report.pdf: íntegro")], ids=["en", "es"]
)
def test_an_intact_report(tmp_path, capsys, language, said) -> None:
    case, report = make_case_report(tmp_path)
    assert main(["verify", str(report), "--case", str(case), "--language", language]) == 0
    out = capsys.readouterr().out
    assert out.startswith(said)
    assert {"en": "its analysis 1 holds the same", "es": "su análisis 1 contiene el mismo"}[language] in out
    assert {"en": "pages: drawn again", "es": "páginas: dibujadas de nuevo"}[language] in out


def test_a_tampered_report_ends_with_seven(tmp_path, capsys) -> None:
    report = write_report(tmp_path, report_bytes() + b"hello")
    assert main(["verify", str(report), "--language", "es", "--no-redraw"]) == 7
    out = capsys.readouterr().out
    assert out.startswith("report.pdf: NO íntegro")
    assert "Se añadió algo" in out
    assert main(["verify", str(report), "--json", "--language", "en"]) == 7
    facts = json.loads(capsys.readouterr().out)
    assert facts["intact"] is False
    assert [f["code"] for f in facts["findings"]] == ["appended"]
    assert facts["findings"][0]["message"].startswith("Something was appended")


def test_a_report_is_written_signed_and_verified(tmp_path, stored, monkeypatch, capsys) -> None:
    authority = make_authority()
    certificate, trusted = make_p12(tmp_path, authority), write_pem(tmp_path / "ca.pem", authority[1])
    monkeypatch.setenv("COTEJO_PASSPHRASE", PASSPHRASE)
    assert main(["report", str(stored), "--sign", str(certificate), "--language", "en", "--reason", "Court order"]) == 0
    report = tmp_path / "clip.cotejo.pdf"
    capsys.readouterr()
    assert main(["verify", str(report), "--trust", str(trusted), "--language", "en"]) == 0
    out = capsys.readouterr().out
    assert "signature of Ana Pérez (Test authority)" in out
    assert "the certificate is trusted" in out
    assert main(["verify", str(report), "--language", "es"]) == 0
    assert "nada avala el certificado" in capsys.readouterr().out


def test_a_passphrase_from_a_file_or_from_nowhere(tmp_path, stored, monkeypatch, capsys) -> None:
    certificate, secret = make_p12(tmp_path), tmp_path / "secret.txt"
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert main(["report", str(stored), "--sign", str(certificate)]) == 2
    assert "--passphrase-file" in capsys.readouterr().err
    secret.write_text("wrong\n", encoding="utf-8")
    asked = ["report", str(stored), "--sign", str(certificate), "--passphrase-file", str(secret)]
    assert main(asked) == 3
    assert "does not open" in capsys.readouterr().err
    # nothing is written before the passphrase is known to be right
    assert not (tmp_path / "clip.cotejo.pdf").exists()
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    assert main(asked) == 0
    assert main(["report", str(stored), "--sign", str(certificate), "--passphrase-file", str(tmp_path / "no")]) == 3


def test_a_passphrase_is_asked_for(tmp_path, stored, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or PASSPHRASE)
    assert main(["report", str(stored), "--sign", str(make_p12(tmp_path))]) == 0
    assert asked == ["ana.p12: "]
