"""Still and animated pictures. Pillow reads them; the header is judged before a single pixel is unpacked.

A still picture is an item of one frame. Animated GIF, WebP and PNG are videos whose time stamps count milliseconds.
Of files with several separate pages or views (TIFF, MPO) only the first is examined, with a notice; of HEIF files the
primary one.
"""

import contextlib
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import ExifTags, Image, ImageOps

from desktop_app.domain import Notice, Stage, UInt8Array
from desktop_app.errors import InputError
from desktop_app.files import open_read_only
from desktop_app.media.source import check_size
from desktop_app.progress import CancelToken

MAX_ANIMATION_FRAMES = 5_000
MAX_TAG_CHARS = 1_000
DEFAULT_FRAME_MS = 100  # what browsers take for frames without a duration
BACKGROUND_RGB = (255, 255, 255)

_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "MPO", "AVIF")
_ANIMATED = frozenset({"GIF", "WEBP", "PNG", "AVIF"})
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"II*\x00", b"MM\x00*", b"GIF87a", b"GIF89a")
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    EOFError,
    OverflowError,
    ZeroDivisionError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zlib.error,
)
_ROTATION_OF_EXIF = {1: 0, 2: 0, 3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}
_TEXT_TAGS = frozenset({"comment", "Software", "Author", "Description", "Title", "Copyright", "Source"})


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What is known of a picture file.

    Args:
        format_name: Such as ``"JPEG"``.
        pixel_format: Pillow's mode, such as ``"RGB"`` or ``"I;16"``.
        bit_depth: Bits per component.
        width_px, height_px: As displayed.
        rotation_deg: Clockwise turn that the EXIF data ask for.
        starts_ms: Time of each frame in milliseconds.
        last_ms: How long the last frame is displayed, 0 for a still picture.
        tags: Descriptive tags.
        notices: What the user must know.
    """

    format_name: str
    pixel_format: str
    bit_depth: int
    width_px: int
    height_px: int
    rotation_deg: int
    starts_ms: tuple[int, ...]
    last_ms: int
    tags: tuple[tuple[str, str], ...]
    notices: tuple[Notice, ...]


def is_picture(path: Path, head: bytes) -> bool:
    """Whether a file is a picture rather than a video, by its first 32 bytes (and by name for raw motion JPEG)."""
    if path.suffix.lower() in (".mjpg", ".mjpeg"):
        return False
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return True
    return head.startswith(_MAGIC) or head[4:12] in (b"ftypavif", b"ftypavis") or is_heif(head)


def is_heif(head: bytes) -> bool:
    """Whether a file is a HEIF picture, whose tiles a video decoder would take for whole pictures."""
    return head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc")


def open_picture(file: BinaryIO) -> Image.Image:
    """A picture of a kind that can be examined, its pixels not yet unpacked; call it within `readable_errors`.

    Args:
        file: Open for reading.
    """
    file.seek(0)
    head = file.read(12)
    file.seek(0)
    if not is_heif(head):
        return Image.open(file, formats=_FORMATS)
    # only now: few items are HEIF, and its library takes time to load
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    return Image.open(file, formats=("HEIF",))


@contextlib.contextmanager
def readable_errors() -> Iterator[None]:
    """Turn whatever Pillow raises on a damaged picture into an `InputError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except InputError:
        raise
    except Image.DecompressionBombError as error:
        raise InputError(
            "The picture is too large to examine safely.",
            "Such a size can be a sign of a damaged or malicious file.",
        ) from error
    except _BROKEN as error:
        raise InputError(
            "This picture is damaged or incomplete and cannot be read.",
            "Ask for the original file; a screenshot is no substitute.",
        ) from error


def probe_picture(file: BinaryIO, head: bytes, cancel: CancelToken) -> PictureFacts:
    """Read the facts of a picture and prove that its frames unpack.

    Args:
        file: The picture.
        head: Its first 32 bytes.
        cancel: Stops the work.

    Raises:
        InputError: It is damaged, too large or has too many frames.
        Cancelled: The token was cancelled.
    """
    notices: list[Notice] = []
    with readable_errors(), open_picture(file) as image:
        check_size(*image.size)
        name, mode, depth = str(image.format), image.mode, _bit_depth(image, head)
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
        rotation = _ROTATION_OF_EXIF.get(orientation, 0) if isinstance(orientation, int) else 0
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            message = "The picture has transparent parts; they are examined over white."
            notices.append(Notice(Stage.MEDIA, "alpha_flattened", message))
        tags = _tags(image)
        starts, last = _frame_times(image, cancel, notices)
        _go_to(image, 0)
        height, width = to_rgb(image).shape[:2]
    return PictureFacts(name, mode, depth, width, height, rotation, starts, last, tags, tuple(notices))


def _go_to(image: Image.Image, index: int) -> None:
    # a HEIF file opens at its primary picture, which need not be its first
    if image.format != "HEIF":
        image.seek(index)


def _frame_times(image: Image.Image, cancel: CancelToken, notices: list[Notice]) -> tuple[tuple[int, ...], int]:
    count = getattr(image, "n_frames", 1)
    if count > 1 and image.format not in _ANIMATED:
        message = "The file holds several pictures; only the first or main one is examined."
        notices.append(Notice(Stage.MEDIA, "only_first_picture", message, count=count))
        count = 1
    if count == 1:
        return (0,), 0
    if count > MAX_ANIMATION_FRAMES:
        raise InputError(
            f"This animation has too many frames ({count}).", f"Up to {MAX_ANIMATION_FRAMES} can be examined."
        )
    starts, time_ms = [], 0
    for number in range(count):
        cancel.check()
        image.seek(number)
        image.load()
        starts.append(time_ms)
        duration = int(image.info.get("duration") or 0) or DEFAULT_FRAME_MS
        time_ms += max(1, duration)
    return tuple(starts), time_ms - starts[-1]


def to_rgb(image: Image.Image) -> UInt8Array:
    """Displayed (H, W, 3) uint8 RGB: turned by EXIF, 16 bits scaled to 8, transparency over white."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        return _scaled_grey(np.asarray(image))
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("RGBA")
        base = Image.new("RGBA", layer.size, (*BACKGROUND_RGB, 255))
        image = Image.alpha_composite(base, layer)
    return np.array(image.convert("RGB"), dtype=np.uint8)


def _scaled_grey(values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> UInt8Array:
    samples = np.nan_to_num(values.astype(np.float64))
    if values.dtype == np.uint16:
        samples = samples / 257.0
    elif values.dtype.kind == "f":
        samples = samples * 255.0 if samples.max(initial=0.0) <= 1.0 else samples
    elif samples.max(initial=0.0) > 255.0:
        samples = samples / 257.0
    grey = np.clip(np.rint(samples), 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _bit_depth(image: Image.Image, head: bytes) -> int:
    if image.mode == "1":
        return 1
    if image.mode.startswith("I;16"):
        return 16
    if image.mode in ("I", "F"):
        return 32
    tags = getattr(image, "tag_v2", None)
    if tags is not None:
        bits = tags.get(258, (8,))
        return int(max(bits)) if isinstance(bits, tuple) else int(bits)
    if image.format == "HEIF":
        return int(image.info.get("bit_depth", 8))
    return max(8, head[24]) if image.format == "PNG" else 8


def _tags(image: Image.Image) -> tuple[tuple[str, str], ...]:
    found = [
        (ExifTags.TAGS.get(key, str(key)), str(value).strip("\x00 ")[:MAX_TAG_CHARS])
        for key, value in image.getexif().items()
        if isinstance(value, (str, int, float)) and not isinstance(value, bool)
    ]
    for key, value in image.info.items():
        if key in _TEXT_TAGS:
            text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
            found.append((str(key), text[:MAX_TAG_CHARS]))
    return tuple(found)


class PictureReader:
    """Frames of a still or animated picture.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._file = open_read_only(path)
        try:
            self._open()
        except BaseException:
            self._file.close()
            raise

    def _open(self) -> None:
        with readable_errors():
            self._image: Image.Image = open_picture(self._file)
            check_size(*self._image.size)

    def image_at(self, index: int) -> UInt8Array:
        """Displayed (H, W, 3) uint8 RGB of a frame.

        Raises:
            InputError: The frame is damaged.
        """
        if index < self._image.tell() and self._image.format != "HEIF":
            self._open()  # Pillow's own way back is not safe for every animated format
        with readable_errors():
            _go_to(self._image, index)
            return to_rgb(self._image)

    def close(self) -> None:
        """Release the file."""
        self._image.close()
        self._file.close()
