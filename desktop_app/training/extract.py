"""Face crops from photographs, cut by the rule that inference uses."""

import csv
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
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
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
    rows = []
    for start in range(0, len(samples), BATCH):
        if cancel is not None:
            cancel.check()
        for sample, target in _extract_batch(samples[start : start + BATCH], out, margin, size_px, detector, counts):
            rows.append((target.relative_to(out).as_posix(), sample))
        on_progress(Progress("extract", min(start + BATCH, len(samples)), len(samples)))
    with (out / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows((path, "fake" if s.is_fake else "real", s.group, s.split) for path, s in rows)
    return counts


def _extract_batch(
    batch: Sequence[Sample], out: Path, margin: float, size_px: int, detector: FaceDetector, counts: dict[str, int]
) -> list[tuple[Sample, Path]]:
    done, todo, images = [], [], []
    for sample in batch:
        target = out / ("fake" if sample.is_fake else "real") / f"{sample.path.stem}.jpg"
        if target.exists():
            done.append((sample, target))
            counts["kept"] += 1
        elif (image := read_rgb(sample.path)) is None:
            counts["unreadable"] += 1
        else:
            todo.append((sample, target))
            images.append(image)
    for (sample, target), image, faces in zip(
        todo, images, detector.detect(images, list(range(len(images)))) if images else [], strict=True
    ):
        if not faces:
            counts["no_face"] += 1
            continue
        crop = crop_face(image, max(faces, key=_area).box_xyxy, margin, size_px)
        target.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(target), cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 97])
        counts["kept"] += 1
        done.append((sample, target))
    return done


def _area(face: FaceDetection) -> float:
    x1, y1, x2, y2 = face.box_xyxy
    return (x2 - x1) * (y2 - y1)
