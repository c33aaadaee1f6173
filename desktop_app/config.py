"""The user's settings: one table that storage, dialogs and documentation derive from."""

import json
import logging
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_app import paths
from desktop_app.domain import SamplingMode
from desktop_app.errors import CaseError, InputError

Value = bool | int | float | str

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table.

    Args:
        key: Name in the file.
        type: Type of the value.
        default: Value until the user chooses.
        description: One sentence for dialogs and documentation, in English.
        bounds: Smallest and largest number, both allowed; None for texts and switches.
        choices: Allowed texts; empty is any.
        per_case: Whether a case may have a value of its own.
    """

    key: str
    type: type[bool] | type[int] | type[float] | type[str]
    default: Value
    description: str
    bounds: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    per_case: bool = False

    def check(self, value: object) -> Value:
        """The value in the setting's own type; whole numbers are taken where fractions are allowed.

        Args:
            value: What a file, a dialog or a command line gave.

        Raises:
            InputError: Wrong type, out of bounds or not among the choices.
        """
        if self.type is float and type(value) is int:
            value = float(value)
        # exact type: True is an int to isinstance, and no number of frames
        if not isinstance(value, (bool, int, float, str)) or type(value) is not self.type:
            raise self._refusal(value, {bool: "true or false", int: "a whole number", float: "a number"}.get(self.type))
        if self.choices and value not in self.choices:
            raise self._refusal(value, "one of: " + ", ".join(self.choices))
        if self.bounds and isinstance(value, (int, float)) and not self.bounds[0] <= value <= self.bounds[1]:
            raise self._refusal(value, f"a number from {self.bounds[0]:g} to {self.bounds[1]:g}")
        return value

    def parse(self, text: str) -> Value:
        """The value of a text, as a case keeps it; `str` is the way there, with a point in numbers.

        Args:
            text: The text.

        Raises:
            InputError: It is no value of this setting.
        """
        if self.type is str:
            return self.check(text)
        try:
            return self.check(json.loads(text.lower()))
        except ValueError as error:
            raise self._refusal(text, None) from error

    def _refusal(self, value: object, expected: str | None) -> InputError:
        return InputError(
            f'The setting "{self.key}" cannot be {value!r}.',
            f"It takes {expected or 'a text'}; its default is {self.default!r}.",
        )


SETTINGS = (
    Setting("language", str, "auto", "Language of the interface and of reports.", choices=("auto", "en", "es")),
    Setting("theme", str, "system", "Colours of the interface.", choices=("system", "light", "dark")),
    Setting("device", str, "auto", "Where the networks compute.", choices=("auto", "cpu", "cuda", "mps")),
    Setting("model_id", str, "", "Model for new analyses.", per_case=True),
    Setting(
        "sampling_mode",
        str,
        SamplingMode.EVERY_NTH.value,
        "How frames are chosen for analysis.",
        choices=tuple(mode.value for mode in SamplingMode),
        per_case=True,
    ),
    Setting("sampling_value", float, 1.0, "Every n-th frame, or frames per second.", (0.01, 1000.0), per_case=True),
    Setting("detect_every", int, 5, "Faces are searched on every n-th analysed frame.", (1, 100), per_case=True),
    Setting("min_face_score", float, 0.95, "Smallest confidence of the face detector.", (0.0, 1.0), per_case=True),
    Setting("min_face_px", int, 50, "Smallest face, shorter side of its box in pixels.", (12, 2000), per_case=True),
    Setting("batch_size", int, 16, "Faces per pass through the network.", bounds=(1, 512)),
    Setting("key_frames", int, 6, "Key frames kept as exhibits of an analysis.", (0, 50), per_case=True),
    Setting(
        "examiner",
        str,
        "",
        "Name of the examiner, for the log of cases and for reports; empty is the user's.",
        per_case=True,
    ),
    Setting("examiner_role", str, "", "What the examiner examines as, for reports.", per_case=True),
    Setting("laboratory", str, "", "Name of the laboratory or newsroom, for reports.", per_case=True),
    Setting("laboratory_address", str, "", "Address of the laboratory, for reports.", per_case=True),
    Setting("cases_folder", str, "", "Folder in which new cases are saved; empty is the user's documents."),
    Setting("last_folder", str, "", "Folder last opened."),
    Setting("shortcuts", str, "", "Keys that differ from the first ones, as a JSON object of lists by action."),
    Setting("tour_seen", bool, False, "Whether the tour of the window was shown."),
)

_BY_KEY = {setting.key: setting for setting in SETTINGS}


def setting_of(key: str) -> Setting:
    """Row of the table.

    Raises:
        InputError: No setting has this name.
    """
    if key not in _BY_KEY:
        raise InputError(f'There is no setting "{key}".', "The settings are: " + ", ".join(_BY_KEY) + ".")
    return _BY_KEY[key]


class Settings:
    """The settings in force, and the file they are kept in.

    Args:
        path: The file; need not exist.
        stored: Raw content of the file. What is valid is taken, the rest falls back to its default and leaves a
            warning. Unknown keys are kept for the version that knows them.
        warnings: Sentences about what went wrong on the way here.
    """

    def __init__(self, path: Path, stored: Mapping[str, object] | None = None, warnings: tuple[str, ...] = ()) -> None:
        self.path = path
        self._values: dict[str, Value] = {}
        self._unknown: dict[str, object] = {}
        problems = list(warnings)
        for key, value in (stored or {}).items():
            if key not in _BY_KEY:
                self._unknown[key] = value
                continue
            try:
                self._values[key] = _BY_KEY[key].check(value)
            except InputError as error:
                problems.append(f"{error.user_message} Its default {_BY_KEY[key].default!r} is used.")
        self.warnings = tuple(problems)
        for problem in problems:
            logger.warning("%s", problem)

    def get(self, key: str) -> Value:
        """Value in force.

        >>> Settings(Path("settings.json")).get("min_face_px")
        50

        Raises:
            InputError: No setting has this name.
        """
        return self._values.get(key, setting_of(key).default)

    def get_str(self, key: str) -> str:
        """Value in force of a text setting, for typed callers."""
        return str(self.get(key))

    def get_int(self, key: str) -> int:
        """Value in force of a whole-number setting, for typed callers."""
        return int(self.get(key))

    def get_float(self, key: str) -> float:
        """Value in force of a number setting, for typed callers."""
        return float(self.get(key))

    def set(self, key: str, value: object) -> None:
        """Change a value; `save` keeps it.

        Raises:
            InputError: No setting has this name, or the value does not fit.
        """
        self._values[key] = setting_of(key).check(value)

    def reset(self, key: str) -> None:
        """Go back to the default.

        Raises:
            InputError: No setting has this name.
        """
        self._values.pop(setting_of(key).key, None)

    def with_values(self, values: Mapping[str, Value]) -> "Settings":
        """These settings with other values here and there, as a case has them; not to be saved.

        Raises:
            InputError: No setting has such a name, or a value does not fit.
        """
        result = Settings(self.path, self.as_dict())
        for key, value in values.items():
            result.set(key, value)
        return result

    def as_dict(self) -> dict[str, Value]:
        """All values in force, in the order of the table."""
        return {setting.key: self.get(setting.key) for setting in SETTINGS}

    def save(self) -> None:
        """Write the file whole or not at all. Only what differs from the default is stored.

        Raises:
            CaseError: The file cannot be written.
        """
        changed = {key: value for key, value in self._values.items() if value != _BY_KEY[key].default}
        # ASCII only: a folder whose name is no valid Unicode survives as an escape
        text = json.dumps(self._unknown | changed, indent=2, ensure_ascii=True) + "\n"
        try:
            _write_atomically(self.path, text)
        except OSError as error:
            raise CaseError(
                "The settings could not be saved.", f"Check that {self.path.parent} can be written: {error.strerror}."
            ) from error


def _write_atomically(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _move_aside(path: Path) -> str:
    """Keep a damaged file under another name and say so in a sentence."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    try:
        path.replace(aside)
    except OSError as error:
        return f"The settings file is damaged and could not be moved aside ({error.strerror}); defaults are used."
    return f"The settings file was damaged; it was kept as {aside.name} and the defaults are used."


def load_settings(path: Path | None = None) -> Settings:
    """Settings from their file. Never fails: `Settings.warnings` tells what could not be used.

    Args:
        path: The file; None is the user's own.
    """
    path = path or paths.settings_file()
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(path)
    except OSError as error:
        return Settings(path, warnings=(f"The settings file cannot be read ({error.strerror}); defaults are used.",))
    except (ValueError, RecursionError):
        return Settings(path, warnings=(_move_aside(path),))
    if not isinstance(stored, dict):
        return Settings(path, warnings=(_move_aside(path),))
    return Settings(path, stored)
