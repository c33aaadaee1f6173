import hashlib
import logging
import os
import threading

import numpy as np
import pytest
import torch
from torch import nn

from desktop_app.detectors import (
    TorchDetector,
    fake_logits,
    is_out_of_memory,
    load_detector,
    pick_device,
    share_cores,
    usable_cores,
)
from desktop_app.detectors.nets import build_net, count_parameters
from desktop_app.detectors.weights import file_sha256, read_state_dict, write_state_dict
from desktop_app.errors import DeviceError, ModelError
from tests.factories import make_card

SIZE = 32


@pytest.fixture(scope="module")
def crops():
    rng = np.random.default_rng(5)
    return [rng.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8) for _ in range(7)]


def lively_net(outputs=2):
    """A random network whose outputs differ from crop to crop."""
    torch.manual_seed(0)
    net = build_net("mobilenet_v2", outputs)
    # random weights pass next to nothing on until the norms know how little that is
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None
    net.train()
    with torch.no_grad():
        net(torch.randn(16, 3, SIZE, SIZE))
    return net.eval()


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A folder with weights, and its card."""
    folder = tmp_path_factory.mktemp("model")
    write_state_dict(lively_net().state_dict(), folder / "weights.pt")
    card = make_card(input_size_px=SIZE, weights_sha256=file_sha256(folder / "weights.pt"))
    return card, folder


def card_of(path):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return make_card(input_size_px=SIZE, weights_file=path.name, weights_sha256=digest)


def test_a_loaded_model_scores_like_its_network(model, crops):
    card, folder = model
    detector = load_detector(card, folder, "cpu")
    scaled = (np.stack(crops).astype(np.float32) / 255 - np.array(card.mean)) / np.array(card.std)
    with torch.no_grad():
        expected = lively_net()(torch.tensor(scaled.transpose(0, 3, 1, 2), dtype=torch.float32)).numpy()
    result = detector.predict(crops)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, expected, atol=1e-4)
    assert np.ptp(fake_logits(card, result)) > 1e-3
    assert detector.device == "cpu"
    assert detector.predict([]).shape == (0, 2)


def test_a_batch_scores_as_one_by_one_and_always_the_same(model, crops):
    detector = load_detector(*model, "cpu")
    together = detector.predict(crops)
    alone = np.concatenate([detector.predict([crop]) for crop in crops])
    np.testing.assert_allclose(together, alone, atol=1e-4)
    np.testing.assert_array_equal(together, detector.predict(crops))
    np.testing.assert_array_equal(together, load_detector(*model, "cpu").predict(crops))


def test_altered_weights_are_refused(model, tmp_path):
    card, folder = model
    data = bytearray((folder / "weights.pt").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "weights.pt").write_bytes(data)
    with pytest.raises(ModelError, match="not the one that its card describes"):
        load_detector(card, tmp_path, "cpu")


def test_missing_weights_are_refused(tmp_path):
    with pytest.raises(ModelError, match="missing"):
        load_detector(make_card(), tmp_path, "cpu")


def test_a_folder_in_place_of_weights_is_refused(tmp_path):
    (tmp_path / "weights.pt").mkdir()
    with pytest.raises(ModelError):
        load_detector(make_card(), tmp_path, "cpu")


def test_truncated_weights_are_refused_even_with_their_own_hash(model, tmp_path):
    data = (model[1] / "weights.pt").read_bytes()
    path = tmp_path / "weights.pt"
    for length in (0, 100, len(data) - 1000):
        path.write_bytes(data[:length])
        with pytest.raises(ModelError, match="damaged or not a weights file"):
            load_detector(card_of(path), tmp_path, "cpu")


class Bomb:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (self.path,))


def test_code_in_a_weights_file_does_not_run(tmp_path):
    path, trace = tmp_path / "weights.pt", tmp_path / "trace"
    torch.save({"features": Bomb(str(trace))}, path)
    with pytest.raises(ModelError, match="damaged or not a weights file"):
        load_detector(card_of(path), tmp_path, "cpu")
    assert not trace.exists()
    # the file is armed: a reader that trusts it would have made the folder
    torch.load(path, weights_only=False)
    assert trace.is_dir()


@pytest.mark.parametrize("content", [[1, 2], {"a": 1}, {1: torch.zeros(1)}, torch.zeros(3)])
def test_what_is_no_table_of_tensors_is_refused(tmp_path, content):
    torch.save(content, tmp_path / "weights.pt")
    with pytest.raises(ModelError, match="plain table"):
        read_state_dict(tmp_path / "weights.pt")


def test_weights_of_another_network_are_refused(tmp_path):
    state = build_net("mobilenet_v2", 2).state_dict()
    path = tmp_path / "weights.pt"
    for wrong in (
        build_net("mobilenet_v2", 3).state_dict(),
        {k: v for k, v in state.items() if k != "classifier.1.bias"},
        {**state, "extra": torch.zeros(1)},
    ):
        write_state_dict(wrong, path)
        with pytest.raises(ModelError, match="do not fit"):
            load_detector(card_of(path), tmp_path, "cpu")


def test_an_unknown_architecture_is_refused(model):
    card, folder = model
    other = make_card(architecture="resnet_9000", weights_sha256=card.weights_sha256)
    with pytest.raises(ModelError) as caught:
        load_detector(other, folder, "cpu")
    assert "mobilenet_v2" in caught.value.hint


def test_half_precision_is_smaller_and_nearly_as_good(model, tmp_path, crops):
    path = tmp_path / "weights.pt"
    write_state_dict(lively_net().state_dict(), path, half=True)
    assert path.stat().st_size < 0.6 * (model[1] / "weights.pt").stat().st_size
    assert all(v.dtype is torch.float32 for v in read_state_dict(path).values() if v.is_floating_point())
    result = load_detector(card_of(path), tmp_path, "cpu").predict(crops)
    np.testing.assert_allclose(result, load_detector(*model, "cpu").predict(crops), atol=0.05)
    assert [p.name for p in tmp_path.iterdir()] == ["weights.pt"]


class Hungry(nn.Module):
    """Runs out of memory for more than `most` crops."""

    def __init__(self, most, error):
        super().__init__()
        self.most, self.error, self.batches = most, error, []

    def forward(self, x):
        self.batches.append(len(x))
        if len(x) > self.most:
            raise self.error
        return x.mean(dim=(2, 3))[:, :2]


CPU_ALLOCATOR = RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory")


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("CUDA out of memory"), CPU_ALLOCATOR, MemoryError()])
def test_a_batch_that_does_not_fit_is_halved(crops, error, caplog):
    net = Hungry(2, error)
    detector = TorchDetector(make_card(input_size_px=SIZE), net, "cpu")
    with caplog.at_level(logging.WARNING):
        result = detector.predict(crops)
    assert net.batches == [7, 3, 1, 1, 1, 1, 1, 1, 1]
    expected = TorchDetector(make_card(input_size_px=SIZE), Hungry(9, error), "cpu").predict(crops)
    np.testing.assert_allclose(result, expected, atol=1e-5)
    assert "out of memory for 7 crops" in caplog.text
    net.batches.clear()
    detector.predict(crops)
    assert max(net.batches) == 1


def test_what_fits_nowhere_is_an_error_of_the_device(crops):
    detector = TorchDetector(make_card(input_size_px=SIZE), Hungry(0, torch.OutOfMemoryError("no")), "cpu")
    with pytest.raises(DeviceError, match="memory"):
        detector.predict(crops)


def test_other_errors_of_a_network_are_not_swallowed(crops):
    detector = TorchDetector(make_card(input_size_px=SIZE), Hungry(0, RuntimeError("a bug")), "cpu")
    with pytest.raises(RuntimeError, match="a bug"):
        detector.predict(crops)
    assert not is_out_of_memory(ValueError("out of memory"))


def test_a_network_that_gives_no_number_is_refused(crops):
    net = lively_net()
    with torch.no_grad():
        net.classifier[1].bias[0] = float("nan")
    with pytest.raises(ModelError, match="gave no number"):
        TorchDetector(make_card(input_size_px=SIZE), net, "cpu").predict(crops)


def test_devices_that_are_not_there_are_refused():
    assert pick_device("cpu") == "cpu"
    assert pick_device("auto") in ("cuda", "mps", "cpu")
    absent = [d for d, there in (("cuda", torch.cuda.is_available()), ("mps", torch.backends.mps.is_available()))
              if not there]  # fmt: skip
    for name in [*absent, "quantum", ""]:
        with pytest.raises(DeviceError) as caught:
            pick_device(name)
        assert caught.value.hint


def test_parameters_are_counted():
    assert count_parameters(nn.Linear(3, 5)) == 20
    assert count_parameters(nn.Linear(3, 5).requires_grad_(False)) == 0


def threads_after(stages):
    """Threads that torch takes in a thread that shares the cores."""
    seen = []

    def work():
        share_cores(stages)
        seen.append(torch.get_num_threads())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return seen[0]


def test_stages_share_the_cores(monkeypatch):
    before = torch.get_num_threads()
    try:
        monkeypatch.delenv("OMP_NUM_THREADS")
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
        assert usable_cores() == 8
        assert [threads_after(n) for n in (1, 2, 3, 9)] == [8, 4, 2, 1]
        monkeypatch.setenv("OMP_NUM_THREADS", "4")
        assert usable_cores() == 4
        assert threads_after(2) == 2
        monkeypatch.setenv("OMP_NUM_THREADS", "64")
        assert usable_cores() == 8
        for nonsense in ("", "many", "0", "-2"):
            monkeypatch.setenv("OMP_NUM_THREADS", nonsense)
            assert usable_cores() == 8
        monkeypatch.delattr(os, "sched_getaffinity")
        assert usable_cores() == os.cpu_count()
    finally:
        torch.set_num_threads(before)


def test_no_stage_shares_nothing():
    with pytest.raises(ValueError, match="stages"):
        share_cores(0)
