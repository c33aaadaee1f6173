"""The training loop: seeded, resumable, keeping the best averaged weights."""

import contextlib
import dataclasses
import logging
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import torch
from torch import nn
from torch.utils.data import DataLoader

from desktop_app.detectors.nets import build_net, freeze, set_train_mode
from desktop_app.detectors.torch_detector import pick_device
from desktop_app.detectors.weights import load_into
from desktop_app.errors import InputError
from desktop_app.files import replacing
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.training import run_files
from desktop_app.training.curves import draw_curves
from desktop_app.training.dataset import class_counts, make_pools, make_stream
from desktop_app.training.depthwise import quicken
from desktop_app.training.optimise import average, class_weights, loss_of, make_optimiser, pick_precision
from desktop_app.training.recipe import Balance, Recipe, Schedule, rate_at
from desktop_app.training.run_files import CHECKPOINT, CURVES, DATA, ENVIRONMENT, HISTORY, RECIPE
from desktop_app.training.start import load_samples, require_images, start_net
from desktop_app.training.validate import require_figure, score_validation

__all__ = ["CHECKPOINT", "HISTORY", "RECIPE", "Trainer", "load_samples"]

log = logging.getLogger(__name__)

SAVE_EVERY = 100
REPORT_EVERY = 50


@dataclass(slots=True)
class _State:
    """Where a run is; all that its next step depends on beside weights and optimiser.

    No state of a random generator is among it: each step and each image seeds its own from the recipe's seed and its
    place in the run.
    """

    step: int = 0
    best: float = -math.inf
    best_step: int = 0
    history: list[dict[str, float]] = field(default_factory=list)
    phase: int = 0
    phase_start: int = 0
    waited: int = 0
    plateau: int = 0
    rate_scale: float = 1.0
    loss_sum: float = 0.0
    loss_steps: int = 0


class Trainer:
    """One run in one folder; a second call of `run` on the same folder goes on where the first stopped.

    Args:
        recipe: What to train.
        data: Folder that the manifests and start weights are relative to.
        out: Folder for checkpoint, history, curves and recipe.
        workers: Processes that prepare images.
        threads: Processor cores that the network takes; 0 leaves torch's own choice.
        device: As in `detectors.torch_detector.pick_device`.

    Raises:
        InputError: The data cannot be used, or the folder holds a run that this recipe cannot go on with.
        ModelError: The architecture is not known, or the start weights do not fit.
        DeviceError: The device is not there.
    """

    def __init__(
        self, recipe: Recipe, data: Path, out: Path, workers: int = 1, threads: int = 0, device: str = "auto"
    ) -> None:
        if threads:
            torch.set_num_threads(threads)
        # a process forked from one in which OpenCV has threads waits for them for ever
        cv2.setNumThreads(1)
        self.recipe, self.out, self._data, self._workers = recipe, out, data, workers
        self._device = torch.device(pick_device(device))
        # what repeats on a processor shall repeat on a GPU
        torch.backends.cudnn.deterministic = True
        self._dtype = pick_precision(recipe.precision, self._device.type)
        self.samples = load_samples(recipe, data)
        require_images(recipe, self.samples)
        require_figure(recipe, self.samples)
        self._pools = make_pools(recipe, self.samples, "train")
        self._epoch_images = len(self._pools.samples())
        self._steps = recipe.phase_steps(self._epoch_images)
        self._weights = self._class_weights()
        torch.manual_seed(recipe.seed)
        self.net = self._place(start_net(recipe, data))
        if self._device.type == "cpu" and self._dtype is not torch.float32:
            quicken(self.net)
        self._ema = {k: v.detach().clone() for k, v in self.net.state_dict().items()}
        self._best_weights = {k: v.clone() for k, v in self._ema.items()}
        self._scaler = torch.amp.GradScaler(self._device.type, enabled=self._dtype is torch.float16)
        self._state = _State()
        out.mkdir(parents=True, exist_ok=True)
        self._resume()
        run_files.write_recipe(recipe, out)

    def run(self, on_progress: ProgressFn = ignore_progress, cancel: CancelToken | None = None) -> Path:
        """Train to the end of the recipe.

        Args:
            on_progress: Stage ``"train"``, in images.
            cancel: Checked every step; the checkpoint is written before it takes effect.

        Returns:
            The checkpoint, whose ``"best"`` holds the averaged weights that were best by the recipe's figure.

        Raises:
            InputError: The loss is no longer a number, or images cannot be read.
            Cancelled: The token was cancelled.
        """
        state = self._state
        self._record()
        started, first = time.monotonic(), state.step
        losses: list[float] = []
        for loss in self._learn():
            losses = [*losses[1 - REPORT_EVERY :], loss]
            rate = (state.step - first) * self.recipe.batch_size / (time.monotonic() - started)
            on_progress(self._progress(rate, sum(losses) / len(losses)))
            if state.step % REPORT_EVERY == 0:
                log.info("step %d loss %.4f %.1f images/s", state.step, sum(losses) / len(losses), rate)
            if self._is_due():
                self._validate()
            elif state.step % SAVE_EVERY == 0:
                self._save()
            if cancel is not None and cancel.is_cancelled:
                self._save()
                cancel.check()
        return self.out / CHECKPOINT

    def best_net(self) -> nn.Module:
        """The averaged weights that were best so far, on the CPU and in evaluation mode."""
        net = build_net(self.recipe.architecture, self.recipe.output_count)
        load_into(net, self._best_weights, self.recipe.name)
        return net.eval().to(memory_format=torch.channels_last)

    def _learn(self) -> Iterator[float]:
        """Take steps through all phases, giving the loss of each."""
        state = self._state
        while True:
            if not self._is_stopped():
                set_train_mode(self.net)
                for images, classes in self._loader():
                    loss = self._train_step(images, classes)
                    state.step += 1
                    state.loss_sum, state.loss_steps = state.loss_sum + loss, state.loss_steps + 1
                    yield loss
                    if self._is_stopped():
                        break
            if state.phase + 1 >= len(self._steps):
                return
            state.phase, state.phase_start = state.phase + 1, state.step
            state.waited, state.plateau, state.rate_scale = 0, 0, 1.0
            self._enter_phase()

    def _enter_phase(self) -> None:
        """Freeze what the phase freezes, and begin with a fresh optimiser."""
        freeze(self.net, self.recipe.architecture, self.recipe.all_phases[self._state.phase].unfrozen_share)
        self._optimiser = make_optimiser(self.recipe, self.net)

    def _loader(self) -> DataLoader[tuple[torch.Tensor, int]]:
        state, batch = self._state, self.recipe.batch_size
        left = max(0, self._steps[state.phase] - (state.step - state.phase_start))
        stream = make_stream(self.recipe, self._pools, state.step * batch, left * batch)
        pin = self._device.type == "cuda"
        return DataLoader(stream, batch, shuffle=False, num_workers=self._workers, drop_last=True, pin_memory=pin)

    def _train_step(self, images: torch.Tensor, classes: torch.Tensor) -> float:
        recipe, step = self.recipe, self._state.step
        # dropout, too, depends on the seed and the place in the run alone
        torch.manual_seed((recipe.seed << 32) + step)
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate()
        images = images.to(self._device, non_blocking=True).contiguous(memory_format=torch.channels_last)
        classes = classes.to(self._device, non_blocking=True)
        with torch.autocast(self._device.type, self._dtype, enabled=self._dtype is not torch.float32):
            outputs = self.net(images)
        loss = loss_of(outputs, classes, recipe.label_smoothing, self._weights)
        if not torch.isfinite(loss):
            raise InputError(
                f"The training diverged at step {step}: the loss is no longer a number.",
                "Lower the learning rate; the checkpoint before it is kept.",
            )
        self._optimiser.zero_grad(set_to_none=True)
        self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        if recipe.clip_norm:
            self._scaler.unscale_(self._optimiser)
            nn.utils.clip_grad_norm_(self.net.parameters(), recipe.clip_norm)
        self._scaler.step(self._optimiser)
        self._scaler.update()
        # early on the average would mostly be the start weights
        average(self._ema, self.net, min(recipe.ema_decay, (1 + step) / (10 + step)))
        return float(loss.detach())

    def _rate(self) -> float:
        state, phase = self._state, self.recipe.all_phases[self._state.phase]
        share = rate_at(self.recipe, state.step - state.phase_start, self._steps[state.phase])
        return phase.learning_rate * share * state.rate_scale

    def _is_due(self) -> bool:
        """Whether to validate after the step that was just made."""
        done = self._state.step - self._state.phase_start
        every = self.recipe.validate_every or math.ceil(self._epoch_images / self.recipe.batch_size)
        return done % every == 0 or done == self._steps[self._state.phase]

    def _is_stopped(self) -> bool:
        return 0 < self.recipe.early_stop <= self._state.waited

    def _validate(self) -> None:
        recipe, state = self.recipe, self._state
        net = self._place(build_net(recipe.architecture, recipe.output_count))
        load_into(net, self._ema, recipe.name)
        figures = score_validation(net, recipe, self.samples).figures()
        row = {
            "step": state.step,
            "images": state.step * recipe.batch_size,
            "phase": state.phase + 1,
            "learning_rate": self._optimiser.param_groups[0]["lr"],
            "train_loss": state.loss_sum / max(1, state.loss_steps),
            **figures,
        }
        state.history.append(row)
        state.loss_sum, state.loss_steps = 0.0, 0
        shown = ", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in figures.items())
        log.info("step %d validation: %s", state.step, shown)
        if recipe.best_by not in figures:
            raise InputError(
                f"Validation gave no {recipe.best_by}: images of its set cannot be read.",
                "The checkpoint before it is kept: the same command goes on from there.",
            )
        self._judge(figures[recipe.best_by] * (-1 if recipe.best_by == "loss" else 1))
        self._save()
        self._show_history()

    def _judge(self, value: float) -> None:
        """Keep the weights where they are the best so far, and count how long they were not."""
        recipe, state = self.recipe, self._state
        if value > state.best:
            state.best, state.best_step, state.waited, state.plateau = value, state.step, 0, 0
            self._best_weights = {k: v.clone() for k, v in self._ema.items()}
            return
        state.waited, state.plateau = state.waited + 1, state.plateau + 1
        if recipe.schedule is Schedule.PLATEAU and state.plateau > recipe.plateau_patience:
            state.rate_scale, state.plateau = state.rate_scale * recipe.plateau_factor, 0

    def _progress(self, rate: float, loss: float) -> Progress:
        state, batch = self._state, self.recipe.batch_size
        total = (state.phase_start + sum(self._steps[state.phase :])) * batch
        note = f"loss {loss:.3f}, {rate:.0f} images/s"
        if state.history:
            note += f", {self.recipe.best_by} {state.history[-1].get(self.recipe.best_by, math.nan):.4f}"
        return Progress("train", state.step * batch, total, rate, (total - state.step * batch) / rate, note)

    def _record(self) -> None:
        """Write down what the run learns from and where, and the history as the checkpoint has it."""
        step = self._state.step
        if run_files.append_record(self.out / DATA, step, run_files.describe_data(self.recipe, self._data)):
            log.warning("the training data changed at step %d: the run cannot be repeated from its recipe", step)
        precision = str(self._dtype).removeprefix("torch.")
        environment = run_files.describe_environment(self._device.type, precision, self._workers)
        run_files.append_record(self.out / ENVIRONMENT, step, environment)
        if self._state.history:
            self._show_history()

    def _show_history(self) -> None:
        run_files.write_history(self._state.history, self.out)
        run_files.replace_file(self.out / CURVES, draw_curves(self._state.history))

    def _class_weights(self) -> torch.Tensor | None:
        if self.recipe.balance is not Balance.CLASS_WEIGHTS:
            return None
        return torch.tensor(class_weights(class_counts(self.recipe, self.samples)), device=self._device)

    def _place(self, net: nn.Module) -> nn.Module:
        return net.to(self._device).to(memory_format=torch.channels_last)

    def _save(self) -> None:
        content = {
            "net": self.net.state_dict(),
            "ema": self._ema,
            "best": self._best_weights,
            "optimiser": self._optimiser.state_dict(),
            "scaler": self._scaler.state_dict(),
            "state": dataclasses.asdict(self._state),
        }
        with replacing(self.out / CHECKPOINT) as part, part.open("wb") as file:
            torch.save(content, file)

    def _resume(self) -> None:
        path = self.out / CHECKPOINT
        if not path.exists():
            self._enter_phase()
            return
        before = _require_same_run(self.recipe, self.out)
        with _refusing_damage(path):
            content = torch.load(path, map_location=self._device, weights_only=True)
            self._state = _read_state(content["state"], len(run_files.unfrozen_shares(before)))
            _require_same_phases(self.recipe, before, self._state.phase, self.out)
            load_into(self.net, content["net"], str(path))
            for name, own in (("ema", self._ema), ("best", self._best_weights)):
                _copy_alike(content[name], own)
            self._enter_phase()
            self._optimiser.load_state_dict(content["optimiser"])
            # empty where the run went on in another precision
            if content.get("scaler"):
                self._scaler.load_state_dict(content["scaler"])
        if not run_files.measures_alike(self.recipe, before):
            # an easier set would keep its weights for good
            log.info("validation looks at other images than before: the best weights are chosen anew")
            self._state.best, self._state.waited, self._state.plateau = -math.inf, 0, 0
        log.info("going on from step %d", self._state.step)


@contextlib.contextmanager
def _refusing_damage(path: Path) -> Iterator[None]:
    """Whatever is wrong with the content of a checkpoint is one sentence."""
    try:
        yield
    except (InputError, MemoryError, torch.OutOfMemoryError, OSError):
        raise
    except Exception as error:
        # torch's own words are a page long
        raise InputError(
            f"The checkpoint {path} is damaged or of another version.", "Remove it to start the run anew."
        ) from error


def _read_state(table: Mapping[str, object], phases: int) -> _State:
    """The place in a run of that many phases.

    Raises:
        ValueError: The table has other entries or values of another type.
    """
    state, plain = _State(**table), _State()  # type: ignore[arg-type]
    entries = {f.name: getattr(plain, f.name) for f in dataclasses.fields(plain)}
    wrong = [name for name, value in entries.items() if not isinstance(getattr(state, name), type(value))]
    # those that came later have defaults
    wrong += [name for name in ("step", "best", "best_step", "history") if name not in table]
    if wrong or not 0 <= state.phase < phases:
        raise ValueError(f"state: {', '.join(wrong) or 'phase'}")
    return state


def _copy_alike(source: Mapping[str, torch.Tensor], target: Mapping[str, torch.Tensor]) -> None:
    if {k: v.shape for k, v in source.items()} != {k: v.shape for k, v in target.items()}:
        raise ValueError("weights of other names or shapes")
    for name, value in target.items():
        value.copy_(source[name])


def _require_same_run(recipe: Recipe, out: Path) -> Mapping[str, object]:
    """The recipe that the run in a folder began with.

    Raises:
        InputError: It is lost, or contradicts this one.
    """
    before = run_files.read_recipe(out)
    if not before:
        raise InputError(
            f"{RECIPE} of the run in {out} is missing or damaged: nothing says how the run began.",
            "Restore it, or choose another folder for runs.",
        )
    _refuse_changes(run_files.changed_entries(recipe, before), out)
    return before


def _require_same_phases(recipe: Recipe, before: Mapping[str, object], phase: int, out: Path) -> None:
    """Raise InputError unless the phases that began freeze what they froze; what follows them may change."""
    now = [phase.unfrozen_share for phase in recipe.all_phases]
    began = run_files.unfrozen_shares(before)[: phase + 1]
    _refuse_changes(["phases"] if now[: phase + 1] != began else [], out)


def _refuse_changes(changed: Sequence[str], out: Path) -> None:
    if changed:
        raise InputError(
            f"The folder {out} holds a run of another recipe: {', '.join(changed)} changed.",
            "Choose another folder for runs, or remove this one.",
        )
