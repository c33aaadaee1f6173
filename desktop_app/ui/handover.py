"""Files that leave and that come back. Called on the worker's thread only: the heavy rooms are imported in here."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.domain import AnalysisResult
from desktop_app.domain.archives import CaseArchive, ImportedCase
from desktop_app.domain.cases import CaseCheck, ItemCheck
from desktop_app.domain.seals import ReportCheck
from desktop_app.files import hash_file, write_checksum
from desktop_app.ui import services
from desktop_app.ui.case_services import CaseFile
from desktop_app.ui.jobs import Job

if TYPE_CHECKING:
    from desktop_app.media import MediaItem

SUMS = "SHA256SUMS"
CASE_SUFFIX = ".cotejo"


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is to be written of a result.

    Args:
        kind: ``"csv"``, ``"json"``, ``"video"`` or ``"frames"``.
        path: Where to: a file, or of frames a folder.
        language: ``"en"`` or ``"es"``.
        item_id: The item in the case, 0 outside of one.
        analysis_id: The analysis in the case, 0 outside of one.
    """

    kind: str
    path: Path
    language: str
    item_id: int = 0
    analysis_id: int = 0


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Args:
        path: The file or folder.
        check: How the item compared with its intake, None outside of a case.
    """

    path: Path
    check: ItemCheck | None = None


def export(job: Job, file: CaseFile, result: AnalysisResult, item: "MediaItem | None", order: ExportOrder) -> Exported:
    """Compare the item with its intake, write a result with its checksum, and note that in the log.

    Args:
        job: For progress and cancelling.
        file: The open case.
        result: What to write.
        item: The item where it is open, for the annotated video.
        order: What and where to.

    Raises:
        InputError: The file cannot be written there, or the video's item is not there.
        CaseError: The file or the case cannot be written.
    """
    services.check_target(result, order.path)
    store, check = file.store, None
    if store is not None and order.item_id and order.analysis_id:
        from desktop_app.analysis.intake import check_for_export

        check = check_for_export(store, order.item_id, f"export of {order.kind}", None, job.progress, job.token)
    with services.told_plainly(order.path):
        _write(job, result, item, order)
        sums = order.path / SUMS if order.path.is_dir() else order.path
        sha256 = hash_file(sums).sha256
        if sums is order.path:
            write_checksum(order.path, sha256)
    if store is not None and check is not None and not store.read_only:
        facts = {"item": order.item_id, "analysis": order.analysis_id, "files": {order.path.name: sha256}}
        store.log("result.exported", "", **facts)
    return Exported(order.path, check)


def _write(job: Job, result: AnalysisResult, item: "MediaItem | None", order: ExportOrder) -> None:
    if order.kind == "csv":
        from desktop_app.reports.tables import write_csv

        write_csv(result, order.path)
    elif order.kind == "json":
        from desktop_app.reports.document import write_json

        write_json(result, order.path)
    elif order.kind == "frames":
        from desktop_app.reports.key_frames import write_key_frames

        write_key_frames(result, order.path, order.language, job.progress, job.token)
    else:
        from desktop_app.analysis.exports import export_video

        export_video(result, order.path, order.language, job.progress, job.token, item)


def export_case(job: Job, file: CaseFile, path: Path, with_items: bool) -> CaseArchive:
    """Pack the open case; the case's log keeps the hash of the archive."""
    from desktop_app.cases.archive import export_archive

    archive = export_archive(file.need(), path, with_items, job.progress, job.token)
    write_checksum(path, archive.sha256)
    return archive


def import_case(job: Job, archive: Path, folder: Path, actor: str) -> ImportedCase:
    """Unpack a case into a new folder, and check all of it."""
    from desktop_app.cases.unpacking import import_archive

    return import_archive(archive, folder, actor, job.progress, job.token)


def new_folder(archive: Path, chosen: Path) -> Path:
    """Where an archive is unpacked: into the chosen folder when it is empty, else into one of its own in there."""
    is_empty = not chosen.exists() or not any(chosen.iterdir())
    return chosen if is_empty else chosen / archive.stem


def verify(job: Job, path: Path, case: Path | None = None) -> ReportCheck | CaseCheck:
    """Check a report, and where a case is given, whether it came from there; or check a case with its items."""
    if path.suffix.lower() == CASE_SUFFIX:
        from desktop_app.cases import verify_case

        return verify_case(path, on_progress=job.progress, cancel=job.token)
    from desktop_app.analysis.report_check import check_report

    return check_report(path, case)
