"""`cotejo export`, `cotejo case export` and `cotejo case import`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop_app.cli.analyze import prepare_folder
from desktop_app.cli.case_use import Hand, opened
from desktop_app.cli.codes import NOT_INTACT, UsageError
from desktop_app.cli.console import cancel_on_interrupt, printable, progress_bar, write_out
from desktop_app.cli.naming import free_path, unique_stems
from desktop_app.domain import AnalysisResult
from desktop_app.domain.archives import ArchivedItem, ImportedCase
from desktop_app.domain.cases import ItemState, StoredAnalysis
from desktop_app.errors import CaseError
from desktop_app.files import hash_file, write_checksum
from desktop_app.progress import CancelToken, ProgressFn
from desktop_app.reports.error_texts import finding_text

if TYPE_CHECKING:
    from desktop_app.cases import CaseStore

TEXTS: dict[object, tuple[str, str]] = {
    "archive": ("{name} was written, SHA-256 {sha256}", "Se ha escrito {name}, SHA-256 {sha256}"),
    "case": ("{name}: {state}", "{name}: {state}"),
    "whole": ("the case is intact", "el caso está íntegro"),
    "altered": ("the case is NOT intact", "el caso NO está íntegro"),
    "head": ("log: {count} entries when it was packed, the last one {sha256}",
             "registro: {count} entradas al empaquetarlo, la última {sha256}"),
    "sha256": ("archive: SHA-256 {sha256}", "archivo comprimido: SHA-256 {sha256}"),
    "damaged": ("{name} is damaged and was left out", "{name} está dañado y se ha omitido"),
    "item": ("item {item}, {name}: {state}", "material {item}, {name}: {state}"),
    None: ("not in the archive", "no está en el archivo comprimido"),
    ItemState.INTACT: ("matches", "coincide"),
    ItemState.CHANGED: ("CHANGED: its hashes are not those of the intake",
                        "CAMBIADO: sus resúmenes no son los del ingreso"),
    ItemState.MOVED: ("moved", "movido"),
    ItemState.MISSING: ("missing: the file is not where it was", "ausente: el archivo no está donde estaba"),
}  # fmt: skip

Language = Annotated[str | None, typer.Option("--language", help="en or es.")]
Purpose = Annotated[str, typer.Option("--purpose", help="What for; goes into the audit log.")]
Actor = Annotated[str, typer.Option("--by", help="Who writes; default: the examiner of the settings, else the user.")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is exported.

    Args:
        folder: Where to.
        json, csv, frames, video: Which exports.
    """

    folder: Path
    json: bool
    csv: bool
    frames: bool
    video: bool


def add_export(app: typer.Typer) -> None:
    """Add `cotejo export`."""

    @app.command()
    def export(
        source: Annotated[Path, typer.Argument(help="A stored result (JSON) or a case.", show_default=False)],
        analysis: Annotated[int, typer.Option("--analysis", help="Of a case; default: the last.", min=0)] = 0,
        out: Annotated[Path, typer.Option("--out", help="Folder for the files; made if need be.")] = Path(),
        as_json: Annotated[bool, typer.Option("--json", help="Write the whole result as JSON.")] = False,
        csv: Annotated[bool, typer.Option("--csv", help="Write the per-frame table.")] = False,
        frames: Annotated[bool, typer.Option("--frames", help="Write a folder with the key frames (PNG).")] = False,
        video: Annotated[bool, typer.Option("--video", help="Write the annotated video, with sound.")] = False,
        actor: Actor = "",
        purpose: Purpose = "",
        language: Language = None,
    ) -> None:
        """Write what a stored result or a case's analysis holds, with checksums beside each file.

        In a case the item is compared with its intake first, and the log keeps what was written.
        """
        from desktop_app.cli.app import choose_language

        if not (as_json or csv or frames or video):
            raise UsageError("Nothing was asked for.", "Choose of --json, --csv, --frames and --video.")
        wanted = Wanted(out, as_json, csv, frames, video)
        run_export(source, analysis, wanted, Hand(actor, purpose, choose_language(language)))


def add_archive_commands(case: typer.Typer) -> None:
    """Add to `cotejo case`: export, import."""

    @case.command("export")
    def export_case(
        path: Annotated[Path, typer.Argument(metavar="CASE", help="A case.", show_default=False)],
        target: Annotated[Path, typer.Argument(metavar="OUT.zip", help="The archive.", show_default=False)],
        items: Annotated[bool, typer.Option(help="Pack the items' files too.")] = True,
        actor: Actor = "",
        purpose: Purpose = "",
        language: Language = None,
    ) -> None:
        """Pack a whole case into one file for another machine."""
        from desktop_app.cli.app import choose_language

        run_archive(path, target, items, Hand(actor, purpose, choose_language(language)))

    @case.command("import")
    def import_case(
        archive: Annotated[Path, typer.Argument(metavar="ZIP", help="What export wrote.", show_default=False)],
        folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="New or empty.", show_default=False)],
        actor: Actor = "",
        purpose: Purpose = "",
        language: Language = None,
    ) -> None:
        """Unpack such a file, check every hash and the case's log, and say what is intact."""
        from desktop_app.cli.app import choose_language

        raise typer.Exit(run_import(archive, folder, Hand(actor, purpose, choose_language(language))))


def run_export(source: Path, analysis: int, wanted: Wanted, hand: Hand) -> None:
    """Export what was asked for.

    Raises:
        CaseError: The source cannot be read, or a file cannot be written.
        InputError: The item cannot be used for the video, or the result keeps no pictures.
        Cancelled: Ctrl+C.
    """
    prepare_folder(wanted.folder)
    with cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        if source.suffix.lower() == ".json":
            from desktop_app.reports.document import read_json

            result = read_json(source)
            item = result.media.path
            _write(result, wanted, item, item.stem, [source], hand.language, on_progress, cancel, {})
            return
        with opened(source, hand, read_only=None) as case:
            _export_of_case(case, analysis, wanted, hand, on_progress, cancel)


def _export_of_case(
    case: "CaseStore", analysis: int, wanted: Wanted, hand: Hand, on_progress: ProgressFn, cancel: CancelToken
) -> None:
    from desktop_app.analysis.intake import check_for_export

    stored = chosen_analysis(case, analysis)
    result, item = stored_result(case, stored), case.items.get(stored.item_id)
    check_for_export(case, item.item_id, hand.purpose, None, on_progress, cancel)
    kept = [case.path, *(known.path for known in case.items.all())]
    stem = item_stem(case, item.item_id)
    hashes: dict[str, str] = {}
    try:
        _write(result, wanted, item.path, stem, kept, hand.language, on_progress, cancel, hashes)
    finally:
        # what is out is noted, also where a later file failed
        if hashes and not case.read_only:
            case.log("result.exported", hand.purpose, analysis=stored.analysis_id, files=hashes)


def chosen_analysis(case: "CaseStore", analysis_id: int) -> StoredAnalysis:
    """An analysis of a case by its number; 0 is the result of the item that was analysed last.

    Raises:
        CaseError: There is none.
    """
    from desktop_app.analysis.opinions import standing_analysis

    stored = case.analyses.get(analysis_id) if analysis_id else next(reversed(case.analyses.all()), None)
    if stored is None:
        raise CaseError("This case has no analysis yet.", "Analyse an item with `cotejo case analyze`.")
    # an analysis by another model for comparison is the last one, but not the result
    return stored if analysis_id else standing_analysis(case, stored.item_id) or stored


def item_stem(case: "CaseStore", item_id: int) -> str:
    """How files on an item are named; items of the same name in different folders get names of their own."""
    items = case.items.all()
    return dict(zip((i.item_id for i in items), unique_stems([i.path for i in items]), strict=True))[item_id]


def stored_result(case: "CaseStore", stored: StoredAnalysis) -> AnalysisResult:
    """What an analysis found, or of one that was killed, what its stored predictions amount to.

    Raises:
        CaseError: It is damaged, or nothing of it was stored.
    """
    if stored.has_result:
        return case.analyses.result(stored.analysis_id)
    # brings the networks' libraries along, which takes seconds and which only a killed analysis needs
    from desktop_app.analysis.casework import result_of

    return result_of(case, stored.analysis_id)


def _write(
    result: AnalysisResult,
    wanted: Wanted,
    item: Path,
    stem: str,
    kept: list[Path],
    language: str,
    on_progress: ProgressFn,
    cancel: CancelToken,
    hashes: dict[str, str],
) -> None:
    """Write and name the files; their hashes go into `hashes`, of a folder that of its checksums."""
    from desktop_app.reports.document import write_json
    from desktop_app.reports.key_frames import SUMS, write_key_frames
    from desktop_app.reports.tables import write_csv

    def video(path: Path) -> Path:
        from desktop_app.analysis.exports import export_video

        return export_video(result, path, language, on_progress, cancel, item)

    writers: list[tuple[bool, str, Callable[[Path], Path]]] = [
        (wanted.json, ".json", lambda path: write_json(result, path)),
        (wanted.csv, ".csv", lambda path: write_csv(result, path)),
        (wanted.frames, "-frames", lambda path: write_key_frames(result, path, language, on_progress, cancel)),
        (wanted.video, ".mp4", video),
    ]
    for is_wanted, suffix, write in writers:
        if is_wanted:
            cancel.check()
            path = write(free_path(wanted.folder, stem, suffix, [*kept, item]))
            sums = path / SUMS if path.is_dir() else path
            hashes[path.name] = hash_file(sums).sha256
            if sums is path:
                write_checksum(path, hashes[path.name])
            write_out(printable(str(path)))


def run_archive(path: Path, target: Path, with_items: bool, hand: Hand) -> None:
    """Pack a case and say what became of each item.

    Raises:
        CaseError: The case cannot be read, or the archive cannot be written.
        InputError: An item cannot be read.
        Cancelled: Ctrl+C.
    """
    from desktop_app.cases import export_archive

    with (
        opened(path, hand, read_only=None) as case,
        cancel_on_interrupt() as cancel,
        progress_bar() as on_progress,
    ):
        archive = export_archive(case, target, with_items, on_progress, cancel, hand.purpose)
    write_checksum(archive.path, archive.sha256)
    write_out(_text("archive", hand.language, name=printable(target.name), sha256=archive.sha256))
    for item in archive.items:
        write_out(f"  {_packed(item, hand.language)}")


def run_import(archive: Path, folder: Path, hand: Hand) -> int:
    """Unpack a case, say what is intact and return the exit code.

    Raises:
        CaseError: It is no such archive, or cannot be unpacked there.
        InputError: It cannot be read.
        Cancelled: Ctrl+C.
    """
    from desktop_app.cases import import_archive
    from desktop_app.config import load_settings

    actor = hand.actor or load_settings().get_str("examiner")
    with cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        imported = import_archive(archive, folder, actor, on_progress, cancel, hand.purpose)
    write_out("\n".join(_lines(imported, hand.language)))
    return 0 if imported.is_intact else NOT_INTACT


def _lines(imported: ImportedCase, language: str) -> list[str]:
    check = imported.check
    state = _text("whole" if check.is_intact else "altered", language)
    lines = [_text("case", language, name=printable(str(imported.path)), state=state)]
    lines += [f"  {finding_text(finding.message, language)}" for finding in check.findings]
    lines.append(f"  {_text('sha256', language, sha256=imported.sha256)}")
    lines.append(f"  {_text('head', language, count=check.head.count, sha256=check.head.sha256)}")
    lines += [f"  {_text('damaged', language, name=printable(name))}" for name in imported.damaged]
    for item in imported.items:
        words = _text(item.state, language)
        lines.append(f"  {_text('item', language, item=item.item_id, name=printable(item.path.name), state=words)}")
    return lines


def _packed(item: ArchivedItem, language: str) -> str:
    return _text("item", language, item=item.item_id, name=printable(item.name), state=_text(item.state, language))


def _text(key: object, language: str, /, **values: object) -> str:
    return TEXTS[key][language == "es"].format(**values)
