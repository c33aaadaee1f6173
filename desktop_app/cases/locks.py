"""One writer per case, among all programs of all machines that reach it."""

import contextlib
from pathlib import Path

from filelock import FileLock, Timeout

from desktop_app.errors import CaseError


class PlaceRefusesError(CaseError):
    """The folder of a case does not let it be locked, so that it can only be read."""


def lock_file_of(path: Path) -> Path:
    """The file beside a case whose lock says that somebody writes to it."""
    real = path.resolve()
    return real.with_name(f".{real.name}.lock")


def lock_case(path: Path) -> FileLock:
    """Take the right to write to a case; it ends with the process.

    Raises:
        PlaceRefusesError: The folder cannot be written to, or knows no locks.
        CaseError: Another program has it.
    """
    # released from whatever thread closes the case
    lock = FileLock(lock_file_of(path), timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise CaseError(
            f"“{path.name}” is open in another program.", "Close it there, or open it for reading only."
        ) from error
    except (OSError, NotImplementedError) as error:
        raise PlaceRefusesError(
            f"“{path.name}” lies where nothing can be written.", "Open it for reading only, or save a copy elsewhere."
        ) from error
    return lock


def is_locked(path: Path) -> bool:
    """Whether somebody writes to a case."""
    try:
        lock_case(path).release()
    except PlaceRefusesError:
        return False
    except CaseError:
        return True
    return False


def remove_case(path: Path) -> None:
    """Delete a case and its companions; what is not there is no error.

    Raises:
        CaseError: It cannot be deleted.
    """
    companions = [path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal")]
    try:
        for file in (path, *companions):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise CaseError(f"“{path.name}” could not be deleted.", "Close it in other programs.") from error
    with contextlib.suppress(OSError):
        lock_file_of(path).unlink(missing_ok=True)
