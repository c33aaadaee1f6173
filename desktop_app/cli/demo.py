"""`cotejo demo`: a clip whose truth is known, from end to end."""

from pathlib import Path

from desktop_app.analysis.demo_check import DemoCheck, check_demo
from desktop_app.cli.analyze import Outputs, build_request, describe, prepare_folder, write_outputs
from desktop_app.cli.codes import CANCELLED
from desktop_app.cli.console import cancel_on_interrupt, printable, progress_bar, write_out

CLIP_NAME = "cotejo-demo.mp4"


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
