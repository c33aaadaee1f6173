"""A case: one SQLite file with everything about some items, opened, saved, copied and closed."""

import contextlib
import getpass
import os
import secrets
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock

from desktop_app import __version__, paths
from desktop_app.cases import audit, schema
from desktop_app.cases.analyses import CaseAnalyses
from desktop_app.cases.database import READ_ONLY, READ_WRITE, Database, file_uri, in_plain_words, open_for_reading
from desktop_app.cases.items import CaseItems
from desktop_app.cases.locks import PlaceRefusesError, is_locked, lock_case, remove_case
from desktop_app.cases.notes import Bookmarks, CaseNotes, CaseSettings
from desktop_app.domain.cases import AuditEntry, ChainHead
from desktop_app.errors import CaseError
from desktop_app.files import replacing

HOT_ENDINGS = ("-wal", "-journal")


class CaseStore:
    """An open case. Any thread may use it; it is closed once, by `close` or as a context manager.

    Made by `create`, `open` and `temporary`.

    Args:
        path: The file.
        database: Its connections.
        stack: What ends with the case.
        is_temporary: Whether it has no name yet, and is deleted when it is closed.
    """

    def __init__(self, path: Path, database: Database, stack: contextlib.ExitStack, is_temporary: bool = False) -> None:
        self.is_temporary = is_temporary
        self._attach(path, database, stack)

    def _attach(self, path: Path, database: Database, stack: contextlib.ExitStack) -> None:
        self.path = path
        self._database, self._stack = database, stack
        self.items = CaseItems(database)
        self.analyses = CaseAnalyses(database)
        self.settings = CaseSettings(database)
        self.notes = CaseNotes(database)
        self.bookmarks = Bookmarks(database)

    @classmethod
    def create(cls, path: Path, actor: str = "", purpose: str = "") -> Self:
        """A new case.

        Args:
            path: Where nothing is yet.
            actor: Who writes; empty is the user of this computer.
            purpose: What for.

        Raises:
            CaseError: There is a file already, or none can be written.
        """
        path = path.absolute()
        if path.exists():
            raise CaseError(f"“{path.name}” exists already.", "Open it, or choose another name.")
        who = actor or _user()
        with replacing(path) as temporary:
            database = Database(temporary, READ_WRITE, who, path.name)
            try:
                with in_plain_words(path.name):
                    database.connection().execute("BEGIN IMMEDIATE")
                    schema.migrate(database.connection())
                    database.connection().execute("COMMIT")
                facts = {"case": secrets.token_hex(16), "format": schema.VERSION, "program": __version__}
                with database.writing("case.created", purpose, **facts):
                    pass
            finally:
                database.close()
        return cls.open(path, who, read_only=False)

    @classmethod
    def open(cls, path: Path, actor: str = "", read_only: bool | None = None, purpose: str = "") -> Self:
        """A case that exists.

        Args:
            path: The file.
            actor: Who writes; empty is the user of this computer.
            read_only: None opens for writing where the file and its folder allow it, else for reading.
            purpose: What for.

        Raises:
            CaseError: There is none, it is damaged, altered, of a newer program, open elsewhere, or cannot be written.
        """
        path, who = path.absolute(), actor or _user()
        if not path.is_file():
            raise CaseError(
                f"There is no case “{path.name}”.", "It may have been moved, or its drive is not connected."
            )
        with contextlib.ExitStack() as stack:
            if read_only:
                return cls(path, _open_read_only(path, who, stack), stack.pop_all())
            try:
                database = _open_to_write(path, who, purpose, stack)
            except PlaceRefusesError:
                if read_only is False:
                    raise
                return cls(path, _open_read_only(path, who, stack), stack.pop_all())
            return cls(path, database, stack.pop_all())

    @classmethod
    def temporary(cls, actor: str = "") -> Self:
        """A case without a name, for a quick check; `save_as` keeps it, and a crash leaves it in `unsaved_cases`.

        Raises:
            CaseError: The user's folder cannot be written to.
        """
        folder = paths.unsaved_dir()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CaseError("Your own folder cannot be written to.", f"Check {folder.parent}.") from error
        name = f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}-{secrets.token_hex(3)}{schema.SUFFIX}"
        store = cls.create(folder / name, actor)
        store.is_temporary = True
        return store

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written to it."""
        return self._database.read_only

    @property
    def actor(self) -> str:
        """Who writes."""
        return self._database.actor

    def head(self) -> ChainHead:
        """The end of the audit log, to be noted outside of the file, such as in a report."""
        with self._database.reading() as connection:
            return audit.stored_head(connection)

    def audit_log(self) -> tuple[AuditEntry, ...]:
        """The audit log.

        Raises:
            CaseError: An entry cannot be read.
        """
        with self._database.reading() as connection:
            return tuple(audit.entries(connection))

    def log(self, action: str, purpose: str = "", /, **details: object) -> None:
        """Note something in the audit log that writes nothing else, such as an export.

        Args:
            action: What, such as ``"report.exported"``.
            purpose: What for.
            **details: JSON values.

        Raises:
            CaseError: The case cannot be written.
        """
        with self._database.writing(action, purpose, **details):
            pass

    def save_copy(self, path: Path, purpose: str = "") -> Path:
        """A whole copy in another file; this one stays open. An existing file there is replaced.

        Raises:
            CaseError: It cannot be written, or is open.
        """
        path = path.absolute()
        head = self.head()
        with _reserved(path, self.path):
            self._copy_to(path)
        if not self.read_only:
            self.log("case.copied", purpose, name=path.name, entries=head.count, head=head.sha256)
        return path

    def save_as(self, path: Path, purpose: str = "") -> None:
        """Go on in another file, which gives a temporary case its name. An existing file there is replaced.

        Raises:
            CaseError: It cannot be written, or is open, or an analysis runs; this case then is as it was.
        """
        if self.analyses.is_running:
            raise CaseError("An analysis of this case still runs.", "Wait for its end, or stop it.")
        path, before, was_temporary = path.absolute(), self.path, self.is_temporary
        if self.read_only:
            self.save_copy(path)
        else:
            with _reserved(path, before):
                self._copy_to(path)
        with contextlib.ExitStack() as stack:
            database = _open_to_write(path, self.actor, purpose, stack, "case.saved")
            self._stack.close()
            self._attach(path, database, stack.pop_all())
        self.is_temporary = False
        if was_temporary:
            remove_case(before)

    def _copy_to(self, path: Path) -> None:
        with replacing(path) as temporary, in_plain_words(path.name):
            self._database.connection().execute("VACUUM INTO ?", (file_uri(temporary),))

    def close(self) -> None:
        """End the use of the file; a temporary case is deleted."""
        self._stack.close()
        if self.is_temporary:
            remove_case(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def unsaved_cases() -> tuple[Path, ...]:
    """Temporary cases that a crash left behind, oldest first."""
    found = sorted(paths.unsaved_dir().glob(f"*{schema.SUFFIX}"))
    return tuple(path for path in found if not is_locked(path))


def _open_to_write(
    path: Path, actor: str, purpose: str, stack: contextlib.ExitStack, action: str = "case.opened"
) -> Database:
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise PlaceRefusesError(f"“{path.name}” cannot be written to.", "Open it for reading only, or save a copy.")
    lock: FileLock = lock_case(path)
    stack.callback(lock.release)
    database = Database(path, READ_WRITE, actor)
    stack.callback(database.close)
    with in_plain_words(path.name):
        connection = database.connection()
        schema.check_kind(connection, path.name)
        schema.check_pages(connection, path.name)
        schema.check_structure(connection, path.name)
        connection.execute("PRAGMA journal_mode = WAL")
        version = schema.version_of(connection)
        if version < schema.VERSION:
            facts = {"from": version, "to": schema.VERSION, "program": __version__}
            with database.writing("case.migrated", purpose, **facts) as change:
                schema.migrate(change.connection)
    with database.writing(action, purpose, program=__version__):
        pass
    CaseAnalyses(database).abort_killed()
    return database


def _open_read_only(path: Path, actor: str, stack: contextlib.ExitStack) -> Database:
    database = open_for_reading(path, actor, stack)
    with in_plain_words(path.name):
        schema.check_kind(database.connection(), path.name)
        schema.check_pages(database.connection(), path.name)
        if schema.version_of(database.connection()) == schema.VERSION:
            return database
        # an older file is brought up to date in a copy: the one that was given stays as it is
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cotejo-", ignore_cleanup_errors=True)))
        copy = folder / "case"
        database.connection().execute("VACUUM INTO ?", (file_uri(copy),))
        writer = Database(copy, READ_WRITE, actor, path.name)
        try:
            writer.connection().execute("BEGIN IMMEDIATE")
            schema.migrate(writer.connection())
            writer.connection().execute("COMMIT")
        finally:
            writer.close()
        newer = Database(copy, READ_ONLY, actor, path.name)
        stack.callback(newer.close)
        return newer


@contextlib.contextmanager
def _reserved(path: Path, own: Path) -> Iterator[None]:
    """The right to replace a file.

    Raises:
        CaseError: It is the case itself, open elsewhere, or a case whose last changes are not in it yet.
    """
    if path.resolve() == own.resolve():
        raise CaseError(f"“{path.name}” is the case itself.", "Choose another name.")
    if not path.parent.is_dir():
        raise CaseError(f"There is no folder for “{path.name}”.", "Choose another one.")
    lock = lock_case(path)
    try:
        if any(path.with_name(path.name + ending).exists() for ending in HOT_ENDINGS):
            raise CaseError(
                f"“{path.name}” is a case that was not closed properly.", "Open it once, or choose another name."
            )
        yield
    finally:
        lock.release()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
