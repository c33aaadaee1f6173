import hashlib
import io
import json
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from desktop_app.domain.codec import from_plain, to_plain
from desktop_app.domain.dossier import Dossier, ReportDetails, ReportTemplate
from desktop_app.domain.result_id import id_of
from desktop_app.reports.document import json_bytes, parse_json
from desktop_app.reports.pdf import make_pdf
from desktop_app.reports.seal.archive import srgb_profile
from desktop_app.reports.seal.contents import make_contents, read_dossier, read_manifest
from desktop_app.reports.seal.digests import page_digests
from desktop_app.reports.seal.texts import FINDINGS, SEAL
from desktop_app.reports.tables import csv_bytes
from tests.factories import make_result, without_faces
from tests.unit.pdfa import faults
from tests.unit.seal_reports import ISSUED, make_case_report, report_bytes, result, write_report


@pytest.mark.parametrize(
    ("made", "language", "template"),
    [
        (result, "en", ReportTemplate.FULL),
        (result, "es", ReportTemplate.SUMMARY),
        (lambda: without_faces(result()), "es", ReportTemplate.FULL),
        (lambda: make_result(3, 30, exhibits=False, name="采访 Ω\udcff.mp4"), "en", ReportTemplate.FULL),
    ],
    ids=["full", "summary", "no face", "strange name"],
)
def test_a_report_keeps_the_rules_of_pdfa_3b(tmp_path, made, language, template) -> None:
    details = ReportDetails(examiner="Ana Pérez", question="¿Es auténtico?")
    path = write_report(tmp_path, make_pdf(made(), language, Dossier(ISSUED, details), template))
    assert faults(path) == []


def _drop_intent(pdf):
    del pdf.Root.OutputIntents


def _widen(pdf):
    font = next(iter(pdf.pages[0].resources.Font.values()))
    font.Widths = pikepdf.Array([int(width) + 40 for width in font.Widths])


def _loosen(pdf):
    del pdf.Root.AF


def _run(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")


def _rename(pdf):
    pdf.docinfo.Title = "Another"


@pytest.mark.parametrize(
    ("change", "clause"),
    [(_drop_intent, "6.2.3"), (_widen, "6.2.11.5"), (_loosen, "6.8"), (_run, "6.5"), (_rename, "info")],
)
def test_the_rules_find_what_breaks_them(tmp_path, change, clause) -> None:
    with pikepdf.open(io.BytesIO(report_bytes())) as pdf:
        change(pdf)
        pdf.save(tmp_path / "broken.pdf")
    assert any(fault.startswith(clause) for fault in faults(tmp_path / "broken.pdf"))


def test_the_data_are_inside_with_their_hashes(tmp_path) -> None:
    with pikepdf.open(write_report(tmp_path)) as pdf:
        files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
        said = {name: spec.description for name, spec in pdf.attachments.items()}
        roles = {str(spec.UF): str(spec.AFRelationship) for spec in pdf.Root.AF}
    assert files["result.json"] == json_bytes(result())
    assert files["frames.csv"] == csv_bytes(result())
    assert read_dossier(files["dossier.json"]).issued_utc == ISSUED
    manifest = read_manifest(files["manifest.json"])
    assert {e.name: e.sha256 for e in manifest.files} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "manifest.json"
    }
    assert all(hashlib.sha256(files[name]).hexdigest() in text for name, text in said.items())
    assert roles["result.json"] == "/Source"
    assert roles["frames.csv"] == "/Data"
    assert (manifest.result_id, manifest.language, manifest.issued_utc) == (result().result_id, "en", ISSUED)
    assert id_of(parse_json(files["result.json"])) == result().result_id


def test_the_same_data_and_date_give_the_same_bytes_in_any_process() -> None:
    code = (
        "import hashlib; from tests.unit.seal_reports import report_bytes;"
        "print(hashlib.sha256(report_bytes()).hexdigest())"
    )
    repo = Path(__file__).resolve().parents[2]
    answer = subprocess.run([sys.executable, "-c", code], cwd=repo, check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == hashlib.sha256(report_bytes()).hexdigest()
    other = make_pdf(result(), "en", Dossier(ISSUED.replace(hour=11)))
    assert other != report_bytes()


def test_the_colour_profile_carries_neither_day_nor_system() -> None:
    assert hashlib.sha256(srgb_profile()).hexdigest() == PROFILE
    assert srgb_profile()[24:36] == bytes.fromhex("07d0 0001 0001 0000 0000 0000")


PROFILE = "c934c09e3fd3fb0abec8325ace7a05e99209d1dc9833e5dc6e3e7bf1dcd2b34b"


def test_a_page_has_the_same_hash_however_it_is_stored(tmp_path) -> None:
    with pikepdf.open(write_report(tmp_path)) as pdf:
        before = page_digests(pdf)
        pdf.save(tmp_path / "loose.pdf", compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(tmp_path / "loose.pdf") as pdf:
        assert page_digests(pdf) == before
        pdf.pages[1].mediabox = [0, 0, 500, 500]
        after = page_digests(pdf)
    assert [a != b for a, b in zip(before, after, strict=True)] == [n == 1 for n in range(len(before))]


def test_an_annotation_laid_over_a_page_changes_its_hash(tmp_path) -> None:
    with pikepdf.open(write_report(tmp_path)) as pdf:
        before = page_digests(pdf)
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[0, 0, 9, 9], F=4)
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])
        assert page_digests(pdf)[0] != before[0]
        note.Subtype, note.FT = pikepdf.Name.Widget, pikepdf.Name.Sig
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])
        assert page_digests(pdf) == before


def test_a_dossier_of_a_case_survives_the_way_through_json(tmp_path) -> None:
    _, report = make_case_report(tmp_path)
    with pikepdf.open(report) as pdf:
        data = pdf.attachments["dossier.json"].get_file().read_bytes()
    dossier = read_dossier(data)
    assert dossier.custody.log[0].details["case"] == dossier.custody.case_id
    assert to_plain(from_plain(Dossier, to_plain(dossier), "dossier")) == to_plain(dossier)
    with pytest.raises(ValueError, match="not a cotejo-dossier"):
        read_dossier(json.dumps({"kind": "other"}).encode())
    with pytest.raises(ValueError, match="not a cotejo-report"):
        read_manifest(b"[]")


def test_three_hours_stay_small() -> None:
    contents = make_contents(make_result(1, 10_000, exhibits=False), Dossier())
    size = sum(len(zlib.compress(content.data)) for content in contents)
    # 200,000 faces, as a clip of three hours may have, come to twenty times this
    assert size < 1_300_000


def test_another_number_in_a_result_gives_another_id() -> None:
    row = result().predictions[0]
    assert id_of(result()) == result().result_id
    changed = replace(result(), predictions=(replace(row, p_fake=0.5), *result().predictions[1:]))
    assert row.p_fake is None or id_of(changed) != result().result_id


def test_every_sentence_has_the_same_places_in_both_languages() -> None:
    import string

    for key, pair in (SEAL | FINDINGS).items():
        places = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in pair]
        assert places[0] == places[1], key
