"""Every finding has its words in both languages, and `cotejo inspect` gives them."""

import json
import re
import string
from pathlib import Path

import pytest

from desktop_app.cli import main
from desktop_app.domain.traces import CredentialState, Trace, TraceWeight
from desktop_app.media.provenance.catalogue import CATALOGUE, by_weight, clean, found
from desktop_app.reports.trace_texts import CREDENTIALS, SPANISH, TITLES, WEIGHTS, credentials_text, trace_text
from tests.unit.provenance_files import scene, write_video

ROOM = Path(__file__).resolve().parents[2] / "desktop_app" / "media" / "provenance"


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def example(code):
    return found(code, **{name: f"<{name}>" for name in fields(CATALOGUE[code].message)})


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_finding_has_words_in_both_languages(code):
    trace = example(code)
    english, spanish = trace_text(trace, "en"), trace_text(trace, "es")
    assert all(english)
    assert all(spanish)
    assert english[1:] == (trace.message, trace.meaning)
    assert all(a != b for a, b in zip(english[1:], spanish[1:], strict=True))
    for value in dict(trace.facts).values():
        assert value in english[1]
        assert value in spanish[1]


def test_no_words_without_a_finding():
    assert set(TITLES) == set(SPANISH) == set(CATALOGUE)
    assert set(WEIGHTS) == set(TraceWeight)
    assert set(CREDENTIALS) == set(CredentialState)


def test_every_code_that_is_used_is_in_the_catalogue_and_the_other_way_round():
    source = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py") if path.name != "catalogue.py")
    used = set(re.findall(r'found\(\s*"(\w+)"', source)) | set(re.findall(r'"(software_\w+)"', source))
    used |= {f"credentials_{state.value}" for state in CredentialState if state is not CredentialState.ABSENT}
    assert used == set(CATALOGUE)


def test_absence_proves_nothing():
    assert "proves nothing" in credentials_text(CredentialState.ABSENT, "en")
    assert "no prueba nada" in credentials_text(CredentialState.ABSENT, "es")


def test_findings_of_another_version_keep_their_own_words():
    newer = Trace("unheard_of", TraceWeight.WEAK, "Something was found.", "It can be anything.")
    assert trace_text(newer, "es") == ("Hallazgo", "Something was found.", "It can be anything.")
    older = Trace("frames_missing", TraceWeight.WEAK, "Frames are missing.", "Load.", (("count", "2"),))
    assert trace_text(older, "es")[1] == "Frames are missing."


def test_texts_of_a_file_cannot_steer_anything():
    trace = found("device", device="A\x1b[31m\nB" + "x" * 1000 + "{names}")
    assert "\x1b" not in trace.message
    assert "\n" not in trace.message
    assert len(trace.message) < 400
    assert trace_text(found("device", device="{0.__class__} %s"), "es")[1].count("{0.__class__}") == 1
    assert clean(" a \0 b ") == "a b"


def test_order_of_weights():
    traces = [
        found("sound_absent"),
        found("old_gop", period=12),
        found("edit_list_joins", count=2),
        example("software_generator"),
    ]
    assert [trace.weight.value for trace in by_weight(traces)] == ["strong", "notable", "weak", "neutral"]


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inspect")
    frames = [scene(n, (96, 64)) for n in range(12)]
    return [write_video(folder / "one.mp4", frames), write_video(folder / "two.mkv", frames, {"crf": "30"})]


def test_inspect_in_words(clips, capsys):
    assert main(["inspect", *map(str, clips), "--language", "en"]) == 0
    out = capsys.readouterr().out
    assert "one.mp4" in out
    assert "[weak] Conversion software" in out
    assert out.index("[weak]") < out.index("[neutral]")
    assert "absence proves nothing" in out
    assert "Perceptual hash: " in out
    assert "one.mp4 and two.mkv" in out
    assert main(["inspect", str(clips[0]), "--language", "es"]) == 0
    assert "Su ausencia no prueba nada" in capsys.readouterr().out


def test_inspect_as_json(clips, capsys):
    assert main(["inspect", *map(str, clips), "--json", "--language", "en"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["path"].endswith("one.mp4")
    assert len(first["sha256"]) == 64
    assert {"code", "weight", "title", "message", "meaning", "facts"} == set(first["findings"][0])
    assert first["credentials"]["state"] == "absent"
    assert len(second["perceptual_hash"]) == 8


def test_inspect_says_what_it_cannot_read_and_goes_on(clips, tmp_path, capsys):
    text = tmp_path / "notes.txt"
    text.write_text("no media")
    assert main(["inspect", str(text), str(clips[0]), "--json"]) == 3
    captured = capsys.readouterr()
    assert "notes.txt" in captured.err
    assert json.loads(captured.out)["path"].endswith("one.mp4")
    assert main(["inspect", str(clips[0]), "--trust", str(text)]) == 2
    assert "PEM" in capsys.readouterr().err
