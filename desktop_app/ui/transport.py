"""The row below the picture: play, step, where we are, and the zoom."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from desktop_app.ui import theme
from desktop_app.ui.actions import Actions
from desktop_app.ui.curves import timecode
from desktop_app.ui.widgets import label

PLAYING = ("first", "step_back", "play", "step_forward", "last")
ZOOMING = ("zoom_out", "fit", "actual", "zoom_in", "boxes")


def action_button(actions: Actions, key: str, side: int = 20) -> QToolButton:
    """A button of an action that the mouse does not leave focused, so that Space keeps playing."""
    button = QToolButton()
    button.setDefaultAction(actions[key])
    button.setIconSize(QSize(side, side))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(actions[key].toolTip())
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return button


class Transport(QFrame):
    """Buttons of the action table around exact time, frame number and time stamp."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self._actions = actions
        self._buttons = {key: action_button(actions, key, 22 if key == "play" else 20) for key in (*PLAYING, *ZOOMING)}
        for button in self._buttons.values():
            button.setProperty("role", "tight")
        self.time = label("", "number", selectable=True)
        self.frame = label("", "number", selectable=True)
        self.stamp = label("", "muted", selectable=True)
        self.zoom = label("", "muted")
        for field in (self.time, self.frame, self.stamp):
            field.setFont(theme.mono_font())
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(1)
        for key in PLAYING:
            row.addWidget(self._buttons[key])
        row.addSpacing(10)
        for field in (self.time, self.frame, self.stamp):
            row.addWidget(field)
            row.addSpacing(12)
        row.addStretch(1)
        row.addWidget(self.zoom)
        row.addSpacing(6)
        for key in ZOOMING:
            row.addWidget(self._buttons[key])

    def set_position(self, frame: int, count: int, time_s: float, duration_s: float, pts: int | None) -> None:
        """Say where we are."""
        self.time.setText(f"{timecode(time_s)} / {timecode(duration_s)}")
        self.frame.setText(self.tr("Frame {} / {}").format(frame, max(0, count - 1)))
        self.stamp.setText(self.tr("PTS {}").format(self.tr("missing") if pts is None else pts))

    def set_zoom(self, zoom: float, is_fit: bool) -> None:
        """Say how large the picture is."""
        text = f"{zoom * 100:.0f} %"
        self.zoom.setText(self.tr("Fit, {}").format(text) if is_fit else text)

    def set_playing(self, is_playing: bool, tokens: theme.Tokens) -> None:
        """Show the icon of what a press would do."""
        self._actions["play"].setIcon(theme.icon("pause" if is_playing else "play", tokens.text))
