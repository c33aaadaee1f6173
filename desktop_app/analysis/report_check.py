"""Checks a report against the case it came from."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from desktop_app.analysis.reporting import earlier_reports
from desktop_app.cases import CaseStore, verify_case
from desktop_app.domain import AnalysisResult
from desktop_app.domain.cases import ChainHead
from desktop_app.domain.seals import CaseComparison, ReportCheck, ReportFinding, ReportPart
from desktop_app.errors import CaseError
from desktop_app.reports.document import result_to_json
from desktop_app.reports.seal.check import CheckedReport, read_report


def check_report(path: Path, case: Path | None = None, trust: Sequence[Path] = (), redraw: bool = True) -> ReportCheck:
    """Check a report, and where a case is given, whether that is where it came from.

    Args:
        path: The report.
        case: The case; it is not changed.
        trust: Certificates of signers or issuers, as in `read_report`.
        redraw: Whether the pages are drawn again and compared.

    Raises:
        InputError: The report or a certificate cannot be read.
        CaseError: The case cannot be read at all.
    """
    report = read_report(path, trust, redraw)
    return report.check if case is None else _compare(report, case)


def _compare(report: CheckedReport, case: Path) -> ReportCheck:
    noted = report.dossier.custody.head if report.dossier and report.dossier.custody else None
    case_check = verify_case(case, with_items=False)
    findings = [_finding("case_broken", name=case.name, message=finding.message) for finding in case_check.findings]
    with CaseStore.open(case, read_only=True) as store:
        analysis_id = 0
        if report.result is not None:
            analysis_id, found = _find_result(store, report.result, case.name)
            findings += found
        findings += _check_head(store, noted, case.name)
        entry = _export_entry(store, report.check)
        later = _later_report(store, report)
    comparison = CaseComparison(case.name, analysis_id, noted, entry, later)
    return replace(report.check, findings=(*report.check.findings, *findings), case=comparison)


def _find_result(store: CaseStore, result: AnalysisResult, name: str) -> tuple[int, list[ReportFinding]]:
    """The analysis that holds the same result, or what is said where there is none."""
    wanted, differing = result_to_json(result), 0
    for stored in store.analyses.all():
        if not stored.has_result:
            continue
        # a damaged one is told by the check of the case
        with contextlib.suppress(CaseError):
            kept = store.analyses.result(stored.analysis_id)
            if kept.result_id != result.result_id:
                continue
            if result_to_json(kept) == wanted:
                return stored.analysis_id, []
            differing = stored.analysis_id
    if differing:
        return 0, [_finding("case_result_differs", name=name, analysis=differing)]
    return 0, [_finding("case_result", name=name)]


def _check_head(store: CaseStore, noted: ChainHead | None, name: str) -> Iterator[ReportFinding]:
    if noted is None or noted.count == 0:
        return
    with contextlib.suppress(CaseError):
        if any(entry.seq == noted.count and entry.sha256 == noted.sha256 for entry in store.audit_log()):
            return
    yield _finding("case_head", name=name, count=noted.count)


def _export_entry(store: CaseStore, check: ReportCheck) -> int:
    """The entry that notes the hash of this very file, 0 when there is none."""
    with contextlib.suppress(CaseError):
        for entry in reversed(store.audit_log()):
            if check.sha256 in entry.details.values():
                return entry.seq
    return 0


def _later_report(store: CaseStore, report: CheckedReport) -> str:
    """The last report on the same item that the log knows after this one, empty when there is none."""
    custody = report.dossier.custody if report.dossier else None
    if custody is None:
        return ""
    with contextlib.suppress(CaseError):
        for entry in reversed(earlier_reports(store, custody.item.item_id)):
            if entry.seq > custody.head.count:
                number = str(entry.details.get("report", ""))
                return "" if number == report.check.report_id else number
    return ""


def _finding(code: str, **facts: object) -> ReportFinding:
    return ReportFinding(ReportPart.CASE, code, tuple((key, str(value)) for key, value in facts.items()))
