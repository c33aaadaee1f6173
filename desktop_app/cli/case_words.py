"""What the `cotejo case` commands do with notes, particulars, the log and copies."""

import json
from dataclasses import fields, replace
from pathlib import Path

from desktop_app.cli.case_texts import describe_log, log_facts, text
from desktop_app.cli.case_use import Hand, opened
from desktop_app.cli.codes import UsageError
from desktop_app.cli.console import printable, write_out
from desktop_app.config import setting_of
from desktop_app.domain.dossier import ReportDetails, ReportStatus


def add_note(path: Path, words: str, item_id: int | None, hand: Hand) -> None:
    """Write a note.

    Raises:
        CaseError: There is no such item, or the case cannot be written.
    """
    with opened(path, hand) as case:
        if item_id is not None:
            case.items.get(item_id)
        number = case.notes.add(words, item_id)
        write_out(text("noted", hand.language, note=number))


def set_detail(path: Path, key: str, value: str, item_id: int | None, hand: Hand) -> None:
    """Set something that reports of the case say, or, as ``setting.NAME``, a setting that counts in it alone.

    Raises:
        UsageError: There is no such key, or the value is none of it.
        InputError: There is no such setting, or the value is none of it.
        CaseError: There is no such item, or the case cannot be written.
    """
    from desktop_app.analysis.dossiers import details_of, store_details
    from desktop_app.cases.overrides import PREFIX, store_overrides

    if key.startswith(PREFIX):
        name = key.removeprefix(PREFIX)
        with opened(path, hand) as case:
            store_overrides(case.settings, {name: setting_of(name).parse(value) if value else None}, hand.purpose)
        write_out(f"{key}: {printable(value)}")
        return
    change = {key: _detail(key, value)}
    with opened(path, hand) as case:
        if item_id is not None:
            case.items.get(item_id)
        details = replace(details_of(case, item_id), **change)  # type: ignore[arg-type]
        store_details(case, details, item_id, hand.purpose)
    write_out(f"{key}: {printable(value)}")


def _detail(key: str, value: str) -> object:
    names = [field.name for field in fields(ReportDetails)]
    if key not in names:
        raise UsageError(f"Reports have no “{key}”.", f"They have: {', '.join(names)}.")
    if key == "version":
        if not value.isascii() or not value.isdigit() or int(value) < 1:
            raise UsageError("The version of a report is a number from 1.")
        return int(value)
    if key == "status":
        if value not in {status.value for status in ReportStatus}:
            raise UsageError("A report is draft or final.")
        return ReportStatus(value)
    return value.replace("\\n", "\n")


def show_log(path: Path, as_json: bool, hand: Hand) -> None:
    """Print the audit log.

    Raises:
        CaseError: It cannot be read.
    """
    with opened(path, hand, read_only=True) as case:
        entries = case.audit_log()
    lines = [json.dumps(fact) for fact in log_facts(entries)] if as_json else describe_log(entries, hand.language)
    write_out("\n".join(lines))


def save_copy(path: Path, target: Path, hand: Hand) -> None:
    """Write a whole copy of a case.

    Raises:
        CaseError: It cannot be written.
    """
    with opened(path, hand, read_only=None) as case:
        written = case.save_copy(target, hand.purpose)
    write_out(text("copied", hand.language, name=printable(str(written))))
