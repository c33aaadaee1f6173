"""The item at a glance: the curves of its people over time, or the picture."""

from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from desktop_app.domain import FaceTrack
from desktop_app.reports.pdf.card import Sign
from desktop_app.reports.pdf.chart import ChartTexts, CurveChart
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.key_frames import first_picture
from desktop_app.reports.pdf.people import curve_alt
from desktop_app.reports.pdf.style import CELL, CONTENT_W, FONT, NOTE, OVERLINE
from desktop_app.reports.pdf.tags import Text
from desktop_app.reports.pdf.text import markup, para

MAX_OVERVIEW = 4
SHORT_TRACK = 5
SINGLE_H, STRIP_H, MIN_PICTURE_H = 104.0, 27.0, 90.0
# heading, legend and the line that says that there are more
OVERVIEW_EXTRA_H = 42.0


def overview(ctx: Context, room: float, is_whole: bool = True) -> list[Flowable]:
    """Curves of the people with the highest scores, or the picture itself, in the room that is left.

    Args:
        ctx: The report.
        room: Height in points.
        is_whole: Whether the section on people is in the same document.
    """
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
        texts = ChartTexts(
            ctx.t("scale.fake"), ctx.t("scale.genuine"), ctx.f(ctx.result.card.thresholds.decision), ctx.clock
        )
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
        shares = {"shown": len(shown), "total": len(ctx.result.tracks), "n": ctx.section("people")}
        story.append(para(ctx.t("overview.more" if is_whole else "overview.more.full", **shares), NOTE))
    return story


def _strip(ctx: Context, track: FaceTrack, span_s: tuple[float, float], height: float) -> list[Flowable]:
    chart = _chart(ctx, track, span_s, (CONTENT_W - 12 - 58 - 118, height), None)
    score = "" if track.verdict.p_fake is None else f"<b>{markup(ctx.score(track.verdict.p_fake))}</b>\u00a0\u00a0"
    result = Text(score + markup(ctx.short_headline(track.verdict)), CELL)
    return [Sign(track.verdict), para(ctx.t("person", id=track.track_id), CELL), chart, result]


def _chart(
    ctx: Context, track: FaceTrack, span_s: tuple[float, float], size: tuple[float, float], texts: ChartTexts | None
) -> CurveChart:
    rows = ctx.predictions_of(track.track_id)
    alt = curve_alt(ctx, track)
    return CurveChart(rows, track.segments, ctx.result.card.thresholds, span_s, ctx.step_s, size, texts, alt)
