"""What is read of the open item for the timeline: small pictures, loudness, shot cuts. On threads of their own."""

import contextlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.domain import FloatArray
from desktop_app.errors import InputError
from desktop_app.ui.jobs import Job, Worker, to_qimage

if TYPE_CHECKING:
    from desktop_app.media import MediaItem

PICTURE_HEIGHT_PX = 76
PEAKS_PER_S = 100
MAX_PEAKS = 200_000
# pixels of an item whose cuts are looked for unasked: about twenty seconds of decoding
EASY_PIXELS = 1_500_000_000


def strip_pictures(job: Job, item: "MediaItem", frames: tuple[int, ...]) -> None:
    """Report small pictures as (frame, picture); what does not decode is left out."""
    from desktop_app.media import FrameReader

    aspect = float(item.pixel_aspect)
    with FrameReader(item) as reader:
        for frame in frames:
            job.token.check()
            with contextlib.suppress(InputError):
                image = reader.frame_at(frame).image
                height, width = image.shape[:2]
                size = (max(1, round(width * aspect * PICTURE_HEIGHT_PX / height)), PICTURE_HEIGHT_PX)
                job.report((frame, to_qimage(image, size)))


def sound_peaks(job: Job, item: "MediaItem") -> FloatArray:
    """Highest sample of short, equal stretches of the item."""
    from desktop_app.media.audio import AudioReader

    with AudioReader(item) as reader:
        columns = min(MAX_PEAKS, max(2_000, int(item.index.duration_s * PEAKS_PER_S)))
        return reader.peaks(columns, cancel=job.token)


def shot_cuts(job: Job, item: "MediaItem") -> None:
    """Report the frames that begin a new shot."""
    from desktop_app.faces.cuts import CutDetector
    from desktop_app.media import FrameReader

    detector = CutDetector()
    with FrameReader(item) as reader:
        for frame in reader.frames():
            job.token.check()
            for judged, is_cut in detector.push(frame):
                if is_cut:
                    job.report(judged.index)
    for judged, is_cut in detector.flush():
        if is_cut:
            job.report(judged.index)


class Scanner(QObject):
    """Reads the open item for the timeline; every new wish of a kind takes the place of the older one.

    Signals: `pictures_ready` with a dict of pictures by frame; `peaks_ready` with an array; `cuts_found` with all cuts
    so far, ascending, and whether these are all.
    """

    pictures_ready = Signal(object)
    peaks_ready = Signal(object)
    cuts_found = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._item: MediaItem | None = None
        self._workers: dict[str, Worker] = {}
        self._jobs: dict[str, Job] = {}
        self._cuts: list[int] = []
        self._has_all_cuts = False

    @property
    def is_busy(self) -> bool:
        """Whether anything is being read for the timeline."""
        return bool(self._jobs)

    @property
    def is_looking_for_cuts(self) -> bool:
        """Whether cuts are being looked for."""
        return "cuts" in self._jobs

    @property
    def has_all_cuts(self) -> bool:
        """Whether the whole item was looked through."""
        return self._has_all_cuts

    def open(self, item: "MediaItem") -> None:
        """Begin with another item: its loudness, and its cuts where that is quick."""
        self.close()
        self._item = item
        if len(item.index) < 2:
            return
        if item.info.audio_codec is not None:
            self._start("peaks", "slow", lambda job: sound_peaks(job, item), self.peaks_ready.emit)
        self.look_for_cuts_if_easy()

    def close(self) -> None:
        """Forget the item."""
        for job in self._jobs.values():
            job.cancel()
        self._jobs.clear()
        self._item, self._cuts, self._has_all_cuts = None, [], False

    def shutdown(self) -> None:
        """Stop all work and wait for the threads."""
        self.close()
        for worker in self._workers.values():
            worker.shutdown()
        self._workers.clear()

    @Slot(object)
    def fetch_pictures(self, frames: tuple[int, ...]) -> None:
        """Make small pictures of some frames."""
        item = self._item
        if item is not None:
            job = self._start("pictures", "quick", lambda job: strip_pictures(job, item, frames))
            job.reported.connect(self._on_pictures)

    def look_for_cuts_if_easy(self) -> None:
        """Look for shot cuts unasked: in a short item, once the networks' libraries are loaded anyway."""
        item = self._item
        if item is None or "desktop_app.faces" not in sys.modules:
            return
        if len(item.index) * item.info.width_px * item.info.height_px <= EASY_PIXELS:
            self.look_for_cuts()

    def look_for_cuts(self) -> None:
        """Look through the item for shot cuts, unless that was done."""
        item = self._item
        if item is None or self._has_all_cuts or self.is_looking_for_cuts or len(item.index) < 2:
            return
        self._cuts = []
        job = self._start("cuts", "slow", lambda job: shot_cuts(job, item))
        job.reported.connect(self._on_cuts)
        job.succeeded.connect(self._on_all_cuts)

    def stop_looking(self) -> None:
        """Leave the processor to more important work; `look_for_cuts` begins again."""
        job = self._jobs.pop("cuts", None)
        if job is not None:
            job.cancel()

    def submit(self, job: Job) -> None:
        """Do some other short work on a frame soon, also while the item is being analysed."""
        self._worker("frames").submit(job)

    def _worker(self, name: str) -> Worker:
        if name not in self._workers:
            self._workers[name] = Worker(self)
        return self._workers[name]

    def _start(
        self, kind: str, worker: str, work: Callable[[Job], Any], done: Callable[[Any], None] | None = None
    ) -> Job:
        before = self._jobs.get(kind)
        if before is not None:
            before.cancel()
        job = Job(kind, work)
        self._jobs[kind] = job
        job.finished.connect(self._on_finished)
        if done is not None:
            job.succeeded.connect(done)
        self._worker(worker).submit(job)
        return job

    @Slot(object)
    def _on_pictures(self, pairs: list[tuple[int, QImage]]) -> None:
        # never of an item that was put away meanwhile
        if self.sender() is self._jobs.get("pictures"):
            self.pictures_ready.emit(dict(pairs))

    @Slot(object)
    def _on_cuts(self, frames: list[int]) -> None:
        if self.sender() is self._jobs.get("cuts"):
            self._cuts.extend(frames)
            self.cuts_found.emit(np.array(self._cuts, dtype=np.int64), False)

    @Slot(object)
    def _on_all_cuts(self, _: object) -> None:
        if self.sender() is self._jobs.get("cuts"):
            self._has_all_cuts = True
            self.cuts_found.emit(np.array(self._cuts, dtype=np.int64), True)

    @Slot()
    def _on_finished(self) -> None:
        for kind, job in list(self._jobs.items()):
            if job is self.sender():
                del self._jobs[kind]
