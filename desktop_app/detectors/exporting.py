"""Models as ONNX files, in single precision or with weights and activations of eight bits."""

import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime import quantization
from onnxruntime.quantization.shape_inference import quant_pre_process

from desktop_app.detectors.base import Detector
from desktop_app.detectors.folding import fold_norms
from desktop_app.detectors.importing.selftest import make_crops
from desktop_app.detectors.onnx_detector import OnnxDetector
from desktop_app.detectors.preprocess import to_tensor
from desktop_app.detectors.registry import list_cards
from desktop_app.detectors.torch_detector import TorchDetector
from desktop_app.domain import FloatArray, ModelCard, UInt8Array
from desktop_app.errors import AppError, ModelError
from desktop_app.files import replacing

INPUT, OUTPUT = "crops", "logits"
OPSET = 17
TOLERANCE = 1e-3
"""Largest difference of logits, relative to the largest logit or to 1, at which an export counts as the same model."""
_SPEED_ROUNDS = 5
# the first layers see few channels: eight bits there cost the most accuracy and save the least time
_KEPT_CONVOLUTIONS = 3


def require_one_network(card: ModelCard) -> None:
    """Refuse a model that no single ONNX file can hold.

    Raises:
        ModelError: It is the mean of several networks.
    """
    if card.members:
        installed = {other.model_id for other in list_cards()}
        names = [member.model_id for member in card.members]
        found = [name for name in names if name in installed]
        raise ModelError(
            f"“{card.name}” is the mean of several networks, and an ONNX file holds one.",
            f"Export one of them by itself: {', '.join(found)}."
            if found
            else f"Its networks are {', '.join(names)}: import one of them by itself and export that.",
        )


def export_onnx(detector: TorchDetector, path: Path) -> float:
    """Write a network as ONNX, with batches of any size, and run it against the original.

    Args:
        detector: The model on the CPU.
        path: The file.

    Returns:
        Largest difference of the logits of the self-test's pictures.

    Raises:
        ModelError: The model has several networks, ONNX cannot hold it, or the export scores differently.
    """
    require_one_network(detector.card)
    net = fold_norms(detector.module).cpu().to(memory_format=torch.contiguous_format)
    crops = make_crops(detector.card.input_size_px)
    example = to_tensor(crops[:2], detector.card.input_size_px, detector.card.mean, detector.card.std).contiguous()
    axes = {INPUT: {0: "batch"}, OUTPUT: {0: "batch"}}
    with replacing(path) as part, warnings.catch_warnings():
        # the newer exporter needs a further library and seven times as long for the same graph
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(
                net, (example,), part, input_names=[INPUT], output_names=[OUTPUT], dynamic_axes=axes,
                opset_version=OPSET, dynamo=False,
            )  # fmt: skip
        except torch.onnx.OnnxExporterError as error:
            # its first sentence says why; the graph follows
            cause = str(error).partition(". ")[0][:200]
            raise ModelError(f"“{detector.card.name}” cannot be written as ONNX.", cause) from error
    wanted = detector.predict(crops)
    found = OnnxDetector(detector.card, path.read_bytes()).predict(crops)
    difference = float(np.abs(found - wanted).max())
    if difference > TOLERANCE * max(1.0, float(np.abs(wanted).max())):
        raise ModelError(f"The export of “{detector.card.name}” scores differently.", f"Logits by {difference:.3g}.")
    return difference


class _Crops(quantization.CalibrationDataReader):  # type: ignore[misc]
    """Pictures one by one, as the calibration asks for them."""

    def __init__(self, card: ModelCard, crops: Sequence[UInt8Array], name: str) -> None:
        self._card, self._crops, self._name = card, iter(crops), name

    def get_next(self) -> dict[str, FloatArray] | None:
        """The next input, None at the end."""
        crop = next(self._crops, None)
        if crop is None:
            return None
        tensor = to_tensor([crop], self._card.input_size_px, self._card.mean, self._card.std)
        return {self._name: np.ascontiguousarray(tensor.numpy())}


def quantise(card: ModelCard, source: Path, path: Path, crops: Sequence[UInt8Array]) -> None:
    """Write a network with weights, per channel, and activations of eight bits, but for the first convolutions.

    Ranges are fixed beforehand (static quantisation): ranges of the moment (dynamic) would let a face's score hang on
    the others of its batch. Weights take seven of the eight bits, so that processors without VNNI do not overflow.

    Args:
        card: The model, for how pictures are prepared.
        source: The network in single precision.
        path: The file to write.
        crops: Pictures to measure the ranges with; some hundred of the kind that is to be scored.

    Raises:
        ModelError: The network cannot be quantised.
    """
    ready = path.with_name(path.name + ".ready")
    try:
        quant_pre_process(source, ready, skip_symbolic_shape=True)
        graph = onnx.load(ready).graph
        with replacing(path) as part:
            quantization.quantize_static(
                ready,
                part,
                _Crops(card, crops, graph.input[0].name),
                quant_format=quantization.QuantFormat.QDQ,
                per_channel=True,
                reduce_range=True,
                activation_type=quantization.QuantType.QUInt8,
                weight_type=quantization.QuantType.QInt8,
                nodes_to_exclude=[node.name for node in graph.node if node.op_type == "Conv"][:_KEPT_CONVOLUTIONS],
            )
    except (AppError, OSError, MemoryError):
        raise
    except Exception as error:
        # protobuf and the runtime raise classes of their own that share no base but Exception
        raise ModelError(f"“{card.name}” cannot be quantised.", str(error)[:200]) from error
    finally:
        ready.unlink(missing_ok=True)


def milliseconds_per_crop(detectors: Sequence[Detector], batch: int = 8) -> list[float]:
    """Speed of detectors on this computer, measured in turns, so that what else it does slows all alike.

    Args:
        detectors: Models with inputs of the same size.
        batch: Crops that are scored together.

    Returns:
        The best of some rounds, for each.
    """
    crops = (make_crops(detectors[0].card.input_size_px) * batch)[:batch]
    best = [float("inf")] * len(detectors)
    for _ in range(_SPEED_ROUNDS):
        for place, detector in enumerate(detectors):
            start = time.perf_counter()
            detector.predict(crops)
            best[place] = min(best[place], (time.perf_counter() - start) * 1000 / batch)
    return best
