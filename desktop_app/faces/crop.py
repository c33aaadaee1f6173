"""Square crops around a face: the one rule of framing, for training and for analysis alike."""

import cv2
import numpy as np

from desktop_app.domain import Box, ModelCard, UInt8Array

MOST_TIMES = 4
"""A crop for several networks is kept in its own resolution up to so many times the largest input."""


def crop_box(box_xyxy: Box, margin: float) -> Box:
    """Square around a face's box, with the same centre.

    Args:
        box_xyxy: Box of the face in pixels.
        margin: Side of the square = (1 + margin) x the longer side of the box; may be negative, above -1.

    Returns:
        The square in pixels, not rounded; it may reach beyond the frame.

    Raises:
        ValueError: The margin leaves no square, or the box is empty.

    >>> crop_box((10.0, 10.0, 30.0, 50.0), 0.5)
    (-10.0, 0.0, 50.0, 60.0)
    """
    x1, y1, x2, y2 = box_xyxy
    if margin <= -1.0:
        raise ValueError(f"margin: expected > -1, got {margin}")
    if x2 <= x1 or y2 <= y1:
        raise ValueError(f"box_xyxy: expected x2 > x1 and y2 > y1, got {box_xyxy}")
    half = (1.0 + margin) * max(x2 - x1, y2 - y1) / 2.0
    centre_x, centre_y = (x1 + x2) / 2.0, (y1 + y2) / 2.0
    return centre_x - half, centre_y - half, centre_x + half, centre_y + half


def is_within_reach(box_xyxy: Box | None, image: UInt8Array) -> bool:
    """Whether a box reaches no further than one image's side beyond it: a crop of a far larger one fills the memory.

    Args:
        box_xyxy: Box in pixels of `image`, from somebody's list; None, where it has none, does.
        image: (H, W, 3) uint8 RGB.
    """
    side = max(image.shape[:2])
    return box_xyxy is None or all(-side <= v <= 2 * side for v in box_xyxy)


def crop_face(image: UInt8Array, box_xyxy: Box, margin: float, size_px: int) -> UInt8Array:
    """Cut the square of `crop_box` out of a frame and bring it to one size.

    Beyond the frame the border pixels are repeated. Shrinking averages areas, enlarging is cubic. The square is
    rounded to whole pixels (at least one), so that a crop at its own size is a plain copy of the frame.

    Args:
        image: (H, W, 3) uint8 RGB.
        box_xyxy: Box of the face in pixels of `image`.
        margin: See `crop_box`.
        size_px: Side of the result.

    Returns:
        (size_px, size_px, 3) uint8 RGB, read-only, sharing no memory with `image`.

    Raises:
        ValueError: The image, box, margin or size make no crop.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
        raise ValueError(f"image: expected (H, W, 3) uint8, got {image.shape} {image.dtype}")
    if size_px < 1:
        raise ValueError(f"size_px: expected >= 1, got {size_px}")
    x1, y1, x2, _ = crop_box(box_xyxy, margin)
    side = max(1, round(x2 - x1))
    square = _cut_square(image, round(x1), round(y1), side)
    if side != size_px:
        method = cv2.INTER_AREA if side > size_px else cv2.INTER_CUBIC
        square = cv2.resize(square, (size_px, size_px), interpolation=method).astype(np.uint8, copy=False)
    square.flags.writeable = False
    return square


def crop_for(card: ModelCard, image: UInt8Array, box_xyxy: Box, scale: float = 1.0) -> UInt8Array:
    """Cut the square that a model is shown.

    A crop for several networks stays as it is in the frame, and each network's input is made of it: brought to one size
    first and then to another, it would be softer than what each of them was trained on.

    Args:
        card: The model.
        image: (H, W, 3) uint8 RGB.
        box_xyxy: Box of the face in pixels of `image`.
        scale: Factor of the square's side.

    Returns:
        (S, S, 3) uint8 RGB, read-only; S is the model's input size unless it has several networks.

    Raises:
        ValueError: As in `crop_face`.
    """
    # exactly the card's margin where nothing is scaled
    margin = card.crop_margin if scale == 1.0 else (1.0 + card.crop_margin) * scale - 1.0
    size_px = card.input_size_px
    if card.members:
        x1, _, x2, _ = crop_box(box_xyxy, margin)
        size_px = min(max(1, round(x2 - x1)), MOST_TIMES * size_px)
    return crop_face(image, box_xyxy, margin, size_px)


def _cut_square(image: UInt8Array, left: int, top: int, side: int) -> UInt8Array:
    """Copy of a square that may lie partly or wholly outside; clamped indices repeat the border."""
    height, width = image.shape[:2]
    if left >= 0 and top >= 0 and left + side <= width and top + side <= height:
        return image[top : top + side, left : left + side].copy()
    rows = np.clip(np.arange(top, top + side), 0, height - 1)
    columns = np.clip(np.arange(left, left + side), 0, width - 1)
    return np.ascontiguousarray(image[rows[:, None], columns[None, :]])
