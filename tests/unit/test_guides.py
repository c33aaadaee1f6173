"""The guides say what the program has: the shortcuts of the action table, pictures that exist."""

import importlib.util
import re
from pathlib import Path

import pytest

from desktop_app.ui.actions import ACTIONS

REPO = Path(__file__).resolve().parents[2]
GUIDES = {"en": "docs/user-guide.md", "es": "docs/guia-de-uso.md"}


@pytest.fixture(scope="module")
def shortcuts():
    spec = importlib.util.spec_from_file_location("shortcuts", REPO / "packaging" / "shortcuts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", GUIDES)
def test_the_list_of_shortcuts_is_that_of_the_action_table(shortcuts, language):
    text = (REPO / GUIDES[language]).read_text(encoding="utf-8")
    # renewed by `python packaging/shortcuts.py`
    assert shortcuts.renewed(text, language) == text
    assert len(re.findall(r"^\| [^|]+ \| `", shortcuts.table(language), re.MULTILINE)) == sum(
        bool(spec.shortcuts) for spec in ACTIONS
    )


def test_a_stale_list_is_replaced_and_what_stands_around_it_stays(shortcuts):
    text = f"before\n{shortcuts.BEGIN}\nof yesterday\n{shortcuts.END}\nafter\n"
    new = shortcuts.renewed(text, "en")
    assert new.startswith("before\n")
    assert new.endswith("\nafter\n")
    assert "of yesterday" not in new
    assert "| Zoom in | `Ctrl` + `+` or `Ctrl` + `=` |" in new


def test_spanish_names_of_keys_and_actions(shortcuts):
    table = shortcuts.table("es")
    assert "| `Espacio` |" in table
    assert "**Reproducción**" in table
    assert "Play or pause" not in table


@pytest.mark.parametrize("name", ["README.md", *GUIDES.values(), "docs/README.md"])
def test_every_link_of_a_guide_leads_to_a_file(name):
    page = REPO / name
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    files = [link for link in links if "://" not in link]
    assert files
    assert [link for link in files if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("language", GUIDES)
def test_a_guide_shows_pictures_in_its_language(language):
    shown = re.findall(r"screenshots/([a-z-]+)-(?:dark|light)-(en|es)-\d+\.png", (REPO / GUIDES[language]).read_text())
    assert len({state for state, _ in shown}) >= 8
    assert {spoken for _, spoken in shown} == {language}
