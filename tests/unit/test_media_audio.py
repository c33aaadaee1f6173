"""Sound at the times of the pictures."""

from fractions import Fraction

import av
import numpy as np
import pytest

from desktop_app.errors import InputError
from desktop_app.media import open_item
from desktop_app.media.audio import RATE_HZ, AudioReader
from desktop_app.progress import Cancelled, CancelToken
from tests.unit.media_clips import Clip, make_clip, picture

BEEP_S = (0.5, 0.7)
RATE = 16_000


def beeping(path, late_ms=0):
    """Two seconds, silent but for one beep; the sound may begin later than the pictures."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        sound = out.add_stream("aac", rate=RATE)
        for number in range(50):
            frame = av.VideoFrame.from_ndarray(picture(number, (96, 64)), "rgb24")
            for packet in video.encode(frame):
                out.mux(packet)
        time_s = np.arange(2 * RATE) / RATE
        wave = np.where((time_s >= BEEP_S[0]) & (time_s < BEEP_S[1]), 0.5 * np.sin(2 * np.pi * 440 * time_s), 0.0)
        for start in range(0, len(wave), 1024):
            block = wave[start : start + 1024].astype(np.float32)[None]
            samples = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "fltp", "mono")
            samples.sample_rate, samples.time_base = RATE, Fraction(1, RATE)
            samples.pts = start + late_ms * RATE // 1000
            for packet in sound.encode(samples):
                out.mux(packet)
        for stream in (video, sound):
            for packet in stream.encode(None):
                out.mux(packet)
    return path


def loud_stretch(samples, start_s=0.0):
    places = np.flatnonzero(np.abs(samples[:, 0].astype(int)) > 2000)
    return start_s + places[0] / RATE_HZ, start_s + places[-1] / RATE_HZ


@pytest.mark.parametrize("late_ms", [0, 400])
@pytest.mark.parametrize("start_s", [0.0, 0.3])
def test_the_beep_is_where_the_pictures_have_it(tmp_path, late_ms, start_s):
    item = open_item(beeping(tmp_path / "beep.mkv", late_ms))
    with AudioReader(item) as reader:
        samples = np.concatenate(list(reader.blocks(start_s)))
    first, last = loud_stretch(samples, start_s)
    assert first == pytest.approx(BEEP_S[0] + late_ms / 1000, abs=0.03)
    assert last == pytest.approx(BEEP_S[1] + late_ms / 1000, abs=0.03)


def test_peaks_show_the_beep_and_where_there_is_no_sound(tmp_path):
    item = open_item(beeping(tmp_path / "beep.mkv", late_ms=400))
    with AudioReader(item) as reader:
        peaks = reader.peaks(100)
    step = item.index.duration_s / 100
    loud = np.flatnonzero(np.nan_to_num(peaks) > 0.2) * step
    assert loud[0] == pytest.approx(0.9, abs=0.05)
    assert loud[-1] == pytest.approx(1.1, abs=0.05)
    assert np.isnan(peaks[: int(0.3 / step)]).all()


def test_the_work_can_be_stopped(tmp_path):
    item, token = open_item(beeping(tmp_path / "beep.mp4")), CancelToken()
    token.cancel()
    with AudioReader(item) as reader, pytest.raises(Cancelled):
        reader.peaks(10, cancel=token)


def test_an_item_without_sound_is_refused(tmp_path):
    item = open_item(make_clip(tmp_path / "mute.mp4", Clip(".mp4", "libx264", frames=3)))
    with pytest.raises(InputError, match="no sound"):
        AudioReader(item)
