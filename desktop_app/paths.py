"""Where resources, models and user data lie, in a checkout, an installed package and a frozen app."""

import os
import sys
from pathlib import Path

import platformdirs

APP_DIR_NAME = "Cotejo"


def _bundle_root() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen)
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "models").is_dir() and (checkout / "resources").is_dir():
        return checkout
    return Path(sys.prefix) / "share" / "cotejo"


def resources_dir() -> Path:
    """Folder of icons, themes, translations and fonts that ship with the program."""
    return _bundle_root() / "resources"


def shipped_models_dir() -> Path:
    """Folder of the model cards and weights that ship with the program."""
    return _bundle_root() / "models"


def user_data_dir() -> Path:
    """Folder for the user's own data; ``COTEJO_HOME`` overrides the platform's default."""
    home = os.environ.get("COTEJO_HOME")
    return Path(home) if home else Path(platformdirs.user_data_dir(APP_DIR_NAME, appauthor=False))


def user_models_dir() -> Path:
    """Folder in which a user puts models of their own."""
    return user_data_dir() / "models"


def unsaved_dir() -> Path:
    """Folder of the cases that have no name yet."""
    return user_data_dir() / "unsaved"


def log_dir() -> Path:
    """Folder of the rotating log and the crash log."""
    return user_data_dir() / "logs"


def settings_file() -> Path:
    """File of the user's settings."""
    return user_data_dir() / "settings.json"
