"""Where the command line writes: results to standard output, all else to standard error."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from desktop_app.progress import CancelToken, Progress, ProgressFn

STAGE_NAMES = {
    "hash": "Hashing",
    "index": "Indexing",
    "demo": "Making the demo clip",
    "analyse": "Analysing",
    "video": "Writing the video",
    "train": "Training",
    "evaluate": "Evaluating",
    "extract": "Cutting faces",
}


def error_console() -> Console:
    """Console on standard error."""
    return Console(stderr=True, soft_wrap=True)


def write_out(text: str) -> None:
    """A line of a result on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def progress_bar() -> Iterator[ProgressFn]:
    """A bar per stage on standard error; nothing where that is no terminal."""
    console = error_console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, int] = {}

        def show(progress: Progress) -> None:
            name = STAGE_NAMES.get(progress.stage, progress.stage)
            if progress.stage not in tasks:
                tasks[progress.stage] = bars.add_task(name)
            bars.update(tasks[progress.stage], completed=progress.done, total=progress.total or None)  # type: ignore[arg-type]

        yield show


@contextlib.contextmanager
def cancel_on_interrupt() -> Iterator[CancelToken]:
    """A token that the first Ctrl+C cancels; the second one ends the program."""
    token = CancelToken()
    if threading.current_thread() is not threading.main_thread():
        yield token
        return
    before = signal.getsignal(signal.SIGINT)

    def stop(number: int, frame: FrameType | None) -> None:
        token.cancel()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, stop)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, before)
