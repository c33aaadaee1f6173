"""Small clips of every kind, made with the encoders at hand, and an independent decode of them to compare with."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np


@dataclass(frozen=True)
class Clip:
    suffix: str
    codec: str
    pix_fmt: str = "yuv420p"
    size: tuple[int, int] = (96, 64)
    frames: int = 36
    gop: int = 9
    options: dict = field(default_factory=dict)
    container_options: dict = field(default_factory=dict)
    format: str | None = None
    rotation: int | None = None
    vfr: bool = False
    first_pts: int = 0
    audio: bool = False
    hidden: int = 0  # frames that the edit list keeps from display


def picture(number, size):
    """A picture that no other number has: moving bars, a moving blob and fixed noise."""
    width, height = size
    y, x = np.mgrid[:height, :width]
    noise = np.random.default_rng(3).integers(0, 24, (height, width))
    red = (x * 5 + number * 11) % 200 + noise
    green = (y * 3 + number * 7) % 220
    blue = 220 * ((x - (number * 5) % width) ** 2 + (y - height // 2) ** 2 < 180)
    return np.ascontiguousarray(np.clip(np.dstack([red, green, blue]), 0, 255).astype(np.uint8))


def make_clip(path: Path, clip: Clip) -> Path:
    with av.open(str(path), "w", format=clip.format, options=clip.container_options) as out:
        stream = out.add_stream(clip.codec, rate=25, options=clip.options)
        stream.width, stream.height = clip.size
        stream.pix_fmt = clip.pix_fmt
        stream.gop_size = clip.gop
        stream.time_base = Fraction(1, 1000)
        stream.codec_context.time_base = Fraction(1, 25) if clip.codec in ("mpeg4", "mpeg2video") else Fraction(1, 1000)
        if clip.rotation is not None:
            stream.set_display_rotation(clip.rotation)
        sound = out.add_stream("aac", rate=16000) if clip.audio else None
        for number in range(clip.frames):
            frame = av.VideoFrame.from_ndarray(picture(number, clip.size), "rgb24")
            late = (number % 3) * 7 if clip.vfr else 0
            frame.pts, frame.time_base = clip.first_pts + number * 40 + late, Fraction(1, 1000)
            for packet in stream.encode(frame):
                out.mux(packet)
            if sound is not None:
                samples = av.AudioFrame.from_ndarray(np.zeros((1, 640), np.float32), "fltp", "mono")
                samples.sample_rate, samples.pts, samples.time_base = 16000, number * 640, Fraction(1, 16000)
                for packet in sound.encode(samples):
                    out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
        if sound is not None:
            for packet in sound.encode(None):
                out.mux(packet)
    return path


def decode_all(path: Path, rotation_clockwise: int = 0):
    """Every frame by a plain decode from the start: list of (pts, RGB)."""
    found = []
    with av.open(str(path), metadata_errors="replace") as source:
        stream = source.streams.video[0]
        stream.codec_context.thread_type = "NONE"
        stream.codec_context.thread_count = 1
        packets = source.demux(stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    break
                if packet.size == 0 and packet.pts is not None:
                    continue
                # No picture may be held while the next is decoded: lost parts show what the memory held before.
                pictures = [(frame.pts, frame.to_ndarray(format="rgb24").copy()) for frame in packet.decode()]
                found += [(pts, np.rot90(image, -rotation_clockwise // 90)) for pts, image in pictures]
            except av.FFmpegError:
                continue
    return found


X264 = {"preset": "veryfast"}
CLIPS = {
    "h264_b": Clip(".mp4", "libx264", options=X264 | {"bf": "3", "b-pyramid": "normal"}),
    "h264_b_sound": Clip(".mp4", "libx264", options=X264 | {"bf": "2"}, audio=True),
    "h264_mkv": Clip(".mkv", "libx264", options=X264 | {"bf": "2"}),
    "h264_ts": Clip(".ts", "libx264", options=X264 | {"bf": "2"}),
    "h264_vfr": Clip(".mp4", "libx264", options=X264 | {"bf": "2"}, vfr=True),
    "h264_vfr_mkv": Clip(".mkv", "libx264", options=X264, vfr=True),
    "h264_10_bit": Clip(".mp4", "libx264", pix_fmt="yuv420p10le", options=X264),
    "h264_odd_444": Clip(".mp4", "libx264", pix_fmt="yuv444p", size=(97, 61), options=X264),
    "h264_open_gop": Clip(".mp4", "libx264", options=X264 | {"x264-params": "open-gop=1:bframes=3:keyint=9"}),
    "h264_open_gop_mkv": Clip(".mkv", "libx264", options=X264 | {"x264-params": "open-gop=1:bframes=3:keyint=9"}),
    "h264_intra_refresh": Clip(".mp4", "libx264", options=X264 | {"x264-params": "intra-refresh=1:keyint=9"}),
    "h264_slices": Clip(".mp4", "libx264", options=X264 | {"x264-params": "slices=4"}),
    "h264_negative_mkv": Clip(
        ".mkv",
        "libx264",
        options=X264 | {"bf": "2"},
        first_pts=-400,
        container_options={"avoid_negative_ts": "disabled"},
    ),
    "h264_negative_mp4": Clip(".mp4", "libx264", options=X264 | {"bf": "2"}, first_pts=-400, hidden=10),
    "h264_late": Clip(".mp4", "libx264", options=X264, first_pts=5_000),
    "h264_raw": Clip(".h264", "libx264", options=X264 | {"bf": "2"}),
    "h264_avi": Clip(".avi", "libx264", options=X264 | {"bf": "2"}),
    "hevc": Clip(".mp4", "libx265", options={"preset": "ultrafast", "x265-params": "log-level=none:bframes=3"}),
    "hevc_10_bit": Clip(
        ".mp4", "libx265", pix_fmt="yuv420p10le", options={"preset": "ultrafast", "x265-params": "log-level=none"}
    ),
    "hevc_open_gop_mkv": Clip(
        ".mkv",
        "libx265",
        options={"preset": "ultrafast", "x265-params": "log-level=none:open-gop=1:keyint=9:min-keyint=9:bframes=4"},
    ),
    "vp9": Clip(".webm", "libvpx-vp9", options={"deadline": "realtime", "cpu-used": "8"}),
    "vp9_hidden": Clip(
        ".webm", "libvpx-vp9", options={"deadline": "good", "cpu-used": "5", "auto-alt-ref": "1", "lag-in-frames": "12"}
    ),
    "vp9_odd": Clip(".webm", "libvpx-vp9", size=(97, 61), options={"deadline": "realtime", "cpu-used": "8"}),
    "vp8": Clip(".webm", "libvpx", options={"deadline": "good", "auto-alt-ref": "1", "lag-in-frames": "12"}),
    "mpeg4": Clip(".mp4", "mpeg4", options={"bf": "2"}),
    "mpeg4_avi": Clip(".avi", "mpeg4", options={"bf": "2"}),
    "mjpeg_avi": Clip(".avi", "mjpeg", pix_fmt="yuvj420p"),
    "mjpeg_mov": Clip(".mov", "mjpeg", pix_fmt="yuvj420p"),
    "mpeg2_ts": Clip(".ts", "mpeg2video", options={"bf": "2"}),
    "prores": Clip(".mov", "prores_ks", pix_fmt="yuv422p10le"),
    "ffv1": Clip(".mkv", "ffv1"),
    "single": Clip(".mp4", "libx264", frames=1, options=X264),
    **{f"rotated_{turn}": Clip(".mp4", "libx264", options=X264, rotation=-turn) for turn in (0, 90, 180, 270)},
}
