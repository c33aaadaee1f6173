"""Model cards: reading and writing them as TOML."""

import dataclasses
import json
import tomllib
from pathlib import Path

from desktop_app.domain import DataSource, ErrorRates, ModelCard, Thresholds
from desktop_app.errors import ModelError
from desktop_app.records import build_record

CARD_FILE = "card.toml"


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
        return build_record(ModelCard, table, path.name)
    except (ValueError, TypeError) as error:
        raise ModelError(f"The model card {path} is incomplete or contradicts itself.", str(error)) from error


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
