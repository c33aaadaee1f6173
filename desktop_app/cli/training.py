"""`cotejo train`."""

import dataclasses
import logging
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from desktop_app.cli.codes import CANCELLED
from desktop_app.cli.console import cancel_on_interrupt, complain, progress_bar, write_out
from desktop_app.cli.outputs import training_messages, writing_to
from desktop_app.errors import InputError
from desktop_app.paths import user_models_dir
from desktop_app.progress import Cancelled

if TYPE_CHECKING:
    from desktop_app.domain import ModelCard
    from desktop_app.training.recipe import Recipe


def find_recipe(recipe: Path) -> Path:
    """A recipe's file: as given, or the shipped one of that id.

    Raises:
        InputError: Neither exists.
    """
    if recipe.is_file():
        return recipe
    shipped = Path(str(resources.files("desktop_app.training"))) / "recipes"
    path = shipped / f"{recipe}.toml"
    if path.is_file():
        return path
    known = ", ".join(sorted(p.stem for p in shipped.glob("*.toml")))
    raise InputError(f"There is no recipe “{recipe}”.", f"Give a TOML file or one of: {known}.")


def run_training(
    recipe_path: Path,
    data: Path,
    runs: Path,
    images: int | None,
    threads: int,
    workers: int,
    out: Path | None,
    device: str | None = None,
) -> None:
    """Train to the end of the recipe, or go on where the run stopped, and export the model.

    Raises:
        InputError: The recipe or its data cannot be used, or another model has its id.
        DeviceError: The device is not there.
        CaseError: The run or the model cannot be written.
        Exit: Ctrl+C; the checkpoint is on disk, and that was said.
    """
    from desktop_app.training.export import export_model
    from desktop_app.training.recipe import load_recipe
    from desktop_app.training.train import Trainer

    recipe = load_recipe(find_recipe(recipe_path))
    if images is not None:
        recipe = dataclasses.replace(recipe, total_images=images)
    run_folder = runs / recipe.model_id
    recipe, folder = _place(recipe, out, run_folder)
    if out is not None:
        # not after hours of training
        with writing_to(out):
            out.mkdir(parents=True, exist_ok=True)
    again = "The same command goes on from there."
    with training_messages(logging.INFO, "%(asctime)s %(message)s"), cancel_on_interrupt() as cancel:
        try:
            with writing_to(run_folder), progress_bar() as on_progress:
                trainer = Trainer(recipe, data, run_folder, workers, threads, device or "auto")
                trainer.run(on_progress, cancel)
        except Cancelled as stopped:
            complain("Stopped", f"The run is kept in {run_folder} as far as it got.", again)
            raise typer.Exit(CANCELLED) from stopped
        try:
            with writing_to(folder), progress_bar() as on_progress:
                # a model may have come meanwhile
                _place(recipe, out, run_folder)
                card = export_model(trainer, folder, on_progress, cancel)
        except Cancelled as stopped:
            complain("Stopped", f"The run in {run_folder} is at its end, but not calibrated.", again)
            raise typer.Exit(CANCELLED) from stopped
    _show(card, folder)


def run_combining(names: Sequence[str], recipe_path: Path, data: Path, out: Path | None) -> None:
    """Make one model of several and calibrate it.

    Raises:
        ModelError: A model is missing or cannot be averaged with the others.
        InputError: The recipe or its data cannot be used, or another model has its id.
        CaseError: The model cannot be written.
        Cancelled: Ctrl+C; there is no model then.
    """
    from desktop_app.training.combine import combine_models
    from desktop_app.training.recipe import load_recipe

    recipe, folder = _place(load_recipe(find_recipe(recipe_path)), out)
    with training_messages(logging.WARNING, "%(message)s"), writing_to(folder):
        with cancel_on_interrupt() as cancel, progress_bar() as on_progress:
            card = combine_models(names, recipe, data, folder, on_progress, cancel)
    _show(card, folder)


def _place(recipe: "Recipe", out: Path | None, run: Path | None = None) -> tuple["Recipe", Path]:
    """The recipe, under an id that its model can have, and the folder of the model.

    Args:
        recipe: As it was read.
        out: The folder that was asked for; there the model has whatever id the recipe gives.
        run: See `placing.require_free`.

    Raises:
        InputError: Another model of the user's has the id.
    """
    from desktop_app.training.placing import require_free, under_own_id

    if out is not None:
        return recipe, out
    own = under_own_id(recipe)
    if own != recipe:
        complain("Note", f"A model that ships is called {recipe.model_id}: yours goes by {own.model_id}.")
    folder = user_models_dir() / own.model_id
    require_free(own, folder, run)
    return own, folder


def _show(card: "ModelCard", folder: Path) -> None:
    write_out(f"{card.model_id} is in {folder}")
    for row in card.error_rates:
        write_out(f"  {row.dataset}: AUC {row.auc}, EER {row.eer}, ECE {row.ece}")
