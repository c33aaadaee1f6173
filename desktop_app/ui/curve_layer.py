"""The curves of one detector in the plot: one per person, raw and smoothed, told apart by line and letter."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainterPath, QPen, QTransform

from desktop_app.ui.curves import DoubleArray, envelope, lone_points
from desktop_app.ui.plot_area import thin_pen

LETTERS = "ABCDEF"
STYLES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
)
LETTER_PX = 150
BADGE_PX = 14


@dataclass(frozen=True, slots=True, eq=False)
class DrawnCurve:
    """What is drawn of one person.

    Args:
        time_s: (N,) ascending.
        p_fake: (N,) with NaN for gaps.
        smooth: (N,) the smoothed curve.
    """

    time_s: DoubleArray
    p_fake: DoubleArray
    smooth: DoubleArray


def badge(letter: str) -> QPainterPath:
    """A disc of diameter 1 with a letter cut out of it."""
    path = QPainterPath()
    path.addEllipse(QRectF(-0.5, -0.5, 1, 1))
    text = QPainterPath()
    font = QFont()
    font.setBold(True)
    font.setPixelSize(100)
    text.addText(QPointF(0, 0), font, letter)
    box = text.boundingRect()
    scale = 0.62 / max(box.height(), 1.0)
    move = QTransform.fromScale(scale, scale).translate(-box.center().x(), -box.center().y())
    return path.subtracted(move.map(text))


def line_style(number: int) -> Qt.PenStyle:
    """How the curves of a detector are drawn, by its number."""
    return STYLES[number % len(STYLES)]


class CurveLayer:
    """Curves of one detector.

    Args:
        plot: Where they are drawn.
        number: Of the detector; 0 is the one whose result stands.
    """

    def __init__(self, plot: pg.PlotWidget, number: int = 0) -> None:
        self._plot, self.number = plot, number
        self.data: dict[int, DrawnCurve] = {}
        self._raw: dict[int, Any] = {}
        self._even: dict[int, Any] = {}
        self._points: dict[int, Any] = {}
        self._letters = pg.ScatterPlotItem(size=BADGE_PX, pen=None, symbol=badge(LETTERS[number]), pxMode=True)
        self._letters.setZValue(15)
        self._letters.hide()
        plot.addItem(self._letters, ignoreBounds=True)
        self._shows_smooth = True
        self._lettered: int | None = None

    @property
    def ids(self) -> tuple[int, ...]:
        """The persons that have a curve."""
        return tuple(self.data)

    def pen_of(self, track_id: int) -> QPen:
        """How a person's curve is drawn."""
        pen: QPen = self._raw[track_id].opts["pen"]
        return pen

    def clear(self) -> None:
        """Take all curves away."""
        for part in (*self._raw.values(), *self._even.values(), *self._points.values()):
            self._plot.removeItem(part)
        for store in (self.data, self._raw, self._even, self._points):
            store.clear()
        self._letters.setData([], [])

    def remove(self) -> None:
        """Take all away for good."""
        self.clear()
        self._plot.removeItem(self._letters)

    def put(self, track_id: int, curve: DrawnCurve) -> bool:
        """Take a person's curve; it is drawn with `draw`.

        Returns:
            Whether it is the first of that person.
        """
        self.data[track_id] = curve
        if track_id in self._raw:
            return False
        self._raw[track_id] = self._plot.plot([], [], connect="finite", antialias=False)
        self._even[track_id] = self._plot.plot([], [], connect="finite", antialias=False)
        self._points[track_id] = self._plot.plot([], [], pen=None, symbol="o", symbolSize=5, symbolPen=None)
        return True

    def style(self, track_id: int, color: QColor, strength: float, shows_smooth: bool, is_behind: bool) -> None:
        """Say how a person's curve is drawn.

        Args:
            track_id: The person.
            color: Of the curve.
            strength: 0 hides it, 1 is full.
            shows_smooth: Whether the smoothed curve goes before the raw one.
            is_behind: Whether other curves lie over it.
        """
        self._shows_smooth = shows_smooth
        raw, even, points = self._raw[track_id], self._even[track_id], self._points[track_id]
        style, is_first = line_style(self.number), self.number == 0
        raw.setPen(thin_pen(color, strength * (0.45 if shows_smooth else 1.0), style))
        even.setPen(thin_pen(color, strength, style))
        # two lines for each detector are too many: the raw one beside the smoothed is that of the result
        raw.setVisible(strength > 0 and (is_first or not shows_smooth))
        even.setVisible(strength > 0 and shows_smooth)
        points.setVisible(strength > 0)
        for part in (raw, even):
            part.setZValue(0 if is_behind else 10)
        shade = QColor(color)
        shade.setAlphaF(strength)
        points.setSymbolBrush(shade)

    def letter(self, track_id: int | None, color: QColor) -> None:
        """Write the detector's letter along one person's curve, None takes it away."""
        self._lettered = track_id if track_id in self.data else None
        self._letters.setVisible(self._lettered is not None)
        self._letters.setBrush(color)

    def draw(self, low_s: float, high_s: float, columns: int) -> None:
        """Draw the part of the curves that lies in a stretch of time.

        Args:
            low_s: Begin of the stretch.
            high_s: Its end.
            columns: Width of the plot in pixels.
        """
        for track_id in self.data:
            self.draw_one(track_id, low_s, high_s, columns)
        self._draw_letters(low_s, high_s, columns)

    def draw_one(self, track_id: int, low_s: float, high_s: float, columns: int) -> None:
        """As `draw`, for one person."""
        curve = self.data[track_id]
        if self._points[track_id].isVisible():
            part = envelope(curve.time_s, curve.p_fake, low_s, high_s, columns)
            self._points[track_id].setData(*lone_points(*part))
            if self._raw[track_id].isVisible():
                self._raw[track_id].setData(*part, connect="finite", skipFiniteCheck=False)
        if self._even[track_id].isVisible():
            even = envelope(curve.time_s, curve.smooth, low_s, high_s, columns)
            self._even[track_id].setData(*even, connect="finite", skipFiniteCheck=False)

    def _draw_letters(self, low_s: float, high_s: float, columns: int) -> None:
        if self._lettered is None:
            return
        curve = self.data[self._lettered]
        values = curve.smooth if self._shows_smooth else curve.p_fake
        spread = max(1, columns // LETTER_PX)
        # each detector's letters stand between those of the others
        share = (np.arange(spread) + 0.25 + 0.17 * self.number) / spread
        places = np.searchsorted(curve.time_s, low_s + share * (high_s - low_s))
        places = places[places < len(curve.time_s)]
        places = places[~np.isnan(values[places]) & (curve.time_s[places] <= high_s)]
        # whole also where the curve runs along the edge
        edge = min(0.5, 0.5 * BADGE_PX / max(1.0, self._plot.getPlotItem().getViewBox().height()))
        self._letters.setData(curve.time_s[places], np.clip(values[places], edge, 1.0 - edge))
