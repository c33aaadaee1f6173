"""Renews the pictures in docs/screenshots: the real window, the real model, the demo clip, and pages of a real report.

Usage:
    python packaging/screenshots.py [--out DIR] [--only WORDS] [--all] [--home DIR]

Without a screen, start it with QT_QPA_PLATFORM=offscreen or under Xvfb. The clip is analysed once and kept in a case,
which every other window opens. A state that fails is told at the end and stops no other. `--only dark-en-1280` or
`--only settings` renews what has these words in its name; `--all` takes every state in both themes, both languages and
two sizes, for judging the design. All of it happens in a folder of its own, which the pictures call HOME.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import cv2
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTableWidget,
    QWidget,
)
from screenshot_matter import (
    ALONE,
    EXAMINER,
    LABORATORY,
    SHARED,
    SOURCE,
    STRANGER,
    case_file,
    kept_case,
    make_pictures,
    make_source,
    portrait,
    save_small,
    take_report,
)

from desktop_app import paths
from desktop_app.cases import CaseStore
from desktop_app.config import load_settings
from desktop_app.ui.app import build_app, dispose
from desktop_app.ui.dialogs import MessageDialog
from desktop_app.ui.settings_dialog import THIS_CASE, SettingsDialog
from desktop_app.ui.tabletop import State

ROOT = Path(__file__).resolve().parent.parent
SMALL, LARGE = (1280, 800), (2560, 1440)
# what a picture calls the folder of the run
HOME = "/data/ana"
# in English and Spanish
WORDS = {
    "note": (
        "The face is softer than the hair around it, from the cut at 3 s on. Compare",
        "El rostro está más difuso que el pelo que lo rodea, desde el corte en 3 s. Comparar",
    ),
    "conclusion": (
        "From 3.0 s to 5.5 s the face was replaced. The rest shows no sign of it.",
        "De 3,0 s a 5,5 s se sustituyó el rostro. En el resto no hay señal de ello.",
    ),
}
WANTED = {
    "dark-en-1280": "tour shortcuts-edit settings-case start recovery analysing playing "
    "done attention notes queue case report log custody compare "
    "detectors models",
    "light-en-1280": "no-face error settings",
    "light-es-1280": "tour shortcuts-edit settings-case start analysing "
    "done attention notes queue case no-face error settings report log unsaved "
    "compare detectors models",
    "light-en-2560": "done",
    "dark-en-2560": "views compare detectors",
    "dark-es-2560": "attention",
}
# what needs the case, in the order in which it is taken
STATES = (
    "done", "playing", "views", "attention", "notes", "case", "queue", "no-face", "report", "tour", "settings",
    "settings-case", "shortcuts", "shortcuts-edit", "log", "custody", "error", "detectors", "models",
    "model-import", "compare", "analysing", "unsaved",
)  # fmt: skip
LOOKS = {
    f"{theme}-{language}-{size[0]}": (theme, language, size)
    for language in ("en", "es")
    for theme, size in (("dark", SMALL), ("light", SMALL), ("light", LARGE), ("dark", LARGE))
}  # fmt: skip


def wait(condition: Callable[[], bool], what: str, limit_s: float = 120.0) -> None:
    """Run the event loop until something holds.

    Raises:
        TimeoutError: It does not.
        RuntimeError: The window wrote a crash log meanwhile.
    """
    deadline = time.monotonic() + limit_s
    crash = paths.log_dir() / "crash.log"
    while not condition():
        if crash.exists():
            told = crash.read_text(encoding="utf-8")
            crash.unlink()
            raise RuntimeError(told)
        if time.monotonic() > deadline:
            raise TimeoutError(f"it was waited in vain for: {what}")
        QApplication.processEvents()
        time.sleep(0.002)


def tidy(widget: QWidget) -> None:
    """Write HOME wherever the folder of this run is named."""
    folder = str(paths.user_data_dir())
    for part in (widget, *widget.findChildren(QWidget)):
        if isinstance(part, QLabel | QLineEdit) and folder in part.text():
            part.setText(part.text().replace(folder, HOME))
        elif isinstance(part, QPlainTextEdit) and folder in part.toPlainText():
            part.setPlainText(part.toPlainText().replace(folder, HOME))
        elif isinstance(part, QTableWidget):
            for item in part.findItems(folder, Qt.MatchFlag.MatchContains):
                item.setText(item.text().replace(folder, HOME))


class Tour:
    """Goes through the states of one window.

    Args:
        out: Folder of the pictures.
        look: Key of `LOOKS`.
        wanted: States to take.
    """

    def __init__(self, out: Path, look: str, wanted: list[str]) -> None:
        theme, language, size = LOOKS[look]
        self.out, self.look, self.wanted = out, look, wanted
        if kept_case().exists():
            shutil.copy(kept_case(), case_file())
        self.failures: list[str] = []
        settings = load_settings()
        for key, value in (
            ("theme", theme), ("language", language), ("examiner", EXAMINER), ("laboratory", LABORATORY[language]),
            ("cases_folder", str(case_file().parent)),
        ):  # fmt: skip
            settings.set(key, value)
        settings.save()
        _, self.window = build_app([])
        self.window.resize(*size)
        self.window.show()
        self.desk, self.cases = self.window.desk, self.window.desk.cases

    def run(self) -> None:
        """Take every wanted state; one that fails is noted."""
        self.step("start", self.start)
        if not kept_case().exists():
            self.step("case", self.make_case, always=True)
        self.step("recovery", self.recovery)
        self.step("case", self.open_case, always=True)
        for state in STATES:
            self.step(state, getattr(self, state.replace("-", "_")))
        dispose(self.window)

    def step(self, state: str, work: Callable[[], None], always: bool = False) -> None:
        """Do one state if it is wanted, and clear the desk of dialogs whatever happens."""
        if not always and state not in self.wanted:
            return
        try:
            work()
        except Exception:  # noqa: BLE001  # one broken state must not cost the others
            self.failures.append(f"{state}-{self.look}: {traceback.format_exc()}")
        for dialog in self.dialogs():
            dialog.close()

    def dialogs(self) -> list[QDialog]:
        """The dialogs that stand open."""
        return [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]

    def settle(self) -> None:
        """Wait until nothing is under way, and everything is painted."""
        desk = self.desk
        wait(lambda: not desk.worker.wanted and desk.worker.current is None, "the worker")
        wait(lambda: not self.window.scanner.is_busy, "the timeline")
        quiet = time.monotonic() + 0.4
        wait(lambda: time.monotonic() > quiet, "paint")

    def take(self, state: str, settled: bool = True) -> None:
        """Keep a picture of the window, with the dialog that stands before it."""
        if settled:
            self.settle()
        dialogs = self.dialogs()
        for widget in (self.window, *dialogs):
            tidy(widget)
        QApplication.processEvents()
        picture = self.window.grab()
        if dialogs:
            self._lay_over(picture, dialogs[-1])
        save_small(picture, self.out / f"{state}-{self.look}.png")

    def _lay_over(self, picture: QPixmap, dialog: QDialog) -> None:
        """Draw a dialog with a title bar over the middle, as the desktop would."""
        tokens, bar = self.window.tokens, 30
        place = self.window.rect().center() - dialog.rect().center() + QPoint(0, bar // 2)
        frame = QRect(place - QPoint(1, bar + 1), dialog.size()).adjusted(0, 0, 2, bar + 2)
        with QPainter(picture) as painter:
            painter.fillRect(picture.rect(), QColor(0, 0, 0, 90))
            painter.fillRect(frame, QColor(tokens.border))
            head = QRect(place - QPoint(0, bar), dialog.size())
            head.setHeight(bar)
            painter.fillRect(head, QColor(tokens.raised))
            painter.setPen(QColor(tokens.text))
            font = QFont(dialog.font())
            font.setBold(True)
            painter.setFont(font)
            painter.drawText(head, Qt.AlignmentFlag.AlignCenter, dialog.windowTitle())
            painter.drawPixmap(place, dialog.grab())

    def show(self, name: str, state: State = State.DONE) -> None:
        """Put an item of the case on the desk."""
        number = next(n for n, entry in self.cases.entries.items() if entry.item.path.name.startswith(name))
        self.desk.show_item(number)
        wait(lambda: self.desk.item_id == number and self.desk.state is state, name)
        wait(lambda: self.window.examination.picture is not None, "the picture")

    def seek(self, frame: int) -> None:
        """Show a frame."""
        self.window.player.seek(frame)
        wait(lambda: (p := self.window.examination.picture) is not None and p.frame.index == frame, f"frame {frame}")

    def show_demo(self) -> None:
        """Put the demo on the desk, at its most suspicious frame, as the examiner would find it."""
        self.show("cotejo-demo")
        self.window.side.setCurrentWidget(self.window.findings)
        self.settle()
        self.seek(self.window.findings.suspicious_frames[0].frame_index)

    # the case that all windows share

    def make_case(self) -> None:
        """Analyse the demo and three pictures made from the same portrait, and keep them."""
        desk, cases = self.desk, self.cases
        desk.open_demo()
        wait(lambda: desk.predictions is not None and len(desk.predictions) > 150, "scores", 300)
        self.seek(len(desk.predictions or ()) - 6)
        if "analysing" in self.wanted:
            self.take("analysing", settled=False)
            self.wanted.remove("analysing")
        wait(lambda: desk.state is State.DONE, "the analysis", 600)
        self._second_opinion()
        cases.add([paths.user_data_dir() / name for name in (ALONE, SHARED, STRANGER)])
        wait(lambda: len(cases.entries) == 4 and not desk.worker.wanted, "the pictures")
        cases.analyse_all()
        wait(lambda: not cases.queue.waiting and cases.queue.running is None, "their analyses", 300)
        self.settle()
        case_file().parent.mkdir(parents=True)
        cases.save_as(case_file())
        wait(lambda: cases.info is not None and not cases.info.is_temporary, "the case")
        self.settle()
        # not copied as a file: what was written last may not be in it yet
        with CaseStore.open(case_file(), read_only=True) as store:
            store.save_copy(kept_case())

    def _second_opinion(self) -> None:
        """Analyse what lies on the desk by another model too, and show both."""
        buttons, detectors = self.window.detector_panel.buttons, self.window.detectors
        if detectors.contrast is None:
            wait(lambda: bool(buttons or self.window.detector_panel.switches), "the detectors")
            if not self.window.detector_panel.switches:
                next(iter(buttons.values())).click()
            else:
                detectors.begin()
            wait(lambda: detectors.contrast is not None, "the other model", 600)

    def open_case(self) -> None:
        """Open it, unless it is open."""
        cases = self.cases
        if cases.info is None or cases.info.path != case_file():
            cases.open_case(case_file())
            wait(lambda: len(cases.entries) == 4, "the case")
            wait(lambda: self.desk.state is State.DONE, "its first item")

    # the states

    def start(self) -> None:
        """Before anything is open."""
        self.take("start")

    def recovery(self) -> None:
        """What a crash left behind."""
        left = paths.unsaved_dir() / "left.cotejo"
        left.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(kept_case(), left)
        self.cases.new_case()
        wait(lambda: self.desk.state is State.START, "the start page")
        self.cases.look_for_left()
        wait(lambda: bool(self.dialogs()), "the dialog")
        self.take("recovery")
        left.unlink()

    def done(self) -> None:
        """The verdict on a clip."""
        self.show_demo()
        self.take("done")

    def playing(self) -> None:
        """In the middle of it, twice as fast."""
        self.show_demo()
        self.seek(60)
        self.window.table["shuttle_forward"].trigger()
        wait(lambda: (p := self.window.examination.picture) is not None and p.frame.index > 70, "the next frames")
        self.take("playing", settled=False)
        self.window.player.pause()

    def views(self) -> None:
        """Other ways to look at a frame."""
        self.show_demo()
        names = [f"view_{name}" for name in ("heat", "face", "error", "noise")]
        for name in names:
            self.window.table[name].trigger()
        self._explain()
        self.take("views")
        for name in names:
            self.window.table[name].trigger()
        self.window.set_explaining(False)

    def _explain(self) -> None:
        window = self.window
        window.set_explaining(True)
        wait(lambda: window.explain.is_complete, "the study", 300)

    def attention(self) -> None:
        """What the score rests on."""
        self.show_demo()
        self._explain()
        self.take("attention")
        self.window.set_explaining(False)

    def notes(self) -> None:
        """What the examiner writes."""
        self.show_demo()
        notes, number = self.window.notes, LOOKS[self.look][1] == "es"
        self.window.side.setCurrentWidget(notes)
        self.window.table["bookmark"].trigger()
        notes.editor.setPlainText(WORDS["note"][number])
        notes.editor.moveCursor(QTextCursor.MoveOperation.End)
        notes.insert_link(self.window.player.position)
        notes.save_note()
        notes.conclusion.setPlainText(WORDS["conclusion"][number])
        notes.commit()
        self.take("notes")

    def case(self) -> None:
        """A picture of the case."""
        self.show(ALONE)
        self.take("case")

    def queue(self) -> None:
        """Analyses that wait."""
        cases = self.cases
        self.show_demo()
        cases.set_paused(True)
        for item_id in list(cases.entries)[1:]:
            cases.analyse(item_id)
        self.take("queue")
        cases.queue.clear()
        for item_id in list(cases.entries)[1:]:
            cases.queue.stopped.emit(item_id)
        self.settle()

    def models(self) -> None:
        """The models, with the card of one."""
        self.show_demo()
        self.window.table["models"].trigger()
        wait(lambda: (d := self.window.models.dialog) is not None and d.list.count() > 0, "the models")
        self.window.models.dialog.test_button.click()
        wait(lambda: not self.desk.worker.wanted, "the self-test", 120)
        self.take("models")

    def model_import(self) -> None:
        """The form of an import."""
        self.window.table["models"].trigger()
        wait(lambda: (d := self.window.models.dialog) is not None and d.list.count() > 0, "the models")
        self.window.models.dialog.import_button.click()
        self.take("model-import")

    def detectors(self) -> None:
        """Two detectors on one timeline."""
        self.show_demo()
        self.window.table["detectors"].trigger()
        self._second_opinion()
        self.window.timeline.show_readout(self.window.timeline.playhead_s)
        self.take("detectors")

    def no_face(self) -> None:
        """A picture without a usable face."""
        self.show(STRANGER, State.NO_FACE)
        self.take("no-face")

    def report(self) -> None:
        """The dialog that asks what the report says."""
        self.show_demo()
        self._take_dialog("report", "export_pdf")

    def settings(self) -> None:
        """The settings."""
        self.show_demo()
        self._take_dialog("settings", "settings")

    def shortcuts(self) -> None:
        """The keys."""
        self._take_dialog("shortcuts", "shortcuts")

    def tour(self) -> None:
        """The second step for a newcomer."""
        self.show_demo()
        self.window.table["tour"].trigger()
        tour = self.window.setup.tour
        if tour is not None:
            tour.go(1)
            self.take("tour")
            tour.end()

    def settings_case(self) -> None:
        """Values of one case alone."""
        self.show_demo()
        self.window.table["settings"].trigger()
        dialog = self._settings_dialog()
        dialog.show_scope(THIS_CASE)
        dialog.case_rows["sampling_value"].set_value(5.0)
        dialog.case_rows["min_face_px"].set_value(80)
        area = dialog.panes.currentWidget()
        if isinstance(area, QScrollArea):
            QApplication.processEvents()
            area.ensureWidgetVisible(dialog.case_rows["key_frames"])
        self.take("settings-case")

    def shortcuts_edit(self) -> None:
        """A key that another action has already."""
        self.show_demo()
        self.window.table["change_keys"].trigger()
        page = self._settings_dialog().shortcuts
        page.select("mute")
        QTest.keyClick(page.fields[0], Qt.Key.Key_F8)
        page.select("stop")
        QTest.keyClick(page.fields[1], Qt.Key.Key_Space)
        self.take("shortcuts-edit")

    def _settings_dialog(self) -> SettingsDialog:
        return next(dialog for dialog in self.dialogs() if isinstance(dialog, SettingsDialog))

    def log(self) -> None:
        """The log, verified."""
        self._take_dialog("log", "verify_case")

    def _take_dialog(self, state: str, action: str) -> None:
        self.window.table[action].trigger()
        wait(lambda: bool(self.dialogs()), "the dialog")
        self.take(state)

    def custody(self) -> None:
        """An item that is not what was taken in."""
        self.show_demo()
        path = paths.user_data_dir() / ALONE
        before = path.read_bytes()
        cv2.imwrite(str(path), cv2.cvtColor(portrait()[:380], cv2.COLOR_RGB2BGR))
        try:
            self.desk.show_item(next(n for n, e in self.cases.entries.items() if e.item.path.name == ALONE))
            wait(lambda: bool(self.dialogs()), "the dialog")
            self.take("custody")
        finally:
            path.write_bytes(before)

    def compare(self) -> None:
        """Beside the clip it was made from, at the same moment."""
        make_source(paths.user_data_dir() / SOURCE)
        window, companion = self.window, self.window.companion
        self.show_demo()
        companion.open_file(paths.user_data_dir() / SOURCE)
        wait(lambda: companion.picture is not None, "the other item")
        window.table["find_moment"].trigger()
        wait(lambda: bool(window.comparison.bar.says.text()), "the moment", 300)
        wait(lambda: window.comparison.first is not None and companion.goes_with(window.comparison.first), "its frame")
        self.take("compare")
        companion.close()

    def error(self) -> None:
        """A file that is no video."""
        broken = paths.user_data_dir() / "notes.mp4"
        broken.write_text("This is no video.", encoding="utf-8")
        self.show_demo()
        self.desk.open(broken)
        wait(lambda: any(isinstance(dialog, MessageDialog) for dialog in self.dialogs()), "the message")
        self.take("error")

    def unsaved(self) -> None:
        """Leaving what has no name yet."""
        self.cases.new_case()
        wait(lambda: self.cases.info is None, "a new case")
        self.desk.open(paths.user_data_dir() / ALONE, analyse=True)
        wait(lambda: self.desk.state is State.DONE, "the analysis")
        # the case learns of it a little later
        self.settle()
        wait(lambda: self.cases.has_unsaved, "its entry")
        self.window.close()
        wait(lambda: bool(self.dialogs()), "the question")
        self.take("unsaved")

    def analysing(self) -> None:
        """While an analysis of the demo runs, which is stopped then."""
        self.show("cotejo-demo")
        self.desk.analyse()
        wait(lambda: self.desk.state is State.ANALYSING and len(self.desk.predictions or ()) > 110, "scores", 300)
        self.seek(len(self.desk.predictions or ()) - 6)
        self.take("analysing", settled=False)
        self.cases.queue.clear()
        wait(lambda: self.cases.queue.running is None, "its end")


def take_all(out: Path, every: bool, only: str) -> list[str]:
    """Take the pictures that the documents show, or every one.

    Returns:
        What failed.
    """
    failures = []
    all_states = sorted({state for states in WANTED.values() for state in states.split()})
    for look in LOOKS:
        states = all_states if every else WANTED.get(look, "").split()
        states = [state for state in states if only in f"{state}-{look}"]
        if states:
            tour = Tour(out, look, states)
            tour.run()
            failures += tour.failures
    if only in "report-page" and kept_case().exists():
        try:
            take_report(out)
        except Exception:  # noqa: BLE001  # as with the states
            failures.append(traceback.format_exc())
    return failures


def main() -> int:
    """Take the pictures; 1 where one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--only", default="")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--home", type=Path, help="keep the analysed case here, and use the one that is here")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cotejo-shots-") as folder:
        os.environ["COTEJO_HOME"] = str((options.home or Path(folder)).resolve())
        paths.user_data_dir().mkdir(parents=True, exist_ok=True)
        make_pictures()
        failures = take_all(options.out, options.all, options.only)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
