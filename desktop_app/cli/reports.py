"""`cotejo verify REPORT.pdf`, and signing what `cotejo report` wrote."""

import getpass
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.cli.codes import NOT_INTACT, UsageError
from desktop_app.cli.console import printable, write_out
from desktop_app.domain.seals import ReportCheck, SignatureCheck
from desktop_app.errors import InputError

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


def run_verify_report(
    path: Path, case: Path | None, trust: Sequence[Path], redraw: bool, as_json: bool, language: str
) -> int:
    """Verify a report, say what was found and return the exit code.

    Raises:
        InputError: The report or a certificate cannot be read.
        CaseError: The case cannot be read.
    """
    from desktop_app.analysis.report_check import check_report

    check = check_report(path, case, trust, redraw)
    write_out(json.dumps(report_facts(check, language)) if as_json else "\n".join(report_lines(check, language)))
    return 0 if check.is_intact else NOT_INTACT


def report_lines(check: ReportCheck, language: str) -> Iterator[str]:
    """What was found of a report, in sentences."""
    from desktop_app.reports.seal.texts import seal_text

    def say(key: str, **values: object) -> str:
        return "  " + seal_text(key, language, **values)

    state = seal_text("intact" if check.is_intact else "not_intact", language)
    yield f"{printable(check.path.name)}: {state}"
    yield from (f"  {sentence}" for sentence in finding_sentences(check, language))
    if check.issued_utc is not None:
        date = f"{check.issued_utc:%Y-%m-%d}"
        yield say("report", id=printable(check.report_id), date=date, result=printable(check.result_id))
    yield say("hash", sha256=check.sha256)
    for signature in check.signatures:
        yield from _signature_lines(signature, language)
    if not check.signatures:
        yield say("unsigned")
    for attached in check.attachments:
        matches = seal_text(f"attachment.{'intact' if attached.is_intact else 'changed'}", language)
        yield say("attachment", name=printable(attached.name), state=matches)
    yield say(f"pages.{check.pages}")
    yield from _case_lines(check, language)


def finding_sentences(check: ReportCheck, language: str) -> list[str]:
    """One sentence for each thing that is not as it was written."""
    from desktop_app.reports.seal.texts import finding_text

    return [
        finding_text(finding.code, language, **{key: printable(value) for key, value in finding.facts})
        for finding in check.findings
    ]


def _signature_lines(signature: SignatureCheck, language: str) -> Iterator[str]:
    from desktop_app.reports.seal.texts import problem_text, seal_text

    problem = problem_text(signature.problem, language)
    key = f"signature.{signature.state}"
    time = signature.signed_utc
    date = seal_text("date.none", language) if time is None else f"{time:%Y-%m-%d %H:%M} UTC"
    state = seal_text(key, language, problem=problem)
    who = {"signer": printable(signature.signer), "issuer": printable(signature.issuer)}
    yield "  " + seal_text("signature", language, **who, date=date, state=state)
    yield "    " + seal_text("signature.certificate", language, sha256=signature.certificate_sha256)


def _case_lines(check: ReportCheck, language: str) -> Iterator[str]:
    from desktop_app.reports.seal.texts import seal_text

    case = check.case
    if case is None:
        yield "  " + seal_text("no_case", language)
        return
    codes = {finding.code for finding in check.findings}
    if case.analysis_id:
        yield "  " + seal_text("case.same", language, name=case.name, analysis=case.analysis_id)
    if case.noted is None:
        yield "  " + seal_text("case.no_head", language, name=case.name)
    elif "case_head" not in codes:
        yield "  " + seal_text("case.head", language, name=case.name, count=case.noted.count)
    if case.export_entry:
        yield "  " + seal_text("case.exported", language, name=case.name, entry=case.export_entry)


def report_facts(check: ReportCheck, language: str) -> dict[str, Any]:
    """What was found of a report, as JSON values."""
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
        },
    }  # fmt: skip
