"""The demo from end to end. Whether the model finds the manipulation is said by the demo, not demanded here."""

import contextlib
import csv
import io
from dataclasses import replace

import av
import pikepdf
import pytest

from desktop_app.analysis.aggregate import MIN_SCORED_FRAMES
from desktop_app.cli import main
from desktop_app.cli.demo import CLIP_NAME, check_demo, describe_check
from desktop_app.domain import Segment
from desktop_app.media import open_item
from desktop_app.media.demo import DEMO_DURATION_S, DEMO_FAKE_END_S, DEMO_FAKE_START_S, DEMO_RATE
from desktop_app.reports.document import read_json
from tests.factories import make_result

FRAMES = round(DEMO_DURATION_S * DEMO_RATE)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Folder and standard output of one run."""
    out, text = tmp_path_factory.mktemp("demo"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(text):
        patch.setenv("COTEJO_HOME", str(out / "home"))
        assert main(["demo", "--out", str(out / "demo"), "--device", "cpu", "--language", "en"]) == 0
    return out / "demo", text.getvalue()


@pytest.fixture(scope="module")
def result(demo):
    return read_json(demo[0] / "cotejo-demo.cotejo.json")


def test_all_files_are_there_and_named(demo):
    folder, text = demo
    names = sorted(p.name for p in folder.iterdir() if p.suffix != ".sha256")
    assert names == sorted([CLIP_NAME, *(f"cotejo-demo.cotejo.{kind}" for kind in ("csv", "json", "mp4", "pdf"))])
    for name in names:
        assert str((folder / name).resolve()) in text
        assert (folder / name).stat().st_size > 5_000


def test_the_face_is_one_person_in_every_frame(result):
    assert result.coverage.decoded == result.coverage.with_face == FRAMES
    assert [p.frame_index for p in result.predictions_of(1)] == list(range(FRAMES))
    assert result.tracks[0].frames_scored > 0.9 * FRAMES
    assert len(result.exhibits) >= 3


def test_what_passes_for_another_face_is_short_and_has_no_say(result):
    person, *others = result.tracks
    assert all(t.frames_scored < MIN_SCORED_FRAMES for t in others)
    named = {n.frame_index for n in result.notices if n.code in ("short_track", "unscored_track")}
    assert named == {t.start_frame for t in others}
    assert result.verdict == person.verdict


def test_the_table_has_a_row_for_every_prediction(demo, result):
    with (demo[0] / "cotejo-demo.cotejo.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(int(r["frame"]), int(r["track"])) for r in rows] == [
        (p.frame_index, p.track_id) for p in result.predictions
    ]
    for row, p in zip(rows, result.predictions, strict=True):
        assert (row["p_fake"] == "") == (p.p_fake is None)
        assert p.p_fake is None or float(row["p_fake"]) == pytest.approx(p.p_fake, abs=1e-3)


def test_the_annotated_video_keeps_the_timing(demo):
    clip, video = (open_item(demo[0] / name) for name in (CLIP_NAME, "cotejo-demo.cotejo.mp4"))
    assert len(video.index) == len(clip.index) == FRAMES
    assert video.index.time_s == pytest.approx(clip.index.time_s, abs=1e-3)
    assert (video.info.width_px, video.info.height_px) == (clip.info.width_px, clip.info.height_px)
    with av.open(str(demo[0] / "cotejo-demo.cotejo.mp4")) as container:
        assert container.streams.video[0].codec_context.name == "h264"


def test_the_report_is_a_pdf_of_some_pages(demo):
    with pikepdf.open(demo[0] / "cotejo-demo.cotejo.pdf") as pdf:
        assert len(pdf.pages) >= 2


def test_the_demo_says_what_the_result_holds(demo, result):
    check = check_demo(result, DEMO_FAKE_START_S, DEMO_FAKE_END_S)
    assert describe_check(check, DEMO_FAKE_START_S, DEMO_FAKE_END_S) in demo[1]
    assert f"{check.inside:.2f} there" in demo[1]
    assert ("did NOT find" in demo[1]) == (not check.found)


def with_segments(*spans):
    result = make_result(tracks=1, exhibits=False)
    band = result.card.thresholds.band(0.9)
    segments = tuple(Segment(1, 0, 1, a, b, 0.9, band) for a, b in spans)
    return replace(result, tracks=(replace(result.tracks[0], segments=segments),))


@pytest.mark.parametrize(
    ("spans", "found", "false"),
    [
        ([(3.1, 5.4)], True, 0),
        ([(0.0, 8.0)], True, 0),
        ([(3.0, 3.5)], False, 0),
        ([], False, 0),
        ([(0.0, 1.0), (6.0, 7.0)], False, 2),
        ([(3.0, 5.0), (7.0, 7.6)], True, 1),
    ],
)
def test_the_check_is_honest(spans, found, false):
    check = check_demo(with_segments(*spans), 3.0, 5.5)
    assert (check.found, check.false_stretches) == (found, false)
    text = describe_check(check, 3.0, 5.5)
    assert ("did NOT find" in text) == (not found)
    assert ("genuine stretch" in text) == bool(false)
