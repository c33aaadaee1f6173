"""Random actions through the real window, and every action of the table enabled in some state.

`COTEJO_MONKEY=2000 pytest tests/gui/test_monkey.py` makes the long run.
"""

import os
import random
import sys
import time
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu

from desktop_app.cases import CaseStore
from desktop_app.ui.actions import ACTIONS
from desktop_app.ui.case_dialogs import UnsavedDialog
from desktop_app.ui.tabletop import State
from tests.factories import make_result
from tests.gui.conftest import wait_shown
from tests.unit.media_clips import Clip, make_clip

STEPS = int(os.environ.get("COTEJO_MONKEY", "300"))
SEED = int(os.environ.get("COTEJO_MONKEY_SEED", "7"))
ROUND = 50
GROWTH_MB = 200
STALL_S = 1.0
ENDS_THE_RUN = ("quit",)

stored_result = cache(lambda aborted: make_result(frames=36, aborted=aborted))


def make_case(folder, aborted=False):
    """A case with a clip that has a stored result."""
    folder.mkdir()
    clip = make_clip(folder / "clip.mp4", Clip(".mp4", "libx264", audio=True))
    with CaseStore.create(folder / "case.cotejo") as store:
        item, result = store.items.add(clip), stored_result(aborted)
        media = replace(result.media, path=clip, sha256=item.sha256, sha512=item.sha512)
        store.analyses.add_result(item.item_id, replace(result, media=media))
    return folder / "case.cotejo"


@pytest.fixture(autouse=True)
def quiet_desktop(monkeypatch):
    """Nothing is opened outside of the window."""
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: True)


def at_rest(window):
    return not window.desk.worker.wanted and window.desk.cases.queue.running is None


def memory_mb():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def longest_gap_s(qtbot, milliseconds=300):
    """The longest time between two beats of a window at rest."""
    beats = [time.monotonic()]
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    timer.start(10)
    qtbot.wait(milliseconds)
    timer.stop()
    beats.append(time.monotonic())
    return max(later - earlier for earlier, later in pairwise(beats))


class Monkey:
    """Triggers whatever is enabled, plays with keys and mouse, and answers every dialog.

    Args:
        window: The window.
        folder: For what it saves.
        sources: Files that it opens when nothing is open.
    """

    def __init__(self, window, folder, sources):
        self._window, self._folder, self._sources = window, folder, sources
        self._random = random.Random(SEED)
        self._files = 0
        self.triggered = set()

    def act(self):
        window, dice = self._window, self._random
        kind = dice.random()
        if window.desk.state is State.START and kind < 0.4:
            window.desk.open(dice.choice(self._sources))
        elif kind < 0.8:
            keys = [spec.key for spec in ACTIONS if spec.key not in ENDS_THE_RUN and window.table[spec.key].isEnabled()]
            # what was not tried yet comes first, half of the time
            fresh = [key for key in keys if key not in self.triggered]
            key = dice.choice(fresh if fresh and dice.random() < 0.5 else keys)
            self.triggered.add(key)
            window.table[key].trigger()
        elif kind < 0.9:
            target = dice.choice((window.viewer, window.timeline, window.case, window.side))
            place = QPoint(dice.randrange(max(1, target.width())), dice.randrange(max(1, target.height())))
            if target.isVisible():
                QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=place)
        elif kind < 0.97:
            window.player.seek(dice.randrange(60))
        else:
            window.resize(dice.randrange(960, 1500), dice.randrange(560, 900))
        QTest.qWait(dice.choice((0, 0, 1, 5)))
        self.answer()

    def answer(self):
        for menu in self._window.findChildren(QMenu):
            if menu.isVisible() and menu.parent() is not self._window.menuBar():
                menu.close()
        for dialog in self._window.findChildren(QDialog):
            if not dialog.isVisible():
                continue
            if isinstance(dialog, QFileDialog) and self._random.random() < 0.5:
                self._choose(dialog)
            elif isinstance(dialog, UnsavedDialog) and self._random.random() < 0.5:
                dialog.discarded.emit()
            dialog.close()

    def _choose(self, dialog):
        if dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave:
            self._files += 1
            dialog.fileSelected.emit(str(self._folder / f"out-{self._files}.{dialog.defaultSuffix() or 'd'}"))
        elif dialog.fileMode() is QFileDialog.FileMode.ExistingFiles:
            dialog.filesSelected.emit([str(self._random.choice(self._sources))])


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_random_actions_neither_break_nor_stall_nor_leak(open_window, qtbot, tmp_path, plain_clip):
    window = open_window()
    window.front.open_name(str(make_case(tmp_path / "case")))
    wait_shown(qtbot, window, 0)
    other = make_clip(tmp_path / "other.mp4", Clip(".mp4", "libx264", frames=20))
    monkey = Monkey(window, tmp_path, [plain_clip, other, tmp_path / "case" / "clip.mp4"])
    memory, gaps = [], []
    for step in range(1, STEPS + 1):
        monkey.act()
        if step % ROUND == 0:
            window.player.pause()
            window.desk.cancel()
            window.desk.cases.queue.clear()
            qtbot.waitUntil(lambda: at_rest(window), timeout=120_000)
            monkey.answer()
            qtbot.waitUntil(lambda: at_rest(window), timeout=120_000)
            gaps.append(longest_gap_s(qtbot))
            memory.append(memory_mb())
    assert len(monkey.triggered) > 0.6 * len(ACTIONS)
    assert max(gaps) < STALL_S, gaps
    # libraries and caches fill in the first half
    half = memory[len(memory) // 2 - 1]
    assert memory[-1] - half < GROWTH_MB, memory


def enabled(window):
    return {key for key, action in window.table.by_key.items() if action.isEnabled()}


def test_every_action_can_be_triggered_in_some_state(open_window, qtbot, tmp_path, plain_clip):
    window = open_window()
    found = enabled(window)
    window.front.open_name(str(make_case(tmp_path / "broken-off", aborted=True)))
    qtbot.waitUntil(lambda: window.desk.result is not None, timeout=20_000)
    wait_shown(qtbot, window, 0)
    qtbot.waitUntil(lambda: at_rest(window), timeout=20_000)
    faces = window.desk.result.predictions
    window.player.seek(faces[0].frame_index)
    wait_shown(qtbot, window, faces[0].frame_index)
    qtbot.waitUntil(lambda: window.examination.can_explain(), timeout=20_000)
    window.update_actions()
    found |= enabled(window)
    window.desk.cases.add([plain_clip])
    qtbot.waitUntil(lambda: len(window.desk.cases.entries) == 2 and at_rest(window), timeout=20_000)
    window.table["analyse_all"].trigger()
    window.case.rows[2].setFocus()
    window.update_actions()
    found |= enabled(window)
    window.desk.cases.queue.clear()
    qtbot.waitUntil(lambda: at_rest(window), timeout=60_000)
    assert {spec.key for spec in ACTIONS} - found == set()
