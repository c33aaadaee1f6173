# ruff: noqa: RUF001 - dashes and multiplication signs are meant
"""The first page: what was examined, what came out, and how far it may be trusted."""

from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from desktop_app.domain import ErrorRates, FaceTrack, ItemKind
from desktop_app.reports.pdf.bars import ErrorBar
from desktop_app.reports.pdf.card import Mark, VerdictCard
from desktop_app.reports.pdf.chart import ChartTexts, CurveChart
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.key_frames import first_picture
from desktop_app.reports.pdf.style import (
    BOLD,
    CELL,
    CONTENT_W,
    FONT,
    INK,
    MARGIN_BOTTOM,
    MONO_STYLE,
    MUTED,
    NOTE,
    OVERLINE,
    PAGE_H,
    QUOTE,
    RULE,
    SMALL,
    TITLE,
    WHITE,
)
from desktop_app.reports.pdf.text import elide, markup, para, printable
from desktop_app.reports.wording import headline_rates, level_text, percent_text, result_sentence

MAX_OVERVIEW = 4
SHORT_TRACK = 5
ERRORS_W, SINGLE_H, STRIP_H, MIN_PICTURE_H = 190.0, 104.0, 27.0, 90.0
TITLE_SIZES = (21, 17, 13.5)
COVER_TOP = 44.0
COVER_H = PAGE_H - COVER_TOP - MARGIN_BOTTOM
# heading, legend and the line that says that there are more
OVERVIEW_EXTRA_H = 42.0


def cover(ctx: Context) -> list[Flowable]:
    """Flowables of the first page."""
    story: list[Flowable] = [
        para(ctx.t("title").upper(), OVERLINE),
        Spacer(0, 5),
        _title(ctx),
        Spacer(0, 3),
        para(_facts_line(ctx), NOTE),
        para(f"SHA-256 {ctx.result.media.sha256}", MONO_STYLE.clone("hash", fontSize=7.2, textColor=MUTED)),
        Spacer(0, 13),
    ]
    if ctx.result.provenance.aborted:
        story += [_aborted_banner(ctx), Spacer(0, 9)]
    story += [VerdictCard(ctx), Spacer(0, 14), _glance(ctx), Spacer(0, 15)]
    story += [_quote_and_errors(ctx), Spacer(0, 14)]
    room = COVER_H - sum(part.wrap(CONTENT_W, COVER_H)[1] for part in story)
    return story + _overview(ctx, room)


def _title(ctx: Context) -> Paragraph:
    name = printable(ctx.name)
    size = next((s for s in TITLE_SIZES if stringWidth(name, BOLD, s) <= 1.9 * CONTENT_W), TITLE_SIZES[-1])
    style = TITLE.clone("sized", fontSize=size, leading=1.2 * size)
    # a very long name is given in full in the section on the item
    return Paragraph(escape(elide(ctx.name, BOLD, size, 1.9 * CONTENT_W)), style)


def _facts_line(ctx: Context) -> str:
    media = ctx.result.media
    parts = [ctx.t(f"item.kind.{media.kind.value}"), f"{media.width_px} × {media.height_px} px"]
    if media.kind is ItemKind.VIDEO:
        parts += [ctx.clock(media.duration_s, 1), media.video_codec]
    done = ctx.moment(ctx.result.provenance.finished_utc)
    return " · ".join([*parts, ctx.result.card.name, done])


def _aborted_banner(ctx: Context) -> Table:
    coverage = ctx.result.coverage
    text = ctx.t("aborted.text", decoded=ctx.n(coverage.decoded), sampled=ctx.n(coverage.sampled))
    style = SMALL.clone("banner", textColor=WHITE, fontSize=9.2, leading=12.6)
    line = Paragraph(f'<font name="{BOLD}">{markup(ctx.t("aborted.title"))}.</font> {markup(text)}', style)
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
    sentence = result_sentence(ctx.result, ctx.language)
    quoted = f"“{sentence}”" if ctx.language == "en" else f"«{sentence}»"
    left: list[Flowable] = [para(ctx.t("quote").upper(), OVERLINE), Spacer(0, 4), para(quoted, QUOTE)]
    # error rates belong to a score; where nothing was scored they would only distract
    has_score = ctx.result.verdict.p_fake is not None
    cells: list[Flowable | list[Flowable] | str] = [left, _errors(ctx) if has_score else ""]
    table = Table([cells], colWidths=[CONTENT_W - ERRORS_W - 22, ERRORS_W + 22], splitInRow=1)
    table.setStyle(
        TableStyle([FONT, ("LEFTPADDING", (0, 0), (-1, -1), 0), ("LEFTPADDING", (1, 0), (1, 0), 22),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 0),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    )  # fmt: skip
    return table


def _errors(ctx: Context) -> list[Flowable]:
    story: list[Flowable] = [para(ctx.t("errs").upper(), OVERLINE), Spacer(0, 6)]
    rates = headline_rates(ctx.result.card)
    if rates is None:
        return [*story, para(ctx.t("errs.none"), SMALL)]
    level = level_text(rates.level, ctx.language)
    for key, share in (("errs.genuine", rates.fpr), ("errs.fake", rates.fnr)):
        percent = ctx.t("errs.unknown") if share is None else percent_text(share, ctx.language)
        story.append(ErrorBar(ERRORS_W, share, percent, ctx.t(key, level=level)))
    story.append(para(ctx.t("errs.set", dataset=rates.dataset, condition=rates.condition), NOTE))
    if any(_is_worse(row, rates) for row in ctx.result.card.error_rates):
        story.append(para(ctx.t("errs.other"), NOTE))
    return story


def _is_worse(row: ErrorRates, quoted: ErrorRates) -> bool:
    pairs = ((row.fpr, quoted.fpr), (row.fnr, quoted.fnr))
    return any(other is not None and known is not None and other > known for other, known in pairs)


def _overview(ctx: Context, room: float) -> list[Flowable]:
    span_s = ctx.span_s
    if span_s is None:
        picture = first_picture(ctx, (0.72 * CONTENT_W, room - 20))
        return [picture] if picture and room > MIN_PICTURE_H else []
    if not ctx.result.tracks:
        return []
    # a face of a few frames is often none: it stands behind the others, whatever its score
    shown = sorted(ctx.result.tracks, key=lambda t: (t.frames_scored < SHORT_TRACK, -(t.verdict.p_fake or -1.0)))
    shown = shown[: min(MAX_OVERVIEW, int((room - OVERVIEW_EXTRA_H) // (STRIP_H + 5)))] if room > 0 else []
    if not shown:
        return []
    story: list[Flowable] = [para(ctx.t("overview").upper(), OVERLINE), Spacer(0, 5)]
    if len(ctx.result.tracks) == 1:
        texts = ChartTexts(ctx.t("scale.fake"), ctx.t("scale.genuine"), ctx.f(ctx.result.card.thresholds.decision))
        return [
            *story,
            _chart(ctx, shown[0], span_s, (CONTENT_W, min(SINGLE_H, room - OVERVIEW_EXTRA_H)), texts),
            para(ctx.t("overview.key"), NOTE),
        ]
    height = min(1.4 * STRIP_H, (room - OVERVIEW_EXTRA_H) / len(shown) - 5)
    rows = [_strip(ctx, track, span_s, height) for track in shown]
    table = Table(rows, colWidths=[12, 58, CONTENT_W - 12 - 58 - 118, 118], rowHeights=[height + 5] * len(rows))
    table.setStyle(
        TableStyle([FONT, ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                    ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
                    ("LEFTPADDING", (3, 0), (3, -1), 10), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    )  # fmt: skip
    story += [table, para(ctx.t("overview.key"), NOTE)]
    if len(ctx.result.tracks) > len(shown):
        story.append(para(ctx.t("overview.more", shown=len(shown), total=len(ctx.result.tracks)), NOTE))
    return story


def _strip(ctx: Context, track: FaceTrack, span_s: tuple[float, float], height: float) -> list[Flowable]:
    chart = _chart(ctx, track, span_s, (CONTENT_W - 12 - 58 - 118, height), None)
    score = "" if track.verdict.p_fake is None else f"<b>{markup(ctx.score(track.verdict.p_fake))}</b>\u00a0\u00a0"
    result = Paragraph(score + markup(ctx.short_headline(track.verdict)), CELL)
    return [Mark(track.verdict), para(ctx.t("person", id=track.track_id), CELL), chart, result]


def _chart(
    ctx: Context, track: FaceTrack, span_s: tuple[float, float], size: tuple[float, float], texts: ChartTexts | None
) -> CurveChart:
    rows = ctx.predictions_of(track.track_id)
    return CurveChart(rows, track.segments, ctx.result.card.thresholds, span_s, ctx.step_s, size, texts)
