"""95 % intervals of figures of ranking: whole groups are resampled, and where that says nothing an exact bound."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# of how many fake and genuine samples have each value of the score, in ascending order
Figure = Callable[[Floats, Floats], float]

MIN_GROUPS = 2
"""One group of a class shows nothing of how groups differ."""


def auc_interval(
    labels: Ints, p_fake: Floats, groups: NDArray[np.str_], rounds: int = 1000, seed: int = 0
) -> tuple[float, float] | None:
    """95 % percentile interval of the AUC, whole groups resampled with replacement.

    Resamples of perfectly separated classes are all perfect, however few there are. There the exact bound of Clopper
    and Pearson ("The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika, 1934)
    stands instead: in pairs of a genuine and a manipulated sample of different groups, no group in two of them, the
    manipulated one ranked higher n times of n, each with the AUC as its chance. It is wide rather than too narrow.

    Args:
        labels: (N,) 0 or 1.
        p_fake: (N,) scores.
        groups: (N,) original video or person.
        rounds: Number of resamples.
        seed: Of the resampling.

    Returns:
        (low, high), or None when a class is absent or the groups are too few to tell.
    """
    exact = _separated_interval(labels, p_fake, groups)
    return exact or _percentiles(_resampled(_auc_of_counts, labels, p_fake, groups, rounds, seed), labels, groups)


def eer_interval(
    labels: Ints, p_fake: Floats, groups: NDArray[np.str_], rounds: int = 1000, seed: int = 0
) -> tuple[float, float] | None:
    """95 % percentile interval of the equal error rate, over the same resamples as `auc_interval`.

    With an equal error rate e, perfectly separated classes have all of the one or all of the other on the right side
    of the threshold of e, which happens with a chance of at most 2 (1 - e)^n for n groups of each: the same bound holds
    as for the AUC.

    Args:
        labels: (N,) 0 or 1.
        p_fake: (N,) scores.
        groups: (N,) original video or person.
        rounds: Number of resamples.
        seed: Of the resampling.

    Returns:
        (low, high), or None when a class is absent or the groups are too few to tell.
    """
    exact = _separated_interval(labels, p_fake, groups)
    if exact:
        return 1.0 - exact[1], 1.0 - exact[0]
    return _percentiles(_resampled(_eer_of_counts, labels, p_fake, groups, rounds, seed), labels, groups)


def auc_move_interval(
    labels: Ints, before: Floats, after: Floats, groups: NDArray[np.str_], rounds: int = 1000, seed: int = 0
) -> tuple[float, float] | None:
    """95 % percentile interval of the difference of two AUCs over the same samples, resampled as in `auc_interval`.

    Args:
        labels: (N,) 0 or 1.
        before: (N,) scores.
        after: (N,) other scores of the same samples.
        groups: (N,) original video or person.
        rounds: Number of resamples.
        seed: Of the resampling.

    Returns:
        (low, high) of after - before, or None when a class is absent or no resample moves.
    """
    # the same seed draws the same groups for both
    first, second = (_resampled(_auc_of_counts, labels, p, groups, rounds, seed) for p in (before, after))
    return _percentiles(second - first, labels, groups)


def crossing(fpr: Floats, tpr: Floats) -> float:
    """Where FPR and FNR are equal on a ROC curve that starts at (0, 0).

    Args:
        fpr: (N,) false positive rates, ascending.
        tpr: (N,) true positive rates.
    """
    gap = fpr - (1 - tpr)
    after = int(np.argmax(gap >= 0))
    if gap[after] == 0:
        return float(fpr[after])
    share = -gap[after - 1] / (gap[after] - gap[after - 1])
    return float(fpr[after - 1] + share * (fpr[after] - fpr[after - 1]))


def _separated_interval(labels: Ints, p_fake: Floats, groups: NDArray[np.str_]) -> tuple[float, float] | None:
    """Of the AUC of perfectly separated classes; None where they are not, or where no pair is of two groups."""
    fake, genuine = p_fake[labels == 1], p_fake[labels == 0]
    names_fake, names_genuine = _groups_of(labels, groups)
    pairs = min(len(names_fake), len(names_genuine), len(names_fake | names_genuine) // 2)
    if not pairs:
        return None
    bound = float(binomtest(pairs, pairs).proportion_ci(method="exact").low)
    if fake.min() > genuine.max():
        return bound, 1.0
    return (0.0, 1.0 - bound) if fake.max() < genuine.min() else None


def _percentiles(values: Floats, labels: Ints, groups: NDArray[np.str_]) -> tuple[float, float] | None:
    """The middle 95 %; None where a class is one group or nothing differs: that is no certainty, but too few."""
    found = values[np.isfinite(values)]
    if min(map(len, _groups_of(labels, groups))) < MIN_GROUPS or not len(found) or np.ptp(found) < 1e-12:
        return None
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def _groups_of(labels: Ints, groups: NDArray[np.str_]) -> tuple[set[str], set[str]]:
    return set(groups[labels == 1].tolist()), set(groups[labels == 0].tolist())


def _resampled(
    figure: Figure, labels: Ints, p_fake: Floats, groups: NDArray[np.str_], rounds: int, seed: int
) -> Floats:
    """A figure of each resample of whole groups, (rounds,), NaN where one lacks a class."""
    names, group_of = np.unique(groups, return_inverse=True)
    values, place_of = np.unique(p_fake, return_inverse=True)
    rng = np.random.default_rng(seed)
    found = np.full(rounds, np.nan)
    for r in range(rounds):
        # how often each sample was drawn stands for the resample itself: no sorting per round
        times = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))[group_of]
        fake, genuine = (
            np.asarray(np.bincount(place_of, times * of_class, len(values)), dtype=np.float64)
            for of_class in (labels, 1 - labels)
        )
        if fake.any() and genuine.any():
            found[r] = figure(fake, genuine)
    return found


def _auc_of_counts(fake: Floats, genuine: Floats) -> float:
    return float(fake @ (np.cumsum(genuine) - 0.5 * genuine)) / float(fake.sum() * genuine.sum())


def _eer_of_counts(fake: Floats, genuine: Floats) -> float:
    fpr, tpr = (np.concatenate([[0.0], np.cumsum(n[::-1]) / n.sum()]) for n in (genuine, fake))
    return crossing(fpr, tpr)
