"""How large a network is, as torch counts and as Keras does."""

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


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
    norms = [m for m in net.modules() if isinstance(m, _BatchNorm)]
    statistics = sum(m.running_mean.numel() + m.running_var.numel() for m in norms if m.track_running_stats)  # type: ignore[union-attr]
    return sum(p.numel() for p in net.parameters()) + statistics
