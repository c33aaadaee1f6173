"""The plot of the timeline: axis, limits of the model, range, cuts and playhead; it turns the mouse into signals."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLocale, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop_app.domain import Thresholds
from desktop_app.ui import theme
from desktop_app.ui.curves import DoubleArray
from desktop_app.ui.lanes import GUTTER_PX, RIGHT_PX

ROW_PX = 19
LEAST_PX, LEAST_COMPARED_PX = 34, 84


def thin_pen(color: str | QColor, alpha: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen of one pixel at any zoom; wider ones make Qt's raster engine many times slower on long curves."""
    shade = QColor(color)
    shade.setAlphaF(alpha)
    pen = QPen(shade, 1, style)
    pen.setCosmetic(True)
    return pen


class PlotArea(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Probability over time, from 0 to 1; what is drawn in it is added from outside.

    Signals are those of a `Lane`, with times in seconds.
    """

    pressed = Signal(float)
    dragged = Signal(float)
    released = Signal()
    wheeled = Signal(float, float, float)
    hovered = Signal(object)
    doubled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self._is_down = False
        item = self.getPlotItem()
        # it asks the application, not the widget that it lies in
        item.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.view = item.getViewBox()
        self.view.setMouseEnabled(x=False, y=False)
        self.view.setDefaultPadding(0)
        self.view.setYRange(-0.02, 1.02, padding=0)
        item.hideAxis("bottom")
        axis = item.getAxis("left")
        axis.setTicks([[(0.0, "0"), (0.5, QLocale().toString(0.5, "f", 1)), (1.0, "1")], [(0.25, ""), (0.75, "")]])
        axis.setWidth(GUTTER_PX - 4)
        self._build_parts()
        self.set_rows(1)
        self.viewport().installEventFilter(self)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _build_parts(self) -> None:
        self.zone = pg.LinearRegionItem((0.4, 0.6), orientation="horizontal", movable=False)
        self.zone.setZValue(-20)
        self.marked = pg.LinearRegionItem((0.0, 1.0), movable=False)
        self.marked.setZValue(-25)
        # at the right end, where the axis has its own margin
        options = {"position": 0.995, "anchors": [(1, 1), (1, 1)]}
        self.threshold = pg.InfiniteLine(0.5, angle=0, movable=False, label="", labelOpts=options)
        self.threshold.setZValue(-10)
        self._cut_lines = pg.PlotCurveItem(connect="pairs")
        self._cut_lines.setZValue(-15)
        self.playhead = pg.InfiniteLine(0.0, angle=90, movable=False)
        self.playhead.setZValue(20)
        for part in (self.zone, self.marked, self.threshold, self._cut_lines, self.playhead):
            self.addItem(part, ignoreBounds=True)
        for part in (self.zone, self.marked, self.threshold):
            part.hide()

    def set_rows(self, count: int) -> None:
        """Leave room for so many lines of text above the curves."""
        top = 1 + ROW_PX * count
        self.setMinimumHeight(top + (LEAST_PX if count == 1 else LEAST_COMPARED_PX))
        self.getPlotItem().setContentsMargins(4, top, RIGHT_PX, 4)
        # among the curves of several detectors its words would be struck through, and each has a threshold of its own
        self.threshold.label.setVisible(count == 1)

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self.setBackground(tokens.surface)
        axis = self.getPlotItem().getAxis("left")
        axis.setPen(thin_pen(tokens.border))
        axis.setTextPen(thin_pen(tokens.muted))
        grey = QColor(tokens.text)
        grey.setAlphaF(0.09)
        self.zone.setBrush(grey)
        blue = QColor(tokens.focus)
        blue.setAlphaF(0.10)
        self.marked.setBrush(blue)
        for line in (*self.zone.lines, *self.marked.lines):
            line.setPen(thin_pen(tokens.text, 0.18))
        self.threshold.setPen(thin_pen(tokens.text, 0.65, Qt.PenStyle.DashLine))
        self.threshold.label.setColor(tokens.muted)
        self._cut_lines.setPen(thin_pen(tokens.text, 0.35, Qt.PenStyle.DotLine))
        self.playhead.setPen(thin_pen(tokens.focus))

    def set_thresholds(self, thresholds: Thresholds | None) -> None:
        """Draw the limits of a model's card, None hides them."""
        self.zone.setVisible(thresholds is not None)
        self.threshold.setVisible(thresholds is not None)
        if thresholds is not None:
            self.zone.setRegion((thresholds.inconclusive_low, thresholds.inconclusive_high))
            self.threshold.setValue(thresholds.decision)
            value = QLocale().toString(thresholds.decision, "f", 2)
            self.threshold.label.setFormat(self.tr("decision threshold") + f" {value}")

    def set_range(self, range_s: tuple[float, float] | None) -> None:
        """Shade the range from in to out, None hides it."""
        self.marked.setVisible(range_s is not None)
        if range_s is not None:
            self.marked.setRegion(range_s)

    def set_cuts(self, times_s: DoubleArray) -> None:
        """Show where shots begin."""
        heights = np.tile(np.array([-0.02, 1.02]), len(times_s))
        self._cut_lines.setData(np.repeat(times_s, 2), heights)

    def time_at(self, position: QPointF) -> float:
        """Time of a place in the plot; may lie outside of the item."""
        return float(self.view.mapSceneToView(self.mapToScene(position.toPoint())).x())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn the mouse into signals."""
        if isinstance(event, QMouseEvent):
            self._on_mouse(event)
            return True
        if isinstance(event, QWheelEvent):
            delta = event.angleDelta()
            self.wheeled.emit(float(delta.x()), float(delta.y()), self.time_at(event.position()))
            return True
        if event.type() is QEvent.Type.Leave:
            self.hovered.emit(None)
        return bool(super().eventFilter(watched, event))

    def _on_mouse(self, event: QMouseEvent) -> None:
        kind, time_s = event.type(), self.time_at(event.position())
        if kind is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            self._is_down = True
            self.pressed.emit(time_s)
        elif kind is QEvent.Type.MouseMove:
            self.hovered.emit(time_s)
            if self._is_down:
                self.dragged.emit(time_s)
        elif kind is QEvent.Type.MouseButtonRelease and self._is_down:
            self._is_down = False
            self.released.emit()
        elif kind is QEvent.Type.MouseButtonDblClick:
            self.doubled.emit()
