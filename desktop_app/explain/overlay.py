"""Heatmaps as pictures."""

import cv2
import numpy as np

from desktop_app.domain import Heatmap, UInt8Array

COLOUR_MAPS = {
    "inferno": cv2.COLORMAP_INFERNO,
    "viridis": cv2.COLORMAP_VIRIDIS,
    "cividis": cv2.COLORMAP_CIVIDIS,
    "grey": cv2.COLORMAP_BONE,
}


def colour_map(heatmap: Heatmap, width: int, height: int, colours: str = "inferno") -> tuple[UInt8Array, UInt8Array]:
    """A map as colours and transparency, enlarged smoothly.

    The lightness of all colour maps grows evenly, so that they read in greyscale too; *cividis* looks the same to
    colour-blind eyes.

    Args:
        heatmap: The map.
        width: Of the result, pixels.
        height: Of the result, pixels.
        colours: One of `COLOUR_MAPS`.

    Returns:
        (height, width, 3) uint8 RGB, and (height, width) uint8 strength, 0 where the map is 0.
    """
    scaled = np.clip(cv2.resize(heatmap.values, (width, height), interpolation=cv2.INTER_CUBIC), 0.0, 1.0)
    grey = (scaled * 255 + 0.5).astype(np.uint8)
    painted = cv2.cvtColor(cv2.applyColorMap(grey, COLOUR_MAPS[colours]), cv2.COLOR_BGR2RGB)
    return np.asarray(painted, dtype=np.uint8), grey


def colour_scale(colours: str, steps: int = 64) -> UInt8Array:
    """The colours from weak to strong: (1, steps, 3) uint8 RGB."""
    grey = np.linspace(0, 255, steps).astype(np.uint8)[None]
    return np.asarray(cv2.cvtColor(cv2.applyColorMap(grey, COLOUR_MAPS[colours]), cv2.COLOR_BGR2RGB), dtype=np.uint8)


def render_overlay(image: UInt8Array, heatmap: Heatmap, opacity: float = 0.5, colours: str = "inferno") -> UInt8Array:
    """Lay a map over its frame.

    Args:
        image: (H, W, 3) uint8 RGB, the whole frame.
        heatmap: Its map.
        opacity: Of the strongest point, in [0, 1]; weaker points are more transparent.
        colours: One of `COLOUR_MAPS`.

    Returns:
        (H, W, 3) uint8 RGB, a new array.
    """
    height, width = image.shape[:2]
    # rounded as the crop itself is, so that the map lies on the pixels that the model saw
    x1, y1 = round(heatmap.crop_xyxy[0]), round(heatmap.crop_xyxy[1])
    side = max(1, round(heatmap.crop_xyxy[2] - heatmap.crop_xyxy[0]))
    x2, y2 = x1 + side, y1 + side
    painted, strength = colour_map(heatmap, side, side, colours)
    left, top, right, bottom = max(0, x1), max(0, y1), min(width, x2), min(height, y2)
    result = image.copy()
    if right <= left or bottom <= top:
        return result
    inside = (slice(top - y1, bottom - y1), slice(left - x1, right - x1))
    alpha = strength[inside].astype(np.float32)[:, :, None] / 255.0 * float(np.clip(opacity, 0.0, 1.0))
    region = result[top:bottom, left:right].astype(np.float32)
    result[top:bottom, left:right] = (region * (1 - alpha) + painted[inside] * alpha + 0.5).astype(np.uint8)
    return result
