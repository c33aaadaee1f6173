"""Seeded streams of training images."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.utils.data import Dataset

from desktop_app.detectors.preprocess import to_tensor
from desktop_app.domain import UInt8Array
from desktop_app.errors import InputError
from desktop_app.training.augment import Rng, degrade, render_crop
from desktop_app.training.blend import Forgery, forge
from desktop_app.training.extract import read_rgb
from desktop_app.training.manifest import Sample
from desktop_app.training.partners import PartnerIndex
from desktop_app.training.recipe import Balance, Feed, Recipe, plain_kind

log = logging.getLogger(__name__)

GENUINE, FAKE = 0, 1
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

    def samples(self) -> list[tuple[Sample, float]]:
        """Every image with its nominal crop share, in the order of the sets."""
        return [(sample, nominal) for own, nominal, _ in (*self.genuine, *self.fake) for sample in own]


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


class ClassMap:
    """Which class of a recipe a sample belongs to.

    Args:
        recipe: The run.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._is_binary = len(recipe.classes) == 2
        self._of_kind = {plain_kind(k): i for i, c in enumerate(recipe.classes) for k in (c.name, *c.kinds)}
        self._fake_kind = {s.name: s.fake_kind for s in recipe.sources}
        self.blend = FAKE if self._is_binary else self._of_kind.get(plain_kind(recipe.blend_class), FAKE)

    def of(self, sample: Sample) -> int:
        """Place of the sample's class: 0 is genuine, and two classes ask for the label alone.

        Raises:
            InputError: The kind of a fake belongs to no class.
        """
        if not sample.is_fake:
            return GENUINE
        if self._is_binary:
            return FAKE
        kind = sample.kind or self._fake_kind.get(sample.source, "")
        found = self._of_kind.get(plain_kind(kind), GENUINE)
        if found == GENUINE:
            raise InputError(
                f"The kind “{kind}” of {sample.path.name} in {sample.source} belongs to no class of fakes.",
                "Name it in the recipe's classes, or give the source a fake_kind.",
            )
        return found


def class_counts(recipe: Recipe, samples: Sequence[Sample]) -> list[int]:
    """Number of training images of each class.

    Raises:
        InputError: The kind of a fake belongs to no class.
    """
    classes = ClassMap(recipe)
    labels = [classes.of(sample) for sample, _ in make_pools(recipe, samples, "train").samples()]
    return [int(n) for n in np.bincount(labels, minlength=len(recipe.classes))]


class Forger:
    """Makes forgeries of genuine images, some of them with the face of a similar person.

    Args:
        recipe: The run.
        pools: Images among which partners are looked for, each within its own split.
    """

    def __init__(self, recipe: Recipe, *pools: Pools) -> None:
        self._spec, self._margin = recipe.blend, recipe.crop_margin
        samples = [sample for pool in pools for sample, _ in pool.samples()]
        self._partners = PartnerIndex(samples if recipe.blend.cross > 0 else [])

    def forge(self, image: UInt8Array, sample: Sample, nominal: float, rng: Rng) -> Forgery:
        """A forgery of an image.

        Args:
            image: (H, W, 3) uint8 RGB.
            sample: Whose image it is.
            nominal: Share of the image's side that the crop rule takes.
            rng: Source of randomness.
        """
        found = self._partners.partner_of(sample, rng) if rng.random() < self._spec.cross else None
        picture = None if found is None else read_image(found.path)
        partner = None if found is None or picture is None else (picture, found)
        return forge(image, sample, nominal / (1.0 + self._margin), partner, rng, self._spec)


class TrainingStream(Dataset[tuple[torch.Tensor, int]]):
    """Groups of four: a genuine image, a fake one, a second genuine one and a forgery blended from that second one.

    Where `Recipe.blend_share` is below 1, a second fake stands in the place of some of the forgeries. Where there
    is no pool of fakes, forgeries blended from the genuine image before them take the places of all of them.

    Every item depends on the seed and its position alone, so a run that was broken off goes on as if it had not been.

    Args:
        recipe: The run.
        pools: Where images are drawn from.
        start: Position of the first item.
        length: Number of items.
    """

    def __init__(self, recipe: Recipe, pools: Pools, start: int, length: int) -> None:
        self._recipe, self._pools, self._start, self._length = recipe, pools, start, length
        self._classes = ClassMap(recipe)
        self._forger = Forger(recipe, pools if recipe.has_blends else Pools((), ()))

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        cv2.setNumThreads(1)
        image, label = self.draw(self._start + index)
        r = self._recipe
        return to_tensor([image], r.input_size_px, r.mean, r.std)[0], label

    def draw(self, position: int) -> tuple[UInt8Array, int]:
        """The augmented image at a position, before normalisation, and the place of its class.

        Args:
            position: From 0, over the whole run.

        Returns:
            (S, S, 3) uint8 RGB, and 0 = genuine or the class of the fake.
        """
        r = self._recipe
        group, place = divmod(position, 4)
        own = np.random.default_rng((r.seed, position, 1))
        draws_fake = place == 1 or np.random.default_rng((r.seed, group, 9)).random() >= r.blend_share
        is_fake = place in (1, 3) and draws_fake and bool(self._pools.fake)
        is_forged = place in (1, 3) and not is_fake
        # a forgery is drawn like the genuine image before it
        shared = np.random.default_rng((r.seed, group, (3, 3, 2, 2)[place] if is_forged else (3, 4, 2, 10)[place]))
        image, sample, nominal = _pick(self._pools.fake if is_fake else self._pools.genuine, shared)
        label = self._classes.of(sample)
        if is_forged:
            image, label = self._forger.forge(image, sample, nominal, own).image, self._classes.blend
        return self._finish(image, nominal, own), label

    def _finish(self, image: UInt8Array, nominal: float, rng: Rng) -> UInt8Array:
        r = self._recipe
        return degrade(render_crop(image, nominal, r.input_size_px, r.augment, rng), r.augment, rng)


class EpochStream(TrainingStream):
    """Every image once, in an order of its own for every pass; or classes drawn equally often.

    As in `TrainingStream`, an item depends on the seed and its position alone.
    """

    def __init__(self, recipe: Recipe, pools: Pools, start: int, length: int) -> None:
        super().__init__(recipe, pools, start, length)
        self._samples = pools.samples()
        labels = np.array([self._classes.of(sample) for sample, _ in self._samples])
        self._places = [np.flatnonzero(labels == label) for label in np.unique(labels)]
        self._order: tuple[int, np.ndarray[tuple[int], np.dtype[np.int64]]] = (-1, np.zeros(0, np.int64))

    def draw(self, position: int) -> tuple[UInt8Array, int]:
        """As in `TrainingStream`; an image that cannot be read gives way to the next one."""
        for attempt in range(MAX_TRIES):
            sample, nominal = self._samples[self._place(position, attempt)]
            image = read_image(sample.path)
            if image is not None:
                own = np.random.default_rng((self._recipe.seed, position, 1))
                return self._finish(image, nominal, own), self._classes.of(sample)
        raise _unreadable(sample)

    def _place(self, position: int, attempt: int) -> int:
        r = self._recipe
        if r.balance is Balance.SAMPLING:
            rng = np.random.default_rng((r.seed, position, 7, attempt))
            return int(rng.choice(self._places[int(rng.integers(len(self._places)))]))
        epoch, index = divmod(position, len(self._samples))
        if self._order[0] != epoch:
            self._order = (epoch, np.random.default_rng((r.seed, epoch, 8)).permutation(len(self._samples)))
        return int(self._order[1][(index + attempt) % len(self._samples)])


def make_stream(recipe: Recipe, pools: Pools, start: int, length: int) -> TrainingStream:
    """The stream that a recipe asks for.

    Args:
        recipe: The run.
        pools: Where images are drawn from.
        start: Position of the first item.
        length: Number of items.
    """
    kind = EpochStream if recipe.feed is Feed.EPOCHS else TrainingStream
    return kind(recipe, pools, start, length)


_unread: set[Path] = set()


def read_image(path: Path) -> UInt8Array | None:
    """An image as (H, W, 3) uint8 RGB; None where it cannot be read, which is said once per file and process."""
    image = read_rgb(path)
    if image is None and path not in _unread:
        _unread.add(path)
        log.warning("%s cannot be read and is left out; `cotejo dataset check` finds all such files", path)
    return image


def _pick(pool: Sequence[Pool], rng: Rng) -> tuple[UInt8Array, Sample, float]:
    weights = np.array([weight for _, _, weight in pool])
    for _ in range(MAX_TRIES):
        samples, nominal, _ = pool[int(rng.choice(len(pool), p=weights / weights.sum()))]
        sample = samples[int(rng.integers(len(samples)))]
        image = read_image(sample.path)
        if image is not None:
            return image, sample, nominal
    raise _unreadable(sample)


def _unreadable(sample: Sample) -> InputError:
    return InputError(
        f"{MAX_TRIES} training images in a row cannot be read, for example {sample.path}.",
        "Check that the images lie where the manifests say.",
    )
