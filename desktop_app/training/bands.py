"""What scores are worth: limits of the bands and their likelihood ratios, measured on validation scores."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from desktop_app.detectors import sigmoid
from desktop_app.domain import Band, BandRatio, FaceQuality, QualityRange, Thresholds, TrackedFace, support_of
from desktop_app.faces import measure_quality
from desktop_app.training.calibration import fit_isotonic
from desktop_app.training.extract import read_rgb
from desktop_app.training.manifest import Sample
from desktop_app.training.metrics import best_f1_threshold, best_youden_threshold
from desktop_app.training.recipe import ThresholdRule

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAKE_RATE = 0.005
"""Share of genuine images, of every set of validation, in the strongest band for fake.

Half of the 1 % that the band is meant to keep: test parts showed up to four times what the validation of their set had.
"""
GENUINE_RATE = 0.01
"""Share of manipulated images, of every set of validation, in the strongest band for genuine."""
INCONCLUSIVE_ODDS = 2.0
"""Within this likelihood ratio either way the evidence is called inconclusive."""
SMOOTHING = 1.0
"""Added to the count of every band (Laplace)."""
INTERVAL_GRID = 400
MIN_MEASURED = 100
"""Fewer measured faces give no range of quality."""


def choose_thresholds(
    labels: Ints,
    p_fake: Floats,
    rule: ThresholdRule = ThresholdRule.F1,
    genuine_sets: NDArray[np.str_] | None = None,
    fake_sets: NDArray[np.str_] | None = None,
) -> Thresholds:
    """Limits of the bands from validation scores.

    The decision is the best threshold by the rule, moved into the inconclusive zone where it lies outside. That zone is
    where the likelihood ratio lies within `INCONCLUSIVE_ODDS`, by the calibrated probability or as it was measured,
    whichever reaches further. Strong bands begin where no more than `FAKE_RATE` or `GENUINE_RATE` of the other class is
    left in any of its sets, see `strictest_limit`, but never inside that zone. One that no sample reaches, as where a
    calibration ends before it, is left empty at 0 or 1: a score there would be called strong, and nothing was measured.

    Args:
        labels: (N,) 0 = genuine, 1 = fake.
        p_fake: (N,) calibrated with equally heavy classes.
        rule: What the decision is best for.
        genuine_sets: (N,) set of each sample, for the strongest band for fake; None is one set.
        fake_sets: (N,) likewise for the strongest band for genuine; empty names count in the mixture alone.
    """
    best = (best_youden_threshold if rule is ThresholdRule.YOUDEN else best_f1_threshold)(labels, p_fake)
    low, high = _inconclusive_zone(labels, p_fake)
    genuine, fake = labels == 0, labels == 1
    own = None if genuine_sets is None else genuine_sets[genuine]
    strong_fake = max(high, strictest_limit(p_fake[genuine], own, FAKE_RATE))
    own = None if fake_sets is None else fake_sets[fake]
    strong_genuine = min(low, 1 - strictest_limit(1 - p_fake[fake], own, GENUINE_RATE))
    strong_genuine = round(1 - _rounded_up(1 - strong_genuine, 1 - p_fake), 8)
    strong_fake = _rounded_up(strong_fake, p_fake)
    return Thresholds(
        decision=round(float(np.clip(best, low, high)), 4),
        strong_genuine=strong_genuine if (p_fake < strong_genuine).any() else 0.0,
        inconclusive_low=low,
        inconclusive_high=high,
        strong_fake=strong_fake if (p_fake > strong_fake).any() else 1.0,
    )


def _rounded_up(limit: float, scores: Floats) -> float:
    """A limit with the fewest decimals, four at least, with which the same scores lie above it."""
    for decimals in range(4, 9):
        rounded = round(math.ceil(limit * 10**decimals) / 10**decimals, decimals)
        if (scores > rounded).sum() == (scores > limit).sum():
            return float(rounded)
    return float(limit)


def least_count(rate: float) -> int:
    """Fewer samples can never show that no more than a share of their kind exceeds a limit."""
    return math.ceil(1 / rate) - 1


def strictest_limit(scores: Floats, sets: NDArray[np.str_] | None, rate: float) -> float:
    """Smallest limit above which at most a share of further samples is expected, of each set and of the mixture.

    With k of n samples above, the next one of the same kind lies above with probability (k + 1) / (n + 1) at most,
    whatever the distribution, as long as it is drawn like the others (Vovk, Gammerman and Shafer, "Algorithmic Learning
    in a Random World", 2005).

    Args:
        scores: (N,) at least one.
        sets: (N,) name of the set of each; one with fewer than `least_count` samples, or without a name, counts in the
            mixture of all alone. None is one set.
        rate: The share.
    """
    limits = [_limit_of(scores, rate)]
    for name in np.unique(sets) if sets is not None else ():
        own = scores[sets == name]
        if name and len(own) >= least_count(rate):
            limits.append(_limit_of(own, rate))
    return max(limits)


def _limit_of(scores: Floats, rate: float) -> float:
    # 0.29 x 100 is a little less than 29
    allowed = max(0, math.floor(rate * (len(scores) + 1) + 1e-9) - 1)
    return float(np.sort(scores)[len(scores) - 1 - allowed])


def _inconclusive_zone(labels: Ints, p_fake: Floats) -> tuple[float, float]:
    high = INCONCLUSIVE_ODDS / (1 + INCONCLUSIVE_ODDS)
    low, clipped = 1 - high, np.clip(p_fake, 1e-7, 1 - 1e-7)
    knots = fit_isotonic(np.log(clipped / (1 - clipped)), labels)
    if knots:
        odds, ratio = np.array(knots).T
        edge = math.log(INCONCLUSIVE_ODDS)
        # a ratio that is reached nowhere leaves that side without a finding
        ends = np.interp((-edge, edge), ratio, odds, left=-np.inf, right=np.inf)
        measured = sigmoid(ends)
        low, high = min(low, float(measured[0])), max(high, float(measured[1]))
    return math.floor(low * 1e4) / 1e4, math.ceil(high * 1e4) / 1e4


def likelihood_ratio(n_fake: float, all_fake: float, n_genuine: float, all_genuine: float, bands: int = 5) -> float:
    """Ratio of the shares of both classes in a band, each count smoothed by one (Laplace).

    Args:
        n_fake: Manipulated samples in the band.
        all_fake: Manipulated samples in all bands.
        n_genuine: Genuine samples in the band.
        all_genuine: Genuine samples in all bands.
        bands: Number of bands.

    >>> round(likelihood_ratio(49, 95, 0, 95), 9)
    50.0
    """
    extra = bands * SMOOTHING
    return ((n_fake + SMOOTHING) / (all_fake + extra)) / ((n_genuine + SMOOTHING) / (all_genuine + extra))


def ratio_interval(
    n_fake: float, all_fake: float, n_genuine: float, all_genuine: float, bands: int = 5
) -> tuple[float, float]:
    """95 % interval of `likelihood_ratio`: the ratio of two Beta posteriors under the prior that Laplace's rule is.

    Resampling would say nothing of a band that is empty in one class, which is the band that matters most; a
    conjugate posterior does. Quantiles are read off a grid, so the same counts always give the same bounds.

    Args:
        n_fake: Manipulated samples in the band, or how many independent ones they are worth.
        all_fake: Those in all bands.
        n_genuine: Genuine samples in the band, likewise.
        all_genuine: Those in all bands.
        bands: Number of bands.
    """
    grid = (np.arange(INTERVAL_GRID) + 0.5) / INTERVAL_GRID
    rest = (bands - 1) * SMOOTHING
    fake = beta.ppf(grid, n_fake + SMOOTHING, all_fake - n_fake + rest)
    genuine = beta.ppf(grid, n_genuine + SMOOTHING, all_genuine - n_genuine + rest)
    low, high = np.percentile(np.log(fake)[:, None] - np.log(genuine)[None, :], [2.5, 97.5])
    return math.exp(low), math.exp(high)


def effective_size(inside: NDArray[np.bool_], groups: NDArray[np.str_]) -> float:
    """How many independent samples a share of grouped samples is worth.

    The number of samples divided by the design effect, which is the variance of the share between groups over that of
    independent samples (Korn and Graubard, "Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data", Survey Methodology, 1998). A share of none or all shows no variance:
    then each group counts as if its samples were one.

    Args:
        inside: (N,) whether a sample is in the band.
        groups: (N,) original video or person.

    >>> effective_size(np.array([True, True, False, False]), np.array(["a", "a", "b", "b"]))
    2.0
    """
    _, group_of = np.unique(groups, return_inverse=True)
    sizes = np.bincount(group_of)
    worst, share, count = float((sizes**2).sum() / len(inside)), float(inside.mean()), len(inside)
    if share in (0.0, 1.0) or len(sizes) < 2:
        return count / worst
    between = float((np.bincount(group_of, inside - share) ** 2).sum()) * len(sizes) / (len(sizes) - 1) / count**2
    effect = between / (share * (1 - share) / count)
    return count / float(np.clip(effect, 1.0, worst))


def measure_bands(
    labels: Ints, p_fake: Floats, groups: NDArray[np.str_], limits: Thresholds, level: str = "image"
) -> tuple[BandRatio, ...]:
    """The table of likelihood ratios of a card.

    Args:
        labels: (N,) 0 = genuine, 1 = fake.
        p_fake: (N,) calibrated, of samples that the network was not trained on.
        groups: (N,) original video or person: samples of one group are not independent.
        limits: Limits of the bands.
        level: What a sample is: ``"image"`` or ``"video"``.
    """
    found = np.array([limits.band(float(p)) for p in p_fake])
    edges = (0.0, limits.strong_genuine, limits.inconclusive_low, limits.inconclusive_high, limits.strong_fake, 1.0)
    return tuple(
        _measure_band(band, (edges[i], edges[i + 1]), found == band, labels, groups, level)
        for i, band in enumerate(Band)
    )


def _measure_band(
    band: Band,
    edges: tuple[float, float],
    inside: NDArray[np.bool_],
    labels: Ints,
    groups: NDArray[np.str_],
    level: str,
) -> BandRatio:
    counts, worth = [], []
    for label in (1, 0):
        own = labels == label
        size = effective_size(inside[own], groups[own])
        counts += [int(inside[own].sum()), int(own.sum())]
        worth += [float(inside[own].mean()) * size, size]
    n_fake, all_fake, n_genuine, all_genuine = counts
    lr = likelihood_ratio(n_fake, all_fake, n_genuine, all_genuine)
    low, high = ratio_interval(worth[0], worth[1], worth[2], worth[3])
    # few groups pull the interval towards one, and the ratio of all samples must not stand outside
    lr, low, high = (float(f"{v:.4g}") for v in (lr, min(low, lr), max(high, lr)))
    return BandRatio(band, *edges, n_genuine, n_fake, lr, low, high, support_of(low, high), level)


def measure_faces(samples: Sequence[Sample]) -> list[FaceQuality]:
    """Quality of the faces of samples, as the shipped pipeline measures it.

    Args:
        samples: Those without a box and landmarks, or whose face reaches beyond the picture, are left out.
    """
    found = []
    for sample in samples:
        if sample.box_xyxy is None or sample.landmarks is None:
            continue
        image = read_rgb(sample.path)
        if image is None:
            continue
        x1, y1, x2, y2 = sample.box_xyxy
        if min(x1, y1) >= 0 and x2 <= image.shape[1] and y2 <= image.shape[0]:
            points = np.array(sample.landmarks, np.float32)
            found.append(measure_quality(image, TrackedFace(0, 1, sample.box_xyxy, points, 1.0)))
    return found


def quality_ranges(faces: Sequence[FaceQuality]) -> tuple[QualityRange, ...]:
    """The range of each quality between its 1st and 99th percentile; none of fewer than `MIN_MEASURED` faces.

    The size of a face is left to the card's `min_face_px`: training crops are scaled, so theirs says nothing.

    Args:
        faces: Of validation images.
    """
    if len(faces) < MIN_MEASURED:
        return ()

    def percentile(values: list[float], q: float) -> float:
        return round(float(np.percentile(values, q)), 3)

    sharpness, exposure = [f.sharpness for f in faces], [f.exposure for f in faces]
    return (
        QualityRange("sharpness", percentile(sharpness, 1), percentile(sharpness, 99)),
        QualityRange("exposure", percentile(exposure, 1), percentile(exposure, 99)),
        QualityRange("pose_deg", None, percentile([abs(f.pose_deg) for f in faces], 99)),
    )
