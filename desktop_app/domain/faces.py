"""Faces in frames."""

from dataclasses import dataclass

from desktop_app.domain.base import Box, FloatArray, check_box, check_probability, require


@dataclass(frozen=True, slots=True, eq=False)
class FaceDetection:
    """A face as the face detector found it.

    Args:
        frame_index: The frame.
        box_xyxy: Pixels of the displayed frame.
        score: Confidence of the face detector in [0, 1].
        landmarks: (5, 2) float32 pixels: eye, eye, nose, mouth corner, mouth corner, the left of the picture first.
    """

    frame_index: int
    box_xyxy: Box
    score: float
    landmarks: FloatArray

    def __post_init__(self) -> None:
        check_box(self.box_xyxy)
        check_probability("score", self.score)
        require(self.landmarks.shape == (5, 2), f"landmarks: expected (5, 2), got {self.landmarks.shape}")
        self.landmarks.flags.writeable = False


@dataclass(frozen=True, slots=True, eq=False)
class TrackedFace:
    """One person's face in one frame, found or interpolated.

    Args:
        frame_index: The frame.
        track_id: The person, from 1 in order of appearance.
        box_xyxy: Pixels of the displayed frame.
        landmarks: (5, 2) float32 pixels.
        score: Confidence of the face detector; of the nearer detections where interpolated.
        is_interpolated: Whether the box lies between two detections instead of being one.
    """

    frame_index: int
    track_id: int
    box_xyxy: Box
    landmarks: FloatArray
    score: float
    is_interpolated: bool = False

    def __post_init__(self) -> None:
        check_box(self.box_xyxy)
        check_probability("score", self.score)
        require(self.landmarks.shape == (5, 2), f"landmarks: expected (5, 2), got {self.landmarks.shape}")
        self.landmarks.flags.writeable = False


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """Measured fitness of a face for scoring.

    Args:
        size_px: Shorter side of the face's box.
        sharpness: Variance of the Laplacian of the grey crop at a fixed size; higher is sharper.
        exposure: Mean grey level of the crop in [0, 1].
        pose_deg: Estimated yaw in degrees from the landmarks; 0 is frontal, the sign is the side.
    """

    size_px: float
    sharpness: float
    exposure: float
    pose_deg: float
