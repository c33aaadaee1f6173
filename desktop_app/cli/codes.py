"""What the command line ends with."""

from desktop_app.errors import AppError, CaseError, DeviceError, InputError, ModelError


class UsageError(InputError):
    """What was typed makes no sense, whatever the item."""


EXIT_CODES: dict[type[AppError], int] = {UsageError: 2, InputError: 3, ModelError: 4, CaseError: 5, DeviceError: 6}
"""The first kind that fits counts."""

EPILOG = (
    "Exit codes: 0 done; 1 a fault of the program, see the crash log; 2 wrong usage; 3 an item cannot be used; "
    "4 a model cannot be used; 5 a file cannot be read or written; 6 a device cannot be used; 7 a case or "
    "report is not intact; 130 cancelled. Of several items the others are analysed all the same, and the code is that "
    "of the first that failed."
)

NOT_INTACT, CANCELLED = 7, 130


def exit_code_of(error: AppError) -> int:
    """Exit code of an error that is the user's business."""
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)
