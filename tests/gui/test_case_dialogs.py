"""Custody, log, report and settings, through the real window."""

import shutil

import pikepdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop_app.config import SETTINGS, load_settings
from desktop_app.domain.cases import ItemState
from desktop_app.ui.case_dialogs import CustodyDialog
from desktop_app.ui.dialogs import MessageDialog
from desktop_app.ui.log_dialog import LogDialog
from desktop_app.ui.report_dialog import ReportDialog
from desktop_app.ui.settings_dialog import HIDDEN, SettingsDialog
from desktop_app.ui.tabletop import State
from tests.factories import make_result
from tests.gui.conftest import wait_shown, wait_state
from tests.unit.media_clips import Clip, make_clip


@pytest.fixture
def clip(tmp_path, plain_clip):
    """A clip that a test may change."""
    return shutil.copy(plain_clip, tmp_path / "clip.mp4")


@pytest.fixture
def window(open_window, qtbot, clip):
    """A window with the clip taken in and open."""
    made = open_window(clip)
    wait_shown(qtbot, made, 0)
    settled(qtbot, made)
    return made


def settled(qtbot, window):
    cases = window.desk.cases
    qtbot.waitUntil(lambda: not window.desk.worker.wanted and cases.queue.running is None, timeout=60_000)


def shown(qtbot, window, kind):
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(kind)), timeout=20_000)
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def test_a_changed_file_is_analysed_only_for_a_reason(window, qtbot, clip):
    make_clip(clip, Clip(".mp4", "libx264", frames=30))
    window.table["analyse"].trigger()
    dialog = shown(qtbot, window, CustodyDialog)
    assert "is not the file that was taken in" in dialog.message
    assert not dialog.go.isEnabled()
    settled(qtbot, window)
    assert not window.desk.cases.file.store.analyses.all()
    assert window.desk.cases.entries[1].custody is ItemState.CHANGED
    qtbot.keyClicks(dialog.reason, "The client sent a better copy")
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    wait_state(qtbot, window, State.NO_FACE)
    settled(qtbot, window)
    store = window.desk.cases.file.store
    assert any(check.accepted_reason == "The client sent a better copy" for check in store.items.checks(1))
    assert len(store.analyses.all()) == 1
    assert window.desk.result.media.sha256 == window.desk.item.info.sha256 != store.items.get(1).sha256


def test_a_missing_file_is_looked_for_and_its_result_stays(window, qtbot, clip, tmp_path):
    window.table["analyse"].trigger()
    wait_state(qtbot, window, State.NO_FACE)
    settled(qtbot, window)
    window.table["close"].trigger()
    moved = shutil.move(clip, tmp_path / "moved.mp4")
    qtbot.mouseClick(window.case.rows[1], Qt.MouseButton.LeftButton)
    dialog = shown(qtbot, window, CustodyDialog)
    assert "is not where it was" in dialog.message
    assert window.desk.result is not None
    assert window.stage.currentWidget() is window.stage.away
    assert window.table["export_pdf"].isEnabled()
    assert not window.table["analyse"].isEnabled()
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    search = shown(qtbot, window, QFileDialog)
    search.fileSelected.emit(str(moved))
    search.close()
    qtbot.waitUntil(
        lambda: any(d.isVisible() and d.check.state is ItemState.MOVED for d in window.findChildren(CustodyDialog)),
        timeout=20_000,
    )
    dialog = next(d for d in window.findChildren(CustodyDialog) if d.isVisible())
    qtbot.keyClicks(dialog.reason, "moved to the evidence drive")
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    wait_state(qtbot, window, State.NO_FACE)
    wait_shown(qtbot, window, 0)
    assert window.desk.item.info.path == moved
    assert window.stage.currentWidget() is window.stage.work


def test_the_log_is_shown_and_the_case_verified(window, qtbot):
    window.table["verify_case"].trigger()
    dialog = shown(qtbot, window, LogDialog)
    what = [dialog.table.item(row, 3).text() for row in range(dialog.table.rowCount())]
    assert what[0] == "Case created"
    details = [dialog.table.item(row, 5).text() for row in range(dialog.table.rowCount())]
    assert any(text.startswith("file: clip.mp4, SHA-256: ") for text in details)
    assert "Item taken in" in what
    qtbot.waitUntil(lambda: dialog.outcome.text().startswith("Intact"), timeout=20_000)
    dialog.close()


def test_an_altered_case_is_not_called_intact(window, qtbot, clip):
    window.table["case_log"].trigger()
    dialog = shown(qtbot, window, LogDialog)
    with open(clip, "ab") as file:
        file.write(b"more")
    qtbot.mouseClick(dialog.verify, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.outcome.text().startswith("NOT intact"), timeout=20_000)
    assert "clip.mp4: its content has changed" in dialog.outcome.text()
    dialog.close()


def test_a_report_says_what_was_typed_and_the_case_remembers(window, qtbot, tmp_path):
    settings = window.settings
    settings.set("laboratory", "Laboratorio de Imagen")
    window.table["analyse"].trigger()
    wait_state(qtbot, window, State.NO_FACE)
    settled(qtbot, window)
    window.table["export_pdf"].trigger()
    dialog = shown(qtbot, window, ReportDialog)
    assert dialog.fields["laboratory"].text() == "Laboratorio de Imagen"
    dialog.fields["case_number"].setText("2026/17")
    dialog.fields["conclusion"].setPlainText("Nothing can be said of this item.")
    dialog.status.setCurrentIndex(1)
    dialog.path.setText(str(tmp_path / "report"))
    with qtbot.waitSignal(window.desk.exported, timeout=60_000) as exported:
        qtbot.mouseClick(dialog.write, Qt.MouseButton.LeftButton)
    assert exported.args == [str(tmp_path / "report.pdf")]
    with pikepdf.open(tmp_path / "report.pdf") as pdf:
        assert len(pdf.pages) > 1
    assert window.strip.folder_button.isVisible()
    settled(qtbot, window)
    store = window.desk.cases.file.store
    assert store.settings.get("case_number") == "2026/17"
    entry = store.audit_log()[-1]
    assert (entry.action, entry.details["status"], entry.details["signed"]) == ("report.exported", "final", False)
    window.table["export_pdf"].trigger()
    qtbot.waitUntil(
        lambda: any(d.isVisible() and d is not dialog for d in window.findChildren(ReportDialog)), timeout=20_000
    )
    again = next(d for d in window.findChildren(ReportDialog) if d.isVisible())
    assert again.details().conclusion == "Nothing can be said of this item."
    again.close()


def test_a_certificate_that_cannot_be_used_leaves_no_report(window, qtbot, tmp_path):
    window.desk.show_result(make_result(frames=36))
    window.table["export_pdf"].trigger()
    dialog = shown(qtbot, window, ReportDialog)
    assert not dialog.passphrase.isEnabled()
    (tmp_path / "me.p12").write_bytes(b"no certificate")
    dialog.certificate.setText(str(tmp_path / "me.p12"))
    assert dialog.passphrase.isEnabled()
    dialog.passphrase.setText("wrong")
    dialog.path.setText(str(tmp_path / "report.pdf"))
    qtbot.mouseClick(dialog.write, Qt.MouseButton.LeftButton)
    message = shown(qtbot, window, MessageDialog)
    assert message.hint
    assert "wrong" not in message.message + message.hint
    assert not (tmp_path / "report.pdf").exists()
    message.close()


def test_settings_are_found_changed_and_put_back(open_window, qtbot):
    window = open_window()
    window.table["settings"].trigger()
    dialog = shown(qtbot, window, SettingsDialog)
    assert set(dialog.rows) == {setting.key for setting in SETTINGS} - set(HIDDEN)
    qtbot.keyClicks(dialog.search, "laboratory address")
    assert [key for key, row in dialog.rows.items() if row.isVisible()] == ["laboratory_address"]
    dialog.search.clear()
    dialog.rows["min_face_px"].set_value(80)
    dialog.rows["examiner"].set_value("R. Vera")
    dialog.rows["theme"].set_value("dark")
    qtbot.mouseClick(dialog.rows["min_face_px"].reset, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    kept = load_settings()
    assert (kept.get("min_face_px"), kept.get("examiner"), kept.get("theme")) == (50, "R. Vera", "dark")
    assert QApplication.palette().window().color().name() == window.tokens.window
    assert window.tokens.name == "dark"
    assert window.desk.cases.file.actor == "R. Vera"


def test_the_language_changes_while_something_is_open(window, qtbot):
    window.desk.show_result(make_result(frames=36))
    window.player.seek(7)
    wait_shown(qtbot, window, 7)
    window.table["settings"].trigger()
    dialog = shown(qtbot, window, SettingsDialog)
    dialog.rows["language"].set_value("es")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.menuBar().actions()[0].text() == "&Archivo", timeout=20_000)
    wait_shown(qtbot, window, 7)
    assert window.case.rows[1].state.text() == "Sin analizar"
    assert window.findings.track_buttons
    assert window.timeline.curve_ids == (1, 2)
    assert window.windowTitle() == "clip.mp4 - Caso sin guardar - Cotejo"
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Right)
    wait_shown(qtbot, window, 8)


def test_panels_are_put_away_and_come_back(window, qtbot):
    assert window.case_dock.isVisible()
    window.table["panel_case"].trigger()
    assert not window.case_dock.isVisible()
    window.side_dock.close()
    assert not window.table["panel_findings"].isChecked()
    window.docks.save()
    window.table["reset_layout"].trigger()
    assert window.case_dock.isVisible()
    assert window.side_dock.isVisible()
    assert window.table["panel_findings"].isChecked()
    window.docks.restore()
    assert not window.case_dock.isVisible()
    assert not window.side_dock.isVisible()
