"""Frozen records to plain JSON values and back without loss, driven by their type hints."""

import base64
import binascii
import dataclasses
import math
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
Reader = Callable[[Any, str], Any]
Writer = Callable[[Any], Any]


def to_plain(record: object) -> dict[str, Any]:
    """A record as a dictionary of JSON values.

    Times become ISO 8601 in UTC with ``Z``, fractions ``"num/den"``, paths strings, bytes base64, numbers beyond
    the finite ones ``"nan"``, ``"inf"`` and ``"-inf"``. Mappings hold JSON values already and stay as they are.

    Raises:
        ValueError: A time has no time zone.
    """
    cls: Any = type(record)
    plain: dict[str, Any] = _writer(cls)(record)
    return plain


def from_plain(cls: type[T], value: object, where: str) -> T:
    """A record of what `to_plain` gave.

    Args:
        cls: Class of the record.
        value: Its plain form.
        where: Name of the place for messages.

    Raises:
        ValueError: Something is missing, unknown or of the wrong type; the message names the place.
    """
    hint: Any = cls
    record: T = _reader(hint)(value, where)
    return record


@cache
def _writer(hint: Any) -> Writer:  # noqa: ANN401 - a type hint has no type
    hint, is_optional = _without_none(hint)
    if is_optional:
        write = _writer(hint)
        return lambda value: None if value is None else write(value)
    if typing.get_origin(hint) is tuple:
        parts = [_writer(part) for part in typing.get_args(hint) if part is not Ellipsis]
        if typing.get_args(hint)[-1] is Ellipsis:
            return lambda value: [parts[0](part) for part in value]
        return lambda value: [write(part) for write, part in zip(parts, value, strict=True)]
    if typing.get_origin(hint) is Mapping:
        return dict
    if dataclasses.is_dataclass(hint):
        return _record_writer(hint)
    if issubclass(hint, Enum):
        return lambda value: value.value
    return _SCALAR_WRITERS[hint]


def _record_writer(cls: Any) -> Writer:  # noqa: ANN401 - dataclasses have no common type
    writers = [(name, _writer(hint)) for name, hint in typing.get_type_hints(cls).items()]
    return lambda record: {name: write(getattr(record, name)) for name, write in writers}


@cache
def _reader(hint: Any) -> Reader:  # noqa: ANN401 - a type hint has no type
    hint, is_optional = _without_none(hint)
    if is_optional:
        read = _reader(hint)
        return lambda value, where: None if value is None else read(value, where)
    if typing.get_origin(hint) is tuple:
        return _tuple_reader(typing.get_args(hint))
    if typing.get_origin(hint) is Mapping:
        return lambda value, where: _expect(value, dict, where)
    if dataclasses.is_dataclass(hint):
        return _record_reader(hint)
    if issubclass(hint, Enum):
        return lambda value, where: hint(_expect(value, str, where))
    return _SCALAR_READERS[hint]


def _tuple_reader(arguments: tuple[Any, ...]) -> Reader:
    readers = [_reader(part) for part in arguments if part is not Ellipsis]

    def read(value: Any, where: str) -> Any:  # noqa: ANN401
        parts = _expect(value, list, where)
        if arguments[-1] is Ellipsis:
            # one shared place per list: naming each element would cost more than reading it
            return tuple([readers[0](part, where) for part in parts])
        if len(parts) != len(readers):
            raise ValueError(f"{where}: expected {len(readers)} values, got {len(parts)}")
        return tuple([reader(part, where) for reader, part in zip(readers, parts, strict=True)])

    return read


def _record_reader(cls: Any) -> Reader:  # noqa: ANN401
    hints = typing.get_type_hints(cls)
    readers = {name: (_reader(hint), f".{name}") for name, hint in hints.items()}
    missing = dataclasses.MISSING
    needed = {f.name for f in dataclasses.fields(cls) if f.default is missing and f.default_factory is missing}

    def read(value: Any, where: str) -> Any:  # noqa: ANN401
        table = _expect(value, dict, where)
        if not needed <= table.keys() or not table.keys() <= readers.keys():
            raise ValueError(f"{where}: {_difference(table, needed, set(readers))}")
        return cls(**{name: readers[name][0](part, where + readers[name][1]) for name, part in table.items()})

    return read


def _difference(table: Mapping[str, object], needed: set[str], known: set[str]) -> str:
    lacking, unknown = sorted(needed - table.keys()), sorted(table.keys() - known)
    return "; ".join(part for part in (lacking and f"lacks {lacking}", unknown and f"unknown {unknown}") if part)


def _without_none(hint: Any) -> tuple[Any, bool]:  # noqa: ANN401
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [part for part in typing.get_args(hint) if part is not type(None)]
        if len(rest) == 1:
            return rest[0], True
        raise TypeError(f"no codec for {hint}")
    return hint, False


def _expect(value: Any, kind: type[T], where: str) -> T:  # noqa: ANN401
    if type(value) is not kind:
        raise ValueError(f"{where}: expected {kind.__name__}, got {type(value).__name__}")
    return value


def _read_float(value: object, where: str) -> float:
    if type(value) is float:
        return value
    if type(value) is int or (type(value) is str and value in ("nan", "inf", "-inf")):
        return float(value)
    raise ValueError(f"{where}: expected a number, got {value!r}")


def _write_float(value: float) -> float | str:
    number = float(value)
    return number if math.isfinite(number) else str(number)


def _write_time(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError(f"a time without a time zone cannot be stored: {value}")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read_time(value: object, where: str) -> datetime:
    text = _expect(value, str, where)
    if not text.endswith("Z"):
        raise ValueError(f"{where}: expected a time in UTC, got {text!r}")
    return datetime.fromisoformat(text)


def _read_fraction(value: object, where: str) -> Fraction:
    numerator, separator, denominator = _expect(value, str, where).partition("/")
    if not separator or int(denominator) == 0:
        raise ValueError(f"{where}: expected a fraction, got {value!r}")
    return Fraction(int(numerator), int(denominator))


def _read_bytes(value: object, where: str) -> bytes:
    try:
        return base64.b64decode(_expect(value, str, where), validate=True)
    except binascii.Error as error:
        raise ValueError(f"{where}: {error}") from error


_SCALAR_WRITERS: dict[Any, Writer] = {
    str: str,
    int: int,
    bool: bool,
    float: _write_float,
    Path: str,
    bytes: lambda value: base64.b64encode(value).decode("ascii"),
    Fraction: lambda value: f"{value.numerator}/{value.denominator}",
    datetime: _write_time,
}
_SCALAR_READERS: dict[Any, Reader] = {
    str: lambda value, where: _expect(value, str, where),
    int: lambda value, where: _expect(value, int, where),
    bool: lambda value, where: _expect(value, bool, where),
    float: _read_float,
    Path: lambda value, where: Path(_expect(value, str, where)),
    bytes: _read_bytes,
    Fraction: _read_fraction,
    datetime: _read_time,
}
