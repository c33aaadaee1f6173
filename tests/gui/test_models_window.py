"""The window of the models, and several detectors on one item, with the real models."""

import json
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop_app import paths
from desktop_app.analysis.agreement import Agreement
from desktop_app.analysis.opinions import choose_result
from desktop_app.cases import CaseStore
from desktop_app.detectors import find_card, list_cards
from desktop_app.detectors.registry import remove_model
from desktop_app.domain.cases import AnalysisState
from desktop_app.errors import ModelError
from desktop_app.ui import detector_services
from desktop_app.ui.curves import with_gaps
from desktop_app.ui.dialogs import QuestionDialog
from desktop_app.ui.import_dialog import ImportDialog
from desktop_app.ui.tabletop import State
from tests.factories import make_card, make_result
from tests.gui.conftest import wait_shown, wait_state
from tests.unit.media_clips import Clip, make_clip


@pytest.fixture
def manager(open_window, qtbot):
    """The window of the models, filled."""
    window = open_window()
    window.table["models"].trigger()
    qtbot.waitUntil(lambda: window.models.dialog.list.count() > 0, timeout=60_000)
    yield window
    if window.models.dialog is not None:
        window.models.dialog.close()


def words(widget):
    return "\n".join(part.text() for part in widget.findChildren(QLabel) if not part.isHidden())


def press(qtbot, button):
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def free(qtbot, window):
    qtbot.waitUntil(lambda: not window.desk.worker.wanted, timeout=60_000)


def test_every_model_is_listed_with_its_card(manager, qtbot):
    dialog = manager.models.dialog
    assert dialog.list.count() == len(list_cards())
    usual = find_card()[0]
    assert dialog.chosen.card == usual
    qtbot.waitUntil(lambda: usual.name in words(dialog.card))
    assert usual.weights_sha256[:16] in words(dialog.card)
    assert not dialog.default_button.isEnabled()
    assert not dialog.remove_button.isEnabled()
    other = next(card for card in list_cards() if card.model_id != usual.model_id)
    dialog.select(other.model_id)
    qtbot.waitUntil(lambda: other.name in words(dialog.card))
    assert usual.weights_sha256[:16] not in words(dialog.card)


def test_a_self_test_is_told_with_its_date_and_remembered(manager, qtbot):
    dialog = manager.models.dialog
    assert "Not tested" in dialog.facts.text()
    press(qtbot, dialog.test_button)
    assert not dialog.import_button.isEnabled()
    qtbot.waitUntil(lambda: "passed" in dialog.facts.text(), timeout=60_000)
    assert "self-test passed" in dialog.list.currentItem().text()
    kept = json.loads((paths.user_data_dir() / "self-tests.json").read_text())
    assert kept[dialog.chosen.card.weights_sha256]["passed"] is True
    dialog.close()
    manager.table["models"].trigger()
    qtbot.waitUntil(lambda: manager.models.dialog.list.count() > 0, timeout=20_000)
    assert "passed" in manager.models.dialog.facts.text()


def test_another_default_is_kept_and_used(manager, qtbot):
    dialog = manager.models.dialog
    usual = find_card()[0].model_id
    other = next(card.model_id for card in list_cards() if card.model_id != usual)
    dialog.select(other)
    press(qtbot, dialog.default_button)
    assert manager.desk.settings.get_str("model_id") == other
    assert "for new analyses" in dialog.list.currentItem().text()
    dialog.select(usual)
    press(qtbot, dialog.default_button)
    # empty, so that a later version's default takes its place
    assert manager.desk.settings.get_str("model_id") == ""


def test_a_model_is_imported_after_an_error_was_mended_and_removed_again(manager, qtbot, tmp_path):
    dialog = manager.models.dialog
    card, folder = find_card()
    press(qtbot, dialog.import_button)
    form = next(d for d in dialog.findChildren(ImportDialog) if d.isVisible())
    assert not form.go.isEnabled()
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"no weights")
    form.file.setText(str(broken))
    form.mean.setText("half")
    press(qtbot, form.go)
    assert "“half” is no number" in form.problem.text()
    form.mean.clear()
    press(qtbot, form.go)
    qtbot.waitUntil(lambda: form.problem.isVisible() and "half" not in form.problem.text(), timeout=60_000)
    assert form.isVisible()
    form.file.setText(str(folder / card.weights_file))
    form.card.setText(str(folder / "card.toml"))
    form.model_id.setText("mine-1")
    form.name.setText("Mine")
    press(qtbot, form.go)
    qtbot.waitUntil(lambda: dialog.chosen is not None and dialog.chosen.card.model_id == "mine-1", timeout=60_000)
    assert not form.isVisible()
    assert (paths.user_models_dir() / "mine-1" / "card.toml").exists()
    assert "passed" in dialog.facts.text()
    press(qtbot, dialog.default_button)
    press(qtbot, dialog.remove_button)
    question = next(d for d in dialog.findChildren(QuestionDialog) if d.isVisible())
    qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.list.count() == len(list_cards()) and not manager.desk.worker.wanted)
    assert not (paths.user_models_dir() / "mine-1").exists()
    assert manager.desk.settings.get_str("model_id") == ""
    assert dialog.chosen.card == card


def other_card(window):
    used = window.desk.result.card.model_id
    return next(card for card in list_cards() if card.model_id != used)


def compared(qtbot, window):
    """Analyse the open item by another model, and wait until it is drawn."""
    other = other_card(window)
    qtbot.waitUntil(lambda: other.model_id in window.detector_panel.buttons, timeout=20_000)
    window.side.setCurrentWidget(window.model)
    press(qtbot, window.detector_panel.buttons[other.model_id])
    qtbot.waitUntil(lambda: window.detectors.contrast is not None, timeout=90_000)
    free(qtbot, window)
    return other


def test_detectors_are_compared_on_one_timeline(open_window, qtbot, face_clip):
    window = open_window(face_clip)
    wait_shown(qtbot, window, 0)
    window.table["analyse"].trigger()
    wait_state(qtbot, window, State.DONE)
    free(qtbot, window)
    first = window.desk.result
    other = compared(qtbot, window)
    # the result stands, and the other analysis used the same frames
    assert window.desk.result is first
    assert window.desk.cases.entries[1].analysis_id == 1
    stored = window.desk.cases.file.store.analyses.all(1)
    assert [(a.plan.card.model_id, a.state) for a in stored] == [
        (first.card.model_id, AnalysisState.FINISHED),
        (other.model_id, AnalysisState.FINISHED),
    ]
    assert stored[1].plan.request.sampling == stored[0].plan.request.sampling
    timeline, comparison = window.timeline, window.detectors.contrast.comparison
    assert len(timeline.comparison.layers) == 1
    layer = timeline.comparison.layers[0]
    assert layer.pen_of(1).style() is not timeline.curves.pen_of(1).style()
    values = np.array([p.p_fake for p in first.predictions if p.p_fake is not None])
    np.testing.assert_array_equal(comparison.p_fake[0][~np.isnan(comparison.p_fake[0])], values)
    assert [entry.text.split(":")[0] for entry in timeline.words.key.entries] == [first.card.name, other.name]
    assert timeline.agreement.isVisible()
    assert set(np.unique(timeline.agreement.columns()[1])) <= {0, *map(int, Agreement)}
    at = first.predictions[6]
    text = timeline.describe(at.time_s)
    assert "A " in text
    assert "B " in text
    assert timeline.agreement.state_at(at.time_s) in text
    said = window.detector_panel.texts
    assert "common frames" in said
    assert "no independent confirmation" in said

    # off and on again
    switch = window.detector_panel.switches[2]
    switch.click()
    qtbot.waitUntil(lambda: window.detectors.contrast is None, timeout=20_000)
    assert not timeline.agreement.isVisible()
    assert not timeline.comparison.layers
    window.table["detectors"].trigger()
    qtbot.waitUntil(lambda: window.detectors.contrast is not None, timeout=20_000)
    assert window.detectors.shown == (2,)

    # the other one becomes the result, the first one stands beside it
    press(qtbot, window.detector_panel.choices[2])
    qtbot.waitUntil(lambda: window.desk.result.card.model_id == other.model_id, timeout=20_000)
    free(qtbot, window)
    qtbot.waitUntil(lambda: window.detectors.contrast is not None, timeout=20_000)
    assert window.detectors.shown == (1,)
    assert window.desk.card.model_id == other.model_id
    assert window.desk.cases.entries[1].analysis_id == 2
    assert timeline.plot.threshold.value() == other.thresholds.decision
    qtbot.waitUntil(lambda: other.name in words(window.model))
    assert any(e.purpose.startswith("chosen") for e in window.desk.cases.file.store.audit_log())

    # a new analysis is the result again
    window.table["analyse"].trigger()
    qtbot.waitUntil(lambda: window.desk.state is State.ANALYSING, timeout=20_000)
    wait_state(qtbot, window, State.DONE)
    free(qtbot, window)
    assert window.desk.result.card.model_id == first.card.model_id
    assert window.desk.cases.entries[1].analysis_id == 3


def test_an_analysis_for_comparison_can_be_stopped_and_goes_on(open_window, qtbot, face_clip):
    window = open_window(face_clip)
    wait_shown(qtbot, window, 0)
    window.table["analyse"].trigger()
    wait_state(qtbot, window, State.DONE)
    free(qtbot, window)
    other = other_card(window)
    qtbot.waitUntil(lambda: other.model_id in window.detector_panel.buttons, timeout=20_000)
    queue = window.desk.cases.queue
    queue.set_paused(True)
    window.detectors.analyse_with(other.model_id)
    window.detectors.analyse_with(other.model_id)
    assert len(queue.waiting) == 1
    button = window.detector_panel.buttons[other.model_id]
    assert "Waiting" in button.text()
    assert not button.isEnabled()
    queue.set_paused(False)
    qtbot.waitUntil(lambda: queue.running is not None, timeout=20_000)
    window.table["cancel"].trigger()
    qtbot.waitUntil(lambda: queue.running is None, timeout=60_000)
    free(qtbot, window)
    assert window.desk.state is State.DONE
    assert window.detector_panel.buttons[other.model_id].isEnabled()
    compared(qtbot, window)
    assert window.detectors.contrast.comparison.figures().common > 0


@pytest.fixture
def stored(open_window, qtbot, tmp_path):
    """A case with stored analyses of one clip by three models, two persons; the first one is its result."""
    clip = make_clip(tmp_path / "clip.mp4", Clip(".mp4", "libx264"))
    with CaseStore.create(tmp_path / "a.cotejo") as store:
        item = store.items.add(clip)
        for seed, name in enumerate(("one", "two", "three")):
            result = make_result(frames=36, tracks=2, seed=seed, exhibits=False)
            media = replace(result.media, path=clip, sha256=item.sha256, sha512=item.sha512)
            rows = tuple(replace(p, model_id=name) for p in result.predictions)
            card = make_card(model_id=name, name=name.title())
            store.analyses.add_result(1, replace(result, media=media, card=card, predictions=rows))
        choose_result(store, 1, 1)
    window = open_window()
    window.front.open_name(str(tmp_path / "a.cotejo"))
    qtbot.waitUntil(lambda: window.desk.result is not None, timeout=20_000)
    free(qtbot, window)
    return window


def test_stored_analyses_are_offered_at_once_and_follow_the_person_and_the_language(stored, qtbot):
    window, timeline = stored, stored.timeline
    assert window.desk.result.card.model_id == "one"
    window.table["detectors"].trigger()
    qtbot.waitUntil(lambda: window.detectors.contrast is not None, timeout=20_000)
    assert window.detectors.shown == (3, 2)
    styles = {timeline.curves.pen_of(1).style(), *(layer.pen_of(1).style() for layer in timeline.comparison.layers)}
    assert len(styles) == 3
    for track in (2, 1):
        window.examination.select_track(track)
        qtbot.waitUntil(lambda track=track: f"person {track}" in words(window.detector_panel))
        assert timeline.agreement.columns()[1].any()
    before = len(window.timeline.agreement.columns()[0])
    timeline.zoom_by(4.0, 0.5)
    assert len(timeline.agreement.columns()[0]) == before
    window.settings.set("language", "es")
    window.setup.set_language()
    qtbot.waitUntil(lambda: window.table["models"].text() == "&Modelos…", timeout=20_000)
    free(qtbot, window)
    # what was shown stays shown
    qtbot.waitUntil(lambda: window.detectors.contrast is not None, timeout=20_000)
    assert window.detectors.shown == (3, 2)
    assert "confirmación independiente" in window.detector_panel.texts


def test_what_is_read_while_the_language_changes_is_not_shown_in_parts_that_are_gone(stored, qtbot, monkeypatch):
    reading, may_go_on, real = threading.Event(), threading.Event(), detector_services.read_opinions

    def slow(*args):
        reading.set()
        may_go_on.wait(20)
        return real(*args)

    monkeypatch.setattr(detector_services, "read_opinions", slow)
    stored.desk.result_changed.emit(stored.desk.result)
    qtbot.waitUntil(reading.is_set)
    before = stored.detectors
    stored.settings.set("language", "es")
    stored.setup.set_language()
    qtbot.waitUntil(lambda: stored.detectors is not before, timeout=20_000)
    may_go_on.set()
    # a crash would be in the log
    qtbot.waitUntil(lambda: len(stored.detector_panel.choices) == 2, timeout=20_000)


def test_a_shipped_model_is_never_removed(cotejo_home):
    with pytest.raises(ModelError, match="came with the program"):
        remove_model(find_card()[0].model_id)


def test_gaps_are_put_where_a_curve_pauses():
    time_s, values = with_gaps(np.array([0.0, 1.0, 5.0, 6.0]), np.array([0.1, 0.2, 0.3, 0.4]), 1.6)
    assert time_s.tolist() == [0.0, 1.0, 3.0, 5.0, 6.0]
    assert np.isnan(values).tolist() == [False, False, True, False, False]
