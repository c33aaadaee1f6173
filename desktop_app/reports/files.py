"""Files that appear whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop_app.errors import CaseError


@contextmanager
def replacing(path: Path, suffix: str = ".part") -> Iterator[Path]:
    """A temporary file beside `path` that takes its place once the block has ended without an error.

    The bytes are on the disk before the old file goes; on any error the temporary file is removed and an existing
    file at `path` is as it was.

    Args:
        path: Where the file shall be.
        suffix: Ending of the temporary file, for writers that choose a format by it.

    Raises:
        CaseError: The file cannot be written there.
    """
    # a name of its own instead of path.name plus something: that may be as long as file systems allow
    temporary = path.parent / f".cotejo-{secrets.token_hex(6)}{suffix}"
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield temporary
        _flush(temporary)
        os.replace(temporary, path)
        _flush_folder(path.parent)
    except OSError as error:
        raise CaseError(f"“{path.name}” could not be written: {_reason(error)}.", _hint(error)) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_folder(folder: Path) -> None:
    # Windows cannot open folders; network shares may refuse to flush them, and the file itself is safe by then
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _hint(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "Close the file if another program has it open, or choose a folder that you may write to."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "The folder does not exist: choose another one."
    return "Check that the disk is not full and still connected, or choose another folder."
