"""Training a part of a network: the head and the layers next to it."""

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from desktop_app.detectors.nets.catalogue import net_spec


def layer_groups(net: nn.Module) -> list[list[str]]:
    """The layers with weights from input to output.

    Args:
        net: A network of `NETS`; its modules are registered in the order in which they compute.

    Returns:
        Dotted names, a list for every convolution or dense layer: itself and the normalisations that follow it.
    """
    groups: list[list[str]] = []
    for name, module in net.named_modules():
        if not list(module.parameters(recurse=False)):
            continue
        if isinstance(module, _BatchNorm) and groups:
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def freeze(net: nn.Module, architecture: str, unfrozen_share: float) -> None:
    """Freeze all but the head and the last layers; what was frozen before and no longer is becomes trainable.

    Args:
        net: A network of that architecture.
        architecture: Key of `NETS`.
        unfrozen_share: Share of the layers outside the head (a convolution or dense layer with its normalisations
            counts as one) that stay trainable, counted from the output and rounded: 0 trains the head alone, 1 all.

    Raises:
        ModelError: The architecture is not known.
        ValueError: The share is not in [0, 1].
    """
    if not 0 <= unfrozen_share <= 1:
        raise ValueError(f"unfrozen_share: expected a value in [0, 1], got {unfrozen_share}")
    head = net_spec(architecture).head
    body = [g for g in layer_groups(net) if g[0] != head and not g[0].startswith(head + ".")]
    first_trained = len(body) - round(unfrozen_share * len(body))
    net.requires_grad_(True)
    for name in [name for group in body[:first_trained] for name in group]:
        net.get_submodule(name).requires_grad_(False)


def set_train_mode(net: nn.Module) -> None:
    """Put a network into training mode, except for frozen normalisations, whose statistics would drift otherwise.

    Args:
        net: A network, frozen in part or not at all.
    """
    net.train()
    for module in net.modules():
        parameters = list(module.parameters(recurse=False))
        if isinstance(module, _BatchNorm) and parameters and not any(p.requires_grad for p in parameters):
            module.eval()
