"""Requests, predictions, verdicts and whole results."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import numpy as np

from desktop_app.domain.base import Box, FloatArray, check_box, check_probability, require
from desktop_app.domain.faces import FaceQuality
from desktop_app.domain.media import ItemKind, MediaInfo
from desktop_app.domain.models import Band, BandRatio, ModelCard


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
        check_box(self.box_xyxy)
        check_probability("p_fake", self.p_fake)
        scored = self.p_fake is not None
        require(
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
            is_whole = 1 <= self.value < float("inf") and self.value == int(self.value)
            require(is_whole, f"sampling: expected n >= 1, got {self.value}")
        else:
            is_rate = 0 < self.value < float("inf")
            require(is_rate, f"sampling: expected > 0 per second, got {self.value}")


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
        check_probability("min_face_score", self.min_face_score)
        require(self.detect_every >= 1, f"detect_every: expected >= 1, got {self.detect_every}")
        require(self.batch_size >= 1, f"batch_size: expected >= 1, got {self.batch_size}")
        if self.start_s is not None and self.end_s is not None:
            require(self.end_s > self.start_s, f"range: expected end > start, got {self.start_s}:{self.end_s}")


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
        check_probability("p_fake", self.p_fake)
        has_score = self.p_fake is not None
        require(
            has_score == (self.outcome is not Outcome.NO_USABLE_FACE),
            f"verdict: outcome {self.outcome} with p_fake {self.p_fake}",
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one track in which the smoothed curve stays above the inconclusive zone.

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
        segments: Stretches above the inconclusive zone.
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

    def ratio_of(self, verdict: Verdict) -> BandRatio | None:
        """What the score of the item or of a person was measured to be worth, None if it was not measured or scored."""
        level = "image" if self.media.kind is ItemKind.IMAGE else "video"
        return self.card.ratio_of(verdict.band, level) if verdict.outcome is Outcome.SCORED else None


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
        require(
            self.values.ndim == 2 and self.values.dtype == np.float32,
            f"values: expected (S, S) float32, got {self.values.shape} {self.values.dtype}",
        )
        self.values.flags.writeable = False
