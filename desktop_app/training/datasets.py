"""Samples from folders and lists of every usual layout."""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from desktop_app.errors import InputError
from desktop_app.training.faceforensics import SHARES, faceforensics
from desktop_app.training.files import find_media
from desktop_app.training.manifest import Sample, check_disjoint, read_manifest, split_by_group

logger = logging.getLogger(__name__)

LAYOUTS = ("ff++", "folders", "manifest")
REAL_WORDS = frozenset({"real", "reals", "genuine", "original", "originals", "authentic", "pristine"})
FAKE_WORDS = frozenset(
    {"fake", "fakes", "deepfake", "deepfakes", "manipulated", "forged", "synthetic", "synthesis", "generated", "ai"}
)
SPLIT_OF_WORD = {
    "train": "train", "training": "train",
    "val": "val", "valid": "val", "validation": "val", "dev": "val",
    "test": "test", "testing": "test",
}  # fmt: skip
LARGE_GROUP = 0.5
_FRAME_NUMBER = re.compile(r"[\W_]*(?:frame|img|image)?[\W_]*\d+$", re.IGNORECASE)


def build(
    layout: str,
    path: Path,
    source: str,
    shares: tuple[float, float, float] | None = None,
    seed: int = 0,
    group_pattern: str = "",
) -> list[Sample]:
    """Samples of a tree or list, split so that no group crosses a split.

    Args:
        layout: One of `LAYOUTS`.
        path: Folder of the tree, or the list.
        source: Name of the set.
        shares: Split anew by group; None keeps the split that is there, and takes `SHARES` where there is none.
        seed: Changes the choice.
        group_pattern: For folders, see `real_fake_tree`.

    Raises:
        InputError: The tree or list cannot be used, or a group is in more than one split.
    """
    if layout == "ff++":
        samples = faceforensics(path, source, shares or SHARES, seed, official=shares is None)
    elif layout == "folders":
        samples, has_splits = real_fake_tree(path, source, group_pattern)
        if shares is not None or not has_splits:
            samples = split_by_group(samples, shares or SHARES, seed)
    elif layout == "manifest":
        samples = read_manifest(path, source, has_split=shares is None)
        samples = split_by_group(samples, shares, seed) if shares is not None else samples
    else:
        raise InputError(f"There is no layout “{layout}”.", f"Choose one of {', '.join(LAYOUTS)}.")
    try:
        check_disjoint(samples)
    except InputError as error:
        hint = "Split anew by group with --split, or say with --group which part of a path names person or video."
        raise InputError(error.user_message, hint) from error
    _warn_of_large_groups(samples)
    return samples


def real_fake_tree(root: Path, source: str, group_pattern: str = "") -> tuple[list[Sample], bool]:
    """Samples of a tree with folders for real and fake, with or without folders for train, validation and test.

    Folders are known by a word in their name, such as ``0_real``, ``training_fake`` or ``Valid``; those that hold
    words of both labels, such as ``real_and_fake``, say nothing. The deepest one counts.

    Args:
        root: The folder.
        source: Name of the set.
        group_pattern: Regular expression that is searched in the path below `root`; its first group, or the whole
            match, names the group. By default it is the file's name without a frame number at its end, or the name of
            the folder where only a number is left and the folder is not that of a label.

    Returns:
        The samples, all ``"train"`` where no folder names a split, and whether folders name splits.

    Raises:
        InputError: There are no images, a file is in no labelled folder, only some are in folders of splits, or the
            pattern does not fit.
    """
    pattern = _compiled(group_pattern)
    samples, without_split = [], 0
    for path in find_media(root):
        relative = path.relative_to(root)
        is_fake, split = _said_by_folders(relative)
        if is_fake is None:
            raise InputError(
                f"No folder says whether “{relative.as_posix()}” is real or fake.",
                "Put it into a folder whose name has one of those words, or name the folder above it.",
            )
        without_split += split is None
        samples.append(Sample(path, is_fake, _group(relative, pattern), split or "train", source))
    if not samples:
        raise InputError(f"There are no images or videos in {root}.")
    if 0 < without_split < len(samples):
        raise InputError(
            f"{without_split} of {len(samples)} files in {root} are in no folder of a split, the others are.",
            "Put all of them into train, val or test, or none.",
        )
    return samples, without_split == 0


def loose_files(root: Path, source: str) -> list[Sample]:
    """Every image and video below a folder, for a look at the files alone.

    Label and split are what folders say; where they say nothing, genuine and empty. Each file is a group.

    Raises:
        InputError: There are none.
    """
    samples = []
    for path in find_media(root):
        relative = path.relative_to(root)
        is_fake, split = _said_by_folders(relative)
        samples.append(Sample(path, bool(is_fake), relative.as_posix(), split or "", source))
    if not samples:
        raise InputError(f"There are no images or videos in {root}.")
    return samples


def _said_by_folders(relative: Path) -> tuple[bool | None, str | None]:
    """Label and split by the deepest folder that names one."""
    labels = [label for part in relative.parts[:-1] if (label := _label(part)) is not None]
    splits = [split for part in relative.parts[:-1] if (split := _split(part)) is not None]
    return labels[-1] if labels else None, splits[-1] if splits else None


def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern) if pattern else None
    except re.error as error:
        raise InputError(f"The pattern of groups “{pattern}” is no regular expression.", str(error)) from error


def _words(name: str) -> set[str]:
    return set(re.split(r"[^a-z]+", name.lower()))


def _label(folder: str) -> bool | None:
    """Whether a folder's name says fake; None where it says nothing or both.

    >>> _label("0_Real"), _label("training_fake"), _label("real_and_fake"), _label("train")
    (False, True, None, None)
    """
    words = _words(folder)
    is_real, is_fake = bool(words & REAL_WORDS), bool(words & FAKE_WORDS)
    return None if is_real == is_fake else is_fake


def _split(folder: str) -> str | None:
    found = {SPLIT_OF_WORD[word] for word in _words(folder) if word in SPLIT_OF_WORD}
    return found.pop() if len(found) == 1 else None


def _group(relative: Path, pattern: re.Pattern[str] | None) -> str:
    if pattern is not None:
        match = pattern.search(relative.as_posix())
        group = (match.group(1) if pattern.groups else match.group(0)) if match else None
        if not group:
            raise InputError(f"The pattern of groups “{pattern.pattern}” finds nothing in “{relative.as_posix()}”.")
        return group
    stem = _FRAME_NUMBER.sub("", relative.stem)
    if stem:
        return stem
    parent = relative.parent.name
    return relative.stem if _label(parent) is not None or _split(parent) is not None else parent


def _warn_of_large_groups(samples: Sequence[Sample]) -> None:
    group, count = Counter(s.group for s in samples).most_common(1)[0] if samples else ("", 0)
    if len(samples) > 1 and count > LARGE_GROUP * len(samples):
        logger.warning(
            "The group “%s” has %d of %d items, all in one split: if they are not of one person or video, give "
            "--group a pattern that tells them apart.",
            group,
            count,
            len(samples),
        )
