"""What the stored predictions of a killed analysis amount to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from desktop_app.analysis.aggregate import judge_item, sum_up_tracks, uncounted_tracks
from desktop_app.analysis.notices import in_order
from desktop_app.domain import AnalysisResult, Coverage, FramePrediction, ItemKind, Notice, Provenance, Stage
from desktop_app.domain.cases import ResumePoint, StoredAnalysis
from desktop_app.domain.result_id import make_result_id


def partial_result(
    stored: StoredAnalysis, point: ResumePoint, rows: Sequence[FramePrediction], notices: Iterable[Notice]
) -> AnalysisResult:
    """A result, marked aborted and without pictures.

    Args:
        stored: The analysis.
        point: Where it broke off.
        rows: Its predictions, in order of frame, then track.
        notices: What was stored of notices.
    """
    plan = stored.plan
    provenance = _provenance(stored)
    tracks = sum_up_tracks(plan.card, rows, plan.media.kind is ItemKind.IMAGE)
    message = "The analysis broke off before its end; it covers the frames up to then and keeps no pictures."
    said = [notice for notice in notices if notice.stage is Stage.MEDIA]
    said += [Notice(Stage.ANALYSIS, "aborted", message), *_gated(rows), *uncounted_tracks(tracks)]
    return AnalysisResult(
        result_id=make_result_id(plan.media.sha256, plan.card.weights_sha256, provenance.settings, rows),
        request=plan.request,
        media=plan.media,
        card=plan.card,
        verdict=judge_item(tracks),
        tracks=tracks,
        predictions=tuple(rows),
        coverage=_coverage(point, rows),
        notices=tuple(in_order(said)),
        exhibits=(),
        provenance=provenance,
    )


def _provenance(stored: StoredAnalysis) -> Provenance:
    ended = stored.ended_utc or datetime.now(UTC)
    if stored.plan.provenance is not None:
        return replace(stored.plan.provenance, finished_utc=ended, aborted=True)
    # begun by a version that did not note it
    return Provenance("", stored.plan.card.weights_sha256, "", stored.started_utc, ended, True, (), "")


def _coverage(point: ResumePoint, rows: Sequence[FramePrediction]) -> Coverage:
    frames = point.plan.media.frame_count
    scored = sum(row.p_fake is not None for row in rows)

    def count(name: str, otherwise: int) -> int:
        value = point.state.get(name)
        return value if isinstance(value, int) else otherwise

    return Coverage(
        in_item=frames,
        in_range=count("in_range", frames),
        sampled=point.plan.sampled,
        decoded=count("decoded", point.frames_done),
        corrupt=count("corrupt", 0),
        with_face=count("with_face", len({row.frame_index for row in rows})),
        faces_scored=scored,
        faces_gated=len(rows) - scored,
    )


def _gated(rows: Iterable[FramePrediction]) -> list[Notice]:
    """One notice for each person and reason."""
    frames: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row in rows:
        if row.gate is not None:
            frames[row.track_id, row.gate].append(row.frame_index)
    return [
        Notice(
            Stage.QUALITY,
            f"gate_{gate}",
            f"Person {track} was not scored in {len(found)} frames from {found[0]} to {found[-1]}: "
            f"{gate.replace('_', ' ')}.",
            found[0],
            len(found),
        )
        for (track, gate), found in frames.items()
    ]
