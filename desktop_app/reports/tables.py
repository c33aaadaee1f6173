"""The per-frame table as CSV (RFC 4180); `docs/exports.md` explains its columns."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from desktop_app.domain import AnalysisResult, FramePrediction, Thresholds
from desktop_app.files import replacing

COLUMNS = (
    "frame", "pts", "time_s", "track", "x1", "y1", "x2", "y2", "face_score", "interpolated", "size_px", "sharpness",
    "exposure", "pose_deg", "gate", "logit", "p_fake", "label", "band", "model",
)  # fmt: skip
# what spreadsheets take for a formula (OWASP, "CSV Injection"), also in the wide forms of East Asian ones
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_bytes(result: AnalysisResult) -> bytes:
    """The per-frame table of a result as a file; equal results give equal bytes.

    UTF-8 without a byte order mark, which other programs than spreadsheets would take for part of the first column.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(p, result.card.thresholds) for p in result.predictions)
    return buffer.getvalue().encode("utf-8", "backslashreplace")


def write_csv(result: AnalysisResult, path: Path) -> Path:
    """Write one row per face and frame, in order of frame, then track; UTF-8, decimal points, empty where not known.

    Args:
        result: A stored result.
        path: Where the table shall be; appears whole or not at all.

    Raises:
        CaseError: The file cannot be written there.
    """
    data = csv_bytes(result)
    with replacing(path) as temporary:
        temporary.write_bytes(data)
    return path


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe stands before what looks like one.

    >>> safe_cell("=1+1"), safe_cell("fake")
    ("'=1+1", 'fake')
    """
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def _row(p: FramePrediction, limits: Thresholds) -> Sequence[object]:
    return (
        p.frame_index,
        "" if p.pts is None else p.pts,
        f"{p.time_s:.6f}",
        p.track_id,
        *(f"{value:.2f}" for value in p.box_xyxy),
        f"{p.face_score:.4f}",
        int(p.is_interpolated),
        f"{p.quality.size_px:.1f}",
        f"{p.quality.sharpness:.2f}",
        f"{p.quality.exposure:.4f}",
        f"{p.quality.pose_deg:.1f}",
        safe_cell(p.gate or ""),
        "" if p.logit is None else f"{p.logit:.6f}",
        "" if p.p_fake is None else f"{p.p_fake:.6f}",
        safe_cell(p.label or ""),
        "" if p.p_fake is None else limits.band(p.p_fake).value,
        safe_cell(p.model_id),
    )
