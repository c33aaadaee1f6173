"""What the workers do to compare detectors on an item. Called on the workers' threads only."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.domain import AnalysisRequest, AnalysisResult, ModelCard
from desktop_app.domain.cases import AnalysisState
from desktop_app.ui import case_services
from desktop_app.ui.case_services import CaseFile
from desktop_app.ui.curves import scored_step_s
from desktop_app.ui.jobs import Job
from desktop_app.ui.side_by_side import Contrast, prepare

if TYPE_CHECKING:
    from desktop_app.analysis.opinions import Opinion

COMPARED = "to compare detectors"


@dataclass(frozen=True, slots=True, eq=False)
class Opinions:
    """What there is to compare of an item.

    Args:
        item_id: The item.
        stored: Newest analyses by model, the result first.
        others: Cards of the models that did not analyse it yet.
    """

    item_id: int
    stored: tuple["Opinion", ...]
    others: tuple[ModelCard, ...]


def read_opinions(job: Job, file: CaseFile, item_id: int) -> Opinions:
    """Which models analysed an item, and which could."""
    from desktop_app.analysis.opinions import opinions_of
    from desktop_app.detectors import list_cards

    stored = opinions_of(file.need(), item_id)
    shown = tuple(o for o in stored if o.is_whole or o.is_result)
    whole = {opinion.card.identity for opinion in shown}
    others = tuple(card for card in list_cards() if card.identity not in whole)
    return Opinions(item_id, shown, others)


def read_contrast(job: Job, file: CaseFile, first: int, others: tuple[int, ...]) -> Contrast:
    """Set stored analyses beside each other, ready to be drawn."""
    from desktop_app.analysis.opinions import compare_stored

    case = file.need()
    comparison = compare_stored(case, first, others)
    job.token.check()
    plan = case.analyses.get(first).plan
    return prepare(comparison, scored_step_s(plan.request.sampling, plan.media.frame_step_s))


def analyse_with(job: Job, file: CaseFile, item_id: int, request: AnalysisRequest) -> AnalysisResult:
    """Analyse an item by another model as its result was made; goes on where that was broken off. The result stands."""
    from desktop_app.analysis import casework
    from desktop_app.analysis.opinions import hold_result, kept_analyses

    case = file.need()
    hold_result(case, item_id)
    own = [a for a in kept_analyses(case, item_id) if a.plan.card.model_id == request.model_id]
    told = case_services.starter(job)
    if own and own[-1].state is AnalysisState.ABORTED and own[-1].plan.request == request:
        number = own[-1].analysis_id
        return casework.resume_in_case(case, number, job.progress, job.token, job.report, on_started=told)
    _, result = casework.analyze_in_case(
        case, item_id, request, job.progress, job.token, job.report, on_started=told, purpose=COMPARED
    )
    return result


def choose(job: Job, file: CaseFile, item_id: int, analysis_id: int) -> AnalysisResult:
    """Make an analysis the result of its item."""
    from desktop_app.analysis.opinions import choose_result, result_of

    case = file.need()
    choose_result(case, item_id, analysis_id)
    return result_of(case, analysis_id)
