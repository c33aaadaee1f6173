"""Dialogs: calm errors, shortcuts, about, going to a frame."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.errors import AppError
from desktop_app.ui import theme
from desktop_app.ui.actions import ACTIONS, MENUS, plain, translated
from desktop_app.ui.choices import error_words
from desktop_app.ui.widgets import label, scrolled

WIDTH_PX = 480


class MessageDialog(QDialog):
    """A message, what to do about it, and at most one extra button.

    Args:
        tokens: The theme.
        title: Of the window.
        message: What happened, one sentence.
        hint: What to try next; may be empty.
        parent: The window.
        icon: Name in resources/icons.
    """

    def __init__(
        self, tokens: theme.Tokens, title: str, message: str, hint: str, parent: QWidget | None, icon: str = "error"
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = QHBoxLayout()
        row.setSpacing(16)
        picture = QLabel()
        picture.setPixmap(
            theme.pixmap(icon, tokens.fake if icon == "error" else tokens.text, 36, self.devicePixelRatioF())
        )
        picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        row.addWidget(picture)
        texts = QVBoxLayout()
        texts.setSpacing(8)
        self._head, self._body = label("", "heading", selectable=True), label("", selectable=True)
        for part in (self._head, self._body):
            part.setWordWrap(True)
            texts.addWidget(part)
        self.say(message, hint)
        texts.addStretch(1)
        row.addLayout(texts, 1)
        self.buttons = QDialogButtonBox()
        self.buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 22, 22, 16)
        column.setSpacing(18)
        column.addLayout(row, 1)
        column.addWidget(self.buttons)
        self.setMinimumWidth(WIDTH_PX)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its texts need at its width."""
        column = self.layout()
        if column is not None:
            width = max(WIDTH_PX, self.minimumWidth())
            self.resize(width, column.totalHeightForWidth(width))
        super().showEvent(event)

    def say(self, message: str, hint: str) -> None:
        """Set both texts."""
        self.message, self.hint = message, hint
        self._head.setText(message)
        self._body.setText(hint)
        self._body.setVisible(bool(hint))

    def add_file(self, path: Path) -> None:
        """Offer to show a file's folder."""
        button = QPushButton(self.tr("Open its folder"))
        button.setAutoDefault(False)
        button.setProperty("folder", str(path.parent))
        button.clicked.connect(self._on_folder)
        self.buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)

    def _on_folder(self) -> None:
        open_folder(Path(self.sender().property("folder")))


class QuestionDialog(MessageDialog):
    """Asks whether to go on; closing it in any way but one leaves everything as it is.

    Args:
        tokens: The theme.
        title: Of the window.
        message: The question.
        hint: What is lost.
        yes: Text of the button that goes on.
        no: Text of the default button.
        parent: The window.
    """

    def __init__(
        self, tokens: theme.Tokens, title: str, message: str, hint: str, yes: str, no: str, parent: QWidget | None
    ) -> None:
        super().__init__(tokens, title, message, hint, parent, "open")
        self.buttons.clear()
        self.yes = self.buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
        self.no = self.buttons.addButton(no, QDialogButtonBox.ButtonRole.RejectRole)
        self.no.setProperty("role", "primary")
        self.yes.setAutoDefault(False)
        self.no.setDefault(True)
        self.no.setFocus()
        self.buttons.accepted.connect(self.accept)


def open_folder(path: Path) -> None:
    """Show a folder in the system's file manager."""
    path.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class Messenger(QWidget):
    """Makes the dialogs of one window, never two of the same text at once."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self.tokens = theme.DARK

    def error(self, error: AppError) -> None:
        """Show what a user can act upon."""
        self._show(MessageDialog(self.tokens, self.tr("Not possible"), *error_words(error), self.window()))

    def note(self, title: str, message: str, hint: str) -> None:
        """Say what the user should know of something that was done."""
        self._show(MessageDialog(self.tokens, title, message, hint, self.window(), "custody"))

    def bug(self, log_path: Path) -> None:
        """Say that something unexpected happened and where it is written down."""
        dialog = MessageDialog(
            self.tokens,
            self.tr("Unexpected error"),
            self.tr("Something unexpected went wrong. The item itself was not changed."),
            self.tr("You can go on working. Details for whoever repairs it are in the file {}").format(log_path),
            self.window(),
        )
        dialog.add_file(log_path)
        self._show(dialog)

    def ask_to_stop(self, name: str) -> QuestionDialog:
        """Ask whether to give up an export for opening something.

        Args:
            name: What is to be opened.

        Returns:
            The dialog, already shown; `accepted` is the yes.
        """
        question = self.tr("Stop the export and open {}?")
        hint = self.tr("The file that is being written will not be finished.")
        for older in self.window().findChildren(QuestionDialog):
            older.reject()  # the newest wish counts
        dialog = QuestionDialog(
            self.tokens,
            self.tr("Work is under way"),
            question.format(name),
            hint,
            self.tr("Stop and open"),
            self.tr("Keep working"),
            self.window(),
        )
        dialog.open()
        return dialog

    def shortcuts(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """List every action that has keys.

        Args:
            keys: Those that count now, by action.
        """
        self._show(ShortcutsDialog(self.window(), keys))

    def _show(self, dialog: QDialog) -> None:
        if isinstance(dialog, MessageDialog):
            for other in self.window().findChildren(MessageDialog):
                if other is not dialog and other.isVisible() and other.message == dialog.message:
                    dialog.deleteLater()
                    return
        dialog.open()


class ShortcutsDialog(QDialog):
    """The help page of the keyboard, derived from the action table.

    Args:
        parent: The window.
        keys: Those that count now, by action.
    """

    def __init__(self, parent: QWidget | None, keys: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(36)
        grid.setVerticalSpacing(5)
        row = 0
        for menu, title in MENUS.items():
            specs = [spec for spec in ACTIONS if spec.menu == menu and keys[spec.key]]
            if not specs:
                continue
            heading = label(translated(title).replace("&", ""), "heading")
            heading.setContentsMargins(0, 8 if row else 0, 0, 0)
            grid.addWidget(heading, row, 0, 1, 2)
            row += 1
            for spec in specs:
                names = [QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText) for k in keys[spec.key]]
                grid.addWidget(label(plain(spec.text)), row, 0)
                field = label(self.tr(" or ").join(names), "muted")
                field.setFont(theme.mono_font())
                grid.addWidget(field, row, 1)
                row += 1
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.addWidget(scrolled(content))
        holder = QHBoxLayout()
        holder.setContentsMargins(12, 0, 16, 0)
        holder.addWidget(buttons)
        column.addLayout(holder)
        self.resize(520, 620)


def parse_place(text: str) -> int | float | None:
    """A frame number, or a time in seconds when it has a colon or a point; None when neither.

    >>> parse_place("120"), parse_place("1:02.5"), parse_place("3.25"), parse_place("soon")
    (120, 62.5, 3.25, None)
    """
    parts = text.strip().replace(",", ".").split(":")
    try:
        if len(parts) == 1 and "." not in parts[0]:
            return int(parts[0]) if int(parts[0]) >= 0 else None
        seconds = 0.0
        for part in parts:
            seconds = seconds * 60 + float(part)
    except ValueError:
        return None
    # NaN and infinity are numbers to float(), not places
    return seconds if 0.0 <= seconds < 1e7 else None


class GoToDialog(QDialog):
    """Asks for a frame number or a time."""

    frame_asked = Signal(int)
    time_asked = Signal(float)

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Go to frame or time"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("120 is a frame, 0:04.0 is a time"))
        self.field.setAccessibleName(self.windowTitle())
        self.field.textChanged.connect(self._on_changed)
        self._buttons = QDialogButtonBox()
        self._go = QPushButton(self.tr("Go"))
        self._go.setProperty("role", "primary")
        self._go.setEnabled(False)
        self._buttons.addButton(self._go, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self._on_accepted)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(14)
        column.addWidget(self.field)
        column.addWidget(self._buttons)
        self.setMinimumWidth(360)

    def _on_changed(self, text: str) -> None:
        self._go.setEnabled(parse_place(text) is not None)

    def _on_accepted(self) -> None:
        place = parse_place(self.field.text())
        if isinstance(place, int):
            self.frame_asked.emit(place)
        elif place is not None:
            self.time_asked.emit(place)
        self.accept()
