"""The connections to a case file: one per thread, errors in plain words, every write an audited transaction."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from desktop_app.cases import audit
from desktop_app.errors import CaseError

BUSY_S = 10.0
MIN_SQLITE = (3, 37)  # strict tables
READ_WRITE, READ_ONLY, FIXED = "mode=rw", "mode=ro", "mode=ro&immutable=1"

_GONE_HINT = "Check the drive or the connection. What had been stored before is safe; open the case again."
_WORDS = {
    sqlite3.SQLITE_FULL: (
        "The disk is full: “{}” could not be written.",
        "Make room and try again; what had been stored before is safe.",
    ),
    sqlite3.SQLITE_CORRUPT: ("“{}” is damaged.", "Use a copy of the case."),
    sqlite3.SQLITE_NOTADB: ("“{}” is not a case.", "Choose a file that this program wrote."),
    sqlite3.SQLITE_BUSY: ("“{}” is being used by another program.", "Close it there and try again."),
    sqlite3.SQLITE_LOCKED: ("“{}” is being used by another program.", "Close it there and try again."),
    sqlite3.SQLITE_PROTOCOL: ("“{}” is being used by another program.", "Close it there and try again."),
    sqlite3.SQLITE_READONLY: ("“{}” cannot be written to.", "Save a copy in a folder that you may write to."),
    sqlite3.SQLITE_IOERR: ("The place where “{}” lies cannot be reached any more.", _GONE_HINT),
    sqlite3.SQLITE_CANTOPEN: ("“{}” cannot be opened.", _GONE_HINT),
    sqlite3.SQLITE_PERM: ("You are not allowed to open “{}”.", "Ask for permission, or use a copy."),
    sqlite3.SQLITE_AUTH: ("You are not allowed to open “{}”.", "Ask for permission, or use a copy."),
}


@contextlib.contextmanager
def in_plain_words(name: str) -> Iterator[None]:
    """Turn what can go wrong with a file into an error for the user; faults of the program pass.

    Args:
        name: Name of the file for messages.

    Raises:
        CaseError: The disk is full, the file damaged, locked, gone or not a case.
    """
    try:
        yield
    except sqlite3.Error as error:
        # the low byte is the kind, the rest says where it arose
        words = _WORDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if words is None:
            raise
        raise CaseError(words[0].format(name), words[1]) from error


class Transaction:
    """What is written at once, with one entry in the log.

    Args:
        connection: Inside a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.details: dict[str, object] = {}
        self.rows: dict[tuple[str, int], None] = {}

    def insert(self, table: str, **values: object) -> int:
        """Add a row and return its id."""
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        stored = tuple(map(_storable, values.values()))
        cursor = self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", stored)
        row_id = int(cursor.lastrowid or 0)
        self.rows[table, row_id] = None
        return row_id

    def update(self, table: str, row_id: int, **values: object) -> None:
        """Change columns of a row."""
        changes = ", ".join(f"{name} = ?" for name in values)
        stored = tuple(map(_storable, values.values()))
        self.connection.execute(f"UPDATE {table} SET {changes} WHERE id = ?", (*stored, row_id))
        self.rows[table, row_id] = None

    def delete(self, table: str, row_id: int) -> None:
        """Remove a row."""
        self.connection.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))
        self.rows[table, row_id] = None


def _storable(value: object) -> object:
    # half a character, as from a keyboard or a user's name, is no text to SQLite
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


class Database:
    """A case file in use.

    Args:
        file: The file that is opened.
        access: `READ_WRITE`, `READ_ONLY`, or `FIXED` for a file that nobody can change.
        actor: Who writes.
        name: Name for messages, where `file` is a copy of another.
    """

    def __init__(self, file: Path, access: str, actor: str, name: str = "") -> None:
        self.file, self.name, self.actor = file, name or file.name, actor
        self.read_only = access != READ_WRITE
        self._uri = f"{file_uri(file)}?{access}"
        self._local = threading.local()
        self._guard, self._writing = threading.Lock(), threading.RLock()
        self._connections: list[sqlite3.Connection] = []
        self._identity = _identity(file)

    def connection(self) -> sqlite3.Connection:
        """The connection of the calling thread.

        Raises:
            CaseError: The file cannot be opened.
        """
        mine: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if mine is None:
            with in_plain_words(self.name):
                mine = self._connect()
            self._local.connection = mine
            with self._guard:
                self._connections.append(mine)
        return mine

    def _connect(self) -> sqlite3.Connection:
        if sqlite3.sqlite_version_info < MIN_SQLITE:
            raise CaseError(
                f"SQLite {sqlite3.sqlite_version} of this Python is too old for cases.",
                f"Use a Python with SQLite {'.'.join(map(str, MIN_SQLITE))} or newer.",
            )
        # `close` may come from another thread than the one that opened
        connection = sqlite3.connect(self._uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            connection.row_factory = sqlite3.Row
            # text that is no UTF-8 was not written by this program: it must reach the check and not stop it
            connection.text_factory = lambda value: value.decode("utf-8", "surrogateescape")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA foreign_keys = ON")
            # a commit is on the disk before it is reported, also where power fails right after
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The calling thread's connection, in one consistent view of the file.

        Raises:
            CaseError: The file cannot be read.
        """
        connection = self.connection()
        with in_plain_words(self.name):
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def writing(self, action: str, purpose: str = "", /, **details: object) -> Iterator[Transaction]:
        """A transaction that ends with an entry in the log; all of it is stored or nothing.

        Args:
            action: What is done, such as ``"item.added"``.
            purpose: What for.
            **details: JSON values for the entry.

        Raises:
            CaseError: The case is read-only, was altered, or cannot be written.
        """
        if self.read_only:
            raise CaseError(f"“{self.name}” is open for reading only.", "Save a copy and work in that.")
        with self._writing, in_plain_words(self.name):
            self._check_still_there()
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                transaction = Transaction(connection)
                yield transaction
                details |= transaction.details
                audit.append(connection, self.actor, action, purpose, details, transaction.rows)
                connection.execute("COMMIT")
            except BaseException:
                # where the disk is full or gone the transaction has ended by itself
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    def _check_still_there(self) -> None:
        # a file that was removed or replaced can still be written to, and nobody would ever see what
        if _identity(self.file) != self._identity:
            raise CaseError(
                f"“{self.name}” is no longer where it was opened.",
                "Check the drive or the connection, or save the case under another name.",
            )

    def close(self) -> None:
        """End all connections. Where this is the last program to use the file, one plain file is left."""
        with self._guard:
            connections, self._connections = self._connections, []
            self._local = threading.local()
        if connections and not self.read_only:
            for connection in connections[1:]:
                connection.close()
            # a file at rest has no companions, so that it can be copied and read from read-only places
            with contextlib.suppress(sqlite3.Error):
                connections[0].execute("PRAGMA busy_timeout = 0")
                connections[0].execute("PRAGMA journal_mode = DELETE")
        for connection in connections:
            with contextlib.suppress(sqlite3.Error):
                connection.close()


@contextlib.contextmanager
def opened_for_reading(path: Path, actor: str = "") -> Iterator[Database]:
    """A case that is not changed, wherever it lies, with all that was committed to it.

    Raises:
        CaseError: It cannot be read.
    """
    with contextlib.ExitStack() as stack:
        yield open_for_reading(path, actor, stack)


def open_for_reading(path: Path, actor: str, stack: contextlib.ExitStack) -> Database:
    """As `opened_for_reading`; what has to end is put on the stack.

    A writer that was killed leaves a journal beside the file, with what was committed last. Where the place does not
    allow to read it there, both are read from a copy.

    Raises:
        CaseError: It cannot be read.
    """
    journal = path.with_name(path.name + "-wal")
    for access in (READ_ONLY, FIXED):
        database = Database(path, access, actor)
        stack.callback(database.close)
        try:
            if access == FIXED and journal.exists() and journal.stat().st_size:
                break
            database.connection()
        except CaseError as error:
            if not _is_place(error.__cause__):
                raise
        else:
            return database
    return _copied(path, journal, actor, stack)


def _copied(path: Path, journal: Path, actor: str, stack: contextlib.ExitStack) -> Database:
    try:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cotejo-", ignore_cleanup_errors=True)))
        shutil.copyfile(path, folder / path.name)
        if journal.exists():
            shutil.copyfile(journal, folder / journal.name)
    except OSError as error:
        raise CaseError(f"“{path.name}” cannot be read.", "Check that it exists and that you may read it.") from error
    copy = Database(folder / path.name, READ_ONLY, actor, path.name)
    stack.callback(copy.close)
    copy.connection()
    return copy


def _is_place(error: BaseException | None) -> bool:
    """Whether it is the place that refuses, rather than the file."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)


def file_uri(file: Path) -> str:
    """A file's address for SQLite, whatever characters its name has."""
    text = quote(os.fsencode(file.absolute().as_posix()))
    return f"file://{'' if text.startswith('/') else '/'}{text}"


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        facts = file.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino
