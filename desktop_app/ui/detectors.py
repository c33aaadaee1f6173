"""Keeps the comparison of detectors in step with the open item, its analyses and the person that is looked at."""

from dataclasses import replace
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Slot

from desktop_app.domain import AnalysisResult
from desktop_app.ui import detector_services
from desktop_app.ui.desk import Desk
from desktop_app.ui.detector_panel import DetectorPanel, Progressing
from desktop_app.ui.detector_services import Opinions
from desktop_app.ui.examination import Examination
from desktop_app.ui.queue import Order
from desktop_app.ui.side_by_side import Contrast
from desktop_app.ui.timeline import Timeline

if TYPE_CHECKING:
    from desktop_app.analysis.opinions import Opinion

MAX_SHOWN = 4


class Detectors(QObject):
    """Asks the worker for stored analyses and their agreement, and shows them in panel and timeline.

    Args:
        desk: What lies on it.
        examination: The person under the eye.
        timeline: Shows curves and agreement.
        panel: Lists the detectors.
        parent: Owner.
    """

    def __init__(
        self, desk: Desk, examination: Examination, timeline: Timeline, panel: DetectorPanel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._cases = desk, desk.cases
        self._examination, self._timeline, self._panel = examination, timeline, panel
        self._opinions: Opinions | None = None
        self._contrast: Contrast | None = None
        self._shown: tuple[int, ...] = ()
        self._told: int | None = None
        # models whose analysis is shown as soon as it is there
        self._awaited: set[str] = set()
        panel.shown_changed.connect(self.show)
        panel.analyse_asked.connect(self.analyse_with)
        panel.result_asked.connect(self.make_result)
        desk.result_changed.connect(self._on_result)
        desk.closed.connect(self._forget)
        queue = self._cases.queue
        queue.started.connect(self._on_progress)
        queue.moved.connect(self._on_progress)
        queue.changed.connect(self._on_progress)
        queue.finished.connect(self._on_finished)
        examination.face_changed.connect(self._on_face)

    @property
    def shown(self) -> tuple[int, ...]:
        """The analyses that are shown beside the result."""
        return self._shown

    @property
    def contrast(self) -> Contrast | None:
        """What is drawn."""
        return self._contrast

    def begin(self) -> None:
        """Show every stored analysis by another model, unless some are shown."""
        if not self._shown:
            own = {o.card.identity for o in self._stored if o.is_result}
            others = (o for o in self._stored if o.card.identity not in own)
            self.show(tuple(o.analysis_id for o in others)[:MAX_SHOWN])

    def go_on(self, shown: tuple[int, ...]) -> None:
        """Show these analyses as soon as what there is has been read, as after a change of the language."""
        self._shown = shown

    @Slot(object)
    def show(self, analyses: tuple[int, ...]) -> None:
        """Show analyses beside the result; none ends the comparison."""
        self._shown = tuple(analyses)
        result = next((o for o in self._stored if o.is_result), None)
        self._desk.worker.cancel("contrast")
        if not self._shown or result is None:
            self._show_contrast(None)
            return
        file, first, others = self._cases.file, result.analysis_id, self._shown
        work = lambda job: detector_services.read_contrast(job, file, first, others)  # noqa: E731  # as the others
        self._cases.run("contrast", work, lambda contrast: self._take(contrast, first, others))

    def _take(self, contrast: Contrast, first: int, others: tuple[int, ...]) -> None:
        if not shiboken6.isValid(self):
            return
        found = tuple(reading.analysis_id for reading in contrast.comparison.readings)
        if others == self._shown and found == (first, *others) and self._is_still(first):
            self._show_contrast(contrast)

    def _is_still(self, first: int) -> bool:
        return any(o.analysis_id == first and o.is_result for o in self._stored)

    def _show_contrast(self, contrast: Contrast | None) -> None:
        self._contrast = contrast
        self._timeline.show_comparison(contrast)
        self._tell()

    def _tell(self) -> None:
        contrast = self._contrast
        person = self._timeline.comparison.person(self._examination.track) if contrast is not None else None
        self._panel.show_comparison(self._shown, contrast.comparison if contrast is not None else None, person)
        self._told = person

    @Slot()
    def _on_face(self) -> None:
        contrast = self._contrast
        if contrast is not None and self._timeline.comparison.person(self._examination.track) != self._told:
            self._tell()

    @Slot(str)
    def analyse_with(self, model_id: str) -> None:
        """Queue an analysis of the open item by another model, of the same frames as its result."""
        result, opinions = self._desk.result, self._opinions
        card = next((card for card in opinions.others if card.model_id == model_id), None) if opinions else None
        if result is None or card is None:
            return
        path = self._cases.entries[self._desk.item_id].item.path
        request = replace(result.request, path=path, model_id=model_id)
        self._awaited.add(model_id)
        self._cases.compare(Order(self._desk.item_id, request, card.name))

    @Slot(int)
    def make_result(self, analysis_id: int) -> None:
        """Let findings and reports tell another analysis from now on."""
        file, item_id = self._cases.file, self._desk.item_id

        def take(result: AnalysisResult) -> None:
            self._cases.take_result(item_id, analysis_id, result)
            if self._desk.item_id == item_id:
                # the former result goes on as one of the others
                before = next((o.analysis_id for o in self._stored if o.is_result), 0)
                wanted = tuple(before if number == analysis_id else number for number in self._shown)
                self._desk.switch_result(result)
                self._shown = wanted

        self._cases.run("choose", lambda job: detector_services.choose(job, file, item_id, analysis_id), take)

    @property
    def _stored(self) -> tuple["Opinion", ...]:
        return self._opinions.stored if self._opinions is not None else ()

    @Slot(object)
    def _on_result(self, result: AnalysisResult | None) -> None:
        if result is None:
            self._forget()
        else:
            self._read()

    @Slot()
    def _forget(self) -> None:
        self._opinions, self._contrast, self._shown = None, None, ()
        self._panel.show_opinions(None)
        self._panel.show_comparison((), None, None)

    def _read(self) -> None:
        file, item_id = self._cases.file, self._desk.item_id
        if item_id:
            work = lambda job: detector_services.read_opinions(job, file, item_id)  # noqa: E731  # as the others
            self._cases.run("opinions", work, self._on_opinions)

    def _on_opinions(self, opinions: Opinions) -> None:
        # the parts of the window may have been made anew in another language meanwhile
        if not shiboken6.isValid(self) or opinions.item_id != self._desk.item_id or self._desk.result is None:
            return
        self._opinions = opinions
        info = self._cases.info
        self._panel.show_opinions(opinions, info is not None and not info.read_only)
        self._on_progress()
        ready = {o.analysis_id for o in opinions.stored if not o.is_result}
        fresh = [o for o in opinions.stored if o.card.model_id in self._awaited and o.analysis_id in ready]
        self._awaited -= {o.card.model_id for o in fresh}
        wanted = [number for number in self._shown if number in ready]
        wanted += [o.analysis_id for o in fresh if o.analysis_id not in wanted]
        if wanted or self._contrast is not None:
            self.show(tuple(wanted[:MAX_SHOWN]))

    @Slot()
    def _on_progress(self) -> None:
        running, own = self._cases.queue.running, {}
        for key, order in self._cases.orders.items():
            if order.item_id == self._desk.item_id:
                is_running = running is not None and running.item_id == key
                own[order.request.model_id] = Progressing(running.fraction if running and is_running else None)
        self._panel.show_progress(own)

    @Slot(int, object)
    def _on_finished(self, key: int, result: AnalysisResult) -> None:
        order = self._cases.orders.get(key)
        if order is not None and order.item_id == self._desk.item_id and not result.provenance.aborted:
            self._read()
