import cv2
import numpy as np
import pytest

from desktop_app.faces.cuts import CutDetector
from tests.unit.faces_scenes import HEIGHT, WIDTH, frames, head, paste, wall


def cuts_of(count, draw, rate=25.0):
    detector = CutDetector()
    judged = [pair for frame in frames(count, draw, rate) for pair in detector.push(frame)]
    judged += detector.flush()
    assert [frame.index for frame, _ in judged] == list(range(count))
    return [frame.index for frame, is_cut in judged if is_cut]


@pytest.fixture
def scenery():
    return [wall(seed) for seed in range(4)]


def test_cuts_are_found_at_their_frame(scenery):
    assert cuts_of(40, lambda i: scenery[(i >= 7) + (i >= 20) + (i >= 39)].copy()) == [7, 20, 39]


def test_a_pan_is_no_cut(astronaut):
    wide = cv2.resize(astronaut, (1000, 600))
    assert cuts_of(40, lambda i: wide[100 : 100 + HEIGHT, 12 * i : 12 * i + WIDTH].copy()) == []


def test_a_zoom_is_no_cut(astronaut):
    def zoom(i):
        side = 500 - 6 * i
        return cv2.resize(astronaut[:side, :side], (WIDTH, HEIGHT))

    assert cuts_of(40, zoom) == []


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_flash_is_no_cut(scenery, length):
    def flash(i):
        return np.clip(scenery[0].astype(int) + 170 * (10 <= i < 10 + length), 0, 255).astype(np.uint8)

    assert cuts_of(25, flash) == []


def test_a_dropped_picture_is_no_cut(scenery):
    assert cuts_of(20, lambda i: scenery[0].copy() if i != 9 else np.zeros_like(scenery[0])) == []


def test_an_inset_that_changes_is_no_cut(astronaut, scenery):
    def inset(i):
        canvas = scenery[0].copy()
        paste(canvas, head(astronaut, 110) if i < 10 else scenery[2][:110, :150], 20, 20)
        return canvas

    assert cuts_of(20, inset) == []


def test_a_fade_of_light_is_no_cut(astronaut):
    assert cuts_of(50, lambda i: (astronaut * (1 - i / 60)).astype(np.uint8)) == []


def test_sparse_samples_are_told_apart_too(scenery):
    dark = wall(9, low=0, high=80)
    assert cuts_of(6, lambda i: (scenery[0] if i < 3 else dark).copy(), rate=1.0) == [3]


def test_tiny_frames_are_taken(scenery):
    assert cuts_of(4, lambda i: np.full((2, 3, 3), 60 * i, np.uint8)) == []
