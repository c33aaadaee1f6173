"""Scores of labelled items, by the shipped pipeline: what is measured is what users get."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_app.analysis.aggregate import judge_item, sum_up_tracks
from desktop_app.analysis.pipeline import score_crops
from desktop_app.analysis.session import analyze_item, get_detector
from desktop_app.detectors import Detector, calibrate
from desktop_app.domain import (
    AnalysisRequest,
    AnalysisResult,
    Box,
    FramePrediction,
    ItemKind,
    ModelCard,
    Sampling,
    SamplingMode,
    UInt8Array,
)
from desktop_app.errors import AppError, InputError
from desktop_app.faces import crop_for, is_within_reach
from desktop_app.media import FrameReader, MediaItem, open_item
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.training.evaluation.conditions import compression_class, jpeg_class
from desktop_app.training.evaluation.items import EvalItem, FaceScore, ItemScore, TrackScore
from desktop_app.training.evaluation.skin import SkinMeter
from desktop_app.training.evaluation.store import ScoreStore, judgement_of
from desktop_app.training.extract import read_rgb
from desktop_app.training.files import presence

log = logging.getLogger(__name__)

FRAMES_PER_SECOND = 2.0
MOST_PER_SECOND = 1000.0
BATCH = 32
MIRRORED = "mean with the mirrored face"


@dataclass(frozen=True, slots=True)
class EvalOptions:
    """How items are scored.

    Args:
        model_id: The model; empty is the default one.
        device: As in `detectors.pick_device`.
        per_second: Frames of a video analysed per second.
        margins: Relative changes of the crop's side under which everything is scored again; 0 is left out.
        flips: Whether the mean with the mirrored face is scored, too.
        skin_tone: Whether the tone of the skin is measured.
    """

    model_id: str = ""
    device: str = "auto"
    per_second: float = FRAMES_PER_SECOND
    margins: tuple[float, ...] = ()
    flips: bool = False
    skin_tone: bool = True

    def __post_init__(self) -> None:
        if any(not -0.9 <= m <= 2.0 for m in self.margins):
            raise InputError(f"A change of the crop's side must lie between -0.9 and 2, got {self.margins}.")
        if not 0.0 < self.per_second <= MOST_PER_SECOND:
            limit = f"{MOST_PER_SECOND:g}"
            raise InputError(f"The frames per second must lie between 0 and {limit}, got {self.per_second:g}.")

    @property
    def variants(self) -> tuple["Variant", ...]:
        """The variants that are scored beside the model's own framing."""
        scaled = [Variant(f"crop {m:+.0%}".replace("%", " %"), 1.0 + m, False) for m in self.margins if m != 0]
        return (*scaled, *([Variant(MIRRORED, 1.0, True)] if self.flips else []))


@dataclass(frozen=True, slots=True)
class Variant:
    """Another way to show a face to the model.

    Args:
        name: For people.
        scale: Factor of the crop's side.
        is_mirrored: Whether the mean of the log-odds with those of the mirrored crop counts.
    """

    name: str
    scale: float
    is_mirrored: bool


def _request(path: Path, card: ModelCard, options: EvalOptions) -> AnalysisRequest:
    sampling = Sampling(SamplingMode.PER_SECOND, options.per_second)
    return AnalysisRequest(path, card.model_id, sampling=sampling, device=options.device, key_frames=0)


def settings_of(card: ModelCard, options: EvalOptions, device: str) -> str:
    """All that a score hangs on beside the item and the version of the app, as text for `ScoreStore`.

    Args:
        card: The model.
        options: How items are scored.
        device: Where the networks compute, as `TorchDetector.device` names it.
    """
    request = replace(_request(Path(), card, options), device=device)
    return f"{judgement_of(card)} {request} {options.variants} {options.skin_tone}"


def score_items(
    items: Sequence[EvalItem],
    options: EvalOptions,
    store: ScoreStore | None = None,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> list[ItemScore]:
    """Run every item through the shipped pipeline; crops go straight to the model.

    Args:
        items: Labelled items.
        options: How.
        store: Where scores are kept and looked up.
        on_progress: Stage ``"evaluate"``, in items.
        cancel: Checked within items, too.

    Returns:
        A score per item, in the order of `items`.

    Raises:
        ModelError: The model cannot be used.
        Cancelled: The token was cancelled.
    """
    detector = get_detector(options.model_id, options.device)
    store, token = store or ScoreStore(None, ""), cancel or CancelToken()
    scores: list[ItemScore | None] = [store.get(item) for item in items]
    todo = [place for place, score in enumerate(scores) if score is None]
    crops = [p for p in todo if items[p].is_crop]
    batches = [crops[i : i + BATCH] for i in range(0, len(crops), BATCH)]
    batches += [[p] for p in todo if not items[p].is_crop]
    skin = SkinMeter(detector.device) if options.skin_tone else None
    done = len(items) - len(todo)
    for batch in batches:
        token.check()
        if items[batch[0]].is_crop:
            found = _score_crops(detector, [items[p] for p in batch], options.variants, skin)
        else:
            found = [_score_item(detector, items[batch[0]], options, skin, token)]
        for place, score in zip(batch, found, strict=True):
            scores[place] = score
            store.add(score)
        done += len(batch)
        on_progress(Progress("evaluate", done, len(items)))
    return [score for score in scores if score is not None]


def face_box(item: EvalItem, image: UInt8Array, card: ModelCard) -> Box:
    """Box in a crop for which the card's crop rule gives the square that shall be scored.

    Args:
        item: A crop.
        image: (H, W, 3) its pixels.
        card: The model.
    """
    if item.box_xyxy is not None:
        return item.box_xyxy
    height, width = image.shape[:2]
    half = 0.5 * item.nominal * min(height, width) / (1.0 + card.crop_margin)
    return width / 2 - half, height / 2 - half, width / 2 + half, height / 2 + half


def _failure(item: EvalItem, picture: UInt8Array | None) -> str:
    if picture is not None:
        return "The box lies beyond the image."
    return presence(item.path)[1] or "The image does not decode."


class _Framer:
    """Crops of faces under the model's own framing and its variants, and their scores."""

    def __init__(self, detector: Detector, variants: Sequence[Variant]) -> None:
        self._detector, self._variants = detector, variants
        self._crops: list[list[UInt8Array]] = [[] for _ in variants]

    def own(self, image: UInt8Array, box: Box) -> UInt8Array:
        return crop_for(self._detector.card, image, box)

    def add(self, image: UInt8Array, box: Box) -> None:
        card = self._detector.card
        for variant, crops in zip(self._variants, self._crops, strict=True):
            crop = crop_for(card, image, box, variant.scale)
            crops.append(np.ascontiguousarray(crop[:, ::-1]) if variant.is_mirrored else crop)

    def take(self, own_logits: Sequence[float]) -> NDArray[np.float32]:
        """Log-odds of the faces added since the last call, (faces, variants)."""
        columns = []
        for variant, crops in zip(self._variants, self._crops, strict=True):
            odds = np.array([z for z, _, _ in score_crops(self._detector, crops)], dtype=np.float32)
            columns.append((odds + np.array(own_logits, dtype=np.float32)) / 2 if variant.is_mirrored else odds)
            crops.clear()
        return np.stack(columns, axis=1) if columns else np.zeros((len(own_logits), 0), np.float32)


def _score_crops(
    detector: Detector, items: Sequence[EvalItem], variants: Sequence[Variant], skin: SkinMeter | None
) -> list[ItemScore]:
    card, framer = detector.card, _Framer(detector, variants)
    images = [read_rgb(item.path) for item in items]
    pairs = list(zip(items, images, strict=True))
    whole = [(item, image) for item, image in pairs if image is not None and is_within_reach(item.box_xyxy, image)]
    boxes = [face_box(item, image, card) for item, image in whole]
    own = score_crops(detector, [framer.own(image, box) for (_, image), box in zip(whole, boxes, strict=True)])
    for (_, image), box in zip(whole, boxes, strict=True):
        framer.add(image, box)
    others = framer.take([z for z, _, _ in own])
    found = iter(zip(boxes, own, others, strict=True))
    scores = []
    for item, picture in pairs:
        if picture is None or not is_within_reach(item.box_xyxy, picture):
            scores.append(ItemScore(item, "failed", "", None, _failure(item, picture)))
            continue
        box, (logit, p_fake, label), row = next(found)
        varied = tuple(float(p) for p in calibrate(card, row))
        size_px = item.face_px
        if size_px is None and item.box_xyxy is not None:
            size_px = min(box[2] - box[0], box[3] - box[1])
        face = FaceScore(0, 0.0, 1, box, size_px, "", logit, p_fake, label, varied)
        scores.append(
            ItemScore(
                item, "scored", card.thresholds.band(p_fake).value, p_fake, "", label, "image", size_px,
                item.compression or jpeg_class(item.path), skin.of_crop(item, picture) if skin else None, varied,
                (), (face,),
            )
        )  # fmt: skip
    return scores


def _score_item(
    detector: Detector, item: EvalItem, options: EvalOptions, skin: SkinMeter | None, cancel: CancelToken
) -> ItemScore:
    request = _request(item.path, detector.card, options)
    try:
        media = open_item(item.path, cancel=cancel)
        result = analyze_item(request, cancel=cancel, item=media)
        # a broken-off analysis returns what it has, which is no judgement of the item
        cancel.check()
        own = [p for p in result.predictions if p.p_fake is not None]
        others = _rescore(detector, media, own, options.variants, cancel)
        return _sum_up(item, media, result, own, others, skin)
    except AppError as error:
        cancel.check()
        return ItemScore(item, "failed", "", None, error.user_message)


def _rescore(
    detector: Detector,
    media: MediaItem,
    own: Sequence[FramePrediction],
    variants: Sequence[Variant],
    cancel: CancelToken,
) -> NDArray[np.float32]:
    """Log-odds of the same faces in the same frames under each variant, (faces, variants)."""
    if not variants or not own:
        return np.zeros((len(own), len(variants)), np.float32)
    framer, parts, waiting = _Framer(detector, variants), [], []
    with FrameReader(media) as reader:
        for p in own:
            cancel.check()
            framer.add(reader.frame_at(p.frame_index).image, p.box_xyxy)
            waiting.append(p.logit or 0.0)
            if len(waiting) == BATCH:
                parts.append(framer.take(waiting))
                waiting = []
    if waiting:
        parts.append(framer.take(waiting))
    return np.concatenate(parts)


def _sum_up(
    item: EvalItem,
    media: MediaItem,
    result: AnalysisResult,
    own: Sequence[FramePrediction],
    others: NDArray[np.float32],
    skin: SkinMeter | None,
) -> ItemScore:
    verdict, card, info = result.verdict, result.card, result.media
    chosen = [t for t in result.tracks if t.verdict.p_fake is not None and t.verdict.p_fake == verdict.p_fake]
    speaker = chosen[0] if chosen else None
    varied = np.stack([calibrate(card, row) for row in others]) if len(own) else others
    place = {(p.frame_index, p.track_id): i for i, p in enumerate(own)}
    faces = []
    for p in result.predictions:
        row = place.get((p.frame_index, p.track_id))
        values = () if row is None else tuple(float(v) for v in varied[row])
        faces.append(
            FaceScore(
                p.frame_index, p.time_s, p.track_id, p.box_xyxy, p.quality.size_px, p.gate or "", p.logit, p.p_fake,
                p.label or "", values,
            )
        )  # fmt: skip
    return ItemScore(
        item=item,
        outcome=verdict.outcome.value,
        band=verdict.band.value if verdict.band else "",
        p_fake=verdict.p_fake,
        note=verdict.reason,
        label=(speaker.label or "") if speaker else "",
        level="image" if info.kind is ItemKind.IMAGE else "video",
        size_px=speaker.median_size_px if speaker else None,
        compression=item.compression or compression_class(info),
        ita_deg=skin.of_item(media, result.predictions_of(speaker.track_id)) if skin and speaker else None,
        variants=tuple(_verdict_of(card, own, others[:, v], varied[:, v], info.kind) for v in range(others.shape[1])),
        tracks=tuple(
            TrackScore(t.track_id, t.verdict.p_fake, t.label or "", t.frames_scored, t.median_size_px)
            for t in result.tracks
        ),
        faces=tuple(faces),
    )


def _verdict_of(
    card: ModelCard,
    own: Sequence[FramePrediction],
    odds: NDArray[np.float32],
    p_fake: NDArray[np.float32],
    kind: ItemKind,
) -> float | None:
    """Probability of the item with other scores of its faces, summed up as the pipeline does."""
    changed = [replace(p, logit=float(z), p_fake=float(q)) for p, z, q in zip(own, odds, p_fake, strict=True)]
    return judge_item(sum_up_tracks(card, changed, kind is ItemKind.IMAGE)).p_fake
