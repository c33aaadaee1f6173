"""A detector that runs an ONNX network on the processor."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from google.protobuf.message import DecodeError, Message

from desktop_app.detectors.preprocess import to_tensor
from desktop_app.detectors.threads import usable_cores
from desktop_app.detectors.weights import read_checked
from desktop_app.domain import FloatArray, ModelCard, UInt8Array
from desktop_app.errors import DeviceError, ModelError

# of the runtime: only errors
_QUIET = 3


class OnnxDetector:
    """An ONNX network with its card; it always computes on the processor and cannot be explained by heatmaps.

    Args:
        card: The model's card.
        content: The network, (N, 3, S, S) float to (N, outputs) raw logits, without external data.

    Raises:
        ModelError: The network cannot be run.
    """

    def __init__(self, card: ModelCard, content: bytes) -> None:
        self.card = card
        self._session = open_session(content, card.name)
        entry = self._session.get_inputs()[0]
        self._input, self._output = entry.name, self._session.get_outputs()[0].name
        # a network may be cast for batches of one size
        self._batch = entry.shape[0] if isinstance(entry.shape[0], int) else None

    @property
    def device(self) -> str:
        """Where it computes."""
        return "cpu"

    def predict(self, crops: Sequence[UInt8Array]) -> FloatArray:
        """Score crops.

        Args:
            crops: (H, W, 3) uint8 RGB each, cut with the card's margin.

        Returns:
            (N, outputs) float32 raw logits; (0, outputs) for no crops.

        Raises:
            DeviceError: Memory ran out.
            ModelError: The network failed, or gave something else than so many finite numbers.
        """
        if not crops:
            return np.zeros((0, self.card.output_count), dtype=np.float32)
        size = self._batch or len(crops)
        parts = [self._score(crops[start : start + size], size) for start in range(0, len(crops), size)]
        scores = np.concatenate(parts)
        if scores.shape != (len(crops), self.card.output_count) or not np.isfinite(scores).all():
            raise ModelError(
                f"“{self.card.name}” gave no number for a face.",
                f"Its {scores.shape} outputs are not the {self.card.output_count} of its card, or not finite.",
            )
        return scores

    def _score(self, crops: Sequence[UInt8Array], size: int) -> FloatArray:
        tensor = to_tensor(crops, self.card.input_size_px, self.card.mean, self.card.std)
        scores = self._run(np.ascontiguousarray(tensor.numpy()), size)
        if not self.card.averages_mirrored:
            return scores
        return np.asarray((scores + self._run(np.ascontiguousarray(tensor.flip(3).numpy()), size)) / 2)

    def _run(self, inputs: FloatArray, size: int) -> FloatArray:
        count = len(inputs)
        if len(inputs) < size:
            inputs = np.concatenate([inputs, np.repeat(inputs[:1], size - len(inputs), axis=0)])
        try:
            (scores,) = self._session.run([self._output], {self._input: inputs})
        except Exception as error:
            # the runtime raises classes of its own that share no base but Exception
            if "allocate" in str(error).lower():
                raise DeviceError("The computer ran out of memory.", "Close other programs and try again.") from error
            raise ModelError(f"“{self.card.name}” cannot score a face.", str(error)[:200]) from error
        return np.asarray(scores, dtype=np.float32)[:count]


def open_session(content: bytes, name: str) -> onnxruntime.InferenceSession:
    """A session on the processor that gives the same numbers every time.

    Args:
        content: The network.
        name: Of the model, for messages.

    Raises:
        ModelError: The runtime refuses the network.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _QUIET
    options.intra_op_num_threads = usable_cores()
    options.use_deterministic_compute = True
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # as above
        raise ModelError(f"The ONNX network of “{name}” cannot be run.", str(error)[:300]) from error


def parse_network(content: bytes, name: str) -> onnx.ModelProto:
    """Read an ONNX file.

    Args:
        content: Its bytes.
        name: Of the file, for messages.

    Raises:
        ModelError: It is damaged, or keeps numbers in other files.
    """
    try:
        model = onnx.load_model_from_string(content)
    except DecodeError as error:
        raise ModelError(f"{name} is damaged or not what its name says.", str(error)[:200]) from error
    if not model.graph.node or not model.graph.output:
        raise ModelError(f"{name} is damaged or not what its name says.", "It holds no network.")
    external = onnx.TensorProto.EXTERNAL
    for tensor in tensors_of(model):
        if tensor.data_location == external or tensor.external_data:
            raise ModelError(
                f"{name} keeps its numbers in other files: it was not opened.",
                "Save it as a single file (onnx.save_model with save_as_external_data=False).",
            )
    return model


def tensors_of(message: Message) -> Iterator[onnx.TensorProto]:
    """Every tensor anywhere in a network, those of inner graphs and functions too."""
    if isinstance(message, onnx.TensorProto):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for part in value if isinstance(value, Sequence) or hasattr(value, "__len__") else [value]:
            if isinstance(part, Message):
                yield from tensors_of(part)


def load_onnx(card: ModelCard, folder: Path) -> OnnxDetector:
    """Load an ONNX model: check the hash, refuse external data.

    Raises:
        ModelError: The file is missing, altered, damaged or cannot be run.
    """
    content = read_checked(folder / card.weights_file, card.weights_sha256)
    parse_network(content, card.weights_file)
    return OnnxDetector(card, content)
