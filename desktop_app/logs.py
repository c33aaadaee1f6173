"""Logging: a rotating file for what happens, a crash log for bugs and for crashes of native code."""

import contextlib
import faulthandler
import logging
import logging.handlers
import os
import platform
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from desktop_app import __version__, paths

LOG_NAME = "cotejo.log"
CRASH_NAME = "crash.log"
MAX_BYTES = 1_000_000
BACKUPS = 5

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

logger = logging.getLogger(__name__)
_handlers: list[logging.Handler] = []
_crash_file: TextIO | None = None


def crash_log() -> Path:
    """File that bugs and native crashes are written to."""
    return paths.log_dir() / CRASH_NAME


def setup_logging(verbose: bool = False) -> Path:
    """Start logging; calling it again replaces what the first call set up.

    The program's own records go to the file from INFO, other libraries' from WARNING, both in UTC. Standard error
    gets warnings. A folder that cannot be written leaves standard error alone and a warning there: a workstation
    must start without a log.

    Args:
        verbose: Take the program's DEBUG records too and show them on standard error.

    Returns:
        The log file.
    """
    stop_logging()
    path = paths.log_dir() / LOG_NAME
    own_level = logging.DEBUG if verbose else logging.INFO
    logging.getLogger("desktop_app").setLevel(own_level)
    # a windowed program on Windows has no standard error
    if sys.stderr is not None:
        _add(logging.StreamHandler(sys.stderr), own_level if verbose else logging.WARNING)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(path, "a", MAX_BYTES, BACKUPS, encoding="utf-8")
    except OSError as error:
        logger.warning("No log is kept: %s", error)
        return path
    _add(handler, logging.DEBUG)
    _watch_native_crashes()
    logger.info("Cotejo %s on %s, Python %s", __version__, platform.platform(), platform.python_version())
    return path


def stop_logging() -> None:
    """Undo `setup_logging` and close its files; harmless without it."""
    global _crash_file
    root = logging.getLogger()
    while _handlers:
        handler = _handlers.pop()
        root.removeHandler(handler)
        handler.close()
    if _crash_file is not None:
        # before closing: a late crash would write to whatever took over the file descriptor
        faulthandler.disable()
        _crash_file.close()
        _crash_file = None


def log_crash(exc_info: ExcInfo) -> Path:
    """Write a bug to the crash log. Never raises: it is called where nothing else can be done.

    Args:
        exc_info: As `sys.exc_info` gives it inside an ``except``, or as hooks receive it.

    Returns:
        The crash log.
    """
    path = crash_log()
    head = f"Cotejo {__version__}, Python {platform.python_version()}, {platform.platform()}"
    body = "".join(traceback.format_exception(*exc_info))
    logger.critical("Unexpected error: %s", body.splitlines()[-1] if body else exc_info[0].__name__)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"--- {datetime.now(UTC).isoformat(timespec='seconds')} {head}\n{body}\n")
            file.flush()
            os.fsync(file.fileno())
    return path


def _add(handler: logging.Handler, level: int) -> None:
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s [%(threadName)s] %(message)s")
    formatter.converter = time.gmtime
    formatter.default_msec_format = "%s.%03d"
    handler.setFormatter(formatter)
    handler.setLevel(level)
    logging.getLogger().addHandler(handler)
    _handlers.append(handler)


def _watch_native_crashes() -> None:
    global _crash_file
    path = crash_log()
    try:
        if path.exists() and path.stat().st_size > MAX_BYTES:
            path.replace(path.with_name("crash.old.log"))
        _crash_file = path.open("a", encoding="utf-8")
    except OSError as error:
        logger.warning("Crashes of native code are not recorded: %s", error)
        return
    faulthandler.enable(_crash_file)
