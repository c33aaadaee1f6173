"""Where a model is written: not over another one, and into its place only once it is whole."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from desktop_app.detectors import CARD_FILE, list_models
from desktop_app.errors import InputError
from desktop_app.paths import shipped_models_dir
from desktop_app.training.recipe import Recipe
from desktop_app.training.run_files import CHECKPOINT, RUN_FILES, changed_entries, read_recipe

WEIGHTS_FILE = "weights.pt"
_PREFIX = ".cotejo-"
# the card last: it makes a model of the files
MODEL_FILES = (WEIGHTS_FILE, *RUN_FILES, CARD_FILE)


def under_own_id(recipe: Recipe) -> Recipe:
    """The recipe; where a model that ships has its id, with ``-own`` after it, for a user's model cannot take that."""
    if not (shipped_models_dir() / recipe.model_id / CARD_FILE).is_file():
        return recipe
    return replace(recipe, model_id=f"{recipe.model_id}-own", name=f"{recipe.name} (own)")


def require_free(recipe: Recipe, folder: Path, run: Path | None = None) -> None:
    """Check that a model of the user's can be written under the recipe's id.

    Args:
        recipe: With the id.
        folder: Where the model would go.
        run: Folder of the run that it comes of: what the same run wrote before may be replaced.

    Raises:
        InputError: A model of this id is there, and it is not this run's own.
    """
    others = [place for card, place in list_models() if card.model_id == recipe.model_id and place != folder]
    is_taken = (folder / CARD_FILE).exists() and not (run is not None and _is_own(recipe, folder, run))
    if others or is_taken:
        raise InputError(
            f"There is a model “{recipe.model_id}” already, in {others[0] if others else folder}.",
            "Give the recipe another model_id, choose another folder with --out, or remove that model.",
        )


def _is_own(recipe: Recipe, folder: Path, run: Path) -> bool:
    before = read_recipe(folder)
    is_same = before.get("model_id") == recipe.model_id and not changed_entries(recipe, before)
    return is_same and (run / CHECKPOINT).is_file()


@contextmanager
def placing(folder: Path) -> Iterator[Path]:
    """A temporary folder whose files take their places in `folder` once the block has ended without an error.

    A model that is in `folder` stays whole until then, and on any error for good; other files there are left alone.

    Args:
        folder: Where the model goes; made if need be.
    """
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        # within the folder, which may be a volume of its own; two levels down no card is found
        with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=folder, ignore_cleanup_errors=True) as name:
            new, old = Path(name) / "new", Path(name) / "old"
            new.mkdir()
            old.mkdir()
            yield new
            _change_over(new, folder, old)
            # also what a killed run left
            for place in folder.glob(f"{_PREFIX}*"):
                shutil.rmtree(place, ignore_errors=True)
    except BaseException:
        if is_new:
            with suppress(OSError):
                folder.rmdir()
        raise


def _change_over(new: Path, folder: Path, old: Path) -> None:
    steps = [(folder / name, old / name) for name in reversed(MODEL_FILES)]
    steps += [(new / name, folder / name) for name in MODEL_FILES]
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in steps:
            if source.exists():
                os.replace(source, target)
                done.append((source, target))
    except OSError:
        for source, target in reversed(done):
            os.replace(target, source)
        raise
