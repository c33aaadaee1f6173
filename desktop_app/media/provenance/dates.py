"""Dates and places that a file states, and how they contradict each other."""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from desktop_app.domain.traces import Trace
from desktop_app.media.provenance.boxes import Layout
from desktop_app.media.provenance.catalogue import found

EPOCH_1904 = datetime(1904, 1, 1, tzinfo=UTC)
SAME_S = 60.0
CLOCK_SLACK = timedelta(hours=26)  # a camera that writes local time as UTC is wrong by up to 14 hours; a day besides
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
_ISO_6709 = re.compile(r"^([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)")


def from_1904(seconds: int) -> datetime | None:
    """Date of a movie header, None where not set or beyond the calendar."""
    if seconds <= 0:
        return None
    try:
        return EPOCH_1904 + timedelta(seconds=seconds)
    except OverflowError:
        return None


def parse_date(text: str) -> datetime | None:
    """A date as containers and EXIF write it, in UTC where it names its zone and as if it were UTC where not.

    >>> parse_date("2024:05:01 10:00:00").isoformat()
    '2024-05-01T10:00:00+00:00'
    """
    text = text.strip().removeprefix("UTC ").removesuffix(" UTC")
    text = re.sub(r"^(\d{4}):(\d\d):(\d\d)", r"\1-\2-\3", text)
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC) if 1 < date.year < 9999 else None


def layout_dates(layout: Layout) -> tuple[list[datetime], list[datetime]]:
    """Dates of creation and of modification in the headers of a box file."""
    headers = [(layout.created, layout.modified), *((track.created, track.modified) for track in layout.tracks)]
    created = [date for seconds, _ in headers if (date := from_1904(seconds))]
    return created, [date for _, seconds in headers if (date := from_1904(seconds))]


def date_traces(
    created: Sequence[datetime], modified: Sequence[datetime], duration_s: float, file_modified: datetime
) -> list[Trace]:
    """Findings on the dates of a file.

    Args:
        created: Dates of creation, as the file states them.
        modified: Dates of modification, likewise.
        duration_s: Of the recording; headers may be written at its start or at its end.
        file_modified: Date of the file itself.
    """
    odd = [date for date in (*created, *modified) if not EARLIEST_YEAR <= date.year <= LATEST_YEAR]
    if odd:
        return [found("date_implausible", date=_text(odd[0]))]
    if not created:
        return [found("date_unset")]
    traces = []
    first, last, slack = min(created), max(created), timedelta(seconds=max(0.0, duration_s) + SAME_S)
    if last - first > slack:
        traces.append(found("dates_differ", difference=_span(last - first), first=_text(first), last=_text(last)))
    if modified and max(modified) - last > slack:
        spans = {"difference": _span(max(modified) - last), "created": _text(last), "modified": _text(max(modified))}
        traces.append(found("modified_after_creation", **spans))
    if file_modified < first - CLOCK_SLACK:
        traces.append(found("older_than_content", modified=_text(file_modified), created=_text(first)))
    return traces


def _text(date: datetime) -> str:
    return date.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def location_in(texts: Iterable[tuple[str, str]]) -> tuple[float, float] | None:
    """Latitude and longitude of the first text in the form of ISO 6709 under a key that names a location."""
    for key, value in texts:
        if "location" in key.lower() or key.lower().endswith("xyz"):
            place = parse_iso_6709(value)
            if place is not None:
                return place
    return None


def parse_iso_6709(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees.

    >>> parse_iso_6709("+40.4168-003.7038+650/")
    (40.4168, -3.7038)
    >>> parse_iso_6709("+4030-00330/")
    (40.5, -3.5)
    """
    match = _ISO_6709.match(text.strip())
    return None if match is None else plausible(_degrees(match[1], 2), _degrees(match[2], 3))


def _degrees(text: str, digits: int) -> float:
    """Degrees of a number whose whole part has the digits of degrees, then of minutes, then of seconds."""
    sign, number = (-1.0 if text[0] == "-" else 1.0), text[1:]
    whole, _, part = number.partition(".")
    if len(whole) <= digits + 1:
        return sign * float(number)
    degrees, rest = float(whole[:digits]), whole[digits:]
    minutes = float(rest[:2] + ("." + part if len(rest) <= 2 and part else ""))
    seconds = float((rest[2:] or "0") + ("." + part if len(rest) > 2 and part else ""))
    return sign * (degrees + minutes / 60 + seconds / 3600)


def plausible(latitude: float, longitude: float) -> tuple[float, float] | None:
    """The place, None where it cannot be one; zero and zero is what a receiver without a fix writes."""
    is_place = math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return (round(latitude, 6), round(longitude, 6)) if is_place and (latitude, longitude) != (0.0, 0.0) else None
