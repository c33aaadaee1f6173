from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.analysis.sampling import detection_step, frames_in_range, sample_frames
from desktop_app.domain import AnalysisRequest, Sampling, SamplingMode
from desktop_app.errors import InputError


def item(times):
    times = np.asarray(times, dtype=np.float64)
    return SimpleNamespace(
        index=SimpleNamespace(time_s=times), info=SimpleNamespace(duration_s=float(times[-1]) + 0.04)
    )


def request(mode=SamplingMode.EVERY_NTH, value=1.0, **changes):
    return AnalysisRequest("x.mp4", "m", sampling=Sampling(mode, value), **changes)


STEADY = np.arange(100) / 25


def test_every_frame_is_the_default():
    assert sample_frames(request(), item(STEADY)) == list(range(100))


@pytest.mark.parametrize(("n", "wanted"), [(3, [10, 13, 16, 19]), (7, [10, 17]), (10**30, [10])])
def test_every_nth_counts_from_the_beginning_of_the_range(n, wanted):
    assert sample_frames(request(value=float(n), start_s=0.4, end_s=0.76), item(STEADY)) == wanted


def test_the_range_holds_both_ends():
    found = frames_in_range(request(start_s=STEADY[7], end_s=STEADY[9]), item(STEADY))
    assert found.tolist() == [7, 8, 9]


def test_a_range_may_hold_one_frame_and_reach_beyond_the_end():
    assert sample_frames(request(start_s=0.99, end_s=1.01), item(STEADY)) == [25]
    assert sample_frames(request(start_s=3.9, end_s=99.0), item(STEADY)) == [98, 99]
    assert sample_frames(request(start_s=-5.0, end_s=0.05), item(STEADY)) == [0, 1]


@pytest.mark.parametrize("part", [{"start_s": 4.2}, {"start_s": 0.41, "end_s": 0.43}])
def test_a_range_between_or_after_the_frames_is_refused(part):
    with pytest.raises(InputError, match="holds no frame") as caught:
        sample_frames(request(**part), item(STEADY))
    assert "ends at 4.00 s" in caught.value.hint
    assert "inf" not in str(caught.value)


def test_per_second_takes_evenly_spread_frames():
    assert sample_frames(request(SamplingMode.PER_SECOND, 5.0), item(STEADY)) == list(range(0, 100, 5))


def test_an_absurd_rate_takes_every_frame_at_once():
    assert sample_frames(request(SamplingMode.PER_SECOND, 1e300), item(STEADY)) == list(range(100))


def test_an_absurdly_low_rate_takes_the_first_frame():
    assert sample_frames(request(SamplingMode.PER_SECOND, 1e-12), item(STEADY)) == [0]


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=60), st.sampled_from([0.5, 1.0, 2.0, 3.0, 10.0]))
def test_per_second_is_the_first_frame_at_or_after_each_tick(steps_ms, rate):
    times = np.concatenate([[0], np.cumsum(steps_ms)]) / 1000
    wanted, tick = set(), 0
    while tick / rate <= times[-1] + 1e-9:
        wanted.add(next(i for i, t in enumerate(times) if t >= tick / rate - 5e-7))
        tick += 1
    assert sample_frames(request(SamplingMode.PER_SECOND, rate), item(times)) == sorted(wanted)


def test_a_still_image_is_one_frame():
    assert sample_frames(request(SamplingMode.PER_SECOND, 2.0), item([0.0])) == [0]
    assert detection_step(request(), item([0.0]), [0]) == 1


def test_faces_are_searched_four_times_a_second_or_oftener():
    assert detection_step(request(detect_every=5), item(STEADY), list(range(100))) == 5
    assert detection_step(request(detect_every=50), item(STEADY), list(range(100))) == 6
    assert detection_step(request(detect_every=5), item(STEADY), list(range(0, 100, 25))) == 1
