"""Linked time of two items, and where a picture lies on the stage."""

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSize

from desktop_app.media import FrameIndex
from desktop_app.ui.camera import Camera
from desktop_app.ui.linking import Link, Place, Side, nudged, offset_between, place_at, slack_s


def index_of(stamps, base=Fraction(1, 1000), last=40):
    stamps = np.array(stamps, np.int64)
    numbers = np.arange(len(stamps))
    return FrameIndex(
        pts=stamps, has_pts=numbers >= 0, time_s=(stamps - stamps[0]) * float(base), is_key=numbers >= 0,
        packet=numbers, last_duration_s=last * float(base), time_base=base, method="scan", seek_frames=numbers.copy(),
        packet_pts=stamps.copy(), packet_dts=stamps.copy(), first_frame=numbers.copy(),
    )  # fmt: skip


STEADY = index_of(range(0, 1000, 40))
# a frame that stands for half a second, then quick ones
UNEVEN = index_of([0, 40, 80, 580, 600, 620, 640, 700])
STILL = index_of([0], last=0)


@pytest.mark.parametrize(
    ("time_s", "place"),
    [
        (0.0, Place(Side.WITHIN, 0)),
        (0.0799, Place(Side.WITHIN, 1)),
        (0.08, Place(Side.WITHIN, 2)),
        (0.5799, Place(Side.WITHIN, 2)),
        (0.58, Place(Side.WITHIN, 3)),
        (0.7399, Place(Side.WITHIN, 7)),
    ],
)
def test_a_moment_shows_the_frame_that_is_on_display_then(time_s, place):
    assert place_at(UNEVEN, time_s) == place


def test_outside_there_is_no_frame_but_a_distance():
    before, after = place_at(UNEVEN, -0.25), place_at(UNEVEN, 1.0)
    assert (before.side, before.frame, before.away_s) == (Side.BEFORE, 0, 0.25)
    assert (after.side, after.frame) == (Side.AFTER, 7)
    assert after.away_s == pytest.approx(0.26)
    # the last frame is over when its time is
    assert place_at(UNEVEN, 0.74).side is Side.AFTER


def test_a_still_picture_is_always_there():
    assert {place_at(STILL, time_s) for time_s in (-3.0, 0.0, 99.0)} == {Place(Side.WITHIN, 0)}


def test_linked_frames_stay_together_whatever_the_files_round_to():
    # 30 frames in a second: to milliseconds in one file, to 1/90000 s in the other, cut by 11 frames
    whole = index_of([round(number * 1000 / 30) for number in range(90)], last=33)
    part = index_of([number * 3000 for number in range(60)], Fraction(1, 90000), 3000)
    link = Link(offset_between(whole, 47, part, 36))
    pairs = [link.follow(whole, number, part) for number in range(90)]
    assert [place.frame for place in pairs[11:71]] == list(range(60))
    assert {place.side for place in pairs[11:71]} == {Side.WITHIN}
    assert {place.side for place in pairs[:11]} == {Side.BEFORE}
    assert {place.side for place in pairs[71:]} == {Side.AFTER}


def test_rounding_is_forgiven_up_to_a_quarter_of_a_frame():
    coarse = index_of(range(25), Fraction(1, 25), 1)
    assert slack_s(STEADY, UNEVEN) == pytest.approx(0.002)
    assert slack_s(coarse, coarse) == pytest.approx(0.01)
    assert slack_s(STILL, STILL) == 0.0


def test_a_nudge_is_one_frame_of_the_other_item_however_long_it_stands():
    link = Link()
    shown = []
    for _ in range(6):
        shown.append(link.follow(STEADY, 1, UNEVEN).frame)
        link = Link(nudged(STEADY, 1, UNEVEN, link, 1))
    assert shown == [1, 2, 3, 4, 5, 6]
    assert Link(nudged(STEADY, 1, UNEVEN, link, -1)).follow(STEADY, 1, UNEVEN).frame == 6


def test_a_nudge_from_outside_leads_to_the_nearest_frame():
    late = Link(-5.0)
    assert late.follow(STEADY, 3, UNEVEN).side is Side.BEFORE
    assert nudged(STEADY, 3, UNEVEN, late, -1) == -5.0
    assert Link(nudged(STEADY, 3, UNEVEN, late, 1)).follow(STEADY, 3, UNEVEN) == Place(Side.WITHIN, 0)
    early = Link(9.0)
    assert Link(nudged(STEADY, 3, UNEVEN, early, -1)).follow(STEADY, 3, UNEVEN) == Place(Side.WITHIN, 7)


# the stage


def camera(aspect=1.0, size=(720, 576)):
    made = Camera()
    made.set_room(1000, 620, 1.0)
    made.set_pixel_aspect(aspect)
    made.set_size(QSize(*size))
    made.fit()
    return made


@pytest.mark.parametrize(("aspect", "shape"), [(1.0, 720 / 576), (64 / 45, 16 / 9), (8 / 9, 10 / 9)])
def test_a_picture_has_the_shape_that_its_pixels_are_meant_to_give(aspect, shape):
    width, height = camera(aspect).shown_size()
    assert width / height == pytest.approx(shape, rel=0.005)
    assert height <= 600
    assert width <= 980


def test_no_pixel_is_lost_at_full_size():
    for aspect in (0.5, 2.0):
        made = camera(aspect)
        made.zoom_at(1.0, QPointF(500, 310))
        assert made.shown_size() == ((720, 1152) if aspect < 1 else (1440, 576))


def test_widget_and_picture_are_mapped_both_ways_with_wide_pixels():
    made = camera(64 / 45)
    made.zoom_at(6.0, QPointF(300, 200))
    for x, y in ((0, 0), (333.3, 41.0), (719, 575)):
        back = made.to_picture(made.to_widget(QPointF(x, y)))
        assert (back.x(), back.y()) == pytest.approx((x, y))
    across = made.to_widget(QPointF(101, 50)) - made.to_widget(QPointF(100, 50))
    down = made.to_widget(QPointF(100, 51)) - made.to_widget(QPointF(100, 50))
    assert (across.x(), down.y()) == pytest.approx((6.0 * 64 / 45, 6.0))


def test_what_is_under_the_pointer_stays_there():
    made = camera(64 / 45)
    at = QPointF(420, 260)
    made.zoom_at(3.0, at)
    before = made.to_picture(at)
    made.zoom_at(5.0, at)
    after = made.to_picture(at)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))
