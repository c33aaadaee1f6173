"""Analyses of one item by several models: which one is its result, and what the others say.

An item's result is its newest analysis, until another model is asked for comparison or the examiner chooses: then the
case names the analysis, as a setting, so that its log tells who chose and when.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from desktop_app.analysis.agreement import Comparison, compare
from desktop_app.cases import CaseStore
from desktop_app.domain import AnalysisResult, BandRatio, ModelCard, Verdict
from desktop_app.domain.cases import AnalysisState, StoredAnalysis
from desktop_app.errors import CaseError

_COMPARED = "another model is asked for comparison"
_CHOSEN = "chosen as the result of the item"
_ANEW = "analysed anew"


@dataclass(frozen=True, slots=True)
class Opinion:
    """An analysis of an item by one model: the result, or the newest of the model, a whole one before a broken-off one.

    Args:
        analysis_id: Its number in the case.
        card: The model, as it stood.
        at_utc: When it began.
        verdict: Of the item.
        ratio: What its score was measured to be worth, None where that was not measured.
        is_whole: Whether it came to its end.
        is_result: Whether it is the item's result.
    """

    analysis_id: int
    card: ModelCard
    at_utc: datetime
    verdict: Verdict
    ratio: BandRatio | None
    is_whole: bool
    is_result: bool


def kept_analyses(case: CaseStore, item_id: int) -> list[StoredAnalysis]:
    """The analyses of an item that hold anything, the oldest first."""
    return [a for a in case.analyses.all(item_id) if a.has_result or a.frames_done]


def standing_analysis(case: CaseStore, item_id: int) -> StoredAnalysis | None:
    """The analysis that is an item's result: the chosen one, else the newest; None where there is none."""
    kept = kept_analyses(case, item_id)
    chosen = case.settings.get(_key(item_id))
    return next((a for a in kept if str(a.analysis_id) == chosen), kept[-1] if kept else None)


def choose_result(case: CaseStore, item_id: int, analysis_id: int) -> None:
    """Make an analysis the result of its item, until the item is analysed anew.

    Raises:
        CaseError: It is none of this item, or the case cannot be written.
    """
    if analysis_id not in {a.analysis_id for a in kept_analyses(case, item_id)}:
        raise CaseError(f"Analysis {analysis_id} is none of item {item_id}.", "Choose another one.")
    case.settings.set(_key(item_id), str(analysis_id), _CHOSEN)


def hold_result(case: CaseStore, item_id: int) -> None:
    """Let the present result of an item stand when another model is asked for comparison.

    Raises:
        CaseError: The case cannot be written.
    """
    standing = standing_analysis(case, item_id)
    if standing is not None and not case.settings.get(_key(item_id)):
        case.settings.set(_key(item_id), str(standing.analysis_id), _COMPARED)


def release_result(case: CaseStore, item_id: int) -> None:
    """Let the newest analysis be the result again.

    Raises:
        CaseError: The case cannot be written.
    """
    case.settings.unset(_key(item_id), _ANEW)


def _key(item_id: int) -> str:
    return f"result.{item_id}"


def opinions_of(case: CaseStore, item_id: int) -> tuple[Opinion, ...]:
    """The newest analysis of every model that looked at an item, its result first, then by name.

    Where the result was broken off, a whole analysis by the same model is there beside it, so that it can be chosen.
    """
    standing = standing_analysis(case, item_id)
    chosen = standing.analysis_id if standing is not None else 0

    def rank(stored: StoredAnalysis) -> tuple[bool, bool, int]:
        return stored.analysis_id == chosen, _is_whole(stored), stored.analysis_id

    best: dict[tuple[str, str], StoredAnalysis] = {}
    kept = sorted(kept_analyses(case, item_id), key=rank)
    for stored in kept:
        best[stored.plan.card.identity] = stored
    spoken = list(best.values())
    if standing is not None and not _is_whole(standing):
        own = standing.plan.card.identity
        spoken += [a for a in kept if _is_whole(a) and a.plan.card.identity == own][-1:]
    found = []
    for stored in spoken:
        summed_up = case.analyses.summary if stored.has_result else partial(result_of, case)
        number, result = stored.analysis_id, summed_up(stored.analysis_id)
        ratio = result.ratio_of(result.verdict)
        found.append(
            Opinion(
                number, stored.plan.card, stored.started_utc, result.verdict, ratio, _is_whole(stored), number == chosen
            )
        )
    return tuple(sorted(found, key=lambda opinion: (not opinion.is_result, opinion.card.name, opinion.analysis_id)))


def _is_whole(stored: StoredAnalysis) -> bool:
    return stored.state is AnalysisState.FINISHED


def result_of(case: CaseStore, analysis_id: int) -> AnalysisResult:
    """As `casework.result_of`, which cannot be had without loading the networks.

    Raises:
        CaseError: There is no such analysis, it is damaged, or nothing of it was stored.
    """
    if case.analyses.get(analysis_id).has_result:
        return case.analyses.result(analysis_id)
    from desktop_app.analysis import casework

    return casework.result_of(case, analysis_id)


def compare_stored(case: CaseStore, first: int, others: tuple[int, ...]) -> Comparison:
    """Set stored analyses of one item beside each other.

    Args:
        case: The case.
        first: The analysis that the others are held against.
        others: Numbers of the others.

    Raises:
        CaseError: One of them cannot be read.
    """
    return compare(*((number, result_of(case, number)) for number in (first, *others)))
