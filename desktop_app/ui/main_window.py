"""The window: lays the parts out and connects them; what they do is theirs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QTabWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from desktop_app import paths
from desktop_app.config import Settings
from desktop_app.domain import AnalysisResult
from desktop_app.errors import AppError
from desktop_app.logs import log_crash
from desktop_app.progress import Progress
from desktop_app.ui import theme
from desktop_app.ui.actions import ACTIONS, MENUS, Actions, Need, translated
from desktop_app.ui.asker import Asker
from desktop_app.ui.desk import Desk, Opening, State
from desktop_app.ui.dialogs import Messenger, open_folder
from desktop_app.ui.examination import Examination
from desktop_app.ui.explain_panel import ExplainPanel
from desktop_app.ui.findings_panel import FindingsPanel
from desktop_app.ui.item_panel import ItemPanel
from desktop_app.ui.job_strip import JobStrip
from desktop_app.ui.jobs import Job
from desktop_app.ui.model_panel import ModelPanel
from desktop_app.ui.player import Player
from desktop_app.ui.start_page import Stage
from desktop_app.ui.timeline import Timeline
from desktop_app.ui.transport import Transport, action_button
from desktop_app.ui.viewer import ZOOM_STEP, Viewer

if TYPE_CHECKING:
    from desktop_app.media import MediaItem

SIDE_PX = 350
TIMELINE_PX = 190


class MainWindow(QMainWindow):
    """Viewer in the middle, timeline below, findings beside it, work in the status bar."""

    closed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.desk = Desk(settings, self)
        self.player = Player(self)
        self.tokens = theme.tokens_for(settings.get_str("theme"))
        self.setObjectName("workstation")
        self.setWindowTitle("Cotejo")
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 560)
        self.asker = Asker(self.desk, self.player, self)
        self.table = Actions(self, self._handlers())
        self.messenger = Messenger(self)
        self._build()
        self.examination = Examination(
            self.desk, self.player, self.viewer, self.timeline, self.transport, self.findings, self.explain, self
        )
        self._connect()
        self.table["boxes"].setChecked(True)
        self.dress()
        self._on_state(State.START)
        self._restore_layout()

    def _handlers(self) -> dict[str, Callable[[], None]]:
        player = self.player
        return {
            "open": self.asker.file,
            "demo": self.desk.open_demo,
            "close": self.desk.close_item,
            "export_pdf": lambda: self.asker.export("pdf"),
            "export_csv": lambda: self.asker.export("csv"),
            "export_json": lambda: self.asker.export("json"),
            "export_video": lambda: self.asker.export("video"),
            "quit": self.quit,
            "play": player.toggle,
            "step_back": lambda: player.step(-1),
            "step_forward": lambda: player.step(1),
            "second_back": lambda: player.jump(-1.0),
            "second_forward": lambda: player.jump(1.0),
            "first": lambda: player.seek(0),
            "last": lambda: player.step(1 << 40),
            "go_to": self.asker.place,
            "next_suspicious": lambda: self.examination.jump_to_suspicious(1),
            "previous_suspicious": lambda: self.examination.jump_to_suspicious(-1),
            "fit": lambda: self.viewer.zoom_fit(),
            "actual": lambda: self.viewer.zoom_actual(),
            "zoom_in": lambda: self.viewer.zoom_by(ZOOM_STEP),
            "zoom_out": lambda: self.viewer.zoom_by(1 / ZOOM_STEP),
            "boxes": lambda: self.viewer.set_boxes_shown(self.table["boxes"].isChecked()),
            "whole_timeline": lambda: self.timeline.show_all(),
            "theme_system": lambda: self.set_theme("system"),
            "theme_light": lambda: self.set_theme("light"),
            "theme_dark": lambda: self.set_theme("dark"),
            "reset_layout": self.reset_layout,
            "analyse": self.desk.analyse,
            "cancel": self.desk.cancel,
            "explain": lambda: self.set_explaining(self.table["explain"].isChecked()),
            "shortcuts": lambda: self.messenger.shortcuts(),
            "logs": lambda: open_folder(paths.log_dir()),
            "about": lambda: self.messenger.about(),
        }

    def _build(self) -> None:
        self.viewer = Viewer()
        self.transport = Transport(self.table)
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.viewer, 1)
        column.addWidget(self.transport)
        self.stage = Stage(work)
        self.setCentralWidget(self.stage)
        self.timeline = Timeline()
        self.findings = FindingsPanel()
        self.findings.set_language(self.desk.language)
        self.explain = ExplainPanel()
        self.explain.set_language(self.desk.language)
        self.model = ModelPanel()
        self.model.set_language(self.desk.language)
        self.item = ItemPanel(self.desk.language)
        self.side = QTabWidget()
        self.side.setDocumentMode(True)
        self.side.tabBar().setDrawBase(False)
        self.side.addTab(self.findings, self.tr("Findings"))
        self.side.addTab(self.explain, self.tr("Attention"))
        self.side.addTab(self.model, self.tr("Model"))
        self.side.addTab(self.item, self.tr("Item"))
        self.side.setMinimumWidth(300)
        self.side_dock = self._dock("findings", self.tr("Findings"), self.side, Qt.DockWidgetArea.RightDockWidgetArea)
        area = Qt.DockWidgetArea.BottomDockWidgetArea
        self.timeline_dock = self._dock("timeline", self.tr("Timeline"), self.timeline, area)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._build_menus()
        self._build_toolbar()
        self.strip = JobStrip()
        self.statusBar().addWidget(self.strip, 1)
        self.statusBar().setSizeGripEnabled(False)

    def _dock(self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(widget)
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        dock.setTitleBarWidget(QWidget(dock))
        self.addDockWidget(area, dock)
        return dock

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
        bar = QToolBar(self.tr("Tools"))
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

    def _connect(self) -> None:
        desk = self.desk
        desk.state_changed.connect(self._on_state)
        desk.job_started.connect(self._on_job)
        desk.exported.connect(self._on_exported)
        desk.stop_needed.connect(self._on_stop_needed)
        desk.card_known.connect(self.model.show_card)
        desk.opened.connect(self._on_opened)
        desk.result_changed.connect(self._on_result)
        desk.thumbnails_ready.connect(self.findings.show_thumbnails)
        desk.failed.connect(self.show_failure)
        self.player.failed.connect(self.show_failure)
        self.player.playing_changed.connect(self._on_playing)
        desk.worker.busy_changed.connect(self.update_actions)
        self.examination.faces_changed.connect(self.update_actions)
        self.examination.explain_asked.connect(self.set_explaining)
        self.strip.cancel_asked.connect(desk.cancel)
        self.findings.analyse_asked.connect(desk.analyse)
        start, loading = self.stage.start, self.stage.loading
        start.open_asked.connect(self.asker.file)
        start.demo_asked.connect(desk.open_demo)
        loading.cancel_asked.connect(desk.cancel)
        QApplication.styleHints().colorSchemeChanged.connect(self._on_system_theme)

    # look

    def dress(self) -> None:
        """Put the theme of the settings on."""
        application = QApplication.instance()
        self.tokens = theme.tokens_for(self.settings.get_str("theme"))
        if isinstance(application, QApplication):
            theme.apply(application, self.tokens)
        self.table.dress(self.tokens)
        self.messenger.tokens = self.tokens
        for part in (self.viewer, self.timeline, self.findings, self.stage.start):
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

    def _window_file(self) -> QSettings:
        return QSettings(str(paths.user_data_dir() / "window.ini"), QSettings.Format.IniFormat)

    def reset_layout(self) -> None:
        """Give the parts their first sizes."""
        self.resizeDocks([self.side_dock], [max(SIDE_PX, self.width() // 5)], Qt.Orientation.Horizontal)
        self.resizeDocks([self.timeline_dock], [max(TIMELINE_PX, self.height() // 5)], Qt.Orientation.Vertical)

    def _restore_layout(self) -> None:
        geometry = self._window_file().value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            room = self.screen().availableGeometry()
            self.resize(min(1600, round(room.width() * 0.92)), min(1000, round(room.height() * 0.92)))
        self.reset_layout()

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
        self.side.setCurrentWidget(self.findings)
        self.set_explaining(False)

    @Slot(object)
    def _on_state(self, state: State) -> None:
        stage = self.stage
        has_item = state not in (State.START, State.OPENING)
        stage.setCurrentWidget(stage.work if has_item else stage.loading if state is State.OPENING else stage.start)
        item = self.desk.item
        self.side_dock.setVisible(has_item)
        self.timeline_dock.setVisible(has_item and item is not None and len(item.index) > 1)
        if state is State.OPENING:
            self.player.pause()
        self.setWindowTitle(f"{item.info.path.name} - Cotejo" if item is not None and has_item else "Cotejo")
        if state is State.START:
            self.model.show_card(None)
            stage.start.open_button.setFocus()
        self._tell_findings(state)
        self.update_actions()

    def _tell_findings(self, state: State) -> None:
        if state is State.READY:
            text = self.tr("Not analysed yet. The analysis looks for faces and scores each of them, frame by frame.")
            if self.desk.last_analysis_was_cancelled:
                text = self.tr("The analysis was cancelled before anything was scored.")
            self.findings.show_message(text, can_analyse=True)
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
            self.findings.show_result(result, self.desk.truth)
            self.desk.fetch_thumbnails(tuple(self.findings.track_buttons), self.findings.listed_frames)
            self.timeline.set_hint("")

    @Slot(object, str)
    def _on_job(self, job: Job, name: str) -> None:
        self.strip.watch(job, name)
        if self.desk.state is State.OPENING:
            self.stage.loading.begin(name)
            job.progressed.connect(self._on_opening_progress)

    @Slot(object)
    def _on_opening_progress(self, progress: Progress) -> None:
        self.stage.loading.show_progress(progress, self.strip.describe(progress))

    @Slot(str, object)
    def _on_stop_needed(self, work: str, opening: Opening) -> None:
        question = self.messenger.ask_to_stop(work, opening.name)
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
        desk, have = self.desk, Need.NOTHING
        have |= Need.BUSY if desk.is_busy else Need.IDLE
        if desk.item is not None and desk.state is not State.OPENING:
            have |= Need.ITEM
            if len(desk.item.index) > 1:
                have |= Need.MOTION
            if desk.result is not None:
                have |= Need.RESULT
            if self.examination.can_explain():
                have |= Need.FACE
        self.table.update(have)
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
        """Open the first file that was dropped."""
        self.stage.start.set_over(False)
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.desk.open(Path(files[0]))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the layout, stop all work, wait for the threads."""
        self._window_file().setValue("geometry", self.saveGeometry())
        self.player.shutdown()
        self.desk.shutdown()
        self.closed.emit()
        event.accept()
