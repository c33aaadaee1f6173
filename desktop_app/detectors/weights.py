"""Weights files: hashing, reading and writing them without running code from them."""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn

from desktop_app.errors import ModelError, plain_cause
from desktop_app.files import replacing


def file_sha256(path: Path) -> str:
    """Hash of a file, 64 hexadecimal digits.

    Raises:
        ModelError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The weights file {path.name} cannot be read.", plain_cause(error)) from error


def read_checked(path: Path, sha256: str | None = None) -> bytes:
    """The bytes of a weights file.

    Args:
        path: The file.
        sha256: The hash it must have; of the very bytes that are given back.

    Raises:
        ModelError: The file is missing or altered.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelError(f"The weights file {path.name} is missing.", f"Expected it in {path.parent}.") from error
    except OSError as error:
        raise ModelError(f"The weights file {path.name} cannot be read.", plain_cause(error)) from error
    if sha256 is not None and (digest := hashlib.sha256(content).hexdigest()) != sha256:
        raise ModelError(
            f"The weights file {path.name} is not the one that its card describes.",
            f"SHA-256 {digest[:16]}… instead of {sha256[:16]}…: reinstall the model.",
        )
    return content


def read_state_dict(path: Path, sha256: str | None = None) -> dict[str, torch.Tensor]:
    """Read a state dict, tensors only, in single precision.

    Args:
        path: The file.
        sha256: The hash it must have; of the very bytes that are read.

    Raises:
        ModelError: The file is missing, altered, damaged, or holds something else than tensors.
    """
    content = read_checked(path, sha256)
    try:
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:
        raise ModelError(f"The weights file {path.name} is damaged or not a weights file.", str(error)[:300]) from error
    if not isinstance(state, dict) or not all(
        isinstance(k, str) and isinstance(v, torch.Tensor) for k, v in state.items()
    ):
        raise ModelError(f"The weights file {path.name} does not hold a plain table of tensors.")
    return {k: v.float() if v.is_floating_point() else v for k, v in state.items()}


def write_state_dict(state: Mapping[str, torch.Tensor], path: Path, half: bool = False) -> None:
    """Write a state dict through a temporary file.

    Args:
        state: Names and tensors.
        path: The file.
        half: Store floating tensors in half precision.
    """
    plain = {
        k: (v.detach().cpu().half() if half and v.is_floating_point() else v.detach().cpu()) for k, v in state.items()
    }
    # into an open file: a path's name would go into the bytes
    with replacing(path) as part, part.open("wb") as file:
        torch.save(plain, file)


def load_into(net: nn.Module, state: Mapping[str, torch.Tensor], name: str) -> None:
    """Fill a network, every key and shape matching.

    Raises:
        ModelError: The weights are of another network.
    """
    shapes = {key: value.shape for key, value in net.state_dict().items()}
    lacking = [key for key, shape in shapes.items() if key not in state or state[key].shape != shape]
    foreign = [key for key in state if key not in shapes]
    if lacking or foreign:
        raise ModelError(
            f"The weights {name} do not fit the network.",
            f"{len(lacking)} of its {len(shapes)} tensors are missing or of another shape and {len(foreign)} are not "
            f"its own, among them {(lacking or foreign)[0]}: they are of another architecture.",
        )
    net.load_state_dict(dict(state), strict=True)
