"""Faces: find, follow, cut out and measure them."""

from desktop_app.faces.crop import crop_box, crop_face, crop_for, is_within_reach
from desktop_app.faces.detect import FaceDetector
from desktop_app.faces.finder import FaceFinder, FoundFaces
from desktop_app.faces.quality import QualityLimits, estimate_yaw_deg, gate, measure_quality

__all__ = [
    "FaceDetector",
    "FaceFinder",
    "FoundFaces",
    "QualityLimits",
    "crop_box",
    "crop_face",
    "crop_for",
    "estimate_yaw_deg",
    "gate",
    "is_within_reach",
    "measure_quality",
]
