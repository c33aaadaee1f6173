"""How fast this computer trains: steps of one network in the ways that a recipe can ask for."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from desktop_app.detectors.nets import build_net
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.training.depthwise import quicken
from desktop_app.training.optimise import loss_of

WAYS = ("float32", "bfloat16", "bfloat16, quick gradient")
ROUNDS = 6
_WARM = 2


@dataclass(frozen=True, slots=True)
class TrainingSpeed:
    """Steps of training, the ways in turn; only ratios compare between computers.

    Args:
        architecture: Key of the network in `detectors.nets`.
        input_size_px: Side of its input.
        batch_size: Images of a step.
        threads: Processor cores taken.
        seconds: Median of a step for each of `WAYS`; images are ready beforehand.
    """

    architecture: str
    input_size_px: int
    batch_size: int
    threads: int
    seconds: dict[str, float]


def measure_steps(
    architecture: str = "mobilenet_v2",
    input_size_px: int = 224,
    batch_size: int = 32,
    rounds: int = ROUNDS,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> TrainingSpeed:
    """Take the same steps on the processor in each of `WAYS`, by turns, so that other work slows all alike.

    Args:
        architecture: Key of the network in `detectors.nets`.
        input_size_px: Side of its input.
        batch_size: Images of a step.
        rounds: Steps of each way that count, after two that do not.
        on_progress: Stage ``"train"`` in steps.
        cancel: Checked per step.

    Raises:
        ModelError: The architecture is not known.
        Cancelled: The token was cancelled.
    """
    torch.manual_seed(0)
    images = torch.randn(batch_size, 3, input_size_px, input_size_px).contiguous(memory_format=torch.channels_last)
    classes = torch.arange(batch_size) % 2
    steps = {way: _step(way, architecture, images, classes) for way in WAYS}
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    total = (_WARM + rounds) * len(WAYS)
    for done in range(total):
        if cancel is not None:
            cancel.check()
        way = WAYS[done % len(WAYS)]
        started = time.perf_counter()
        steps[way]()
        times[way].append(time.perf_counter() - started)
        on_progress(Progress("train", done + 1, total))
    medians = {way: statistics.median(own[_WARM:]) for way, own in times.items()}
    return TrainingSpeed(architecture, input_size_px, batch_size, torch.get_num_threads(), medians)


def _step(way: str, architecture: str, images: torch.Tensor, classes: torch.Tensor) -> Callable[[], None]:
    net = build_net(architecture, 2).to(memory_format=torch.channels_last).train()
    if way == WAYS[2]:
        quicken(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-4, fused=True)

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=way != WAYS[0]):
            outputs = net(images)
        optimiser.zero_grad(set_to_none=True)
        loss_of(outputs, classes).backward()  # type: ignore[no-untyped-call]
        optimiser.step()

    return step
