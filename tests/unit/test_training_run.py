import csv
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from desktop_app.detectors import CARD_FILE, load_card, load_detector, write_card
from desktop_app.detectors.nets import build_net
from desktop_app.detectors.weights import write_state_dict
from desktop_app.errors import InputError, ModelError
from desktop_app.faces import crop_face
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.reports.limit_texts import limit_texts
from desktop_app.training import export, placing
from desktop_app.training.augment import AugmentSpec
from desktop_app.training.export import ONLY_OWN_FORGERIES, export_model
from desktop_app.training.train import CHECKPOINT, HISTORY, RECIPE, Trainer
from desktop_app.training.validate import SELF_BLENDED, validation_images
from tests.unit.training_runs import make_images, make_recipe


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
    make_images(astronaut, folder / "second")
    make_images(astronaut, folder / "test", groups=6, split="test", prefix="t")
    return folder


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory):
    """A run that was never broken off."""
    trainer = Trainer(make_recipe(), data, tmp_path_factory.mktemp("whole"), workers=0)
    trainer.run()
    return trainer


def same(first, second):
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)


def run_until(trainer, images):
    token = CancelToken()

    def watch(progress):
        if progress.done >= images:
            token.cancel()

    with pytest.raises(Cancelled):
        trainer.run(watch, token)


@pytest.mark.parametrize("stops", [(8,), (24, 40)])
def test_a_broken_off_run_ends_like_an_unbroken_one(whole, data, tmp_path, stops):
    for images in stops:
        torch.manual_seed(images)
        run_until(Trainer(make_recipe(), data, tmp_path, workers=0), images)
    trainer = Trainer(make_recipe(), data, tmp_path, workers=0)
    trainer.run()
    assert same(trainer.net.state_dict(), whole.net.state_dict())
    assert same(trainer.best_net().state_dict(), whole.best_net().state_dict())
    assert (tmp_path / HISTORY).read_bytes() == (whole.out / HISTORY).read_bytes()


def test_a_killed_run_goes_on_from_its_last_checkpoint(whole, data, tmp_path):
    class Killed(BaseException):
        pass

    def watch(progress):
        if progress.done == 40:
            raise Killed

    with pytest.raises(Killed):
        Trainer(make_recipe(), data, tmp_path, workers=0).run(watch)
    (tmp_path / (CHECKPOINT + ".part")).write_bytes(b"half written")
    trainer = Trainer(make_recipe(), data, tmp_path, workers=0)
    steps = []
    trainer.run(lambda progress: steps.append(progress.done))
    assert steps == [40, 48]
    assert same(trainer.net.state_dict(), whole.net.state_dict())


def test_a_finished_run_has_nothing_left_to_do(whole, data):
    before = whole.net.state_dict()
    again = Trainer(make_recipe(total_images=16), data, whole.out, workers=0)
    again.run(lambda progress: pytest.fail("a step was made"))
    assert same(before, again.net.state_dict())
    rows = list(csv.DictReader((whole.out / HISTORY).read_text().splitlines()))
    assert [r["step"] for r in rows] == ["4", "6"]
    named = {"step", "images", "phase", "learning_rate", "train_loss", "loss", "accuracy", "f1", "auc", "auc_tiny"}
    assert set(rows[0]) == named | {f"auc_{SELF_BLENDED}", "auc_weighted"}


def test_workers_do_not_change_the_run(data, tmp_path):
    nets = []
    for workers in (0, 2):
        trainer = Trainer(make_recipe(total_images=16), data, tmp_path / str(workers), workers)
        trainer.run()
        nets.append(trainer.net.state_dict())
    assert same(*nets)


def test_the_loss_falls_on_an_easy_task(data, tmp_path, monkeypatch):
    plain = AugmentSpec(colour=0, downscale=0, blur=0, noise=0, jpeg=0)
    recipe = make_recipe(total_images=960, batch_size=32, validate_every=30, augment=plain, blend_share=0.0)
    losses = []
    step = Trainer._train_step

    def watched(self, images, labels):
        losses.append(step(self, images, labels))
        return losses[-1]

    monkeypatch.setattr(Trainer, "_train_step", watched)
    Trainer(recipe, data, tmp_path, workers=0).run()
    assert len(losses) == 30
    assert np.mean(losses[-5:]) < 0.87 * np.mean(losses[:5])


def test_an_exported_model_is_what_was_trained(whole, tmp_path, astronaut):
    folder = tmp_path / "tiny"
    card = export_model(whole, folder)
    assert load_card(folder / CARD_FILE) == card
    detector = load_detector(card, folder, "cpu")
    crops = [crop_face(astronaut, (150, 60, 290, 230), 0.0, 32), np.zeros((32, 32, 3), np.uint8)]
    net = whole.best_net()
    with torch.no_grad():
        expected = net(detector.to_input(crops)).numpy()
    np.testing.assert_allclose(detector.predict(crops), expected, atol=0.02)
    assert (card.classes, card.genuine_class, card.min_face_px) == (("genuine", "fake"), "genuine", 20)
    used = [s for s in whole.samples if s.split == "train"]
    assert [(d.name, d.count) for d in card.training_data] == [("tiny", len(used))]
    assert {r.dataset for r in card.error_rates} == {"tiny, validation", "self-blended, validation"}
    # what was measured of it since stays where the same weights are exported again
    row = replace(card.error_rates[0], dataset="a test")
    write_card(replace(card, error_rates=(row, *card.error_rates), created="2026-01-01"), folder / CARD_FILE)
    assert export_model(whole, folder).error_rates == (row, *card.error_rates)
    assert load_card(folder / CARD_FILE).error_rates[0] == row
    write_card(replace(card, error_rates=(row,), temperature=card.temperature * 2), folder / CARD_FILE)
    assert export_model(whole, folder).error_rates == card.error_rates
    (folder / "weights.pt").write_bytes((folder / "weights.pt").read_bytes()[:-1])
    with pytest.raises(ModelError):
        load_detector(card, folder, "cpu")


@pytest.fixture
def placed(whole, tmp_path):
    """A model that was exported, and the bytes of its files."""
    folder = tmp_path / "tiny"
    export_model(whole, folder)
    (folder / "note.txt").write_text("mine")
    return folder, {path.name: path.read_bytes() for path in folder.iterdir()}


class Killed(BaseException):
    pass


@pytest.mark.parametrize("error", [Cancelled, InputError("a"), OSError("full"), Killed])
def test_a_calibration_that_fails_leaves_the_model_that_was_there(whole, placed, monkeypatch, error):
    folder, before = placed

    def fail(*arguments):
        raise error

    monkeypatch.setattr(export, "calibrated_card", fail)
    with torch.no_grad():
        monkeypatch.setattr(whole, "_best_weights", {k: v + 1 for k, v in whole._best_weights.items()})
    with pytest.raises(error if isinstance(error, type) else type(error)):
        export_model(whole, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    with pytest.raises(error if isinstance(error, type) else type(error)):
        export_model(whole, folder.with_name("new"))
    assert not folder.with_name("new").exists()


@pytest.mark.parametrize("number", range(1, 14, 3))
def test_files_that_cannot_be_put_in_place_leave_the_model_that_was_there(whole, placed, monkeypatch, number):
    folder, before = placed
    move, moves = placing.os.replace, []

    def fail(source, target):
        if ".cotejo-" in f"{source}{target}" and "new" not in f"{target}".split("/")[-2]:
            moves.append(target)
            if len(moves) == number:
                raise PermissionError("open elsewhere")
        move(source, target)

    monkeypatch.setattr(placing.os, "replace", fail)
    with pytest.raises(PermissionError):
        export_model(whole, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_a_killed_export_left_goes_once_a_model_is_whole(whole, placed):
    folder, before = placed
    left = folder / ".cotejo-killed" / "new"
    left.mkdir(parents=True)
    (left / "weights.pt").write_bytes(b"half")
    export_model(whole, folder)
    assert {path.name for path in folder.iterdir()} == before.keys()


def test_a_model_takes_the_place_of_the_one_before_it(whole, placed, monkeypatch):
    folder, before = placed
    (folder / "history.csv").rename(folder / "curves.png")
    whole_card = load_card(folder / CARD_FILE)
    with torch.no_grad():
        monkeypatch.setattr(whole, "_best_weights", {k: v + 1 for k, v in whole._best_weights.items()})
    card = export_model(whole, folder)
    assert card.weights_sha256 != whole_card.weights_sha256
    load_detector(load_card(folder / CARD_FILE), folder, "cpu")
    assert {path.name for path in folder.iterdir()} == before.keys()
    assert (folder / "note.txt").read_text() == "mine"
    assert (folder / "curves.png").read_bytes() == before["curves.png"]


def test_images_of_no_weight_are_not_counted_as_used(whole, data, tmp_path):
    recipe = make_recipe()
    extra = replace(recipe.sources[0], name="shy", manifest="second/manifest.csv", fake_weight=0.0)
    trainer = Trainer(replace(recipe, sources=(*recipe.sources, extra)), data, tmp_path / "run", workers=0)
    counts = {d.name: d.count for d in export_model(trainer, tmp_path / "model").training_data}
    genuine = [s for s in trainer.samples if s.source == "shy" and s.split == "train" and not s.is_fake]
    assert counts["shy"] == len(genuine) > 0


def test_validation_keeps_to_its_groups(whole):
    recipe = whole.recipe
    seen = list(validation_images(recipe, whole.samples))
    groups = {f"{s.source}/{s.group}" for s in whole.samples if s.split == "val"}
    assert {group for *_, group in seen} <= groups
    assert {(label, name) for _, label, name, _ in seen} == {(0, "tiny"), (1, "tiny"), (1, SELF_BLENDED)}
    assert all(image.shape == (32, 32, 3) for image, *_ in seen)
    again = list(validation_images(recipe, whole.samples))
    assert all((a[0] == b[0]).all() and a[1:] == b[1:] for a, b in zip(seen, again, strict=True))


@pytest.mark.parametrize(
    "change",
    [{"seed": 6}, {"batch_size": 4}, {"input_size_px": 64}, {"validation_share": 0.5}, {"best_by": "loss"}],
)
def test_a_run_is_not_gone_on_with_another_recipe(whole, data, change):
    text = (whole.out / RECIPE).read_text()
    with pytest.raises(InputError, match=f"another recipe: {next(iter(change))}"):
        Trainer(make_recipe(**change), data, whole.out, workers=0)
    assert (whole.out / RECIPE).read_text() == text
    assert json.loads(text)["seed"] == 5


def test_a_damaged_checkpoint_is_refused(data, tmp_path):
    Trainer(make_recipe(), data, tmp_path, workers=0)
    (tmp_path / CHECKPOINT).write_bytes(b"no checkpoint")
    with pytest.raises(InputError, match="damaged"):
        Trainer(make_recipe(), data, tmp_path, workers=0)


def test_a_run_that_diverges_stops(data, tmp_path):
    trainer = Trainer(make_recipe(), data, tmp_path, workers=0)
    with torch.no_grad():
        trainer.net.classifier[1].bias[0] = float("nan")
    with pytest.raises(InputError, match="diverged at step 0"):
        trainer.run()


def test_missing_data_is_refused_before_training(data, tmp_path):
    recipe = make_recipe()
    rows = (data / "manifest.csv").read_text().splitlines()
    (data / "genuine.csv").write_text("\n".join(row for row in rows if not row.startswith("fake/")))
    for change, complaint in (
        (
            {"sources": (replace(recipe.sources[0], fake_weight=0.0),), "blend_share": 0.0},
            "no fake training images",
        ),
        ({"sources": (replace(recipe.sources[0], manifest="genuine.csv"),)}, "no fake training images"),
        ({"sources": (replace(recipe.sources[0], genuine_weight=0.0),)}, "no genuine training images"),
        ({"validation_share": 1e-9}, "no genuine images for validation"),
        ({"start_weights": "none.pth"}, "start weights"),
        ({"sources": (replace(recipe.sources[0], manifest="none.csv"),)}, "cannot be read"),
    ):
        with pytest.raises(InputError, match=complaint):
            Trainer(make_recipe(**change), data, tmp_path, workers=0)
    assert list(tmp_path.iterdir()) == []


def test_a_model_is_trained_from_genuine_photographs_alone(data, tmp_path):
    recipe = make_recipe()
    recipe = replace(recipe, sources=(replace(recipe.sources[0], fake_weight=0.0),))
    trainer = Trainer(recipe, data, tmp_path / "run", workers=0)
    assert trainer.run()
    card = export_model(trainer, tmp_path / "model")
    genuine = [s for s in trainer.samples if s.split == "train" and not s.is_fake]
    assert [d.count for d in card.training_data] == [len(genuine)]
    assert card.limits == ("A test.", ONLY_OWN_FORGERIES)
    assert "solo con falsificaciones" in limit_texts(card.limits, "es")[1]


def test_start_weights_are_taken_but_for_the_last_layer(data, tmp_path):
    other = build_net("mobilenet_v2", 5)
    write_state_dict(other.state_dict(), tmp_path / "start.pth")
    (tmp_path / "set").symlink_to(data)
    recipe = make_recipe()
    source = replace(recipe.sources[0], manifest="set/manifest.csv")
    trainer = Trainer(replace(recipe, start_weights="start.pth", sources=(source,)), tmp_path, tmp_path / "run", 0)
    state = trainer.net.state_dict()
    assert torch.equal(state["features.0.0.weight"], other.state_dict()["features.0.0.weight"])
    assert state["classifier.1.weight"].shape == (2, 1280)


def test_threads_are_set(data, tmp_path):
    Trainer(make_recipe(), data, tmp_path, workers=0, threads=2)
    try:
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(1)
