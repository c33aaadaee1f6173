"""How long reports of long items take and how large they are: `python packaging/report_times.py`."""

import io
import sys
import tempfile
import time
from pathlib import Path

import pikepdf

REPO = Path(__file__).resolve().parents[1]
LENGTHS = (("10 s", 250, True), ("10 min", 15_000, True), ("3 h", 200_000, False))


def main() -> None:
    """Print a row for each length and template."""
    sys.path.insert(0, str(REPO))
    from desktop_app.domain.dossier import ReportTemplate
    from desktop_app.reports.pdf import draw_pages, write_pdf
    from tests.factories import make_result

    write_pdf(make_result(1, 30), Path(tempfile.mkdtemp()) / "warm.pdf")
    print(f"{'item':8}{'template':10}{'faces':>8}{'pages':>7}{'drawn':>9}{'whole':>9}{'pages kB':>10}{'file kB':>9}")
    for name, frames, has_pictures in LENGTHS:
        result = make_result(1, frames, exhibits=has_pictures)
        for template in ReportTemplate:
            start = time.process_time()
            draw_pages(result, template=template)
            drawn = time.process_time() - start
            start = time.process_time()
            path = write_pdf(result, Path(tempfile.mkdtemp()) / "report.pdf", template=template)
            whole = time.process_time() - start
            pages, plain = _pages_of(path)
            print(
                f"{name:8}{template.value:10}{len(result.predictions):8}{pages:7}{drawn:8.1f}s{whole:8.1f}s"
                f"{plain / 1000:10.0f}{path.stat().st_size / 1000:9.0f}"
            )


def _pages_of(path: Path) -> tuple[int, int]:
    """Number of pages, and bytes of the file without the data inside."""
    with pikepdf.open(path) as pdf:
        for key in ("/AF", "/Names"):
            if key in pdf.Root:
                del pdf.Root[key]
        target = io.BytesIO()
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return len(pdf.pages), len(target.getvalue())


if __name__ == "__main__":
    main()
