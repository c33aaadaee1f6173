import re
import string
from dataclasses import replace

import pytest

from desktop_app.domain import Band, ErrorRates, ExhibitKind, Notice, Outcome, Stage, Verdict
from desktop_app.reports import report_texts, report_texts_case, report_texts_weight, texts, wording
from tests.factories import inconclusive_verdict, make_card, make_result, no_face_verdict

TABLES = {
    "bands": texts.BANDS,
    "short": texts.BANDS_SHORT,
    "outcomes": texts.OUTCOMES,
    "gates": texts.GATES,
    "stages": texts.STAGES,
    "notices": texts.NOTICES,
    "sentences": texts.SENTENCES,
    "limits": texts.LIMITS,
    "report": report_texts.REPORT,
    "case": report_texts_case.CASE,
    "weight": report_texts_weight.WEIGHT,
}
PAIRS = [(f"{name}: {key}", pair) for name, table in TABLES.items() for key, pair in table.items()]
# the same word in both languages
SAME = {
    "report: item.audio",
    "report: item.bytes",
    "report: item.codec.value",
    "report: item.variable",
}


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(("key", "pair"), PAIRS, ids=[key for key, _ in PAIRS])
def test_both_languages_say_it_with_the_same_values(key, pair) -> None:
    english, spanish = pair
    assert english.strip()
    assert spanish.strip()
    assert fields(english) == fields(spanish)
    assert english != spanish or key in SAME


def test_every_value_of_the_records_has_its_words() -> None:
    assert set(texts.BANDS) == set(texts.BANDS_SHORT) == {band.value for band in Band} | {"none"}
    assert set(texts.OUTCOMES) == {outcome.value for outcome in Outcome}
    assert set(texts.STAGES) == {stage.value for stage in Stage}
    assert {f"verdict.{band.value}" for band in Band} <= set(texts.SENTENCES)
    assert set(texts.GATES) <= set(texts.NOTICES)
    assert len(ExhibitKind) == 3


def verdict(p_fake, interval=True):
    band = make_card().thresholds.band(p_fake)
    outcome = Outcome.INCONCLUSIVE if band is Band.INCONCLUSIVE else Outcome.SCORED
    return Verdict(outcome, band, p_fake, (max(0.0, p_fake - 0.05), min(1.0, p_fake + 0.05)) if interval else None, "x")


VERDICTS = [verdict(p) for p in (0.0, 0.02, 0.2, 0.5, 0.7, 0.95, 1.0)]


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("found", VERDICTS)
def test_a_scored_verdict_always_carries_scale_standing_and_error_rates(found, language) -> None:
    sentence = wording.verdict_sentence(found, make_card(), language)
    assert {"en": "not proof", "es": "no una prueba"}[language] in sentence
    assert {"en": "from 0 (genuine) to 1", "es": "de 0 (genuino) a 1"}[language] in sentence
    assert {"en": "12.0%", "es": "12,0\u00a0%"}[language] in sentence
    assert {"en": "19.0%", "es": "19,0\u00a0%"}[language] in sentence
    assert "dfdc test" in sentence
    # "the probability that the video is fake" is what no detector can know
    assert not re.search(r"probab|likel", sentence)
    assert "100" not in sentence.replace("100\u00a0", "")
    assert not re.search(r"\b(is|are) (fake|genuine|authentic|manipulated)\b", sentence)


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_no_face_and_inconclusive_claim_nothing(language) -> None:
    sentence = wording.verdict_sentence(no_face_verdict(), make_card(), language)
    assert not re.search(r"\d", sentence)
    assert {"en": "says nothing about", "es": "no dice nada sobre"}[language] in sentence
    doubt = wording.verdict_sentence(inconclusive_verdict(), make_card(), language)
    assert {"en": "inconclusive", "es": "no es concluyente"}[language] in doubt
    # an item can be inconclusive although its mean lies in another band
    torn = Verdict(Outcome.INCONCLUSIVE, Band.STRONG_GENUINE, 0.03, (0.01, 0.6), "x")
    for text in (wording.verdict_sentence(torn, make_card(), language), wording.headline(torn, language)):
        assert not re.search(r"strong|fuerte", text)


def test_a_strong_finding_tells_how_often_it_is_wrong() -> None:
    card = make_card(error_rates=(ErrorRates("a", "all", "image", True, 5, 5, fpr=0.25, fnr=0.5, fpr_strong=0.02),))
    strong = Verdict(Outcome.SCORED, Band.STRONG_FAKE, 0.97, (0.95, 0.98), "x")
    moderate = Verdict(Outcome.SCORED, Band.MODERATE_FAKE, 0.8, (0.75, 0.85), "x")
    assert "genuine faces 2.0% stood" in wording.verdict_sentence(strong, card, "en")
    assert "rostros genuinos el 2,0" in wording.verdict_sentence(strong, card, "es")
    assert "2.0%" not in wording.verdict_sentence(moderate, card, "en")


def test_what_was_not_measured_is_said() -> None:
    card = make_card(error_rates=())
    for language in wording.LANGUAGES:
        assert wording.rates_sentence(card, language) == texts.SENTENCES["rates.none"][language == "es"]
    only = make_card(error_rates=(ErrorRates("a", "all", "video", True, 5, 0, fpr=0.25),))
    assert "25.0%" in wording.rates_sentence(only, "en")
    assert "was not measured" in wording.rates_sentence(only, "en")
    other = make_card(error_rates=(ErrorRates("a", "all", "image", True, 0, 5, fnr=0.25),))
    assert "missed 25.0%" in wording.rates_sentence(other, "en")
    assert "no se ha medido" in wording.rates_sentence(other, "es")


def test_scores_never_round_to_certainty() -> None:
    assert wording.score_text(1.0, "en") == ">\u00a00.99"
    assert wording.score_text(0.0, "es") == "<\u00a00,01"
    assert wording.score_text(0.996, "en") == ">\u00a00.99"
    assert wording.score_text(0.994, "en") == ">\u00a00.99"
    assert wording.score_text(0.99, "en") == "0.99"


def test_an_aborted_result_says_so_first() -> None:
    result = make_result(1, 60, exhibits=False, aborted=True)
    assert wording.result_sentence(result, "en").startswith("The analysis was stopped")
    assert wording.limit_sentences(result.verdict, True, "es")[0] == texts.LIMITS["limit.aborted"][1]


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("found", [*VERDICTS, no_face_verdict(), inconclusive_verdict()])
def test_every_verdict_has_its_limits(found, language) -> None:
    limits = wording.limit_sentences(found, False, language)
    assert len(limits) == len(set(limits)) >= 2
    if found.p_fake is not None:
        assert texts.LIMITS["limit.not_probability"][language == "es"] in limits[:2]


def test_one_frame_has_no_interval() -> None:
    single = Verdict(Outcome.SCORED, Band.STRONG_FAKE, 0.95, (0.95, 0.95), "x")
    assert "interval" not in wording.score_sentence(single, "en")
    assert texts.LIMITS["limit.interval"][0] not in wording.limit_sentences(single, False, "en")


def test_notices_fall_back_to_their_message() -> None:
    known = Notice(Stage.QUALITY, "gate_too_small", "Person 3 was not scored in this frame: too small.")
    assert wording.notice_text(known, "es") == texts.NOTICES["too_small"][1]
    assert wording.notice_text(known, "en") == known.message
    assert wording.notice_text(replace(known, code="never heard of"), "es") == known.message
    assert wording.gate_text("never_heard_of", "es") == "never heard of"
    assert wording.gate_text(None, "en") == ""


def test_reasons_are_translated_as_far_as_they_are_known() -> None:
    reason = "Person 2 of 3 decides. Mean of 41 scored frames."
    found = replace(VERDICTS[0], reason=reason)
    assert wording.reason_text(found, "es") == "Decide la persona 2 de 3. Media de 41 fotogramas puntuados."
    assert wording.reason_text(found, "en") == reason
    odd = replace(found, reason="Person 2 of 3 decides. {braces} of its own.")
    assert wording.reason_text(odd, "es") == "Decide la persona 2 de 3. {braces} of its own."


def test_the_reasons_that_the_analysis_gives_are_known_in_spanish() -> None:
    from desktop_app.analysis import aggregate

    result, card = make_result(2, 120, exhibits=False), make_card()
    found = [aggregate.judge_item(result.tracks), aggregate.judge_item(())]
    found += [
        aggregate.sum_up_track(card, t.track_id, result.predictions_of(t.track_id), False).verdict
        for t in result.tracks
    ]
    found.append(aggregate.sum_up_track(card, 1, result.predictions_of(1)[:3], False).verdict)
    for one in found:
        if "Mean over the scored frames" not in one.reason:
            assert wording.reason_text(one, "es") != one.reason, one.reason


def test_the_glossary_and_a_wrong_language() -> None:
    english, spanish = wording.glossary("en"), wording.glossary("es")
    assert len(english) == len(spanish) > 8
    with pytest.raises(ValueError, match="language"):
        wording.band_text(Band.STRONG_FAKE, "fr")


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_stretches_are_measured_against_the_inconclusive_band_and_not_the_threshold(language) -> None:
    """As `find_segments` does: a curve above the threshold alone makes no stretch."""
    band = {"en": "inconclusive band", "es": "franja no concluyente"}[language]
    assert band in wording.pick(report_texts.REPORT, "segments.title", language)
    bar = {"en": "Bar on top", "es": "Barra superior"}[language]
    legend = wording.pick(report_texts.REPORT, "legend", language).partition(bar)[2]
    assert {"en": "that band", "es": "esa franja"}[language] in legend
    assert {"en": "threshold", "es": "umbral"}[language] not in legend
