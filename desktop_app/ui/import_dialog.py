"""Asks for a model file, and for what the file does not say of itself."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.errors import AppError
from desktop_app.ui.choices import error_words
from desktop_app.ui.model_services import Wish
from desktop_app.ui.widgets import label, scrolled

MODEL_SUFFIXES = "*.pt *.pth *.ckpt *.safetensors *.h5 *.hdf5 *.onnx"


class ImportDialog(QDialog):
    """The form of an import; it stays open until the model is installed, so that an error can be mended in place.

    Signals: `import_asked` with a `Wish`.

    Args:
        architectures: Names of the networks that checkpoints can be of.
        folder: Where choosing a file begins.
        parent: The window of the models.
    """

    import_asked = Signal(object)

    def __init__(self, architectures: Sequence[str], folder: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import a model"))
        self._folder = folder
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self.file = self._path_row(
            self.tr("Model file"),
            self.tr("Checkpoint (PyTorch, safetensors), MesoNet of Keras (.h5) or ONNX classifier. Code is refused."),
            self.tr("Models ({});;All files (*)").format(MODEL_SUFFIXES),
        )
        self.card = self._path_row(
            self.tr("Card (optional)"),
            self.tr("A filled-in template, or the whole card of this very file. What stands below goes before it."),
            self.tr("Cards (*.toml);;All files (*)"),
        )
        self._build_fields(architectures)
        self._build_notice()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 10, 0)
        column.addLayout(self._grid)
        column.addStretch(1)
        text = self.tr(
            "The model is copied into your own models after a self-test. Nobody has measured how often it "
            "errs on your material: without figures on its card, each of its verdicts stays inconclusive."
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 18, 18, 14)
        whole.setSpacing(12)
        for part, stretch in ((label(text, wrap=True), 0), (scrolled(body), 1), (self._notice, 0)):
            whole.addWidget(part, stretch)
        whole.addWidget(self._build_buttons())
        self.resize(640, 680)
        self.file.setFocus()
        self._update()

    def _build_notice(self) -> None:
        self.problem = label("", wrap=True, selectable=True)
        self._notice = QFrame()
        self._notice.setProperty("role", "notice")
        inner = QVBoxLayout(self._notice)
        inner.addWidget(self.problem)
        self._notice.hide()

    def _build_fields(self, architectures: Sequence[str]) -> None:
        self.model_id = self._field(self.tr("Id"), self.tr("by default from the file's name"))
        self.name = self._field(self.tr("Name"), self.tr("by default the file's name"))
        self.architecture = QComboBox()
        self.architecture.addItem(self.tr("Recognise it"), "")
        for name in architectures:
            self.architecture.addItem(name, name)
        self._row(self.tr("Network"), self.architecture)
        self.classes = self._field(self.tr("Classes"), self.tr("outputs in order, such as genuine, fake"))
        self.genuine_class = self._field(self.tr("Genuine class"), self.tr("the one that means an untouched face"))
        self.outputs = self._field(self.tr("Scores"), self.tr("how many it gives; by default counted"))
        self.input_size_px = self._field(self.tr("Input size"), self.tr("side in pixels"))
        self.mean = self._field(self.tr("Mean"), self.tr("of RGB in 0 to 1: one number, or three with commas"))
        self.std = self._field(self.tr("Deviation"), self.tr("likewise"))
        self.crop_margin = self._field(self.tr("Margin"), self.tr("of the crop around the face's box, such as 0.3"))
        self.licence = self._field(self.tr("Licence"), self.tr("of the weights, as their author states it"))

    def _row(self, text: str, control: QWidget) -> None:
        row = self._grid.rowCount()
        control.setAccessibleName(text)
        self._grid.addWidget(label(text), row, 0)
        self._grid.addWidget(control, row, 1)

    def _field(self, text: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(hint)
        self._row(text, field)
        return field

    def _path_row(self, text: str, hint: str, kinds: str) -> QLineEdit:
        field, button = QLineEdit(), QPushButton(self.tr("Choose…"))
        field.textChanged.connect(self._update)
        button.setAutoDefault(False)
        button.setAccessibleName(f"{self.tr('Choose…')} {text}")
        button.clicked.connect(lambda: self._choose(field, text, kinds))
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(field, 1)
        line.addWidget(button)
        self._row(text, holder)
        field.setAccessibleName(text)
        self._grid.addWidget(label(hint, "muted", wrap=True), self._grid.rowCount(), 1)
        return field

    def _build_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.go = QPushButton(self.tr("Import and test"))
        self.go.setProperty("role", "primary")
        buttons.addButton(self.go, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.go.clicked.connect(self._on_go)
        buttons.rejected.connect(self.reject)
        return buttons

    def _update(self) -> None:
        if hasattr(self, "go"):
            self.go.setEnabled(bool(self.file.text().strip()))

    def _choose(self, field: QLineEdit, title: str, kinds: str) -> None:
        dialog = QFileDialog(self, title, self._folder, kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(field.setText)
        dialog.open()

    def _on_go(self) -> None:
        try:
            stated = self._stated()
        except ValueError as error:
            self._say(str(error), "")
            return
        self._notice.hide()
        self.go.setEnabled(False)
        card = self.card.text().strip()
        self.import_asked.emit(Wish(Path(self.file.text().strip()), Path(card) if card else None, stated))

    def _stated(self) -> dict[str, object]:
        """What was filled in.

        Raises:
            ValueError: A number is none; the message is for the user.
        """
        found: dict[str, object] = {}
        for key in ("model_id", "name", "genuine_class", "licence"):
            found[key] = getattr(self, key).text().strip()
        found["architecture"] = self.architecture.currentData()
        found["classes"] = tuple(part.strip() for part in self.classes.text().split(",") if part.strip())
        for key in ("outputs", "input_size_px"):
            found[key] = self._number(getattr(self, key), whole=True)
        found["crop_margin"] = self._number(self.crop_margin)
        for key in ("mean", "std"):
            found[key] = self._triple(getattr(self, key))
        return {key: value for key, value in found.items() if value not in ("", (), None)}

    def _number(self, field: QLineEdit, whole: bool = False) -> float | int | None:
        text = field.text().strip().replace(",", ".")
        if not text:
            return None
        try:
            return int(text) if whole else float(text)
        except ValueError:
            raise ValueError(self._no_number(field)) from None

    def _triple(self, field: QLineEdit) -> tuple[float, float, float] | None:
        text = field.text().strip()
        if not text:
            return None
        try:
            values = [float(part) for part in text.split(",")]
            first, second, third = values * 3 if len(values) == 1 else values
        except ValueError:
            raise ValueError(self._no_number(field)) from None
        return first, second, third

    def _no_number(self, field: QLineEdit) -> str:
        return self.tr("“{}” is no number: see the field {}.").format(field.text().strip(), field.accessibleName())

    def show_error(self, error: AppError) -> None:
        """Say why the import failed, and let the user mend it."""
        self._say(*error_words(error))
        self._update()

    def _say(self, message: str, hint: str) -> None:
        self.problem.setText(f"{message}\n{hint}".strip())
        self._notice.show()
