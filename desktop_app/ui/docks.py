"""The docks around the viewer: slim titles, a layout kept per user, and the way back to the first one."""

from PySide6.QtCore import QByteArray, QObject, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QToolButton, QWidget

from desktop_app import paths
from desktop_app.ui import theme
from desktop_app.ui.widgets import label

LAYOUT_VERSION = 2
CASE_PX, SIDE_PX, TIMELINE_PX = 264, 366, 230


class PanelTitle(QWidget):
    """Name of a dock and a button that puts it away."""

    def __init__(self, text: str, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._close = QToolButton()
        self._close.setProperty("role", "tight")
        self._close.setIconSize(QSize(13, 13))
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.setAccessibleName(self.tr("Hide the panel {}").format(text))
        self._close.setToolTip(self.tr("Hide this panel; the menu View brings it back"))
        self._close.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 1, 4, 1)
        row.addWidget(label(text, "muted"), 1)
        row.addWidget(self._close)

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._close.setIcon(theme.icon("close", tokens.muted))


class Panel(QDockWidget):
    """A dock that tells when the user, and not the program, puts it away."""

    put_away = Signal(str)

    def __init__(self, name: str, title: str, content: QWidget, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.setObjectName(name)
        self.setWidget(content)
        self.title_bar = PanelTitle(title, self)
        self.setTitleBarWidget(self.title_bar)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the user closed it."""
        super().closeEvent(event)
        self.put_away.emit(self.objectName())


class Docks(QObject):
    """The docks of a window: which are wanted, which make sense now, and where they lie.

    Args:
        window: Its docks are added by `add`.
        keeps: Whether the layout is kept for the next start and taken from the last one.
    """

    changed = Signal()

    def __init__(self, window: QMainWindow, keeps: bool = True) -> None:
        super().__init__(window)
        self._window, self._keeps = window, keeps
        self._panels: dict[str, Panel] = {}
        self._hidden: set[str] = set()
        self._sensible: set[str] = set()
        self._state = QByteArray()
        self._needs_sizes = True
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)

    def add(self, name: str, title: str, content: QWidget, area: Qt.DockWidgetArea) -> Panel:
        """Make a dock and put it into its first place."""
        panel = Panel(name, title, content, self._window)
        panel.put_away.connect(self._on_put_away)
        self._panels[name] = panel
        self._window.addDockWidget(area, panel)
        return panel

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The docks."""
        return tuple(self._panels.values())

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        for panel in self._panels.values():
            panel.title_bar.dress(tokens)

    def is_wanted(self, name: str) -> bool:
        """Whether the user has not put a dock away."""
        return name not in self._hidden

    def want(self, name: str, is_wanted: bool) -> None:
        """Show a dock, as soon as it makes sense, or put it away."""
        (self._hidden.discard if is_wanted else self._hidden.add)(name)
        self._apply()
        self.changed.emit()

    def show_only(self, names: set[str]) -> None:
        """Say which docks make sense now."""
        self._remember()
        self._sensible = set(names)
        self._apply()

    def _apply(self) -> None:
        for name, panel in self._panels.items():
            panel.setVisible(name in self._sensible and name not in self._hidden)
        if self._needs_sizes and self._window.isVisible() and self._sensible >= self._panels.keys():
            # a dock that is not shown yet takes no size
            self._needs_sizes = False
            QTimer.singleShot(0, self, self._give_sizes)

    def _on_put_away(self, name: str) -> None:
        if name in self._sensible:
            self.want(name, False)

    def _remember(self) -> None:
        # only a layout in which every dock has its place is worth keeping
        if self._sensible >= self._panels.keys() and self._window.isVisible():
            self._state = self._window.saveState(LAYOUT_VERSION)

    def reset(self) -> None:
        """Everything back to its first place and size."""
        self._hidden.clear()
        areas = {
            "case": Qt.DockWidgetArea.LeftDockWidgetArea,
            "findings": Qt.DockWidgetArea.RightDockWidgetArea,
            "timeline": Qt.DockWidgetArea.BottomDockWidgetArea,
        }
        for name, panel in self._panels.items():
            panel.setFloating(False)
            self._window.addDockWidget(areas[name], panel)
        self._needs_sizes = True
        self._apply()
        self.changed.emit()

    def _give_sizes(self) -> None:
        width, height = self._window.width(), self._window.height()
        sides = [self._panels["case"], self._panels["findings"]]
        sizes = [max(CASE_PX, width // 7), max(SIDE_PX, width // 5)]
        self._window.resizeDocks(sides, sizes, Qt.Orientation.Horizontal)
        bottom = [max(TIMELINE_PX, height // 5)]
        self._window.resizeDocks([self._panels["timeline"]], bottom, Qt.Orientation.Vertical)

    def save(self) -> None:
        """Keep the layout for the next start."""
        self._remember()
        if not self._keeps:
            return
        file = window_file()
        file.setValue("geometry", self._window.saveGeometry())
        file.setValue("hidden", sorted(self._hidden))
        if not self._state.isEmpty():
            file.setValue("docks", self._state)

    def restore(self, with_size: bool = True) -> None:
        """The layout of the last time, or the first one.

        Args:
            with_size: Whether the window takes its last size too.
        """
        # an empty group instead of what was kept, where nothing is taken from there
        file = window_file()
        if not self._keeps:
            file.beginGroup("safe-mode")
        geometry = file.value("geometry")
        if with_size and (geometry is None or not self._window.restoreGeometry(geometry)):
            room = self._window.screen().availableGeometry()
            self._window.resize(min(1600, round(room.width() * 0.92)), min(1000, round(room.height() * 0.92)))
        self.reset()
        state = file.value("docks")
        if state is not None and self._window.restoreState(state, LAYOUT_VERSION):
            self._state, self._needs_sizes = state, False
        hidden = file.value("hidden") or []
        self._hidden = {hidden} if isinstance(hidden, str) else set(hidden)
        self._apply()
        self.changed.emit()


def window_file() -> QSettings:
    """What the window keeps of its look for one user."""
    return QSettings(str(paths.user_data_dir() / "window.ini"), QSettings.Format.IniFormat)
