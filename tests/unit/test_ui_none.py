"""A long session must not end because a binding loses references to None."""

import subprocess
import sys
from pathlib import Path

CALLS = """
import desktop_app.ui
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
image = QImage(8, 8, QImage.Format.Format_RGB32)
painter = QPainter(image)
for _ in range(300_000):
    painter.drawLine(QPointF(1, 1), QPointF(5, 5))
painter.end()
print("alive")
"""


def test_none_survives_more_paint_calls_than_it_has_references():
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run([sys.executable, "-c", CALLS], cwd=root, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr[-500:]
    assert ended.stdout.strip() == "alive"
