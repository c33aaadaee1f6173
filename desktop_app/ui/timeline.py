"""Time from left to right: ruler, pictures, one curve per face with the limits of the model, sound, coverage."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLocale, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QLabel, QScrollBar, QVBoxLayout, QWidget

from desktop_app.domain import Thresholds
from desktop_app.reports import wording
from desktop_app.ui import theme
from desktop_app.ui.curves import DoubleArray, Predictions, envelope, lone_points, smoothed_on, timecode
from desktop_app.ui.lanes import GUTTER_PX, RIGHT_PX, Lane, Ruler, TimeScale
from desktop_app.ui.marks import MarkSet
from desktop_app.ui.strips import CoverageLane, PictureLane, SoundLane

if TYPE_CHECKING:
    from desktop_app.media import FrameIndex

ZOOM_STEP = 1.25
MIN_SPAN_S = 0.1
MAX_NAMES = 8
MAX_READ = 3
SETTLE_MS = 150
SCROLL_STEPS = 100_000


def _pen(color: str | QColor, alpha: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    # width 1 and cosmetic: wider pens make Qt's raster engine many times slower on long curves
    shade = QColor(color)
    shade.setAlphaF(alpha)
    pen = QPen(shade, 1, style)
    pen.setCosmetic(True)
    return pen


class Timeline(QWidget):
    """Scores through time; click or drag to seek, wheel to zoom, Shift and wheel to go along.

    Signals: `sought` with seconds; `scrub_ended`; `track_chosen` with the face whose name was clicked;
    `range_changed` when another stretch of time is shown.
    """

    sought = Signal(float)
    scrub_ended = Signal()
    track_chosen = Signal(int)
    range_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Timeline"))
        self.setMinimumHeight(150)
        self._tokens = theme.DARK
        self._language = "en"
        self._duration_s = 1.0
        self._index: FrameIndex | None = None
        self._is_scrubbing = False
        self._data: dict[int, tuple[DoubleArray, DoubleArray]] = {}
        self._smooth: dict[int, DoubleArray] = {}
        self._curves: dict[int, Any] = {}
        self._smooths: dict[int, Any] = {}
        self._points: dict[int, Any] = {}
        self._selected: int | None = None
        self._thresholds: Thresholds | None = None
        self._shows_smooth = True
        self._build_labels()
        self._build_plot()
        self._build_lanes()

    def _build_labels(self) -> None:
        self._hint = QLabel(self)
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._legend = QLabel(self)
        self._legend.setObjectName("legend")
        self._legend.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self._legend.linkActivated.connect(lambda link: self.track_chosen.emit(int(link)))
        self.readout = QLabel(self)
        self.readout.setObjectName("legend")
        self.readout.setTextFormat(Qt.TextFormat.PlainText)
        self.readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.readout.hide()

    def _build_plot(self) -> None:
        self.plot = pg.PlotWidget(self)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        self.plot.setMinimumHeight(54)
        item = self.plot.getPlotItem()
        item.setContentsMargins(4, 20, RIGHT_PX, 4)
        self._view = item.getViewBox()
        self._view.setMouseEnabled(x=False, y=False)
        self._view.setDefaultPadding(0)
        self._view.setYRange(-0.02, 1.02, padding=0)
        item.hideAxis("bottom")
        axis = item.getAxis("left")
        axis.setTicks([[(0.0, "0"), (0.5, QLocale().toString(0.5, "f", 1)), (1.0, "1")], [(0.25, ""), (0.75, "")]])
        axis.setWidth(GUTTER_PX - 4)
        self._zone = pg.LinearRegionItem((0.4, 0.6), orientation="horizontal", movable=False)
        self._zone.setZValue(-20)
        self._marked = pg.LinearRegionItem((0.0, 1.0), movable=False)
        self._marked.setZValue(-25)
        # at the right end, where the axis has its own margin
        options = {"position": 0.995, "anchors": [(1, 1), (1, 1)]}
        self._threshold = pg.InfiniteLine(0.5, angle=0, movable=False, label="", labelOpts=options)
        self._threshold.setZValue(-10)
        self._cut_lines = pg.PlotCurveItem(connect="pairs")
        self._cut_lines.setZValue(-15)
        self._playhead = pg.InfiniteLine(0.0, angle=90, movable=False)
        self._playhead.setZValue(20)
        for part in (self._zone, self._marked, self._threshold, self._cut_lines, self._playhead):
            self.plot.addItem(part, ignoreBounds=True)
        for part in (self._zone, self._marked, self._threshold):
            part.hide()
        self.plot.viewport().installEventFilter(self)
        self.plot.viewport().setMouseTracking(True)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _build_lanes(self) -> None:
        self.scale = TimeScale()
        self.ruler = Ruler(self.scale)
        self.pictures = PictureLane(self.scale)
        self.sound = SoundLane(self.scale)
        self.coverage = CoverageLane(self.scale)
        self.lanes: tuple[Lane, ...] = (self.ruler, self.pictures, self.sound, self.coverage)
        for lane in self.lanes:
            lane.pressed.connect(self._on_pressed)
            lane.dragged.connect(self._on_dragged)
            lane.released.connect(self._on_released)
            lane.wheeled.connect(self._on_wheel)
            lane.hovered.connect(self.show_readout)
            lane.doubled.connect(self.show_all)
        self.scroll_bar = QScrollBar(Qt.Orientation.Horizontal)
        self.scroll_bar.setAccessibleName(self.tr("Stretch of time that is shown"))
        self.scroll_bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_bar.valueChanged.connect(self._on_scrolled)
        self.scroll_bar.hide()
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLE_MS)
        self._settled.timeout.connect(self.pictures.ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.ruler)
        layout.addWidget(self.pictures)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.sound)
        layout.addWidget(self.coverage)
        layout.addWidget(self.scroll_bar)
        self.sound.hide()
        self._view.sigXRangeChanged.connect(self._on_range)

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

    def curve_data(self, track_id: int) -> tuple[DoubleArray, DoubleArray]:
        """Times and probabilities of a curve as they were given."""
        return self._data[track_id]

    def set_language(self, language: str) -> None:
        """Language of bands and numbers."""
        self._language = language

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.plot.setBackground(tokens.surface)
        axis = self.plot.getPlotItem().getAxis("left")
        axis.setPen(_pen(tokens.border))
        axis.setTextPen(_pen(tokens.muted))
        grey = QColor(tokens.text)
        grey.setAlphaF(0.09)
        self._zone.setBrush(grey)
        blue = QColor(tokens.focus)
        blue.setAlphaF(0.10)
        self._marked.setBrush(blue)
        for line in (*self._zone.lines, *self._marked.lines):
            line.setPen(_pen(tokens.text, 0.18))
        self._threshold.setPen(_pen(tokens.text, 0.65, Qt.PenStyle.DashLine))
        self._threshold.label.setColor(tokens.muted)
        self._cut_lines.setPen(_pen(tokens.text, 0.35, Qt.PenStyle.DotLine))
        self._playhead.setPen(_pen(tokens.focus))
        for lane in self.lanes:
            lane.dress(tokens)
        self._style_curves()

    def open(self, duration_s: float, index: "FrameIndex | None" = None, aspect: float = 16 / 9) -> None:
        """Start afresh with an item of this length.

        Args:
            duration_s: Its length.
            index: Its frames.
            aspect: Width by height of its pictures.
        """
        self.clear_curves()
        self._duration_s = max(duration_s, MIN_SPAN_S)
        self._index = index
        self.ruler.open(index)
        self.pictures.open(index, aspect)
        self.sound.set_peaks(np.empty(0, dtype=np.float32), self._duration_s)
        self.set_cuts(np.empty(0))
        self._marked.hide()
        self._view.setLimits(xMin=0, xMax=self._duration_s, minXRange=MIN_SPAN_S, maxXRange=self._duration_s)
        self.show_all()
        self._rescale()
        self.set_playhead(0.0)

    def clear_curves(self) -> None:
        """Take all curves away."""
        for part in (*self._curves.values(), *self._smooths.values(), *self._points.values()):
            self.plot.removeItem(part)
        for store in (self._curves, self._smooths, self._points, self._data, self._smooth):
            store.clear()
        self._selected = None
        self._name_curves()
        self.coverage.set_coverage(np.empty(0), np.empty(0, dtype=np.uint8), 0.0, None)
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

    def set_marks(self, marks: MarkSet, range_s: tuple[float, float] | None) -> None:
        """Show bookmarks and the range from in to out.

        Args:
            marks: All marks.
            range_s: Begin and end of the range in seconds, None without one.
        """
        self.ruler.set_marks(marks)
        self._marked.setVisible(range_s is not None)
        if range_s is not None:
            self._marked.setRegion(range_s)

    def set_cuts(self, times_s: DoubleArray) -> None:
        """Show where shots begin."""
        self.ruler.set_cuts(times_s)
        heights = np.tile(np.array([-0.02, 1.02]), len(times_s))
        self._cut_lines.setData(np.repeat(times_s, 2), heights)

    def set_hint(self, text: str) -> None:
        """A sentence in the middle while there is no curve; empty hides it."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
        self._place_labels()

    def set_smoothing(self, is_shown: bool) -> None:
        """Show the smoothed curve beside the raw one."""
        self._shows_smooth = is_shown
        self._style_curves()
        self._draw()

    def set_predictions(self, predictions: Predictions) -> None:
        """Draw what has grown since the last call."""
        for track_id, curve in predictions.curves.items():
            time_s, p_fake = curve.arrays()
            known = self._data.get(track_id)
            if known is not None and len(known[0]) == len(time_s):
                continue
            self._smooth[track_id] = smoothed_on(time_s, p_fake, known, self._smooth.get(track_id))
            self._data[track_id] = time_s, p_fake
            if track_id not in self._curves:
                self._add_curve(track_id)
            self._draw_curve(track_id)

    def _add_curve(self, track_id: int) -> None:
        self._curves[track_id] = self.plot.plot([], [], connect="finite", antialias=False)
        self._smooths[track_id] = self.plot.plot([], [], connect="finite", antialias=False)
        self._points[track_id] = self.plot.plot([], [], pen=None, symbol="o", symbolSize=5, symbolPen=None)
        self._style_curves()

    def _draw(self) -> None:
        for track_id in self._curves:
            self._draw_curve(track_id)

    def _draw_curve(self, track_id: int) -> None:
        low, high = self.visible_range_s
        columns = max(50, int(self.scale.width))
        time_s, p_fake = self._data[track_id]
        part = envelope(time_s, p_fake, low, high, columns)
        self._curves[track_id].setData(*part, connect="finite", skipFiniteCheck=False)
        self._points[track_id].setData(*lone_points(*part))
        if self._shows_smooth:
            even = envelope(time_s, self._smooth[track_id], low, high, columns)
            self._smooths[track_id].setData(*even, connect="finite", skipFiniteCheck=False)

    def select(self, track_id: int | None) -> None:
        """Bring one face's curve forward, None treats all alike."""
        self._selected = track_id
        self._style_curves()

    def _style_curves(self) -> None:
        for track_id, curve in self._curves.items():
            color = theme.track_color(self._tokens, track_id)
            is_back = self._selected not in (None, track_id)
            strength = 0.35 if is_back else 1.0
            curve.setPen(_pen(color, strength * (0.45 if self._shows_smooth else 1.0)))
            self._smooths[track_id].setPen(_pen(color, strength))
            self._smooths[track_id].setVisible(self._shows_smooth)
            for part in (curve, self._smooths[track_id]):
                part.setZValue(0 if is_back else 10)
            color.setAlphaF(strength)
            self._points[track_id].setSymbolBrush(color)
        self._name_curves()

    def _name_curves(self) -> None:
        # colour is never the only way to tell the faces apart
        names = []
        for track_id in sorted(self._curves)[:MAX_NAMES]:
            color = theme.track_color(self._tokens, track_id).name()
            weight = "bold" if track_id == self._selected else "normal"
            name = self.tr("Person {}").format(track_id)
            style = f"color:{self._tokens.text}; text-decoration:none; font-weight:{weight}"
            link = f'<a href="{track_id}" style="{style}">{name}</a>'
            names.append(f'<span style="color:{color}">&#9644;</span> {link}')
        if len(self._curves) > MAX_NAMES:
            names.append("…")
        self._legend.setText("&nbsp;&nbsp;&nbsp;".join(names))
        self._legend.setVisible(bool(names))
        self._place_labels()

    # time

    def set_playhead(self, time_s: float) -> None:
        """Move the playhead; a zoomed view follows it."""
        self._playhead.setValue(time_s)
        for lane in self.lanes:
            lane.set_playhead(time_s)
        low, high = self.visible_range_s
        if not low <= time_s <= high and not self._is_scrubbing:
            self._show_from(time_s - 0.1 * (high - low), high - low)

    def show_all(self) -> None:
        """Show the whole length."""
        self._view.setXRange(0, self._duration_s, padding=0)

    def zoom_by(self, factor: float, about_s: float) -> None:
        """Show a shorter (factor > 1) or longer stretch of time around a moment."""
        low, high = self.visible_range_s
        span = min(max((high - low) / factor, MIN_SPAN_S), self._duration_s)
        share = (about_s - low) / (high - low)
        self._show_from(about_s - share * span, span)

    def zoom_at_playhead(self, factor: float) -> None:
        """Zoom by keyboard: around the playhead where it is in view."""
        low, high = self.visible_range_s
        at = self.playhead_s
        self.zoom_by(factor, at if low <= at <= high else (low + high) / 2)

    def _show_from(self, start_s: float, span_s: float) -> None:
        start = min(max(0.0, start_s), self._duration_s - span_s)
        self._view.setXRange(start, start + span_s, padding=0)

    def _on_range(self) -> None:
        self._rescale()
        self._draw()

    def _rescale(self) -> None:
        box = self._view.sceneBoundingRect()
        self.scale.low_s, self.scale.high_s = self.visible_range_s
        self.scale.left, self.scale.right = box.left(), max(box.right(), box.left() + 1)
        for lane in self.lanes:
            lane.refresh()
        span = self.scale.high_s - self.scale.low_s
        self.scroll_bar.setVisible(span < self._duration_s * 0.999)
        self.scroll_bar.blockSignals(True)
        page = max(1, round(span / self._duration_s * SCROLL_STEPS))
        self.scroll_bar.setPageStep(page)
        self.scroll_bar.setRange(0, SCROLL_STEPS - page)
        self.scroll_bar.setSingleStep(max(1, page // 10))
        self.scroll_bar.setValue(round(self.scale.low_s / self._duration_s * SCROLL_STEPS))
        self.scroll_bar.blockSignals(False)
        self._settled.start()
        self.range_changed.emit()

    def _on_scrolled(self, value: int) -> None:
        low, high = self.visible_range_s
        self._show_from(value / SCROLL_STEPS * self._duration_s, high - low)

    # reading

    def show_readout(self, time_s: float | None) -> None:
        """Say what is at a moment, None hides it."""
        is_inside = time_s is not None and 0.0 <= time_s <= self._duration_s
        self.readout.setVisible(is_inside and self._index is not None)
        self._place_labels()
        if time_s is not None and self._index is not None and is_inside:
            self.readout.setText(self.describe(time_s))
            self._place_labels()

    def describe(self, time_s: float) -> str:
        """Time, frame, coverage, and for the faces there value, smoothed value and band."""
        index = self._index
        if index is None:
            return ""
        frame = index.frame_at_time(time_s)
        parts = [self.tr("{}  frame {}").format(timecode(float(index.time_s[frame])), frame)]
        state = self.coverage.state_at(time_s)
        readings = [text for track in self._by_interest() if (text := self._reading(track, time_s))]
        if readings:
            parts += readings[:MAX_READ]
        elif state:
            parts.append(state)
        return "   ".join(parts)

    def _by_interest(self) -> list[int]:
        return sorted(self._data, key=lambda track: (track != self._selected, track))

    def _reading(self, track_id: int, time_s: float) -> str:
        times, values = self._data[track_id]
        place = int(np.searchsorted(times, time_s + 1e-6, side="right")) - 1
        reach = max(2.0 * self.coverage.step_s, 2.0 * self.scale.seconds_per_pixel)
        if place < 0 or np.isnan(values[place]) or time_s - times[place] > reach:
            return ""
        raw = QLocale().toString(float(values[place]), "f", 2)
        even = QLocale().toString(float(self._smooth[track_id][place]), "f", 2)
        text = self.tr("Person {}: {}, smoothed {}").format(track_id, raw, even)
        if self._thresholds is not None:
            band = self._thresholds.band(float(values[place]))
            text += f", {wording.band_short_text(band, self._language)}"
        return text

    # hand

    def _time_at(self, position: QPointF) -> float:
        at = self._view.mapSceneToView(self.plot.mapToScene(position.toPoint()))
        return float(min(max(at.x(), 0.0), self._duration_s))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn the mouse into seeking and zooming."""
        if isinstance(event, QMouseEvent):
            return self._on_mouse(event)
        if isinstance(event, QWheelEvent):
            delta = event.angleDelta()
            self._on_wheel(float(delta.x()), float(delta.y()), self._time_at(event.position()))
            return True
        if event.type() is QEvent.Type.Leave:
            self.show_readout(None)
        return super().eventFilter(watched, event)

    def _on_mouse(self, event: QMouseEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            self._on_pressed(self._time_at(event.position()))
        elif kind is QEvent.Type.MouseMove:
            self.show_readout(self._time_at(event.position()))
            if self._is_scrubbing:
                self.sought.emit(self._time_at(event.position()))
        elif kind is QEvent.Type.MouseButtonRelease and self._is_scrubbing:
            self._on_released()
        elif kind is QEvent.Type.MouseButtonDblClick:
            self.show_all()
        return True

    def _on_pressed(self, time_s: float) -> None:
        self._is_scrubbing = True
        self.sought.emit(min(max(time_s, 0.0), self._duration_s))

    def _on_dragged(self, time_s: float) -> None:
        self.sought.emit(min(max(time_s, 0.0), self._duration_s))

    def _on_released(self) -> None:
        self._is_scrubbing = False
        self.scrub_ended.emit()

    def _on_wheel(self, across: float, along: float, time_s: float) -> None:
        low, high = self.visible_range_s
        if across:
            self._show_from(low - across / 120 * 0.1 * (high - low), high - low)
        elif along:
            self.zoom_by(ZOOM_STEP ** (along / 120), min(max(time_s, 0.0), self._duration_s))

    def _place_labels(self) -> None:
        area = self.plot.geometry()
        self._hint.setGeometry(area.adjusted(GUTTER_PX, 8, -RIGHT_PX, 0))
        self._hint.raise_()
        self._legend.adjustSize()
        self._legend.move(area.left() + GUTTER_PX + 8, area.top() + 1)
        self._legend.raise_()
        self.readout.adjustSize()
        left, start = self._legend.geometry().right() + 12, area.right() - RIGHT_PX - self.readout.width()
        # where there is no room for both, the names make way while something is read
        is_narrow = self.readout.isVisible() and start < left
        self._legend.setVisible(bool(self._curves) and not is_narrow)
        left = max(area.left() + GUTTER_PX if is_narrow else left, start)
        self.readout.setGeometry(left, area.top() + 1, area.right() - RIGHT_PX - left, self.readout.height())
        self.readout.raise_()

    def resizeEvent(self, event: Any) -> None:  # noqa: ANN401  # a QResizeEvent
        """Keep labels and lanes in place."""
        super().resizeEvent(event)
        self._place_labels()
        # the plot takes its new size after this event
        QTimer.singleShot(0, self, self._on_range)
