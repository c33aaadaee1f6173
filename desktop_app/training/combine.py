"""Several networks as one model: the mean of their logits, calibrated on validation groups."""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from desktop_app.detectors import CARD_FILE, find_card, load_card, load_detector, write_card
from desktop_app.detectors.loading import ONNX
from desktop_app.detectors.weights import read_state_dict, write_state_dict
from desktop_app.domain import ENSEMBLE, DataSource, Member, ModelCard
from desktop_app.errors import InputError, ModelError
from desktop_app.progress import CancelToken, ProgressFn, ignore_progress
from desktop_app.training import run_files
from desktop_app.training.export import calibrated_card, draft_card
from desktop_app.training.placing import WEIGHTS_FILE, placing
from desktop_app.training.recipe import Recipe
from desktop_app.training.start import load_samples

log = logging.getLogger(__name__)


def combine_models(
    names: Sequence[str],
    recipe: Recipe,
    data: Path,
    folder: Path,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> ModelCard:
    """Write a model whose score is the mean of the logits of several, each at its own input size and crop.

    Args:
        names: Ids or folders of two models or more; the first is the one that heatmaps explain, and no other takes a
            wider crop.
        recipe: Identity of the model that comes out, and what it is calibrated on, with the crop margin of the first
            model; networks and input size are those of the models.
        data: Folder that the recipe's manifests are relative to.
        folder: Where the model goes; made if need be.
        on_progress: Stage ``"calibrate"`` in images.
        cancel: Checked per batch.

    Raises:
        ModelError: A model is missing, damaged, or cannot be averaged with the others.
        InputError: The recipe or its data cannot be used, or a model was trained on what it would be calibrated on.
        Cancelled: The token was cancelled; the folder is as it was, like after any error.
    """
    found = [_find(name) for name in names]
    cards = [card for card, _ in found]
    _check_alike(cards, recipe)
    for card, place in found:
        _check_held_out(card, place, recipe)
        if place.resolve() == folder.resolve():
            raise InputError(f"{folder} holds one of the models.", "Choose another folder with --out.")
    samples = load_samples(recipe, data)
    with placing(folder) as stage:
        _write_weights(found, stage / WEIGHTS_FILE)
        draft = _draft(cards, recipe, stage)
        card = calibrated_card(load_detector(draft, stage, "cpu"), recipe, samples, on_progress, cancel)
        _write_run_files(recipe, data, stage)
        write_card(card, stage / CARD_FILE)
    return card


def _find(name: str) -> tuple[ModelCard, Path]:
    path = Path(name)
    return (load_card(path / CARD_FILE), path) if (path / CARD_FILE).is_file() else find_card(name)


def _check_alike(cards: Sequence[ModelCard], recipe: Recipe) -> None:
    if len(cards) < 2:
        raise ModelError("A mean needs two models or more.")
    for number, card in enumerate(cards):
        if any(card.weights_sha256 == before.weights_sha256 for before in cards[:number]):
            raise ModelError(f"“{card.name}” is named twice: it would count double.", "Name each model once.")
        if card.members or card.architecture == ONNX:
            kind = "has several networks already" if card.members else "is an ONNX model"
            raise ModelError(f"“{card.name}” {kind}: it cannot be averaged.", "Name models of one network each.")
        if (card.classes, card.output_count) != (recipe.class_names, recipe.output_count):
            raise ModelError(
                f"“{card.name}” and the recipe {recipe.model_id} differ in classes or outputs.",
                f"The model has {', '.join(card.classes)} and {card.output_count} outputs.",
            )
    margins = [card.crop_margin for card in cards]
    if recipe.crop_margin != margins[0] or margins[0] < max(margins):
        raise ModelError(
            f"The recipe {recipe.model_id} and the first model need the largest crop margin, {max(margins):g}.",
            f"The recipe has {recipe.crop_margin:g}, the models {', '.join(f'{m:g}' for m in margins)}.",
        )


def _check_held_out(card: ModelCard, folder: Path, recipe: Recipe) -> None:
    """Raise InputError where a model was trained on groups that the recipe validates on."""
    before = run_files.read_recipe(folder)
    if not before:
        log.warning("nothing says what %s was trained on: it may have seen what it is calibrated on", card.model_id)
    now = json.loads(json.dumps(run_files.plain_recipe(recipe)))
    changed = [name for name in ("validation_share", "validation_seed") if before and before.get(name) != now[name]]
    if changed:
        raise InputError(
            f"{card.model_id} kept other groups out of its training than {recipe.model_id}: {', '.join(changed)}.",
            "Give the recipe the values of the models, or it would be calibrated on images they have learnt.",
        )


def _write_weights(found: Sequence[tuple[ModelCard, Path]], path: Path) -> None:
    state: dict[str, torch.Tensor] = {}
    for number, (card, folder) in enumerate(found):
        own = read_state_dict(folder / card.weights_file, card.weights_sha256)
        state |= {f"{number}.{key}": value for key, value in own.items()}
    floats = [value for value in state.values() if value.is_floating_point()]
    # half the size where nothing is lost by it
    write_state_dict(state, path, half=all(torch.equal(value, value.half().float()) for value in floats))


def _draft(cards: Sequence[ModelCard], recipe: Recipe, folder: Path) -> ModelCard:
    sources: dict[str, DataSource] = {}
    for source in (source for card in cards for source in card.training_data):
        if source.name not in sources or source.count > sources[source.name].count:
            sources[source.name] = source
    size_px = max(card.input_size_px for card in cards)
    plain = draft_card(replace(recipe, input_size_px=size_px, mean=cards[0].mean, std=cards[0].std), folder)
    parts = [f"{card.model_id} ({card.architecture}, {card.input_size_px} px)" for card in cards]
    names = f"{', '.join(parts[:-1])} and {parts[-1]}"
    limits = [f"Its score is the mean of the logits of {names}; heatmaps show where the first of them looked."]
    sides = [1.0 + card.crop_margin for card in cards]
    if min(sides) < sides[0]:
        limits.append(
            f"Its networks are shown squares of {min(sides):g} to {sides[0]:g} times the longer side of a face's box."
        )
    return replace(
        plain,
        architecture=ENSEMBLE,
        members=tuple(
            Member(c.model_id, c.weights_sha256, c.architecture, c.input_size_px, c.mean, c.std, side / sides[0])
            for c, side in zip(cards, sides, strict=True)
        ),
        parameters=sum(card.parameters for card in cards),
        training_data=tuple(sources.values()),
        limits=(*plain.limits, *limits),
    )


def _write_run_files(recipe: Recipe, data: Path, folder: Path) -> None:
    run_files.write_recipe(recipe, folder)
    for name, record in (
        (run_files.DATA, run_files.describe_data(recipe, data)),
        (run_files.ENVIRONMENT, run_files.describe_environment("cpu", "float32", 0)),
    ):
        run_files.append_record(folder / name, 0, record)
