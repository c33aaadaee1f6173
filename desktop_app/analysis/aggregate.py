"""From the scores of single faces to a track, and from tracks to the item."""

import math
from collections.abc import Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from desktop_app.detectors import sigmoid
from desktop_app.domain import Band, FaceTrack, FramePrediction, ModelCard, Outcome, Segment, Thresholds, Verdict

MIN_SCORED_FRAMES = 5
"""Fewer scored frames of a person in a video are too few to say anything."""
SMOOTH_S = 1.0
MIN_SEGMENT_S = 0.5
BLOCK_S = 1.0
BOOTSTRAP_ROUNDS = 500

Floats = NDArray[np.float64]

_FAKE_BANDS = (Band.MODERATE_FAKE, Band.STRONG_FAKE)
_GENUINE_BANDS = (Band.MODERATE_GENUINE, Band.STRONG_GENUINE)


def log_odds(card: ModelCard, predictions: Sequence[FramePrediction]) -> Floats:
    """Calibrated log-odds of fake of scored predictions, (N,)."""
    logits = np.array([p.logit for p in predictions if p.logit is not None], dtype=np.float64)
    return logits / card.temperature + card.bias


def block_interval(values: Floats, times_s: Floats, seed: int = 0) -> tuple[float, float]:
    """95 % interval of a mean by moving-block bootstrap (Künsch, 1989): neighbouring frames are not independent.

    Args:
        values: (N,) in order of time.
        times_s: (N,) seconds; a block spans about `BLOCK_S`.
        seed: Of the resampling.

    Returns:
        (low, high); both the mean where there is one value only.
    """
    n = len(values)
    if n == 1:
        return float(values[0]), float(values[0])
    span_s = max(float(times_s[-1] - times_s[0]), 1e-9)
    block = int(np.clip(round(BLOCK_S * (n - 1) / span_s), 1, max(1, n // 2)))
    blocks = math.ceil(n / block)
    starts = np.random.default_rng(seed).integers(0, n - block + 1, (BOOTSTRAP_ROUNDS, blocks))
    cumulative = np.concatenate([[0.0], np.cumsum(values)])
    means = (cumulative[starts + block] - cumulative[starts]).mean(axis=1) / block
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def smooth(values: Floats, times_s: Floats, window_s: float = SMOOTH_S) -> Floats:
    """Centred moving mean over a window of time.

    Args:
        values: (N,) in order of time.
        times_s: (N,) seconds.
        window_s: Width of the window.

    Returns:
        (N,).
    """
    low = np.searchsorted(times_s, times_s - window_s / 2, side="left")
    high = np.searchsorted(times_s, times_s + window_s / 2, side="right")
    cumulative = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray((cumulative[high] - cumulative[low]) / (high - low))


def find_segments(card: ModelCard, scored: Sequence[FramePrediction]) -> tuple[Segment, ...]:
    """Stretches of one track whose smoothed curve stays above the inconclusive zone for `MIN_SEGMENT_S` or longer.

    Args:
        card: The model.
        scored: Scored predictions of one track in order of time.
    """
    if len(scored) < MIN_SCORED_FRAMES:
        return ()
    z = log_odds(card, scored)
    times = np.array([p.time_s for p in scored])
    above = sigmoid(smooth(z, times)) > card.thresholds.inconclusive_high
    edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]]).astype(np.int8)))
    segments = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        first, last = scored[start], scored[end - 1]
        if last.time_s - first.time_s < MIN_SEGMENT_S:
            continue
        p_fake = float(sigmoid(z[start:end].mean(keepdims=True))[0])
        band = card.thresholds.band(p_fake)
        if band in _FAKE_BANDS:
            segments.append(
                Segment(first.track_id, first.frame_index, last.frame_index, first.time_s, last.time_s, p_fake, band)
            )
    return tuple(segments)


def judge_track(
    card: ModelCard, scored: Sequence[FramePrediction], segments: Sequence[Segment], is_image: bool
) -> Verdict:
    """Verdict of one track: the mean log-odds of its frames with a bootstrap interval.

    Args:
        card: The model.
        scored: Scored predictions of one track in order of time.
        segments: As `find_segments` gives them.
        is_image: Whether the item is a still image, for which one frame is enough.
    """
    if not scored:
        return Verdict(Outcome.NO_USABLE_FACE, None, None, None, "No face was fit to be scored.")
    z = log_odds(card, scored)
    low, high = block_interval(z, np.array([p.time_s for p in scored]))
    p_fake = float(sigmoid(z.mean(keepdims=True))[0])
    p_low, p_high = (float(v) for v in sigmoid(np.array([low, high])))
    interval = (min(p_low, p_fake), max(p_high, p_fake))
    reason = _doubt(card.thresholds, p_fake, interval, len(scored), segments, is_image)
    if reason:
        return Verdict(Outcome.INCONCLUSIVE, Band.INCONCLUSIVE, p_fake, interval, reason)
    band = card.thresholds.band(p_fake)
    return Verdict(Outcome.SCORED, band, p_fake, interval, f"Mean of {len(scored)} scored frames.")


def _doubt(
    limits: Thresholds,
    p_fake: float,
    interval: tuple[float, float],
    frames: int,
    segments: Sequence[Segment],
    is_image: bool,
) -> str:
    """Why a track must stay inconclusive, empty when it need not."""
    if frames < MIN_SCORED_FRAMES and not is_image:
        return f"Only {frames} frames could be scored; at least {MIN_SCORED_FRAMES} are needed."
    band = limits.band(p_fake)
    if band is Band.INCONCLUSIVE:
        return "The score lies where genuine and manipulated faces are about equally frequent."
    if interval[0] < limits.inconclusive_low and interval[1] > limits.inconclusive_high:
        return "The frames disagree: the interval reaches from genuine to manipulated."
    if band in _GENUINE_BANDS and segments:
        worst = max(segments, key=lambda s: s.p_fake)
        return (
            f"The frames as a whole look genuine, but {worst.start_s:.1f} s to {worst.end_s:.1f} s do not: "
            "see this stretch."
        )
    return ""


def sum_up_track(card: ModelCard, track_id: int, predictions: Sequence[FramePrediction], is_image: bool) -> FaceTrack:
    """Everything about one track.

    Args:
        card: The model.
        track_id: The person.
        predictions: All of this track's predictions, scored or gated, in order of time, at least one.
        is_image: Whether the item is a still image.
    """
    scored = [p for p in predictions if p.p_fake is not None]
    segments = find_segments(card, scored)
    first, last = predictions[0], predictions[-1]
    labels = [p.label for p in scored if p.label is not None]
    return FaceTrack(
        track_id=track_id,
        start_frame=first.frame_index,
        end_frame=last.frame_index,
        start_s=first.time_s,
        end_s=last.time_s,
        frames_seen=len(predictions),
        frames_scored=len(scored),
        median_size_px=float(median(p.quality.size_px for p in predictions)),
        label=max(sorted(set(labels)), key=labels.count) if labels else None,
        verdict=judge_track(card, scored, segments, is_image),
        segments=segments,
    )


def sum_up_tracks(card: ModelCard, predictions: Sequence[FramePrediction], is_image: bool) -> tuple[FaceTrack, ...]:
    """Every track of an item, in order of id."""
    by_track: dict[int, list[FramePrediction]] = {}
    for p in predictions:
        by_track.setdefault(p.track_id, []).append(p)
    return tuple(sum_up_track(card, track_id, own, is_image) for track_id, own in sorted(by_track.items()))


def judge_item(tracks: Sequence[FaceTrack]) -> Verdict:
    """Verdict of the item: one manipulated person makes it manipulated, and doubt about one is doubt about it.

    The track with the highest probability of fake speaks for the item among those with enough frames. Where it looks
    genuine while another track is inconclusive, the item is inconclusive.
    """
    usable = [t for t in tracks if t.verdict.p_fake is not None]
    if not usable:
        reason = "No face was found." if not tracks else "No face was fit to be scored."
        return Verdict(Outcome.NO_USABLE_FACE, None, None, None, reason)
    firm = [t for t in usable if t.verdict.outcome is Outcome.SCORED]
    doubtful = [t for t in usable if t.verdict.outcome is Outcome.INCONCLUSIVE]
    top = max(firm, key=lambda t: t.verdict.p_fake or 0.0, default=None)
    if top is not None and top.verdict.band in _FAKE_BANDS:
        return _from_track(top, len(tracks))
    if doubtful:
        return _from_track(max(doubtful, key=_urgency), len(tracks))
    return _from_track(top or usable[0], len(tracks))


def _urgency(track: FaceTrack) -> tuple[bool, float]:
    return bool(track.segments), track.verdict.p_fake or 0.0


def _from_track(track: FaceTrack, tracks: int) -> Verdict:
    verdict = track.verdict
    if tracks == 1:
        return verdict
    return Verdict(
        verdict.outcome,
        verdict.band,
        verdict.p_fake,
        verdict.interval,
        f"Person {track.track_id} of {tracks} decides. {verdict.reason}",
    )
