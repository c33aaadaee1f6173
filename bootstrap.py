"""Sets Cotejo up and runs it, or its tests, with nothing but a Python interpreter.

Usage:
    python3 bootstrap.py run [--headless] [arguments of the demo]
    python3 bootstrap.py test [arguments of pytest]

Both make `.venv` beside this file, install everything at the versions in `constraints.txt`, and see to the system
libraries that Qt needs on Linux. A second run finds all that done and starts at once.
"""

from __future__ import annotations  # so that an older Python reaches the sentence that names it

import argparse
import ctypes
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
MIN_PYTHON = (3, 11)
NEEDED_GB = 9
CACHE_GB = 4  # what pip's cache grows by
SETUP_FORMAT = "1"

# shared library -> Debian package. Qt and OpenCV load the first group on import, the second opens a window.
IMPORT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libzstd.so.1": "libzstd1",
}
WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}

IMPORT_CHECK = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtWidgets import QApplication
import av
import cv2
QApplication([])
"""

# what pip prints -> what to do about it
PIP_HINTS = (
    (("no space left", "errno 28"), f"The disk is full. Free about {NEEDED_GB} GB beside this folder and try again."),
    (
        ("proxy", "407 "),
        "A proxy refused the download. Set HTTPS_PROXY=http://user:password@host:port and try again.",
    ),
    (
        ("connection", "timed out", "name resolution", "getaddrinfo", "network is unreachable", "ssl", "retries"),
        "The package index could not be reached. Check the network (or HTTPS_PROXY) and try again: "
        "what was downloaded is kept in pip's cache.",
    ),
    (
        ("no matching distribution", "could not find a version", "requires a different python"),
        f"There is no build of a pinned package for Python {platform.python_version()} on {platform.machine()}. "
        "Python 3.11 to 3.14 on 64-bit Linux, Windows or macOS 15 on Apple silicon has them all.",
    ),
    (("permission denied", "access is denied"), "A file could not be written. Own this folder and close what uses it."),
)


class SetupError(Exception):
    """A step failed; the text says what to do."""


def say(text: str) -> None:
    """Print one line of the set-up at once."""
    print(f"[cotejo] {text}", flush=True)


def check_python(version: tuple[int, int] = (sys.version_info[0], sys.version_info[1])) -> None:
    """Refuse an interpreter that is too old.

    Raises:
        SetupError: Older than Python 3.11.
    """
    if version < MIN_PYTHON:
        raise SetupError(
            f"Cotejo needs Python 3.11 or newer; this is {version[0]}.{version[1]}. "
            "Install a newer one and start this file with it, such as: python3.11 bootstrap.py run"
        )


def venv_python(venv: Path = VENV) -> Path:
    """Interpreter of the virtual environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def fingerprint(root: Path = ROOT) -> str:
    """Hash of everything that decides what is installed."""
    digest = hashlib.sha256()
    parts = (SETUP_FORMAT, platform.python_version(), platform.machine(), str(root))
    digest.update("\0".join(parts).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def is_ready(extra: str, venv: Path = VENV, root: Path = ROOT) -> bool:
    """Whether an earlier run finished this set-up; that of the tests includes that of the program."""
    stamps = [venv / "cotejo-dev.stamp"] if extra else [venv / "cotejo-dev.stamp", venv / "cotejo-run.stamp"]
    wanted = fingerprint(root)
    return venv_python(venv).exists() and any(s.is_file() and s.read_text().strip() == wanted for s in stamps)


def missing_libraries(libraries: Mapping[str, str]) -> dict[str, str]:
    """Those shared libraries that the system's loader does not find, with their Debian packages."""
    missing = {}
    for name, package in libraries.items():
        try:
            ctypes.CDLL(name)
        except OSError:
            missing[name] = package
    return missing


def apt_command(packages: Sequence[str], is_root: bool) -> list[str]:
    """The command that installs Debian packages."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    return command if is_root else ["sudo", *command]


def library_advice(missing: Mapping[str, str]) -> str:
    """What to type to install missing libraries, for the package manager that is there."""
    if shutil.which("apt-get"):
        return "Install them with: " + shlex.join(apt_command(sorted(set(missing.values())), is_root=False))
    if shutil.which("dnf"):
        return "Install them with: " + shlex.join(["sudo", "dnf", "install", *(f"{name}()(64bit)" for name in missing)])
    return "Install the packages of your distribution that contain these files."


def see_to_system_libraries() -> None:
    """Install Qt's system libraries where that is possible, otherwise say which are missing."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_libraries(IMPORT_LIBRARIES | WINDOW_LIBRARIES)
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing system libraries that Qt needs: {', '.join(missing)}")
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], check=False, env=environment)
        subprocess.run(apt_command(sorted(set(missing.values())), is_root=True), check=False, env=environment)
        missing = missing_libraries(IMPORT_LIBRARIES | WINDOW_LIBRARIES)
    if missing:
        say(f"System libraries that Qt needs are missing: {', '.join(missing)}. {library_advice(missing)}")


def make_venv(venv: Path = VENV) -> None:
    """Make the virtual environment, anew if it is broken or of another Python.

    Raises:
        SetupError: The venv module is missing or failed.
    """
    python = venv_python(venv)
    if python.exists():
        probe = "import pip, platform, sys; print(platform.python_version() if sys.prefix != sys.base_prefix else '')"
        answer = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.strip() == platform.python_version():
            return
        say("The virtual environment is incomplete or of another Python version; making it anew")
    shutil.rmtree(venv, ignore_errors=True)
    say(f"Making the virtual environment {venv}")
    answer = subprocess.run([sys.executable, "-m", "venv", venv], capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        return
    shutil.rmtree(venv, ignore_errors=True)
    if "ensurepip" in answer.stdout + answer.stderr or "No module named venv" in answer.stderr:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise SetupError(
            "This Python cannot make virtual environments. On Debian and Ubuntu the part is packaged on its own: "
            f"sudo apt-get install {package} (or python3-venv), then start again."
        )
    raise SetupError(f"The virtual environment could not be made: {(answer.stderr or answer.stdout).strip()}")


def pip_hint(output: str) -> str:
    """What to do about a failed installation, from what pip printed."""
    lowered = output.lower()
    for marks, hint in PIP_HINTS:
        if any(mark in lowered for mark in marks):
            return hint
    return "pip's own message is above. Removing the folder .venv and starting again makes a clean attempt."


def install(extra: str, venv: Path = VENV, root: Path = ROOT) -> None:
    """Install the program in editable form at the pinned versions.

    Raises:
        SetupError: pip failed.
    """
    free_gb = shutil.disk_usage(root).free / 1e9
    if free_gb < NEEDED_GB:
        say(f"Only {free_gb:.1f} GB are free here; about {NEEDED_GB} GB may be needed. Trying nevertheless")
    target = f"{root}[{extra}]" if extra else str(root)
    command = [str(venv_python(venv)), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--timeout", "180", "--retries", "8", "-c", str(root / "constraints.txt"), "-e", target]
    if free_gb < NEEDED_GB + CACHE_GB:
        command += ["--no-cache-dir"]
    say("Installing Cotejo and its libraries; the first time this downloads some gigabytes")
    # stdout stays the terminal's, so that pip draws its progress bars; only its complaints are read along
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace", cwd=root) as process:
        complaints = []
        for line in process.stderr or ():
            sys.stderr.write(line)
            complaints.append(line)
    if process.returncode != 0:
        raise SetupError(f"The libraries could not be installed. {pip_hint(''.join(complaints))}")


def check_imports(venv: Path = VENV) -> None:
    """Load Qt, OpenCV and PyAV for real.

    Raises:
        SetupError: One of them does not load; the text names the library that is missing.
    """
    answer = subprocess.run([venv_python(venv), "-c", IMPORT_CHECK], capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        return
    last = (answer.stderr.strip().splitlines() or [f"it ended with code {answer.returncode}"])[-1]
    missing = missing_libraries(IMPORT_LIBRARIES) if sys.platform.startswith("linux") else {}
    advice = library_advice(missing) if missing else "If a library is named, install the package that contains it."
    raise SetupError(f"Qt, OpenCV or PyAV does not load: {last}. {advice}")


def set_up(extra: str) -> None:
    """Bring the environment to the state that `extra` asks for; quick when it already is.

    Args:
        extra: ``"dev"`` for lint, types and tests, ``""`` for the program alone.

    Raises:
        SetupError: A step failed.
    """
    if is_ready(extra):
        return
    started = time.monotonic()
    see_to_system_libraries()
    make_venv()
    install(extra)
    check_imports()
    (VENV / f"cotejo-{extra or 'run'}.stamp").write_text(fingerprint() + "\n")
    say(f"Set up in {time.monotonic() - started:.0f} s")


def has_display(environment: Mapping[str, str], system: str = sys.platform) -> bool:
    """Whether a window can be shown."""
    if system in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def run_command(headless: bool, rest: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """What `run` starts: the workstation on the demo clip, or the same without a window.

    Raises:
        SetupError: There is a display, but Qt's libraries for it are missing.
    """
    start = [str(venv_python()), "-m", "desktop_app"]
    if headless or not has_display(environment):
        out = [] if "--out" in rest else ["--out", "cotejo-demo"]
        return [*start, "demo", *out, *rest]
    missing = missing_libraries(WINDOW_LIBRARIES) if sys.platform.startswith("linux") else {}
    # the Wayland platform needs none of the X11 libraries
    if missing and not environment.get("WAYLAND_DISPLAY"):
        raise SetupError(
            f"A window cannot be opened without {', '.join(missing)}. {library_advice(missing)} "
            "Without a window: bootstrap.py run --headless"
        )
    return [*start, "--demo", *rest]


def run_demo(headless: bool, rest: Sequence[str]) -> int:
    """Set up and run the main job on the demo clip."""
    set_up("")
    command = run_command(headless, rest, os.environ)
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def check_steps(pytest_args: Sequence[str]) -> dict[str, list[str]]:
    """The checks of `test` by name, in order."""
    python = str(venv_python())
    return {
        "lint": [python, "-m", "ruff", "check", "."],
        "format": [python, "-m", "ruff", "format", "--check", "."],
        "types": [python, "-m", "mypy"],
        "tests": [python, "-m", "pytest", *pytest_args],
    }


def run_checks(pytest_args: Sequence[str]) -> int:
    """Set up and run every check; one that fails does not keep the others from running."""
    set_up("dev")
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    summary = []
    failed = False
    for name, command in check_steps(pytest_args).items():
        say(f"{name}: {shlex.join(command[2:])}")
        started = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        failed = failed or code != 0
        verdict = "passed" if code == 0 else f"FAILED (exit code {code})"
        summary.append(f"  {name:<7} {verdict:<22} {time.monotonic() - started:6.1f} s")
    say("Summary\n" + "\n".join(summary))
    return int(failed)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point.

    Returns:
        0 when all went well, 1 when a check failed, 2 when the set-up failed, otherwise the program's own code.
    """
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Set Cotejo up and run it, or its tests.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="build the demo clip, analyse it and open the workstation on it")
    run.add_argument("--headless", action="store_true", help="write the reports to cotejo-demo/ without a window")
    commands.add_parser("test", help="run lint, types and all tests; further arguments go to pytest")
    options, rest = parser.parse_known_args(argv)
    try:
        check_python()
        return run_checks(rest) if options.command == "test" else run_demo(options.headless, rest)
    except SetupError as error:
        print(f"\n[cotejo] Stopped. {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\n[cotejo] Stopped by you.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
