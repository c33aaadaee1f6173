"""The only threads of the interface: one background worker for long work, one lane that decodes for the player."""

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.domain import Frame, UInt8Array
from desktop_app.errors import AppError
from desktop_app.progress import Cancelled, CancelToken, Progress

log = logging.getLogger(__name__)

MIN_INTERVAL_S = 0.05


class Job(QObject):
    """One piece of long work; made, watched and cancelled on the interface thread.

    Signals: `progressed` with a `Progress` and `reported` with a list of what the work handed over, each at most
    20 times a second; then one of `succeeded` with the return value, `failed` with the exception or `cancelled`;
    and `finished` last, always.

    Args:
        name: For the log.
        work: Runs on the worker's thread and is given this job.
    """

    progressed = Signal(object)
    reported = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()

    def __init__(self, name: str, work: Callable[["Job"], Any]) -> None:
        super().__init__()
        self.name = name
        self.token = CancelToken()
        self._work = work
        self._last_progress_s = 0.0
        self._last_report_s = 0.0
        self._last_stage = ""
        self._held_progress: Progress | None = None
        self._held: list[Any] = []

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        self.token.cancel()

    def progress(self, progress: Progress) -> None:
        """A `ProgressFn` for the work; only the latest of each 50 ms gets through."""
        now = time.monotonic()
        self._held_progress = progress
        if progress.stage != self._last_stage or now - self._last_progress_s >= MIN_INTERVAL_S:
            self._last_progress_s, self._last_stage = now, progress.stage
            self._held_progress = None
            self.progressed.emit(progress)

    def report(self, payload: Any) -> None:  # noqa: ANN401  # each job reports what it likes
        """Hand something over while still working; gathered into one list per 50 ms."""
        self._held.append(payload)
        now = time.monotonic()
        if now - self._last_report_s >= MIN_INTERVAL_S:
            self._last_report_s = now
            self._flush()

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, []
            self.reported.emit(held)

    def run(self) -> None:
        """Do the work here; called by the worker's thread."""
        try:
            self.token.check()
            result = self._work(self)
            self._flush()
            if self._held_progress is not None:
                self.progressed.emit(self._held_progress)
            self.succeeded.emit(result)
        except Cancelled:
            self._flush()
            self.cancelled.emit()
        except AppError as error:
            log.info("%s: %s", self.name, error.user_message)
            self.failed.emit(error)
        except Exception as error:  # a bug must reach the crash log, not end the thread
            log.exception("%s failed", self.name)
            self.failed.emit(error)
        finally:
            self.finished.emit()


class _Runner(QObject):
    """Lives on the worker's thread."""

    @Slot(object)
    def run(self, job: Job) -> None:
        job.run()


class Worker(QObject):
    """The one background worker: jobs run one after the other on its thread."""

    busy_changed = Signal(bool)
    _dispatch = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("cotejo-worker")
        self._runner = _Runner()
        self._runner.moveToThread(self._thread)
        self._dispatch.connect(self._runner.run)
        self._queue: deque[Job] = deque()
        self._current: Job | None = None
        # the last reference to a job must not be dropped on the worker's thread
        self._done: deque[Job] = deque(maxlen=4)
        self._thread.start()

    @property
    def current(self) -> Job | None:
        """The job that runs now."""
        return self._current

    @property
    def wanted(self) -> tuple[Job, ...]:
        """The running job and those that wait, without the cancelled ones."""
        jobs = (self._current, *self._queue)
        return tuple(job for job in jobs if job is not None and not job.token.is_cancelled)

    def submit(self, job: Job, first: bool = False) -> Job:
        """Run a job as soon as those before it are done; the first one waits for the running one only."""
        (self._queue.appendleft if first else self._queue.append)(job)
        if self._current is None:
            self._next()
        return job

    def cancel(self, *names: str) -> bool:
        """Cancel the running job and those that wait, of these names.

        Returns:
            Whether there was any.
        """
        jobs = [job for job in self.wanted if job.name in names]
        for job in jobs:
            job.cancel()
        return bool(jobs)

    def cancel_all(self) -> None:
        """Cancel the running job and all that wait."""
        for job in self.wanted:
            job.cancel()

    def shutdown(self) -> None:
        """Cancel everything and wait for the thread to end."""
        self.cancel_all()
        self._queue.clear()
        self._thread.quit()
        self._thread.wait()

    def _next(self) -> None:
        self._current = self._queue.popleft()
        self._current.finished.connect(self._on_finished)
        self.busy_changed.emit(True)
        self._dispatch.emit(self._current)

    @Slot()
    def _on_finished(self) -> None:
        if self._current is not None:
            self._done.append(self._current)
        self._current = None
        if self._queue:
            self._next()
        else:
            self.busy_changed.emit(False)


class Reader(Protocol):
    """What the lane needs of a frame reader."""

    def frame_at(self, index: int) -> Frame:
        """The picture of a frame."""

    def close(self) -> None:
        """Release the file."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded frame, ready to paint.

    Args:
        serial: Number of the request that it answers.
        frame: The frame.
        scaled: Its picture at the size that was wanted when it was decoded, None when none was.
    """

    serial: int
    frame: Frame
    scaled: QImage | None


class _OwnedImage(QImage):
    """A picture that keeps the array alive whose memory it shows."""

    def __init__(self, pixels: UInt8Array) -> None:
        height, width = pixels.shape[:2]
        super().__init__(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)
        self._pixels = pixels


def to_qimage(image: UInt8Array, size: tuple[int, int] | None = None) -> QImage:
    """An (H, W, 3) uint8 RGB array in the format that Qt paints without converting.

    Everything costly is OpenCV's, which lets other threads run meanwhile; Qt's own conversions do not.

    Args:
        image: The array.
        size: Width and height to scale to; None keeps every pixel.
    """
    if size is not None and size != (image.shape[1], image.shape[0]):
        shrinks = size[0] < image.shape[1]
        resized = cv2.resize(image, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        return _OwnedImage(cv2.cvtColor(resized, cv2.COLOR_RGB2BGRA).astype(np.uint8, copy=False))
    return _OwnedImage(cv2.cvtColor(image, cv2.COLOR_RGB2BGRA).astype(np.uint8, copy=False))


class _Decoder(QObject):
    """Lives on the lane's thread; owns the reader."""

    delivered = Signal(object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()
        self.opener: Callable[[], Reader] | None = None
        self.must_reopen = False
        self.wanted: tuple[int, int, int | None] | None = None
        self.size: tuple[int, int] | None = None
        self._reader: Reader | None = None

    @Slot()
    def work(self) -> None:
        with self.lock:
            reopen, opener, wanted, size = self.must_reopen, self.opener, self.wanted, self.size
            self.must_reopen, self.wanted = False, None
        try:
            if reopen:
                self.close()
                self._reader = opener() if opener is not None else None
            if wanted is not None and self._reader is not None:
                serial, index, ahead = wanted
                frame = self._reader.frame_at(index)
                scaled = to_qimage(frame.image, size) if size is not None else None
                self.delivered.emit(Picture(serial, frame, scaled))
                self._look_ahead(ahead)
        except Exception as error:  # reported to the interface, which sorts it
            if not isinstance(error, AppError):
                log.exception("decoding failed")
            self.failed.emit(error)

    def _look_ahead(self, ahead: int | None) -> None:
        with self.lock:
            has_time = self.wanted is None
        if ahead is not None and has_time and self._reader is not None:
            # what fails here fails again, and is told, when the frame is really asked for
            with contextlib.suppress(AppError):
                self._reader.frame_at(ahead)

    @Slot()
    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None


class FrameLane(QObject):
    """Decodes frames for the player on a thread of its own; of requests that wait, only the newest is served."""

    delivered = Signal(object)
    failed = Signal(object)
    _wake = Signal()
    _close = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("cotejo-frames")
        self._decoder = _Decoder()
        self._decoder.moveToThread(self._thread)
        self._decoder.delivered.connect(self.delivered)
        self._decoder.failed.connect(self.failed)
        self._wake.connect(self._decoder.work)
        self._close.connect(self._decoder.close)
        self._thread.start()

    def set_source(self, opener: Callable[[], Reader] | None) -> None:
        """Read from another item from now on.

        Args:
            opener: Makes the reader, on the lane's thread; None closes the present one.
        """
        with self._decoder.lock:
            self._decoder.opener, self._decoder.must_reopen, self._decoder.wanted = opener, True, None
        self._wake.emit()

    def request(self, serial: int, index: int, ahead: int | None = None) -> None:
        """Ask for a frame; replaces a request that has not been begun.

        Args:
            serial: Number of the request, given back with the picture.
            index: The frame.
            ahead: A frame that will likely be asked for next; decoded into the reader's memory if there is time.
        """
        with self._decoder.lock:
            self._decoder.wanted = (serial, index, ahead)
        self._wake.emit()

    def set_size(self, size: tuple[int, int] | None) -> None:
        """Also scale frames to this width and height from now on, None stops that."""
        with self._decoder.lock:
            self._decoder.size = size

    def shutdown(self) -> None:
        """Close the reader and wait for the thread to end."""
        with self._decoder.lock:
            self._decoder.wanted = None
        self._close.emit()
        self._thread.quit()
        self._thread.wait()
        # the thread may end before it comes to the last event; nobody else uses the reader any more
        self._decoder.close()
