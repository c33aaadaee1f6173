"""A detector that runs a torch network on a local device."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from desktop_app.detectors.nets import build_net, net_spec
from desktop_app.detectors.preprocess import to_tensor
from desktop_app.detectors.weights import file_sha256, load_into, read_state_dict
from desktop_app.domain import FloatArray, ModelCard, UInt8Array
from desktop_app.errors import DeviceError, ModelError

log = logging.getLogger(__name__)


def pick_device(name: str = "auto") -> str:
    """Choose a torch device.

    Args:
        name: ``"auto"`` takes CUDA, then MPS, then the CPU; otherwise the device asked for.

    Returns:
        ``"cuda"``, ``"mps"`` or ``"cpu"``.

    Raises:
        DeviceError: The device asked for is not there.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return next(device for device, is_there in there.items() if is_there)
    if not there.get(name, False):
        raise DeviceError(f"The device “{name}” is not available on this computer.", "Choose “auto” or “cpu”.")
    return name


class TorchDetector:
    """A network with its card on a device.

    Falls back on its own: halves the batch when memory runs out, and moves to the CPU when a single crop does not fit.

    Args:
        card: The model's card.
        module: The network, filled.
        device: ``"cpu"``, ``"cuda"`` or ``"mps"``.
    """

    def __init__(self, card: ModelCard, module: nn.Module, device: str) -> None:
        self.card = card
        self.module = module.eval().to(memory_format=torch.channels_last).to(device)
        self._device = torch.device(device)

    @property
    def device(self) -> str:
        """Where it computes, with the name of a GPU."""
        if self._device.type == "cuda":
            return f"cuda: {torch.cuda.get_device_name(self._device)}"
        return self._device.type

    @property
    def cam_layer(self) -> str:
        """Name of the layer that class-activation maps look at."""
        return net_spec(self.card.architecture).cam_layer

    def to_input(self, crops: Sequence[UInt8Array]) -> torch.Tensor:
        """Normalised input on the device: (N, 3, S, S) float32."""
        return to_tensor(crops, self.card.input_size_px, self.card.mean, self.card.std).to(self._device)

    def predict(self, crops: Sequence[UInt8Array]) -> FloatArray:
        """Score crops.

        Args:
            crops: (H, W, 3) uint8 RGB each, cut with the card's margin.

        Returns:
            (N, outputs) float32 raw logits; (0, outputs) for no crops.

        Raises:
            DeviceError: Memory ran out even for one crop on the CPU.
        """
        if not crops:
            return np.zeros((0, max(1, len(self.card.classes))), dtype=np.float32)
        try:
            with torch.inference_mode():
                return np.asarray(self.module(self.to_input(crops)).float().cpu().numpy())
        except torch.OutOfMemoryError as error:
            return self._predict_smaller(crops, error)

    def _predict_smaller(self, crops: Sequence[UInt8Array], error: BaseException) -> FloatArray:
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        if len(crops) > 1:
            half = len(crops) // 2
            log.warning("out of memory for %d crops; trying %d", len(crops), half)
            return np.concatenate([self.predict(crops[:half]), self.predict(crops[half:])])
        if self._device.type == "cpu":
            raise DeviceError("The computer ran out of memory.", "Close other programs and try again.") from error
        log.warning("out of memory for one crop on %s; going on with the CPU", self._device)
        self._device = torch.device("cpu")
        self.module.to(self._device)
        return self.predict(crops)


def load_detector(card: ModelCard, folder: Path, device: str = "auto") -> TorchDetector:
    """Load a model: check the hash, read tensors only, fill the network strictly.

    Args:
        card: The model's card.
        folder: Where its weights lie.
        device: As in `pick_device`.

    Raises:
        ModelError: Weights are missing, altered, damaged or of another network.
        DeviceError: The device is not there.
    """
    path = folder / card.weights_file
    if not path.is_file():
        raise ModelError(f"The weights of “{card.name}” are missing.", f"Expected {card.weights_file} beside its card.")
    digest = file_sha256(path)
    if digest != card.weights_sha256:
        raise ModelError(
            f"The weights of “{card.name}” are not those that its card describes.",
            f"SHA-256 {digest[:16]}… instead of {card.weights_sha256[:16]}…: reinstall the model.",
        )
    outputs = len(card.classes)
    net = build_net(card.architecture, outputs)
    load_into(net, read_state_dict(path), card.name)
    return TorchDetector(card, net, pick_device(device))
