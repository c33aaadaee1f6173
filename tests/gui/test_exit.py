"""The program ends cleanly after a frame was copied."""

import subprocess
import sys

COPY_AND_END = """
import sys
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage
from desktop_app.ui.app import build_app, dispose
application, window = build_app([])
data, image = QMimeData(), QImage(4, 4, QImage.Format.Format_RGB888)
image.fill(0)
data.setImageData(image)
data.setText("a caption")
QGuiApplication.clipboard().setMimeData(data)
dispose(window)
assert QGuiApplication.clipboard().image().size() == image.size()
print("ended")
"""


def test_a_copied_frame_does_not_outlive_the_interpreter(cotejo_home):
    done = subprocess.run(
        [sys.executable, "-c", COPY_AND_END], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout.strip()) == (0, "ended"), done.stderr
