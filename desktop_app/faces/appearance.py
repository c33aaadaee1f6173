"""What a face looks like, in a few numbers: enough to tell two people of one shot apart."""

import cv2
import numpy as np

from desktop_app.domain import Box, FloatArray, UInt8Array
from desktop_app.faces.crop import crop_face

_SIDE_PX = 32
_MARGIN = 0.1
_CELLS = 4
_DIRECTIONS = 8
_HUES, _SATURATIONS = 16, 8


def describe(image: UInt8Array, box_xyxy: Box) -> FloatArray:
    """Descriptor of a face: a hue-saturation histogram, then gradient histograms of 4 x 4 cells, both of length 1.

    Returns:
        (256,) float32.
    """
    crop = crop_face(image, box_xyxy, _MARGIN, _SIDE_PX)
    return np.concatenate([_colours(crop), _gradients(crop)]).astype(np.float32)


def similarity(a: FloatArray, b: FloatArray) -> float:
    """How alike two descriptors are, in [0, 1].

    Half is the Bhattacharyya coefficient of the colours, half the cosine of the gradients, from 0.5 upwards, since
    any two faces share the layout of a face.
    """
    split = _HUES * _SATURATIONS
    colours = float(np.clip(a[:split] @ b[:split], 0.0, 1.0))
    gradients = float(np.clip(2.0 * (a[split:] @ b[split:]) - 1.0, 0.0, 1.0))
    return 0.5 * colours + 0.5 * gradients


def _colours(crop: UInt8Array) -> FloatArray:
    hsv = cv2.cvtColor(crop, cv2.COLOR_RGB2HSV)
    # Grey pixels have no hue worth counting, so hue counts by saturation.
    weights = 0.05 + hsv[..., 1].astype(np.float32) / 255.0
    places = (hsv[..., 0].astype(np.int64) * _HUES // 180) * _SATURATIONS + hsv[..., 1] // (256 // _SATURATIONS)
    counts = np.bincount(places.ravel(), weights.ravel(), _HUES * _SATURATIONS).reshape(_HUES, _SATURATIONS)
    soft = cv2.GaussianBlur(np.vstack([counts[-1:], counts, counts[:1]]), (3, 3), 0.8)[1:-1]
    shares: FloatArray = np.sqrt(soft / soft.sum()).ravel()
    return shares / np.linalg.norm(shares)


def _gradients(crop: UInt8Array) -> FloatArray:
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    strength = np.hypot(across, down)
    turns = np.mod(np.arctan2(down, across), 2 * np.pi) / (2 * np.pi)
    direction = np.minimum((turns * _DIRECTIONS).astype(np.int64), _DIRECTIONS - 1)
    cell = np.arange(_SIDE_PX) * _CELLS // _SIDE_PX
    places = (cell[:, None] * _CELLS + cell[None, :]) * _DIRECTIONS + direction
    counts: FloatArray = np.sqrt(np.bincount(places.ravel(), strength.ravel(), _CELLS * _CELLS * _DIRECTIONS))
    return counts / max(float(np.linalg.norm(counts)), 1e-6)
