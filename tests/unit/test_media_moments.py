"""A moment of one item in another, and pixels that are not square."""

from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from desktop_app.errors import InputError
from desktop_app.media import FrameReader, moments, open_item
from desktop_app.progress import Cancelled, CancelToken
from tests.unit.media_clips import X264, Clip, make_clip

CUT, COUNT = 23, 60


def scene(number, seed=4):
    """A walk across a cloudy picture; no two moments of it look the same."""
    rng = np.random.default_rng(seed)
    ground = cv2.resize(rng.integers(0, 255, (14, 40, 3), np.uint8), (1600, 560), interpolation=cv2.INTER_CUBIC)
    x, y = 12 * number, round(90 + 80 * np.sin(number / 9))
    return np.ascontiguousarray(ground[y : y + 180, x : x + 320])


def write(path, pictures, crf="16", aspect=None, rotation=None):
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"preset": "veryfast", "crf": crf})
        if rotation is not None:
            stream.set_display_rotation(rotation)
        for number, image in enumerate(pictures):
            if number == 0:
                stream.height, stream.width = image.shape[:2]
                stream.pix_fmt = "yuv420p"
                if aspect is not None:
                    stream.codec_context.sample_aspect_ratio = aspect
            for packet in stream.encode(av.VideoFrame.from_ndarray(image, "rgb24")):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return open_item(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return write(tmp_path_factory.mktemp("moments") / "whole.mp4", [scene(n) for n in range(100)])


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Frames 23 to 82, smaller, darker and badly compressed."""
    pictures = [cv2.resize(scene(n), (208, 118)) for n in range(CUT, CUT + COUNT)]
    dark = [np.rint(picture * 0.8).astype(np.uint8) for picture in pictures]
    return write(tmp_path_factory.mktemp("moments") / "copy.mp4", dark, crf="36")


def frame_of(item, number):
    with FrameReader(item) as reader:
        return reader.frame_at(number).image


@pytest.mark.parametrize("number", [0, 31, 59])
def test_a_frame_of_a_copy_is_found_in_its_source(whole, copy, number):
    found = moments.find_moment(frame_of(copy, number), whole)
    assert found.frame == number + CUT
    assert found.is_alike


def test_it_is_found_where_only_some_frames_are_looked_at_first(whole, copy, monkeypatch):
    monkeypatch.setattr(moments, "FINE_FRAMES", 30)
    assert moments._step(len(whole.index), whole.index.duration_s) == 4
    told = []
    found = moments.find_moment(frame_of(copy, 31), whole, on_progress=told.append)
    assert found.frame == 31 + CUT
    assert [progress.done for progress in told] == list(range(1, 101, 4))


def test_never_less_than_five_frames_in_a_second_are_looked_at():
    assert moments._step(1000, 40.0) == 1
    assert moments._step(3000, 120.0) == 2
    assert moments._step(200_000, 8000.0) == 5


def test_of_something_else_nothing_is_alike(whole):
    found = moments.find_moment(scene(40, seed=9), whole)
    assert not found.is_alike
    assert found.distance > 10


def test_a_scene_that_stands_still_has_rivals(tmp_path):
    item = write(tmp_path / "still.mp4", [scene(5)] * 90)
    found = moments.find_moment(scene(5), item)
    assert found.is_alike
    assert found.rivals >= 2


def test_where_hashes_hardly_differ_the_likeness_of_the_pictures_decides():
    looks = [moments._Look(0, 2, 0.5), moments._Look(1, 4, 0.9), moments._Look(2, 20, 0.99)]
    found = moments._nearest(looks, np.array([0.0, 0.04, 0.08]))
    assert (found.frame, found.distance) == (1, 4)


def test_a_plain_colour_cannot_be_recognised(whole):
    with pytest.raises(InputError, match="plain colour"):
        moments.find_moment(np.full((90, 160, 3), 30, np.uint8), whole)


def test_a_search_can_be_stopped(whole):
    token = CancelToken()
    with pytest.raises(Cancelled):
        moments.find_moment(scene(9), whole, on_progress=lambda _: token.cancel(), cancel=token)


@pytest.mark.parametrize(("rotation", "aspect"), [(None, Fraction(16, 11)), (-90, Fraction(11, 16))])
def test_wide_pixels_are_known_and_turn_with_the_picture(tmp_path, rotation, aspect):
    item = write(tmp_path / "wide.mp4", [scene(1)[:, :180]] * 3, aspect=Fraction(16, 11), rotation=rotation)
    assert item.pixel_aspect == aspect
    assert any(notice.code == "non_square_pixels" for notice in item.notices)


def test_square_pixels_are_square(tmp_path):
    item = open_item(make_clip(tmp_path / "square.mp4", Clip(".mp4", "libx264", frames=3, options=X264)))
    assert item.pixel_aspect == 1
