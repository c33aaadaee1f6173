import io
import os
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from desktop_app.domain.seals import PagesState, SignatureState
from desktop_app.errors import CaseError, InputError
from desktop_app.reports.seal.check import verify_report
from desktop_app.reports.seal.signing import load_signer, sign_pdf
from tests.unit.certificates import PASSPHRASE, make_authority, make_p12, write_pem
from tests.unit.pdfa import faults
from tests.unit.seal_reports import report_bytes, write_report


@pytest.fixture
def report(tmp_path):
    return write_report(tmp_path)


def test_a_signed_report_is_valid_where_the_issuer_is_trusted(tmp_path, report) -> None:
    authority = make_authority()
    certificate = make_p12(tmp_path, authority)
    assert sign_pdf(report, certificate, PASSPHRASE, location="Lima", language="es") == report
    assert report.read_bytes().startswith(report_bytes())
    assert faults(report) == []
    check = verify_report(report, [write_pem(tmp_path / "ca.pem", authority[1])])
    (signature,) = check.signatures
    assert (signature.signer, signature.issuer) == ("Ana Pérez", "Test authority")
    assert (signature.state, signature.reason) == (SignatureState.VALID, "Emito este informe.")
    assert signature.signed_utc is not None
    assert check.is_intact
    assert check.pages is PagesState.MATCH


def test_without_trust_a_sound_signature_is_called_untrusted(tmp_path, report) -> None:
    sign_pdf(report, make_p12(tmp_path), PASSPHRASE)
    check = verify_report(report, redraw=False)
    assert [s.state for s in check.signatures] == [SignatureState.UNTRUSTED]
    assert check.is_intact
    stranger = write_pem(tmp_path / "stranger.pem", make_authority("Stranger")[1])
    check = verify_report(report, [stranger], redraw=False)
    assert [finding.code for finding in check.findings] == ["not_signed_by_trusted"]
    assert verify_report(report, [tmp_path / "ana.pem"], redraw=False).signatures[0].state is SignatureState.VALID


def test_an_unsigned_report_fails_where_a_signer_is_expected(tmp_path, report) -> None:
    trusted = write_pem(tmp_path / "ca.pem", make_authority()[1])
    assert [finding.code for finding in verify_report(report, [trusted], redraw=False).findings] == ["not_signed"]
    assert verify_report(report, redraw=False).signatures == ()


def test_a_second_person_signs_too(tmp_path, report) -> None:
    first, second = make_p12(tmp_path), make_p12(tmp_path, name="Luz Soto", file="luz.p12", passphrase="")
    sign_pdf(report, first, PASSPHRASE)
    both = sign_pdf(report, second, "", target=tmp_path / "both.pdf")
    check = verify_report(both, [tmp_path / "ana.pem", tmp_path / "luz.pem"], redraw=False)
    assert [(s.signer, s.state) for s in check.signatures] == [
        ("Ana Pérez", SignatureState.VALID),
        ("Luz Soto", SignatureState.VALID),
    ]
    assert check.is_intact
    assert len(verify_report(report, redraw=False).signatures) == 1


def test_what_is_done_after_signing_is_found(tmp_path, report) -> None:
    sign_pdf(report, make_p12(tmp_path), PASSPHRASE)
    signed = report.read_bytes()
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)
    turned = io.BytesIO()
    writer.write(turned)
    for data in (turned.getvalue(), signed + b"\n% hello\n"):
        appended = verify_report(write_report(tmp_path, data), redraw=False)
        assert appended.signatures[0].state is SignatureState.CHANGED
        assert {f.code for f in appended.findings} >= {"signature_changed", "appended"}
    rubbish = verify_report(write_report(tmp_path, signed + b"\nstartxref\n7\n%%EOF\n"), redraw=False)
    assert {f.code for f in rubbish.findings} >= {"signatures_unreadable"}
    flipped = bytearray(signed)
    flipped[len(report_bytes()) // 2] ^= 1
    changed = verify_report(write_report(tmp_path, bytes(flipped)))
    assert changed.signatures[0].state is SignatureState.INVALID
    assert "signature_invalid" in {f.code for f in changed.findings}
    cut = verify_report(write_report(tmp_path, signed[: len(report_bytes())]))
    assert cut.signatures == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"starts_days": -400, "days": 300}, "expired on"),
        ({"starts_days": 20}, "valid only from"),
        ({"signs": False}, "not issued for signatures"),
    ],
    ids=["expired", "not yet valid", "not for signatures"],
)
def test_an_unsuitable_certificate_is_refused(tmp_path, report, options, message) -> None:
    certificate = make_p12(tmp_path, **options)
    with pytest.raises(InputError, match=message) as refused:
        sign_pdf(report, certificate, PASSPHRASE)
    assert refused.value.hint
    assert report.read_bytes() == report_bytes()


def test_a_wrong_passphrase_and_what_is_no_certificate(tmp_path, report) -> None:
    certificate = make_p12(tmp_path)
    for wrong in ("nandu 7", ""):
        with pytest.raises(InputError, match="passphrase does not open") as refused:
            sign_pdf(report, certificate, wrong)
        assert refused.value.hint
    (tmp_path / "text.p12").write_text("no certificate", encoding="ascii")
    with pytest.raises(InputError, match=r"no PKCS#12 file"):
        load_signer(tmp_path / "text.p12", PASSPHRASE)
    with pytest.raises(InputError, match="There is no file"):
        load_signer(tmp_path / "absent.p12", PASSPHRASE)
    with pytest.raises(InputError, match="holds no certificate"):
        verify_report(report, [tmp_path / "text.p12"])
    assert report.read_bytes() == report_bytes()


def test_a_certificate_without_its_key_is_refused(tmp_path) -> None:
    from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

    data = pkcs12.serialize_key_and_certificates(b"x", None, None, [make_authority()[1]], NoEncryption())
    (tmp_path / "bare.p12").write_bytes(data)
    with pytest.raises(InputError, match="no certificate with its private key"):
        load_signer(tmp_path / "bare.p12", "")


def test_a_report_that_cannot_be_replaced_stays_unsigned_and_whole(tmp_path, report, monkeypatch) -> None:
    certificate = make_p12(tmp_path)

    def refuse(source: object, target: object) -> None:
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with pytest.raises(CaseError, match="could not be written") as refused:
            sign_pdf(report, certificate, PASSPHRASE)
    assert "another program" in refused.value.hint
    with pytest.raises(CaseError, match="could not be written"):
        sign_pdf(report, certificate, PASSPHRASE, target=tmp_path / "absent" / "signed.pdf")
    assert report.read_bytes() == report_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ana.p12", "ana.pem", "report.pdf"]


def test_what_is_no_report_cannot_be_signed(tmp_path) -> None:
    certificate = make_p12(tmp_path)
    broken = write_report(tmp_path, b"%PDF-1.7\nnothing more", "broken.pdf")
    with pytest.raises(CaseError, match="could not be signed"):
        sign_pdf(broken, certificate, PASSPHRASE)
    with pytest.raises(InputError, match="There is no file"):
        sign_pdf(Path(tmp_path / "absent.pdf"), certificate, PASSPHRASE)
