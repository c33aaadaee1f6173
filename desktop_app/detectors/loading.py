"""From a card to a detector that is ready to score."""

from pathlib import Path

from desktop_app.detectors.base import Detector
from desktop_app.detectors.torch_detector import load_torch, pick_device
from desktop_app.domain import ModelCard

ONNX = "onnx"
"""What the card of an ONNX model gives as its architecture."""


def load_detector(card: ModelCard, folder: Path, device: str = "auto") -> Detector:
    """Load a model.

    Args:
        card: The model's card.
        folder: Where its weights lie.
        device: As in `pick_device`; an ONNX network computes on the processor whatever is asked for.

    Raises:
        ModelError: Weights are missing, altered, damaged or of another network.
        DeviceError: The device is not there.
    """
    if card.architecture != ONNX:
        return load_torch(card, folder, device)
    # the runtime takes its time to load
    from desktop_app.detectors.onnx_detector import load_onnx

    pick_device(device)
    return load_onnx(card, folder)
