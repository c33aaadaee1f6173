"""Settings of the open case alone, through the real window."""

import pytest
from PySide6.QtCore import Qt

from desktop_app.cases import CaseStore
from desktop_app.cases.overrides import overrides_of, store_overrides
from desktop_app.config import load_settings
from desktop_app.domain import SamplingMode
from desktop_app.ui.settings_dialog import ALL_CASES, THIS_CASE, SettingsDialog
from desktop_app.ui.tabletop import State
from tests.gui.conftest import wait_shown, wait_state


def settled(qtbot, window):
    cases = window.desk.cases
    qtbot.waitUntil(lambda: not window.desk.worker.wanted and not window.desk.worker.current, timeout=60_000)
    qtbot.waitUntil(lambda: cases.queue.running is None, timeout=60_000)


def dialog_of(window):
    window.table["settings"].trigger()
    return next(d for d in window.findChildren(SettingsDialog) if d.isVisible())


@pytest.fixture
def window(opened, qtbot):
    settled(qtbot, opened)
    return opened


def test_without_a_case_there_is_only_one_scope(open_window):
    dialog = dialog_of(open_window())
    assert not dialog.scopes.button(THIS_CASE).isEnabled()
    assert dialog.case_rows == {}
    dialog.close()


def test_a_case_gets_values_of_its_own_which_its_analyses_use(window, qtbot):
    dialog = dialog_of(window)
    assert "theme" not in dialog.case_rows
    assert "device" not in dialog.case_rows
    qtbot.mouseClick(dialog.scopes.button(THIS_CASE), Qt.MouseButton.LeftButton)
    row = dialog.case_rows["sampling_value"]
    assert row.isVisible()
    assert not row.note.isVisible()
    assert not row.reset.isVisible()
    row.set_value(6.0)
    assert row.note.isVisible()
    dialog.case_rows["laboratory"].control.setText("Laboratorio")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert load_settings().get("sampling_value") == 1.0
    # it counts at once, though the worker still writes it
    assert dict(window.desk.cases.info.overrides) == {"sampling_value": 6.0, "laboratory": "Laboratorio"}
    window.table["analyse"].trigger()
    assert window.desk.cases.queue.running.sampling.value == 6.0
    wait_state(qtbot, window, State.NO_FACE)
    settled(qtbot, window)
    store = window.desk.cases.file.store
    assert overrides_of(store.settings) == {"sampling_value": 6.0, "laboratory": "Laboratorio"}
    assert [e.details["key"] for e in store.audit_log() if e.action == "setting.changed"] == [
        "setting.sampling_value",
        "laboratory",
    ]
    request = store.analyses.all()[-1].plan.request
    assert (request.sampling.mode, request.sampling.value) == (SamplingMode.EVERY_NTH, 6.0)
    assert window.desk.result.coverage.sampled == 6


def test_what_is_put_back_follows_all_cases_again(window, qtbot):
    window.desk.cases.set_values({"min_face_px": 90, "key_frames": 2})
    settled(qtbot, window)
    dialog = dialog_of(window)
    dialog.rows["min_face_px"].set_value(60)
    dialog.show_scope(THIS_CASE)
    row = dialog.case_rows["min_face_px"]
    assert row.value() == 90
    assert row.reset.accessibleName().startswith("As in all cases: ")
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert row.value() == 60
    assert row.own_value() is None
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert window.desk.cases.info.overrides == (("key_frames", 2),)
    assert overrides_of(window.desk.cases.file.store.settings) == {"key_frames": 2}
    assert load_settings().get("min_face_px") == 60
    # nothing is stored for what was only looked at
    before = len(window.desk.cases.file.store.audit_log())
    dialog = dialog_of(window)
    dialog.show_scope(THIS_CASE)
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert len(window.desk.cases.file.store.audit_log()) == before


def test_reset_all_resets_what_is_shown(window, qtbot):
    window.desk.cases.set_values({"min_face_px": 90})
    settled(qtbot, window)
    dialog = dialog_of(window)
    dialog.rows["key_frames"].set_value(1)
    dialog.show_scope(THIS_CASE)
    dialog._on_reset_all()
    assert dialog.case_rows["min_face_px"].own_value() is None
    assert dialog.rows["key_frames"].value() == 1
    dialog.show_scope(ALL_CASES)
    dialog._on_reset_all()
    assert dialog.rows["key_frames"].value() == 6
    dialog.close()


def test_searching_looks_into_both(window, qtbot):
    dialog = dialog_of(window)
    dialog.show_scope(THIS_CASE)
    qtbot.keyClicks(dialog.search, "shorter side")
    assert [key for key, row in dialog.case_rows.items() if row.isVisible()] == ["min_face_px"]
    dialog.search.setText("language")
    assert dialog._nothing[THIS_CASE].isVisible()
    dialog.show_scope(ALL_CASES)
    assert dialog.rows["language"].isVisible()
    dialog.close()


def test_a_case_for_reading_shows_its_values_only(open_window, qtbot, plain_clip, tmp_path):
    path = tmp_path / "case.cotejo"
    with CaseStore.create(path) as store:
        store.items.add(plain_clip)
        store_overrides(store.settings, {"min_face_px": 90})
        window = open_window()
        window.desk.cases.open_case(path)  # locked by the store above: it is opened for reading
        wait_shown(qtbot, window, 0)
        dialog = dialog_of(window)
        dialog.show_scope(THIS_CASE)
        row = dialog.case_rows["min_face_px"]
        assert row.value() == 90
        assert row.note.isVisible()
        assert not any(r.control.isEnabled() or r.reset.isEnabled() for r in dialog.case_rows.values())
        dialog._on_reset_all()
        qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
        settled(qtbot, window)
        assert overrides_of(store.settings) == {"min_face_px": 90}
        window.desk.cases.new_case()
        settled(qtbot, window)


def test_the_model_is_chosen_from_those_that_there_are(window, qtbot):
    dialog = dialog_of(window)
    row = dialog.rows["model_id"]
    # the worker brings the names
    qtbot.waitUntil(lambda: row.control.findData("cotejo-families-2") > 0)
    assert row.value() == ""
    row.control.setCurrentIndex(row.control.findData("cotejo-families-2"))
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert load_settings().get("model_id") == "cotejo-families-2"


def test_a_chosen_model_that_is_gone_stays_to_be_seen(window, qtbot):
    window.settings.set("model_id", "no-longer-here")
    row = dialog_of(window).rows["model_id"]
    assert row.control.currentText() == "no-longer-here"
    qtbot.waitUntil(lambda: row.control.count() > 2)
    assert row.value() == "no-longer-here"
