"""Several detectors on the open item: which there are, which are shown, how far they agree, in words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.analysis.agreement import Comparison, Figures, Pair
from desktop_app.reports import wording
from desktop_app.ui import theme
from desktop_app.ui.curve_layer import LETTERS, badge
from desktop_app.ui.detector_services import Opinions
from desktop_app.ui.widgets import card, empty, label

if TYPE_CHECKING:
    from desktop_app.analysis.opinions import Opinion

BADGE_PX = 20
TOGETHER, PARTLY = 0.7, 0.3


@dataclass(frozen=True, slots=True)
class Progressing:
    """An analysis by another model that is under way.

    Args:
        fraction: How far it is, None while it waits.
    """

    fraction: float | None


class AgreementWords(QObject):
    """Says what a comparison found, and what it does not prove."""

    def sentences(self, comparison: Comparison, person: int | None, language: str) -> list[str]:
        """A few sentences.

        Args:
            comparison: What was found.
            person: Of whom; None is everybody.
            language: Of numbers.
        """
        figures = comparison.figures(person)
        letters = self._list([LETTERS[number] for number in range(len(comparison.readings))])
        count = wording.count_text(figures.common, language)
        if not figures.common:
            return [self.tr("{} have no frame in common in which all of them scored this face.").format(letters)]
        found = [self._sides(figures, letters, count, language)]
        found += [text for pair in comparison.pairs(person) if (text := self._ranks(pair, language))]
        unmeasured = [LETTERS[n] for n, reading in enumerate(comparison.readings) if not reading.is_measured]
        if unmeasured:
            text = self.tr("{}: never measured, so it takes no side. Only the course of its curve can be compared.")
            found.append(text.format(self._list(unmeasured)))
        found.append(self._warning(comparison))
        return found

    def _sides(self, figures: Figures, letters: str, count: str, language: str) -> str:
        shares = [
            wording.percent_text(number / figures.common, language, 0)
            for number in (figures.agree, figures.genuine, figures.fake, figures.disagree, figures.undecided)
        ]
        return self.tr(
            "{}: same side in {} of {} common frames (genuine {}, fake {}); opposite sides in {}; in {} one or more "
            "do not decide."
        ).format(letters, shares[0], count, *shares[1:])

    def _ranks(self, pair: Pair, language: str) -> str:
        names = f"{LETTERS[pair.first]}, {LETTERS[pair.second]}"
        value = pair.rank_correlation
        if value is None:
            return ""
        if value >= TOGETHER:
            text = self.tr("{}: their scores rise and fall together (rank correlation {}).")
        elif value >= PARTLY:
            text = self.tr("{}: their scores rise and fall together in part (rank correlation {}).")
        elif value > -PARTLY:
            text = self.tr("{}: their scores have little to do with each other (rank correlation {}).")
        else:
            text = self.tr("{}: one rises where the other falls (rank correlation {}).")
        return text.format(names, wording.number_text(value, 2, language))

    def _warning(self, comparison: Comparison) -> str:
        shared = [name for pair in comparison.pairs() for name in pair.shared_sets]
        names = ", ".join(dict.fromkeys(shared))
        if names:
            text = self.tr(
                "They learnt from the same data ({}). That they agree is no independent confirmation: they can share "
                "the same mistake."
            )
            return text.format(names)
        return self.tr(
            "Their cards name no common training data. Even so, agreement is no proof: networks of one kind can share "
            "the same mistake."
        )

    def _list(self, parts: list[str]) -> str:
        return ", ".join(parts)


class DetectorPanel(QWidget):
    """The list of detectors with switches, and the agreement of those that are shown.

    Signals: `shown_changed` with the numbers of the analyses that are shown beside the result; `analyse_asked` with a
    model's id; `result_asked` with the number of an analysis; `models_asked`.
    """

    shown_changed = Signal(object)
    analyse_asked = Signal(str)
    result_asked = Signal(int)
    models_asked = Signal()

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("detectors")
        self._language, self._tokens = language, theme.DARK
        self._opinions: Opinions | None = None
        self._under_way: dict[str, Progressing] = {}
        self._shown: tuple[int, ...] = ()
        self._comparison: Comparison | None = None
        self._person: int | None = None
        self._can_write = True
        self._words = AgreementWords(self)
        self.switches: dict[int, QCheckBox] = {}
        self.buttons: dict[str, QPushButton] = {}
        self.choices: dict[int, QPushButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 12, 12, 0)
        self._column.setSpacing(6)
        self.hide()

    @property
    def texts(self) -> str:
        """What is written about the agreement."""
        return self._agreement.text() if self._comparison is not None else ""

    def focus_first(self) -> None:
        """Let the keyboard act on the first detector that can be shown or asked."""
        for control in (*self.switches.values(), *self.buttons.values()):
            if control.isEnabled():
                control.setFocus()
                return

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self._rebuild()

    def show_opinions(self, opinions: Opinions | None, can_write: bool = True) -> None:
        """Show what there is to compare, None hides all."""
        self._opinions, self._can_write = opinions, can_write
        self._rebuild()

    def show_progress(self, under_way: dict[str, Progressing]) -> None:
        """Say how far analyses by other models are, by model."""
        if under_way.keys() != self._under_way.keys():
            self._under_way = dict(under_way)
            self._rebuild()
        self._under_way = dict(under_way)
        for model_id, progress in under_way.items():
            if model_id in self.buttons:
                self.buttons[model_id].setText(self._progress_text(progress))

    def show_comparison(self, shown: tuple[int, ...], comparison: Comparison | None, person: int | None) -> None:
        """Show the agreement.

        Args:
            shown: Analyses that are shown beside the result, in the order of their letters.
            comparison: What was found, None while nothing is compared.
            person: Whose curves are shown.
        """
        self._shown, self._comparison, self._person = shown, comparison, person
        self._rebuild()

    def _rebuild(self) -> None:
        had_focus = self.focusWidget() is not None and self.focusWidget().hasFocus()
        name = self.focusWidget().objectName() if had_focus else ""
        empty(self._column)
        for store in (self.switches, self.buttons, self.choices):
            store.clear()
        opinions = self._opinions
        self.setVisible(opinions is not None and bool(opinions.stored))
        if opinions is None or not opinions.stored:
            return
        self._column.addWidget(label(self.tr("Detectors on this item"), "heading"))
        for opinion in opinions.stored:
            self._column.addWidget(self._stored_row(opinion))
        for model in opinions.others:
            self._column.addWidget(self._other_row(model.model_id, model.name))
        if self._comparison is not None:
            self._add_agreement(self._comparison)
        more = QPushButton(self.tr("Models…"))
        more.setProperty("role", "link")
        more.setObjectName("more_models")
        more.clicked.connect(self.models_asked)
        self._column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        found = self.findChild(QWidget, name) if name else None
        if found is not None:
            found.setFocus()

    def _stored_row(self, opinion: "Opinion") -> QFrame:
        frame, layout = card()
        number = self._number(opinion.analysis_id, opinion.is_result)
        head = QHBoxLayout()
        head.setSpacing(8)
        if number is not None:
            head.addWidget(self._badge(number))
        head.addWidget(label(opinion.card.name, "heading", wrap=True), 1)
        layout.addLayout(head)
        verdict = opinion.verdict
        words = wording.headline(verdict, self._language, opinion.ratio)
        if verdict.p_fake is not None:
            words += f" · {wording.score_text(verdict.p_fake, self._language)}"
        if not opinion.is_whole:
            words += f" · {self.tr('broken off')}"
        layout.addWidget(label(words, wrap=True, selectable=True))
        if opinion.is_result:
            layout.addWidget(label(self.tr("This is the result that findings and report tell."), "muted", wrap=True))
            return frame
        row = QHBoxLayout()
        row.addWidget(self._switch(opinion.analysis_id, opinion.card.name))
        row.addStretch(1)
        row.addWidget(self._choice(opinion.analysis_id, opinion.card.name))
        layout.addLayout(row)
        return frame

    def _switch(self, analysis_id: int, name: str) -> QCheckBox:
        switch = QCheckBox(self.tr("Show beside it"))
        switch.setObjectName(f"show_{analysis_id}")
        switch.setAccessibleName(self.tr("Show beside the result: {}").format(name))
        switch.setChecked(analysis_id in self._shown)
        switch.setEnabled(analysis_id in self._shown or len(self._shown) < len(LETTERS) - 2)
        switch.setProperty("analysis", analysis_id)
        switch.toggled.connect(self._on_switch)
        self.switches[analysis_id] = switch
        return switch

    def _choice(self, analysis_id: int, name: str) -> QPushButton:
        choice = QPushButton(self.tr("Make it the result"))
        choice.setProperty("role", "link")
        choice.setObjectName(f"choose_{analysis_id}")
        choice.setAccessibleName(self.tr("Make it the result: {}").format(name))
        choice.setToolTip(self.tr("Findings, heatmaps and reports tell this analysis then. The case's log notes it."))
        choice.setEnabled(self._can_write)
        choice.setProperty("analysis", analysis_id)
        choice.clicked.connect(self._on_choice)
        self.choices[analysis_id] = choice
        return choice

    def _other_row(self, model_id: str, name: str) -> QFrame:
        frame, layout = card()
        layout.addWidget(label(name, "heading", wrap=True))
        progress = self._under_way.get(model_id)
        button = QPushButton(self.tr("Analyse with it too") if progress is None else self._progress_text(progress))
        button.setObjectName(f"analyse_{model_id}")
        button.setAccessibleName(self.tr("Analyse with {} too").format(name))
        button.setEnabled(progress is None and self._can_write)
        button.setProperty("model", model_id)
        button.clicked.connect(self._on_analyse)
        self.buttons[model_id] = button
        layout.addWidget(button)
        return frame

    def _progress_text(self, progress: Progressing) -> str:
        if progress.fraction is None:
            return self.tr("Waiting in the queue")
        return self.tr("Analysing, {}\u00a0%").format(int(progress.fraction * 100))

    def _add_agreement(self, comparison: Comparison) -> None:
        frame, layout = card()
        title = self.tr("Agreement")
        if self._person is not None:
            title = self.tr("Agreement on person {}").format(self._person)
        layout.addWidget(label(title, "heading"))
        sentences = self._words.sentences(comparison, self._person, self._language)
        self._agreement = label("\n\n".join(sentences), wrap=True, selectable=True)
        layout.addWidget(self._agreement)
        self._column.addWidget(frame)

    def _number(self, analysis_id: int, is_result: bool) -> int | None:
        if is_result:
            return 0 if self._shown else None
        return self._shown.index(analysis_id) + 1 if analysis_id in self._shown else None

    def _badge(self, number: int) -> QLabel:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(BADGE_PX * ratio), round(BADGE_PX * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(BADGE_PX / 2, BADGE_PX / 2)
        painter.scale(BADGE_PX - 2, BADGE_PX - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        color = QColor(self._tokens.text)
        if number == 0 and self._person is not None:
            color = theme.track_color(self._tokens, self._person)
        painter.setBrush(color)
        painter.drawPath(badge(LETTERS[number]))
        painter.end()
        mark = QLabel()
        mark.setPixmap(picture)
        mark.setAccessibleName(self.tr("Letter {}").format(LETTERS[number]))
        return mark

    def _on_switch(self, is_on: bool) -> None:
        number = int(self.sender().property("analysis"))
        rest = tuple(other for other in self._shown if other != number)
        self.shown_changed.emit((*rest, number) if is_on else rest)

    def _on_choice(self) -> None:
        self.result_asked.emit(int(self.sender().property("analysis")))

    def _on_analyse(self) -> None:
        self.analyse_asked.emit(str(self.sender().property("model")))
