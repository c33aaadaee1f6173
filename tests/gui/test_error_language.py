from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.errors import CaseError
from desktop_app.ui.choices import translate
from desktop_app.ui.dialogs import MessageDialog, Messenger


def test_errors_speak_the_language_of_the_window(qtbot: QtBot, qapp) -> None:
    before = QLocale()
    window = QWidget()
    qtbot.addWidget(window)
    messenger = Messenger(window)
    error = CaseError("“report.pdf” could not be written: permission denied.", "Choose another folder.")
    try:
        for language, message, hint in (
            ("es", "No se pudo escribir «report.pdf»: permiso denegado.", "Elija otra carpeta."),
            ("en", error.user_message, error.hint),
        ):
            translate(qapp, language)
            messenger.error(error)
            shown = window.findChildren(MessageDialog)[-1]
            assert (shown.message, shown.hint) == (message, hint)
    finally:
        translate(qapp, "en")
        QLocale.setDefault(before)
