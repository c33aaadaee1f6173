"""Short moving scenes with a real face, made of scikit-image's portrait."""

from collections.abc import Callable, Iterable

import cv2
import numpy as np

from desktop_app.domain import Frame

HEIGHT, WIDTH = 270, 480


def head(portrait: np.ndarray, height_px: int = 150, other: bool = False) -> np.ndarray:
    """The portrait's head; as another person: mirrored, in other colours."""
    cut = portrait[10:230, 130:320]
    if other:
        cut = np.ascontiguousarray(cut[:, ::-1, ::-1])
    return cv2.resize(cut, (round(height_px * 190 / 220), height_px), interpolation=cv2.INTER_AREA)


def wall(seed: int = 0, size: tuple[int, int] = (WIDTH, HEIGHT), low: int = 60, high: int = 150) -> np.ndarray:
    """A faceless, soft texture."""
    noise = np.random.default_rng(seed).integers(low, high, (9, 16, 3), dtype=np.uint8)
    return cv2.resize(noise, size, interpolation=cv2.INTER_CUBIC)


def paste(canvas: np.ndarray, patch: np.ndarray, left: float, top: float) -> None:
    """Put a patch on a canvas, cut at its borders."""
    x, y = round(left), round(top)
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + patch.shape[1], canvas.shape[1]), min(y + patch.shape[0], canvas.shape[0])
    if x1 > x0 and y1 > y0:
        canvas[y0:y1, x0:x1] = patch[y0 - y : y1 - y, x0 - x : x1 - x]


def frames(count: int, draw: Callable[[int], np.ndarray], rate: float = 25.0) -> Iterable[Frame]:
    """Frames with exact times."""
    for index in range(count):
        yield Frame(index, index, index / rate, draw(index))
