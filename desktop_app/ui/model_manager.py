"""The window of the models: which there are, what each can and cannot do, import, self-test, default."""

from collections.abc import Callable

from PySide6.QtCore import QDateTime, QLocale, QObject, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.errors import AppError
from desktop_app.reports.error_texts import finding_text
from desktop_app.ui import model_services, theme
from desktop_app.ui.desk import Desk
from desktop_app.ui.dialogs import Messenger, QuestionDialog, open_folder
from desktop_app.ui.import_dialog import ImportDialog
from desktop_app.ui.jobs import Job
from desktop_app.ui.model_panel import ModelPanel
from desktop_app.ui.model_services import Installed, Shelf, TestRecord, Wish
from desktop_app.ui.widgets import card, label

LIST_PX = 300


class ModelsDialog(QDialog):
    """Models at left, the card of the chosen one at right; it only asks, `Models` does.

    Signals: `import_asked`, and with a model `test_asked`, `default_asked`, `remove_asked`.

    Args:
        tokens: The theme.
        language: Of numbers and bands.
        parent: The window.
    """

    import_asked = Signal()
    test_asked = Signal(object)
    default_asked = Signal(object)
    remove_asked = Signal(object)

    def __init__(self, tokens: theme.Tokens, language: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tokens, self._language = tokens, language
        self._models: tuple[Installed, ...] = ()
        self._chosen_id = ""
        self._busy = self._wanted = ""
        self.list = QListWidget()
        self.list.setObjectName("models")
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setWordWrap(True)
        self.list.setFixedWidth(LIST_PX)
        self.list.currentRowChanged.connect(self._on_row)
        self.facts = label("", wrap=True, selectable=True)
        self.card = ModelPanel(self._build_state())
        self.card.set_language(language)
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addWidget(self.list)
        body.addWidget(self.card, 1)
        self.note = label("", "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(12)
        text = self.tr("Every verdict is that of one of these models. Read its card first.")
        column.addWidget(label(text, wrap=True))
        column.addLayout(body, 1)
        column.addWidget(self.note)
        column.addLayout(self._build_buttons())
        self.resize(980, 660)
        self._update()

    def _build_state(self) -> QWidget:
        frame, layout = card()
        layout.addWidget(label(self.tr("On this computer"), "heading"))
        layout.addWidget(self.facts)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(12, 0, 12, 0)
        column.addWidget(frame)
        return holder

    def _build_buttons(self) -> QGridLayout:
        self.import_button = self._button(self.tr("Import…"), lambda: self.import_asked.emit())
        self.test_button = self._button(self.tr("Self-test"), lambda: self._ask(self.test_asked))
        self.default_button = self._button(self.tr("Use for new analyses"), lambda: self._ask(self.default_asked))
        self.remove_button = self._button(self.tr("Remove…"), lambda: self._ask(self.remove_asked))
        self.folder_button = self._button(self.tr("Open its folder"), self._on_folder)
        self.close_button = self._button(self.tr("Close"), self.reject)
        row = QGridLayout()
        row.setHorizontalSpacing(8)
        parts = (self.import_button, self.test_button, self.default_button, self.remove_button, self.folder_button)
        for place, button in enumerate(parts):
            row.addWidget(button, 0, place)
        row.setColumnStretch(len(parts), 1)
        row.addWidget(self.close_button, 0, len(parts) + 1)
        return row

    def _button(self, text: str, action: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: action())
        return button

    @property
    def chosen(self) -> Installed | None:
        """The model whose card is shown."""
        return next((m for m in self._models if m.card.model_id == self._chosen_id), None)

    def show_shelf(self, shelf: Shelf, wanted: str) -> None:
        """Show models.

        Args:
            shelf: All of them.
            wanted: Id of the model that new analyses use.
        """
        # what is used comes first, then what one added oneself
        self._models = tuple(sorted(shelf.models, key=lambda m: (m.card.model_id != wanted, m.is_shipped, m.card.name)))
        self._wanted = wanted
        known = {model.card.model_id for model in shelf.models}
        likely = (shelf.imported, self._chosen_id, wanted, *(model.card.model_id for model in self._models))
        self._chosen_id = next((model_id for model_id in likely if model_id in known), "")
        self.list.blockSignals(True)
        self.list.clear()
        for model in self._models:
            row = QListWidgetItem(self._row_text(model))
            row.setData(Qt.ItemDataRole.UserRole, model.card.model_id)
            row.setIcon(self._row_icon(model))
            self.list.addItem(row)
        self.list.blockSignals(False)
        for place, model in enumerate(self._models):
            if model.card.model_id == self._chosen_id:
                self.list.setCurrentRow(place)
        self._show_chosen()

    def say(self, text: str) -> None:
        """A line below the card; empty hides it."""
        self.note.setText(text)

    def set_busy(self, text: str) -> None:
        """Say what is under way and lock the buttons, empty unlocks them."""
        self._busy = text
        self.say(text)
        self._update()

    def select(self, model_id: str) -> None:
        """Show a model's card."""
        for place, model in enumerate(self._models):
            if model.card.model_id == model_id:
                self.list.setCurrentRow(place)

    def _is_default(self, model: Installed) -> bool:
        return model.card.model_id == self._wanted

    def _row_text(self, model: Installed) -> str:
        words = [self.tr("version {}").format(model.card.version)]
        words.append(self.tr("came with Cotejo") if model.is_shipped else self.tr("your own"))
        lines = [model.card.name, " · ".join(words)]
        marks = [self.tr("for new analyses")] if self._is_default(model) else []
        if model.test is not None:
            marks.append(self.tr("self-test passed") if model.test.passed else self.tr("self-test failed"))
        if not model.card.error_rates:
            marks.append(self.tr("not measured"))
        return "\n".join([*lines, *marks])

    def _row_icon(self, model: Installed) -> QIcon:
        if model.test is not None and not model.test.passed:
            return theme.icon("failed", self._tokens.fake)
        if self._is_default(model):
            return theme.icon("check", self._tokens.text)
        return theme.icon("remove", self._tokens.muted)

    @Slot(int)
    def _on_row(self, place: int) -> None:
        if 0 <= place < len(self._models):
            self._chosen_id = self._models[place].card.model_id
            self._show_chosen()

    def _show_chosen(self) -> None:
        model = self.chosen
        self.card.show_card(model.card if model is not None else None)
        self.facts.setText("\n".join(self._facts(model)) if model is not None else "")
        self._update()

    def _facts(self, model: Installed) -> list[str]:
        use = self.tr("Used for new analyses.") if self._is_default(model) else self.tr("Not used unless asked for.")
        found = [use, self._test_text(model.test)]
        if model.uses:
            names = ", ".join(model.uses)
            found.append(self.tr("Analysed in the open case: {}").format(names))
        if not model.is_shipped:
            found.append(self.tr("Folder: {}").format(model.folder))
        return found

    def _test_text(self, test: TestRecord | None) -> str:
        if test is None:
            return self.tr("Not tested on this computer yet.")
        at = QDateTime.fromSecsSinceEpoch(int(test.at_utc.timestamp()))
        when = QLocale().toString(at, QLocale.FormatType.ShortFormat)
        if not test.passed:
            why = " ".join(finding_text(text, self._language) for text in (test.problem, test.hint) if text)
            return self.tr("Self-test failed on {}: {}").format(when, why)
        text = self.tr(
            "Self-test passed on {}: {} finite scores, the same twice; alone and in a batch they differ by at most {}."
        )
        return text.format(when, test.outputs, f"{test.batch_difference:.1g}".replace(".", QLocale().decimalPoint()))

    def _update(self) -> None:
        model, is_free = self.chosen, not self._busy
        self.import_button.setEnabled(is_free)
        self.test_button.setEnabled(is_free and model is not None)
        self.default_button.setEnabled(is_free and model is not None and not self._is_default(model))
        self.remove_button.setEnabled(is_free and model is not None and not model.is_shipped)
        self.folder_button.setEnabled(model is not None)
        is_own = model is None or not model.is_shipped
        self.remove_button.setToolTip("" if is_own else self.tr("Models that came with Cotejo cannot be removed."))

    def _ask(self, signal: SignalInstance) -> None:
        if self.chosen is not None:
            signal.emit(self.chosen)

    def _on_folder(self) -> None:
        if self.chosen is not None:
            open_folder(self.chosen.folder)


class Models(QObject):
    """What is done to models from the window: each through the worker, with its outcome in the dialog.

    Signals: `changed` when models came or went, or another is the default.

    Args:
        desk: Settings, case and worker.
        messenger: Shows errors.
        window: Parent of dialogs.
    """

    changed = Signal()

    def __init__(self, desk: Desk, messenger: Messenger, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._messenger, self._window = desk, messenger, window
        self.dialog: ModelsDialog | None = None
        self._form: ImportDialog | None = None
        self._shelf: Shelf | None = None

    @Slot()
    def show(self) -> None:
        """Open the window of the models, or bring it forward."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        dialog = ModelsDialog(self._messenger.tokens, self._desk.language, self._window)
        self.dialog = dialog
        dialog.finished.connect(self._on_closed)
        dialog.import_asked.connect(self._on_import)
        dialog.test_asked.connect(self._on_test)
        dialog.default_asked.connect(self._on_default)
        dialog.remove_asked.connect(self._on_remove)
        dialog.open()
        file = self._desk.cases.file
        self._run(self.tr("Reading the models…"), "models", lambda job: model_services.list_shelf(job, file))

    @Slot()
    def _on_closed(self) -> None:
        self.dialog = self._form = None

    def _run(self, busy: str, name: str, work: Callable[[Job], Shelf]) -> None:
        if self.dialog is not None:
            self.dialog.set_busy(busy)
        job = Job(name, work)
        job.succeeded.connect(self._on_shelf)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        self._desk.worker.submit(job)

    @Slot(object)
    def _on_shelf(self, shelf: Shelf) -> None:
        self._shelf = shelf
        if self._form is not None and shelf.imported:
            self._form.accept()
            self._form = None
        if self.dialog is not None:
            self.dialog.set_busy("")
            self.dialog.show_shelf(shelf, self._wanted())
            if shelf.imported:
                text = self.tr("{} was imported and passed its self-test. Read what its card does not claim.")
                self.dialog.say(text.format(shelf.imported))
        self.changed.emit()

    def _wanted(self) -> str:
        usual = next((m.card.model_id for m in self._shelf.models if m.is_usual), "") if self._shelf else ""
        return self._desk.settings.get_str("model_id") or usual

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        if self.dialog is not None:
            self.dialog.set_busy("")
        if self._form is not None and isinstance(error, AppError):
            self._form.show_error(error)
        else:
            self._desk.failed.emit(error)

    @Slot()
    def _on_cancelled(self) -> None:
        if self.dialog is not None:
            self.dialog.set_busy("")

    @Slot()
    def _on_import(self) -> None:
        names = self._shelf.architectures if self._shelf is not None else ()
        form = ImportDialog(names, self._desk.settings.get_str("last_folder"), self.dialog)
        form.import_asked.connect(self.import_model)
        form.finished.connect(self._on_form_closed)
        self._form = form
        form.open()

    @Slot()
    def _on_form_closed(self) -> None:
        self._form = None

    @Slot(object)
    def import_model(self, wish: Wish) -> None:
        """Convert, test and install a model."""
        file = self._desk.cases.file
        self._run(
            self.tr("Importing and testing {}…").format(wish.file.name),
            "import-model",
            lambda job: model_services.import_model(job, file, wish),
        )

    @Slot(object)
    def _on_test(self, model: Installed) -> None:
        file, model_id = self._desk.cases.file, model.card.model_id
        text = self.tr("Testing {}…").format(model.card.name)
        self._run(text, "test-model", lambda job: model_services.test_model(job, file, model_id))

    @Slot(object)
    def _on_default(self, model: Installed) -> None:
        # where it is the shipped default, a later default takes its place of itself
        self._desk.settings.set("model_id", "" if model.is_usual else model.card.model_id)
        self._desk.save_settings()
        if self.dialog is not None and self._shelf is not None:
            self.dialog.show_shelf(self._shelf, self._wanted())
            self.dialog.say(self.tr("New analyses use {} from now on.").format(model.card.name))
        self.changed.emit()

    @Slot(object)
    def _on_remove(self, model: Installed) -> None:
        hint = self.tr("Its files are deleted. To have it again it must be imported again.")
        if model.uses:
            hint = self.tr(
                "{} It analysed in the open case: {}. These results stay and can be reported, but their heatmaps and "
                "broken-off analyses need the model."
            ).format(hint, ", ".join(model.uses))
        question = QuestionDialog(
            self._messenger.tokens,
            self.tr("Remove a model"),
            self.tr("Remove {}?").format(model.card.name),
            hint,
            self.tr("Remove"),
            self.tr("Keep"),
            self.dialog,
        )
        question.accepted.connect(lambda: self.remove(model))
        question.open()

    def remove(self, model: Installed) -> None:
        """Delete a model; where it was the default, the usual one is that again."""
        file, model_id = self._desk.cases.file, model.card.model_id
        if self._desk.settings.get_str("model_id") == model_id:
            self._desk.settings.set("model_id", "")
            self._desk.save_settings()
        text = self.tr("Removing {}…").format(model.card.name)
        self._run(text, "remove-model", lambda job: model_services.remove_model(job, file, model_id))
