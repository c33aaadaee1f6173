"""What the examiner writes into a case: its particulars, notes and bookmarks."""

from desktop_app.cases.audit import now_utc
from desktop_app.cases.database import Database
from desktop_app.cases.values import time_of
from desktop_app.domain.cases import Bookmark, CaseNote
from desktop_app.errors import CaseError


class CaseSettings:
    """Particulars of a case, such as its number, the laboratory or the question asked; texts by key.

    Args:
        database: The case.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, str]:
        """All that are set."""
        with self._database.reading() as connection:
            return {
                row["key"]: row["value"] for row in connection.execute("SELECT key, value FROM settings ORDER BY key")
            }

    def get(self, key: str, default: str = "") -> str:
        """One of them."""
        return self.all().get(key, default)

    def set(self, key: str, value: str, purpose: str = "") -> None:
        """Set one of them; the log keeps what it was.

        Raises:
            CaseError: The case cannot be written.
        """
        with self._database.writing("setting.changed", purpose, key=key, value=value) as change:
            row = change.connection.execute("SELECT id, value FROM settings WHERE key = ?", (key,)).fetchone()
            if row is None:
                change.insert("settings", key=key, value=value)
            else:
                change.details["before"] = row["value"]
                change.update("settings", row["id"], value=value)

    def unset(self, key: str, purpose: str = "") -> None:
        """Take one of them away; the log keeps what it was. One that is not set is no error.

        Raises:
            CaseError: The case cannot be written.
        """
        if key not in self.all():
            return
        with self._database.writing("setting.changed", purpose, key=key, value=None) as change:
            row = change.connection.execute("SELECT id, value FROM settings WHERE key = ?", (key,)).fetchone()
            if row is not None:
                change.details["before"] = row["value"]
                change.delete("settings", row["id"])


class CaseNotes:
    """Remarks of the examiner.

    Args:
        database: The case.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, item_id: int | None = None) -> tuple[CaseNote, ...]:
        """Notes of one item, or all of them."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM notes WHERE ? IS NULL OR item_id = ? ORDER BY id", (item_id, item_id)
            )
            return tuple(
                CaseNote(row["id"], row["item_id"], time_of(row["at_utc"]), row["author"], row["text"]) for row in rows
            )

    def add(self, text: str, item_id: int | None = None) -> int:
        """Write a note and return its number.

        Raises:
            CaseError: The case cannot be written.
        """
        with self._database.writing("note.added", item=item_id) as change:
            return change.insert("notes", item_id=item_id, at_utc=now_utc(), author=self._database.actor, text=text)

    def change(self, note_id: int, text: str) -> None:
        """Write a note anew; the log keeps what it said before.

        Raises:
            CaseError: There is no such note, or the case cannot be written.
        """
        before = self._text(note_id)
        with self._database.writing("note.changed", note=note_id, before=before) as change:
            change.update("notes", note_id, at_utc=now_utc(), author=self._database.actor, text=text)

    def remove(self, note_id: int) -> None:
        """Remove a note; the log keeps what it said.

        Raises:
            CaseError: There is no such note, or the case cannot be written.
        """
        before = self._text(note_id)
        with self._database.writing("note.removed", note=note_id, before=before) as change:
            change.delete("notes", note_id)

    def _text(self, note_id: int) -> str:
        for note in self.all():
            if note.note_id == note_id:
                return note.text
        raise CaseError(f"The case has no note {note_id}.")


class Bookmarks:
    """Frames to come back to.

    Args:
        database: The case.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, item_id: int) -> tuple[Bookmark, ...]:
        """Bookmarks of an item in the order of its frames."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM bookmarks WHERE item_id = ? ORDER BY frame_index, id", (item_id,))
            return tuple(
                Bookmark(
                    row["id"], row["item_id"], row["frame_index"], row["time_s"], row["label"], time_of(row["at_utc"])
                )
                for row in rows
            )

    def add(self, item_id: int, frame_index: int, time_s: float, label: str = "") -> int:
        """Set a bookmark and return its number.

        Raises:
            CaseError: The case cannot be written.
        """
        facts = {"item": item_id, "frame": frame_index}
        with self._database.writing("bookmark.added", **facts) as change:
            place = {"item_id": item_id, "frame_index": frame_index, "time_s": float(time_s)}
            return change.insert("bookmarks", **place, label=label, at_utc=now_utc())

    def remove(self, bookmark_id: int) -> None:
        """Remove a bookmark; one that is gone already is no error.

        Raises:
            CaseError: The case cannot be written.
        """
        with self._database.writing("bookmark.removed", bookmark=bookmark_id) as change:
            change.delete("bookmarks", bookmark_id)
