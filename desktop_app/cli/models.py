"""`cotejo models`."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.core import TyperGroup

from desktop_app.cli.console import write_out
from desktop_app.domain import ModelCard

WIDE = 200

Json = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
Id = Annotated[str, typer.Argument(help="Id of the model; see `cotejo models`.", show_default=False)]


class _ModelsGroup(TyperGroup):
    """`cotejo models ID` is short for `cotejo models show ID`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        names = [arg for arg in args if not arg.startswith("-")]
        if names and names[0] not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)


def add_models(app: typer.Typer) -> None:
    """Add the commands and their options."""
    models = typer.Typer(cls=_ModelsGroup, invoke_without_command=True, help="Models: list, cards, import and export.")
    app.add_typer(models, name="models")
    _add_cards(models)
    _add_import(models)
    _add_export(models)
    _add_combine(models)
    _add_compare(models)


def _add_cards(models: typer.Typer) -> None:
    @models.callback()
    def default(context: typer.Context, as_json: Json = False) -> None:
        """List the installed models; with an id, show one's card with its measured error rates."""
        if context.invoked_subcommand is None:
            list_models(as_json)

    @models.command("list")
    def list_(as_json: Json = False) -> None:
        """List the installed models."""
        list_models(as_json)

    @models.command()
    def show(model_id: Id, as_json: Json = False) -> None:
        """Show a model's card with its measured error rates."""
        show_model(model_id, as_json)

    @models.command()
    def test(model_id: Id, as_json: Json = False) -> None:
        """Score a few pictures: finite, repeatable, the same alone and in a batch."""
        from desktop_app.cli.model_files import run_test

        run_test(model_id, as_json)

    @models.command()
    def template() -> None:
        """Print a card template for models of your own."""
        from desktop_app.cli.model_files import show_template

        show_template()


def _add_import(models: typer.Typer) -> None:
    @models.command("import")
    def import_(
        file: Annotated[Path, typer.Argument(help="Checkpoint, Meso .h5 or ONNX classifier.", show_default=False)],
        card: Annotated[Path | None, typer.Option("--card", help="Card template, or the whole card of FILE.")] = None,
        architecture: Annotated[str, typer.Option(help="Name of the network; by default recognised.")] = "",
        model_id: Annotated[str, typer.Option("--id", help="Id; by default from the file's name.")] = "",
        name: Annotated[str, typer.Option(help="Name for people.")] = "",
        classes: Annotated[str, typer.Option(help="Outputs in order, with commas between them.")] = "",
        genuine_class: Annotated[str, typer.Option(help="Which of them is not fake.")] = "",
        outputs: Annotated[int | None, typer.Option(min=1, help="Number of scores; by default counted.")] = None,
        mean: Annotated[str, typer.Option(help="Of RGB in [0, 1]: one number, or three with commas.")] = "",
        std: Annotated[str, typer.Option(help="Likewise.")] = "",
        size: Annotated[int | None, typer.Option(min=16, max=2048, help="Side of the input in pixels.")] = None,
        margin: Annotated[float | None, typer.Option(help="Margin of the crop around the face's box.")] = None,
        as_json: Json = False,
    ) -> None:
        """Install a detector of your own after a self-test.

        Checkpoints of known networks (torch, safetensors), MesoNets of Keras (.h5) and ONNX classifiers. Files that
        hold code are refused. Without measured figures every verdict of the model stays inconclusive.
        """
        from desktop_app.cli.model_files import import_file, parse_triple
        from desktop_app.detectors.importing import ImportOptions

        options = ImportOptions(
            model_id=model_id or None,
            name=name or None,
            architecture=architecture or None,
            classes=tuple(part.strip() for part in classes.split(",")) if classes else None,
            genuine_class=genuine_class or None,
            outputs=outputs,
            mean=parse_triple(mean, "mean"),
            std=parse_triple(std, "standard deviation"),
            input_size_px=size,
            crop_margin=margin,
        )
        import_file(file, options, card, as_json)


def _add_export(models: typer.Typer) -> None:
    @models.command()
    def export(
        model_id: Id,
        onnx: Annotated[bool, typer.Option("--onnx", help="As an ONNX file; the only form there is.")] = True,
        int8: Annotated[bool, typer.Option("--int8", help="Also with eight bits.")] = False,
        out: Annotated[Path, typer.Option("--out", help="Folder for the forms, a folder each.")] = Path("exported"),
        calibrate: Annotated[
            Path | None, typer.Option("--calibrate", help="List of images for the ranges of the eight bits.")
        ] = None,
        measure: Annotated[
            Path | None, typer.Option("--measure", help="Labelled list for the difference in AUC.")
        ] = None,
        limit: Annotated[int, typer.Option(min=2, help="Most images of a list.")] = 400,
        nominal: Annotated[
            float, typer.Option(help="Share of an image's side that the crop rule takes, where no box is listed.")
        ] = 1.0,
        as_json: Json = False,
    ) -> None:
        """Write a model as ONNX, with size and speed against the original; the folder can be imported again."""
        from desktop_app.cli.model_files import export_model

        export_model(model_id, out, int8, calibrate, measure, limit, nominal, as_json)


def _add_combine(models: typer.Typer) -> None:
    @models.command()
    def combine(
        names: Annotated[list[str], typer.Argument(help="Ids or folders of two models or more.", show_default=False)],
        recipe: Annotated[Path, typer.Option("--recipe", help="Recipe (TOML): identity and validation of the mean.")],
        data: Annotated[Path, typer.Option("--data", help="Folder with the manifests of the recipe's sets.")],
        out: Annotated[Path | None, typer.Option("--out", help="Folder for the model; default: your models.")] = None,
    ) -> None:
        """Make one model of several: the mean of their logits, each at its own input size, calibrated.

        Classes must be the same, and the groups of validation those that no model was trained on. The first model has
        the widest crop, whose margin the recipe states. The time for a face is that of all together. Heatmaps explain
        the first.
        """
        from desktop_app.cli.training import run_combining

        run_combining(names, recipe, data, out)


def _add_compare(models: typer.Typer) -> None:
    @models.command()
    def compare(
        file: Annotated[Path, typer.Argument(help="Video or picture.", show_default=False)],
        model: Annotated[list[str], typer.Option("--model", help="Id of a model; name two or more.")],
        every: Annotated[int | None, typer.Option(min=1, help="Every n-th frame; else as the settings say.")] = None,
        device: Annotated[str | None, typer.Option(help="auto, cpu, cuda or mps.")] = None,
        as_json: Json = False,
    ) -> None:
        """Analyse a file by several models and say how far they agree, person by person; nothing is stored."""
        from desktop_app.cli.model_compare import compare_models

        compare_models(file, model, every, device, as_json)


def _print(table: Table) -> None:
    """A table on standard output, whole where that is no terminal."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print(table)


def list_models(as_json: bool) -> None:
    """Every installed model with its headline figures."""
    from desktop_app.detectors.registry import DEFAULT_MODEL_ID, list_cards

    cards = list_cards()
    if as_json:
        write_out(json.dumps([dataclasses.asdict(c) for c in cards]))
        return
    if not cards:
        write_out("No model is installed.")
        return
    table = Table("id", "name", "network", "parameters", "input", "headline AUC")
    for card in cards:
        first = card.error_rates[0] if card.error_rates else None
        figure = f"{first.auc:.3f} ({first.dataset})" if first and first.auc is not None else "not measured"
        mark = " (default)" if card.model_id == DEFAULT_MODEL_ID else ""
        size = f"{card.input_size_px} px"
        cells = (card.model_id + mark, card.name, card.network_names, f"{card.parameters:,}", size, figure)
        table.add_row(*(escape(cell) for cell in cells))
    _print(table)


def show_model(model_id: str, as_json: bool) -> None:
    """One model's card.

    Raises:
        ModelError: There is no such model.
    """
    from desktop_app.detectors.registry import find_card
    from desktop_app.reports.ratios import calibration_text, ratio_tables, ratio_title, validated_text

    card, folder = find_card(model_id)
    if as_json:
        write_out(json.dumps(dataclasses.asdict(card)))
        return
    write_out(f"{card.name} ({card.model_id}), version {card.version}, {card.created}")
    write_out(f"  {card.network_names}, {card.parameters:,} parameters, input {card.input_size_px} px, in {folder}")
    for number, member in enumerate(card.members, 1):
        network = f"{member.model_id}, {member.architecture}, input {member.input_size_px} px"
        if member.crop_share < 1:
            network += f", middle {member.crop_share:.0%} of the crop"
        write_out(f"  Network {number} of the mean: {network}, SHA-256 {member.weights_sha256}")
    if card.averages_mirrored:
        write_out("  Scores the mean of a face and its mirror image, at twice the time")
    write_out(f"  SHA-256 {card.weights_sha256}")
    write_out(f"  Licence: {card.licence}")
    for source in card.training_data:
        write_out(f"  Trained on {source.name}: {source.count:,} images; {source.terms}")
    for limit in card.limits:
        write_out(f"  Limit: {limit}")
    _print(_rates_table(card))
    write_out(f"  Calibration: {calibration_text(card, 'en')}")
    write_out(f"  Faces of validation: {validated_text(card, 'en')}")
    for ratios in ratio_tables(card, "en"):
        table = Table(*ratios.columns, title=ratio_title("en"), title_justify="left")
        for row in ratios.rows:
            table.add_row(*map(escape, row))
        _print(table)
        write_out(f"  {ratios.note}")


def _rates_table(card: ModelCard) -> Table:
    table = Table("set", "part", "level", "genuine", "fake", "AUC", "95 %", "EER", "ECE", "FPR", "FNR", "FPR strong")

    def cell(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    for r in card.error_rates:
        span = "-" if r.auc_low is None or r.auc_high is None else f"{r.auc_low:.2f}-{r.auc_high:.2f}"
        figures = [cell(v) for v in (r.eer, r.ece, r.fpr, r.fnr, r.fpr_strong)]
        if r.eer_low is not None and r.eer_high is not None:
            figures[0] += f" ({r.eer_low:.2f}-{r.eer_high:.2f})"
        names = (escape(r.dataset), escape(r.condition), r.level)
        table.add_row(*names, str(r.n_genuine), str(r.n_fake), cell(r.auc), span, *figures)
    return table
