"""Reports for the tests of the seal, drawn once a session."""

from datetime import UTC, datetime
from functools import cache

from desktop_app.analysis.dossiers import dossier_of
from desktop_app.cases import CaseStore
from desktop_app.domain.dossier import Dossier
from desktop_app.reports.pdf import make_pdf
from tests.factories import make_result
from tests.unit.case_files import make_clip

ISSUED = datetime(2026, 3, 20, 10, 0, tzinfo=UTC)

result = cache(lambda: make_result(2, 40))
report_bytes = cache(lambda: make_pdf(result(), "en", Dossier(ISSUED)))


def write_report(folder, data=None, name="report.pdf"):
    path = folder / name
    path.write_bytes(report_bytes() if data is None else data)
    return path


def make_case_report(folder, other=None):
    """(case, report of its analysis); `other` is a result that takes the place of the stored one in the report."""
    case, report = folder / "case.cotejo", folder / "report.pdf"
    with CaseStore.create(case, "Ana") as store:
        item = store.items.add(make_clip(folder))
        analysis = store.analyses.add_result(item.item_id, result())
        dossier = dossier_of(store, item.item_id, analysis, ISSUED)
        report.write_bytes(make_pdf(other or store.analyses.result(analysis), "en", dossier))
    return case, report
