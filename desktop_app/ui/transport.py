"""The row below the picture: play, step, where we are, how fast and how loud, and the zoom."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from desktop_app.ui import theme
from desktop_app.ui.actions import ACTIONS, Actions, plain
from desktop_app.ui.choices import shown_time
from desktop_app.ui.widgets import label

PLAYING = ("first", "step_back", "play", "step_forward", "last")
ENDS = ("first", "last")
MARKING = ("loop", "bookmark")
FINE_ZOOM = ("zoom_out", "actual", "zoom_in")
BUTTONS = {"ends": ENDS, "marking": MARKING, "zooming": FINE_ZOOM}
ZOOMING = ("zoom_out", "fit", "actual", "zoom_in", "boxes")


def action_button(actions: Actions, key: str, side: int = 20) -> QToolButton:
    """A button of an action that the mouse does not leave focused, so that Space keeps playing."""
    button = QToolButton()
    button.setDefaultAction(actions[key])
    button.setIconSize(QSize(side, side))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setObjectName(f"tool_{key}")
    button.setAccessibleName(plain(next(spec.text for spec in ACTIONS if spec.key == key)))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return button


def _text_px(field: QLabel, text: str) -> int:
    # a little more than the letters: labels round up
    return field.fontMetrics().horizontalAdvance(text) + 4


class Transport(QFrame):
    """Buttons of the action table around exact time, frame number and time stamp; narrow, it says less."""

    volume_changed = Signal(float)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        # time runs to the right in the timeline, and so do the arrows
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._actions = actions
        keys = (*PLAYING, *MARKING, "mute", *ZOOMING)
        self._buttons = {key: action_button(actions, key, 22 if key == "play" else 20) for key in keys}
        for button in self._buttons.values():
            button.setProperty("role", "tight")
        self.time = label("", "number", selectable=True)
        self.frame = label("", "number", selectable=True)
        self.stamp = label("", "muted", selectable=True)
        self.zoom = label("", "muted")
        self.speed = label("", "number")
        self.volume = self._build_volume()
        self._has_sound = False
        self._times: tuple[str, ...] = ()
        self._shows_total = True
        # the longest time, frame number and time stamp of the item
        self._longest = ("", "", "")
        for field in (self.time, self.frame, self.stamp):
            field.setFont(theme.mono_font())
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(1)
        for key in (*PLAYING, *MARKING):
            row.addWidget(self._buttons[key])
        row.addSpacing(10)
        for field in (self.time, self.frame, self.stamp):
            row.addWidget(field)
            row.addSpacing(12)
        row.addWidget(self.speed)
        row.addStretch(1)
        row.addWidget(self._buttons["mute"])
        row.addWidget(self.volume)
        row.addSpacing(8)
        row.addWidget(self.zoom)
        row.addSpacing(6)
        for key in ZOOMING:
            row.addWidget(self._buttons[key])
        # less is said where there is less room, instead of holding the window open
        self.setMinimumWidth(300)
        self.set_sound(False, False)

    def _build_volume(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setValue(100)
        slider.setFixedWidth(64)
        slider.setAccessibleName(self.tr("Volume"))
        slider.valueChanged.connect(lambda value: self.volume_changed.emit(value / 100))
        return slider

    def set_sound(self, has_sound: bool, can_be_heard: bool) -> None:
        """Offer volume and mute where there is something to hear."""
        self._has_sound = has_sound
        self.volume.setEnabled(can_be_heard)
        self.volume.setToolTip(self.tr("Volume") if can_be_heard else self.tr("This computer has no sound device"))
        self._make_room()

    def set_speed(self, speed: float) -> None:
        """Say how fast time runs where that is not the normal speed."""
        number = QLocale().toString(abs(speed), "g", 3)
        self.speed.setText("" if speed == 1.0 else f"{'-' if speed < 0 else ''}{number}x")
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say what there is room for."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Show what fits, the most needed first; by the longest texts, so that nothing comes and goes."""
        room = self.width() - self._fixed_px()
        fits = True
        for name, width in self._optional():
            fits = fits and width <= room
            room -= width
            self._show(name, fits)
        self._buttons["mute"].setVisible(self._has_sound)
        self._show_time()

    def _fixed_px(self) -> int:
        """Width of what always stays, with all that lies between the parts."""
        row = self._row
        margins = row.contentsMargins()
        gaps = 10 + 3 * 12 + 8 + 6 + row.spacing() * row.count()
        keys = ("step_back", "play", "step_forward", "fit", "boxes", *(("mute",) if self._has_sound else ()))
        texts = _text_px(self.time, self._longest[0]) + _text_px(self.speed, self.speed.text())
        return margins.left() + margins.right() + gaps + texts + self._buttons_px(keys)

    def _optional(self) -> tuple[tuple[str, int], ...]:
        """What may be left out and its width, the most needed first."""
        time, frame, stamp = self._longest
        return (
            ("ends", self._buttons_px(ENDS)),
            ("frame", _text_px(self.frame, frame)),
            ("total", _text_px(self.time, f" / {time}")),
            ("marking", self._buttons_px(MARKING)),
            ("zooming", self._buttons_px(FINE_ZOOM)),
            ("volume", self.volume.width() if self._has_sound else 0),
            ("zoom", _text_px(self.zoom, self.tr("Fit, {}").format("1000 %"))),
            ("stamp", _text_px(self.stamp, stamp)),
        )

    def _buttons_px(self, keys: Sequence[str]) -> int:
        return sum(self._buttons[key].sizeHint().width() for key in keys)

    def _show(self, name: str, is_shown: bool) -> None:
        if name == "total":
            self._shows_total = is_shown
        elif name in BUTTONS:
            for key in BUTTONS[name]:
                self._buttons[key].setVisible(is_shown)
        elif name == "volume":
            self.volume.setVisible(is_shown and self._has_sound)
        else:
            {"frame": self.frame, "zoom": self.zoom, "stamp": self.stamp}[name].setVisible(is_shown)

    def set_position(self, frame: int, count: int, time_s: float, duration_s: float, pts: int | None) -> None:
        """Say where we are."""
        last = max(0, count - 1)
        self._times = shown_time(time_s), shown_time(duration_s)
        self._show_time()
        self.frame.setText(self.tr("Frame {} / {}").format(frame, last))
        self.stamp.setText(self.tr("PTS {}").format(self.tr("missing") if pts is None else pts))
        stamp = max(self._longest[2], "0" * len(self.stamp.text()), key=len)
        longest = (self._times[1], self.tr("Frame {} / {}").format(last, last), stamp)
        if longest != self._longest:
            self._longest = longest
            self._make_room()

    def _show_time(self) -> None:
        self.time.setText(" / ".join(self._times if self._shows_total else self._times[:1]))

    def set_zoom(self, zoom: float, is_fit: bool) -> None:
        """Say how large the picture is."""
        text = f"{zoom * 100:.0f} %"
        self.zoom.setText(self.tr("Fit, {}").format(text) if is_fit else text)

    def set_playing(self, is_playing: bool, tokens: theme.Tokens) -> None:
        """Show the icon of what a press would do."""
        self._actions["play"].setIcon(theme.icon("pause" if is_playing else "play", tokens.text))
