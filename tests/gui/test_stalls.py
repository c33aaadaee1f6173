"""The event loop goes on while the window analyses and plays, and while a large case fills."""

import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from desktop_app.domain.cases import CaseItem
from desktop_app.ui.app import SWITCH_INTERVAL_S
from desktop_app.ui.entries import Entry
from desktop_app.ui.tabletop import State
from tests.gui.conftest import wait_shown

BEAT_MS = 5
# what the loop computes at one go, which other programs cannot lengthen, and what a user waits for it: a busy machine,
# and torch while it is imported, hold it up too, by a second at times
LONGEST_WORK_S, LONGEST_S, USUAL_S = 0.3, 2.0, 0.2
ROW_S = 0.2


@pytest.fixture
def beats():
    """Moments at which the event loop came round, by the clock and by what its thread has computed."""
    moments = []
    timer = QTimer()
    timer.timeout.connect(lambda: moments.append((time.monotonic(), time.thread_time())))
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    timer.start(BEAT_MS)
    yield moments
    timer.stop()
    sys.setswitchinterval(before)


def gaps_s(moments):
    return np.diff(moments, axis=0).T


def test_analysing_and_playing_leave_the_loop_free(open_window, qtbot, face_clip, tmp_path, beats):
    window = open_window(face_clip)
    wait_shown(qtbot, window, 0)
    with qtbot.waitSignal(window.desk.cases.saved, timeout=20_000):
        window.desk.cases.save_as(tmp_path / "case.cotejo")
    beats.clear()
    window.table["analyse"].trigger()
    window.table["loop"].trigger()
    window.player.play()
    frames = []
    window.player.shown.connect(lambda picture: frames.append(picture.frame.index))
    qtbot.waitUntil(lambda: window.desk.state in (State.DONE, State.NO_FACE), timeout=120_000)
    window.player.pause()
    gaps, work = gaps_s(beats)
    assert len(frames) > 5
    assert work.max() < LONGEST_WORK_S, np.sort(work)[-5:]
    assert gaps.max() < LONGEST_S, np.sort(gaps)[-5:]
    assert np.percentile(gaps, 95) < USUAL_S


def test_an_item_more_in_a_large_case_costs_its_row_alone(open_window, qtbot, plain_clip):
    window = open_window(plain_clip)
    wait_shown(qtbot, window, 0)
    cases = window.desk.cases
    item: CaseItem = cases.entries[1].item
    for number in range(2, 301):
        cases.entries[number] = Entry(replace(item, item_id=number))
    cases.entries_changed.emit()
    qtbot.wait(50)
    rows = dict(window.case.rows)
    assert len(rows) == 300
    took = []
    for number in range(301, 311):
        cases.entries[number] = Entry(replace(item, item_id=number))
        begun = time.perf_counter()
        cases.entries_changed.emit()
        took.append(time.perf_counter() - begun)
        qtbot.wait(1)
    assert all(window.case.rows[number] is row for number, row in rows.items())
    assert sorted(took)[len(took) // 2] < ROW_S, took
    for number in range(2, 311):
        del cases.entries[number]
