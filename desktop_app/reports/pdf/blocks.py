"""Building blocks shared by the sections: headings with bookmarks, tables of facts and tables of figures."""

from collections.abc import Sequence

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, Spacer, Table, TableStyle

from desktop_app.reports.pdf.style import (
    BODY,
    CELL,
    CELL_RIGHT,
    CONTENT_W,
    HEAD,
    HEAD_RIGHT,
    INK,
    LABEL,
    LABEL_W,
    MUTED,
    PAGE_H,
    PALE,
    REGULAR,
    RULE,
    SECTION,
    SUBSECTION,
)
from desktop_app.reports.pdf.tags import Text
from desktop_app.reports.pdf.text import markup, para, printable

Fact = tuple[str, Flowable]
MAX_ROW_H = 300.0


class Heading(Text):
    """A heading that is also a bookmark of the document."""

    def __init__(self, text: str, key: str, level: int = 0) -> None:
        super().__init__(markup(text), SECTION if level == 0 else SUBSECTION)
        self._text, self._key, self._level = printable(text), key, level
        self.tag = f"H{level + 1}"

    def draw(self) -> None:
        """Draw the heading, a rule above it on the first level, and set the bookmark."""
        canvas = self.canv
        canvas.bookmarkHorizontal(self._key, 0, self.height + 12)
        canvas.addOutlineEntry(self._text, self._key, self._level, closed=0)
        if self._level == 0:
            canvas.setStrokeColor(INK)
            canvas.setLineWidth(1.1)
            canvas.line(0, self.height + 7, CONTENT_W, self.height + 7)
        super().draw()


class Gap(Spacer):
    """Space that ends with the page."""

    def __init__(self, height: float) -> None:
        super().__init__(0, height)

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        """Size in points."""
        return 0, min(self.height, height)


def section(number: int, title: str, room: float = 150.0) -> list[Flowable]:
    """Heading of a numbered section, on the next page unless `room` points are left below it."""
    # the first opens a page of its own: no space above it
    apart: list[Flowable] = [] if number == 1 else [Gap(22), CondPageBreak(room)]
    return [*apart, Spacer(0, 9), Heading(f"{number}\u00a0\u00a0{title}", f"s{number}"), Spacer(0, 8)]


def subsection(title: str, room: float = 70.0) -> list[Flowable]:
    """A heading within a section."""
    heading = para(title, SUBSECTION)
    heading.tag = "H2"
    return [CondPageBreak(room), Spacer(0, 12), heading, Spacer(0, 4)]


def bullets(sentences: Sequence[str], style: ParagraphStyle = BODY) -> list[Flowable]:
    """Sentences, each behind a dot."""
    style = style.clone("bullet", leftIndent=10, bulletIndent=0, spaceAfter=1.5)
    return [Text(markup(sentence), style, bulletText="•") for sentence in sentences]


def lines(texts: Sequence[str], style: ParagraphStyle) -> Text:
    """Plain texts below each other as one paragraph."""
    return Text("<br/>".join(markup(text) for text in texts), style)


def facts(rows: Sequence[Fact]) -> Table:
    """Labels on the left and what they say on the right, a hairline between them."""
    table = Table(
        [[lines(label.split("\n"), LABEL), value] for label, value in rows],
        colWidths=[LABEL_W, CONTENT_W - LABEL_W],
    )
    table.setStyle(
        TableStyle([
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("FONTNAME", (0, 0), (-1, -1), REGULAR),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -1), 2.6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.4),
            ("LINEBELOW", (0, 0), (-1, -2), 0.4, RULE),
        ])
    )  # fmt: skip
    return _whole_rows(table)


def figures(
    header: Sequence[str],
    rows: Sequence[Sequence[str | Flowable]],
    widths: Sequence[float],
    right: frozenset[int] = frozenset(),
    marked: frozenset[int] = frozenset(),
) -> Table:
    """A table of figures whose header repeats on every page.

    Args:
        header: Names of the columns.
        rows: Cells, as text or ready.
        widths: Shares of the page's width.
        right: Columns that are set flush right.
        marked: Rows that lie on a tint.
    """
    head = [para(text, HEAD_RIGHT if column in right else HEAD) for column, text in enumerate(header)]
    body = [
        [
            para(cell, CELL_RIGHT if i in right else CELL) if isinstance(cell, str) else cell
            for i, cell in enumerate(row)
        ]
        for row in rows
    ]
    total = sum(widths)
    table = Table([head, *body], colWidths=[CONTENT_W * w / total for w in widths], repeatRows=1)
    table.setStyle(
        TableStyle([
            ("FONTNAME", (0, 0), (-1, -1), REGULAR),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("VALIGN", (0, 1), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 5),
            ("TOPPADDING", (0, 0), (-1, -1), 2.8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.2),
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, MUTED),
            ("LINEBELOW", (0, 1), (-1, -1), 0.35, RULE),
            *[("RIGHTPADDING", (column, 0), (column, -1), 9) for column in sorted(right)],
            *[("BACKGROUND", (0, row + 1), (-1, row + 1), PALE) for row in sorted(marked)],
        ])
    )  # fmt: skip
    return _whole_rows(table)


def _whole_rows(table: Table) -> Table:
    """Let a row go over two pages only where it is longer than one."""
    table.wrap(CONTENT_W, PAGE_H)
    heights = table._rowHeights  # type: ignore[attr-defined] # known once it is wrapped
    table.splitInRow = int(max(heights, default=0.0) > MAX_ROW_H)
    return table
