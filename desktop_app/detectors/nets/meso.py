"""MesoNet (Afchar et al., WIFS 2018), with the counts of the paper: 27,977 and 28,615 trainable parameters.

Layers, dropout and the normalisations' constants are those of the authors' Keras source. Its one output is 1 for
*real*: weights from there need the last layer's sign turned, and the first dense layer's inputs, which Keras flattens
with the channels last, in another order.
"""

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import nn


class Inception(nn.Module):
    """Four branches side by side, two of them dilated.

    Args:
        inputs: Channels that come in.
        widths: Channels of the branches: 1x1; 1x1 and 3x3; the same with dilation 2; with dilation 3.
    """

    def __init__(self, inputs: int, widths: Sequence[int]) -> None:
        super().__init__()
        branches = [nn.Sequential(nn.Conv2d(inputs, widths[0], 1), nn.ReLU())]
        for dilation, width in enumerate(widths[1:], start=1):
            wide = nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation)
            branches.append(nn.Sequential(nn.Conv2d(inputs, width, 1), nn.ReLU(), wide, nn.ReLU()))
        self.branches = nn.ModuleList(branches)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (N, inputs, h, w) to (N, sum(widths), h, w)."""
        return torch.cat([branch(x) for branch in self.branches], dim=1)


def meso4(outputs: int) -> nn.Module:
    """Meso-4: four convolutions, 8 to 16 channels."""
    return _meso([*_conv(3, 8, 3), nn.MaxPool2d(2), *_conv(8, 8, 5), nn.MaxPool2d(2)], 8, outputs)


def meso_inception4(outputs: int) -> nn.Module:
    """MesoInception-4: the first two convolutions of Meso-4 are inception modules."""
    first = [Inception(3, (1, 4, 4, 2)), _norm(11), nn.MaxPool2d(2)]
    second = [Inception(11, (2, 4, 4, 2)), _norm(12), nn.MaxPool2d(2)]
    return _meso([*first, *second], 12, outputs)


def _meso(start: list[nn.Module], channels: int, outputs: int) -> nn.Module:
    features = [*start, *_conv(channels, 16, 5), nn.MaxPool2d(2), *_conv(16, 16, 5)]
    # 256 px give 8x8 already; the average lets other sizes through
    pool = nn.Sequential(nn.MaxPool2d(4), nn.AdaptiveAvgPool2d(8), nn.Flatten())
    head = [nn.Dropout(0.5), nn.Linear(16 * 8 * 8, 16), nn.LeakyReLU(0.1), nn.Dropout(0.5), nn.Linear(16, outputs)]
    return nn.Sequential(OrderedDict(features=nn.Sequential(*features), pool=pool, classifier=nn.Sequential(*head)))


def _conv(inputs: int, channels: int, size: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, channels, size, padding=size // 2), nn.ReLU(), _norm(channels)]


def _norm(channels: int) -> nn.Module:
    # Keras' constants
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)
