"""Traces of a still or animated picture: EXIF, XMP, preview, quantisation and what lies behind its end."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

import numpy as np
from PIL import ExifTags, Image

from desktop_app.domain import UInt8Array
from desktop_app.domain.traces import Trace
from desktop_app.errors import InputError
from desktop_app.media.images import open_picture, readable_errors, to_rgb
from desktop_app.media.provenance.catalogue import clean, found
from desktop_app.media.provenance.dates import date_traces, parse_date, plausible
from desktop_app.media.provenance.hashes import bits_between, picture_hash
from desktop_app.media.provenance.jpeg import bytes_after_end, find_two_compressions, tables_of
from desktop_app.media.provenance.software import device_of, software_traces
from desktop_app.media.provenance.xmp import xmp_pairs
from desktop_app.media.source import check_size

MAX_THUMBNAIL_BYTES = 1024 * 1024
MAX_LOOKED_BYTES = 128 * 1024 * 1024
DIFFERING_BITS = 16
MAX_PAIRS = 80

_Base, _IFD = ExifTags.Base, ExifTags.IFD
_TEXT_INFO = ("comment", "Software", "parameters", "prompt", "workflow", "Comment", "Description", "Source", "Author")
_EXIF_HEAD = b"Exif\x00\x00"


@dataclass(slots=True)
class PictureTraces:
    """What a picture tells; the fields are those of `ItemTraces`."""

    container: tuple[tuple[str, str], ...] = ()
    streams: tuple[tuple[tuple[str, str], ...], ...] = ()
    location: tuple[float, float] | None = None
    thumbnail: bytes | None = None
    perceptual_hash: tuple[str, ...] = ()
    findings: list[Trace] = field(default_factory=list)


@dataclass(slots=True)
class _Exif:
    texts: list[tuple[str, str]] = field(default_factory=list)
    created: list[datetime] = field(default_factory=list)
    modified: list[datetime] = field(default_factory=list)
    location: tuple[float, float] | None = None
    stated_size: tuple[int, int] | None = None
    thumbnail: bytes | None = None


def picture_kind(file: BinaryIO) -> str:
    """Format of a picture in small letters, such as ``"jpeg"``.

    Raises:
        InputError: It is damaged or none.
    """
    with readable_errors(), open_picture(file) as image:
        return str(image.format).lower()


def read_picture(file: BinaryIO, file_modified: datetime) -> PictureTraces:
    """Read the traces of a picture.

    Args:
        file: The picture, open for reading.
        file_modified: Date of the file.

    Raises:
        InputError: It is damaged or too large.
    """
    traces = PictureTraces()
    with readable_errors(), open_picture(file) as image:
        check_size(*image.size)
        exif = _read_exif(image)
        texts = [*exif.texts, *_info_texts(image)]
        traces.location, traces.thumbnail = exif.location, exif.thumbnail
        traces.container = _container(image, texts)
        device = device_of(texts)
        traces.findings += software_traces(texts, device)
        traces.findings += _history_traces(texts)
        if exif.created or exif.modified:
            traces.findings += date_traces(exif.created or exif.modified, exif.modified, 0.0, file_modified)
        if not device:
            traces.findings.append(found("camera_data_absent"))
        stored = image.size
        is_jpeg = image.format in ("JPEG", "MPO")
        quantisation = dict(getattr(image, "quantization", {}))
        traces.findings += _size_traces(exif.stated_size, stored)
        picture = to_rgb(image)
    hashed = picture_hash(picture)
    traces.perceptual_hash = (hashed,) if hashed else ()
    traces.findings += thumbnail_traces(traces.thumbnail, _unturned(picture, stored))
    if is_jpeg:
        traces.findings += _jpeg_traces(file, quantisation)
    traces.findings += _end_traces(file)
    return traces


def _container(image: Image.Image, texts: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    facts = [("format", str(image.format)), ("width", str(image.width)), ("height", str(image.height))]
    facts += [("mode", image.mode), ("frame_count", str(getattr(image, "n_frames", 1)))]
    if image.info.get("progressive"):
        facts.append(("progressive", "yes"))
    if image.info.get("icc_profile"):
        facts.append(("icc_profile_bytes", str(len(image.info["icc_profile"]))))
    return tuple((key, clean(value, 1_000)) for key, value in [*facts, *texts][:MAX_PAIRS])


def _read_exif(image: Image.Image) -> _Exif:
    exif, data = _Exif(), image.getexif()
    main, details, place = dict(data), data.get_ifd(_IFD.Exif), data.get_ifd(_IFD.GPSInfo)
    for number, value in (*main.items(), *details.items()):
        if isinstance(value, (str, int, float)) or number == _Base.UserComment:
            text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
            exif.texts.append((ExifTags.TAGS.get(number, str(number)), clean(text.replace("\0", ""), 1_000)))
    zone = str(details.get(_Base.OffsetTimeOriginal, "")).strip("\0 ")
    for tag, dates in ((_Base.DateTimeOriginal, exif.created), (_Base.DateTimeDigitized, exif.created)):
        _add_date(dates, details.get(tag), zone)
    _add_date(exif.modified, main.get(_Base.DateTime), str(details.get(_Base.OffsetTime, zone)).strip("\0 "))
    exif.location = _location(place)
    width, height = details.get(_Base.ExifImageWidth), details.get(_Base.ExifImageHeight)
    if isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0:
        exif.stated_size = (width, height)
    exif.thumbnail = _exif_thumbnail(image, data)
    return exif


def _add_date(dates: list[datetime], value: object, zone: str) -> None:
    date = parse_date(f"{str(value).strip(chr(0))}{zone}") if value else None
    if date is not None:
        dates.append(date)


def _location(place: dict[int, object]) -> tuple[float, float] | None:
    """Degrees of the GPS directory (EXIF 2.32, 4.6.6): three fractions and a letter each."""
    try:
        latitude, longitude = (
            sum(float(part) / 60**power for power, part in enumerate(place[tag]))  # type: ignore[arg-type, var-annotated]
            * (-1 if str(place.get(tag - 1, "")).strip("\0 ") in ("S", "W") else 1)
            for tag in (ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLongitude)
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return plausible(latitude, longitude)


def _exif_thumbnail(image: Image.Image, data: Image.Exif) -> bytes | None:
    """The preview of the second image directory, None where it does not lie within the EXIF data."""
    second = data.get_ifd(_IFD.IFD1)
    start, count = second.get(_Base.JpegIFOffset), second.get(_Base.JpegIFByteCount)
    blob = image.info.get("exif")
    if not isinstance(start, int) or not isinstance(count, int) or not isinstance(blob, bytes):
        return None
    blob = blob.removeprefix(_EXIF_HEAD)
    if not 0 < count <= MAX_THUMBNAIL_BYTES or start < 0 or start + count > len(blob):
        return None
    return blob[start : start + count]


def _info_texts(image: Image.Image) -> Iterator[tuple[str, str]]:
    for key, value in image.info.items():
        if key in _TEXT_INFO:
            text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
            yield str(key), clean(text, 1_000)
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    yield from xmp_pairs(packet if isinstance(packet, bytes) else str(packet).encode("utf-8", "replace"))


def _history_traces(texts: list[tuple[str, str]]) -> Iterator[Trace]:
    steps = [value for key, value in texts if key == "history"]
    if steps:
        yield found("xmp_history", names=", ".join(steps[:8]))
    derived = [value for key, value in texts if key == "derived"]
    if derived:
        yield found("derived", document=derived[0])


def _size_traces(stated: tuple[int, int] | None, actual: tuple[int, int]) -> Iterator[Trace]:
    if stated and sorted(stated) != sorted(actual):
        yield found("size_differs", stated="{} x {}".format(*stated), actual="{} x {}".format(*actual))


def _unturned(picture: UInt8Array, stored: tuple[int, int]) -> UInt8Array:
    """The picture as it lies in the file, as far as its sides tell: a preview is not turned."""
    return np.rot90(picture) if picture.shape[1::-1] != stored else picture


def thumbnail_traces(thumbnail: bytes | None, picture: UInt8Array) -> list[Trace]:
    """Findings on an embedded preview.

    Args:
        thumbnail: The preview as it lies in the file.
        picture: (H, W, 3) uint8 RGB of what it should show.
    """
    if thumbnail is None:
        return []
    try:
        with readable_errors(), Image.open(io.BytesIO(thumbnail), formats=("JPEG", "PNG")) as image:
            check_size(*image.size)
            small = np.array(image.convert("RGB"), dtype=np.uint8)
    except InputError:
        return []
    traces = [found("thumbnail", width=small.shape[1], height=small.shape[0])]
    expected = picture_hash(np.ascontiguousarray(picture))
    # cameras fit previews of another shape with black bars: only the middle of the picture's shape is compared
    turns = [picture_hash(_same_shape(np.rot90(small, turn), picture)) for turn in range(4)]
    distances = [bits_between(turn, expected) for turn in turns if turn and expected]
    if distances and min(distances) >= DIFFERING_BITS:
        traces.append(found("thumbnail_differs", bits=min(distances)))
    return traces


def _same_shape(small: UInt8Array, picture: UInt8Array) -> UInt8Array:
    height, width = small.shape[:2]
    aspect = picture.shape[1] / picture.shape[0]
    keep_width, keep_height = min(width, round(height * aspect)), min(height, round(width / aspect))
    left, top = (width - keep_width) // 2, (height - keep_height) // 2
    return np.ascontiguousarray(small[top : top + max(1, keep_height), left : left + max(1, keep_width)])


def _jpeg_traces(file: BinaryIO, quantisation: dict[int, list[int]]) -> Iterator[Trace]:
    tables = tables_of(quantisation)
    if tables is None:
        return
    yield found("jpeg_quality", quality=tables.quality, tables="standard" if tables.is_standard else "own")
    file.seek(0)
    with readable_errors(), open_picture(file) as image:
        earlier = find_two_compressions(image)
    if earlier is not None:
        yield found("jpeg_twice", first=earlier.first, last=tables.quality, gain=f"{earlier.gain:.2f}")


def _end_traces(file: BinaryIO) -> Iterator[Trace]:
    file.seek(0)
    data = file.read(MAX_LOOKED_BYTES)
    if data[:3] == b"\xff\xd8\xff":
        after = bytes_after_end(data)
    elif data[:4] == b"\x89PNG":
        end = data.rfind(b"IEND\xaeB`\x82")
        after = len(data) - end - 8 if end >= 0 else 0
    else:
        after = 0
    if after:
        yield found("data_after_end", size_bytes=after)
