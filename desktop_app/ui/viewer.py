"""Shows the picture of a frame with what was found in it; zooms to the pixel, draws overlays sharp at any zoom."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.domain import Box, UInt8Array
from desktop_app.ui import theme
from desktop_app.ui.boxes import Overlay, face_at, paint_boxes, paint_reading, paint_region
from desktop_app.ui.camera import MAX_ZOOM, Camera
from desktop_app.ui.jobs import to_qimage

__all__ = ["CRISP_FROM", "MAX_ZOOM", "PIXEL_ZOOM", "ZOOM_STEP", "Overlay", "Viewer"]

ZOOM_STEP = 1.25
CRISP_FROM = 2.0
PIXEL_ZOOM = 8.0


class Viewer(QWidget):
    """The stage: picture, heat map, boxes; wheel zooms at the pointer, dragging pans, a double click toggles 100 %.

    The pixel under the pointer is read out; dragging with Shift marks a region and measures it.
    """

    place_changed = Signal(float, QPointF, bool)
    zoom_changed = Signal(float, bool)
    face_clicked = Signal(int)
    size_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Picture"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._stage = QColor("#141414")
        self._pixels: UInt8Array | None = None
        self._full: QImage | None = None
        self._scaled = QImage()
        self._overlays: tuple[Overlay, ...] = ()
        self._heat = QImage()
        self._heat_rect = QRectF()
        self._heat_opacity = 0.5
        self._camera = Camera()
        self._drag_from: QPointF | None = None
        self._has_dragged = False
        self._shows_boxes = True
        self._pointer: QPoint | None = None
        self._region = QRect()
        self._region_from: QPoint | None = None
        self.setMouseTracking(True)

    @property
    def zoom(self) -> float:
        """Screen pixels per pixel of the picture (in device pixels)."""
        return self._camera.zoom

    @property
    def is_fit(self) -> bool:
        """Whether the zoom follows the size of the window."""
        return self._camera.is_fit

    @property
    def center(self) -> QPointF:
        """Pixel of the picture in the middle of the widget."""
        return QPointF(self._camera.center)

    @property
    def picture_size(self) -> QSize:
        """Pixels across and down, empty without a picture."""
        return QSize(self._camera.size)

    @property
    def stretch(self) -> tuple[float, float]:
        """Factors of width and height by which pixels that are not square are drawn wider or higher."""
        return self._camera.stretch

    @property
    def image(self) -> QImage:
        """The picture on the stage pixel for pixel, null when empty."""
        if self._full is None:
            self._full = to_qimage(self._pixels) if self._pixels is not None else QImage()
        return self._full

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """The boxes on the stage."""
        return self._overlays

    @property
    def has_heatmap(self) -> bool:
        """Whether a heat map lies over the picture."""
        return not self._heat.isNull()

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the ground of a theme."""
        self._stage = QColor(tokens.stage)
        self.update()

    def set_pixel_aspect(self, aspect: float) -> None:
        """Draw pixels that are not square as wide as they are meant.

        Args:
            aspect: Width of a pixel by its height.
        """
        if self._camera.set_pixel_aspect(aspect):
            self._scaled = QImage()
            if self.is_fit:
                self._refit()
            self.update()

    def set_picture(self, pixels: UInt8Array, scaled: QImage | None = None) -> None:
        """Show a picture; zoom and place are kept when its size stays the same.

        Args:
            pixels: (H, W, 3) uint8 RGB.
            scaled: The same at the size last asked for by `size_wanted`, if it is there.
        """
        size = QSize(pixels.shape[1], pixels.shape[0])
        is_other = size != self._camera.size
        self._pixels, self._full = pixels, None
        self._scaled = scaled if scaled is not None else QImage()
        if is_other:
            self._region, self._pointer = QRect(), None
            self._camera.set_size(size)
            if self.is_fit:
                self._refit()
        self.update()

    def set_overlays(self, overlays: tuple[Overlay, ...]) -> None:
        """Replace the boxes."""
        if overlays != self._overlays:
            self._overlays = overlays
            self.update()

    def set_boxes_shown(self, are_shown: bool) -> None:
        """Show or hide all boxes."""
        self._shows_boxes = are_shown
        self.update()

    def set_heatmap(self, image: QImage | None, crop_xyxy: Box = (0.0, 0.0, 1.0, 1.0)) -> None:
        """Lay a heat map over a square of the picture, None takes it away."""
        if image is None and self._heat.isNull():
            return
        x1, y1, x2, y2 = crop_xyxy
        self._heat = image if image is not None else QImage()
        self._heat_rect = QRectF(x1, y1, x2 - x1, y2 - y1)
        self.update()

    def set_heat_opacity(self, opacity: float) -> None:
        """Strength of the heat map in [0, 1]."""
        self._heat_opacity = opacity
        self.update()

    def clear(self) -> None:
        """Empty the stage."""
        self._pixels, self._full = None, None
        self._camera.set_size(QSize())
        self._region, self._pointer = QRect(), None
        self._scaled = QImage()
        self.set_heatmap(None)
        self.set_overlays(())
        self.zoom_fit()
        self.update()

    def zoom_fit(self) -> None:
        """Show the whole picture and keep showing it."""
        self._camera.is_fit = True
        self._refit()
        self.update()

    def zoom_actual(self) -> None:
        """One pixel of the picture on one pixel of the screen."""
        self._set_zoom(1.0, QPointF(self.rect().center()))

    def zoom_pixels(self) -> None:
        """So large that single pixels can be told apart, around the selected face where there is one."""
        chosen = [overlay.box_xyxy for overlay in self._overlays if overlay.is_selected]
        if chosen:
            x1, y1, x2, y2 = chosen[0]
            self._camera.center = QPointF((x1 + x2) / 2, (y1 + y2) / 2)
        self._set_zoom(PIXEL_ZOOM, QPointF(self.rect().center()))

    def follow(self, zoom: float, center: QPointF, is_fit: bool) -> None:
        """Look at the same place as another viewer, without telling it back."""
        self.blockSignals(True)
        if is_fit:
            self.zoom_fit()
        elif not self.picture_size.isEmpty():
            self._camera.is_fit, self._camera.zoom = False, zoom
            self._camera.look_at(center)
            self.update()
        self.blockSignals(False)

    def zoom_by(self, factor: float) -> None:
        """Zoom about the middle."""
        self._set_zoom(self.zoom * factor, QPointF(self.rect().center()))

    def to_widget(self, point: QPointF) -> QPointF:
        """From pixels of the picture to this widget's coordinates."""
        return self._camera.to_widget(point)

    def to_picture(self, point: QPointF) -> QPointF:
        """From this widget's coordinates to pixels of the picture."""
        return self._camera.to_picture(point)

    def _refit(self) -> None:
        self._camera.set_room(self.width(), self.height(), self.devicePixelRatioF())
        if not self.picture_size.isEmpty():
            self._camera.fit()
            self._tell_place()

    def _set_zoom(self, zoom: float, anchor: QPointF) -> None:
        if not self.picture_size.isEmpty():
            self._camera.zoom_at(zoom, anchor)
            self._tell_place()
            self.update()

    def _tell_place(self) -> None:
        self.zoom_changed.emit(self.zoom, self.is_fit)
        self.place_changed.emit(self.zoom, self.center, self.is_fit)
        self._tell_size()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, picture, heat map and boxes."""
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.fillRect(event.rect(), self._stage)
        if self.picture_size.isEmpty():
            painter.end()
            return
        self._paint_picture(painter)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._heat.isNull():
            painter.setOpacity(self._heat_opacity)
            painter.setClipRect(self._camera.rect_on_widget(QRectF(QPointF(), QSizeF(self._camera.size))))
            painter.drawImage(self._camera.rect_on_widget(self._heat_rect), self._heat)
            painter.setClipping(False)
            painter.setOpacity(1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect())
        shown = self._overlays if self._shows_boxes else ()
        paint_boxes(painter, shown, self._camera.rect_on_widget, room, self.font())
        if not self._region.isNull():
            paint_region(painter, self._camera.rect_on_widget(QRectF(self._region)))
        text = self.reading()
        if text:
            paint_reading(painter, text, room, self._swatch())
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        target = self._camera.rect_on_widget(QRectF(QPointF(), QSizeF(self._camera.size)))
        width, height = self._camera.shown_size()
        if self._is_whole():
            if (self._scaled.width(), self._scaled.height()) != (width, height):
                # not the size that the decoding thread knew of: once here, the next frame comes right
                mode = Qt.TransformationMode.SmoothTransformation
                self._scaled = self.image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
            self._scaled.setDevicePixelRatio(self.devicePixelRatioF())
            painter.drawImage(target.topLeft().toPoint(), self._scaled)
            return
        # from 200 % on, pixels stay square: an examiner must see the pixel, not an invention between two
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, 1.0 < self.zoom < CRISP_FROM)
        visible = QRectF(self.to_picture(QPointF(0, 0)), self.to_picture(QPointF(self.width(), self.height())))
        source = QRectF(visible.toAlignedRect().adjusted(-1, -1, 1, 1)) & QRectF(QPointF(), QSizeF(self._camera.size))
        painter.drawImage(self._camera.rect_on_widget(source), self.image, source)

    def _is_whole(self) -> bool:
        return self.is_fit or self.zoom < 1.0

    def _tell_size(self) -> None:
        is_wanted = not self.picture_size.isEmpty() and self._is_whole()
        self.size_wanted.emit(self._camera.shown_size() if is_wanted else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep fitting, or keep the place."""
        self._camera.set_room(self.width(), self.height(), self.devicePixelRatioF())
        if self.is_fit:
            self._refit()
        elif not self.picture_size.isEmpty():
            self._camera.look_at(self.center)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        steps = event.angleDelta().y() / 120
        if steps:
            self._set_zoom(self.zoom * ZOOM_STEP**steps, event.position())
        event.accept()

    # reading

    def clear_region(self) -> None:
        """Forget the marked region."""
        self._region = QRect()
        self.update()

    def reading(self) -> str:
        """The pixel under the pointer and the marked region in words; empty when there is nothing to read."""
        parts = []
        if self._pixels is not None and self._pointer is not None:
            x, y = self._pointer.x(), self._pointer.y()
            red, green, blue = (int(value) for value in self._pixels[y, x])
            parts.append(f"x {x}  y {y}  RGB {red} {green} {blue}  #{red:02x}{green:02x}{blue:02x}")
        if self._pixels is not None and not self._region.isNull():
            area = self._region
            inside = self._pixels[area.top() : area.bottom() + 1, area.left() : area.right() + 1]
            mean = " ".join(str(round(float(value))) for value in inside.mean(axis=(0, 1)))
            size = f"{area.width()} x {area.height()} px"
            parts.append(self.tr("Region {} at {}, {}; mean RGB {}").format(size, area.left(), area.top(), mean))
        return "    ".join(parts)

    def _swatch(self) -> QColor | None:
        if self._pixels is None or self._pointer is None:
            return None
        return QColor(*(int(value) for value in self._pixels[self._pointer.y(), self._pointer.x()]))

    def _pixel_at(self, point: QPointF) -> QPoint | None:
        at = self.to_picture(point)
        pixel = QPoint(int(at.x() // 1), int(at.y() // 1))
        return pixel if QRect(QPoint(0, 0), self.picture_size).contains(pixel) else None

    def _mark_to(self, point: QPointF) -> None:
        at, start = self.to_picture(point), self._region_from
        if start is not None:
            x = min(max(int(at.x()), 0), self.picture_size.width() - 1)
            y = min(max(int(at.y()), 0), self.picture_size.height() - 1)
            corner = QPoint(min(start.x(), x), min(start.y(), y))
            self._region = QRect(corner, QPoint(max(start.x(), x), max(start.y(), y)))
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer went away."""
        self._pointer = None
        self.update()

    # hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to pan, to choose a face, or with Shift to mark a region."""
        if event.button() is Qt.MouseButton.LeftButton and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._region_from, self._region = self._pixel_at(event.position()), QRect()
            self.update()
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag_from, self._has_dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the pixel, pan, or mark."""
        pixel = self._pixel_at(event.position())
        if pixel != self._pointer:
            self._pointer = pixel
            self.update()
        if self._region_from is not None:
            self._mark_to(event.position())
            return
        if self._drag_from is None or self.picture_size.isEmpty():
            return
        moved = event.position() - self._drag_from
        if not self._has_dragged and moved.manhattanLength() < 4:
            return
        self._has_dragged = True
        self._drag_from = event.position()
        if not self.is_fit:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._camera.pan(moved)
            self.place_changed.emit(self.zoom, self.center, False)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the pan; a click without one chooses the face under the pointer."""
        if self._region_from is not None:
            self._region_from = None
            return
        was_click = self._drag_from is not None and not self._has_dragged
        self._drag_from = None
        self.unsetCursor()
        if was_click and event.button() is Qt.MouseButton.LeftButton:
            track_id = self.face_at(event.position().toPoint())
            if track_id is not None:
                self.face_clicked.emit(track_id)

    def face_at(self, point: QPoint) -> int | None:
        """The smallest face under a point of this widget."""
        return face_at(self._overlays if self._shows_boxes else (), self.to_picture(QPointF(point)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Between fit and 100 %, at the pointer."""
        if self.is_fit:
            self._set_zoom(1.0, event.position())
        else:
            self.zoom_fit()

    def changeEvent(self, event: QEvent) -> None:
        """Repaint when the pixel ratio of the screen changes."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._camera.set_room(self.width(), self.height(), self.devicePixelRatioF())
            if self.is_fit:
                self._refit()
        super().changeEvent(event)
