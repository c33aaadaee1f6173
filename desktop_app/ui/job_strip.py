"""Long work in one place: what it is, how far, how fast, how long still, and cancel."""

import time
from pathlib import Path

from PySide6.QtCore import QLocale, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from desktop_app.progress import Progress
from desktop_app.ui.dialogs import open_folder
from desktop_app.ui.jobs import Job
from desktop_app.ui.widgets import label

ESTIMATE_AFTER_S = 1.0
# half of these would leave half a case
WHOLE_JOBS = ("case", "save")


def clock_text(seconds: float) -> str:
    """A duration for people.

    >>> clock_text(75.2)
    '1:15'
    """
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


class JobStrip(QWidget):
    """Sits in the status bar."""

    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._live: list[tuple[Job, str]] = []
        self._name = ""
        self._stage = ""
        self._stage_began_s = 0.0
        self._path: Path | None = None
        self.text = label()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(220)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.setProperty("role", "link")
        self.cancel_button.clicked.connect(self.cancel_asked)
        self.open_button = QPushButton(self.tr("Open"))
        self.open_button.setProperty("role", "link")
        self.open_button.clicked.connect(self._on_open)
        self.folder_button = QPushButton(self.tr("Open folder"))
        self.folder_button.setProperty("role", "link")
        self.folder_button.clicked.connect(self._on_folder)
        # as high as with its buttons, so that nothing above moves when work begins
        self.setFixedHeight(self.cancel_button.sizeHint().height() + 6)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(10)
        for widget in (self.bar, self.text, self.cancel_button, self.open_button, self.folder_button):
            row.addWidget(widget)
        row.addStretch(1)
        self.say("")

    def watch(self, job: Job, name: str) -> None:
        """Show a job until it has finished."""
        self._job, self._name, self._stage = job, name, ""
        job.progressed.connect(self._on_progress)
        job.cancelled.connect(self._on_cancelled)
        job.finished.connect(self._on_finished)
        self._live = [(other, title) for other, title in self._live if other is not job] + [(job, name)]
        self.open_button.hide()
        self.folder_button.hide()
        self.bar.setRange(0, 0)
        self.bar.show()
        self.cancel_button.setVisible(job.name not in WHOLE_JOBS)
        self.text.setText(self._title())

    def say(self, text: str, path: Path | None = None) -> None:
        """A line at rest, with a way to open a file that was written."""
        self._path = path
        self.bar.hide()
        self.cancel_button.hide()
        self.open_button.setVisible(path is not None)
        self.folder_button.setVisible(path is not None)
        self.text.setText(text)

    def describe(self, progress: Progress) -> str:
        """Stage, rate and time left in words."""
        now = time.monotonic()
        if progress.stage != self._stage:
            self._stage, self._stage_began_s = progress.stage, now
        parts = [self._title()]
        fraction = progress.fraction
        if fraction is not None:
            parts.append(f"{fraction * 100:.0f} %")
        if progress.rate_per_s is not None and progress.stage == "analyse":
            parts.append(self.tr("{} frames/s").format(QLocale().toString(progress.rate_per_s, "f", 1)))
        remaining_s, elapsed_s = progress.remaining_s, now - self._stage_began_s
        if remaining_s is None and fraction and elapsed_s > ESTIMATE_AFTER_S:
            remaining_s = elapsed_s / fraction - elapsed_s
        if remaining_s is not None:
            parts.append(self.tr("{} left").format(clock_text(remaining_s)))
        return "   ".join(parts)

    def _title(self) -> str:
        stages = {
            "hash": self.tr("Reading and hashing {}"),
            "index": self.tr("Indexing the frames of {}"),
            "demo": self.tr("Building the demo clip"),
            "model": self.tr("Loading the model"),
            "exhibits": self.tr("Keeping the key frames"),
            "archive": self.tr("Packing {}"),
            "unpack": self.tr("Unpacking {}"),
        }
        kinds = {
            "analyse": self.tr("Analysing {}"),
            "export": self.tr("Writing {}"),
            "open": self.tr("Opening {}"),
            "case": self.tr("Opening {}"),
            "save": self.tr("Saving {}"),
            "take-in": self.tr("Taking in {}"),
            "verify": self.tr("Verifying {}"),
            "import": self.tr("Unpacking {}"),
            "find": self.tr("Comparing {}"),
            "scan": self.tr("Looking for videos and pictures in {}"),
            "compare": self.tr("Opening {}"),
            "moment": self.tr("Looking for this moment in {}"),
            "demo": self.tr("Building the demo clip"),
        }
        kind = self._job.name if self._job is not None else ""
        return stages.get(self._stage, kinds.get(kind, "{}")).format(self._name)

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        if self.sender() is not self._job:
            return
        self.text.setText(self.describe(progress))
        fraction = progress.fraction
        self.bar.setRange(0, 0 if fraction is None else 1000)
        if fraction is not None:
            self.bar.setValue(round(fraction * 1000))

    @Slot()
    def _on_cancelled(self) -> None:
        if self.sender() is self._job:
            self.say(self.tr("Cancelled."))

    @Slot()
    def _on_finished(self) -> None:
        ended = self.sender()
        self._live = [(job, name) for job, name in self._live if job is not ended]
        if ended is not self._job:
            return
        self._job = None
        if not self.bar.isHidden():
            self.say("")
        if self._live and self._path is None:
            # what went on meanwhile is shown again
            self._job, self._name = self._live[-1]
            self._stage = ""
            self.bar.setRange(0, 0)
            self.bar.show()
            self.cancel_button.setVisible(self._job.name not in WHOLE_JOBS)
            self.text.setText(self._title())

    def _on_folder(self) -> None:
        if self._path is not None:
            open_folder(self._path.parent)

    def _on_open(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))
