"""How fast this computer examines an item, as ratios against the plain way."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_app.analysis.pipeline import score_crops
from desktop_app.analysis.session import analyze_item, get_detector
from desktop_app.detectors import calibrate_odds, share_cores, sigmoid
from desktop_app.domain import AnalysisRequest, AnalysisResult, Box
from desktop_app.faces import crop_for
from desktop_app.faces.boxes import iou
from desktop_app.faces.naive import NaiveFaceDetector
from desktop_app.media import FrameReader, MediaItem, open_item
from desktop_app.progress import CancelToken, Progress, ProgressFn

SEEKS = 60


@dataclass(frozen=True, slots=True)
class BenchmarkReport:
    """Figures of one run; only ratios compare between computers.

    Args:
        clip: Name, size and rate of the clip.
        frames: Frames that both ways went through.
        naive_s, pipeline_s: Seconds each way took, decoding included.
        speedup: `naive_s` / `pipeline_s`.
        faces_naive, faces_pipeline: Faces that each way scored.
        mean_iou: Mean overlap of each naive box with the best box of the pipeline in the same frame.
        naive_p_fake, pipeline_p_fake: Item score each way.
        same_band: Whether both scores fall into the same band.
        seek_p50_ms, seek_p95_ms: Time to show a random frame exactly.
        step_p95_ms: Time to show the next frame.
        device: Where the networks computed.
    """

    clip: str
    frames: int
    naive_s: float
    pipeline_s: float
    speedup: float
    faces_naive: int
    faces_pipeline: int
    mean_iou: float
    naive_p_fake: float | None
    pipeline_p_fake: float | None
    same_band: bool
    seek_p50_ms: float
    seek_p95_ms: float
    step_p95_ms: float
    device: str


def run_benchmark(path: Path, seconds: float, on_progress: ProgressFn, cancel: CancelToken) -> BenchmarkReport:
    """Analyse the beginning of a clip both ways, then seek in it.

    Args:
        path: The clip.
        seconds: How much of it.
        on_progress: Stage ``"benchmark"``.
        cancel: Checked per frame.

    Raises:
        InputError: The clip cannot be used.
        Cancelled: The token was cancelled.
    """
    item = open_item(path, cancel=cancel)
    request = AnalysisRequest(path, "", end_s=seconds, key_frames=0)
    detector = get_detector(request.model_id, request.device)
    warm = AnalysisRequest(path, "", end_s=min(seconds, 0.3), key_frames=0)
    analyze_item(warm, cancel=cancel, item=item)
    started = time.perf_counter()
    result = analyze_item(request, cancel=cancel, item=item)
    pipeline_s = time.perf_counter() - started
    started = time.perf_counter()
    naive = _naive_loop(request, item, result.coverage.decoded, on_progress, cancel)
    naive_s = time.perf_counter() - started
    z = calibrate_odds(detector.card, np.array([logit for _, _, logit in naive]))
    naive_p = float(sigmoid(z.mean(keepdims=True))[0]) if len(z) else None
    seeks, steps = _seek_times(item)
    limits = detector.card.thresholds
    pipeline_p = result.verdict.p_fake
    bands = [None if p is None else limits.band(p) for p in (naive_p, pipeline_p)]
    info = item.info
    return BenchmarkReport(
        clip=f"{info.path.name}, {info.width_px}x{info.height_px}, {float(info.rate or 0):g} frames/s",
        frames=result.coverage.decoded,
        naive_s=naive_s,
        pipeline_s=pipeline_s,
        speedup=naive_s / pipeline_s,
        faces_naive=len(naive),
        faces_pipeline=result.coverage.faces_scored,
        mean_iou=_mean_iou(naive, result),
        naive_p_fake=naive_p,
        pipeline_p_fake=pipeline_p,
        same_band=bands[0] == bands[1],
        seek_p50_ms=statistics.median(seeks),
        seek_p95_ms=float(np.percentile(seeks, 95)),
        step_p95_ms=float(np.percentile(steps, 95)),
        device=detector.device,
    )


def _naive_loop(
    request: AnalysisRequest, item: MediaItem, frames: int, on_progress: ProgressFn, cancel: CancelToken
) -> list[tuple[int, Box, float]]:
    """Whole-frame MTCNN on every frame, then the classifier on one face at a time: (frame, box, logit)."""
    share_cores(1)  # the analysis before left half of them to this thread
    detector = get_detector(request.model_id, request.device)
    finder = NaiveFaceDetector(detector.device.split(":")[0], request.min_face_score, request.min_face_px)
    card = detector.card
    found: list[tuple[int, Box, float]] = []
    with FrameReader(item) as reader:
        for frame in reader.frames(0, frames):
            cancel.check()
            for face in finder.detect(frame.image, frame.index):
                crop = crop_for(card, frame.image, face.box_xyxy)
                found.append((frame.index, face.box_xyxy, score_crops(detector, [crop])[0][0]))
            on_progress(Progress("benchmark", frame.index + 1, frames))
    return found


def _mean_iou(naive: Sequence[tuple[int, Box, float]], result: AnalysisResult) -> float:
    by_frame: dict[int, list[Box]] = {}
    for p in result.predictions:
        by_frame.setdefault(p.frame_index, []).append(p.box_xyxy)
    best = [max((iou(box, other) for other in by_frame.get(i, [])), default=0.0) for i, box, _ in naive]
    return float(np.mean(best)) if best else 0.0


def _seek_times(item: MediaItem) -> tuple[list[float], list[float]]:
    """Milliseconds to show random frames, and to step from frame to frame."""
    rng = np.random.default_rng(0)
    seeks, steps = [], []
    with FrameReader(item) as reader:
        reader.frame_at(0)
        for index in rng.integers(0, len(item.index), SEEKS):
            started = time.perf_counter()
            reader.frame_at(int(index))
            seeks.append((time.perf_counter() - started) * 1000)
        for index in range(min(SEEKS, len(item.index))):
            started = time.perf_counter()
            reader.frame_at(index)
            steps.append((time.perf_counter() - started) * 1000)
    return seeks, steps
