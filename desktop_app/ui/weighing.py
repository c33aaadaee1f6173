"""What a finding weighs: what speaks against it, how else it can be explained, and how often the model errs there."""

from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.domain import AnalysisResult, ErrorRates
from desktop_app.domain.dossier import Dossier
from desktop_app.reports import wording
from desktop_app.reports.arguments import alternatives, contrary
from desktop_app.reports.quotes import match_sentence
from desktop_app.reports.standing import conditions, leaning, matching_rows, quoted_rates
from desktop_app.ui.case_services import CaseFile
from desktop_app.ui.jobs import Job
from desktop_app.ui.widgets import card, empty, label


@dataclass(frozen=True, slots=True)
class Weighed:
    """The words beside a finding.

    Args:
        result: The finding.
        contrary: What speaks against it, or for either side where it speaks for none.
        alternatives: How else it can be explained.
        rates: Error rates that were measured under the item's conditions; the quoted one where none matches.
        is_matching: Whether they match.
    """

    result: AnalysisResult
    contrary: tuple[str, ...]
    alternatives: tuple[str, ...]
    rates: tuple[ErrorRates, ...]
    is_matching: bool


def weigh(job: Job, file: CaseFile, item_id: int, result: AnalysisResult, language: str) -> Weighed:
    """Find the words; on the worker's thread, as it walks all predictions."""
    traces = file.store.items.traces(item_id) if file.store is not None and item_id else None
    job.token.check()
    rows = result.card.error_rates
    matching = tuple(rows[place] for place in matching_rows(rows, conditions(result)))
    quoted = quoted_rates(result)
    shown = matching or ((quoted.row,) if quoted is not None else ())
    against = contrary(result, Dossier(traces=traces), language)
    return Weighed(result, against, alternatives(result, language), shown, bool(matching))


class Weighing(QWidget):
    """The words in cards; empty until they are known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_words(self, weighed: Weighed, language: str) -> None:
        """Show them."""
        empty(self._column)
        is_open = leaning(weighed.result.verdict) == "neither"
        against = self.tr("What speaks for either side") if is_open else self.tr("What speaks against it")
        self._add(against, weighed.contrary)
        self._add(self.tr("Other explanations"), weighed.alternatives)
        title = self.tr("How often it errs") if weighed.is_matching else self.tr("How often it errs in general")
        rates = tuple(text for row in weighed.rates for text in self._rates(row, language))
        if leaning(weighed.result.verdict) == "nothing":
            rates = ()  # where nothing was scored nothing can be wrong about it
        if rates:
            rates = (*rates, match_sentence(weighed.result, language))
        self._add(title, rates)

    def _add(self, title: str, sentences: tuple[str, ...]) -> None:
        if sentences:
            heading = label(title, "heading", wrap=True)
            heading.setContentsMargins(0, 8, 0, 0)
            frame, layout = card()
            for sentence in sentences:
                layout.addWidget(label(f"•  {sentence}", wrap=True, selectable=True))
            self._column.addWidget(heading)
            self._column.addWidget(frame)

    def _rates(self, rates: ErrorRates, language: str) -> tuple[str, ...]:
        said = []
        if rates.fpr is not None:
            said.append(self.tr("genuine called fake {}").format(wording.percent_text(rates.fpr, language)))
        if rates.fnr is not None:
            said.append(self.tr("fake called genuine {}").format(wording.percent_text(rates.fnr, language)))
        level = wording.level_text(rates.level, language)
        counts = (wording.count_text(count, language) for count in (rates.n_genuine, rates.n_fake))
        tested = self.tr("{} genuine, {} fake samples").format(*counts)
        where = f"{rates.dataset}, {wording.condition_text(rates.condition, language)} ({level})"
        return (f"{where}: {', '.join(said)}; {tested}",) if said else ()
