"""The card's table of likelihood ratios and how it was calibrated, in words: one place for report, window and CLI."""

from dataclasses import dataclass

from desktop_app.domain import Band, ModelCard, QualityRange
from desktop_app.reports.ratio_texts import RATIOS
from desktop_app.reports.wording import band_short_text, count_text, number_text, pick, ratio_text, sample_text

COLUMNS = ("scores", "genuine", "fake", "lr", "support")


@dataclass(frozen=True, slots=True)
class RatioTable:
    """The ratios of one level, as text.

    Args:
        columns: Names of the columns.
        rows: Cells in the order of `columns`, a row per band with samples from genuine to manipulated.
        bands: The band of each row.
        note: What the figures are and what they were measured on.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bands: tuple[Band, ...]
    note: str


def ratio_title(language: str) -> str:
    """Heading of the tables."""
    return pick(RATIOS, "title", language)


def ratio_tables(card: ModelCard, language: str) -> tuple[RatioTable, ...]:
    """A table per level that the card has ratios of; empty where none were measured.

    Args:
        card: The model.
        language: ``"en"`` or ``"es"``.
    """
    columns = tuple(pick(RATIOS, f"column.{key}", language) for key in COLUMNS)
    tables = []
    for level in dict.fromkeys(row.level for row in card.bands):
        # where nothing was measured, the smoothing alone would be printed as a ratio
        own = [row for row in card.bands if row.level == level and row.n_genuine + row.n_fake]
        rows = tuple(
            (
                f"{number_text(row.low, 2, language)}–{number_text(row.high, 2, language)}",  # noqa: RUF001
                count_text(row.n_genuine, language),
                count_text(row.n_fake, language),
                f"{ratio_text(row.lr, language)} ({_span(row.lr_low, row.lr_high, language)})",
                band_short_text(row.band, language, row),
            )
            for row in own
        )
        note = pick(RATIOS, "note", language, **sample_text(card, level, language))
        tables.append(RatioTable(columns, rows, tuple(row.band for row in own), note))
    return tuple(tables)


def _span(low: float, high: float, language: str) -> str:
    return f"{ratio_text(low, language)}–{ratio_text(high, language)}"  # noqa: RUF001


def calibration_text(card: ModelCard, language: str) -> str:
    """How scores are calibrated, and what that was chosen from."""
    if card.knots:
        text = pick(RATIOS, "calibration.polyline", language, n=len(card.knots))
    else:
        t, b = number_text(card.temperature, 3, language), number_text(card.bias, 3, language)
        text = pick(RATIOS, "calibration.line", language, t=t, b=b)
    if not card.calibrations:
        return text
    trials = ", ".join(
        f"{pick(RATIOS, f'trial.{trial.method}', language)} {number_text(trial.log_loss, 3, language)} "
        f"({number_text(trial.ece, 3, language)})"
        for trial in card.calibrations
    )
    return f"{text}; {pick(RATIOS, 'calibration.trials', language, trials=trials)}"


def validated_text(card: ModelCard, language: str) -> str:
    """The quality of the faces of validation."""
    if not card.validated:
        return pick(RATIOS, "validated.none", language)
    return "; ".join(
        f"{pick(RATIOS, f'measure.{limits.measure}', language)} {range_text(limits, language)}"
        for limits in card.validated
    )


def range_text(limits: QualityRange, language: str) -> str:
    """A range of quality in words, without the name of the quality."""
    factor = 100 if limits.measure == "exposure" else 1
    ends = {"low": limits.low, "high": limits.high}
    known = {key: number_text(value * factor, 0, language) for key, value in ends.items() if value is not None}
    key = "range.between" if len(known) == 2 else "range.from" if "low" in known else "range.to"
    return pick(RATIOS, key, language, **known)
