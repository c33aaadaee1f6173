"""What is written over the curves: names of persons, the key to the detectors, the readout and a hint."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.ui import theme
from desktop_app.ui.curve_layer import BADGE_PX, LETTERS, badge, line_style
from desktop_app.ui.lanes import GUTTER_PX, RIGHT_PX
from desktop_app.ui.plot_area import ROW_PX

MAX_NAMES = 8
LINE_PX = 34


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One detector in the key.

    Args:
        number: Of the detector.
        text: Its name and verdict.
        color: Of its curve.
    """

    number: int
    text: str
    color: QColor


class DetectorKey(QWidget):
    """Which line and letter belongs to which detector."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries: tuple[KeyEntry, ...] = ()
        self._tokens = theme.DARK
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedHeight(ROW_PX)
        self.hide()

    @property
    def entries(self) -> tuple[KeyEntry, ...]:
        """The detectors that are shown."""
        return self._entries

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    def show_entries(self, entries: Sequence[KeyEntry]) -> None:
        """Show detectors, none hides the key."""
        self._entries = tuple(entries)
        self.setAccessibleName("; ".join(f"{LETTERS[e.number]}: {e.text}" for e in entries))
        self.setVisible(bool(entries))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as it can be."""
        return QSize(1 << 12, ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a piece of line with its letter, and the name."""
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, metrics = self.height() / 2, painter.fontMetrics()
        room = self.width() / max(1, len(self._entries)) - LINE_PX - 26
        left = 0.0
        for entry in self._entries:
            pen = QPen(entry.color, 1.4, line_style(entry.number))
            painter.setPen(pen)
            painter.drawLine(QPointF(left, middle), QPointF(left + LINE_PX, middle))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._tokens.surface))
            painter.drawEllipse(QPointF(left + LINE_PX / 2, middle), BADGE_PX / 2 + 1, BADGE_PX / 2 + 1)
            painter.save()
            painter.translate(left + LINE_PX / 2, middle)
            painter.scale(BADGE_PX, BADGE_PX)
            painter.setBrush(entry.color)
            painter.drawPath(badge(LETTERS[entry.number]))
            painter.restore()
            text = metrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, round(max(room, 60.0)))
            painter.setPen(QColor(self._tokens.text))
            width = metrics.horizontalAdvance(text)
            place = QRectF(left + LINE_PX + 6, 0, width + 4, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            left += LINE_PX + width + 28
        painter.end()


class TimelineWords(QObject):
    """The texts over the plot.

    Signals: `track_chosen` with the person whose name was clicked.

    Args:
        parent: The timeline.
        plot: What they lie on.
    """

    track_chosen = Signal(int)

    def __init__(self, parent: QWidget, plot: QWidget) -> None:
        super().__init__(parent)
        self._plot = plot
        self.hint = QLabel(parent)
        self.hint.setProperty("role", "muted")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.legend = QLabel(parent)
        self.legend.setObjectName("legend")
        self.legend.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.legend.linkActivated.connect(lambda link: self.track_chosen.emit(int(link)))
        self.key = DetectorKey(parent)
        self.readout = QLabel(parent)
        self.readout.setObjectName("legend")
        self.readout.setTextFormat(Qt.TextFormat.PlainText)
        self.readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.readout.hide()
        self._has_names = False

    def set_hint(self, text: str) -> None:
        """A sentence in the middle while there is no curve; empty hides it."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        self.place()

    def read(self, text: str | None) -> None:
        """Say what is under the pointer, None for nothing."""
        self.readout.setVisible(text is not None)
        self.readout.setText(text or "")
        self.place()

    def name_curves(self, tracks: Sequence[int], selected: int | None, tokens: theme.Tokens) -> None:
        """Name the persons, each a link that brings the person forward."""
        names = []
        for track_id in sorted(tracks)[:MAX_NAMES]:
            color = theme.track_color(tokens, track_id).name()
            weight = "bold" if track_id == selected else "normal"
            style = f"color:{tokens.text}; text-decoration:none; font-weight:{weight}"
            link = f'<a href="{track_id}" style="{style}">{self.tr("Person {}").format(track_id)}</a>'
            names.append(f'<span style="color:{color}">&#9644;</span> {link}')
        if len(tracks) > MAX_NAMES:
            names.append("…")
        self.legend.setText("&nbsp;&nbsp;&nbsp;".join(names))
        self._has_names = bool(names)
        self.legend.setVisible(self._has_names)
        self.place()

    def place(self) -> None:
        """Put everything where it belongs."""
        area = self._plot.geometry()
        self.hint.setGeometry(area.adjusted(GUTTER_PX, 8, -RIGHT_PX, 0))
        self.hint.raise_()
        self.legend.adjustSize()
        self.legend.move(area.left() + GUTTER_PX + 8, area.top() + 1)
        self.legend.raise_()
        self.key.setGeometry(area.left() + GUTTER_PX + 8, area.top() + ROW_PX, area.width() - GUTTER_PX - 24, ROW_PX)
        self.key.raise_()
        self.readout.adjustSize()
        left, start = self.legend.geometry().right() + 12, area.right() - RIGHT_PX - self.readout.width()
        # where there is no room for both, the names make way while something is read
        is_narrow = self.readout.isVisible() and start < left
        self.legend.setVisible(self._has_names and not is_narrow)
        left = max(area.left() + GUTTER_PX if is_narrow else left, start)
        self.readout.setGeometry(left, area.top() + 1, area.right() - RIGHT_PX - left, self.readout.height())
        self.readout.raise_()
