"""Scores on the groups that training keeps out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import log_softmax, logsumexp
from sklearn.metrics import f1_score
from torch import nn

from desktop_app.detectors import Detector
from desktop_app.detectors.preprocess import to_tensor
from desktop_app.domain import UInt8Array
from desktop_app.errors import InputError
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.training.augment import degrade, render_crop
from desktop_app.training.dataset import GENUINE, ClassMap, Forger, make_pools, read_image
from desktop_app.training.manifest import Sample
from desktop_app.training.metrics import auc
from desktop_app.training.recipe import Recipe

SELF_BLENDED = "self-blended"
BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class ValidationScores:
    """Raw scores of the validation images.

    Args:
        logits: (N,) log-odds of fake.
        labels: (N,) 0 = genuine, 1 = fake.
        sets: (N,) name of the set; ``"self-blended"`` are forgeries of its genuine images.
        groups: (N,) set and original video or person; a forgery shares the group of its photograph.
        outputs: (N, C) raw outputs of the network.
        classes: (N,) place of the true class, 0 = genuine.
    """

    logits: NDArray[np.float64]
    labels: NDArray[np.int64]
    sets: NDArray[np.str_]
    groups: NDArray[np.str_]
    outputs: NDArray[np.float64]
    classes: NDArray[np.int64]

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

    def figures(self) -> dict[str, float]:
        """Cross-entropy, accuracy, F1 (the mean over classes where there are several) and AUC by set and their means.

        ``"auc"`` is the plain mean over sets, ``"auc_weighted"`` counts each set by its images.
        """
        if self.outputs.shape[1] == 1:
            predicted = (self.logits > 0).astype(np.int64)
            loss = np.logaddexp(0, np.where(self.labels == 1, -self.logits, self.logits))
        else:
            predicted = self.outputs.argmax(axis=1)
            loss = -log_softmax(self.outputs, axis=1)[np.arange(len(self.classes)), self.classes]
        average = "binary" if self.outputs.shape[1] <= 2 else "macro"
        by_set = self.auc_by_set()
        # a set without genuine or without fake images has no AUC; all together always have one
        aucs = list(by_set.values()) or [auc(self.labels, self.logits) or 0.0]
        sizes = [int((self.sets == name).sum()) for name in by_set] or [1]
        return {
            "loss": float(loss.mean()),
            "accuracy": float((predicted == self.classes).mean()),
            "f1": float(f1_score(self.classes, predicted, average=average, zero_division=0.0)),
            "auc": float(np.mean(aucs)),
            "auc_weighted": float(np.average(aucs, weights=sizes)),
            **{f"auc_{name}": value for name, value in by_set.items()},
        }


def require_figure(recipe: Recipe, samples: list[Sample]) -> None:
    """Check that validation can give the figure that chooses the best weights.

    Args:
        recipe: The run.
        samples: Samples with their splits.

    Raises:
        InputError: It is the AUC of a set that has no genuine or no fake images for validation.
    """
    pools = make_pools(recipe, samples, "val")
    genuine, fake = ({own[0].source for own, *_ in pool} for pool in (pools.genuine, pools.fake))
    names = sorted(genuine & fake) + ([SELF_BLENDED] if recipe.has_blends and genuine else [])
    known = ["auc", "auc_weighted", *(f"auc_{name}" for name in names), "f1", "accuracy", "loss"]
    if recipe.best_by not in known:
        raise InputError(
            f"best_by: validation has no {recipe.best_by}, for which genuine and fake images are needed.",
            f"Choose one of: {', '.join(known)}.",
        )


def fake_log_odds(outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds of fake.

    Args:
        outputs: (N, C) logits, genuine first, or (N, 1) where the one output is the log-odds already.

    Returns:
        (N,)

    >>> fake_log_odds(np.array([[1.0, 3.0]])).tolist()
    [2.0]
    """
    if outputs.shape[1] == 1:
        return outputs[:, 0]
    return np.asarray(logsumexp(outputs[:, 1:], axis=1) - outputs[:, 0])


def validation_images(
    recipe: Recipe, samples: list[Sample], is_degraded: bool = False, size_px: int | None = None
) -> Iterator[tuple[UInt8Array, int, str, str]]:
    """Crops, class, set and group: up to `validation_images` per set and label, blends of every other genuine one.

    Args:
        recipe: The run.
        samples: Samples with their splits.
        is_degraded: Whether they go through the degradations of training.
        size_px: Side of the crops; None is that of the recipe, 0 leaves them in the resolution of their images.

    Raises:
        InputError: The kind of a fake belongs to no class.
    """
    pools, classes = make_pools(recipe, samples, "val"), ClassMap(recipe)
    forger = Forger(recipe, pools) if recipe.has_blends else None
    size_px = recipe.input_size_px if size_px is None else size_px
    for label, pool in enumerate((pools.genuine, pools.fake)):
        for own, nominal, _ in pool:
            rng = np.random.default_rng((recipe.seed, 99, label))
            chosen = [own[i] for i in rng.permutation(len(own))[: recipe.validation_images or None]]
            for i, sample in enumerate(chosen):
                image = read_image(sample.path)
                if image is None:
                    continue
                group = f"{sample.source}/{sample.group}"
                crop = _finish(image, nominal, recipe, size_px, is_degraded, rng)
                yield crop, classes.of(sample), sample.source, group
                if label == GENUINE and i % 2 == 0 and forger is not None:
                    blended = forger.forge(image, sample, nominal, rng).image
                    crop = _finish(blended, nominal, recipe, size_px, is_degraded, rng)
                    yield crop, classes.blend, SELF_BLENDED, group


def _finish(
    image: UInt8Array, nominal: float, recipe: Recipe, size_px: int, is_degraded: bool, rng: np.random.Generator
) -> UInt8Array:
    crop = render_crop(image, nominal, size_px or max(1, round(nominal * min(image.shape[:2]))), None, rng)
    return degrade(crop, recipe.augment, rng) if is_degraded else crop


def score_validation(
    net: nn.Module, recipe: Recipe, samples: list[Sample], is_degraded: bool = False
) -> ValidationScores:
    """Run the network over the validation images, on the device it is on.

    Args:
        net: With the recipe's outputs, genuine first; set to evaluation mode and left there.
        recipe: The run.
        samples: Samples with their splits.
        is_degraded: See `validation_images`.

    Raises:
        InputError: There is nothing to validate on.
    """
    net.eval()
    device = next(net.parameters()).device

    def score(crops: list[UInt8Array]) -> NDArray[np.float64]:
        images = to_tensor(crops, recipe.input_size_px, recipe.mean, recipe.std).to(device)
        with torch.inference_mode():
            # MPS knows no double precision
            return np.asarray(net(images).float().cpu().double().numpy())

    return _collect(validation_images(recipe, samples, is_degraded), score)


def score_detector(
    detector: Detector,
    recipe: Recipe,
    samples: list[Sample],
    is_degraded: bool = False,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> ValidationScores:
    """Run a model as it ships over the validation images: with mirrored crops and all its networks, if it has them.

    Crops for several networks stay in the resolution of their images, as in an analysis; degraded ones are made at the
    largest input, because strengths are meant for crops of that size.

    Args:
        detector: With the recipe's outputs, genuine first.
        recipe: The run.
        samples: Samples with their splits.
        is_degraded: See `validation_images`.
        on_progress: Stage ``"calibrate"`` in images.
        cancel: Checked per batch.

    Raises:
        InputError: There is nothing to validate on.
        Cancelled: The token was cancelled.
    """
    done = 0

    def score(crops: list[UInt8Array]) -> NDArray[np.float64]:
        nonlocal done
        if cancel is not None:
            cancel.check()
        done += len(crops)
        on_progress(Progress("calibrate", done, 0))
        return detector.predict(crops).astype(np.float64)

    card = detector.card
    size_px = 0 if card.members and not is_degraded else card.input_size_px
    return _collect(validation_images(recipe, samples, is_degraded, size_px), score)


def _collect(
    images: Iterable[tuple[UInt8Array, int, str, str]], score: Callable[[list[UInt8Array]], NDArray[np.float64]]
) -> ValidationScores:
    outputs: list[NDArray[np.float64]] = []
    rows: list[tuple[int, str, str]] = []
    batch: list[UInt8Array] = []
    for crop, place, name, group in images:
        batch.append(crop)
        rows.append((place, name, group))
        if len(batch) == BATCH:
            outputs.append(score(batch))
            batch = []
    if batch:
        outputs.append(score(batch))
    classes = np.array([place for place, _, _ in rows], dtype=np.int64)
    labels = (classes != GENUINE).astype(np.int64)
    if len(set(labels.tolist())) < 2:
        raise InputError("No genuine or no fake validation image can be read.", "Check the manifests of the recipe.")
    raw = np.concatenate(outputs)
    sets, groups = np.array([name for _, name, _ in rows]), np.array([group for *_, group in rows])
    return ValidationScores(fake_log_odds(raw), labels, sets, groups, raw, classes)
