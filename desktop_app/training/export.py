"""From a finished run to a model: calibration, thresholds, weights and card."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_app.detectors import CARD_FILE, sigmoid, write_card
from desktop_app.detectors.nets import count_parameters
from desktop_app.detectors.weights import file_sha256, load_into, read_state_dict, write_state_dict
from desktop_app.domain import DataSource, ErrorRates, ModelCard, Thresholds
from desktop_app.training.bands import choose_thresholds, measure_bands, measure_faces, quality_ranges
from desktop_app.training.calibration import Calibration, choose_calibration
from desktop_app.training.dataset import GENUINE, make_pools
from desktop_app.training.manifest import Sample
from desktop_app.training.metrics import judge
from desktop_app.training.recipe import Recipe
from desktop_app.training.run_files import RUN_FILES, replace_file
from desktop_app.training.train import Trainer
from desktop_app.training.validate import SELF_BLENDED, ValidationScores, score_validation

log = logging.getLogger(__name__)

WEIGHTS_FILE = "weights.pt"


def export_model(trainer: Trainer, folder: Path) -> ModelCard:
    """Calibrate the best weights of a run on its validation groups and write weights and card.

    Beside them go the files of the run: recipe, hashes of the data, environment, history and curves.

    Args:
        trainer: The run.
        folder: Where the model goes; made if need be.

    Returns:
        The card, with the figures of validation only: `evaluate` adds those of test sets.
    """
    recipe, net = trainer.recipe, trainer.best_net()
    folder.mkdir(parents=True, exist_ok=True)
    write_state_dict(net.state_dict(), folder / WEIGHTS_FILE, half=True)
    # what is measured is what ships: the weights as rounded in the file
    load_into(net, read_state_dict(folder / WEIGHTS_FILE), recipe.name)
    plain = score_validation(net, recipe, trainer.samples)
    rough = score_validation(net, recipe, trainer.samples, is_degraded=True)
    logits, labels = np.concatenate([plain.logits, rough.logits]), np.concatenate([plain.labels, rough.labels])
    groups = np.concatenate([plain.groups, rough.groups])
    # blended forgeries are a means of training: probabilities are for what occurs, the bands stay cautious with both
    real = np.concatenate([plain.sets, rough.sets]) != SELF_BLENDED
    real = real if len(np.unique(labels[real])) == 2 else np.ones_like(real)
    calibration = choose_calibration(logits[real], labels[real], groups[real])
    p_fake = sigmoid(calibration.odds(logits))
    thresholds = choose_thresholds(labels, p_fake, recipe.threshold)
    pools = make_pools(recipe, trainer.samples, "train")
    used = [s for pool in (*pools.genuine, *pools.fake) for s in pool[0]]
    card = ModelCard(
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
        temperature=calibration.temperature,
        bias=calibration.bias,
        thresholds=thresholds,
        min_face_px=recipe.min_face_px,
        parameters=count_parameters(net),
        training_data=tuple(DataSource(s.name, sum(x.source == s.name for x in used), s.terms) for s in recipe.sources),
        error_rates=_validation_rows(plain, calibration, thresholds),
        limits=recipe.limits,
        licence=recipe.licence,
        created=datetime.now(UTC).date().isoformat(),
        knots=calibration.knots,
        calibrations=calibration.trials,
        bands=measure_bands(labels, p_fake, groups, thresholds),
        validated=quality_ranges(measure_faces(_genuine_of_validation(recipe, trainer.samples))),
    )
    for path in (trainer.out / file for file in RUN_FILES):
        if path.is_file():
            replace_file(folder / path.name, path.read_bytes())
    write_card(card, folder / CARD_FILE)
    return card


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
        groups: (N,) for the bootstrap of the AUC.
    """
    s = judge(labels, p_fake, thresholds.decision, groups)
    genuine = p_fake[labels == 0]

    def short(value: float | None) -> float | None:
        return None if value is None else round(float(value), 4)

    return ErrorRates(
        dataset, condition, level, is_in_domain, s.n_genuine, s.n_fake,
        short(s.auc), short(s.auc_low), short(s.auc_high), short(s.eer),
        # the probabilities are for equal shares, whatever the share of fakes in the set
        short(s.ece if s.ece_balanced is None else s.ece_balanced), short(s.fpr), short(s.fnr),
        short(float((genuine > thresholds.strong_fake).mean())) if len(genuine) else None,
    )  # fmt: skip
