"""Asks which item is set beside the open one."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.cases import ItemState
from desktop_app.ui import theme
from desktop_app.ui.entries import Entry
from desktop_app.ui.widgets import RowButton, label, rounded, scrolled

THUMB_W, THUMB_H = 72, 48
WIDTH_PX, ROOM_PX = 480, 360


class CompareDialog(QDialog):
    """The items of the case as a list of buttons, and a way to a file.

    Signals: `item_chosen` with its number, `file_asked`.

    Args:
        tokens: The theme.
        entries: Items of the case by number.
        open_id: The item that is open; it can be compared with itself.
        parent: The window.
    """

    item_chosen = Signal(int)
    file_asked = Signal()

    def __init__(
        self, tokens: theme.Tokens, entries: Mapping[int, Entry], open_id: int, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Compare with another item"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tokens = tokens
        self.rows: dict[int, RowButton] = {}
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setContentsMargins(0, 0, 6, 0)
        rows.setSpacing(6)
        # the open one last: it is seldom meant
        for item_id in sorted(entries, key=lambda number: (number == open_id, number)):
            rows.addWidget(self._row(entries[item_id], item_id == open_id))
        rows.addStretch(1)
        area = scrolled(content)
        area.setMinimumHeight(min(ROOM_PX, 66 * len(entries) + 8))
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.file_button = QPushButton(self.tr("A file from disk…"))
        self.file_button.setAutoDefault(False)
        self.file_button.clicked.connect(self._on_file)
        buttons.addButton(self.file_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(12)
        text = self.tr("It is shown beside the open item, and its time follows. A file from disk joins the case first.")
        column.addWidget(label(text, "muted", wrap=True))
        column.addWidget(area, 1)
        column.addWidget(buttons)
        self.setMinimumWidth(WIDTH_PX)
        first = next(iter(self.rows.values()), None)
        if first is not None:
            first.setFocus()

    def _row(self, entry: Entry, is_open: bool) -> RowButton:
        button = RowButton()
        button.setAutoDefault(True)
        thumb, ratio = QLabel(), self.devicePixelRatioF()
        thumb.setFixedSize(QSize(THUMB_W, THUMB_H))
        thumb.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if entry.thumb is not None and not entry.thumb.isNull():
            thumb.setPixmap(rounded(entry.thumb, THUMB_W, THUMB_H, ratio, QColor(self._tokens.border)))
        else:
            thumb.setPixmap(theme.pixmap("film", self._tokens.muted, 24, ratio))
        name = label(entry.item.path.name, "heading")
        width = WIDTH_PX - THUMB_W - 96
        name.ensurePolished()  # the bold font is the wider one
        name.setText(name.fontMetrics().elidedText(name.text(), Qt.TextElideMode.ElideMiddle, width))
        says = f"SHA-256 {entry.item.sha256[:16]}…"
        if is_open:
            says = self.tr("The open item itself, at another moment")
        elif entry.custody is not ItemState.INTACT and not entry.is_accepted:
            says = self.tr("Not as it was taken in")
        row = QHBoxLayout(button)
        row.setContentsMargins(7, 7, 7, 7)
        row.setSpacing(10)
        row.addWidget(thumb)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(name)
        texts.addWidget(label(says, "muted"))
        row.addLayout(texts, 1)
        for part in button.findChildren(QLabel):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        button.setAccessibleName(f"{entry.item.path.name}, {says}")
        button.setToolTip(str(entry.item.path))
        button.setProperty("item_id", entry.item_id)
        button.clicked.connect(self._on_row)
        self.rows[entry.item_id] = button
        return button

    def _on_row(self) -> None:
        self.accept()
        self.item_chosen.emit(int(self.sender().property("item_id")))

    def _on_file(self) -> None:
        self.accept()
        self.file_asked.emit()
