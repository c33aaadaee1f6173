"""Writes reports for the window. Called on the worker's thread only: the heavy rooms are imported in here."""

import contextlib
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from desktop_app.domain import AnalysisResult
from desktop_app.domain.dossier import Dossier, ReportDetails, ReportTemplate
from desktop_app.errors import AppError, InputError
from desktop_app.files import write_checksum
from desktop_app.ui import services
from desktop_app.ui.case_services import CaseFile
from desktop_app.ui.jobs import Job


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """What a report shall be.

    Args:
        path: Where it goes.
        template: The whole report or one page.
        language: ``"en"`` or ``"es"``.
        details: What a person states.
        certificate: PKCS#12 file to sign with, None leaves it unsigned.
        passphrase: Of that file; kept nowhere.
    """

    path: Path
    template: ReportTemplate
    language: str
    details: ReportDetails
    certificate: Path | None = None
    passphrase: str = ""

    def __repr__(self) -> str:
        """Without the passphrase, which must not get into a log."""
        return f"ReportOrder({self.path.name!r}, {self.template}, {self.language!r})"


def details(job: Job, file: CaseFile, item_id: int) -> ReportDetails:
    """What the case says of the next report on an item; nothing where there is no case."""
    from desktop_app.analysis.reporting import next_details

    return ReportDetails() if file.store is None or not item_id else next_details(file.store, item_id)


def write_report(
    job: Job, file: CaseFile, item_id: int, analysis_id: int, result: AnalysisResult, order: ReportOrder
) -> Path:
    """Compare the item once more, write its report, sign it if asked, and note that in the log.

    Raises:
        InputError: The file cannot be written, or the certificate cannot be used.
        CaseError: The case cannot be written.
    """
    from desktop_app.analysis.reporting import log_report

    services.check_target(result, order.path)
    dossier = _dossier(job, file, item_id, analysis_id, order.details)
    job.token.check()
    with services.told_plainly(order.path):
        if order.certificate is None:
            _write(result, order.path, order, dossier)
        else:
            _write_signed(result, order, order.certificate, dossier)
    write_checksum(order.path)
    if file.store is not None:
        log_report(file.store, order.path, result, dossier, order.template, order.certificate is not None)
    return order.path


def _dossier(job: Job, file: CaseFile, item_id: int, analysis_id: int, stated: ReportDetails) -> Dossier:
    from desktop_app.analysis.dossiers import dossier_of, store_details
    from desktop_app.analysis.intake import check_for_export, read_item_traces

    now, store = datetime.now(UTC).replace(microsecond=0), file.store
    if store is None or not item_id or not analysis_id:
        return Dossier(issued_utc=now, details=stated)
    if not store.read_only:
        store_details(store, stated, item_id)
        if store.items.traces(item_id) is None:
            # a file that is away, or is another by now, has no traces to tell
            with contextlib.suppress(AppError):
                read_item_traces(store, item_id, job.progress, job.token)
    check = check_for_export(store, item_id, "report", on_progress=job.progress, cancel=job.token)
    return replace(dossier_of(store, item_id, analysis_id, now, check), details=stated)


def _write(result: AnalysisResult, path: Path, order: ReportOrder, dossier: Dossier) -> None:
    from desktop_app.reports.pdf import write_pdf

    write_pdf(result, path, order.language, dossier, order.template)


def _write_signed(result: AnalysisResult, order: ReportOrder, certificate: Path, dossier: Dossier) -> None:
    from desktop_app.reports.seal.signing import sign_pdf

    if not certificate.is_file():
        raise InputError(f"There is no certificate “{certificate.name}”.", "Choose a file that ends in .p12 or .pfx.")
    with tempfile.TemporaryDirectory(prefix="cotejo-") as folder:
        unsigned = Path(folder) / "report.pdf"
        _write(result, unsigned, order, dossier)
        sign_pdf(unsigned, certificate, order.passphrase, language=order.language, target=order.path)
