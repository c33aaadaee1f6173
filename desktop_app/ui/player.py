"""Plays an item by the clock of its time stamps or of its sound: frames are dropped rather than shown late."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop_app.ui.jobs import FrameLane, Picture, Reader
from desktop_app.ui.sound import Sound

if TYPE_CHECKING:
    from desktop_app.media import FrameIndex

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
# half a nanosecond would do; the frame before a boundary is meant when time runs backwards
_BACK_S = 1e-6


class Player(QObject):
    """Position and motion within an item; the decoding happens on a `FrameLane`.

    Signals: `shown` with a `Picture`; `moved` with the frame that is asked for; `playing_changed`; `speed_changed`
    with the signed speed; `failed`.
    """

    shown = Signal(object)
    moved = Signal(int)
    playing_changed = Signal(bool)
    speed_changed = Signal(float)
    failed = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.perf_counter,
        sound: Sound | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._index: FrameIndex | None = None
        self._position = 0
        self._serial = 0
        self._shown_serial = 0
        self._is_playing = False
        self._speed = 1.0
        self._range: tuple[int, int] | None = None
        self._loops = False
        self._started_at = 0.0
        self._started_s = 0.0
        self._awaits_first = False
        self.sound = sound if sound is not None else Sound(self)
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

    @property
    def speed(self) -> float:
        """How fast time runs while playing; negative is backwards."""
        return self._speed

    @property
    def loops(self) -> bool:
        """Whether playing begins again at the end of the range."""
        return self._loops

    def open(self, index: "FrameIndex", opener: Callable[[], Reader]) -> None:
        """Show another item from its first frame.

        Args:
            index: Its frames.
            opener: Makes its reader on the decoding thread.
        """
        self.pause()
        self._index = index
        self._range = None
        self.lane.set_source(opener)
        self._position = -1
        self.seek(0)

    def close(self) -> None:
        """Let go of the item."""
        self.pause()
        self.sound.close()
        self._index = None
        self._range = None
        self._position = 0
        self._serial += 1
        self._shown_serial = self._serial
        self.lane.set_source(None)

    def shutdown(self) -> None:
        """End the threads."""
        self.pause()
        self.sound.shutdown()
        self.lane.shutdown()

    def set_range(self, frames: tuple[int, int] | None) -> None:
        """First and last frame of the range that a loop repeats, None is the whole item."""
        self._range = frames

    def set_looping(self, loops: bool) -> None:
        """Whether playing begins again at the end of the range."""
        self._loops = loops

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
        """Play at normal speed, or pause."""
        if self._is_playing:
            self.pause()
        else:
            self.play()

    def shuttle(self, direction: int) -> None:
        """Play in a direction (1 or -1); asked again, faster."""
        speed = float(direction)
        if self._is_playing and self._speed * direction > 0:
            speed = direction * _neighbour(abs(self._speed), 1)
        self.play(speed)

    def change_speed(self, steps: int) -> None:
        """Play faster (1) or slower (-1) in the present direction."""
        direction = -1.0 if self._is_playing and self._speed < 0 else 1.0
        now = abs(self._speed) if self._is_playing else 1.0
        self.play(direction * _neighbour(now, steps))

    def play(self, speed: float = 1.0) -> None:
        """Let time run; from the other end when there is nothing left in that direction.

        Args:
            speed: Seconds of the item per second; negative is backwards.
        """
        if self._index is None or len(self._index) < 2:
            return
        was_playing = self._is_playing
        self._set_speed(speed)
        low, high = self._bounds()
        if speed > 0 and (self._position >= high or (self._loops and self._position < low)):
            self._go(low)
        elif speed < 0 and (self._position <= low or (self._loops and self._position > high)):
            self._go(high)
        self._is_playing = True
        # the picture that starts the clock must be there first, or the first frames would be dropped
        self._awaits_first = self._shown_serial != self._serial
        self._restart_clock()
        if not was_playing:
            self.playing_changed.emit(True)
        self._schedule()

    def pause(self) -> None:
        """Let time stand."""
        if self._is_playing:
            self._is_playing = False
            self._timer.stop()
            self.sound.stop()
            self._set_speed(1.0)
            self.playing_changed.emit(False)

    def _set_speed(self, speed: float) -> None:
        if speed != self._speed:
            self._speed = speed
            self.speed_changed.emit(speed)

    def _bounds(self) -> tuple[int, int]:
        count = len(self._index) if self._index is not None else 1
        return self._range if self._loops and self._range is not None else (0, count - 1)

    def _restart_clock(self) -> None:
        index = self._index
        if index is not None:
            self._started_at = self._clock()
            self._started_s = float(index.time_s[self._position])
            if self._speed < 0:
                self._started_s += index.duration_of(self._position)
            if self._speed == 1.0 and not self._awaits_first:
                self.sound.start(self._started_s)
            else:
                self.sound.stop()

    def _go(self, frame: int) -> None:
        if frame == self._position:
            return
        self._position = frame
        self._serial += 1
        following = frame + (1 if self._speed > 0 else -1)
        is_there = self._index is not None and 0 <= following < len(self._index)
        self.lane.request(self._serial, frame, following if self._is_playing and is_there else None)
        self.moved.emit(frame)

    def _now_s(self) -> float:
        heard_s = self.sound.now_s()
        if heard_s is not None:
            # the sound rules; where it ends, the clock goes on from here
            self._started_s, self._started_at = heard_s, self._clock()
        return self._started_s + self._speed * (self._clock() - self._started_at)

    @Slot()
    def _tick(self) -> None:
        index = self._index
        if not self._is_playing or index is None:
            return
        if self._awaits_first or self.sound.is_preparing:
            # time stands until picture and sound are there
            if self._awaits_first:
                self._restart_clock()
            self._started_at = self._clock()
            self._timer.start(2)
            return
        now_s = self._now_s()
        low, high = self._bounds()
        starts_s, ends_s = float(index.time_s[low]), float(index.time_s[high]) + index.duration_of(high)
        if self._speed > 0 and now_s >= ends_s:
            self._turn(low, high)
        elif self._speed < 0 and now_s <= starts_s:
            self._turn(high, low)
        else:
            self._go(index.frame_at_time(now_s if self._speed > 0 else max(0.0, now_s - _BACK_S)))
            self._schedule()

    def _turn(self, first: int, last: int) -> None:
        """At the end of the way: begin again, or stop."""
        if self._loops:
            self._go(first)
            self._restart_clock()
            self._schedule()
        else:
            self._go(last)
            self.pause()

    def _schedule(self) -> None:
        if self._index is None:
            return
        ends_s = float(self._index.time_s[self._position])
        if self._speed > 0:
            ends_s += self._index.duration_of(self._position)
        self._timer.start(max(1, round((ends_s - self._now_s()) / self._speed * 1000)))

    @Slot(object)
    def _on_delivered(self, picture: Picture) -> None:
        # answers come in order; one that was overtaken while decoding is still newer than what is shown
        if self._index is None or picture.serial <= self._shown_serial:
            return
        self._shown_serial = picture.serial
        if self._awaits_first:
            self._awaits_first = False
            if self._is_playing:
                self._restart_clock()
        self.shown.emit(picture)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.pause()
        self.failed.emit(error)


def _neighbour(speed: float, steps: int) -> float:
    place = SPEEDS.index(speed) if speed in SPEEDS else SPEEDS.index(1.0)
    return SPEEDS[min(max(place + steps, 0), len(SPEEDS) - 1)]
