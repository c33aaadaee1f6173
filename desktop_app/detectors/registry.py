"""Finds the models that ship with the program and those a user added."""

import logging
import shutil
from pathlib import Path

from desktop_app.detectors.cards import CARD_FILE, load_card
from desktop_app.domain import ModelCard
from desktop_app.errors import ModelError, plain_cause
from desktop_app.paths import shipped_models_dir, user_models_dir

log = logging.getLogger(__name__)

DEFAULT_MODEL_ID = "cotejo-trio-1"


def list_models() -> list[tuple[ModelCard, Path]]:
    """Every model with its folder, shipped ones first, by id; a damaged card is logged and left out.

    A user's model with the id of a shipped one does not replace it, not even where the shipped card is damaged:
    shipped models lie in folders named by their ids.
    """
    found: dict[str, tuple[ModelCard, Path]] = {}
    shipped = shipped_models_dir()
    reserved = {path.parent.name for path in shipped.glob(f"*/{CARD_FILE}")}
    for root in (shipped, user_models_dir()):
        # a folder that begins with a dot is on its way in or out
        for path in sorted(root.glob(f"[!.]*/{CARD_FILE}")):
            try:
                card = load_card(path)
            except ModelError as error:
                log.warning("%s %s", error.user_message, error.hint)
                continue
            if card.model_id in found or (root != shipped and card.model_id in reserved):
                log.warning("a second model with the id %s in %s is ignored", card.model_id, path.parent)
                continue
            found[card.model_id] = (card, path.parent)
    return list(found.values())


def list_cards() -> list[ModelCard]:
    """The card of every model, shipped ones first."""
    return [card for card, _ in list_models()]


def find_card(model_id: str | None = None) -> tuple[ModelCard, Path]:
    """Look a model up.

    Args:
        model_id: The id; None or empty is the default model.

    Returns:
        The card and the folder in which its weights lie.

    Raises:
        ModelError: There is no such model.
    """
    wanted = model_id or DEFAULT_MODEL_ID
    models = list_models()
    for card, folder in models:
        if card.model_id == wanted:
            return card, folder
    known = ", ".join(card.model_id for card, _ in models) or "none"
    raise ModelError(f"There is no model “{wanted}”.", f"Installed models: {known}.")


def remove_model(model_id: str) -> None:
    """Delete a model that a user added.

    Args:
        model_id: The id.

    Raises:
        ModelError: There is no such model, it came with the program, or its files cannot be deleted.
    """
    card, folder = find_card(model_id)
    if folder.parent != user_models_dir():
        raise ModelError(
            f"“{card.name}” came with the program and cannot be removed.", "Only models of your own can be removed."
        )
    # out of the list first, so that no half of it is ever found; a dot keeps it out
    aside = folder.with_name(f".removed-{folder.name}")
    try:
        folder.rename(aside)
        shutil.rmtree(aside)
    except OSError as error:
        raise ModelError(f"“{card.name}” cannot be removed.", plain_cause(error)) from error
