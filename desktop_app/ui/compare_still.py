"""Two frames against each other: their difference, and a picture of both. Not for the interface thread."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PySide6.QtGui import QImage, QPainter

from desktop_app.domain import Frame, UInt8Array
from desktop_app.ui.jobs import to_qimage
from desktop_app.ui.still import GROUND, INK, caption_font, make_still, write_caption

if TYPE_CHECKING:
    from desktop_app.media import MediaItem

GAIN = 4
MAX_HEIGHT_PX = 2160
GAP_PX = 8


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What differs between two frames.

    Args:
        first: The frame that sets the size.
        second: The other one.
        pixels: (H, W, 3) uint8 RGB, the absolute difference `GAIN` times.
        mean: Mean absolute difference of the values, 0 to 255.
        scaled: The pixels at the size that was wanted, None when none was.
    """

    first: Frame
    second: Frame
    pixels: UInt8Array
    mean: float
    scaled: QImage | None = None


def difference(first: Frame, second: Frame, size: tuple[int, int] | None = None) -> Difference:
    """The absolute difference of two frames, the second scaled to the size of the first.

    Args:
        first: The frame that sets the size.
        second: The other one.
        size: Width and height at which it will be shown, None for every pixel.
    """
    other = _scaled(second.image, first.image.shape[1], first.image.shape[0])
    apart = cv2.absdiff(first.image, other)
    louder = np.asarray(cv2.convertScaleAbs(apart, alpha=GAIN), dtype=np.uint8)
    scaled = to_qimage(louder, size) if size is not None else None
    return Difference(first, second, louder, float(apart.mean()), scaled)


def _scaled(image: UInt8Array, width: int, height: int) -> UInt8Array:
    if image.shape[:2] == (height, width):
        return image
    shrinks = width < image.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height), interpolation=how), dtype=np.uint8)


def _displayed(frame: Frame, aspect: Fraction, height: int) -> UInt8Array:
    """A frame at a height, its pixels as wide as they are meant."""
    rows, columns = frame.image.shape[:2]
    return _scaled(frame.image, max(1, round(columns * float(aspect) * height / rows)), height)


@dataclass(frozen=True, slots=True, eq=False)
class Half:
    """One of two frames that are taken away together.

    Args:
        role: What the item is in the comparison.
        frame: The frame.
        item: Its item.
    """

    role: str
    frame: Frame
    item: "MediaItem"


def together(halves: tuple[Half, Half], remark: str, resized: str) -> tuple[QImage, tuple[str, ...]]:
    """Both frames beside each other, at the height of the larger one, each with its caption below it.

    Args:
        halves: The two frames.
        remark: How their times go together.
        resized: How to say at which size a frame is shown where that is not its own, with a place for the size.

    Returns:
        The picture, and the lines of its captions one after the other.
    """
    height = min(MAX_HEIGHT_PX, max(half.frame.image.shape[0] for half in halves))
    pictures, texts = [], []
    for half in halves:
        picture = _displayed(half.frame, half.item.pixel_aspect, height)
        lines = [half.role, *make_still(half.frame, half.item.info, half.item.pixel_aspect).caption]
        if picture.shape != half.frame.image.shape:
            lines[0] += f"    {resized.format(f'{picture.shape[1]} x {height}')}"
        pictures.append(picture)
        texts.append(lines)
    return _composed(pictures, texts, remark), (*texts[0], *texts[1], remark)


def _composed(pictures: list[UInt8Array], texts: list[list[str]], remark: str) -> QImage:
    font, line = caption_font(max(picture.shape[1] for picture in pictures))
    # wide enough for a hash in full, however small the pictures are
    widths = [max(picture.shape[1], 52 * font.pixelSize()) for picture in pictures]
    height = pictures[0].shape[0]
    lines = max(len(text) for text in texts)
    result = QImage(sum(widths) + GAP_PX, height + line * (lines + 2), QImage.Format.Format_RGB32)
    result.fill(GROUND)
    painter = QPainter(result)
    painter.setFont(font)
    painter.setPen(INK)
    left = 0
    for picture, text, width in zip(pictures, texts, widths, strict=True):
        painter.drawImage(left + (width - picture.shape[1]) // 2, 0, to_qimage(picture))
        write_caption(painter, text, (left, height), width, line)
        left += width + GAP_PX
    painter.drawText(line // 2, height + round(line * (lines + 1.25)), remark)
    painter.end()
    return result


def pixels_of(image: QImage) -> UInt8Array:
    """(H, W, 3) uint8 RGB of a picture made by `together`."""
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return np.ascontiguousarray(data[:, : image.width(), 2::-1])
