"""The case file: items and their custody, analyses, notes and an audit log that shows every change from outside."""

from desktop_app.cases.analyses import AnalysisWriter, CaseAnalyses
from desktop_app.cases.archive import export_archive
from desktop_app.cases.items import CaseItems, hash_if_there, hashes_of
from desktop_app.cases.locks import remove_case
from desktop_app.cases.schema import SUFFIX
from desktop_app.cases.store import CaseStore, unsaved_cases
from desktop_app.cases.unpacking import import_archive
from desktop_app.cases.verify import verify_case

__all__ = [
    "SUFFIX",
    "AnalysisWriter",
    "CaseAnalyses",
    "CaseItems",
    "CaseStore",
    "export_archive",
    "hash_if_there",
    "hashes_of",
    "import_archive",
    "remove_case",
    "unsaved_cases",
    "verify_case",
]
