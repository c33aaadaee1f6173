"""Reports of a case: what one is drawn from, which version it is, and its entry in the audit log."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from desktop_app.analysis.dossiers import details_of, dossier_of
from desktop_app.analysis.intake import check_for_export, read_item_traces
from desktop_app.cases import CaseStore
from desktop_app.domain import AnalysisResult
from desktop_app.domain.cases import AuditEntry
from desktop_app.domain.dossier import Dossier, ReportDetails, ReportTemplate
from desktop_app.errors import AppError
from desktop_app.files import hash_file
from desktop_app.progress import CancelToken, ProgressFn, ignore_progress
from desktop_app.reports.report_id import report_id

EXPORTED = "report.exported"


def earlier_reports(case: CaseStore, item_id: int) -> tuple[AuditEntry, ...]:
    """Entries of the audit log on reports of an item that were written, in their order.

    Raises:
        CaseError: The log cannot be read.
    """
    log = case.audit_log()
    return tuple(e for e in log if e.action == EXPORTED and e.details.get("item") == item_id)


def next_details(case: CaseStore, item_id: int) -> ReportDetails:
    """What the case states for the next report on an item: its version follows from the ones that were written.

    The last of them is the one that it supersedes, whatever was stated for the one before; what was stated counts
    where the log has none.

    Raises:
        CaseError: There is no such item, or the case cannot be read.
    """
    stated, earlier = details_of(case, item_id), earlier_reports(case, item_id)
    if not earlier:
        return stated
    known = [version for e in earlier if type(version := e.details.get("version")) is int]
    # entries of earlier programs name no version
    last = max([len({e.details.get("report") for e in earlier}), *known])
    version, supersedes = max(stated.version, last + 1), str(earlier[-1].details.get("report", ""))
    return replace(stated, version=version, supersedes=supersedes)


def report_dossier(
    case: CaseStore,
    item_id: int,
    analysis_id: int,
    purpose: str = "",
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    issued_utc: datetime | None = None,
) -> Dossier:
    """Compare an item once more, and give all that the next report on it draws beside the result.

    Args:
        case: The case; one that is open for reading only does not record the comparison.
        item_id: The item.
        analysis_id: The analysis that the report tells.
        purpose: What for.
        on_progress: Stages ``"hash"`` and ``"traces"``.
        cancel: Stops the work.
        issued_utc: Date of the report; None is now.

    Raises:
        InputError: The file is there and cannot be read.
        CaseError: There is no such item, or the case cannot be read or written.
        Cancelled: The token was cancelled.
    """
    if not case.read_only and case.items.traces(item_id) is None:
        # a file that is away, or is another by now, has no traces to tell
        with contextlib.suppress(AppError):
            read_item_traces(case, item_id, on_progress, cancel)
    check = check_for_export(case, item_id, purpose, None, on_progress, cancel)
    moment = issued_utc or datetime.now(UTC).replace(microsecond=0)
    dossier = dossier_of(case, item_id, analysis_id, moment, check)
    return replace(dossier, details=next_details(case, item_id))


def log_report(
    case: CaseStore,
    path: Path,
    result: AnalysisResult,
    dossier: Dossier,
    template: ReportTemplate,
    is_signed: bool = False,
    purpose: str = "",
) -> None:
    """Note in the audit log that a report was written; `cotejo verify REPORT.pdf --case` finds the entry by its hash.

    Args:
        case: The case; one that is open for reading only notes nothing.
        path: The file, as it leaves the case.
        result: What it tells.
        dossier: What it draws beside that, with custody.
        template: How much it says.
        is_signed: Whether it bears a signature.
        purpose: What for.

    Raises:
        InputError: The file cannot be read.
        CaseError: The case cannot be written.
    """
    custody = dossier.custody
    if case.read_only or custody is None:
        return
    facts: dict[str, object] = {
        "item": custody.item.item_id,
        "analysis": custody.analysis_id,
        "name": path.name,
        "template": template.value,
        "report": report_id(result, dossier),
        "version": dossier.details.version,
        "status": dossier.details.status.value,
        "sha256": hash_file(path).sha256,
        "signed": is_signed,
    }
    case.log(EXPORTED, purpose, **facts)
