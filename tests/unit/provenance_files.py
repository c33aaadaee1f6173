"""Videos, boxes and pictures with a known history."""

import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from skimage import data
from skimage.util import img_as_ubyte

from desktop_app.domain.traces import ItemTraces
from desktop_app.files import hash_file
from desktop_app.media.provenance import read_traces

PORTRAIT = img_as_ubyte(data.astronaut())
X264 = {"preset": "veryfast", "crf": "23"}


def scene(number, size=(192, 128), seed=0):
    """A frame of a hand-held look at the portrait: it drifts, and its noise differs each time."""
    width, height = size
    rng = np.random.default_rng([seed, number])
    left = int(150 + 60 * np.sin(number / 40 + seed))
    top = int(60 + 30 * np.sin(number / 23 + 2 * seed))
    frame = PORTRAIT[top : top + height, left : left + width].astype(np.int16)
    frame = frame + rng.normal(0, 3, frame.shape[:2])[..., None]
    x = int((width - 24) * (0.5 + 0.5 * np.sin(number / 17 + seed)))
    frame[10:34, x : x + 24] = PORTRAIT[(40 + number) % 400 :][:24, 180:204]
    return np.clip(frame, 0, 255).astype(np.uint8)


def write_video(
    path: Path,
    frames,
    options=None,
    gop=None,
    times=None,
    sound_s=None,
    sound_from_s=0.0,
    metadata=None,
    container_options=None,
    codec="libx264",
):
    """Encode frames at 25 a second; `times` are their numbers on that clock where they are not 0, 1, 2, …"""
    frames = list(frames)
    times = list(range(len(frames))) if times is None else times
    with av.open(str(path), "w", options=container_options or {}) as out:
        out.metadata.update(metadata or {})
        stream = out.add_stream(codec, rate=25, options=X264 | (options or {}))
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        if gop:
            stream.gop_size = gop
        sound = out.add_stream("aac", rate=16000) if sound_s is not None else None
        for image, time in zip(frames, times, strict=True):
            frame = av.VideoFrame.from_ndarray(image, "rgb24")
            frame.pts, frame.time_base = time, Fraction(1, 25)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if sound is not None:
            for number in range(int(sound_s * 16000 / 1024)):
                samples = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
                samples.sample_rate, samples.time_base = 16000, Fraction(1, 16000)
                samples.pts = int(sound_from_s * 16000) + number * 1024
                out.mux(sound.encode(samples))
            out.mux(sound.encode(None))
    return path


def frames_of(path: Path):
    with av.open(str(path)) as source:
        return [frame.to_ndarray(format="rgb24") for frame in source.decode(video=0)]


def traces_of(path: Path, **more) -> ItemTraces:
    return read_traces(path, hash_file(path).sha256, **more)


def codes_of(traces: ItemTraces) -> set[str]:
    return {trace.code for trace in traces.findings}


def facts_of(traces: ItemTraces, code: str) -> dict[str, str]:
    return next(dict(trace.facts) for trace in traces.findings if trace.code == code)


def box(kind: str, *contents: bytes) -> bytes:
    body = b"".join(contents)
    return struct.pack(">I4s", 8 + len(body), kind.encode("latin-1")) + body


def track(edits, handler="vide", created=0, duration_s=10, descriptions=1):
    """A trak box; an edit is (seconds shown, second where it starts or -1, rate)."""
    entries = b"".join(
        struct.pack(
            ">IihH", int(shown * 1000), int(start * 500) if start >= 0 else -1, int(rate), int(rate % 1 * 65536)
        )
        for shown, start, rate in edits
    )
    elst = box("elst", bytes(4), struct.pack(">I", len(edits)), entries)
    mdhd = box("mdhd", bytes(4), struct.pack(">IIII", created, created, 500, duration_s * 500), bytes(4))
    hdlr = box("hdlr", bytes(8), handler.encode(), bytes(12), b"Some Handler\0")
    stsd = box("stsd", bytes(4), struct.pack(">I", descriptions))
    return box("trak", box("edts", elst), box("mdia", mdhd, hdlr, box("minf", box("stbl", stsd))))


def movie(*tracks: bytes, created=0, modified=0) -> bytes:
    mvhd = box("mvhd", bytes(4), struct.pack(">IIII", created, modified, 1000, 10_000), bytes(80))
    return box("moov", mvhd, *tracks)


FTYP = box("ftyp", b"qt  ", bytes(4), b"qt  ")
