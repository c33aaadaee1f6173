"""The files that a run leaves beside its checkpoint: recipe, history, hashes of its data, and environment."""

import csv
import dataclasses
import hashlib
import io
import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PureWindowsPath
from typing import Any

import torch

import desktop_app
from desktop_app.errors import InputError, plain_cause
from desktop_app.files import replacing
from desktop_app.training.manifest import read_table
from desktop_app.training.recipe import PhaseSpec, Recipe

CHECKPOINT = "checkpoint.pt"
HISTORY = "history.csv"
CURVES = "curves.png"
RECIPE = "recipe.json"
DATA = "data.json"
ENVIRONMENT = "environment.json"
RUN_FILES = (RECIPE, DATA, ENVIRONMENT, HISTORY, CURVES)
# what a run cannot change half way: its net, its place in the stream, which groups it has not seen, and what is best
_FIXED = (
    "architecture", "outputs", "classes", "input_size_px", "crop_margin", "mean", "std", "feed", "batch_size",
    "optimiser", "best_by", "validation_share", "validation_seed", "seed",
)  # fmt: skip
_LIBRARIES = ("torch", "torchvision", "numpy", "opencv-python-headless", "pillow", "scipy", "scikit-learn")


def replace_file(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    with replacing(path) as part:
        part.write_bytes(content)


def plain_recipe(recipe: Recipe) -> dict[str, object]:
    """A recipe as it is written down: defaults included, of absolute paths the last part alone."""
    table = dataclasses.asdict(recipe)
    table["start_weights"] = plain_path(recipe.start_weights)
    for source in table["sources"]:
        source["manifest"] = plain_path(source["manifest"])
    return table


def plain_path(path: str) -> str:
    """A path without the folders of this computer: relative as it is, of an absolute one its last part.

    >>> plain_path("faces/manifest.csv"), plain_path("/faces/a.csv"), plain_path("D:/faces/b.csv")
    ('faces/manifest.csv', 'a.csv', 'b.csv')
    """
    is_absolute = Path(path).is_absolute() or PureWindowsPath(path).is_absolute()
    return PureWindowsPath(path).name if is_absolute else path


def write_recipe(recipe: Recipe, out: Path) -> None:
    """Write the whole recipe as `plain_recipe` gives it."""
    replace_file(out / RECIPE, json.dumps(plain_recipe(recipe), indent=2).encode())


def read_recipe(out: Path) -> Mapping[str, object]:
    """The recipe of the run in a folder, empty where it cannot be read."""
    try:
        table = json.loads((out / RECIPE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}


def changed_entries(recipe: Recipe, before: Mapping[str, object]) -> list[str]:
    """Entries of a recipe that a run cannot change half way and that differ from those it began with.

    Args:
        recipe: As it is now.
        before: As `read_recipe` gives it.
    """
    now = json.loads(json.dumps(dataclasses.asdict(recipe)))
    return [name for name in _FIXED if name in before and before[name] != now[name]]


def measures_alike(recipe: Recipe, before: Mapping[str, object]) -> bool:
    """Whether validation by a recipe and by the one before look at the same sets and the same kind of own forgeries.

    Args:
        recipe: As it is now.
        before: As `read_recipe` gives it.
    """

    def looked_at(table: Mapping[str, Any]) -> list[object]:
        sources = [
            (s["name"], s["manifest"], s["nominal"], s["genuine_weight"] > 0, s["fake_weight"] > 0)
            for s in table["sources"]
        ]
        return [sources, table["blend_share"] > 0, table["blend"]]

    now = json.loads(json.dumps(plain_recipe(recipe)))
    try:
        return looked_at(before) == looked_at(now)
    except (KeyError, TypeError):
        return False


def unfrozen_shares(before: Mapping[str, object]) -> list[object]:
    """What each phase of a run trains.

    Args:
        before: As `read_recipe` gives it.
    """
    phases = before.get("phases")
    rows = phases if isinstance(phases, list) else []
    shares: list[object] = [row.get("unfrozen_share") for row in rows if isinstance(row, dict)]
    return shares or [PhaseSpec(images=1).unfrozen_share]


def write_history(history: Sequence[Mapping[str, float]], out: Path) -> None:
    """Write one CSV row per validation."""
    text = io.StringIO(newline="")
    names = list(dict.fromkeys(name for row in history for name in row))
    writer = csv.DictWriter(text, fieldnames=names, restval="")
    writer.writeheader()
    writer.writerows(history)
    replace_file(out / HISTORY, text.getvalue().encode())


def describe_data(recipe: Recipe, data: Path) -> dict[str, object]:
    """What the run learns from, so that another can tell whether it has the same.

    Args:
        recipe: The run.
        data: Folder that manifests are relative to.

    Returns:
        Per set: its manifest with SHA-256, the number of images, and the SHA-256 of the sorted lines
        ``path<TAB>size`` of all images (size -1 where one is missing).

    Raises:
        InputError: A manifest cannot be read.
    """
    result: dict[str, object] = {}
    for source in recipe.sources:
        manifest = data / source.manifest
        lines = sorted(f"{r['path']}\t{_size(manifest.parent / r['path'])}\n" for r in read_table(manifest, "images"))
        result[source.name] = {
            "manifest": plain_path(source.manifest),
            "manifest_sha256": _sha256(manifest),
            "images": len(lines),
            "images_sha256": hashlib.sha256("".join(lines).encode()).hexdigest(),
        }
    return result


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"The list of images {path} cannot be read.", plain_cause(error)) from error


def describe_environment(device: str, precision: str, workers: int) -> dict[str, object]:
    """Versions and machine, without names of people, hosts or folders."""
    gpu = torch.cuda.get_device_name() if device == "cuda" else None
    return {
        "cotejo": desktop_app.__version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "device": device if gpu is None else f"{device}: {gpu}",
        "precision": precision,
        "threads": torch.get_num_threads(),
        "processors": os.cpu_count(),
        "workers": workers,
        "libraries": {name: _version(name) for name in _LIBRARIES},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def append_record(path: Path, step: int, record: Mapping[str, object]) -> bool:
    """Add a record to a list of what held from which step on, where it differs from the last one.

    Args:
        path: The JSON file.
        step: From which step on it holds.
        record: Plain values.

    Returns:
        Whether something else held before.
    """
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = []
    last = {k: v for k, v in before[-1].items() if k != "from_step"} if before else None
    if last == record:
        return False
    replace_file(path, json.dumps([*before, {"from_step": step, **record}], indent=2).encode())
    return last is not None
