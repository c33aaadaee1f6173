"""Why the model scored a face as it did: choices for the heat map and an honest caption."""

from PySide6.QtCore import QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain import Heatmap
from desktop_app.reports.wording import score_text
from desktop_app.ui.widgets import card, label, scrolled

NOISE_BELOW = 1e-3
# ends of the inferno map, for the legend; the map itself is drawn by explain.overlay
_LEGEND = ("#000004", "#57106e", "#bc3754", "#f98e09", "#fcffa4")


class _Legend(QWidget):
    """The colours from weak to strong."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the scale."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        strip = QImage(len(_LEGEND), 1, QImage.Format.Format_RGB32)
        for place, color in enumerate(_LEGEND):
            strip.setPixelColor(place, 0, color)
        painter.drawImage(QRectF(self.rect()), strip, QRectF(0.5, 0, len(_LEGEND) - 1, 1))


class ExplainPanel(QWidget):
    """Switch, target and opacity of the heat map, and what it means."""

    target_changed = Signal(str)
    opacity_changed = Signal(float)
    switched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = "en"
        self._targets = QButtonGroup(self)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 16)
        column.setSpacing(8)
        self.switch = QPushButton(self.tr("Show the model's attention"))
        self.switch.setCheckable(True)
        self.switch.clicked.connect(self.switched)
        column.addWidget(self.switch)
        heading = label(self.tr("What speaks for"), "heading")
        heading.setContentsMargins(0, 6, 0, 0)
        column.addWidget(heading)
        column.addLayout(self._build_targets())
        column.addWidget(label(self.tr("Opacity"), "heading"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(65)
        self.opacity.setAccessibleName(self.tr("Opacity of the heat map"))
        self.opacity.valueChanged.connect(self._on_opacity)
        column.addWidget(self.opacity)
        column.addWidget(self._build_facts())
        caption = self.tr(
            "The heat map shows which parts of the face moved the model's score for the chosen answer. It does not "
            "show which pixels were tampered with, and a model can look at the right place for the wrong reason."
        )
        column.addWidget(label(caption, "muted", wrap=True))
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(content))

    def _build_targets(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        for target, text, tip in (
            ("predicted", self.tr("Predicted"), self.tr("The answer that the model gave")),
            ("genuine", self.tr("Genuine"), self.tr("What speaks for a genuine face")),
            ("fake", self.tr("Fake"), self.tr("What speaks for a manipulated face")),
        ):
            button = QPushButton(text)
            button.setProperty("role", "choice")
            button.setCheckable(True)
            button.setChecked(target == "predicted")
            button.setToolTip(tip)
            button.setObjectName(f"target_{target}")
            button.setProperty("target", target)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._targets.addButton(button)
            row.addWidget(button, 1)
        self._targets.buttonClicked.connect(self._on_target)
        return row

    def _build_facts(self) -> QWidget:
        frame, layout = card()
        self._title = label("", "heading", wrap=True)
        self._facts = label("", wrap=True, selectable=True)
        layout.addWidget(self._title)
        layout.addWidget(_Legend())
        ends = QHBoxLayout()
        ends.addWidget(label(self.tr("weak"), "muted"))
        ends.addStretch(1)
        ends.addWidget(label(self.tr("strong"), "muted"))
        layout.addLayout(ends)
        layout.addWidget(self._facts)
        self._warning = label("", wrap=True)
        layout.addWidget(self._warning)
        self.say(self.tr("Choose a scored face on a paused frame."))
        return frame

    def set_language(self, language: str) -> None:
        """Language of numbers."""
        self._language = language

    @property
    def target(self) -> str:
        """Which answer the map explains."""
        button = self._targets.checkedButton()
        return str(button.property("target")) if button is not None else "predicted"

    @property
    def facts(self) -> str:
        """What is written about the present map."""
        return self._facts.text()

    def set_switch(self, is_on: bool, can_switch: bool) -> None:
        """Follow the action of the same name."""
        self.switch.setChecked(is_on)
        self.switch.setText(self.tr("Hide the model's attention") if is_on else self.tr("Show the model's attention"))
        self.switch.setEnabled(can_switch)

    def say(self, text: str) -> None:
        """A sentence instead of facts."""
        self._title.setText(text)
        self._facts.clear()
        self._facts.hide()
        self._warning.hide()

    def show_heatmap(self, heatmap: Heatmap) -> None:
        """Name what is shown."""
        self._title.setText(self.tr("Speaks for “{}”, person {}").format(heatmap.target_class, heatmap.track_id))
        raw_max = f"{heatmap.raw_max:.3g}".replace(".", QLocale().decimalPoint())
        self._facts.setText(
            self.tr("{} at layer {}\nRaw maximum {}\nFrame {}, score {}").format(
                heatmap.method,
                heatmap.layer,
                raw_max,
                heatmap.frame_index,
                score_text(heatmap.p_fake, self._language),
            )
        )
        self._facts.show()
        is_noise = heatmap.raw_max < NOISE_BELOW
        self._warning.setText(
            self.tr("The raw maximum is close to zero: the pattern is stretched noise and explains nothing.")
        )
        self._warning.setVisible(is_noise)

    def _on_target(self) -> None:
        self.target_changed.emit(self.target)

    def _on_opacity(self, value: int) -> None:
        self.opacity_changed.emit(value / 100)
