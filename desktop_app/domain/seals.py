"""What checking a finished report finds: its signatures, the data it carries, its pages and the case it came from."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from desktop_app.domain.cases import ChainHead


class SignatureState(StrEnum):
    """What a signature is worth; `UNTRUSTED` is sound, but nobody vouches for its certificate."""

    VALID = "valid"
    UNTRUSTED = "untrusted"
    CHANGED = "changed"
    INVALID = "invalid"


class PagesState(StrEnum):
    """How the pages compare with the data in the file.

    `MATCH`: drawn again from the data they are the same. `SEALED`: they are as when the report was written, but they
    were not drawn again, or another version drew them. `DIFFER`: they are not what was written. `UNKNOWN`: nothing is
    there to compare them with.
    """

    MATCH = "match"
    SEALED = "sealed"
    DIFFER = "differ"
    UNKNOWN = "unknown"


class ReportPart(StrEnum):
    """The part of a report that a finding speaks of."""

    FILE = "file"
    SIGNATURE = "signature"
    ATTACHMENT = "attachment"
    RESULT = "result"
    PAGES = "pages"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class ReportFinding:
    """Something in a report that is not as it was written.

    Args:
        part: Where.
        code: Stable key of its sentence.
        facts: (name, value) pairs for the sentence.
    """

    part: ReportPart
    code: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """One signature of a report.

    Args:
        signer: Name in the certificate.
        issuer: Who issued the certificate, by its own words.
        certificate_sha256: Hash of the certificate, to be compared with one that came by another way.
        state: What it is worth.
        signed_utc: When, by the signer's own clock; None when not said.
        reason: Why it was signed, in the signer's words.
        problem: Stable key of what is wrong beside the state, such as ``"expired"``; empty when nothing is.
    """

    signer: str
    issuer: str
    certificate_sha256: str
    state: SignatureState
    signed_utc: datetime | None
    reason: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentCheck:
    """One file inside a report.

    Args:
        name: Its name.
        size_bytes: Its size.
        sha256: Its hash as it is.
        expected_sha256: Its hash when the report was written; None where nothing says it.
    """

    name: str
    size_bytes: int
    sha256: str
    expected_sha256: str | None

    @property
    def is_intact(self) -> bool:
        """Whether it is the file that was attached."""
        return self.sha256 == self.expected_sha256


@dataclass(frozen=True, slots=True)
class CaseComparison:
    """What a case says of a report.

    Args:
        name: File name of the case.
        analysis_id: The analysis whose stored result equals the report's; 0 when there is none.
        noted: The end of the log that the report names; None when it names none.
        export_entry: Entry of the log that notes the export of this very file; 0 when there is none.
        later_report: Number of the last report on the same item that was written after this one; empty when none was.
    """

    name: str
    analysis_id: int
    noted: ChainHead | None
    export_entry: int
    later_report: str = ""


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """What a verification of a report found.

    Args:
        path: The report.
        sha256: Hash of the whole file.
        report_id, result_id: Its number, and that of the result it tells; empty where they cannot be read.
        issued_utc: Its date, None where it cannot be read.
        signatures: In the order of signing; empty when nobody signed.
        attachments: Files inside.
        pages: How the pages compare with the data.
        findings: What is not as it was written; empty when all is.
        case: The case it was compared with, None when with none.
    """

    path: Path
    sha256: str
    report_id: str
    result_id: str
    issued_utc: datetime | None
    signatures: tuple[SignatureCheck, ...]
    attachments: tuple[AttachmentCheck, ...]
    pages: PagesState
    findings: tuple[ReportFinding, ...]
    case: CaseComparison | None = None

    @property
    def is_intact(self) -> bool:
        """Whether everything that could be checked is as it was written."""
        return not self.findings
