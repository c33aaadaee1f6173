"""Each guard of tests/conftest.py fails a test that deserves it, and only such a test."""

import os
import socket
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]

LEAKS = """
    import os
    import socket
    import sys
    import threading
    import warnings

    import pytest


    @pytest.fixture(scope="session")
    def release():
        event = threading.Event()
        yield event
        event.set()


    def test_clean(cotejo_home, tmp_path):
        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join()
        assert os.environ["COTEJO_HOME"] == str(cotejo_home)
        assert tmp_path in cotejo_home.parents


    def test_thread(release):
        threading.Thread(target=release.wait, name="forgotten", daemon=True).start()


    def test_qt_thread(release):
        from PySide6.QtCore import QThread

        class Worker(QThread):
            def run(self):
                threading.current_thread()
                release.wait()

        worker = Worker()
        release.worker = worker
        worker.start()
        while not any(isinstance(t, threading._DummyThread) for t in threading.enumerate()):
            pass


    def test_warning():
        warnings.warn("old", DeprecationWarning)


    def test_unclosed_file(tmp_path):
        open(tmp_path / "x", "w")


    def test_qt_warning():
        from PySide6.QtCore import qWarning

        qWarning("something is off")


    def test_network():
        socket.create_connection(("192.0.2.1", 80), timeout=1)


    def test_swallowed_lookup():
        try:
            socket.getaddrinfo("example.invalid", 80)
        except Exception:
            pass


    def test_bench(bench_dir):
        raise AssertionError("reached without the folder")
"""

EXPECTED_FAILURES = {
    "test_thread": "ERROR",
    "test_warning": "FAILED",
    "test_unclosed_file": "FAILED",
    "test_qt_warning": "FAILED",
    "test_network": "FAILED",
    "test_swallowed_lookup": "ERROR",
}


def test_every_guard_catches_its_culprit(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makeconftest((REPO / "tests" / "conftest.py").read_text(encoding="utf-8").replace("= 3.0", "= 0.2"))
    file = pytester.makepyfile(test_leaks=LEAKS)
    monkeypatch.setenv("COTEJO_BENCH", str(pytester.path / "absent"))
    config = ("-c", str(REPO / "pyproject.toml"), "--rootdir", str(pytester.path), "-p", "no:cacheprovider")
    result = pytester.runpytest_subprocess(*config, str(file), timeout=120)
    text = result.stdout.str()
    expected = dict(EXPECTED_FAILURES)
    if sys.platform.startswith("linux"):
        expected["test_qt_thread"] = "ERROR"
    for name, kind in expected.items():
        assert f"{kind} test_leaks.py::{name}" in text, text
    for kind in ("ERROR", "FAILED"):
        assert f"{kind} test_leaks.py::test_clean" not in text
    assert "forgotten" in text
    counts = result.parseoutcomes()
    assert counts["skipped"] == 1
    assert counts["failed"] + counts["errors"] >= len(expected)


def test_local_sockets_are_allowed() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"x")
        assert theirs.recv(1) == b"x"


def test_portrait_is_there_without_the_network(astronaut) -> None:
    assert astronaut.shape == (512, 512, 3)
    assert not astronaut.flags.writeable


def test_threads_of_the_numeric_libraries_are_few() -> None:
    assert 1 <= int(os.environ["OMP_NUM_THREADS"]) <= 2
