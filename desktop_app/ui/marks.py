"""What the examiner marked in an item: a range from *in* to *out*, and bookmarks; every change can be undone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack


@dataclass(frozen=True, slots=True)
class MarkSet:
    """The marks of an item at one moment.

    Args:
        first, last: Frames of the range, both included; None is the item's own end.
        bookmarks: (frame, label) pairs in the order of frames.
    """

    first: int | None = None
    last: int | None = None
    bookmarks: tuple[tuple[int, str], ...] = field(default=())

    @property
    def frames(self) -> tuple[int, ...]:
        """The frames with a bookmark, ascending."""
        return tuple(frame for frame, _ in self.bookmarks)


class Step(QUndoCommand):
    """From one state to another, and back.

    Args:
        text: What was done, in a few words.
        take: Puts a state into force.
        before: The state to go back to.
        after: The state to go to.
    """

    def __init__(self, text: str, take: Callable[[Any], None], before: object, after: object) -> None:
        super().__init__(text)
        self._take, self._before, self._after = take, before, after

    def redo(self) -> None:
        """Go on."""
        self._take(self._after)

    def undo(self) -> None:
        """Go back."""
        self._take(self._before)


class Marks(QObject):
    """The marks of the open item and their history.

    Args:
        parent: Owner.
        undo_stack: Where changes are recorded; None makes one of its own.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None, undo_stack: QUndoStack | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = undo_stack if undo_stack is not None else QUndoStack(self)
        self._now = MarkSet()
        self._count = 0
        self._item = ""

    @property
    def now(self) -> MarkSet:
        """The marks as they are."""
        return self._now

    def open(self, frame_count: int, item: str, marks: MarkSet | None = None) -> None:
        """Begin with an item; earlier changes cannot be undone any more, unless it is the same one again.

        Args:
            frame_count: Its frames.
            item: Tells it from others.
            marks: What was marked in it before.
        """
        if item == self._item and marks is None:
            self.changed.emit(self._now)
            return
        self.undo_stack.clear()
        self._count, self._item = frame_count, item
        self._take(marks or MarkSet())

    def range_or_none(self) -> tuple[int, int] | None:
        """First and last frame of the range, None while neither end is marked."""
        first, last = self._now.first, self._now.last
        if (first is None and last is None) or self._count == 0:
            return None
        return first or 0, self._count - 1 if last is None else last

    def set_in(self, frame: int) -> None:
        """Let the range begin here; an end that lies before goes."""
        last = self._now.last
        self._change(self.tr("mark in"), first=frame, last=None if last is not None and last < frame else last)

    def set_out(self, frame: int) -> None:
        """Let the range end here; a beginning that lies behind goes."""
        first = self._now.first
        self._change(self.tr("mark out"), last=frame, first=None if first is not None and first > frame else first)

    def clear_range(self) -> None:
        """Forget the range."""
        self._change(self.tr("clear the range"), first=None, last=None)

    def toggle_bookmark(self, frame: int, label: str = "") -> None:
        """Set a bookmark at a frame, or take it away."""
        if frame in self._now.frames:
            kept = tuple(pair for pair in self._now.bookmarks if pair[0] != frame)
            self._change(self.tr("remove a bookmark"), bookmarks=kept)
        else:
            self._change(self.tr("set a bookmark"), bookmarks=tuple(sorted((*self._now.bookmarks, (frame, label)))))

    def name_bookmark(self, frame: int, label: str) -> None:
        """Write beside a bookmark what it is about."""
        named: Mapping[int, str] = {**dict(self._now.bookmarks), frame: label}
        self._change(self.tr("name a bookmark"), bookmarks=tuple(sorted(named.items())))

    def _change(self, text: str, **changes: int | tuple[tuple[int, str], ...] | None) -> None:
        after = replace(self._now, **changes)  # type: ignore[arg-type]
        if after != self._now:
            self.undo_stack.push(Step(text, self._take, self._now, after))

    def _take(self, marks: MarkSet) -> None:
        self._now = marks
        self.changed.emit(marks)


def neighbour(frames: tuple[int, ...], here: int, direction: int) -> int | None:
    """The next (1) or previous (-1) of some ascending frames, None when there is none.

    >>> neighbour((3, 9, 20), 9, 1), neighbour((3, 9, 20), 9, -1), neighbour((3, 9, 20), 20, 1)
    (20, 3, None)
    """
    there = [frame for frame in frames if (frame > here if direction > 0 else frame < here)]
    if not there:
        return None
    return there[0] if direction > 0 else there[-1]
