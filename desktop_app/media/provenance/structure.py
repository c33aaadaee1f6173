"""Container and streams as MediaInfo describes them, or as libav does where MediaInfo cannot be used.

Both read the file through a file object, so neither can open another file or an address that it names.
"""

import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO

from desktop_app.media.provenance.catalogue import clean
from desktop_app.media.source import open_container

Pairs = tuple[tuple[str, str], ...]

MAX_PAIRS = 80
# pymediainfo: parsing with different options at the same time confuses the library
_LOCK = threading.Lock()

_CONTAINER_KEYS = (
    "format", "format_version", "format_profile", "codec_id", "codecid_compatible", "file_size", "duration",
    "overall_bit_rate_mode", "overall_bit_rate", "frame_rate", "frame_count", "isstreamable", "encoded_date",
    "tagged_date", "recorded_date", "mastered_date", "writing_application", "writing_library", "encoded_application",
    "encoded_by", "encoded_hardware_companyname", "encoded_hardware_name", "performer", "title", "movie_name",
    "comment", "description", "copyright",
)  # fmt: skip
_STREAM_KEYS = (
    "track_type", "format", "format_profile", "format_settings", "codec_id", "duration", "bit_rate_mode", "bit_rate",
    "maximum_bit_rate", "width", "height", "pixel_aspect_ratio", "display_aspect_ratio", "rotation",
    "frame_rate_mode", "frame_rate", "minimum_frame_rate", "maximum_frame_rate", "frame_count", "color_space",
    "chroma_subsampling", "bit_depth", "scan_type", "color_range", "color_primaries", "transfer_characteristics",
    "matrix_coefficients", "channel_s", "channel_layout", "sampling_rate", "delay", "title", "language",
    "writing_library", "encoding_settings", "encoded_date", "tagged_date", "default",
)  # fmt: skip
# names of the file and addresses of MediaInfo's own are no facts of the file
_DROPPED = ("other_", "complete_name", "folder_name", "file_name", "file_extension", "file_creation", "file_last",
            "count", "kind_of_stream", "stream_identifier", "stream_size", "proportion", "format_url", "format_info",
            "format_extensions", "codec_id_url", "codec_id_info", "commercial_name", "internet_media", "track_type",
            "cover_data")  # fmt: skip


def describe(file: BinaryIO) -> tuple[Pairs, tuple[Pairs, ...], Pairs] | None:
    """Structure of a file as MediaInfo describes it.

    Returns:
        Pairs of the container, of each stream, and all texts for the search for programs and devices; None where the
        library is missing or fails.
    """
    try:
        from pymediainfo import MediaInfo

        with _LOCK:
            tracks = MediaInfo.parse(file, encoding_errors="replace", mediainfo_options=_OPTIONS).tracks
    except (ImportError, OSError, RuntimeError, ValueError, AttributeError, ElementTree.ParseError):
        return None
    records: list[dict[str, object]] = [track.to_data() for track in tracks]
    general = next((record for record in records if record.get("track_type") == "General"), None)
    if general is None or not general.get("format"):
        return None
    streams = [record for record in records if record is not general]
    texts = [(key, str(value)) for record in records for key, value in record.items() if not key.startswith(_DROPPED)]
    rest = [key for key in general if key not in _CONTAINER_KEYS and not key.startswith((*_DROPPED, *_NUMBERS))]
    chosen = _chosen(general, (*_CONTAINER_KEYS, *rest))
    return chosen, tuple(_chosen(record, _STREAM_KEYS) for record in streams), tuple(texts)


_OPTIONS = {"File_TestContinuousFileNames": "0"}
_NUMBERS = ("headersize", "datasize", "footersize", "video_", "audio_", "codecs_", "text_", "image_", "other_", "menu_")


def _chosen(record: Mapping[str, object], keys: Iterable[str]) -> Pairs:
    pairs = [(key, clean(str(record[key]), 1_000)) for key in keys if record.get(key) not in (None, "")]
    return tuple(pairs[:MAX_PAIRS])


def describe_by_libav(file: BinaryIO) -> tuple[Pairs, tuple[Pairs, ...], Pairs]:
    """The same from libav, in less detail.

    Raises:
        InputError: It is no file that can be read.
    """
    container = open_container(file)
    try:
        general = {"format": container.format.name, "duration": _milliseconds(container.duration), **container.metadata}
        streams = [
            {
                "track_type": stream.type.capitalize(),
                "format": stream.codec_context.codec.canonical_name if stream.codec_context else "",
                "frame_count": str(stream.frames or ""),
                **stream.metadata,
            }
            for stream in container.streams
        ]
    finally:
        container.close()
    everything = [_chosen(record, record) for record in (general, *streams)]
    return everything[0], tuple(everything[1:]), tuple(pair for pairs in everything for pair in pairs)


def libav_tags(file: BinaryIO) -> Pairs:
    """Tags of the container and its streams, as libav reads them."""
    container = open_container(file)
    try:
        records = [container.metadata, *(stream.metadata for stream in container.streams)]
        return tuple((str(key), clean(str(value), 1_000)) for record in records for key, value in record.items())
    finally:
        container.close()


def _milliseconds(duration: int | None) -> str:
    return str(duration // 1000) if duration else ""


Describer = Callable[[BinaryIO], tuple[Pairs, tuple[Pairs, ...], Pairs] | None]
