"""What each action of the table must do in the real window: one check for every row, see `test_actions.py`."""

import time

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog

from desktop_app.progress import Cancelled
from desktop_app.ui import case_services
from desktop_app.ui.about_dialog import AboutDialog
from desktop_app.ui.check_dialog import CheckDialog
from desktop_app.ui.dialogs import GoToDialog, ShortcutsDialog
from desktop_app.ui.entries import EntryState
from desktop_app.ui.log_dialog import LogDialog
from desktop_app.ui.model_manager import ModelsDialog
from desktop_app.ui.report_dialog import ReportDialog
from desktop_app.ui.settings_dialog import SettingsDialog
from desktop_app.ui.shortcut_editor import ShortcutPage
from desktop_app.ui.tabletop import State
from desktop_app.ui.tour import TourCard
from tests.gui.conftest import wait_shown

CHECKS = {}
ALONE = set()


def sees(*keys, alone=False):
    """Marks the check of an action; `alone`: in a window of its own, as it takes away what others need."""

    def register(check):
        for key in keys:
            assert key not in CHECKS, key
            CHECKS[key] = check
            if alone:
                ALONE.add(key)
        return check

    return register


class Scene:
    """A window with a case of one analysed clip (36 frames, two faces), and hands for it."""

    def __init__(self, window, qtbot, folder, clips, broken_off, monkeypatch):
        self.window, self.qtbot, self.folder = window, qtbot, folder
        self.clip, self.other, self.third = clips
        self.broken_off, self.monkeypatch = broken_off, monkeypatch
        self.triggered = set()
        self.opened_urls = []
        monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: self.opened_urls.append(url.toLocalFile()))
        for key, action in window.table.by_key.items():
            action.triggered.connect(lambda _=False, key=key: self.triggered.add(key))

    @property
    def player(self):
        return self.window.player

    def do(self, key):
        """Trigger an action as a menu does, which only an enabled one can."""
        self.window.update_actions()
        action = self.window.table[key]
        assert action.isEnabled(), f"{key} is not enabled"
        action.trigger()

    def until(self, condition, timeout=20_000):
        self.qtbot.waitUntil(condition, timeout=timeout)

    def at(self, frame):
        """Stand still at a frame that is shown."""
        self.player.pause()
        self.player.seek(frame)
        wait_shown(self.qtbot, self.window, frame)

    def rest(self):
        """Nothing plays, nothing works, no dialog is open; the first frame is shown."""
        self.close_dialogs()
        desk = self.window.desk
        self.until(lambda: not desk.worker.wanted and desk.cases.queue.running is None, 60_000)
        self.close_dialogs()
        if desk.item is not None:
            self.at(0)

    def close_dialogs(self):
        for dialog in self.window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.close()

    def dialog(self, kind):
        """The dialog of a kind that stands in the window."""
        self.until(lambda: any(d.isVisible() for d in self.window.findChildren(kind)))
        return next(d for d in self.window.findChildren(kind) if d.isVisible())

    def choose(self, path):
        """Answer the file dialog."""
        dialog = self.dialog(QFileDialog)
        # a file dialog tells both, and each asker listens to one of them
        dialog.fileSelected.emit(str(path))
        dialog.filesSelected.emit([str(path)])
        dialog.close()

    def select(self):
        """Bring a face of the result forward, at a frame where it was scored."""
        scored = next(p for p in self.window.desk.result.predictions if p.p_fake is not None)
        self.at(scored.frame_index)
        self.window.examination.select_track(scored.track_id)
        return scored

    def hold_analyses(self):
        """From now on an analysis takes until it is cancelled."""

        def wait(job, *_):
            while not job.token.is_cancelled:
                time.sleep(0.005)
            raise Cancelled

        for name in ("analyse", "resume"):
            self.monkeypatch.setattr(case_services, name, wait)

    def written(self, key, path):
        """Trigger an export, answer its dialog, and wait for the file."""
        self.do(key)
        self.choose(path)
        self.until(lambda: path.exists() and str(path) in self.window.strip.text.text(), 60_000)
        return path


# file


@sees("open")
def opens_a_file(scene):
    scene.do("open")
    scene.choose(scene.other)
    scene.until(lambda: scene.window.desk.item is not None and scene.window.desk.item.info.path == scene.other)
    scene.rest()
    scene.window.desk.show_item(1)
    scene.until(lambda: scene.window.desk.item.info.path == scene.clip and scene.window.desk.result is not None)


@sees("add_folder")
def takes_a_folder_in(scene):
    before = len(scene.window.desk.cases.entries)
    folder = scene.folder / "more"
    folder.mkdir()
    (folder / "third.mp4").write_bytes(scene.other.read_bytes())
    scene.do("add_folder")
    scene.choose(folder)
    scene.until(lambda: len(scene.window.desk.cases.entries) > before)
    assert "third.mp4" in [row.name.text() for row in scene.window.case.rows.values()]


@sees("demo", alone=True)
def opens_the_demo(scene):
    window, wanted = scene.window, []
    scene.do("new_case")
    scene.until(lambda: window.desk.cases.info is None)
    scene.monkeypatch.setattr(case_services, "add_demo", lambda job, file: wanted.append(file) or _stop())
    scene.do("demo")
    scene.until(lambda: wanted == [window.desk.cases.file])


def _stop():
    raise Cancelled


@sees("close", alone=True)
def clears_the_desk(scene):
    scene.do("close")
    assert scene.window.desk.item is None
    assert scene.window.stage.currentWidget() is scene.window.stage.start
    assert not scene.window.table["close"].isEnabled()


@sees("export_pdf")
def writes_a_report(scene):
    scene.do("export_pdf")
    dialog = scene.dialog(ReportDialog)
    path = scene.folder / "report.pdf"
    dialog.path.setText(str(path))
    dialog.write.click()
    scene.until(lambda: path.exists() and str(path) in scene.window.strip.text.text(), 60_000)
    assert path.read_bytes().startswith(b"%PDF")


@sees("export_csv")
def writes_a_table(scene):
    assert scene.written("export_csv", scene.folder / "table.csv").read_text(encoding="utf-8-sig").count("\n") > 36


@sees("export_json")
def writes_the_result(scene):
    path = scene.written("export_json", scene.folder / "result.json")
    assert scene.window.desk.item.info.sha256 in path.read_text(encoding="utf-8")


@sees("export_video")
def writes_a_video(scene):
    assert scene.written("export_video", scene.folder / "boxes.mp4").stat().st_size > 1000


@sees("export_frames")
def writes_key_frames(scene):
    assert list(scene.written("export_frames", scene.folder / "frames").glob("*.png"))


@sees("verify")
def checks_a_case(scene):
    scene.do("verify")
    scene.choose(scene.window.desk.cases.info.path)
    assert scene.window.desk.cases.info.path.name in scene.dialog(CheckDialog).windowTitle()


@sees("settings")
def shows_the_settings(scene):
    scene.do("settings")
    assert scene.dialog(SettingsDialog)


@sees("quit", alone=True)
def ends(scene):
    with scene.qtbot.waitSignal(scene.window.closed):
        scene.do("quit")
    assert not scene.window.isVisible()


# case


@sees("new_case", alone=True)
def lets_go_of_the_case(scene):
    scene.do("new_case")
    scene.until(lambda: scene.window.desk.cases.info is None)
    assert scene.window.desk.cases.entries == {}
    assert scene.window.desk.state is State.START


@sees("open_case", alone=True)
def opens_a_case(scene):
    path = scene.window.desk.cases.info.path
    scene.do("new_case")
    scene.until(lambda: scene.window.desk.cases.info is None)
    scene.do("open_case")
    scene.choose(path)
    scene.until(lambda: scene.window.desk.cases.info is not None and scene.window.desk.result is not None)
    assert scene.window.desk.cases.info.path == path


@sees("save_case", alone=True)
def gives_the_case_a_name(scene):
    path = scene.folder / "named.cotejo"
    scene.do("save_case")
    scene.choose(path)
    scene.until(lambda: scene.window.desk.cases.info.path == path)
    assert path.exists()
    assert "named" in scene.window.windowTitle()


@sees("export_case")
def packs_the_case(scene):
    scene.written("export_case", scene.folder / "case.zip")
    assert scene.dialog(CheckDialog)


@sees("import_case")
def unpacks_a_case(scene):
    if not (scene.folder / "case.zip").exists():
        packs_the_case(scene)
        scene.rest()
    scene.do("import_case")
    scene.choose(scene.folder / "case.zip")
    scene.until(lambda: scene.dialog(QFileDialog).fileMode() is QFileDialog.FileMode.Directory)
    scene.choose(scene.folder / "unpacked")
    scene.until(lambda: any((scene.folder / "unpacked").rglob("*.cotejo")))
    assert scene.dialog(CheckDialog)


@sees("analyse_all", "pause", "queue_up", "queue_down", "queue_remove", "cancel", "analyse", "resume", alone=True)
def works_the_queue(scene):
    window, queue = scene.window, scene.window.desk.cases.queue
    scene.hold_analyses()
    window.desk.cases.add([scene.other, scene.third])
    scene.until(lambda: len(window.desk.cases.entries) == 3 and not window.desk.worker.wanted)
    entries = window.desk.cases.entries
    scene.do("analyse")
    assert (queue.running.item_id, queue.waiting) == (1, [])
    assert window.desk.state is State.ANALYSING
    scene.do("cancel")
    scene.until(lambda: queue.running is None)
    scene.rest()
    scene.do("analyse_all")
    assert {queue.running.item_id, *queue.waiting} >= {2, 3}
    window.desk.cases.analyse(1)
    window.case.rows[3].setFocus()
    before = list(queue.waiting)
    scene.do("queue_down" if before.index(3) == 0 else "queue_up")
    assert queue.waiting == before[::-1]
    scene.do("queue_up" if before.index(3) == 0 else "queue_down")
    assert queue.waiting == before
    scene.do("queue_remove")
    assert 3 not in queue.waiting
    scene.until(lambda: entries[3].state is EntryState.IDLE)
    scene.do("pause")
    scene.until(lambda: queue.running is None)
    assert queue.is_paused
    assert queue.waiting
    scene.do("pause")
    scene.until(lambda: queue.running is not None)
    queue.clear()
    scene.until(lambda: queue.running is None)
    resumed = []
    scene.monkeypatch.setattr(case_services, "resume", lambda job, file, item_id, _: resumed.append(item_id) or _stop())
    window.desk.show_result(scene.broken_off)
    scene.do("resume")
    scene.until(lambda: resumed == [1])


@sees("case_log")
def shows_the_log(scene):
    scene.do("case_log")
    assert scene.dialog(LogDialog)


@sees("verify_case")
def verifies_the_case(scene):
    verified = []
    scene.window.desk.cases.verified.connect(verified.append)
    scene.do("verify_case")
    assert scene.dialog(LogDialog)
    scene.until(lambda: bool(verified))
    assert verified[0].path == scene.window.desk.cases.info.path


# playback


@sees("play")
def plays_and_pauses(scene):
    scene.do("play")
    assert scene.player.is_playing
    scene.until(lambda: scene.player.position > 0)
    scene.do("play")
    assert not scene.player.is_playing


@sees("shuttle_back")
def plays_backwards(scene):
    scene.at(30)
    scene.do("shuttle_back")
    assert (scene.player.is_playing, scene.player.speed) == (True, -1.0)
    scene.until(lambda: scene.player.position < 30)


@sees("shuttle_forward")
def plays_faster_each_time(scene):
    scene.do("shuttle_forward")
    scene.do("shuttle_forward")
    assert (scene.player.is_playing, scene.player.speed) == (True, 2.0)


@sees("stop")
def stands_still(scene):
    scene.player.play()
    scene.do("stop")
    assert not scene.player.is_playing


@sees("slower")
def plays_slower(scene):
    scene.do("slower")
    assert (scene.player.is_playing, scene.player.speed) == (True, 0.5)


@sees("faster")
def plays_faster(scene):
    scene.do("faster")
    assert (scene.player.is_playing, scene.player.speed) == (True, 2.0)


@sees("mute")
def is_silent(scene):
    before = scene.player.sound.is_muted
    scene.do("mute")
    assert scene.player.sound.is_muted is not before
    scene.do("mute")
    assert scene.player.sound.is_muted is before


@sees("step_back")
def one_frame_back(scene):
    scene.at(5)
    scene.do("step_back")
    wait_shown(scene.qtbot, scene.window, 4)


@sees("step_forward")
def one_frame_on(scene):
    scene.do("step_forward")
    wait_shown(scene.qtbot, scene.window, 1)


@sees("second_back")
def one_second_back(scene):
    times_s = scene.player.index.time_s
    scene.at(35)
    scene.do("second_back")
    assert abs(times_s[scene.player.position] - (times_s[35] - 1.0)) < 0.1


@sees("second_forward")
def one_second_on(scene):
    scene.do("second_forward")
    assert abs(scene.player.index.time_s[scene.player.position] - 1.0) < 0.1


@sees("first")
def to_the_first(scene):
    scene.at(9)
    scene.do("first")
    wait_shown(scene.qtbot, scene.window, 0)


@sees("last")
def to_the_last(scene):
    scene.do("last")
    wait_shown(scene.qtbot, scene.window, 35)


@sees("go_to")
def asks_where_to_go(scene):
    scene.do("go_to")
    dialog = scene.dialog(GoToDialog)
    dialog.frame_asked.emit(17)
    dialog.close()
    wait_shown(scene.qtbot, scene.window, 17)


@sees("next_suspicious", "previous_suspicious")
def goes_to_what_is_suspicious(scene):
    scene.do("next_suspicious")
    first = scene.player.position
    assert first > 0
    scene.at(35)
    scene.do("previous_suspicious")
    assert 0 < scene.player.position < 35
    assert any(p.frame_index == scene.player.position for p in scene.window.desk.result.predictions)


@sees("next_cut", "previous_cut")
def goes_to_a_cut(scene):
    scene.window.scanner.cuts_found.emit(np.array([8, 20]), True)
    scene.do("next_cut")
    assert scene.player.position == 8
    scene.at(30)
    scene.do("previous_cut")
    assert scene.player.position == 20


# marks


@sees("mark_in", "mark_out", "clear_range")
def marks_a_range(scene):
    scene.at(4)
    scene.do("mark_in")
    scene.at(9)
    scene.do("mark_out")
    assert scene.window.marks.range_or_none() == (4, 9)
    scene.do("clear_range")
    assert scene.window.marks.range_or_none() is None


@sees("loop")
def plays_again_and_again(scene):
    scene.do("loop")
    assert scene.player.loops
    scene.do("loop")
    assert not scene.player.loops


@sees("bookmark", "next_bookmark", "previous_bookmark")
def sets_bookmarks(scene):
    for frame in (7, 20):
        scene.at(frame)
        scene.do("bookmark")
    assert scene.window.marks.now.frames == (7, 20)
    scene.do("previous_bookmark")
    assert scene.player.position == 7
    scene.do("next_bookmark")
    assert scene.player.position == 20
    scene.do("bookmark")
    assert scene.window.marks.now.frames == (7,)


@sees("undo", "redo")
def undoes(scene):
    scene.at(11)
    before = scene.window.marks.now.frames
    scene.do("bookmark")
    scene.do("undo")
    assert scene.window.marks.now.frames == before
    scene.do("redo")
    assert 11 in scene.window.marks.now.frames


@sees("note", "link_frame")
def begins_a_note(scene):
    window = scene.window
    window.side.setCurrentWidget(window.findings)
    scene.do("note")
    assert window.side.currentWidget() is window.notes
    scene.at(6)
    scene.do("link_frame")
    window.notes.add_button.click()
    assert any("[frame 6]" in note.text for note in window.desk.notebook.now.notes)


@sees("copy_frame")
def copies_the_frame(scene):
    scene.at(3)
    scene.do("copy_frame")
    digest = scene.window.desk.item.info.sha256
    scene.until(lambda: digest in QGuiApplication.clipboard().text())
    assert not QGuiApplication.clipboard().image().isNull()


@sees("save_frame")
def saves_the_frame(scene):
    path = scene.written("save_frame", scene.folder / "frame.png")
    assert path.read_bytes().startswith(b"\x89PNG")


# view


@sees("fit", "actual", "zoom_in", "zoom_out", "zoom_pixels")
def zooms(scene):
    viewer = scene.window.viewer
    scene.do("actual")
    assert viewer.zoom * scene.window.devicePixelRatioF() == 1.0
    scene.do("zoom_in")
    assert viewer.zoom > 1.0
    scene.do("zoom_out")
    scene.do("zoom_out")
    assert viewer.zoom < 1.0
    scene.do("zoom_pixels")
    assert viewer.zoom == 8.0
    scene.do("fit")
    assert viewer.is_fit


@sees("clear_region")
def clears_the_region(scene):
    viewer = scene.window.viewer
    at, to = (viewer.to_widget(QPointF(*place)).toPoint() for place in ((10, 10), (30, 30)))
    shift, left = Qt.KeyboardModifier.ShiftModifier, Qt.MouseButton.LeftButton
    scene.qtbot.mousePress(viewer, left, shift, at)
    scene.qtbot.mouseMove(viewer, to)
    scene.qtbot.mouseRelease(viewer, left, shift, to)
    assert "Region" in viewer.reading()
    scene.do("clear_region")
    assert "Region" not in viewer.reading()


@sees("view_heat", "view_face", "view_error", "view_noise")
def shows_views_beside_it(scene):
    board = scene.window.board
    for name in ("face", "error", "noise", "heat"):
        scene.do(f"view_{name}")
        assert name in board.shown
        scene.do(f"view_{name}")
        assert name not in board.shown


@sees("boxes")
def shows_boxes(scene):
    viewer, face = scene.window.viewer, scene.select()
    x0, y0, x1, y1 = face.box_xyxy
    place = viewer.to_widget(QPointF((x0 + x1) / 2, (y0 + y1) / 2)).toPoint()
    assert viewer.face_at(place) == face.track_id
    scene.do("boxes")
    assert viewer.face_at(place) is None
    scene.do("boxes")
    assert viewer.face_at(place) == face.track_id


@sees("whole_timeline", "time_in", "time_out")
def zooms_the_timeline(scene):
    def span():
        low, high = scene.window.timeline.visible_range_s
        return high - low

    whole = span()
    scene.do("time_in")
    scene.do("time_in")
    closest = span()
    assert closest < whole / 2
    scene.do("time_out")
    assert closest < span() < whole
    scene.do("whole_timeline")
    assert abs(span() - whole) < 0.01 * whole


@sees("smoothing")
def shows_smoothed_curves(scene):
    before = scene.window.timeline.grab().toImage()
    scene.do("smoothing")
    assert scene.window.timeline.grab().toImage() != before
    scene.do("smoothing")
    assert scene.window.table["smoothing"].isChecked()


@sees("theme_system", "theme_light", "theme_dark")
def changes_the_theme(scene):
    for name in ("light", "dark", "system"):
        scene.do(f"theme_{name}")
        assert scene.window.settings.get_str("theme") == name
        checked = [key for key in ("light", "dark", "system") if scene.window.table[f"theme_{key}"].isChecked()]
        assert checked == [name]
    scene.do("theme_light")
    light = scene.window.grab().toImage().pixelColor(5, 5).lightness()
    scene.do("theme_dark")
    assert scene.window.grab().toImage().pixelColor(5, 5).lightness() < light


@sees("panel_case", "panel_findings", "panel_timeline", "reset_layout")
def puts_panels_away(scene):
    window = scene.window
    docks = {"case": window.case_dock, "findings": window.side_dock, "timeline": window.timeline_dock}
    for name, dock in docks.items():
        scene.do(f"panel_{name}")
        assert not dock.isVisible()
    scene.do("panel_case")
    assert window.case_dock.isVisible()
    scene.do("reset_layout")
    assert all(dock.isVisible() for dock in docks.values())


# analysis


@sees("explain")
def asks_where_the_model_looked(scene):
    asked = []
    scene.monkeypatch.setattr(scene.window.examination, "set_explaining", asked.append)
    scene.select()
    scene.until(scene.window.examination.can_explain)
    scene.window.side.setCurrentWidget(scene.window.findings)
    scene.do("explain")
    assert scene.window.side.currentWidget() is scene.window.explain
    scene.do("explain")
    assert asked == [True, False]


@sees("detectors")
def lists_the_detectors(scene):
    scene.window.side.setCurrentWidget(scene.window.findings)
    scene.do("detectors")
    assert scene.window.side.currentWidget() is scene.window.model
    scene.until(lambda: scene.window.detector_panel.isVisible() and bool(scene.window.detector_panel.buttons))


@sees("models")
def lists_the_models(scene):
    scene.do("models")
    scene.until(lambda: scene.dialog(ModelsDialog).list.count() > 0, 60_000)


# help


@sees("shortcuts")
def lists_the_shortcuts(scene):
    scene.do("shortcuts")
    assert scene.dialog(ShortcutsDialog)


@sees("change_keys")
def shows_the_page_of_keys(scene):
    scene.do("change_keys")
    assert any(page.isVisible() for page in scene.dialog(SettingsDialog).findChildren(ShortcutPage))


@sees("tour")
def leads_through_the_window(scene):
    scene.do("tour")
    card = scene.window.findChild(TourCard)
    assert card is not None
    assert card.isVisible()
    scene.qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()


@sees("logs")
def opens_the_log_folder(scene):
    scene.do("logs")
    assert scene.opened_urls[-1].endswith("logs")


@sees("about")
def says_what_it_is(scene):
    scene.do("about")
    assert scene.dialog(AboutDialog)
