"""A detector that runs a torch network on a local device."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from desktop_app.detectors.folding import fold_norms
from desktop_app.detectors.nets import build_net, net_spec
from desktop_app.detectors.preprocess import cut_middle, to_tensor
from desktop_app.detectors.weights import load_into, read_state_dict
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


# the CPU's and MPS's allocators raise plain RuntimeErrors; cuBLAS and cuDNN name the status
_OUT_OF_MEMORY = ("out of memory", "not enough memory", "can't allocate memory", "alloc_failed")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of torch or NumPy says that memory ran out, on whatever device."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(sign in text for sign in _OUT_OF_MEMORY)


class TorchDetector:
    """A network with its card on a device.

    Falls back on its own: halves the batch when memory runs out, remembers what fitted, and moves to the CPU when a
    single crop does not fit.

    Args:
        card: The model's card.
        module: The network, filled; a `ModuleList` of them for a card with members.
        device: ``"cpu"``, ``"cuda"`` or ``"mps"``.
        scorer: A quicker form of `module` that `predict` runs instead.
    """

    def __init__(self, card: ModelCard, module: nn.Module, device: str, scorer: nn.Module | None = None) -> None:
        self.card = card
        self.module = module.eval().to(memory_format=torch.channels_last).to(device)
        self._scorer = None if scorer is None else scorer.eval().to(memory_format=torch.channels_last).to(device)
        self._device = torch.device(device)
        self._most_crops: int | None = None

    @property
    def device(self) -> str:
        """Where it computes, with the name of a GPU."""
        if self._device.type == "cuda":
            return f"cuda: {torch.cuda.get_device_name(self._device)}"
        return self._device.type

    @property
    def cam_layer(self) -> str:
        """Name of the layer that class-activation maps look at."""
        return net_spec(self.card.networks[0].architecture).cam_layer

    @property
    def explained(self) -> nn.Module:
        """The network that class-activation maps explain: the first one."""
        return _networks(self.module)[0]

    def to_input(self, crops: Sequence[UInt8Array], member: int = 0) -> torch.Tensor:
        """Normalised input of a network on the device: (N, 3, S, S) float32."""
        spec = self.card.networks[member]
        if spec.crop_share < 1.0:
            crops = [cut_middle(crop, spec.crop_share) for crop in crops]
        return to_tensor(crops, spec.input_size_px, spec.mean, spec.std).to(self._device)

    def predict(self, crops: Sequence[UInt8Array]) -> FloatArray:
        """Score crops.

        Args:
            crops: (H, W, 3) uint8 RGB each, cut with the card's margin.

        Returns:
            (N, outputs) float32 raw logits, the mean over networks and mirror images where the card says so;
            (0, outputs) for no crops.

        Raises:
            DeviceError: Memory ran out even for one crop on the CPU.
            ModelError: The network gave something else than finite numbers.
        """
        results: list[FloatArray] = []
        done = 0
        while done < len(crops):
            part = crops[done : done + (self._most_crops or len(crops))]
            logits = self._try(part)
            if logits is None:
                self._shrink(len(part))
                continue
            results.append(logits)
            done += len(part)
        if not results:
            return np.zeros((0, self.card.output_count), dtype=np.float32)
        scores = np.concatenate(results)
        if not np.isfinite(scores).all():
            raise ModelError(
                f"“{self.card.name}” gave no number for a face.",
                "Its weights are unfit, or the device computes wrongly: choose another model or the CPU.",
            )
        return scores

    def _try(self, crops: Sequence[UInt8Array]) -> FloatArray | None:
        """Logits, or None when memory ran out.

        The failure is not handled here but after the return: while its traceback lives, so do the tensors it holds.
        """
        try:
            with torch.inference_mode():
                return np.asarray(self._logits(crops).cpu().numpy())
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            log.warning("out of memory for %d crops on %s", len(crops), self._device)
            return None

    def _logits(self, crops: Sequence[UInt8Array]) -> torch.Tensor:
        scores = []
        for member, net in enumerate(_networks(self._scorer or self.module)):
            inputs = self.to_input(crops, member)
            scores.append(net(inputs).float())
            if self.card.averages_mirrored:
                scores.append(net(inputs.flip(3)).float())
        return scores[0] if len(scores) == 1 else torch.stack(scores).mean(dim=0)

    def _shrink(self, crops: int) -> None:
        """Go on with half of what did not fit, or with the CPU.

        Raises:
            DeviceError: One crop did not fit on the CPU.
        """
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        if crops > 1:
            self._most_crops = crops // 2
            return
        if self._device.type == "cpu":
            raise DeviceError("The computer ran out of memory.", "Close other programs and try again.")
        log.warning("going on with the CPU")
        self._device, self._most_crops = torch.device("cpu"), None
        self.module.to(self._device)
        if self._scorer is not None:
            self._scorer.to(self._device)


def _networks(module: nn.Module) -> list[nn.Module]:
    return list(module) if isinstance(module, nn.ModuleList) else [module]


def build_module(card: ModelCard) -> nn.Module:
    """The network of a card, or its networks as a `ModuleList`, with random weights.

    Raises:
        ModelError: An architecture is not known.
    """
    if not card.members:
        return build_net(card.architecture, card.output_count)
    return nn.ModuleList(build_net(member.architecture, card.output_count) for member in card.members)


def load_torch(card: ModelCard, folder: Path, device: str = "auto") -> TorchDetector:
    """Load a model of one of our networks: check the hash, read tensors only, fill the network strictly.

    Args:
        card: The model's card.
        folder: Where its weights lie.
        device: As in `pick_device`.

    Raises:
        ModelError: Weights are missing, altered, damaged or of another network.
        DeviceError: The device is not there.
    """
    device = pick_device(device)
    state = read_state_dict(folder / card.weights_file, card.weights_sha256)
    net = build_module(card)
    load_into(net, state, card.name)
    return TorchDetector(card, net, device, fold_norms(net))
