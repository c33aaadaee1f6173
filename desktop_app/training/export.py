"""From a finished run to a model: calibration, thresholds, weights and card."""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_app.detectors import CARD_FILE, Detector, load_card, load_detector, sigmoid, write_card
from desktop_app.detectors.nets import count_parameters
from desktop_app.detectors.weights import file_sha256, write_state_dict
from desktop_app.domain import DataSource, ErrorRates, ModelCard, Thresholds
from desktop_app.errors import ModelError
from desktop_app.progress import CancelToken, ProgressFn, ignore_progress
from desktop_app.training.bands import choose_thresholds, measure_bands, measure_faces, quality_ranges
from desktop_app.training.calibration import Calibration, choose_calibration
from desktop_app.training.dataset import GENUINE, make_pools
from desktop_app.training.manifest import Sample
from desktop_app.training.metrics import judge
from desktop_app.training.placing import WEIGHTS_FILE, placing
from desktop_app.training.recipe import Recipe
from desktop_app.training.run_files import RUN_FILES, replace_file
from desktop_app.training.train import Trainer
from desktop_app.training.validate import SELF_BLENDED, ValidationScores, score_detector

log = logging.getLogger(__name__)

MIN_ECE_IMAGES, MIN_ECE_GROUPS = 200, 30
"""A calibration error of fewer is mostly chance and always too large: cards do not give it."""
MIRRORED_LIMIT = "Its score is the mean of a face and its mirror image; heatmaps are of the face as it is."
ONLY_OWN_FORGERIES = (
    "It was calibrated on forgeries made of genuine photographs alone: its probabilities, bands and error rates speak "
    "of no other manipulation."
)
_UNCALIBRATED = Thresholds(0.5, 0.0, 0.0, 1.0, 1.0)


def export_model(
    trainer: Trainer, folder: Path, on_progress: ProgressFn = ignore_progress, cancel: CancelToken | None = None
) -> ModelCard:
    """Calibrate the best weights of a run on its validation groups and write weights and card.

    Beside them go the files of the run: recipe, hashes of the data, environment, history and curves.

    Args:
        trainer: The run.
        folder: Where the model goes; made if need be.
        on_progress: Stage ``"calibrate"`` in images.
        cancel: Checked per batch.

    Returns:
        The card, with the figures of validation only: `evaluate` adds those of test sets. Where the folder holds this
        very model, calibrated alike, its card stays with all figures.

    Raises:
        Cancelled: The token was cancelled; the folder is as it was, like after any error.
    """
    before = None
    with suppress(ModelError):
        before = load_card(folder / CARD_FILE)
    with placing(folder) as place:
        card = _write_model(trainer, place, on_progress, cancel)
        if before is not None and replace(before, error_rates=card.error_rates, created=card.created) == card:
            card = before
        write_card(card, place / CARD_FILE)
    return card


def _write_model(trainer: Trainer, folder: Path, on_progress: ProgressFn, cancel: CancelToken | None) -> ModelCard:
    recipe, net = trainer.recipe, trainer.best_net()
    write_state_dict(net.state_dict(), folder / WEIGHTS_FILE, half=True)
    pools = make_pools(recipe, trainer.samples, "train")
    used = [s for pool in (*pools.genuine, *pools.fake) for s in pool[0]]
    sources = tuple(DataSource(s.name, sum(x.source == s.name for x in used), s.terms) for s in recipe.sources)
    draft = replace(draft_card(recipe, folder), parameters=count_parameters(net), training_data=sources)
    # what is measured is what ships: the weights as rounded in the file, scored as an analysis scores them
    detector = load_detector(draft, folder, "cpu")
    card = calibrated_card(detector, recipe, trainer.samples, on_progress, cancel)
    for path in (trainer.out / file for file in RUN_FILES):
        if path.is_file():
            replace_file(folder / path.name, path.read_bytes())
    return card


def draft_card(recipe: Recipe, folder: Path) -> ModelCard:
    """The card of a recipe's model before anything was measured; parameters and training data are left empty.

    Args:
        recipe: The run.
        folder: Where the weights lie.
    """
    return ModelCard(
        model_id=recipe.model_id,
        name=recipe.name,
        version=recipe.version,
        architecture=recipe.architecture,
        weights_file=WEIGHTS_FILE,
        weights_sha256=file_sha256(folder / WEIGHTS_FILE),
        classes=recipe.class_names,
        genuine_class=recipe.class_names[GENUINE],
        outputs=recipe.outputs or None,
        input_size_px=recipe.input_size_px,
        mean=recipe.mean,
        std=recipe.std,
        crop_margin=recipe.crop_margin,
        temperature=1.0,
        bias=0.0,
        thresholds=_UNCALIBRATED,
        min_face_px=recipe.min_face_px,
        parameters=0,
        training_data=(),
        error_rates=(),
        limits=(*recipe.limits, *([MIRRORED_LIMIT] if recipe.averages_mirrored else [])),
        licence=recipe.licence,
        created=datetime.now(UTC).date().isoformat(),
        averages_mirrored=recipe.averages_mirrored,
    )


def calibrated_card(
    detector: Detector,
    recipe: Recipe,
    samples: list[Sample],
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> ModelCard:
    """The card of a model with calibration, thresholds, bands and error rates, measured on validation groups.

    Args:
        detector: The model as it ships, with a card of the recipe's classes.
        recipe: The run.
        samples: Samples with their splits.
        on_progress: Stage ``"calibrate"`` in images.
        cancel: Checked per batch.

    Raises:
        InputError: There is nothing to validate on.
        Cancelled: The token was cancelled.
    """
    plain = score_detector(detector, recipe, samples, False, on_progress, cancel)
    rough = score_detector(detector, recipe, samples, True, on_progress, cancel)
    logits, labels = np.concatenate([plain.logits, rough.logits]), np.concatenate([plain.labels, rough.labels])
    groups = np.concatenate([plain.groups, rough.groups])
    # blended forgeries are a means of training: probabilities are for what occurs, the bands stay cautious with both
    sets = np.concatenate([plain.sets, np.char.add(rough.sets, ", degraded")])
    blended = np.concatenate([plain.sets, rough.sets]) == SELF_BLENDED
    knows_fakes = len(np.unique(labels[~blended])) == 2
    real = ~blended if knows_fakes else np.ones_like(blended)
    calibration = choose_calibration(logits[real], labels[real], groups[real])
    p_fake = sigmoid(calibration.odds(logits))
    fake_sets = np.where(blended, "", sets)
    thresholds = choose_thresholds(labels, p_fake, recipe.threshold, sets, fake_sets)
    return replace(
        detector.card,
        limits=detector.card.limits if knows_fakes else (*detector.card.limits, ONLY_OWN_FORGERIES),
        temperature=calibration.temperature,
        bias=calibration.bias,
        thresholds=thresholds,
        error_rates=_validation_rows(plain, calibration, thresholds),
        knots=calibration.knots,
        calibrations=calibration.trials,
        bands=measure_bands(labels, p_fake, groups, thresholds),
        validated=quality_ranges(measure_faces(_genuine_of_validation(recipe, samples))),
    )


def _genuine_of_validation(recipe: Recipe, samples: list[Sample]) -> list[Sample]:
    pools = make_pools(recipe, samples, "val").genuine
    return [sample for own, *_ in pools for sample in own[: recipe.validation_images or None]]


def _validation_rows(
    scores: ValidationScores, calibration: Calibration, thresholds: Thresholds
) -> tuple[ErrorRates, ...]:
    p_fake = sigmoid(calibration.odds(scores.logits))
    rows = []
    for name in sorted(set(scores.sets.tolist())):
        chosen = (scores.sets == name) | ((scores.labels == 0) if name == SELF_BLENDED else False)
        labels, groups = scores.labels[chosen], scores.groups[chosen]
        rows.append(
            error_rates(f"{name}, validation", "all", "image", True, labels, p_fake[chosen], thresholds, groups)
        )
    return tuple(rows)


def error_rates(
    dataset: str,
    condition: str,
    level: str,
    is_in_domain: bool,
    labels: NDArray[np.int64],
    p_fake: NDArray[np.float64],
    thresholds: Thresholds,
    groups: NDArray[np.str_] | None = None,
) -> ErrorRates:
    """One row of a card.

    Args:
        dataset: Name of the set.
        condition: What part of it.
        level: ``"image"`` or ``"video"``.
        is_in_domain: Whether the model was trained on its kind.
        labels: (N,) 0 = genuine, 1 = fake.
        p_fake: (N,) calibrated.
        thresholds: Of the card.
        groups: (N,) for the bootstrap of the AUC and the equal error rate.
    """
    has_ece = len(labels) >= MIN_ECE_IMAGES and (groups is None or len(np.unique(groups)) >= MIN_ECE_GROUPS)
    s = judge(labels, p_fake, thresholds.decision, groups)
    genuine = p_fake[labels == 0]

    def short(value: float | None) -> float | None:
        return None if value is None else round(float(value), 4)

    return ErrorRates(
        dataset, condition, level, is_in_domain, s.n_genuine, s.n_fake,
        short(s.auc), short(s.auc_low), short(s.auc_high), short(s.eer),
        # the probabilities are for equal shares, whatever the share of fakes in the set
        short(s.ece if s.ece_balanced is None else s.ece_balanced) if has_ece else None, short(s.fpr), short(s.fnr),
        short(float((genuine > thresholds.strong_fake).mean())) if len(genuine) else None,
        short(s.eer_low), short(s.eer_high),
    )  # fmt: skip
