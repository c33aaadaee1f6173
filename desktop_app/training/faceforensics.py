"""A FaceForensics++ tree as samples whose identities never cross a split.

Rössler, Cozzolino, Verdoliva, Riess, Thies and Nießner, "FaceForensics++: Learning to Detect Manipulated Facial
Images", ICCV 2019. Videos are numbered; ``000_003`` is made of the originals 000 and 003. DeepFakeDetection films paid
actors: ``01_02__meeting_serious__YVGY8LOK`` shows actors 01 and 02. Both the flat layout of the C23 edition (seven
folders and ``csv``) and the one of the authors' own download are read, and frames in folders named after their video.
"""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scipy.cluster.hierarchy import DisjointSet

from desktop_app.errors import InputError, plain_cause
from desktop_app.training.files import find_media, is_video
from desktop_app.training.manifest import Sample, check_disjoint, deal, read_table, split_by_group

logger = logging.getLogger(__name__)

ORIGINAL = "original"
ACTOR_KIND = "DeepFakeDetection"
KINDS = (ORIGINAL, "Deepfakes", "Face2Face", "FaceShifter", "FaceSwap", "NeuralTextures", ACTOR_KIND)
SHARES = (0.70, 0.15, 0.15)
_KIND_OF_FOLDER = {kind.lower(): kind for kind in KINDS} | {"youtube": ORIGINAL, "actors": ORIGINAL}
_PAIR = re.compile(r"(\d{3})_(\d{3})(?!\d)")
_SINGLE = re.compile(r"(\d{3})(?!\d)")
_ACTORS = re.compile(r"(\d{2})_(\d{2})__")
_ACTOR = re.compile(r"(\d{2})__")


@dataclass(frozen=True, slots=True)
class _Clip:
    path: Path
    kind: str
    ids: tuple[str, ...]  # of videos, or of actors with "actor-" in front

    @property
    def has_actors(self) -> bool:
        return self.ids[0].startswith("actor-")


def faceforensics(
    root: Path, source: str, shares: tuple[float, float, float] = SHARES, seed: int = 0, official: bool = True
) -> list[Sample]:
    """Samples of a FaceForensics++ tree, split.

    All clips that share an identity, directly or through others, are one group. Actors of DeepFakeDetection are so
    interwoven that all its clips would be one group: its actors are dealt to the splits and clips of actors of
    different splits are left out, which is logged.

    Args:
        root: The folder, or one above it.
        source: Name of the set.
        shares: Train, validation and test, where there is no official split.
        seed: Changes the choice.
        official: Whether the authors' ``train.json``, ``val.json`` and ``test.json`` below `root` decide for the
            numbered videos.

    Raises:
        InputError: Nothing is there, a name is of no known pattern, the tree contradicts its table, or a group leaks.
    """
    clips = [clip for path in find_media(root) if (clip := _clip(path, root)) is not None]
    if not clips:
        raise InputError(f"There are no FaceForensics++ clips in {root}.", f"Folders looked for: {', '.join(KINDS)}.")
    _compare_with_table(root, clips)
    dealt = _deal_actors(clips, shares, f"{seed}:{source}")
    kept = [c for c in clips if len({dealt[i] for i in c.ids if i in dealt}) < 2]
    if len(kept) < len(clips):
        logger.warning(
            "%d of %d clips show actors of different splits and are left out.", len(clips) - len(kept), len(clips)
        )
    group_of = _groups(kept)
    plain = [Sample(c.path, c.kind != ORIGINAL, group_of[c.ids[0]], "train", source, c.kind) for c in kept]
    splits = dealt | (official_splits(root) if official else {})
    has_split = [c.has_actors or len(splits) > len(dealt) for c in kept]
    others = iter(split_by_group([s for s, has in zip(plain, has_split, strict=True) if not has], shares, seed))
    samples = [
        replace(s, split=_split_of(c, splits)) if has else next(others)
        for c, s, has in zip(kept, plain, has_split, strict=True)
    ]
    check_disjoint(samples)
    return samples


def official_splits(root: Path) -> dict[str, str]:
    """Split of each numbered video by the authors' lists of pairs below a folder; empty where they are not all there.

    Raises:
        InputError: A list is damaged.
    """
    splits: dict[str, str] = {}
    for split in ("train", "val", "test"):
        path = next(iter(sorted(root.rglob(f"{split}.json"))), None)
        if path is None:
            return {}
        try:
            pairs = json.loads(path.read_text(encoding="utf-8"))
            splits |= {f"{int(number):03d}": split for pair in pairs for number in pair}
        except (OSError, ValueError, TypeError) as error:
            raise InputError(f"The list of pairs {path} cannot be read.", plain_cause(error)) from error
    return splits


def _clip(path: Path, root: Path) -> _Clip | None:
    """What a path says; None outside of the known folders."""
    parts = path.relative_to(root).parts
    places = [i for i, part in enumerate(parts[:-1]) if part.lower() in _KIND_OF_FOLDER]
    if not places or "masks" in parts:
        return None
    kind = _KIND_OF_FOLDER[parts[places[-1]].lower()]
    # the first name below the folder that fits: of the file, or of the folder with its frames
    for name in parts[places[-1] + 1 :]:
        ids = _ids(name, kind)
        if ids:
            return _Clip(path, kind, ids)
    raise InputError(
        f"The name “{path.name}” in {path.parent} is none of FaceForensics++.",
        "Expected 000 for originals, 000_003 for manipulated videos, 01_02__scene__CODE for those of actors.",
    )


def _ids(name: str, kind: str) -> tuple[str, ...]:
    """Identities in a name.

    >>> _ids("003_000.mp4", "Face2Face"), _ids("01_02__exit__AB12.mp4", "DeepFakeDetection")
    (('003', '000'), ('actor-01', 'actor-02'))
    """
    if kind in (ACTOR_KIND, ORIGINAL):
        found = (_ACTORS if kind == ACTOR_KIND else _ACTOR).match(name)
        if found or kind == ACTOR_KIND:
            return tuple(f"actor-{number}" for number in found.groups()) if found else ()
    found = (_SINGLE if kind == ORIGINAL else _PAIR).match(name)
    return found.groups() if found else ()


def _groups(clips: Sequence[_Clip]) -> dict[str, str]:
    """Group of each identity: the first name of all that are joined through clips."""
    joined = DisjointSet(identity for clip in clips for identity in clip.ids)
    for clip in clips:
        joined.merge(clip.ids[0], clip.ids[-1])
    return {identity: min(subset) for subset in joined.subsets() for identity in subset}


def _deal_actors(clips: Sequence[_Clip], shares: tuple[float, float, float], salt: str) -> dict[str, str]:
    """Split of each actor, by a hash of the name: counts as near the shares as they go."""
    actors = {identity for clip in clips if clip.has_actors for identity in clip.ids}
    return deal(actors, shares, lambda actor: f"{salt}:{actor}")


def _split_of(clip: _Clip, splits: dict[str, str]) -> str:
    unknown = [identity for identity in clip.ids if identity not in splits]
    if unknown:
        raise InputError(
            f"The official split does not name {', '.join(unknown)}, of {clip.path.name}.",
            "Give --split to split the tree anew.",
        )
    found = {splits[identity] for identity in clip.ids}
    if len(found) > 1:
        raise InputError(
            f"The official split tears “{clip.path.name}” apart: {', '.join(sorted(found))}.",
            "Give --split to split the tree anew.",
        )
    return found.pop()


def _compare_with_table(root: Path, clips: Sequence[_Clip]) -> None:
    """Hold the tree against its ``FF++_Metadata.csv``, where there is one."""
    table = next(iter(sorted(root.rglob("FF++_Metadata.csv"))), None)
    if table is None:
        return
    there = {f"{c.kind}/{c.path.name}".lower(): c for c in clips if is_video(c.path)}
    absent = 0
    for row in read_table(table, "clips"):
        clip = there.get(row.get("File Path", "").lower())
        absent += clip is None
        if clip is not None and row.get("Label", "").upper() != ("REAL" if clip.kind == ORIGINAL else "FAKE"):
            raise InputError(
                f"{table} calls {row['File Path']} “{row.get('Label', '')}”, its folder says {clip.kind}.",
                "One of them is wrong: compare with a fresh copy.",
            )
    if absent and there:
        logger.warning("%d clips that %s lists are not there.", absent, table.name)
