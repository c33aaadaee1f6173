"""The published JSON Schema of a stored result, made from the records themselves so that it cannot drift from them."""

import dataclasses
import inspect
import json
import re
import types
import typing
from datetime import datetime
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

from desktop_app.domain import RESULT_SCHEMA_VERSION, AnalysisResult
from desktop_app.reports.document import KIND

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_SCALARS: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"$ref": "#/$defs/number"},
    Path: {"type": "string"},
    bytes: {
        "type": "string",
        "contentEncoding": "base64",
        "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    },
    Fraction: {"type": "string", "pattern": "^-?[0-9]+/[1-9][0-9]*$"},
    datetime: {
        "type": "string",
        "format": "date-time",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?Z$",
    },
}
_NUMBER: Schema = {
    "description": "A number; what is not finite is a text.",
    "anyOf": [{"type": "number"}, {"enum": ["nan", "inf", "-inf"]}],
}
# what records check beyond their types, by the name of the field
_LIMITS: dict[str, Schema] = {
    "p_fake": {"type": "number", "minimum": 0, "maximum": 1},
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "rotation_deg": {"enum": [0, 90, 180, 270]},
    "width_px": {"type": "integer", "minimum": 1},
    "height_px": {"type": "integer", "minimum": 1},
}


def result_schema() -> Schema:
    """The JSON Schema (draft 2020-12) of what `document.result_to_json` gives."""
    definitions: dict[str, Schema] = {"number": _NUMBER}
    body = _record(AnalysisResult, definitions)
    head = {
        "kind": {"const": KIND, "description": "What the document is."},
        "schema": {"const": RESULT_SCHEMA_VERSION, "description": "Version of its form."},
    }
    return {
        "$schema": DIALECT,
        "$id": f"urn:cotejo:result:{RESULT_SCHEMA_VERSION}",
        "title": "A stored result of Cotejo",
        **body,
        "properties": head | body["properties"],
        "required": [*head, *body["required"]],
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(result_schema(), ensure_ascii=False, indent=2) + "\n"


def _record(cls: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401 - dataclasses have no common type
    said, texts = described(cls)
    properties = {}
    for name, hint in typing.get_type_hints(cls).items():
        limits = _LIMITS.get(name)
        plain = _field(hint, definitions)
        schema = plain if limits is None else ({"anyOf": [limits, {"type": "null"}]} if "anyOf" in plain else limits)
        properties[name] = schema | ({"description": texts[name]} if name in texts else {})
    missing = dataclasses.MISSING
    needed = [f.name for f in dataclasses.fields(cls) if f.default is missing and f.default_factory is missing]
    return {
        "description": said,
        "type": "object",
        "properties": properties,
        "required": needed,
        "additionalProperties": False,
    }


def _field(hint: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401 - a type hint has no type
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        (kind,) = (part for part in arguments if part is not type(None))
        return {"anyOf": [_field(kind, definitions), {"type": "null"}]}
    if typing.get_origin(hint) is tuple:
        if arguments[-1] is Ellipsis:
            return {"type": "array", "items": _field(arguments[0], definitions)}
        parts = [_field(part, definitions) for part in arguments]
        return {"type": "array", "prefixItems": parts, "items": False, "minItems": len(parts)}
    if hint in _SCALARS:
        return dict(_SCALARS[hint])
    if hint.__name__ not in definitions:
        definitions[hint.__name__] = {}  # a place in the table before its own fields ask for it
        definitions[hint.__name__] = _enumeration(hint) if issubclass(hint, Enum) else _record(hint, definitions)
    return {"$ref": f"#/$defs/{hint.__name__}"}


def _enumeration(cls: type[Enum]) -> Schema:
    return {"description": described(cls)[0], "enum": [member.value for member in cls]}


def described(cls: type[Any]) -> tuple[str, dict[str, str]]:
    """What a docstring says of a record, and of each of its fields.

    Args:
        cls: A class with a docstring in Google's style; ``a, b: text`` speaks of both.
    """
    text = (inspect.getdoc(cls) or "").replace("``", "")
    head, _, rest = text.partition("\nArgs:\n")
    block = re.split(r"\n(?=\S)", rest)[0]
    fields: dict[str, str] = {}
    for entry in re.split(r"\n(?=    \S)", "\n" + block):
        names, colon, said = entry.strip().partition(": ")
        if colon:
            fields |= {name.strip(): " ".join(said.split()) for name in names.split(",")}
    return " ".join(head.split("\n\n")[0].split()), fields
