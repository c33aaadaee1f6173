"""Makes a drawn report a PDF/A-3b (ISO 19005-3) that carries the data it was drawn from.

Level 3 because it is the one that allows files of any kind inside; b because the pages look the same for ever.
"""

import hashlib
import struct
from functools import cache

import pikepdf
from PIL import ImageCms

from desktop_app.domain import AnalysisResult
from desktop_app.domain.dossier import Dossier, ReportTemplate
from desktop_app.reports.seal.contents import MANIFEST, TABLE, Content, make_contents, make_manifest
from desktop_app.reports.seal.digests import page_digests
from desktop_app.reports.seal.texts import seal_text

_PRINT = 4
_ICC_DATE = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)


def seal(
    pdf: pikepdf.Pdf,
    result: AnalysisResult,
    dossier: Dossier,
    language: str,
    template: ReportTemplate = ReportTemplate.FULL,
) -> None:
    """Finish a drawn report, in place: the last step before it is saved.

    Args:
        pdf: The pages, with title and dates in both places.
        result: What they were drawn from; it goes into the file.
        dossier: Likewise.
        language: ``"en"`` or ``"es"``.
        template: What they were drawn by.
    """
    _plain_pages(pdf)
    _name_colours(pdf)
    _describe(pdf)
    contents = make_contents(result, dossier)
    manifest = make_manifest(result, dossier, language, template, contents, page_digests(pdf))
    issued = (dossier.issued_utc or result.provenance.finished_utc).strftime("D:%Y%m%d%H%M%S+00'00'")
    pdf.Root.AF = pikepdf.Array([_attach(pdf, content, language, issued) for content in (*contents, manifest)])


def _plain_pages(pdf: pikepdf.Pdf) -> None:
    """Leave out what a page that shall last must not have, and let links be printed."""
    for page in pdf.pages:
        for key in ("/Trans", "/AA", "/PresSteps"):
            if key in page.obj:
                del page.obj[key]
        for note in page.obj.get("/Annots", ()):
            note.F = _PRINT


def _name_colours(pdf: pikepdf.Pdf) -> None:
    profile = pdf.make_stream(srgb_profile(), N=3, Alternate=pikepdf.Name.DeviceRGB)
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name.GTS_PDFA1,
        OutputConditionIdentifier="sRGB",
        Info="sRGB IEC61966-2.1",
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(intent)])


@cache
def srgb_profile() -> bytes:
    """An ICC profile of sRGB, the same bytes on any day and system.

    The colour library writes today's date and its platform into the header (ICC.1:2010, 7.2), and version 4.4, which
    is younger than PDF/A-3; nothing in the profile needs more than 4.2.
    """
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[8:12] = bytes((4, 0x20, 0, 0))
    data[24:36] = _ICC_DATE
    data[40:44] = bytes(4)
    # the id is taken with flags, intent and itself as zeros
    bare = bytearray(data)
    bare[44:48], bare[64:68], bare[84:100] = bytes(4), bytes(4), bytes(16)
    data[84:100] = hashlib.md5(bare, usedforsecurity=False).digest()
    return bytes(data)


def _describe(pdf: pikepdf.Pdf) -> None:
    subject = pdf.docinfo.get("/Subject")
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["pdfaid:part"] = "3"
        metadata["pdfaid:conformance"] = "B"
        if subject is not None:
            metadata["dc:description"] = str(subject)


def _attach(pdf: pikepdf.Pdf, content: Content, language: str, issued: str) -> pikepdf.Object:
    role = {TABLE: pikepdf.Name.Data, MANIFEST: pikepdf.Name.Supplement}.get(content.name, pikepdf.Name.Source)
    spec = pikepdf.AttachedFileSpec(
        pdf,
        content.data,
        filename=content.name,
        description=f"{seal_text(f'file.{content.name}', language)} SHA-256: {content.sha256}",
        mime_type=content.media_type,
        creation_date=issued,
        mod_date=issued,
    )
    spec.relationship = role
    pdf.attachments[content.name] = spec
    return spec.obj
