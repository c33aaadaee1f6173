"""Recipes: everything that determines a training run, as typed TOML."""

import dataclasses
import math
import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop_app.detectors.nets import NETS
from desktop_app.domain.base import require
from desktop_app.errors import InputError, plain_cause
from desktop_app.records import build_record
from desktop_app.training.augment import AugmentSpec
from desktop_app.training.blend import BlendSpec

# what no run can use lies outside: it would fail late, or train nonsense without a word
_RANGES = {
    "input_size_px": (16, 2048),
    "crop_margin": (-0.9, 9.0),
    "epochs": (0.0, 1e6),
    "weight_decay": (0.0, 10.0),
    "clip_norm": (0.0, 1e6),
    "min_face_px": (0, 4096),
    # with the step it makes a seed of 64 bits
    "seed": (0, 2**31 - 1),
    "validation_seed": (0, 2**31 - 1),
}
_MEAN_RANGE, _STD_RANGE, _MAX_RATE = (-1000.0, 1000.0), (1e-6, 1000.0), 10.0


def _check_range(name: str, value: float, low: float, high: float) -> None:
    require(low <= value <= high, f"{name}: expected a value in [{low:g}, {high:g}], got {value}")


def _check_rate(value: float) -> None:
    require(0 < value <= _MAX_RATE, f"learning_rate: expected a value in (0, {_MAX_RATE:g}], got {value}")


class Schedule(StrEnum):
    """How the learning rate moves over a phase."""

    ONE_CYCLE = "one_cycle"
    WARMUP_STABLE_DECAY = "warmup_stable_decay"
    CONSTANT = "constant"
    PLATEAU = "plateau"


class Feed(StrEnum):
    """In which order images come.

    Groups of four are a mixture by the sources' weights: genuine, fake, genuine again and a forgery blended from that
    second one; where every source has a fake_weight of 0, two genuine images and a forgery of each. Epochs show every
    image of the sources once before any comes again, and blend nothing.
    """

    GROUPS_OF_FOUR = "groups_of_four"
    EPOCHS = "epochs"


class Balance(StrEnum):
    """What is done about classes of unequal size when images come in epochs."""

    NONE = "none"
    CLASS_WEIGHTS = "class_weights"
    SAMPLING = "sampling"


class Optimiser(StrEnum):
    """Which optimiser moves the weights."""

    ADAM = "adam"
    ADAMW = "adamw"
    SGD = "sgd"


class Precision(StrEnum):
    """Number format of the forward pass; `AUTO` is mixed precision on a GPU and single precision elsewhere."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"


class ThresholdRule(StrEnum):
    """What the decision threshold is best for, on validation: the F1 of fakes, or both classes alike (Youden, 1950)."""

    F1 = "f1"
    YOUDEN = "youden"


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One set of images and how much of it goes into a batch.

    Args:
        name: Name of the set.
        manifest: CSV relative to the data folder.
        nominal: Share of an image's side that the crop rule takes: 1 where images are cut by the rule already, above
            1 where they show less than it takes.
        genuine_weight, fake_weight: How often a genuine or fake image is drawn from this set, relative to the others;
            0 leaves them out.
        terms: Under which terms the set is available; goes into the model's card.
        fake_kind: Kind of the fakes whose row in the manifest names none.
    """

    name: str
    manifest: str
    nominal: float = 1.0
    genuine_weight: float = 1.0
    fake_weight: float = 1.0
    terms: str = ""
    fake_kind: str = ""

    def __post_init__(self) -> None:
        require(0 < self.nominal <= 2, f"nominal: expected a value in (0, 2], got {self.nominal}")
        weights = (self.genuine_weight, self.fake_weight)
        require(min(weights) >= 0 and all(map(math.isfinite, weights)), f"weights: expected >= 0, got {weights}")


@dataclass(frozen=True, slots=True)
class ClassSpec:
    """One class of the network.

    Args:
        name: Its name, and a kind of the manifests by itself.
        kinds: Further kinds of the manifests that belong to it; case, spaces, ``-`` and ``_`` make no difference.
    """

    name: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhaseSpec:
    """A part of a run with a learning rate and frozen layers of its own.

    Args:
        images, epochs: Its length; one of the two.
        learning_rate: Its highest learning rate.
        unfrozen_share: Share of the layers below the head that learn, counted from the end: 0 trains the head alone.
    """

    images: int = 0
    epochs: float = 0.0
    learning_rate: float = 1e-3
    unfrozen_share: float = 1.0

    def __post_init__(self) -> None:
        require((self.images > 0) != (self.epochs > 0), "phases: expected either images or epochs, greater than 0")
        _check_range("epochs", self.epochs, *_RANGES["epochs"])
        _check_rate(self.learning_rate)
        require(0 <= self.unfrozen_share <= 1, f"unfrozen_share: expected a share, got {self.unfrozen_share}")


def plain_kind(kind: str) -> str:
    """A kind without what lists differ in.

    >>> plain_kind("Face_Swap")
    'faceswap'
    """
    return re.sub(r"[\s_-]", "", kind).casefold()


BINARY = (ClassSpec("genuine"), ClassSpec("fake"))


@dataclass(frozen=True, slots=True)
class Recipe:
    """A training run.

    Args:
        model_id, name, version: Identity of the model that comes out.
        architecture: Key of `detectors.nets.NETS`.
        start_weights: State dict relative to the data folder, folder of a model, or id of an installed model to start
            from; empty starts from random weights.
        input_size_px: Side of the network's input.
        crop_margin: The crop rule, see `faces.crop_box`.
        mean, std: Normalisation of RGB in [0, 1].
        sources: The sets.
        total_images: Length of the run; where epochs or phases give it, the most it may be, 0 for no such limit.
        epochs: Length of the run in passes over the training images.
        phases: Parts of the run; none is one part of the whole length at `learning_rate` with nothing frozen.
        classes: What the network tells apart, genuine first.
        outputs: 1 for a single log-odds of fake, 0 for one output per class.
        blend_share: Share of the groups of four that hold a forgery of their second genuine image; the others hold a
            second fake instead.
        blend_class: Class of blended forgeries where there are more than two.
        feed: In which order images come.
        balance: What is done about classes of unequal size, with `feed` in epochs.
        batch_size: Images per step.
        optimiser: Which one.
        learning_rate, weight_decay: Of the optimiser.
        schedule: How the learning rate moves.
        warmup, decay: Shares of a phase, see `rate_at`.
        plateau_factor, plateau_patience: The rate is multiplied after more than so many validations without a gain.
        early_stop: Validations without a gain after which a phase ends; 0 never ends it early.
        best_by: Column of the history that chooses the best weights: ``auc`` is the mean over sets,
            ``auc_weighted`` the mean by their numbers of images, ``auc_NAME`` that of one set; ``f1``, ``accuracy`` or
            ``loss``.
        label_smoothing: Of the cross-entropy.
        clip_norm: Largest norm of the gradient; 0 does not clip.
        ema_decay: Of the averaged weights, which are the ones kept; 0 keeps the weights as they are.
        precision: Of the forward pass.
        validation_share: Share of training groups kept out for validation; 0 where manifests have a ``val`` split.
        validation_seed: Which groups are kept out; a run that goes on from another's weights must keep the same ones.
        validation_images: Images per class and set that validation looks at; 0 looks at all.
        validate_every: Steps between validations; 0 validates after every epoch.
        threshold: How the card's decision threshold is chosen.
        min_face_px: Smallest face for which the card's figures hold.
        averages_mirrored: Whether the model that comes out scores the mean of a face and its mirror image, at twice the
            cost; it is calibrated so, while the figures of the history are without.
        seed: Of everything random.
        limits: What the model is not shown to do; goes into its card.
        licence: Of the weights.
        augment: See `AugmentSpec`.
        blend: See `BlendSpec`.
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
    total_images: int = 0
    epochs: float = 0.0
    phases: tuple[PhaseSpec, ...] = ()
    classes: tuple[ClassSpec, ...] = BINARY
    outputs: int = 0
    blend_share: float = 1.0
    blend_class: str = "fake"
    feed: Feed = Feed.GROUPS_OF_FOUR
    balance: Balance = Balance.NONE
    batch_size: int = 48
    optimiser: Optimiser = Optimiser.ADAMW
    learning_rate: float = 1e-3
    weight_decay: float = 1e-2
    schedule: Schedule = Schedule.ONE_CYCLE
    warmup: float = 0.05
    decay: float = 0.3
    plateau_factor: float = 0.5
    plateau_patience: int = 2
    early_stop: int = 0
    best_by: str = "auc"
    label_smoothing: float = 0.0
    clip_norm: float = 0.0
    ema_decay: float = 0.998
    precision: Precision = Precision.AUTO
    validation_share: float = 0.06
    validation_seed: int = 0
    validation_images: int = 600
    validate_every: int = 400
    threshold: ThresholdRule = ThresholdRule.F1
    min_face_px: int = 50
    averages_mirrored: bool = False
    seed: int = 0
    limits: tuple[str, ...] = ()
    licence: str = ""
    augment: AugmentSpec = dataclasses.field(default_factory=AugmentSpec)
    blend: BlendSpec = dataclasses.field(default_factory=BlendSpec)

    def __post_init__(self) -> None:
        _check_shape(self)
        _check_classes(self)
        for name, (low, high) in _RANGES.items():
            _check_range(name, getattr(self, name), low, high)
        for name, values, bounds in (("mean", self.mean, _MEAN_RANGE), ("std", self.std, _STD_RANGE)):
            for value in values:
                _check_range(name, value, *bounds)
        require(self.batch_size >= 1, f"batch_size: expected >= 1, got {self.batch_size}")
        for name in ("validation_images", "validate_every", "plateau_patience", "early_stop"):
            require(getattr(self, name) >= 0, f"{name}: expected >= 0, got {getattr(self, name)}")
        for name in ("ema_decay", "validation_share", "label_smoothing"):
            require(0 <= getattr(self, name) < 1, f"{name}: expected a value in [0, 1), got {getattr(self, name)}")
        require(0 <= self.warmup < 1 and 0 < self.decay <= 1, f"warmup, decay: got {self.warmup}, {self.decay}")
        require(0 <= self.blend_share <= 1, f"blend_share: expected a share, got {self.blend_share}")
        require(0 < self.plateau_factor <= 1, f"plateau_factor: expected in (0, 1], got {self.plateau_factor}")
        _check_rate(self.learning_rate)

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the classes, genuine first."""
        return tuple(c.name for c in self.classes)

    @property
    def output_count(self) -> int:
        """Number of logits of the network."""
        return self.outputs or len(self.classes)

    @property
    def has_blends(self) -> bool:
        """Whether forgeries are blended from genuine images."""
        return self.feed is Feed.GROUPS_OF_FOUR and self.blend_share > 0

    @property
    def total_steps(self) -> int:
        """Number of optimiser steps where `total_images` gives the length."""
        return max(1, self.total_images // self.batch_size)

    def phase_steps(self, epoch_images: int) -> tuple[int, ...]:
        """Optimiser steps of each phase.

        Args:
            epoch_images: Number of training images.
        """
        most = self.total_steps if self.total_images else math.inf
        steps: list[int] = []
        for phase in self.all_phases:
            wanted = max(1, (phase.images or round(phase.epochs * epoch_images)) // self.batch_size)
            steps.append(int(min(wanted, most - sum(steps))))
        return tuple(steps)

    @property
    def all_phases(self) -> tuple[PhaseSpec, ...]:
        """The phases; the whole run where none are given."""
        images = 0 if self.epochs else self.total_images
        return self.phases or (PhaseSpec(images, self.epochs, self.learning_rate),)


def _check_shape(recipe: Recipe) -> None:
    require(bool(re.fullmatch(r"[\w.-]*\w", recipe.model_id)), f"model_id: {recipe.model_id!r} is no plain name")
    known = ", ".join(sorted(NETS))
    require(recipe.architecture in NETS, f"architecture: expected one of {known}, got {recipe.architecture!r}")
    names = [s.name for s in recipe.sources]
    require(bool(names) and len(set(names)) == len(names), f"sources: expected different names, got {names}")
    lengths = (recipe.total_images, recipe.epochs)
    require(min(lengths) >= 0, f"total_images, epochs: expected >= 0, got {lengths}")
    require(max(lengths) > 0 or bool(recipe.phases), "total_images: expected it, epochs or phases to give a length")
    require(not (recipe.epochs and recipe.phases), "epochs: expected them in the phases")
    sets = {"auc", "auc_weighted", "f1", "accuracy", "loss", "auc_self-blended", *(f"auc_{name}" for name in names)}
    require(recipe.best_by in sets, f"best_by: expected one of {', '.join(sorted(sets))}, got {recipe.best_by!r}")


def _check_classes(recipe: Recipe) -> None:
    names = recipe.class_names
    require(len(names) >= 2 and len(set(names)) == len(names), f"classes: expected two or more names, got {names}")
    kinds = [kind for c in recipe.classes for kind in {plain_kind(k) for k in (c.name, *c.kinds)}]
    require(len(set(kinds)) == len(kinds), "classes: expected every kind in one class only")
    require(recipe.outputs in (0, 1), f"outputs: expected 0 or 1, got {recipe.outputs}")
    require(recipe.outputs == 0 or len(names) == 2, f"outputs: one output tells two classes apart, not {len(names)}")
    if recipe.has_blends and len(names) > 2:
        require(recipe.blend_class in names[1:], f"blend_class: expected one of {names[1:]}, got {recipe.blend_class}")
    balanced = recipe.feed is Feed.EPOCHS or recipe.balance is Balance.NONE
    require(balanced, "balance: groups of four are balanced by their sources' weights")


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
        raise InputError(f"The recipe {path} cannot be read.", plain_cause(error)) from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError, TypeError) as error:
        raise InputError(f"The recipe {path} is not valid.", str(error)) from error


def rate_at(recipe: Recipe, step: int, steps: int | None = None) -> float:
    """Learning rate as a share of its maximum.

    One-cycle rises linearly over `warmup` and falls along a cosine; warmup-stable-decay stays at the maximum until the
    last `decay` share and then falls linearly. Constant and plateau rise likewise and stay; the plateau's reductions
    come on top of it.

    Args:
        recipe: The run.
        step: From 0.
        steps: Length of the phase; None takes the recipe's own length.
    """
    total = recipe.total_steps if steps is None else steps
    done = step / total
    if done < recipe.warmup:
        return min(1.0, (step + 1) / max(1.0, recipe.warmup * total))
    if recipe.schedule is Schedule.ONE_CYCLE:
        return 0.5 * (1 + math.cos(math.pi * (done - recipe.warmup) / (1 - recipe.warmup)))
    if recipe.schedule is Schedule.WARMUP_STABLE_DECAY:
        return min(1.0, max(0.0, (1 - done) / recipe.decay))
    return 1.0
