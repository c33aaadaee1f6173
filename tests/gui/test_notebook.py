"""The examiner's notebook: marks, notes and conclusion stay with the item, in the case and over a restart."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton

from desktop_app.analysis.dossiers import details_of
from desktop_app.cases import CaseStore
from desktop_app.ui.marks import MarkSet
from tests.gui.conftest import wait_shown
from tests.unit.media_clips import Clip, make_clip


def settled(qtbot, window):
    qtbot.waitUntil(lambda: not window.desk.worker.wanted, timeout=30_000)


def press(window, *keys):
    for key in keys:
        window.table[key].trigger()


@pytest.fixture
def case(tmp_path, plain_clip):
    """A saved case with the plain clip, and a clip to go away to."""
    path = tmp_path / "case.cotejo"
    other = make_clip(tmp_path / "other.mp4", Clip(".mp4", "libx264", frames=24))
    with CaseStore.create(path) as store:
        store.items.add(plain_clip)
        store.items.add(other)
    return path


@pytest.fixture
def window(open_window, qtbot, case):
    """The case in a window, its first item shown."""
    window = open_window()
    window.desk.cases.open_case(case)
    wait_shown(qtbot, window, 0)
    settled(qtbot, window)
    return window


def mark_some(qtbot, window):
    for frame, keys in ((4, ("mark_in",)), (9, ("bookmark",)), (20, ("bookmark", "mark_out"))):
        window.player.seek(frame)
        press(window, *keys)
    settled(qtbot, window)


def test_marks_are_in_the_case_and_come_back_with_the_item(window, qtbot, open_window, case):
    mark_some(qtbot, window)
    window.marks.name_bookmark(9, "left ear")
    time_s = float(window.player.index.time_s[9])
    expected = MarkSet(4, 20, ((9, "left ear"), (20, "")))
    assert window.marks.now == expected
    window.desk.show_item(2)
    wait_shown(qtbot, window, 0)
    assert window.marks.now == MarkSet()
    assert not window.marks.undo_stack.canUndo()
    window.desk.show_item(1)
    qtbot.waitUntil(lambda: window.marks.now == expected, timeout=20_000)
    settled(qtbot, window)
    window.abandon()
    with CaseStore.open(case, read_only=True) as store:
        kept = store.bookmarks.all(1)
    assert [(mark.frame_index, mark.label) for mark in kept] == [(9, "left ear"), (20, "")]
    assert kept[0].time_s == pytest.approx(time_s)
    again = open_window()
    again.desk.cases.open_case(case)
    wait_shown(qtbot, again, 0)
    assert again.marks.now == expected
    again.player.set_looping(True)
    again.player.play(-1.0)
    assert again.player.position == 20
    again.player.pause()


def test_one_history_for_marks_notes_and_conclusion(window, qtbot):
    notebook = window.desk.notebook
    press(window, "bookmark")
    notebook.add_note("The mouth blurs.")
    notebook.set_conclusion("Manipulated, as I see it.")
    press(window, "mark_out")
    settled(qtbot, window)
    store = window.desk.cases.file.store
    (note,) = store.notes.all(1)
    assert note.text == "The mouth blurs."
    assert notebook.now.notes[0].author == note.author != ""
    assert details_of(store, 1).conclusion == "Manipulated, as I see it."
    assert details_of(store, 2).conclusion == ""
    press(window, "undo", "undo")
    assert window.marks.now.last is None
    assert notebook.now.conclusion == ""
    press(window, "undo")
    settled(qtbot, window)
    assert store.notes.all(1) == ()
    assert details_of(store, 1).conclusion == ""
    assert [mark.frame_index for mark in store.bookmarks.all(1)] == [0]
    press(window, "redo", "redo", "redo", "undo", "undo", "redo")
    settled(qtbot, window)
    assert [note.text for note in store.notes.all(1)] == ["The mouth blurs."]
    notebook.change_note(notebook.now.notes[0].key, "The mouth blurs at [frame 3].")
    settled(qtbot, window)
    assert [note.text for note in store.notes.all(1)] == ["The mouth blurs at [frame 3]."]
    notebook.remove_note(notebook.now.notes[0].key)
    settled(qtbot, window)
    assert store.notes.all() == ()


def test_what_is_written_last_is_kept_when_the_window_closes(window, qtbot, case):
    window.desk.notebook.add_note("Written at the last moment.")
    press(window, "bookmark")
    window.notes.editor.setPlainText("Not even finished.")
    window.abandon()
    with CaseStore.open(case, read_only=True) as store:
        assert [note.text for note in store.notes.all(1)] == ["Written at the last moment.", "Not even finished."]
        assert len(store.bookmarks.all(1)) == 1


def test_a_read_only_case_keeps_marks_for_the_session_and_says_so(open_window, qtbot, case, tmp_path):
    with CaseStore.open(case):
        window = open_window()
        window.desk.cases.open_case(case)
        wait_shown(qtbot, window, 0)
        settled(qtbot, window)
        with qtbot.waitSignal(window.desk.notebook.said) as said:
            press(window, "bookmark")
        assert "cannot be written" in said.args[0]
        window.desk.notebook.add_note("Only here.")
        window.desk.show_item(2)
        wait_shown(qtbot, window, 0)
        window.desk.show_item(1)
        qtbot.waitUntil(lambda: window.marks.now.frames == (0,), timeout=20_000)
        assert window.desk.notebook.now.notes[0].text == "Only here."
        assert window.desk.cases.file.store.notes.all() == ()
        window.abandon()


def test_notes_of_a_case_without_a_name_are_asked_about(open_window, qtbot, plain_clip, tmp_path):
    clip = shutil.copy(plain_clip, tmp_path / "clip.mp4")
    window = open_window(clip)
    wait_shown(qtbot, window, 0)
    settled(qtbot, window)
    assert not window.desk.cases.has_unsaved
    qtbot.keyClick(window, Qt.Key.Key_M)
    assert window.desk.cases.has_unsaved
    settled(qtbot, window)
    window.table["new_case"].trigger()
    assert not window.close()
    window.abandon()


def test_a_note_with_a_link_is_written_changed_and_followed(window, qtbot):
    panel, store = window.notes, window.desk.cases.file.store
    window.player.seek(12)
    wait_shown(qtbot, window, 12)
    press(window, "note")
    assert window.side.currentWidget() is panel
    assert not panel.add_button.isEnabled()
    qtbot.keyClicks(panel.editor, "The <mouth>")
    press(window, "link_frame")
    qtbot.keyClicks(panel.editor, "blurs")
    qtbot.mouseClick(panel.add_button, Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert [note.text for note in store.notes.all(1)] == ["The <mouth> [frame 12] blurs"]
    assert panel.editor.toPlainText() == ""

    def links() -> list[QLabel]:
        return [found for found in panel.findChildren(QLabel) if "href" in found.text()]

    # what was drawn before the case answered goes away a moment later
    qtbot.waitUntil(lambda: len(links()) == 1, timeout=10_000)
    (text,) = links()
    assert "The &lt;mouth&gt; " in text.text()
    window.player.seek(0)
    text.linkActivated.emit("12")
    wait_shown(qtbot, window, 12)
    qtbot.mouseClick(panel.findChild(QToolButton, "edit"), Qt.MouseButton.LeftButton)
    panel.editor.setPlainText("The mouth is whole.")
    qtbot.mouseClick(panel.add_button, Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert [note.text for note in store.notes.all(1)] == ["The mouth is whole."]

    def visible() -> list[QToolButton]:
        return [button for button in panel.findChildren(QToolButton, "close") if button.isVisible()]

    # the list is drawn anew once the case has answered
    qtbot.waitUntil(lambda: bool(visible()), timeout=10_000)
    qtbot.mouseClick(visible()[0], Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert store.notes.all() == ()
    press(window, "undo")
    settled(qtbot, window)
    assert [note.text for note in store.notes.all(1)] == ["The mouth is whole."]


def test_the_conclusion_stays_with_its_item_and_is_the_reports(window, qtbot):
    panel, notebook, store = window.notes, window.desk.notebook, window.desk.cases.file.store
    press(window, "note")
    qtbot.keyClicks(panel.conclusion, "I see no sign of it.")
    # something else is saved while the words are not taken yet
    notebook.add_note("Meanwhile.")
    settled(qtbot, window)
    assert panel.conclusion.toPlainText() == "I see no sign of it."
    qtbot.keyClicks(panel.editor, "half a note")
    window.desk.show_item(2)
    qtbot.waitUntil(lambda: notebook.item_id == 2, timeout=20_000)
    settled(qtbot, window)
    assert panel.conclusion.toPlainText() == panel.editor.toPlainText() == ""
    assert details_of(store, 1).conclusion == "I see no sign of it."
    window.desk.show_item(1)
    qtbot.waitUntil(lambda: notebook.item_id == 1, timeout=20_000)
    assert panel.conclusion.toPlainText() == "I see no sign of it."
    assert panel.editor.toPlainText() == "half a note"
    notebook.learn_conclusion("As the report says.")
    assert panel.conclusion.toPlainText() == "As the report says."


def test_bookmarks_get_names_in_the_panel(window, qtbot):
    window.player.seek(7)
    press(window, "bookmark", "note")
    field = window.notes.names[7]
    qtbot.keyClicks(field, "left ear")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    settled(qtbot, window)
    assert [mark.label for mark in window.desk.cases.file.store.bookmarks.all(1)] == ["left ear"]
    press(window, "undo")
    assert field.text() == ""
