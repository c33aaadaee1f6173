"""The examiner's notebook on the open item: marks, notes, conclusion, kept in the case; all can be undone."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from desktop_app.errors import AppError
from desktop_app.ui import written as pages
from desktop_app.ui.case_desk import CaseDesk
from desktop_app.ui.curves import DoubleArray
from desktop_app.ui.entries import CaseInfo
from desktop_app.ui.marks import Marks, MarkSet, Step
from desktop_app.ui.written import Note, Sheet, Written

if TYPE_CHECKING:
    from desktop_app.cases import CaseStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Unsaved:
    """A sheet on its way into the case that was open when it was written."""

    sheet: Sheet
    store: "CaseStore"


class Notebook(QObject):
    """What the examiner writes, kept in the case at once, or for the session where the case cannot be written.

    Signals: `changed` when notes or conclusion of the open item are others, `turning` before another item opens or
    the present one closes, `said` with a sentence for the user.

    Args:
        cases: The case.
        parent: Owner.
    """

    changed = Signal()
    turning = Signal()
    said = Signal(str)

    def __init__(self, cases: CaseDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._cases = cases
        self.undo_stack = QUndoStack(self)
        self.marks = Marks(self, self.undo_stack)
        self._item_id = 0
        self._times_s: DoubleArray = np.empty(0)
        self._kept: dict[int, Written] = {}
        self._unsaved: dict[int, _Unsaved] = {}
        self._numbers: dict[int, int] = {}
        self._last_key = 0
        self._has_said = False
        self.marks.changed.connect(self._on_marks)
        cases.replaced.connect(self._on_replaced)
        cases.info_changed.connect(self._on_info)

    @property
    def item_id(self) -> int:
        """The item that is open, 0 when there is none."""
        return self._item_id

    @property
    def now(self) -> Written:
        """What is written about the open item."""
        return self._kept.get(self._item_id, Written())

    @property
    def is_kept(self) -> bool:
        """Whether the case takes what is written."""
        info = self._cases.info
        return info is None or not info.read_only

    # items come and go

    def learn(self, item_id: int, written: Written) -> None:
        """Take up what the case holds on an item; what was written since counts more."""
        self._kept.setdefault(item_id, written)
        if self._kept[item_id] != Written():
            self._cases.has_writing = True

    def begin(self, item_id: int, times_s: DoubleArray) -> None:
        """Open the page of an item; the history is kept when it is the same one again.

        Args:
            item_id: The item.
            times_s: (N,) seconds of its frames.
        """
        is_same = item_id == self._item_id
        if not is_same:
            self.turning.emit()
        self._item_id, self._times_s = item_id, times_s
        count, marks = len(times_s), self.now.marks
        if not is_same:
            # an accepted file can be shorter than the one that was marked
            bookmarks = tuple(pair for pair in marks.bookmarks if pair[0] < count)
            marks = MarkSet(_within(marks.first, count), _within(marks.last, count), bookmarks)
            self._kept[item_id] = replace(self.now, marks=marks)
        self.marks.open(count, str(item_id), None if is_same else marks)
        self.changed.emit()

    def end(self) -> None:
        """Close the page."""
        self.turning.emit()
        self._item_id, self._times_s = 0, np.empty(0)
        self.marks.open(0, "")
        self.changed.emit()

    @Slot()
    def _on_replaced(self) -> None:
        self._kept.clear()
        self._unsaved.clear()
        # jobs of the case before keep theirs
        self._numbers = {}
        self._has_said = False

    @Slot(object)
    def _on_info(self, info: CaseInfo | None) -> None:
        if info is not None and not info.read_only:
            # what could not be written before, as before it was saved under another name
            for item_id in list(self._unsaved):
                self._submit(item_id)

    # writing

    def add_note(self, text: str) -> None:
        """Write a note."""
        self._last_key -= 1
        note = Note(self._last_key, text, self._cases.file.actor, datetime.now(UTC))
        self._change_notes(self.tr("write a note"), (*self.now.notes, note))

    def change_note(self, key: int, text: str) -> None:
        """Write a note anew."""
        notes = tuple(replace(note, text=text) if note.key == key else note for note in self.now.notes)
        self._change_notes(self.tr("change a note"), notes)

    def remove_note(self, key: int) -> None:
        """Remove a note."""
        notes = tuple(note for note in self.now.notes if note.key != key)
        self._change_notes(self.tr("remove a note"), notes)

    def set_conclusion(self, text: str) -> None:
        """Write the conclusion."""
        self._push(self.tr("write the conclusion"), self._take_conclusion, self.now.conclusion, text)

    def learn_conclusion(self, text: str) -> None:
        """Take up the conclusion that was stated for a report, which the report stores."""
        if self._item_id and self.now.conclusion != text:
            self._kept[self._item_id] = replace(self.now, conclusion=text)
            self.changed.emit()

    def _change_notes(self, text: str, notes: tuple[Note, ...]) -> None:
        self._push(text, self._take_notes, self.now.notes, notes)

    def _push(self, text: str, take: Callable[[Any], None], before: object, after: object) -> None:
        if self._item_id and before != after:
            self.undo_stack.push(Step(text, take, before, after))

    def _take_notes(self, notes: tuple[Note, ...]) -> None:
        self._take(replace(self.now, notes=notes))
        self.changed.emit()

    def _take_conclusion(self, text: str) -> None:
        self._take(replace(self.now, conclusion=text))
        self.changed.emit()

    @Slot(object)
    def _on_marks(self, marks: MarkSet) -> None:
        if self._item_id:
            self._take(replace(self.now, marks=marks))

    def _take(self, written: Written) -> None:
        store = self._cases.file.store
        if written == self.now or store is None:
            return
        item_id = self._item_id
        self._kept[item_id] = written
        times_s = {frame: float(self._times_s[frame]) for frame in written.marks.frames}
        self._unsaved[item_id] = _Unsaved(Sheet(item_id, written, times_s, self._numbers), store)
        if self.is_kept:
            self._submit(item_id)
        elif not self._has_said:
            self._has_said = True
            self.said.emit(self.tr("The case cannot be written: marks and notes last until it is closed."))

    def _submit(self, item_id: int) -> None:
        unsaved = self._unsaved[item_id]
        self._cases.keep(unsaved.sheet, unsaved.store, lambda notes: self._on_kept(unsaved, notes))

    def _on_kept(self, kept: _Unsaved, notes: dict[int, Note] | None) -> None:
        item_id = kept.sheet.item_id
        if notes is None or self._unsaved.get(item_id) is not kept:
            return
        del self._unsaved[item_id]
        before = self._kept[item_id]
        self._kept[item_id] = replace(before, notes=tuple(notes.get(note.key, note) for note in before.notes))
        if item_id == self._item_id and self._kept[item_id] != before:
            self.changed.emit()

    def finish(self) -> None:
        """Write what the worker did not come to; called when it has ended."""
        for unsaved in self._unsaved.values():
            if self._cases.file.store is unsaved.store and not unsaved.store.read_only:
                try:
                    pages.keep(unsaved.store, unsaved.sheet)
                except AppError as error:
                    log.warning("not kept: %s", error.user_message)
        self._unsaved.clear()


def _within(frame: int | None, count: int) -> int | None:
    return frame if frame is None or frame < count else None
