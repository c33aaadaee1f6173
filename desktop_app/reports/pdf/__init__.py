"""The report as a PDF, drawn from the stored result and its dossier alone."""

import io
from collections.abc import Callable
from pathlib import Path

from reportlab.platypus import Flowable, PageBreak

from desktop_app.domain import AnalysisResult
from desktop_app.domain.dossier import Dossier, ReportTemplate
from desktop_app.files import replacing
from desktop_app.reports.pdf.assignment import assignment, conclusion
from desktop_app.reports.pdf.context import NO_DOSSIER, SECTIONS, Context
from desktop_app.reports.pdf.cover import cover
from desktop_app.reports.pdf.coverage import coverage
from desktop_app.reports.pdf.custody import item
from desktop_app.reports.pdf.key_frames import key_frames
from desktop_app.reports.pdf.method import method
from desktop_app.reports.pdf.origin import origin
from desktop_app.reports.pdf.pages import finish, render
from desktop_app.reports.pdf.people import people
from desktop_app.reports.pdf.style import load_fonts
from desktop_app.reports.pdf.summary import summary
from desktop_app.reports.pdf.tags import Mark
from desktop_app.reports.pdf.terms import terms
from desktop_app.reports.pdf.text import visible
from desktop_app.reports.pdf.validation import validation
from desktop_app.reports.pdf.weight import weight

_MAKERS: dict[str, Callable[[Context, int], list[Flowable]]] = {
    "assignment": assignment,
    "item": item,
    "file": origin,
    "method": method,
    "coverage": coverage,
    "people": people,
    "key_frames": key_frames,
    "validation": validation,
    "weight": weight,
    "conclusion": conclusion,
    "terms": terms,
}


def write_pdf(
    result: AnalysisResult,
    path: Path,
    language: str = "en",
    dossier: Dossier = NO_DOSSIER,
    template: ReportTemplate = ReportTemplate.FULL,
) -> Path:
    """Write the report of a result; the same result and dossier give the same bytes.

    Args:
        result: A stored result.
        path: Where the report shall be; appears whole or not at all.
        language: ``"en"`` or ``"es"``.
        dossier: Who asks and answers, the item's custody and traces, and the date; nothing else is read.
        template: The whole report, or one page that sums it up.

    Raises:
        CaseError: The file cannot be written there.
        ValueError: The language is not known.
    """
    data = make_pdf(result, language, dossier, template)
    with replacing(path) as temporary:
        temporary.write_bytes(data)
    return path


def make_pdf(
    result: AnalysisResult,
    language: str = "en",
    dossier: Dossier = NO_DOSSIER,
    template: ReportTemplate = ReportTemplate.FULL,
) -> bytes:
    """The report as bytes; see `write_pdf`."""
    ctx, drawn, marks = draw_pages(result, language, dossier, template)
    kind = ctx.t("summary.title") if template is ReportTemplate.SUMMARY else ctx.t("title")
    return finish(ctx, drawn, f"{kind}: {visible(ctx.name)}", marks, template)


def draw_pages(
    result: AnalysisResult,
    language: str = "en",
    dossier: Dossier = NO_DOSSIER,
    template: ReportTemplate = ReportTemplate.FULL,
) -> tuple[Context, io.BytesIO, list[Mark]]:
    """The drawn pages of a report before they are finished, with what they show in reading order."""
    load_fonts()
    ctx = Context(result, language, dossier)
    drawn = io.BytesIO()
    return ctx, drawn, render(ctx, summary(ctx) if template is ReportTemplate.SUMMARY else _full(ctx), drawn)


def _full(ctx: Context) -> list[Flowable]:
    story: list[Flowable] = [*cover(ctx), PageBreak()]
    for name in SECTIONS:
        story += _MAKERS[name](ctx, ctx.section(name))
    return story
