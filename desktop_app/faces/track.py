"""Which face is whose: assignment of detections to tracks by motion and appearance."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from desktop_app.domain import Box, FaceDetection, FloatArray, UInt8Array
from desktop_app.faces.appearance import describe, similarity
from desktop_app.faces.boxes import iou, iou_matrix

_MOTION_WINDOW_S = 0.4
_MAX_AHEAD_S = 0.5
_MIN_SIMILARITY = 0.3
_CROWDED_IOU = 0.05
_LEARNING_RATE = 0.3


@dataclass(slots=True, eq=False)
class Sight:
    """A face in one searched frame.

    Args:
        detection: The face.
        time_s: Time of the frame.
        looks: Descriptor of its appearance.
        is_crowded: Whether another face overlaps it, so that its looks are not all its own.
    """

    detection: FaceDetection
    time_s: float
    looks: FloatArray
    is_crowded: bool


@dataclass(slots=True, eq=False)
class Track:
    """One person's face within one shot.

    Args:
        last: Where it was seen last.
        looks: Running mean of its appearance.
        hits: Number of frames in which it was found.
        first_s: Time of the first of them.
        best_score: Highest confidence of the face detector in them.
        track_id: Number of the person, given when the first frame leaves the finder.
    """

    last: Sight
    looks: FloatArray
    hits: int = 1
    first_s: float = field(init=False)
    best_score: float = field(init=False)
    track_id: int | None = None
    _recent: deque[tuple[float, FloatArray]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.first_s, self.best_score = self.last.time_s, self.last.detection.score
        self._recent.append((self.last.time_s, _centre(self.last.detection.box_xyxy)))

    def see(self, sight: Sight) -> None:
        """Take up a new sight of this face."""
        self.last = sight
        self.hits += 1
        self.best_score = max(self.best_score, sight.detection.score)
        if not sight.is_crowded:
            self.looks = (1 - _LEARNING_RATE) * self.looks + _LEARNING_RATE * sight.looks
        self._recent.append((sight.time_s, _centre(sight.detection.box_xyxy)))
        while len(self._recent) > 2 and sight.time_s - self._recent[0][0] > _MOTION_WINDOW_S:
            self._recent.popleft()

    def predict(self, time_s: float) -> Box:
        """Box at a later time at constant velocity, which is trusted for half a second."""
        x1, y1, x2, y2 = self.last.detection.box_xyxy
        (t0, p0), (t1, p1) = self._recent[0], self._recent[-1]
        if t1 <= t0:
            return x1, y1, x2, y2
        dx, dy = (p1 - p0) / (t1 - t0) * min(time_s - t1, _MAX_AHEAD_S)
        return x1 + dx, y1 + dy, x2 + dx, y2 + dy


class Tracker:
    """Tracks of one shot.

    Args:
        max_gap_s: How long a face may be lost and still be the same track.
    """

    def __init__(self, max_gap_s: float) -> None:
        self._max_gap_s = max_gap_s
        self.tracks: list[Track] = []

    def reset(self) -> None:
        """Forget every track: a new shot begins."""
        self.tracks = []

    def assign(self, sights: Sequence[Sight], gap_s: float) -> list[Track | None]:
        """The track of each sight, or None where a new one begins; changes nothing.

        Args:
            sights: Faces of one frame.
            gap_s: Time since the frame before; the allowed gap is never less than two and a half of it.
        """
        if not sights:
            return []
        longest = max(self._max_gap_s, 2.5 * gap_s)
        open_tracks = [t for t in self.tracks if sights[0].time_s - t.last.time_s <= longest]
        result: list[Track | None] = [None] * len(sights)
        if not open_tracks:
            return result
        scores = np.array([[_similarity(track, sight) for sight in sights] for track in open_tracks])
        for row, column in zip(*linear_sum_assignment(-scores), strict=True):
            if scores[row, column] > 0.0:
                result[column] = open_tracks[row]
        return result

    def commit(self, sights: Sequence[Sight], owners: Sequence[Track | None]) -> list[Track]:
        """Put an assignment into effect; returns the track of each sight."""
        result = []
        for sight, owner in zip(sights, owners, strict=True):
            if owner is None:
                owner = Track(sight, sight.looks)
                self.tracks.append(owner)
            else:
                owner.see(sight)
            result.append(owner)
        return result

    def drop(self, track: Track) -> None:
        """Forget one track."""
        self.tracks = [other for other in self.tracks if other is not track]


def sights_of(image: UInt8Array, detections: Sequence[FaceDetection], time_s: float) -> list[Sight]:
    """Describe the faces of one frame."""
    if not detections:
        return []
    boxes = np.array([d.box_xyxy for d in detections], np.float32)
    overlaps = iou_matrix(boxes, boxes) - np.eye(len(boxes), dtype=np.float32)
    return [
        Sight(detection, time_s, describe(image, detection.box_xyxy), bool(overlaps[i].max() > _CROWDED_IOU))
        for i, detection in enumerate(detections)
    ]


def _centre(box_xyxy: Box) -> FloatArray:
    x1, y1, x2, y2 = box_xyxy
    return np.array([(x1 + x2) / 2, (y1 + y2) / 2])


def _similarity(track: Track, sight: Sight) -> float:
    """How likely a sight belongs to a track, in [0, 1]; 0 where it cannot.

    Half is place (overlap with the predicted box, and nearness in sizes of the face), half appearance. A face may
    stray from its prediction by half its size, and by one and a half sizes more for each second unseen.
    """
    predicted, box = track.predict(sight.time_s), sight.detection.box_xyxy
    unseen_s = sight.time_s - track.last.time_s
    size_a, size_b = _size(predicted), _size(box)
    distance = float(np.hypot(*(_centre(predicted) - _centre(box)))) / ((size_a + size_b) / 2)
    if not 0.5 <= size_a / size_b <= 2.0 or distance > 0.5 + 1.5 * min(unseen_s, 1.0):
        return 0.0
    place = 0.5 * iou(predicted, box) + 0.5 * float(np.exp(-(distance**2)))
    alike = similarity(track.looks, sight.looks)
    score = 0.5 * place + 0.5 * alike
    return score if score >= _MIN_SIMILARITY and (alike >= _MIN_SIMILARITY or sight.is_crowded) else 0.0


def _size(box_xyxy: Box) -> float:
    x1, y1, x2, y2 = box_xyxy
    return float(np.sqrt((x2 - x1) * (y2 - y1)))
