"""Brings a model of others into the user's models folder, with a card that claims nothing that was not measured."""

import dataclasses
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from desktop_app.detectors.cards import CARD_FILE, check_card, load_card, write_card
from desktop_app.detectors.importing.convert import convert_checkpoint, convert_onnx
from desktop_app.detectors.importing.files import ONNX_SUFFIX, check_file
from desktop_app.detectors.importing.options import ImportOptions, merge, read_options, read_table
from desktop_app.detectors.importing.selftest import SelfTest, run_self_test
from desktop_app.detectors.loading import ONNX, load_detector
from desktop_app.detectors.registry import list_cards
from desktop_app.detectors.weights import file_sha256
from desktop_app.domain import ModelCard, Thresholds
from desktop_app.errors import ModelError
from desktop_app.paths import shipped_models_dir, user_models_dir

UNVALIDATED = Thresholds(decision=0.5, strong_genuine=0.0, inconclusive_low=0.0, inconclusive_high=1.0, strong_fake=1.0)
"""Every score is inconclusive: nobody measured what it means."""
NOT_VALIDATED = "Not validated: it came without a measured calibration, so every verdict stays inconclusive."
_FOREIGN_FIGURES = "Its figures come with the card it was imported with; they were not measured on this computer."


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """A model that was installed.

    Args:
        card: Its card.
        folder: Where it lies.
        test: What the self-test saw.
    """

    card: ModelCard
    folder: Path
    test: SelfTest


def import_model(file: Path, over: ImportOptions | None = None, card_file: Path | None = None) -> Imported:
    """Convert, test and install a model.

    Args:
        file: Checkpoint (torch, safetensors), MesoNet of Keras (HDF5) or ONNX classifier.
        over: What the user states; it goes before the template.
        card_file: A template as `options.TEMPLATE`, or the whole card of this very file.

    Raises:
        ModelError: The file, the card or the id cannot be used, or the self-test failed.
    """
    check_file(file)
    table = read_table(card_file) if card_file else {}
    root = user_models_dir()
    root.mkdir(parents=True, exist_ok=True)
    # beside its place, so that the last step is a rename; a dot keeps it out of the list of models
    with tempfile.TemporaryDirectory(prefix=".import-", dir=root) as name:
        stage = Path(name) / "model"
        stage.mkdir()
        if card_file and "weights_sha256" in table:
            card = _with_whole_card(file, card_file, over or ImportOptions(), stage)
        else:
            options = merge(read_options(table, card_file.name if card_file else ""), over or ImportOptions())
            card = _with_options(file, options, stage)
        _check_id(card.model_id)
        test = run_self_test(load_detector(card, stage, "cpu"))
        if card.architecture == ONNX:
            _refuse_probabilities(card, test)
        write_card(card, stage / CARD_FILE)
        folder = root / card.model_id
        os.replace(stage, folder)
    return Imported(card, folder, test)


def _check_id(model_id: str) -> None:
    if not re.fullmatch(r"\w[\w.-]*", model_id) or model_id.endswith(".") or len(model_id) > 80:
        raise ModelError(f"“{model_id}” cannot be the id of a model.", "Use letters, digits, dots and dashes.")
    if model_id in {card.model_id for card in list_cards()}:
        raise ModelError(f"There is a model “{model_id}” already.", "Give it another id, or remove that model.")
    for place in (root / model_id for root in (user_models_dir(), shipped_models_dir())):
        if place.exists():
            raise ModelError(
                f"The folder “{place}” is there already.", "Give the model another id, or remove that folder."
            )


def _with_whole_card(file: Path, card_file: Path, over: ImportOptions, stage: Path) -> ModelCard:
    card = load_card(card_file)
    changed = [f.name for f in dataclasses.fields(over) if getattr(over, f.name) not in (None, ())]
    if set(changed) - {"model_id", "name"}:
        raise ModelError(
            "A whole card cannot be changed while it is imported.", f"Leave out {', '.join(changed)}, or edit the card."
        )
    if file_sha256(file) != card.weights_sha256:
        hint = (
            "Its weights_sha256 differs. A mean of networks needs the card that was written with it; "
            "to make another one: cotejo models combine."
            if card.members
            else "Its weights_sha256 differs. To use it as a template, take out that line and all figures."
        )
        raise ModelError(f"The card {card_file.name} describes another file than {file.name}.", hint)
    has_figures = card.error_rates or card.bands
    limit = _FOREIGN_FIGURES if has_figures else NOT_VALIDATED
    shutil.copyfile(file, stage / card.weights_file)
    return dataclasses.replace(
        card,
        model_id=over.model_id or card.model_id,
        name=over.name or card.name,
        limits=card.limits if limit in card.limits else (*card.limits, limit),
        thresholds=card.thresholds if has_figures else UNVALIDATED,
    )


def _with_options(file: Path, options: ImportOptions, stage: Path) -> ModelCard:
    is_onnx = file.suffix.lower() == ONNX_SUFFIX
    model = (convert_onnx if is_onnx else convert_checkpoint)(file, options, stage)
    stem = re.sub(r"[^a-z0-9.-]+", "-", file.stem.lower()).strip(".-") or "model"
    origin = f"Imported from {file.name} (SHA-256 {file_sha256(file)})."
    assumed = f"Assumed at import, because nothing said otherwise: {'; '.join(model.assumed)}." if model.assumed else ""
    try:
        card = ModelCard(
            model_id=options.model_id or stem,
            name=options.name or file.stem,
            version=options.version or "1",
            architecture=model.architecture,
            weights_file=model.weights_file,
            weights_sha256=file_sha256(stage / model.weights_file),
            classes=model.classes,
            genuine_class=model.genuine_class,
            input_size_px=model.input_size_px,
            mean=model.mean,
            std=model.std,
            crop_margin=model.crop_margin,
            temperature=1.0,
            bias=0.0,
            thresholds=UNVALIDATED,
            min_face_px=options.min_face_px or 50,
            parameters=model.parameters,
            training_data=options.training_data,
            error_rates=(),
            limits=tuple(filter(None, (NOT_VALIDATED, assumed, *options.limits, origin))),
            licence=options.licence or "not stated",
            created=datetime.now(UTC).date().isoformat(),
            outputs=model.outputs if model.outputs != len(model.classes) else None,
        )
        check_card(card)
    except ValueError as error:
        raise ModelError(f"What is said of the model contradicts it ({model.outputs} outputs).", str(error)) from error
    return card


def _refuse_probabilities(card: ModelCard, test: SelfTest) -> None:
    """Softmax over softmax would squeeze every score into the middle."""
    scores = test.logits
    if scores.shape[1] > 1 and scores.min() >= 0 and np.allclose(scores.sum(axis=1), 1, atol=1e-3):
        raise ModelError(
            f"“{card.name}” gives probabilities, not logits.", 'Say output = "probabilities" in a card template.'
        )
