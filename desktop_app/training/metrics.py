"""Figures by which detectors are judged, on scikit-learn. 1 = fake throughout."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk

from desktop_app.training.intervals import Floats, Ints, auc_interval, crossing, eer_interval


@dataclass(frozen=True, slots=True)
class Scores:
    """Judgement of calibrated probabilities.

    Args:
        n_genuine, n_fake: Number of samples.
        auc: Area under the ROC curve.
        auc_low, auc_high: 95 % interval of it, see `intervals.auc_interval`; None where the groups are too few for one.
        eer: Equal error rate.
        eer_low, eer_high: 95 % interval of it, see `intervals.eer_interval`; None likewise.
        tpr_at_1, tpr_at_5: Share of the manipulated that is found where 1 % and 5 % of the genuine are flagged.
        ece: Expected calibration error over 10 equal bins (Naeini et al., AAAI 2015).
        ece_balanced: The same with both classes equally heavy, which is what the probabilities are calibrated for.
        brier: Mean squared error of the probability (Brier, 1950).
        accuracy, balanced_accuracy, precision, recall, f1: At the threshold.
        fpr, fnr: At the threshold.
        confusion: ((true genuine, false fake), (false genuine, true fake)) counts at the threshold.
    """

    n_genuine: int
    n_fake: int
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    eer: float | None
    eer_low: float | None
    eer_high: float | None
    tpr_at_1: float | None
    tpr_at_5: float | None
    ece: float
    ece_balanced: float | None
    brier: float
    accuracy: float
    balanced_accuracy: float | None
    precision: float
    recall: float
    f1: float
    fpr: float | None
    fnr: float | None
    confusion: tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class ClassScores:
    """Judgement of a model that names the kind of manipulation.

    Args:
        names: The classes that occur, in the order of the model.
        accuracy: Share of samples whose class was named.
        balanced_accuracy: Mean over the classes of that share.
        macro_f1: Mean over the classes of F1.
        confusion: Counts, a row per true class and a column per named one.
    """

    names: tuple[str, ...]
    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    confusion: tuple[tuple[int, ...], ...]


def balanced_weights(labels: Ints) -> Floats:
    """Weights that make both classes equally heavy and sum to the number of samples.

    >>> balanced_weights(np.array([0, 0, 0, 1])).tolist()
    [0.6666666666666666, 0.6666666666666666, 0.6666666666666666, 2.0]
    """
    counts = np.bincount(labels, minlength=2)
    return np.asarray(len(labels) / (np.count_nonzero(counts) * counts[labels]), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One bin of a reliability diagram.

    Args:
        p_fake: Mean probability of the samples in it.
        share_fake: Share of them that is manipulated.
        weight: Share of all samples that lies in it.
        count: Their number.
    """

    p_fake: float
    share_fake: float
    weight: float
    count: int


def reliability_bins(labels: Ints, p_fake: Floats, bins: int = 10, is_balanced: bool = False) -> list[ReliabilityBin]:
    """Equal bins of the probability of fake, empty ones left out.

    Args:
        labels: (N,) 0 or 1.
        p_fake: (N,) probabilities.
        bins: Their number.
        is_balanced: Whether both classes count equally, whatever their numbers.
    """
    weights = balanced_weights(labels) if is_balanced else np.ones(len(labels))
    which = np.clip((p_fake * bins).astype(int), 0, bins - 1)
    found = []
    for b in np.unique(which):
        inside = which == b
        w, total = weights[inside], float(weights[inside].sum())
        mean, share = float(w @ p_fake[inside]) / total, float(w @ labels[inside]) / total
        found.append(ReliabilityBin(mean, share, total / float(weights.sum()), int(inside.sum())))
    return found


def expected_calibration_error(labels: Ints, p_fake: Floats, bins: int = 10, is_balanced: bool = False) -> float:
    """Mean distance between confidence and frequency over equal bins of the probability of fake.

    Args:
        labels: (N,) 0 or 1.
        p_fake: (N,) probabilities.
        bins: Their number.
        is_balanced: Whether both classes count equally, whatever their numbers.

    >>> expected_calibration_error(np.array([0, 1]), np.array([0.0, 1.0]))
    0.0
    >>> expected_calibration_error(np.array([0, 0]), np.array([1.0, 1.0]))
    1.0
    """
    return sum(b.weight * abs(b.p_fake - b.share_fake) for b in reliability_bins(labels, p_fake, bins, is_balanced))


def equal_error_rate(labels: Ints, p_fake: Floats) -> float:
    """Error rate where false alarms and misses are equally frequent, interpolated on the ROC curve.

    >>> equal_error_rate(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9]))
    0.0
    """
    fpr, tpr, _ = sk.roc_curve(labels, p_fake, drop_intermediate=False)
    return crossing(fpr, tpr)


def roc_points(labels: Ints, p_fake: Floats) -> list[tuple[float, float]]:
    """Corners of the ROC curve as (FPR, TPR), from (0, 0) to (1, 1).

    >>> roc_points(np.array([0, 1]), np.array([0.2, 0.8]))
    [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
    """
    fpr, tpr, _ = sk.roc_curve(labels, p_fake)
    return [(float(x), float(y)) for x, y in zip(fpr, tpr, strict=True)]


def tpr_at_fpr(labels: Ints, p_fake: Floats, rate: float) -> float:
    """Largest share of the manipulated that one threshold finds while it flags no more than `rate` of the genuine.

    >>> tpr_at_fpr(np.array([0, 0, 1, 1]), np.array([0.1, 0.7, 0.6, 0.9]), 0.01)
    0.5
    """
    fpr, tpr, _ = sk.roc_curve(labels, p_fake, drop_intermediate=False)
    return float(tpr[fpr <= rate + 1e-12].max())


def auc(labels: Ints, p_fake: Floats) -> float | None:
    """Area under the ROC curve, None when a class is absent."""
    return None if len(np.unique(labels)) < 2 else float(sk.roc_auc_score(labels, p_fake))


def best_f1_threshold(labels: Ints, p_fake: Floats) -> float:
    """Threshold above which counting as fake gives the highest F1: half way between two neighbouring scores.

    >>> best_f1_threshold(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9]))
    0.5
    """
    precision, recall, thresholds = sk.precision_recall_curve(labels, p_fake)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    best = int(np.argmax(f1[:-1]))
    # the curve counts a score equal to its threshold as fake, `judge` and the bands do not
    below = thresholds[best - 1] if best > 0 else 0.0
    return float((thresholds[best] + below) / 2)


def best_youden_threshold(labels: Ints, p_fake: Floats) -> float:
    """Threshold with the highest TPR - FPR (Youden, 1950), half way between two neighbouring scores.

    >>> best_youden_threshold(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9]))
    0.5
    """
    values = np.unique(p_fake)
    fpr, tpr, thresholds = sk.roc_curve(labels, p_fake, drop_intermediate=False)
    best = thresholds[int(np.argmax(tpr - fpr))]
    if not np.isfinite(best):
        return float(values[-1])
    place = int(np.searchsorted(values, best))
    # the curve counts a score equal to its threshold as fake, `judge` and the bands do not
    below = values[place - 1] if place > 0 else 0.0
    return float((best + below) / 2)


def threshold_at_fpr(genuine_p_fake: Floats, rate: float) -> float:
    """Smallest threshold that no more than `rate` of the genuine samples exceed.

    Args:
        genuine_p_fake: (N,) probabilities of fake of genuine samples.
        rate: Share in [0, 1].

    Raises:
        ValueError: There are no samples, or the rate is no share.

    >>> threshold_at_fpr(np.arange(100) / 100, 0.01)
    0.98
    """
    if len(genuine_p_fake) == 0 or not 0.0 <= rate <= 1.0:
        raise ValueError(f"expected samples and a rate in [0, 1], got {len(genuine_p_fake)} and {rate}")
    ordered = np.sort(genuine_p_fake)
    # 0.29 x 100 is a little less than 29
    allowed = int(np.floor(rate * len(ordered) + 1e-9))
    return 0.0 if allowed == len(ordered) else float(ordered[len(ordered) - 1 - allowed])


def judge(
    labels: Ints, p_fake: Floats, threshold: float, groups: NDArray[np.str_] | None = None, rounds: int = 1000
) -> Scores:
    """All figures of one set of samples.

    Args:
        labels: (N,) 0 = genuine, 1 = fake.
        p_fake: (N,) calibrated probabilities of fake.
        threshold: Above it a sample counts as fake.
        groups: (N,) for the bootstrap; None resamples single samples.
        rounds: Of the bootstrap.
    """
    predicted = (p_fake > threshold).astype(int)
    (tn, fp), (fn, tp) = sk.confusion_matrix(labels, predicted, labels=[0, 1]).tolist()
    both = tn + fp > 0 and fn + tp > 0
    own_groups = np.arange(len(labels)).astype(str) if groups is None else groups
    auc_ends, eer_ends = (
        (both and interval(labels, p_fake, own_groups, rounds)) or (None, None)
        for interval in (auc_interval, eer_interval)
    )
    precision, recall, f1, _ = sk.precision_recall_fscore_support(
        labels, predicted, pos_label=1, average="binary", zero_division=0.0
    )
    return Scores(
        n_genuine=tn + fp,
        n_fake=fn + tp,
        auc=auc(labels, p_fake),
        auc_low=auc_ends[0],
        auc_high=auc_ends[1],
        eer=equal_error_rate(labels, p_fake) if both else None,
        eer_low=eer_ends[0],
        eer_high=eer_ends[1],
        tpr_at_1=tpr_at_fpr(labels, p_fake, 0.01) if both else None,
        tpr_at_5=tpr_at_fpr(labels, p_fake, 0.05) if both else None,
        ece=expected_calibration_error(labels, p_fake),
        ece_balanced=expected_calibration_error(labels, p_fake, is_balanced=True) if both else None,
        brier=float(np.mean((p_fake - labels) ** 2)),
        accuracy=float((predicted == labels).mean()),
        balanced_accuracy=0.5 * (tn / (tn + fp) + tp / (fn + tp)) if both else None,
        precision=float(precision),
        recall=float(recall),
        f1=float(f1),
        fpr=fp / (tn + fp) if tn + fp else None,
        fnr=fn / (fn + tp) if fn + tp else None,
        confusion=((tn, fp), (fn, tp)),
    )


def judge_classes(truth: Sequence[str], named: Sequence[str], classes: Sequence[str]) -> ClassScores:
    """Figures of a model with several classes.

    Args:
        truth: (N,) true class of each sample.
        named: (N,) class that the model named.
        classes: Names in the order of the model; those that do not occur are left out.
    """
    names = [c for c in classes if c in {*truth, *named}]
    there = [c for c in names if c in set(truth)]
    right = sk.recall_score(truth, named, labels=there, average="macro", zero_division=0.0)
    return ClassScores(
        names=tuple(names),
        accuracy=float(sk.accuracy_score(truth, named)),
        balanced_accuracy=float(right),
        macro_f1=float(sk.f1_score(truth, named, labels=there, average="macro", zero_division=0.0)),
        confusion=tuple(map(tuple, sk.confusion_matrix(truth, named, labels=names).tolist())),
    )
