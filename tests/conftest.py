"""Guards and fixtures that every test gets.

Guards: a test fails when it leaves a thread running, when it reaches for the network (even if the code under test
swallows the refusal), and, by `filterwarnings` and `qt_log_level_fail` in pyproject.toml, when Python or Qt warns.
Every test has a user folder of its own.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest

REPO = Path(__file__).resolve().parent.parent
THREAD_GRACE_S = 3.0
# pytest-timeout's own watchdog, where signals do not exist
THREADS_OF_PYTEST = ("pytest_timeout",)
LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyaddr", "socket.gethostbyname", "socket.getnameinfo"})
NETWORK_EVENTS = LOOKUPS | {"socket.bind", "socket.connect", "socket.sendmsg", "socket.sendto"}

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# read by torch when it is first imported; more threads only fight over the cores of a small machine
os.environ["OMP_NUM_THREADS"] = str(min(2, int(os.environ.get("OMP_NUM_THREADS", "2"))))
os.environ["MKL_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"]

# no deadline on a busy machine, and the same examples on every run
hypothesis.settings.register_profile("cotejo", deadline=None, derandomize=True)
hypothesis.settings.load_profile("cotejo")

_network_attempts: list[str] = []


class NetworkRefusedError(RuntimeError):
    """A test reached for the network."""


def _is_local(event: str, args: tuple[Any, ...]) -> bool:
    if event in LOOKUPS:
        return False
    family = getattr(args[0], "family", None)
    if family is not None and family.name == "AF_UNIX":
        return True
    # Windows has no AF_UNIX in Python: its socketpair, and so every event loop, talks to itself over loopback
    address = args[1] if len(args) > 1 else None
    return sys.platform == "win32" and isinstance(address, tuple) and address[0] in ("127.0.0.1", "::1")


def _refuse_network(event: str, args: tuple[Any, ...]) -> None:
    if event in NETWORK_EVENTS and not _is_local(event, args):
        _network_attempts.append(f"{event}{args if event in LOOKUPS else args[1:]}")
        raise NetworkRefusedError(f"no test may use the network: {_network_attempts[-1]}")


def pytest_configure() -> None:
    # an audit hook also sees the C sockets under every library, and imports while tests are collected
    sys.addaudithook(_refuse_network)


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    _network_attempts.clear()
    yield
    attempts = list(_network_attempts)
    _network_attempts.clear()
    assert not attempts, f"the test reached for the network: {attempts}"


def _is_running(thread: threading.Thread) -> bool:
    if isinstance(thread, threading._DummyThread):
        # a thread Python did not start, such as a QThread, stays in its list after its end
        task = Path(f"/proc/self/task/{thread.native_id}")
        return task.exists() if sys.platform.startswith("linux") else False
    return thread.is_alive()


@pytest.fixture(autouse=True)
def _no_dangling_threads() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_GRACE_S
    while True:
        left = [t for t in threading.enumerate() if t not in before and _is_running(t)]
        left = [t for t in left if not t.name.startswith(THREADS_OF_PYTEST)]
        if not left or time.monotonic() > deadline:
            break
        time.sleep(0.02)
    assert not left, f"threads still run after the test: {[t.name for t in left]}"


@pytest.fixture(autouse=True)
def cotejo_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user folder of the test's own; not made yet, as on a user's first start."""
    home = tmp_path / "cotejo-home"
    monkeypatch.setenv("COTEJO_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def bench_dir() -> Path:
    """Folder of real clips with their `manifest.csv`; skips where it is absent."""
    folder = Path(os.environ.get("COTEJO_BENCH") or REPO.parent / "shared" / "bench")
    if not folder.is_dir():
        pytest.skip("the folder of real clips is absent: set COTEJO_BENCH")
    return folder


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    """(512, 512, 3) uint8 RGB, read-only: a public-domain portrait of one person."""
    from skimage import data

    image = np.asarray(data.astronaut())
    image.flags.writeable = False
    return image
