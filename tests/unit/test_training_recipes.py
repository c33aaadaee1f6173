"""Every recipe that ships is whole and trains its network."""

import re
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
import torch

from desktop_app.cli.training import find_recipe
from desktop_app.detectors import load_detector
from desktop_app.detectors.nets import NETS
from desktop_app.errors import InputError
from desktop_app.training.export import export_model
from desktop_app.training.extract import read_rgb
from desktop_app.training.recipe import PhaseSpec, Precision, SourceSpec, load_recipe
from desktop_app.training.train import Trainer
from tests.unit.training_runs import make_images

SHIPPED = sorted((Path(str(resources.files("desktop_app.training"))) / "recipes").glob("*.toml"))
SYSTEMS = {
    "cnn_standard", "cnn_small", "resnet18", "resnet50_512_256", "resnet50_256", "separable_cnn", "efficientnet_b0",
    "cbam_cnn", "mobilenet_v2", "meso4", "meso_inception4",
}  # fmt: skip
# the others are built and take one step only: they are slow to train and to save
SMALL = {"cnn_small", "meso4", "meso_inception4", "separable_cnn", "cbam_cnn"}


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def data(tmp_path_factory, astronaut):
    folder = tmp_path_factory.mktemp("data")
    for number in range(6):
        make_images(astronaut, folder / str(number), groups=12)
    return folder


def tiny(path):
    """The recipe, on a small set for each of its classes, for a few steps."""
    recipe = load_recipe(path)
    kinds = [c.name.title() for c in recipe.classes[1:]]
    first = PhaseSpec(images=4, learning_rate=1e-4, unfrozen_share=0.0)
    return replace(
        recipe,
        sources=tuple(
            SourceSpec(kind, f"{number}/manifest.csv", genuine_weight=float(not number), fake_kind=kind)
            for number, kind in enumerate(kinds)
        ),
        start_weights="",
        input_size_px=64,
        batch_size=4,
        phases=(first, replace(first, unfrozen_share=1.0)) if recipe.phases else (),
        epochs=0.0,
        total_images=8,
        validation_share=0.3,
        validation_images=2,
        precision=Precision.FP32,
    )


def test_there_is_a_recipe_for_every_system():
    recipes = [load_recipe(path) for path in SHIPPED]
    assert {r.architecture for r in recipes} >= SYSTEMS
    seven = {r.architecture for r in recipes if len(r.classes) == 7}
    assert seven == {"separable_cnn", "efficientnet_b0", "mobilenet_v2"}
    sizes = {r.architecture: (r.input_size_px, r.output_count) for r in recipes}
    assert sizes["resnet50_256"] == (128, 1)
    assert sizes["separable_cnn"] == (128, 7)
    assert sizes["resnet18"][1] == 2


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_a_shipped_recipe_loads_and_trains(path, data, tmp_path):
    whole = load_recipe(path)
    assert (whole.model_id, find_recipe(Path(path.stem))) == (path.stem, path)
    assert whole.architecture in NETS
    assert sum(whole.phase_steps(100_000)) >= 500
    assert whole.limits
    trainer = Trainer(tiny(path), data, tmp_path, workers=0)
    before = {k: v.clone() for k, v in trainer.net.named_parameters()}
    if whole.architecture in SMALL:
        trainer.run()
        assert trainer._state.step == 2
        assert (tmp_path / "checkpoint.pt").exists()
    else:
        assert next(trainer._learn()) > 0
    changed = {k for k, v in trainer.net.named_parameters() if not torch.equal(before[k], v)}
    head = NETS[whole.architecture].head
    assert any(k.startswith(head) for k in changed)
    if not whole.phases:
        assert len(changed) > len(before) / 2


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_a_shipped_recipe_claims_nothing_that_was_measured_on_another_model(path):
    # whoever trains by it would have these figures in the card of a model that nobody measured so
    claims = r"\d %|\bAUC\b|\bECE\b|on validation|test part|none of \d|one .* in three|earlier (run|detector)|chance"
    assert not [limit for limit in load_recipe(path).limits if re.search(claims, limit, re.I)]


@pytest.mark.parametrize("name", ["separable-cnn-seven-classes", "meso4"])
def test_a_model_of_several_classes_or_one_output_is_exported(name, data, tmp_path):
    recipe = tiny(next(p for p in SHIPPED if p.stem == name))
    trainer = Trainer(recipe, data, tmp_path / "run", workers=0)
    trainer.run()
    card = export_model(trainer, tmp_path / "model")
    assert card.classes == recipe.class_names
    assert card.outputs == (1 if name == "meso4" else None)
    detector = load_detector(card, tmp_path / "model", "cpu")
    logits = detector.predict([read_rgb(trainer.samples[0].path)])
    assert logits.shape == (1, recipe.output_count)
    names = {p.name for p in (tmp_path / "model").iterdir()}
    assert names == {
        "card.toml", "weights.pt", "recipe.json", "data.json", "environment.json", "history.csv", "curves.png",
    }  # fmt: skip


def test_an_unknown_recipe_is_refused_with_those_that_ship():
    with pytest.raises(InputError) as caught:
        find_recipe(Path("none"))
    assert "meso4" in caught.value.hint
