"""The report as a PDF, drawn from the stored result alone."""

import io
from pathlib import Path

from reportlab.platypus import Flowable, PageBreak

from desktop_app.domain import AnalysisResult
from desktop_app.files import replacing
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.cover import cover
from desktop_app.reports.pdf.facts import coverage, item, provenance, terms
from desktop_app.reports.pdf.key_frames import key_frames
from desktop_app.reports.pdf.method import method
from desktop_app.reports.pdf.pages import finish, render
from desktop_app.reports.pdf.people import people
from desktop_app.reports.pdf.style import load_fonts
from desktop_app.reports.pdf.text import printable

SECTIONS = (item, people, key_frames, coverage, method, provenance, terms)


def write_pdf(result: AnalysisResult, path: Path, language: str = "en") -> Path:
    """Write the report of a result; the same result gives the same bytes.

    Args:
        result: A stored result; nothing else is read.
        path: Where the report shall be; appears whole or not at all.
        language: ``"en"`` or ``"es"``.

    Raises:
        CaseError: The file cannot be written there.
        ValueError: The language is not known.
    """
    load_fonts()
    ctx = Context(result, language)
    story: list[Flowable] = [*cover(ctx), PageBreak()]
    for number, make_section in enumerate(SECTIONS, 1):
        story += make_section(ctx, number)
    drawn = io.BytesIO()
    render(ctx, story, drawn)
    title = f"{ctx.t('title')}: {printable(ctx.name)}"
    data = finish(ctx, drawn, title)
    with replacing(path) as temporary:
        temporary.write_bytes(data)
    return path
