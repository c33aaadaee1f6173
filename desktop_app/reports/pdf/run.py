"""Under which conditions the analysis ran, and how to repeat it."""

import shlex

from reportlab.platypus import Flowable, Spacer

from desktop_app.domain import SamplingMode
from desktop_app.reports.pdf.blocks import Fact, facts, subsection
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.style import CELL, MONO_STYLE, NOTE
from desktop_app.reports.pdf.text import para


def run_facts(ctx: Context) -> list[Flowable]:
    """Flowables on the run and its repetition."""
    text, origin = ctx.t, ctx.result.provenance
    rows: list[Fact] = [
        (text("prov.result"), para(ctx.result.result_id, MONO_STYLE)),
        (text("prov.status"), para(text("prov.aborted" if origin.aborted else "prov.complete"), CELL)),
        (text("prov.started"), para(ctx.moment(origin.started_utc), CELL)),
        (text("prov.finished"), para(ctx.moment(origin.finished_utc), CELL)),
        (text("prov.app"), para(f"Cotejo {origin.app_version}", CELL)),
        (text("prov.device"), para(origin.device, CELL)),
        (text("prov.platform"), para(origin.platform, CELL)),
        (text("prov.range"), para(_range(ctx), CELL)),
        (text("prov.sampling"), para(sampling_text(ctx), CELL)),
        (text("method.faces"), para(_faces(ctx), CELL)),
        (text("prov.settings"), para(_pairs(origin.settings), CELL)),
        (text("prov.libraries"), para(_pairs(origin.libraries), CELL)),
    ]
    story = [*subsection(text("method.run.title"), 120), facts(rows)]
    story += [*subsection(text("method.repeat.title"), 80), para(command(ctx), MONO_STYLE), Spacer(0, 4)]
    return [*story, para(f"{text('method.repeat')} {text('prov.repeat')}", NOTE)]


def command(ctx: Context) -> str:
    """The command line that gives the same result."""
    request, sampling = ctx.result.request, ctx.result.request.sampling
    parts = ["cotejo", "analyze", shlex.quote(ctx.name), "--model", ctx.result.card.model_id]
    if request.start_s is not None or request.end_s is not None:
        ends = ("" if value is None else f"{value:.15g}" for value in (request.start_s, request.end_s))
        parts += ["--range", ":".join(ends)]
    is_rate = sampling.mode is SamplingMode.PER_SECOND
    parts += ["--per-second" if is_rate else "--every", f"{sampling.value:.15g}"]
    return " ".join([*parts, "--device", ctx.result.provenance.device.split(":")[0]])


def _faces(ctx: Context) -> str:
    request = ctx.result.request
    # what was asked for may have been more than the sampling allowed: the settings say what was done
    step = dict(ctx.result.provenance.settings).get("detect_every", str(request.detect_every))
    px = max(request.min_face_px, ctx.result.card.min_face_px)
    key = "method.faces.every" if step == "1" else "method.faces.value"
    return ctx.t(key, score=ctx.f(request.min_face_score), px=px, n=step)


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    # the space within a pair does not break
    return " · ".join(f"{key} {value}".replace(" ", "\u00a0") for key, value in pairs) or "\u2013"


def _range(ctx: Context) -> str:
    request = ctx.result.request
    if request.start_s is None and request.end_s is None:
        return ctx.t("prov.whole")
    end = ctx.t("prov.end") if request.end_s is None else ctx.clock(request.end_s)
    return ctx.t("prov.range.value", start=ctx.clock(request.start_s or 0.0), end=end)


def sampling_text(ctx: Context) -> str:
    """Which frames were chosen, in words."""
    sampling = ctx.result.request.sampling
    if sampling.mode is SamplingMode.PER_SECOND:
        return ctx.t("prov.per_second", n=ctx.f(sampling.value, 0 if sampling.value == int(sampling.value) else 2))
    return ctx.t("prov.every_nth") if sampling.value == 1 else ctx.t("prov.nth", n=ctx.n(int(sampling.value)))
