"""What scores are worth: calibration and the limits of the bands, from validation scores alone."""

import math

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from desktop_app.domain import Thresholds
from desktop_app.training.metrics import best_f1_threshold, threshold_at_fpr

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
