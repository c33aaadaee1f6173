"""Every action of the table is triggered through the real window, and what it does is seen; a row needs its check."""

import shutil
from dataclasses import replace
from functools import cache

import pytest

import tests.gui.compare_checks  # noqa: F401  # they register themselves
from desktop_app.cases import CaseStore
from desktop_app.ui.actions import ACTIONS, MENUS
from tests.factories import make_result
from tests.gui.action_checks import ALONE, CHECKS, Scene
from tests.gui.conftest import wait_shown
from tests.unit.media_clips import Clip, make_clip

stored = cache(lambda aborted: make_result(frames=36, aborted=aborted))


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Three clips, the first with sound."""
    folder = tmp_path_factory.mktemp("actions")
    first = make_clip(folder / "clip.mp4", Clip(".mp4", "libx264", audio=True))
    return [first, *(make_clip(folder / f"clip-{n}.mp4", Clip(".mp4", "libx264", frames=n)) for n in (20, 22))]


@pytest.fixture
def scene(open_window, qtbot, tmp_path, clips, monkeypatch):
    """A window with a case of one clip that has a stored result."""
    clips = [shutil.copy(clip, tmp_path / clip.name) for clip in clips]
    with CaseStore.create(tmp_path / "case.cotejo") as store:
        item = store.items.add(clips[0])
        media = replace(stored(False).media, path=clips[0], sha256=item.sha256, sha512=item.sha512)
        result = replace(stored(False), media=media, request=replace(stored(False).request, path=clips[0]))
        store.analyses.add_result(item.item_id, result)
    window = open_window()
    window.desk.cases.open_case(tmp_path / "case.cotejo")
    wait_shown(qtbot, window, 0)
    qtbot.waitUntil(lambda: window.desk.result is not None)
    made = Scene(window, qtbot, tmp_path, clips, replace(stored(True), media=media), monkeypatch)
    made.rest()
    return made


def keys_of(menu):
    return [spec.key for spec in ACTIONS if spec.menu == menu]


def test_every_action_has_its_check():
    assert {spec.key for spec in ACTIONS} == CHECKS.keys(), "write a check in action_checks.py"


@pytest.mark.parametrize("menu", MENUS)
def test_the_actions_of_a_menu_do_what_they_say(scene, menu):
    checks = dict.fromkeys(CHECKS[key] for key in keys_of(menu) if key not in ALONE)
    for check in checks:
        check(scene)
        scene.rest()
    assert scene.triggered >= set(keys_of(menu)) - ALONE


@pytest.mark.parametrize("check", dict.fromkeys(CHECKS[key] for key in sorted(ALONE)), ids=lambda check: check.__name__)
def test_an_action_that_changes_the_whole_window(scene, check):
    check(scene)
    assert scene.triggered >= {key for key in ALONE if CHECKS[key] is check}
