"""Face crops from photographs, cut by the rule that inference uses."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from desktop_app.domain import FaceDetection, UInt8Array
from desktop_app.faces import FaceDetector, crop_face
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.training.manifest import COLUMNS, Sample

BATCH = 32


def read_rgb(path: Path) -> UInt8Array | None:
    """Read an image as (H, W, 3) uint8 RGB, None when it does not decode."""
    try:
        # OpenCV's own reading fails on Windows where a path is not ASCII
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError:
        return None
    image = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    return None if image is None else np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def extract_faces(
    samples: Sequence[Sample],
    out: Path,
    margin: float,
    size_px: int,
    detector: FaceDetector,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> dict[str, int]:
    """Crop the largest face of every image into ``out/<label>/…jpg`` and write ``out/manifest.csv``.

    Crops that lie there already are kept, so a run that was broken off goes on.

    Args:
        samples: Images to look at.
        out: Folder for the crops.
        margin: See `faces.crop_box`.
        size_px: Side of the crops.
        detector: Finds the faces.
        on_progress: Stage ``"extract"``, in images.
        cancel: Checked between batches.

    Returns:
        Counts of ``"kept"``, ``"no_face"`` and ``"unreadable"``.

    Raises:
        Cancelled: The token was cancelled.
    """
    counts = {"kept": 0, "no_face": 0, "unreadable": 0}
    targets = _targets(samples, out)
    out.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(samples), BATCH):
        if cancel is not None:
            cancel.check()
        part = slice(start, start + BATCH)
        _extract_batch(samples[part], targets[part], margin, size_px, detector, counts)
        on_progress(Progress("extract", min(start + BATCH, len(samples)), len(samples)))
    with (out / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for s, target in zip(samples, targets, strict=True):
            if target.exists():
                writer.writerow([target.relative_to(out).as_posix(), _label(s), s.group, s.split])
    return counts


def _label(sample: Sample) -> str:
    return "fake" if sample.is_fake else "real"


def _targets(samples: Sequence[Sample], out: Path) -> list[Path]:
    """Where each crop goes; of images with one name in several folders the later ones get a number."""
    seen: set[Path] = set()
    targets = []
    for sample in samples:
        folder, number = out / _label(sample), 1
        target = folder / f"{sample.path.stem}.jpg"
        while target in seen:
            number += 1
            target = folder / f"{sample.path.stem}-{number}.jpg"
        seen.add(target)
        targets.append(target)
    return targets


def _extract_batch(
    batch: Sequence[Sample],
    targets: Sequence[Path],
    margin: float,
    size_px: int,
    detector: FaceDetector,
    counts: dict[str, int],
) -> None:
    todo: list[Path] = []
    images: list[UInt8Array] = []
    for sample, target in zip(batch, targets, strict=True):
        if target.exists():
            counts["kept"] += 1
        elif (image := read_rgb(sample.path)) is None:
            counts["unreadable"] += 1
        else:
            todo.append(target)
            images.append(image)
    for target, image, faces in zip(todo, images, detector.detect(images, range(len(images))), strict=True):
        if not faces:
            counts["no_face"] += 1
            continue
        _write_jpeg(crop_face(image, max(faces, key=_area).box_xyxy, margin, size_px), target)
        counts["kept"] += 1


def _write_jpeg(crop: UInt8Array, target: Path) -> None:
    """Through a temporary file, so that a crop which is there is whole."""
    _, data = cv2.imencode(".jpg", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 97])
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.write_bytes(data.tobytes())
    os.replace(part, target)


def _area(face: FaceDetection) -> float:
    x1, y1, x2, y2 = face.box_xyxy
    return (x2 - x1) * (y2 - y1)
