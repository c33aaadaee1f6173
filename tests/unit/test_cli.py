import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

import desktop_app
from desktop_app.analysis import session
from desktop_app.cli import main
from desktop_app.cli.analyze import parse_range
from desktop_app.cli.codes import UsageError
from desktop_app.cli.console import cancel_on_interrupt, write_out
from desktop_app.cli.naming import free_path, unique_stems
from desktop_app.logs import crash_log
from desktop_app.reports.document import read_json
from tests.unit.analysis_scenes import MODEL_ID, build_model, scene, write_clip

FRAMES = 20
REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, astronaut):
    folder = tmp_path_factory.mktemp("cli")
    build_model(folder / MODEL_ID)
    write_clip(folder / "scene.mp4", scene(astronaut), FRAMES)
    Image.fromarray(scene(astronaut)(0)).save(folder / "scene.png")
    return folder


@pytest.fixture(autouse=True)
def _installed(folder, cotejo_home):
    shutil.copytree(folder / MODEL_ID, cotejo_home / "models" / MODEL_ID)


@pytest.fixture
def clip(folder, tmp_path):
    return shutil.copy(folder / "scene.mp4", tmp_path / "scene.mp4")


@pytest.fixture
def picture(folder):
    return folder / "scene.png"


def analyze(*arguments):
    return main(["analyze", "--model", MODEL_ID, "--device", "cpu", "--language", "en", *map(str, arguments)])


def exports(folder):
    """Names of the files in a folder, each of which has its checksum beside it."""
    names = {p.name for p in folder.iterdir()}
    files = sorted(name for name in names if not name.endswith(".sha256"))
    assert names - set(files) == {f"{name}.sha256" for name in files}
    for name in files:
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert (folder / f"{name}.sha256").read_text(encoding="utf-8") == f"{digest}  {name}\n"
    return files


def facts(path):
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns, path.stat().st_size


def test_the_item_stays_as_it_was_and_all_files_are_written(clip, tmp_path, capsys):
    before, out = facts(clip), tmp_path / "new" / "out"
    assert analyze(clip, "--out", out, "--csv", "--pdf", "--video") == 0
    assert facts(clip) == before
    names = exports(out)
    assert names == ["scene.cotejo.csv", "scene.cotejo.json", "scene.cotejo.mp4", "scene.cotejo.pdf"]
    text = capsys.readouterr().out
    assert all(str(out / name) in text for name in names)
    result = read_json(out / "scene.cotejo.json")
    assert result.media.sha256 == before[0]
    assert result.media.sha256 in text
    with (out / "scene.cotejo.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(r["frame"]) for r in rows] == [p.frame_index for p in result.predictions] == list(range(FRAMES))


def test_files_go_to_the_working_folder_without_out(clip, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert analyze(clip, "--csv", "--range", "0:0.1") == 0
    names = ["scene.cotejo.csv", "scene.cotejo.csv.sha256"]
    assert sorted(p.name for p in tmp_path.glob("*.cotejo.*")) == names


def test_standard_output_is_one_json_object_per_item(clip, picture, tmp_path, capsys):
    missing = tmp_path / "missing.mp4"
    assert analyze(clip, missing, picture, "--json", "--every", 7) == 3
    captured = capsys.readouterr()
    documents = [json.loads(line) for line in captured.out.splitlines()]
    assert [Path(d["media"]["path"]).name for d in documents] == ["scene.mp4", "scene.png"]
    assert [p["frame_index"] for p in documents[0]["predictions"]] == [0, 7, 14]
    assert all("png" not in e for d in documents for e in d["exhibits"])
    assert "missing.mp4" in captured.err
    assert "Traceback" not in captured.err


def test_the_order_of_failures_does_not_stop_the_others(clip, tmp_path, capsys):
    text = tmp_path / "notes.mp4"
    text.write_text("no video at all")
    assert analyze(text, tmp_path, clip, "--range", "0:0.1") == 3
    captured = capsys.readouterr()
    assert "scene.mp4:" in captured.out
    assert "notes.mp4" in captured.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--range", "5:2"], 2, "ends before it begins"),
        (["--range", "nan:"], 2, "no range"),
        (["--range", "abc"], 2, "no range"),
        (["--range", "4"], 2, "no range"),
        (["--range", "100:"], 3, "holds no frame"),
        (["--every", "0"], 2, "--every"),
        (["--every", "2", "--per-second", "2"], 2, "not both"),
        (["--per-second", "-1"], 2, "--per-second"),
        (["--per-second", "nan"], 2, "--per-second"),
        (["--per-second", "inf"], 2, "--per-second"),
        (["--language", "fr"], 2, "en or es"),
        (["--model", "no-such"], 4, "no model “no-such”"),
        (["--device", "abacus"], 6, "“abacus” is not available"),
        (["--no-such-option"], 2, "No such option"),
    ],
)
def test_what_was_typed_wrong_is_said(clip, capsys, arguments, code, message):
    assert main(["analyze", "--model", MODEL_ID, "--device", "cpu", str(clip), *arguments]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in " ".join(captured.err.replace("│", " ").split())
    assert "Traceback" not in captured.err


def test_a_folder_that_cannot_be_written_is_said_before_the_work(clip, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(session, "analyze_item", lambda *args: pytest.fail("the work was begun"))
    (tmp_path / "file").write_text("")
    assert analyze(clip, "--out", tmp_path / "file" / "sub") == 5
    assert analyze(clip, "--out", tmp_path / "file") == 5
    assert "No files can be written" in capsys.readouterr().err


def test_items_of_the_same_name_have_files_of_their_own(clip, picture, tmp_path):
    assert analyze(clip, picture, "--range", "0:0.1", "--out", tmp_path / "out") == 0
    assert exports(tmp_path / "out") == ["scene-2.cotejo.json", "scene.cotejo.json"]
    assert unique_stems([Path(n) for n in ("x.a", "X.b", "x-2.c", "y.d")]) == ["x", "X-2", "x-2-2", "y"]


def test_long_names_leave_room_for_endings():
    # as long as file systems allow: endings and a checksum still fit, and two of them stay two
    one, two = unique_stems([Path("é" * 125 + "a.mp4"), Path("é" * 125 + "b.mp4")])
    assert one != two
    assert all(len(f"{name}.cotejo.v12.summary.es.pdf.sha256".encode()) <= 255 for name in (one, two))
    assert free_path(Path("out"), "n" * 250, ".pdf", []).name == f"{'n' * 200}.cotejo.pdf"


def test_an_item_is_never_overwritten(clip, tmp_path):
    other = shutil.copy(clip, tmp_path / "scene.cotejo.mp4")
    link = tmp_path / "scene.cotejo-2.mp4"
    link.hardlink_to(clip)
    before = facts(other), facts(clip)
    assert analyze(clip, other, "--range", "0:0.1", "--video", "--out", tmp_path) == 0
    assert (facts(other), facts(clip)) == before
    assert (tmp_path / "scene.cotejo-3.mp4").is_file()
    assert free_path(tmp_path, "scene", ".mp4", [other]) == link


def test_names_cannot_play_tricks_on_the_terminal(clip, tmp_path, capsys):
    nasty = tmp_path / "[bold]\x1b[2J[zz].mp4"
    try:
        shutil.copy(clip, nasty)
    except OSError:
        pytest.skip("this file system refuses the name")
    assert analyze(nasty, "--range", "0:0.1") == 0
    nasty.write_bytes(b"")
    assert analyze(nasty) == 3
    captured = capsys.readouterr()
    assert "\x1b[2J" not in captured.out + captured.err
    assert "[bold]\\x1b[2J[zz].mp4" in captured.out
    assert "[bold]\\x1b[2J[zz].mp4" in captured.err


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names are Unicode there")
def test_names_that_are_no_unicode_do_no_harm(clip, tmp_path, capsys):
    odd = tmp_path / os.fsdecode(b"caf\xe9.mp4")
    shutil.copy(clip, odd)
    assert analyze(odd, "--range", "0:0.1", "--json", "--out", tmp_path / "out") == 0
    assert json.loads(capsys.readouterr().out)["media"]["path"] == str(odd)
    assert analyze(odd, "--range", "0:0.1") == 0


def test_an_interrupt_keeps_what_was_found(clip, tmp_path, capsys, monkeypatch):
    """The handler is the real one; the signal comes while batches are scored."""
    whole = session.analyze_item

    def interrupted(request, on_progress, cancel):
        return whole(request, on_progress, cancel, on_prediction=lambda batch: signal.raise_signal(signal.SIGINT))

    monkeypatch.setattr(session, "analyze_item", interrupted)
    before = signal.getsignal(signal.SIGINT)
    out = tmp_path / "out"
    assert analyze(clip, clip, "--json", "--csv", "--pdf", "--video", "--out", out) == 130
    assert signal.getsignal(signal.SIGINT) is before
    result = read_json(out / "scene.cotejo.json")
    assert result.provenance.aborted
    assert 0 < len(result.predictions) < FRAMES
    assert [Path(name).suffix for name in exports(out)] == [".csv", ".json", ".pdf"]
    captured = capsys.readouterr()
    (line,) = captured.out.splitlines()
    assert json.loads(line)["provenance"]["aborted"] is True
    assert "Cancelled" in captured.err


def test_an_interrupt_of_the_video_does_not_belittle_the_analysis(clip, tmp_path, capsys, monkeypatch):
    from desktop_app.analysis import exports as item_exports

    def interrupted(result, frames, path, language, on_progress, cancel, sound, pixel_aspect):
        signal.raise_signal(signal.SIGINT)
        cancel.check()

    monkeypatch.setattr(item_exports, "write_annotated_video", interrupted)
    assert analyze(clip, "--video", "--out", tmp_path / "out") == 130
    captured = capsys.readouterr()
    assert not read_json(tmp_path / "out" / "scene.cotejo.json").provenance.aborted
    assert "was analysed in full" in captured.err
    assert "up to then" not in captured.err


def test_a_file_that_cannot_be_written_does_not_take_the_findings_with_it(clip, tmp_path, capsys):
    (tmp_path / "out" / "scene.cotejo.pdf").mkdir(parents=True)
    assert analyze(clip, "--range", "0:0.1", "--pdf", "--out", tmp_path / "out") == 5
    captured = capsys.readouterr()
    assert "SHA-256" in captured.out
    assert "could not be written" in captured.err


def test_a_rate_in_the_settings_is_no_number_of_frames(clip, cotejo_home, capsys):
    (cotejo_home / "settings.json").write_text('{"sampling_value": 7.4}')
    assert analyze(clip, "--json") == 0
    assert [p["frame_index"] for p in json.loads(capsys.readouterr().out)["predictions"]] == [0, 7, 14]


def test_a_second_interrupt_ends_the_program():
    # a run in the background of a shell starts with interrupts ignored
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with cancel_on_interrupt() as cancel:
            signal.raise_signal(signal.SIGINT)
            assert cancel.is_cancelled
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


DRIVER = """
import sys, time
from pathlib import Path
from desktop_app.analysis import pipeline
emit = pipeline.Pipeline._emit
def slow(self, *args):
    emit(self, *args)
    Path(sys.argv[1]).touch()
    time.sleep(0.2)
pipeline.Pipeline._emit = slow
from desktop_app.cli import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.skipif(os.name == "nt", reason="no such signal can be sent there")
def test_ctrl_c_in_a_process_of_its_own(folder, tmp_path, astronaut):
    clip = write_clip(tmp_path / "long.mp4", scene(astronaut), 150)
    mark, out = tmp_path / "mark", tmp_path / "out"
    arguments = ["analyze", str(clip), "--model", MODEL_ID, "--device", "cpu", "--json", "--out", str(out)]
    command = [sys.executable, "-c", DRIVER, str(mark), *arguments]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            deadline = time.monotonic() + 120
            while not mark.exists() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert json.loads(stdout)["provenance"]["aborted"] is True
    result = read_json(out / "long.cotejo.json")
    assert result.provenance.aborted
    assert 0 < len(result.predictions) < 150


def test_a_bug_goes_to_the_crash_log(clip, capsys, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(session, "analyze_item", fail)
    assert analyze(clip) == 1
    captured = capsys.readouterr()
    assert "Traceback" not in captured.out + captured.err
    assert str(crash_log()) in captured.err
    assert "ZeroDivisionError: a bug" in crash_log().read_text()


def test_sentences_in_spanish(clip, capsys):
    assert analyze(clip, "--range", "0:0.3", "--language", "es") == 0
    text = capsys.readouterr().out
    assert "persona 1:" in text
    assert "fotogramas" in text
    assert " frames" not in text


def test_the_report_of_a_stored_result(clip, tmp_path, capsys):
    out = tmp_path / "out"
    assert analyze(clip, "--out", out, "--range", "0:0.3") == 0
    stored = out / "scene.cotejo.json"
    before = facts(stored)
    clip.unlink()
    capsys.readouterr()
    assert main(["report", str(stored), "--csv", "--out", str(tmp_path / "again")]) == 0
    assert facts(stored) == before
    names = ["scene.cotejo.csv", "scene.cotejo.pdf"]
    assert exports(tmp_path / "again") == names
    assert (tmp_path / "again" / names[1]).read_bytes().startswith(b"%PDF")
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_result_of_an_impossible_path_is_drawn(clip, tmp_path, capsys):
    assert analyze(clip, "--range", "0:0.1", "--out", tmp_path) == 0
    stored = tmp_path / "scene.cotejo.json"
    stored.write_text(stored.read_text().replace(json.dumps(str(clip)), '"a\\u0000b.mp4"'))
    for _ in range(2):
        assert main(["report", str(stored)]) == 0


def test_what_is_no_result_has_no_report(tmp_path, capsys):
    (tmp_path / "a.json").write_text("{}")
    assert main(["report", str(tmp_path / "a.json")]) == 5
    assert main(["report", str(tmp_path / "b.json")]) == 5
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "not a stored result" in captured.err


def test_models_are_compared_on_a_file(clip, folder, cotejo_home, capsys):
    second = shutil.copytree(folder / MODEL_ID, cotejo_home / "models" / "second-1")
    card = second / "card.toml"
    card.write_text(card.read_text(encoding="utf-8").replace(f'"{MODEL_ID}"', '"second-1"'), encoding="utf-8")
    both = ["--model", MODEL_ID, "--model", "second-1", "--device", "cpu", "--every", "2"]
    assert main(["models", "compare", str(clip), *both, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["model_id"] for row in found["models"]] == [MODEL_ID, "second-1"]
    assert found["all"]["common"] > 0
    assert found["all"]["disagree"] == 0
    assert found["pairs"][0]["rank_correlation"] in (None, pytest.approx(1.0))
    assert main(["models", "compare", str(clip), *both]) == 0
    text = capsys.readouterr().out
    assert "opposite sides 0 %" in text
    assert "no independent confirmation" in text
    assert main(["models", "compare", str(clip), "--model", MODEL_ID]) == 2
    assert main(["models", "compare", str(clip), "--model", MODEL_ID, "--model", "no-such"]) == 4


def test_models_are_listed_with_their_figures(capsys):
    assert main(["models", "--json"]) == 0
    cards = json.loads(capsys.readouterr().out)
    assert MODEL_ID in [c["model_id"] for c in cards]
    assert main(["models"]) == 0
    assert MODEL_ID in capsys.readouterr().out
    assert main(["models", MODEL_ID, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["weights_sha256"]
    assert main(["models", MODEL_ID]) == 0
    assert "Limit:" in capsys.readouterr().out
    assert main(["models", "no-such"]) == 4


def test_a_model_is_measured_on_a_list(folder, picture, tmp_path, capsys):
    shutil.copy(picture, tmp_path / "a.png")
    shutil.copy(folder / "scene.mp4", tmp_path / "b.mp4")
    (tmp_path / "c.png").write_bytes(b"broken")
    rows = "path,label,method,origin,group\na.png,real,none,set,g1\nb.mp4,fake,swap,set,g2\nc.png,real,none,set,g3\n"
    (tmp_path / "list.csv").write_text(rows)
    out = tmp_path / "out"
    arguments = ["evaluate", str(tmp_path / "list.csv"), "--model", MODEL_ID, "--device", "cpu", "--out", str(out)]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert "Items: 3; without a score: 1." in text
    assert "c.png" in text
    with (out / "items.csv").open(newline="", encoding="utf-8") as file:
        assert [r["outcome"] for r in csv.DictReader(file)][2] == "failed"
    (rates,) = json.loads((out / "rates.json").read_text())
    assert (rates["n_genuine"], rates["n_fake"]) == (1, 1)
    assert main(["evaluate", str(tmp_path / "absent.csv"), "--model", MODEL_ID]) == 3


RECIPE = """
model_id = "tiny-1"
name = "Tiny"
version = "1"
architecture = "mobilenet_v2"
start_weights = ""
input_size_px = 32
crop_margin = 0.0
mean = [0.5, 0.5, 0.5]
std = [0.5, 0.5, 0.5]
total_images = 16
batch_size = 8
learning_rate = 1e-3
weight_decay = 0.01
schedule = "warmup_stable_decay"
warmup = 0.02
decay = 0.3
label_smoothing = 0.02
ema_decay = 0.9
validation_share = 0.5
validation_images = 8
validate_every = 2
min_face_px = 20
limits = ["Nothing."]
licence = "GPL-3.0-or-later"
seed = 1
[augment]
scale = 0.1
shift = 0.05
rotate_deg = 8.0
colour = 0.5
downscale = 0.3
blur = 0.1
noise = 0.1
jpeg = 0.8
jpeg_quality = [35.0, 95.0]
[[sources]]
name = "tiny"
manifest = "manifest.csv"
nominal = 1.0
genuine_weight = 0.5
fake_weight = 0.5
terms = "none"
"""


def test_a_model_is_trained_and_installed(tmp_path, astronaut, capsys):
    rows = ["path,label,group,split"]
    for number in range(24):
        Image.fromarray(astronaut[number : number + 64, 190:254]).save(tmp_path / f"{number}.png")
        rows.append(f"{number}.png,{'fake' if number % 2 else 'real'},g{number},{'test' if number < 4 else 'train'}")
    (tmp_path / "manifest.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "tiny.toml").write_text(RECIPE)
    arguments = ["--data", str(tmp_path), "--runs", str(tmp_path / "runs"), "--workers", "0", "--threads", "1"]
    assert main(["train", str(tmp_path / "tiny.toml"), *arguments]) == 0
    assert "tiny-1 is in" in capsys.readouterr().out
    assert main(["models", "tiny-1"]) == 0
    assert "Tiny" in capsys.readouterr().out
    assert main(["train", "no-such-recipe", *arguments]) == 3


def test_the_program_says_what_it_is(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"cotejo {desktop_app.__version__}"
    assert main(["--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert all(f"{code} " in text for code in (0, 1, 2, 3, 4, 5, 6, 130))
    for command in ("analyze", "demo", "report", "benchmark", "models", "train", "evaluate"):
        assert main([command, "--help"]) == 0
    assert main(["no-such-command"]) == 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("", (None, None)), (":", (None, None)), ("1:", (1, None)), (":2.5", (None, 2.5)), ("0:1", (0, 1))],
)
def test_ranges(text, wanted):
    assert parse_range(text) == wanted


@pytest.mark.parametrize("text", ["1", "a:b", "1:2:3", "-1:2", "2:2", "inf:", "1:inf", "nan:nan"])
def test_what_is_no_range(text):
    with pytest.raises(UsageError):
        parse_range(text)


def test_what_a_terminal_cannot_show_is_escaped(monkeypatch, tmp_path):
    with (tmp_path / "out.txt").open("w", encoding="ascii") as file:
        monkeypatch.setattr(sys, "stdout", file)
        write_out("“a”")
    assert (tmp_path / "out.txt").read_text() == "\\u201ca\\u201d\n"


def test_a_model_cannot_steer_the_terminal(capsys):
    write_out("Limit: \x1b[2Jnone\nscore >\u00a00.99")
    assert capsys.readouterr().out == "Limit: \\x1b[2Jnone\nscore >\u00a00.99\n"
