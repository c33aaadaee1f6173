"""Gradient-weighted class-activation maps of one face."""

from collections.abc import Sequence
from types import TracebackType

import numpy as np
import torch
from torch import nn
from torch.utils.hooks import RemovableHandle

from desktop_app.detectors import TorchDetector, calibrate, fake_logits
from desktop_app.domain import Box, FloatArray, Heatmap, ModelCard, UInt8Array
from desktop_app.errors import InputError
from desktop_app.faces import crop_box, crop_face

METHOD = "Grad-CAM"
TARGETS = ("predicted", "genuine", "fake")


class GradCam:
    """Grad-CAM (Selvaraju et al., ICCV 2017) of a network; a context manager that removes its hooks.

    Args:
        net: The network, in evaluation mode.
        layer: Dotted name of a layer whose output is (N, K, h, w).

    Raises:
        InputError: The network has no such layer.
    """

    def __init__(self, net: nn.Module, layer: str) -> None:
        self._net = net
        self._activation: torch.Tensor | None = None
        self._gradient: torch.Tensor | None = None
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
        """Remove the hooks."""
        self._handle.remove()

    def _keep(self, module: nn.Module, inputs: object, output: torch.Tensor) -> torch.Tensor:
        # A copy, so that an activation that works in place (ReLU6) behind this layer cannot change what is kept.
        self._activation = output
        output.register_hook(self._keep_gradient)  # type: ignore[no-untyped-call]
        return output.clone()

    def _keep_gradient(self, gradient: torch.Tensor) -> None:
        self._gradient = gradient

    def map(self, inputs: torch.Tensor, class_index: int, sign: float = 1.0) -> tuple[FloatArray, FloatArray]:
        """The map ``relu(sum_k mean(dy/dA_k) A_k)`` of one input.

        Args:
            inputs: (1, 3, S, S).
            class_index: Which logit y is explained.
            sign: -1 explains the opposite of a single output.

        Returns:
            The map, (h, w) float32, not normalised, and the logits, (outputs,) float32.

        Raises:
            InputError: The layer's output is no stack of feature maps.
        """
        with torch.enable_grad():
            inputs = inputs.detach().requires_grad_(True)
            logits = self._net(inputs)
            self._net.zero_grad(set_to_none=True)
            (sign * logits[0, class_index]).backward()
        self._net.zero_grad(set_to_none=True)
        activation, gradient = self._activation, self._gradient
        self._activation = self._gradient = None
        if activation is None or gradient is None or activation.ndim != 4:
            raise InputError("This layer keeps no picture that a heatmap could show.", "Choose a convolutional layer.")
        weights = gradient.mean(dim=(2, 3), keepdim=True)
        cam = torch.relu((weights * activation.detach()).sum(dim=1))[0]
        return _numpy(cam), _numpy(logits[0].detach())


def _numpy(tensor: torch.Tensor) -> FloatArray:
    return np.array(tensor.float().cpu().numpy(), dtype=np.float32)


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
        return 1 - genuine
    order = np.argsort(logits)[::-1]
    return int(next(i for i in order if i != genuine))


def explain_face(
    detector: TorchDetector,
    image: UInt8Array,
    box_xyxy: Box,
    frame_index: int,
    track_id: int,
    target: str = "predicted",
    layer: str | None = None,
) -> Heatmap:
    """Where the model looked in one face.

    The map shows what moved the score of the target class, not which pixels were tampered with.

    Args:
        detector: The model.
        image: (H, W, 3) uint8 RGB, the whole frame.
        box_xyxy: The face's box.
        frame_index: The frame.
        track_id: The person.
        target: As in `target_index`.
        layer: Dotted name; None is the architecture's last layer with spatial resolution.

    Raises:
        InputError: Unknown target or layer.
    """
    card = detector.card
    inputs = detector.to_input([crop_face(image, box_xyxy, card.crop_margin, card.input_size_px)])
    # The scores as `predict` gives them decide the target.
    logits = detector.predict([crop_face(image, box_xyxy, card.crop_margin, card.input_size_px)])[0]
    index = target_index(card, logits, target)
    layer = layer or detector.cam_layer
    with GradCam(detector.module, layer) as cam:
        if len(logits) == 1:
            values, _ = cam.map(inputs, 0, -1.0 if card.classes[index] == card.genuine_class else 1.0)
        else:
            values, _ = cam.map(inputs, index)
    raw_max = float(values.max())
    return Heatmap(
        frame_index=frame_index,
        track_id=track_id,
        crop_xyxy=crop_box(box_xyxy, card.crop_margin),
        values=values / raw_max if raw_max > 0 else values,
        raw_max=raw_max,
        target=target,
        target_class=card.classes[index],
        layer=layer,
        method=METHOD,
        p_fake=float(calibrate(card, fake_logits(card, logits[None]))[0]),
    )


def explain_targets(
    detector: TorchDetector, image: UInt8Array, box_xyxy: Box, frame_index: int, track_id: int
) -> Sequence[Heatmap]:
    """One map for each of `TARGETS`, in their order."""
    return [explain_face(detector, image, box_xyxy, frame_index, track_id, target) for target in TARGETS]
