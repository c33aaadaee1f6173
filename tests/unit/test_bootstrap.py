import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

import bootstrap

REPO = Path(__file__).resolve().parents[2]
LINUX = sys.platform.startswith("linux")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What the set-up reads of a checkout."""
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_bytes((REPO / name).read_bytes())
    return tmp_path


def make_ready(venv: Path, stamp: str, root: Path) -> None:
    python = bootstrap.venv_python(venv)
    python.parent.mkdir(parents=True)
    python.write_text("")
    (venv / stamp).write_text(bootstrap.fingerprint(root))


def test_it_needs_the_standard_library_alone() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import bootstrap; print(bootstrap.ROOT)"
    answer = subprocess.run([sys.executable, "-I", "-S", "-c", code, str(REPO)], capture_output=True, text=True)
    assert answer.stdout.strip() == str(REPO), answer.stderr


def test_an_old_python_is_told_so() -> None:
    bootstrap.check_python((3, 11))
    bootstrap.check_python((4, 0))
    with pytest.raises(bootstrap.SetupError, match=r"needs Python 3\.11 or newer; this is 3\.9"):
        bootstrap.check_python((3, 9))


def test_a_finished_set_up_is_recognised(clone: Path) -> None:
    venv = clone / ".venv"
    assert not bootstrap.is_ready("", venv, clone)
    make_ready(venv, "cotejo-run.stamp", clone)
    assert bootstrap.is_ready("", venv, clone)
    assert not bootstrap.is_ready("dev", venv, clone)


def test_the_set_up_of_the_tests_includes_the_programs(clone: Path) -> None:
    venv = clone / ".venv"
    make_ready(venv, "cotejo-dev.stamp", clone)
    assert bootstrap.is_ready("dev", venv, clone)
    assert bootstrap.is_ready("", venv, clone)


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_requirement_sets_up_again(clone: Path, name: str) -> None:
    venv = clone / ".venv"
    make_ready(venv, "cotejo-dev.stamp", clone)
    with (clone / name).open("a") as file:
        file.write("# changed\n")
    assert not bootstrap.is_ready("dev", venv, clone)


def test_a_moved_or_emptied_folder_sets_up_again(clone: Path) -> None:
    venv = clone / ".venv"
    make_ready(venv, "cotejo-dev.stamp", clone)
    bootstrap.venv_python(venv).unlink()
    assert not bootstrap.is_ready("dev", venv, clone)


def test_a_missing_library_is_named_with_its_package() -> None:
    wanted = {"libdoes_not_exist.so.9": "libdoesnotexist9"}
    assert bootstrap.missing_libraries(wanted) == wanted


@pytest.mark.skipif(not LINUX, reason="names of Linux libraries")
def test_a_present_library_is_not_missing() -> None:
    assert bootstrap.missing_libraries({"libc.so.6": "libc6", "libm.so.6": "libc6"}) == {}


@pytest.mark.skipif(not LINUX, reason="names of Linux libraries")
def test_the_table_holds_what_qt_links_to() -> None:
    import PySide6

    qt = Path(PySide6.__file__).parent / "Qt"
    files = [qt / "lib" / f"libQt6{part}.so.6" for part in ("Core", "Gui", "Widgets", "DBus", "XcbQpa")]
    files += [qt / "plugins" / "platforms" / "libqxcb.so", qt / "plugins" / "platforms" / "libqoffscreen.so"]
    linked = set()
    for file in files:
        listing = subprocess.run(["ldd", file], capture_output=True, text=True, check=False).stdout
        linked |= set(re.findall(r"^\s*(lib(?:EGL|GL|X11|xkb|xcb-|dbus|fontconfig|glib)\S*)", listing, re.MULTILINE))
    assert len(linked) > 15
    # these come with the packages of the others
    linked -= {"libGLX.so.0", "libGLdispatch.so.0", "libxcb-util.so.1", "libxcb-glx.so.0"}
    assert linked <= set(bootstrap.IMPORT_LIBRARIES | bootstrap.WINDOW_LIBRARIES)


def test_advice_follows_the_package_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = {"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1"}
    for tool, advice in (
        ("apt-get", "sudo apt-get install -y --no-install-recommends libegl1 libgl1"),
        ("dnf", "sudo dnf install 'libEGL.so.1()(64bit)' 'libGL.so.1()(64bit)'"),
        ("none", "packages of your distribution"),
    ):
        monkeypatch.setattr(bootstrap.shutil, "which", lambda name, tool=tool: name if name == tool else None)
        assert advice in bootstrap.library_advice(missing)


def test_root_installs_without_sudo() -> None:
    assert bootstrap.apt_command(["libegl1"], is_root=True)[0] == "apt-get"
    assert bootstrap.apt_command(["libegl1"], is_root=False)[:2] == ["sudo", "apt-get"]


@pytest.mark.parametrize(
    ("output", "hint"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying after connection broken by 'NewConnectionError'", "Check the network"),
        ("ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Auth'))", "HTTPS_PROXY="),
        ("ERROR: No matching distribution found for torch==2.15.0", "no build of a pinned package"),
        ("ERROR: something new", "Removing the folder .venv"),
    ],
)
def test_a_failed_installation_says_what_to_do(output: str, hint: str) -> None:
    assert hint in bootstrap.pip_hint(output)


def failing_python(tmp_path: Path, text: str) -> str:
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\necho {shlex.quote(text)} >&2\nexit 1\n")
    script.chmod(0o755)
    return str(script)


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for the interpreter")
@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("The virtual environment was not created because ensurepip is not available", "python3-venv"),
        ("No module named venv", "python3-venv"),
        ("Permission denied", "could not be made: Permission denied"),
    ],
)
def test_without_venv_it_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, advice: str
) -> None:
    monkeypatch.setattr(bootstrap.sys, "executable", failing_python(tmp_path, text))
    with pytest.raises(bootstrap.SetupError, match=advice):
        bootstrap.make_venv(tmp_path / "venv")
    assert not (tmp_path / "venv").exists()


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for the interpreter")
def test_a_failed_pip_stops_with_advice(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    python = failing_python(clone, "[Errno 28] No space left on device")
    monkeypatch.setattr(bootstrap, "venv_python", lambda venv: Path(python))
    with pytest.raises(bootstrap.SetupError, match="disk is full"):
        bootstrap.install("dev", clone / ".venv", clone)
    assert "No space left" in capfd.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for the interpreter")
@pytest.mark.parametrize(("free_gb", "keeps_copies"), [(8, False), (12, False), (14, True)])
def test_pip_keeps_no_copies_where_room_is_short(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], free_gb: int, keeps_copies: bool
) -> None:
    python = clone / "python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(bootstrap, "venv_python", lambda venv: python)
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda folder: SimpleNamespace(free=free_gb * 10**9))
    bootstrap.install("dev", clone / ".venv", clone)
    said = capfd.readouterr().out
    assert f"-e {clone}[dev]" in said
    assert ("--no-cache-dir" not in said) is keeps_copies
    assert ("GB are free here" in said) is (free_gb < bootstrap.NEEDED_GB)


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for the interpreter")
def test_an_import_that_fails_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = failing_python(tmp_path, "ImportError: libEGL.so.1: cannot open shared object file")
    monkeypatch.setattr(bootstrap, "venv_python", lambda venv: Path(python))
    with pytest.raises(bootstrap.SetupError, match=r"does not load: ImportError: libEGL\.so\.1"):
        bootstrap.check_imports()


def test_this_environment_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "venv_python", lambda venv: Path(sys.executable))
    bootstrap.check_imports()


def test_a_broken_environment_is_made_anew(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    python = bootstrap.venv_python(venv)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (venv / "leftover").write_text("")
    bootstrap.make_venv(venv)
    assert not (venv / "leftover").exists()
    made = (venv / "pyvenv.cfg").stat().st_mtime_ns
    bootstrap.make_venv(venv)
    assert (venv / "pyvenv.cfg").stat().st_mtime_ns == made


def test_a_display_is_noticed() -> None:
    assert bootstrap.has_display({"DISPLAY": ":0"}, "linux")
    assert bootstrap.has_display({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert not bootstrap.has_display({"DISPLAY": ""}, "linux")
    assert bootstrap.has_display({}, "win32")
    assert bootstrap.has_display({}, "darwin")


def test_run_opens_the_window_or_writes_the_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "missing_libraries", lambda libraries: {})
    shown = {"DISPLAY": ":0"}
    assert bootstrap.run_command(False, [], shown)[1:] == ["-m", "desktop_app", "--demo"]
    assert bootstrap.run_command(True, [], shown)[1:] == ["-m", "desktop_app", "demo", "--out", "cotejo-demo"]
    assert bootstrap.run_command(True, ["--out", "x"], shown)[3:] == ["demo", "--out", "x"]


@pytest.mark.skipif(not LINUX, reason="other systems always have a display")
def test_without_a_display_the_reports_are_written() -> None:
    assert bootstrap.run_command(False, [], {})[3:] == ["demo", "--out", "cotejo-demo"]


@pytest.mark.skipif(not LINUX, reason="X11 libraries")
def test_a_display_without_its_libraries_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "missing_libraries", lambda libraries: {"libxcb-cursor.so.0": "libxcb-cursor0"})
    with pytest.raises(bootstrap.SetupError, match=r"libxcb-cursor\.so\.0.*--headless"):
        bootstrap.run_command(False, [], {"DISPLAY": ":0"})
    assert bootstrap.run_command(False, [], {"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"})[-1] == "--demo"


def test_one_failed_check_fails_the_whole_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code = "import os, sys; print(os.environ['QT_QPA_PLATFORM'], 'DISPLAY' in os.environ); sys.exit({})"
    steps = {"first": [sys.executable, "-c", code.format(3)], "second": [sys.executable, "-c", code.format(0)]}
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(bootstrap, "set_up", lambda extra: None)
    monkeypatch.setattr(bootstrap, "check_steps", lambda arguments: steps)
    assert bootstrap.run_checks([]) == 1
    out = capfd.readouterr().out
    assert out.count("offscreen False") == 2
    assert re.search(r"first\s+FAILED \(exit code 3\)", out)
    assert re.search(r"second\s+passed", out)
    del steps["first"]
    assert bootstrap.run_checks([]) == 0


def test_arguments_reach_pytest_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(bootstrap, "run_checks", lambda rest: seen.append(list(rest)) or 0)
    assert bootstrap.main(["test", "tests/unit", "-k", "config or logs", "-x", "--lf"]) == 0
    assert seen == [["tests/unit", "-k", "config or logs", "-x", "--lf"]]


def test_a_failed_set_up_ends_with_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(extra: str) -> None:
        raise bootstrap.SetupError("Buy a disk.")

    monkeypatch.setattr(bootstrap, "set_up", fail)
    assert bootstrap.main(["run"]) == 2
    assert "Stopped. Buy a disk." in capsys.readouterr().err


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {canonical(re.split(r"[<>=!~\[; ]", requirement)[0]) for requirement in wanted}
    lines = (REPO / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {canonical(line.split("==")[0]) for line in lines if line and not line.startswith("#")}
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( ;.*)?", line) for line in lines if line and not line.startswith("#"))
    assert names <= pins
    assert not any(name.startswith(("nvidia-", "cuda-", "triton")) for name in pins)
