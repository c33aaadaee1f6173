"""What results are called, in English and Spanish, for reports, interface and command line.

The sentences can be quoted: they say how strong the evidence is and how often the model errs, and never give a bare
probability that an item is manipulated, which no detector can know (European Network of Forensic Science Institutes,
"Guideline for evaluative reporting in forensic science", 2015).
"""

import re
from collections.abc import Mapping

from desktop_app.domain import AnalysisResult, Band, ErrorRates, ModelCard, Notice, Outcome, Stage, Verdict
from desktop_app.reports.texts import (
    BANDS,
    BANDS_SHORT,
    GATES,
    GLOSSARY,
    LIMITS,
    NOTICES,
    OUTCOMES,
    REASONS,
    SENTENCES,
    STAGES,
    Pair,
)

LANGUAGES = ("en", "es")


def pick(table: Mapping[str, Pair], key: str, language: str, **values: object) -> str:
    """An entry of a table of texts in a language, with its `{names}` filled in.

    Raises:
        ValueError: The language is neither ``"en"`` nor ``"es"``.
        KeyError: The table has no such entry.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language: expected one of {LANGUAGES}, got {language!r}")
    sentence = table[key][LANGUAGES.index(language)]
    return sentence.format(**values) if values else sentence


def number_text(value: float, decimals: int, language: str) -> str:
    """A number with the decimal sign of the language.

    >>> number_text(0.256, 2, "es")
    '0,26'
    """
    digits = f"{value:.{decimals}f}"
    return digits.replace(".", ",") if language == "es" else digits


def count_text(value: int, language: str) -> str:
    """A count with thousands separated.

    >>> count_text(15000, "en")
    '15,000'
    """
    # no-break spaces: points and commas would be taken for decimal signs
    return f"{value:,}" if language == "en" else f"{value:,}".replace(",", "\u00a0")


def percent_text(share: float, language: str, decimals: int = 1) -> str:
    """A share as a percentage.

    >>> percent_text(0.08, "en")
    '8.0%'
    """
    return number_text(share * 100, decimals, language) + ("%" if language == "en" else "\u00a0%")


def score_text(p_fake: float, language: str) -> str:
    r"""A calibrated score with two decimals that never rounds to certainty.

    >>> score_text(0.5, "en"), score_text(0.9999, "en").replace("\u00a0", " ")
    ('0.50', '> 0.99')
    """
    if p_fake > 0.99:
        return ">\u00a0" + number_text(0.99, 2, language)
    if p_fake < 0.01:
        return "<\u00a0" + number_text(0.01, 2, language)
    return number_text(p_fake, 2, language)


def band_text(band: Band | None, language: str) -> str:
    """Name of a band; None is that there is no usable face."""
    return pick(BANDS, band.value if band else "none", language)


def band_short_text(band: Band | None, language: str) -> str:
    """Name of a band in two words, for tables and labels."""
    return pick(BANDS_SHORT, band.value if band else "none", language)


def outcome_text(outcome: Outcome, language: str) -> str:
    """Name of an outcome."""
    return pick(OUTCOMES, outcome.value, language)


def stage_text(stage: Stage, language: str) -> str:
    """Name of the part of an analysis that a notice speaks of."""
    return pick(STAGES, stage.value, language)


def gate_text(gate: str | None, language: str) -> str:
    """Why a face was not scored, in few words; the key itself where there are none, "" where it was scored."""
    if gate is None:
        return ""
    return pick(GATES, gate, language) if gate in GATES else gate.replace("_", " ")


def notice_text(notice: Notice, language: str) -> str:
    """A notice in the language by its code; its own English message where the code is unknown."""
    # in English the message itself is at least as exact
    return (generic_notice_text(notice.code, language) if language != "en" else None) or notice.message


def generic_notice_text(code: str, language: str) -> str | None:
    """What notices of a code have in common, None where the code is unknown."""
    key = code.removeprefix("gate_")
    return pick(NOTICES, key, language) if key in NOTICES else None


def reason_text(verdict: Verdict, language: str) -> str:
    """Why a verdict is what it is; in English where its wording is not known in the language."""
    return _translate_reason(verdict.reason) if language == "es" else verdict.reason


def _translate_reason(reason: str) -> str:
    for pattern, spanish in REASONS:
        if match := re.fullmatch(pattern, reason):
            if "{rest}" in spanish:
                return match.expand(spanish).format(rest=_translate_reason(match[3]))
            return match.expand(spanish)
    return reason


def headline(verdict: Verdict, language: str) -> str:
    """A verdict in three or four words."""
    if verdict.outcome is Outcome.SCORED:
        return band_text(verdict.band, language)
    return outcome_text(verdict.outcome, language)


def short_headline(verdict: Verdict, language: str) -> str:
    """A verdict in two words, for tables and labels."""
    if verdict.outcome is Outcome.SCORED:
        return band_short_text(verdict.band, language)
    return band_short_text(Band.INCONCLUSIVE if verdict.outcome is Outcome.INCONCLUSIVE else None, language)


def finding_sentence(verdict: Verdict, language: str) -> str:
    """What the model found, without its score and limits."""
    if verdict.outcome is Outcome.SCORED and verdict.band is not None:
        return pick(SENTENCES, f"verdict.{verdict.band.value}", language)
    return pick(SENTENCES, f"verdict.{verdict.outcome.value}", language)


def has_interval(verdict: Verdict) -> bool:
    """Whether there is an interval to speak of: one frame alone has none."""
    return verdict.interval is not None and verdict.interval[0] < verdict.interval[1]


def score_sentence(verdict: Verdict, language: str) -> str:
    """The score with its scale and interval; "" without a score."""
    if verdict.p_fake is None:
        return ""
    parts = [pick(SENTENCES, "score", language, p=score_text(verdict.p_fake, language))]
    if verdict.interval is not None and has_interval(verdict):
        low, high = (score_text(value, language) for value in verdict.interval)
        parts.append(pick(SENTENCES, "score.interval", language, low=low, high=high))
    return "; ".join(parts) + "."


def level_text(level: str, language: str) -> str:
    """What error rates are counted in: ``"image"`` or ``"video"``; other keys as they are."""
    key = f"level.{level}"
    return pick(SENTENCES, key, language) if key in SENTENCES else level


def rates_sentence(card: ModelCard, language: str) -> str:
    """The card's headline error rates at its decision threshold, or that none were measured."""
    rates = headline_rates(card)
    if rates is None:
        return pick(SENTENCES, "rates.none", language)
    genuine, fake = count_text(rates.n_genuine, language), count_text(rates.n_fake, language)
    values: dict[str, str] = {
        "level": level_text(rates.level, language),
        "dataset": rates.dataset,
        "condition": rates.condition,
        "n": pick(SENTENCES, "counts", language, genuine=genuine, fake=fake),
    }
    if rates.fpr is not None:
        values["fpr"] = percent_text(rates.fpr, language)
    if rates.fnr is not None:
        values["fnr"] = percent_text(rates.fnr, language)
    known = [name for name in ("fpr", "fnr") if name in values]
    return pick(SENTENCES, "rates." + ("both" if len(known) == 2 else known[0]), language, **values)


def headline_rates(card: ModelCard) -> ErrorRates | None:
    """The first row of the card with an error rate at the decision threshold, None where nothing was measured."""
    return next((row for row in card.error_rates if row.fpr is not None or row.fnr is not None), None)


def verdict_sentence(verdict: Verdict, card: ModelCard, language: str) -> str:
    """A verdict with its score, its standing and its error rates, to be quoted as it is."""
    parts = [finding_sentence(verdict, language)]
    if verdict.outcome is Outcome.INCONCLUSIVE:
        parts.append(reason_text(verdict, language))
    if verdict.p_fake is not None:
        parts.append(score_sentence(verdict, language))
        parts.append(pick(SENTENCES, "indication", language, model=card.name))
        parts.append(rates_sentence(card, language))
        rates = headline_rates(card)
        if verdict.band is Band.STRONG_FAKE and rates is not None and rates.fpr_strong is not None:
            # the decision threshold lies below what is worded as a finding: this is the rate of this finding
            level = level_text(rates.level, language).removeprefix("los ")
            strong = percent_text(rates.fpr_strong, language)
            parts.append(pick(SENTENCES, "rates.strong", language, level=level, strong=strong))
    return " ".join(parts)


def limit_sentences(verdict: Verdict, aborted: bool, language: str) -> tuple[str, ...]:
    """What a verdict must not be taken for, the most important first."""
    keys = ["limit.aborted"] if aborted else []
    if verdict.outcome is Outcome.NO_USABLE_FACE:
        keys += ["limit.nothing_scored", "limit.faces_only"]
    else:
        if verdict.outcome is Outcome.INCONCLUSIVE or verdict.band is Band.INCONCLUSIVE:
            keys.append("limit.inconclusive")
        keys += ["limit.not_probability"]
        if verdict.band in (Band.STRONG_FAKE, Band.MODERATE_FAKE):
            keys += ["limit.false_alarm", "limit.faces_only", "limit.known_kinds"]
        else:
            keys += ["limit.known_kinds", "limit.faces_only", "limit.false_alarm"]
        keys += ["limit.interval"] if has_interval(verdict) else []
        keys.append("limit.expert")
    return tuple(pick(LIMITS, key, language) for key in keys)


def result_sentence(result: AnalysisResult, language: str) -> str:
    """The verdict of a whole result, to be quoted as it is; says first when the analysis was stopped."""
    sentence = verdict_sentence(result.verdict, result.card, language)
    return f"{pick(SENTENCES, 'aborted', language)} {sentence}" if result.provenance.aborted else sentence


def glossary(language: str) -> tuple[tuple[str, str], ...]:
    """Terms and what they mean, in the order in which a report needs them."""
    column = LANGUAGES.index(language)
    return tuple((term[column], meaning[column]) for term, meaning in GLOSSARY)
