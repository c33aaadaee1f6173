# ruff: noqa: RUF001 - dashes and multiplication signs are meant
"""The first page: what was examined, what came out, and how far it may be trusted."""

from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from desktop_app.domain import ErrorRates, ItemKind
from desktop_app.reports.pdf.bars import ErrorBar
from desktop_app.reports.pdf.card import VerdictCard
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.overview import overview
from desktop_app.reports.pdf.style import (
    BOLD,
    CELL,
    CONTENT_W,
    FLUSH,
    FONT,
    INK,
    MARGIN_BOTTOM,
    MONO_STYLE,
    MUTED,
    NOTE,
    OVERLINE,
    OVERLINE_RIGHT,
    PAGE_H,
    QUOTE,
    REGULAR,
    RULE,
    SMALL,
    TITLE,
    WHITE,
)
from desktop_app.reports.pdf.tags import Text
from desktop_app.reports.pdf.text import elide, markup, para, printable
from desktop_app.reports.quotes import quote_sentence
from desktop_app.reports.standing import quoted_rates
from desktop_app.reports.wording import condition_text, level_text, percent_text, result_sentence

ERRORS_W = 190.0
TITLE_SIZES = (21, 17, 13.5)
COVER_TOP = 44.0
COVER_H = PAGE_H - COVER_TOP - MARGIN_BOTTOM


def cover(ctx: Context) -> list[Flowable]:
    """Flowables of the first page."""
    story = [*masthead(ctx, ctx.t("title")), Spacer(0, 11)]
    if ctx.result.provenance.aborted:
        story += [aborted_banner(ctx), Spacer(0, 9)]
    story += [VerdictCard(ctx), Spacer(0, 14), _glance(ctx), Spacer(0, 15)]
    story += [_quote_and_errors(ctx), Spacer(0, 14)]
    room = COVER_H - sum(part.wrap(CONTENT_W, COVER_H)[1] for part in story)
    return story + overview(ctx, room)


def masthead(ctx: Context, kind: str) -> list[Flowable]:
    """What the document is and which item it speaks of.

    Args:
        ctx: The report.
        kind: What the document is.
    """
    status = f"{ctx.t('draft')} · {ctx.report_id}" if ctx.is_draft else ctx.report_id
    over = Table(
        [[para(kind.upper(), OVERLINE), para(status, OVERLINE_RIGHT)]], colWidths=[0.6 * CONTENT_W, 0.4 * CONTENT_W]
    )
    over.setStyle(TableStyle([FONT, *FLUSH]))
    story: list[Flowable] = [
        over,
        Spacer(0, 5),
        _title(ctx),
        Spacer(0, 3),
        para(_facts_line(ctx), NOTE),
        para(f"SHA-256 {ctx.result.media.sha256}", MONO_STYLE.clone("hash", fontSize=7.2, textColor=MUTED)),
    ]
    people = _people(ctx)
    return [*story, Spacer(0, 9), people] if people else story


def _people(ctx: Context) -> Table | None:
    """Who asked and who answers in one row; None where nobody is named."""
    details = ctx.dossier.details
    known = [
        (ctx.t(f"case.{key}"), value)
        for key, value in (
            ("number", details.case_number),
            ("laboratory", details.laboratory),
            ("examiner", details.examiner),
            ("requester", details.requester),
        )
        if value.strip()
    ]
    if not known:
        return None
    width = CONTENT_W / len(known)
    head = [para(label, NOTE) for label, _ in known]
    names = [para(elide(value, REGULAR, CELL.fontSize, 0.98 * (width - 14)), CELL) for _, value in known]
    table = Table([head, names], colWidths=[width] * len(known))
    table.setStyle(
        TableStyle([FONT, *FLUSH, ("RIGHTPADDING", (0, 0), (-1, -1), 12), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LINEABOVE", (0, 0), (-1, 0), 0.5, RULE), ("TOPPADDING", (0, 0), (-1, 0), 4)])
    )  # fmt: skip
    return table


def _title(ctx: Context) -> Text:
    name = printable(ctx.name)
    size = next((s for s in TITLE_SIZES if stringWidth(name, BOLD, s) <= 1.9 * CONTENT_W), TITLE_SIZES[-1])
    style = TITLE.clone("sized", fontSize=size, leading=1.2 * size)
    # a very long name is given in full in the section on the item
    return Text(escape(elide(ctx.name, BOLD, size, 1.9 * CONTENT_W)), style)


def _facts_line(ctx: Context) -> str:
    media = ctx.result.media
    parts = [ctx.t(f"item.kind.{media.kind.value}"), f"{media.width_px} × {media.height_px} px"]
    if media.kind is ItemKind.VIDEO:
        parts += [ctx.clock(media.duration_s, 1), media.video_codec]
    done = ctx.moment(ctx.result.provenance.finished_utc)
    return " · ".join([*parts, ctx.result.card.name, done])


def aborted_banner(ctx: Context) -> Table:
    """A bar that says that the analysis was stopped."""
    coverage = ctx.result.coverage
    text = ctx.t("aborted.text", decoded=ctx.n(coverage.decoded), sampled=ctx.n(coverage.sampled))
    style = SMALL.clone("banner", textColor=WHITE, fontSize=9.2, leading=12.6)
    line = Text(f'<font name="{BOLD}">{markup(ctx.t("aborted.title"))}.</font> {markup(text)}', style)
    table = Table([[line]], colWidths=[CONTENT_W])
    table.setStyle(
        TableStyle([FONT, ("BACKGROUND", (0, 0), (-1, -1), INK), ("LEFTPADDING", (0, 0), (-1, -1), 18),
                    ("TOPPADDING", (0, 0), (-1, -1), 7), ("BOTTOMPADDING", (0, 0), (-1, -1), 9)])
    )  # fmt: skip
    return table


def _glance(ctx: Context) -> Table:
    result = ctx.result
    people = len(result.tracks)
    examined = ctx.t("glance.frames", total=ctx.n(result.coverage.in_item))
    if result.media.kind is ItemKind.IMAGE:
        examined = ctx.t("glance.picture")
    cells = [
        (ctx.n(people), ctx.t("glance.person" if people == 1 else "glance.people")),
        (ctx.n(result.coverage.decoded), examined),
        (ctx.n(result.coverage.faces_scored), ctx.t("glance.scored")),
        (ctx.n(result.coverage.faces_gated), ctx.t("glance.gated")),
        (ctx.n(sum(notice.count for notice in result.notices)), ctx.t("glance.notices")),
    ]
    big = SMALL.clone("figure", fontName=BOLD, fontSize=15, leading=18)
    table = Table(
        [[para(figure, big) for figure, _ in cells], [para(label, NOTE) for _, label in cells]],
        colWidths=[CONTENT_W / len(cells)] * len(cells),
    )
    table.setStyle(
        TableStyle([FONT, ("LEFTPADDING", (0, 0), (-1, -1), 9), ("LEFTPADDING", (0, 0), (0, -1), 0),
                    ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBEFORE", (1, 0), (-1, -1), 0.5, RULE)])
    )  # fmt: skip
    return table


def _quote_and_errors(ctx: Context) -> Table:
    sentence = quote_sentence(ctx.result, ctx.language)
    quoted = f"“{sentence}”" if ctx.language == "en" else f"«{sentence}»"
    left: list[Flowable] = [para(ctx.t("quote").upper(), OVERLINE), Spacer(0, 4), para(quoted, QUOTE)]
    left += [Spacer(0, 7), para(ctx.t("in_full").upper(), OVERLINE), Spacer(0, 3)]
    left.append(para(result_sentence(ctx.result, ctx.language), SMALL))
    # error rates belong to a score; where nothing was scored they would only distract
    has_score = ctx.result.verdict.p_fake is not None
    cells: list[Flowable | list[Flowable] | str] = [left, errors(ctx, ERRORS_W) if has_score else ""]
    table = Table([cells], colWidths=[CONTENT_W - ERRORS_W - 22, ERRORS_W + 22], splitInRow=1)
    table.setStyle(
        TableStyle([FONT, ("LEFTPADDING", (0, 0), (-1, -1), 0), ("LEFTPADDING", (1, 0), (1, 0), 22),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 0),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    )  # fmt: skip
    return table


def errors(ctx: Context, width: float, is_whole: bool = True) -> list[Flowable]:
    """How often the model errs.

    Args:
        ctx: The report.
        width: In points.
        is_whole: Whether the section on validation is in the same document.
    """
    story: list[Flowable] = [para(ctx.t("errs").upper(), OVERLINE), Spacer(0, 6)]
    quoted = quoted_rates(ctx.result)
    if quoted is None:
        return [*story, para(ctx.t("errs.none"), SMALL)]
    rates = quoted.row
    level = level_text(rates.level, ctx.language)
    for key, share in (("errs.genuine", rates.fpr), ("errs.fake", rates.fnr)):
        percent = ctx.t("errs.unknown") if share is None else percent_text(share, ctx.language)
        story.append(ErrorBar(width, share, percent, ctx.t(key, level=level)))
    story.append(
        para(ctx.t("errs.set", dataset=rates.dataset, condition=condition_text(rates.condition, ctx.language)), NOTE)
    )
    story.append(para(ctx.t(f"errs.by.{quoted.by}"), NOTE))
    if any(_is_worse(row, rates) for row in ctx.result.card.error_rates):
        key = "errs.other" if is_whole else "errs.other.full"
        story.append(para(ctx.t(key, n=ctx.section("validation")), NOTE))
    return story


def _is_worse(row: ErrorRates, quoted: ErrorRates) -> bool:
    pairs = ((row.fpr, quoted.fpr), (row.fnr, quoted.fnr))
    return any(other is not None and known is not None and other > known for other, known in pairs)
