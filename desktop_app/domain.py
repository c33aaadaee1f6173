"""Every record that crosses a floor.

Conventions: RGB, uint8, HWC; 1 = fake; `box_xyxy` in pixels of the displayed (rotated) frame, x2 and y2
exclusive; times in seconds from the first frame's presentation; arrays are read-only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

UInt8Array = NDArray[np.uint8]
FloatArray = NDArray[np.float32]

Box = tuple[float, float, float, float]

RESULT_SCHEMA_VERSION = 1


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _check_box(box_xyxy: Box) -> None:
    _require(len(box_xyxy) == 4, f"box_xyxy: expected 4 numbers, got {len(box_xyxy)}")
    x1, y1, x2, y2 = box_xyxy
    _require(x2 > x1 and y2 > y1, f"box_xyxy: expected x2 > x1 and y2 > y1, got {box_xyxy}")


def _check_probability(name: str, value: float | None) -> None:
    _require(value is None or 0.0 <= value <= 1.0, f"{name}: expected a value in [0, 1], got {value}")


class ItemKind(StrEnum):
    """What an item is."""

    VIDEO = "video"
    IMAGE = "image"


class Stage(StrEnum):
    """The part of an analysis that a notice speaks of."""

    MEDIA = "media"
    FACES = "faces"
    QUALITY = "quality"
    DETECTOR = "detector"
    ANALYSIS = "analysis"


class Outcome(StrEnum):
    """What an analysis can say at all about an item or a track."""

    SCORED = "scored"
    INCONCLUSIVE = "inconclusive"
    NO_USABLE_FACE = "no_usable_face"


class Band(StrEnum):
    """The wording of a calibrated probability; the limits are in the model's card."""

    STRONG_GENUINE = "strong_genuine"
    MODERATE_GENUINE = "moderate_genuine"
    INCONCLUSIVE = "inconclusive"
    MODERATE_FAKE = "moderate_fake"
    STRONG_FAKE = "strong_fake"


class ExhibitKind(StrEnum):
    """What a stored picture shows."""

    KEY_FRAME = "key_frame"
    FACE_CROP = "face_crop"
    HEATMAP = "heatmap"


class SamplingMode(StrEnum):
    """How frames are chosen for analysis."""

    EVERY_NTH = "every_nth"
    PER_SECOND = "per_second"


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What is known of an item without analysing it.

    Args:
        path: The file as it was given.
        sha256: Hash of the whole file, 64 hexadecimal digits.
        size_bytes: Size of the file.
        modified_utc: Last modification of the file.
        kind: Video or still image.
        container: Container format, such as ``"mov,mp4,m4a,3gp,3g2,mj2"``.
        video_codec: Codec of the pictures, such as ``"h264"`` or ``"png"``.
        pixel_format: As ffmpeg names it, such as ``"yuv420p10le"``.
        bit_depth: Bits per component.
        color_space, color_range, color_primaries, color_transfer: As tagged, empty when untagged.
        width_px, height_px: Displayed size, after rotation.
        rate: Average frames per second; None for images or when unknown.
        duration_s: From the first to the end of the last frame, 0.0 for images.
        rotation_deg: Clockwise rotation applied for display: 0, 90, 180 or 270.
        is_vfr: Whether the frame intervals vary.
        frame_count: Number of frames that decode, 1 for images.
        audio_codec: Codec of the first audio stream, None without one.
        audio_rate_hz: Its sampling rate, None without one.
        tags: Container and stream tags, as (key, value) pairs in their order.
    """

    path: Path
    sha256: str
    size_bytes: int
    modified_utc: datetime
    kind: ItemKind
    container: str
    video_codec: str
    pixel_format: str
    bit_depth: int
    color_space: str
    color_range: str
    color_primaries: str
    color_transfer: str
    width_px: int
    height_px: int
    rate: Fraction | None
    duration_s: float
    rotation_deg: int
    is_vfr: bool
    frame_count: int
    audio_codec: str | None = None
    audio_rate_hz: int | None = None
    tags: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        _require(len(self.sha256) == 64, f"sha256: expected 64 digits, got {len(self.sha256)}")
        _require(self.rotation_deg in (0, 90, 180, 270), f"rotation_deg: got {self.rotation_deg}")
        _require(self.width_px > 0 and self.height_px > 0, f"size: got {self.width_px}x{self.height_px}")


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One displayed picture of an item.

    Args:
        index: Position in presentation order, from 0.
        pts: Presentation time stamp in the stream's own unit; None where it was missing.
        time_s: Seconds from the first frame (exact from `pts`, estimated where that is missing).
        image: (H, W, 3) uint8 RGB, rotated for display, read-only.
        is_corrupt: Whether the decoder flagged or concealed damage.
    """

    index: int
    pts: int | None
    time_s: float
    image: UInt8Array
    is_corrupt: bool = False

    def __post_init__(self) -> None:
        shape, dtype = self.image.shape, self.image.dtype
        _require(
            self.image.ndim == 3 and shape[2] == 3 and dtype == np.uint8,
            f"image: expected (H, W, 3) uint8, got {shape} {dtype}",
        )
        self.image.flags.writeable = False


@dataclass(frozen=True, slots=True, eq=False)
class FaceDetection:
    """A face as the face detector found it.

    Args:
        frame_index: The frame.
        box_xyxy: Pixels of the displayed frame.
        score: Confidence of the face detector in [0, 1].
        landmarks: (5, 2) float32 pixels: eye, eye, nose, mouth corner, mouth corner, the left of the picture first.
    """

    frame_index: int
    box_xyxy: Box
    score: float
    landmarks: FloatArray

    def __post_init__(self) -> None:
        _check_box(self.box_xyxy)
        _check_probability("score", self.score)
        _require(self.landmarks.shape == (5, 2), f"landmarks: expected (5, 2), got {self.landmarks.shape}")
        self.landmarks.flags.writeable = False


@dataclass(frozen=True, slots=True, eq=False)
class TrackedFace:
    """One person's face in one frame, found or interpolated.

    Args:
        frame_index: The frame.
        track_id: The person, from 1 in order of appearance.
        box_xyxy: Pixels of the displayed frame.
        landmarks: (5, 2) float32 pixels.
        score: Confidence of the face detector; of the nearer detections where interpolated.
        is_interpolated: Whether the box lies between two detections instead of being one.
    """

    frame_index: int
    track_id: int
    box_xyxy: Box
    landmarks: FloatArray
    score: float
    is_interpolated: bool = False

    def __post_init__(self) -> None:
        _check_box(self.box_xyxy)
        _check_probability("score", self.score)
        _require(self.landmarks.shape == (5, 2), f"landmarks: expected (5, 2), got {self.landmarks.shape}")
        self.landmarks.flags.writeable = False


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """Measured fitness of a face for scoring.

    Args:
        size_px: Shorter side of the face's box.
        sharpness: Variance of the Laplacian of the grey crop at a fixed size; higher is sharper.
        exposure: Mean grey level of the crop in [0, 1].
        pose_deg: Estimated yaw in degrees from the landmarks; 0 is frontal, the sign is the side.
    """

    size_px: float
    sharpness: float
    exposure: float
    pose_deg: float


@dataclass(frozen=True, slots=True)
class FramePrediction:
    """What a model says of one face in one frame: one row of the per-frame table.

    Args:
        frame_index: The frame.
        pts: Its presentation time stamp, None where missing.
        time_s: Seconds from the first frame.
        track_id: The person.
        box_xyxy: Pixels of the displayed frame.
        face_score: Confidence of the face detector.
        is_interpolated: Whether the box lies between two detections.
        quality: Measured fitness of the face.
        model_id: The model.
        gate: Why the face was not scored (``"too_small"``, …), None when it was.
        logit: Log-odds of fake before calibration, None when not scored.
        p_fake: Calibrated probability of fake, None when not scored.
        label: Most probable class of the model, None when not scored.
    """

    frame_index: int
    pts: int | None
    time_s: float
    track_id: int
    box_xyxy: Box
    face_score: float
    is_interpolated: bool
    quality: FaceQuality
    model_id: str
    gate: str | None = None
    logit: float | None = None
    p_fake: float | None = None
    label: str | None = None

    def __post_init__(self) -> None:
        _check_box(self.box_xyxy)
        _check_probability("p_fake", self.p_fake)
        scored = self.p_fake is not None
        _require(
            scored == (self.gate is None) == (self.logit is not None),
            f"expected either a gate or a score, got gate={self.gate!r}, p_fake={self.p_fake}",
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was skipped, estimated or noteworthy; never dropped silently.

    Args:
        stage: Where it arose.
        code: Stable key, such as ``"corrupt_frame"``.
        message: One sentence in English; the interface translates by `code`.
        frame_index: The frame, None when it concerns the whole item.
        count: How many times, when one notice stands for a run of the same kind.
    """

    stage: Stage
    code: str
    message: str
    frame_index: int | None = None
    count: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Exhibit:
    """A picture kept as evidence.

    Args:
        kind: What it shows.
        frame_index: The frame.
        pts: Its presentation time stamp.
        time_s: Seconds from the first frame.
        track_id: The person, None for a whole frame.
        png: The picture as PNG.
        sha256: Hash of `png`.
        caption: One sentence in English.
    """

    kind: ExhibitKind
    frame_index: int
    pts: int | None
    time_s: float
    track_id: int | None
    png: bytes
    sha256: str
    caption: str


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
        _require(
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
        _require(self.genuine_class in self.classes, f"genuine_class: {self.genuine_class!r} not in {self.classes}")
        _require(self.temperature > 0, f"temperature: expected > 0, got {self.temperature}")
        _require(self.input_size_px > 0, f"input_size_px: expected > 0, got {self.input_size_px}")
        _require(self.crop_margin > -1, f"crop_margin: expected > -1, got {self.crop_margin}")


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which frames are analysed.

    Args:
        mode: Every n-th frame or so many per second.
        value: n (>= 1), or frames per second (> 0).
    """

    mode: SamplingMode = SamplingMode.EVERY_NTH
    value: float = 1.0

    def __post_init__(self) -> None:
        if self.mode is SamplingMode.EVERY_NTH:
            _require(self.value >= 1 and self.value == int(self.value), f"sampling: expected n >= 1, got {self.value}")
        else:
            _require(self.value > 0, f"sampling: expected > 0 per second, got {self.value}")


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """What to analyse and how; with the file and the weights it determines the numbers.

    Args:
        path: The item.
        model_id: The model.
        start_s, end_s: Range in seconds from the first frame; None is the item's own end.
        sampling: Which frames are scored.
        detect_every: Faces are searched on every n-th sampled frame and tracked in between.
        min_face_score: Smallest confidence of the face detector.
        min_face_px: Smallest face, shorter side of its box.
        device: ``"auto"``, ``"cpu"``, ``"cuda"`` or ``"mps"``.
        batch_size: Crops per forward pass.
        key_frames: Number of key frames kept as exhibits.
    """

    path: Path
    model_id: str
    start_s: float | None = None
    end_s: float | None = None
    sampling: Sampling = field(default_factory=Sampling)
    detect_every: int = 5
    min_face_score: float = 0.95
    min_face_px: int = 50
    device: str = "auto"
    batch_size: int = 16
    key_frames: int = 6

    def __post_init__(self) -> None:
        _check_probability("min_face_score", self.min_face_score)
        _require(self.detect_every >= 1, f"detect_every: expected >= 1, got {self.detect_every}")
        _require(self.batch_size >= 1, f"batch_size: expected >= 1, got {self.batch_size}")
        if self.start_s is not None and self.end_s is not None:
            _require(self.end_s > self.start_s, f"range: expected end > start, got {self.start_s}:{self.end_s}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the machine says of an item or a track.

    Args:
        outcome: Whether it can say anything.
        band: Wording; None when there is no usable face.
        p_fake: Calibrated probability of fake; None when there is no usable face.
        interval: 95 % interval of `p_fake` over the frames (block bootstrap); None likewise.
        reason: One sentence in English that says why.
    """

    outcome: Outcome
    band: Band | None
    p_fake: float | None
    interval: tuple[float, float] | None
    reason: str

    def __post_init__(self) -> None:
        _check_probability("p_fake", self.p_fake)
        has_score = self.p_fake is not None
        _require(
            has_score == (self.outcome is not Outcome.NO_USABLE_FACE),
            f"verdict: outcome {self.outcome} with p_fake {self.p_fake}",
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one track in which the smoothed curve stays above the decision threshold.

    Args:
        track_id: The person.
        start_frame, end_frame: First and last scored frame.
        start_s, end_s: Their times.
        p_fake: Mean calibrated probability (in the log-odds) over the stretch.
        band: Wording of `p_fake`.
    """

    track_id: int
    start_frame: int
    end_frame: int
    start_s: float
    end_s: float
    p_fake: float
    band: Band


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """One person's face through time, as summed up after an analysis.

    Args:
        track_id: The person, from 1 in order of appearance.
        start_frame, end_frame: First and last sampled frame with this face.
        start_s, end_s: Their times.
        frames_seen: Sampled frames in which the face was found or interpolated.
        frames_scored: Those of them that were scored.
        median_size_px: Median of the face's shorter side.
        label: Class that the averaged class probabilities favour; None when nothing was scored.
        verdict: What the machine says of this person.
        segments: Stretches above the decision threshold.
    """

    track_id: int
    start_frame: int
    end_frame: int
    start_s: float
    end_s: float
    frames_seen: int
    frames_scored: int
    median_size_px: float
    label: str | None
    verdict: Verdict
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of an item the analysis rests on, in frames unless said otherwise.

    Args:
        in_item: Frames of the item.
        in_range: Frames of the asked range.
        sampled: Frames chosen for analysis.
        decoded: Chosen frames that decoded.
        corrupt: Decoded frames that the decoder flagged as damaged.
        with_face: Decoded frames with at least one face.
        faces_scored: Faces scored.
        faces_gated: Faces found and not scored for their quality.
    """

    in_item: int
    in_range: int
    sampled: int
    decoded: int
    corrupt: int
    with_face: int
    faces_scored: int
    faces_gated: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """Under which conditions a result came about.

    Args:
        app_version: Version of this program.
        weights_sha256: Hash of the weights that were loaded.
        device: Device that computed, such as ``"cpu"`` or ``"cuda: NVIDIA …"``.
        started_utc, finished_utc: Wall-clock times.
        aborted: Whether the analysis was cancelled before its end.
        libraries: (name, version) pairs.
        platform: Operating system and Python version.
        settings: (key, value) pairs of everything that influences the numbers.
    """

    app_version: str
    weights_sha256: str
    device: str
    started_utc: datetime
    finished_utc: datetime
    aborted: bool
    libraries: tuple[tuple[str, str], ...]
    platform: str
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class AnalysisResult:
    """A finished or aborted analysis: all that reports and interface need.

    Args:
        result_id: Short stable id, derived from the content.
        request: What was asked.
        media: The item.
        card: The model, as it stood.
        verdict: Of the whole item.
        tracks: Per person, in order of `track_id`.
        predictions: Per face and frame, in order of frame, then track.
        coverage: What it rests on.
        notices: All that was skipped, estimated or noteworthy.
        exhibits: Pictures kept as evidence.
        provenance: Conditions of the run.
    """

    result_id: str
    request: AnalysisRequest
    media: MediaInfo
    card: ModelCard
    verdict: Verdict
    tracks: tuple[FaceTrack, ...]
    predictions: tuple[FramePrediction, ...]
    coverage: Coverage
    notices: tuple[Notice, ...]
    exhibits: tuple[Exhibit, ...]
    provenance: Provenance

    def predictions_of(self, track_id: int) -> tuple[FramePrediction, ...]:
        """Predictions of one person in order of time."""
        return tuple(p for p in self.predictions if p.track_id == track_id)


@dataclass(frozen=True, slots=True, eq=False)
class Heatmap:
    """A class-activation map of one face.

    Args:
        frame_index: The frame.
        track_id: The person.
        crop_xyxy: Square of the frame that the model saw, in pixels; may reach beyond the frame.
        values: (S, S) float32 in [0, 1], the map divided by its maximum, read-only.
        raw_max: Maximum before that division: near 0 means that the pattern is noise.
        target: ``"predicted"``, ``"genuine"`` or ``"fake"``: which class the map explains.
        target_class: Name of that class in the card.
        layer: Name of the layer.
        method: Name of the method, such as ``"Grad-CAM"``.
        p_fake: Calibrated probability of this face in this frame.
    """

    frame_index: int
    track_id: int
    crop_xyxy: Box
    values: FloatArray
    raw_max: float
    target: str
    target_class: str
    layer: str
    method: str
    p_fake: float

    def __post_init__(self) -> None:
        _require(
            self.values.ndim == 2 and self.values.dtype == np.float32,
            f"values: expected (S, S) float32, got {self.values.shape} {self.values.dtype}",
        )
        self.values.flags.writeable = False


SettingsMap = Mapping[str, bool | int | float | str]
