"""One step of learning: losses, optimisers, number formats and averaged weights."""

from collections.abc import Mapping, Sequence

import torch
from torch import nn

from desktop_app.errors import InputError
from desktop_app.training.recipe import Optimiser, Precision, Recipe

SGD_MOMENTUM = 0.9


def class_weights(counts: Sequence[int]) -> list[float]:
    """Weight of each class, N / (C x N_c): 1 where all are equally large.

    Args:
        counts: Images of each class, all above 0.

    >>> class_weights([30, 10])
    [0.6666666666666666, 2.0]
    """
    return [sum(counts) / (len(counts) * count) for count in counts]


def loss_of(
    outputs: torch.Tensor, classes: torch.Tensor, smoothing: float = 0.0, weights: torch.Tensor | None = None
) -> torch.Tensor:
    """Cross-entropy, weighted by class: the mean over images of weight x loss.

    Args:
        outputs: (N, C) logits, or (N, 1) log-odds of fake.
        classes: (N,) places of the true classes.
        smoothing: Label smoothing in [0, 1).
        weights: (C,) or, for one output, (2,); None weighs all alike.
    """
    outputs = outputs.float()
    if outputs.shape[1] == 1:
        target = classes.to(outputs.dtype) * (1 - smoothing) + smoothing / 2
        each = nn.functional.binary_cross_entropy_with_logits(outputs[:, 0], target, reduction="none")
    else:
        each = nn.functional.cross_entropy(outputs, classes, reduction="none", label_smoothing=smoothing)
    return (each if weights is None else each * weights[classes]).mean()


def make_optimiser(recipe: Recipe, net: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimiser over what is not frozen."""
    parameters = [p for p in net.parameters() if p.requires_grad]
    rate, decay = recipe.learning_rate, recipe.weight_decay
    # in one pass a processor takes a quarter of the time; a GPU has its own quick form
    fused = True if parameters[0].device.type == "cpu" else None
    if recipe.optimiser is Optimiser.ADAM:
        return torch.optim.Adam(parameters, lr=rate, weight_decay=decay, fused=fused)
    if recipe.optimiser is Optimiser.SGD:
        return torch.optim.SGD(parameters, lr=rate, weight_decay=decay, momentum=SGD_MOMENTUM)
    return torch.optim.AdamW(parameters, lr=rate, weight_decay=decay, fused=fused)


def pick_precision(wanted: Precision, device: str) -> torch.dtype:
    """The number format of the forward pass.

    Args:
        wanted: Of the recipe.
        device: ``"cpu"``, ``"cuda"`` or ``"mps"``.

    Returns:
        float32, bfloat16, or float16.

    Raises:
        InputError: Half precision was asked for where there is no CUDA GPU.
    """
    if wanted is Precision.AUTO:
        if device != "cuda":
            return torch.float32
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if wanted is Precision.FP16 and device != "cuda":
        raise InputError("Training in fp16 needs a CUDA GPU.", "Set the recipe's precision to auto, bf16 or fp32.")
    return {Precision.FP32: torch.float32, Precision.BF16: torch.bfloat16, Precision.FP16: torch.float16}[wanted]


@torch.no_grad()
def average(ema: Mapping[str, torch.Tensor], net: nn.Module, decay: float) -> None:
    """Move averaged weights towards those of a network, in place; counters are copied.

    Args:
        ema: State dict that is changed.
        net: The network.
        decay: Share that stays.
    """
    for name, value in net.state_dict().items():
        if value.is_floating_point():
            ema[name].lerp_(value, 1 - decay)
        else:
            ema[name].copy_(value)
