"""Keeps picture, boxes, curves, findings and heat map in step with the frame and the face that are looked at."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.domain import AnalysisRequest, AnalysisResult, FramePrediction, ModelCard
from desktop_app.reports import wording
from desktop_app.ui import services
from desktop_app.ui.curves import DoubleArray, Predictions
from desktop_app.ui.desk import Desk
from desktop_app.ui.explain_panel import ExplainPanel
from desktop_app.ui.explaining import Answer, Explaining, Wish
from desktop_app.ui.findings_panel import FindingsPanel
from desktop_app.ui.jobs import Picture
from desktop_app.ui.player import Player
from desktop_app.ui.tabletop import State
from desktop_app.ui.timeline import Timeline
from desktop_app.ui.transport import Transport
from desktop_app.ui.viewer import Overlay, Viewer

if TYPE_CHECKING:
    from desktop_app.media import MediaItem

EXPLAIN_DELAY_MS = 120


class Examination(QObject):
    """The frame and the face under the examiner's eye.

    Signals: `faces_changed` when other faces can be explained than before; `face_changed` when another face, or the
    same in another frame, is under the eye; `explain_asked` when the panel's own switch was pressed; `heat_changed`
    with a heat map and its square, or a null picture for none.
    """

    faces_changed = Signal()
    face_changed = Signal()
    explain_asked = Signal(bool)
    heat_changed = Signal(QImage, object)

    def __init__(
        self,
        desk: Desk,
        player: Player,
        viewer: Viewer,
        timeline: Timeline,
        transport: Transport,
        findings: FindingsPanel,
        explain: ExplainPanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk, self._player, self._viewer, self._timeline = desk, player, viewer, timeline
        self._transport, self._findings, self._explain = transport, findings, explain
        self._track: int | None = None
        self._picture: Picture | None = None
        self._is_explaining = False
        self._answer: Answer | None = None
        self.explaining = Explaining(desk, self)
        self._sampled_of: Predictions | None = None
        self._sampled_s: DoubleArray = np.empty(0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EXPLAIN_DELAY_MS)
        self._timer.timeout.connect(self._explain_now)
        viewer.set_heat_opacity(explain.opacity.value() / 100)
        self._connect()

    def _connect(self) -> None:
        desk, player, explain = self._desk, self._player, self._explain
        desk.opened.connect(self._on_opened)
        desk.closed.connect(self._on_closed)
        desk.card_known.connect(self._on_card)
        desk.predictions_changed.connect(self._on_predictions)
        desk.result_changed.connect(self._on_result)
        self.explaining.answered.connect(self._on_answer)
        self.explaining.busy_changed.connect(self._on_explaining)
        self.explaining.failed.connect(desk.failed)
        player.shown.connect(self._on_shown)
        player.moved.connect(self._on_moved)
        player.playing_changed.connect(self._on_playing)
        self._viewer.zoom_changed.connect(self._transport.set_zoom)
        self._viewer.size_wanted.connect(player.lane.set_size)
        self._viewer.face_clicked.connect(self._on_face_clicked)
        self._timeline.sought.connect(player.seek_time)
        self._timeline.track_chosen.connect(self._on_face_clicked)
        player.speed_changed.connect(self._transport.set_speed)
        self._findings.track_chosen.connect(self.select_track)
        self._findings.frame_chosen.connect(self._on_frame_chosen)
        explain.target_changed.connect(self._on_target)
        explain.recipe_changed.connect(self._restart_explaining)
        explain.opacity_changed.connect(self._viewer.set_heat_opacity)
        explain.switched.connect(self.explain_asked)

    @property
    def track(self) -> int | None:
        """The face that was chosen."""
        return self._track

    @property
    def picture(self) -> Picture | None:
        """The frame that is shown."""
        return self._picture

    def can_explain(self) -> bool:
        """Whether a heat map can be asked for here, now or after pausing."""
        predictions = self._desk.predictions
        return self._desk.state is not State.ANALYSING and predictions is not None and predictions.has_scores

    @Slot(object)
    def select_track(self, track_id: int | None) -> None:
        """Bring one face forward everywhere, None treats all alike."""
        self._track = track_id
        self._timeline.select(track_id)
        self._findings.select_track(track_id)
        self._refresh_boxes()
        self._restart_explaining()

    def jump_to_suspicious(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) of the frames to look at."""
        frames = sorted({p.frame_index for p in self._findings.suspicious_frames})
        here = self._player.position
        if direction > 0:
            following = [frame for frame in frames if frame > here]
        else:
            following = [frame for frame in reversed(frames) if frame < here]
        if following:
            self._player.pause()
            self._player.seek(following[0])

    def set_explaining(self, is_on: bool) -> None:
        """Switch the heat map on or off."""
        self._is_explaining = is_on
        if is_on:
            self._player.pause()
        self._restart_explaining()

    @Slot(object)
    def _on_opened(self, item: "MediaItem") -> None:
        self._picture = None
        self._viewer.clear()
        self.select_track(None)
        shape = item.info.width_px * float(item.pixel_aspect) / item.info.height_px
        self._timeline.open(item.index.duration_s, item.index, shape)
        self._player.open(item.index, services.reader_of(item))

    @Slot()
    def _on_closed(self) -> None:
        self._player.close()
        self._picture = None
        self._viewer.clear()
        self._timeline.clear_curves()

    @Slot(object)
    def _on_card(self, card: ModelCard) -> None:
        self._timeline.set_card(card)

    @Slot()
    def _on_predictions(self) -> None:
        predictions = self._desk.predictions
        if predictions is None:
            return
        self._timeline.set_predictions(predictions)
        self._show_coverage(predictions)
        self._findings.show_growth(predictions)
        if predictions.has_scores:
            self._timeline.set_hint("")
        self._refresh_boxes()
        self.faces_changed.emit()

    def _show_coverage(self, predictions: Predictions) -> None:
        item, result = self._desk.item, self._desk.result
        if item is None:
            return
        if self._sampled_of is not predictions:
            from desktop_app.analysis.sampling import sample_frames

            request = result.request if result is not None else None
            request = request or AnalysisRequest(item.info.path, "", sampling=predictions.sampling)
            self._sampled_s = item.index.time_s[sample_frames(request, item)]
            self._sampled_of = predictions
        sampled_s, range_s = self._sampled_s, None
        is_all = result is not None and not result.provenance.aborted
        if result is not None:
            range_s = float(sampled_s[0]), float(sampled_s[-1])
        self._timeline.coverage.set_coverage(
            sampled_s, predictions.coverage(sampled_s, is_all), predictions.step_s, range_s
        )

    @Slot(object)
    def _on_result(self, result: AnalysisResult | None) -> None:
        if result is None:
            self._timeline.clear_curves()
            self.select_track(None)
        self.faces_changed.emit()

    @Slot(int)
    def _on_moved(self, _: int) -> None:
        self._forget_heatmap()

    @Slot(object)
    def _on_shown(self, picture: Picture) -> None:
        index = self._player.index
        if index is None:
            return
        self._picture = picture
        frame = picture.frame
        self._viewer.set_picture(frame.image, picture.scaled)
        self._timeline.set_playhead(frame.time_s)
        self._transport.set_position(frame.index, len(index), frame.time_s, index.duration_s, frame.pts)
        self._refresh_boxes()
        if self._is_explaining and not self._player.is_playing:
            self._timer.start()

    @Slot(bool)
    def _on_playing(self, is_playing: bool) -> None:
        if is_playing:
            self._forget_heatmap()
        elif self._is_explaining:
            self._timer.start()

    def scored_face(self) -> FramePrediction | None:
        """The face to explain: the chosen one, else the one with the highest score."""
        faces = [face for face in self._faces_here() if face.p_fake is not None]
        chosen = [face for face in faces if face.track_id == self._track] or faces
        return max(chosen, key=lambda face: face.p_fake or 0.0, default=None)

    def face_here(self) -> FramePrediction | None:
        """The face under the eye, scored or not."""
        here = self._faces_here()
        chosen = [face for face in here if face.track_id == self._track]
        return next(iter(chosen), None) or self.scored_face() or next(iter(here), None)

    def _faces_here(self) -> tuple[FramePrediction, ...]:
        predictions, picture = self._desk.predictions, self._picture
        if predictions is None or picture is None:
            return ()
        return predictions.near(picture.frame.index, picture.frame.time_s)

    def _refresh_boxes(self) -> None:
        self._viewer.set_overlays(tuple(self._overlay(face) for face in self._faces_here()))
        self.face_changed.emit()

    def _overlay(self, face: FramePrediction) -> Overlay:
        name = self.tr("Person {}").format(face.track_id)
        if face.p_fake is not None:
            text = f"{name}  {wording.score_text(face.p_fake, self._desk.language)}"
        else:
            text = f"{name}  {wording.gate_text(face.gate, self._desk.language)}"
        is_selected = self._track == face.track_id
        return Overlay(face.track_id, face.box_xyxy, text, face.p_fake is None, is_selected)

    @Slot(int)
    def _on_face_clicked(self, track_id: int) -> None:
        self.select_track(None if self._track == track_id else track_id)

    @Slot(int, int)
    def _on_frame_chosen(self, frame: int, track_id: int) -> None:
        self._player.pause()
        self.select_track(track_id)
        self._player.seek(frame)

    # heat map

    def _forget_heatmap(self) -> None:
        self._timer.stop()
        self.explaining.cancel()
        self._answer = None
        self._show_heat()

    def _show_heat(self) -> None:
        """Lay the map of the chosen answer over the picture, or take it away."""
        answer = self._answer
        if answer is None:
            self.heat_changed.emit(QImage(), ())
        else:
            number = self._explain.target_number
            self.heat_changed.emit(answer.heat[number], answer.explanation.heatmaps[number].crop_xyxy)

    @Slot()
    def _restart_explaining(self) -> None:
        self._forget_heatmap()
        if self._is_explaining and not self._player.is_playing:
            self._timer.start()
        elif not self._is_explaining:
            self._explain.say(self.tr("Choose a scored face on a paused frame."))

    @Slot()
    def _explain_now(self) -> None:
        if not self._is_explaining or not self.can_explain() or self._picture is None:
            return
        face = self.scored_face()
        if face is None:
            self._explain.say(self.tr("No face was scored in this frame. Go to another one."))
            return
        panel = self._explain
        method, layer, colours = (field.currentData() for field in (panel.method, panel.layer, panel.colours))
        self.explaining.ask(Wish(self._picture.frame.index, face, method, layer, colours))

    @Slot(bool)
    def _on_explaining(self, is_working: bool) -> None:
        if is_working and self._answer is None:
            self._explain.say(self.tr("Computing…"))

    @Slot(object)
    def _on_answer(self, answer: Answer) -> None:
        if self._is_explaining and answer.wish.frame == self._player.position:
            self._answer = answer
            self._show_heat()
            self._explain.show_answer(answer)

    @Slot()
    def _on_target(self) -> None:
        if self._answer is not None:
            self._show_heat()
        else:
            self._restart_explaining()
