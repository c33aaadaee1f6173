# ruff: noqa: RUF001 - dashes and multiplication signs are meant
"""The result for each person: a table of all, then a curve for each."""

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer, Table, TableStyle

from desktop_app.domain import FaceTrack, Segment
from desktop_app.reports.intervals import Interval, sum_intervals
from desktop_app.reports.pdf.blocks import Heading, figures, section
from desktop_app.reports.pdf.card import Sign
from desktop_app.reports.pdf.chart import ChartTexts, CurveChart
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.style import BODY, BOLD, CELL_BOLD, CONTENT_W, FONT, MUTED, NOTE, SMALL, SMALL_BOLD
from desktop_app.reports.pdf.tags import Text
from desktop_app.reports.pdf.text import markup, para
from desktop_app.reports.wording import band_short_text, has_interval, reason_text

FEW_PEOPLE = 4
CHART_H, SMALL_CHART_H = 128.0, 74.0
MAX_SEGMENTS = 12
MAX_INTERVALS = 12
INTERVAL_RIGHT = frozenset({1, 2, 3, 4})


def people(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section."""
    tracks = ctx.result.tracks
    story = section(number, ctx.t("section.people"))
    if not tracks:
        return [*story, para(ctx.t("people.none"), BODY)]
    story += [para(ctx.t("people.intro"), BODY), Spacer(0, 8), _table(ctx)]
    span_s = ctx.span_s
    if span_s is None:
        return story
    limits = ctx.result.card.thresholds
    charts = {track.track_id: _chart(ctx, track, span_s) for track in tracks}
    legend = ctx.t(
        "legend",
        decision=ctx.f(limits.decision),
        low=ctx.f(limits.inconclusive_low),
        high=ctx.f(limits.inconclusive_high),
    )
    if any(chart.is_thinned for chart in charts.values()):
        legend += " " + ctx.t("legend.dense")
    story += [Spacer(0, 9), para(legend, NOTE)]
    for track in tracks:
        story += _person(ctx, track, charts[track.track_id])
    return story


def _table(ctx: Context) -> Flowable:
    keys = ("person", "result", "score", "interval", "seen", "frames", "size", "label")
    header = ["", *(ctx.t(f"people.{key}") for key in keys)]
    rows: list[list[str | Flowable]] = []
    for track in ctx.result.tracks:
        verdict = track.verdict
        interval = (
            "–".join(ctx.score(v) for v in verdict.interval) if verdict.interval and has_interval(verdict) else "–"
        )
        seen = "–" if ctx.span_s is None else f"{ctx.clock(track.start_s, 1)}–{ctx.clock(track.end_s, 1)}"
        rows.append([
            Sign(verdict),
            ctx.t("person", id=track.track_id),
            ctx.short_headline(verdict),
            "–" if verdict.p_fake is None else para(ctx.score(verdict.p_fake), CELL_BOLD),
            interval,
            seen,
            f"{ctx.n(track.frames_scored)} / {ctx.n(track.frames_seen)}",
            ctx.n(round(track.median_size_px)),
            track.label or "–",
        ])  # fmt: skip
    return figures(header, rows, (3, 14.5, 26, 12.5, 15, 18, 17, 13, 12), frozenset({7}))


def _chart(ctx: Context, track: FaceTrack, span_s: tuple[float, float]) -> CurveChart:
    height = CHART_H if len(ctx.result.tracks) <= FEW_PEOPLE else SMALL_CHART_H
    texts = ChartTexts(
        ctx.t("scale.fake"), ctx.t("scale.genuine"), ctx.f(ctx.result.card.thresholds.decision), ctx.clock
    )
    size = (CONTENT_W, height)
    rows = ctx.predictions_of(track.track_id)
    alt = curve_alt(ctx, track)
    return CurveChart(rows, track.segments, ctx.result.card.thresholds, span_s, ctx.step_s, size, texts, alt)


def curve_alt(ctx: Context, track: FaceTrack) -> str:
    """A track's curve in words."""
    p_fake = track.verdict.p_fake
    score = "–" if p_fake is None else ctx.score(p_fake)
    times = {"start": ctx.clock(track.start_s, 1), "end": ctx.clock(track.end_s, 1)}
    return ctx.t("alt.curve", id=track.track_id, p=score, segments=len(track.segments), **times)


def _person(ctx: Context, track: FaceTrack, chart: CurveChart) -> list[Flowable]:
    verdict = track.verdict
    title = Heading(ctx.t("person", id=track.track_id), f"p{track.track_id}", 1)
    score = (
        "" if verdict.p_fake is None else f'\u00a0\u00a0<font name="{BOLD}">{markup(ctx.score(verdict.p_fake))}</font>'
    )
    scored = ctx.t("people.scored_of", scored=ctx.n(track.frames_scored), seen=ctx.n(track.frames_seen))
    line = f'{markup(ctx.headline(verdict))}{score}\u00a0\u00a0<font color="{MUTED}">{markup(scored)}</font>'
    head = Table([[Sign(verdict), title, Text(line, SMALL)]], colWidths=[13, 68, CONTENT_W - 81])
    head.setStyle(
        TableStyle([FONT, ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                    ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                    ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    )  # fmt: skip
    block: list[Flowable] = [Spacer(0, 15), head, Spacer(0, 2), chart]
    if len(ctx.result.tracks) <= FEW_PEOPLE:
        block.append(para(f"{ctx.t('card.why')}: {reason_text(verdict, ctx.language)}", NOTE))
    story: list[Flowable] = [KeepTogether(block)]
    if track.segments:
        story += [Spacer(0, 3), *_segments(ctx, track.segments)]
    if len(ctx.result.tracks) <= FEW_PEOPLE:
        story += _intervals(ctx, track)
    return story


def _intervals(ctx: Context, track: FaceTrack) -> list[Flowable]:
    rows = [_interval_row(ctx, row) for row in _intervals_of(ctx, track)]
    if len(rows) < 2:
        return []
    header = [ctx.t(f"intervals.{key}") for key in ("time", "mean", "spread", "share", "scored")]
    heading = para(f"{ctx.t('intervals.title')}, {ctx.t('person', id=track.track_id)}", SMALL_BOLD)
    return [CondPageBreak(80), Spacer(0, 7), heading, figures(header, rows, (26, 15, 19, 24, 16), INTERVAL_RIGHT)]


def _intervals_of(ctx: Context, track: FaceTrack) -> tuple[Interval, ...]:
    return sum_intervals(ctx.predictions_of(track.track_id), ctx.result.card.thresholds, MAX_INTERVALS)


def _interval_row(ctx: Context, row: Interval) -> list[str | Flowable]:
    decimals = 0 if row.start_s == int(row.start_s) and row.end_s == int(row.end_s) else 1
    time = f"{ctx.clock(row.start_s, decimals)}–{ctx.clock(row.end_s, decimals)}"
    scored = f"{ctx.n(row.scored)} / {ctx.n(row.seen)}"
    if row.mean is None or row.low is None or row.high is None:
        return [time, "–", "–", "–", scored]
    share = f"{ctx.n(row.above)} / {ctx.n(row.scored - row.above - row.below)} / {ctx.n(row.below)}"
    return [time, ctx.score(row.mean), f"{ctx.score(row.low)} – {ctx.score(row.high)}", share, scored]


def _segments(ctx: Context, segments: tuple[Segment, ...]) -> list[Flowable]:
    strongest = sorted(segments, key=lambda s: -s.p_fake)[:MAX_SEGMENTS]
    lines: list[Flowable] = [Text(f"<b>{markup(ctx.t('segments.title'))}</b>", SMALL)]
    for segment in sorted(strongest, key=lambda s: s.start_frame):
        text = ctx.t(
            "segments.row",
            start=ctx.clock(segment.start_s, 2),
            end=ctx.clock(segment.end_s, 2),
            first=segment.start_frame,
            last=segment.end_frame,
            p=ctx.score(segment.p_fake),
            band=band_short_text(segment.band, ctx.language, ctx.result.card.ratio_of(segment.band, "video")),
        )
        lines.append(para(text, SMALL))
    if len(segments) > MAX_SEGMENTS:
        lines.append(para(ctx.t("segments.more", n=len(segments) - MAX_SEGMENTS), NOTE))
    return lines
