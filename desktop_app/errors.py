"""Errors that are the user's business. Anything else that is raised is a bug and goes to the crash log."""


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
