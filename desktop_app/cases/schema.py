"""The tables of a case file, and the steps from every earlier version to the present one."""

import sqlite3

from desktop_app.errors import CaseError

APPLICATION_ID = 0x43_54_4A_4F  # "CTJO", so that `file` and others can tell a case from any database
SUFFIX = ".cotejo"

_VERSION_1 = (
    """
    CREATE TABLE settings (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        value TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE items (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        sha512 TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        modified_utc TEXT NOT NULL,
        intake_utc TEXT NOT NULL,
        note TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE checks (
        id INTEGER PRIMARY KEY,
        item_id INTEGER NOT NULL REFERENCES items (id),
        occasion TEXT NOT NULL,
        state TEXT NOT NULL,
        at_utc TEXT NOT NULL,
        actor TEXT NOT NULL,
        purpose TEXT NOT NULL,
        path TEXT NOT NULL,
        sha256 TEXT,
        accepted_utc TEXT,
        accepted_by TEXT,
        accepted_reason TEXT
    ) STRICT
    """,
    """
    CREATE TABLE analyses (
        id INTEGER PRIMARY KEY,
        item_id INTEGER NOT NULL REFERENCES items (id),
        state TEXT NOT NULL,
        plan BLOB NOT NULL,
        started_utc TEXT NOT NULL,
        ended_utc TEXT,
        document BLOB,
        document_sha256 TEXT,
        head_count INTEGER NOT NULL,
        head_sha256 TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE predictions (
        id INTEGER PRIMARY KEY,
        analysis_id INTEGER NOT NULL REFERENCES analyses (id),
        chunk INTEGER NOT NULL,
        through_frame INTEGER NOT NULL,
        frames_done INTEGER NOT NULL,
        count INTEGER NOT NULL,
        state TEXT NOT NULL,
        data BLOB NOT NULL,
        sha256 TEXT NOT NULL,
        UNIQUE (analysis_id, chunk)
    ) STRICT
    """,
    """
    CREATE TABLE notices (
        id INTEGER PRIMARY KEY,
        analysis_id INTEGER NOT NULL REFERENCES analyses (id),
        data TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE exhibits (
        id INTEGER PRIMARY KEY,
        analysis_id INTEGER NOT NULL REFERENCES analyses (id),
        position INTEGER NOT NULL,
        facts TEXT NOT NULL,
        png BLOB NOT NULL,
        sha256 TEXT NOT NULL,
        UNIQUE (analysis_id, position)
    ) STRICT
    """,
    """
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        item_id INTEGER REFERENCES items (id),
        at_utc TEXT NOT NULL,
        author TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE bookmarks (
        id INTEGER PRIMARY KEY,
        item_id INTEGER NOT NULL REFERENCES items (id),
        frame_index INTEGER NOT NULL,
        time_s REAL NOT NULL,
        label TEXT NOT NULL,
        at_utc TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        entry TEXT NOT NULL,
        sha256 TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE anchor (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        count INTEGER NOT NULL,
        sha256 TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX checks_of_item ON checks (item_id)",
    "CREATE INDEX notices_of_analysis ON notices (analysis_id)",
    "CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER predictions_keep BEFORE UPDATE ON predictions "
    "BEGIN SELECT RAISE(ABORT, 'predictions are written once'); END",
    "CREATE TRIGGER exhibits_keep BEFORE UPDATE ON exhibits "
    "BEGIN SELECT RAISE(ABORT, 'exhibits are written once'); END",
)
# who handed an item over belongs to its custody, and the first version had no place for it
_VERSION_2 = ("ALTER TABLE items ADD COLUMN received_from TEXT",)

# what a file tells of its own history belongs to the record that a report is drawn from
_VERSION_3 = (
    """
    CREATE TABLE traces (
        id INTEGER PRIMARY KEY,
        item_id INTEGER NOT NULL UNIQUE REFERENCES items (id),
        at_utc TEXT NOT NULL,
        data BLOB NOT NULL,
        sha256 TEXT NOT NULL
    ) STRICT
    """,
)

MIGRATIONS = (_VERSION_1, _VERSION_2, _VERSION_3)
VERSION = len(MIGRATIONS)
EVIDENCE = (
    "settings", "items", "checks", "analyses", "predictions", "notices", "exhibits", "notes", "bookmarks", "traces",
)  # fmt: skip
"""Tables whose every row has its hash in the audit log."""
_SINCE = {"traces": 3}


def evidence_of(version: int) -> tuple[str, ...]:
    """Those tables of `EVIDENCE` that a file of a version has."""
    return tuple(table for table in EVIDENCE if _SINCE.get(table, 1) <= version)


def version_of(connection: sqlite3.Connection) -> int:
    """Version of the file behind a connection; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, to: int = VERSION) -> None:
    """Take the steps from the file's version to another, within the caller's transaction.

    Args:
        connection: Of an empty file or an older case, inside a transaction.
        to: The version wanted.
    """
    for step in MIGRATIONS[version_of(connection) : to]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {to}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def check_kind(connection: sqlite3.Connection, name: str) -> None:
    """Refuse what is not a case, or one of a newer program.

    Args:
        connection: Of the file.
        name: Name of the file for messages.

    Raises:
        CaseError: It is no case, or newer than this program.
    """
    kind = connection.execute("PRAGMA application_id").fetchone()[0]
    if kind != APPLICATION_ID or version_of(connection) < 1:
        raise CaseError(f"“{name}” is not a case.", f"Choose a file that this program wrote; cases end in {SUFFIX}.")
    if version_of(connection) > VERSION:
        raise CaseError(
            f"“{name}” was written by a newer version of the program (format {version_of(connection)}).",
            "Update the program and try again; nothing was changed.",
        )


def check_pages(connection: sqlite3.Connection, name: str) -> None:
    """Refuse a damaged file.

    Args:
        connection: Of the file.
        name: Name of the file for messages.

    Raises:
        CaseError: Pages are damaged or rows refer to nothing.
    """
    said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise CaseError(
            f"“{name}” is damaged.", "Use a copy of the case; `cotejo verify` says what can still be relied on."
        )


def check_structure(connection: sqlite3.Connection, name: str) -> None:
    """Refuse a file whose tables or guards are others than this program made.

    Args:
        connection: Of the file.
        name: Name of the file for messages.

    Raises:
        CaseError: They are: to write to it could set off whatever was put in.
    """
    if said := structure_faults(connection):
        raise CaseError(f"“{name}” was altered outside the program. {said[0]}", "Use an intact copy of the case.")


def structure_faults(connection: sqlite3.Connection) -> list[str]:
    """What a file of its version has, and this one has not, or the other way round; sentences."""
    model = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(model, version_of(connection))
        expected = _objects(model)
    finally:
        model.close()
    there = _objects(connection)
    names = sorted(key for key in expected.keys() | there.keys() if expected.get(key) != there.get(key))
    nouns = {"table": "table", "index": "index", "view": "view", "trigger": "guard"}
    return [f"The {nouns[kind]} “{name}” of the file was removed, replaced or added." for kind, name in names]


def _objects(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    # SQLite's own tables and indexes come and go with its version
    query = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}
