"""The networks, by name. Each takes (N, 3, S, S) float and gives (N, outputs) raw logits."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn
from torchvision import models

from desktop_app.errors import ModelError


@dataclass(frozen=True, slots=True)
class NetSpec:
    """How to build a network and where to look into it.

    Args:
        build: From the number of outputs to the module, with random weights.
        cam_layer: Dotted name of the last layer that keeps spatial resolution, for class-activation maps.
    """

    build: Callable[[int], nn.Module]
    cam_layer: str


def _mobilenet_v2(outputs: int) -> nn.Module:
    net: nn.Module = models.mobilenet_v2(weights=None, num_classes=outputs)
    return net


NETS: dict[str, NetSpec] = {
    # Sandler et al., CVPR 2018
    "mobilenet_v2": NetSpec(_mobilenet_v2, "features.18.0"),
}


def net_spec(architecture: str) -> NetSpec:
    """Look an architecture up.

    Raises:
        ModelError: The name is not known.
    """
    try:
        return NETS[architecture]
    except KeyError as error:
        raise ModelError(
            f"The network architecture “{architecture}” is not known.",
            f"This version knows: {', '.join(sorted(NETS))}.",
        ) from error


def build_net(architecture: str, outputs: int) -> nn.Module:
    """Build a network with random weights.

    Args:
        architecture: Key of `NETS`.
        outputs: Number of logits.

    Raises:
        ModelError: The name is not known.
    """
    return net_spec(architecture).build(outputs)


def count_parameters(net: nn.Module) -> int:
    """Number of trainable parameters.

    >>> count_parameters(build_net("mobilenet_v2", 2))
    2226434
    """
    return sum(p.numel() for p in net.parameters() if p.requires_grad)
