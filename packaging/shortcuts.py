"""Writes the list of shortcuts in the guides, from the one table of actions.

Usage:
    python packaging/shortcuts.py            renew the lists
    python packaging/shortcuts.py --check    say which are stale, exit 1 if any is
"""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GUIDES = {"en": ROOT / "docs" / "user-guide.md", "es": ROOT / "docs" / "guia-de-uso.md"}
HEADS = {"en": ("what it does", "keys"), "es": ("qué hace", "teclas")}
# names of keys as they are printed on a Spanish keyboard
SPANISH_KEYS = {
    "Space": "Espacio", "Left": "Izquierda", "Right": "Derecha", "Up": "Arriba", "Down": "Abajo", "Shift": "Mayús",
    "Home": "Inicio", "End": "Fin", "Del": "Supr",
}  # fmt: skip
BEGIN, END = "<!-- shortcuts: written by packaging/shortcuts.py -->", "<!-- end of shortcuts -->"


def _spanish() -> dict[str, str]:
    tree = ET.parse(ROOT / "resources" / "translations" / "cotejo_es.ts")
    found = {}
    for context in tree.iter("context"):
        if context.findtext("name") == "Actions":
            for message in context.iter("message"):
                found[message.findtext("source") or ""] = message.findtext("translation") or ""
    return found


def _keys(shortcut: str, language: str) -> str:
    # the last part may be the plus sign itself
    parts = shortcut[:-1].split("+") if shortcut.endswith("+") else shortcut.split("+")
    parts = [part for part in parts if part] + (["+"] if shortcut.endswith("+") else [])
    return " + ".join(f"`{SPANISH_KEYS.get(part, part) if language == 'es' else part}`" for part in parts)


def table(language: str) -> str:
    """The list as Markdown.

    Args:
        language: ``"en"`` or ``"es"``.
    """
    sys.path.insert(0, str(ROOT))
    from desktop_app.ui.actions import ACTIONS, MENUS

    words = _spanish() if language == "es" else {}

    def said(text: str) -> str:
        return (words.get(text) or text).replace("&", "").rstrip("…")

    between = " o " if language == "es" else " or "
    lines = []
    for menu, title in MENUS.items():
        rows = [spec for spec in ACTIONS if spec.menu == menu and spec.shortcuts]
        if rows:
            lines += [f"**{said(title)}**", "", f"| {' | '.join(HEADS[language])} |", "|---|---|"]
            keys = (between.join(_keys(shortcut, language) for shortcut in spec.shortcuts) for spec in rows)
            lines += [f"| {said(spec.text)} | {pressed} |" for spec, pressed in zip(rows, keys, strict=True)]
            lines.append("")
    return "\n".join(lines)


def renewed(text: str, language: str) -> str:
    """A guide with its list as the table of actions has it now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table(language)}\n{END}{after}"


def main() -> int:
    """Renew or check the guides."""
    is_check, stale = "--check" in sys.argv[1:], []
    for language, path in GUIDES.items():
        text = path.read_text(encoding="utf-8")
        new = renewed(text, language)
        if new != text:
            stale.append(path.name)
            if not is_check:
                path.write_text(new, encoding="utf-8")
    if is_check and stale:
        print(f"stale: {', '.join(stale)}; run python packaging/shortcuts.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
