"""Heatmaps on demand, and what can be said of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from desktop_app.analysis.session import get_detector
from desktop_app.domain import Box, FloatArray, FramePrediction, Heatmap, UInt8Array
from desktop_app.explain import (
    METHOD,
    Deletion,
    Layer,
    RegionShare,
    attention_shares,
    deletion,
    explain_face,
    explain_targets,
    list_layers,
)
from desktop_app.faces import FaceDetector, crop_box, crop_for
from desktop_app.faces.boxes import iou
from desktop_app.media import FrameReader, MediaItem
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress

LANDMARK_MARGIN = 0.6
MIN_LANDMARK_SCORE = 0.7
MIN_LANDMARK_IOU = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """What was found about one face in one frame, as far as it has come.

    Args:
        heatmaps: One per target, in the order of `explain.TARGETS`.
        crop: (S, S, 3) uint8 RGB, the face as the model sees it.
        layers: Which layers could be looked at.
        shares: Per target, the attention per part of the face; empty where the landmarks were not found.
        has_landmarks: Whether they were found; None while they are being looked for.
        deletions: Per target, whether the map shows what the score rests on; None until that is known.
    """

    heatmaps: tuple[Heatmap, ...]
    crop: UInt8Array
    layers: tuple[Layer, ...]
    shares: tuple[tuple[RegionShare, ...], ...] = ()
    has_landmarks: bool | None = None
    deletions: tuple[Deletion, ...] | None = None


class ExplainSession:
    """Heatmaps of one model, the last item kept open. For one thread at a time.

    Args:
        model_id: The model.
        device: As in `detectors.pick_device`.

    Raises:
        ModelError: The model cannot be used.
        DeviceError: The device is not there.
    """

    def __init__(self, model_id: str, device: str = "auto") -> None:
        self._detector = get_detector(model_id, device, "heatmaps")
        self._item: MediaItem | None = None
        self._reader: FrameReader | None = None

    def heatmap(
        self,
        item: MediaItem,
        frame_index: int,
        face: FramePrediction,
        target: str = "predicted",
        layer: str | None = None,
        method: str = METHOD,
    ) -> Heatmap:
        """Where the model looked in a face.

        Args:
            item: The opened item.
            frame_index: The frame.
            face: The person and the box in that frame.
            target: ``"predicted"``, ``"genuine"`` or ``"fake"``.
            layer: Dotted name; None is the architecture's own choice.
            method: One of `explain.METHODS`.

        Raises:
            InputError: Unknown target, layer or method, or the file changed or does not decode there.
            ModelError: The model cannot be explained.
        """
        frame = self._open(item).frame_at(frame_index)
        return explain_face(
            self._detector, frame.image, face.box_xyxy, frame_index, face.track_id, target, layer, method
        )

    def study(
        self,
        item: MediaItem,
        frame_index: int,
        face: FramePrediction,
        layer: str | None = None,
        method: str = METHOD,
        on_part: Callable[[Explanation], None] | None = None,
        on_progress: ProgressFn = ignore_progress,
        cancel: CancelToken | None = None,
    ) -> Explanation:
        """Everything that can be said of a face: the maps at once, then the parts of the face, then the deletion test.

        Args:
            item: The opened item.
            frame_index: The frame.
            face: The person and the box in that frame.
            layer: Dotted name; None is the architecture's own choice.
            method: One of `explain.METHODS`.
            on_part: Told of what there is so far, each time that something comes to it.
            on_progress: Stage ``"deletion"``.
            cancel: Stops the work between its parts.

        Raises:
            InputError, ModelError: As in `heatmap`.
            Cancelled: The token was cancelled.
        """
        cancel, tell = cancel or CancelToken(), on_part or (lambda _: None)
        image = self._open(item).frame_at(frame_index).image
        detector, box = self._detector, face.box_xyxy
        maps = tuple(explain_targets(detector, image, box, frame_index, face.track_id, layer, method))
        crop = crop_for(detector.card, image, box)
        known = Explanation(maps, crop, list_layers(detector))
        tell(known)
        cancel.check()
        landmarks = find_landmarks(image, box, detector.card.crop_margin)
        shares = () if landmarks is None else tuple(tuple(attention_shares(m.values, landmarks)) for m in maps)
        known = Explanation(maps, crop, known.layers, shares, landmarks is not None)
        tell(known)
        tests: dict[str, Deletion] = {}
        for number, heatmap in enumerate(maps):
            # the predicted class is one of the others, whose test is the same
            if heatmap.target_class not in tests:
                tests[heatmap.target_class] = deletion(detector, image, box, heatmap, cancel=cancel)
            on_progress(Progress("deletion", number + 1, len(maps)))
        done = tuple(tests[heatmap.target_class] for heatmap in maps)
        return Explanation(maps, crop, known.layers, shares, known.has_landmarks, done)

    def crop(self, item: MediaItem, frame_index: int, box_xyxy: Box) -> UInt8Array:
        """A face as the model sees it: (S, S, 3) uint8 RGB."""
        return crop_for(self._detector.card, self._open(item).frame_at(frame_index).image, box_xyxy)

    def close(self) -> None:
        """Release the file."""
        if self._reader is not None:
            self._reader.close()
        self._reader = self._item = None

    def _open(self, item: MediaItem) -> FrameReader:
        if self._reader is None or self._item is not item:
            self.close()
            self._reader, self._item = FrameReader(item), item
        return self._reader


def find_landmarks(image: UInt8Array, box_xyxy: Box, margin: float) -> FloatArray | None:
    """Landmarks of a known face, found anew in its surroundings.

    Args:
        image: (H, W, 3) uint8 RGB, the whole frame.
        box_xyxy: The face's box.
        margin: Of the model's crop, see `faces.crop_box`.

    Returns:
        (5, 2) float32 in parts of the crop's side, 0 to 1; None when no face was found there.
    """
    height, width = image.shape[:2]
    x1, y1, x2, y2 = crop_box(box_xyxy, max(margin, LANDMARK_MARGIN))
    left, top, right, bottom = max(0, int(x1)), max(0, int(y1)), min(width, int(x2) + 1), min(height, int(y2) + 1)
    if right - left < 24 or bottom - top < 24:
        return None
    side_px = min(box_xyxy[2] - box_xyxy[0], box_xyxy[3] - box_xyxy[1])
    finder = FaceDetector("cpu", MIN_LANDMARK_SCORE, max(12, int(side_px * 0.6)))
    faces = finder.detect([np.ascontiguousarray(image[top:bottom, left:right])], [0])[0]
    moved = (box_xyxy[0] - left, box_xyxy[1] - top, box_xyxy[2] - left, box_xyxy[3] - top)
    best = max(faces, key=lambda found: iou(found.box_xyxy, moved), default=None)
    if best is None or iou(best.box_xyxy, moved) < MIN_LANDMARK_IOU:
        return None
    c1, c2, c3, _ = crop_box(box_xyxy, margin)
    return np.asarray((best.landmarks + np.array([left - c1, top - c2])) / (c3 - c1), dtype=np.float32)
