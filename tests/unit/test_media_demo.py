"""The demo clip holds what it promises."""

from itertools import pairwise

import numpy as np
import pytest

from desktop_app.errors import InputError
from desktop_app.media import FrameReader, demo, open_item
from desktop_app.progress import Cancelled, CancelToken


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    reports = []
    path = demo.build_demo_clip(tmp_path_factory.mktemp("demo") / "new" / "demo.mp4", reports.append)
    assert reports[-1].fraction == 1.0
    return open_item(path)


def test_facts(clip):
    info = clip.info
    assert (info.width_px, info.height_px, info.frame_count, info.rate) == (1280, 720, 200, 25)
    assert info.duration_s == demo.DEMO_DURATION_S
    assert info.video_codec == "h264"
    assert clip.index.method == "scan"
    assert not clip.notices
    assert [entry.name for entry in info.path.parent.iterdir()] == ["demo.mp4"]


def test_the_face_jumps_just_where_the_stretch_begins_and_ends(clip):
    with FrameReader(clip) as reader:
        frames = [frame.image[260:400, 560:700].astype(np.int16) for frame in reader.frames(60, 150)]
    changes = np.array([np.abs(after - before).mean() for before, after in pairwise(frames)])
    jumps = sorted(int(position) + 61 for position in np.argsort(changes)[-2:])
    first_fake = round(demo.DEMO_FAKE_START_S * demo.DEMO_RATE)
    first_genuine = int(np.ceil(demo.DEMO_FAKE_END_S * demo.DEMO_RATE))
    assert jumps == [first_fake, first_genuine]


def test_scene_is_deterministic():
    first, second = demo._Scene(), demo._Scene()
    for number in (0, 1, 80):
        np.testing.assert_array_equal(first.render(number), second.render(number))


def test_cancelled_build_leaves_nothing(tmp_path):
    token = CancelToken()
    with pytest.raises(Cancelled):
        demo.build_demo_clip(tmp_path / "demo.mp4", lambda progress: token.cancel(), token)
    assert not list(tmp_path.iterdir())


def test_unwritable_place(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError):
        demo.build_demo_clip(tmp_path / "file" / "demo.mp4")
