import dataclasses
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app import domain
from desktop_app.domain import (
    AnalysisRequest,
    Band,
    FaceDetection,
    FaceQuality,
    Frame,
    FramePrediction,
    Heatmap,
    ItemKind,
    MediaInfo,
    ModelCard,
    Outcome,
    Sampling,
    SamplingMode,
    Thresholds,
    TrackedFace,
    Verdict,
)

BOX = (1.0, 2.0, 11.0, 22.0)
LIMITS = Thresholds(decision=0.5, strong_genuine=0.1, inconclusive_low=0.35, inconclusive_high=0.65, strong_fake=0.9)

MEDIA = MediaInfo(
    path=Path("clip.mp4"),
    sha256="0" * 64,
    size_bytes=10,
    modified_utc=datetime(2024, 1, 1, tzinfo=UTC),
    kind=ItemKind.VIDEO,
    container="mov",
    video_codec="h264",
    pixel_format="yuv420p",
    bit_depth=8,
    color_space="",
    color_range="",
    color_primaries="",
    color_transfer="",
    width_px=64,
    height_px=48,
    rate=Fraction(30000, 1001),
    duration_s=1.0,
    rotation_deg=0,
    is_vfr=False,
    frame_count=30,
)

CARD = ModelCard(
    model_id="m",
    name="M",
    version="1",
    architecture="net",
    weights_file="weights.pt",
    weights_sha256="0" * 64,
    classes=("genuine", "fake"),
    genuine_class="genuine",
    input_size_px=160,
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
    crop_margin=0.3,
    temperature=1.0,
    bias=0.0,
    thresholds=LIMITS,
    min_face_px=50,
    parameters=1,
    training_data=(),
    error_rates=(),
    limits=(),
    licence="x",
    created="2024-01-01",
)

PREDICTION = FramePrediction(
    frame_index=0,
    pts=0,
    time_s=0.0,
    track_id=1,
    box_xyxy=BOX,
    face_score=0.99,
    is_interpolated=False,
    quality=FaceQuality(50.0, 1.0, 0.5, 0.0),
    model_id="m",
    logit=0.1,
    p_fake=0.5,
    label="fake",
)


def landmarks() -> np.ndarray:
    return np.zeros((5, 2), np.float32)


def records() -> list[type]:
    members = [getattr(domain, name) for name in dir(domain)]
    own = [m for m in members if isinstance(m, type) and m.__module__.startswith("desktop_app.domain")]
    return [m for m in own if not issubclass(m, Enum)]


def test_every_record_is_frozen_and_slotted() -> None:
    assert len(records()) >= 20
    for record in records():
        assert dataclasses.is_dataclass(record), record
        assert record.__dataclass_params__.frozen, record
        assert "__slots__" in vars(record), record


def test_records_with_arrays_do_not_compare_them() -> None:
    for record in (Frame, FaceDetection, TrackedFace, Heatmap):
        assert not record.__dataclass_params__.eq


def test_a_record_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        MEDIA.width_px = 1


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((1, 4, 4, 3), np.uint8),
    ],
)
def test_a_frame_is_rgb_uint8(image: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"expected \(H, W, 3\) uint8, got"):
        Frame(0, 0, 0.0, image)


def test_arrays_become_read_only() -> None:
    arrays = (
        Frame(0, None, 0.0, np.zeros((4, 4, 3), np.uint8)).image,
        FaceDetection(0, BOX, 1.0, landmarks()).landmarks,
        TrackedFace(0, 1, BOX, landmarks(), 1.0).landmarks,
        Heatmap(0, 1, BOX, np.zeros((7, 7), np.float32), 0.0, "fake", "fake", "l", "Grad-CAM", 0.5).values,
    )
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 1


@pytest.mark.parametrize("box", [(1, 2, 1, 3), (1, 2, 0, 3), (1, 2, 3, 2), (1, 2, 3), (1, 2, float("nan"), 3)])
def test_a_box_has_an_area(box: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="box_xyxy"):
        FaceDetection(0, box, 1.0, landmarks())
    with pytest.raises(ValueError, match="box_xyxy"):
        replace(PREDICTION, box_xyxy=box)


def test_five_landmarks() -> None:
    with pytest.raises(ValueError, match=r"expected \(5, 2\), got \(4, 2\)"):
        TrackedFace(0, 1, BOX, np.zeros((4, 2), np.float32), 1.0)


@pytest.mark.parametrize("score", [-0.01, 1.01, float("nan")])
def test_probabilities_lie_between_0_and_1(score: float) -> None:
    with pytest.raises(ValueError, match="score"):
        FaceDetection(0, BOX, score, landmarks())
    with pytest.raises(ValueError, match="p_fake"):
        replace(PREDICTION, p_fake=score)
    with pytest.raises(ValueError, match="min_face_score"):
        AnalysisRequest(Path("x"), "m", min_face_score=score)


def test_a_prediction_is_scored_or_gated() -> None:
    gated = replace(PREDICTION, gate="too_small", logit=None, p_fake=None, label=None)
    assert gated.gate == "too_small"
    for wrong in ({"gate": "too_small"}, {"p_fake": None}, {"logit": None}, {"logit": None, "p_fake": None}):
        with pytest.raises(ValueError, match="expected either a gate or a score"):
            replace(PREDICTION, **wrong)


@pytest.mark.parametrize("change", [{"sha256": "0"}, {"rotation_deg": 45}, {"width_px": 0}, {"height_px": -1}])
def test_media_facts_are_checked(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"sha256|rotation_deg|size"):
        replace(MEDIA, **change)


@pytest.mark.parametrize(
    "change", [{"genuine_class": "real"}, {"temperature": 0.0}, {"input_size_px": 0}, {"crop_margin": -1.0}]
)
def test_a_card_is_checked(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        replace(CARD, **change)


@pytest.mark.parametrize(
    ("mode", "value"),
    [
        (SamplingMode.EVERY_NTH, 0),
        (SamplingMode.EVERY_NTH, 1.5),
        (SamplingMode.EVERY_NTH, float("inf")),
        (SamplingMode.EVERY_NTH, float("nan")),
        (SamplingMode.PER_SECOND, float("inf")),
        (SamplingMode.PER_SECOND, float("nan")),
        (SamplingMode.PER_SECOND, 0),
        (SamplingMode.PER_SECOND, -1),
    ],
)
def test_sampling_is_checked(mode: SamplingMode, value: float) -> None:
    with pytest.raises(ValueError, match="sampling"):
        Sampling(mode, value)
    assert Sampling(SamplingMode.PER_SECOND, 0.5).value == 0.5


@pytest.mark.parametrize("change", [{"detect_every": 0}, {"batch_size": 0}, {"start_s": 2.0, "end_s": 2.0}])
def test_a_request_is_checked(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        AnalysisRequest(Path("x"), "m", **change)


@pytest.mark.parametrize(
    ("outcome", "p_fake"), [(Outcome.NO_USABLE_FACE, 0.0), (Outcome.SCORED, None), (Outcome.INCONCLUSIVE, None)]
)
def test_a_verdict_without_a_face_has_no_number(outcome: Outcome, p_fake: float | None) -> None:
    with pytest.raises(ValueError, match="verdict"):
        Verdict(outcome, None, p_fake, None, "why")
    assert Verdict(Outcome.NO_USABLE_FACE, None, None, None, "why").p_fake is None


@pytest.mark.parametrize(
    ("p_fake", "band"),
    [
        (0.0, Band.STRONG_GENUINE),
        (0.0999, Band.STRONG_GENUINE),
        (0.1, Band.MODERATE_GENUINE),
        (0.35, Band.INCONCLUSIVE),
        (0.65, Band.INCONCLUSIVE),
        (0.6501, Band.MODERATE_FAKE),
        (0.9, Band.MODERATE_FAKE),
        (0.9001, Band.STRONG_FAKE),
        (1.0, Band.STRONG_FAKE),
    ],
)
def test_bands(p_fake: float, band: Band) -> None:
    assert LIMITS.band(p_fake) is band


@given(st.lists(st.floats(-0.5, 1.5), min_size=4, max_size=4), st.floats(0, 1), st.floats(0, 1))
def test_bands_rise_with_the_probability(limits: list[float], a: float, b: float) -> None:
    try:
        thresholds = Thresholds(0.5, *limits)
    except ValueError:
        assert limits != sorted(limits) or min(limits) < 0 or max(limits) > 1
        return
    order = list(Band)
    low, high = sorted((a, b))
    assert order.index(thresholds.band(low)) <= order.index(thresholds.band(high))


def test_a_heatmap_is_a_float_map() -> None:
    with pytest.raises(ValueError, match=r"expected \(S, S\) float32"):
        Heatmap(0, 1, BOX, np.zeros((7, 7)), 0.0, "fake", "fake", "l", "Grad-CAM", 0.5)
