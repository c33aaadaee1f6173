"""Starts the workstation: arguments, language, theme, and the hooks that catch what nobody caught."""

import argparse
import contextlib
import gc
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QTabBar, QWidget

from desktop_app import __version__, paths
from desktop_app.config import Settings, load_settings
from desktop_app.logs import log_crash, setup_logging
from desktop_app.ui import theme
from desktop_app.ui.case_front import SUFFIX
from desktop_app.ui.choices import language_of, translate
from desktop_app.ui.garbage import Collector
from desktop_app.ui.main_window import MainWindow

WARM_UP_AFTER_MS = 250
TOUR_AFTER_MS = 600
# the default of 5 ms lets a busy worker hold the interface thread back for that long at every turn
SWITCH_INTERVAL_S = 0.001
INTERRUPT_CHECK_MS = 250


class SafeSettings(Settings):
    """The defaults, on the CPU; the user's file is neither read nor written."""

    def __init__(self) -> None:
        super().__init__(paths.settings_file(), {"device": "cpu"})

    def save(self) -> None:
        """Keep nothing."""


class FocusKeys(QObject):
    """Leaves Space and the arrows to a control that has the focus, instead of the shortcuts of the window.

    It looks at the events of that control alone: those of the whole program would each be carried into Python.
    """

    def __init__(self, parent: QObject, application: QApplication) -> None:
        super().__init__(parent)
        self._application = application
        self._watched: QWidget | None = None
        application.focusChanged.connect(self._on_focus)
        self._on_focus(None, application.focusWidget())

    @Slot(QWidget, QWidget)
    def _on_focus(self, _: QWidget | None, widget: QWidget | None) -> None:
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = widget
        if widget is not None:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim a key for the focused control."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if plain and self._wants(watched, event.key()):
                event.accept()
                return True
        return False

    def remove(self) -> None:
        """Stop looking."""
        self._application.focusChanged.disconnect(self._on_focus)
        self._on_focus(None, None)

    @staticmethod
    def _wants(watched: QObject, key: int) -> bool:
        arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
        if isinstance(watched, QAbstractButton):
            return key == Qt.Key.Key_Space
        if isinstance(watched, QTabBar | QComboBox):
            return key in (Qt.Key.Key_Space, *arrows)
        if isinstance(watched, QAbstractSlider):
            return key in (*arrows, Qt.Key.Key_Home, Qt.Key.Key_End)
        return False


class CrashReporter(QObject):
    """Takes exceptions that nobody caught, from any thread, to the crash log and then to the window."""

    crashed = Signal(str)

    def install(self) -> None:
        """Hook in; `remove` undoes it."""
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self.handle
        threading.excepthook = self._handle_thread

    def remove(self) -> None:
        """Put back what was there before."""
        sys.excepthook, threading.excepthook = self._before

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Write an exception down and tell the window."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        self.crashed.emit(str(log_crash((kind, error, trace))))

    def _handle_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self.handle(args.exc_type, args.exc_value, args.exc_traceback)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the command line of the window."""
    parser = argparse.ArgumentParser(prog="cotejo", description="Opens the workstation.")
    parser.add_argument("file", nargs="?", type=Path, help="video, picture or case to open")
    parser.add_argument("--analyze", action="store_true", help="analyse it at once")
    parser.add_argument(
        "--safe-mode", action="store_true", help="default settings, CPU only, nothing restored and nothing kept"
    )
    parser.add_argument("--demo", action="store_true", help="build the demo clip, open and analyse it")
    # for looking at the window as languages that are written from the right would have it
    parser.add_argument("--right-to-left", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def build_app(argv: Sequence[str]) -> tuple[QApplication, MainWindow]:
    """Make the application and its window, not yet shown, and begin what the command line asks for.

    Args:
        argv: Arguments after the program's name.
    """
    options = parse(argv)
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(["cotejo"])
    application.setApplicationName("Cotejo")
    application.setApplicationDisplayName("Cotejo")
    application.setApplicationVersion(__version__)
    application.setStyle("Fusion")
    application.setWindowIcon(theme.app_icon())
    if options.right_to_left:
        application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    settings = SafeSettings() if options.safe_mode else load_settings()
    translate(application, language_of(settings))
    window = MainWindow(settings, options.safe_mode)
    keys = FocusKeys(window, application)
    window.closed.connect(keys.remove)
    window.closed.connect(Collector(window).stop)
    reporter = CrashReporter(window)
    reporter.crashed.connect(window.show_crash)
    reporter.install()
    window.closed.connect(reporter.remove)
    if options.demo:
        window.desk.open_demo()
    elif options.file is not None and options.file.suffix == f".{SUFFIX}":
        window.front.open_name(str(options.file))
    elif options.file is not None:
        window.desk.open(options.file, analyse=options.analyze)
    return application, window


@contextlib.contextmanager
def closing_on_interrupt(window: MainWindow) -> Iterator[None]:
    """Let Ctrl+C in the terminal close the window, also while nothing happens in it."""
    # Python looks at signals between its own steps only, and an idle window takes none
    pulse = QTimer(window)
    pulse.timeout.connect(_take_a_step)
    pulse.start(INTERRUPT_CHECK_MS)
    before = signal.getsignal(signal.SIGINT) or signal.SIG_DFL
    signal.signal(signal.SIGINT, lambda *_: QTimer.singleShot(0, window.quit))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        pulse.stop()


def _take_a_step() -> None:
    """Nothing but a chance for Python to see a signal."""


def main(argv: Sequence[str]) -> int:
    """Show the workstation until it is closed.

    Args:
        argv: ``[FILE] [--analyze]`` or ``--demo``.

    Returns:
        The exit code.
    """
    setup_logging()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    application, window = build_app(argv)
    window.show()
    # torch takes seconds to import: begin once the window is there
    QTimer.singleShot(WARM_UP_AFTER_MS, window.desk, lambda: window.desk.warm_up(look_for_left=not window.is_safe))
    if not argv:
        # with a wish on the command line nobody waits for a tour, and a safe start keeps nothing of one
        QTimer.singleShot(TOUR_AFTER_MS, window, window.setup.offer_tour)
    try:
        with closing_on_interrupt(window):
            return application.exec()
    finally:
        dispose(window)


def dispose(window: MainWindow) -> None:
    """Close a window and take it apart now, so that nothing of it is left for the garbage collector."""
    window.abandon()
    # some libraries complain at the end about what they find frozen by the warm-up
    gc.unfreeze()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    _let_go_of_clipboard()


def _let_go_of_clipboard() -> None:
    """Leave a copied frame on the clipboard in an object of Qt's own: one of Python's would outlive the interpreter."""
    clipboard = QGuiApplication.clipboard()
    held: QMimeData | None = clipboard.mimeData()
    if held is not None and shiboken6.createdByPython(held):
        clipboard.setImage(clipboard.image())
