"""Records as the values of a table, and back."""

import json
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from desktop_app.domain import FramePrediction, Notice
from desktop_app.domain.codec import from_plain, to_plain
from desktop_app.errors import CaseError

MAX_INFLATED_BYTES = 512 * 1024 * 1024
COMPRESSION = 6

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def damaged(what: str) -> CaseError:
    """The error for a stored value that cannot be read."""
    return CaseError(f"The case is damaged: {what} cannot be read.", "`cotejo verify` says what was altered.")


def write_time(moment: datetime) -> str:
    """A time as text in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_time(text: str | None) -> datetime | None:
    """The time that `write_time` wrote.

    Raises:
        CaseError: It is none.
    """
    try:
        return None if text is None else datetime.fromisoformat(text)
    except ValueError as error:
        raise damaged(f"the time “{text}”") from error


def time_of(text: str) -> datetime:
    """As `read_time`, where there must be one."""
    moment = read_time(text)
    if moment is None:
        raise damaged("a time")
    return moment


def member_of(cls: type[E], value: str) -> E:
    """The member of an enumeration that a text names.

    Raises:
        CaseError: There is none.
    """
    try:
        return cls(value)
    except ValueError as error:
        raise damaged(f"“{value}”") from error


def write_path(path: Path) -> str:
    """A path as JSON: a name that is no valid Unicode survives."""
    return json.dumps(str(path))


def read_path(text: str) -> Path:
    """The path that `write_path` wrote.

    Raises:
        CaseError: It is none.
    """
    try:
        value = json.loads(text)
    except ValueError as error:
        raise damaged("a path") from error
    if not isinstance(value, str):
        raise damaged("a path")
    return Path(value)


def pack(value: object) -> bytes:
    """JSON values, compressed."""
    return zlib.compress(json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii"), COMPRESSION)


def unpack(data: bytes, what: str) -> object:
    """The values that `pack` compressed.

    Args:
        data: What `pack` gave.
        what: Name for messages.

    Raises:
        CaseError: They are damaged, or larger than anything this program writes.
    """
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(data, MAX_INFLATED_BYTES)
        if not inflater.eof:
            raise damaged(what)
        value: object = json.loads(text)
    except (zlib.error, ValueError, RecursionError) as error:
        raise damaged(what) from error
    return value


def unpack_record(cls: type[T], value: object, what: str) -> T:
    """A record of its plain values.

    Raises:
        CaseError: They are not those of such a record.
    """
    try:
        return from_plain(cls, value, what)
    except (ValueError, TypeError, OverflowError) as error:
        raise damaged(what) from error


def pack_predictions(predictions: Iterable[FramePrediction]) -> bytes:
    """Rows column by column, which is a third of the size of row by row.

    Args:
        predictions: At least one.
    """
    rows = [to_plain(prediction) for prediction in predictions]
    return pack({name: [row[name] for row in rows] for name in rows[0]} if rows else {})


def unpack_predictions(data: bytes, what: str) -> list[FramePrediction]:
    """The rows that `pack_predictions` packed.

    Raises:
        CaseError: They are damaged.
    """
    columns = unpack(data, what)
    if not isinstance(columns, dict) or not all(isinstance(column, list) for column in columns.values()):
        raise damaged(what)
    try:
        rows = zip(*columns.values(), strict=True)
        return [unpack_record(FramePrediction, dict(zip(columns, row, strict=True)), what) for row in rows]
    except ValueError as error:
        raise damaged(what) from error


def pack_notices(notices: Iterable[Notice]) -> str:
    """Notices as a JSON list."""
    return json.dumps([to_plain(notice) for notice in notices], separators=(",", ":"))


def unpack_notices(text: str) -> list[Notice]:
    """The notices that `pack_notices` wrote.

    Raises:
        CaseError: They are damaged.
    """
    try:
        values = json.loads(text)
    except ValueError as error:
        raise damaged("a list of notices") from error
    if not isinstance(values, list):
        raise damaged("a list of notices")
    return [unpack_record(Notice, value, "a notice") for value in values]
