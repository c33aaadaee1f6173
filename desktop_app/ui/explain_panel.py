"""Why the model scored a face as it did: choices for the heat map, honest captions, and how far it can be trusted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain import Heatmap
from desktop_app.reports.wording import method_text, score_text
from desktop_app.ui.explain_cards import DeletionCard, FaceTriple, Legend, RegionCard
from desktop_app.ui.widgets import card, label, scrolled

if TYPE_CHECKING:
    from desktop_app.explain import Layer
    from desktop_app.ui.explaining import Answer

NOISE_BELOW = 1e-3
TARGETS = ("predicted", "genuine", "fake")
METHODS = ("Grad-CAM", "Grad-CAM++", "HiResCAM")


class ExplainPanel(QWidget):
    """Switch, answer, method, layer, colours and opacity of the heat map, and what it means."""

    target_changed = Signal(str)
    recipe_changed = Signal()
    opacity_changed = Signal(float)
    switched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = "en"
        self._answer: Answer | None = None
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
        self.faces = FaceTriple((self.tr("Predicted"), self.tr("Genuine"), self.tr("Fake")))
        self.faces.chosen.connect(self._on_face)
        column.addWidget(self.faces)
        column.addLayout(self._build_recipe())
        column.addWidget(self._build_facts())
        self.regions, self.deletion = RegionCard(), DeletionCard()
        column.addWidget(self.regions)
        column.addWidget(self.deletion)
        caption = self.tr(
            "The heat map shows which parts of the face moved the model's score for the chosen answer. It does not "
            "show which pixels were tampered with, and a model can look at the right place for the wrong reason."
        )
        column.addWidget(label(caption, "muted", wrap=True))
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(content))
        self.say(self.tr("Choose a scored face on a paused frame."))

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

    def _build_recipe(self) -> QGridLayout:
        self.method, self.layer, self.colours = QComboBox(), QComboBox(), QComboBox()
        for name in METHODS:
            self.method.addItem(name, name)
        self.method.setToolTip(
            self.tr(
                "Grad-CAM: the classic. Grad-CAM++: finds several places at once. HiResCAM: point by point, exact for "
                "networks with one linear layer at their end."
            )
        )
        self.layer.addItem(self.tr("Usual"), None)
        self.layer.setToolTip(self.tr("Earlier layers give finer maps of simpler things: edges and texture."))
        for key, text in (
            ("inferno", self.tr("Inferno")),
            ("viridis", self.tr("Viridis")),
            ("cividis", self.tr("Cividis, for all eyes")),
            ("grey", self.tr("Grey")),
        ):
            self.colours.addItem(text, key)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(65)
        self.opacity.setAccessibleName(self.tr("Opacity of the heat map"))
        self.opacity.valueChanged.connect(self._on_opacity)
        rows = (
            (self.tr("Method"), self.method),
            (self.tr("Layer"), self.layer),
            (self.tr("Colours"), self.colours),
            (self.tr("Opacity"), self.opacity),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for number, (text, field) in enumerate(rows):
            grid.addWidget(label(text), number, 0)
            grid.addWidget(field, number, 1)
            if isinstance(field, QComboBox):
                field.setAccessibleName(text)
                field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                field.activated.connect(self.recipe_changed)
        grid.setColumnStretch(1, 1)
        return grid

    def _build_facts(self) -> QWidget:
        frame, layout = card()
        self._title = label("", "heading", wrap=True)
        self._facts = label("", wrap=True, selectable=True)
        self._legend = QWidget()
        # the colours run from weak to strong whichever way the interface is read
        self._legend.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        column = QVBoxLayout(self._legend)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._scale = Legend()
        column.addWidget(self._scale)
        ends = QHBoxLayout()
        ends.addWidget(label(self.tr("weak"), "muted"))
        ends.addStretch(1)
        ends.addWidget(label(self.tr("strong"), "muted"))
        column.addLayout(ends)
        self._warning = label("", wrap=True)
        for part in (self._title, self._legend, self._facts, self._warning):
            layout.addWidget(part)
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
    def target_number(self) -> int:
        """Place of the answer among the three."""
        return TARGETS.index(self.target)

    @property
    def is_complete(self) -> bool:
        """Whether all that is found out about the present map is shown."""
        return self._answer is not None and self._answer.explanation.deletions is not None

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
        self._answer = None
        self._title.setText(text)
        self._facts.clear()
        for part in (self._facts, self._warning, self._legend, self.regions, self.deletion, self.faces):
            part.hide()

    def show_answer(self, answer: "Answer") -> None:
        """Name what is shown, and say what is known about it so far."""
        self._answer = answer
        number, found = self.target_number, answer.explanation
        self._fill_layers(found.layers)
        self._scale.set_scale(answer.scale)
        self._legend.show()
        self.faces.show_answer(answer, number)
        self._show_facts(found.heatmaps[number])
        self.regions.show_shares(found.shares[number] if found.shares else (), found.has_landmarks)
        if found.deletions is None:
            self.deletion.wait()
        else:
            test = found.deletions[number]
            self.deletion.show_test(test, self._answer_name(test.answer))

    def _answer_name(self, answer: str) -> str:
        # a model may name its classes otherwise: those stay as it names them
        names = {"genuine": self.tr("Genuine"), "fake": self.tr("Fake")}
        return names[answer].lower() if answer in names else answer

    def _show_facts(self, heatmap: Heatmap) -> None:
        name = self._answer_name(heatmap.target_class)
        self._title.setText(self.tr("Speaks for “{}”, person {}").format(name, heatmap.track_id))
        raw_max = f"{heatmap.raw_max:.3g}".replace(".", QLocale().decimalPoint())
        self._facts.setText(
            self.tr("{} at layer {}\nRaw maximum {}\nFrame {}, score {}").format(
                method_text(heatmap.method, self._language),
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

    def _fill_layers(self, layers: tuple["Layer", ...]) -> None:
        names = [None if layer.is_usual else layer.name for layer in layers]
        if [self.layer.itemData(i) for i in range(self.layer.count())] == names:
            return
        before = self.layer.currentData()
        self.layer.clear()
        for layer, name in zip(layers, names, strict=True):
            size = f"{layer.rows} x {layer.columns}"
            text = self.tr("Usual, {}").format(size) if layer.is_usual else f"{size}   {layer.name}"
            self.layer.addItem(text, name)
        self.layer.setCurrentIndex(max(0, self.layer.findData(before)))

    def _on_face(self, number: int) -> None:
        for button in self._targets.buttons():
            button.setChecked(button.property("target") == TARGETS[number])
        self._on_target()

    def _on_target(self) -> None:
        if self._answer is not None:
            self.show_answer(self._answer)
        self.target_changed.emit(self.target)

    def _on_opacity(self, value: int) -> None:
        self.opacity_changed.emit(value / 100)
