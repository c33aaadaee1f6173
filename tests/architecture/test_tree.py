"""What lies in the repository: sizes, pictures, names of places that mean nothing elsewhere."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.checker import measure

REPO = Path(__file__).resolve().parents[2]

MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 80
USUAL_FILE_LINES = 400
USUAL_FUNCTION_LINES = 40
KNOWN_LONG_FILES: set[str] = set()

MAX_BYTES = 5_000_000
MAX_MODEL_BYTES = 100_000_000
PICTURE_SUFFIXES = {
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".bmp",
    ".webp",
    ".tif",
    ".tiff",
    ".heic",
    ".avif",
    ".ico",
    ".icns",
}
MEDIA_SUFFIXES = {".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v", ".mpg", ".wav", ".mp3"}
PICTURE_FOLDERS = ("resources/", "docs/")
SKIPPED_FOLDERS = {".git", ".venv", "__pycache__", "build", "dist", "cotejo-demo", "runs", ".cache"}
SKIPPED_FOLDERS |= {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}

# put together here, so that this file does not hold what it looks for
PLACES = ("work", "home", "root", "Users", "opt", "mnt", "media")
HOSTS = ("pypi" + ".org", "python" + "hosted", "download." + "pytorch", "index" + "-url")
FORBIDDEN_TEXT = re.compile(
    rf"(?<![\w./<>}}])/(?:{'|'.join(PLACES)})/\w|\b[A-Z]:\\\\?Users|{'|'.join(re.escape(host) for host in HOSTS)}"
)


def repository_files(root: Path = REPO) -> list[Path]:
    """Files that are or will be tracked; from a plain walk where git does not answer."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        answer = subprocess.run(command, cwd=root, capture_output=True, timeout=60, check=False)
        names = answer.stdout.decode().split("\0") if answer.returncode == 0 else None
    except FileNotFoundError:
        names = None
    if names is not None:
        return sorted(root / name for name in names if name and (root / name).is_file())
    return sorted(
        p for p in root.rglob("*") if p.is_file() and not SKIPPED_FOLDERS & set(p.relative_to(root).parts[:-1])
    )


def forbidden_lines(files: list[Path], root: Path) -> list[str]:
    found = []
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if FORBIDDEN_TEXT.search(line):
                found.append(f"{file.relative_to(root).as_posix()}:{number}: {line.strip()[:100]}")
    return found


def misplaced_files(files: list[Path], root: Path) -> list[str]:
    found = []
    for file in files:
        name = file.relative_to(root).as_posix()
        limit = MAX_MODEL_BYTES if name.startswith("models/") else MAX_BYTES
        if file.stat().st_size > limit:
            found.append(f"{name}: {file.stat().st_size / 1e6:.1f} MB, at most {limit / 1e6:.0f}")
        if file.suffix.lower() in MEDIA_SUFFIXES:
            found.append(f"{name}: clips are generated, never stored")
        is_curve = name.startswith("models/") and file.name == "curves.png"
        if file.suffix.lower() in PICTURE_SUFFIXES and not name.startswith(PICTURE_FOLDERS) and not is_curve:
            found.append(f"{name}: pictures lie in {' or '.join(PICTURE_FOLDERS)}")
    return found


def too_long(files: list[Path], root: Path, known: set[str]) -> list[str]:
    sizes = measure(files, root)
    found = [f"{name}: {lines} lines" for name, lines in sizes.files.items() if lines > MAX_FILE_LINES]
    found = [entry for entry in found if entry.split(":")[0] not in known]
    return found + [f"{name}: {lines} lines" for name, lines in sizes.functions.items() if lines > MAX_FUNCTION_LINES]


def product_files() -> list[Path]:
    own = [p for p in repository_files() if p.suffix == ".py"]
    return [p for p in own if "tests" not in p.relative_to(REPO).parts]


def percentile_90(values: list[int]) -> int:
    return sorted(values)[int(0.9 * (len(values) - 1))]


def test_no_file_and_no_function_is_too_long() -> None:
    assert too_long(product_files(), REPO, KNOWN_LONG_FILES) == []


def test_nine_of_ten_are_of_the_usual_length() -> None:
    sizes = measure(product_files(), REPO)
    assert percentile_90(list(sizes.files.values())) <= USUAL_FILE_LINES
    assert percentile_90(list(sizes.functions.values())) <= USUAL_FUNCTION_LINES


def test_known_long_files_are_still_long() -> None:
    sizes = measure(product_files(), REPO)
    assert {name for name in KNOWN_LONG_FILES if sizes.files.get(name, 0) <= MAX_FILE_LINES} == set()


def test_no_line_names_a_place_of_somebodys_machine() -> None:
    assert forbidden_lines(repository_files(), REPO) == []


def test_files_are_small_and_pictures_in_their_place() -> None:
    assert misplaced_files(repository_files(), REPO) == []


@pytest.mark.parametrize(
    "line",
    [
        "see " + "/ho" + "me/anna/clip.mp4",
        'path = "' + "/ro" + 'ot/x"',
        'path = "C:' + "\\Users" + '\\anna"',
        "pip install --index" + "-url x",
        "https://pypi" + ".org/simple",
    ],
)
def test_a_forbidden_line_is_found(tmp_path: Path, line: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(f"fine\n{line}\n", encoding="utf-8")
    assert len(forbidden_lines([file], tmp_path)) == 1


@pytest.mark.parametrize("line", ["desktop_app/media/item.py", "/usr/share/fonts", "docs/home/x", "a/b", "and/or"])
def test_a_harmless_line_passes(tmp_path: Path, line: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(line, encoding="utf-8")
    assert forbidden_lines([file], tmp_path) == []


def test_a_misplaced_file_is_found(tmp_path: Path) -> None:
    for name in ("resources/icon.png", "tests/face.JPG", "clip.mp4", "models/a/weights.pt", "big.bin"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    for name in ("models/a/weights.pt", "big.bin"):
        with (tmp_path / name).open("r+b") as file:
            file.truncate(MAX_BYTES + 1)
    found = misplaced_files(repository_files(tmp_path), tmp_path)
    assert sorted(entry.split(":")[0] for entry in found) == ["big.bin", "clip.mp4", "tests/face.JPG"]


def test_what_is_too_long_is_found(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    body = "    x = 1\n" * MAX_FUNCTION_LINES
    file.write_text(f"def short():\n    pass\n\n\nclass A:\n  def long(self):\n{body}" + "#\n" * MAX_FILE_LINES)
    found = too_long([file], tmp_path, set())
    assert len(found) == 2
    assert too_long([file], tmp_path, {"a.py"}) == [found[1]]
    assert "long" in found[1]
