"""The real window on generated clips."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

# its libraries ask the system for IPv6 when they are first imported, which no test may
import desktop_app.analysis.casework  # noqa: F401
from desktop_app import paths
from desktop_app.ui.app import build_app, dispose
from desktop_app.ui.tabletop import State
from tests.unit.media_clips import Clip, make_clip

FACE_FRAMES = 24


@pytest.fixture
def open_window(qtbot):
    """Makes windows as the command line does; none may leave a crash log behind."""
    windows = []

    def make(*argv, size=(1280, 800)):
        _, window = build_app([str(part) for part in argv])
        window.resize(*size)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        windows.append(window)
        return window

    yield make
    for window in windows:
        dispose(window)
    for translator in QApplication.instance().findChildren(QTranslator):
        QApplication.instance().removeTranslator(translator)
        translator.setParent(None)
    assert not list(paths.log_dir().glob("crash*")), (paths.log_dir() / "crash.log").read_text()


@pytest.fixture(scope="session")
def plain_clip(tmp_path_factory):
    """36 numbered frames without a face, with B-frames and a variable rate."""
    folder = tmp_path_factory.mktemp("clips")
    return make_clip(folder / "plain.mp4", Clip(".mp4", "libx264", vfr=True))


@pytest.fixture(scope="session")
def face_clip(tmp_path_factory, astronaut):
    """One face, swaying a little."""
    path = tmp_path_factory.mktemp("clips") / "face.mp4"
    large = cv2.resize(astronaut[:300, 60:460], (800, 600), interpolation=cv2.INTER_CUBIC)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"crf": "16", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for number in range(FACE_FRAMES):
            x, y = 80 + round(30 * np.sin(number / 5)), 40 + round(20 * np.cos(number / 6))
            image = np.ascontiguousarray(large[y : y + 480, x : x + 640])
            for packet in stream.encode(av.VideoFrame.from_ndarray(image, "rgb24")):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return path


@pytest.fixture
def opened(open_window, qtbot, plain_clip):
    """A window with the plain clip, its first frame shown."""
    window = open_window(plain_clip)
    wait_shown(qtbot, window, 0)
    return window


def wait_state(qtbot, window, *states, timeout=60_000):
    qtbot.waitUntil(lambda: window.desk.state in states and not window.desk.worker.current, timeout=timeout)


def wait_shown(qtbot, window, frame, timeout=20_000):
    def is_there():
        picture = window.examination.picture
        return window.desk.state is not State.OPENING and picture is not None and picture.frame.index == frame

    qtbot.waitUntil(is_there, timeout=timeout)


def pixels(image):
    """(H, W, 3) RGB of a QImage."""
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return data[:, : image.width(), 2::-1].copy()


def text_file(folder: Path) -> Path:
    path = folder / "notes.mp4"
    path.write_text("This is no video.", encoding="utf-8")
    return path
