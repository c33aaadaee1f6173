"""Lists of labelled images and their splits by group."""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.domain import Box
from desktop_app.errors import InputError

FAKE_LABELS = frozenset({"fake", "1", "ai"})
GENUINE_LABELS = frozenset({"real", "genuine", "original", "0"})
COLUMNS = ("path", "label", "group", "split")
SPLITS = frozenset({"train", "val", "test"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled image.

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
    """

    path: Path
    is_fake: bool
    group: str
    split: str
    source: str
    kind: str = ""
    box_xyxy: Box | None = None
    landmarks: tuple[tuple[float, float], ...] | None = None


def read_manifest(path: Path, source: str) -> list[Sample]:
    """Read ``path,label,group,split`` rows; paths are relative to the manifest.

    Args:
        path: The CSV file.
        source: Name of the set, kept in each sample.

    Raises:
        InputError: It cannot be read, lacks a column or value, or has an unknown label or split.
    """
    rows = read_table(path, "images")
    if not rows or not set(COLUMNS) <= set(rows[0]):
        raise InputError(f"The list of images {path} needs the columns {', '.join(COLUMNS)} and at least one row.")
    return [_sample(row, path, source) for row in rows]


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
        raise InputError(f"The list of {what} {path} cannot be read.", str(error)) from error


def _sample(row: dict[str, str], manifest: Path, source: str) -> Sample:
    label, split = row["label"].strip().lower(), row["split"].strip().lower()
    if label not in FAKE_LABELS | GENUINE_LABELS:
        raise InputError(f"The list of images {manifest} has the unknown label “{row['label']}”.", "Use real or fake.")
    if split not in SPLITS:
        raise InputError(f"The list of images {manifest} has the unknown split “{row['split']}”.", "Use train or test.")
    if not row["path"] or not row["group"]:
        raise InputError(f"The list of images {manifest} needs a path and a group in every row.")
    return Sample(manifest.parent / row["path"], label in FAKE_LABELS, row["group"], split, source)


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


def check_disjoint(samples: Sequence[Sample]) -> None:
    """Refuse samples whose groups cross a split.

    Raises:
        InputError: A group is in more than one split; the message names some.
    """
    seen: dict[tuple[str, str], set[str]] = {}
    for s in samples:
        seen.setdefault((s.source, s.group), set()).add(s.split)
    leaks = [f"{source}/{group}" for (source, group), splits in seen.items() if len(splits) > 1]
    if leaks:
        raise InputError(
            f"{len(leaks)} groups are in more than one split, for example {', '.join(leaks[:3])}.",
            "Split by original video or person, never by image.",
        )


def split_by_group(samples: Sequence[Sample], shares: tuple[float, float, float], seed: int = 0) -> list[Sample]:
    """Give every group to train, validation or test.

    Args:
        samples: Samples; their split is replaced.
        shares: Train, validation and test, summing to 1, such as (0.70, 0.15, 0.15).
        seed: Changes the choice.

    Raises:
        InputError: The shares do not sum to 1.
    """
    if abs(sum(shares) - 1.0) > 1e-6 or min(shares) < 0:
        raise InputError(f"The shares of a split must sum to 1, got {shares}.")
    result = []
    for s in samples:
        digest = hashlib.sha256(f"{seed}:{s.source}:{s.group}".encode()).digest()
        x = int.from_bytes(digest[:8], "big") / 2**64
        split = "train" if x < shares[0] else "val" if x < shares[0] + shares[1] else "test"
        result.append(replace(s, split=split))
    return result
