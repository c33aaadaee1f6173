"""The hand on picture and time: speeds, range, marks, cuts, readout, frames to take away."""

import hashlib
from dataclasses import replace
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

import desktop_app.faces  # noqa: F401  # before the guard against the network: a library asks for a local address
from desktop_app.reports import wording
from desktop_app.ui.curves import Cover
from desktop_app.ui.player import Player
from desktop_app.ui.sound import Sound
from tests.factories import make_measured_card, make_result
from tests.gui.conftest import wait_shown
from tests.gui.test_panels import FakeIndex
from tests.unit.media_clips import picture

CUT = 30


@pytest.fixture(scope="session")
def two_shots(tmp_path_factory):
    """Sixty frames with sound, another shot from frame 30 on."""
    path = tmp_path_factory.mktemp("clips") / "shots.mp4"
    other = np.random.default_rng(8).integers(0, 255, (8, 12, 3), np.uint8).repeat(8, 0).repeat(8, 1)
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=25, options={"preset": "ultrafast", "crf": "10"})
        video.width, video.height, video.pix_fmt = 96, 64, "yuv444p"
        sound = out.add_stream("aac", rate=16000)
        for number in range(60):
            image = picture(number // 6, (96, 64)) if number < CUT else other
            for packet in video.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(image), "rgb24")):
                out.mux(packet)
            wave = 0.5 * np.sin(np.arange(640, dtype=np.float32)[None] / 8)
            samples = av.AudioFrame.from_ndarray(wave.astype(np.float32), "fltp", "mono")
            samples.sample_rate, samples.pts, samples.time_base = 16000, number * 640, Fraction(1, 16000)
            for packet in sound.encode(samples):
                out.mux(packet)
        for stream in (video, sound):
            for packet in stream.encode(None):
                out.mux(packet)
    return path


@pytest.fixture
def window(open_window, qtbot, two_shots):
    made = open_window(two_shots)
    wait_shown(qtbot, made, 0)
    return made


# speeds


@pytest.fixture
def machine(qtbot):
    """A player with a clock of our own; what it asks for is kept and delivered at once."""
    now, wanted = [0.0], []
    player = Player(clock=lambda: now[0])

    def request(serial, frame, ahead):
        wanted.append((frame, ahead))
        player._shown_serial = serial

    player.lane.request = request
    player.open(FakeIndex(), lambda: None)

    def at(*moments):
        wanted.clear()
        for moment in moments:
            now[0] = moment
            player._tick()
        return [frame for frame, _ in wanted]

    yield player, at, wanted
    player.shutdown()


def test_backwards_time_runs_backwards_and_stops_at_the_start(machine):
    player, at, wanted = machine
    player.seek(9)
    player.shuttle(-1)
    # the fifth frame is shown for a whole second, also from behind
    assert at(0.05, 0.10, 0.21, 0.9, 1.22) == [8, 7, 4, 3]
    assert wanted[0][1] == 7
    at(1.5)
    assert not player.is_playing
    assert player.position == 0


def test_pressing_again_is_faster_and_the_other_way_begins_anew(machine):
    player, at, _ = machine
    speeds = []
    player.speed_changed.connect(speeds.append)
    player.shuttle(1)
    player.shuttle(1)
    player.shuttle(1)
    assert at(0.04) == [4]
    player.shuttle(-1)
    player.change_speed(-1)
    player.pause()
    assert speeds == [2.0, 4.0, -1.0, -0.5, 1.0]


def test_a_range_is_played_again_and_again(machine):
    player, at, _ = machine
    player.set_range((1, 3))
    player.set_looping(True)
    player.play()
    assert player.position == 1
    assert at(0.05, 0.09, 0.13, 0.18) == [2, 3, 1, 2]
    assert player.is_playing
    player.set_looping(False)
    at(0.5, 3.0)
    assert player.position == 9


# sound


class FakeSink:
    def __init__(self):
        self.taken, self.heard_s, self.volume, self.is_stopped = 0, 0.0, None, False

    def write(self, data):
        self.taken += len(data)
        return len(data)

    def played_s(self):
        return self.heard_s

    def set_volume(self, volume):
        self.volume = volume

    def stop(self):
        self.is_stopped = True


def test_sound_is_the_clock_while_it_lasts(window, qtbot):
    sink, now = FakeSink(), [10.0]
    sound = Sound(window, make_sink=lambda rate, parent: sink, clock=lambda: now[0])
    sound.open(window.desk.item)
    sound.set_volume(0.5)
    sound.start(0.4)
    assert sound.is_preparing
    assert sound.now_s() is None
    qtbot.waitUntil(lambda: sink.taken > 0, timeout=10_000)
    assert not sound.is_preparing
    assert sink.volume == 0.5
    sound.set_muted(True)
    assert sink.volume == 0.0
    assert sound.now_s() == pytest.approx(0.4)
    sink.heard_s = 1.0
    assert sound.now_s() == pytest.approx(1.4)
    now[0] += 0.1  # between two counts of the device
    assert sound.now_s() == pytest.approx(1.5)
    now[0] += 5.0  # the device stands still: nobody waits for it
    assert sound.now_s() is None
    assert sink.is_stopped
    sound.shutdown()


def test_without_a_device_the_pictures_play_on(window, qtbot):
    def refuse(rate, parent):
        raise OSError("none")

    sound = Sound(window, make_sink=refuse)
    window.player.sound = sound
    sound.open(window.desk.item)
    window.player.seek(40)
    wait_shown(qtbot, window, 40)
    window.player.play()
    qtbot.waitUntil(lambda: not window.player.is_playing, timeout=10_000)
    assert window.player.position == 59
    assert not sound.is_audible
    sound.shutdown()


def test_sound_is_offered_where_there_is_some(window, qtbot, plain_clip):
    mute = window.transport._buttons["mute"]
    assert mute.isVisible()
    window.desk.open(plain_clip)
    qtbot.waitUntil(lambda: window.desk.item.info.path == plain_clip, timeout=20_000)
    wait_shown(qtbot, window, 0)
    assert not mute.isVisible()
    assert not window.timeline.sound.isVisible()


# marks and cuts


def test_keys_mark_a_range_and_bookmarks_and_all_can_be_undone(window, qtbot):
    marks = window.marks
    for frame, key in ((10, Qt.Key.Key_I), (20, Qt.Key.Key_O), (15, Qt.Key.Key_M)):
        window.player.seek(frame)
        qtbot.keyClick(window, key)
    assert marks.range_or_none() == (10, 20)
    assert marks.now.frames == (15,)
    index = window.player.index
    shown = window.timeline.plot.marked.getRegion()
    assert shown == pytest.approx((index.time_s[10], index.time_s[20] + 0.04), abs=1e-3)
    window.player.seek(5)
    qtbot.keyClick(window, Qt.Key.Key_O)  # an end before the beginning: the beginning goes
    assert marks.range_or_none() == (0, 5)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert marks.range_or_none() == (10, 20)
    qtbot.keyClick(window, Qt.Key.Key_X)
    assert marks.range_or_none() is None
    assert not window.timeline.plot.marked.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert window.player.position == 15
    qtbot.keyClick(window, Qt.Key.Key_M)
    assert marks.now.frames == ()


def test_the_next_shot_is_one_key_away(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    wait_shown(qtbot, window, CUT)
    qtbot.waitUntil(lambda: window.scanner.has_all_cuts, timeout=10_000)
    assert window.navigation.cuts == (CUT,)
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert "no cut" in window.strip.text.text()


# timeline


def test_lanes_fill_with_pictures_and_sound(window, qtbot):
    timeline = window.timeline
    qtbot.waitUntil(lambda: len(timeline.sound._peaks) > 0, timeout=10_000)
    assert 0.25 < np.nanmax(timeline.sound._peaks) < 0.6
    wanted = {frame for _, frame in timeline.pictures.slots()}
    qtbot.waitUntil(lambda: wanted <= set(timeline.pictures._pictures), timeout=10_000)
    timeline.zoom_by(6.0, 1.0)
    closer = {frame for _, frame in timeline.pictures.slots()}
    assert closer - wanted
    qtbot.waitUntil(lambda: closer <= set(timeline.pictures._pictures), timeout=10_000)


def test_the_lanes_lie_under_each_other(window, qtbot):
    timeline = window.timeline
    qtbot.wait(20)
    for time_s in (0.0, 1.0, 2.4):
        scene = timeline.plot.view.mapViewToScene(QPointF(time_s, 0.5))
        assert timeline.plot.mapFromScene(scene).x() == pytest.approx(timeline.scale.x_of(time_s), abs=1.5)
    seen = []
    timeline.sought.connect(seen.append)
    QTest.mouseClick(timeline.ruler, Qt.MouseButton.LeftButton, pos=QPoint(round(timeline.scale.x_of(1.0)), 8))
    assert seen == [pytest.approx(1.0, abs=0.02)]
    wait_shown(qtbot, window, window.player.index.frame_at_time(seen[0]))


def test_the_pointer_reads_value_band_and_frame(opened):
    opened.desk.show_result(make_result(frames=36))
    timeline, index = opened.timeline, opened.player.index
    prediction = next(p for p in opened.desk.result.predictions if p.p_fake is not None)
    text = timeline.describe(prediction.time_s)
    assert f"frame {index.frame_at_time(prediction.time_s)}" in text
    assert f"Person {prediction.track_id}: {prediction.p_fake:.2f}, smoothed " in text
    timeline.show_readout(prediction.time_s)
    assert timeline.readout.isVisible()
    timeline.show_readout(None)
    assert not timeline.readout.isVisible()


def test_the_pointer_names_a_score_by_its_measured_worth(opened):
    card = make_measured_card()
    opened.desk.show_result(replace(make_result(frames=36), card=card))
    fakes = (p for p in opened.desk.result.predictions if p.p_fake is not None and p.p_fake > 0.65)
    prediction = next(fakes)
    band = card.thresholds.band(prediction.p_fake)
    weighed = wording.band_short_text(band, "en", card.ratio_of(band, "image"))
    assert weighed != wording.band_short_text(band, "en")
    assert weighed in opened.timeline.describe(prediction.time_s)


def test_coverage_says_what_became_of_every_frame(opened):
    result = make_result(frames=36)
    opened.desk.show_result(result)
    states = opened.timeline.coverage._states
    scored = {p.frame_index for p in result.predictions if p.p_fake is not None}
    seen = {p.frame_index for p in result.predictions}
    for frame in range(36):
        expected = Cover.ANALYSED if frame in scored else Cover.LOW_QUALITY if frame in seen else Cover.NO_FACE
        assert states[frame] == expected
    assert set(np.unique(opened.timeline.coverage.columns()[1])) <= {int(state) for state in Cover}


def test_a_name_in_the_timeline_chooses_the_face_everywhere(opened):
    opened.desk.show_result(make_result(frames=36))
    opened.timeline.words.legend.linkActivated.emit("2")
    assert opened.examination.track == 2
    assert [overlay.is_selected for overlay in opened.viewer.overlays if overlay.track_id == 2] == [True]
    opened.timeline.words.legend.linkActivated.emit("2")
    assert opened.examination.track is None


# picture


def test_the_pixel_under_the_pointer_is_read_and_a_region_measured(window, qtbot):
    viewer = window.viewer
    image = window.examination.picture.frame.image
    at = viewer.to_widget(QPointF(20.5, 30.5)).toPoint()
    qtbot.mouseMove(viewer, at)
    red, green, blue = (int(value) for value in image[30, 20])
    assert f"x 20  y 30  RGB {red} {green} {blue}" in viewer.reading()
    to = viewer.to_widget(QPointF(39.5, 39.5)).toPoint()
    qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at)
    qtbot.mouseMove(viewer, to)
    qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, to)
    mean = " ".join(str(round(float(v))) for v in image[30:40, 20:40].mean(axis=(0, 1)))
    assert f"Region 20 x 10 px at 20, 30; mean RGB {mean}" in viewer.reading()
    window.table["clear_region"].trigger()
    assert "Region" not in viewer.reading()


def test_the_pixels_stay_large_from_frame_to_frame(window, qtbot):
    window.table["zoom_pixels"].trigger()
    before = window.viewer.zoom, window.viewer.to_picture(QPointF(0, 0))
    window.player.step(3)
    wait_shown(qtbot, window, 3)
    assert (window.viewer.zoom, window.viewer.to_picture(QPointF(0, 0))) == before
    assert before[0] == 8.0


def test_a_frame_is_copied_and_saved_with_caption_and_hash(window, qtbot, tmp_path):
    frame = window.examination.picture.frame
    digest = hashlib.sha256(frame.image.tobytes()).hexdigest()
    window.table["copy_frame"].trigger()
    qtbot.waitUntil(lambda: "copied" in window.strip.text.text(), timeout=10_000)
    data = QGuiApplication.clipboard().mimeData()
    assert digest in data.text()
    assert window.desk.item.info.sha256 in data.text()
    assert QImage(data.imageData()).height() > frame.image.shape[0]
    path = tmp_path / "frame.png"
    window.table["save_frame"].trigger()
    dialog = window.findChild(QFileDialog)
    with qtbot.waitSignal(window.navigation.saved, timeout=10_000):
        dialog.fileSelected.emit(str(path))
        dialog.close()
    assert np.array_equal(cv2.imread(str(path))[..., ::-1], frame.image)
    note = path.with_name("frame.png.txt").read_text(encoding="utf-8")
    assert digest in note
    assert hashlib.sha256(path.read_bytes()).hexdigest() in note


# views beside each other


def test_views_beside_the_picture_show_the_same_place(window, qtbot):
    for name in ("error", "noise"):
        window.table[f"view_{name}"].trigger()
    board = window.board
    assert board.shown == ("error", "noise")
    qtbot.waitUntil(lambda: not board.panes["noise"].viewer.image.isNull(), timeout=20_000)
    assert not board.panes["error"].viewer.image.isNull()
    window.viewer._set_zoom(6.0, QPointF(window.viewer.rect().center()))
    pane = board.panes["error"].viewer
    assert (pane.zoom, pane.is_fit) == (6.0, False)
    assert (pane.center - window.viewer.center).manhattanLength() < 30
    before = pane.image
    window.player.seek(CUT)
    qtbot.waitUntil(lambda: pane.image != before, timeout=20_000)
    window.table["view_error"].trigger()
    assert board.shown == ("noise",)
    assert not pane.isVisible()
    qtbot.mouseClick(board.panes["noise"]._close, Qt.MouseButton.LeftButton)
    assert board.shown == ()
    assert not window.table["view_noise"].isChecked()
