"""The plain way to find faces, kept as the yardstick of the benchmark."""

import numpy as np
import torch
from facenet_pytorch import MTCNN

from desktop_app.domain import FaceDetection, UInt8Array


class NaiveFaceDetector:
    """facenet-pytorch's MTCNN with its own defaults on whole frames, one frame at a time.

    Args:
        device: ``"cpu"``, ``"cuda"`` or ``"mps"``.
        min_score: Smallest confidence in [0, 1].
        min_face_px: Smallest shorter side of a box, in pixels; smaller faces are searched all the same and dropped.
    """

    def __init__(self, device: str = "cpu", min_score: float = 0.95, min_face_px: int = 50) -> None:
        self._net = MTCNN(keep_all=True, device=torch.device(device))
        self._min_score, self._min_face_px = min_score, min_face_px

    def detect(self, image: UInt8Array, frame_index: int) -> list[FaceDetection]:
        """Faces of one image.

        Args:
            image: (H, W, 3) uint8 RGB.
            frame_index: The frame.
        """
        boxes, scores, landmarks = self._net.detect(image, landmarks=True)
        if boxes is None:
            return []
        faces = []
        for box, score, marks in zip(boxes, scores, landmarks, strict=True):
            x1, y1, x2, y2 = (float(v) for v in box)
            if score >= self._min_score and min(x2 - x1, y2 - y1) >= self._min_face_px:
                points = np.asarray(marks, dtype=np.float32).copy()
                faces.append(FaceDetection(frame_index, (x1, y1, x2, y2), min(float(score), 1.0), points))
        return faces
