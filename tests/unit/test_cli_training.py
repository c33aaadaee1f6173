import contextlib
import shutil

import pytest
import torch

from desktop_app.cli import main, training
from desktop_app.detectors import CARD_FILE, find_card, load_card, write_card
from desktop_app.paths import user_models_dir
from desktop_app.progress import CancelToken
from desktop_app.training import placing
from desktop_app.training.train import CHECKPOINT
from tests.factories import make_card
from tests.unit.training_runs import make_images

RECIPE = """
model_id = "tiny"
name = "Tiny"
version = "1"
architecture = "mobilenet_v2"
start_weights = ""
input_size_px = 32
crop_margin = 0.0
mean = [0.5, 0.5, 0.5]
std = [0.5, 0.5, 0.5]
total_images = 32
batch_size = 8
blend_share = 0.0
validation_share = 0.3
validation_images = 4
validate_every = 2

[[sources]]
name = "tiny"
manifest = "manifest.csv"
"""


@pytest.fixture
def arguments(tmp_path, astronaut):
    make_images(astronaut, tmp_path)
    (tmp_path / "tiny.toml").write_text(RECIPE, encoding="utf-8")
    before = torch.get_num_threads()
    options = {"--data": tmp_path, "--runs": tmp_path / "runs", "--out": tmp_path / "out", "--workers": 0}
    yield ["train", str(tmp_path / "tiny.toml"), "--threads", "1", *(str(v) for pair in options.items() for v in pair)]
    torch.set_num_threads(before)


def said(capsys):
    return " ".join(capsys.readouterr().err.split())


def test_a_run_that_is_stopped_says_where_it_is_kept_and_goes_on(arguments, tmp_path, capsys, monkeypatch):
    @contextlib.contextmanager
    def stopped():
        token = CancelToken()
        token.cancel()
        yield token

    with monkeypatch.context() as patch:
        patch.setattr(training, "cancel_on_interrupt", stopped)
        assert main(arguments) == 130
    text = said(capsys)
    assert f"Stopped: The run is kept in {tmp_path / 'runs' / 'tiny'}" in text
    assert "The same command goes on from there." in text
    assert (tmp_path / "runs" / "tiny" / CHECKPOINT).is_file()
    assert main(arguments) == 0
    # a terminal is not needed to see how it goes
    assert said(capsys).count("validation: loss 0.") == 2
    assert (tmp_path / "out" / CARD_FILE).is_file()


def test_an_output_that_cannot_be_is_said_before_training(arguments, tmp_path, capsys):
    (tmp_path / "out").write_text("mine")
    assert main(arguments) == 5
    assert "is a file, not a folder" in said(capsys)
    assert not (tmp_path / "runs").exists()


def test_calibration_can_be_stopped_and_is_done_by_the_same_command(arguments, tmp_path, capsys, monkeypatch):
    from desktop_app.training import export

    def stop(detector, recipe, samples, on_progress, cancel):
        cancel.cancel()
        cancel.check()

    with monkeypatch.context() as patch:
        patch.setattr(export, "calibrated_card", stop)
        assert main(arguments) == 130
    assert "is at its end, but not calibrated. The same command" in said(capsys)
    assert not (tmp_path / "out" / CARD_FILE).exists()
    assert main(arguments) == 0
    assert (tmp_path / "out" / CARD_FILE).is_file()


@pytest.mark.parametrize(("name", "wording"), [("manifest.csv", "no such file"), ("tiny.toml", "no recipe")])
def test_what_is_missing_is_said_in_plain_words(arguments, tmp_path, capsys, name, wording):
    (tmp_path / name).unlink()
    assert main(arguments) == 3
    text = said(capsys)
    assert wording in text
    assert "Errno" not in text
    assert name in text


@pytest.fixture
def to_own_models(arguments):
    """The command without --out: the model goes to the user's models."""
    place = arguments.index("--out")
    return [*arguments[:place], *arguments[place + 2 :]]


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_model_of_the_same_id_is_not_replaced(to_own_models, tmp_path, capsys):
    folder = user_models_dir() / "tiny"
    folder.mkdir(parents=True)
    write_card(make_card(model_id="tiny"), folder / CARD_FILE)
    before = contents(folder)
    assert main(to_own_models) == 3
    text = said(capsys)
    assert "There is a model “tiny” already" in text
    assert "--out" in text
    # before anything was trained
    assert not (tmp_path / "runs").exists()
    assert contents(folder) == before
    folder.rename(folder.with_name("elsewhere"))
    assert main(to_own_models) == 3
    shutil.rmtree(folder.with_name("elsewhere"))
    assert main(to_own_models) == 0
    assert find_card("tiny")[1] == folder


def test_a_run_that_goes_on_replaces_its_own_model_and_no_other_run_does(to_own_models, tmp_path, capsys):
    folder = user_models_dir() / "tiny"
    assert main(to_own_models) == 0
    first = contents(folder)
    assert main([*to_own_models, "--images", "48"]) == 0
    assert contents(folder)["history.csv"] != first["history.csv"]
    second = contents(folder)
    (tmp_path / "runs").rename(tmp_path / "before")
    assert main(to_own_models) == 3
    assert contents(folder) == second
    assert main([*to_own_models, "--out", str(folder)]) == 0


def test_a_shipped_recipe_is_trained_under_an_id_of_its_own(to_own_models, tmp_path, capsys, monkeypatch):
    shipped = tmp_path / "shipped"
    monkeypatch.setattr(placing, "shipped_models_dir", lambda: shipped)
    (shipped / "tiny").mkdir(parents=True)
    (shipped / "tiny" / CARD_FILE).write_text("", encoding="utf-8")
    assert main(to_own_models) == 0
    assert "goes by tiny-own" in said(capsys)
    card, folder = find_card("tiny-own")
    assert (card.name, folder) == ("Tiny (own)", user_models_dir() / "tiny-own")
    assert (tmp_path / "runs" / "tiny" / CHECKPOINT).is_file()
    assert main([*to_own_models, "--out", str(tmp_path / "out")]) == 0
    assert load_card(tmp_path / "out" / CARD_FILE).model_id == "tiny"
