"""What the pictures of the window show, and how they are written: the files of the case, pages of a report, PNG."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from unittest import mock

import av
import cv2
import numpy as np
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPixmap
from skimage import data

from desktop_app import paths
from desktop_app.cases import CaseStore
from desktop_app.domain import AnalysisResult, UInt8Array
from desktop_app.media import demo

EXAMINER = "Ana Ibáñez"
LABORATORY = {"en": "Laboratory of Digital Evidence", "es": "Laboratorio de Prueba Digital"}
STRANGER, ALONE, SHARED = "background.png", "interview.png", "forwarded.png"
# the demo before its face was swapped, begun later, smaller and compressed anew
SOURCE, SOURCE_FRAMES, SOURCE_SIZE = "broadcast.mp4", (30, 190), (960, 540)
COLOURS, EVEN = 256, 3
REPORT_DPI = 84


def case_file() -> Path:
    """The case that all windows share."""
    return paths.user_data_dir() / "cases" / "2026-17.cotejo"


def kept_case() -> Path:
    """The same as it was when it was made; every window gets a copy."""
    return paths.user_data_dir() / "kept.cotejo"


def portrait() -> UInt8Array:
    """The one photograph of a face that all of it is made from."""
    load: Callable[[], UInt8Array] = data.astronaut
    return load()


def make_pictures() -> None:
    """Write the pictures of the case, all parts of the one portrait."""
    whole = cv2.cvtColor(portrait(), cv2.COLOR_RGB2BGR)
    for name, pixels in ((ALONE, whole[:400]), (SHARED, whole[:396, 8:]), (STRANGER, whole[60:420, 330:510])):
        cv2.imwrite(str(paths.user_data_dir() / name), pixels)


def make_source(path: Path) -> None:
    """Write the clip that the demo is compared with, unless it is there."""
    if path.exists():
        return
    with mock.patch.object(demo, "DEMO_FAKE_END_S", 0.0), av.open(str(path), "w") as out:
        scene = demo._Scene()
        stream = out.add_stream("libx264", rate=demo.DEMO_RATE, options={"crf": "24", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = *SOURCE_SIZE, "yuv420p"
        for number in range(*SOURCE_FRAMES):
            small = cv2.resize(scene.render(number), SOURCE_SIZE, interpolation=cv2.INTER_AREA)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(small, "rgb24")))
        out.mux(stream.encode(None))


def save_small(picture: QPixmap, path: Path) -> None:
    """Write a picture with at most `COLOURS` colours."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.toImage().save(buffer, "PNG")
    write_png(Image.open(BytesIO(bytes(buffer.data().data()))), path)


def write_png(image: Image.Image, path: Path) -> None:
    """Write a picture with at most `COLOURS` colours: the nearest on even ground, mixed where that would show."""
    whole = image.convert("RGB")
    few = whole.quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    mixed = whole.quantize(palette=few, dither=Image.Dither.FLOYDSTEINBERG)
    error = np.abs(np.asarray(few.convert("RGB"), np.int16) - np.asarray(whole, np.int16)).max(axis=2)
    few.paste(mixed, mask=Image.fromarray(error > EVEN))
    few.save(path, optimize=True)
    print(f"{path.name}  {path.stat().st_size // 1024} kB", flush=True)


def take_report(out: Path) -> None:
    """Draw two pages of the report on the demo, and its summary."""
    from datetime import UTC, datetime

    from desktop_app.analysis.dossiers import dossier_of
    from desktop_app.domain.dossier import ReportDetails, ReportStatus, ReportTemplate
    from desktop_app.reports.pdf import write_pdf

    details = ReportDetails(
        status=ReportStatus.FINAL, case_number="2026/17", requester="Court 3, Valencia", laboratory=LABORATORY["en"],
        examiner=EXAMINER, examiner_role="forensic video analyst",
        question="Was the face of the person who speaks manipulated?",
    )  # fmt: skip
    with CaseStore.open(kept_case(), read_only=True) as store:
        result: AnalysisResult = store.analyses.result(1)
        dossier = replace(dossier_of(store, 1, 1, datetime.now(UTC).replace(microsecond=0), None), details=details)
    folder = paths.user_data_dir()
    for template, pages in ((ReportTemplate.FULL, (1, 7)), (ReportTemplate.SUMMARY, (1,))):
        pdf = folder / f"{template.value}.pdf"
        write_pdf(result, pdf, "en", dossier, template)
        name = "report-page" if template is ReportTemplate.FULL else "report-summary"
        for page in pages:
            command = ["pdftoppm", "-r", str(REPORT_DPI), "-png", "-singlefile", "-f", str(page), str(pdf)]
            subprocess.run([*command, str(folder / "page")], check=True)
            write_png(Image.open(folder / "page.png"), out / f"{name}-{page}.png")
