"""Looking at two compared items: zoom, one at a time, difference, what leaves the window; the shape of pixels."""

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from desktop_app.media import open_item
from desktop_app.ui import theme
from desktop_app.ui.boxes import Overlay
from tests.gui.conftest import pixels, wait_shown
from tests.gui.test_companion import at_offset, compared, encode, go, questioned, source, wait_second, window
from tests.unit.test_media_moments import CUT

__all__ = ["compared", "questioned", "source", "window"]


# looking


def test_zoom_and_place_are_the_same_part_of_both_pictures(compared, qtbot):
    main, other = compared.viewer, compared.board.pair.pane.viewer
    main._set_zoom(8.0, main.to_widget(QPointF(60, 34)))
    assert other.zoom == pytest.approx(8.0 * 240 / 320)
    assert other.center.x() / 320 == pytest.approx(main.center.x() / 240, abs=0.01)
    assert other.center.y() / 180 == pytest.approx(main.center.y() / 136, abs=0.01)
    other.zoom_by(1.5)
    assert main.zoom == pytest.approx(12.0)
    # the zoom stays when frames change
    go(qtbot, compared, 7)
    assert main.zoom == pytest.approx(12.0)
    assert other.zoom == pytest.approx(9.0)
    compared.table["compare_zoom"].trigger()
    main.zoom_fit()
    assert not other.is_fit
    compared.table["compare_zoom"].trigger()
    assert other.is_fit


def test_one_key_flips_between_the_two_in_the_same_place(compared, qtbot):
    pair = compared.board.pair
    shown = []
    for _ in range(3):
        QTest.keyClick(compared, Qt.Key.Key_V)
        shown.append((compared.viewer.isVisible(), pair.pane.isVisible()))
    assert shown == [(False, True), (True, False), (False, True)]
    assert compared.table["compare_flip"].isChecked()
    compared.table["compare_side"].trigger()
    assert compared.viewer.isVisible()
    assert pair.pane.isVisible()


def test_the_difference_of_a_clip_to_itself_is_nothing_and_to_another_frame_is_not(window, qtbot):
    window.companion.open_item(window.desk.item_id)
    wait_second(qtbot, window, 0)
    QTest.keyClick(window, Qt.Key.Key_D)
    says = window.comparison.bar.says
    qtbot.waitUntil(lambda: "mean 0.0 of 255" in says.text(), timeout=20_000)
    viewer = window.board.pair.pane.viewer
    assert pixels(viewer.image).max() == 0
    assert window.board.pair.pane.head.role.text() == "Difference to"
    QTest.keyClick(window, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: pixels(viewer.image).max() > 40, timeout=20_000)
    first, second = window.examination.picture.frame.image, window.companion.picture.frame.image
    expected = np.minimum(4 * np.abs(first.astype(int) - second), 255)
    qtbot.waitUntil(lambda: np.array_equal(pixels(viewer.image), expected))
    QTest.keyClick(window, Qt.Key.Key_D)
    assert np.array_equal(pixels(viewer.image), second)
    assert not says.isVisible()


# taking away


def test_both_frames_leave_as_one_picture_with_captions(compared, qtbot, tmp_path):
    at_offset(qtbot, compared, 5, CUT + 5)
    compared.table["copy_comparison"].trigger()
    qtbot.waitUntil(lambda: "copied" in compared.strip.text.text(), timeout=20_000)
    text = QGuiApplication.clipboard().text()
    infos = compared.desk.item.info, compared.companion.item.info
    for info, frame in zip(infos, (5, CUT + 5), strict=True):
        assert info.path.name in text
        assert f"SHA-256 {info.sha256}" in text
        assert f"#{frame} " in text
    assert "offset of +0:00.902" in text
    assert "shown at 318 x 180" in text
    compared.table["save_comparison"].trigger()
    dialog = compared.findChild(QFileDialog)
    target = tmp_path / "both.png"
    dialog.fileSelected.emit(str(target))
    dialog.close()
    qtbot.waitUntil(lambda: target.with_name("both.png.txt").exists(), timeout=20_000)
    saved = QImage(str(target))
    # the larger one keeps every pixel
    whole = pixels(saved.convertToFormat(QImage.Format.Format_RGB32))
    second = compared.companion.picture.frame.image
    left = saved.width() - 572 + (572 - 320) // 2
    assert np.array_equal(whole[:180, left : left + 320], second)
    assert target.with_name("both.png.txt").read_text(encoding="utf-8").startswith("Questioned")


# pixels that are not square


def test_wide_pixels_are_drawn_wide_and_boxes_stay_on_what_they_mark(open_window, qtbot, tmp_path):
    image = np.full((144, 176, 3), 40, np.uint8)
    image[50:90, 100:140] = (220, 220, 220)
    path = encode(tmp_path / "wide.mp4", [image] * 4, crf="4", aspect=Fraction(16, 11))
    assert open_item(path).pixel_aspect == Fraction(16, 11)
    window = open_window(path)
    wait_shown(qtbot, window, 0)
    viewer = window.viewer
    viewer.dress(theme.DARK)
    viewer.set_overlays((Overlay(1, (100.0, 50.0, 140.0, 90.0), ""),))
    shown = pixels(viewer.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)).astype(int)
    # the picture is 16:9 on the stage, the white square 16:11
    bright = np.argwhere(shown.min(axis=2) > 180)
    (top, left), (bottom, right) = bright.min(axis=0), bright.max(axis=0)
    assert (right - left) / (bottom - top) == pytest.approx(16 / 11, abs=0.08)
    # the box lies on its edge
    corner = viewer.to_widget(QPointF(100, 50))
    assert (corner.x(), corner.y()) == pytest.approx((left, top), abs=6)
    viewer._set_zoom(8.0, viewer.to_widget(QPointF(100, 50)))
    assert viewer.to_widget(QPointF(101, 50)).x() - viewer.to_widget(QPointF(100, 50)).x() == pytest.approx(128 / 11)
