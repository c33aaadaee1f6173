"""Networks of torchvision, with the classifiers of the systems that use them.

Keras' ResNet50 has a bias in each of its 53 convolutions, 26,560 in all, which the normalisation behind it makes
useless; torchvision's has none. It also halves the resolution in the first convolution of a block, torchvision's in
the second, so that weights do not move from one to the other.
"""

from collections import OrderedDict
from contextlib import nullcontext

import torch
from torch import nn
from torch.amp.autocast_mode import is_autocast_available
from torch.nn import functional
from torchvision import models


class SameConv2d(nn.Conv2d):
    """A convolution padded as TensorFlow does it: as much as the stride needs, the odd pixel at the end."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (N, C, h, w) to (N, C', ceil(h / stride), ceil(w / stride))."""
        pads: list[int] = []
        for side, size, stride in zip(x.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1], strict=True):
            pad = max((-(-int(side) // stride) - 1) * stride + size - int(side), 0)
            pads += [pad // 2, pad - pad // 2]
        return functional.conv2d(
            functional.pad(x, pads), self.weight, self.bias, self.stride, 0, self.dilation, self.groups
        )


def mobilenet_v2(outputs: int) -> nn.Module:
    """MobileNetV2 (Sandler et al., CVPR 2018): 2,226,434 parameters for two classes."""
    net: nn.Module = models.mobilenet_v2(weights=None, num_classes=outputs)
    return net


class NoiseResidual(nn.Module):
    """What of each colour channel a pixel's neighbours do not foretell: noise, seams and traces of compression.

    The 5 x 5 kernel of Ker and Böhme that rich models of steganalysis use (Fridrich and Kodovský, IEEE TIFS 2012),
    truncated at eight grey levels for images in [-1, 1].
    """

    _KERNEL = (
        (-1, 2, -2, 2, -1),
        (2, -6, 8, -6, 2),
        (-2, 8, -12, 8, -2),
        (2, -6, 8, -6, 2),
        (-1, 2, -2, 2, -1),
    )
    kernel: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        kernel = torch.tensor(self._KERNEL, dtype=torch.float32) / 12
        self.register_buffer("kernel", kernel.expand(3, 1, 5, 5).clone(), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From images (N, 3, h, w) in [-1, 1] to residuals (N, 3, h, w) in [-1, 1]."""
        # eight bits of a half-precision number would drown the noise that is looked for
        with torch.autocast(x.device.type, enabled=False) if is_autocast_available(x.device.type) else nullcontext():
            padded = functional.pad(x.float(), (2, 2, 2, 2), mode="reflect")
            return functional.hardtanh(functional.conv2d(padded, self.kernel, groups=3) * (127.5 / 8))


def mobilenet_v2_residual(outputs: int) -> nn.Module:
    """MobileNetV2 that sees the noise residual of its image instead of the image: 2,225,153 parameters for one output.

    The weights have the names and shapes of `mobilenet_v2`, so that those can be started from.
    """
    net: nn.Module = models.mobilenet_v2(weights=None, num_classes=outputs)
    features = net.get_submodule("features")
    stem = features.get_submodule("0")
    features.add_module("0", nn.Sequential(OrderedDict(residual=NoiseResidual(), **dict(stem.named_children()))))
    return net


def efficientnet_b0(outputs: int) -> nn.Module:
    """EfficientNet-B0 (Tan and Le, ICML 2019): 4,016,515 parameters for seven classes.

    Keras counts seven more beside the moving statistics: those of the layer that normalises its input.
    """
    net: nn.Module = models.efficientnet_b0(weights=None, num_classes=outputs)
    return net


def efficientnet_b4(outputs: int) -> nn.Module:
    """EfficientNet-B4 (Tan and Le, ICML 2019): 17,552,202 parameters for two classes."""
    net: nn.Module = models.efficientnet_b4(weights=None, num_classes=outputs)
    return net


def efficientnet_b0_same(outputs: int) -> nn.Module:
    """EfficientNet-B0 with the paddings and constants of TensorFlow, as checkpoints converted from there need them."""
    return _as_tensorflow(efficientnet_b0(outputs))


def efficientnet_b4_same(outputs: int) -> nn.Module:
    """EfficientNet-B4, likewise."""
    return _as_tensorflow(efficientnet_b4(outputs))


def _as_tensorflow(net: nn.Module) -> nn.Module:
    for name, module in list(net.named_modules()):
        if isinstance(module, nn.BatchNorm2d):
            module.eps, module.momentum = 1e-3, 0.01
        elif isinstance(module, nn.Conv2d) and module.stride[0] > 1:
            same = SameConv2d(
                module.in_channels, module.out_channels, module.kernel_size[0], module.stride[0],
                groups=module.groups, bias=module.bias is not None,
            )  # fmt: skip
            same.load_state_dict(module.state_dict())
            owner, _, place = name.rpartition(".")
            setattr(net.get_submodule(owner), place, same)
    return net


def resnet18(outputs: int) -> nn.Module:
    """ResNet-18 (He et al., CVPR 2016): 11,177,538 parameters for two classes."""
    net: nn.Module = models.resnet18(weights=None, num_classes=outputs)
    return net


def resnet34(outputs: int) -> nn.Module:
    """ResNet-34 (He et al., CVPR 2016): 21,285,698 parameters for two classes."""
    net: nn.Module = models.resnet34(weights=None, num_classes=outputs)
    return net


def resnet50(outputs: int) -> nn.Module:
    """ResNet-50 (He et al., CVPR 2016): 23,512,130 parameters for two classes."""
    net: nn.Module = models.resnet50(weights=None, num_classes=outputs)
    return net


def resnet50_512_256(outputs: int) -> nn.Module:
    """ResNet-50 with dense layers of 512 and 256, each with batch normalisation and dropout 0.6.

    Known are the widths, normalisation, dropout and 24,770,689 parameters in Keras' counting for one output. Derived:
    the normalised dense layers have no bias, for with one the count would be 768 higher. Ours are 24,689,473 trainable
    ones; 54,656 moving statistics and the 26,560 biases of Keras' convolutions make up the difference exactly.
    """
    head: list[nn.Module] = []
    for before, width in ((2048, 512), (512, 256)):
        head += [nn.Linear(before, width, bias=False), nn.BatchNorm1d(width), nn.ReLU(), nn.Dropout(0.6)]
    return _resnet50(*head, nn.Linear(256, outputs))


def resnet50_256(outputs: int) -> nn.Module:
    """ResNet-50 with a dense layer of 256.

    Known are the widths, one output and the input of 128 px; the dropout before the output, which has no parameters,
    is derived. Ours are 24,032,833 trainable ones; with 53,120 moving statistics and the 26,560 biases of Keras'
    convolutions they are the 24,112,513 that Keras counts.
    """
    return _resnet50(nn.Linear(2048, 256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, outputs))


def _resnet50(*head: nn.Module) -> nn.Module:
    net: nn.Module = models.resnet50(weights=None)
    net.fc = nn.Sequential(*head)
    return net
