"""What the open item's file tells of its own history: findings with their weight, credentials, structure."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.domain.traces import Credentials, CredentialState, ItemTraces, Trace, TraceWeight
from desktop_app.reports.trace_texts import credentials_text, trace_text, weight_text
from desktop_app.ui import theme
from desktop_app.ui.widgets import card, empty, label

# told by their number too, not by colour alone
DOTS = {
    TraceWeight.STRONG: "●●●",
    TraceWeight.NOTABLE: "●●○",
    TraceWeight.WEAK: "●○○",
    TraceWeight.NEUTRAL: "○○○",
}


class HistoryPanel(QWidget):
    """Findings of a file apart from its picture, the weightiest first.

    Args:
        language: ``"en"`` or ``"es"``.
        parent: The window.
    """

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._tokens = theme.DARK
        self._traces: ItemTraces | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 16)
        self._column.setSpacing(8)
        self.show_reading()

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        if self._traces is not None:
            self.show_traces(self._traces)

    def show_reading(self) -> None:
        """Say that the file is being read."""
        self._say(self.tr("The file is being read…"))

    def show_nothing(self) -> None:
        """Say that nothing could be read."""
        self._say(self.tr("The file is not there, and nothing was read of it before."))

    def _say(self, text: str) -> None:
        self._traces = None
        self._begin()
        self._column.addWidget(label(text, "muted", wrap=True))
        self._column.addStretch(1)

    def _begin(self) -> None:
        empty(self._column)
        self._column.addWidget(label(self.tr("History"), "heading"))

    def show_traces(self, traces: ItemTraces) -> None:
        """Show what was read."""
        self._traces = traces
        self._begin()
        text = self.tr("What the file says of itself. None of it is a score, and none of it enters the score.")
        self._column.addWidget(label(text, "muted", wrap=True))
        if not traces.findings:
            self._column.addWidget(label(self.tr("Nothing stands out, which proves nothing."), wrap=True))
        for trace in traces.findings:
            self._column.addWidget(self._finding(trace))
        self._column.addWidget(label("Content Credentials", "heading"))
        self._column.addWidget(self._credentials(traces.credentials))
        self._column.addWidget(label(self.tr("Structure, as the file states it"), "heading"))
        for facts in (traces.container, *traces.streams):
            if facts:
                self._column.addWidget(self._facts(facts))
        self._column.addStretch(1)

    def _finding(self, trace: Trace) -> QWidget:
        frame, column = card()
        title, message, meaning = trace_text(trace, self._language)
        weight = weight_text(trace.weight, self._language)
        row = QHBoxLayout()
        row.addWidget(label(title, "heading", wrap=True, selectable=True), 1)
        mark = label(f"{DOTS[trace.weight]} {weight}", "muted")
        mark.setAccessibleName(weight)
        if trace.weight is TraceWeight.STRONG:
            mark.setStyleSheet(f"color: {self._tokens.fake}")
        row.addWidget(mark)
        column.addLayout(row)
        column.addWidget(label(message, wrap=True, selectable=True))
        column.addWidget(label(meaning, "muted", wrap=True, selectable=True))
        return frame

    def _credentials(self, credentials: Credentials) -> QWidget:
        frame, column = card()
        said = credentials_text(credentials.state, self._language)
        column.addWidget(label(said, wrap=True, selectable=True))
        if credentials.state is not CredentialState.ABSENT:
            facts = (
                (self.tr("Signed by"), credentials.issuer),
                (self.tr("Made with"), credentials.generator),
                (self.tr("When"), credentials.signed_utc),
                (self.tr("Stated"), ", ".join(credentials.actions)),
                (self.tr("Problems"), ", ".join(credentials.problems)),
            )
            column.addLayout(_grid([(name, value) for name, value in facts if value]))
        return frame

    def _facts(self, facts: Sequence[tuple[str, str]]) -> QWidget:
        frame, column = card()
        column.addLayout(_grid(facts))
        return frame


def _grid(facts: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(facts):
        grid.addWidget(label(name.replace("_", " "), "muted"), row, 0)
        grid.addWidget(label(value, wrap=True, selectable=True), row, 1)
    return grid
