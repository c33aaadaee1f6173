"""What a case gives to a report beside the result."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from desktop_app.cases import CaseStore
from desktop_app.domain.cases import AuditEntry, ItemCheck
from desktop_app.domain.dossier import Custody, Dossier, ReportDetails, ReportStatus

OF_ITEM = ("status", "version", "supersedes", "conclusion", "contrary", "alternatives", "limitations")
"""Fields of the details that speak of one item rather than of the whole case."""
_LEFT_OUT = "analysis.chunk"


def details_of(case: CaseStore, item_id: int | None = None) -> ReportDetails:
    """What a person stated for the reports of a case.

    Args:
        case: The case; its settings are named as the fields are.
        item_id: The item, whose own values are named ``"field@item"``; None for the case's alone.
    """
    settings = case.settings.all()
    values: dict[str, object] = {}
    for field in fields(ReportDetails):
        text = settings.get(field.name)
        if item_id is not None and field.name in OF_ITEM:
            text = settings.get(f"{field.name}@{item_id}", text)
        if text is not None:
            values[field.name] = _parse(field.name, text)
    return ReportDetails(**{name: value for name, value in values.items() if value is not None})  # type: ignore[arg-type]


def _parse(name: str, text: str) -> object:
    """The value of a text; None where a hand has set something that is none."""
    try:
        if name == "version":
            return max(1, int(text))
        return ReportStatus(text) if name == "status" else text
    except ValueError:
        return None


def store_details(case: CaseStore, details: ReportDetails, item_id: int | None = None, purpose: str = "") -> None:
    """Store what a person stated for reports; only what differs is written.

    Args:
        case: The case.
        details: What was stated.
        item_id: The item that the fields of `OF_ITEM` speak of; None keeps them for all items.
        purpose: What for.

    Raises:
        CaseError: The case cannot be written.
    """
    before = details_of(case, item_id)
    for field in fields(ReportDetails):
        value = getattr(details, field.name)
        if value != getattr(before, field.name):
            key = field.name if item_id is None or field.name not in OF_ITEM else f"{field.name}@{item_id}"
            case.settings.set(key, str(value), purpose)


def dossier_of(
    case: CaseStore,
    item_id: int,
    analysis_id: int = 0,
    issued_utc: datetime | None = None,
    check: ItemCheck | None = None,
) -> Dossier:
    """All that a report on an item draws beside the result.

    Args:
        case: The case.
        item_id: The item.
        analysis_id: The analysis that the report tells, 0 when it is none of the case.
        issued_utc: Date of the report.
        check: The comparison for this report, where the case could not record it.

    Raises:
        CaseError: There is no such item, or it is damaged.
    """
    item, checks, head = case.items.get(item_id), case.items.checks(item_id), case.head()
    if check is not None and check.check_id == 0:
        checks = (*checks, check)
    entries = case.audit_log()[: head.count]
    custody = Custody(
        str(entries[0].details.get("case", "")) if entries else "",
        case.path.name,
        item,
        checks,
        tuple(_about(case, item_id, entries)),
        head,
        analysis_id,
    )
    notes = [(note.at_utc, note.author, note.text) for note in case.notes.all(item_id)]
    for mark in case.bookmarks.all(item_id):
        if mark.label:
            notes.append((mark.at_utc, "", f"#{mark.frame_index} ({mark.time_s:.3f} s): {mark.label}"))
    notes.sort(key=lambda note: note[0])
    return Dossier(issued_utc, details_of(case, item_id), custody, case.items.traces(item_id), tuple(notes))


def _about(case: CaseStore, item_id: int, entries: tuple[AuditEntry, ...]) -> Iterator[AuditEntry]:
    """Entries on the item, its analyses or the whole case, without those of single chunks."""
    owned = {analysis.analysis_id for analysis in case.analyses.all(item_id)}
    for entry in entries:
        if entry.action == _LEFT_OUT:
            continue
        if "analysis" in entry.details:
            is_ours = entry.details["analysis"] in owned
        elif entry.action == "item.added":
            is_ours = f"items:{item_id}" in entry.rows
        elif "@" in str(entry.details.get("key", "")):
            # the range that the window played is no matter of custody
            name, _, owner = str(entry.details["key"]).partition("@")
            is_ours = owner == str(item_id) and name != "range"
        else:
            is_ours = entry.details.get("item") in (None, item_id)
        if is_ours:
            yield entry
