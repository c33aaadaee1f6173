"""What commands of the training rooms share: files that cannot be written, and messages that belong to the user."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

from desktop_app.errors import CaseError, plain_cause


@contextlib.contextmanager
def writing_to(out: Path) -> Iterator[None]:
    """Work that writes to a file or folder: a full disk or a folder without permission is no bug.

    Raises:
        CaseError: A file could not be read or written.
    """
    try:
        yield
    except BrokenPipeError:
        # standard output was closed, which says nothing of the files
        raise
    except (FileExistsError, NotADirectoryError) as error:
        message = f"The work on {out} stopped: a part of the path is a file, not a folder."
        raise CaseError(message, "Choose another place, or move that file away.") from error
    except OSError as error:
        name = f"{Path(error.filename).name}: " if isinstance(error.filename, str) else ""
        message = f"The work on {out} stopped: a file cannot be read or written."
        raise CaseError(message, f"{name}{plain_cause(error)}") from error


@contextlib.contextmanager
def training_messages(level: int, form: str) -> Iterator[None]:
    """What the training rooms say, once and plainly on standard error instead of as lines of the program's log.

    Args:
        level: From which level on.
        form: Format of a line.
    """
    logger, handler = logging.getLogger("desktop_app.training"), logging.StreamHandler()
    handler.setFormatter(logging.Formatter(form))
    handler.setLevel(level)
    # files keep their lines; handlers derived from the stream's are those of files
    others = [h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler]
    before = logger.level

    def is_other(record: logging.LogRecord) -> bool:
        return not record.name.startswith(logger.name)

    for other in others:
        other.addFilter(is_other)
    logger.addHandler(handler)
    logger.setLevel(level)
    try:
        yield
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)
        for other in others:
            other.removeFilter(is_other)
