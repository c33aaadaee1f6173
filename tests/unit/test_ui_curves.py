"""Curves of long items: what is drawn loses nothing, what is smoothed is what the analysis smooths."""

import numpy as np
import pytest

from desktop_app.analysis.aggregate import smooth
from desktop_app.domain import Sampling
from desktop_app.ui.curves import Cover, Growing, Predictions, envelope, lone_points, smoothed, smoothed_on
from tests.factories import make_result


@pytest.fixture
def long_curve():
    random = np.random.default_rng(4)
    time_s = np.arange(200_000) / 25
    values = np.clip(0.5 + 0.3 * np.sin(time_s / 90) + random.normal(0, 0.08, len(time_s)), 0.01, 0.99)
    values[50_000:60_000] = np.nan
    return time_s, values


def test_smoothing_is_that_of_the_analysis(long_curve):
    time_s, values = (part[:5_000] for part in long_curve)
    odds = np.log(values / (1 - values))
    expected = 1 / (1 + np.exp(-smooth(odds, time_s)))
    np.testing.assert_allclose(smoothed(time_s, values), expected, rtol=1e-9)


def test_smoothing_on_is_smoothing_anew(long_curve):
    time_s, values = (part[49_000:52_000] for part in long_curve)
    known, grown = None, None
    for count in (1, 2, 700, 1_040, 2_999, 3_000):
        now = time_s[:count], values[:count]
        grown = smoothed_on(*now, known, grown)
        known = now
        np.testing.assert_allclose(grown, smoothed(*now), rtol=1e-9)


def test_an_envelope_loses_no_peak_and_no_gap(long_curve):
    time_s, values = long_curve
    values[123_456] = 1.0
    drawn_s, drawn = envelope(time_s, values, 0.0, 8_000.0, 1_000)
    assert len(drawn) <= 2 * 1_000 + 4
    assert np.nanmax(drawn) == 1.0
    assert np.nanmin(drawn) == np.nanmin(values)
    inside = (drawn_s > 2_010) & (drawn_s < 2_390)
    assert np.isnan(drawn[inside]).all()
    assert not np.isnan(drawn[drawn_s < 1_990]).any()


def test_close_up_the_points_are_drawn_as_they_are(long_curve):
    time_s, values = long_curve
    drawn_s, drawn = envelope(time_s, values, 100.0, 101.0, 1_000)
    # one more at each side, so that the line reaches the edge
    assert drawn_s[0] < 100.0 < 101.0 < drawn_s[-1]
    np.testing.assert_array_equal(drawn, values[np.isin(time_s, drawn_s)])


def test_single_points_between_gaps_are_found():
    time_s, values = np.arange(6.0), np.array([np.nan, 0.4, np.nan, 0.5, 0.6, np.nan])
    assert [part.tolist() for part in lone_points(time_s, values)] == [[1.0], [0.4]]


def test_a_growing_array_keeps_what_was_looked_at():
    numbers = Growing()
    numbers.append(1.0)
    early = numbers.view()
    for value in range(1_000):
        numbers.append(float(value))
    assert early.tolist() == [1.0]
    assert numbers.view()[-1] == 999.0
    assert len(numbers.view()) == 1_001


def test_what_was_not_reached_yet_is_told_from_what_holds_no_face():
    store = Predictions(Sampling(), 0.04)
    store.add([p for p in make_result(tracks=1).predictions if p.frame_index < 100])
    sampled_s = np.arange(200) / 25
    assert set(store.coverage(sampled_s)[110:]) == {0}
    assert set(store.coverage(sampled_s, is_all=True)[110:]) == {int(Cover.NO_FACE)}
