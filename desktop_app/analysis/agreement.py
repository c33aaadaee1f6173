"""How far several detectors agree on one item: the same faces found by place, their scores side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from desktop_app.domain import AnalysisResult, BandRatio, FramePrediction, ModelCard, Thresholds, Verdict

MIN_IOU = 0.5
"""Boxes that overlap less are not the same face."""
MIN_RANKED = 5
"""Fewer common frames have no rank correlation worth telling."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
States = NDArray[np.uint8]


class Agreement(IntEnum):
    """How the detectors stand to each other in one face; where several share a pixel, the highest is shown."""

    NOT_COMPARABLE = 1
    GENUINE = 2
    FAKE = 3
    UNDECIDED = 4
    DISAGREE = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What one detector says of the item as a whole.

    Args:
        analysis_id: The analysis in the case, 0 outside of one.
        card: The model, as it stood.
        verdict: Of the item.
        ratio: What its score was measured to be worth, None where that was not measured.
        aborted: Whether the analysis was broken off.
    """

    analysis_id: int
    card: ModelCard
    verdict: Verdict
    ratio: BandRatio | None = None
    aborted: bool = False

    @property
    def is_measured(self) -> bool:
        """Whether the model takes a side at all: one without measured figures calls everything inconclusive."""
        limits = self.card.thresholds
        return limits.inconclusive_low > 0 or limits.inconclusive_high < 1


@dataclass(frozen=True, slots=True)
class Figures:
    """Agreement in numbers, over the faces that every detector scored.

    Args:
        faces: Faces that the first detector saw, in all frames.
        common: Those that every detector scored.
        genuine, fake: Those of `common` that all call genuine, or fake.
        disagree: Those that one calls genuine and another fake.
        undecided: Those in which one or more lie in their inconclusive zone, and none contradicts another.
    """

    faces: int
    common: int
    genuine: int
    fake: int
    disagree: int
    undecided: int

    @property
    def agree(self) -> int:
        """Faces on whose side all agree."""
        return self.genuine + self.fake


@dataclass(frozen=True, slots=True)
class Pair:
    """Two detectors.

    Args:
        first, second: Their numbers.
        figures: Their agreement.
        rank_correlation: Spearman's coefficient of their scores in the common faces; None where there are fewer than
            `MIN_RANKED` or one of them always gives the same score.
        shared_sets: Names of the sets that both were trained on.
    """

    first: int
    second: int
    figures: Figures
    rank_correlation: float | None
    shared_sets: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Several detectors on one item; a row for each face that the first one saw in a frame.

    Args:
        readings: (K) the detectors; the first is the one whose result stands.
        frames: (N,) frame of each row, ascending.
        time_s: (N,) its time.
        tracks: (N,) the person, as the first detector numbers them.
        p_fake: (K, N) calibrated probabilities, NaN where a detector has no score for that face.
        states: (N,) values of `Agreement`.
    """

    readings: tuple[Reading, ...]
    frames: Ints
    time_s: Floats
    tracks: Ints
    p_fake: Floats
    states: States

    def figures(self, track_id: int | None = None) -> Figures:
        """Agreement of all detectors, of one person or of all."""
        states = self.states if track_id is None else self.states[self.tracks == track_id]
        return _count(states)

    def pairs(self, track_id: int | None = None) -> tuple[Pair, ...]:
        """Every two detectors, of one person or of all."""
        chosen = np.ones(len(self.tracks), dtype=bool) if track_id is None else self.tracks == track_id
        return tuple(self._pair(a, b, chosen) for a, b in combinations(range(len(self.readings)), 2))

    def _pair(self, a: int, b: int, chosen: NDArray[np.bool_]) -> Pair:
        values = self.p_fake[[a, b]][:, chosen]
        cards = [self.readings[number].card for number in (a, b)]
        states = states_of(values, [card.thresholds for card in cards])
        common = values[:, ~np.isnan(values).any(axis=0)]
        names = {source.name for source in cards[1].training_data}
        shared = tuple(source.name for source in cards[0].training_data if source.name in names)
        return Pair(a, b, _count(states), rank_correlation(common[0], common[1]), shared)


def _count(states: States) -> Figures:
    counts = np.bincount(states, minlength=len(Agreement) + 1)
    return Figures(
        faces=len(states),
        common=len(states) - int(counts[Agreement.NOT_COMPARABLE]),
        genuine=int(counts[Agreement.GENUINE]),
        fake=int(counts[Agreement.FAKE]),
        disagree=int(counts[Agreement.DISAGREE]),
        undecided=int(counts[Agreement.UNDECIDED]),
    )


def compare(first: tuple[int, AnalysisResult], *others: tuple[int, AnalysisResult]) -> Comparison:
    """Set the analyses of one item beside each other.

    Persons are numbered anew by every analysis, so the faces of a frame are matched by the overlap of their boxes, and
    persons by the frames that they share; a face that another analysis takes for another person is not compared.

    Args:
        first: Number and result of the analysis that the others are held against.
        others: Likewise.

    Raises:
        ValueError: They speak of different files.
    """
    if len({result.media.sha256 for _, result in (first, *others)}) > 1:
        raise ValueError("expected analyses of one file")
    base = Faces.of(first[1].predictions)
    rows = [base.p_fake]
    for _, result in others:
        other = Faces.of(result.predictions)
        match = matched(base, other)
        rows.append(np.where(match >= 0, np.append(other.p_fake, np.nan)[match], np.nan))
    readings = tuple(
        Reading(number, result.card, result.verdict, result.ratio_of(result.verdict), result.provenance.aborted)
        for number, result in (first, *others)
    )
    p_fake = np.vstack(rows)
    states = states_of(p_fake, [reading.card.thresholds for reading in readings])
    return Comparison(readings, base.frames, base.time_s, base.tracks, p_fake, states)


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Predictions as columns, in order of frame.

    Args:
        frames, tracks: (N,).
        time_s: (N,).
        boxes: (N, 4) x1, y1, x2, y2.
        p_fake: (N,) with NaN where a face was not scored.
    """

    frames: Ints
    tracks: Ints
    time_s: Floats
    boxes: Floats
    p_fake: Floats

    @classmethod
    def of(cls, predictions: Iterable[FramePrediction]) -> "Faces":
        """The columns of predictions in order of frame."""
        rows = list(predictions)
        return cls(
            np.array([p.frame_index for p in rows], dtype=np.int64),
            np.array([p.track_id for p in rows], dtype=np.int64),
            np.array([p.time_s for p in rows], dtype=np.float64),
            np.array([p.box_xyxy for p in rows], dtype=np.float64).reshape(-1, 4),
            np.array([np.nan if p.p_fake is None else p.p_fake for p in rows], dtype=np.float64),
        )


def matched(base: Faces, other: Faces) -> Ints:
    """The face of another analysis that is the same as each of these.

    Args:
        base: (N) faces.
        other: (M) faces.

    Returns:
        (N,) places in `other`, -1 where it has none.
    """
    left, right = _in_same_frame(base.frames, other.frames)
    overlap = box_overlap(base.boxes[left], other.boxes[right])
    is_near = overlap >= MIN_IOU
    left, right, overlap = left[is_near], right[is_near], overlap[is_near]
    persons = _persons(base.tracks[left], other.tracks[right])
    is_same = np.array(
        [persons.get(a) == b for a, b in zip(base.tracks[left].tolist(), other.tracks[right].tolist(), strict=True)],
        dtype=bool,
    )
    result = np.full(len(base.frames), -1, dtype=np.int64)
    order = np.argsort(overlap[is_same], kind="stable")
    # the best overlap is written last; a person has one face in a frame, so that this is rare
    result[left[is_same][order]] = right[is_same][order]
    return result


def _in_same_frame(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """Places of every two rows with the same frame; both columns ascending."""
    low, high = np.searchsorted(second, first, side="left"), np.searchsorted(second, first, side="right")
    counts = high - low
    left = np.repeat(np.arange(len(first)), counts)
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return left, np.repeat(low, counts) + within


def box_overlap(first: Floats, second: Floats) -> Floats:
    """Intersection over union of boxes, row by row.

    Args:
        first: (N, 4) x1, y1, x2, y2.
        second: (N, 4) likewise.

    Returns:
        (N,) in [0, 1].
    """
    size = np.minimum(first[:, 2:], second[:, 2:]) - np.maximum(first[:, :2], second[:, :2])
    inter = np.prod(np.maximum(size, 0.0), axis=1)
    areas = [np.prod(np.maximum(box[:, 2:] - box[:, :2], 0.0), axis=1) for box in (first, second)]
    union = areas[0] + areas[1] - inter
    return np.asarray(np.divide(inter, union, out=np.zeros_like(inter), where=union > 0), dtype=np.float64)


def _persons(first: Ints, second: Ints) -> dict[int, int]:
    """Which person of one analysis is which of the other: as many shared faces as possible, each person once."""
    from scipy.optimize import linear_sum_assignment

    if len(first) == 0:
        return {}
    (names_a, at_a), (names_b, at_b) = (np.unique(part, return_inverse=True) for part in (first, second))
    shared = np.zeros((len(names_a), len(names_b)))
    np.add.at(shared, (at_a, at_b), 1)
    rows, columns = linear_sum_assignment(shared, maximize=True)
    return {int(names_a[a]): int(names_b[b]) for a, b in zip(rows, columns, strict=True) if shared[a, b] > 0}


def states_of(p_fake: Floats, limits: Sequence[Thresholds]) -> States:
    """How detectors stand to each other.

    A detector takes a side outside of its own inconclusive zone. They agree where all take the same side, disagree
    where one takes either side, and are undecided where one or more lie in their zone and none contradicts another.

    Args:
        p_fake: (K, N) with NaN where there is no score.
        limits: (K) of the models.

    Returns:
        (N,) values of `Agreement`.
    """
    low, high = (np.array([[getattr(x, f"inconclusive_{end}")] for x in limits]) for end in ("low", "high"))
    with np.errstate(invalid="ignore"):
        is_genuine, is_fake = p_fake < low, p_fake > high
    states = np.full(p_fake.shape[1], Agreement.UNDECIDED, dtype=np.uint8)
    states[is_genuine.all(axis=0)] = Agreement.GENUINE
    states[is_fake.all(axis=0)] = Agreement.FAKE
    states[is_genuine.any(axis=0) & is_fake.any(axis=0)] = Agreement.DISAGREE
    states[np.isnan(p_fake).any(axis=0)] = Agreement.NOT_COMPARABLE
    return states


def rank_correlation(first: Floats, second: Floats) -> float | None:
    """Spearman's rank correlation, ties sharing the mean of their ranks (Spearman, 1904).

    Args:
        first: (N,) finite.
        second: (N,) finite.

    Returns:
        In [-1, 1]; None for fewer than `MIN_RANKED` values or where one side never changes.
    """
    if len(first) < MIN_RANKED:
        return None
    ranks = [_ranks(values) for values in (first, second)]
    a, b = (rank - rank.mean() for rank in ranks)
    scale = float(np.sqrt(np.dot(a, a) * np.dot(b, b)))
    return None if scale == 0.0 else float(np.clip(np.dot(a, b) / scale, -1.0, 1.0))


def _ranks(values: Floats) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2.0)[place], dtype=np.float64)
