"""Xception (Chollet, CVPR 2017) under the names that its published checkpoints use."""

from itertools import pairwise

import torch
from torch import nn


class Separable(nn.Module):
    """A 3x3 convolution per channel, then a 1x1 convolution, both without bias.

    Args:
        inputs: Channels that come in.
        channels: Channels that go out.
    """

    def __init__(self, inputs: int, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False)
        self.pointwise = nn.Conv2d(inputs, channels, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (N, inputs, h, w) to (N, channels, h, w)."""
        out: torch.Tensor = self.pointwise(self.conv1(x))
        return out


class Block(nn.Module):
    """Separable convolutions beside a shortcut.

    Args:
        widths: Channels that come in, then those behind each convolution.
        stride: 2 halves the resolution.
        starts_with_relu: Whether an activation stands before the first convolution.
    """

    def __init__(self, widths: tuple[int, ...], stride: int, starts_with_relu: bool = True) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, width in pairwise(widths):
            layers += [nn.ReLU(), Separable(before, width), nn.BatchNorm2d(width)]
        if stride > 1:
            layers.append(nn.MaxPool2d(3, stride, 1))
        self.rep = nn.Sequential(*layers[0 if starts_with_relu else 1 :])
        self.skip: nn.Module | None = None
        if stride > 1 or widths[0] != widths[-1]:
            self.skip = nn.Conv2d(widths[0], widths[-1], 1, stride, bias=False)
            self.skipbn = nn.BatchNorm2d(widths[-1])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (N, widths[0], h, w) to (N, widths[-1], h', w')."""
        out: torch.Tensor = self.rep(x)
        return out + (x if self.skip is None else self.skipbn(self.skip(x)))


class Xception(nn.Module):
    """The whole network.

    Args:
        outputs: Number of logits.
    """

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 32, 3, 2, bias=False), nn.BatchNorm2d(32)
        self.conv2, self.bn2 = nn.Conv2d(32, 64, 3, bias=False), nn.BatchNorm2d(64)
        self.block1 = Block((64, 128, 128), 2, starts_with_relu=False)
        self.block2 = Block((128, 256, 256), 2)
        self.block3 = Block((256, 728, 728), 2)
        for number in range(4, 12):
            self.add_module(f"block{number}", Block((728,) * 4, 1))
        self.block12 = Block((728, 728, 1024), 2)
        self.conv3, self.bn3 = Separable(1024, 1536), nn.BatchNorm2d(1536)
        self.conv4, self.bn4 = Separable(1536, 2048), nn.BatchNorm2d(2048)
        self.fc = nn.Linear(2048, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (N, 3, S, S) to (N, outputs)."""
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.conv2(x)))
        for number in range(1, 13):
            x = self.get_submodule(f"block{number}")(x)
        x = torch.relu(self.bn3(self.conv3(x)))
        x = torch.relu(self.bn4(self.conv4(x)))
        out: torch.Tensor = self.fc(x.mean(dim=(2, 3)))
        return out


def xception(outputs: int) -> nn.Module:
    """Xception: 20,811,050 parameters for two classes."""
    return Xception(outputs)
