# ruff: noqa: RUF001 - dashes and multiplication signs are meant
"""How the result came about: procedure, model, and how often that model errs."""

from reportlab.platypus import Flowable, Paragraph, Spacer

from desktop_app.domain import Band, ErrorRates, ModelCard, Outcome
from desktop_app.reports.pdf.blocks import Fact, facts, figures, section, subsection
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.style import BODY, CELL, CELL_BOLD, CELL_RIGHT, MONO_STYLE, NOTE
from desktop_app.reports.pdf.text import markup, para
from desktop_app.reports.ratios import calibration_text, ratio_tables, ratio_title, validated_text
from desktop_app.reports.wording import headline_rates, percent_text

_QUOTED_RIGHT = CELL_RIGHT.clone("quoted", fontName=CELL_BOLD.fontName)


def method(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section."""
    card = ctx.result.card
    story = [*section(number, ctx.t("section.method")), para(ctx.t("method.text"), BODY), Spacer(0, 8)]
    story += [facts(_model_facts(ctx, card)), *_ratios(ctx, card), *subsection(ctx.t("rates.title"), 150)]
    if card.error_rates:
        note = para(ctx.t("rates.note", d=ctx.f(card.thresholds.decision)), NOTE)
        story += [note, Spacer(0, 5), _rates(ctx, card)]
    else:
        story.append(para(ctx.t("rates.none"), BODY))
    if card.limits:
        story += subsection(ctx.t("card.limits"))
        bullet = BODY.clone("card-limit", leftIndent=10, bulletIndent=0)
        story += [Paragraph(markup(sentence), bullet, bulletText="•") for sentence in card.limits]
    return story


def _model_facts(ctx: Context, card: ModelCard) -> list[Fact]:
    text, limits = ctx.t, card.thresholds
    loaded = ctx.result.provenance.weights_sha256
    network = text(
        "method.network.value",
        architecture=card.architecture,
        parameters=ctx.n(card.parameters),
        size=card.input_size_px,
        margin=ctx.f(card.crop_margin),
    )
    bands = text(
        "method.bands.measured" if card.bands else "method.bands.value",
        sg=ctx.f(limits.strong_genuine),
        low=ctx.f(limits.inconclusive_low),
        high=ctx.f(limits.inconclusive_high),
        sf=ctx.f(limits.strong_fake),
        d=ctx.f(limits.decision),
    )
    sources = [
        markup(text("method.training.value", name=source.name, n=ctx.n(source.count), terms=source.terms))
        for source in card.training_data
    ]
    name = text("method.model.value", name=card.name, version=card.version, id=card.model_id)
    classes = text("method.classes.value", classes=", ".join(card.classes), genuine=card.genuine_class)
    rows: list[Fact] = [
        (text("method.model"), para(name, CELL)),
        (text("method.network"), para(network, CELL)),
        (text("method.classes"), para(classes, CELL)),
        (text("method.weights"), para(loaded, MONO_STYLE)),
        (text("method.calibration"), para(calibration_text(card, ctx.language), CELL)),
        (text("method.bands"), para(bands, CELL)),
        (text("method.min_face"), para(f"{card.min_face_px} px", CELL)),
        (text("method.validated"), para(validated_text(card, ctx.language), CELL)),
        (text("method.training"), Paragraph("<br/>".join(sources) or "–", CELL)),
        (text("method.licence"), para(f"{card.licence}, {card.created}", CELL)),
    ]
    if loaded != card.weights_sha256:
        rows.insert(4, ("", para(text("method.weights.differ", loaded=card.weights_sha256), CELL_BOLD)))
    return rows


def _ratios(ctx: Context, card: ModelCard) -> list[Flowable]:
    story: list[Flowable] = []
    verdict = ctx.result.verdict
    quoted = [i for i, band in enumerate(Band) if band is verdict.band and verdict.outcome is Outcome.SCORED]
    for table in ratio_tables(card, ctx.language):
        story += subsection(ratio_title(ctx.language), 190) if not story else [Spacer(0, 9)]
        rows = [
            [para(cell, _QUOTED_RIGHT if j in (1, 2, 3) else CELL_BOLD) if i in quoted else cell for j, cell in cells]
            for i, cells in enumerate(map(enumerate, table.rows))
        ]
        widths = (22, 17, 20, 42, 50)
        figure = figures(table.columns, rows, widths, frozenset({1, 2, 3}), frozenset(quoted))
        story += [para(table.note, NOTE), Spacer(0, 5), figure]
    return story


def _rates(ctx: Context, card: ModelCard) -> Flowable:
    columns = ("set", "condition", "level", "n", "auc")
    header = ["", *(ctx.t(f"rates.{key}") for key in columns), "EER", "ECE", "FPR", "FNR", ctx.t("rates.strong")]
    quoted = headline_rates(card)
    rows = [_row(ctx, row, row is quoted) for row in card.error_rates]
    marked = frozenset(i for i, row in enumerate(card.error_rates) if row is quoted)
    widths = (3.5, 18.8, 18.5, 10.1, 17, 22.7, 11.3, 10.2, 11.3, 11.3, 11.3)
    return figures(header, rows, widths, frozenset({4, 5, 6, 7, 8, 9, 10}), marked)


def _row(ctx: Context, row: ErrorRates, is_quoted: bool) -> list[str | Flowable]:
    def share(value: float | None) -> str:
        return "–" if value is None else percent_text(value, ctx.language)

    auc = ctx.rate(row.auc)
    if row.auc_low is not None and row.auc_high is not None:
        auc += f" ({ctx.f(row.auc_low)}–{ctx.f(row.auc_high)})"
    level = ctx.t(f"rates.{row.level}") if row.level in ("image", "video") else row.level
    cells: list[str] = [
        "●" if row.is_in_domain else "○",
        row.dataset,
        row.condition,
        level,
        f"{ctx.n(row.n_genuine)} / {ctx.n(row.n_fake)}",
        auc,
        share(row.eer),
        ctx.rate(row.ece),
        share(row.fpr),
        share(row.fnr),
        share(row.fpr_strong),
    ]
    if not is_quoted:
        return list(cells)
    return [para(cell, _QUOTED_RIGHT if i > 3 else CELL_BOLD) for i, cell in enumerate(cells)]
