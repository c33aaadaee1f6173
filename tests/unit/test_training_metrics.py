import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from desktop_app.detectors import sigmoid
from desktop_app.domain import Band
from desktop_app.training.bands import choose_thresholds
from desktop_app.training.calibration import fit_calibration
from desktop_app.training.export import error_rates
from desktop_app.training.intervals import auc_interval, auc_move_interval, eer_interval
from desktop_app.training.metrics import (
    auc,
    balanced_weights,
    best_f1_threshold,
    best_youden_threshold,
    equal_error_rate,
    expected_calibration_error,
    judge,
    judge_classes,
    reliability_bins,
    threshold_at_fpr,
    tpr_at_fpr,
)


def scores(n=400, shift=1.5, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, n)
    return labels, sigmoid(rng.normal(shift * (labels - 0.5), 1.0))


PROBABILITIES = st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=2, max_size=60).filter(
    lambda rows: len({label for label, _ in rows}) == 2
)


def split(rows):
    return np.array([label for label, _ in rows]), np.array([p for _, p in rows])


def test_figures_equal_scikit_learn():
    labels, p = scores()
    s = judge(labels, p, 0.4, rounds=20)
    predicted = p > 0.4
    assert s.auc == pytest.approx(sk.roc_auc_score(labels, p))
    assert s.brier == pytest.approx(sk.brier_score_loss(labels, p))
    assert s.accuracy == pytest.approx(sk.accuracy_score(labels, predicted))
    assert s.balanced_accuracy == pytest.approx(sk.balanced_accuracy_score(labels, predicted))
    assert (s.precision, s.recall, s.f1) == pytest.approx(
        (sk.precision_score(labels, predicted), sk.recall_score(labels, predicted), sk.f1_score(labels, predicted))
    )
    assert s.confusion == tuple(map(tuple, sk.confusion_matrix(labels, predicted).tolist()))
    assert s.fpr == pytest.approx((predicted & (labels == 0)).sum() / (labels == 0).sum())
    assert s.fnr == pytest.approx((~predicted & (labels == 1)).sum() / (labels == 1).sum())
    assert (s.n_genuine, s.n_fake) == ((labels == 0).sum(), (labels == 1).sum())


def test_one_class_alone_has_rates_but_no_curve():
    s = judge(np.zeros(4, int), np.array([0.1, 0.2, 0.6, 0.9]), 0.5)
    assert (s.auc, s.auc_low, s.eer, s.fnr) == (None, None, None, None)
    assert (s.eer_low, s.eer_high) == (None, None)
    assert (s.balanced_accuracy, s.tpr_at_1, s.tpr_at_5, s.ece_balanced) == (None, None, None, None)
    assert s.fpr == 0.5
    assert auc(np.ones(3, int), np.arange(3.0)) is None


@pytest.mark.parametrize(
    ("labels", "p", "expected"),
    [
        ([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], 0.0),
        ([0, 0, 1, 1], [0.8, 0.9, 0.1, 0.2], 1.0),
        ([0, 1], [0.5, 0.5], 0.5),
        ([0, 0, 0, 0, 1, 1, 1, 1], [0.1, 0.2, 0.3, 0.7, 0.6, 0.8, 0.9, 0.95], 0.25),
        ([0, 0, 0, 1, 1], [0.1, 0.2, 0.6, 0.5, 0.9], 1 / 3),
    ],
)
def test_known_equal_error_rates(labels, p, expected):
    assert equal_error_rate(np.array(labels), np.array(p)) == pytest.approx(expected)


@settings(max_examples=40)
@given(PROBABILITIES)
def test_the_equal_error_rate_is_a_share_and_mirrors(rows):
    labels, p = split(rows)
    rate = equal_error_rate(labels, p)
    assert 0 <= rate <= 1
    assert equal_error_rate(1 - labels, -p) == pytest.approx(rate)


def test_the_equal_error_rate_of_two_normal_classes():
    rng = np.random.default_rng(1)
    labels = np.repeat([0, 1], 20000)
    # for distance d the error is Phi(-d / 2)
    assert equal_error_rate(labels, rng.normal(2.0 * labels)) == pytest.approx(0.1587, abs=0.01)


def test_known_calibration_errors():
    labels, p = np.array([0, 0, 0, 1, 1, 1, 1, 0]), np.array([0.05] * 4 + [0.85] * 4)
    assert expected_calibration_error(labels, p) == pytest.approx(0.5 * 0.2 + 0.5 * 0.1)
    rng = np.random.default_rng(2)
    p = rng.random(50000)
    assert expected_calibration_error((rng.random(50000) < p).astype(int), p) < 0.01
    assert expected_calibration_error((rng.random(50000) < p).astype(int), p**3) > 0.15


def naive_calibration_error(labels, p, weights, bins=10):
    total = 0.0
    for b in range(bins):
        inside = [i for i in range(len(p)) if b / bins <= p[i] < (b + 1) / bins or (b == bins - 1 and p[i] == 1.0)]
        weight = sum(weights[i] for i in inside)
        confidence = sum(weights[i] * p[i] for i in inside)
        frequency = sum(weights[i] * labels[i] for i in inside)
        total += abs(confidence - frequency) / sum(weights) if weight else 0.0
    return total


@pytest.mark.parametrize("seed", range(3))
def test_calibration_errors_equal_naive_ones(seed):
    labels, p = scores(150, seed=seed)
    labels[:40] = 1
    counts = [int((labels == 0).sum()), int((labels == 1).sum())]
    weights = [1.0 / counts[label] for label in labels]
    assert expected_calibration_error(labels, p) == pytest.approx(naive_calibration_error(labels, p, [1.0] * 150))
    found = expected_calibration_error(labels, p, is_balanced=True)
    assert found == pytest.approx(naive_calibration_error(labels, p, weights))
    assert judge(labels, p, 0.5, rounds=1).ece_balanced == pytest.approx(found)


def test_balanced_calibration_does_not_hang_on_the_share_of_fakes():
    labels, p = scores(4000)
    many = np.concatenate([np.flatnonzero(labels == 1)] * 5 + [np.flatnonzero(labels == 0)])
    even = expected_calibration_error(labels, p, is_balanced=True)
    assert expected_calibration_error(labels[many], p[many], is_balanced=True) == pytest.approx(even)
    assert expected_calibration_error(labels[many], p[many]) > even + 0.1
    assert balanced_weights(labels[many])[labels[many] == 1].sum() == pytest.approx(len(many) / 2)


def test_the_bins_of_a_reliability_diagram_hold_every_sample():
    labels, p = scores(500)
    bins = reliability_bins(labels, p)
    assert sum(b.count for b in bins) == 500
    assert sum(b.weight for b in bins) == pytest.approx(1.0)
    assert sum(b.weight * b.share_fake for b in bins) == pytest.approx(labels.mean())
    last = [i for i in range(500) if p[i] >= 0.9]
    assert (bins[-1].count, bins[-1].p_fake) == (len(last), pytest.approx(np.mean(p[last])))
    assert [b.count for b in reliability_bins(np.array([1]), np.array([1.0]))] == [1]


@settings(max_examples=40)
@given(PROBABILITIES, st.sampled_from([0.0, 0.01, 0.05, 0.3]))
def test_no_threshold_finds_more_at_a_false_alarm_rate(rows, rate):
    labels, p = split(rows)
    naive = 0.0
    for threshold in [*p, 2.0]:
        called = p >= threshold
        if (called & (labels == 0)).sum() <= rate * (labels == 0).sum() + 1e-9:
            naive = max(naive, (called & (labels == 1)).sum() / (labels == 1).sum())
    assert tpr_at_fpr(labels, p, rate) == pytest.approx(naive)


@settings(max_examples=40)
@given(PROBABILITIES)
def test_no_threshold_has_a_higher_youden_index(rows):
    labels, p = split(rows)
    p = np.round(p, 3)

    def index(threshold):
        called = p > threshold
        return called[labels == 1].mean() - called[labels == 0].mean()

    best = index(best_youden_threshold(labels, p))
    # a score of 0 cannot be above a threshold of 0
    assert best >= max(index(t) for t in [-1.0, *p]) - 1e-9 or p[labels == 1].min() == 0


def test_figures_of_several_classes_equal_scikit_learn():
    rng = np.random.default_rng(5)
    classes = ("genuine", "swap", "lips", "unused")
    truth = [classes[i] for i in rng.integers(0, 3, 200)]
    named = [t if rng.random() < 0.6 else classes[rng.integers(0, 3)] for t in truth]
    s = judge_classes(truth, named, classes)
    assert s.names == classes[:3]
    assert s.accuracy == pytest.approx(sk.accuracy_score(truth, named))
    assert s.balanced_accuracy == pytest.approx(sk.balanced_accuracy_score(truth, named))
    assert s.macro_f1 == pytest.approx(sk.f1_score(truth, named, average="macro"))
    assert s.confusion == tuple(map(tuple, sk.confusion_matrix(truth, named, labels=classes[:3]).tolist()))


def test_a_class_that_is_only_named_does_not_dilute_the_means():
    s = judge_classes(["a", "a", "b"], ["a", "c", "b"], ("a", "b", "c"))
    assert s.names == ("a", "b", "c")
    assert s.balanced_accuracy == pytest.approx(0.75)
    assert s.macro_f1 == pytest.approx((2 / 3 + 1) / 2)


def test_the_bootstrap_equals_a_plain_one():
    labels, p = scores(120)
    p = np.round(p, 1)
    groups = np.array([f"g{i // 3}" for i in range(120)])
    names = np.unique(groups)
    rng = np.random.default_rng(9)
    plain = []
    for _ in range(60):
        rows = np.concatenate([np.flatnonzero(groups == names[g]) for g in rng.integers(0, len(names), len(names))])
        plain.append(sk.roc_auc_score(labels[rows], p[rows]))
    assert auc_interval(labels, p, groups, 60, seed=9) == pytest.approx(tuple(np.percentile(plain, [2.5, 97.5])))


def test_the_bootstrap_of_the_equal_error_rate_equals_a_plain_one():
    labels, p = scores(120)
    p = np.round(p, 1)
    groups = np.array([f"g{i // 3}" for i in range(120)])
    names, rng, plain = np.unique(groups), np.random.default_rng(9), []
    for _ in range(60):
        rows = np.concatenate([np.flatnonzero(groups == names[g]) for g in rng.integers(0, len(names), len(names))])
        plain.append(equal_error_rate(labels[rows], p[rows]))
    assert eer_interval(labels, p, groups, 60, seed=9) == pytest.approx(tuple(np.percentile(plain, [2.5, 97.5])))
    assert eer_interval(np.zeros(120, int), p, groups, 5) is None


def separated(n, is_right=True):
    labels = np.repeat([0, 1], n)
    p = 0.2 + 0.6 * (labels if is_right else 1 - labels) + np.tile(np.linspace(0, 0.1, n), 2)
    return labels, p


def test_perfectly_separated_items_have_the_bound_that_their_number_allows():
    s = judge(*separated(4), 0.5)
    assert (s.auc, s.eer) == (1.0, 0.0)
    # Clopper and Pearson's bound of 4 successes of 4
    exact = 0.025 ** (1 / 4)
    assert (s.auc_low, s.auc_high) == pytest.approx((exact, 1.0))
    assert (s.eer_low, s.eer_high) == pytest.approx((0.0, 1 - exact))
    wrong = judge(*separated(4, is_right=False), 0.5)
    assert (wrong.auc_low, wrong.auc_high) == pytest.approx((0.0, 1 - exact))
    assert (wrong.eer_low, wrong.eer_high) == pytest.approx((exact, 1.0))
    assert judge(*separated(400), 0.5, rounds=5).auc_low > 0.99


def test_the_bound_counts_groups_and_pairs_of_different_ones():
    labels, p = separated(6)
    twins = np.array(["a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d"])
    assert auc_interval(labels, p, twins, 20) == pytest.approx((0.025 ** (1 / 2), 1.0))
    # an original and its forgery in one group: two pairs of different groups are in four
    shared = np.tile(["a", "b", "c", "d", "e", "e"], 2)
    assert auc_interval(labels, p, shared, 20) == pytest.approx((0.025 ** (1 / 2), 1.0))
    assert auc_interval(labels, p, np.full(12, "a"), 20) is None


def test_resamples_that_are_all_alike_give_no_interval():
    labels, p = np.array([0, 0, 1, 1]), np.array([0.1, 0.6, 0.5, 0.9])
    s = judge(labels, p, 0.5, np.array(["a", "a", "b", "b"]), 50)
    assert (s.auc, s.auc_low, s.auc_high, s.eer_low, s.eer_high) == (0.75, None, None, None, None)
    assert auc_interval(labels, np.full(4, 0.5), np.arange(4).astype(str), 50) is None
    # one genuine video tells nothing of others, however many fakes there are
    many, groups = scores(60), np.arange(60).astype(str)
    assert auc_interval(*many, np.where(many[0] == 0, "one", groups), 50) is None
    assert auc_interval(*many, np.where(groups < "3", "one", groups), 50) is not None


def test_a_row_of_a_card_has_both_intervals():
    labels, p = scores(200, 2.0)
    row = error_rates("a", "all", "image", True, labels, p, choose_thresholds(labels, p))
    assert 0.0 < row.eer_low < row.eer < row.eer_high < 1.0
    alone = error_rates("a", "all", "image", True, labels[labels == 0], p[labels == 0], choose_thresholds(labels, p))
    assert (alone.eer, alone.eer_low, alone.eer_high) == (None, None, None)


def test_the_move_of_an_auc_is_resampled_in_pairs():
    labels, p = scores(120)
    other = np.round(p, 1)
    groups = np.array([f"g{i // 3}" for i in range(120)])
    names, rng, plain = np.unique(groups), np.random.default_rng(9), []
    for _ in range(40):
        rows = np.concatenate([np.flatnonzero(groups == names[g]) for g in rng.integers(0, len(names), len(names))])
        plain.append(sk.roc_auc_score(labels[rows], other[rows]) - sk.roc_auc_score(labels[rows], p[rows]))
    found = auc_move_interval(labels, p, other, groups, 40, seed=9)
    assert found == pytest.approx(tuple(np.percentile(plain, [2.5, 97.5])))
    assert auc_move_interval(labels, p, p, groups, 5) is None
    assert auc_move_interval(np.zeros(120, int), p, other, groups, 5) is None


def test_the_bootstrap_resamples_groups():
    labels, p = scores(200)
    low, high = auc_interval(labels, p, np.arange(200).astype(str), 100)
    assert low < sk.roc_auc_score(labels, p) < high
    # each sample thirty times over, in one group, is no more evidence
    many = [np.repeat(v, 30) for v in (labels, p)]
    groups = np.repeat(np.arange(200), 30).astype(str)
    assert auc_interval(*many, groups, 100) == pytest.approx((low, high), abs=0.04)
    single_low, single_high = auc_interval(*many, np.arange(6000).astype(str), 50)
    assert single_high - single_low < 0.5 * (high - low)
    assert auc_interval(labels, p, groups[:200], 50) == auc_interval(labels, p, groups[:200], 50)
    assert auc_interval(np.zeros(5, int), p[:5], groups[:5], 5) is None


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.floats(0, 1))
def test_a_threshold_at_a_rate_is_kept_and_smallest(values, rate):
    p = np.array(values)
    threshold = threshold_at_fpr(p, rate)
    assert (p > threshold).sum() <= rate * len(p) + 1e-6
    lower = p[p < threshold]
    if len(lower):
        assert (p > lower.max()).sum() > rate * len(p) - 1e-6


def test_rounding_does_not_cost_a_sample():
    assert threshold_at_fpr(np.arange(100) / 100, 0.29) == 0.7
    assert threshold_at_fpr(np.array([0.3, 0.4]), 1.0) == 0.0
    for wrong in ((np.array([]), 0.1), (np.array([0.5]), 1.1)):
        with pytest.raises(ValueError, match="samples and a rate"):
            threshold_at_fpr(*wrong)


@settings(max_examples=30)
@given(PROBABILITIES)
def test_no_threshold_has_a_higher_f1(rows):
    labels, p = split(rows)
    p = np.round(p, 3)
    best = sk.f1_score(labels, p > best_f1_threshold(labels, p), zero_division=0)
    others = [sk.f1_score(labels, p > t, zero_division=0) for t in [-1.0, *p]]
    # a score of 0 cannot be above a threshold of 0
    assert best >= max(others) - 1e-9 or p[labels == 1].min() == 0


@pytest.mark.parametrize(("temperature", "bias"), [(1.0, 0.0), (2.5, -0.4), (0.5, 0.8)])
@pytest.mark.parametrize("share_fake", [0.5, 0.8])
def test_calibration_recovers_what_made_the_labels(temperature, bias, share_fake):
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 3, 120_000)
    labels = (rng.random(len(logits)) < sigmoid(logits / temperature + bias)).astype(int)
    # unequal classes must not move it: the figures are for equal odds, and the bias is that of equally heavy classes
    odds = np.log((labels == 1).sum() / (labels == 0).sum())
    keep = np.where(labels == 1, 1.0, (1 - share_fake) / share_fake) > rng.random(len(labels))
    found = fit_calibration(logits[keep], labels[keep])
    assert found == pytest.approx((temperature, bias - odds), rel=0.05, abs=0.05)


def test_scores_that_say_nothing_are_calibrated_to_one_half():
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 2, 500)
    temperature, bias = fit_calibration(-5.0 * labels + rng.normal(size=500), labels)
    p = sigmoid(np.array([-20.0, 20.0]) / temperature + bias)
    assert np.abs(p - 0.5).max() < 0.01
    temperature, bias = fit_calibration(np.where(labels, 50.0, -50.0), labels)
    assert temperature > 0
    assert np.isfinite(bias)


@settings(max_examples=40)
@given(PROBABILITIES)
def test_bands_ascend_whatever_the_scores(rows):
    labels, p = split(rows)
    t = choose_thresholds(labels, p)
    assert 0 <= t.strong_genuine <= t.inconclusive_low < t.inconclusive_high <= t.strong_fake <= 1
    assert t.inconclusive_low <= t.decision <= t.inconclusive_high
    # no more than the promised share of either class in the strong band of the other
    assert (p[labels == 0] > t.strong_fake).mean() <= 0.01
    assert (p[labels == 1] < t.strong_genuine - 1e-12).mean() <= 0.01


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_constant_scores_have_bands(value):
    t = choose_thresholds(np.array([0, 1, 0, 1]), np.full(4, value))
    assert t.band(0.5) is Band.INCONCLUSIVE


def test_good_scores_use_every_band():
    labels, p = scores(4000, 2.5)
    t = choose_thresholds(labels, p)
    assert {t.band(v) for v in np.linspace(0, 1, 500)} == set(Band)
    assert t.strong_genuine > p.min()
    assert t.strong_fake < p.max()
    row = error_rates("a", "all", "image", True, labels, p, t)
    assert row.fpr_strong <= 0.01
    assert row.auc_low < row.auc < row.auc_high
