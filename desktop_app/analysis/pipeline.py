"""Decode, find and score: three stages that overlap, joined by bounded queues."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from desktop_app.detectors import TorchDetector, calibrate, class_probabilities, fake_logits
from desktop_app.domain import (
    AnalysisRequest,
    FaceQuality,
    FloatArray,
    Frame,
    FramePrediction,
    ModelCard,
    Notice,
    SamplingMode,
    Stage,
    TrackedFace,
    UInt8Array,
)
from desktop_app.errors import InputError
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
QUEUE_WAIT_S = 0.05

PredictionFn = Callable[[tuple[FramePrediction, ...]], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A face on its way to the score: the frame itself is let go."""

    frame_index: int
    pts: int | None
    time_s: float
    face: TrackedFace
    quality: FaceQuality
    gate: str | None
    crop: UInt8Array | None


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A finished frame on its way to the score."""

    frame_index: int
    candidates: tuple[_Candidate, ...]


@dataclass(slots=True)
class PipelineOutput:
    """What a run gathers; complete up to the last batch also when it was cancelled.

    Args:
        predictions: In order of frame, then track.
        notices: What was skipped or estimated.
        sampled, decoded, corrupt, with_face: Counts of frames.
        aborted: Whether it was cancelled.
    """

    predictions: list[FramePrediction] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    sampled: int = 0
    decoded: int = 0
    corrupt: int = 0
    with_face: int = 0
    aborted: bool = False


def sample_frames(request: AnalysisRequest, item: MediaItem) -> list[int]:
    """Indices of the frames that a request asks for, ascending.

    Args:
        request: Range and sampling.
        item: The item.

    Raises:
        InputError: The range holds no frame.
    """
    times = item.index.time_s
    start_s = request.start_s if request.start_s is not None else 0.0
    end_s = request.end_s if request.end_s is not None else float("inf")
    in_range = np.flatnonzero((times >= start_s - 1e-9) & (times <= end_s + 1e-9))
    if len(in_range) == 0:
        raise InputError(
            f"The range {start_s:g} s to {end_s:g} s holds no frame of this item.",
            f"The item ends at {item.info.duration_s:.2f} s.",
        )
    if request.sampling.mode is SamplingMode.EVERY_NTH:
        return [int(i) for i in in_range[:: int(request.sampling.value)]]
    first, last = float(times[in_range[0]]), float(times[in_range[-1]])
    # half a microsecond, so that rounding of the times does not move a sample to the next frame
    wanted = first + np.arange(int((last - first) * request.sampling.value + 1e-6) + 1) / request.sampling.value
    nearest = np.searchsorted(times, wanted - 5e-7, side="left")
    return sorted({int(i) for i in np.clip(nearest, in_range[0], in_range[-1])})


def detection_step(request: AnalysisRequest, item: MediaItem, frames: list[int]) -> int:
    """Every how many-th sampled frame is searched: as asked, but never more than a quarter of a second apart."""
    if len(frames) < 2:
        return 1
    gap_s = float(np.median(np.diff(item.index.time_s[frames])))
    return max(1, min(request.detect_every, int(0.25 / max(gap_s, 1e-6))))


class Pipeline:
    """One run over one item.

    Args:
        request: What to analyse.
        item: The opened item.
        detector: The model.
        face_detector: Finds the faces.
        limits: What a face needs to be scored.
    """

    def __init__(
        self,
        request: AnalysisRequest,
        item: MediaItem,
        detector: TorchDetector,
        face_detector: FaceDetector,
        limits: QualityLimits,
    ) -> None:
        self._request, self._item, self._detector = request, item, detector
        self._face_detector, self._limits = face_detector, limits
        self._frames = sample_frames(request, item)
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._output = PipelineOutput(sampled=len(self._frames))

    def run(self, on_progress: ProgressFn, cancel: CancelToken, on_prediction: PredictionFn) -> PipelineOutput:
        """Go through the item; stage ``"analyse"`` counts sampled frames.

        Raises:
            AppError: A stage failed.
        """
        decoded: queue.Queue[Frame | None] = queue.Queue(FRAME_QUEUE)
        found: queue.Queue[_Found | None] = queue.Queue(FACE_QUEUE)
        threads = [
            threading.Thread(target=self._guard, args=(self._decode, decoded, decoded), name="cotejo-decode"),
            threading.Thread(target=self._guard, args=(self._find, decoded, found), name="cotejo-find"),
        ]
        for thread in threads:
            thread.start()
        try:
            self._score(found, on_progress, cancel, on_prediction)
        except Cancelled:
            self._output.aborted = True
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
        if self._error is not None:
            raise self._error
        return self._output

    def _guard(
        self,
        work: Callable[..., None],
        source: "queue.Queue[Frame | None]",
        target: "queue.Queue[Frame | None] | queue.Queue[_Found | None]",
    ) -> None:
        """Run a stage; its failure reaches the caller's thread, and its end reaches the next stage."""
        try:
            work(source, target)
        except Cancelled:
            return
        except BaseException as error:  # noqa: BLE001 - raised again on the caller's thread
            self._error = self._error or error
            self._stop.set()

    def _put(self, target: "queue.Queue[object]", value: object) -> None:
        while True:
            if self._stop.is_set():
                raise Cancelled
            try:
                target.put(value, timeout=QUEUE_WAIT_S)
            except queue.Full:
                continue
            return

    def _get(self, source: "queue.Queue[object]") -> object:
        while True:
            try:
                return source.get(timeout=QUEUE_WAIT_S)
            except queue.Empty:
                if self._stop.is_set():
                    raise Cancelled from None

    def _decode(self, _source: object, target: "queue.Queue[object]") -> None:
        with FrameReader(self._item) as reader:
            for frame in self._read_frames(reader):
                self._output.decoded += 1
                self._output.corrupt += frame.is_corrupt
                self._put(target, frame)
        self._put(target, None)

    def _read_frames(self, reader: FrameReader) -> Iterator[Frame]:
        """Sampled frames in order; each one that does not decode becomes a notice."""
        for index in self._frames:
            frame = next(reader.frames(index, index + 1), None)
            if frame is None:
                self._note("undecodable_frame", "The frame is damaged and could not be decoded.", index, Stage.MEDIA)
                continue
            if frame.is_corrupt:
                self._note("corrupt_frame", "The frame is damaged; its picture may be wrong.", index, Stage.MEDIA)
            yield frame

    def _find(self, source: "queue.Queue[object]", target: "queue.Queue[object]") -> None:
        step = detection_step(self._request, self._item, self._frames)
        finder = FaceFinder(self._face_detector, step)
        while isinstance(frame := self._get(source), Frame):
            for found in finder.push(frame):
                self._put(target, self._prepare(found))
        for found in finder.flush():
            self._put(target, self._prepare(found))
        self._put(target, None)

    def _prepare(self, found: FoundFaces) -> _Found:
        card, frame = self._detector.card, found.frame
        candidates = []
        for face in found.faces:
            quality = measure_quality(frame.image, face)
            why = gate(quality, self._limits)
            crop = None if why else crop_face(frame.image, face.box_xyxy, card.crop_margin, card.input_size_px)
            candidates.append(_Candidate(frame.index, frame.pts, frame.time_s, face, quality, why, crop))
        for detection in found.dismissed:
            message = f"A face at {[round(v) for v in detection.box_xyxy]} was seen in this frame only and left out."
            self._note("unconfirmed_face", message, frame.index, Stage.FACES)
        return _Found(frame.index, tuple(candidates))

    def _score(
        self,
        source: "queue.Queue[_Found | None]",
        on_progress: ProgressFn,
        cancel: CancelToken,
        on_prediction: PredictionFn,
    ) -> None:
        """Fill batches by count alone, never by time, so that the same item always makes the same batches."""
        waiting: list[_Candidate] = []
        done, started = 0, time.monotonic()
        while True:
            cancel.check()
            found = self._get(source)  # type: ignore[arg-type]
            if isinstance(found, _Found):
                done += 1
                self._output.with_face += bool(found.candidates)
                waiting += found.candidates
            is_last = found is None
            if is_last or sum(c.crop is not None for c in waiting) >= self._request.batch_size:
                self._emit(waiting, on_prediction)
                waiting = []
            elapsed = max(time.monotonic() - started, 1e-6)
            rate = done / elapsed
            left = (len(self._frames) - done) / rate if rate > 0 else None
            on_progress(Progress("analyse", done, len(self._frames), rate, left))
            if is_last:
                return

    def _emit(self, candidates: list[_Candidate], on_prediction: PredictionFn) -> None:
        if not candidates:
            return
        model_id = self._detector.card.model_id
        crops = [c.crop for c in candidates if c.crop is not None]
        scores = iter(score_crops(self._detector, crops))
        batch = []
        for c in candidates:
            logit, p_fake, label = next(scores) if c.crop is not None else (None, None, None)
            batch.append(
                FramePrediction(
                    c.frame_index, c.pts, c.time_s, c.face.track_id, c.face.box_xyxy, c.face.score,
                    c.face.is_interpolated, c.quality, model_id, c.gate, logit, p_fake, label,
                )
            )  # fmt: skip
            if c.gate is not None:
                message = f"Person {c.face.track_id} was not scored in this frame: {c.gate.replace('_', ' ')}."
                self._note(f"gate_{c.gate}", message, c.frame_index, Stage.QUALITY)
        self._output.predictions += batch
        on_prediction(tuple(batch))

    def _note(self, code: str, message: str, frame_index: int, stage: Stage) -> None:
        self._output.notices.append(Notice(stage, code, message, frame_index))


def score_crops(detector: TorchDetector, crops: list[UInt8Array]) -> list[tuple[float, float, str]]:
    """Raw log-odds, calibrated probability of fake and class of each crop.

    Args:
        detector: The model.
        crops: (S, S, 3) uint8 RGB each.

    Raises:
        DeviceError: Memory ran out.
    """
    if not crops:
        return []
    card = detector.card
    raw = detector.predict(crops)
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
