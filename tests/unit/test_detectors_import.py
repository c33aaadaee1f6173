import os
import pickle
import re
from functools import cache

import h5py
import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn

from desktop_app.detectors import DEFAULT_MODEL_ID, fake_logits, find_card, list_models, load_card, load_detector
from desktop_app.detectors.importing import (
    NOT_VALIDATED,
    TEMPLATE,
    UNVALIDATED,
    ImportOptions,
    import_model,
    make_crops,
    run_self_test,
)
from desktop_app.detectors.importing import files as files_module
from desktop_app.detectors.importing.layouts import recognise, template
from desktop_app.detectors.nets import NETS, build_net, count_parameters
from desktop_app.domain import Band
from desktop_app.errors import ModelError
from desktop_app.paths import shipped_models_dir, user_models_dir

SIZE = 32
SMALL = ImportOptions(input_size_px=SIZE, mean=(0.5,) * 3, std=(0.5,) * 3)


@cache
def lively(architecture, outputs=2):
    """A random network whose outputs differ from picture to picture; nobody may change it."""
    torch.manual_seed(0)
    net = build_net(architecture, outputs)
    for norm in (m for m in net.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)):
        norm.momentum = None
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.uniform_(norm.bias, -0.2, 0.2)
    net.train()
    with torch.no_grad():
        # few samples of a layer make its variance tiny and what follows huge, where rounding is all that is left
        net(torch.randn(16, 3, 2 * SIZE, 2 * SIZE))
    return net.eval()


def scores_of(net, card):
    """What the network itself gives for the pictures of the self-test."""
    pictures = np.stack(make_crops(card.input_size_px)).astype(np.float32) / 255
    inputs = (pictures - np.array(card.mean, np.float32)) / np.array(card.std, np.float32)
    with torch.inference_mode():
        return net(torch.from_numpy(inputs.transpose(0, 3, 1, 2)).float().contiguous()).numpy()


def refused(file, *arguments, **options):
    """The error of an import that must leave nothing behind."""
    with pytest.raises(ModelError) as caught:
        import_model(file, ImportOptions(**options) if options else None, *arguments)
    assert not user_models_dir().exists() or list(user_models_dir().iterdir()) == []
    return caught.value


# --- checkpoints under names of others


def rename(state, *pairs):
    renamed = {}
    for key, value in state.items():
        for pattern, replacement in pairs:
            key = re.sub(pattern, replacement, key)
        renamed[key] = value
    return renamed


def timm_names(key):
    """Torchvision's EfficientNet under timm's names, written down independently of the importer."""
    fixed = {"features.0.0": "conv_stem", "features.0.1": "bn1", "features.8.0": "conv_head", "features.8.1": "bn2",
             "classifier.1": "classifier"}  # fmt: skip
    module, _, tensor = key.rpartition(".")
    if module in fixed:
        return f"{fixed[module]}.{tensor}"
    _, stage, place, _, part = module.split(".", 4)
    first = {"0.0": "conv_dw", "0.1": "bn1", "1.fc1": "se.conv_reduce", "1.fc2": "se.conv_expand", "2.0": "conv_pw",
             "2.1": "bn2"}  # fmt: skip
    others = {"0.0": "conv_pw", "0.1": "bn1", "1.0": "conv_dw", "1.1": "bn2", "2.fc1": "se.conv_reduce",
              "2.fc2": "se.conv_expand", "3.0": "conv_pwl", "3.1": "bn3"}  # fmt: skip
    return f"blocks.{int(stage) - 1}.{place}.{(first if stage == '1' else others)[part]}.{tensor}"


def tensorflow_names(state):
    """The same under the names of efficientnet_pytorch, whose blocks are numbered through."""
    fixed = {"features.0.0": "_conv_stem", "features.0.1": "_bn0", "features.8.0": "_conv_head", "features.8.1": "_bn1",
             "classifier.1": "_fc"}  # fmt: skip
    first = {"0.0": "_depthwise_conv", "0.1": "_bn1", "1.fc1": "_se_reduce", "1.fc2": "_se_expand",
             "2.0": "_project_conv", "2.1": "_bn2"}  # fmt: skip
    others = {"0.0": "_expand_conv", "0.1": "_bn0", "1.0": "_depthwise_conv", "1.1": "_bn1", "2.fc1": "_se_reduce",
              "2.fc2": "_se_expand", "3.0": "_project_conv", "3.1": "_bn2"}  # fmt: skip
    renamed, blocks = {}, {}
    for key, value in state.items():
        module, _, tensor = key.rpartition(".")
        if module in fixed:
            renamed[f"{fixed[module]}.{tensor}"] = value
            continue
        _, stage, place, _, part = module.split(".", 4)
        number = blocks.setdefault((stage, place), len(blocks))
        renamed[f"_blocks.{number}.{(first if stage == '1' else others)[part]}.{tensor}"] = value
    return renamed


def wrapped(state):
    return {"epoch": 3, "state_dict": {f"module.{k}": v for k, v in state.items()}}


def compiled(state):
    return {"model": {f"_orig_mod.module.backbone.{k}": v for k, v in state.items()}}


def averaged(state):
    return {"net": {k: v * 0 for k, v in state.items()}, "ema": state}


def deepfakebench(state):
    own = rename(state, (r"^fc\.", "last_linear."), (r"^", "backbone."))
    return own | {"backbone.adjust_channel.0.weight": torch.zeros(512, 2048, 1, 1)}


def flat_pointwise(state):
    return {k: v[:, :, 0, 0] if "pointwise" in k else v for k, v in state.items()}


def scratch(state):
    """Other names, the same order."""
    return {f"conv{i // 7}a_{i}.{k.rpartition('.')[2]}": v for i, (k, v) in enumerate(state.items())}


LAYOUTS = {
    "torchvision, bare": ("mobilenet_v2", lambda s: s),
    "averaged weights go first": ("mobilenet_v2", averaged),
    "a plain head": ("mobilenet_v2", lambda s: rename(s, (r"^classifier\.1\.", "classifier."))),
    "wrapped": ("resnet18", wrapped),
    "compiled": ("resnet18", compiled),
    "dropout in front of the head": ("resnet18", lambda s: rename(s, (r"^fc\.", "model.fc.1."))),
    "FaceForensics++": ("xception", lambda s: rename(s, (r"^fc\.", "last_linear.1."), (r"^", "model."))),
    "DeepfakeBench": ("xception", deepfakebench),
    "flat pointwise": ("xception", flat_pointwise),
    "timm": ("efficientnet_b0", lambda s: {timm_names(k): v for k, v in s.items()}),
    "efficientnet_pytorch": ("efficientnet_b0_same", lambda s: {f"net.{k}": v for k, v in tensorflow_names(s).items()}),
    "scratch CNN": ("cnn_small", scratch),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_checkpoint_under_other_names_scores_like_its_network(layout, tmp_path):
    architecture, renamed = LAYOUTS[layout]
    net = lively(architecture)
    torch.save(renamed(net.state_dict()), tmp_path / "My Model.pth")
    done = import_model(tmp_path / "My Model.pth", SMALL)
    assert (done.card.model_id, done.card.architecture, done.card.outputs) == ("my-model", architecture, None)
    assert done.card.parameters == count_parameters(net)
    card, folder = find_card("my-model")
    assert (card, folder) == (done.card, done.folder)
    wanted = scores_of(net, card)
    found = load_detector(card, folder, "cpu").predict(make_crops(SIZE))
    np.testing.assert_allclose(found, wanted, atol=1e-3 * max(1, np.abs(wanted).max()))
    assert np.ptp(wanted) > 1e-3


def test_tensorflows_efficientnet_is_padded_at_the_end():
    net = lively("efficientnet_b0_same")
    plain = build_net("efficientnet_b0", 2).eval()
    plain.load_state_dict(net.state_dict())
    stem, image = net.features[0][0], torch.randn(1, 3, SIZE, SIZE)
    wanted = nn.functional.conv2d(nn.functional.pad(image, (0, 1, 0, 1)), stem.weight, stride=2)
    with torch.inference_mode():
        torch.testing.assert_close(stem(image), wanted)
        assert not torch.allclose(net(image), plain(image), atol=1e-3)


def test_xception_computes_what_the_paper_draws(tmp_path):
    net = lively("xception")
    x = torch.randn(1, 64, 9, 9)
    block = net.block1
    with torch.inference_mode():
        out = x
        for place in ("0", "3"):
            sep, norm = block.rep.get_submodule(place), block.rep.get_submodule(str(int(place) + 1))
            out = nn.functional.conv2d(out, sep.conv1.weight, padding=1, groups=out.shape[1])
            out = norm(nn.functional.conv2d(out, sep.pointwise.weight))
            out = out.relu() if place == "0" else out
        out = nn.functional.max_pool2d(out, 3, 2, 1) + block.skipbn(
            nn.functional.conv2d(x, block.skip.weight, stride=2)
        )
        torch.testing.assert_close(block(x), out)
    assert [net.get_submodule(f"block{n}").skip is None for n in range(1, 13)] == [False] * 3 + [True] * 8 + [False]


def test_safetensors_are_read_whatever_their_order(tmp_path):
    net = lively("efficientnet_b0", 3)
    state = {timm_names(k): v for k, v in net.state_dict().items()}
    safetensors.torch.save_file(dict(sorted(state.items())), tmp_path / "a.safetensors")
    classes = ("real", "swap", "gan")
    done = import_model(tmp_path / "a.safetensors", ImportOptions(input_size_px=SIZE, classes=classes))
    assert (done.card.classes, done.card.genuine_class, done.card.output_count) == (classes, "real", 3)
    assert done.card.mean == (0.485, 0.456, 0.406)
    wanted = scores_of(net, done.card)
    np.testing.assert_allclose(done.test.logits, wanted, atol=1e-3 * np.abs(wanted).max())


def test_half_precision_is_read(tmp_path):
    net = lively("meso4", 1)
    torch.save({k: v.half() if v.is_floating_point() else v for k, v in net.state_dict().items()}, tmp_path / "a.pt")
    done = import_model(tmp_path / "a.pt")
    assert (done.card.input_size_px, done.card.outputs, done.card.classes) == (256, 1, ("genuine", "fake"))
    np.testing.assert_allclose(done.test.logits, scores_of(net, done.card), atol=0.02)


def test_one_output_that_means_real_is_turned(tmp_path):
    net = lively("meso4", 1)
    torch.save(net.state_dict(), tmp_path / "a.pt")
    plain = import_model(tmp_path / "a.pt", ImportOptions(model_id="b", classes=("real", "fake")))
    turned = import_model(tmp_path / "a.pt", ImportOptions(model_id="c", classes=("fake", "real")))
    assert plain.card.classes == turned.card.classes == ("real", "fake")
    np.testing.assert_allclose(turned.test.logits, -plain.test.logits, atol=1e-5)
    np.testing.assert_array_equal(fake_logits(turned.card, turned.test.logits), turned.test.logits[:, 0])


@pytest.mark.parametrize("architecture", sorted(NETS))
def test_our_own_layouts_are_recognised(architecture):
    outputs = NETS[architecture].outputs
    state = {k: torch.empty((outputs, *s[1:]) if k in list(template(architecture))[-2:] else s, device="meta")
             for k, s in template(architecture).items()}  # fmt: skip
    match = recognise(state, architecture)
    assert (match.architecture, match.outputs) == (architecture, outputs)
    # the twins have the same tensors: without a name the plain one is taken
    assert recognise(state).architecture == architecture.removesuffix("_same").removesuffix("_residual")


# --- the card


def test_what_is_not_known_is_said_in_the_card(tmp_path):
    torch.save(lively("mobilenet_v2").state_dict(), tmp_path / "net.pt")
    card = import_model(tmp_path / "net.pt").card
    assert (card.input_size_px, card.thresholds, card.error_rates) == (224, UNVALIDATED, ())
    assert card.limits[0] == NOT_VALIDATED
    assumed = card.limits[1]
    for part in ("input 224 px", "mean (0.485, 0.456, 0.406)", "crop margin 0.3", "outputs are genuine, fake"):
        assert part in assumed
    assert re.search(r"Imported from net\.pt \(SHA-256 [0-9a-f]{64}\)", card.limits[-1])
    assert {card.thresholds.band(p) for p in (0.0, 0.5, 1.0)} == {Band.INCONCLUSIVE}


def test_the_template_is_a_template(tmp_path):
    lines = [line.removeprefix("# ") for line in TEMPLATE.splitlines() if re.match(r"# (\w+ = |\[\[|#)", line)]
    text = "\n".join(lines).replace('"xception"', '"mobilenet_v2"').replace("input_size_px = 224", "input_size_px = 32")
    kept = "\n".join(line for line in text.splitlines() if not re.match(r"output(_name)? =|channels", line))
    (tmp_path / "card.toml").write_text(kept, encoding="utf-8")
    torch.save(lively("mobilenet_v2").state_dict(), tmp_path / "net.pt")
    card = import_model(tmp_path / "net.pt", ImportOptions(name="Other"), tmp_path / "card.toml").card
    assert (card.model_id, card.name, card.training_data[0].name) == ("my-detector-1", "Other", "set")
    assert not any("Assumed" in text for text in card.limits)
    (tmp_path / "card.toml").write_text(text, encoding="utf-8")
    import_model(tmp_path / "net.pt", ImportOptions(model_id="second"), tmp_path / "card.toml")
    (tmp_path / "card.toml").write_text("colour = 1", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        import_model(tmp_path / "net.pt", None, tmp_path / "card.toml")
    assert "unknown entries: colour" in caught.value.hint


def test_a_whole_card_goes_with_its_file_only(tmp_path):
    torch.save(lively("mobilenet_v2").state_dict(), tmp_path / "net.pt")
    done = import_model(tmp_path / "net.pt", SMALL)
    again = import_model(done.folder / "weights.pt", ImportOptions(model_id="again"), done.folder / "card.toml")
    assert again.card.mean == done.card.mean
    assert again.card.limits == done.card.limits
    np.testing.assert_array_equal(again.test.logits, done.test.logits)
    for options, complaint in ((ImportOptions(model_id="x"), "another file"), (SMALL, "cannot be changed")):
        with pytest.raises(ModelError, match=complaint):
            import_model(tmp_path / "net.pt", options, done.folder / "card.toml")


def test_the_card_of_a_mean_cannot_serve_another_file(tmp_path):
    torch.save(lively("mobilenet_v2").state_dict(), tmp_path / "net.pt")
    with pytest.raises(ModelError, match="another file") as caught:
        import_model(tmp_path / "net.pt", None, shipped_models_dir() / DEFAULT_MODEL_ID / "card.toml")
    assert "models combine" in caught.value.hint
    assert "template" not in caught.value.hint


def test_ids_stay_in_their_folder(tmp_path):
    torch.save(lively("mobilenet_v2").state_dict(), tmp_path / "net.pt")
    for model_id in ("../x", "a/b", "a\\b", ".", "..", ".hidden", "a.", "", " ", "x" * 81, "/x", "-x", "--help"):
        if model_id:
            refused(tmp_path / "net.pt", model_id=model_id, input_size_px=SIZE)
    assert "There is a model" in refused(tmp_path / "net.pt", model_id="cotejo-mobilenetv2-5").user_message
    import_model(tmp_path / "net.pt", SMALL)
    before = load_card(user_models_dir() / "net" / "card.toml")
    with pytest.raises(ModelError, match="already"):
        import_model(tmp_path / "net.pt")
    assert load_card(user_models_dir() / "net" / "card.toml") == before
    assert [p.name for p in user_models_dir().iterdir()] == ["net"]
    assert "net" in [card.model_id for card, _ in list_models()]


def test_a_folder_without_a_model_is_not_called_one(tmp_path):
    torch.save(lively("mobilenet_v2").state_dict(), tmp_path / "net.pt")
    left = user_models_dir() / "net"
    left.mkdir(parents=True)
    with pytest.raises(ModelError, match=r"The folder “.*net” is there already"):
        import_model(tmp_path / "net.pt", SMALL)
    assert list(user_models_dir().iterdir()) == [left]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"classes": ("a", "b", "genuine")}, "contradicts"),
        ({"classes": ("a", "b")}, "genuine is not known"),
        ({"outputs": 1}, "has 2 outputs, not 1"),
        ({"architecture": "resnet18"}, "nearest is resnet18"),
        ({"architecture": "no_such"}, "is not known"),
        ({"std": (0.0, 1.0, 1.0)}, "contradicts"),
        ({"genuine_class": "x"}, "genuine is not known"),
        ({"crop_margin": float("nan")}, "contradicts"),
        ({"crop_margin": -3.0}, "contradicts"),
        ({"crop_margin": float("inf")}, "contradicts"),
        ({"crop_margin": 99.0}, "contradicts"),
    ],
)
def test_what_contradicts_the_file_is_refused(options, complaint, tmp_path):
    torch.save(lively("mobilenet_v2").state_dict(), tmp_path / "net.pt")
    assert complaint in refused(tmp_path / "net.pt", **options).user_message


# --- files that nobody should open


class Malicious:
    """Unpickled, it would make a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".pkl"])
def test_a_pickle_with_code_is_not_run(suffix, tmp_path):
    trap, file = tmp_path / "trap", tmp_path / f"model{suffix}"
    state = lively("meso4", 1).state_dict()
    for content in (Malicious(trap), {"state_dict": state, "extra": Malicious(trap)}):
        torch.save(content, file)
        error = refused(file)
        assert "contains code objects, not just tensors" in error.user_message
        assert "mkdir" in error.hint
        assert not trap.exists()
    # the trap works
    pickle.loads(pickle.dumps(Malicious(trap)))
    assert trap.exists()


def test_a_whole_module_and_a_raw_pickle_are_refused(tmp_path):
    torch.save(nn.Linear(2, 2), tmp_path / "net.pt")
    assert "contains code objects" in refused(tmp_path / "net.pt").user_message
    (tmp_path / "net.pt").write_bytes(pickle.dumps(Malicious(tmp_path / "trap")))
    refused(tmp_path / "net.pt")
    assert not (tmp_path / "trap").exists()


def test_damaged_files_are_refused(tmp_path):
    torch.save(lively("meso4", 1).state_dict(), tmp_path / "whole.pt")
    content = (tmp_path / "whole.pt").read_bytes()
    for name in ("net.pt", "net.safetensors", "net.h5", "net.onnx"):
        for data in (b"", b"x", content[: len(content) // 2], b"\x89HDF\r\n\x1a\n" + b"\0" * 600):
            (tmp_path / name).write_bytes(data)
            refused(tmp_path / name)
    (tmp_path / "net.txt").write_bytes(content)
    assert ".txt" in refused(tmp_path / "net.txt").user_message
    assert "cannot be read" in refused(tmp_path / "none.pt").user_message
    (tmp_path / "folder.pt").mkdir()
    refused(tmp_path / "folder.pt")


def test_sizes_are_limited(tmp_path, monkeypatch):
    torch.save({"a": torch.zeros(1).expand(10**9, 10)}, tmp_path / "view.pt")
    assert (tmp_path / "view.pt").stat().st_size < 10_000
    assert "too large" in refused(tmp_path / "view.pt").user_message
    torch.save(lively("meso4", 1).state_dict(), tmp_path / "net.pt")
    monkeypatch.setattr(files_module, "MAX_BYTES", 1000)
    assert "too large" in refused(tmp_path / "net.pt").user_message


def test_a_mean_of_networks_asks_for_its_card(tmp_path):
    state = lively("cnn_small").state_dict()
    several = {f"{number}.{key}": value for number in range(2) for key, value in state.items()}
    torch.save(several, tmp_path / "mean.pt")
    error = refused(tmp_path / "mean.pt")
    assert error.user_message == "These are the weights of several networks of one model."
    assert "card" in error.hint
    torch.save({f"module.{key}": value for key, value in several.items()}, tmp_path / "wrapped.pt")
    assert refused(tmp_path / "wrapped.pt").user_message == error.user_message
    torn = dict(several)
    torn.pop(next(key for key in several if key.startswith("1.")))
    named = {f"part{key}": value for key, value in several.items()}
    for content in (torn, named):
        torch.save(content, tmp_path / "other.pt")
        assert "fit no network" in refused(tmp_path / "other.pt").user_message


def test_a_network_alone_in_a_sequential_is_found(tmp_path):
    net = lively("mobilenet_v2")
    torch.save(nn.Sequential(net).state_dict(), tmp_path / "net.pt")
    done = import_model(tmp_path / "net.pt", SMALL)
    assert done.card.architecture == "mobilenet_v2"
    wanted = scores_of(net, done.card)
    np.testing.assert_allclose(done.test.logits, wanted, atol=1e-3 * np.abs(wanted).max())
    torch.save({f"module.0.model.{key}": value for key, value in net.state_dict().items()}, tmp_path / "deep.pt")
    assert import_model(tmp_path / "deep.pt", SMALL).card.architecture == "mobilenet_v2"


def test_a_tensor_below_thousands_of_numbers_is_refused_plainly(tmp_path):
    torch.save({3000 * "0." + "weight": torch.zeros(2)}, tmp_path / "net.pt")
    assert "fit no network" in refused(tmp_path / "net.pt").user_message


def test_the_nearest_network_is_named(tmp_path):
    state = lively("mobilenet_v2").state_dict()
    state["features.3.extra.weight"] = state.pop("features.4.conv.0.0.weight")
    state["features.5.conv.0.0.weight"] = torch.zeros(1, 2, 3, 4)
    torch.save(state, tmp_path / "net.pt")
    error = refused(tmp_path / "net.pt")
    assert "nearest is mobilenet_v2" in error.user_message
    assert "missing (1): features.4.conv.0.0.weight" in error.hint
    assert "unexpected (1): features.3.extra.weight" in error.hint
    assert "features.5.conv.0.0.weight (1, 2, 3, 4) instead of (192, 32, 1, 1)" in error.hint
    for content in ({"weights_of_me": state}, [1, 2], {}):
        torch.save(content, tmp_path / "net.pt")
        refused(tmp_path / "net.pt")


@pytest.mark.parametrize("fault", ["nan", "constant"])
def test_a_network_that_cannot_score_fails_the_self_test(fault, tmp_path):
    state = lively("mobilenet_v2").state_dict()
    if fault == "nan":
        state["classifier.1.bias"] = torch.full((2,), float("nan"))
    else:
        state["classifier.1.weight"] = torch.zeros(2, 1280)
    torch.save(state, tmp_path / "net.pt")
    error = refused(tmp_path / "net.pt", input_size_px=SIZE)
    assert ("gave no number" if fault == "nan" else "self-test") in error.user_message


def test_a_detector_that_rolls_dice_fails_the_self_test(tmp_path):
    torch.save(lively("mobilenet_v2").state_dict(), tmp_path / "net.pt")
    done = import_model(tmp_path / "net.pt", SMALL)
    detector = load_detector(done.card, done.folder, "cpu")
    steady = detector.predict
    detector.predict = lambda crops: steady(crops) + np.random.default_rng().normal(0, 0.1, (len(crops), 2))
    with pytest.raises(ModelError) as caught:
        run_self_test(detector)
    assert "second time" in caught.value.hint
    detector.predict = lambda crops: steady(crops) * len(crops)
    with pytest.raises(ModelError) as caught:
        run_self_test(detector)
    assert "in a batch" in caught.value.hint


# --- MesoNet as Keras stores it


class Keras:
    """Writes layers as Keras does, numbered per kind; `paths` says where an array of a layer goes."""

    def __init__(self, path, layout):
        self.file, self.layout, self.counts = h5py.File(path, "w"), layout, {}

    def layer(self, kind, arrays):
        number = self.counts.get(kind, 0)
        self.counts[kind] = number + 1
        # legacy names count from one, and on from what was built before
        name = f"{kind}_{number + 8}" if self.layout == "legacy" else f"{kind}_{number}" if number else kind
        for place, (array_name, array) in enumerate(arrays.items()):
            path = {
                "legacy": f"{name}/{name}/{array_name}:0",
                "whole": f"model_weights/{name}/sequential/{name}/{array_name}",
                "keras 3": f"layers/{name}/vars/{place}",
            }[self.layout]
            self.file[path] = array


def write_meso(net, path, layout):
    """The network's weights the way Keras would have them; convolutions of a module in the order of creation."""
    keras = Keras(path, layout)
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            kernel = module.weight.detach().numpy().transpose(2, 3, 1, 0)
            keras.layer("conv2d", {"kernel": kernel, "bias": module.bias.detach().numpy()})
        elif isinstance(module, nn.BatchNorm2d):
            arrays = (module.weight.detach(), module.bias.detach(), module.running_mean, module.running_var)
            names = ("gamma", "beta", "moving_mean", "moving_variance")
            keras.layer("batch_normalization", {n: a.numpy() for n, a in zip(names, arrays, strict=True)})
        elif isinstance(module, nn.Linear):
            kernel = module.weight.detach().numpy().T
            if len(kernel) == 1024:
                kernel = kernel.reshape(16, 8, 8, 16).transpose(1, 2, 0, 3).reshape(1024, 16)
            keras.layer("dense", {"kernel": kernel, "bias": module.bias.detach().numpy()})
    keras.file["optimizer_weights/iterations:0"] = np.array(7)
    keras.file.close()


@pytest.mark.parametrize("architecture", ["meso4", "meso_inception4"])
@pytest.mark.parametrize("layout", ["legacy", "whole", "keras 3"])
def test_a_mesonet_of_keras_is_turned_round(architecture, layout, tmp_path):
    net = lively(architecture, 1)
    write_meso(net, tmp_path / "Meso.h5", layout)
    done = import_model(tmp_path / "Meso.h5")
    card = done.card
    assert (card.architecture, card.input_size_px, card.mean, card.std) == (architecture, 256, (0.0,) * 3, (1.0,) * 3)
    assert (card.classes, card.outputs) == (("genuine", "fake"), 1)
    np.testing.assert_allclose(done.test.logits, -scores_of(net, card), atol=1e-4)
    assert "score of “genuine”" in card.limits[1]


def keras_forward(file, image):
    """Meso-4 as Keras computes it, channels last, in plain NumPy."""
    get = lambda layer, name: file[f"{layer}/{layer}/{name}:0"][()].astype(np.float64)  # noqa: E731
    x = image.astype(np.float64)
    for number, pool in zip((8, 9, 10, 11), (2, 2, 2, 4), strict=True):
        kernel = get(f"conv2d_{number}", "kernel")
        size = kernel.shape[0]
        padded = np.pad(x, ((size // 2,) * 2, (size // 2,) * 2, (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(0, 1))
        x = np.maximum(
            np.einsum("hwcij,ijco->hwo", windows, kernel, optimize=True) + get(f"conv2d_{number}", "bias"), 0
        )
        norm = f"batch_normalization_{number}"
        x = (x - get(norm, "moving_mean")) / np.sqrt(get(norm, "moving_variance") + 1e-3) * get(norm, "gamma")
        x = x + get(norm, "beta")
        side = x.shape[0] // pool
        x = x.reshape(side, pool, side, pool, -1).max(axis=(1, 3))
    hidden = x.reshape(-1) @ get("dense_8", "kernel") + get("dense_8", "bias")
    hidden = np.where(hidden > 0, hidden, 0.1 * hidden)
    return hidden @ get("dense_9", "kernel") + get("dense_9", "bias")


def test_meso4_scores_as_keras_would(tmp_path):
    write_meso(lively("meso4", 1), tmp_path / "Meso.h5", "legacy")
    done = import_model(tmp_path / "Meso.h5")
    with h5py.File(tmp_path / "Meso.h5") as file:
        for crop, logits in zip(make_crops(256)[:3], done.test.logits, strict=False):
            np.testing.assert_allclose(-logits, keras_forward(file, crop / 255), atol=1e-4)


def test_files_that_reach_into_others_are_refused(tmp_path):
    write_meso(lively("meso4", 1), tmp_path / "real.h5", "legacy")
    with h5py.File(tmp_path / "link.h5", "w") as file:
        file["model_weights"] = h5py.ExternalLink("real.h5", "/")
    assert "refers to other" in refused(tmp_path / "link.h5").user_message
    (tmp_path / "raw").write_bytes(b"\0" * 4000)
    with h5py.File(tmp_path / "ext.h5", "w") as file:
        file.create_dataset("a/b", (10,), "f4", external=[(str(tmp_path / "raw"), 0, 40)])
    assert "in other files" in refused(tmp_path / "ext.h5").user_message
    with h5py.File(tmp_path / "bomb.h5", "w") as file:
        file.create_dataset("a/kernel:0", (40_000, 40_000), "f4", chunks=(100, 100), compression="gzip")
    assert "too large" in refused(tmp_path / "bomb.h5").user_message
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["dense/dense/kernel:0"], file["dense/dense/bias:0"] = np.zeros((3, 2)), np.zeros(2)
    error = refused(tmp_path / "other.h5")
    assert "neither Meso-4 nor" in error.user_message
    assert "1 dense" in error.hint
