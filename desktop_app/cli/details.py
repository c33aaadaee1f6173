"""What a person states in a report, from a TOML file."""

import tomllib
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop_app.domain.dossier import Dossier, ReportDetails, ReportStatus
from desktop_app.errors import InputError

ISSUED = "issued"


def read_details(path: Path | None) -> Dossier:
    """The dossier that a file states: fields of `ReportDetails` by their names, and `issued`, a date and time.

    Args:
        path: The file; None states nothing.

    Raises:
        InputError: It cannot be read, or says what no report knows.
    """
    issued, stated = read_stated(path)
    return Dossier(issued_utc=issued, details=ReportDetails(**stated))


def read_stated(path: Path | None) -> tuple[datetime | None, dict[str, Any]]:
    """Date and fields of `ReportDetails` that a file states, and none that it does not.

    Raises:
        InputError: It cannot be read, or says what no report knows.
    """
    if path is None:
        return None, {}
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = (error.strerror or "").lower() if isinstance(error, OSError) else str(error)
        raise InputError(f"The details in “{path}” cannot be read: {reason}.", "They are a TOML file.") from error
    issued = stated.pop(ISSUED, None)
    if issued is not None and not isinstance(issued, datetime):
        raise InputError(f"{ISSUED} is no date and time.", f"Such as {ISSUED} = 2026-03-15T10:00:00Z.")
    return _utc(issued), _known(stated)


def _utc(moment: datetime | None) -> datetime | None:
    # one without a zone is taken as it stands, whatever the clock of this machine
    return None if moment is None else (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _known(stated: dict[str, Any]) -> dict[str, Any]:
    names = [field.name for field in fields(ReportDetails)]
    for name, value in stated.items():
        wanted = int if name == "version" else str
        if name not in names:
            raise InputError(f"“{name}” is no detail of a report.", f"There are {ISSUED}, {', '.join(names)}.")
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise InputError(f"{name} is no {'number' if wanted is int else 'text'}.")
    if stated.get("version", 1) < 1:
        raise InputError("version counts from 1.")
    if "status" in stated:
        known = [status.value for status in ReportStatus]
        if stated["status"] not in known:
            raise InputError(f"status is one of {' and '.join(known)}, not “{stated['status']}”.")
        stated = stated | {"status": ReportStatus(stated["status"])}
    return stated
