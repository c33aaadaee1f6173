"""The settings, drawn from their one table: of all cases and of the open one, and the keys; found by typing."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.config import SETTINGS, Settings, Value
from desktop_app.ui.actions import translated
from desktop_app.ui.entries import CaseInfo
from desktop_app.ui.settings_rows import GROUPS, HIDDEN, REST, CaseRow, SettingRow
from desktop_app.ui.shortcut_editor import ShortcutPage
from desktop_app.ui.widgets import label, scrolled

__all__ = ["HIDDEN", "SettingsDialog"]

ALL_CASES, THIS_CASE = 0, 1


class SettingsDialog(QDialog):
    """All settings that a person chooses.

    Signals: `saved` with the names of those that changed in all cases; `case_saved` with the values of the open case
    that changed, None for those that it no longer has.

    Args:
        settings: Changed when the dialog is left with *Save*.
        parent: The window.
        devices: What the networks can compute on; empty while it is not known.
        case: The open case, None when there is none.
    """

    saved = Signal(object)
    case_saved = Signal(object)

    def __init__(
        self,
        settings: Settings,
        parent: QWidget | None,
        devices: tuple[str, ...] = (),
        case: CaseInfo | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._devices, self._case = settings, devices, case
        self._own = dict(case.overrides) if case is not None else {}
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search settings and shortcuts"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search)
        self.rows: dict[str, SettingRow] = {}
        self.case_rows: dict[str, CaseRow] = {}
        self._heads: list[tuple[QLabel, tuple[SettingRow, ...]]] = []
        self._nothing: list[QLabel] = []
        self.shortcuts = ShortcutPage(settings.get_str("shortcuts"))
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.tabBar().setAccessibleName(self.windowTitle())
        self.pages.tabBar().setDrawBase(False)
        self.pages.addTab(self._values(), self.tr("Settings"))
        self.pages.addTab(self.shortcuts, self.tr("Shortcuts"))
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(12)
        column.addWidget(self.search)
        column.addWidget(self.pages, 1)
        column.addWidget(self._bottom())
        self.resize(760, 640)
        self.search.setFocus()

    def _bottom(self) -> QWidget:
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
        return self.buttons

    def _values(self) -> QWidget:
        self.panes = QStackedWidget()
        self.panes.addWidget(self._general())
        if self._case is not None:
            self.panes.addWidget(self._of_case(self._case))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._scopes())
        column.addWidget(self.panes, 1)
        return page

    def _scopes(self) -> QHBoxLayout:
        self.scopes = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(self.tr("These values count in"), "muted"))
        for number, text in ((ALL_CASES, self.tr("All cases")), (THIS_CASE, self.tr("This case"))):
            button = QPushButton(text)
            button.setProperty("role", "choice")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setMinimumWidth(130)
            self.scopes.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        self.scopes.button(ALL_CASES).setChecked(True)
        if self._case is None:
            self.scopes.button(THIS_CASE).setEnabled(False)
            self.scopes.button(THIS_CASE).setToolTip(self.tr("Open a case or an item first"))
        self.scopes.idClicked.connect(self.show_scope)
        return row

    @Slot(object)
    def offer_models(self, models: Sequence[tuple[str, str]]) -> None:
        """Let the user choose among models: ids and what they are called."""
        for rows in (self.rows, self.case_rows):
            if "model_id" in rows:
                rows["model_id"].offer(models)

    def show_scope(self, number: int) -> None:
        """Show the values of all cases (`ALL_CASES`) or of the open one (`THIS_CASE`)."""
        self.scopes.button(number).setChecked(True)
        for key, row in self.case_rows.items():
            row.follow(self.rows[key].value())
        self.panes.setCurrentIndex(number)

    def show_shortcuts(self) -> None:
        """Turn to the page of the keys."""
        self.pages.setCurrentWidget(self.shortcuts)

    def _general(self) -> QScrollArea:
        rows = {
            setting.key: SettingRow(setting, self._settings.get(setting.key))
            for setting in SETTINGS
            if setting.key not in HIDDEN
        }
        self.rows = rows
        self.no_gpu: QLabel | None = None
        if self._devices == ("cpu",):
            text = self.tr("No graphics processor was found that the networks can use: they compute on the CPU.")
            self.no_gpu = label(text, "muted", wrap=True)
        return scrolled(self._listed(dict(rows)))

    def _of_case(self, case: CaseInfo) -> QScrollArea:
        for setting in SETTINGS:
            if setting.per_case:
                general, own = self._settings.get(setting.key), self._own.get(setting.key)
                self.case_rows[setting.key] = CaseRow(setting, general, own, case.read_only)
        if case.read_only:
            text = self.tr("This case is open for reading only: its values are shown and cannot be changed.")
        else:
            text = self.tr(
                "What is changed here counts in this case alone and is written into its log. The log goes on naming "
                "the examiner of all cases. An analysis that was broken off goes on as it began."
            )
        return scrolled(self._listed(dict(self.case_rows), text))

    def _listed(self, rows: dict[str, SettingRow], note: str = "") -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(2, 0, 12, 8)
        grid.setVerticalSpacing(8)
        if note:
            grid.addWidget(label(note, "muted", wrap=True))
        placed = {key for keys in GROUPS.values() for key in keys}
        rest = tuple(key for key in rows if key not in placed)
        for group, keys in (*GROUPS.items(), (REST, rest)):
            here = [rows[key] for key in keys if key in rows]
            if not here:
                continue
            head = label(translated(group), "heading")
            head.setContentsMargins(0, 10, 0, 0)
            self._heads.append((head, tuple(here)))
            grid.addWidget(head)
            for row in here:
                grid.addWidget(row)
                if row is self.rows.get("device") and self.no_gpu is not None:
                    grid.addWidget(self.no_gpu)
        nothing = label(self.tr("No setting speaks of that."), "muted")
        nothing.hide()
        self._nothing.append(nothing)
        grid.addWidget(nothing)
        grid.setRowStretch(grid.rowCount(), 1)
        return body

    def _on_search(self, text: str) -> None:
        words = text.casefold().split()
        panes: tuple[tuple[SettingRow, ...], ...] = tuple(self.rows.values()), tuple(self.case_rows.values())
        for rows, nothing in zip(panes, self._nothing, strict=False):
            for row in rows:
                row.setVisible(all(word in row.words for word in words))
            nothing.setVisible(all(row.isHidden() for row in rows))
        for head, below in self._heads:
            head.setVisible(any(not row.isHidden() for row in below))
        found = self.shortcuts.search(text)
        title = self.tr("Shortcuts")
        self.pages.setTabText(self.pages.indexOf(self.shortcuts), f"{title} ({found})" if words else title)

    def _on_reset_all(self) -> None:
        if self.pages.currentWidget() is self.shortcuts:
            self.shortcuts.reset_all()
            return
        is_case = self.panes.currentIndex() == THIS_CASE
        for row in (self.case_rows if is_case else self.rows).values():
            if row.control.isEnabled():
                row.put_back()

    def _on_save(self) -> None:
        changed: set[str] = set()
        values: dict[str, Value] = {key: row.setting.check(row.value()) for key, row in self.rows.items()}
        values["shortcuts"] = self.shortcuts.stored()
        for key, value in values.items():
            if value != self._settings.get(key):
                self._settings.set(key, value)
                changed.add(key)
        own = {key: row.own_value() for key, row in self.case_rows.items()}
        changes = {key: value for key, value in own.items() if value != self._own.get(key)}
        self.accept()
        self.saved.emit(changed)
        if changes:
            self.case_saved.emit(changes)
