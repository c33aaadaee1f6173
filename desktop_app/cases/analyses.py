"""Analyses of a case: written chunk by chunk while they run, readable and resumable whenever they end."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from desktop_app.cases import audit, values
from desktop_app.cases.database import Database, Transaction
from desktop_app.domain import AnalysisResult, Exhibit, ExhibitKind, FramePrediction, Notice
from desktop_app.domain.cases import AnalysisPlan, AnalysisState, ResumePoint, StoredAnalysis
from desktop_app.domain.codec import to_plain
from desktop_app.errors import CaseError

CHUNK_ROWS = 512
CHUNK_S = 5.0
KILLED = "The program ended while the analysis ran."


class AnalysisWriter:
    """Takes up an analysis while it runs. For one thread; what is flushed survives a kill.

    Args:
        database: The case.
        analysis_id: The analysis.
        chunk: Number of the next chunk.
        running: Numbers of the analyses that are written to, of which this one ceases to be with its end.
    """

    def __init__(self, database: Database, analysis_id: int, chunk: int, running: set[int]) -> None:
        self.analysis_id = analysis_id
        self._running = running
        running.add(analysis_id)
        self._database, self._chunk = database, chunk
        self._rows: list[FramePrediction] = []
        self._notices: list[Notice] = []
        self._reached: tuple[int, int] | None = None
        self._state: Mapping[str, object] = {}
        self._flushed_s = time.monotonic()

    def append(
        self,
        predictions: Iterable[FramePrediction],
        through_frame: int,
        frames_done: int,
        notices: Iterable[Notice] = (),
        state: Mapping[str, object] | None = None,
    ) -> None:
        """Take up whole frames; they are committed every `CHUNK_ROWS` rows or `CHUNK_S` seconds.

        Args:
            predictions: Of the frames since the last call, all faces of each.
            through_frame: Last sampled frame that is done, also if it holds no face.
            frames_done: Sampled frames that are done in all.
            notices: What came up since the last call.
            state: JSON values to go on with after a break.

        Raises:
            CaseError: The case cannot be written; what was committed before stays.
        """
        self._rows += predictions
        self._notices += notices
        self._reached = (through_frame, frames_done)
        self._state = self._state if state is None else dict(state)
        if len(self._rows) >= CHUNK_ROWS or time.monotonic() - self._flushed_s >= CHUNK_S:
            self.flush()

    def flush(self) -> None:
        """Commit what was taken up so far.

        Raises:
            CaseError: The case cannot be written.
        """
        if self._reached is None:
            return
        frame, done = self._reached
        data = values.pack_predictions(self._rows)
        facts = {"analysis": self.analysis_id, "chunk": self._chunk, "through_frame": frame, "rows": len(self._rows)}
        with self._database.writing("analysis.chunk", **facts) as change:
            change.insert(
                "predictions",
                analysis_id=self.analysis_id,
                chunk=self._chunk,
                through_frame=frame,
                frames_done=done,
                count=len(self._rows),
                state=audit.canonical(self._state),
                data=data,
                sha256=hashlib.sha256(data).hexdigest(),
            )
            if self._notices:
                change.insert("notices", analysis_id=self.analysis_id, data=values.pack_notices(self._notices))
        self._chunk += 1
        self._rows, self._notices, self._reached = [], [], None
        self._flushed_s = time.monotonic()

    def finish(self, result: AnalysisResult) -> None:
        """Commit the whole result; a cancelled one leaves the analysis aborted.

        Args:
            result: Its predictions are the ones that were appended, its notices take the place of theirs.

        Raises:
            CaseError: The case cannot be written.
            ValueError: The result has other predictions than were appended.
        """
        self.flush()
        rest = replace(result, predictions=(), notices=(), exhibits=())
        document = values.pack(to_plain(rest))
        state = AnalysisState.ABORTED if result.provenance.aborted else AnalysisState.FINISHED
        facts = {"analysis": self.analysis_id, "result": result.result_id, "exhibits": len(result.exhibits)}
        with self._database.writing(f"analysis.{state}", **facts) as change:
            stored = _count(change.connection, self.analysis_id)
            if stored != len(result.predictions):
                raise ValueError(
                    f"predictions: expected the {stored} that were appended, got {len(result.predictions)}"
                )
            self._replace_notices(change, result.notices)
            for position, exhibit in enumerate(result.exhibits):
                facts_text = audit.canonical(to_plain(replace(exhibit, png=b"")))
                stored_as = {"facts": facts_text, "png": exhibit.png, "sha256": exhibit.sha256}
                change.insert("exhibits", analysis_id=self.analysis_id, position=position, **stored_as)
            _end(change, self.analysis_id, state, document)
        self._running.discard(self.analysis_id)

    def abort(self, reason: str) -> None:
        """Commit what there is and leave the analysis aborted.

        Args:
            reason: One sentence in English.

        Raises:
            CaseError: The case cannot be written.
        """
        self._running.discard(self.analysis_id)
        try:
            self.flush()
        finally:
            # there may be room for this where there is none for the last chunk
            with self._database.writing("analysis.aborted", analysis=self.analysis_id, reason=reason) as change:
                _end(change, self.analysis_id, AnalysisState.ABORTED)

    def _replace_notices(self, change: Transaction, notices: Sequence[Notice]) -> None:
        ids = change.connection.execute("SELECT id FROM notices WHERE analysis_id = ?", (self.analysis_id,)).fetchall()
        for row in ids:
            change.delete("notices", row["id"])
        change.insert("notices", analysis_id=self.analysis_id, data=values.pack_notices(notices))


class CaseAnalyses:
    """The analyses of a case.

    Args:
        database: The case.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._running: set[int] = set()

    @property
    def is_running(self) -> bool:
        """Whether this program writes to an analysis now."""
        return bool(self._running)

    def begin(self, item_id: int, plan: AnalysisPlan, purpose: str = "") -> AnalysisWriter:
        """Start an analysis of an item.

        Raises:
            CaseError: There is no such item, or the case cannot be written.
        """
        facts = {"item": item_id, "model": plan.card.model_id, "weights_sha256": plan.card.weights_sha256}
        with self._database.writing("analysis.started", purpose, **facts, sha256=plan.media.sha256) as change:
            if change.connection.execute("SELECT 1 FROM items WHERE id = ?", (item_id,)).fetchone() is None:
                raise CaseError(f"The case has no item {item_id}.", "Take the file in first.")
            head = audit.stored_head(change.connection)
            analysis_id = change.insert(
                "analyses",
                item_id=item_id,
                state=AnalysisState.RUNNING.value,
                plan=values.pack(to_plain(plan)),
                started_utc=audit.now_utc(),
                head_count=head.count,
                head_sha256=head.sha256,
            )
            change.details["analysis"] = analysis_id
        return AnalysisWriter(self._database, analysis_id, 0, self._running)

    def resume(self, analysis_id: int, purpose: str = "") -> AnalysisWriter:
        """Go on with an aborted analysis at its `resume_point`.

        Raises:
            CaseError: There is no such analysis, it was not aborted, or the case cannot be written.
        """
        if self.get(analysis_id).state is not AnalysisState.ABORTED:
            raise CaseError(f"Analysis {analysis_id} was not broken off.", "Start a new one.")
        with self._database.writing("analysis.resumed", purpose, analysis=analysis_id) as change:
            chunk = change.connection.execute(
                "SELECT coalesce(max(chunk) + 1, 0) FROM predictions WHERE analysis_id = ?", (analysis_id,)
            ).fetchone()[0]
            values_now = {"ended_utc": None, "document": None, "document_sha256": None}
            change.update("analyses", analysis_id, state=AnalysisState.RUNNING.value, **values_now)
        return AnalysisWriter(self._database, analysis_id, chunk, self._running)

    def add_result(self, item_id: int, result: AnalysisResult, purpose: str = "") -> int:
        """Store a result that exists already and return the number of its analysis.

        Raises:
            CaseError: There is no such item, or the case cannot be written.
        """
        plan = AnalysisPlan(result.request, result.media, result.card, result.coverage.sampled, result.provenance)
        writer = self.begin(item_id, plan, purpose)
        batch: list[FramePrediction] = []
        frames = 0
        for row in result.predictions:
            if batch and row.frame_index != batch[-1].frame_index and len(batch) >= CHUNK_ROWS:
                writer.append(batch, batch[-1].frame_index, frames)
                batch = []
            frames += not batch or row.frame_index != batch[-1].frame_index
            batch.append(row)
        if batch:
            writer.append(batch, batch[-1].frame_index, result.coverage.decoded)
        writer.finish(result)
        return writer.analysis_id

    def all(self, item_id: int | None = None) -> tuple[StoredAnalysis, ...]:
        """Analyses of one item, or all of them, in the order of their start."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"{_SELECT} WHERE ? IS NULL OR item_id = ? ORDER BY id", (item_id, item_id)
            ).fetchall()
        return tuple(_analysis(row) for row in rows)

    def get(self, analysis_id: int) -> StoredAnalysis:
        """One analysis.

        Raises:
            CaseError: There is no such analysis.
        """
        with self._database.reading() as connection:
            return _analysis(_row(connection, analysis_id))

    def predictions(self, analysis_id: int) -> tuple[FramePrediction, ...]:
        """All rows that are stored, also of an analysis that runs or was broken off.

        Raises:
            CaseError: They are damaged.
        """
        with self._database.reading() as connection:
            return tuple(_predictions(connection, analysis_id))

    def notices(self, analysis_id: int) -> tuple[Notice, ...]:
        """All notices that are stored.

        Raises:
            CaseError: They are damaged.
        """
        with self._database.reading() as connection:
            rows = connection.execute("SELECT data FROM notices WHERE analysis_id = ? ORDER BY id", (analysis_id,))
            return tuple(notice for row in rows for notice in values.unpack_notices(row["data"]))

    def resume_point(self, analysis_id: int) -> ResumePoint:
        """Where an analysis stopped.

        Raises:
            CaseError: There is no such analysis, or it is damaged.
        """
        with self._database.reading() as connection:
            plan = _analysis(_row(connection, analysis_id)).plan
            last = connection.execute(
                "SELECT * FROM predictions WHERE analysis_id = ? ORDER BY chunk DESC LIMIT 1", (analysis_id,)
            ).fetchone()
            count = _count(connection, analysis_id)
        if last is None:
            return ResumePoint(analysis_id, plan, None, 0, 0, {})
        state = _json(last["state"], f"chunk {last['chunk']} of analysis {analysis_id}")
        return ResumePoint(analysis_id, plan, last["through_frame"], last["frames_done"], count, state)

    def result(self, analysis_id: int) -> AnalysisResult:
        """The whole result, as it was given to `AnalysisWriter.finish`.

        Raises:
            CaseError: There is none, or it is damaged.
        """
        with self._database.reading() as connection:
            return replace(
                _document(connection, analysis_id),
                predictions=tuple(_predictions(connection, analysis_id)),
                notices=self.notices(analysis_id),
                exhibits=tuple(_exhibits(connection, analysis_id)),
            )

    def summary(self, analysis_id: int) -> AnalysisResult:
        """What a result says as a whole: without its rows and notices, and with its first key frame alone.

        Raises:
            CaseError: There is none, or it is damaged.
        """
        with self._database.reading() as connection:
            frames = _exhibits(connection, analysis_id, ExhibitKind.KEY_FRAME)
            return replace(_document(connection, analysis_id), exhibits=tuple(islice(frames, 1)))

    def abort_killed(self) -> int:
        """Mark what still stands as running and is not; only whoever holds the case's lock may call this.

        Returns:
            How many there were.
        """
        running = (a.analysis_id for a in self.all() if a.state is AnalysisState.RUNNING)
        killed = [analysis_id for analysis_id in running if analysis_id not in self._running]
        for analysis_id in killed:
            AnalysisWriter(self._database, analysis_id, 0, self._running).abort(KILLED)
        return len(killed)


_SELECT = (
    "SELECT analyses.*, (SELECT max(frames_done) FROM predictions WHERE analysis_id = analyses.id) AS frames_done "
    "FROM analyses"
)


def _row(connection: sqlite3.Connection, analysis_id: int) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute(f"{_SELECT} WHERE id = ?", (analysis_id,)).fetchone()
    if row is None:
        raise CaseError(f"The case has no analysis {analysis_id}.", "Choose one of its analyses.")
    return row


def _document(connection: sqlite3.Connection, analysis_id: int) -> AnalysisResult:
    """A result without what is stored beside it."""
    row = _row(connection, analysis_id)
    if row["document"] is None:
        raise CaseError(
            f"Analysis {analysis_id} has no whole result: it runs or was broken off.", "Go on with it first."
        )
    what = f"the result of analysis {analysis_id}"
    if hashlib.sha256(row["document"]).hexdigest() != row["document_sha256"]:
        raise values.damaged(what)
    return values.unpack_record(AnalysisResult, values.unpack(row["document"], what), what)


def _analysis(row: sqlite3.Row) -> StoredAnalysis:
    what = f"the plan of analysis {row['id']}"
    return StoredAnalysis(
        row["id"],
        row["item_id"],
        values.member_of(AnalysisState, row["state"]),
        values.unpack_record(AnalysisPlan, values.unpack(row["plan"], what), what),
        values.time_of(row["started_utc"]),
        values.read_time(row["ended_utc"]),
        row["frames_done"] or 0,
        row["document"] is not None,
    )


def _end(change: Transaction, analysis_id: int, state: AnalysisState, document: bytes | None = None) -> None:
    # the end of the log goes into the row too: a log that is cut off further back contradicts it
    head = audit.stored_head(change.connection)
    change.update(
        "analyses",
        analysis_id,
        state=state.value,
        ended_utc=audit.now_utc(),
        document=document,
        document_sha256=None if document is None else hashlib.sha256(document).hexdigest(),
        head_count=head.count,
        head_sha256=head.sha256,
    )


def _count(connection: sqlite3.Connection, analysis_id: int) -> int:
    query = "SELECT coalesce(sum(count), 0) FROM predictions WHERE analysis_id = ?"
    return int(connection.execute(query, (analysis_id,)).fetchone()[0])


def _predictions(connection: sqlite3.Connection, analysis_id: int) -> Iterator[FramePrediction]:
    rows = connection.execute("SELECT * FROM predictions WHERE analysis_id = ? ORDER BY chunk", (analysis_id,))
    for row in rows:
        what = f"chunk {row['chunk']} of analysis {analysis_id}"
        if hashlib.sha256(row["data"]).hexdigest() != row["sha256"]:
            raise values.damaged(what)
        yield from values.unpack_predictions(row["data"], what)


def _exhibits(connection: sqlite3.Connection, analysis_id: int, kind: ExhibitKind | None = None) -> Iterator[Exhibit]:
    rows = connection.execute("SELECT * FROM exhibits WHERE analysis_id = ? ORDER BY position", (analysis_id,))
    for row in rows:
        what = f"exhibit {row['position'] + 1} of analysis {analysis_id}"
        if kind is not None and _json(row["facts"], what).get("kind") != kind.value:
            continue
        if hashlib.sha256(row["png"]).hexdigest() != row["sha256"]:
            raise values.damaged(what)
        yield replace(values.unpack_record(Exhibit, _json(row["facts"], what), what), png=row["png"])


def _json(text: str, what: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise values.damaged(what) from error
    if not isinstance(value, dict):
        raise values.damaged(what)
    return value
