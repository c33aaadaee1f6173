"""Calibration: which of three ways, fitted on validation scores with both classes equally heavy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from desktop_app.detectors import apply_calibration, sigmoid
from desktop_app.domain import CalibrationTrial

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Knots = tuple[tuple[float, float], ...]

FOLDS = 5
ISOTONIC_BINS = 32
MIN_PER_BIN = 50
"""An isotonic map has as many bins as leave this many scores in each."""
END_RISE = 0.05
"""So much calibrated log-odds change beyond the outermost pools: enough to rank, too little to mean more."""
ECE_BINS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """From log-odds of a network to calibrated ones.

    Args:
        temperature, bias: Calibrated log-odds = log-odds / temperature + bias, unless there are knots.
        knots: As in `ModelCard`.
        trials: What was compared, for the card.
    """

    temperature: float
    bias: float
    knots: Knots = ()
    trials: tuple[CalibrationTrial, ...] = ()

    def odds(self, logits: Floats) -> Floats:
        """Calibrated log-odds, (N,), of log-odds of the network, (N,)."""
        return apply_calibration(logits, self.temperature, self.bias, self.knots)


def balance(labels: Ints) -> Floats:
    """Weights that make both classes equally heavy.

    >>> balance(np.array([0, 0, 0, 1])).tolist()
    [0.6666666666666666, 0.6666666666666666, 0.6666666666666666, 2.0]
    """
    counts = np.bincount(labels, minlength=2)
    return np.asarray(len(labels) / (2.0 * counts[labels]))


def fit_calibration(logits: Floats, labels: Ints, has_bias: bool = True) -> tuple[float, float]:
    """Temperature and bias by Platt's logistic regression with classes equally heavy.

    Args:
        logits: (N,) log-odds of fake.
        labels: (N,) 0 = genuine, 1 = fake.
        has_bias: False fits the temperature alone.

    Returns:
        (temperature, bias) for ``sigmoid(logit / temperature + bias)``. Scores that do not rise with the label say
        nothing: they get a temperature so high and a bias so small that every probability is near one half.
    """
    model = LogisticRegression(C=1e6, fit_intercept=has_bias)
    model.fit(logits[:, None], labels, sample_weight=balance(labels))
    slope, bias = float(model.coef_[0, 0]), float(model.intercept_[0]) if has_bias else 0.0
    return (1.0 / slope, bias) if slope > 1e-3 else (1000.0, 0.0)


def fit_isotonic(logits: Floats, labels: Ints) -> Knots:
    """Knots of a centred isotonic regression of the log likelihood ratio on the log-odds of the network.

    Scores are put into bins of equal size, the ratio of each is smoothed by half a count, neighbours that fall are
    pooled, and each pool is one knot at its mean (Oron and Flournoy, "Centered isotonic regression", Statistics in
    Biopharmaceutical Research, 2017). So the map rises strictly and can be inverted between its ends.

    Args:
        logits: (N,) log-odds of fake.
        labels: (N,) 0 = genuine, 1 = fake.

    Returns:
        (log-odds, calibrated log-odds) ascending; empty where the scores are too few or do not rise with the label.
    """
    bins = min(ISOTONIC_BINS, len(logits) // MIN_PER_BIN)
    if bins < 4:
        return ()
    edges = np.unique(np.quantile(logits, np.linspace(0, 1, bins + 1)[1:-1]))
    _, which = np.unique(np.searchsorted(edges, logits, side="right"), return_inverse=True)
    heavy = np.bincount(which)
    middle = np.bincount(which, logits) / heavy
    fake = np.bincount(which, labels)
    totals = np.bincount(labels, minlength=2)
    ratio = np.log((fake + 0.5) / (totals[1] + 1)) - np.log((heavy - fake + 0.5) / (totals[0] + 1))
    level = IsotonicRegression().fit(middle, sigmoid(ratio), sample_weight=heavy).predict(middle)
    # a pool is a run of equal values
    pool = np.cumsum(np.concatenate([[False], np.diff(level) > 1e-9]))
    weight = np.bincount(pool, heavy)
    x = np.bincount(pool, middle * heavy) / weight
    p = np.bincount(pool, level * heavy) / weight
    y = np.log(p / (1 - p))
    knots = tuple((round(float(a), 4), round(float(b), 4)) for a, b in zip(x, y, strict=True))
    return knots if len(knots) > 1 and _rises(knots) else ()


def _rises(knots: Knots) -> bool:
    return bool((np.diff(np.array(knots), axis=0) > 0).all())


def balanced_ece(labels: Ints, p_fake: Floats) -> float:
    """Expected calibration error over 10 equal bins with classes equally heavy: for even prior odds.

    >>> balanced_ece(np.array([0, 0, 0, 1]), np.full(4, 0.5))
    0.0
    """
    weights = balance(labels) / len(labels)
    which = np.clip((p_fake * ECE_BINS).astype(int), 0, ECE_BINS - 1)
    return float(np.abs(np.bincount(which, weights * (p_fake - labels), ECE_BINS)).sum())


def balanced_log_loss(labels: Ints, odds: Floats) -> float:
    """Mean negative log-likelihood of the labels with classes equally heavy.

    >>> round(balanced_log_loss(np.array([0, 1]), np.zeros(2)), 4)
    0.6931
    """
    loss = np.logaddexp(0.0, np.where(labels == 1, -odds, odds))
    return float((balance(labels) * loss).mean())


def _fit_temperature(logits: Floats, labels: Ints) -> Calibration:
    return Calibration(*fit_calibration(logits, labels, has_bias=False))


def _fit_platt(logits: Floats, labels: Ints) -> Calibration:
    return Calibration(*fit_calibration(logits, labels))


def _fit_isotonic(logits: Floats, labels: Ints) -> Calibration:
    return Calibration(*fit_calibration(logits, labels), _with_ends(fit_isotonic(logits, labels), logits))


def _with_ends(knots: Knots, logits: Floats) -> Knots:
    """The map with a slight rise from its outermost pools to the most extreme scores.

    Without it all scores beyond the middle of the last pool were one and the same, and no limit could part the
    strongest of them.
    """
    if not knots:
        return ()
    low, high = round(float(logits.min()), 4), round(float(logits.max()), 4)
    (first, least), (last, most) = knots[0], knots[-1]
    before = ((low, round(least - END_RISE, 4)),) if low < first else ()
    after = ((high, round(most + END_RISE, 4)),) if high > last else ()
    return (*before, *knots, *after)


# from the simplest on: a tie goes to the earlier one
_METHODS: dict[str, Callable[[Floats, Ints], Calibration]] = {
    "temperature": _fit_temperature,
    "platt": _fit_platt,
    "isotonic": _fit_isotonic,
}


def choose_calibration(logits: Floats, labels: Ints, groups: NDArray[np.str_]) -> Calibration:
    """The way of calibration with the smallest log loss on groups that it was not fitted on, fitted on all.

    Folds are made of whole groups. Scores as they are stand beside as "raw" and are never chosen; loss is compared
    to three decimals, and where two are equal the simpler one wins. Too few groups for folds leave Platt scaling.

    Args:
        logits: (N,) log-odds of fake.
        labels: (N,) 0 = genuine, 1 = fake.
        groups: (N,) original video or person.
    """
    folds = min(FOLDS, *(len(np.unique(groups[labels == label])) for label in (0, 1)))
    splits = [] if folds < 2 else list(StratifiedGroupKFold(folds).split(logits, labels, groups))
    if not splits or any(len(np.unique(labels[part])) < 2 for part, _ in splits):
        return _fit_platt(logits, labels)
    figures = {"raw": (balanced_log_loss(labels, logits), balanced_ece(labels, sigmoid(logits)))}
    for name, fit in _METHODS.items():
        odds = np.empty_like(logits)
        for part, rest in splits:
            odds[rest] = fit(logits[part], labels[part]).odds(logits[rest])
        figures[name] = (balanced_log_loss(labels, odds), balanced_ece(labels, sigmoid(odds)))
    chosen = min(_METHODS, key=lambda name: round(figures[name][0], 3))
    found = _METHODS[chosen](logits, labels)
    trials = tuple(
        CalibrationTrial(name, round(loss, 4), round(ece, 4), name == chosen) for name, (loss, ece) in figures.items()
    )
    return Calibration(round(found.temperature, 4), round(found.bias, 4), found.knots, trials)
