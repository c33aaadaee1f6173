# ruff: noqa: RUF001 - dashes and multiplication signs are meant
"""What every part of the report needs: the result, its dossier, the language and its words."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePath, PureWindowsPath

from desktop_app.domain import AnalysisResult, BandRatio, FramePrediction, ItemKind, Verdict
from desktop_app.domain.dossier import Dossier, ReportStatus
from desktop_app.reports.charts import clock, typical_step_s
from desktop_app.reports.report_id import report_id
from desktop_app.reports.report_texts import REPORT
from desktop_app.reports.report_texts_case import CASE
from desktop_app.reports.report_texts_weight import WEIGHT
from desktop_app.reports.wording import (
    count_text,
    headline,
    number_text,
    pick,
    score_text,
    short_headline,
)

NO_DOSSIER = Dossier()
TEXTS = REPORT | CASE | WEIGHT
# sections of the full report in their order
SECTIONS = (
    "assignment", "item", "file", "method", "coverage", "people", "key_frames", "validation", "weight", "conclusion",
    "terms",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """A result in a language.

    Args:
        result: The stored result.
        language: ``"en"`` or ``"es"``.
        dossier: What the report draws beside the result.
    """

    result: AnalysisResult
    language: str
    dossier: Dossier = NO_DOSSIER
    report_id: str = field(init=False, default="")
    _by_track: dict[int, list[FramePrediction]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "report_id", report_id(self.result, self.dossier))
        for p in self.result.predictions:
            self._by_track.setdefault(p.track_id, []).append(p)

    def predictions_of(self, track_id: int) -> list[FramePrediction]:
        """Predictions of one person in order of time, found in one pass for all."""
        return self._by_track.get(track_id, [])

    def t(self, key: str, **values: object) -> str:
        """A text of the report."""
        return pick(TEXTS, key, self.language, **values)

    def has(self, key: str) -> bool:
        """Whether there is a text with this key."""
        return key in TEXTS

    def section(self, name: str) -> int:
        """Number of a section."""
        return SECTIONS.index(name) + 1

    @property
    def issued(self) -> datetime:
        """Date of the report."""
        return self.dossier.issued_utc or self.result.provenance.finished_utc

    @property
    def is_draft(self) -> bool:
        """Whether the report may still change."""
        return self.dossier.details.status is ReportStatus.DRAFT

    def n(self, value: int) -> str:
        """A count."""
        return count_text(value, self.language)

    def f(self, value: float, decimals: int = 2) -> str:
        """A number."""
        return number_text(value, decimals, self.language)

    def score(self, p_fake: float) -> str:
        """A calibrated score."""
        return score_text(p_fake, self.language)

    def rate(self, value: float | None, decimals: int = 3) -> str:
        """A measured figure, a dash where it was not measured."""
        return "–" if value is None else self.f(value, decimals)

    def clock(self, time_s: float, decimals: int = 3) -> str:
        """A time in the item."""
        text = clock(time_s, decimals)
        return text.replace(".", ",") if self.language == "es" else text

    def moment(self, moment: datetime) -> str:
        """A date and time in UTC."""
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

    def ratio(self, verdict: Verdict) -> BandRatio | None:
        """What the score of a verdict was measured to be worth."""
        return self.result.ratio_of(verdict)

    def headline(self, verdict: Verdict) -> str:
        """A verdict in a few words."""
        return headline(verdict, self.language, self.ratio(verdict))

    def short_headline(self, verdict: Verdict) -> str:
        """A verdict in two words."""
        return short_headline(verdict, self.language, self.ratio(verdict))

    @property
    def name(self) -> str:
        """File name of the item, also where the result was made on another kind of system."""
        return file_name(self.result.media.path)

    @property
    def span_s(self) -> tuple[float, float] | None:
        """Time axis of the curves, None where there is no time."""
        result = self.result
        if result.media.kind is ItemKind.IMAGE:
            return None
        last = max((p.time_s for p in result.predictions), default=0.0)
        start = result.request.start_s or 0.0
        end = max(result.request.end_s or result.media.duration_s, last)
        return (min(start, end), end) if end > start else None

    @property
    def step_s(self) -> float:
        """Typical time between examined frames."""
        return typical_step_s(self.result.predictions)


def file_name(path: PurePath) -> str:
    r"""Last part of a path of this or another system.

    >>> file_name(PurePath(r"C:\evidence\clip.mp4"))
    'clip.mp4'
    """
    windows = PureWindowsPath(str(path))
    return windows.name if windows.drive else path.name
