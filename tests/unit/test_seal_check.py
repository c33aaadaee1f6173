import io
import json
from dataclasses import replace

import pikepdf
import pytest

from desktop_app.analysis.report_check import check_report
from desktop_app.cases import CaseStore
from desktop_app.domain.dossier import Dossier
from desktop_app.domain.seals import PagesState
from desktop_app.errors import CaseError, InputError
from desktop_app.reports.pdf import make_pdf
from desktop_app.reports.seal import check as check_module
from desktop_app.reports.seal.check import verify_report
from tests.factories import make_result
from tests.unit.case_files import make_clip, tamper
from tests.unit.seal_reports import ISSUED, make_case_report, report_bytes, result, write_report


def codes(check):
    return {finding.code for finding in check.findings}


def changed(folder, change):
    """The report after `change(pdf)`, saved as any program would."""
    with pikepdf.open(io.BytesIO(report_bytes())) as pdf:
        change(pdf)
        pdf.save(folder / "changed.pdf")
    return verify_report(folder / "changed.pdf")


def replace_file(pdf, name, data):
    description = pdf.attachments[name].description
    del pdf.attachments[name]
    pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename=name, description=description)


def read_file(pdf, name):
    return pdf.attachments[name].get_file().read_bytes()


def test_an_untouched_report_is_intact(tmp_path) -> None:
    check = verify_report(write_report(tmp_path))
    assert check.is_intact
    assert check.pages is PagesState.MATCH
    assert {a.name for a in check.attachments} == {"result.json", "frames.csv", "dossier.json"}
    assert all(a.is_intact for a in check.attachments)
    assert (check.result_id, check.issued_utc) == (result().result_id, ISSUED)
    assert check.report_id.startswith("R-")


@pytest.mark.parametrize("redraw", [True, False])
def test_an_edited_page_is_named(tmp_path, redraw) -> None:
    with pikepdf.open(io.BytesIO(report_bytes())) as pdf:
        content = pdf.pages[1].Contents
        content.write(content.read_bytes().replace(b" Tj", b" Tj ", 1) + b" 0 0 10 10 re f")
        pdf.save(tmp_path / "edited.pdf")
    check = verify_report(tmp_path / "edited.pdf", redraw=redraw)
    assert check.pages is PagesState.DIFFER
    (finding,) = [f for f in check.findings if f.code == "pages_changed"]
    assert dict(finding.facts)["pages"] == "2"


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.8, 0.95])
def test_a_flipped_bit_anywhere_is_found(tmp_path, share) -> None:
    data = bytearray(report_bytes())
    data[int(share * len(data))] ^= 1
    assert not verify_report(write_report(tmp_path, bytes(data))).is_intact


def test_a_replaced_result_is_found(tmp_path) -> None:
    def swap(pdf):
        plain = json.loads(read_file(pdf, "result.json"))
        row = next(p for p in plain["predictions"] if p["p_fake"] is not None)
        row["p_fake"] = 0.0123
        replace_file(pdf, "result.json", json.dumps(plain).encode())

    check = changed(tmp_path, swap)
    assert codes(check) >= {"attachment_changed", "result_id", "table"}
    assert [a.name for a in check.attachments if not a.is_intact] == ["result.json"]


def test_who_forges_the_manifest_too_is_betrayed_by_the_pages(tmp_path) -> None:
    """The whole of the data replaced by those of another result, without a single page."""
    other = make_pdf(make_result(2, 40, seed=5), "en", Dossier(ISSUED))

    def swap(pdf):
        with pikepdf.open(io.BytesIO(other)) as source:
            for name in ("result.json", "frames.csv", "dossier.json"):
                replace_file(pdf, name, read_file(source, name))
            plain = json.loads(read_file(source, "manifest.json"))
            plain["pages"] = json.loads(read_file(pdf, "manifest.json"))["pages"]
            replace_file(pdf, "manifest.json", json.dumps(plain).encode())
            with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
                metadata["dc:identifier"] = plain["report_id"]

    check = changed(tmp_path, swap)
    assert codes(check) == {"pages_changed"}
    assert check.pages is PagesState.DIFFER


def test_missing_added_and_unreadable_files_are_found(tmp_path) -> None:
    def drop(pdf):
        del pdf.attachments["frames.csv"]

    def add(pdf):
        pdf.attachments["extra.txt"] = pikepdf.AttachedFileSpec(pdf, b"x", filename="extra.txt")

    def spoil(pdf):
        replace_file(pdf, "manifest.json", b"{")

    def strip(pdf):
        for name in list(pdf.attachments):
            del pdf.attachments[name]

    assert codes(changed(tmp_path, drop)) >= {"attachment_missing"}
    assert codes(changed(tmp_path, add)) >= {"attachment_added"}
    assert codes(changed(tmp_path, spoil)) == {"attachment_unreadable"}
    assert codes(changed(tmp_path, strip)) == {"no_manifest"}


def test_another_number_in_the_metadata_is_found(tmp_path) -> None:
    def rename(pdf):
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata["dc:identifier"] = "R-0000-0000-0000"

    assert codes(changed(tmp_path, rename)) >= {"identifier"}


def test_what_is_appended_is_found(tmp_path) -> None:
    tail = b"\n9 0 obj\nnull\nendobj\nstartxref\n0\n%%EOF\n"
    assert "appended" in codes(verify_report(write_report(tmp_path, report_bytes() + tail), redraw=False))
    assert "appended" in codes(verify_report(write_report(tmp_path, report_bytes() + b"hello")))


def test_pages_that_another_version_drew_are_not_called_forged(tmp_path, monkeypatch) -> None:
    path = write_report(tmp_path)
    monkeypatch.setattr(check_module, "renderer", lambda: (("cotejo", "9"),))
    monkeypatch.setattr(check_module, "make_pdf", lambda *_: make_pdf(make_result(1, 20), "en"))
    check = verify_report(path)
    assert check.pages is PagesState.SEALED
    assert check.is_intact
    assert verify_report(path, redraw=False).pages is PagesState.SEALED


def test_other_files(tmp_path) -> None:
    with pytest.raises(InputError, match="no PDF"):
        verify_report(make_clip(tmp_path))
    with pytest.raises(InputError, match="There is no file"):
        verify_report(tmp_path / "absent.pdf")
    broken = verify_report(write_report(tmp_path, b"%PDF-1.7\nnothing"))
    assert codes(broken) >= {"unreadable", "no_manifest"}
    assert broken.pages is PagesState.UNKNOWN
    cut = verify_report(write_report(tmp_path, report_bytes()[: len(report_bytes()) // 2]))
    assert not cut.is_intact


def test_a_report_and_its_case(tmp_path) -> None:
    case, report = make_case_report(tmp_path)
    check = check_report(report, case)
    assert check.findings == ()
    assert (check.case.name, check.case.analysis_id, check.case.export_entry) == ("case.cotejo", 1, 0)
    with CaseStore.open(case) as store:
        entries = len(store.audit_log())
        store.log("report.exported", name=report.name, sha256=check.sha256)
    check = check_report(report, case, redraw=False)
    assert check.is_intact
    assert check.case.export_entry == entries + 1
    assert check.case.noted.count < entries


def test_another_case_or_an_altered_one_is_found(tmp_path) -> None:
    (tmp_path / "other").mkdir()
    case, report = make_case_report(tmp_path)
    with CaseStore.create(tmp_path / "other" / "other.cotejo", "Eve") as store:
        store.items.add(make_clip(tmp_path / "other"))
    assert codes(check_report(report, tmp_path / "other" / "other.cotejo", redraw=False)) == {
        "case_result",
        "case_head",
    }
    tamper(case, "UPDATE items SET note = 'x'")
    assert codes(check_report(report, case, redraw=False)) == {"case_broken"}
    with pytest.raises(CaseError, match="no case"):
        check_report(report, tmp_path / "absent.cotejo")


def test_a_report_on_a_doctored_result_does_not_pass_for_the_stored_one(tmp_path) -> None:
    doctored = replace(result(), verdict=replace(result().verdict, p_fake=0.01))
    case, report = make_case_report(tmp_path, doctored)
    check = check_report(report, case)
    # it agrees with itself: only the case knows
    assert codes(check) == {"case_result_differs"}
    assert check.pages is PagesState.MATCH
