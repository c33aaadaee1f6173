"""Files: read-only opening and hashing, and writing that leaves a whole file or folder or none."""

import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from desktop_app.errors import CaseError, InputError
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress

HASH_BYTES = 4 * 1024 * 1024


class FileDigest:
    """SHA-256 and SHA-512 of the same bytes in one pass."""

    def __init__(self) -> None:
        self._digests = (hashlib.sha256(), hashlib.sha512())

    def update(self, data: bytes) -> None:
        """Take up further bytes."""
        for digest in self._digests:
            digest.update(data)

    @property
    def sha256(self) -> str:
        """SHA-256 so far, 64 hexadecimal digits."""
        return self._digests[0].hexdigest()

    @property
    def sha512(self) -> str:
        """SHA-512 so far, 128 hexadecimal digits."""
        return self._digests[1].hexdigest()


@dataclass(frozen=True, slots=True)
class FileHashes:
    """What identifies a file's content, and its date.

    Args:
        sha256, sha512: Hashes of the whole file, hexadecimal.
        size_bytes: Its size.
        modified_utc: Its last modification.
    """

    sha256: str
    sha512: str
    size_bytes: int
    modified_utc: datetime


def check_file(path: Path) -> os.stat_result:
    """Facts of a regular, readable, non-empty file.

    Raises:
        InputError: Anything else, in words for the user.
    """
    try:
        facts = path.stat()
    except FileNotFoundError as error:
        raise InputError(f"There is no file “{path.name}”.", "It may have been moved or renamed.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"The file “{path.name}” cannot be reached.", "Check the path and the drive.") from error
    if stat.S_ISDIR(facts.st_mode):
        raise InputError(f"“{path.name or path}” is a folder, not a file.", "Choose a video or picture inside it.")
    if not stat.S_ISREG(facts.st_mode):
        raise InputError(f"“{path.name}” is not an ordinary file.", "Copy its content to a file on disk first.")
    if facts.st_size == 0:
        raise InputError(f"The file “{path.name}” is empty.", "Ask for it again; the copy was probably interrupted.")
    return facts


def open_read_only(path: Path) -> BinaryIO:
    """Open a regular file for reading.

    Raises:
        InputError: It is missing, empty, a folder or not readable.
    """
    check_file(path)
    try:
        return path.open("rb", buffering=0)
    except PermissionError as error:
        raise InputError(
            f"You are not allowed to read the file “{path.name}”.",
            "Ask for read permission, or copy the file to a folder of your own.",
        ) from error
    except OSError as error:
        raise InputError(f"The file “{path.name}” cannot be opened.", "Check the drive it lies on.") from error


@contextmanager
def reading_whole(path: Path) -> Iterator[os.stat_result]:
    """The state of a file that is read within the block, and the same one at its end.

    Raises:
        InputError: The file is none that can be used, cannot be read to its end, or changed meanwhile.
    """
    before = check_file(path)
    try:
        yield before
    except OSError as error:
        raise InputError(f"The file “{path.name}” cannot be read to its end.", "Check the drive it lies on.") from error
    after = check_file(path)
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise _changed(path)


def _changed(path: Path) -> InputError:
    return InputError(
        f"The file “{path.name}” changed while it was read.", "Wait until it is written completely, then try again."
    )


def hash_file(path: Path, on_progress: ProgressFn = ignore_progress, cancel: CancelToken | None = None) -> FileHashes:
    """SHA-256 and SHA-512 of a file, read once.

    Args:
        path: The file.
        on_progress: Told of hashed bytes, stage ``"hash"``.
        cancel: Stops the work.

    Raises:
        InputError: The file cannot be read, or changed while it was read.
        Cancelled: The token was cancelled.
    """
    digest, done, token = FileDigest(), 0, cancel or CancelToken()
    with reading_whole(path) as state, open_read_only(path) as file:
        while data := file.read(HASH_BYTES):
            token.check()
            digest.update(data)
            done += len(data)
            on_progress(Progress("hash", done, state.st_size))
    if done != state.st_size:
        raise _changed(path)
    return FileHashes(digest.sha256, digest.sha512, done, datetime.fromtimestamp(state.st_mtime_ns / 1e9, UTC))


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


@contextmanager
def filling(folder: Path, is_own: Callable[[Path], bool] = lambda _: False) -> Iterator[Path]:
    """A temporary folder beside `folder` that takes its place once the block has ended without an error.

    On any error it is removed, and a folder that was there is as it was.

    Args:
        folder: Where the folder shall be; nothing, or an empty folder, may be there.
        is_own: Whether a folder that is there, and not empty, may be replaced.

    Raises:
        CaseError: Something else is there, or it cannot be written.
    """
    folder = folder.resolve()
    temporary = folder.parent / f".cotejo-{secrets.token_hex(6)}"
    try:
        is_there = folder.exists()
        if is_there and (not folder.is_dir() or (any(folder.iterdir()) and not is_own(folder))):
            raise CaseError(f"“{folder.name}” is there already and holds other files.", "Choose an empty folder.")
        temporary.mkdir()
        yield temporary
        for file in temporary.rglob("*"):
            if file.is_file():
                _flush(file)
        _swap(temporary, folder, is_there)
        _flush_folder(folder.parent)
    except OSError as error:
        raise CaseError(f"“{folder.name}” could not be written: {_reason(error)}.", _hint(error)) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _swap(temporary: Path, folder: Path, is_there: bool) -> None:
    earlier = temporary.with_name(f"{temporary.name}-earlier")
    if is_there:
        os.replace(folder, earlier)
    try:
        os.replace(temporary, folder)
    except OSError:
        if is_there:
            os.replace(earlier, folder)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def checksum_line(sha256: str, name: str) -> str:
    r"""A line as `sha256sum` writes it and checks it with ``-c``.

    >>> checksum_line("ab", "clip.mp4"), checksum_line("ab", "a\nb")
    ('ab  clip.mp4\n', '\\ab  a\\nb\n')
    """
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return f"{'' if escaped == name else chr(92)}{sha256}  {escaped}\n"


def write_checksum(path: Path, sha256: str = "") -> Path:
    """Write ``NAME.sha256`` beside a file that was exported; ``sha256sum -c NAME.sha256`` checks it.

    Args:
        path: The file.
        sha256: Its hash where it is known; else it is hashed here.

    Raises:
        InputError: The file cannot be read.
        CaseError: The checksum cannot be written.
    """
    line = checksum_line(sha256 or hash_file(path).sha256, path.name)
    target = path.with_name(f"{path.name}.sha256")
    with replacing(target) as temporary:
        temporary.write_bytes(os.fsencode(line))
    return target


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
