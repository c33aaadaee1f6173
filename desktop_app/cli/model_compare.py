"""`cotejo models compare`."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.analyze import build_request
from desktop_app.cli.codes import UsageError
from desktop_app.cli.console import cancel_on_interrupt, progress_bar, write_out

if TYPE_CHECKING:
    from desktop_app.analysis.agreement import Comparison, Figures


def compare_models(file: Path, names: Sequence[str], every: int | None, device: str | None, as_json: bool) -> None:
    """Analyse a file by several models and say how far they agree; nothing is stored.

    Raises:
        UsageError: Fewer than two models are named, or one twice.
        InputError: The file cannot be analysed.
        ModelError: There is no such model.
        Cancelled: Ctrl+C.
    """
    if len(names) < 2 or len(set(names)) < len(names):
        raise UsageError("Two or more different models are compared.", "Name each with --model; see `cotejo models`.")
    from desktop_app.analysis.agreement import compare
    from desktop_app.analysis.session import analyze_item
    from desktop_app.detectors import find_card

    for name in names:
        find_card(name)
    requests = [replace(build_request(file, every=every, model=name, device=device), key_frames=0) for name in names]
    results = []
    with cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        for request in requests:
            results.append((0, analyze_item(request, on_progress, cancel)))
            cancel.check()
    found = compare(*results)
    write_out(json.dumps(facts_of(found)) if as_json else "\n".join(lines_of(found)))


def facts_of(found: "Comparison") -> dict[str, object]:
    """A comparison as JSON values."""
    return {
        "models": [
            {
                "model_id": reading.card.model_id,
                "p_fake": reading.verdict.p_fake,
                "outcome": reading.verdict.outcome,
                "band": reading.verdict.band,
                "likelihood_ratio": None if reading.ratio is None else asdict(reading.ratio),
                "is_measured": reading.is_measured,
            }
            for reading in found.readings
        ],
        "all": asdict(found.figures()),
        "persons": {str(track): asdict(found.figures(track)) for track in sorted(set(found.tracks.tolist()))},
        "pairs": [
            {
                "models": [found.readings[pair.first].card.model_id, found.readings[pair.second].card.model_id],
                "rank_correlation": pair.rank_correlation,
                "shared_training_sets": pair.shared_sets,
                **asdict(pair.figures),
            }
            for pair in found.pairs()
        ],
    }


def lines_of(found: "Comparison") -> list[str]:
    """The same in sentences."""
    from desktop_app.reports import wording

    lines = []
    for reading in found.readings:
        score = "no score" if reading.verdict.p_fake is None else f"{reading.verdict.p_fake:.2f}"
        head = wording.headline(reading.verdict, "en", reading.ratio)
        side = "" if reading.is_measured else "; never measured, so it takes no side"
        lines.append(f"{reading.card.model_id}: {head}, {score}{side}")
    lines.append(_shares("all", found.figures()))
    tracks = sorted(set(found.tracks.tolist()))
    if len(tracks) > 1:
        lines += [_shares(f"person {track}", found.figures(track)) for track in tracks]
    for pair in found.pairs():
        names = f"{found.readings[pair.first].card.model_id}, {found.readings[pair.second].card.model_id}"
        rank = "not to be had" if pair.rank_correlation is None else f"{pair.rank_correlation:.2f}"
        shared = f"; both learnt from {', '.join(pair.shared_sets)}" if pair.shared_sets else ""
        lines.append(f"{names}: rank correlation {rank}{shared}")
    lines.append("That networks agree is no independent confirmation: they can share the same mistake.")
    return lines


def _shares(name: str, figures: "Figures") -> str:
    if not figures.common:
        return f"{name}: no face that all of them scored"
    same, other, open_ = (
        f"{100 * number / figures.common:.0f} %" for number in (figures.agree, figures.disagree, figures.undecided)
    )
    return (
        f"{name}: {figures.common} of {figures.faces} faces scored by all; same side {same} "
        f"({figures.genuine} genuine, {figures.fake} fake), opposite sides {other}, undecided {open_}"
    )
