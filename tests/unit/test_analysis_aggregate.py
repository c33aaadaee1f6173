import itertools
import math
import re
import time
from dataclasses import replace

import numpy as np
import pytest

from desktop_app.analysis import aggregate
from desktop_app.analysis.aggregate import (
    MIN_SCORED_FRAMES,
    block_interval,
    judge_item,
    smooth,
    sum_up_track,
    sum_up_tracks,
    uncounted_tracks,
)
from desktop_app.domain import Band, FaceQuality, FramePrediction, Outcome, QualityRange, Support
from desktop_app.reports.texts import REASONS
from desktop_app.reports.wording import reason_text
from tests.factories import make_card, make_measured_card, make_result

CARD = make_card(temperature=1.0, bias=0.0, classes=("genuine", "swap", "reenactment"))
QUALITY = FaceQuality(120.0, 200.0, 0.5, 3.0)


def predict(z, track=1, rate=25.0, start=0, gated=(), labels=None):
    """Predictions of log-odds z at a steady rate; those at positions in `gated` are not scored."""
    out = []
    for i, value in enumerate(z):
        p = float(1 / (1 + math.exp(-value)))
        label = labels[i] if labels else "swap" if p > CARD.thresholds.decision else "genuine"
        score = (None, float(value), p, label) if i not in gated else ("too_small", None, None, None)
        index = start + i
        out.append(
            FramePrediction(
                index, index, index / rate, track, (0, 0, 9, 9), 0.99, False, QUALITY, CARD.model_id, *score
            )
        )
    return out


def noisy(mean, count, seed=0, spread=0.7):
    return mean + spread * np.random.default_rng(seed).standard_normal(count)


def judge(*tracks):
    people = sum_up_tracks(CARD, [p for t in tracks for p in t], is_image=False)
    return judge_item(people), people


def is_translated(reason):
    return any(re.fullmatch(pattern, reason) for pattern, _ in REASONS)


def test_a_genuine_clip():
    verdict, (track,) = judge(predict(noisy(-3.5, 200)))
    assert (verdict.outcome, verdict.band) == (Outcome.SCORED, Band.STRONG_GENUINE)
    assert verdict.interval[0] < verdict.p_fake < verdict.interval[1] < 0.1
    assert track.segments == ()
    assert track.label == "genuine"


def test_a_manipulated_clip():
    verdict, (track,) = judge(predict(noisy(3.5, 200)))
    assert (verdict.outcome, verdict.band) == (Outcome.SCORED, Band.STRONG_FAKE)
    (segment,) = track.segments
    assert (segment.start_frame, segment.end_frame) == (0, 199)
    assert track.label == "swap"


@pytest.mark.parametrize(("low", "high"), [(-4.0, 4.0), (-2.0, 3.0), (-3.0, 1.8)])
def test_a_manipulated_middle_is_named_and_its_bounds_are_right(low, high):
    z = np.concatenate([noisy(low, 75, 1), noisy(high, 62, 2), noisy(low, 63, 3)])
    verdict, (track,) = judge(predict(z))
    (segment,) = track.segments
    assert segment.start_s == pytest.approx(3.0, abs=0.4)
    assert segment.end_s == pytest.approx(5.48, abs=0.4)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert f"{segment.start_s:.1f} s to {segment.end_s:.1f} s" in verdict.reason
    assert is_translated(verdict.reason)


def test_a_manipulated_half_that_tips_the_whole_is_no_clean_bill():
    z = np.concatenate([noisy(-1.0, 100), noisy(6.0, 100)])
    verdict, (track,) = judge(predict(z))
    assert track.segments
    assert verdict.band not in (Band.STRONG_GENUINE, Band.MODERATE_GENUINE)


def test_scores_in_between_are_inconclusive():
    verdict, _ = judge(predict(noisy(0.0, 200)))
    assert (verdict.outcome, verdict.band) == (Outcome.INCONCLUSIVE, Band.INCONCLUSIVE)
    assert "equally frequent" in verdict.reason


def test_frames_that_disagree_are_inconclusive():
    z = np.where(np.arange(120) // 40 % 2 == 1, -9.0, 5.0) + 1.2
    verdict, _ = judge(predict(z))
    assert verdict.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("count", range(1, MIN_SCORED_FRAMES))
def test_too_few_frames_say_nothing(count):
    verdict, (track,) = judge(predict([5.0] * count))
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert f"Only {count} frames" in verdict.reason
    assert track.segments == ()


def test_one_frame_of_an_image_is_enough_and_has_no_interval():
    (track,) = sum_up_tracks(CARD, predict([5.0]), is_image=True)
    assert (track.verdict.outcome, track.verdict.band) == (Outcome.SCORED, Band.STRONG_FAKE)
    assert track.verdict.interval is None
    assert is_translated(track.verdict.reason)
    assert judge_item([track]) == track.verdict


def test_no_face_and_no_usable_face_are_not_zero():
    verdict, _ = judge()
    assert (verdict.outcome, verdict.p_fake, verdict.interval) == (Outcome.NO_USABLE_FACE, None, None)
    gated, (track,) = judge(predict([1.0] * 9, gated=range(9)))
    assert (gated.outcome, gated.p_fake, track.label) == (Outcome.NO_USABLE_FACE, None, None)
    assert verdict.reason != gated.reason
    assert is_translated(verdict.reason)
    assert is_translated(gated.reason)


def test_one_manipulated_person_of_two_decides():
    verdict, _ = judge(predict(noisy(-4, 100)), predict(noisy(4, 100), track=2))
    assert verdict.band is Band.STRONG_FAKE
    assert verdict.reason.startswith("Person 2 of 2 decides.")
    assert is_translated(verdict.reason)


def test_doubt_about_one_person_is_doubt_about_the_item_but_a_manipulated_one_outweighs_it():
    genuine, doubtful, fake = (predict(noisy(m, 60), track=t) for t, m in ((1, -4), (2, 0), (3, 4)))
    verdict, _ = judge(genuine, doubtful)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "Person 2" in verdict.reason
    verdict, _ = judge(genuine, doubtful, fake)
    assert verdict.band is Band.STRONG_FAKE


@pytest.mark.parametrize("z", [6.0, 0.0, -6.0])
def test_a_false_track_of_a_few_frames_does_not_touch_the_verdict(z):
    alone, _ = judge(predict(noisy(-4, 100)))
    verdict, people = judge(predict(noisy(-4, 100)), predict([z] * (MIN_SCORED_FRAMES - 1), track=2, start=40))
    assert verdict == alone
    assert people[1].verdict.outcome is Outcome.INCONCLUSIVE
    (notice,) = uncounted_tracks(people)
    assert (notice.code, notice.frame_index) == ("short_track", 40)


def test_a_person_who_could_not_be_scored_is_named():
    verdict, people = judge(predict(noisy(-4, 100)), predict([1.0] * 30, track=2, gated=range(30)))
    assert verdict.band is Band.STRONG_GENUINE
    assert [n.code for n in uncounted_tracks(people)] == ["unscored_track"]


def test_where_all_tracks_are_short_they_are_all_there_is():
    verdict, people = judge(predict([5.0] * 2), predict([-5.0] * 3, track=2))
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert uncounted_tracks(people) == []


def test_a_stretch_does_not_reach_across_a_gap():
    before, after = predict([4.0] * 50), predict([4.0] * 50, start=250)
    _, (track,) = judge([*before, *after])
    assert [(s.start_frame, s.end_frame) for s in track.segments] == [(0, 49), (250, 299)]


def test_sparse_sampling_has_no_gaps():
    _, (track,) = judge(predict([4.0] * 20, rate=0.5))
    assert [(s.start_frame, s.end_frame) for s in track.segments] == [(0, 19)]


def test_two_sparse_frames_make_no_stretch():
    z = [-4.0] * 10 + [5.0] * 2 + [-4.0] * 10
    verdict, (track,) = judge(predict(z, rate=1.0))
    assert track.segments == ()
    assert verdict.band is Band.STRONG_GENUINE


def test_gated_frames_do_not_count_but_are_seen():
    _, (track,) = judge(predict(noisy(-4, 50), gated=range(10, 30)))
    assert (track.frames_seen, track.frames_scored) == (50, 30)


def test_the_label_is_that_of_the_verdict_and_names_the_manipulation():
    labels = ["reenactment"] * 40 + ["swap"] * 20
    track = sum_up_track(CARD, 1, predict([3.0] * 60, labels=labels), is_image=False)
    assert track.label == "reenactment"
    track = sum_up_track(CARD, 1, predict([-9.0] * 10 + [1.0] * 15, labels=["swap"] * 25), is_image=False)
    assert track.verdict.p_fake < 0.1
    assert track.label == "genuine"


def test_the_interval_covers_the_mean_of_independent_values_as_often_as_it_says():
    random = np.random.default_rng(0)
    hits = 0
    for _ in range(100):
        low, high = block_interval(random.standard_normal(60), np.arange(60.0))
        hits += low <= 0.0 <= high
    assert hits >= 88


def test_the_interval_is_wider_where_neighbours_are_alike():
    random = np.random.default_rng(1)
    alike = np.repeat(random.standard_normal(20), 25)
    low, high = block_interval(alike, np.arange(500) / 25)
    shuffled_low, shuffled_high = block_interval(random.permutation(alike), np.arange(500) / 25)
    assert high - low > 2 * (shuffled_high - shuffled_low)


@pytest.mark.parametrize("count", [2, 3, 51, 60])
def test_the_mean_lies_within_its_interval(count):
    ramp = np.linspace(-2, 5, count) ** 3
    low, high = block_interval(ramp, np.arange(count) / 25)
    assert low <= ramp.mean() <= high
    if count > 3:
        assert low < ramp.mean() < high


def test_smoothing_is_a_mean_over_time():
    times = np.array([0.0, 0.1, 0.2, 5.0])
    assert smooth(np.array([1.0, 2.0, 3.0, 9.0]), times) == pytest.approx([2.0, 2.0, 2.0, 9.0])


@pytest.mark.parametrize("z", [800.0, -800.0, 0.0])
def test_extreme_scores_stay_numbers(z):
    verdict, _ = judge(predict(np.clip([z] * 20, -700, 700)))
    assert all(math.isfinite(v) for v in (verdict.p_fake, *verdict.interval))


def test_frames_at_the_same_time_do_no_harm():
    rows = [p for p, _ in itertools.product(predict([2.0] * 3, rate=1e12), range(4))]
    verdict, _ = judge(rows)
    assert math.isfinite(verdict.p_fake)


def test_hours_are_summed_up_in_seconds():
    quality = QUALITY
    z = noisy(-2, 300_000)
    rows = [
        FramePrediction(
            i, i, i / 25, 1 + (i > 150_000), (0, 0, 9, 9), 0.9, False, quality, "m", None, v, 0.1, "genuine"
        )
        for i, v in enumerate(z.tolist())
    ]
    started = time.process_time()
    verdict, people = judge(rows)
    assert time.process_time() - started < 10
    assert verdict.outcome is Outcome.SCORED
    assert [t.frames_scored for t in people] == [150_001, 149_999]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (QualityRange("size_px", 130.0), "smaller (120 px)"),
        (QualityRange("size_px", None, 99.0), "larger (120 px)"),
        (QualityRange("sharpness", 250.0, 700.0), "less sharp (200)"),
        (QualityRange("sharpness", 9.0, 150.0), "sharper or noisier (200)"),
        (QualityRange("exposure", 0.6), "darker (50 %)"),
        (QualityRange("exposure", None, 0.4), "brighter (50 %)"),
        (QualityRange("pose_deg", None, 2.0), "turned further (3 degrees)"),
    ],
)
@pytest.mark.parametrize("side", [1, -1])
def test_faces_outside_the_validated_quality_are_inconclusive(limits, words, side):
    card = replace(CARD, validated=(QualityRange("size_px", 50.0, 500.0), limits))
    rows = [replace(p, quality=replace(QUALITY, pose_deg=3.0 * side)) for p in predict([4.0] * 40)]
    verdict = sum_up_track(card, 1, rows, is_image=False).verdict
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.band is Band.INCONCLUSIVE
    assert verdict.p_fake > 0.9
    assert words in verdict.reason
    assert is_translated(verdict.reason)


def test_a_few_faces_outside_the_validated_quality_do_no_harm():
    card = replace(CARD, validated=(QualityRange("size_px", 110.0),))
    rows = predict([4.0] * 40)
    small = [replace(p, quality=replace(QUALITY, size_px=60.0)) for p in rows[:15]]
    assert sum_up_track(card, 1, [*small, *rows[15:]], is_image=False).verdict.band is Band.STRONG_FAKE


def test_a_band_whose_measured_ratio_is_near_one_is_inconclusive():
    bands = tuple(
        replace(row, lr=3.0, lr_low=0.8, lr_high=9.0, verbal=Support.NONE) if row.band is Band.STRONG_FAKE else row
        for row in make_measured_card().bands
    )
    card = replace(CARD, bands=bands)
    for is_image in (True, False):
        track = sum_up_track(card, 1, predict([4.0] * 40), is_image)
        assert track.verdict.outcome is Outcome.INCONCLUSIVE
        assert track.verdict.reason == "The score lies where genuine and manipulated faces are about equally frequent."
        assert track.segments == ()
    assert sum_up_track(
        replace(CARD, bands=make_measured_card().bands), 1, predict([4.0] * 40), False
    ).verdict.band is (Band.STRONG_FAKE)


def test_a_card_calibrated_by_a_polyline_judges_by_it():
    card = replace(CARD, knots=((-5.0, -0.2), (5.0, 0.2)))
    assert sum_up_track(card, 1, predict([4.0] * 40), is_image=False).verdict.p_fake == pytest.approx(0.54, abs=0.01)


@pytest.mark.parametrize("key", ["stretch_in_genuine", "stretch_in_doubt"])
def test_reasons_in_spanish_have_a_decimal_comma(key):
    stretch = aggregate.REASONS[key].format(start=0.7, end=12.34)
    reason = aggregate.REASONS["person_decides"].format(track=1, tracks=2, reason=stretch)
    verdict = replace(make_result().verdict, reason=reason)
    said = reason_text(verdict, "es")
    assert "de 0,7 s a 12,3 s" in said
    assert said.startswith("Decide la persona 1 de 2. Los")
    assert reason_text(verdict, "en") == reason
