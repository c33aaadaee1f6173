"""What is said about a heatmap: three answers side by side, parts of the face, and whether the map can be trusted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from desktop_app.reports.wording import deletion_grade
from desktop_app.ui import theme
from desktop_app.ui.widgets import Card, label

if TYPE_CHECKING:
    from desktop_app.explain import Deletion, RegionShare
    from desktop_app.ui.explaining import Answer

FACE_PX = 78
LITTLE = 0.1
TOLD_SHARE = 0.2


def _percent(value: float) -> str:
    return f"{QLocale().toString(100 * value, 'f', 0)}\u00a0%"


def _number(value: float) -> str:
    return QLocale().toString(value, "f", 2)


class Legend(QWidget):
    """The colours from weak to strong."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(10)
        self._scale = QImage()

    def set_scale(self, scale: QImage) -> None:
        """Show another colour map."""
        self._scale = scale
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the scale."""
        if not self._scale.isNull():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), self._scale)
            painter.end()


class FaceTriple(QWidget):
    """The face under the maps of all three answers; a press chooses one."""

    chosen = Signal(int)

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.buttons: list[QToolButton] = []
        for number, name in enumerate(names):
            button = QToolButton()
            button.setIconSize(QSize(FACE_PX, FACE_PX))
            button.setCheckable(True)
            button.setProperty("role", "tight")
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(self._on_clicked)
            button.setProperty("number", number)
            self.buttons.append(button)
            row.addWidget(button, 1)
        self.hide()

    def show_answer(self, answer: "Answer", chosen: int) -> None:
        """Show the three pictures and which of them lies over the frame."""
        side = round(FACE_PX * self.devicePixelRatioF())
        for number, (button, picture) in enumerate(zip(self.buttons, answer.overlaid, strict=True)):
            fill = Qt.AspectRatioMode.KeepAspectRatio
            small = picture.scaled(side, side, fill, Qt.TransformationMode.SmoothTransformation)
            button.setIcon(QPixmap.fromImage(small))
            button.setChecked(number == chosen)
        self.show()

    def _on_clicked(self) -> None:
        self.chosen.emit(int(self.sender().property("number")))


class _Bars(QWidget):
    """One bar per part of the face, with a mark where an even map would reach."""

    def __init__(self) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._rows: list[tuple[str, float, float]] = []

    def set_rows(self, rows: list[tuple[str, float, float]]) -> None:
        """Show (name, attention, area) triples."""
        self._rows = rows
        self.setFixedHeight(len(rows) * (self.fontMetrics().height() + 6))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint names, bars and figures."""
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, metrics = self.palette(), self.fontMetrics()
        height = metrics.height() + 6
        names = max((metrics.horizontalAdvance(row[0]) for row in self._rows), default=0) + 10
        room = max(20.0, self.width() - names - metrics.horizontalAdvance(_percent(1.0)) - 6)
        for number, (name, attention, area) in enumerate(self._rows):
            top = float(number * height)
            painter.setPen(palette.text().color())
            painter.drawText(QRectF(0, top, names, height), Qt.AlignmentFlag.AlignVCenter, name)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(0, top, self.width(), height), right, _percent(attention))
            bar = QRectF(names, top + height / 2 - 4, room, 8)
            painter.fillRect(bar, palette.mid().color())
            painter.fillRect(QRectF(bar.left(), bar.top(), room * attention, 8), palette.placeholderText().color())
            painter.setPen(QPen(palette.text().color(), 2))
            x = bar.left() + room * area
            painter.drawLine(QPointF(x, bar.top() - 3), QPointF(x, bar.bottom() + 3))
        painter.end()


class RegionCard(Card):
    """How the map is spread over the parts of the face."""

    def __init__(self) -> None:
        super().__init__(self.tr("Attention per part of the face"))
        self._names = {
            "eyes": self.tr("Eyes"),
            "nose": self.tr("Nose"),
            "mouth": self.tr("Mouth"),
            "skin": self.tr("Skin"),
            "boundary": self.tr("Boundary"),
            "outside": self.tr("Outside"),
        }
        self._bars = _Bars()
        self.column.addWidget(self._bars)
        self._text = label("", "muted", wrap=True)
        self.column.addWidget(self._text)

    @property
    def text(self) -> str:
        """What is written."""
        return self._text.text()

    def show_shares(self, shares: Sequence["RegionShare"], has_landmarks: bool | None) -> None:
        """Show the shares, or why there are none; None hides the card while they are being looked for."""
        self._bars.setVisible(bool(shares))
        self._bars.set_rows([(self._names[s.region], s.attention, s.area) for s in shares])
        if shares:
            self._text.setText(
                self.tr(
                    "The upright mark is the part's share of the picture, which an even map would reach. The parts "
                    "are laid through five landmarks and are no exact outlines."
                )
            )
        elif has_landmarks:
            self._text.setText(self.tr("The map is empty: nothing speaks for this answer."))
        else:
            self._text.setText(self.tr("The landmarks of this face were not found, so its parts are not known."))
        self.setVisible(has_landmarks is not None)


class _Plot(QWidget):
    """Probability of the answer while more and more is taken away: by the map, and by chance."""

    def __init__(self) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setFixedHeight(84)
        self._test: Deletion | None = None

    def set_test(self, test: "Deletion") -> None:
        """Show another test."""
        self._test = test
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a band of chance and the line of the map."""
        test = self._test
        if test is None:
            return
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        area = QRectF(26, 5, self.width() - 40, self.height() - 24)
        painter.setFont(theme.mono_font(-2.0))
        painter.setPen(palette.placeholderText().color())
        for value in (0.0, 1.0):
            y = area.bottom() - value * area.height()
            painter.drawText(QRectF(0, y - 8, 20, 16), Qt.AlignmentFlag.AlignRight, f"{value:.0f}")
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        shares = (0.0, *test.shares)

        def points(values: Sequence[float]) -> list[QPointF]:
            return [
                QPointF(area.left() + share / shares[-1] * area.width(), area.bottom() - value * area.height())
                for share, value in zip(shares, (test.base, *values), strict=True)
            ]

        band = QColor(palette.text().color())
        band.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        painter.drawPolygon(QPolygonF([*points(test.random_high), *reversed(points(test.random_low))]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.text().color(), 1, Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF(points(test.random_mean)))
        painter.setPen(QPen(palette.highlight().color(), 2))
        painter.drawPolyline(QPolygonF(points(test.strongest)))
        painter.setPen(palette.placeholderText().color())
        for share, point in zip(test.shares[1:], points(test.strongest)[2:], strict=True):
            place = QRectF(min(point.x() - 24, self.width() - 48.0), area.bottom() + 3, 48, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, _percent(share))
        painter.end()


class DeletionCard(Card):
    """Whether the map shows what the score rests on."""

    def __init__(self) -> None:
        super().__init__(self.tr("Does the map show what the score rests on?"))
        self._plot = _Plot()
        self._plot.setAccessibleName(self.tr("Probability of the answer without the marked parts"))
        self.column.addWidget(self._plot)
        self._text = label("", wrap=True, selectable=True)
        self.column.addWidget(self._text)
        caption = self.tr(
            "Blue: the strongest parts of the map blurred away. Dashed: as much chosen by chance; the shade reaches "
            "from the lowest to the highest of it. A blur can itself count as a trace for the model."
        )
        self._method = label(caption, "muted", wrap=True)
        self.column.addWidget(self._method)

    @property
    def text(self) -> str:
        """What is written."""
        return self._text.text()

    def wait(self) -> None:
        """The test is under way."""
        self._plot.hide()
        self._method.hide()
        self._text.setText(self.tr("Testing: parts are taken away and the face is scored again…"))
        self.show()

    def show_test(self, test: "Deletion", answer: str) -> None:
        """Show curve and sentence; `answer` is its name in the language of the window."""
        self._plot.set_test(test)
        self._plot.show()
        self._method.show()
        self._text.setText(self.sentence(test, answer))
        self.show()

    def sentence(self, test: "Deletion", answer: str) -> str:
        """The outcome in words that claim no more than the figures do."""
        if test.base < LITTLE:
            text = self.tr("The answer “{}” has hardly any probability to lose here ({}), so the test says little.")
            return text.format(answer, _number(test.base))
        place = min(range(len(test.shares)), key=lambda i: abs(test.shares[i] - TOLD_SHARE))
        grade = deletion_grade(test.better_than)
        if grade == "yes":
            head = self.tr("Yes: the score falls more than by chance.")
        elif grade == "part":
            head = self.tr("In part: the score falls somewhat more than by chance.")
        else:
            head = self.tr("No: taking away what the map marks does no more than chance. Do not rely on this map.")
        body = self.tr(
            "Without the strongest {} of the map “{}” goes from {} to {}; without as much chosen by chance to {} "
            "({} to {}). The map did better than {} of {} masks of chance."
        ).format(
            _percent(test.shares[place]), answer, _number(test.base), _number(test.strongest[place]),
            _number(test.random_mean[place]), _number(test.random_low[place]), _number(test.random_high[place]),
            _percent(test.better_than), test.rounds * len(test.shares),
        )  # fmt: skip
        return f"{head} {body}"
