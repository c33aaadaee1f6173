"""The item's frames with boxes and scores, as a video with the item's timing."""

import itertools
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from desktop_app.domain import AnalysisResult, Frame, UInt8Array
from desktop_app.errors import CaseError, InputError
from desktop_app.files import replacing
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.reports.marks import FrameMarker

FALLBACK_TIME_BASE = Fraction(1, 90_000)
MAX_DENOMINATOR = 1_000_000
PROGRESS_EVERY_S = 0.05
_BT709 = 1


def write_annotated_video(
    result: AnalysisResult,
    frames: Iterator[Frame],
    path: Path,
    language: str = "en",
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> Path:
    """Write the frames with their marks as H.264 in MP4, without sound.

    Each frame is shown when the item shows it, also at a variable rate; the first one given stands at 0. The size is
    the item's, with a row or column repeated where it is odd.

    Args:
        result: A stored result.
        frames: Frames of the item in order; they need not be all.
        path: Where the video shall be; appears whole or not at all.
        language: ``"en"`` or ``"es"``.
        on_progress: Stage ``"video"`` in frames.
        cancel: Stops the work; nothing is left behind.

    Raises:
        CaseError: The file cannot be written there.
        InputError: There is no frame to write.
        Cancelled: `cancel` was called.
    """
    head = list(itertools.islice(frames, 2))
    if not head:
        raise InputError("The item has no frame to draw on.")
    with replacing(path, ".part.mp4") as temporary:
        try:
            with av.open(str(temporary), "w", format="mp4", options={"movflags": "+faststart"}) as container:
                writer = _Writer(container.add_stream("libx264"), head, result)
                marker = FrameMarker(result, language)
                reported = 0.0
                for done, frame in enumerate(itertools.chain(head, frames), 1):
                    if cancel is not None:
                        cancel.check()
                    container.mux(writer.stream.encode(writer.picture(frame, marker.mark(frame))))
                    if time.monotonic() - reported >= PROGRESS_EVERY_S:
                        reported = time.monotonic()
                        on_progress(Progress("video", done, max(done, result.media.frame_count)))
                container.mux(writer.stream.encode(None))
                on_progress(Progress("video", done, done))
        except av.FFmpegError as error:
            message = f"The annotated video could not be written: {error.strerror}."
            raise CaseError(message, "Check that the disk is not full, or choose another folder.") from error
    return path


class _Writer:
    """Settings of the encoder, and frames as it takes them.

    Args:
        stream: A new H.264 stream.
        head: The first one or two frames.
        result: Says the item's rate.
    """

    def __init__(self, stream: VideoStream, head: list[Frame], result: AnalysisResult) -> None:
        height, width = head[0].image.shape[:2]
        self.stream = stream
        self._time_base, self._start_s, self._last_pts = time_base(head), head[0].time_s, -1
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "18", "preset": "veryfast"}
        context = stream.codec_context
        context.framerate = result.media.rate or Fraction(25)
        context.time_base = stream.time_base = self._time_base
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = ColorRange.MPEG

    def picture(self, frame: Frame, image: UInt8Array) -> av.VideoFrame:
        """A marked frame with its place in time."""
        height, width = image.shape[:2]
        expected = (self.stream.height, self.stream.width)
        if (height + height % 2, width + width % 2) != expected:
            raise InputError(f"Frame {frame.index} has another size than the first one.")
        if height % 2 or width % 2:
            image = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        picture = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        pts = round((frame.time_s - self._start_s) / self._time_base)
        self._last_pts = picture.pts = max(pts, self._last_pts + 1)
        picture.time_base = self._time_base
        return picture


def time_base(head: list[Frame]) -> Fraction:
    """The item's unit of time, from two frames with time stamps; 1/90000 s where it cannot be told.

    Args:
        head: The first frames.
    """
    if len(head) < 2 or head[0].pts is None or head[1].pts is None or head[1].pts <= head[0].pts:
        return FALLBACK_TIME_BASE
    ticks = head[1].pts - head[0].pts
    unit = Fraction((head[1].time_s - head[0].time_s) / ticks).limit_denominator(MAX_DENOMINATOR)
    return unit if unit > 0 else FALLBACK_TIME_BASE
