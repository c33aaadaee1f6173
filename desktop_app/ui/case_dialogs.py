"""Dialogs of the case: an item that is not what was taken in, unsaved results, what a crash left behind."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.cases import ItemCheck, ItemState
from desktop_app.ui import theme
from desktop_app.ui.dialogs import MessageDialog
from desktop_app.ui.entries import Entry, LeftCase
from desktop_app.ui.widgets import card, label

Role = QDialogButtonBox.ButtonRole


def grouped(sha256: str) -> str:
    """A hash in groups that can be compared by eye."""
    groups = [sha256[i : i + 8] for i in range(0, 64, 8)]
    return "\n".join(" ".join(groups[i : i + 4]) for i in (0, 4))


class CustodyDialog(MessageDialog):
    """Says that an item is not what was taken in; goes on only for a reason.

    Signals: `accepted_because` with the reason, `search_asked` when a missing file is to be looked for.

    Args:
        tokens: The theme.
        entry: The item.
        check: The comparison.
        read_only: Whether the case cannot note an acceptance.
        parent: The window.
    """

    accepted_because = Signal(str)
    search_asked = Signal()

    def __init__(
        self, tokens: theme.Tokens, entry: Entry, check: ItemCheck, read_only: bool, parent: QWidget | None
    ) -> None:
        super().__init__(tokens, "", "…", "…", parent, "custody")
        self.setWindowTitle(self.tr("The item is not as it was taken in"))
        self.entry, self.check = entry, check
        message, hint = self._words()
        self.say(message, hint)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertLayout(1, self._facts())
        self.reason = QPlainTextEdit()
        self.reason.setPlaceholderText(self.tr("Why it is examined all the same"))
        self.reason.setAccessibleName(self.tr("Reason"))
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(72)
        self.reason.textChanged.connect(self._on_reason)
        self.buttons.clear()
        self.go = QPushButton()
        self.go.setProperty("role", "primary")
        self.leave = self.buttons.addButton(self.tr("Leave it"), Role.RejectRole)
        if check.state is ItemState.MISSING:
            self.go.setText(self.tr("Look for the file…"))
            self.go.clicked.connect(self._on_search)
            self.reason.hide()
        else:
            self.go.setText(self.tr("Accept and go on"))
            self.go.clicked.connect(self._on_accept)
            self.go.setEnabled(False)
            if isinstance(column, QVBoxLayout):
                column.insertWidget(2, self.reason)
            self.reason.setFocus()
        self.go.setVisible(not read_only)
        self.buttons.addButton(self.go, Role.ActionRole)
        self.setMinimumWidth(600)

    def _words(self) -> tuple[str, str]:
        name = self.entry.item.path.name
        if self.check.state is ItemState.CHANGED:
            return (
                self.tr("“{}” is not the file that was taken in.").format(name),
                self.tr(
                    "Its content has changed. Earlier results speak of the earlier content. To examine what lies "
                    "there now, state why; the reason goes into the log and into every report."
                ),
            )
        if self.check.state is ItemState.MOVED:
            return (
                self.tr("“{}” was found in another place.").format(name),
                self.tr("The content is the one that was taken in. State why it is examined from there."),
            )
        return (
            self.tr("“{}” is not where it was.").format(name),
            self.tr("It was moved, renamed or deleted, or its drive is not connected. Stored results stay readable."),
        )

    def _facts(self) -> QHBoxLayout:
        frame, layout = card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setColumnStretch(1, 1)
        item, check = self.entry.item, self.check
        rows = [(self.tr("Taken in"), str(item.path), ""), (self.tr("SHA-256 then"), grouped(item.sha256), "mono")]
        if check.path != item.path:
            rows.append((self.tr("Found"), str(check.path), ""))
        if check.sha256 is not None:
            rows.append((self.tr("SHA-256 now"), grouped(check.sha256), "mono"))
        for number, (name, value, kind) in enumerate(rows):
            field = label(value, wrap=True, selectable=True)
            if kind:
                field.setFont(theme.mono_font(-1.0))
            grid.addWidget(label(name, "muted"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, number, 1)
        layout.addLayout(grid)
        row = QHBoxLayout()
        row.addWidget(frame)
        return row

    def _on_reason(self) -> None:
        self.go.setEnabled(bool(self.reason.toPlainText().strip()))

    def _on_accept(self) -> None:
        self.accepted_because.emit(self.reason.toPlainText().strip())
        self.accept()

    def _on_search(self) -> None:
        self.search_asked.emit()
        self.accept()


class UnsavedDialog(MessageDialog):
    """Asks what becomes of results that belong to no saved case.

    Signals: `save_asked` and `discarded`; closing it in any other way leaves everything as it is.
    """

    save_asked = Signal()
    discarded = Signal()

    def __init__(self, tokens: theme.Tokens, parent: QWidget | None) -> None:
        super().__init__(tokens, "", "…", "…", parent, "case")
        self.setWindowTitle(self.tr("Unsaved case"))
        self.say(
            self.tr("Keep the results of this case?"),
            self.tr("Its analyses, notes and log are lost if you discard it. The files themselves are not touched."),
        )
        self.buttons.clear()
        self.save = self.buttons.addButton(self.tr("Save case as…"), Role.ActionRole)
        self.save.setProperty("role", "primary")
        self.discard = self.buttons.addButton(self.tr("Discard"), Role.ActionRole)
        self.discard.setAutoDefault(False)
        self.buttons.addButton(self.tr("Cancel"), Role.RejectRole)
        self.save.clicked.connect(self._on_save)
        self.discard.clicked.connect(self._on_discard)
        self.save.setDefault(True)
        self.save.setFocus()

    def _on_save(self) -> None:
        self.accept()
        self.save_asked.emit()

    def _on_discard(self) -> None:
        self.accept()
        self.discarded.emit()


class RecoveryDialog(MessageDialog):
    """Offers what a crash left behind: go on with it, save it, or discard it.

    Signals, each with the case: `open_asked`, `save_asked`, `discarded`.
    """

    open_asked = Signal(object)
    save_asked = Signal(object)
    discarded = Signal(object)

    def __init__(self, tokens: theme.Tokens, left: tuple[LeftCase, ...], parent: QWidget | None) -> None:
        super().__init__(tokens, "", "…", "…", parent, "case")
        self.setWindowTitle(self.tr("Recovered work"))
        self.say(
            self.tr("Cotejo ended unexpectedly last time. Your work was kept."),
            self.tr("Everything that had been analysed until then is there, and a broken-off analysis can go on."),
        )
        self.rows: dict[str, QWidget] = {}
        column = self.layout()
        for number, case in enumerate(left):
            row = self._row(case)
            self.rows[case.path.name] = row
            if isinstance(column, QVBoxLayout):
                column.insertWidget(1 + number, row)
        self.buttons.clear()
        self.buttons.addButton(self.tr("Decide later"), Role.RejectRole)
        self.setMinimumWidth(600)

    def _row(self, case: LeftCase) -> QWidget:
        frame, layout = card()
        names = ", ".join(case.items[:3]) + (" …" if len(case.items) > 3 else "")
        layout.addWidget(label(names, "heading", wrap=True))
        facts = self.tr("Last written {} · items: {} · analyses: {}")
        layout.addWidget(label(facts.format(case.begun, len(case.items), case.analyses), "muted", wrap=True))
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 0)
        for key, text in (
            ("open", self.tr("Go on with it")),
            ("save", self.tr("Save case as…")),
            ("discard", self.tr("Discard")),
        ):
            button = QPushButton(text)
            button.setObjectName(key)
            button.setProperty("case", case)
            button.setAutoDefault(False)
            button.clicked.connect(self._on_button)
            button.setProperty("role", "primary" if key == "open" else "")
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        return frame

    def _on_button(self) -> None:
        sender = self.sender()
        key, case = sender.objectName(), sender.property("case")
        if key == "discard":
            self.discarded.emit(case)
            self.rows.pop(case.path.name).hide()
            self.adjustSize()
            if not self.rows:
                self.accept()
            return
        (self.open_asked if key == "open" else self.save_asked).emit(case)
        self.accept()
