"""Turns files of others into weights that our detectors read, and says what had to be assumed."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_app.detectors.importing.files import read_checkpoint
from desktop_app.detectors.importing.graph import PROBABILITIES, GraphFacts, read_facts, standardise
from desktop_app.detectors.importing.layouts import Match, recognise, template
from desktop_app.detectors.importing.options import ImportOptions
from desktop_app.detectors.loading import ONNX
from desktop_app.detectors.nets import build_net, count_parameters, net_spec
from desktop_app.detectors.onnx_detector import open_session, parse_network, tensors_of
from desktop_app.detectors.weights import load_into, write_state_dict
from desktop_app.errors import ModelError

Triple = tuple[float, float, float]

WEIGHTS_FILE, ONNX_FILE = "weights.pt", "model.onnx"
IMAGENET: tuple[Triple, Triple] = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
MIDDLE: tuple[Triple, Triple] = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
UNIT: tuple[Triple, Triple] = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
USUAL_MARGIN = 0.3


@dataclass(frozen=True, slots=True)
class Converted:
    """What a card needs to know of a converted file.

    Args:
        architecture: Key of `NETS`, or ``"onnx"``.
        weights_file: Name of the written file.
        outputs: Number of logits.
        classes, genuine_class, input_size_px, mean, std, crop_margin: As in `ModelCard`.
        parameters: Number of weights.
        assumed: What nothing stated, a phrase each.
    """

    architecture: str
    weights_file: str
    outputs: int
    classes: tuple[str, ...]
    genuine_class: str
    input_size_px: int
    mean: Triple
    std: Triple
    crop_margin: float
    parameters: int
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    classes: tuple[str, ...]
    genuine_class: str
    is_genuine_last: bool


def convert_checkpoint(file: Path, options: ImportOptions, folder: Path) -> Converted:
    """Write the weights of a checkpoint under our names.

    Args:
        file: Checkpoint of torch, safetensors or Keras.
        options: What the user states.
        folder: Where the weights go.

    Raises:
        ModelError: It cannot be read, fits no network, or contradicts the options.
    """
    checkpoint = read_checkpoint(file)
    match = recognise(checkpoint.state, options.architecture or checkpoint.architecture)
    assumed: list[str] = []
    # of Keras come MesoNets, whose output is that of real
    usual = ("fake", "genuine") if checkpoint.architecture else ("genuine", "fake")
    names = _names(options, match.outputs, usual, assumed)
    if names.is_genuine_last:
        _negate(match)
    net = build_net(match.architecture, match.outputs)
    load_into(net, match.state, file.name)
    write_state_dict(net.state_dict(), folder / WEIGHTS_FILE)
    size = net_spec(match.architecture).input_size_px
    return _converted(
        match.architecture, WEIGHTS_FILE, match.outputs, count_parameters(net), names, size, options, assumed
    )


def convert_onnx(file: Path, options: ImportOptions, folder: Path) -> Converted:
    """Copy an ONNX classifier, with what brings its ends to our form.

    Args:
        file: The network.
        options: What the user states.
        folder: Where it goes.

    Raises:
        ModelError: It cannot be read or run, is no classifier of RGB pictures, or contradicts the options.
    """
    content = file.read_bytes()
    model = parse_network(content, file.name)
    if options.architecture not in (None, ONNX):
        raise ModelError("An ONNX file brings its own network.", "Leave out the architecture.")
    facts = read_facts(model, options.output_name or "")
    size = facts.size_px or options.input_size_px
    if size is None:
        raise ModelError(f"{file.name} does not say how large its input is.", "Give it with --size.")
    if options.input_size_px not in (None, size):
        raise ModelError(f"{file.name} takes {size} px, not {options.input_size_px}.", "Leave out the size.")
    assumed: list[str] = []
    outputs = facts.outputs or _count_outputs(content, facts, size, file.name)
    names = _names(options, outputs, ("genuine", "fake"), assumed)
    is_probabilities = options.output == PROBABILITIES
    if options.output is None:
        is_probabilities = facts.ends_in_probabilities
        assumed.append("its outputs are " + ("probabilities" if is_probabilities else "logits"))
    if standardise(model, facts, outputs, is_probabilities, options.channels == "bgr", names.is_genuine_last):
        content = model.SerializeToString()
    (folder / ONNX_FILE).write_bytes(content)
    floats = (t for t in tensors_of(model) if t.data_type in (1, 10, 11, 3, 2))
    parameters = sum(int(np.prod(t.dims, dtype=np.int64)) for t in floats)
    return _converted(ONNX, ONNX_FILE, outputs, parameters, names, size, options, assumed)


def _converted(
    architecture: str,
    weights_file: str,
    outputs: int,
    parameters: int,
    names: _Names,
    size: int,
    options: ImportOptions,
    assumed: list[str],
) -> Converted:
    if architecture.startswith("meso"):
        usual = UNIT
    else:
        usual = MIDDLE if architecture == "xception" else IMAGENET
    if options.input_size_px is None and architecture != ONNX:
        assumed.append(f"input {size} px")
    if options.mean is None or options.std is None:
        assumed.append(f"mean {options.mean or usual[0]} and std {options.std or usual[1]}")
    if options.crop_margin is None:
        assumed.append(f"crop margin {USUAL_MARGIN}")
    return Converted(
        architecture=architecture,
        weights_file=weights_file,
        outputs=outputs,
        classes=names.classes,
        genuine_class=names.genuine_class,
        input_size_px=options.input_size_px or size,
        mean=options.mean or usual[0],
        std=options.std or usual[1],
        crop_margin=USUAL_MARGIN if options.crop_margin is None else options.crop_margin,
        parameters=parameters,
        assumed=tuple(assumed),
    )


def _names(options: ImportOptions, outputs: int, usual: tuple[str, ...], assumed: list[str]) -> _Names:
    """Classes in our order; a single score becomes that of fake.

    Raises:
        ModelError: They are not stated where they must be, or not as many as there are outputs.
    """
    if options.outputs not in (None, outputs):
        raise ModelError(f"The model has {outputs} outputs, not {options.outputs}.")
    classes = options.classes
    if classes is None:
        if outputs > 2:
            raise ModelError(f"The model has {outputs} outputs.", "Name them in order with --classes.")
        classes = usual
        order = f"its one output is the score of “{usual[1]}”" if outputs == 1 else f"outputs are {', '.join(usual)}"
        assumed.append(order)
    genuine = options.genuine_class or next((c for c in classes if c in ("genuine", "real", "original")), "")
    if genuine not in classes:
        raise ModelError("Which class is genuine is not known.", f"Give it with --genuine-class: {', '.join(classes)}.")
    is_last = outputs == 1 and len(classes) == 2 and classes[1] == genuine
    return _Names(classes[::-1] if is_last else classes, genuine, is_last)


def _negate(match: Match) -> None:
    for key in list(template(match.architecture))[-2:]:
        match.state[key] = -match.state[key]


def _count_outputs(content: bytes, facts: GraphFacts, size: int, name: str) -> int:
    """Number of scores of a network that does not say it."""
    session = open_session(content, name)
    shape = (facts.batch or 1, size, size, 3) if facts.is_channels_last else (facts.batch or 1, 3, size, size)
    kinds = {1: np.float32, 10: np.float16, 11: np.float64, 2: np.uint8}
    try:
        (scores,) = session.run([facts.output_name], {facts.input_name: np.zeros(shape, kinds[facts.input_type])})
    except Exception as error:
        # the runtime raises classes of its own that share no base but Exception
        raise ModelError(f"{name} cannot score a picture.", str(error)[:200]) from error
    return int(np.asarray(scores).size // (facts.batch or 1))
