"""The lane of the timeline that says where several detectors take the same side."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import QWidget

from desktop_app.analysis.agreement import Agreement
from desktop_app.ui.curves import DoubleArray
from desktop_app.ui.lanes import Lane, TimeScale


class AgreementLane(Lane):
    """A bar for every compared face: above for fake, below for genuine, over all for a disagreement.

    Height and pattern tell the states apart, not colour alone.
    """

    def __init__(self, scale: TimeScale, parent: QWidget | None = None) -> None:
        super().__init__(scale, "", 22, parent)
        self.name = self.tr("Agree?")
        self.setAccessibleName(self.tr("Agreement of the detectors"))
        self._times: DoubleArray = np.empty(0)
        self._states: NDArray[np.uint8] = np.empty(0, dtype=np.uint8)
        self._step_s = 0.0
        self._words = {
            0: "",
            Agreement.NOT_COMPARABLE: self.tr("not comparable: not every detector scored this face"),
            Agreement.GENUINE: self.tr("all say genuine"),
            Agreement.FAKE: self.tr("all say fake"),
            Agreement.UNDECIDED: self.tr("no contradiction, not all take a side"),
            Agreement.DISAGREE: self.tr("they disagree"),
        }

    def set_states(self, times_s: DoubleArray, states: NDArray[np.uint8], step_s: float) -> None:
        """Show the agreement at scored faces.

        Args:
            times_s: (N,) their times, ascending.
            states: (N,) values of `Agreement`.
            step_s: Time from one sample to the next.
        """
        self._times, self._states, self._step_s = times_s, states, step_s
        self.refresh()

    def state_at(self, time_s: float) -> str:
        """In words, empty where no face was scored."""
        return self._words[self._at(time_s)]

    def _at(self, time_s: float) -> int:
        last = int(np.searchsorted(self._times, time_s + 1e-6, side="right")) - 1
        reach = max(2.0 * self._step_s, 2.0 * self.scale.seconds_per_pixel)
        if last < 0 or time_s - self._times[last] > reach:
            return 0
        first = int(np.searchsorted(self._times, self._times[last], side="left"))
        return int(self._states[first : last + 1].max())

    def columns(self) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Pixels of the lane and the state that each shows, 0 for none."""
        edges = np.arange(int(self.scale.left), max(int(self.scale.left) + 1, int(self.scale.right)))
        if len(self._times) == 0:
            return edges, np.zeros(len(edges), dtype=np.uint8)
        times = self.scale.low_s + (edges - self.scale.left) * self.scale.seconds_per_pixel
        places = np.searchsorted(self._times, times + 1e-6, side="right") - 1
        states = np.maximum.reduceat(self._states, np.maximum(places, 0))
        following = np.append(np.maximum(places[1:], 0), len(self._times) - 1)
        # a pixel without a sample of its own goes on with the last one, but not across a gap
        is_far = times - self._times[np.maximum(places, 0)] > max(1.6 * self._step_s, self.scale.seconds_per_pixel)
        states[(places < 0) | (is_far & (following <= places))] = 0
        return edges, states

    def paint_still(self, painter: QPainter) -> None:
        """Paint runs of equal state."""
        edges, states = self.columns()
        starts = np.flatnonzero(np.concatenate([[True], np.diff(states) != 0]))
        ends = np.append(starts[1:], len(states))
        for start, end in zip(starts, ends, strict=True):
            self._paint_run(painter, float(edges[start]), float(end - start), int(states[start]))

    def _paint_run(self, painter: QPainter, left: float, width: float, state: int) -> None:
        tokens = self._tokens
        if state == Agreement.FAKE:
            painter.fillRect(QRectF(left, 3, width, 6), QColor(tokens.fake))
        elif state == Agreement.GENUINE:
            painter.fillRect(QRectF(left, 13, width, 6), QColor(tokens.genuine))
        elif state == Agreement.DISAGREE:
            pale = QColor(tokens.text)
            pale.setAlphaF(0.25)
            painter.fillRect(QRectF(left, 3, width, 16), pale)
            painter.fillRect(QRectF(left, 3, width, 16), QBrush(QColor(tokens.text), Qt.BrushStyle.BDiagPattern))
        elif state == Agreement.UNDECIDED:
            painter.fillRect(QRectF(left, 10, width, 2), QColor(tokens.muted))
