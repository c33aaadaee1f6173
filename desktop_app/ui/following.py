"""How the window follows the desk: which page, docks, title and panels show what lies there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop_app.domain import AnalysisResult, MediaInfo
from desktop_app.domain.traces import ItemTraces
from desktop_app.ui.entries import CaseInfo
from desktop_app.ui.tabletop import State

if TYPE_CHECKING:
    from desktop_app.media import MediaItem
    from desktop_app.ui.main_window import MainWindow


class Following(QObject):
    """Shows in the parts of a window what its desk says.

    Args:
        window: The window; its parts are looked up when something happens, as they may be made anew.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._desk = window, window.desk
        desk, cases = window.desk, window.desk.cases
        desk.state_changed.connect(self._on_state)
        desk.opened.connect(self._on_opened)
        desk.away.connect(self._on_away)
        desk.result_changed.connect(self._on_result)
        cases.info_changed.connect(self._on_case)
        cases.history_ready.connect(self._on_history)
        cases.entries_changed.connect(self._on_entries)
        cases.entry_changed.connect(self._on_entries)
        self._on_state(desk.state)

    @Slot(object)
    def _on_opened(self, item: "MediaItem") -> None:
        self._window.item.show_item(item.info, item.notices)
        self._read_history()
        self._window.side.setCurrentWidget(self._window.findings)
        self._window.set_explaining(False)

    @Slot(object)
    def _on_away(self, media: MediaInfo) -> None:
        self._window.timeline.open(media.duration_s)
        self._window.item.show_item(media, ())
        self._read_history()
        self._window.side.setCurrentWidget(self._window.findings)
        self._window.set_explaining(False)

    def _read_history(self) -> None:
        self._window.history.show_reading()
        self._desk.cases.read_history(self._desk.item_id, self._desk.item)

    @Slot(int, object)
    def _on_history(self, item_id: int, traces: ItemTraces | None) -> None:
        if item_id == self._desk.item_id and traces is not None:
            self._window.history.show_traces(traces)
        elif item_id == self._desk.item_id:
            self._window.history.show_nothing()

    @Slot(object)
    def _on_state(self, state: State) -> None:
        stage = self._window.stage
        has_item = state not in (State.START, State.OPENING)
        page = stage.work if self._desk.item is not None else stage.away
        stage.setCurrentWidget(page if has_item else stage.loading if state is State.OPENING else stage.start)
        if state is State.OPENING:
            self._window.player.pause()
        self._show_docks()
        self._name_window()
        self._window.case.mark_open(self._desk.item_id)
        if state is State.START:
            self._window.model.show_card(None)
            stage.start.open_button.setFocus()
        self._tell_findings(state)
        self._window.update_actions()

    def _show_docks(self) -> None:
        desk, frames = self._desk, 0
        if desk.item is not None:
            frames = len(desk.item.index)
        elif desk.result is not None:
            frames = desk.result.media.frame_count
        names = {"case"} if desk.cases.entries else set()
        if desk.state is not State.START and frames:
            names |= {"case", "findings"} | ({"timeline"} if frames > 1 else set())
        self._window.docks.show_only(names)

    def _name_window(self) -> None:
        desk = self._desk
        media = desk.item.info if desk.item is not None else desk.result.media if desk.result is not None else None
        parts = [media.path.name] if media is not None and desk.state is not State.START else []
        parts += [desk.cases.name] if desk.cases.info is not None else []
        parts += [self.tr("Safe mode")] if self._window.is_safe else []
        self._window.setWindowTitle(" - ".join([*parts, "Cotejo"]))

    @Slot(object)
    def _on_case(self, info: CaseInfo | None) -> None:
        self._name_window()
        self._window.banner.say("")
        if info is not None and info.is_locked:
            self._window.banner.say(
                self.tr("This case is open in another program. It can be read here, but not changed.")
            )
        elif info is not None and info.read_only:
            self._window.banner.say(
                self.tr("This case lies where nothing can be written. It can be read, but not changed.")
            )
        self._window.update_actions()

    @Slot()
    def _on_entries(self) -> None:
        if self._desk.state is State.START:
            self._show_docks()
        elif self._desk.state is State.READY:
            self._tell_findings(State.READY)
        self._window.update_actions()

    def _tell_findings(self, state: State) -> None:
        if state is State.READY:
            text = self.tr("Not analysed yet. The analysis looks for faces and scores each of them, frame by frame.")
            if self._desk.is_queued:
                text = self.tr("This item waits for its turn in the queue.")
            elif self._desk.last_analysis_was_cancelled:
                text = self.tr("The analysis was cancelled before anything was scored.")
            self._window.findings.show_message(text, can_analyse=not self._desk.is_queued)
            self._window.timeline.set_hint(self.tr("The curves appear here with the analysis."))
        elif state is State.ANALYSING:
            self._window.findings.show_message(
                self.tr("Analysing. The curves grow below as faces are scored; the verdict follows at the end."),
                can_analyse=False,
            )
            self._window.timeline.set_hint(self.tr("Looking for faces…"))
        elif state is State.NO_FACE:
            self._window.timeline.set_hint(self.tr("No usable face was found, so there is no curve and no score."))

    @Slot(object)
    def _on_result(self, result: AnalysisResult | None) -> None:
        if result is not None:
            can_resume = result.provenance.aborted and self._desk.item is not None and bool(self._desk.item_id)
            self._window.findings.show_result(result, self._desk.truth, can_resume, self._desk.item is None)
            self._desk.weigh()
            self._desk.fetch_thumbnails(tuple(self._window.findings.track_buttons), self._window.findings.listed_frames)
            self._window.timeline.set_hint("")
