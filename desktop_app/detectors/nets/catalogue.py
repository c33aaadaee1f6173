"""Every network that a card or a recipe can name."""

from torch import nn
from torchvision import models

from desktop_app.detectors.nets.spec import NetSpec
from desktop_app.errors import ModelError


def _mobilenet_v2(outputs: int) -> nn.Module:
    net: nn.Module = models.mobilenet_v2(weights=None, num_classes=outputs)
    return net


NETS: dict[str, NetSpec] = {
    "mobilenet_v2": NetSpec(_mobilenet_v2, "features.18.0", "classifier", 160, 2, "Sandler et al., CVPR 2018"),
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
