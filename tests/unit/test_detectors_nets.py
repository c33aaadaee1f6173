import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from desktop_app.analysis.pipeline import score_crops
from desktop_app.detectors import TorchDetector, calibrate, fake_logits, load_card, load_detector, sigmoid, write_card
from desktop_app.detectors.folding import fold_norms
from desktop_app.detectors.nets import (
    NETS,
    build_net,
    count_parameters,
    freeze,
    keras_parameter_count,
    layer_groups,
    net_spec,
    set_train_mode,
)
from desktop_app.detectors.weights import file_sha256, write_state_dict
from desktop_app.errors import ModelError
from desktop_app.explain.gradcam import explain_face
from tests.factories import make_card

SIZE = 64
BOX = (170.0, 60.0, 280.0, 190.0)
FF_CLASSES = (
    "original", "DeepFakeDetection", "Deepfakes", "Face2Face", "FaceShifter", "FaceSwap", "NeuralTextures",
)  # fmt: skip
# biases of the convolutions of Keras' ResNet50, which torchvision's has none of
KERAS_RESNET50_BIASES = 26_560


def shape_only(architecture, outputs=None):
    """A network whose tensors have shapes and no numbers: even the largest is there at once."""
    with torch.device("meta"):
        return build_net(architecture, outputs or NETS[architecture].outputs).eval()


@pytest.fixture(scope="module", params=sorted(NETS))
def trained(request):
    """Name and network after a few steps of training: weights and normalisations are no longer those of the start."""
    # barely trained, B4 gives maps below zero everywhere with most seeds
    torch.manual_seed(8 if request.param == "efficientnet_b4" else 7)
    net = build_net(request.param, NETS[request.param].outputs)
    train(net, steps=2)
    return request.param, net.eval()


def train(net, steps, size=SIZE):
    parameters = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.SGD(parameters, lr=1e-3, momentum=0.9)
    for _ in range(steps):
        scores = net(torch.randn(4, 3, size, size))
        target = torch.arange(4) % max(2, scores.shape[1])
        if scores.shape[1] == 1:
            loss = nn.functional.binary_cross_entropy_with_logits(scores[:, 0], target.float())
        else:
            loss = nn.functional.cross_entropy(scores, target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


COUNTS = {
    # outputs, trainable as torch counts, all as Keras counts
    "cnn_standard": (2, 8_494_658, 8_498_498),
    "cnn_small": (2, 1_109_282, 1_110_178),
    "separable_cnn": (7, 172_519, 174_375),
    "cbam_cnn": (2, 113_448, 113_896),
    "meso4": (1, 27_977, 28_073),
    "meso_inception4": (1, 28_615, 28_725),
    "mobilenet_v2": (2, 2_226_434, 2_260_546),
    "mobilenet_v2_residual": (1, 2_225_153, 2_259_265),
    "efficientnet_b0": (7, 4_016_515, 4_058_531),
    "efficientnet_b0_same": (2, 4_010_110, 4_052_126),
    "efficientnet_b4": (2, 17_552_202, 17_677_402),
    "efficientnet_b4_same": (2, 17_552_202, 17_677_402),
    "xception": (2, 20_811_050, 20_865_578),
    "resnet18": (2, 11_177_538, 11_187_138),
    "resnet34": (2, 21_285_698, 21_302_722),
    "resnet50": (2, 23_512_130, 23_565_250),
    "resnet50_512_256": (1, 24_689_473, 24_744_129),
    "resnet50_256": (1, 24_032_833, 24_085_953),
}


@pytest.mark.parametrize("architecture", sorted(NETS))
def test_parameters_are_as_many_as_the_source_says(architecture):
    outputs, trainable, keras = COUNTS[architecture]
    net = shape_only(architecture)
    assert NETS[architecture].outputs == outputs
    assert (count_parameters(net), keras_parameter_count(net)) == (trainable, keras)
    net.requires_grad_(False)
    assert (count_parameters(net), keras_parameter_count(net)) == (0, keras)


@pytest.mark.parametrize(("architecture", "keras"), [("resnet50_512_256", 24_770_689), ("resnet50_256", 24_112_513)])
def test_kerass_resnet50_has_biases_besides(architecture, keras):
    net = shape_only(architecture)
    convolutions = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    assert [m.bias for m in convolutions] == [None] * 53
    assert sum(m.out_channels for m in convolutions) == KERAS_RESNET50_BIASES
    assert keras_parameter_count(net) + KERAS_RESNET50_BIASES == keras


def test_kerass_efficientnet_normalises_its_input():
    # three means, three variances and a counter
    assert keras_parameter_count(shape_only("efficientnet_b0")) + 7 == 4_058_538


def convolutions_of(net):
    return [(m.in_channels, m.out_channels, m.kernel_size[0]) for m in net.modules() if isinstance(m, nn.Conv2d)]


def widths_of(net):
    layers = [m for m in net.modules() if isinstance(m, nn.Linear)]
    return [layers[0].in_features, *(m.out_features for m in layers)]


def test_the_layers_are_those_of_the_source():
    standard, small = shape_only("cnn_standard"), shape_only("cnn_small")
    assert convolutions_of(standard) == [
        (3, 64, 3), (64, 64, 3), (64, 128, 3), (128, 128, 3), (128, 256, 3), (256, 256, 3), (256, 512, 3), (512, 512, 3)
    ]  # fmt: skip
    assert widths_of(standard) == [512, 2048, 1024, 512, 256, 2]
    assert [c[1] for c in convolutions_of(small)] == [32, 32, 64, 64, 128, 128]
    assert widths_of(small) == [128, 1024, 512, 256, 128, 2]
    assert [m.p for m in standard.modules() if isinstance(m, nn.Dropout)] == [0.5, 0.5]
    assert [m.p for m in small.modules() if isinstance(m, nn.Dropout)] == [0.3, 0.3]
    assert widths_of(shape_only("resnet50_512_256")) == [2048, 512, 256, 1]
    assert [m.p for m in shape_only("resnet50_512_256").modules() if isinstance(m, nn.Dropout)] == [0.6, 0.6]
    assert widths_of(shape_only("resnet50_256")) == [2048, 256, 1]
    assert widths_of(shape_only("meso4")) == widths_of(shape_only("meso_inception4")) == [1024, 16, 1]
    assert convolutions_of(shape_only("meso4")) == [(3, 8, 3), (8, 8, 5), (8, 16, 5), (16, 16, 5)]


def test_the_derived_networks_have_the_layers_that_are_known():
    separable, cbam = shape_only("separable_cnn"), shape_only("cbam_cnn")
    depthwise = [m for m in separable.modules() if isinstance(m, nn.Conv2d) and m.groups > 1]
    assert [m.out_channels for m in depthwise] == [32, 64, 64, 128, 128, 256]
    assert all(m.groups == m.in_channels for m in depthwise)
    assert widths_of(separable) == [256, 128, 7]
    assert [c for c in convolutions_of(cbam) if c[2] == 3] == [(3, 32, 3), (32, 64, 3), (64, 128, 3)]
    assert [c for c in convolutions_of(cbam) if c[2] == 7] == [(2, 1, 7)] * 3
    assert [c for c in convolutions_of(cbam) if c[2] == 1] == [
        (32, 2, 1), (2, 32, 1), (64, 4, 1), (4, 64, 1), (128, 8, 1), (8, 128, 1)
    ]  # fmt: skip
    assert widths_of(cbam) == [128, 128, 2]


def test_attention_weighs_channels_and_places():
    torch.manual_seed(1)
    cbam = build_net("cbam_cnn", 2).features[3]
    x = torch.rand(2, 32, 5, 6)
    share = (cbam(x) / x).detach()
    assert share.min() > 0
    assert share.max() < 1
    # the share of a value is the product of one of its channel and one of its place
    by_channel = share / share[:, :, :1, :1]
    assert torch.allclose(by_channel, by_channel[:, :1].expand_as(share), atol=1e-4)
    assert share[0, :, 0, 0].std() > 1e-4
    assert share[0, 0].std() > 1e-4


def test_the_residual_network_sees_noise_and_neither_colours_nor_slopes():
    torch.manual_seed(2)
    net = build_net("mobilenet_v2_residual", 1).eval()
    residual = net.features[0].residual
    down, across = torch.meshgrid(torch.linspace(-1, 1, 24), torch.linspace(-0.5, 0.5, 30), indexing="ij")
    smooth = torch.stack([down, across, 0.3 * down - 0.7]).expand(1, 3, 24, 30)
    inside = residual(smooth)[:, :, 4:-4, 4:-4]
    assert inside.abs().max() < 1e-4
    noise = 2 / 127.5 * torch.randn(1, 3, 24, 30)
    seen = residual(smooth + noise)[:, :, 4:-4, 4:-4]
    assert 0.1 < seen.std() < 0.9
    torch.testing.assert_close(seen, residual(noise)[:, :, 4:-4, 4:-4], rtol=0, atol=1e-3)
    assert residual(smooth + 50 * noise).abs().max() == 1
    # half precision would round a grey level away
    with torch.autocast("cpu", torch.bfloat16):
        torch.testing.assert_close(residual(smooth + noise)[:, :, 4:-4, 4:-4], seen)


def test_the_residual_network_starts_from_weights_of_the_plain_one():
    plain, other = build_net("mobilenet_v2", 1).eval(), build_net("mobilenet_v2_residual", 1).eval()
    other.load_state_dict(plain.state_dict())
    images = torch.rand(2, 3, 64, 64) * 2 - 1
    assert torch.equal(other(images), plain(other.features[0].residual(images)))


# side of the last feature maps at the usual size of the input
CAM_SIDES = {
    "cnn_standard": 28, "cnn_small": 56, "separable_cnn": 16, "cbam_cnn": 32, "meso4": 32, "meso_inception4": 32,
    "mobilenet_v2": 7, "mobilenet_v2_residual": 7, "efficientnet_b0": 7, "resnet18": 7, "resnet34": 7, "resnet50": 7,
    "resnet50_512_256": 7,
    "resnet50_256": 4, "efficientnet_b0_same": 7, "efficientnet_b4": 12, "efficientnet_b4_same": 12, "xception": 10,
}  # fmt: skip


@pytest.mark.parametrize("architecture", sorted(NETS))
def test_shapes_at_the_usual_size(architecture):
    spec = net_spec(architecture)
    for outputs in (spec.outputs, 3):
        net = shape_only(architecture, outputs)
        seen = []
        net.get_submodule(spec.cam_layer).register_forward_hook(lambda m, i, out, seen=seen: seen.append(out.shape))
        out = net(torch.empty(3, 3, spec.input_size_px, spec.input_size_px, device="meta"))
        assert out.shape == (3, outputs)
        assert [s[-2:] for s in seen] == [(CAM_SIDES[architecture],) * 2]
    assert spec.source


@pytest.mark.parametrize("architecture", sorted(NETS))
def test_layers_are_listed_as_they_compute(architecture):
    net = shape_only(architecture)
    groups, called = layer_groups(net), []
    for name, module in net.named_modules():
        if list(module.parameters(recurse=False)):
            module.register_forward_hook(lambda m, i, o, name=name: called.append(name))
    net(torch.empty(1, 3, 128, 128, device="meta"))
    assert list(dict.fromkeys(called)) == [name for group in groups for name in group]
    assert sum(p.numel() for g in groups for n in g for p in net.get_submodule(n).parameters(recurse=False)) == sum(
        p.numel() for p in net.parameters()
    )
    assert groups[-1][0].startswith(NETS[architecture].head)


@pytest.mark.parametrize("architecture", sorted(NETS))
def test_a_share_of_the_layers_is_frozen(architecture):
    net, head = shape_only(architecture), NETS[architecture].head
    whole = count_parameters(net)
    body = [g for g in layer_groups(net) if not f"{g[0]}.".startswith(f"{head}.")]
    freeze(net, architecture, 0.0)
    assert count_parameters(net) == sum(p.numel() for p in net.get_submodule(head).parameters()) > 0
    freeze(net, architecture, 0.4)
    is_trained = [all(p.requires_grad for n in g for p in net.get_submodule(n).parameters()) for g in body]
    assert is_trained == sorted(is_trained)
    assert sum(is_trained) == round(0.4 * len(body))
    assert all(p.requires_grad for p in net.get_submodule(head).parameters())
    freeze(net, architecture, 1.0)
    assert count_parameters(net) == whole


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(ValueError, match="unfrozen_share"):
        freeze(shape_only("meso4"), "meso4", share)


@pytest.mark.parametrize("architecture", ["cbam_cnn", "meso_inception4", "resnet18"])
def test_what_is_frozen_does_not_move(architecture):
    torch.manual_seed(2)
    net = build_net(architecture, 2)
    freeze(net, architecture, 0.3)
    set_train_mode(net)
    before = {k: v.clone() for k, v in net.state_dict().items()}
    train(net, steps=2)
    moved = {k for k, v in net.state_dict().items() if not torch.equal(v, before[k])}
    head = NETS[architecture].head
    groups = [g for g in layer_groups(net) if not g[0].startswith(head)]
    first_trained = len(groups) - round(0.3 * len(groups))
    frozen = {n for g in groups[:first_trained] for n in g}
    assert not {k for k in moved if k.rpartition(".")[0] in frozen}
    # of the rest all weights and all statistics move
    kept = {k for k in before if k.rpartition(".")[0] not in frozen and k.endswith(("weight", "running_mean"))}
    assert kept <= moved
    assert any(k.endswith("running_mean") for k in kept)


def test_training_mode_without_freezing_is_the_usual_one():
    net = shape_only("resnet50_512_256")
    set_train_mode(net)
    assert all(m.training for m in net.modules())
    freeze(net, "resnet50_512_256", 0.0)
    set_train_mode(net)
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    assert len(norms) == 53
    assert not any(m.training for m in norms)
    assert all(m.training for m in net.fc.modules())
    freeze(net, "resnet50_512_256", 1.0)
    set_train_mode(net)
    assert all(m.training for m in norms)


# normalisations that stand behind an activation or behind joined branches
LEFT = {"meso4": 4, "meso_inception4": 4, "xception": 40}


def test_folding_changes_nothing_but_the_rounding(trained):
    name, net = trained
    folded = fold_norms(net)
    images = torch.randn(3, 3, SIZE, SIZE)
    with torch.inference_mode():
        wanted = net(images)
        assert torch.allclose(folded(images), wanted, atol=1e-4 * max(1.0, float(wanted.abs().max())))
    left = [m for m in folded.modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)]
    assert len(left) == LEFT.get(name, 0)
    assert [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]


def test_every_network_is_explained(trained, astronaut):
    name, net = trained
    spec = NETS[name]
    classes = FF_CLASSES if spec.outputs == 7 else ("original", "fake")
    card = make_card(
        architecture=name, classes=classes, genuine_class="original", input_size_px=128, outputs=spec.outputs
    )
    detector = TorchDetector(card, net, "cpu")
    maps = [explain_face(detector, astronaut, BOX, 0, 1, target) for target in ("genuine", "fake")]
    for heatmap in maps:
        assert heatmap.values.ndim == 2
        assert min(heatmap.values.shape) >= 4
        assert np.isfinite(heatmap.values).all()
        assert heatmap.values.min() >= 0
        assert heatmap.layer == spec.cam_layer
    assert max(m.raw_max for m in maps) > 0
    assert not np.array_equal(maps[0].values, maps[1].values)


@pytest.fixture(scope="module")
def crops():
    return list(np.random.default_rng(3).integers(0, 256, (5, SIZE, SIZE, 3), dtype=np.uint8))


def test_a_network_with_one_output_is_loaded_scored_and_explained(tmp_path, crops, astronaut):
    torch.manual_seed(6)
    net = build_net("meso4", 1).eval()
    write_state_dict(net.state_dict(), tmp_path / "weights.pt")
    card = make_card(
        architecture="meso4", outputs=1, input_size_px=SIZE, weights_sha256=file_sha256(tmp_path / "weights.pt")
    )
    write_card(card, tmp_path / "card.toml")
    card = load_card(tmp_path / "card.toml")
    assert (card.outputs, card.output_count) == (1, 1)
    detector = load_detector(card, tmp_path, "cpu")
    logits = detector.predict(crops)
    with torch.inference_mode():
        np.testing.assert_allclose(logits, net(detector.to_input(crops)).numpy(), atol=1e-5)
    assert logits.shape == (5, 1)
    assert detector.predict([]).shape == (0, 1)
    np.testing.assert_array_equal(fake_logits(card, logits), logits[:, 0])
    for (logit, p_fake, label), raw in zip(score_crops(detector, crops), logits[:, 0], strict=True):
        assert logit == raw
        assert p_fake == pytest.approx(sigmoid(np.array(raw / card.temperature + card.bias)), abs=1e-6)
        assert label == ("fake" if p_fake > card.thresholds.decision else "genuine")
    heatmap = explain_face(detector, astronaut, BOX, 0, 1, "fake")
    assert (heatmap.target_class, heatmap.layer) == ("fake", "features.14")
    with pytest.raises(ModelError, match="do not fit"):
        load_detector(dataclasses.replace(card, outputs=None), tmp_path, "cpu")


def test_seven_classes_name_the_manipulation(crops):
    torch.manual_seed(8)
    net = build_net("separable_cnn", 7)
    train(net, steps=2)
    with torch.no_grad():
        net.classifier[-1].weight.mul_(20)
    card = make_card(
        architecture="separable_cnn", classes=FF_CLASSES, genuine_class="original", input_size_px=SIZE,
        temperature=1.0, bias=0.0,
    )  # fmt: skip
    detector = TorchDetector(card, net, "cpu")
    logits = detector.predict(crops)
    chances = torch.softmax(torch.tensor(logits, dtype=torch.float64), dim=1).numpy()
    np.testing.assert_allclose(calibrate(card, fake_logits(card, logits)), 1 - chances[:, 0], atol=1e-5)
    rows = score_crops(detector, crops)
    np.testing.assert_allclose([p for _, p, _ in rows], 1 - chances[:, 0], atol=1e-5)
    wanted = [FF_CLASSES[1 + row[1:].argmax()] if row[0] < 0.5 else "original" for row in chances]
    assert [label for _, _, label in rows] == wanted
    assert set(wanted) - {"original"}


def test_an_unknown_architecture_is_refused():
    with pytest.raises(ModelError, match="is not known") as caught:
        net_spec("xception_9000")
    assert "cbam_cnn" in caught.value.hint
