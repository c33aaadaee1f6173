"""Traces of an earlier compression that a video's packet sizes keep.

A picture that was a key frame in an earlier encoding was compressed apart from its neighbours. Predicting it from them
costs more in the next encoding, so such pictures stand out at a regular distance: the footprint that Wang and Farid
("Exposing digital forgeries in video by detecting double MPEG compression", ACM MM&Sec 2006) find in the prediction
error and Vazquez-Padin and others ("Detection of video double encoding with GOP size estimation", IEEE WIFS 2012) in
the kinds of macroblocks. Here the size of the packets takes their place, which needs no decoding and sees less:
`docs/provenance.md` says what was measured.
"""

from dataclasses import dataclass

import numpy as np

from desktop_app.media.frame_index import BoolArray, DoubleArray, IntArray
from desktop_app.media.provenance.packets import B_REFERENCE, B, P, PacketLog

MIN_FRAMES = 100
MAX_FRAMES_LOOKED = 6_000
MIN_PERIOD, MAX_PERIOD = 8, 300
MIN_REPEATS = 5
MIN_SCORE = 9.5
MIN_SHARE = 0.7
STANDS_OUT = 1.5
AFTER_KEY = 3
_HALF_WINDOW = 5
_MIN_OF_KIND = 20
_CLIP = (-4.0, 6.0)


@dataclass(frozen=True, slots=True)
class OldGop:
    """Signs of the key frames of an earlier encoding.

    Args:
        period: Their distance in frames.
        score: How clearly they stand out: median deviation times the square root of their number.
        repeats: How many of them were seen.
    """

    period: int
    score: float
    repeats: int


def find_old_gop(log: PacketLog) -> OldGop | None:
    """Look for a regular pattern in the sizes of the packets of an H.264 video, None where there is none."""
    if log.codec != "h264" or len(log) < MIN_FRAMES:
        return None
    order = log.order()[:MAX_FRAMES_LOOKED]
    sizes = np.array(log.raw_sizes, dtype=np.float64)[order]
    kinds = np.array(log.raw_kinds, dtype=np.int64)[order]
    keys = np.array(log.raw_keys, dtype=np.bool_)[order]
    excess, is_usable = _excess(sizes, kinds, keys)
    return _best_period(excess, is_usable)


def _excess(sizes: DoubleArray, kinds: IntArray, keys: BoolArray) -> tuple[DoubleArray, BoolArray]:
    """How far each packet exceeds its neighbours of the same kind, in robust standard deviations of the logarithm."""
    logs = np.log(np.maximum(sizes, 1.0))
    excess, is_usable = np.zeros(len(sizes)), np.zeros(len(sizes), dtype=np.bool_)
    for kind in (P, B, B_REFERENCE):
        numbers = np.flatnonzero((kinds == kind) & ~keys)
        if len(numbers) < _MIN_OF_KIND:
            continue
        padded = np.pad(logs[numbers], _HALF_WINDOW, mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _HALF_WINDOW + 1)
        deviation = logs[numbers] - np.median(np.delete(windows, _HALF_WINDOW, axis=1), axis=1)
        spread = 1.4826 * float(np.median(np.abs(deviation))) + 1e-3
        excess[numbers] = np.clip(deviation / spread, *_CLIP)
        is_usable[numbers] = True
    # the first frames after a key frame differ in any video
    for step in range(AFTER_KEY):
        near = np.flatnonzero(keys) + step
        is_usable[near[near < len(keys)]] = False
    return excess, is_usable


def _best_period(excess: DoubleArray, is_usable: BoolArray) -> OldGop | None:
    count, best = len(excess), None
    for period in range(MIN_PERIOD, min(MAX_PERIOD, count // MIN_REPEATS) + 1):
        rows = -(-count // period)
        values = np.full(rows * period, np.nan)
        values[:count] = np.where(is_usable, excess, np.nan)
        grid = values.reshape(rows, period)
        seen = np.isfinite(grid).sum(axis=0)
        share = (grid > STANDS_OUT).sum(axis=0) / np.maximum(seen, 1)
        phases = np.flatnonzero((seen >= MIN_REPEATS) & (share >= MIN_SHARE))
        # several such places in one period are a shorter period, which is the encoder's own pattern of B-frames
        for phase in phases if len(phases) == 1 else ():
            score = float(np.nanmedian(grid[:, phase]) * np.sqrt(seen[phase]))
            if score >= MIN_SCORE and (best is None or score > best.score):
                best = OldGop(period, score, int(seen[phase]))
    return best
