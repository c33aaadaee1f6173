"""Cases for tests."""

import sqlite3
from contextlib import closing
from functools import cache

from desktop_app.cases import CaseStore
from desktop_app.domain.cases import AnalysisPlan
from desktop_app.domain.traces import Credentials, CredentialState, ItemTraces, Trace, TraceWeight
from tests.factories import make_result

result = cache(lambda: make_result(2, 30))


def plan_of(stored):
    return AnalysisPlan(stored.request, stored.media, stored.card, stored.coverage.sampled, stored.provenance)


def make_clip(folder, name="clip.mp4", content=b"frames"):
    path = folder / name
    path.write_bytes(content)
    return path


def traces_of(sha256):
    """Traces with every field filled."""
    finding = Trace("edit_list", TraceWeight.WEAK, "An edit list.", "Cut, or trimmed by a phone.", (("entries", "2"),))
    credentials = Credentials(CredentialState.INVALID, "A camera", "cam/1", "2026-01-01T00:00:00Z", ("cut",), ("hash",))
    streams = ((("codec", "h264"),), (("codec", "aac"),))
    return ItemTraces(
        sha256, (("format", "mp4"),), streams, (41.4, 2.17), b"\x89PNG", credentials, ("ff" * 8,), (finding,)
    )


def make_case(folder, name="case.cotejo"):
    """A closed case with two items, an analysis with exhibits, notes, a bookmark and a particular."""
    path = folder / name
    with CaseStore.create(path, "Ana", "casework") as case:
        first = case.items.add(make_clip(folder), note="as received", received_from="court", purpose="intake")
        case.items.add(make_clip(folder, "other.mp4", b"other"))
        case.items.set_traces(first.item_id, traces_of(first.sha256))
        case.settings.set("case_number", "2026/17")
        case.analyses.add_result(first.item_id, result())
        case.notes.add("The lips move oddly.", first.item_id)
        case.notes.add("Ask for the original.")
        case.bookmarks.add(first.item_id, 12, 0.48, "edge of the face")
        case.log("report.exported", name="report.pdf")
    return path


def tamper(path, *statements, guards=True):
    """Change a case behind the program's back; `guards` drops the triggers first and puts them back."""
    with closing(sqlite3.connect(path)) as connection:
        kept = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in kept if guards else ():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            if callable(statement):
                statement(connection)
            else:
                connection.execute(*((statement,) if isinstance(statement, str) else statement))
        for _, sql in kept if guards else ():
            connection.execute(sql)
        connection.commit()
