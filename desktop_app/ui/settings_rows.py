"""One setting as a row: what it is for, its control, and the way back."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app.config import Setting, Value
from desktop_app.ui.actions import translated
from desktop_app.ui.widgets import label, roomy

CONTROL_PX = 240


def _mark(text: str) -> str:
    """Marks a text for translation in the context of the action table."""
    return text


GROUPS: dict[str, tuple[str, ...]] = {
    _mark("Interface"): ("language", "theme"),
    _mark("Reports and cases"): ("laboratory", "laboratory_address", "examiner", "examiner_role", "cases_folder"),
    _mark("Analysis"): ("device", "model_id", "sampling_mode", "sampling_value", "detect_every"),
    _mark("Faces"): ("min_face_score", "min_face_px", "batch_size", "key_frames"),
}
REST = _mark("Other")
# what the program remembers by itself, or what has a page of its own
HIDDEN = ("last_folder", "shortcuts", "tour_seen")
LONG = ("laboratory_address",)
# chosen from what there is on this machine, see `SettingRow.offer`
FOUND = ("model_id",)
CHOICES: dict[str, str] = {
    "": _mark("The one that comes with Cotejo"),
    "auto": _mark("Automatic"),
    "en": "English",
    "es": "Español",
    "system": _mark("As the system"),
    "light": _mark("Light"),
    "dark": _mark("Dark"),
    "cpu": "CPU",
    "cuda": "CUDA",
    "mps": "MPS",
    "every_nth": _mark("Every n-th frame"),
    "per_second": _mark("Frames per second"),
}


def described(setting: Setting) -> str:
    """What a setting is for, in the language of the interface."""
    return QCoreApplication.translate("Settings", setting.description)


class SettingRow(QWidget):
    """One setting of all cases.

    Args:
        setting: The row of the table.
        value: In force.
    """

    def __init__(self, setting: Setting, value: Value) -> None:
        super().__init__()
        self.setting, self.default = setting, setting.default
        self._is_ready = False
        self.setObjectName(f"row_{setting.key}")
        text = described(setting)
        self.words = f"{setting.key} {text}".casefold()
        self.control = self._make()
        self.control.setAccessibleName(text)
        self.control.setObjectName(setting.key)
        self.reset = QPushButton(self._reset_text())
        self.reset.setProperty("role", "link")
        self.reset.setAutoDefault(False)
        self.reset.setAccessibleName(f"{self._reset_text()}: {text}")
        self.reset.clicked.connect(self._on_reset)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.note = label("", "muted", wrap=True)
        self.note.hide()
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(label(text.rstrip("."), wrap=True))
        texts.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addLayout(texts, 1)
        row.addWidget(self.control)
        self.control.setFixedWidth(CONTROL_PX)
        if setting.key.endswith("_folder"):
            self._add_browse(row)
        row.addWidget(self.reset)
        self.set_value(value)
        self._is_ready = True

    def _reset_text(self) -> str:
        return self.tr("Reset")

    def _add_browse(self, row: QHBoxLayout) -> None:
        browse = QPushButton("…")
        browse.setAccessibleName(self.tr("Choose a folder"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._on_browse)
        row.addWidget(browse)
        self.control.setFixedWidth(CONTROL_PX - 50)

    def _make(self) -> QWidget:
        setting = self.setting
        control: QWidget
        if setting.choices or setting.key in FOUND:
            combo = QComboBox()
            for choice in setting.choices or (setting.default,):
                combo.addItem(translated(CHOICES.get(str(choice), str(choice))), choice)
            combo.currentIndexChanged.connect(self._on_changed)
            control = combo
        elif setting.type is bool:
            switch = QCheckBox()
            switch.toggled.connect(self._on_changed)
            control = switch
        elif setting.type in (int, float):
            control = self._make_number()
        elif setting.key in LONG:
            area = QPlainTextEdit()
            area.setFixedHeight(66)
            area.setTabChangesFocus(True)
            area.textChanged.connect(self._on_changed)
            control = area
        else:
            field = QLineEdit()
            field.textChanged.connect(self._on_changed)
            control = field
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return control

    def _make_number(self) -> QWidget:
        low, high = self.setting.bounds or (0, 1_000_000)
        number: QSpinBox | QDoubleSpinBox = QSpinBox() if self.setting.type is int else QDoubleSpinBox()
        if isinstance(number, QSpinBox):
            number.setRange(int(low), int(high))
        else:
            number.setRange(low, high)
            number.setSingleStep(0.05 if high <= 1 else 1.0)
        number.valueChanged.connect(self._on_changed)
        roomy(number)
        return number

    def value(self) -> Value:
        """What the control says."""
        control = self.control
        if isinstance(control, QComboBox):
            return str(control.currentData())
        if isinstance(control, QCheckBox):
            return control.isChecked()
        if isinstance(control, QSpinBox | QDoubleSpinBox):
            return control.value()
        if isinstance(control, QPlainTextEdit):
            return control.toPlainText().strip()
        return control.text().strip() if isinstance(control, QLineEdit) else ""

    def set_value(self, value: Value) -> None:
        """Show a value."""
        control = self.control
        if isinstance(control, QComboBox):
            if self.setting.key in FOUND and control.findData(value) < 0:
                control.addItem(str(value), value)
            control.setCurrentIndex(max(0, control.findData(value)))
        elif isinstance(control, QCheckBox):
            control.setChecked(bool(value))
        elif isinstance(control, QSpinBox):
            control.setValue(int(value))
        elif isinstance(control, QDoubleSpinBox):
            control.setValue(float(value))
        elif isinstance(control, QPlainTextEdit):
            control.setPlainText(str(value))
        elif isinstance(control, QLineEdit):
            control.setText(str(value))
        self._show_state()

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Let the user choose from what was found: values and what they are called."""
        combo = self.control
        if isinstance(combo, QComboBox):
            for value, name in choices:
                index = combo.findData(value)
                if index < 0:
                    combo.addItem(name, value)
                else:
                    combo.setItemText(index, name)

    def put_back(self) -> None:
        """Show the value that there is without the user's."""
        self.set_value(self.default)

    def _on_changed(self) -> None:
        if self._is_ready:
            self._show_state()

    def _show_state(self) -> None:
        self.reset.setVisible(self.value() != self.default)

    def _on_reset(self) -> None:
        self.put_back()
        self.control.setFocus()

    def _on_browse(self) -> None:
        dialog = QFileDialog(self, described(self.setting), str(self.value()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_folder)
        dialog.open()

    def _on_folder(self, name: str) -> None:
        self.set_value(str(Path(name)))


class CaseRow(SettingRow):
    """One setting of the open case: the value of all cases, until the case is given one of its own.

    Args:
        setting: The row of the table.
        general: In force in all cases.
        own: The case's value, None when it has none.
        is_fixed: Whether nothing can be changed.
    """

    def __init__(self, setting: Setting, general: Value, own: Value | None, is_fixed: bool) -> None:
        self._own = own is not None
        super().__init__(setting, general if own is None else own)
        self.default = general
        self.control.setEnabled(not is_fixed)
        self.reset.setEnabled(not is_fixed)
        self.note.setText(self.tr("Only in this case"))
        self._show_state()

    def _reset_text(self) -> str:
        return self.tr("As in all cases")

    def own_value(self) -> Value | None:
        """The case's own value, None where it is that of all cases."""
        return self.setting.check(self.value()) if self._own else None

    def follow(self, general: Value) -> None:
        """The value of all cases is another one now."""
        self.default = general
        if not self._own:
            self.put_back()

    def put_back(self) -> None:
        """Go back to the value of all cases."""
        self._is_ready = False
        self.set_value(self.default)
        self._is_ready = True
        self._own = False
        self._show_state()

    def _on_changed(self) -> None:
        if self._is_ready:
            self._own = True
        super()._on_changed()

    def _show_state(self) -> None:
        self.reset.setVisible(self._own)
        self.note.setVisible(self._own)
