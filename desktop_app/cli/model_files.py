"""`cotejo models import`, `export`, `test` and `template`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.codes import UsageError
from desktop_app.cli.console import cancel_on_interrupt, progress_bar, write_out
from desktop_app.cli.outputs import writing_to

if TYPE_CHECKING:
    from desktop_app.detectors.importing import ImportOptions, SelfTest

VALIDATION_SPLITS, TEST_SPLITS = ("val", "train"), ("test", "val")


def show_template() -> None:
    """A card template on standard output."""
    from desktop_app.detectors.importing import TEMPLATE

    write_out(TEMPLATE.rstrip())


def parse_triple(text: str, what: str) -> tuple[float, float, float] | None:
    """Three numbers with commas between them, or one for all; empty is None.

    Raises:
        UsageError: It is something else.

    >>> parse_triple("0.5", "mean")
    (0.5, 0.5, 0.5)
    """
    if not text:
        return None
    try:
        values = [float(part) for part in text.split(",")]
        first, second, third = values * 3 if len(values) == 1 else values
    except ValueError as error:
        raise UsageError(f"“{text}” is no {what}.", "Give one number, or three with commas between them.") from error
    return first, second, third


def import_file(file: Path, options: "ImportOptions", card: Path | None, as_json: bool) -> None:
    """Install a model and say what was assumed.

    Raises:
        ModelError: The file, the card or the id cannot be used, or the self-test failed.
    """
    from desktop_app.detectors.importing import import_model

    done = import_model(file, options, card)
    if as_json:
        write_out(json.dumps({"model_id": done.card.model_id, "folder": str(done.folder), **_facts(done.test)}))
        return
    write_out(f"{done.card.model_id} is in {done.folder}: {done.card.architecture}, {done.card.parameters:,} weights")
    _write_test(done.test)
    for limit in done.card.limits:
        write_out(f"  {limit}")


def run_test(model_id: str, as_json: bool) -> None:
    """The self-test of an installed model.

    Raises:
        ModelError: There is no such model, its files are damaged, or it fails.
    """
    from desktop_app.detectors import find_card, load_detector
    from desktop_app.detectors.importing import run_self_test

    card, folder = find_card(model_id)
    test = run_self_test(load_detector(card, folder, "cpu"))
    if as_json:
        write_out(json.dumps({"model_id": card.model_id, **_facts(test)}))
        return
    write_out(f"{card.model_id} passed its self-test")
    _write_test(test)


def _facts(test: "SelfTest") -> dict[str, object]:
    return {"logits": test.logits.tolist(), "batch_difference": test.batch_difference, "spread": test.spread}


def _write_test(test: "SelfTest") -> None:
    shape = " x ".join(map(str, test.logits.shape))
    write_out(
        f"  Self-test: {shape} finite outputs, the same twice; alone and in a batch they differ by at most "
        f"{test.batch_difference:.1g}, between pictures by up to {test.spread:.3g}"
    )


def export_model(
    model_id: str,
    out: Path,
    int8: bool,
    calibrate: Path | None,
    measure: Path | None,
    limit: int,
    nominal: float,
    as_json: bool,
) -> None:
    """Write compact forms of a model and say what they cost.

    Raises:
        UsageError: There is something to calibrate with and nothing to calibrate.
        ModelError: There is no such model, or it cannot be exported.
        InputError: A list of images cannot be used.
        CaseError: The forms cannot be written.
        Cancelled: Ctrl+C.
    """
    if calibrate is not None and not int8:
        raise UsageError("Only the eight-bit form is calibrated.", "Add --int8, or leave out --calibrate.")
    from desktop_app.detectors import find_card
    from desktop_app.training.compact import export_forms
    from desktop_app.training.compare import load_crops

    card, _ = find_card(model_id)
    images = load_crops(calibrate, card, VALIDATION_SPLITS, min(limit, 200), nominal).crops if calibrate else []
    data = load_crops(measure, card, TEST_SPLITS, limit, nominal) if measure else None
    with writing_to(out), cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        forms = export_forms(card.model_id, out, int8, images, data, on_progress, cancel)
    first = forms[0]
    for form in forms:
        sizes = (form.size_bytes, form.size_bytes / first.size_bytes)
        speeds = (form.ms_per_crop, first.ms_per_crop / form.ms_per_crop)
        c = form.comparison
        if as_json:
            figures = {} if c is None else {"auc": c.auc_after, "auc_before": c.auc_before, "mean_shift": c.mean_shift}
            facts = {"model_id": form.card.model_id, "size_bytes": sizes[0], "ms_per_crop": speeds[0], **figures}
            write_out(json.dumps({**facts, "folder": str(form.folder)}))
            continue
        write_out(f"{form.card.model_id} in {form.folder}")
        write_out(
            f"  {sizes[0] / 1e6:.2f} MB (x {sizes[1]:.2f}), {speeds[0]:.2f} ms a crop (x {speeds[1]:.2f} as fast)"
        )
        if c is not None and c.auc_before is not None and c.auc_after is not None:
            change = f"{c.auc_after:.4f}, {c.auc_after - c.auc_before:+.4f} against the original"
            write_out(f"  AUC {change}; p_fake moves by {c.mean_shift:.4f} on average, {c.largest_shift:.3f} at most")
