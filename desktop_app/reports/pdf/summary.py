# ruff: noqa: RUF001 - dashes are meant
"""One page for a newsroom: what was checked, what came out, how far it may be trusted."""

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, KeepInFrame, Spacer, Table, TableStyle

from desktop_app.domain import ExhibitKind, ItemKind
from desktop_app.reports.pdf.assignment import framed
from desktop_app.reports.pdf.blocks import bullets
from desktop_app.reports.pdf.card import draw_mark, draw_scale
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.cover import COVER_H, aborted_banner, errors, masthead
from desktop_app.reports.pdf.key_frames import KeyFrame, frame_picture, gather
from desktop_app.reports.pdf.overview import overview
from desktop_app.reports.pdf.style import (
    BODY,
    BOLD,
    CONTENT_W,
    FLUSH,
    FONT,
    NOTE,
    OVERLINE,
    RULE,
    SMALL,
    colour_of,
    tint_of,
)
from desktop_app.reports.pdf.tags import Figure, Text
from desktop_app.reports.pdf.text import elide, markup, para, short
from desktop_app.reports.quotes import quote_sentence
from desktop_app.reports.standing import leaning
from desktop_app.reports.wording import limit_sentences, reason_text

GAP, SLACK = 11.0, 4.0
RIGHT_W = 200.0
MAX_PICTURES = 3
STILL_H = 250.0
PICTURE_H, MIN_PICTURE_H, CAPTION_W = 112.0, 40.0, 150.0
# heading, caption and the space around them
PICTURES_EXTRA_H = 40.0
CURVES_H = 92.0
MAX_QUOTE = 250
MAX_LIMITS = 4
QUOTED = BODY.clone("quoted", fontSize=9.0, leading=12.6)


def summary(ctx: Context) -> list[Flowable]:
    """Flowables of the page; it stays one, whatever the item."""
    top: list[Flowable] = [*masthead(ctx, ctx.t("summary.title")), Spacer(0, GAP)]
    if ctx.result.provenance.aborted:
        top += [aborted_banner(ctx), Spacer(0, 9)]
    top += [_card(ctx), Spacer(0, GAP)]
    conclusion = ctx.dossier.details.conclusion.strip()
    if conclusion:
        inner: list[Flowable] = [para(ctx.t("summary.examiner").upper(), OVERLINE), Spacer(0, 3)]
        top += [framed([*inner, para(_cut(" ".join(conclusion.split())), BODY)], 10), Spacer(0, GAP)]
    top += [_two_columns([*_quote(ctx), *_checked(ctx)], _errors(ctx)), Spacer(0, GAP)]
    end: list[Flowable] = [*_limits(ctx), Spacer(0, GAP), _foot(ctx)]
    room = COVER_H - SLACK - sum(part.wrap(CONTENT_W, COVER_H)[1] for part in (*top, *end))
    for_curves = 0.0 if ctx.span_s is None or not ctx.result.tracks else CURVES_H
    most = PICTURE_H if ctx.span_s is not None else STILL_H
    pictures = _pictures(ctx, min(most, room - for_curves - PICTURES_EXTRA_H))
    room -= sum(part.wrap(CONTENT_W, COVER_H)[1] for part in pictures)
    curves = overview(ctx, room - GAP, is_whole=False) if ctx.span_s is not None else []
    middle = [*pictures, *curves, *([Spacer(0, GAP)] if curves else [])]
    # long texts of a foreign card are the one thing whose length is not known: they are drawn smaller
    return [KeepInFrame(CONTENT_W, COVER_H - 1, [*top, *middle, *end], mode="shrink")]


def _cut(text: str) -> str:
    return text if len(text) <= MAX_QUOTE else text[:MAX_QUOTE].rsplit(" ", 1)[0] + " …"


class _Scale(Figure):
    """The scale of the verdict."""

    def __init__(self, ctx: Context, width: float) -> None:
        super().__init__()
        self._ctx, self.width, self.height = ctx, width, 62.0
        p_fake = ctx.result.verdict.p_fake
        self.alt = ctx.t("alt.scale", p="–" if p_fake is None else ctx.score(p_fake))

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def paint(self) -> None:
        """Draw cells and pointer."""
        draw_scale(self.canv, self._ctx, 0, 0, self.width)


class _BigSign(Flowable):
    """The verdict's sign, as large as the words beside it."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._verdict, self.width, self.height = ctx.result.verdict, 20.0, 22.0

    def draw(self) -> None:
        """Draw it."""
        draw_mark(self.canv, self._verdict, 0, 1, 18)


def _card(ctx: Context) -> Table:
    verdict = ctx.result.verdict
    big = BODY.clone("big", fontName=BOLD, fontSize=17, leading=20, textColor=HexColor(colour_of(verdict)))
    why = f"<b>{markup(ctx.t('card.why'))}:</b> {markup(short(reason_text(verdict, ctx.language)))}"
    left: list[Flowable] = [Text(markup(ctx.headline(verdict)), big), Spacer(0, 4), Text(why, NOTE)]
    has_scale = verdict.p_fake is not None
    scale_w = 208.0 if has_scale else 0.0
    cells: list[Flowable | list[Flowable] | str] = [_BigSign(ctx), left, _Scale(ctx, scale_w - 6) if has_scale else ""]
    table = Table([cells], colWidths=[46, CONTENT_W - 46 - scale_w - 30, scale_w + 30])
    table.setStyle(
        TableStyle([FONT, *FLUSH, ("BACKGROUND", (0, 0), (-1, -1), tint_of(verdict)),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LEFTPADDING", (0, 0), (0, -1), 18), ("LEFTPADDING", (2, 0), (2, -1), 18),
                    ("TOPPADDING", (0, 0), (-1, -1), 9), ("BOTTOMPADDING", (0, 0), (-1, -1), 9)])
    )  # fmt: skip
    return table


def _two_columns(left: list[Flowable], right: list[Flowable], right_w: float = RIGHT_W) -> Table:
    table = Table([[left, right]], colWidths=[CONTENT_W - right_w - 22, right_w + 22], splitInRow=1)
    table.setStyle(TableStyle([FONT, *FLUSH, ("LEFTPADDING", (1, 0), (1, 0), 22), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def _quote(ctx: Context) -> list[Flowable]:
    sentence = quote_sentence(ctx.result, ctx.language)
    quoted = f"“{sentence}”" if ctx.language == "en" else f"«{sentence}»"
    return [para(ctx.t("quote").upper(), OVERLINE), Spacer(0, 4), para(quoted, QUOTED)]


def _errors(ctx: Context) -> list[Flowable]:
    # error rates belong to a score; where nothing was scored they would only distract
    return errors(ctx, RIGHT_W, is_whole=False) if ctx.result.verdict.p_fake is not None else []


def _checked(ctx: Context) -> list[Flowable]:
    result, counted = ctx.result, ctx.result.coverage
    count = len(result.tracks)
    people = ctx.t("summary.person") if count == 1 else ctx.t("summary.people", n=ctx.n(count))
    values = {"people": people, "scored": ctx.n(counted.faces_scored)}
    if result.media.kind is ItemKind.VIDEO:
        values |= {"length": ctx.clock(result.media.duration_s, 1), "total": ctx.n(counted.in_item)}
        values["decoded"] = ctx.n(counted.decoded)
    texts = (ctx.t(f"summary.checked.{result.media.kind.value}", **values), ctx.t("summary.not_checked"))
    heading: list[Flowable] = [Spacer(0, 9), para(ctx.t("summary.checked").upper(), OVERLINE), Spacer(0, 3)]
    return [*heading, *(para(text, SMALL) for text in texts)]


def _limits(ctx: Context) -> list[Flowable]:
    result = ctx.result
    limits = limit_sentences(result.verdict, result.provenance.aborted, ctx.language)[:MAX_LIMITS]
    dots = bullets(limits, SMALL)
    half = (len(dots) + 1) // 2
    columns = _two_columns(dots[:half], dots[half:], (CONTENT_W - 22) / 2)
    return [para(ctx.t("summary.cannot").upper(), OVERLINE), Spacer(0, 4), columns]


def _foot(ctx: Context) -> Table:
    details = ctx.dossier.details
    who = details.laboratory or details.examiner or ctx.t("summary.full.anyone")
    who = elide(who, SMALL.fontName, SMALL.fontSize, CONTENT_W)
    text = ctx.t("summary.full", id=ctx.report_id, who=who, result=ctx.result.result_id)
    table = Table([[para(text, SMALL)]], colWidths=[CONTENT_W])
    table.setStyle(
        TableStyle([FONT, *FLUSH, ("LINEABOVE", (0, 0), (-1, 0), 0.5, RULE), ("TOPPADDING", (0, 0), (-1, 0), 5)])
    )
    return table


def _pictures(ctx: Context, height: float) -> list[Flowable]:
    chosen = _choose(ctx)
    # the overview of a still picture would show it once more
    if height < MIN_PICTURE_H or not chosen:
        return []
    width = (CONTENT_W - (MAX_PICTURES - 1) * GAP) / MAX_PICTURES
    if ctx.result.media.kind is ItemKind.IMAGE:
        width = CONTENT_W
    pictures: list[Flowable] = []
    captions: list[Flowable] = []
    for group in chosen:
        exhibit = group.pictures[ExhibitKind.KEY_FRAME]
        pictures.append(frame_picture(ctx, exhibit, (width, height), group.track_id))
        captions.append(para(_caption(ctx, group), NOTE))
    widths = [max(CAPTION_W, picture.wrap(width, height)[0]) + GAP for picture in pictures]
    table = Table([pictures, captions], colWidths=widths, hAlign="LEFT")
    table.setStyle(
        TableStyle([FONT, *FLUSH, ("RIGHTPADDING", (0, 0), (-1, -1), GAP), ("VALIGN", (0, 0), (-1, 0), "TOP")])
    )
    return [para(ctx.t("summary.pictures").upper(), OVERLINE), Spacer(0, 4), table, Spacer(0, GAP)]


def _caption(ctx: Context, group: KeyFrame) -> str:
    first = group.any_picture
    own = (p for p in ctx.predictions_of(group.track_id or 0) if p.frame_index == group.frame_index)
    p_fake = next((p.p_fake for p in own), None)
    where = {"time": ctx.clock(first.time_s, 1), "frame": first.frame_index}
    if p_fake is None:
        return ctx.t("summary.picture.unscored", **where)
    return ctx.t("summary.picture", p=ctx.score(p_fake), **where)


def _choose(ctx: Context) -> list[KeyFrame]:
    """Frames to show: those with the highest scores of a finding of manipulation, else from the whole time."""
    frames: dict[int, KeyFrame] = {}
    scores = {(p.frame_index, p.track_id): p.p_fake or 0.0 for p in ctx.result.predictions}
    groups = [group for group in gather(ctx.result.exhibits) if ExhibitKind.KEY_FRAME in group.pictures]
    for group in sorted(groups, key=lambda g: -scores.get((g.frame_index, g.track_id or 0), 0.0)):
        frames.setdefault(group.frame_index, group)
    ranked = list(frames.values())
    if not ranked:
        return []
    if leaning(ctx.result.verdict) == "fake":
        limit = ctx.result.card.thresholds.inconclusive_high
        high = [g for g in ranked if scores.get((g.frame_index, g.track_id or 0), 0.0) > limit]
        ranked = high if len(high) > 1 else ranked
    else:
        ranked.sort(key=lambda group: group.frame_index)
        last = len(ranked) - 1
        ranked = [ranked[i] for i in sorted({round(n * last / (MAX_PICTURES - 1)) for n in range(MAX_PICTURES)})]
    return sorted(ranked[:MAX_PICTURES], key=lambda group: group.frame_index)
