"""Pictures kept as evidence: key frames, the crop as the model saw it, and where it looked."""

import hashlib
from collections import Counter
from collections.abc import Sequence

import cv2

from desktop_app.analysis.aggregate import MIN_SCORED_FRAMES
from desktop_app.detectors import Detector, TorchDetector
from desktop_app.domain import (
    AnalysisRequest,
    Exhibit,
    ExhibitKind,
    Frame,
    FramePrediction,
    Heatmap,
    UInt8Array,
)
from desktop_app.explain import deletion, explain_face, render_overlay
from desktop_app.faces import crop_box, crop_face
from desktop_app.media import FrameReader, MediaItem
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress

MAX_SIDE_PX = 960
CROP_PX = 320
MIN_DISTANCE_S = 0.5
# of each stored map: few masks, because an analysis waits for them
DELETED_SHARE = 0.2
CHANCE_MASKS = 5


def choose_key_frames(predictions: Sequence[FramePrediction], count: int) -> list[FramePrediction]:
    """The faces with the highest probability of fake, apart in time, and the least suspicious one for contrast.

    Tracks too short to count for the item are left out where a longer one exists: they are often no face at all.

    Args:
        predictions: All predictions of an item.
        count: How many to choose at most.

    Returns:
        Chosen predictions in order of frame.
    """
    lengths = Counter(p.track_id for p in predictions if p.p_fake is not None)
    least_frames = MIN_SCORED_FRAMES if any(n >= MIN_SCORED_FRAMES for n in lengths.values()) else 1
    usable = (p for p in predictions if p.p_fake is not None and lengths[p.track_id] >= least_frames)
    scored = sorted(usable, key=lambda p: (-(p.p_fake or 0), p.frame_index))
    if not scored or count < 1:
        return []
    span_s = max(p.time_s for p in scored) - min(p.time_s for p in scored)
    distance_s = max(MIN_DISTANCE_S, span_s / (4 * count))
    chosen: list[FramePrediction] = []
    for p in scored:
        if len(chosen) == max(1, count - 1):
            break
        if all(c.track_id != p.track_id or abs(c.time_s - p.time_s) >= distance_s for c in chosen):
            chosen.append(p)
    least = scored[-1]
    if len(chosen) < count and least not in chosen:
        chosen.append(least)
    return sorted(chosen, key=lambda p: (p.frame_index, p.track_id))


def make_exhibits(
    request: AnalysisRequest,
    item: MediaItem,
    detector: Detector,
    predictions: Sequence[FramePrediction],
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> tuple[Exhibit, ...]:
    """Face crop and heatmap of each key frame, and each whole frame once, unmarked.

    What the deletion test finds of a heatmap stands in its caption. Its masks of chance depend on the item, the frame
    and the person alone.

    Args:
        request: Says how many key frames to keep.
        item: The item.
        detector: The model, for heatmaps.
        predictions: All predictions of the item.
        on_progress: Stage ``"exhibits"`` in key frames.
        cancel: Checked per key frame, and before its heatmap is tested.

    Raises:
        InputError: The file changed, or no longer decodes where it did.
        Cancelled: The token was cancelled.
        DeviceError: Memory ran out.
    """
    exhibits: list[Exhibit] = []
    cancel = cancel or CancelToken()
    chosen = choose_key_frames(predictions, request.key_frames)
    with FrameReader(item) as reader:
        for done, p in enumerate(chosen):
            cancel.check()
            frame = reader.frame_at(p.frame_index)
            if done == 0 or chosen[done - 1].frame_index != p.frame_index:
                caption = f"Frame {p.frame_index} as decoded."
                exhibits.append(_exhibit(p, None, ExhibitKind.KEY_FRAME, _shrink(frame.image), caption))
            exhibits += _exhibits_of(p, frame, detector, item.info.sha256, cancel)
            on_progress(Progress("exhibits", done + 1, len(chosen)))
    return tuple(exhibits)


def _exhibits_of(
    p: FramePrediction, frame: Frame, detector: Detector, item_sha256: str, cancel: CancelToken
) -> list[Exhibit]:
    margin = detector.card.crop_margin
    crop = crop_face(frame.image, p.box_xyxy, margin, CROP_PX)
    x1, y1, x2, y2 = (round(v) for v in crop_box(p.box_xyxy, margin))
    caption = f"Face of person {p.track_id}, square {x1},{y1} to {x2},{y2}."
    exhibits = [_exhibit(p, p.track_id, ExhibitKind.FACE_CROP, crop, caption)]
    if not isinstance(detector, TorchDetector):
        return exhibits
    heatmap = explain_face(detector, frame.image, p.box_xyxy, p.frame_index, p.track_id)
    marked = crop_face(render_overlay(frame.image, heatmap, 0.6), p.box_xyxy, margin, CROP_PX)
    strength = f"strongest raw activation {heatmap.raw_max:.3g}"
    where = f"{heatmap.method}, layer {heatmap.layer}, for the class {heatmap.target_class}; {strength}."
    tested = _faithfulness(p, frame, detector, heatmap, item_sha256, cancel)
    return [*exhibits, _exhibit(p, p.track_id, ExhibitKind.HEATMAP, marked, f"{where} {tested}")]


def _faithfulness(
    p: FramePrediction, frame: Frame, detector: Detector, heatmap: Heatmap, item_sha256: str, cancel: CancelToken
) -> str:
    """What the deletion test found, as the report reads it."""
    if heatmap.raw_max <= 0:
        return "Faithfulness not tested: the map is empty."
    key = f"{item_sha256} {p.frame_index} {p.track_id}".encode("ascii")
    seed = int.from_bytes(hashlib.sha256(key).digest()[:8], "big")
    test = deletion(
        detector, frame.image, p.box_xyxy, heatmap, (DELETED_SHARE,), CHANCE_MASKS, cancel=cancel, seed=seed
    )
    return (
        f"Faithfulness {test.better_than:.2f}: without the strongest {DELETED_SHARE:.0%} of the map the class goes "
        f"from {test.base:.2f} to {test.strongest[0]:.2f}; without as much chosen by chance to "
        f"{test.random_mean[0]:.2f}, mean of {test.rounds} masks."
    )


def _shrink(image: UInt8Array) -> UInt8Array:
    scale = MAX_SIDE_PX / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype("uint8")


def _exhibit(p: FramePrediction, track_id: int | None, kind: ExhibitKind, image: UInt8Array, caption: str) -> Exhibit:
    is_done, data = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    if not is_done:
        raise RuntimeError(f"no PNG of {image.shape} could be made")
    png = data.tobytes()
    digest = hashlib.sha256(png).hexdigest()
    return Exhibit(kind, p.frame_index, p.pts, p.time_s, track_id, png, digest, caption)
