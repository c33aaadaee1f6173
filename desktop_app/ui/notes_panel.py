"""Notes with links to frames, names of bookmarks, and the examiner's own conclusion."""

import html
import re
from collections.abc import Callable

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui import theme
from desktop_app.ui.marks import MarkSet
from desktop_app.ui.notebook import Notebook
from desktop_app.ui.widgets import card, empty, label, scrolled
from desktop_app.ui.written import Note

# a link is kept as it was written, in whichever language
_LINK = re.compile(r"\[(?:frame|fotograma) (\d{1,9})\]", re.IGNORECASE)
NOTE_PX, CONCLUSION_PX = 84, 96
PAUSE_MS = 600


class NotesPanel(QWidget):
    """What the examiner writes about the open item.

    Signals: `frame_chosen` with the frame of a link or a bookmark.

    Args:
        notebook: Where all of it is kept.
        parent: Owner.
    """

    frame_chosen = Signal(int)

    def __init__(self, notebook: Notebook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notebook = notebook
        self._tokens = theme.DARK
        self._item_id = 0
        self._editing = 0
        self._drafts: dict[int, str] = {}
        self._notes: tuple[Note, ...] | None = None
        self._frames: tuple[int, ...] | None = None
        self._stated: str | None = None
        self.names: dict[int, QLineEdit] = {}
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 16)
        column.setSpacing(8)
        self._unkept = label(self.tr("This case cannot be written: your words last until it is closed."), "muted", True)
        column.addWidget(self._unkept)
        self._add_editor(column)
        self._list, self._places = QVBoxLayout(), QVBoxLayout()
        for layout in (self._list, self._places):
            layout.setSpacing(8)
            column.addLayout(layout)
        self._add_conclusion(column)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(content))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.commit)
        self.conclusion.textChanged.connect(self._pause.start)
        notebook.changed.connect(self._on_changed)
        notebook.turning.connect(self.commit)
        notebook.marks.changed.connect(self._on_marks)
        self._on_changed()

    def _add_editor(self, column: QVBoxLayout) -> None:
        self.editor = _area(self.tr("Note"), self.tr("Write a note about this item"), NOTE_PX)
        self.editor.textChanged.connect(self._on_typed)
        self.link_button = QPushButton(self.tr("Link this frame"))
        self.link_button.setToolTip(self.tr("Insert a link to the frame that is shown"))
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self._stop_editing)
        self.add_button = QPushButton()
        self.add_button.setProperty("role", "primary")
        self.add_button.clicked.connect(self.save_note)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.link_button)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.add_button)
        column.addWidget(self.editor)
        column.addLayout(row)

    def _add_conclusion(self, column: QVBoxLayout) -> None:
        column.addWidget(_heading(self.tr("Conclusion of the examiner")))
        text = self.tr("Your own words. The report sets them apart from what the machine found.")
        column.addWidget(label(text, "muted", wrap=True))
        self.conclusion = _area(self.tr("Conclusion of the examiner"), "", CONCLUSION_PX)
        column.addWidget(self.conclusion)

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self._notes = None
        self._show_notes()

    # writing

    def begin_note(self) -> None:
        """Let the user write a note."""
        self.editor.setFocus()

    def insert_link(self, frame: int) -> None:
        """Put a link to a frame where the user writes."""
        field = self.conclusion if self.conclusion.hasFocus() else self.editor
        cursor = field.textCursor()
        before = field.toPlainText()[: cursor.position()]
        gap = " " if before and not before[-1].isspace() else ""
        cursor.insertText(gap + self.tr("[frame {}]").format(frame) + " ")
        field.setFocus()

    @Slot()
    def save_note(self) -> None:
        """Keep the note that was written or changed."""
        text = self.editor.toPlainText().strip()
        if not text:
            return
        if self._editing:
            self._notebook.change_note(self._editing, text)
        else:
            self._notebook.add_note(text)
        self._stop_editing()

    @Slot()
    def commit(self) -> None:
        """Keep the conclusion as it stands now."""
        self._pause.stop()
        if self._item_id and self._item_id == self._notebook.item_id:
            self._notebook.set_conclusion(self.conclusion.toPlainText().strip())

    def finish(self) -> None:
        """Keep what is being written too, before the panel goes away."""
        self.commit()
        if self._item_id and self._item_id == self._notebook.item_id:
            self.save_note()

    @Slot()
    def _stop_editing(self) -> None:
        self._editing = 0
        self.editor.clear()
        self._name_buttons()

    @Slot()
    def _on_typed(self) -> None:
        self._name_buttons()

    def _name_buttons(self) -> None:
        self.add_button.setText(self.tr("Save note") if self._editing else self.tr("Add note"))
        self.add_button.setEnabled(bool(self.editor.toPlainText().strip()))
        self.cancel_button.setVisible(bool(self._editing))

    # showing

    @Slot()
    def _on_changed(self) -> None:
        notebook = self._notebook
        self._unkept.setVisible(not notebook.is_kept)
        if notebook.item_id != self._item_id:
            self._turn_page(notebook.item_id)
        self._show_notes()
        stated = notebook.now.conclusion
        if stated != self._stated:
            self._stated = stated
            if self.conclusion.toPlainText().strip() != stated:
                self.conclusion.setPlainText(stated)
                self._pause.stop()

    def _turn_page(self, item_id: int) -> None:
        """What was begun stays with the item it was begun at."""
        self._drafts[self._item_id] = "" if self._editing else self.editor.toPlainText()
        self._item_id, self._stated = item_id, None
        self._stop_editing()
        self.editor.setPlainText(self._drafts.get(item_id, ""))

    def _show_notes(self) -> None:
        notes = self._notebook.now.notes
        if notes == self._notes:
            return
        self._notes = notes
        if self._editing and self._editing not in {note.key for note in notes}:
            self._stop_editing()
        empty(self._list)
        for note in notes:
            self._list.addWidget(self._card(note))

    def _card(self, note: Note) -> QFrame:
        frame, layout = card()
        frame.setAccessibleName(self.tr("Note"))
        head = QHBoxLayout()
        head.setSpacing(2)
        when = QLocale().toString(
            QDateTime.fromSecsSinceEpoch(int(note.at_utc.timestamp())), QLocale.FormatType.ShortFormat
        )
        head.addWidget(label(" · ".join(part for part in (note.author, when) if part), "muted", wrap=True), 1)
        head.addWidget(self._tool("edit", self.tr("Change this note"), lambda: self._edit(note)))
        head.addWidget(self._tool("close", self.tr("Remove this note"), lambda: self._notebook.remove_note(note.key)))
        layout.addLayout(head)
        layout.addWidget(self._text(note.text))
        return frame

    def _text(self, text: str) -> QLabel:
        result = label("", wrap=True)
        result.setTextFormat(Qt.TextFormat.RichText)
        result.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        result.setText(linked(text, self._tokens.text))
        result.linkActivated.connect(self._on_link)
        return result

    def _tool(self, icon: str, name: str, action: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "tight")
        button.setIconSize(QSize(14, 14))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIcon(theme.icon(icon, self._tokens.muted))
        button.setObjectName(icon)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(action)
        return button

    def _edit(self, note: Note) -> None:
        self._editing = note.key
        self.editor.setPlainText(note.text)
        self._name_buttons()
        self.editor.setFocus()

    @Slot(str)
    def _on_link(self, frame: str) -> None:
        self.frame_chosen.emit(int(frame))

    # bookmarks

    @Slot(object)
    def _on_marks(self, marks: MarkSet) -> None:
        if marks.frames != self._frames:
            self._frames = marks.frames
            self._build_places(marks)
        for frame, text in marks.bookmarks:
            if self.names[frame].text() != text:
                self.names[frame].setText(text)

    def _build_places(self, marks: MarkSet) -> None:
        empty(self._places)
        self.names.clear()
        if marks.bookmarks:
            self._places.addWidget(_heading(self.tr("Bookmarks")))
        for frame in marks.frames:
            self._places.addWidget(self._place(frame))

    def _place(self, frame: int) -> QWidget:
        place = QWidget()
        button = QPushButton(self.tr("Frame {}").format(frame))
        button.setToolTip(self.tr("Go to this frame"))
        button.clicked.connect(lambda: self.frame_chosen.emit(frame))
        name = QLineEdit()
        name.setPlaceholderText(self.tr("What is to be seen there"))
        name.setAccessibleName(self.tr("Name of the bookmark at frame {}").format(frame))
        name.editingFinished.connect(lambda: self._notebook.marks.name_bookmark(frame, name.text().strip()))
        self.names[frame] = name
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(button)
        row.addWidget(name, 1)
        return place


def linked(text: str, color: str) -> str:
    """A note as rich text, with its frames as links.

    >>> linked("a < b, see [frame 12]", "#fff")
    'a &lt; b, see <a href="12" style="color:#fff">[frame 12]</a>'
    """
    safe = html.escape(text, quote=False).replace("\n", "<br>")
    return _LINK.sub(lambda found: f'<a href="{found[1]}" style="color:{color}">{found[0]}</a>', safe)


def _area(name: str, hint: str, height_px: int) -> QPlainTextEdit:
    result = QPlainTextEdit()
    result.setAccessibleName(name)
    result.setPlaceholderText(hint)
    result.setTabChangesFocus(True)
    result.setFixedHeight(height_px)
    result.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return result


def _heading(text: str) -> QLabel:
    result = label(text, "heading")
    result.setContentsMargins(0, 8, 0, 0)
    return result
