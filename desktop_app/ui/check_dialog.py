"""What a check of a report, a case or an archive found: a headline, and a line with a mark for each thing."""

from dataclasses import dataclass
from itertools import zip_longest

from PySide6.QtCore import QLocale, QObject, Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.archives import CaseArchive, ImportedCase
from desktop_app.domain.cases import CaseCheck, ItemState
from desktop_app.domain.seals import PagesState, ReportCheck, SignatureState
from desktop_app.reports.error_texts import finding_text
from desktop_app.reports.seal.lines import report_lines
from desktop_app.ui import theme
from desktop_app.ui.widgets import label, scrolled

GOOD, BAD, PLAIN = "good", "bad", "plain"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One thing that was found.

    Args:
        mark: ``"good"``, ``"bad"`` or ``"plain"``.
        text: In the language of the interface.
    """

    mark: str
    text: str


def lines_of_report(check: ReportCheck, language: str) -> list[CheckLine]:
    """What was found of a report; the first line is the headline."""
    signatures = {SignatureState.VALID: GOOD, SignatureState.UNTRUSTED: PLAIN}
    pages = {PagesState.MATCH: GOOD, PagesState.DIFFER: BAD}
    # in the order in which `report_lines` says them
    marks = [GOOD if check.is_intact else BAD, *(BAD for _ in check.findings)]
    marks += [PLAIN, PLAIN] if check.issued_utc is not None else [PLAIN]
    for signature in check.signatures:
        marks += [signatures.get(signature.state, BAD), PLAIN]
    marks += [] if check.signatures else [PLAIN]
    marks += [GOOD if attached.is_intact else BAD for attached in check.attachments]
    marks.append(pages.get(check.pages, PLAIN))
    texts = [line.strip() for line in report_lines(check, language)]
    return [CheckLine(mark, text) for mark, text in zip_longest(marks, texts, fillvalue=PLAIN) if text != PLAIN]


class CaseWords(QObject):
    """Says what was found of a case, and of an archive of one."""

    def case(self, check: CaseCheck) -> list[CheckLine]:
        """What a verification found; the first line is the headline."""
        lines = [CheckLine(GOOD if check.is_intact else BAD, self._headline(check))]
        lines += [CheckLine(BAD, finding_text(finding.message, QLocale().name()[:2])) for finding in check.findings]
        for item in check.items:
            said = {
                ItemState.CHANGED: self.tr("{}: its content has changed"),
                ItemState.MISSING: self.tr("{}: not there, which proves nothing"),
                None: self.tr("{}: could not be read, which proves nothing"),
            }.get(item.state)
            if said is not None:
                mark = BAD if item.state is ItemState.CHANGED else PLAIN
                lines.append(CheckLine(mark, said.format(item.path.name)))
        return lines

    def _headline(self, check: CaseCheck) -> str:
        count = QLocale().toString(sum(number for _, number in check.records))
        if check.is_intact:
            text = self.tr("Intact: {} log entries and {} records are as they were written.")
            return text.format(QLocale().toString(check.head.count), count)
        if check.since is not None:
            return self.tr("NOT intact: from log entry {} on nothing is proved.").format(check.since)
        return self.tr("NOT intact.")

    def packed(self, archive: CaseArchive) -> list[CheckLine]:
        """What was put into an archive."""
        lines = [CheckLine(GOOD, self.tr("{} was written.").format(archive.path.name))]
        for item in archive.items:
            if item.state is ItemState.MISSING:
                lines.append(CheckLine(BAD, self.tr("{}: not there, so it is not in the archive").format(item.name)))
            elif item.state is ItemState.CHANGED:
                text = self.tr("{}: its content has changed since intake; it is packed as it is").format(item.name)
                lines.append(CheckLine(BAD, text))
        lines.append(CheckLine(PLAIN, f"SHA-256: {archive.sha256}"))
        text = self.tr("Send this hash by another way than the archive: it proves that the archive is this one.")
        lines.append(CheckLine(PLAIN, text))
        return lines

    def unpacked(self, found: ImportedCase) -> list[CheckLine]:
        """What came out of an archive."""
        head = self.tr("{} was unpacked and is intact.") if found.is_intact else self.tr("{} is NOT intact.")
        lines = [CheckLine(GOOD if found.is_intact else BAD, head.format(found.path.name))]
        lines += self.case(found.check)[0 if found.check.is_intact else 1 :]
        lines += [CheckLine(BAD, self.tr("{}: damaged, and left out").format(name)) for name in found.damaged]
        for item in found.items:
            if item.state is ItemState.CHANGED:
                lines.append(CheckLine(BAD, self.tr("{}: its content has changed").format(item.path.name)))
            elif item.state is None:
                lines.append(CheckLine(PLAIN, self.tr("{}: not in the archive").format(item.path.name)))
        lines.append(CheckLine(PLAIN, f"SHA-256: {found.sha256}"))
        text = self.tr("Compare this hash of the archive with the one that its sender noted.")
        lines.append(CheckLine(PLAIN, text))
        return lines


class CheckDialog(QDialog):
    """Shows lines, the first one large, with at most one further button.

    Args:
        tokens: The theme.
        title: Of the window.
        lines: What was found, the headline first.
        parent: The window.
    """

    def __init__(self, tokens: theme.Tokens, title: str, lines: list[CheckLine], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.lines = lines
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        head, rest = lines[0], lines[1:]
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(self._mark(tokens, head.mark, 32), 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(label(head.text, "heading", wrap=True, selectable=True), 1, Qt.AlignmentFlag.AlignVCenter)
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(9)
        grid.setColumnStretch(1, 1)
        for row, line in enumerate(rest):
            grid.addWidget(self._mark(tokens, line.mark, 16), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(line.text, wrap=True, selectable=True), row, 1)
        grid.setRowStretch(len(rest), 1)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.reject)
        self.buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(16)
        column.addLayout(top)
        column.addWidget(scrolled(body), 1)
        column.addLayout(self.buttons)
        self.resize(700, min(560, 190 + 34 * len(rest)))

    def _mark(self, tokens: theme.Tokens, mark: str, side: int) -> QLabel:
        shown = QLabel()
        shown.setFixedWidth(side)
        words = {GOOD: self.tr("in order"), BAD: self.tr("not in order")}
        shapes = {GOOD: ("check", tokens.genuine), BAD: ("custody", tokens.fake), PLAIN: ("remove", tokens.muted)}
        shown.setPixmap(theme.pixmap(*shapes[mark], side, self.devicePixelRatioF()))
        # the mark is said too, not only seen
        shown.setAccessibleName(words.get(mark, ""))
        return shown

    def add_button(self, text: str) -> QPushButton:
        """A further button, left of *Close*; it closes the dialog too."""
        button = QPushButton(text)
        button.setProperty("role", "primary")
        button.clicked.connect(self.accept)
        self.buttons.insertWidget(1, button)
        return button
