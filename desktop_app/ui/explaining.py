"""Asks the worker why a face was scored as it was; keeps the answers, drops questions that were overtaken."""

import contextlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.domain import FramePrediction
from desktop_app.ui.desk import Desk
from desktop_app.ui.jobs import Job, to_qimage
from desktop_app.ui.tabletop import State

if TYPE_CHECKING:
    from desktop_app.analysis.explanation import Explanation
    from desktop_app.media import MediaItem

HEAT_SIDE_PX = 448
KEPT = 48


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be explained, and how.

    Args:
        frame: The frame.
        face: The person and box.
        method: One of `explain.METHODS`.
        layer: Dotted name, None is the usual one.
        colours: One of `explain.overlay.COLOUR_MAPS`.
    """

    frame: int
    face: FramePrediction
    method: str
    layer: str | None
    colours: str


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What came out, with pictures ready to paint.

    Args:
        wish: What was asked.
        explanation: The findings, maybe not yet all of them.
        heat: One picture with transparency per target.
        overlaid: The face as the model sees it under each of the maps.
        scale: The colours from weak to strong.
    """

    wish: Wish
    explanation: "Explanation"
    heat: tuple[QImage, ...]
    overlaid: tuple[QImage, ...]
    scale: QImage


def study(job: Job, item: "MediaItem", wish: Wish, device: str) -> Answer:
    """Answer a wish; reports what there is as it comes. Runs on the worker; the model stays loaded between calls."""
    from desktop_app.analysis.explanation import ExplainSession

    def report(explanation: "Explanation") -> None:
        job.report(picture(wish, explanation))

    with contextlib.closing(ExplainSession(wish.face.model_id, device)) as session:
        job.token.check()
        found = session.study(item, wish.frame, wish.face, wish.layer, wish.method, report, cancel=job.token)
    return picture(wish, found)


def picture(wish: Wish, explanation: "Explanation") -> Answer:
    """Paint the maps of an explanation."""
    import numpy as np

    from desktop_app.explain.overlay import colour_map, colour_scale, render_overlay

    side = float(explanation.crop.shape[0])
    heat, overlaid = [], []
    for heatmap in explanation.heatmaps:
        colours, strength = colour_map(heatmap, HEAT_SIDE_PX, HEAT_SIDE_PX, wish.colours)
        heat.append(_with_alpha(np.dstack([colours, strength])))
        whole = replace(heatmap, crop_xyxy=(0.0, 0.0, side, side))
        overlaid.append(to_qimage(render_overlay(explanation.crop, whole, 0.75, wish.colours)))
    return Answer(wish, explanation, tuple(heat), tuple(overlaid), to_qimage(colour_scale(wish.colours)))


def _with_alpha(pixels: Any) -> QImage:  # noqa: ANN401  # (S, S, 4) uint8; numpy is not imported at the top
    import numpy as np

    data = np.ascontiguousarray(pixels)
    height, width = data.shape[:2]
    image = QImage(data.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


class Explaining(QObject):
    """Heatmaps and what is said about them, from memory where they were made before.

    Signals: `answered` with an `Answer`, more than once while it grows; `busy_changed`; `failed`.
    """

    answered = Signal(object)
    busy_changed = Signal(bool)
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._job: Job | None = None
        self._kept: OrderedDict[tuple[str, Wish], Answer] = OrderedDict()
        desk.state_changed.connect(self._on_state)

    def ask(self, wish: Wish) -> None:
        """Explain a face; takes the place of what was asked before."""
        self.cancel()
        item, device = self._desk.item, self._desk.settings.get_str("device")
        if item is None or self._desk.state is State.ANALYSING:
            return
        known = self._kept.get((item.info.sha256, wish))
        if known is not None:
            self._kept.move_to_end((item.info.sha256, wish))
            self.answered.emit(known)
            return
        job = Job("explain", lambda job: study(job, item, wish, device))
        self._job = job
        job.reported.connect(self._on_reported)
        job.succeeded.connect(self._on_succeeded)
        job.failed.connect(self._on_failed)
        job.finished.connect(self._on_finished)
        self.busy_changed.emit(True)
        self._desk.worker.submit(job)

    def cancel(self) -> None:
        """Forget what is being computed."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self.busy_changed.emit(False)

    @Slot(object)
    def _on_state(self, state: State) -> None:
        if state in (State.ANALYSING, State.OPENING, State.START):
            self.cancel()

    @Slot(object)
    def _on_reported(self, answers: list[Answer]) -> None:
        if self.sender() is self._job:
            self.answered.emit(answers[-1])

    @Slot(object)
    def _on_succeeded(self, answer: Answer) -> None:
        item = self._desk.item
        if self.sender() is self._job and item is not None:
            self._kept[(item.info.sha256, answer.wish)] = answer
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            self.answered.emit(answer)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        if self.sender() is self._job:
            self.failed.emit(error)

    @Slot()
    def _on_finished(self) -> None:
        if self.sender() is self._job:
            self._job = None
            self.busy_changed.emit(False)
