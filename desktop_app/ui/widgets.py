"""Small parts that several panels share."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QPolygonF, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDialog,
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain import Thresholds
from desktop_app.ui import theme

SPIN_MARGIN_PX = 8


def label(text: str = "", role: str = "", wrap: bool = False, selectable: bool = False) -> QLabel:
    """A label of a role of the style sheet."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        result.setProperty("role", role)
    if wrap:
        result.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        result.setSizePolicy(policy)
        result.setMinimumWidth(40)
    if selectable:
        result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return result


def roomy(number: QAbstractSpinBox) -> None:
    """Keep the digits of a spin box off its rim, which the style sheet cannot."""
    number.lineEdit().setTextMargins(SPIN_MARGIN_PX, 0, SPIN_MARGIN_PX, 0)


class Card(QWidget):
    """A widget of one raised frame, hidden until it has something to say; `column` is the frame's layout.

    Args:
        title: Its heading.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        frame, self.column = card()
        self.column.addWidget(label(title, "heading", wrap=True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        self.hide()


def card() -> tuple[QFrame, QVBoxLayout]:
    """A raised frame and its layout."""
    frame = QFrame()
    frame.setProperty("role", "card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(12, 10, 12, 12)
    layout.setSpacing(6)
    return frame, layout


class Column(QScrollArea):
    """A column that scrolls by the keyboard too, and has the name of the tab, dock or dialog that it fills."""

    def showEvent(self, event: QShowEvent) -> None:
        """Take the name, which is known once it lies there."""
        super().showEvent(event)
        holder = self.parentWidget()
        while holder is not None and not self.accessibleName():
            above = holder.parentWidget()
            if isinstance(above, QTabWidget):
                self.setAccessibleName(above.tabText(above.currentIndex()))
            elif isinstance(holder, QDialog | QDockWidget):
                self.setAccessibleName(holder.windowTitle())
            holder = above


def scrolled(content: QWidget) -> Column:
    """A column that scrolls up and down only."""
    area = Column()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(content)
    return area


def stacked(*parts: QWidget) -> QWidget:
    """One below the other, the last one with what room is left."""
    result = QWidget()
    column = QVBoxLayout(result)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part, int(part is parts[-1]))
    return result


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (entry := layout.takeAt(0)) is not None:
        widget = entry.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def rounded(image: QImage, width: int, height: int, ratio: float, color: QColor | None = None) -> QPixmap:
    """A thumbnail that fills its place, with round corners and an optional rim.

    Args:
        image: The picture; a null one leaves the place empty.
        width: Logical.
        height: Logical.
        ratio: Device pixels per logical pixel.
        color: Of the rim.
    """
    result = QPixmap(round(width * ratio), round(height * ratio))
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    path.addRoundedRect(QRectF(1, 1, width - 2, height - 2), 5, 5)
    painter.setClipPath(path)
    painter.fillPath(path, QColor(127, 127, 127, 60))
    if not image.isNull():
        fill = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        scaled = image.scaled(result.size(), fill, Qt.TransformationMode.SmoothTransformation)
        scaled.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF((width - scaled.width() / ratio) / 2, (height - scaled.height() / ratio) / 2), scaled)
    painter.setClipping(False)
    if color is not None:
        painter.setPen(QPen(color, 2))
        painter.drawPath(path)
    painter.end()
    return result


class Banner(QFrame):
    """A line across the top that stays while something holds; empty hides it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._mark, self._text = QLabel(), label("", wrap=True, selectable=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 12, 7)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(self._text, 1)
        self.hide()

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._mark.setPixmap(theme.pixmap("custody", tokens.text, 18, self.devicePixelRatioF()))

    def say(self, text: str) -> None:
        """Show a text."""
        self._text.setText(text)
        self.setVisible(bool(text))


class RowButton(QPushButton):
    """A row with a layout inside that acts as one button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "row")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As large as its layout wants."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()


class ProbabilityBar(QWidget):
    """A probability with its interval on a scale with the limits of the model's card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # 0 stays at the left, and its word with it, whichever way the interface is read
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setFixedHeight(44)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tokens = theme.DARK
        self._p_fake: float | None = None
        self._interval: tuple[float, float] | None = None
        self._thresholds: Thresholds | None = None

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self.update()

    def set_value(
        self, p_fake: float | None, interval: tuple[float, float] | None, thresholds: Thresholds | None
    ) -> None:
        """Show a probability, or an empty scale for None."""
        self._p_fake, self._interval, self._thresholds = p_fake, interval, thresholds
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint zones, interval and mark."""
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, bar = self._tokens, QRectF(1, 13, self.width() - 2, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        self._paint_zones(painter, bar)
        font = painter.font()
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1.5))
        painter.setFont(font)
        painter.setPen(QColor(tokens.muted))
        below = QRectF(1, 28, self.width() - 2, 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, self.tr("0 genuine"))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self.tr("1 manipulated"))
        if self._p_fake is None:
            painter.end()
            return
        if self._interval is not None:
            low, high = (bar.left() + value * bar.width() for value in self._interval)
            painter.setPen(QPen(QColor(tokens.text), 2))
            painter.drawLine(QPointF(low, 18), QPointF(high, 18))
            for x in (low, high):
                painter.drawLine(QPointF(x, 14), QPointF(x, 22))
        x = bar.left() + self._p_fake * bar.width()
        painter.setPen(QPen(QColor(tokens.surface), 1))
        painter.setBrush(QColor(tokens.text))
        painter.drawPolygon(QPolygonF([QPointF(x - 6, 2), QPointF(x + 6, 2), QPointF(x, 13)]))
        painter.end()

    def _paint_zones(self, painter: QPainter, bar: QRectF) -> None:
        tokens, limits = self._tokens, self._thresholds
        clip = QPainterPath()
        clip.addRoundedRect(bar, 3, 3)
        painter.setClipPath(clip)
        if limits is None:
            painter.fillRect(bar, QColor(tokens.border))
        else:
            edges = (
                0.0, limits.strong_genuine, limits.inconclusive_low, limits.inconclusive_high, limits.strong_fake, 1.0,
            )  # fmt: skip
            shades = ((tokens.genuine, 0.75), (tokens.genuine, 0.4), (tokens.muted, 0.35), (tokens.fake, 0.4))
            for place, (name, alpha) in enumerate((*shades, (tokens.fake, 0.75))):
                color = QColor(name)
                color.setAlphaF(alpha)
                left, right = (bar.left() + bar.width() * edges[place + i] for i in (0, 1))
                painter.fillRect(QRectF(left, bar.top(), right - left - 1, bar.height()), color)
        painter.setClipping(False)
