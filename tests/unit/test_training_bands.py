import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate
from scipy.stats import beta, norm

from desktop_app.detectors import CARD_FILE, apply_calibration, calibrate, load_card, sigmoid, write_card
from desktop_app.domain import Band, FaceQuality, QualityRange, Support, Thresholds, support_of
from desktop_app.errors import ModelError
from desktop_app.reports.ratios import ratio_tables
from desktop_app.training import bands as bands_module
from desktop_app.training.bands import (
    choose_thresholds,
    effective_size,
    likelihood_ratio,
    measure_bands,
    measure_faces,
    quality_ranges,
    ratio_interval,
)
from desktop_app.training.calibration import balanced_ece, choose_calibration, fit_isotonic
from desktop_app.training.manifest import Sample
from tests.factories import make_measured_card

LIMITS = Thresholds(0.5, 0.1, 0.35, 0.65, 0.9)
IN_BAND = (0.05, 0.2, 0.5, 0.7, 0.95)


def samples(genuine, fake):
    """Labels and scores with so many samples of each class in each band."""
    labels = np.repeat([0, 1], [sum(genuine), sum(fake)])
    return labels, np.concatenate([np.repeat(IN_BAND, genuine), np.repeat(IN_BAND, fake)])


def singles(labels):
    return np.arange(len(labels)).astype(str)


def test_ratios_are_those_computed_by_hand():
    labels, p = samples((60, 20, 10, 9, 1), (5, 5, 10, 20, 60))
    rows = measure_bands(labels, p, singles(labels), LIMITS)
    assert [row.band for row in rows] == list(Band)
    assert [(row.n_genuine, row.n_fake) for row in rows] == [(60, 5), (20, 5), (10, 10), (9, 20), (1, 60)]
    # (60 + 1) / (100 + 5) over (1 + 1) / (100 + 5)
    assert rows[4].lr == pytest.approx(30.5)
    assert rows[3].lr == pytest.approx(2.1)
    assert rows[2].lr == 1.0
    assert rows[0].lr == pytest.approx(6 / 61, rel=1e-3)
    assert [(row.low, row.high) for row in rows] == [(0, 0.1), (0.1, 0.35), (0.35, 0.65), (0.65, 0.9), (0.9, 1)]
    assert rows[4].verbal is support_of(rows[4].lr_low, rows[4].lr_high) is Support.MODERATE
    assert rows[2].verbal is rows[3].verbal is Support.NONE


def test_bounds_are_quantiles_of_the_ratio_of_two_beta_posteriors():
    low, high = ratio_interval(60, 100, 1, 100)
    fake, genuine = beta(61, 44), beta(2, 103)

    def below(limit):
        return integrate.quad(lambda g: genuine.pdf(g) * fake.cdf(limit * g), 0, 0.3, limit=200)[0]

    assert below(low) == pytest.approx(0.025, abs=0.002)
    assert below(high) == pytest.approx(0.975, abs=0.002)


def test_more_data_narrows_the_bounds_and_raises_the_words():
    widths, words = [], []
    for factor in (1, 10, 100):
        counts = [factor * n for n in (24, 8, 5, 2, 1)]
        labels, p = samples(counts, counts[::-1])
        row = measure_bands(labels, p, singles(labels), LIMITS)[4]
        widths.append(math.log(row.lr_high / row.lr_low))
        words.append(row.verbal)
    assert widths[0] > widths[1] > widths[2]
    assert words == [Support.WEAK, Support.MODERATE, Support.MODERATE]


def test_an_empty_class_in_a_band_gives_finite_ratios_that_its_size_supports():
    few, many = ((n, 0, 0, 0, 0) for n in (40, 4000))
    for genuine, fake, most in ((few, few[::-1], 100), (many, many[::-1], 10_000)):
        labels, p = samples(genuine, fake)
        rows = measure_bands(labels, p, singles(labels), LIMITS)
        assert all(math.isfinite(v) for row in rows for v in (row.lr, row.lr_low, row.lr_high))
        assert rows[2].verbal is Support.NONE
        assert 2 < rows[4].lr_low < rows[4].lr < most


def test_images_of_one_video_are_not_independent():
    labels, p = samples((300, 100, 50, 40, 10), (10, 40, 50, 100, 300))
    alone = measure_bands(labels, p, singles(labels), LIMITS)[4]
    # ten images of the same video, all in the same band
    together = measure_bands(labels, p, (np.arange(len(labels)) // 10).astype(str), LIMITS)[4]
    assert together.lr == alone.lr
    assert together.lr_low < alone.lr_low < alone.lr_high < together.lr_high


def test_the_effective_size_lies_between_groups_and_samples():
    inside = np.random.default_rng(0).random(600) < 0.3
    groups = np.repeat(np.arange(60), 10).astype(str)
    assert 300 < effective_size(inside, groups) <= 600
    assert effective_size(np.zeros(600, bool), groups) == pytest.approx(60)
    assert effective_size(np.repeat([True, False], 300), groups) == pytest.approx(60, rel=0.05)


def test_the_bounds_hold_the_true_ratio_as_often_as_they_say():
    """Videos of ten images each that are alike: bounds that took the images as independent would miss too often."""
    rng = np.random.default_rng(0)

    def draw(videos, middle):
        return middle + 2 * (np.repeat(rng.normal(0, 0.7**0.5, videos), 10) + rng.normal(0, 0.3**0.5, 10 * videos))

    def shares(middle):
        bands = [LIMITS.band(p) for p in sigmoid(middle + 2 * rng.standard_normal(40_000)).tolist()]
        return np.array([bands.count(band) / len(bands) for band in Band])

    true = shares(2.0) / shares(-2.0)
    labels, groups = np.repeat([0, 1], 600), np.repeat(np.arange(120), 10).astype(str)
    hits = {"grouped": 0, "single": 0}
    for _ in range(40):
        p = sigmoid(np.concatenate([draw(60, -2.0), draw(60, 2.0)]))
        for name, own in (("grouped", groups), ("single", singles(labels))):
            rows = measure_bands(labels, p, own, LIMITS)
            hits[name] += sum(row.lr_low <= ratio <= row.lr_high for row, ratio in zip(rows, true, strict=True))
    assert hits["grouped"] >= 0.88 * 200
    assert hits["single"] < 0.85 * 200


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1, Support.NONE),
        (1.99, Support.NONE),
        (2, Support.WEAK),
        (9.99, Support.WEAK),
        (10, Support.MODERATE),
        (100, Support.MODERATELY_STRONG),
        (1e3, Support.STRONG),
        (1e4, Support.VERY_STRONG),
        (999_999, Support.VERY_STRONG),
        (1e6, Support.EXTREMELY_STRONG),
    ],
)
def test_the_verbal_scale_has_its_edges_both_ways(ratio, words):
    assert support_of(ratio, 10 * ratio) is words
    assert support_of(0.1 / ratio, (1 - 1e-12) / ratio) is words
    assert support_of(0.5, ratio) is Support.NONE


@given(st.floats(1e-6, 1e6), st.floats(1.0, 1e3))
def test_words_never_exceed_the_ratio(ratio, spread):
    wide, narrow = support_of(ratio / spread, ratio * spread), support_of(ratio, ratio)
    assert list(Support).index(wide) <= list(Support).index(narrow)


def logistic_scores(count, seed=0, slope=0.6):
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, count)
    return logits, (rng.random(count) < sigmoid(slope * logits + 0.4)).astype(int)


def bent_scores(count, seed=1):
    """Scores whose worth stops rising beyond zero."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, count)
    return logits, (rng.random(count) < sigmoid(np.where(logits < 0, 2.0 * logits, 0.1 * logits))).astype(int)


def test_an_isotonic_map_rises_and_can_be_inverted():
    knots = fit_isotonic(*bent_scores(4000))
    raw, odds = np.array(knots).T
    assert (np.diff(raw) > 0).all()
    assert (np.diff(odds) > 0).all()
    z = np.linspace(raw[0], raw[-1], 300)
    there = apply_calibration(z, 1.0, 0.0, knots)
    back = apply_calibration(there, 1.0, 0.0, tuple((b, a) for a, b in knots))
    assert back == pytest.approx(z, abs=1e-6)
    beyond = apply_calibration(np.array([-1e9, 1e9]), 1.0, 0.0, knots)
    assert beyond.tolist() == [odds[0], odds[-1]]


def test_scores_beyond_the_outermost_pools_keep_their_order():
    logits, labels = bent_scores(6000)
    found = choose_calibration(logits, labels, (np.arange(6000) // 3).astype(str))
    plain = np.array(fit_isotonic(logits, labels))
    extreme = np.array([logits.min(), plain[0, 0], plain[-1, 0], logits.max()])
    odds = found.odds(extreme)
    assert (np.diff(odds) > 0).all()
    # too little to claim more than was measured
    assert odds[[1, 2]] == pytest.approx(plain[[0, -1], 1], abs=1e-3)
    assert odds[[0, 3]] == pytest.approx(plain[[0, -1], 1] + [-0.05, 0.05], abs=1e-3)
    assert found.odds(np.array([-1e9, 1e9])).tolist() == odds[[0, 3]].tolist()


def test_the_strongest_band_is_not_emptied_by_scores_that_lie_close_together():
    """The strictest limit stands where the calibrated scores hardly rise any more."""
    labels, p, sets = of_two_sets()
    close = 0.99 + 1e-5 * p
    found = choose_thresholds(labels, close, genuine_sets=sets)
    above = close > found.strong_fake
    assert above[labels == 1].sum() > 100
    assert (above[(labels == 0) & (sets == "hard")]).mean() <= 0.005


@pytest.mark.parametrize("logits", [np.zeros(2000), -np.repeat([1.0, 2.0], 1000), np.arange(10.0)])
def test_scores_that_do_not_rise_or_are_few_give_no_isotonic_map(logits):
    labels = np.arange(len(logits)) >= len(logits) / 2
    assert fit_isotonic(logits, labels.astype(int)) == ()


def test_the_way_of_calibration_is_chosen_on_groups_left_out():
    for make, chosen in ((logistic_scores, "platt"), (bent_scores, "isotonic")):
        logits, labels = make(6000)
        found = choose_calibration(logits, labels, (np.arange(6000) // 3).astype(str))
        assert [t.method for t in found.trials] == ["raw", "temperature", "platt", "isotonic"]
        assert [t.method for t in found.trials if t.is_chosen] == [chosen]
        assert bool(found.knots) is (chosen == "isotonic")
        by_name = {t.method: t for t in found.trials}
        assert by_name[chosen].log_loss <= by_name["raw"].log_loss
        fresh_logits, fresh = make(6000, seed=9)
        assert balanced_ece(fresh, sigmoid(found.odds(fresh_logits))) < 0.04


def test_too_few_groups_leave_platt_scaling_without_trials():
    logits, labels = logistic_scores(400)
    found = choose_calibration(logits, labels, np.repeat("one", 400))
    assert found.trials == found.knots == ()
    assert found.temperature == pytest.approx(1 / 0.6, rel=0.4)


def test_the_inconclusive_zone_holds_every_ratio_within_two():
    logits, labels = logistic_scores(6000, slope=0.4)
    # called far surer than they are: the measured ratio must widen the zone
    p = sigmoid(1.5 * logits)
    t = choose_thresholds(labels, p)
    assert t.inconclusive_low < 0.15
    assert t.inconclusive_high > 0.75
    for side in (p < t.inconclusive_low, p > t.inconclusive_high):
        ratio = likelihood_ratio(labels[side].sum(), labels.sum(), (1 - labels[side]).sum(), (1 - labels).sum())
        assert not 0.5 < ratio < 2 or side.sum() < 100


def test_scores_that_say_nothing_have_no_band_of_evidence():
    rng = np.random.default_rng(5)
    labels, p = rng.integers(0, 2, 5000), rng.random(5000)
    t = choose_thresholds(labels, p)
    assert {t.band(v) for v in p} == {Band.INCONCLUSIVE}


def test_a_strong_band_that_no_sample_reaches_becomes_part_of_the_moderate_one():
    rng = np.random.default_rng(6)
    labels = np.repeat([0, 1], 2000)
    p = sigmoid(rng.normal(3.0 * labels - 1.5, 1.5))
    # ends of a calibration at which scores of both classes gather
    held = np.clip(p, 0.15, 0.8)
    plain, t = choose_thresholds(labels, p), choose_thresholds(labels, held)
    assert 0.0 < plain.strong_genuine < plain.strong_fake < 1.0
    assert (t.strong_genuine, t.strong_fake) == (0.0, 1.0)
    assert {t.band(v) for v in (0.0, 0.15)} == {Band.MODERATE_GENUINE}
    assert {t.band(v) for v in (0.8, 1.0)} == {Band.MODERATE_FAKE}
    rows = measure_bands(labels, held, np.arange(4000).astype(str), t)
    card = replace(make_measured_card(), thresholds=t, bands=rows)
    (table,) = ratio_tables(card, "en")
    assert [(row.n_genuine + row.n_fake > 0) for row in rows] == [False, True, True, True, False]
    assert table.bands == (Band.MODERATE_GENUINE, Band.INCONCLUSIVE, Band.MODERATE_FAKE)
    assert [row[0][:4] for row in table.rows] == [f"{row.low:.2f}" for row in rows[1:4]]


def of_two_sets(count=400):
    """Genuine scores of a set that looks more like fakes than the other ones do, and fakes."""
    rng = np.random.default_rng(11)
    odds = [rng.normal(-2, 1, 3 * count), rng.normal(0.5, 1, count), rng.normal(3, 1, 4 * count)]
    sets = np.repeat(["easy", "hard", "easy"], [len(part) for part in odds])
    return np.repeat([0, 0, 1], [len(part) for part in odds]), sigmoid(np.concatenate(odds)), sets


def test_the_strongest_band_for_fake_holds_on_every_set_and_not_only_on_their_mixture():
    labels, p, sets = of_two_sets()
    rows = (labels == 0) & (sets == "hard")
    mixture = choose_thresholds(labels, p)
    assert (p[labels == 0] > mixture.strong_fake).mean() <= 0.005 < (p[rows] > mixture.strong_fake).mean()
    found = choose_thresholds(labels, p, genuine_sets=sets)
    above = int((p[rows] > found.strong_fake).sum())
    # the next image of the same kind lies above with probability (k + 1) / (n + 1) at most
    assert 0 < above
    assert (above + 1) / (rows.sum() + 1) <= 0.005
    assert (found.inconclusive_low, found.strong_genuine) == (mixture.inconclusive_low, mixture.strong_genuine)


def test_the_strongest_band_for_genuine_holds_on_every_named_set_of_fakes():
    labels, p, sets = of_two_sets()
    labels, p = 1 - labels, 1 - p
    rows = (labels == 1) & (sets == "hard")
    found = choose_thresholds(labels, p, fake_sets=sets)
    mixture = choose_thresholds(labels, p)
    assert 0.005 < (p[rows] < found.strong_genuine).mean() <= 0.01 < (p[rows] < mixture.strong_genuine).mean()
    # forgeries without a name are no set of their own
    unnamed = choose_thresholds(labels, p, fake_sets=np.where(sets == "hard", "", sets))
    assert unnamed == mixture


def test_a_set_that_is_too_small_counts_in_the_mixture_alone():
    labels, p, sets = of_two_sets()
    hard = np.flatnonzero((labels == 0) & (sets == "hard"))
    kept = np.ones(len(p), bool)
    least = bands_module.least_count(bands_module.FAKE_RATE)
    kept[hard[least - 1 :]] = False
    few = choose_thresholds(labels[kept], p[kept], genuine_sets=sets[kept])
    assert few == choose_thresholds(labels[kept], p[kept])
    kept[hard[least - 1]] = True
    enough = choose_thresholds(labels[kept], p[kept], genuine_sets=sets[kept])
    assert enough.strong_fake >= p[hard[:least]].max() > few.strong_fake


@pytest.mark.parametrize(("rate", "count"), [(0.01, 150), (0.005, 450)])
def test_the_limit_promises_what_further_images_keep_on_average(rate, count):
    rng = np.random.default_rng(2)
    draws = rng.standard_normal((2000, count))
    beyond = [norm.sf(bands_module.strictest_limit(row, None, rate)) for row in draws]
    assert rate / 2 < np.mean(beyond) <= 1.05 * rate


def test_a_card_with_its_table_survives_writing_and_reading(tmp_path):
    card = make_measured_card(knots=((-3.0, -2.5), (0.0, 0.25), (4.0, 2.0)))
    write_card(card, tmp_path / CARD_FILE)
    assert load_card(tmp_path / CARD_FILE) == card
    text = (tmp_path / CARD_FILE).read_text(encoding="utf-8")
    assert text.count("[[bands]]") == 5
    assert 'verbal = "moderate"' in text
    p = calibrate(card, np.array([-9.0, 0.0, 2.0], np.float32))
    assert p == pytest.approx(sigmoid(np.array([-2.5, 0.25, 1.125])), abs=1e-6)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('verbal = "moderate"', 'verbal = "strong"', "its bounds are moderate"),
        ("lr_low = 46.0", "lr_low = 0.0", "0 < lr_low"),
        ('band = "strong_fake"', 'band = "moderate_fake"', "expected a row for each"),
        ("knots = [[0.0, 1.0], [2.0, 3.0]]", "knots = [[0.0, 1.0], [2.0, 0.5]]", "ascending points"),
        ("knots = [[0.0, 1.0], [2.0, 3.0]]", "knots = [[0.0, 1.0]]", "at least two"),
        ("knots = [[0.0, 1.0], [2.0, 3.0]]", "knots = [[0.0, 1.0], [2.0, inf]]", "finite"),
        ('measure = "sharpness"', 'measure = "beauty"', "measure: expected one of"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(tmp_path, old, new, complaint):
    path = tmp_path / CARD_FILE
    write_card(make_measured_card(knots=((0.0, 1.0), (2.0, 3.0))), path)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load_card(path)
    assert complaint in caught.value.hint


def test_a_level_without_rows_falls_back_to_the_measured_one():
    card = make_measured_card()
    assert card.ratio_of(Band.STRONG_FAKE, "video").level == "image"
    both = replace(card, bands=(*card.bands, *(replace(row, level="video", n_fake=1) for row in card.bands)))
    assert both.ratio_of(Band.STRONG_FAKE, "video").n_fake == 1
    assert both.ratio_of(Band.STRONG_FAKE, "image").n_fake == 2600
    assert card.ratio_of(None, "image") is None


def test_quality_ranges_are_percentiles_of_enough_faces():
    faces = [FaceQuality(100.0, float(i), i / 200, (-1) ** i * i / 5) for i in range(200)]
    sharpness, exposure, pose = quality_ranges(faces)
    assert (sharpness.low, sharpness.high) == pytest.approx((1.99, 197.01))
    assert (exposure.low, exposure.high) == pytest.approx((0.01, 0.985), abs=1e-3)
    assert (pose.low, pose.high) == (None, pytest.approx(39.4, abs=0.01))
    assert quality_ranges(faces[:99]) == ()
    with pytest.raises(ValueError, match="low <= high"):
        QualityRange("sharpness", 2.0, 1.0)


def test_faces_are_measured_where_they_are_known_and_whole(astronaut, monkeypatch, tmp_path):
    monkeypatch.setattr(bands_module, "read_rgb", lambda _: astronaut)
    points = ((205.0, 105.0), (245.0, 105.0), (225.0, 130.0), (208.0, 150.0), (242.0, 150.0))
    face = Sample(tmp_path, False, "g", "val", "s", "", (180.0, 70.0, 270.0, 180.0), points)
    outside, unknown = replace(face, box_xyxy=(-5.0, 70.0, 85.0, 180.0)), replace(face, landmarks=None)
    (found,) = measure_faces([face, outside, unknown])
    assert found.size_px == 90.0
    assert found.sharpness > 10
    assert abs(found.pose_deg) < 10
