"""The examiner's notebook: marks, notes and conclusion stay with the item, in the case and over a restart."""

import shutil

import pytest
from PySide6.QtCore import Qt

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
    window.abandon()
    with CaseStore.open(case, read_only=True) as store:
        assert [note.text for note in store.notes.all(1)] == ["Written at the last moment."]
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
