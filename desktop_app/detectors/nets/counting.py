"""How large a network is, as torch counts and as Keras does."""

from torch import nn


def count_parameters(net: nn.Module) -> int:
    """Number of trainable parameters.

    >>> count_parameters(nn.BatchNorm2d(5))
    10
    """
    return sum(p.numel() for p in net.parameters() if p.requires_grad)


def keras_parameter_count(net: nn.Module) -> int:
    """Number of parameters as Keras' summary gives it: frozen or not, and the moving statistics of normalisations too.

    >>> keras_parameter_count(nn.BatchNorm2d(5))
    20
    """
    statistics = (b for name, b in net.named_buffers() if name.endswith(("running_mean", "running_var")))
    return sum(p.numel() for p in net.parameters()) + sum(b.numel() for b in statistics)
