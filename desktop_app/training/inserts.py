"""What makes the pasted face differ from the picture: colour, sharpness, a generator's smoothness, expression."""

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop_app.domain import UInt8Array
from desktop_app.training.augment import Rng, compress_jpeg, sharpen
from desktop_app.training.masks import FaceFrame

_LUMA = np.array([0.299, 0.587, 0.114])
# Handles of an expression in the face's frame: mouth corners, lips, chin, brows, and how far each reaches.
_HANDLES = np.array([(-0.5, 1.0), (0.5, 1.0), (0.0, 0.92), (0.0, 1.15), (0.0, 1.6), (-0.5, -0.4), (0.5, -0.4)])
_REACH = np.array([0.22, 0.22, 0.2, 0.25, 0.4, 0.3, 0.3])
_GRID = 20


def shift_colour(image: UInt8Array, rng: Rng, strength: float) -> UInt8Array:
    """Another camera's colours: gain, contrast, saturation, hue and white balance in one affine map of RGB.

    Args:
        image: (H, W, 3) uint8 RGB.
        rng: Source of randomness.
        strength: 1 is what Shiohara and Yamasaki use.
    """
    contrast, gain, saturation = 1 + rng.uniform(-1, 1, 3) * np.array([0.12, 0.1, 0.25]) * strength
    balance = 1 + rng.normal(0, 0.025, 3) * strength
    shift = rng.uniform(-12, 12, 3) * strength if rng.random() < 0.3 else np.zeros(3)
    grey = np.tile(_LUMA, (3, 1))
    linear = np.diag(balance) @ (grey + (np.eye(3) - grey) * saturation) * contrast
    mean = np.array(cv2.mean(image)[:3])
    matrix = np.column_stack([linear, mean * gain - linear @ mean + shift])
    return np.asarray(cv2.transform(image, matrix), dtype=np.uint8)


def change_sharpness(image: UInt8Array, rng: Rng) -> UInt8Array:
    """Softer by a loss of resolution or a blur, or sharper."""
    way = rng.integers(3)
    if way == 0:
        return _shrink_and_enlarge(image, float(rng.uniform(1.25, 2.8)))
    if way == 1:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.6, 1.6))), dtype=np.uint8)
    return sharpen(image, rng)


def resynthesise(image: UInt8Array, rng: Rng) -> UInt8Array:
    """As a generator would have drawn it: fine noise gone, detail enlarged and sharpened, or another compression.

    Args:
        image: (H, W, 3) uint8 RGB.
        rng: Source of randomness.
    """
    way = rng.integers(4)
    if way == 0:
        image = _shrink_and_enlarge(image, float(rng.uniform(1.6, 3.0)))
        soft = cv2.GaussianBlur(image, (0, 0), 1.5)
        amount = rng.uniform(0.4, 1.1)
        return np.asarray(cv2.addWeighted(image, 1 + amount, soft, -amount, 0), dtype=np.uint8)
    if way == 1:
        return compress_jpeg(image, int(rng.uniform(18, 60)))
    if way == 2:
        return np.asarray(cv2.bilateralFilter(image, 5, float(rng.uniform(18, 45)), 2.0), dtype=np.uint8)
    image = np.asarray(cv2.medianBlur(image, 3), dtype=np.uint8)
    return _shrink_and_enlarge(image, float(rng.uniform(1.2, 1.8)))


def _shrink_and_enlarge(image: UInt8Array, factor: float) -> UInt8Array:
    height, width = image.shape[:2]
    small_size = (max(4, round(width / factor)), max(4, round(height / factor)))
    small = cv2.resize(image, small_size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def nudge(image: UInt8Array, shift_px: float, zoom: float, rng: Rng) -> UInt8Array:
    """Move and resize a picture a little about its centre.

    Args:
        image: (H, W, 3) uint8 RGB.
        shift_px: Largest shift.
        zoom: Largest relative change of width and height.
        rng: Source of randomness.
    """
    height, width = image.shape[:2]
    sx, sy = 1 + rng.uniform(-zoom, zoom, 2)
    dx, dy = rng.uniform(-shift_px, shift_px, 2)
    matrix = np.array([[sx, 0, dx + (1 - sx) * width / 2], [0, sy, dy + (1 - sy) * height / 2]])
    moved = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(moved, dtype=np.uint8)


def change_expression(image: UInt8Array, frame: FaceFrame, strength: float, rng: Rng) -> UInt8Array:
    """Move mouth, chin and brows as reenactment does, by a smooth local displacement.

    Args:
        image: (H, W, 3) uint8 RGB.
        frame: The face, in pixels of `image`.
        strength: Largest displacement in units of the frame.
        rng: Source of randomness.
    """
    height, width = image.shape[:2]
    # nodes where an enlargement puts them: centres of equal cells
    xs, ys = ((np.arange(_GRID) + 0.5) * n / _GRID - 0.5 for n in (width, height))
    nodes = np.stack(np.meshgrid(xs, ys), 2).reshape(-1, 2)
    away = ((nodes[:, None] - frame.to_image(_HANDLES)) ** 2).sum(2) / (2 * (_REACH * frame.unit_px) ** 2)
    moves = _expression(rng) * strength
    field = np.exp(-away) @ (moves[:, :1] * frame.right + moves[:, 1:] * frame.down)
    coarse = field.reshape(_GRID, _GRID, 2).astype(np.float32)
    fine = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    x = np.arange(width, dtype=np.float32)[None] - fine[:, :, 0]
    y = np.arange(height, dtype=np.float32)[:, None] - fine[:, :, 1]
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101), dtype=np.uint8)


def _expression(rng: Rng) -> NDArray[np.float64]:
    """Displacements of the handles, (7, 2), about 1 where they are largest."""
    moves = rng.normal(0, 0.15, _HANDLES.shape)
    opened, smile, askew, brows = rng.uniform(0.4, 1.0, 4) * rng.choice([-1, 1], 4) * (rng.random(4) < 0.55)
    moves[3:5, 1] += opened
    moves[2, 1] -= 0.3 * opened
    moves[:2] += np.array([(-0.6, -0.6), (0.6, -0.6)]) * smile
    moves[:5, 0] += 0.4 * askew
    moves[5:, 1] += 0.5 * brows
    return np.asarray(moves, dtype=np.float64)
