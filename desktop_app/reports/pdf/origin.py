# ruff: noqa: RUF001 - dashes and multiplication signs are meant
"""What the file tells of itself: decoded facts, structure, findings, Content Credentials."""

from reportlab.platypus import Flowable, Spacer

from desktop_app.domain import ItemKind, MediaInfo
from desktop_app.domain.traces import Credentials, CredentialState, ItemTraces, Trace, TraceWeight
from desktop_app.reports.pdf.blocks import Fact, facts, figures, section, subsection
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.pictures import Picture
from desktop_app.reports.pdf.style import BODY, CELL, CELL_BOLD, MONO_STYLE, NOTE
from desktop_app.reports.pdf.tags import Text
from desktop_app.reports.pdf.text import markup, para, short
from desktop_app.reports.trace_texts import trace_text, weight_text

MAX_PAIRS = 40
MAX_STREAMS = 8
MAX_FINDINGS = 40
THUMBNAIL = (150.0, 110.0)

Pairs = tuple[tuple[str, str], ...]


def origin(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section."""
    media, traces, text = ctx.result.media, ctx.dossier.traces, ctx.t
    rows: list[Fact] = [(text(f"item.{key}"), para(value, CELL)) for key, value in _media_facts(ctx, media)]
    if media.tags and traces is None:
        rows.append((text("item.tags"), _pairs(ctx, media.tags)))
    story = [*section(number, text("section.file")), facts(rows)]
    if traces is None:
        return [*story, Spacer(0, 8), para(text("file.unread"), NOTE)]
    if traces.sha256 != media.sha256:
        story += [Spacer(0, 8), para(text("file.other"), CELL_BOLD)]
    return [*story, *_findings(ctx, traces), *_credentials(ctx, traces.credentials), *_structure(ctx, traces)]


def _media_facts(ctx: Context, media: MediaInfo) -> list[tuple[str, str]]:
    text = ctx.t
    size = f"{media.width_px} × {media.height_px} px"
    colour = (media.color_space, media.color_primaries, media.color_transfer, media.color_range)
    codec = text("item.codec.value", codec=media.video_codec, pixels=media.pixel_format, depth=media.bit_depth)
    rows = [
        ("kind", text(f"item.kind.{media.kind.value}")),
        ("container", media.container),
        ("codec", codec),
        ("colour", ", ".join(tag for tag in colour if tag) or text("item.untagged")),
        ("picture", text("item.rotated", size=size, angle=media.rotation_deg) if media.rotation_deg else size),
    ]
    if media.kind is ItemKind.IMAGE:
        return rows
    rate = text("item.unknown")
    if media.rate is not None:
        kind = text("item.variable" if media.is_vfr else "item.constant")
        rate = text("item.rate.value", rate=ctx.f(float(media.rate), 3), fraction=media.rate, kind=kind)
    audio = text("item.audio.none")
    if media.audio_codec is not None:
        audio = text("item.audio.value", codec=media.audio_codec, rate=ctx.n(media.audio_rate_hz or 0))
    length = text("item.length.value", time=ctx.clock(media.duration_s), frames=ctx.n(media.frame_count))
    return [*rows, ("rate", rate), ("length", length), ("audio", audio)]


def _pairs(ctx: Context, pairs: Pairs) -> Text:
    shown = [f"{markup(short(key))}\u00a0<b>{markup(short(value))}</b>" for key, value in pairs[:MAX_PAIRS]]
    if len(pairs) > MAX_PAIRS:
        shown.append(markup(ctx.t("segments.more", n=len(pairs) - MAX_PAIRS)))
    return Text(" · ".join(shown), CELL)


def _findings(ctx: Context, traces: ItemTraces) -> list[Flowable]:
    story = subsection(ctx.t("file.findings"), 120)
    if not traces.findings:
        return [*story, para(ctx.t("file.findings.none"), BODY)]
    story += [para(ctx.t("file.findings.note"), NOTE), Spacer(0, 5)]
    header = [ctx.t(f"file.{key}") for key in ("weight", "found", "meaning")]
    rows = [_finding(ctx, trace) for trace in traces.findings[:MAX_FINDINGS]]
    story.append(figures(header, rows, (12, 44, 44)))
    if len(traces.findings) > MAX_FINDINGS:
        story.append(para(ctx.t("segments.more", n=len(traces.findings) - MAX_FINDINGS), NOTE))
    return story


def _finding(ctx: Context, trace: Trace) -> list[str | Flowable]:
    weighty = trace.weight in (TraceWeight.NOTABLE, TraceWeight.STRONG)
    title, message, meaning = trace_text(trace, ctx.language)
    said = Text(f"<b>{markup(title)}</b><br/>{markup(short(message))}", CELL)
    weight = weight_text(trace.weight, ctx.language)
    return [para(weight, CELL_BOLD if weighty else CELL), said, short(meaning)]


def _credentials(ctx: Context, credentials: Credentials) -> list[Flowable]:
    said = para(ctx.t(f"credentials.{credentials.state.value}"), BODY)
    story = [*subsection(ctx.t("credentials"), 80), said]
    if credentials.state is CredentialState.ABSENT:
        return story
    known = (
        ("issuer", credentials.issuer),
        ("generator", credentials.generator),
        ("signed", credentials.signed_utc),
        ("actions", ", ".join(credentials.actions)),
        ("problems", ", ".join(credentials.problems)),
    )
    rows: list[Fact] = [(ctx.t(f"credentials.{key}"), para(short(value), CELL)) for key, value in known if value]
    return [*story, Spacer(0, 5), facts(rows)] if rows else story


def _structure(ctx: Context, traces: ItemTraces) -> list[Flowable]:
    text = ctx.t
    rows: list[Fact] = []
    if traces.container:
        rows.append((text("file.container"), _pairs(ctx, traces.container)))
    for index, pairs in enumerate(traces.streams[:MAX_STREAMS]):
        rows.append((text("file.stream", n=index), _pairs(ctx, pairs)))
    if traces.location is not None:
        lat, lon = (ctx.f(value, 5) for value in traces.location)
        rows.append((text("file.location"), para(text("file.location.value", lat=lat, lon=lon), CELL)))
    if traces.perceptual_hash:
        first, count = traces.perceptual_hash[0], len(traces.perceptual_hash)
        shown = first if count == 1 else text("file.perceptual.more", first=first, n=count)
        rows.append((text("file.perceptual"), para(shown, MONO_STYLE)))
    if traces.thumbnail is not None:
        picture = Picture(traces.thumbnail, THUMBNAIL, text("keys.broken"), alt=text("alt.thumbnail"))
        rows.append((text("file.thumbnail"), picture))
    return [*subsection(text("file.structure"), 120), facts(rows)] if rows else []
