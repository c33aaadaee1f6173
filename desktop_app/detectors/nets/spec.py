"""What is known of a network before it is built."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn


@dataclass(frozen=True, slots=True)
class NetSpec:
    """How to build a network, where to look into it and which part of it decides.

    Args:
        build: From the number of outputs to the module, with random weights.
        cam_layer: Dotted name of the last layer that keeps spatial resolution, for class-activation maps.
        head: Dotted name of the classifier, which stays trainable whatever is frozen.
        input_size_px: Usual side of the square input.
        outputs: Usual number of logits; 1 is a single logit of fake.
        source: The paper, or where the layout is from.
    """

    build: Callable[[int], nn.Module]
    cam_layer: str
    head: str
    input_size_px: int
    outputs: int
    source: str
