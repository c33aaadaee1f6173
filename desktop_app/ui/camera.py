"""Where a picture lies on a widget: zoom, place and the shape of its pixels; reckoned without a widget."""

from PySide6.QtCore import QPointF, QRectF, QSize

MAX_ZOOM = 32.0
MIN_ZOOM = 0.02
FIT_MARGIN_PX = 10


class Camera:
    """Maps pixels of a picture to a widget and back.

    Zoom is device pixels of the screen per pixel of the picture, along the side on which its pixels are not stretched.
    """

    def __init__(self) -> None:
        self.size = QSize()
        self.zoom = 1.0
        self.is_fit = True
        self.center = QPointF()
        self._room = QPointF(1.0, 1.0)
        self._ratio = 1.0
        self._stretch = (1.0, 1.0)

    def set_room(self, width: int, height: int, ratio: float) -> None:
        """Size of the widget and device pixels per logical pixel."""
        self._room, self._ratio = QPointF(width, height), ratio

    def set_pixel_aspect(self, aspect: float) -> bool:
        """Width of a pixel by its height; pixels are only ever stretched, so that none is lost at 100 %.

        Returns:
            Whether that is another one than before.
        """
        stretch = (max(aspect, 1.0), max(1.0 / aspect, 1.0)) if aspect > 0 else (1.0, 1.0)
        is_other, self._stretch = stretch != self._stretch, stretch
        return is_other

    @property
    def stretch(self) -> tuple[float, float]:
        """Factors of width and height that make the pixels of the picture as wide as they are meant."""
        return self._stretch

    def set_size(self, size: QSize) -> None:
        """Take another picture, seen whole or at its middle."""
        self.size = size
        self.center = QPointF(size.width() / 2, size.height() / 2)

    def fit(self) -> None:
        """Show the whole picture."""
        self.is_fit = True
        if self.size.isEmpty():
            return
        width = max(self._room.x() - 2 * FIT_MARGIN_PX, 16) / (self.size.width() * self._stretch[0])
        height = max(self._room.y() - 2 * FIT_MARGIN_PX, 16) / (self.size.height() * self._stretch[1])
        self.zoom = min(width, height) * self._ratio
        self.center = QPointF(self.size.width() / 2, self.size.height() / 2)

    def zoom_at(self, zoom: float, anchor: QPointF) -> None:
        """Change the zoom, and keep what lies under a point of the widget there."""
        fixed = self.to_picture(anchor)
        self.is_fit = False
        self.zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        across, down = self._scales()
        middle = anchor - self._room / 2
        self.look_at(fixed - QPointF(middle.x() / across, middle.y() / down))

    def look_at(self, center: QPointF) -> None:
        """Bring a place of the picture to the middle, as far as the picture reaches."""
        across, down = self._scales()
        result = []
        for value, side, room in (
            (center.x(), self.size.width(), self._room.x() / across),
            (center.y(), self.size.height(), self._room.y() / down),
        ):
            result.append(side / 2 if room >= side else min(max(value, room / 2), side - room / 2))
        self.center = QPointF(*result)

    def pan(self, moved: QPointF) -> None:
        """Move the picture by so much on the widget."""
        across, down = self._scales()
        self.look_at(self.center - QPointF(moved.x() / across, moved.y() / down))

    def to_widget(self, point: QPointF) -> QPointF:
        """From pixels of the picture to the widget."""
        across, down = self._scales()
        off = point - self.center
        return QPointF(off.x() * across, off.y() * down) + self._room / 2

    def to_picture(self, point: QPointF) -> QPointF:
        """From the widget to pixels of the picture."""
        across, down = self._scales()
        off = point - self._room / 2
        return QPointF(off.x() / across, off.y() / down) + self.center

    def rect_on_widget(self, rect: QRectF) -> QRectF:
        """A rectangle of the picture on the widget."""
        return QRectF(self.to_widget(rect.topLeft()), self.to_widget(rect.bottomRight()))

    def shown_size(self) -> tuple[int, int]:
        """Width and height of the whole picture in device pixels."""
        width, height = (self.size.width() * self._stretch[0], self.size.height() * self._stretch[1])
        return max(1, round(width * self.zoom)), max(1, round(height * self.zoom))

    def _scales(self) -> tuple[float, float]:
        scale = self.zoom / self._ratio
        return scale * self._stretch[0], scale * self._stretch[1]
