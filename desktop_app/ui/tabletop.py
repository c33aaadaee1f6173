"""What lies on the examiner's desk: the open item, and its predictions and result as they grow."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.config import Settings
from desktop_app.domain import AnalysisResult, ModelCard, Outcome
from desktop_app.ui import services, weighing
from desktop_app.ui.case_desk import CaseDesk
from desktop_app.ui.choices import language_of
from desktop_app.ui.curves import Predictions
from desktop_app.ui.entries import Shown
from desktop_app.ui.jobs import Job, Worker
from desktop_app.ui.notebook import Notebook

if TYPE_CHECKING:
    from desktop_app.media import MediaItem


class State(Enum):
    """What the window shows."""

    START = auto()
    OPENING = auto()
    READY = auto()
    ANALYSING = auto()
    DONE = auto()
    NO_FACE = auto()


class Tabletop(QObject):
    """Knows what is shown of the case, and says whenever that changes."""

    state_changed = Signal(object)
    opened = Signal(object)
    closed = Signal()
    away = Signal(object)
    card_known = Signal(object)
    predictions_changed = Signal()
    result_changed = Signal(object)
    thumbnails_ready = Signal(object)
    weighed = Signal(object)
    job_started = Signal(object, str)
    failed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.worker = Worker(self)
        self.cases = CaseDesk(settings, self.worker, self)
        self.notebook = Notebook(self.cases, self)
        self.state = State.START
        self.item: MediaItem | None = None
        self.item_id = 0
        self.card: ModelCard | None = None
        self.predictions: Predictions | None = None
        self.result: AnalysisResult | None = None
        self.truth: tuple[float, float] | None = None  # where the demo clip is manipulated; of no other item known
        self.last_analysis_was_cancelled = False
        self._former: AnalysisResult | None = None  # what was shown before the analysis that runs
        queue = self.cases.queue
        queue.started.connect(self._on_started)
        queue.grew.connect(self._on_grew)
        queue.finished.connect(self._on_analysed)
        queue.failed.connect(self._on_analysis_failed)
        queue.stopped.connect(self._on_analysis_stopped)

    @property
    def is_queued(self) -> bool:
        """Whether the open item waits for its analysis, or is being analysed."""
        return bool(self.item_id) and self.cases.queue.is_queued(self.item_id)

    @property
    def language(self) -> str:
        """``"en"`` or ``"es"``."""
        return language_of(self.settings)

    def put(self, shown: Shown) -> None:
        """Put an item on the desk, or only its stored result where its file is not the one that was taken in."""
        self.item, self.item_id = shown.media, shown.entry.item_id
        self.card = self.predictions = self.result = self._former = None
        self.last_analysis_was_cancelled = False
        self.notebook.learn(self.item_id, shown.written)
        self.truth = services.demo_truth(shown.entry.item.path)
        if shown.media is None:
            self.closed.emit()
            if shown.result is not None:
                self.away.emit(shown.result.media)
        else:
            self.opened.emit(shown.media)
        running, result = self.cases.queue.running, shown.result
        if running is not None and running.item_id == self.item_id:
            self._on_started(self.item_id)
            self._on_grew(self.item_id)
        elif result is not None and (shown.media is None or result.media.sha256 == shown.media.info.sha256):
            self.show_result(result)
        else:
            self.set_state(State.READY)

    def resting_state(self) -> State:
        """What the window shows when nothing is being opened."""
        running = self.cases.queue.running
        if self.result is not None:
            return State.NO_FACE if self.result.verdict.outcome is Outcome.NO_USABLE_FACE else State.DONE
        if self.item is None:
            return State.START
        return State.ANALYSING if running is not None and running.item_id == self.item_id else State.READY

    def clear(self) -> None:
        """Take everything away."""
        self.item = self.card = self.predictions = self.result = self._former = self.truth = None
        self.item_id = 0
        self.closed.emit()
        self.set_state(State.START)

    def tell_again(self) -> None:
        """Say again what lies on the desk, to parts that were made just now."""
        self.cases.info_changed.emit(self.cases.info)
        if self.item is not None:
            self.opened.emit(self.item)
        if self.card is not None:
            self.card_known.emit(self.card)
        if self.predictions is not None:
            self.predictions_changed.emit()
        if self.result is not None:
            self.result_changed.emit(self.result)
        self.state_changed.emit(self.state)
        running = self.cases.queue.running
        if running is not None:
            self.job_started.emit(running.job, self.cases.title_of(running.item_id))

    def show_result(self, result: AnalysisResult) -> None:
        """Put a result on the desk."""
        self.last_analysis_was_cancelled = result.provenance.aborted
        self.result = result
        if self.card is None:
            self.card = result.card
            self.card_known.emit(result.card)
        # the stored result is the truth: what was drawn while it grew is replaced
        self.predictions = Predictions(result.request.sampling, result.media.frame_step_s)
        self.predictions.add(result.predictions)
        self.predictions_changed.emit()
        self.result_changed.emit(result)
        self.set_state(self.resting_state())

    def switch_result(self, result: AnalysisResult) -> None:
        """Put the result of another analysis of the same item in the place of the present one."""
        self.card = self.result = None
        self.result_changed.emit(None)
        self.show_result(result)

    @Slot(int)
    def _on_started(self, item_id: int) -> None:
        running = self.cases.queue.running
        if item_id != self.item_id or running is None:
            return
        self._former = self.result
        self.predictions, self.result = running.predictions, None
        self.result_changed.emit(None)
        self.predictions_changed.emit()
        self.set_state(State.ANALYSING)

    @Slot(int)
    def _on_grew(self, item_id: int) -> None:
        running = self.cases.queue.running
        if item_id != self.item_id or running is None:
            return
        if running.card is not None and running.card is not self.card:
            self.card = running.card
            self.card_known.emit(running.card)
        self.predictions = running.predictions
        self.predictions_changed.emit()

    @Slot(int, object)
    def _on_analysed(self, item_id: int, result: AnalysisResult) -> None:
        if item_id == self.item_id:
            self.show_result(result)

    @Slot(int, object)
    def _on_analysis_failed(self, item_id: int, error: Exception) -> None:
        if item_id == self.item_id and self.state is State.ANALYSING:
            self._show_former()

    @Slot(int)
    def _on_analysis_stopped(self, item_id: int) -> None:
        if item_id == self.item_id and self.state is State.ANALYSING:
            self.last_analysis_was_cancelled = True
            self._show_former()

    def _show_former(self) -> None:
        if self._former is None:
            self.set_state(State.READY)
        else:
            self.card = None
            self.show_result(self._former)

    def fetch_thumbnails(self, tracks: Sequence[int], frames: Sequence[int]) -> None:
        """Make small pictures of some faces and frames of the result."""
        item, result = self.item, self.result
        if result is not None and (tracks or frames):
            job = Job("thumbnails", lambda job: services.thumbnails(job, item, result, tracks, frames))
            job.succeeded.connect(self.thumbnails_ready)
            job.failed.connect(self.failed)
            self.worker.submit(job)

    def weigh(self) -> None:
        """Find the words beside the result; `weighed` brings them."""
        result, file, item_id, language = self.result, self.cases.file, self.item_id, self.language
        if result is not None:
            self.worker.cancel("weigh")
            job = Job("weigh", lambda job: weighing.weigh(job, file, item_id, result, language))
            job.succeeded.connect(self.weighed)
            job.failed.connect(self.failed)
            self.worker.submit(job)

    def set_state(self, state: State) -> None:
        """Say what the window shows from now on."""
        self.state = state
        self.state_changed.emit(state)
