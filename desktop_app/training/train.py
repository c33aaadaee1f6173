"""The training loop: seeded, resumable, keeping the best averaged weights."""

import csv
import dataclasses
import json
import logging
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader

from desktop_app.detectors.nets import build_net
from desktop_app.detectors.weights import load_into, read_state_dict
from desktop_app.errors import InputError
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.training.dataset import CLASSES, TrainingStream, make_pools
from desktop_app.training.manifest import Sample, carve_validation, check_disjoint, read_manifest
from desktop_app.training.recipe import Recipe, rate_at
from desktop_app.training.validate import score_validation

log = logging.getLogger(__name__)

CHECKPOINT = "checkpoint.pt"
HISTORY = "history.csv"
RECIPE = "recipe.json"
# what a run cannot change half way: its net, its place in the stream, and which groups it has not seen
_FIXED = ("architecture", "input_size_px", "crop_margin", "mean", "std", "batch_size", "validation_share", "seed")


@dataclass(slots=True)
class _State:
    step: int = 0
    best: float = -1.0
    best_step: int = 0
    history: list[dict[str, float]] = field(default_factory=list)


class Trainer:
    """One run in one folder; a second call of `run` on the same folder goes on where the first stopped.

    Args:
        recipe: What to train.
        data: Folder that the manifests and start weights are relative to.
        out: Folder for checkpoint, history and recipe.
        workers: Processes that prepare images.
        threads: Processor cores that the network takes; 0 leaves torch's own choice.

    Raises:
        InputError: The data cannot be used, or the folder holds a run that this recipe cannot go on with.
        ModelError: The architecture is not known, or the start weights do not fit.
    """

    def __init__(self, recipe: Recipe, data: Path, out: Path, workers: int = 1, threads: int = 0) -> None:
        if threads:
            torch.set_num_threads(threads)
        self.recipe, self.out, self._workers = recipe, out, workers
        self.samples = load_samples(recipe, data)
        _require_images(recipe, self.samples)
        torch.manual_seed(recipe.seed)
        self.net = _start_net(recipe, data).to(memory_format=torch.channels_last)
        self._ema = {k: v.detach().clone() for k, v in self.net.state_dict().items()}
        self._optimiser = torch.optim.AdamW(
            self.net.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        self._best_weights = self._ema
        self._state = _State()
        out.mkdir(parents=True, exist_ok=True)
        if (out / CHECKPOINT).exists():
            _require_same_run(recipe, out)
        (out / RECIPE).write_text(json.dumps(dataclasses.asdict(recipe), indent=2), encoding="utf-8")
        self._resume()

    def run(self, on_progress: ProgressFn = ignore_progress, cancel: CancelToken | None = None) -> Path:
        """Train to the end of the recipe.

        Args:
            on_progress: Stage ``"train"``, in images.
            cancel: Checked every step; the checkpoint is written before it takes effect.

        Returns:
            The checkpoint, whose ``"best"`` holds the averaged weights with the highest mean AUC.

        Raises:
            InputError: The loss is no longer a number, or images cannot be read.
            Cancelled: The token was cancelled.
        """
        recipe, state = self.recipe, self._state
        loader = self._loader()
        self.net.train()
        started, first = time.monotonic(), state.step
        losses: list[float] = []
        for images, labels in loader:
            losses.append(self._train_step(images, labels))
            state.step += 1
            elapsed = time.monotonic() - started
            rate = (state.step - first) * recipe.batch_size / elapsed
            left = (recipe.total_steps - state.step) * recipe.batch_size / rate
            total = recipe.total_steps * recipe.batch_size
            on_progress(Progress("train", state.step * recipe.batch_size, total, rate, left))
            if state.step % 50 == 0:
                log.info("step %d loss %.4f %.1f images/s", state.step, sum(losses) / len(losses), rate)
                losses.clear()
            if state.step % recipe.validate_every == 0 or state.step == recipe.total_steps:
                self._validate()
            elif state.step % 100 == 0:
                self._save()
            if cancel is not None and cancel.is_cancelled:
                self._save()
                cancel.check()
        return self.out / CHECKPOINT

    def best_net(self) -> nn.Module:
        """The averaged weights with the highest mean AUC so far, in evaluation mode."""
        net = build_net(self.recipe.architecture, len(CLASSES))
        load_into(net, self._best_weights, self.recipe.name)
        return net.eval().to(memory_format=torch.channels_last)

    def _loader(self) -> DataLoader[tuple[torch.Tensor, int]]:
        recipe = self.recipe
        start = self._state.step * recipe.batch_size
        length = max(0, recipe.total_steps * recipe.batch_size - start)
        stream = TrainingStream(recipe, make_pools(recipe, self.samples, "train"), start, length)
        return DataLoader(stream, recipe.batch_size, shuffle=False, num_workers=self._workers, drop_last=True)

    def _train_step(self, images: torch.Tensor, labels: torch.Tensor) -> float:
        recipe = self.recipe
        # dropout, too, depends on the seed and the place in the run alone
        torch.manual_seed((recipe.seed << 32) + self._state.step)
        for group in self._optimiser.param_groups:
            group["lr"] = recipe.learning_rate * rate_at(recipe, self._state.step)
        out = self.net(images.contiguous(memory_format=torch.channels_last))
        loss = nn.functional.cross_entropy(out, labels, label_smoothing=recipe.label_smoothing)
        if not torch.isfinite(loss):
            raise InputError(
                f"The training diverged at step {self._state.step}: the loss is no longer a number.",
                "Lower the learning rate; the checkpoint before it is kept.",
            )
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        # early on the average would mostly be the start weights
        decay = min(recipe.ema_decay, (1 + self._state.step) / (10 + self._state.step))
        with torch.no_grad():
            for name, value in self.net.state_dict().items():
                if value.is_floating_point():
                    self._ema[name].lerp_(value, 1 - decay)
                else:
                    self._ema[name].copy_(value)
        return float(loss.detach())

    def _validate(self) -> None:
        net = build_net(self.recipe.architecture, len(CLASSES)).to(memory_format=torch.channels_last)
        load_into(net, self._ema, self.recipe.name)
        by_set = score_validation(net, self.recipe, self.samples).auc_by_set()
        state = self._state
        mean = sum(by_set.values()) / len(by_set)
        state.history.append(
            {"step": state.step, "images": state.step * self.recipe.batch_size, "mean": mean, **by_set}
        )
        log.info("step %d validation AUC %s", state.step, {k: round(v, 4) for k, v in by_set.items()})
        if mean > state.best:
            state.best, state.best_step = mean, state.step
            self._best_weights = {k: v.clone() for k, v in self._ema.items()}
        self._save()
        with (self.out / HISTORY).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(state.history[-1]))
            writer.writeheader()
            writer.writerows(state.history)

    def _save(self) -> None:
        part = self.out / (CHECKPOINT + ".part")
        content = {
            "net": self.net.state_dict(),
            "ema": self._ema,
            "best": self._best_weights,
            "optimiser": self._optimiser.state_dict(),
            "state": dataclasses.asdict(self._state),
        }
        torch.save(content, part)
        os.replace(part, self.out / CHECKPOINT)

    def _resume(self) -> None:
        path = self.out / CHECKPOINT
        if not path.exists():
            return
        try:
            content = torch.load(path, map_location="cpu", weights_only=True)
        except Exception as error:
            hint = "Remove it to start the run anew."
            raise InputError(f"The checkpoint {path} is damaged.", hint) from error
        load_into(self.net, content["net"], str(path))
        self._ema, self._best_weights = content["ema"], content["best"]
        self._optimiser.load_state_dict(content["optimiser"])
        self._state = _State(**content["state"])
        log.info("going on from step %d", self._state.step)


def load_samples(recipe: Recipe, data: Path) -> list[Sample]:
    """All samples of a recipe, validation carved out of train, groups checked.

    Raises:
        InputError: A manifest is missing or damaged, or a group crosses a split.
    """
    samples: list[Sample] = []
    for source in recipe.sources:
        own = read_manifest(data / source.manifest, source.name)
        samples += carve_validation(own, recipe.validation_share, recipe.seed)
    check_disjoint(samples)
    return samples


def _require_images(recipe: Recipe, samples: list[Sample]) -> None:
    """Raise InputError unless training and validation have images of both classes."""
    train, val = make_pools(recipe, samples, "train"), make_pools(recipe, samples, "val")
    for name, pool in (("genuine training", train.genuine), ("fake training", train.fake), ("genuine", val.genuine)):
        if not pool:
            raise InputError(
                f"The recipe {recipe.model_id} has no {name} images{'' if 'training' in name else ' for validation'}.",
                "Check the weights of its sources, and that the manifests hold enough groups.",
            )


def _require_same_run(recipe: Recipe, out: Path) -> None:
    """Raise InputError where a recipe contradicts the run that lies in a folder."""
    try:
        before = json.loads((out / RECIPE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    now = json.loads(json.dumps(dataclasses.asdict(recipe)))
    changed = [name for name in _FIXED if name in before and before[name] != now[name]]
    if changed:
        raise InputError(
            f"The folder {out} holds a run of another recipe: {', '.join(changed)} changed.",
            "Choose another folder for runs, or remove this one.",
        )


def _start_net(recipe: Recipe, data: Path) -> nn.Module:
    """The network with its start weights; the last layer stays random where its shape differs."""
    net = build_net(recipe.architecture, len(CLASSES))
    if not recipe.start_weights:
        return net
    path = data / recipe.start_weights
    if not path.is_file():
        raise InputError(f"The start weights {path} are missing.", "Put them there or leave start_weights empty.")
    own = net.state_dict()
    state = {k: v if v.shape == own[k].shape else own[k] for k, v in read_state_dict(path).items() if k in own}
    load_into(net, state, path.name)
    return net
