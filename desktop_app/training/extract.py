"""Face crops from photographs and videos, cut by the rule that inference uses.

A folder of crops holds ``manifest.csv`` (one row per crop, a manifest with the face's measures and origin),
``skipped.csv`` (what gave none, and why), ``items.csv`` (the journal: one row per finished item, written last) and
``extract.json`` (the settings). What the journal does not name is done again, so a killed run goes on where it was.
"""

import contextlib
import dataclasses
import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from desktop_app.cases.archive import safe_name
from desktop_app.domain import FaceDetection, Frame, UInt8Array
from desktop_app.errors import InputError, plain_cause
from desktop_app.faces import FaceDetector, crop_box, crop_face
from desktop_app.media import FrameReader, open_item
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.training.extract_journal import MISSING, Journal, Row
from desktop_app.training.files import is_video, presence, work_through
from desktop_app.training.manifest import Sample, manifest_row, relative_path

BATCH = 8
JPEG_QUALITY = 97
# where nothing was found, a second look for faces down to this share of the smallest wanted one tells why
_SMALL_SHARE = 0.5
_DETECTOR_MIN_PX = 12


@dataclass(frozen=True, slots=True)
class ExtractSpec:
    """What to cut.

    Args:
        margin: See `faces.crop_box`.
        size_px: Side of the crops.
        min_score: Smallest confidence of the face detector.
        min_face_px: Smallest shorter side of a face in pixels of the photograph or frame.
        every: Every how many-th frame of a video, from the first; None goes by `per_video`.
        per_video: Frames of a video, evenly spread.
        all_faces: All faces of a frame instead of the largest.
        device: Where the face detector runs.

    Raises:
        InputError: A value is out of range.
    """

    margin: float = 0.3
    size_px: int = 256
    min_score: float = 0.95
    min_face_px: int = 50
    every: int | None = None
    per_video: int = 20
    all_faces: bool = False
    device: str = "cpu"

    def __post_init__(self) -> None:
        bounds: tuple[tuple[str, float, float, float], ...] = (
            ("margin", self.margin, -0.9, 10.0),
            ("size", self.size_px, 16, 2048),
            ("confidence", self.min_score, 0.0, 1.0),
            ("smallest face", self.min_face_px, _DETECTOR_MIN_PX, 4096),
            ("step between frames", 1 if self.every is None else self.every, 1, 1e9),
            ("number of frames", self.per_video, 1, 1e9),
        )
        for name, value, low, high in bounds:
            if not low <= value <= high:
                raise InputError(f"The {name} must lie between {low:g} and {high:g}, got {value:g}.")


def pick_frames(count: int, every: int | None, per_video: int) -> list[int]:
    """Numbers of the frames to take from a video.

    Args:
        count: Frames of the video.
        every: Every how many-th, from 0; None takes the middles of `per_video` equal parts, or all where there are
            no more.
        per_video: See `every`.

    >>> pick_frames(10, 4, 3), pick_frames(10, None, 3), pick_frames(2, None, 3)
    ([0, 4, 8], [1, 5, 8], [0, 1])
    """
    if every is not None:
        return list(range(0, count, every))
    wanted = min(per_video, count)
    return [(2 * part + 1) * count // (2 * wanted) for part in range(wanted)]


def read_rgb(path: Path) -> UInt8Array | None:
    """Read an image as (H, W, 3) uint8 RGB, None when it does not decode."""
    try:
        # OpenCV's own reading fails on Windows where a path is not ASCII
        return _decode_rgb(path.read_bytes())
    except OSError:
        return None


def _decode_rgb(content: bytes) -> UInt8Array | None:
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) if content else None
    return None if image is None else np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def extract_faces(
    samples: Sequence[Sample],
    out: Path,
    spec: ExtractSpec | None = None,
    workers: int = 0,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> dict[str, int]:
    """Crop the faces of photographs and videos into ``out/<label>/<kind>/…jpg`` and list them in ``out/manifest.csv``.

    The result depends neither on the number of processes nor on how often the run was broken off.

    Args:
        samples: Items to look at.
        out: Folder for the crops and their lists.
        spec: What to cut.
        workers: Processes, each of one thread; 0 works in this one.
        on_progress: Stage ``"extract"``, in items.
        cancel: Checked between items.

    Returns:
        Counts of ``"items"``, crops ``"kept"``, and images or frames with ``"no_face"``, ``"too_small"`` faces only,
        and ``"unreadable"``; items that are ``"missing"``, or lie where nothing can be read, are looked at again
        by the next run.

    Raises:
        InputError: The folder holds crops of other settings, or an item is listed twice.
        DeviceError: The device is not there.
        Cancelled: The token was cancelled; what is done stays.
    """
    spec = spec or ExtractSpec()
    jobs = name_items(samples, out)
    # another device finds the same faces
    settings = {name: value for name, value in dataclasses.asdict(spec).items() if name != "device"}
    with Journal(out, settings, jobs) as journal:
        todo = [(item, s) for item, s in jobs.items() if item not in journal.done]
        done = len(jobs) - len(todo)
        results = work_through(_Extractor(out, spec), todo, workers)
        with contextlib.closing(results):
            for number, result in enumerate(results, done + 1):
                journal.add(result.item, result.kept, result.skipped)
                on_progress(Progress("extract", number, len(jobs), note=f"{journal.kept} faces"))
                if cancel is not None:
                    cancel.check()
        return journal.finish()


def name_items(samples: Sequence[Sample], out: Path) -> dict[str, Sample]:
    """Samples by a name that tells nothing of where the folder for the crops lies.

    That is the path as seen from there without the steps up, with a hash where two would be called alike.

    Args:
        samples: Items.
        out: Folder for the crops.

    Raises:
        InputError: An item is listed twice.
    """
    by_path: dict[str, Sample] = {}
    again: dict[str, Sample] = {}
    for sample in samples:
        path = relative_path(sample.path, out)
        (again if path in by_path else by_path)[path] = sample
    if again:
        names = "; ".join(str(sample.path) for sample in list(again.values())[:3])
        raise InputError(f"{len(again)} items are listed more than once, for example {names}.", "List every file once.")
    plain = {path: "/".join(part for part in path.split("/") if part != "..") for path in by_path}
    count = Counter(plain.values())
    return {
        name if count[name] == 1 else f"{name}#{hashlib.sha256(path.encode()).hexdigest()[:8]}": by_path[path]
        for path, name in plain.items()
    }


@dataclass(frozen=True, slots=True)
class _Result:
    """Rows of the lists for one item."""

    item: str
    kept: list[Row]
    skipped: list[Row]


class _Extractor:
    """Cuts the faces of one item; the detector is made where it is used first, in each process its own."""

    def __init__(self, out: Path, spec: ExtractSpec) -> None:
        self._out = out
        self._spec = spec
        self._detectors: dict[int, FaceDetector] = {}

    def __call__(self, job: tuple[str, Sample]) -> _Result:
        item, sample = job
        result = _Result(item, [], [])
        _, absence = presence(sample.path)
        if absence:
            result.skipped.append(_skipped(item, None, MISSING, absence))
            return result
        try:
            for frames in _batches(self._frames(sample.path, result)):
                self._cut(frames, sample, result)
        except InputError as error:
            result.skipped.append(_skipped(item, None, "unreadable", error.user_message))
        return result

    def _frames(self, path: Path, result: _Result) -> Iterator[Frame]:
        if not is_video(path):
            try:
                image = _decode_rgb(path.read_bytes())
            except OSError as error:
                result.skipped.append(_skipped(result.item, None, MISSING, plain_cause(error)))
                return
            if image is None:
                raise InputError("The image does not decode.")
            yield Frame(0, 0, 0.0, image, False)
            return
        with FrameReader(media := open_item(path)) as reader:
            for index in pick_frames(len(media.index), self._spec.every, self._spec.per_video):
                try:
                    frame = reader.frame_at(index)
                except InputError as error:
                    result.skipped.append(_skipped(result.item, index, "unreadable", error.user_message))
                    continue
                if frame.is_corrupt:
                    result.skipped.append(_skipped(result.item, index, "unreadable", "The frame is damaged."))
                else:
                    yield frame

    def _cut(self, frames: Sequence[Frame], sample: Sample, result: _Result) -> None:
        images, numbers = [f.image for f in frames], [f.index for f in frames]
        detector = self._detector(self._spec.min_face_px)
        for frame, faces in zip(frames, detector.detect(images, numbers), strict=True):
            if not faces:
                result.skipped.append(self._why_none(frame, result.item))
            faces = sorted(faces, key=_area, reverse=True)[: None if self._spec.all_faces else 1]
            for place, face in enumerate(faces):
                crop = _cropped(sample, self._target(sample, result.item, frame.index, place), face, self._spec)
                _write_jpeg(crop_face(frame.image, face.box_xyxy, self._spec.margin, self._spec.size_px), crop.path)
                origin = {"item": result.item, "frame_index": str(frame.index), "time_s": f"{frame.time_s:.3f}"}
                result.kept.append(manifest_row(crop, self._out) | origin)

    def _why_none(self, frame: Frame, item: str) -> Row:
        smaller = max(_DETECTOR_MIN_PX, int(self._spec.min_face_px * _SMALL_SHARE))
        faces = self._detector(smaller).detect([frame.image], [frame.index])[0]
        if not faces:
            return _skipped(item, frame.index, "no_face", "")
        return _skipped(item, frame.index, "too_small", f"The largest face has {max(map(_side, faces)):.0f} px.")

    def _detector(self, min_face_px: int) -> FaceDetector:
        if min_face_px not in self._detectors:
            self._detectors[min_face_px] = FaceDetector(self._spec.device, self._spec.min_score, min_face_px)
        return self._detectors[min_face_px]

    def _target(self, sample: Sample, item: str, frame_index: int, place: int) -> Path:
        """Where a crop goes: items of one name in several folders are told apart by a hash of their path."""
        name = f"{safe_name(sample.path.stem)}-{hashlib.sha256(item.encode()).hexdigest()[:8]}"
        name += f"_{frame_index:06d}" if is_video(sample.path) else ""
        name += f"_{place + 1}" if place else ""
        return self._out / ("fake" if sample.is_fake else "real") / kind_folder(sample.kind) / f"{name}.jpg"


def kind_folder(kind: str) -> str:
    """Name of the folder for a kind, one name below that of its label whatever the list says; empty for none."""
    return safe_name(kind) if kind else ""


def _batches(frames: Iterator[Frame]) -> Iterator[list[Frame]]:
    batch: list[Frame] = []
    for frame in frames:
        batch.append(frame)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _cropped(sample: Sample, path: Path, face: FaceDetection, spec: ExtractSpec) -> Sample:
    """The crop as a sample, with box and landmarks in its own pixels."""
    left, top, right, _ = crop_box(face.box_xyxy, spec.margin)
    scale = spec.size_px / max(1, round(right - left))
    origin = np.array([round(left), round(top)])
    corners = (np.array(face.box_xyxy).reshape(2, 2) - origin) * scale
    (x1, y1), (x2, y2) = corners.tolist()
    points = ((face.landmarks - origin) * scale).tolist()
    marks = tuple((x, y) for x, y in points)
    return Sample(
        path, sample.is_fake, sample.group, sample.split, sample.source, sample.kind, (x1, y1, x2, y2), marks,
        face.score, _side(face),
    )  # fmt: skip


def _skipped(item: str, frame_index: int | None, reason: str, detail: str) -> Row:
    return {
        "item": item,
        "frame_index": "" if frame_index is None else str(frame_index),
        "reason": reason,
        "detail": detail,
    }


def _write_jpeg(crop: UInt8Array, target: Path) -> None:
    """Through a temporary file, so that a crop which is there is whole."""
    _, data = cv2.imencode(".jpg", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.write_bytes(data.tobytes())
    os.replace(part, target)


def _area(face: FaceDetection) -> float:
    x1, y1, x2, y2 = face.box_xyxy
    return (x2 - x1) * (y2 - y1)


def _side(face: FaceDetection) -> float:
    x1, y1, x2, y2 = face.box_xyxy
    return min(x2 - x1, y2 - y1)
