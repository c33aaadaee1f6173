"""Self-blended images (Shiohara and Yamasaki, CVPR 2022): a forgery made of the photograph itself.

A copy of the face, changed a little in colour, sharpness and place, is blended back through a soft mask. What the
network can learn from it is the seam and the disagreement of two pictures, which swaps and reenactments share.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop_app.domain import UInt8Array
from desktop_app.training.augment import Rng, change_colour

# Centres and half axes in units of the crop rule's side, from the usual place of landmarks in a detector's box.
_FACE = (0.0, 0.02, 0.40, 0.50)
_MOUTH = (0.0, 0.31, 0.22, 0.13)
_NOSE = (0.0, 0.09, 0.15, 0.17)
_EYES = (0.0, -0.14, 0.34, 0.12)
_LOWER = (0.0, 0.22, 0.38, 0.34)


def face_mask(height: int, width: int, side: float, rng: Rng) -> NDArray[np.float32]:
    """A random soft mask over the face or a part of it.

    Args:
        height: Of the picture, in pixels; the face is in its centre.
        width: Likewise.
        side: Side of the crop rule's square in pixels.
        rng: Source of randomness.

    Returns:
        (height, width) float32 in [0, 1].
    """
    mask = np.zeros((height, width), np.float32)
    part = rng.choice(5, p=[0.6, 0.12, 0.04, 0.08, 0.16])
    cx, cy, rx, ry = (_FACE, _MOUTH, _NOSE, _EYES, _LOWER)[part]
    centre = np.array([width / 2 + cx * side, height / 2 + cy * side]) + rng.uniform(-0.04, 0.04, 2) * side
    axes = np.array([rx, ry]) * side * rng.uniform(0.75, 1.15, 2)
    if rng.random() < 0.6:
        angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(7, 16))))
        radius = rng.uniform(0.75, 1.1, len(angles))
        points = centre + np.stack([np.cos(angles), np.sin(angles)], 1) * axes * radius[:, None]
        cv2.fillPoly(mask, [points.astype(np.int32)], 1.0)
    else:
        cv2.ellipse(mask, (tuple(centre.tolist()), tuple((2 * axes).tolist()), float(rng.uniform(-15, 15))), 1.0, -1)
    mask = _deform(mask, side, rng)
    feather = side / 224 * rng.uniform(1.0, 6.0)
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), float(feather)), dtype=np.float32)
    if rng.random() < 0.3:
        mask = np.asarray(cv2.GaussianBlur(np.where(mask > 0.5, mask, 0), (0, 0), float(feather)), dtype=np.float32)
    return np.clip(mask, 0, 1)


def _deform(mask: NDArray[np.float32], side: float, rng: Rng) -> NDArray[np.float32]:
    """Elastic deformation by a coarse random field."""
    height, width = mask.shape
    field = rng.uniform(-1, 1, (2, 5, 5)).astype(np.float32) * side * 0.06
    dx, dy = (cv2.resize(f, (width, height), interpolation=cv2.INTER_CUBIC) for f in field)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.asarray(cv2.remap(mask, x + dx, y + dy, cv2.INTER_LINEAR), dtype=np.float32)


def _change_sharpness(image: UInt8Array, rng: Rng) -> UInt8Array:
    size = (image.shape[1], image.shape[0])
    way = rng.integers(3)
    if way == 0:
        share = rng.uniform(0.35, 0.8)
        small = cv2.resize(image, (int(size[0] * share), int(size[1] * share)), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    blurred = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.7, 2.0)))
    if way == 1:
        return np.asarray(blurred, dtype=np.uint8)
    amount = rng.uniform(0.4, 1.5)
    return np.asarray(cv2.addWeighted(image, 1 + amount, blurred, -amount, 0), dtype=np.uint8)


def _change(image: UInt8Array, rng: Rng) -> UInt8Array:
    """Colour, sharpness, or both: at least one, so that there is something to find."""
    kind = rng.integers(3)
    if kind != 1:
        image = change_colour(image, rng, 1.2)
    if kind != 0:
        image = _change_sharpness(image, rng)
    return image


def self_blend(image: UInt8Array, nominal: float, rng: Rng) -> UInt8Array:
    """Make a forgery of a genuine photograph.

    Args:
        image: (H, W, 3) uint8 RGB, the face in its centre.
        nominal: Share of the image's side that the crop rule takes.
        rng: Source of randomness.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    height, width = image.shape[:2]
    side = nominal * min(height, width)
    source, target = image, image
    if rng.random() < 0.5:
        source = _change(image, rng)
    else:
        target = _change(image, rng)
    zoom = rng.uniform(0.94, 1.06, 2)
    dx, dy = rng.uniform(-0.045, 0.045, 2) * side
    matrix = np.array(
        [[zoom[0], 0, dx + (1 - zoom[0]) * width / 2], [0, zoom[1], dy + (1 - zoom[1]) * height / 2]], np.float32
    )
    moved = cv2.warpAffine(source, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    opacity = rng.choice([0.5, 0.75, 1.0, 1.0, 1.0, 1.0])
    alpha = face_mask(height, width, side, rng)[:, :, None] * np.float32(opacity)
    blended = moved.astype(np.float32) * alpha + target.astype(np.float32) * (1 - alpha)
    return np.clip(blended + 0.5, 0, 255).astype(np.uint8)
