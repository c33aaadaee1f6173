import json

import pytest

from desktop_app.cases import CaseStore, schema
from desktop_app.cli import main
from desktop_app.cli.cases import _TEXTS
from desktop_app.config import load_settings
from tests.unit.case_files import make_case, make_clip, tamper


@pytest.fixture
def path(tmp_path):
    with CaseStore.create(tmp_path / "case.cotejo", "Ana") as case:
        case.items.add(make_clip(tmp_path))
        case.notes.add("The lips move oddly.")
    return tmp_path / "case.cotejo"


def test_an_intact_case(path, capsys):
    assert main(["verify", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("case.cotejo: intact\n")
    assert "item 1, clip.mp4: matches" in out
    assert "1 notes" in out
    assert "--head" in out


def test_an_altered_case_is_told_in_plain_words(path, capsys):
    tamper(path, "UPDATE audit SET entry = replace(entry, 'Ana', 'Eve') WHERE seq = 3")
    assert main(["verify", str(path)]) == 7
    out = capsys.readouterr().out
    assert out.startswith("case.cotejo: NOT intact, from log entry 3 on\n")
    assert "Entry 3 was edited" in out


def test_a_changed_and_a_missing_item(path, capsys, tmp_path):
    clip = make_clip(tmp_path, content=b"other")
    assert main(["verify", str(path)]) == 7
    assert "CHANGED" in capsys.readouterr().out
    assert main(["verify", str(path), "--no-items"]) == 0
    assert "not checked" in capsys.readouterr().out
    clip.unlink()
    assert main(["verify", str(path)]) == 0
    assert "missing: the file is not where it was" in capsys.readouterr().out


def test_json_and_a_head_noted_elsewhere(path, capsys):
    assert main(["verify", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["intact"], facts["since"], facts["findings"]) == (True, None, [])
    assert facts["items"][0]["state"] == "intact"
    head = f"{facts['entries']}:{facts['head']}"
    assert main(["verify", str(path), "--head", head]) == 0
    capsys.readouterr()
    assert main(["verify", str(path), "--json", "--head", f"{facts['entries']}:{'0' * 64}"]) == 7
    assert "noted outside" in json.loads(capsys.readouterr().out)["findings"][0]["message"]
    assert main(["verify", str(path), "--head", "nonsense"]) == 2


def test_what_is_no_case(tmp_path, capsys):
    (tmp_path / "x.cotejo").write_bytes(b"no case at all")
    assert main(["verify", str(tmp_path / "x.cotejo")]) == 5
    assert "not a case" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "absent.cotejo")]) == 5


def test_a_full_case_while_it_is_open(tmp_path, capsys):
    path = make_case(tmp_path)
    with CaseStore.open(path) as case:
        case.notes.add("in the journal only")
        assert main(["verify", str(path)]) == 0
    assert "3 notes" in capsys.readouterr().out


def test_a_case_is_told_in_spanish(path, capsys, tmp_path):
    assert main(["verify", str(path), "--language", "es"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("case.cotejo: íntegro\n")
    assert "material 1, clip.mp4: coincide" in out
    assert "1 notas" in out
    tamper(path, "UPDATE notes SET text = 'The lips move well.'")
    settings = load_settings()
    settings.set("language", "es")
    settings.save()
    assert main(["verify", str(path)]) == 7
    out = capsys.readouterr().out
    assert "NO está íntegro, desde la entrada" in out
    assert "Cambió la nota 1 después de que se escribiera en la entrada" in out


def test_every_kind_of_record_has_words():
    assert set(_TEXTS) >= set(schema.evidence_of(schema.VERSION))
