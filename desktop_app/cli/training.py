"""`cotejo train`."""

import dataclasses
import logging
from importlib import resources
from pathlib import Path

from desktop_app.cli.console import cancel_on_interrupt, progress_bar, write_out
from desktop_app.cli.outputs import training_messages, writing_to
from desktop_app.errors import InputError
from desktop_app.paths import user_models_dir


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
        InputError: The recipe or its data cannot be used.
        DeviceError: The device is not there.
        CaseError: The run or the model cannot be written.
        Cancelled: Ctrl+C; the checkpoint is on disk.
    """
    from desktop_app.training.export import export_model
    from desktop_app.training.recipe import load_recipe
    from desktop_app.training.train import Trainer

    recipe = load_recipe(find_recipe(recipe_path))
    if images is not None:
        recipe = dataclasses.replace(recipe, total_images=images)
    run_folder, folder = runs / recipe.model_id, out or user_models_dir() / recipe.model_id
    with training_messages(logging.INFO, "%(asctime)s %(message)s"):
        with writing_to(run_folder), cancel_on_interrupt() as cancel, progress_bar() as on_progress:
            trainer = Trainer(recipe, data, run_folder, workers, threads, device or "auto")
            trainer.run(on_progress, cancel)
        with writing_to(folder):
            card = export_model(trainer, folder)
    write_out(f"{card.model_id} is in {folder}")
    for row in card.error_rates:
        write_out(f"  {row.dataset}: AUC {row.auc}, EER {row.eer}, ECE {row.ece}")
