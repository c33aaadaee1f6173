"""`cotejo evaluate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop_app.cli.codes import CANCELLED, UsageError
from desktop_app.cli.console import cancel_on_interrupt, complain, error_console, progress_bar, write_out
from desktop_app.progress import Cancelled

if TYPE_CHECKING:
    from desktop_app.training.evaluate import EvalRequest


def add_evaluation(app: typer.Typer) -> None:
    """Add the command and its options."""

    @app.command()
    def evaluate(
        manifest: Annotated[Path, typer.Argument(help="CSV with path and label (real or fake).", show_default=False)],
        model: Annotated[str, typer.Option("--model", help="Id of the model; see `cotejo models`.")] = "",
        out: Annotated[Path | None, typer.Option("--out", help="Folder for the report; a run there goes on.")] = None,
        name: Annotated[str, typer.Option("--name", help="Name of the set.")] = "",
        split: Annotated[str, typer.Option("--split", help="Only rows of this split.")] = "",
        limit: Annotated[int | None, typer.Option("--limit", min=1, help="Most items of each label and set.")] = None,
        seed: Annotated[int, typer.Option("--seed", help="Of the choice of items.")] = 0,
        crops: Annotated[bool, typer.Option("--crops", help="The images are face crops already.")] = False,
        nominal: Annotated[
            float | None, typer.Option("--nominal", help="Share of a crop's side that the crop rule takes.")
        ] = None,
        choose: Annotated[
            str, typer.Option("--choose-threshold", help="Threshold by f1, youden or fpr=RATE; default: the card's.")
        ] = "",
        on: Annotated[Path | None, typer.Option("--on", help="Validation items for the threshold.")] = None,
        on_split: Annotated[str, typer.Option("--on-split", help="Their split.")] = "val",
        on_share: Annotated[
            float | None, typer.Option("--on-share", help="Carve them from train as the recipe did: its share.")
        ] = None,
        on_seed: Annotated[int, typer.Option("--on-seed", help="Seed of the recipe, with --on-share.")] = 0,
        margins: Annotated[
            str, typer.Option("--margins", help="Score again with the crop's side changed, such as -0.2,0,0.2.")
        ] = "",
        flips: Annotated[bool, typer.Option("--flips", help="Score the mean with the mirrored face, too.")] = False,
        skin_tone: Annotated[bool, typer.Option(help="Measure the tone of the skin.")] = True,
        hits: Annotated[int, typer.Option("--hits", min=0, help="Heatmaps of so many sure answers of each kind.")] = 4,
        in_domain: Annotated[bool, typer.Option("--in-domain", help="The model was trained on this kind.")] = False,
        per_second: Annotated[
            float, typer.Option("--per-second", min=0.01, help="Frames of a video per second.")
        ] = 2.0,
        card: Annotated[bool, typer.Option("--card", help="Write the figures into the model's card.")] = False,
        device: Annotated[str | None, typer.Option("--device", help="auto, cpu, cuda or mps.")] = None,
    ) -> None:
        """Measure a model on labelled items, through the same pipeline that analyses.

        With --out it writes a report to read, a page to look at, tables, plots and all figures as JSON. The threshold
        is that of the model's card, or chosen on validation items, never on those that are reported.
        """
        from desktop_app.training.evaluate import EvalOptions, EvalRequest, ItemList

        if bool(choose) != (on is not None):
            raise UsageError("A threshold is chosen on validation items.", "Give --choose-threshold and --on together.")
        if on_share is not None and on is None:
            raise UsageError("The share belongs to the list of validation items.", "Give --on-share with --on.")
        items = ItemList(manifest, name, split, crops, nominal, limit, seed)
        chosen_on = None if on is None else ItemList(on, name, on_split, crops, nominal, limit, seed, on_share, on_seed)
        options = EvalOptions(model, device or "auto", per_second, parse_margins(margins), flips, skin_tone)
        run_evaluation(EvalRequest(items, options, choose, chosen_on, in_domain, hits, out), card)


def parse_margins(text: str) -> tuple[float, ...]:
    """Numbers between commas.

    Raises:
        UsageError: Something else stands there.

    >>> parse_margins("-0.2,0,0.2")
    (-0.2, 0.0, 0.2)
    """
    try:
        return tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise UsageError(f"“{text}” is no list of changes of the crop.", "Write it like -0.2,0,0.2.") from error


def run_evaluation(request: "EvalRequest", to_card: bool) -> None:
    """Measure, print the report and say where it was written.

    Args:
        request: What and how.
        to_card: Whether the model's card takes up the figures.

    Raises:
        InputError: The list cannot be used.
        ModelError: The model cannot be used.
        Cancelled: Ctrl+C without an output folder; with one, what is scored stays there and that is said.
    """
    from desktop_app.training import evaluate as ev

    try:
        with cancel_on_interrupt() as cancel, progress_bar() as on_progress:
            report = ev.evaluate(request, on_progress, cancel)
    except Cancelled as stopped:
        if request.out is None:
            raise
        complain("Stopped", f"What is scored is kept in {request.out}.", "The same command goes on from there.")
        raise typer.Exit(CANCELLED) from stopped
    write_out(ev.markdown(report))
    if request.out is not None:
        error_console().print(f"Written to {request.out}", highlight=False)
    if to_card and not report.rates:
        complain("Note", "Nothing was scored: the card stays as it is.")
    elif to_card:
        ev.add_to_card(report.card.model_id, report.rates)
