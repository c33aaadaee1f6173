"""A tagged PDF: what is text, heading or figure, in reading order, for those who have a report read to them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pikepdf
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of marked content.

    Args:
        page: Its page, from 0.
        number: Its number on the page, from 0.
        kind: ``"P"``, ``"H1"``, ``"H2"`` or ``"Figure"``.
        alt: What a figure shows.
    """

    page: int
    number: int
    kind: str
    alt: str = ""


class TaggingCanvas(Canvas):
    """A canvas that notes what is drawn."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - passed on as they come
        super().__init__(*args, **options)
        self.marks: list[Mark] = []
        self.is_marking = False

    @property
    def page_index(self) -> int:
        """The page that is drawn, from 0."""
        return self.getPageNumber() - 1

    def write(self, code: str) -> None:
        """Add an operator to the page."""
        self._code.append(code)  # type: ignore[attr-defined] # the library has no public way


@contextmanager
def tagged(canvas: Canvas, kind: str, alt: str = "") -> Iterator[None]:
    """Mark what is drawn within; a part of something marked belongs to that."""
    if not isinstance(canvas, TaggingCanvas) or canvas.is_marking:
        yield
        return
    page = canvas.page_index
    number = sum(1 for _ in _marks_of(canvas.marks, page))
    canvas.marks.append(Mark(page, number, kind, alt))
    canvas.is_marking = True
    canvas.write(f"/{kind} <</MCID {number}>> BDC")
    yield
    canvas.write("EMC")
    canvas.is_marking = False


def _marks_of(marks: Sequence[Mark], page: int) -> Iterator[Mark]:
    # pages are drawn one after the other: those of this one stand at the end
    for mark in reversed(marks):
        if mark.page != page:
            return
        yield mark


class Text(Paragraph):
    """A paragraph that is marked as text."""

    tag = "P"

    def draw(self) -> None:
        """Draw it, marked."""
        with tagged(self.canv, self.tag):
            super().draw()


class Figure(Flowable):
    """Something drawn that is marked as a figure, with words for those who do not see it."""

    alt = ""

    def draw(self) -> None:
        """Draw it, marked."""
        with tagged(self.canv, "Figure", self.alt):
            self.paint()

    def paint(self) -> None:
        """Draw upwards from the lower left corner."""
        raise NotImplementedError


def add_tags(pdf: pikepdf.Pdf, marks: Sequence[Mark]) -> None:
    """Write the tree of tags into a document whose pages carry the marks."""
    root = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
    body = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.Document, P=root))
    pages: dict[int, list[pikepdf.Object]] = {}
    elements: list[pikepdf.Object] = []
    for mark in marks:
        element = pikepdf.Dictionary(
            Type=pikepdf.Name.StructElem,
            S=pikepdf.Name(f"/{mark.kind}"),
            P=body,
            Pg=pdf.pages[mark.page].obj,
            K=mark.number,
        )
        if mark.alt:
            element.Alt = pikepdf.String(mark.alt)
        elements.append(pdf.make_indirect(element))
        pages.setdefault(mark.page, []).append(elements[-1])
    body.K = pikepdf.Array(elements)
    numbers: list[object] = []
    for page, own in sorted(pages.items()):
        pdf.pages[page].obj.StructParents = page
        pdf.pages[page].obj.Tabs = pikepdf.Name.S
        numbers += [page, pdf.make_indirect(pikepdf.Array(own))]
    root.K = body
    root.ParentTree = pdf.make_indirect(pikepdf.Dictionary(Nums=pikepdf.Array(numbers)))
    root.ParentTreeNextKey = max(pages, default=-1) + 1
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
