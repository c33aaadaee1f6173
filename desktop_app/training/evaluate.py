"""Judges a model on labelled items, through the shipped pipeline: what is measured is what users get."""

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import desktop_app
from desktop_app.analysis.session import get_detector
from desktop_app.detectors import CARD_FILE, find_card, write_card
from desktop_app.domain import ErrorRates, ModelCard
from desktop_app.progress import CancelToken, ProgressFn, ignore_progress
from desktop_app.training.evaluation.figures import band_counts, make_classes, make_robustness, make_rows, rate_rows
from desktop_app.training.evaluation.hits import draw_hits
from desktop_app.training.evaluation.items import EvalItem, ItemScore, carve_items, file_sha256, limit_items, read_items
from desktop_app.training.evaluation.page import make_page
from desktop_app.training.evaluation.report import Report, make_plots, markdown, write_report
from desktop_app.training.evaluation.scoring import EvalOptions, score_items, settings_of
from desktop_app.training.evaluation.store import STORE_FILE, ScoreStore
from desktop_app.training.evaluation.threshold import (
    Threshold,
    card_threshold,
    check_apart,
    check_rule,
    choose_threshold,
)

__all__ = [
    "EvalItem",
    "EvalOptions",
    "EvalRequest",
    "ItemList",
    "ItemScore",
    "Report",
    "add_to_card",
    "evaluate",
    "markdown",
    "rate_rows",
    "read_items",
    "score_items",
]


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list of labelled items and what of it is taken.

    Args:
        path: The manifest.
        name: Name of the set where the manifest has none.
        split: Only rows of this split; empty takes all.
        are_crops: Whether the images are face crops already.
        nominal: Share of a crop's side that the crop rule takes, None goes by boxes.
        limit: Most items of each label and set, None takes all.
        seed: Of the choice.
        validation_share: Of a list without validation rows: the share of its training groups that the recipe held out;
            then only these are taken, and `split` does not count. The name of the set must be that of the recipe.
        validation_seed: Seed of the recipe.
    """

    path: Path
    name: str = ""
    split: str = ""
    are_crops: bool = False
    nominal: float | None = None
    limit: int | None = None
    seed: int = 0
    validation_share: float | None = None
    validation_seed: int = 0

    @property
    def name_of_part(self) -> str:
        """What of which list is taken, for people."""
        if self.validation_share is not None:
            held_out = f"{self.validation_share:.2%}".replace("%", " %")
            return f"the {held_out} of the training groups of {self.path.name} that were held out"
        return f"the split “{self.split}” of {self.path.name}" if self.split else f"all rows of {self.path.name}"

    def read(self) -> list[EvalItem]:
        """The items.

        Raises:
            InputError: The list cannot be used.
        """
        split = self.split if self.validation_share is None else "train"
        items = read_items(self.path, self.name, split, self.are_crops, self.nominal)
        if self.validation_share is not None:
            items = carve_items(items, self.validation_share, self.validation_seed)
        return items if self.limit is None else limit_items(items, self.limit, self.seed)


@dataclass(frozen=True, slots=True)
class EvalRequest:
    """What to measure and how.

    Args:
        items: The items that are reported.
        options: How they are scored.
        rule: How the threshold is chosen, see `threshold.RULES`; empty takes that of the card.
        chosen_on: Validation items that it is chosen on.
        in_domain: Whether the model was trained on data of this kind.
        hits: Pictures of the surest right and wrong answers of each class.
        out: Folder for the report and for what is measured already; None writes nothing.
    """

    items: ItemList
    options: EvalOptions = field(default_factory=EvalOptions)
    rule: str = ""
    chosen_on: ItemList | None = None
    in_domain: bool = False
    hits: int = 4
    out: Path | None = None


def evaluate(
    request: EvalRequest, on_progress: ProgressFn = ignore_progress, cancel: CancelToken | None = None
) -> Report:
    """Measure a model and write the report.

    What is scored already in the output folder, with the same model and settings, is not scored again.

    Args:
        request: What and how.
        on_progress: Stages ``"evaluate"`` in items and ``"exhibits"`` in pictures.
        cancel: Checked within items, too.

    Raises:
        InputError: The items cannot be used, or the threshold would be chosen on what is reported.
        ModelError: The model cannot be used.
        CaseError: The folder cannot be written.
        Cancelled: The token was cancelled.
    """
    card, _ = find_card(request.options.model_id)
    options = replace(request.options, model_id=card.model_id)
    items, chosen_on = request.items.read(), _validation_items(request)
    check_apart(chosen_on, items)
    threshold = card_threshold(card)
    if request.chosen_on is not None and request.rule:
        plain = replace(options, margins=(), flips=False, skin_tone=False)
        found = score_items(chosen_on, plain, _store(request, card, plain), on_progress, cancel)
        chosen = request.chosen_on
        threshold = choose_threshold(request.rule, found, chosen.name_of_part, file_sha256(chosen.path))
    scores = score_items(items, options, _store(request, card, options), on_progress, cancel)
    report = _report(request, card, options, threshold, scores)
    if request.out is not None:
        report = _write(report, request, on_progress, cancel)
    return report


def _store(request: EvalRequest, card: ModelCard, options: EvalOptions) -> ScoreStore:
    device = get_detector(card.model_id, options.device).device
    return ScoreStore(request.out / STORE_FILE if request.out else None, settings_of(card, options, device))


def _validation_items(request: EvalRequest) -> list[EvalItem]:
    if not request.rule or request.chosen_on is None:
        return []
    check_rule(request.rule)
    return request.chosen_on.read()


def _report(
    request: EvalRequest, card: ModelCard, options: EvalOptions, threshold: Threshold, scores: Sequence[ItemScore]
) -> Report:
    in_domain = frozenset(s.item.dataset for s in scores) if request.in_domain else frozenset[str]()
    return Report(
        card=card,
        facts=_facts(request, card, options, scores),
        threshold=threshold,
        rows=tuple(make_rows(card, scores, threshold.value)),
        robustness=tuple(make_robustness(scores, len(options.variants))),
        variants=tuple(v.name for v in options.variants),
        classes=make_classes(card, scores),
        bands=band_counts(scores),
        rates=tuple(rate_rows(card, scores, in_domain)),
        scores=tuple(scores),
    )


def _facts(
    request: EvalRequest, card: ModelCard, options: EvalOptions, scores: Sequence[ItemScore]
) -> tuple[tuple[str, str], ...]:
    chosen, limits = request.items, card.thresholds
    framing = []
    if chosen.are_crops:
        by_box = sum(s.item.box_xyxy is not None for s in scores)
        framing.append(f"{by_box} crops by the box of the face")
        framing.append(f"{len(scores) - by_box} with a share of {1.0 if chosen.nominal is None else chosen.nominal:g}")
    return (
        ("date", datetime.now(UTC).isoformat(timespec="seconds")),
        ("app version", desktop_app.__version__),
        ("model id", card.model_id),
        ("model version", card.version),
        ("weights sha256", card.weights_sha256),
        ("thresholds of the card", ", ".join(f"{name} {value:g}" for name, value in asdict(limits).items())),
        ("manifest", chosen.path.name),
        ("manifest sha256", file_sha256(chosen.path)),
        ("split", chosen.split or "all rows"),
        ("limit", "none" if chosen.limit is None else f"{chosen.limit} per label and set, seed {chosen.seed}"),
        ("input", ", ".join(framing) if framing else f"whole items, {options.per_second:g} frames of a video a second"),
        ("device", get_detector(card.model_id, options.device).device),
        ("platform", f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"),
    )


def _write(report: Report, request: EvalRequest, on_progress: ProgressFn, cancel: CancelToken | None) -> Report:
    if request.out is None:
        return report
    if request.hits:
        detector = get_detector(report.card.model_id, request.options.device, "heatmaps")
        value = report.threshold.value
        hits = draw_hits(detector, report.scores, value, request.hits, request.out, on_progress, cancel)
        report = replace(report, hits=tuple(hits))
    drawn = make_plots(report)
    write_report(report, request.out, make_page(report, drawn), drawn)
    return report


def add_to_card(model_id: str, rows: Sequence[ErrorRates]) -> ModelCard:
    """Put measured rows into a model's card, replacing older rows of the same set and part; test rows stand first.

    Raises:
        ModelError: There is no such model.
    """
    card, folder = find_card(model_id)
    fresh = {(r.dataset, r.condition) for r in rows}
    kept = [r for r in card.error_rates if (r.dataset, r.condition) not in fresh]
    merged = sorted([*rows, *kept], key=lambda r: (r.dataset.endswith("validation"), not r.is_in_domain))
    card = replace(card, error_rates=tuple(merged))
    write_card(card, folder / CARD_FILE)
    return card
