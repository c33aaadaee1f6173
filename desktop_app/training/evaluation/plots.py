"""The plots of an evaluation."""

from collections.abc import Sequence

import numpy as np

from desktop_app.domain import Thresholds
from desktop_app.training.evaluation.canvas import SERIES, Canvas, Point
from desktop_app.training.evaluation.figures import Points
from desktop_app.training.metrics import ReliabilityBin, roc_points

WIDTH, HEIGHT = 460.0, 380.0
_LEFT, _TOP, _RIGHT, _BOTTOM = 46.0, 34.0, 14.0, 46.0
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
HISTOGRAM_BINS = 25


def _place(x: float, y: float) -> Point:
    """Pixels of a point of the unit square."""
    return _LEFT + x * (WIDTH - _LEFT - _RIGHT), HEIGHT - _BOTTOM - y * (HEIGHT - _TOP - _BOTTOM)


def _unit_axes(canvas: Canvas, x_label: str, y_label: str) -> None:
    for tick in _TICKS:
        canvas.line([_place(tick, 0), _place(tick, 1)], "grid")
        canvas.line([_place(0, tick), _place(1, tick)], "grid")
        x, y = _place(tick, 0)
        canvas.text(x, y + 14, f"{tick:g}", anchor="middle", size=11)
        canvas.text(_LEFT - 8, _place(0, tick)[1], f"{tick:g}", anchor="end", size=11)
    canvas.text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 12, x_label, anchor="middle")
    canvas.text(8, 14, y_label)


def roc_plot(curves: Sequence[tuple[str, Points]]) -> Canvas:
    """ROC curves, the first one heavier.

    Args:
        curves: Name and samples of both classes of each, `len(SERIES)` at most.
    """
    canvas = Canvas(WIDTH, HEIGHT, "ROC curves: " + "; ".join(name for name, _ in curves))
    _unit_axes(canvas, "genuine that are flagged (FPR)", "manipulated that are found (TPR)")
    canvas.line([_place(0, 0), _place(1, 1)], "muted", is_dashed=True)
    drawn = list(zip(curves, SERIES, strict=False))
    for place, ((_, points), role) in reversed(list(enumerate(drawn))):
        path = [_place(x, y) for x, y in roc_points(points.labels, points.p_fake)]
        canvas.line(path, role, 1.6 if place else 2.6)
    for place, ((name, _), role) in enumerate(drawn):
        x, y = _place(0.40, 0.04 + 0.062 * (len(drawn) - 1 - place))
        canvas.line([(x, y), (x + 18, y)], role, 2.6 if place == 0 else 1.6)
        canvas.text(x + 25, y, name, "ink", size=11)
    return canvas


def reliability_plot(bins: Sequence[ReliabilityBin]) -> Canvas:
    """How often items of a probability were manipulated; the area of a dot is the share of samples in its bin."""
    canvas = Canvas(WIDTH, HEIGHT, "Reliability: measured share of manipulated items over the probability of fake")
    _unit_axes(canvas, "probability of fake, mean of a bin", "share manipulated, classes equally heavy")
    canvas.line([_place(0, 0), _place(1, 1)], "muted", is_dashed=True)
    for b in bins:
        canvas.line([_place(b.p_fake, b.p_fake), _place(b.p_fake, b.share_fake)], "fake", 1.2)
    canvas.line([_place(b.p_fake, b.share_fake) for b in bins], "genuine", 1.4)
    for b in bins:
        canvas.dot(*_place(b.p_fake, b.share_fake), 2.5 + 14 * b.weight**0.5, "genuine")
    return canvas


def histogram_plot(points: Points, limits: Thresholds, threshold: float) -> Canvas:
    """Distribution of the probability of each class, genuine upwards and manipulated downwards, with the bands."""
    canvas = Canvas(WIDTH, HEIGHT, "Distribution of the probability of fake of genuine and manipulated items")
    edges = np.linspace(0.0, 1.0, HISTOGRAM_BINS + 1)
    counts = [np.histogram(points.p_fake[points.labels == label], edges)[0] for label in (0, 1)]
    shares = [c / max(1, c.sum()) for c in counts]
    top = max(float(max(s.max() for s in shares)), 1e-9)
    for tick in _TICKS:
        x, y = _place(tick, 0)
        canvas.text(x, y + 14, f"{tick:g}", anchor="middle", size=11)
    for share, role, sign in ((shares[0], "genuine", 1.0), (shares[1], "fake", -1.0)):
        corners = [_place(0, 0.5)]
        for i, value in enumerate(share):
            height = 0.5 + sign * 0.46 * float(value) / top
            corners += [_place(float(edges[i]), height), _place(float(edges[i + 1]), height)]
        canvas.area([*corners, _place(1, 0.5)], role, 0.75)
    canvas.line([_place(0, 0.5), _place(1, 0.5)], "ink")
    for limit in (limits.strong_genuine, limits.inconclusive_low, limits.inconclusive_high, limits.strong_fake):
        canvas.line([_place(limit, 0), _place(limit, 1)], "muted", 1.0, is_dashed=True)
    canvas.line([_place(threshold, 0), _place(threshold, 1)], "ink", 1.6)
    canvas.text(_LEFT, 14, f"genuine ({counts[0].sum()}), upwards", "genuine")
    canvas.text(WIDTH - _RIGHT, 14, f"manipulated ({counts[1].sum()}), downwards", "fake", "end")
    middle = (_LEFT + WIDTH - _RIGHT) / 2
    canvas.text(middle, HEIGHT - 12, "probability of fake; dashed: limits of the bands", anchor="middle")
    return canvas


def confusion_plot(matrix: Sequence[Sequence[int]], names: Sequence[str]) -> Canvas:
    """Counts and shares of each true class (rows) by what it was called (columns)."""
    size, left, top = 122.0 if len(names) < 3 else 96.0 if len(names) < 5 else 74.0, 118.0, 56.0
    canvas = Canvas(left + size * len(names) + 14, top + size * len(names) + 14, "Confusion matrix")
    canvas.text(left, 14, "called")
    for column, name in enumerate(names):
        canvas.text(left + size * (column + 0.5), 38, _short(name), "ink", "middle", 11)
    for row, counts in enumerate(matrix):
        total, y = max(1, sum(counts)), top + size * row
        canvas.text(left - 10, y + size / 2, _short(names[row]), "ink", "end", 11)
        for column, count in enumerate(counts):
            x, share = left + size * column, count / total
            canvas.box(x + 1, y + 1, size - 2, size - 2, "grid", 0.5)
            canvas.box(x + 1, y + 1, size - 2, size - 2, "genuine" if row == column else "fake", 0.55 * share)
            canvas.text(x + size / 2, y + size / 2 - 9, str(count), "ink", "middle", 16)
            canvas.text(x + size / 2, y + size / 2 + 12, f"{share:.0%}".replace("%", " %"), "ink", "middle", 11)
    return canvas


def _short(name: str) -> str:
    return name if len(name) <= 15 else name[:14] + "…"


def interval_plot(low: float | None, value: float | None, high: float | None) -> Canvas:
    """A value with its interval on a line from 0 to 1, for a row of a table."""
    width, height = 132.0, 18.0
    title = "not measured" if value is None else f"{value:.3f}"
    canvas = Canvas(width, height, title)

    def at(share: float) -> float:
        return 4 + share * (width - 8)

    canvas.line([(at(0), height / 2), (at(1), height / 2)], "grid")
    for tick in (0.0, 0.5, 1.0):
        canvas.line([(at(tick), 4), (at(tick), height - 4)], "grid")
    if low is not None and high is not None:
        canvas.line([(at(low), height / 2), (at(high), height / 2)], "genuine", 3)
    if value is not None:
        canvas.dot(at(value), height / 2, 4, "genuine")
    return canvas
