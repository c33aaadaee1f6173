"""The case behind the window: items, queue, saving, what a crash leaves, one writer."""

import shutil

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton

from desktop_app import paths
from desktop_app.cases import CaseStore, unsaved_cases
from desktop_app.domain.cases import AnalysisState
from desktop_app.ui.case_dialogs import RecoveryDialog, UnsavedDialog
from desktop_app.ui.entries import EntryState
from desktop_app.ui.tabletop import State
from tests.factories import make_result
from tests.gui.conftest import wait_shown, wait_state
from tests.unit.media_clips import Clip, make_clip


@pytest.fixture(scope="module")
def three_clips(tmp_path_factory):
    """Three clips of a few frames without a face, with contents of their own."""
    folder = tmp_path_factory.mktemp("three")
    return [make_clip(folder / f"clip-{count}.mp4", Clip(".mp4", "libx264", frames=count)) for count in (24, 25, 30)]


def drop(window, *paths_):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths_])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPointF(50, 50), copy, mime, left, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), copy, mime, left, none))


def settled(qtbot, window):
    cases = window.desk.cases
    qtbot.waitUntil(lambda: not window.desk.worker.wanted and cases.queue.running is None, timeout=60_000)


def states(window):
    return [entry.state for entry in window.desk.cases.entries.values()]


def visible(window, kind):
    return [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]


def with_result(path, clip):
    """A case of one item with a whole result."""
    with CaseStore.create(path) as store:
        item = store.items.add(clip)
        store.analyses.add_result(item.item_id, make_result(frames=36))
    return path


def test_dropping_files_and_a_folder_fills_the_case(open_window, qtbot, three_clips, tmp_path):
    folder = tmp_path / "more"
    (folder / "deep").mkdir(parents=True)
    shutil.copy(three_clips[2], folder / "deep" / "last.mp4")
    (folder / "readme.txt").write_text("no clip")
    window = open_window()
    drop(window, three_clips[0], three_clips[1], folder)
    wait_shown(qtbot, window, 0)
    qtbot.waitUntil(lambda: len(window.desk.cases.entries) == 3, timeout=20_000)
    settled(qtbot, window)
    assert [row.name.text() for row in window.case.rows.values()] == ["clip-24.mp4", "clip-25.mp4", "last.mp4"]
    assert window.desk.item.info.path == three_clips[0]
    assert window.case.rows[1].isChecked()
    qtbot.mouseClick(window.case.rows[3], Qt.MouseButton.LeftButton)
    wait_shown(qtbot, window, 0)
    assert window.desk.item.info.path.name == "last.mp4"
    assert window.case.rows[3].isChecked()
    assert not window.case.rows[1].isChecked()


def test_a_queue_of_three_is_worked_off_in_its_order(open_window, qtbot, three_clips):
    window = open_window()
    window.desk.open_all(three_clips)
    qtbot.waitUntil(lambda: len(window.desk.cases.entries) == 3, timeout=20_000)
    settled(qtbot, window)
    order = []
    window.desk.cases.queue.started.connect(order.append)
    window.table["analyse_all"].trigger()
    assert states(window) == [EntryState.RUNNING, EntryState.WAITING, EntryState.WAITING]
    window.case.rows[3].setFocus()
    window.table["queue_up"].trigger()
    assert window.desk.cases.queue.waiting == [3, 2]
    assert "1" in window.case.rows[3].state.text()
    settled(qtbot, window)
    assert order == [1, 3, 2]
    assert states(window) == [EntryState.DONE] * 3
    assert all(entry.has_no_face for entry in window.desk.cases.entries.values())
    assert window.desk.state is State.NO_FACE
    store = window.desk.cases.file.store
    assert [a.item_id for a in store.analyses.all()] == [1, 3, 2]
    assert all(a.state is AnalysisState.FINISHED for a in store.analyses.all())


def test_the_queue_is_held_and_an_item_taken_out(open_window, qtbot, three_clips):
    window = open_window()
    window.desk.open_all(three_clips)
    qtbot.waitUntil(lambda: len(window.desk.cases.entries) == 3, timeout=20_000)
    settled(qtbot, window)
    window.table["analyse_all"].trigger()
    window.table["pause"].trigger()
    qtbot.waitUntil(lambda: window.desk.cases.queue.running is None, timeout=30_000)
    assert window.desk.cases.queue.waiting == [1, 2, 3] or states(window)[0] is EntryState.DONE
    window.case.rows[2].setFocus()
    window.table["queue_remove"].trigger()
    settled(qtbot, window)
    assert states(window)[1] is EntryState.IDLE
    window.table["pause"].trigger()
    qtbot.waitUntil(lambda: not window.desk.cases.queue.waiting, timeout=60_000)
    settled(qtbot, window)
    assert states(window) == [EntryState.DONE, EntryState.IDLE, EntryState.DONE]


def test_saving_gives_the_case_its_name(open_window, qtbot, plain_clip, tmp_path):
    window = open_window(plain_clip)
    wait_shown(qtbot, window, 0)
    settled(qtbot, window)
    temporary = window.desk.cases.info.path
    window.table["save_case"].trigger()
    dialog = visible(window, QFileDialog)[0]
    with qtbot.waitSignal(window.desk.cases.saved, timeout=20_000):
        dialog.fileSelected.emit(str(tmp_path / "Case 7.cotejo"))
        dialog.close()
    assert window.windowTitle() == "plain.mp4 - Case 7 - Cotejo"
    assert not temporary.exists()
    window.table["new_case"].trigger()
    qtbot.waitUntil(lambda: window.desk.cases.info is None)
    assert window.windowTitle() == "Cotejo"
    recent = [b for b in window.stage.start.findChildren(QPushButton) if b.property("case")]
    qtbot.mouseClick(recent[0], Qt.MouseButton.LeftButton)
    wait_shown(qtbot, window, 0)
    assert window.windowTitle() == "plain.mp4 - Case 7 - Cotejo"


def test_a_stored_result_is_shown_when_its_item_is_opened(open_window, qtbot, plain_clip, tmp_path):
    path = with_result(tmp_path / "case.cotejo", plain_clip)
    window = open_window()
    drop(window, path)
    wait_shown(qtbot, window, 0)
    settled(qtbot, window)
    # the factory's result is of another file: its scores are not laid over this one
    assert window.desk.result is None
    assert window.desk.cases.entries[1].state is EntryState.DONE


def test_unsaved_results_are_asked_about(open_window, qtbot, three_clips, tmp_path):
    window = open_window(three_clips[0], "--analyze")
    wait_state(qtbot, window, State.NO_FACE)
    settled(qtbot, window)
    assert not window.close()
    visible(window, UnsavedDialog)[0].reject()
    assert window.isVisible()
    assert not window.close()
    qtbot.mouseClick(visible(window, UnsavedDialog)[0].save, Qt.MouseButton.LeftButton)
    dialog = visible(window, QFileDialog)[0]
    dialog.fileSelected.emit(str(tmp_path / "kept.cotejo"))
    dialog.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    with CaseStore.open(tmp_path / "kept.cotejo", read_only=True) as store:
        assert store.analyses.all()[0].state is AnalysisState.FINISHED
    assert not unsaved_cases()


def test_nothing_is_asked_where_nothing_is_lost(open_window, qtbot, plain_clip):
    window = open_window(plain_clip)
    wait_shown(qtbot, window, 0)
    settled(qtbot, window)
    assert window.close()
    assert not list(paths.unsaved_dir().glob("*.cotejo"))


@pytest.fixture
def left_behind(cotejo_home, plain_clip):
    """What a program that was killed leaves: a temporary case with a result."""
    paths.unsaved_dir().mkdir(parents=True)
    return with_result(paths.unsaved_dir() / "2026-01-02-030405-abcdef.cotejo", plain_clip)


def test_what_a_crash_left_is_offered_and_goes_on(open_window, qtbot, left_behind):
    window = open_window()
    window.desk.warm_up()
    qtbot.waitUntil(lambda: bool(visible(window, RecoveryDialog)), timeout=60_000)
    dialog = visible(window, RecoveryDialog)[0]
    assert "plain.mp4" in "\n".join(label.text() for label in dialog.findChildren(QLabel))
    qtbot.mouseClick(dialog.findChild(QPushButton, "open"), Qt.MouseButton.LeftButton)
    wait_shown(qtbot, window, 0)
    settled(qtbot, window)
    assert window.windowTitle() == "plain.mp4 - Unsaved case - Cotejo"
    assert window.desk.cases.has_unsaved
    window.abandon()
    # still nobody has decided: it is offered again
    assert unsaved_cases() == (left_behind,)


def test_what_a_crash_left_can_be_discarded(open_window, qtbot, left_behind):
    window = open_window()
    window.desk.cases.look_for_left()
    qtbot.waitUntil(lambda: bool(visible(window, RecoveryDialog)), timeout=20_000)
    dialog = visible(window, RecoveryDialog)[0]
    qtbot.mouseClick(dialog.findChild(QPushButton, "discard"), Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert not left_behind.exists()
    assert not visible(window, RecoveryDialog)


def test_a_case_that_is_open_elsewhere_is_read_only(open_window, qtbot, plain_clip, three_clips, tmp_path):
    path = with_result(tmp_path / "case.cotejo", plain_clip)
    with CaseStore.open(path):
        window = open_window()
        window.desk.cases.open_case(path)
        wait_shown(qtbot, window, 0)
        settled(qtbot, window)
        assert window.banner.isVisible()
        assert not window.table["analyse"].isEnabled()
        with qtbot.waitSignal(window.desk.failed, timeout=20_000) as failure:
            window.desk.open(three_clips[0])
        assert "reading only" in failure.args[0].user_message
        window.abandon()


def test_a_broken_off_analysis_is_shown_as_a_part_and_goes_on(open_window, qtbot, face_clip):
    window = open_window(face_clip)
    wait_shown(qtbot, window, 0)
    settled(qtbot, window)
    window.settings.set("batch_size", 2)
    queue = window.desk.cases.queue
    queue.grew.connect(lambda _: len(queue.running.predictions) and window.desk.cancel())
    window.table["analyse"].trigger()
    wait_state(qtbot, window, State.DONE)
    settled(qtbot, window)
    part = window.desk.result
    assert part.provenance.aborted
    assert states(window) == [EntryState.ABORTED]
    assert window.case.rows[1].state.text().startswith("Broken off at ")
    queue.grew.disconnect()
    queue.grew.connect(window.desk._on_grew)
    qtbot.mouseClick(window.findings.findChild(QPushButton, "resume"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: states(window) == [EntryState.DONE], timeout=60_000)
    settled(qtbot, window)
    whole = window.desk.result
    assert not whole.provenance.aborted
    assert whole.predictions[: len(part.predictions)] == part.predictions
    assert len(whole.predictions) > len(part.predictions)
    assert len(window.desk.cases.file.store.analyses.all()) == 1
