"""Models: cards, limits of the bands, measured error rates."""

from dataclasses import dataclass
from enum import StrEnum

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

    Below `strong_genuine` is strong evidence for genuine, then moderate up to `inconclusive_low`, inconclusive up
    to `inconclusive_high`, moderate evidence for fake up to `strong_fake`, strong above. `decision` is the single
    threshold at which the card states error rates.

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
        auc_low, auc_high: 95 % bootstrap interval of `auc`.
        eer: Equal error rate.
        ece: Expected calibration error, 10 bins.
        fpr, fnr: Error rates at the card's decision threshold.
        fpr_strong: Share of genuine samples in the strongest band for fake.
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
class ModelCard:
    """Everything that travels with a model's weights.

    Args:
        model_id: Stable key, such as ``"cotejo-mobilenetv2-1"``.
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
        temperature, bias: Calibrated probability = sigmoid(logit / temperature + bias).
        thresholds: Limits of the bands.
        min_face_px: Smallest face, shorter side, for which the figures hold.
        parameters: Number of trainable parameters.
        training_data: The sets it was trained on.
        error_rates: Measured performance; the first row is the headline.
        limits: What the model was not shown to do, a sentence each.
        licence: SPDX expression or a sentence.
        created: ISO date.
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

    def __post_init__(self) -> None:
        require(self.genuine_class in self.classes, f"genuine_class: {self.genuine_class!r} not in {self.classes}")
        require(self.temperature > 0, f"temperature: expected > 0, got {self.temperature}")
        require(self.input_size_px > 0, f"input_size_px: expected > 0, got {self.input_size_px}")
        require(self.crop_margin > -1, f"crop_margin: expected > -1, got {self.crop_margin}")
