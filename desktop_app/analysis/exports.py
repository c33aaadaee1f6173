"""Exports that need the item itself beside the result."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from desktop_app.analysis.sampling import frames_in_range
from desktop_app.domain import AnalysisResult, Frame
from desktop_app.errors import InputError
from desktop_app.files import open_read_only
from desktop_app.media import FrameIndex, FrameReader, MediaItem, open_item
from desktop_app.media.source import open_container
from desktop_app.progress import CancelToken, ProgressFn, ignore_progress
from desktop_app.reports.annotated_video import Sound, write_annotated_video


def export_video(
    result: AnalysisResult,
    path: Path,
    language: str = "en",
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    item: MediaItem | Path | None = None,
) -> Path:
    """Write the annotated video of the range that was asked for, with its sound.

    Args:
        result: A result.
        path: Where the video shall be; appears whole or not at all.
        language: ``"en"`` or ``"es"``.
        on_progress: Stages ``"hash"`` and ``"index"`` where the item is opened here, then ``"video"`` in frames.
        cancel: Stops the work; nothing is left behind.
        item: The item where it is open already, or where it lies now; None is where it was analysed.

    Raises:
        InputError: The item is missing, or is not the one that was analysed.
        CaseError: The file cannot be written there.
        Cancelled: `cancel` was called.
    """
    if not isinstance(item, MediaItem):
        item = open_item(item or result.media.path, on_progress, cancel)
    if item.info.sha256 != result.media.sha256:
        raise InputError(f"The file “{item.info.path.name}” changed after it was analysed.", "Analyse it again.")
    # frames that nobody asked about carry no box, which would read as "no face"
    asked = frames_in_range(result.request, item)
    with FrameReader(item) as reader, ExitStack() as stack:
        frames = _frames(reader, item, int(asked[0]), int(asked[-1]) + 1)
        sound = _sound(item, stack)
        return write_annotated_video(result, frames, path, language, on_progress, cancel, sound, item.pixel_aspect)


def _frames(reader: FrameReader, item: MediaItem, start: int, stop: int) -> Iterator[Frame]:
    yield from reader.frames(start, stop)
    with FrameReader(item):
        pass  # raises where the file is no longer the one that was opened


def _sound(item: MediaItem, stack: ExitStack) -> Sound | None:
    if item.info.audio_codec is None or item.is_picture:
        return None
    file = stack.enter_context(open_read_only(item.info.path))
    container = stack.enter_context(closing(open_container(file)))
    return Sound(container, first_frame_s(item.index))


def first_frame_s(index: FrameIndex) -> float:
    """Time of the first frame by the container's clock, also where its own stamp is missing or wrong.

    Args:
        index: Of a video.
    """
    stamped = [i for i in range(len(index)) if index.has_pts[i]][:1]
    return float(int(index.pts[stamped[0]]) * index.time_base) - float(index.time_s[stamped[0]]) if stamped else 0.0
