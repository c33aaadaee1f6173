"""A tour of the window in four steps, at the first start and whenever it is asked for; it never holds anybody up."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStyle, QVBoxLayout, QWidget

from desktop_app.ui import theme
from desktop_app.ui.actions import translated
from desktop_app.ui.widgets import label

if TYPE_CHECKING:
    from desktop_app.ui.main_window import MainWindow

CARD_PX, GAP_PX, RIM_PX, SIDE_PX = 400, 16, 4, 366
LOOK_AGAIN_MS = 250
VEIL = {"dark": QColor(0, 0, 0, 120), "light": QColor(0, 0, 0, 70)}
FORWARD = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
KEYS = (*FORWARD, Qt.Key.Key_Escape)


def _mark(text: str) -> str:
    """Marks a text for translation in the context of the action table."""
    return text


class Step(NamedTuple):
    """One step: what it says.

    Args:
        title: Its head.
        text: Two or three sentences.
    """

    title: str
    text: str


STEPS = (
    Step(
        _mark("Open a clip"),
        _mark(
            "Drop a video or a picture here, or open one. The demo is a short clip whose middle is manipulated. Files "
            "are only read, and nothing leaves this computer."
        ),
    ),
    Step(
        _mark("Watch it frame by frame"),
        _mark(
            "Each face has a box in the picture, and each person a curve in the timeline. High means that the face is "
            "more like the manipulated ones that the model learnt from. Where no face could be scored the curve has "
            "a gap: it is never filled in."
        ),
    ),
    Step(
        _mark("Ask why"),
        _mark(
            "Attention colours the parts of a face on which the score rests most. That explains the model, not the "
            "clip: a coloured part is not a forged part, and a model can be sure and wrong."
        ),
    ),
    Step(
        _mark("Weigh it, and write the report"),
        _mark(
            "Findings say the verdict in words, beside how often the model errs. A score is a lead, not a proof, and "
            "not the chance that the clip is false. “Inconclusive” is an answer too. The conclusion is yours, and "
            "the report keeps it apart from what the machine found."
        ),
    ),
)


class Spot(NamedTuple):
    """A place that a step speaks of.

    Args:
        place: In the window.
        name: Written into it where the part is not shown yet; empty for a real part.
    """

    place: QRect
    name: str = ""


class Veil(QWidget):
    """Dims the window around the places that a step speaks of; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tokens = theme.DARK
        self.spots: list[Spot] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dim ground with holes, and rims around them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, holes = QPainterPath(), QPainterPath()
        ground.addRect(QRectF(self.rect()))
        for spot in self.spots:
            holes.addRoundedRect(QRectF(spot.place), 8, 8)
        painter.fillPath(ground.subtracted(holes), VEIL[self.tokens.name])
        for spot in self.spots:
            pen = QPen(QColor(self.tokens.focus), 3)
            if spot.name:
                painter.fillRect(spot.place, QColor(self.tokens.window))
                pen.setStyle(Qt.PenStyle.DashLine)
                painter.setPen(QColor(self.tokens.muted))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(spot.place.adjusted(12, 12, -12, -12), flags, spot.name)
            painter.setPen(pen)
            painter.drawRoundedRect(QRectF(spot.place).adjusted(1.5, 1.5, -1.5, -1.5), 8, 8)
        painter.end()


class TourCard(QFrame):
    """What a step says, with the ways on, back and out."""

    moved_on = Signal(int)
    skipped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tourCard")
        self.setFixedWidth(CARD_PX)
        self._count, self._title = label("", "muted"), label("", "heading")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self.skip, self.back, self.next = (QPushButton() for _ in range(3))
        self.skip.setText(self.tr("Skip the tour"))
        self.skip.setProperty("role", "link")
        self.back.setText(self.tr("Back"))
        self.next.setProperty("role", "primary")
        self.skip.clicked.connect(self.skipped)
        self.back.clicked.connect(lambda: self.moved_on.emit(-1))
        self.next.clicked.connect(lambda: self.moved_on.emit(1))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.skip)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        for part in (self._count, self._title, self._text):
            column.addWidget(part)
        column.addSpacing(6)
        column.addLayout(row)

    def show_step(self, number: int) -> None:
        """Show a step, counted from 0."""
        step, is_last = STEPS[number], number == len(STEPS) - 1
        title, text = translated(step.title), translated(step.text)
        self._count.setText(self.tr("Step {} of {}").format(number + 1, len(STEPS)))
        self._title.setText(title)
        self._text.setText(text)
        self.back.setVisible(number > 0)
        self.skip.setVisible(not is_last)
        self.next.setText(self.tr("Done") if is_last else self.tr("Next"))
        self.setAccessibleName(f"{self._count.text()}: {title}")
        self.setAccessibleDescription(text)
        self.next.setAccessibleDescription(f"{self._count.text()}: {title}. {text}")
        column = self.layout()
        if column is not None:
            self.setFixedHeight(column.totalHeightForWidth(CARD_PX))
        self.next.setFocus()

    def event(self, event: QEvent) -> bool:
        """Keep its keys from the shortcuts of the window."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter, leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.skipped.emit()
        elif event.key() in FORWARD and self.back.hasFocus():
            self.moved_on.emit(-1)
        elif event.key() in FORWARD and self.skip.hasFocus():
            self.skipped.emit()
        elif event.key() in FORWARD:
            self.moved_on.emit(1)
        else:
            super().keyPressEvent(event)


class Tour(QObject):
    """Leads through the parts of a window as they are; where one is not shown yet, through where it will be.

    Args:
        window: The window; it can be used all the while.
    """

    ended = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.number = 0
        self.veil, self.card = Veil(window), TourCard(window)
        self._focus_before = window.focusWidget()
        self.card.moved_on.connect(self.go)
        self.card.skipped.connect(self.end)
        # docks come and go and the window is resized: the places are looked up again and again
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look)
        window.installEventFilter(self)

    def start(self) -> None:
        """Show the first step."""
        self._timer.start()
        for part in (self.veil, self.card):
            part.show()
            part.raise_()
        self.go(0)

    def go(self, steps: int) -> None:
        """Go on or back; past the last step is the end."""
        self.number = max(0, self.number + steps)
        if self.number >= len(STEPS):
            self.end()
            return
        self.card.show_step(self.number)
        self._look()

    def end(self) -> None:
        """Take it all away; the keyboard goes back to where it was."""
        self._timer.stop()
        self._window.removeEventFilter(self)
        had_focus = self.card.isAncestorOf(focus) if (focus := self._window.focusWidget()) is not None else False
        for part in (self.veil, self.card):
            part.hide()
            part.deleteLater()
        if had_focus:
            before = self._focus_before
            (before if before is not None and shiboken6.isValid(before) else self._window).setFocus()
        self.ended.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() is QEvent.Type.Resize:
            self._look()
        return False

    def _look(self) -> None:
        window = self._window
        spots = self.spots()
        self.veil.tokens = window.tokens
        if spots != self.veil.spots or self.veil.size() != window.size():
            self.veil.spots = spots
            self.veil.setGeometry(window.rect())
            self.veil.update()
            self.veil.raise_()
            self.card.raise_()
            self.card.move(best_place(window.rect(), self.card.rect(), [spot.place for spot in spots]))

    def spots(self) -> list[Spot]:
        """The places that the present step speaks of."""
        steps: tuple[Callable[[], list[Spot]], ...] = (self._opening, self._watching, self._asking, self._reporting)
        return steps[self.number]()

    def _spot(self, widget: QWidget) -> list[Spot]:
        window = self._window
        if not widget.isVisibleTo(window) or widget.window() is not window:
            return []
        place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        return [Spot(place.adjusted(-RIM_PX, -RIM_PX, RIM_PX, RIM_PX) & window.rect())]

    def _button(self, key: str) -> list[Spot]:
        return [spot for button in self._window.bar.findChildren(QWidget, key) for spot in self._spot(button)]

    def _opening(self) -> list[Spot]:
        return self._spot(self._window.stage.start.zone) or self._button("tool_open")

    def _watching(self) -> list[Spot]:
        window = self._window
        found = [*self._spot(window.viewer), *self._spot(window.timeline_dock)]
        if found:
            return found
        above, below = self._room(), self._room()
        above.setHeight(round(above.height() * 0.62))
        below.setTop(above.bottom() + GAP_PX)
        return [
            Spot(above, self.tr("Here, once a clip is open: the picture with boxes")),
            Spot(below, self.tr("Here, once a clip is analysed: the timeline with curves")),
        ]

    def _asking(self) -> list[Spot]:
        return [*self._button("tool_explain"), *self._inspector(self.tr("Here, once it is switched on: the attention"))]

    def _reporting(self) -> list[Spot]:
        return [*self._button("tool_export_pdf"), *self._inspector(self.tr("Here, with the analysis: the findings"))]

    def _room(self) -> QRect:
        stage = self._window.stage
        return QRect(stage.mapTo(self._window, QPoint(0, 0)), stage.size()).adjusted(24, 24, -24, -24)

    def _inspector(self, name: str) -> list[Spot]:
        found = self._spot(self._window.side_dock)
        if found:
            return found
        room = self._room()
        width = min(SIDE_PX, room.width() // 3)
        room = QRect(room.right() - width, room.top(), width, room.height())
        return [Spot(QStyle.visualRect(self._window.layoutDirection(), self._room(), room), name)]


def best_place(room: QRect, card: QRect, spots: list[QRect]) -> QPoint:
    """Where a card covers the least of what it speaks of, near it and within the window.

    Args:
        room: The window.
        card: The card, of which the size counts.
        spots: What it speaks of.
    """
    inner = room.adjusted(GAP_PX, GAP_PX, -GAP_PX, -GAP_PX)
    around = QRect()
    for spot in spots:
        around = around.united(spot)
    width, height, middle = card.width(), card.height(), around.center()
    corners = [
        QPoint(middle.x() - width // 2, around.bottom() + GAP_PX),
        QPoint(around.left() - width - GAP_PX, middle.y() - height // 2),
        QPoint(around.right() + GAP_PX, middle.y() - height // 2),
        QPoint(middle.x() - width // 2, around.top() - height - GAP_PX),
        room.center() - QPoint(width // 2, height // 2),
    ]

    def settled(corner: QPoint) -> QRect:
        x = max(inner.left(), min(corner.x(), inner.right() - width))
        y = max(inner.top(), min(corner.y(), inner.bottom() - height))
        return QRect(x, y, width, height)

    def covered(place: QRect) -> int:
        return sum(both.width() * both.height() for spot in spots if not (both := place & spot).isEmpty())

    return min(map(settled, corners), key=covered).topLeft()
