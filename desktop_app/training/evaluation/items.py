"""Labelled items and what the pipeline said of them."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.domain import Box
from desktop_app.errors import InputError
from desktop_app.training.manifest import (
    BOX_COLUMNS,
    FAKE_LABELS,
    GENUINE_LABELS,
    LANDMARK_COLUMNS,
    Sample,
    carve_validation,
    check_rows,
    read_numbers,
    read_table,
    require_columns,
)


@dataclass(frozen=True, slots=True)
class EvalItem:
    """One labelled item.

    Args:
        path: The file.
        is_fake: Its label.
        dataset: Name of its set.
        condition: Kind of the manipulation or part of the set.
        group: Items of one group are not independent.
        is_crop: Whether it is a face crop already, to be scored as it is.
        split: Its split, empty where the list has none.
        nominal: Of a crop: the share of its side that the crop rule takes, unless there is a box.
        box_xyxy: Of a crop: the face's box in its pixels, None where the list has none.
        landmarks: Of a crop: (x, y) of eyes, nose and mouth corners in its pixels, None likewise.
        face_px: Size of the face in the original photograph, None where the list does not say.
        compression: Such as ``"c23"``, empty where the list does not say.
    """

    path: Path
    is_fake: bool
    dataset: str
    condition: str
    group: str
    is_crop: bool
    split: str = ""
    nominal: float = 1.0
    box_xyxy: Box | None = None
    landmarks: tuple[tuple[float, float], ...] | None = None
    face_px: float | None = None
    compression: str = ""


@dataclass(frozen=True, slots=True)
class FaceScore:
    """What the model said of one face in one frame.

    Args:
        frame_index: The frame, 0 for pictures.
        time_s: Seconds from the first frame.
        track_id: The person, 1 for crops.
        box_xyxy: Pixels of the frame.
        size_px: Shorter side of the box, None for crops without one.
        gate: Why it was not scored, empty when it was.
        logit: Log-odds of fake before calibration, None when not scored.
        p_fake: Calibrated, None likewise.
        label: Most probable class, empty likewise.
        variants: Calibrated probability under each variant of framing.
    """

    frame_index: int
    time_s: float
    track_id: int
    box_xyxy: Box
    size_px: float | None
    gate: str
    logit: float | None
    p_fake: float | None
    label: str
    variants: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackScore:
    """What the model said of one person.

    Args:
        track_id: The person.
        p_fake: Of the verdict, None without a usable face.
        label: Class that the track favours, empty likewise.
        frames_scored: Frames that it rests on.
        size_px: Median of the face's shorter side.
    """

    track_id: int
    p_fake: float | None
    label: str
    frames_scored: int
    size_px: float


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What the pipeline said of one item.

    Args:
        item: The item.
        outcome: Of the verdict, or ``"failed"``.
        band: Of the verdict, empty without one.
        p_fake: Calibrated probability of fake, None without a usable face.
        note: Why, where there is no score.
        label: Class of the person that decides, empty without a score.
        level: ``"image"`` or ``"video"``, empty where it could not be opened.
        size_px: Size of that person's face, None where not known.
        compression: Class of compression, as `conditions` names it; empty where not known.
        ita_deg: Individual typology angle of that person's cheeks, None where it could not be measured.
        variants: Probability under each variant of framing, None where it could not be had.
        tracks: Per person.
        faces: Per face and frame.
    """

    item: EvalItem
    outcome: str
    band: str
    p_fake: float | None
    note: str = ""
    label: str = ""
    level: str = ""
    size_px: float | None = None
    compression: str = ""
    ita_deg: float | None = None
    variants: tuple[float | None, ...] = ()
    tracks: tuple[TrackScore, ...] = ()
    faces: tuple[FaceScore, ...] = ()


def read_items(
    path: Path, dataset: str = "", split: str = "", are_crops: bool = False, nominal: float | None = None
) -> list[EvalItem]:
    """Read a manifest of labelled items.

    It has the columns ``path,label`` and, where there are any, ``group``, ``split``, ``method`` (or ``kind``),
    ``origin``, ``compression``, ``face_px``, and for crops a box and landmarks as in `manifest.read_manifest`.

    Args:
        path: The CSV file; paths are relative to it.
        dataset: Name of the set where the manifest has no ``origin``.
        split: Only rows of this split; empty takes all.
        are_crops: Whether the images are face crops already.
        nominal: Share of a crop's side that the crop rule takes; None goes by the boxes, and takes a crop whole where
            there is no box.

    Raises:
        InputError: It cannot be read or lacks a column, a group is in two splits, it has no row of the split, or a row
            has an unknown label or a number that is none.
    """
    if nominal is not None and not 0.0 < nominal <= 2.0:
        raise InputError(f"The share of the image's side must lie between 0 and 2, got {nominal}.")
    wanted = _split(split)
    table = read_table(path, "items")
    require_columns(table, ["path", "label", *["split"] * bool(wanted)], "items", path)
    check_rows(table, path)
    rows = [(number, row) for number, row in enumerate(table, 2) if not wanted or _split(row.get("split")) == wanted]
    if not rows:
        raise InputError(f"The list of items {path} has no row of the split {split}.")
    return [_item(row, number, path, dataset, are_crops, nominal) for number, row in rows]


def _split(text: str | None) -> str:
    return (text or "").strip().lower()


def _item(
    row: dict[str, str], number: int, manifest: Path, dataset: str, is_crop: bool, nominal: float | None
) -> EvalItem:
    where = f"row {number} of the list of items {manifest}"
    label = (row.get("label") or "").strip().lower()
    if label not in FAKE_LABELS | GENUINE_LABELS or not row.get("path"):
        raise InputError(f"A path and a label, real or fake, are needed in {where}.")
    kind = (row.get("method") if "method" in row else row.get("kind")) or ""
    box = read_numbers(row, BOX_COLUMNS, where) if is_crop and nominal is None else ()
    marks = read_numbers(row, LANDMARK_COLUMNS, where) if is_crop else ()
    face_px = read_numbers(row, ("face_px",), where)
    if box and not (box[2] > box[0] and box[3] > box[1]):
        raise InputError(f"The box is empty in {where}.", "x2 must be larger than x1, and y2 than y1.")
    if face_px and face_px[0] <= 0:
        raise InputError(f"A number above 0 is needed for face_px in {where}, got {face_px[0]:g}.")
    return EvalItem(
        path=manifest.parent / row["path"],
        is_fake=label in FAKE_LABELS,
        dataset=row.get("origin") or dataset or manifest.resolve().parent.name,
        condition="" if kind == "none" else kind,
        group=(row.get("group") or "").strip() or row["path"],
        is_crop=is_crop,
        split=_split(row.get("split")),
        nominal=1.0 if nominal is None else nominal,
        box_xyxy=(box[0], box[1], box[2], box[3]) if box else None,
        landmarks=tuple(zip(marks[::2], marks[1::2], strict=True)) if marks else None,
        face_px=face_px[0] if face_px else None,
        compression=row.get("compression") or "",
    )


def limit_items(items: Sequence[EvalItem], count: int, seed: int = 0) -> list[EvalItem]:
    """At most `count` items of each label of each set, chosen at random, in their order.

    Args:
        items: Any items.
        count: Most of each label and set.
        seed: Of the choice.
    """
    by_class: dict[tuple[str, bool], list[int]] = {}
    for place, item in enumerate(items):
        by_class.setdefault((item.dataset, item.is_fake), []).append(place)
    rng = random.Random(seed)
    chosen: set[int] = set()
    for _, places in sorted(by_class.items()):
        chosen.update(rng.sample(places, min(count, len(places))))
    return [items[place] for place in sorted(chosen)]


def carve_items(items: Sequence[EvalItem], share: float, seed: int = 0) -> list[EvalItem]:
    """The items that training held out for validation, with their split changed accordingly.

    Args:
        items: Of the split ``"train"``.
        share: Share of the groups in (0, 1), as in the recipe.
        seed: Seed of the recipe.

    Raises:
        InputError: The share is out of range, or none is left.
    """
    if not 0.0 < share < 1.0:
        raise InputError(f"The share of the groups held out must lie between 0 and 1, got {share:g}.")
    samples = [Sample(i.path, i.is_fake, i.group, i.split, i.dataset) for i in items]
    carved = carve_validation(samples, share, seed)
    held_out = [replace(i, split="val") for i, s in zip(items, carved, strict=True) if s.split == "val"]
    if not held_out:
        raise InputError("No group of the training split was held out for validation.", "Give a larger share.")
    return held_out


def file_sha256(path: Path) -> str:
    """Hash of a list of items."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
