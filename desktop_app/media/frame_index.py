"""Which frames an item holds, when each is displayed, and from where each can be decoded exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
DoubleArray = NDArray[np.float64]

NO_PTS = -(2**63)
FALLBACK_RATE = Fraction(25)
VFR_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class FrameIndex:
    """Every frame that decoding from the start yields, in that order.

    Args:
        pts: (N,) int64 presentation time stamps in `time_base`; `NO_PTS` where missing.
        has_pts: (N,) whether the time stamp was there.
        time_s: (N,) float64 seconds from the first frame, never decreasing.
        is_key: (N,) whether the frame is a keyframe.
        packet: (N,) int64 number of the frame's packet, in the order of the file.
        last_duration_s: How long the last frame is displayed.
        time_base: Unit of `pts` in seconds.
        method: ``"scan"`` (packets read), ``"decode"`` (every frame decoded) or ``"image"``.
        seek_frames: (K,) int64 ascending frames from which decoding can start; always holds frame 0.
        packet_pts: (P,) int64 time stamp of every packet, `NO_PTS` where missing.
        packet_dts: (P,) int64 decoding time stamp of every packet, `NO_PTS` where missing.
        first_frame: (P,) int64 first frame that a packet yields, -1 where it yields none.
        is_corrupt: (N,) whether the decoder flagged damage, None after a packet scan.
        checksums: (N,) int64 CRC-32 of every decoded picture, None after a packet scan.
        estimated: Number of frames whose time was missing or contradictory and had to be estimated.
    """

    pts: IntArray
    has_pts: BoolArray
    time_s: DoubleArray
    is_key: BoolArray
    packet: IntArray
    last_duration_s: float
    time_base: Fraction
    method: str
    seek_frames: IntArray
    packet_pts: IntArray
    packet_dts: IntArray
    first_frame: IntArray
    is_corrupt: BoolArray | None = None
    checksums: IntArray | None = None
    estimated: int = 0

    def __post_init__(self) -> None:
        for name in ("pts", "has_pts", "time_s", "is_key", "packet"):
            array = getattr(self, name)
            if array.shape != self.pts.shape or array.ndim != 1:
                raise ValueError(f"{name}: expected {self.pts.shape}, got {array.shape}")
            array.flags.writeable = False
        others = (self.seek_frames, self.packet_pts, self.packet_dts, self.first_frame, self.is_corrupt, self.checksums)
        for array in others:
            if array is not None:
                array.flags.writeable = False

    def __len__(self) -> int:
        return int(self.pts.shape[0])

    def pts_of(self, index: int) -> int | None:
        """Presentation time stamp of a frame, None where it is missing."""
        return int(self.pts[index]) if self.has_pts[index] else None

    def frame_of_packet(self, number: int) -> int | None:
        """The first frame that a packet yields, None where it yields none."""
        found = int(self.first_frame[number]) if 0 <= number < len(self.first_frame) else -1
        return found if found >= 0 else None

    def frame_at_time(self, time_s: float) -> int:
        """The frame displayed at a time, clamped to the item."""
        # Half a nanosecond forgives the rounding of a time that was itself taken from `time_s`.
        found = int(np.searchsorted(self.time_s, time_s + 5e-10, side="right")) - 1
        return min(max(found, 0), len(self) - 1)

    def duration_of(self, index: int) -> float:
        """Seconds that a frame is displayed."""
        if not 0 <= index < len(self):
            raise IndexError(f"frame {index} of {len(self)}")
        if index == len(self) - 1:
            return self.last_duration_s
        return float(self.time_s[index + 1] - self.time_s[index])

    @property
    def duration_s(self) -> float:
        """Seconds from the first frame to the end of the last."""
        return float(self.time_s[-1]) + self.last_duration_s

    @property
    def is_vfr(self) -> bool:
        """Whether the intervals between frames vary by more than the rounding of the time stamps."""
        if len(self) < 3 or not self.has_pts.all() or self.estimated:
            return False
        steps = np.diff(self.time_s)
        tolerance = max(1.5 * float(self.time_base), VFR_TOLERANCE * float(np.median(steps)))
        return bool(steps.max() - steps.min() > tolerance)

    @property
    def rate(self) -> Fraction | None:
        """Average frames per second over the item, None for a single frame."""
        span_s = float(self.time_s[-1])
        if len(self) < 2 or span_s <= 0:
            return None
        if self.has_pts[0] and self.has_pts[-1] and not self.estimated:
            return Fraction(len(self) - 1) / (int(self.pts[-1] - self.pts[0]) * self.time_base)
        return Fraction((len(self) - 1) / span_s).limit_denominator(1001)

    def seek_frame_for(self, index: int) -> int:
        """The nearest frame at or before `index` from which decoding can start."""
        return int(self.seek_frames[np.searchsorted(self.seek_frames, index, side="right") - 1])


def build_times(
    pts: Sequence[int | None], time_base: Fraction, rate: Fraction | None
) -> tuple[IntArray, BoolArray, DoubleArray, int]:
    """Turn time stamps in order of display into times.

    A stamp that is missing, or not later than those before it, is no use as a time: that frame is placed between
    its neighbours, or at the nominal rate beyond the last good one.

    Returns:
        pts, has_pts, time_s and the number of estimated times.
    """
    has_pts = np.array([value is not None for value in pts], dtype=np.bool_)
    stamps = np.array([NO_PTS if value is None else value for value in pts], dtype=np.int64)
    good: list[int] = []
    for position, value in enumerate(pts):
        if value is not None and (not good or value > stamps[good[-1]]):
            good.append(position)
    step_s = _typical_step(stamps, good, time_base, rate)
    if not good:
        return stamps, has_pts, np.arange(len(pts), dtype=np.float64) * step_s, len(pts)
    # Exact integer differences first: a large stamp must not lose its last digits as a float.
    known = np.array([float((int(stamps[i]) - int(stamps[good[0]])) * time_base) for i in good], dtype=np.float64)
    positions = np.arange(len(pts), dtype=np.float64)
    time_s = np.interp(positions, np.array(good, dtype=np.float64), known)
    before, after = positions < good[0], positions > good[-1]
    time_s[before] = known[0] - (good[0] - positions[before]) * step_s
    time_s[after] = known[-1] + (positions[after] - good[-1]) * step_s
    return stamps, has_pts, time_s - time_s[0], len(pts) - len(good)


def _typical_step(stamps: IntArray, good: Sequence[int], time_base: Fraction, rate: Fraction | None) -> float:
    steps = [int(stamps[b]) - int(stamps[a]) for a, b in pairwise(good) if b == a + 1]
    if steps:
        return float(np.median(np.array(steps, dtype=np.float64))) * float(time_base)
    return float(1 / (rate or FALLBACK_RATE))
