import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from desktop_app.detectors import calibrate, class_probabilities, fake_logits, sigmoid
from desktop_app.detectors.preprocess import resize_crop, to_tensor
from tests.factories import make_card

SEVEN = ("swap", "lips", "genuine", "gan", "edit", "reenact", "morph")


def logits(columns):
    return hnp.arrays(np.float32, st.tuples(st.integers(1, 4), st.just(columns)), elements=st.floats(-30, 30, width=32))


@pytest.mark.parametrize(("classes", "place"), [(("genuine", "fake"), 0), (("fake", "genuine"), 1), (SEVEN, 2)])
@given(data=st.data())
def test_p_fake_is_one_minus_p_genuine(classes, place, data):
    card = make_card(classes=classes, genuine_class="genuine", temperature=1.0, bias=0.0)
    raw = data.draw(logits(len(classes)))
    soft = torch.softmax(torch.from_numpy(raw).double(), dim=1).numpy()
    p_fake = calibrate(card, fake_logits(card, raw))
    np.testing.assert_allclose(p_fake, 1.0 - soft[:, place], atol=1e-6)
    np.testing.assert_allclose(class_probabilities(card, raw), soft, atol=1e-6)


@given(raw=logits(1))
def test_a_single_output_is_the_log_odds_of_fake(raw):
    card = make_card(temperature=1.0, bias=0.0)
    expected = torch.sigmoid(torch.from_numpy(raw[:, 0]).double()).numpy()
    np.testing.assert_allclose(calibrate(card, fake_logits(card, raw)), expected, atol=1e-6)
    np.testing.assert_allclose(class_probabilities(card, raw), np.stack([1 - expected, expected], 1), atol=1e-6)


def test_one_output_of_many_classes_still_sums_to_one():
    card = make_card(classes=SEVEN)
    rows = class_probabilities(card, np.array([[0.0], [9.0]], np.float32))
    np.testing.assert_allclose(rows.sum(axis=1), 1.0, atol=1e-6)
    assert rows[0, 2] == pytest.approx(0.5)


def test_calibration_divides_and_shifts():
    card = make_card(temperature=2.0, bias=0.5)
    expected = 1 / (1 + np.exp(-(np.array([-3.0, 0.0, 4.0]) / 2 + 0.5)))
    np.testing.assert_allclose(calibrate(card, np.array([-3, 0, 4], np.float32)), expected, rtol=1e-6)


def test_extreme_logits_stay_probabilities():
    card = make_card(temperature=0.01)
    raw = np.array([[1e30, -1e30], [-1e30, 1e30], [0, 0]], np.float32)
    p_fake = calibrate(card, fake_logits(card, raw))
    assert p_fake[:2].tolist() == [0.0, 1.0]
    assert np.isfinite(class_probabilities(card, raw)).all()
    assert sigmoid(np.array([-1e300, 1e300])).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("shape", [(2, 3), (2,), (2, 0)])
def test_logits_of_another_network_are_refused(shape):
    with pytest.raises(ValueError, match="expected"):
        fake_logits(make_card(), np.zeros(shape, np.float32))


def test_normalisation_equals_plain_numpy():
    rng = np.random.default_rng(3)
    crops = [rng.integers(0, 256, (24, 24, 3), dtype=np.uint8) for _ in range(3)]
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    result = to_tensor(crops, 24, mean, std)
    expected = (np.stack(crops).astype(np.float64) / 255.0 - np.array(mean)) / np.array(std)
    np.testing.assert_allclose(result.numpy(), expected.transpose(0, 3, 1, 2), atol=1e-5)
    assert result.dtype == torch.float32
    assert result.is_contiguous(memory_format=torch.channels_last)


def test_shrinking_averages_areas():
    crop = np.random.default_rng(4).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    mean_of_blocks = crop.reshape(20, 2, 20, 2, 3).mean(axis=(1, 3))
    assert np.abs(resize_crop(crop, 20) - mean_of_blocks).max() <= 0.5
    assert resize_crop(crop, 40) is crop
    assert resize_crop(crop, 60).shape == (60, 60, 3)


@pytest.mark.parametrize(
    "crop", [np.zeros((8, 8), np.uint8), np.zeros((8, 8, 4), np.uint8), np.zeros((8, 8, 3), np.float32)]
)
def test_what_is_no_rgb_crop_is_refused(crop):
    with pytest.raises(ValueError, match="uint8"):
        to_tensor([crop], 8, (0.5,) * 3, (0.5,) * 3)
