"""What the compressed data itself says of a packet: is it whole, and does decoding start cleanly there.

Containers mark keyframes, but a mark may be wrong or mean less than it says. Only what the codec guarantees counts:
an IDR picture or an exact recovery point (ITU-T H.264, 7.4.1.2.4 and D.2.8), an IRAP picture (ITU-T H.265,
7.4.2.2) or a key frame (VP9 specification, 7.2). Codecs in which every picture stands alone are not judged here: their
decoders pass over damage without a word, so that only decoding every frame shows what is there.
"""

from collections.abc import Iterator
from enum import Enum

SCANNABLE_CODECS = frozenset({"h264", "hevc", "vp9"})

_SEI_RECOVERY_POINT = 6
_NEVER_INSIDE = (b"\x00\x00\x00", b"\x00\x00\x01", b"\x00\x00\x02")  # H.264 7.4.1, H.265 7.4.2.1: blanked data


class PacketKind(Enum):
    """What a packet is good for."""

    START = "start"  # decoding may start here; frames displayed later are exact
    PLAIN = "plain"
    DOUBTFUL = "doubtful"  # damaged, or it does not hold exactly one displayed picture


def nal_length_size(codec: str, extradata: bytes | None) -> int | None:
    """Bytes of the length before each NAL unit; None where start codes are used."""
    if not extradata or extradata[0] != 1:
        return None
    if codec == "h264" and len(extradata) > 4:
        return (extradata[4] & 3) + 1
    if codec == "hevc" and len(extradata) > 21:
        return (extradata[21] & 3) + 1
    return None


def packet_kind(codec: str, data: bytes, is_key: bool, length_size: int | None) -> PacketKind:
    """Judge one packet.

    Args:
        codec: Name of the codec as libav has it; one of `SCANNABLE_CODECS`.
        data: The packet.
        is_key: Whether the container calls it a keyframe.
        length_size: From `nal_length_size`.
    """
    if codec == "vp9":
        return _vp9_kind(data, is_key)
    if length_size is None:
        return PacketKind.DOUBTFUL
    units = _split(data, length_size)
    if units is None:
        return PacketKind.DOUBTFUL
    return _h264_kind(data, units, is_key) if codec == "h264" else _hevc_kind(data, units, is_key)


def _split(data: bytes, length_size: int) -> list[tuple[int, int]] | None:
    """Start and end of each NAL unit; None when they do not add up or hold what they never may."""
    units: list[tuple[int, int]] = []
    position, size = 0, len(data)
    while position < size:
        start = position + length_size
        position = start + int.from_bytes(data[position:start], "big")
        if position > size or position == start or data[start] & 0x80:
            return None
        if any(data.find(pattern, start, position) >= 0 for pattern in _NEVER_INSIDE):
            return None
        units.append((start, position))
    return units


def _h264_kind(data: bytes, units: list[tuple[int, int]], is_key: bool) -> PacketKind:
    types = [data[start] & 0x1F for start, _ in units]
    if not any(kind in (1, 2, 5) for kind in types):
        return PacketKind.DOUBTFUL
    if not is_key:
        return PacketKind.PLAIN
    if 5 in types:
        return PacketKind.START
    seis = (data[start + 1 : end] for (start, end), kind in zip(units, types, strict=True) if kind == 6)
    return PacketKind.START if any(_is_exact_recovery_point(sei) for sei in seis) else PacketKind.PLAIN


def _hevc_kind(data: bytes, units: list[tuple[int, int]], is_key: bool) -> PacketKind:
    types = [(data[start] >> 1) & 0x3F for start, _ in units]
    pictures = [kind for kind in types if kind < 32]
    if not pictures:
        return PacketKind.DOUBTFUL
    return PacketKind.START if is_key and all(16 <= kind <= 21 for kind in pictures) else PacketKind.PLAIN


def _vp9_kind(data: bytes, is_key: bool) -> PacketKind:
    head = data[0]
    if head >> 6 != 0b10:
        return PacketKind.DOUBTFUL
    if (data[-1] & 0xE0) == 0xC0 and len(data) > 1:  # a superframe: hidden pictures and one displayed
        return PacketKind.PLAIN
    is_profile_3 = (head & 0x30) == 0x30
    flags = (head >> (0 if is_profile_3 else 1)) & 0b111  # show_existing_frame, frame_type, show_frame
    if flags & 0b100:
        return PacketKind.PLAIN
    if not flags & 0b001:
        return PacketKind.DOUBTFUL
    return PacketKind.START if is_key and not flags & 0b010 else PacketKind.PLAIN


def _is_exact_recovery_point(sei: bytes) -> bool:
    """Whether an SEI unit promises exact pictures from here on, in order of display."""
    payload = sei.replace(b"\x00\x00\x03", b"\x00\x00")
    position = 0
    while position + 2 < len(payload):
        kind, position = _sei_number(payload, position)
        size, position = _sei_number(payload, position)
        if kind == _SEI_RECOVERY_POINT and position < len(payload):
            bits = payload[position]
            # recovery_frame_cnt = 0 is the single bit 1, then exact_match_flag and broken_link_flag.
            return bits >> 5 == 0b110
        position += size
    return False


def _sei_number(payload: bytes, position: int) -> tuple[int, int]:
    value = 0
    while position < len(payload):
        value += payload[position]
        position += 1
        if payload[position - 1] != 0xFF:
            break
    return value, position


def start_numbers(kinds: list[PacketKind]) -> Iterator[int]:
    """Numbers of the packets at which decoding may start."""
    return (number for number, kind in enumerate(kinds) if kind is PacketKind.START)
