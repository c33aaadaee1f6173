import json
import shutil
import signal
from pathlib import Path

import pytest

from desktop_app.analysis import casework
from desktop_app.analysis.report_check import check_report
from desktop_app.cases import CaseStore, analyses, verify_case
from desktop_app.cli import main
from desktop_app.domain.cases import AnalysisState, Occasion
from desktop_app.reports.document import read_json
from tests.unit.analysis_scenes import MODEL_ID, build_model, scene, write_clip

FRAMES = 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory, astronaut):
    folder = tmp_path_factory.mktemp("commands")
    build_model(folder / MODEL_ID)
    write_clip(folder / "scene.mp4", scene(astronaut), FRAMES)
    return folder


@pytest.fixture(autouse=True)
def _installed(folder, cotejo_home, monkeypatch):
    shutil.copytree(folder / MODEL_ID, cotejo_home / "models" / MODEL_ID)
    monkeypatch.setattr(analyses, "CHUNK_S", 0.0)


@pytest.fixture
def clip(folder, tmp_path):
    return Path(shutil.copy(folder / "scene.mp4", tmp_path / "scene.mp4"))


@pytest.fixture
def path(tmp_path, clip):
    path = tmp_path / "case.cotejo"
    assert run("new", path, "--by", "Ana", "--purpose", "casework") == 0
    assert run("add", path, clip, "--from", "court", "--note", "as received", "--by", "Ana") == 0
    return path


def run(*arguments):
    return main(["case", *map(str, arguments)])


def analyze(path, *arguments):
    return run("analyze", path, *arguments, "--model", MODEL_ID, "--device", "cpu")


def test_from_a_new_case_to_its_log(path, clip, tmp_path, capsys):
    assert run("add", path, clip) == 0  # once
    assert analyze(path, "--all", "--range", "0:0.2", "--by", "Ben", "--purpose", "first look") == 0
    assert run("note", path, "The lips move oddly.", "--item", 1) == 0
    assert run("set", path, "question", "Is it genuine?") == 0
    assert run("set", path, "conclusion", "No.", "--item", 1) == 0
    capsys.readouterr()
    assert run("list", path) == 0
    shown = capsys.readouterr().out
    for words in (
        "item 1: scene.mp4", "received from court", "matches", "finished, 6 of 6 frames, untrained-1: ",
        "The lips move oddly.", "question: Is it genuine?",
    ):  # fmt: skip
        assert words in shown
    assert run("list", path, "--language", "es") == 0
    assert "análisis 1" in capsys.readouterr().out
    assert run("list", path, "--json") == 0
    (item,) = json.loads(capsys.readouterr().out)["items"]
    assert (item["state"], item["usable"], item["analyses"][0]["frames_done"]) == ("intact", True, 6)
    assert run("log", path) == 0
    log = capsys.readouterr().out
    assert "Ben  analysis started (first look)  item: 1, analysis: 1, model: untrained-1" in log
    assert run("log", path, "--language", "es") == 0
    assert (
        "Ben  análisis iniciado (first look)  material: 1, análisis: 1, modelo: untrained-1" in capsys.readouterr().out
    )
    assert run("log", path, "--json") == 0
    assert [json.loads(line)["seq"] for line in capsys.readouterr().out.splitlines()][:2] == [1, 2]
    assert run("save-copy", path, tmp_path / "copy.cotejo") == 0
    assert verify_case(tmp_path / "copy.cotejo").is_intact
    with CaseStore.open(path, read_only=True) as case:
        assert casework.details_of(case, 1).conclusion == "No."
        assert case.items.traces(1) is not None


def test_settings_know_the_examiner(tmp_path, cotejo_home):
    from desktop_app.config import load_settings

    settings = load_settings()
    settings.set("examiner", "Ana Ruiz")
    settings.save()
    assert run("new", tmp_path / "case.cotejo") == 0
    with CaseStore.open(tmp_path / "case.cotejo", read_only=True) as case:
        assert case.audit_log()[0].actor == "Ana Ruiz"
        assert casework.details_of(case).examiner == "Ana Ruiz"


def test_a_changed_item_is_refused_and_the_message_says_how_to_go_on(path, clip, capsys):
    with clip.open("ab") as file:
        file.write(b"x")
    assert run("check", path) == 0
    assert "CHANGED" in capsys.readouterr().out
    assert analyze(path, 1) == 3
    said = capsys.readouterr().err
    assert "its hash is another" in said
    assert f'cotejo case accept "{path}" 3 --reason' in " ".join(said.split())
    assert run("accept", path, 3, "--reason", " ") == 3
    assert run("accept", path, 3, "--reason", "The court cut it.") == 0
    assert "accepted" in capsys.readouterr().out
    assert analyze(path, 1, "--range", "0:0.1") == 0


def test_an_interrupt_keeps_what_was_found_and_resume_ends_it(path, clip, capsys, monkeypatch):
    whole = casework.analyze_in_case

    def interrupted(*args, **options):
        return whole(*args, **options, on_prediction=lambda batch: signal.raise_signal(signal.SIGINT))

    with monkeypatch.context() as busy:
        busy.setattr(casework, "analyze_in_case", interrupted)
        assert analyze(path, 1) == 130
    said = " ".join(capsys.readouterr().err.split())
    assert "Analysis 1 keeps 16 frames; it goes on with" in said
    assert f'cotejo case resume "{path}" 1' in said
    with CaseStore.open(path, read_only=True) as case:
        assert case.analyses.get(1).state is AnalysisState.ABORTED
    assert run("resume", path, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["provenance"]["aborted"], result["coverage"]["decoded"]) == (False, FRAMES)
    assert run("resume", path) == 0
    assert "No analysis of this case was broken off." in capsys.readouterr().out
    assert run("resume", path, 1) == 5


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["analyze", "CASE"], 2, "--all"),
        (["analyze", "CASE", "1", "--all"], 2, "--all"),
        (["analyze", "CASE", "7"], 5, "no item 7"),
        (["set", "CASE", "colour", "red"], 2, "They have: status"),
        (["set", "CASE", "version", "0"], 2, "number from 1"),
        (["set", "CASE", "status", "nearly"], 2, "draft or final"),
        (["note", "CASE", "x", "--item", "7"], 5, "no item 7"),
        (["accept", "CASE", "9", "--reason", "x"], 5, "no check 9"),
        (["new", "CASE"], 5, "exists already"),
        (["add", "CASE", "absent.mp4"], 3, "no file"),
        (["list", "absent.cotejo"], 5, "no case"),
    ],
)
def test_what_cannot_be_done_is_said(path, capsys, arguments, code, message):
    capsys.readouterr()
    assert run(*(path if a == "CASE" else a for a in arguments)) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in " ".join(captured.err.replace("│", " ").split())


def test_analyze_keeps_items_and_results_in_a_case(tmp_path, clip, capsys):
    path, out = tmp_path / "new.cotejo", tmp_path / "out"
    command = ["analyze", str(clip), "--case", str(path), "--model", MODEL_ID, "--device", "cpu", "--range", "0:0.2"]
    assert main([*command, "--out", str(out), "--pdf"]) == 0
    assert main(command) == 0
    with CaseStore.open(path, read_only=True) as case:
        assert len(case.items.all()) == 1
        assert len(case.analyses.all(1)) == 2
        assert case.analyses.result(1).result_id == case.analyses.result(2).result_id
        assert read_json(out / "scene.cotejo.json").predictions == case.analyses.predictions(1)
        assert [c.occasion for c in case.items.checks(1)][1:] == [Occasion.ANALYSIS, Occasion.EXPORT, Occasion.ANALYSIS]
    assert (out / "scene.cotejo.pdf").stat().st_size > 10_000
    assert check_report(out / "scene.cotejo.pdf", path, redraw=False).case.export_entry > 0
    assert verify_case(path).is_intact
