"""What a video encoder does to one picture."""

from fractions import Fraction

import av
import numpy as np

from desktop_app.domain import UInt8Array


def compress_h264(image: UInt8Array, crf: int, preset: str = "veryfast") -> UInt8Array:
    """H.264 round trip of one picture, as a key frame, with 4:2:0 chroma.

    Args:
        image: (H, W, 3) uint8 RGB, at least 16 x 16.
        crf: Constant rate factor of x264, 0 to 51; FaceForensics++ uses 23 and 40.
        preset: Of x264.

    Raises:
        ValueError: The picture is too small, or `crf` out of range.
    """
    height, width = image.shape[:2]
    if min(height, width) < 16 or not 0 <= crf <= 51:
        raise ValueError(f"expected at least 16 x 16 pixels and crf in [0, 51], got {width} x {height} and {crf}")
    # chroma is halved: an odd side is filled up and cut again
    even = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = even.shape[1], even.shape[0], "yuv420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"crf": str(crf), "preset": preset, "tune": "zerolatency"}
    decoder = av.CodecContext.create("h264", "r")
    encoder.thread_count = decoder.thread_count = 1
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24").reformat(format="yuv420p")
    frame.pts = 0
    packets = [*encoder.encode(frame), *encoder.encode(None)]
    frames = [f for p in [*packets, None] for f in decoder.decode(p)]
    if len(frames) != 1:
        raise RuntimeError(f"x264 was given one picture and its stream decodes to {len(frames)}")
    return np.asarray(frames[0].to_ndarray(format="rgb24")[:height, :width], dtype=np.uint8)
