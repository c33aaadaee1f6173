"""`cotejo dataset`: lists, splits, face crops and checks of training data."""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.codes import UsageError
from desktop_app.cli.console import cancel_on_interrupt, complain, progress_bar, write_out
from desktop_app.cli.outputs import training_messages, writing_to

if TYPE_CHECKING:
    from desktop_app.training.integrity import Duplicate, FileFacts
    from desktop_app.training.manifest import Sample

PROBLEMS = "problems.csv"
DUPLICATES = "duplicates.csv"


def parse_shares(text: str) -> tuple[float, float, float]:
    """Shares of train, validation and test from ``70/15/15``.

    Raises:
        UsageError: It is none, or the parts do not sum to 100.

    >>> parse_shares("70/15/15")
    (0.7, 0.15, 0.15)
    """
    if not re.fullmatch(r"\d+(\.\d+)?(/\d+(\.\d+)?){2}", text):
        raise UsageError(f"“{text}” is no split.", "Write train/validation/test in percent, such as 70/15/15.")
    train, val, test = (float(part) / 100 for part in text.split("/"))
    if abs(train + val + test - 1) > 1e-6:
        raise UsageError(f"The parts of the split {text} do not sum to 100.", "Such as 70/15/15.")
    return train, val, test


def build_list(tree: Path, out: Path, layout: str, split: str, seed: int, group: str, name: str) -> None:
    """Write the list of a tree.

    Raises:
        UsageError: The split or layout is none.
        InputError: The tree cannot be used, or a group is in more than one split.
    """
    from desktop_app.training.datasets import LAYOUTS, build
    from desktop_app.training.manifest import write_manifest

    if layout not in LAYOUTS:
        raise UsageError(f"There is no layout “{layout}”.", f"Choose one of {', '.join(LAYOUTS)}.")
    shares = parse_shares(split) if split else None
    with training_messages(logging.WARNING, "%(message)s"):
        samples = build(layout, tree, name or _set_name(tree), shares, seed, group)
    with writing_to(out):
        write_manifest(samples, out)
    _describe(samples)
    write_out(f"Written to {out}")


def _set_name(place: Path) -> str:
    """Name of a set: of its folder, or of the folder that its list lies in. A split hangs on it."""
    whole = place.resolve()
    return whole.name if whole.is_dir() else whole.parent.name


def split_list(manifest: Path, out: Path, split: str, seed: int, name: str = "") -> None:
    """Write a list again with another split by group; all its columns stay.

    A list in the folder of its images is split as `build_list` would split these.

    Raises:
        UsageError: The split is none.
        InputError: The list cannot be used, or names a file under groups of two parts.
    """
    from desktop_app.training.manifest import check_disjoint, read_manifest, read_table, split_by_group, write_manifest

    whole = read_manifest(manifest, name or _set_name(manifest), has_split=False)
    samples = split_by_group(whole, parse_shares(split), seed)
    check_disjoint(samples)
    rows = read_table(manifest, "images")
    known = {"path", "label", "group", "split"}
    extra = [{k: v for k, v in row.items() if k and k not in known} for row in rows]
    with writing_to(out):
        write_manifest(samples, out, extra)
    _describe(samples)
    write_out(f"Written to {out}")


def extract_crops(
    manifest: Path,
    out: Path,
    margin: float,
    size_px: int,
    confidence: float,
    min_face_px: int,
    every: int | None,
    per_video: int | None,
    all_faces: bool,
    workers: int,
    device: str | None,
) -> None:
    """Cut faces out of photographs and videos.

    Raises:
        UsageError: Two ways to choose frames are given.
        InputError: The list or a setting cannot be used.
        DeviceError: The device is not there.
        Cancelled: Ctrl+C; what is done stays.
    """
    from desktop_app.detectors.torch_detector import pick_device
    from desktop_app.training.extract import ExtractSpec, extract_faces
    from desktop_app.training.manifest import check_disjoint, read_manifest

    if every is not None and per_video is not None:
        raise UsageError("Frames are chosen by --every or by --per-video, not by both.")
    frames = {} if per_video is None else {"per_video": per_video}
    where = "cpu" if device in (None, "cpu") else str(pick_device(device or "auto"))
    spec = ExtractSpec(margin, size_px, confidence, min_face_px, every, all_faces=all_faces, device=where, **frames)
    samples = read_manifest(manifest, manifest.parent.name)
    check_disjoint(samples)
    with writing_to(out), cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        counts = extract_faces(samples, out, spec, workers, on_progress, cancel)
    write_out(", ".join(f"{name}: {count}" for name, count in counts.items()))
    write_out(f"Written to {out / 'manifest.csv'}; what gave no crop is in {out / 'skipped.csv'}")


def check_files(target: Path, out: Path, quarantine: Path | None, remove: bool, near_bits: int, workers: int) -> None:
    """Look for damaged files, duplicates and groups that cross a split.

    Raises:
        UsageError: Damaged files should be both moved and deleted, or moved to where they would be found again.
        InputError: The list cannot be used, or a group is in more than one split; the reports are written first.
        Cancelled: Ctrl+C; nothing is moved.
    """
    from desktop_app.training import integrity
    from desktop_app.training.datasets import loose_files
    from desktop_app.training.manifest import check_disjoint, read_manifest

    if remove and quarantine is not None:
        raise UsageError("Damaged files are moved or deleted, not both.", "Give --quarantine or --remove.")
    if quarantine is not None and target.is_dir() and quarantine.resolve().is_relative_to(target.resolve()):
        raise UsageError("The quarantine lies in the folder that is checked.", "Choose a folder beside it.")
    samples = loose_files(target, target.name) if target.is_dir() else read_manifest(target, target.parent.name)
    with cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        facts = integrity.scan_files([s.path for s in samples], workers, on_progress, cancel)
    exact = integrity.exact_duplicates(samples, facts)
    near = integrity.near_duplicates(samples, facts, near_bits) if near_bits else []
    with writing_to(out):
        integrity.write_problems(facts, out / PROBLEMS)
        integrity.write_duplicates([*exact, *near], out / DUPLICATES)
    _describe_check(facts, exact, near)
    write_out(f"Written to {out / PROBLEMS} and {out / DUPLICATES}")
    if remove or quarantine is not None:
        with writing_to(quarantine or target):
            _take_out([f.path for f in facts if f.problem in integrity.DAMAGE], target, quarantine)
    check_disjoint(samples)


def _take_out(paths: Sequence[Path], target: Path, quarantine: Path | None) -> None:
    """Move or delete files, and drop them, and nothing else, from the list that named them."""
    from desktop_app.training import integrity

    # a list may name a file in two ways; a link is taken out, not what it leads to
    places = {path: path.parent.resolve() / path.name for path in paths if path.is_file()}
    taken: set[Path] = set()
    try:
        for place in dict.fromkeys(places.values()):
            if quarantine is not None:
                integrity.quarantine(place, (target if target.is_dir() else target.parent).resolve(), quarantine)
            else:
                integrity.delete(place)
            taken.add(place)
    finally:
        if taken and not target.is_dir():
            _drop_rows(target, {path for path, place in places.items() if place in taken})
    where = f"moved to {quarantine}" if quarantine is not None else "deleted"
    write_out(f"{len(taken)} damaged files were {where}")


def _drop_rows(manifest: Path, gone: set[Path]) -> None:
    from desktop_app.training.manifest import read_table, write_table

    rows = read_table(manifest, "images")
    names = [name for name in rows[0] if name]
    write_table([row for row in rows if manifest.parent / row["path"] not in gone], names, manifest)


def _describe(samples: "Sequence[Sample]") -> None:
    """Counts by split, and what a split lacks."""
    lacking = []
    for split in ("train", "val", "test"):
        part = [s for s in samples if s.split == split]
        fakes = sum(s.is_fake for s in part)
        groups = len({(s.source, s.group) for s in part})
        kinds = Counter(s.kind for s in part if s.kind)
        text = f" ({', '.join(f'{kind} {count}' for kind, count in sorted(kinds.items()))})" if kinds else ""
        write_out(f"{split}: {len(part) - fakes} real and {fakes} fake of {groups} groups{text}")
        missing = [name for name, count in (("real", len(part) - fakes), ("fake", fakes)) if not count]
        lacking += [f"{split} has no {' and no '.join(missing)} items"] if missing else []
    if lacking:
        complain("Note", "; ".join(lacking) + ".", "A detector is trained on, and judged by, items of both labels.")


def _describe_check(facts: "Sequence[FileFacts]", exact: "Sequence[Duplicate]", near: "Sequence[Duplicate]") -> None:
    from desktop_app.training.files import UNSEEN

    problems = Counter(f.problem for f in facts if f.problem)
    listed = ", ".join(f"{name} {count}" for name, count in sorted(problems.items())) or "none"
    write_out(f"{len(facts)} files, problems: {listed}")
    unseen = sum(problems[name] for name in UNSEEN)
    if unseen:
        hint = f"Is the disk they lie on there? {PROBLEMS} says why; they stay as they are, in the list, too."
        complain("Note", f"{unseen} files were not looked at: missing, no file, or not to be read.", hint)
    across, both = sum(d.crosses_split for d in exact), sum(d.has_both_labels for d in exact)
    copies = sum(d.problem == "copy" for d in exact)
    write_out(f"Equal content: {across} pairs across splits, {both} with both labels, {copies} else")
    write_out(f"Near-duplicates across splits: {len(near)} pairs")


def draw_sheet(recipe: Path, data: Path, out: Path, rows: int, seed: int) -> None:
    """Write a picture of forgeries as a recipe makes them.

    Raises:
        InputError: The recipe or its data cannot be used, or nothing can be written.
    """
    from desktop_app.cli.training import find_recipe
    from desktop_app.training.contact_sheet import require_forgeries, write_contact_sheet
    from desktop_app.training.recipe import load_recipe
    from desktop_app.training.train import load_samples

    loaded = load_recipe(find_recipe(recipe))
    # before its data is asked for
    require_forgeries(loaded)
    samples = load_samples(loaded, data)
    with writing_to(out):
        write_contact_sheet(loaded, samples, out, rows, seed)
    write_out(f"Written to {out}")
