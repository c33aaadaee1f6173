"""Plays an item by the clock of its time stamps: frames are dropped rather than shown late."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop_app.ui.jobs import FrameLane, Picture, Reader

if TYPE_CHECKING:
    from desktop_app.media import FrameIndex


class Player(QObject):
    """Position and motion within an item; the decoding happens on a `FrameLane`."""

    shown = Signal(object)
    moved = Signal(int)
    playing_changed = Signal(bool)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(parent)
        self._clock = clock
        self._index: FrameIndex | None = None
        self._position = 0
        self._serial = 0
        self._shown_serial = 0
        self._is_playing = False
        self._started_at = 0.0
        self._started_s = 0.0
        self._awaits_first = False
        self.lane = FrameLane(self)
        self.lane.delivered.connect(self._on_delivered)
        self.lane.failed.connect(self._on_failed)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)

    @property
    def index(self) -> "FrameIndex | None":
        """Frames of the open item."""
        return self._index

    @property
    def position(self) -> int:
        """The frame that is asked for (shown as soon as it is decoded)."""
        return self._position

    @property
    def is_playing(self) -> bool:
        """Whether time runs."""
        return self._is_playing

    def open(self, index: "FrameIndex", opener: Callable[[], Reader]) -> None:
        """Show another item from its first frame.

        Args:
            index: Its frames.
            opener: Makes its reader on the decoding thread.
        """
        self.pause()
        self._index = index
        self.lane.set_source(opener)
        self._position = -1
        self.seek(0)

    def close(self) -> None:
        """Let go of the item."""
        self.pause()
        self._index = None
        self._position = 0
        self._serial += 1
        self._shown_serial = self._serial
        self.lane.set_source(None)

    def shutdown(self) -> None:
        """End the decoding thread."""
        self.pause()
        self.lane.shutdown()

    def seek(self, frame: int) -> None:
        """Go to a frame; playing goes on from there."""
        if self._index is None:
            return
        frame = min(max(frame, 0), len(self._index) - 1)
        self._go(frame)
        if self._is_playing:
            self._restart_clock()
            self._schedule()

    def seek_time(self, time_s: float) -> None:
        """Go to the frame displayed at a time."""
        if self._index is not None:
            self.seek(self._index.frame_at_time(time_s))

    def step(self, count: int) -> None:
        """Pause and go so many frames on (or back when negative)."""
        self.pause()
        self.seek(self._position + count)

    def jump(self, seconds: float) -> None:
        """Go so many seconds on (or back when negative)."""
        if self._index is not None:
            self.seek_time(float(self._index.time_s[self._position]) + seconds)

    def toggle(self) -> None:
        """Play or pause."""
        if self._is_playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Let time run; from the start when at the end."""
        if self._index is None or self._is_playing or len(self._index) < 2:
            return
        if self._position >= len(self._index) - 1:
            self._go(0)
        self._is_playing = True
        self._restart_clock()
        # the picture that starts the clock must be there first, or the first frames would be dropped
        self._awaits_first = self._shown_serial != self._serial
        self.playing_changed.emit(True)
        self._schedule()

    def pause(self) -> None:
        """Let time stand."""
        if self._is_playing:
            self._is_playing = False
            self._timer.stop()
            self.playing_changed.emit(False)

    def _restart_clock(self) -> None:
        index = self._index
        if index is not None:
            self._started_at = self._clock()
            self._started_s = float(index.time_s[self._position])

    def _go(self, frame: int) -> None:
        if frame == self._position:
            return
        self._position = frame
        self._serial += 1
        following = frame + 1 if self._index is not None and frame + 1 < len(self._index) else None
        self.lane.request(self._serial, frame, following if self._is_playing else None)
        self.moved.emit(frame)

    def _now_s(self) -> float:
        return self._started_s + (self._clock() - self._started_at)

    @Slot()
    def _tick(self) -> None:
        if not self._is_playing or self._index is None:
            return
        if self._awaits_first:
            self._restart_clock()
            self._timer.start(2)
            return
        now_s = self._now_s()
        self._go(self._index.frame_at_time(now_s))
        if now_s >= self._index.duration_s:
            self.pause()
        else:
            self._schedule()

    def _schedule(self) -> None:
        if self._index is None:
            return
        ends_s = float(self._index.time_s[self._position]) + self._index.duration_of(self._position)
        self._timer.start(max(1, round((ends_s - self._now_s()) * 1000)))

    @Slot(object)
    def _on_delivered(self, picture: Picture) -> None:
        # answers come in order; one that was overtaken while decoding is still newer than what is shown
        if self._index is None or picture.serial <= self._shown_serial:
            return
        self._shown_serial = picture.serial
        self._awaits_first = False
        self.shown.emit(picture)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.pause()
        self.failed.emit(error)
