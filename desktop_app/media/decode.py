"""Any frame of an item, with exactly the pixels that decoding from the start gives."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType

import av
import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from desktop_app.domain import Frame, UInt8Array
from desktop_app.errors import InputError
from desktop_app.files import check_file, open_read_only
from desktop_app.media.frame_index import NO_PTS, FrameIndex
from desktop_app.media.images import PictureReader
from desktop_app.media.item import MediaItem
from desktop_app.media.stream import PacketStream, checksum, packet_number, to_rgb

CACHE_BYTES = 128 * 1024 * 1024
CACHE_MAX_FRAMES = 64
SEEK_BACK_S = 2.0
STEP_BACK_FRAMES = 2  # so small a way back is a step, and more of them will follow
KEEP_BACK_FRAMES = 24  # kept before a frame that is reached by stepping back


@dataclass(frozen=True, slots=True, eq=False)
class _Decoded:
    """A picture that was decoded: still in the decoder's memory, or already converted."""

    content: VideoFrame | UInt8Array
    is_corrupt: bool


class _Run:
    """One stretch of decoding, from a start frame on.

    Args:
        source: The stream, opened anew or standing wherever it was left.
        index: The item's index.
        start: Frame to start at; one of `index.seek_frames`.
    """

    def __init__(self, source: PacketStream, index: FrameIndex, start: int) -> None:
        self._source = source
        self._index = index
        self.start = start
        self.position = start  # the next frame that may come
        self.is_linear = start == 0
        self._counted = 0
        self._last_packet = -1
        # Only H.264 says for sure that no other picture needs one (nal_ref_idc = 0).
        self._can_skip = source.codec == "h264" and index.checksums is None and not self.is_linear
        self._pending: list[VideoFrame] = []
        source.skip_unreferenced(False)
        self._number, packets = self._go_to_start()
        self._packets: Iterator[Packet[VideoStream]] | None = packets
        self._errors_before = source.decode_errors + source.read_errors

    @property
    def has_errors(self) -> bool:
        """Whether anything failed since the start."""
        return self._source.decode_errors + self._source.read_errors > self._errors_before

    def next_frame(self, keep_from: int) -> tuple[int, VideoFrame] | None:
        """The next picture and its number, None at the end of the stream.

        Args:
            keep_from: The first frame that is wanted; those before it may be passed over.
        """
        while True:
            while self._pending:
                frame = self._pending.pop(0)
                number = self._number_of(frame)
                if number is not None:
                    self.position = number + 1
                    return number, frame
            if self._packets is None:
                return None
            packet = next(self._packets, None)
            if packet is None:
                self._packets = None
                self._pending = self._source.flush()
            else:
                if self._can_skip:
                    number = self._index.frame_of_packet(self._number)
                    self._source.skip_unreferenced(number is not None and number < keep_from)
                self._pending = self._source.decode(packet, self._number)
                self._number += 1

    def _number_of(self, frame: VideoFrame) -> int | None:
        """Position of a picture in the index; None for one that is not to be shown."""
        if self.is_linear and self._index.checksums is not None:
            self._counted += 1
            return self._counted - 1 if self._counted <= len(self._index) else None
        packet = packet_number(frame)
        if packet is None:
            return None
        number = self._index.frame_of_packet(packet)
        if number is not None and packet == self._last_packet:
            number = self.position
        self._last_packet = packet
        return number if number is not None and self.start <= number < len(self._index) else None

    def _go_to_start(self) -> tuple[int, Iterator[Packet[VideoStream]]]:
        """Bring the stream to the packet of the start frame; its number and the packets from there on."""
        target = int(self._index.packet[self.start])
        pts = int(self._index.packet_pts[target]) if 0 <= target < len(self._index.packet_pts) else NO_PTS
        if self.is_linear or pts == NO_PTS or np.count_nonzero(self._index.packet_pts == pts) != 1:
            return self._skip_to(0 if self.is_linear else target)
        back = int(SEEK_BACK_S / self._index.time_base)
        for stamp in (pts, int(self._index.packet_dts[target]), pts - back):
            found = None if stamp == NO_PTS else self._try_seek(stamp, pts)
            if found is not None:
                return target, found
        return self._skip_to(target)

    def _try_seek(self, stamp: int, pts: int) -> Iterator[Packet[VideoStream]] | None:
        try:
            self._source.seek(stamp)
        except (av.FFmpegError, OSError):
            return None
        packets = self._source.packets()
        for packet in packets:
            if packet.pts == pts:
                return _chain(packet, packets)
            if packet.is_keyframe and packet.pts is not None and packet.pts > pts:
                return None
        return None

    def _skip_to(self, target: int) -> tuple[int, Iterator[Packet[VideoStream]]]:
        self._source.rewind()
        packets = self._source.packets()
        for _ in range(target):
            if next(packets, None) is None:
                break
        return target, packets


def _chain(first: Packet[VideoStream], rest: Iterator[Packet[VideoStream]]) -> Iterator[Packet[VideoStream]]:
    yield first
    yield from rest


class FrameReader:
    """Frames of an item by number. For one thread at a time; several readers of one item do not disturb each other.

    Args:
        item: The item.

    Raises:
        InputError: The file is gone, or changed since it was opened.
    """

    def __init__(self, item: MediaItem) -> None:
        self._item = item
        self._index = item.index
        facts = check_file(item.info.path)
        if facts.st_size != item.info.size_bytes or facts.st_mtime_ns != item.modified_ns:
            raise InputError(
                f"The file “{item.info.path.name}” changed after it was opened.",
                "Open it again; earlier results speak of the earlier content.",
            )
        self._pictures: PictureReader | None = None
        self._source: ReopenedStream | None = None
        if item.is_picture:
            self._pictures = PictureReader(item.info.path)
        else:
            self._source = ReopenedStream(item)
        self._run: _Run | None = None
        self._bad_starts: set[int] = set()
        self._undecodable: set[int] = set()
        self._cache: OrderedDict[int, _Decoded] = OrderedDict()
        self._last: Frame | None = None
        self._asked = -1  # the frame decoded for last
        bytes_each = max(1, item.info.width_px * item.info.height_px * (3 if item.info.bit_depth > 8 else 2))
        self._cache_frames = max(2, min(CACHE_MAX_FRAMES, CACHE_BYTES // bytes_each))

    def __enter__(self) -> FrameReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file and all pictures. A closed reader gives no more frames."""
        self._run = None
        self._cache.clear()
        if self._source is not None:
            self._source.close()
        if self._pictures is not None:
            self._pictures.close()

    def frame_at(self, index: int) -> Frame:
        """A frame with the pixels that decoding from the start gives.

        Args:
            index: Number of the frame, from 0.

        Raises:
            IndexError: There is no such frame.
            InputError: The frame is damaged beyond decoding.
        """
        if not 0 <= index < len(self._index):
            raise IndexError(f"frame {index} of {len(self._index)}")
        if self._last is not None and self._last.index == index:
            return self._last
        frame = self._read(index)
        if frame is None:
            raise InputError(
                f"Frame {index} is damaged and cannot be decoded.", "The frames around it may still be readable."
            )
        self._last = frame
        return frame

    def frames(self, start: int = 0, stop: int | None = None, step: int = 1) -> Iterator[Frame]:
        """Frames in order; those in between are decoded where needed but not converted.

        Args:
            start: First frame.
            stop: The frame before which to stop; None is the end.
            step: Every how many-th frame, from 1.

        Yields:
            Frames; damaged ones have `is_corrupt` set, those that do not decode are left out.
        """
        for index in range(start, len(self._index) if stop is None else min(stop, len(self._index)), step):
            frame = self._read(index)
            if frame is not None:
                yield frame

    def _read(self, index: int) -> Frame | None:
        if self._pictures is not None:
            return self._frame(index, self._pictures.image_at(index), False)
        decoded = self._decoded(index)
        if decoded is None:
            return None
        content = decoded.content
        image = to_rgb(content, self._item.orientation) if isinstance(content, VideoFrame) else content
        flags = self._index.is_corrupt
        return self._frame(index, image, decoded.is_corrupt if flags is None else bool(flags[index]))

    def _frame(self, index: int, image: UInt8Array, is_corrupt: bool) -> Frame:
        return Frame(index, self._index.pts_of(index), float(self._index.time_s[index]), image, is_corrupt)

    def _decoded(self, index: int) -> _Decoded | None:
        cached = self._cache.get(index)
        if cached is not None:
            self._cache.move_to_end(index)
            return cached
        if index in self._undecodable:
            return None
        if not self._advance(self._run_for(index), index):
            # What was reached by seeking is in doubt: only a decode from the start is beyond it.
            self._cache.clear()
            self._advance(self._start_run(0), index)
        self._asked = index
        found = self._cache.get(index)
        if found is None:
            self._undecodable.add(index)
        return found

    def _run_for(self, index: int) -> _Run:
        start = self._index.seek_frame_for(index)
        if start in self._bad_starts:
            start = 0
        run = self._run
        if run is not None and start <= run.position <= index:
            return run
        return self._start_run(start)

    def _start_run(self, start: int) -> _Run:
        if self._source is None:
            raise RuntimeError("the item holds no video stream")
        self._run = _Run(self._source.stream, self._index, start)
        return self._run

    def _advance(self, run: _Run, index: int) -> bool:
        """Decode up to a frame, into the cache if it comes; whether the outcome is beyond doubt."""
        keep_from = index - (KEEP_BACK_FRAMES if 0 < self._asked - index <= STEP_BACK_FRAMES else 0)
        while run.position <= index:
            step = run.next_frame(keep_from)
            if step is None:
                break
            number, frame = step
            if not run.is_linear and self._is_doubtful(run, number, frame):
                self._bad_starts.add(run.start)
                return False
            self._keep(run, number, frame, keep_from)
            # Where a picture is damaged its lost parts show what the decoder's memory held before. That memory is
            # used alike in every decode from the start only if no picture is held while the next is decoded.
            del step, frame
        if index not in self._cache and not run.is_linear:
            self._bad_starts.add(run.start)
            return False
        return True

    def _is_doubtful(self, run: _Run, number: int, frame: VideoFrame) -> bool:
        sums = self._index.checksums
        if sums is not None:
            return checksum(frame) != int(sums[number])
        return frame.is_corrupt or run.has_errors

    def _keep(self, run: _Run, number: int, frame: VideoFrame, keep_from: int) -> None:
        if not run.is_linear:
            self._cache[number] = _Decoded(frame, frame.is_corrupt)
        elif number >= keep_from:
            self._cache[number] = _Decoded(to_rgb(frame, self._item.orientation), frame.is_corrupt)
        while len(self._cache) > self._cache_frames:
            self._cache.popitem(last=False)


class ReopenedStream:
    """An item's packet stream over a file of its own.

    Args:
        item: The item.
    """

    def __init__(self, item: MediaItem) -> None:
        self._file = open_read_only(item.info.path)
        try:
            self.stream = PacketStream(self._file)
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Release the file."""
        self.stream.close()
        self._file.close()
