"""Which keys an action has: those of the table of actions, and where the user differs from it."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from desktop_app.ui.actions import ACTIONS

logger = logging.getLogger(__name__)

Keys = tuple[str, ...]
MOST = 2
ESCAPE_OWNER = "cancel"
_PORTABLE = QKeySequence.SequenceFormat.PortableText
# these move the focus, press what has it, or open what lies under it
_RESERVED = frozenset(
    (
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Menu,
        Qt.Key.Key_F10,
        Qt.Key.Key_unknown,
    )
)
DEFAULTS: dict[str, Keys] = {spec.key: spec.shortcuts for spec in ACTIONS}


def _chords(sequence: QKeySequence) -> list[QKeyCombination]:
    """The keys that are pressed one after the other."""
    # its own type information does not know that it can be indexed
    keys: Any = sequence
    return [keys[place] for place in range(sequence.count())]


def normal(text: str) -> str:
    """A key sequence as Qt writes it portably; empty when it is none.

    >>> normal("ctrl+shift+s"), normal("Ctrl+Nonsense")
    ('Ctrl+Shift+S', '')
    """
    sequence = QKeySequence.fromString(text, _PORTABLE)
    if any(chord.key() == Qt.Key.Key_unknown for chord in _chords(sequence)):
        return ""
    return sequence.toString(_PORTABLE)


def native(text: str) -> str:
    """A key sequence as it is written on this system."""
    return QKeySequence(text).toString(QKeySequence.SequenceFormat.NativeText)


def is_reserved(text: str, action: str) -> bool:
    """Whether a key belongs to the system or to the controls, so that an action cannot have it.

    Args:
        text: The key sequence.
        action: Key of the action; only one of them may have Esc.
    """
    for chord in _chords(QKeySequence(text)):
        key, modifiers = chord.key(), chord.keyboardModifiers()
        if key in _RESERVED or (key == Qt.Key.Key_Escape and action != ESCAPE_OWNER and not modifiers):
            return True
        # with Alt a letter opens a menu, in every language another one
        if modifiers == Qt.KeyboardModifier.AltModifier and (
            Qt.Key.Key_A <= key <= Qt.Key.Key_Z or key == Qt.Key.Key_F4
        ):
            return True
    return False


def clash(first: str, second: str) -> bool:
    """Whether two key sequences cannot both be told apart: they are equal, or one begins with the other."""
    if not first or not second:
        return False
    none = QKeySequence.SequenceMatch.NoMatch
    one, other = QKeySequence(first), QKeySequence(second)
    return one.matches(other) != none or other.matches(one) != none


def owner(keys: Mapping[str, Keys], text: str, but: str = "") -> str:
    """The action that has a key already; empty when it is free.

    Args:
        keys: What every action has.
        text: The key sequence.
        but: The action that asks.
    """
    for action, held in keys.items():
        if action != but and any(clash(text, key) for key in held):
            return action
    return ""


def keys_of(stored: str) -> dict[str, Keys]:
    """What every action has, of the table and of the user's setting; no key is given twice.

    Where the user gave a key to one action that another has from the table, the user counts.

    Args:
        stored: The setting; what cannot be used of it is left out and leaves a warning.
    """
    own: dict[str, Keys] = {}
    for action, texts in _read(stored).items():
        kept: list[str] = []
        for key in filter(None, map(normal, texts)):
            if is_reserved(key, action) or owner(own, key) or any(clash(key, other) for other in kept):
                logger.warning("The key %s of the action %s cannot be used.", key, action)
            elif len(kept) < MOST:
                kept.append(key)
        own[action] = tuple(kept)
    return {
        action: own[action] if action in own else tuple(key for key in first if not owner(own, key))
        for action, first in DEFAULTS.items()
    }


def _read(stored: str) -> dict[str, list[str]]:
    if not stored:
        return {}
    try:
        parsed = json.loads(stored)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        logger.warning("The shortcuts of the settings are no list of keys by action.")
        return {}
    found = {}
    for action, texts in parsed.items():
        if action in DEFAULTS and isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            found[action] = texts
        else:
            logger.warning("The shortcut of %r cannot be used.", action)
    # in the order of the table, so that the same setting always gives the same keys
    return {action: found[action] for action in DEFAULTS if action in found}


def stored_form(keys: Mapping[str, Keys]) -> str:
    """The setting for keys: only what differs from the table, empty when nothing does."""
    changed = {action: list(held) for action, held in keys.items() if held != DEFAULTS[action]}
    return json.dumps(changed) if changed else ""
