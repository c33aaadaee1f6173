# ruff: noqa: RUF001 - dashes and multiplication signs are meant
"""What the result rests on: item, coverage, notices, provenance, limits and terms."""

from dataclasses import dataclass, field

from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from desktop_app.domain import ItemKind, MediaInfo, Notice, SamplingMode, Stage
from desktop_app.reports.charts import frame_ranges
from desktop_app.reports.pdf.bars import ShareBar
from desktop_app.reports.pdf.blocks import Fact, facts, figures, section, subsection
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.style import BODY, CELL, CONTENT_W, FONT, MONO_STYLE, NOTE
from desktop_app.reports.pdf.text import markup, para, printable, short
from desktop_app.reports.wording import (
    generic_notice_text,
    glossary,
    limit_sentences,
    notice_text,
    percent_text,
    stage_text,
)

MAX_RANGES = 14
MAX_TAGS = 40


def item(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section on the item."""
    media, text = ctx.result.media, ctx.t
    rows: list[Fact] = [
        (text("item.name"), para(ctx.name, CELL)),
        (text("item.path"), para(str(media.path), CELL)),
        ("SHA-256", para(media.sha256, MONO_STYLE)),
        (text("item.size"), para(text("item.bytes", n=ctx.n(media.size_bytes)), CELL)),
        (text("item.modified"), para(ctx.moment(media.modified_utc), CELL)),
        *[(text(f"item.{key}"), para(value, CELL)) for key, value in _media_facts(ctx, media)],
    ]
    if media.tags:
        lines = [f"{markup(short(key))} = {markup(short(value))}" for key, value in media.tags[:MAX_TAGS]]
        if len(media.tags) > MAX_TAGS:
            lines.append(markup(text("segments.more", n=len(media.tags) - MAX_TAGS)))
        rows.append((text("item.tags"), Paragraph("<br/>".join(lines), CELL)))
    story = [*section(number, text("section.item")), facts(rows)]
    foreign = [str(media.path), *(part for pair in media.tags for part in pair)]
    if any("\\" in printable(part) and "\\" not in part for part in foreign):
        story += [Spacer(0, 5), para(text("item.escaped"), NOTE)]
    return story


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


def coverage(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section on coverage and notices."""
    text, counted = ctx.t, ctx.result.coverage
    whole = max(1, counted.in_item)
    frames = ("in_item", "in_range", "sampled", "decoded", "with_face", "corrupt")
    rows: list[Fact] = []
    for key in frames:
        value = getattr(counted, key)
        rows.append(
            (text(f"cover.{key}"), ShareBar(ctx.n(value), value / whole, percent_text(value / whole, ctx.language)))
        )
    rows += [
        (text("cover.scored"), para(ctx.n(counted.faces_scored), CELL)),
        (text("cover.gated"), para(ctx.n(counted.faces_gated), CELL)),
    ]
    story = [*section(number, text("section.coverage")), para(text("cover.intro"), BODY), Spacer(0, 6), facts(rows)]
    story += subsection(text("notices.title"))
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


def provenance(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section on provenance and settings."""
    text, origin = ctx.t, ctx.result.provenance
    rows: list[Fact] = [
        (text("prov.id"), para(ctx.result.result_id, MONO_STYLE)),
        (text("prov.status"), para(text("prov.aborted" if origin.aborted else "prov.complete"), CELL)),
        (text("prov.started"), para(ctx.moment(origin.started_utc), CELL)),
        (text("prov.finished"), para(ctx.moment(origin.finished_utc), CELL)),
        (text("prov.app"), para(f"Cotejo {origin.app_version}", CELL)),
        (text("prov.device"), para(origin.device, CELL)),
        (text("prov.platform"), para(origin.platform, CELL)),
        (text("prov.range"), para(_range(ctx), CELL)),
        (text("prov.sampling"), para(_sampling(ctx), CELL)),
        (text("prov.settings"), para(_pairs(origin.settings), CELL)),
        (text("prov.libraries"), para(_pairs(origin.libraries), CELL)),
    ]
    story = [*section(number, text("section.provenance")), facts(rows), Spacer(0, 6)]
    return [*story, para(text("prov.repeat"), NOTE)]


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    # the space within a pair does not break
    return " · ".join(f"{key} {value}".replace(" ", "\u00a0") for key, value in pairs) or "–"


def _range(ctx: Context) -> str:
    request = ctx.result.request
    if request.start_s is None and request.end_s is None:
        return ctx.t("prov.whole")
    end = ctx.t("prov.end") if request.end_s is None else ctx.clock(request.end_s)
    return ctx.t("prov.range.value", start=ctx.clock(request.start_s or 0.0), end=end)


def _sampling(ctx: Context) -> str:
    sampling = ctx.result.request.sampling
    if sampling.mode is SamplingMode.PER_SECOND:
        return ctx.t("prov.per_second", n=ctx.f(sampling.value, 0 if sampling.value == int(sampling.value) else 2))
    return ctx.t("prov.every_nth") if sampling.value == 1 else ctx.t("prov.nth", n=ctx.n(int(sampling.value)))


def terms(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section on limits and terms."""
    result = ctx.result
    story = section(number, ctx.t("section.terms"))
    bullet = BODY.clone("limit", leftIndent=10, bulletIndent=0, spaceAfter=2)
    limits = limit_sentences(result.verdict, result.provenance.aborted, ctx.language)
    story += subsection(ctx.t("terms.limits"))
    story += [Paragraph(markup(sentence), bullet, bulletText="•") for sentence in limits]
    return [*story, *subsection(ctx.t("terms.glossary"), 120), _two_columns(glossary(ctx.language))]


def _two_columns(terms: tuple[tuple[str, str], ...]) -> Flowable:
    cells = [Paragraph(f"<b>{markup(term)}</b><br/>{markup(meaning)}", CELL) for term, meaning in terms]
    rows: list[list[Flowable | str]] = [[*cells[i : i + 2]] for i in range(0, len(cells), 2)]
    if len(cells) % 2:
        rows[-1].append("")
    table = Table(rows, colWidths=[CONTENT_W / 2] * 2)
    table.setStyle(
        TableStyle([FONT, ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 18),
                    ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 6)])
    )  # fmt: skip
    return table
