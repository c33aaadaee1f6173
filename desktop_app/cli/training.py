"""`cotejo train`."""

import dataclasses
import logging
from importlib import resources
from pathlib import Path

from desktop_app.cli.console import cancel_on_interrupt, progress_bar, write_out
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
        Cancelled: Ctrl+C; the checkpoint is on disk.
    """
    from desktop_app.training.export import export_model
    from desktop_app.training.recipe import load_recipe
    from desktop_app.training.train import Trainer

    _log_to_stderr()
    recipe = load_recipe(find_recipe(recipe_path))
    if images is not None:
        recipe = dataclasses.replace(recipe, total_images=images)
    trainer = Trainer(recipe, data, runs / recipe.model_id, workers, threads, device or "auto")
    with cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        trainer.run(on_progress, cancel)
    folder = out or user_models_dir() / recipe.model_id
    card = export_model(trainer, folder)
    write_out(f"{card.model_id} is in {folder}")
    for row in card.error_rates:
        write_out(f"  {row.dataset}: AUC {row.auc}, EER {row.eer}, ECE {row.ece}")


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logging.getLogger("desktop_app.training").addHandler(handler)
    logging.getLogger("desktop_app.training").setLevel(logging.INFO)
