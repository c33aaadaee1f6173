"""What every detector offers."""

from collections.abc import Sequence
from typing import Protocol

from desktop_app.domain import FloatArray, ModelCard, UInt8Array


class Detector(Protocol):
    """A model that scores face crops."""

    @property
    def card(self) -> ModelCard:
        """The model's card."""

    @property
    def device(self) -> str:
        """Where it computes, such as ``"cpu"`` or ``"cuda: NVIDIA H200"``."""

    def predict(self, crops: Sequence[UInt8Array]) -> FloatArray:
        """Score crops.

        Args:
            crops: (S, S, 3) uint8 RGB each, cut with the card's margin.

        Returns:
            (N, outputs) float32 raw logits.

        Raises:
            DeviceError: The device ran out of memory even for single crops.
        """
