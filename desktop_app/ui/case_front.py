"""Brings the case before the user: its files, its questions, its dialogs."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.domain.cases import AuditEntry, CaseCheck, ItemCheck, ItemState
from desktop_app.domain.dossier import ReportDetails
from desktop_app.errors import InputError
from desktop_app.ui.case_dialogs import CustodyDialog, RecoveryDialog, UnsavedDialog
from desktop_app.ui.desk import Desk
from desktop_app.ui.dialogs import Messenger
from desktop_app.ui.docks import window_file
from desktop_app.ui.entries import CaseInfo, Entry, LeftCase
from desktop_app.ui.log_dialog import LogDialog
from desktop_app.ui.report_dialog import ReportDialog

MAX_RECENT = 8
SUFFIX = "cotejo"


def recent_cases() -> list[Path]:
    """The cases that were opened last, newest first; whether they are still there shows when they are opened."""
    names = window_file().value("recent") or []
    return [Path(name) for name in ([names] if isinstance(names, str) else names)]


class CaseFront(QObject):
    """The dialogs about the case of one window.

    Signals: `recent_changed` when the list of recent cases changed, `leave_granted` when the window may close.
    """

    recent_changed = Signal()
    leave_granted = Signal(bool)
    report_asked = Signal()

    def __init__(self, desk: Desk, messenger: Messenger, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._cases, self._messenger, self._window = desk, desk.cases, messenger, window
        self._after_save: Callable[[], None] | None = None
        self._when_saved: Callable[[], None] | None = None
        self._wants_check = False
        self._tried: Path | None = None
        cases = self._cases
        desk.deviated.connect(self.show_deviation)
        cases.refused.connect(self.show_deviation)
        cases.found.connect(self._on_found)
        cases.left_found.connect(self._on_left)
        cases.saved.connect(self._on_saved)
        cases.failed.connect(self._on_failed)
        cases.info_changed.connect(self._on_info)
        cases.log_ready.connect(self._on_log)
        cases.details_ready.connect(self._on_details)
        cases.verified.connect(self._on_verified)

    # case files

    def new_case(self) -> None:
        """Let go of the case, after asking about what is not saved."""
        self._ask_first(self._cases.new_case)

    def open_case(self) -> None:
        """Let the user choose a case."""
        dialog = QFileDialog(self._window, self.tr("Open a case"), str(self._folder()), self._filter())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.open_name)
        dialog.open()

    @Slot(str)
    def open_name(self, name: str) -> None:
        """Open a case, after asking about what is not saved."""
        path = Path(name)
        self._tried = path
        self._ask_first(lambda: self._cases.open_case(path))

    def save_case(self) -> None:
        """Let the user choose where the case is saved."""
        info = self._cases.info
        dialog = QFileDialog(self._window, self.tr("Save the case"), str(self._folder()), self._filter())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX)
        if info is not None and not info.is_temporary:
            dialog.selectFile(info.path.name)
        else:
            dialog.selectFile(self.tr("Case") + f".{SUFFIX}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_save_name)
        dialog.rejected.connect(self._forget)
        dialog.open()

    @Slot(str)
    def _on_save_name(self, name: str) -> None:
        self._when_saved, self._after_save = self._after_save, None
        self._cases.save_as(Path(name))

    @Slot()
    def _forget(self) -> None:
        self._after_save = None

    @Slot(object)
    def _on_failed(self, _: Exception) -> None:
        # what could not be saved is not let go of
        self._when_saved = None
        tried, self._tried = self._tried, None
        if tried is not None and not tried.exists():
            window_file().setValue("recent", [str(path) for path in recent_cases() if path != tried])
            self.recent_changed.emit()

    def _filter(self) -> str:
        return self.tr("Cases") + f" (*.{SUFFIX})"

    def _folder(self) -> Path:
        info, chosen = self._cases.info, self._desk.settings.get_str("cases_folder")
        if chosen:
            return Path(chosen)
        if info is not None and not info.is_temporary:
            return info.path.parent
        return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))

    @Slot(str)
    def _on_saved(self, name: str) -> None:
        after, self._when_saved = self._when_saved, None
        if after is not None:
            after()

    @Slot(object)
    def _on_info(self, info: CaseInfo | None) -> None:
        self._tried = None
        if info is not None and not info.is_temporary:
            known = [str(path) for path in recent_cases() if path != info.path]
            window_file().setValue("recent", [str(info.path), *known][:MAX_RECENT])
            self.recent_changed.emit()

    def _ask_first(self, action: Callable[[], None]) -> None:
        if not self._cases.has_unsaved:
            action()
            return
        dialog = UnsavedDialog(self._messenger.tokens, self._window)
        dialog.discarded.connect(action)

        def save() -> None:
            self._after_save = action
            self.save_case()

        dialog.save_asked.connect(save)
        dialog.open()

    def may_leave(self) -> bool:
        """Whether the window may close at once; else a dialog asks, and `leave_granted` tells."""
        if not self._cases.has_unsaved:
            return True
        for older in self._window.findChildren(UnsavedDialog):
            older.close()
        dialog = UnsavedDialog(self._messenger.tokens, self._window)
        dialog.discarded.connect(lambda: self.leave_granted.emit(False))

        def save() -> None:
            self._after_save = lambda: self.leave_granted.emit(False)
            self.save_case()

        dialog.save_asked.connect(save)
        dialog.open()
        return False

    # what a crash left behind

    @Slot(object)
    def _on_left(self, left: tuple[LeftCase, ...]) -> None:
        if not left:
            return
        dialog = RecoveryDialog(self._messenger.tokens, left, self._window)
        dialog.open_asked.connect(self._on_recover)
        dialog.save_asked.connect(self._on_recover_and_save)
        dialog.discarded.connect(self._on_discard)
        dialog.open()

    @Slot(object)
    def _on_recover(self, left: LeftCase) -> None:
        self._ask_first(lambda: self._cases.recover(left.path))

    @Slot(object)
    def _on_recover_and_save(self, left: LeftCase) -> None:
        def recover() -> None:
            self._cases.recover(left.path)
            self.save_case()

        self._ask_first(recover)

    @Slot(object)
    def _on_discard(self, left: LeftCase) -> None:
        self._cases.discard(left.path)

    # custody

    @Slot(object, object)
    def show_deviation(self, entry: Entry, check: ItemCheck) -> None:
        """Say that an item is not as it was taken in, and ask what to do."""
        for older in self._window.findChildren(CustodyDialog):
            if older.entry.item_id == entry.item_id:
                older.close()
        info = self._cases.info
        dialog = CustodyDialog(self._messenger.tokens, entry, check, info is None or info.read_only, self._window)
        dialog.accepted_because.connect(lambda reason: self._cases.accept(check, reason))
        dialog.search_asked.connect(lambda: self._search(entry))
        dialog.open()

    def _search(self, entry: Entry) -> None:
        title = self.tr("Where is {}?").format(entry.item.path.name)
        dialog = QFileDialog(self._window, title, str(entry.item.path.parent))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setProperty("item", entry.item_id)
        dialog.fileSelected.connect(self._on_place)
        dialog.open()

    @Slot(str)
    def _on_place(self, name: str) -> None:
        self._cases.find(int(self.sender().property("item")), Path(name))

    @Slot(object)
    def _on_found(self, check: ItemCheck) -> None:
        if check.state is ItemState.INTACT or check.accepted_utc is not None:
            self._desk.show_item(check.item_id, again=True)
        elif check.state is ItemState.MISSING:
            self._messenger.error(InputError(self.tr("There is no such file."), self.tr("Choose another one.")))
        else:
            self.show_deviation(self._cases.entries[check.item_id], check)

    def report(self) -> None:
        """Ask what the report is to say and write it."""
        if self._desk.result is not None:
            self.report_asked.emit()
            self._cases.read_details(self._desk.item_id)

    @Slot(object)
    def _on_details(self, details: ReportDetails) -> None:
        result, settings = self._desk.result, self._desk.settings
        if result is None:
            return
        source, info = result.media.path, self._cases.info
        folder = source.parent if info is None or info.is_temporary else info.path.parent
        target = folder / f"{source.stem}-cotejo.pdf"
        dialog = ReportDialog(details, settings, self._desk.language, target, self._window)
        dialog.ordered.connect(self._desk.write_report)
        dialog.open()

    # the log

    def verify(self) -> None:
        """Show the log and verify the whole case at once."""
        self._wants_check = True
        self._cases.read_log()

    def log(self) -> None:
        """Show the log."""
        self._wants_check = False
        self._cases.read_log()

    @Slot(object)
    def _on_log(self, entries: tuple[AuditEntry, ...]) -> None:
        for older in self._window.findChildren(LogDialog):
            older.close()
        dialog = LogDialog(self._messenger.tokens, self._cases.name, entries, self._desk.language, self._window)
        dialog.verify_asked.connect(self._cases.verify)
        dialog.open()
        if self._wants_check:
            dialog.verify.click()

    @Slot(object)
    def _on_verified(self, check: CaseCheck) -> None:
        for dialog in self._window.findChildren(LogDialog):
            dialog.show_check(check)
