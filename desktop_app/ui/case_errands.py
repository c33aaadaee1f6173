"""What is read of a case and written into it without a change to its list of items."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.config import Value
from desktop_app.ui import case_services, report_services, trace_services, written
from desktop_app.ui.case_services import CaseFile
from desktop_app.ui.entries import CaseInfo
from desktop_app.ui.jobs import Job, Worker
from desktop_app.ui.written import Note, Sheet

if TYPE_CHECKING:
    from desktop_app.cases import CaseStore
    from desktop_app.media import MediaItem


class CaseErrands(QObject):
    """Sends the worker to the case file; what it brings back comes by signal.

    Signals: `info_changed` with a `CaseInfo` or None; the others are named by the method that asks for them.

    Args:
        actor: Who does what the log of the case tells.
        worker: Does the work.
        parent: Owner.
    """

    info_changed = Signal(object)
    left_found = Signal(object)
    log_ready = Signal(object)
    details_ready = Signal(object)
    verified = Signal(object)
    history_ready = Signal(int, object)
    found = Signal(object)
    job_started = Signal(object, str)
    failed = Signal(object)

    def __init__(self, actor: str, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self.file = CaseFile(actor)
        self.info: CaseInfo | None = None
        self.has_writing = False
        self._then: dict[QObject, Callable[[Any], None]] = {}

    @property
    def name(self) -> str:
        """What the case is called."""
        if self.info is None:
            return ""
        return self.tr("Unsaved case") if self.info.is_temporary else self.info.path.stem

    def run(
        self, name: str, work: Callable[[Job], Any], then: Callable[[Any], None] | None = None, title: str = ""
    ) -> Job:
        """Let the worker do something, and go on with what it brought on the interface's thread.

        Args:
            name: Of the job, for the log.
            work: What the worker does.
            then: Is given what that returned.
            title: What the user calls it, where it is shown as work under way.
        """
        job = Job(name, work)
        if then is not None:
            # a bare function would be called on the worker's thread
            self._then[job] = then
            job.succeeded.connect(self._on_done)
        job.failed.connect(self.failed)
        job.finished.connect(self._on_job_ended)
        if title:
            self.job_started.emit(job, title)
        return self._worker.submit(job)

    @Slot(object)
    def _on_done(self, outcome: object) -> None:
        then = self._then.get(self.sender())
        if then is not None:
            then(outcome)

    @Slot()
    def _on_job_ended(self) -> None:
        self._then.pop(self.sender(), None)

    def set_info(self, info: CaseInfo | None) -> None:
        """Take up what is known of the case."""
        self.info = info
        self.info_changed.emit(info)

    def look_for_left(self) -> None:
        """Look for what a crash left behind; `left_found` tells."""
        self.run("left", case_services.left_cases, self.left_found.emit)

    def discard(self, path: Path) -> None:
        """Delete what a crash left behind."""
        self.run("discard", lambda job: case_services.discard_case(job, path))

    def set_values(self, changes: Mapping[str, Value | None]) -> None:
        """Give the case values of its own for settings, None takes them away; they count at once.

        Args:
            changes: The values by name; none only looks what the case has.
        """
        info, file = self.info, self.file
        if info is None:
            return
        if changes:
            own = {key: value for key, value in {**dict(info.overrides), **changes}.items() if value is not None}
            self.set_info(replace(info, overrides=tuple(own.items())))
        self.run("values", lambda job: case_services.set_values(job, file, info.path, changes), self.set_info)

    def read_log(self) -> None:
        """Read the audit log; `log_ready` brings it."""
        file = self.file
        self.run("log", lambda job: case_services.read_log(job, file), self.log_ready.emit)

    def read_history(self, item_id: int, media: "MediaItem | None") -> None:
        """Read what an item's file tells of its history; `history_ready` brings the item and what was found, if any."""
        file = self.file
        self._worker.cancel("history")
        work = lambda job: trace_services.history(job, file, item_id, media)  # noqa: E731  # as the others
        self.run("history", work, lambda found: self.history_ready.emit(item_id, found))

    def read_details(self, item_id: int) -> None:
        """Read what the case says of the reports on an item; `details_ready` brings it."""
        file = self.file
        self.run("details", lambda job: report_services.details(job, file, item_id), self.details_ready.emit)

    def verify(self) -> None:
        """Check the whole case; `verified` brings what was found."""
        file = self.file
        self.run("verify", lambda job: case_services.verify(job, file), self.verified.emit, self.name)

    def keep(self, sheet: Sheet, store: "CaseStore", then: Callable[[dict[int, Note] | None], None]) -> None:
        """Write what the examiner wrote about an item into the case it belongs to.

        Args:
            sheet: What was written.
            store: That case; where another one is open by then, nothing is written.
            then: Is given the notes as the case has them, None where nothing was written.
        """
        file = self.file
        self.has_writing = True
        self.run("written", lambda job: written.keep(store, sheet) if file.store is store else None, then)

    def find(self, item_id: int, path: Path) -> None:
        """Look for a missing item's file somewhere; `found` brings the comparison."""
        file = self.file
        work = lambda job: case_services.find_item(job, file, item_id, path)  # noqa: E731  # as the others
        self.run("find", work, self.found.emit, path.name)
