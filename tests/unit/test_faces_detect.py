import time

import cv2
import numpy as np
import pytest
import torch
from facenet_pytorch import MTCNN

from desktop_app.errors import DeviceError
from desktop_app.faces import FaceDetector
from desktop_app.faces.boxes import iou, keep_distinct
from tests.unit.faces_scenes import head, paste, wall


@pytest.fixture(scope="module")
def detector():
    return FaceDetector()


@pytest.fixture(scope="module")
def full_search():
    return MTCNN(keep_all=True, device=torch.device("cpu"))


def scene(astronaut, size, *heads):
    canvas = wall(3, size)
    for height, left, top, other in heads:
        paste(canvas, head(astronaut, height, other), left, top)
    return canvas


@pytest.mark.parametrize("scale", [0.7, 1.0, 2.0])
def test_boxes_and_landmarks_agree_with_a_full_resolution_search(astronaut, detector, full_search, scale):
    image = cv2.resize(astronaut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    boxes, scores, points = full_search.detect(image, landmarks=True)
    sure = [i for i, score in enumerate(scores) if score >= 0.95]
    faces = detector.detect([image], [7])[0]
    assert len(faces) == len(sure) == 1
    assert iou(faces[0].box_xyxy, tuple(float(v) for v in boxes[sure[0]])) > 0.85
    size = boxes[sure[0]][3] - boxes[sure[0]][1]
    assert np.abs(faces[0].landmarks - points[sure[0]].astype(float)).max() < 0.05 * size
    assert faces[0].frame_index == 7


def test_every_face_of_a_frame_is_found_in_a_batch_of_mixed_sizes(astronaut, detector):
    one = scene(astronaut, (480, 270), (150, 20, 40, False))
    two = scene(astronaut, (1280, 720), (300, 100, 100, False), (200, 800, 300, True))
    none = wall(5, (480, 270))
    found = detector.detect([one, two, none, one], [0, 1, 2, 3])
    assert [len(faces) for faces in found] == [1, 2, 0, 1]
    alone = detector.detect([one], [3])[0][0]
    assert found[3][0].box_xyxy == pytest.approx(alone.box_xyxy, abs=0.01)
    assert {f.frame_index for f in found[1]} == {1}


def test_the_same_image_gives_the_same_faces(astronaut, detector):
    again = FaceDetector()
    a, b = detector.detect([astronaut], [0])[0][0], again.detect([astronaut], [0])[0][0]
    assert a.box_xyxy == b.box_xyxy
    assert a.score == b.score
    assert np.array_equal(a.landmarks, b.landmarks)


def test_small_and_unsure_faces_are_left_out(astronaut, detector):
    small = scene(astronaut, (480, 270), (90, 100, 60, False))
    assert detector.detect([small], [0]) == [[]]
    face = FaceDetector(min_face_px=24).detect([small], [0])[0][0]
    assert 24 <= face.box_xyxy[2] - face.box_xyxy[0] < 50
    assert FaceDetector(min_score=1.0).detect([astronaut], [0]) == [[]]


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 900, 3), (11, 11, 3), (40, 40, 3)])
def test_frames_too_small_for_a_face_have_none(detector, shape):
    assert detector.detect([np.full(shape, 128, np.uint8)], [0]) == [[]]


def test_a_large_frame_costs_far_less_than_a_full_search(astronaut, detector, full_search):
    image = scene(astronaut, (1280, 720), (300, 300, 200, False))
    spent = []
    for search in (lambda: detector.detect([image], [0]), lambda: full_search.detect(image)):
        search()
        runs = []
        for _ in range(2):
            start = time.process_time()
            search()
            runs.append(time.process_time() - start)
        spent.append(min(runs))
    assert spent[0] * 2.5 < spent[1]


@pytest.mark.parametrize("device", ["abacus", "cuda" if not torch.cuda.is_available() else "mps"])
def test_a_missing_device_is_said_plainly(device):
    with pytest.raises(DeviceError, match="device") as caught:
        FaceDetector(device=device)
    assert caught.value.hint


@pytest.mark.parametrize("wrong", [{"min_score": 1.2}, {"min_face_px": 4}])
def test_limits_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        FaceDetector(**wrong)


def test_wrong_input_is_refused(detector, astronaut):
    with pytest.raises(ValueError, match="indices"):
        detector.detect([astronaut], [0, 1])
    with pytest.raises(ValueError, match="uint8"):
        detector.detect([astronaut[..., 0]], [0])


def test_of_nested_boxes_the_surest_is_kept():
    boxes = np.array([[0, 0, 10, 10], [1, 1, 9, 9], [20, 0, 30, 10]], np.float32)
    assert keep_distinct(boxes, np.array([0.8, 0.9, 0.7], np.float32), 0.7).tolist() == [1, 2]
