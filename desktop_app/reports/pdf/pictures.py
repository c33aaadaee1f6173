"""Pictures on the page, reduced to what print shows."""

import io

from PIL import Image as PilImage
from reportlab.lib.utils import ImageReader

from desktop_app.reports.pdf.style import INK, NOTE, PALE, WHITE
from desktop_app.reports.pdf.tags import Figure
from desktop_app.reports.pdf.text import para

PRINT_DPI = 300.0
JPEG_QUALITY = 90

Share = tuple[float, float, float, float]


class Picture(Figure):
    """A picture fitted into a space, with boxes around faces.

    Args:
        data: The picture as a file.
        room: Greatest width and height in points.
        broken: What to say where the picture cannot be read.
        boxes: Left, top, right and bottom as shares of the picture; the first is drawn bold.
        alt: What is to be seen.
    """

    def __init__(
        self,
        data: bytes,
        room: tuple[float, float],
        broken: str,
        boxes: tuple[Share, ...] = (),
        alt: str = "",
    ) -> None:
        super().__init__()
        self.alt = alt
        self._boxes, self._broken = boxes, broken
        self._image = _prepare(data, room)
        width, height = self._image.getSize() if self._image else (3, 2)
        scale = min(room[0] / width, room[1] / height)
        self.width, self.height = width * scale, height * scale

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def paint(self) -> None:
        """Draw the picture and its boxes."""
        canvas = self.canv
        if self._image is None:
            canvas.setFillColor(PALE)
            canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
            note = para(self._broken, NOTE)
            _, height = note.wrap(self.width - 12, self.height)
            note.drawOn(canvas, 6, (self.height - height) / 2)
            return
        canvas.drawImage(self._image, 0, 0, self.width, self.height)
        canvas.saveState()
        clip = canvas.beginPath()
        clip.rect(0, 0, self.width, self.height)
        canvas.clipPath(clip, stroke=0, fill=0)
        for index, (x1, y1, x2, y2) in enumerate(self._boxes):
            place = (x1 * self.width, (1 - y2) * self.height, (x2 - x1) * self.width, (y2 - y1) * self.height)
            # dark line in a light one: seen on every ground, in print too
            for colour, line in ((WHITE, 2.6), (INK, 1.2)) if index == 0 else ((WHITE, 0.8),):
                canvas.setStrokeColor(colour)
                canvas.setLineWidth(line)
                canvas.rect(*place, stroke=1, fill=0)
        canvas.restoreState()


def _prepare(data: bytes, room: tuple[float, float]) -> ImageReader | None:
    try:
        with PilImage.open(io.BytesIO(data)) as opened:
            picture = opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, PilImage.DecompressionBombError):
        return None
    most = (round(room[0] / 72 * PRINT_DPI), round(room[1] / 72 * PRINT_DPI))
    picture.thumbnail(most, PilImage.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "jpeg", quality=JPEG_QUALITY, subsampling=0)
    buffer.seek(0)
    return ImageReader(buffer)
