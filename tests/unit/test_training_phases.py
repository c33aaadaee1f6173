"""Phases, schedules, early stopping, classes and what a run leaves behind."""

import json
import math
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from desktop_app.detectors import find_card
from desktop_app.detectors.nets import build_net
from desktop_app.detectors.weights import write_state_dict
from desktop_app.errors import InputError, ModelError
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.training import run_files, train
from desktop_app.training.curves import draw_curves
from desktop_app.training.dataset import ClassMap, class_counts, make_pools, make_stream
from desktop_app.training.export import export_model
from desktop_app.training.manifest import Sample
from desktop_app.training.optimise import class_weights, loss_of, pick_precision
from desktop_app.training.recipe import (
    Balance,
    ClassSpec,
    Feed,
    Optimiser,
    PhaseSpec,
    Precision,
    Recipe,
    Schedule,
    SourceSpec,
    rate_at,
)
from desktop_app.training.start import load_samples, require_images
from desktop_app.training.train import CHECKPOINT, HISTORY, Trainer
from desktop_app.training.validate import ValidationScores, fake_log_odds
from tests.unit.training_runs import make_images, make_recipe

INF, NAN = float("inf"), float("nan")
REPO = Path(__file__).resolve().parents[2]
EPOCHS = {"feed": Feed.EPOCHS, "architecture": "meso4", "total_images": 0}
# everything that a checkpoint has to hold: a phase with frozen layers, moments, a plateau, patience
BUSY = {
    "architecture": "cnn_small",
    "feed": Feed.EPOCHS,
    "total_images": 0,
    "phases": (PhaseSpec(images=40, unfrozen_share=0.0), PhaseSpec(epochs=3.0, unfrozen_share=0.6)),
    "schedule": Schedule.PLATEAU,
    "plateau_patience": 0,
    "early_stop": 3,
    "best_by": "loss",
    "validate_every": 2,
    "optimiser": Optimiser.ADAM,
    "clip_norm": 1.0,
    "validation_images": 2,
}


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def data(tmp_path_factory, astronaut):
    folder = tmp_path_factory.mktemp("data")
    make_images(astronaut, folder)
    make_images(astronaut, folder / "two")
    return folder


def same(first, second):
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)


def copy(net):
    return {k: v.clone() for k, v in net.state_dict().items()}


def run_until(trainer, images):
    token = CancelToken()
    with pytest.raises(Cancelled):
        trainer.run(lambda p: token.cancel() if p.done >= images else None, token)


@pytest.fixture(scope="module")
def busy(data, tmp_path_factory):
    """A run that was never broken off."""
    trainer = Trainer(make_recipe(**BUSY), data, tmp_path_factory.mktemp("busy"), workers=0)
    trainer.run()
    return trainer


def test_a_run_that_is_killed_goes_on_to_the_same_weights(busy, data, tmp_path):
    code = (
        "import sys, time, torch; from pathlib import Path\n"
        "torch.set_num_threads(1)\n"
        "from tests.unit.test_training_phases import BUSY, Trainer, make_recipe\n"
        "trainer = Trainer(make_recipe(**BUSY), Path(sys.argv[1]), Path(sys.argv[2]), workers=0)\n"
        "trainer.run(lambda p: p.done == 56 and (print('here', flush=True), time.sleep(600)))\n"
    )
    command = [sys.executable, "-c", code, str(data), str(tmp_path / "killed")]
    environment = {**os.environ, "PYTHONPATH": str(REPO), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, cwd=REPO, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "here\n"
        process.kill()
    assert process.returncode != 0
    resumed = Trainer(make_recipe(**BUSY), data, tmp_path / "killed", workers=0)
    assert 0 < resumed._state.step < busy._state.step
    resumed.run()
    assert resumed._state == busy._state
    assert same(resumed.net.state_dict(), busy.net.state_dict())
    assert same(resumed.best_net().state_dict(), busy.best_net().state_dict())
    for name in (HISTORY, "curves.png"):
        assert (tmp_path / "killed" / name).read_bytes() == (busy.out / name).read_bytes()


def test_a_worker_of_a_later_phase_does_not_wait_for_threads_of_its_parent(data, tmp_path):
    code = (
        "import sys, cv2, numpy as np; from pathlib import Path\n"
        "from desktop_app.progress import CancelToken\n"
        "from tests.unit.test_training_phases import BUSY, Trainer, make_recipe\n"
        "trainer = Trainer(make_recipe(**BUSY), Path(sys.argv[1]), Path(sys.argv[2]), workers=1, threads=1)\n"
        "big = np.zeros((4000, 4000, 3), np.uint8)\n"
        "trainer.run(lambda p: p.done == 8 and cv2.GaussianBlur(big, (0, 0), 3) is None)\n"
    )
    command = [sys.executable, "-c", code, str(data), str(tmp_path / "run")]
    subprocess.run(command, cwd=REPO, env={**os.environ, "PYTHONPATH": str(REPO)}, timeout=150, check=True)


@pytest.mark.parametrize("images", [16, 24, 40])
def test_a_run_broken_off_in_any_phase_goes_on_to_the_same_weights(busy, data, tmp_path, images):
    run_until(Trainer(make_recipe(**BUSY), data, tmp_path, workers=0), images)
    parts = Trainer(make_recipe(**BUSY), data, tmp_path, workers=0)
    parts.run()
    assert parts._state == busy._state
    assert same(parts.net.state_dict(), busy.net.state_dict())


def test_a_checkpoint_from_before_there_were_phases_goes_on(data, tmp_path):
    recipe = make_recipe(architecture="meso4", total_images=32, validate_every=2)
    for name in ("old", "new"):
        run_until(Trainer(recipe, data, tmp_path / name, workers=0), 16)
    path = tmp_path / "old" / CHECKPOINT
    content = torch.load(path, weights_only=True)
    del content["scaler"]
    content["state"] = {name: content["state"][name] for name in ("step", "best", "best_step", "history")}
    torch.save(content, path)
    nets = []
    for name in ("old", "new"):
        trainer = Trainer(recipe, data, tmp_path / name, workers=0)
        trainer.run()
        nets.append(trainer.net.state_dict())
    assert same(*nets)


SHORT = {"architecture": "meso4", "total_images": 0, "validate_every": 100, "batch_size": 4}
HEAD, ALL = PhaseSpec(images=8, unfrozen_share=0.0), PhaseSpec(images=8, unfrozen_share=1.0)


@pytest.mark.parametrize(
    ("done", "phases", "is_refused"),
    [
        (12, (HEAD, replace(ALL, unfrozen_share=0.5)), True),
        (12, (replace(HEAD, unfrozen_share=0.5), ALL), True),
        (12, (HEAD,), True),
        (12, (), True),
        (4, (), True),
        (12, (HEAD, replace(ALL, images=16, learning_rate=1e-4)), False),
        (12, (HEAD, ALL, HEAD), False),
        (4, (HEAD,), False),
        (4, (HEAD, HEAD, ALL), False),
    ],
)
def test_phases_that_began_stay_as_they_are(data, tmp_path, done, phases, is_refused):
    run_until(Trainer(make_recipe(phases=(HEAD, ALL), **SHORT), data, tmp_path, workers=0), done)
    length = {} if phases else {"total_images": 16}
    changed = make_recipe(**(SHORT | length), phases=phases)
    if is_refused:
        with pytest.raises(InputError, match="another recipe: phases changed"):
            Trainer(changed, data, tmp_path, workers=0)
        return
    Trainer(changed, data, tmp_path, workers=0).run()


def change_state(**changes):
    def change(content):
        content["state"] |= changes

    return change


def of_another_net(content):
    content["net"] = build_net("cnn_small", 2).state_dict()


def of_other_averages(content):
    content["ema"].popitem()


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.pop("optimiser"),
        lambda content: content.pop("best"),
        lambda content: content["state"].pop("step"),
        lambda content: content["optimiser"]["param_groups"].clear(),
        change_state(colour=1),
        change_state(step="many"),
        of_another_net,
        of_other_averages,
    ],
)
def test_a_checkpoint_of_something_else_is_refused(data, tmp_path, change):
    recipe = make_recipe(**(SHORT | {"total_images": 16}))
    run_until(Trainer(recipe, data, tmp_path, workers=0), 4)
    path = tmp_path / CHECKPOINT
    content = torch.load(path, weights_only=True)
    change(content)
    torch.save(content, path)
    with pytest.raises(InputError, match=r"checkpoint .* is damaged or of another version") as caught:
        Trainer(recipe, data, tmp_path, workers=0)
    assert "\n" not in caught.value.user_message + caught.value.hint
    torch.save([content], path)
    with pytest.raises(InputError, match="is damaged or of another version"):
        Trainer(recipe, data, tmp_path, workers=0)


@pytest.mark.parametrize("content", [b"{", b"[1]", None])
def test_a_run_whose_recipe_is_lost_is_refused(data, tmp_path, content):
    recipe = make_recipe(**(SHORT | {"total_images": 16}))
    run_until(Trainer(recipe, data, tmp_path, workers=0), 4)
    path = tmp_path / train.RECIPE
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(InputError, match=r"recipe\.json .* missing or damaged"):
        Trainer(replace(recipe, architecture="cnn_small"), data, tmp_path, workers=0)


def test_a_set_that_cannot_choose_the_best_weights_is_refused_before_training(data, tmp_path):
    one = SourceSpec("one", "manifest.csv")
    sources = (one, SourceSpec("genuine-only", "two/manifest.csv", fake_weight=0.0))
    for name in ("auc_genuine-only", "auc_self-blended"):
        recipe = make_recipe(sources=sources, best_by=name, feed=Feed.EPOCHS, architecture="meso4")
        with pytest.raises(InputError, match=f"best_by: .*{name}") as caught:
            Trainer(recipe, data, tmp_path / "run", workers=0)
        assert "auc_one" in caught.value.hint
        assert "auc_genuine-only" not in caught.value.hint
    blended = make_recipe(sources=sources, best_by="auc_self-blended", architecture="meso4")
    Trainer(blended, data, tmp_path / "run", workers=0)


def test_a_frozen_phase_trains_the_head_alone(data, tmp_path):
    phases = (PhaseSpec(images=16, unfrozen_share=0.0), PhaseSpec(images=16, unfrozen_share=1.0))
    recipe = make_recipe(architecture="meso4", phases=phases, total_images=0, validate_every=100)
    trainer = Trainer(recipe, data, tmp_path, workers=0)
    start = copy(trainer.net)
    run_until(trainer, 16)
    first = copy(trainer.net)
    moved = {k for k in start if not torch.equal(start[k], first[k])}
    assert moved
    assert all(k.startswith("classifier") for k in moved)
    trainer.run()
    assert any(k.startswith("features") for k, v in trainer.net.named_parameters() if not torch.equal(v, first[k]))


class Figures:
    """Stands for the scores of validation."""

    def __init__(self, values):
        self._values = iter(values)

    def __call__(self, net, recipe, samples):
        return self

    def figures(self):
        return {"loss": 1.0, "accuracy": 0.5, "f1": 0.5, "auc": next(self._values)}


def test_the_rate_falls_on_a_plateau_and_a_phase_ends_early(data, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "score_validation", Figures([0.5, 0.7, 0.6, 0.7, 0.6, 0.6, 0.9, 0.8]))
    phases = (PhaseSpec(images=800, learning_rate=1e-3), PhaseSpec(images=16, learning_rate=1e-4))
    recipe = make_recipe(
        architecture="meso4", phases=phases, total_images=0, validate_every=1, schedule=Schedule.PLATEAU, warmup=0.0,
        plateau_patience=1, plateau_factor=0.1, early_stop=4,
    )  # fmt: skip
    trainer = Trainer(recipe, data, tmp_path, workers=0)
    trainer.run()
    rows = trainer._state.history
    assert [r["phase"] for r in rows] == [1] * 6 + [2] * 2
    assert [r["learning_rate"] for r in rows] == pytest.approx([1e-3] * 4 + [1e-4] * 2 + [1e-4] * 2)
    assert (trainer._state.best, trainer._state.best_step, trainer._state.step) == (0.9, 7, 8)


def test_best_weights_are_chosen_by_the_figure_asked_for(data, tmp_path, monkeypatch):
    rows = [{"loss": x, "accuracy": y, "f1": 0, "auc": 0.5} for x, y in ((0.5, 0.2), (0.3, 0.9), (0.4, 1.0))]
    for number, (name, best) in enumerate({"loss": 2, "accuracy": 3, "auc": 1}.items()):
        values = iter(rows)
        monkeypatch.setattr(Figures, "figures", lambda self, values=values: next(values))
        monkeypatch.setattr(train, "score_validation", Figures([]))
        recipe = make_recipe(architecture="meso4", total_images=24, validate_every=1, best_by=name)
        trainer = Trainer(recipe, data, tmp_path / str(number), workers=0)
        trainer.run()
        assert trainer._state.best_step == best


def epoch_pools(data, **changes):
    recipe = make_recipe(**(EPOCHS | {"epochs": 2.0} | changes))
    return recipe, make_pools(recipe, load_samples(recipe, data), "train")


def test_an_epoch_shows_every_image_once(data, monkeypatch):
    recipe, pools = epoch_pools(data)
    paths = [sample.path for sample, _ in pools.samples()]
    stream = make_stream(recipe, pools, 0, 2 * len(paths))
    order = [stream._samples[stream._place(i, 0)][0].path for i in range(2 * len(paths))]
    assert sorted(order[: len(paths)]) == sorted(order[len(paths) :]) == sorted(paths)
    assert order[: len(paths)] != order[len(paths) :]
    late = make_stream(recipe, pools, 9, 8)
    for i in range(8):
        assert torch.equal(late[i][0], stream[9 + i][0])
        assert late[i][1] == stream[9 + i][1]
    assert recipe.phase_steps(len(paths)) == (2 * len(paths) // 8,)


def test_classes_are_drawn_equally_often(data):
    recipe, pools = epoch_pools(data, balance=Balance.SAMPLING)
    few = replace(pools, fake=tuple((own[:1], nominal, weight) for own, nominal, weight in pools.fake))
    stream = make_stream(recipe, few, 0, 400)
    labels = [stream._classes.of(stream._samples[stream._place(i, 0)][0]) for i in range(400)]
    assert 160 < sum(labels) < 240


def test_an_unreadable_image_gives_way_to_the_next(data, tmp_path):
    recipe, pools = epoch_pools(data)
    own, nominal, weight = pools.fake[0]
    broken = replace(own[0], path=tmp_path / "none.png")
    pools = replace(pools, fake=(((broken, *own[1:]), nominal, weight),))
    stream = make_stream(recipe, pools, 0, len(pools.samples()))
    assert len([stream.draw(i) for i in range(len(stream))]) == len(pools.samples())
    nothing = replace(pools, genuine=(), fake=(((broken,), nominal, weight),))
    with pytest.raises(InputError, match="cannot be read"):
        make_stream(recipe, nothing, 0, 1).draw(0)


def several(**changes):
    """Four classes of which the third is blended."""
    classes = (ClassSpec("genuine"), ClassSpec("swap", ("DFDC-type swap",)), ClassSpec("blended"), ClassSpec("gan"))
    sources = (
        SourceSpec("one", "manifest.csv", fake_kind="dfdc_type_swap"),
        SourceSpec("two", "two/manifest.csv", genuine_weight=0.0, fake_kind="GAN"),
    )
    return make_recipe(classes=classes, sources=sources, blend_class="blended", **changes)


def test_kinds_become_classes(data):
    recipe = several()
    samples = load_samples(recipe, data)
    classes = ClassMap(recipe)
    found = {(s.source, s.is_fake): classes.of(s) for s in samples}
    assert found == {("one", False): 0, ("one", True): 1, ("two", False): 0, ("two", True): 3}
    assert classes.of(replace(samples[1], is_fake=True, kind="G_A_N")) == 3
    require_images(recipe, samples)
    pools = make_pools(recipe, samples, "train")
    labels = [make_stream(recipe, pools, 0, 80).draw(i)[1] for i in range(80)]
    assert [labels[i] for i in range(80) if i % 4 != 1] == [0, 0, 2] * 20
    assert set(labels[1::4]) == {1, 3}
    counts = class_counts(recipe, samples)
    assert counts[2] == 0
    assert counts[0] == counts[1] > 0
    with pytest.raises(InputError, match="belongs to no class"):
        classes.of(Sample(Path("x.png"), True, "g", "train", "one", kind="lips"))
    more = replace(recipe, classes=(*recipe.classes, ClassSpec("lips")))
    with pytest.raises(InputError, match="no training images of lips"):
        require_images(more, samples)


def test_a_model_of_several_classes_is_trained_and_scored(data, tmp_path):
    recipe = several(architecture="meso4", total_images=16, validate_every=2)
    trainer = Trainer(recipe, data, tmp_path / "run", workers=0)
    trainer.run()
    card = export_model(trainer, tmp_path / "model")
    assert (card.classes, card.genuine_class) == (("genuine", "swap", "blended", "gan"), "genuine")
    assert {r.dataset for r in card.error_rates} == {"one, validation", "two, validation", "self-blended, validation"}


def test_class_weights_and_losses_are_those_of_the_formulas():
    assert class_weights([60, 20, 20]) == pytest.approx([100 / 180, 100 / 60, 100 / 60])
    generator = torch.Generator().manual_seed(0)
    logits, classes = torch.randn(8, 3, generator=generator), torch.tensor([0, 1, 2, 0, 0, 1, 2, 2])
    weights = torch.tensor([0.5, 1.0, 2.0])
    plain = torch.nn.functional.cross_entropy(logits, classes, label_smoothing=0.1)
    assert torch.allclose(loss_of(logits, classes, 0.1), plain)
    each = -torch.log_softmax(logits, 1)[torch.arange(8), classes]
    assert torch.allclose(loss_of(logits, classes, 0.0, weights), (each * weights[classes]).mean())
    one, labels = logits[:, :1], (classes > 0).long()
    p = torch.sigmoid(one[:, 0])
    soft = labels * 0.9 + 0.05
    expected = -(soft * p.log() + (1 - soft) * (1 - p).log()).mean()
    assert torch.allclose(loss_of(one, labels, 0.1), expected)
    both = torch.cat([torch.zeros(8, 1), one], 1)
    assert torch.allclose(loss_of(one, labels), loss_of(both, labels))


def test_figures_of_validation():
    outputs = np.array([[3.0, 0, 0], [0, 2, 0], [0, 0, 1], [0, 1, 0.5]])
    classes = np.array([0, 1, 2, 2])
    labels = (classes > 0).astype(np.int64)
    names = np.array(["a"] * 4)
    scores = ValidationScores(fake_log_odds(outputs), labels, names, names, outputs, classes)
    p = np.exp(outputs) / np.exp(outputs).sum(1, keepdims=True)
    np.testing.assert_allclose(scores.logits, np.log((1 - p[:, 0]) / p[:, 0]))
    figures = scores.figures()
    assert figures["loss"] == pytest.approx(-np.log(p[np.arange(4), classes]).mean())
    assert figures["accuracy"] == 0.75
    assert figures["f1"] == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    assert figures["auc"] == figures["auc_weighted"] == figures["auc_a"] == 1.0
    # a set of two images, ranked wrong, counts for a third of that of four
    sets = np.array([*names, "b", "b"])
    more = ValidationScores(
        np.array([*scores.logits, 1.0, 0.0]), np.array([*labels, 0, 1]), sets, sets,
        np.vstack([outputs, outputs[:2]]), np.array([*classes, 0, 1]),
    ).figures()  # fmt: skip
    assert (more["auc"], more["auc_weighted"]) == (0.5, pytest.approx(2 / 3))
    one = np.array([[-1.0], [1.0], [-2.0], [1.0]])
    binary = ValidationScores(fake_log_odds(one), labels, names, names, one, labels).figures()
    assert binary["accuracy"] == 0.75
    assert binary["f1"] == pytest.approx(0.8)
    p_fake = 1 / (1 + np.exp(-one[:, 0]))
    assert binary["loss"] == pytest.approx(-np.log(np.where(labels == 1, p_fake, 1 - p_fake)).mean())


@pytest.mark.parametrize("schedule", [Schedule.CONSTANT, Schedule.PLATEAU])
def test_rates_that_stay(schedule):
    recipe = make_recipe(schedule=schedule, warmup=0.1)
    assert [rate_at(recipe, step, 100) for step in (0, 4, 9, 10, 99)] == pytest.approx([0.1, 0.5, 1, 1, 1])


@pytest.mark.parametrize("optimiser", list(Optimiser))
def test_a_clipped_step_without_averaging(data, tmp_path, optimiser):
    recipe = make_recipe(architecture="meso4", optimiser=optimiser, clip_norm=1e-9, ema_decay=0.0, weight_decay=0.0)
    trainer = Trainer(recipe, data, tmp_path, workers=0)
    before = {k: v.detach().clone() for k, v in trainer.net.named_parameters()}
    assert type(trainer._optimiser).__name__.lower() == optimiser
    next(trainer._learn())
    assert same(trainer._ema, trainer.net.state_dict())
    step = max(float((v.detach() - before[k]).abs().max()) for k, v in trainer.net.named_parameters())
    # Adam divides by the gradient's own size, so that only its epsilon of 1e-8 holds the step back
    assert 0 < step < (1e-10 if optimiser is Optimiser.SGD else 2e-4)


@pytest.mark.parametrize("optimiser", [Optimiser.ADAM, Optimiser.ADAMW])
def test_a_checkpoint_of_the_slower_optimiser_goes_on(data, tmp_path, optimiser):
    recipe = make_recipe(**(SHORT | {"total_images": 16}), optimiser=optimiser)
    trainer = Trainer(recipe, data, tmp_path, workers=0, device="cpu")
    assert trainer._optimiser.param_groups[0]["fused"]
    run_until(trainer, 8)
    content = torch.load(tmp_path / CHECKPOINT, weights_only=True)
    content["optimiser"]["param_groups"][0]["fused"] = None
    torch.save(content, tmp_path / CHECKPOINT)
    resumed = Trainer(recipe, data, tmp_path, workers=0, device="cpu")
    assert resumed._optimiser.param_groups[0]["fused"] is None
    before = copy(resumed.net)
    resumed.run()
    assert resumed._state.step == 4
    assert not same(before, copy(resumed.net))


def test_mixed_precision(data, tmp_path):
    assert pick_precision(Precision.AUTO, "cpu") is pick_precision(Precision.FP32, "cuda") is torch.float32
    assert pick_precision(Precision.FP16, "cuda") is torch.float16
    with pytest.raises(InputError, match="fp16 needs a CUDA GPU"):
        pick_precision(Precision.FP16, "cpu")
    losses = []
    for precision in (Precision.FP32, Precision.BF16):
        recipe = make_recipe(architecture="meso4", precision=precision)
        losses.append(next(Trainer(recipe, data, tmp_path / precision, workers=0)._learn()))
    assert losses[0] != losses[1]
    assert losses[0] == pytest.approx(losses[1], rel=0.05)


def test_a_run_starts_from_a_model(data, tmp_path, cotejo_home):
    recipe = make_recipe(architecture="cnn_small", total_images=8, validate_every=1)
    trainer = Trainer(recipe, data, tmp_path / "run", workers=0)
    trainer.run()
    folder = cotejo_home / "models" / "tiny"
    export_model(trainer, folder)
    assert find_card("tiny")[1] == folder
    kept = {k: v.half().float() for k, v in trainer.best_net().named_parameters()}
    for name in ("tiny", str(folder)):
        started = Trainer(replace(recipe, start_weights=name), data, tmp_path / Path(name).stem, workers=0)
        assert all(torch.equal(v, kept[k]) for k, v in started.net.named_parameters())
    wider = several(architecture="cnn_small", start_weights="tiny")
    net = Trainer(wider, data, tmp_path / "wider", workers=0).net
    changed = {k for k, v in net.named_parameters() if not torch.equal(v, kept.get(k, torch.zeros(())))}
    assert changed
    assert all(k.startswith("classifier") for k in changed)
    write_state_dict(build_net("meso4", 2).state_dict(), tmp_path / "other.pth")
    (tmp_path / "manifest.csv").write_text((data / "manifest.csv").read_text())
    with pytest.raises(ModelError, match="do not fit") as caught:
        Trainer(replace(recipe, start_weights="other.pth"), tmp_path, tmp_path / "x", workers=0)
    assert "tensors are missing or of another shape" in caught.value.hint
    assert "state_dict" not in caught.value.hint


def test_a_run_says_what_it_learnt_from_and_where(data, tmp_path):
    recipe = make_recipe(architecture="meso4", total_images=8)
    trainer = Trainer(recipe, data, tmp_path, workers=0, device="cpu")
    notes = []
    trainer.run(lambda p: notes.append(p.note))
    assert "loss" in notes[0]
    assert "images/s" in notes[0]
    (record,) = json.loads((tmp_path / "data.json").read_text())
    assert record["from_step"] == 0
    assert record["tiny"]["images"] == 24
    (place,) = json.loads((tmp_path / "environment.json").read_text())
    assert place["libraries"]["torch"]
    assert (place["device"], place["threads"], place["precision"]) == ("cpu", 1, "float32")
    text = (tmp_path / "data.json").read_text() + (tmp_path / "environment.json").read_text()
    assert str(data) not in text
    Trainer(recipe, data, tmp_path, workers=0).run()
    assert len(json.loads((tmp_path / "data.json").read_text())) == 1
    run_files.append_record(tmp_path / "data.json", 1, {"tiny": "other"})
    assert [r["from_step"] for r in json.loads((tmp_path / "data.json").read_text())] == [0, 1]


def test_hashes_of_data_change_with_an_image(tmp_path, astronaut):
    make_images(astronaut, tmp_path, groups=2)
    recipe = make_recipe()
    before = run_files.describe_data(recipe, tmp_path)
    assert run_files.describe_data(recipe, tmp_path) == before
    image = next(tmp_path.glob("real/*.png"))
    image.write_bytes(image.read_bytes() + b"x")
    after = run_files.describe_data(recipe, tmp_path)
    assert after["tiny"]["manifest_sha256"] == before["tiny"]["manifest_sha256"]
    assert after["tiny"]["images_sha256"] != before["tiny"]["images_sha256"]
    image.unlink()
    assert run_files.describe_data(recipe, tmp_path)["tiny"]["images_sha256"] != after["tiny"]["images_sha256"]


def test_curves_are_drawn():
    rows = [
        {"images": 100.0 * i, "train_loss": 1 / i, "loss": 1.2 / i, "learning_rate": 1e-3, "auc": 0.5 + 0.05 * i}
        for i in range(1, 9)
    ]
    one, whole = (np.asarray(Image.open(BytesIO(draw_curves(r)))) for r in (rows[:1], rows))
    assert one.shape == whole.shape
    assert whole.shape[2] == 3
    blue, orange = ((whole == colour).all(axis=2) for colour in ((0, 0x72, 0xB2), (0xD5, 0x5E, 0)))
    third = whole.shape[1] // 3
    assert all(blue[:, k * third : (k + 1) * third].sum() > 100 for k in range(3))
    assert orange[:, :third].sum() > 100
    assert orange[:, third:].sum() == 0
    ys, xs = np.nonzero(blue[60:300, :third])
    # pixels count downwards: the loss falls
    assert np.corrcoef(xs, ys)[0, 1] > 0.5


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"total_images": 0}, "total_images"),
        ({"epochs": 1.0, "phases": (PhaseSpec(images=1),)}, "expected them in the phases"),
        ({"best_by": "beauty"}, "best_by"),
        ({"outputs": 2}, "outputs: expected 0 or 1"),
        ({"classes": (ClassSpec("a"), ClassSpec("b", ("A",)))}, "every kind in one class"),
        ({"classes": (ClassSpec("a"), ClassSpec("b"), ClassSpec("c"))}, "blend_class"),
        ({"classes": (ClassSpec("a"), ClassSpec("b"), ClassSpec("fake")), "outputs": 1}, "one output"),
        ({"balance": Balance.SAMPLING}, "balance"),
        ({"early_stop": -1}, "early_stop"),
        ({"plateau_factor": 0.0}, "plateau_factor"),
        ({"crop_margin": NAN}, "crop_margin: expected"),
        ({"crop_margin": -2.0}, "crop_margin: expected"),
        ({"learning_rate": INF}, "learning_rate: expected"),
        ({"learning_rate": NAN}, "learning_rate: expected"),
        ({"weight_decay": -1.0}, "weight_decay: expected"),
        ({"weight_decay": NAN}, "weight_decay: expected"),
        ({"mean": (0.5, NAN, 0.5)}, "mean: expected"),
        ({"std": (0.5, 0.0, 0.5)}, "std: expected"),
        ({"std": (0.5, NAN, 0.5)}, "std: expected"),
        ({"std": (0.5, 0.5, INF)}, "std: expected"),
        ({"min_face_px": -5}, "min_face_px: expected"),
        ({"input_size_px": 3}, "input_size_px: expected"),
        ({"architecture": "mobilnet"}, "architecture: expected one of .*mobilenet_v2"),
        ({"epochs": NAN}, "epochs: expected"),
        ({"epochs": INF}, "epochs: expected"),
        ({"clip_norm": INF}, "clip_norm: expected"),
        ({"seed": 2**40}, "seed: expected"),
    ],
)
def test_recipes_that_contradict_themselves_are_refused(change, complaint):
    with pytest.raises(ValueError, match=complaint):
        make_recipe(**change)


@pytest.mark.parametrize(
    "length",
    [
        {},
        {"images": 3, "epochs": 1.0},
        {"images": 3, "learning_rate": 0.0},
        {"images": 3, "learning_rate": INF},
        {"epochs": INF},
        {"epochs": NAN},
    ],
)
def test_phases_that_say_no_length_are_refused(length):
    with pytest.raises(ValueError, match="expected"):
        PhaseSpec(**length)


def test_lengths_of_phases():
    phases = (PhaseSpec(images=100), PhaseSpec(epochs=2.0))
    recipe = make_recipe(phases=phases, total_images=0, batch_size=10)
    assert isinstance(recipe, Recipe)
    assert recipe.phase_steps(50) == (10, 10)
    assert replace(recipe, total_images=120).phase_steps(50) == (10, 2)
    assert replace(recipe, total_images=50).phase_steps(50) == (5, 0)


def test_the_best_weights_are_chosen_anew_where_validation_looks_at_other_images(data, tmp_path):
    recipe = make_recipe(architecture="meso4", total_images=16, validate_every=1, blend_share=0.0)
    Trainer(recipe, data, tmp_path / "run", workers=0).run()
    source = recipe.sources[0]
    weighed = replace(recipe, sources=(replace(source, fake_weight=0.4),), validation_images=3, learning_rate=1e-3)
    kept = Trainer(weighed, data, tmp_path / "run", workers=0)._state
    assert kept.best > -math.inf
    for other in (replace(recipe, sources=(replace(source, nominal=0.8),)), replace(recipe, blend_share=0.5)):
        folder = tmp_path / f"{other.blend_share}"
        shutil.copytree(tmp_path / "run", folder)
        assert Trainer(other, data, folder, workers=0)._state.best == -math.inf
