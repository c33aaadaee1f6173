"""The examiner's desk: what lies on it is opened, analysed and handed over here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.config import Settings
from desktop_app.errors import CaseError, InputError
from desktop_app.ui import case_services, handover, report_services, services
from desktop_app.ui.entries import Shown
from desktop_app.ui.handover import Exported, ExportOrder
from desktop_app.ui.jobs import Job
from desktop_app.ui.report_services import ReportOrder
from desktop_app.ui.tabletop import State, Tabletop

# what goes on without the user waiting for it
QUIET_JOBS = (
    "warm-up",
    "explain",
    "thumbnails",
    "entry",
    "check",
    "left",
    "discard",
    "log",
    "details",
    "accept",
    "traces",
    "sort",
    "pictures",
    "twins",
    "written",
    "weigh",
    "history",
    "values",
    "opinions",
    "contrast",
    "choose",
    "model-names",
)
OPENING_JOBS = ("open", "demo")
# work of the user's hand that cancelling stops
OWN_JOBS = (*OPENING_JOBS, "export", "import", "take-in", "verify", "find", "scan", "compare", "moment")


@dataclass(frozen=True, slots=True)
class Opening:
    """A wish to open something.

    Args:
        job: Opens it.
        name: What the user calls it.
        analyse: Whether to analyse it at once.
    """

    job: Job
    name: str
    analyse: bool


class Desk(Tabletop):
    """State and work behind the window; everything heavy goes through the one `Worker`."""

    stop_needed = Signal(object)
    deviated = Signal(object, object)
    exported = Signal(str)
    exported_deviating = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(settings, parent)
        self.devices: tuple[str, ...] = ()
        self._opening: Job | None = None
        self._analyse_next = False
        cases = self.cases
        cases.failed.connect(self.failed)
        cases.job_started.connect(self.job_started)
        cases.replaced.connect(self._on_case_replaced)
        cases.accepted.connect(self._on_accepted)

    @property
    def is_busy(self) -> bool:
        """Whether something is under way that the user would wait for or cancel."""
        return self.is_writing or self.cases.queue.running is not None

    @property
    def is_writing(self) -> bool:
        """Whether the worker does something else than analysing that the user would wait for."""
        job = self.worker.current
        return self.state is State.OPENING or (job is not None and job.name not in QUIET_JOBS)

    def warm_up(self, look_for_left: bool = True) -> None:
        """Load the heavy libraries in the background, then see what a crash left behind.

        Args:
            look_for_left: Whether to see that.
        """
        job = Job("warm-up", services.warm_up)
        job.succeeded.connect(self._on_warm)
        self.worker.submit(job)
        if look_for_left:
            self.cases.look_for_left()

    @Slot(object)
    def _on_warm(self, devices: tuple[str, ...]) -> None:
        self.devices = devices

    def shutdown(self, keep: bool = True) -> None:
        """Stop all work and wait for it.

        Args:
            keep: Whether results without a case of a name are kept, to be offered at the next start.
        """
        self.cases.queue.clear()
        self.worker.shutdown()
        self.notebook.finish()
        self.cases.shutdown(keep and self.cases.has_unsaved)

    def open(self, path: Path, analyse: bool = False) -> None:
        """Take a file into the case and show it; what is open stays until it succeeds.

        While an export runs, `stop_needed` asks first, and only `stop_and_open` goes on.

        Args:
            path: The file.
            analyse: Whether to analyse it at once.
        """
        file = self.cases.file
        self._ask_to_open(Opening(Job("open", lambda job: case_services.add_file(job, file, path)), path.name, analyse))
        # not resolved, which would ask a drive that may be asleep
        folder = str(path.absolute().parent)
        if folder != self.settings.get_str("last_folder"):
            self.settings.set("last_folder", folder)
            self.save_settings()

    def open_all(self, paths: Sequence[Path]) -> None:
        """Show the first file and take the others in; folders are searched."""
        job = Job("sort", lambda job: case_services.files_and_folders(paths))
        job.succeeded.connect(self._on_sorted)
        job.failed.connect(self.failed)
        self.worker.submit(job, first=True)

    @Slot(object)
    def _on_sorted(self, found: tuple[list[Path], list[Path]]) -> None:
        files, folders = found
        if files:
            self.open(files[0])
            self.cases.add(files[1:])
        for folder in folders:
            self.cases.add_folder(folder)

    def open_demo(self) -> None:
        """Build the demo clip, open and analyse it; asks as `open` does."""
        file, info = self.cases.file, self.cases.info
        if info is not None and not info.is_temporary:
            text = self.tr("The demo does not belong in the case {}.").format(self.cases.name)
            self.failed.emit(InputError(text, self.tr("Begin a new case first.")))
            return
        job = Job("demo", lambda job: case_services.add_demo(job, file))
        self._ask_to_open(Opening(job, services.DEMO_NAME, True))

    def show_item(self, item_id: int, again: bool = False) -> None:
        """Show an item of the case, with its stored result; asks as `open` does.

        Args:
            item_id: The item.
            again: Whether to open it also when it is open.
        """
        if item_id == self.item_id and self.item is not None and not again and self._opening is None:
            return
        file, name = self.cases.file, self.cases.entries[item_id].item.path.name
        job = Job("open", lambda job: case_services.show_item(job, file, item_id))
        self._ask_to_open(Opening(job, name, False))

    @Slot()
    def look_again(self) -> None:
        """Open the item on the desk anew, as when its drive is back."""
        if self.item_id:
            self.show_item(self.item_id, again=True)

    def save_settings(self) -> None:
        """Keep the settings; a folder that cannot be written is told, not fatal."""
        try:
            self.settings.save()
        except CaseError as error:
            self.failed.emit(error)

    def _ask_to_open(self, opening: Opening) -> None:
        if any(job.name == "export" for job in self.worker.wanted):
            self.stop_needed.emit(opening)
        else:
            self.stop_and_open(opening)

    def stop_and_open(self, opening: Opening) -> None:
        """Stop what the worker does for the open item, and begin to open something; analyses go on."""
        self.worker.cancel(*OPENING_JOBS, "export", "explain", "thumbnails", "compare", "moment")
        job = opening.job
        self._analyse_next = opening.analyse
        self._opening = job
        job.succeeded.connect(self._on_opened)
        job.failed.connect(self._on_open_failed)
        job.cancelled.connect(self._on_open_ended)
        self.set_state(State.OPENING)
        self.job_started.emit(job, opening.name)
        self.worker.submit(job, first=True)

    @Slot(object)
    def _on_opened(self, shown: Shown) -> None:
        if self._opening is None or self.sender() is not self._opening:
            return
        if self._opening.token.is_cancelled:
            # it was quicker than the wish to stop it, but the wish counts
            self._on_open_ended()
            return
        self._opening = None
        self.cases.on_shown(shown)
        if shown.media is None and shown.result is None:
            self.set_state(self.resting_state())
        else:
            self.put(shown)
        if shown.check is not None:
            self.deviated.emit(self.cases.entries[shown.entry.item_id], shown.check)
        elif self._analyse_next:
            self.analyse()

    @Slot(object)
    def _on_open_failed(self, error: Exception) -> None:
        if self.sender() is self._opening:
            self._on_open_ended()
            self.failed.emit(error)

    @Slot()
    def _on_open_ended(self) -> None:
        if self._opening is not None and self.sender() in (self._opening, None):
            self._opening = None
            self.set_state(self.resting_state())

    def close_item(self) -> None:
        """Clear the desk; analyses go on."""
        self.worker.cancel(*OPENING_JOBS, "explain", "thumbnails", "history")
        self._opening = None
        self.clear()

    @Slot()
    def _on_case_replaced(self) -> None:
        self.close_item()
        if self.cases.entries:
            self.show_item(min(self.cases.entries))

    @Slot(int)
    def _on_accepted(self, item_id: int) -> None:
        if item_id == self.item_id or not self.cases.was_refused(item_id):
            self.show_item(item_id, again=True)

    def cancel(self) -> None:
        """Stop what the hand began; if that is nothing, the analysis that runs."""
        if not self.worker.cancel(*OWN_JOBS):
            self.cases.queue.stop()

    def analyse(self) -> None:
        """Analyse the open item as the settings say, before all that wait."""
        if self.item is not None:
            self.cases.analyse(self.item_id, first=True)

    def resume(self) -> None:
        """Go on with the broken-off analysis of the open item."""
        if self.item is not None:
            self.cases.resume(self.item_id)

    def export(self, kind: str, path: Path) -> None:
        """Write the result to a file, see `handover.export`; `exported_deviating` brings a check that deviates."""
        result, item, file = self.result, self.item, self.cases.file
        if result is None:
            return
        order = ExportOrder(kind, path, self.language, self.item_id, self._analysis_id())
        job = Job("export", lambda job: handover.export(job, file, result, item, order))
        job.succeeded.connect(self._on_handed_over)
        job.failed.connect(self.failed)
        self.job_started.emit(job, path.name)
        self.worker.submit(job)

    def write_report(self, order: ReportOrder) -> None:
        """Write the report of the result, see `report_services.write_report`."""
        result, file, item_id = self.result, self.cases.file, self.item_id
        if result is None:
            return
        analysis_id = self._analysis_id()
        job = Job("export", lambda job: report_services.write_report(job, file, item_id, analysis_id, result, order))
        job.succeeded.connect(self._on_exported)
        job.failed.connect(self.failed)
        self.job_started.emit(job, order.path.name)
        self.notebook.learn_conclusion(order.details.conclusion)
        self.worker.submit(job)

    def _analysis_id(self) -> int:
        entry = self.cases.entries.get(self.item_id)
        return entry.analysis_id if entry is not None else 0

    @Slot(object)
    def _on_handed_over(self, made: Exported) -> None:
        self._on_exported(made.path)
        if made.check is not None and not made.check.allows_analysis:
            self.exported_deviating.emit(made.check)

    @Slot(object)
    def _on_exported(self, path: Path) -> None:
        self.exported.emit(str(path))
