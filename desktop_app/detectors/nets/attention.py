"""A small network with channel and spatial attention (CBAM: Woo et al., ECCV 2018)."""

from itertools import pairwise

import torch
from torch import nn

from desktop_app.detectors.nets.plain import assemble, dense_head


class Cbam(nn.Module):
    """Weights channels, then places, by what averages and maxima say of them.

    Args:
        channels: C of the (N, C, h, w) that comes in and goes out.
        reduction: How many times narrower the hidden layer for the channels is; 16 in the paper.
    """

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        hidden = channels // reduction
        self.channel = nn.Sequential(
            nn.Conv2d(channels, hidden, 1, bias=False), nn.ReLU(), nn.Conv2d(hidden, channels, 1, bias=False)
        )
        self.spatial = nn.Conv2d(2, 1, 7, padding=3, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Equations 2 and 3 of the paper, one after the other."""
        mean, highest = x.mean(dim=(2, 3), keepdim=True), x.amax(dim=(2, 3), keepdim=True)
        x = x * torch.sigmoid(self.channel(mean) + self.channel(highest))
        places = torch.cat([x.mean(dim=1, keepdim=True), x.amax(dim=1, keepdim=True)], dim=1)
        return x * torch.sigmoid(self.spatial(places))


def cbam_cnn(outputs: int) -> nn.Module:
    """Three convolutions of 32, 64 and 128 channels, each with attention, and dense 128.

    Known are the channels, CBAM and the dense layer; that every block has its attention, before pooling as in the
    paper's figure 3, global pooling and dropout are derived.
    """
    layers: list[nn.Module] = []
    for inputs, channels in pairwise((3, 32, 64, 128)):
        layers += [nn.Conv2d(inputs, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU(), Cbam(channels)]
        layers.append(nn.MaxPool2d(2))
    return assemble(layers[:-1], dense_head(128, (128,), 0.5, outputs))
