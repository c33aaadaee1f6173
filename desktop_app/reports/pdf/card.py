"""The verdict as a card that is understood at a glance, its limits beside it."""

from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from desktop_app.domain import Band, ItemKind, Outcome, Thresholds, Verdict
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.style import (
    BODY,
    BOLD,
    CONTENT_W,
    FAKE,
    GENUINE,
    INK,
    MUTED,
    NOTE,
    OVERLINE,
    REGULAR,
    RULE,
    SMALL,
    UNSURE_TINT,
    WHITE,
    band_colour,
    colour_of,
    tint_of,
)
from desktop_app.reports.pdf.tags import Text, tagged
from desktop_app.reports.pdf.text import markup, para, short
from desktop_app.reports.ratio_texts import SUPPORT_SHORT
from desktop_app.reports.wording import finding_sentence, has_interval, limit_sentences, pick, reason_text

BANDS = tuple(Band)


def draw_mark(canvas: Canvas, verdict: Verdict, x: float, y: float, size: float) -> None:
    """A verdict's sign: triangle for manipulated, circle for genuine, diamond for inconclusive, ring for no face.

    Args:
        canvas: Where to draw.
        verdict: What to show.
        x: Left edge in points.
        y: Lower edge.
        size: Side of the square around it.
    """
    canvas.saveState()
    canvas.setFillColor(colour_of(verdict))
    canvas.setStrokeColor(colour_of(verdict))
    canvas.setLineJoin(1)
    half = size / 2
    if verdict.outcome is Outcome.NO_USABLE_FACE:
        canvas.setDash(size / 10, size / 10)
        canvas.setLineWidth(size / 11)
        canvas.circle(x + half, y + half, 0.42 * size, stroke=1, fill=0)
    elif colour_of(verdict) == FAKE:
        _polygon(canvas, [(x + half, y + size * 0.93), (x + size, y + size * 0.06), (x, y + size * 0.06)])
    elif colour_of(verdict) == GENUINE:
        canvas.circle(x + half, y + half, 0.46 * size, stroke=0, fill=1)
    else:
        _polygon(canvas, [(x + half, y + size), (x + size, y + half), (x + half, y), (x, y + half)])
    canvas.restoreState()


def _polygon(canvas: Canvas, corners: list[tuple[float, float]]) -> None:
    path = canvas.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


class Sign(Flowable):
    """A verdict's sign as a flowable of 8 points, for tables in which words stand beside it."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self._verdict = verdict

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Size in points."""
        return 8.0, 9.5

    def draw(self) -> None:
        """Draw it a little above the base line."""
        draw_mark(self.canv, self._verdict, 0, 0.4, 7.4)


def scale_position(p_fake: float, limits: Thresholds) -> float:
    """Where a score stands on a scale of five equal cells, one per band, in [0, 1].

    >>> scale_position(0.5, Thresholds(0.5, 0.1, 0.4, 0.6, 0.9))
    0.5
    """
    edges = (0.0, limits.strong_genuine, limits.inconclusive_low, limits.inconclusive_high, limits.strong_fake, 1.0)
    for cell in range(5):
        low, high = edges[cell], edges[cell + 1]
        if p_fake <= high and high > low:
            return (cell + (p_fake - low) / (high - low)) / 5
    return 1.0


def draw_scale(canvas: Canvas, ctx: Context, x: float, y: float, width: float) -> None:
    """Five cells from genuine to manipulated, the verdict's own filled, with score and interval above.

    Args:
        canvas: Where to draw.
        ctx: The result.
        x: Left edge in points.
        y: Lower edge of the words under the cells; the whole is 56 points high.
        width: In points.
    """
    verdict, limits, cell = ctx.result.verdict, ctx.result.card.thresholds, width / 5
    active = Band.INCONCLUSIVE if verdict.outcome is Outcome.INCONCLUSIVE else verdict.band
    names = _scale_names(ctx)
    base, height = y + 21, 11.0
    for index, (band, name) in enumerate(zip(BANDS, names, strict=True)):
        colour, is_active = band_colour(band), band is active
        canvas.setFillColor(colour if is_active else WHITE)
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(0.7)
        canvas.rect(x + index * cell, base, cell, height, stroke=1, fill=1)
        canvas.setFillColor(colour)
        canvas.setFont(BOLD if is_active else REGULAR, 7.2)
        canvas.drawCentredString(x + (index + 0.5) * cell, base - 9, name)
    canvas.setFont(BOLD, 7.2)
    canvas.setFillColor(GENUINE)
    canvas.drawString(x, y + 2, "← " + ctx.t("scale.genuine"))
    canvas.setFillColor(FAKE)
    canvas.drawRightString(x + width, y + 2, ctx.t("scale.fake") + " →")
    if verdict.p_fake is not None:
        _draw_pointer(canvas, ctx, x, base + height, width, limits)


def _scale_names(ctx: Context) -> tuple[str, ...]:
    """What the cells are called: by the measured likelihood ratio of each band where the card has them."""
    plain = ("scale.strong", "scale.moderate", "scale.unsure", "scale.moderate", "scale.strong")
    level = "image" if ctx.result.media.kind is ItemKind.IMAGE else "video"
    ratios = [ctx.result.card.ratio_of(band, level) for band in BANDS]
    return tuple(
        ctx.t(name)
        if ratio is None or band is Band.INCONCLUSIVE
        else pick(SUPPORT_SHORT, ratio.verbal.value, ctx.language)
        for band, name, ratio in zip(BANDS, plain, ratios, strict=True)
    )


def _draw_pointer(canvas: Canvas, ctx: Context, x: float, y: float, width: float, limits: Thresholds) -> None:
    verdict = ctx.result.verdict
    if verdict.p_fake is None:
        return
    at = x + width * scale_position(verdict.p_fake, limits)
    canvas.setStrokeColor(INK)
    canvas.setFillColor(INK)
    if verdict.interval is not None and has_interval(verdict):
        low, high = (x + width * scale_position(value, limits) for value in verdict.interval)
        canvas.setLineWidth(0.9)
        canvas.lines([(low, y + 4, high, y + 4), (low, y + 2, low, y + 6), (high, y + 2, high, y + 6)])
    _polygon(canvas, [(at, y + 5.2), (at - 4, y + 12.2), (at + 4, y + 12.2)])
    canvas.setFont(BOLD, 8.6)
    text = ctx.score(verdict.p_fake)
    canvas.drawCentredString(min(max(at, x + 9), x + width - 9), y + 15, text)


@dataclass(slots=True)
class _Column:
    """Paragraphs with the space before each, stacked from the top."""

    width: float
    items: list[tuple[float, Text]]

    @property
    def height(self) -> float:
        return sum(space + item.wrap(self.width, 10_000)[1] for space, item in self.items)

    def draw(self, canvas: Canvas, x: float, top: float) -> float:
        for space, item in self.items:
            _, height = item.wrap(self.width, 10_000)
            top -= space + height
            item.drawOn(canvas, x, top)
        return top


class VerdictCard(Flowable):
    """The verdict of the item with its sign, scale and reason, and its limits in a column beside it."""

    _PAD = 18.0
    _SCALE_H = 67.0

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        verdict = ctx.result.verdict
        inner = CONTENT_W - 2 * self._PAD - 28
        self._has_scale = verdict.p_fake is not None
        big = BODY.clone("big", fontName=BOLD, fontSize=21, leading=24, textColor=HexColor(colour_of(verdict)))
        self._over = _Column(0.56 * inner, [(0, para(ctx.t("result").upper(), OVERLINE))])
        self._head = _Column(0.56 * inner - 32, [(0, Text(markup(ctx.headline(verdict)), big))])
        self._finding = _Column(
            0.56 * inner, [(0, para(finding_sentence(verdict, ctx.language, ctx.ratio(verdict)), BODY))]
        )
        self._after = _Column(0.56 * inner, self._below_scale())
        limits = limit_sentences(verdict, ctx.result.provenance.aborted, ctx.language)
        rows = [(0.0, para(ctx.t("limits").upper(), OVERLINE))]
        bullet = SMALL.clone("bullet", leftIndent=9, bulletIndent=0)
        rows += [(5.5, Text(markup(text), bullet, bulletText="•")) for text in limits[:5]]
        self._limits = _Column(0.44 * inner, rows)

    def _below_scale(self) -> list[tuple[float, Text]]:
        verdict, ctx = self._ctx.result.verdict, self._ctx
        rows = []
        if verdict.interval is not None and has_interval(verdict):
            low, high = (ctx.score(value) for value in verdict.interval)
            rows.append((0.0, para(ctx.t("card.interval", low=low, high=high), NOTE)))
        why = f"<b>{markup(ctx.t('card.why'))}:</b> {markup(short(reason_text(verdict, ctx.language)))}"
        rows.append((3.0, Text(why, NOTE)))
        return rows

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Size in points."""
        left = self._over.height + 7 + max(24, self._head.height) + 7 + self._finding.height + self._after.height
        left += 9 + (self._SCALE_H if self._has_scale else 0)
        self.width, self.height = CONTENT_W, max(left, self._limits.height) + 2 * self._PAD
        return self.width, self.height

    def draw(self) -> None:
        """Draw ground, both columns and the scale."""
        canvas, verdict = self.canv, self._ctx.result.verdict
        canvas.setFillColor(tint_of(verdict))
        canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        canvas.setFillColor(colour_of(verdict))
        canvas.rect(0, 0, 4.5, self.height, stroke=0, fill=1)
        x, top = self._PAD + 2, self.height - self._PAD
        top = self._over.draw(canvas, x, top) - 7
        draw_mark(canvas, verdict, x, top - 23, 21)
        top = self._head.draw(canvas, x + 32, top) - 7
        top = self._finding.draw(canvas, x, top) - 9
        if self._has_scale:
            score = "" if verdict.p_fake is None else self._ctx.score(verdict.p_fake)
            with tagged(canvas, "Figure", self._ctx.t("alt.scale", p=score)):
                draw_scale(canvas, self._ctx, x, top - self._SCALE_H + 10, self._over.width)
            top -= self._SCALE_H
        self._after.draw(canvas, x, top)
        divide = x + self._over.width + 13
        canvas.setStrokeColor(RULE if tint_of(verdict) != UNSURE_TINT else MUTED)
        canvas.setLineWidth(0.6)
        canvas.line(divide, self._PAD, divide, self.height - self._PAD)
        self._limits.draw(canvas, divide + 13, self.height - self._PAD)
