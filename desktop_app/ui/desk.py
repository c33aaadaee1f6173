"""What lies on the examiner's desk: the open item, its predictions and result, and the work that is under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.config import Settings
from desktop_app.domain import (
    AnalysisRequest,
    AnalysisResult,
    FramePrediction,
    Heatmap,
    ModelCard,
    Outcome,
    Sampling,
    SamplingMode,
)
from desktop_app.errors import CaseError
from desktop_app.ui import services
from desktop_app.ui.curves import Predictions
from desktop_app.ui.jobs import Job, Worker

if TYPE_CHECKING:
    from desktop_app.media import MediaItem

LANGUAGES = ("en", "es")
QUIET_JOBS = ("warm-up", "explain", "thumbnails")
# work whose loss would be noticed: it is not stopped without a question
PRECIOUS_JOBS = ("analyse", "export")


class State(Enum):
    """What the window shows."""

    START = auto()
    OPENING = auto()
    READY = auto()
    ANALYSING = auto()
    DONE = auto()
    NO_FACE = auto()


@dataclass(frozen=True, slots=True)
class Opening:
    """A wish to open something.

    Args:
        job: Opens it.
        name: What the user calls it.
        analyse: Whether to analyse it at once.
    """

    job: Job
    name: str
    analyse: bool


def language_of(settings: Settings) -> str:
    """Language of the interface: the setting, or the system's where Cotejo speaks it."""
    chosen = settings.get_str("language")
    if chosen in LANGUAGES:
        return chosen
    system = QLocale.system().name()[:2]
    return system if system in LANGUAGES else "en"


def request_for(settings: Settings, path: Path) -> AnalysisRequest:
    """The analysis that the settings ask for."""
    mode = SamplingMode(settings.get_str("sampling_mode"))
    value = settings.get_float("sampling_value")
    if mode is SamplingMode.EVERY_NTH:
        value = max(1.0, round(value))
    return AnalysisRequest(
        path=path,
        model_id=settings.get_str("model_id"),
        sampling=Sampling(mode, value),
        detect_every=settings.get_int("detect_every"),
        min_face_score=settings.get_float("min_face_score"),
        min_face_px=settings.get_int("min_face_px"),
        device=settings.get_str("device"),
        batch_size=settings.get_int("batch_size"),
        key_frames=settings.get_int("key_frames"),
    )


class Desk(QObject):
    """State and work behind the window; everything heavy goes through the one `Worker`."""

    state_changed = Signal(object)
    opened = Signal(object)
    closed = Signal()
    card_known = Signal(object)
    predictions_changed = Signal()
    result_changed = Signal(object)
    heatmap_ready = Signal(object, QImage)
    explaining = Signal(bool)
    thumbnails_ready = Signal(object)
    job_started = Signal(object, str)
    stop_needed = Signal(str, object)
    exported = Signal(str)
    failed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.worker = Worker(self)
        self.state = State.START
        self.item: MediaItem | None = None
        self.card: ModelCard | None = None
        self.predictions: Predictions | None = None
        self.result: AnalysisResult | None = None
        self.truth: tuple[float, float] | None = None  # where the demo clip is manipulated; of no other item known
        self.last_analysis_was_cancelled = False
        self._opening: Job | None = None
        self._analysis: Job | None = None
        self._explaining: Job | None = None
        self._analyse_next = False

    @property
    def is_busy(self) -> bool:
        """Whether something is under way that the user would wait for or cancel."""
        job = self.worker.current
        return self.state is State.OPENING or (job is not None and job.name not in QUIET_JOBS)

    @property
    def language(self) -> str:
        """``"en"`` or ``"es"``."""
        return language_of(self.settings)

    def warm_up(self) -> None:
        """Load the heavy libraries in the background."""
        self.worker.submit(Job("warm-up", services.warm_up))

    def shutdown(self) -> None:
        """Stop all work and wait for it."""
        self.worker.shutdown()

    def open(self, path: Path, analyse: bool = False) -> None:
        """Open a file; what is open stays until it succeeds.

        While an analysis or an export runs, `stop_needed` asks first, and only `stop_and_open` goes on.

        Args:
            path: The file.
            analyse: Whether to analyse it at once.
        """
        self._ask_to_open(Opening(Job("open", lambda job: services.open_clip(job, path)), path.name, analyse))
        self.settings.set("last_folder", str(path.resolve().parent))
        self.save_settings()

    def open_demo(self) -> None:
        """Build the demo clip, open and analyse it; asks as `open` does."""
        self._ask_to_open(Opening(Job("demo", services.open_demo), services.DEMO_NAME, True))

    def save_settings(self) -> None:
        """Keep the settings; a folder that cannot be written is told, not fatal."""
        try:
            self.settings.save()
        except CaseError as error:
            self.failed.emit(error)

    def _ask_to_open(self, opening: Opening) -> None:
        at_work = [job.name for job in self.worker.wanted if job.name in PRECIOUS_JOBS]
        if at_work:
            self.stop_needed.emit(at_work[0], opening)
        else:
            self.stop_and_open(opening)

    def stop_and_open(self, opening: Opening) -> None:
        """Stop all work, whatever it is, and begin to open something."""
        self.worker.cancel_all()
        job = opening.job
        self._analyse_next = opening.analyse
        self._opening = job
        job.succeeded.connect(self._on_opened)
        job.failed.connect(self._on_open_failed)
        job.cancelled.connect(self._on_open_ended)
        self._set_state(State.OPENING)
        self.job_started.emit(job, opening.name)
        self.worker.submit(job)

    @Slot(object)
    def _on_opened(self, item: "MediaItem") -> None:
        if self._opening is None or self.sender() is not self._opening:
            return
        if self._opening.token.is_cancelled:
            # it was quicker than the wish to stop it, but the wish counts
            self._on_open_ended()
            return
        self.truth = services.demo_truth() if self._opening.name == "demo" else None
        self._opening = None
        self.item, self.card, self.predictions, self.result = item, None, None, None
        self.last_analysis_was_cancelled = False
        self.opened.emit(item)
        self._set_state(State.READY)
        if self._analyse_next:
            self.analyse()

    @Slot(object)
    def _on_open_failed(self, error: Exception) -> None:
        if self.sender() is self._opening:
            self._on_open_ended()
            self.failed.emit(error)

    @Slot()
    def _on_open_ended(self) -> None:
        if self._opening is not None and self.sender() in (self._opening, None):
            self._opening = None
            self._set_state(self._resting_state())

    def _resting_state(self) -> State:
        if self.item is None:
            return State.START
        if self.result is None:
            return State.READY
        return State.NO_FACE if self.result.verdict.outcome is Outcome.NO_USABLE_FACE else State.DONE

    def close_item(self) -> None:
        """Clear the desk."""
        self.worker.cancel_all()
        self.item = self.card = self.predictions = self.result = self.truth = None
        self._analysis = self._opening = self._explaining = None
        self.closed.emit()
        self._set_state(State.START)

    def cancel(self) -> None:
        """Stop what is under way."""
        self.worker.cancel_all()

    def analyse(self) -> None:
        """Analyse the open item as the settings say."""
        item = self.item
        if item is None or self._analysis is not None:
            return
        self.cancel_explaining()
        request = request_for(self.settings, item.info.path)
        step_s = float(item.index.duration_s) / len(item.index) if len(item.index) > 1 else 0.0
        self.predictions = Predictions(request.sampling, step_s)
        self.result = None
        job = Job("analyse", lambda job: services.analyse(job, request, item))
        self._analysis = job
        job.reported.connect(self._on_reported)
        job.succeeded.connect(self._on_analysed)
        job.failed.connect(self._on_analysis_failed)
        job.cancelled.connect(self._on_analysis_cancelled)
        self.result_changed.emit(None)
        self.predictions_changed.emit()
        self._set_state(State.ANALYSING)
        self.job_started.emit(job, item.info.path.name)
        self.worker.submit(job)

    @Slot(object)
    def _on_reported(self, payloads: list[object]) -> None:
        if self.sender() is not self._analysis or self.predictions is None:
            return
        for payload in payloads:
            if isinstance(payload, ModelCard):
                self.card = payload
                self.card_known.emit(payload)
            elif isinstance(payload, tuple):
                self.predictions.add(payload)
        self.predictions_changed.emit()

    @Slot(object)
    def _on_analysed(self, result: AnalysisResult) -> None:
        if self.sender() is self._analysis:
            self._analysis = None
            self.show_result(result)

    def show_result(self, result: AnalysisResult) -> None:
        """Put a result on the desk."""
        self.last_analysis_was_cancelled = result.provenance.aborted
        self.result = result
        if self.card is None:
            self.card = result.card
            self.card_known.emit(result.card)
        info = result.media
        step_s = info.duration_s / info.frame_count if info.frame_count > 1 else 0.0
        # the stored result is the truth: what was drawn while it grew is replaced
        self.predictions = Predictions(result.request.sampling, step_s)
        self.predictions.add(result.predictions)
        self.predictions_changed.emit()
        self.result_changed.emit(result)
        self._set_state(self._resting_state())

    @Slot(object)
    def _on_analysis_failed(self, error: Exception) -> None:
        if self.sender() is self._analysis:
            self._analysis = None
            self._set_state(self._resting_state())
            self.failed.emit(error)

    @Slot()
    def _on_analysis_cancelled(self) -> None:
        if self.sender() is self._analysis:
            self._analysis = None
            self.last_analysis_was_cancelled = True
            self._set_state(self._resting_state())

    def explain(self, frame: int, face: FramePrediction, target: str) -> None:
        """Compute the heat map of a face in a frame; a newer wish replaces an older one."""
        item, device = self.item, self.settings.get_str("device")
        self.cancel_explaining()
        if item is None or self.state is State.ANALYSING:
            return
        job = Job("explain", lambda job: services.explain(job, item, frame, face, target, device))
        self._explaining = job
        job.succeeded.connect(self._on_explained)
        job.failed.connect(self._on_explain_failed)
        job.finished.connect(self._on_explain_finished)
        self.explaining.emit(True)
        self.worker.submit(job)

    def cancel_explaining(self) -> None:
        """Forget the heat map that is being computed."""
        if self._explaining is not None:
            self._explaining.cancel()
            self._explaining = None
            self.explaining.emit(False)

    @Slot(object)
    def _on_explained(self, outcome: tuple[Heatmap, QImage]) -> None:
        if self.sender() is self._explaining:
            self.heatmap_ready.emit(*outcome)

    @Slot(object)
    def _on_explain_failed(self, error: Exception) -> None:
        if self.sender() is self._explaining:
            self.failed.emit(error)

    @Slot()
    def _on_explain_finished(self) -> None:
        if self.sender() is self._explaining:
            self._explaining = None
            self.explaining.emit(False)

    def fetch_thumbnails(self, tracks: Sequence[int], frames: Sequence[int]) -> None:
        """Make small pictures of some faces and frames of the result."""
        item, result = self.item, self.result
        if result is not None and (tracks or frames):
            job = Job("thumbnails", lambda job: services.thumbnails(job, item, result, tracks, frames))
            job.succeeded.connect(self.thumbnails_ready)
            job.failed.connect(self.failed)
            self.worker.submit(job)

    def export(self, kind: str, path: Path) -> None:
        """Write the result to a file, see `services.export`."""
        result, item, language = self.result, self.item, self.language
        if result is None:
            return
        job = Job("export", lambda job: services.export(job, kind, result, item, path, language))
        job.succeeded.connect(self._on_exported)
        job.failed.connect(self.failed)
        self.job_started.emit(job, path.name)
        self.worker.submit(job)

    @Slot(object)
    def _on_exported(self, path: Path) -> None:
        self.exported.emit(str(path))

    def _set_state(self, state: State) -> None:
        self.state = state
        self.state_changed.emit(state)
