"""Decode, find and score: three stages that overlap, joined by bounded queues."""

import queue
import threading
import time
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from desktop_app.analysis.notices import NoticeLog
from desktop_app.analysis.sampling import detection_step, sample_frames
from desktop_app.detectors import Detector, calibrate, class_probabilities, fake_logits, share_cores
from desktop_app.domain import (
    AnalysisRequest,
    FaceDetection,
    FaceQuality,
    FloatArray,
    Frame,
    FramePrediction,
    ModelCard,
    Notice,
    Stage,
    TrackedFace,
    UInt8Array,
)
from desktop_app.errors import ModelError
from desktop_app.faces import (
    FaceDetector,
    FaceFinder,
    FoundFaces,
    QualityLimits,
    crop_face,
    gate,
    measure_quality,
)
from desktop_app.media import FrameReader, MediaItem
from desktop_app.progress import Cancelled, CancelToken, Progress, ProgressFn

FRAME_QUEUE = 8
FACE_QUEUE = 32
MAX_PENDING = 64
"""Frames that wait for a full batch at most; the curve goes on where faces are few."""
QUEUE_WAIT_S = 0.05
MIN_REPORT_S = 0.05
NETWORK_STAGES = 2

PredictionFn = Callable[[tuple[FramePrediction, ...]], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A face on its way to the score."""

    face: TrackedFace
    quality: FaceQuality
    gate: str | None
    crop: UInt8Array | None


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A finished frame on its way to the score; its picture is let go."""

    frame_index: int
    pts: int | None
    time_s: float
    is_corrupt: bool
    candidates: tuple[_Candidate, ...]
    dismissed: tuple[FaceDetection, ...]


@dataclass(frozen=True, slots=True)
class _Undecodable:
    """A sampled frame that does not decode."""

    frame_index: int


class _Stopped(Exception):
    """The run ends early, because of another stage."""


class _Channel:
    """A bounded queue between two stages, which nobody waits at any more once the run has stopped."""

    def __init__(self, size: int, stop: threading.Event) -> None:
        self._queue: queue.Queue[object] = queue.Queue(size)
        self._stop = stop

    def put(self, value: object) -> None:
        while not self._stop.is_set():
            try:
                self._queue.put(value, timeout=QUEUE_WAIT_S)
            except queue.Full:
                continue
            return
        raise _Stopped

    def get(self, cancel: CancelToken | None = None) -> object:
        while not self._stop.is_set():
            if cancel is not None:
                cancel.check()
            try:
                return self._queue.get(timeout=QUEUE_WAIT_S)
            except queue.Empty:
                continue
        raise _Stopped


@dataclass(slots=True)
class PipelineOutput:
    """What a run gathers; complete up to the last batch also when it was cancelled.

    Args:
        predictions: In order of frame, then track.
        notices: What was skipped or estimated.
        sampled: Frames asked for.
        decoded, corrupt, with_face: Counts of frames that went through all stages.
        aborted: Whether it was cancelled.
    """

    predictions: list[FramePrediction] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    sampled: int = 0
    decoded: int = 0
    corrupt: int = 0
    with_face: int = 0
    aborted: bool = False


class Pipeline:
    """One run over one item.

    Args:
        request: What to analyse.
        item: The opened item.
        detector: The model.
        face_detector: Finds the faces.
        limits: What a face needs to be scored.

    Raises:
        InputError: The range holds no frame.
    """

    def __init__(
        self,
        request: AnalysisRequest,
        item: MediaItem,
        detector: Detector,
        face_detector: FaceDetector,
        limits: QualityLimits,
    ) -> None:
        self._request, self._item, self._detector = request, item, detector
        self._face_detector, self._limits = face_detector, limits
        self._frames = sample_frames(request, item)
        self._stop = threading.Event()
        self._decoded = _Channel(FRAME_QUEUE, self._stop)
        self._found = _Channel(FACE_QUEUE, self._stop)
        self._error: BaseException | None = None
        self._output = PipelineOutput(sampled=len(self._frames))
        self._log = NoticeLog()
        self._undecodable: list[int] = []
        self._reported_s = 0.0

    def run(self, on_progress: ProgressFn, cancel: CancelToken, on_prediction: PredictionFn) -> PipelineOutput:
        """Go through the item, once. Scores on the calling thread, which is where the callbacks are called.

        Args:
            on_progress: Stage ``"analyse"`` in sampled frames, at most 20 times a second.
            cancel: Takes effect within one batch; the output then says so.
            on_prediction: Called per batch, in order of frames.

        Raises:
            AppError: A stage failed.
        """
        threads = [
            threading.Thread(target=self._guard, args=(self._decode,), name="cotejo-decode"),
            threading.Thread(target=self._guard, args=(self._find,), name="cotejo-find"),
        ]
        try:
            for thread in threads:
                thread.start()
            self._score(on_progress, cancel, on_prediction)
        except Cancelled:
            self._output.aborted = True
        except _Stopped:
            pass  # the error that stopped the run is raised below
        finally:
            self._stop.set()
            for thread in threads:
                if thread.ident is not None:
                    thread.join()
        if self._error is not None:
            raise self._error
        self._output.notices = self._log.notices()
        return self._output

    def _guard(self, work: Callable[[], None]) -> None:
        """Run a stage; its failure stops the others and reaches the caller's thread."""
        try:
            work()
        except _Stopped:
            return
        except BaseException as error:  # noqa: BLE001 - raised again on the caller's thread
            self._error = self._error or error
            self._stop.set()

    def _decode(self) -> None:
        """Sampled frames in order, up to None."""
        with FrameReader(self._item) as reader:
            for index in self._frames:
                frame = next(reader.frames(index, index + 1), None)
                self._decoded.put(_Undecodable(index) if frame is None else frame)
        self._decoded.put(None)

    def _find(self) -> None:
        """Faces of frames in order, up to None; an undecodable frame may overtake frames that are under way."""
        share_cores(NETWORK_STAGES)
        finder = FaceFinder(self._face_detector, detection_step(self._request, self._item, self._frames))
        while (got := self._decoded.get()) is not None:
            if isinstance(got, Frame):
                for found in finder.push(got):
                    self._found.put(self._prepare(found))
            else:
                self._found.put(got)
        for found in finder.flush():
            self._found.put(self._prepare(found))
        self._found.put(None)

    def _prepare(self, found: FoundFaces) -> _Found:
        card, frame = self._detector.card, found.frame
        candidates = []
        for face in found.faces:
            quality = measure_quality(frame.image, face)
            why = gate(quality, self._limits)
            crop = None if why else crop_face(frame.image, face.box_xyxy, card.crop_margin, card.input_size_px)
            candidates.append(_Candidate(face, quality, why, crop))
        return _Found(frame.index, frame.pts, frame.time_s, frame.is_corrupt, tuple(candidates), found.dismissed)

    def _score(self, on_progress: ProgressFn, cancel: CancelToken, on_prediction: PredictionFn) -> None:
        """Fill batches by count alone, never by time, so that the same item always makes the same batches."""
        share_cores(NETWORK_STAGES)
        pending: list[_Found] = []
        crops, started = 0, time.monotonic()
        while True:
            cancel.check()
            got = self._found.get(cancel)
            if isinstance(got, _Undecodable):
                self._undecodable.append(got.frame_index)
                continue
            if isinstance(got, _Found):
                pending.append(got)
                crops += sum(c.crop is not None for c in got.candidates)
                done = self._position(got.frame_index) + 1
            else:
                done = len(self._frames)
            if got is None or crops >= self._request.batch_size or len(pending) >= MAX_PENDING:
                self._emit(pending, on_prediction)
                pending, crops = [], 0
            self._report(on_progress, done, started)
            if got is None:
                self._note_undecodable(len(self._frames))
                return

    def _position(self, frame_index: int) -> int:
        return bisect_left(self._frames, frame_index)

    def _report(self, on_progress: ProgressFn, done: int, started: float) -> None:
        now, total = time.monotonic(), len(self._frames)
        if now - self._reported_s < MIN_REPORT_S and done < total:
            return
        self._reported_s = now
        rate = done / max(now - started, 1e-6)
        on_progress(Progress("analyse", done, total, rate, (total - done) / rate))

    def _emit(self, pending: list[_Found], on_prediction: PredictionFn) -> None:
        """Score frames and take them up into the output, all of them or none."""
        if not pending:
            return
        scores = iter(self._scores([c.crop for f in pending for c in f.candidates if c.crop is not None]))
        batch = []
        for found in pending:
            for c in found.candidates:
                logit, p_fake, label = next(scores) if c.crop is not None else (None, None, None)
                batch.append(
                    FramePrediction(
                        found.frame_index, found.pts, found.time_s, c.face.track_id, c.face.box_xyxy, c.face.score,
                        c.face.is_interpolated, c.quality, self._detector.card.model_id, c.gate, logit, p_fake, label,
                    )
                )  # fmt: skip
        for found in pending:
            self._count(found)
        self._note_undecodable(self._position(pending[-1].frame_index))
        self._output.predictions += batch
        if batch:
            on_prediction(tuple(batch))

    def _scores(self, crops: list[UInt8Array]) -> list[tuple[float, float, str]]:
        # a crowd in the last frame of a batch must not make it much larger than memory was asked for
        size = 2 * self._request.batch_size
        return [s for i in range(0, len(crops), size) for s in score_crops(self._detector, crops[i : i + size])]

    def _count(self, found: _Found) -> None:
        """Take a frame up into the counts and notices."""
        self._output.decoded += 1
        self._output.corrupt += found.is_corrupt
        self._output.with_face += bool(found.candidates)
        index, position = found.frame_index, self._position(found.frame_index)
        if found.is_corrupt:
            self._log.add(Stage.MEDIA, "corrupt_frame", index, position)
        if not found.candidates:
            self._log.add(Stage.FACES, "no_face", index, position)
        for detection in found.dismissed:
            box = str([round(v) for v in detection.box_xyxy])
            self._log.add(Stage.FACES, "unconfirmed_face", index, position, box)
        for c in found.candidates:
            if c.gate is not None:
                track_id = c.face.track_id
                self._log.add(Stage.QUALITY, f"gate_{c.gate}", index, position, str(track_id), track_id)

    def _note_undecodable(self, end: int) -> None:
        """Note the frames before a position, so that a cancelled run speaks of what it covered alone."""
        ready = [i for i in self._undecodable if self._position(i) < end]
        self._undecodable = self._undecodable[len(ready) :]
        for index in ready:
            self._log.add(Stage.MEDIA, "undecodable_frame", index, self._position(index))


def score_crops(detector: Detector, crops: list[UInt8Array]) -> list[tuple[float, float, str]]:
    """Raw log-odds, calibrated probability of fake and class of each crop.

    Args:
        detector: The model.
        crops: (S, S, 3) uint8 RGB each.

    Raises:
        DeviceError: Memory ran out.
        ModelError: The model gave a value that is no number.
    """
    if not crops:
        return []
    card = detector.card
    raw = detector.predict(crops)
    if not np.isfinite(raw).all():
        raise ModelError(
            f"The model “{card.name}” gave a score that is no number.", "Its weights are unfit: use another model."
        )
    odds = fake_logits(card, raw)
    p_fake = calibrate(card, odds)
    names = [_label(card, p, row) for p, row in zip(p_fake, class_probabilities(card, raw), strict=True)]
    return [(float(z), float(p), name) for z, p, name in zip(odds, p_fake, names, strict=True)]


def _label(card: ModelCard, p_fake: float, probabilities: FloatArray) -> str:
    """Name of the class: genuine up to the decision threshold, else the most probable manipulation."""
    if p_fake <= card.thresholds.decision:
        return card.genuine_class
    fakes = [(p, name) for p, name in zip(probabilities, card.classes, strict=True) if name != card.genuine_class]
    return max(fakes)[1]
