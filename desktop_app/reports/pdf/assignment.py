# ruff: noqa: RUF001 - dashes are meant
"""Who asks and who answers: the section on the request, and the examiner's conclusion with the signatures."""

from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from desktop_app.reports.pdf.blocks import Fact, facts, lines, section, subsection
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.style import (
    BODY,
    BOX,
    CELL,
    CELL_BOLD,
    CELL_MUTED,
    CONTENT_W,
    FONT,
    INK,
    MONO_STYLE,
    MUTED,
    NOTE,
    OVERLINE,
)
from desktop_app.reports.pdf.text import para

MAX_NOTES = 30


def assignment(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section on the request."""
    text, details, custody = ctx.t, ctx.dossier.details, ctx.dossier.custody
    version = str(details.version)
    if details.supersedes:
        version = text("case.supersedes", version=version, report=details.supersedes)
    laboratory = (details.laboratory, *details.laboratory_address.split("\n"))
    rows: list[Fact] = [
        (text("case.report"), para(ctx.report_id, MONO_STYLE)),
        (text("case.version"), para(version, CELL)),
        (text("case.status"), para(text(f"status.{details.status.value}"), CELL_BOLD if ctx.is_draft else CELL)),
        (text("case.issued"), para(ctx.moment(ctx.issued), CELL)),
        (text("case.number"), _stated(ctx, details.case_number)),
        (text("case.laboratory"), _stated(ctx, *laboratory)),
        (text("case.examiner"), _stated(ctx, details.examiner, details.examiner_role)),
        (text("case.requester"), _stated(ctx, details.requester)),
        (text("case.question"), _stated(ctx, *details.question.split("\n"))),
    ]
    if details.reviewer:
        rows.insert(7, (text("case.reviewer"), _stated(ctx, details.reviewer, details.reviewer_role)))
    if custody is not None:
        named = text("case.file.value", name=custody.case_name, id=custody.case_id, n=custody.analysis_id or "–")
        rows.insert(5, (text("case.file"), para(named, CELL)))
    first, last, own = (ctx.section(name) for name in ("item", "weight", "conclusion"))
    scope = para(text("case.scope", first=first, last=last, own=own), NOTE)
    return [*section(number, text("section.assignment")), facts(rows), Spacer(0, 7), scope]


def _stated(ctx: Context, *texts: str) -> Flowable:
    """Lines that someone stated, or quietly that nobody did."""
    known = [text for text in texts if text.strip()]
    return lines(known, CELL) if known else para(ctx.t("not_stated"), CELL_MUTED)


def conclusion(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the examiner's conclusion, set apart from all that the machine found, with signatures."""
    details = ctx.dossier.details
    stated = details.conclusion.strip()
    inner: list[Flowable] = [para(ctx.t("conclusion.own").upper(), OVERLINE), Spacer(0, 5)]
    if stated:
        inner += [lines(stated.split("\n"), BOX)]
    else:
        inner.append(para(ctx.t("conclusion.none"), BODY))
    return [
        *section(number, ctx.t("section.conclusion"), 330),
        framed(inner),
        *_notes(ctx),
        *subsection(ctx.t("conclusion.signatures"), 190),
        *([para(ctx.t("conclusion.draft"), NOTE)] if ctx.is_draft else []),
        Spacer(0, 6),
        KeepTogether([_signatures(ctx)]),
    ]


def _notes(ctx: Context) -> list[Flowable]:
    notes = ctx.dossier.notes[-MAX_NOTES:]
    if not notes:
        return []
    rows: list[Fact] = [(f"{ctx.moment(at)}\n{author}", lines(text.split("\n"), CELL)) for at, author, text in notes]
    return [*subsection(ctx.t("notes.title"), 80), facts(rows)]


def framed(inner: list[Flowable], space: float = 15.0) -> Table:
    """Flowables in a frame, which nothing of the machine's has.

    Args:
        inner: What it holds.
        space: Above and below, in points.
    """
    table = Table([[flowable] for flowable in inner], colWidths=[CONTENT_W])
    table.setStyle(
        TableStyle([FONT, ("BOX", (0, 0), (-1, -1), 1.2, INK), ("LEFTPADDING", (0, 0), (-1, -1), 18),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 18), ("TOPPADDING", (0, 0), (-1, -1), 0),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, 0), space),
                    ("BOTTOMPADDING", (0, -1), (-1, -1), space)])
    )  # fmt: skip
    return table


def _signatures(ctx: Context) -> Table:
    details = ctx.dossier.details
    people = (
        ("case.examiner", details.examiner, details.examiner_role),
        ("case.reviewer", details.reviewer, details.reviewer_role),
    )
    gap, width = 30.0, (CONTENT_W - 30.0) / 2
    head, names, dates, signs = [], [], [], []
    for key, name, role in people:
        head.append(para(ctx.t(key).upper(), OVERLINE))
        names.append(_stated(ctx, name, role))
        dates.append(para(ctx.t("conclusion.date"), NOTE))
        signs.append(para(ctx.t("conclusion.sign"), NOTE))
    rows = [[left, "", right] for left, right in (head, names, dates, signs)]
    table = Table(rows, colWidths=[width, gap, width], rowHeights=[None, None, 44, 58])
    rule = [("LINEBELOW", (column, row), (column, row), 0.7, MUTED) for column in (0, 2) for row in (2, 3)]
    table.setStyle(
        TableStyle([FONT, ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                    ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                    ("TOPPADDING", (0, 2), (-1, -1), 8), ("VALIGN", (0, 0), (-1, -1), "TOP"), *rule])
    )  # fmt: skip
    return table
