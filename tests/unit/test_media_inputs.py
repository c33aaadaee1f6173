"""What cannot be used is refused in plain words; what can is left as it was."""

import hashlib
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.domain import ItemKind
from desktop_app.errors import InputError
from desktop_app.files import hash_file
from desktop_app.media import FrameReader, open_item
from desktop_app.media.source import _refuse_nested
from desktop_app.progress import Cancelled, CancelToken
from tests.unit.media_clips import CLIPS, Clip, make_clip, picture


@pytest.fixture(scope="module")
def clip_path(tmp_path_factory):
    return make_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", CLIPS["h264_b_sound"])


def make_sound(path):
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac" if path.suffix == ".m4a" else "pcm_s16le", rate=16000, layout="mono")
        kind = "fltp" if path.suffix == ".m4a" else "s16"
        for number in range(10):
            samples = av.AudioFrame.from_ndarray(
                np.zeros((1, 1024), np.float32 if kind == "fltp" else np.int16), kind, "mono"
            )
            samples.sample_rate, samples.pts = 16000, number * 1024
            out.mux(stream.encode(samples))
        out.mux(stream.encode(None))
    return path


def refused(path):
    with pytest.raises(InputError) as caught:
        open_item(path)
    message, hint = caught.value.user_message, caught.value.hint
    assert message[0].isupper() or message[0] == "“"
    assert message.endswith(".")
    assert hint.endswith(".")
    for jargon in ("Error", "errno", "av.", "Invalid data", "codec", "None"):
        assert jargon not in message.replace("None of", "")
    return message


def test_missing(tmp_path):
    assert "no file" in refused(tmp_path / "gone.mp4")


def test_empty(tmp_path):
    (tmp_path / "empty.mp4").touch()
    assert "empty" in refused(tmp_path / "empty.mp4")


def test_directory(tmp_path):
    assert "folder" in refused(tmp_path)


def test_name_with_null_byte(tmp_path):
    refused(tmp_path / "a\0b.mp4")


def test_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "ordinary" in refused(tmp_path / "pipe.mp4")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_no_permission(clip_path, tmp_path):
    path = tmp_path / "locked.mp4"
    path.write_bytes(clip_path.read_bytes())
    path.chmod(0)
    assert "not allowed" in refused(path)


def test_permission_error_is_put_into_words(clip_path, monkeypatch):
    def deny(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    assert "not allowed" in refused(clip_path)


@pytest.mark.parametrize(
    "content", [b"hello world, this is text\n" * 50, bytes(4096), b"%PDF-1.7\n" * 99, b"\x00", b"BM"]
)
def test_not_media(tmp_path, content):
    (tmp_path / "thing.mp4").write_bytes(content)
    refused(tmp_path / "thing.mp4")


@pytest.mark.parametrize("name", ["sound.m4a", "sound.wav"])
def test_sound_only(tmp_path, name):
    assert "sound only" in refused(make_sound(tmp_path / name))


def test_cover_picture_is_no_video(tmp_path):
    path = tmp_path / "song.mkv"
    with av.open(str(path), "w") as out:
        sound = out.add_stream("pcm_s16le", rate=16000, layout="mono")
        cover = out.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 32, 32, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        out.mux(cover.encode(av.VideoFrame.from_ndarray(picture(0, (32, 32)), "rgb24")))
        out.mux(cover.encode(None))
        samples = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.int16), "s16", "mono")
        samples.sample_rate, samples.pts = 16000, 0
        out.mux(sound.encode(samples))
    with av.open(str(path)) as check:
        disposition = check.streams.video[0].disposition
    if disposition & av.stream.Disposition.attached_pic:
        assert "sound only" in refused(path)


def test_header_without_content(clip_path, tmp_path):
    data = clip_path.read_bytes()
    for length in (8, 40, 200, len(data) // 2):
        path = tmp_path / f"cut{length}.mp4"
        path.write_bytes(data[:length])
        refused(path)  # the table of frames stands at the end of this file


def png_of(width, height, rows=b""):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (20_000, 20), (12_000, 12_000), (2_000_000_000, 2)])
def test_decompression_bomb(tmp_path, size):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_of(*size, bytes(1 << 20)))
    assert "too large" in refused(path)


def test_huge_video(clip_path, tmp_path):
    """A size of 65,535 squared in the header of a tiny video."""
    path = tmp_path / "huge.avi"
    make_clip(path, Clip(".avi", "mjpeg", pix_fmt="yuvj420p", frames=3))
    data = bytearray(path.read_bytes())
    start = data.index(b"strf") + 8
    struct.pack_into("<ii", data, start + 4, 65_535, 65_535)
    while (at := data.find(b"\xff\xc0\x00\x11")) >= 0:
        struct.pack_into(">HH", data, at + 5, 65_500, 65_500)
        data[at + 1] = 0xC1
    path.write_bytes(data)
    refused(path)


BAIT = """
import pathlib, socket, sys
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    while True:
        connection, _ = server.accept()
        with pathlib.Path(sys.argv[1]).open("ab") as hits:
            hits.write(b"x")
        connection.close()
"""


@pytest.fixture(scope="module")
def bait(tmp_path_factory):
    """A listening port of another process and a file that grows by a byte with every visit."""
    hits = tmp_path_factory.mktemp("bait") / "hits"
    hits.touch()
    with subprocess.Popen([sys.executable, "-c", BAIT, str(hits)], stdout=subprocess.PIPE, text=True) as server:
        yield int(server.stdout.readline()), hits
        server.kill()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.ffconcat", "ffconcat version 1.0\nfile '{other}'\n"),
        ("list.mp4", "ffconcat version 1.0\nfile '{other}'\n"),
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{other}\n#EXT-X-ENDLIST\n"),
        ("list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:{port}/a.ts\n#EXT-X-ENDLIST\n"),
        (
            "list.mpd",
            '<?xml version="1.0"?><MPD><Period><BaseURL>{other}</BaseURL></Period></MPD>',
        ),
        ("list.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\n"),
        ("ref.avi", "[Reference]\nRef1=http://127.0.0.1:{port}/a.asf\n"),
        ("ref.mov", "RTSPtext\nrtsp://127.0.0.1:{port}/a\n"),
        ("list.svg", '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:{port}/a.png"/></svg>'),
    ],
)
def test_no_playlist_opens_other_files_or_the_network(tmp_path, clip_path, bait, name, content):
    port, hits = bait
    before = len(hits.read_bytes())
    path = tmp_path / name
    path.write_text(content.format(other=clip_path, port=port), encoding="utf-8")
    refused(path)
    assert len(hits.read_bytes()) == before


def test_the_bait_sees_what_libav_opens(bait):
    port, hits = bait
    before = len(hits.read_bytes())
    with pytest.raises(av.FFmpegError):
        av.open(f"http://127.0.0.1:{port}/a.ts", timeout=5)
    assert len(hits.read_bytes()) > before


@pytest.mark.parametrize(
    "name",
    [
        "http://127.0.0.1:9/a.mp4",
        "concat:a.mp4|b.mp4",
        "pipe:0",
        "data:video/mp4;base64,AAAA",
        "subfile,,start,0,end,0,,:a.mp4",
    ],
)
def test_addresses_are_file_names(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    assert "no file" in refused(Path(name))


def test_name_like_a_protocol_opens_that_file(tmp_path, monkeypatch, clip_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "concat:%03d.mp4").write_bytes(clip_path.read_bytes())
    assert len(open_item(Path("concat:%03d.mp4")).index) == 36


def test_nested_opening_is_refused_even_by_a_format_that_asks_for_it(tmp_path, bait):
    """The second wall: were a playlist format let in, it still could not open anything."""
    port, hits = bait
    before = len(hits.read_bytes())
    path = tmp_path / "list.m3u8"
    path.write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:{port}/a.ts\n#EXT-X-ENDLIST\n",
        encoding="utf-8",
    )
    asked = []

    def refuse(url, flags, options):
        asked.append(url)
        _refuse_nested(url, flags, options)

    with path.open("rb") as file, pytest.raises((av.FFmpegError, PermissionError)):
        av.open(file, format="hls", io_open=refuse)
    assert asked
    assert len(hits.read_bytes()) == before


def test_item_is_never_changed(clip_path):
    clip_path.chmod(0o444)
    before = clip_path.stat()
    digest = hashlib.sha256(clip_path.read_bytes()).hexdigest()
    item = open_item(clip_path)
    with FrameReader(item) as reader:
        for index in (30, 2, 35, 0):
            reader.frame_at(index)
        list(reader.frames())
    after = clip_path.stat()
    assert hashlib.sha256(clip_path.read_bytes()).hexdigest() == digest == item.info.sha256
    assert (after.st_mtime_ns, after.st_size, after.st_ino) == (before.st_mtime_ns, before.st_size, before.st_ino)
    assert sorted(entry.name for entry in clip_path.parent.iterdir()) == ["clip.mp4"]


@pytest.mark.parametrize("name", ["h264_b_sound", "vp9", "h264_ts", "mpeg4_avi", "h264_raw", "hevc"])
def test_hash_in_passing_is_the_hash_of_the_file(tmp_path, name):
    path = make_clip(tmp_path / f"clip{CLIPS[name].suffix}", CLIPS[name])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    reports = []
    info = open_item(path, reports.append).info
    assert (info.sha256, info.sha512) == (digest, hashlib.sha512(path.read_bytes()).hexdigest())
    hashes = hash_file(path)
    assert (hashes.sha256, hashes.sha512) == (digest, hashlib.sha512(path.read_bytes()).hexdigest())
    stages = [report.stage for report in reports]
    assert set(stages) == {"hash", "index"}
    done = [report.done for report in reports if report.stage == "hash"]
    assert done == sorted(done)
    assert done[-1] == path.stat().st_size
    assert reports[-1].fraction == 1.0


def test_cancel(clip_path):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        open_item(clip_path, cancel=token)
    with pytest.raises(Cancelled):
        hash_file(clip_path, cancel=token)


@pytest.mark.parametrize("stage", ["hash", "index"])
def test_cancel_on_the_way(tmp_path, stage):
    path = make_clip(tmp_path / "clip.avi", CLIPS["mpeg4_avi"])
    token = CancelToken()

    def stop(progress):
        if progress.stage == stage:
            token.cancel()

    with pytest.raises(Cancelled):
        open_item(path, stop, token)


def test_changed_file_is_refused(tmp_path, clip_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip_path.read_bytes())
    item = open_item(path)
    path.write_bytes(clip_path.read_bytes() + b"x")
    with pytest.raises(InputError, match="changed"):
        FrameReader(item)


def test_facts(clip_path):
    item = open_item(clip_path)
    info = item.info
    assert (info.kind, info.video_codec, info.pixel_format) == (ItemKind.VIDEO, "h264", "yuv420p")
    assert (info.audio_codec, info.audio_rate_hz) == ("aac", 16000)
    assert info.rate == 25
    assert info.duration_s == pytest.approx(1.44)
    assert dict(info.tags)["major_brand"] == "isom"
    assert info.modified_utc.timestamp() == pytest.approx(clip_path.stat().st_mtime, abs=1e-3)
    assert item.index.frame_at_time(-1) == 0
    assert item.index.frame_at_time(99) == 35
    for index in range(36):
        assert item.index.frame_at_time(float(item.index.time_s[index])) == index
        assert item.index.frame_at_time(index * 0.04 + 0.039) == index
    assert item.index.duration_of(35) == pytest.approx(0.04)
    with pytest.raises(IndexError):
        item.index.duration_of(36)
    with FrameReader(item) as reader, pytest.raises(IndexError):
        reader.frame_at(36)
    with FrameReader(item) as reader:
        assert [frame.index for frame in reader.frames(3, 20, 5)] == [3, 8, 13, 18]
        assert not reader.frame_at(3).image.flags.writeable


def read_or_refuse(path):
    """Open and read a hostile file: frames or an `InputError`, nothing else."""
    try:
        item = open_item(path)
        with FrameReader(item) as reader:
            straight = {frame.index: frame.image for frame in reader.frames()}
            for index in list(straight)[::7]:
                np.testing.assert_array_equal(reader.frame_at(index).image, straight[index])
    except InputError:
        return


SMALL = {
    name: Clip(clip.suffix, clip.codec, options=clip.options, frames=8, size=(48, 32), gop=4, pix_fmt=clip.pix_fmt)
    for name, clip in CLIPS.items()
    if name in ("h264_b", "h264_mkv", "h264_ts", "mpeg4_avi", "vp9", "h264_raw")
}


@pytest.fixture(scope="module")
def small_clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    return {name: make_clip(folder / f"{name}{clip.suffix}", clip).read_bytes() for name, clip in SMALL.items()}


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(SMALL)),
    share=st.floats(0.01, 1.0),
    flips=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(1, 255)), max_size=8),
)
def test_hostile_bytes(small_clips, tmp_path, name, share, flips):
    data = bytearray(small_clips[name])
    for place, change in flips:
        data[int(place * len(data))] ^= change
    path = tmp_path / f"hostile{SMALL[name].suffix}"
    path.write_bytes(data[: max(1, int(share * len(data)))])
    read_or_refuse(path)
