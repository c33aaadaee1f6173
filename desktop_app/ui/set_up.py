"""How a window is set up by its user: settings, keys, language, and the tour of a newcomer."""

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QDialog

from desktop_app.config import Value
from desktop_app.errors import CaseError
from desktop_app.ui import keymap, model_services
from desktop_app.ui.choices import language_of, translate
from desktop_app.ui.jobs import Job
from desktop_app.ui.settings_dialog import SettingsDialog
from desktop_app.ui.tour import Tour

if TYPE_CHECKING:
    from desktop_app.ui.main_window import MainWindow


class SetUp(QObject):
    """Shows and applies what the user chooses.

    Args:
        window: The window; its parts are looked up when they are needed, as they may be made anew.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.tour: Tour | None = None
        # a report writes into the case whom it names
        window.desk.exported.connect(self._on_exported)

    def apply_keys(self) -> None:
        """Give the actions the keys of the settings."""
        self._window.table.set_keys(keymap.keys_of(self._window.settings.get_str("shortcuts")))

    def show_settings(self, at_keys: bool = False) -> None:
        """Let the user change the settings.

        Args:
            at_keys: Whether to begin with the keys.
        """
        window = self._window
        dialog = SettingsDialog(window.settings, window, window.desk.devices, window.desk.cases.info)
        dialog.saved.connect(self._on_settings)
        dialog.case_saved.connect(self._on_case_values)
        if at_keys:
            dialog.show_shortcuts()
        dialog.open()
        job = Job("model-names", model_services.names)
        job.succeeded.connect(dialog.offer_models)
        job.failed.connect(window.show_failure)
        window.desk.worker.submit(job)

    @Slot(object)
    def _on_settings(self, changed: set[str]) -> None:
        window = self._window
        window.desk.save_settings()
        window.desk.cases.file.actor = window.settings.get_str("examiner")
        window.dress()
        if "shortcuts" in changed:
            self.apply_keys()
        if "language" in changed:
            self.set_language()

    @Slot(object)
    def _on_case_values(self, changes: dict[str, Value | None]) -> None:
        self._window.desk.cases.set_values(changes)

    @Slot(str)
    def _on_exported(self, _path: str) -> None:
        self._window.desk.cases.set_values({})

    def set_language(self) -> None:
        """Speak the language of the settings from now on."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            translate(application, language_of(self._window.settings))
        # not from within a button that goes away meanwhile
        QTimer.singleShot(0, self._window, self._window.rebuild)

    @Slot()
    def offer_tour(self) -> None:
        """Lead a newcomer through the window, once, unless something else asks for attention already."""
        window = self._window
        asks = any(dialog.isVisible() for dialog in window.findChildren(QDialog))
        if window.isVisible() and not asks and not window.settings.get("tour_seen"):
            window.settings.set("tour_seen", True)
            # a newcomer whose settings cannot be kept is not met with an error, but with the tour again
            with contextlib.suppress(CaseError):
                window.settings.save()
            self.show_tour()

    def show_tour(self) -> None:
        """Lead through the window, from the first step."""
        self.end_tour()
        self.tour = Tour(self._window)
        self.tour.ended.connect(self._on_tour_ended)
        self.tour.start()

    def end_tour(self) -> None:
        """Take the tour away, if there is one."""
        if self.tour is not None:
            self.tour.end()

    @Slot()
    def _on_tour_ended(self) -> None:
        self.tour = None
