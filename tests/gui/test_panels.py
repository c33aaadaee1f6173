"""Panels, curves and actions on results made of real records."""

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTranslator
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from desktop_app.config import load_settings
from desktop_app.domain import Notice, Sampling, SamplingMode, Segment, Stage
from desktop_app.paths import resources_dir
from desktop_app.reports import wording
from desktop_app.reports.ratios import ratio_tables
from desktop_app.ui import theme
from desktop_app.ui.actions import ACTIONS, MENUS
from desktop_app.ui.curves import Predictions, suspicious
from desktop_app.ui.examination import Examination
from desktop_app.ui.player import Player
from desktop_app.ui.tabletop import State
from desktop_app.ui.timeline import Timeline
from desktop_app.ui.viewer import Overlay, Viewer
from desktop_app.ui.wiring import handlers_of
from tests.factories import RATE, make_measured_card, make_result, without_faces

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def shown(opened):
    """A window with the plain clip and a made-up result of two faces."""
    opened.desk.show_result(make_result(frames=36))
    return opened


def words(widget):
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


# curves


def test_a_curve_has_gaps_where_nothing_was_scored():
    result = make_result(tracks=1)
    store = Predictions(Sampling(), 1 / RATE)
    store.add(result.predictions)
    time_s, p_fake = store.curves[1].arrays()
    gated = [p.time_s for p in result.predictions if p.gate]
    assert np.isnan(p_fake[np.isin(time_s, gated)]).all()
    # frames 160 to 171 hold no face at all: one gap, not a line across
    absent = (time_s > 159.5 / RATE) & (time_s < 171.5 / RATE)
    assert absent.sum() == 1
    assert np.isnan(p_fake[absent]).all()
    assert store.curves[1].scored == sum(p.p_fake is not None for p in result.predictions)


def test_between_samples_the_nearest_one_counts_within_its_step():
    every = [p for p in make_result(tracks=1).predictions if p.frame_index % 10 == 0]
    store = Predictions(Sampling(SamplingMode.EVERY_NTH, 10), 1 / RATE)
    store.add(every)
    assert store.near(20, 20 / RATE)[0].frame_index == 20
    assert store.near(24, 24 / RATE)[0].frame_index == 20
    assert store.near(26, 26 / RATE)[0].frame_index == 30
    # frame 160 and 170 hold no face
    assert store.near(164, 164 / RATE) == ()


def test_suspicious_frames_lie_apart_and_judged_faces_come_first():
    predictions = make_result().predictions
    chosen = suspicious(predictions, 5, {2})
    assert [p.track_id for p in chosen[:2]] == [2, 2]
    times = [p.time_s for p in chosen]
    assert all(abs(a - b) >= 0.75 for i, a in enumerate(times) for b in times[:i])


# viewer


@pytest.fixture
def viewer(qtbot):
    widget = Viewer()
    qtbot.addWidget(widget)
    widget.resize(640, 400)
    widget.show()
    image = np.zeros((180, 320, 3), np.uint8)
    image[90, 100] = 255
    widget.set_picture(image)
    return widget


def test_the_wheel_keeps_the_point_under_the_pointer(viewer):
    at = QPointF(200, 150)
    viewer.zoom_actual()
    viewer._set_zoom(8.0, QPointF(320, 200))
    before = viewer.to_picture(at)
    viewer._set_zoom(viewer.zoom * 1.25, at)
    after = viewer.to_picture(at)
    assert (before - after).manhattanLength() < 0.01


def test_pixels_stay_pixels_when_zoomed_in(viewer):
    viewer._set_zoom(8.0, viewer.to_widget(QPointF(100.5, 90.5)))
    seen = viewer.grab().toImage()
    middle = viewer.to_widget(QPointF(100.5, 90.5)).toPoint()
    assert seen.pixelColor(middle) == Qt.GlobalColor.white
    assert seen.pixelColor(middle + QPoint(3, 0)) == Qt.GlobalColor.white
    assert seen.pixelColor(middle + QPoint(6, 0)) == Qt.GlobalColor.black


def test_boxes_are_as_sharp_far_in_as_far_out(viewer):
    viewer.set_overlays((Overlay(1, (50.0, 40.0, 150.0, 140.0), ""),))
    for zoom in (1.0, 8.0):
        viewer._set_zoom(zoom, viewer.to_widget(QPointF(50, 90)))
        edge = viewer.to_widget(QPointF(50, 90)).toPoint()
        row = [viewer.grab().toImage().pixelColor(edge.x() + dx, edge.y()) for dx in range(-8, 9)]
        assert 1 <= sum(color.blue() > 120 for color in row) <= 4


def test_fit_follows_the_window_and_100_percent_does_not(viewer):
    small = viewer.zoom
    viewer.resize(1000, 700)
    assert viewer.zoom > small
    viewer.zoom_actual()
    viewer.resize(640, 400)
    assert viewer.zoom == 1.0
    assert not viewer.is_fit


def test_dragging_pans_and_does_not_choose_a_face(viewer, qtbot):
    viewer.set_overlays((Overlay(1, (0.0, 0.0, 320.0, 180.0), ""),))
    viewer._set_zoom(6.0, QPointF(320, 200))
    clicked = []
    viewer.face_clicked.connect(clicked.append)
    before = viewer.to_picture(QPointF(0, 0))
    qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    qtbot.mouseMove(viewer, QPoint(260, 200))
    qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=QPoint(260, 200))
    assert viewer.to_picture(QPointF(0, 0)).x() > before.x()
    assert not clicked
    qtbot.mouseClick(viewer, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    assert clicked == [1]


def test_a_gated_face_is_dashed_and_says_why(shown):
    examination: Examination = shown.examination
    gated = next(p for p in shown.desk.result.predictions if p.gate)
    overlay = examination._overlay(gated)
    assert overlay.is_dashed
    assert overlay.text == "Person 1  face too blurred"


# timeline


def plot_point(timeline: Timeline, time_s: float) -> QPoint:
    scene = timeline.plot.view.mapViewToScene(QPointF(time_s, 0.5))
    return timeline.plot.mapFromScene(scene)


def test_a_click_and_a_drag_on_the_timeline_seek(shown, qtbot):
    timeline = shown.timeline
    sought = []
    timeline.sought.connect(sought.append)
    port = timeline.plot.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=plot_point(timeline, 0.4))
    qtbot.mouseMove(port, plot_point(timeline, 0.9))
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=plot_point(timeline, 0.9))
    assert sought[0] == pytest.approx(0.4, abs=0.02)
    assert sought[-1] == pytest.approx(0.9, abs=0.02)
    index = shown.desk.item.index
    assert shown.player.position == index.frame_at_time(sought[-1])


def test_the_timeline_zooms_about_a_moment_and_stays_inside(shown):
    timeline = shown.timeline
    whole = timeline.visible_range_s
    timeline.zoom_by(4.0, 0.5)
    low, high = timeline.visible_range_s
    assert high - low == pytest.approx((whole[1] - whole[0]) / 4, rel=0.01)
    assert low <= 0.5 <= high
    timeline.zoom_by(0.001, 0.5)
    assert timeline.visible_range_s == pytest.approx(whole)


def test_curves_carry_the_limits_of_the_card(shown):
    limits = shown.desk.card.thresholds
    assert shown.timeline.curve_ids == (1, 2)
    assert shown.timeline.plot.threshold.value() == limits.decision
    assert shown.timeline.plot.zone.getRegion() == (limits.inconclusive_low, limits.inconclusive_high)
    pens = [shown.timeline.curves.pen_of(track) for track in (1, 2)]
    assert all(pen.width() == 1 for pen in pens)
    assert pens[0].color() != pens[1].color()


# player


class FakeIndex:
    """Ten frames, the fifth of which is shown for a whole second."""

    time_s = np.array([0, 0.04, 0.08, 0.12, 0.16, 1.16, 1.20, 1.24, 1.28, 1.32])
    duration_s = 1.36

    def __len__(self):
        return 10

    def frame_at_time(self, time_s):
        return int(np.clip(np.searchsorted(self.time_s, time_s + 1e-9, side="right") - 1, 0, 9))

    def duration_of(self, index):
        return 0.04 if index != 4 else 1.0


def test_time_rules_and_late_frames_are_dropped(qtbot):
    now = [0.0]
    player = Player(clock=lambda: now[0])
    wanted = []
    player.lane.request = lambda serial, frame, ahead: wanted.append(frame)
    player.open(FakeIndex(), lambda: None)
    player._shown_serial = player._serial
    player.play()
    for moment in (0.05, 0.10, 0.5, 1.1, 1.21, 1.33):
        now[0] = moment
        player._tick()
    assert wanted == [0, 1, 2, 4, 6, 9]
    now[0] = 1.37
    player._tick()
    assert not player.is_playing
    player.shutdown()


# findings, model, item


def test_findings_say_what_it_means_and_what_not(shown):
    text = words(shown.findings)
    result = shown.desk.result
    for track in result.tracks:
        assert f"{track.frames_scored} of {track.frames_seen} frames scored" in text
    assert "What this does not mean" in text
    firsts = {notice.code: notice.message for notice in reversed(result.notices)}
    assert all(message in text for message in firsts.values())
    assert not shown.findings.track_buttons[1].text()
    assert shown.findings.track_buttons[1].accessibleName().startswith("Person 1")


def test_notices_of_several_stretches_are_not_told_in_the_words_of_the_first(opened):
    message = "Person {} was not scored in {} frames from {} to {}: too small."
    stretches = (
        Notice(Stage.QUALITY, "gate_too_small", message.format(1, 20, 0, 19), 0, 20),
        Notice(Stage.QUALITY, "gate_too_small", message.format(2, 35, 40, 74), 40, 35),
    )
    opened.desk.show_result(replace(make_result(frames=36), notices=stretches))
    text = words(opened.findings)
    assert "from 0 to 19" not in text
    assert "not scored. (55 times)" in text


def test_a_notice_that_counts_itself_is_not_counted_again(opened):
    message = "Person 1 was not scored in 20 frames from 0 to 19: too small."
    notice = Notice(Stage.QUALITY, "gate_too_small", message, 0, 20)
    opened.desk.show_result(replace(make_result(frames=36), notices=(notice,)))
    assert "not scored in 20 frames from 0 to 19: too small." in words(opened.findings)
    assert "times)" not in words(opened.findings)


def test_a_cancelled_result_says_that_it_is_partial(opened):
    opened.desk.show_result(make_result(frames=36, aborted=True))
    assert "cancelled" in words(opened.findings)
    assert opened.desk.last_analysis_was_cancelled


@pytest.mark.parametrize(
    ("spans", "said", "never"),
    [
        ([(3.1, 5.4)], "The model found the stretch.", "NOT"),
        ([], "The model did NOT find the stretch", "found"),
        ([(0.0, 1.0), (6.0, 7.0)], "reported as manipulated: 2.", "The model found"),
    ],
)
def test_the_demo_is_judged_by_its_truth_and_nothing_else_is(shown, spans, said, never):
    result = make_result(tracks=1, exhibits=False)
    segments = tuple(Segment(1, 0, 1, a, b, 0.9, result.card.thresholds.band(0.9)) for a, b in spans)
    result = replace(result, tracks=(replace(result.tracks[0], segments=segments),))
    assert "demo clip" not in words(shown.findings)
    shown.findings.show_result(result, (3.0, 5.5))
    (sentence,) = [text for text in words(shown.findings).splitlines() if "This demo clip" in text]
    assert said in sentence
    assert never not in sentence


def test_a_part_of_the_demo_is_not_judged(shown):
    shown.findings.show_result(make_result(frames=36, aborted=True), (3.0, 5.5))
    assert "demo clip" not in words(shown.findings)


def test_a_demo_without_scores_is_not_judged(shown):
    shown.findings.show_result(without_faces(make_result()), (3.0, 5.5))
    assert "It could not be checked" in words(shown.findings)
    assert "find the stretch" not in words(shown.findings)


def test_no_face_never_looks_like_a_score(opened):
    opened.desk.show_result(without_faces(make_result(frames=36)))
    assert opened.desk.state is State.NO_FACE
    assert not re.search(r"\b0([.,]\d+)?\b", words(opened.findings).replace("0 genuine", ""))


def test_the_item_panel_names_the_file_and_its_hash(opened):
    text = words(opened.item).replace(" ", "").replace("\n", "")
    assert opened.desk.item.info.sha256 in text
    assert "plain.mp4" in text


def test_the_item_panel_tells_each_kind_of_notice_once(opened):
    message = "Frame {} is damaged in the file. What the decoder made of it is shown as it is."
    damaged = tuple(Notice(Stage.MEDIA, "frame_corrupt", message.format(i), i) for i in range(300))
    other = Notice(Stage.MEDIA, "no_times", "The file carries no times.")
    opened.item.show_item(opened.desk.item.info, (*damaged, other))
    lines = [label.text() for label in opened.item.findChildren(QLabel) if label.text().startswith("•")]
    assert len(lines) == 2
    assert lines[0].endswith("(300 times)")


def test_suspicious_frames_are_reached_by_key(shown, qtbot):
    frames = sorted({p.frame_index for p in shown.findings.suspicious_frames})
    assert frames
    shown.player.seek(0)
    qtbot.keyClick(shown, Qt.Key.Key_N)
    assert shown.player.position == frames[0] > 0
    shown.player.seek(35)
    qtbot.keyClick(shown, Qt.Key.Key_P)
    assert shown.player.position == frames[-1] < 35


# actions, theme, languages


def test_the_action_table_is_sound(opened):
    keys = [spec.key for spec in ACTIONS]
    shortcuts = [shortcut for spec in ACTIONS for shortcut in spec.shortcuts]
    assert len(set(keys)) == len(keys)
    assert len(set(shortcuts)) == len(shortcuts)
    assert {spec.menu for spec in ACTIONS} == set(MENUS)
    assert set(handlers_of(opened)) == set(keys)
    for spec in ACTIONS:
        assert not spec.icon or (resources_dir() / "icons" / f"{spec.icon}.svg").is_file()


def test_every_icon_is_of_one_family():
    for path in sorted((resources_dir() / "icons").glob("*.svg")):
        text = path.read_text(encoding="utf-8")
        if path.stem != "cotejo":
            assert 'viewBox="0 0 24 24"' in text
            assert "currentColor" in text
            assert not re.search(r"#[0-9a-fA-F]{3,6}", text)


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=lambda t: t.name)
def test_contrast(tokens):
    grounds = (tokens.window, tokens.surface, tokens.raised)
    for text in (tokens.text, tokens.muted):
        assert all(theme.contrast(text, ground) >= 4.5 for ground in (*grounds, tokens.stage))
    for signal in (tokens.fake, tokens.unsure, tokens.genuine, tokens.focus):
        assert all(theme.contrast(signal, ground) >= 4.5 for ground in grounds)
    assert theme.contrast(tokens.on_accent, tokens.accent) >= 4.5
    # what is selected, in fields of the style sheet and elsewhere
    assert theme.contrast(tokens.surface, tokens.focus) >= 4.5
    dressed, role = theme.palette(tokens), QPalette.ColorRole
    for text, ground in (
        (role.HighlightedText, role.Highlight),
        (role.PlaceholderText, role.Base),
        (role.ToolTipText, role.ToolTipBase),
        (role.ButtonText, role.Button),
        (role.Link, role.Window),
    ):
        assert theme.contrast(dressed.color(text).name(), dressed.color(ground).name()) >= 4.5
    assert theme.contrast(tokens.focus, tokens.window) >= 3
    assert all(theme.contrast(color, tokens.surface) >= 3 for color in tokens.tracks)


def test_every_control_has_a_name(shown):
    for button in shown.findChildren(QAbstractButton):
        # Qt's own corner and scroll buttons are not ours to name
        if button.isVisible() and not button.objectName().startswith(("qt_", "Scroll")):
            assert button.text() or button.accessibleName(), button


def test_the_theme_changes_while_running_and_is_kept(shown):
    for name, tokens in (("dark", theme.DARK), ("light", theme.LIGHT)):
        shown.table[f"theme_{name}"].trigger()
        assert shown.tokens == tokens
        assert QApplication.palette().window().color().name() == tokens.window
        assert load_settings().get_str("theme") == name
        assert shown.table[f"theme_{name}"].isChecked()
        assert not shown.table["theme_system"].isChecked()


def test_it_fits_a_small_screen(shown):
    shown.resize(1280, 720)
    assert shown.minimumSizeHint().width() <= 1280
    assert shown.minimumSizeHint().height() <= 720
    assert shown.viewer.height() > 250


def test_the_window_speaks_spanish(open_window):
    settings = load_settings()
    settings.set("language", "es")
    settings.save()
    window = open_window()
    assert window.menuBar().actions()[0].text() == "&Archivo"
    assert window.stage.start.open_button.text() == "Abrir un archivo…"


def _tool():
    spec = importlib.util.spec_from_file_location("translations", REPO / "packaging" / "translations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_is_translated_and_compiled(qapp):
    tool = _tool()
    path = tool.FOLDER / "cotejo_es.ts"
    assert tool.missing(path) == []
    translator = QTranslator()
    assert translator.load(str(path.with_suffix(".qm")))
    for (context, source), translation in tool.read(path).items():
        assert translator.translate(context, source) == translation
        assert source.count("{}") == translation.count("{}"), source
        assert source.endswith("…") == translation.endswith("…"), source


@pytest.mark.parametrize("language", ["en", "es"])
def test_findings_and_model_say_what_a_score_is_worth(shown, language):
    result = replace(make_result(frames=36), card=make_measured_card())
    for panel in (shown.findings, shown.model):
        panel.set_language(language)
    shown.findings.show_result(result)
    shown.model.show_card(result.card)
    ratio = result.ratio_of(result.verdict)
    found, model = words(shown.findings), words(shown.model)
    assert wording.headline(result.verdict, language, ratio) in found
    assert wording.ratio_sentence(result.card, ratio, language) in found
    (table,) = ratio_tables(result.card, language)
    for cell in (table.note, *(cell for row in table.rows for cell in row)):
        assert cell in model
