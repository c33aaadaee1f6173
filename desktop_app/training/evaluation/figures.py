"""Figures of scored items: as a whole, per set, per kind and under each condition."""

import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_app.analysis.aggregate import MIN_SCORED_FRAMES
from desktop_app.domain import Band, ErrorRates, ModelCard
from desktop_app.training.evaluation.conditions import (
    COMPRESSION_NAMES,
    SIZE_NAMES,
    SKIN_NAMES,
    UNKNOWN,
    size_class,
    skin_class,
)
from desktop_app.training.evaluation.items import ItemScore
from desktop_app.training.export import error_rates
from desktop_app.training.intervals import auc_move_interval
from desktop_app.training.metrics import ClassScores, Scores, auc, judge, judge_classes

ROUNDS = 1000
MAX_AUC_MOVE = 0.03
"""How far another framing may move the AUC of a kind before the result is said to hang on the crop."""
MIN_CONDITION = 100
"""Genuine and manipulated items that a condition needs for a row of its own in a card."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Labels, probabilities and groups of some samples, (N,) each.

    Args:
        labels: 0 or 1.
        p_fake: Calibrated probabilities.
        groups: Names.
    """

    labels: NDArray[np.int64]
    p_fake: NDArray[np.float64]
    groups: NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of a part of the samples.

    Args:
        level: ``"image"``, ``"video"``, ``"item"`` (both), ``"track"`` or ``"frame"``.
        aspect: ``"all"``, ``"set"``, ``"kind"``, ``"face size"``, ``"compression"`` or ``"skin tone"``.
        name: Name of the part.
        scores: The figures.
        fpr_strong: Share of the genuine that stand in the strongest band for manipulated.
    """

    level: str
    aspect: str
    name: str
    scores: Scores
    fpr_strong: float | None


@dataclass(frozen=True, slots=True)
class Robustness:
    """AUC of a part under each variant of framing.

    Args:
        name: Name of the part.
        n_genuine, n_fake: Items scored under every variant.
        own: AUC with the model's own framing.
        variants: AUC under each variant.
        spans: 95 % interval of the move of each, the same groups resampled for both.
    """

    name: str
    n_genuine: int
    n_fake: int
    own: float | None
    variants: tuple[float | None, ...]
    spans: tuple[tuple[float, float] | None, ...]

    @property
    def moves(self) -> tuple[float | None, ...]:
        """By how much each variant moves the AUC."""
        return tuple(None if v is None or self.own is None else v - self.own for v in self.variants)


def points_of(scores: Sequence[ItemScore]) -> Points:
    """Scored items as samples."""
    return _points([(s, s.p_fake) for s in scores])


def track_points(scores: Sequence[ItemScore]) -> Points:
    """Tracks of videos that are long enough to count, each with the label of its item."""
    return _points([(s, t.p_fake) for s in scores for t in s.tracks if _counts(s, t.frames_scored)])


def _counts(score: ItemScore, frames: int) -> bool:
    return score.level == "video" and frames >= MIN_SCORED_FRAMES


def frame_points(scores: Sequence[ItemScore]) -> Points:
    """Faces in single frames, each with the label of its item."""
    return _points([(s, f.p_fake) for s in scores for f in s.faces])


def _points(pairs: Sequence[tuple[ItemScore, float | None]]) -> Points:
    kept = [(s.item, p) for s, p in pairs if p is not None]
    return Points(
        np.array([int(item.is_fake) for item, _ in kept], dtype=np.int64),
        np.array([p for _, p in kept], dtype=np.float64),
        np.array([f"{item.dataset}/{item.group}" for item, _ in kept], dtype=np.str_),
    )


def level_of(scores: Sequence[ItemScore]) -> str:
    """``"image"``, ``"video"``, or ``"item"`` where there are both."""
    levels = {s.level or ("image" if s.item.is_crop or _is_picture(s.item.path) else "video") for s in scores}
    return levels.pop() if len(levels) == 1 else "item"


def _is_picture(path: Path) -> bool:
    return (mimetypes.guess_type(path.name)[0] or "").startswith("image/")


def make_rows(card: ModelCard, scores: Sequence[ItemScore], threshold: float) -> list[Row]:
    """All rows: items as a whole and by every aspect, then tracks and frames as a whole and by set.

    Args:
        card: The model.
        scores: Of any items; those without a score are left out.
        threshold: At which items are called manipulated.
    """
    scored = [s for s in scores if s.p_fake is not None]
    rows = [
        _row(card, level_of(part), aspect, name, points_of(part), threshold)
        for aspect, parts in _aspects(scored)
        for name, part in parts
    ]
    if any(s.level == "video" for s in scored):
        for level, points in (("track", track_points), ("frame", frame_points)):
            for name, part in [("all", scored), *_by_set(scored)]:
                found = points(part)
                if len(found.labels):
                    rows.append(_row(card, level, "all" if name == "all" else "set", name, found, threshold))
    return rows


def _row(card: ModelCard, level: str, aspect: str, name: str, points: Points, threshold: float) -> Row:
    genuine = points.p_fake[points.labels == 0]
    strong = float((genuine > card.thresholds.strong_fake).mean()) if len(genuine) else None
    return Row(level, aspect, name, judge(points.labels, points.p_fake, threshold, points.groups, ROUNDS), strong)


Part = tuple[str, list[ItemScore]]


def _aspects(scored: list[ItemScore]) -> list[tuple[str, list[Part]]]:
    if not scored:
        return []
    return [
        ("all", [("all", scored)]),
        ("set", _by_set(scored)),
        ("kind", by_kind(scored)),
        ("face size", _by_class(scored, lambda s: size_class(s.size_px), SIZE_NAMES)),
        ("compression", _by_class(scored, lambda s: s.compression or UNKNOWN, COMPRESSION_NAMES)),
        ("skin tone", _by_class(scored, lambda s: skin_class(s.ita_deg), SKIN_NAMES)),
    ]


def _by_set(scored: Sequence[ItemScore]) -> list[Part]:
    names = sorted({s.item.dataset for s in scored})
    return [(name, [s for s in scored if s.item.dataset == name]) for name in names] if len(names) > 1 else []


def by_kind(scored: Sequence[ItemScore]) -> list[Part]:
    """Each kind of manipulation of each set with the genuine items of its set; sets without kinds are left out."""
    sets = sorted({s.item.dataset for s in scored})
    parts = []
    for dataset in sets:
        own = [s for s in scored if s.item.dataset == dataset]
        for kind in sorted({s.item.condition for s in own if s.item.is_fake and s.item.condition}):
            part = [s for s in own if not s.item.is_fake or s.item.condition == kind]
            parts.append((f"{dataset}: {kind}" if len(sets) > 1 else kind, part))
    return parts


def _by_class(scored: Sequence[ItemScore], name_of: Callable[[ItemScore], str], order: Sequence[str]) -> list[Part]:
    """Parts in a given order, then others by name; none at all where nothing is known."""
    found: dict[str, list[ItemScore]] = {}
    for s in scored:
        found.setdefault(name_of(s), []).append(s)
    if set(found) == {UNKNOWN}:
        return []
    return sorted(found.items(), key=lambda part: (order.index(part[0]) if part[0] in order else len(order), part[0]))


def make_robustness(scores: Sequence[ItemScore], variants: int) -> list[Robustness]:
    """AUC under each variant for all items and each kind.

    Args:
        scores: Of any items; those that lack a variant are left out.
        variants: Their number.
    """
    whole = [s for s in scores if s.p_fake is not None and len(s.variants) == variants and None not in s.variants]
    if not whole or not variants:
        return []
    rows = []
    for name, part in [("all", whole), *by_kind(whole)]:
        points = points_of(part)
        others = [np.array([s.variants[v] for s in part], np.float64) for v in range(variants)]
        moved = [auc_move_interval(points.labels, points.p_fake, p, points.groups, ROUNDS) for p in others]
        varied = [auc(points.labels, p) for p in others]
        own, n_fake = auc(points.labels, points.p_fake), int(points.labels.sum())
        rows.append(Robustness(name, len(part) - n_fake, n_fake, own, tuple(varied), tuple(moved)))
    return rows


def make_classes(card: ModelCard, scores: Sequence[ItemScore]) -> tuple[ClassScores, int] | None:
    """Figures of a model of several classes, and how many scored items are of a kind that it does not name.

    Args:
        card: The model.
        scores: Of any items.

    Returns:
        None for a model of two classes, or where no item is of a class of the model.
    """
    if len(card.classes) < 3:
        return None
    scored = [s for s in scores if s.p_fake is not None and s.label]
    pairs = [(s.item.condition if s.item.is_fake else card.genuine_class, s.label) for s in scored]
    known = [(truth, named) for truth, named in pairs if truth in card.classes]
    if not known:
        return None
    truth, named = zip(*known, strict=True)
    return judge_classes(truth, named, card.classes), len(pairs) - len(known)


def band_counts(scores: Sequence[ItemScore]) -> dict[str, tuple[int, int]]:
    """Genuine and manipulated items in each band of the verdicts, and without one."""
    counts = {band.value: [0, 0] for band in Band} | {"none": [0, 0]}
    for s in scores:
        counts[s.band or "none"][int(s.item.is_fake)] += 1
    return {band: (genuine, fake) for band, (genuine, fake) in counts.items()}


def rate_rows(card: ModelCard, scores: Sequence[ItemScore], in_domain: frozenset[str]) -> list[ErrorRates]:
    """Rows for a card: each set as a whole, and each manipulation against the genuine items of its set.

    Each face size and compression of a set that has several gets one too, where `MIN_CONDITION` items of both classes
    are there.
    Items without a score are left out. The rates are those at the card's own thresholds.

    Args:
        card: The model.
        scores: Of items of any sets.
        in_domain: Names of the sets of the kind that the model was trained on.
    """
    rows = []
    for dataset in sorted({s.item.dataset for s in scores}):
        own = [s for s in scores if s.item.dataset == dataset and s.p_fake is not None]
        kinds = by_kind(own)
        for condition, part in [("all", own), *(kinds if len(kinds) > 1 else []), *_card_conditions(own)]:
            if part:
                found = points_of(part)
                level = "image" if level_of(part) == "image" else "video"
                rows.append(
                    error_rates(
                        dataset, condition, level, dataset in in_domain, found.labels, found.p_fake, card.thresholds,
                        found.groups,
                    )
                )  # fmt: skip
    return rows


def _card_conditions(own: list[ItemScore]) -> list[Part]:
    parts: list[Part] = []
    for aspect, found in _aspects(own):
        if aspect in ("face size", "compression") and len(found) > 1:
            parts += [(name, part) for name, part in found if name != UNKNOWN and _is_enough(part)]
    return parts


def _is_enough(part: Sequence[ItemScore]) -> bool:
    fakes = sum(s.item.is_fake for s in part)
    return min(fakes, len(part) - fakes) >= MIN_CONDITION
