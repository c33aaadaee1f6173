"""What a JPEG's quantisation tables and coefficients say of how it was compressed.

Tables are compared with those of the Independent JPEG Group's library, which most software uses. Two compressions leave
gaps and peaks in the histograms of quantised DCT coefficients (Popescu and Farid, "Statistical tools for digital
forensics", 2004). They are recognised as Lukas and Fridrich do ("Estimation of primary quantization matrix in double
compressed JPEG images", DFRWS 2003): the picture without its first four rows and columns stands for the picture before
compression, is compressed in every way in question, and the way whose histograms fit best wins.
"""

import io
import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image
from scipy import fft

from desktop_app.media.frame_index import DoubleArray, IntArray

MAX_SIDE_PX = 1024
MIN_BLOCKS = 400
MIN_GAIN = 0.3
MIN_MISFIT = 0.03
_LARGEST = 15
_LOW = ((0, 1), (1, 0), (2, 0), (1, 1), (0, 2), (0, 3), (1, 2), (2, 1), (3, 0))
_ROUNDING = 0.29  # standard deviation that rounding pixels to whole numbers leaves in an orthonormal coefficient


@dataclass(frozen=True, slots=True)
class Tables:
    """How a JPEG was quantised.

    Args:
        quality: The library's quality whose table is nearest, 1 to 100.
        is_standard: Whether the tables are exactly those of that quality.
    """

    quality: int
    is_standard: bool


@dataclass(frozen=True, slots=True)
class TwoCompressions:
    """Signs of an earlier compression.

    Args:
        first: Its quality that fits best.
        gain: How much better two compressions fit than one, 0 to 1.
    """

    first: int
    gain: float


@cache
def _base_table() -> tuple[int, ...]:
    """Luminance table of quality 50, which is the standard's own (ITU-T T.81, K.1)."""
    buffer = io.BytesIO()
    Image.new("L", (8, 8)).save(buffer, "JPEG", quality=50)
    buffer.seek(0)
    with Image.open(buffer) as image:
        return tuple(int(value) for value in image.quantization[0])  # type: ignore[attr-defined]


def standard_table(quality: int) -> IntArray:
    """(8, 8) luminance table of the library at a quality of 1 to 100."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    base = np.array(_base_table(), dtype=np.int64).reshape(8, 8)
    return np.clip((base * scale + 50) // 100, 1, 255)


def tables_of(quantisation: dict[int, list[int]]) -> Tables | None:
    """The library's quality nearest to the luminance table of a JPEG, None where it has none.

    Args:
        quantisation: As Pillow gives it.
    """
    own = np.array(quantisation.get(0, ()), dtype=np.int64)
    if own.size != 64:
        return None
    own = own.reshape(8, 8)
    distances = [int(np.abs(standard_table(quality) - own).sum()) for quality in range(1, 101)]
    best = int(np.argmin(distances))
    return Tables(best + 1, distances[best] == 0)


def find_two_compressions(image: Image.Image) -> TwoCompressions | None:
    """Look for an earlier compression on the same grid of blocks.

    Args:
        image: A JPEG that is open and not loaded yet.

    Returns:
        The earlier compression, None where one compression explains the picture as well.
    """
    table = np.array(getattr(image, "quantization", {}).get(0, ()), dtype=np.float64)
    if table.size != 64:
        return None
    table = table.reshape(8, 8)
    image.draft("L", image.size)  # the stored luminance, without a way through RGB
    luma = _middle(np.asarray(image.convert("L"), dtype=np.float64))
    blocks, before = _coefficients(luma), _coefficients(luma[4:-4, 4:-4])
    if len(blocks) < MIN_BLOCKS or len(before) < MIN_BLOCKS:
        return None
    noise = np.random.default_rng(0).normal(0.0, _ROUNDING, len(before))
    is_used = [place for place in _LOW if np.mean(np.abs(blocks[:, *place]) > table[place]) > 0.05]
    if len(is_used) < 3:
        return None
    actual = {place: _histogram(blocks[:, *place], table[place]) for place in is_used}
    once = sum(_misfit(actual[place], before[:, *place], table[place]) for place in is_used)
    fits: dict[int, float] = {}
    for quality in range(30, 100):
        first = standard_table(quality).astype(np.float64)
        if not np.array_equal(first, table):
            fits[quality] = sum(
                _misfit(actual[place], np.rint(before[:, *place] / first[place]) * first[place] + noise, table[place])
                for place in is_used
            )
    best = min(fits, key=lambda quality: fits[quality])
    gain = 1.0 - fits[best] / once if once > 0 else 0.0
    return TwoCompressions(best, gain) if gain >= MIN_GAIN and once >= MIN_MISFIT * len(is_used) else None


def _middle(luma: DoubleArray) -> DoubleArray:
    """The middle of a picture, along the grid of blocks."""
    height, width = (min(side - side % 8, MAX_SIDE_PX) for side in luma.shape)
    top, left = ((full - part) // 2 // 8 * 8 for full, part in zip(luma.shape, (height, width), strict=True))
    return luma[top : top + height, left : left + width]


def _coefficients(luma: DoubleArray) -> DoubleArray:
    """(N, 8, 8) DCT coefficients of the blocks in which no pixel is at the limit of the range."""
    height, width = (side - side % 8 for side in luma.shape)
    if height < 8 or width < 8:
        return np.empty((0, 8, 8))
    blocks = luma[:height, :width].reshape(height // 8, 8, width // 8, 8).swapaxes(1, 2).reshape(-1, 8, 8)
    blocks = blocks[(blocks.min(axis=(1, 2)) > 0) & (blocks.max(axis=(1, 2)) < 255)]
    found: DoubleArray = fft.dctn(blocks - 128.0, axes=(1, 2), norm="ortho")
    return found


def _histogram(values: DoubleArray, step: float) -> DoubleArray:
    numbers = np.clip(np.rint(values / step), -_LARGEST, _LARGEST).astype(np.int64) + _LARGEST
    return np.bincount(numbers, minlength=2 * _LARGEST + 1) / max(1, len(values))


def _misfit(actual: DoubleArray, values: DoubleArray, step: float) -> float:
    return float(np.abs(actual - _histogram(values, step)).sum())


def bytes_after_end(data: bytes) -> int:
    """Bytes after the end marker of a JPEG (ITU-T T.81, B.1), 0 where it is not found."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xD9:
            return len(data) - position - 2
        if marker == 0xFF:
            position += 1
            continue
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == 0xDA:  # entropy-coded data up to the next true marker
            following = _MARKER.search(data, position)
            if following is None:
                return 0
            position = following.start()
    return 0


_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
