"""Runs an analysis from a request to a stored result."""

import logging
import platform
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import desktop_app
from desktop_app.analysis.aggregate import judge_item, sum_up_tracks, uncounted_tracks
from desktop_app.analysis.exhibits import make_exhibits
from desktop_app.analysis.notices import in_order
from desktop_app.analysis.pipeline import BatchFn, Pipeline, PipelineOutput, PredictionFn
from desktop_app.analysis.sampling import detection_step, frames_in_range, sample_frames
from desktop_app.analysis.stages import Done
from desktop_app.detectors import Detector, TorchDetector, find_card, load_detector
from desktop_app.domain import (
    AnalysisRequest,
    AnalysisResult,
    Coverage,
    Exhibit,
    FramePrediction,
    ItemKind,
    ModelCard,
    Notice,
    Provenance,
    Stage,
)
from desktop_app.domain.result_id import make_result_id
from desktop_app.errors import DeviceError, InputError
from desktop_app.faces import FaceDetector, QualityLimits
from desktop_app.files import hash_file
from desktop_app.media import FrameReader, MediaItem, open_item
from desktop_app.progress import Cancelled, CancelToken, ProgressFn, ignore_progress
from desktop_app.reports.document import read_json, write_json

log = logging.getLogger(__name__)

StartedFn = Callable[[MediaItem, ModelCard], None]
LIBRARIES = ("torch", "torchvision", "onnxruntime", "facenet-pytorch", "av", "opencv-python-headless", "numpy", "scipy")

_lock = threading.Lock()
_loaded: dict[str, tuple[ModelCard, str, Detector]] = {}


def get_detector(model_id: str, device: str = "auto", purpose: str = "analysis") -> Detector:
    """A loaded model; the last one of each purpose is kept for the next call.

    Args:
        model_id: The model; empty is the default one.
        device: As in `detectors.pick_device`.
        purpose: Callers of different purpose never get the same network: heatmaps hook into theirs, which must not
            see what another thread computes.

    Raises:
        ModelError: No such model, or its files are damaged.
        DeviceError: The device is not there.
    """
    card, folder = find_card(model_id)
    with _lock:
        kept = _loaded.get(purpose)
        if kept is None or kept[:2] != (card, device):
            kept = _loaded[purpose] = (card, device, load_detector(card, folder, device))
        return kept[2]


def analyze_item(
    request: AnalysisRequest,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    on_prediction: PredictionFn | None = None,
    item: MediaItem | None = None,
    on_started: StartedFn | None = None,
) -> AnalysisResult:
    """Analyse an item.

    Args:
        request: What and how.
        on_progress: Stages ``"hash"``, ``"index"``, ``"analyse"`` and ``"exhibits"``.
        cancel: Takes effect within one batch.
        on_prediction: Called per batch on this thread, in order of frames.
        item: The item, if it is open already; it is hashed again all the same.
        on_started: Called once the item and the model are known.

    Returns:
        The result; partial, with `provenance.aborted` and without pictures, when it was cancelled after something was
        analysed.

    Raises:
        Cancelled: It was cancelled before anything was analysed.
        InputError: The item cannot be used, or is not the one that was opened, at the start or at the end.
        ModelError: The model cannot be used.
        DeviceError: The device cannot be used.
    """
    token = cancel or CancelToken()
    started = datetime.now(UTC)
    item = _verified(item, on_progress, token) if item else open_item(request.path, on_progress, token)
    token.check()
    setup = set_up(request, item, started)
    if on_started is not None:
        on_started(item, setup.detector.card)
    return run_analysis(setup, on_progress, token, on_prediction)


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """An analysis that is ready to run, once.

    Args:
        request: What and how.
        item: The opened item.
        detector: The model.
        face_detector: Finds the faces.
        limits: What a face needs to be scored.
        notices: What had to be arranged otherwise than asked.
        conditions: Under which the result will come about.
    """

    request: AnalysisRequest
    item: MediaItem
    detector: Detector
    face_detector: FaceDetector
    limits: QualityLimits
    notices: tuple[Notice, ...]
    conditions: Provenance

    @property
    def sampled(self) -> int:
        """Frames to analyse."""
        return len(sample_frames(self.request, self.item))


def set_up(request: AnalysisRequest, item: MediaItem, started_utc: datetime | None = None, model_id: str = "") -> Setup:
    """Get ready what an analysis needs.

    Args:
        request: What and how.
        item: The item.
        started_utc: When the work began; None is now.
        model_id: The model, where the request names the default one and another is meant.

    Raises:
        InputError: The range holds no frame.
        ModelError: The model cannot be used.
        DeviceError: The device cannot be used.
    """
    detector = get_detector(model_id or request.model_id, request.device)
    card, started = detector.card, started_utc or datetime.now(UTC)
    limits = QualityLimits(min_face_px=max(request.min_face_px, card.min_face_px))
    face_detector, notices = _face_detector(request, detector)
    conditions = Provenance(
        app_version=desktop_app.__version__,
        weights_sha256=card.weights_sha256,
        device=detector.device,
        started_utc=started,
        finished_utc=started,
        aborted=True,
        libraries=tuple((name, _version(name)) for name in LIBRARIES),
        platform=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        settings=_settings(request, item, limits),
    )
    return Setup(request, item, detector, face_detector, limits, tuple(notices), conditions)


def run_analysis(
    setup: Setup,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    on_prediction: PredictionFn | None = None,
    on_batch: BatchFn | None = None,
    done: Done | None = None,
) -> AnalysisResult:
    """Run an analysis that was set up.

    Args:
        setup: What it needs.
        on_progress: Stages ``"analyse"`` and ``"exhibits"``.
        cancel: Takes effect within one batch.
        on_prediction: Called per batch, in order of frames.
        on_batch: The same, and before it, also for batches without a face.
        done: What an earlier run has scored already.

    Returns:
        As `analyze_item`.

    Raises:
        Cancelled: It was cancelled before anything new was analysed.
        InputError: The item changed.
        AppError: A stage failed.
    """
    request, item, detector, token = setup.request, setup.item, setup.detector, cancel or CancelToken()
    pipeline = Pipeline(request, item, detector, setup.face_detector, setup.limits, done)
    output = pipeline.run(on_progress, token, on_prediction or _ignore, on_batch)
    if output.aborted and output.reached <= (done.through_frame if done else -1):
        raise Cancelled
    exhibits = _exhibits(request, item, detector, output, on_progress, token)
    notices = [*setup.notices, *_limits_of(setup)]
    if output.aborted:
        message = "The analysis was cancelled before its end; it covers the frames up to then and keeps no pictures."
        notices.append(Notice(Stage.ANALYSIS, "aborted", message))
    output.notices = [*item.notices, *notices, *_unsaid(output.notices, item.notices)]
    return _assemble(setup, output, exhibits)


def _limits_of(setup: Setup) -> list[Notice]:
    """What the model could not do."""
    notices, detector, device = [], setup.detector, setup.conditions.device
    if detector.device != device:
        message = f"Memory ran out on {device}: the analysis went on with {detector.device}."
        notices.append(Notice(Stage.DETECTOR, "device_fallback", message))
    if not isinstance(detector, TorchDetector):
        message = "The model cannot show where it looked: the key frames have no heatmaps."
        notices.append(Notice(Stage.DETECTOR, "no_heatmaps", message))
    return notices


def _unsaid(notices: list[Notice], said: tuple[Notice, ...]) -> list[Notice]:
    """Notices without those of damaged frames that opening the item has counted already."""
    counted = any(n.code == "corrupt_frame" for n in said)
    return [n for n in notices if not (counted and n.code == "corrupt_frame")]


def _exhibits(
    request: AnalysisRequest,
    item: MediaItem,
    detector: Detector,
    output: PipelineOutput,
    on_progress: ProgressFn,
    cancel: CancelToken,
) -> tuple[Exhibit, ...]:
    """Pictures of a whole run; none of a cancelled one, which then ends at once."""
    with FrameReader(item):
        pass  # raises where the file is no longer the one that was analysed
    if output.aborted:
        return ()
    try:
        return make_exhibits(request, item, detector, output.predictions, on_progress, cancel)
    except Cancelled:
        output.aborted = True
        return ()


def _ignore(_: tuple[FramePrediction, ...]) -> None:
    """For callers that do not watch the curve."""


def _verified(item: MediaItem, on_progress: ProgressFn, cancel: CancelToken) -> MediaItem:
    """The same item, provided that its file still is what was opened."""
    if hash_file(item.info.path, on_progress, cancel).sha256 != item.info.sha256:
        raise InputError(
            f"The file “{item.info.path.name}” changed after it was opened.",
            "Open it again; earlier results speak of the earlier content.",
        )
    return item


def _face_detector(request: AnalysisRequest, detector: Detector) -> tuple[FaceDetector, list[Notice]]:
    device = detector.device.split(":")[0]
    try:
        return FaceDetector(device, request.min_face_score, request.min_face_px), []
    except DeviceError as error:
        message = f"Faces are searched on the CPU: {error.user_message}"
        return FaceDetector("cpu", request.min_face_score, request.min_face_px), [
            Notice(Stage.FACES, "device_fallback", message)
        ]


def _assemble(setup: Setup, output: PipelineOutput, exhibits: tuple[Exhibit, ...]) -> AnalysisResult:
    request, item, card = setup.request, setup.item, setup.detector.card
    tracks = sum_up_tracks(card, output.predictions, item.info.kind is ItemKind.IMAGE)
    now, device = datetime.now(UTC), setup.detector.device
    provenance = replace(setup.conditions, device=device, finished_utc=now, aborted=output.aborted)
    return AnalysisResult(
        result_id=make_result_id(item.info.sha256, card.weights_sha256, provenance.settings, output.predictions),
        request=request,
        media=item.info,
        card=card,
        verdict=judge_item(tracks),
        tracks=tracks,
        predictions=tuple(output.predictions),
        coverage=_coverage(request, item, output),
        notices=tuple(in_order([*output.notices, *uncounted_tracks(tracks)])),
        exhibits=exhibits,
        provenance=provenance,
    )


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "unknown"


def _settings(request: AnalysisRequest, item: MediaItem, limits: QualityLimits) -> tuple[tuple[str, str], ...]:
    step = detection_step(request, item, sample_frames(request, item))
    return (
        ("start_s", "start" if request.start_s is None else _number(request.start_s)),
        ("end_s", "end" if request.end_s is None else _number(request.end_s)),
        ("sampling", f"{request.sampling.mode.value} {_number(request.sampling.value)}"),
        ("detect_every", str(step)),
        ("min_face_score", _number(request.min_face_score)),
        ("min_face_px", _number(limits.min_face_px)),
        ("min_sharpness", _number(limits.min_sharpness)),
        ("exposure", f"{_number(limits.min_exposure)} to {_number(limits.max_exposure)}"),
        ("max_pose_deg", _number(limits.max_pose_deg)),
        ("batch_size", str(request.batch_size)),
    )


def _number(value: float) -> str:
    """A number with every digit that counts."""
    return f"{value:.15g}"


def _coverage(request: AnalysisRequest, item: MediaItem, output: PipelineOutput) -> Coverage:
    scored = sum(p.p_fake is not None for p in output.predictions)
    return Coverage(
        in_item=len(item.index),
        in_range=len(frames_in_range(request, item)),
        sampled=output.sampled,
        decoded=output.decoded,
        corrupt=output.corrupt,
        with_face=output.with_face,
        faces_scored=scored,
        faces_gated=len(output.predictions) - scored,
    )


def save_result(result: AnalysisResult, path: Path) -> Path:
    """Store a result as JSON; the file appears whole or not at all.

    Raises:
        CaseError: The file cannot be written.
    """
    return write_json(result, path)


def load_result(path: Path) -> AnalysisResult:
    """Read a stored result.

    Raises:
        CaseError: It is missing, damaged, or of a newer version.
    """
    return read_json(path)
