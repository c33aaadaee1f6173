"""What results are called, in English and Spanish, for reports, interface and command line.

The sentences can be quoted: they say how strong the evidence is and how often the model errs, and never give a bare
probability that an item is manipulated, which no detector can know (European Network of Forensic Science Institutes,
"Guideline for evaluative reporting in forensic science", 2015).
"""

import math
import re
from collections.abc import Mapping

from desktop_app.domain import (
    AnalysisResult,
    Band,
    BandRatio,
    ErrorRates,
    ModelCard,
    Notice,
    Outcome,
    Stage,
    Support,
    Verdict,
)
from desktop_app.reports.glossary import GLOSSARY
from desktop_app.reports.ratio_texts import RATIOS, SUPPORT
from desktop_app.reports.standing import headline_rates, quoted_rates
from desktop_app.reports.texts import (
    BANDS,
    BANDS_SHORT,
    GATES,
    LIMITS,
    NOTICES,
    OUTCOMES,
    REASONS,
    SENTENCES,
    STAGES,
    Pair,
)

LANGUAGES = ("en", "es")
_BEATS_CHANCE, _SOMEWHAT = 0.9, 0.6


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


def band_short_text(band: Band | None, language: str, ratio: BandRatio | None = None) -> str:
    """Name of a band in two words, for tables and labels: by its measured likelihood ratio where there is one."""
    if ratio is not None and band is not Band.INCONCLUSIVE:
        if ratio.verbal is Support.NONE:
            return pick(RATIOS, "short.none", language)
        return pick(RATIOS, f"short.{_side(ratio)}", language, support=support_text(ratio, language))
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
            return re.sub(r"(?<=\d)\.(?=\d)", ",", match.expand(spanish))
    return reason


def support_text(ratio: BandRatio, language: str) -> str:
    """How strong the support of a band is, in words."""
    return pick(SUPPORT, ratio.verbal.value, language)


def _side(ratio: BandRatio) -> str:
    return "fake" if ratio.lr >= 1.0 else "genuine"


def ratio_text(value: float, language: str) -> str:
    """A likelihood ratio to two digits, above ten to the whole number.

    >>> ratio_text(0.00345, "en"), ratio_text(3.14, "en"), ratio_text(1234.5, "en")
    ('0.0034', '3.1', '1,234')
    """
    if value >= 10:
        return count_text(round(value), language)
    return number_text(value, 1 - math.floor(math.log10(value)), language)


def sample_text(card: ModelCard, level: str, language: str) -> dict[str, str]:
    """What the ratios of a level were measured on: `n`, the counts of both classes, and `level`, of what."""
    rows = [row for row in card.bands if row.level == level]
    genuine, fake = (count_text(sum(n), language) for n in zip(*((r.n_genuine, r.n_fake) for r in rows), strict=True))
    return {
        "n": pick(RATIOS, "counts", language, genuine=genuine, fake=fake),
        "level": pick(RATIOS, f"level.{level}", language),
    }


def ratio_sentence(card: ModelCard, ratio: BandRatio, language: str) -> str:
    """How much more probable a score of this band is under one proposition than under the other, with its bounds."""
    lr, low, high = ratio.lr, ratio.lr_low, ratio.lr_high
    if _side(ratio) == "genuine":
        lr, low, high = 1 / lr, 1 / high, 1 / low
    figures = {name: ratio_text(v, language) for name, v in (("lr", lr), ("low", low), ("high", high))}
    return pick(RATIOS, f"ratio.{_side(ratio)}", language, **figures, **sample_text(card, ratio.level, language))


def headline(verdict: Verdict, language: str, ratio: BandRatio | None = None) -> str:
    """A verdict in three or four words, by the measured likelihood ratio of its band where there is one."""
    if verdict.outcome is Outcome.SCORED:
        if ratio is not None:
            text = pick(RATIOS, f"headline.{_side(ratio)}", language, support=support_text(ratio, language))
            return text[0].upper() + text[1:]
        return band_text(verdict.band, language)
    return outcome_text(verdict.outcome, language)


def short_headline(verdict: Verdict, language: str, ratio: BandRatio | None = None) -> str:
    """A verdict in two words, for tables and labels."""
    if verdict.outcome is Outcome.SCORED:
        return band_short_text(verdict.band, language, ratio)
    return band_short_text(Band.INCONCLUSIVE if verdict.outcome is Outcome.INCONCLUSIVE else None, language)


def condition_text(condition: str, language: str) -> str:
    """The condition of a test as it is called in a language; one that nobody knows stays as the card has it.

    >>> condition_text("all", "es"), condition_text("face under 50 px", "es"), condition_text("c40", "es")
    ('en conjunto', 'rostro por debajo de 50 px', 'c40')
    """
    if language != "es":
        return condition
    if condition == "all":
        return "en conjunto"
    # only what the evaluation itself names: a manipulation may be called anything
    if re.fullmatch(r"(face|JPEG) (under |from )?\d+(-\d+)?( px)?|no JPEG", condition):
        for english, spanish in (("face", "rostro"), ("under", "por debajo de"), ("from", "desde"), ("no", "sin")):
            condition = re.sub(rf"\b{english}\b", spanish, condition)
    return condition


def method_text(method: str, language: str) -> str:
    """How a heatmap was made, as `explain` names it, in a language.

    >>> method_text("Grad-CAM of the first of 2 networks", "es")
    'Grad-CAM de la primera de 2 redes'
    """
    if language == "es":
        return re.sub(r" of the first of (\d+) networks$", r" de la primera de \1 redes", method)
    return method


def deletion_grade(better_than: float) -> str:
    """Whether the deletion test of a heatmap beat chance: ``"yes"``, ``"part"`` or ``"no"``.

    Args:
        better_than: Share of the masks of chance that took less from the score than the map did.

    >>> deletion_grade(0.9), deletion_grade(0.6), deletion_grade(0.5)
    ('yes', 'part', 'no')
    """
    return "yes" if better_than >= _BEATS_CHANCE else "part" if better_than >= _SOMEWHAT else "no"


def finding_sentence(verdict: Verdict, language: str, ratio: BandRatio | None = None) -> str:
    """What the model found, without its score and limits: as two propositions where the ratio of them was measured."""
    if ratio is not None and verdict.outcome is Outcome.SCORED:
        return pick(RATIOS, f"finding.{_side(ratio)}", language, support=support_text(ratio, language))
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


def rates_sentence(card: ModelCard, language: str, rates: ErrorRates | None = None) -> str:
    """A row of error rates at the decision threshold, or that none were measured.

    Args:
        card: The model.
        language: ``"en"`` or ``"es"``.
        rates: The row; None is the card's headline.
    """
    rates = rates or headline_rates(card)
    if rates is None:
        return pick(SENTENCES, "rates.none", language)
    genuine, fake = count_text(rates.n_genuine, language), count_text(rates.n_fake, language)
    values: dict[str, str] = {
        "level": level_text(rates.level, language),
        "dataset": rates.dataset,
        "condition": condition_text(rates.condition, language),
        "n": pick(SENTENCES, "counts", language, genuine=genuine, fake=fake),
    }
    if rates.fpr is not None:
        values["fpr"] = percent_text(rates.fpr, language)
    if rates.fnr is not None:
        values["fnr"] = percent_text(rates.fnr, language)
    known = [name for name in ("fpr", "fnr") if name in values]
    return pick(SENTENCES, "rates." + ("both" if len(known) == 2 else known[0]), language, **values)


def verdict_sentence(
    verdict: Verdict,
    card: ModelCard,
    language: str,
    ratio: BandRatio | None = None,
    rates: ErrorRates | None = None,
) -> str:
    """A verdict with its score, its standing and its error rates, to be quoted as it is.

    Args:
        verdict: Of an item or a person.
        card: The model.
        language: ``"en"`` or ``"es"``.
        ratio: What its band was measured to be worth, from `AnalysisResult.ratio_of`.
        rates: The error rates to name, from `quoted_rates`; None is the card's headline.
    """
    parts = [finding_sentence(verdict, language, ratio)]
    if ratio is not None and verdict.outcome is Outcome.SCORED:
        parts.append(ratio_sentence(card, ratio, language))
        if ratio.level == "image" and verdict.interval is not None:
            parts.append(pick(RATIOS, "ratio.other_level", language))
    if verdict.outcome is Outcome.INCONCLUSIVE:
        parts.append(reason_text(verdict, language))
    if verdict.p_fake is not None:
        parts.append(score_sentence(verdict, language))
        parts.append(pick(SENTENCES, "indication", language, model=card.name))
        rates = rates or headline_rates(card)
        parts.append(rates_sentence(card, language, rates))
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
    ratio, quoted = result.ratio_of(result.verdict), quoted_rates(result)
    sentence = verdict_sentence(result.verdict, result.card, language, ratio, quoted.row if quoted else None)
    return f"{pick(SENTENCES, 'aborted', language)} {sentence}" if result.provenance.aborted else sentence


def glossary(language: str) -> tuple[tuple[str, str], ...]:
    """Terms and what they mean, in the order in which a report needs them."""
    column = LANGUAGES.index(language)
    return tuple((term[column], meaning[column]) for term, meaning in GLOSSARY)
