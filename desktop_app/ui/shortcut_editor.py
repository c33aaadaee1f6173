"""The page on which the user gives actions other keys; two actions never have the same."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui import keymap
from desktop_app.ui.actions import ACTIONS, MENUS, plain, translated
from desktop_app.ui.widgets import card, label

ACTION, KEYS, MENU, CHANGED = range(4)
NAMES = {spec.key: spec.text for spec in ACTIONS}
MENU_OF = {spec.key: spec.menu for spec in ACTIONS}


class KeyField(QKeySequenceEdit):
    """Takes one key, and leaves those that move the focus or close the dialog to it.

    Signals: `chosen` when a key was pressed, or taken away.
    """

    chosen = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._is_pressed = False
        self.keySequenceChanged.connect(self._on_changed)
        self.editingFinished.connect(self._on_finished)
        self.setMaximumSequenceLength(1)
        self.setClearButtonEnabled(True)
        self.setAccessibleName(name)
        inner = self.findChild(QLineEdit)
        if inner is not None:
            inner.setAccessibleName(name)

    def event(self, event: QEvent) -> bool:
        """Let the keys of the dialog pass."""
        passing = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if isinstance(event, QKeyEvent) and event.key() in passing:
            return QWidget.event(self, event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a key, unless it closes the dialog."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        # Qt empties the field before it takes the key, and with a bare modifier takes none
        self._is_pressed = True
        super().keyPressEvent(event)
        self._is_pressed = not self.text()
        if self.text():
            self.chosen.emit()

    @Slot()
    def _on_changed(self) -> None:
        if not self._is_pressed:
            self.chosen.emit()

    @Slot()
    def _on_finished(self) -> None:
        self._is_pressed = False

    def text(self) -> str:
        """What was pressed, as Qt writes it portably."""
        return keymap.normal(self.keySequence().toString(QKeySequence.SequenceFormat.PortableText))

    def show_key(self, text: str) -> None:
        """Show a key without telling of a change."""
        self.blockSignals(True)
        self.setKeySequence(QKeySequence(text))
        self.blockSignals(False)


class ShortcutPage(QWidget):
    """All actions with their keys, and a place to change those of the chosen one.

    Args:
        stored: The setting.
    """

    def __init__(self, stored: str) -> None:
        super().__init__()
        self.keys = keymap.keys_of(stored)
        self.action = ACTIONS[0].key
        self._wanted: tuple[int, str] | None = None
        self.table = self._build_table()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.table, 1)
        column.addWidget(self._build_strip())
        for row, spec in enumerate(ACTIONS):
            self._show_row(row, spec.key)
        self.table.currentCellChanged.connect(self._on_row)
        self.table.setCurrentCell(0, ACTION)

    def stored(self) -> str:
        """The setting as it is now."""
        return keymap.stored_form(self.keys)

    def select(self, action: str) -> None:
        """Choose an action by its key."""
        row = next(row for row, spec in enumerate(ACTIONS) if spec.key == action)
        self.table.setCurrentCell(row, ACTION)
        self.table.scrollTo(self.table.model().index(row, ACTION))

    def search(self, text: str) -> int:
        """Show the actions of whose name, menu or keys a text speaks, and say how many they are."""
        words, shown = text.casefold().split(), []
        for row, spec in enumerate(ACTIONS):
            said = " ".join((plain(spec.text), translated(MENUS[spec.menu]), *map(keymap.native, self.keys[spec.key])))
            found = all(word in said.replace("&", "").casefold() for word in words)
            self.table.setRowHidden(row, not found)
            shown += [row] if found else []
        if shown and self.table.currentRow() not in shown:
            self.table.setCurrentCell(shown[0], ACTION)
        return len(shown)

    def reset_all(self) -> None:
        """Every action has its first keys again."""
        self.keys = dict(keymap.DEFAULTS)
        self._show_all()

    def _build_table(self) -> QTableWidget:
        table = QTableWidget(len(ACTIONS), 4)
        table.setAccessibleName(self.tr("Actions and their keys"))
        table.setHorizontalHeaderLabels([self.tr("Action"), self.tr("Keys"), self.tr("Menu"), ""])
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setHighlightSections(False)
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        for place, width in ((KEYS, 190), (MENU, 110), (CHANGED, 90)):
            table.setColumnWidth(place, width)
        table.horizontalHeader().setSectionResizeMode(ACTION, QHeaderView.ResizeMode.Stretch)
        return table

    def _build_strip(self) -> QFrame:
        frame, column = card()
        self.title = label("", "heading")
        first, second = self.tr("Key"), self.tr("Second key")
        self.fields = (KeyField(first), KeyField(second))
        row = QHBoxLayout()
        row.setSpacing(8)
        for field, text in zip(self.fields, (first, second), strict=True):
            field.setMinimumWidth(190)
            field.chosen.connect(self._on_key)
            field.editingFinished.connect(self._on_left)
            name = label(text, "muted")
            name.setBuddy(field)
            row.addWidget(name)
            row.addWidget(field)
            row.addSpacing(8)
        row.addStretch(1)
        self.reset = QPushButton(self.tr("Reset"))
        self.reset.setProperty("role", "link")
        self.reset.setAutoDefault(False)
        self.reset.clicked.connect(self._on_reset)
        row.addWidget(self.reset)
        self.word = label("", wrap=True)
        self.take = QPushButton(self.tr("Take it from there"))
        self.take.setAutoDefault(False)
        self.take.clicked.connect(self._on_take)
        policy = self.take.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.take.setSizePolicy(policy)
        below = QHBoxLayout()
        below.addWidget(self.word, 1)
        below.addWidget(self.take)
        column.addWidget(self.title)
        column.addLayout(row)
        column.addLayout(below)
        return frame

    def _show_all(self) -> None:
        for row, spec in enumerate(ACTIONS):
            self._show_row(row, spec.key)
        self._show_strip()

    def _show_row(self, row: int, action: str) -> None:
        is_changed = self.keys[action] != keymap.DEFAULTS[action]
        keys = self.tr(" or ").join(map(keymap.native, self.keys[action]))
        cells = (plain(NAMES[action]), keys, translated(MENUS[MENU_OF[action]]).replace("&", ""))
        for place, text in enumerate((*cells, self.tr("changed") if is_changed else "")):
            item = QTableWidgetItem(text)
            font = item.font()
            font.setBold(is_changed and place in (KEYS, CHANGED))
            item.setFont(font)
            self.table.setItem(row, place, item)

    @Slot(int, int, int, int)
    def _on_row(self, row: int, _column: int, _before: int, _column_before: int) -> None:
        if row >= 0:
            self.action = ACTIONS[row].key
            self._show_strip()

    def _show_strip(self) -> None:
        held, name = self.keys[self.action], plain(NAMES[self.action])
        self._wanted = None
        self.title.setText(name)
        self._show_fields()
        self.reset.setVisible(held != keymap.DEFAULTS[self.action])
        self.reset.setAccessibleName(f"{self.reset.text()}: {name}")
        self._say(self.tr("Press the new key in a field; the cross takes it away."))

    def _say(self, text: str, can_take: bool = False) -> None:
        self.word.setText(text)
        self.word.setProperty("role", "" if can_take else "muted")
        self.word.style().unpolish(self.word)
        self.word.style().polish(self.word)
        self.take.setVisible(can_take)

    @Slot()
    def _on_left(self) -> None:
        # a modifier alone was pressed: what there is counts on
        if self._wanted is None:
            self._show_fields()

    @Slot()
    def _on_key(self) -> None:
        place = next(place for place, field in enumerate(self.fields) if field is self.sender())
        text = self.fields[place].text()
        self._wanted = None
        if text and keymap.is_reserved(text, self.action):
            self._say(
                self.tr("“{}” belongs to the system or to the controls. Choose another key.").format(
                    keymap.native(text)
                )
            )
            self._show_fields()
            return
        if keymap.owner(self.keys, text, self.action):
            self._offer(place, text)
        else:
            self._set(place, text)

    def _offer(self, place: int, text: str) -> None:
        """Say whose key it is; only a press on the button takes it."""
        self._wanted = place, text
        holder = keymap.owner(self.keys, text, self.action)
        said = self.tr("“{}” is the key of “{}”. Nothing changes until you take it from there.")
        self._say(said.format(keymap.native(text), plain(NAMES[holder])), can_take=True)

    def _show_fields(self) -> None:
        held = (*self.keys[self.action], "", "")
        for field, text in zip(self.fields, held, strict=False):
            if field.text() != text:
                field.show_key(text)

    def _set(self, place: int, text: str) -> None:
        texts = [*self.keys[self.action], "", ""][: keymap.MOST]
        texts[place] = text
        self.keys[self.action] = tuple(dict.fromkeys(filter(None, texts)))
        self._show_row(self.table.currentRow(), self.action)
        self.reset.setVisible(self.keys[self.action] != keymap.DEFAULTS[self.action])
        self._show_fields()
        self._say(self.tr("Counts once the settings are saved."))

    def _on_take(self) -> None:
        if self._wanted is None:
            return
        place, text = self._wanted
        self._free(text)
        self._set(place, text)
        self._show_all()
        self.fields[place].setFocus()

    def _free(self, text: str) -> None:
        """Take a key away from whatever other action has it."""
        while holder := keymap.owner(self.keys, text, self.action):
            self.keys[holder] = tuple(key for key in self.keys[holder] if not keymap.clash(text, key))

    def _on_reset(self) -> None:
        first = keymap.DEFAULTS[self.action]
        given = [key for key in first if keymap.owner(self.keys, key, self.action)]
        self.keys[self.action] = tuple(key for key in first if key not in given)
        self._show_all()
        self.fields[0].setFocus()
        if given:
            self._offer(len(self.keys[self.action]), given[0])
