"""What stands around two compared items: a head above each, the second picture, and the row that links them."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain import Frame, MediaInfo
from desktop_app.ui import theme
from desktop_app.ui.actions import Actions
from desktop_app.ui.choices import shown_offset, shown_time
from desktop_app.ui.transport import action_button
from desktop_app.ui.viewer import Viewer
from desktop_app.ui.widgets import label

TIMING = ("compare_link", "compare_back", "compare_forward", "compare_reset", "find_moment")
LOOKING = ("compare_side", "compare_flip", "compare_difference", "compare_zoom")
TAKING = ("copy_comparison", "save_comparison")
SHORT_HASH = 12


class Head(QFrame):
    """Role and name of an item, and which frame of it is shown.

    Args:
        role: What it is in the comparison.
    """

    closed = Signal()

    def __init__(self, role: str, can_close: bool = False) -> None:
        super().__init__()
        self._role, self._name = role, ""
        self._info: MediaInfo | None = None
        self.role = label(role, "muted")
        self.name = label("", "heading")
        self.name.setMinimumWidth(20)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.facts = label("", "muted", selectable=True)
        self.facts.setFont(theme.mono_font(-1.0))
        self.facts.setMinimumWidth(20)
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QToolButton()
        self.button.setProperty("role", "tight")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setAccessibleName(self.tr("Close the comparison"))
        self.button.setToolTip(self.button.accessibleName())
        # both heads keep its room, so that they are alike
        policy = self.button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(policy)
        self.button.setVisible(can_close)
        self.button.clicked.connect(self.closed)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.role)
        row.addWidget(self.name, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 3, 4, 4)
        column.setSpacing(1)
        column.addLayout(row)
        column.addWidget(self.facts)
        self.setFixedHeight(54)

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self.button.setIcon(theme.icon("close", tokens.muted))

    def set_role(self, role: str) -> None:
        """Say what it is in the comparison."""
        self._role = role
        self.role.setText(role)

    def show_item(self, info: MediaInfo) -> None:
        """Say which item it is."""
        self._name, self._info = info.path.name, info
        self.setToolTip(f"{info.path}\nSHA-256 {info.sha256}")
        self._elide()
        self.show_frame(None)

    def show_frame(self, frame: Frame | None) -> None:
        """Say which frame of it is shown, None where none is."""
        if self._info is None:
            return
        digest = f"SHA-256 {self._info.sha256[:SHORT_HASH]}…"
        parts = [digest]
        if frame is not None:
            parts = [self.tr("Frame {}").format(frame.index), shown_time(frame.time_s), digest]
        self.facts.setText("   ".join(parts))
        self.setAccessibleName(", ".join((self._role, self._name, *parts)))

    def _elide(self) -> None:
        room = max(40, self.name.width())
        self.name.setText(self.name.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the name as there is room for."""
        super().resizeEvent(event)
        self._elide()


class ComparePane(QFrame):
    """The compared item: its head, and its picture or why there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.head = Head(self.tr("Compared"), can_close=True)
        self.viewer = Viewer()
        self.viewer.setAccessibleName(self.tr("Picture of the compared item"))
        self.viewer.setMinimumSize(120, 80)
        self.away = label("", "heading")
        self.away.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.away.setWordWrap(True)
        self.away.setObjectName("outside")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.viewer)
        self.stack.addWidget(self.away)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.stack, 1)

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self.head.dress(tokens)
        self.viewer.dress(tokens)
        self.away.setStyleSheet(f"background: {tokens.stage}; color: {tokens.text};")

    def show_away(self, text: str) -> None:
        """Say why there is no picture; empty shows the picture again."""
        self.away.setText(text)
        self.stack.setCurrentWidget(self.away if text else self.viewer)


class CompareBar(QFrame):
    """One row of actions below both pictures, a slider that moves the second alone, and a line that says what is seen.

    Signals: `sought` with a frame that the slider was moved to.

    Args:
        table: The actions.
    """

    sought = Signal(int)

    def __init__(self, table: Actions) -> None:
        super().__init__()
        self.setObjectName("transport")
        self._buttons = {key: action_button(table, key, 18) for key in (*TIMING, *LOOKING, *TAKING)}
        for button in self._buttons.values():
            button.setProperty("role", "tight")
        self.offset = label("", "number", selectable=True)
        self.offset.setFont(theme.mono_font(-1.0))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Frame of the compared item"))
        self.slider.setMinimumWidth(50)
        self.slider.valueChanged.connect(self.sought)
        self.says = label("", "muted", wrap=True, selectable=True)
        self.says.hide()
        row = QHBoxLayout()
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(1)
        row.addWidget(self._buttons["compare_link"])
        row.addSpacing(6)
        row.addWidget(self.offset)
        row.addSpacing(6)
        for key in TIMING[1:]:
            row.addWidget(self._buttons[key])
        row.addSpacing(8)
        row.addWidget(self.slider, 1)
        row.addSpacing(8)
        for key in (*LOOKING, *TAKING):
            if key == TAKING[0]:
                row.addSpacing(8)
            row.addWidget(self._buttons[key])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 0, 12, 5)
        foot.addWidget(self.says)
        column.addLayout(foot)
        self.setMinimumWidth(300)

    def say(self, text: str) -> None:
        """Say what is seen or was found; empty says nothing."""
        self.says.setText(text)
        self.says.setVisible(bool(text))

    def show_link(self, offset_s: float, is_on: bool) -> None:
        """Say how the two go together."""
        linked = self.tr("Linked {}").format(shown_offset(offset_s))
        self.offset.setText(linked if is_on else self.tr("Not linked"))
        self.offset.setToolTip(self.tr("What is added to the time of the open item to get that of the compared one"))
        self.slider.setEnabled(not is_on)
        moves = self.tr("Frame of the compared item")
        self.slider.setToolTip(self.tr("Unlink the two to move the compared item alone") if is_on else moves)

    def show_place(self, frame: int, count: int) -> None:
        """Put the slider where the compared item is, without telling it back."""
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, count - 1))
        self.slider.setValue(frame)
        self.slider.setVisible(count > 1)
        self.slider.blockSignals(False)

    def sizeHint(self) -> QSize:
        """As high as needed; the width is that of the pictures."""
        return QSize(300, super().sizeHint().height())


class Pair(QWidget):
    """The open item at the left and the compared one at the right, the row that links them below.

    Args:
        first: The view of the open item.
    """

    def __init__(self, first: QWidget) -> None:
        super().__init__()
        self.head = Head(self.tr("Questioned"))
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.head)
        left.addWidget(first, 1)
        self.pane = ComparePane()
        self.bar: CompareBar | None = None
        row = QHBoxLayout()
        row.setSpacing(1)
        row.addWidget(self._left, 1)
        row.addWidget(self.pane, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(row, 1)
        self.head.hide()
        self.pane.hide()

    def add_bar(self, bar: CompareBar) -> None:
        """Put the row below the pictures; hidden until two are compared."""
        self.bar = bar
        self._column.addWidget(bar)
        bar.hide()

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self.head.dress(tokens)
        self.pane.dress(tokens)

    def show_parts(self, first: bool, second: bool) -> None:
        """Show one or both; the heads are for two only."""
        self._left.setVisible(first)
        self.pane.setVisible(second)

    def set_comparing(self, is_on: bool) -> None:
        """Whether two are compared at all."""
        self.head.setVisible(is_on)
        if self.bar is not None:
            self.bar.setVisible(is_on)
        if not is_on:
            self.show_parts(True, False)
