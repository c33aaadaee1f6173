import threading

import numpy as np
import pytest
import torch
from torch import nn

from desktop_app.detectors import TorchDetector
from desktop_app.detectors.nets import build_net
from desktop_app.errors import DeviceError, InputError
from desktop_app.explain import TARGETS, GradCam, explain_face, explain_targets
from desktop_app.explain.gradcam import target_index
from desktop_app.faces import crop_box
from tests.factories import make_card

BOX = (150.0, 60.0, 290.0, 230.0)


class Tail(nn.Module):
    """What follows the layer in the small networks: not linear, so that gradients depend on the place."""

    def __init__(self, outputs=2):
        super().__init__()
        self.act = nn.ReLU6(inplace=True)
        self.conv = nn.Conv2d(4, 5, 3, padding=1)
        self.head = nn.Linear(5, outputs)

    def forward(self, x):
        return self.head(torch.tanh(self.conv(self.act(x))).square().mean(dim=(2, 3)))


def small_net(outputs=2):
    torch.manual_seed(1)
    return nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), Tail(outputs)).double().eval()


def hooks_of(net):
    return sum(len(m._forward_hooks) + len(m._backward_hooks) + len(m._forward_pre_hooks) for m in net.modules())


@pytest.mark.parametrize("index", [0, 1])
def test_the_map_equals_finite_differences(index):
    net = small_net()
    x = torch.randn(1, 3, 6, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        activation = net[0](x)
        step, slopes = 1e-6, torch.zeros_like(activation)
        for place in np.ndindex(*activation.shape):
            ends = []
            for sign in (1, -1):
                moved = activation.clone()
                moved[place] += sign * step
                ends.append(net[1](moved)[0, index])
            slopes[place] = (ends[0] - ends[1]) / (2 * step)
        expected = torch.relu((slopes.mean(dim=(2, 3), keepdim=True) * activation).sum(dim=1))[0].numpy()
    with GradCam(net, "0") as cam:
        logits = cam.forward(x)
        values = cam.map(index)
    assert expected.max() > 0
    np.testing.assert_allclose(values, expected, atol=1e-6 * expected.max() + 1e-7)
    np.testing.assert_allclose(logits, net(x)[0].detach().numpy(), rtol=1e-6)


def test_with_a_pooled_linear_head_the_map_is_the_classic_cam():
    # Zhou et al., CVPR 2016: sum_k w_k A_k; Grad-CAM's mean gradient is w_k / (h w)
    torch.manual_seed(3)
    net = nn.Sequential(nn.Conv2d(3, 6, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3)).eval()
    x = torch.randn(1, 3, 9, 9)
    with torch.no_grad():
        activation, weights = net[0](x)[0], net[3].weight[2]
        expected = torch.relu(torch.einsum("k,khw->hw", weights, activation)).numpy() / 49
    with GradCam(net, "0") as cam:
        cam.forward(x)
        np.testing.assert_allclose(cam.map(2), expected, atol=1e-6)
        with torch.no_grad():
            opposite = torch.relu(-torch.einsum("k,khw->hw", weights, activation)).numpy() / 49
        np.testing.assert_allclose(cam.map(2, -1.0), opposite, atol=1e-6)


def test_an_activation_that_works_in_place_does_not_change_the_map():
    x = torch.randn(1, 3, 8, 8, dtype=torch.float64) * 9
    maps = []
    for in_place in (True, False):
        net = small_net()
        net[1].act = nn.ReLU6(inplace=in_place)
        with GradCam(net, "0") as cam:
            cam.forward(x)
            maps.append(cam.map(1))
    np.testing.assert_array_equal(*maps)


def test_hooks_and_gradients_are_left_as_they_were():
    net = small_net()
    net[1].head.weight.grad = torch.ones_like(net[1].head.weight)
    x = torch.randn(1, 3, 8, 8, dtype=torch.float64)
    with GradCam(net, "0") as cam:
        assert hooks_of(net) == 1
        cam.forward(x)
        cam.map(0)
    assert hooks_of(net) == 0
    assert torch.equal(net[1].head.weight.grad, torch.ones_like(net[1].head.weight))
    assert net[0].weight.grad is None
    with pytest.raises(RuntimeError, match="channels"), GradCam(net, "0") as cam:
        cam.forward(torch.zeros(1, 7, 8, 8, dtype=torch.float64))
    assert hooks_of(net) == 0


@pytest.mark.parametrize(
    ("layer", "complaint"), [("nowhere", "no layer"), ("1.head", "no picture"), ("", "no picture"), ("1", "no picture")]
)
def test_layers_without_a_picture_are_refused(layer, complaint):
    net = small_net()
    with pytest.raises(InputError, match=complaint), GradCam(net, layer) as cam:
        cam.forward(torch.zeros(1, 3, 8, 8, dtype=torch.float64))
    assert hooks_of(net) == 0


class SideBranch(nn.Module):
    def __init__(self):
        super().__init__()
        self.used, self.unused = nn.Conv2d(3, 2, 1), nn.Conv2d(3, 2, 1)

    def forward(self, x):
        self.unused(x)
        return self.used(x).mean(dim=(2, 3))


def test_a_layer_that_the_score_does_not_depend_on_is_refused():
    with GradCam(SideBranch().eval(), "unused") as cam:
        cam.forward(torch.zeros(1, 3, 4, 4))
        with pytest.raises(InputError, match="no picture"):
            cam.map(0)


def test_a_map_needs_a_forward_pass():
    with GradCam(small_net(), "0") as cam, pytest.raises(ValueError, match="forward"):
        cam.map(0)


@pytest.fixture(scope="module")
def detector():
    torch.manual_seed(4)
    net = build_net("mobilenet_v2", 2)
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None
    with torch.no_grad():
        net.train()(torch.randn(8, 3, 96, 96))
    return TorchDetector(make_card(input_size_px=96), net, "cpu")


def test_a_face_is_explained(detector, astronaut):
    heatmap = explain_face(detector, astronaut, BOX, 7, 2)
    assert heatmap.values.shape == (3, 3)
    assert heatmap.values.dtype == np.float32
    assert heatmap.crop_xyxy == crop_box(BOX, detector.card.crop_margin)
    assert (heatmap.frame_index, heatmap.track_id, heatmap.layer) == (7, 2, detector.cam_layer)
    assert heatmap.values.max() == (1.0 if heatmap.raw_max > 0 else 0.0)
    assert hooks_of(detector.module) == 0


def test_the_stated_score_is_the_one_of_an_analysis(detector, astronaut):
    from desktop_app.analysis.pipeline import score_crops
    from desktop_app.faces import crop_face

    crop = crop_face(astronaut, BOX, detector.card.crop_margin, detector.card.input_size_px)
    _, p_fake, label = score_crops(detector, [crop])[0]
    maps = explain_targets(detector, astronaut, BOX, 0, 1)
    assert [m.target for m in maps] == list(TARGETS)
    assert {m.p_fake for m in maps} == {p_fake}
    assert maps[0].target_class == label
    same = maps[TARGETS.index(label)]
    np.testing.assert_array_equal(maps[0].values, same.values)
    other = explain_face(detector, astronaut, BOX, 0, 1, "fake")
    np.testing.assert_array_equal(other.values, maps[2].values)
    assert other.raw_max == maps[2].raw_max


def test_an_analysis_beside_a_heatmap_is_not_disturbed(detector, astronaut):
    crops = [np.asarray(astronaut[:96, :96])]
    expected = detector.predict(crops)
    results = []
    with GradCam(detector.module, detector.cam_layer) as cam:
        logits = cam.forward(detector.to_input([np.asarray(astronaut[100:196, 100:196])]))
        before = cam.map(1)
        thread = threading.Thread(target=lambda: results.append(detector.predict(crops)))
        thread.start()
        thread.join()
        np.testing.assert_array_equal(cam.map(1), before)
    assert logits.shape == (2,)
    np.testing.assert_array_equal(results[0], expected)


@pytest.mark.parametrize(
    ("classes", "logits", "target", "expected"),
    [
        (("genuine", "fake"), [1.0, -1.0], "predicted", 0),
        (("genuine", "fake"), [-1.0, 1.0], "predicted", 1),
        (("fake", "genuine"), [-1.0, 1.0], "predicted", 1),
        (("genuine", "fake"), [5.0, -5.0], "fake", 1),
        (("genuine", "fake"), [-5.0, 5.0], "genuine", 0),
        (("swap", "genuine", "gan"), [2.0, 9.0, 3.0], "fake", 2),
        (("swap", "genuine", "gan"), [2.0, 2.5, 2.1], "predicted", 2),
        (("genuine", "fake"), [3.0], "predicted", 1),
        (("genuine", "fake"), [-3.0], "predicted", 0),
        (("fake", "genuine"), [3.0], "predicted", 0),
        (("fake", "genuine"), [3.0], "genuine", 1),
    ],
)
def test_a_target_means_a_class(classes, logits, target, expected):
    card = make_card(classes=classes, temperature=1.0, bias=0.0)
    assert target_index(card, np.array(logits, np.float32), target) == expected


def test_a_single_output_is_explained_in_both_directions(astronaut):
    torch.manual_seed(5)
    net = nn.Sequential(nn.Conv2d(3, 4, 5), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 1)).eval()
    detector = TorchDetector(make_card(input_size_px=32, mean=(0.5,) * 3, std=(0.2,) * 3), net, "cpu")
    fake = explain_face(detector, astronaut, BOX, 0, 1, "fake", "0")
    genuine = explain_face(detector, astronaut, BOX, 0, 1, "genuine", "0")
    assert (fake.target_class, genuine.target_class) == ("fake", "genuine")
    assert fake.p_fake == genuine.p_fake
    # what speaks for one speaks against the other
    assert not ((fake.values > 0) & (genuine.values > 0)).any()
    assert fake.raw_max > 0 or genuine.raw_max > 0


def test_unknown_targets_and_layers_are_refused(detector, astronaut):
    with pytest.raises(InputError, match="cannot explain"):
        explain_face(detector, astronaut, BOX, 0, 1, "guilty")
    with pytest.raises(InputError, match="no layer"):
        explain_face(detector, astronaut, BOX, 0, 1, "fake", "features.99")
    assert hooks_of(detector.module) == 0


class Full(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 2, 1)

    def forward(self, x):
        self.conv(x)
        raise torch.OutOfMemoryError("no")


def test_memory_that_runs_out_is_an_error_of_the_device(astronaut):
    detector = TorchDetector(make_card(input_size_px=32), Full(), "cpu")
    with pytest.raises(DeviceError, match="heatmap"):
        explain_face(detector, astronaut, BOX, 0, 1, "fake", "conv")
