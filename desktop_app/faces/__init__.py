"""Faces: find, follow, cut out and measure them."""

from desktop_app.faces.crop import crop_box, crop_face
from desktop_app.faces.detect import FaceDetector

__all__ = ["FaceDetector", "crop_box", "crop_face"]
