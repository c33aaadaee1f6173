from dataclasses import replace

import numpy as np
import pytest

from desktop_app.domain import Frame
from desktop_app.faces import FaceDetector, FaceFinder
from desktop_app.faces.boxes import iou
from tests.unit.faces_scenes import frames, head, paste, wall


@pytest.fixture(scope="module")
def detector():
    return FaceDetector()


class Watched:
    """Passes calls on to the real detector and notes which frames it saw."""

    def __init__(self, detector):
        self._detector = detector
        self.seen = []

    def detect(self, images, frame_indices):
        self.seen += frame_indices
        return self._detector.detect(images, frame_indices)


def find(detector, stream, detect_every=5, most_held=None):
    finder = FaceFinder(detector, detect_every=detect_every)
    out, pushed = [], 0
    for frame in stream:
        out += finder.push(frame)
        pushed += 1
        assert pushed - len(out) <= (most_held or detect_every + 4)
    out += finder.flush()
    assert [found.frame.index for found in out] == list(range(pushed))
    assert finder.flush() == []
    return out


def presence(out):
    """Frames in which each track has a face."""
    where = {}
    for found in out:
        for face in found.faces:
            assert face.frame_index == found.frame.index
            where.setdefault(face.track_id, []).append(found.frame.index)
    return where


def moving(astronaut, left, top=60.0, shown=lambda i: True, background=0):
    def draw(i):
        canvas = wall(background)
        if shown(i):
            paste(canvas, head(astronaut), left(i), top)
        return canvas

    return draw


def test_a_moving_face_is_one_track_and_interpolation_follows_it(astronaut, detector):
    draw = moving(astronaut, lambda i: 20 + 3 * i)
    watched = Watched(detector)
    out = find(watched, frames(23, draw))
    assert presence(out) == {1: list(range(23))}
    assert watched.seen == [0, 5, 10, 15, 20, 22]
    exact = find(detector, frames(23, draw), detect_every=1)
    for found, sure in zip(out, exact, strict=True):
        face = found.faces[0]
        assert face.is_interpolated is not found.was_searched
        assert iou(face.box_xyxy, sure.faces[0].box_xyxy) > 0.85
        size = face.box_xyxy[3] - face.box_xyxy[1]
        assert np.abs(face.landmarks - sure.faces[0].landmarks).max() < 0.08 * size


def test_the_ends_of_a_track_are_exact_to_a_frame(astronaut, detector):
    out = find(detector, frames(30, moving(astronaut, lambda i: 100 + 2 * i, shown=lambda i: 7 <= i <= 21)))
    assert presence(out) == {1: list(range(7, 22))}


def test_a_face_that_comes_back_soon_keeps_its_track_and_later_does_not(astronaut, detector):
    def shown(i):
        return i <= 6 or 12 <= i <= 18 or i >= 36

    out = find(detector, frames(39, moving(astronaut, lambda i: 100 + 2 * i, shown=shown), rate=12.5))
    assert presence(out) == {1: [i for i in range(19) if shown(i)], 2: list(range(36, 39))}


def test_a_cut_ends_every_track_and_both_sides_are_searched(astronaut, detector):
    def draw(i):
        canvas = wall(0) if i < 13 else wall(2, low=0, high=110)
        paste(canvas, head(astronaut), 60 if i < 13 else 270, 60)
        return canvas

    out = find(detector, frames(24, draw))
    assert [f.frame.index for f in out if f.is_cut] == [13]
    assert presence(out) == {1: list(range(13)), 2: list(range(13, 24))}
    assert out[12].was_searched
    assert out[13].was_searched


@pytest.mark.parametrize("detect_every", [1, 5])
def test_people_who_cross_keep_their_tracks(astronaut, detector, detect_every):
    heads = head(astronaut), head(astronaut, other=True)

    def draw(i):
        canvas = wall(1)
        paste(canvas, heads[1], 330 - 14 * i, 66)
        paste(canvas, heads[0], 10 + 14 * i, 60)
        return canvas

    out = find(detector, frames(23, draw, rate=15.0), detect_every)
    ids = presence(out)
    assert set(ids) == {1, 2}
    first, last = out[0].faces, out[-1].faces
    assert [face.track_id for face in first] == [1, 2]
    assert first[0].box_xyxy[0] < 150 < first[1].box_xyxy[0]
    by_id = {face.track_id: face.box_xyxy[0] for face in last}
    assert by_id[1] > 250 > by_id[2]
    assert len(ids[1]) >= 21


def test_a_face_of_one_frame_in_a_clip_is_dismissed_and_said(astronaut, detector):
    out = find(detector, frames(20, moving(astronaut, lambda i: 100, shown=lambda i: i == 10)))
    assert presence(out) == {}
    assert [(f.frame.index, len(f.dismissed)) for f in out if f.dismissed] == [(10, 1)]


def test_a_still_image_gives_its_face(astronaut, detector):
    out = find(detector, [Frame(0, None, 0.0, astronaut.copy())])
    assert len(out[0].faces) == 1
    assert out[0].was_searched
    assert not out[0].is_cut


def test_two_frames_are_enough_for_a_track(astronaut, detector):
    assert presence(find(detector, frames(2, moving(astronaut, lambda i: 100)))) == {1: [0, 1]}


class Doubtful(Watched):
    """The real detector, less sure of itself from one frame on."""

    def __init__(self, detector, score, start=0):
        super().__init__(detector)
        self._score, self._start = score, start

    def detect(self, images, frame_indices):
        found = zip(frame_indices, super().detect(images, frame_indices), strict=True)
        return [[replace(f, score=self._score) if i >= self._start else f for f in faces] for i, faces in found]


@pytest.mark.parametrize(("score", "people", "dismissed"), [(0.96, {}, [10, 11, 12]), (0.995, {1: [10, 11, 12]}, [])])
def test_what_is_a_face_for_a_moment_and_not_for_sure_is_no_person(astronaut, detector, score, people, dismissed):
    draw = moving(astronaut, lambda i: 100, shown=lambda i: i in (10, 11, 12))
    out = find(Doubtful(detector, score), frames(20, draw))
    assert presence(out) == people
    assert [found.frame.index for found in out if found.dismissed] == dismissed


def test_a_face_that_stays_is_a_person_however_unsure(astronaut, detector):
    out = find(Doubtful(detector, 0.96), frames(24, moving(astronaut, lambda i: 100)))
    # known from the window in which it has been there for half a second
    assert presence(out) == {1: list(range(10, 24))}
    assert [found.frame.index for found in out if found.dismissed] == list(range(10))


def test_a_known_face_may_become_unsure(astronaut, detector):
    draw = moving(astronaut, lambda i: 100, shown=lambda i: i not in (9, 10))
    out = find(Doubtful(detector, 0.96, start=5), frames(14, draw))
    assert presence(out) == {1: [i for i in range(14) if i not in (9, 10)]}


def test_sparse_samples_are_all_searched_and_one_is_enough(astronaut, detector):
    draw = moving(astronaut, lambda i: 100 + 10 * i, shown=lambda i: i in (1, 2, 3, 7))
    out = find(detector, frames(9, draw, rate=1.0))
    assert all(found.was_searched for found in out)
    assert presence(out) == {1: [1, 2, 3], 2: [7]}


def test_frames_without_faces_and_damaged_ones_come_through(detector):
    rng = np.random.default_rng(1)
    noise = [Frame(i, i, i / 25, rng.integers(0, 256, (90, 160, 3), dtype=np.uint8), i == 3) for i in range(12)]
    out = find(detector, noise)
    assert presence(out) == {}
    assert [found.frame for found in out] == noise


def test_the_size_of_the_picture_may_change(astronaut, detector):
    images = [astronaut.copy()] * 4 + [np.ascontiguousarray(astronaut[:300, 100:400])] * 4
    out = find(detector, [Frame(i, i, i / 25, image.copy()) for i, image in enumerate(images)])
    assert [len(found.faces) for found in out] == [1] * 8


def test_ids_go_on_after_a_flush(astronaut, detector):
    finder = FaceFinder(detector)
    still = [Frame(i, i, float(i), astronaut.copy()) for i in range(2)]
    first = finder.push(still[0]) + finder.flush()
    second = finder.push(still[1]) + finder.flush()
    assert [f.faces[0].track_id for f in first + second] == [1, 2]


def test_a_distance_below_one_is_refused(detector):
    with pytest.raises(ValueError, match="detect_every"):
        FaceFinder(detector, detect_every=0)
