"""The strips of the timeline below the ruler: pictures, sound, coverage."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.domain import FloatArray
from desktop_app.ui.curves import Cover
from desktop_app.ui.lanes import Lane, TimeScale

if TYPE_CHECKING:
    from desktop_app.media import FrameIndex

DoubleArray = NDArray[np.float64]


class PictureLane(Lane):
    """Small pictures of the frames below them; what is not there yet is asked for with `wanted`."""

    wanted = Signal(object)

    def __init__(self, scale: TimeScale, parent: QWidget | None = None) -> None:
        super().__init__(scale, "", 42, parent)
        self.name = self.tr("Frames")
        self.setAccessibleName(self.tr("Small pictures of the frames"))
        self._index: FrameIndex | None = None
        self._aspect = 16 / 9
        self._pictures: dict[int, QImage] = {}

    def open(self, index: "FrameIndex | None", aspect: float = 16 / 9) -> None:
        """Show another item of a width by height."""
        self._index, self._aspect = index, aspect
        self._pictures = {}
        self.refresh()

    def add(self, pictures: Mapping[int, QImage]) -> None:
        """Take pictures by frame."""
        self._pictures.update(pictures)
        self.refresh()

    def slots(self) -> list[tuple[float, int]]:
        """(left, frame) of each picture that fits; the same frames while nothing is zoomed."""
        index = self._index
        if index is None or self.scale.width < 10:
            return []
        width = max(20.0, (self.height() - 4) * self._aspect) + 2
        step_s = width * self.scale.seconds_per_pixel
        first = int(self.scale.low_s / step_s)
        result = []
        for number in range(first, int(self.scale.high_s / step_s) + 1):
            frame = index.frame_at_time(number * step_s)
            if step_s > 4.0:
                # a picture for orientation: one from which decoding can start is there much sooner
                near = index.seek_frame_for(index.frame_at_time((number + 0.9) * step_s))
                frame = near if near >= frame else frame
            result.append((self.scale.x_of(number * step_s), frame))
        return result

    def ask(self) -> None:
        """Ask for the pictures that are missing."""
        missing = tuple(dict.fromkeys(frame for _, frame in self.slots() if frame not in self._pictures))
        if missing and self.isVisible():
            self.wanted.emit(missing)

    def paint_still(self, painter: QPainter) -> None:
        """Paint the pictures that are there."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        height = self.height() - 4.0
        empty = QColor(self._tokens.border)
        empty.setAlphaF(0.35)
        for left, frame in self.slots():
            place = QRectF(left, 2, max(20.0, height * self._aspect), height)
            picture = self._pictures.get(frame)
            if picture is None:
                painter.fillRect(place, empty)
            else:
                painter.drawImage(place, picture)


class SoundLane(Lane):
    """How loud the item is through time."""

    def __init__(self, scale: TimeScale, parent: QWidget | None = None) -> None:
        super().__init__(scale, "", 30, parent)
        self.name = self.tr("Sound")
        self.setAccessibleName(self.tr("Loudness of the sound"))
        self._peaks: FloatArray = np.empty(0, dtype=np.float32)
        self._duration_s = 1.0

    def set_peaks(self, peaks: FloatArray, duration_s: float) -> None:
        """Show the highest sample of equal stretches of the item."""
        self._peaks, self._duration_s = peaks, duration_s
        self.refresh()

    def paint_still(self, painter: QPainter) -> None:
        """The loudest of each pixel, up and down from the middle."""
        if len(self._peaks) == 0:
            return
        middle, reach = self.height() / 2, self.height() / 2 - 2
        edges = np.arange(int(self.scale.left), int(self.scale.right) + 1)
        times = self.scale.low_s + (edges - self.scale.left) * self.scale.seconds_per_pixel
        places = np.clip((times / self._duration_s * len(self._peaks)).astype(np.int64), 0, len(self._peaks) - 1)
        loud = np.fmax.reduceat(self._peaks, places)
        painter.setPen(QPen(QColor(self._tokens.border), 1))
        painter.drawLine(QPointF(self.scale.left, middle), QPointF(self.scale.right, middle))
        half = np.sqrt(np.nan_to_num(loud.astype(np.float64))) * reach
        outline = arrayToQPolygonF(np.concatenate([edges, edges[::-1]]), middle + np.concatenate([-half, half[::-1]]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._tokens.muted))
        painter.drawPolygon(outline)


class CoverageLane(Lane):
    """What became of every sampled frame: shape and shade tell it, not colour alone."""

    def __init__(self, scale: TimeScale, parent: QWidget | None = None) -> None:
        super().__init__(scale, "", 16, parent)
        self.name = self.tr("Coverage")
        self.setAccessibleName(self.tr("Coverage"))
        self._times: DoubleArray = np.empty(0)
        self._states: NDArray[np.uint8] = np.empty(0, dtype=np.uint8)
        self.step_s = 0.0
        self._range: tuple[float, float] | None = None
        self._words = {
            0: self.tr("not analysed yet"),
            Cover.NO_FACE: self.tr("no face"),
            Cover.ANALYSED: self.tr("analysed"),
            Cover.LOW_QUALITY: self.tr("face of low quality, not scored"),
            Cover.EXCLUDED: self.tr("excluded from the analysis"),
        }

    def set_coverage(
        self, times_s: DoubleArray, states: NDArray[np.uint8], step_s: float, range_s: tuple[float, float] | None
    ) -> None:
        """Show the states of sampled frames.

        Args:
            times_s: (N,) their times, ascending.
            states: (N,) values of `Cover`.
            step_s: Time from one sample to the next.
            range_s: What was analysed at all; None is everything.
        """
        self._times, self._states, self.step_s, self._range = times_s, states, step_s, range_s
        self.refresh()

    def state_at(self, time_s: float) -> str:
        """In words, empty without an analysis."""
        if len(self._times) == 0:
            return ""
        if self._range is not None and not self._range[0] <= time_s <= self._range[1]:
            return self._words[Cover.EXCLUDED]
        place = int(np.searchsorted(self._times, time_s + 1e-6, side="right")) - 1
        return self._words[int(self._states[place])] if place >= 0 else self._words[Cover.EXCLUDED]

    def columns(self) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Pixels of the lane and the state that each shows."""
        edges = np.arange(int(self.scale.left), max(int(self.scale.left) + 1, int(self.scale.right)))
        if len(self._times) == 0:
            return edges, np.zeros(len(edges), dtype=np.uint8)
        times = self.scale.low_s + (edges - self.scale.left) * self.scale.seconds_per_pixel
        places = np.clip(np.searchsorted(self._times, times + 1e-6, side="right") - 1, 0, len(self._times) - 1)
        states = np.maximum.reduceat(self._states, places)
        if self._range is not None:
            states[(times < self._range[0]) | (times > self._range[1] + self.step_s)] = Cover.EXCLUDED
        return edges, states

    def paint_still(self, painter: QPainter) -> None:
        """Paint runs of equal state."""
        edges, states = self.columns()
        starts = np.flatnonzero(np.concatenate([[True], np.diff(states) != 0]))
        ends = np.append(starts[1:], len(states))
        tokens = self._tokens
        solid, pale = QColor(tokens.muted), QColor(tokens.border)
        for start, end in zip(starts, ends, strict=True):
            left, width = float(edges[start]), float(end - start)
            state = int(states[start])
            if state == Cover.ANALYSED:
                painter.fillRect(QRectF(left, 4, width, 8), solid)
            elif state == Cover.LOW_QUALITY:
                painter.fillRect(QRectF(left, 4, width, 8), pale)
                painter.fillRect(QRectF(left, 4, width, 8), QBrush(solid, Qt.BrushStyle.BDiagPattern))
            elif state == Cover.NO_FACE:
                painter.fillRect(QRectF(left, 7.5, width, 1), solid)
            elif state == Cover.EXCLUDED:
                painter.fillRect(QRectF(left, 4, width, 8), QBrush(pale, Qt.BrushStyle.DiagCrossPattern))
