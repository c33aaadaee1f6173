"""What is painted over a picture: boxes with labels, a marked region, a line that reads the pixels."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from desktop_app.domain import Box
from desktop_app.ui import theme

_HALO = QColor(0, 0, 0, 190)
_PLATE = QColor(16, 16, 16, 225)
_TEXT = QColor("#f4f4f4")


@dataclass(frozen=True, slots=True)
class Overlay:
    """One box on the picture.

    Args:
        track_id: The face.
        box_xyxy: Pixels of the picture.
        text: Label above the box.
        is_dashed: Whether it was found and not scored.
        is_selected: Whether the user chose this face.
    """

    track_id: int
    box_xyxy: Box
    text: str
    is_dashed: bool = False
    is_selected: bool = False


def face_at(overlays: Iterable[Overlay], at: QPointF) -> int | None:
    """The smallest face at a place of the picture."""
    hits = []
    for overlay in overlays:
        x1, y1, x2, y2 = overlay.box_xyxy
        if x1 <= at.x() <= x2 and y1 <= at.y() <= y2:
            hits.append(((x2 - x1) * (y2 - y1), overlay.track_id))
    return min(hits)[1] if hits else None


def paint_boxes(
    painter: QPainter, overlays: Iterable[Overlay], place: Callable[[QRectF], QRectF], room: QRectF, font: QFont
) -> None:
    """All boxes, the chosen one last.

    Args:
        painter: Of the widget, smooth.
        overlays: What to paint.
        place: From a rectangle of the picture to the widget.
        room: Where labels must stay.
        font: Of the labels.
    """
    for overlay in sorted(overlays, key=lambda overlay: overlay.is_selected):
        x1, y1, x2, y2 = overlay.box_xyxy
        paint_box(painter, place(QRectF(x1, y1, x2 - x1, y2 - y1)), overlay, room, font)


def paint_box(painter: QPainter, rect: QRectF, overlay: Overlay, room: QRectF, font: QFont) -> None:
    """One box and its label.

    Args:
        painter: Of the widget, smooth.
        rect: The box on the widget.
        overlay: What to paint.
        room: Where labels must stay.
        font: Of the label.
    """
    color = theme.box_color(overlay.track_id)
    width = 3.0 if overlay.is_selected else 2.0
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_HALO, width + 2.0))
    painter.drawRoundedRect(rect, 2, 2)
    pen = QPen(color, width)
    if overlay.is_dashed:
        pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.drawRoundedRect(rect, 2, 2)
    if overlay.text:
        _paint_label(painter, rect, overlay.text, color, room, font)


def _paint_label(painter: QPainter, rect: QRectF, text: str, color: QColor, room: QRectF, font: QFont) -> None:
    bold = QFont(font)
    bold.setBold(True)
    painter.setFont(bold)
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(text) + 22, metrics.height() + 6
    left = min(max(rect.left() - 1, 2.0), max(2.0, room.width() - width - 2.0))
    top = rect.top() - height - 4
    if top < 2:
        top = min(rect.bottom() + 4, room.height() - height - 2.0)
    plate = QRectF(left, top, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_PLATE)
    painter.drawRoundedRect(plate, 3, 3)
    painter.setBrush(color)
    painter.drawRoundedRect(QRectF(left, top, 5, height), 2, 2)
    painter.setPen(_TEXT)
    painter.drawText(plate.adjusted(13, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def paint_region(painter: QPainter, rect: QRectF) -> None:
    """A marked region: a dashed line that shows on any ground."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_HALO, 3))
    painter.drawRect(rect)
    pen = QPen(_TEXT, 1)
    pen.setDashPattern([5, 4])
    painter.setPen(pen)
    painter.drawRect(rect)


def paint_reading(painter: QPainter, text: str, room: QRectF, swatch: QColor | None) -> None:
    """A line of text at the lower edge, with a patch of a colour before it.

    Args:
        painter: Of the widget.
        text: The line.
        room: The widget.
        swatch: Colour of the pixel that is read.
    """
    painter.setFont(theme.mono_font(-1.0))
    metrics = painter.fontMetrics()
    start = 24 if swatch is not None else 8
    width, height = metrics.horizontalAdvance(text) + start + 8, metrics.height() + 6
    # at the right: labels of boxes that reach beyond the widget stand at its left edge
    plate = QRectF(max(room.left() + 6, room.right() - width - 6), room.bottom() - height - 6, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_PLATE)
    painter.drawRoundedRect(plate, 3, 3)
    if swatch is not None:
        painter.setPen(QPen(_TEXT, 1))
        painter.setBrush(swatch)
        painter.drawRect(QRectF(plate.left() + 6, plate.top() + (height - 10) / 2, 11, 10))
    painter.setPen(_TEXT)
    painter.drawText(plate.adjusted(start, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
