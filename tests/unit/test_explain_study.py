"""Other maps than Grad-CAM, the layers they look at, and what is said about them: all against cases with an answer."""

import numpy as np
import pytest
import torch
from torch import nn

from desktop_app.analysis.explanation import find_landmarks
from desktop_app.detectors import TorchDetector
from desktop_app.domain import Heatmap
from desktop_app.errors import InputError
from desktop_app.explain import METHODS, REGIONS, GradCam, attention_shares, deletion, list_layers, region_map
from desktop_app.explain.faithfulness import blurred, cell_masks, without
from desktop_app.explain.residuals import error_level, noise_residual
from desktop_app.progress import Cancelled, CancelToken
from tests.factories import make_card

BOX = (176.0, 60.0, 276.0, 190.0)


def pooled_linear(channels=6, classes=3):
    torch.manual_seed(3)
    return nn.Sequential(
        nn.Conv2d(3, channels, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)
    ).eval()


def test_with_a_pooled_linear_head_hires_cam_is_grad_cam():
    # Draelos and Carin 2020, section 3: both are then w_k A_k / (h w)
    net, x = pooled_linear(), torch.randn(1, 3, 9, 9)
    with GradCam(net, "0") as cam:
        cam.forward(x)
        for index in range(3):
            np.testing.assert_allclose(cam.map(index, method="HiResCAM"), cam.map(index), atol=1e-7)


def test_with_a_flattened_linear_head_hires_cam_is_what_went_into_the_score():
    torch.manual_seed(5)
    net = nn.Sequential(nn.Conv2d(3, 2, 1), nn.Flatten(), nn.Linear(2 * 16, 2)).double().eval()
    x = torch.randn(1, 3, 4, 4, dtype=torch.float64)
    with torch.no_grad():
        activation = net[0](x)[0]
        parts = (net[2].weight[1].reshape(2, 4, 4) * activation).sum(dim=0)
        assert float(parts.sum() + net[2].bias[1]) == pytest.approx(float(net(x)[0, 1]))
    with GradCam(net, "0") as cam:
        cam.forward(x)
        found, smeared = cam.map(1, method="HiResCAM"), cam.map(1)
    np.testing.assert_allclose(found, np.maximum(parts.numpy(), 0.0), atol=1e-6)
    assert not np.allclose(found, smeared, atol=1e-3)


def test_grad_cam_plus_plus_has_the_weights_of_its_paper():
    net, x = pooled_linear(), torch.randn(1, 3, 9, 9)
    with torch.no_grad():
        activation = net[0](x)[0].double()
        slope = (net[3].weight[2] / 49).double()
    # constant gradients g: every a is 1 / (2 + g sum(A)), so w = 49 relu(g) / (2 + g sum(A))
    weights = 49 * slope.clamp(min=0) / (2 + slope * activation.sum(dim=(1, 2)))
    expected = torch.relu(torch.einsum("k,khw->hw", weights, activation)).numpy()
    with GradCam(net, "0") as cam:
        cam.forward(x)
        np.testing.assert_allclose(cam.map(2, method="Grad-CAM++"), expected, rtol=1e-3, atol=1e-6)
        with pytest.raises(InputError, match="no heatmap"):
            cam.map(2, method="CAM")


def test_no_gradient_is_an_empty_map_and_no_division_by_zero():
    net = pooled_linear()
    nn.init.zeros_(net[3].weight)
    with GradCam(net, "0") as cam:
        cam.forward(torch.randn(1, 3, 9, 9))
        for method in METHODS:
            assert np.array_equal(cam.map(0, method=method), np.zeros((7, 7), np.float32))


def test_layers_are_the_last_of_each_resolution():
    torch.manual_seed(4)
    from desktop_app.detectors.nets import build_net

    detector = TorchDetector(make_card(input_size_px=96), build_net("mobilenet_v2", 2), "cpu")
    layers = list_layers(detector)
    assert [(layer.rows, layer.columns) for layer in layers] == [(3, 3), (6, 6), (12, 12), (24, 24), (48, 48)]
    assert layers[0].is_usual
    assert layers[0].name == detector.cam_layer
    assert not any(layer.is_usual for layer in layers[1:])
    assert sum(len(module._forward_hooks) for module in detector.module.modules()) == 0


# parts of the face

FRONT = np.array([[0.35, 0.4], [0.65, 0.4], [0.5, 0.58], [0.4, 0.72], [0.6, 0.72]], np.float32)


def test_an_even_map_gives_every_part_its_area():
    shares = attention_shares(np.ones((7, 7), np.float32), FRONT)
    assert tuple(share.region for share in shares) == REGIONS
    for share in shares:
        assert share.attention == pytest.approx(share.area)
    assert sum(share.area for share in shares) == pytest.approx(1.0)


@pytest.mark.parametrize(("point", "region"), [(0, "eyes"), (1, "eyes"), (2, "nose"), (3, "mouth"), (4, "mouth")])
def test_a_map_on_a_landmark_lies_in_its_part(point, region):
    values = np.zeros((64, 64), np.float32)
    x, y = (FRONT[point] * 64).astype(int)
    values[y, x] = 1.0
    shares = {share.region: share.attention for share in attention_shares(values, FRONT)}
    assert shares[region] > 0.9


def test_the_parts_turn_with_the_face():
    upright = region_map(FRONT * 100, 100)
    turned = np.stack([1.0 - FRONT[:, 1], FRONT[:, 0]], axis=1)  # a quarter turn clockwise
    again = region_map((turned * 100).astype(np.float32), 100)
    assert (np.rot90(upright, -1) == again).mean() > 0.98


def test_an_empty_map_says_nothing():
    assert attention_shares(np.zeros((7, 7), np.float32), FRONT) == ()


def test_landmarks_are_found_in_parts_of_the_crop(astronaut):
    found = find_landmarks(astronaut, BOX, 0.3)
    side = 1.3 * 130
    left, top = 226 - side / 2, 125 - side / 2
    eyes = found[:2] * side + (left, top)
    assert 195 < eyes[0, 0] < 225
    assert 228 < eyes[1, 0] < 258
    assert all(95 < y < 130 for y in eyes[:, 1])
    assert find_landmarks(astronaut, (0.0, 380.0, 90.0, 500.0), 0.3) is None


# faithfulness


class UpperHalf(nn.Module):
    """Scores how much detail the upper half of the picture has, and nothing else."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 1, 3, padding=1, bias=False)
        nn.init.constant_(self.conv.weight, -1.0 / 8)
        with torch.no_grad():
            self.conv.weight[:, :, 1, 1] = 1.0

    def forward(self, x):
        return 40.0 * self.conv(x).abs()[:, :, : x.shape[2] // 2].mean(dim=(1, 2, 3), keepdim=False)[:, None] - 6.0


@pytest.fixture
def grainy():
    return np.random.default_rng(2).integers(0, 255, (200, 200, 3), np.uint8)


def heatmap_of(values):
    return Heatmap(0, 1, (0.0, 0.0, 200.0, 200.0), values.astype(np.float32), 1.0, "fake", "fake", "conv", "test", 0.5)


def test_a_true_map_beats_chance_and_a_false_one_does_not(grainy):
    card = make_card(input_size_px=64, crop_margin=0.0, mean=(0.5,) * 3, std=(0.5,) * 3)
    detector = TorchDetector(card, UpperHalf(), "cpu")
    true, false = np.zeros((8, 8)), np.zeros((8, 8))
    true[:4], false[4:] = 1.0, 1.0
    box = (0.0, 0.0, 200.0, 200.0)
    good, bad = (deletion(detector, grainy, box, heatmap_of(values)) for values in (true, false))
    assert good.better_than > 0.9
    assert bad.better_than < 0.1
    assert good.strongest[-1] < good.random_low[-1] <= good.random_mean[-1] <= good.random_high[-1]
    assert bad.strongest[-1] == pytest.approx(bad.base, abs=0.02)
    again = deletion(detector, grainy, box, heatmap_of(true))
    assert again == good
    assert deletion(detector, grainy, box, heatmap_of(true), seed=1).random_mean != good.random_mean


def test_masks_take_the_strongest_and_as_many_by_chance():
    values = np.arange(20, dtype=np.float32).reshape(4, 5)
    masks = cell_masks(values, 0.25, 3, seed=1)
    assert [int(mask.sum()) for mask in masks] == [5, 5, 5, 5]
    assert values[masks[0]].min() == 15
    assert not np.array_equal(masks[1], masks[2])


def test_what_is_not_masked_stays(grainy):
    crop, mask = grainy[:64, :64], np.zeros((4, 4), bool)
    mask[0, 0] = True
    left = without(crop, mask)
    np.testing.assert_array_equal(left[24:, 24:], crop[24:, 24:])
    np.testing.assert_array_equal(without(crop, mask, blurred(crop)), left)
    assert left[2:10, 2:10].std() < 0.4 * crop[2:10, 2:10].std()


def test_the_test_can_be_stopped(grainy):
    detector = TorchDetector(make_card(input_size_px=64), UpperHalf(), "cpu")
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        deletion(detector, grainy, (0.0, 0.0, 200.0, 200.0), heatmap_of(np.ones((4, 4))), cancel=token)


# pictures of compression and noise


def test_error_levels_are_low_where_a_jpeg_was_saved_before():
    import cv2

    fresh = cv2.GaussianBlur(np.random.default_rng(1).integers(0, 255, (64, 128, 3), np.uint8), (0, 0), 1.0)
    data = cv2.imencode(".jpg", fresh, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    saved = cv2.imdecode(data, cv2.IMREAD_COLOR)
    both = np.concatenate([saved[:, :64], fresh[:, 64:]], axis=1)
    levels = error_level(both)
    assert levels[:, 8:56].mean() < 0.7 * levels[:, 72:120].mean()


def test_the_residual_of_a_flat_picture_is_grey_and_noise_stands_out():
    image = np.full((40, 80, 3), 90, np.uint8)
    image[:, 40:] += np.random.default_rng(1).integers(0, 9, (40, 40, 3), np.uint8)
    residual = noise_residual(image)
    assert (residual[:, :38] == 128).all()
    assert residual[:, 42:].std() > 10
