"""Findings on the order of key frames, the flow of time and the sound of a video, from its packets."""

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from desktop_app.domain.traces import Trace
from desktop_app.media.frame_index import NO_PTS, VFR_TOLERANCE, DoubleArray, IntArray
from desktop_app.media.provenance.catalogue import clean, found
from desktop_app.media.provenance.packets import INTRA, UNKNOWN, P, PacketLog
from desktop_app.media.provenance.recompression import find_old_gop

MIN_REGIME_GOPS = 4
MISSING_STEPS = 1.6
CONSTANT_SHARE = 0.9
SOUND_GAP_S = 0.5
MIN_STILL_FRAMES = 5
STILL_BYTES, STILL_BLOCKS_PER_BYTE = 64, 64
STILL_RATIO = 10.0
REFINED_SHARE = 0.3
_ENCODER = re.compile(r"x264 - core \d+[^-]*|x265 \(build \d+\)[^-]*|Lav[cf][\d.]+|XviD\d*|DivX[\d.]*", re.IGNORECASE)
_SETTING = re.compile(r"\b(crf|bitrate|qp|keyint|preset|rc|bframes)=([\w.]+)")


def packet_traces(log: PacketLog) -> list[Trace]:
    """All findings on the packets of a video."""
    return [*_encoder_traces(log), *_gop_traces(log), *_clock_traces(log), *_still_traces(log), *_sound_traces(log)]


def _encoder_traces(log: PacketLog) -> Iterator[Trace]:
    if log.encoders:
        text = log.encoders[0]
        match = _ENCODER.search(text)
        settings = " ".join(f"{key}={value}" for key, value in _SETTING.findall(text)[:6])
        name = clean(match[0].strip() if match else text, 80)
        yield found("encoder_settings", encoder=f"{name} ({settings})" if settings else name)
    if len(log.encoders) > 1:
        yield found("encoder_settings_change", count=len(log.encoders))
    if log.set_changes:
        yield found("parameter_sets_change", time_s=_time_of(log, log.set_changes[0]), count=len(log.set_changes))


def _time_of(log: PacketLog, number: int) -> str:
    """Time of a packet from the start of the picture, in seconds."""
    if log.raw_pts[number] == NO_PTS:
        return "?"
    return f"{log.raw_pts[number] * float(log.time_base) - float(log.times_s()[0]):.2f}"


def _gop_traces(log: PacketLog) -> Iterator[Trace]:
    keys = np.flatnonzero(np.array(log.raw_keys, dtype=np.bool_))
    gops: IntArray = np.diff(keys).astype(np.int64)
    if len(gops) >= 2 and int(gops.max()) > 1:
        regime = _regime_change(gops)
        if regime is not None:
            at, before, after = regime
            yield found("gop_regimes", before=before, after=after, time_s=_time_of(log, int(keys[at])))
        elif len(set(gops.tolist())) > 1:
            yield found("gop_irregular", shortest=int(gops.min()), longest=int(gops.max()))
    old = find_old_gop(log)
    if old is not None:
        yield found("old_gop", period=old.period, score=f"{old.score:.1f}", repeats=old.repeats)


def _regime_change(gops: IntArray) -> tuple[int, int, int] | None:
    """Number of the GOP at which one fixed length gives way to another, and both lengths."""
    runs: list[tuple[int, int, int]] = []
    for number, length in enumerate(gops.tolist()):
        if runs and runs[-1][1] == length:
            runs[-1] = (runs[-1][0], length, runs[-1][2] + 1)
        else:
            runs.append((number, length, 1))
    steady = [run for run in runs if run[2] >= MIN_REGIME_GOPS]
    for (_, before, _), (start, after, _) in pairwise(steady):
        if before != after:
            return start, before, after
    return None


def _clock_traces(log: PacketLog) -> Iterator[Trace]:
    times = log.times_s()
    steps = np.diff(times)
    steps = steps[steps > 0]
    if len(steps) < 10:
        return
    typical = float(np.median(steps))
    is_typical = np.abs(steps - typical) <= max(1.5 * float(log.time_base), VFR_TOLERANCE * typical)
    if is_typical.all():
        return
    if is_typical.mean() < CONSTANT_SHARE:
        shortest, longest = f"{1000 * steps.min():.0f}", f"{1000 * steps.max():.0f}"
        yield found("variable_rate", shortest_ms=shortest, longest_ms=longest)
        return
    gaps = np.flatnonzero(np.diff(times) > MISSING_STEPS * typical)
    if len(gaps):
        frames = int(np.rint(np.diff(times)[gaps] / typical - 1).sum())
        yield found("frames_missing", count=len(gaps), time_s=f"{times[gaps[0]] - times[0]:.2f}", frames=frames)


def _still_traces(log: PacketLog) -> Iterator[Trace]:
    """Runs of packets too small to change anything; a codec needs next to nothing to repeat a picture."""
    if log.codec not in ("h264", "hevc", "vp9", "vp8", "av1", "mpeg4") or len(log) < 4 * MIN_STILL_FRAMES:
        return
    order = log.order()
    sizes = np.array(log.raw_sizes, dtype=np.float64)[order]
    kinds = np.array(log.raw_kinds, dtype=np.int64)[order]
    limit = STILL_BYTES + log.size_px[0] * log.size_px[1] / 256 / STILL_BLOCKS_PER_BYTE
    leading = sizes[np.isin(kinds, (P, UNKNOWN))]
    if not len(leading) or float(np.median(leading)) < STILL_RATIO * limit:
        return
    is_small = sizes <= limit
    for kind in set(kinds.tolist()) - {INTRA}:  # an encoder still refines a picture that stands still
        is_small |= (kinds == kind) & (sizes <= REFINED_SHARE * np.median(sizes[kinds == kind]))
    runs = [run for run in _runs(is_small) if run[1] - run[0] >= MIN_STILL_FRAMES]
    runs = [(start, end) for start, end in runs if float(np.median(sizes[start:end])) <= limit]
    if runs:
        start, end = max(runs, key=lambda run: run[1] - run[0])
        yield found("frames_still", count=len(runs), longest=end - start, time_s=_time_of(log, int(order[start])))


def _runs(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """Start and end of every run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _sound_traces(log: PacketLog) -> Iterator[Trace]:
    if log.sound_base is None or not len(log.raw_sound):
        yield found("sound_absent")
        return
    picture = log.times_s()
    starts, lengths = log.sound_s()
    if not len(picture):
        return
    late = float(starts.min() - picture[0])
    early = float(picture[-1] - (starts + lengths).max())
    if late > SOUND_GAP_S:
        yield found("sound_late", gap_s=f"{late:.2f}")
    if early > SOUND_GAP_S:
        yield found("sound_short", gap_s=f"{early:.2f}")
    yield from _sound_gaps(starts, lengths)


def _sound_gaps(starts: DoubleArray, lengths: DoubleArray) -> Iterator[Trace]:
    if len(starts) < 10 or not float(np.median(lengths)) > 0:
        return
    jumps = np.flatnonzero(np.abs(np.diff(starts) - lengths[:-1]) > np.maximum(1.5 * np.median(lengths), 0.03))
    if len(jumps):
        yield found("sound_gaps", count=len(jumps), time_s=f"{starts[jumps[0] + 1] - starts[0]:.2f}")
