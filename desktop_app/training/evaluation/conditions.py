"""Conditions under which a model is judged apart: size of the face, compression, skin tone."""

import math
import warnings
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_app.domain import ItemKind, MediaInfo, UInt8Array

UNKNOWN = "not known"

_SIZE_BINS = ((50, "face under 50 px"), (100, "face 50-100 px"), (200, "face 100-200 px"), (400, "face 200-400 px"))
_BITS_BINS = ((0.02, "under 0.02 bit/px"), (0.06, "0.02-0.06 bit/px"), (0.15, "0.06-0.15 bit/px"))
_JPEG_BINS = ((50, "JPEG under 50"), (75, "JPEG 50-74"), (90, "JPEG 75-89"))
_SKIN_BINS = ((-30, "dark"), (10, "brown"), (28, "tan"), (41, "intermediate"), (55, "light"))

SIZE_NAMES = (*(name for _, name in _SIZE_BINS), "face from 400 px")
COMPRESSION_NAMES = (
    *(name for _, name in _BITS_BINS), "from 0.15 bit/px", *(name for _, name in _JPEG_BINS), "JPEG from 90", "no JPEG",
)  # fmt: skip
SKIN_NAMES = (*(name for _, name in _SKIN_BINS), "very light")

# ITU-T T.81, table K.1, which encoders scale by the quality that they were asked for
_LUMINANCE = np.array([
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
])  # fmt: skip
# radius of the patch on a cheek, and how far it lies outward of the line from eye to mouth, in distances of the eyes
_PATCH, _OUTWARD = 0.13, 0.08
_MIN_PATCH_PX = 3.0


def _bin(value: float, bins: Sequence[tuple[float, str]], last: str) -> str:
    return next((name for limit, name in bins if value < limit), last)


def size_class(size_px: float | None) -> str:
    """Bin of a face's size in pixels.

    >>> size_class(64.0), size_class(None)
    ('face 50-100 px', 'not known')
    """
    return UNKNOWN if size_px is None else _bin(size_px, _SIZE_BINS, SIZE_NAMES[-1])


def bits_per_pixel(info: MediaInfo) -> float:
    """Bits that the file spends on a pixel of a frame, its sound included."""
    return 8.0 * info.size_bytes / (info.width_px * info.height_px * max(1, info.frame_count))


def compression_class(info: MediaInfo) -> str:
    """Class of compression of an item: bits per pixel and frame of a video, quality of a JPEG.

    Args:
        info: The item.
    """
    if info.kind is ItemKind.IMAGE:
        return jpeg_class(info.path)
    return _bin(bits_per_pixel(info), _BITS_BINS, "from 0.15 bit/px")


def jpeg_class(path: Path) -> str:
    """Class of a picture's last compression; earlier ones leave no table behind."""
    quality = jpeg_quality(path)
    return "no JPEG" if quality is None else _bin(quality, _JPEG_BINS, "JPEG from 90")


def jpeg_quality(path: Path) -> int | None:
    """Quality from 1 to 100 whose scaled standard table is nearest to the luminance table of a JPEG, None for others.

    Args:
        path: A picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                tables = getattr(image, "quantization", None)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if not tables or 0 not in tables:
        return None
    quality = np.arange(1, 101)
    scale = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    scaled = np.clip((_LUMINANCE[None, :] * scale[:, None] + 50) // 100, 1, 255)
    # sorted, so that the order in which a reader lists the table does not matter
    distance = np.abs(np.sort(scaled, axis=1) - np.sort(np.array(tables[0]))[None, :]).sum(axis=1)
    return int(quality[int(np.argmin(distance))])


def typology_angle_deg(image: UInt8Array, landmarks: NDArray[np.floating]) -> float | None:
    """Individual typology angle of the cheeks, ``atan((L* - 50) / b*)`` (Chardon et al., 1991).

    A proxy for skin tone: it hangs on the light, the exposure and the white balance of the camera as much as on skin.

    Args:
        image: (H, W, 3) uint8 RGB, taken for sRGB.
        landmarks: (5, 2) pixels as in `FaceDetection`.

    Returns:
        Degrees, higher is lighter; None where the cheeks are too small, outside, or without the yellow of skin.
    """
    points = np.asarray(landmarks, dtype=np.float64)
    across = points[1] - points[0]
    eyes_px = float(np.hypot(*across))
    radius = _PATCH * eyes_px
    if radius < _MIN_PATCH_PX:
        return None
    pixels = []
    for side, outward in ((0, -1.0), (1, 1.0)):
        centre = 0.45 * points[side] + 0.55 * points[side + 3] + outward * _OUTWARD * across
        pixels.append(_patch(image, centre, radius))
    found = np.concatenate(pixels)
    if len(found) < 4 * _MIN_PATCH_PX**2:
        return None
    lab = cv2.cvtColor(found[None].astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)[0]
    lightness, _, yellow = (float(v) for v in np.median(lab, axis=0))
    return math.degrees(math.atan2(lightness - 50.0, yellow)) if yellow > 1.0 else None


def _patch(image: UInt8Array, centre: NDArray[np.float64], radius: float) -> UInt8Array:
    """Pixels of a square, (N, 3), those beyond the image left out."""
    (left, top), (right, bottom) = np.rint(centre - radius).astype(int), np.rint(centre + radius).astype(int)
    return image[max(0, top) : max(0, bottom), max(0, left) : max(0, right)].reshape(-1, 3)


def skin_class(ita_deg: float | None) -> str:
    """Class of skin tone after Chardon et al. (1991), with *brown* and *dark* apart as by Del Bino and Bernerd (2013).

    >>> [skin_class(v) for v in (60.0, 45.0, 30.0, 20.0, 0.0, -40.0)]
    ['very light', 'light', 'intermediate', 'tan', 'brown', 'dark']
    """
    return UNKNOWN if ita_deg is None else _bin(ita_deg, _SKIN_BINS, SKIN_NAMES[-1])
