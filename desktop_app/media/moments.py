"""Finds the frame of an item that looks most like a given picture: which moment of a source a frame was taken from.

Perceptual hashes say how alike two pictures are (see `provenance.hashes`); where these hardly tell frames apart, the
correlation of small grey pictures decides. Both hold when size, compression and brightness change; neither holds for
a crop or a mirror image.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from desktop_app.domain import FloatArray, Frame, UInt8Array
from desktop_app.errors import InputError
from desktop_app.media.decode import FrameReader
from desktop_app.media.frame_index import DoubleArray
from desktop_app.media.item import MediaItem
from desktop_app.media.provenance.hashes import HASH_BITS, NEAR_BITS, bits_between, picture_hash
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress

STAGE = "moment"
SIDE_PX = 64
HASHED_PX = 256  # both are taken from so large a square: the shape of a picture, and of its pixels, does not matter
MAX_STEP_S = 0.2
FINE_FRAMES = 1500  # so many are looked at one by one
CLOSE_BITS = 4  # frames as near as that to the best are told apart by correlation
PLACES = 6
APART_S = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """The most alike frame.

    Args:
        frame: Its number.
        distance: Bits of 64 in which its perceptual hash differs from that of the picture; about 32 for strangers.
        rivals: Other places of the item that are as near by hash, at least a second apart; a still scene has many.
    """

    frame: int
    distance: int
    rivals: int = 0

    @property
    def is_alike(self) -> bool:
        """Whether the two may show the same."""
        return self.distance <= NEAR_BITS


@dataclass(frozen=True, slots=True)
class _Look:
    frame: int
    distance: int
    likeness: float


class _Picture:
    """What is compared of the picture that is looked for."""

    def __init__(self, image: UInt8Array) -> None:
        small = _square(image, HASHED_PX)
        found = picture_hash(small)
        if found is None:
            raise InputError(
                "The frame is of one plain colour: there is nothing to recognise in it.", "Go to another frame."
            )
        self._hash, self._grey = found, _small_grey(small)

    def look(self, frame: int, image: UInt8Array) -> _Look:
        small = _square(image, HASHED_PX)
        found = picture_hash(small)
        distance = HASH_BITS if found is None else bits_between(self._hash, found)
        return _Look(frame, distance, float((self._grey * _small_grey(small)).mean()))


def find_moment(
    image: UInt8Array, item: MediaItem, on_progress: ProgressFn = ignore_progress, cancel: CancelToken | None = None
) -> Moment:
    """Search an item for the frame most like a picture: every n-th frame first, then all around the best of these.

    Args:
        image: (H, W, 3) uint8 RGB.
        item: Where to search.
        on_progress: Stage ``"moment"`` in frames.
        cancel: Stops the search.

    Raises:
        InputError: The picture is of one plain colour, or no frame of the item decodes.
        Cancelled: The token was cancelled.
    """
    cancel, wanted, index = cancel or CancelToken(), _Picture(image), item.index
    looks: dict[int, _Look] = {}

    def look(frames: Iterable[Frame], shows: bool) -> None:
        for frame in frames:
            cancel.check()
            if frame.index not in looks:
                looks[frame.index] = wanted.look(frame.index, frame.image)
            if shows:
                on_progress(Progress(STAGE, frame.index + 1, len(index)))

    step = _step(len(index), index.duration_s)
    with FrameReader(item) as reader:
        look(reader.frames(step=step), True)
        best = sorted(looks.values(), key=lambda found: (found.distance, -found.likeness))
        for place in best[:PLACES] if step > 1 else ():
            look(reader.frames(max(0, place.frame - step + 1), place.frame + step), False)
    if not looks:
        raise InputError("None of the frames of this item can be decoded.", "Choose another item.")
    return _nearest(list(looks.values()), index.time_s)


def _nearest(looks: list[_Look], time_s: DoubleArray) -> Moment:
    nearest = min(look.distance for look in looks)
    close = [look for look in looks if look.distance <= nearest + CLOSE_BITS]
    best = max(close, key=lambda look: look.likeness)
    rivals, last_s = 0, -np.inf
    for look in sorted(looks, key=lambda look: look.frame):
        at_s = float(time_s[look.frame])
        is_apart = abs(at_s - float(time_s[best.frame])) >= APART_S and at_s - last_s >= APART_S
        if look.distance <= best.distance and is_apart:
            rivals, last_s = rivals + 1, at_s
    return Moment(best.frame, best.distance, rivals)


def _step(count: int, duration_s: float) -> int:
    """Every how many-th frame is looked at first: all of a short item, never less than five in a second."""
    by_time = int(MAX_STEP_S * count / duration_s) if duration_s > 0 else 1
    return max(1, min(by_time, -(-count // FINE_FRAMES)))


def _square(image: UInt8Array, side_px: int) -> UInt8Array:
    return np.asarray(cv2.resize(image, (side_px, side_px), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _small_grey(image: UInt8Array) -> FloatArray:
    """Grey picture of `SIDE_PX` squared with mean 0 and deviation 1."""
    grey = cv2.cvtColor(_square(image, SIDE_PX), cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray((grey - grey.mean()) / max(float(grey.std()), 1e-3), dtype=np.float32)
