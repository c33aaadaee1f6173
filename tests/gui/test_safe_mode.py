"""Starting over with nothing of the user's: safe mode; and what the program says of itself."""

import pytest
from PySide6.QtWidgets import QLabel

from desktop_app import __version__, paths
from desktop_app.__main__ import wants_window
from desktop_app.config import load_settings
from desktop_app.ui.about_dialog import LIBRARIES, AboutDialog, library
from desktop_app.ui.docks import window_file
from desktop_app.ui.settings_dialog import SettingsDialog


@pytest.fixture
def spoiled(cotejo_home):
    """Settings and a layout of a user."""
    settings = load_settings()
    settings.set("device", "cuda")
    settings.set("theme", "light")
    settings.save()
    window_file().setValue("hidden", ["case", "findings"])
    window_file().sync()
    return paths.settings_file().read_bytes()


def test_safe_mode_takes_and_leaves_nothing(open_window, spoiled, qtbot):
    window = open_window("--safe-mode")
    assert window.settings.get("device") == "cpu"
    assert window.settings.get("theme") == "system"
    assert window.docks.is_wanted("case")
    assert "Safe mode" in window.windowTitle()
    window.set_theme("dark")
    window.docks.want("timeline", False)
    window.close()
    assert paths.settings_file().read_bytes() == spoiled
    assert window_file().value("hidden") == ["case", "findings"]
    assert wants_window(["--safe-mode"])


def test_without_it_they_are_the_users(open_window, spoiled):
    window = open_window()
    assert window.settings.get("device") == "cuda"
    assert not window.docks.is_wanted("case")
    assert "Safe mode" not in window.windowTitle()


def test_a_missing_gpu_is_said_in_the_settings(open_window):
    window = open_window()
    for devices, is_said in (((), False), (("cpu",), True), (("cuda", "cpu"), False)):
        window.desk.devices = devices
        window.table["settings"].trigger()
        dialog = next(d for d in window.findChildren(SettingsDialog) if d.isVisible())
        assert any("No graphics processor" in found.text() for found in dialog.findChildren(QLabel)) is is_said
        dialog.close()
        dialog.deleteLater()


def test_warming_up_learns_the_devices(open_window, qtbot):
    window = open_window()
    window.desk.warm_up(look_for_left=False)
    qtbot.waitUntil(lambda: "cpu" in window.desk.devices, timeout=60_000)


def test_about_names_versions_licences_and_device(open_window):
    window = open_window()
    window.desk.devices = ("cuda", "cpu")
    window.table["about"].trigger()
    dialog = next(d for d in window.findChildren(AboutDialog) if d.isVisible())
    words = "\n".join(found.text() for found in dialog.findChildren(QLabel))
    assert __version__ in words
    assert "CUDA, CPU" in words
    version, licence = library("numpy")
    assert version in words
    assert "BSD" in licence
    assert all(name in words for name in LIBRARIES)
    assert library("no-such-library") is None
