"""What the findings are worth: two propositions, the likelihood ratio, and what speaks against it."""

import math

from reportlab.platypus import Flowable, KeepTogether, Spacer

from desktop_app.domain import BandRatio, ModelCard, Outcome, Support
from desktop_app.reports.arguments import alternatives, contrary
from desktop_app.reports.pdf.blocks import Fact, bullets, facts, figures, lines, section, subsection
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.style import (
    BODY,
    BOLD,
    CELL,
    CELL_BOLD,
    CELL_RIGHT,
    CONTENT_W,
    FAKE,
    GENUINE,
    INK,
    MUTED,
    NOTE,
    PALE,
    REGULAR,
    RULE,
    SMALL_BOLD,
    UNSURE_TINT,
)
from desktop_app.reports.pdf.tags import Figure
from desktop_app.reports.pdf.text import para
from desktop_app.reports.ratio_texts import RATIOS, SUPPORT
from desktop_app.reports.ratios import ratio_tables, ratio_title
from desktop_app.reports.standing import leaning
from desktop_app.reports.wording import (
    finding_sentence,
    limit_sentences,
    pick,
    ratio_sentence,
    ratio_text,
    score_sentence,
)

_QUOTED_RIGHT = CELL_RIGHT.clone("quoted", fontName=CELL_BOLD.fontName)


def weight(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section."""
    result, text = ctx.result, ctx.t
    story = [*section(number, text("section.weight")), para(text("weight.intro"), BODY), Spacer(0, 7)]
    story += [facts(_facts(ctx))]
    ratio = ctx.ratio(result.verdict)
    if ratio is not None:
        story += [Spacer(0, 10), RatioAxis(ctx, ratio)]
    story += _tables(ctx, result.card)
    details = ctx.dossier.details
    sections = {name: ctx.section(name) for name in ("people", "file", "validation")}
    against = contrary(result, ctx.dossier, ctx.language, sections)
    limits = limit_sentences(result.verdict, result.provenance.aborted, ctx.language)
    both = ".both" if leaning(result.verdict) == "neither" else ""
    for title, sentences, added in (
        (text(f"contrary.title{both}"), against, details.contrary),
        (text("alternatives.title"), alternatives(result, ctx.language), details.alternatives),
        (text("limits.title"), limits, details.limitations),
    ):
        if sentences or added:
            story += [*subsection(title, 80), *bullets(sentences), *_added(ctx, added)]
    return story


def _added(ctx: Context, text: str) -> list[Flowable]:
    """What the examiner adds, told apart from what the machine says."""
    if not text.strip():
        return []
    added = [Spacer(0, 4), para(ctx.t("examiner.adds"), SMALL_BOLD), lines(text.split("\n"), BODY)]
    return [KeepTogether(added)]


def _facts(ctx: Context) -> list[Fact]:
    result, text = ctx.result, ctx.t
    verdict, ratio = result.verdict, ctx.ratio(result.verdict)
    rows: list[Fact] = [
        (text("weight.p1"), para(text("weight.p1.value"), CELL)),
        (text("weight.p2"), para(text("weight.p2.value"), CELL)),
    ]
    side = leaning(verdict)
    if side in ("neither", "nothing"):
        key = "weight.inconclusive" if side == "neither" else "weight.no_face"
        return [*rows, (text("weight.finding"), para(text(key), CELL_BOLD))]
    rows.append((text("weight.finding"), para(score_sentence(verdict, ctx.language), CELL)))
    if ratio is None:
        worth = text("weight.unmeasured", n=ctx.section("validation"))
        return [*rows, (text("weight.ratio"), para(worth, CELL))]
    worth = ratio_sentence(result.card, ratio, ctx.language)
    if ratio.level == "image" and verdict.interval is not None:
        worth += " " + pick(RATIOS, "ratio.other_level", ctx.language)
    words = {support.value: pick(SUPPORT, support.value, ctx.language) for support in Support}
    return [
        *rows,
        (text("weight.ratio"), para(worth, CELL)),
        (text("weight.words"), para(finding_sentence(verdict, ctx.language, ratio), CELL_BOLD)),
        (text("weight.scale"), para(text("weight.scale.value", **words), CELL)),
    ]


class RatioAxis(Figure):
    """A likelihood ratio with its bounds on a logarithmic axis between the two propositions."""

    _REACH = 4.0
    _AXIS_Y, _TOP = 22.0, 42.0

    def __init__(self, ctx: Context, ratio: BandRatio) -> None:
        super().__init__()
        self._ctx, self._ratio = ctx, ratio
        low, high, middle = (ratio_text(value, ctx.language) for value in (ratio.lr_low, ratio.lr_high, ratio.lr))
        self.alt = ctx.t("alt.ratio", lr=middle, low=low, high=high)
        self._label = f"{middle} ({low}\u2013{high})"
        self.width, self.height = CONTENT_W, 60.0

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def _x(self, ratio: float) -> float:
        share = (min(max(math.log10(ratio), -self._REACH), self._REACH) + self._REACH) / (2 * self._REACH)
        return 24 + share * (self.width - 48)

    def paint(self) -> None:
        """Draw zones, axis and the ratio."""
        canvas, y = self.canv, self._AXIS_Y
        for low, high, tint in (
            (-4, -3, PALE),
            (-2, -1, PALE),
            (-0.301, 0.301, UNSURE_TINT),
            (1, 2, PALE),
            (3, 4, PALE),
        ):
            canvas.setFillColor(tint)
            left, right = self._x(10.0**low), self._x(10.0**high)
            canvas.rect(left, y, right - left, self._TOP - y, stroke=0, fill=1)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.6)
        canvas.line(self._x(1e-4), y, self._x(1e4), y)
        canvas.setFont(REGULAR, 6.8)
        canvas.setFillColor(MUTED)
        for power in range(-4, 5):
            x = self._x(10.0**power)
            canvas.line(x, y, x, y - 3)
            label = self._ctx.n(10 ** abs(power))
            label = f"1/{label}" if power < 0 else label
            canvas.drawCentredString(x, y - 10, label)
        canvas.setFont(BOLD, 7.2)
        canvas.setFillColor(GENUINE)
        canvas.drawString(self._x(1e-4), 2, "← " + self._ctx.t("weight.axis.genuine"))
        canvas.setFillColor(FAKE)
        canvas.drawRightString(self._x(1e4), 2, self._ctx.t("weight.axis.fake") + " →")
        self._value()

    def _value(self) -> None:
        canvas, middle = self.canv, (self._AXIS_Y + self._TOP) / 2
        low, high, at = (self._x(v) for v in (self._ratio.lr_low, self._ratio.lr_high, self._ratio.lr))
        canvas.setStrokeColor(INK)
        canvas.setFillColor(INK)
        canvas.setLineWidth(1.4)
        canvas.lines(
            [(low, middle, high, middle), (low, middle - 4, low, middle + 4), (high, middle - 4, high, middle + 4)]
        )
        canvas.circle(at, middle, 3.2, stroke=0, fill=1)
        canvas.setFont(BOLD, 8.4)
        canvas.drawCentredString(min(max(at, 60), self.width - 60), self._TOP + 6, self._label)


def _tables(ctx: Context, card: ModelCard) -> list[Flowable]:
    story: list[Flowable] = []
    verdict = ctx.result.verdict
    is_scored = verdict.outcome is Outcome.SCORED
    for table in ratio_tables(card, ctx.language):
        quoted = [i for i, band in enumerate(table.bands) if is_scored and band is verdict.band]
        story += subsection(ratio_title(ctx.language), 190) if not story else [Spacer(0, 9)]
        rows = [
            [para(cell, _QUOTED_RIGHT if j in (1, 2, 3) else CELL_BOLD) if i in quoted else cell for j, cell in cells]
            for i, cells in enumerate(map(enumerate, table.rows))
        ]
        widths = (22, 17, 20, 42, 50)
        figure = figures(table.columns, rows, widths, frozenset({1, 2, 3}), frozenset(quoted))
        story += [para(table.note, NOTE), Spacer(0, 5), figure]
    return story
