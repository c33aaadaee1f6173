"""What the worker does for the window. Called on the worker's thread only: the heavy rooms are imported in here."""

import contextlib
import gc
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from desktop_app import paths
from desktop_app.domain import (
    AnalysisResult,
    ExhibitKind,
    MediaInfo,
    ModelCard,
    UInt8Array,
)
from desktop_app.errors import InputError
from desktop_app.ui.jobs import Job, Reader, to_qimage

if TYPE_CHECKING:
    from desktop_app.media import MediaItem

THUMB_HEIGHT_PX = 126
Thumb = tuple[str, int]

# what the window calls it while it is built; a name, the same in every language
DEMO_NAME = "Cotejo demo"


@dataclass(frozen=True, slots=True, eq=False)
class Started:
    """What is known when an analysis begins.

    Args:
        media: The item.
        card: The model.
    """

    media: MediaInfo
    card: ModelCard


def warm_up(job: Job) -> tuple[str, ...]:
    """Import what the first analysis needs, so that it starts at once.

    Returns:
        The devices that the networks can compute on, the best first.
    """
    import desktop_app.analysis.casework  # noqa: F401
    from desktop_app.detectors import pick_device

    # looking through the hundreds of thousands of objects of the libraries for garbage would hold up the window
    gc.freeze()
    return tuple(dict.fromkeys((pick_device(), "cpu")))


def open_clip(job: Job, path: Path) -> "MediaItem":
    """Hash and index a file."""
    from desktop_app.media import open_item

    return open_item(path, job.progress, job.token)


def open_demo(job: Job) -> "MediaItem":
    """Build the demo clip of this version in the user's folder unless it is there, and open it."""
    from desktop_app.media.demo import DEMO_VERSION, build_demo_clip

    path = paths.user_data_dir() / "demo" / f"cotejo-demo-{DEMO_VERSION}.mp4"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path = build_demo_clip(path, job.progress, job.token)
    return open_clip(job, path)


def demo_truth(path: Path) -> tuple[float, float] | None:
    """Where the demo clip is manipulated, from and to in seconds; None of any other file."""
    if path.parent != paths.user_data_dir() / "demo" or not path.name.startswith("cotejo-demo-"):
        return None
    from desktop_app.media.demo import DEMO_FAKE_END_S, DEMO_FAKE_START_S

    return DEMO_FAKE_START_S, DEMO_FAKE_END_S


def reader_of(item: "MediaItem") -> Callable[[], Reader]:
    """Makes the reader of an item, on the thread that will use it."""

    def make() -> Reader:
        from desktop_app.media import FrameReader

        return FrameReader(item)

    return make


def thumbnails(
    job: Job, item: "MediaItem | None", result: AnalysisResult, tracks: Sequence[int], frames: Sequence[int]
) -> dict[Thumb, QImage]:
    """Small pictures for the findings, from the exhibits where there are, else decoded.

    Returns:
        By ``("track", track_id)`` and ``("frame", frame_index)``; what does not decode is left out.
    """
    pictures: dict[Thumb, QImage] = {}
    for exhibit in result.exhibits:
        job.token.check()
        face, frame = ("track", exhibit.track_id or 0), ("frame", exhibit.frame_index)
        if exhibit.kind is ExhibitKind.FACE_CROP and exhibit.track_id in tracks and face not in pictures:
            pictures[face] = small_picture(exhibit.png)
        elif exhibit.kind is ExhibitKind.KEY_FRAME and exhibit.frame_index in frames and frame not in pictures:
            pictures[frame] = small_picture(exhibit.png)
    rest = sorted({frame for frame in frames if ("frame", frame) not in pictures})
    if item is not None and rest:
        from desktop_app.media import FrameReader

        aspect = float(item.pixel_aspect)
        with FrameReader(item) as reader:
            for frame_index in rest:
                job.token.check()
                with contextlib.suppress(InputError):
                    pictures[("frame", frame_index)] = small(reader.frame_at(frame_index).image, aspect)
    return pictures


def exhibit_picture(result: AnalysisResult) -> QImage | None:
    """A small picture of a result's first key frame, None when it kept none."""
    for exhibit in result.exhibits:
        if exhibit.kind is ExhibitKind.KEY_FRAME:
            return small_picture(exhibit.png)
    return None


def small_picture(png: bytes) -> QImage:
    """A picture in a file's bytes, at the height of a thumbnail."""
    import cv2
    import numpy as np

    # not QImage.fromData: that holds every other thread up while it decodes
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    return small(pixels.astype(np.uint8, copy=False)) if pixels is not None else QImage()


def small(pixels: UInt8Array, aspect: float = 1.0) -> QImage:
    """A picture at the height of a thumbnail.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        aspect: Width of a pixel by its height.
    """
    height, width = pixels.shape[:2]
    return to_qimage(pixels, (max(1, round(width * aspect * THUMB_HEIGHT_PX / height)), THUMB_HEIGHT_PX))


@contextlib.contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Say in plain words that a file could not be written.

    Raises:
        InputError: It could not.
    """
    try:
        yield
    except OSError as error:
        free_mb = shutil.disk_usage(path.parent).free // 1_000_000 if path.parent.is_dir() else 0
        raise InputError(
            f"“{path.name}” could not be written: {error.strerror or error}.",
            f"Choose another folder. This one has {free_mb} MB left.",
        ) from error


def check_target(result: AnalysisResult, path: Path) -> None:
    """Refuse to write over the item.

    Raises:
        InputError: The path is the item's.
    """
    # by what lies there, not by name: the same file has several names where case does not count
    with contextlib.suppress(OSError):
        if path.samefile(result.media.path):
            raise InputError("The item itself must not be overwritten.", "Choose another name.")
