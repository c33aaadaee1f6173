import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app.analysis.report_check import check_report
from desktop_app.analysis.reporting import next_details
from desktop_app.cases import CaseStore, verify_case
from desktop_app.cli import main
from desktop_app.domain.cases import Occasion
from desktop_app.domain.dossier import ReportStatus
from desktop_app.reports.seal.lines import report_lines
from desktop_app.reports.wording import short_headline
from tests.factories import make_measured_card, make_result
from tests.unit.case_files import make_case, make_clip, plan_of, result
from tests.unit.certificates import PASSPHRASE, make_p12

REPO = Path(__file__).resolve().parents[2]
DATE = "issued = 2026-04-01T10:00:00Z\n"


@pytest.fixture
def path(tmp_path):
    return make_case(tmp_path)


def report(path, *options):
    return main(["case", "report", str(path), "--out", str(path.parent / "out"), *map(str, options)])


def exports(path):
    with CaseStore.open(path, read_only=True) as case:
        return [e for e in case.audit_log() if e.action == "report.exported" and "item" in e.details]


def test_one_report_in_four_files_is_one_number_and_noted(path, capsys) -> None:
    both = ("--template", "full", "--template", "summary", "--language", "es", "--language", "en")
    assert report(path, *both, "--by", "Eva", "--purpose", "hearing") == 0
    said = capsys.readouterr().out
    out = path.parent / "out"
    names = [f"clip.cotejo{kind}.{language}.pdf" for kind in ("", ".summary") for language in ("es", "en")]
    assert sorted(p.name for p in out.iterdir()) == sorted([*names, *(f"{name}.sha256" for name in names)])
    entries = exports(path)
    assert [e.details["name"] for e in entries] == names
    hashes = [hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names]
    assert [e.details["sha256"] for e in entries] == hashes
    assert (out / f"{names[0]}.sha256").read_text() == f"{hashes[0]}  {names[0]}\n"
    (number,) = {e.details["report"] for e in entries}
    assert said.startswith(f"Informe {number}, versión 1, borrador")
    assert {(e.actor, e.purpose, e.details["item"], e.details["analysis"]) for e in entries} == {
        ("Eva", "hearing", 1, 1)
    }
    assert verify_case(path, with_items=False).is_intact
    check = check_report(out / names[3], path)
    assert check.is_intact
    assert (check.report_id, check.case.analysis_id, check.case.export_entry) == (number, 1, entries[3].seq)
    with CaseStore.open(path) as case:
        assert (case.items.checks(1)[-1].occasion, case.items.checks(1)[-1].purpose) == (Occasion.EXPORT, "hearing")


def test_a_later_report_counts_on_and_names_the_one_before(path, capsys) -> None:
    assert report(path) == 0
    first = (path.parent / "out" / "clip.cotejo.pdf").read_bytes()
    assert main(["case", "set", str(path), "status", "final", "--item", "1"]) == 0
    capsys.readouterr()
    assert report(path, 1, "--language", "en") == 0
    one, two = exports(path)
    assert (one.details["version"], two.details["version"]) == (1, 2)
    assert one.details["report"] != two.details["report"]
    said = capsys.readouterr().out
    assert said.startswith(
        f"Report {two.details['report']}, version 2, final, takes the place of {one.details['report']}\n"
    )
    # the one that is out stays
    assert (path.parent / "out" / "clip.cotejo.pdf").read_bytes() == first
    out = path.parent / "out"
    checks = [check_report(out / f"clip.cotejo{ending}.pdf", path, redraw=False) for ending in ("", ".v2")]
    assert all(check.is_intact for check in checks)
    assert [check.case.later_report for check in checks] == [two.details["report"], ""]
    assert f"LATER report on this item was written, {two.details['report']}" in "\n".join(report_lines(checks[0], "en"))
    with CaseStore.open(path) as case:
        details = next_details(case, 1)
        assert (details.version, details.supersedes) == (3, two.details["report"])
        assert details.status is ReportStatus.FINAL
        assert next_details(case, 2).version == 1


def test_a_stated_version_is_never_counted_back(path) -> None:
    with CaseStore.open(path) as case:
        case.settings.set("version@1", "7")
        case.settings.set("supersedes@1", "R-of-old")
        assert (next_details(case, 1).version, next_details(case, 1).supersedes) == (7, "R-of-old")
        case.log("report.exported", "", item=1, report="R-a", version=7)
        assert (next_details(case, 1).version, next_details(case, 1).supersedes) == (8, "R-a")


def test_an_entry_without_a_version_counts_by_its_number(path) -> None:
    with CaseStore.open(path) as case:
        for number in ("R-a", "R-a", "R-b"):
            case.log("report.exported", "", item=1, report=number)
        assert (next_details(case, 1).version, next_details(case, 1).supersedes) == (3, "R-b")


def test_a_file_of_details_replaces_what_the_case_states(path) -> None:
    details = path.parent / "details.toml"
    details.write_text(DATE + "case_number = 'X 1'\nversion = 1\n", encoding="utf-8")
    with CaseStore.open(path) as case:
        case.settings.set("requester", "Court 3")
    assert report(path, "--details", details, "--language", "en") == 0
    check = check_report(path.parent / "out" / "clip.cotejo.pdf")
    assert check.issued_utc == datetime(2026, 4, 1, 10, tzinfo=UTC)
    facts = json.loads(_attached(path.parent / "out" / "clip.cotejo.pdf", "dossier.json"))
    stated = facts["details"]
    assert (stated["case_number"], stated["requester"]) == ("X 1", "Court 3")
    # the number in the file does not make the next report take the place of this one
    assert report(path, "--details", details, "--language", "en") == 0
    assert (path.parent / "out" / "clip.cotejo.v2.pdf").is_file()


def test_signed_and_found_in_the_log_as_signed(path, monkeypatch, capsys) -> None:
    certificate = make_p12(path.parent)
    monkeypatch.setenv("COTEJO_PASSPHRASE", "wrong")
    before = exports(path)
    assert report(path, "--sign", certificate) == 3
    assert exports(path) == before
    assert not (path.parent / "out").exists()
    monkeypatch.setenv("COTEJO_PASSPHRASE", PASSPHRASE)
    assert report(path, "--sign", certificate, "--language", "en") == 0
    (entry,) = exports(path)
    assert entry.details["signed"] is True
    check = check_report(path.parent / "out" / "clip.cotejo.pdf", path, [certificate.with_suffix(".pem")])
    assert check.is_intact
    assert check.case.export_entry == entry.seq


def test_a_changed_item_is_told_and_no_reason_to_refuse(path) -> None:
    (path.parent / "clip.mp4").write_bytes(b"other frames")
    assert report(path) == 0
    with CaseStore.open(path) as case:
        assert case.items.checks(1)[-1].state.value == "changed"
    assert verify_case(path, with_items=False).is_intact


def test_items_of_one_name_get_files_of_their_own(path) -> None:
    (path.parent / "b").mkdir()
    with CaseStore.open(path) as case:
        item = case.items.add(make_clip(path.parent / "b"))
        case.analyses.add_result(item.item_id, result())
    assert report(path, 1) == 0
    assert report(path, 2) == 0
    assert main(["export", str(path), "--csv", "--out", str(path.parent / "out"), "--analysis", "2"]) == 0
    out = path.parent / "out"
    assert {p.name for p in out.iterdir() if not p.name.endswith(".sha256")} == {
        "clip.cotejo.pdf", "clip-2.cotejo.pdf", "clip-2.cotejo.csv",
    }  # fmt: skip


def test_words_of_the_list_are_those_of_the_report(tmp_path, capsys) -> None:
    found = replace(make_result(1, 10, truths=(2.0,)), card=make_measured_card())
    assert short_headline(found.verdict, "es") == "moderado: manipulado"
    with CaseStore.create(tmp_path / "case.cotejo") as case:
        case.analyses.add_result(case.items.add(make_clip(tmp_path)).item_id, found)
    assert main(["case", "list", str(tmp_path / "case.cotejo"), "--language", "es"]) == 0
    listed = capsys.readouterr().out
    assert listed.rstrip().endswith(": débil: manipulado")
    assert "material 1: clip.mp4, 6 bytes" in listed


def test_an_analysis_that_nobody_runs_is_listed_as_broken_off(tmp_path, capsys) -> None:
    with CaseStore.create(tmp_path / "case.cotejo") as case:
        case.analyses.begin(case.items.add(make_clip(tmp_path)).item_id, plan_of(result()))
        case.save_copy(tmp_path / "killed.cotejo")
        assert main(["case", "list", str(case.path), "--language", "en"]) == 0
        assert ": running, " in capsys.readouterr().out
    assert main(["case", "list", str(tmp_path / "killed.cotejo"), "--language", "en"]) == 0
    assert ": broken off, " in capsys.readouterr().out
    assert main(["case", "list", str(tmp_path / "killed.cotejo"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["items"][0]["analyses"][0]["state"] == "aborted"


def test_nothing_but_an_analysis_loads_the_networks(path) -> None:
    commands = (["set", str(path), "requester", "Court 3"], ["list", str(path)], ["check", str(path)])
    code = f"""
import sys
from desktop_app.cli import main
for command in {commands!r}:
    assert main(["case", *command]) == 0
assert main(["case", "report", {str(path)!r}, "--out", {str(path.parent)!r}, "--template", "summary"]) == 0
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPO, timeout=120)


def test_what_cannot_be_reported_is_said(path, capsys) -> None:
    assert report(path, 9) == 5
    assert "9" in capsys.readouterr().err
    (path.parent / "out").rmdir()
    (path.parent / "out").write_bytes(b"")
    assert report(path) == 5
    assert "No files can be written" in capsys.readouterr().err
    assert exports(path) == []


def _attached(path, name):
    import pikepdf

    with pikepdf.open(path) as pdf:
        return pdf.attachments[name].get_file().read_bytes()
