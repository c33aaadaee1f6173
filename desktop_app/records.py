"""Strict conversion of plain tables (TOML, JSON) into frozen records."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

T = TypeVar("T")


def build_record(cls: type[T], table: Mapping[str, object], where: str = "") -> T:
    """Make a record of a table, with nested records, tuples and enums.

    Args:
        cls: A dataclass.
        table: Keys and plain values.
        where: Name of the table for messages.

    Raises:
        ValueError: A key is unknown or missing, or a value has the wrong type; the message is a sentence.

    >>> from desktop_app.domain import DataSource
    >>> build_record(DataSource, {"name": "dfdc", "count": 3, "terms": "research"})
    DataSource(name='dfdc', count=3, terms='research')
    """
    fields = {f.name: f for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
    hints = typing.get_type_hints(cls)
    if unknown := set(table) - set(fields):
        raise ValueError(f"{where} has unknown entries: {', '.join(sorted(unknown))}.")
    missing_value = dataclasses.MISSING
    needed = {n for n, f in fields.items() if f.default is missing_value and f.default_factory is missing_value}
    if missing := needed - set(table):
        raise ValueError(f"{where} lacks: {', '.join(sorted(missing))}.")
    return cls(**{key: _convert(value, hints[key], f"{where}: {key}") for key, value in table.items()})


def _convert(value: object, hint: object, where: str) -> object:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        return build_record(hint, value, where)
    if isinstance(hint, type) and issubclass(hint, Enum) and isinstance(value, str):
        return _enum_member(hint, value, where)
    if origin is tuple and isinstance(value, list | tuple):
        hints = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        if len(value) != len(hints):
            raise ValueError(f"{where} should have {len(hints)} values, but has {len(value)}.")
        return tuple(_convert(v, h, where) for v, h in zip(value, hints, strict=True))
    if origin in (typing.Union, types.UnionType) and isinstance(value, list | tuple | Mapping):
        return _convert(value, next(a for a in arguments if a is not types.NoneType), where)
    allowed = arguments if origin in (typing.Union, types.UnionType) else (hint,)
    if type(value) is int and float in allowed and int not in allowed:
        return float(value)
    if type(value) not in allowed:
        raise ValueError(f"{where} should be {getattr(hint, '__name__', hint)}, but is {value!r}.")
    return value


def _enum_member(enum: type[Enum], value: str, where: str) -> Enum:
    try:
        return enum(value)
    except ValueError as error:
        known = ", ".join(str(member.value) for member in enum)
        raise ValueError(f"{where} should be one of {known}, but is {value!r}.") from error
