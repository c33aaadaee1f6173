"""`cotejo demo`: a clip whose truth is known, from end to end."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_app.cli.analyze import Outputs, build_request, describe, prepare_folder, write_outputs
from desktop_app.cli.codes import CANCELLED
from desktop_app.cli.console import cancel_on_interrupt, printable, progress_bar, write_out
from desktop_app.domain import AnalysisResult

CLIP_NAME = "cotejo-demo.mp4"
EDGE_S = 0.2


@dataclass(frozen=True, slots=True)
class DemoCheck:
    """How the curve stands against the known truth.

    Args:
        inside: Mean calibrated probability of fake inside the manipulated stretch, None without scores.
        outside: Likewise outside of it.
        found: Whether a reported stretch overlaps it by half or more.
        false_stretches: Reported stretches that do not touch it.
    """

    inside: float | None
    outside: float | None
    found: bool
    false_stretches: int


def check_demo(result: AnalysisResult, start_s: float, end_s: float) -> DemoCheck:
    """Compare a result with the truth of the demo clip.

    Args:
        result: Of the demo clip.
        start_s: Beginning of the manipulated stretch.
        end_s: Its end.
    """
    scored = [(p.time_s, p.p_fake) for p in result.predictions if p.p_fake is not None]
    inside = [p for t, p in scored if start_s + EDGE_S <= t <= end_s - EDGE_S]
    outside = [p for t, p in scored if t < start_s - EDGE_S or t > end_s + EDGE_S]
    segments = [s for track in result.tracks for s in track.segments]
    shared = [max(0.0, min(s.end_s, end_s) - max(s.start_s, start_s)) for s in segments]
    return DemoCheck(
        float(np.mean(inside)) if inside else None,
        float(np.mean(outside)) if outside else None,
        any(s >= 0.5 * (end_s - start_s) for s in shared),
        sum(s == 0.0 for s in shared),
    )


def describe_check(check: DemoCheck, start_s: float, end_s: float) -> str:
    """The comparison in plain words, also where the detector failed."""
    if check.inside is None or check.outside is None:
        return "The demo could not be checked: no face was scored where the truth is known."
    rise = f"The clip is manipulated from {start_s:.1f} s to {end_s:.1f} s: the mean score is {check.inside:.2f} there"
    lines = [f"{rise} and {check.outside:.2f} elsewhere."]
    lines.append(
        "The detector found the stretch."
        if check.found
        else "The detector did NOT find the stretch, though it is there."
    )
    if check.false_stretches:
        lines.append(f"It also reported {check.false_stretches} genuine stretch(es) as manipulated.")
    return " ".join(lines)


def run_demo(out: Path, model: str, device: str | None, language: str) -> int:
    """Build the clip, analyse it, write every kind of file and say what they say.

    Returns:
        0, whether or not the detector found the stretch: the demo reports, it does not judge; 130 when cancelled.

    Raises:
        AppError: A file cannot be written or the model cannot be used.
    """
    from desktop_app.analysis.session import analyze_item
    from desktop_app.media.demo import DEMO_FAKE_END_S, DEMO_FAKE_START_S, build_demo_clip

    prepare_folder(out)
    with cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        clip = build_demo_clip(out / CLIP_NAME, on_progress, cancel)
        result = analyze_item(build_request(clip, model=model, device=device), on_progress, cancel)
        outputs = Outputs(out, language, result=True, csv=True, pdf=True, video=True)
        written = write_outputs(result, outputs, clip.stem, [clip], on_progress, cancel)
    write_out(describe(result, language))
    write_out(
        describe_check(check_demo(result, DEMO_FAKE_START_S, DEMO_FAKE_END_S), DEMO_FAKE_START_S, DEMO_FAKE_END_S)
    )
    write_out("Files:")
    for path in (clip, *written):
        write_out(f"  {printable(str(path.resolve()))}")
    return CANCELLED if cancel.is_cancelled else 0
