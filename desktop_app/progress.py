"""Progress of long work and its cancellation, for any thread and without Qt."""

import threading
from collections.abc import Callable
from dataclasses import dataclass


class Cancelled(Exception):
    """Raised inside long work when its token was cancelled. An outcome, never shown as an error."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One report of progress.

    Args:
        stage: A short key of what is being done, such as ``"hash"`` or ``"analyse"``.
        done: Units finished, in the unit of ``total``.
        total: Units in all; 0 when not known.
        rate_per_s: Units per second lately, or None when not yet known.
        remaining_s: Estimated seconds left, or None when not known.
        note: What else is worth a look, such as the last losses; may be empty.
    """

    stage: str
    done: int
    total: int
    rate_per_s: float | None = None
    remaining_s: float | None = None
    note: str = ""

    @property
    def fraction(self) -> float | None:
        """Share done in [0, 1], or None when the total is not known.

        >>> Progress("hash", 1, 4).fraction
        0.25
        """
        return min(1.0, self.done / self.total) if self.total > 0 else None


ProgressFn = Callable[[Progress], None]


def ignore_progress(progress: Progress) -> None:
    """A `ProgressFn` for callers that do not watch."""


class CancelToken:
    """A flag that one thread sets and the working threads look at."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def check(self) -> None:
        """Stop here if cancelled.

        Raises:
            Cancelled: `cancel` was called.
        """
        if self._event.is_set():
            raise Cancelled
