"""The demo clip: a public-domain portrait under a moving camera, with a known stretch of manipulated face.

The portrait is scikit-image's `astronaut` (NASA, public domain). In the stretch between `DEMO_FAKE_START_S` and
`DEMO_FAKE_END_S` the inner face is replaced the way face-swapping tools do it: another rendering of a face (here the
mirrored one, soft as from a small generator and with shifted colours) is laid over it through a mask that does not sit
quite right and trembles. These are the traces of self-blended images (Shiohara and Yamasaki, "Detecting Deepfakes with
Self-Blended Images", CVPR 2022), stronger than a careful forger leaves them: the clip shows the program, it does not
test the detector. The same machine always makes the same clip.
"""

import contextlib
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data as pictures

from desktop_app.domain import UInt8Array
from desktop_app.errors import InputError
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress

# Counts up with every change of the clip's pictures: a kept clip of an older version is not used again.
DEMO_VERSION = 3
DEMO_DURATION_S = 8.0
DEMO_FAKE_START_S = 3.0
DEMO_FAKE_END_S = 5.5
DEMO_RATE = 25
DEMO_WIDTH_PX = 1280
DEMO_HEIGHT_PX = 720

_SEED = 20_240
_ENLARGE = 3  # the portrait has 512 x 512 pixels
# The inner face in the portrait, found by looking: brows to chin, cheek to cheek.
_FACE_CENTRE = (223.0, 128.0)
_FACE_AXES = (39.0, 51.0)
_NOISE_SIGMA = 1.8
_NOISE_FIELDS = 3
_NOISE_SLACK_PX = 256

_Matrix = NDArray[np.float64]


def _portrait() -> UInt8Array:
    load: Callable[[], UInt8Array] = pictures.astronaut
    return load()


class _Scene:
    """The portrait, its manipulated face and the camera."""

    def __init__(self) -> None:
        portrait = _portrait()
        side = portrait.shape[0] * _ENLARGE
        large = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_LANCZOS4)
        self._genuine = _sharpen(large, 0.6, 2.0)
        self._fake = self._make_fake(portrait, side)
        self._mask = self._make_mask(side)
        self._chance = np.random.default_rng(_SEED)
        size = (DEMO_HEIGHT_PX + _NOISE_SLACK_PX, DEMO_WIDTH_PX + _NOISE_SLACK_PX)
        grains = (np.rint(self._chance.normal(0.0, _NOISE_SIGMA, size)) for _ in range(_NOISE_FIELDS))
        self._noise = [np.repeat(grain.astype(np.int16)[:, :, None], 3, axis=2) for grain in grains]

    @staticmethod
    def _make_fake(portrait: UInt8Array, side: int) -> UInt8Array:
        """The face mirrored about its own axis, softer than the picture, warmer and brighter."""
        centre_x = _FACE_CENTRE[0]
        flip = np.array([[-1.0, 0.0, 2.0 * centre_x], [0.0, 1.0, 0.0]])
        mirrored = cv2.warpAffine(portrait, flip, portrait.shape[1::-1], flags=cv2.INTER_CUBIC)
        large = cv2.resize(mirrored, (side, side), interpolation=cv2.INTER_CUBIC)
        soft = cv2.GaussianBlur(large, (0, 0), 3.0)
        tinted = soft * np.array([1.05, 0.985, 0.93], np.float32) + 5.0
        return np.asarray(np.clip(np.rint(tinted), 0.0, 255.0), dtype=np.uint8)

    @staticmethod
    def _make_mask(side: int) -> UInt8Array:
        mask = np.zeros((side, side), np.uint8)
        centre = (round(_FACE_CENTRE[0] * _ENLARGE), round(_FACE_CENTRE[1] * _ENLARGE))
        axes = (round(_FACE_AXES[0] * _ENLARGE), round(_FACE_AXES[1] * _ENLARGE))
        cv2.ellipse(mask, centre, axes, 0.0, 0.0, 360.0, 255, cv2.FILLED)
        return np.asarray(cv2.GaussianBlur(mask, (0, 0), 3.0), dtype=np.uint8)

    def render(self, number: int) -> UInt8Array:
        """A frame of the clip, (720, 1280, 3) uint8 RGB."""
        time_s = number / DEMO_RATE
        camera = _camera(time_s, self._chance.normal(0.0, 1.0, 2))
        frame = np.asarray(cv2.add(_warp(self._genuine, camera), self._grain(), dtype=cv2.CV_8U), dtype=np.uint8)
        if DEMO_FAKE_START_S <= time_s < DEMO_FAKE_END_S:
            self._swap_face(frame, camera)
        return frame

    def _swap_face(self, frame: UInt8Array, camera: _Matrix) -> None:
        """Lay the other face over a frame, in place; it is cleaner than the sensor's picture around it."""
        tremble = self._chance.normal(0.0, 1.2, 2) + np.array([2.5, 3.5])
        shifted = camera @ _affine(1.015, 1.2, _scaled(_FACE_CENTRE), tremble)
        mask = _warp(self._mask, camera)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        share = mask[part][:, :, None].astype(np.float32) / 255.0
        face = _warp(self._fake, shifted)[part] + 0.35 * self._grain()[part]
        frame[part] = np.clip(np.rint(frame[part] * (1.0 - share) + face * share), 0, 255)

    def _grain(self) -> NDArray[np.int16]:
        """Sensor noise: a random window of one of a few fields."""
        field = self._noise[int(self._chance.integers(_NOISE_FIELDS))]
        down, right = (int(value) for value in self._chance.integers(0, _NOISE_SLACK_PX, 2))
        return field[down : down + DEMO_HEIGHT_PX, right : right + DEMO_WIDTH_PX]


def _scaled(point: tuple[float, float]) -> tuple[float, float]:
    return point[0] * _ENLARGE, point[1] * _ENLARGE


def _sharpen(image: NDArray[Any], amount: float, sigma: float) -> UInt8Array:
    values = image.astype(np.float32)
    blurred = cv2.GaussianBlur(values, (0, 0), sigma)
    return np.asarray(np.clip(np.rint(values + amount * (values - blurred)), 0.0, 255.0), dtype=np.uint8)


def _affine(scale: float, turn_deg: float, centre: tuple[float, float], shift: NDArray[np.float64]) -> _Matrix:
    """A 3 x 3 matrix that scales and turns about a point, then shifts."""
    matrix = np.eye(3)
    matrix[:2] = cv2.getRotationMatrix2D(centre, turn_deg, scale)
    matrix[:2, 2] += shift
    return matrix


def _camera(time_s: float, tremor: NDArray[np.float64]) -> _Matrix:
    """From the enlarged portrait to the frame: a slow pan and zoom, and the unrest of a hand."""
    share = time_s / DEMO_DURATION_S
    scale = 0.90 + 0.16 * np.sin(np.pi * share)  # the whole width is 1536 pixels
    look_x = (232.0 + 14.0 * np.sin(2.0 * np.pi * share + 0.4)) * _ENLARGE
    look_y = (131.0 + 6.0 * np.cos(2.0 * np.pi * share)) * _ENLARGE
    sway = np.array([3.0 * np.sin(2.1 * time_s) + 1.5 * np.sin(5.3 * time_s), 2.5 * np.sin(2.7 * time_s + 1.0)])
    to_centre = np.array([DEMO_WIDTH_PX / 2 - look_x, DEMO_HEIGHT_PX / 2 - look_y]) + sway + 0.6 * tremor
    return _affine(float(scale), 0.5 * float(np.sin(1.3 * time_s)), (look_x, look_y), to_centre)


def _warp(image: UInt8Array, matrix: _Matrix) -> UInt8Array:
    warped = cv2.warpAffine(
        image, matrix[:2], (DEMO_WIDTH_PX, DEMO_HEIGHT_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(warped, dtype=np.uint8)


def build_demo_clip(path: Path, on_progress: ProgressFn = ignore_progress, cancel: CancelToken | None = None) -> Path:
    """Make the demo clip: 8 s of 1280 x 720 H.264 at 25 frames per second, without sound.

    Args:
        path: Where to write it, ending in ``.mp4``; an older file there is replaced once the new one is complete.
        on_progress: Stage ``"demo"`` in frames.
        cancel: Stops the work; nothing is left behind.

    Returns:
        `path`.

    Raises:
        InputError: The file cannot be written.
        Cancelled: The token was cancelled.
    """
    cancel = cancel or CancelToken()
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _encode(partial, on_progress, cancel)
        os.replace(partial, path)
    except OSError as error:
        raise InputError(
            f"The demo clip cannot be written to “{path.parent}”.", "Choose a folder with room and write permission."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
    return path


def _encode(path: Path, on_progress: ProgressFn, cancel: CancelToken) -> None:
    count = round(DEMO_DURATION_S * DEMO_RATE)
    scene = _Scene()
    # A fixed number of threads: x264's output depends on it.
    options = {"crf": "19", "preset": "veryfast", "threads": "2"}
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as out:
        out.metadata["title"] = "Cotejo demo clip"
        stream = out.add_stream("libx264", rate=DEMO_RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = DEMO_WIDTH_PX, DEMO_HEIGHT_PX, "yuv420p"
        stream.codec_context.gop_size = DEMO_RATE
        for number in range(count):
            cancel.check()
            frame = av.VideoFrame.from_ndarray(scene.render(number), "rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
            frame.pts, frame.time_base = number, Fraction(1, DEMO_RATE)
            out.mux(stream.encode(frame))
            on_progress(Progress("demo", number + 1, count))
        out.mux(stream.encode(None))
