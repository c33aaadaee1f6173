"""A track's scores summed up over equal stretches of time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from desktop_app.domain import FramePrediction, Thresholds
from desktop_app.reports.charts import Float64Array

# steps that a reader can follow on a clock
STEPS_S = (0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class Interval:
    """One stretch of a track.

    Args:
        start_s: Its start.
        end_s: Its end.
        seen: Frames in which the face was seen.
        scored: Those of them that were scored.
        mean: Mean of the scores in the log-odds, None where nothing was scored.
        low: Lowest score, None likewise.
        high: Highest score, None likewise.
        above: Scored frames above the inconclusive band.
        below: Scored frames below it.
    """

    start_s: float
    end_s: float
    seen: int
    scored: int
    mean: float | None
    low: float | None
    high: float | None
    above: int
    below: int


def sum_intervals(predictions: Sequence[FramePrediction], limits: Thresholds, most: int) -> tuple[Interval, ...]:
    """Equal stretches of a round length from a multiple of it; stretches without the face are left out.

    Args:
        predictions: Of one track, in order of time.
        limits: Of the card.
        most: Greatest number of stretches.
    """
    if not predictions:
        return ()
    times = np.array([p.time_s for p in predictions], dtype=np.float64)
    scores = np.array([math.nan if p.p_fake is None else p.p_fake for p in predictions], dtype=np.float64)
    span_s = float(times[-1] - times[0])
    step = next((s for s in STEPS_S if span_s / s <= most - 1), None) or STEPS_S[-1] * math.ceil(span_s / STEPS_S[-1])
    cells = np.floor(times / step + 1e-9).astype(np.int64)
    return tuple(_sum_up(cell * step, step, scores[cells == cell], limits) for cell in np.unique(cells).tolist())


def _sum_up(start_s: float, step_s: float, scores: Float64Array, limits: Thresholds) -> Interval:
    known = scores[~np.isnan(scores)]
    mean = low = high = None
    if len(known):
        odds = np.clip(known, _SMALLEST, 1.0 - _SMALLEST)
        mean = 1.0 / (1.0 + math.exp(-float(np.mean(np.log(odds / (1.0 - odds))))))
        low, high = float(known.min()), float(known.max())
    above, below = int((known > limits.inconclusive_high).sum()), int((known < limits.inconclusive_low).sum())
    return Interval(start_s, start_s + step_s, len(scores), len(known), mean, low, high, above, below)
