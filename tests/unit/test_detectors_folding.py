import copy

import numpy as np
import torch
from torch import nn

from desktop_app.detectors import load_card, load_detector
from desktop_app.detectors.folding import fold_norms
from desktop_app.detectors.nets import build_net
from tests.unit.analysis_scenes import MODEL_ID, build_model


def lived_in_net():
    """A network whose normalisations are not those of a new one."""
    torch.manual_seed(3)
    net = build_net("mobilenet_v2", 2)
    for norm in (m for m in net.modules() if isinstance(m, nn.BatchNorm2d)):
        nn.init.normal_(norm.running_mean, 0.0, 0.2)
        nn.init.uniform_(norm.running_var, 0.5, 2.0)
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.normal_(norm.bias, 0.0, 0.2)
    return net.eval()


def test_folding_changes_nothing_but_the_rounding():
    net = lived_in_net()
    before = copy.deepcopy(net.state_dict())
    folded = fold_norms(net)
    images = torch.randn(3, 3, 64, 64)
    with torch.inference_mode():
        wanted = net(images)
        assert torch.allclose(folded(images), wanted, atol=1e-4 * float(wanted.abs().max()))
    assert not [m for m in folded.modules() if isinstance(m, nn.BatchNorm2d)]
    assert all(torch.equal(before[k], v) for k, v in net.state_dict().items())


def test_a_loaded_detector_scores_with_it_and_keeps_the_network_for_heatmaps(tmp_path):
    folder = build_model(tmp_path / MODEL_ID)
    detector = load_detector(load_card(folder / "card.toml"), folder, "cpu")
    assert [m for m in detector.module.modules() if isinstance(m, nn.BatchNorm2d)]
    crops = list(np.random.default_rng(0).integers(0, 255, (3, 64, 64, 3), dtype=np.uint8))
    with torch.inference_mode():
        wanted = detector.module(detector.to_input(crops)).numpy()
    assert np.allclose(detector.predict(crops), wanted, atol=1e-4)
