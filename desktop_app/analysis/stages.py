"""What passes between the stages of a run, and the bounded queues it passes through."""

import queue
import threading
from dataclasses import dataclass

from desktop_app.domain import FaceDetection, FaceQuality, FramePrediction, TrackedFace, UInt8Array
from desktop_app.progress import CancelToken

QUEUE_WAIT_S = 0.05


class StoppedError(Exception):
    """The run ends early, because of another stage."""


class Channel:
    """A bounded queue between two stages, which nobody waits at any more once the run has stopped.

    Args:
        size: Values that wait at most.
        stop: Set when the run ends early.
    """

    def __init__(self, size: int, stop: threading.Event) -> None:
        self._queue: queue.Queue[object] = queue.Queue(size)
        self._stop = stop

    def put(self, value: object) -> None:
        """Hand a value over, as soon as there is room.

        Raises:
            StoppedError: The run ended.
        """
        while not self._stop.is_set():
            try:
                self._queue.put(value, timeout=QUEUE_WAIT_S)
            except queue.Full:
                continue
            return
        raise StoppedError

    def get(self, cancel: CancelToken | None = None) -> object:
        """The next value, as soon as there is one.

        Raises:
            StoppedError: The run ended.
            Cancelled: The token was cancelled.
        """
        while not self._stop.is_set():
            if cancel is not None:
                cancel.check()
            try:
                return self._queue.get(timeout=QUEUE_WAIT_S)
            except queue.Empty:
                continue
        raise StoppedError


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A face on its way to the score."""

    face: TrackedFace
    quality: FaceQuality
    gate: str | None
    crop: UInt8Array | None


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A finished frame on its way to the score, or one whose rows are known; its picture is let go."""

    frame_index: int
    pts: int | None
    time_s: float
    is_corrupt: bool
    candidates: tuple[Candidate, ...]
    dismissed: tuple[FaceDetection, ...]
    known: tuple[FramePrediction, ...] | None = None

    @property
    def gates(self) -> list[tuple[int, str | None]]:
        """Track and gate of each face."""
        if self.known is not None:
            return [(p.track_id, p.gate) for p in self.known]
        return [(c.face.track_id, c.gate) for c in self.candidates]


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A sampled frame that does not decode."""

    frame_index: int


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What a batch adds to a run.

    Args:
        predictions: All faces of its frames, in order of frame, then track; none where there is no face.
        through_frame: Its last frame.
        frames_done: Sampled frames up to and including that one.
        decoded, corrupt, with_face: Counts of frames so far, as in `PipelineOutput`.
    """

    predictions: tuple[FramePrediction, ...]
    through_frame: int
    frames_done: int
    decoded: int
    corrupt: int
    with_face: int


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """Whole batches of an earlier, broken-off run with the same item, model and settings.

    Args:
        predictions: Their rows.
        through_frame: Last frame of the last one.
    """

    predictions: tuple[FramePrediction, ...]
    through_frame: int
