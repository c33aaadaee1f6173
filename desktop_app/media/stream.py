"""The video stream of an item as numbered packets, and decoded pictures as displayed RGB.

Every packet carries its number in the order of the file through the decoder (`opaque`), so that a picture knows
its packet even where time stamps are missing or wrong. Decoding is single-threaded: damage is then concealed the
same way every time, and two decodes of one item give the same pixels.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, cast

import av
import numpy as np
from av.buffer import Buffer
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard, Disposition
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from desktop_app.domain import UInt8Array
from desktop_app.errors import InputError
from desktop_app.media.source import MAX_PIXELS, HashingFile, check_size, open_container

MAX_READ_ERRORS = 16
HD_MIN_HEIGHT_PX = 720
_SPC_UNSPECIFIED = 2
_SWS_BT709 = 1


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a stored picture is turned for display.

    Args:
        rotation_deg: Clockwise turn: 0, 90, 180 or 270.
        is_mirrored: Whether it is mirrored left to right before the turn.
        is_exact: Whether the item asked for just this, and not for an odd angle.
        stated_deg: The counter-clockwise angle as libav states it, to notice a change on the way.
    """

    rotation_deg: int = 0
    is_mirrored: bool = False
    is_exact: bool = True
    stated_deg: int = 0

    def apply(self, image: UInt8Array) -> UInt8Array:
        """Turn an (H, W, 3) picture."""
        if self.is_mirrored:
            image = image[:, ::-1]
        if self.rotation_deg:
            image = np.rot90(image, -self.rotation_deg // 90)
        return np.ascontiguousarray(image)

    def displayed_size(self, width_px: int, height_px: int) -> tuple[int, int]:
        """Width and height after the turn."""
        return (height_px, width_px) if self.rotation_deg in (90, 270) else (width_px, height_px)


UPRIGHT = Orientation()


def orientation_of(frame: VideoFrame) -> Orientation:
    """Orientation from a picture's display matrix (ISO/IEC 14496-12, 6.2.2: row vectors, 16.16 fixed point).

    For one picture of an item only: the look at its side data ties it into a cycle that holds it in memory.
    """
    if "DISPLAYMATRIX" not in frame.side_data:
        return UPRIGHT
    side_data: Mapping[str, Buffer] = cast("Mapping[str, Buffer]", frame.side_data)
    raw = np.frombuffer(memoryview(side_data["DISPLAYMATRIX"]), dtype="=i4", count=9)
    a, b, c, d = (float(raw[i]) for i in (0, 1, 3, 4))
    is_mirrored = a * d - b * c < 0
    if is_mirrored:
        a, b = -a, -b
    angle = float(np.degrees(np.arctan2(b, a))) % 360.0
    nearest = round(angle / 90.0) * 90
    return Orientation(nearest % 360, is_mirrored, abs(angle - nearest) < 1.0, frame.rotation)


def to_rgb(frame: VideoFrame, orientation: Orientation) -> UInt8Array:
    """Displayed (H, W, 3) uint8 RGB of a decoded picture; the one place, so that every path gives the same pixels.

    The matrix is the tagged one; without a tag BT.709 from 720 lines up and BT.601 below, as players do.

    Args:
        frame: The picture.
        orientation: Of the item, as its first picture states it.
    """
    is_untagged = frame.colorspace in (0, _SPC_UNSPECIFIED) and not frame.format.is_rgb
    matrix = _SWS_BT709 if is_untagged and frame.height >= HD_MIN_HEIGHT_PX else None
    # A fresh converter each time: one that is kept would hold the picture in the decoder's memory.
    rgb = VideoReformatter().reformat(
        frame, format="rgb24", src_colorspace=matrix, interpolation=Interpolation.BILINEAR, threads=1
    )
    image: UInt8Array = rgb.to_ndarray().astype(np.uint8, copy=False)
    if frame.rotation != orientation.stated_deg:
        orientation = Orientation(round(-frame.rotation / 90) * 90 % 360)
    return orientation.apply(image)


def checksum(frame: VideoFrame) -> int:
    """CRC-32 of a decoded picture's samples, without the padding of its rows."""
    widths = [0] * len(frame.planes)
    for component in frame.format.components:
        widths[component.plane] += (component.bits + 7) // 8
    value = 0
    for plane, step in zip(frame.planes, widths, strict=True):
        rows = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(plane.height, -1)
        value = zlib.crc32(np.ascontiguousarray(rows[:, : plane.width * step]).data, value)
    return value


class PacketStream:
    """The packets of an item's video stream and their decoder.

    Args:
        file: The item, open for reading; stays the caller's to close.
        skip_other_streams: Whether sound is passed over unread.
    """

    def __init__(self, file: HashingFile | BinaryIO, skip_other_streams: bool = True) -> None:
        self._file = file
        self._skip_other_streams = skip_other_streams
        self.read_errors = 0
        self.decode_errors = 0
        self._open()

    def _open(self) -> None:
        self._container: InputContainer = open_container(self._file)
        try:
            self.stream = pick_stream(self._container)
            if self._skip_other_streams:
                for stream in self._container.streams:
                    if stream.index != self.stream.index:
                        stream.discard = Discard.all
            context = self.stream.codec_context
            context.thread_type = "SLICE"
            context.thread_count = 1
            context.copy_opaque = True
            context.options = {"max_pixels": str(MAX_PIXELS)}
        except BaseException:
            self._container.close()
            raise

    def rewind(self, skip_other_streams: bool | None = None) -> None:
        """Go back to the first packet with nothing remembered."""
        if skip_other_streams is not None:
            self._skip_other_streams = skip_other_streams
        self.read_errors = self.decode_errors = 0
        self._container.close()
        self._file.seek(0)
        self._open()

    @property
    def container(self) -> InputContainer:
        """The open container."""
        return self._container

    @property
    def codec(self) -> str:
        """Name of the codec."""
        return self.stream.codec_context.codec.canonical_name

    def packets(self) -> Iterator[Packet[VideoStream]]:
        """Packets with content from the current position on.

        Read errors are stepped over, as players do, and counted.
        """
        in_a_row = 0
        while in_a_row < MAX_READ_ERRORS:
            try:
                for packet in self._container.demux(self.stream):
                    in_a_row = 0
                    if packet.size:  # an empty packet would end the decoder's work
                        yield packet
                return
            except (av.FFmpegError, OSError):
                self.read_errors += 1
                in_a_row += 1

    def decode(self, packet: Packet[VideoStream], number: int) -> list[VideoFrame]:
        """Pictures that a packet completes; errors are counted, not raised.

        Args:
            packet: As `packets` gave it.
            number: Its number in the order of the file, found again by `packet_number`.
        """
        packet.opaque = (number, object())  # a fresh object: the binding keys on identity
        return self._decode(packet)

    def skip_unreferenced(self, is_on: bool) -> None:
        """Whether the decoder leaves out pictures that no other picture is predicted from."""
        self.stream.codec_context.skip_frame = "NONREF" if is_on else "DEFAULT"

    def flush(self) -> list[VideoFrame]:
        """Pictures that the decoder still holds, at the end of the packets."""
        return self._decode(None)

    def _decode(self, packet: Packet[VideoStream] | None) -> list[VideoFrame]:
        try:
            return self.stream.decode(packet)
        except (av.FFmpegError, MemoryError):
            self.decode_errors += 1
            return []

    def reset_decoder(self) -> None:
        """Make the decoder forget all pictures and its end."""
        self.stream.codec_context.flush_buffers()

    def seek(self, pts: int) -> None:
        """Go to a keyframe near a time stamp and forget the decoder's state."""
        self._container.seek(pts, stream=self.stream, backward=True)

    def close(self) -> None:
        """Release the container."""
        self._container.close()


def packet_number(frame: VideoFrame) -> int | None:
    """Number of the packet that a picture came from, None where the decoder lost it."""
    mark = frame.opaque
    return int(mark[0]) if isinstance(mark, tuple) else None


def pick_stream(container: InputContainer) -> VideoStream:
    """The first real video stream.

    Raises:
        InputError: There is none, or its codec or size cannot be handled.
    """
    pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not pictures:
        if container.streams.audio:
            raise InputError(
                "This file holds sound only, no pictures.", "Cotejo examines faces: choose a video or a picture."
            )
        raise InputError("There is no video in this file.", "Choose a video or a picture.")
    stream = next((s for s in pictures if s.disposition & Disposition.default), pictures[0])
    if stream.codec_context is None:
        raise InputError(
            "The video in this file is of a kind that cannot be decoded.", "Convert a copy to MP4 and say so."
        )
    check_size(stream.codec_context.width, stream.codec_context.height)
    return stream
