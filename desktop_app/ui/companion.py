"""A second item beside the open one, its time linked to that of the first."""

from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.domain import Frame
from desktop_app.domain.cases import ItemState
from desktop_app.errors import InputError
from desktop_app.ui import case_services, services
from desktop_app.ui.actions import Need
from desktop_app.ui.desk import Desk
from desktop_app.ui.entries import Shown
from desktop_app.ui.jobs import FrameLane, Job, Picture
from desktop_app.ui.linking import Link, Place, Side, nudged, offset_between
from desktop_app.ui.player import Player

if TYPE_CHECKING:
    from desktop_app.media import FrameIndex, MediaItem
    from desktop_app.media.moments import Moment

JOBS = ("compare", "moment")


class Mode(Enum):
    """How the two items are set beside each other."""

    SIDE = auto()
    FIRST = auto()
    SECOND = auto()
    DIFFERENCE = auto()


def search(job: Job, frame: Frame, item: "MediaItem") -> "Moment":
    """Find a frame's moment in an item."""
    from desktop_app.media.moments import find_moment

    return find_moment(frame.image, item, job.progress, job.token)


class Companion(QObject):
    """The compared item: which frame of it is shown, and how its time goes with that of the open item.

    It outlives the parts of the window, which are made anew in another language.

    Signals: `opened` and `closed`; `placed` with a `Place` whenever another moment of it is asked for; `shown` with a
    `Picture`; `lost` when its frame does not decode; `changed` when the link or the mode is another; `found` with the
    `Moment` of a search.
    """

    opened = Signal(object)
    closed = Signal()
    placed = Signal(object)
    shown = Signal(object)
    lost = Signal()
    changed = Signal()
    found = Signal(object)

    def __init__(self, desk: Desk, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._player = desk, player
        self.item: MediaItem | None = None
        self.link = Link()
        self.place = Place(Side.WITHIN, 0)
        self.picture: Picture | None = None
        self.mode, self.is_zoom_linked = Mode.SIDE, True
        self._beside: MediaItem | None = None
        self._frame: Frame | None = None
        self._searched = 0
        self._serial = self._shown_serial = 0
        self.lane = FrameLane(self)
        self.lane.delivered.connect(self._on_delivered)
        self.lane.failed.connect(self._on_failed)
        player.moved.connect(self._on_moved)
        player.shown.connect(self._on_shown)
        desk.opened.connect(self._on_main)
        desk.closed.connect(self.close)

    @property
    def needs(self) -> Need:
        """What the actions that compare can count on."""
        return Need.COMPARED if self.item is not None else Need.NOTHING

    # what is compared

    def open_item(self, item_id: int) -> None:
        """Set an item of the case beside the open one, provided that its file is the one that was taken in."""
        file, name = self._desk.cases.file, self._desk.cases.entries[item_id].item.path.name
        self._open(Job("compare", lambda job: case_services.show_item(job, file, item_id)), name)

    def open_file(self, path: Path) -> None:
        """Take a file into the case and set it beside the open one."""
        file = self._desk.cases.file
        self._open(Job("compare", lambda job: case_services.add_file(job, file, path)), path.name)

    def _open(self, job: Job, name: str) -> None:
        self._desk.worker.cancel(*JOBS)
        job.succeeded.connect(self._on_opened)
        job.failed.connect(self._desk.failed)
        self._desk.job_started.emit(job, name)
        self._desk.worker.submit(job, first=True)

    @Slot(object)
    def _on_opened(self, shown: Shown) -> None:
        job = self.sender()
        self._desk.cases.on_shown(shown)
        if self._desk.item is None or (isinstance(job, Job) and job.token.is_cancelled):
            return
        if shown.media is None:
            self._desk.failed.emit(self._refusal(shown))
            return
        self.item, self._beside, self.link = shown.media, self._desk.item, Link()
        self.picture, self.mode = None, Mode.SIDE
        self.lane.set_source(services.reader_of(shown.media))
        self.opened.emit(shown.media)
        self.changed.emit()
        self._follow()

    def _refusal(self, shown: Shown) -> InputError:
        name = shown.entry.item.path.name
        if shown.check is not None and shown.check.state is ItemState.MISSING:
            return InputError(
                self.tr("“{}” is not where it was.").format(name),
                self.tr("Open it from the list of the case to look for its file."),
            )
        return InputError(
            self.tr("“{}” is not the file that was taken in.").format(name),
            self.tr("Open it from the list of the case to see the difference, and to accept it for a reason."),
        )

    @Slot()
    def close(self) -> None:
        """Put the compared item away."""
        self._desk.worker.cancel(*JOBS)
        if self.item is not None:
            self.item = self._beside = self.picture = None
            self._serial += 1
            self._shown_serial = self._serial
            self.lane.set_source(None)
            self.closed.emit()

    def shutdown(self) -> None:
        """End the thread."""
        self.lane.shutdown()

    @Slot(object)
    def _on_main(self, item: "MediaItem") -> None:
        self._frame = None
        if item is not self._beside:
            self.close()

    # time

    def set_linked(self, is_on: bool) -> None:
        """Let it move alone, or take the frames that both show now as the same moment."""
        first, second = self._indexes()
        offset_s = self.link.offset_s
        if is_on and first is not None and second is not None and self.place.side is Side.WITHIN:
            offset_s = offset_between(first, self._player.position, second, self.place.frame)
        self._set_link(Link(offset_s, is_on))

    def reset(self) -> None:
        """Link the two starts."""
        self._set_link(Link())

    def step(self, count: int) -> None:
        """Go so many frames on: alone, or with the offset where it is linked."""
        first, second = self._indexes()
        if first is None or second is None:
            return
        if self.link.is_on:
            self._set_link(replace(self.link, offset_s=nudged(first, self._player.position, second, self.link, count)))
        else:
            self.seek(self.place.frame + count)

    @Slot(int)
    def seek(self, frame: int) -> None:
        """Go to a frame, alone; linked, it stays where the open item is."""
        if self.item is not None and not self.link.is_on:
            self._go(Place(Side.WITHIN, min(max(frame, 0), len(self.item.index) - 1)))

    def set_mode(self, mode: Mode) -> None:
        """Set the two beside each other in another way."""
        self.mode = mode
        self.changed.emit()

    def flip(self) -> None:
        """Show the one that is not seen in full, in the same place."""
        self.set_mode(Mode.FIRST if self.mode is Mode.SECOND else Mode.SECOND)

    def _set_link(self, link: Link) -> None:
        if self.item is not None:
            self.link = link
            self._follow()
            self.changed.emit()

    def _indexes(self) -> "tuple[FrameIndex | None, FrameIndex | None]":
        return self._player.index, self.item.index if self.item is not None else None

    def _follow(self) -> None:
        first, second = self._indexes()
        if self.link.is_on and first is not None and second is not None:
            self._go(self.link.follow(first, self._player.position, second))

    def _go(self, place: Place) -> None:
        is_asked = self._serial > self._shown_serial or self.picture is not None
        is_same = is_asked and (place.side, place.frame) == (self.place.side, self.place.frame)
        self.place = place
        if not is_same or place.side is not Side.WITHIN:
            self._serial += 1
            if place.side is Side.WITHIN:
                self.lane.request(self._serial, place.frame, self._following(place.frame))
            else:
                self._shown_serial, self.picture = self._serial, None
        self.placed.emit(place)

    def _following(self, frame: int) -> int | None:
        following = frame + (1 if self._player.speed > 0 else -1)
        is_there = self.item is not None and 0 <= following < len(self.item.index)
        return following if self._player.is_playing and is_there else None

    @Slot(int)
    def _on_moved(self, _: int) -> None:
        self._follow()

    @Slot(object)
    def _on_shown(self, picture: Picture) -> None:
        self._frame = picture.frame

    @Slot(object)
    def _on_delivered(self, picture: Picture) -> None:
        # of those that were overtaken while decoding, each is still newer than what is shown
        if self.item is not None and picture.serial > self._shown_serial:
            self._shown_serial, self.picture = picture.serial, picture
            self.shown.emit(picture)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        # once, not for every frame that follows
        self._player.pause()
        if self.item is not None:
            self._shown_serial, self.picture = self._serial, None
            self.lost.emit()
            self._desk.failed.emit(error)

    def goes_with(self, frame: Frame) -> bool:
        """Whether the picture is there that belongs to a frame of the open item; unlinked, any does."""
        first, second = self._indexes()
        if self.picture is None or first is None or second is None:
            return False
        return not self.link.is_on or self.link.follow(first, frame.index, second).frame == self.picture.frame.index

    # searching

    def find_moment(self) -> None:
        """Search it for the frame that is shown of the open item, and link the two."""
        self._player.pause()
        item, frame = self.item, self._frame
        if item is None or frame is None:
            return
        self._desk.worker.cancel("moment")
        self._searched = frame.index
        job = Job("moment", lambda job: search(job, frame, item))
        job.succeeded.connect(self._on_found)
        job.failed.connect(self._desk.failed)
        self._desk.job_started.emit(job, item.info.path.name)
        self._desk.worker.submit(job)

    @Slot(object)
    def _on_found(self, moment: "Moment") -> None:
        first, second = self._indexes()
        job = self.sender()
        if first is None or second is None or (isinstance(job, Job) and job.token.is_cancelled):
            return
        if moment.is_alike:
            self._set_link(Link(offset_between(first, self._searched, second, moment.frame)))
        self.found.emit(moment)
