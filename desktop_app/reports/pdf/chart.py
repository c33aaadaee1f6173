"""A track's curve over time as a vector drawing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from desktop_app.domain import FramePrediction, Segment, Thresholds
from desktop_app.reports.charts import Curve, Run, areas_beyond, make_curve, thin, time_ticks
from desktop_app.reports.pdf.style import (
    BOLD,
    FAKE,
    FAKE_FILL,
    GENUINE,
    GENUINE_FILL,
    INK,
    MUTED,
    REGULAR,
    RULE,
    UNSURE_TINT,
)
from desktop_app.reports.pdf.tags import Figure

POINTS_PER_COLUMN = 1.1
_HATCH_PT = 3.0
SPREAD = "#a9afb7"


@dataclass(frozen=True, slots=True)
class ChartTexts:
    """Words at the axis.

    Args:
        fake: What its upper end means.
        genuine: What its lower end means.
        decision: The decision threshold.
        clock: A time with so many decimals, in the language.
    """

    fake: str
    genuine: str
    decision: str
    clock: Callable[[float, int], str]


class CurveChart(Figure):
    """Calibrated score of one track over the item's time.

    Args:
        predictions: Of one track, in order of time.
        segments: Its stretches above the inconclusive zone.
        thresholds: Of the card.
        span_s: Time axis, start before end.
        step_s: Typical time between examined frames.
        size: Width and height in points.
        texts: Words at the axis; None draws no axes, for an overview.
        alt: The curve in words.
    """

    def __init__(
        self,
        predictions: Sequence[FramePrediction],
        segments: Sequence[Segment],
        thresholds: Thresholds,
        span_s: tuple[float, float],
        step_s: float,
        size: tuple[float, float],
        texts: ChartTexts | None,
        alt: str = "",
    ) -> None:
        super().__init__()
        self.alt = alt
        self.width, self.height = size
        self._thresholds, self._span_s, self._texts, self._segments = thresholds, span_s, texts, segments
        self._left, self._right = (24.0, 56.0) if texts else (0.0, 0.0)
        self._bottom, self._top = (15.0, 5.0) if texts else (1.0, 3.0)
        columns = max(1, int((self.width - self._left - self._right) / POINTS_PER_COLUMN))
        curve = make_curve(predictions, step_s)
        self._curve = Curve(tuple(thin(run, *span_s, columns) for run in curve.runs), curve.gated)

    @property
    def is_thinned(self) -> bool:
        """Whether a point of the curve may stand for several frames."""
        return any(run.low is not run.high for run in self._curve.runs)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def paint(self) -> None:
        """Draw upwards from the lower left corner."""
        canvas: Canvas = self.canv
        x1, x2, y1 = self._left, self.width - self._right, self._bottom
        limits = self._thresholds
        canvas.saveState()
        canvas.setFillColor(UNSURE_TINT)
        band_low, band_high = self._y(limits.inconclusive_low), self._y(limits.inconclusive_high)
        canvas.rect(x1, band_low, x2 - x1, band_high - band_low, stroke=0, fill=1)
        for start_s, end_s in self._curve.gated:
            self._hatch(self._x(start_s), self._x(min(end_s, self._span_s[1])))
        # within the inconclusive band there is no colour, whatever the threshold
        self._shade(band_high, True, FAKE_FILL)
        self._shade(band_low, False, GENUINE_FILL)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        canvas.line(x1, y1, x2, y1)
        canvas.setStrokeColor(MUTED)
        canvas.setDash(3, 2)
        canvas.line(x1, self._y(limits.decision), x2, self._y(limits.decision))
        canvas.setDash()
        self._lines()
        self._brackets()
        if self._texts:
            self._axes(self._texts)
        canvas.restoreState()

    def _x(self, time_s: float) -> float:
        start_s, end_s = self._span_s
        share = (time_s - start_s) / (end_s - start_s)
        return self._left + share * (self.width - self._left - self._right)

    def _y(self, value: float) -> float:
        return self._bottom + value * (self.height - self._bottom - self._top)

    def _points(self, run: Run) -> list[tuple[float, float]]:
        return [(self._x(t), self._y(v)) for t, v in zip(run.time_s.tolist(), run.mean.tolist(), strict=True)]

    def _shade(self, level: float, is_above: bool, colour: str) -> None:
        canvas = self.canv
        canvas.setFillColor(colour)
        for run in self._curve.runs:
            for shape in areas_beyond(self._points(run), level, is_above):
                area = canvas.beginPath()
                area.moveTo(*shape[0])
                for x, y in shape[1:]:
                    area.lineTo(x, y)
                area.close()
                canvas.drawPath(area, stroke=0, fill=1)

    def _lines(self) -> None:
        canvas = self.canv
        canvas.setLineJoin(1)
        for run in self._curve.runs:
            points = self._points(run)
            if len(points) == 1:
                canvas.setFillColor(INK)
                canvas.circle(*points[0], 1.1, stroke=0, fill=1)
                continue
            canvas.setStrokeColor(SPREAD)
            canvas.setLineWidth(0.9)
            if run.low is not run.high:
                spread = zip(points, run.low.tolist(), run.high.tolist(), strict=True)
                canvas.lines([(x, self._y(low), x, self._y(high)) for (x, _), low, high in spread])
            path = canvas.beginPath()
            path.moveTo(*points[0])
            for x, y in points[1:]:
                path.lineTo(x, y)
            canvas.setStrokeColor(INK)
            canvas.setLineWidth(0.8)
            canvas.drawPath(path, stroke=1, fill=0)

    def _hatch(self, start: float, end: float) -> None:
        canvas = self.canv
        low, high = self._y(0), self._y(1)
        end = max(end, start + 1.0)
        canvas.saveState()
        clip = canvas.beginPath()
        clip.rect(start, low, end - start, high - low)
        canvas.clipPath(clip, stroke=0, fill=0)
        canvas.setStrokeColor("#9aa0a8")
        canvas.setLineWidth(0.4)
        x = start - (high - low)
        # on a grid of the whole drawing, so that neighbouring stretches match
        x -= x % _HATCH_PT
        while x < end:
            canvas.line(x, low, x + high - low, high)
            x += _HATCH_PT
        canvas.restoreState()

    def _brackets(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(FAKE)
        canvas.setLineWidth(2.0)
        y = self._y(1) + 2.0
        for segment in self._segments:
            start, end = self._x(segment.start_s), self._x(segment.end_s)
            canvas.line(start, y, max(end, start + 1.5), y)

    def _axes(self, texts: ChartTexts) -> None:
        canvas, limits = self.canv, self._thresholds
        x1, x2 = self._left, self.width - self._right
        canvas.setFont(REGULAR, 6.8)
        canvas.setFillColor(MUTED)
        for value, text in ((0.0, "0"), (limits.decision, texts.decision), (1.0, "1")):
            canvas.drawRightString(x1 - 4, self._y(value) - 2.3, text)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        for tick in time_ticks(*self._span_s, 8):
            x = self._x(tick)
            canvas.line(x, self._bottom, x, self._bottom - 3)
            canvas.drawCentredString(x, self._bottom - 10.5, texts.clock(tick, 0 if tick == int(tick) else 1))
        canvas.setFont(BOLD, 7.2)
        canvas.setFillColor(FAKE)
        canvas.drawString(x2 + 5, self._y(1) - 6, texts.fake)
        canvas.setFillColor(GENUINE)
        canvas.drawString(x2 + 5, self._y(0), texts.genuine)
