"""Pages: frame, running head, and a foot with report id and page x of y."""

import base64
import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from desktop_app.domain.dossier import ReportTemplate
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.cover import COVER_TOP
from desktop_app.reports.pdf.style import (
    BOLD,
    CONTENT_W,
    INK,
    MARGIN_BOTTOM,
    MARGIN_TOP,
    MARGIN_X,
    MUTED,
    PAGE_H,
    PAGE_W,
    REGULAR,
    RULE,
    WHITE,
)
from desktop_app.reports.pdf.tags import Mark, TaggingCanvas, add_tags
from desktop_app.reports.pdf.text import elide, visible
from desktop_app.reports.seal.archive import seal

# the drawing library writes pictures as text, a quarter larger
_TEXT_JPEG = pikepdf.Array([pikepdf.Name.ASCII85Decode, pikepdf.Name.DCTDecode])


class NumberedCanvas(TaggingCanvas):
    """A canvas that keeps its pages until their number is known."""

    def __init__(self, context: Context, *args: Any, **options: Any) -> None:  # noqa: ANN401 - passed on as they come
        # its default font would be named in the file without being embedded
        super().__init__(*args, **{**options, "initialFontName": REGULAR})
        self.context = context
        self._kept: list[dict[str, Any]] = []

    @property
    def page_index(self) -> int:
        """The page that is drawn, from 0."""
        return len(self._kept)

    def showPage(self) -> None:
        """Keep a page and start the next."""
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined] # the library's own recipe for "page x of y"

    def save(self) -> None:
        """Write all pages with head and foot."""
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self._furnish(number, len(self._kept))
            Canvas.showPage(self)
        Canvas.save(self)

    def _furnish(self, number: int, pages: int) -> None:
        ctx, right = self.context, PAGE_W - MARGIN_X
        self.saveState()
        self.write("/Artifact BMC")
        self.setStrokeColor(RULE)
        self.setLineWidth(0.5)
        self.line(MARGIN_X, 42, right, 42)
        self.setFont(REGULAR, 7.8)
        self.setFillColor(MUTED)
        origin = f"Cotejo {ctx.result.provenance.app_version}"
        version = ctx.dossier.details.version
        shown = f"{ctx.t('report')} {ctx.report_id}" + (
            f", {ctx.t('case.version').lower()} {version}" if version > 1 else ""
        )
        self.drawString(MARGIN_X, 30, f"{origin}   ·   {shown}")
        self.drawRightString(right, 30, ctx.t("page", page=number, pages=pages))
        if ctx.result.provenance.aborted:
            self.setFont(BOLD, 7.8)
            self.setFillColor(INK)
            self.drawCentredString(PAGE_W / 2 + 30, 30, ctx.t("partial"))
        if number > 1:
            self._head(ctx, right)
        if ctx.is_draft:
            self._draft(ctx)
        self.write("EMC")
        self.restoreState()

    def _head(self, ctx: Context, right: float) -> None:
        y = PAGE_H - 40
        self.setFont(REGULAR, 7.8)
        self.setFillColor(MUTED)
        number = ctx.dossier.details.case_number
        case = f"   ·   {ctx.t('case.number')} {elide(number, REGULAR, 7.8, 0.2 * CONTENT_W)}" if number else ""
        self.drawString(MARGIN_X, y, elide(ctx.name, REGULAR, 7.8, 0.4 * CONTENT_W) + case)
        self.drawRightString(right, y, ctx.headline(ctx.result.verdict))
        self.line(MARGIN_X, y - 7, right, y - 7)

    def _draft(self, ctx: Context) -> None:
        """A tab on the outer margin that no copy loses and that covers nothing."""
        self.setFillColor(INK)
        self.rect(0, PAGE_H / 2 - 85, 17, 170, stroke=0, fill=1)
        self.setFillColor(WHITE)
        self.setFont(BOLD, 8.4)
        self.saveState()
        self.translate(11.4, PAGE_H / 2)
        self.rotate(90)
        self.drawCentredString(0, 0, ctx.t("draft.margin"))
        self.restoreState()


def render(ctx: Context, story: Sequence[Flowable], target: io.BytesIO) -> list[Mark]:
    """Lay out flowables on A4 pages.

    Returns:
        What was drawn, in reading order.
    """
    canvases: list[NumberedCanvas] = []

    def make_canvas(*args: Any, **options: Any) -> Canvas:  # noqa: ANN401
        canvases.append(NumberedCanvas(ctx, *args, **options))
        return canvases[-1]

    document = BaseDocTemplate(target, pagesize=(PAGE_W, PAGE_H), invariant=1, lang=ctx.language, pageCompression=1)
    document.addPageTemplates([
        PageTemplate("cover", [_frame(COVER_TOP)], autoNextPageTemplate="inner"),
        PageTemplate("inner", [_frame(MARGIN_TOP)]),
    ])  # fmt: skip
    document.build(list(story), canvasmaker=make_canvas)
    return canvases[-1].marks


def _frame(top: float) -> Frame:
    height = PAGE_H - top - MARGIN_BOTTOM
    return Frame(
        MARGIN_X, MARGIN_BOTTOM, CONTENT_W, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )


def finish(
    ctx: Context,
    source: io.BytesIO,
    title: str,
    marks: Sequence[Mark] = (),
    template: ReportTemplate = ReportTemplate.FULL,
) -> bytes:
    """Add tags, title, language, dates and the display of the title; the same input gives the same bytes.

    Everything that is done to a drawn report before it is written is done here.

    Args:
        ctx: The report.
        source: What `render` drew.
        title: Of the document; in full also where the report's fonts lack its letters.
        marks: What `render` returned.
        template: What it was drawn by.
    """
    target = io.BytesIO()
    with pikepdf.open(source) as pdf:
        add_tags(pdf, marks)
        _plain_pictures(pdf)
        _describe(ctx, pdf, title)
        seal(pdf, ctx.result, ctx.dossier, ctx.language, template)
        pdf.save(
            target,
            min_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )
    return target.getvalue()


def _plain_pictures(pdf: pikepdf.Pdf) -> None:
    for stream in pdf.objects:
        if isinstance(stream, pikepdf.Stream) and stream.get("/Filter") == _TEXT_JPEG:
            picture = base64.a85decode(stream.read_raw_bytes().strip().removesuffix(b"~>"))
            stream.write(picture, filter=pikepdf.Name.DCTDecode)


def _describe(ctx: Context, pdf: pikepdf.Pdf, title: str) -> None:
    made, program = ctx.issued, f"Cotejo {ctx.result.provenance.app_version}"
    author = visible(ctx.dossier.details.examiner)
    pdf.Root.Lang = pikepdf.String(ctx.language)
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    pdf.Root.PageMode = pikepdf.Name.UseOutlines
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = {ctx.language}
        metadata["dc:identifier"] = ctx.report_id
        if author:
            metadata["dc:creator"] = [author]
        metadata["xmp:CreatorTool"] = program
        metadata["xmp:CreateDate"] = made.isoformat(timespec="seconds")
        metadata["xmp:ModifyDate"] = made.isoformat(timespec="seconds")
    stamp = made.strftime("D:%Y%m%d%H%M%S+00'00'")
    info = pikepdf.Dictionary(Title=title, Subject=ctx.t("subject"), Creator=program, CreationDate=stamp, ModDate=stamp)
    if author:
        info.Author = author
    pdf.docinfo = pdf.make_indirect(info)
