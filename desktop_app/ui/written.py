"""What the examiner wrote about an item, between window and case. Reads and writes on the worker's thread only."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from desktop_app.ui.marks import MarkSet

if TYPE_CHECKING:
    from desktop_app.cases import CaseStore
    from desktop_app.domain.cases import CaseNote

NO_FRAME = "-"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as the window keeps it.

    Args:
        key: Tells it from others, also after it was removed and came back.
        text: What it says.
        author: Who wrote it.
        at_utc: When it was written or last changed.
    """

    key: int
    text: str
    author: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """All that the examiner wrote about an item.

    Args:
        marks: Range and bookmarks.
        notes: In the order in which they were written.
        conclusion: The examiner's own words for the report.
    """

    marks: MarkSet = field(default=MarkSet())
    notes: tuple[Note, ...] = ()
    conclusion: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What is to be kept.

    Args:
        item_id: The item.
        written: Everything about it.
        times_s: Seconds of its bookmarks by frame.
        numbers: Numbers in the case by key of a note; the worker's to fill.
    """

    item_id: int
    written: Written
    times_s: dict[int, float]
    numbers: dict[int, int]


def read(store: "CaseStore", item_id: int) -> Written:
    """What the case holds on an item."""
    from desktop_app.analysis.dossiers import details_of

    first, last = _range_of(store.settings.get(_range_key(item_id)))
    bookmarks = {mark.frame_index: mark.label for mark in store.bookmarks.all(item_id)}
    notes = tuple(_note(note.note_id, note) for note in store.notes.all(item_id))
    marks = MarkSet(first, last, tuple(sorted(bookmarks.items())))
    return Written(marks, notes, details_of(store, item_id).conclusion)


def count(store: "CaseStore") -> int:
    """How much the case holds that an examiner wrote."""
    marked = sum(len(store.bookmarks.all(item.item_id)) for item in store.items.all())
    concluded = sum(key.startswith("conclusion@") for key in store.settings.all())
    return len(store.notes.all()) + marked + concluded


def keep(store: "CaseStore", sheet: Sheet) -> dict[int, Note]:
    """Write what differs from the case into it.

    Returns:
        The notes as the case has them, by key.

    Raises:
        CaseError: The case cannot be written.
    """
    _keep_marks(store, sheet)
    _keep_conclusion(store, sheet)
    return _keep_notes(store, sheet)


def _keep_marks(store: "CaseStore", sheet: Sheet) -> None:
    marks, item_id = sheet.written.marks, sheet.item_id
    wanted = set(marks.bookmarks)
    for mark in store.bookmarks.all(item_id):
        if (mark.frame_index, mark.label) in wanted:
            wanted.remove((mark.frame_index, mark.label))
        else:
            store.bookmarks.remove(mark.bookmark_id)
    for frame, text in sorted(wanted):
        store.bookmarks.add(item_id, frame, sheet.times_s.get(frame, 0.0), text)
    value = _range_text(marks)
    if value != store.settings.get(_range_key(item_id)):
        store.settings.set(_range_key(item_id), value)


def _keep_conclusion(store: "CaseStore", sheet: Sheet) -> None:
    from desktop_app.analysis.dossiers import details_of, store_details

    details = details_of(store, sheet.item_id)
    if details.conclusion != sheet.written.conclusion:
        store_details(store, replace(details, conclusion=sheet.written.conclusion), sheet.item_id)


def _keep_notes(store: "CaseStore", sheet: Sheet) -> dict[int, Note]:
    there = {note.note_id: note for note in store.notes.all(sheet.item_id)}
    numbers = sheet.numbers
    for note in sheet.written.notes:
        stored = there.pop(numbers.get(note.key, note.key), None)
        if stored is None:
            numbers[note.key] = store.notes.add(note.text, sheet.item_id)
        elif stored.text != note.text:
            store.notes.change(stored.note_id, note.text)
    for gone in there:
        store.notes.remove(gone)
    now = {note.note_id: note for note in store.notes.all(sheet.item_id)}
    keys = (note.key for note in sheet.written.notes)
    return {key: _note(key, now[numbers.get(key, key)]) for key in keys}


def _note(key: int, note: "CaseNote") -> Note:
    return Note(key, note.text, note.author, note.at_utc)


def _range_key(item_id: int) -> str:
    return f"range@{item_id}"


def _range_text(marks: MarkSet) -> str:
    """First and last frame of a range as the case keeps them, empty without one.

    >>> _range_text(MarkSet(3, 20)), _range_text(MarkSet(None, 20)), _range_text(MarkSet())
    ('3 20', '- 20', '')
    """
    if marks.first is None and marks.last is None:
        return ""
    return " ".join(NO_FRAME if frame is None else str(frame) for frame in (marks.first, marks.last))


def _range_of(text: str) -> tuple[int | None, int | None]:
    """What `_range_text` wrote; nothing where a hand has set something else.

    >>> _range_of("3 20"), _range_of("- 20"), _range_of("from here on")
    ((3, 20), (None, 20), (None, None))
    """
    words = text.split()
    if len(words) != 2 or not all(word == NO_FRAME or word.isdecimal() for word in words):
        return None, None
    first, last = (None if word == NO_FRAME else int(word) for word in words)
    return first, last
