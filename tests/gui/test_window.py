"""The window through its own command line: opening, moving about, errors."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from shiboken6 import isValid

from desktop_app import paths
from desktop_app.__main__ import main, wants_window
from desktop_app.config import load_settings
from desktop_app.logs import stop_logging
from desktop_app.ui.app import FocusKeys
from desktop_app.ui.dialogs import GoToDialog, MessageDialog, ShortcutsDialog
from desktop_app.ui.jobs import Job
from desktop_app.ui.tabletop import State
from tests.gui.conftest import pixels, text_file, wait_shown, wait_state
from tests.unit.media_clips import decode_all

REPO = Path(__file__).resolve().parents[2]


def messages(window):
    return [dialog for dialog in window.findChildren(MessageDialog) if dialog.isVisible()]


def test_the_command_opens_a_file_and_ends_with_the_window(qapp, plain_clip, cotejo_home):
    seen = []

    def look():
        window = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "workstation" and w.isVisible())
        if window.examination.picture is None:
            return
        seen.append((window.desk.state, window.windowTitle()))
        timer.stop()
        window.close()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(50)
    try:
        assert main([str(plain_clip)]) == 0
    finally:
        stop_logging()
    assert seen == [(State.READY, "plain.mp4 - Unsaved case - Cotejo")]
    assert (cotejo_home / "logs" / "cotejo.log").exists()


def test_nothing_of_a_window_is_left_when_the_command_ends(qapp, cotejo_home):
    seen = []

    def look():
        window = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "workstation" and w.isVisible())
        # a key goes through every filter that is installed
        gc.collect()
        QTest.keyClick(window, Qt.Key.Key_Right)
        seen.append((window, window.findChild(FocusKeys)))
        window.close()

    try:
        for _ in range(2):
            QTimer.singleShot(100, look)
            assert main([]) == 0
    finally:
        stop_logging()
    assert len(seen) == 2
    assert not any(isValid(window) or isValid(keys) for window, keys in seen)


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], True),
        (["--demo"], True),
        (["clip.mp4", "--analyze"], True),
        (["./analyze"], True),
        (["analyze", "clip.mp4"], False),
        (["--help"], False),
    ],
)
def test_who_gets_the_window(argv, expected):
    assert wants_window(argv) is expected


IDLE_WINDOW = """
import sys
from desktop_app.ui.desk import Desk
Desk.warm_up = lambda self, **_: print("at rest", flush=True)
from desktop_app.__main__ import main
sys.exit(main([]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal can be sent there")
def test_ctrl_c_closes_an_idle_window(cotejo_home):
    with subprocess.Popen([sys.executable, "-c", IDLE_WINDOW], cwd=REPO, stdout=subprocess.PIPE, text=True) as process:
        try:
            # said from within the event loop, once the window is there
            assert process.stdout.readline() == "at rest\n"
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0
        finally:
            process.kill()


def test_a_bundle_lets_its_own_processes_pass(monkeypatch, capsys):
    called = []
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr("multiprocessing.freeze_support", lambda: called.append(True))
    assert main(["--version"]) == 0
    assert called == [True]


def test_the_start_page_offers_only_what_makes_sense(open_window):
    window = open_window()
    assert window.stage.currentWidget() is window.stage.start
    assert not window.side_dock.isVisible()
    enabled = {key for key, action in window.table.by_key.items() if action.isEnabled()}
    assert {"open", "demo", "quit", "shortcuts", "theme_dark"} <= enabled
    assert not enabled & {"play", "analyse", "explain", "export_pdf", "close", "cancel", "fit"}


def test_every_frame_is_the_frame_it_says(opened, qtbot, plain_clip):
    window = opened
    truth = decode_all(plain_clip)
    qtbot.keyClick(window, Qt.Key.Key_Right)
    for number in (1, 2, 3):
        wait_shown(qtbot, window, number)
        assert np.array_equal(pixels(window.viewer.image), truth[number][1])
        assert window.transport.frame.text() == f"Frame {number} / 35"
        assert str(truth[number][0]) in window.transport.stamp.text()
        qtbot.keyClick(window, Qt.Key.Key_Right)
    wait_shown(qtbot, window, 4)
    qtbot.keyClick(window, Qt.Key.Key_Left)
    wait_shown(qtbot, window, 3)
    qtbot.keyClick(window, Qt.Key.Key_End)
    wait_shown(qtbot, window, 35)
    assert np.array_equal(pixels(window.viewer.image), truth[35][1])
    qtbot.keyClick(window, Qt.Key.Key_Home)
    wait_shown(qtbot, window, 0)
    assert np.array_equal(pixels(window.viewer.image), truth[0][1])


def test_a_storm_of_seeks_ends_at_the_last_one(opened, qtbot):
    window = opened
    delivered = []
    window.player.shown.connect(delivered.append)
    for number in range(300):
        window.player.seek((number * 7) % 36)
    window.player.seek(17)
    wait_shown(qtbot, window, 17)
    qtbot.wait(50)
    assert window.examination.picture.frame.index == 17
    assert len(delivered) < 100


def test_playing_runs_to_the_end_and_stops(opened, qtbot):
    window = opened
    numbers = []
    window.player.shown.connect(lambda picture: numbers.append(picture.frame.index))
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.player.is_playing
    qtbot.waitUntil(lambda: not window.player.is_playing, timeout=15_000)
    wait_shown(qtbot, window, 35)
    assert numbers == sorted(numbers)


def test_space_belongs_to_a_focused_button(opened, qtbot):
    window = opened
    window.side.setCurrentWidget(window.explain)
    button = window.explain.findChild(QPushButton, "target_fake")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert window.explain.target == "fake"
    assert not window.player.is_playing


def test_go_to_a_frame_and_to_a_time(opened, qtbot):
    window = opened
    for text, frame in (("12", 12), ("0:00.82", 20)):
        window.table["go_to"].trigger()
        dialog = next(d for d in window.findChildren(GoToDialog) if d.isVisible())
        qtbot.keyClicks(dialog.field, text)
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
        wait_shown(qtbot, window, frame)


def test_the_open_dialog_opens(open_window, qtbot, plain_clip):
    window = open_window()
    window.table["open"].trigger()
    dialog = window.findChild(QFileDialog)
    dialog.filesSelected.emit([str(plain_clip)])
    dialog.close()
    wait_shown(qtbot, window, 0)
    assert load_settings().get_str("last_folder") == str(plain_clip.parent)


def test_dropping_a_file_opens_it(open_window, qtbot, plain_clip):
    window = open_window()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(plain_clip))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(50, 50), copy, mime, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), copy, mime, left, none))
    wait_shown(qtbot, window, 0)


def test_dragging_text_is_not_welcome(open_window):
    window = open_window()
    mime = QMimeData()
    mime.setText("hello")
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    assert not enter.isAccepted()


def test_what_is_no_video_gets_a_sentence_and_a_hint(open_window, qtbot, tmp_path):
    window = open_window(text_file(tmp_path))
    qtbot.waitUntil(lambda: bool(messages(window)), timeout=20_000)
    (dialog,) = messages(window)
    assert "not a video or picture" in dialog.message
    assert dialog.hint
    assert "Traceback" not in dialog.message + dialog.hint
    assert window.desk.state is State.START
    dialog.close()


def test_a_failed_opening_keeps_the_open_item(opened, qtbot, tmp_path):
    opened.desk.open(text_file(tmp_path))
    qtbot.waitUntil(lambda: bool(messages(opened)), timeout=20_000)
    assert opened.desk.state is State.READY
    assert opened.desk.item.info.path.name == "plain.mp4"
    messages(opened)[0].close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_folder_whose_name_is_no_unicode(open_window, qtbot, plain_clip, tmp_path):
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    clip = folder / os.fsdecode(b"\xff<b>bold\n.mp4")
    clip.write_bytes(plain_clip.read_bytes())
    window = open_window(clip)
    wait_shown(qtbot, window, 0)
    assert not messages(window)
    assert load_settings().get_str("last_folder") == str(folder)


def test_opening_can_be_cancelled(open_window, qtbot, plain_clip):
    window = open_window()
    window.desk.open(plain_clip)
    assert window.stage.currentWidget() is window.stage.loading
    qtbot.mouseClick(window.stage.loading.cancel_button, Qt.MouseButton.LeftButton)
    wait_state(qtbot, window, State.START)
    assert not messages(window)
    window.desk.open(plain_clip)
    wait_shown(qtbot, window, 0)


def test_closing_the_item_clears_the_desk(opened, qtbot):
    opened.table["close"].trigger()
    assert opened.desk.state is State.START
    assert opened.viewer.image.isNull()
    assert opened.windowTitle() == "Unsaved case - Cotejo"


def forget_crashes():
    crash = paths.log_dir() / "crash.log"
    text = crash.read_text(encoding="utf-8")
    crash.unlink()
    return text


def test_a_bug_on_the_worker_is_written_down_and_told_calmly(open_window, qtbot):
    window = open_window()

    def broken(job):
        raise RuntimeError("the seventh wheel")

    job = Job("broken", broken)
    job.failed.connect(window.show_failure)
    with qtbot.captureExceptions() as raised, qtbot.waitSignal(job.finished):
        window.desk.worker.submit(job)
    qtbot.waitUntil(lambda: bool(messages(window)))
    (dialog,) = messages(window)
    assert str(paths.log_dir() / "crash.log") in dialog.hint
    assert "seventh" not in dialog.message + dialog.hint
    assert not raised
    assert "the seventh wheel" in forget_crashes()
    dialog.close()


@pytest.mark.parametrize("where", ["interface", "thread"])
def test_what_nobody_caught_is_caught(open_window, qtbot, where):
    window = open_window()

    def fail():
        try:
            raise ZeroDivisionError(where)
        except ZeroDivisionError:
            sys.excepthook(*sys.exc_info())

    def fail_in_thread():
        raise ZeroDivisionError(where)

    if where == "interface":
        fail()
    else:
        thread = threading.Thread(target=fail_in_thread)
        thread.start()
        thread.join()
    qtbot.waitUntil(lambda: bool(messages(window)))
    assert f"ZeroDivisionError: {where}" in forget_crashes()
    messages(window)[0].close()


def test_the_hooks_are_put_back(open_window, qtbot):
    before = sys.excepthook, threading.excepthook
    window = open_window()
    assert sys.excepthook is not before[0]
    window.close()
    assert (sys.excepthook, threading.excepthook) == before


def test_help_lists_the_table(open_window):
    window = open_window()
    window.table["shortcuts"].trigger()
    dialog = window.findChild(ShortcutsDialog)
    assert dialog.isVisible()
    dialog.close()
    window.table["about"].trigger()
    (about,) = messages(window)
    assert about.message.startswith("Cotejo ")
    about.close()
