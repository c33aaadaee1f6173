"""What goes wrong around the window: no GPU, a full disk, a file that goes away, a window that is pulled about."""

import errno
import os
import random
import shutil
import threading
import weakref

import pytest
from PySide6.QtCore import QSize

from desktop_app import files
from desktop_app.cases import CaseStore
from desktop_app.config import load_settings
from desktop_app.domain.cases import ItemState
from desktop_app.ui import case_services
from desktop_app.ui.case_dialogs import CustodyDialog
from desktop_app.ui.dialogs import MessageDialog
from desktop_app.ui.entries import EntryState
from desktop_app.ui.jobs import Job
from desktop_app.ui.tabletop import State
from tests.factories import make_result
from tests.gui.conftest import wait_shown


def settled(qtbot, window):
    cases = window.desk.cases
    qtbot.waitUntil(lambda: not window.desk.worker.wanted and cases.queue.running is None, timeout=60_000)


def told(qtbot, window, kind=MessageDialog):
    """The message that stands in the window; it is closed again."""
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(kind)), timeout=60_000)
    dialog = next(d for d in window.findChildren(kind) if d.isVisible())
    dialog.close()
    return dialog


@pytest.fixture
def clip(plain_clip, tmp_path):
    return shutil.copy(plain_clip, tmp_path / "clip.mp4")


@pytest.fixture
def window(open_window, qtbot, clip, tmp_path):
    """A window with a named case of one clip."""
    with CaseStore.create(tmp_path / "case.cotejo") as store:
        store.items.add(clip)
    made = open_window()
    made.desk.cases.open_case(tmp_path / "case.cotejo")
    wait_shown(qtbot, made, 0)
    settled(qtbot, made)
    return made


def test_a_gpu_that_is_wished_for_and_not_there(open_window, qtbot, clip, monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    settings = load_settings()
    settings.set("device", "cuda")
    settings.save()
    window = open_window(clip)
    wait_shown(qtbot, window, 0)
    window.table["analyse"].trigger()
    message = told(qtbot, window)
    assert "cuda" in message.message
    assert "cpu" in message.hint
    assert window.desk.state is State.READY
    assert window.desk.result is None
    settled(qtbot, window)
    # the way out that the message names
    window.settings.set("device", "cpu")
    window.table["analyse"].trigger()
    qtbot.waitUntil(lambda: window.desk.state in (State.DONE, State.NO_FACE), timeout=120_000)
    assert window.desk.result.provenance.device.startswith("cpu")
    settled(qtbot, window)


def test_a_disk_that_fills_during_an_analysis(window, qtbot, monkeypatch):
    real, limits = case_services.analyse, [0, 1_000_000]

    def on_a_small_disk(job, file, item_id, request):
        connection = file.store._database.connection()
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + limits.pop(0)}")
        return real(job, file, item_id, request)

    monkeypatch.setattr(case_services, "analyse", on_a_small_disk)
    window.table["analyse"].trigger()
    message = told(qtbot, window)
    assert "disk is full" in message.message
    assert message.hint
    settled(qtbot, window)
    assert window.desk.state is not State.ANALYSING
    # nothing is lost: with room again it is analysed, and the case is whole
    window.table["analyse"].trigger()
    qtbot.waitUntil(lambda: window.desk.state in (State.DONE, State.NO_FACE), timeout=120_000)
    settled(qtbot, window)
    assert window.desk.cases.entries[1].state is EntryState.DONE
    with qtbot.waitSignal(window.desk.cases.verified, timeout=60_000) as verified:
        window.desk.cases.verify()
    assert verified.args[0].is_intact


def test_a_full_disk_leaves_no_half_of_an_export(window, qtbot, monkeypatch, tmp_path):
    window.desk.show_result(make_result(frames=36))
    settled(qtbot, window)
    target = tmp_path / "out" / "result.json"
    target.parent.mkdir()

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(files.os, "replace", full)
        window.desk.export("json", target)
        message = told(qtbot, window)
        settled(qtbot, window)
    assert "result.json" in message.message
    assert message.hint
    assert list(target.parent.iterdir()) == []
    window.desk.export("json", target)
    qtbot.waitUntil(lambda: str(target) in window.strip.text.text(), timeout=20_000)
    assert target.exists()


def test_settings_that_cannot_be_kept_are_told_once_and_hold_for_now(window, qtbot, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(files.os, "replace", full)
        window.table["theme_light"].trigger()
        message = told(qtbot, window)
    assert message.hint
    assert window.table["theme_light"].isChecked()


def test_a_file_that_goes_away_under_the_open_item(window, qtbot, clip):
    clip.unlink()
    window.table["analyse"].trigger()
    dialog = told(qtbot, window, CustodyDialog)
    assert dialog.check.state is ItemState.MISSING
    settled(qtbot, window)
    assert window.desk.result is None
    assert "missing" in window.case.rows[1].extra.text().lower()
    # what is open is still there to look at, and going on does not break anything
    window.player.seek(20)
    qtbot.wait(50)
    window.table["close"].trigger()
    assert window.stage.currentWidget() is window.stage.start


def test_a_window_pulled_about_keeps_its_picture_and_its_parts(window, qtbot):
    dice = random.Random(3)
    sizes = [QSize(dice.randrange(960, 2560), dice.randrange(560, 1440)) for _ in range(20)]
    for size in (*sizes, QSize(960, 560), QSize(2560, 1440), QSize(1280, 720)):
        window.resize(size)
        qtbot.wait(1)
    qtbot.wait(50)
    assert window.size() == QSize(1280, 720)
    viewer = window.viewer
    assert viewer.is_fit
    for panel in window.docks.panels:
        assert panel.isVisible()
        assert window.rect().contains(panel.geometry())
    wait_shown(qtbot, window, 0)
    height = viewer.picture_size.height() * viewer.zoom
    assert height <= viewer.height() + 1
    assert viewer.height() > 100


class Knot:
    """Refers to itself, so that only the search for garbage finds it."""

    def __init__(self):
        self.me = self


def test_garbage_is_found_on_the_thread_of_the_interface_alone(open_window, qtbot):
    window, found_on = open_window(), []
    weakref.finalize(Knot(), lambda: found_on.append(threading.get_ident()))
    busy = Job("knots", lambda job: len([[number] for number in range(50_000)]))
    with qtbot.waitSignal(busy.finished, timeout=20_000):
        window.desk.worker.submit(busy)
    made = [[number] for number in range(5_000)]
    qtbot.waitUntil(lambda: bool(found_on), timeout=20_000)
    assert len(made) == 5_000
    assert found_on == [threading.get_ident()]


def test_what_failed_and_is_no_longer_in_the_case_has_no_refused_check(cotejo_home):
    file = case_services.CaseFile()
    with file.ensure():
        assert case_services.refused_check(Job("check", lambda job: None), file, 7) is None


def test_what_is_queued_while_the_case_is_being_closed_is_forgotten(open_window):
    cases = open_window().desk.cases
    cases.queue.is_paused = True
    cases.queue.add(2)
    cases._on_closed(None)
    cases.set_paused(False)
    assert (cases.queue.waiting, cases.queue.running) == ([], None)
