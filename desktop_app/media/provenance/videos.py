"""Traces of a video file: structure, boxes, packets, and hashes of a few frames."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import av
from av.video.frame import VideoFrame

from desktop_app.domain.traces import Trace
from desktop_app.errors import InputError
from desktop_app.files import open_read_only
from desktop_app.media.frame_index import NO_PTS
from desktop_app.media.provenance import structure
from desktop_app.media.provenance.boxes import Edit, Layout, looks_like_boxes, read_layout
from desktop_app.media.provenance.catalogue import found
from desktop_app.media.provenance.dates import date_traces, layout_dates, location_in, parse_date
from desktop_app.media.provenance.hashes import picture_hash
from desktop_app.media.provenance.packets import PacketLog, read_packets
from desktop_app.media.provenance.software import device_of, software_traces
from desktop_app.media.provenance.timing import packet_traces
from desktop_app.media.provenance.xmp import xmp_pairs
from desktop_app.media.stream import UPRIGHT, PacketStream, orientation_of, to_rgb
from desktop_app.progress import CancelToken, ProgressFn

HASHED_FRAMES = 8
MAX_DECODED = 300
TRIM_S, SHIFT_S = 0.25, 0.1
MAX_NAMES = 12


@dataclass(slots=True)
class VideoTraces:
    """What a video tells; the fields are those of `ItemTraces`."""

    container: tuple[tuple[str, str], ...] = ()
    streams: tuple[tuple[tuple[str, str], ...], ...] = ()
    location: tuple[float, float] | None = None
    thumbnail: bytes | None = None
    perceptual_hash: tuple[str, ...] = ()
    is_boxes: bool = False
    findings: list[Trace] = field(default_factory=list)


def read_video(path: Path, file_modified: datetime, on_progress: ProgressFn, cancel: CancelToken) -> VideoTraces:
    """Read the traces of a video.

    Args:
        path: The file.
        file_modified: Its date.
        on_progress: Stage ``"traces"`` in bytes.
        cancel: Stops the work.

    Raises:
        InputError: It cannot be read.
        OSError: Reading fails on the way.
        Cancelled: The token was cancelled.
    """
    traces = VideoTraces()
    with open_read_only(path) as file:
        log = read_packets(file, path.stat().st_size, on_progress, cancel)
    tags = _describe(path, traces)
    layout = _layout_of(path)
    texts = [*tags, *(("settings", text) for text in log.encoders), ("sound_data", log.sound_text)]
    if layout is not None:
        traces.is_boxes = True
        traces.container += (("brands", " ".join(layout.brands)), ("layout", " ".join(_folded(layout.top))))
        texts += [("handler_name", track.handler_name) for track in layout.tracks]
        texts += xmp_pairs(layout.xmp)
        traces.findings += layout_traces(layout)
    device = device_of(texts)
    traces.location, traces.thumbnail = location_in(texts), log.thumbnail
    traces.findings += software_traces(texts, device)
    traces.findings += _dates(texts, layout, log, file_modified)
    traces.findings += packet_traces(log)
    traces.perceptual_hash = _frame_hashes(path, log, cancel)
    return traces


def _describe(path: Path, traces: VideoTraces) -> structure.Pairs:
    """Fill in the structure and return all texts of the file."""
    with open_read_only(path) as file:
        described = structure.describe(file)
        file.seek(0)
        if described is None:
            traces.findings.append(found("reader_missing"))
            described = structure.describe_by_libav(file)
        file.seek(0)
        tags = structure.libav_tags(file)
    traces.container, traces.streams, texts = described
    return (*tags, *texts)


def _layout_of(path: Path) -> Layout | None:
    with open_read_only(path) as file:
        return read_layout(file) if looks_like_boxes(file.read(8)) else None


def _folded(names: list[str]) -> Iterator[str]:
    """Names with runs of repetitions folded, such as the pairs of a fragmented file."""
    for number, name in enumerate(names[:200]):
        if number < 2 or name not in names[max(0, number - 2) : number]:
            yield name


def _dates(
    texts: list[tuple[str, str]], layout: Layout | None, log: PacketLog, file_modified: datetime
) -> Iterator[Trace]:
    created, modified = layout_dates(layout) if layout is not None else ([], [])
    for key, value in texts:
        name = key.lower()
        if name.endswith(("creation_time", "creationdate", "creation_date", "date_recorded", "recorded_date")):
            created += [date for date in (parse_date(value),) if date]
        elif name == "modify_date":
            modified += [date for date in (parse_date(value),) if date]
    times = log.times_s()
    duration_s = float(times[-1] - times[0]) if len(times) else 0.0
    yield from date_traces(created, modified, duration_s, file_modified)


def layout_traces(layout: Layout) -> Iterator[Trace]:
    """Findings on the boxes of a file."""
    top = layout.top
    if layout.problems:
        yield found("layout_broken", names=", ".join(layout.problems[:MAX_NAMES]))
    if layout.after_end:
        yield found("data_after_end", size_bytes=layout.after_end)
    if layout.fragments:
        yield found("fragmented", count=layout.fragments)
    elif "moov" in top and "mdat" in top and top.index("moov") < top.index("mdat"):
        yield found("moov_first")
    if layout.free_data_bytes:
        yield found("free_not_empty", size_bytes=layout.free_data_bytes)
    if layout.unknown:
        yield found("unknown_boxes", names=", ".join(layout.unknown[:MAX_NAMES]))
    for track in layout.tracks:
        if track.descriptions > 1 and track.handler in ("vide", "soun"):
            yield found("several_descriptions", count=track.descriptions, track=track.handler)
    yield from _edit_traces(layout)


def _edit_traces(layout: Layout) -> Iterator[Trace]:
    """Findings on edit lists, each once: the tracks of a file mostly have the same one."""
    seen: set[str] = set()
    for track in layout.tracks:
        if track.handler not in ("vide", "soun"):
            continue
        for trace in _track_edits(track.edits(layout.movie_scale), track.duration_s):
            if trace.code not in seen:
                seen.add(trace.code)
                yield trace


def _track_edits(edits: list[Edit], duration_s: float) -> Iterator[Trace]:
    pieces = [edit for edit in edits if edit.start_s is not None]
    delay_s = sum(edit.duration_s for edit in edits if edit.start_s is None)
    if delay_s > SHIFT_S:
        yield found("edit_list_shifts", delay_s=f"{delay_s:.2f}")
    rates = sorted({edit.rate for edit in pieces if edit.rate != 1.0})
    if rates:
        yield found("edit_list_speed", rates=", ".join(f"{rate:g}" for rate in rates))
    if len(pieces) > 1:
        yield found("edit_list_joins", count=len(pieces))
    # a duration of 0 means: to the end
    shown_s = sum(edit.duration_s or duration_s for edit in pieces)
    hidden_s = duration_s - shown_s
    if pieces and duration_s and not rates and hidden_s > TRIM_S:
        yield found("edit_list_trims", hidden_s=f"{hidden_s:.2f}")


def _frame_hashes(path: Path, log: PacketLog, cancel: CancelToken) -> tuple[str, ...]:
    """Hashes of frames at even distances, decoded from the nearest key frame before each."""
    pts = sorted(value for value in log.raw_pts if value != NO_PTS)
    if not pts:
        return _hashes_in_order(path, len(log), cancel)
    count = min(HASHED_FRAMES, len(pts))
    targets = [pts[int((number + 0.5) * len(pts) / count)] for number in range(count)]
    hashes: list[str] = []
    with open_read_only(path) as file:
        source = PacketStream(file)
        try:
            marks = zip(log.raw_pts, log.raw_keys, strict=True)
            walker = _Walker(source, sorted(stamp for stamp, is_key in marks if is_key and stamp != NO_PTS))
            for target in targets:
                cancel.check()
                hashed = walker.hash_at(target)
                hashes += [hashed] if hashed else []
        except (av.FFmpegError, InputError):
            pass  # what cannot be reached has no hash; the frames so far have theirs
        finally:
            source.close()
    return tuple(hashes)


def _hashes_in_order(path: Path, count: int, cancel: CancelToken) -> tuple[str, ...]:
    """The same for a stream without time stamps, from its first frames."""
    count = min(count, HASHED_FRAMES * MAX_DECODED)
    wanted = {int((number + 0.5) * count / HASHED_FRAMES) for number in range(HASHED_FRAMES)}
    hashes: list[str] = []
    with open_read_only(path) as file:
        source = PacketStream(file)
        try:
            seen = 0
            for number, packet in enumerate(source.packets()):
                cancel.check()
                for frame in source.decode(packet, number):
                    hashed = picture_hash(to_rgb(frame, UPRIGHT)) if seen in wanted else None
                    hashes += [hashed] if hashed else []
                    seen += 1
                if seen > max(wanted):
                    break
        finally:
            source.close()
    return tuple(hashes)


class _Walker:
    """Goes through a video from one chosen frame to the next, from key frames where they help.

    Args:
        source: The video.
        keys: Time stamps of its key frames, ascending.
    """

    def __init__(self, source: PacketStream, keys: list[int]) -> None:
        self._source = source
        self._keys = keys
        self._last: VideoFrame | None = None
        self._number = 0
        self._packets = source.packets()

    def hash_at(self, pts: int) -> str | None:
        """Hash of the frame displayed at a time stamp, or of the last one that could be decoded before it."""
        key = self._keys[bisect_right(self._keys, pts) - 1] if self._keys and self._keys[0] <= pts else None
        reached = self._last.pts if self._last is not None else None
        if key is not None and (reached is None or not key <= reached <= pts):
            self._source.seek(key)
            self._packets = self._source.packets()
        for count, packet in enumerate(self._packets):
            self._number += 1
            frames = self._source.decode(packet, self._number)
            self._last = frames[-1] if frames else self._last
            is_there = self._last is not None and self._last.pts is not None and self._last.pts >= pts
            if is_there or count >= MAX_DECODED:
                break
        else:
            self._last = [self._last, *self._source.flush()][-1]
        return picture_hash(to_rgb(self._last, orientation_of(self._last))) if self._last is not None else None
