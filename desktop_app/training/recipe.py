"""Recipes: everything that determines a training run, as typed TOML."""

import dataclasses
import math
import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop_app.domain.base import require
from desktop_app.errors import InputError
from desktop_app.records import build_record
from desktop_app.training.augment import AugmentSpec


class Schedule(StrEnum):
    """How the learning rate moves over a run."""

    ONE_CYCLE = "one_cycle"
    WARMUP_STABLE_DECAY = "warmup_stable_decay"


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One set of images and how much of it goes into a batch.

    Args:
        name: Name of the set.
        manifest: CSV relative to the data folder.
        nominal: Share of an image's side that the crop rule takes: 1 where images are cut by the rule already.
        genuine_weight, fake_weight: How often a genuine or fake image is drawn from this set, relative to the others.
        terms: Under which terms the set is available; goes into the model's card.
    """

    name: str
    manifest: str
    nominal: float
    genuine_weight: float
    fake_weight: float
    terms: str

    def __post_init__(self) -> None:
        require(0 < self.nominal <= 1, f"nominal: expected a value in (0, 1], got {self.nominal}")
        weights = (self.genuine_weight, self.fake_weight)
        require(min(weights) >= 0 and all(map(math.isfinite, weights)), f"weights: expected >= 0, got {weights}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A training run.

    Args:
        model_id, name, version: Identity of the model that comes out.
        architecture: Key of `detectors.nets.NETS`.
        start_weights: State dict to start from, relative to the data folder; empty starts from random weights.
        input_size_px: Side of the network's input.
        crop_margin: The crop rule, see `faces.crop_box`.
        mean, std: Normalisation of RGB in [0, 1].
        sources: The sets.
        total_images: Length of the run.
        batch_size: Images per step.
        learning_rate, weight_decay: Of AdamW.
        schedule: How the learning rate moves.
        warmup, decay: Shares of the run, see `schedule`.
        label_smoothing: Of the cross-entropy.
        ema_decay: Of the averaged weights, which are the ones kept.
        validation_share: Share of training groups kept out for validation.
        validation_images: Images per class and set that validation looks at.
        validate_every: Steps between validations.
        min_face_px: Smallest face for which the card's figures hold.
        seed: Of everything random.
        limits: What the model is not shown to do; goes into its card.
        licence: Of the weights.
        augment: See `AugmentSpec`.
    """

    model_id: str
    name: str
    version: str
    architecture: str
    start_weights: str
    input_size_px: int
    crop_margin: float
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    sources: tuple[SourceSpec, ...]
    total_images: int
    batch_size: int = 48
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2
    schedule: Schedule = Schedule.ONE_CYCLE
    warmup: float = 0.05
    decay: float = 0.3
    label_smoothing: float = 0.0
    ema_decay: float = 0.998
    validation_share: float = 0.06
    validation_images: int = 600
    validate_every: int = 400
    min_face_px: int = 50
    seed: int = 0
    limits: tuple[str, ...] = ()
    licence: str = ""
    augment: AugmentSpec = dataclasses.field(default_factory=AugmentSpec)

    def __post_init__(self) -> None:
        require(bool(re.fullmatch(r"[\w.-]*\w", self.model_id)), f"model_id: {self.model_id!r} is no plain name")
        names = [s.name for s in self.sources]
        require(bool(names) and len(set(names)) == len(names), f"sources: expected different names, got {names}")
        for name in ("input_size_px", "total_images", "batch_size", "validation_images", "validate_every"):
            require(getattr(self, name) >= 1, f"{name}: expected >= 1, got {getattr(self, name)}")
        require(self.learning_rate > 0, f"learning_rate: expected > 0, got {self.learning_rate}")
        require(min(self.std) > 0, f"std: expected values > 0, got {self.std}")
        require(0 <= self.warmup < 1 and 0 < self.decay <= 1, f"warmup, decay: got {self.warmup}, {self.decay}")
        require(0 <= self.ema_decay < 1, f"ema_decay: expected a value in [0, 1), got {self.ema_decay}")
        require(0 < self.validation_share < 1, f"validation_share: expected in (0, 1), got {self.validation_share}")
        require(0 <= self.label_smoothing < 1, f"label_smoothing: expected in [0, 1), got {self.label_smoothing}")
        require(self.seed >= 0, f"seed: expected >= 0, got {self.seed}")

    @property
    def total_steps(self) -> int:
        """Number of optimiser steps."""
        return max(1, self.total_images // self.batch_size)


def load_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Args:
        path: The TOML file.

    Raises:
        InputError: It cannot be read or is not a whole recipe.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return build_record(Recipe, table, path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The recipe {path} cannot be read.", str(error)) from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError, TypeError) as error:
        raise InputError(f"The recipe {path} is not valid.", str(error)) from error


def rate_at(recipe: Recipe, step: int) -> float:
    """Learning rate as a share of its maximum.

    One-cycle rises linearly over `warmup` and falls along a cosine; warmup-stable-decay stays at the maximum until the
    last `decay` share and then falls linearly.

    Args:
        recipe: The run.
        step: From 0.
    """
    done = step / recipe.total_steps
    if done < recipe.warmup:
        return min(1.0, (step + 1) / max(1.0, recipe.warmup * recipe.total_steps))
    if recipe.schedule is Schedule.ONE_CYCLE:
        return 0.5 * (1 + math.cos(math.pi * (done - recipe.warmup) / (1 - recipe.warmup)))
    return min(1.0, max(0.0, (1 - done) / recipe.decay))
