import dataclasses
import hashlib
import json
import shutil

import numpy as np
import pytest
import torch

from desktop_app.cli import main
from desktop_app.detectors import CARD_FILE, load_card, load_detector, sigmoid, write_card
from desktop_app.detectors.cards import check_card
from desktop_app.detectors.nets import build_net
from desktop_app.detectors.weights import read_state_dict, write_state_dict
from desktop_app.domain import ENSEMBLE
from desktop_app.errors import InputError, ModelError
from desktop_app.faces import crop_for
from desktop_app.paths import user_models_dir
from desktop_app.progress import Cancelled
from desktop_app.training import combine, export
from desktop_app.training.combine import combine_models
from desktop_app.training.export import MIRRORED_LIMIT, WEIGHTS_FILE, error_rates, export_model
from desktop_app.training.recipe import SourceSpec
from desktop_app.training.train import Trainer
from desktop_app.training.validate import score_detector, validation_images
from tests.factories import make_card
from tests.unit.training_runs import make_images, make_recipe

LIMITS = ("A test.",)


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
    return folder


def recipe_of(size_px, **changes):
    return make_recipe(
        model_id=f"tiny-{size_px}", input_size_px=size_px, blend_share=0.0, total_images=16, validate_every=2, **changes
    )


@pytest.fixture(scope="module")
def parts(data, tmp_path_factory):
    """Two models of different input sizes, hardly trained, in folders."""
    root = tmp_path_factory.mktemp("parts")
    folders = []
    for size_px in (32, 40):
        trainer = Trainer(recipe_of(size_px, seed=size_px), data, root / f"run-{size_px}", workers=0)
        trainer.run()
        export_model(trainer, root / str(size_px))
        folders.append(root / str(size_px))
    return folders


def test_two_models_become_one_whose_score_is_their_mean(parts, data, tmp_path):
    recipe = dataclasses.replace(recipe_of(32), model_id="both", name="Both")
    seen = []
    card = combine_models([str(p) for p in parts], recipe, data, tmp_path / "both", seen.append)
    assert load_card(tmp_path / "both" / CARD_FILE) == card
    check_card(card)
    assert (card.model_id, card.architecture, card.input_size_px) == ("both", ENSEMBLE, 40)
    assert [(m.model_id, m.input_size_px) for m in card.members] == [("tiny-32", 32), ("tiny-40", 40)]
    assert card.parameters == 2 * load_card(parts[0] / CARD_FILE).parameters
    assert card.limits[:1] == LIMITS
    assert "mean of the logits of tiny-32 (mobilenet_v2, 32 px) and tiny-40" in card.limits[1]
    assert {r.dataset for r in card.error_rates} == {"tiny, validation"}
    assert len(card.bands) == 5
    assert [d.name for d in card.training_data] == ["tiny"]
    assert {p.stage for p in seen} == {"calibrate"}
    files = {p.name for p in (tmp_path / "both").iterdir()}
    assert files == {WEIGHTS_FILE, CARD_FILE, "recipe.json", "data.json", "environment.json"}
    mean, *single = (load_detector(load_card(f / CARD_FILE), f, "cpu") for f in (tmp_path / "both", *parts))
    samples = Trainer(recipe, data, tmp_path / "run", workers=0).samples
    crops = [crop for crop, *_ in validation_images(recipe, samples, size_px=0)]
    assert {c.shape for c in crops} == {(64, 64, 3)}
    expected = (single[0].predict(crops) + single[1].predict(crops)) / 2
    np.testing.assert_allclose(mean.predict(crops), expected, atol=1e-4)
    found = score_detector(mean, recipe, samples)
    np.testing.assert_allclose(found.outputs, expected, atol=1e-4)


def test_three_models_become_one(parts, data, tmp_path):
    third = tmp_path / "third"
    shutil.copytree(parts[0], third)
    state = {key: 1.01 * value for key, value in read_state_dict(third / WEIGHTS_FILE).items()}
    write_state_dict(state, third / WEIGHTS_FILE)
    digest = hashlib.sha256((third / WEIGHTS_FILE).read_bytes()).hexdigest()
    own = dataclasses.replace(load_card(third / CARD_FILE), model_id="tiny-third", weights_sha256=digest)
    write_card(own, third / CARD_FILE)
    recipe = dataclasses.replace(recipe_of(32), model_id="three", name="Three")
    card = combine_models([str(p) for p in (*parts, third)], recipe, data, tmp_path / "three")
    assert "tiny-32 (mobilenet_v2, 32 px), tiny-40 (mobilenet_v2, 40 px) and tiny-third" in card.limits[1]
    mean, *single = (load_detector(load_card(f / CARD_FILE), f, "cpu") for f in (tmp_path / "three", *parts, third))
    crops = list(np.random.default_rng(4).integers(0, 256, (2, 64, 64, 3), np.uint8))
    expected = sum(detector.predict(crops) for detector in single) / 3
    np.testing.assert_allclose(mean.predict(crops), expected, atol=1e-4)


def test_a_network_sees_the_middle_of_a_wider_networks_crop(parts, data, tmp_path, astronaut):
    wide = tmp_path / "wide"
    shutil.copytree(parts[1], wide)
    write_card(dataclasses.replace(load_card(wide / CARD_FILE), crop_margin=0.5), wide / CARD_FILE)
    recipe = dataclasses.replace(recipe_of(32), model_id="both", crop_margin=0.5)
    card = combine_models([str(wide), str(parts[0])], recipe, data, tmp_path / "both")
    assert [m.crop_share for m in card.members] == [1.0, pytest.approx(1 / 1.5)]
    assert card == load_card(tmp_path / "both" / CARD_FILE)
    assert card.limits[-1] == "Its networks are shown squares of 1 to 1.5 times the longer side of a face's box."
    mean, first, second = (
        load_detector(load_card(f / CARD_FILE), f, "cpu") for f in (tmp_path / "both", wide, parts[0])
    )
    frame, box = astronaut, (150.0, 40.0, 270.0, 160.0)
    expected = [d.predict([crop_for(d.card, frame, box)])[0] for d in (first, second)]
    np.testing.assert_allclose(mean.predict([crop_for(card, frame, box)])[0], sum(expected) / 2, atol=1e-4)
    with pytest.raises(ModelError, match=r"largest crop margin, 0\.5"):
        combine_models([str(parts[0]), str(wide)], recipe, data, tmp_path / "other")


def test_a_mean_is_made_on_the_command_line(parts, data, tmp_path, capsys):
    text = RECIPE.format(model_id="both")
    (tmp_path / "both.toml").write_text(text, encoding="utf-8")
    options = ["--recipe", str(tmp_path / "both.toml"), "--data", str(data), "--out", str(tmp_path / "out")]
    assert main(["models", "combine", *map(str, parts), *options]) == 0
    assert "both is in" in capsys.readouterr().out
    assert load_card(tmp_path / "out" / CARD_FILE).averages_mirrored
    assert main(["models", "combine", str(parts[0]), *options]) == 4
    assert "two models or more" in capsys.readouterr().err
    assert main(["models", "combine", str(parts[0]), str(tmp_path / "out"), *options]) == 4
    assert "several networks already" in capsys.readouterr().err
    # what was there stays where a combination is refused
    assert (tmp_path / "out" / CARD_FILE).is_file()


RECIPE = """
model_id = "{model_id}"
name = "Both"
version = "1"
architecture = "mobilenet_v2"
start_weights = ""
input_size_px = 32
crop_margin = 0.0
mean = [0.5, 0.5, 0.5]
std = [0.5, 0.5, 0.5]
total_images = 16
blend_share = 0.0
validation_share = 0.3
validation_images = 4
averages_mirrored = true

[[sources]]
name = "tiny"
manifest = "manifest.csv"
"""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"crop_margin": 0.3}, "largest crop margin, 0"),
        ({"outputs": 1}, "differ in classes"),
        ({"validation_seed": 3}, "validation_seed"),
        ({"validation_share": 0.4}, "validation_share"),
    ],
)
def test_models_that_cannot_be_averaged_honestly_are_refused(parts, data, tmp_path, change, complaint):
    recipe = dataclasses.replace(recipe_of(32), **change)
    with pytest.raises((InputError, ModelError), match=complaint):
        combine_models([str(p) for p in parts], recipe, data, tmp_path / "both")
    assert not (tmp_path / "both").exists()


def test_a_mean_of_a_model_with_itself_is_refused(parts, data, tmp_path):
    with pytest.raises(ModelError, match="named twice"):
        combine_models([str(parts[0]), str(parts[1]), str(parts[0])], recipe_of(32), data, tmp_path / "both")
    assert not (tmp_path / "both").exists()


def test_a_model_is_not_written_over_one_of_its_parts(parts, data):
    with pytest.raises(InputError, match="holds one of the models"):
        combine_models([str(p) for p in parts], recipe_of(32), data, parts[0])
    load_detector(load_card(parts[0] / CARD_FILE), parts[0], "cpu")


def test_a_combination_that_fails_leaves_the_model_that_was_there(parts, data, tmp_path, monkeypatch):
    folder = tmp_path / "both"
    shutil.copytree(parts[0], folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*arguments):
        raise Cancelled

    monkeypatch.setattr(combine, "calibrated_card", fail)
    with pytest.raises(Cancelled):
        combine_models([str(p) for p in parts], recipe_of(32), data, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_combination_takes_no_id_of_another_model(parts, data, tmp_path, capsys):
    (tmp_path / "both.toml").write_text(RECIPE.format(model_id="both"), encoding="utf-8")
    folder = user_models_dir() / "both"
    shutil.copytree(parts[0], folder)
    write_card(dataclasses.replace(load_card(folder / CARD_FILE), model_id="both"), folder / CARD_FILE)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    options = ["--recipe", str(tmp_path / "both.toml"), "--data", str(data)]
    assert main(["models", "combine", *map(str, parts), *options]) == 3
    assert "There is a model “both” already" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_mirrored_model_is_calibrated_on_what_it_scores(data, tmp_path):
    cards = []
    for name, is_mirrored in (("plain", False), ("mirrored", True)):
        trainer = Trainer(recipe_of(32, averages_mirrored=is_mirrored), data, tmp_path / f"run-{name}", workers=0)
        trainer.net = build_net("mobilenet_v2", 2)
        cards.append(export_model(trainer, tmp_path / name))
    plain, mirrored = cards
    assert (plain.averages_mirrored, mirrored.averages_mirrored) == (False, True)
    assert mirrored.limits == (*plain.limits, MIRRORED_LIMIT)
    assert plain.weights_sha256 == mirrored.weights_sha256
    detector = load_detector(mirrored, tmp_path / "mirrored", "cpu")
    alone = load_detector(plain, tmp_path / "plain", "cpu")
    crops = [crop for crop, *_ in validation_images(trainer.recipe, trainer.samples)]
    flipped = [np.ascontiguousarray(crop[:, ::-1]) for crop in crops]
    expected = (alone.predict(crops) + alone.predict(flipped)) / 2
    np.testing.assert_allclose(
        score_detector(detector, trainer.recipe, trainer.samples).outputs, expected, atol=1e-4 * np.abs(expected).max()
    )


def test_the_strongest_band_of_an_export_holds_on_each_set(data, tmp_path, monkeypatch):
    given = {}

    def spy(labels, p_fake, rule, genuine_sets, fake_sets):
        given.update(genuine=set(genuine_sets[labels == 0]), fake=set(fake_sets[labels == 1]))
        return whole(labels, p_fake, rule, genuine_sets, fake_sets)

    whole = export.choose_thresholds
    monkeypatch.setattr(export, "choose_thresholds", spy)
    first = SourceSpec("first", "manifest.csv")
    second = SourceSpec("second", "second/manifest.csv")
    recipe = make_recipe(sources=(first, second), total_images=8, validate_every=1)
    export_model(Trainer(recipe, data, tmp_path / "run", workers=0), tmp_path / "model")
    names = {"first", "second", "first, degraded", "second, degraded"}
    # blended forgeries are no set of their own
    assert given == {"genuine": names, "fake": {*names, ""}}


@pytest.mark.parametrize(
    ("images", "groups", "has_ece"), [(400, 400, True), (150, 150, False), (400, 20, False), (400, None, True)]
)
def test_a_card_gives_no_calibration_error_of_a_tiny_set(images, groups, has_ece):
    rng = np.random.default_rng(0)
    labels = np.arange(images) % 2
    p = sigmoid(rng.normal(2 * labels - 1, 1))
    names = None if groups is None else (np.arange(images) % groups).astype(str)
    row = error_rates("a", "all", "image", True, labels, p, make_card().thresholds, names)
    assert (row.ece is not None) is has_ece
    assert row.auc is not None


def test_a_recipe_with_absolute_paths_leaves_none_in_what_is_shipped(data, tmp_path):
    source = SourceSpec("tiny", str(data / "manifest.csv"))
    recipe = recipe_of(32, sources=(source,), start_weights=str(data / "start.pt"))
    torch.save(build_net("mobilenet_v2", 2).state_dict(), data / "start.pt")
    trainer = Trainer(recipe, data, tmp_path / "run", workers=0)
    trainer.run()
    export_model(trainer, tmp_path / "model")
    for path in (tmp_path / "model").iterdir():
        if path.suffix in (".json", ".csv", ".toml"):
            assert str(data) not in path.read_text(encoding="utf-8"), path.name
    stored = json.loads((tmp_path / "model" / "recipe.json").read_text(encoding="utf-8"))
    assert (stored["start_weights"], stored["sources"][0]["manifest"]) == ("start.pt", "manifest.csv")
    # the run goes on all the same
    Trainer(recipe, data, tmp_path / "run", workers=0).run()
