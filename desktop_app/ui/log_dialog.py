"""The log of the case, and what a verification of the whole case found."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.cases import AuditEntry, CaseCheck
from desktop_app.reports.log_texts import action_text, details_text
from desktop_app.ui import theme
from desktop_app.ui.check_dialog import CaseWords
from desktop_app.ui.widgets import label, scrolled


class LogDialog(QDialog):
    """Every entry of the log, newest last, with *verify*.

    Signals: `verify_asked`.
    """

    verify_asked = Signal()

    def __init__(
        self,
        tokens: theme.Tokens,
        name: str,
        entries: tuple[AuditEntry, ...],
        language: str,
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.setWindowTitle(self.tr("Log of the case {}").format(name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        text = self.tr(
            "Each entry carries the hash of the one before it, so that a change from outside is found. Times are UTC."
        )
        self.table = self._table(entries, language)
        self.mark, self.outcome = QLabel(), label("", wrap=True, selectable=True)
        self.mark.setFixedWidth(28)
        self.mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.verify = QPushButton(self.tr("Verify the case"))
        self.verify.setProperty("role", "primary")
        self.verify.clicked.connect(self._on_verify)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.reject)
        outcome = QWidget()
        inner = QHBoxLayout(outcome)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        inner.addWidget(self.outcome, 1, Qt.AlignmentFlag.AlignTop)
        self._outcome_area = scrolled(outcome)
        self._outcome_area.setMaximumHeight(150)
        self._outcome_area.hide()
        row = QHBoxLayout()
        row.addWidget(self.verify)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(label(text, "muted", wrap=True))
        column.addWidget(self.table, 1)
        column.addWidget(self._outcome_area)
        column.addLayout(row)
        self.resize(980, 600)

    def _table(self, entries: tuple[AuditEntry, ...], language: str) -> QTableWidget:
        heads = [self.tr("No."), self.tr("When"), self.tr("Who"), self.tr("What"), self.tr("Why"), self.tr("Details")]
        table = QTableWidget(len(entries), len(heads) + 1)
        table.setAccessibleName(self.tr("Log of the case"))
        table.setHorizontalHeaderLabels([*heads, "SHA-256"])
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setWordWrap(False)
        for number, entry in enumerate(entries):
            details = ", ".join(details_text(entry.details, language))
            when, action = f"{entry.at_utc:%Y-%m-%d %H:%M:%S}", action_text(entry.action, language)
            cells = (str(entry.seq), when, entry.actor, action[:1].upper() + action[1:], entry.purpose, details)
            for place, text in enumerate((*cells, entry.sha256)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                table.setItem(number, place, cell)
        for place, width in enumerate((48, 150, 90, 180, 120, 240, 150)):
            table.setColumnWidth(place, width)
        table.horizontalHeader().setSectionResizeMode(5, QHeaderView.ResizeMode.Stretch)
        table.scrollToBottom()
        return table

    def _on_verify(self) -> None:
        self.verify.setEnabled(False)
        self._outcome_area.show()
        self.mark.clear()
        self.outcome.setText(self.tr("Verifying…"))
        self.verify_asked.emit()

    def show_check(self, check: CaseCheck) -> None:
        """Say what the verification found."""
        self.verify.setEnabled(True)
        name = "check" if check.is_intact else "custody"
        color = self._tokens.genuine if check.is_intact else self._tokens.fake
        self.mark.setPixmap(theme.pixmap(name, color, 20, self.devicePixelRatioF()))
        head, *rest = CaseWords(self).case(check)
        self.outcome.setText("\n".join([head.text, *(f"•  {line.text}" for line in rest)]))
