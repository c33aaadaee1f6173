"""What the window shows before an item is open, and while one is being opened."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.progress import Progress
from desktop_app.ui import theme
from desktop_app.ui.widgets import RowButton, empty, label

ZONE_WIDTH_PX = 680
MAX_RECENT = 4


class StartPage(QWidget):
    """Drop zone, open, try the demo."""

    open_asked = Signal()
    demo_asked = Signal()
    open_case_asked = Signal()
    case_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zone = QFrame()
        self.zone.setObjectName("dropZone")
        self.zone.setFixedSize(ZONE_WIDTH_PX, 290)
        column = QVBoxLayout(self.zone)
        column.setContentsMargins(40, 32, 40, 32)
        column.setSpacing(10)
        column.addStretch(1)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._picture)
        title = label(self.tr("Drop videos, pictures or a case here"), "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title.setWordWrap(True)
        column.addWidget(title)
        text = label(self.tr("It is read only, and nothing leaves this computer."), "muted")
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(text)
        column.addSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch(1)
        self.open_button = QPushButton(self.tr("Open a file…"))
        self.open_button.setProperty("role", "primary")
        self.open_button.clicked.connect(self.open_asked)
        self.demo_button = QPushButton(self.tr("Try the demo"))
        self.demo_button.setToolTip(self.tr("Builds a short clip whose middle is manipulated, and analyses it"))
        self.demo_button.clicked.connect(self.demo_asked)
        row.addWidget(self.open_button)
        self.case_button = QPushButton(self.tr("Open a case…"))
        self.case_button.clicked.connect(self.open_case_asked)
        row.addWidget(self.case_button)
        row.addWidget(self.demo_button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        honest = label(
            self.tr(
                "Cotejo looks for faces, scores each with a model whose error rates it shows, and says so when it "
                "cannot tell. A score is a lead for an examiner, never a proof."
            ),
            "muted",
        )
        honest.setWordWrap(True)
        honest.setMinimumWidth(ZONE_WIDTH_PX)
        honest.setMaximumWidth(ZONE_WIDTH_PX)
        honest.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        middle = QVBoxLayout()
        middle.setSpacing(18)
        middle.addStretch(3)
        middle.addWidget(self.zone)
        middle.addWidget(honest)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(6)
        middle.addLayout(self._recent)
        middle.addStretch(4)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(1)

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._picture.setPixmap(theme.pixmap("drop", tokens.muted, 54, self.devicePixelRatioF()))

    def set_recent(self, cases: list[Path]) -> None:
        """Offer the cases that were opened last."""
        empty(self._recent)
        if cases:
            self._recent.addWidget(label(self.tr("Recent cases"), "heading"))
        for path in cases[:MAX_RECENT]:
            button = RowButton()
            row = QHBoxLayout(button)
            row.setContentsMargins(12, 7, 12, 7)
            row.addWidget(label(path.stem, "heading"))
            place = label("", "muted")
            room = ZONE_WIDTH_PX // 2
            place.setText(place.fontMetrics().elidedText(str(path.parent), Qt.TextElideMode.ElideMiddle, room))
            row.addWidget(place, 1, Qt.AlignmentFlag.AlignRight)
            for child in button.findChildren(QLabel):
                child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            button.setAccessibleName(f"{path.stem}, {path.parent}")
            button.setProperty("case", str(path))
            button.clicked.connect(self._on_recent)
            self._recent.addWidget(button)

    def _on_recent(self) -> None:
        self.case_asked.emit(self.sender().property("case"))

    def set_over(self, is_over: bool) -> None:
        """Show that a file hovers above the window."""
        self.zone.setProperty("over", is_over)
        self.zone.style().unpolish(self.zone)
        self.zone.style().polish(self.zone)


class LoadingPage(QWidget):
    """Progress of opening, with cancel."""

    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("", "title")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stage = label("", "muted")
        self._stage.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(420)
        self._bar.setAccessibleName(self.tr("Progress of opening"))
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self.cancel_asked)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(3)
        for widget in (self._title, self._stage, self._bar, self.cancel_button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(4)

    def begin(self, name: str) -> None:
        """Start with a file's name."""
        metrics = self._title.fontMetrics()
        self._title.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(300, self.width() // 2)))
        self._stage.setText(self.tr("Reading the file…"))
        self._bar.setRange(0, 0)

    def show_progress(self, progress: Progress, text: str) -> None:
        """Move the bar."""
        self._stage.setText(text)
        fraction = progress.fraction
        if fraction is None:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(fraction * 1000))


class AwayPage(QWidget):
    """Stands where the picture would be while the item's file is missing or is another."""

    again_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel()
        title = label(self.tr("The file is not there, or is not the one that was taken in"), "verdict", wrap=True)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = label(self.tr("The stored result stays readable, and reports can be written."), "muted")
        self.again = QPushButton(self.tr("Look again…"))
        self.again.clicked.connect(self.again_asked)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(3)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(title)
        for widget in (text, self.again):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(4)

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._picture.setPixmap(theme.pixmap("custody", tokens.muted, 48, self.devicePixelRatioF()))


class Stage(QStackedWidget):
    """Start page, loading page, work place or what stands in for it: one at a time."""

    def __init__(self, work: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = StartPage()
        self.loading = LoadingPage()
        self.away = AwayPage()
        self.work = work
        for page in (self.start, self.loading, self.away, self.work):
            self.addWidget(page)
