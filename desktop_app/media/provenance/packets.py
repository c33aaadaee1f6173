"""One pass over all packets of a video, without decoding: times, sizes, kinds, parameter sets, texts of encoders."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, BinaryIO

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition

from desktop_app.errors import InputError
from desktop_app.media.bitstream import nal_length_size
from desktop_app.media.frame_index import NO_PTS, DoubleArray, IntArray
from desktop_app.media.provenance.catalogue import clean
from desktop_app.media.source import MAX_FRAMES, open_container
from desktop_app.media.stream import MAX_READ_ERRORS, pick_stream
from desktop_app.progress import CancelToken, Progress, ProgressFn

P, B, INTRA, B_REFERENCE, UNKNOWN = 0, 1, 2, 3, -1
MAX_UNITS = 64
MAX_TEXTS = 8
MAX_THUMBNAIL_BYTES = 4 * 1024 * 1024
TEXT_PACKETS = 3
PROGRESS_PACKETS = 256

_USER_DATA_SEI = 5
_TEXT = re.compile(rb"[\x20-\x7e]{8,4000}")
_MPEG4_USER_DATA = re.compile(rb"\x00\x00\x01\xb2([\x20-\x7e]{4,200})")
_LIBAV_IN_SOUND = re.compile(rb"Lav[cf]\d+\.\d+(?:\.\d+)?|libfdk-aac|LAME3\.\d+")


@dataclass(slots=True)
class PacketLog:
    """What the packets of a video tell.

    Args:
        codec: Name of the codec.
        time_base: Unit of the time stamps of the picture in seconds.
        size_px: Width and height.
        encoders: Texts that encoders left, in the order found, once each.
        set_changes: Numbers of the packets at which the sequence parameter sets differ from those before.
        thumbnail: Attached picture, None where there is none.
        sound_base: Unit of the sound's time stamps, None without sound.
        sound_text: What the sound's encoder left.
    """

    codec: str
    time_base: Fraction
    size_px: tuple[int, int]
    encoders: list[str] = field(default_factory=list)
    set_changes: list[int] = field(default_factory=list)
    thumbnail: bytes | None = None
    sound_base: Fraction | None = None
    sound_text: str = ""
    raw_pts: array[int] = field(default_factory=lambda: array("q"))
    raw_sizes: array[int] = field(default_factory=lambda: array("q"))
    raw_kinds: array[int] = field(default_factory=lambda: array("b"))
    raw_keys: array[int] = field(default_factory=lambda: array("b"))
    raw_sound: array[int] = field(default_factory=lambda: array("q"))
    raw_lengths: array[int] = field(default_factory=lambda: array("q"))
    last_sets: bytes = b""

    def __len__(self) -> int:
        return len(self.raw_pts)

    def order(self) -> IntArray:
        """(N,) packet numbers in order of display."""
        return np.argsort(np.array(self.raw_pts, dtype=np.int64), kind="stable")

    def times_s(self) -> DoubleArray:
        """(M,) times of the packets that have one, ascending, in seconds of the file's clock."""
        pts = np.sort(np.array(self.raw_pts, dtype=np.int64))
        times: DoubleArray = pts[pts != NO_PTS].astype(np.float64) * float(self.time_base)
        return times

    def sound_s(self) -> tuple[DoubleArray, DoubleArray]:
        """(M,) times and (M,) lengths of the sound's packets in seconds."""
        base = float(self.sound_base or 1)
        starts: DoubleArray = np.array(self.raw_sound, dtype=np.float64) * base
        lengths: DoubleArray = np.array(self.raw_lengths, dtype=np.float64) * base
        return starts, lengths


def read_packets(file: BinaryIO, size_bytes: int, on_progress: ProgressFn, cancel: CancelToken) -> PacketLog:
    """Read every packet of a video.

    Args:
        file: The video, open for reading.
        size_bytes: Its size.
        on_progress: Stage ``"traces"`` in bytes.
        cancel: Stops the work.

    Raises:
        InputError: It is no video, or has absurdly many frames.
        Cancelled: The token was cancelled.
    """
    container = open_container(file)
    try:
        stream = pick_stream(container)
        sound = next(iter(container.streams.audio), None)
        context = stream.codec_context
        log = PacketLog(
            context.codec.canonical_name, stream.time_base or Fraction(1, 90_000), (context.width, context.height)
        )
        log.sound_base = sound.time_base if sound is not None else None
        length_size = nal_length_size(log.codec, context.extradata)
        _take_texts(log, bytes(context.extradata or b""))
        covers = {s.index for s in container.streams.video if s.disposition & Disposition.attached_pic}
        for number, packet in enumerate(_packets(container)):
            if number % PROGRESS_PACKETS == 0:
                cancel.check()
                on_progress(Progress("traces", min(size_bytes, packet.pos or 0), size_bytes))
            if packet.stream.index == stream.index:
                _take_picture(log, packet, length_size)
            elif sound is not None and packet.stream.index == sound.index:
                _take_sound(log, packet)
            elif packet.stream.index in covers and log.thumbnail is None and packet.size <= MAX_THUMBNAIL_BYTES:
                log.thumbnail = bytes(packet)
    finally:
        container.close()
    return log


def _packets(container: InputContainer) -> Iterator[Packet[Any]]:
    """Packets with content; read errors are stepped over, as players do."""
    in_a_row = 0
    while in_a_row < MAX_READ_ERRORS:
        try:
            for packet in container.demux():
                in_a_row = 0
                if packet.size:
                    yield packet
            return
        except (av.FFmpegError, OSError):
            in_a_row += 1


def _take_picture(log: PacketLog, packet: Packet[Any], length_size: int | None) -> None:
    if len(log) >= MAX_FRAMES:
        raise InputError("This video has too many frames to index.", "Cut a copy into shorter parts and say so.")
    kind = UNKNOWN
    if log.codec in ("h264", "hevc"):
        kind = _take_units(log, bytes(packet), length_size)
    elif len(log) < TEXT_PACKETS:
        _take_texts(log, bytes(packet)[:4096])
    log.raw_pts.append(NO_PTS if packet.pts is None else packet.pts)
    log.raw_sizes.append(packet.size)
    log.raw_keys.append(packet.is_keyframe)
    log.raw_kinds.append(INTRA if packet.is_keyframe else kind)


def _take_sound(log: PacketLog, packet: Packet[Any]) -> None:
    if len(log.raw_sound) < TEXT_PACKETS and not log.sound_text:
        hit = _LIBAV_IN_SOUND.search(bytes(packet)[:2048])
        log.sound_text = hit[0].decode("ascii") if hit else ""
    if packet.pts is not None and len(log.raw_sound) < MAX_FRAMES:
        log.raw_sound.append(packet.pts)
        log.raw_lengths.append(packet.duration or 0)


def _take_units(log: PacketLog, data: bytes, length_size: int | None) -> int:
    """Look at the NAL units of a packet up to its picture; the kind of the picture."""
    is_h264, sets, kind = log.codec == "h264", b"", UNKNOWN
    for start, end in _units(data, length_size):
        unit = data[start] & 0x1F if is_h264 else (data[start] >> 1) & 0x3F
        if unit == (7 if is_h264 else 33):
            sets += data[start:end].rstrip(b"\0")
        elif unit == (6 if is_h264 else 39):
            _take_sei(log, data[start + (1 if is_h264 else 2) : end])
        elif is_h264 and unit in (1, 5):
            kind = _slice_kind(data[start + 1 : start + 9])
            # an encoder gives more bits to those that others are predicted from
            kind = B_REFERENCE if kind == B and data[start] & 0x60 else kind
            break
        elif not is_h264 and unit < 32:
            break
    if sets:
        if log.last_sets and sets != log.last_sets:
            log.set_changes.append(len(log))
        log.last_sets = sets
    return kind


def _units(data: bytes, length_size: int | None) -> Iterator[tuple[int, int]]:
    """Start and end of the first NAL units, after lengths or start codes."""
    position, count = 0, 0
    if length_size is None:
        position = data.find(b"\0\0\1")
        while 0 <= position < len(data) - 3 and count < MAX_UNITS:
            following = data.find(b"\0\0\1", position + 3)
            yield position + 3, following if following >= 0 else len(data)
            position, count = following, count + 1
        return
    while position + length_size < len(data) and count < MAX_UNITS:
        start = position + length_size
        position = start + int.from_bytes(data[position:start], "big")
        if position > start:
            yield start, min(position, len(data))
        count += 1


def _slice_kind(data: bytes) -> int:
    """P, B or intra from the head of an H.264 slice (ITU-T H.264, 7.3.3: two Exp-Golomb codes)."""
    bits = "".join(f"{byte:08b}" for byte in data)
    position, value = 0, 0
    for _ in range(2):
        zeros = bits.find("1", position) - position
        end = position + 2 * zeros + 1
        if zeros < 0 or end > len(bits):
            return UNKNOWN
        value = int(bits[position + zeros : end], 2) - 1
        position = end
    return {0: P, 1: B, 2: INTRA}.get(value % 5, UNKNOWN)


def _take_sei(log: PacketLog, data: bytes) -> None:
    """Text of an unregistered user data message (ITU-T H.264, D.2.7): what x264, x265 and others leave."""
    if data[:1] == bytes([_USER_DATA_SEI]):
        match = _TEXT.search(data, 18)
        if match:
            _add_text(log, match[0].decode("ascii"))


def _take_texts(log: PacketLog, data: bytes) -> None:
    for match in _MPEG4_USER_DATA.finditer(data):
        _add_text(log, match[1].decode("ascii"))
    if log.codec == "h264":
        start = data.find(b"x264 - core")
        text = _TEXT.match(data, start) if start >= 0 else None
        if text:
            _add_text(log, text[0].decode("ascii"))


def _add_text(log: PacketLog, text: str) -> None:
    text = clean(text, 2_000)
    if text not in log.encoders and len(log.encoders) < MAX_TEXTS:
        log.encoders.append(text)
