"""The tour of the window: shown once, left at any time, in nobody's way."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from desktop_app.config import load_settings
from desktop_app.logs import stop_logging
from desktop_app.ui import app
from desktop_app.ui.tour import STEPS, best_place
from tests.gui.conftest import wait_shown


@pytest.fixture
def window(open_window):
    return open_window(size=(1280, 720))


def test_it_comes_by_itself_once(window):
    window.setup.offer_tour()
    assert window.setup.tour is not None
    assert load_settings().get("tour_seen") is True
    window.setup.tour.end()
    assert window.setup.tour is None
    window.setup.offer_tour()
    assert window.setup.tour is None
    window.table["tour"].trigger()
    assert window.setup.tour is not None


def test_it_waits_for_no_other_dialog(window):
    window.table["about"].trigger()
    window.setup.offer_tour()
    assert window.setup.tour is None
    assert not window.settings.get("tour_seen")


def test_it_goes_by_keys_alone(window, qtbot):
    window.table["tour"].trigger()
    tour = window.setup.tour
    qtbot.waitUntil(lambda: tour.card.next.hasFocus())
    titles = []
    for _ in STEPS:
        titles.append(tour.card.accessibleName())
        assert tour.card.next.accessibleDescription().startswith("Step ")
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert len(set(titles)) == len(STEPS) == 4
    assert window.setup.tour is None
    window.table["tour"].trigger()
    tour = window.setup.tour
    tour.go(2)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert tour.card.back.hasFocus()
    qtbot.keyClick(tour.card.back, Qt.Key.Key_Return)
    assert tour.number == 1
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert window.setup.tour is None


def test_the_window_can_be_used_meanwhile(window, qtbot, plain_clip):
    window.table["tour"].trigger()
    tour, button = window.setup.tour, window.stage.start.open_button
    place = button.mapTo(window, button.rect().center())
    assert not tour.card.geometry().contains(place)
    assert window.childAt(place) is button
    window.desk.open(plain_clip)
    wait_shown(qtbot, window, 0)
    tour.go(1)
    names = [spot.name for spot in tour.spots()]
    assert names == ["", ""]  # the real picture and the real timeline
    window.rebuild()
    assert window.setup.tour is None


@pytest.mark.parametrize("hidden", [(), ("panel_findings", "panel_timeline", "panel_case")])
def test_every_step_lies_in_the_window(opened, hidden):
    opened.resize(1280, 720)
    for key in hidden:
        opened.table[key].trigger()
    opened.table["tour"].trigger()
    tour = opened.setup.tour
    for number in range(len(STEPS)):
        assert tour.number == number
        assert tour.spots()
        assert opened.rect().contains(tour.card.geometry())
        for spot in tour.spots():
            assert opened.rect().contains(spot.place)
        for button in tour.card.findChildren(QPushButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width()
        tour.go(1)


def test_a_card_keeps_clear_of_what_it_speaks_of():
    room, card = QRect(0, 0, 1280, 720), QRect(0, 0, 400, 200)
    for spot in (QRect(300, 100, 680, 290), QRect(0, 500, 1280, 220), QRect(900, 60, 380, 660), QRect(8, 30, 90, 40)):
        place = QRect(best_place(room, card, [spot]), card.size())
        assert room.contains(place)
        assert not place.intersects(spot)
    assert best_place(room, card, [room]) != QPoint()


@pytest.mark.parametrize(("argv", "is_offered"), [([], True), (["--safe-mode"], False)])
def test_who_is_offered_a_tour(qapp, cotejo_home, monkeypatch, argv, is_offered):
    seen = []

    def look():
        window = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "workstation" and w.isVisible())
        seen.append(window.setup.tour is not None)
        window.close()

    monkeypatch.setattr(app, "TOUR_AFTER_MS", 0)
    QTimer.singleShot(300, look)
    try:
        assert app.main(argv) == 0
    finally:
        stop_logging()
    assert seen == [is_offered]
    assert load_settings().get("tour_seen") is is_offered
