"""All faces of a frame, with landmarks."""

from collections.abc import Sequence

import numpy as np
import torch

from desktop_app.domain import FaceDetection, UInt8Array
from desktop_app.errors import DeviceError
from desktop_app.faces.cascade import Cascade, RawFaces

# A wanted face may be a little narrower than the square that the first net proposes for it.
_SEARCH_RATIO = 0.8
# Of 1000 genuine training photographs (LFW, OpenForensics) the cascade finds a face of 0.95 in 991, and 990 keep one:
# median 0.998; the 29 of 1138 faces below 0.5 are mostly cut by the photograph's border.
_MIN_SECOND_SCORE = 0.5
_DEVICES = ("cpu", "cuda", "mps")


class FaceDetector:
    """MTCNN that searches scaled frames and measures faces in the full frame.

    A face must also hold in a second look, mirrored and at another margin, with a mean of 0.5: shadows and fur that
    the cascade takes for faces with 0.95 and more do not. The score that is reported is the cascade's own.

    The cost falls with the square of `min_face_px` and does not depend on faces smaller than wanted. On the CPU the
    same images give the same faces.

    Args:
        device: ``"cpu"``, ``"cuda"`` (or ``"cuda:1"``) or ``"mps"``.
        min_score: Smallest confidence in [0, 1]; the cascade itself never gives less than 0.7.
        min_face_px: Smallest shorter side of a box, in pixels of the frame.

    Raises:
        DeviceError: The device is not there.
        ValueError: A limit is out of range.
    """

    def __init__(self, device: str = "cpu", min_score: float = 0.95, min_face_px: int = 50) -> None:
        if not 0.0 <= min_score <= 1.0:
            raise ValueError(f"min_score: expected a value in [0, 1], got {min_score}")
        if min_face_px < 12:
            raise ValueError(f"min_face_px: expected >= 12, got {min_face_px}")
        self.device = device
        self.min_score = min_score
        self.min_face_px = min_face_px
        _require_device(device)
        self._cascade = Cascade(torch.device(device), min_face_px * _SEARCH_RATIO)

    def detect(self, images: Sequence[UInt8Array], frame_indices: Sequence[int]) -> list[list[FaceDetection]]:
        """Faces of each image, the surest first.

        Args:
            images: (H, W, 3) uint8 RGB each; those of one size run as one batch.
            frame_indices: The frame that each image shows.

        Returns:
            One list per image, boxes in pixels of that image; a box may reach a little beyond it.

        Raises:
            DeviceError: The device ran out of memory or failed.
            ValueError: The counts differ.
        """
        if len(images) != len(frame_indices):
            raise ValueError(f"expected as many frame indices as images, got {len(frame_indices)} for {len(images)}")
        by_size: dict[tuple[int, ...], list[int]] = {}
        for position, image in enumerate(images):
            if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
                raise ValueError(f"image: expected (H, W, 3) uint8, got {image.shape} {image.dtype}")
            by_size.setdefault(image.shape, []).append(position)
        results: list[list[FaceDetection]] = [[] for _ in images]
        for positions in by_size.values():
            found = self._find([images[p] for p in positions], [frame_indices[p] for p in positions])
            for position, faces in zip(positions, found, strict=True):
                results[position] = faces
        return results

    def _find(self, images: list[UInt8Array], frame_indices: list[int]) -> list[list[FaceDetection]]:
        try:
            raw = self._cascade.find(images)
            return [self._wanted(*one) for one in zip(images, raw, frame_indices, strict=True)]
        except (torch.OutOfMemoryError, torch.AcceleratorError) as error:
            raise DeviceError(
                f"The device {self.device} could not finish the search for faces.",
                "Close other programs that use it, or choose the CPU in the settings.",
            ) from error

    def _wanted(self, image: UInt8Array, raw: RawFaces, frame_index: int) -> list[FaceDetection]:
        faces = []
        for box, score, landmarks in zip(raw.boxes, raw.scores, raw.landmarks, strict=True):
            x1, y1, x2, y2 = (float(value) for value in box)
            if score >= self.min_score and min(x2 - x1, y2 - y1) >= self.min_face_px:
                faces.append(FaceDetection(frame_index, (x1, y1, x2, y2), min(float(score), 1.0), landmarks.copy()))
        second = self._cascade.look_again(image, [face.box_xyxy for face in faces])
        return [face for face, score in zip(faces, second, strict=True) if score >= _MIN_SECOND_SCORE]


def _require_device(device: str) -> None:
    kind = device.split(":")[0]
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if kind not in _DEVICES:
        raise DeviceError(f"There is no device named {device!r}.", f"Choose one of {', '.join(_DEVICES)}.")
    if not present[kind]:
        raise DeviceError(f"The device {device} is not available on this computer.", "Choose the CPU in the settings.")
