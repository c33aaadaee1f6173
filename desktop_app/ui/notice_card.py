"""A list of notices, one line per kind, as the panels of findings and of the item show it."""

from collections.abc import Iterable

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.domain import Notice
from desktop_app.reports import wording
from desktop_app.ui.widgets import label


class NoticeCard(QFrame):
    """One line per kind of notice: a gated face or a damaged frame can leave hundreds.

    Args:
        notices: What is told.
        language: Of the wording.
        parent: The panel.
    """

    def __init__(self, notices: Iterable[Notice], language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self.setProperty("role", "card")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(6)
        kinds: dict[str, list[Notice]] = {}
        for notice in notices:
            kinds.setdefault(notice.code, []).append(notice)
        for alike in kinds.values():
            layout.addWidget(label(f"•  {self._kind_text(alike)}", "muted", wrap=True, selectable=True))

    def _kind_text(self, notices: list[Notice]) -> str:
        text = wording.notice_text(notices[0], self._language)
        count = sum(notice.count for notice in notices)
        if any(notice.message != notices[0].message for notice in notices):
            # the first one speaks of its own person and frames, not of all that are counted
            text = wording.generic_notice_text(notices[0].code, self._language) or text
        elif str(count) in text:
            return text
        if count > 1:
            text += " " + self.tr("({} times)").format(wording.count_text(count, self._language))
        return text
