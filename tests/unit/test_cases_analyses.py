import hashlib
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from desktop_app.cases import CaseStore, analyses, verify_case
from desktop_app.cases.values import pack_predictions, unpack, unpack_predictions
from desktop_app.domain import ExhibitKind, Notice, Stage
from desktop_app.domain.cases import AnalysisState
from desktop_app.domain.codec import to_plain
from desktop_app.errors import CaseError
from tests.factories import make_result, without_faces
from tests.unit.case_files import make_clip, plan_of, result, tamper

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def case(tmp_path):
    with CaseStore.create(tmp_path / "case.cotejo", "Ana") as store:
        store.items.add(make_clip(tmp_path))
        yield store


def by_frame(stored):
    return [(frame, list(rows)) for frame, rows in groupby(stored.predictions, lambda row: row.frame_index)]


def aborted(stored, frames):
    """The result of a run that was cancelled after some frames."""
    rows = tuple(row for _, rows in by_frame(stored)[:frames] for row in rows)
    return replace(stored, predictions=rows, exhibits=(), provenance=replace(stored.provenance, aborted=True))


def test_a_result_comes_back_as_it_was(case):
    number = case.analyses.add_result(1, result(), "casework")
    again = case.analyses.result(number)
    assert to_plain(again) == to_plain(result())
    (stored,) = case.analyses.all(1)
    assert (stored.state, stored.has_result) == (AnalysisState.FINISHED, True)
    assert to_plain(stored.plan) == to_plain(plan_of(result()))
    assert stored.ended_utc >= stored.started_utc
    assert case.analyses.all(2) == ()


@pytest.mark.parametrize(
    "stored", [without_faces(result()), make_result(3, 40, aborted=True), make_result(1, 1, exhibits=False)]
)
def test_results_of_any_kind_come_back(case, stored):
    number = case.analyses.add_result(1, stored)
    assert to_plain(case.analyses.result(number)) == to_plain(stored)
    state = AnalysisState.ABORTED if stored.provenance.aborted else AnalysisState.FINISHED
    assert case.analyses.get(number).state is state


def test_many_rows_make_many_chunks(case, monkeypatch):
    monkeypatch.setattr(analyses, "CHUNK_ROWS", 10)
    number = case.analyses.add_result(1, result())
    assert to_plain(case.analyses.result(number)) == to_plain(result())
    chunks = [entry.details for entry in case.audit_log() if entry.action == "analysis.chunk"]
    assert len(chunks) > 3
    assert sum(chunk["rows"] for chunk in chunks) == len(result().predictions)
    frames = [chunk["through_frame"] for chunk in chunks]
    assert frames == sorted(set(frames))  # a frame is never in two chunks


def test_a_chunk_is_small_and_exact():
    rows = make_result(2, 400, exhibits=False).predictions
    data = pack_predictions(rows)
    assert tuple(unpack_predictions(data, "rows")) == rows
    assert len(data) / len(rows) < 110
    assert unpack_predictions(pack_predictions([]), "rows") == []


def test_what_is_flushed_can_be_read_while_it_runs(case):
    writer = case.analyses.begin(1, plan_of(result()))
    assert case.analyses.resume_point(writer.analysis_id).through_frame is None
    frames = by_frame(result())
    notice = Notice(Stage.FACES, "no_face", "No face was found in this frame.", 3)
    for done, (frame, rows) in enumerate(frames[:8], start=1):
        writer.append(rows, frame, done, [notice] if done == 3 else (), {"decoded": done})
    assert case.analyses.predictions(1) == ()  # not yet a chunk
    writer.flush()
    writer.flush()  # nothing new: no second chunk
    point = case.analyses.resume_point(1)
    assert (point.through_frame, point.frames_done, point.state) == (frames[7][0], 8, {"decoded": 8})
    assert point.predictions == len(case.analyses.predictions(1)) == sum(len(rows) for _, rows in frames[:8])
    assert case.analyses.notices(1) == (notice,)
    assert case.analyses.get(1).state is AnalysisState.RUNNING
    with CaseStore.open(case.path, read_only=True) as reader:
        assert reader.analyses.predictions(1) == case.analyses.predictions(1)
    with pytest.raises(CaseError, match="no whole result"):
        case.analyses.result(1)


def test_time_makes_a_chunk_too(case, monkeypatch):
    monkeypatch.setattr(analyses, "CHUNK_S", 0.0)
    writer = case.analyses.begin(1, plan_of(result()))
    writer.append([], 7, 4)  # frames without a face count as done
    point = case.analyses.resume_point(1)
    assert (point.through_frame, point.frames_done, point.predictions) == (7, 4, 0)


def test_a_cancelled_run_goes_on_and_ends_equal_to_an_unbroken_one(case):
    unbroken = case.analyses.add_result(1, result())
    writer = case.analyses.begin(1, plan_of(result()))
    frames = by_frame(result())
    for done, (frame, rows) in enumerate(frames[:9], start=1):
        writer.append(rows, frame, done)
    writer.finish(aborted(result(), 9))
    number = writer.analysis_id
    assert case.analyses.get(number).state is AnalysisState.ABORTED
    assert case.analyses.result(number).provenance.aborted
    point = case.analyses.resume_point(number)
    writer = case.analyses.resume(number)
    for done, (frame, rows) in enumerate(frames, start=1):
        if frame > point.through_frame:
            writer.append(rows, frame, done)
    writer.finish(result())
    assert to_plain(case.analyses.result(number)) == to_plain(case.analyses.result(unbroken))
    assert verify_case(case.path, with_items=False).is_intact
    with pytest.raises(CaseError, match="was not broken off"):
        case.analyses.resume(number)


def test_a_result_with_other_rows_than_were_appended_is_a_fault(case):
    writer = case.analyses.begin(1, plan_of(result()))
    with pytest.raises(ValueError, match="expected the 0 that were appended"):
        writer.finish(result())
    assert case.analyses.get(1).state is AnalysisState.RUNNING


def test_a_full_disk_keeps_what_was_committed_and_the_rest_can_follow(case):
    writer = case.analyses.begin(1, plan_of(result()))
    frames = by_frame(result())
    for done, (frame, rows) in enumerate(frames[:5], start=1):
        writer.append(rows, frame, done)
    writer.flush()
    kept = case.analyses.predictions(1)
    connection = case._database.connection()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    for done, (frame, rows) in enumerate(frames[5:], start=6):
        writer.append(rows, frame, done)
    with pytest.raises(CaseError, match="disk is full"):
        writer.finish(result())
    assert case.analyses.predictions(1)[: len(kept)] == kept
    connection.execute(f"PRAGMA max_page_count = {pages + 10_000}")
    writer.finish(result())
    assert to_plain(case.analyses.result(1)) == to_plain(result())


def test_an_analysis_needs_an_item(case):
    with pytest.raises(CaseError, match="no item 7"):
        case.analyses.begin(7, plan_of(result()))
    with pytest.raises(CaseError, match="no analysis 7"):
        case.analyses.get(7)
    writer = case.analyses.begin(1, plan_of(result()))
    writer.abort("The disk was taken out.")
    assert case.audit_log()[-1].details["reason"] == "The disk was taken out."


RUN = """
import itertools, sys, time, pathlib
from desktop_app.cases import CaseStore, analyses
with CaseStore.open(pathlib.Path(sys.argv[2]), read_only=True) as source:
    plan, rows = source.analyses.get(1).plan, source.analyses.predictions(1)
analyses.CHUNK_ROWS = 8
case = CaseStore.open(pathlib.Path(sys.argv[1]))
writer = case.analyses.begin(1, plan)
for done, (frame, found) in enumerate(itertools.groupby(rows, lambda row: row.frame_index), start=1):
    writer.append(found, frame, done, state={'done': done})
    print(frame, flush=True)
    time.sleep(0.02)
    if done == 20:
        time.sleep(60)
"""


def test_a_killed_run_is_readable_marked_aborted_and_goes_on(tmp_path):
    path = tmp_path / "case.cotejo"
    with CaseStore.create(path) as store:
        store.items.add(make_clip(tmp_path))
    frames = by_frame(result())
    with CaseStore.create(tmp_path / "source.cotejo") as source:
        source.items.add(tmp_path / "clip.mp4")
        source.analyses.add_result(1, replace(result(), exhibits=()))
    command = [sys.executable, "-c", RUN, str(path), str(tmp_path / "source.cotejo")]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as process:
        try:
            seen = [int(process.stdout.readline()) for _ in range(12)]
        finally:
            process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        process.wait(timeout=30)
    with CaseStore.open(path) as store:
        (killed,) = store.analyses.all()
        assert (killed.state, killed.has_result) == (AnalysisState.ABORTED, False)
        said = [entry.details.get("reason") for entry in store.audit_log() if entry.action == "analysis.aborted"]
        assert said == [analyses.KILLED]
        point = store.analyses.resume_point(killed.analysis_id)
        # all whole chunks before the kill, and no half of one
        assert point.through_frame is not None
        assert point.through_frame >= seen[-1] - 8
        expected = [row for frame, rows in frames if frame <= point.through_frame for row in rows]
        assert list(store.analyses.predictions(1)) == expected
        assert point.state == {"done": point.frames_done}
        assert frames[point.frames_done - 1][0] == point.through_frame
        writer = store.analyses.resume(1)
        for done, (frame, rows) in enumerate(frames, start=1):
            if frame > point.through_frame:
                writer.append(rows, frame, done)
        writer.finish(result())
        assert to_plain(store.analyses.result(1)) == to_plain(result())
    assert verify_case(path, with_items=False).is_intact


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE predictions SET data = x'00'",
        "UPDATE predictions SET data = x'00', sha256 = '" + hashlib.sha256(b"\0").hexdigest() + "'",
        "UPDATE analyses SET document = x'789c'",
        "UPDATE exhibits SET png = x'00' WHERE position = 0",
        "UPDATE exhibits SET facts = '{}' WHERE position = 0",
        "UPDATE notices SET data = '{}'",
        "UPDATE notices SET data = '['",
        "UPDATE analyses SET plan = x'00'",
        "UPDATE analyses SET started_utc = 'yesterday'",
        "UPDATE analyses SET state = 'done'",
        "UPDATE predictions SET state = '['",
    ],
)
def test_damage_is_said_and_never_read_over(tmp_path, case, statement):
    case.analyses.add_result(1, result())
    case.close()
    tamper(case.path, statement)
    with CaseStore.open(case.path, read_only=True) as store:
        said = []
        for read in (lambda: store.analyses.result(1), store.analyses.all, lambda: store.analyses.resume_point(1)):
            try:
                read()
            except CaseError as error:
                said.append(error.user_message)
    assert said
    assert all("The case is damaged" in message for message in said)


def test_a_value_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr("desktop_app.cases.values.MAX_INFLATED_BYTES", 100)
    with pytest.raises(CaseError, match="damaged"):
        unpack(pack_predictions(result().predictions), "rows")


def test_predictions_and_exhibits_are_written_once(case):
    case.analyses.add_result(1, result())
    for table, column in (("predictions", "sha256"), ("exhibits", "facts")):
        with pytest.raises(sqlite3.IntegrityError, match="written once"), case._database.writing("x") as change:
            change.update(table, 1, **{column: "x"})


@pytest.mark.parametrize("stored", [result(), without_faces(result()), make_result(1, 1, exhibits=False)])
def test_a_summary_says_what_the_result_says_without_its_rows(case, stored, monkeypatch):
    number = case.analyses.add_result(1, stored)
    monkeypatch.setattr(analyses, "_predictions", None)  # which a summary does not read
    summary = case.analyses.summary(number)
    first = tuple(exhibit for exhibit in stored.exhibits if exhibit.kind is ExhibitKind.KEY_FRAME)[:1]
    assert to_plain(summary) == to_plain(replace(stored, predictions=(), notices=(), exhibits=first))


def test_a_summary_of_a_damaged_result_is_refused(case):
    number = case.analyses.add_result(1, result())
    path = case.path
    case.close()
    tamper(path, "UPDATE analyses SET document = x'00'")
    with CaseStore.open(path, read_only=True) as again, pytest.raises(CaseError):
        again.analyses.summary(number)
