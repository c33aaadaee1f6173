"""A single frame as it leaves the program: every pixel, a caption and hashes. Not for the interface thread."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from desktop_app.domain import Frame, MediaInfo, UInt8Array
from desktop_app.files import replacing
from desktop_app.ui.curves import timecode
from desktop_app.ui.jobs import to_qimage


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


def captioned(still: Still) -> tuple[QImage, str]:
    """The frame with its caption on a strip below it, and the caption as text."""
    picture = to_qimage(still.frame.image)
    font = QFont()
    font.setPixelSize(max(11, min(28, picture.width() // 60)))
    line = round(font.pixelSize() * 1.5)
    height = picture.height() + line * (len(still.caption) + 1)
    result = QImage(max(picture.width(), 640), height, QImage.Format.Format_RGB32)
    result.fill(QColor("#161616"))
    painter = QPainter(result)
    painter.drawImage((result.width() - picture.width()) // 2, 0, picture)
    painter.setFont(font)
    painter.setPen(QColor("#f0f0f0"))
    for number, text in enumerate(still.caption):
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, result.width() - line)
        painter.drawText(line // 2, picture.height() + round(line * (number + 1.15)), short)
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
