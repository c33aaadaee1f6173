"""What speaks against a finding, and how else it can be explained: sentences made from the stored result alone."""

import re

from desktop_app.domain import AnalysisResult, Outcome
from desktop_app.domain.dossier import Dossier
from desktop_app.domain.traces import CredentialState, TraceWeight
from desktop_app.reports.report_texts_weight import WEIGHT
from desktop_app.reports.standing import leaning, measure, quoted_rates
from desktop_app.reports.wording import condition_text, count_text, level_text, percent_text, pick

_NONE = {"people": 0, "file": 0, "validation": 0}
_NO_SECTION = re.compile(r" \((?:section|sección) 0\)")


def contrary(
    result: AnalysisResult, dossier: Dossier, language: str, sections: dict[str, int] = _NONE
) -> tuple[str, ...]:
    """What speaks against the finding; for an inconclusive one what speaks for either side.

    Args:
        result: The stored result.
        dossier: Its traces count.
        language: ``"en"`` or ``"es"``.
        sections: Numbers of the sections ``"people"``, ``"file"`` and ``"validation"``; without them none is named.
    """
    side = leaning(result.verdict)
    if side == "nothing":
        return ()
    said: list[str] = []
    if side in ("fake", "neither"):
        said += _against_fake(result, dossier, language, sections)
    if side in ("genuine", "neither"):
        said += _against_genuine(result, dossier, language, sections)
    if side != "neither":
        said += _error_rate(result, side, language)
    counted = result.coverage
    if counted.faces_gated:
        seen = counted.faces_scored + counted.faces_gated
        said.append(_say("gated", language, n=counted.faces_gated, total=seen))
    if any(not quality.is_inside for quality in measure(result)):
        said.append(_say("outside", language, section=sections["validation"]))
    return tuple(said) or (_say("none", language),)


def _say(key: str, language: str, **values: int | str) -> str:
    shown = {name: count_text(value, language) if isinstance(value, int) else value for name, value in values.items()}
    return _NO_SECTION.sub("", pick(WEIGHT, f"contrary.{key}", language, **shown))


def _against_fake(result: AnalysisResult, dossier: Dossier, language: str, sections: dict[str, int]) -> list[str]:
    limit = result.card.thresholds.inconclusive_high
    scores = [p.p_fake for p in result.predictions if p.p_fake is not None]
    low, said = sum(1 for score in scores if score <= limit), []
    if low:
        share = percent_text(low / len(scores), language)
        said.append(_say("below", language, n=low, total=len(scores), share=share))
    judged = [track.verdict for track in result.tracks if track.verdict.outcome is not Outcome.NO_USABLE_FACE]
    others = sum(1 for verdict in judged if leaning(verdict) != "fake")
    if others and len(judged) > 1:
        said.append(_say("people", language, n=others, total=len(judged)))
    if dossier.traces is not None and dossier.traces.credentials.state is CredentialState.VALID:
        said.append(_say("credentials", language, section=sections["file"]))
    return said


def _against_genuine(result: AnalysisResult, dossier: Dossier, language: str, sections: dict[str, int]) -> list[str]:
    limit = result.card.thresholds.inconclusive_high
    scores = [p.p_fake for p in result.predictions if p.p_fake is not None]
    high, said = sum(1 for score in scores if score > limit), []
    if high:
        share = percent_text(high / len(scores), language)
        said.append(_say("above", language, n=high, total=len(scores), share=share))
    stretches = sum(len(track.segments) for track in result.tracks)
    if stretches:
        said.append(_say("stretches", language, n=stretches, section=sections["people"]))
    traces = dossier.traces.findings if dossier.traces is not None else ()
    weighty = sum(1 for trace in traces if trace.weight in (TraceWeight.NOTABLE, TraceWeight.STRONG))
    if weighty:
        said.append(_say("traces", language, n=weighty, section=sections["file"]))
    return said


def _error_rate(result: AnalysisResult, side: str, language: str) -> list[str]:
    quoted = quoted_rates(result)
    rates = quoted.row if quoted else None
    key, rate = ("fpr", rates.fpr if rates else None) if side == "fake" else ("fnr", rates.fnr if rates else None)
    if rates is None or rate is None:
        return []
    level = level_text(rates.level, language)
    shown = {"dataset": rates.dataset, "condition": condition_text(rates.condition, language), "level": level}
    return [_say(key, language, rate=percent_text(rate, language), **shown)]


def alternatives(result: AnalysisResult, language: str) -> tuple[str, ...]:
    """Other explanations of the finding; for an inconclusive one of both kinds."""
    keys = {
        "fake": ("compression", "filters", "light"),
        "genuine": ("unknown", "washed", "elsewhere", "staged"),
        "neither": ("compression", "filters", "light", "unknown", "elsewhere"),
        "nothing": ("elsewhere", "staged"),
    }[leaning(result.verdict)]
    return tuple(pick(WEIGHT, f"alternatives.{key}", language) for key in keys)
