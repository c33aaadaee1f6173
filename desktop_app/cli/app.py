"""The commands and their options."""

import itertools
import locale
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from desktop_app import __version__
from desktop_app.cli.case_commands import add_case_commands
from desktop_app.cli.cases import add_cases
from desktop_app.cli.codes import EPILOG, UsageError
from desktop_app.cli.evaluate import add_evaluation
from desktop_app.cli.export import add_export
from desktop_app.cli.inspect import add_inspect
from desktop_app.cli.models import add_models
from desktop_app.config import load_settings
from desktop_app.domain.dossier import ReportTemplate

Files = Annotated[list[Path], typer.Argument(help="Videos or pictures to analyse.", show_default=False)]
OutDir = Annotated[Path | None, typer.Option("--out", help="Folder for the files that are written; made if need be.")]
Range = Annotated[str, typer.Option("--range", help="Part of the item in seconds, as START:END; either may be empty.")]
Every = Annotated[int | None, typer.Option("--every", min=1, help="Analyse every n-th frame.")]
PerSecond = Annotated[float | None, typer.Option("--per-second", min=0.01, help="Analyse so many frames a second.")]
Model = Annotated[str, typer.Option("--model", help="Id of the model; see `cotejo models`.")]
Device = Annotated[str | None, typer.Option("--device", help="auto, cpu, cuda or mps.")]
Language = Annotated[str | None, typer.Option("--language", help="Language of reports: en or es.")]
Json = Annotated[bool, typer.Option("--json", help="One line of JSON on standard output per item, without pictures.")]
Csv = Annotated[bool, typer.Option("--csv", help="Write the per-frame table.")]
Pdf = Annotated[bool, typer.Option("--pdf", help="Write the report.")]
Video = Annotated[bool, typer.Option("--video", help="Write the annotated video.")]
FULL = ReportTemplate.FULL
Sign = Annotated[Path | None, typer.Option("--sign", help="Sign the report with this certificate (PKCS#12).")]
PassphraseFile = Annotated[Path | None, typer.Option("--passphrase-file", help="Text file with its passphrase.")]
InCase = Annotated[Path | None, typer.Option("--case", help="Keep items and results in this case.")]
Split = Annotated[str, typer.Option("--split", help="Train/validation/test in percent, by group.", metavar="70/15/15")]
Seed = Annotated[int, typer.Option("--seed", help="Changes which groups go where.")]
Workers = Annotated[int, typer.Option("--workers", min=0, help="Processes; 0 works in one.")]
Listed = Annotated[Path, typer.Argument(help="CSV with path, label, group and split.", show_default=False)]


def choose_language(asked: str | None) -> str:
    """``"en"`` or ``"es"``: as asked, else as set, else as the system's locale says.

    Raises:
        UsageError: Another language was asked for.
    """
    wanted = asked or load_settings().get_str("language")
    if wanted == "auto":
        wanted = "es" if (locale.getlocale()[0] or "").lower().startswith(("es", "spanish")) else "en"
    if wanted not in ("en", "es"):
        raise UsageError(f"Reports cannot be written in “{wanted}”.", "Choose en or es.")
    return wanted


def language_in(arguments: Sequence[str]) -> str:
    """Language of a command as it was typed, for its errors: of ``--language`` where that is one, else as set."""
    asked = [value for name, value in itertools.pairwise(arguments) if name == "--language"]
    asked += [text.partition("=")[2] for text in arguments if text.startswith("--language=")]
    return next((language for language in asked if language in ("en", "es")), "") or choose_language(None)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"cotejo {__version__}")
        raise typer.Exit


def build_app() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, epilog=EPILOG)

    @app.callback()
    def root(
        version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
    ) -> None:
        """Cotejo examines faces in video for signs of manipulation, offline. Without a command it opens its window."""

    _add_analysis(app)
    add_inspect(app)
    add_models(app)
    _add_training(app)
    _add_dataset(app)
    add_evaluation(app)
    add_cases(app)
    add_case_commands(app)
    add_export(app)
    return app


def _add_analysis(app: typer.Typer) -> None:
    @app.command()
    def analyze(
        files: Files,
        out: OutDir = None,
        range_: Range = "",
        every: Every = None,
        per_second: PerSecond = None,
        model: Model = "",
        device: Device = None,
        language: Language = None,
        json: Json = False,
        csv: Csv = False,
        pdf: Pdf = False,
        video: Video = False,
        case: InCase = None,
    ) -> None:
        """Analyse videos or pictures.

        Prints what was found. With --out it also stores each result as JSON in that folder; --csv, --pdf and --video
        write further files there, or into the working folder. Files are named after the item, NAME.cotejo.*, and
        replace those of an earlier run, but never an item. Ctrl+C stops and keeps what was found so far. With --case
        the items are taken into a case, which is made if need be, and so is what is found.
        """
        from desktop_app.cli.analyze import Outputs, analyze_files, build_request

        requests = [build_request(f, range_, every, per_second, model, device, case) for f in files]
        outputs = Outputs(out or Path(), choose_language(language), out is not None, csv, pdf, video, json)
        raise typer.Exit(analyze_files(requests, outputs, case))

    @app.command()
    def demo(out: OutDir = None, device: Device = None, model: Model = "", language: Language = None) -> None:
        """Make the demo clip, analyse it and say whether the known manipulation was found."""
        from desktop_app.cli.demo import run_demo

        raise typer.Exit(run_demo(out or Path("cotejo-demo"), model, device, choose_language(language)))

    @app.command()
    def report(
        result: Annotated[Path, typer.Argument(help="A stored result (JSON).", show_default=False)],
        out: OutDir = None,
        language: Language = None,
        csv: Csv = False,
        template: Annotated[ReportTemplate, typer.Option("--template", help="The whole report or one page.")] = FULL,
        details: Annotated[Path | None, typer.Option("--details", help="Who asks and answers: a TOML file.")] = None,
        sign: Sign = None,
        passphrase_file: PassphraseFile = None,
        reason: Annotated[str, typer.Option("--reason", help="What the signature says of its reason.")] = "",
        location: Annotated[str, typer.Option("--location", help="What the signature says of the place.")] = "",
    ) -> None:
        """Write the PDF report, and with --csv the table, of a stored result.

        --details names a TOML file with texts such as laboratory, examiner, question and conclusion (docs/report.md).
        With --sign the report is signed (PAdES). The passphrase is asked for, or comes from --passphrase-file or the
        variable COTEJO_PASSPHRASE.
        """
        from desktop_app.cli.analyze import write_reports
        from desktop_app.cli.reports import prepare_signing, sign_reports

        signing = prepare_signing(sign, passphrase_file, reason, location)
        written = write_reports(result, out, choose_language(language), csv, template, details)
        sign_reports(written, signing, choose_language(language))

    @app.command()
    def benchmark(
        clip: Annotated[Path | None, typer.Argument(help="A video; the demo clip by default.")] = None,
        seconds: Annotated[float, typer.Option(help="Length of the part that is measured.", min=0.5)] = 4.0,
        training: Annotated[bool, typer.Option("--training", help="Measure steps of training instead.")] = False,
        json: Json = False,
    ) -> None:
        """Measure this computer: the pipeline against the naive loop, and exact seeking; or steps of training."""
        from desktop_app.cli.benchmark import run_benchmark, run_training_benchmark

        if training:
            run_training_benchmark(json)
        else:
            run_benchmark(clip, seconds, json)


def _add_training(app: typer.Typer) -> None:
    @app.command()
    def train(
        recipe: Annotated[Path, typer.Argument(help="Recipe (TOML) or the id of a shipped one.", show_default=False)],
        data: Annotated[Path, typer.Option("--data", help="Folder with the manifests of the recipe's sets.")],
        runs: Annotated[Path, typer.Option("--runs", help="Folder for checkpoints; a run there goes on.")] = Path(
            "runs"
        ),
        images: Annotated[int | None, typer.Option("--images", min=1, help="Another length of the run.")] = None,
        threads: Annotated[int, typer.Option("--threads", min=0, help="Processor cores; 0 takes all.")] = 0,
        workers: Annotated[int, typer.Option("--workers", min=0, help="Processes that prepare images.")] = 1,
        out: Annotated[Path | None, typer.Option("--out", help="Folder for the model; default: your models.")] = None,
        device: Device = None,
    ) -> None:
        """Train a detector, calibrate it and write its weights and card."""
        from desktop_app.cli.training import run_training

        run_training(recipe, data, runs, images, threads, workers, out, device)


def _add_dataset(app: typer.Typer) -> None:
    dataset = typer.Typer(no_args_is_help=True, help="Lists, splits, face crops and checks of training data.")
    app.add_typer(dataset, name="dataset")
    _add_lists(dataset)
    _add_files(dataset)
    _add_sheet(dataset)


def _add_lists(dataset: typer.Typer) -> None:
    @dataset.command()
    def build(
        tree: Annotated[Path, typer.Argument(help="Folder of the data set, or a list.", show_default=False)],
        out: Annotated[Path, typer.Option("--out", help="The list (CSV) to write.")],
        layout: Annotated[str, typer.Option("--layout", help="ff++, folders or manifest.")] = "folders",
        split: Split = "",
        seed: Seed = 0,
        group: Annotated[
            str, typer.Option("--group", help="Regular expression: the part of a path that names person or video.")
        ] = "",
        name: Annotated[str, typer.Option("--name", help="Name of the set; default: of the folder.")] = "",
    ) -> None:
        """Write the list of a tree of images or videos.

        Without --split a split that is there stays, and 70/15/15 by group is taken where there is none.
        """
        from desktop_app.cli.dataset import build_list

        build_list(tree, out, layout, split, seed, group, name)

    @dataset.command()
    def split(
        manifest: Listed,
        out: Annotated[Path, typer.Option("--out", help="The list (CSV) to write.")],
        split: Split = "70/15/15",
        seed: Seed = 0,
        name: Annotated[
            str, typer.Option("--name", help="Name of the set, as given to build; default: of the list's folder.")
        ] = "",
    ) -> None:
        """Split a list anew, by group and never by image."""
        from desktop_app.cli.dataset import split_list

        split_list(manifest, out, split, seed, name)


def _add_sheet(dataset: typer.Typer) -> None:
    @dataset.command()
    def sheet(
        recipe: Annotated[Path, typer.Argument(help="Recipe (TOML) or the id of a shipped one.", show_default=False)],
        data: Annotated[Path, typer.Option("--data", help="Folder with the manifests of the recipe's sets.")],
        out: Annotated[Path, typer.Option("--out", help="The picture (PNG) to write; it shows faces.")],
        rows: Annotated[int, typer.Option(min=1, max=50, help="Rows of two forgeries each.")] = 6,
        seed: Annotated[int, typer.Option("--seed", help="Changes which forgeries are drawn.")] = 0,
    ) -> None:
        """Draw forgeries as a recipe makes them: genuine picture, mask and forgery side by side."""
        from desktop_app.cli.dataset import draw_sheet

        draw_sheet(recipe, data, out, rows, seed)


def _add_files(dataset: typer.Typer) -> None:
    @dataset.command()
    def extract(
        manifest: Listed,
        out: Annotated[Path, typer.Option("--out", help="Folder for the crops and their list; a run there goes on.")],
        margin: Annotated[
            float, typer.Option(help="Side of a crop = (1 + margin) x the longer side of the face.")
        ] = 0.3,
        size: Annotated[int, typer.Option(help="Side of a crop in pixels.")] = 256,
        confidence: Annotated[float, typer.Option(help="Smallest confidence of the face detector.")] = 0.95,
        min_face_px: Annotated[int, typer.Option(help="Smallest shorter side of a face.")] = 50,
        every: Annotated[int | None, typer.Option("--every", min=1, help="Every n-th frame of a video.")] = None,
        per_video: Annotated[
            int | None, typer.Option("--per-video", min=1, help="So many frames of a video, evenly; default 20.")
        ] = None,
        all_faces: Annotated[bool, typer.Option("--all-faces", help="All faces, not only the largest.")] = False,
        workers: Workers = 0,
        device: Device = None,
    ) -> None:
        """Cut faces out of the photographs and videos of a list."""
        from desktop_app.cli.dataset import extract_crops

        frames = (every, per_video, all_faces)
        extract_crops(manifest, out, margin, size, confidence, min_face_px, *frames, workers, device)

    @dataset.command()
    def check(
        target: Annotated[Path, typer.Argument(help="A list (CSV) or a folder.", show_default=False)],
        out: Annotated[Path, typer.Option("--out", help="Folder for the reports.")],
        quarantine: Annotated[
            Path | None, typer.Option("--quarantine", help="Move damaged files to this folder.")
        ] = None,
        remove: Annotated[bool, typer.Option("--remove", help="Delete damaged files for good.")] = False,
        near: Annotated[
            int, typer.Option("--near", min=0, max=8, help="Bits in which near-duplicates may differ; 0: none.")
        ] = 4,
        workers: Workers = 0,
    ) -> None:
        """Find damaged files, and content or groups that are in more than one split."""
        from desktop_app.cli.dataset import check_files

        check_files(target, out, quarantine, remove, near, workers)
