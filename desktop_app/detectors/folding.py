"""The same network with fewer operations, for scoring only."""

import copy
from collections.abc import Iterator
from itertools import pairwise

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet


def fold_norms(net: nn.Module) -> nn.Module:
    """A copy in which a batch normalisation right behind a convolution or a dense layer is part of it.

    In evaluation mode both are linear; the outputs differ by rounding alone, and on a CPU a third of the time is saved.
    Normalisations behind an activation or behind branches that are joined stay as they are.

    Args:
        net: A network; it is left as it is.

    Returns:
        The copy, in evaluation mode.
    """
    folded = copy.deepcopy(net).eval()
    for owner, first, second in [pair for module in folded.modules() for pair in _neighbours(module)]:
        layer, norm = getattr(owner, first), getattr(owner, second)
        if isinstance(layer, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            setattr(owner, first, fuse_conv_bn_eval(layer, norm))
        elif isinstance(layer, nn.Linear) and isinstance(norm, nn.BatchNorm1d):
            setattr(owner, first, fuse_linear_bn_eval(layer, norm))
        else:
            continue
        setattr(owner, second, nn.Identity())
    return folded


def _neighbours(module: nn.Module) -> Iterator[tuple[nn.Module, str, str]]:
    """Names of the parts of a module of which one computes right after the other."""
    if isinstance(module, nn.Sequential):
        names = [name for name, _ in module.named_children()]
        yield from ((module, first, second) for first, second in pairwise(names))
    elif isinstance(module, ResNet | BasicBlock | Bottleneck):
        for number in ("1", "2", "3"):
            if hasattr(module, "conv" + number):
                yield module, "conv" + number, "bn" + number
