"""Detectors that users bring: checkpoints, MesoNets of Keras and ONNX classifiers."""

from desktop_app.detectors.importing.install import NOT_VALIDATED, UNVALIDATED, Imported, import_model
from desktop_app.detectors.importing.options import TEMPLATE, ImportOptions
from desktop_app.detectors.importing.selftest import SelfTest, make_crops, run_self_test

__all__ = [
    "NOT_VALIDATED",
    "TEMPLATE",
    "UNVALIDATED",
    "ImportOptions",
    "Imported",
    "SelfTest",
    "import_model",
    "make_crops",
    "run_self_test",
]
