import cv2
import numpy as np
import pytest

from desktop_app.domain import FaceQuality, TrackedFace
from desktop_app.faces import FaceDetector, QualityLimits, estimate_yaw_deg, gate, measure_quality

GOOD = {"size_px": 90.0, "sharpness": 200.0, "exposure": 0.45, "pose_deg": 5.0}


@pytest.fixture(scope="module")
def face(astronaut):
    found = FaceDetector().detect([astronaut], [0])[0][0]
    return TrackedFace(0, 1, found.box_xyxy, found.landmarks.copy(), found.score)


def test_an_ordinary_face_passes(astronaut, face):
    quality = measure_quality(astronaut, face)
    assert gate(quality, QualityLimits()) is None
    assert quality.size_px == pytest.approx(face.box_xyxy[2] - face.box_xyxy[0])
    assert 0.3 < quality.exposure < 0.8


def test_blur_and_darkness_are_measured(astronaut, face):
    sharp = measure_quality(astronaut, face)
    blurred = measure_quality(cv2.GaussianBlur(astronaut, (0, 0), 6), face)
    dark = measure_quality((astronaut * 0.05).astype(np.uint8), face)
    bright = measure_quality(np.clip(astronaut.astype(int) + 230, 0, 255).astype(np.uint8), face)
    assert blurred.sharpness < sharp.sharpness / 10
    assert gate(blurred, QualityLimits()) == "too_blurred"
    assert gate(dark, QualityLimits()) == "too_dark"
    assert gate(bright, QualityLimits()) == "too_bright"


def test_sharpness_compares_across_sizes(astronaut, face):
    double = cv2.resize(astronaut, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    box = tuple(2 * v for v in face.box_xyxy)
    large = measure_quality(double, TrackedFace(0, 1, box, face.landmarks * 2, 1.0))
    assert large.sharpness == pytest.approx(measure_quality(astronaut, face).sharpness, rel=0.35)


def turned(yaw_deg: float, roll_deg: float = 0.0) -> np.ndarray:
    """Landmarks of a plane face with a nose before it, turned and projected along the view."""
    points = np.array([[-0.45, -0.5, 0], [0.45, -0.5, 0], [0, 0.05, 0.55], [-0.35, 0.5, 0], [0.35, 0.5, 0]])
    yaw, roll = np.radians([yaw_deg, roll_deg])
    x = points[:, 0] * np.cos(yaw) + points[:, 2] * np.sin(yaw)
    flat = np.stack([x, points[:, 1]], axis=1) * 80
    turn = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    return (flat @ turn + 200).astype(np.float32)


@pytest.mark.parametrize("yaw", [-75, -40, -10, 0, 10, 40, 75])
@pytest.mark.parametrize("roll", [0, 30, -90])
def test_yaw_of_a_model_head_is_recovered(yaw, roll):
    assert estimate_yaw_deg(turned(yaw, roll)) == pytest.approx(yaw, abs=0.1)


def test_a_face_with_all_landmarks_in_one_place_has_no_yaw():
    assert estimate_yaw_deg(np.full((5, 2), 9, np.float32)) == 0.0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"size_px": 49.9}, "too_small"),
        ({"sharpness": 7.9}, "too_blurred"),
        ({"exposure": 0.04}, "too_dark"),
        ({"exposure": 0.95}, "too_bright"),
        ({"pose_deg": -51.0}, "turned_away"),
        ({"pose_deg": 51.0}, "turned_away"),
    ],
)
def test_each_limit_has_its_gate(change, code):
    assert gate(FaceQuality(**(GOOD | change)), QualityLimits()) == code
