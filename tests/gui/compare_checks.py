"""What the actions of the menu that compares must do in the real window; see `action_checks.py`."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication

from desktop_app.ui.companion import Mode
from desktop_app.ui.compare_dialog import CompareDialog
from tests.gui.action_checks import sees


def _compare(scene):
    """The second clip beside the first, both at their starts."""
    if scene.window.companion.item is None:
        scene.window.companion.open_file(scene.other)
    scene.window.companion.set_mode(Mode.SIDE)
    scene.window.companion.reset()
    _second(scene, 0)


def _second(scene, frame):
    companion = scene.window.companion
    scene.until(lambda: companion.picture is not None and companion.picture.frame.index == frame)


@sees("compare", "compare_close")
def compares_and_closes(scene):
    scene.do("compare")
    assert list(scene.dialog(CompareDialog).rows) == list(scene.window.desk.cases.entries)
    scene.dialog(CompareDialog).file_button.click()
    scene.choose(scene.other)
    _second(scene, 0)
    assert scene.window.board.pair.pane.isVisible()
    assert scene.window.companion.item.info.path == scene.other
    scene.do("compare_close")
    assert not scene.window.board.pair.pane.isVisible()
    assert scene.window.desk.item.info.path == scene.clip


@sees("compare_link", "compare_back", "compare_forward", "compare_reset", "find_moment")
def moves_the_compared_item(scene):
    _compare(scene)
    scene.at(6)
    _second(scene, 6)
    scene.do("compare_forward")
    _second(scene, 7)
    scene.do("compare_back")
    _second(scene, 6)
    scene.do("compare_link")
    scene.do("compare_forward")
    _second(scene, 7)
    scene.at(2)
    assert scene.window.companion.place.frame == 7
    scene.do("compare_link")
    scene.at(4)
    _second(scene, 9)
    scene.do("compare_reset")
    _second(scene, 4)
    scene.do("compare_forward")
    _second(scene, 5)
    scene.do("find_moment")
    scene.until(lambda: bool(scene.window.comparison.bar.says.text()))
    _second(scene, 4)


@sees("compare_side", "compare_flip", "compare_difference", "compare_zoom")
def looks_at_both_in_other_ways(scene):
    _compare(scene)
    pane, viewer = scene.window.board.pair.pane, scene.window.viewer
    for seen in ((False, True), (True, False)):
        scene.do("compare_flip")
        assert (viewer.isVisible(), pane.isVisible()) == seen
    scene.do("compare_side")
    assert viewer.isVisible()
    assert pane.isVisible()
    scene.do("compare_difference")
    scene.until(lambda: "255" in scene.window.comparison.bar.says.text())
    scene.do("compare_difference")
    assert scene.window.companion.mode is Mode.SIDE
    scene.do("compare_zoom")
    viewer._set_zoom(5.0, QPointF(viewer.rect().center()))
    assert pane.viewer.is_fit
    scene.do("compare_zoom")
    assert pane.viewer.zoom == viewer.zoom
    viewer.zoom_fit()


@sees("copy_comparison", "save_comparison")
def takes_both_frames_away(scene):
    _compare(scene)
    scene.do("copy_comparison")
    scene.until(lambda: scene.other.name in QGuiApplication.clipboard().text())
    path = scene.written("save_comparison", scene.folder / "both.png")
    assert scene.clip.name in path.with_name("both.png.txt").read_text(encoding="utf-8")
    scene.window.companion.close()
