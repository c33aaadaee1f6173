"""Faces of real clips: the scaled search against a full-resolution one, and tracks."""

import av
import numpy as np
import pytest
import torch
from facenet_pytorch import MTCNN

from desktop_app.domain import Frame, TrackedFace
from desktop_app.faces import FaceDetector, FaceFinder, QualityLimits, gate, measure_quality
from desktop_app.faces.boxes import iou

CLIPS = ["ff-c23/real/youtube__634.mp4", "ff-c40/real/youtube__469.mp4", "celeb-df-v2/real/id26_0006.mp4"]


def decode(path, count, step=1):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for index, picture in enumerate(container.decode(stream)):
            if index >= count:
                return
            if index % step == 0:
                time_s = float(index / stream.average_rate)
                yield Frame(index, picture.pts, time_s, picture.to_ndarray(format="rgb24"))


@pytest.fixture(scope="module")
def detector():
    return FaceDetector()


def find(detector, stream):
    finder = FaceFinder(detector)
    found = [one for frame in stream for one in finder.push(frame)]
    return found + finder.flush()


def test_the_scaled_search_finds_the_same_faces_as_a_full_one(bench_dir, detector):
    full = MTCNN(keep_all=True, device=torch.device("cpu"))
    overlaps = []
    for clip in CLIPS:
        for frame in decode(bench_dir / clip, 13, step=6):
            boxes, scores = full.detect(frame.image)
            sure = [tuple(float(v) for v in box) for box, score in zip(boxes, scores, strict=True) if score >= 0.95]
            wanted = [box for box in sure if min(box[2] - box[0], box[3] - box[1]) >= 50]
            faces = detector.detect([frame.image], [frame.index])[0]
            assert len(faces) == len(wanted) > 0
            overlaps += [max(iou(box, face.box_xyxy) for face in faces) for box in wanted]
    assert np.mean(overlaps) > 0.9
    assert min(overlaps) > 0.75


@pytest.mark.parametrize("clip", CLIPS)
def test_one_person_is_one_track_on_every_frame(bench_dir, detector, clip):
    out = find(detector, decode(bench_dir / clip, 41))
    assert [found.frame.index for found in out] == list(range(41))
    assert [[face.track_id for face in found.faces] for found in out] == [[1]] * 41
    assert not any(found.is_cut for found in out)
    searched = [found.frame.index for found in out if found.was_searched]
    assert len(searched) <= 12


@pytest.mark.parametrize("clip", CLIPS)
def test_ordinary_faces_pass_the_gate(bench_dir, detector, clip):
    for frame in decode(bench_dir / clip, 31, step=15):
        for face in detector.detect([frame.image], [frame.index])[0]:
            tracked = TrackedFace(frame.index, 1, face.box_xyxy, face.landmarks, face.score)
            assert gate(measure_quality(frame.image, tracked), QualityLimits()) is None


def test_a_real_cut_is_found_and_an_inset_is_none(bench_dir, detector):
    cut = find(detector, list(decode(bench_dir / "ff-c23/real/youtube__253.mp4", 186))[168:])
    assert [found.frame.index for found in cut if found.is_cut] == [176]
    inset = find(detector, list(decode(bench_dir / "ff-c23/real/youtube__004.mp4", 132))[119:])
    assert not any(found.is_cut for found in inset)


def test_a_shadow_that_passes_for_a_face_is_seen_through(bench_dir, detector):
    for frame in decode(bench_dir / "dfdc/fake/dfdc__yhffcuhhjy.mp4", 67, step=33):
        assert all(face.box_xyxy[2] - face.box_xyxy[0] < 200 for face in detector.detect([frame.image], [0])[0])
