"""The examiner's hand on the item: marks, cuts, range, single frames to take away."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.domain import Frame, MediaInfo
from desktop_app.ui import still
from desktop_app.ui.desk import Desk
from desktop_app.ui.examination import Examination
from desktop_app.ui.jobs import Job
from desktop_app.ui.marks import Marks, MarkSet, neighbour
from desktop_app.ui.player import Player
from desktop_app.ui.scan import Scanner
from desktop_app.ui.tabletop import State
from desktop_app.ui.timeline import Timeline
from desktop_app.ui.transport import Transport

if TYPE_CHECKING:
    from desktop_app.media import MediaItem


class Navigation(QObject):
    """Marks, cuts and frames of the open item, in step with timeline and player.

    Signals: `said` with a sentence about what was done, `saved` with the path of a written frame, `failed`.
    """

    said = Signal(str)
    saved = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        desk: Desk,
        player: Player,
        timeline: Timeline,
        transport: Transport,
        examination: Examination,
        marks: Marks,
        scanner: Scanner,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._desk, self._player, self._timeline, self._transport = desk, player, timeline, transport
        self._examination, self._window = examination, window
        self.marks, self.scanner = marks, scanner
        self._cuts: tuple[int, ...] = ()
        self._wanted_cut = 0
        self._to_save: tuple[Frame, MediaItem] | None = None
        desk.opened.connect(self._on_opened)
        desk.closed.connect(self._on_closed)
        desk.away.connect(self._on_away)
        desk.state_changed.connect(self._on_state)
        marks.changed.connect(self._on_marks)
        scanner.pictures_ready.connect(timeline.pictures.add)
        scanner.peaks_ready.connect(self._on_peaks)
        scanner.cuts_found.connect(self._on_cuts)
        timeline.pictures.wanted.connect(scanner.fetch_pictures)
        transport.volume_changed.connect(player.sound.set_volume)
        player.sound.changed.connect(self._on_sound)
        # parts that are made anew, as after a change of the language, begin with their switches off
        player.set_looping(False)
        player.sound.set_muted(False)
        transport.volume.setValue(round(100 * player.sound.volume))

    @Slot()
    def _on_sound(self) -> None:
        sound = self._player.sound
        self._transport.set_sound(sound.has_track, sound.is_audible)

    @property
    def cuts(self) -> tuple[int, ...]:
        """Frames that begin a new shot, as far as they were looked for."""
        return self._cuts

    @Slot(object)
    def _on_opened(self, item: "MediaItem") -> None:
        self._cuts, self._wanted_cut = (), 0
        self._desk.notebook.begin(self._desk.item_id, item.index.time_s)
        self._timeline.sound.setVisible(item.info.audio_codec is not None)
        self._player.sound.open(item)
        self.scanner.open(item)

    @Slot()
    def _on_closed(self) -> None:
        self._cuts, self._wanted_cut = (), 0
        self._desk.notebook.end()
        self.scanner.close()

    @Slot(object)
    def _on_away(self, media: MediaInfo) -> None:
        times_s = np.linspace(0.0, media.duration_s, media.frame_count, endpoint=False)
        self._desk.notebook.begin(self._desk.item_id, times_s)

    @Slot(object)
    def _on_state(self, state: State) -> None:
        if state is State.ANALYSING:
            self.scanner.stop_looking()
        elif state in (State.DONE, State.NO_FACE):
            self.scanner.look_for_cuts_if_easy()

    # marks

    def mark_in(self) -> None:
        """Let the range begin at the present frame."""
        self.marks.set_in(self._player.position)

    def mark_out(self) -> None:
        """Let the range end at the present frame."""
        self.marks.set_out(self._player.position)

    def toggle_bookmark(self) -> None:
        """Set a bookmark here, or take it away."""
        self.marks.toggle_bookmark(self._player.position)

    def jump_to_bookmark(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) bookmark."""
        self._jump(self.marks.now.frames, direction, self.tr("There is no bookmark in this direction."))

    @Slot(int)
    def show_frame(self, frame: int) -> None:
        """Stand still at a frame."""
        self._player.pause()
        self._player.seek(frame)

    def set_looping(self, loops: bool) -> None:
        """Play the range again and again; without a range, the item."""
        self._player.set_looping(loops)

    @Slot(object)
    def _on_marks(self, marks: MarkSet) -> None:
        index, frames = self._player.index, self.marks.range_or_none()
        self._player.set_range(frames)
        range_s = None
        if frames is not None and index is not None:
            first, last = frames
            range_s = float(index.time_s[first]), float(index.time_s[last]) + index.duration_of(last)
        # of an item that is away, no frame has its place
        self._timeline.set_marks(marks if index is not None else MarkSet(), range_s)

    # cuts

    def jump_to_cut(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) shot; looks for cuts first where that has not been done."""
        if neighbour(self._cuts, self._player.position, direction) is None and not self.scanner.has_all_cuts:
            self._wanted_cut = direction
            self.scanner.look_for_cuts()
            self.said.emit(self.tr("Looking for shot cuts…"))
            return
        self._jump(self._cuts, direction, self.tr("There is no cut in this direction."))

    @Slot(object, bool)
    def _on_cuts(self, frames: NDArray[np.int64], is_all: bool) -> None:
        self._cuts = tuple(int(frame) for frame in frames)
        index = self._player.index
        if index is not None:
            self._timeline.set_cuts(index.time_s[frames])
        if self._wanted_cut and (is_all or neighbour(self._cuts, self._player.position, self._wanted_cut) is not None):
            direction, self._wanted_cut = self._wanted_cut, 0
            self.jump_to_cut(direction)

    def _jump(self, frames: tuple[int, ...], direction: int, otherwise: str) -> None:
        frame = neighbour(frames, self._player.position, direction)
        if frame is None:
            self.said.emit(otherwise)
        else:
            self._player.pause()
            self._player.seek(frame)

    @Slot(object)
    def _on_peaks(self, peaks: object) -> None:
        index = self._player.index
        if index is not None and isinstance(peaks, np.ndarray):
            self._timeline.sound.set_peaks(peaks, index.duration_s)

    # frames to take away

    def copy_frame(self) -> None:
        """Put the frame that is shown on the clipboard, with its caption."""
        picture, item = self._examination.picture, self._desk.item
        if picture is not None and item is not None:
            made = still.make_still
            job = Job("frame", lambda job: still.captioned(made(picture.frame, item.info, item.pixel_aspect)))
            job.succeeded.connect(self._on_copy)
            job.failed.connect(self.failed)
            self.scanner.submit(job)

    @Slot(object)
    def _on_copy(self, made: tuple[QImage, str]) -> None:
        data = QMimeData()
        data.setImageData(made[0])
        data.setText(made[1])
        QGuiApplication.clipboard().setMimeData(data)
        self.said.emit(self.tr("The frame was copied with its caption."))

    def save_frame(self) -> None:
        """Let the user choose where the frame that is shown goes."""
        picture, item = self._examination.picture, self._desk.item
        if picture is None or item is None:
            return
        self._to_save = picture.frame, item
        source = item.info.path
        dialog = QFileDialog(self._window, self.tr("Save the frame"), str(source.parent), "PNG (*.png)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.selectFile(f"{source.stem}-{picture.frame.index}.png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_save)
        dialog.open()

    @Slot(str)
    def _on_save(self, name: str) -> None:
        if self._to_save is not None:
            frame, item = self._to_save
            made = still.make_still
            job = Job("frame", lambda job: still.save(made(frame, item.info, item.pixel_aspect), Path(name)))
            job.succeeded.connect(self._on_saved)
            job.failed.connect(self.failed)
            self.scanner.submit(job)

    @Slot(object)
    def _on_saved(self, path: Path) -> None:
        self.saved.emit(str(path))
