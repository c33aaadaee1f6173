from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.reports.charts import (
    Run,
    areas_beyond,
    clock,
    frame_ranges,
    make_curve,
    thin,
    time_ticks,
    typical_step_s,
)
from tests.factories import make_result

ROWS = make_result(1, 100, exhibits=False).predictions


def run_of(values, start=0.0, end=10.0):
    array = np.asarray(values, dtype=np.float64)
    return Run(np.linspace(start, end, len(array)), array, array, array)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=600), st.integers(1, 50))
def test_thinning_keeps_both_extremes_and_the_order(values, columns) -> None:
    run = run_of(values)
    thinned = thin(run, 0.0, 10.0, columns)
    assert thinned.low.min() == min(values)
    assert thinned.high.max() == max(values)
    assert (thinned.low <= thinned.mean + 1e-9).all()
    assert (thinned.mean <= thinned.high + 1e-9).all()
    assert (np.diff(thinned.time_s) > 0).all()
    assert len(thinned.time_s) <= max(2 * (columns + 1), 2)


def test_a_single_outlier_among_thousands_is_kept() -> None:
    values = np.full(15_000, 0.2)
    values[7_777] = 0.99
    thinned = thin(run_of(values), 0.0, 10.0, 400)
    assert len(thinned.time_s) <= 401
    column = int(np.argmax(thinned.high))
    assert thinned.high[column] == 0.99
    assert abs(thinned.time_s[column] - 7_777 / 14_999 * 10) < 10 / 400


def test_short_runs_stay_and_empty_axes_are_refused() -> None:
    run = run_of([0.1, 0.9, 0.3])
    assert thin(run, 0.0, 10.0, 100) is run
    with pytest.raises(ValueError, match="axis"):
        thin(run, 5.0, 5.0, 100)


def test_a_curve_breaks_where_no_face_is_usable() -> None:
    step = typical_step_s(ROWS)
    assert step == pytest.approx(0.04)
    curve = make_curve(ROWS, step)
    # scored, gated, scored, absent, scored
    assert len(curve.runs) == 3
    assert len(curve.gated) == 1
    start, end = curve.gated[0]
    gated = [p.time_s for p in ROWS if p.gate]
    assert (start, end) == (gated[0], pytest.approx(gated[-1] + step))
    assert sum(len(run.time_s) for run in curve.runs) == sum(p.p_fake is not None for p in ROWS)
    assert all((np.diff(run.time_s) < 2.5 * step).all() for run in curve.runs)


def test_curves_of_few_points() -> None:
    assert make_curve((), 0.0).runs == ()
    assert typical_step_s(ROWS[:1]) == 0.0
    assert len(make_curve(ROWS[:1], 0.0).runs) == 1
    sparse = [replace(p, time_s=2.0 * i) for i, p in enumerate(ROWS[:4])]
    assert len(make_curve(sparse, typical_step_s(sparse)).runs) == 1


@given(st.floats(0, 20_000), st.floats(0.2, 100_000), st.integers(2, 12))
def test_ticks_lie_on_the_axis_and_are_few(start, length, most) -> None:
    ticks = time_ticks(start, start + length, most)
    assert 1 <= len(ticks) <= most + 1
    assert all(start - 1e-6 * (1 + start) <= tick <= (start + length) * (1 + 1e-6) for tick in ticks)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0.05, 0.95))
def test_shapes_cover_exactly_what_lies_beyond_the_level(values, level) -> None:
    points = [(float(i), v) for i, v in enumerate(values)]
    fine = np.interp(np.linspace(0, len(values) - 1, 4001), np.arange(len(values)), values)
    for is_above in (True, False):
        shapes = areas_beyond(points, level, is_above)
        assert all((y >= level if is_above else y <= level) for shape in shapes for _, y in shape)
        assert all(a[0] <= b[0] for shape in shapes for a, b in pairwise(shape))
        xs = [np.array(shape) for shape in shapes]
        total = sum(float(np.trapezoid(np.abs(s[:, 1] - level), s[:, 0])) for s in xs)
        beyond = np.clip(fine - level if is_above else level - fine, 0, None)
        assert total == pytest.approx(float(beyond.mean()) * (len(values) - 1), abs=2e-3 * len(values))


def test_clock_carries_and_ranges_join() -> None:
    assert clock(59.9996, 3) == "1:00.000"
    assert clock(3599.96, 1) == "1:00:00.0"
    assert frame_ranges([]) == []
    assert frame_ranges([5, 1, 2, 2, 3]) == [(1, 3), (5, 5)]
