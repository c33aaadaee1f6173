"""`cotejo models`."""

import dataclasses
import json

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from desktop_app.cli.console import write_out
from desktop_app.domain import ModelCard

WIDE = 200


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
        cells = (card.model_id + mark, card.name, card.architecture, f"{card.parameters:,}", size, figure)
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
    write_out(f"  {card.architecture}, {card.parameters:,} parameters, input {card.input_size_px} px, in {folder}")
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
        names = (escape(r.dataset), escape(r.condition), r.level)
        table.add_row(*names, str(r.n_genuine), str(r.n_fake), cell(r.auc), span, *figures)
    return table
