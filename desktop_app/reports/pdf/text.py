"""Foreign text on the page: what the fonts cannot draw is written as an escape, never dropped or shown as a box."""

import unicodedata
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth

from desktop_app.reports.pdf.style import has_glyph
from desktop_app.reports.pdf.tags import Text

MAX_CHARS = 300

# combining marks would fall beside their letter, direction marks would reorder a name before the reader's eyes
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Mc", "Me", "Zl", "Zp"})


def printable(text: str) -> str:
    r"""Text that the shipped fonts show in full; any other character as its code, such as ``\u91c7``.

    Bytes of a file name that are no text come as ``\xff``.

    >>> printable("re\u0301sum\u00e9 \u91c7.mp4") == "r\u00e9sum\u00e9 \\u91c7.mp4"
    True
    """
    return "".join(c if _is_safe(c) else _code(c) for c in unicodedata.normalize("NFC", text))


def visible(text: str) -> str:
    r"""Text for titles, which the reader's program draws with its own fonts: letters of every script stay.

    What would hide or reorder text becomes a code, as in `printable`.

    >>> visible("\u91c7\u202egpj.mp4") == "\u91c7\\u202egpj.mp4"
    True
    """
    hidden = _UNSAFE - {"Mn", "Mc", "Me"}
    return "".join(_code(c) if unicodedata.category(c) in hidden else c for c in unicodedata.normalize("NFC", text))


def _is_safe(character: str) -> bool:
    return unicodedata.category(character) not in _UNSAFE and has_glyph(character)


def _code(character: str) -> str:
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:
        return f"\\x{number - 0xDC00:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def markup(text: str) -> str:
    """Text for a paragraph in which nothing is taken for markup."""
    return escape(printable(text))


def para(text: str, style: ParagraphStyle) -> Text:
    """A paragraph of plain text; words longer than a line are broken."""
    return Text(markup(text), style)


def short(text: str) -> str:
    """Text of foreign length cut to what fits any place on a page."""
    return text if len(text) <= MAX_CHARS else text[:MAX_CHARS] + " …"


def elide(text: str, font: str, size: float, width: float) -> str:
    """Text shortened in its middle to a width in points; the end, with a file's ending, stays."""
    text = printable(text)
    if stringWidth(text, font, size) <= width:
        return text
    keep = len(text) - 1
    while keep > 2:
        short = text[: keep - keep // 2] + "…" + text[len(text) - keep // 2 :]
        if stringWidth(short, font, size) <= width:
            return short
        keep -= max(1, keep // 20)
    return "…"
