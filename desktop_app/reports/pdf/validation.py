# ruff: noqa: RUF001 - dashes are meant
"""How well the model was tested, and whether that holds for this item."""

from reportlab.platypus import Flowable, Spacer

from desktop_app.domain import ErrorRates, ModelCard
from desktop_app.reports.limit_texts import limit_texts
from desktop_app.reports.pdf.blocks import bullets, figures, section, subsection
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.style import BODY, BODY_BOLD, CELL, CELL_BOLD, CELL_RIGHT, MUTED, NOTE
from desktop_app.reports.pdf.tags import Text
from desktop_app.reports.pdf.text import markup, para
from desktop_app.reports.ratio_texts import RATIOS
from desktop_app.reports.ratios import range_text
from desktop_app.reports.standing import Measured, conditions, matching_rows, measure, quoted_rates, wilson
from desktop_app.reports.wording import condition_text, percent_text, pick

_BOLD_RIGHT = CELL_RIGHT.clone("bold-right", fontName=CELL_BOLD.fontName)


def validation(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section."""
    card = ctx.result.card
    story = [*section(number, ctx.t("section.validation")), *_range(ctx), *subsection(ctx.t("rates.title"), 150)]
    if card.error_rates:
        note = f"{ctx.t('rates.note', d=ctx.f(card.thresholds.decision))} {ctx.t('rates.intervals')}"
        story += [para(_match_text(ctx), BODY), Spacer(0, 4), para(note, NOTE), Spacer(0, 5), _rates(ctx, card)]
    else:
        story.append(para(ctx.t("rates.none"), BODY))
    if card.limits:
        story += [*subsection(ctx.t("card.limits")), *bullets(limit_texts(card.limits, ctx.language))]
    return story


def _range(ctx: Context) -> list[Flowable]:
    measured = measure(ctx.result)
    story = subsection(ctx.t("range.title"), 110)
    if not measured:
        return [*story, para(ctx.t("range.no_faces"), BODY)]
    outside = [_name(ctx, row) for row in measured if not row.is_inside]
    if outside:
        story.append(para(ctx.t("range.is.outside", what=", ".join(outside)), BODY_BOLD))
    elif ctx.result.card.validated:
        story.append(para(ctx.t("range.is.inside"), BODY))
    else:
        story.append(para(ctx.t("range.is.unknown", px=ctx.result.card.min_face_px), BODY))
    header = [ctx.t(f"range.{key}") for key in ("measure", "validated", "item", "within")]
    rows = [_range_row(ctx, row) for row in measured]
    marked = frozenset(i for i, row in enumerate(measured) if not row.is_inside)
    return [*story, Spacer(0, 5), figures(header, rows, (28, 26, 30, 16), frozenset({3}), marked)]


def _name(ctx: Context, row: Measured) -> str:
    return pick(RATIOS, f"measure.{row.validated.measure}", ctx.language)


def _range_row(ctx: Context, row: Measured) -> list[str | Flowable]:
    factor = 100 if row.validated.measure == "exposure" else 1
    low, median, high = (ctx.f(value * factor, 0) for value in (row.low, row.median, row.high))
    share = percent_text(row.share, ctx.language)
    cells = [_name(ctx, row), range_text(row.validated, ctx.language), f"{median} ({low}–{high})", share]
    if row.is_inside:
        return list(cells)
    return [para(cell, _BOLD_RIGHT if i == 3 else CELL_BOLD) for i, cell in enumerate(cells)]


def _match_text(ctx: Context) -> str:
    at = conditions(ctx.result)
    known = []
    if at.face_px is not None:
        known.append(ctx.t("match.face", px=ctx.n(round(at.face_px))))
    if at.bits is not None:
        known.append(ctx.t("match.bits", bits=ctx.f(at.bits, 3)))
    has_match = bool(matching_rows(ctx.result.card.error_rates, at))
    return ctx.t("match.rows" if has_match else "match.none", what=", ".join(known) or "–")


def _rates(ctx: Context, card: ModelCard) -> Flowable:
    columns = ("set", "condition", "level", "n", "auc")
    header = ["", *(ctx.t(f"rates.{key}") for key in columns), "EER", "FPR", "FNR", ctx.t("rates.strong"), "ECE"]
    quotable = quoted_rates(ctx.result)
    quoted = quotable.row if quotable else None
    matching = set(matching_rows(card.error_rates, conditions(ctx.result)))
    rows = [_row(ctx, row, row is quoted, i in matching) for i, row in enumerate(card.error_rates)]
    marked = matching or {i for i, row in enumerate(card.error_rates) if row is quoted}
    widths = (4.5, 20.5, 20.5, 10.5, 14.5, 15.5, 11, 14.5, 14.5, 11.5, 10.5)
    return figures(header, rows, widths, frozenset({4, 5, 6, 7, 8, 9, 10}), frozenset(marked))


def _row(ctx: Context, row: ErrorRates, is_quoted: bool, is_matching: bool) -> list[str | Flowable]:
    def share(value: float | None, count: int = 0, ends: tuple[float | None, float | None] = (None, None)) -> str:
        if value is None:
            return "–"
        low, high = wilson(value, count) if count else ends
        between = "" if low is None or high is None else f"\n({ctx.f(100 * low, 0)}–{ctx.f(100 * high, 0)})"
        return percent_text(value, ctx.language) + between

    auc = ctx.rate(row.auc)
    if row.auc_low is not None and row.auc_high is not None:
        auc += f"\n({ctx.f(row.auc_low)}–{ctx.f(row.auc_high)})"
    level = ctx.t(f"rates.{row.level}") if row.level in ("image", "video") else row.level
    domain = "●" if row.is_in_domain else "○"
    cells = [
        f"→{domain}" if is_matching else domain,
        row.dataset,
        condition_text(row.condition, ctx.language),
        level,
        f"{ctx.n(row.n_genuine)} /\u00a0{ctx.n(row.n_fake)}",
        auc,
        share(row.eer, ends=(row.eer_low, row.eer_high)),
        share(row.fpr, row.n_genuine),
        share(row.fnr, row.n_fake),
        share(row.fpr_strong),
        ctx.rate(row.ece),
    ]
    return [_cell(cell, i > 3, is_quoted) for i, cell in enumerate(cells)]


def _cell(text: str, is_right: bool, is_bold: bool) -> Flowable:
    value, _, interval = text.partition("\n")
    style = (_BOLD_RIGHT if is_bold else CELL_RIGHT) if is_right else (CELL_BOLD if is_bold else CELL)
    small = f'<br/><font size="6.8" color="{MUTED}">{markup(interval)}</font>' if interval else ""
    return Text(markup(value) + small, style)
