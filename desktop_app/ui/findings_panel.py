"""What was found: verdict, faces, the frames to look at, and what was skipped."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.analysis.demo_check import DemoCheck, check_demo
from desktop_app.domain import (
    AnalysisResult,
    BandRatio,
    FaceTrack,
    FramePrediction,
    Outcome,
)
from desktop_app.reports import quotes, wording
from desktop_app.ui import theme
from desktop_app.ui.curves import Predictions, suspicious, timecode
from desktop_app.ui.notice_card import NoticeCard
from desktop_app.ui.services import Thumb
from desktop_app.ui.weighing import Weighed, Weighing
from desktop_app.ui.widgets import ProbabilityBar, RowButton, card, empty, label, rounded, scrolled

MAX_SUSPICIOUS = 8
THUMB_PX = 52
FRAME_PX = (72, 42)


class FindingsPanel(QWidget):
    """Verdict in words, one row per face, the most suspicious frames, and the notices."""

    track_chosen = Signal(object)
    frame_chosen = Signal(int, int)
    analyse_asked = Signal()
    resume_asked = Signal()
    report_asked = Signal()
    conclusion_asked = Signal()
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = theme.DARK
        self._language = "en"
        self._result: AnalysisResult | None = None
        self._truth: tuple[float, float] | None = None
        self._message = ""
        self._can_analyse = self._can_resume = self._is_away = False
        self._weighed: Weighed | None = None
        self._growth = label()
        self.suspicious_frames: tuple[FramePrediction, ...] = ()
        self._places: dict[Thumb, tuple[QLabel, str]] = {}
        self._fetched: dict[Thumb, QImage] = {}
        self.track_buttons: dict[int, RowButton] = {}
        self.frame_buttons: list[RowButton] = []
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(12, 12, 12, 16)
        self._column.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(content))

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens
        self._rebuild()

    def set_language(self, language: str) -> None:
        """Language of the wording."""
        self._language = language

    def show_message(self, text: str, can_analyse: bool) -> None:
        """Say what there is instead of findings."""
        self._result, self._message, self._can_analyse = None, text, can_analyse
        self._rebuild()

    def show_result(
        self,
        result: AnalysisResult,
        truth: tuple[float, float] | None = None,
        can_resume: bool = False,
        is_away: bool = False,
    ) -> None:
        """Show findings.

        Args:
            result: What was found.
            truth: Where the item is known to be manipulated, from and to in seconds; None unless it is the demo clip.
            can_resume: Whether a part can be made whole.
            is_away: Whether only the stored result is shown, without its item.
        """
        self._result, self._truth = result, truth
        self._can_resume, self._is_away = can_resume, is_away
        self._fetched.clear()
        self._rebuild()

    @property
    def listed_frames(self) -> tuple[int, ...]:
        """The frames that have a row."""
        return tuple(number for kind, number in self._places if kind == "frame")

    def show_thumbnails(self, pictures: dict[Thumb, QImage]) -> None:
        """Put pictures into the rows."""
        self._fetched.update(pictures)
        for key in pictures:
            self._show_picture(key)

    def _show_picture(self, key: Thumb) -> None:
        if key in self._places and key in self._fetched:
            place, rim = self._places[key]
            size = place.size()
            ratio = self.devicePixelRatioF()
            place.setPixmap(rounded(self._fetched[key], size.width(), size.height(), ratio, QColor(rim)))

    def show_growth(self, predictions: Predictions) -> None:
        """Say how many frames of each face were scored so far."""
        if self._result is None:
            lines = [
                self.tr("Person {}: {} frames scored").format(track_id, curve.scored)
                for track_id, curve in predictions.curves.items()
            ]
            self._growth.setText("\n".join(lines))

    def select_track(self, track_id: int | None) -> None:
        """Mark a face's row without telling anyone."""
        for number, button in self.track_buttons.items():
            button.setChecked(number == track_id)

    def _rebuild(self) -> None:
        empty(self._column)
        self.track_buttons.clear()
        self.frame_buttons.clear()
        self._places.clear()
        self.suspicious_frames = ()
        if self._result is None:
            self._add_message()
        else:
            self._add_verdict(self._result)
            self._add_tracks(self._result)
            self._add_suspicious(self._result)
            self._add_weighing(self._result)
            self._add_notices(self._result)
            self._add_limits(self._result)
        self._column.addStretch(1)

    def _add_message(self) -> None:
        self._column.addWidget(label(self._message, "muted", wrap=True))
        self._growth = label("", wrap=True)
        self._column.addWidget(self._growth)
        if self._can_analyse:
            button = QPushButton(self.tr("Analyse"))
            button.setProperty("role", "primary")
            button.clicked.connect(self.analyse_asked)
            self._column.addWidget(button)

    def _heading(self, text: str) -> None:
        heading = label(text, "heading")
        heading.setContentsMargins(0, 8, 0, 0)
        self._column.addWidget(heading)

    def _add_verdict(self, result: AnalysisResult) -> None:
        verdict = result.verdict
        ratio = result.ratio_of(verdict)
        frame, layout = card()
        frame.setAccessibleName(self.tr("Verdict"))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._shape(theme.band_icon(verdict.band), theme.band_color(self._tokens, verdict.band), 30))
        words = label(wording.headline(verdict, self._language, ratio), "verdict", wrap=True)
        row.addWidget(words, 1)
        layout.addLayout(row)
        if verdict.p_fake is not None:
            layout.addWidget(label(quotes.score_line(result, self._language), "score", wrap=True))
            bar = ProbabilityBar()
            bar.dress(self._tokens)
            bar.set_value(verdict.p_fake, verdict.interval, result.card.thresholds)
            layout.addWidget(bar)
        self._add_words(layout, result, ratio)
        self._column.addWidget(frame)
        if self._is_away:
            self._note(self.tr("Only the stored result is shown: the file is missing or is not the one taken in."))
        if result.provenance.aborted:
            self._note(self.tr("The analysis was broken off or cancelled: this covers only the frames before that."))
            if self._can_resume:
                button = QPushButton(self.tr("Resume the analysis"))
                button.setObjectName("resume")
                button.setProperty("role", "primary")
                button.clicked.connect(self.resume_asked)
                self._column.addWidget(button)
        elif self._truth is not None:
            self._note(self._truth_words(check_demo(result, *self._truth), *self._truth))

    def _copy(self, sentence: str) -> None:
        QGuiApplication.clipboard().setText(sentence)
        self.said.emit(self.tr("The sentence is on the clipboard."))

    def _add_words(self, layout: QVBoxLayout, result: AnalysisResult, ratio: BandRatio | None) -> None:
        """The sentence to quote with what can be done with it, then what else has to be known."""
        verdict, sentence = result.verdict, quotes.quote_sentence(result, self._language)
        shown = f"«{sentence}»" if self._language == "es" else f"“{sentence}”"
        layout.addWidget(label(shown, wrap=True, selectable=True))
        copy = self._button("quote", self.tr("Copy these words"), self.tr("Copy the sentence to quote it"))
        copy.clicked.connect(lambda: self._copy(sentence))
        layout.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        known = [] if verdict.outcome is Outcome.NO_USABLE_FACE else [wording.reason_text(verdict, self._language)]
        if ratio is not None:
            known.append(wording.ratio_sentence(result.card, ratio, self._language))
        for text in known:
            if text not in sentence:
                layout.addWidget(label(text, "muted", wrap=True, selectable=True))
        own = self._button("conclude", self.tr("Your conclusion…"), self.tr("Write what you conclude yourself"))
        own.clicked.connect(self.conclusion_asked)
        report = self._button("report", self.tr("Report…"), self.tr("Write the report of this result as a PDF"))
        report.clicked.connect(self.report_asked)
        steps = QHBoxLayout()
        steps.setSpacing(8)
        steps.addWidget(own)
        steps.addWidget(report)
        steps.addStretch(1)
        layout.addLayout(steps)

    def _button(self, name: str, text: str, hint: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(hint)
        return button

    def _add_weighing(self, result: AnalysisResult) -> None:
        self.weighing = Weighing()
        self._column.addWidget(self.weighing)
        if self._weighed is not None and self._weighed.result is result:
            self.weighing.show_words(self._weighed, self._language)

    def show_weighed(self, weighed: Weighed) -> None:
        """Say what the finding weighs, as soon as that is known."""
        if weighed.result is self._result:
            self._weighed = weighed
            self.weighing.show_words(weighed, self._language)

    def _truth_words(self, check: DemoCheck, start_s: float, end_s: float) -> str:
        """How the scores of the demo clip stand against what is known of it, also where the detector failed."""
        place = (wording.number_text(second, 1, self._language) for second in (start_s, end_s))
        words = [self.tr("This demo clip is manipulated from {} s to {} s.").format(*place)]
        if check.inside is None or check.outside is None:
            words.append(self.tr("It could not be checked: no face was scored there or elsewhere."))
            return " ".join(words)
        means = (self._score(mean) for mean in (check.inside, check.outside))
        words.append(self.tr("The mean score is {} there and {} elsewhere.").format(*means))
        if check.found:
            words.append(self.tr("The model found the stretch."))
        else:
            words.append(self.tr("The model did NOT find the stretch, though it is there."))
        if check.false_stretches:
            text = self.tr("Genuine stretches that it reported as manipulated: {}.")
            words.append(text.format(wording.count_text(check.false_stretches, self._language)))
        return " ".join(words)

    def _add_limits(self, result: AnalysisResult) -> None:
        self._heading(self.tr("What this does not mean"))
        frame, layout = card()
        for sentence in wording.limit_sentences(result.verdict, result.provenance.aborted, self._language):
            layout.addWidget(label(f"•  {sentence}", "muted", wrap=True, selectable=True))
        self._column.addWidget(frame)

    def _time(self, time_s: float) -> str:
        text = timecode(time_s)
        return text.replace(".", ",") if self._language == "es" else text

    def _score(self, p_fake: float) -> str:
        return wording.score_text(p_fake, self._language)

    def _shape(self, name: str, color: str, side: int) -> QLabel:
        result = QLabel()
        result.setPixmap(theme.pixmap(name, color, side, self.devicePixelRatioF()))
        result.setFixedWidth(side)
        result.setAlignment(Qt.AlignmentFlag.AlignTop)
        return result

    def _note(self, text: str) -> None:
        frame = QFrame()
        frame.setProperty("role", "notice")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(label(text, wrap=True))
        self._column.addWidget(frame)

    def _add_tracks(self, result: AnalysisResult) -> None:
        if not result.tracks:
            return
        self._heading(self.tr("Persons"))
        for track in result.tracks:
            button = self._track_row(track, result.ratio_of(track.verdict))
            self.track_buttons[track.track_id] = button
            self._column.addWidget(button)

    def _track_row(self, track: FaceTrack, ratio: BandRatio | None) -> RowButton:
        name = self.tr("Person {}").format(track.track_id)
        words = wording.headline(track.verdict, self._language, ratio)
        p_fake = track.verdict.p_fake
        scored = self.tr("{} of {} frames scored").format(track.frames_scored, track.frames_seen)
        color = theme.track_color(self._tokens, track.track_id)
        button = self._row(
            ("track", track.track_id), (THUMB_PX, THUMB_PX),
            name if p_fake is None else f"{name}   {self._score(p_fake)}", words, scored,
            color.name(), theme.band_icon(track.verdict.band), theme.band_color(self._tokens, track.verdict.band),
        )  # fmt: skip
        button.setCheckable(True)
        button.setProperty("track_id", track.track_id)
        button.clicked.connect(self._on_track)
        button.setToolTip(self.tr("Bring this face's curve and boxes forward"))
        return button

    def _row(
        self, key: Thumb, size: tuple[int, int], first: str, second: str, third: str, rim: str, shape: str,
        shape_color: str,
    ) -> RowButton:  # fmt: skip
        button = RowButton()
        row = QHBoxLayout(button)
        row.setContentsMargins(8, 7, 10, 7)
        row.setSpacing(10)
        thumb = QLabel()
        thumb.setObjectName("thumb")
        thumb.setPixmap(theme.pixmap("face", rim, 26, self.devicePixelRatioF()))
        thumb.setAlignment(Qt.AlignmentFlag.AlignCenter)
        thumb.setFixedSize(QSize(*size))
        self._places[key] = (thumb, rim)
        self._show_picture(key)
        row.addWidget(thumb)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(label(first, "heading"))
        if second:
            texts.addWidget(label(second, wrap=True))
        if third:
            texts.addWidget(label(third, "muted", wrap=True))
        row.addLayout(texts, 1)
        if shape:
            row.addWidget(self._shape(shape, shape_color, 20))
        for child in button.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        button.setAccessibleName(", ".join(text for text in (first, second, third) if text))
        return button

    def _add_suspicious(self, result: AnalysisResult) -> None:
        judged = {track.track_id for track in result.tracks if track.verdict.outcome is Outcome.SCORED}
        chosen = suspicious(result.predictions, MAX_SUSPICIOUS, judged)
        decision = result.card.thresholds.decision
        above = [p for p in chosen if (p.p_fake or 0.0) > decision]
        self.suspicious_frames = tuple(above)
        if not chosen:
            return
        self._heading(self.tr("Frames to look at"))
        if not above:
            text = self.tr("No frame lies above the decision threshold of {}. The highest:").format(
                self._score(decision)
            )
            self._column.addWidget(label(text, "muted", wrap=True))
        for prediction in above or chosen[:1]:
            self._column.addWidget(self._frame_row(prediction, result))

    def _frame_row(self, prediction: FramePrediction, result: AnalysisResult) -> RowButton:
        face = self.tr("Person {}").format(prediction.track_id)
        band = result.card.thresholds.band(prediction.p_fake or 0.0)
        rim = theme.track_color(self._tokens, prediction.track_id).name()
        frame, score = prediction.frame_index, self._score(prediction.p_fake or 0.0)
        button = self._row(
            ("frame", frame), FRAME_PX, f"{self._time(prediction.time_s)}   {score}", "",
            self.tr("Frame {} · {}").format(frame, face), rim, theme.band_icon(band),
            theme.band_color(self._tokens, band),
        )  # fmt: skip
        button.setProperty("frame", frame)
        button.setProperty("track_id", prediction.track_id)
        button.clicked.connect(self._on_frame)
        button.setToolTip(self.tr("Go to this frame"))
        self.frame_buttons.append(button)
        return button

    def _add_notices(self, result: AnalysisResult) -> None:
        if not result.notices:
            return
        self._heading(self.tr("Skipped, estimated or noteworthy"))
        self._column.addWidget(NoticeCard(result.notices, self._language))

    def _on_track(self, checked: bool) -> None:
        track_id = self.sender().property("track_id")
        self.track_chosen.emit(track_id if checked else None)

    def _on_frame(self) -> None:
        sender = self.sender()
        self.frame_chosen.emit(sender.property("frame"), sender.property("track_id"))
