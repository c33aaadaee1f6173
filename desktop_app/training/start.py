"""What a run begins with: its samples, checked, and its network with start weights."""

from collections.abc import Sequence
from pathlib import Path

from torch import nn

from desktop_app.detectors import CARD_FILE, find_card, load_card
from desktop_app.detectors.nets import build_net, net_spec
from desktop_app.detectors.weights import load_into, read_state_dict
from desktop_app.errors import InputError, ModelError
from desktop_app.training.dataset import ClassMap, class_counts, make_pools
from desktop_app.training.manifest import Sample, carve_validation, check_disjoint, read_manifest
from desktop_app.training.recipe import Recipe

_WITHOUT_FAKES = (
    " To learn from forgeries of genuine images alone, give every source a fake_weight of 0, and a blend_share above 0."
)


def load_samples(recipe: Recipe, data: Path) -> list[Sample]:
    """All samples of a recipe, validation carved out of train, groups checked.

    Raises:
        InputError: A manifest is missing or damaged, or a group crosses a split.
    """
    samples: list[Sample] = []
    for source in recipe.sources:
        own = read_manifest(data / source.manifest, source.name)
        samples += carve_validation(own, recipe.validation_share, recipe.validation_seed)
    check_disjoint(samples)
    return samples


def require_images(recipe: Recipe, samples: Sequence[Sample]) -> None:
    """Check that there is something to learn from and to validate on.

    Raises:
        InputError: Training or validation lack a label, a class has no images, or a kind belongs to no class.
    """
    train, val = make_pools(recipe, samples, "train"), make_pools(recipe, samples, "val")
    lacking = [("genuine training", train.genuine), ("genuine", val.genuine)]
    # forgeries blended from genuine images stand for all fakes only where that is meant
    if not recipe.has_blends or any(source.fake_weight > 0 for source in recipe.sources):
        lacking.append(("fake training", train.fake))
    if not recipe.has_blends:
        lacking.append(("fake", val.fake))
    for name, pool in lacking:
        if not pool:
            raise InputError(
                f"The recipe {recipe.model_id} has no {name} images{'' if 'training' in name else ' for validation'}.",
                "Check the weights of its sources, and that the manifests hold enough groups."
                + (_WITHOUT_FAKES if name == "fake training" else ""),
            )
    blended = ClassMap(recipe).blend if recipe.has_blends else None
    counts = class_counts(recipe, samples)
    empty = [name for i, name in enumerate(recipe.class_names) if counts[i] == 0 and i != blended]
    if empty:
        raise InputError(
            f"The recipe {recipe.model_id} has no training images of {', '.join(empty)}.",
            "Name the kinds of the manifests in the recipe's classes, or leave the class out.",
        )


def start_net(recipe: Recipe, data: Path) -> nn.Module:
    """The network with its start weights; the head stays random where it differs.

    Args:
        recipe: The run.
        data: Folder that the start weights are relative to.

    Raises:
        InputError: There are no such weights.
        ModelError: The architecture is not known, or the weights are of another network.
    """
    net = build_net(recipe.architecture, recipe.output_count)
    if not recipe.start_weights:
        return net
    path, sha256 = _find_weights(recipe.start_weights, data)
    start, head = read_state_dict(path, sha256), net_spec(recipe.architecture).head + "."
    state = {k: start[k] for k, own in net.state_dict().items() if k in start and start[k].shape == own.shape}
    # a head of other classes begins anew, anything else that does not fit is a mistake
    state |= {k: own for k, own in net.state_dict().items() if k not in state and k.startswith(head)}
    load_into(net, state, path.name)
    return net


def _find_weights(name: str, data: Path) -> tuple[Path, str | None]:
    """A weights file, and the hash that a card gives it."""
    path = data / name
    if path.is_file():
        return path, None
    if (path / CARD_FILE).is_file():
        card = load_card(path / CARD_FILE)
        return path / card.weights_file, card.weights_sha256
    try:
        card, folder = find_card(name)
    except ModelError as error:
        raise InputError(
            f"The start weights {path} are missing, and no model is called “{name}”.",
            "Put them there, name an installed model, or leave start_weights empty.",
        ) from error
    return folder / card.weights_file, card.weights_sha256
