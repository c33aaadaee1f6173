"""Random actions, keys, mouse, drops and dialogs through the real window: no crash, no stall, no leak.

`COTEJO_MONKEY=20000 pytest -s tests/gui/test_monkey.py` makes a longer run; with `-s` it prints its figures.
"""

import gc
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

from desktop_app.cases import CaseStore
from desktop_app.ui.actions import ACTIONS
from desktop_app.ui.case_dialogs import UnsavedDialog
from desktop_app.ui.tabletop import State
from tests.factories import make_result
from tests.gui.conftest import wait_shown
from tests.unit.media_clips import Clip, make_clip

STEPS = int(os.environ.get("COTEJO_MONKEY", "2000"))
SEED = int(os.environ.get("COTEJO_MONKEY_SEED", "7"))
ROUNDS = 10
# what one action may compute on the interface's thread; loads of other programs do not count
STALL_S = 1.0
# from the middle of the run to its end; libraries and caches fill in the first half
GROWTH_MB = 64
GROWTH_OBJECTS = 60
SEPARATOR = "qt_qmainwindow_extended_splitter"
ENDS_THE_RUN = ("quit",)
KEYS = (
    Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_J, Qt.Key.Key_L, Qt.Key.Key_M,
)  # fmt: skip

stored_result = cache(lambda: make_result(frames=36))


def make_case(folder):
    """A case with a clip that has a stored result."""
    folder.mkdir()
    clip = make_clip(folder / "clip.mp4", Clip(".mp4", "libx264", audio=True))
    with CaseStore.create(folder / "case.cotejo") as store:
        item, result = store.items.add(clip), stored_result()
        media = replace(result.media, path=clip, sha256=item.sha256, sha512=item.sha512)
        store.analyses.add_result(item.item_id, replace(result, media=media))
    return folder / "case.cotejo"


@pytest.fixture(autouse=True)
def quiet_desktop(monkeypatch):
    """Nothing is opened outside of the window."""
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: True)


def at_rest(window):
    return not window.desk.worker.wanted and window.desk.cases.queue.running is None


@dataclass(frozen=True)
class Stock:
    """What the program holds while nothing is open in it."""

    memory_mb: float
    objects: int
    widgets: int
    threads: int
    kinds: Counter

    @classmethod
    def take(cls, window):
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        # Qt makes new separators with every layout that is restored, and keeps the old ones
        found = [each for each in window.findChildren(QObject) if each.objectName() != SEPARATOR]
        return cls(
            pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
            len(found),
            sum(each.objectName() != SEPARATOR for each in QApplication.allWidgets()),
            len(list(Path("/proc/self/task").iterdir())),
            Counter(type(each).__name__ for each in found),
        )

    def __str__(self):
        return f"{self.memory_mb:.0f} MB, {self.objects} objects, {self.widgets} widgets, {self.threads} threads"


class Monkey:
    """Triggers whatever is enabled, plays with keys, mouse and files, and answers every dialog.

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
        self.costs = []

    def act(self):
        dice = self._random
        before = time.thread_time()
        kind = dice.random()
        if self._window.desk.state is State.START and kind < 0.4:
            self._window.desk.open(dice.choice(self._sources))
            name = "open a source"
        else:
            doings = (self._trigger,) * 10 + (self._mouse,) * 4 + (self._wheel, self._key, self._seek, self._resize)
            name = dice.choice((*doings, self._drop) if dice.random() < 0.3 else doings)()
        self.costs.append((time.thread_time() - before, name))
        before = time.thread_time()
        QTest.qWait(dice.choice((0, 0, 1, 5)))
        self.costs.append((time.thread_time() - before, f"after {name}"))
        self.answer()

    def _trigger(self):
        window = self._window
        keys = [spec.key for spec in ACTIONS if spec.key not in ENDS_THE_RUN and window.table[spec.key].isEnabled()]
        # what was not tried yet comes first, half of the time
        fresh = [key for key in keys if key not in self.triggered]
        key = self._random.choice(fresh if fresh and self._random.random() < 0.5 else keys)
        self.triggered.add(key)
        window.table[key].trigger()
        return key

    def _place(self):
        """A visible widget somewhere in the window, and a point on it."""
        window, dice = self._window, self._random
        part = dice.choice((window.viewer, window.timeline, window.case, window.side, window.transport, window.board))
        if not part.isVisible():
            return None
        at = QPoint(dice.randrange(max(1, part.width())), dice.randrange(max(1, part.height())))
        target = part.childAt(at) or part
        return target, target.mapFrom(part, at)

    def _mouse(self):
        found, dice = self._place(), self._random
        if found is None:
            return "mouse"
        target, at = found
        left, shift, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
        kind = dice.random()
        if kind < 0.5:
            QTest.mouseClick(target, left, pos=at)
        elif kind < 0.6:
            QTest.mouseDClick(target, left, pos=at)
        else:
            keys = dice.choice((shift, none))
            QTest.mousePress(target, left, keys, at)
            for _ in range(3):
                if not isValid(target):
                    return "mouse on what went away"
                at = QPoint(dice.randrange(max(1, target.width())), dice.randrange(max(1, target.height())))
                QTest.mouseMove(target, at)
            if isValid(target):
                QTest.mouseRelease(target, left, keys, at)
        return "mouse"

    def _wheel(self):
        found, dice = self._place(), self._random
        if found is None:
            return "wheel"
        target, at = found
        turn, keys = QPoint(0, dice.choice((-120, 120))), Qt.KeyboardModifier.NoModifier
        where = QPointF(at), QPointF(target.mapToGlobal(at))
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        QApplication.sendEvent(target, QWheelEvent(*where, QPoint(), turn, none, keys, phase, False))
        return "wheel"

    def _key(self):
        QTest.keyClick(QApplication.focusWidget() or self._window, self._random.choice(KEYS))
        return "key"

    def _seek(self):
        for _ in range(self._random.randrange(1, 20)):
            self._window.player.seek(self._random.randrange(60))
        return "seek"

    def _resize(self):
        self._window.resize(self._random.randrange(960, 1500), self._random.randrange(560, 900))
        return "resize"

    def _drop(self):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in self._random.sample(self._sources, 2)])
        how = Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self._window, QDragEnterEvent(QPointF(50, 50), *how))
        QApplication.sendEvent(self._window, QDropEvent(QPointF(50, 50), *how))
        return "drop"

    def answer(self):
        for menu in self._window.findChildren(QMenu):
            if menu.isVisible() and menu.parent() is not self._window.menuBar():
                menu.close()
        for dialog in self._window.findChildren(QDialog):
            if not dialog.isVisible():
                continue
            if isinstance(dialog, QFileDialog):
                if self._random.random() < 0.5:
                    self._choose(dialog)
            elif isinstance(dialog, UnsavedDialog):
                if self._random.random() < 0.5:
                    dialog.discarded.emit()
            else:
                self._play_with(dialog)
            dialog.close()

    def _choose(self, dialog):
        if dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave:
            self._files += 1
            dialog.fileSelected.emit(str(self._folder / f"out-{self._files}.{dialog.defaultSuffix() or 'd'}"))
        elif dialog.fileMode() is QFileDialog.FileMode.ExistingFiles:
            dialog.filesSelected.emit([str(self._random.choice(self._sources))])

    def _play_with(self, dialog):
        """Change a few of its controls and press a few of its buttons, as long as it stands."""
        dice, before = self._random, time.thread_time()
        for _ in range(dice.randrange(4)):
            kinds = QLineEdit, QPlainTextEdit, QComboBox, QAbstractButton
            controls = [each for each in dialog.findChildren(QWidget) if isinstance(each, kinds) and each.isVisible()]
            controls = [each for each in controls if each.isEnabled()]
            if not dialog.isVisible() or not controls:
                break
            control = dice.choice(controls)
            if isinstance(control, QComboBox):
                control.setCurrentIndex(dice.randrange(max(1, control.count())))
            elif isinstance(control, QAbstractButton):
                control.click()
            else:
                QTest.keyClicks(control, "x7")
        self.costs.append((time.thread_time() - before, f"play with {type(dialog).__name__}"))


def empty_window(qtbot, window, monkey):
    """Stop everything and put everything away."""

    def settle():
        qtbot.waitUntil(lambda: at_rest(window), timeout=120_000)
        monkey.answer()
        for dialog in window.findChildren(QDialog):
            dialog.close()

    window.player.pause()
    window.desk.cancel()
    window.desk.cases.queue.clear()
    settle()
    window.desk.cases.new_case()
    settle()
    qtbot.wait(20)
    settle()
    QTest.qWait(20)


@pytest.mark.skipif(sys.platform != "linux", reason="memory and threads are read from /proc")
@pytest.mark.timeout(1200)
def test_random_actions_neither_break_nor_stall_nor_leak(open_window, qtbot, tmp_path, plain_clip):
    window = open_window()
    case, calm = make_case(tmp_path / "case"), make_case(tmp_path / "calm")
    other = make_clip(tmp_path / "other.mp4", Clip(".mp4", "libx264", frames=20))
    monkey = Monkey(window, tmp_path, [plain_clip, other, tmp_path / "case" / "clip.mp4"])
    stocks = []
    for _ in range(ROUNDS):
        window.front.open_name(str(case))
        wait_shown(qtbot, window, 0)
        for _ in range(STEPS // ROUNDS):
            monkey.act()
        empty_window(qtbot, window, monkey)
        # panels keep what they showed last, so they end every round with the same
        window.front.open_name(str(calm))
        wait_shown(qtbot, window, 0)
        empty_window(qtbot, window, monkey)
        stocks.append(Stock.take(window))
    dearest = sorted(monkey.costs, reverse=True)[:8]
    rounds = "\n".join(f"after round {number}: {stock}" for number, stock in enumerate(stocks, 1))
    costs = ", ".join(f"{name} {1000 * cost:.0f} ms" for cost, name in dearest)
    kinds = f"{len(monkey.triggered)} of {len(ACTIONS)} actions of the table"
    sys.stdout.write(f"\n{STEPS} doings, {kinds}\n{rounds}\ndearest: {costs}\n")
    # panels may have been made anew in another language: the fullest rounds compare
    halves = stocks[: ROUNDS // 2], stocks[ROUNDS // 2 :]
    half, end = (max(stock, key=lambda one: one.objects) for stock in halves)
    more = end.kinds - half.kinds
    assert len(monkey.triggered) > 0.6 * len(ACTIONS)
    assert dearest[0][0] < STALL_S, dearest
    assert end.objects - half.objects < GROWTH_OBJECTS, more
    assert end.widgets - half.widgets < GROWTH_OBJECTS, more
    threads, memory = ([max(getattr(s, name) for s in stock) for stock in halves] for name in ("threads", "memory_mb"))
    assert threads[1] <= threads[0], stocks
    assert memory[1] - memory[0] < GROWTH_MB, stocks
