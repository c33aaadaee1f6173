"""Values of settings that count in one case only."""

import logging
from collections.abc import Mapping

from desktop_app.cases.notes import CaseSettings
from desktop_app.config import SETTINGS, Settings, Value, setting_of
from desktop_app.errors import InputError

logger = logging.getLogger(__name__)

PREFIX = "setting."
# a case has these as particulars of its reports: they are kept once, under their plain names
PARTICULARS = ("examiner", "examiner_role", "laboratory", "laboratory_address")


def key_of(name: str) -> str:
    """Where a case keeps its own value of a setting."""
    return name if name in PARTICULARS else PREFIX + name


def overrides_of(kept: CaseSettings) -> dict[str, Value]:
    """The settings of which a case has a value of its own; what is no value of a setting leaves a warning.

    Args:
        kept: What the case keeps.

    Raises:
        CaseError: The case cannot be read.
    """
    stored, found = kept.all(), dict[str, Value]()
    for setting in SETTINGS:
        text = stored.get(key_of(setting.key))
        # an empty particular is one that the case does not state
        if not setting.per_case or text is None or (setting.key in PARTICULARS and not text):
            continue
        try:
            found[setting.key] = setting.parse(text)
        except InputError as error:
            logger.warning("Left out in this case: %s", error.user_message)
    return found


def store_overrides(kept: CaseSettings, changes: Mapping[str, Value | None], purpose: str = "") -> None:
    """Give a case values of its own; each change is an entry in its log.

    Args:
        kept: What the case keeps.
        changes: The new values; None goes back to the value of all cases.
        purpose: What for.

    Raises:
        InputError: No setting has such a name, a case can have no value of its own of it, or the value does not fit.
        CaseError: The case cannot be written.
    """
    before = overrides_of(kept)
    for key, value in changes.items():
        setting = setting_of(key)
        if not setting.per_case:
            raise InputError(f'The setting "{key}" is the same in all cases.')
        if value is None:
            kept.unset(key_of(key), purpose)
        elif key not in before or before[key] != setting.check(value):
            kept.set(key_of(key), str(setting.check(value)), purpose)


def settings_in(kept: CaseSettings, settings: Settings) -> Settings:
    """The settings in force in a case, not to be saved.

    Args:
        kept: What the case keeps.
        settings: The ones of all cases.

    Raises:
        CaseError: The case cannot be read.
    """
    return settings.with_values(overrides_of(kept))
