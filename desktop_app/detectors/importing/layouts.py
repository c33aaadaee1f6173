"""Which network a table of tensors belongs to, and under which names we know them.

Networks are told apart by names and shapes. Known besides our own and torchvision's names: Xception of timm,
pretrainedmodels, FaceForensics++ and DeepfakeBench; EfficientNet of timm and efficientnet_pytorch (self-blended images,
DeepfakeBench); a classifier of another name or behind a dropout; the published scratch CNNs, which have our tensors in
our order.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import torch

from desktop_app.detectors.nets import NETS, build_net, net_spec
from desktop_app.errors import ModelError

State = dict[str, torch.Tensor]
Shapes = dict[str, tuple[int, ...]]

_PREFIX = re.compile(r"^(?:(?:module|model|net|network|backbone|encoder|efficientnet|detector|_orig_mod)\.)+")
_HEADS = re.compile(r"^(?:fc|_fc|classifier|last_linear|last_layer|head)\b")
# DeepfakeBench's detectors carry a layer that their plain scores do not pass
_UNUSED = re.compile(r"^adjust_channel\.")
_COUNTER = "num_batches_tracked"
_TIMM_EXPANDED = {
    "conv_pw": "0.0", "bn1": "0.1", "conv_dw": "1.0", "bn2": "1.1",
    "se.conv_reduce": "2.fc1", "se.conv_expand": "2.fc2", "conv_pwl": "3.0", "bn3": "3.1",
}  # fmt: skip
_TIMM_PLAIN = {
    "conv_dw": "0.0", "bn1": "0.1", "se.conv_reduce": "1.fc1", "se.conv_expand": "1.fc2", "conv_pw": "2.0",
    "bn2": "2.1",
}  # fmt: skip
_TF_EXPANDED = {
    "_expand_conv": "0.0", "_bn0": "0.1", "_depthwise_conv": "1.0", "_bn1": "1.1",
    "_se_reduce": "2.fc1", "_se_expand": "2.fc2", "_project_conv": "3.0", "_bn2": "3.1",
}  # fmt: skip
_TF_PLAIN = {
    "_depthwise_conv": "0.0", "_bn1": "0.1", "_se_reduce": "1.fc1", "_se_expand": "1.fc2", "_project_conv": "2.0",
    "_bn2": "2.1",
}  # fmt: skip
_STEMS = {
    "conv_stem": "features.0.0", "bn1": "features.0.1", "conv_head": "features.8.0", "bn2": "features.8.1",
    "_conv_stem": "features.0.0", "_bn0": "features.0.1", "_conv_head": "features.8.0", "_bn1": "features.8.1",
}  # fmt: skip
IN_ORDER = frozenset({"cnn_standard", "cnn_small"})
"""Networks whose published checkpoints have our tensors in our order under other names."""


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """How well tensors fit a network.

    Args:
        architecture: Key of `NETS`.
        state: Tensors under our names, whole where nothing is missing.
        missing, unexpected, misshapen: Names; of ours, of theirs, of both with other shapes.
        outputs: Number of logits.
    """

    architecture: str
    state: State
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    misshapen: tuple[str, ...]
    outputs: int

    @property
    def faults(self) -> int:
        """Number of tensors that do not fit."""
        return len(self.missing) + len(self.unexpected) + len(self.misshapen)


def recognise(state: Mapping[str, torch.Tensor], architecture: str = "") -> Match:
    """Find the network that tensors belong to.

    Args:
        state: Tensors under any known names.
        architecture: The network where it is known; empty tries all.

    Returns:
        A match without faults.

    Raises:
        ModelError: There is none; the hint lists what the nearest network lacks.
    """
    if architecture:
        net_spec(architecture)
    stripped = _strip(state)
    names = (architecture,) if architecture else tuple(NETS)
    matches = list(_matches(stripped, names))
    exact = [m for m in matches if not m.faults]
    if exact:
        # two networks have these names: those of efficientnet_pytorch come from TensorFlow
        from_tensorflow = any(key.startswith("_blocks.") for key in stripped)
        return next((m for m in exact if m.architecture.endswith("_same") == from_tensorflow), exact[0])
    if _is_several(stripped):
        raise ModelError(
            "These are the weights of several networks of one model.",
            "Import the file, unchanged, together with the model's own card, which says how they work together.",
        )
    raise _no_match(min(matches, key=lambda m: m.faults))


def _matches(state: State, names: Iterable[str]) -> Iterator[Match]:
    """Each network with the tensors under each set of names in which they may be its own."""
    return (_match(name, renamed) for name in names for renamed in _renamed(name, state))


def _is_several(state: Mapping[str, torch.Tensor]) -> bool:
    """Whether tensors belong to networks with numbers for names, as in a mean of models."""
    parts: dict[str, State] = {}
    for key, value in state.items():
        number, _, rest = key.partition(".")
        parts.setdefault(number, {})[rest] = value
    if len(parts) < 2 or not all(number.isdecimal() for number in parts):
        return False
    return all(any(not match.faults for match in _matches(_strip(own), NETS)) for own in parts.values())


def _no_match(nearest: Match) -> ModelError:
    parts = [
        f"{word} ({len(names)}): {', '.join(names[:5])}{', …' if len(names) > 5 else ''}"
        for word, names in (
            ("missing", nearest.missing),
            ("unexpected", nearest.unexpected),
            ("other shape", nearest.misshapen),
        )
        if names
    ]
    return ModelError(
        f"These weights fit no network that is known; the nearest is {nearest.architecture}.", "; ".join(parts) + "."
    )


def _strip(state: Mapping[str, torch.Tensor]) -> State:
    """Names without what wrappers put in front, unless two would become one."""
    while True:
        plain = {key: _PREFIX.sub("", key) for key in state}
        stripped = {plain[key]: value for key, value in state.items() if not _UNUSED.match(plain[key])}
        if len(stripped) + sum(bool(_UNUSED.match(key)) for key in plain.values()) != len(state):
            return dict(state)
        places = {key.partition(".")[0] for key in stripped}
        # a network alone in a Sequential; several of them are told apart by their numbers
        if len(places) != 1 or not places.pop().isdecimal():
            return stripped
        state = {key.partition(".")[2]: value for key, value in stripped.items()}


def _renamed(architecture: str, state: State) -> Iterator[State]:
    """The tensors under every set of names in which they may be ours."""
    yield _fit_head(architecture, state)
    if architecture.startswith("efficientnet"):
        yield _fit_head(architecture, {_efficientnet_name(architecture, key): v for key, v in state.items()})
    if architecture in IN_ORDER:
        in_order = _by_order(architecture, state)
        if in_order:
            yield in_order


def _efficientnet_name(architecture: str, key: str) -> str:
    module, _, tensor = key.rpartition(".")
    if module in _STEMS:
        return f"{_STEMS[module]}.{tensor}"
    if found := re.fullmatch(r"blocks\.(\d+)\.(\d+)\.(.+)", module):
        stage, number, part = int(found[1]), int(found[2]), found[3]
        table = _TIMM_EXPANDED if stage else _TIMM_PLAIN
    elif found := re.fullmatch(r"_blocks\.(\d+)\.(.+)", module):
        places = _block_places(architecture)
        if int(found[1]) >= len(places):
            return key
        (stage, number), part = places[int(found[1])], found[2]
        table = _TF_EXPANDED if stage else _TF_PLAIN
    else:
        return key
    return f"features.{stage + 1}.{number}.block.{table[part]}.{tensor}" if part in table else key


@cache
def _block_places(architecture: str) -> tuple[tuple[int, int], ...]:
    """(stage, place in it) of every block in order."""
    found = (re.match(r"features\.(\d+)\.(\d+)\.block\.", key) for key in template(architecture))
    return tuple(dict.fromkeys((int(f[1]) - 1, int(f[2])) for f in found if f))


@cache
def template(architecture: str) -> Shapes:
    """Names and shapes of a network with one output."""
    with torch.device("meta"):
        return {k: tuple(v.shape) for k, v in build_net(architecture, 1).state_dict().items()}


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def _modules(keys: list[str]) -> dict[str, list[str]]:
    """Names of tensors by the module they belong to."""
    modules: dict[str, list[str]] = {}
    for key in keys:
        modules.setdefault(key.rpartition(".")[0], []).append(key)
    return modules


def _fit_head(architecture: str, state: State) -> State:
    """Give the classifier's layers our names, one after the other, where there are as many."""
    head = NETS[architecture].head
    ours = _modules([k for k in template(architecture) if k.startswith(head + ".")])
    theirs = _modules([k for k in state if _HEADS.match(k)])
    if len(ours) != len(theirs):
        return state
    pairs = dict(zip(sorted(theirs, key=_natural), sorted(ours, key=_natural), strict=True))
    return {
        (f"{pairs[key.rpartition('.')[0]]}.{key.rpartition('.')[2]}" if _HEADS.match(key) else key): value
        for key, value in state.items()
    }


def _by_order(architecture: str, state: State) -> State | None:
    """The tensors under our names by their place alone; None where kinds or shapes say otherwise."""
    shapes = {k: s for k, s in template(architecture).items() if not k.endswith(_COUNTER)}
    given = {k: v for k, v in state.items() if not k.endswith(_COUNTER)}
    if len(shapes) != len(given):
        return None
    last = list(shapes)[-2:]
    for (ours, shape), (theirs, value) in zip(shapes.items(), given.items(), strict=True):
        is_same_kind = ours.rpartition(".")[2] == theirs.rpartition(".")[2]
        if not is_same_kind or not (ours in last or tuple(value.shape) == shape):
            return None
    return dict(zip(shapes, given.values(), strict=True))


def _match(architecture: str, state: State) -> Match:
    shapes = template(architecture)
    final = list(shapes)[-2:]
    outputs = int(state[final[0]].shape[0]) if final[0] in state and state[final[0]].ndim else 0
    whole: State = {}
    missing, misshapen = [], []
    for key, shape in shapes.items():
        wanted = (outputs, *shape[1:]) if key in final else shape
        value = state.get(key)
        if value is None and key.endswith(_COUNTER):
            whole[key] = torch.tensor(0)
        elif value is None:
            missing.append(key)
        elif (fitted := _reshape(value, wanted)) is None:
            misshapen.append(f"{key} {tuple(value.shape)} instead of {wanted}")
        else:
            whole[key] = fitted
    unexpected = tuple(key for key in state if key not in shapes)
    return Match(architecture, whole, tuple(missing), unexpected, tuple(misshapen), outputs)


def _reshape(value: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor | None:
    """The tensor in a shape; a 1x1 convolution and a dense layer are the same numbers."""
    if tuple(value.shape) == shape:
        return value
    squeezed = tuple(n for n in value.shape[2:] if n != 1)
    if {value.ndim, len(shape)} == {2, 4} and not squeezed and tuple(value.shape[:2]) == shape[:2]:
        return value.reshape(shape) if value.numel() == torch.Size(shape).numel() else None
    return None
