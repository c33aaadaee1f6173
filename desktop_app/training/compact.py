"""Compact forms of a model: ONNX, in single precision and with eight bits, measured against the original."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.detectors import CARD_FILE, Detector, TorchDetector, find_card, load_detector, write_card
from desktop_app.detectors.exporting import export_onnx, milliseconds_per_crop, quantise, require_one_network
from desktop_app.detectors.importing import NOT_VALIDATED, UNVALIDATED, make_crops, run_self_test
from desktop_app.detectors.loading import ONNX
from desktop_app.detectors.weights import file_sha256
from desktop_app.domain import ErrorRates, ModelCard, UInt8Array
from desktop_app.progress import CancelToken, ProgressFn, ignore_progress
from desktop_app.training.compare import Comparison, LabelledCrops, compare

FILE = "model.onnx"
MOST_AUC_LOST = 0.01
"""An eight-bit form keeps the limits of the bands if it was measured and lost no more than this."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a model.

    Args:
        card: Its card.
        folder: Where it lies.
        size_bytes: Of its weights.
        ms_per_crop: On this computer, in the same run as the others.
        comparison: Against the original, None for itself and where it was not measured.
    """

    card: ModelCard
    folder: Path
    size_bytes: int
    ms_per_crop: float
    comparison: Comparison | None = None


def export_forms(
    model_id: str,
    out: Path,
    is_int8: bool,
    calibration: Sequence[UInt8Array] = (),
    measure: LabelledCrops | None = None,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> list[Form]:
    """Write a model as ONNX and, if asked, with eight bits, each in a folder of its own with a card.

    They take their places once all are whole and measured; until then, and on any error, forms of an earlier export
    stay as they are.

    Args:
        model_id: The model.
        out: Folder for the folders; made if need be.
        is_int8: Whether to write the eight-bit form too.
        calibration: Crops for its ranges; without any the few pictures of the self-test do.
        measure: Labelled crops for the difference in AUC.
        on_progress: Stage ``"compare"``.
        cancel: Checked while comparing.

    Returns:
        The original, then every form written.

    Raises:
        ModelError: There is no such model, or a form scores differently or cannot be made.
        Cancelled: The token was cancelled.
    """
    card, folder = find_card(model_id)
    require_one_network(card)
    out.mkdir(parents=True, exist_ok=True)
    # on the same volume; two levels down no card is found
    with tempfile.TemporaryDirectory(prefix=".cotejo-", dir=out, ignore_cleanup_errors=True) as name:
        original, *forms = _make_forms(card, folder, Path(name), is_int8, calibration, measure, on_progress, cancel)
        return [original, *(_settle(form, out / form.folder.name) for form in forms)]


def _make_forms(
    card: ModelCard,
    folder: Path,
    out: Path,
    is_int8: bool,
    calibration: Sequence[UInt8Array],
    measure: LabelledCrops | None,
    on_progress: ProgressFn,
    cancel: CancelToken | None,
) -> list[Form]:
    original = load_detector(card, folder, "cpu")
    detectors: list[Detector] = [original]
    places = [folder / card.weights_file]
    source = places[0]
    if isinstance(original, TorchDetector):
        source = _place(out, card, "onnx")
        difference = export_onnx(original, source)
        limit = f"Exported from {card.model_id}: on test pictures its logits differ by up to {difference:.1g}."
        detectors.append(_finish(replace(card, limits=(*card.limits, limit)), source, "onnx"))
        places.append(source)
    if is_int8:
        path = _place(out, card, "int8")
        quantise(card, source, path, calibration or make_crops(card.input_size_px))
        detectors.append(_finish(_int8_card(card, len(calibration)), path, "int8"))
        places.append(path)
    speeds = milliseconds_per_crop(detectors)
    forms = [Form(card, folder, places[0].stat().st_size, speeds[0])]
    for detector, path, speed in zip(detectors[1:], places[1:], speeds[1:], strict=True):
        found = compare(original, detector, measure, on_progress, cancel) if measure else None
        own = detector.card
        if found and measure and path.parent.name.endswith("-int8"):
            own = _measured(own, card, found, measure)
        write_card(own, path.parent / CARD_FILE)
        forms.append(Form(own, path.parent, path.stat().st_size, speed, found))
    return forms


def _place(out: Path, card: ModelCard, form: str) -> Path:
    folder = out / f"{card.model_id.removesuffix('-onnx')}-{form}"
    folder.mkdir()
    return folder / FILE


def _settle(form: Form, folder: Path) -> Form:
    folder.mkdir(exist_ok=True)
    for name in (FILE, CARD_FILE):
        os.replace(form.folder / name, folder / name)
    return replace(form, folder=folder)


def _finish(card: ModelCard, path: Path, form: str) -> Detector:
    """The form under an id of its own, tested."""
    label = {"onnx": "ONNX", "int8": "ONNX, 8 bits"}[form]
    own = replace(
        card,
        model_id=path.parent.name,
        name=f"{card.name.removesuffix(' (ONNX)')} ({label})",
        architecture=ONNX,
        weights_file=os.path.basename(path),
        weights_sha256=file_sha256(path),
    )
    detector = load_detector(own, path.parent, "cpu")
    run_self_test(detector)
    return detector


def _int8_card(card: ModelCard, count: int) -> ModelCard:
    """A card without the original's figures, which are not those of this form."""
    with_what = f"{count} crops" if count else "the pictures of the self-test, which are too few"
    limit = f"Eight-bit form of {card.model_id} ({card.weights_sha256[:16]}…), its ranges measured on {with_what}."
    return replace(card, error_rates=(), bands=(), thresholds=UNVALIDATED, limits=(*card.limits, limit, NOT_VALIDATED))


def _measured(own: ModelCard, card: ModelCard, found: Comparison, data: LabelledCrops) -> ModelCard:
    """The card with what was measured; the original's limits of the bands return where little was lost."""
    if found.auc_before is None or found.auc_after is None:
        return own
    genuine, fake = (int((data.labels == label).sum()) for label in (0, 1))
    set_name = f"comparison, {data.split}"
    rows = ErrorRates(set_name, "all", "image", False, genuine, fake, round(found.auc_after, 4))
    limit = (
        f"On {len(data.crops)} crops its AUC is {found.auc_after:.4f} against {found.auc_before:.4f} of the original."
    )
    if found.auc_before - found.auc_after > MOST_AUC_LOST:
        return replace(own, error_rates=(rows,), limits=(*own.limits, limit))
    limits = tuple(text for text in own.limits if text != NOT_VALIDATED)
    kept = "The limits of its bands are those of the original."
    return replace(own, error_rates=(rows,), thresholds=card.thresholds, limits=(*limits, limit, kept))
