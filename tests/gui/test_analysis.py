"""From a face to curves, boxes, findings, heat map and reports: the shipped model, through the window."""

import csv
import json
import math
import shutil
import time

import av
import cv2
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from desktop_app import paths
from desktop_app.analysis.demo_check import check_demo
from desktop_app.analysis.session import analyze_item
from desktop_app.config import load_settings
from desktop_app.media import open_item
from desktop_app.media.demo import DEMO_FAKE_END_S, DEMO_FAKE_START_S, DEMO_VERSION, build_demo_clip
from desktop_app.progress import Cancelled
from desktop_app.reports import wording
from desktop_app.ui import case_services, services
from desktop_app.ui.case_dialogs import UnsavedDialog
from desktop_app.ui.choices import request_for
from desktop_app.ui.dialogs import QuestionDialog
from desktop_app.ui.entries import EntryState
from desktop_app.ui.jobs import Job
from desktop_app.ui.tabletop import State
from tests.gui.conftest import wait_shown, wait_state


@pytest.fixture(scope="module")
def result(face_clip):
    """One real analysis that several tests look at; its settings are the default ones."""
    return analyze_item(request_for(load_settings(), face_clip), item=open_item(face_clip))


@pytest.fixture
def examined(open_window, qtbot, face_clip, result):
    window = open_window(face_clip)
    wait_shown(qtbot, window, 0)
    window.desk.show_result(result)
    return window


def texts(widget):
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_an_analysis_from_the_command_line_to_the_verdict(open_window, qtbot, face_clip, result):
    window = open_window(face_clip, "--analyze")
    grown = []
    window.desk.predictions_changed.connect(lambda: grown.append(len(window.desk.predictions)))
    states = []
    window.desk.state_changed.connect(states.append)
    wait_state(qtbot, window, State.DONE)
    assert State.ANALYSING in states
    found = window.desk.result
    assert grown == sorted(grown)
    assert window.timeline.curve_ids == (1,)
    times, scores = window.timeline.curve_data(1)
    assert list(times) == [p.time_s for p in found.predictions_of(1)]
    # the same file, model and settings give the same numbers
    assert list(scores) == pytest.approx([p.p_fake for p in result.predictions_of(1)], abs=1e-6)
    (overlay,) = window.viewer.overlays
    assert overlay.box_xyxy == found.predictions[0].box_xyxy
    assert overlay.text.startswith("Person 1 ")
    assert found.card.name in texts(window.model)
    assert found.card.weights_sha256[:16] in texts(window.model)
    assert window.table["export_pdf"].isEnabled()
    assert not window.strip.bar.isVisible()


def test_a_face_is_brought_forward_everywhere(examined, qtbot):
    window = examined
    button = window.findings.track_buttons[1]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.examination.track == 1
    assert window.viewer.overlays[0].is_selected
    x1, y1, x2, y2 = window.viewer.overlays[0].box_xyxy
    face = window.viewer.to_widget(QPointF((x1 + x2) / 2, (y1 + y2) / 2)).toPoint()
    qtbot.mouseClick(window.viewer, Qt.MouseButton.LeftButton, pos=face)
    assert window.examination.track is None
    assert not button.isChecked()


def test_a_frame_to_look_at_is_one_click_away(examined, qtbot):
    window = examined
    # frames that are no exhibit get their picture a moment later
    qtbot.waitUntil(lambda: window.desk.worker.current is None, timeout=20_000)
    assert all(b.findChild(QLabel, "thumb").pixmap().width() >= 72 for b in window.findings.frame_buttons)
    button = window.findings.frame_buttons[0]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_shown(qtbot, window, button.property("frame"))
    assert window.timeline.playhead_s == pytest.approx(window.examination.picture.frame.time_s)


def test_the_model_shows_where_it_looked(examined, qtbot):
    window = examined
    window.table["explain"].trigger()
    qtbot.waitUntil(lambda: window.viewer.has_heatmap, timeout=30_000)
    assert window.side.currentWidget() is window.explain
    assert "Grad-CAM" in window.explain.facts
    before = window.viewer.grab().toImage()
    window.explain.opacity.setValue(0)
    assert window.viewer.grab().toImage() != before
    first = texts(window.explain)
    other = "fake" if "“genuine”" in first else "genuine"
    button = window.explain.findChild(type(window.explain.switch), f"target_{other}")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    # the three answers come together
    assert window.viewer.has_heatmap
    assert texts(window.explain) != first
    assert f"“{other}”" in texts(window.explain)
    window.player.step(1)
    assert not window.viewer.has_heatmap
    qtbot.waitUntil(lambda: window.viewer.has_heatmap, timeout=30_000)
    assert "Frame 1," in window.explain.facts
    window.table["explain"].trigger()
    assert not window.viewer.has_heatmap


def test_a_heat_map_is_put_to_the_test(examined, qtbot):
    window, panel = examined, examined.explain
    window.table["explain"].trigger()
    qtbot.waitUntil(lambda: panel.deletion.isVisible() and "masks of chance" in panel.deletion.text, timeout=60_000)
    assert "five landmarks" in panel.regions.text
    assert panel.layer.count() >= 4
    panel.method.setCurrentIndex(2)
    panel.method.activated.emit(2)
    method = f"HiResCAM of the first of {len(window.desk.card.networks)} networks at layer"
    qtbot.waitUntil(lambda: method in panel.facts, timeout=30_000)
    panel.layer.setCurrentIndex(1)
    panel.layer.activated.emit(1)
    qtbot.waitUntil(lambda: f"at layer {panel.layer.currentData()}" in panel.facts, timeout=30_000)
    # what was made before comes from memory
    panel.layer.setCurrentIndex(0)
    panel.layer.activated.emit(0)
    qtbot.waitUntil(lambda: panel.deletion.isVisible() and window.viewer.has_heatmap, timeout=5_000)
    window.table["view_heat"].trigger()
    assert not window.viewer.has_heatmap
    assert window.board.panes["heat"].viewer.has_heatmap
    window.table["view_face"].trigger()
    face = window.board.panes["face"].viewer
    qtbot.waitUntil(lambda: not face.image.isNull(), timeout=10_000)
    assert 100 < face.image.width() == face.image.height() <= 4 * window.desk.card.input_size_px


def test_a_heat_map_that_comes_too_late_is_not_shown(examined, qtbot):
    window = examined
    window.table["explain"].trigger()
    qtbot.waitUntil(lambda: window.desk.worker.current is not None, timeout=10_000)
    window.player.play()
    qtbot.waitUntil(lambda: window.desk.worker.current is None, timeout=30_000)
    assert not window.viewer.has_heatmap
    window.player.pause()


@pytest.mark.parametrize("kind", ["csv", "json", "video"])
def test_reports_are_written(examined, qtbot, tmp_path, kind):
    window = examined
    path = tmp_path / f"report.{'mp4' if kind == 'video' else kind}"
    window.table[f"export_{kind}"].trigger()
    dialog = window.findChild(QFileDialog)
    with qtbot.waitSignal(window.desk.exported, timeout=60_000):
        dialog.fileSelected.emit(str(path))
        dialog.close()
    if kind == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
        assert len(rows) == len(window.desk.result.predictions)
    elif kind == "json":
        assert json.loads(path.read_text(encoding="utf-8"))["media"]["sha256"] == window.desk.item.info.sha256
    else:
        with av.open(str(path)) as made:
            assert sum(1 for _ in made.decode(video=0)) == len(window.desk.item.index)
    assert str(path) in window.strip.text.text()
    assert window.strip.open_button.isVisible()


def test_the_item_is_never_overwritten(examined, qtbot, face_clip):
    before = face_clip.read_bytes()
    with qtbot.waitSignal(examined.desk.failed, timeout=20_000) as failure:
        examined.desk.export("json", face_clip)
    assert "overwritten" in failure.args[0].user_message
    assert face_clip.read_bytes() == before


def test_nor_under_another_name_of_its_own(examined, qtbot, face_clip, tmp_path):
    other = tmp_path / "other.mp4"
    other.hardlink_to(face_clip)
    with qtbot.waitSignal(examined.desk.failed, timeout=20_000) as failure:
        examined.desk.export("json", other)
    assert "overwritten" in failure.args[0].user_message
    assert other.samefile(face_clip)


def test_cancelling_is_an_outcome(open_window, qtbot, face_clip):
    window = open_window(face_clip)
    wait_shown(qtbot, window, 0)
    failures = []
    window.desk.failed.connect(failures.append)
    window.table["analyse"].trigger()
    assert window.desk.state is State.ANALYSING
    assert window.table["cancel"].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    wait_state(qtbot, window, State.READY, State.DONE)
    assert window.desk.last_analysis_was_cancelled
    assert not failures
    assert window.table["analyse"].isEnabled()
    result = window.desk.result
    assert result is None or result.provenance.aborted


def test_the_former_result_comes_back_when_a_new_analysis_is_cancelled(examined, qtbot, monkeypatch):
    def wait(job, *_):
        while not job.token.is_cancelled:
            time.sleep(0.005)
        raise Cancelled

    monkeypatch.setattr(case_services, "analyse", wait)
    before = examined.desk.result
    examined.table["analyse"].trigger()
    qtbot.waitUntil(lambda: examined.desk.state is State.ANALYSING)
    assert examined.desk.result is None
    examined.table["cancel"].trigger()
    wait_state(qtbot, examined, State.DONE)
    assert examined.desk.result is before
    assert examined.findings.track_buttons
    qtbot.waitUntil(lambda: examined.table["export_pdf"].isEnabled())


def question(window):
    """The one question that stands in the window, or None."""
    shown = [dialog for dialog in window.findChildren(QuestionDialog) if dialog.isVisible()]
    assert len(shown) <= 1
    return shown[0] if shown else None


def drop(window, path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPointF(50, 50), copy, mime, left, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), copy, mime, left, none))


def test_an_analysis_goes_on_while_something_else_is_opened(open_window, qtbot, face_clip, plain_clip):
    window = open_window(face_clip, "--analyze")
    qtbot.waitUntil(lambda: window.desk.state is State.ANALYSING, timeout=20_000)
    job = window.desk.cases.queue.running.job
    drop(window, plain_clip)
    assert question(window) is None
    assert not job.token.is_cancelled
    wait_state(qtbot, window, State.READY)
    assert window.desk.item.info.path == plain_clip
    qtbot.waitUntil(lambda: window.desk.cases.entries[1].state is EntryState.DONE, timeout=60_000)
    window.desk.show_item(1)
    wait_state(qtbot, window, State.DONE)
    assert not window.desk.result.provenance.aborted
    assert window.desk.item.info.path == face_clip


def test_an_export_is_not_stopped_without_a_question(examined, qtbot, tmp_path, plain_clip):
    path = tmp_path / "report.json"
    with qtbot.waitSignal(examined.desk.exported, timeout=60_000):
        examined.desk.export("json", path)
        examined.desk.open(plain_clip)
        dialog = question(examined)
        assert dialog.message == "Stop the export and open plain.mp4?"
        qtbot.mouseClick(dialog.no, Qt.MouseButton.LeftButton)
    assert path.exists()


def test_without_work_there_is_no_question(examined, qtbot, plain_clip):
    examined.desk.open(plain_clip)
    assert question(examined) is None
    # opening is not work that is lost: a second thought is not asked about either
    examined.desk.open(plain_clip)
    assert question(examined) is None
    wait_state(qtbot, examined, State.READY)
    assert examined.desk.item.info.path == plain_clip


def test_closing_in_the_middle_of_an_analysis_asks_first(open_window, qtbot, face_clip):
    window = open_window(face_clip, "--analyze")
    qtbot.waitUntil(lambda: window.desk.predictions is not None and len(window.desk.predictions) > 0, timeout=60_000)
    job = window.desk.cases.queue.running.job
    assert not window.close()
    dialog = window.findChild(UnsavedDialog)
    assert dialog.isVisible()
    assert not job.token.is_cancelled
    qtbot.mouseClick(dialog.discard, Qt.MouseButton.LeftButton)
    assert not window.isVisible()
    assert not list(paths.unsaved_dir().glob("*.cotejo"))


def test_no_face_is_a_state_of_its_own(open_window, qtbot, tmp_path, astronaut):
    path = tmp_path / "rocket.png"
    cv2.imwrite(str(path), cv2.cvtColor(np.ascontiguousarray(astronaut[60:420, 330:510]), cv2.COLOR_RGB2BGR))
    window = open_window(path, "--analyze")
    wait_state(qtbot, window, State.NO_FACE)
    assert "No usable face" in texts(window.findings)
    assert "0 %" not in texts(window.findings)
    assert not window.viewer.overlays
    assert not window.table["explain"].isEnabled()
    # a picture has no time line and nothing to play
    assert not window.timeline_dock.isVisible()
    assert not window.table["play"].isEnabled()


def test_a_model_that_is_missing_is_told(open_window, qtbot, face_clip):
    settings = load_settings()
    settings.set("model_id", "nobody-1")
    settings.save()
    window = open_window(face_clip)
    wait_shown(qtbot, window, 0)
    with qtbot.waitSignal(window.desk.failed, timeout=60_000) as failure:
        window.table["analyse"].trigger()
    assert "nobody-1" in failure.args[0].user_message
    assert window.desk.state is State.READY


def test_gaps_stay_gaps(examined):
    _, scores = examined.timeline.curve_data(1)
    assert not any(math.isnan(score) for score in scores)


# the demo


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory):
    """A folder with the clip of this version."""
    folder = tmp_path_factory.mktemp("home") / "demo"
    build_demo_clip(folder / f"cotejo-demo-{DEMO_VERSION}.mp4")
    return folder


def test_the_demo_says_whether_it_was_found(open_window, qtbot, cotejo_home, demo_home):
    folder = paths.user_data_dir() / "demo"
    shutil.copytree(demo_home, folder, dirs_exist_ok=True)
    window = open_window("--demo")
    wait_state(qtbot, window, State.DONE, State.NO_FACE, timeout=180_000)
    assert window.desk.item.info.path == folder / f"cotejo-demo-{DEMO_VERSION}.mp4"
    check = check_demo(window.desk.result, DEMO_FAKE_START_S, DEMO_FAKE_END_S)
    said = texts(window.findings)
    assert "This demo clip is manipulated from 3.0 s to 5.5 s." in said
    inside, outside = (wording.score_text(mean, "en") for mean in (check.inside, check.outside))
    assert f"The mean score is {inside} there and {outside} elsewhere." in said
    assert ("The model found the stretch." in said) == check.found
    assert ("did NOT find" in said) == (not check.found)


def test_a_demo_clip_of_an_older_version_is_not_used(qapp, cotejo_home):
    folder = paths.user_data_dir() / "demo"
    folder.mkdir(parents=True)
    (folder / "cotejo-demo.mp4").write_bytes(b"older")
    item = services.open_demo(Job("demo", services.open_demo))
    assert item.info.path == folder / f"cotejo-demo-{DEMO_VERSION}.mp4"
