"""Messages and hints of errors, and what the check of a case finds, in Spanish: the program says them in English.

Each entry of the catalogues is the English text as the source has it, its gaps named, and its Spanish. What stands in
a gap stays as it is, with two exceptions that the gap's name tells: CAPITALS hold words of the program or of the
operating system, which are translated too, and names that begin with ``n_`` hold numbers, whose points and commas
change places. A test reads every error of the source and misses those that have no Spanish.
"""

import functools
import re

from desktop_app.errors import AppError
from desktop_app.reports.error_texts.cases import CASES
from desktop_app.reports.error_texts.commands import COMMANDS
from desktop_app.reports.error_texts.exports import EXPORTS
from desktop_app.reports.error_texts.findings import FINDINGS
from desktop_app.reports.error_texts.imports import IMPORTS
from desktop_app.reports.error_texts.items import ITEMS
from desktop_app.reports.error_texts.models import MODELS
from desktop_app.reports.error_texts.system import SYSTEM

CATALOGUE = (*ITEMS, *MODELS, *IMPORTS, *CASES, *EXPORTS, *COMMANDS, *FINDINGS)
"""English and Spanish."""

GAP = re.compile(r"\{(\w+)\}")
_COMMAS = str.maketrans(",.", ".,")


def error_text(error: AppError, language: str) -> tuple[str, str]:
    """Message and hint of an error; what no catalogue knows stays in English.

    Args:
        error: As it was raised.
        language: ``"en"`` or ``"es"``.
    """
    if language != "es":
        return error.user_message, error.hint
    return in_spanish(error.user_message), in_spanish(error.hint)


def finding_text(message: str, language: str) -> str:
    """What the check of a case found, in a language.

    Args:
        message: As the check says it.
        language: ``"en"`` or ``"es"``.
    """
    return in_spanish(message) if language == "es" else message


def in_spanish(text: str) -> str:
    """A message or a hint in Spanish, or as it is where no entry fits."""
    for pattern, spanish in _patterns():
        if found := pattern.fullmatch(text):
            return spanish.format(**{name: _filling(name, value) for name, value in found.groupdict().items()})
    return text


def _filling(name: str, value: str) -> str:
    if name.isupper():
        return "; ".join(SYSTEM.get(part.rstrip(".").lower()) or in_spanish(part) for part in value.split("; "))
    return value.translate(_COMMAS) if name.startswith("n_") else value


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    # the longest first: “{name}” is no PDF. before a text of hardly more than gaps
    entries = sorted(CATALOGUE, key=lambda entry: len(GAP.sub("", entry[0])), reverse=True)
    return tuple((_pattern(english), spanish) for english, spanish in entries)


def _pattern(english: str) -> re.Pattern[str]:
    pieces = GAP.split(english)
    texts, names = map(re.escape, pieces[::2]), [f"(?P<{name}>.*)" for name in pieces[1::2]]
    return re.compile("".join(part for pair in zip(texts, [*names, ""], strict=True) for part in pair), re.DOTALL)
