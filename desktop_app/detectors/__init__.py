"""Detectors: networks, weights, model cards and calibrated scores."""

from desktop_app.detectors.base import Detector
from desktop_app.detectors.calibrate import (
    apply_calibration,
    calibrate,
    calibrate_odds,
    class_probabilities,
    fake_logits,
    sigmoid,
)
from desktop_app.detectors.cards import CARD_FILE, load_card, write_card
from desktop_app.detectors.loading import load_detector
from desktop_app.detectors.registry import DEFAULT_MODEL_ID, find_card, list_cards, list_models
from desktop_app.detectors.threads import share_cores, usable_cores
from desktop_app.detectors.torch_detector import TorchDetector, is_out_of_memory, pick_device

__all__ = [
    "CARD_FILE",
    "DEFAULT_MODEL_ID",
    "Detector",
    "TorchDetector",
    "apply_calibration",
    "calibrate",
    "calibrate_odds",
    "class_probabilities",
    "fake_logits",
    "find_card",
    "is_out_of_memory",
    "list_cards",
    "list_models",
    "load_card",
    "load_detector",
    "pick_device",
    "share_cores",
    "sigmoid",
    "usable_cores",
    "write_card",
]
