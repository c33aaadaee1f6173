import threading
import time

import pytest

from desktop_app.progress import Cancelled, CancelToken, Progress, ignore_progress


@pytest.mark.parametrize(("done", "total", "fraction"), [(0, 4, 0.0), (1, 4, 0.25), (4, 4, 1.0), (5, 4, 1.0)])
def test_fraction(done: int, total: int, fraction: float) -> None:
    assert Progress("hash", done, total).fraction == fraction


def test_an_unknown_total_has_no_fraction() -> None:
    assert Progress("hash", 7, 0).fraction is None


def test_nobody_need_watch() -> None:
    ignore_progress(Progress("hash", 1, 2))


def test_cancelling_reaches_another_thread() -> None:
    token = CancelToken()
    outcome = []

    def work() -> None:
        try:
            for _ in range(5000):
                token.check()
                time.sleep(0.001)
        except Cancelled:
            outcome.append("cancelled")

    token.check()
    assert not token.is_cancelled
    thread = threading.Thread(target=work)
    thread.start()
    token.cancel()
    thread.join(5)
    assert outcome == ["cancelled"]
    assert token.is_cancelled


def test_cancelling_is_no_error_of_the_users() -> None:
    assert not issubclass(Cancelled, (OSError, ValueError, RuntimeError))
