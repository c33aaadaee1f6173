"""An evaluation in full, and its files: Markdown, JSON, tables and plots."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from desktop_app.domain import ErrorRates, ModelCard
from desktop_app.files import replacing
from desktop_app.reports.tables import safe_cell
from desktop_app.training.evaluation import plots
from desktop_app.training.evaluation.canvas import SERIES, Canvas
from desktop_app.training.evaluation.figures import MAX_AUC_MOVE, Points, Robustness, Row, by_kind, points_of
from desktop_app.training.evaluation.hits import Hit
from desktop_app.training.evaluation.items import ItemScore
from desktop_app.training.evaluation.store import make_folder
from desktop_app.training.evaluation.threshold import Threshold
from desktop_app.training.metrics import ClassScores, reliability_bins

ITEM_COLUMNS = (
    "path", "label", "set", "condition", "group", "outcome", "band", "p_fake", "called", "class", "level", "face_px",
    "compression", "ita_deg", "note",
)  # fmt: skip
SAMPLE_COLUMNS = (
    "path", "label", "set", "condition", "group", "frame", "time_s", "track", "x1", "y1", "x2", "y2", "face_px",
    "gate", "logit", "p_fake", "class",
)  # fmt: skip
SKIN_NOTE = (
    "Skin tone is the individual typology angle of the cheeks, a proxy that hangs on light, exposure and white balance "
    "as much as on skin: read differences between its classes as a hint to look closer, not as a measure of people."
)
LEVEL_NOTE = (
    "Tracks and frames carry the label of their item: where only one of several people is manipulated, the figures of "
    "these levels are worse than the model."
)


@dataclass(frozen=True, slots=True)
class Report:
    """An evaluation.

    Args:
        card: The model.
        facts: Provenance as (key, value) pairs: versions, hashes, settings, date.
        threshold: At which items are called manipulated.
        rows: The figures.
        robustness: AUC under other framings.
        variants: Names of those framings.
        classes: Figures of a model of several classes and how many items it does not name, None without.
        bands: Genuine and manipulated items per band.
        rates: Rows for a card.
        scores: Of every item.
        hits: Pictures of sure answers.
    """

    card: ModelCard
    facts: tuple[tuple[str, str], ...]
    threshold: Threshold
    rows: tuple[Row, ...]
    robustness: tuple[Robustness, ...]
    variants: tuple[str, ...]
    classes: tuple[ClassScores, int] | None
    bands: dict[str, tuple[int, int]]
    rates: tuple[ErrorRates, ...]
    scores: tuple[ItemScore, ...]
    hits: tuple[Hit, ...] = ()

    @property
    def unscored(self) -> list[ItemScore]:
        """Items without a score."""
        return [s for s in self.scores if s.p_fake is None]

    @property
    def notes(self) -> list[str]:
        """What must be known to read the figures."""
        notes = []
        if any(row.level == "track" for row in self.rows):
            notes.append(LEVEL_NOTE)
        if any(row.aspect == "skin tone" for row in self.rows):
            notes.append(SKIN_NOTE)
        return notes


def cell(value: float | None) -> str:
    """A figure with three digits, a dash where there is none."""
    return "-" if value is None else f"{value:.3f}"


def span(low: float | None, high: float | None) -> str:
    """An interval, a dash where there is none."""
    return "-" if low is None or high is None else f"{low:.3f} to {high:.3f}"


Column = tuple[str, Callable[[Row], str]]
COLUMNS: tuple[Column, ...] = (
    ("level", lambda r: r.level),
    ("part", lambda r: r.name),
    ("genuine", lambda r: str(r.scores.n_genuine)),
    ("fake", lambda r: str(r.scores.n_fake)),
    ("AUC", lambda r: cell(r.scores.auc)),
    ("95 %", lambda r: span(r.scores.auc_low, r.scores.auc_high)),
    ("EER", lambda r: cell(r.scores.eer)),
    ("EER 95 %", lambda r: span(r.scores.eer_low, r.scores.eer_high)),
    ("TPR at 1 % FPR", lambda r: cell(r.scores.tpr_at_1)),
    ("TPR at 5 % FPR", lambda r: cell(r.scores.tpr_at_5)),
    ("balanced accuracy", lambda r: cell(r.scores.balanced_accuracy)),
    ("accuracy", lambda r: cell(r.scores.accuracy)),
    ("precision", lambda r: cell(r.scores.precision if r.scores.n_fake else None)),
    ("recall", lambda r: cell(r.scores.recall if r.scores.n_fake else None)),
    ("F1", lambda r: cell(r.scores.f1 if r.scores.n_fake else None)),
    ("FPR", lambda r: cell(r.scores.fpr)),
    ("FNR", lambda r: cell(r.scores.fnr)),
    ("FPR strong", lambda r: cell(r.fpr_strong)),
    ("ECE", lambda r: cell(r.scores.ece)),
    ("ECE balanced", lambda r: cell(r.scores.ece_balanced)),
    ("Brier", lambda r: cell(r.scores.brier)),
)
"""Names and texts of the columns of the tables of figures."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table."""
    safe = [[c.replace("|", "\\|") for c in row] for row in (head, *rows)]
    return [f"| {' | '.join(safe[0])} |", "|" + "---|" * len(head), *(f"| {' | '.join(r)} |" for r in safe[1:])]


def figure_lines(rows: Sequence[Row]) -> list[str]:
    """Lines of the tables of figures, one table per aspect."""
    lines: list[str] = []
    for aspect in dict.fromkeys(row.aspect for row in rows):
        own = [row for row in rows if row.aspect == aspect]
        title = "As a whole" if aspect == "all" else f"By {aspect}"
        lines += [
            "",
            f"## {title}",
            "",
            *table([n for n, _ in COLUMNS], [[text(r) for _, text in COLUMNS] for r in own]),
        ]
    return lines


def robustness_lines(report: Report) -> list[str]:
    """Lines about how far the result hangs on the framing."""
    if not report.robustness:
        return []
    rows = []
    for r in report.robustness:
        moves = [f"{cell(v)} ({move_text(r, i)})" for i, v in enumerate(r.variants)]
        rows.append([r.name, str(r.n_genuine), str(r.n_fake), cell(r.own), *moves])
    head = ["part", "genuine", "fake", "own framing", *report.variants]
    return ["", "## AUC under other framings", "", *table(head, rows), "", framing_sentence(report)]


def move_text(row: Robustness, place: int) -> str:
    """By how much a variant moves the AUC, with its interval where it has one."""
    move, bounds = row.moves[place], row.spans[place]
    if move is None:
        return "-"
    if bounds is None:
        return f"{move:+.3f}"
    return f"{move:+.3f}, 95 % {bounds[0]:+.3f} to {bounds[1]:+.3f}"


def framing_sentence(report: Report) -> str:
    """Whether another framing moves the AUC of any part by more than is allowed."""
    moves = [
        (abs(move), r.name, name)
        for r in report.robustness
        for name, move in zip(report.variants, r.moves, strict=True)
        if move is not None and name.startswith("crop")
    ]
    if not moves:
        return "No change of the crop could be judged."
    largest, part, name = max(moves)
    verdict = "hangs" if largest > MAX_AUC_MOVE else "does not hang"
    return (
        f"The largest move of the AUC by the crop is {largest:.3f} ({part}, {name}); by the measure of {MAX_AUC_MOVE} "
        f"the result {verdict} on the crop."
    )


def markdown(report: Report) -> str:
    """The whole report as Markdown."""
    lines = [f"# Evaluation of {report.card.name} ({report.card.model_id})", ""]
    lines += [f"- {key}: {value}" for key, value in report.facts]
    lines += ["", f"Threshold {report.threshold.value:.4f}. {report.threshold.source}"]
    lines += figure_lines(report.rows) + robustness_lines(report)
    lines += ["", "## Bands", ""]
    lines += table(["band", "genuine", "fake"], [[b, str(g), str(f)] for b, (g, f) in report.bands.items()])
    if report.classes is not None:
        scores, unnamed = report.classes
        lines += ["", "## Classes", ""]
        lines.append(
            f"Accuracy {scores.accuracy:.3f}, balanced {scores.balanced_accuracy:.3f}, macro F1 {scores.macro_f1:.3f}; "
            f"{unnamed} items are of a kind that the model does not name."
        )
        matrix = [[name, *map(str, row)] for name, row in zip(scores.names, scores.confusion, strict=True)]
        lines += ["", *table(["true", *scores.names], matrix)]
    lines += ["", f"Items: {len(report.scores)}; without a score: {len(report.unscored)}."]
    lines += [f"- {s.item.path.name}: {s.note}" for s in report.unscored[:20]]
    lines += ["", *report.notes]
    return "\n".join(lines).rstrip() + "\n"


def as_json(report: Report) -> str:
    """All figures for machines."""
    content = {
        "format": "cotejo-evaluation-1",
        "provenance": dict(report.facts),
        "thresholds_of_card": asdict(report.card.thresholds),
        "threshold": asdict(report.threshold),
        "figures": [asdict(row) for row in report.rows],
        "robustness": {
            "variants": report.variants,
            "parts": [{**asdict(r), "moves": r.moves} for r in report.robustness],
        },
        "bands": {band: {"genuine": g, "fake": f} for band, (g, f) in report.bands.items()},
        "classes": None
        if report.classes is None
        else {**asdict(report.classes[0]), "items_of_other_kinds": report.classes[1]},
        "items": {"all": len(report.scores), "without_score": len(report.unscored)},
        "notes": report.notes,
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def make_plots(report: Report) -> dict[str, Canvas]:
    """The plots that the scores allow, by file name without ending."""
    scored = [s for s in report.scores if s.p_fake is not None]
    points = points_of(scored)
    if not len(points.labels):
        return {}
    found: dict[str, Canvas] = {}
    if len(set(points.labels.tolist())) == 2:
        found["roc"] = plots.roc_plot(_curves(scored, points))
        found["reliability"] = plots.reliability_plot(reliability_bins(points.labels, points.p_fake, is_balanced=True))
    found["histogram"] = plots.histogram_plot(points, report.card.thresholds, report.threshold.value)
    confusion = next(row for row in report.rows if row.aspect == "all").scores.confusion
    found["confusion"] = plots.confusion_plot(confusion, ("genuine", "manipulated"))
    if report.classes is not None:
        found["classes"] = plots.confusion_plot(report.classes[0].confusion, report.classes[0].names)
    return found


def _curves(scored: Sequence[ItemScore], points: Points) -> list[tuple[str, Points]]:
    """All items, then kinds; only what has both classes."""
    parts = [(name, points_of(part)) for name, part in by_kind(scored)]
    both = [(name, p) for name, p in parts if len(set(p.labels.tolist())) == 2]
    return [("all", points), *(both[: len(SERIES) - 1] if len(both) > 1 else [])]


def write_report(report: Report, out: Path, page: str, drawn: dict[str, Canvas]) -> None:
    """Write every file of the evaluation into a folder; each appears whole or not at all.

    Args:
        report: The evaluation.
        out: The folder; made if need be.
        page: The page to look at.
        drawn: The plots.

    Raises:
        CaseError: A file cannot be written.
    """
    make_folder(out)
    files = {
        "report.md": markdown(report).encode(),
        "report.json": as_json(report).encode(),
        "rates.json": json.dumps([asdict(r) for r in report.rates], indent=2).encode(),
        "items.csv": items_csv(report),
        "samples.csv": samples_csv(report),
        "index.html": page.encode(),
        **{f"{name}.png": canvas.png() for name, canvas in drawn.items()},
    }
    for name, content in files.items():
        with replacing(out / name) as temporary:
            temporary.write_bytes(content)


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([safe_cell(c) if isinstance(c, str) else c for c in row] for row in rows)
    return buffer.getvalue().encode("utf-8", "backslashreplace")


def _number(value: float | None, digits: int) -> object:
    return "" if value is None else round(value, digits)


def _head(s: ItemScore) -> list[object]:
    i = s.item
    return [i.path.name, "fake" if i.is_fake else "real", i.dataset, i.condition, i.group]


def items_csv(report: Report) -> bytes:
    """A row per item, with its probability under every variant of framing."""
    rows: list[list[object]] = [[*ITEM_COLUMNS, *report.variants]]
    for s in report.scores:
        called = "" if s.p_fake is None else "fake" if s.p_fake > report.threshold.value else "real"
        varied = [_number(v, 6) for v in s.variants] or [""] * len(report.variants)
        measured = [_number(s.size_px, 1), s.compression, _number(s.ita_deg, 1)]
        verdict = [s.outcome, s.band, _number(s.p_fake, 6), called, s.label, s.level]
        rows.append([*_head(s), *verdict, *measured, s.note, *varied])
    return _csv(rows)


def samples_csv(report: Report) -> bytes:
    """A row per face and frame, with its probability under every variant of framing."""
    rows: list[list[object]] = [[*SAMPLE_COLUMNS, *report.variants]]
    for s in report.scores:
        for f in s.faces:
            varied = [_number(v, 6) for v in f.variants] or [""] * len(report.variants)
            place = [f.frame_index, round(f.time_s, 6), f.track_id, *(round(v, 2) for v in f.box_xyxy)]
            said = [_number(f.size_px, 1), f.gate, _number(f.logit, 6), _number(f.p_fake, 6), f.label]
            rows.append([*_head(s), *place, *said, *varied])
    return _csv(rows)
