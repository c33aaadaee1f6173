"""Build the index of a video: by reading its packets where that is sure, by decoding every frame otherwise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from desktop_app.domain import Notice, Stage
from desktop_app.errors import InputError
from desktop_app.media.bitstream import SCANNABLE_CODECS, PacketKind, nal_length_size, packet_kind, start_numbers
from desktop_app.media.frame_index import NO_PTS, FrameIndex, build_times
from desktop_app.media.source import MAX_FRAMES
from desktop_app.media.stream import PacketStream, checksum, packet_number
from desktop_app.progress import CancelToken, Progress, ProgressFn

SCANNABLE_FORMATS = frozenset({"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"})
HEAD_PACKETS = 48
MAX_TAIL_PACKETS = 600


@dataclass(slots=True)
class PacketScan:
    """What reading all packets told.

    Args:
        codec: Name of the codec.
        time_base: Unit of the time stamps.
        rate: Nominal frames per second.
        doubt: Why the packets alone cannot be trusted, empty when they can.
    """

    codec: str
    time_base: Fraction
    rate: Fraction | None
    pts: list[int] = field(default_factory=list)
    dts: list[int] = field(default_factory=list)
    durations: list[int] = field(default_factory=list)
    is_key: list[bool] = field(default_factory=list)
    kinds: list[PacketKind] = field(default_factory=list)
    doubt: str = ""
    read_errors: int = 0
    is_damaged: bool = False
    discarded: int = 0
    declared_frames: int = 0

    def __len__(self) -> int:
        return len(self.pts)


def scan_packets(source: PacketStream, cancel: CancelToken) -> PacketScan:
    """Read every packet of the video stream, without decoding.

    Raises:
        InputError: There is no packet, or absurdly many.
        Cancelled: The token was cancelled.
    """
    stream = source.stream
    scan = PacketScan(source.codec, stream.time_base or Fraction(1, 90_000), stream.average_rate)
    can_judge = source.container.format.name in SCANNABLE_FORMATS and scan.codec in SCANNABLE_CODECS
    length_size = nal_length_size(scan.codec, stream.codec_context.extradata)
    for packet in source.packets():
        cancel.check()
        if len(scan) >= MAX_FRAMES:
            raise InputError("This video has too many frames to index.", "Cut a copy into shorter parts and say so.")
        _add_packet(scan, packet)
        if can_judge:
            scan.kinds.append(packet_kind(scan.codec, bytes(packet), packet.is_keyframe, length_size))
    if not len(scan):
        raise InputError(
            "There are no pictures in this video.", "The file is probably cut off. Ask for the complete original."
        )
    scan.read_errors = source.read_errors
    scan.declared_frames = stream.frames
    scan.doubt = _find_doubt(scan, can_judge)
    return scan


def _add_packet(scan: PacketScan, packet: Packet[VideoStream]) -> None:
    scan.pts.append(NO_PTS if packet.pts is None else packet.pts)
    scan.dts.append(NO_PTS if packet.dts is None else packet.dts)
    scan.durations.append(packet.duration or 0)
    scan.is_key.append(packet.is_keyframe)
    if packet.is_corrupt:
        scan.is_damaged = True
    scan.discarded += packet.is_discard
    if packet.is_corrupt or packet.is_discard:
        scan.doubt = "flags"


def _find_doubt(scan: PacketScan, can_judge: bool) -> str:
    if not can_judge:
        return "format"
    if scan.doubt:
        return scan.doubt
    if scan.read_errors:
        return "read_errors"
    if NO_PTS in scan.pts or len(set(scan.pts)) != len(scan):
        return "time_stamps"
    if scan.declared_frames and scan.declared_frames != len(scan):
        return "frame_count"
    if PacketKind.DOUBTFUL in scan.kinds or scan.kinds[0] is not PacketKind.START:
        return "packets"
    return ""


def index_from_scan(scan: PacketScan, source: PacketStream, cancel: CancelToken) -> FrameIndex | None:
    """An index from the packets alone, after decoding both ends; None when any doubt is left.

    Args:
        scan: All packets.
        source: The same stream, opened anew at its start.
        cancel: Stops the work.
    """
    if scan.doubt:
        return None
    order = np.argsort(np.array(scan.pts, dtype=np.int64), kind="stable")
    numbers = [int(number) for number in order]
    starts = list(start_numbers(scan.kinds))
    if numbers[0] != 0 or len(scan) - starts[-1] > MAX_TAIL_PACKETS:
        return None
    # Where the last start lies within the head, head and tail are one.
    head = HEAD_PACKETS if starts[-1] >= HEAD_PACKETS else len(scan)
    if _decoded_numbers(source, 0, head, cancel) != [n for n in numbers if n < head]:
        return None
    if head < len(scan):
        tail_pts = scan.pts[starts[-1]]
        expected = [n for n in numbers if scan.pts[n] >= tail_pts]
        found = _decoded_numbers(source, starts[-1], len(scan), cancel, head)
        if [n for n in found if n is None or scan.pts[n] >= tail_pts] != expected:
            return None
    position_of = {number: position for position, number in enumerate(numbers)}
    return _assemble(
        scan, [scan.pts[n] for n in numbers], numbers, "scan", [position_of[number] for number in starts], None
    )


def _decoded_numbers(
    source: PacketStream, first: int, stop: int, cancel: CancelToken, position: int = 0
) -> list[int | None]:
    """Packet numbers of the pictures that packets `first` to `stop` yield; reading stands at `position`."""
    found: list[int | None] = []
    if position:
        source.reset_decoder()
    packets = source.packets()
    for number in range(position, stop):
        packet = next(packets, None)
        if packet is None:
            break
        cancel.check()
        if number >= first:
            found += [None if f.is_corrupt else packet_number(f) for f in source.decode(packet, number)]
    found += [packet_number(frame) for frame in source.flush()]
    return found if not source.decode_errors and not source.read_errors else [None]


def index_by_decoding(
    scan: PacketScan, source: PacketStream, on_progress: ProgressFn, cancel: CancelToken
) -> tuple[FrameIndex, list[int]]:
    """An index of exactly the frames that decode, with a checksum of each.

    Returns:
        The index and the numbers of the damaged frames.

    Raises:
        InputError: No frame decodes.
        Cancelled: The token was cancelled.
    """
    pts: list[int | None] = []
    packets: list[int] = []
    sums: list[int] = []
    corrupt: list[int] = []
    lost_numbers = 0

    def take(frames: list[VideoFrame]) -> None:
        nonlocal lost_numbers
        for frame in frames:
            number = packet_number(frame)
            lost_numbers += number is None
            if frame.is_corrupt:
                corrupt.append(len(pts))
            pts.append(frame.pts)
            packets.append(-1 if number is None else number)
            sums.append(checksum(frame))

    for number, packet in enumerate(source.packets()):
        cancel.check()
        take(source.decode(packet, number))
        on_progress(Progress("index", number + 1, len(scan)))
    take(source.flush())
    if not pts:
        raise InputError(
            "None of the pictures in this video can be decoded.", "The file is damaged. Ask for the original."
        )
    seek_frames = [0] if lost_numbers else _key_frames(scan, packets)
    return _assemble(scan, pts, packets, "decode", seek_frames, (sums, corrupt)), corrupt


def _key_frames(scan: PacketScan, packets: list[int]) -> list[int]:
    """Frames from which a start may be tried: their checksums later prove it or not."""
    uses = Counter(packets)
    keys = {
        position
        for position, number in enumerate(packets)
        if number < len(scan) and scan.is_key[number] and uses[number] == 1
    }
    return sorted(keys | {0})


def _assemble(
    scan: PacketScan,
    pts: list[int] | list[int | None],
    packets: list[int],
    method: str,
    seek_frames: list[int],
    decoded: tuple[list[int], list[int]] | None,
) -> FrameIndex:
    """An index from frames in order of display; `decoded` holds their checksums and the numbers of damaged ones."""
    stamps, has_pts, time_s, estimated = build_times(pts, scan.time_base, scan.rate)
    is_key = np.array([0 <= n < len(scan) and scan.is_key[n] for n in packets], dtype=np.bool_)
    steps = np.diff(time_s)
    duration = scan.durations[packets[-1]] if 0 <= packets[-1] < len(scan) else 0
    first_frame = np.full(len(scan), -1, dtype=np.int64)
    for position in range(len(packets) - 1, -1, -1):
        if 0 <= packets[position] < len(scan):
            first_frame[packets[position]] = position
    is_corrupt = None
    if decoded is not None:
        is_corrupt = np.zeros(len(packets), dtype=np.bool_)
        is_corrupt[decoded[1]] = True
    typical_s = float(np.median(steps)) if len(steps) else float(1 / (scan.rate or Fraction(25)))
    return FrameIndex(
        pts=stamps,
        has_pts=has_pts,
        time_s=time_s,
        is_key=is_key,
        packet=np.array(packets, dtype=np.int64),
        last_duration_s=float(duration * scan.time_base) if duration > 0 else typical_s,
        time_base=scan.time_base,
        method=method,
        seek_frames=np.array(sorted(set(seek_frames) | {0}), dtype=np.int64),
        packet_pts=np.array(scan.pts, dtype=np.int64),
        packet_dts=np.array(scan.dts, dtype=np.int64),
        first_frame=first_frame,
        is_corrupt=is_corrupt,
        checksums=None if decoded is None else np.array(decoded[0], dtype=np.int64),
        estimated=estimated,
    )


def _corrupt_notices(corrupt: list[int]) -> list[Notice]:
    """One notice for each run of damaged frames: a damaged film has thousands of them."""
    runs: list[tuple[int, int]] = []
    for frame in corrupt:
        if runs and frame == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], frame)
        else:
            runs.append((frame, frame))
    notices = []
    for first, last in runs:
        message = "This frame is damaged; what it shows is partly made up."
        if last > first:
            message = f"The frames {first} to {last} are damaged; what they show is partly made up."
        notices.append(Notice(Stage.MEDIA, "corrupt_frame", message, first, last - first + 1))
    return notices


def index_notices(scan: PacketScan, index: FrameIndex, corrupt: list[int], decode_errors: int) -> list[Notice]:
    """What the user must know of the item's condition."""
    notices = _corrupt_notices(corrupt)
    if index.estimated:
        notices.append(
            Notice(
                Stage.MEDIA,
                "time_estimated",
                "The time of some frames is missing or contradictory in the file and was estimated.",
                count=index.estimated,
            )
        )
    if scan.discarded:
        message = "The file holds frames that it keeps from display (an edit list); they are not examined."
        notices.append(Notice(Stage.MEDIA, "not_displayed", message, count=scan.discarded))
    lost = len(scan) - scan.discarded - len(set(index.packet.tolist()))
    if index.method == "decode" and (decode_errors or lost > 0):
        message = "Parts of the video could not be decoded and are left out."
        notices.append(Notice(Stage.MEDIA, "undecodable", message, count=max(decode_errors, lost, 1)))
    is_cut = scan.declared_frames > len(scan) or scan.is_damaged or scan.read_errors > 0
    if is_cut:
        message = "The file is damaged or cut off: it holds less than it declares."
        notices.append(Notice(Stage.MEDIA, "truncated", message, count=max(1, scan.declared_frames - len(scan))))
    return notices
