"""Scores on the groups that training keeps out."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from desktop_app.detectors.preprocess import to_tensor
from desktop_app.domain import UInt8Array
from desktop_app.errors import InputError
from desktop_app.training.augment import degrade, render_crop
from desktop_app.training.blend import self_blend
from desktop_app.training.dataset import FAKE, GENUINE, make_pools
from desktop_app.training.extract import read_rgb
from desktop_app.training.manifest import Sample
from desktop_app.training.metrics import auc
from desktop_app.training.recipe import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class ValidationScores:
    """Raw scores of the validation images.

    Args:
        logits: (N,) log-odds of fake.
        labels: (N,) 0 = genuine, 1 = fake.
        sets: (N,) name of the set; ``"self-blended"`` are forgeries of its genuine images.
        groups: (N,) set and original video or person; a forgery shares the group of its photograph.
    """

    logits: NDArray[np.float64]
    labels: NDArray[np.int64]
    sets: NDArray[np.str_]
    groups: NDArray[np.str_]

    def auc_by_set(self) -> dict[str, float]:
        """AUC of the fakes of each set against its genuine images; self-blends against all genuine images."""
        result = {}
        for name in sorted(set(self.sets.tolist())):
            rows = self.sets == name
            if name == SELF_BLENDED:
                rows = rows | (self.labels == GENUINE)
            value = auc(self.labels[rows], self.logits[rows])
            if value is not None:
                result[name] = value
        return result


SELF_BLENDED = "self-blended"


def validation_images(
    recipe: Recipe, samples: list[Sample], is_degraded: bool = False
) -> Iterator[tuple[UInt8Array, int, str, str]]:
    """Crops, label, set and group: up to `validation_images` per set and class, self-blends of every other genuine one.

    Args:
        recipe: The run.
        samples: Samples with their splits.
        is_degraded: Whether they go through the degradations of training.
    """
    pools = make_pools(recipe, samples, "val")
    for label, pool in ((GENUINE, pools.genuine), (FAKE, pools.fake)):
        for own, nominal, _ in pool:
            rng = np.random.default_rng((recipe.seed, 99, label))
            chosen = [own[i] for i in rng.permutation(len(own))[: recipe.validation_images]]
            for i, sample in enumerate(chosen):
                image = read_rgb(sample.path)
                if image is None:
                    continue
                group = f"{sample.source}/{sample.group}"
                yield _finish(image, nominal, recipe, is_degraded, rng), label, sample.source, group
                if label == GENUINE and i % 2 == 0:
                    blended = self_blend(image, nominal, rng)
                    yield _finish(blended, nominal, recipe, is_degraded, rng), FAKE, SELF_BLENDED, group


def _finish(
    image: UInt8Array, nominal: float, recipe: Recipe, is_degraded: bool, rng: np.random.Generator
) -> UInt8Array:
    crop = render_crop(image, nominal, recipe.input_size_px, None, rng)
    return degrade(crop, recipe.augment, rng) if is_degraded else crop


def score_validation(
    net: nn.Module, recipe: Recipe, samples: list[Sample], is_degraded: bool = False
) -> ValidationScores:
    """Run the network over the validation images.

    Args:
        net: Two outputs, genuine and fake; set to evaluation mode and left there.
        recipe: The run.
        samples: Samples with their splits.
        is_degraded: See `validation_images`.

    Raises:
        InputError: There is nothing to validate on.
    """
    net.eval()
    logits: list[NDArray[np.float64]] = []
    labels: list[int] = []
    sets: list[str] = []
    groups: list[str] = []
    batch: list[UInt8Array] = []

    def flush() -> None:
        if batch:
            with torch.inference_mode():
                out = net(to_tensor(batch, recipe.input_size_px, recipe.mean, recipe.std)).double().numpy()
            logits.append(out[:, FAKE] - out[:, GENUINE])
            batch.clear()

    for crop, label, name, group in validation_images(recipe, samples, is_degraded):
        batch.append(crop)
        labels.append(label)
        sets.append(name)
        groups.append(group)
        if len(batch) == 64:
            flush()
    flush()
    if len(set(labels)) < 2:
        raise InputError("No genuine or no fake validation image can be read.", "Check the manifests of the recipe.")
    return ValidationScores(np.concatenate(logits), np.array(labels), np.array(sets), np.array(groups))
