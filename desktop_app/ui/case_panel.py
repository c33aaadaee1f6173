"""The items of the case: a picture, a name, how far each is, and what was found."""

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QProgressBar, QToolButton, QVBoxLayout, QWidget

from desktop_app.domain.cases import ItemState
from desktop_app.reports import wording
from desktop_app.ui import theme
from desktop_app.ui.actions import Actions
from desktop_app.ui.case_desk import CaseDesk
from desktop_app.ui.entries import Entry, EntryState
from desktop_app.ui.transport import action_button
from desktop_app.ui.widgets import RowButton, empty, label, rounded, scrolled

THUMB_W, THUMB_H = 64, 42
MIN_W = 244
ROWS_AT_ONCE = 8
HEAD = ("add_folder",)
QUEUE = ("analyse_all", "pause", "queue_up", "queue_down", "queue_remove")
MENU = ("analyse", "resume", "queue_up", "queue_down", "queue_remove")


class EntryRow(RowButton):
    """One item.

    Args:
        item_id: Its number.
    """

    focused = Signal(int)

    def __init__(self, item_id: int) -> None:
        super().__init__()
        self.item_id = item_id
        self._full_name = ""
        self.setCheckable(True)
        self.setObjectName(f"entry_{item_id}")
        self._thumb, self._mark = QLabel(), QLabel()
        self._thumb.setFixedSize(QSize(THUMB_W, THUMB_H))
        self._thumb.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._mark.setFixedSize(QSize(16, 16))
        self.name, self.state = label("", "heading"), label("", wrap=True)
        self.name.setMinimumWidth(20)
        # names in Arabic or Hebrew stand below the others too
        self.name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        self.extra = label("", "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        row = QHBoxLayout(self)
        row.setContentsMargins(7, 7, 7, 7)
        row.setSpacing(9)
        row.addWidget(self._thumb, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.name)
        line = QHBoxLayout()
        line.setSpacing(5)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.state, 1)
        texts.addLayout(line)
        texts.addWidget(self._bar)
        texts.addWidget(self.extra)
        texts.addStretch(1)
        row.addLayout(texts, 1)
        for child in (*self.findChildren(QLabel), self._bar):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _elide(self) -> None:
        metrics, room = self.name.fontMetrics(), self.width() - THUMB_W - 28
        self.name.setText(metrics.elidedText(self._full_name, Qt.TextElideMode.ElideMiddle, max(60, room)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the name as there is room for."""
        super().resizeEvent(event)
        self._elide()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard is here."""
        super().focusInEvent(event)
        self.focused.emit(self.item_id)

    def fill(self, entry: Entry, words: tuple[str, str, str], mark: tuple[str, str], tokens: theme.Tokens) -> None:
        """Show an item.

        Args:
            entry: The item.
            words: Its name, its state and what else is to be said.
            mark: Name and colour of the shape beside the state.
            tokens: The theme.
        """
        ratio = self.devicePixelRatioF()
        if entry.thumb is not None and not entry.thumb.isNull():
            self._thumb.setPixmap(rounded(entry.thumb, THUMB_W, THUMB_H, ratio, QColor(tokens.border)))
        else:
            self._thumb.setPixmap(theme.pixmap("film", tokens.muted, 24, ratio))
        name, state, extra = words
        self._full_name = name
        self._elide()
        self._mark.setPixmap(theme.pixmap(*mark, 16, ratio))
        self.state.setText(state)
        self.extra.setText(extra)
        self.extra.setVisible(bool(extra))
        self._bar.setVisible(entry.state is EntryState.RUNNING)
        self._bar.setValue(round(entry.fraction * 1000))
        self.setAccessibleName(", ".join(text for text in words if text))


class CasePanel(QWidget):
    """Lists the items of the case in the order of their intake.

    Signals: `chosen` with an item that was clicked, `asked` with the key of an action and the item it is meant for.
    """

    chosen = Signal(int)
    asked = Signal(str, int)
    current_changed = Signal()

    def __init__(self, cases: CaseDesk, table: Actions, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cases, self._table, self._language = cases, table, language
        self._tokens = theme.DARK
        self._open_id = self._current = 0
        self.rows: dict[int, EntryRow] = {}
        self.title = label("", "heading")
        self.title.setMinimumWidth(20)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 6, 4)
        head.setSpacing(0)
        head.addWidget(self.title, 1)
        self.add_button = QToolButton()
        self.add_button.setProperty("role", "tight")
        self.add_button.setIconSize(QSize(18, 18))
        self.add_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add_button.setAccessibleName(self.tr("Add videos or pictures"))
        self.add_button.setToolTip(self.add_button.accessibleName())
        self.add_button.clicked.connect(table["open"].trigger)
        head.addWidget(self.add_button)
        self._add_buttons(head, HEAD)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(8, 2, 8, 8)
        self._column.setSpacing(6)
        self._queue = label("", "muted", wrap=True)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 2, 6, 4)
        foot.setSpacing(0)
        self._add_buttons(foot, QUEUE)
        self._queue.setIndent(8)
        foot.insertWidget(2, self._queue, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(scrolled(content), 1)
        layout.addLayout(foot)
        # wide enough for the states on one line, and so that the panel keeps its width whatever the queue says
        self.setMinimumWidth(MIN_W)
        cases.replaced.connect(self._reset)
        cases.entries_changed.connect(self._rebuild)
        cases.entry_changed.connect(self._on_entry)
        cases.info_changed.connect(self._on_info)
        self._rebuild()
        self._on_info(None)

    def _add_buttons(self, row: QHBoxLayout, keys: tuple[str, ...]) -> None:
        for key in keys:
            button = action_button(self._table, key, 18)
            button.setProperty("role", "tight")
            row.addWidget(button)

    @property
    def current(self) -> int:
        """The item that the actions of the queue act upon, 0 when there is none."""
        return self._current if self._current in self.rows else self._open_id

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.add_button.setIcon(theme.icon("add", tokens.text))
        self._refill()

    def mark_open(self, item_id: int) -> None:
        """Mark the item that lies on the desk, 0 for none."""
        self._open_id = self._current = item_id
        for number, row in self.rows.items():
            row.setChecked(number == item_id)

    def _on_info(self, _: object) -> None:
        self.title.setText(self._cases.name)
        self.title.setToolTip("" if self._cases.info is None else str(self._cases.info.path))

    def _reset(self) -> None:
        empty(self._column)
        self.rows.clear()

    def _rebuild(self) -> None:
        """Add rows for new items; of a large case the others must not be made again each time."""
        self._on_info(None)
        known, wanted = list(self.rows), list(self._cases.entries)
        if known != wanted[: len(known)] or not known:
            self._reset()
            known = []
        if not wanted:
            self._column.addWidget(
                label(self.tr("No items yet. Drop videos, pictures or a folder here."), "muted", True)
            )
        elif not known:
            self._column.addStretch(1)
        fresh = wanted[len(known) :]
        for item_id in fresh[:ROWS_AT_ONCE]:
            row = EntryRow(item_id)
            row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            row.customContextMenuRequested.connect(self._on_menu)
            row.clicked.connect(self._on_clicked)
            row.focused.connect(self._on_focused)
            row.setChecked(item_id == self._open_id)
            self.rows[item_id] = row
            self._column.insertWidget(self._column.count() - 1, row)
            self._on_entry(item_id)
        if len(fresh) > ROWS_AT_ONCE:
            # of a large case the rest follows while the window lives on
            QTimer.singleShot(0, self, self._rebuild)
        self._show_queue()

    def _show_queue(self) -> None:
        queue = self._cases.queue
        for item_id in queue.waiting:
            if item_id in self.rows:
                self.rows[item_id].state.setText(self._state_words(self._cases.entries[item_id]))
        items = len(self._cases.entries)
        words = self.tr("{} in all").format(items) if items else ""
        if queue.waiting:
            words = self.tr("{} waiting").format(len(queue.waiting))
        if queue.is_paused:
            words = self.tr("Paused, {} waiting").format(len(queue.waiting)) if queue.waiting else self.tr("Paused")
        self._queue.setText(words)
        self._queue.setToolTip(words)

    def _refill(self) -> None:
        for item_id in self.rows:
            self._on_entry(item_id)
        self._show_queue()

    def _on_entry(self, item_id: int) -> None:
        if item_id in self.rows:
            entry = self._cases.entries[item_id]
            words = entry.item.path.name, self._state_words(entry), self._extra_words(entry)
            row = self.rows[item_id]
            row.fill(entry, words, self._mark(entry), self._tokens)
            hints = [str(entry.item.path), entry.problem]
            names = [self._cases.entries[twin].item.path.name for twin in entry.twins if twin in self._cases.entries]
            hints.append(self.tr("Looks nearly the same as {}").format(", ".join(names)) if names else "")
            row.setToolTip("\n".join(hint for hint in hints if hint))

    def _state_words(self, entry: Entry) -> str:
        state = entry.state
        if state is EntryState.WAITING:
            waiting = self._cases.queue.waiting
            place = waiting.index(entry.item_id) + 1 if entry.item_id in waiting else 1
            return self.tr("Waiting, no.\u00a0{}").format(place)
        if state is EntryState.RUNNING:
            return self.tr("Analysing, {}\u00a0%").format(int(entry.fraction * 100))
        if state is EntryState.ABORTED:
            return self.tr("Broken off at {}\u00a0%").format(int(entry.fraction * 100))
        if state is EntryState.FAILED:
            return self.tr("Failed")
        if entry.verdict is not None:
            return wording.headline(entry.verdict, self._language, entry.ratio)
        return self.tr("Not analysed")

    def _extra_words(self, entry: Entry) -> str:
        parts = []
        if entry.state is EntryState.FAILED:
            parts.append(entry.problem)
        if entry.custody is not ItemState.INTACT:
            said = {
                ItemState.CHANGED: self.tr("File changed since intake"),
                ItemState.MOVED: self.tr("File moved since intake"),
                ItemState.MISSING: self.tr("File missing"),
            }[entry.custody]
            parts.append(self.tr("{} (accepted)").format(said) if entry.is_accepted else said)
        if len(entry.twins) == 1:
            parts.append(self.tr("Looks like another item"))
        elif entry.twins:
            parts.append(self.tr("Looks like {} other items").format(len(entry.twins)))
        return "\n".join(parts)

    def _mark(self, entry: Entry) -> tuple[str, str]:
        tokens = self._tokens
        if entry.custody is not ItemState.INTACT and not entry.is_accepted:
            return "custody", tokens.fake
        plain = {
            EntryState.IDLE: "remove",
            EntryState.WAITING: "waiting",
            EntryState.RUNNING: "analyse",
            EntryState.ABORTED: "partial",
            EntryState.FAILED: "failed",
        }.get(entry.state)
        if entry.state is EntryState.DONE and entry.verdict is not None:
            return theme.band_icon(entry.verdict.band), theme.band_color(tokens, entry.verdict.band)
        return plain or "check", tokens.muted

    def _on_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, EntryRow):
            # the mark follows what is really open
            row.setChecked(row.item_id == self._open_id)
            self._current = row.item_id
            self.chosen.emit(row.item_id)

    def _on_focused(self, item_id: int) -> None:
        self._current = item_id
        self.current_changed.emit()

    def _on_menu(self, place: QPoint) -> None:
        row = self.sender()
        if isinstance(row, EntryRow):
            self._current = row.item_id
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            for key in MENU:
                action = menu.addAction(self._table[key].text())
                action.setObjectName(key)
                action.setEnabled(self._can(key, self._cases.entries[row.item_id]))
            menu.triggered.connect(self._on_menu_action)
            menu.popup(row.mapToGlobal(place))

    def _can(self, key: str, entry: Entry) -> bool:
        if key == "analyse":
            return not self._cases.queue.is_queued(entry.item_id)
        if key == "resume":
            return entry.state is EntryState.ABORTED
        if key == "queue_remove":
            return self._cases.queue.is_queued(entry.item_id)
        return entry.state is EntryState.WAITING

    def _on_menu_action(self, action: QAction) -> None:
        self.asked.emit(action.objectName(), self._current)
