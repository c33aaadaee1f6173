"""How fit a face is for scoring, and the gate that keeps unfit faces from a score."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from desktop_app.domain import FaceQuality, FloatArray, TrackedFace, UInt8Array
from desktop_app.faces.crop import crop_face

_MEASURE_PX = 112
# Depth of the nose tip before the plane of the eyes and mouth corners, in distances between those lines' middles.
_NOSE_DEPTH = 0.55


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """What a face needs to be scored.

    The defaults stop only what is unfit. Genuine training photographs of three sets, 500 each, measured (minimum, 1st,
    50th and 99th percentile, maximum) a sharpness of 4, 9, 128, 776, 847 (DFDC), 17, 35, 137, 453, 521 (LFW) and 5,
    9, 111, 608, 855 (OpenForensics), and an exposure of 0.05, 0.08, 0.36, 0.69, 0.73; 0.15, 0.28, 0.47, 0.69, 0.74 and
    0.09, 0.16, 0.43, 0.71, 0.79. The absolute yaw of 990 faces of LFW and OpenForensics had its 99th percentile at 39
    degrees; one lay beyond 50.

    Args:
        min_face_px: Smallest shorter side of the box.
        min_sharpness: Smallest variance of the Laplacian.
        min_exposure, max_exposure: Range of the mean grey level in [0, 1].
        max_pose_deg: Largest estimated yaw to either side.
    """

    min_face_px: float = 50.0
    min_sharpness: float = 8.0
    min_exposure: float = 0.05
    max_exposure: float = 0.92
    max_pose_deg: float = 50.0


def measure_quality(image: UInt8Array, face: TrackedFace) -> FaceQuality:
    """Size, sharpness, exposure and pose of a face.

    Sharpness is the variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy",
    2000) of the grey crop at 112 px, so that faces of different size compare.

    Args:
        image: (H, W, 3) uint8 RGB, the whole frame.
        face: A face in it.
    """
    x1, y1, x2, y2 = face.box_xyxy
    grey = cv2.cvtColor(crop_face(image, face.box_xyxy, 0.0, _MEASURE_PX), cv2.COLOR_RGB2GRAY)
    return FaceQuality(
        size_px=min(x2 - x1, y2 - y1),
        sharpness=float(cv2.Laplacian(grey, cv2.CV_64F).var()),
        exposure=float(grey.mean()) / 255.0,
        pose_deg=estimate_yaw_deg(face.landmarks),
    )


def estimate_yaw_deg(landmarks: FloatArray) -> float:
    """Yaw of a face from how far the nose tip stands off its middle line.

    With the head as a plane of eyes and mouth corners and a nose tip before it, turning by an angle a shifts the tip
    sideways by depth x sin(a); upright measures (eyes to mouth) do not shrink, so they give the scale. Good to some
    ten degrees, which is enough for a gate.

    Args:
        landmarks: (5, 2) pixels: eye, eye, nose, mouth corner, mouth corner, the left of the picture first.

    Returns:
        Degrees in [-90, 90]; positive when the nose points to the right of the picture.
    """
    points = np.asarray(landmarks, np.float64)
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    down = mouth - eyes
    height = float(np.hypot(*down))
    if height < 1e-6:
        return 0.0
    offset = points[2] - eyes
    across = float(down[1] * offset[0] - down[0] * offset[1]) / height
    ratio = across / (_NOSE_DEPTH * height)
    return math.degrees(math.asin(min(1.0, max(-1.0, ratio))))


def gate(quality: FaceQuality, limits: QualityLimits) -> str | None:
    """Why a face must not be scored, None when it may.

    >>> gate(FaceQuality(size_px=40, sharpness=100, exposure=0.5, pose_deg=0), QualityLimits())
    'too_small'
    """
    checks = (
        ("too_small", quality.size_px < limits.min_face_px),
        ("too_dark", quality.exposure < limits.min_exposure),
        ("too_bright", quality.exposure > limits.max_exposure),
        ("too_blurred", quality.sharpness < limits.min_sharpness),
        ("turned_away", abs(quality.pose_deg) > limits.max_pose_deg),
    )
    return next((code for code, failed in checks if failed), None)
