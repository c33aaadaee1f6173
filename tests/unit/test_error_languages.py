from pathlib import Path

import pytest

from desktop_app.cli import main
from desktop_app.cli.analyze import _label
from desktop_app.cli.app import language_in
from desktop_app.config import load_settings


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COTEJO_HOME", str(tmp_path / "home"))
    path = tmp_path / "vacío.mp4"
    path.touch()
    return path


@pytest.mark.parametrize("option", [["--language", "es"], ["--language=es"]])
def test_a_command_complains_in_the_language_it_was_asked_for(
    empty: Path, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(empty), *option]) == 3
    assert capsys.readouterr().err == (
        "vacío.mp4: El archivo «vacío.mp4» está vacío.\nPídalo de nuevo; probablemente la copia se interrumpió.\n"
    )
    # refused before any item is opened
    assert main(["analyze", str(empty), "--range", "x", *option]) == 2
    assert "«x» no es un intervalo." in capsys.readouterr().err


def test_a_command_complains_in_the_language_of_the_settings(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = load_settings()
    settings.set("language", "es")
    settings.save()
    assert main(["verify", str(empty.with_name("no.cotejo"))]) == 5
    assert "No existe el caso «no.cotejo»." in capsys.readouterr().err
    assert main(["inspect", str(empty), "--language", "en"]) == 3
    assert "The file “vacío.mp4” is empty." in capsys.readouterr().err
    # an unknown language is refused in the one that is set
    assert main(["inspect", str(empty), "--language", "xx"]) == 2
    assert "No se pueden escribir informes en «xx»." in capsys.readouterr().err


def test_the_language_of_a_command(empty: Path) -> None:
    assert language_in(["analyze", "a.mp4", "--language", "es"]) == "es"
    assert language_in(["analyze", "--language"]) == language_in([]) == language_in(["--language=fr"])


def test_scores_are_told_with_the_decimal_sign_of_the_language() -> None:
    assert _label("segment", "en", start=1.0, end=2.5, p=0.9) == "1.00 s to 2.50 s: 0.90"
    assert _label("segment", "es", start=1.0, end=2.5, p=0.9) == "de 1,00 s a 2,50 s: 0,90"
