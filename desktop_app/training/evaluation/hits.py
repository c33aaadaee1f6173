"""Where the model looked in its surest hits and misses."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from desktop_app.detectors import Detector
from desktop_app.domain import Box, UInt8Array
from desktop_app.errors import AppError, CaseError, InputError, plain_cause
from desktop_app.explain import explain_face, render_overlay
from desktop_app.faces import crop_face
from desktop_app.files import replacing
from desktop_app.media import FrameReader, open_item
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.training.evaluation.items import FaceScore, ItemScore
from desktop_app.training.evaluation.store import make_folder
from desktop_app.training.extract import read_rgb

log = logging.getLogger(__name__)

FOLDER = "hits"
SIDE_PX = 224
VIEW_MARGIN = 0.3


@dataclass(frozen=True, slots=True)
class Hit:
    """A picture of a sure answer, right or wrong.

    Args:
        score: The item.
        is_right: Whether the answer was right.
        path: The picture: the face beside itself under its heatmap.
        caption: One sentence.
    """

    score: ItemScore
    is_right: bool
    path: Path
    caption: str


def choose_hits(scores: Sequence[ItemScore], threshold: float, count: int) -> list[tuple[ItemScore, bool]]:
    """The surest right and the surest wrong answers of each class, each of another group.

    Args:
        scores: Of any items.
        threshold: Above it an item is called manipulated.
        count: Most of each of the four.

    Returns:
        Score and whether it is right: genuine right, genuine wrong, manipulated right, manipulated wrong.
    """
    scored = [s for s in scores if s.p_fake is not None and any(f.p_fake is not None for f in s.faces)]
    chosen: list[tuple[ItemScore, bool]] = []
    for is_fake in (False, True):
        for is_right in (True, False):
            called_fake = is_fake == is_right
            part = [s for s in scored if s.item.is_fake == is_fake and ((s.p_fake or 0.0) > threshold) == called_fake]
            part.sort(key=lambda s: (s.p_fake or 0.0) * (-1 if called_fake else 1))
            groups: set[str] = set()
            for s in part:
                if s.item.group not in groups and len(groups) < count:
                    groups.add(s.item.group)
                    chosen.append((s, is_right))
    return chosen


def draw_hits(
    detector: Detector,
    scores: Sequence[ItemScore],
    threshold: float,
    count: int,
    out: Path,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> list[Hit]:
    """Write a PNG of each of `choose_hits` into a folder below `out`; what no longer opens is left out.

    Args:
        detector: The model, of its own for heatmaps.
        scores: Of any items.
        threshold: Above it an item is called manipulated.
        count: Most of each of the four.
        out: Folder of the evaluation.
        on_progress: Stage ``"exhibits"``, in pictures.
        cancel: Checked per picture.

    Raises:
        CaseError: A picture cannot be written.
        Cancelled: The token was cancelled.
    """
    folder, hits, numbers = out / FOLDER, list[Hit](), dict[str, int]()
    chosen = choose_hits(scores, threshold, count)
    if chosen:
        make_folder(folder)
        _clear(folder)
    for done, (score, is_right) in enumerate(chosen):
        if cancel is not None:
            cancel.check()
        try:
            picture = _picture(detector, score)
        except AppError as error:
            log.warning("no heatmap of %s: %s", score.item.path.name, error.user_message)
            continue
        name = f"{'fake' if score.item.is_fake else 'genuine'}-{'right' if is_right else 'wrong'}"
        numbers[name] = numbers.get(name, 0) + 1
        path = folder / f"{name}-{numbers[name]}.png"
        with replacing(path) as temporary:
            temporary.write_bytes(picture)
        kind = f" ({score.item.condition})" if score.item.condition else ""
        caption = f"{score.item.path.name}{kind}: probability of fake {score.p_fake:.3f}"
        hits.append(Hit(score, is_right, path, caption))
        on_progress(Progress("exhibits", done + 1, len(chosen)))
    return hits


def _clear(folder: Path) -> None:
    try:
        for old in folder.glob("*.png"):
            old.unlink()
    except OSError as error:
        raise CaseError(f"The pictures in “{folder}” cannot be replaced.", plain_cause(error)) from error


def _picture(detector: Detector, score: ItemScore) -> bytes:
    """PNG of the face and of the face under its heatmap, side by side."""
    face = _typical_face(score)
    image = _image(score, face)
    heatmap = explain_face(detector, image, face.box_xyxy, face.frame_index, face.track_id)
    views = [_view(picture, score, face.box_xyxy, detector) for picture in (image, render_overlay(image, heatmap, 0.6))]
    is_done, data = cv2.imencode(".png", cv2.cvtColor(np.hstack(views), cv2.COLOR_RGB2BGR))
    if not is_done:
        raise RuntimeError("no PNG could be made of a heatmap")
    return data.tobytes()


def _view(image: UInt8Array, score: ItemScore, box: Box, detector: Detector) -> UInt8Array:
    # a crop shows what the model saw, a frame a little of the surroundings
    margin = detector.card.crop_margin if score.item.is_crop else max(VIEW_MARGIN, detector.card.crop_margin)
    return crop_face(image, box, margin, SIDE_PX)


def _typical_face(score: ItemScore) -> FaceScore:
    """The scored face whose probability is nearest to that of the item."""
    scored = [f for f in score.faces if f.p_fake is not None]
    return min(scored, key=lambda f: abs((f.p_fake or 0.0) - (score.p_fake or 0.0)))


def _image(score: ItemScore, face: FaceScore) -> UInt8Array:
    if score.item.is_crop:
        image = read_rgb(score.item.path)
        if image is None:
            raise InputError("The image does not decode.")
        return image
    with FrameReader(open_item(score.item.path)) as reader:
        return reader.frame_at(face.frame_index).image
