# ruff: noqa: RUF001 - dashes are meant
"""The item, whether it is the file that was taken in, and what the case recorded of it."""

from dataclasses import dataclass
from datetime import datetime

from reportlab.platypus import Flowable, Spacer

from desktop_app.domain.cases import AuditEntry, ItemCheck, ItemState, Occasion
from desktop_app.domain.dossier import Custody
from desktop_app.reports.log_texts import action_text
from desktop_app.reports.pdf.blocks import Fact, facts, figures, section, subsection
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.style import BODY, CELL, CELL_BOLD, HASH, MONO_SMALL, MONO_STYLE, NOTE
from desktop_app.reports.pdf.text import para, printable, short

FIRST_ENTRIES, LAST_ENTRIES = 10, 40
MAX_CHECKS = 40


def item(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section."""
    media, text, custody = ctx.result.media, ctx.t, ctx.dossier.custody
    rows: list[Fact] = [
        (text("item.name"), para(ctx.name, CELL)),
        (text("item.path"), para(str(media.path), CELL)),
        (text("item.size"), para(text("item.bytes", n=ctx.n(media.size_bytes)), CELL)),
        (text("item.modified"), para(ctx.moment(media.modified_utc), CELL)),
        ("SHA-256", para(media.sha256, MONO_STYLE)),
    ]
    if media.sha512:
        rows.append(("SHA-512", para(media.sha512, MONO_STYLE)))
    if custody is not None:
        known = (("received", custody.item.received_from), ("note", custody.item.note))
        rows += [(text(f"custody.{key}"), para(value, CELL)) for key, value in known if value]
    story = [*section(number, text("section.item")), facts(rows)]
    foreign = (str(media.path), *(part for pair in media.tags for part in pair))
    if any("\\" in printable(part) and "\\" not in part for part in foreign):
        story += [Spacer(0, 5), para(text("item.escaped"), NOTE)]
    return story + _custody(ctx, custody)


def _custody(ctx: Context, custody: Custody | None) -> list[Flowable]:
    story = subsection(ctx.t("custody.title"), 110)
    if custody is None:
        return [*story, para(ctx.t("custody.no_case"), BODY)]
    same = custody.item.sha256 == ctx.result.media.sha256
    header = [ctx.t(f"custody.{key}") for key in ("occasion", "when", "hash", "match")]
    rows = [_hash_row(ctx, row) for row in hash_rows(ctx, custody)]
    story += [
        para(ctx.t("custody.same" if same else "custody.differs"), BODY if same else CELL_BOLD),
        Spacer(0, 5),
        figures(header, rows, (14, 22, 51, 16)),
        *subsection(ctx.t("custody.checks"), 90),
        _checks(ctx, custody.checks),
    ]
    return story + _log(ctx, custody)


@dataclass(frozen=True, slots=True)
class HashRow:
    """The item's hash on one occasion.

    Args:
        occasion: When.
        at_utc: When exactly, None where it was not taken.
        sha256: None where the file was missing or not looked at.
        match: Key of the words for how it compares with the hash at intake.
    """

    occasion: Occasion
    at_utc: datetime | None
    sha256: str | None
    match: str


def hash_rows(ctx: Context, custody: Custody) -> tuple[HashRow, ...]:
    """Hashes at intake, as analysed, and at the last export."""
    intake, result = custody.item, ctx.result
    analysed = "same" if result.media.sha256 == intake.sha256 else "different"
    exported = next((c for c in reversed(custody.checks) if c.occasion is Occasion.EXPORT), None)
    rows = [
        HashRow(Occasion.INTAKE, intake.intake_utc, intake.sha256, "reference"),
        HashRow(Occasion.ANALYSIS, result.provenance.started_utc, result.media.sha256, analysed),
    ]
    if exported is None:
        return (*rows, HashRow(Occasion.EXPORT, None, None, "none"))
    match = "missing" if exported.sha256 is None else "same" if exported.sha256 == intake.sha256 else "different"
    return (*rows, HashRow(Occasion.EXPORT, exported.at_utc, exported.sha256, match))


def _hash_row(ctx: Context, row: HashRow) -> list[str | Flowable]:
    words = ctx.t(f"custody.match.{row.match}")
    return [
        ctx.t(f"custody.occasion.{row.occasion.value}"),
        "–" if row.at_utc is None else _when(ctx, row.at_utc),
        "–" if row.sha256 is None else para(row.sha256, HASH),
        para(words, CELL if row.match in ("reference", "none") else CELL_BOLD),
    ]


def _when(ctx: Context, moment: datetime) -> str:
    return ctx.moment(moment).removesuffix(" UTC")


def _checks(ctx: Context, checks: tuple[ItemCheck, ...]) -> Flowable:
    header = ["", *(ctx.t(f"custody.{key}") for key in ("when", "occasion", "who", "purpose", "outcome"))]
    rows: list[list[str | Flowable]] = []
    for check in checks[-MAX_CHECKS:]:
        outcome = ctx.t(f"custody.state.{check.state.value}")
        if check.accepted_utc is not None:
            why = short(check.accepted_reason or "–")
            outcome += "; " + ctx.t("custody.accepted", who=check.accepted_by or "–", why=why)
        style = CELL if check.state is ItemState.INTACT else CELL_BOLD
        occasion = ctx.t(f"custody.occasion.{check.occasion.value}")
        who, purpose = short(check.actor), short(check.purpose)
        rows.append([str(check.check_id), _when(ctx, check.at_utc), occasion, who, purpose, para(outcome, style)])
    return figures(header, rows, (5, 23, 15, 16, 20, 24))


def _log(ctx: Context, custody: Custody) -> list[Flowable]:
    log = custody.log
    left_out = max(0, len(log) - FIRST_ENTRIES - LAST_ENTRIES)
    shown = log if not left_out else (*log[:FIRST_ENTRIES], *log[-LAST_ENTRIES:])
    header = ["", *(ctx.t(f"custody.{key}") for key in ("when", "who", "action", "purpose", "entry"))]
    rows = [_entry(ctx, entry) for entry in shown]
    story = [*subsection(ctx.t("custody.log"), 120), para(ctx.t("custody.log.note"), NOTE), Spacer(0, 5)]
    if rows:
        story.append(figures(header, rows, (5, 23, 16, 23, 20, 16)))
    if left_out:
        story += [Spacer(0, 3), para(ctx.t("custody.log.more", n=ctx.n(left_out)), NOTE)]
    head = [
        (ctx.t("custody.head"), para(ctx.t("custody.head.value", n=ctx.n(custody.head.count)), CELL)),
        ("SHA-256", para(custody.head.sha256, MONO_STYLE)),
    ]
    return [*story, Spacer(0, 6), facts(head)]


def _entry(ctx: Context, entry: AuditEntry) -> list[str | Flowable]:
    action = action_text(entry.action, ctx.language)
    who, purpose, code = short(entry.actor), short(entry.purpose), para(entry.sha256[:16], MONO_SMALL)
    return [ctx.n(entry.seq), _when(ctx, entry.at_utc), who, action, purpose, code]
