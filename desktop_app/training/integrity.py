"""What is wrong with the files of a set: damage, and content that is in more than one split."""

import hashlib
import io
import os
import shutil
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from desktop_app.domain import UInt8Array
from desktop_app.errors import InputError, plain_cause
from desktop_app.files import hash_file
from desktop_app.media import FrameReader, open_item
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.training.files import is_video, presence, work_through
from desktop_app.training.manifest import Sample, relative_path, write_table

NEAR_BITS = 4
FIRST_FRAMES = 3
HASH_BITS = 64
# content that was read in full and does not decode; "wrong_type" does, so it stays
DAMAGE = frozenset({"empty", "truncated", "unreadable"})
_FORMATS = {
    ".jpg": {"JPEG", "MPO"}, ".jpeg": {"JPEG", "MPO"}, ".png": {"PNG"}, ".bmp": {"BMP", "DIB"}, ".webp": {"WEBP"},
    ".tif": {"TIFF"}, ".tiff": {"TIFF"},
}  # fmt: skip
_CHUNK = 1024
_NO_MEMORY = "It is too large for the memory."


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a full look at a file found.

    Args:
        path: The file.
        problem: One of `DAMAGE`; of `files.UNSEEN`, which says nothing of the content; ``"wrong_type"``; or empty.
        detail: More about it.
        sha256: Of its content, empty where it was not read.
        dhash: See `dhash`; None of videos and of images that were not decoded.
    """

    path: Path
    problem: str = ""
    detail: str = ""
    sha256: str = ""
    dhash: int | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two items that show the same.

    Args:
        first, second: The items.
        distance: Bits of difference of their perceptual hashes; None for files of equal content.
    """

    first: Sample
    second: Sample
    distance: int | None = None

    @property
    def problem(self) -> str:
        """``"split"``, ``"label"``, ``"split+label"``, or ``"copy"`` where it is neither."""
        return "+".join(["split"] * self.crosses_split + ["label"] * self.has_both_labels) or "copy"

    @property
    def crosses_split(self) -> bool:
        """Whether the items are in different splits."""
        return self.first.split != self.second.split

    @property
    def has_both_labels(self) -> bool:
        """Whether one item is genuine and the other fake."""
        return self.first.is_fake != self.second.is_fake


def scan_files(
    paths: Sequence[Path],
    workers: int = 0,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> list[FileFacts]:
    """Decode every image whole, with Pillow and with OpenCV, and the first frames of every video; hash them.

    Args:
        paths: Images and videos.
        workers: Processes; 0 works in this one.
        on_progress: Stage ``"check"``, in files.
        cancel: Checked between files.

    Raises:
        Cancelled: The token was cancelled.
    """
    facts = []
    for number, found in enumerate(work_through(examine, paths, workers), 1):
        facts.append(found)
        on_progress(Progress("check", number, len(paths)))
        if cancel is not None:
            cancel.check()
    return facts


def examine(path: Path) -> FileFacts:
    """Look at one file. Damaged is only what was read in full: a disk that fails says nothing of its files."""
    problem, detail = presence(path)
    if problem:
        return FileFacts(path, problem, detail)
    try:
        size = path.stat().st_size
        if size == 0:
            return FileFacts(path, "empty", "The file has no content.")
        if is_video(path):
            return _examine_video(path)
        content = path.read_bytes()
    except OSError as error:
        return FileFacts(path, "not_read", plain_cause(error))
    except MemoryError:
        return FileFacts(path, "not_read", _NO_MEMORY)
    if len(content) != size:
        return FileFacts(path, "not_read", "The file changed while it was read.")
    return _examine_image(path, content)


def _examine_image(path: Path, content: bytes) -> FileFacts:
    sha256 = hashlib.sha256(content).hexdigest()
    problem, detail = _decode_with_pillow(content, path.suffix.lower())
    if problem not in ("", "wrong_type"):
        return FileFacts(path, problem, detail, sha256)
    grey = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        return FileFacts(path, "unreadable", "OpenCV cannot decode it.", sha256)
    return FileFacts(path, problem, detail, sha256, dhash(np.asarray(grey, np.uint8)))


def _decode_with_pillow(content: bytes, suffix: str) -> tuple[str, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content))
            image.load()
    except UnidentifiedImageError:
        return "unreadable", "It is of no known kind of image."
    except (MemoryError, Image.DecompressionBombError):
        return "not_read", _NO_MEMORY
    except Exception as error:  # noqa: BLE001 - damaged files make Pillow's readers raise almost anything
        text = f"{type(error).__name__}: {error}"
        is_cut = "truncated" in text.lower() or "unexpected end" in text.lower()
        return ("truncated" if is_cut else "unreadable"), text
    if suffix in _FORMATS and image.format not in _FORMATS[suffix]:
        return "wrong_type", f"The content is {image.format}, the name says {suffix}."
    return "", ""


def _examine_video(path: Path) -> FileFacts:
    """A second look decides where the first one failed, once the whole file could be read between them."""
    try:
        return _first_frames(path)
    except InputError:
        try:
            sha256 = hash_file(path).sha256
        except InputError as error:
            return FileFacts(path, "not_read", error.user_message)
    try:
        return _first_frames(path)
    except InputError as error:
        return FileFacts(path, "unreadable", error.user_message, sha256)


def _first_frames(path: Path) -> FileFacts:
    item = open_item(path)
    with FrameReader(item) as reader:
        for index in range(min(FIRST_FRAMES, len(item.index))):
            if reader.frame_at(index).is_corrupt:
                raise InputError(f"Frame {index} is damaged.")
    return FileFacts(path, sha256=item.info.sha256)


def dhash(grey: UInt8Array) -> int:
    """64-bit difference hash of an image: whether each of 8 x 8 places is darker than the one to its right.

    Args:
        grey: (H, W) uint8.
    """
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA)
    return int.from_bytes(np.packbits(small[:, :-1] < small[:, 1:]).tobytes(), "big")


def exact_duplicates(samples: Sequence[Sample], facts: Sequence[FileFacts]) -> list[Duplicate]:
    """Items of equal content, each with the first of its kind and so that every split and label shows.

    Args:
        samples: The items.
        facts: Of each.
    """
    by_content: dict[str, list[Sample]] = {}
    for sample, fact in zip(samples, facts, strict=True):
        if fact.sha256 and fact.problem not in DAMAGE:
            by_content.setdefault(fact.sha256, []).append(sample)
    # in order of label and split, neighbours that differ are what matters
    ordered = (sorted(same, key=lambda s: (s.split, s.is_fake, s.path)) for same in by_content.values())
    return [Duplicate(a, b) for same in ordered for a, b in pairwise(same)]


def near_duplicates(
    samples: Sequence[Sample], facts: Sequence[FileFacts], max_bits: int = NEAR_BITS
) -> list[Duplicate]:
    """Images of different splits whose perceptual hashes differ in a few bits, without those of equal content.

    Args:
        samples: The items.
        facts: Of each.
        max_bits: Largest difference.
    """
    by_hash: dict[int, list[int]] = {}
    for i, fact in enumerate(facts):
        if fact.dhash is not None:
            by_hash.setdefault(fact.dhash, []).append(i)
    values = np.array(sorted(by_hash), np.uint64)
    alike = [(v, v, 0) for v, members in by_hash.items() if len(members) > 1]
    alike += [(int(values[a]), int(values[b]), bits) for a, b, bits in similar_hashes(values, max_bits)]
    pairs: dict[tuple[int, int], int] = {}
    for first, second, bits in alike:
        # one of each split and label stands for all of its hash, or alike images by the thousand would fill the list
        for i in {(samples[i].split, samples[i].is_fake): i for i in by_hash[first]}.values():
            for j in by_hash[second]:
                if samples[i].split != samples[j].split and facts[i].sha256 != facts[j].sha256:
                    pairs[min(i, j), max(i, j)] = bits
    return [Duplicate(samples[i], samples[j], bits) for (i, j), bits in pairs.items()]


def similar_hashes(values: NDArray[np.uint64], max_bits: int) -> Iterator[tuple[int, int, int]]:
    """Positions of all pairs of different hashes within a Hamming distance, and the distance, each pair once.

    The 64 bits are cut into ``max_bits + 1`` bands: hashes that differ in no more than `max_bits` agree in one band at
    least, so only those that share a band are compared (the pigeonhole search of Manku, Jain and Das Sarma, "Detecting
    Near-Duplicates for Web Crawling", 2007).

    Args:
        values: (N,) different hashes.
        max_bits: Largest distance, below 63.
    """
    edges = [HASH_BITS * band // (max_bits + 1) for band in range(max_bits + 2)]
    masks = [np.uint64(((1 << (high - low)) - 1) << low) for low, high in pairwise(edges)]
    for number, mask in enumerate(masks):
        band = values & mask
        order = np.argsort(band, kind="stable")
        starts = np.flatnonzero(np.diff(band[order], prepend=band[order[:1]] ^ mask))
        for low, high in pairwise([*starts.tolist(), len(order)]):
            if high - low > 1:
                yield from _similar_in(values, order[low:high], masks[:number], max_bits)


def _similar_in(
    values: NDArray[np.uint64], bucket: NDArray[np.intp], earlier: Sequence[np.uint64], max_bits: int
) -> Iterator[tuple[int, int, int]]:
    """Pairs of one bucket; those that an earlier band has found already are left out."""
    mine = values[bucket]
    for start in range(0, len(bucket), _CHUNK):
        differing = mine[start : start + _CHUNK, None] ^ mine[None, :]
        bits = np.bitwise_count(differing)
        rows, columns = np.nonzero(bits <= max_bits)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            is_first = column > row + start and all(differing[row, column] & mask for mask in earlier)
            if is_first:
                yield int(bucket[row + start]), int(bucket[column]), int(bits[row, column])


def write_problems(facts: Iterable[FileFacts], path: Path) -> int:
    """Write the files that have a problem as CSV; how many."""
    rows = [
        {"path": relative_path(f.path, path.parent), "problem": f.problem, "detail": f.detail, "sha256": f.sha256}
        for f in facts
        if f.problem
    ]
    write_table(rows, ("path", "problem", "detail", "sha256"), path)
    return len(rows)


def write_duplicates(duplicates: Iterable[Duplicate], path: Path) -> int:
    """Write pairs of items as CSV; how many."""
    names = (
        "problem",
        "bits",
        "path",
        "label",
        "split",
        "group",
        "other_path",
        "other_label",
        "other_split",
        "other_group",
    )
    rows = []
    for d in duplicates:
        row = {"problem": d.problem, "bits": "" if d.distance is None else str(d.distance)}
        for prefix, s in (("", d.first), ("other_", d.second)):
            row[f"{prefix}path"] = relative_path(s.path, path.parent)
            row[f"{prefix}label"] = "fake" if s.is_fake else "real"
            row |= {f"{prefix}split": s.split, f"{prefix}group": s.group}
        rows.append(row)
    write_table(rows, names, path)
    return len(rows)


def quarantine(path: Path, base: Path, folder: Path) -> None:
    """Move a file into a folder, under the name it has below `base`; nothing that is there is overwritten.

    Args:
        path: The file.
        base: Folder that its place is kept relative to.
        folder: Where it goes.

    Raises:
        InputError: It cannot be moved.
    """
    relative = Path(relative_path(path, base))
    is_below = not relative.is_absolute() and ".." not in relative.parts
    target, number = folder / (relative if is_below else path.name), 1
    while target.exists():
        number += 1
        target = target.with_name(f"{path.stem}-{number}{path.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
    except OSError as error:
        # between volumes a move is a copy first
        if path.exists() and target.exists():
            target.unlink()
        raise InputError(f"The file {path} cannot be moved to {folder}.", plain_cause(error)) from error


def delete(path: Path) -> None:
    """Delete a file for good.

    Raises:
        InputError: It cannot be deleted.
    """
    try:
        os.remove(path)
    except OSError as error:
        raise InputError(f"The file {path} cannot be deleted.", plain_cause(error)) from error
