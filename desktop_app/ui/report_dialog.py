"""What a report is to say, where it goes, and with whose signature."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.config import Settings
from desktop_app.domain.dossier import ReportDetails, ReportStatus, ReportTemplate
from desktop_app.ui.report_services import ReportOrder
from desktop_app.ui.widgets import label, roomy, scrolled

LONG = ("question", "laboratory_address", "conclusion", "contrary", "alternatives", "limitations")
# what the settings say where the case says nothing
FROM_SETTINGS = ("laboratory", "laboratory_address", "examiner", "examiner_role")
AREA_PX = 76


class ReportDialog(QDialog):
    """Asks for everything that a report needs beside the result.

    Signals: `ordered` with a `ReportOrder`.

    Args:
        details: What the case says so far.
        settings: Where laboratory and examiner come from at first.
        language: Of the interface; the report's at first.
        target: Where the report goes unless another place is chosen.
        parent: The window.
    """

    ordered = Signal(object)

    def __init__(
        self, details: ReportDetails, settings: Settings, language: str, target: Path, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Report"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fields: dict[str, QLineEdit | QPlainTextEdit] = {}
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.tabBar().setAccessibleName(self.windowTitle())
        self.pages.tabBar().setDrawBase(False)
        self.pages.addTab(self._kind(language), self.tr("Kind"))
        self.pages.addTab(self._particulars(), self.tr("Particulars"))
        self.pages.addTab(self._conclusions(), self.tr("Conclusion"))
        self.pages.addTab(self._signature(), self.tr("Signature"))
        self._fill(details, {key: settings.get_str(key) for key in FROM_SETTINGS})
        self.path = QLineEdit(str(target))
        self.path.setAccessibleName(self.tr("Report file"))
        self.path.textChanged.connect(self._on_path)
        choose = QPushButton(self.tr("Choose…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._on_choose)
        self.write = QPushButton(self.tr("Write report"))
        self.write.setProperty("role", "primary")
        self.write.setDefault(True)
        buttons = QDialogButtonBox()
        buttons.addButton(self.write, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._on_write)
        buttons.rejected.connect(self.reject)
        place = QHBoxLayout()
        place.addWidget(label(self.tr("Report file"), "muted"))
        place.addWidget(self.path, 1)
        place.addWidget(choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 14)
        column.setSpacing(12)
        column.addWidget(self.pages, 1)
        column.addLayout(place)
        column.addWidget(buttons)
        self.resize(720, 600)

    def _form(self, page: QWidget) -> QFormLayout:
        form = QFormLayout(page)
        form.setContentsMargins(4, 16, 12, 8)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        return form

    def _field(self, form: QFormLayout, key: str, name: str, hint: str = "") -> None:
        field: QLineEdit | QPlainTextEdit
        if key in LONG:
            field = QPlainTextEdit()
            field.setTabChangesFocus(True)
            field.setFixedHeight(AREA_PX)
        else:
            field = QLineEdit()
        field.setPlaceholderText(hint)
        field.setAccessibleName(name)
        field.setObjectName(key)
        self.fields[key] = field
        form.addRow(name, field)

    def _kind(self, language: str) -> QWidget:
        page = QWidget()
        form = self._form(page)
        self.template, self.language, self.status = QComboBox(), QComboBox(), QComboBox()
        self.template.addItem(self.tr("Full report"), ReportTemplate.FULL)
        self.template.addItem(self.tr("One-page summary"), ReportTemplate.SUMMARY)
        self.language.addItem("English", "en")
        self.language.addItem("Español", "es")
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self.status.addItem(self.tr("Draft"), ReportStatus.DRAFT)
        self.status.addItem(self.tr("Final"), ReportStatus.FINAL)
        self.version = QSpinBox()
        self.version.setRange(1, 999)
        roomy(self.version)
        rows = (
            (self.tr("Template"), self.template),
            (self.tr("Language"), self.language),
            (self.tr("Status"), self.status),
            (self.tr("Version"), self.version),
        )
        for name, control in rows:
            control.setAccessibleName(name)
            control.setMinimumWidth(220)
            form.addRow(name, control)
        self._field(form, "supersedes", self.tr("Takes the place of"), self.tr("Id of an earlier report"))
        text = self.tr(
            "The report is drawn from the stored result alone. The item is hashed once more before, and the match is "
            "shown. The data lie inside as JSON and CSV."
        )
        form.addRow(label(text, "muted", wrap=True))
        return page

    def _particulars(self) -> QWidget:
        page = QWidget()
        form = self._form(page)
        for key, name in (
            ("case_number", self.tr("Case number")),
            ("requester", self.tr("Requested by")),
            ("question", self.tr("Question asked")),
            ("laboratory", self.tr("Laboratory")),
            ("laboratory_address", self.tr("Address")),
            ("examiner", self.tr("Examiner")),
            ("examiner_role", self.tr("Role of the examiner")),
            ("reviewer", self.tr("Reviewer")),
            ("reviewer_role", self.tr("Role of the reviewer")),
        ):
            self._field(form, key, name)
        return scrolled(page)

    def _conclusions(self) -> QWidget:
        page = QWidget()
        form = self._form(page)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        text = self.tr("These are the examiner's own words. The report sets them apart from what the machine found.")
        form.addRow(label(text, "muted", wrap=True))
        for key, name in (
            ("conclusion", self.tr("Conclusion of the examiner")),
            ("contrary", self.tr("What speaks against it")),
            ("alternatives", self.tr("Other explanations considered")),
            ("limitations", self.tr("Limitations")),
        ):
            self._field(form, key, name)
        return scrolled(page)

    def _signature(self) -> QWidget:
        page = QWidget()
        form = self._form(page)
        text = self.tr(
            "With a PKCS#12 file (.p12 or .pfx) the report is signed as PAdES. The passphrase is used once and kept "
            "nowhere. Leave the file empty for a report without a signature."
        )
        form.addRow(label(text, "muted", wrap=True))
        self.certificate, self.passphrase = QLineEdit(), QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.certificate.textChanged.connect(self._on_certificate)
        self.passphrase.setEnabled(False)
        browse = QPushButton(self.tr("Choose…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._on_browse)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.certificate, 1)
        row.addWidget(browse)
        for name, control in ((self.tr("Certificate"), self.certificate), (self.tr("Passphrase"), self.passphrase)):
            control.setAccessibleName(name)
        form.addRow(self.tr("Certificate"), row)
        form.addRow(self.tr("Passphrase"), self.passphrase)
        return page

    def _fill(self, details: ReportDetails, given: dict[str, str]) -> None:
        for key, field in self.fields.items():
            text = getattr(details, key) or given.get(key, "")
            if isinstance(field, QPlainTextEdit):
                field.setPlainText(text)
            else:
                field.setText(text)
        self.status.setCurrentIndex(self.status.findData(details.status))
        self.version.setValue(details.version)

    def details(self) -> ReportDetails:
        """What was stated."""
        values = {
            key: (field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()).strip()
            for key, field in self.fields.items()
        }
        status = ReportStatus(self.status.currentData())
        return ReportDetails(status=status, version=self.version.value(), **values)

    def _on_path(self, text: str) -> None:
        self.write.setEnabled(bool(text.strip()))

    def _on_certificate(self, text: str) -> None:
        self.passphrase.setEnabled(bool(text.strip()))

    def _on_choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Report file"), self.path.text(), "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()

    def _on_browse(self) -> None:
        dialog = QFileDialog(self, self.tr("Certificate"), "", "PKCS#12 (*.p12 *.pfx)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.certificate.setText)
        dialog.open()

    def _on_write(self) -> None:
        path, certificate = Path(self.path.text().strip()), self.certificate.text().strip()
        if path.suffix.lower() != ".pdf":
            path = path.with_name(path.name + ".pdf")
        order = ReportOrder(
            path,
            ReportTemplate(self.template.currentData()),
            str(self.language.currentData()),
            self.details(),
            Path(certificate) if certificate else None,
            self.passphrase.text(),
        )
        self.accept()
        self.ordered.emit(order)
