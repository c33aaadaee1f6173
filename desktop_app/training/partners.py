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


def transfer_colour(source: UInt8Array, target: UInt8Array, mask: UInt8Array) -> UInt8Array:
    """Give a face the colours of another: mean and spread in Lab (Reinhard et al. 2001).

    Args:
        source: (H, W, 3) uint8 RGB.
        target: Likewise; its colours are taken.
        mask: (H, W) uint8, where both are compared.
    """
    a, b = (np.asarray(cv2.cvtColor(x, cv2.COLOR_RGB2LAB), dtype=np.uint8) for x in (source, target))
    inside = np.asarray(mask > 127, dtype=np.uint8)
    (mean_a, std_a), (mean_b, std_b) = (cv2.meanStdDev(x, mask=inside) for x in (a, b))
    gain = np.clip(std_b / np.maximum(std_a, 1.0), 0.6, 1.6).ravel()
    moved = cv2.transform(a, np.column_stack([np.diag(gain), mean_b.ravel() - gain * mean_a.ravel()]))
    return np.asarray(cv2.cvtColor(np.asarray(moved, dtype=np.uint8), cv2.COLOR_LAB2RGB), dtype=np.uint8)
