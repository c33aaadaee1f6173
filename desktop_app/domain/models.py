"""Models: cards, limits of the bands, measured error rates."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from desktop_app.domain.base import require


class Band(StrEnum):
    """The wording of a calibrated probability; the limits are in the model's card."""

    STRONG_GENUINE = "strong_genuine"
    MODERATE_GENUINE = "moderate_genuine"
    INCONCLUSIVE = "inconclusive"
    MODERATE_FAKE = "moderate_fake"
    STRONG_FAKE = "strong_fake"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits of the bands on the calibrated probability of fake, ascending.

    Args:
        decision: The single threshold at which the card states error rates.
        strong_genuine: Below is strong evidence for genuine.
        inconclusive_low: From `strong_genuine` up to here is moderate evidence for genuine.
        inconclusive_high: From `inconclusive_low` up to here it is inconclusive.
        strong_fake: From `inconclusive_high` up to here is moderate evidence for fake, above is strong evidence.

    >>> limits = Thresholds(decision=0.5, strong_genuine=0.1, inconclusive_low=0.35, inconclusive_high=0.65,
    ...                     strong_fake=0.9)
    >>> limits.band(0.7)
    <Band.MODERATE_FAKE: 'moderate_fake'>
    """

    decision: float
    strong_genuine: float
    inconclusive_low: float
    inconclusive_high: float
    strong_fake: float

    def __post_init__(self) -> None:
        order = (self.strong_genuine, self.inconclusive_low, self.inconclusive_high, self.strong_fake)
        require(
            all(0.0 <= value <= 1.0 for value in (*order, self.decision)) and list(order) == sorted(order),
            f"thresholds: expected ascending values in [0, 1], got {order}, decision {self.decision}",
        )

    def band(self, p_fake: float) -> Band:
        """Wording of a calibrated probability."""
        if p_fake < self.strong_genuine:
            return Band.STRONG_GENUINE
        if p_fake < self.inconclusive_low:
            return Band.MODERATE_GENUINE
        if p_fake <= self.inconclusive_high:
            return Band.INCONCLUSIVE
        if p_fake <= self.strong_fake:
            return Band.MODERATE_FAKE
        return Band.STRONG_FAKE


class Support(StrEnum):
    """How strongly a finding supports one of two propositions over the other, in words.

    The scale is that of the European Network of Forensic Science Institutes, "Guideline for evaluative reporting in
    forensic science", 2015: a likelihood ratio of 2 to 10 is weak support, then moderate up to 100, moderately strong
    up to 1,000, strong up to 10,000, very strong up to 1,000,000, extremely strong beyond.
    """

    NONE = "none"
    WEAK = "weak"
    MODERATE = "moderate"
    MODERATELY_STRONG = "moderately_strong"
    STRONG = "strong"
    VERY_STRONG = "very_strong"
    EXTREMELY_STRONG = "extremely_strong"


_SUPPORT_FROM = (2.0, 1e1, 1e2, 1e3, 1e4, 1e6)


def support_of(lr_low: float, lr_high: float) -> Support:
    """Wording of a likelihood ratio by the bound that is nearer to one: never more than the sample size supports.

    Args:
        lr_low: Lower bound of the ratio.
        lr_high: Upper bound; where one lies between them neither proposition is supported.

    >>> support_of(12.0, 400.0), support_of(0.02, 0.3), support_of(0.9, 50.0)
    (<Support.MODERATE: 'moderate'>, <Support.WEAK: 'weak'>, <Support.NONE: 'none'>)
    """
    bound = max(lr_low, 1.0 / lr_high)
    return tuple(Support)[sum(bound >= start for start in _SUPPORT_FROM)]


@dataclass(frozen=True, slots=True)
class BandRatio:
    """What a score in a band was measured to be worth: one row of a model's table of likelihood ratios.

    Args:
        band: The band.
        low, high: Its limits on the calibrated probability of fake.
        n_genuine, n_fake: Validation samples in it.
        lr: How many times more probable a score in the band is for a manipulated sample than for a genuine one.
        lr_low, lr_high: 95 % interval of `lr`.
        verbal: Its wording, which is that of `support_of`.
        level: What a sample was: ``"image"`` or ``"video"``.
    """

    band: Band
    low: float
    high: float
    n_genuine: int
    n_fake: int
    lr: float
    lr_low: float
    lr_high: float
    verbal: Support
    level: str

    def __post_init__(self) -> None:
        require(0.0 <= self.low <= self.high <= 1.0, f"band {self.band}: limits {self.low} to {self.high}")
        require(
            0.0 < self.lr_low <= self.lr <= self.lr_high < float("inf"),
            f"band {self.band}: expected 0 < lr_low <= lr <= lr_high, got {self.lr_low}, {self.lr}, {self.lr_high}",
        )
        earned = support_of(self.lr_low, self.lr_high)
        require(self.verbal is earned, f"band {self.band}: called {self.verbal}, but its bounds are {earned}")


@dataclass(frozen=True, slots=True)
class CalibrationTrial:
    """How well one way of calibration did on groups that it was not fitted on, both classes equally heavy.

    Args:
        method: ``"raw"``, ``"temperature"``, ``"platt"`` or ``"isotonic"``.
        log_loss: Mean negative log-likelihood of the label.
        ece: Expected calibration error, 10 bins.
        is_chosen: Whether the card's calibration was made in this way.
    """

    method: str
    log_loss: float
    ece: float
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class QualityRange:
    """The quality of faces that a model was validated on.

    Args:
        measure: A field of `FaceQuality`; of the pose the angle to either side counts.
        low, high: Ends of the range; None where it is open.
    """

    measure: str
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        require(self.measure in QUALITY_MEASURES, f"measure: expected one of {QUALITY_MEASURES}, got {self.measure!r}")
        require(self.measure != "pose_deg" or self.low is None, "pose_deg: a head turned too little is none")
        is_ascending = self.low is None or self.high is None or self.low <= self.high
        require(is_ascending, f"{self.measure}: expected low <= high, got {self.low}, {self.high}")


QUALITY_MEASURES = ("size_px", "sharpness", "exposure", "pose_deg")


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """Measured performance of a model on one set under one condition.

    Args:
        dataset: Name of the set.
        condition: What part of it, such as ``"all"`` or ``"face 50-100 px"``.
        level: ``"image"`` or ``"video"``.
        is_in_domain: Whether the set is of the kind that the model was trained on.
        n_genuine, n_fake: Number of samples.
        auc: Area under the ROC curve; None where one class is absent.
        auc_low, auc_high: 95 % interval of `auc`; None where the samples are too few for one.
        eer: Equal error rate.
        ece: Expected calibration error, 10 bins, both classes equally heavy where both are there.
        fpr, fnr: Error rates at the card's decision threshold.
        fpr_strong: Share of genuine samples in the strongest band for fake.
        eer_low, eer_high: 95 % interval of `eer`; None likewise, and in cards older than it.
    """

    dataset: str
    condition: str
    level: str
    is_in_domain: bool
    n_genuine: int
    n_fake: int
    auc: float | None = None
    auc_low: float | None = None
    auc_high: float | None = None
    eer: float | None = None
    ece: float | None = None
    fpr: float | None = None
    fnr: float | None = None
    fpr_strong: float | None = None
    eer_low: float | None = None
    eer_high: float | None = None


@dataclass(frozen=True, slots=True)
class DataSource:
    """A set that a model was trained on.

    Args:
        name: Name of the set.
        count: Number of images used.
        terms: Under which terms it is available.
    """

    name: str
    count: int
    terms: str


@dataclass(frozen=True, slots=True)
class Member:
    """One network of a model, and what it is shown.

    Args:
        model_id: The model that it was by itself.
        weights_sha256: Hash of that model's weights file.
        architecture: Key of the network in `detectors.nets`.
        input_size_px: Side of its square input.
        mean, std: Per-channel normalisation of RGB in [0, 1].
        crop_share: Side of the square that it is shown, as a share of the side of the card's crop, about its centre.
    """

    model_id: str
    weights_sha256: str
    architecture: str
    input_size_px: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    crop_share: float = 1.0

    def __post_init__(self) -> None:
        require(self.input_size_px > 0, f"input_size_px: expected > 0, got {self.input_size_px}")
        require(min(self.std) > 0, f"std: expected values > 0, got {self.std}")
        require(0.1 <= self.crop_share <= 1, f"crop_share: expected a value in [0.1, 1], got {self.crop_share}")


ENSEMBLE = "ensemble"
"""What the card of a model of several networks gives as its architecture."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Everything that travels with a model's weights.

    Args:
        model_id: Stable key, such as ``"cotejo-mobilenetv2-5"``.
        name: Name for people.
        version: Version of the weights.
        architecture: Key of the network in `detectors.nets`.
        weights_file: File beside the card.
        weights_sha256: Hash of that file.
        classes: Names of the outputs in order.
        genuine_class: The class that means an unmanipulated face; ``P_fake = 1 - P(genuine_class)``.
        input_size_px: Side of the square input.
        mean, std: Per-channel normalisation of RGB in [0, 1].
        crop_margin: Side of the square crop = (1 + crop_margin) x the longer side of the face's box.
        temperature, bias: Calibrated probability = sigmoid(logit / temperature + bias), unless there are `knots`.
        thresholds: Limits of the bands.
        min_face_px: Smallest face, shorter side, for which the figures hold.
        parameters: Number of trainable parameters.
        training_data: The sets it was trained on.
        error_rates: Measured performance; the first row is the headline.
        limits: What the model was not shown to do, a sentence each.
        licence: SPDX expression or a sentence.
        created: ISO date.
        outputs: Number of logits: one for each class (None says so too), or 1 for two classes, the logit of fake.
        knots: Points (log-odds of the network, calibrated log-odds), ascending in both, of a calibration that is a
            polyline and constant beyond its ends; empty where `temperature` and `bias` say it all.
        calibrations: The ways of calibration that were compared.
        bands: Measured likelihood ratios: per level a row for each band in ascending order; empty where they were
            not measured.
        validated: Quality of the faces of validation; an item outside is inconclusive.
        averages_mirrored: Whether a score is the mean of the logits of the crop and of its mirror image.
        members: The networks of an ensemble, whose score is the mean of their logits; their weights stand in the one
            weights file, under the number of the member from 0. The first one is what heatmaps explain; it is shown the
            whole crop. Empty for a model of one network.
    """

    model_id: str
    name: str
    version: str
    architecture: str
    weights_file: str
    weights_sha256: str
    classes: tuple[str, ...]
    genuine_class: str
    input_size_px: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    crop_margin: float
    temperature: float
    bias: float
    thresholds: Thresholds
    min_face_px: int
    parameters: int
    training_data: tuple[DataSource, ...]
    error_rates: tuple[ErrorRates, ...]
    limits: tuple[str, ...]
    licence: str
    created: str
    outputs: int | None = None
    knots: tuple[tuple[float, float], ...] = ()
    calibrations: tuple[CalibrationTrial, ...] = ()
    bands: tuple[BandRatio, ...] = ()
    validated: tuple[QualityRange, ...] = ()
    averages_mirrored: bool = False
    members: tuple[Member, ...] = ()

    def __post_init__(self) -> None:
        require(self.genuine_class in self.classes, f"genuine_class: {self.genuine_class!r} not in {self.classes}")
        require(self.temperature > 0, f"temperature: expected > 0, got {self.temperature}")
        require(self.input_size_px > 0, f"input_size_px: expected > 0, got {self.input_size_px}")
        require(-1 < self.crop_margin <= 10, f"crop_margin: expected above -1 and at most 10, got {self.crop_margin}")
        self._check_knots()
        self._check_members()
        for level in {row.level for row in self.bands}:
            found = tuple(row.band for row in self.bands if row.level == level)
            require(found == tuple(Band), f"bands: expected a row for each of {list(Band)}, got {found} ({level})")

    def _check_knots(self) -> None:
        require(len(self.knots) != 1, "knots: expected none or at least two")
        for before, after in pairwise(self.knots):
            is_rising = before[0] < after[0] and before[1] < after[1]
            require(is_rising, f"knots: expected ascending points, got {before} and {after}")

    def _check_members(self) -> None:
        sizes = [member.input_size_px for member in self.members]
        require(len(sizes) != 1, "members: expected none or at least two")
        require(
            bool(sizes) == (self.architecture == ENSEMBLE),
            f"architecture: {self.architecture!r} and {len(sizes)} members",
        )
        require(not sizes or self.input_size_px == max(sizes), f"input_size_px: expected the largest of {sizes}")
        # what is drawn over a crop covers it
        first = self.members[0].crop_share if self.members else 1.0
        require(first == 1.0, f"crop_share: expected 1 for the first member, got {first}")

    @property
    def identity(self) -> tuple[str, str]:
        """Which model it is: its id, and the hash of its weights, as an id may come to stand for others."""
        return self.model_id, self.weights_sha256

    @property
    def networks(self) -> tuple[Member, ...]:
        """What is shown to which network: the members, or the model itself."""
        own = Member(self.model_id, self.weights_sha256, self.architecture, self.input_size_px, self.mean, self.std)
        return self.members or (own,)

    @property
    def network_names(self) -> str:
        """The networks for people to read, such as ``"2 x mobilenet_v2"`` or ``"resnet18 + meso4"``."""
        counts = Counter(network.architecture for network in self.networks)
        return " + ".join(name if count == 1 else f"{count} x {name}" for name, count in counts.items())

    def ratio_of(self, band: Band | None, level: str) -> BandRatio | None:
        """The measured likelihood ratio of a band, None where it was not measured.

        Args:
            band: The band.
            level: Level that is wanted; where the card has none of it, that of its first row.
        """
        levels = {row.level for row in self.bands}
        wanted = level if level in levels else next((row.level for row in self.bands), level)
        return next((row for row in self.bands if row.band is band and row.level == wanted), None)

    @property
    def output_count(self) -> int:
        """Number of logits that the network gives."""
        return len(self.classes) if self.outputs is None else self.outputs
