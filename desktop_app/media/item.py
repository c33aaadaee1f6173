"""An item under examination: opened read-only, hashed and indexed."""

import os
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from desktop_app.domain import MediaInfo, Notice
from desktop_app.errors import InputError
from desktop_app.files import open_read_only, reading_whole
from desktop_app.media.frame_index import FrameIndex
from desktop_app.media.images import is_picture, probe_picture
from desktop_app.media.indexing import index_by_decoding, index_from_scan, index_notices, scan_packets
from desktop_app.media.probe import FileFacts, first_frame, picture_index, picture_info, video_info, video_notices
from desktop_app.media.source import HashingFile
from desktop_app.media.stream import UPRIGHT, Orientation, PacketStream, orientation_of
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress

HEAD_BYTES = 32
MIN_REPORT_S = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class MediaItem:
    """A video or picture, ready to be read with `FrameReader`.

    Args:
        info: Its facts.
        index: Its frames.
        notices: What was estimated, skipped or odd.
        modified_ns: Last modification of the file, nanoseconds since 1970.
        is_picture: Whether it is a still or animated picture rather than a video file.
        orientation: How the pictures of a video are turned for display.
        pixel_aspect: Width of a displayed pixel by its height; pictures are decoded as they are stored.
    """

    info: MediaInfo
    index: FrameIndex
    notices: tuple[Notice, ...]
    modified_ns: int
    is_picture: bool
    orientation: Orientation = UPRIGHT
    pixel_aspect: Fraction = Fraction(1)


class _Throttle:
    """Passes on at most 20 reports of progress a second, and the first and last of every stage."""

    def __init__(self, on_progress: ProgressFn) -> None:
        self._on_progress = on_progress
        self._last_s = 0.0
        self._stage = ""

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.stage != self._stage or now - self._last_s >= MIN_REPORT_S or progress.done >= progress.total > 0:
            self._stage, self._last_s = progress.stage, now
            self._on_progress(progress)


def open_item(path: Path, on_progress: ProgressFn = ignore_progress, cancel: CancelToken | None = None) -> MediaItem:
    """Hash and index an item in one pass over the file where its condition allows.

    Args:
        path: A local video or picture.
        on_progress: Stage ``"hash"`` in bytes, and ``"index"`` in packets where frames must be decoded.
        cancel: Stops the work.

    Raises:
        InputError: The file cannot be used.
        Cancelled: The token was cancelled.
    """
    cancel = cancel or CancelToken()
    report = _Throttle(on_progress)
    with reading_whole(path) as state:
        cancel.check()
        with open_read_only(path) as file:
            head = file.read(HEAD_BYTES)
        is_still = is_picture(path, head)
        item = (
            _open_picture(path, head, state, report, cancel) if is_still else _open_video(path, state, report, cancel)
        )
    return item


def _open_picture(path: Path, head: bytes, facts: os.stat_result, report: ProgressFn, cancel: CancelToken) -> MediaItem:
    with open_read_only(path) as file:
        picture = probe_picture(file, head, cancel)
    hashing = HashingFile(path, report, cancel)
    try:
        file_facts = FileFacts(path, hashing.finish(), facts.st_size, facts.st_mtime_ns)
    finally:
        hashing.close()
    index = picture_index(picture)
    info = picture_info(file_facts, picture, index)
    return MediaItem(info, index, picture.notices, facts.st_mtime_ns, is_picture=True)


def _open_video(path: Path, facts: os.stat_result, report: ProgressFn, cancel: CancelToken) -> MediaItem:
    hashing = HashingFile(path, report, cancel)
    source: PacketStream | None = None
    try:
        source = PacketStream(hashing, skip_other_streams=False)
        scan = scan_packets(source, cancel)
        file_facts = FileFacts(path, hashing.finish(), facts.st_size, facts.st_mtime_ns)
        source.rewind(skip_other_streams=True)
        frame = first_frame(source)
        if frame is None:
            raise InputError(
                "None of the pictures in this video can be decoded.", "The file is damaged. Ask for the original."
            )
        orientation = orientation_of(frame)
        index: FrameIndex | None = None
        corrupt: list[int] = []
        errors = 0
        if not scan.doubt:
            source.rewind()
            index = index_from_scan(scan, source, cancel)
        if index is None:
            source.rewind()
            index, corrupt = index_by_decoding(scan, source, report, cancel)
            errors = source.decode_errors
        notices = (*video_notices(source, frame), *index_notices(scan, index, corrupt, errors))
        info = video_info(file_facts, source, frame, index)
        aspect = _pixel_aspect(source, orientation)
    finally:
        if source is not None:
            source.close()
        hashing.close()
    report(Progress("index", len(scan), len(scan)))
    return MediaItem(
        info, index, notices, facts.st_mtime_ns, is_picture=False, orientation=orientation, pixel_aspect=aspect
    )


def _pixel_aspect(source: PacketStream, orientation: Orientation) -> Fraction:
    """As displayed: a quarter turn makes wide pixels high ones."""
    stated = source.stream.sample_aspect_ratio
    if not stated or stated < 0:
        return Fraction(1)
    return 1 / Fraction(stated) if orientation.rotation_deg in (90, 270) else Fraction(stated)
