"""Files of a data set: which are images or videos, and work on many of them in processes of their own."""

import os
import signal
import stat
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import cv2
import torch
from torch.utils.data import DataLoader, Dataset

from desktop_app.errors import InputError, plain_cause

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
VIDEO_SUFFIXES = frozenset(
    {".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".ts", ".wmv", ".flv", ".gif"}
)

# what says nothing of a file's content
UNSEEN = frozenset({"missing", "not_a_file", "not_read"})

Item = TypeVar("Item")
Result = TypeVar("Result")


def is_video(path: Path) -> bool:
    """Whether a file's name says video."""
    return path.suffix.lower() in VIDEO_SUFFIXES


def presence(path: Path) -> tuple[str, str]:
    """Whether there is a file to read: one of `UNSEEN` and why, both empty where there is one."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        # a name with a null character is a ValueError
        return "missing", "There is no such file."
    except OSError as error:
        return "not_read", plain_cause(error)
    if stat.S_ISREG(mode):
        return "", ""
    return "not_a_file", "It is a folder." if stat.S_ISDIR(mode) else "It is no ordinary file."


def find_media(root: Path) -> list[Path]:
    """Images and videos below a folder, in order of their paths; hidden ones are left out.

    Raises:
        InputError: There is no such folder.
    """
    if not root.is_dir():
        raise InputError(f"There is no folder {root}.")
    wanted = IMAGE_SUFFIXES | VIDEO_SUFFIXES
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(folder, name) for name in names if not name.startswith(".")]
    return sorted(path for path in found if path.suffix.lower() in wanted)


class _Work(Dataset[Result], Generic[Item, Result]):
    """One result per item, made when asked for."""

    def __init__(self, function: Callable[[Item], Result], items: Sequence[Item]) -> None:
        self._function = function
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, place: int) -> Result:
        return self._function(self._items[place])


def work_through(
    function: Callable[[Item], Result], items: Sequence[Item], workers: int = 0, context: str = "spawn"
) -> Generator[Result, None, None]:
    """Results in the order of the items.

    Args:
        function: Can be pickled; a worker has its own copy and a single thread.
        items: What it is called with.
        workers: Processes; 0 works in this one. They end when this one does, even if it is killed.
        context: How processes are started.

    Yields:
        One result per item.
    """
    if workers < 1:
        yield from map(function, items)
        return
    yield from DataLoader(
        _Work(function, items),
        batch_size=None,
        num_workers=min(workers, max(1, len(items))),
        prefetch_factor=4,
        worker_init_fn=_start_worker,
        multiprocessing_context=context,
    )


def _start_worker(number: int) -> None:
    # Ctrl+C reaches every process of a terminal: the main one decides what it means
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)
    cv2.setNumThreads(0)
