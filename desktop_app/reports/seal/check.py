"""Checks a finished report: signatures, the files inside, and whether the pages show what those files hold."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from asn1crypto import x509

from desktop_app import __version__
from desktop_app.domain import AnalysisResult
from desktop_app.domain.dossier import Dossier, ReportTemplate
from desktop_app.domain.result_id import id_of
from desktop_app.domain.seals import (
    AttachmentCheck,
    PagesState,
    ReportCheck,
    ReportFinding,
    ReportPart,
    SignatureCheck,
    SignatureState,
)
from desktop_app.errors import AppError, InputError
from desktop_app.files import open_read_only
from desktop_app.reports.document import parse_json
from desktop_app.reports.pdf import make_pdf
from desktop_app.reports.report_id import report_id
from desktop_app.reports.seal.contents import (
    DOSSIER,
    MANIFEST,
    RESULT,
    TABLE,
    Manifest,
    read_dossier,
    read_manifest,
    renderer,
)
from desktop_app.reports.seal.digests import page_digests
from desktop_app.reports.seal.signatures import check_signatures, load_trusted
from desktop_app.reports.tables import csv_bytes


@dataclass(frozen=True, slots=True, eq=False)
class CheckedReport:
    """A report that was checked, and the data it carries.

    Args:
        check: What was found.
        result, dossier: What is inside; None where it cannot be read.
    """

    check: ReportCheck
    result: AnalysisResult | None
    dossier: Dossier | None


def verify_report(path: Path, trust: Sequence[Path] = (), redraw: bool = True) -> ReportCheck:
    """Check a report without changing it; see `read_report`."""
    return read_report(path, trust, redraw).check


def read_report(path: Path, trust: Sequence[Path] = (), redraw: bool = True) -> CheckedReport:
    """Check a report and read the data inside.

    Args:
        path: The report.
        trust: Certificates (PEM or DER) of signers or issuers; where some are given, one of them must have signed.
        redraw: Whether the pages are drawn again from the data and compared, which takes as long as writing them.

    Raises:
        InputError: The file cannot be read or is no PDF, or a certificate cannot be read.
    """
    trusted = load_trusted(trust)
    with open_read_only(path) as file:
        data = file.read()
    if b"%PDF-" not in data[:1024]:
        raise InputError(f"“{path.name}” is no PDF.", "Choose a report that this program wrote.")
    checker = _Checker(data)
    checker.check_signatures(trusted, bool(trust))
    checker.check_file()
    if redraw:
        checker.check_redrawn()
    return CheckedReport(checker.summary(path), checker.result, checker.dossier)


@dataclass(slots=True, eq=False)
class _Checker:
    data: bytes
    findings: list[ReportFinding] = field(default_factory=list)
    signatures: tuple[SignatureCheck, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    manifest: Manifest | None = None
    result: AnalysisResult | None = None
    dossier: Dossier | None = None
    digests: tuple[str, ...] | None = None
    pages: PagesState = PagesState.UNKNOWN

    def find(self, part: ReportPart, code: str, **facts: object) -> None:
        self.findings.append(ReportFinding(part, code, tuple((key, str(value)) for key, value in facts.items())))

    def check_signatures(self, trusted: Sequence[x509.Certificate], must_be_trusted: bool) -> None:
        try:
            self.signatures = check_signatures(self.data, trusted)
        except ValueError:
            self.find(ReportPart.SIGNATURE, "signatures_unreadable")
        for signature in self.signatures:
            if signature.state in (SignatureState.CHANGED, SignatureState.INVALID):
                self.find(ReportPart.SIGNATURE, f"signature_{signature.state}", signer=signature.signer)
        if must_be_trusted and not any(s.state is SignatureState.VALID for s in self.signatures):
            self.find(ReportPart.SIGNATURE, "not_signed_by_trusted" if self.signatures else "not_signed")
        # every signature adds one end; what was appended without one adds an end too, or stands behind the last
        if not self.data.rstrip().endswith(b"%%EOF") or self.data.count(b"%%EOF") > 1 + len(self.signatures):
            self.find(ReportPart.FILE, "appended")

    def check_file(self) -> None:
        """What lies in the file, and whether its parts agree with each other."""
        try:
            with pikepdf.open(io.BytesIO(self.data)) as pdf:
                self._take_files(pdf)
                identifier = _identifier(pdf)
                self.digests = page_digests(pdf)
                if pdf.get_warnings():
                    self.find(ReportPart.FILE, "damaged")
        except (pikepdf.PdfError, ValueError, OSError, RecursionError):
            self.find(ReportPart.FILE, "unreadable")
            identifier = None
        self._check_manifest(identifier)
        self._check_data()

    def _take_files(self, pdf: pikepdf.Pdf) -> None:
        for name, attached in pdf.attachments.items():
            try:
                self.files[name] = attached.get_file().read_bytes()
            except (pikepdf.PdfError, ValueError):
                self.find(ReportPart.ATTACHMENT, "attachment_unreadable", name=name)

    def _check_manifest(self, identifier: str | None) -> None:
        if MANIFEST not in self.files:
            self.find(ReportPart.FILE, "no_manifest")
            return
        try:
            manifest = self.manifest = read_manifest(self.files[MANIFEST])
        except ValueError:
            self.find(ReportPart.ATTACHMENT, "attachment_unreadable", name=MANIFEST)
            return
        for entry in manifest.files:
            if entry.name not in self.files:
                self.find(ReportPart.ATTACHMENT, "attachment_missing", name=entry.name)
            elif _sha256(self.files[entry.name]) != entry.sha256:
                self.find(ReportPart.ATTACHMENT, "attachment_changed", name=entry.name)
        for name in sorted(self.files.keys() - {MANIFEST} - {entry.name for entry in manifest.files}):
            self.find(ReportPart.ATTACHMENT, "attachment_added", name=name)
        if identifier != manifest.report_id:
            self.find(ReportPart.FILE, "identifier", found=identifier or "?", expected=manifest.report_id)
        if self.digests is not None and self.digests != manifest.pages:
            self._say_pages(self.digests, manifest.pages)
        elif self.digests is not None:
            self.pages = PagesState.SEALED

    def _say_pages(self, found: tuple[str, ...], expected: tuple[str, ...]) -> None:
        self.pages = PagesState.DIFFER
        if len(found) != len(expected):
            self.find(ReportPart.PAGES, "pages_count", found=len(found), expected=len(expected))
            return
        numbers = [str(n) for n, (a, b) in enumerate(zip(found, expected, strict=True), 1) if a != b]
        self.find(ReportPart.PAGES, "pages_changed", pages=", ".join(numbers))

    def _check_data(self) -> None:
        """Whether result, table and dossier can be read and belong together."""
        if self.manifest is None:
            return
        try:
            self.result = parse_json(self.files[RESULT]) if RESULT in self.files else None
        except AppError:
            self.find(ReportPart.RESULT, "attachment_unreadable", name=RESULT)
        try:
            self.dossier = read_dossier(self.files[DOSSIER]) if DOSSIER in self.files else None
        except (ValueError, TypeError, OverflowError):
            self.find(ReportPart.RESULT, "attachment_unreadable", name=DOSSIER)
        if self.result is None:
            return
        own = id_of(self.result)
        for said in sorted({self.result.result_id, self.manifest.result_id} - {own}):
            self.find(ReportPart.RESULT, "result_id", found=said, expected=own)
        if self.dossier is not None and report_id(self.result, self.dossier) != self.manifest.report_id:
            self.find(ReportPart.RESULT, "report_id", found=self.manifest.report_id)
        # another version may write other columns
        is_same = dict(self.manifest.renderer).get("cotejo") == __version__
        if is_same and TABLE in self.files and csv_bytes(self.result) != self.files[TABLE]:
            self.find(ReportPart.RESULT, "table")

    def check_redrawn(self) -> None:
        """Whether the report, drawn again from the data inside, is this one."""
        if self.manifest is None or self.result is None or self.dossier is None or self.digests is None:
            return
        manifest = self.manifest
        is_same_renderer = manifest.renderer == renderer()
        drawn = _draw(self.result, self.dossier, manifest.language, manifest.template)
        if drawn is not None and self.data.startswith(drawn):
            self.pages = PagesState.MATCH
            return
        if drawn is None:
            if is_same_renderer:
                self.find(ReportPart.PAGES, "undrawable")
            return
        with pikepdf.open(io.BytesIO(drawn)) as pdf:
            expected = page_digests(pdf)
        if self.digests == expected:
            self.pages = PagesState.MATCH
            if is_same_renderer:
                self.find(ReportPart.FILE, "differs")
        elif is_same_renderer and self.pages is not PagesState.DIFFER:
            self._say_pages(self.digests, expected)

    def summary(self, path: Path) -> ReportCheck:
        """All that was found."""
        manifest = self.manifest
        expected = {entry.name: entry.sha256 for entry in manifest.files} if manifest else {}
        attachments = tuple(
            AttachmentCheck(name, len(data), _sha256(data), expected.get(name))
            for name, data in self.files.items()
            if name != MANIFEST
        )
        return ReportCheck(
            path=path,
            sha256=_sha256(self.data),
            report_id=manifest.report_id if manifest else "",
            result_id=manifest.result_id if manifest else "",
            issued_utc=manifest.issued_utc if manifest else None,
            signatures=self.signatures,
            attachments=attachments,
            pages=self.pages,
            findings=tuple(self.findings),
        )


def _draw(result: AnalysisResult, dossier: Dossier, language: str, template: ReportTemplate) -> bytes | None:
    try:
        return make_pdf(result, language, dossier, template)
    except Exception:  # noqa: BLE001 - data of unknown origin may break anything; it is said, not hidden
        return None


def _identifier(pdf: pikepdf.Pdf) -> str | None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        found = metadata.get("dc:identifier")
    return None if found is None else str(found)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
