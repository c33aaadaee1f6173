"""The sound of an item while it plays at normal speed, and the clock that it is.

Samples are decoded on a thread of their own and handed to the device from the interface thread, a few kilobytes at a
time. Without a device, or where the libraries for one are missing, there is no sound and the player keeps its own time.
"""

import logging
import queue
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.ui.jobs import Job, Worker

if TYPE_CHECKING:
    from desktop_app.media import MediaItem

log = logging.getLogger(__name__)

FEED_MS = 15
BUFFER_S = 0.2
AHEAD_BLOCKS = 24
PATIENCE_S = 0.6


class Sink(Protocol):
    """What the sound needs of a device."""

    def write(self, data: bytes) -> int:
        """Take as many bytes as fit; how many that were."""

    def played_s(self) -> float:
        """Seconds that have been heard since the start."""

    def set_volume(self, volume: float) -> None:
        """Loudness in [0, 1], as heard."""

    def stop(self) -> None:
        """Fall silent and let go of the device."""


class DeviceSink:
    """The system's standard device.

    Args:
        rate_hz: Sampling rate of the stereo 16-bit samples.
        parent: Owner of the Qt object.

    Raises:
        OSError: There is no device, or it does not take such samples.
    """

    def __init__(self, rate_hz: int, parent: QObject) -> None:
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices, QtAudio

        wanted = QAudioFormat()
        wanted.setSampleRate(rate_hz)
        wanted.setChannelCount(2)
        wanted.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        device = QMediaDevices.defaultAudioOutput()
        if device.isNull() or not device.isFormatSupported(wanted):
            raise OSError("no device for sound")
        self._scale = QtAudio
        self._sink = QAudioSink(device, wanted, parent)
        self._sink.setBufferSize(round(BUFFER_S * rate_hz) * 4)
        self._pipe = self._sink.start()
        if self._pipe is None:
            raise OSError("the device for sound did not start")

    def write(self, data: bytes) -> int:
        """Take as many bytes as fit; how many that were."""
        room = self._sink.bytesFree() // 4 * 4
        return int(self._pipe.write(data[:room])) if room > 0 else 0

    def played_s(self) -> float:
        """Seconds that have been heard since the start."""
        return float(self._sink.processedUSecs()) / 1e6

    def set_volume(self, volume: float) -> None:
        """Loudness in [0, 1]; a slider feels even when loudness grows with the logarithm."""
        scales = self._scale.VolumeScale
        linear = self._scale.convertVolume(volume, scales.LogarithmicVolumeScale, scales.LinearVolumeScale)
        self._sink.setVolume(linear)

    def stop(self) -> None:
        """Fall silent and let go of the device."""
        self._sink.stop()
        self._sink.deleteLater()


def has_device() -> bool:
    """Whether sound can be heard on this computer."""
    try:
        from PySide6.QtMultimedia import QMediaDevices
    except ImportError as error:
        # on Linux the module needs the system's sound libraries
        log.info("no sound: %s", error)
        return False
    return not QMediaDevices.defaultAudioOutput().isNull()


class Sound(QObject):
    """Plays the first sound track of the open item; for the interface thread.

    Args:
        parent: Owner.
        make_sink: Opens a device for stereo 16-bit samples of a rate; may raise OSError or ImportError.
        clock: Seconds that only grow.
    """

    changed = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        make_sink: Callable[[int, QObject], Sink] = DeviceSink,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self._make_sink, self._clock = make_sink, clock
        self._item: MediaItem | None = None
        self._worker: Worker | None = None
        self._job: Job | None = None
        self._blocks: queue.Queue[bytes] = queue.Queue(AHEAD_BLOCKS)
        self._rest = b""
        self._sink: Sink | None = None
        self._is_broken = False
        self._begun_at = 0.0
        self._start_s = 0.0
        self._heard_s = 0.0
        self._heard_at = 0.0
        self._volume, self._is_muted = 1.0, False
        self._timer = QTimer(self)
        self._timer.setInterval(FEED_MS)
        self._timer.timeout.connect(self._feed)

    @property
    def has_track(self) -> bool:
        """Whether the open item holds sound."""
        return self._item is not None and self._item.info.audio_codec is not None

    @property
    def is_audible(self) -> bool:
        """Whether sound was not refused by this computer so far."""
        return not self._is_broken

    @property
    def is_preparing(self) -> bool:
        """Whether the first samples are awaited; never for longer than `PATIENCE_S`."""
        return self._job is not None and self._sink is None

    @property
    def volume(self) -> float:
        """Loudness in [0, 1]."""
        return self._volume

    @property
    def is_muted(self) -> bool:
        """Whether it is silent whatever the volume."""
        return self._is_muted

    def set_volume(self, volume: float) -> None:
        """Loudness in [0, 1]."""
        self._volume = min(max(volume, 0.0), 1.0)
        self._apply_volume()
        self.changed.emit()

    def set_muted(self, is_muted: bool) -> None:
        """Silence it, or let it be heard."""
        self._is_muted = is_muted
        self._apply_volume()
        self.changed.emit()

    def _apply_volume(self) -> None:
        if self._sink is not None:
            self._sink.set_volume(0.0 if self._is_muted else self._volume)

    def open(self, item: "MediaItem") -> None:
        """Belong to another item; nothing is read before `start`."""
        self.stop()
        self._item = item
        if self._make_sink is DeviceSink and self.has_track:
            self._is_broken = not has_device()
        self.changed.emit()

    def close(self) -> None:
        """Let go of the item."""
        self.stop()
        self._item = None
        self.changed.emit()

    def shutdown(self) -> None:
        """End the decoding thread."""
        self.stop()
        if self._worker is not None:
            self._worker.shutdown()
            self._worker = None

    def start(self, at_s: float) -> None:
        """Play from a time of the item on; silently does nothing where there is nothing to hear.

        Args:
            at_s: Seconds from the first frame.
        """
        self.stop()
        item = self._item
        if item is None or not self.has_track or self._is_broken:
            return
        if self._worker is None:
            self._worker = Worker(self)
        self._start_s, self._begun_at = at_s, self._clock()
        blocks: queue.Queue[bytes] = queue.Queue(AHEAD_BLOCKS)
        self._blocks = blocks
        self._job = Job("sound", lambda job: decode_into(job, item, at_s, blocks))
        self._job.failed.connect(self._on_failed)
        self._worker.submit(self._job)
        self._timer.start()

    def stop(self) -> None:
        """Fall silent."""
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if self._sink is not None:
            self._sink.stop()
            self._sink = None
        self._rest = b""

    def now_s(self) -> float | None:
        """Time of the item that is heard now, None where the sound is not the clock."""
        if self._sink is None:
            return None
        played_s = self._start_s + self._sink.played_s()
        now = self._clock()
        if played_s > self._heard_s:
            self._heard_s, self._heard_at = played_s, now
        if now - self._heard_at > PATIENCE_S:
            # the track is at its end, or the device stands still: the player must not wait for it
            self.stop()
            return None
        # devices count in steps; between two of them time goes on, but never beyond what can be in the buffer
        return self._heard_s + min(now - self._heard_at, BUFFER_S)

    @Slot()
    def _feed(self) -> None:
        if self._sink is None and not self._begin():
            return
        while self._sink is not None:
            if not self._rest:
                try:
                    self._rest = self._blocks.get_nowait()
                except queue.Empty:
                    return
            taken = self._sink.write(self._rest)
            self._rest = self._rest[taken:]
            if taken <= 0 or self._rest:
                return

    def _begin(self) -> bool:
        """Open the device as soon as there is something to hear."""
        if self._blocks.empty():
            if self._clock() - self._begun_at > PATIENCE_S:
                self.stop()
            return False
        from desktop_app.media.audio import RATE_HZ

        try:
            self._sink = self._make_sink(RATE_HZ, self)
        except (OSError, ImportError) as error:
            log.info("no sound: %s", error)
            self._is_broken = True
            self.stop()
            self.changed.emit()
            return False
        self._apply_volume()
        self._heard_s, self._heard_at = self._start_s, self._clock()
        return True

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        if self.sender() is self._job:
            # sound that cannot be decoded must not keep the pictures from playing
            log.info("no sound: %s", error)
            self.stop()


def decode_into(job: Job, item: "MediaItem", start_s: float, blocks: "queue.Queue[bytes]") -> None:
    """Decode sound into a queue until its end; waits while the queue is full. Runs on the sound's thread."""
    from desktop_app.media.audio import AudioReader

    with AudioReader(item) as reader:
        for samples in reader.blocks(start_s):
            data = samples.tobytes()
            while True:
                job.token.check()
                try:
                    blocks.put(data, timeout=0.02)
                    break
                except queue.Full:
                    continue
