"""`cotejo analyze` and `cotejo report`."""

import contextlib
import json
import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.cli.case_use import case_at, settings_of
from desktop_app.cli.codes import CANCELLED, UsageError, exit_code_of
from desktop_app.cli.console import (
    cancel_on_interrupt,
    complain,
    complain_of,
    printable,
    progress_bar,
    write_out,
)
from desktop_app.cli.naming import free_path, unique_stems
from desktop_app.cli.reports import note_reports, report_ending
from desktop_app.config import Settings
from desktop_app.domain import AnalysisRequest, AnalysisResult, Outcome, Sampling, SamplingMode, Verdict
from desktop_app.domain.dossier import Dossier, ReportTemplate
from desktop_app.errors import AppError, CaseError
from desktop_app.files import write_checksum
from desktop_app.progress import Cancelled, CancelToken, ProgressFn

if TYPE_CHECKING:
    from desktop_app.cases import CaseStore

NO_DOSSIER = Dossier()
LABELS = {
    "media": (
        "{size}, {seconds} s, {frames} frames; analysed {done} of {sampled}, with a face {faces}; faces scored "
        "{scored}, not scored {gated}; notices {notices}",
        "{size}, {seconds} s, {frames} fotogramas; analizados {done} de {sampled}, con rostro {faces}; rostros "
        "puntuados {scored}, sin puntuar {gated}; avisos {notices}",
    ),
    "person": ("person {track}: {text}, {frames} frames", "persona {track}: {text}, {frames} fotogramas"),
    "segment": ("{start} s to {end} s: {p}", "de {start} s a {end} s: {p}"),
}


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is written.

    Args:
        folder: Where files go.
        language: Of reports and sentences.
        result: Store the result as JSON.
        csv, pdf, video: Write these files.
        template: Of the report.
        json: Print the result as a line of JSON instead of sentences.
    """

    folder: Path
    language: str
    result: bool = False
    csv: bool = False
    pdf: bool = False
    video: bool = False
    json: bool = False
    template: ReportTemplate = ReportTemplate.FULL

    @property
    def has_files(self) -> bool:
        """Whether anything is written to the folder."""
        return self.result or self.csv or self.pdf or self.video


def parse_range(text: str) -> tuple[float | None, float | None]:
    """Seconds of ``START:END``, either of which may be empty.

    Raises:
        UsageError: The text is no range.

    >>> parse_range("1.5:")
    (1.5, None)
    """
    if not text:
        return None, None
    start, colon, end = text.partition(":")
    try:
        parts = (float(start) if start else None, float(end) if end else None)
    except ValueError as error:
        raise UsageError(f"“{text}” is no range.", "Write seconds as START:END, such as 2.5:10 or 5:.") from error
    if not colon or any(p is not None and not 0 <= p < float("inf") for p in parts):
        raise UsageError(f"“{text}” is no range.", "Write seconds as START:END, such as 2.5:10 or 5:.")
    if parts[0] is not None and parts[1] is not None and parts[1] <= parts[0]:
        raise UsageError(f"The range {text} ends before it begins.")
    return parts


def build_request(
    path: Path,
    range_: str = "",
    every: int | None = None,
    per_second: float | None = None,
    model: str = "",
    device: str | None = None,
    case: Path | None = None,
) -> AnalysisRequest:
    """A request from options; the values of the case and then the settings fill what was not given.

    Raises:
        UsageError: Options contradict each other or make no sense.
        CaseError: There is a case, and it cannot be read.
    """
    if every is not None and per_second is not None:
        raise UsageError("Choose either every n-th frame or so many per second, not both.")
    start_s, end_s = parse_range(range_)
    settings = settings_of(case)
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
        if not math.isfinite(per_second):
            raise UsageError("--per-second takes a number of frames.", "Such as 2 or 0.5.")
        return Sampling(SamplingMode.PER_SECOND, per_second)
    mode, value = SamplingMode(settings.get_str("sampling_mode")), settings.get_float("sampling_value")
    # one value for both modes: a rate that was set earlier may be no number of frames
    return Sampling(mode, max(1.0, round(value)) if mode is SamplingMode.EVERY_NTH else value)


def analyze_files(requests: Sequence[AnalysisRequest], outputs: Outputs, case_path: Path | None = None) -> int:
    """Analyse items one after the other; one that fails does not stop the others.

    Args:
        requests: One for each item, at least one.
        outputs: What to write.
        case_path: The case to keep items and results in; made where there is none.

    Returns:
        The exit code.

    Raises:
        AppError: The model, the device or the folder cannot be used at all.
    """
    code = 0
    names = unique_stems([r.path for r in requests])
    items = [r.path for r in requests]
    if outputs.has_files:
        prepare_folder(outputs.folder)
    with cancel_on_interrupt() as cancel, case_at(case_path) as case:
        _check_model(requests[0])
        for request, name in zip(requests, names, strict=True):
            try:
                result = _analyze_one(request, outputs, name, items, cancel, case)
            except Cancelled:
                complain("Cancelled", f"{request.path.name} was not analysed.")
                return CANCELLED
            except AppError as error:
                complain_of(error, request.path.name)
                code = code or exit_code_of(error)
                continue
            if result.provenance.aborted:
                complain("Cancelled", f"what is said of {request.path.name} covers the frames up to then.")
                return CANCELLED
            if cancel.is_cancelled:
                complain("Cancelled", f"{request.path.name} was analysed in full; nothing was done after that.")
                return CANCELLED
    return code


def _check_model(request: AnalysisRequest) -> None:
    """Say before a large file is read that its analysis is not possible."""
    from desktop_app.analysis.session import get_detector

    get_detector(request.model_id, request.device)


def prepare_folder(folder: Path) -> None:
    """Make a folder, and make sure before long work that files can be written there.

    Raises:
        CaseError: It cannot be made, or is not writable.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CaseError(
            f"No files can be written to “{folder}”: {reason}.", "Choose another folder with --out."
        ) from error


def _analyze_one(
    request: AnalysisRequest,
    outputs: Outputs,
    name: str,
    items: Sequence[Path],
    cancel: CancelToken,
    case: "CaseStore | None",
) -> AnalysisResult:
    from desktop_app.analysis.session import analyze_item

    dossier = NO_DOSSIER
    with progress_bar() as on_progress:
        if case is None:
            result = analyze_item(request, on_progress, cancel)
        else:
            from desktop_app.cli.casework import analyze_file

            result, dossier = analyze_file(case, request, outputs.pdf, outputs.language, on_progress, cancel)
    # before the files: one that cannot be written must not take the findings with it
    write_out(json.dumps(public_json(result), allow_nan=False) if outputs.json else describe(result, outputs.language))
    with progress_bar() as on_progress:
        written = write_outputs(result, outputs, name, items, on_progress, cancel, dossier)
    note_reports(case, written, result, dossier, outputs.template)
    for path in () if outputs.json else written:
        write_out(f"  {printable(str(path))}")
    return result


def write_outputs(
    result: AnalysisResult,
    outputs: Outputs,
    name: str,
    items: Sequence[Path],
    on_progress: ProgressFn,
    cancel: CancelToken,
    dossier: Dossier = NO_DOSSIER,
) -> list[Path]:
    """Write the files that were asked for, and checksums; of a cancelled analysis all but the video, which takes long.

    Args:
        result: What to write.
        outputs: Which files.
        name: What they are called.
        items: Files that must not be touched.
        on_progress: Stages of the video.
        cancel: Stops the video, and nothing else.
        dossier: What the report draws beside the result.

    Raises:
        CaseError: A file cannot be written.
    """
    written: list[Path] = []

    def target(suffix: str) -> Path:
        return free_path(outputs.folder, name, suffix, items)

    if outputs.result:
        from desktop_app.reports.document import write_json

        written.append(write_json(result, target(".json")))
    if outputs.csv:
        from desktop_app.reports.tables import write_csv

        written.append(write_csv(result, target(".csv")))
    if outputs.pdf:
        from desktop_app.reports.pdf import write_pdf

        pdf = target(report_ending(dossier, outputs.template))
        written.append(write_pdf(result, pdf, outputs.language, dossier, outputs.template))
    if outputs.video and not cancel.is_cancelled:
        with contextlib.suppress(Cancelled):
            from desktop_app.analysis.exports import export_video

            written.append(export_video(result, target(".mp4"), outputs.language, on_progress, cancel))
    for path in written:
        write_checksum(path)
    return written


def public_json(result: AnalysisResult) -> dict[str, Any]:
    """The result as JSON values without the pictures, which a stored result keeps."""
    from desktop_app.reports.document import result_to_json

    document = result_to_json(result)
    for exhibit in document["exhibits"]:
        exhibit.pop("png", None)
    return document


def describe(result: AnalysisResult, language: str) -> str:
    """What was found, in sentences for a terminal."""
    from desktop_app.reports.quotes import match_sentence, quote_sentence
    from desktop_app.reports.wording import limit_sentences, reason_text, result_sentence, short_headline

    media, coverage, verdict = result.media, result.coverage, result.verdict
    lines = [
        f"{printable(media.path.name)}: {short_headline(verdict, language, result.ratio_of(verdict))}",
        f"  {quote_sentence(result, language)}",
        f"  {result_sentence(result, language)}",
    ]
    if matched := match_sentence(result, language):
        lines.append(f"  {matched}")
    if verdict.outcome is not Outcome.INCONCLUSIVE:
        lines.append(f"  {reason_text(verdict, language)}")
    lines.append(f"  SHA-256 {media.sha256}")
    facts = _label(
        "media", language, size=f"{media.width_px}x{media.height_px}", seconds=media.duration_s,
        frames=media.frame_count, done=coverage.decoded, sampled=coverage.sampled, faces=coverage.with_face,
        scored=coverage.faces_scored, gated=coverage.faces_gated, notices=len(result.notices),
    )  # fmt: skip
    lines.append(f"  {facts}")
    for track in result.tracks:
        words = short_headline(track.verdict, language, result.ratio_of(track.verdict))
        text = words + _score_text(track.verdict, language)
        lines.append(f"  {_label('person', language, track=track.track_id, text=text, frames=track.frames_scored)}")
        for s in track.segments:
            lines.append(f"    {_label('segment', language, start=s.start_s, end=s.end_s, p=s.p_fake)}")
    lines += [f"  {sentence}" for sentence in limit_sentences(verdict, result.provenance.aborted, language)[:2]]
    return "\n".join(lines)


def _label(key: str, language: str, **values: object) -> str:
    from desktop_app.reports.wording import number_text

    texts = {name: number_text(v, 2, language) if isinstance(v, float) else v for name, v in values.items()}
    return LABELS[key][language == "es"].format(**texts)


def _score_text(verdict: Verdict, language: str) -> str:
    from desktop_app.reports.wording import number_text

    if verdict.p_fake is None:
        return ""
    # a comma is the decimal sign in Spanish
    between = "; " if language == "es" else ", "
    ends = between.join(number_text(end, 2, language) for end in verdict.interval or ())
    return f" {number_text(verdict.p_fake, 2, language)}{f' [{ends}]' if ends else ''}"


def write_reports(
    path: Path,
    out: Path | None,
    language: str,
    csv: bool,
    template: ReportTemplate = ReportTemplate.FULL,
    details: Path | None = None,
) -> list[Path]:
    """Write the report of a stored result, and return the files.

    Raises:
        InputError: The details cannot be read.
        CaseError: The result cannot be read, or a file cannot be written.
    """
    from desktop_app.cli.details import read_details
    from desktop_app.reports.document import read_json

    result = read_json(path)
    dossier = read_details(details)
    outputs = Outputs(out or path.parent, language, csv=csv, pdf=True, template=template)
    prepare_folder(outputs.folder)
    name = path.name.removesuffix(".json").removesuffix(".cotejo")
    with progress_bar() as on_progress:
        items = [path, result.media.path]
        written = write_outputs(result, outputs, name, items, on_progress, CancelToken(), dossier)
    for file in written:
        write_out(printable(str(file)))
    return written
