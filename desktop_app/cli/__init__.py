"""The command line. No Qt behind it; heavy rooms are imported when a command needs them."""

import sys
from collections.abc import Sequence

from desktop_app.cli.app import build_app
from desktop_app.cli.codes import CANCELLED, exit_code_of
from desktop_app.cli.console import complain, complain_of, listen
from desktop_app.errors import AppError
from desktop_app.logs import log_crash, setup_logging, stop_logging
from desktop_app.progress import Cancelled


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: Arguments without the program's name; None takes those of the process.

    Returns:
        The exit code.
    """
    setup_logging()
    arguments = list(sys.argv[1:] if argv is None else argv)
    listen(arguments)
    try:
        build_app()(args=arguments, prog_name="cotejo")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except (Cancelled, KeyboardInterrupt):
        complain("Cancelled", "nothing more was done.")
        return CANCELLED
    except AppError as error:
        complain_of(error)
        return exit_code_of(error)
    except Exception as error:  # noqa: BLE001 - the last stop before the user
        path = log_crash((type(error), error, error.__traceback__))
        complain("Something went wrong that should not", f"details are in {path}.")
        return 1
    finally:
        stop_logging()
    return 0
