import re
import string
from dataclasses import replace

import pytest

from desktop_app.cli.models import show_model
from desktop_app.detectors import registry
from desktop_app.domain import Band, Outcome, Support
from desktop_app.reports import ratio_texts, wording
from desktop_app.reports.document import result_from_json, result_to_json
from desktop_app.reports.ratios import calibration_text, ratio_tables, validated_text
from tests.factories import inconclusive_verdict, make_card, make_measured_card, make_result

CARD = make_measured_card()
STRONG = CARD.ratio_of(Band.STRONG_FAKE, "image")
SAME = {"trial.platt", "none"}


def measured(**changes):
    return replace(make_result(exhibits=False, frames=60, **changes), card=CARD)


@pytest.mark.parametrize("table", ["SUPPORT", "SUPPORT_SHORT", "RATIOS"])
def test_both_languages_say_it_with_the_same_values(table):
    for key, (english, spanish) in getattr(ratio_texts, table).items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, spanish)]
        assert fields[0] == fields[1], key
        assert english != spanish or key in SAME


def test_every_degree_of_support_has_its_words():
    assert set(ratio_texts.SUPPORT) == set(ratio_texts.SUPPORT_SHORT) == {support.value for support in Support}


def test_a_verdict_says_how_much_more_probable_its_score_is_with_bounds_and_words():
    result = measured()
    verdict = replace(result.verdict, outcome=Outcome.SCORED, band=Band.STRONG_FAKE, p_fake=0.95, interval=(0.93, 0.97))
    said = wording.verdict_sentence(verdict, CARD, "en", STRONG)
    assert "moderate support to the proposition that they are manipulated" in said
    assert "66 times more probable if the face is manipulated than if it is genuine (95%: 46 to 98;" in said
    assert "3,070 genuine and 3,982 manipulated" in said
    assert "mean of many faces, for which this ratio was not measured" in said
    assert "strong evidence" not in said
    assert wording.headline(verdict, "en", STRONG) == "Moderate support for manipulation"
    assert wording.headline(verdict, "es", STRONG) == "Apoyo moderado a la manipulación"
    spanish = wording.verdict_sentence(verdict, CARD, "es", STRONG)
    assert "66 veces más probable" in spanish
    assert "de 46 a 98" in spanish


def test_the_other_proposition_gets_the_ratio_turned_round():
    ratio = CARD.ratio_of(Band.STRONG_GENUINE, "video")
    said = wording.ratio_sentence(CARD, ratio, "en")
    # 1 / 0.0049, 1 / 0.0091, 1 / 0.0028
    assert "204 times more probable if the face is genuine" in said
    assert "(95%: 110 to 357;" in said
    assert wording.band_short_text(Band.STRONG_GENUINE, "en", ratio) == "moderately strong: genuine"


def test_an_inconclusive_verdict_has_no_ratio_to_quote():
    result = measured()
    assert result.ratio_of(inconclusive_verdict()) is None
    assert "times more probable" not in wording.verdict_sentence(inconclusive_verdict(), CARD, "en", STRONG)


def test_cards_without_a_table_say_what_they_said_before():
    result = make_result(exhibits=False, frames=60)
    assert ratio_tables(result.card, "en") == ()
    assert result.ratio_of(result.verdict) is None
    assert "times more probable" not in wording.result_sentence(result, "en")
    assert calibration_text(result.card, "en") == "temperature 1.400, bias -0.100"
    assert validated_text(result.card, "es") == "sin medir"


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_the_table_has_a_row_per_band_and_level(language):
    (table,) = ratio_tables(CARD, language)
    assert len(table.rows) == 5
    assert all(len(cells) == len(table.columns) for cells in table.rows)
    assert table.rows[4][1:3] == ("30", {"en": "2,600", "es": "2\u00a0600"}[language])
    assert table.rows[4][3] == "66 (46–98)"  # noqa: RUF001
    both = replace(CARD, bands=(*CARD.bands, *(replace(row, level="video") for row in CARD.bands)))
    assert len(ratio_tables(both, language)) == 2


@pytest.mark.parametrize(
    ("value", "text"), [(0.00004, "0.000040"), (0.049, "0.049"), (0.83, "0.83"), (9.96, "10.0"), (12345.6, "12,346")]
)
def test_ratios_are_never_rounded_to_nothing(value, text):
    assert wording.ratio_text(value, "en") == text


def test_calibration_and_quality_are_told():
    text = calibration_text(replace(CARD, knots=((0.0, 0.0), (1.0, 2.0))), "en")
    assert text.startswith("isotonic, a line through 2 points; chosen by log loss on groups left out")
    assert "none 0.412 (0.093)" in text
    assert validated_text(CARD, "en") == "sharpness 9 to 760; turn in degrees up to 39"


def test_a_stored_result_keeps_the_table_and_older_ones_load():
    plain = result_to_json(measured())
    assert result_from_json(plain).card == CARD
    for key in ("bands", "knots", "calibrations", "validated"):
        del plain["card"][key]
    assert result_from_json(plain).card == make_card()


def test_the_command_line_prints_the_same_table(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(registry, "find_card", lambda _: (CARD, tmp_path))
    show_model("x", as_json=False)
    out = capsys.readouterr().out
    for row in ratio_tables(CARD, "en")[0].rows:
        assert re.search(r"\s+│\s+".join(map(re.escape, row)), out), row
    assert "ENFSI" in out
    show_model("x", as_json=True)
    assert '"verbal": "moderate"' in capsys.readouterr().out
