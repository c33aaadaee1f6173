"""How many processor cores the networks may take."""

import os

import torch


def usable_cores() -> int:
    """Cores that this process may use; a smaller ``OMP_NUM_THREADS`` is respected."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    return min(cores, int(wanted)) if wanted.isdecimal() and int(wanted) > 0 else cores


def share_cores(stages: int) -> None:
    """Give networks that run in the calling thread an equal share of the cores, at least one.

    Without it every stage that runs beside others starts as many threads as there are cores, and they fight.

    Args:
        stages: Number of stages that compute at the same time.

    Raises:
        ValueError: There is no stage.
    """
    if stages < 1:
        raise ValueError(f"stages: expected >= 1, got {stages}")
    torch.set_num_threads(max(1, usable_cores() // stages))
