"""Which faces are alike enough to be swapped, and how one is laid over the other (after Li et al., CVPR 2020)."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from desktop_app.domain import UInt8Array
from desktop_app.training.augment import Rng
from desktop_app.training.manifest import Sample

NEIGHBOURS = 12
# Below these a person sees the swap without looking twice, as contact sheets have shown.
LEAST_DETAIL = 0.55
LEAST_CORRELATION = 0.35
# Grey levels of lighting that are taken over: with more, skin looks like metal.
MOST_LIGHT = 40.0


class PartnerIndex:
    """Samples by the shape of their five landmarks, to find similar faces of other people.

    Args:
        samples: Those without landmarks are left out. Fakes may be among them: then the face of a generator comes to
            stand in a photograph.
    """

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._samples = tuple(s for s in samples if s.landmarks is not None)
        self._tree = cKDTree(np.stack([_shape(s) for s in self._samples])) if self._samples else None

    def partner_of(self, sample: Sample, rng: Rng) -> Sample | None:
        """One of the most similar faces of other groups of the same split, at random.

        Args:
            sample: The face that is to be replaced.
            rng: Source of randomness.

        Returns:
            None where the sample has no landmarks or nobody is like it.
        """
        if self._tree is None or sample.landmarks is None:
            return None
        shape, count = _shape(sample), 4 * NEIGHBOURS
        while True:
            count = min(count, len(self._samples))
            _, rows = self._tree.query(shape, k=np.arange(1, count + 1))
            near = [s for s in (self._samples[i] for i in rows) if _is_other(s, sample)][:NEIGHBOURS]
            if len(near) == NEIGHBOURS or count == len(self._samples):
                return near[int(rng.integers(len(near)))] if near else None
            count *= 4


def _is_other(partner: Sample, sample: Sample) -> bool:
    is_same = (partner.source, partner.group) == (sample.source, sample.group)
    return not is_same and partner.split == sample.split and partner.path != sample.path


def _shape(sample: Sample) -> NDArray[np.float64]:
    """Landmarks without place, size and roll: (10,), as a Procrustes distance compares them."""
    p = np.asarray(sample.landmarks, dtype=np.float64)
    z = (p[:, 0] - p[:, 0].mean()) + 1j * (p[:, 1] - p[:, 1].mean())
    upright = 1j * np.conj(z[3] + z[4] - z[0] - z[1])
    z = z * upright / max(float(abs(upright)), 1e-6)
    z = z / max(float(np.linalg.norm(z)), 1e-6)
    return np.concatenate([z.real, z.imag])


def lay_over(
    partner: UInt8Array, partner_points: NDArray[np.float64], points: NDArray[np.float64], size: tuple[int, int]
) -> UInt8Array:
    """Warp a partner's picture so that its landmarks come to lie on those of the target, by a least-squares affinity.

    Args:
        partner: (H, W, 3) uint8 RGB.
        partner_points: (5, 2) pixels of it.
        points: (5, 2) pixels of the target.
        size: Width and height of the result.
    """
    ones = np.column_stack([partner_points, np.ones(len(partner_points))])
    matrix = np.linalg.lstsq(ones, points, rcond=None)[0].T
    zoom = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if zoom < 0.6:
        # an affine warp samples points: shrink by area first, or fine detail aliases
        partner = np.asarray(cv2.resize(partner, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        matrix = matrix @ np.diag([1 / zoom, 1 / zoom, 1.0])
    warped = cv2.warpAffine(partner, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(warped, dtype=np.uint8)


def is_alike(laid: UInt8Array, target: UInt8Array, area: tuple[slice, slice]) -> bool:
    """Whether a face can stand in for another: as detailed, turned and lit alike, and neither of them half hidden.

    Args:
        laid: (H, W, 3) uint8 RGB, in place.
        target: Likewise; what it is to cover.
        area: Where the target's face is.
    """
    grey, goal = (np.asarray(cv2.cvtColor(x[area], cv2.COLOR_RGB2GRAY), dtype=np.uint8) for x in (laid, target))
    if min(grey.shape) < 8:
        return False
    # contrast is adapted later, and detail grows with it
    details = [float(cv2.Laplacian(x, cv2.CV_16S).std()) / max(float(x.std()), 1.0) for x in (grey, goal)]
    a, b = (cv2.resize(x, (24, 24), interpolation=cv2.INTER_AREA).astype(np.float64).ravel() for x in (grey, goal))
    return details[0] > LEAST_DETAIL * details[1] and float(np.corrcoef(a, b)[0, 1]) > LEAST_CORRELATION


def adapt(laid: UInt8Array, target: UInt8Array, mask: UInt8Array, rng: Rng) -> UInt8Array:
    """Give a face the colours, part of the lighting and no more than the detail of another.

    Colours by mean and spread in Lab (Reinhard et al. 2001); lighting by the difference of both pictures' low
    frequencies, so that a face lit from the left does not stand in one lit from the right.

    Args:
        laid: (H, W, 3) uint8 RGB, in place.
        target: Likewise; what it is to cover.
        mask: (H, W) uint8, where both are compared.
        rng: Decides how much of the lighting is taken over.
    """
    surplus = _detail(laid, mask) / max(_detail(target, mask), 1e-3)
    if surplus > 1.2:
        blur = min(0.35 + 0.3 * (surplus - 1.2), 1.6)
        laid = np.asarray(cv2.GaussianBlur(laid, (0, 0), blur), dtype=np.uint8)
    moved = _transfer_colour(laid, target, mask)
    height, width = mask.shape
    size = (max(2, width // 8), max(2, height // 8))
    small, goal = (cv2.resize(x, size, interpolation=cv2.INTER_AREA).astype(np.float32) for x in (moved, target))
    light = cv2.GaussianBlur(goal - small, (0, 0), max(1.0, size[0] / 9)) * np.float32(rng.uniform(0.6, 1.0))
    light = np.clip(light, -MOST_LIGHT, MOST_LIGHT)
    lit = moved.astype(np.float32) + cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(lit + 0.5, 0, 255), dtype=np.uint8)


def _detail(image: UInt8Array, mask: UInt8Array) -> float:
    """Spread of the finest structure inside a mask, in grey levels."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return float(cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S), mask=mask)[1][0, 0])


def _transfer_colour(source: UInt8Array, target: UInt8Array, mask: UInt8Array) -> UInt8Array:
    a, b = (np.asarray(cv2.cvtColor(x, cv2.COLOR_RGB2LAB), dtype=np.uint8) for x in (source, target))
    inside = np.asarray(mask > 127, dtype=np.uint8)
    (mean_a, std_a), (mean_b, std_b) = (cv2.meanStdDev(x, mask=inside) for x in (a, b))
    gain = np.clip(std_b / np.maximum(std_a, 1.0), 0.7, 1.25).ravel()
    moved = cv2.transform(a, np.column_stack([np.diag(gain), mean_b.ravel() - gain * mean_a.ravel()]))
    return np.asarray(cv2.cvtColor(np.asarray(moved, dtype=np.uint8), cv2.COLOR_LAB2RGB), dtype=np.uint8)
