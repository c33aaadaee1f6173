"""Fills the panes beside the picture; what they show is computed on a thread of its own, the newest frame first."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.domain import Box, Frame, ModelCard, UInt8Array
from desktop_app.ui.board import Board
from desktop_app.ui.desk import Desk
from desktop_app.ui.examination import Examination
from desktop_app.ui.explain_panel import ExplainPanel
from desktop_app.ui.jobs import Job, Picture
from desktop_app.ui.player import Player
from desktop_app.ui.scan import Scanner


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """Views of one frame.

    Args:
        frame: The frame.
        pictures: (H, W, 3) uint8 RGB by name of the view.
    """

    frame: Frame
    pictures: dict[str, UInt8Array]


def make_views(job: Job, frame: Frame, names: tuple[str, ...], card: ModelCard | None, box: Box | None) -> Made:
    """Compute the views that are open."""
    pictures: dict[str, UInt8Array] = {}
    for name in names:
        job.token.check()
        if name == "face" and card is not None and box is not None:
            from desktop_app.faces import crop_for

            pictures[name] = crop_for(card, frame.image, box)
        elif name == "error":
            from desktop_app.explain.residuals import error_level

            pictures[name] = error_level(frame.image)
        elif name == "noise":
            from desktop_app.explain.residuals import noise_residual

            pictures[name] = noise_residual(frame.image)
    return Made(frame, pictures)


class Views(QObject):
    """Keeps the open panes in step with the frame, the face and the heat map.

    Signals: `shown_changed` with name and whether it is open.
    """

    shown_changed = Signal(str, bool)

    def __init__(
        self,
        board: Board,
        desk: Desk,
        player: Player,
        examination: Examination,
        explain: ExplainPanel,
        scanner: Scanner,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._board, self._desk, self._examination, self._scanner = board, desk, examination, scanner
        self._frame: Frame | None = None
        self._job: Job | None = None
        self._is_stale = False
        self._heat: tuple[QImage, Box] = QImage(), (0.0, 0.0, 1.0, 1.0)
        player.shown.connect(self._on_shown)
        desk.closed.connect(self._on_closed)
        desk.opened.connect(self._on_closed)
        examination.face_changed.connect(self._on_face)
        examination.heat_changed.connect(self._on_heat)
        board.view_closed.connect(self._on_view_closed)
        heat = board.panes["heat"].viewer
        heat.set_heat_opacity(explain.opacity.value() / 100)
        explain.opacity_changed.connect(heat.set_heat_opacity)

    def show_view(self, name: str, is_shown: bool) -> None:
        """Open or close a pane."""
        self._board.set_shown(name, is_shown)
        self._place_heat()
        self._refresh()

    @Slot(str)
    def _on_view_closed(self, name: str) -> None:
        self.show_view(name, False)
        self.shown_changed.emit(name, False)

    @Slot()
    def _on_closed(self) -> None:
        self._frame = None
        self._board.clear()

    @Slot(object)
    def _on_shown(self, picture: Picture) -> None:
        self._frame = picture.frame
        self._refresh()

    @Slot()
    def _on_face(self) -> None:
        if "face" in self._board.shown:
            self._refresh()

    def _show(self, name: str, picture: UInt8Array) -> None:
        viewer = self._board.panes[name].viewer
        was_empty = viewer.image.isNull()
        viewer.set_picture(picture)
        if was_empty:
            self._board.follow(name)

    def _refresh(self) -> None:
        frame, names = self._frame, self._board.shown
        if frame is None or not names:
            return
        if "heat" in names:
            self._show("heat", frame.image)
        wanted = tuple(name for name in names if name != "heat")
        if not wanted:
            return
        if self._job is not None:
            # the newest frame once this one is done: while playing, frames between are passed over
            self._is_stale = True
            return
        self._is_stale = False
        face, card = self._examination.face_here(), self._desk.card
        box = face.box_xyxy if face is not None else None
        self._job = Job("views", lambda job: make_views(job, frame, wanted, card, box))
        self._job.succeeded.connect(self._on_made)
        self._job.failed.connect(self._desk.failed)
        self._job.finished.connect(self._on_finished)
        self._scanner.submit(self._job)

    @Slot(object)
    def _on_made(self, made: Made) -> None:
        if self._frame is None:
            return
        for name in self._board.shown:
            picture = made.pictures.get(name)
            if picture is not None:
                self._show(name, picture)
            elif name == "face":
                self._board.panes[name].viewer.clear()

    @Slot()
    def _on_finished(self) -> None:
        self._job = None
        if self._is_stale:
            self._refresh()

    @Slot(QImage, object)
    def _on_heat(self, image: QImage, crop_xyxy: Box) -> None:
        self._heat = image, crop_xyxy
        self._place_heat()

    def _place_heat(self) -> None:
        """Over the picture, or in its own pane, so that the original stays as it is."""
        image, crop = self._heat
        beside = "heat" in self._board.shown
        for viewer, is_here in ((self._board.viewer, not beside), (self._board.panes["heat"].viewer, beside)):
            if is_here and not image.isNull():
                viewer.set_heatmap(image, crop)
            else:
                viewer.set_heatmap(None)
