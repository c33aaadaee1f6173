"""The facts of an item, as its container, its streams and its first picture state them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame

from desktop_app.domain import ItemKind, MediaInfo, Notice, Stage
from desktop_app.files import FileDigest
from desktop_app.media.frame_index import FrameIndex
from desktop_app.media.images import PictureFacts
from desktop_app.media.stream import PacketStream, orientation_of

MAX_TAG_CHARS = 1_000
HEAD_FRAME_PACKETS = 200

# Code points of ITU-T H.273 in libav's spelling.
_RANGES = {1: "tv", 2: "pc"}
_PRIMARIES = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020", 10: "smpte428",
    11: "smpte431", 12: "smpte432", 22: "ebu3213",
}  # fmt: skip
_TRANSFERS = {
    1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100", 10: "log316",
    11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084",
    17: "smpte428", 18: "arib-std-b67",
}  # fmt: skip
_MATRICES = {
    0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco", 9: "bt2020nc",
    10: "bt2020c", 14: "ictcp",
}  # fmt: skip
_HDR_TRANSFERS = frozenset({16, 18})


class FileFacts:
    """Path, hash, size and date of an item.

    Args:
        path: The file.
        digest: Its hashes.
        size_bytes: Its size.
        modified_ns: Its last modification, nanoseconds since 1970.
    """

    __slots__ = ("modified_ns", "path", "sha256", "sha512", "size_bytes")

    def __init__(self, path: Path, digest: FileDigest, size_bytes: int, modified_ns: int) -> None:
        self.path = path
        self.sha256 = digest.sha256
        self.sha512 = digest.sha512
        self.size_bytes = size_bytes
        self.modified_ns = modified_ns

    @property
    def modified_utc(self) -> datetime:
        """Last modification."""
        return datetime.fromtimestamp(self.modified_ns / 1e9, UTC)


def first_frame(source: PacketStream) -> VideoFrame | None:
    """The first picture that decodes within the first packets; the stream stands anywhere afterwards."""
    for number, packet in enumerate(source.packets()):
        frames = source.decode(packet, number)
        if frames:
            return frames[0]
        if number >= HEAD_FRAME_PACKETS:
            break
    frames = source.flush()
    return frames[0] if frames else None


def video_info(facts: FileFacts, source: PacketStream, frame: VideoFrame, index: FrameIndex) -> MediaInfo:
    """Facts of a video.

    Args:
        facts: Of the file.
        source: Its open stream.
        frame: Its first picture.
        index: Its frames.
    """
    stream, container = source.stream, source.container
    orientation = orientation_of(frame)
    width, height = orientation.displayed_size(frame.width, frame.height)
    audio = next(iter(container.streams.audio), None)
    audio_context = audio.codec_context if audio is not None else None
    return MediaInfo(
        path=facts.path,
        sha256=facts.sha256,
        sha512=facts.sha512,
        size_bytes=facts.size_bytes,
        modified_utc=facts.modified_utc,
        kind=ItemKind.VIDEO,
        container=container.format.name,
        video_codec=source.codec,
        pixel_format=frame.format.name,
        bit_depth=max((c.bits for c in frame.format.components), default=8),
        color_space=_MATRICES.get(frame.colorspace, ""),
        color_range=_RANGES.get(frame.color_range, ""),
        color_primaries=_PRIMARIES.get(frame.color_primaries, ""),
        color_transfer=_TRANSFERS.get(frame.color_trc, ""),
        width_px=width,
        height_px=height,
        rate=_rate(index, stream.average_rate),
        duration_s=index.duration_s,
        rotation_deg=orientation.rotation_deg,
        is_vfr=index.is_vfr,
        frame_count=len(index),
        audio_codec=audio_context.codec.canonical_name if audio_context is not None else None,
        audio_rate_hz=audio_context.sample_rate if audio_context is not None else None,
        tags=_tags(container, stream.metadata),
    )


def video_notices(source: PacketStream, frame: VideoFrame) -> list[Notice]:
    """Peculiarities of a video that change how it is displayed."""
    notices: list[Notice] = []

    def note(code: str, message: str, count: int = 1) -> None:
        notices.append(Notice(Stage.MEDIA, code, message, count=count))

    orientation = orientation_of(frame)
    if not orientation.is_exact:
        note("odd_rotation", "The video asks for a turn that is no multiple of 90 degrees; the nearest was used.")
    if orientation.is_mirrored:
        note("mirrored", "The video asks to be mirrored for display; it is shown and examined that way.")
    ratio = source.stream.sample_aspect_ratio
    if ratio not in (None, 0, 1):
        note("non_square_pixels", f"The pixels are not square ({ratio}); the picture is examined as it is stored.")
    if frame.color_trc in _HDR_TRANSFERS:
        note("hdr", "The video has a high dynamic range; it is examined without tone mapping and looks flat.")
    if frame.interlaced_frame:
        note("interlaced", "The video is interlaced; it is examined as it is stored, with both fields in a frame.")
    count = len(source.container.streams.video)
    if count > 1:
        note("several_video_streams", "The file holds several video streams; one of them is examined.", count)
    return notices


def picture_info(facts: FileFacts, picture: PictureFacts, index: FrameIndex) -> MediaInfo:
    """Facts of a still or animated picture."""
    is_still = len(index) == 1
    return MediaInfo(
        path=facts.path,
        sha256=facts.sha256,
        sha512=facts.sha512,
        size_bytes=facts.size_bytes,
        modified_utc=facts.modified_utc,
        kind=ItemKind.IMAGE if is_still else ItemKind.VIDEO,
        container=picture.format_name.lower(),
        video_codec=picture.format_name.lower(),
        pixel_format=picture.pixel_format,
        bit_depth=picture.bit_depth,
        color_space="",
        color_range="",
        color_primaries="",
        color_transfer="",
        width_px=picture.width_px,
        height_px=picture.height_px,
        rate=None if is_still else index.rate,
        duration_s=0.0 if is_still else index.duration_s,
        rotation_deg=picture.rotation_deg,
        is_vfr=index.is_vfr,
        frame_count=len(index),
        tags=picture.tags,
    )


def picture_index(picture: PictureFacts) -> FrameIndex:
    """Index of a still or animated picture; its time stamps are milliseconds."""
    count = len(picture.starts_ms)
    pts = np.array(picture.starts_ms, dtype=np.int64)
    numbers = np.arange(count, dtype=np.int64)
    return FrameIndex(
        pts=pts,
        has_pts=np.ones(count, dtype=np.bool_),
        time_s=pts / 1000.0,
        is_key=np.ones(count, dtype=np.bool_),
        packet=numbers,
        last_duration_s=picture.last_ms / 1000.0,
        time_base=Fraction(1, 1000),
        method="image",
        seek_frames=numbers.copy(),
        packet_pts=pts.copy(),
        packet_dts=pts.copy(),
        first_frame=numbers.copy(),
    )


def _rate(index: FrameIndex, nominal: Fraction | None) -> Fraction | None:
    """The nominal rate where the time stamps bear it out, else the measured one."""
    measured = index.rate
    if measured is None:
        return nominal or None
    if nominal and abs(nominal / measured - 1) < Fraction(1, 500):
        return nominal
    return measured.limit_denominator(10_000)


def _tags(container: InputContainer, stream: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = [*container.metadata.items(), *((f"video:{key}", value) for key, value in stream.items())]
    return tuple((str(key), str(value)[:MAX_TAG_CHARS]) for key, value in pairs)
