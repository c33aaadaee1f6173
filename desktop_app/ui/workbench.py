"""The parts of the window: made, laid out and dressed here, and made anew in another language."""

import shiboken6
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QTabWidget, QToolBar, QVBoxLayout, QWidget

from desktop_app.config import Settings
from desktop_app.ui import theme
from desktop_app.ui.actions import ACTIONS, MENUS, Actions, translated
from desktop_app.ui.asker import Asker
from desktop_app.ui.board import Board
from desktop_app.ui.case_front import CaseFront, recent_cases
from desktop_app.ui.case_panel import CasePanel
from desktop_app.ui.companion import Companion
from desktop_app.ui.compare_taking import Taking
from desktop_app.ui.comparison import Comparison
from desktop_app.ui.desk import Desk
from desktop_app.ui.detector_panel import DetectorPanel
from desktop_app.ui.detectors import Detectors
from desktop_app.ui.dialogs import Messenger
from desktop_app.ui.docks import Docks
from desktop_app.ui.examination import Examination
from desktop_app.ui.exchange import Exchange
from desktop_app.ui.explain_panel import ExplainPanel
from desktop_app.ui.findings_panel import FindingsPanel
from desktop_app.ui.history_panel import HistoryPanel
from desktop_app.ui.item_panel import ItemPanel
from desktop_app.ui.job_strip import JobStrip
from desktop_app.ui.model_manager import Models
from desktop_app.ui.model_panel import ModelPanel
from desktop_app.ui.navigation import Navigation
from desktop_app.ui.notes_panel import NotesPanel
from desktop_app.ui.player import Player
from desktop_app.ui.scan import Scanner
from desktop_app.ui.start_page import Stage
from desktop_app.ui.timeline import Timeline
from desktop_app.ui.transport import Transport, action_button
from desktop_app.ui.viewer import Viewer
from desktop_app.ui.views import Views
from desktop_app.ui.widgets import Banner, scrolled, stacked


class Workbench(QMainWindow):
    """The window with its parts; what happens between them is the heir's.

    Args:
        settings: Where theme and language stand.
        is_safe: Whether nothing is restored and nothing kept.
    """

    def __init__(self, settings: Settings, is_safe: bool = False) -> None:
        super().__init__()
        self.is_safe = is_safe
        self.settings = settings
        self.desk = Desk(settings, self)
        self.player = Player(self)
        self.companion = Companion(self.desk, self.player, self)
        self.marks, self.scanner = self.desk.notebook.marks, Scanner(self)
        self.tokens = theme.tokens_for(settings.get_str("theme"))
        self.setObjectName("workstation")
        self.setWindowTitle("Cotejo")
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 560)
        QApplication.styleHints().colorSchemeChanged.connect(self._on_system_theme)

    def assemble(self, table: Actions) -> None:
        """Make all parts anew.

        Args:
            table: The actions, which menus and buttons show.
        """
        self.table = table
        self.messenger = Messenger(self)
        self.asker = Asker(self.desk, self.player, self)
        self.front = CaseFront(self.desk, self.messenger, self)
        self.exchange = Exchange(self.desk, self.messenger, self)
        self.models = Models(self.desk, self.messenger, self)
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
        self.detectors = Detectors(self.desk, self.examination, self.timeline, self.detector_panel, self)
        self.comparison = Comparison(self.companion, self.board, self.table, self.desk, self.player, self.scanner, self)
        self.taking = Taking(self.comparison, self.companion, self.desk, self.scanner, self)
        self.table["boxes"].setChecked(True)
        self.table["smoothing"].setChecked(True)

    def take_apart(self) -> None:
        """Take all parts away."""
        for dialog in self.findChildren(QDialog):
            dialog.close()
        self.menuBar().clear()
        parts: list[QObject] = [
            self.models, self.detectors, self.taking, self.comparison, self.views, self.navigation,
            self.examination, self.front, self.exchange, self.asker, self.docks, *self.docks.panels,
            self.bar, self.strip, self.messenger, self.middle, self.table,
        ]  # fmt: skip
        for part in parts:
            # at once: what is deleted later still hears what the desk says
            shiboken6.delete(part)

    def _build_stage(self) -> None:
        self.viewer = Viewer()
        self.viewer.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
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
        self.timeline.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.findings = FindingsPanel()
        self.explain = ExplainPanel()
        self.detector_panel = DetectorPanel(language)
        self.model = ModelPanel(self.detector_panel)
        for panel in (self.findings, self.explain, self.model):
            panel.set_language(language)
        self.item, self.history = ItemPanel(language), HistoryPanel(language)
        self.case = CasePanel(self.desk.cases, self.table, language)
        self.side = QTabWidget()
        self.side.setDocumentMode(True)
        self.side.tabBar().setAccessibleName(self.tr("Inspector"))
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
            self.detector_panel,
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
        self.transport.set_playing(self.player.is_playing, self.tokens)
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
