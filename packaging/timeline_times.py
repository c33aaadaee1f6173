"""Measures how long the timeline takes to paint itself anew while it is zoomed: hours, two persons, several detectors.

Usage:
    python packaging/timeline_times.py [--points N] [--detectors K] [--width PX]

Without a screen, start it with QT_QPA_PLATFORM=offscreen.
"""

import argparse
import sys
import time
from dataclasses import replace
from statistics import median, quantiles

import numpy as np
from PySide6.QtWidgets import QApplication

from desktop_app.analysis.agreement import Comparison, Reading, states_of
from desktop_app.domain import ModelCard, Outcome, Thresholds, Verdict
from desktop_app.ui import theme
from desktop_app.ui.curve_layer import DrawnCurve
from desktop_app.ui.curves import smoothed
from desktop_app.ui.side_by_side import prepare
from desktop_app.ui.timeline import Timeline

RATE = 25.0
STEPS = 60
LIMITS = Thresholds(0.5, 0.1, 0.35, 0.65, 0.9)


def card(number: int) -> ModelCard:
    """A card that stands for a model."""
    return ModelCard(
        f"model-{number}", f"Model {number}", "1", "mobilenet_v2", "weights.pt", "0" * 64, ("genuine", "fake"),
        "genuine", 224, (0.5,) * 3, (0.5,) * 3, 0.3, 1.0, 0.0, LIMITS, 50, 1, (), (), (), "none", "2026-01-01",
    )  # fmt: skip


def scores(points: int, seed: int) -> np.ndarray:
    """A noisy curve."""
    random = np.random.default_rng(seed)
    time_s = np.arange(points) / RATE
    return np.clip(0.5 + 0.3 * np.sin(time_s / 90 + seed) + random.normal(0, 0.08, points), 0.01, 0.99)


def fill(timeline: Timeline, points: int, detectors: int) -> None:
    """Give the timeline two persons, and the first of them other detectors."""
    time_s = np.arange(points) / RATE
    timeline.open(points / RATE)
    timeline.set_thresholds(LIMITS)
    for track_id in (1, 2):
        values = scores(points, track_id)
        timeline.curves.put(track_id, DrawnCurve(time_s, values, smoothed(time_s, values)))
    if detectors > 1:
        p_fake = np.vstack([scores(points, 1), *(scores(points, 2 + n) for n in range(1, detectors))])
        verdict = Verdict(Outcome.SCORED, LIMITS.band(0.7), 0.7, None, "")
        readings = tuple(Reading(n, replace(card(n)), verdict) for n in range(detectors))
        rows = np.arange(points), time_s, np.ones(points, dtype=np.int64)
        begun = time.perf_counter()
        contrast = prepare(Comparison(readings, *rows, p_fake, states_of(p_fake, [LIMITS] * detectors)), 1 / RATE)
        print(f"prepare: {1000 * (time.perf_counter() - begun):.0f} ms on the worker", flush=True)
        timeline.show_comparison(contrast)
    timeline.select(1)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=200_000)
    parser.add_argument("--detectors", type=int, default=1)
    parser.add_argument("--width", type=int, default=2560)
    parser.add_argument("--raw", action="store_true", help="without smoothing")
    options = parser.parse_args()
    application = QApplication(sys.argv[:1])
    timeline = Timeline()
    timeline.dress(theme.DARK)
    timeline.resize(options.width, 320)
    timeline.show()
    timeline.set_smoothing(not options.raw)
    fill(timeline, options.points, options.detectors)
    application.processEvents()
    middle, taken = options.points / RATE / 2, []
    for number in range(STEPS):
        begun = time.process_time()
        timeline.zoom_by(1.25 if number < STEPS // 2 else 0.8, middle)
        timeline.show_readout(middle)
        application.processEvents()
        taken.append(1000 * (time.process_time() - begun))
    print(f"{options.points} points, {options.detectors} detectors, {options.width} px", end=": ")
    print(f"zoom median {median(taken):.0f} ms, p95 {quantiles(taken, n=20)[18]:.0f} ms of CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main())
