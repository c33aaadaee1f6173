"""Judges a model on labelled items, through the shipped pipeline: what is measured is what users get."""

import csv
import json
import logging
import mimetypes
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from desktop_app.analysis.pipeline import score_crops
from desktop_app.analysis.session import analyze_item, get_detector
from desktop_app.detectors import CARD_FILE, TorchDetector, find_card, write_card
from desktop_app.domain import AnalysisRequest, ErrorRates, ModelCard, Sampling, SamplingMode
from desktop_app.errors import AppError, InputError
from desktop_app.faces import crop_face
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.training.export import error_rates
from desktop_app.training.extract import read_rgb
from desktop_app.training.manifest import FAKE_LABELS, GENUINE_LABELS, read_table

log = logging.getLogger(__name__)

FRAMES_PER_SECOND = 2.0
BATCH = 64
ITEM_COLUMNS = ("path", "label", "set", "condition", "group", "outcome", "band", "p_fake", "note")


@dataclass(frozen=True, slots=True)
class EvalItem:
    """One labelled item.

    Args:
        path: The file.
        is_fake: Its label.
        dataset: Name of its set.
        condition: Manipulation or part of the set.
        group: Items of one group are not independent.
        is_crop: Whether it is a face crop cut by the crop rule already, to be scored as it is.
    """

    path: Path
    is_fake: bool
    dataset: str
    condition: str
    group: str
    is_crop: bool


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What the pipeline said of one item.

    Args:
        item: The item.
        outcome: Of the verdict, or ``"failed"``.
        band: Of the verdict, empty without one.
        p_fake: Calibrated probability of fake, None without a usable face.
        note: Why, where there is no score.
    """

    item: EvalItem
    outcome: str
    band: str
    p_fake: float | None
    note: str = ""


def read_items(path: Path, dataset: str = "", split: str = "", are_crops: bool = False) -> list[EvalItem]:
    """Read a manifest of labelled items: ``path,label`` and, where there are any, ``method``, ``origin``, ``group``.

    Args:
        path: The CSV file; paths are relative to it.
        dataset: Name of the set where the manifest has no ``origin``.
        split: Only rows of this split; empty takes all.
        are_crops: Whether the images are face crops already.

    Raises:
        InputError: It cannot be read, or has an unknown label.
    """
    rows = [row for row in read_table(path, "items") if not split or row.get("split") == split]
    items = []
    for row in rows:
        label = (row.get("label") or "").strip().lower()
        if label not in FAKE_LABELS | GENUINE_LABELS or not row.get("path"):
            raise InputError(f"The list of items {path} needs a path and a label, real or fake, in every row.")
        method = row.get("method") or ""
        items.append(
            EvalItem(
                path.parent / row["path"], label in FAKE_LABELS, row.get("origin") or dataset or path.parent.name,
                "" if method == "none" else method, row.get("group") or row["path"], are_crops,
            )
        )  # fmt: skip
    if not items:
        raise InputError(f"The list of items {path} has no row{f' of the split {split}' if split else ''}.")
    return items


def score_items(
    items: Sequence[EvalItem],
    model_id: str,
    device: str = "auto",
    per_second: float = FRAMES_PER_SECOND,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> list[ItemScore]:
    """Run every item through the shipped pipeline; crops go straight to the model.

    Args:
        items: Labelled items.
        model_id: The model.
        device: As in `detectors.pick_device`.
        per_second: Frames of a video analysed per second.
        on_progress: Stage ``"evaluate"``, in items.
        cancel: Checked within items, too.

    Raises:
        ModelError: The model cannot be used.
        Cancelled: The token was cancelled.
    """
    detector = get_detector(model_id, device)
    scores: list[ItemScore] = []
    crops = [i for i in items if i.is_crop]
    for start in range(0, len(crops), BATCH):
        if cancel is not None:
            cancel.check()
        scores += _score_crops(detector, crops[start : start + BATCH])
        on_progress(Progress("evaluate", len(scores), len(items)))
    for item in (i for i in items if not i.is_crop):
        if cancel is not None:
            cancel.check()
        scores.append(_score_item(item, model_id, device, per_second, cancel or CancelToken()))
        on_progress(Progress("evaluate", len(scores), len(items)))
    return scores


def _score_crops(detector: TorchDetector, items: Sequence[EvalItem]) -> list[ItemScore]:
    card, size = detector.card, detector.card.input_size_px
    images = [read_rgb(item.path) for item in items]
    whole = [image for image in images if image is not None]
    cut = [crop_face(i, (0.0, 0.0, float(i.shape[1]), float(i.shape[0])), 0.0, size) for i in whole]
    found = iter(score_crops(detector, cut))
    scores = []
    for item, image in zip(items, images, strict=True):
        if image is None:
            scores.append(ItemScore(item, "failed", "", None, "The image does not decode."))
            continue
        _, p_fake, _ = next(found)
        scores.append(ItemScore(item, "scored", card.thresholds.band(p_fake).value, p_fake))
    return scores


def _score_item(item: EvalItem, model_id: str, device: str, per_second: float, cancel: CancelToken) -> ItemScore:
    sampling = Sampling(SamplingMode.PER_SECOND, per_second)
    try:
        request = AnalysisRequest(item.path, model_id, sampling=sampling, device=device, key_frames=0)
        result = analyze_item(request, cancel=cancel)
    except AppError as error:
        return ItemScore(item, "failed", "", None, error.user_message)
    # a broken-off analysis returns what it has, which is no judgement of the item
    cancel.check()
    verdict = result.verdict
    band = verdict.band.value if verdict.band else ""
    return ItemScore(item, verdict.outcome.value, band, verdict.p_fake, verdict.reason)


def rate_rows(card: ModelCard, scores: Sequence[ItemScore], in_domain: frozenset[str]) -> list[ErrorRates]:
    """Rows for a card: each set as a whole, and each manipulation against the genuine items of its set.

    Items without a score are left out; `markdown` counts them.

    Args:
        card: The model.
        scores: Of items of any sets.
        in_domain: Names of the sets of the kind that the model was trained on.
    """
    rows = []
    for dataset in sorted({s.item.dataset for s in scores}):
        own = [s for s in scores if s.item.dataset == dataset and s.p_fake is not None]
        methods = sorted({s.item.condition for s in own if s.item.is_fake and s.item.condition})
        parts = [("all", own)]
        if len(methods) > 1:
            parts += [(m, [s for s in own if not s.item.is_fake or s.item.condition == m]) for m in methods]
        for condition, part in parts:
            if part:
                rows.append(_row(card, dataset, condition, part, dataset in in_domain))
    return rows


def _row(card: ModelCard, dataset: str, condition: str, scores: Sequence[ItemScore], is_in_domain: bool) -> ErrorRates:
    labels = np.array([int(s.item.is_fake) for s in scores])
    p_fake = np.array([s.p_fake for s in scores], dtype=np.float64)
    groups = np.array([s.item.group for s in scores])
    level = "image" if all(s.item.is_crop or _is_picture(s.item.path) for s in scores) else "video"
    return error_rates(dataset, condition, level, is_in_domain, labels, p_fake, card.thresholds, groups)


def _is_picture(path: Path) -> bool:
    return (mimetypes.guess_type(path.name)[0] or "").startswith("image/")


def write_scores(scores: Sequence[ItemScore], rows: Sequence[ErrorRates], out: Path) -> None:
    """Write ``items.csv``, ``rates.json`` and ``report.md`` into a folder.

    Args:
        scores: Per item.
        rows: As `rate_rows` gives them.
        out: The folder; made if need be.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / "items.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(ITEM_COLUMNS)
        for s in scores:
            i = s.item
            p_fake = "" if s.p_fake is None else f"{s.p_fake:.4f}"
            label = "fake" if i.is_fake else "real"
            writer.writerow([i.path.name, label, i.dataset, i.condition, i.group, s.outcome, s.band, p_fake, s.note])
    (out / "rates.json").write_text(json.dumps([asdict(r) for r in rows], indent=2), encoding="utf-8")
    (out / "report.md").write_text(markdown(scores, rows), encoding="utf-8")


def markdown(scores: Sequence[ItemScore], rows: Sequence[ErrorRates]) -> str:
    """The figures as a Markdown table, with the count of items that could not be scored."""

    def cell(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    lines = [
        "| set | part | genuine | fake | AUC | 95 % | EER | ECE | FPR | FNR | FPR strong |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        span = "-" if r.auc_low is None else f"{r.auc_low:.3f} to {r.auc_high:.3f}"
        figures = " | ".join(cell(v) for v in (r.eer, r.ece, r.fpr, r.fnr, r.fpr_strong))
        lines.append(
            f"| {r.dataset} | {r.condition} | {r.n_genuine} | {r.n_fake} | {cell(r.auc)} | {span} | {figures} |"
        )
    unscored = [s for s in scores if s.p_fake is None]
    lines += ["", f"Items: {len(scores)}; without a score: {len(unscored)}."]
    lines += [f"- {s.item.path.name}: {s.note}" for s in unscored[:20]]
    return "\n".join(lines) + "\n"


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
