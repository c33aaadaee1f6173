"""Lists of labelled images and videos, and their splits by group."""

import csv
import hashlib
import math
import os
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from desktop_app.domain import Box
from desktop_app.errors import InputError, plain_cause
from desktop_app.files import replacing

FAKE_LABELS = frozenset({"fake", "1", "ai"})
GENUINE_LABELS = frozenset({"real", "genuine", "original", "0"})
COLUMNS = ("path", "label", "group", "split")
BOX_COLUMNS = ("x1", "y1", "x2", "y2")
LANDMARK_COLUMNS = tuple(f"l{axis}{point}" for point in range(5) for axis in "xy")
OPTIONAL_COLUMNS = ("kind", "face_score", "face_px", *BOX_COLUMNS, *LANDMARK_COLUMNS)
SPLITS = frozenset({"train", "val", "test"})

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled image, or a video from which faces are yet to be cut.

    Args:
        path: The file.
        is_fake: Its label.
        group: Original video or person; a group never crosses a split.
        split: ``"train"``, ``"val"`` or ``"test"``.
        source: Name of the set.
        kind: Class of a genuine or manipulated image where a set names several, such as ``"face_swap"``; may be empty.
        box_xyxy: Box of the face in pixels of the image, None where it was not looked for.
        landmarks: (x, y) of eyes, nose and mouth corners in pixels of the image, in the order of `FaceDetection`;
            None likewise.
        face_score: Confidence of the face detector in [0, 1], None where it was not looked for.
        face_px: Shorter side of the face in pixels of the photograph or frame that it was cut from; None likewise.
    """

    path: Path
    is_fake: bool
    group: str
    split: str
    source: str
    kind: str = ""
    box_xyxy: Box | None = None
    landmarks: tuple[tuple[float, float], ...] | None = None
    face_score: float | None = None
    face_px: float | None = None


def read_manifest(path: Path, source: str, has_split: bool = True) -> list[Sample]:
    """Read rows of `COLUMNS` and, where they are there, `OPTIONAL_COLUMNS`; paths are relative to the manifest.

    Args:
        path: The CSV file.
        source: Name of the set, kept in each sample.
        has_split: Whether the column of splits counts; without it, it may be absent, and all samples are without one.

    Raises:
        InputError: It cannot be read, lacks a column or value, has an unknown label or split, or a value that is no
            number.
    """
    rows = read_table(path, "images")
    require_columns(rows, [name for name in COLUMNS if has_split or name != "split"], "images", path)
    return [_sample(row, path, source, has_split) for row in rows]


def read_table(path: Path, what: str) -> list[dict[str, str]]:
    """Rows of a CSV file by the names of its first row; a value that a short row lacks is empty.

    Args:
        path: The file.
        what: What it lists, for messages.

    Raises:
        InputError: It cannot be read.
    """
    try:
        # spreadsheets put a byte order mark in front
        with path.open(newline="", encoding="utf-8-sig") as file:
            return list(csv.DictReader(file, restval=""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The list of {what} {path} cannot be read.", plain_cause(error)) from error


def require_columns(rows: Sequence[Mapping[str, str]], names: Sequence[str], what: str, path: Path) -> None:
    """Check that a list has rows and that they have these columns.

    Args:
        rows: As `read_table` gives them.
        names: The columns.
        what: What it lists, for the message.
        path: The list.

    Raises:
        InputError: It has none, or a column is missing.
    """
    if not rows or not set(names) <= set(rows[0]):
        raise InputError(
            f"The list of {what} {path} needs the columns {', '.join(names)} and at least one row.",
            "Separate the columns by commas and name them in the first row.",
        )


def _sample(row: dict[str, str], manifest: Path, source: str, has_split: bool) -> Sample:
    label, split = row["label"].strip().lower(), row["split"].strip().lower() if has_split else ""
    if label not in FAKE_LABELS | GENUINE_LABELS:
        raise InputError(f"The list of images {manifest} has the unknown label “{row['label']}”.", "Use real or fake.")
    if has_split and split not in SPLITS:
        raise InputError(
            f"The list of images {manifest} has the unknown split “{row['split']}”.", "Use train, val or test."
        )
    group = row["group"].strip()
    if not row["path"] or not group:
        raise InputError(f"The list of images {manifest} needs a path and a group in every row.")
    where = f"the list of images {manifest}"
    box = read_numbers(row, BOX_COLUMNS, where)
    marks = read_numbers(row, LANDMARK_COLUMNS, where)
    score = read_numbers(row, ("face_score",), where) or read_numbers(row, ("score",), where)
    side = read_numbers(row, ("face_px",), where)
    return Sample(
        manifest.parent / row["path"],
        label in FAKE_LABELS,
        group,
        split,
        source,
        row.get("kind", "").strip(),
        (box[0], box[1], box[2], box[3]) if box else None,
        tuple(zip(marks[::2], marks[1::2], strict=True)) if marks else None,
        score[0] if score else None,
        side[0] if side else None,
    )


def read_numbers(row: Mapping[str, str], names: Sequence[str], where: str) -> tuple[float, ...]:
    """Values of some columns of a list; none where the columns are absent or all empty.

    Args:
        row: The row.
        names: The columns.
        where: The row or its list, for the message.

    Raises:
        InputError: Some are missing, or are no finite numbers.
    """
    texts = [(row.get(name) or "").strip() for name in names]
    if not any(texts):
        return ()
    try:
        values = tuple(float(text) for text in texts)
    except ValueError:
        values = (math.nan,)
    if not all(math.isfinite(value) for value in values):
        got = ", ".join(text or "nothing" for text in texts)
        raise InputError(f"An entry needs numbers for {', '.join(names)} in {where}, got {got}.")
    return values


def write_manifest(
    samples: Sequence[Sample], path: Path, extra: Sequence[Mapping[str, str | int | float]] | None = None
) -> None:
    """Write a list that `read_manifest` reads, through a temporary file.

    Optional columns that no sample has a value for are left out.

    Args:
        samples: The rows.
        path: The file; its folder is made. Paths are written relative to it.
        extra: Further columns, one mapping per sample.
    """
    rows = [manifest_row(s, path.parent) for s in samples]
    if extra is not None:
        rows = [row | {k: str(v) for k, v in more.items()} for row, more in zip(rows, extra, strict=True)]
    names = [*COLUMNS, *(name for name in OPTIONAL_COLUMNS if any(row[name] for row in rows))]
    names += [
        name for name in dict.fromkeys(key for row in rows for key in row) if name not in {*names, *OPTIONAL_COLUMNS}
    ]
    write_table(rows, names, path)


def write_table(rows: Iterable[Mapping[str, str]], names: Sequence[str], path: Path) -> None:
    """Write a CSV file through a temporary one, so that it is whole or not there; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part, part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def manifest_row(sample: Sample, folder: Path) -> dict[str, str]:
    """A sample as text by column, its path relative to a folder."""
    row = dict.fromkeys((*COLUMNS, *OPTIONAL_COLUMNS), "")
    row |= {"path": relative_path(sample.path, folder), "label": "fake" if sample.is_fake else "real"}
    row |= {"group": sample.group, "split": sample.split, "kind": sample.kind}
    if sample.face_score is not None:
        row["face_score"] = f"{sample.face_score:.4f}"
    if sample.face_px is not None:
        row["face_px"] = f"{sample.face_px:.1f}"
    if sample.box_xyxy is not None:
        row |= {name: f"{value:.1f}" for name, value in zip(BOX_COLUMNS, sample.box_xyxy, strict=True)}
    if sample.landmarks is not None:
        values = (value for point in sample.landmarks for value in point)
        row |= {name: f"{value:.1f}" for name, value in zip(LANDMARK_COLUMNS, values, strict=True)}
    return row


def relative_path(path: Path, folder: Path) -> str:
    """A path as seen from a folder, with forward slashes; absolute where they lie on different drives."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.absolute().as_posix()


def carve_validation(samples: Iterable[Sample], share: float, seed: int = 0) -> list[Sample]:
    """Move a share of the training groups to ``"val"``, decided by a hash of the group's name alone.

    Args:
        samples: Samples of any split; ``"test"`` stays as it is.
        share: Share of groups in [0, 1).
        seed: Changes the choice.
    """
    result = []
    for s in samples:
        digest = hashlib.sha256(f"{seed}:{s.source}:{s.group}".encode()).digest()
        is_val = s.split == "train" and int.from_bytes(digest[:8], "big") / 2**64 < share
        result.append(replace(s, split="val") if is_val else s)
    return result


def check_disjoint(samples: Iterable[Sample]) -> None:
    """Refuse samples whose groups or files cross a split; those without a split are passed over.

    Raises:
        InputError: A group of a source, or a file under whatever name or source, is in more than one split; the
            message names some.
    """
    _refuse_leaks((f"{s.source}/{s.group}", s.split, str(s.path)) for s in samples)


def check_rows(rows: Iterable[Mapping[str, str]], manifest: Path) -> None:
    """As `check_disjoint`, for the rows of a list that may lack columns.

    Args:
        rows: All rows of the list, not only those of a wanted split.
        manifest: The list; paths are relative to it.

    Raises:
        InputError: A group or a file is in more than one split.
    """
    folder = str(manifest.parent)
    _refuse_leaks(
        (
            (row.get("group") or "").strip(),
            (row.get("split") or "").strip().lower(),
            os.path.join(folder, row.get("path") or ""),
        )
        for row in rows
    )


def _refuse_leaks(entries: Iterable[tuple[str, str, str]]) -> None:
    """Of group, split and file of each item; an item without a group is held against others by its file alone."""
    groups: dict[str, set[str]] = {}
    files: dict[str, set[str]] = {}
    folders: dict[str, str] = {}
    for group, split, path in entries:
        if split:
            groups.setdefault(group, set()).add(split)
            files.setdefault(_place(path, folders), set()).add(split)
    groups.pop("", None)
    for what, seen, hint in (
        ("groups", groups, "Split by original video or person, never by image."),
        ("files", files, "List every file once, and no list as two sources of a recipe."),
    ):
        leaks = [f"{name} ({', '.join(sorted(splits))})" for name, splits in seen.items() if len(splits) > 1]
        if leaks:
            message = f"{len(leaks)} of {len(seen)} {what} are in more than one split"
            raise InputError(f"{message}, for example {'; '.join(leaks[:3])}.", hint)


def _place(path: str, folders: dict[str, str]) -> str:
    """Where a file lies once links are followed; each folder is looked up once."""
    folder, name = os.path.split(path)
    try:
        if folder not in folders:
            folders[folder] = os.path.realpath(folder)
        place = os.path.join(folders[folder], name)
        return os.path.normcase(os.path.realpath(place) if os.path.islink(place) else place)
    except ValueError:
        # no file system takes a null character
        return path


def split_by_group(samples: Sequence[Sample], shares: tuple[float, float, float], seed: int = 0) -> list[Sample]:
    """Give every group to train, validation or test, in the order of a hash of its name.

    The counts of groups are as near to the shares as they go, and where there are enough, every share gets a group.

    Args:
        samples: Samples; their split is replaced.
        shares: Train, validation and test, summing to 1, such as (0.70, 0.15, 0.15).
        seed: Changes the choice.

    Raises:
        InputError: The shares do not sum to 1.
    """
    names = {(s.source, s.group): f"{s.source}:{s.group}" for s in samples}
    split_of = deal(names, shares, lambda name: f"{seed}:{names[name]}")
    return [replace(s, split=split_of[s.source, s.group]) for s in samples]


def deal(names: Iterable[Name], shares: tuple[float, float, float], salted: Callable[[Name], str]) -> dict[Name, str]:
    """Split of each name, by the rank of a hash.

    Args:
        names: Different ones.
        shares: Train, validation and test.
        salted: What is hashed for a name.

    Raises:
        InputError: The shares do not sum to 1.
    """
    if abs(sum(shares) - 1.0) > 1e-6 or min(shares) < 0:
        raise InputError(f"The shares of a split must sum to 1, got {shares}.")
    order = sorted(names, key=lambda name: hashlib.sha256(salted(name).encode()).digest())
    least = [int(share > 0) for share in shares] if len(order) >= sum(share > 0 for share in shares) else [0, 0, 0]
    low = min(max(round(shares[0] * len(order)), least[0]), len(order) - least[1] - least[2])
    high = min(max(round((shares[0] + shares[1]) * len(order)), low + least[1]), len(order) - least[2])
    return {name: "train" if i < low else "val" if i < high else "test" for i, name in enumerate(order)}
