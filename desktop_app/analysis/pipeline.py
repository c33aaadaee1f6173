"""Decode, find and score: three stages that overlap, joined by bounded queues."""

import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from desktop_app.analysis.notices import NoticeLog
from desktop_app.analysis.sampling import detection_step, sample_frames
from desktop_app.analysis.stages import Batch, Candidate, Channel, Done, Found, StoppedError, Undecodable
from desktop_app.detectors import Detector, calibrate, class_probabilities, fake_logits, share_cores
from desktop_app.domain import (
    AnalysisRequest,
    FloatArray,
    Frame,
    FramePrediction,
    ModelCard,
    Notice,
    Stage,
    UInt8Array,
)
from desktop_app.errors import CaseError, ModelError
from desktop_app.faces import (
    FaceDetector,
    FaceFinder,
    FoundFaces,
    QualityLimits,
    crop_for,
    gate,
    measure_quality,
)
from desktop_app.media import FrameReader, MediaItem
from desktop_app.progress import Cancelled, CancelToken, Progress, ProgressFn

FRAME_QUEUE = 8
FACE_QUEUE = 32
MAX_PENDING = 64
"""Frames that wait for a full batch at most; the curve goes on where faces are few."""
MIN_REPORT_S = 0.05
NETWORK_STAGES = 2

SAME_BOX_PX = 0.5
"""So far apart may the corners of a face be that is searched twice: graphics cards round differently each time."""

PredictionFn = Callable[[tuple[FramePrediction, ...]], None]
BatchFn = Callable[[Batch], None]


@dataclass(slots=True)
class PipelineOutput:
    """What a run gathers; complete up to the last batch also when it was cancelled.

    Args:
        predictions: In order of frame, then track.
        notices: What was skipped or estimated.
        sampled: Frames asked for.
        decoded, corrupt, with_face: Counts of frames that went through all stages.
        reached: The last of those, -1 when there is none.
        aborted: Whether it was cancelled.
    """

    predictions: list[FramePrediction] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    sampled: int = 0
    decoded: int = 0
    corrupt: int = 0
    with_face: int = 0
    reached: int = -1
    aborted: bool = False


class Pipeline:
    """One run over one item.

    Args:
        request: What to analyse.
        item: The opened item.
        detector: The model.
        face_detector: Finds the faces.
        limits: What a face needs to be scored.
        done: What an earlier run has scored; its frames are searched again, for the tracks, and not scored again.

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
        done: Done | None = None,
    ) -> None:
        self._request, self._item, self._detector = request, item, detector
        self._face_detector, self._limits = face_detector, limits
        self._frames = sample_frames(request, item)
        self._stop = threading.Event()
        self._decoded = Channel(FRAME_QUEUE, self._stop)
        self._found = Channel(FACE_QUEUE, self._stop)
        self._error: BaseException | None = None
        self._output = PipelineOutput(sampled=len(self._frames))
        self._log = NoticeLog()
        self._undecodable: list[int] = []
        self._through = done.through_frame if done else -1
        self._known = {i: tuple(rows) for i, rows in groupby(done.predictions if done else (), lambda p: p.frame_index)}
        self._reported_s = 0.0

    def run(
        self,
        on_progress: ProgressFn,
        cancel: CancelToken,
        on_prediction: PredictionFn,
        on_batch: BatchFn | None = None,
    ) -> PipelineOutput:
        """Go through the item, once. Scores on the calling thread, which is where the callbacks are called.

        Args:
            on_progress: Stage ``"analyse"`` in sampled frames, at most 20 times a second.
            cancel: Takes effect within one batch; the output then says so.
            on_prediction: Called per batch, in order of frames.
            on_batch: The same, and before it, also for batches without a face.

        Raises:
            AppError: A stage failed, or other faces are found than the earlier run found.
        """
        threads = [
            threading.Thread(target=self._guard, args=(self._decode,), name="cotejo-decode"),
            threading.Thread(target=self._guard, args=(self._find,), name="cotejo-find"),
        ]
        try:
            for thread in threads:
                thread.start()
            self._score(on_progress, cancel, on_prediction, on_batch)
        except Cancelled:
            self._output.aborted = True
        except StoppedError:
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
        except StoppedError:
            return
        except BaseException as error:  # noqa: BLE001 - raised again on the caller's thread
            self._error = self._error or error
            self._stop.set()

    def _decode(self) -> None:
        """Sampled frames in order, up to None."""
        with FrameReader(self._item) as reader:
            for index in self._frames:
                frame = next(reader.frames(index, index + 1), None)
                self._decoded.put(Undecodable(index) if frame is None else frame)
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

    def _prepare(self, found: FoundFaces) -> Found:
        card, frame = self._detector.card, found.frame
        if frame.index <= self._through:
            known = self._known_rows(found)
            return Found(frame.index, frame.pts, frame.time_s, frame.is_corrupt, (), found.dismissed, known)
        candidates = []
        for face in found.faces:
            quality = measure_quality(frame.image, face)
            why = gate(quality, self._limits)
            crop = None if why else crop_for(card, frame.image, face.box_xyxy)
            candidates.append(Candidate(face, quality, why, crop))
        return Found(frame.index, frame.pts, frame.time_s, frame.is_corrupt, tuple(candidates), found.dismissed)

    def _known_rows(self, found: FoundFaces) -> tuple[FramePrediction, ...]:
        """Rows of a frame of the earlier run, provided that they speak of the faces that are found now."""
        rows = self._known.get(found.frame.index, ())
        now = [(face.track_id, *face.box_xyxy) for face in found.faces]
        then = [(row.track_id, *row.box_xyxy) for row in rows]
        if len(now) != len(then) or not np.allclose(now, then, rtol=0.0, atol=SAME_BOX_PX):
            raise CaseError(
                "The faces that are found now are others than those of the analysis so far.", "Start a new analysis."
            )
        return rows

    def _score(
        self, on_progress: ProgressFn, cancel: CancelToken, on_prediction: PredictionFn, on_batch: BatchFn | None
    ) -> None:
        """Fill batches by count alone, never by time, so that the same item always makes the same batches."""
        share_cores(NETWORK_STAGES)
        pending: list[Found] = []
        crops, started = 0, time.monotonic()
        while True:
            cancel.check()
            got = self._found.get(cancel)
            if isinstance(got, Undecodable):
                self._undecodable.append(got.frame_index)
                continue
            if isinstance(got, Found):
                done = self._position(got.frame_index) + 1
                if got.known is not None:
                    self._take_up([got], got.known)
                else:
                    pending.append(got)
                    crops += sum(c.crop is not None for c in got.candidates)
            else:
                done = len(self._frames)
            if got is None or crops >= self._request.batch_size or len(pending) >= MAX_PENDING:
                self._emit(pending, on_prediction, on_batch)
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

    def _emit(self, pending: list[Found], on_prediction: PredictionFn, on_batch: BatchFn | None) -> None:
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
        self._take_up(pending, batch)
        if on_batch is not None:
            out = self._output
            frames_done = self._position(out.reached) + 1
            on_batch(Batch(tuple(batch), out.reached, frames_done, out.decoded, out.corrupt, out.with_face))
        if batch:
            on_prediction(tuple(batch))

    def _take_up(self, frames: Sequence[Found], rows: Iterable[FramePrediction]) -> None:
        for found in frames:
            self._count(found)
        self._output.predictions += rows
        self._output.reached = frames[-1].frame_index
        self._note_undecodable(self._position(self._output.reached))

    def _scores(self, crops: list[UInt8Array]) -> list[tuple[float, float, str]]:
        # a crowd in the last frame of a batch must not make it much larger than memory was asked for
        size = 2 * self._request.batch_size
        return [s for i in range(0, len(crops), size) for s in score_crops(self._detector, crops[i : i + size])]

    def _count(self, found: Found) -> None:
        """Take a frame up into the counts and notices."""
        self._output.decoded += 1
        self._output.corrupt += found.is_corrupt
        self._output.with_face += bool(found.gates)
        index, position = found.frame_index, self._position(found.frame_index)
        if found.is_corrupt:
            self._log.add(Stage.MEDIA, "corrupt_frame", index, position)
        if not found.gates:
            self._log.add(Stage.FACES, "no_face", index, position)
        for detection in found.dismissed:
            box = str([round(v) for v in detection.box_xyxy])
            self._log.add(Stage.FACES, "unconfirmed_face", index, position, box)
        for track_id, why in found.gates:
            if why is not None:
                self._log.add(Stage.QUALITY, f"gate_{why}", index, position, str(track_id), track_id)

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
