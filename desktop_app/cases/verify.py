"""Walks a case's log and every stored hash, and says what is as it was written and what is not.

What it proves: that nobody changed the file without this program and without forging all of it. Whoever rewrites the
whole file, log and all, makes a new one that agrees with itself; only the end of the log, noted elsewhere in time,
tells the two apart.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.cases import audit, schema
from desktop_app.cases.database import opened_for_reading
from desktop_app.cases.items import compare, hash_if_there, item_of
from desktop_app.domain.cases import CaseCheck, CaseFinding, CaseItem, ChainHead, ItemFinding, Part
from desktop_app.errors import AppError, CaseError
from desktop_app.progress import CancelToken, ProgressFn, ignore_progress

_NOUNS = {
    "settings": "Setting {}",
    "items": "Item {}",
    "checks": "Check {}",
    "analyses": "Analysis {}",
    "predictions": "Prediction chunk {}",
    "notices": "List of notices {}",
    "exhibits": "Exhibit {}",
    "notes": "Note {}",
    "bookmarks": "Bookmark {}",
    "traces": "Set of traces {}",
}
# table -> (bytes, their stored hash, what is said where they differ)
_HASHED = {
    "predictions": ("data", "sha256", "The numbers of prediction chunk {} do not match their hash."),
    "exhibits": ("png", "sha256", "The picture of exhibit {} does not match its hash."),
    "traces": ("data", "sha256", "The findings of set of traces {} do not match their hash."),
    "analyses": ("document", "document_sha256", "The result of analysis {} does not match its hash."),
}


@dataclass(slots=True)
class _Log:
    """What the log says: the hash of each entry, and of each row with the entry that last wrote it."""

    hashes: dict[int, str] = field(default_factory=dict)
    rows: dict[str, tuple[str | None, int]] = field(default_factory=dict)


def verify_case(
    path: Path,
    with_items: bool = True,
    head: ChainHead | None = None,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> CaseCheck:
    """Check a case without changing it.

    Args:
        path: The case, of this or an earlier version.
        with_items: Whether the items' files are hashed too.
        head: End of the log as it was noted outside of the file, such as in a report.
        on_progress: Stage ``"hash"``, for items.
        cancel: Stops the work.

    Raises:
        CaseError: It is no case, or of a newer program, or cannot be read at all.
        Cancelled: The token was cancelled.
    """
    if not path.is_file():
        raise CaseError(f"There is no case “{path.name}”.", "It may have been moved, or its drive is not connected.")
    findings: list[CaseFinding] = []
    counts: dict[str, int] = {}
    log = _Log()
    with opened_for_reading(path) as database, database.reading() as connection:
        schema.check_kind(connection, path.name)

        def look(part: Callable[[], Iterator[CaseFinding]]) -> None:
            try:
                findings.extend(part())
            except sqlite3.DatabaseError as error:
                findings.append(CaseFinding(Part.FILE, f"A part of the file cannot be read: {error}."))

        look(lambda: _pages(connection))
        look(lambda: _structure(connection))
        look(lambda: _walk(connection, log))
        look(lambda: _ends(connection, log, head))
        for table in schema.evidence_of(schema.version_of(connection)):
            look(lambda table=table: _records(connection, table, log, counts))  # type: ignore[misc]
        findings += _lost(log)
        end = ChainHead(max(log.hashes, default=0), log.hashes.get(max(log.hashes, default=0), audit.START))
        items = list(_items(connection))
    checked = tuple(_check_item(item, with_items, on_progress, cancel or CancelToken()) for item in items)
    return CaseCheck(path, end, tuple(counts.items()), tuple(dict.fromkeys(findings)), checked)


def _pages(connection: sqlite3.Connection) -> Iterator[CaseFinding]:
    for row in connection.execute("PRAGMA integrity_check(3)"):
        if row[0] != "ok":
            yield CaseFinding(Part.FILE, f"The file is damaged: {row[0]}.")
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        yield CaseFinding(Part.FILE, "A record refers to another that is not there.")


def _structure(connection: sqlite3.Connection) -> Iterator[CaseFinding]:
    for message in schema.structure_faults(connection):
        yield CaseFinding(Part.FILE, message)


def _walk(connection: sqlite3.Connection, log: _Log) -> Iterator[CaseFinding]:
    expected, previous = 1, audit.START
    for row in connection.execute("SELECT seq, entry, sha256 FROM audit ORDER BY seq"):
        seq, has_gap = row["seq"], row["seq"] != expected
        if has_gap:
            yield CaseFinding(Part.LOG, f"{_range(expected, seq - 1)} missing from the log.", expected)
        log.hashes[seq] = row["sha256"]
        if audit.digest(row["entry"]) != row["sha256"]:
            yield CaseFinding(Part.LOG, f"Entry {seq} was edited: it does not match its hash.", seq)
        yield from _link(row, log, None if has_gap else previous)
        expected, previous = seq + 1, row["sha256"]


def _link(row: sqlite3.Row, log: _Log, previous: str | None) -> Iterator[CaseFinding]:
    """Whether an entry stands where it was written, and take up what it says of records."""
    seq = row["seq"]
    try:
        entry = audit.parse(row["entry"], row["sha256"])
    except (ValueError, KeyError, TypeError, AttributeError):
        yield CaseFinding(Part.LOG, f"Entry {seq} cannot be read.", seq)
        return
    if entry.seq != seq:
        yield CaseFinding(Part.LOG, f"Entry {seq} is out of its place: it was written as entry {entry.seq}.", seq)
    elif previous is not None and entry.previous != previous:
        before = max(1, seq - 1)
        yield CaseFinding(Part.LOG, f"Entry {before} was replaced: entry {seq} was written after another one.", before)
    for key, value in entry.rows.items():
        log.rows[key] = (value, seq)


def _ends(connection: sqlite3.Connection, log: _Log, noted: ChainHead | None) -> Iterator[CaseFinding]:
    """Whether the log still has the entries that other places name as its end."""
    last = max(log.hashes, default=0)
    anchor, proved = audit.anchored_head(connection), 0
    for row in connection.execute("SELECT id, head_count, head_sha256 FROM analyses ORDER BY id"):
        count, sha256 = row["head_count"], row["head_sha256"]
        if count == 0 or log.hashes.get(count) == sha256:
            proved = max(proved, count)
        else:
            said = "is no longer in the log" if count not in log.hashes else "was replaced"
            yield CaseFinding(Part.LOG, f"Entry {count}, which analysis {row['id']} names, {said}.", count)
    if anchor.count > last:
        said = f"The log was cut off: {_range(last + 1, anchor.count).lower()} missing at its end."
        yield CaseFinding(Part.LOG, said, last + 1)
    elif anchor.count < last:
        said = f"The log has {last} entries, but the note of its end speaks of {anchor.count}."
        yield CaseFinding(Part.LOG, said, anchor.count + 1)
    elif last and anchor.sha256 != log.hashes[last]:
        said = (
            f"The log was rewritten: its last entry is not the one that was noted. Entry {proved} is the last proved."
        )
        yield CaseFinding(Part.LOG, said, proved + 1)
    if noted is not None and noted.count and log.hashes.get(noted.count) != noted.sha256:
        said = f"Entry {noted.count} is not the one that was noted outside of the case."
        yield CaseFinding(Part.LOG, said, noted.count)


def _records(connection: sqlite3.Connection, table: str, log: _Log, counts: dict[str, int]) -> Iterator[CaseFinding]:
    counts[table] = 0
    for row in connection.execute(f"SELECT * FROM {table} ORDER BY id"):
        name = _NOUNS[table].format(row["id"])
        logged, since = log.rows.pop(f"{table}:{row['id']}", (None, None))
        if since is None:
            yield CaseFinding(Part.RECORD, f"{name} was added outside the program: no entry of the log speaks of it.")
        elif logged is None:
            yield CaseFinding(Part.RECORD, f"{name} was removed by entry {since} and is there again.", since)
        elif not _bytes_match(table, row):
            yield CaseFinding(Part.RECORD, _HASHED[table][2].format(row["id"]), since)
        elif audit.hash_of(row) != logged:
            yield CaseFinding(Part.RECORD, f"{name} was changed after entry {since} wrote it.", since)
        else:
            counts[table] += 1


def _bytes_match(table: str, row: sqlite3.Row) -> bool:
    if table not in _HASHED:
        return True
    data, sha256, _ = _HASHED[table]
    value = row[data]
    return value is None if row[sha256] is None else hashlib.sha256(value or b"").hexdigest() == row[sha256]


def _lost(log: _Log) -> Iterator[CaseFinding]:
    """Records that the log speaks of and that are not there."""
    for key, (logged, since) in log.rows.items():
        table, _, row_id = key.partition(":")
        if logged is not None:
            name = _NOUNS.get(table, f"{table} {{}}").format(row_id)
            yield CaseFinding(Part.RECORD, f"{name} of entry {since} is missing.", since)


def _items(connection: sqlite3.Connection) -> Iterator[CaseItem]:
    try:
        rows = connection.execute("SELECT * FROM items ORDER BY id").fetchall()
    except sqlite3.DatabaseError:
        return  # said already
    for row in rows:
        try:
            yield item_of(row)
        except (CaseError, ValueError, TypeError):
            continue  # a row that cannot be read has another hash, which is said already


def _check_item(item: CaseItem, is_wanted: bool, on_progress: ProgressFn, cancel: CancelToken) -> ItemFinding:
    if not is_wanted:
        return ItemFinding(item.item_id, item.path, None)
    try:
        hashes = hash_if_there(item.path, on_progress, cancel)
    except AppError:
        # it is there and cannot be read, which says nothing of its content
        return ItemFinding(item.item_id, item.path, None)
    return ItemFinding(item.item_id, item.path, compare(item, hashes, item.path))


def _range(first: int, last: int) -> str:
    return f"Entry {first} is" if first == last else f"Entries {first} to {last} are"
