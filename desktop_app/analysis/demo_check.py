"""Whether the curve of the demo clip rose where the clip is known to be manipulated."""

from dataclasses import dataclass

import numpy as np

from desktop_app.domain import AnalysisResult

EDGE_S = 0.2


@dataclass(frozen=True, slots=True)
class DemoCheck:
    """How the curve stands against the known truth.

    Args:
        inside: Mean calibrated probability of fake inside the manipulated stretch, None without scores.
        outside: Likewise outside of it.
        found: Whether a reported stretch overlaps it by half or more.
        false_stretches: Reported stretches that do not touch it.
    """

    inside: float | None
    outside: float | None
    found: bool
    false_stretches: int


def check_demo(result: AnalysisResult, start_s: float, end_s: float) -> DemoCheck:
    """Compare a result with the truth of the demo clip.

    Args:
        result: Of the demo clip.
        start_s: Beginning of the manipulated stretch.
        end_s: Its end.
    """
    scored = [(p.time_s, p.p_fake) for p in result.predictions if p.p_fake is not None]
    inside = [p for t, p in scored if start_s + EDGE_S <= t <= end_s - EDGE_S]
    outside = [p for t, p in scored if t < start_s - EDGE_S or t > end_s + EDGE_S]
    segments = [s for track in result.tracks for s in track.segments]
    shared = [max(0.0, min(s.end_s, end_s) - max(s.start_s, start_s)) for s in segments]
    return DemoCheck(
        float(np.mean(inside)) if inside else None,
        float(np.mean(outside)) if outside else None,
        any(s >= 0.5 * (end_s - start_s) for s in shared),
        sum(s == 0.0 for s in shared),
    )
