"""What a report needs beside the result: who asks and answers, the item's custody, and what the examiner concludes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desktop_app.domain.cases import AuditEntry, CaseItem, ChainHead, ItemCheck
from desktop_app.domain.traces import ItemTraces


class ReportStatus(StrEnum):
    """Whether a report may still change."""

    DRAFT = "draft"
    FINAL = "final"


class ReportTemplate(StrEnum):
    """How much a report says."""

    FULL = "full"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class ReportDetails:
    r"""What a person states in a report; an empty text is not stated.

    Args:
        status: Draft or final.
        version: Number of this report on the item, from 1.
        supersedes: Id of the report that this one takes the place of.
        case_number: As the laboratory counts its cases.
        question: What was asked.
        requester: Who asked.
        laboratory: Name of the laboratory or newsroom.
        laboratory_address: Its address, lines parted by ``"\n"``.
        examiner, examiner_role: Who examined, and as what.
        reviewer, reviewer_role: Who reviewed.
        conclusion: The examiner's own conclusion, apart from what the machine found.
        contrary: What the examiner holds against it.
        alternatives: Other explanations that the examiner considered.
        limitations: Limits that the examiner adds.
    """

    status: ReportStatus = ReportStatus.DRAFT
    version: int = 1
    supersedes: str = ""
    case_number: str = ""
    question: str = ""
    requester: str = ""
    laboratory: str = ""
    laboratory_address: str = ""
    examiner: str = ""
    examiner_role: str = ""
    reviewer: str = ""
    reviewer_role: str = ""
    conclusion: str = ""
    contrary: str = ""
    alternatives: str = ""
    limitations: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Custody:
    """What a case says of one item, at the moment of a report.

    Args:
        case_id: The case's own random number in hexadecimal digits.
        case_name: Its file name.
        item: The item as it was taken in.
        checks: All comparisons of its file, the first at intake.
        log: Entries of the audit log that speak of the item, its analyses or the whole case.
        head: End of the whole log.
        analysis_id: The analysis that the report tells, 0 when it is not of a case.
    """

    case_id: str
    case_name: str
    item: CaseItem
    checks: tuple[ItemCheck, ...]
    log: tuple[AuditEntry, ...]
    head: ChainHead
    analysis_id: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Dossier:
    """All that a report draws beside the result; the same dossier and result give the same bytes.

    Args:
        issued_utc: Date of the report; None is the end of the analysis.
        details: What a person states.
        custody: Of the item; None for a check without a case.
        traces: What container, streams and metadata tell; None when they were not read.
        notes: Remarks of the examiner on the item: (when, author, text).
    """

    issued_utc: datetime | None = None
    details: ReportDetails = ReportDetails()
    custody: Custody | None = None
    traces: ItemTraces | None = None
    notes: tuple[tuple[datetime, str, str], ...] = ()
