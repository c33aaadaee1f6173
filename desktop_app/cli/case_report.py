"""`cotejo case report`: the report of an analysis, drawn from its case and noted there."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.analyze import prepare_folder
from desktop_app.cli.case_use import Hand, opened
from desktop_app.cli.console import cancel_on_interrupt, printable, progress_bar, write_out
from desktop_app.cli.details import read_stated
from desktop_app.cli.export import chosen_analysis, item_stem, stored_result
from desktop_app.cli.naming import free_path
from desktop_app.cli.reports import Signing, note_reports, report_ending, sign_reports
from desktop_app.domain import AnalysisResult
from desktop_app.domain.dossier import Dossier, ReportTemplate
from desktop_app.files import write_checksum

if TYPE_CHECKING:
    from desktop_app.cases import CaseStore

TEXTS = {
    "report": ("Report {report}, version {version}, {status}", "Informe {report}, versión {version}, {status}"),
    "supersedes": (", takes the place of {earlier}", ", sustituye a {earlier}"),
    "draft": ("draft", "borrador"),
    "final": ("final", "definitivo"),
    "not_noted": ("The case is open for reading only: its log does not know of this report.",
                  "El caso está abierto solo para lectura: su registro no recoge este informe."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """What is written.

    Args:
        folder: Where to.
        templates, languages: A file for each pair of them.
        details: TOML file whose entries replace what the case states.
        signing: How the files are signed; None leaves them unsigned.
    """

    folder: Path
    templates: tuple[ReportTemplate, ...]
    languages: tuple[str, ...]
    details: Path | None = None
    signing: Signing | None = None


def write_case_report(path: Path, analysis_id: int, order: Order, hand: Hand) -> None:
    """Compare the item, write its report, sign it if asked, and note each file in the log.

    Args:
        path: The case.
        analysis_id: The analysis; 0 is the last one.
        order: What to write.
        hand: Who asks.

    Raises:
        InputError: The details, the certificate or the item cannot be read.
        CaseError: There is no such analysis, or case or report cannot be written.
        Cancelled: Ctrl+C.
    """
    from desktop_app.analysis.reporting import report_dossier

    issued, stated = read_stated(order.details)
    prepare_folder(order.folder)
    with opened(path, hand, read_only=None) as case, cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        stored = chosen_analysis(case, analysis_id)
        result, item_id = stored_result(case, stored), stored.item_id
        dossier = report_dossier(case, item_id, stored.analysis_id, hand.purpose, on_progress, cancel, issued)
        # a number in a file that is used again and again never counts back
        stated["version"] = max(stated.get("version", 1), dossier.details.version)
        dossier = replace(dossier, details=replace(dossier.details, **stated))
        _write(case, result, dossier, order, hand)


def _write(case: "CaseStore", result: AnalysisResult, dossier: Dossier, order: Order, hand: Hand) -> None:
    from desktop_app.reports.pdf import write_pdf

    written = []
    for template in order.templates:
        for language in order.languages:
            file = write_pdf(result, _target(case, dossier, order, template, language), language, dossier, template)
            sign_reports([file], order.signing, language)
            write_checksum(file)
            written.append((file, template))
    for file, template in written:
        note_reports(case, [file], result, dossier, template, order.signing is not None, hand.purpose)
    write_out(_summary(result, dossier, hand.language))
    for file, _ in written:
        write_out(f"  {printable(str(file))}")
    if case.read_only:
        write_out(_text("not_noted", hand.language))


def _target(case: "CaseStore", dossier: Dossier, order: Order, template: ReportTemplate, language: str) -> Path:
    assert dossier.custody is not None
    ending = report_ending(dossier, template, language if len(order.languages) > 1 else "")
    items = [case.path, *(item.path for item in case.items.all())]
    return free_path(order.folder, item_stem(case, dossier.custody.item.item_id), ending, items)


def _summary(result: AnalysisResult, dossier: Dossier, language: str) -> str:
    from desktop_app.reports.report_id import report_id

    details = dossier.details
    status = _text(details.status.value, language)
    said = _text("report", language, report=report_id(result, dossier), version=details.version, status=status)
    return said + (_text("supersedes", language, earlier=details.supersedes) if details.supersedes else "")


def _text(key: str, language: str, /, **values: object) -> str:
    return TEXTS[key][language == "es"].format(**values)
