"""How a heatmap is spread over the parts of a face."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop_app.domain import FloatArray

REGIONS = ("eyes", "nose", "mouth", "skin", "boundary", "outside")
_SIDE = 128

IntArray = NDArray[np.int64]
DoubleArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RegionShare:
    """One part of the face.

    Args:
        region: One of `REGIONS`.
        attention: Share of the heatmap that lies in it, in [0, 1].
        area: Share of the picture that it covers, in [0, 1]: what an even map would give it.
    """

    region: str
    attention: float
    area: float


def region_map(landmarks: FloatArray, side: int) -> IntArray:
    """Which part of the face each pixel of a square belongs to.

    The parts are ellipses laid by proportion through the five landmarks, turned with the face; they are no exact
    outline. The boundary is a ring about the edge of the face, where a pasted face would be blended in.

    Args:
        landmarks: (5, 2) pixels of the square: eye, eye, nose, mouth corner, mouth corner, left ones first.
        side: Of the square, pixels.

    Returns:
        (side, side) int64 indices into `REGIONS`.
    """
    points = landmarks.astype(np.float64)
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    across = points[1] - points[0]
    down = mouth - eyes
    # a face turned aside has its eyes close together, but its height stays
    size = max(float(np.hypot(*across)), 0.9 * float(np.hypot(*down)), 1e-6)
    axis = down / max(float(np.hypot(*down)), 1e-6)
    side_axis = np.array([axis[1], -axis[0]])
    y, x = np.mgrid[:side, :side] + 0.5
    grid = np.stack([x, y], axis=-1)

    def radius(centre: DoubleArray, wide: float, high: float) -> DoubleArray:
        offset = grid - centre
        return np.asarray(np.hypot(offset @ side_axis / (wide * size), offset @ axis / (high * size)))

    oval = radius(eyes + 0.3 * size * axis, 1.1, 1.4)
    result = np.full((side, side), REGIONS.index("skin"), dtype=np.int64)
    result[oval > 0.85] = REGIONS.index("boundary")
    result[oval > 1.2] = REGIONS.index("outside")
    width = 0.5 * float(np.hypot(*(points[4] - points[3]))) / size + 0.15
    for region, spot in (
        ("nose", radius((eyes + 2 * points[2]) / 3, 0.27, 0.42)),
        ("mouth", radius(mouth, max(width, 0.3), 0.3)),
        ("eyes", np.minimum(radius(points[0], 0.42, 0.3), radius(points[1], 0.42, 0.3))),
    ):
        result[spot <= 1.0] = REGIONS.index(region)
    return result


def attention_shares(values: FloatArray, landmarks: FloatArray) -> Sequence[RegionShare]:
    """How much of a heatmap lies in each part of the face, beside how large the part is.

    Args:
        values: (h, w) the map, not negative.
        landmarks: (5, 2) in parts of the map's width and height, 0 to 1.

    Returns:
        One share per region in the order of `REGIONS`; empty when the map is zero everywhere.
    """
    even = np.clip(cv2.resize(values, (_SIDE, _SIDE), interpolation=cv2.INTER_LINEAR), 0.0, None).astype(np.float64)
    total = float(even.sum())
    if total <= 0.0:
        return ()
    regions = region_map((landmarks * _SIDE).astype(np.float32), _SIDE)
    attention = np.bincount(regions.ravel(), weights=even.ravel(), minlength=len(REGIONS)) / total
    area = np.bincount(regions.ravel(), minlength=len(REGIONS)) / regions.size
    return tuple(RegionShare(*row) for row in zip(REGIONS, attention.tolist(), area.tolist(), strict=True))
