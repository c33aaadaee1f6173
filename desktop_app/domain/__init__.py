"""Every record that crosses a floor.

Conventions: RGB, uint8, HWC; 1 = fake; `box_xyxy` in pixels of the displayed (rotated) frame, x2 and y2
exclusive; times in seconds from the first frame's presentation; arrays are read-only.
"""

from desktop_app.domain.base import RESULT_SCHEMA_VERSION, Box, FloatArray, UInt8Array
from desktop_app.domain.faces import FaceDetection, FaceQuality, TrackedFace
from desktop_app.domain.media import Frame, ItemKind, MediaInfo
from desktop_app.domain.models import (
    ENSEMBLE,
    Band,
    BandRatio,
    CalibrationTrial,
    DataSource,
    ErrorRates,
    Member,
    ModelCard,
    QualityRange,
    Support,
    Thresholds,
    support_of,
)
from desktop_app.domain.results import (
    AnalysisRequest,
    AnalysisResult,
    Coverage,
    Exhibit,
    ExhibitKind,
    FaceTrack,
    FramePrediction,
    Heatmap,
    Notice,
    Outcome,
    Provenance,
    Sampling,
    SamplingMode,
    Segment,
    Stage,
    Verdict,
)

__all__ = [
    "ENSEMBLE",
    "RESULT_SCHEMA_VERSION",
    "AnalysisRequest",
    "AnalysisResult",
    "Band",
    "BandRatio",
    "Box",
    "CalibrationTrial",
    "Coverage",
    "DataSource",
    "ErrorRates",
    "Exhibit",
    "ExhibitKind",
    "FaceDetection",
    "FaceQuality",
    "FaceTrack",
    "FloatArray",
    "Frame",
    "FramePrediction",
    "Heatmap",
    "ItemKind",
    "MediaInfo",
    "Member",
    "ModelCard",
    "Notice",
    "Outcome",
    "Provenance",
    "QualityRange",
    "Sampling",
    "SamplingMode",
    "Segment",
    "Stage",
    "Support",
    "Thresholds",
    "TrackedFace",
    "UInt8Array",
    "Verdict",
    "support_of",
]
