"""The window: what its parts do to one another, and what happens to it."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent

from desktop_app.config import Settings
from desktop_app.errors import AppError
from desktop_app.logs import log_crash
from desktop_app.progress import Progress
from desktop_app.ui.actions import Actions, Need
from desktop_app.ui.case_front import SUFFIX, recent_cases
from desktop_app.ui.desk import OPENING_JOBS, Opening
from desktop_app.ui.following import Following
from desktop_app.ui.hands import write_conclusion
from desktop_app.ui.jobs import Job
from desktop_app.ui.needs import needs_met
from desktop_app.ui.set_up import SetUp
from desktop_app.ui.wiring import handlers_of
from desktop_app.ui.workbench import Workbench

ALL_DOCKS = frozenset(("case", "findings", "timeline"))


class MainWindow(Workbench):
    """Viewer in the middle, the case at its left, findings at its right, timeline below, work in the status bar."""

    closed = Signal()

    def __init__(self, settings: Settings, is_safe: bool = False) -> None:
        super().__init__(settings, is_safe)
        self._may_close, self._keep = False, True
        self.setup = SetUp(self)
        self._begin()
        self._connect_desk()
        self.following = Following(self)
        self.docks.restore()

    def _begin(self) -> None:
        self.assemble(Actions(self, handlers_of(self)))
        self.setup.apply_keys()
        self._connect_parts()
        self.dress()

    def rebuild(self) -> None:
        """Take the parts away and make them anew, as after a change of the language; the work goes on."""
        self.notes.finish()
        self.docks.save()
        self.setup.end_tour()
        position, tab, compared = self.player.position, self.side.currentIndex(), self.detectors.shown
        self.take_apart()
        self._begin()
        self.detectors.go_on(compared)
        self.middle.show()
        self.desk.tell_again()
        self.docks.restore(with_size=False)
        self.player.seek(position)
        self.side.setCurrentIndex(tab)

    def _connect_desk(self) -> None:
        desk = self.desk
        desk.job_started.connect(self._on_job)
        desk.exported.connect(self._on_exported)
        desk.stop_needed.connect(self._on_stop_needed)
        desk.failed.connect(self.show_failure)
        desk.worker.busy_changed.connect(self.update_actions)
        self.player.failed.connect(self.show_failure)
        self.player.playing_changed.connect(self._on_playing)

    def _connect_parts(self) -> None:
        desk = self.desk
        desk.card_known.connect(self.model.show_card)
        self.detector_panel.models_asked.connect(self.models.show)
        desk.thumbnails_ready.connect(self.findings.show_thumbnails)
        desk.weighed.connect(self.findings.show_weighed)
        self.examination.faces_changed.connect(self.update_actions)
        self.examination.explain_asked.connect(self.set_explaining)
        self.navigation.said.connect(self.strip.say)
        desk.notebook.said.connect(self.strip.say)
        self.notes.frame_chosen.connect(self.navigation.show_frame)
        self.notes.link_button.clicked.connect(self.table["link_frame"].trigger)
        self.navigation.saved.connect(self._on_exported)
        self.taking.saved.connect(self._on_exported)
        self.comparison.changed.connect(self.update_actions)
        self.taking.said.connect(self.strip.say)
        self.findings.said.connect(self.strip.say)
        self.navigation.failed.connect(self.show_failure)
        self.views.shown_changed.connect(lambda name, on: self.table[f"view_{name}"].setChecked(on))
        self.strip.cancel_asked.connect(desk.cancel)
        self.findings.analyse_asked.connect(desk.analyse)
        self.findings.resume_asked.connect(desk.resume)
        self.findings.report_asked.connect(self.table["export_pdf"].trigger)
        self.findings.conclusion_asked.connect(lambda: write_conclusion(self))
        self.case.chosen.connect(desk.show_item)
        self.case.asked.connect(self._on_item_action)
        self.case.current_changed.connect(self.update_actions)
        self.docks.changed.connect(self._on_docks)
        self.front.recent_changed.connect(self._on_recent)
        self.front.leave_granted.connect(self._on_leave)
        self.front.report_asked.connect(self.notes.commit)
        self.exchange.case_chosen.connect(self.front.open_name)
        start, loading = self.stage.start, self.stage.loading
        start.open_asked.connect(self.asker.file)
        start.demo_asked.connect(desk.open_demo)
        start.case_asked.connect(self.front.open_name)
        start.open_case_asked.connect(self.front.open_case)
        loading.cancel_asked.connect(desk.cancel)
        self.stage.away.again_asked.connect(desk.look_again)

    # look

    @Slot()
    def _on_docks(self) -> None:
        for name in ALL_DOCKS:
            self.table[f"panel_{name}"].setChecked(self.docks.is_wanted(name))

    @Slot()
    def _on_recent(self) -> None:
        self.stage.start.set_recent(recent_cases())

    def quit(self) -> None:
        """Close the window and with it the program."""
        self.close()

    # what happens

    @Slot(object)
    def show_failure(self, error: Exception) -> None:
        """An `AppError` as message and hint, anything else to the crash log and a calm dialog."""
        if isinstance(error, AppError):
            self.messenger.error(error)
        else:
            self.messenger.bug(log_crash((type(error), error, error.__traceback__)))

    @Slot(str)
    def show_crash(self, log_path: str) -> None:
        """Say that a bug was written to the crash log."""
        self.messenger.bug(Path(log_path))

    @Slot(bool)
    def set_explaining(self, is_on: bool) -> None:
        """Switch the heat map on or off."""
        self.table["explain"].setChecked(is_on)
        if is_on:
            self.side.setCurrentWidget(self.explain)
        self.examination.set_explaining(is_on)
        self.update_actions()

    @Slot(str, int)
    def _on_item_action(self, key: str, item_id: int) -> None:
        cases = self.desk.cases
        if key == "analyse":
            cases.analyse(item_id)
        elif key == "resume":
            cases.resume(item_id)
        else:
            self.table[key].trigger()

    @Slot(object, str)
    def _on_job(self, job: Job, name: str) -> None:
        self.strip.watch(job, name)
        if job.name in OPENING_JOBS:
            self.stage.loading.begin(name)
            job.progressed.connect(self._on_opening_progress)

    @Slot(object)
    def _on_opening_progress(self, progress: Progress) -> None:
        self.stage.loading.show_progress(progress, self.strip.describe(progress))

    @Slot(object)
    def _on_stop_needed(self, opening: Opening) -> None:
        question = self.messenger.ask_to_stop(opening.name)
        question.accepted.connect(lambda: self.desk.stop_and_open(opening))

    @Slot(str)
    def _on_exported(self, path: str) -> None:
        self.strip.say(self.tr("Written: {}").format(path), Path(path))

    @Slot(bool)
    def _on_playing(self, is_playing: bool) -> None:
        self.transport.set_playing(is_playing, self.tokens)
        self.update_actions()

    @Slot()
    def update_actions(self) -> None:
        """Enable what makes sense now."""
        have = needs_met(self.desk, self.case.current, self.examination.can_explain()) | self.companion.needs
        self.table.update(have)
        self.table["pause"].setChecked(self.desk.cases.queue.is_paused)
        self.explain.set_switch(self.table["explain"].isChecked(), Need.FACE in have)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome local files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.stage.start.set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The file went away again."""
        self.stage.start.set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a case, or take every file and folder that was dropped into the present one."""
        self.stage.start.set_over(False)
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            if files[0].suffix == f".{SUFFIX}":
                self.front.open_name(str(files[0]))
            else:
                self.desk.open_all(files)

    @Slot(bool)
    def _on_leave(self, keep: bool) -> None:
        self._keep, self._may_close = keep, True
        self.close()

    def abandon(self) -> None:
        """Close without a question; results that are not saved are offered at the next start."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved results, then keep the layout, stop all work and wait for the threads."""
        if not self._may_close and not self.front.may_leave():
            event.ignore()
            return
        self._may_close = True
        self.notes.finish()
        self.docks.save()
        self.player.shutdown()
        self.companion.shutdown()
        self.scanner.shutdown()
        self.desk.shutdown(self._keep)
        self.closed.emit()
        event.accept()
