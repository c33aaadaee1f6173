"""A whole result as one JSON document, without loss."""

import hashlib
import json
from pathlib import Path
from typing import Any

from desktop_app.domain import RESULT_SCHEMA_VERSION, AnalysisResult
from desktop_app.domain.codec import from_plain, to_plain
from desktop_app.errors import CaseError
from desktop_app.files import replacing

KIND = "cotejo-result"


def result_to_json(result: AnalysisResult) -> dict[str, Any]:
    """A result as JSON values: ``"kind"``, ``"schema"`` and the result's own fields.

    Pictures are base64, times ISO 8601 in UTC, fractions ``"num/den"``; `result_from_json` gives back the same result.
    """
    return {"kind": KIND, "schema": RESULT_SCHEMA_VERSION, **to_plain(result)}


def result_from_json(data: dict[str, Any]) -> AnalysisResult:
    """The result that `result_to_json` turned into `data`.

    Raises:
        CaseError: It is no result, comes from a newer program, or is damaged: a value is missing or of the wrong kind,
            or a picture does not match its hash.
    """
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise CaseError("This is not a stored result.", "Choose a JSON file that this program wrote.")
    schema = data.get("schema")
    if type(schema) is int and schema > RESULT_SCHEMA_VERSION:
        raise CaseError(
            f"This result was stored by a newer version of the program (format {schema}).",
            "Update the program and try again.",
        )
    if schema != RESULT_SCHEMA_VERSION:
        raise _damaged(f"schema: {schema!r}")
    fields = {key: value for key, value in data.items() if key not in ("kind", "schema")}
    try:
        result = from_plain(AnalysisResult, fields, "result")
    except (ValueError, TypeError, OverflowError) as error:
        raise _damaged(str(error)) from error
    for exhibit in result.exhibits:
        if hashlib.sha256(exhibit.png).hexdigest() != exhibit.sha256:
            raise _damaged(f"the picture of frame {exhibit.frame_index} ({exhibit.kind}) does not match its hash")
    return result


def json_bytes(result: AnalysisResult) -> bytes:
    """The JSON file of a result; equal results give equal bytes."""
    # one field a line: readable in its outline, and a quarter of the size and time of full indentation
    lines = [f"{_dump(key)}: {_dump(value)}" for key, value in result_to_json(result).items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("ascii")


def write_json(result: AnalysisResult, path: Path) -> Path:
    """Store a result as a JSON file, whole or not at all.

    Raises:
        CaseError: The file cannot be written there.
    """
    data = json_bytes(result)
    with replacing(path) as temporary:
        temporary.write_bytes(data)
    return path


def _dump(value: object) -> str:
    # ASCII only: a file name that is no valid Unicode survives as an escape
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def parse_json(data: bytes) -> AnalysisResult:
    """The result of the bytes that `json_bytes` gave.

    Raises:
        CaseError: They are no result, come from a newer program, or are damaged.
    """
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _damaged(str(error)) from error
    return result_from_json(plain)


def read_json(path: Path) -> AnalysisResult:
    """The result that `write_json` stored.

    Raises:
        CaseError: The file cannot be read, is no result, comes from a newer program, or is damaged.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"“{path.name}” could not be read: {(error.strerror or 'unknown reason').lower()}."
        raise CaseError(message, "Check that the file exists and that you may read it.") from error
    return parse_json(data)


def _damaged(detail: str) -> CaseError:
    return CaseError(
        f"The stored result is damaged ({detail}).", "Use an intact copy of the file, or analyse the item again."
    )
