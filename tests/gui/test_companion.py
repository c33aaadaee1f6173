"""Two items beside each other: linked time, the search for a moment, zoom, difference, and what leaves the window."""

from fractions import Fraction

import av
import cv2
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from desktop_app.errors import InputError
from desktop_app.ui.companion import Mode
from desktop_app.ui.compare_dialog import CompareDialog
from desktop_app.ui.dialogs import MessageDialog
from desktop_app.ui.linking import Side
from tests.gui.conftest import pixels, wait_shown
from tests.unit.test_media_moments import CUT, scene

COUNT, PART = 70, 40


def encode(path, pictures, stamps=None, crf="14", aspect=None):
    """Write a clip; `stamps` in milliseconds, else 25 in a second."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"preset": "veryfast", "crf": crf})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt, stream.time_base = "yuv420p", Fraction(1, 1000)
        stream.codec_context.time_base = Fraction(1, 1000)
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        for number, image in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(image, "rgb24")
            frame.pts, frame.time_base = stamps[number] if stamps else 40 * number, Fraction(1, 1000)
            for packet in stream.encode(frame):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return path


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    """The known clip."""
    return encode(tmp_path_factory.mktemp("compare") / "source.mp4", [scene(n) for n in range(COUNT)])


@pytest.fixture(scope="session")
def questioned(tmp_path_factory):
    """Frames 23 to 62 of it, smaller and compressed anew, with uneven times."""
    pictures = [cv2.resize(scene(n), (240, 136)) for n in range(CUT, CUT + PART)]
    stamps = [40 * n + 9 * (n % 3) for n in range(PART)]
    return encode(tmp_path_factory.mktemp("compare") / "questioned.mp4", pictures, stamps, crf="30")


@pytest.fixture
def window(open_window, qtbot, questioned):
    made = open_window(questioned)
    wait_shown(qtbot, made, 0)
    return made


@pytest.fixture
def compared(window, qtbot, source):
    """The window with the known clip beside the questioned one."""
    window.companion.open_file(source)
    wait_second(qtbot, window, 0)
    return window


def wait_second(qtbot, window, frame):
    def is_there():
        picture = window.companion.picture
        return picture is not None and picture.frame.index == frame

    qtbot.waitUntil(is_there, timeout=20_000)


def go(qtbot, window, frame):
    window.player.seek(frame)
    wait_shown(qtbot, window, frame)


def idle(window):
    return not window.desk.worker.wanted and window.desk.worker.current is None


def at_offset(qtbot, window, first, second):
    """Link a frame of the open item with one of the other."""
    go(qtbot, window, first)
    window.table["compare_link"].trigger()
    window.companion.seek(second)
    wait_second(qtbot, window, second)
    window.table["compare_link"].trigger()


# choosing


def test_an_item_of_the_case_is_chosen_from_a_list(window, qtbot, source):
    assert not window.board.pair.head.isVisible()
    window.desk.cases.add([source])
    qtbot.waitUntil(lambda: len(window.desk.cases.entries) == 2 and idle(window), timeout=20_000)
    assert not window.table["find_moment"].isEnabled()
    window.table["compare"].trigger()
    dialog = window.findChild(CompareDialog)
    # the open item is offered too, last
    assert list(dialog.rows) == [2, 1]
    assert "source.mp4" in dialog.rows[2].accessibleName()
    QTest.keyClick(dialog.rows[2], Qt.Key.Key_Space)
    wait_second(qtbot, window, 0)
    pane, head = window.board.pair.pane, window.board.pair.head
    assert window.table["find_moment"].isEnabled()
    assert (pane.head.name.text(), head.name.text()) == ("source.mp4", "questioned.mp4")
    sha256 = window.companion.item.info.sha256
    assert pane.head.facts.text() == f"Frame 0   0:00.000   SHA-256 {sha256[:12]}…"
    assert sha256 in pane.head.toolTip()
    assert (head.role.text(), pane.head.role.text()) == ("Questioned", "Compared")
    # the analysis speaks of the open item alone
    assert window.desk.item_id == 1


def test_a_file_from_disk_joins_the_case(compared):
    entries = compared.desk.cases.entries
    assert [entry.item.path.name for entry in entries.values()] == ["questioned.mp4", "source.mp4"]
    assert entries[2].item.sha256 == compared.companion.item.info.sha256
    assert compared.desk.item_id == 1


def test_a_file_that_is_no_video_and_one_that_changed_are_told(window, qtbot, source, tmp_path):
    broken = tmp_path / "notes.mp4"
    broken.write_text("This is no video.", encoding="utf-8")
    window.companion.open_file(broken)
    qtbot.waitUntil(lambda: window.findChild(MessageDialog) is not None)
    window.findChild(MessageDialog).close()
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(source.read_bytes())
    window.desk.cases.add([copy])
    qtbot.waitUntil(lambda: len(window.desk.cases.entries) == 2 and idle(window), timeout=20_000)
    for change, words in ((lambda: copy.write_bytes(broken.read_bytes()), None), (copy.unlink, "not where it was")):
        change()
        window.companion.open_item(2)
        qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(MessageDialog)), timeout=20_000)
        said = [dialog.message for dialog in window.findChildren(MessageDialog) if dialog.isVisible()]
        assert words is None or words in said[-1]
        for dialog in window.findChildren(MessageDialog):
            dialog.close()
        qtbot.waitUntil(lambda: not window.findChildren(MessageDialog))
    assert window.companion.item is None
    assert not window.board.pair.pane.isVisible()


# time


def test_the_other_item_shows_the_frame_of_the_same_moment(compared, qtbot):
    at_offset(qtbot, compared, 4, CUT + 4)
    for frame in (0, 5, 17, PART - 1):
        go(qtbot, compared, frame)
        # the questioned frames are up to 18 ms late, the known ones stand for 40 ms
        wait_second(qtbot, compared, CUT + frame - (1 if 9 * (frame % 3) < 9 * (4 % 3) else 0))
    pair = compared.board.pair
    assert pixels(pair.pane.viewer.image).shape == (180, 320, 3)
    # by key, as time is stepped
    QTest.keyClick(compared, Qt.Key.Key_Left)
    wait_shown(qtbot, compared, PART - 2)
    wait_second(qtbot, compared, CUT + PART - 2)


def test_playing_ends_with_both_at_the_same_moment(compared, qtbot):
    at_offset(qtbot, compared, 1, CUT + 1)
    go(qtbot, compared, PART - 8)
    compared.table["play"].trigger()
    qtbot.waitUntil(lambda: compared.player.position == PART - 1 and not compared.player.is_playing, timeout=20_000)
    wait_second(qtbot, compared, compared.companion.place.frame)
    assert compared.companion.place.frame in (CUT + PART - 2, CUT + PART - 1)


def test_before_the_start_and_after_the_end_no_frame_is_shown(compared, qtbot):
    pane = compared.board.pair.pane
    at_offset(qtbot, compared, 20, 2)
    go(qtbot, compared, 0)
    assert compared.companion.place.side is Side.BEFORE
    assert compared.companion.picture is None
    assert pane.away.isVisible()
    assert pane.away.text().startswith("Before the start: this item begins 0:00.7")
    assert not pane.head.facts.text().startswith("Frame")
    compared.table["copy_comparison"].trigger()
    assert "no two frames" in compared.strip.text.text()
    at_offset(qtbot, compared, 0, COUNT - 3)
    go(qtbot, compared, PART - 1)
    assert compared.companion.place.side is Side.AFTER
    assert pane.away.text().startswith("After the end")
    go(qtbot, compared, 1)
    wait_second(qtbot, compared, COUNT - 2)
    assert not pane.away.isVisible()


def test_a_nudge_moves_the_offset_by_a_frame_and_reset_links_the_starts(compared, qtbot):
    bar = compared.comparison.bar
    assert bar.offset.text() == "Linked +0:00.000"
    for count in (1, 2):
        QTest.keyClick(compared, Qt.Key.Key_Period)
        wait_second(qtbot, compared, count)
    QTest.keyClick(compared, Qt.Key.Key_Comma)
    wait_second(qtbot, compared, 1)
    assert bar.offset.text() == "Linked +0:00.040"
    go(qtbot, compared, 10)
    wait_second(qtbot, compared, 11)
    compared.table["compare_reset"].trigger()
    wait_second(qtbot, compared, 10)


def test_unlinked_it_moves_alone(compared, qtbot):
    bar = compared.comparison.bar
    assert not bar.slider.isEnabled()
    compared.table["compare_link"].trigger()
    assert bar.offset.text() == "Not linked"
    bar.slider.setValue(33)
    wait_second(qtbot, compared, 33)
    QTest.keyClick(compared, Qt.Key.Key_Period)
    wait_second(qtbot, compared, 34)
    go(qtbot, compared, 8)
    assert compared.companion.place.frame == 34
    assert bar.slider.value() == 34


def test_the_same_file_is_compared_with_itself_at_an_offset(window, qtbot):
    window.companion.open_item(window.desk.item_id)
    wait_second(qtbot, window, 0)
    QTest.keyClick(window, Qt.Key.Key_Period)
    go(qtbot, window, 3)
    wait_second(qtbot, window, 4)
    assert len(window.desk.cases.entries) == 1


# the same moment


def test_the_moment_of_a_trimmed_and_scaled_copy_is_found(compared, qtbot):
    go(qtbot, compared, 15)
    QTest.keyClick(compared, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    wait_second(qtbot, compared, CUT + 15)
    assert compared.comparison.bar.says.text().startswith(f"Frame {CUT + 15} is the most alike: it differs in ")
    go(qtbot, compared, 30)
    wait_second(qtbot, compared, CUT + 30)


def test_where_nothing_is_alike_it_is_said_and_nothing_is_linked(window, qtbot, tmp_path):
    other = encode(tmp_path / "other.mp4", [scene(n, seed=9) for n in range(12)])
    window.companion.open_file(other)
    wait_second(qtbot, window, 0)
    before = window.companion.link
    window.table["find_moment"].trigger()
    qtbot.waitUntil(lambda: "Nothing alike" in window.comparison.bar.says.text(), timeout=20_000)
    assert window.companion.link == before


def test_a_picture_is_found_in_a_clip_and_a_clip_beside_a_picture_stays(open_window, qtbot, tmp_path, source):
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), cv2.cvtColor(cv2.resize(scene(41), (480, 270)), cv2.COLOR_RGB2BGR))
    window = open_window(path)
    wait_shown(qtbot, window, 0)
    window.companion.open_file(source)
    wait_second(qtbot, window, 0)
    window.table["find_moment"].trigger()
    wait_second(qtbot, window, 41)


def test_a_frame_that_does_not_decode_is_said_once(compared, qtbot):
    pane = compared.board.pair.pane
    compared.table["play"].trigger()
    compared.companion.lane.failed.emit(InputError("Frame 3 is damaged and cannot be decoded.", ""))
    assert not compared.player.is_playing
    assert compared.companion.picture is None
    assert pane.away.text() == "This frame cannot be decoded."
    assert len(compared.findChildren(MessageDialog)) == 1
    compared.findChild(MessageDialog).close()
    go(qtbot, compared, 12)
    wait_second(qtbot, compared, compared.companion.place.frame)
    assert not pane.away.isVisible()


# coming and going


def test_it_survives_another_language(compared, qtbot):
    at_offset(qtbot, compared, 6, 30)
    compared.table["compare_difference"].trigger()
    compared.settings.set("language", "es")
    compared.setup.set_language()
    qtbot.waitUntil(lambda: compared.board.pair.head.role.text() == "Dubitado", timeout=20_000)
    wait_shown(qtbot, compared, 6)
    wait_second(qtbot, compared, 30)
    assert compared.companion.mode is Mode.DIFFERENCE
    assert compared.table["compare_difference"].isChecked()
    assert compared.board.pair.pane.head.name.text() == "source.mp4"
    assert compared.comparison.bar.offset.text().startswith("Enlazado +0:00,9")
    assert compared.comparison.bar.isVisible()


def test_it_goes_with_the_item(compared, qtbot, source):
    compared.table["compare_close"].trigger()
    assert not compared.board.pair.pane.isVisible()
    assert not compared.board.pair.head.isVisible()
    assert compared.viewer.isVisible()
    assert not compared.table["compare_link"].isEnabled()
    compared.companion.open_item(2)
    wait_second(qtbot, compared, 0)
    compared.desk.show_item(2)
    qtbot.waitUntil(lambda: compared.desk.item_id == 2 and idle(compared), timeout=20_000)
    assert compared.companion.item is None
    assert not compared.comparison.bar.isVisible()


def test_it_has_room_in_a_small_window(compared, qtbot):
    compared.resize(1280, 720)
    qtbot.wait(50)
    bar = compared.comparison.bar
    ends = [QRect(b.mapTo(bar, b.rect().topLeft()), b.size()) for b in bar._buttons.values()]
    assert all(bar.rect().contains(end) for end in ends)
    assert bar.slider.width() >= 50
    viewers = compared.viewer, compared.board.pair.pane.viewer
    assert abs(viewers[0].width() - viewers[1].width()) <= 1
    assert viewers[0].height() == viewers[1].height()
    for button in bar._buttons.values():
        assert button.accessibleName()
        assert button.toolTip()
