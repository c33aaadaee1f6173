"""Predictions as the viewer and the timeline need them: by frame and as one curve per face. No Qt."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from desktop_app.domain import FramePrediction, Sampling, SamplingMode

DoubleArray = NDArray[np.float64]

PEAK_DISTANCE_S = 0.75


@dataclass(slots=True)
class Curve:
    """One face's probability through time, with NaN where there is a gap.

    Args:
        track_id: The face.
    """

    track_id: int
    _time_s: list[float] = field(default_factory=list)
    _p_fake: list[float] = field(default_factory=list)
    _last_s: float | None = None
    _scored: int = 0

    def add(self, prediction: FramePrediction, max_step_s: float) -> None:
        """Append the next prediction; a pause longer than `max_step_s` becomes a gap."""
        if self._last_s is not None and prediction.time_s - self._last_s > max_step_s:
            self._time_s.append((self._last_s + prediction.time_s) / 2)
            self._p_fake.append(np.nan)
        self._last_s = prediction.time_s
        self._scored += prediction.p_fake is not None
        self._time_s.append(prediction.time_s)
        self._p_fake.append(np.nan if prediction.p_fake is None else prediction.p_fake)

    @property
    def scored(self) -> int:
        """Number of scored frames so far."""
        return self._scored

    def arrays(self) -> tuple[DoubleArray, DoubleArray]:
        """Times in seconds and probabilities, (N,) each."""
        return np.array(self._time_s, dtype=np.float64), np.array(self._p_fake, dtype=np.float64)

    def lone_points(self) -> tuple[DoubleArray, DoubleArray]:
        """Scored points between two gaps, which a line would not show."""
        time_s, p_fake = self.arrays()
        padded = np.concatenate(([np.nan], p_fake, [np.nan]))
        alone = ~np.isnan(p_fake) & np.isnan(padded[:-2]) & np.isnan(padded[2:])
        return time_s[alone], p_fake[alone]


class Predictions:
    """All predictions of an analysis so far.

    Args:
        sampling: Which frames are scored.
        frame_step_s: Typical time between two frames of the item, 0.0 for an image.
    """

    def __init__(self, sampling: Sampling, frame_step_s: float) -> None:
        if sampling.mode is SamplingMode.EVERY_NTH:
            self.step_s = sampling.value * frame_step_s
        else:
            self.step_s = max(1.0 / sampling.value, frame_step_s)
        self.curves: dict[int, Curve] = {}
        self._frames: list[int] = []
        self._times: list[float] = []
        self._by_frame: dict[int, tuple[FramePrediction, ...]] = {}
        self._has_scores = False

    def __len__(self) -> int:
        return len(self._frames)

    def add(self, batch: Iterable[FramePrediction]) -> None:
        """Append predictions in order of frame."""
        for prediction in batch:
            frame = prediction.frame_index
            self._has_scores = self._has_scores or prediction.p_fake is not None
            if frame not in self._by_frame:
                self._frames.append(frame)
                self._times.append(prediction.time_s)
            self._by_frame[frame] = (*self._by_frame.get(frame, ()), prediction)
            curve = self.curves.setdefault(prediction.track_id, Curve(prediction.track_id))
            curve.add(prediction, 1.6 * self.step_s if self.step_s > 0 else np.inf)

    @property
    def has_scores(self) -> bool:
        """Whether any face was scored so far."""
        return self._has_scores

    def near(self, frame: int, time_s: float) -> tuple[FramePrediction, ...]:
        """Predictions to show at a frame: its own, else the nearest sample's within half a sampling step."""
        own = self._by_frame.get(frame)
        if own is not None:
            return own
        place = bisect_left(self._times, time_s)
        candidates = [i for i in (place - 1, place) if 0 <= i < len(self._times)]
        if not candidates:
            return ()
        nearest = min(candidates, key=lambda i: abs(self._times[i] - time_s))
        if abs(self._times[nearest] - time_s) > self.step_s / 2 + 1e-6:
            return ()
        return self._by_frame[self._frames[nearest]]


def suspicious(predictions: Sequence[FramePrediction], count: int, judged: Set[int]) -> list[FramePrediction]:
    """The highest scores, apart in time, highest first.

    Args:
        predictions: In any order.
        count: At most so many.
        judged: Faces with enough frames for a verdict; they go before all others.
    """
    chosen: list[FramePrediction] = []
    scored = [p for p in predictions if p.p_fake is not None]
    scored.sort(key=lambda p: (p.track_id not in judged, -(p.p_fake or 0.0), p.frame_index))
    for prediction in scored:
        if all(abs(prediction.time_s - other.time_s) >= PEAK_DISTANCE_S for other in chosen):
            chosen.append(prediction)
            if len(chosen) == count:
                break
    return chosen


def timecode(time_s: float) -> str:
    """Hours, minutes, seconds and milliseconds.

    >>> timecode(3725.0405)
    '1:02:05.040'
    >>> timecode(5.5)
    '0:05.500'
    """
    total_ms = max(0, int(time_s * 1000 + 1e-6))
    minutes, ms = divmod(total_ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{ms // 1000:02d}.{ms % 1000:03d}"
