"""Gradient-weighted class-activation maps of one face, weighed in three ways."""

import threading
from collections.abc import Sequence
from types import TracebackType

import numpy as np
import torch
from torch import nn
from torch.utils.hooks import RemovableHandle

from desktop_app.detectors import Detector, TorchDetector, calibrate, fake_logits, is_out_of_memory
from desktop_app.domain import Box, FloatArray, Heatmap, ModelCard, UInt8Array
from desktop_app.errors import DeviceError, InputError, ModelError
from desktop_app.faces import crop_box, crop_for

METHOD = "Grad-CAM"
METHODS = (METHOD, "Grad-CAM++", "HiResCAM")
TARGETS = ("predicted", "genuine", "fake")


class GradCam:
    """Class-activation maps of a network from its gradients; a context manager that removes its hook.

    The network's parameters and their gradients stay untouched, and forward passes of other threads through the same
    network are let alone.

    Args:
        net: The network, in evaluation mode.
        layer: Dotted name of a layer whose output is (N, K, h, w).

    Raises:
        InputError: The network has no such layer.
    """

    def __init__(self, net: nn.Module, layer: str) -> None:
        self._net = net
        self._thread = threading.get_ident()
        self._activation: torch.Tensor | None = None
        self._logits: torch.Tensor | None = None
        try:
            module = net.get_submodule(layer)
        except AttributeError as error:
            raise InputError(f"The network has no layer “{layer}”.") from error
        self._handle: RemovableHandle = module.register_forward_hook(self._keep)

    def __enter__(self) -> "GradCam":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the hook and let go of what it kept."""
        self._handle.remove()
        self._activation = self._logits = None

    def _keep(self, module: nn.Module, inputs: object, output: object) -> object:
        if threading.get_ident() != self._thread or not isinstance(output, torch.Tensor) or output.ndim != 4:
            return output
        self._activation = output.detach().requires_grad_(True)
        # A copy, so that an activation that works in place (ReLU6) behind this layer cannot change what is kept.
        return self._activation.clone()

    def forward(self, inputs: torch.Tensor) -> FloatArray:
        """Score one input and keep what `map` needs.

        Args:
            inputs: (1, 3, S, S).

        Returns:
            (outputs,) float32 raw logits.

        Raises:
            InputError: The layer's output is no stack of feature maps.
        """
        self._activation = None
        with torch.inference_mode(False), torch.enable_grad():
            self._logits = self._net(inputs)[0]
        if self._activation is None:
            raise _no_picture()
        return _numpy(self._logits)

    def map(self, class_index: int, sign: float = 1.0, method: str = METHOD) -> FloatArray:
        """A map of the input that `forward` saw last, of the activations A_k and the gradients g_k = dy/dA_k.

        - Grad-CAM (Selvaraju et al., ICCV 2017): ``relu(sum_k mean(g_k) A_k)``.
        - Grad-CAM++ (Chattopadhay et al., WACV 2018), for the score exp(y): ``relu(sum_k w_k A_k)`` with
          ``w_k = sum(a_k relu(g_k))`` and ``a_k = g_k^2 / (2 g_k^2 + sum(A_k) g_k^3)``; finds several places at once.
        - HiResCAM (Draelos and Carin, 2020, arXiv:2011.08891): ``relu(sum_k g_k A_k)`` point by point; for networks
          that end in one linear layer it shows exactly what went into the score, and nothing is smeared by the mean.

        Args:
            class_index: Which logit y is explained.
            sign: -1 explains the opposite of a single output.
            method: One of `METHODS`.

        Returns:
            (h, w) float32, not normalised.

        Raises:
            InputError: The logit does not depend on the layer, or the method is not known.
            ValueError: `forward` was not called.
        """
        if method not in METHODS:
            raise InputError(f"There is no heatmap named “{method}”.", f"Choose one of {', '.join(METHODS)}.")
        if self._logits is None or self._activation is None:
            raise ValueError("expected a call of forward before a map")
        score = sign * self._logits[class_index]
        if not score.requires_grad:
            raise _no_picture()
        (gradient,) = torch.autograd.grad(score, self._activation, retain_graph=True, allow_unused=True)
        if gradient is None:
            raise _no_picture()
        activation = self._activation.detach()
        return _numpy(torch.relu((_weights(gradient, activation, method) * activation).sum(dim=1))[0])


def _weights(gradient: torch.Tensor, activation: torch.Tensor, method: str) -> torch.Tensor:
    if method == "HiResCAM":
        return gradient
    if method == METHOD:
        return gradient.mean(dim=(2, 3), keepdim=True)
    squared, cubed = gradient**2, gradient**3
    below = 2.0 * squared + activation.sum(dim=(2, 3), keepdim=True) * cubed
    alpha = torch.where(below != 0.0, squared / torch.where(below != 0.0, below, 1.0), 0.0)
    return (alpha * torch.relu(gradient)).sum(dim=(2, 3), keepdim=True)


def _no_picture() -> InputError:
    return InputError("This layer keeps no picture that a heatmap could show.", "Choose a convolutional layer.")


def _numpy(tensor: torch.Tensor) -> FloatArray:
    return np.array(tensor.detach().float().cpu().numpy(), dtype=np.float32)


def target_index(card: ModelCard, logits: FloatArray, target: str) -> int:
    """Which class a target means.

    Args:
        card: The model.
        logits: (outputs,) of the face.
        target: ``"predicted"`` (by the card's decision threshold), ``"genuine"`` or ``"fake"`` (the most probable
            class that is not genuine).

    Returns:
        Index into the card's classes.

    Raises:
        InputError: The target is not known.
    """
    if target not in TARGETS:
        raise InputError(f"A heatmap cannot explain “{target}”.", f"Choose one of {', '.join(TARGETS)}.")
    if target == "predicted":
        p_fake = float(calibrate(card, fake_logits(card, logits[None]))[0])
        target = "fake" if p_fake > card.thresholds.decision else "genuine"
    genuine = card.classes.index(card.genuine_class)
    if target == "genuine":
        return genuine
    if len(logits) == 1:
        return next(i for i in range(len(card.classes)) if i != genuine)
    order = np.argsort(logits)[::-1]
    return int(next(i for i in order if i != genuine))


def require_open(detector: Detector) -> TorchDetector:
    """The detector, if one can look into it.

    Raises:
        ModelError: It is a closed model.
    """
    if not isinstance(detector, TorchDetector):
        raise ModelError(
            f"“{detector.card.name}” cannot show where it looked.",
            "It is an ONNX model, whose inner layers are closed: heatmaps need a model of one of the known networks.",
        )
    return detector


def explain_face(
    detector: Detector,
    image: UInt8Array,
    box_xyxy: Box,
    frame_index: int,
    track_id: int,
    target: str = "predicted",
    layer: str | None = None,
    method: str = METHOD,
) -> Heatmap:
    """Where the model looked in one face.

    The map shows what moved the score of the target class, not which pixels were tampered with. It is that of the
    crop as it is by the first network, also where the score is a mean with the mirrored crop or of several networks.

    Args:
        detector: The model.
        image: (H, W, 3) uint8 RGB, the whole frame.
        box_xyxy: The face's box.
        frame_index: The frame.
        track_id: The person.
        target: As in `target_index`.
        layer: Dotted name; None is the architecture's last layer with spatial resolution.
        method: One of `METHODS`.

    Raises:
        InputError: Unknown target, layer or method.
        ModelError: The model cannot be explained.
        DeviceError: Memory ran out.
    """
    return _explain(detector, image, box_xyxy, frame_index, track_id, (target,), layer, method)[0]


def explain_targets(
    detector: Detector,
    image: UInt8Array,
    box_xyxy: Box,
    frame_index: int,
    track_id: int,
    layer: str | None = None,
    method: str = METHOD,
) -> Sequence[Heatmap]:
    """One map for each of `TARGETS`, in their order, of one forward pass; arguments as in `explain_face`."""
    return _explain(detector, image, box_xyxy, frame_index, track_id, TARGETS, layer, method)


def _explain(
    detector: Detector,
    image: UInt8Array,
    box_xyxy: Box,
    frame_index: int,
    track_id: int,
    targets: Sequence[str],
    layer: str | None,
    method: str,
) -> list[Heatmap]:
    card, detector = detector.card, require_open(detector)
    layer = layer or detector.cam_layer
    crop = crop_for(card, image, box_xyxy)
    name = method if not card.members else f"{method} of the first of {len(card.members)} networks"
    heatmaps = []
    # before the hook: where the score is a mean of mirrored crops or of networks, one of them is explained
    mean = detector.predict([crop])[0] if card.members or card.averages_mirrored else None
    try:
        with GradCam(detector.explained, layer) as cam:
            own = cam.forward(detector.to_input([crop]))
            logits = own if mean is None else mean
            p_fake = float(calibrate(card, fake_logits(card, logits[None]))[0])
            for target in targets:
                index = target_index(card, logits, target)
                is_opposite = len(logits) == 1 and card.classes[index] == card.genuine_class
                values = cam.map(0 if len(logits) == 1 else index, -1.0 if is_opposite else 1.0, method)
                raw_max = float(values.max())
                heatmaps.append(
                    Heatmap(
                        frame_index=frame_index,
                        track_id=track_id,
                        crop_xyxy=crop_box(box_xyxy, card.crop_margin),
                        values=values / raw_max if raw_max > 0 else values,
                        raw_max=raw_max,
                        target=target,
                        target_class=card.classes[index],
                        layer=layer,
                        method=name,
                        p_fake=p_fake,
                    )
                )
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise DeviceError("Memory ran out for the heatmap.", "Close other programs or choose the CPU.") from error
    return heatmaps
