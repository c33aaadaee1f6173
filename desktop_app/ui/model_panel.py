"""The card of the model, for the examiner to read before the verdict."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.domain import ErrorRates, ModelCard
from desktop_app.reports import wording
from desktop_app.reports.limit_texts import limit_texts
from desktop_app.reports.ratios import RatioTable, calibration_text, ratio_tables, ratio_title, validated_text
from desktop_app.ui.widgets import card, empty, label, scrolled


class ModelPanel(QWidget):
    """The card of the model: what it is, how often it errs, what it was not shown to do.

    Args:
        head: Scrolls above the card.
        parent: Owner.
    """

    def __init__(self, head: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = "en"
        content = QWidget()
        whole = QVBoxLayout(content)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        if head is not None:
            whole.addWidget(head)
        self._column = QVBoxLayout()
        whole.addLayout(self._column, 1)
        self._column.setContentsMargins(12, 12, 12, 16)
        self._column.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._area = scrolled(content)
        layout.addWidget(self._area)
        self.show_card(None)

    def show_head(self) -> None:
        """Scroll to the top."""
        self._area.verticalScrollBar().setValue(0)

    def set_language(self, language: str) -> None:
        """Language of numbers."""
        self._language = language

    def show_card(self, model: ModelCard | None) -> None:
        """Show a card, None says that it is not known yet."""
        empty(self._column)
        if model is None:
            text = self.tr("The card of the model appears with the first analysis.")
            self._column.addWidget(label(text, "muted", wrap=True))
        else:
            self._fill(model)
        self._column.addStretch(1)

    def _fill(self, model: ModelCard) -> None:
        self._column.addWidget(label(model.name, "verdict", wrap=True))
        facts = self.tr("{} · version {} · {} · {} million parameters").format(
            model.model_id,
            model.version,
            model.network_names,
            wording.number_text(model.parameters / 1e6, 1, self._language),
        )
        self._column.addWidget(label(facts, "muted", wrap=True, selectable=True))
        self._section(self.tr("What it is for"))
        self._column.addWidget(label(self._purpose(model), wrap=True, selectable=True))
        self._section(self.tr("What it was not shown to do"))
        for sentence in limit_texts(model.limits, self._language):
            self._column.addWidget(label(f"•  {sentence}", wrap=True, selectable=True))
        self._section(self.tr("How often it errs"))
        self._column.addWidget(label(wording.rates_sentence(model, self._language), wrap=True, selectable=True))
        for rates in model.error_rates:
            self._column.addWidget(self._rates(rates))
        self._add_bands(model)
        self._section(self.tr("Calibration and validated quality"))
        for text in (calibration_text(model, self._language), validated_text(model, self._language)):
            self._column.addWidget(label(text[0].upper() + text[1:], wrap=True, selectable=True))
        self._section(self.tr("Trained on"))
        for source in model.training_data:
            text = self.tr("{}: {} images. {}").format(
                source.name, wording.count_text(source.count, self._language), source.terms
            )
            self._column.addWidget(label(text, wrap=True, selectable=True))
        self._section(self.tr("Identity"))
        text = self.tr("Licence {}. Made {}. Weights SHA-256 {}").format(
            model.licence, model.created, " ".join(model.weights_sha256[i : i + 16] for i in range(0, 64, 16))
        )
        self._column.addWidget(label(text, "muted", wrap=True, selectable=True))

    def _purpose(self, model: ModelCard) -> str:
        families = [name.replace("_", " ") for name in model.classes if name != model.genuine_class]
        if len(families) > 1:
            text = self.tr(
                "It says how probable it is that a face was manipulated, and which kind it resembles most: {}."
            )
            return text.format(", ".join(families))
        return self.tr("It says of each face in each frame how probable it is that the face was manipulated.")

    def _add_bands(self, model: ModelCard) -> None:
        limits = model.thresholds
        tables = ratio_tables(model, self._language)
        self._section(ratio_title(self._language) if tables else self.tr("How its score is worded"))
        values = (limits.decision, limits.inconclusive_low, limits.inconclusive_high)
        texts = [wording.score_text(value, self._language) for value in values]
        if tables:
            text = self.tr("Decision at {}; inconclusive from {} to {}.").format(*texts)
        else:
            texts += [wording.score_text(v, self._language) for v in (limits.strong_genuine, limits.strong_fake)]
            text = self.tr("Decision at {}; inconclusive from {} to {}; strong below {} and above {}.").format(*texts)
        self._column.addWidget(label(text, wrap=True))
        for table in tables:
            self._column.addWidget(self._ratios(table))
            self._column.addWidget(label(table.note, "muted", wrap=True, selectable=True))

    def _section(self, text: str) -> None:
        heading = label(text, "heading", wrap=True)
        heading.setContentsMargins(0, 10, 0, 0)
        self._column.addWidget(heading)

    def _ratios(self, table: RatioTable) -> QFrame:
        frame, layout = card()
        # the panel is too narrow for five columns
        names = table.columns
        for scores, genuine, fake, ratio, support in table.rows:
            layout.addWidget(label(f"{scores}   {support}", "heading", wrap=True, selectable=True))
            counts = f"{names[1].lower()} {genuine} · {names[2].lower()} {fake}"
            layout.addWidget(label(f"{names[3]}: {ratio}\n{counts}", "muted", wrap=True, selectable=True))
        return frame

    def _rates(self, rates: ErrorRates) -> QFrame:
        frame, layout = card()
        kind = self.tr("like its training data") if rates.is_in_domain else self.tr("unlike its training data")
        layout.addWidget(
            label(
                f"{rates.dataset}, {wording.condition_text(rates.condition, self._language)} "
                f"({wording.level_text(rates.level, self._language)})",
                "heading",
                wrap=True,
            )
        )
        layout.addWidget(label(kind, "muted", wrap=True))
        parts = []
        if rates.fpr is not None:
            parts.append(self.tr("genuine called fake {}").format(self._rate(rates.fpr)))
        if rates.fnr is not None:
            parts.append(self.tr("fake called genuine {}").format(self._rate(rates.fnr)))
        if rates.auc is not None:
            parts.append(f"AUC {wording.number_text(rates.auc, 3, self._language)}")
        if rates.eer is not None:
            parts.append(f"EER {self._rate(rates.eer)}{self._ends(rates.eer_low, rates.eer_high)}")
        if rates.ece is not None:
            parts.append(f"ECE {wording.number_text(rates.ece, 3, self._language)}")
        layout.addWidget(label(" · ".join(parts), wrap=True, selectable=True))
        counts = self.tr("{} genuine, {} fake samples").format(
            *(wording.count_text(n, self._language) for n in (rates.n_genuine, rates.n_fake))
        )
        layout.addWidget(label(counts, "muted", wrap=True))
        return frame

    def _ends(self, low: float | None, high: float | None) -> str:
        return "" if low is None or high is None else f" ({self._rate(low)} - {self._rate(high)})"

    def _rate(self, value: float) -> str:
        return wording.percent_text(value, self._language)
