"""Checkpoints of others: reading tensors, and nothing but tensors, out of files that nobody has vouched for."""

import pickle
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import safetensors
import safetensors.torch
import torch

from desktop_app.detectors.importing.keras import read_meso
from desktop_app.errors import ModelError, plain_cause

MAX_BYTES = 2_000_000_000
"""Of a file, and of the tensors in it once they are unpacked."""

TORCH_SUFFIXES = frozenset({".pt", ".pth", ".bin", ".ckpt", ".pkl", ".p", ".tar"})
KERAS_SUFFIXES = frozenset({".h5", ".hdf5"})
SAFETENSORS_SUFFIX, ONNX_SUFFIX = ".safetensors", ".onnx"
SUFFIXES = TORCH_SUFFIXES | KERAS_SUFFIXES | {SAFETENSORS_SUFFIX, ONNX_SUFFIX}

# moving averages of the weights are what a run with them is judged by
WRAPPERS = (
    "state_dict_ema", "model_ema", "ema", "state_dict", "model_state_dict", "model_state", "model", "net", "network",
)  # fmt: skip
# the words of torch.load for a pickle that asks for more than tensors
_CODE_SIGNS = re.compile(r"Unsupported (global|class|operand)|not an allowed global|TorchScript|torch\.jit", re.I)


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """Tensors of a file.

    Args:
        state: Names and tensors in single precision, in the order of the file.
        architecture: Where the format says it, else empty.
    """

    state: dict[str, torch.Tensor]
    architecture: str = ""


def check_file(path: Path) -> None:
    """Look at a file from outside.

    Raises:
        ModelError: It is missing, no file, empty, too large, or of a kind that cannot be imported.
    """
    try:
        is_file, size = path.is_file(), path.stat().st_size
    except OSError as error:
        raise ModelError(f"The model file {path.name} cannot be read.", plain_cause(error)) from error
    if not is_file or not size:
        raise ModelError(f"{path.name} is no model file: it is empty or a folder.")
    if path.suffix.lower() not in SUFFIXES:
        raise ModelError(
            f"Models cannot be imported from “{path.suffix}” files.", f"Known are {', '.join(sorted(SUFFIXES))}."
        )
    _check_size(path, size)


def _check_size(path: Path, size: int) -> None:
    if size > MAX_BYTES:
        raise ModelError(
            f"{path.name} is too large for a detector: {size / 1e9:.1f} GB.", f"The limit is {MAX_BYTES / 1e9:.0f} GB."
        )


def read_checkpoint(path: Path) -> Checkpoint:
    """Read the tensors of a checkpoint; no code in it is run.

    Args:
        path: A file of torch, safetensors or Keras (HDF5).

    Raises:
        ModelError: It is damaged, too large, or holds other things than tensors.
    """
    check_file(path)
    suffix = path.suffix.lower()
    if suffix in KERAS_SUFFIXES:
        architecture, state = read_meso(path, MAX_BYTES)
        return Checkpoint(state, architecture)
    table = _read_safetensors(path) if suffix == SAFETENSORS_SUFFIX else _unwrap(_read_torch(path), path)
    return Checkpoint(_plain(table, path))


def _read_safetensors(path: Path) -> object:
    try:
        return safetensors.torch.load_file(path)
    except (safetensors.SafetensorError, OSError, ValueError) as error:
        raise _damaged(path, error) from error


def _read_torch(path: Path) -> object:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                _check_size(path, sum(entry.file_size for entry in archive.infolist()))
        return torch.load(path, map_location="cpu", weights_only=True)
    except ModelError:
        raise
    except (pickle.UnpicklingError, RuntimeError) as error:
        if _CODE_SIGNS.search(str(error)):
            raise ModelError(
                f"{path.name} contains code objects, not just tensors: it was not opened.",
                "Ask its author for torch.save(model.state_dict(), …) or a safetensors or ONNX file. "
                f"What was refused: {_refused_part(str(error))}",
            ) from error
        raise _damaged(path, error) from error
    except Exception as error:
        # bytes that are no pickle break the reader in many ways
        raise _damaged(path, error) from error


def _refused_part(text: str) -> str:
    found = re.search(r"(GLOBAL|class|operand)\s+[\w.]+", text)
    return found[0] if found else text.strip().splitlines()[0][:100]


def _damaged(path: Path, error: Exception) -> ModelError:
    return ModelError(f"{path.name} is damaged or not what its name says.", str(error)[:200])


def _unwrap(content: object, path: Path) -> object:
    """The table of tensors inside what a training run saved around it."""
    for _ in range(3):
        if not isinstance(content, Mapping) or _share_of_tensors(content) > 0.5:
            break
        inner = next((content[w] for w in WRAPPERS if isinstance(content.get(w), Mapping)), None)
        if inner is None:
            known = ", ".join(map(str, list(content)[:8]))
            raise ModelError(
                f"{path.name} holds no table of tensors that is known.",
                f"Looked for {', '.join(WRAPPERS)}; found {known or 'nothing'}.",
            )
        content = inner
    return content


def _share_of_tensors(table: Mapping[object, object]) -> float:
    return sum(isinstance(v, torch.Tensor) for v in table.values()) / max(1, len(table))


def _plain(table: object, path: Path) -> dict[str, torch.Tensor]:
    if not isinstance(table, Mapping) or not table:
        raise ModelError(f"{path.name} does not hold a plain table of tensors.")
    state = {str(k): v for k, v in table.items() if isinstance(v, torch.Tensor)}
    if any(v.layout is not torch.strided or v.is_quantized for v in state.values()):
        raise ModelError(f"{path.name} holds sparse or quantised tensors.", "Save them dense, in single precision.")
    # a view may claim a shape far larger than what the file stores
    _check_size(path, sum(4 * v.numel() for v in state.values()))
    return {k: (v.float() if v.is_floating_point() else v).contiguous().clone() for k, v in state.items()}
