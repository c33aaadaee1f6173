"""One word for one thing in everything Spanish that a person reads."""

import ast
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = (
    ROOT / "resources" / "translations" / "cotejo_es.ts",
    ROOT / "docs" / "guia-de-uso.md",
    *sorted((ROOT / "desktop_app" / "reports").rglob("*text*.py")),
    *sorted((ROOT / "desktop_app" / "reports" / "error_texts").glob("*.py")),
    *sorted((ROOT / "desktop_app" / "cli").glob("*.py")),
)


def texts_of(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ts":
        return [node.text or "" for node in ElementTree.fromstring(text).iter("translation")]
    if path.suffix == ".py":
        constants = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
        return [value for value in constants if isinstance(value, str)]
    return text.splitlines()


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_face_is_rostro(path):
    assert not [text for text in texts_of(path) if re.search(r"\bcaras?\b", text.replace("&", ""), re.IGNORECASE)]
