"""What stands beside a finding: words to quote, what speaks against it, and error rates under its conditions."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desktop_app.analysis.agreement import compare
from desktop_app.analysis.opinions import Opinion
from desktop_app.domain import ErrorRates
from desktop_app.domain.dossier import Dossier
from desktop_app.reports import quotes, wording
from desktop_app.reports.arguments import alternatives, contrary
from desktop_app.ui.case_services import CaseFile
from desktop_app.ui.detector_panel import DetectorPanel
from desktop_app.ui.detector_services import Opinions
from desktop_app.ui.findings_panel import FindingsPanel
from desktop_app.ui.jobs import Job
from desktop_app.ui.side_by_side import said as told
from desktop_app.ui.weighing import weigh
from tests.factories import make_card, make_measured_card, make_result, without_faces

ROW = ErrorRates("bench", "face under 4000 px", "video", True, 40, 50, auc=0.9, eer=0.1, fpr=0.05, fnr=0.3)


def said(panel):
    return "\n".join(found.text() for found in panel.findChildren(QLabel))


def words_of(result, language="en"):
    return weigh(Job("weigh", lambda job: None), CaseFile(), 0, result, language)


def result_with(*rows):
    return replace(make_result(frames=36), card=replace(make_measured_card(), error_rates=rows))


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_word_names_a_section_of_a_report(language):
    result = make_result(frames=36)
    found = contrary(result, Dossier(), language)
    assert found
    assert not any("section" in text or "sección" in text for text in found)
    numbered = contrary(result, Dossier(), language, {"people": 3, "file": 4, "validation": 5})
    assert len(numbered) == len(found)


def test_rates_of_the_matching_condition_come_first():
    other = replace(ROW, condition="all", fpr=0.2)
    weighed = words_of(result_with(other, ROW))
    assert weighed.is_matching
    assert weighed.rates == (ROW,)
    weighed = words_of(result_with(other))
    assert not weighed.is_matching
    assert weighed.rates == (other,)


def test_the_panel_shows_the_words_of_its_result_only(qtbot):
    panel, result = FindingsPanel(), result_with(ROW)
    qtbot.addWidget(panel)
    panel.show_result(result)
    panel.show_weighed(words_of(make_result(frames=30)))
    assert alternatives(result, "en")[0] not in said(panel)
    panel.show_weighed(words_of(result))
    for sentence in (*contrary(result, Dossier(), "en"), *alternatives(result, "en")):
        assert sentence in said(panel)
    assert "genuine called fake 5" in said(panel)
    assert "40 genuine, 50 fake" in said(panel)


def test_the_sentence_can_be_quoted(qtbot):
    panel, result = FindingsPanel(), make_result(frames=36)
    qtbot.addWidget(panel)
    panel.show_result(result)
    with qtbot.waitSignal(panel.said) as told:
        qtbot.mouseClick(panel.findChild(QPushButton, "quote"), Qt.MouseButton.LeftButton)
    assert told.args == ["The sentence is on the clipboard."]
    assert QApplication.clipboard().text() == quotes.quote_sentence(result, "en")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_card_says_what_the_report_says(qtbot, language):
    panel, result = FindingsPanel(), result_with(ROW)
    qtbot.addWidget(panel)
    panel.set_language(language)
    panel.show_result(result)
    panel.show_weighed(words_of(result, language))
    ratio = result.ratio_of(result.verdict)
    for words in (
        wording.headline(result.verdict, language, ratio),
        quotes.score_line(result, language),
        quotes.quote_sentence(result, language),
        wording.reason_text(result.verdict, language),
        quotes.match_sentence(result, language),
    ):
        assert words in said(panel), words


@pytest.mark.parametrize("language", ["en", "es"])
def test_detectors_beside_each_other_are_named_as_in_the_finding(qtbot, language):
    result = result_with(ROW)
    number, ratio = 1, result.ratio_of(result.verdict)
    comparison = compare((number, result), (2, replace(result, card=make_card())))
    opinion = Opinion(number, result.card, datetime.now(UTC), result.verdict, ratio, is_whole=True, is_result=True)
    panel = DetectorPanel(language)
    qtbot.addWidget(panel)
    panel.show_opinions(Opinions(1, (opinion,), ()))
    assert wording.headline(result.verdict, language, ratio) in said(panel)
    assert wording.headline(result.verdict, language) not in said(panel)
    measured, plain = (told(reading, language) for reading in comparison.readings)
    assert measured.endswith(wording.short_headline(result.verdict, language, ratio))
    assert plain.endswith(wording.short_headline(result.verdict, language))
    assert measured.split(": ", 1)[1] != plain.split(": ", 1)[1]


def test_without_a_score_there_are_no_error_rates(qtbot):
    panel, result = FindingsPanel(), without_faces(result_with(ROW))
    qtbot.addWidget(panel)
    panel.show_result(result)
    panel.show_weighed(words_of(result))
    assert "genuine called fake" not in said(panel)
    assert "•  \n" not in said(panel) + "\n"


def test_a_part_of_an_analysis_is_quoted_as_a_part(qtbot):
    panel, result = FindingsPanel(), make_result(frames=36)
    qtbot.addWidget(panel)
    panel.show_result(replace(result, provenance=replace(result.provenance, aborted=True)))
    qtbot.mouseClick(panel.findChild(QPushButton, "quote"), Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text().startswith("The analysis was stopped before its end")


def test_one_click_asks_for_the_report(qtbot):
    panel = FindingsPanel()
    qtbot.addWidget(panel)
    panel.show_result(make_result(frames=36))
    with qtbot.waitSignal(panel.report_asked, timeout=1000):
        qtbot.mouseClick(panel.findChild(QPushButton, "report"), Qt.MouseButton.LeftButton)


def test_the_window_weighs_a_result(opened, qtbot):
    result = result_with(ROW)
    with qtbot.waitSignal(opened.desk.weighed, timeout=20_000):
        opened.desk.show_result(result)
    assert alternatives(result, "en")[0] in said(opened.findings)


def test_one_click_leads_to_the_own_conclusion(opened, qtbot):
    opened.desk.show_result(make_result(frames=36))
    qtbot.waitUntil(lambda: opened.findings.findChild(QPushButton, "conclude") is not None, timeout=20_000)
    opened.findings.findChild(QPushButton, "conclude").click()
    assert opened.side.currentWidget() is opened.notes
    qtbot.waitUntil(opened.notes.conclusion.hasFocus, timeout=20_000)
