"""The audit log: entries that each carry the hash of the one before, and of every row written with them."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from desktop_app.domain.cases import AuditEntry, ChainHead
from desktop_app.errors import CaseError

START = "0" * 64
"""What the first entry names as the hash before it."""


def canonical(value: object) -> str:
    """The one JSON text of a value: keys sorted, no spaces, UTF-8 that stays within ASCII.

    >>> canonical({"b": 1, "a": None})
    '{"a":null,"b":1}'
    """
    # escapes instead of bytes beyond ASCII: a file name that is no valid Unicode has a hash too
    return json.dumps(value, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def now_utc() -> str:
    """The time, to the microsecond, as it is stored."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def row_hash(connection: sqlite3.Connection, table: str, row_id: int) -> str | None:
    """Hash over what a row holds, None when there is no such row.

    Empty columns do not count, so that a migration that adds a column leaves every hash as it was; of bytes their
    own SHA-256 counts.
    """
    row = connection.execute(f"SELECT * FROM {table} WHERE id = ?", (row_id,)).fetchone()
    return None if row is None else hash_of(row)


def hash_of(row: sqlite3.Row) -> str:
    """Hash over what a row holds; see `row_hash`."""
    values: dict[str, object] = {}
    for name in row.keys():
        value = row[name]
        if value is not None:
            values[name] = {"sha256": hashlib.sha256(value).hexdigest()} if isinstance(value, bytes) else value
    return digest(canonical(values))


def stored_head(connection: sqlite3.Connection) -> ChainHead:
    """The end of the log as its last entry has it."""
    row = connection.execute("SELECT seq, sha256 FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return ChainHead(0, START) if row is None else ChainHead(row["seq"], row["sha256"])


def anchored_head(connection: sqlite3.Connection) -> ChainHead:
    """The end of the log as it was noted in a second place."""
    row = connection.execute("SELECT count, sha256 FROM anchor").fetchone()
    return ChainHead(0, START) if row is None else ChainHead(row["count"], row["sha256"])


def check_head(connection: sqlite3.Connection) -> ChainHead:
    """The end of the log.

    Raises:
        CaseError: Its two places disagree: writing on would cover up what was cut off.
    """
    head = stored_head(connection)
    if head != anchored_head(connection):
        raise CaseError(
            "The audit log of this case was altered outside the program; nothing more is written to it.",
            "Open it read-only, and let `cotejo verify` say since when. Continue with an intact copy.",
        )
    return head


def append(
    connection: sqlite3.Connection,
    actor: str,
    action: str,
    purpose: str,
    details: Mapping[str, object],
    rows: Iterable[tuple[str, int]],
) -> None:
    """Add an entry, within the caller's transaction.

    Args:
        connection: Inside a transaction.
        actor: Who.
        action: What.
        purpose: What for.
        details: JSON values.
        rows: (table, id) of all that was written in this transaction.

    Raises:
        CaseError: The log was altered.
    """
    head = check_head(connection)
    content = {
        "seq": head.count + 1,
        "at": now_utc(),
        "actor": actor,
        "action": action,
        "purpose": purpose,
        "details": dict(details),
        "rows": {f"{table}:{row_id}": row_hash(connection, table, row_id) for table, row_id in rows},
        "previous": head.sha256,
    }
    entry = canonical(content)
    sha256 = digest(entry)
    connection.execute("INSERT INTO audit (seq, entry, sha256) VALUES (?, ?, ?)", (content["seq"], entry, sha256))
    connection.execute(
        "INSERT INTO anchor (id, count, sha256) VALUES (1, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET count = excluded.count, sha256 = excluded.sha256",
        (content["seq"], sha256),
    )


def entries(connection: sqlite3.Connection) -> Iterator[AuditEntry]:
    """The log in its order.

    Raises:
        CaseError: An entry cannot be read.
    """
    for row in connection.execute("SELECT seq, entry, sha256 FROM audit ORDER BY seq"):
        try:
            yield parse(row["entry"], row["sha256"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CaseError(
                f"Entry {row['seq']} of the audit log cannot be read.", "`cotejo verify` says what was altered."
            ) from error


def parse(entry: str, sha256: str) -> AuditEntry:
    """An entry of its text.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is none.
    """
    content = json.loads(entry)
    return AuditEntry(
        content["seq"],
        datetime.fromisoformat(content["at"]),
        content["actor"],
        content["action"],
        content["purpose"],
        dict(content["details"]),
        dict(content["rows"]),
        content["previous"],
        sha256,
    )
