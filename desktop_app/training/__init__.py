"""Training, calibration and evaluation of detectors."""
