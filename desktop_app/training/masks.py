"""Masks of faces and their parts, from the five landmarks of the face detector.

A mask is drawn as one contour, deformed as a contour (which is what an elastic deformation does to a mask, at a
hundredth of the cost), and softened towards the inside, the outside or both, as in Shiohara and Yamasaki (CVPR 2022).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop_app.domain import UInt8Array
from desktop_app.training.augment import Rng

Points = NDArray[np.float64]

PARTS = ("face", "head", "lower", "mouth", "eyes", "nose")
# Usual places of eyes, nose and mouth corners in a detector's box, from its centre, in units of its side.
_USUAL = np.array([(-0.155, -0.112), (0.155, -0.112), (0.0, 0.052), (-0.129, 0.206), (0.129, 0.206)])
# The right half of the outline from brow to chin in the face's own frame: (0, 0) between the eyes, (0, 1) the mouth.
_HALF_FACE = ((0.0, -0.42), (0.45, -0.46), (0.8, -0.36), (1.0, 0.0), (1.0, 0.4), (0.94, 0.75), (0.8, 1.15))
_CHIN = ((0.58, 1.46), (0.32, 1.66), (0.0, 1.72))
_HALF_LOWER = ((0.0, 0.5), (0.4, 0.45), (0.8, 0.5), (0.94, 0.75), (0.8, 1.15))
_HALF_HEAD = ((0.0, -0.85), (0.5, -0.78), (0.85, -0.55), (1.05, 0.0), (1.02, 0.4), (0.95, 0.8), (0.78, 1.2))
_OUTLINES = {"face": _HALF_FACE + _CHIN, "lower": _HALF_LOWER + _CHIN, "head": _HALF_HEAD + _CHIN}
# Centres and half axes of the parts that are superellipses.
_OVALS = {
    "face": (0.0, 0.62, 0.98, 1.05),
    "head": (0.0, 0.45, 1.05, 1.3),
    "lower": (0.0, 1.1, 0.78, 0.62),
    "mouth": (0.0, 1.04, 0.56, 0.36),
    "eyes": (0.0, -0.06, 0.92, 0.34),
    "nose": (0.0, 0.45, 0.36, 0.46),
}
_CONTOUR_POINTS = 72
_WIDE_FEATHER_PX = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class FaceFrame:
    """The face's own coordinates: (0, 0) between the eyes, (0, 1) between the corners of the mouth, x to the right.

    Args:
        origin: (2,) pixels.
        right, down: (2,) pixels per unit.
        turn: How far the nose stands to the right of the middle line, in units; tells a turned head.
    """

    origin: Points
    right: Points
    down: Points
    turn: float

    @property
    def unit_px(self) -> float:
        """Distance of eyes and mouth."""
        return float(np.hypot(*self.down))

    def to_image(self, points: Points) -> Points:
        """(N, 2) of the frame to pixels; the far half of a turned face is narrower."""
        x = points[:, :1]
        far = np.where(x * self.turn > 0, 1 - 1.1 * abs(self.turn), 1 + 0.2 * abs(self.turn))
        return np.asarray(self.origin + x * far * self.right + points[:, 1:] * self.down, dtype=np.float64)


def usual_landmarks(height: int, width: int, face_share: float) -> Points:
    """Where landmarks usually are in an image that shows a face in its centre.

    Args:
        height: Of the image, in pixels.
        width: Likewise.
        face_share: Longer side of the face's box, share of the image's shorter side.

    Returns:
        (5, 2) pixels.
    """
    return np.asarray(np.array([width / 2, height / 2]) + _USUAL * face_share * min(height, width), dtype=np.float64)


def face_frame(landmarks: Points | Sequence[tuple[float, float]]) -> FaceFrame:
    """The frame of a face from its five landmarks: eyes, nose, mouth corners, left ones of the image first."""
    p = np.asarray(landmarks, dtype=np.float64)
    origin, mouth = (p[0] + p[1]) / 2, (p[3] + p[4]) / 2
    across, down = (p[1] - p[0] + p[4] - p[3]) / 2, mouth - origin
    width, height = max(float(np.hypot(*across)), 1.0), max(float(np.hypot(*down)), 1.0)
    across, down = across / width, down / height
    # a turned head narrows the distance of the eyes, a nodding one that to the mouth; the face narrows less
    right, down = across * max(width * 1.05, 0.85 * height), down * max(height, 0.8 * width)
    turn = float(np.clip(np.linalg.solve(np.stack([right, down], 1), p[2] - origin)[0], -0.6, 0.6))
    return FaceFrame(origin, right, down, turn)


def part_contour(part: str, rng: Rng, is_oval: bool = False) -> Points:
    """A random outline of a part of the face, (N, 2) in the face's frame.

    Args:
        part: One of `PARTS`.
        rng: Source of randomness.
        is_oval: A superellipse even where an outline of the part is known.
    """
    cx, cy, rx, ry = _OVALS[part]
    grow = rng.uniform(0.85, 1.1, 2)
    if part in _OUTLINES and not is_oval:
        half = np.array(_OUTLINES[part])
        corners = np.concatenate([half, half[-2:0:-1] * (-1, 1)])
        corners = corners + rng.uniform(-0.05, 0.05, corners.shape)
        closed = np.concatenate([corners, corners[:1]])
        at = np.linspace(0, len(corners), _CONTOUR_POINTS, endpoint=False)
        points = np.stack([np.interp(at, np.arange(len(closed)), closed[:, i]) for i in (0, 1)], 1)
        points = (points - (cx, cy)) * grow + (cx, cy)
    else:
        t = np.linspace(0, 2 * np.pi, _CONTOUR_POINTS, endpoint=False)
        power = 2 / rng.uniform(1.8, 3.5)
        cos, sin = np.cos(t), np.sin(t)
        points = np.stack([np.sign(cos) * np.abs(cos) ** power * rx, np.sign(sin) * np.abs(sin) ** power * ry], 1)
        points = points * grow + (cx, cy) + rng.uniform(-0.06, 0.06, 2)
    return points


def deform(points: Points, strength: float, rng: Rng) -> Points:
    """Elastic deformation of a contour by a smooth random field of three waves.

    Args:
        points: (N, 2) in the face's frame.
        strength: Largest displacement in units of the frame.
        rng: Source of randomness.
    """
    waves = rng.normal(0, 1, (3, 2)) * np.array([[2.0], [4.0], [7.0]])
    phases = rng.uniform(0, 2 * np.pi, (2, 3))
    size = rng.uniform(-1, 1, (2, 3)) * np.array([0.5, 0.3, 0.2]) * strength
    angle = points @ waves.T
    moved = np.stack([(np.sin(angle + phases[i]) * size[i]).sum(1) for i in (0, 1)], 1)
    return np.asarray(points + moved, dtype=np.float64)


def soft_mask(height: int, width: int, contour: Points, feather_px: float, rng: Rng) -> UInt8Array:
    """Fill a contour and soften its edge inwards, outwards or both.

    Args:
        height: Of the image, in pixels.
        width: Likewise.
        contour: (N, 2) pixels.
        feather_px: Standard deviation of the softening.
        rng: Source of randomness.

    Returns:
        (height, width) uint8, 255 inside.
    """
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.round(contour * 16).astype(np.int32)], 255, shift=4)
    side = rng.integers(3)
    reach = 2 * max(1, round(feather_px)) + 1
    if side == 1:
        mask = np.asarray(cv2.erode(mask, np.ones((reach, reach), np.uint8)), dtype=np.uint8)
    elif side == 2:
        mask = np.asarray(cv2.dilate(mask, np.ones((reach, reach), np.uint8)), dtype=np.uint8)
    if feather_px < _WIDE_FEATHER_PX:
        return np.asarray(cv2.GaussianBlur(mask, (0, 0), feather_px), dtype=np.uint8)
    # a wide blur costs a fraction at half the size and looks the same
    half = cv2.resize(mask, (max(1, width // 2), max(1, height // 2)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(half, (0, 0), feather_px / 2)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
