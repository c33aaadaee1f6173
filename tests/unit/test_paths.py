import sys
from pathlib import Path

import pytest

from desktop_app import paths

REPO = Path(__file__).resolve().parents[2]


def test_a_checkout_holds_its_own_folders() -> None:
    assert paths.shipped_models_dir() == REPO / "models"
    assert paths.resources_dir() == REPO / "resources"


def test_a_frozen_app_looks_into_its_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.shipped_models_dir() == tmp_path / "models"
    assert paths.resources_dir() == tmp_path / "resources"


def test_an_installed_package_looks_beside_its_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "lib" / "desktop_app" / "paths.py"))
    assert paths.shipped_models_dir() == Path(sys.prefix) / "share" / "cotejo" / "models"


def test_user_data_follows_the_environment(cotejo_home: Path) -> None:
    assert paths.user_data_dir() == cotejo_home
    assert paths.user_models_dir() == cotejo_home / "models"
    assert paths.log_dir() == cotejo_home / "logs"
    assert paths.settings_file() == cotejo_home / "settings.json"
    assert not cotejo_home.exists()


def test_user_data_has_a_place_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COTEJO_HOME")
    assert paths.user_data_dir().is_absolute()
    assert paths.user_data_dir().name == "Cotejo"
