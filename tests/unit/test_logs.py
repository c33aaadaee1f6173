import faulthandler
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app import logs, paths

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _stop_logging():
    was_enabled = faulthandler.is_enabled()
    yield
    logs.stop_logging()
    logging.getLogger("desktop_app").setLevel(logging.NOTSET)
    if was_enabled:
        faulthandler.enable(sys.__stderr__)


def raise_and_catch(text: str) -> logs.ExcInfo:
    try:
        raise RuntimeError(text)
    except RuntimeError as error:
        return type(error), error, error.__traceback__


def test_records_reach_the_file(cotejo_home: Path) -> None:
    path = logs.setup_logging()
    assert path == cotejo_home / "logs" / "cotejo.log"
    logging.getLogger("desktop_app.media").info("opened clip ä")
    logging.getLogger("desktop_app.media").debug("too fine")
    logging.getLogger("elsewhere").info("not ours")
    logging.getLogger("elsewhere").warning("a complaint")
    text = path.read_text(encoding="utf-8")
    assert "INFO desktop_app.media [MainThread] opened clip ä" in text
    assert "a complaint" in text
    assert "too fine" not in text
    assert "not ours" not in text


def test_verbose_takes_debug_and_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    path = logs.setup_logging(verbose=True)
    logging.getLogger("desktop_app.media").debug("fine grain")
    assert "fine grain" in path.read_text(encoding="utf-8")
    assert "fine grain" in capsys.readouterr().err


def test_quiet_shows_warnings_only(capsys: pytest.CaptureFixture[str]) -> None:
    logs.setup_logging()
    logging.getLogger("desktop_app").info("whisper")
    logging.getLogger("desktop_app").warning("shout")
    err = capsys.readouterr().err
    assert "shout" in err
    assert "whisper" not in err


def test_a_second_call_replaces_the_first() -> None:
    before = list(logging.getLogger().handlers)
    logs.setup_logging()
    path = logs.setup_logging()
    logging.getLogger("desktop_app").info("once")
    assert path.read_text(encoding="utf-8").count("once") == 1
    logs.stop_logging()
    assert logging.getLogger().handlers == before
    logs.stop_logging()


def test_the_file_rotates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 2000)
    path = logs.setup_logging()
    for number in range(200):
        logging.getLogger("desktop_app").info("record %d", number)
    names = sorted(p.name for p in path.parent.glob("cotejo.log*"))
    assert names == ["cotejo.log", *(f"cotejo.log.{n}" for n in range(1, logs.BACKUPS + 1))]
    assert all(p.stat().st_size <= 2000 for p in path.parent.glob("cotejo.log*"))


def test_without_a_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    path = logs.setup_logging(verbose=True)
    logging.getLogger("desktop_app").warning("heard")
    assert "heard" in path.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setenv("COTEJO_HOME", str(blocker))
    path = logs.setup_logging()
    assert not path.exists()
    assert "No log is kept" in capsys.readouterr().err
    assert logs.log_crash(raise_and_catch("x")) == logs.crash_log()


def test_a_bug_is_written_with_its_traceback() -> None:
    logs.setup_logging()
    path = logs.log_crash(raise_and_catch("first \ud800"))
    logs.log_crash(raise_and_catch("second"))
    text = path.read_text(encoding="utf-8")
    assert path == paths.log_dir() / "crash.log"
    assert "in raise_and_catch" in text
    assert text.index("RuntimeError: first") < text.index("RuntimeError: second")
    assert text.count("--- 2") == 2
    assert "Unexpected error: RuntimeError: second" in (paths.log_dir() / "cotejo.log").read_text(encoding="utf-8")


def test_a_bug_is_written_even_before_logging_starts(caplog: pytest.LogCaptureFixture) -> None:
    path = logs.log_crash(raise_and_catch("early"))
    assert "early" in path.read_text(encoding="utf-8")
    assert "early" in caplog.text


def test_a_large_crash_log_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 10)
    logs.log_crash(raise_and_catch("old"))
    logs.setup_logging()
    assert "old" in (paths.log_dir() / "crash.old.log").read_text(encoding="utf-8")
    assert logs.crash_log().read_text(encoding="utf-8") == ""


def test_a_crash_of_native_code_leaves_a_trace(cotejo_home: Path, tmp_path: Path) -> None:
    code = "from desktop_app import logs; import faulthandler; logs.setup_logging(); faulthandler._sigsegv()"
    environment = os.environ | {"PYTHONPATH": str(REPO)}
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, timeout=60
    )
    assert answer.returncode != 0
    text = (cotejo_home / "logs" / "crash.log").read_text(encoding="utf-8")
    assert "<module>" in text
