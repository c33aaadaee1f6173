"""Takes two compared frames away as one picture: to the clipboard or to a file."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.ui.companion import Companion
from desktop_app.ui.compare_still import Half, pixels_of, together
from desktop_app.ui.comparison import Comparison
from desktop_app.ui.curves import signed_timecode
from desktop_app.ui.desk import Desk
from desktop_app.ui.jobs import Job
from desktop_app.ui.scan import Scanner
from desktop_app.ui.still import write_png


class Taking(QObject):
    """Copies and saves what a `Comparison` shows.

    Signals: `said` with a sentence about what was done, `saved` with the path of a written picture.
    """

    said = Signal(str)
    saved = Signal(str)

    def __init__(
        self, comparison: Comparison, companion: Companion, desk: Desk, scanner: Scanner, window: QWidget
    ) -> None:
        super().__init__(window)
        self._comparison, self._companion, self._desk = comparison, companion, desk
        self._scanner, self._window = scanner, window
        self._to_save: tuple[Half, Half, str] | None = None

    def _both(self) -> tuple[Half, Half, str] | None:
        """Both frames and how their times go together, None where there are none that belong together."""
        main, second, picture = self._desk.item, self._companion.item, self._companion.picture
        first, link = self._comparison.first, self._companion.link
        if main is None or second is None or picture is None or first is None or not self._companion.goes_with(first):
            self.said.emit(self.tr("There are no two frames of this moment. Pause, or go to another one."))
            return None
        remark = self.tr("The two times are not linked.")
        if link.is_on:
            remark = self.tr("Times linked with an offset of {}.").format(signed_timecode(link.offset_s))
        halves = Half(self.tr("Questioned"), first, main), Half(self.tr("Compared"), picture.frame, second)
        return (*halves, remark)

    def copy(self) -> None:
        """Put both frames on the clipboard as one picture, with captions."""
        both, resized = self._both(), self.tr("shown at {}")
        if both is not None:
            job = Job("together", lambda job: together(both[:2], both[2], resized))
            job.succeeded.connect(self._on_copy)
            job.failed.connect(self._desk.failed)
            self._scanner.submit(job)

    @Slot(object)
    def _on_copy(self, made: tuple[QImage, tuple[str, ...]]) -> None:
        data = QMimeData()
        data.setImageData(made[0])
        data.setText("\n".join(made[1]))
        QGuiApplication.clipboard().setMimeData(data)
        self.said.emit(self.tr("Both frames were copied with their captions."))

    def save(self) -> None:
        """Let the user choose where the picture of both frames goes."""
        self._to_save = both = self._both()
        if both is None:
            return
        first, second = (half.item.info.path for half in both[:2])
        name = f"{first.stem}-{both[0].frame.index}-{second.stem}-{both[1].frame.index}.png"
        dialog = QFileDialog(self._window, self.tr("Save the comparison"), str(first.parent), "PNG (*.png)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.selectFile(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_save)
        dialog.open()

    @Slot(str)
    def _on_save(self, name: str) -> None:
        both, resized = self._to_save, self.tr("shown at {}")
        if both is None:
            return

        def write(job: Job) -> Path:
            image, lines = together(both[:2], both[2], resized)
            return write_png(pixels_of(image), lines, Path(name))

        job = Job("together", write)
        job.succeeded.connect(self._on_saved)
        job.failed.connect(self._desk.failed)
        self._scanner.submit(job)

    @Slot(object)
    def _on_saved(self, path: Path) -> None:
        self.saved.emit(str(path))
