"""One sentence to quote, the error rates beside it, and the same words in window, report and command line."""

import re
from dataclasses import replace

import pytest

from desktop_app.cli.analyze import describe
from desktop_app.domain import Band, ErrorRates, Outcome, Verdict
from desktop_app.domain.dossier import Dossier
from desktop_app.reports import quotes, wording
from desktop_app.reports.arguments import contrary
from desktop_app.reports.standing import conditions, quoted_rates
from desktop_app.reports.texts import SENTENCES
from tests.factories import inconclusive_verdict, make_card, make_measured_card, make_result, without_faces

BASE = make_result(1, 60)
FAKE = Verdict(Outcome.SCORED, Band.MODERATE_FAKE, 0.8, (0.75, 0.85), "x")
GENUINE = Verdict(Outcome.SCORED, Band.STRONG_GENUINE, 0.05, (0.03, 0.07), "x")
PX = conditions(BASE).face_px
AROUND = f"face {int(PX) - 10}-{int(PX) + 10} px"
ALL = ErrorRates("a", "all", "image", True, 100, 100, fpr=0.1, fnr=0.2)


def row(name, fpr, fnr, n=100, condition=AROUND):
    return ErrorRates(name, condition, "image", True, n, n, fpr=fpr, fnr=fnr)


def result_of(verdict, *rows, card=make_card):
    return replace(BASE, verdict=verdict, card=card(error_rates=rows))


def test_the_more_cautious_of_the_matching_rows_is_quoted():
    rows = (ALL, row("b", 0.3, 0.01), row("c", 0.05, 0.4), row("few", 0.9, 0.9, 10), row("far", 0.8, 0.8, 100, "c40"))
    assert quoted_rates(result_of(FAKE, *rows)).row.dataset == "b"
    assert quoted_rates(result_of(GENUINE, *rows)).row.dataset == "c"
    assert quoted_rates(result_of(inconclusive_verdict(), *rows)).row.dataset == "c"
    assert quoted_rates(result_of(FAKE, *rows)).by == "face"


def test_without_a_matching_row_the_headline_is_quoted_and_said_to_be_one():
    found = quoted_rates(result_of(FAKE, ALL, row("few", 0.9, 0.9, 10)))
    assert (found.row, found.by) == (ALL, "none")
    assert "No test of enough items matches" in quotes.match_sentence(result_of(FAKE, ALL), "en")
    assert quoted_rates(result_of(FAKE)) is None
    assert quotes.match_sentence(result_of(FAKE), "en") == ""


def test_compression_counts_where_no_face_size_does():
    bits = conditions(BASE).bits
    own = ErrorRates("b", f"under {bits + 0.01:.2f} bit/px", "video", True, 50, 50, fpr=0.3, fnr=0.2)
    found = quoted_rates(result_of(FAKE, ALL, own))
    assert (found.row, found.by) == (own, "bits")
    assert f"{bits:.3f} bit per pixel" in quotes.match_sentence(result_of(FAKE, ALL, own), "en")


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("verdict", [FAKE, GENUINE, replace(FAKE, band=Band.STRONG_FAKE)])
@pytest.mark.parametrize("card", [make_card, make_measured_card])
def test_a_finding_is_one_sentence_with_its_standing(verdict, card, language):
    said = quotes.quote_sentence(result_of(verdict, ALL, row("b", 0.3, 0.4), card=card), language)
    assert len(re.findall(r"\.(?=\s|$)", said)) == 1
    assert {"en": "not proof", "es": "no una prueba"}[language] in said
    rate = 0.4 if verdict is GENUINE else 0.3
    assert wording.percent_text(rate, language) in said
    assert not re.search(r"probab|likel|\b(is|are) (fake|genuine|authentic|manipulated)\b", said)


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_what_finds_nothing_claims_nothing(language):
    said = quotes.quote_sentence(result_of(inconclusive_verdict(), ALL), language)
    assert not re.search(r"\d|\b(is|are) (fake|genuine|authentic|manipulated)\b", said.split(". ")[0])
    none = quotes.quote_sentence(without_faces(BASE), language)
    assert none == SENTENCES["verdict.no_usable_face"][language == "es"]
    assert quotes.match_sentence(without_faces(BASE), language) == ""


def test_a_stopped_analysis_says_so_first():
    stopped = replace(BASE, provenance=replace(BASE.provenance, aborted=True))
    assert quotes.quote_sentence(stopped, "en").startswith("The analysis was stopped before its end")


def test_rates_that_were_not_measured_are_not_made_up():
    said = quotes.quote_sentence(result_of(GENUINE, ErrorRates("a", "all", "image", True, 50, 0, fpr=0.1)), "en")
    assert "was not measured" in said
    assert "10.0%" not in said


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_the_same_figures_everywhere(language):
    result = result_of(FAKE, ALL, row("b", 0.3, 0.4))
    rate = wording.percent_text(0.3, language)
    shown = describe(result, language)
    assert quotes.quote_sentence(result, language) in shown
    assert quotes.match_sentence(result, language) in shown
    assert rate in wording.result_sentence(result, language)
    assert any(rate in sentence for sentence in contrary(result, Dossier(), language))
    assert wording.percent_text(0.1, language) not in shown


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Score 0.80 (95% interval 0.75 to 0.85)"),
        ("es", "Puntuación 0,80 (intervalo del 95\u00a0%: de 0,75 a 0,85)"),
    ],
)
def test_the_score_in_few_words(language, said):
    assert quotes.score_line(result_of(FAKE, ALL), language) == said
    assert quotes.score_line(without_faces(BASE), language) == ""
    alone = replace(FAKE, interval=(0.8, 0.8))
    assert "95" not in quotes.score_line(result_of(alone, ALL), language)
