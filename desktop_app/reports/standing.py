"""How an item stands to what its model was tested on: within the validated range or not, and which figures match."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from desktop_app.domain import (
    AnalysisResult,
    Band,
    ErrorRates,
    FramePrediction,
    ItemKind,
    ModelCard,
    Outcome,
    QualityRange,
    Verdict,
)

_NUMBER = r"(\d+(?:\.\d+)?)"
_CONDITIONS = (
    (re.compile(rf"(?P<face>face )?under {_NUMBER} ?(?P<unit>px|bit/px)"), False, True),
    (re.compile(rf"(?P<face>face )?from {_NUMBER} ?(?P<unit>px|bit/px)"), True, False),
    (re.compile(rf"(?P<face>face )?{_NUMBER}-{_NUMBER} ?(?P<unit>px|bit/px)"), True, True),
)
_Z = 1.959963984540054
FAKE_BANDS = (Band.MODERATE_FAKE, Band.STRONG_FAKE)
ENOUGH = 20
"""Of fewer samples a rate is not quoted beside a finding."""


def leaning(verdict: Verdict) -> str:
    """``"fake"``, ``"genuine"``, ``"neither"`` or ``"nothing"``: which proposition a verdict speaks for."""
    if verdict.outcome is Outcome.NO_USABLE_FACE:
        return "nothing"
    if verdict.outcome is Outcome.INCONCLUSIVE or verdict.band is Band.INCONCLUSIVE:
        return "neither"
    return "fake" if verdict.band in FAKE_BANDS else "genuine"


@dataclass(frozen=True, slots=True)
class Measured:
    """One quality of the scored faces beside the range of validation.

    Args:
        validated: The range.
        median: Of the item's scored faces.
        low: Their 5 % percentile.
        high: Their 95 % percentile.
        share: Share of them within the range.
    """

    validated: QualityRange
    median: float
    low: float
    high: float
    share: float

    @property
    def is_inside(self) -> bool:
        """Whether at least half of the faces lie within."""
        return self.share >= 0.5


def measure(result: AnalysisResult) -> tuple[Measured, ...]:
    """The qualities of the scored faces beside the card's ranges, the smallest face first; empty without a score."""
    scored = [p for p in result.predictions if p.p_fake is not None]
    ranges = [r for r in result.card.validated if r.measure != "size_px" or r.low is not None]
    if not any(r.measure == "size_px" for r in ranges):
        ranges.insert(0, QualityRange("size_px", float(result.card.min_face_px), None))
    return tuple(_measure(scored, limits) for limits in ranges) if scored else ()


def _measure(scored: Sequence[FramePrediction], limits: QualityRange) -> Measured:
    values = np.array([getattr(p.quality, limits.measure) for p in scored], dtype=np.float64)
    if limits.measure == "pose_deg":
        values = np.abs(values)
    inside = np.ones(len(values), dtype=bool)
    if limits.low is not None:
        inside &= values >= limits.low
    if limits.high is not None:
        inside &= values <= limits.high
    low, median, high = (float(v) for v in np.percentile(values, (5, 50, 95)))
    return Measured(limits, median, low, high, float(inside.mean()))


@dataclass(frozen=True, slots=True)
class Conditions:
    """What error rates can be looked up by.

    Args:
        level: ``"image"`` or ``"video"``.
        face_px: Median size of the deciding face, None where nothing was scored.
        bits: Bits of the file per pixel and frame, None for pictures.
    """

    level: str
    face_px: float | None
    bits: float | None


def conditions(result: AnalysisResult) -> Conditions:
    """Conditions of an item."""
    media = result.media
    deciding = max(result.tracks, key=lambda t: -1.0 if t.verdict.p_fake is None else t.verdict.p_fake, default=None)
    face_px = None if deciding is None or not deciding.frames_scored else deciding.median_size_px
    if media.kind is ItemKind.IMAGE:
        return Conditions("image", face_px, None)
    bits = 8.0 * media.size_bytes / (media.width_px * media.height_px * max(1, media.frame_count))
    return Conditions("video", face_px, bits)


def matching_rows(rows: Sequence[ErrorRates], at: Conditions) -> tuple[int, ...]:
    """Positions of the rows whose face size or compression is that of an item."""
    return tuple(index for index, row in enumerate(rows) if _matches(row, at))


def headline_rates(card: ModelCard) -> ErrorRates | None:
    """The first row of the card with an error rate at the decision threshold, None where nothing was measured."""
    return next((row for row in card.error_rates if row.fpr is not None or row.fnr is not None), None)


@dataclass(frozen=True, slots=True)
class Quoted:
    """The error rates that stand beside a finding.

    Args:
        row: The row of the card.
        by: Which condition of the item it was measured under: ``"face"``, ``"bits"``, or ``"none"`` where it is the
            card's headline because no row matches.
    """

    row: ErrorRates
    by: str


def quoted_rates(result: AnalysisResult) -> Quoted | None:
    """The error rates to quote beside a finding, None where nothing was measured.

    Of the rows whose face size or compression is the item's and that hold `ENOUGH` samples, the one under which the
    model errs most often in the way that the finding could be wrong: the more cautious figure.

    Args:
        result: The finding.
    """
    rows, side = result.card.error_rates, leaning(result.verdict)
    matching = [rows[place] for place in matching_rows(rows, conditions(result)) if _is_telling(rows[place], side)]
    if not matching:
        headline = headline_rates(result.card)
        return None if headline is None else Quoted(headline, "none")
    row = max(matching, key=lambda row: _risk(row, side))
    return Quoted(row, "face" if row.condition.endswith(" px") else "bits")


def _is_telling(row: ErrorRates, side: str) -> bool:
    has_genuine = row.fpr is not None and row.n_genuine >= ENOUGH
    has_fake = row.fnr is not None and row.n_fake >= ENOUGH
    return {"fake": has_genuine, "genuine": has_fake}.get(side, has_genuine and has_fake)


def _risk(row: ErrorRates, side: str) -> float:
    wrong = {"fake": (row.fpr,), "genuine": (row.fnr,)}.get(side, (row.fpr, row.fnr))
    return sum(rate for rate in wrong if rate is not None)


def _matches(row: ErrorRates, at: Conditions) -> bool:
    for pattern, has_low, has_high in _CONDITIONS:
        if found := pattern.fullmatch(row.condition):
            value = at.face_px if found["unit"] == "px" else at.bits
            # a face is a face, but the compression of a video is not that of a picture
            if value is None or (found["unit"] != "px" and row.level != at.level):
                return False
            ends = [float(end) for end in found.groups() if end and end[0].isdigit()]
            return (not has_low or value >= ends[0]) and (not has_high or value < ends[-1])
    return False


def wilson(share: float, count: int) -> tuple[float, float]:
    """95 % interval of a share that was found among so many (Wilson, 1927).

    >>> tuple(round(end, 3) for end in wilson(0.1, 20))
    (0.028, 0.301)
    """
    if count < 1:
        return 0.0, 1.0
    square = _Z * _Z / count
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * float(np.sqrt(share * (1 - share) / count + square / (4 * count)))
    return max(0.0, middle - half), min(1.0, middle + half)
