"""Time from left to right: ruler, pictures, one curve per face with the limits of the model, sound, coverage."""

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QScrollBar, QVBoxLayout, QWidget

from desktop_app.domain import ModelCard
from desktop_app.reports import wording
from desktop_app.ui import theme
from desktop_app.ui.agreement_lane import AgreementLane
from desktop_app.ui.choices import shown_time
from desktop_app.ui.curve_layer import CurveLayer, DrawnCurve
from desktop_app.ui.curves import DoubleArray, Predictions, smoothed_on
from desktop_app.ui.lanes import Lane, Ruler, TimeScale
from desktop_app.ui.marks import MarkSet
from desktop_app.ui.plot_area import PlotArea
from desktop_app.ui.side_by_side import Contrast, SideBySide
from desktop_app.ui.strips import CoverageLane, PictureLane, SoundLane
from desktop_app.ui.timeline_words import TimelineWords

if TYPE_CHECKING:
    from desktop_app.media import FrameIndex

ZOOM_STEP = 1.25
MIN_SPAN_S = 0.1
MAX_READ = 3
SETTLE_MS = 150
LEAST_PX, LEAST_COMPARED_PX = 150, 240
SCROLL_STEPS = 100_000


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
        self.setMinimumHeight(LEAST_PX)
        self._tokens = theme.DARK
        self._language = "en"
        self._duration_s = 1.0
        self._index: FrameIndex | None = None
        self._is_scrubbing = False
        self._selected: int | None = None
        self._card: ModelCard | None = None
        self._shows_smooth = True
        self.plot = PlotArea(self)
        self.curves = CurveLayer(self.plot)
        self._build_lanes()
        self.words = TimelineWords(self, self.plot)
        self.words.track_chosen.connect(self.track_chosen)
        self.comparison = SideBySide(self.plot, self.agreement, self.words.key)

    def _build_lanes(self) -> None:
        self.scale = TimeScale()
        self.ruler = Ruler(self.scale)
        self.pictures = PictureLane(self.scale)
        self.sound = SoundLane(self.scale)
        self.agreement = AgreementLane(self.scale)
        self.coverage = CoverageLane(self.scale)
        self.lanes: tuple[Lane, ...] = (self.ruler, self.pictures, self.sound, self.agreement, self.coverage)
        for part in (*self.lanes, self.plot):
            part.pressed.connect(self._on_pressed)
            part.dragged.connect(self._on_dragged)
            part.released.connect(self._on_released)
            part.wheeled.connect(self._on_wheel)
            part.hovered.connect(self.show_readout)
            part.doubled.connect(self.show_all)
        self.scroll_bar = QScrollBar(Qt.Orientation.Horizontal)
        self.scroll_bar.setAccessibleName(self.tr("Stretch of time that is shown"))
        self.scroll_bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_bar.valueChanged.connect(self._on_scrolled)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLE_MS)
        self._settled.timeout.connect(self.pictures.ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        rows = (self.ruler, self.pictures, self.plot, self.sound, self.agreement, self.coverage, self.scroll_bar)
        for row in rows:
            layout.addWidget(row, int(row is self.plot))
        for row in (self.sound, self.agreement, self.scroll_bar):
            row.hide()
        self.plot.view.sigXRangeChanged.connect(self._on_range)

    @property
    def readout(self) -> QWidget:
        """What is written about the place under the pointer."""
        return self.words.readout

    @property
    def curve_ids(self) -> tuple[int, ...]:
        """The faces that have a curve."""
        return self.curves.ids

    @property
    def playhead_s(self) -> float:
        """Where the playhead stands."""
        return float(self.plot.playhead.value())

    @property
    def visible_range_s(self) -> tuple[float, float]:
        """The stretch of time that is shown."""
        low, high = self.plot.view.viewRange()[0]
        return float(low), float(high)

    def curve_data(self, track_id: int) -> tuple[DoubleArray, DoubleArray]:
        """Times and probabilities of a curve as they were given."""
        curve = self.curves.data[track_id]
        return curve.time_s, curve.p_fake

    def set_language(self, language: str) -> None:
        """Language of bands and numbers."""
        self._language = language

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.plot.dress(tokens)
        for lane in self.lanes:
            lane.dress(tokens)
        self.words.key.dress(tokens)
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
        self.plot.set_range(None)
        self.plot.view.setLimits(xMin=0, xMax=self._duration_s, minXRange=MIN_SPAN_S, maxXRange=self._duration_s)
        self.show_all()
        self._rescale()
        self.set_playhead(0.0)

    def clear_curves(self) -> None:
        """Take all curves away."""
        self.curves.clear()
        self._selected = None
        self.show_comparison(None)
        self.coverage.set_coverage(np.empty(0), np.empty(0, dtype=np.uint8), 0.0, None)
        self.set_card(None)

    def set_card(self, card: ModelCard | None) -> None:
        """Draw the limits of a model's card and name scores by it, None hides them."""
        self._card = card
        self.plot.set_thresholds(card.thresholds if card is not None else None)

    def set_marks(self, marks: MarkSet, range_s: tuple[float, float] | None) -> None:
        """Show bookmarks and the range from in to out.

        Args:
            marks: All marks.
            range_s: Begin and end of the range in seconds, None without one.
        """
        self.ruler.set_marks(marks)
        self.plot.set_range(range_s)

    def set_cuts(self, times_s: DoubleArray) -> None:
        """Show where shots begin."""
        self.ruler.set_cuts(times_s)
        self.plot.set_cuts(times_s)

    def set_hint(self, text: str) -> None:
        """A sentence in the middle while there is no curve; empty hides it."""
        self.words.set_hint(text)

    def set_smoothing(self, is_shown: bool) -> None:
        """Show the smoothed curve beside the raw one."""
        self._shows_smooth = is_shown
        self._style_curves()
        self._draw()

    def set_predictions(self, predictions: Predictions) -> None:
        """Draw what has grown since the last call."""
        for track_id, curve in predictions.curves.items():
            time_s, p_fake = curve.arrays()
            known = self.curves.data.get(track_id)
            if known is not None and len(known.time_s) == len(time_s):
                continue
            before = None if known is None else (known.time_s, known.p_fake)
            even = smoothed_on(time_s, p_fake, before, None if known is None else known.smooth)
            if self.curves.put(track_id, DrawnCurve(time_s, p_fake, even)):
                self._style_curves()
            self.curves.draw_one(track_id, *self.visible_range_s, self._columns)

    def show_comparison(self, comparison: Contrast | None) -> None:
        """Show other detectors beside the one whose result stands, None takes them away."""
        self.comparison.show(comparison)
        self.agreement.setVisible(comparison is not None)
        self.plot.set_rows(1 if comparison is None else 2)
        self.setMinimumHeight(LEAST_PX if comparison is None else LEAST_COMPARED_PX)
        self._style_curves()
        self._draw()

    @property
    def _columns(self) -> int:
        return max(50, int(self.scale.width))

    def _draw(self) -> None:
        for layer in (self.curves, *self.comparison.layers):
            layer.draw(*self.visible_range_s, self._columns)

    def select(self, track_id: int | None) -> None:
        """Bring one face's curve forward, None treats all alike."""
        self._selected = track_id
        self._style_curves()
        if self.comparison.layers:
            self._draw()

    def _style_curves(self) -> None:
        person = self.comparison.person(self._selected)
        for track_id in self.curves.ids:
            is_back = person not in (None, track_id)
            color = theme.track_color(self._tokens, track_id)
            self.curves.style(track_id, color, 0.35 if is_back else 1.0, self._shows_smooth, is_back)
        color = QColor(self._tokens.text) if person is None else theme.track_color(self._tokens, person)
        self.comparison.style(person, self._tokens, self._shows_smooth, self._language)
        self.curves.letter(person if self.comparison.layers else None, color)
        # colour is never the only way to tell the faces apart
        self.words.name_curves(self.curves.ids, self._selected, self._tokens)

    # time

    def set_playhead(self, time_s: float) -> None:
        """Move the playhead; a zoomed view follows it."""
        self.plot.playhead.setValue(time_s)
        for lane in self.lanes:
            lane.set_playhead(time_s)
        low, high = self.visible_range_s
        if not low <= time_s <= high and not self._is_scrubbing:
            self._show_from(time_s - 0.1 * (high - low), high - low)

    def show_all(self) -> None:
        """Show the whole length."""
        self.plot.view.setXRange(0, self._duration_s, padding=0)

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
        self.plot.view.setXRange(start, start + span_s, padding=0)

    def _on_range(self) -> None:
        self._rescale()
        self._draw()

    def _rescale(self) -> None:
        box = self.plot.view.sceneBoundingRect()
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
        is_inside = time_s is not None and 0.0 <= time_s <= self._duration_s and self._index is not None
        self.words.read(self.describe(time_s) if is_inside and time_s is not None else None)

    def describe(self, time_s: float) -> str:
        """Time, frame, coverage, and for the faces there value, smoothed value and band; in a comparison all values."""
        index = self._index
        if index is None:
            return ""
        frame = index.frame_at_time(time_s)
        parts = [self.tr("{}  frame {}").format(shown_time(float(index.time_s[frame])), frame)]
        state = self.coverage.state_at(time_s)
        person = self.comparison.person(self._selected)
        reach = max(2.0 * self.coverage.step_s, 2.0 * self.scale.seconds_per_pixel)
        if self.comparison.layers and person is not None:
            readings = [self.comparison.reading(person, time_s, reach)]
        else:
            tracks = sorted(self.curves.ids, key=lambda track: (track != self._selected, track))
            readings = [text for track in tracks if (text := self._reading(track, time_s, reach))]
        if any(readings):
            parts += readings[:MAX_READ]
        elif state:
            parts.append(state)
        return "   ".join(parts)

    def _reading(self, track_id: int, time_s: float, reach: float) -> str:
        curve = self.curves.data[track_id]
        place = int(np.searchsorted(curve.time_s, time_s + 1e-6, side="right")) - 1
        if place < 0 or np.isnan(curve.p_fake[place]) or time_s - curve.time_s[place] > reach:
            return ""
        raw = QLocale().toString(float(curve.p_fake[place]), "f", 2)
        even = QLocale().toString(float(curve.smooth[place]), "f", 2)
        text = self.tr("Person {}: {}, smoothed {}").format(track_id, raw, even)
        if self._card is not None:
            band = self._card.thresholds.band(float(curve.p_fake[place]))
            text += f", {wording.band_short_text(band, self._language, self._card.ratio_of(band, 'image'))}"
        return text

    # hand

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

    def resizeEvent(self, event: Any) -> None:  # noqa: ANN401  # a QResizeEvent
        """Keep labels and lanes in place."""
        super().resizeEvent(event)
        self.words.place()
        # the plot takes its new size after this event
        QTimer.singleShot(0, self, self._on_range)
