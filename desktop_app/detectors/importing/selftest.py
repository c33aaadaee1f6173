"""A few pictures through a detector, before anybody relies on it."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from skimage import data

from desktop_app.detectors.base import Detector
from desktop_app.domain import FloatArray, UInt8Array
from desktop_app.errors import ModelError

_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class SelfTest:
    """What a self-test saw.

    Args:
        logits: (N, outputs) of `make_crops`.
        batch_difference: Largest difference between scores alone and in a batch.
        spread: Largest difference between pictures.
    """

    logits: FloatArray
    batch_difference: float
    spread: float


def make_crops(size_px: int) -> list[UInt8Array]:
    """The public-domain portrait of an astronaut, whole, blurred, dark and mirrored, and two generated pictures.

    Args:
        size_px: Side of each.
    """
    load: Callable[[], UInt8Array] = data.astronaut
    face = load()[30:230, 125:325]
    face = np.asarray(cv2.resize(face, (size_px, size_px), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    blurred = np.asarray(cv2.GaussianBlur(face, (0, 0), size_px / 30), dtype=np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, face.shape, dtype=np.uint8)
    ramp = np.linspace(0, 255, size_px).astype(np.uint8)
    slope = np.stack([np.tile(ramp, (size_px, 1)), np.tile(ramp[:, None], (1, size_px)), face[..., 2]], axis=2)
    return [face, blurred, face // 3, np.ascontiguousarray(face[:, ::-1]), noise, slope]


def run_self_test(detector: Detector) -> SelfTest:
    """Score the pictures: together, once more, and one by one.

    Args:
        detector: The model, with its card.

    Raises:
        ModelError: Outputs are not finite, not as many as the card says, differ from run to run or with the batch, or
            are the same for every picture.
    """
    crops = make_crops(detector.card.input_size_px)
    logits = detector.predict(crops)
    expected = (len(crops), detector.card.output_count)
    if logits.shape != expected or not np.isfinite(logits).all():
        raise _failed(detector, f"expected {expected} finite outputs, got {logits.shape}")
    if not np.array_equal(logits, detector.predict(crops)):
        raise _failed(detector, "the same pictures gave other scores the second time")
    alone = np.concatenate([detector.predict([crop]) for crop in crops])
    scale = max(1.0, float(np.abs(logits).max()))
    difference = float(np.abs(alone - logits).max())
    if difference > _TOLERANCE * scale:
        raise _failed(detector, f"scores in a batch differ from those alone by {difference:.3g}")
    spread = float(np.ptp(logits, axis=0).max())
    if spread <= 1e-6 * scale:
        raise _failed(detector, "it gives the same score to every picture")
    return SelfTest(logits, difference, spread)


def _failed(detector: Detector, why: str) -> ModelError:
    return ModelError(f"“{detector.card.name}” did not pass the self-test.", f"{why[0].upper()}{why[1:]}.")
