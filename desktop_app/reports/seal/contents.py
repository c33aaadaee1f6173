"""The files inside a report: what they are called, how they are made and how they are read back."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pikepdf
import PIL
import reportlab

from desktop_app import __version__
from desktop_app.domain import AnalysisResult
from desktop_app.domain.codec import from_plain, to_plain
from desktop_app.domain.dossier import Dossier, ReportTemplate
from desktop_app.reports.document import json_bytes
from desktop_app.reports.report_id import report_id
from desktop_app.reports.tables import csv_bytes

RESULT, TABLE, DOSSIER, MANIFEST = "result.json", "frames.csv", "dossier.json", "manifest.json"
_KINDS = {DOSSIER: "cotejo-dossier", MANIFEST: "cotejo-report"}
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Content:
    """One file to go into a report.

    Args:
        name: Its name.
        media_type: Such as ``"text/csv"``.
        data: Its bytes.
    """

    name: str
    media_type: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Its hash."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One file as the manifest has it.

    Args:
        name: Its name.
        media_type: Such as ``"text/csv"``.
        size_bytes: Its size.
        sha256: Its hash.
    """

    name: str
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a report consists of.

    Args:
        report_id, result_id: Its number, and that of the result it tells.
        language: ``"en"`` or ``"es"``.
        template: How much it says.
        issued_utc: Its date.
        files: The files inside, except for the manifest.
        pages: Hash of every page, see `digests.page_digests`.
        renderer: (name, version) of what drew it.
    """

    report_id: str
    result_id: str
    language: str
    template: ReportTemplate
    issued_utc: datetime
    files: tuple[Entry, ...]
    pages: tuple[str, ...]
    renderer: tuple[tuple[str, str], ...]


def renderer() -> tuple[tuple[str, str], ...]:
    """(name, version) of what draws a report here; the same ones draw the same pages."""
    libraries = (("reportlab", reportlab.Version), ("pikepdf", pikepdf.__version__), ("pillow", PIL.__version__))
    # paths are written otherwise on Windows
    return (("cotejo", __version__), *libraries, ("system", os.name))


def make_contents(result: AnalysisResult, dossier: Dossier) -> tuple[Content, ...]:
    """The files that carry the data of a report; equal data give equal bytes."""
    return (
        Content(RESULT, "application/json", json_bytes(result)),
        Content(TABLE, "text/csv", csv_bytes(result)),
        Content(DOSSIER, "application/json", _to_json(DOSSIER, dossier)),
    )


def make_manifest(
    result: AnalysisResult,
    dossier: Dossier,
    language: str,
    template: ReportTemplate,
    contents: tuple[Content, ...],
    pages: tuple[str, ...],
) -> Content:
    """The file that holds the hashes of all others and of the pages."""
    manifest = Manifest(
        report_id=report_id(result, dossier),
        result_id=result.result_id,
        language=language,
        template=template,
        issued_utc=dossier.issued_utc or result.provenance.finished_utc,
        files=tuple(Entry(c.name, c.media_type, len(c.data), c.sha256) for c in contents),
        pages=pages,
        renderer=renderer(),
    )
    return Content(MANIFEST, "application/json", _to_json(MANIFEST, manifest))


def read_manifest(data: bytes) -> Manifest:
    """The manifest of its file.

    Raises:
        ValueError: It is none.
    """
    return from_plain(Manifest, _from_json(MANIFEST, data), "manifest")


def read_dossier(data: bytes) -> Dossier:
    """The dossier of its file.

    Raises:
        ValueError: It is none.
    """
    return from_plain(Dossier, _from_json(DOSSIER, data), "dossier")


def _to_json(name: str, record: object) -> bytes:
    plain = {"kind": _KINDS[name], "schema": _SCHEMA, **to_plain(record)}
    # ASCII only: a file name that is no valid Unicode survives as an escape
    return (json.dumps(plain, ensure_ascii=True, allow_nan=False, indent=1) + "\n").encode("ascii")


def _from_json(name: str, data: bytes) -> Mapping[str, object]:
    try:
        plain = json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(plain, dict) or (plain.pop("kind", None), plain.pop("schema", None)) != (_KINDS[name], _SCHEMA):
        raise ValueError(f"not a {_KINDS[name]} of format {_SCHEMA}")
    return plain
