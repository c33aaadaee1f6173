"""The facts of the open item: what it is, how it was encoded, and the hash that identifies it."""

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop_app.domain import MediaInfo, Notice
from desktop_app.reports import wording
from desktop_app.ui import theme
from desktop_app.ui.choices import shown_time
from desktop_app.ui.notice_card import NoticeCard
from desktop_app.ui.widgets import card, empty, label


class ItemPanel(QWidget):
    """A table of facts, the hash, and what was odd when the item was opened."""

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 12, 12, 8)
        self._column.setSpacing(8)

    def show_item(self, info: MediaInfo, notices: tuple[Notice, ...]) -> None:
        """Show an item's facts."""
        empty(self._column)
        self._column.addWidget(label(info.path.name, "verdict", wrap=True, selectable=True))
        self._column.addWidget(label(str(info.path.parent), "muted", wrap=True, selectable=True))
        self._add_facts(info)
        self._column.addWidget(label("SHA-256", "heading"))
        groups = [info.sha256[i : i + 8] for i in range(0, 64, 8)]
        digits = label("\n".join(" ".join(groups[i : i + 4]) for i in (0, 4)), selectable=True)
        digits.setFont(theme.mono_font(-1.0))
        digits.setAccessibleName("SHA-256")
        self._column.addWidget(digits)
        if notices:
            self._column.addWidget(label(self.tr("Noticed while opening"), "heading"))
            self._column.addWidget(NoticeCard(notices, self._language))

    def _add_facts(self, info: MediaInfo) -> None:
        frame, layout = card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(self._facts(info)):
            grid.addWidget(label(name, "muted"), row, 0)
            grid.addWidget(label(value, wrap=True, selectable=True), row, 1)
        layout.addLayout(grid)
        self._column.addWidget(frame)

    def _facts(self, info: MediaInfo) -> list[tuple[str, str]]:
        number, language = wording.number_text, self._language
        size = self.tr("{} bytes").format(wording.count_text(info.size_bytes, language))
        facts = [
            (self.tr("Size"), size),
            (self.tr("Picture"), f"{info.width_px} x {info.height_px}"),
            (self.tr("Codec"), f"{info.video_codec}, {info.pixel_format}, {info.bit_depth} bit"),
            (self.tr("Container"), info.container.split(",")[0]),
        ]
        if info.rate is not None:
            rate = self.tr("{} frames/s").format(number(float(info.rate), 3, language))
            facts.append((self.tr("Rate"), f"{rate}, {self.tr('variable') if info.is_vfr else self.tr('constant')}"))
            facts.append((self.tr("Length"), shown_time(info.duration_s)))
        facts.append((self.tr("Frames"), wording.count_text(info.frame_count, language)))
        if info.rotation_deg:
            facts.append((self.tr("Rotated"), f"{info.rotation_deg}°"))
        facts.append((self.tr("Sound"), info.audio_codec or self.tr("none")))
        facts.append((self.tr("Modified"), f"{info.modified_utc:%Y-%m-%d %H:%M:%S} UTC"))
        return facts
