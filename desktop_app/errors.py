"""Errors that are the user's business. Anything else that is raised is a bug and goes to the crash log."""

import errno

_CAUSES = {
    errno.ENOENT: "There is no such file or folder.",
    errno.EACCES: "You may not read or write there.",
    errno.EPERM: "You may not read or write there.",
    errno.EROFS: "The disk can only be read.",
    errno.EISDIR: "It is a folder.",
    errno.ENOTDIR: "A part of the path is a file, not a folder.",
    errno.ENOSPC: "The disk is full.",
    errno.ENAMETOOLONG: "The name is too long.",
}


def plain_cause(error: Exception) -> str:
    """Why a file cannot be read or written, in a sentence without number and path.

    Args:
        error: Of the operating system, of decoding text, or any other, whose own words are given back.

    >>> plain_cause(FileNotFoundError(errno.ENOENT, "No such file or directory", "a.csv"))
    'There is no such file or folder.'
    """
    if isinstance(error, UnicodeDecodeError):
        return "It is not text in UTF-8."
    if not isinstance(error, OSError):
        return str(error)
    words = error.strerror or str(error) or type(error).__name__
    return _CAUSES.get(error.errno or 0, f"{words[0].upper()}{words[1:].rstrip('.')}.")


class AppError(Exception):
    """A failure that a user can understand and act upon.

    Args:
        user_message: One plain sentence that says what happened.
        hint: What to try next; may be empty.
    """

    def __init__(self, user_message: str, hint: str = "") -> None:
        super().__init__(user_message)
        self.user_message = user_message
        self.hint = hint


class InputError(AppError):
    """The item under examination, or a value the user gave, cannot be used."""


class ModelError(AppError):
    """A model's card or weights are missing, damaged or do not match."""


class CaseError(AppError):
    """A stored case or result cannot be read or written."""


class DeviceError(AppError):
    """A compute device is missing or ran out of memory."""
