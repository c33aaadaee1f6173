"""The annotated video of an item with sound: what is heard stands where it stood in the item."""

import os
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from desktop_app.analysis.exports import export_video, first_frame_s
from desktop_app.errors import InputError
from desktop_app.media import open_item
from tests.factories import make_result, without_faces

SIZE = (96, 64)
FRAMES, STEP_MS = 50, 40
FLASH_MS, FLASH_LENGTH_MS = 1200, 200
NEAR_S = 0.025


@dataclass(frozen=True)
class Talk:
    """A clip with a flash, and a tone at the same moment."""

    suffix: str = ".mp4"
    codec: str = "aac"
    rate: int = 48_000
    layout: str = "stereo"
    sound_from_ms: int = 0
    first_ms: int = 0
    gap_ms: tuple[int, int] = (0, 0)
    vfr: bool = False
    turn: int = 0


def tone(talk: Talk, start: int, count: int):
    """Samples of a clip's sound, (channels, count) float32."""
    times_ms = (np.arange(start, start + count)) * 1000 / talk.rate
    heard = (times_ms >= FLASH_MS) & (times_ms < FLASH_MS + FLASH_LENGTH_MS)
    wave = (0.8 * np.sin(2 * np.pi * times_ms) * heard).astype(np.float32)
    return np.stack([wave] * (1 if talk.layout == "mono" else 2))


def shown_ms(talk: Talk, number: int) -> int:
    return number * STEP_MS + ((number % 3) * 12 if talk.vfr else 0)


def make_talk(path: Path, talk: Talk) -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"preset": "ultrafast", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = *SIZE, "yuv420p", 10
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        if talk.turn:
            stream.set_display_rotation(-talk.turn)
        sound = out.add_stream(talk.codec, rate=talk.rate, layout=talk.layout)
        for number in range(FRAMES):
            at_ms = shown_ms(talk, number)
            image = np.full((SIZE[1], SIZE[0], 3), 40, np.uint8)
            image[: SIZE[1] // 4] = (200, 30, 30)
            if FLASH_MS <= at_ms < FLASH_MS + FLASH_LENGTH_MS:
                image[:] = 250
            frame = av.VideoFrame.from_ndarray(image, "rgb24")
            frame.pts, frame.time_base = talk.first_ms + at_ms, Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        block, length = 960, FRAMES * STEP_MS * talk.rate // 1000
        for start in range(talk.sound_from_ms * talk.rate // 1000, length, block):
            if talk.gap_ms[0] <= start * 1000 / talk.rate < talk.gap_ms[1]:
                continue
            samples = av.AudioFrame.from_ndarray(tone(talk, start, block), "fltp", talk.layout)
            samples.sample_rate, samples.time_base = talk.rate, Fraction(1, talk.rate)
            samples.pts = start + talk.first_ms * talk.rate // 1000
            out.mux(sound.encode(samples))
        out.mux(sound.encode(None))
    return path


def result_of(item, **request):
    """A result without faces: what counts here is the item."""
    base = without_faces(make_result(1, 30, exhibits=False))
    asked = replace(base.request, path=item.info.path, **request)
    return replace(base, media=item.info, request=asked)


@dataclass
class Heard:
    """What a player shows and plays."""

    codec: str
    flash_s: float
    tone_s: float
    picture_s: list[float]
    sound_s: tuple[float, float]
    first: np.ndarray


def play(path: Path) -> Heard:
    with av.open(str(path)) as source:
        pictures = [(float(f.pts * f.time_base), f.to_ndarray(format="rgb24")) for f in source.decode(video=0)]
    with av.open(str(path)) as source:
        codec = source.streams.audio[0].codec_context.codec.canonical_name
        loud, start_s, end_s = [], None, 0.0
        for frame in source.decode(audio=0):
            at_s = float(frame.pts * frame.time_base)
            samples = np.atleast_2d(frame.to_ndarray()).astype(np.float64)
            wave = np.abs(samples[0] if frame.format.is_planar else samples[0, :: frame.layout.nb_channels])
            start_s = at_s if start_s is None else start_s
            end_s = at_s + frame.samples / frame.sample_rate
            loud += [at_s + i / frame.sample_rate for i in np.flatnonzero(wave > 0.3)[:1]]
    flash = next((at for at, image in pictures if image[: SIZE[1] // 2].mean() > 150), -1.0)
    return Heard(codec, flash, min(loud, default=-1.0), [at for at, _ in pictures], (start_s, end_s), pictures[0][1])


CLIPS = {
    "aac in MP4": (Talk(), "aac"),
    "a phone's clip, turned": (Talk(suffix=".mov", turn=90, layout="mono", rate=44_100), "aac"),
    "variable rate": (Talk(vfr=True), "aac"),
    "sound starts later": (Talk(sound_from_ms=600), "aac"),
    "sound starts later in Matroska": (Talk(".mkv", sound_from_ms=600), "aac"),
    "both start late": (Talk(".mkv", first_ms=5000), "aac"),
    "AC-3 with a pause": (Talk(".mkv", "ac3", gap_ms=(400, 900)), "ac3"),
    "uncompressed": (Talk(".mov", "pcm_s16le", rate=16_000, layout="mono"), "aac"),
    "uncompressed with a pause": (Talk(".mkv", "pcm_s16le", gap_ms=(400, 900)), "aac"),
    "MP3 in AVI": (Talk(".avi", "libmp3lame", rate=44_100), "mp3"),
    "a broadcast": (Talk(".ts", "mp2", sound_from_ms=300), "aac"),
    "AAC in a broadcast": (Talk(".ts", "aac"), "aac"),
}


@pytest.mark.parametrize("name", CLIPS)
@pytest.mark.parametrize("start_s", [None, 0.84], ids=["whole", "part"])
def test_sound_is_kept_in_time(name, start_s, tmp_path: Path) -> None:
    talk, codec = CLIPS[name]
    item = open_item(make_talk(tmp_path / f"talk{talk.suffix}", talk))
    end_s = None if start_s is None else 1.68
    times = [float(t) for t in item.index.time_s if (start_s or 0) - 1e-6 <= t <= (end_s or 99)]
    result = result_of(item, start_s=start_s, end_s=end_s)
    heard = play(export_video(result, tmp_path / "out.mp4", item=item))
    assert heard.codec == codec
    assert heard.picture_s == pytest.approx([t - times[0] for t in times], abs=2e-3)
    assert heard.flash_s == pytest.approx(next(t for t in times if t >= FLASH_MS / 1000 - 1e-6) - times[0], abs=2e-3)
    assert heard.tone_s == pytest.approx(FLASH_MS / 1000 - times[0], abs=NEAR_S)
    # from where the item is heard (what is encoded anew begins with silence), to the end of the last picture
    begins_s = talk.sound_from_ms / 1000
    if talk.gap_ms[0] <= times[0] * 1000 < talk.gap_ms[1]:
        begins_s = talk.gap_ms[1] / 1000
    if codec not in talk.codec:
        begins_s = 0.0
    packet_s = 1536 / talk.rate
    assert heard.sound_s[0] == pytest.approx(max(0.0, begins_s - times[0]), abs=0.02 + packet_s)
    assert heard.sound_s[1] == pytest.approx(times[-1] - times[0] + 0.04, abs=0.02 + packet_s)


def test_the_video_is_turned_as_the_item_is_shown(tmp_path: Path) -> None:
    item = open_item(make_talk(tmp_path / "talk.mp4", Talk(turn=90)))
    heard = play(export_video(result_of(item), tmp_path / "out.mp4", item=item))
    assert heard.first.shape == (SIZE[0], SIZE[1], 3)
    # the red stripe of the top is on the right after a quarter turn clockwise
    assert heard.first[5:40, -8:, 0].mean() > 150
    assert heard.first[5:40, :8, 0].mean() < 80


def test_an_item_without_sound_has_none(tmp_path: Path) -> None:
    from tests.unit.media_clips import CLIPS as KINDS
    from tests.unit.media_clips import make_clip

    item = open_item(make_clip(tmp_path / "silent.mp4", KINDS["single"]))
    with av.open(str(export_video(result_of(item), tmp_path / "out.mp4", item=item))) as out:
        assert not out.streams.audio


def test_damaged_sound_leaves_the_pictures(tmp_path: Path) -> None:
    clip = make_talk(tmp_path / "talk.mkv", Talk(".mkv", "pcm_s16le"))
    data = bytearray(clip.read_bytes())
    data[-20_000:-4_000] = os.urandom(16_000)
    clip.write_bytes(data)
    item = open_item(clip)
    with av.open(str(export_video(result_of(item), tmp_path / "out.mp4", item=item))) as out:
        assert len(list(out.decode(video=0))) == len(item.index)


def test_an_item_that_changed_gives_no_video(tmp_path: Path) -> None:
    clip = make_talk(tmp_path / "talk.mp4", Talk())
    item = open_item(clip)
    target = tmp_path / "out.mp4"
    target.write_bytes(b"earlier")
    clip.write_bytes(clip.read_bytes() + b"x")
    for given in (item, clip, None):
        with pytest.raises(InputError, match="changed after it was"):
            export_video(result_of(item), target, item=given)
    clip.unlink()
    with pytest.raises(InputError, match="no file"):
        export_video(result_of(item), target)
    assert target.read_bytes() == b"earlier"
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["out.mp4"]


def test_an_item_that_changes_meanwhile_gives_no_video(tmp_path: Path) -> None:
    clip = make_talk(tmp_path / "talk.mp4", Talk())
    item = open_item(clip)

    def touch(progress) -> None:
        os.utime(clip, ns=(1, 1))

    with pytest.raises(InputError, match="changed"):
        export_video(result_of(item), tmp_path / "out.mp4", on_progress=touch, item=item)
    assert not (tmp_path / "out.mp4").exists()


def test_the_first_frame_by_the_containers_clock(tmp_path: Path) -> None:
    index = open_item(make_talk(tmp_path / "talk.mkv", Talk(".mkv", first_ms=5000))).index
    assert first_frame_s(index) == pytest.approx(5.0)
    unstamped = replace(index, has_pts=np.arange(len(index)) > 2)
    assert first_frame_s(unstamped) == pytest.approx(5.0)
    assert first_frame_s(replace(index, has_pts=np.zeros(len(index), bool))) == 0.0
