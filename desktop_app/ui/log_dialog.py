"""The log of the case, and what a verification of the whole case found."""

import json

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
from desktop_app.ui import theme
from desktop_app.ui.check_dialog import CaseWords
from desktop_app.ui.widgets import label, scrolled


class LogDialog(QDialog):
    """Every entry of the log, newest last, with *verify*.

    Signals: `verify_asked`.
    """

    verify_asked = Signal()

    def __init__(
        self, tokens: theme.Tokens, name: str, entries: tuple[AuditEntry, ...], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.setWindowTitle(self.tr("Log of the case {}").format(name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        text = self.tr(
            "Each entry carries the hash of the one before it, so that a change from outside is found. Times are UTC."
        )
        self.table = self._table(entries)
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

    def _table(self, entries: tuple[AuditEntry, ...]) -> QTableWidget:
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
            details = ", ".join(f"{key}: {_plain(value)}" for key, value in entry.details.items())
            when = f"{entry.at_utc:%Y-%m-%d %H:%M:%S}"
            cells = (str(entry.seq), when, entry.actor, self._action(entry.action), entry.purpose, details)
            for place, text in enumerate((*cells, entry.sha256)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                table.setItem(number, place, cell)
        for place, width in enumerate((48, 150, 90, 180, 120, 240, 150)):
            table.setColumnWidth(place, width)
        table.horizontalHeader().setSectionResizeMode(5, QHeaderView.ResizeMode.Stretch)
        table.scrollToBottom()
        return table

    def _action(self, action: str) -> str:
        known = {
            "case.created": self.tr("Case begun"),
            "case.opened": self.tr("Case opened"),
            "case.saved": self.tr("Case saved"),
            "case.copied": self.tr("Case copied"),
            "case.migrated": self.tr("Case brought up to date"),
            "item.added": self.tr("Item taken in"),
            "item.checked": self.tr("Item compared"),
            "item.accepted": self.tr("Deviation accepted"),
            "item.annotated": self.tr("Item annotated"),
            "item.traces": self.tr("Traces of the file stored"),
            "analysis.started": self.tr("Analysis begun"),
            "analysis.resumed": self.tr("Analysis resumed"),
            "analysis.chunk": self.tr("Frames stored"),
            "analysis.aborted": self.tr("Analysis broken off"),
            "analysis.finished": self.tr("Analysis finished"),
            "setting.changed": self.tr("Particulars changed"),
            "note.added": self.tr("Note written"),
            "note.changed": self.tr("Note changed"),
            "note.removed": self.tr("Note removed"),
            "bookmark.added": self.tr("Bookmark set"),
            "bookmark.removed": self.tr("Bookmark removed"),
            "case.archived": self.tr("Case exported as zip"),
            "case.imported": self.tr("Case imported"),
            "result.exported": self.tr("Result exported"),
            "report.exported": self.tr("Report written"),
            "report.signed": self.tr("Report signed"),
        }
        return known.get(action, action)

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


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
