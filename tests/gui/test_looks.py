"""What holds for the whole window: names, focus, contrast, sharpness, both languages and both reading directions."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QPushButton

from desktop_app.domain import Thresholds
from desktop_app.paths import resources_dir
from desktop_app.ui import theme
from desktop_app.ui.about_dialog import LIBRARIES, library
from desktop_app.ui.app import parse
from desktop_app.ui.settings_dialog import SettingsDialog
from desktop_app.ui.transport import Transport
from desktop_app.ui.widgets import ProbabilityBar
from tests.factories import make_result
from tests.gui.conftest import pixels, wait_shown
from tests.gui.texts_of import parts_of, stops_of, texts_of

# equal in both languages: names, units, figures, and words that are the same
EQUAL = {
    "Cotejo", "English", "Español", "CPU", "CUDA", "MPS", "JSON", "PDF", "CSV", "SHA-256", "Inspector", "No", "Final",
    "Panel: inspector", "Grad-CAM", "Grad-CAM++", "HiResCAM", "Inferno", "Viridis", "Cotejo MobileNetV2",
}  # fmt: skip


@pytest.fixture
def shown(opened, qtbot):
    """An item with a stored result."""
    opened.desk.show_result(make_result(frames=36))
    wait_shown(qtbot, opened, 0)
    qtbot.waitUntil(lambda: not opened.desk.worker.wanted and not opened.desk.worker.current, timeout=60_000)
    return opened


def test_what_can_have_the_focus_has_a_name(shown, qtbot):
    nameless = []
    for part in parts_of(shown, qtbot):
        for widget in stops_of(part):
            says = "" if isinstance(widget, QLineEdit) or not hasattr(widget, "text") else widget.text()
            if not (widget.accessibleName() or says):
                nameless.append((part.windowTitle(), type(widget).__name__, widget.objectName()))
    assert nameless == []


def test_the_focus_is_seen_on_everything_that_can_have_it(shown, qtbot):
    unseen, looked_at = [], set()
    for part in parts_of(shown, qtbot):
        part.window().activateWindow()
        for widget in stops_of(part):
            if widget in looked_at:
                continue
            looked_at.add(widget)
            if (before := part.window().focusWidget()) is not None:
                before.clearFocus()
            without = pixels(widget.grab().toImage())
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            QApplication.processEvents()
            having = pixels(widget.grab().toImage())
            if without.shape == having.shape and np.count_nonzero((without != having).any(axis=2)) < 20:
                unseen.append((part.windowTitle(), type(widget).__name__, widget.accessibleName()))
    assert unseen == []
    assert len(looked_at) > 50


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=lambda t: t.name)
def test_every_pair_of_the_style_sheet_can_be_read(tokens):
    sheet = (resources_dir() / "theme.qss").read_text(encoding="utf-8")
    grounds, pairs = ("window", "surface", "raised"), 0
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        ink = re.search(r"(?:^|[;\s])color:\s*@(\w+)", body)
        if ink is None or ":disabled" in selector:
            continue
        ground = re.search(r"background:\s*@(\w+)", body)
        for below in (ground.group(1),) if ground else grounds:
            pairs += 1
            ratio = theme.contrast(getattr(tokens, ink.group(1)), getattr(tokens, below))
            assert ratio >= 4.5, (selector.strip(), ink.group(1), below, round(ratio, 2))
    assert pairs > 40


def test_icons_are_drawn_for_every_scale():
    for side, ratio in ((16, 1.0), (24, 1.5), (24, 2.0), (24, 3.0)):
        drawn = theme.icon("report", "#ffffff").pixmap(QSize(side, side), ratio)
        assert drawn.width() == round(side * ratio)
        sharp = theme.pixmap("report", "#ffffff", side, ratio)
        assert drawn.toImage().convertToFormat(sharp.toImage().format()) == sharp.toImage() or ratio == 1.5


def test_digits_keep_off_the_rim(shown):
    shown.table["settings"].trigger()
    dialog = next(d for d in shown.findChildren(SettingsDialog) if d.isVisible())
    for number in dialog.findChildren(QAbstractSpinBox):
        assert number.lineEdit().textMargins().left() >= 6
    dialog.close()


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_button_is_cut_off_on_a_small_screen(shown, qtbot, language):
    shown.settings.set("language", language)
    shown.setup.set_language()
    qtbot.waitUntil(lambda: ("Archivo" in shown.menuBar().actions()[0].text()) == (language == "es"), timeout=20_000)
    wait_shown(qtbot, shown, 0)
    shown.resize(1280, 720)
    cut = []
    for part in parts_of(shown, qtbot):
        assert part.width() <= 1280
        assert part.height() <= 720
        for button in part.findChildren(QAbstractButton):
            is_row = button.layout() is not None or not button.text()
            if button.isVisible() and not is_row and button.width() < button.minimumSizeHint().width():
                cut.append((part.windowTitle(), button.text(), button.width(), button.minimumSizeHint().width()))
    assert cut == []
    assert shown.width() == 1280


def test_nothing_stays_english_in_spanish(shown, qtbot):
    english = {text for part in parts_of(shown, qtbot) for text in texts_of(part)}
    shown.settings.set("language", "es")
    shown.setup.set_language()
    qtbot.waitUntil(lambda: shown.menuBar().actions()[0].text() == "&Archivo", timeout=20_000)
    wait_shown(qtbot, shown, 0)
    licences = [text for name in LIBRARIES for text in (name, *(library(name) or ()))]
    spanish = {text for part in parts_of(shown, qtbot) for text in texts_of(part)}
    same = {text for text in english & spanish if re.search(r"[^\W\d_]{2,}", text) and not is_name(text)}
    # what the file says of itself, words that only this test has, and the names of libraries and licences
    made_up = [shown.desk.result.verdict.reason, *(f"•  {limit}" for limit in shown.desk.card.limits)]
    same -= {*texts_of(shown.history), *texts_of(shown.item), *made_up, *licences}
    assert same == set(), sorted(same)
    # decimal commas, as the language has them
    own = spanish - {*texts_of(shown.history)}
    assert not [text for text in own if re.fullmatch(r"(.* )?0\.\d+( .*)?", text) and not is_name(text)]


def is_name(text):
    """Whether a text is no word of a language: a name, a path, a hash, a key, a format."""
    bare = text.replace("&", "").strip(" …:")
    is_file = bool(re.search(r"[\\/]|\.(mp4|cotejo|pdf)\b|^[0-9a-f]{16,}", bare))
    keys = r"((Ctrl|Alt|F\d+|Esc|PgUp)\+?)+.?( o .*)?"
    is_stamp = bool(re.fullmatch(r"[\d: -]+ UTC|[0-9a-f\s]{32,}", bare))
    is_version = bool(re.match(r"[\w .()+-]*\d+\.\d+", bare)) and not bare[0].isdigit()
    return bare in EQUAL or is_file or bool(re.fullmatch(keys, bare)) or is_version or is_stamp


@pytest.fixture
def from_the_right(qapp):
    """The application as languages that are written from the right have it."""
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_time_runs_to_the_right_in_every_language(open_window, qtbot, plain_clip, from_the_right):
    assert parse(["--right-to-left"]).right_to_left
    window = open_window("--right-to-left", plain_clip)
    wait_shown(qtbot, window, 0)
    assert window.layoutDirection() is Qt.LayoutDirection.RightToLeft
    where = [window.transport.findChild(object, f"tool_{key}").mapTo(window, QPoint(0, 0)).x()
             for key in ("first", "step_back", "play", "step_forward", "last")]  # fmt: skip
    assert where == sorted(where)
    assert window.timeline.layoutDirection() is Qt.LayoutDirection.LeftToRight
    axis = window.timeline.plot.getPlotItem().getAxis("left")
    assert axis.sceneBoundingRect().left() < window.timeline.plot.view.sceneBoundingRect().left()
    # what is read is mirrored
    tools = [window.bar.findChild(object, f"tool_{key}").x() for key in ("open", "analyse", "export_pdf")]
    assert tools == sorted(tools, reverse=True)


def test_a_scale_has_its_words_at_its_ends(qapp, qtbot, from_the_right):
    pictures = []
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        qapp.setLayoutDirection(direction)
        bar = ProbabilityBar()
        qtbot.addWidget(bar)
        bar.resize(300, 44)
        bar.set_value(0.9, (0.8, 0.95), Thresholds(0.1, 0.3, 0.5, 0.7, 0.9))
        pictures.append(pixels(bar.grab().toImage()))
    assert np.array_equal(*pictures)


def test_what_is_off_looks_off(shown, qtbot):
    for part in (QPushButton("Off"), QLineEdit("Off"), QPlainTextEdit("Off")):
        part.setProperty("role", "link")
        qtbot.addWidget(part)
        part.setFixedSize(120, 40)
        on = pixels(part.grab().toImage())
        part.setEnabled(False)
        assert not np.array_equal(pixels(part.grab().toImage()), on), type(part).__name__


def test_times_are_written_as_the_language_has_them(shown, qtbot):
    assert shown.transport.time.text().startswith("0:00.000 / ")
    shown.settings.set("language", "es")
    shown.setup.set_language()
    qtbot.waitUntil(lambda: shown.menuBar().actions()[0].text() == "&Archivo", timeout=20_000)
    wait_shown(qtbot, shown, 0)
    assert shown.transport.time.text().startswith("0:00,000 / ")
    # what there is no room for is left out, not cut off
    shown.transport.setFixedWidth(400)
    qtbot.waitUntil(lambda: shown.transport.time.text() == "0:00,000")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_transport_shows_its_texts_whole_at_any_width(shown, qtbot, language):
    shown.settings.set("language", language)
    shown.setup.set_language()
    qtbot.waitUntil(lambda: shown.menuBar().actions()[0].text() == ("&File" if language == "en" else "&Archivo"))
    transport = Transport(shown.table)
    qtbot.addWidget(transport)
    transport.set_sound(True, True)
    transport.set_position(123_456, 270_000, 4_938.24, 10_800.0, 63_209_472)
    transport.set_speed(-0.25)
    transport.show()
    seen = set()
    for width in range(430, 1500, 14):
        transport.resize(width, 48)
        transport.layout().activate()
        for field in (transport.time, transport.frame, transport.stamp, transport.speed):
            if field.isVisible():
                needed = field.fontMetrics().horizontalAdvance(field.text())
                assert field.width() >= needed, (width, field.text())
        seen.add((transport.frame.isVisible(), " / " in transport.time.text(), transport.stamp.isVisible()))
    # little where it is narrow, all where it is wide
    assert (False, False, False) in seen
    assert (True, True, True) in seen
