"""The curves through time: one per face, threshold and inconclusive band, playhead."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLocale, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_app.domain import Thresholds
from desktop_app.ui import theme
from desktop_app.ui.curves import Predictions, timecode

ZOOM_STEP = 1.25
MIN_SPAN_S = 0.1
MAX_NAMES = 8


def _pen(color: str | QColor, alpha: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    # width 1 and cosmetic: wider pens make Qt's raster engine many times slower on long curves
    shade = QColor(color)
    shade.setAlphaF(alpha)
    pen = QPen(shade, 1, style)
    pen.setCosmetic(True)
    return pen


def _tick_strings(values: list[float], scale: float, spacing: float) -> list[str]:
    if spacing >= 1:
        return [timecode(value).rsplit(".", 1)[0] for value in values]
    return [timecode(value) for value in values]


class Timeline(QWidget):
    """Scores through time; click or drag to seek, wheel to zoom."""

    sought = Signal(float)
    scrub_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Timeline"))
        self.setMinimumHeight(120)
        self._tokens = theme.DARK
        self._duration_s = 1.0
        self._is_scrubbing = False
        self._curves: dict[int, Any] = {}
        self._points: dict[int, Any] = {}
        self._sizes: dict[int, int] = {}
        self._selected: int | None = None
        self._thresholds: Thresholds | None = None
        self._hint = QLabel(self)
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._legend = QLabel(self)
        self._legend.setObjectName("legend")
        self._legend.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._build()

    def _build(self) -> None:
        self.plot = pg.PlotWidget(self)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        item = self.plot.getPlotItem()
        item.setContentsMargins(4, 22, 14, 2)
        item.setClipToView(True)
        item.setDownsampling(auto=True, mode="peak")
        self._view = item.getViewBox()
        self._view.setMouseEnabled(x=False, y=False)
        self._view.setDefaultPadding(0)
        self._view.setYRange(-0.02, 1.02, padding=0)
        axis = item.getAxis("left")
        axis.setTicks([[(0.0, "0"), (0.5, QLocale().toString(0.5, "f", 1)), (1.0, "1")], [(0.25, ""), (0.75, "")]])
        axis.setWidth(52)
        item.getAxis("bottom").tickStrings = _tick_strings
        item.getAxis("bottom").enableAutoSIPrefix(False)
        self._zone = pg.LinearRegionItem((0.4, 0.6), orientation="horizontal", movable=False)
        self._zone.setZValue(-20)
        # at the right end, where the axis has its own margin
        options = {"position": 0.995, "anchors": [(1, 1), (1, 1)]}
        self._threshold = pg.InfiniteLine(0.5, angle=0, movable=False, label="", labelOpts=options)
        self._threshold.setZValue(-10)
        self._playhead = pg.InfiniteLine(0.0, angle=90, movable=False)
        self._playhead.setZValue(20)
        for part in (self._zone, self._threshold, self._playhead):
            self.plot.addItem(part, ignoreBounds=True)
        self._zone.hide()
        self._threshold.hide()
        self.plot.viewport().installEventFilter(self)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)

    @property
    def curve_ids(self) -> tuple[int, ...]:
        """The faces that have a curve."""
        return tuple(self._curves)

    @property
    def playhead_s(self) -> float:
        """Where the playhead stands."""
        return float(self._playhead.value())

    @property
    def visible_range_s(self) -> tuple[float, float]:
        """The stretch of time that is shown."""
        low, high = self._view.viewRange()[0]
        return float(low), float(high)

    def curve_data(self, track_id: int) -> tuple[Any, Any]:
        """Times and probabilities of a curve as they were given."""
        time_s, p_fake = self._curves[track_id].getOriginalDataset()
        return time_s, p_fake

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.plot.setBackground(tokens.surface)
        for name in ("left", "bottom"):
            axis = self.plot.getPlotItem().getAxis(name)
            axis.setPen(_pen(tokens.border))
            axis.setTextPen(_pen(tokens.muted))
        grey = QColor(tokens.text)
        grey.setAlphaF(0.09)
        self._zone.setBrush(grey)
        for line in self._zone.lines:
            line.setPen(_pen(tokens.text, 0.18))
        self._threshold.setPen(_pen(tokens.text, 0.65, Qt.PenStyle.DashLine))
        self._threshold.label.setColor(tokens.muted)
        self._playhead.setPen(_pen(tokens.focus))
        self._style_curves()

    def open(self, duration_s: float) -> None:
        """Start afresh with an item of this length."""
        self.clear_curves()
        self._duration_s = max(duration_s, MIN_SPAN_S)
        self._view.setLimits(xMin=0, xMax=self._duration_s, minXRange=MIN_SPAN_S, maxXRange=self._duration_s)
        self.show_all()
        self.set_playhead(0.0)

    def clear_curves(self) -> None:
        """Take all curves away."""
        for part in (*self._curves.values(), *self._points.values()):
            self.plot.removeItem(part)
        self._curves.clear()
        self._points.clear()
        self._sizes.clear()
        self._selected = None
        self._name_curves()
        self.set_thresholds(None)

    def set_thresholds(self, thresholds: Thresholds | None) -> None:
        """Draw the limits of a model's card, None hides them."""
        self._thresholds = thresholds
        self._zone.setVisible(thresholds is not None)
        self._threshold.setVisible(thresholds is not None)
        if thresholds is not None:
            self._zone.setRegion((thresholds.inconclusive_low, thresholds.inconclusive_high))
            self._threshold.setValue(thresholds.decision)
            value = QLocale().toString(thresholds.decision, "f", 2)
            self._threshold.label.setFormat(self.tr("decision threshold") + f" {value}")

    def set_hint(self, text: str) -> None:
        """A sentence in the middle while there is no curve; empty hides it."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
        self._place_hint()

    def set_predictions(self, predictions: Predictions) -> None:
        """Draw what has grown since the last call."""
        for track_id, curve in predictions.curves.items():
            time_s, p_fake = curve.arrays()
            if self._sizes.get(track_id) == len(time_s):
                continue
            self._sizes[track_id] = len(time_s)
            if track_id not in self._curves:
                self._add_curve(track_id)
            self._curves[track_id].setData(time_s, p_fake, connect="finite", skipFiniteCheck=False)
            self._points[track_id].setData(*curve.lone_points())

    def _add_curve(self, track_id: int) -> None:
        self._curves[track_id] = self.plot.plot([], [], connect="finite", antialias=False)
        self._points[track_id] = self.plot.plot([], [], pen=None, symbol="o", symbolSize=5, symbolPen=None)
        self._style_curves()

    def select(self, track_id: int | None) -> None:
        """Bring one face's curve forward, None treats all alike."""
        self._selected = track_id
        self._style_curves()

    def _style_curves(self) -> None:
        for track_id, curve in self._curves.items():
            color = theme.track_color(self._tokens, track_id)
            is_back = self._selected not in (None, track_id)
            curve.setPen(_pen(color, 0.35 if is_back else 1.0))
            curve.setZValue(0 if is_back else 10)
            color.setAlphaF(0.35 if is_back else 1.0)
            self._points[track_id].setSymbolBrush(color)
        self._name_curves()

    def _name_curves(self) -> None:
        # colour is never the only way to tell the faces apart
        names = []
        for track_id in sorted(self._curves)[:MAX_NAMES]:
            color = theme.track_color(self._tokens, track_id).name()
            weight = "bold" if track_id == self._selected else "normal"
            name = self.tr("Person {}").format(track_id)
            names.append(f'<span style="color:{color}">&#9644;</span> <span style="font-weight:{weight}">{name}</span>')
        if len(self._curves) > MAX_NAMES:
            names.append("…")
        self._legend.setText("&nbsp;&nbsp;&nbsp;".join(names))
        self._legend.setVisible(bool(names))
        self._place_hint()

    def set_playhead(self, time_s: float) -> None:
        """Move the playhead; a zoomed view follows it."""
        self._playhead.setValue(time_s)
        low, high = self.visible_range_s
        if not low <= time_s <= high and not self._is_scrubbing:
            span = high - low
            start = min(max(0.0, time_s - 0.1 * span), self._duration_s - span)
            self._view.setXRange(start, start + span, padding=0)

    def show_all(self) -> None:
        """Show the whole length."""
        self._view.setXRange(0, self._duration_s, padding=0)

    def zoom_by(self, factor: float, about_s: float) -> None:
        """Show a shorter (factor > 1) or longer stretch of time around a moment."""
        low, high = self.visible_range_s
        span = min(max((high - low) / factor, MIN_SPAN_S), self._duration_s)
        share = (about_s - low) / (high - low)
        start = min(max(0.0, about_s - share * span), self._duration_s - span)
        self._view.setXRange(start, start + span, padding=0)

    def _time_at(self, position: QPointF) -> float:
        at = self._view.mapSceneToView(self.plot.mapToScene(position.toPoint()))
        return float(min(max(at.x(), 0.0), self._duration_s))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn the mouse into seeking and zooming."""
        if isinstance(event, QMouseEvent):
            return self._on_mouse(event)
        if isinstance(event, QWheelEvent):
            delta = event.angleDelta()
            if delta.y():
                self.zoom_by(ZOOM_STEP ** (delta.y() / 120), self._time_at(event.position()))
            return True
        return super().eventFilter(watched, event)

    def _on_mouse(self, event: QMouseEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            self._is_scrubbing = True
            self.sought.emit(self._time_at(event.position()))
        elif kind is QEvent.Type.MouseMove and self._is_scrubbing:
            self.sought.emit(self._time_at(event.position()))
        elif kind is QEvent.Type.MouseButtonRelease and self._is_scrubbing:
            self._is_scrubbing = False
            self.scrub_ended.emit()
        elif kind is QEvent.Type.MouseButtonDblClick:
            self.show_all()
        return True

    def _place_hint(self) -> None:
        self._hint.setGeometry(self.plot.geometry().adjusted(52, 0, 0, -24))
        self._hint.raise_()
        self._legend.adjustSize()
        self._legend.move(64, 4)
        self._legend.raise_()

    def resizeEvent(self, event: Any) -> None:  # noqa: ANN401  # a QResizeEvent
        """Keep the hint in the middle."""
        super().resizeEvent(event)
        self._place_hint()
