"""From face crops to a network's input: one code for training and inference."""

from collections.abc import Sequence

import cv2
import numpy as np
import torch

from desktop_app.domain import UInt8Array


def resize_crop(crop: UInt8Array, size_px: int) -> UInt8Array:
    """Scale a crop to the input size: by area when shrinking, bicubic when growing.

    Args:
        crop: (H, W, 3) uint8 RGB.
        size_px: Side of the result.

    Returns:
        (size_px, size_px, 3) uint8 RGB.
    """
    height, width = crop.shape[:2]
    if (height, width) == (size_px, size_px):
        return crop
    how = cv2.INTER_AREA if min(height, width) >= size_px else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (size_px, size_px), interpolation=how), dtype=np.uint8)


def cut_middle(crop: UInt8Array, share: float) -> UInt8Array:
    """The middle of a crop, a view of it.

    Args:
        crop: (S, S, 3) uint8 RGB.
        share: Of its side, above 0 and at most 1; rounded to whole pixels, at least one.

    >>> cut_middle(np.zeros((300, 300, 3), np.uint8), 0.5).shape
    (150, 150, 3)
    """
    side = crop.shape[0]
    inner = max(1, round(side * share))
    start = (side - inner) // 2
    return crop[start : start + inner, start : start + inner]


def to_tensor(
    crops: Sequence[UInt8Array],
    size_px: int,
    mean: tuple[float, float, float],
    std: tuple[float, float, float],
) -> torch.Tensor:
    """Stack and normalise crops.

    Args:
        crops: (H, W, 3) uint8 RGB each; scaled to `size_px` where they differ from it.
        size_px: Side of the network's input.
        mean: Per channel, of values in [0, 1].
        std: Likewise.

    Returns:
        (N, 3, size_px, size_px) float32 in channels-last memory order.

    Raises:
        ValueError: A crop is no uint8 RGB picture.
    """
    for crop in crops:
        if crop.ndim != 3 or crop.shape[2] != 3 or crop.dtype != np.uint8:
            raise ValueError(f"crop: expected (H, W, 3) uint8, got {crop.shape} {crop.dtype}")
    stack = np.stack([resize_crop(crop, size_px) for crop in crops])
    tensor = torch.from_numpy(stack).permute(0, 3, 1, 2).to(torch.float32).div_(255.0)
    shape = (1, 3, 1, 1)
    tensor = tensor.sub_(torch.tensor(mean).view(shape)).div_(torch.tensor(std).view(shape))
    return tensor.contiguous(memory_format=torch.channels_last)
