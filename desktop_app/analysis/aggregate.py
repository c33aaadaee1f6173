"""From the scores of single faces to a track, and from tracks to the item."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

from desktop_app.detectors import calibrate_odds, sigmoid
from desktop_app.domain import (
    Band,
    FaceTrack,
    FramePrediction,
    ModelCard,
    Notice,
    Outcome,
    Segment,
    Stage,
    Support,
    Verdict,
)

MIN_SCORED_FRAMES = 5
"""Fewer scored frames of a person in a video are too few to say anything."""
SMOOTH_S = 1.0
MIN_SEGMENT_S = 0.5
MAX_SEGMENT_GAP_S = 1.0
"""A stretch does not reach across a longer time without a score, unless the frames lie that far apart everywhere."""
BLOCK_S = 1.0
BOOTSTRAP_ROUNDS = 500

Floats = NDArray[np.float64]

_FAKE_BANDS = (Band.MODERATE_FAKE, Band.STRONG_FAKE)

REASONS = {
    "no_face": "No face was found.",
    "no_usable_face": "No face was fit to be scored.",
    "mean": "Mean of {frames} scored frames.",
    "one_picture": "Score of a single picture.",
    "few_frames": "Only {frames} frames could be scored; at least {least} are needed.",
    "between": "The score lies where genuine and manipulated faces are about equally frequent.",
    "size_px_low": "The faces are smaller ({value} px) than those the model was validated on (from {limit} px).",
    "size_px_high": "The faces are larger ({value} px) than those the model was validated on (up to {limit} px).",
    "sharpness_low": "The faces are less sharp ({value}) than those the model was validated on (from {limit}).",
    "sharpness_high": (
        "The faces are sharper or noisier ({value}) than those the model was validated on (up to {limit})."
    ),
    "exposure_low": "The faces are darker ({value} %) than those the model was validated on (from {limit} %).",
    "exposure_high": "The faces are brighter ({value} %) than those the model was validated on (up to {limit} %).",
    "pose_deg_high": (
        "The faces are turned further ({value} degrees) than those the model was validated on (up to {limit})."
    ),
    "not_validated": "This model came without a measured calibration: its scores support no verdict.",
    "disagree": "The frames disagree: the interval reaches from genuine to manipulated.",
    "stretch_in_genuine": (
        "The frames as a whole look genuine, but {start:.1f} s to {end:.1f} s do not: see this stretch."
    ),
    "stretch_in_doubt": (
        "The frames as a whole do not decide, but {start:.1f} s to {end:.1f} s look manipulated: see this stretch."
    ),
    "person_decides": "Person {track} of {tracks} decides. {reason}",
}
"""Why a verdict is what it is; reports recognise these sentences and translate them."""


def log_odds(card: ModelCard, predictions: Sequence[FramePrediction]) -> Floats:
    """Calibrated log-odds of fake of scored predictions, (N,)."""
    logits = np.array([p.logit for p in predictions if p.logit is not None], dtype=np.float64)
    return calibrate_odds(card, logits)


def block_interval(values: Floats, times_s: Floats, seed: int = 0) -> tuple[float, float]:
    """95 % interval of a mean by circular block bootstrap (Politis and Romano, 1992).

    Neighbouring frames are not independent, so blocks are drawn; the series is closed to a ring, so that its ends
    count as much as its middle.

    Args:
        values: (N,) in order of time.
        times_s: (N,) seconds; a block spans about `BLOCK_S`.
        seed: Of the resampling.

    Returns:
        (low, high) around the mean; both the value where there is only one.
    """
    n = len(values)
    if n == 1:
        return float(values[0]), float(values[0])
    mean = float(values.mean())
    span_s = max(float(times_s[-1] - times_s[0]), 1e-9)
    block = int(np.clip(round(BLOCK_S * (n - 1) / span_s), 1, max(1, n // 2)))
    blocks = math.ceil(n / block)
    cumulative = np.concatenate([[0.0], np.cumsum(np.concatenate([values, values[: block - 1]]))])
    sums = cumulative[block:] - cumulative[:-block]
    random = np.random.default_rng(seed)
    # round by round: all starts at once would take a gigabyte for a long item
    means = [sums[random.integers(0, len(sums), blocks)].mean() / block for _ in range(BOOTSTRAP_ROUNDS)]
    low, high = np.percentile(means, [2.5, 97.5])
    return min(float(low), mean), max(float(high), mean)


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
    """Stretches of one track whose smoothed curve stays above the inconclusive zone.

    A stretch lasts `MIN_SEGMENT_S` or longer, holds `MIN_SCORED_FRAMES` or more, and does not reach across a gap.

    Args:
        card: The model.
        scored: Scored predictions of one track in order of time.
    """
    if len(scored) < MIN_SCORED_FRAMES:
        return ()
    z = log_odds(card, scored)
    times = np.array([p.time_s for p in scored])
    above = sigmoid(smooth(z, times)) > card.thresholds.inconclusive_high
    segments = []
    for start, end in _runs(above, times):
        first, last = scored[start], scored[end - 1]
        if last.time_s - first.time_s < MIN_SEGMENT_S or end - start < MIN_SCORED_FRAMES:
            continue
        p_fake = float(sigmoid(z[start:end].mean(keepdims=True))[0])
        band = band_of(card, p_fake, is_image=False)
        if band in _FAKE_BANDS:
            segments.append(
                Segment(first.track_id, first.frame_index, last.frame_index, first.time_s, last.time_s, p_fake, band)
            )
    return tuple(segments)


def _runs(above: NDArray[np.bool_], times_s: Floats) -> list[tuple[int, int]]:
    """(start, end) of every run of True without a gap in time, end exclusive."""
    steps = np.diff(times_s)
    gap_s = max(MAX_SEGMENT_GAP_S, 2.5 * float(np.median(steps)))
    is_start = above & np.concatenate([[True], ~above[:-1] | (steps > gap_s)])
    is_end = above & np.concatenate([~above[1:] | (steps > gap_s), [True]])
    return [(int(a), int(b) + 1) for a, b in zip(np.flatnonzero(is_start), np.flatnonzero(is_end), strict=True)]


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
        return Verdict(Outcome.NO_USABLE_FACE, None, None, None, REASONS["no_usable_face"])
    z = log_odds(card, scored)
    p_fake = float(sigmoid(z.mean(keepdims=True))[0])
    interval = None
    if len(scored) > 1:
        ends = sigmoid(np.array(block_interval(z, np.array([p.time_s for p in scored]))))
        interval = (min(float(ends[0]), p_fake), max(float(ends[1]), p_fake))
    doubt = _doubt(card, p_fake, interval, scored, segments, is_image)
    if doubt:
        return Verdict(Outcome.INCONCLUSIVE, Band.INCONCLUSIVE, p_fake, interval, doubt)
    reason = REASONS["one_picture"] if is_image else REASONS["mean"].format(frames=len(scored))
    return Verdict(Outcome.SCORED, band_of(card, p_fake, is_image), p_fake, interval, reason)


def band_of(card: ModelCard, p_fake: float, is_image: bool) -> Band:
    """The band of a score; inconclusive also where its measured likelihood ratio does not stand clear of one.

    Args:
        card: The model.
        p_fake: Calibrated probability.
        is_image: Whether the score is that of a still image.
    """
    band = card.thresholds.band(p_fake)
    ratio = card.ratio_of(band, "image" if is_image else "video")
    return Band.INCONCLUSIVE if ratio is not None and ratio.verbal is Support.NONE else band


def outside_validated(card: ModelCard, scored: Sequence[FramePrediction]) -> str:
    """Which quality of a track's faces lies outside what the model was validated on, empty where none does.

    The middle frame counts: half of the faces outside are too many to lean on the model's figures.

    Args:
        card: The model.
        scored: Scored predictions of one track, at least one.

    Returns:
        A sentence in English.
    """
    for limits in card.validated:
        value = median(abs(float(getattr(p.quality, limits.measure))) for p in scored)
        for side, limit in (("low", limits.low), ("high", limits.high)):
            if limit is not None and (value < limit if side == "low" else value > limit):
                factor = 100 if limits.measure == "exposure" else 1
                figures = {"value": f"{value * factor:.0f}", "limit": f"{limit * factor:.0f}"}
                return REASONS[f"{limits.measure}_{side}"].format(**figures)
    return ""


def _doubt(
    card: ModelCard,
    p_fake: float,
    interval: tuple[float, float] | None,
    scored: Sequence[FramePrediction],
    segments: Sequence[Segment],
    is_image: bool,
) -> str:
    """Why a track must stay inconclusive, empty when it need not."""
    limits, frames = card.thresholds, len(scored)
    if frames < MIN_SCORED_FRAMES and not is_image:
        return REASONS["few_frames"].format(frames=frames, least=MIN_SCORED_FRAMES)
    if outside := outside_validated(card, scored):
        return outside
    band = band_of(card, p_fake, is_image)
    reaches_across = (
        interval is not None and interval[0] < limits.inconclusive_low and interval[1] > limits.inconclusive_high
    )
    if segments and (reaches_across or band not in _FAKE_BANDS):
        worst = max(segments, key=lambda s: s.p_fake)
        is_open = reaches_across or band is Band.INCONCLUSIVE
        code = "stretch_in_doubt" if is_open else "stretch_in_genuine"
        return REASONS[code].format(start=worst.start_s, end=worst.end_s)
    if limits.inconclusive_low <= 0 and limits.inconclusive_high >= 1:
        return REASONS["not_validated"]
    if band is Band.INCONCLUSIVE:
        return REASONS["between"]
    return REASONS["disagree"] if reaches_across else ""


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
    verdict = judge_track(card, scored, segments, is_image)
    return FaceTrack(
        track_id=track_id,
        start_frame=first.frame_index,
        end_frame=last.frame_index,
        start_s=first.time_s,
        end_s=last.time_s,
        frames_seen=len(predictions),
        frames_scored=len(scored),
        median_size_px=float(median(p.quality.size_px for p in predictions)),
        label=_label(card, verdict, scored),
        verdict=verdict,
        segments=segments,
    )


def _label(card: ModelCard, verdict: Verdict, scored: Sequence[FramePrediction]) -> str | None:
    """The class that the track as a whole favours: genuine, or the manipulation that most of its frames name."""
    if verdict.p_fake is None:
        return None
    if verdict.p_fake <= card.thresholds.decision:
        return card.genuine_class
    named = Counter(p.label for p in scored if p.label is not None and p.label != card.genuine_class)
    fakes = [name for name in card.classes if name != card.genuine_class]
    return max(fakes, key=lambda name: named[name])


def sum_up_tracks(card: ModelCard, predictions: Sequence[FramePrediction], is_image: bool) -> tuple[FaceTrack, ...]:
    """Every track of an item, in order of id."""
    by_track: dict[int, list[FramePrediction]] = {}
    for p in predictions:
        by_track.setdefault(p.track_id, []).append(p)
    return tuple(sum_up_track(card, track_id, own, is_image) for track_id, own in sorted(by_track.items()))


def _has_enough(track: FaceTrack) -> bool:
    return track.frames_scored >= MIN_SCORED_FRAMES


def judge_item(tracks: Sequence[FaceTrack]) -> Verdict:
    """Verdict of the item: one manipulated person makes it manipulated, and doubt about one is doubt about it.

    Where some track has `MIN_SCORED_FRAMES` scored frames, shorter ones do not count: they are often no face at all.
    Of those that count, a manipulated one with the highest probability of fake speaks for the item; else an
    inconclusive one, if there is any; else the least genuine one.

    Args:
        tracks: All of the item.
    """
    usable = [t for t in tracks if t.verdict.p_fake is not None]
    if not usable:
        reason = REASONS["no_usable_face" if tracks else "no_face"]
        return Verdict(Outcome.NO_USABLE_FACE, None, None, None, reason)
    usable = [t for t in usable if _has_enough(t)] or usable
    firm = [t for t in usable if t.verdict.outcome is Outcome.SCORED]
    doubtful = [t for t in usable if t.verdict.outcome is Outcome.INCONCLUSIVE]
    top = max(firm, key=lambda t: t.verdict.p_fake or 0.0, default=None)
    if top is not None and (top.verdict.band in _FAKE_BANDS or not doubtful):
        speaker = top
    else:
        speaker = max(doubtful, key=_urgency)
    return speaker.verdict if len(usable) == 1 else _from_track(speaker, len(tracks))


def uncounted_tracks(tracks: Sequence[FaceTrack]) -> list[Notice]:
    """A notice for each track that had no part in the verdict of its item because others have more to say.

    Args:
        tracks: All of the item.
    """
    notices = []
    if any(_has_enough(t) for t in tracks):
        for t in (t for t in tracks if 0 < t.frames_scored < MIN_SCORED_FRAMES):
            message = f"Person {t.track_id} has too few scored frames ({t.frames_scored}) to count for the item."
            notices.append(Notice(Stage.ANALYSIS, "short_track", message, t.start_frame))
    if any(t.frames_scored for t in tracks):
        for t in (t for t in tracks if not t.frames_scored):
            message = f"Person {t.track_id} could not be scored in any frame: the verdict says nothing of this person."
            notices.append(Notice(Stage.ANALYSIS, "unscored_track", message, t.start_frame))
    return notices


def _urgency(track: FaceTrack) -> tuple[bool, float]:
    return bool(track.segments), track.verdict.p_fake or 0.0


def _from_track(track: FaceTrack, tracks: int) -> Verdict:
    reason = REASONS["person_decides"].format(track=track.track_id, tracks=tracks, reason=track.verdict.reason)
    return replace(track.verdict, reason=reason)
