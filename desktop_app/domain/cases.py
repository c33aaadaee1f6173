"""What a case keeps: items and their custody, analyses, notes and the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from desktop_app.domain.media import MediaInfo
from desktop_app.domain.models import ModelCard
from desktop_app.domain.results import AnalysisRequest, Provenance


class ItemState(StrEnum):
    """How a file compares with the item that was taken in."""

    INTACT = "intact"
    CHANGED = "changed"
    MOVED = "moved"
    MISSING = "missing"


class Occasion(StrEnum):
    """When an item's hashes are taken."""

    INTAKE = "intake"
    ANALYSIS = "analysis"
    EXPORT = "export"
    REVIEW = "review"


class AnalysisState(StrEnum):
    """How far a stored analysis got."""

    RUNNING = "running"
    FINISHED = "finished"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class CaseItem:
    """A file under examination as it was taken in.

    Args:
        item_id: Its number in the case, from 1.
        path: Where it lies, as last accepted.
        sha256, sha512: Hashes at intake.
        size_bytes: Size at intake.
        modified_utc: Last modification of the file at intake.
        intake_utc: When it was taken in.
        note: What the examiner wrote of it.
        received_from: Who handed it over; empty when not stated.
    """

    item_id: int
    path: Path
    sha256: str
    sha512: str
    size_bytes: int
    modified_utc: datetime
    intake_utc: datetime
    note: str = ""
    received_from: str = ""


@dataclass(frozen=True, slots=True)
class ItemCheck:
    """One comparison of an item with the file on disk.

    Args:
        check_id: Its number in the case.
        item_id: The item.
        occasion: When.
        state: What came out.
        at_utc: When exactly.
        actor: Who.
        purpose: What for.
        path: Where the file was looked for.
        sha256: Hash that was found, None when the file is missing.
        accepted_utc, accepted_by, accepted_reason: Set once the examiner accepted a deviation.
    """

    check_id: int
    item_id: int
    occasion: Occasion
    state: ItemState
    at_utc: datetime
    actor: str
    purpose: str
    path: Path
    sha256: str | None
    accepted_utc: datetime | None = None
    accepted_by: str | None = None
    accepted_reason: str | None = None

    @property
    def allows_analysis(self) -> bool:
        """Whether nothing deviates, or the examiner accepted what does."""
        return self.state is ItemState.INTACT or self.accepted_utc is not None


@dataclass(frozen=True, slots=True, eq=False)
class AnalysisPlan:
    """What is known before the first frame; with the predictions it makes a partial result.

    Args:
        request: What was asked.
        media: The item.
        card: The model, as it stood.
        sampled: Frames to analyse.
        provenance: Conditions at the start, as of an aborted run; None where an earlier version did not note them.
    """

    request: AnalysisRequest
    media: MediaInfo
    card: ModelCard
    sampled: int
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, eq=False)
class StoredAnalysis:
    """One analysis of a case, without its predictions.

    Args:
        analysis_id: Its number in the case.
        item_id: The item.
        state: How far it got.
        plan: What was to be done.
        started_utc, ended_utc: When; no end while it runs.
        frames_done: Sampled frames whose predictions are stored.
        has_result: Whether a whole result, finished or aborted, is stored beside the predictions.
    """

    analysis_id: int
    item_id: int
    state: AnalysisState
    plan: AnalysisPlan
    started_utc: datetime
    ended_utc: datetime | None
    frames_done: int
    has_result: bool


@dataclass(frozen=True, slots=True, eq=False)
class ResumePoint:
    """Where a broken-off analysis goes on.

    Args:
        analysis_id: The analysis.
        plan: What was to be done.
        through_frame: Last sampled frame whose predictions are stored, None when there is none.
        frames_done: Sampled frames up to and including that one.
        predictions: Rows that are stored.
        state: What the caller stored with the last chunk, to go on with.
    """

    analysis_id: int
    plan: AnalysisPlan
    through_frame: int | None
    frames_done: int
    predictions: int
    state: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CaseNote:
    """A remark of the examiner.

    Args:
        note_id: Its number in the case.
        item_id: The item it speaks of, None for the whole case.
        at_utc: When it was written or last changed.
        author: Who wrote it.
        text: The remark.
    """

    note_id: int
    item_id: int | None
    at_utc: datetime
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A frame to come back to.

    Args:
        bookmark_id: Its number in the case.
        item_id: The item.
        frame_index: The frame.
        time_s: Seconds from the first frame.
        label: What is to be seen there.
        at_utc: When it was set.
    """

    bookmark_id: int
    item_id: int
    frame_index: int
    time_s: float
    label: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of an audit log: what an outside copy must name to pin the log down.

    Args:
        count: Entries.
        sha256: Hash of the last one; 64 zeros for an empty log.
    """

    count: int
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class AuditEntry:
    """One entry of the audit log.

    Args:
        seq: Its number, from 1.
        at_utc: When.
        actor: Who.
        action: What, such as ``"item.added"``.
        purpose: What for.
        details: Further facts.
        rows: Hash of each row that was written with it, by ``"table:id"``; None where it was removed.
        previous: Hash of the entry before.
        sha256: Its own hash.
    """

    seq: int
    at_utc: datetime
    actor: str
    action: str
    purpose: str
    details: Mapping[str, object]
    rows: Mapping[str, str | None]
    previous: str
    sha256: str


class Part(StrEnum):
    """The part of a case that a finding speaks of."""

    FILE = "file"
    LOG = "log"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class CaseFinding:
    """Something in a case that is not as it was written.

    Args:
        part: Where.
        message: One sentence in English.
        since: Number of the log entry from which on nothing is proved, None where it is not tied to one.
    """

    part: Part
    message: str
    since: int | None = None


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """What a verification found of one item's file.

    Args:
        item_id: The item.
        path: Where it was looked for.
        state: None when it was not looked at.
    """

    item_id: int
    path: Path
    state: ItemState | None


@dataclass(frozen=True, slots=True)
class CaseCheck:
    """What a verification of a case found.

    Args:
        path: The case.
        head: End of the log as it stands in the file.
        records: Number of rows per table whose hash is the one in the log.
        findings: What is not as it was written; empty when all is.
        items: The files of the items.
    """

    path: Path
    head: ChainHead
    records: tuple[tuple[str, int], ...]
    findings: tuple[CaseFinding, ...]
    items: tuple[ItemFinding, ...]

    @property
    def is_intact(self) -> bool:
        """Whether the case is as it was written and no item's file has changed; a file that is away proves nothing."""
        return not self.findings and all(item.state is not ItemState.CHANGED for item in self.items)

    @property
    def since(self) -> int | None:
        """First log entry from which on something is not as it was written; a broken log counts before records."""
        logged = [f for f in self.findings if f.part is Part.LOG]
        return min((f.since for f in logged or self.findings if f.since is not None), default=None)
