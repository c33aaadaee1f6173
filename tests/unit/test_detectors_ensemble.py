import dataclasses
import json

import cv2
import numpy as np
import pytest
import torch

from desktop_app.cli import main
from desktop_app.detectors import CARD_FILE, exporting, find_card, load_card, load_detector, write_card
from desktop_app.detectors.exporting import export_onnx
from desktop_app.detectors.importing import import_model, run_self_test
from desktop_app.detectors.nets import build_net
from desktop_app.detectors.onnx_detector import OnnxDetector
from desktop_app.detectors.preprocess import resize_crop
from desktop_app.detectors.torch_detector import TorchDetector
from desktop_app.detectors.weights import file_sha256, write_state_dict
from desktop_app.domain import ENSEMBLE, Member
from desktop_app.errors import ModelError
from desktop_app.explain import explain_face
from desktop_app.faces import crop_for
from desktop_app.paths import user_models_dir
from desktop_app.training import compact
from tests.factories import make_card
from tests.unit.test_detectors_torch import lively_net

BOX = (170.0, 60.0, 290.0, 200.0)
SMALL, LARGE = 48, 64
TOLERANCE = 1e-3


def net_of(seed):
    net = lively_net()
    with torch.no_grad():
        torch.manual_seed(seed)
        for value in net.parameters():
            value.mul_(1 + 0.1 * torch.randn_like(value))
    return net.eval()


def write_model(folder, state, **changes):
    folder.mkdir(parents=True, exist_ok=True)
    write_state_dict(state, folder / "weights.pt")
    card = make_card(model_id=folder.name, weights_sha256=file_sha256(folder / "weights.pt"), **changes)
    write_card(card, folder / CARD_FILE)
    return card, folder


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Two models of one network each, with inputs of their own, and the mean of both."""
    root = tmp_path_factory.mktemp("models")
    nets = [net_of(1), net_of(2)]
    prepared = [
        {"input_size_px": LARGE},
        {"input_size_px": SMALL, "mean": (0.5, 0.5, 0.5), "std": (0.4, 0.5, 0.6)},
    ]
    singles = [
        write_model(root / f"single-{i}", net.state_dict(), **changes)
        for i, (net, changes) in enumerate(zip(nets, prepared, strict=True))
    ]
    members = tuple(
        Member(c.model_id, c.weights_sha256, c.architecture, c.input_size_px, c.mean, c.std) for c, _ in singles
    )
    state = {f"{i}.{key}": value for i, net in enumerate(nets) for key, value in net.state_dict().items()}
    both = write_model(root / "both", state, architecture=ENSEMBLE, input_size_px=LARGE, members=members)
    return [*singles, both]


@pytest.fixture(scope="module")
def loaded(models):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield [load_detector(card, folder, "cpu") for card, folder in models]
    torch.set_num_threads(threads)


@pytest.mark.parametrize("side", [40, 56, 100, 230])
def test_the_mean_is_that_of_the_models_as_each_would_score_the_frame(loaded, astronaut, side):
    frame = cv2.resize(astronaut, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    box = (600.0, 200.0, 600.0 + side / 1.3, 200.0 + side / 1.5)
    first, second, mean = (detector.predict([crop_for(detector.card, frame, box)]) for detector in loaded)
    assert np.abs(first - second).max() > 0.05
    np.testing.assert_allclose(mean, (first + second) / 2, atol=TOLERANCE)


def test_a_crop_far_larger_than_any_input_is_shrunk_beforehand(models, astronaut):
    frame = cv2.resize(astronaut, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    box = (300.0, 100.0, 900.0, 700.0)
    crop = crop_for(models[2][0], frame, box)
    assert crop.shape == (4 * LARGE, 4 * LARGE, 3)
    direct = crop_for(models[1][0], frame, box).astype(int)
    difference = np.abs(resize_crop(crop, SMALL) - direct)
    assert difference.mean() < 1
    assert difference.max() <= 6


def test_crops_of_different_sizes_stand_in_one_batch(loaded, astronaut):
    detector = loaded[2]
    boxes = [(170.0, 60.0, 170.0 + side, 60.0 + side) for side in (30, 60, 200)]
    crops = [crop_for(detector.card, astronaut, box) for box in boxes]
    assert len({crop.shape for crop in crops}) == 3
    alone = np.concatenate([detector.predict([crop]) for crop in crops])
    np.testing.assert_allclose(detector.predict(crops), alone, atol=TOLERANCE)
    run_self_test(detector)


def test_the_card_of_a_mean_survives_writing_and_reading(models):
    card, folder = models[2]
    assert load_card(folder / CARD_FILE) == card
    assert card.networks == card.members
    own = models[1][0].networks[0]
    assert (own.input_size_px, own.std, own.architecture) == (SMALL, (0.4, 0.5, 0.6), "mobilenet_v2")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"members": ()}, "architecture"),
        ({"architecture": "mobilenet_v2"}, "architecture"),
        ({"input_size_px": SMALL}, "the largest"),
    ],
)
def test_a_card_that_contradicts_its_members_is_refused(models, changes, complaint):
    with pytest.raises(ValueError, match=complaint):
        dataclasses.replace(models[2][0], **changes)
    with pytest.raises(ValueError, match="at least two"):
        dataclasses.replace(models[2][0], members=models[2][0].members[:1])


def test_the_hash_covers_every_network(models, tmp_path):
    card, folder = models[2]
    state = torch.load(folder / "weights.pt", weights_only=True)
    state["1.classifier.1.bias"] += 1
    write_state_dict(state, tmp_path / "weights.pt")
    with pytest.raises(ModelError, match="not the one that its card describes"):
        load_detector(card, tmp_path, "cpu")


def test_a_heatmap_explains_the_first_network_and_states_the_score_of_all(loaded, astronaut):
    mean, first = loaded[2], loaded[0]
    heatmap = explain_face(mean, astronaut, BOX, 0, 1, "fake")
    alone = explain_face(first, astronaut, BOX, 0, 1, "fake")
    np.testing.assert_allclose(heatmap.values, alone.values, atol=TOLERANCE)
    assert heatmap.method == "Grad-CAM of the first of 2 networks"
    assert alone.method == "Grad-CAM"
    from desktop_app.analysis.pipeline import score_crops

    ((_, p_fake, _),) = score_crops(mean, [crop_for(mean.card, astronaut, BOX)])
    assert heatmap.p_fake == pytest.approx(p_fake, abs=1e-6)
    assert abs(alone.p_fake - p_fake) > 1e-3


def test_a_network_is_shown_the_middle_of_the_crop(models, loaded, astronaut):
    card, folder = models[2]
    parts = (card.members[0], dataclasses.replace(card.members[1], crop_share=0.5))
    crop = np.ascontiguousarray(astronaut[40:200, 150:310])
    found = load_detector(dataclasses.replace(card, members=parts), folder, "cpu").predict([crop])
    first, second = loaded[0].predict([crop]), loaded[1].predict([crop[40:120, 40:120]])
    np.testing.assert_allclose(found, (first + second) / 2, atol=TOLERANCE)
    assert np.abs(found - loaded[2].predict([crop])).max() > 10 * TOLERANCE


def test_the_networks_of_a_mean_are_named_for_people(models):
    card, (single, _) = models[2][0], models[0]
    assert (single.network_names, card.network_names) == ("mobilenet_v2", "2 x mobilenet_v2")
    other = dataclasses.replace(card.members[1], architecture="meso4", crop_share=0.5)
    assert dataclasses.replace(card, members=(card.members[0], other)).network_names == "mobilenet_v2 + meso4"
    with pytest.raises(ValueError, match="crop_share"):
        dataclasses.replace(card, members=(other, card.members[0]))


def test_a_mean_is_not_exported_to_onnx(models, loaded, tmp_path, monkeypatch):
    with pytest.raises(ModelError, match="mean of several networks") as caught:
        export_onnx(loaded[2], tmp_path / "a.onnx")
    assert "single-0, single-1" in caught.value.hint
    # neither is installed: a model that cannot be found is no advice
    assert "Export one" not in caught.value.hint
    monkeypatch.setattr(exporting, "list_cards", lambda: [models[1][0]])
    with pytest.raises(ModelError) as caught:
        export_onnx(loaded[2], tmp_path / "a.onnx")
    assert caught.value.hint == "Export one of them by itself: single-1."
    monkeypatch.setattr(compact, "find_card", lambda model_id: models[2])
    with pytest.raises(ModelError, match="mean of several networks"):
        compact.export_forms("both", tmp_path, True)
    assert not list(tmp_path.iterdir())


def test_a_mean_is_imported_tested_and_shown(models, tmp_path, capsys):
    card, folder = models[2]
    import_model(folder / "weights.pt", None, folder / CARD_FILE)
    found, place = find_card("both")
    assert found.members == card.members
    assert place == user_models_dir() / "both"
    assert main(["models", "test", "both"]) == 0
    capsys.readouterr()
    assert main(["models", "show", "both"]) == 0
    shown = capsys.readouterr().out
    assert "Network 1 of the mean: single-0, mobilenet_v2, input 64 px, SHA-256" in shown
    assert "Network 2 of the mean: single-1, mobilenet_v2, input 48 px" in shown
    assert main(["models", "show", "both", "--json"]) == 0
    assert [m["model_id"] for m in json.loads(capsys.readouterr().out)["members"]] == ["single-0", "single-1"]


@pytest.mark.parametrize("place", [0, 2])
def test_the_mean_with_the_mirror_image(models, loaded, astronaut, place):
    card, folder = models[place]
    crops = [crop_for(card, astronaut, BOX), crop_for(card, astronaut, (20.0, 20.0, 90.0, 80.0))]
    mirrored = [np.ascontiguousarray(crop[:, ::-1]) for crop in crops]
    plain = loaded[place]
    both = load_detector(dataclasses.replace(card, averages_mirrored=True), folder, "cpu")
    expected = (plain.predict(crops) + plain.predict(mirrored)) / 2
    np.testing.assert_allclose(both.predict(crops), expected, atol=TOLERANCE)
    np.testing.assert_allclose(both.predict(mirrored), both.predict(crops), atol=TOLERANCE)
    assert np.abs(plain.predict(mirrored) - plain.predict(crops)).max() > 1e-3
    heatmaps = [explain_face(detector, astronaut, BOX, 0, 1, "fake") for detector in (plain, both)]
    np.testing.assert_allclose(heatmaps[0].values, heatmaps[1].values, atol=TOLERANCE)
    assert heatmaps[0].p_fake != heatmaps[1].p_fake


def test_the_mirror_image_counts_in_onnx_too(models, loaded, astronaut, tmp_path):
    card, folder = models[0]
    detector = load_detector(dataclasses.replace(card, averages_mirrored=True), folder, "cpu")
    assert export_onnx(detector, tmp_path / "a.onnx") < 1e-3
    crops = [crop_for(card, astronaut, BOX)]
    content = (tmp_path / "a.onnx").read_bytes()
    np.testing.assert_allclose(
        OnnxDetector(detector.card, content).predict(crops), detector.predict(crops), atol=TOLERANCE
    )
    plain = OnnxDetector(card, content).predict(crops)
    np.testing.assert_allclose(plain, loaded[0].predict(crops), atol=TOLERANCE)
    assert np.abs(plain - detector.predict(crops)).max() > 1e-3


def test_a_mirrored_model_says_so(models, capsys):
    card, folder = models[0]
    changed = dataclasses.replace(card, model_id="mirrored", averages_mirrored=True)
    place = user_models_dir() / "mirrored"
    place.mkdir(parents=True)
    (place / "weights.pt").write_bytes((folder / "weights.pt").read_bytes())
    write_card(changed, place / CARD_FILE)
    assert find_card("mirrored")[0].averages_mirrored
    assert main(["models", "show", "mirrored"]) == 0
    assert "mirror image, at twice the time" in capsys.readouterr().out


def test_memory_that_runs_out_halves_the_batch_of_a_mean_too(models, loaded, astronaut, monkeypatch):
    detector = loaded[2]
    crops = [crop_for(detector.card, astronaut, BOX)] * 4
    expected = detector.predict(crops)
    module = torch.nn.ModuleList([build_net("mobilenet_v2", 2), build_net("mobilenet_v2", 2)])
    module.load_state_dict(torch.load(models[2][1] / "weights.pt", weights_only=True))
    hungry = TorchDetector(detector.card, module, "cpu")
    whole = hungry.to_input

    def to_input(crops, member=0):
        if len(crops) > 2:
            raise torch.OutOfMemoryError("out of memory")
        return whole(crops, member)

    monkeypatch.setattr(hungry, "to_input", to_input)
    np.testing.assert_allclose(hungry.predict(crops), expected, atol=TOLERANCE)
