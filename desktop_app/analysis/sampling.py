"""Which frames of an item a request asks for."""

import numpy as np
from numpy.typing import NDArray

from desktop_app.domain import AnalysisRequest, SamplingMode
from desktop_app.errors import InputError
from desktop_app.media import MediaItem

MAX_DETECTION_GAP_S = 0.25
_TIME_SLACK_S = 1e-9


def frames_in_range(request: AnalysisRequest, item: MediaItem) -> NDArray[np.int64]:
    """Indices of the frames within the asked range, both ends included, ascending.

    Args:
        request: Its range counts.
        item: The item.
    """
    times = item.index.time_s
    start_s = request.start_s if request.start_s is not None else 0.0
    end_s = request.end_s if request.end_s is not None else float("inf")
    inside = (times >= start_s - _TIME_SLACK_S) & (times <= end_s + _TIME_SLACK_S)
    return np.flatnonzero(inside).astype(np.int64)


def sample_frames(request: AnalysisRequest, item: MediaItem) -> list[int]:
    """Indices of the frames that a request asks for, ascending.

    At n per second these are the first frames at or after each n-th of a second, counted from the first frame of the
    range: where the frames lie further apart than that, every frame.

    Args:
        request: Range and sampling.
        item: The item.

    Raises:
        InputError: The range holds no frame.
    """
    times = item.index.time_s
    in_range = frames_in_range(request, item)
    if len(in_range) == 0:
        start_s = request.start_s if request.start_s is not None else 0.0
        end = "its end" if request.end_s is None else f"{request.end_s:g} s"
        raise InputError(
            f"The range {start_s:g} s to {end} holds no frame of this item.",
            f"The item ends at {item.info.duration_s:.2f} s.",
        )
    if request.sampling.mode is SamplingMode.EVERY_NTH:
        step = min(int(request.sampling.value), len(in_range))
        return [int(i) for i in in_range[::step]]
    # half a microsecond, so that rounding of the times does not move a sample to the next frame
    elapsed_s = times[in_range] - times[in_range[0]] + 5e-7
    ticks = np.floor(elapsed_s * request.sampling.value)
    is_first = np.concatenate([[True], np.diff(ticks) > 0])
    return [int(i) for i in in_range[is_first]]


def detection_step(request: AnalysisRequest, item: MediaItem, frames: list[int]) -> int:
    """Every how many-th sampled frame is searched: as asked, but never more than a quarter of a second apart.

    Args:
        request: Its `detect_every` counts.
        item: The item.
        frames: As `sample_frames` gives them.
    """
    if len(frames) < 2:
        return 1
    gap_s = float(np.median(np.diff(item.index.time_s[frames])))
    return max(1, min(request.detect_every, int(MAX_DETECTION_GAP_S / max(gap_s, 1e-6))))
