"""Records that the window keeps of a case: what it is, and how far each of its items is."""

from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from desktop_app.config import Value
from desktop_app.domain import AnalysisResult, BandRatio, Outcome, Verdict
from desktop_app.domain.cases import CaseItem, ItemCheck, ItemState
from desktop_app.ui.written import Written

if TYPE_CHECKING:
    from desktop_app.media import MediaItem


class EntryState(Enum):
    """How far the analysis of an item is."""

    IDLE = auto()
    WAITING = auto()
    RUNNING = auto()
    DONE = auto()
    ABORTED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class CaseInfo:
    """The open case.

    Args:
        path: Its file.
        is_temporary: Whether it has no name yet.
        read_only: Whether nothing can be written to it.
        is_locked: Whether that is because another program writes to it.
        overrides: Its own values of settings, by name.
    """

    path: Path
    is_temporary: bool
    read_only: bool
    is_locked: bool = False
    overrides: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One item of the case as the panel shows it.

    Args:
        item: As it was taken in.
        state: How far its newest analysis is.
        verdict: Of its newest analysis that has one.
        ratio: The likelihood ratio that goes with the verdict.
        analysis_id: The newest analysis, 0 when there is none.
        fraction: Share of frames that are done, in [0, 1].
        custody: How its file compared the last time it was looked at.
        is_accepted: Whether the examiner accepted a deviation.
        problem: Why the analysis failed; empty when it did not.
        thumb: A small picture, None until there is one.
        twins: Other items that look nearly the same.
    """

    item: CaseItem
    state: EntryState = EntryState.IDLE
    verdict: Verdict | None = None
    ratio: BandRatio | None = None
    analysis_id: int = 0
    fraction: float = 0.0
    custody: ItemState = ItemState.INTACT
    is_accepted: bool = False
    problem: str = ""
    thumb: QImage | None = None
    twins: tuple[int, ...] = ()

    @property
    def item_id(self) -> int:
        """Number of the item in its case."""
        return self.item.item_id

    @property
    def has_no_face(self) -> bool:
        """Whether it was analysed and no face could be scored."""
        return self.verdict is not None and self.verdict.outcome is Outcome.NO_USABLE_FACE


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """An item that was opened.

    Args:
        info: The case it belongs to.
        entry: The item.
        media: Its file, None where it is not the one that was taken in, or is missing.
        check: The comparison that stands in the way, None when nothing does.
        result: The newest stored result, None when there is none.
        written: What the examiner wrote about it.
    """

    info: CaseInfo
    entry: Entry
    media: "MediaItem | None"
    check: ItemCheck | None = None
    result: AnalysisResult | None = None
    written: Written = field(default=Written())


@dataclass(frozen=True, slots=True, eq=False)
class CaseView:
    """A case that was opened, or made.

    Args:
        info: What it is.
        entries: Its items.
    """

    info: CaseInfo
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftCase:
    """A case without a name that a crash left behind.

    Args:
        path: Its file.
        begun: When, as a text in local time.
        items: Names of its items.
        analyses: How many analyses it holds.
    """

    path: Path
    begun: str
    items: tuple[str, ...]
    analyses: int
