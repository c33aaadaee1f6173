"""The settings, drawn from their one table: a row each, found by typing, put back by a press."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app.config import SETTINGS, Setting, Settings, Value
from desktop_app.ui.actions import translated
from desktop_app.ui.widgets import label, scrolled

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
# what the program remembers by itself
HIDDEN = ("last_folder",)
LONG = ("laboratory_address",)
CHOICES: dict[str, str] = {
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
    """One setting: what it is for, its control, and the way back to its default.

    Args:
        setting: The row of the table.
        value: In force.
    """

    def __init__(self, setting: Setting, value: Value) -> None:
        super().__init__()
        self.setting = setting
        self.setObjectName(f"row_{setting.key}")
        text = described(setting)
        self.words = f"{setting.key} {text}".casefold()
        self.control = self._make()
        self.control.setAccessibleName(text)
        self.control.setObjectName(setting.key)
        self.reset = QPushButton(self.tr("Reset"))
        self.reset.setProperty("role", "link")
        self.reset.setAutoDefault(False)
        self.reset.setAccessibleName(self.tr("Reset: {}").format(text))
        self.reset.clicked.connect(self._on_reset)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(label(text.rstrip("."), wrap=True), 1)
        row.addWidget(self.control)
        if setting.key.endswith("_folder"):
            browse = QPushButton("…")
            browse.setAccessibleName(self.tr("Choose a folder"))
            browse.setAutoDefault(False)
            browse.clicked.connect(self._on_browse)
            row.addWidget(browse)
            self.control.setFixedWidth(CONTROL_PX - 50)
        else:
            self.control.setFixedWidth(CONTROL_PX)
        row.addWidget(self.reset)
        self.set_value(value)

    def _make(self) -> QWidget:
        setting = self.setting
        control: QWidget
        if setting.choices:
            combo = QComboBox()
            for choice in setting.choices:
                combo.addItem(translated(CHOICES.get(choice, choice)), choice)
            combo.currentIndexChanged.connect(self._on_changed)
            control = combo
        elif setting.type is bool:
            switch = QCheckBox()
            switch.toggled.connect(self._on_changed)
            control = switch
        elif setting.type in (int, float):
            low, high = setting.bounds or (0, 1_000_000)
            number: QSpinBox | QDoubleSpinBox = QSpinBox() if setting.type is int else QDoubleSpinBox()
            if isinstance(number, QSpinBox):
                number.setRange(int(low), int(high))
            else:
                number.setRange(low, high)
                number.setSingleStep(0.05 if high <= 1 else 1.0)
            number.valueChanged.connect(self._on_changed)
            control = number
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
        self._on_changed()

    def _on_changed(self) -> None:
        if hasattr(self, "reset"):
            self.reset.setVisible(self.value() != self.setting.default)

    def _on_reset(self) -> None:
        self.set_value(self.setting.default)
        self.control.setFocus()

    def _on_browse(self) -> None:
        dialog = QFileDialog(self, described(self.setting), str(self.value()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_folder)
        dialog.open()

    def _on_folder(self, name: str) -> None:
        self.set_value(str(Path(name)))


class SettingsDialog(QDialog):
    """All settings that a person chooses.

    Signals: `saved` with the names of those that changed.

    Args:
        settings: Changed when the dialog is left with *Save*.
        parent: The window.
        devices: What the networks can compute on; empty while it is not known.
    """

    saved = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None, devices: tuple[str, ...] = ()) -> None:
        super().__init__(parent)
        self._settings, self._devices = settings, devices
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search the settings"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search)
        self.rows: dict[str, SettingRow] = {}
        self._heads: dict[str, QLabel] = {}
        self._nothing = label(self.tr("No setting speaks of that."), "muted")
        self._nothing.hide()
        reset = QPushButton(self.tr("Reset all"))
        reset.setAutoDefault(False)
        reset.clicked.connect(self._on_reset_all)
        self.buttons = QDialogButtonBox()
        self.save = QPushButton(self.tr("Save"))
        self.save.setProperty("role", "primary")
        self.save.setDefault(True)
        self.buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.addButton(reset, QDialogButtonBox.ButtonRole.ResetRole)
        self.buttons.accepted.connect(self._on_save)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(self.search)
        column.addWidget(scrolled(self._body()), 1)
        column.addWidget(self.buttons)
        self.resize(680, 620)

    def _body(self) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(2, 0, 12, 0)
        grid.setVerticalSpacing(8)
        placed = {key for keys in GROUPS.values() for key in keys} | set(HIDDEN)
        rest = tuple(setting.key for setting in SETTINGS if setting.key not in placed)
        by_key = {setting.key: setting for setting in SETTINGS}
        for group, keys in (*GROUPS.items(), (REST, rest)):
            if not keys:
                continue
            head = label(translated(group), "heading")
            head.setContentsMargins(0, 10, 0, 0)
            self._heads[group] = head
            grid.addWidget(head)
            for key in keys:
                row = SettingRow(by_key[key], self._settings.get(key))
                row.setProperty("group", group)
                self.rows[key] = row
                grid.addWidget(row)
                if key == "device" and self._devices == ("cpu",):
                    text = self.tr(
                        "No graphics processor was found that the networks can use: they compute on the CPU."
                    )
                    self.no_gpu = label(text, "muted", wrap=True)
                    grid.addWidget(self.no_gpu)
        grid.addWidget(self._nothing)
        grid.setRowStretch(grid.rowCount(), 1)
        return body

    def _on_search(self, text: str) -> None:
        words = text.casefold().split()
        shown = set()
        for row in self.rows.values():
            is_there = all(word in row.words for word in words)
            row.setVisible(is_there)
            if is_there:
                shown.add(row.property("group"))
        for group, head in self._heads.items():
            head.setVisible(group in shown)
        self._nothing.setVisible(not shown)

    def _on_reset_all(self) -> None:
        for row in self.rows.values():
            row.set_value(row.setting.default)

    def _on_save(self) -> None:
        changed = set()
        for key, row in self.rows.items():
            value = row.setting.check(row.value())
            if value != self._settings.get(key):
                self._settings.set(key, value)
                changed.add(key)
        self.accept()
        self.saved.emit(changed)
