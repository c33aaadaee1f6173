"""The tab that says what the file tells of itself."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QLabel

from desktop_app.cases import CaseStore
from desktop_app.config import load_settings
from desktop_app.ui.history_panel import HistoryPanel
from tests.gui.conftest import wait_shown


def words(widget):
    return [found.text() for found in widget.findChildren(QLabel) if not found.isHidden()]


def has(window, text):
    return any(text in word for word in words(window.history))


@pytest.fixture
def edited(tmp_path):
    """A picture that names the editor it was saved by."""
    exif = Image.Exif()
    exif[0x0131] = "Adobe Photoshop 25.0 (Windows)"
    noise = np.random.default_rng(1).integers(0, 255, (96, 96, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "edited.jpg", exif=exif)
    return tmp_path / "edited.jpg"


@pytest.mark.parametrize(("language", "title"), [("en", "Editing program"), ("es", "Programa de edición")])
def test_findings_come_with_their_weight(open_window, qtbot, edited, language, title):
    settings = load_settings()
    settings.set("language", language)
    settings.save()
    window = open_window(edited)
    wait_shown(qtbot, window, 0)
    qtbot.waitUntil(lambda: has(window, title), timeout=20_000)
    assert has(window, "●●○")
    assert has(window, "absence proves nothing" if language == "en" else "no prueba nada")
    assert has(window, "JPEG")
    store = window.desk.cases.file.store
    qtbot.waitUntil(lambda: store.items.traces(1) is not None, timeout=20_000)


def test_stored_findings_are_shown_without_the_file(open_window, qtbot, edited, tmp_path):
    window = open_window(edited)
    wait_shown(qtbot, window, 0)
    qtbot.waitUntil(lambda: has(window, "Editing program"), timeout=20_000)
    actions = [entry.action for entry in window.desk.cases.file.store.audit_log()]
    assert actions.count("item.traces") == 1
    window.table["close"].trigger()
    window.desk.show_item(1)
    wait_shown(qtbot, window, 0)
    qtbot.waitUntil(lambda: has(window, "Editing program"), timeout=20_000)
    assert [entry.action for entry in window.desk.cases.file.store.audit_log()].count("item.traces") == 1


def test_a_case_for_reading_only_is_not_written_to(open_window, qtbot, edited, tmp_path):
    path = tmp_path / "case.cotejo"
    with CaseStore.create(path) as store:
        store.items.add(edited)
        window = open_window()
        # whoever writes to it is another
        window.front.open_name(str(path))
        wait_shown(qtbot, window, 0)
        qtbot.waitUntil(lambda: has(window, "Editing program"), timeout=20_000)
        assert window.desk.cases.info.read_only
        assert store.items.traces(1) is None


def test_what_is_not_there_is_said(qtbot):
    panel = HistoryPanel("en")
    qtbot.addWidget(panel)
    panel.show_nothing()
    assert any("nothing was read" in word for word in words(panel))
