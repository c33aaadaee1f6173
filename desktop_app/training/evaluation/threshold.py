"""The threshold at which a model is judged, and where it came from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from desktop_app.domain import ModelCard
from desktop_app.errors import InputError
from desktop_app.training.evaluation.items import EvalItem, ItemScore
from desktop_app.training.metrics import best_f1_threshold, best_youden_threshold, threshold_at_fpr

RULES = "f1, youden or fpr=RATE"
_FPR = "fpr="


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold on the calibrated probability of fake; above it an item counts as manipulated.

    Args:
        value: The threshold.
        rule: ``"card"``, ``"f1"``, ``"youden"`` or ``"fpr=…"``.
        source: A sentence that says where it came from.
        n_genuine, n_fake: Items that it was chosen on, 0 for that of the card.
        manifest_sha256: List of those items, empty for that of the card.
    """

    value: float
    rule: str
    source: str
    n_genuine: int = 0
    n_fake: int = 0
    manifest_sha256: str = ""


def card_threshold(card: ModelCard) -> Threshold:
    """The threshold that the model ships with."""
    source = f"The decision threshold in the card of {card.model_id}, chosen on its validation data."
    return Threshold(card.thresholds.decision, "card", source)


def check_rule(rule: str) -> None:
    """Refuse a rule that is none before anything is scored.

    Raises:
        InputError: The rule is unknown.
    """
    if rule not in ("f1", "youden") and _rate(rule) is None:
        raise InputError(f"A threshold cannot be chosen by “{rule}”.", f"Choose {RULES}, such as fpr=0.01.")


def _rate(rule: str) -> float | None:
    try:
        rate = float(rule.removeprefix(_FPR)) if rule.startswith(_FPR) else -1.0
    except ValueError:
        return None
    return rate if 0.0 <= rate < 1.0 else None


def check_apart(chosen_on: Sequence[EvalItem], reported: Sequence[EvalItem]) -> None:
    """Refuse to choose a threshold on what is reported: a file or a group that is in both, or a test split.

    Args:
        chosen_on: Items that the threshold shall be chosen on.
        reported: Items that are judged at it.

    Raises:
        InputError: They are not apart.
    """
    hint = "Choose it on validation items of other videos and people."
    if any(item.split == "test" for item in chosen_on):
        raise InputError("A threshold must not be chosen on a test split.", hint)
    files = {item.path.resolve() for item in reported}
    if shared := [item.path.name for item in chosen_on if item.path.resolve() in files]:
        raise InputError(
            f"{len(shared)} items are both reported and used to choose the threshold, for example {shared[0]}.", hint
        )
    groups = {item.group for item in reported}
    if common := sorted({item.group for item in chosen_on} & groups):
        raise InputError(
            f"{len(common)} groups are both reported and used to choose the threshold, for example {common[0]}.", hint
        )


def choose_threshold(rule: str, scores: Sequence[ItemScore], where: str, sha256: str) -> Threshold:
    """Choose a threshold on validation items.

    Args:
        rule: As in `RULES`.
        scores: Of the validation items.
        where: Their list and split, for people.
        sha256: Hash of the list.

    Raises:
        InputError: The rule is unknown, or one of the classes has no scored item.
    """
    check_rule(rule)
    scored = [s for s in scores if s.p_fake is not None]
    labels = np.array([int(s.item.is_fake) for s in scored], dtype=np.int64)
    p_fake = np.array([s.p_fake for s in scored], dtype=np.float64)
    if len(np.unique(labels)) < 2:
        raise InputError("A threshold needs scored items of both labels.", "Choose another list of validation items.")
    rate = _rate(rule)
    if rate is not None:
        value = threshold_at_fpr(p_fake[labels == 0], rate)
    else:
        value = best_f1_threshold(labels, p_fake) if rule == "f1" else best_youden_threshold(labels, p_fake)
    n_fake = int(labels.sum())
    source = (
        f"Chosen by {rule} on {where}: {len(labels) - n_fake} genuine and {n_fake} manipulated items, none of which is "
        "reported here."
    )
    return Threshold(value, rule, source, len(labels) - n_fake, n_fake, sha256)
