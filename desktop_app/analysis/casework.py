"""Where a case and an analysis meet: items are checked, predictions stored while they come, broken-off runs go on."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from desktop_app.analysis.dossiers import details_of, dossier_of, store_details
from desktop_app.analysis.intake import LookAlike, check_for_export, look_alikes, read_item_traces, take_in
from desktop_app.analysis.partial import partial_result
from desktop_app.analysis.pipeline import PredictionFn
from desktop_app.analysis.sampling import frames_in_range
from desktop_app.analysis.session import Setup, StartedFn, run_analysis, set_up
from desktop_app.analysis.stages import Batch, Done
from desktop_app.cases import AnalysisWriter, CaseStore, hash_if_there, hashes_of
from desktop_app.domain import AnalysisRequest, AnalysisResult, Notice, Provenance
from desktop_app.domain.cases import (
    AnalysisPlan,
    AnalysisState,
    Occasion,
    ResumePoint,
)
from desktop_app.errors import AppError, CaseError, InputError
from desktop_app.files import FileHashes, check_file
from desktop_app.media import MediaItem, open_item
from desktop_app.progress import Cancelled, CancelToken, ProgressFn, ignore_progress

__all__ = [
    "LookAlike",
    "analyze_in_case",
    "check_for_export",
    "details_of",
    "dossier_of",
    "look_alikes",
    "open_case",
    "read_item_traces",
    "result_of",
    "resume_in_case",
    "store_details",
    "take_in",
]

log = logging.getLogger(__name__)

_CANCELLED = "It was cancelled before anything was analysed."
_FAULT = "A fault of the program ended the analysis."
_NEW = "Start a new analysis; what this one has stored stays in the case."


def open_case(path: Path | None, actor: str = "", purpose: str = "") -> CaseStore:
    """A case to work in: the one at a path, which is made where there is none, or a temporary one.

    Args:
        path: The file; None is a quick check, whose case is deleted when it is closed unless it was saved.
        actor: Who writes; empty is the user of this computer.
        purpose: What for.

    Raises:
        CaseError: It cannot be opened or made.
    """
    if path is None:
        return CaseStore.temporary(actor)
    if path.exists():
        return CaseStore.open(path, actor, purpose=purpose)
    return CaseStore.create(path, actor, purpose)


def analyze_in_case(
    case: CaseStore,
    item_id: int,
    request: AnalysisRequest,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    on_prediction: PredictionFn | None = None,
    item: MediaItem | None = None,
    on_started: StartedFn | None = None,
    purpose: str = "",
) -> tuple[int, AnalysisResult]:
    """Check an item of a case, analyse it, and store what is found while it is found.

    Args:
        case: The case, open for writing.
        item_id: The item.
        request: What and how; its path is where the file is looked for.
        on_progress: Stages ``"hash"``, ``"index"``, ``"analyse"`` and ``"exhibits"``.
        cancel: Takes effect within one batch; what was analysed until then is stored.
        on_prediction: Called per batch on this thread, in order of frames, once the case has taken it up.
        item: The item, if it is open already; it is hashed again all the same.
        on_started: Called once item and model are known.
        purpose: What for.

    Returns:
        The number of the analysis and its result, which is partial when it was cancelled.

    Raises:
        Cancelled: It was cancelled before anything was analysed.
        InputError: The file is not the item, and that was not accepted; or it changes while it is analysed, which
            ends the analysis and keeps what was stored before.
        CaseError: The case cannot be written; what it has stays.
        ModelError: The model cannot be used.
        DeviceError: The device cannot be used.
    """
    token, started = cancel or CancelToken(), datetime.now(UTC)
    _require_writable(case)
    media, _ = _checked(case, item_id, request.path, on_progress, token, item, purpose)
    token.check()
    setup = set_up(request, media, started)
    if on_started is not None:
        on_started(media, setup.detector.card)
    plan = AnalysisPlan(request, media.info, setup.detector.card, setup.sampled, setup.conditions)
    recorder = _Recorder(case, setup, item_id, purpose, plan)
    recorder.begin()
    result = recorder.record(on_progress, token, on_prediction)
    return recorder.analysis_id, result


def resume_in_case(
    case: CaseStore,
    analysis_id: int,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    on_prediction: PredictionFn | None = None,
    item: MediaItem | None = None,
    on_started: StartedFn | None = None,
    purpose: str = "",
) -> AnalysisResult:
    """Go on with a broken-off analysis; its end equals that of an unbroken run.

    Faces are searched from the start again, since where persons go on depends on all frames before. What is stored
    is not scored again. Nothing of the analysis changes before the search has come to where it broke off.

    Args:
        case: The case, open for writing.
        analysis_id: The analysis.
        on_progress: Stages as in `analyze_in_case`.
        cancel: Takes effect within one batch; what was analysed until then is stored.
        on_prediction: Given all that is stored at first, then what comes per batch.
        item: The item, if it is open already.
        on_started: Called once item and model are known.
        purpose: What for.

    Raises:
        Cancelled: It was cancelled before it came to where it broke off.
        CaseError: There is no such analysis, it was not broken off, or model, device or program are others than those
            it began with; or the case cannot be written.
        InputError: The file is not the one it began with.
        ModelError: The model cannot be used.
        DeviceError: The device cannot be used.
    """
    token = cancel or CancelToken()
    _require_writable(case)
    case.analyses.abort_killed()
    stored = case.analyses.get(analysis_id)
    if stored.state is not AnalysisState.ABORTED:
        raise CaseError(f"Analysis {analysis_id} was not broken off.", "Start a new one.")
    point, path = case.analyses.resume_point(analysis_id), case.items.get(stored.item_id).path
    media, hashes = _checked(case, stored.item_id, path, on_progress, token, item, purpose)
    if hashes.sha256 != stored.plan.media.sha256:
        raise InputError(f"“{path.name}” is not the file that analysis {analysis_id} began with.", _NEW)
    token.check()
    setup = _same_setup(point, replace(stored.plan.request, path=path), media)
    if on_started is not None:
        on_started(media, setup.detector.card)
    done = _done(case, point)
    if on_prediction is not None and done is not None and done.predictions:
        on_prediction(done.predictions)
    recorder = _Recorder(case, setup, stored.item_id, purpose, stored.plan, analysis_id)
    return recorder.record(on_progress, token, on_prediction, done)


def result_of(case: CaseStore, analysis_id: int) -> AnalysisResult:
    """The result of an analysis; of one that was killed, what its stored predictions amount to.

    Raises:
        CaseError: There is no such analysis, it is damaged, or nothing of it was stored.
    """
    stored = case.analyses.get(analysis_id)
    if stored.has_result:
        return case.analyses.result(analysis_id)
    point = case.analyses.resume_point(analysis_id)
    if point.through_frame is None:
        raise CaseError(f"Nothing of analysis {analysis_id} was stored before it broke off.", "Go on with it.")
    rows, notices = case.analyses.predictions(analysis_id), case.analyses.notices(analysis_id)
    return partial_result(stored, point, rows, notices)


class _Recorder:
    """Takes what an analysis finds into the case.

    Args:
        case: The case.
        setup: The analysis.
        item_id: The item.
        purpose: What for.
        plan: What the case keeps of the analysis from its start.
        analysis_id: The analysis, when it goes on; 0 for a new one.
    """

    def __init__(
        self, case: CaseStore, setup: Setup, item_id: int, purpose: str, plan: AnalysisPlan, analysis_id: int = 0
    ) -> None:
        self.analysis_id = analysis_id
        self._case, self._setup, self._item_id = case, setup, item_id
        self._purpose, self._plan = purpose, plan
        self._writer: AnalysisWriter | None = None
        self._notices: tuple[Notice, ...] = ()
        self._in_range = len(frames_in_range(setup.request, setup.item))

    def begin(self) -> AnalysisWriter:
        """The writer; a resumed analysis stays as it was until there is something to add."""
        if self._writer is None and self.analysis_id:
            self._writer = self._case.analyses.resume(self.analysis_id, self._purpose)
        elif self._writer is None:
            self._writer = self._case.analyses.begin(self._item_id, self._plan, self._purpose)
            self.analysis_id = self._writer.analysis_id
        return self._writer

    def record(
        self, on_progress: ProgressFn, cancel: CancelToken, on_prediction: PredictionFn | None, done: Done | None = None
    ) -> AnalysisResult:
        """Run the analysis and store its end, whatever that is."""
        self._notices = () if done else self._setup.item.notices
        try:
            result = run_analysis(self._setup, on_progress, cancel, on_prediction, self._take, done)
            self.begin().finish(result)
        except Cancelled:
            self._abort(_CANCELLED)
            raise
        except AppError as error:
            self._abort(error.user_message)
            raise
        except BaseException:
            self._abort(_FAULT)
            raise
        return result

    def _take(self, batch: Batch) -> None:
        # rows of a file that is no longer the item must not get into the case
        _require_unchanged(self._setup.item)
        state: Mapping[str, object] = {
            "decoded": batch.decoded,
            "corrupt": batch.corrupt,
            "with_face": batch.with_face,
            "in_range": self._in_range,
            "device": self._setup.detector.device,
        }
        notices, self._notices = self._notices, ()
        self.begin().append(batch.predictions, batch.through_frame, batch.frames_done, notices, state)

    def _abort(self, reason: str) -> None:
        if self._writer is None:
            return
        try:
            self._writer.abort(reason)
        except AppError as error:
            # a case that cannot be written: `abort_killed` marks the analysis when it can be again
            log.warning("analysis %d: %s", self.analysis_id, error.user_message)


def _require_writable(case: CaseStore) -> None:
    if case.read_only:
        raise CaseError(f"“{case.path.name}” is open for reading only.", "Save a copy and work in that.")


def _checked(
    case: CaseStore,
    item_id: int,
    path: Path,
    on_progress: ProgressFn,
    cancel: CancelToken,
    item: MediaItem | None,
    purpose: str,
) -> tuple[MediaItem, FileHashes]:
    """The item, opened, once its hashes are compared and the comparison is in the case."""
    media: MediaItem | None = None
    unfit: InputError | None = None
    try:
        if item is None:
            media = open_item(path, on_progress, cancel)
    except InputError as error:
        unfit = error  # that it is missing or another says more than that it cannot be opened
    hashes = hashes_of(media.info) if media else hash_if_there(path, on_progress, cancel)
    case.items.require_usable(case.items.record_check(item_id, Occasion.ANALYSIS, hashes, purpose, path))
    if unfit is not None:
        raise unfit
    if media is None:
        is_same = item is not None and hashes is not None and item.info.sha256 == hashes.sha256 and _is_unchanged(item)
        media = item if is_same and item is not None else open_item(path, on_progress, cancel)
    if hashes is None or media.info.sha256 != hashes.sha256:
        raise _changed(media)
    return media, hashes


def _is_unchanged(item: MediaItem) -> bool:
    facts = check_file(item.info.path)
    return (facts.st_size, facts.st_mtime_ns) == (item.info.size_bytes, item.modified_ns)


def _require_unchanged(item: MediaItem) -> None:
    if not _is_unchanged(item):
        raise _changed(item)


def _changed(item: MediaItem) -> InputError:
    return InputError(
        f"The file “{item.info.path.name}” changed while it was analysed.",
        "What was stored before speaks of the earlier content. Find out what changed it, then analyse it again.",
    )


def _same_setup(point: ResumePoint, request: AnalysisRequest, media: MediaItem) -> Setup:
    """What a broken-off analysis worked with.

    Raises:
        CaseError: Something that changes the numbers is not what it was.
    """
    was, card = point.plan.provenance, point.plan.card
    if was is None:
        raise CaseError("It is not known under which settings this analysis began.", _NEW)
    setup = set_up(request, media, was.started_utc, card.model_id)
    others = _differences(was, setup.conditions, str(point.state.get("device", was.device)))
    if setup.detector.card.weights_sha256 != card.weights_sha256:
        others.insert(0, f"the weights of the model “{card.name}” are others")
    elif setup.detector.card != card:
        others.insert(0, f"the card of the model “{card.name}” is another")
    if others:
        raise CaseError(f"Analysis {point.analysis_id} cannot go on as it began: {'; '.join(others)}.", _NEW)
    return replace(setup, conditions=replace(setup.conditions, device=was.device))


def _differences(was: Provenance, now: Provenance, last_device: str) -> list[str]:
    """What would give other numbers than before; `last_device` is the one that an unbroken run had come to."""
    others = [
        f"{name} was {before} and is {after}"
        for name, before, after in (
            ("the program", was.app_version, now.app_version),
            ("the computer", was.platform, now.platform),
        )
        if before != after
    ]
    if now.device not in (was.device, last_device):
        others.append(f"the device was {was.device} and is {now.device}")
    for kind, before, after in (("library", was.libraries, now.libraries), ("setting", was.settings, now.settings)):
        changed = [f"{key} {dict(before).get(key)} -> {value}" for key, value in after if (key, value) not in before]
        others += [f"the {kind} {change}" for change in changed]
    return others


def _done(case: CaseStore, point: ResumePoint) -> Done | None:
    if point.through_frame is None:
        return None
    return Done(case.analyses.predictions(point.analysis_id), point.through_frame)
