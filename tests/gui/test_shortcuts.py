"""Keys that the user chooses: the map of them, the page in the settings, and what derives from it."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop_app.config import load_settings
from desktop_app.ui import keymap
from desktop_app.ui.actions import ACTIONS
from desktop_app.ui.dialogs import ShortcutsDialog
from desktop_app.ui.settings_dialog import SettingsDialog


def test_the_table_itself_has_no_clash():
    assert keymap.keys_of("") == keymap.DEFAULTS
    for spec in ACTIONS:
        for key in spec.shortcuts:
            assert not keymap.is_reserved(key, spec.key), key
            assert keymap.normal(key) == key
            assert not keymap.owner(keymap.DEFAULTS, key, spec.key), key


@pytest.mark.parametrize(
    "stored",
    [
        "{",
        "[]",
        "7",
        "null",
        '{"play": "Space"}',
        '{"play": [1]}',
        '{"fly": ["F"]}',
        '{"play": ["Nonsense"]}' * 2,
        "[" * 5000,
    ],
)
def test_what_is_no_setting_leaves_the_table(stored, caplog):
    assert keymap.keys_of(stored) == keymap.DEFAULTS
    assert caplog.records


def test_the_user_counts_before_the_table():
    keys = keymap.keys_of(json.dumps({"stop": ["Space", "k"], "of_a_later_version": ["F"]}))
    assert keys["stop"] == ("Space", "K")
    assert keys["play"] == ()
    assert keymap.keys_of(keymap.stored_form(keys)) == keys


@pytest.mark.parametrize("key", ["Tab", "Return", "Esc", "F10", "Alt+F4", "Alt+A", "Ctrl+Tab"])
def test_keys_of_the_system_are_left_alone(key):
    assert keymap.is_reserved(key, "play")
    assert keymap.keys_of(json.dumps({"play": [key]}))["play"] == ()


def test_two_actions_never_get_one_key_from_the_file():
    keys = keymap.keys_of(json.dumps({"play": ["F7", "F7", "F8", "F9"], "stop": ["F7", "F8, A"]}))
    assert keys["play"] == ("F7", "F8")
    assert keys["stop"] == ()


@pytest.fixture
def window(open_window):
    return open_window()


def page_of(window):
    window.table["change_keys"].trigger()
    dialog = next(d for d in window.findChildren(SettingsDialog) if d.isVisible())
    assert dialog.pages.currentWidget() is dialog.shortcuts
    return dialog, dialog.shortcuts


def test_another_key_counts_at_once_everywhere(window, qtbot):
    dialog, page = page_of(window)
    page.select("about")
    qtbot.keyClick(page.fields[0], Qt.Key.Key_F8)
    assert page.keys["about"] == ("F8",)
    assert page.table.item(page.table.currentRow(), 1).text() == "F8"
    assert page.table.item(page.table.currentRow(), 3).text() == "changed"
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert load_settings().get_str("shortcuts") == '{"about": ["F8"]}'
    assert window.table["about"].shortcut().toString() == "F8"
    assert window.table["about"].toolTip() == "About Cotejo (F8)"
    window.table["shortcuts"].trigger()
    listed = [part.text() for part in window.findChild(ShortcutsDialog).findChildren(QLabel)]
    assert listed[listed.index("About Cotejo") + 1] == "F8"
    window.rebuild()
    assert window.table["about"].shortcut().toString() == "F8"


def test_a_key_that_another_action_has_is_not_given_twice(window, qtbot):
    dialog, page = page_of(window)
    page.select("stop")
    qtbot.keyClick(page.fields[1], Qt.Key.Key_Space)
    assert "Play or pause" in page.word.text()
    assert page.take.isVisible()
    assert page.keys == keymap.DEFAULTS
    # saved without having taken it, nothing has changed
    assert page.stored() == ""
    qtbot.mouseClick(page.take, Qt.MouseButton.LeftButton)
    assert page.keys["stop"] == ("K", "Space")
    assert page.keys["play"] == ()
    assert not page.take.isVisible()
    # back to its first key, which another has by now: again it is asked
    page.select("play")
    qtbot.mouseClick(page.reset, Qt.MouseButton.LeftButton)
    assert page.keys["play"] == ()
    assert "Stop" in page.word.text()
    qtbot.mouseClick(page.take, Qt.MouseButton.LeftButton)
    assert page.keys == keymap.DEFAULTS | {"stop": ("K",)}
    assert page.stored() == ""
    dialog.close()


def test_reserved_keys_and_the_way_out(window, qtbot):
    dialog, page = page_of(window)
    page.select("stop")
    qtbot.keyClick(page.fields[0], Qt.Key.Key_F10)
    assert page.keys == keymap.DEFAULTS
    assert page.fields[0].text() == "K"
    assert "system" in page.word.text()
    qtbot.keyClick(page.fields[0], Qt.Key.Key_Control)
    qtbot.waitUntil(lambda: page.fields[0].text() == "K", timeout=5000)
    assert page.keys == keymap.DEFAULTS
    page.fields[0].setFocus()
    qtbot.waitUntil(lambda: page.isAncestorOf(dialog.focusWidget()))
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert page.fields[0].text() == "K"
    page.fields[0].clear()
    assert page.keys["stop"] == ()
    dialog.pages.setCurrentIndex(1)
    qtbot.keyClick(page.fields[1], Qt.Key.Key_F8)
    assert page.keys["stop"] == ("F8",)
    assert [field.text() for field in page.fields] == ["F8", ""]
    page.reset_all()
    assert page.keys == keymap.DEFAULTS
    qtbot.keyClick(page.fields[0], Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert window.settings.get("shortcuts") == ""


def test_actions_are_found_by_name_and_by_key(window, qtbot):
    dialog, page = page_of(window)
    qtbot.keyClicks(dialog.search, "ctrl+g")
    shown = [ACTIONS[row].key for row in range(len(ACTIONS)) if not page.table.isRowHidden(row)]
    assert shown == ["go_to"]
    assert page.action == "go_to"
    assert dialog.pages.tabText(1) == "Shortcuts (1)"
    dialog.search.setText("queue")
    assert not any(page.table.isRowHidden(row) for row, spec in enumerate(ACTIONS) if spec.key == "queue_up")
    dialog.search.clear()
    assert dialog.pages.tabText(1) == "Shortcuts"
    dialog.close()


def test_a_spoilt_setting_does_not_keep_the_window_from_opening(open_window, caplog):
    settings = load_settings()
    settings.set("shortcuts", '{"play": ["F6"], "stop": 3, "fly": []}')
    settings.save()
    window = open_window()
    assert window.table["play"].shortcut().toString() == "F6"
    assert window.table["stop"].shortcut().toString() == "K"
