"""The open case as the window knows it: its items and how far they are, and everything that is done to it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.config import Settings
from desktop_app.domain import AnalysisResult, Sampling
from desktop_app.domain.cases import ItemCheck, ItemState
from desktop_app.errors import AppError, InputError
from desktop_app.ui import case_services, detector_services, trace_services
from desktop_app.ui.case_errands import CaseErrands
from desktop_app.ui.case_services import CaseFile
from desktop_app.ui.choices import error_words, request_for
from desktop_app.ui.entries import CaseInfo, CaseView, Entry, EntryState, Shown
from desktop_app.ui.jobs import Job, Worker
from desktop_app.ui.queue import AnalysisQueue, Order

PICTURES_AT_ONCE = 4


class CaseDesk(CaseErrands):
    """Keeps the list of items in step with the case file and the queue.

    Signals: `replaced` when another case took the place of the last one, `entries_changed` when items came, went or
    took another order, `entry_changed` with the item that changed, `refused` with an `Entry` and the `ItemCheck` that
    stands in the way of its analysis.
    """

    replaced = Signal()
    entries_changed = Signal()
    entry_changed = Signal(int)
    refused = Signal(object, object)
    accepted = Signal(int)
    saved = Signal(str)

    def __init__(self, settings: Settings, worker: Worker, parent: QObject) -> None:
        super().__init__(settings.get_str("examiner"), worker, parent)
        self._settings = settings
        self.entries: dict[int, Entry] = {}
        self.analyst = Worker(self)
        self.queue = AnalysisQueue(self.analyst, self._make_job, self)
        self.orders: dict[int, Order] = {}
        self._resumes: set[int] = set()
        self._refused: set[int] = set()
        self._pictured: set[int] = set()
        self._when_still: Callable[[], None] | None = None
        queue = self.queue
        queue.started.connect(self._on_started)
        queue.moved.connect(self._on_moved)
        queue.finished.connect(self._on_finished)
        queue.failed.connect(self._on_failed)
        queue.stopped.connect(self._refresh)
        queue.changed.connect(self._on_queue_changed)
        queue.still.connect(self._on_still)

    @property
    def has_unsaved(self) -> bool:
        """Whether results would be lost with the case."""
        if self.info is None or not self.info.is_temporary:
            return False
        has_results = any(entry.analysis_id for entry in self.entries.values())
        return self.has_writing or has_results or self.queue.running is not None

    # the case

    def open_case(self, path: Path) -> None:
        """Open another case; a running analysis stops and stays as a partial one."""
        file = self.file
        self._once_still(
            lambda: self.run("case", lambda job: case_services.open_case(job, file, path), self._on_view, path.stem)
        )

    def recover(self, path: Path) -> None:
        """Go on with what a crash left behind."""
        file = self.file
        self._once_still(
            lambda: self.run("case", lambda job: case_services.recover_case(job, file, path), self._on_view, "Cotejo")
        )

    def new_case(self) -> None:
        """Let go of the case; the next file begins another one."""
        file = self.file
        self._once_still(lambda: self.run("case", lambda job: file.close(), self._on_closed))

    def save_as(self, path: Path) -> None:
        """Give the case a name; a running analysis is held meanwhile."""
        file, was_running = self.file, self.queue.running is not None and not self.queue.is_paused

        def save() -> None:
            job = self.run("save", lambda job: case_services.save_as(job, file, path), self._on_saved, path.name)
            if was_running:
                job.finished.connect(self._go_on)

        if was_running:
            self.set_paused(True)
            self._when_still = save
        else:
            save()

    @Slot()
    def _go_on(self) -> None:
        self.set_paused(False)

    def _once_still(self, action: Callable[[], Any]) -> None:
        self._when_still = None
        if self.queue.running is None:
            self.queue.clear()
            action()
        else:
            self._when_still = action
            self.queue.clear()

    @Slot()
    def _on_still(self) -> None:
        action, self._when_still = self._when_still, None
        if action is not None:
            action()

    @Slot(object)
    def _on_view(self, view: CaseView) -> None:
        self._replace({entry.item_id: entry for entry in view.entries}, view.info)
        self._find_twins()
        self._fetch_pictures()

    @Slot(object)
    def _on_closed(self, _: object) -> None:
        self._replace({}, None)

    def _replace(self, entries: dict[int, Entry], info: CaseInfo | None) -> None:
        """Another case, or none; of the one before, whose items have the same numbers, nothing stays."""
        self.queue.clear()
        self.entries = entries
        self._resumes.clear()
        self._refused.clear()
        self._pictured.clear()
        self.has_writing = False
        self.set_info(info)
        self.replaced.emit()
        self.entries_changed.emit()

    @Slot(object)
    def _on_saved(self, info: CaseInfo) -> None:
        self.set_info(info)
        self.saved.emit(str(info.path))

    # items

    def add(self, paths: Sequence[Path]) -> None:
        """Take files in, one after the other."""
        file = self.file
        for path in paths:
            work = _adding(file, path)
            self.run("take-in", work, self.on_shown, path.name)

    def add_folder(self, folder: Path) -> None:
        """Take in every video and picture of a folder and of those in it."""
        self.run("scan", lambda job: case_services.media_files(job, folder), self.add, folder.name)

    @Slot(object)
    def on_shown(self, shown: Shown) -> None:
        """Take up what was learnt of an item."""
        if self.info != shown.info:
            self.set_info(shown.info)
        is_new = shown.entry.item_id not in self.entries
        self._put(shown.entry)
        if is_new:
            file, item_id, media = self.file, shown.entry.item_id, shown.media
            self.run("traces", lambda job: trace_services.read_traces(job, file, item_id, media), self._on_traces)

    def _on_traces(self, _: None) -> None:
        # each is compared with all others: once, behind the last of many
        others = (job for job in self._worker.wanted if job is not self.sender())
        if not any(job.name in ("take-in", "traces") for job in others):
            self._find_twins()

    def _find_twins(self) -> None:
        file, store = self.file, self.file.store
        work = lambda job: trace_services.twins(job, file) if file.store is store else {}  # noqa: E731  # as the others
        self.run("twins", work, self._on_twins)

    def _fetch_pictures(self) -> None:
        """Decode a few of the pictures that the list lacks; a file to open does not wait for all of them."""
        file, store = self.file, self.file.store
        lacking = (e for e in self.entries.values() if e.thumb is None and e.analysis_id)
        analyses = {e.item_id: e.analysis_id for e in lacking if e.item_id not in self._pictured}
        few = dict(islice(analyses.items(), PICTURES_AT_ONCE))
        if few:
            self._pictured |= few.keys()
            # another case may be open by then
            work = lambda job: case_services.pictures(job, file, few) if file.store is store else {}  # noqa: E731
            self.run("pictures", work, self._on_pictures)

    def _on_pictures(self, pictures: dict[int, QImage]) -> None:
        for item_id, picture in pictures.items():
            self._change(item_id, thumb=picture)
        self._fetch_pictures()

    def _on_twins(self, twins: dict[int, tuple[int, ...]]) -> None:
        for item_id, entry in list(self.entries.items()):
            if entry.twins != twins.get(item_id, ()):
                self._change(item_id, twins=twins.get(item_id, ()))

    def _put(self, entry: Entry) -> None:
        before = self.entries.get(entry.item_id)
        if before is not None and entry.thumb is None:
            entry = replace(entry, thumb=before.thumb)
        if before is not None:
            entry = replace(entry, twins=before.twins)
        running = self.queue.running
        if running is not None and running.item_id == entry.item_id:
            entry = replace(entry, state=EntryState.RUNNING, fraction=running.fraction)
        elif self.queue.is_queued(entry.item_id):
            entry = replace(entry, state=EntryState.WAITING)
        self.entries[entry.item_id] = entry
        if before is None:
            self.entries_changed.emit()
        else:
            self.entry_changed.emit(entry.item_id)

    def accept(self, check: ItemCheck, reason: str) -> None:
        """Go on with an item that deviates, for a reason; `accepted` tells when it is noted."""
        file = self.file
        self.run("accept", lambda job: case_services.accept(job, file, check.check_id, reason), self._on_accepted)

    @Slot(object)
    def _on_accepted(self, check: ItemCheck) -> None:
        self._refresh(check.item_id)
        self.accepted.emit(check.item_id)
        if check.item_id in self._refused:
            self._refused.discard(check.item_id)
            self.analyse(check.item_id)

    def was_refused(self, item_id: int) -> bool:
        """Whether an item could not be analysed as it deviates; it is queued again once that is accepted."""
        return item_id in self._refused

    # analyses

    def analyse(self, item_id: int, first: bool = False) -> None:
        """Queue an item for a new analysis."""
        self._resumes.discard(item_id)
        self._queue(item_id, first)

    def resume(self, item_id: int) -> None:
        """Go on with an item's analysis where it was broken off."""
        self._resumes.add(item_id)
        self._queue(item_id, True)

    def analyse_all(self) -> None:
        """Queue every item that has no whole result, in the order of the list."""
        for item_id, entry in self.entries.items():
            if entry.state in (EntryState.IDLE, EntryState.ABORTED, EntryState.FAILED):
                if entry.state is EntryState.ABORTED:
                    self._resumes.add(item_id)
                self._queue(item_id, False)

    def _queue(self, item_id: int, first: bool) -> None:
        if self.info is not None and self.info.read_only:
            self.failed.emit(
                InputError(
                    self.tr("This case is open for reading only: nothing can be analysed in it."),
                    self.tr("Save it under another name first."),
                )
            )
            return
        if first and self.queue.is_paused and self.queue.running is None:
            self.queue.is_paused = False
        self.queue.add(item_id, first)

    def set_paused(self, is_paused: bool) -> None:
        """Hold the queue or let it go on; the running analysis is taken up where it was."""
        if is_paused and self.queue.running is not None:
            self._resumes.add(self.queue.running.item_id)
        self.queue.set_paused(is_paused)

    def compare(self, order: Order) -> None:
        """Queue an analysis by another model, beside the item's result; one that is queued already stays."""
        if order not in self.orders.values():
            # items count from 1
            key = min(self.orders, default=0) - 1
            self.orders[key] = order
            self._queue(key, False)

    def title_of(self, key: int) -> str:
        """What the user calls an analysis of the queue."""
        order = self.orders.get(key)
        if order is None:
            return self.entries[key].item.path.name
        return f"{self.entries[order.item_id].item.path.name} · {order.name}"

    def _make_job(self, item_id: int) -> tuple[Job, Sampling]:
        if item_id in self.orders:
            return self._make_comparing_job(item_id)
        own = dict(self.info.overrides) if self.info is not None else {}
        file, request = self.file, request_for(self._settings.with_values(own), self.entries[item_id].item.path)
        if item_id in self._resumes:
            self._resumes.discard(item_id)
            job = Job("analyse", lambda job: case_services.resume(job, file, item_id, request))
        else:
            job = Job("analyse", lambda job: case_services.analyse(job, file, item_id, request))
        self.job_started.emit(job, self.title_of(item_id))
        return job, request.sampling

    def _make_comparing_job(self, key: int) -> tuple[Job, Sampling]:
        file, order = self.file, self.orders[key]
        job = Job("analyse", lambda job: detector_services.analyse_with(job, file, order.item_id, order.request))
        self.job_started.emit(job, self.title_of(key))
        return job, order.request.sampling

    def _change(self, item_id: int, **values: Any) -> None:  # noqa: ANN401  # fields of an Entry
        if item_id in self.entries:
            self.entries[item_id] = replace(self.entries[item_id], **values)
            self.entry_changed.emit(item_id)

    @Slot(int)
    def _on_started(self, item_id: int) -> None:
        self._change(item_id, state=EntryState.RUNNING, fraction=0.0, problem="")

    @Slot(int)
    def _on_moved(self, item_id: int) -> None:
        if self.queue.running is not None:
            self._change(item_id, fraction=self.queue.running.fraction)

    @Slot(int, object)
    def _on_finished(self, item_id: int, result: AnalysisResult) -> None:
        state = EntryState.ABORTED if result.provenance.aborted else EntryState.DONE
        ratio = result.ratio_of(result.verdict)
        self._change(item_id, state=state, verdict=result.verdict, ratio=ratio, custody=ItemState.INTACT)
        self._refresh(item_id)

    @Slot(int, object)
    def _on_failed(self, item_id: int, error: Exception) -> None:
        if item_id not in self.entries:
            self.failed.emit(error)
            return
        problem = error_words(error)[0] if isinstance(error, AppError) else str(error)
        self._change(item_id, state=EntryState.FAILED, problem=problem)
        file = self.file

        def tell(check: ItemCheck | None) -> None:
            if check is not None and item_id in self.entries:
                self._change(item_id, state=EntryState.IDLE, problem="", custody=check.state)
                self._refused.add(item_id)
                self.refused.emit(self.entries[item_id], check)
            else:
                self.failed.emit(error)

        self.run("check", lambda job: case_services.refused_check(job, file, item_id), tell)

    @Slot(int)
    def _refresh(self, item_id: int) -> None:
        if item_id not in self.entries:
            return
        file = self.file
        self.run("entry", lambda job: case_services.entry(job, file, item_id), self._put_kept)

    def take_result(self, item_id: int, analysis_id: int, result: AnalysisResult) -> None:
        """Take up that another analysis is an item's result from now on."""
        ratio = result.ratio_of(result.verdict)
        self._change(item_id, analysis_id=analysis_id, verdict=result.verdict, ratio=ratio)
        self._refresh(item_id)

    @Slot(object)
    def _put_kept(self, entry: Entry) -> None:
        if entry.item_id in self.entries:
            self._put(entry)

    @Slot()
    def _on_queue_changed(self) -> None:
        queued = {*self.queue.waiting, self.queue.running.item_id if self.queue.running is not None else 0}
        self.orders = {key: order for key, order in self.orders.items() if key in queued}
        for item_id in self.queue.waiting:
            if item_id in self.entries and self.entries[item_id].state is not EntryState.WAITING:
                self._change(item_id, state=EntryState.WAITING)
        self.entries_changed.emit()

    def shutdown(self, keep: bool) -> None:
        """Stop the analyses and close the case.

        Args:
            keep: Whether a case without a name stays on the disk, to be offered at the next start.
        """
        self.queue.clear()
        self.analyst.shutdown()
        self.file.close(keep)


def _adding(file: CaseFile, path: Path) -> Callable[[Job], Shown]:
    return lambda job: case_services.add_file(job, file, path)
