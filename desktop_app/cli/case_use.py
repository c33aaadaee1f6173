"""Opening a case for a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.config import Settings, load_settings

if TYPE_CHECKING:
    from desktop_app.cases import CaseStore


@dataclass(frozen=True, slots=True)
class Hand:
    """Who works on a case, and how it is told.

    Args:
        actor: Who writes; empty is the examiner of the settings, or else the user of this computer.
        purpose: What for.
        language: Of sentences.
    """

    actor: str = ""
    purpose: str = ""
    language: str = "en"


@contextmanager
def opened(path: Path, hand: Hand, read_only: bool | None = False) -> Iterator["CaseStore"]:
    """A case in use.

    Args:
        path: The file.
        hand: Who opens it.
        read_only: Whether it is only looked at; False must be able to write, None writes where it can.

    Raises:
        CaseError: It cannot be opened that way.
    """
    from desktop_app.cases import CaseStore

    actor = hand.actor or load_settings().get_str("examiner")
    with CaseStore.open(path, actor, read_only, hand.purpose) as case:
        yield case


@contextmanager
def case_at(path: Path | None) -> "Iterator[CaseStore | None]":
    """The case at a path, which is made where there is none; None where no case is wanted.

    Raises:
        CaseError: It cannot be opened or made.
    """
    if path is None:
        yield None
        return
    from desktop_app.analysis.casework import open_case

    with open_case(path, load_settings().get_str("examiner")) as case:
        yield case


def settings_of(path: Path | None) -> Settings:
    """The settings in force in a case; those of all cases where there is none at the path.

    Raises:
        CaseError: It cannot be read.
    """
    from desktop_app.cases.overrides import settings_in

    general = load_settings()
    if path is None or not path.exists():
        return general
    with opened(path, Hand(), read_only=True) as case:
        return settings_in(case.settings, general)
