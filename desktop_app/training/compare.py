"""What a compact form of a model costs: the same labelled crops through both."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_app.detectors import Detector, calibrate, fake_logits
from desktop_app.domain import ModelCard, UInt8Array
from desktop_app.errors import InputError
from desktop_app.faces import crop_for, is_within_reach
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.training.augment import render_crop
from desktop_app.training.extract import read_rgb
from desktop_app.training.manifest import Sample, check_disjoint, read_manifest
from desktop_app.training.metrics import auc

BATCH = 16


@dataclass(frozen=True, slots=True, eq=False)
class LabelledCrops:
    """Crops as a model takes them.

    Args:
        crops: (S, S, 3) uint8 RGB each.
        labels: (N,) 0 = genuine, 1 = fake.
        groups: Original video or person of each.
        split: Split that they are from.
    """

    crops: list[UInt8Array]
    labels: NDArray[np.int64]
    groups: tuple[str, ...]
    split: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two forms of a model on the same crops.

    Args:
        auc_before, auc_after: None where one of the labels is missing.
        mean_shift, largest_shift: Of the calibrated probability.
    """

    auc_before: float | None
    auc_after: float | None
    mean_shift: float
    largest_shift: float


def load_crops(
    manifest: Path, card: ModelCard, splits: Sequence[str], count: int, nominal: float = 1.0
) -> LabelledCrops:
    """Crops of a list, as many genuine as fake where there are enough, the same every time.

    Args:
        manifest: As in `read_manifest`.
        card: The model, for size and margin.
        splits: The first of them that has images is taken.
        count: Most crops.
        nominal: Share of an image's shorter side that the crop rule takes, for images without the box of a face.

    Raises:
        InputError: The list cannot be read, has a group in more than one split, or no image that opens.
    """
    samples = read_manifest(manifest, manifest.parent.name)
    check_disjoint(samples)
    by_split = {split: [s for s in samples if s.split == split] for split in splits}
    split, own = next(((split, own) for split, own in by_split.items() if own), ("", []))
    rng = np.random.default_rng(0)
    crops, labels, groups = [], [], []
    for label in (0, 1):
        part = [s for s in own if s.is_fake == bool(label)]
        for place in rng.permutation(len(part))[: (count + 1 - label) // 2]:
            crop = _crop(part[place], card, nominal)
            if crop is not None:
                crops.append(crop)
                labels.append(label)
                groups.append(part[place].group)
    if not crops:
        raise InputError(f"No image of {manifest.name} opens.", f"Looked in the splits {', '.join(splits)}.")
    return LabelledCrops(crops, np.array(labels, dtype=np.int64), tuple(groups), split)


def _crop(sample: Sample, card: ModelCard, nominal: float) -> UInt8Array | None:
    image = read_rgb(sample.path)
    if image is None or not is_within_reach(sample.box_xyxy, image):
        return None
    if sample.box_xyxy is not None:
        return crop_for(card, image, sample.box_xyxy)
    return render_crop(image, nominal, card.input_size_px, None, np.random.default_rng(0))


def compare(
    before: Detector,
    after: Detector,
    data: LabelledCrops,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> Comparison:
    """Score the same crops with two forms of a model.

    Args:
        before: The original.
        after: The other form, with the same preprocessing.
        data: The crops.
        on_progress: Stage ``"compare"`` in crops.
        cancel: Checked per batch.

    Raises:
        Cancelled: The token was cancelled.
    """
    scores: list[list[NDArray[np.float64]]] = [[], []]
    for start in range(0, len(data.crops), BATCH):
        if cancel is not None:
            cancel.check()
        for own, detector in zip(scores, (before, after), strict=True):
            logits = fake_logits(detector.card, detector.predict(data.crops[start : start + BATCH]))
            own.append(np.asarray(logits, dtype=np.float64))
        on_progress(Progress("compare", min(start + BATCH, len(data.crops)), len(data.crops)))
    first, second = (np.concatenate(own) for own in scores)
    shift = np.abs(calibrate(after.card, second.astype(np.float32)) - calibrate(before.card, first.astype(np.float32)))
    both = (auc(data.labels, first), auc(data.labels, second))
    return Comparison(*both, float(shift.mean()), float(shift.max()))
