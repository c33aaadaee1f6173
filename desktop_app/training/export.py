"""From a finished run to a model: calibration, thresholds, weights and card."""

import logging
import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from desktop_app.detectors import CARD_FILE, sigmoid, write_card
from desktop_app.detectors.nets import count_parameters
from desktop_app.detectors.weights import file_sha256, load_into, read_state_dict, write_state_dict
from desktop_app.domain import DataSource, ErrorRates, ModelCard, Thresholds
from desktop_app.training.dataset import CLASSES, make_pools
from desktop_app.training.metrics import best_f1_threshold, judge, threshold_at_fpr
from desktop_app.training.train import Trainer
from desktop_app.training.validate import SELF_BLENDED, ValidationScores, score_validation

log = logging.getLogger(__name__)

WEIGHTS_FILE = "weights.pt"
STRONG_RATE = 0.01
"""Share of genuine validation images in the strongest band for fake, and the other way round."""
INCONCLUSIVE_ODDS = 2.0
"""Within this likelihood ratio either way the evidence is called inconclusive."""


def balance(labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weights that make both classes equally heavy.

    >>> balance(np.array([0, 0, 0, 1])).tolist()
    [0.6666666666666666, 0.6666666666666666, 0.6666666666666666, 2.0]
    """
    counts = np.bincount(labels, minlength=2)
    return np.asarray(len(labels) / (2.0 * counts[labels]))


def fit_calibration(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> tuple[float, float]:
    """Temperature and bias by Platt's logistic regression with classes equally heavy.

    Args:
        logits: (N,) log-odds of fake.
        labels: (N,) 0 = genuine, 1 = fake.

    Returns:
        (temperature, bias) for ``sigmoid(logit / temperature + bias)``. Scores that do not rise with the label say
        nothing: they get a temperature so high and a bias so small that every probability is near one half.
    """
    model = LogisticRegression(C=1e6).fit(logits[:, None], labels, sample_weight=balance(labels))
    slope = float(model.coef_[0, 0])
    return (1.0 / slope, float(model.intercept_[0])) if slope > 1e-3 else (1000.0, 0.0)


def choose_thresholds(labels: NDArray[np.int64], p_fake: NDArray[np.float64]) -> Thresholds:
    """Limits of the bands from validation scores.

    The decision is the F1-optimal threshold. Strong bands begin where no more than `STRONG_RATE` of the other class
    is left, but never inside the inconclusive zone, whose likelihood ratio lies within `INCONCLUSIVE_ODDS`.

    Args:
        labels: (N,) 0 = genuine, 1 = fake.
        p_fake: (N,) calibrated with equally heavy classes.
    """
    high = INCONCLUSIVE_ODDS / (1 + INCONCLUSIVE_ODDS)
    strong_fake = max(high, threshold_at_fpr(p_fake[labels == 0], STRONG_RATE))
    strong_genuine = min(1 - high, 1 - threshold_at_fpr(1 - p_fake[labels == 1], STRONG_RATE))
    return Thresholds(
        decision=round(float(np.clip(best_f1_threshold(labels, p_fake), 1 - high, high)), 4),
        strong_genuine=math.floor(strong_genuine * 1e4) / 1e4,
        inconclusive_low=round(1 - high, 4),
        inconclusive_high=round(high, 4),
        strong_fake=math.ceil(strong_fake * 1e4) / 1e4,
    )


def export_model(trainer: Trainer, folder: Path) -> ModelCard:
    """Calibrate the best weights of a run on its validation groups and write weights and card.

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
    temperature, bias = fit_calibration(logits, labels)
    thresholds = choose_thresholds(labels, sigmoid(logits / temperature + bias))
    pools = make_pools(recipe, trainer.samples, "train")
    used = [s for pool in (*pools.genuine, *pools.fake) for s in pool[0]]
    card = ModelCard(
        model_id=recipe.model_id,
        name=recipe.name,
        version=recipe.version,
        architecture=recipe.architecture,
        weights_file=WEIGHTS_FILE,
        weights_sha256=file_sha256(folder / WEIGHTS_FILE),
        classes=CLASSES,
        genuine_class=CLASSES[0],
        input_size_px=recipe.input_size_px,
        mean=recipe.mean,
        std=recipe.std,
        crop_margin=recipe.crop_margin,
        temperature=round(temperature, 4),
        bias=round(bias, 4),
        thresholds=thresholds,
        min_face_px=recipe.min_face_px,
        parameters=count_parameters(net),
        training_data=tuple(DataSource(s.name, sum(x.source == s.name for x in used), s.terms) for s in recipe.sources),
        error_rates=_validation_rows(plain, temperature, bias, thresholds),
        limits=recipe.limits,
        licence=recipe.licence,
        created=datetime.now(UTC).date().isoformat(),
    )
    write_card(card, folder / CARD_FILE)
    return card


def _validation_rows(
    scores: ValidationScores, temperature: float, bias: float, thresholds: Thresholds
) -> tuple[ErrorRates, ...]:
    p_fake = sigmoid(scores.logits / temperature + bias)
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
        short(s.auc), short(s.auc_low), short(s.auc_high), short(s.eer), short(s.ece), short(s.fpr), short(s.fnr),
        short(float((genuine > thresholds.strong_fake).mean())) if len(genuine) else None,
    )  # fmt: skip
