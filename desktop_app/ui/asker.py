"""Asks the user for files and places, without ever stopping the event loop."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.ui.desk import Desk
from desktop_app.ui.dialogs import GoToDialog
from desktop_app.ui.player import Player

EXPORT_FILTERS = {"csv": "CSV (*.csv)", "json": "JSON (*.json)", "video": "MP4 (*.mp4)"}
SUFFIXES = {"video": "mp4"}


class Asker(QObject):
    """The file dialogs of a window and its *go to*."""

    def __init__(self, desk: Desk, player: Player, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._player, self._window = desk, player, window

    def file(self) -> None:
        """Let the user choose files to open."""
        dialog = self._dialog(self.tr("Open videos or pictures"), QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._on_files)
        dialog.open()

    def folder(self) -> None:
        """Let the user choose a folder whose files are taken in."""
        dialog = self._dialog(self.tr("Open a folder"), QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(self._on_files)
        dialog.open()

    def _dialog(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._desk.settings.get_str("last_folder"))
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    @Slot(list)
    def _on_files(self, names: list[str]) -> None:
        self._desk.open_all([Path(name) for name in names])

    def export(self, kind: str) -> None:
        """Let the user choose where a report of a kind goes."""
        result = self._desk.result
        if result is None:
            return
        suffix = SUFFIXES.get(kind, kind)
        filters = EXPORT_FILTERS.get(kind) or self.tr("Folder of pictures") + " (*)"
        source = result.media.path
        dialog = QFileDialog(self._window, self.tr("Export"), str(source.parent), filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        if kind == "frames":
            dialog.selectFile(f"{source.stem}-cotejo-frames")
        else:
            dialog.setDefaultSuffix(suffix)
            dialog.selectFile(f"{source.stem}-cotejo.{suffix}")
        dialog.setProperty("kind", kind)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_export)
        dialog.open()

    @Slot(str)
    def _on_export(self, name: str) -> None:
        self._desk.export(str(self.sender().property("kind")), Path(name))

    def place(self) -> None:
        """Let the user type a frame number or a time."""
        dialog = GoToDialog(self._window)
        dialog.frame_asked.connect(self._player.seek)
        dialog.time_asked.connect(self._player.seek_time)
        dialog.open()
