"""Hands cases and reports in and out: packs a case, unpacks one, verifies what somebody sent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.domain.archives import CaseArchive, ImportedCase
from desktop_app.domain.cases import CaseCheck, ItemCheck, ItemState
from desktop_app.domain.seals import ReportCheck
from desktop_app.ui import handover
from desktop_app.ui.check_dialog import CaseWords, CheckDialog, CheckLine, lines_of_report
from desktop_app.ui.desk import Desk
from desktop_app.ui.dialogs import Messenger
from desktop_app.ui.jobs import Job


class Exchange(QObject):
    """The dialogs of one window about archives and checks.

    Signals: `case_chosen` with a case that came out of an archive and is to be opened.
    """

    case_chosen = Signal(str)

    def __init__(self, desk: Desk, messenger: Messenger, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._messenger, self._window = desk, messenger, window
        self._words = CaseWords(self)
        self._archive = self._verified = Path()
        desk.exported_deviating.connect(self._on_deviating)

    def _run(self, name: str, title: str, work: Callable[[Job], Any], then: Callable[[Any], None]) -> None:
        job = Job(name, work)
        job.succeeded.connect(then)
        job.failed.connect(self._desk.failed)
        self._desk.job_started.emit(job, title)
        self._desk.worker.submit(job)

    def _ask(self, title: str, folder: str, filters: str, then: Callable[[str], None]) -> QFileDialog:
        dialog = QFileDialog(self._window, title, folder, filters)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(then)
        return dialog

    def _folder(self) -> str:
        info = self._desk.cases.info
        named = info is not None and not info.is_temporary
        return str(info.path.parent) if info is not None and named else self._desk.settings.get_str("last_folder")

    def _show(self, title: str, lines: list[CheckLine]) -> CheckDialog:
        for older in self._window.findChildren(CheckDialog):
            older.close()
        dialog = CheckDialog(self._messenger.tokens, title, lines, self._window)
        dialog.open()
        return dialog

    # a whole case

    def export_case(self) -> None:
        """Let the user choose where the whole case goes as one file."""
        if self._desk.cases.info is None:
            return
        self._plain = self.tr("Case without its items") + " (*.zip)"
        filters = f"{self.tr('Case with its items')} (*.zip);;{self._plain}"
        dialog = self._ask(self.tr("Export the case"), self._folder(), filters, self._on_export_place)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix("zip")
        dialog.selectFile(f"{self._desk.cases.name}.zip")
        dialog.open()

    @Slot(str)
    def _on_export_place(self, name: str) -> None:
        dialog = self.sender()
        with_items = not (isinstance(dialog, QFileDialog) and dialog.selectedNameFilter() == self._plain)
        file, path = self._desk.cases.file, Path(name)
        work = lambda job: handover.export_case(job, file, path, with_items)  # noqa: E731  # as the others
        self._run("export", path.name, work, self._on_packed)

    @Slot(object)
    def _on_packed(self, archive: CaseArchive) -> None:
        self._desk.exported.emit(str(archive.path))
        self._show(self.tr("The case was exported"), self._words.packed(archive))

    def import_case(self) -> None:
        """Let the user choose an archive, then the folder it is unpacked into."""
        filters = self.tr("Exported cases") + " (*.zip)"
        self._ask(self.tr("Import a case"), self._folder(), filters, self._on_archive).open()

    @Slot(str)
    def _on_archive(self, name: str) -> None:
        self._archive = Path(name)
        dialog = self._ask(self.tr("Unpack into which folder?"), self._folder(), "", self._on_import_place)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.open()

    @Slot(str)
    def _on_import_place(self, name: str) -> None:
        archive, actor = self._archive, self._desk.cases.file.actor
        folder = handover.new_folder(archive, Path(name))
        work = lambda job: handover.import_case(job, archive, folder, actor)  # noqa: E731  # as the others
        self._run("import", archive.name, work, self._on_unpacked)

    @Slot(object)
    def _on_unpacked(self, found: ImportedCase) -> None:
        dialog = self._show(self.tr("The case was imported"), self._words.unpacked(found))
        button = dialog.add_button(self.tr("Open the case"))
        path = str(found.path)
        button.clicked.connect(lambda: self.case_chosen.emit(path))

    # checks

    def verify(self) -> None:
        """Let the user choose a report or a case that is to be verified."""
        filters = self.tr("Reports and cases") + " (*.pdf *.cotejo)"
        self._ask(self.tr("Verify a report or a case"), self._folder(), filters, self._on_verify).open()

    @Slot(str)
    def _on_verify(self, name: str) -> None:
        self._check(Path(name), None)

    def _check(self, path: Path, case: Path | None) -> None:
        self._verified = path
        self._run("verify", path.name, lambda job: handover.verify(job, path, case), self._on_checked)

    @Slot(object)
    def _on_checked(self, check: ReportCheck | CaseCheck) -> None:
        if isinstance(check, CaseCheck):
            self._show(check.path.name, self._words.case(check))
            return
        dialog = self._show(check.path.name, lines_of_report(check, self._desk.language))
        info, path = self._desk.cases.info, check.path
        if check.case is None and info is not None:
            case = info.path
            button = dialog.add_button(self.tr("Compare with the open case"))
            button.clicked.connect(lambda: self._check(path, case))

    @Slot(object)
    def _on_deviating(self, check: ItemCheck) -> None:
        name = check.path.name
        texts = {
            ItemState.CHANGED: self.tr("“{}” is not the file that was taken in: its content has changed."),
            ItemState.MISSING: self.tr("“{}” is not where it was, so it could not be compared with its intake."),
            ItemState.MOVED: self.tr("“{}” lies in another place than at its intake; its content is the same."),
        }
        hint = self.tr("The export was written and holds the stored result. The case's log notes the difference.")
        self._messenger.note(self.tr("The item deviates"), texts[check.state].format(name), hint)
