"""Building blocks shared by the sections: headings with bookmarks, tables of facts and tables of figures."""

from collections.abc import Sequence

from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Spacer, Table, TableStyle

from desktop_app.reports.pdf.style import (
    CELL,
    CELL_RIGHT,
    CONTENT_W,
    HEAD,
    HEAD_RIGHT,
    INK,
    LABEL,
    LABEL_W,
    MUTED,
    PALE,
    REGULAR,
    RULE,
    SECTION,
    SUBSECTION,
)
from desktop_app.reports.pdf.text import markup, para, printable

Fact = tuple[str, Flowable]


class Heading(Paragraph):
    """A heading that is also a bookmark of the document."""

    def __init__(self, text: str, key: str, level: int = 0) -> None:
        super().__init__(markup(text), SECTION if level == 0 else SUBSECTION)
        self._text, self._key, self._level = printable(text), key, level

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


def section(number: int, title: str, room: float = 150.0) -> list[Flowable]:
    """Heading of a numbered section, on the next page unless `room` points are left below it."""
    # the first opens a page of its own: no space above it
    apart: list[Flowable] = [] if number == 1 else [Spacer(0, 22), CondPageBreak(room)]
    return [*apart, Spacer(0, 9), Heading(f"{number}\u00a0\u00a0{title}", f"s{number}"), Spacer(0, 8)]


def subsection(title: str, room: float = 70.0) -> list[Flowable]:
    """A heading within a section."""
    style = SUBSECTION.clone("subheading", spaceBefore=0)
    return [CondPageBreak(room), Spacer(0, 12), para(title, style), Spacer(0, 4)]


def facts(rows: Sequence[Fact]) -> Table:
    """Labels on the left and what they say on the right, a hairline between them."""
    table = Table(
        [[para(label, LABEL), value] for label, value in rows],
        colWidths=[LABEL_W, CONTENT_W - LABEL_W],
        splitInRow=1,
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
    return table


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
    table = Table([head, *body], colWidths=[CONTENT_W * w / total for w in widths], repeatRows=1, splitInRow=1)
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
    return table
