"""ONNX classifiers of others, brought to one form: (N, 3, S, S) RGB float in, (N, outputs) raw logits out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from desktop_app.errors import ModelError

LOGITS, PROBABILITIES = "logits", "probabilities"
CROPS, SCORES = "cotejo_crops", "cotejo_logits"
_FLOATS = {TensorProto.FLOAT: "float32", TensorProto.FLOAT16: "float16", TensorProto.DOUBLE: "float64"}
_INPUTS = {*_FLOATS, TensorProto.UINT8}
# below it elementwise operations do not broadcast
_OLDEST_OPSET = 8
_LEAST = 1e-7


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What an ONNX network says of itself.

    Args:
        input_name, output_name: Of the picture and of the scores.
        input_type: Element type of the picture.
        batch: Fixed size of a batch, None where it is free.
        is_channels_last: Whether pictures come as (N, S, S, 3).
        size_px: Side of the input, None where it is free.
        outputs: Number of scores, None where it is not said.
        output_rank: Number of dimensions of the scores, None likewise.
        ends_in_probabilities: Whether the last operation is a softmax or a sigmoid.
    """

    input_name: str
    output_name: str
    input_type: int
    batch: int | None
    is_channels_last: bool
    size_px: int | None
    outputs: int | None
    output_rank: int | None
    ends_in_probabilities: bool


def read_facts(model: onnx.ModelProto, output_name: str = "") -> GraphFacts:
    """Look at the ends of a network.

    Args:
        model: The network.
        output_name: Which output has the scores; empty takes the first.

    Raises:
        ModelError: It does not take one RGB picture, or has no such output.
    """
    graph = model.graph
    constants = {tensor.name for tensor in graph.initializer}
    inputs = [entry for entry in graph.input if entry.name not in constants]
    outputs = {entry.name: entry for entry in graph.output}
    name = output_name or graph.output[0].name
    if name not in outputs:
        raise ModelError(f"The ONNX network has no output “{name}”.", f"It has {', '.join(outputs)}.")
    if len(inputs) != 1:
        raise ModelError(f"The ONNX network takes {len(inputs)} inputs instead of one picture.")
    kind = inputs[0].type.tensor_type
    shape = _dimensions(kind)
    if len(shape) != 4 or kind.elem_type not in _INPUTS or 3 not in (shape[1], shape[3]):
        raise ModelError("The ONNX network does not take an RGB picture.", f"Its input is {shape}.")
    last = shape[1] != 3
    height, width = shape[1:3] if last else shape[2:4]
    if height != width:
        raise ModelError("The ONNX network does not take square pictures.", f"Its input is {shape}.")
    scores = _dimensions(outputs[name].type.tensor_type) if outputs[name].type.HasField("tensor_type") else []
    is_known = outputs[name].type.tensor_type.HasField("shape")
    count = (1 if len(scores) == 1 else scores[1]) if scores else None
    return GraphFacts(
        inputs[0].name, name, kind.elem_type, shape[0], last, height, count, len(scores) if is_known else None,
        _ends_in_probabilities(graph, name),
    )  # fmt: skip


def _dimensions(kind: onnx.TypeProto.Tensor) -> list[int | None]:
    return [d.dim_value if d.HasField("dim_value") and d.dim_value > 0 else None for d in kind.shape.dim]


def _ends_in_probabilities(graph: onnx.GraphProto, name: str) -> bool:
    makers = {output: node for node in graph.node for output in node.output}
    node = makers.get(name)
    while node is not None and node.op_type in ("Identity", "Cast", "Reshape", "Flatten", "Squeeze"):
        node = makers.get(node.input[0])
    return node is not None and node.op_type in ("Softmax", "Sigmoid")


def standardise(
    model: onnx.ModelProto, facts: GraphFacts, outputs: int, is_probabilities: bool, is_bgr: bool, is_negated: bool
) -> bool:
    """Put what is lacking in front of and behind a network, in place.

    Args:
        model: The network.
        facts: Of `read_facts`.
        outputs: Number of scores.
        is_probabilities: Whether softmax or sigmoid was applied already.
        is_bgr: Whether it takes blue first.
        is_negated: Whether its single score is that of genuine.

    Returns:
        Whether anything had to be changed.

    Raises:
        ModelError: The network is of a version too old to be changed.
    """
    front = _front(facts, is_bgr)
    behind = _behind(model, facts, outputs, is_probabilities, is_negated)
    is_changed = bool(front or behind)
    opset = next((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), 0)
    if is_changed and opset < _OLDEST_OPSET:
        raise ModelError(f"The ONNX network is too old (operator set {opset}).", "Export it anew, with 11 or higher.")
    graph = model.graph
    if front:
        _prepend(graph, facts, front)
    if behind:
        graph.node.extend(behind)
    if is_changed or len(graph.output) > 1:
        name = SCORES if behind else facts.output_name
        del graph.output[:]
        graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [facts.batch or "batch", outputs]))
        return True
    return False


def _front(facts: GraphFacts, is_bgr: bool) -> list[tuple[str, dict[str, Any]]]:
    """Operations between RGB crops and the network's own input."""
    steps: list[tuple[str, dict[str, Any]]] = []
    if is_bgr:
        steps.append(("Gather", {"axis": 1}))
    if facts.is_channels_last:
        steps.append(("Transpose", {"perm": [0, 2, 3, 1]}))
    if facts.input_type != TensorProto.FLOAT:
        steps.append(("Cast", {"to": facts.input_type}))
    return steps


def _prepend(graph: onnx.GraphProto, facts: GraphFacts, steps: Sequence[tuple[str, dict[str, Any]]]) -> None:
    nodes, before = [], CROPS
    for place, (operation, attributes) in enumerate(steps):
        after = facts.input_name if place == len(steps) - 1 else f"{CROPS}_{place}"
        inputs = [before]
        if operation == "Gather":
            inputs.append(f"{CROPS}_order")
            graph.initializer.append(numpy_helper.from_array(np.array([2, 1, 0]), inputs[1]))
        nodes.append(helper.make_node(operation, inputs, [after], **attributes))
        before = after
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *rest])
    kept = [entry for entry in graph.input if entry.name != facts.input_name]
    side = facts.size_px or "side"
    crops = helper.make_tensor_value_info(CROPS, TensorProto.FLOAT, [facts.batch or "batch", 3, side, side])
    del graph.input[:]
    graph.input.extend([crops, *kept])


def _behind(
    model: onnx.ModelProto, facts: GraphFacts, outputs: int, is_probabilities: bool, is_negated: bool
) -> list[onnx.NodeProto]:
    """Operations between the network's own output and raw logits."""
    nodes: list[onnx.NodeProto] = []
    constants = model.graph.initializer
    last = facts.output_name

    def add(operation: str, *inputs: str) -> str:
        name = f"{SCORES}_{len(nodes)}"
        nodes.append(helper.make_node(operation, inputs, [name]))
        return name

    def constant(name: str, values: np.ndarray) -> str:
        constants.append(numpy_helper.from_array(values, f"{SCORES}_{name}"))
        return f"{SCORES}_{name}"

    kind = next(entry.type.tensor_type.elem_type for entry in model.graph.output if entry.name == facts.output_name)
    if kind != TensorProto.FLOAT:
        nodes.append(helper.make_node("Cast", [last], [f"{SCORES}_float"], to=TensorProto.FLOAT))
        last = f"{SCORES}_float"
    if facts.output_rank != 2:
        last = add("Reshape", last, constant("shape", np.array([-1, outputs], dtype=np.int64)))
    if is_probabilities:
        least = constant("least", np.array(_LEAST, dtype=np.float32))
        log = add("Log", add("Max", last, least))
        if outputs == 1:
            rest = add("Sub", constant("one", np.array(1.0, dtype=np.float32)), last)
            log = add("Sub", log, add("Log", add("Max", rest, least)))
        last = log
    if is_negated:
        last = add("Neg", last)
    if nodes:
        nodes.append(helper.make_node("Identity", [last], [SCORES]))
    return nodes
