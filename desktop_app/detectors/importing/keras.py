"""MesoNet's weights as Keras keeps them in HDF5 files.

Keras has its kernels with the channels last and flattens pictures likewise; names differ between versions
(``conv2d_3/conv2d_3/kernel:0``, ``model_weights/…``, ``layers/conv2d_3/vars/0``), so layers are matched by their kind,
the number at the end of their name and their shapes.
"""

import re
from collections import defaultdict
from pathlib import Path

import h5py
import numpy as np
import torch
from numpy.typing import NDArray

from desktop_app.detectors.nets import build_net
from desktop_app.errors import ModelError

Floats = NDArray[np.float32]
Layer = dict[str, Floats]

_NORM = ("gamma", "beta", "moving_mean", "moving_variance")
_NORM_NAMES = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}
# of convolutions: what tells the two networks apart
_ARCHITECTURES = {4: "meso4", 16: "meso_inception4"}
FLAT = (16, 8, 8)
"""Channels, height and width of what MesoNet's first dense layer sees."""


def read_meso(path: Path, max_bytes: int) -> tuple[str, dict[str, torch.Tensor]]:
    """Read a MesoNet.

    Args:
        path: HDF5 file of weights, or of a whole model.
        max_bytes: Most that its arrays may take.

    Returns:
        Architecture and state dict under our names. The sign of the output stays that of the file.

    Raises:
        ModelError: The file is damaged, reaches into other files, or holds another network.
    """
    kinds = _sort(_read_layers(path, max_bytes))
    count = len(kinds["convolution"])
    if count not in _ARCHITECTURES or len(kinds["norm"]) != 4 or len(kinds["dense"]) != 2:
        found = ", ".join(f"{len(layers)} {kind}" for kind, layers in kinds.items()) or "nothing"
        raise ModelError(
            f"{path.name} is neither Meso-4 nor MesoInception-4.",
            f"From Keras files only these are imported; found: {found} layers. Others: convert them to ONNX.",
        )
    name = _ARCHITECTURES[count]
    return name, _fill(name, kinds, path)


def _fill(name: str, kinds: dict[str, list[Layer]], path: Path) -> dict[str, torch.Tensor]:
    outputs = int(kinds["dense"][-1]["kernel"].shape[1])
    net = build_net(name, outputs)
    state: dict[str, torch.Tensor] = {}
    for place, module in net.named_modules():
        own = {key: value.shape for key, value in module.named_parameters(recurse=False)}
        if not own:
            continue
        kind = {4: "convolution", 2: "dense", 1: "norm"}[len(own["weight"])]
        converted = (_convert(kind, layer, own["weight"]) for layer in kinds[kind])
        chosen = next((i for i, c in enumerate(converted) if c["weight"].shape == own["weight"]), None)
        if chosen is None:
            raise ModelError(f"{path.name} does not fit {name}.", f"No {kind} layer is left for {place}.")
        found = _convert(kind, kinds[kind].pop(chosen), own["weight"])
        state |= {f"{place}.{key}": torch.from_numpy(np.ascontiguousarray(value)) for key, value in found.items()}
    return state


def _convert(kind: str, layer: Layer, shape: torch.Size) -> Layer:
    if kind == "norm":
        return {_NORM_NAMES[key]: layer[key] for key in _NORM}
    kernel = layer["kernel"]
    if kind == "convolution":
        return {"weight": kernel.transpose(3, 2, 0, 1), "bias": layer["bias"]}
    if shape[1] == np.prod(FLAT) == kernel.shape[0]:
        channels, height, width = FLAT
        kernel = kernel.reshape(height, width, channels, -1).transpose(2, 0, 1, 3).reshape(shape[1], -1)
    return {"weight": kernel.T, "bias": layer["bias"]}


def _sort(layers: dict[str, Layer]) -> dict[str, list[Layer]]:
    kinds: dict[str, list[Layer]] = defaultdict(list)
    for name in sorted(layers, key=_number):
        layer = layers[name]
        if set(_NORM) <= set(layer):
            kinds["norm"].append(layer)
        elif {"kernel", "bias"} <= set(layer) and layer["kernel"].ndim in (2, 4):
            kinds["convolution" if layer["kernel"].ndim == 4 else "dense"].append(layer)
    return kinds


def _number(name: str) -> tuple[int, str]:
    found = re.search(r"_(\d+)$", name)
    return int(found[1]) if found else 0, name


def _read_layers(path: Path, max_bytes: int) -> dict[str, Layer]:
    """Every layer's arrays by their names in Keras."""
    layers: dict[str, Layer] = defaultdict(dict)
    try:
        with h5py.File(path, "r") as file:
            arrays = list(_arrays(file, ""))
            if sum(array.nbytes for _, array in arrays) > max_bytes:
                raise ModelError(f"{path.name} is too large for a detector once it is unpacked.")
            for name, array in arrays:
                parts = name.split("/")
                if parts[0].startswith("optimizer") or len(parts) < 2 or array.dtype.kind != "f":
                    continue
                layer, weight = _name_of(parts, array)
                layers[layer][weight] = np.asarray(array[()], dtype=np.float32)
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise ModelError(f"{path.name} is damaged or not what its name says.", str(error)[:200]) from error
    return layers


def _name_of(parts: list[str], array: h5py.Dataset) -> tuple[str, str]:
    if parts[-2] != "vars":
        return parts[-2], parts[-1].split(":")[0]
    # Keras 3 numbers the arrays of a layer
    layer = parts[-3] if len(parts) > 2 else ""
    names = _NORM if layer.startswith("batch_normalization") else ("kernel", "bias")
    place = int(parts[-1]) if parts[-1].isdecimal() else len(names)
    return layer, names[place] if place < len(names) else parts[-1]


def _arrays(group: h5py.Group, prefix: str) -> list[tuple[str, h5py.Dataset]]:
    """(name, array) below a group; what lies in other files is refused."""
    found: list[tuple[str, h5py.Dataset]] = []
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise ModelError("The file refers to other places or files: it was not opened.", f"The link is “{name}”.")
        entry = group[name]
        if isinstance(entry, h5py.Group) and prefix.count("/") < 12:
            found += _arrays(entry, f"{prefix}{name}/")
        elif isinstance(entry, h5py.Dataset):
            if entry.external is not None or entry.is_virtual:
                raise ModelError("The file keeps its numbers in other files: it was not opened.", f"See “{name}”.")
            found.append((prefix + name, entry))
    return found
