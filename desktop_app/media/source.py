"""Opening an item read-only, hashing it as it is read, and giving libav nothing but its bytes.

libav never sees a file name: it reads from a Python file object, and every attempt of a demuxer to open something
else (a playlist's segments, a `concat` list, a network address, an external track) is refused.
"""

import os
from pathlib import Path
from typing import BinaryIO, NoReturn

import av
from av.container import InputContainer

from desktop_app.errors import InputError
from desktop_app.files import HASH_BYTES, FileDigest, open_read_only
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress

MAX_SIDE_PX = 16_384
MAX_PIXELS = 89_478_485  # Pillow's own limit against decompression bombs; 16K video lies above it, 12K below
MAX_FRAMES = 10_000_000
READ_BYTES = 256 * 1024

# Self-contained formats only: nothing that names other files (hls, dash, concat, image2, sdp, …).
VIDEO_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,flv,asf,ogg,h264,hevc,mjpeg,ivf,obu,av1,"
    "mxf,nut,dv,h263,vc1"
)
AUDIO_FORMATS = "mp3,wav,w64,flac,aac,aiff,ac3,eac3,amr,caf"  # to say "sound only" instead of "not readable"

_NOT_MEDIA = "This file is not a video or picture that can be read."
_NOT_MEDIA_HINT = "It may be damaged, incomplete or of another kind. Ask for the original file."


class HashingFile:
    """A read-only file that hashes its bytes the first time they pass by in order.

    Args:
        path: The file.
        on_progress: Told of hashed bytes, stage ``"hash"``.
        cancel: Looked at on every read.
    """

    def __init__(
        self, path: Path, on_progress: ProgressFn = ignore_progress, cancel: CancelToken | None = None
    ) -> None:
        self._file = open_read_only(path)
        self._size_bytes = os.fstat(self._file.fileno()).st_size
        self._digest = FileDigest()
        self._hashed = 0
        self._position = 0
        self._on_progress = on_progress
        self._cancel = cancel or CancelToken()
        self.name = "item" + path.suffix.lower()

    def read(self, count: int) -> bytes:
        """Up to `count` bytes from the current position."""
        data = self._file.read(count)
        start, end = self._position, self._position + len(data)
        self._position = end
        if start <= self._hashed < end:
            self._digest.update(data[self._hashed - start :])
            self._hashed = end
            self._on_progress(Progress("hash", self._hashed, self._size_bytes))
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the position as `io.RawIOBase.seek` does."""
        self._position = self._file.seek(offset, whence)
        return self._position

    def tell(self) -> int:
        """The current position."""
        return self._position

    def readable(self) -> bool:
        """Always true."""
        return True

    def seekable(self) -> bool:
        """Always true."""
        return True

    def finish(self) -> FileDigest:
        """Hash what has not passed by yet.

        Returns:
            The hashes of the whole file.

        Raises:
            Cancelled: The token was cancelled.
        """
        self.seek(self._hashed)
        while self.read(HASH_BYTES):
            self._cancel.check()
        return self._digest

    def close(self) -> None:
        """Release the file."""
        self._file.close()


def _refuse_nested(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise PermissionError("an item must not open anything but itself")


def open_container(file: HashingFile | BinaryIO) -> InputContainer:
    """Open the container in a file object.

    Raises:
        InputError: It is none of the self-contained formats, or damaged beyond reading.
    """
    try:
        container = av.open(
            file,
            mode="r",
            options={"max_pixels": str(MAX_PIXELS)},
            container_options={
                "format_whitelist": f"{VIDEO_FORMATS},{AUDIO_FORMATS}",
                "protocol_whitelist": "none",
            },
            metadata_errors="replace",
            buffer_size=READ_BYTES,
            io_open=_refuse_nested,
        )
    except (av.FFmpegError, ValueError, PermissionError) as error:
        raise InputError(_NOT_MEDIA, _NOT_MEDIA_HINT) from error
    if not isinstance(container, InputContainer):
        raise InputError(_NOT_MEDIA, _NOT_MEDIA_HINT)
    return container


def check_size(width_px: int, height_px: int) -> None:
    """Refuse pictures that would exhaust the memory.

    Raises:
        InputError: The size is zero or beyond `MAX_SIDE_PX` or `MAX_PIXELS`.
    """
    if width_px <= 0 or height_px <= 0:
        raise InputError("The size of the picture is missing from the file.", _NOT_MEDIA_HINT)
    if max(width_px, height_px) > MAX_SIDE_PX or width_px * height_px > MAX_PIXELS:
        raise InputError(
            f"The picture is too large to examine safely: {width_px} x {height_px} pixels.",
            f"Up to {MAX_SIDE_PX} pixels a side and {MAX_PIXELS // 1_000_000} million in all can be read. "
            "Such a size can also be a sign of a damaged or malicious file.",
        )
