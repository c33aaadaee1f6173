# ruff: noqa: RUF001 - dashes are meant
"""How much of the item the result rests on, what was left out, and what was noticed."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Spacer

from desktop_app.domain import ItemKind, Notice, Stage
from desktop_app.reports.charts import frame_ranges, time_ticks
from desktop_app.reports.pdf.bars import ShareBar
from desktop_app.reports.pdf.blocks import Fact, bullets, facts, figures, section, subsection
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.run import sampling_text
from desktop_app.reports.pdf.style import BODY, CELL, CONTENT_W, MUTED, REGULAR, RULE, UNSURE, WHITE
from desktop_app.reports.pdf.tags import Figure
from desktop_app.reports.pdf.text import para
from desktop_app.reports.wording import gate_text, generic_notice_text, notice_text, percent_text, stage_text

MAX_RANGES = 14
STATES = ("scored", "gated", "no_face", "out")
# dark, middle, white and a cross: told apart in grey too
STATE_COLOURS = {"scored": UNSURE, "gated": "#b3b9c1", "no_face": WHITE, "out": WHITE}
COLUMNS = 300


def coverage(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section."""
    text, counted = ctx.t, ctx.result.coverage
    whole = max(1, counted.in_item)
    rows: list[Fact] = []
    for key in ("in_item", "in_range", "sampled", "decoded", "with_face", "corrupt"):
        value = getattr(counted, key)
        bar = ShareBar(ctx.n(value), value / whole, percent_text(value / whole, ctx.language))
        rows.append((text(f"cover.{key}"), bar))
    rows += [
        (text("cover.scored"), para(ctx.n(counted.faces_scored), CELL)),
        (text("cover.gated"), para(ctx.n(counted.faces_gated), CELL)),
    ]
    gates = Counter(p.gate for p in ctx.result.predictions if p.gate is not None)
    if gates:
        why = ", ".join(f"{gate_text(gate, ctx.language)} {ctx.n(n)}" for gate, n in gates.most_common())
        rows.append((text("cover.gates"), para(why, CELL)))
    story = [*section(number, text("section.coverage")), para(text("cover.intro"), BODY), Spacer(0, 6), facts(rows)]
    if ctx.span_s is not None:
        story += [*subsection(text("cover.strip"), 90), CoverageStrip(ctx)]
    left_out = _left_out(ctx)
    if left_out:
        story += [*subsection(text("cover.out.title")), *bullets(left_out)]
    return story + _notices(ctx)


def _left_out(ctx: Context) -> list[str]:
    result, counted = ctx.result, ctx.result.coverage
    texts = []
    if result.media.kind is ItemKind.VIDEO:
        start, end = result.request.start_s or 0.0, result.request.end_s or result.media.duration_s
        stopped = _end_of_work(ctx)
        for key, first, last in (
            ("range", 0.0, start),
            ("stopped", stopped, end),
            ("range", end, result.media.duration_s),
        ):
            if last - first > 0.001:
                texts.append(ctx.t(f"cover.out.{key}", start=ctx.clock(first), end=ctx.clock(last)))
    if counted.in_range > counted.sampled:
        n = ctx.n(counted.in_range - counted.sampled)
        texts.append(ctx.t("cover.out.sampling", n=n, sampling=sampling_text(ctx)))
    if counted.sampled > counted.decoded and not result.provenance.aborted:
        texts.append(ctx.t("cover.out.undecoded", n=ctx.n(counted.sampled - counted.decoded)))
    return texts


def _end_of_work(ctx: Context) -> float:
    """Up to when the item was examined: the end of the asked range, or the last face of a stopped analysis."""
    result = ctx.result
    end = result.request.end_s or result.media.duration_s
    if not result.provenance.aborted:
        return end
    done, asked = result.coverage.decoded, max(1, result.coverage.sampled)
    start = result.request.start_s or 0.0
    last = max((p.time_s for p in result.predictions), default=start)
    return min(end, max(last, start + (end - start) * done / asked))


class CoverageStrip(Figure):
    """The whole time of the item: where faces were scored, seen without score, not there, or not looked for."""

    _BAR_Y, _BAR_H = 28.0, 13.0

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx, self.alt = ctx, ctx.t("alt.coverage")
        self.width, self.height = CONTENT_W, 48.0

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def paint(self) -> None:
        """Draw strip, times and key."""
        canvas, ctx, span = self.canv, self._ctx, self._span()
        states = strip_states(ctx, span)
        edges = [*np.flatnonzero(np.diff(states, prepend=-1)).tolist(), COLUMNS]
        canvas.setLineWidth(0.4)
        for first, last in pairwise(edges):
            x, width = first / COLUMNS * self.width, (last - first) / COLUMNS * self.width
            self._cell(STATES[int(states[first])], x, self._BAR_Y, width, self._BAR_H)
        canvas.setStrokeColor(MUTED)
        canvas.setLineWidth(0.6)
        canvas.rect(0, self._BAR_Y, self.width, self._BAR_H, stroke=1, fill=0)
        canvas.setFont(REGULAR, 6.8)
        canvas.setFillColor(MUTED)
        for tick in time_ticks(0.0, span, 10):
            x = tick / span * self.width
            label = ctx.clock(tick, 0 if tick == int(tick) else 1)
            half = stringWidth(label, REGULAR, 6.8) / 2
            canvas.line(x, self._BAR_Y, x, self._BAR_Y - 3)
            canvas.drawCentredString(min(max(x, half), self.width - half), self._BAR_Y - 10, label)
        x = 0.0
        for state in STATES:
            self._cell(state, x, 2, 9, 7)
            canvas.setStrokeColor(MUTED)
            canvas.rect(x, 2, 9, 7, stroke=1, fill=0)
            canvas.setFillColor(MUTED)
            label = ctx.t(f"cover.key.{state}")
            canvas.drawString(x + 13, 3, label)
            x += 13 + stringWidth(label, REGULAR, 6.8) + 18

    def _span(self) -> float:
        span_s = self._ctx.span_s or (0.0, 1.0)
        return max(self._ctx.result.media.duration_s, span_s[1])

    def _cell(self, state: str, x: float, y: float, width: float, height: float) -> None:
        canvas = self.canv
        canvas.setFillColor(STATE_COLOURS[state])
        canvas.rect(x, y, width, height, stroke=0, fill=1)
        if state == "out":
            canvas.setStrokeColor(RULE)
            canvas.line(x, y, x + width, y + height)
            canvas.line(x, y + height, x + width, y)


def strip_states(ctx: Context, span_s: float) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """What happened in each column of the strip.

    Args:
        ctx: The report.
        span_s: Time that the strip is long.

    Returns:
        (300,) int8 indices of `STATES`; a column with several counts for the first of them.
    """
    result = ctx.result
    at = (np.arange(COLUMNS) + 0.5) / COLUMNS * span_s
    start = result.request.start_s or 0.0
    states = np.where((at >= start) & (at <= _end_of_work(ctx)), 2, 3).astype(np.int8)
    step = max(ctx.step_s, span_s / COLUMNS)
    for state, wanted in ((1, False), (0, True)):
        times = np.array([p.time_s for p in result.predictions if (p.p_fake is not None) == wanted])
        first = np.clip((times / span_s * COLUMNS).astype(np.int64), 0, COLUMNS - 1)
        last = np.clip(((times + step) / span_s * COLUMNS).astype(np.int64), 0, COLUMNS)
        covered = np.zeros(COLUMNS + 1, dtype=np.int64)
        np.add.at(covered, first, 1)
        np.add.at(covered, np.maximum(last, first + 1), -1)
        states[np.cumsum(covered)[:COLUMNS] > 0] = state
    return states


def _notices(ctx: Context) -> list[Flowable]:
    text = ctx.t
    story = subsection(text("notices.title"))
    groups = group_notices(ctx.result.notices, ctx.language)
    if not groups:
        return [*story, para(text("notices.none"), BODY)]
    header = [text(f"notices.{key}") for key in ("what", "stage", "count", "frames")]
    cells: list[list[str | Flowable]] = []
    for group in groups:
        what = group.text + (" " + text("notices.like") if group.is_one_of_many else "")
        cells.append([what, stage_text(group.stage, ctx.language), ctx.n(group.count), _ranges(ctx, group)])
    return [*story, figures(header, cells, (52, 12, 10, 40), frozenset({2}))]


@dataclass(slots=True)
class NoticeGroup:
    """Notices of one kind.

    Args:
        stage: Where they arose.
        text: What they say.
        has_runs: Whether some frame only begins a run of frames.
        is_one_of_many: Whether others of the kind say something a little different.
        count: How many times.
        frames: Their frames, as far as they name one.
    """

    stage: Stage
    text: str
    is_one_of_many: bool = False
    count: int = 0
    frames: list[int] = field(default_factory=list)
    has_runs: bool = False


def group_notices(notices: tuple[Notice, ...], language: str) -> list[NoticeGroup]:
    """Notices gathered by stage and code, in order of first appearance."""
    groups: dict[tuple[Stage, str], NoticeGroup] = {}
    for notice in notices:
        key = (notice.stage, notice.code)
        said = notice_text(notice, language)
        group = groups.setdefault(key, NoticeGroup(notice.stage, said))
        if said != group.text and not group.is_one_of_many:
            generic = generic_notice_text(notice.code, language)
            group.text, group.is_one_of_many = generic or group.text, generic is None
        group.count += notice.count
        if notice.frame_index is not None:
            group.frames.append(notice.frame_index)
            group.has_runs |= notice.count > 1
    return list(groups.values())


def _ranges(ctx: Context, group: NoticeGroup) -> str:
    if not group.frames:
        return ctx.t("notices.item")
    ranges = frame_ranges(group.frames)
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in ranges[:MAX_RANGES]]
    if len(ranges) > MAX_RANGES:
        shown.append(ctx.t("notices.more", n=ctx.n(len(ranges) - MAX_RANGES)))
    return ctx.t("notices.from", frames=", ".join(shown)) if group.has_runs else ", ".join(shown)
