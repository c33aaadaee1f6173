"""The command line. No Qt behind it; heavy rooms are imported when a command needs them.

Exit codes: 0 done; 1 a bug, see the crash log; 2 wrong usage; 3 an item cannot be used; 4 a model cannot be used;
5 a result cannot be read or written; 6 a device cannot be used; 130 cancelled. With several items the others are still
analysed, and the code is that of the first failure.
"""

import sys
from collections.abc import Sequence

from desktop_app.cli.app import build_app, exit_code_of
from desktop_app.cli.console import error_console
from desktop_app.errors import AppError
from desktop_app.logs import log_crash, setup_logging
from desktop_app.progress import Cancelled

CANCELLED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: Arguments without the program's name; None takes those of the process.

    Returns:
        The exit code.
    """
    setup_logging()
    console = error_console()
    try:
        code = build_app()(args=list(sys.argv[1:] if argv is None else argv), prog_name="cotejo", standalone_mode=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except (Cancelled, KeyboardInterrupt):
        console.print("Cancelled.")
        return CANCELLED
    except AppError as error:
        console.print(f"[bold]Error:[/bold] {error.user_message}", highlight=False)
        if error.hint:
            console.print(error.hint, highlight=False)
        return exit_code_of(error)
    except Exception as error:  # noqa: BLE001 - the last stop before the user
        path = log_crash((type(error), error, error.__traceback__))
        console.print(f"Something went wrong that should not. Details are in {path}.", highlight=False)
        return 1
    return code if isinstance(code, int) else 0
