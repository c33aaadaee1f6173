"""Renews the pictures of the window in docs/screenshots: the real window, the real model, the demo clip.

Usage:
    python packaging/screenshots.py [--out DIR] [--all]

Without a screen, start it with QT_QPA_PLATFORM=offscreen or under Xvfb. `--all` also takes every state in both
themes, both languages and two sizes, for judging the design.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from skimage import data

from desktop_app import paths
from desktop_app.config import load_settings
from desktop_app.domain import AnalysisResult, UInt8Array
from desktop_app.errors import InputError
from desktop_app.media.demo import DEMO_FAKE_START_S, build_demo_clip
from desktop_app.ui.app import build_app, dispose
from desktop_app.ui.desk import State
from desktop_app.ui.main_window import MainWindow

ROOT = Path(__file__).resolve().parent.parent
SMALL, LARGE = (1280, 800), (2560, 1440)


def _portrait() -> UInt8Array:
    load: Callable[[], UInt8Array] = data.astronaut
    return load()


def wait(condition: Callable[[], bool], limit_s: float = 600.0) -> None:
    """Run the event loop until something holds."""
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit("the window did not get there in time")
        QApplication.processEvents()
        time.sleep(0.002)


def settle(seconds: float = 0.35) -> None:
    """Let the window paint what has changed."""
    until = time.monotonic() + seconds
    wait(lambda: time.monotonic() > until)


class Camera:
    """Takes the pictures of one window."""

    def __init__(self, out: Path, theme: str, language: str, size: tuple[int, int], wanted: set[str] | None) -> None:
        self._out, self._wanted = out, wanted
        self._suffix = f"{theme}-{language}-{size[0]}"
        settings = load_settings()
        settings.set("theme", theme)
        settings.set("language", language)
        settings.save()
        _, self.window = build_app([])
        self.window.resize(*size)
        self.window.show()
        settle()

    def take(self, state: str, dialog: QDialog | None = None) -> None:
        """Keep a picture of a state, with a dialog laid over its middle when there is one."""
        if self._wanted is not None and f"{state}-{self._suffix}" not in self._wanted:
            return
        settle()
        picture = self.window.grab()
        if dialog is not None:
            over = dialog.grab()
            place = self.window.rect().center() - dialog.rect().center()
            painter = QPainter(picture)
            painter.fillRect(picture.rect(), QColor(0, 0, 0, 90))
            painter.drawPixmap(place, over)
            painter.end()
        name = self._out / f"{state}-{self._suffix}.png"
        picture.save(str(name))
        print(name)


def tour(camera: Camera, clip: Path, blank: Path, result: AnalysisResult | None) -> AnalysisResult:
    """Go through the states; analyses for real when no result is given."""
    window = camera.window
    camera.take("start")
    window.desk.open(clip)
    wait(lambda: window.desk.state is State.READY and window.examination.picture is not None)
    camera.take("opened")
    if result is None:
        window.desk.analyse()
        wait(lambda: window.desk.predictions is not None and len(window.desk.predictions) > 110)
        window.player.seek(len(window.desk.predictions or ()) - 4)
        camera.take("analysing")
        wait(lambda: window.desk.state in (State.DONE, State.NO_FACE))
        result = window.desk.result
        if result is None:
            raise SystemExit("the analysis gave no result")
    else:
        window.desk.show_result(result)
    suspicious = window.findings.suspicious_frames
    place = suspicious[0].frame_index if suspicious else round((DEMO_FAKE_START_S + 0.8) * 25)
    window.player.seek(place)
    settle(0.6)
    camera.take("done")
    window.table["explain"].trigger()
    wait(lambda: window.viewer.has_heatmap, 120)
    camera.take("attention")
    window.table["explain"].trigger()
    window.side.setCurrentWidget(window.model)
    camera.take("model")
    window.side.setCurrentWidget(window.item)
    camera.take("item")
    window.desk.open(blank, analyse=True)
    wait(lambda: window.desk.state is State.NO_FACE, 120)
    camera.take("no-face")
    show_error(camera, window)
    show_case(camera, window, clip, blank)
    return result


def dialog_of(window: MainWindow) -> QDialog:
    """The dialog that stands in the window, as soon as it does."""
    wait(lambda: any(dialog.isVisible() for dialog in window.findChildren(QDialog)), 60)
    settle()
    return next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())


def take_dialog(camera: Camera, state: str) -> None:
    """Keep a picture of the dialog that stands in the window, and close it."""
    dialog = dialog_of(camera.window)
    camera.take(state, dialog)
    dialog.close()
    settle()


def show_case(camera: Camera, window: MainWindow, clip: Path, blank: Path) -> None:
    """The queue of a case and the dialogs about it."""
    home = paths.user_data_dir()
    copies = [home / "interview.png", home / "interview (forwarded).png", home / "street.png"]
    picture = cv2.cvtColor(_portrait(), cv2.COLOR_RGB2BGR)
    for path, pixels in zip(copies, (picture[:400], picture[:396, 8:], picture[60:420, 330:510]), strict=True):
        cv2.imwrite(str(path), pixels)
    cases = window.desk.cases
    cases.add(copies)
    wait(lambda: len(cases.entries) >= len(copies) + 2 and not window.desk.worker.wanted)
    cases.set_paused(True)
    for item_id in list(cases.entries)[-3:]:
        cases.analyse(item_id)
    camera.take("queue")
    cases.set_paused(False)
    wait(lambda: not cases.queue.waiting and cases.queue.running is None and not window.desk.worker.wanted)
    window.desk.show_item(list(cases.entries)[-3])
    wait(lambda: window.desk.state is State.DONE)
    camera.take("case")
    window.table["export_pdf"].trigger()
    take_dialog(camera, "report")
    window.table["settings"].trigger()
    take_dialog(camera, "settings")
    window.table["verify_case"].trigger()
    dialog_of(window)
    wait(lambda: not window.desk.worker.wanted)
    take_dialog(camera, "log")
    cv2.imwrite(str(copies[2]), picture[60:420, 300:480])
    window.desk.show_item(list(cases.entries)[-1])
    take_dialog(camera, "custody")
    window.close()
    take_dialog(camera, "unsaved")


def show_recovery(camera: Camera) -> None:
    """What the window before left behind, as a crash does."""
    camera.window.desk.cases.look_for_left()
    dialog = dialog_of(camera.window)
    camera.take("recovery", dialog)
    for button in dialog.findChildren(QPushButton, "discard"):
        button.click()
    wait(lambda: not camera.window.desk.worker.wanted)


def show_error(camera: Camera, window: MainWindow) -> None:
    """The dialog that a file which is no video gets."""
    broken = paths.user_data_dir() / "notes.mp4"
    broken.write_text("This is no video.", encoding="utf-8")
    window.desk.open(broken)
    wait(lambda: bool(window.findChildren(QDialog)), 60)
    settle()
    dialog = window.findChildren(QDialog)[0]
    camera.take("error", dialog)
    dialog.close()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cotejo-shots-") as folder:
        os.environ.setdefault("COTEJO_HOME", folder)
        take_all(options.out, options.all)


def take_all(out: Path, every: bool) -> None:
    """Take the pictures that the documents show, or every one."""
    out.mkdir(parents=True, exist_ok=True)
    home = paths.user_data_dir()
    clip = home / "demo" / "cotejo-demo.mp4"
    if not clip.exists():
        clip = build_demo_clip(clip)
    blank = home / "no-face.png"
    cv2.imwrite(str(blank), cv2.cvtColor(_portrait()[60:420, 330:510], cv2.COLOR_RGB2BGR))
    chosen = {
        "start-dark-en-1280", "analysing-dark-en-1280", "done-dark-en-1280", "attention-dark-en-1280",
        "done-light-es-1280", "no-face-light-es-1280", "error-light-es-1280", "done-light-en-2560",
        "queue-dark-en-1280", "case-dark-en-1280", "report-dark-en-1280", "custody-dark-en-1280", "log-dark-en-1280",
        "recovery-dark-en-1280", "settings-light-es-1280", "unsaved-light-es-1280",
    }  # fmt: skip
    result: AnalysisResult | None = None
    for language in ("en", "es"):
        for theme, size in (("dark", SMALL), ("light", SMALL), ("light", LARGE), ("dark", LARGE)):
            suffix = f"{theme}-{language}-{size[0]}"
            if not every and not any(name.endswith(suffix) for name in chosen):
                continue
            camera = Camera(out, theme, language, size, None if every else chosen)
            result = tour(camera, clip, blank, result)
            dispose(camera.window)
            camera = Camera(out, theme, language, size, None if every else chosen)
            show_recovery(camera)
            dispose(camera.window)


if __name__ == "__main__":
    try:
        main()
    except InputError as error:
        raise SystemExit(f"{error.user_message} {error.hint}") from error
