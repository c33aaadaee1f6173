"""`frame_at` gives the pixels of a decode from the start, for every kind of clip."""

import random

import numpy as np
import pytest

from desktop_app.errors import InputError
from desktop_app.media import FrameReader, open_item
from tests.unit.media_clips import CLIPS, Clip, decode_all, make_clip


def check_against(path, reference, item):
    """Same frames, same order, same time stamps, same pixels, however they are reached."""
    count = len(reference)
    assert len(item.index) == item.info.frame_count == count
    assert [item.index.pts_of(i) for i in range(count)] == [pts for pts, _ in reference]
    assert np.all(np.diff(item.index.time_s) >= 0)
    assert item.index.time_s[0] == 0
    with FrameReader(item) as reader:
        for frame in reader.frames():
            np.testing.assert_array_equal(frame.image, reference[frame.index][1])
        assert frame.index == count - 1
    order = list(range(count))
    random.Random(7).shuffle(order)
    with FrameReader(item) as reader:
        for index in [*order, *range(count - 1, -1, -1), *range(0, count, 5)]:
            frame = reader.frame_at(index)
            assert frame.index == index
            np.testing.assert_array_equal(frame.image, reference[index][1])
    # A new reader for each frame: nothing comes from a cache or from a run that happens to be near.
    for index in order[:12]:
        with FrameReader(item) as reader:
            np.testing.assert_array_equal(reader.frame_at(index).image, reference[index][1])


@pytest.mark.parametrize("name", CLIPS)
def test_every_frame_is_exact(tmp_path, name):
    clip = CLIPS[name]
    path = make_clip(tmp_path / f"clip{clip.suffix}", clip)
    turn = -(clip.rotation or 0) % 360
    reference = decode_all(path, turn)
    shown = clip.frames - clip.hidden
    assert len(reference) == shown
    item = open_item(path)
    check_against(path, reference, item)
    assert item.info.rotation_deg == turn
    width, height = clip.size
    displayed = (height, width) if turn in (90, 270) else (width, height)
    assert (item.info.width_px, item.info.height_px) == displayed
    assert item.info.is_vfr == clip.vfr
    assert item.info.bit_depth == (10 if "10le" in clip.pix_fmt else 8)
    assert (item.info.audio_codec == "aac") == clip.audio
    assert ("not_displayed" in {notice.code for notice in item.notices}) == (clip.hidden > 0)
    assert abs(item.info.duration_s - shown * 0.04) < 0.09


@pytest.mark.parametrize("name", ["h264_b", "h264_b_sound", "h264_mkv", "h264_open_gop", "hevc", "vp9", "h264_vfr"])
def test_sound_clips_are_indexed_without_decoding(tmp_path, name):
    item = open_item(make_clip(tmp_path / f"clip{CLIPS[name].suffix}", CLIPS[name]))
    assert item.index.method == "scan"
    assert len(item.index.seek_frames) >= 3
    assert not item.notices


@pytest.mark.parametrize("gop", [250, 60, 47, 48, 49])
def test_longer_clips_are_indexed_without_decoding(tmp_path, gop):
    options = {"preset": "veryfast", "bf": "2", "sc_threshold": "0"}
    path = make_clip(tmp_path / "clip.mp4", Clip(".mp4", "libx264", options=options, frames=100, gop=gop))
    item = open_item(path)
    assert item.index.method == "scan"
    check_against(path, decode_all(path), item)


@pytest.mark.parametrize(
    "name", ["h264_raw", "h264_avi", "mpeg4_avi", "h264_ts", "vp8", "mpeg4", "mjpeg_mov", "prores"]
)
def test_doubtful_clips_are_decoded(tmp_path, name):
    item = open_item(make_clip(tmp_path / f"clip{CLIPS[name].suffix}", CLIPS[name]))
    assert item.index.method == "decode"


def test_intra_refresh_is_no_place_to_start(tmp_path):
    clip = CLIPS["h264_intra_refresh"]
    item = open_item(make_clip(tmp_path / f"clip{clip.suffix}", clip))
    if item.index.method == "scan":
        assert item.index.seek_frames.tolist() == [0]


def test_missing_time_stamps_are_estimated_with_a_notice(tmp_path):
    item = open_item(make_clip(tmp_path / "clip.h264", CLIPS["h264_raw"]))
    if not item.index.has_pts.all():
        assert "time_estimated" in {notice.code for notice in item.notices}
    assert item.index.time_s[10] == pytest.approx(0.4, abs=0.01)


@pytest.mark.parametrize("suffix", [".mkv", ".ts", ".avi", ".mp4"])
@pytest.mark.parametrize("share", [0.35, 0.6, 0.85])
def test_truncated_in_the_middle(tmp_path, suffix, share):
    faststart = {"movflags": "faststart"} if suffix == ".mp4" else {}
    codec = "mpeg4" if suffix == ".avi" else "libx264"
    clip = type(CLIPS["h264_b"])(suffix, codec, options={"bf": "2"}, container_options=faststart, frames=60)
    path = make_clip(tmp_path / f"clip{suffix}", clip)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    item = open_item(path)
    reference = decode_all(path)
    assert 5 < len(reference) <= 60
    assert len(reference) < 60 or suffix == ".avi"  # an AVI ends in an index that may be all that is lost
    check_against(path, reference, item)
    if suffix == ".mp4":
        assert "truncated" in {notice.code for notice in item.notices}


@pytest.mark.parametrize("name", ["h264_b", "h264_mkv", "vp9", "hevc", "mpeg4_avi", "h264_ts", "mjpeg_avi"])
@pytest.mark.parametrize("seed", range(4))
def test_flipped_bytes(tmp_path, name, seed):
    """Damage inside the pictures: whatever a decode from the start shows is what every path shows."""
    clip = CLIPS[name]
    path = make_clip(tmp_path / f"clip{clip.suffix}", clip)
    data = bytearray(path.read_bytes())
    chance = random.Random(seed)
    for _ in range(6):
        data[chance.randrange(len(data) // 5, len(data) * 4 // 5)] ^= chance.randrange(1, 256)
    path.write_bytes(data)
    reference = decode_all(path)
    if not reference:
        with pytest.raises(InputError):
            open_item(path)
        return
    item = open_item(path)
    by_pts = {pts: image for pts, image in reference if pts is not None}
    with FrameReader(item) as reader:
        straight = {frame.index: frame.image for frame in reader.frames()}
    if len(item.index) == len(reference) == len(straight):
        for index, image in straight.items():
            np.testing.assert_array_equal(image, reference[index][1])
    elif len(by_pts) == len(reference):
        for index, image in straight.items():
            np.testing.assert_array_equal(image, by_pts[item.index.pts_of(index)])
    order = list(straight)
    chance.shuffle(order)
    for index in order[:12]:
        with FrameReader(item) as reader:
            np.testing.assert_array_equal(reader.frame_at(index).image, straight[index])
