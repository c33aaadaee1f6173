"""Whether a heatmap shows what the score rests on: what it marks is taken away, and the face is scored again."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop_app.detectors import Detector, calibrate, fake_logits
from desktop_app.domain import Box, FloatArray, Heatmap, UInt8Array
from desktop_app.faces import crop_for
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress

SHARES = (0.05, 0.1, 0.2, 0.4)
ROUNDS = 8

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Deletion:
    """What happens to the probability of the explained answer when parts of the face are blurred away.

    Args:
        answer: The class that the map explains.
        shares: Shares of the map's cells that were blurred.
        base: Probability of the answer for the whole face.
        strongest: For each share, the probability without the cells that the map marks most.
        random_mean: For each share, the mean over masks of as many cells chosen by chance.
        random_low: Lowest of them.
        random_high: Highest of them.
        rounds: Random masks per share.
        better_than: Share of all random masks that lowered the answer less than the map's own mask did, in [0, 1];
            0.5 is what chance gives.
    """

    answer: str
    shares: tuple[float, ...]
    base: float
    strongest: tuple[float, ...]
    random_mean: tuple[float, ...]
    random_low: tuple[float, ...]
    random_high: tuple[float, ...]
    rounds: int
    better_than: float


def cell_masks(values: FloatArray, share: float, rounds: int, seed: int) -> list[BoolArray]:
    """The strongest cells of a map, and as many chosen by chance, `rounds` times.

    Args:
        values: (h, w) the map.
        share: Of the cells, in (0, 1).
        rounds: How many masks of chance.
        seed: The same seed gives the same masks.

    Returns:
        1 + `rounds` arrays of (h, w).
    """
    count = max(1, round(share * values.size))
    random = np.random.default_rng(seed)
    orders = [np.argsort(-values.ravel(), kind="stable")]
    orders += [random.permutation(values.size) for _ in range(rounds)]
    masks = []
    for order in orders:
        mask = np.zeros(values.size, dtype=np.bool_)
        mask[order[:count]] = True
        masks.append(mask.reshape(values.shape))
    return masks


def blurred(crop: UInt8Array) -> UInt8Array:
    """A crop of which nothing but large patches of colour is left: (S, S, 3) uint8 RGB, as it is given."""
    return np.asarray(cv2.GaussianBlur(crop, (0, 0), max(1.0, crop.shape[0] / 16)), dtype=np.uint8)


def without(crop: UInt8Array, mask: BoolArray, blur: UInt8Array | None = None) -> UInt8Array:
    """A crop whose masked cells are blurred beyond recognition; a blur leaves no edges that could be taken for traces.

    Args:
        crop: (S, S, 3) uint8 RGB.
        mask: (h, w) cells to take away.
        blur: What `blurred` makes of the crop, where it is known.
    """
    side = crop.shape[0]
    blur = blurred(crop) if blur is None else blur
    alpha = cv2.resize(mask.astype(np.float32), (side, side), interpolation=cv2.INTER_NEAREST)
    alpha = cv2.GaussianBlur(alpha, (0, 0), max(0.5, side / 112))[:, :, None]
    return np.asarray(crop * (1.0 - alpha) + blur * alpha + 0.5, dtype=np.uint8)


def deletion(
    detector: Detector,
    image: UInt8Array,
    box_xyxy: Box,
    heatmap: Heatmap,
    shares: Sequence[float] = SHARES,
    rounds: int = ROUNDS,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    seed: int = 0,
) -> Deletion:
    """Deletion test (Petsiuk et al., "RISE", BMVC 2018), with a blur instead of grey (Fong and Vedaldi, ICCV 2017).

    A map that shows what the score rests on lowers the answer more than masks of chance of the same size do. The same
    face and map give the same numbers.

    Args:
        detector: The model.
        image: (H, W, 3) uint8 RGB, the whole frame.
        box_xyxy: The face's box.
        heatmap: Its map.
        shares: Shares of the map's cells to take away.
        rounds: Masks of chance per share.
        on_progress: Told of scored crops, stage ``"deletion"``.
        cancel: Stops the work.
        seed: Of the masks of chance of the first share; each further share has the next.

    Raises:
        Cancelled: The token was cancelled.
        DeviceError: Memory ran out.
    """
    cancel = cancel or CancelToken()
    crop = crop_for(detector.card, image, box_xyxy)
    blur = blurred(crop)
    total = 1 + len(shares) * (1 + rounds)
    base = float(_answers(detector, [crop], heatmap.target_class)[0])
    rows = []
    for number, share in enumerate(shares):
        cancel.check()
        masks = cell_masks(heatmap.values, share, rounds, seed + number)
        rows.append(_answers(detector, [without(crop, mask, blur) for mask in masks], heatmap.target_class))
        on_progress(Progress("deletion", 1 + (number + 1) * (1 + rounds), total))
    table = np.stack(rows)
    strongest, random = table[:, 0], table[:, 1:]
    ties = 0.5 * (random == strongest[:, None])
    return Deletion(
        answer=heatmap.target_class,
        shares=tuple(shares),
        base=base,
        strongest=tuple(strongest.tolist()),
        random_mean=tuple(random.mean(axis=1).tolist()),
        random_low=tuple(random.min(axis=1).tolist()),
        random_high=tuple(random.max(axis=1).tolist()),
        rounds=rounds,
        better_than=float(((random > strongest[:, None]) + ties).mean()),
    )


def _answers(detector: Detector, crops: Sequence[UInt8Array], answer: str) -> NDArray[np.float64]:
    card = detector.card
    p_fake = calibrate(card, fake_logits(card, detector.predict(crops))).astype(np.float64)
    return 1.0 - p_fake if answer == card.genuine_class else p_fake
