"""`cotejo verify REPORT.pdf`, and signing what `cotejo report` wrote."""

import getpass
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.cli.codes import NOT_INTACT, UsageError
from desktop_app.cli.console import write_out
from desktop_app.domain import AnalysisResult
from desktop_app.domain.dossier import Dossier, ReportTemplate
from desktop_app.domain.seals import ReportCheck
from desktop_app.errors import InputError
from desktop_app.files import write_checksum

if TYPE_CHECKING:
    from desktop_app.cases import CaseStore

PASSPHRASE_VARIABLE = "COTEJO_PASSPHRASE"


@dataclass(frozen=True, slots=True)
class Signing:
    """How reports are signed.

    Args:
        certificate: PKCS#12 file.
        passphrase: Of that file.
        reason, location: What the signature says; empty for the usual reason and no place.
    """

    certificate: Path
    passphrase: str
    reason: str = ""
    location: str = ""


def is_report(path: Path) -> bool:
    """Whether a file is a PDF by its first bytes; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            return b"%PDF-" in file.read(1024)
    except OSError:
        return False


def prepare_signing(
    certificate: Path | None, passphrase_file: Path | None = None, reason: str = "", location: str = ""
) -> Signing | None:
    """Take the passphrase and try it, before anything is written; None when nothing is to be signed.

    The passphrase comes from the file, else from the environment (`PASSPHRASE_VARIABLE`), else it is asked for.

    Raises:
        UsageError: There is no passphrase and nobody to ask.
        InputError: Certificate or passphrase cannot be used.
    """
    if certificate is None:
        return None
    from desktop_app.reports.seal.signing import load_signer

    signing = Signing(certificate, _passphrase(certificate, passphrase_file), reason, location)
    load_signer(signing.certificate, signing.passphrase)
    return signing


def _passphrase(certificate: Path, file: Path | None) -> str:
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, ValueError) as error:
            raise InputError(
                f"The passphrase in “{file.name}” cannot be read.", "Give a text file with nothing but the passphrase."
            ) from error
    if PASSPHRASE_VARIABLE in os.environ:
        return os.environ[PASSPHRASE_VARIABLE]
    if not sys.stdin.isatty():
        raise UsageError(
            "There is no passphrase for the certificate.",
            f"Give it with --passphrase-file or in the variable {PASSPHRASE_VARIABLE}.",
        )
    return getpass.getpass(f"{certificate.name}: ")


def sign_reports(paths: Sequence[Path], signing: Signing | None, language: str) -> None:
    """Sign the PDF files among those that were written.

    Raises:
        InputError: The certificate cannot be used any more.
        CaseError: A report cannot be written; it stays as it is, without a signature.
    """
    if signing is None:
        return
    from desktop_app.reports.seal.signing import sign_pdf

    for path in paths:
        if path.suffix == ".pdf":
            sign_pdf(path, signing.certificate, signing.passphrase, signing.reason, signing.location, language)
            write_checksum(path)


def report_ending(dossier: Dossier, template: ReportTemplate, language: str = "") -> str:
    """How the name of a report ends; a later version from a case does not take the place of one that is out."""
    version = dossier.details.version if dossier.custody else 1
    parts = (f"v{version}" if version > 1 else "", "summary" if template is ReportTemplate.SUMMARY else "", language)
    return "".join(f".{part}" for part in (*parts, "pdf") if part)


def note_reports(
    case: "CaseStore | None",
    paths: Sequence[Path],
    result: AnalysisResult,
    dossier: Dossier,
    template: ReportTemplate,
    is_signed: bool = False,
    purpose: str = "",
) -> None:
    """Note the PDF files among those that were written in the log of the case that they tell.

    Raises:
        CaseError: The case cannot be written.
    """
    if case is None:
        return
    from desktop_app.analysis.reporting import log_report

    for path in paths:
        if path.suffix == ".pdf":
            log_report(case, path, result, dossier, template, is_signed, purpose)


def run_verify_report(
    path: Path, case: Path | None, trust: Sequence[Path], redraw: bool, as_json: bool, language: str
) -> int:
    """Verify a report, say what was found and return the exit code.

    Raises:
        InputError: The report or a certificate cannot be read.
        CaseError: The case cannot be read.
    """
    from desktop_app.analysis.report_check import check_report
    from desktop_app.reports.seal.lines import report_lines

    check = check_report(path, case, trust, redraw)
    write_out(json.dumps(report_facts(check, language)) if as_json else "\n".join(report_lines(check, language)))
    return 0 if check.is_intact else NOT_INTACT


def report_facts(check: ReportCheck, language: str) -> dict[str, Any]:
    """What was found of a report, as JSON values."""
    from desktop_app.reports.seal.lines import finding_sentences

    case = check.case
    return {
        "report": str(check.path),
        "intact": check.is_intact,
        "sha256": check.sha256,
        "report_id": check.report_id,
        "result_id": check.result_id,
        "issued": check.issued_utc.isoformat() if check.issued_utc else None,
        "pages": check.pages.value,
        "signatures": [
            {
                "signer": s.signer,
                "issuer": s.issuer,
                "certificate_sha256": s.certificate_sha256,
                "state": s.state.value,
                "signed": s.signed_utc.isoformat() if s.signed_utc else None,
                "problem": s.problem,
            }
            for s in check.signatures
        ],
        "attachments": [{"name": a.name, "sha256": a.sha256, "intact": a.is_intact} for a in check.attachments],
        "findings": [
            {"part": finding.part.value, "code": finding.code, "message": message}
            for finding, message in zip(check.findings, finding_sentences(check, language), strict=True)
        ],
        "case": None if case is None else {
            "name": case.name,
            "analysis": case.analysis_id or None,
            "entry": case.noted.count if case.noted else None,
            "export_entry": case.export_entry or None,
            "later_report": case.later_report or None,
        },
    }  # fmt: skip
