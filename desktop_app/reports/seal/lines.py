"""What a check of a report found, in sentences."""

from collections.abc import Iterator

from desktop_app.domain.seals import ReportCheck, SignatureCheck
from desktop_app.reports import error_texts
from desktop_app.reports.seal.texts import finding_text, problem_text, seal_text


def report_lines(check: ReportCheck, language: str) -> Iterator[str]:
    """What was found of a report, in sentences."""

    def say(key: str, **values: object) -> str:
        return "  " + seal_text(key, language, **values)

    state = seal_text("intact" if check.is_intact else "not_intact", language)
    yield f"{_plain(check.path.name)}: {state}"
    yield from (f"  {sentence}" for sentence in finding_sentences(check, language))
    if check.issued_utc is not None:
        date = f"{check.issued_utc:%Y-%m-%d}"
        yield say("report", id=_plain(check.report_id), date=date, result=_plain(check.result_id))
    yield say("hash", sha256=check.sha256)
    for signature in check.signatures:
        yield from _signature_lines(signature, language)
    if not check.signatures:
        yield say("unsigned")
    for attached in check.attachments:
        matches = seal_text(f"attachment.{'intact' if attached.is_intact else 'changed'}", language)
        yield say("attachment", name=_plain(attached.name), state=matches)
    yield say(f"pages.{check.pages}")
    yield from _case_lines(check, language)


def finding_sentences(check: ReportCheck, language: str) -> list[str]:
    """One sentence for each thing that is not as it was written."""

    def said(key: str, value: str) -> str:
        return _plain(error_texts.finding_text(value, language) if key == "message" else value)

    return [
        finding_text(finding.code, language, **{key: said(key, value) for key, value in finding.facts})
        for finding in check.findings
    ]


def _signature_lines(signature: SignatureCheck, language: str) -> Iterator[str]:
    problem = problem_text(signature.problem, language)
    key = f"signature.{signature.state}"
    time = signature.signed_utc
    date = seal_text("date.none", language) if time is None else f"{time:%Y-%m-%d %H:%M} UTC"
    state = seal_text(key, language, problem=problem)
    who = {"signer": _plain(signature.signer), "issuer": _plain(signature.issuer)}
    yield "  " + seal_text("signature", language, **who, date=date, state=state)
    yield "    " + seal_text("signature.certificate", language, sha256=signature.certificate_sha256)


def _case_lines(check: ReportCheck, language: str) -> Iterator[str]:
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
    if case.later_report:
        yield "  " + seal_text("case.later", language, name=case.name, report=_plain(case.later_report))


def _plain(text: str) -> str:
    """A text from a foreign file in one line."""
    return "".join(c if c.isprintable() else " " for c in text)
