"""Model cards: reading and writing them as TOML."""

import dataclasses
import json
import tomllib
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop_app.domain import DataSource, ErrorRates, ModelCard, Thresholds
from desktop_app.errors import ModelError

CARD_FILE = "card.toml"


def _build(cls: type[Any], table: Mapping[str, Any], where: str) -> Any:
    """Make a record of a TOML table, strictly: no unknown, missing or mistyped key."""
    fields = {f.name: f for f in dataclasses.fields(cls)}
    hints = typing.get_type_hints(cls)
    if unknown := set(table) - set(fields):
        raise ModelError(f"The model card {where} has unknown entries: {', '.join(sorted(unknown))}.")
    needed = {n for n, f in fields.items() if f.default is dataclasses.MISSING}
    if missing := needed - set(table):
        raise ModelError(f"The model card {where} lacks: {', '.join(sorted(missing))}.")
    return cls(**{key: _convert(value, hints[key], f"{where}: {key}") for key, value in table.items()})


def _convert(value: Any, hint: Any, where: str) -> Any:
    """Check a TOML value against a field's annotation and turn arrays into tuples."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(value, Mapping):
        return _build(hint, value, where)
    if typing.get_origin(hint) is tuple and isinstance(value, list):
        return tuple(_convert(v, typing.get_args(hint)[0], where) for v in value)
    allowed = typing.get_args(hint) or (hint,)
    if float in allowed and type(value) is int:
        return float(value)
    if type(value) not in allowed:
        raise ModelError(f"The model card {where} should be {hint}, but is {value!r}.")
    return value


def load_card(path: Path) -> ModelCard:
    """Read a model card.

    Args:
        path: The card's file.

    Raises:
        ModelError: It is missing, not TOML, or not a whole card.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"The model card {path.name} cannot be read.", str(error)) from error
    except tomllib.TOMLDecodeError as error:
        raise ModelError(f"The model card {path} is damaged.", str(error)) from error
    try:
        card = _build(ModelCard, table, str(path))
    except ValueError as error:
        raise ModelError(f"The model card {path} contradicts itself.", str(error)) from error
    return typing.cast(ModelCard, card)


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml_value(v) for v in value) + "]"
    return repr(value)


def _toml_table(record: object) -> list[str]:
    lines = []
    for f in dataclasses.fields(record):  # type: ignore[arg-type]
        value = getattr(record, f.name)
        if value is not None and not isinstance(value, Thresholds) and f.name not in ("training_data", "error_rates"):
            lines.append(f"{f.name} = {_toml_value(value)}")
    return lines


def write_card(card: ModelCard, path: Path) -> None:
    """Write a model card that `load_card` reads back equal.

    Args:
        card: The card.
        path: The file to write.
    """
    lines = _toml_table(card)
    lines += ["", "[thresholds]", *_toml_table(card.thresholds)]
    tables: list[tuple[str, tuple[DataSource, ...] | tuple[ErrorRates, ...]]] = [
        ("training_data", card.training_data),
        ("error_rates", card.error_rates),
    ]
    for name, rows in tables:
        for row in rows:
            lines += ["", f"[[{name}]]", *_toml_table(row)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
