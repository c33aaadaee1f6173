"""Keeps the two panes of a comparison in step: pictures, heads, zoom, difference."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QMainWindow

from desktop_app.domain import Frame, UInt8Array
from desktop_app.ui import theme
from desktop_app.ui.actions import Actions
from desktop_app.ui.board import Board
from desktop_app.ui.choices import shown_time
from desktop_app.ui.companion import Companion, Mode
from desktop_app.ui.compare_dialog import CompareDialog
from desktop_app.ui.compare_pane import CompareBar
from desktop_app.ui.compare_still import GAIN, Difference, difference
from desktop_app.ui.desk import Desk
from desktop_app.ui.jobs import Job, Picture
from desktop_app.ui.linking import Place, Side
from desktop_app.ui.player import Player
from desktop_app.ui.scan import Scanner
from desktop_app.ui.viewer import Viewer

if TYPE_CHECKING:
    from desktop_app.media import MediaItem
    from desktop_app.media.moments import Moment

HASH_BITS = 64


class Comparison(QObject):
    """Shows a `Companion` on the board.

    Signals: `changed` when other actions make sense than before.
    """

    changed = Signal()

    def __init__(
        self,
        companion: Companion,
        board: Board,
        table: Actions,
        desk: Desk,
        player: Player,
        scanner: Scanner,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._companion, self._board, self._table, self._desk = companion, board, table, desk
        self._player, self._scanner, self._window = player, scanner, window
        self._pair, self._pane = board.pair, board.pair.pane
        self._bar = CompareBar(table)
        self._pair.add_bar(self._bar)
        self._first: Frame | None = None
        self._job: Job | None = None
        self._is_stale = self._is_following = False
        self._shown_mode = Mode.SIDE
        self._size: tuple[int, int] | None = None
        self._finding, self._found_with = "", companion.link
        self._connect()
        if companion.item is not None:
            self._on_opened(companion.item)
        self._on_changed()

    def _connect(self) -> None:
        companion, pane = self._companion, self._pane
        companion.opened.connect(self._on_opened)
        companion.closed.connect(self._on_closed)
        companion.placed.connect(self._on_placed)
        companion.shown.connect(self._on_second)
        companion.lost.connect(self._on_lost)
        companion.changed.connect(self._on_changed)
        companion.found.connect(self._on_found)
        self._desk.opened.connect(self._on_main)
        self._player.shown.connect(self._on_first)
        self._bar.sought.connect(companion.seek)
        pane.head.closed.connect(companion.close)
        pane.viewer.size_wanted.connect(self._on_size)
        pane.viewer.place_changed.connect(self._on_second_place)
        self._board.viewer.place_changed.connect(self._on_first_place)

    @property
    def bar(self) -> CompareBar:
        """The row below the pictures."""
        return self._bar

    @property
    def first(self) -> Frame | None:
        """The frame of the open item that is shown."""
        return self._first

    # what is compared

    def choose(self) -> None:
        """Let the user choose what is set beside the open item."""
        tokens = theme.tokens_for(self._desk.settings.get_str("theme"))
        dialog = CompareDialog(tokens, self._desk.cases.entries, self._desk.item_id, self._window)
        dialog.item_chosen.connect(self._companion.open_item)
        dialog.file_asked.connect(self._ask_for_file)
        dialog.open()

    @Slot()
    def _ask_for_file(self) -> None:
        folder = self._desk.settings.get_str("last_folder")
        dialog = QFileDialog(self._window, self.tr("Compare with a file"), folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_file)
        dialog.open()

    @Slot(str)
    def _on_file(self, name: str) -> None:
        self._companion.open_file(Path(name))

    @Slot(object)
    def _on_opened(self, item: "MediaItem") -> None:
        self._finding = ""
        main = self._desk.item
        if main is not None:
            self._pair.head.show_item(main.info)
            self._pair.head.show_frame(self._first)
        self._pane.head.show_item(item.info)
        self._pane.viewer.clear()
        self._pair.set_comparing(True)
        self._on_placed(self._companion.place)
        picture = self._companion.picture
        if picture is not None:
            self._on_second(picture)
        self.changed.emit()

    @Slot()
    def _on_closed(self) -> None:
        self._pair.set_comparing(False)
        self._pane.viewer.clear()
        self._on_changed()
        self.changed.emit()

    @Slot(object)
    def _on_main(self, item: "MediaItem") -> None:
        self._first = None
        self._board.set_pixel_aspect(float(item.pixel_aspect))

    # pictures

    @Slot(object)
    def _on_first(self, picture: Picture) -> None:
        self._first = picture.frame
        if self._companion.item is not None:
            self._pair.head.show_frame(picture.frame)
            self._refresh()

    @Slot(object)
    def _on_placed(self, place: Place) -> None:
        item = self._companion.item
        if item is None:
            return
        self._bar.show_place(place.frame, len(item.index))
        if place.side is Side.WITHIN:
            return
        away = shown_time(place.away_s)
        before = self.tr("Before the start: this item begins {} later.")
        after = self.tr("After the end: this item ended {} earlier.")
        self._pane.show_away((before if place.side is Side.BEFORE else after).format(away))
        self._pane.head.show_frame(None)
        self._tell()

    @Slot(object)
    def _on_second(self, picture: Picture) -> None:
        self._pane.head.show_frame(picture.frame)
        if self._companion.mode is not Mode.DIFFERENCE:
            self._show(picture.frame.image, self._companion_aspect(), picture.scaled)
        self._refresh()

    @Slot()
    def _on_lost(self) -> None:
        self._pane.show_away(self.tr("This frame cannot be decoded."))
        self._pane.head.show_frame(None)

    def _companion_aspect(self) -> float:
        item = self._companion.item
        return float(item.pixel_aspect) if item is not None else 1.0

    def _show(self, pixels: UInt8Array, aspect: float, scaled: QImage | None) -> None:
        viewer = self._pane.viewer
        before = viewer.picture_size
        viewer.set_pixel_aspect(aspect)
        viewer.set_picture(pixels, scaled)
        self._pane.show_away("")
        if viewer.picture_size != before and not self._board.viewer.is_fit:
            self._on_first_place(self._board.viewer.zoom, self._board.viewer.center, False)

    def _refresh(self) -> None:
        """Reckon the difference anew; while playing, what comes in between is passed over."""
        first, second = self._first, self._companion.picture
        if self._companion.mode is not Mode.DIFFERENCE or first is None or second is None:
            return
        if not self._companion.goes_with(first):
            return
        if self._job is not None:
            self._is_stale = True
            return
        self._is_stale, other, size = False, second.frame, self._size
        self._job = Job("difference", lambda job: difference(first, other, size))
        self._job.succeeded.connect(self._on_difference)
        self._job.failed.connect(self._desk.failed)
        self._job.finished.connect(self._on_reckoned)
        self._scanner.submit(self._job)

    @Slot(object)
    def _on_difference(self, made: Difference) -> None:
        is_wanted = self._companion.mode is Mode.DIFFERENCE and self._companion.picture is not None
        if is_wanted and self._desk.item is not None:
            self._show(made.pixels, float(self._desk.item.pixel_aspect), made.scaled)
            self._tell(made)

    @Slot()
    def _on_reckoned(self) -> None:
        self._job = None
        if self._is_stale:
            self._refresh()

    def _tell(self, made: Difference | None = None) -> None:
        text = self._finding
        if self._companion.mode is Mode.DIFFERENCE and made is not None:
            mean = QLocale().toString(made.mean, "f", 1)
            text = self.tr(
                "Difference, {} times as strong, the compared frame scaled to the size of the questioned one; mean {} "
                "of 255. New compression alone makes some: it proves nothing."
            ).format(GAIN, mean)
        self._bar.say(text)

    # link and mode

    @Slot()
    def _on_changed(self) -> None:
        companion, mode = self._companion, self._companion.mode
        self._bar.show_link(companion.link.offset_s, companion.link.is_on)
        if companion.link != self._found_with:
            self._finding = ""
        for key, is_on in (
            ("compare_link", companion.link.is_on),
            ("compare_side", mode is Mode.SIDE),
            ("compare_flip", mode in (Mode.FIRST, Mode.SECOND)),
            ("compare_difference", mode is Mode.DIFFERENCE),
            ("compare_zoom", companion.is_zoom_linked),
        ):
            self._table[key].setChecked(is_on)
        if companion.item is None:
            return
        self._pair.show_parts(mode is not Mode.SECOND, mode is not Mode.FIRST)
        role = self.tr("Difference to") if mode is Mode.DIFFERENCE else self.tr("Compared")
        self._pane.head.set_role(role)
        self._tell()
        if mode is Mode.DIFFERENCE:
            self._refresh()
        elif companion.picture is not None and self._shown_mode is Mode.DIFFERENCE:
            self._show(companion.picture.frame.image, self._companion_aspect(), companion.picture.scaled)
        self._shown_mode = mode

    def link(self) -> None:
        """Link the two, or let the compared one move alone."""
        self._companion.set_linked(self._table["compare_link"].isChecked())

    def link_zoom(self) -> None:
        """Let both show the same place, or each its own."""
        self._companion.is_zoom_linked = self._table["compare_zoom"].isChecked()
        viewer = self._board.viewer
        self._on_first_place(viewer.zoom, viewer.center, viewer.is_fit)

    def set_difference(self) -> None:
        """Show what differs, or both again."""
        self._companion.set_mode(Mode.DIFFERENCE if self._table["compare_difference"].isChecked() else Mode.SIDE)

    @Slot(object)
    def _on_found(self, moment: "Moment") -> None:
        if not moment.is_alike:
            text = self.tr("Nothing alike was found: the nearest frame, {}, differs in {} of {} bits.")
        elif moment.rivals:
            text = self.tr("Frame {} is the most alike: it differs in {} of {} bits. Other moments are as near: check.")
        else:
            text = self.tr("Frame {} is the most alike: it differs in {} of {} bits. Linked.")
        self._finding, self._found_with = text.format(moment.frame, moment.distance, HASH_BITS), self._companion.link
        self._tell()

    # zoom and place

    @Slot(object)
    def _on_size(self, size: tuple[int, int] | None) -> None:
        self._size = size
        self._companion.lane.set_size(size if self._companion.mode is not Mode.DIFFERENCE else None)

    @Slot(float, QPointF, bool)
    def _on_first_place(self, zoom: float, center: QPointF, is_fit: bool) -> None:
        self._follow(self._board.viewer, self._pane.viewer, zoom, center, is_fit)

    @Slot(float, QPointF, bool)
    def _on_second_place(self, zoom: float, center: QPointF, is_fit: bool) -> None:
        main = self._board.viewer
        if self._follow(self._pane.viewer, main, zoom, center, is_fit):
            # what else follows the open item's picture must hear of it
            self._is_following = True
            main.zoom_changed.emit(main.zoom, main.is_fit)
            main.place_changed.emit(main.zoom, main.center, main.is_fit)
            self._is_following = False

    def _follow(self, leader: Viewer, other: Viewer, zoom: float, center: QPointF, is_fit: bool) -> bool:
        """Look at the same fraction of the picture; to fit is each one's own matter."""
        companion, size, own = self._companion, leader.picture_size, other.picture_size
        is_idle = companion.item is None or not companion.is_zoom_linked or self._is_following
        if is_idle or size.isEmpty() or own.isEmpty() or (is_fit and other.is_fit):
            return False
        across = size.width() * leader.stretch[0] / (own.width() * other.stretch[0])
        place = QPointF(center.x() * own.width() / size.width(), center.y() * own.height() / size.height())
        other.follow(zoom * across, place, is_fit)
        return True
