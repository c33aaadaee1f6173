"""The window: lays the parts out and connects them; what they do is theirs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QTabWidget, QToolBar, QVBoxLayout, QWidget

from desktop_app.config import Settings
from desktop_app.domain import AnalysisResult, MediaInfo
from desktop_app.domain.traces import ItemTraces
from desktop_app.errors import AppError
from desktop_app.logs import log_crash
from desktop_app.progress import Progress
from desktop_app.ui import theme
from desktop_app.ui.actions import ACTIONS, MENUS, Actions, Need, translated
from desktop_app.ui.asker import Asker
from desktop_app.ui.board import Board
from desktop_app.ui.case_front import SUFFIX, CaseFront, recent_cases
from desktop_app.ui.case_panel import CasePanel
from desktop_app.ui.choices import language_of, translate
from desktop_app.ui.desk import OPENING_JOBS, Desk, Opening, State
from desktop_app.ui.dialogs import Messenger
from desktop_app.ui.docks import Docks
from desktop_app.ui.entries import CaseInfo
from desktop_app.ui.examination import Examination
from desktop_app.ui.exchange import Exchange
from desktop_app.ui.explain_panel import ExplainPanel
from desktop_app.ui.findings_panel import FindingsPanel
from desktop_app.ui.history_panel import HistoryPanel
from desktop_app.ui.item_panel import ItemPanel
from desktop_app.ui.job_strip import JobStrip
from desktop_app.ui.jobs import Job
from desktop_app.ui.model_panel import ModelPanel
from desktop_app.ui.navigation import Navigation
from desktop_app.ui.needs import needs_met
from desktop_app.ui.notes_panel import NotesPanel
from desktop_app.ui.player import Player
from desktop_app.ui.scan import Scanner
from desktop_app.ui.settings_dialog import SettingsDialog
from desktop_app.ui.start_page import Stage
from desktop_app.ui.timeline import Timeline
from desktop_app.ui.transport import Transport, action_button
from desktop_app.ui.viewer import Viewer
from desktop_app.ui.views import Views
from desktop_app.ui.widgets import Banner, scrolled, stacked
from desktop_app.ui.wiring import handlers_of

if TYPE_CHECKING:
    from desktop_app.media import MediaItem

ALL_DOCKS = frozenset(("case", "findings", "timeline"))


class MainWindow(QMainWindow):
    """Viewer in the middle, the case at its left, findings at its right, timeline below, work in the status bar."""

    closed = Signal()

    def __init__(self, settings: Settings, is_safe: bool = False) -> None:
        super().__init__()
        self.is_safe = is_safe
        self.settings = settings
        self.desk = Desk(settings, self)
        self.player = Player(self)
        self.marks, self.scanner = self.desk.notebook.marks, Scanner(self)
        self.tokens = theme.tokens_for(settings.get_str("theme"))
        self.setObjectName("workstation")
        self.setWindowTitle("Cotejo")
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 560)
        self._may_close, self._keep = False, True
        self._assemble()
        self._connect_desk()
        self._on_state(State.START)
        self.docks.restore()

    def _handlers(self) -> dict[str, Callable[[], None]]:
        return handlers_of(self)

    # the parts: made at the start, and made anew in another language

    def _assemble(self) -> None:
        self.messenger = Messenger(self)
        self.asker = Asker(self.desk, self.player, self)
        self.front = CaseFront(self.desk, self.messenger, self)
        self.exchange = Exchange(self.desk, self.messenger, self)
        self.table = Actions(self, self._handlers())
        self._build_stage()
        self._build_docks()
        self._build_menus()
        self._build_toolbar()
        self.strip = JobStrip()
        self.statusBar().addWidget(self.strip, 1)
        self.statusBar().setSizeGripEnabled(False)
        self.examination = Examination(
            self.desk, self.player, self.viewer, self.timeline, self.transport, self.findings, self.explain, self
        )
        self.navigation = Navigation(
            self.desk, self.player, self.timeline, self.transport, self.examination, self.marks, self.scanner, self
        )
        self.views = Views(self.board, self.desk, self.player, self.examination, self.explain, self.scanner, self)
        self._connect_parts()
        self.table["boxes"].setChecked(True)
        self.table["smoothing"].setChecked(True)
        self.dress()

    def rebuild(self) -> None:
        """Take the parts away and make them anew, as after a change of the language; the work goes on."""
        self.notes.commit()
        self.docks.save()
        position, tab = self.player.position, self.side.currentIndex()
        for dialog in self.findChildren(QDialog):
            dialog.close()
        self.menuBar().clear()
        parts: list[QObject] = [
            self.views, self.navigation,
            self.examination, self.front, self.exchange, self.asker, self.docks, *self.docks.panels,
            self.bar, self.strip, self.messenger, self.middle, self.table,
        ]  # fmt: skip
        for part in parts:
            # at once: what is deleted later still hears what the desk says
            shiboken6.delete(part)
        self._assemble()
        self.middle.show()
        self.desk.tell_again()
        self.docks.restore(with_size=False)
        self.player.seek(position)
        self.side.setCurrentIndex(tab)

    def _build_stage(self) -> None:
        self.viewer = Viewer()
        self.board = Board(self.viewer)
        self.transport = Transport(self.table)
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.board, 1)
        column.addWidget(self.transport)
        self.stage = Stage(work)
        self.stage.start.set_recent(recent_cases())
        self.banner = Banner()
        self.middle = middle = QWidget()
        outer = QVBoxLayout(middle)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.banner)
        outer.addWidget(self.stage, 1)
        self.setCentralWidget(middle)

    def _build_docks(self) -> None:
        language = self.desk.language
        self.timeline = Timeline()
        self.timeline.set_language(self.desk.language)
        self.findings = FindingsPanel()
        self.explain = ExplainPanel()
        self.model = ModelPanel()
        for panel in (self.findings, self.explain, self.model):
            panel.set_language(language)
        self.item, self.history = ItemPanel(language), HistoryPanel(language)
        self.case = CasePanel(self.desk.cases, self.table, language)
        self.side = QTabWidget()
        self.side.setDocumentMode(True)
        self.side.tabBar().setDrawBase(False)
        self.side.addTab(self.findings, self.tr("Findings"))
        self.side.addTab(self.explain, self.tr("Attention"))
        self.side.addTab(self.model, self.tr("Model"))
        # both in one: a sixth tab has no room beside a picture on a small screen
        self.side.addTab(scrolled(stacked(self.item, self.history)), self.tr("Item"))
        self.notes = NotesPanel(self.desk.notebook)
        self.side.insertTab(1, self.notes, self.tr("Notes"))
        self.side.setMinimumWidth(300)
        self.docks = Docks(self, keeps=not self.is_safe)
        area = Qt.DockWidgetArea
        self.case_dock = self.docks.add("case", self.tr("Case"), self.case, area.LeftDockWidgetArea)
        self.side_dock = self.docks.add("findings", self.tr("Inspector"), self.side, area.RightDockWidgetArea)
        self.timeline_dock = self.docks.add("timeline", self.tr("Timeline"), self.timeline, area.BottomDockWidgetArea)

    def _build_menus(self) -> None:
        for key, title in MENUS.items():
            menu = self.menuBar().addMenu(translated(title))
            for spec in ACTIONS:
                if spec.menu == key:
                    if spec.starts_group:
                        menu.addSeparator()
                    menu.addAction(self.table[spec.key])
        self.addActions(list(self.table.by_key.values()))

    def _build_toolbar(self) -> None:
        self.bar = bar = QToolBar(self.tr("Tools"))
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.toggleViewAction().setVisible(False)
        for key in ("open", "analyse", "explain", "export_pdf"):
            button = action_button(self.table, key)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            bar.addWidget(button)
            if key == "open":
                bar.addSeparator()
        self.addToolBar(bar)

    def _connect_desk(self) -> None:
        desk = self.desk
        desk.state_changed.connect(self._on_state)
        desk.job_started.connect(self._on_job)
        desk.exported.connect(self._on_exported)
        desk.stop_needed.connect(self._on_stop_needed)
        desk.opened.connect(self._on_opened)
        desk.away.connect(self._on_away)
        desk.result_changed.connect(self._on_result)
        desk.failed.connect(self.show_failure)
        desk.cases.info_changed.connect(self._on_case)
        desk.cases.history_ready.connect(self._on_history)
        desk.cases.entries_changed.connect(self._on_entries)
        desk.cases.entry_changed.connect(self._on_entries)
        desk.worker.busy_changed.connect(self.update_actions)
        self.player.failed.connect(self.show_failure)
        self.player.playing_changed.connect(self._on_playing)
        QApplication.styleHints().colorSchemeChanged.connect(self._on_system_theme)

    def _connect_parts(self) -> None:
        desk = self.desk
        desk.card_known.connect(self.model.show_card)
        desk.thumbnails_ready.connect(self.findings.show_thumbnails)
        desk.weighed.connect(self.findings.show_weighed)
        self.examination.faces_changed.connect(self.update_actions)
        self.examination.explain_asked.connect(self.set_explaining)
        self.navigation.said.connect(self.strip.say)
        desk.notebook.said.connect(self.strip.say)
        self.notes.frame_chosen.connect(self.navigation.show_frame)
        self.notes.link_button.clicked.connect(self.table["link_frame"].trigger)
        self.navigation.saved.connect(self._on_exported)
        self.navigation.failed.connect(self.show_failure)
        self.views.shown_changed.connect(lambda name, on: self.table[f"view_{name}"].setChecked(on))
        self.strip.cancel_asked.connect(desk.cancel)
        self.findings.analyse_asked.connect(desk.analyse)
        self.findings.resume_asked.connect(desk.resume)
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

    def dress(self) -> None:
        """Put the theme of the settings on."""
        application = QApplication.instance()
        self.tokens = theme.tokens_for(self.settings.get_str("theme"))
        if isinstance(application, QApplication):
            theme.apply(application, self.tokens)
        self.table.dress(self.tokens)
        self.messenger.tokens = self.tokens
        start, away = self.stage.start, self.stage.away
        parts = (
            self.board,
            self.viewer,
            self.timeline,
            self.findings,
            start,
            away,
            self.case,
            self.docks,
            self.banner,
            self.history,
            self.notes,
        )
        for part in parts:
            part.dress(self.tokens)
        self._on_playing(self.player.is_playing)
        for name in ("system", "light", "dark"):
            self.table[f"theme_{name}"].setChecked(self.settings.get_str("theme") == name)

    def set_theme(self, name: str) -> None:
        """Change and keep the theme."""
        self.settings.set("theme", name)
        self.desk.save_settings()
        self.dress()

    @Slot()
    def _on_system_theme(self) -> None:
        if self.settings.get_str("theme") == "system":
            self.dress()

    def set_language(self) -> None:
        """Speak the language of the settings from now on."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            translate(application, language_of(self.settings))
        # not from within a button that goes away meanwhile
        QTimer.singleShot(0, self, self.rebuild)

    def show_settings(self) -> None:
        """Let the user change the settings."""
        dialog = SettingsDialog(self.settings, self, self.desk.devices)
        dialog.saved.connect(self._on_settings)
        dialog.open()

    @Slot(object)
    def _on_settings(self, changed: set[str]) -> None:
        self.desk.save_settings()
        self.desk.cases.file.actor = self.settings.get_str("examiner")
        self.dress()
        if "language" in changed:
            self.set_language()

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

    @Slot(object)
    def _on_opened(self, item: "MediaItem") -> None:
        self.item.show_item(item.info, item.notices)
        self._read_history()
        self.side.setCurrentWidget(self.findings)
        self.set_explaining(False)

    @Slot(object)
    def _on_away(self, media: MediaInfo) -> None:
        self.timeline.open(media.duration_s)
        self.item.show_item(media, ())
        self._read_history()
        self.side.setCurrentWidget(self.findings)
        self.set_explaining(False)

    def _read_history(self) -> None:
        self.history.show_reading()
        self.desk.cases.read_history(self.desk.item_id, self.desk.item)

    @Slot(int, object)
    def _on_history(self, item_id: int, traces: ItemTraces | None) -> None:
        if item_id == self.desk.item_id and traces is not None:
            self.history.show_traces(traces)
        elif item_id == self.desk.item_id:
            self.history.show_nothing()

    @Slot(object)
    def _on_state(self, state: State) -> None:
        stage = self.stage
        has_item = state not in (State.START, State.OPENING)
        page = stage.work if self.desk.item is not None else stage.away
        stage.setCurrentWidget(page if has_item else stage.loading if state is State.OPENING else stage.start)
        if state is State.OPENING:
            self.player.pause()
        self._show_docks()
        self._name_window()
        self.case.mark_open(self.desk.item_id)
        if state is State.START:
            self.model.show_card(None)
            stage.start.open_button.setFocus()
        self._tell_findings(state)
        self.update_actions()

    def _show_docks(self) -> None:
        desk, frames = self.desk, 0
        if desk.item is not None:
            frames = len(desk.item.index)
        elif desk.result is not None:
            frames = desk.result.media.frame_count
        names = {"case"} if desk.cases.entries else set()
        if desk.state is not State.START and frames:
            names |= {"case", "findings"} | ({"timeline"} if frames > 1 else set())
        self.docks.show_only(names)

    def _name_window(self) -> None:
        desk = self.desk
        media = desk.item.info if desk.item is not None else desk.result.media if desk.result is not None else None
        parts = [media.path.name] if media is not None and desk.state is not State.START else []
        parts += [desk.cases.name] if desk.cases.info is not None else []
        parts += [self.tr("Safe mode")] if self.is_safe else []
        self.setWindowTitle(" - ".join([*parts, "Cotejo"]))

    @Slot(object)
    def _on_case(self, info: CaseInfo | None) -> None:
        self._name_window()
        self.banner.say("")
        if info is not None and info.is_locked:
            self.banner.say(self.tr("This case is open in another program. It can be read here, but not changed."))
        elif info is not None and info.read_only:
            self.banner.say(self.tr("This case lies where nothing can be written. It can be read, but not changed."))
        self.update_actions()

    @Slot()
    def _on_entries(self) -> None:
        if self.desk.state is State.START:
            self._show_docks()
        elif self.desk.state is State.READY:
            self._tell_findings(State.READY)
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

    def _tell_findings(self, state: State) -> None:
        if state is State.READY:
            text = self.tr("Not analysed yet. The analysis looks for faces and scores each of them, frame by frame.")
            if self.desk.is_queued:
                text = self.tr("This item waits for its turn in the queue.")
            elif self.desk.last_analysis_was_cancelled:
                text = self.tr("The analysis was cancelled before anything was scored.")
            self.findings.show_message(text, can_analyse=not self.desk.is_queued)
            self.timeline.set_hint(self.tr("The curves appear here with the analysis."))
        elif state is State.ANALYSING:
            self.findings.show_message(
                self.tr("Analysing. The curves grow below as faces are scored; the verdict follows at the end."),
                can_analyse=False,
            )
            self.timeline.set_hint(self.tr("Looking for faces…"))
        elif state is State.NO_FACE:
            self.timeline.set_hint(self.tr("No usable face was found, so there is no curve and no score."))

    @Slot(object)
    def _on_result(self, result: AnalysisResult | None) -> None:
        if result is not None:
            can_resume = result.provenance.aborted and self.desk.item is not None and bool(self.desk.item_id)
            self.findings.show_result(result, self.desk.truth, can_resume, self.desk.item is None)
            self.desk.weigh()
            self.desk.fetch_thumbnails(tuple(self.findings.track_buttons), self.findings.listed_frames)
            self.timeline.set_hint("")

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
        have = needs_met(self.desk, self.case.current, self.examination.can_explain())
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
        self.notes.commit()
        self.docks.save()
        self.player.shutdown()
        self.scanner.shutdown()
        self.desk.shutdown(self._keep)
        self.closed.emit()
        event.accept()
