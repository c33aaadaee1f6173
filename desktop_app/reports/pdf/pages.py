"""Pages: frame, running head, and a foot with report id and page x of y."""

import base64
import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

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
)
from desktop_app.reports.pdf.text import elide

# the drawing library writes pictures as text, a quarter larger
_TEXT_JPEG = pikepdf.Array([pikepdf.Name.ASCII85Decode, pikepdf.Name.DCTDecode])


class NumberedCanvas(Canvas):
    """A canvas that keeps its pages until their number is known."""

    def __init__(self, context: Context, *args: Any, **options: Any) -> None:  # noqa: ANN401 - passed on as they come
        # its default font would be named in the file without being embedded
        super().__init__(*args, **{**options, "initialFontName": REGULAR})
        self.context = context
        self._kept: list[dict[str, Any]] = []

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
        self.setStrokeColor(RULE)
        self.setLineWidth(0.5)
        self.line(MARGIN_X, 42, right, 42)
        self.setFont(REGULAR, 7.8)
        self.setFillColor(MUTED)
        origin = f"Cotejo {ctx.result.provenance.app_version}"
        self.drawString(MARGIN_X, 30, f"{origin}   ·   {ctx.t('report')} {ctx.result.result_id}")
        self.drawRightString(right, 30, ctx.t("page", page=number, pages=pages))
        if ctx.result.provenance.aborted:
            self.setFont(BOLD, 7.8)
            self.setFillColor(INK)
            self.drawCentredString(PAGE_W / 2, 30, ctx.t("partial"))
        if number > 1:
            self._head(ctx, right)
        self.restoreState()

    def _head(self, ctx: Context, right: float) -> None:
        y = PAGE_H - 40
        self.setFont(REGULAR, 7.8)
        self.setFillColor(MUTED)
        self.drawString(MARGIN_X, y, elide(ctx.name, REGULAR, 7.8, 0.6 * CONTENT_W))
        self.drawRightString(right, y, ctx.headline(ctx.result.verdict))
        self.line(MARGIN_X, y - 7, right, y - 7)


def render(ctx: Context, story: Sequence[Flowable], target: io.BytesIO) -> None:
    """Lay out flowables on A4 pages."""

    def make_canvas(*args: Any, **options: Any) -> Canvas:  # noqa: ANN401
        return NumberedCanvas(ctx, *args, **options)

    document = BaseDocTemplate(target, pagesize=(PAGE_W, PAGE_H), invariant=1, lang=ctx.language, pageCompression=1)
    document.addPageTemplates([
        PageTemplate("cover", [_frame(COVER_TOP)], autoNextPageTemplate="inner"),
        PageTemplate("inner", [_frame(MARGIN_TOP)]),
    ])  # fmt: skip
    document.build(list(story), canvasmaker=make_canvas)


def _frame(top: float) -> Frame:
    height = PAGE_H - top - MARGIN_BOTTOM
    return Frame(
        MARGIN_X, MARGIN_BOTTOM, CONTENT_W, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )


def finish(ctx: Context, source: io.BytesIO, title: str) -> bytes:
    """Add title, language, dates and the display of the title; the same input gives the same bytes."""
    result = ctx.result
    made = result.provenance.finished_utc
    target = io.BytesIO()
    with pikepdf.open(source) as pdf:
        pdf.Root.Lang = pikepdf.String(ctx.language)
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        pdf.Root.PageMode = pikepdf.Name.UseOutlines
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
            metadata["dc:language"] = {ctx.language}
            metadata["dc:identifier"] = result.result_id
            metadata["xmp:CreatorTool"] = f"Cotejo {result.provenance.app_version}"
            metadata["xmp:CreateDate"] = made.isoformat(timespec="seconds")
            metadata["xmp:ModifyDate"] = made.isoformat(timespec="seconds")
        for stream in pdf.objects:
            if isinstance(stream, pikepdf.Stream) and stream.get("/Filter") == _TEXT_JPEG:
                picture = base64.a85decode(stream.read_raw_bytes().strip().removesuffix(b"~>"))
                stream.write(picture, filter=pikepdf.Name.DCTDecode)
        stamp = made.strftime("D:%Y%m%d%H%M%S+00'00'")
        pdf.docinfo = pdf.make_indirect(
            pikepdf.Dictionary(
                Title=title,
                Subject=ctx.t("subject"),
                Creator=f"Cotejo {result.provenance.app_version}",
                CreationDate=stamp,
                ModDate=stamp,
            )
        )
        pdf.save(
            target,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )
    return target.getvalue()
