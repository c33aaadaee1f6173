"""Terms and references."""

from reportlab.platypus import Flowable, Table, TableStyle

from desktop_app.reports.pdf.blocks import bullets, section, subsection
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.style import CELL, CONTENT_W, FONT
from desktop_app.reports.pdf.tags import Text
from desktop_app.reports.pdf.text import markup
from desktop_app.reports.references import references
from desktop_app.reports.wording import glossary


def terms(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section."""
    story = [*section(number, ctx.t("section.terms")), _two_columns(glossary(ctx.language))]
    return [*story, *subsection(ctx.t("references.title"), 90), *bullets(references(ctx.result.card), CELL)]


def _two_columns(terms: tuple[tuple[str, str], ...]) -> Flowable:
    cells = [Text(f"<b>{markup(term)}</b><br/>{markup(meaning)}", CELL) for term, meaning in terms]
    rows: list[list[Flowable | str]] = [[*cells[i : i + 2]] for i in range(0, len(cells), 2)]
    if len(cells) % 2:
        rows[-1].append("")
    table = Table(rows, colWidths=[CONTENT_W / 2] * 2)
    table.setStyle(
        TableStyle([FONT, ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 18),
                    ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 6)])
    )  # fmt: skip
    return table
