"""`cotejo benchmark`."""

import dataclasses
import json
import tempfile
from pathlib import Path

from desktop_app.cli.console import cancel_on_interrupt, progress_bar, write_out


def run_benchmark(clip: Path | None, seconds: float, as_json: bool) -> None:
    """Measure this computer on a clip, the demo clip by default.

    Raises:
        InputError: The clip cannot be used.
    """
    from desktop_app.analysis.benchmark import run_benchmark as measure
    from desktop_app.media.demo import build_demo_clip

    with tempfile.TemporaryDirectory() as folder, cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        path = clip or build_demo_clip(Path(folder) / "demo.mp4", on_progress, cancel)
        report = measure(path, seconds, on_progress, cancel)
    if as_json:
        write_out(json.dumps(dataclasses.asdict(report)))
        return
    write_out(f"{report.clip}; {report.frames} frames on {report.device}")
    write_out(
        f"  naive loop {report.naive_s:.1f} s, pipeline {report.pipeline_s:.1f} s: {report.speedup:.1f} times as fast"
    )
    write_out(f"  faces {report.faces_naive} and {report.faces_pipeline}, mean overlap of boxes {report.mean_iou:.2f}")
    scores = ["none" if p is None else f"{p:.2f}" for p in (report.naive_p_fake, report.pipeline_p_fake)]
    write_out(f"  item score {scores[0]} and {scores[1]}, {'same' if report.same_band else 'DIFFERENT'} band")
    write_out(
        f"  exact seek: median {report.seek_p50_ms:.0f} ms, p95 {report.seek_p95_ms:.0f} ms; "
        f"step p95 {report.step_p95_ms:.0f} ms"
    )


def run_training_benchmark(as_json: bool) -> None:
    """Measure steps of training on the processor."""
    from desktop_app.training.speed import measure_steps

    with cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        found = measure_steps(on_progress=on_progress, cancel=cancel)
    if as_json:
        write_out(json.dumps(dataclasses.asdict(found)))
        return
    write_out(f"{found.architecture}, {found.input_size_px} px, batches of {found.batch_size}, {found.threads} threads")
    for way, seconds in found.seconds.items():
        rate, ratio = found.batch_size / seconds, found.seconds["float32"] / seconds
        write_out(f"  {way}: {rate:.1f} images/s, {ratio:.2f} times as fast as float32")
