"""How the result came about: procedure, model, and the conditions of this run."""

from reportlab.platypus import Flowable

from desktop_app.domain import ModelCard
from desktop_app.reports.pdf.blocks import Fact, facts, lines, section, subsection
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.run import run_facts
from desktop_app.reports.pdf.style import BODY, CELL, CELL_BOLD, MONO_STYLE
from desktop_app.reports.pdf.text import para
from desktop_app.reports.ratios import calibration_text, validated_text


def method(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section."""
    story = [*section(number, ctx.t("section.method")), para(ctx.t("method.text"), BODY)]
    story += [*subsection(ctx.t("method.model.title"), 120), facts(_model_facts(ctx, ctx.result.card))]
    return [*story, *run_facts(ctx)]


def _model_facts(ctx: Context, card: ModelCard) -> list[Fact]:
    text, limits = ctx.t, card.thresholds
    loaded = ctx.result.provenance.weights_sha256
    network = text(
        "method.network.value",
        architecture=card.network_names,
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
        n=ctx.section("weight"),
    )
    sources = [
        text("method.training.value", name=source.name, n=ctx.n(source.count), terms=source.terms)
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
        (text("method.training"), lines(sources or [text("not_stated")], CELL)),
        (text("method.licence"), para(f"{card.licence}, {card.created}", CELL)),
    ]
    if loaded != card.weights_sha256:
        rows.insert(4, ("", para(text("method.weights.differ", loaded=card.weights_sha256), CELL_BOLD)))
    return rows
