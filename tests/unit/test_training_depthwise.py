"""The quick gradient of strided depthwise convolutions."""

import pytest
import torch
from torch import nn

from desktop_app.detectors.nets import build_net
from desktop_app.training.depthwise import quicken


def gradients(layer: nn.Conv2d, images: torch.Tensor) -> list[torch.Tensor]:
    images = images.clone().requires_grad_()
    output = layer(images)
    (output.float() * torch.linspace(-1, 1, output.numel()).reshape(output.shape)).sum().backward()
    found = [output.detach(), images.grad, layer.weight.grad]
    layer.weight.grad = None
    return found


@pytest.mark.parametrize(("side", "kernel", "stride"), [(16, 3, 2), (15, 3, 2), (17, 5, 2), (16, 5, 3), (14, 7, 4)])
def test_outputs_and_gradients_are_those_of_the_plain_layer(side, kernel, stride):
    torch.manual_seed(side)
    layer = nn.Conv2d(6, 6, kernel, stride, kernel // 2, groups=6, bias=False)
    images = torch.randn(2, 6, side, side + 3)
    plain = gradients(layer, images)
    quicken(layer)
    assert type(layer) is not nn.Conv2d
    for ours, theirs in zip(gradients(layer, images), plain, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


def test_under_autocast_it_works_in_bfloat16_and_gives_gradients_of_the_weights_type():
    torch.manual_seed(1)
    layer = nn.Conv2d(4, 4, 3, 2, 1, groups=4, bias=False)
    images = torch.randn(2, 4, 12, 12)
    with torch.autocast("cpu", torch.bfloat16):
        plain = gradients(layer, images)
        quicken(layer)
        quick = gradients(layer, images)
    assert quick[0].dtype is torch.bfloat16
    assert [g.dtype for g in quick[1:]] == [torch.float32] * 2
    for ours, theirs in zip(quick, plain, strict=True):
        torch.testing.assert_close(ours.float(), theirs.float(), rtol=0.02, atol=0.02)


def test_only_strided_depthwise_layers_change_and_no_name_of_a_weight_does():
    net = build_net("mobilenet_v2", 1)
    before = list(net.state_dict())
    quicken(net)
    changed = [module for module in net.modules() if type(module).__name__ == "_QuickConv2d"]
    assert len(changed) == 4
    assert all(module.groups > 1 and module.stride == (2, 2) for module in changed)
    assert list(net.state_dict()) == before
