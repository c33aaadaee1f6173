"""The networks, by name. Each takes (N, 3, S, S) float and gives (N, outputs) raw logits."""

from desktop_app.detectors.nets.catalogue import NETS, build_net, net_spec
from desktop_app.detectors.nets.counting import count_parameters, keras_parameter_count
from desktop_app.detectors.nets.freezing import freeze, layer_groups, set_train_mode
from desktop_app.detectors.nets.spec import NetSpec

__all__ = [
    "NETS",
    "NetSpec",
    "build_net",
    "count_parameters",
    "freeze",
    "keras_parameter_count",
    "layer_groups",
    "net_spec",
    "set_train_mode",
]
