"""Which layers of a network a heatmap can look at."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from desktop_app.detectors import Detector
from desktop_app.explain.gradcam import require_open


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer whose output is a stack of feature maps.

    Args:
        name: Dotted name in the network.
        rows, columns: Size of its maps: how fine a heatmap of it is.
        is_usual: Whether it is the architecture's own choice, the last one with spatial resolution.
    """

    name: str
    rows: int
    columns: int
    is_usual: bool


def list_layers(detector: Detector) -> tuple[Layer, ...]:
    """The last layer at each resolution, the coarsest and usual one first.

    Earlier layers give finer maps of simpler things: edges and texture rather than parts of a face.

    Args:
        detector: The model.

    Raises:
        ModelError: The model cannot be looked into.
    """
    detector = require_open(detector)
    net, usual = detector.explained, detector.cam_layer
    last: dict[tuple[int, int], str] = {}
    handles = []

    def note(name: str) -> Any:  # noqa: ANN401  # torch's type of a hook
        def keep(module: nn.Module, inputs: object, output: object) -> None:
            if isinstance(output, torch.Tensor) and output.ndim == 4 and min(output.shape[2:]) >= 2:
                size = (int(output.shape[2]), int(output.shape[3]))
                if last.get(size) != usual:
                    last[size] = name

        return keep

    side = detector.card.networks[0].input_size_px
    try:
        handles = [module.register_forward_hook(note(name)) for name, module in net.named_modules() if name]
        with torch.inference_mode():
            net(detector.to_input([np.zeros((side, side, 3), dtype=np.uint8)]))
    finally:
        for handle in handles:
            handle.remove()
    found = [Layer(name, rows, columns, name == usual) for (rows, columns), name in last.items()]
    return tuple(sorted(found, key=lambda layer: (not layer.is_usual, layer.rows * layer.columns)))
