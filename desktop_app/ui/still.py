"""A single frame as it leaves the program: every pixel, a caption and hashes. Not for the interface thread."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from desktop_app.domain import Frame, MediaInfo, UInt8Array
from desktop_app.files import replacing
from desktop_app.ui.curves import timecode
from desktop_app.ui.jobs import to_qimage

GROUND, INK = QColor("#161616"), QColor("#f0f0f0")


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """A frame and what is to be said of it.

    Args:
        frame: The frame.
        media: Its item.
        pixels_sha256: Hash of the (H, W, 3) RGB bytes.
        caption: Lines of text.
    """

    frame: Frame
    media: MediaInfo
    pixels_sha256: str
    caption: tuple[str, ...]


def make_still(frame: Frame, media: MediaInfo, pixel_aspect: Fraction = Fraction(1)) -> Still:
    """Hash a frame's pixels and write its caption, in signs that need no translation.

    Args:
        frame: The frame; it leaves as it is stored, whatever the shape of its pixels.
        media: Its item.
        pixel_aspect: Width of its pixels by their height; told where they are not square.
    """
    height, width = frame.image.shape[:2]
    digest = hashlib.sha256(frame.image.tobytes()).hexdigest()
    stamp = "-" if frame.pts is None else str(frame.pts)
    size = f"{width} x {height}"
    if pixel_aspect != 1:
        size += f" (SAR {pixel_aspect.numerator}:{pixel_aspect.denominator})"
    caption = (
        f"{media.path.name}    {timecode(frame.time_s)}    #{frame.index}    PTS {stamp}    {size}",
        f"SHA-256 {media.sha256}",
        f"SHA-256 (RGB) {digest}",
    )
    return Still(frame, media, digest, caption)


def caption_font(width_px: int) -> tuple[QFont, int]:
    """The font of a caption below a picture of a width, and the height of its lines in pixels."""
    font = QFont()
    font.setPixelSize(max(11, min(28, width_px // 60)))
    return font, round(font.pixelSize() * 1.5)


def write_caption(painter: QPainter, lines: Sequence[str], at: tuple[int, int], width_px: int, line_px: int) -> None:
    """Write lines below each other, shortened in the middle where they are too long.

    Args:
        painter: With font and pen.
        lines: The caption.
        at: Left and top of its strip.
        width_px: Of the strip.
        line_px: Height of a line.
    """
    for number, text in enumerate(lines):
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width_px - line_px)
        painter.drawText(at[0] + line_px // 2, at[1] + round(line_px * (number + 1.15)), short)


def captioned(still: Still) -> tuple[QImage, str]:
    """The frame with its caption on a strip below it, and the caption as text."""
    picture = to_qimage(still.frame.image)
    font, line = caption_font(picture.width())
    height = picture.height() + line * (len(still.caption) + 1)
    result = QImage(max(picture.width(), 640), height, QImage.Format.Format_RGB32)
    result.fill(GROUND)
    painter = QPainter(result)
    painter.drawImage((result.width() - picture.width()) // 2, 0, picture)
    painter.setFont(font)
    painter.setPen(INK)
    write_caption(painter, still.caption, (0, picture.height()), result.width(), line)
    painter.end()
    return result, "\n".join(still.caption)


def save(still: Still, path: Path) -> Path:
    """Write the frame as PNG with every pixel as it is, and its caption beside it as text.

    The caption also stands in the picture's text fields.

    Args:
        still: The frame.
        path: The PNG.

    Raises:
        CaseError: A file cannot be written there.
    """
    return write_png(still.frame.image, still.caption, path)


def write_png(pixels: UInt8Array, caption: tuple[str, ...], path: Path) -> Path:
    """Write a picture as PNG with every pixel as it is, and its caption in its text fields and beside it as text.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        caption: Lines of text.
        path: The PNG.

    Raises:
        CaseError: A file cannot be written there.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    fields = PngInfo()
    fields.add_itxt("Title", caption[0])
    fields.add_itxt("Description", "\n".join(caption))
    fields.add_text("Software", "Cotejo")
    with replacing(path, ".png") as part:
        Image.fromarray(pixels).save(part, "PNG", pnginfo=fields)
        digest = hashlib.sha256(part.read_bytes()).hexdigest()
    note = path.with_name(path.name + ".txt")
    with replacing(note) as part:
        part.write_text("\n".join((*caption, f"SHA-256 ({path.name}) {digest}", "")), encoding="utf-8")
    return path
