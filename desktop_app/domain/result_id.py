"""The id of a result, which anyone can compute again from the result itself."""

import hashlib
from collections.abc import Iterable

from desktop_app.domain.results import AnalysisResult, FramePrediction


def make_result_id(
    media_sha256: str,
    weights_sha256: str,
    settings: tuple[tuple[str, str], ...],
    predictions: Iterable[FramePrediction],
) -> str:
    """Twelve digits of a hash over what went in and what came out: equal results have equal ids.

    Args:
        media_sha256: Hash of the item.
        weights_sha256: Hash of the model's weights, as its card has it.
        settings: Everything that influences the numbers, as in `Provenance.settings`.
        predictions: In order of frame, then track.
    """
    digest = hashlib.sha256(f"{media_sha256} {weights_sha256} {settings}".encode())
    for p in predictions:
        p_fake = "" if p.p_fake is None else f"{p.p_fake:.4f}"
        digest.update(f"{p.frame_index} {p.track_id} {p_fake}\n".encode())
    return digest.hexdigest()[:12]


def id_of(result: AnalysisResult) -> str:
    """The id that a result must have, computed from what it holds."""
    return make_result_id(
        result.media.sha256, result.card.weights_sha256, result.provenance.settings, result.predictions
    )
