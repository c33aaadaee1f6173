"""The boxes of an ISO base media file (ISO/IEC 14496-12): MP4, MOV, 3GP, HEIF and AVIF.

Sizes in a file are claims: a box never reaches beyond its parent, the number and depth of boxes and the bytes read of
each are bounded, and whatever contradicts itself becomes a problem that is reported.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

MAX_BOXES = 20_000
MAX_DEPTH = 10
MAX_PAYLOAD = 256 * 1024
MAX_FREE_LOOK = 64 * 1024
MAX_ENTRIES = 1_000

_HOLDERS = frozenset({"moov", "trak", "edts", "mdia", "minf", "stbl", "udta", "mvex", "moof", "traf"})
_KNOWN = frozenset(
    "ftyp styp moov mdat free skip wide pnot uuid meta moof mfra sidx ssix emsg prft pdin jumb iods mvhd trak "
    "udta mvex tkhd edts mdia elst mdhd hdlr minf vmhd smhd hmhd nmhd sthd gmhd gmin tmcd tcmi dinf dref stbl "
    "stsd stts ctts cslg stsc stsz stz2 stco co64 stss stps sdtp sgpd sbgp saiz saio subs padb stdp tref tapt "
    "clef prof enof load text mehd trex leva mfhd traf tfhd tfdt trun mfro tfra ilst keys iloc iinf iprp idat "
    "pitm iref ipro mdta ludt cprt loci kind strk elng alis name meco mere XMP_ prfl ctab clip matt imap chpl "
    "ID32 data gpmd colr".split()
)
_FULL_META_VERSION = b"\x00\x00\x00\x00"


@dataclass(frozen=True, slots=True)
class Box:
    """One box.

    Args:
        path: Types from the outermost inwards, such as ``("moov", "trak")``.
        start: Where it begins in the file.
        body: Where its content begins.
        end: Where it ends.
    """

    path: tuple[str, ...]
    start: int
    body: int
    end: int

    @property
    def kind(self) -> str:
        """Its own type."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of an edit list.

    Args:
        duration_s: How long it plays.
        start_s: Where in the media it begins, None for an empty edit.
        rate: Speed.
    """

    duration_s: float
    start_s: float | None
    rate: float


@dataclass(slots=True)
class TrackBoxes:
    """What the boxes of a track state; dates are seconds since 1904, 0 where not set."""

    handler: str = ""
    handler_name: str = ""
    created: int = 0
    modified: int = 0
    scale: int = 0
    duration: int = 0
    raw_edits: list[tuple[int, int, float]] = field(default_factory=list)
    descriptions: int = 0

    @property
    def duration_s(self) -> float:
        """Length of the media, 0 where not stated."""
        return self.duration / self.scale if self.scale else 0.0

    def edits(self, movie_scale: int) -> list[Edit]:
        """The edit list in seconds.

        Args:
            movie_scale: Units in a second of the movie header.
        """
        if not self.scale or not movie_scale:
            return []
        return [
            Edit(duration / movie_scale, None if start < 0 else start / self.scale, rate)
            for duration, start, rate in self.raw_edits
        ]


@dataclass(slots=True)
class Layout:
    """What the boxes of a file state.

    Args:
        top: Types of the outermost boxes in order.
        brands: Major brand and compatible ones.
        created, modified: Of the movie header, seconds since 1904, 0 where not set.
        tracks: One for each track.
        unknown: Types that are not known, in order, once each.
        free_bytes: Size of all free boxes.
        free_data_bytes: Bytes other than zero in them, as far as looked at.
        fragments: Number of movie fragments.
        xmp: XMP packet, empty where there is none.
        after_end: Bytes after the last box.
        problems: Types of the boxes that contradict themselves.
        movie_scale: Units in a second of the movie header.
    """

    top: list[str] = field(default_factory=list)
    brands: tuple[str, ...] = ()
    created: int = 0
    modified: int = 0
    tracks: list[TrackBoxes] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    free_bytes: int = 0
    free_data_bytes: int = 0
    fragments: int = 0
    xmp: bytes = b""
    after_end: int = 0
    problems: list[str] = field(default_factory=list)
    movie_scale: int = 0


_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def looks_like_boxes(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a box file."""
    return len(head) >= 8 and head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp")


def read_layout(file: BinaryIO) -> Layout:
    """Read the structure of a file without its media data.

    Args:
        file: The file, seekable.

    Returns:
        What was found; a damaged structure is described in `Layout.problems`.

    Raises:
        OSError: The file cannot be read.
    """
    layout = Layout()
    size = file.seek(0, os.SEEK_END)
    for count, box in enumerate(_walk(file, 0, size, (), layout)):
        if count >= MAX_BOXES:
            _problem(layout, f"> {MAX_BOXES}")
            break
        if len(box.path) == 1:
            layout.top.append(box.kind)
        try:
            _take(file, box, layout)
        except (struct.error, IndexError):
            _problem(layout, box.kind)
    return layout


def _problem(layout: Layout, kind: str) -> None:
    if kind not in layout.problems and len(layout.problems) < 20:
        layout.problems.append(kind)


def _walk(file: BinaryIO, start: int, end: int, above: tuple[str, ...], layout: Layout) -> Iterator[Box]:
    while start < end:
        box = _header(file, start, end, above)
        if box is None:
            _rest(start, end, above, layout)
            return
        if box.end > end:
            _problem(layout, box.kind)
            box = Box(box.path, box.start, box.body, end)
        yield box
        if box.kind in _HOLDERS and len(box.path) <= MAX_DEPTH:
            yield from _walk(file, box.body, box.end, box.path, layout)
        elif box.kind == "meta" and len(box.path) <= MAX_DEPTH:
            yield from _walk(file, box.body + _meta_skip(file, box), box.end, box.path, layout)
        start = box.end


def _rest(start: int, end: int, above: tuple[str, ...], layout: Layout) -> None:
    if not above:
        layout.after_end += end - start
    elif above[-1] != "udta" or end - start != 4:  # QuickTime ends user data with four zero bytes
        _problem(layout, above[-1])


def _header(file: BinaryIO, start: int, end: int, above: tuple[str, ...]) -> Box | None:
    data = _read(file, start, min(16, end - start))
    if len(data) < 8:
        return None
    size, raw = struct.unpack(">I4s", data[:8])
    body = start + 8
    if size == 1:
        if len(data) < 16:
            return None
        size, body = int(struct.unpack(">Q", data[8:16])[0]), start + 16
    elif size == 0 and not above:
        size = end - start
    if size < body - start or not _is_type(raw):
        return None
    return Box((*above, raw.decode("latin-1")), start, body, start + size)


def _is_type(raw: bytes) -> bool:
    return all(0x20 <= c < 0x7F or c == 0xA9 for c in raw)


def _meta_skip(file: BinaryIO, box: Box) -> int:
    # ISO's meta box has four bytes before its content, QuickTime's has none
    return 4 if _read(file, box.body, 4) == _FULL_META_VERSION else 0


def _read(file: BinaryIO, start: int, count: int) -> bytes:
    file.seek(start)
    return file.read(max(0, count)) or b""


def _content(file: BinaryIO, box: Box) -> bytes:
    return _read(file, box.body, min(box.end - box.body, MAX_PAYLOAD))


def _take(file: BinaryIO, box: Box, layout: Layout) -> None:
    kind = box.kind
    if kind in ("free", "skip", "wide"):
        _take_free(file, box, layout)
    elif kind == "moof":
        layout.fragments += 1
    elif kind == "trak":
        layout.tracks.append(TrackBoxes())
    elif kind == "ftyp" and not layout.brands:
        data = _content(file, box)
        layout.brands = tuple(
            data[i : i + 4].decode("latin-1")
            for i in range(0, min(len(data), 160) - 3, 4)
            if i != 4 and any(data[i : i + 4])
        )
    elif kind == "XMP_" or (kind == "uuid" and _read(file, box.body, 16) == _XMP_UUID):
        layout.xmp = layout.xmp or _content(file, box)
    elif kind in _TAKERS:
        _TAKERS[kind](_content(file, box), layout)
    elif kind not in _KNOWN and kind[0] != "\xa9" and kind not in layout.unknown:
        layout.unknown.append(kind)


def _take_free(file: BinaryIO, box: Box, layout: Layout) -> None:
    layout.free_bytes += box.end - box.start
    if box.kind != "wide" and layout.free_data_bytes < MAX_FREE_LOOK:
        data = _read(file, box.body, min(box.end - box.body, MAX_FREE_LOOK))
        layout.free_data_bytes += len(data) - data.count(0)


def _dates(data: bytes) -> tuple[int, int, int, int]:
    """Creation, modification, time scale and duration of a movie or media header."""
    values = struct.unpack(">QQIQ" if data[0] == 1 else ">IIII", data[4 : 32 if data[0] == 1 else 20])
    return values[0], values[1], values[2], values[3]


def _take_mvhd(data: bytes, layout: Layout) -> None:
    layout.created, layout.modified, layout.movie_scale, _ = _dates(data)


def _take_mdhd(data: bytes, layout: Layout) -> None:
    if layout.tracks:
        track = layout.tracks[-1]
        track.created, track.modified, track.scale, track.duration = _dates(data)


def _take_elst(data: bytes, layout: Layout) -> None:
    form = ">Qqhh" if data[0] == 1 else ">Iihh"
    size = struct.calcsize(form)
    count = min(struct.unpack(">I", data[4:8])[0], MAX_ENTRIES)
    for i in range(count):
        duration, start, whole, part = struct.unpack(form, data[8 + i * size : 8 + (i + 1) * size])
        if layout.tracks:
            layout.tracks[-1].raw_edits.append((duration, start, whole + (part & 0xFFFF) / 65536))


def _take_hdlr(data: bytes, layout: Layout) -> None:
    if layout.tracks and not layout.tracks[-1].handler:
        track = layout.tracks[-1]
        track.handler = data[8:12].decode("latin-1")
        name = data[24:280]
        if name and name[0] == len(name) - 1:  # QuickTime counts the letters, ISO ends with zero
            name = name[1:]
        track.handler_name = name.split(b"\0")[0].decode("utf-8", "replace").strip()


def _take_stsd(data: bytes, layout: Layout) -> None:
    if layout.tracks:
        layout.tracks[-1].descriptions = struct.unpack(">I", data[4:8])[0]


_TAKERS = {"mvhd": _take_mvhd, "mdhd": _take_mdhd, "elst": _take_elst, "hdlr": _take_hdlr, "stsd": _take_stsd}
