import dataclasses
import json
import shutil

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from torch import nn

from desktop_app.analysis.session import analyze_item
from desktop_app.cli import main
from desktop_app.detectors import TorchDetector, fake_logits, find_card, load_card, load_detector, sigmoid, write_card
from desktop_app.detectors.exporting import export_onnx, milliseconds_per_crop, quantise
from desktop_app.detectors.importing import NOT_VALIDATED, UNVALIDATED, ImportOptions, import_model, make_crops
from desktop_app.detectors.nets import build_net
from desktop_app.detectors.onnx_detector import OnnxDetector
from desktop_app.detectors.weights import file_sha256, write_state_dict
from desktop_app.domain import AnalysisRequest, Band, ExhibitKind, Outcome
from desktop_app.errors import DeviceError, ModelError
from desktop_app.explain import explain_face
from desktop_app.paths import user_models_dir
from desktop_app.training import compact
from tests.factories import make_card
from tests.unit.analysis_scenes import INPUT_PX, MODEL_ID, build_model, scene, write_clip

SIZE = 32
UNIT = {"mean": (0.0,) * 3, "std": (1.0,) * 3}
CROPS = make_crops(SIZE)
PICTURES = np.stack(CROPS).astype(np.float32) / 255
WEIGHTS = np.random.default_rng(4).normal(0, 3, (3, 3)).astype(np.float32)


def tiny(path, outputs=2, end="", last=False, batch="n", kind=TensorProto.FLOAT, opset=17, flat=True, extra=False):
    """A classifier of the mean colour: `PICTURES.mean(axis=(1, 2)) @ WEIGHTS[:, :outputs]`, and what stands behind."""
    shape = [batch, SIZE, SIZE, 3] if last else [batch, 3, SIZE, SIZE]
    weights = WEIGHTS[:, :outputs].astype(helper.tensor_dtype_to_np_dtype(kind if kind != TensorProto.UINT8 else 1))
    nodes, now = [], "picture"
    if kind == TensorProto.UINT8:
        nodes.append(helper.make_node("Cast", [now], ["floats"], to=TensorProto.FLOAT))
        now = "floats"
    axes = [1, 2] if last else [2, 3]
    nodes.append(helper.make_node("ReduceMean", [now], ["mean"], axes=axes, keepdims=0))
    nodes.append(helper.make_node("MatMul", ["mean", "w"], ["scores"]))
    now = "scores"
    for operation in filter(None, (end, "" if flat else "Squeeze")):
        attributes = {"axis": 1} if operation == "Softmax" else {}
        inputs = [now, "one"] if operation == "Squeeze" else [now]
        nodes.append(helper.make_node(operation, inputs, [operation], **attributes))
        now = operation
    constants = [numpy_helper.from_array(weights, "w")]
    if not flat:
        constants.append(numpy_helper.from_array(np.array([1]), "one"))
    kinds = TensorProto.FLOAT if kind == TensorProto.UINT8 else kind
    results = [helper.make_tensor_value_info(now, kinds, [batch, outputs] if flat else [batch])]
    if extra:
        results.insert(0, helper.make_tensor_value_info("mean", kinds, [batch, 3]))
    graph = helper.make_graph(
        nodes, "tiny", [helper.make_tensor_value_info("picture", kind, shape)], results, constants
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.save_model(model, path)
    return path


def wanted(outputs=2, pictures=PICTURES):
    return pictures.mean(axis=(1, 2)) @ WEIGHTS[:, :outputs]


def installed(file, **options):
    return import_model(file, ImportOptions(**(UNIT | options)))


def refused(file, *arguments, **options):
    with pytest.raises(ModelError) as caught:
        import_model(file, ImportOptions(**options), *arguments)
    assert not user_models_dir().exists() or list(user_models_dir().iterdir()) == []
    return caught.value


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# --- any classifier, brought to one form


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"last": True},
        {"batch": 1},
        {"batch": 4},
        {"kind": TensorProto.DOUBLE},
        {"opset": 11},
        {"last": True, "batch": 3, "kind": TensorProto.DOUBLE},
    ],
    ids=str,
)
def test_a_classifier_scores_as_it_did(form, tmp_path):
    done = installed(tiny(tmp_path / "net.onnx", **form))
    assert (done.card.architecture, done.card.input_size_px, done.card.outputs) == ("onnx", SIZE, None)
    assert done.card.parameters == 6
    np.testing.assert_allclose(done.test.logits, wanted(), atol=1e-4)
    card, folder = find_card("net")
    detector = load_detector(card, folder, "auto")
    assert (detector.device, detector.predict([]).shape) == ("cpu", (0, 2))
    np.testing.assert_allclose(detector.predict(CROPS[:5]), wanted()[:5], atol=1e-4)


def test_an_untouched_file_keeps_its_hash(tmp_path):
    done = installed(tiny(tmp_path / "net.onnx"))
    assert done.card.weights_sha256 == file_sha256(tmp_path / "net.onnx")
    assert f"(SHA-256 {done.card.weights_sha256})" in done.card.limits[-1]


def test_half_precision_and_bytes_are_fed_as_they_wish(tmp_path):
    half = installed(tiny(tmp_path / "half.onnx", kind=TensorProto.FLOAT16))
    np.testing.assert_allclose(half.test.logits, wanted(), atol=0.02)
    scale = ImportOptions(mean=(0.0,) * 3, std=(1 / 255,) * 3)
    done = import_model(tiny(tmp_path / "bytes.onnx", kind=TensorProto.UINT8), scale)
    np.testing.assert_allclose(done.test.logits, wanted() * 255, rtol=0.02, atol=2)


def test_blue_may_come_first(tmp_path):
    (tmp_path / "card.toml").write_text('channels = "bgr"\nmean = [0, 0, 0]\nstd = [1, 1, 1]\n')
    done = import_model(tiny(tmp_path / "net.onnx", last=True), None, tmp_path / "card.toml")
    np.testing.assert_allclose(done.test.logits, wanted(pictures=PICTURES[..., ::-1]), atol=1e-4)


@pytest.mark.parametrize("stated", [None, "probabilities"])
def test_probabilities_become_logits(stated, tmp_path):
    done = installed(tiny(tmp_path / "two.onnx", end="Softmax"), output=stated)
    odds = fake_logits(done.card, done.test.logits)
    np.testing.assert_allclose(sigmoid(odds), softmax(wanted())[:, 1], atol=1e-5)
    assert ("outputs are probabilities" in done.card.limits[1]) == (stated is None)
    one = installed(tiny(tmp_path / "one.onnx", 1, end="Sigmoid"), output=stated)
    np.testing.assert_allclose(one.test.logits, wanted(1), atol=1e-3)
    assert one.card.outputs == 1


def test_one_score_of_genuine_is_turned(tmp_path):
    options = {"classes": ("fake", "genuine")}
    done = installed(tiny(tmp_path / "net.onnx", 1, end="Sigmoid"), **options)
    np.testing.assert_allclose(done.test.logits, -wanted(1), atol=1e-3)
    assert done.card.classes == ("genuine", "fake")
    plain = installed(tiny(tmp_path / "flat.onnx", 1, flat=False), **options)
    np.testing.assert_allclose(plain.test.logits, -wanted(1), atol=1e-4)


def test_several_classes_and_outputs(tmp_path):
    file = tiny(tmp_path / "net.onnx", 3, extra=True)
    assert "--classes" in refused(file, output_name="scores").hint
    done = installed(file, output_name="scores", classes=("genuine", "swap", "gan"))
    np.testing.assert_allclose(done.test.logits, wanted(3), atol=1e-4)
    with pytest.raises(ModelError, match="no output “x”"):
        installed(file, output_name="x", model_id="b")


def test_softmax_called_logits_is_refused(tmp_path):
    error = refused(tiny(tmp_path / "net.onnx", end="Softmax"), output="logits")
    assert "gives probabilities" in error.user_message


def test_a_free_size_must_be_stated(tmp_path):
    tiny(tmp_path / "net.onnx")
    model = onnx.load(tmp_path / "net.onnx")
    for dimension in model.graph.input[0].type.tensor_type.shape.dim[2:]:
        dimension.dim_param = "side"
    onnx.save_model(model, tmp_path / "net.onnx")
    assert "--size" in refused(tmp_path / "net.onnx").hint
    done = installed(tmp_path / "net.onnx", input_size_px=48)
    assert done.card.input_size_px == 48
    assert "takes 32 px" in refused_beside(tiny(tmp_path / "b.onnx"), input_size_px=64)


def refused_beside(file, **options):
    with pytest.raises(ModelError) as caught:
        import_model(file, ImportOptions(**options))
    return caught.value.user_message


def test_numbers_in_other_files_are_refused(tmp_path):
    tiny(tmp_path / "net.onnx")
    model = onnx.load(tmp_path / "net.onnx")
    onnx.save_model(model, tmp_path / "out.onnx", save_as_external_data=True, location="w.bin", size_threshold=0)
    assert "in other files" in refused(tmp_path / "out.onnx").user_message
    # hidden in an attribute of a node
    hidden = helper.make_tensor("c", TensorProto.FLOAT, [3, 2], np.zeros(6))
    hidden.ClearField("float_data")
    hidden.data_location = TensorProto.EXTERNAL
    hidden.external_data.add(key="location", value="../../secret")
    model.graph.node.insert(0, helper.make_node("Constant", [], ["w2"], value=hidden))
    (tmp_path / "net.onnx").write_bytes(model.SerializeToString())
    assert "in other files" in refused(tmp_path / "net.onnx").user_message
    # and a model that somebody put into the folder by hand
    card = make_card(architecture="onnx", weights_file="net.onnx", weights_sha256=file_sha256(tmp_path / "net.onnx"))
    with pytest.raises(ModelError, match="in other files"):
        load_detector(card, tmp_path, "cpu")


def test_what_is_no_classifier_of_pictures_is_refused(tmp_path):
    def save(change):
        model = onnx.load(tiny(tmp_path / "net.onnx"))
        change(model)
        (tmp_path / "net.onnx").write_bytes(model.SerializeToString())
        return refused(tmp_path / "net.onnx").user_message

    def narrow(model):
        model.graph.input[0].type.tensor_type.shape.dim[3].dim_value = 16

    def grey(model):
        model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 1

    assert "square" in save(narrow)
    assert "RGB" in save(grey)
    assert "2 inputs" in save(lambda m: m.graph.input.append(helper.make_tensor_value_info("x", 1, [1])))
    assert "cannot be run" in save(lambda m: setattr(m.graph.node[1], "domain", "of.nobody"))
    assert "no network" in refused_empty(tmp_path)
    assert "own network" in refused(tiny(tmp_path / "net.onnx"), architecture="resnet18").user_message


def refused_empty(folder):
    (folder / "empty.onnx").write_bytes(onnx.ModelProto(ir_version=8).SerializeToString())
    error = refused(folder / "empty.onnx")
    return error.user_message + error.hint


def test_altered_and_wrong_files_are_refused(tmp_path):
    done = installed(tiny(tmp_path / "net.onnx"))
    with pytest.raises(ModelError, match=r"cannot score|gave no number"):
        OnnxDetector(
            dataclasses.replace(done.card, input_size_px=16), (done.folder / "model.onnx").read_bytes()
        ).predict(CROPS)
    with pytest.raises(ModelError, match="gave no number"):
        OnnxDetector(
            dataclasses.replace(done.card, classes=("a", "b", "genuine")), (done.folder / "model.onnx").read_bytes()
        ).predict(CROPS)
    with (done.folder / "model.onnx").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError, match="not the one that its card describes"):
        load_detector(done.card, done.folder, "cpu")
    with pytest.raises(DeviceError):
        load_detector(done.card, done.folder, "warp")


# --- in the workstation


@pytest.fixture
def clip(tmp_path, astronaut):
    return write_clip(tmp_path / "scene.mp4", scene(astronaut), 12)


def test_an_imported_model_decides_nothing_and_has_no_heatmaps(clip, tmp_path, capsys, astronaut):
    installed(tiny(tmp_path / "net.onnx"))
    result = analyze_item(AnalysisRequest(clip, "net", device="cpu"))
    assert (result.verdict.outcome, result.verdict.band) == (Outcome.INCONCLUSIVE, Band.INCONCLUSIVE)
    assert result.verdict.reason == "This model came without a measured calibration: its scores support no verdict."
    assert result.verdict.p_fake is not None
    assert {e.kind for e in result.exhibits} == {ExhibitKind.KEY_FRAME, ExhibitKind.FACE_CROP}
    assert "no_heatmaps" in [n.code for n in result.notices]
    detector = load_detector(*find_card("net"), "cpu")
    with pytest.raises(ModelError, match="cannot show where it looked"):
        explain_face(detector, astronaut, (170.0, 60.0, 280.0, 190.0), 0, 1)
    arguments = ["--model", "net", "--device", "cpu", "--language", "es", "--pdf", "--out", str(tmp_path)]
    assert main(["analyze", str(clip), *arguments]) == 0
    assert (tmp_path / "scene.cotejo.pdf").stat().st_size > 10_000
    assert "calibración medida" in capsys.readouterr().out


# --- compact forms


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A small model of torch, whose scores differ from picture to picture, with its folder."""
    folder = tmp_path_factory.mktemp("torch") / MODEL_ID
    build_model(folder)
    torch.manual_seed(1)
    net = build_net("mobilenet_v2", 2)
    for norm in (m for m in net.modules() if isinstance(m, nn.BatchNorm2d)):
        norm.momentum = None
    with torch.no_grad():
        net.train()(torch.randn(16, 3, INPUT_PX, INPUT_PX))
    write_state_dict(net.state_dict(), folder / "weights.pt")
    card = load_card(folder / "card.toml")
    write_card(dataclasses.replace(card, weights_sha256=file_sha256(folder / "weights.pt")), folder / "card.toml")
    return load_card(folder / "card.toml"), folder


@pytest.fixture(scope="module")
def exported(source, tmp_path_factory):
    card, folder = source
    detector = load_detector(card, folder, "cpu")
    path = tmp_path_factory.mktemp("onnx") / "model.onnx"
    return detector, path, export_onnx(detector, path)


def test_an_export_scores_like_the_original(exported, astronaut):
    detector, path, difference = exported
    assert 0 <= difference < 1e-3
    crops = [astronaut[y : y + 150, 150:300] for y in range(0, 50, 10)]
    form = OnnxDetector(detector.card, path.read_bytes())
    np.testing.assert_allclose(form.predict(crops), detector.predict(crops), atol=1e-4)
    assert [p.name for p in path.parent.iterdir()] == ["model.onnx"]
    onnx.checker.check_model(onnx.load(path))
    speeds = milliseconds_per_crop([detector, form])
    assert all(0 < s < 1000 for s in speeds)


def test_an_export_that_differs_is_refused(source, tmp_path):
    detector = load_detector(*source, "cpu")
    with torch.no_grad():
        detector.module.classifier[1].bias.add_(1.0)
    with pytest.raises(ModelError, match="scores differently"):
        export_onnx(
            TorchDetector(detector.card, detector.module, "cpu", load_detector(*source, "cpu").module),
            tmp_path / "a.onnx",
        )


def test_a_network_that_onnx_cannot_hold_is_refused_in_words(source, tmp_path):
    # its pooling to 8 x 8 exists in ONNX for inputs that 256 divides alone
    net = build_net("meso4", 2).eval()
    card = dataclasses.replace(source[0], architecture="meso4", input_size_px=SIZE)
    with pytest.raises(ModelError, match="cannot be written as ONNX") as caught:
        export_onnx(TorchDetector(card, net, "cpu"), tmp_path / "a.onnx")
    assert "\n" not in caught.value.hint
    assert not list(tmp_path.iterdir())


def test_eight_bits_are_smaller_and_close(exported, tmp_path, astronaut):
    detector, path, _ = exported
    crops = [np.ascontiguousarray(astronaut[y : y + 150, x : x + 150]) for y in (0, 60, 120) for x in (100, 160, 220)]
    quantise(detector.card, path, tmp_path / "int8.onnx", crops)
    assert (tmp_path / "int8.onnx").stat().st_size < 0.35 * path.stat().st_size
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["int8.onnx"]
    kinds = {t.data_type for t in onnx.load(tmp_path / "int8.onnx").graph.initializer}
    assert TensorProto.INT8 in kinds
    original = detector.predict(crops)
    found = OnnxDetector(detector.card, (tmp_path / "int8.onnx").read_bytes()).predict(crops)
    assert np.abs(found - original).max() < 0.5 * np.ptp(original)
    assert not np.array_equal(found, original)


def test_a_network_that_cannot_be_prepared_for_eight_bits_is_refused_in_words(tmp_path):
    (tmp_path / "broken.onnx").write_bytes(b"no network")
    with pytest.raises(ModelError, match="cannot be quantised"):
        quantise(make_card(input_size_px=SIZE), tmp_path / "broken.onnx", tmp_path / "int8.onnx", CROPS)
    assert [p.name for p in tmp_path.iterdir()] == ["broken.onnx"]


def make_list(folder, astronaut, splits=("val", "test")):
    rows = ["path,label,group,split"]
    for split in splits:
        for number in range(8):
            name = f"{split}{number}.png"
            crop = astronaut[10 * number : 10 * number + 160, 140:300]
            Image.fromarray(crop if number % 2 else crop[::-1]).save(folder / name)
            rows.append(f"{name},{'fake' if number % 2 else 'real'},g{split}{number},{split}")
    (folder / "list.csv").write_text("\n".join(rows) + "\n")
    return folder / "list.csv"


def fail(*arguments):
    raise ModelError("No room.")


def test_forms_are_written_measured_and_imported_again(source, tmp_path, astronaut, capsys, cotejo_home, monkeypatch):
    shutil.copytree(source[1], cotejo_home / "models" / MODEL_ID)
    listed = str(make_list(tmp_path, astronaut))
    arguments = ["--int8", "--out", str(tmp_path / "out"), "--calibrate", listed, "--measure", listed, "--json"]
    assert main(["models", "export", MODEL_ID, "--onnx", *arguments]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [r["model_id"] for r in rows] == [MODEL_ID, f"{MODEL_ID}-onnx", f"{MODEL_ID}-int8"]
    assert rows[2]["size_bytes"] < 0.35 * rows[1]["size_bytes"]
    assert rows[1]["auc"] == pytest.approx(rows[1]["auc_before"], abs=1e-6)
    assert rows[1]["mean_shift"] < 1e-4
    original = load_card(cotejo_home / "models" / MODEL_ID / "card.toml")
    whole, small = (load_card(tmp_path / "out" / r["model_id"] / "card.toml") for r in rows[1:])
    assert (whole.thresholds, whole.mean, whole.architecture) == (original.thresholds, original.mean, "onnx")
    assert small.error_rates[0].auc == round(rows[2]["auc"], 4)
    kept = rows[2]["auc_before"] - rows[2]["auc"] <= 0.01
    assert small.thresholds == (original.thresholds if kept else UNVALIDATED)
    assert (NOT_VALIDATED in small.limits) != kept
    for row in rows[1:]:
        folder = tmp_path / "out" / row["model_id"]
        assert main(["models", "import", str(folder / "model.onnx"), "--card", str(folder / "card.toml")]) == 0
        assert main(["models", "test", row["model_id"]]) == 0
    assert "passed its self-test" in capsys.readouterr().out
    # a card without a measurement claims nothing
    assert main(["models", "export", f"{MODEL_ID}-onnx", "--int8", "--out", str(tmp_path / "bare")]) == 0
    bare = load_card(tmp_path / "bare" / f"{MODEL_ID}-int8" / "card.toml")
    assert (bare.thresholds, bare.error_rates) == (UNVALIDATED, ())
    assert NOT_VALIDATED in bare.limits
    assert bare.name == "Untrained (ONNX, 8 bits)"
    # what fails leaves the forms that were there
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.*") if path.is_file()}
    monkeypatch.setattr(compact, "quantise", fail)
    assert main(["models", "export", MODEL_ID, "--onnx", *arguments]) == 4
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before
    assert main(["models", "export", MODEL_ID, "--calibrate", listed]) == 2
    assert main(["models", "export", "none"]) == 4


def test_a_file_in_the_way_of_an_export_is_said(tmp_path, capsys):
    (tmp_path / "out").write_text("a file")
    assert main(["models", "export", "cotejo-mobilenetv2-5", "--onnx", "--out", str(tmp_path / "out")]) == 5
    assert "a part of the path is a file" in capsys.readouterr().err


def test_models_of_ones_own_from_the_command_line(tmp_path, capsys):
    tiny(tmp_path / "Mine.onnx")
    options = ["--classes", "real,fake", "--mean", "0", "--std", "1,1,1", "--margin", "0.1", "--name", "Mine"]
    assert main(["models", "import", str(tmp_path / "Mine.onnx"), "--id", "own-1", *options]) == 0
    out = capsys.readouterr().out
    assert "own-1 is in" in out
    assert NOT_VALIDATED in out
    card, _ = find_card("own-1")
    assert (card.name, card.classes, card.crop_margin) == ("Mine", ("real", "fake"), 0.1)
    for arguments in (["own-1"], ["show", "own-1"]):
        assert main(["models", *arguments]) == 0
        assert "Not validated" in capsys.readouterr().out
    for arguments in ([], ["list"]):
        assert main(["models", *arguments]) == 0
        assert "not measured" in capsys.readouterr().out
    for arguments in (["own-1", "--json"], ["--json", "own-1"], ["test", "own-1", "--json"]):
        assert main(["models", *arguments]) == 0
        assert json.loads(capsys.readouterr().out)["model_id"] == "own-1"
    assert main(["models", "template"]) == 0
    assert "genuine_class" in capsys.readouterr().out
    assert main(["models", "import", str(tmp_path / "Mine.onnx"), "--id", "own-1"]) == 4
    assert main(["models", "import", str(tmp_path / "Mine.onnx"), "--mean", "a"]) == 2
