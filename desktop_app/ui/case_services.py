"""What the worker does with the case. Called on the workers' threads only: the heavy rooms are imported in here."""

import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from desktop_app.config import Value
from desktop_app.domain import AnalysisRequest, AnalysisResult, ModelCard
from desktop_app.domain.cases import AnalysisState, AuditEntry, CaseCheck, CaseItem, ItemCheck, ItemState, Occasion
from desktop_app.errors import AppError, CaseError, InputError
from desktop_app.ui import services, written
from desktop_app.ui.entries import CaseInfo, CaseView, Entry, EntryState, LeftCase, Shown
from desktop_app.ui.jobs import Job

if TYPE_CHECKING:
    from desktop_app.cases import CaseStore
    from desktop_app.media import MediaItem

MEDIA_SUFFIXES = frozenset(
    ".mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .ts .mts .m2ts .3gp .wmv .flv .ogv "
    ".jpg .jpeg .png .bmp .tif .tiff .webp .gif .heic .heif .avif".split()
)


class CaseFile:
    """The open case as the workers hold it; the window never reaches into it.

    Args:
        actor: Who writes; empty is the user of this computer.
    """

    def __init__(self, actor: str = "") -> None:
        self.actor = actor
        self.store: CaseStore | None = None
        self.is_locked = False
        self._guard = threading.Lock()

    def ensure(self) -> "CaseStore":
        """The open case; a temporary one where there is none."""
        from desktop_app.cases import CaseStore

        with self._guard:
            if self.store is None:
                self.store, self.is_locked = CaseStore.temporary(self.actor), False
            return self.store

    def need(self) -> "CaseStore":
        """The open case.

        Raises:
            CaseError: There is none.
        """
        if self.store is None:
            raise CaseError("No case is open.", "Open one first.")
        return self.store

    def take(self, store: "CaseStore", is_locked: bool = False) -> None:
        """Go on with another case; the one before is closed."""
        before, self.store, self.is_locked = self.store, store, is_locked
        if before is not None:
            before.close()

    def close(self, keep: bool = False) -> None:
        """Let go of the case.

        Args:
            keep: Whether a temporary one stays on the disk, as after a crash.
        """
        store, self.store = self.store, None
        if store is not None:
            store.is_temporary = store.is_temporary and not keep
            store.close()

    def info(self) -> CaseInfo:
        """What the open case is."""
        from desktop_app.cases.overrides import overrides_of

        store = self.need()
        own = tuple(overrides_of(store.settings).items())
        return CaseInfo(store.path, store.is_temporary, store.read_only, self.is_locked, own)


def open_case(job: Job, file: CaseFile, path: Path) -> CaseView:
    """Open a case; one that another program writes to is opened for reading."""
    from desktop_app.cases import CaseStore
    from desktop_app.cases.locks import is_locked

    if file.store is not None and file.store.path == path.absolute():
        return view(job, file)
    locked = False
    try:
        store = CaseStore.open(path, file.actor)
    except CaseError:
        if not is_locked(path):
            raise
        store, locked = CaseStore.open(path, file.actor, read_only=True), True
    file.take(store, locked)
    return view(job, file)


def recover_case(job: Job, file: CaseFile, path: Path) -> CaseView:
    """Go on with a temporary case that a crash left behind."""
    from desktop_app.cases import CaseStore

    store = CaseStore.open(path, file.actor, read_only=False, purpose="recovered after the program ended unexpectedly")
    store.is_temporary = True
    file.take(store)
    return view(job, file)


def view(job: Job, file: CaseFile) -> CaseView:
    """The open case with all its items."""
    store = file.need()
    entries = []
    for item in store.items.all():
        job.token.check()
        entries.append(_entry_of(store, item, decodes=False))
    return CaseView(file.info(), tuple(entries))


def left_cases(job: Job) -> tuple[LeftCase, ...]:
    """What crashes left behind and holds an analysis; what holds none is removed."""
    from desktop_app.cases import CaseStore, remove_case, unsaved_cases

    found = []
    for path in unsaved_cases():
        job.token.check()
        with contextlib.suppress(AppError), CaseStore.open(path, read_only=True) as store:
            begun = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
            names = tuple(item.path.name for item in store.items.all())
            worth = len(store.analyses.all()) + written.count(store)
            found.append(LeftCase(path, f"{begun:%Y-%m-%d %H:%M}", names, worth))
    for case in [case for case in found if not case.analyses]:
        found.remove(case)
        with contextlib.suppress(AppError):
            remove_case(case.path)
    return tuple(found)


def discard_case(job: Job, path: Path) -> Path:
    """Delete a case that a crash left behind."""
    from desktop_app.cases import remove_case

    remove_case(path)
    return path


def save_as(job: Job, file: CaseFile, path: Path) -> CaseInfo:
    """Give the case a name, or another one."""
    file.need().save_as(path)
    file.is_locked = False
    return file.info()


def files_and_folders(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Tell files from folders, which may take a network its time."""
    folders = [path for path in paths if path.is_dir()]
    return [path for path in paths if path not in folders], folders


def media_files(job: Job, folder: Path) -> list[Path]:
    """The videos and pictures of a folder and of those in it, by name.

    Raises:
        InputError: There are none.
    """
    found = []
    for path in folder.rglob("*"):
        job.token.check()
        if path.suffix.lower() in MEDIA_SUFFIXES and path.is_file():
            found.append(path)
    if not found:
        raise InputError(f"No video or picture was found in “{folder.name}”.", "Choose another folder, or files.")
    return sorted(found)


def add_file(job: Job, file: CaseFile, path: Path) -> Shown:
    """Open a file and take it into the case; the case is made where there is none."""
    return _taken(job, file, services.open_clip(job, path))


def add_demo(job: Job, file: CaseFile) -> Shown:
    """Build the demo clip where it is not there yet, and take it in."""
    return _taken(job, file, services.open_demo(job))


def _taken(job: Job, file: CaseFile, media: "MediaItem") -> Shown:
    # not from casework, which imports torch: a file is shown before that is there
    from desktop_app.analysis.intake import take_in

    store = file.ensure()
    known = next((i for i in store.items.all() if (i.path, i.sha256) == (media.info.path, media.info.sha256)), None)
    if known is None and store.read_only:
        raise CaseError(
            f"“{media.info.path.name}” cannot be added: this case is open for reading only.",
            "Save it under another name first, or begin a new case.",
        )
    item = known or take_in(store, media)
    entry = replace(_entry_of(store, item), thumb=thumb_of(media))
    return Shown(file.info(), entry, media, None, stored_result(store, entry), written.read(store, item.item_id))


def thumb_of(media: "MediaItem") -> QImage | None:
    """A small picture from the middle of an item, None where it does not decode."""
    from desktop_app.media import FrameReader

    with contextlib.suppress(InputError), FrameReader(media) as reader:
        return services.small(reader.frame_at(len(media.index) // 2).image, float(media.pixel_aspect))
    return None


def stored_result(store: "CaseStore", entry: Entry) -> AnalysisResult | None:
    """The newest result of an item, of a killed analysis as far as it got; None when there is none."""
    from desktop_app.analysis.opinions import result_of

    with contextlib.suppress(CaseError):
        return result_of(store, entry.analysis_id) if entry.analysis_id else None
    return None


def show_item(job: Job, file: CaseFile, item_id: int) -> Shown:
    """Open an item of the case again, provided that its file still is what was taken in, or that was accepted."""
    store = file.need()
    item = store.items.get(item_id)
    media: MediaItem | None = None
    if item.path.exists():
        media = services.open_clip(job, item.path)
    check = None
    if media is None or (media.info.sha256, media.info.sha512) != (item.sha256, item.sha512):
        check = _deviation(store, item, media)
    entry = _entry_of(store, item)
    if check is not None and not check.allows_analysis:
        media = None
    elif media is not None and entry.thumb is None:
        entry = replace(entry, thumb=thumb_of(media))
    stands = None if check is None or check.allows_analysis else check
    return Shown(file.info(), entry, media, stands, stored_result(store, entry), written.read(store, item_id))


def _deviation(store: "CaseStore", item: CaseItem, media: "MediaItem | None") -> ItemCheck:
    from desktop_app.cases import hashes_of

    hashes = None if media is None else hashes_of(media.info)
    if store.read_only:
        state = ItemState.MISSING if hashes is None else ItemState.CHANGED
        now, sha256 = datetime.now(UTC), hashes.sha256 if hashes else None
        return ItemCheck(0, item.item_id, Occasion.REVIEW, state, now, store.actor, "", item.path, sha256)
    return store.items.record_check(item.item_id, Occasion.REVIEW, hashes, "opened in the window", item.path)


def find_item(job: Job, file: CaseFile, item_id: int, path: Path) -> ItemCheck:
    """Look for a missing item's file at another place; what is found is recorded."""
    return file.need().items.check(item_id, Occasion.REVIEW, "looked for in the window", path, job.progress, job.token)


def accept(job: Job, file: CaseFile, check_id: int, reason: str) -> ItemCheck:
    """Note that the examiner goes on with an item that deviates, and why."""
    return file.need().items.accept(check_id, reason)


def analyse(job: Job, file: CaseFile, item_id: int, request: AnalysisRequest) -> AnalysisResult:
    """Analyse an item of the case; reports the model's card with the item's facts, then the predictions."""
    from desktop_app.analysis import casework
    from desktop_app.analysis.opinions import release_result

    store = file.need()
    _, result = casework.analyze_in_case(
        store, item_id, request, job.progress, job.token, job.report, on_started=starter(job)
    )
    release_result(store, item_id)
    return result


def resume(job: Job, file: CaseFile, item_id: int, request: AnalysisRequest) -> AnalysisResult:
    """Go on with an item's analysis where it was broken off, or begin where there is none to go on with."""
    from desktop_app.analysis import casework
    from desktop_app.analysis.opinions import standing_analysis

    store = file.need()
    kept = standing_analysis(store, item_id)
    if kept is None or not kept.frames_done or kept.state is not AnalysisState.ABORTED:
        return analyse(job, file, item_id, request)
    return casework.resume_in_case(
        store, kept.analysis_id, job.progress, job.token, job.report, on_started=starter(job)
    )


def starter(job: Job) -> Callable[["MediaItem", ModelCard], None]:
    """Reports the model's card with the item's facts once they are known."""

    def started(media: "MediaItem", card: ModelCard) -> None:
        job.report(services.Started(media.info, card))

    return started


def refused_check(job: Job, file: CaseFile, item_id: int) -> ItemCheck | None:
    """The comparison that keeps an item from being analysed, None when nothing does, or the item is gone by now."""
    checks = file.need().items.checks(item_id)
    return None if not checks or checks[-1].allows_analysis else checks[-1]


def entry(job: Job, file: CaseFile, item_id: int) -> Entry:
    """One item anew."""
    store = file.need()
    return _entry_of(store, store.items.get(item_id))


def _entry_of(store: "CaseStore", item: CaseItem, decodes: bool = True) -> Entry:
    from desktop_app.analysis.opinions import result_of, standing_analysis

    check = store.items.checks(item.item_id)[-1]
    picture = _kept_picture(store, item.item_id)
    entry = Entry(item, custody=check.state, is_accepted=check.accepted_utc is not None, thumb=picture)
    # what was cancelled before its first frame is no analysis to show
    kept = standing_analysis(store, item.item_id)
    if kept is None:
        return entry
    state = EntryState.DONE if kept.state is AnalysisState.FINISHED else EntryState.ABORTED
    fraction = min(1.0, kept.frames_done / max(1, kept.plan.sampled))
    entry = replace(entry, state=state, analysis_id=kept.analysis_id, fraction=fraction)
    with contextlib.suppress(CaseError):
        # the whole result of each item of a large case takes too long
        summed_up = store.analyses.summary if kept.has_result else partial(result_of, store)
        result = summed_up(kept.analysis_id)
        # a large case is listed first; `pictures` decodes afterwards
        picture = picture or (services.exhibit_picture(result) if decodes else None)
        ratio = result.ratio_of(result.verdict)
        entry = replace(entry, verdict=result.verdict, ratio=ratio, thumb=picture)
    return entry


def pictures(job: Job, file: CaseFile, analyses: Mapping[int, int]) -> dict[int, QImage]:
    """Small pictures from the results of items.

    Args:
        job: For cancelling.
        file: The open case.
        analyses: The analysis of each item.

    Returns:
        By item; one whose result keeps no picture is left out.
    """
    store, found = file.need(), {}
    for item_id, analysis_id in analyses.items():
        job.token.check()
        with contextlib.suppress(CaseError):
            picture = services.exhibit_picture(store.analyses.summary(analysis_id))
            if picture is not None:
                found[item_id] = picture
    return found


def _kept_picture(store: "CaseStore", item_id: int) -> QImage | None:
    """The small picture that was kept of an item when it was taken in."""
    with contextlib.suppress(CaseError):
        traces = store.items.traces(item_id)
        return services.small_picture(traces.preview) if traces is not None and traces.preview else None
    return None


def set_values(job: Job, file: CaseFile, path: Path, changes: Mapping[str, Value | None]) -> CaseInfo:
    """Give the case of a path values of its own for settings, None takes them away; what the open case is then."""
    from desktop_app.cases.overrides import store_overrides

    if changes and file.need().path == path:
        store_overrides(file.need().settings, changes)
    return file.info()


def read_log(job: Job, file: CaseFile) -> tuple[AuditEntry, ...]:
    """The audit log."""
    return file.need().audit_log()


def verify(job: Job, file: CaseFile) -> CaseCheck:
    """Walk the case's log and every stored hash, and hash its items."""
    from desktop_app.cases import verify_case

    return verify_case(file.need().path, on_progress=job.progress, cancel=job.token)
