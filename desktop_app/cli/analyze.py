"""`cotejo analyze` and `cotejo report`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.cli.app import exit_code_of
from desktop_app.cli.console import cancel_on_interrupt, error_console, progress_bar, write_out
from desktop_app.config import Settings, load_settings
from desktop_app.domain import AnalysisRequest, AnalysisResult, Sampling, SamplingMode
from desktop_app.errors import AppError, CaseError, InputError
from desktop_app.progress import Cancelled, CancelToken, ProgressFn

CANCELLED = 130


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is written.

    Args:
        folder: Where files go; None is the working folder, where no file but those asked for is written.
        json, csv, pdf, video: What was asked for.
        language: Of reports and sentences.
    """

    folder: Path | None
    json: bool
    csv: bool
    pdf: bool
    video: bool
    language: str


def parse_range(text: str) -> tuple[float | None, float | None]:
    """Seconds of ``START:END``, either of which may be empty.

    Raises:
        InputError: The text is no range.

    >>> parse_range("1.5:")
    (1.5, None)
    """
    if not text:
        return None, None
    start, colon, end = text.partition(":")
    try:
        parts = (float(start) if start else None, float(end) if end else None)
    except ValueError as error:
        raise InputError(f"“{text}” is no range.", "Write seconds as START:END, such as 2.5:10 or 5:.") from error
    if not colon or any(p is not None and not 0 <= p < float("inf") for p in parts):
        raise InputError(f"“{text}” is no range.", "Write seconds as START:END, such as 2.5:10 or 5:.")
    if parts[0] is not None and parts[1] is not None and parts[1] <= parts[0]:
        raise InputError(f"The range {text} ends before it begins.")
    return parts


def build_request(
    path: Path,
    range_: str = "",
    every: int | None = None,
    per_second: float | None = None,
    model: str = "",
    device: str | None = None,
) -> AnalysisRequest:
    """A request from options, the settings filling what was not given.

    Raises:
        InputError: An option makes no sense.
    """
    if every is not None and per_second is not None:
        raise InputError("Choose either every n-th frame or so many per second, not both.")
    settings = load_settings()
    start_s, end_s = parse_range(range_)
    return AnalysisRequest(
        path=path,
        model_id=model or settings.get_str("model_id"),
        start_s=start_s,
        end_s=end_s,
        sampling=_sampling(settings, every, per_second),
        detect_every=settings.get_int("detect_every"),
        min_face_score=settings.get_float("min_face_score"),
        min_face_px=settings.get_int("min_face_px"),
        device=device or settings.get_str("device"),
        batch_size=settings.get_int("batch_size"),
        key_frames=settings.get_int("key_frames"),
    )


def _sampling(settings: Settings, every: int | None, per_second: float | None) -> Sampling:
    if every is not None:
        return Sampling(SamplingMode.EVERY_NTH, float(every))
    if per_second is not None:
        return Sampling(SamplingMode.PER_SECOND, per_second)
    return Sampling(SamplingMode(settings.get_str("sampling_mode")), settings.get_float("sampling_value"))


def analyze_files(requests: Sequence[AnalysisRequest], outputs: Outputs) -> int:
    """Analyse items one after the other; one that fails does not stop the others.

    Returns:
        The exit code.
    """
    code = 0
    names = unique_stems([r.path for r in requests])
    with cancel_on_interrupt() as cancel:
        for request, name in zip(requests, names, strict=True):
            try:
                result = _analyze_one(request, outputs, name, cancel)
            except Cancelled:
                error_console().print("Cancelled.")
                return CANCELLED
            except AppError as error:
                console = error_console()
                console.print(f"[bold]{request.path.name}:[/bold] {error.user_message} {error.hint}", highlight=False)
                code = code or exit_code_of(error)
                continue
            if result.provenance.aborted:
                return CANCELLED
    return code


def unique_stems(paths: Sequence[Path]) -> list[str]:
    """A name for each item's files, none twice.

    >>> unique_stems([Path("a/x.mp4"), Path("b/x.mov"), Path("y.png")])
    ['x', 'x-2', 'y']
    """
    names: list[str] = []
    for path in paths:
        name, number = path.stem, 1
        while name in names:
            number += 1
            name = f"{path.stem}-{number}"
        names.append(name)
    return names


def _analyze_one(request: AnalysisRequest, outputs: Outputs, name: str, cancel: CancelToken) -> AnalysisResult:
    from desktop_app.analysis.session import analyze_item

    with progress_bar() as on_progress:
        result = analyze_item(request, on_progress, cancel)
        written = write_outputs(result, outputs, name, on_progress, cancel)
    if outputs.json:
        write_out(json.dumps(public_json(result), ensure_ascii=False, allow_nan=False))
    else:
        write_out(describe(result, outputs.language))
        for path in written:
            write_out(f"  {path}")
    return result


def write_outputs(
    result: AnalysisResult, outputs: Outputs, name: str, on_progress: ProgressFn, cancel: CancelToken
) -> list[Path]:
    """Write the files that were asked for.

    Raises:
        CaseError: A file cannot be written.
    """
    folder = outputs.folder or Path()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CaseError(f"The folder {folder} cannot be made.", error.strerror or "") from error
    base = folder / f"{name}.cotejo"
    written: list[Path] = []
    if outputs.folder is not None:
        from desktop_app.reports.document import write_json

        written.append(write_json(result, base.with_name(base.name + ".json")))
    if outputs.csv:
        from desktop_app.reports.tables import write_csv

        written.append(write_csv(result, base.with_name(base.name + ".csv")))
    if outputs.pdf:
        from desktop_app.reports.pdf import write_pdf

        written.append(write_pdf(result, base.with_name(base.name + ".pdf"), outputs.language))
    if outputs.video:
        written.append(_write_video(result, base.with_name(base.name + ".mp4"), outputs.language, on_progress, cancel))
    return written


def _write_video(
    result: AnalysisResult, path: Path, language: str, on_progress: ProgressFn, cancel: CancelToken
) -> Path:
    from desktop_app.media import FrameReader, open_item
    from desktop_app.reports.annotated_video import write_annotated_video

    item = open_item(result.media.path, on_progress, cancel)
    with FrameReader(item) as reader:
        return write_annotated_video(result, reader.frames(), path, language, on_progress, cancel)


def public_json(result: AnalysisResult) -> dict[str, Any]:
    """The result as JSON values without the pictures, which a stored result keeps."""
    from desktop_app.reports.document import result_to_json

    document = result_to_json(result)
    for exhibit in document["exhibits"]:
        exhibit.pop("png", None)
    return document


def describe(result: AnalysisResult, language: str) -> str:
    """What was found, in sentences for a terminal."""
    from desktop_app.reports.wording import limit_sentences, short_headline, verdict_sentence

    media, coverage = result.media, result.coverage
    lines = [
        f"{media.path.name}: {short_headline(result.verdict, language)}",
        f"  {verdict_sentence(result.verdict, result.card, language)}",
        f"  {result.verdict.reason}",
        f"  SHA-256 {media.sha256}",
        f"  {media.width_px}x{media.height_px}, {media.duration_s:.2f} s, {media.frame_count} frames; "
        f"analysed {coverage.sampled}, with a face {coverage.with_face}, faces scored {coverage.faces_scored}, "
        f"not scored {coverage.faces_gated}; notices {len(result.notices)}",
    ]
    for track in result.tracks:
        v = track.verdict
        score = (
            ""
            if v.p_fake is None or v.interval is None
            else f" {v.p_fake:.2f} [{v.interval[0]:.2f}, {v.interval[1]:.2f}]"
        )
        lines.append(f"  person {track.track_id}: {short_headline(v, language)}{score}, {track.frames_scored} frames")
        lines += [f"    {s.start_s:.2f} s to {s.end_s:.2f} s: {s.p_fake:.2f}" for s in track.segments]
    lines += [f"  {sentence}" for sentence in limit_sentences(result.verdict, result.provenance.aborted, language)[:2]]
    return "\n".join(lines)


def write_reports(path: Path, out: Path | None, language: str, csv: bool) -> None:
    """Write the report of a stored result.

    Raises:
        CaseError: The result cannot be read, or a file cannot be written.
    """
    from desktop_app.cli.console import progress_bar
    from desktop_app.reports.document import read_json

    result = read_json(path)
    outputs = Outputs(None, False, csv, True, False, language)
    folder = out or path.parent
    outputs = Outputs(folder, False, csv, True, False, language)
    name = path.name.removesuffix(".json").removesuffix(".cotejo")
    with progress_bar() as on_progress:
        for written in write_outputs(result, outputs, name, on_progress, CancelToken()):
            write_out(str(written))
