"""Perceptual hashes: pictures that look alike have hashes that differ in few bits, whatever their file.

The hash is the DCT hash of 64 bits of the ImageHash library, after Zauner, "Implementation and benchmarking of
perceptual image hash functions" (2010). Frames of one plain colour have no hash: theirs would be arbitrary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from PIL import Image

from desktop_app.domain import UInt8Array
from desktop_app.domain.traces import ItemTraces

HASH_BITS = 64
MIN_CONTRAST = 4.0
NEAR_BITS = 10


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two items that look alike.

    Args:
        first, second: Their positions in the list that was given.
        distance: Bits in which they differ, as `perceptual_distance` counts.
    """

    first: int
    second: int
    distance: int


def picture_hash(image: UInt8Array) -> str | None:
    """Hash of an (H, W, 3) uint8 RGB picture as 16 hexadecimal digits, None where it is one plain colour."""
    import imagehash

    small = Image.fromarray(image).convert("L")
    small.thumbnail((256, 256))
    if float(np.asarray(small, dtype=np.float64).std()) < MIN_CONTRAST:
        return None
    return str(imagehash.phash(small))


def bits_between(first: str, second: str) -> int:
    """Number of bits in which two hashes of 16 hexadecimal digits differ."""
    return (int(first, 16) ^ int(second, 16)).bit_count()


def perceptual_distance(first: Sequence[str], second: Sequence[str]) -> int:
    """How far two items look apart.

    Each hash of the item that has fewer is set beside the most similar one of the other; the median of these
    distances counts, so that a few frames that differ, or a cut at one end, do not hide a copy.

    Args:
        first: Hashes of an item, as `ItemTraces.perceptual_hash` holds them.
        second: Those of another.

    Returns:
        Bits in 0 to 64; about 32 for unrelated pictures, 64 where an item has no hash.
    """
    few, many = sorted((first, second), key=len)
    if not few:
        return HASH_BITS
    return int(np.ceil(np.median([min(bits_between(a, b) for b in many) for a in few])))


def near_duplicates(items: Sequence[ItemTraces], near_bits: int = NEAR_BITS) -> tuple[NearPair, ...]:
    """Pairs of items that look alike, the nearest first; a manipulated clip is near the genuine one it was made of.

    Args:
        items: Traces of the items of a case.
        near_bits: Greatest distance of such a pair.
    """
    pairs = (
        NearPair(i, j, perceptual_distance(items[i].perceptual_hash, items[j].perceptual_hash))
        for i, j in combinations(range(len(items)), 2)
    )
    return tuple(sorted((pair for pair in pairs if pair.distance <= near_bits), key=lambda p: (p.distance, p.first)))
