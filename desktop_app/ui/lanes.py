"""What the lanes of the timeline have in common, and its ruler. All share one scale of time."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui import theme
from desktop_app.ui.curves import timecode
from desktop_app.ui.marks import MarkSet

if TYPE_CHECKING:
    from desktop_app.media import FrameIndex

GUTTER_PX = 56
RIGHT_PX = 14
LABEL_PX = 130
_STEPS_S = (
    0.04, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400,
)  # fmt: skip

DoubleArray = NDArray[np.float64]


@dataclass(slots=True)
class TimeScale:
    """Which stretch of time a width of pixels shows.

    Args:
        low_s, high_s: The stretch.
        left, right: Its ends in pixels of every lane.
    """

    low_s: float = 0.0
    high_s: float = 1.0
    left: float = GUTTER_PX
    right: float = GUTTER_PX + 100.0

    @property
    def width(self) -> float:
        """Pixels."""
        return max(1.0, self.right - self.left)

    @property
    def seconds_per_pixel(self) -> float:
        """How long a pixel lasts."""
        return (self.high_s - self.low_s) / self.width

    def x_of(self, time_s: float) -> float:
        """Place of a time."""
        return self.left + (time_s - self.low_s) / max(self.high_s - self.low_s, 1e-9) * self.width

    def time_at(self, x: float) -> float:
        """Time of a place."""
        return self.low_s + (x - self.left) * self.seconds_per_pixel


class Lane(QWidget):
    """A strip of the timeline; what does not change while playing is painted once and kept.

    Args:
        scale: Shared by all lanes.
        name: Written before the lane.
        height: Logical pixels.
    """

    pressed = Signal(float)
    dragged = Signal(float)
    released = Signal()
    wheeled = Signal(float, float, float)
    hovered = Signal(object)
    doubled = Signal()

    def __init__(self, scale: TimeScale, name: str, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scale = scale
        self.name = name
        self.setAccessibleName(name)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._tokens = theme.DARK
        self._still: QPixmap | None = None
        self._playhead_s = 0.0
        self._is_down = False

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.refresh()

    def refresh(self) -> None:
        """Paint anew what is kept."""
        self._still = None
        self.update()

    def set_playhead(self, time_s: float) -> None:
        """Move the playhead."""
        before, self._playhead_s = self.scale.x_of(self._playhead_s), time_s
        after = self.scale.x_of(time_s)
        for x in (before, after):
            self.update(round(x) - 7, 0, 14, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """What is kept, then the playhead."""
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._still is None or self._still.size() != size:
            self._still = QPixmap(size)
            self._still.setDevicePixelRatio(ratio)
            self._still.fill(QColor(self._tokens.surface))
            painter = QPainter(self._still)
            painter.setLayoutDirection(self.layoutDirection())
            painter.setFont(self.font())
            self._paint_name(painter)
            painter.setClipRect(QRectF(self.scale.left - 1, 0, self.scale.width + 2, self.height()))
            self.paint_still(painter)
            painter.end()
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.drawPixmap(0, 0, self._still)
        if self.scale.low_s <= self._playhead_s <= self.scale.high_s:
            self.paint_playhead(painter, self.scale.x_of(self._playhead_s))

    def _paint_name(self, painter: QPainter) -> None:
        font = self.font()
        font.setPointSizeF(max(6.5, font.pointSizeF() - 2))
        painter.setFont(font)
        painter.setPen(QColor(self._tokens.muted))
        place = QRectF(4, 0, self.scale.left - 10, self.height())
        text = painter.fontMetrics().elidedText(self.name, Qt.TextElideMode.ElideRight, round(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)

    def paint_still(self, painter: QPainter) -> None:
        """Paint what does not change while playing."""

    def paint_playhead(self, painter: QPainter, x: float) -> None:
        """Paint the playhead."""
        painter.setPen(QPen(QColor(self._tokens.focus), 1))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to seek."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._is_down = True
            self.pressed.emit(self.scale.time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Seek, or say what is there."""
        time_s = self.scale.time_at(event.position().x())
        self.hovered.emit(time_s)
        if self._is_down:
            self.dragged.emit(time_s)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End seeking."""
        if self._is_down:
            self._is_down = False
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole length."""
        self.doubled.emit()

    def leaveEvent(self, event: object) -> None:
        """The pointer went away."""
        self.hovered.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom or pan."""
        delta = event.angleDelta()
        self.wheeled.emit(float(delta.x()), float(delta.y()), self.scale.time_at(event.position().x()))
        event.accept()


class Ruler(Lane):
    """Timecodes and frame numbers, the range from in to out, bookmarks and shot cuts."""

    def __init__(self, scale: TimeScale, parent: QWidget | None = None) -> None:
        super().__init__(scale, "", 34, parent)
        self.setAccessibleName(self.tr("Ruler"))
        self._index: FrameIndex | None = None
        self._marks = MarkSet()
        self._cuts: DoubleArray = np.empty(0)

    def open(self, index: "FrameIndex | None") -> None:
        """Count the frames of another item."""
        self._index, self._marks, self._cuts = index, MarkSet(), np.empty(0)
        self.refresh()

    def set_marks(self, marks: MarkSet) -> None:
        """Show range and bookmarks."""
        self._marks = marks
        self.refresh()

    def set_cuts(self, times_s: DoubleArray) -> None:
        """Show where shots begin."""
        self._cuts = times_s
        self.refresh()

    def _time_of(self, frame: int) -> float:
        return float(self._index.time_s[frame]) if self._index is not None else 0.0

    def paint_still(self, painter: QPainter) -> None:
        """Paint ticks, labels and marks."""
        self._paint_range(painter)
        self._paint_ticks(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, bottom = self._tokens, float(self.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.muted))
        for time_s in self._cuts:
            x = self.scale.x_of(float(time_s))
            painter.drawPolygon(QPolygonF([QPointF(x - 4, bottom), QPointF(x + 4, bottom), QPointF(x, bottom - 6)]))
        painter.setBrush(QColor(tokens.text))
        for frame, _ in self._marks.bookmarks:
            x = self.scale.x_of(self._time_of(frame))
            flag = (QPointF(x, 1), QPointF(x + 9, 4.5), QPointF(x, 8))
            painter.drawPolygon(QPolygonF(list(flag)))
            painter.drawRect(QRectF(x - 0.5, 1, 1, bottom))

    def _paint_range(self, painter: QPainter) -> None:
        marks, index = self._marks, self._index
        if index is None or (marks.first is None and marks.last is None):
            return
        last = len(index) - 1 if marks.last is None else marks.last
        left = self.scale.x_of(self._time_of(marks.first or 0))
        right = self.scale.x_of(self._time_of(last) + index.duration_of(last))
        shade = QColor(self._tokens.focus)
        shade.setAlphaF(0.22)
        painter.fillRect(QRectF(left, 0, right - left, self.height()), shade)
        painter.setPen(QPen(QColor(self._tokens.focus), 2))
        for x, inward, is_set in ((left, 5, marks.first is not None), (right, -5, marks.last is not None)):
            if is_set:
                painter.drawPolyline(
                    QPolygonF([QPointF(x + inward, 1), QPointF(x, 1), QPointF(x, 33), QPointF(x + inward, 33)])
                )

    def _paint_ticks(self, painter: QPainter) -> None:
        scale, tokens = self.scale, self._tokens
        wanted = scale.seconds_per_pixel * LABEL_PX
        step = next((s for s in _STEPS_S if s >= wanted), _STEPS_S[-1])
        font = self.font()
        font.setPointSizeF(max(6.5, font.pointSizeF() - 2))
        painter.setFont(font)
        ascent = painter.fontMetrics().ascent()
        for number in range(int(scale.low_s / step), int(scale.high_s / step) + 2):
            time_s = number * step
            x = scale.x_of(time_s)
            painter.setPen(QPen(QColor(tokens.border), 1))
            painter.drawLine(QPointF(x, 4), QPointF(x, self.height()))
            for part in range(1, 5):
                minor = x + part * step / 5 / scale.seconds_per_pixel
                painter.drawLine(QPointF(minor, self.height() - 5), QPointF(minor, self.height()))
            text = timecode(time_s)
            painter.setPen(QColor(tokens.text))
            painter.drawText(QPointF(x + 5, ascent + 2), text.rsplit(".", 1)[0] if step >= 1 else text)
            if self._index is not None and time_s < self._index.duration_s:
                painter.setPen(QColor(tokens.muted))
                painter.drawText(QPointF(x + 5, 2 * ascent + 5), str(self._index.frame_at_time(time_s)))

    def paint_playhead(self, painter: QPainter, x: float) -> None:
        """A handle to hold on to."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._tokens.focus))
        bottom = float(self.height())
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, bottom - 11), QPointF(x + 5, bottom - 11), QPointF(x + 5, bottom - 6),
                       QPointF(x, bottom), QPointF(x - 5, bottom - 6)])
        )  # fmt: skip
