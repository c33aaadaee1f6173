"""Endless, seeded stream of training images."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch.utils.data import Dataset

from desktop_app.detectors.preprocess import to_tensor
from desktop_app.domain import UInt8Array
from desktop_app.errors import InputError
from desktop_app.training.augment import Rng, degrade, render_crop
from desktop_app.training.blend import self_blend
from desktop_app.training.extract import read_rgb
from desktop_app.training.manifest import Sample
from desktop_app.training.recipe import Recipe

GENUINE, FAKE = 0, 1
CLASSES = ("genuine", "fake")
MAX_TRIES = 100


Pool = tuple[tuple[Sample, ...], float, float]


@dataclass(frozen=True, slots=True)
class Pools:
    """Images by label and set, with the weight of each set.

    Args:
        genuine, fake: For each label, per set: its samples, nominal crop share and weight.
    """

    genuine: tuple[Pool, ...]
    fake: tuple[Pool, ...]


def make_pools(recipe: Recipe, samples: Sequence[Sample], split: str) -> Pools:
    """Sort the samples of a split by label and set; sets of weight 0 or without samples are left out."""
    genuine: list[Pool] = []
    fake: list[Pool] = []
    for source in recipe.sources:
        own = [s for s in samples if s.source == source.name and s.split == split]
        for is_fake, weight, pool in ((False, source.genuine_weight, genuine), (True, source.fake_weight, fake)):
            chosen = tuple(s for s in own if s.is_fake is is_fake)
            if chosen and weight > 0:
                pool.append((chosen, source.nominal, weight))
    return Pools(tuple(genuine), tuple(fake))


class TrainingStream(Dataset[tuple[torch.Tensor, int]]):
    """Groups of four: a genuine image, a fake one, a second genuine one and a self-blend of that second one.

    Every item depends on the seed and its position alone, so a run that was broken off goes on as if it had not been.

    Args:
        recipe: The run.
        pools: Where images are drawn from.
        start: Position of the first item.
        length: Number of items.
    """

    def __init__(self, recipe: Recipe, pools: Pools, start: int, length: int) -> None:
        self._recipe, self._pools, self._start, self._length = recipe, pools, start, length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        cv2.setNumThreads(1)
        image, label = self.draw(self._start + index)
        r = self._recipe
        return to_tensor([image], r.input_size_px, r.mean, r.std)[0], label

    def draw(self, position: int) -> tuple[UInt8Array, int]:
        """The augmented image at a position, before normalisation, and its label.

        Args:
            position: From 0, over the whole run.

        Returns:
            (S, S, 3) uint8 RGB, and 0 = genuine or 1 = fake.
        """
        r = self._recipe
        group, place = divmod(position, 4)
        own = np.random.default_rng((r.seed, position, 1))
        shared = np.random.default_rng((r.seed, group, 2 if place in (2, 3) else place + 3))
        image, nominal = _pick(self._pools.fake if place == 1 else self._pools.genuine, shared)
        if place == 3:
            image = self_blend(image, nominal, own)
        crop = render_crop(image, nominal, r.input_size_px, r.augment, own)
        return degrade(crop, r.augment, own), FAKE if place in (1, 3) else GENUINE


def _pick(pool: Sequence[Pool], rng: Rng) -> tuple[UInt8Array, float]:
    weights = np.array([weight for _, _, weight in pool])
    for _ in range(MAX_TRIES):
        samples, nominal, _ = pool[int(rng.choice(len(pool), p=weights / weights.sum()))]
        sample = samples[int(rng.integers(len(samples)))]
        image = read_rgb(sample.path)
        if image is not None:
            return image, nominal
    raise InputError(
        f"{MAX_TRIES} training images in a row cannot be read, for example {sample.path}.",
        "Check that the images lie where the manifests say.",
    )
