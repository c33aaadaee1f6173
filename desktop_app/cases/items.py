"""The items of a case and their custody: hashes at intake and at every later occasion, and what was accepted."""

import hashlib
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from desktop_app.cases.audit import now_utc
from desktop_app.cases.database import Database
from desktop_app.cases.values import (
    damaged,
    member_of,
    pack,
    read_path,
    read_time,
    time_of,
    unpack,
    unpack_record,
    write_path,
    write_time,
)
from desktop_app.domain import MediaInfo
from desktop_app.domain.cases import CaseItem, ItemCheck, ItemState, Occasion
from desktop_app.domain.codec import to_plain
from desktop_app.domain.traces import ItemTraces
from desktop_app.errors import CaseError, InputError
from desktop_app.files import FileHashes, hash_file
from desktop_app.progress import CancelToken, ProgressFn, ignore_progress


def hashes_of(media: MediaInfo) -> FileHashes:
    """What opening an item has hashed already."""
    return FileHashes(media.sha256, media.sha512, media.size_bytes, media.modified_utc)


def hash_if_there(
    path: Path, on_progress: ProgressFn = ignore_progress, cancel: CancelToken | None = None
) -> FileHashes | None:
    """Hashes of a file, None when it is missing.

    Raises:
        InputError: It is there and cannot be read.
        Cancelled: The token was cancelled.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        pass  # what is in the way is said where the file is read
    return hash_file(path, on_progress, cancel)


def compare(item: CaseItem, hashes: FileHashes | None, path: Path) -> ItemState:
    """How a file compares with an item.

    Args:
        item: As it was taken in.
        hashes: Of the file, None when there is none.
        path: Where it lies.
    """
    if hashes is None:
        return ItemState.MISSING
    if (hashes.sha256, hashes.sha512) != (item.sha256, item.sha512):
        return ItemState.CHANGED
    return ItemState.INTACT if path == item.path else ItemState.MOVED


class CaseItems:
    """The items of a case.

    Args:
        database: The case.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, path: Path, hashes: FileHashes | None = None, note: str = "", received_from: str = "", purpose: str = ""
    ) -> CaseItem:
        """Take a file in; the same content at the same place is taken in once.

        Args:
            path: The file.
            hashes: Its hashes, where they are known; else it is hashed here.
            note: What the examiner says of it.
            received_from: Who handed it over.
            purpose: What for.

        Raises:
            CaseError: The case cannot be written.
            InputError: The file cannot be read.
        """
        path = path.absolute()
        if hashes is None or not hashes.sha512:
            hashes = hash_file(path)
        for known in self.all():
            if (known.path, known.sha256, known.sha512) == (path, hashes.sha256, hashes.sha512):
                return known
        with self._database.writing("item.added", purpose, name=path.name, sha256=hashes.sha256) as change:
            item_id = change.insert(
                "items",
                path=write_path(path),
                sha256=hashes.sha256,
                sha512=hashes.sha512,
                size_bytes=hashes.size_bytes,
                modified_utc=write_time(hashes.modified_utc),
                intake_utc=now_utc(),
                note=note,
                received_from=received_from or None,
            )
            change.insert(
                "checks", **self._check_row(item_id, Occasion.INTAKE, ItemState.INTACT, path, hashes, purpose)
            )
        return self.get(item_id)

    def all(self) -> tuple[CaseItem, ...]:
        """All items in the order of their intake."""
        with self._database.reading() as connection:
            return tuple(item_of(row) for row in connection.execute("SELECT * FROM items ORDER BY id"))

    def get(self, item_id: int) -> CaseItem:
        """One item.

        Raises:
            CaseError: There is no such item.
        """
        with self._database.reading() as connection:
            row = connection.execute("SELECT * FROM items WHERE id = ?", (item_id,)).fetchone()
        if row is None:
            raise CaseError(f"The case has no item {item_id}.", "Choose one of its items.")
        return item_of(row)

    def annotate(self, item_id: int, note: str, purpose: str = "") -> CaseItem:
        """Write another note of an item; the log keeps that there was one before.

        Raises:
            CaseError: There is no such item, or the case cannot be written.
        """
        before = self.get(item_id)
        with self._database.writing("item.annotated", purpose, item=item_id, before=before.note) as change:
            change.update("items", item_id, note=note)
        return replace(before, note=note)

    def check(
        self,
        item_id: int,
        occasion: Occasion,
        purpose: str = "",
        path: Path | None = None,
        on_progress: ProgressFn = ignore_progress,
        cancel: CancelToken | None = None,
    ) -> ItemCheck:
        """Hash an item's file and record how it compares.

        Args:
            item_id: The item.
            occasion: When.
            purpose: What for.
            path: Where the file lies now, when it is not where it was.
            on_progress: Stage ``"hash"``.
            cancel: Stops the work; nothing is recorded then.

        Raises:
            CaseError: There is no such item, or the case cannot be written.
            InputError: The file is there and cannot be read.
            Cancelled: The token was cancelled.
        """
        place = path.absolute() if path else self.get(item_id).path
        hashes = hash_if_there(place, on_progress, cancel)
        return self.record_check(item_id, occasion, hashes, purpose, place)

    def record_check(
        self, item_id: int, occasion: Occasion, hashes: FileHashes | None, purpose: str = "", path: Path | None = None
    ) -> ItemCheck:
        """Record how an item's file compares, where it was hashed already.

        Args:
            item_id: The item.
            occasion: When.
            hashes: Of the file, None when it is missing.
            purpose: What for.
            path: Where it was looked for, when not at the item's own place.

        Raises:
            CaseError: There is no such item, or the case cannot be written.
        """
        item = self.get(item_id)
        place = path.absolute() if path else item.path
        state = compare(item, hashes, place)
        facts = {"item": item_id, "occasion": occasion.value, "state": state.value}
        with self._database.writing("item.checked", purpose, **facts) as change:
            row = self._check_row(item_id, occasion, state, place, hashes, purpose)
            if before := self._acceptance(item_id, state, place, hashes):
                change.details["accepted_with"] = before.check_id
                row |= {"accepted_by": before.accepted_by, "accepted_reason": before.accepted_reason}
                row["accepted_utc"] = write_time(before.accepted_utc) if before.accepted_utc else None
            check_id = change.insert("checks", **row)
        return self._check(check_id)

    def unrecorded_check(
        self, item_id: int, occasion: Occasion, hashes: FileHashes | None, purpose: str = "", path: Path | None = None
    ) -> ItemCheck:
        """The comparison that `record_check` would record, for a case that cannot be written; its number is 0.

        Raises:
            CaseError: There is no such item.
        """
        item = self.get(item_id)
        place = path.absolute() if path else item.path
        state, sha256 = compare(item, hashes, place), hashes.sha256 if hashes else None
        now, actor = datetime.now(UTC), self._database.actor
        check = ItemCheck(0, item_id, occasion, state, now, actor, purpose, place, sha256)
        before = self._acceptance(item_id, state, place, hashes)
        if before is None:
            return check
        by, reason = before.accepted_by, before.accepted_reason
        return replace(check, accepted_utc=before.accepted_utc, accepted_by=by, accepted_reason=reason)

    def _acceptance(self, item_id: int, state: ItemState, path: Path, hashes: FileHashes | None) -> ItemCheck | None:
        """An earlier check whose acceptance holds for what is found now: the same other content at the same place."""
        if state is not ItemState.CHANGED or hashes is None:
            return None
        accepted = [c for c in self.checks(item_id) if c.accepted_utc and c.sha256 == hashes.sha256 and c.path == path]
        return accepted[-1] if accepted else None

    def accept(self, check_id: int, reason: str) -> ItemCheck:
        """Accept that an item's file deviates; it is looked for where it was found from now on.

        Later checks that find the same content at the same place carry the acceptance on.

        Args:
            check_id: The check that found it.
            reason: Why it is examined all the same.

        Raises:
            InputError: No reason is given, or there is nothing to accept.
            CaseError: There is no such check, or the case cannot be written.
        """
        check = self._check(check_id)
        if not reason.strip():
            raise InputError("A reason is needed to go on with this item.", "Say why it is examined all the same.")
        if check.allows_analysis or check.state is ItemState.MISSING:
            raise InputError(
                "There is nothing to accept in this check of the item.",
                "A missing file has to be found first." if check.state is ItemState.MISSING else "",
            )
        facts = {"item": check.item_id, "check": check_id, "state": check.state.value}
        with self._database.writing("item.accepted", reason, **facts) as change:
            accepted = {"accepted_utc": now_utc(), "accepted_by": self._database.actor, "accepted_reason": reason}
            change.update("checks", check_id, **accepted)
            if check.path != self.get(check.item_id).path:
                change.update("items", check.item_id, path=write_path(check.path))
        return self._check(check_id)

    def checks(self, item_id: int) -> tuple[ItemCheck, ...]:
        """All checks of an item in their order; the first is its intake."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM checks WHERE item_id = ? ORDER BY id", (item_id,))
            return tuple(_item_check(row) for row in rows)

    def require_usable(self, check: ItemCheck) -> None:
        """Refuse an analysis of what is not the item, until the examiner accepts it.

        Raises:
            InputError: The file changed, was moved or is missing, and that was not accepted.
        """
        if check.allows_analysis:
            return
        name = self.get(check.item_id).path.name
        said = {
            ItemState.CHANGED: f"“{name}” is not the file that was taken in: its hash is another.",
            ItemState.MOVED: f"“{name}” is not where it was; the file that was found has the same content.",
            ItemState.MISSING: f"“{name}” is not where it was.",
        }[check.state]
        hint = "Find the file." if check.state is ItemState.MISSING else "Accept it and state why, or find the file."
        raise InputError(said, hint)

    def set_traces(self, item_id: int, traces: ItemTraces, purpose: str = "") -> None:
        """Store what an item's file tells of its own history; it takes the place of an earlier reading.

        Raises:
            InputError: They were read of another content than the item's, or one that was accepted.
            CaseError: There is no such item, or the case cannot be written.
        """
        item = self.get(item_id)
        known = {item.sha256, *(check.sha256 for check in self.checks(item_id) if check.allows_analysis)}
        if traces.sha256 not in known:
            raise InputError(f"“{item.path.name}” is not the file that was taken in: its hash is another.")
        data = pack(to_plain(traces))
        row = {"at_utc": now_utc(), "data": data, "sha256": hashlib.sha256(data).hexdigest()}
        with self._database.writing("item.traces", purpose, item=item_id, findings=len(traces.findings)) as change:
            query = "SELECT id FROM traces WHERE item_id = ?"
            before = change.connection.execute(query, (item_id,)).fetchone()
            if before is None:
                change.insert("traces", item_id=item_id, **row)
            else:
                change.update("traces", before["id"], **row)

    def traces(self, item_id: int) -> ItemTraces | None:
        """What an item's file tells of its own history, None when it was not read.

        Raises:
            CaseError: It is damaged.
        """
        with self._database.reading() as connection:
            row = connection.execute("SELECT data, sha256 FROM traces WHERE item_id = ?", (item_id,)).fetchone()
        if row is None:
            return None
        what = f"what is known of the file of item {item_id}"
        if hashlib.sha256(row["data"]).hexdigest() != row["sha256"]:
            raise damaged(what)
        return unpack_record(ItemTraces, unpack(row["data"], what), what)

    def _check_row(
        self, item_id: int, occasion: Occasion, state: ItemState, path: Path, hashes: FileHashes | None, purpose: str
    ) -> dict[str, object]:
        return {
            "item_id": item_id,
            "occasion": occasion.value,
            "state": state.value,
            "at_utc": now_utc(),
            "actor": self._database.actor,
            "purpose": purpose,
            "path": write_path(path),
            "sha256": hashes.sha256 if hashes else None,
        }

    def _check(self, check_id: int) -> ItemCheck:
        with self._database.reading() as connection:
            row = connection.execute("SELECT * FROM checks WHERE id = ?", (check_id,)).fetchone()
        if row is None:
            raise CaseError(f"The case has no check {check_id}.")
        return _item_check(row)


def item_of(row: sqlite3.Row) -> CaseItem:
    """The item of a row of its table, of any version.

    Raises:
        CaseError: The row is damaged.
    """
    return CaseItem(
        row["id"],
        read_path(row["path"]),
        row["sha256"],
        row["sha512"],
        row["size_bytes"],
        time_of(row["modified_utc"]),
        time_of(row["intake_utc"]),
        row["note"],
        row["received_from"] or "" if "received_from" in row.keys() else "",
    )


def _item_check(row: sqlite3.Row) -> ItemCheck:
    return ItemCheck(
        row["id"],
        row["item_id"],
        member_of(Occasion, row["occasion"]),
        member_of(ItemState, row["state"]),
        time_of(row["at_utc"]),
        row["actor"],
        row["purpose"],
        read_path(row["path"]),
        row["sha256"],
        read_time(row["accepted_utc"]),
        row["accepted_by"],
        row["accepted_reason"],
    )
