"""The limits of shipped cards have Spanish words."""

import pytest

from desktop_app.detectors import find_card, list_cards
from desktop_app.reports.limit_texts import limit_texts


def shipped_limits() -> list[str]:
    return sorted({limit for card in list_cards() for limit in find_card(card.model_id)[0].limits})


@pytest.mark.parametrize("limit", shipped_limits())
def test_every_limit_of_a_shipped_model_is_said_in_spanish(limit: str) -> None:
    (spanish,) = limit_texts([limit], "es")
    assert spanish != limit
    assert limit_texts([limit], "en") == (limit,)


def test_figures_and_names_are_carried_over() -> None:
    limit = (
        "Its score is the mean of the logits of a-1 (mobilenet_v2, 224 px) and b-2 (mobilenet_v2, 160 px); heatmaps "
        "show where the first of them looked."
    )
    (spanish,) = limit_texts([limit], "es")
    assert "a-1 (mobilenet_v2, 224 px) y b-2 (mobilenet_v2, 160 px)" in spanish
    (spanish,) = limit_texts([limit.replace(" and b-2", ", c-3 (meso4, 128 px) and b-2")], "es")
    assert "a-1 (mobilenet_v2, 224 px), c-3 (meso4, 128 px) y b-2 (mobilenet_v2, 160 px)" in spanish
    limit = (
        "Of the genuine photographs of OpenForensics' test part 1.2 % stood in the strongest band, against at most "
        "0.5 % on validation: be careful with photographs from the web."
    )
    (spanish,) = limit_texts([limit], "es")
    assert "el 1,2 % quedó en la franja más fuerte, frente al 0,5 %" in spanish


def test_a_sentence_of_somebody_else_stays() -> None:
    assert limit_texts(["Only for cats."], "es") == ("Only for cats.",)


def test_decimals_have_a_comma() -> None:
    limit = "Its networks are shown squares of 0.86 to 1.15 times the longer side of a face's box."
    (spanish,) = limit_texts([limit], "es")
    assert spanish == "Sus redes ven cuadrados de 0,86 a 1,15 veces el lado mayor de la caja del rostro."
    (spanish,) = limit_texts(["On 400 crops its AUC is 0.92 against 0.923 of the original."], "es")
    assert spanish == "En 400 recortes su AUC es 0,92, frente a 0,923 del original."
