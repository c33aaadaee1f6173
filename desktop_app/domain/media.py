"""Items and their frames."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

import numpy as np

from desktop_app.domain.base import UInt8Array, require


class ItemKind(StrEnum):
    """What an item is."""

    VIDEO = "video"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What is known of an item without analysing it.

    Args:
        path: The file as it was given.
        sha256: Hash of the whole file, 64 hexadecimal digits.
        size_bytes: Size of the file.
        modified_utc: Last modification of the file.
        kind: Video or still image.
        container: Container format, such as ``"mov,mp4,m4a,3gp,3g2,mj2"``.
        video_codec: Codec of the pictures, such as ``"h264"`` or ``"png"``.
        pixel_format: As ffmpeg names it, such as ``"yuv420p10le"``.
        bit_depth: Bits per component.
        color_space, color_range, color_primaries, color_transfer: As tagged, empty when untagged.
        width_px, height_px: Displayed size, after rotation.
        rate: Average frames per second; None for images or when unknown.
        duration_s: From the first to the end of the last frame, 0.0 for images.
        rotation_deg: Clockwise rotation applied for display: 0, 90, 180 or 270.
        is_vfr: Whether the frame intervals vary.
        frame_count: Number of frames that decode, 1 for images.
        audio_codec: Codec of the first audio stream, None without one.
        audio_rate_hz: Its sampling rate, None without one.
        tags: Container and stream tags, as (key, value) pairs in their order.
        sha512: Second hash of the whole file, 128 digits; empty in results that were stored before it was taken.
    """

    path: Path
    sha256: str
    size_bytes: int
    modified_utc: datetime
    kind: ItemKind
    container: str
    video_codec: str
    pixel_format: str
    bit_depth: int
    color_space: str
    color_range: str
    color_primaries: str
    color_transfer: str
    width_px: int
    height_px: int
    rate: Fraction | None
    duration_s: float
    rotation_deg: int
    is_vfr: bool
    frame_count: int
    audio_codec: str | None = None
    audio_rate_hz: int | None = None
    tags: tuple[tuple[str, str], ...] = ()
    sha512: str = ""

    def __post_init__(self) -> None:
        require(len(self.sha256) == 64, f"sha256: expected 64 digits, got {len(self.sha256)}")
        require(self.rotation_deg in (0, 90, 180, 270), f"rotation_deg: got {self.rotation_deg}")
        require(self.width_px > 0 and self.height_px > 0, f"size: got {self.width_px}x{self.height_px}")

    @property
    def frame_step_s(self) -> float:
        """Typical time between two frames, 0.0 for an image."""
        return self.duration_s / self.frame_count if self.frame_count > 1 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One displayed picture of an item.

    Args:
        index: Position in presentation order, from 0.
        pts: Presentation time stamp in the stream's own unit; None where it was missing.
        time_s: Seconds from the first frame (exact from `pts`, estimated where that is missing).
        image: (H, W, 3) uint8 RGB, rotated for display, read-only.
        is_corrupt: Whether the decoder flagged or concealed damage.
    """

    index: int
    pts: int | None
    time_s: float
    image: UInt8Array
    is_corrupt: bool = False

    def __post_init__(self) -> None:
        shape, dtype = self.image.shape, self.image.dtype
        require(
            self.image.ndim == 3 and shape[2] == 3 and dtype == np.uint8,
            f"image: expected (H, W, 3) uint8, got {shape} {dtype}",
        )
        self.image.flags.writeable = False
