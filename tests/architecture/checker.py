"""The rules of the house as code: which module may import which, and where a library lives.

It reads syntax trees, so that an import inside a function, behind `TYPE_CHECKING` or by name through `importlib`
counts like any other.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "desktop_app"

FLOORS = {
    "domain": 0,
    "records": 0,
    "errors": 0,
    "progress": 0,
    "paths": 0,
    "config": 0,
    "files": 0,
    "logs": 0,
    "media": 1,
    "faces": 1,
    "detectors": 1,
    "cases": 1,
    "reports": 1,
    "explain": 2,
    "analysis": 3,
    "training": 4,
    "cli": 5,
    "ui": 5,
    "__main__": 6,
}
"""Room -> floor. Imports point down; only the modules of floor 0 may use each other, without a circle."""

FORBIDDEN = {("ui", "training")}

TORCH_ROOMS = ("faces", "detectors", "explain", "training")
HOMES = {
    "PySide6": ("ui",),
    "shiboken6": ("ui",),
    "pyqtgraph": ("ui",),
    "torch": TORCH_ROOMS,
    "torchvision": TORCH_ROOMS,
    "facenet_pytorch": ("faces",),
    "pymediainfo": ("media",),
    "c2pa": ("media",),
    "imagehash": ("media",),
    "av": ("media", "reports.annotated_video"),
    "sqlite3": ("cases",),
    "filelock": ("cases",),
    "reportlab": ("reports",),
    "pikepdf": ("reports",),
    "pyhanko": ("reports",),
    "pyhanko_certvalidator": ("reports",),
    "asn1crypto": ("reports",),
    "cryptography": ("reports",),
    "sklearn": ("training",),
    "onnx": ("detectors",),
    "onnxruntime": ("detectors",),
    "safetensors": ("detectors",),
    "h5py": ("detectors",),
}
"""Library -> the rooms or modules that may import it."""

DYNAMIC_IMPORTS = ("import_module", "__import__")


@dataclass(frozen=True, slots=True)
class Import:
    """One import in a file.

    Args:
        line: Where it stands.
        target: Dotted name, with the imported name at its end where that may be a module.
    """

    line: int
    target: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule.

    Args:
        where: File and line.
        what: The rule and how it is broken.
    """

    where: str
    what: str


def module_name(file: Path, package_dir: Path) -> str:
    """Dotted name of a module below the package, such as ``"ui.jobs"``; ``""`` for the package itself."""
    parts = list(file.relative_to(package_dir).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


def imports_of(tree: ast.AST) -> Iterator[Import]:
    """Every import of a file, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            for alias in node.names:
                yield Import(node.lineno, f"{prefix}.{alias.name}")
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in DYNAMIC_IMPORTS and isinstance(node.args[0].value, str):
                yield Import(node.lineno, node.args[0].value)


def _check_floor(room: str, target_room: str) -> str | None:
    if target_room == room:
        return None
    if target_room not in FLOORS:
        return f"imports {target_room}, which is not in the table of floors"
    if (room, target_room) in FORBIDDEN:
        return f"{room} never imports {target_room}"
    own, other = FLOORS[room], FLOORS[target_room]
    if other < own or other == own == 0:
        return None
    return f"{room} (floor {own}) imports {'up' if other > own else 'sideways'}: {target_room} (floor {other})"


def _check_home(module: str, library: str) -> str | None:
    homes = HOMES.get(library)
    if homes is None or any(module == home or module.startswith(home + ".") for home in homes):
        return None
    return f"{library} is at home only in {', '.join(homes)}"


def _check_import(module: str, target: str) -> str | None:
    if target.startswith("."):
        return f"relative import {target}"
    parts = target.split(".")
    if parts[0] != PACKAGE:
        return _check_home(module, parts[0])
    room = module.split(".")[0]
    # the package itself holds the version alone; it imports nothing and anybody may import it
    if len(parts) == 1 or parts[1].startswith("__version"):
        return None
    return _check_floor(room, parts[1])


def _ground_circles(graph: Mapping[str, set[str]]) -> Iterator[tuple[str, ...]]:
    def walk(room: str, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if room in path:
            yield (*path[path.index(room) :], room)
            return
        for target in sorted(graph.get(room, set()) - {room}):  # a room may be a package of several files
            yield from walk(target, (*path, room))

    for start in sorted(graph):
        # each circle once: as seen from its first member
        yield from (c for c in walk(start, ()) if c[0] == start and min(c) == start)


def check_package(package_dir: Path) -> list[Violation]:
    """All broken rules of a package.

    Args:
        package_dir: Folder of the package, named as in `PACKAGE` or any copy of it.
    """
    found = []
    ground: dict[str, set[str]] = {}
    for file in sorted(package_dir.rglob("*.py")):
        module = module_name(file, package_dir)
        room = module.split(".")[0]
        if room and room not in FLOORS:
            found.append(Violation(str(file), f"{room} is not in the table of floors"))
            continue
        for found_import in imports_of(ast.parse(file.read_text(encoding="utf-8"))):
            target = found_import.target.split(".")
            broken = _check_import(module, found_import.target) if room else _check_root(target)
            if broken:
                found.append(Violation(f"{file.relative_to(package_dir)}:{found_import.line}", broken))
            if room and FLOORS[room] == 0 and target[0] == PACKAGE and len(target) > 1 and target[1] in FLOORS:
                ground.setdefault(room, set()).add(target[1])
    found += [Violation("floor 0", "circle: " + " -> ".join(circle)) for circle in _ground_circles(ground)]
    return found


def _check_root(target: list[str]) -> str | None:
    return "the package itself imports nothing of its own" if target[0] == PACKAGE else _check_home("", target[0])


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths in lines.

    Args:
        files: File -> lines.
        functions: ``file:line name`` -> lines, its docstring included.
    """

    files: dict[str, int]
    functions: dict[str, int]


def measure(files: list[Path], root: Path) -> Sizes:
    """Lengths of files and of the functions in them."""
    sizes = Sizes({}, {})
    for file in files:
        text = file.read_text(encoding="utf-8")
        name = file.relative_to(root).as_posix()
        sizes.files[name] = len(text.splitlines())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                sizes.functions[f"{name}:{node.lineno} {node.name}"] = (node.end_lineno or 0) - node.lineno + 1
    return sizes
