"""The analyses that wait and the one that runs; they go on while the examiner looks at something else."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.domain import AnalysisRequest, AnalysisResult, ModelCard, Sampling
from desktop_app.progress import Progress
from desktop_app.ui.curves import Predictions
from desktop_app.ui.jobs import Job, Worker
from desktop_app.ui.services import Started


@dataclass(frozen=True, slots=True)
class Order:
    """An analysis of an item by another model, for comparison; in the queue it has a number below 0.

    Args:
        item_id: The item.
        request: As its result was asked for, with the other model.
        name: Of the model.
    """

    item_id: int
    request: AnalysisRequest
    name: str


@dataclass(slots=True, eq=False)
class Running:
    """The analysis that runs.

    Args:
        item_id: Its item.
        job: Its work.
        sampling: Which frames are scored.
        predictions: What was scored so far.
        card: The model, None until it is loaded.
        fraction: Share of the frames that are done.
    """

    item_id: int
    job: Job
    sampling: Sampling
    predictions: Predictions
    card: ModelCard | None = None
    fraction: float = 0.0


class AnalysisQueue(QObject):
    """Runs one analysis after the other on a worker of its own.

    Signals, each with the item: `started`, `grew` with new predictions, `moved` with new progress, then one of
    `finished` with the result, `failed` with the exception or `stopped`; and `changed` when order or state changed.

    Args:
        worker: Runs the analyses and nothing else.
        make_job: Makes the work of an item, and says which frames it scores.
        parent: Owner.
    """

    started = Signal(int)
    grew = Signal(int)
    moved = Signal(int)
    finished = Signal(int, object)
    failed = Signal(int, object)
    stopped = Signal(int)
    changed = Signal()
    still = Signal()

    def __init__(self, worker: Worker, make_job: Callable[[int], tuple[Job, Sampling]], parent: QObject) -> None:
        super().__init__(parent)
        self._worker, self._make_job = worker, make_job
        self.waiting: list[int] = []
        self.running: Running | None = None
        self.is_paused = False
        self._again = False

    def is_queued(self, item_id: int) -> bool:
        """Whether an item waits or is being analysed."""
        return item_id in self.waiting or (self.running is not None and self.running.item_id == item_id)

    def add(self, item_id: int, first: bool = False) -> None:
        """Queue an item, behind or before the others; one that is queued already stays where it is."""
        if not self.is_queued(item_id):
            self.waiting.insert(0 if first else len(self.waiting), item_id)
            self._next()
            self.changed.emit()

    def remove(self, item_id: int) -> None:
        """Take an item out; its running analysis is stopped and stays as a partial one."""
        if item_id in self.waiting:
            self.waiting.remove(item_id)
            self.stopped.emit(item_id)
            self.changed.emit()
        elif self.running is not None and self.running.item_id == item_id:
            self._again = False
            self.running.job.cancel()

    def move(self, item_id: int, places: int) -> None:
        """Let an item come earlier (places < 0) or later."""
        if item_id in self.waiting:
            at = self.waiting.index(item_id)
            self.waiting.insert(max(0, min(len(self.waiting) - 1, at + places)), self.waiting.pop(at))
            self.changed.emit()

    def set_paused(self, is_paused: bool) -> None:
        """Hold everything, or go on; the running analysis stops and is taken up where it was."""
        self.is_paused = is_paused
        if is_paused and self.running is not None:
            self._again = True
            self.running.job.cancel()
        self._next()
        self.changed.emit()

    def stop(self) -> None:
        """Stop the running analysis and hold what waits, if anything does."""
        self._again = False
        if self.running is not None:
            self.running.job.cancel()
        self.is_paused = bool(self.waiting)
        self.changed.emit()

    def clear(self) -> None:
        """Forget everything; what runs is stopped, and `still` tells when it has."""
        self.waiting.clear()
        self.is_paused = self._again = False
        if self.running is not None:
            self.running.job.cancel()
        self.changed.emit()

    def _next(self) -> None:
        if self.running is not None or self.is_paused or not self.waiting:
            return
        item_id = self.waiting.pop(0)
        job, sampling = self._make_job(item_id)
        self.running = Running(item_id, job, sampling, Predictions(sampling, 0.0))
        job.progressed.connect(self._on_progress)
        job.reported.connect(self._on_reported)
        job.succeeded.connect(self._on_succeeded)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        job.finished.connect(self._on_ended)
        self.started.emit(item_id)
        self._worker.submit(job)

    def _mine(self) -> Running | None:
        running = self.running
        return running if running is not None and self.sender() is running.job else None

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        running = self._mine()
        if running is not None and progress.stage == "analyse" and progress.fraction is not None:
            running.fraction = progress.fraction
            self.moved.emit(running.item_id)

    @Slot(object)
    def _on_reported(self, payloads: list[object]) -> None:
        running = self._mine()
        if running is None:
            return
        for payload in payloads:
            if isinstance(payload, Started):
                running.card = payload.card
                running.predictions = Predictions(running.sampling, payload.media.frame_step_s)
            elif isinstance(payload, tuple):
                running.predictions.add(payload)
        self.grew.emit(running.item_id)

    @Slot(object)
    def _on_succeeded(self, result: AnalysisResult) -> None:
        running = self._mine()
        if running is None:
            return
        if result.provenance.aborted and self._again:
            self.waiting.insert(0, running.item_id)
        self.finished.emit(running.item_id, result)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        running = self._mine()
        if running is not None:
            self.failed.emit(running.item_id, error)

    @Slot()
    def _on_cancelled(self) -> None:
        running = self._mine()
        if running is not None:
            if self._again:
                self.waiting.insert(0, running.item_id)
            self.stopped.emit(running.item_id)

    @Slot()
    def _on_ended(self) -> None:
        if self._mine() is None:
            return
        self.running, self._again = None, False
        self._next()
        self.changed.emit()
        if self.running is None:
            self.still.emit()
