"""Imports point down, and every library stays at home."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.checker import FLOORS, PACKAGE, check_package

REPO = Path(__file__).resolve().parents[2]


def tree(tmp_path: Path, files: dict[str, str]) -> Path:
    package = tmp_path / PACKAGE
    for name, text in files.items():
        file = package / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return package


def test_the_house_keeps_its_rules() -> None:
    violations = check_package(REPO / PACKAGE)
    assert not violations, "\n".join(f"{v.where}: {v.what}" for v in violations)


def test_every_room_that_exists_is_on_a_floor() -> None:
    rooms = {p.stem for p in (REPO / PACKAGE).iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()}
    assert rooms - {"__init__"} <= set(FLOORS)
    assert {"domain", "errors", "progress", "paths", "config", "logs"} <= rooms


@pytest.mark.parametrize(
    ("file", "code", "complaint"),
    [
        ("media/item.py", "from desktop_app.faces import FaceFinder", "sideways"),
        ("media/item.py", "from desktop_app import analysis", "up"),
        ("media/item.py", "import desktop_app.ui.app", "up"),
        ("reports/pdf.py", "def f():\n    from desktop_app.media import open_item", "sideways"),
        ("domain.py", "if TYPE_CHECKING:\n    from desktop_app.media import open_item", "up"),
        ("cli.py", "from desktop_app.ui.app import main", "sideways"),
        ("ui/app.py", "from desktop_app.cli import main", "sideways"),
        ("ui/app.py", "from desktop_app.training import fit", "ui never imports training"),
        ("explain/gradcam.py", "from desktop_app.analysis.session import x", "up"),
        ("analysis/session.py", "import importlib\nimportlib.import_module('desktop_app.cli')", "up"),
        ("analysis/session.py", "from desktop_app.novelty import x", "not in the table"),
        ("novelty.py", "", "not in the table"),
        ("media/item.py", "from . import index", "relative"),
        ("__init__.py", "from desktop_app import domain", "nothing of its own"),
        ("__init__.py", "import torch", "at home only in"),
        ("cli.py", "from PySide6.QtCore import Qt", "PySide6 is at home only in ui"),
        ("cli.py", "def f():\n    import PySide6", "PySide6 is at home only in ui"),
        ("analysis/session.py", "import torch.nn as nn", "torch is at home only in"),
        ("analysis/session.py", "__import__('torch')", "torch is at home only in"),
        ("detectors/nets.py", "import facenet_pytorch", "facenet_pytorch is at home only in faces"),
        ("reports/pdf.py", "import av", "av is at home only in"),
        ("reports/annotated_video_helper.py", "import av", "av is at home only in"),
        ("ui/player.py", "import av", "av is at home only in"),
        ("config.py", "import sqlite3", "sqlite3 is at home only in cases"),
        ("ui/dialogs.py", "from reportlab.pdfgen import canvas", "reportlab is at home only in reports"),
    ],
)
def test_a_broken_rule_is_found(tmp_path: Path, file: str, code: str, complaint: str) -> None:
    violations = check_package(tree(tmp_path, {file: code}))
    assert len(violations) == 1, violations
    assert complaint in violations[0].what


def test_what_is_allowed_passes(tmp_path: Path) -> None:
    files = {
        "__init__.py": "__version__ = '1'",
        "__main__.py": "def main():\n    from desktop_app.ui import app\n    from desktop_app import cli",
        "config.py": "from desktop_app import paths, __version__\nimport desktop_app",
        "paths.py": "import os",
        "media/item.py": "import av\nfrom desktop_app.media.index import x\nfrom desktop_app.domain import Frame",
        "reports/annotated_video.py": "import av",
        "explain/gradcam.py": "import torch\nfrom desktop_app.detectors import Detector",
        "analysis/session.py": "from desktop_app.explain import explain_face\nimport numpy as np",
        "training/train.py": "from desktop_app.analysis import session\nimport torch, sklearn.metrics",
        "ui/app.py": "from PySide6 import QtWidgets\nimport pyqtgraph\nfrom desktop_app.analysis import session",
        "cli.py": "def f():\n    from desktop_app.training import train",
    }
    assert check_package(tree(tmp_path, files)) == []


def test_a_circle_on_the_ground_is_found(tmp_path: Path) -> None:
    files = {"config.py": "from desktop_app import logs", "logs.py": "from desktop_app.config import x"}
    violations = check_package(tree(tmp_path, files))
    assert [v.what for v in violations] == ["circle: config -> logs -> config"]


def loaded_after(statement: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    answer = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stderr
    return set(answer.stdout.split())


def test_the_command_line_runs_without_qt() -> None:
    loaded = loaded_after("import desktop_app.cli, desktop_app.__main__")
    assert "desktop_app" in loaded
    assert not loaded & {"PySide6", "shiboken6", "pyqtgraph"}


def test_the_window_opens_before_the_networks_load() -> None:
    loaded = loaded_after("import desktop_app.ui.app")
    assert "PySide6" in loaded
    assert not loaded & {"torch", "torchvision", "facenet_pytorch"}


def test_the_subprocess_check_would_see_qt() -> None:
    assert "PySide6" in loaded_after("import PySide6.QtCore")
