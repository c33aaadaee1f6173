"""Networks trained from scratch: stacks of convolutions, global pooling, dense layers."""

from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise

from torch import nn


def cnn_standard(outputs: int) -> nn.Module:
    """Four blocks of two 3x3 convolutions, 64 to 512 channels, and a deep dense head: 8,494,658 parameters for two.

    Of an academic system whose published source gives all layers; none is derived.
    """
    return _plain_cnn((64, 128, 256, 512), (2048, 1024, 512, 256), 0.5, outputs)


def cnn_small(outputs: int) -> nn.Module:
    """Three blocks of two 3x3 convolutions, 32 to 128 channels, and a deep dense head: 1,109,282 parameters for two.

    Of the same system as `cnn_standard`, published likewise.
    """
    return _plain_cnn((32, 64, 128), (1024, 512, 256, 128), 0.3, outputs)


def separable_cnn(outputs: int) -> nn.Module:
    """A convolution and three blocks of two separable ones (Chollet, CVPR 2017), dense 128: 174,375 in Keras for seven.

    Known are the separable convolutions, seven classes, 128 px and about 175,000 parameters; the layers are derived:
    the plainest stack of doubling channels that gives this number. Like Keras' SeparableConv2D the depthwise
    convolution has no bias and the pointwise one has.
    """
    layers: list[nn.Module] = _conv(3, 32)
    layers.append(nn.MaxPool2d(2))
    for inputs, channels in pairwise((32, 64, 128, 256)):
        layers += [*_separable(inputs, channels), *_separable(channels, channels), nn.MaxPool2d(2)]
    # no pooling behind the last block: the heatmap keeps its resolution
    return assemble(layers[:-1], dense_head(256, (128,), 0.5, outputs))


def assemble(features: Sequence[nn.Module], head: Sequence[nn.Module]) -> nn.Module:
    """A network of `features`, a global average `pool` and a `classifier`, with the initial weights of He et al. 2015.

    Args:
        features: Layers that give (N, C, h, w).
        head: Layers from (N, C) to (N, outputs).
    """
    net = nn.Sequential(
        OrderedDict(
            features=nn.Sequential(*features),
            pool=nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
            classifier=nn.Sequential(*head),
        )
    )
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return net


def dense_head(inputs: int, widths: Sequence[int], dropout: float, outputs: int) -> list[nn.Module]:
    """Dense layers with ReLU between them, dropout on the way into the second.

    Args:
        inputs: Features that come in.
        widths: Of the hidden layers.
        dropout: Share of features dropped in training.
        outputs: Number of logits.
    """
    layers: list[nn.Module] = []
    for before, width in pairwise((inputs, *widths)):
        layers += [nn.Linear(before, width), nn.ReLU()]
    layers.insert(2, nn.Dropout(dropout))
    return [*layers, nn.Linear(widths[-1], outputs)]


def _plain_cnn(channels: Sequence[int], widths: Sequence[int], dropout: float, outputs: int) -> nn.Module:
    layers: list[nn.Module] = []
    for inputs, width in pairwise((3, *channels)):
        layers += [*_conv(inputs, width), *_conv(width, width), nn.MaxPool2d(2)]
    head = [nn.Dropout(dropout), *dense_head(channels[-1], widths, dropout, outputs)]
    return assemble(layers[:-1], head)


def _conv(inputs: int, channels: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU()]


def _separable(inputs: int, channels: int) -> list[nn.Module]:
    depthwise = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False)
    return [depthwise, nn.Conv2d(inputs, channels, 1), nn.BatchNorm2d(channels), nn.ReLU()]
