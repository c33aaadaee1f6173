from datetime import UTC, datetime

import pytest

from desktop_app.cli.analyze import write_reports
from desktop_app.cli.details import read_details
from desktop_app.domain.dossier import Dossier, ReportStatus, ReportTemplate
from desktop_app.errors import InputError
from desktop_app.reports.document import write_json
from tests.factories import make_result

GOOD = """
status = "final"
version = 2
issued = 2026-03-15T11:00:00+01:00
laboratory = "Laboratorio de Prueba Digital"
conclusion = '''
One.
Two.
'''
"""


@pytest.fixture
def stated(tmp_path):
    def write(text):
        path = tmp_path / "details.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_details_come_from_the_file(stated) -> None:
    dossier = read_details(stated(GOOD))
    assert dossier.issued_utc == datetime(2026, 3, 15, 10, tzinfo=UTC)
    assert dossier.details.status is ReportStatus.FINAL
    assert dossier.details.version == 2
    assert dossier.details.conclusion == "One.\nTwo.\n"
    assert read_details(stated("issued = 2026-03-15T10:00:00")).issued_utc == dossier.issued_utc
    assert read_details(None).details == Dossier().details


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lab = 'x'", "no detail of a report"),
        ("laboratory = 3", "no text"),
        ("version = 'two'", "no number"),
        ("version = true", "no number"),
        ("version = 0", "from 1"),
        ("status = 'ready'", "draft and final"),
        ("issued = 2026-03-15", "no date and time"),
        ("laboratory = ", "cannot be read"),
    ],
)
def test_what_no_report_knows_is_refused(stated, text, said) -> None:
    with pytest.raises(InputError, match=said):
        read_details(stated(text))
    with pytest.raises(InputError, match="cannot be read"):
        read_details(stated(text).with_name("absent.toml"))


def test_the_summary_lies_beside_the_report(stated, tmp_path) -> None:
    stored = write_json(make_result(1, 20, exhibits=False), tmp_path / "clip.cotejo.json")
    whole = write_reports(stored, None, "en", False, details=stated(GOOD))
    page = write_reports(stored, None, "en", False, ReportTemplate.SUMMARY, stated(GOOD))
    assert [path.name for path in (*whole, *page)] == ["clip.cotejo.pdf", "clip.cotejo.summary.pdf"]
    assert whole[0].stat().st_size > page[0].stat().st_size
