"""Model cards: reading and writing them as TOML."""

import dataclasses
import json
import math
import re
import tomllib
from itertools import chain
from pathlib import Path

from desktop_app.domain import ModelCard
from desktop_app.errors import ModelError, plain_cause
from desktop_app.files import replacing
from desktop_app.records import build_record

CARD_FILE = "card.toml"


def load_card(path: Path) -> ModelCard:
    """Read a model card.

    Args:
        path: The card's file.

    Raises:
        ModelError: It is missing, not TOML, not a whole card, or contradicts itself.
    """
    try:
        # editors on Windows put a byte order mark in front
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"The model card {path} cannot be read.", plain_cause(error)) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ModelError(f"The model card {path} is damaged.", str(error)) from error
    try:
        card = build_record(ModelCard, table, path.name)
        check_card(card)
    except (ValueError, TypeError) as error:
        raise ModelError(f"The model card {path} is incomplete or contradicts itself.", str(error)) from error
    return card


def check_card(card: ModelCard) -> None:
    """See that a well-formed card can be right.

    Raises:
        ValueError: It cannot; the message is a sentence.
    """
    limits = card.thresholds
    numbers = (card.temperature, card.bias, card.crop_margin, *card.mean, *card.std, *chain(*card.knots))
    checks = (
        (bool(re.fullmatch(r"[\w.-]*\w", card.model_id)), f"model_id: {card.model_id!r} is no plain name"),
        (
            Path(card.weights_file).name == card.weights_file and "\\" not in card.weights_file,
            f"weights_file: {card.weights_file!r} is no file beside the card",
        ),
        (bool(re.fullmatch("[0-9a-f]{64}", card.weights_sha256)), "weights_sha256: expected 64 hexadecimal digits"),
        (len(card.classes) >= 2, f"classes: expected two or more, got {card.classes}"),
        (len(set(card.classes)) == len(card.classes), f"classes: a name stands twice in {card.classes}"),
        (
            card.output_count == len(card.classes) or (card.output_count, len(card.classes)) == (1, 2),
            f"outputs: expected {len(card.classes)}, one for each class, or 1 for two classes, got {card.outputs}",
        ),
        (
            all(map(math.isfinite, numbers)),
            "temperature, bias, crop_margin, mean, std, knots: expected finite numbers",
        ),
        (min(card.std) > 0, f"std: expected values > 0, got {card.std}"),
        (
            limits.strong_genuine <= limits.decision <= limits.strong_fake,
            f"thresholds: the decision {limits.decision} lies in a band of strong evidence",
        ),
    )
    for is_right, message in checks:
        if not is_right:
            raise ValueError(message)


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON's escapes are TOML's, but JSON leaves DEL as it is
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml_value(v) for v in value) + "]"
    # NumPy's numbers print as calls
    return repr(float(value)) if isinstance(value, float) else repr(value)


def _toml_table(record: object) -> list[str]:
    lines = []
    for f in dataclasses.fields(record):  # type: ignore[arg-type]
        value = getattr(record, f.name)
        is_table = dataclasses.is_dataclass(value) or (
            isinstance(value, tuple) and bool(value) and dataclasses.is_dataclass(value[0])
        )
        if value is not None and not is_table:
            lines.append(f"{f.name} = {_toml_value(value)}")
    return lines


def write_card(card: ModelCard, path: Path) -> None:
    """Write a model card that `load_card` reads back equal, through a temporary file.

    Args:
        card: The card.
        path: The file to write.
    """
    lines = _toml_table(card)
    lines += ["", "[thresholds]", *_toml_table(card.thresholds)]
    for f in dataclasses.fields(card):
        rows = getattr(card, f.name)
        if isinstance(rows, tuple) and rows and dataclasses.is_dataclass(rows[0]):
            for row in rows:
                lines += ["", f"[[{f.name}]]", *_toml_table(row)]
    with replacing(path) as part:
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
