"""A finding in one sentence that may be quoted, and which error rates stand beside it: for window, report and CLI."""

from desktop_app.domain import AnalysisResult, Band, BandRatio, Outcome
from desktop_app.reports.standing import conditions, leaning, quoted_rates
from desktop_app.reports.texts import SENTENCES, Pair
from desktop_app.reports.wording import (
    condition_text,
    count_text,
    has_interval,
    level_text,
    number_text,
    percent_text,
    pick,
    reason_text,
    score_text,
    support_text,
)

TEXTS: dict[str, Pair] = {
    "fake": (
        "An automatic examination of the faces in this item gives {support} support to their being manipulated",
        "Un examen automático de los rostros de este material da un apoyo {support} a que estén manipulados",
    ),
    "genuine": (
        "An automatic examination of the faces in this item gives {support} support to their being genuine",
        "Un examen automático de los rostros de este material da un apoyo {support} a que sean genuinos",
    ),
    "fake.plain": (
        "An automatic examination of the faces in this item finds {support} evidence of manipulation",
        "Un examen automático de los rostros de este material halla indicios {support} de manipulación",
    ),
    "genuine.plain": (
        "An automatic examination of the faces in this item finds {support} evidence against the kinds of manipulation "
        "that the model knows",
        "Un examen automático de los rostros de este material halla indicios {support} en contra de los tipos de "
        "manipulación que el modelo conoce",
    ),
    "strong": ("strong", "fuertes"),
    "moderate": ("moderate", "moderados"),
    "standing.fake": (
        "; it is an indication, not proof: in its test the same model wrongly flagged {rate} of genuine {level}.",
        "; es un indicio, no una prueba: en su ensayo, el mismo modelo señaló por error el {rate} de {level} genuinos.",
    ),
    "standing.genuine": (
        "; it is an indication, not proof: in its test the same model missed {rate} of manipulated {level}.",
        "; es un indicio, no una prueba: en su ensayo, el mismo modelo pasó por alto el {rate} de {level} manipulados.",
    ),
    "standing.unknown": (
        "; it is an indication, not proof, and how often the model errs in this way was not measured.",
        "; es un indicio, no una prueba, y no se ha medido con qué frecuencia yerra así el modelo.",
    ),
    "neither": (
        "An automatic examination of the faces in this item is inconclusive: it supports neither manipulation "
        "nor its absence.",
        "Un examen automático de los rostros de este material no es concluyente: no apoya ni que estén manipulados ni "
        "que sean genuinos.",
    ),
    "score": ("Score {p}", "Puntuación {p}"),
    "score.interval": (
        "Score {p} (95% interval {low} to {high})",
        "Puntuación {p} (intervalo del 95\u00a0%: de {low} a {high})",
    ),
    "match.face": (
        "These figures are quoted because the face that decides measures about {px} px here, and the test “{dataset}, "
        "{condition}” was made with such faces.",
        "Se citan estas cifras porque aquí el rostro que decide mide unos {px} px, y la prueba «{dataset}, "
        "{condition}» se hizo con rostros así.",
    ),
    "match.bits": (
        "These figures are quoted because the file spends {bits} bit per pixel and frame, and the test “{dataset}, "
        "{condition}” was made with such files.",
        "Se citan estas cifras porque el archivo gasta {bits} bits por píxel y fotograma, y la prueba «{dataset}, "
        "{condition}» se hizo con archivos así.",
    ),
    "match.none": (
        "No test of enough items matches the face size or compression here: the figures are those of the test "
        "“{dataset}, {condition}”.",
        "Ninguna prueba con materiales suficientes corresponde al tamaño de rostro o la compresión de aquí: las cifras "
        "son las de la prueba «{dataset}, {condition}».",
    ),
}


def quote_sentence(result: AnalysisResult, language: str) -> str:
    """What may be quoted: the finding, what it is, and how often it is wrong where the item lies.

    Before it, where the analysis was stopped, that it speaks of a part; after an inconclusive one the stretch to see.

    Args:
        result: What was found.
        language: ``"en"`` or ``"es"``.
    """
    side = leaning(result.verdict)
    if side == "nothing":
        said = [pick(SENTENCES, "verdict.no_usable_face", language)]
    elif side == "neither":
        said = [pick(TEXTS, "neither", language)]
        if any(track.segments for track in result.tracks):
            said.append(reason_text(result.verdict, language))
    else:
        said = [_finding(result, side, language) + _standing(result, side, language)]
    aborted = [pick(SENTENCES, "aborted", language)] if result.provenance.aborted else []
    return " ".join([*aborted, *said])


def _finding(result: AnalysisResult, side: str, language: str) -> str:
    ratio: BandRatio | None = result.ratio_of(result.verdict)
    if ratio is not None:
        return pick(TEXTS, side, language, support=support_text(ratio, language))
    strength = "strong" if result.verdict.band in (Band.STRONG_FAKE, Band.STRONG_GENUINE) else "moderate"
    return pick(TEXTS, f"{side}.plain", language, support=pick(TEXTS, strength, language))


def _standing(result: AnalysisResult, side: str, language: str) -> str:
    quoted = quoted_rates(result)
    rate = None if quoted is None else quoted.row.fpr if side == "fake" else quoted.row.fnr
    if quoted is None or rate is None:
        return pick(TEXTS, "standing.unknown", language)
    level = level_text(quoted.row.level, language)
    return pick(TEXTS, f"standing.{side}", language, rate=percent_text(rate, language), level=level)


def score_line(result: AnalysisResult, language: str) -> str:
    """The score and its interval in few words; empty without a score."""
    verdict = result.verdict
    if verdict.p_fake is None:
        return ""
    p = score_text(verdict.p_fake, language)
    if verdict.interval is None or not has_interval(verdict):
        return pick(TEXTS, "score", language, p=p)
    low, high = (score_text(value, language) for value in verdict.interval)
    return pick(TEXTS, "score.interval", language, p=p, low=low, high=high)


def match_sentence(result: AnalysisResult, language: str) -> str:
    """Why the error rates beside a finding are those of one row of the card; empty where there are none."""
    quoted = quoted_rates(result)
    if quoted is None or result.verdict.outcome is Outcome.NO_USABLE_FACE:
        return ""
    at = conditions(result)
    values = {"dataset": quoted.row.dataset, "condition": condition_text(quoted.row.condition, language)}
    if quoted.by == "face" and at.face_px is not None:
        values["px"] = count_text(round(at.face_px), language)
    if quoted.by == "bits" and at.bits is not None:
        values["bits"] = number_text(at.bits, 3, language)
    return pick(TEXTS, f"match.{quoted.by}", language, **values)
