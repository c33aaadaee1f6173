"""Curves prepared for drawing: where they break, and how they are thinned without losing an extreme."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_app.domain import FramePrediction

Float64Array = NDArray[np.float64]
Point = tuple[float, float]

GAP_STEPS = 2.5
_TICK_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A stretch of a curve without a gap.

    Args:
        time_s: (N,) float64 ascending seconds.
        low, mean, high: (N,) float64 in [0, 1]; equal where a point stands for one value.
    """

    time_s: Float64Array
    low: Float64Array
    mean: Float64Array
    high: Float64Array


@dataclass(frozen=True, slots=True)
class Curve:
    """One track's curve.

    Args:
        runs: Stretches with scores; between them there is no usable face.
        gated: Start and end in seconds of the stretches in which the face was seen and not scored.
    """

    runs: tuple[Run, ...]
    gated: tuple[tuple[float, float], ...]


def typical_step_s(predictions: Sequence[FramePrediction]) -> float:
    """Median time between neighbouring frames with any face, 0.0 where there are fewer than two."""
    times = np.unique(np.array([p.time_s for p in predictions], dtype=np.float64))
    return float(np.median(np.diff(times))) if len(times) > 1 else 0.0


def make_curve(predictions: Sequence[FramePrediction], step_s: float) -> Curve:
    """Break one track's predictions into runs.

    A run ends where a face was not scored and where more than 2.5 typical steps pass without a prediction.

    Args:
        predictions: Of one track, in order of time.
        step_s: Typical time between sampled frames, from `typical_step_s`.
    """
    limit_s = GAP_STEPS * step_s if step_s > 0 else math.inf
    groups: list[list[FramePrediction]] = []
    for p in predictions:
        last = groups[-1][-1] if groups else None
        if last is None or (last.p_fake is None) != (p.p_fake is None) or p.time_s - last.time_s > limit_s:
            groups.append([])
        groups[-1].append(p)
    runs, gated = [], []
    for group in groups:
        if group[0].p_fake is None:
            gated.append((group[0].time_s, group[-1].time_s + step_s))
        else:
            values = np.array([p.p_fake for p in group], dtype=np.float64)
            runs.append(Run(np.array([p.time_s for p in group], dtype=np.float64), values, values, values))
    return Curve(tuple(runs), tuple(gated))


def thin(run: Run, start_s: float, end_s: float, columns: int) -> Run:
    """One point per column of pixels, keeping the lowest and highest value of each.

    A run with no more points than two per column stays as it is.

    Args:
        run: A stretch of a curve.
        start_s: Start of the time axis.
        end_s: End of the time axis.
        columns: Number of columns that the time axis is wide.

    Raises:
        ValueError: The axis is empty or has no columns.
    """
    if columns < 1 or end_s <= start_s:
        raise ValueError(f"axis: expected columns >= 1 and end > start, got {columns}, {start_s}, {end_s}")
    column = np.floor((run.time_s - start_s) / (end_s - start_s) * columns).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    if len(run.time_s) <= 2 * len(starts):
        return run
    counts = np.diff(starts, append=len(column))
    return Run(
        time_s=np.add.reduceat(run.time_s, starts) / counts,
        low=np.minimum.reduceat(run.low, starts),
        mean=np.add.reduceat(run.mean, starts) / counts,
        high=np.maximum.reduceat(run.high, starts),
    )


def areas_beyond(points: Sequence[Point], level: float, is_above: bool) -> list[list[Point]]:
    """Closed shapes between a curve and a level, on one side of it, with exact crossings.

    Args:
        points: Of the curve, from left to right.
        level: Height of the level.
        is_above: Whether the shapes above the level are wanted, else those below.

    >>> areas_beyond([(0.0, 0.0), (1.0, 1.0)], 0.5, True)
    [[(0.5, 0.5), (1.0, 1.0), (1.0, 0.5)]]
    """
    shapes: list[list[Point]] = []
    is_open = False
    for index, (x, y) in enumerate(points):
        is_beyond = y > level if is_above else y < level
        if is_beyond != is_open:
            x0, y0 = points[index - 1] if index else (x, level)
            edge = x if y == y0 else x0 + (level - y0) / (y - y0) * (x - x0)
            if is_beyond:
                shapes.append([])
            shapes[-1].append((edge, level))
            is_open = is_beyond
        if is_beyond:
            shapes[-1].append((x, y))
    if is_open:
        shapes[-1].append((points[-1][0], level))
    return shapes


def time_ticks(start_s: float, end_s: float, most: int) -> list[float]:
    """Round times within an axis, at most `most` of them (but at least one).

    >>> time_ticks(0.0, 8.0, 5)
    [0.0, 2.0, 4.0, 6.0, 8.0]
    """
    step = next((s for s in _TICK_STEPS_S if (end_s - start_s) / s <= most), None)
    if step is None:
        step = 14400.0 * math.ceil((end_s - start_s) / 14400.0 / most)
    first = math.ceil(start_s / step - 1e-9)
    last = math.floor(end_s / step + 1e-9)
    return [float(n * step) for n in range(first, last + 1)] or [start_s]


def clock(time_s: float, decimals: int = 0) -> str:
    """A time as m:ss or h:mm:ss.

    >>> clock(61.25, 3), clock(3661)
    ('1:01.250', '1:01:01')
    """
    units = round(time_s * 10**decimals)
    whole, part = divmod(units, 10**decimals)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    tail = f".{part:0{decimals}d}" if decimals else ""
    return f"{hours}:{minutes:02d}:{seconds:02d}{tail}" if hours else f"{minutes}:{seconds:02d}{tail}"


def frame_ranges(frames: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of neighbouring numbers.

    >>> frame_ranges([3, 4, 5, 9])
    [(3, 5), (9, 9)]
    """
    ranges: list[tuple[int, int]] = []
    for frame in sorted(set(frames)):
        if ranges and frame == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], frame)
        else:
            ranges.append((frame, frame))
    return ranges
