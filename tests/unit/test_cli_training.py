import contextlib

import pytest
import torch

from desktop_app.cli import main, training
from desktop_app.detectors import CARD_FILE
from desktop_app.progress import CancelToken
from desktop_app.training.train import CHECKPOINT
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
