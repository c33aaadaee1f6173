"""Faces of a stream of frames: searched on key samples, interpolated between, followed as persons."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from desktop_app.domain import FaceDetection, Frame, TrackedFace
from desktop_app.faces.boxes import iou
from desktop_app.faces.cuts import CutDetector
from desktop_app.faces.detect import FaceDetector
from desktop_app.faces.track import Sight, Track, Tracker, sights_of

# Linear motion of a head is a fair guess over a quarter of a second, not over more.
_MAX_INTERPOLATION_S = 0.25
# Below this overlap, with the last box and with the expected one, a straight line is no fair guess.
_MIN_STEADY_IOU = 0.4
_CONFIRM_S = 0.2
# What is no face looks like one for a moment and never for sure: the demo's collar for two frames at 0.958, hands of a
# bench clip for 0.4 s at 0.974. People reach 0.999 at once, in the dark they stay at 0.98 and are there for seconds.
_SURE_SCORE, _STAYS_S = 0.99, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class FoundFaces:
    """A finished frame.

    Args:
        frame: The frame, as it was pushed.
        faces: Faces in it, in order of `track_id`.
        is_cut: Whether it is the first frame after a shot cut.
        was_searched: Whether the face detector saw this very frame.
        dismissed: Detections that the neighbouring frames did not confirm; they belong to no track.
    """

    frame: Frame
    faces: tuple[TrackedFace, ...]
    is_cut: bool
    was_searched: bool
    dismissed: tuple[FaceDetection, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Face:
    """A face of a frame under way."""

    track: Track
    detection: FaceDetection
    is_interpolated: bool = False


@dataclass(slots=True, eq=False)
class _Entry:
    """A frame under way: its faces are found or interpolated, its tracks may not be confirmed yet."""

    frame: Frame
    is_cut: bool
    was_searched: bool = False
    faces: list[_Face] = field(default_factory=list)


class FaceFinder:
    """Faces, tracks and shot cuts of frames that are pushed in order.

    Every `detect_every`-th pushed frame is searched, and the frames on both sides of a cut, the last one, and at
    least one each quarter of a second. Between two searched frames a face is interpolated when the same track is
    found in both. When a face comes, goes or moves fast, every frame between is searched, so that the ends of a track
    are exact to a frame. A face that is found in one frame only, though a neighbour within 0.2 s was searched, is
    dismissed, and so is one that is seen for less than 0.5 s and never with confidence; where there is no such
    neighbour (a still image, sparse sampling) one frame is enough.

    At most `detect_every` + 4 frames are held at a time.

    Args:
        detector: Finds the faces of single frames.
        detect_every: Distance of key samples, in pushed frames.
        max_gap_s: How long a face may be out of sight and keep its track.
    """

    def __init__(self, detector: FaceDetector, detect_every: int = 5, max_gap_s: float = 1.0) -> None:
        if detect_every < 1:
            raise ValueError(f"detect_every: expected >= 1, got {detect_every}")
        self._detector = detector
        self._detect_every = detect_every
        self._cuts = CutDetector()
        self._tracker = Tracker(max_gap_s)
        self._key: _Entry | None = None
        self._window: list[_Entry] = []
        self._released_s: float | None = None
        self._next_id = 1

    def push(self, frame: Frame) -> list[FoundFaces]:
        """Take the next frame; returns the frames that are finished by it, in order.

        Raises:
            DeviceError: The device failed. The finder cannot go on.
        """
        finished: list[FoundFaces] = []
        for judged, is_cut in self._cuts.push(frame):
            finished += self._add(judged, is_cut)
        return finished

    def flush(self) -> list[FoundFaces]:
        """Finish all frames that were pushed; afterwards frames begin a new shot, track ids go on.

        Raises:
            DeviceError: The device failed.
        """
        finished: list[FoundFaces] = []
        for judged, is_cut in self._cuts.flush():
            finished += self._add(judged, is_cut)
        return finished + self._end_shot()

    def _add(self, frame: Frame, is_cut: bool) -> list[FoundFaces]:
        finished = self._end_shot() if is_cut else []
        entry = _Entry(frame, is_cut)
        if self._key is None:
            sights = self._search([entry])[0]
            self._enter(entry, sights, self._tracker.assign(sights, 0.0))
            self._key = entry
            return finished
        self._window.append(entry)
        elapsed_s = frame.time_s - self._key.frame.time_s
        if len(self._window) >= self._detect_every or elapsed_s > _MAX_INTERPOLATION_S - 1e-6:
            finished += self._close_window(self._key)
        return finished

    def _end_shot(self) -> list[FoundFaces]:
        """Finish every frame of the shot."""
        finished: list[FoundFaces] = []
        if self._key is not None:
            if self._window:
                finished += self._close_window(self._key)
            finished += self._release([self._key], None)
        self._key = None
        self._released_s = None
        self._tracker.reset()
        return finished

    def _close_window(self, key: _Entry) -> list[FoundFaces]:
        """Find the faces up to the last frame of the window, which is kept back until the next one confirms it."""
        *between, last = self._window
        sights = self._search([last])[0]
        owners = self._tracker.assign(sights, last.frame.time_s - key.frame.time_s)
        if not between or _is_steady(key, sights, owners):
            self._enter(last, sights, owners)
            for entry in between:
                entry.faces = _interpolate(key, last, entry.frame)
        else:
            before_s = key.frame.time_s
            for entry, its_sights in zip([*between, last], [*self._search(between), sights], strict=True):
                gap_s = entry.frame.time_s - before_s
                self._enter(entry, its_sights, self._tracker.assign(its_sights, gap_s))
                before_s = entry.frame.time_s
        self._key, self._window = last, []
        return self._release([key, *between], last.frame.time_s)

    def _search(self, entries: Sequence[_Entry]) -> list[list[Sight]]:
        """Run the face detector on frames."""
        found = self._detector.detect([e.frame.image for e in entries], [e.frame.index for e in entries])
        for entry in entries:
            entry.was_searched = True
        return [sights_of(e.frame.image, faces, e.frame.time_s) for e, faces in zip(entries, found, strict=True)]

    def _enter(self, entry: _Entry, sights: Sequence[Sight], owners: Sequence[Track | None]) -> None:
        tracks = self._tracker.commit(sights, owners)
        entry.faces = [_Face(track, sight.detection) for track, sight in zip(tracks, sights, strict=True)]

    def _release(self, entries: Sequence[_Entry], next_s: float | None) -> list[FoundFaces]:
        """Turn entries into results; all that can confirm their tracks has been searched."""
        released = []
        times = [*(entry.frame.time_s for entry in entries), next_s]
        for entry, after_s in zip(entries, times[1:], strict=True):
            time_s = entry.frame.time_s
            neighbours = [abs(time_s - t) for t in (self._released_s, after_s) if t is not None]
            has_witness = any(distance <= _CONFIRM_S for distance in neighbours)
            released.append(self._finish(entry, has_witness))
            self._released_s = time_s
        return released

    def _finish(self, entry: _Entry, has_witness: bool) -> FoundFaces:
        kept: list[TrackedFace] = []
        dismissed: list[FaceDetection] = []
        for face in sorted(entry.faces, key=lambda f: f.detection.box_xyxy[0]):
            track, detection = face.track, face.detection
            if track.track_id is None:
                if has_witness and not _is_confirmed(track):
                    dismissed.append(detection)
                    if track.hits < 2:
                        self._tracker.drop(track)
                    continue
                track.track_id = self._next_id
                self._next_id += 1
            box, marks, score = detection.box_xyxy, detection.landmarks, detection.score
            kept.append(
                TrackedFace(entry.frame.index, track.track_id, box, marks, score, is_interpolated=face.is_interpolated)
            )
        kept.sort(key=lambda f: f.track_id)
        return FoundFaces(entry.frame, tuple(kept), entry.is_cut, entry.was_searched, tuple(dismissed))


def _is_confirmed(track: Track) -> bool:
    """Whether what was found is a face: in two frames or more, with confidence or for some time."""
    lasts = track.last.time_s - track.first_s > _STAYS_S - 1e-6
    return track.hits > 1 and (lasts or track.best_score >= _SURE_SCORE)


def _is_steady(key: _Entry, sights: Sequence[Sight], owners: Sequence[Track | None]) -> bool:
    """Whether the same faces stand at both ends of a window, each near enough for a straight line."""
    starts = {id(face.track): face.detection.box_xyxy for face in key.faces}
    if len(owners) != len(starts) or any(id(owner) not in starts for owner in owners):
        return False
    for owner, sight in zip(owners, sights, strict=True):
        box = sight.detection.box_xyxy
        expected = owner.predict(sight.time_s) if owner is not None else box
        if max(iou(starts[id(owner)], box), iou(expected, box)) < _MIN_STEADY_IOU:
            return False
    return True


def _interpolate(start: _Entry, end: _Entry, frame: Frame) -> list[_Face]:
    """Faces on the straight line between two searched frames, by time."""
    span_s = end.frame.time_s - start.frame.time_s
    share = (frame.time_s - start.frame.time_s) / span_s if span_s > 0 else 0.5
    ends = {id(face.track): face.detection for face in end.faces}
    return [
        _Face(face.track, _between(face.detection, ends[id(face.track)], share, frame.index), is_interpolated=True)
        for face in start.faces
    ]


def _between(a: FaceDetection, b: FaceDetection, share: float, frame_index: int) -> FaceDetection:
    x1, y1, x2, y2 = ((1 - share) * p + share * q for p, q in zip(a.box_xyxy, b.box_xyxy, strict=True))
    landmarks = ((1 - share) * a.landmarks + share * b.landmarks).astype(np.float32)
    return FaceDetection(frame_index, (x1, y1, x2, y2), (a if share < 0.5 else b).score, landmarks)
