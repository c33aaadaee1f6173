"""Several detectors on one item: faces are matched by place, and agreement is counted as it is defined."""

import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from desktop_app.analysis.agreement import (
    MIN_RANKED,
    Agreement,
    Faces,
    box_overlap,
    compare,
    matched,
    rank_correlation,
    states_of,
)
from desktop_app.domain import DataSource, Thresholds
from desktop_app.faces.boxes import iou
from tests.factories import make_card, make_result

LIMITS = Thresholds(0.5, 0.1, 0.35, 0.65, 0.9)
OPEN = Thresholds(0.5, 0.0, 0.0, 1.0, 1.0)
scores = st.one_of(st.floats(0, 1), st.just(float("nan")))


def changed(result, model="other", **changes):
    """The same analysis by another model; `changes` of every prediction are functions of it."""
    rows = tuple(
        replace(p, model_id=model, **{key: make(p) for key, make in changes.items()}) for p in result.predictions
    )
    return replace(result, predictions=rows, card=make_card(model_id=model))


@pytest.fixture(scope="module")
def result():
    return make_result(tracks=2, frames=120, exhibits=False)


def test_a_result_agrees_with_itself(result):
    found = compare((1, result), (2, result))
    figures = found.figures()
    scored = sum(p.p_fake is not None for p in result.predictions)
    assert (figures.faces, figures.common) == (len(result.predictions), scored)
    assert figures.disagree == 0
    assert figures.agree + figures.undecided == scored
    (pair,) = found.pairs()
    assert pair.rank_correlation == pytest.approx(1.0)
    assert pair.shared_sets == ("dfdc", "openforensics", "lfw")


def test_persons_are_matched_by_their_boxes_and_not_by_their_numbers(result):
    swapped = changed(result, track_id=lambda p: 3 - p.track_id)
    found = compare((1, result), (2, swapped))
    assert set(found.tracks) == {1, 2}
    np.testing.assert_array_equal(found.p_fake[0], found.p_fake[1])


def test_a_face_elsewhere_is_not_the_same(result):
    away = changed(result, box_xyxy=lambda p: tuple(value + 900.0 for value in p.box_xyxy))
    found = compare((1, result), (2, away))
    assert set(found.states) == {Agreement.NOT_COMPARABLE}
    assert found.figures().common == 0
    assert found.pairs()[0].rank_correlation is None


def test_a_box_that_moved_a_little_is_the_same_face(result):
    near = changed(result, box_xyxy=lambda p: tuple(value + 4.0 for value in p.box_xyxy))
    np.testing.assert_array_equal(*compare((1, result), (2, near)).p_fake)


def test_only_frames_that_both_sampled_are_compared(result):
    every_third = replace(result, predictions=tuple(p for p in result.predictions if p.frame_index % 3 == 0))
    found = compare((1, result), (2, every_third))
    assert not np.isnan(found.p_fake[1]).all()
    assert np.isnan(found.p_fake[1][found.frames % 3 != 0]).all()


def test_a_person_is_told_apart_from_all(result):
    # person 2 turned round, person 1 as it was
    turned = changed(result, p_fake=lambda p: p.p_fake if p.track_id == 1 or p.p_fake is None else 1.0 - p.p_fake)
    found = compare((1, result), (2, turned))
    assert found.figures(1).disagree == 0
    assert found.figures(2).disagree == found.figures().disagree > 0
    assert found.pairs(1)[0].rank_correlation == pytest.approx(1.0)
    assert found.pairs(2)[0].rank_correlation == pytest.approx(-1.0)


def test_three_detectors_make_three_pairs_and_name_what_they_were_trained_on(result):
    third = replace(result, card=make_card(model_id="third", training_data=(DataSource("lfw", 9, "research"),)))
    found = compare((1, result), (2, changed(result)), (3, third))
    assert [(p.first, p.second) for p in found.pairs()] == [(0, 1), (0, 2), (1, 2)]
    assert [p.shared_sets for p in found.pairs()][1:] == [("lfw",), ("lfw",)]
    assert [r.analysis_id for r in found.readings] == [1, 2, 3]


def test_a_model_that_was_never_measured_takes_no_side(result):
    found = compare((1, result), (2, replace(result, card=make_card(thresholds=OPEN))))
    assert [reading.is_measured for reading in found.readings] == [True, False]
    assert found.figures().agree == found.figures().disagree == 0


def test_other_files_are_refused(result):
    with pytest.raises(ValueError, match="one file"):
        compare((1, result), (2, make_result(frames=120, name="another.mp4", exhibits=False)))


def test_an_item_without_a_face_compares_nothing(result):
    bare = replace(result, predictions=())
    assert compare((1, bare), (2, result)).figures().faces == 0
    assert compare((1, result), (2, bare)).figures().common == 0


@given(st.lists(st.tuples(scores, scores, scores), min_size=1, max_size=40))
def test_states_are_what_their_definition_says(rows):
    values = np.array(rows).T
    limits = (LIMITS, Thresholds(0.6, 0.2, 0.5, 0.7, 0.95), LIMITS)
    for row, state in zip(rows, states_of(values, limits), strict=True):
        if any(np.isnan(row)):
            assert state == Agreement.NOT_COMPARABLE
            continue
        pairs = list(zip(row, limits, strict=True))
        fake, genuine = [p > x.inconclusive_high for p, x in pairs], [p < x.inconclusive_low for p, x in pairs]
        if any(fake) and any(genuine):
            assert state == Agreement.DISAGREE
        elif all(fake):
            assert state == Agreement.FAKE
        elif all(genuine):
            assert state == Agreement.GENUINE
        else:
            assert state == Agreement.UNDECIDED


@given(st.lists(st.tuples(*[st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])] * 2), min_size=MIN_RANKED, max_size=60))
def test_rank_correlation_is_that_of_scipy_ties_and_all(rows):
    first, second = np.array(rows).T
    ours = rank_correlation(first, second)
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert ours is None
    else:
        assert ours == pytest.approx(spearmanr(first, second).statistic, abs=1e-9)


corner = st.floats(0, 100)
box = st.tuples(corner, corner, st.floats(1, 50), st.floats(1, 50)).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@given(box, box)
def test_overlap_is_that_of_the_tracker(a, b):
    ours = box_overlap(np.array([a]), np.array([b]))[0]
    assert ours == pytest.approx(iou(a, b), abs=1e-9)
    assert 0.0 <= ours <= 1.0


def test_an_item_of_hours_is_compared_in_a_moment():
    count = 200_000
    frames = np.repeat(np.arange(count // 2), 2)
    tracks = np.tile([1, 2], count // 2)
    left = np.where(tracks == 1, 10.0, 300.0)
    boxes = np.column_stack([left, left, left + 100, left + 100])
    faces = Faces(frames, tracks, frames / 25, boxes, np.random.default_rng(1).random(count))
    other = replace(faces, tracks=3 - tracks)
    begun = time.perf_counter()
    match = matched(faces, other)
    assert time.perf_counter() - begun < 5.0
    np.testing.assert_array_equal(match, np.arange(count))


def test_it_needs_no_network():
    code = "import sys, desktop_app.analysis.agreement; sys.exit('torch' in sys.modules or 'PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
