"""Predictions as the viewer and the timeline need them: by frame and as one curve per face. No Qt."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from desktop_app.domain import FramePrediction, Sampling, SamplingMode

DoubleArray = NDArray[np.float64]

PEAK_DISTANCE_S = 0.75
SMOOTH_S = 1.0


class Cover(IntEnum):
    """What became of a sampled frame; where several share a pixel, the highest is shown."""

    NO_FACE = 1
    ANALYSED = 2
    LOW_QUALITY = 3
    EXCLUDED = 4


class Growing:
    """Numbers that are appended one by one and looked at as an array without copying."""

    def __init__(self) -> None:
        self._room = np.empty(256, dtype=np.float64)
        self._count = 0

    def append(self, value: float) -> None:
        """Put one number at the end."""
        if self._count == len(self._room):
            self._room = np.concatenate([self._room, np.empty_like(self._room)])
        self._room[self._count] = value
        self._count += 1

    def view(self) -> DoubleArray:
        """(N,) float64, all so far; later numbers do not change it."""
        return self._room[: self._count]


class Curve:
    """One face's probability through time, with NaN where there is a gap.

    Args:
        track_id: The face.
    """

    def __init__(self, track_id: int) -> None:
        self.track_id = track_id
        self._time_s, self._p_fake = Growing(), Growing()
        self._last_s: float | None = None
        self._scored = 0

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
        return self._time_s.view(), self._p_fake.view()


def with_gaps(time_s: DoubleArray, values: DoubleArray, max_step_s: float) -> tuple[DoubleArray, DoubleArray]:
    """A curve with NaN put into its pauses, as `Curve.add` does it.

    Args:
        time_s: (N,) ascending.
        values: (N,).
        max_step_s: A longer pause becomes a gap; 0 or less leaves all as it is.

    Returns:
        Times and values with a NaN in the middle of every pause.
    """
    after = np.flatnonzero(np.diff(time_s) > max_step_s) + 1 if max_step_s > 0 else np.empty(0, dtype=np.int64)
    middles = (time_s[after - 1] + time_s[after]) / 2
    return np.insert(time_s, after, middles), np.insert(values, after, np.nan)


def lone_points(time_s: DoubleArray, values: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Points between two gaps, which a line would not show."""
    padded = np.concatenate(([np.nan], values, [np.nan]))
    alone = ~np.isnan(values) & np.isnan(padded[:-2]) & np.isnan(padded[2:])
    return time_s[alone], values[alone]


def envelope(
    time_s: DoubleArray, values: DoubleArray, low_s: float, high_s: float, columns: int
) -> tuple[DoubleArray, DoubleArray]:
    """The part of a curve that a plot of so many columns can show: nothing higher or lower is lost, nor is a gap.

    Args:
        time_s: (N,) ascending.
        values: (N,) with NaN for gaps.
        low_s: Begin of the stretch of time; the points next to it are kept, so that lines reach the edge.
        high_s: Its end.
        columns: Width of the plot in pixels.

    Returns:
        At most 2 x `columns` + 4 points: the points themselves where they are few, else the lowest and highest of each
        column; a column of gaps is one.
    """
    first = max(0, int(np.searchsorted(time_s, low_s, side="left")) - 1)
    last = min(len(time_s), int(np.searchsorted(time_s, high_s, side="right")) + 1)
    time_s, values = time_s[first:last], values[first:last]
    if len(time_s) <= 2 * columns:
        return time_s, values
    edges = np.searchsorted(time_s, np.linspace(time_s[0], time_s[-1], columns + 1)[:-1], side="left")
    edges = np.unique(edges)
    lowest, highest = np.fmin.reduceat(values, edges), np.fmax.reduceat(values, edges)
    return np.repeat(time_s[edges], 2), np.column_stack([lowest, highest]).ravel()


def smoothed(time_s: DoubleArray, p_fake: DoubleArray, window_s: float = SMOOTH_S) -> DoubleArray:
    """The curve as the analysis smooths it for its stretches: a centred moving mean of the log-odds.

    The same as `analysis.aggregate.smooth`, which cannot be had without loading the networks.

    Args:
        time_s: (N,) ascending.
        p_fake: (N,) with NaN for gaps, which stay gaps and count for nothing.
        window_s: Width of the window.

    Returns:
        (N,).
    """
    is_scored = ~np.isnan(p_fake)
    result = np.full(len(p_fake), np.nan)
    times, inner = time_s[is_scored], np.clip(p_fake[is_scored], 1e-7, 1 - 1e-7)
    low = np.searchsorted(times, times - window_s / 2, side="left")
    high = np.searchsorted(times, times + window_s / 2, side="right")
    cumulative = np.concatenate([[0.0], np.cumsum(np.log(inner / (1 - inner)))])
    result[is_scored] = 1.0 / (1.0 + np.exp(-(cumulative[high] - cumulative[low]) / (high - low)))
    return result


def smoothed_on(
    time_s: DoubleArray,
    p_fake: DoubleArray,
    known: tuple[DoubleArray, DoubleArray] | None,
    known_smooth: DoubleArray | None,
) -> DoubleArray:
    """`smoothed` of a curve that has grown, without computing anew what cannot have changed.

    Args:
        time_s: (N,) ascending.
        p_fake: (N,) with NaN for gaps.
        known: Times and values of the curve before it grew, None for a new one.
        known_smooth: What was smoothed of it.

    Returns:
        (N,).
    """
    count = 0 if known is None or known_smooth is None else len(known_smooth)
    is_same = known is not None and 0 < count <= len(time_s) and float(known[0][-1]) == float(time_s[count - 1])
    if known_smooth is None or not is_same:
        return smoothed(time_s, p_fake)
    first = int(np.searchsorted(time_s, time_s[count - 1] - SMOOTH_S / 2 - 1e-6))
    begin = int(np.searchsorted(time_s, time_s[first] - SMOOTH_S / 2 - 1e-6))
    tail = smoothed(time_s[begin:], p_fake[begin:])
    return np.concatenate([known_smooth[:first], tail[first - begin :]])


def scored_step_s(sampling: Sampling, frame_step_s: float) -> float:
    """Typical time between two frames that are scored, of an item whose frames are so far apart."""
    if sampling.mode is SamplingMode.EVERY_NTH:
        return sampling.value * frame_step_s
    return max(1.0 / sampling.value, frame_step_s)


class Predictions:
    """All predictions of an analysis so far.

    Args:
        sampling: Which frames are scored.
        frame_step_s: Typical time between two frames of the item, 0.0 for an image.
    """

    def __init__(self, sampling: Sampling, frame_step_s: float) -> None:
        self.sampling = sampling
        self.step_s = scored_step_s(sampling, frame_step_s)
        self.curves: dict[int, Curve] = {}
        self._frames: list[int] = []
        self._times: list[float] = []
        self._cover_s, self._cover = Growing(), Growing()
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
                self._cover_s.append(prediction.time_s)
                self._cover.append(Cover.LOW_QUALITY)
            if prediction.p_fake is not None:
                self._cover.view()[-1] = Cover.ANALYSED
            self._by_frame[frame] = (*self._by_frame.get(frame, ()), prediction)
            curve = self.curves.setdefault(prediction.track_id, Curve(prediction.track_id))
            curve.add(prediction, 1.6 * self.step_s if self.step_s > 0 else np.inf)

    def coverage(self, sampled_s: DoubleArray, is_all: bool = False) -> NDArray[np.uint8]:
        """What became of the sampled frames so far.

        Args:
            sampled_s: (N,) their times, ascending.
            is_all: Whether nothing is to come any more.

        Returns:
            (N,) values of `Cover`; 0 where the analysis has not come yet.
        """
        found = np.zeros(len(sampled_s), dtype=np.uint8)
        if is_all:
            found[:] = Cover.NO_FACE
        if self._times:
            found[: int(np.searchsorted(sampled_s, self._times[-1], side="right"))] = Cover.NO_FACE
            places = np.searchsorted(sampled_s, self._cover_s.view() - 1e-6)
            inside = places < len(sampled_s)
            found[places[inside]] = self._cover.view()[inside]
        return found

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


def signed_timecode(time_s: float) -> str:
    """A difference of times to the nearest millisecond.

    >>> signed_timecode(-0.9196)
    '-0:00.920'
    """
    return f"{'-' if time_s < 0 else '+'}{timecode(abs(time_s) + 5e-4)}"


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
