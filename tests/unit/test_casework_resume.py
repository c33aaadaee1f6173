import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.analysis import casework, pipeline, sampling, session
from desktop_app.cases import CaseStore, analyses, verify_case
from desktop_app.domain.cases import AnalysisState
from desktop_app.errors import CaseError, InputError
from desktop_app.media import open_item
from desktop_app.progress import Cancelled, CancelToken
from tests.unit.analysis_scenes import MODEL_ID, build_model, scene, write_clip
from tests.unit.casework_scenes import FRAMES, ask, broken_off, plain
from tests.unit.faces_scenes import wall

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, astronaut):
    """A clip whose face is away for a while, one without a face, and the model."""
    folder = tmp_path_factory.mktemp("resume")
    build_model(folder / MODEL_ID)
    person = scene(astronaut)
    write_clip(folder / "scene.mp4", lambda i: wall() if 8 <= i < 14 else person(i), FRAMES)
    write_clip(folder / "wall.mp4", lambda i: wall(), FRAMES)
    return folder


@pytest.fixture(scope="module")
def unbroken(folder, tmp_path_factory):
    """The result of a run that nothing disturbed."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("COTEJO_HOME", str(home))
        shutil.copytree(folder / MODEL_ID, home / "models" / MODEL_ID)
        return session.analyze_item(ask(folder / "scene.mp4"))


@pytest.fixture(autouse=True)
def _installed(folder, cotejo_home, monkeypatch):
    shutil.copytree(folder / MODEL_ID, cotejo_home / "models" / MODEL_ID)
    monkeypatch.setattr(analyses, "CHUNK_S", 0.0)  # every batch is committed


@pytest.fixture
def clip(folder):
    return folder / "scene.mp4"


@pytest.fixture
def case(tmp_path, clip):
    with CaseStore.create(tmp_path / "case.cotejo", "Ana") as store:
        casework.take_in(store, open_item(clip))
        yield store


def rows_of(result, through):
    return [p for p in result.predictions if p.frame_index <= through]


def test_a_cancelled_run_goes_on_and_ends_equal_to_an_unbroken_one(case, clip, unbroken):
    number = broken_off(case, ask(clip), 3)
    kept = case.analyses.resume_point(number)
    assert 0 < kept.frames_done < FRAMES
    assert list(case.analyses.predictions(number)) == rows_of(unbroken, kept.through_frame)
    assert casework.result_of(case, number).provenance.aborted
    shown = []
    result = casework.resume_in_case(case, number, on_prediction=shown.append)
    assert plain(result) == plain(unbroken)
    assert [p for batch in shown for p in batch] == list(unbroken.predictions)
    assert plain(case.analyses.result(number)) == plain(unbroken)
    assert case.analyses.get(number).state is AnalysisState.FINISHED
    with pytest.raises(CaseError, match="was not broken off"):
        casework.resume_in_case(case, number)
    assert verify_case(case.path).is_intact


def test_nothing_changes_before_the_search_has_come_to_the_break(case, clip, unbroken):
    number = broken_off(case, ask(clip))
    before = plain(casework.result_of(case, number))
    token = CancelToken()
    with pytest.raises(Cancelled):
        casework.resume_in_case(case, number, cancel=token, on_started=lambda item, card: token.cancel())
    assert case.audit_log()[-1].action == "item.checked"
    assert plain(case.analyses.result(number)) == before
    assert plain(casework.resume_in_case(case, number)) == plain(unbroken)


def test_a_killed_process_leaves_a_partial_result_that_goes_on(tmp_path, clip, unbroken, cotejo_home):
    path = tmp_path / "case.cotejo"
    with CaseStore.create(path) as store:
        casework.take_in(store, open_item(clip))
    command = [sys.executable, "-m", "tests.unit.casework_scenes", str(path), str(clip)]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=REPO, env=dict(os.environ), **streams) as process:
        seen = [int(process.stdout.readline()) for _ in range(3)]
        process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        process.wait(timeout=30)
    with CaseStore.open(path) as case:
        (killed,) = case.analyses.all()
        assert (killed.state, killed.has_result) == (AnalysisState.ABORTED, False)
        partial = casework.result_of(case, 1)
        assert list(partial.predictions) == rows_of(unbroken, seen[-1])
        assert partial.provenance.aborted
        coverage = partial.coverage
        assert (coverage.in_range, coverage.decoded) == (FRAMES, case.analyses.resume_point(1).frames_done)
        assert coverage.with_face == len({p.frame_index for p in partial.predictions}) < coverage.decoded
        assert [n.code for n in partial.notices] == ["aborted"]
        assert plain(casework.resume_in_case(case, 1)) == plain(unbroken)
    assert verify_case(path).is_intact


def test_batches_without_a_face_count_as_done(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(pipeline, "MAX_PENDING", 8)
    monkeypatch.setattr(pipeline, "MIN_REPORT_S", 0.0)  # a fast machine reports too seldom to be stopped in time
    clip = folder / "wall.mp4"
    whole = session.analyze_item(ask(clip))
    token = CancelToken()
    with CaseStore.create(tmp_path / "case.cotejo") as case:
        casework.take_in(case, open_item(clip))
        progress = lambda p: token.cancel() if p.stage == "analyse" and p.done >= 9 else None  # noqa: E731
        number, partial = casework.analyze_in_case(case, 1, ask(clip), progress, token)
        point = case.analyses.resume_point(number)
        assert (point.through_frame, point.frames_done, point.predictions) == (7, 8, 0)
        assert partial.coverage.decoded == 8
        assert plain(casework.resume_in_case(case, number)) == plain(whole)


def test_it_goes_on_only_with_the_same_item(case, tmp_path, folder):
    clip = Path(shutil.copy(folder / "scene.mp4", tmp_path / "copy.mp4"))
    casework.take_in(case, open_item(clip))
    stop = CancelToken()
    number, _ = casework.analyze_in_case(case, 2, ask(clip), cancel=stop, on_prediction=lambda _: stop.cancel())
    with clip.open("ab") as file:
        file.write(b"x")
    with pytest.raises(InputError, match="is not the file that was taken in"):
        casework.resume_in_case(case, number)
    case.items.accept(case.items.checks(2)[-1].check_id, "It was cut by the court.")
    with pytest.raises(InputError, match=f"not the file that analysis {number} began with"):
        casework.resume_in_case(case, number)
    assert case.analyses.get(number).frames_done > 0


def test_it_goes_on_only_with_the_same_model_and_program(case, clip, cotejo_home, monkeypatch, unbroken):
    number = broken_off(case, ask(clip))
    card = cotejo_home / "models" / MODEL_ID / "card.toml"
    text = card.read_text()
    card.write_text(text.replace("bias = -0.1", "bias = 1.9"))
    with pytest.raises(CaseError, match="the card of the model “Untrained” is another"):
        casework.resume_in_case(case, number)
    card.write_text(text)
    with monkeypatch.context() as other:
        other.setattr(session, "_version", lambda library: "0.0" if library == "torch" else "?")
        with pytest.raises(CaseError, match=r"the library torch .* -> 0\.0"):
            casework.resume_in_case(case, number)
    with monkeypatch.context() as other:
        other.setattr(sampling, "MAX_DETECTION_GAP_S", 0.05)
        with pytest.raises(CaseError, match="the setting detect_every 5 -> 1"):
            casework.resume_in_case(case, number)
    point, rows = case.analyses.resume_point(number), case.analyses.predictions(number)
    moved = tuple(replace(p, box_xyxy=tuple(v + 9 for v in p.box_xyxy)) for p in rows)
    with monkeypatch.context() as other:
        other.setattr(case.analyses, "predictions", lambda _: moved)
        with pytest.raises(CaseError, match="faces that are found now are others"):
            casework.resume_in_case(case, number)
    assert case.analyses.resume_point(number).through_frame == point.through_frame
    assert plain(casework.resume_in_case(case, number)) == plain(unbroken)


def test_a_full_disk_keeps_what_was_committed_and_it_goes_on(case, clip, unbroken):
    connection = case._database.connection()

    def fill(_):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(CaseError, match="disk is full"):
        casework.analyze_in_case(case, 1, ask(clip), on_prediction=fill)
    kept = case.analyses.predictions(1)
    assert kept == unbroken.predictions[: len(kept)]
    assert kept
    connection.execute("PRAGMA max_page_count = 100000")
    assert plain(casework.resume_in_case(case, 1)) == plain(unbroken)
    assert verify_case(case.path).is_intact


def test_a_case_whose_share_goes_away_keeps_what_was_committed(case, clip, unbroken, tmp_path):
    away = tmp_path / "away.cotejo"
    with pytest.raises(CaseError, match="no longer where it was opened"):
        casework.analyze_in_case(
            case, 1, ask(clip), on_prediction=lambda _: case.path.exists() and case.path.rename(away)
        )
    away.rename(case.path)
    assert case.analyses.predictions(1)
    assert plain(casework.resume_in_case(case, 1)) == plain(unbroken)


@pytest.mark.parametrize("when", ["begin", "later"])
def test_a_fault_of_the_program_leaves_an_aborted_analysis(case, clip, when, unbroken):
    def fail(_):
        raise ZeroDivisionError

    begin = {"on_progress": lambda p: p.stage == "analyse" and fail(p)}
    callbacks = begin if when == "begin" else {"on_prediction": fail}
    with pytest.raises(ZeroDivisionError):
        casework.analyze_in_case(case, 1, ask(clip), **callbacks)
    assert case.analyses.get(1).state is AnalysisState.ABORTED
    if when == "later":
        assert casework.result_of(case, 1).predictions == unbroken.predictions[:4]
