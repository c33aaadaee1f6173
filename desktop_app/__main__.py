"""The command ``cotejo``: the workstation without a command, the command line with one."""

import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path

WINDOW_OPTIONS = ("--demo", "--analyze", "--safe-mode")


def wants_window(argv: Sequence[str]) -> bool:
    """Whether the arguments ask for the workstation: none, its own options, or a file.

    >>> wants_window([]), wants_window(["--demo"]), wants_window(["clip.mp4"])
    (True, True, True)
    >>> wants_window(["analyze", "clip.mp4"]), wants_window(["--version"])
    (False, False)
    """
    if not argv or argv[0] in WINDOW_OPTIONS:
        return True
    first = argv[0]
    if first.startswith("-"):
        return False
    # the name of a command has neither an ending nor a folder; a file called like one needs ./ before it
    return Path(first).suffix != "" or "/" in first or "\\" in first


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with its arguments and return the exit code."""
    if getattr(sys, "frozen", False):
        # a bundle starts itself again for every process that prepares images for a training
        multiprocessing.freeze_support()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if wants_window(arguments):
        from desktop_app.ui.app import main as window_main

        return window_main(arguments)
    from desktop_app.cli import main as command_main

    return command_main(arguments)


if __name__ == "__main__":
    sys.exit(main())
