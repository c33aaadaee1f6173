"""The tone of the skin of an item's deciding person."""

from collections.abc import Sequence
from statistics import median

import numpy as np

from desktop_app.domain import Box, FaceDetection, FramePrediction, UInt8Array
from desktop_app.errors import DeviceError, InputError
from desktop_app.faces import FaceDetector
from desktop_app.faces.boxes import iou
from desktop_app.media import FrameReader, MediaItem
from desktop_app.training.evaluation.conditions import typology_angle_deg
from desktop_app.training.evaluation.items import EvalItem

FRAMES = 3
MIN_OVERLAP = 0.3
MIN_CROP_FACE_PX = 40


class SkinMeter:
    """Measures the individual typology angle; landmarks come from the list of items or a search for the face.

    Args:
        device: Where faces are searched, as `TorchDetector.device` names it.
    """

    def __init__(self, device: str) -> None:
        try:
            self._finder = FaceDetector(device.split(":")[0], min_face_px=MIN_CROP_FACE_PX)
        except DeviceError:
            self._finder = FaceDetector("cpu", min_face_px=MIN_CROP_FACE_PX)

    def of_crop(self, item: EvalItem, image: UInt8Array) -> float | None:
        """Angle in a face crop in degrees, None where it cannot be measured."""
        if item.landmarks is not None:
            return typology_angle_deg(image, np.array(item.landmarks))
        faces = self._finder.detect([image], [0])[0]
        return typology_angle_deg(image, max(faces, key=lambda f: _area(f.box_xyxy)).landmarks) if faces else None

    def of_item(self, media: MediaItem, predictions: Sequence[FramePrediction]) -> float | None:
        """Median angle of one person over a few frames in degrees, None where it cannot be measured.

        Args:
            media: The item.
            predictions: Of that person, in order of time.
        """
        scored = [p for p in predictions if p.p_fake is not None]
        places = sorted({int((i + 0.5) / FRAMES * len(scored)) for i in range(FRAMES)}) if scored else []
        angles = []
        with FrameReader(media) as reader:
            for place in places:
                try:
                    image = reader.frame_at(scored[place].frame_index).image
                except InputError:
                    continue
                face = self._same_face(image, scored[place])
                angle = None if face is None else typology_angle_deg(image, face.landmarks)
                if angle is not None:
                    angles.append(angle)
        return median(angles) if angles else None

    def _same_face(self, image: UInt8Array, p: FramePrediction) -> FaceDetection | None:
        faces = self._finder.detect([image], [p.frame_index])[0]
        best = max(faces, key=lambda f: iou(f.box_xyxy, p.box_xyxy), default=None)
        return best if best is not None and iou(best.box_xyxy, p.box_xyxy) >= MIN_OVERLAP else None


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
