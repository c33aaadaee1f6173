"""The number of a report: what tells one report from another on the same result."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from desktop_app.domain import AnalysisResult
from desktop_app.domain.dossier import Dossier


def report_id(result: AnalysisResult, dossier: Dossier) -> str:
    """Number of the report of a result and a dossier, such as ``"R-3f9a-12bc-77d0"``.

    It is the same for both languages and both templates, and another one as soon as anything is stated otherwise.

    Args:
        result: The stored result.
        dossier: What the report draws beside it.
    """
    content = json.dumps([result.result_id, _plain(dossier)], sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    return f"R-{digest[:4]}-{digest[4:8]}-{digest[8:12]}"


def _plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return value.hex() if isinstance(value, bytes) else str(value)
