"""Geometry of boxes, (x1, y1, x2, y2) in pixels."""

import numpy as np
from numpy.typing import NDArray

from desktop_app.domain import Box, FloatArray


def _intersections(a: FloatArray, b: FloatArray) -> FloatArray:
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    overlap: FloatArray = np.clip(high - low, 0, None).prod(axis=2)
    return overlap


def _areas(boxes: FloatArray) -> FloatArray:
    areas: FloatArray = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=1)
    return areas


def iou_matrix(a: FloatArray, b: FloatArray) -> FloatArray:
    """(N, M) intersection over union of (N, 4) and (M, 4) boxes."""
    overlap = _intersections(a, b)
    union = _areas(a)[:, None] + _areas(b)[None, :] - overlap
    share: FloatArray = overlap / np.maximum(union, np.float32(1e-6))
    return share


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes.

    >>> iou((0, 0, 2, 2), (1, 0, 3, 2))
    0.3333333333333333
    """
    return float(iou_matrix(np.array([a], np.float64), np.array([b], np.float64))[0, 0])


def keep_distinct(boxes: FloatArray, scores: FloatArray, limit: float) -> NDArray[np.intp]:
    """Positions of boxes, best score first, none of which covers more than `limit` of a smaller one kept before.

    Overlap is measured against the smaller box, so that a face inside a larger box of the same face goes.
    """
    order = np.argsort(-scores, kind="stable")
    if len(order) < 2:
        return order
    areas = _areas(boxes)
    shares = _intersections(boxes, boxes) / np.maximum(np.minimum(areas[:, None], areas[None, :]), 1e-6)
    kept: list[int] = []
    for place in order:
        if not kept or shares[place, kept].max() <= limit:
            kept.append(int(place))
    return np.array(kept, dtype=np.intp)
