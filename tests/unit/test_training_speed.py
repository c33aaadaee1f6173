"""What `cotejo benchmark --training` measures."""

import functools
import json

import pytest

from desktop_app.cli import main
from desktop_app.errors import ModelError
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.training import speed

small = functools.partial(speed.measure_steps, "mobilenet_v2", 32, 2, 1)


def test_every_way_is_timed_by_turns():
    seen = []
    found = small(seen.append)
    assert tuple(found.seconds) == speed.WAYS
    assert min(found.seconds.values()) > 0
    assert [p.done for p in seen] == list(range(1, 10))
    assert {(p.stage, p.total) for p in seen} == {("train", 9)}


def test_it_can_be_cancelled_and_knows_its_networks():
    token = CancelToken()

    def stop(progress):
        assert progress.done < 3
        if progress.done == 2:
            token.cancel()

    with pytest.raises(Cancelled):
        small(stop, token)
    with pytest.raises(ModelError, match="not known"):
        speed.measure_steps("none")


def test_the_command_prints_ratios(capsys, monkeypatch):
    monkeypatch.setattr(speed, "measure_steps", small)
    assert main(["benchmark", "--training", "--json"]) == 0
    assert tuple(json.loads(capsys.readouterr().out)["seconds"]) == speed.WAYS
    assert main(["benchmark", "--training"]) == 0
    out = capsys.readouterr().out
    assert "mobilenet_v2, 32 px, batches of 2" in out
    assert "float32: " in out
    assert "1.00 times as fast as float32" in out
