"""Keeps the translations of the window complete.

Usage:
    python packaging/translations.py            collect the texts of the code into the .ts files and compile them
    python packaging/translations.py --check    say what is missing or stale, exit 1 if anything is
"""

import argparse
import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "desktop_app" / "ui"
SETTINGS = ROOT / "desktop_app" / "config.py"
FOLDER = ROOT / "resources" / "translations"

Key = tuple[str, str]


class _Texts(ast.NodeVisitor):
    """Collects the texts of `self.tr` by class, those that `_mark` marks, and the descriptions of settings."""

    def __init__(self) -> None:
        self.found: dict[Key, None] = {}
        self.problems: list[str] = []
        self._classes: list[str] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Remember which class we are in."""
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_Call(self, node: ast.Call) -> None:
        """Take the text of a call."""
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "tr" and self._classes:
            self._take(node, self._classes[-1])
        elif isinstance(function, ast.Name) and function.id == "_mark":
            self._take(node, "Actions")
        elif isinstance(function, ast.Name) and function.id == "Setting":
            self._take(ast.Call(function, node.args[3:], [], lineno=node.lineno), "Settings")
        self.generic_visit(node)

    def _take(self, node: ast.Call, context: str) -> None:
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            self.found[(context, first.value)] = None
        else:
            self.problems.append(f"line {node.lineno}: only a plain text can be translated")


def collect() -> dict[Key, None]:
    """Every text of the window as (context, text), in order of file and place."""
    texts = _Texts()
    for path in (*sorted(SOURCES.glob("*.py")), SETTINGS):
        texts.visit(ast.parse(path.read_text(encoding="utf-8")))
    if texts.problems:
        raise SystemExit("\n".join(texts.problems))
    return texts.found


def read(path: Path) -> dict[Key, str]:
    """The finished translations of a .ts file."""
    if not path.exists():
        return {}
    result: dict[Key, str] = {}
    for context in ET.parse(path).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.get("type") is None and translation.text:
                result[(name, message.findtext("source", ""))] = translation.text
    return result


def write(path: Path, language: str, texts: dict[Key, None], known: dict[Key, str]) -> None:
    """Write a .ts file with exactly these texts; what has no translation is marked unfinished."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, ET.Element] = {}
    for context, text in texts:
        if context not in contexts:
            contexts[context] = ET.SubElement(root, "context")
            ET.SubElement(contexts[context], "name").text = context
        message = ET.SubElement(contexts[context], "message")
        ET.SubElement(message, "source").text = text
        translation = ET.SubElement(message, "translation")
        if (context, text) in known:
            translation.text = known[(context, text)]
        else:
            translation.set("type", "unfinished")
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")


def missing(path: Path) -> list[str]:
    """What a .ts file lacks, and what it holds that the code no longer says."""
    texts, known = collect(), read(path)
    lacks = [
        f"{path.name}: not translated: {context}: {text}" for context, text in texts if (context, text) not in known
    ]
    stale = [
        f"{path.name}: no longer used: {context}: {text}" for context, text in known if (context, text) not in texts
    ]
    return lacks + stale


def compile_file(path: Path) -> None:
    """Make the .qm file that the program loads."""
    tool = Path(sys.executable).parent / "pyside6-lrelease"
    subprocess.run([str(tool), "-silent", str(path), "-qm", str(path.with_suffix(".qm"))], check=True)


def main() -> int:
    """Collect and compile, or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    files = sorted(FOLDER.glob("cotejo_*.ts"))
    if not options.check:
        # names of keys as they are printed on the keyboard, which Qt writes out
        for path in FOLDER.glob("keys_*.ts"):
            compile_file(path)
        for path in files:
            write(path, path.stem.split("_")[1], collect(), read(path))
            compile_file(path)
    problems = [line for path in files for line in missing(path)]
    print("\n".join(problems) or "Every text is translated.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
