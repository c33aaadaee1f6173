"""Where the command line writes: results to standard output, all else to standard error."""

import contextlib
import re
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from types import FrameType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from desktop_app.errors import AppError
from desktop_app.progress import CancelToken, Progress, ProgressFn
from desktop_app.reports.error_texts import error_text

STAGE_NAMES = {
    "hash": "Hashing",
    "index": "Indexing",
    "traces": "Reading traces",
    "demo": "Making the demo clip",
    "analyse": "Analysing",
    "exhibits": "Keeping key frames",
    "benchmark": "Naive loop",
    "video": "Writing the video",
    "archive": "Packing",
    "unpack": "Unpacking",
    "train": "Training",
    "evaluate": "Evaluating",
    "extract": "Cutting faces",
    "check": "Looking at files",
    "compare": "Comparing",
    "calibrate": "Calibrating",
}


_typed: list[str] = []


def listen(arguments: Sequence[str]) -> None:
    """Keep what was typed: it may ask for a language, which errors are then worded in."""
    _typed[:] = arguments


def error_console() -> Console:
    """Console on standard error."""
    return Console(stderr=True, soft_wrap=True)


def printable(text: str) -> str:
    """A text without the control characters and broken Unicode that a file's name may bring to a terminal.

    >>> printable(f"a{chr(27)}b") == f"a{chr(92)}x1bb"
    True
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def complain(title: str, text: str, hint: str = "") -> None:
    """A message on standard error."""
    console = error_console()
    console.print(f"[bold]{escape(printable(title))}:[/bold] {escape(printable(text))}", highlight=False)
    if hint:
        console.print(escape(printable(hint)), highlight=False)


def complain_of(error: AppError, title: str = "Error") -> None:
    """An error that is the user's business, with its hint, on standard error, in the language of the command."""
    from desktop_app.cli.app import language_in

    complain(title, *error_text(error, language_in(_typed)))


def write_out(text: str) -> None:
    """Lines of a result on standard output; what its encoding lacks, and what would steer a terminal, is escaped."""
    text = re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", lambda found: printable(found[0]), text)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def progress_bar() -> Iterator[ProgressFn]:
    """A bar per stage on standard error; nothing where that is no terminal."""
    console = error_console()
    text = TextColumn("{task.fields[note]}", markup=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), text)
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, int] = {}

        def show(progress: Progress) -> None:
            name = STAGE_NAMES.get(progress.stage, progress.stage)
            if progress.stage not in tasks:
                tasks[progress.stage] = bars.add_task(name, note="")
            total = progress.total or None
            bars.update(tasks[progress.stage], completed=progress.done, total=total, note=progress.note)  # type: ignore[arg-type]

        yield show


@contextlib.contextmanager
def cancel_on_interrupt() -> Iterator[CancelToken]:
    """A token that the first Ctrl+C cancels; the second one ends the program."""
    token = CancelToken()
    if threading.current_thread() is not threading.main_thread():
        yield token
        return
    # None where something other than Python set it
    before = signal.getsignal(signal.SIGINT) or signal.default_int_handler

    def stop(number: int, frame: FrameType | None) -> None:
        token.cancel()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, stop)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, before)
