import csv
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from desktop_app.errors import InputError
from desktop_app.media import FrameReader, open_item
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.training import extract
from desktop_app.training.extract import ExtractSpec, extract_faces, name_items, pick_frames, read_rgb
from desktop_app.training.manifest import Sample, read_manifest
from tests.unit.analysis_scenes import scene, write_clip

REPO = Path(__file__).resolve().parents[2]
LISTS = ("manifest.csv", "skipped.csv", "items.csv")
SPEC = ExtractSpec(margin=0.2, size_px=96, per_video=3)


@pytest.fixture(scope="module")
def samples(tmp_path_factory, astronaut):
    """The portrait twice under one name, noise, a file that is no image, a tiny face and a clip of 12 frames."""
    folder = tmp_path_factory.mktemp("in")
    for place in ("a", "b"):
        (folder / place).mkdir()
    small = np.ascontiguousarray(astronaut[:300, 60:360])
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    tiny = cv2.resize(astronaut[:300, 60:360], (100, 100), interpolation=cv2.INTER_AREA)
    pictures = {"a/one.png": small, "b/one.png": small[:, ::-1], "a/noise.png": noise, "a/tiny.png": tiny}
    for name, image in pictures.items():
        cv2.imwrite(str(folder / name), np.ascontiguousarray(image[:, :, ::-1]))
    (folder / "a/text.png").write_text("no image")
    write_clip(folder / "b/clip.mp4", scene(astronaut), 12)
    names = ["a/noise.png", "a/one.png", "a/text.png", "b/one.png", "a/tiny.png", "b/clip.mp4"]
    return [Sample(folder / n, n == "b/clip.mp4", n[0], "train", "s", "swap" if n[0] == "b" else "") for n in names]


@pytest.fixture(scope="module")
def whole(samples, tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "out"
    counts = extract_faces(samples, out, SPEC)
    assert counts == {"items": 6, "kept": 5, "no_face": 1, "too_small": 1, "unreadable": 1, "missing": 0}
    return out


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def content(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def copy(whole, tmp_path, samples):
    """The finished folder, as far from the items as the original is, so that their relative paths are the same."""
    target = whole.parent / tmp_path.name
    shutil.copytree(whole, target)
    yield target
    shutil.rmtree(target)


def test_faces_of_images_and_videos_are_cut_out(whole):
    rows = read_manifest(whole / "manifest.csv", "s")
    assert [(r.group, r.is_fake, r.kind) for r in rows] == [("a", False, ""), ("b", False, "swap")] + [
        ("b", True, "swap")
    ] * 3
    assert len({r.path for r in rows}) == 5
    first, second = (read_rgb(r.path) for r in rows[:2])
    assert first.shape == (96, 96, 3)
    # the second is the mirrored portrait, not the first again
    assert np.abs(first[:, ::-1].astype(int) - second).mean() < np.abs(first.astype(int) - second).mean() / 2


def test_boxes_and_landmarks_are_in_pixels_of_the_crop(whole, astronaut):
    for row in read_manifest(whole / "manifest.csv", "s"):
        x1, y1, x2, y2 = row.box_xyxy
        # the longer side of the box takes 1 / (1 + margin) of the crop, around its middle
        assert max(x2 - x1, y2 - y1) == pytest.approx(96 / 1.2, abs=1.5)
        assert ((x1 + x2) / 2, (y1 + y2) / 2) == pytest.approx((48, 48), abs=1.5)
        assert row.face_score >= 0.95
        assert row.face_px >= 50
        (left, eyes_y), (right, _), (nose_x, nose_y), (_, mouth_y), _ = row.landmarks
        assert x1 < left < nose_x < right < x2
        assert y1 < eyes_y < nose_y < mouth_y < y2
    # eyes are dark, of the crop's own pixels
    row = read_manifest(whole / "manifest.csv", "s")[0]
    grey = cv2.cvtColor(read_rgb(row.path), cv2.COLOR_RGB2GRAY).astype(float)
    for x, y in row.landmarks[:2]:
        around = grey[round(y) - 3 : round(y) + 4, round(x) - 3 : round(x) + 4]
        assert around.min() < 0.6 * grey[30:66, 30:66].mean()


def test_what_gave_no_crop_is_said(whole):
    rows = {Path(r["item"]).name: (r["reason"], r["detail"]) for r in rows_of(whole / "skipped.csv")}
    assert {name: reason for name, (reason, _) in rows.items()} == {
        "noise.png": "no_face",
        "text.png": "unreadable",
        "tiny.png": "too_small",
    }
    assert "px" in rows["tiny.png"][1]


def test_a_video_gives_the_frames_that_were_asked_for(whole, samples):
    rows = [r for r in rows_of(whole / "manifest.csv") if r["item"].endswith(".mp4")]
    assert [(r["frame_index"], r["time_s"]) for r in rows] == [("2", "0.080"), ("6", "0.240"), ("10", "0.400")]
    clip = samples[-1].path
    with FrameReader(open_item(clip)) as reader:
        frame = reader.frame_at(6).image
    crop = read_rgb(whole / rows[1]["path"])
    # the crop of frame 6 is found in frame 6: the scene drifts 0.8 pixels a frame
    side = round(float(rows[1]["face_px"]))
    assert side >= 50
    scale = float(rows[1]["face_px"]) / (float(rows[1]["x2"]) - float(rows[1]["x1"]))
    shrunk = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    assert cv2.matchTemplate(frame, shrunk, cv2.TM_CCOEFF_NORMED).max() > 0.97


@pytest.mark.parametrize(
    ("count", "every", "per_video", "wanted"),
    [
        (10, 3, 99, [0, 3, 6, 9]),
        (10, 1, 1, list(range(10))),
        (10, 20, 5, [0]),
        (100, None, 4, [12, 37, 62, 87]),
        (5, None, 5, [0, 1, 2, 3, 4]),
        (3, None, 20, [0, 1, 2]),
        (7, None, 1, [3]),
        (0, None, 3, []),
        (0, 3, 3, []),
    ],
)
def test_frames_are_chosen(count, every, per_video, wanted):
    assert pick_frames(count, every, per_video) == wanted


def test_evenly_chosen_frames_are_different_and_inside():
    for count in range(1, 60):
        for wanted in range(1, 30):
            found = pick_frames(count, None, wanted)
            assert len(set(found)) == len(found) == min(count, wanted)
            assert found == sorted(found)
            assert 0 <= found[0] <= found[-1] < count


def test_every_nth_frame_and_all_faces(samples, astronaut, tmp_path):
    two = tmp_path / "two.mp4"
    write_clip(two, scene(astronaut, persons=2), 5)
    spec = replace(SPEC, every=2, all_faces=True)
    extract_faces([replace(samples[-1], path=two)], tmp_path / "out", spec)
    rows = rows_of(tmp_path / "out/manifest.csv")
    assert [r["frame_index"] for r in rows] == ["0", "0", "2", "2", "4", "4"]
    assert len({r["path"] for r in rows}) == 6


def test_the_number_of_processes_changes_nothing(samples, whole, tmp_path):
    target = whole.parent / tmp_path.name
    extract_faces(samples, target, SPEC, workers=1)
    assert content(target) == content(whole)
    shutil.rmtree(target)


def test_only_what_is_missing_is_done_again(samples, whole, copy):
    rows = read_manifest(copy / "manifest.csv", "s")
    kept, lost = rows[0].path, rows[1].path
    before = kept.stat().st_mtime_ns
    lost.unlink()
    extract_faces(samples, copy, SPEC)
    assert kept.stat().st_mtime_ns == before
    assert content(copy) == content(whole)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("cut", [1, 7, 60, 180, 10_000])
def test_a_list_that_was_cut_short_is_made_whole(samples, whole, copy, name, cut, monkeypatch):
    # the rows that a look at an item gave before stand in for another look, which would take too long
    kept, skipped = (rows_of(whole / listed) for listed in ("manifest.csv", "skipped.csv"))
    looked_at = []

    def look(self, job):
        looked_at.append(job[0])
        return extract._Result(job[0], *([r for r in rows if r["item"] == job[0]] for rows in (kept, skipped)))

    monkeypatch.setattr(extract._Extractor, "__call__", look)
    text = (copy / name).read_bytes()
    (copy / name).write_bytes(text[: max(0, len(text) - cut)])
    extract_faces(samples, copy, SPEC)
    assert 1 <= len(looked_at) <= len(samples)
    assert content(copy) == content(whole)


KILLED = """
import sys, time
from pathlib import Path
from desktop_app.training import extract
from desktop_app.training.extract import ExtractSpec, extract_faces
from desktop_app.training.manifest import read_manifest
samples = read_manifest(Path(sys.argv[1]), "s")
def wait_after_four(progress):
    if progress.done == 4:
        print("now", flush=True)
        time.sleep(60)
extract_faces(samples, Path(sys.argv[2]), ExtractSpec(margin=0.2, size_px=96, per_video=3), 0, wait_after_four)
"""


def test_a_killed_run_goes_on_to_the_same_end(samples, whole, tmp_path):
    target = whole.parent / tmp_path.name
    listing = samples[0].path.parents[1] / "list.csv"
    rows = [
        (s.path.relative_to(listing.parent).as_posix(), "fake" if s.is_fake else "real", s.group, s.split, s.kind)
        for s in samples
    ]
    with listing.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("path", "label", "group", "split", "kind"), *rows])
    process = subprocess.Popen([sys.executable, "-c", KILLED, listing, target], cwd=REPO, stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"now\n"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    # the kill came in the middle of a line
    with (target / "manifest.csv").open("ab") as file:
        file.write(b"real/half-of-a-li")
    done = rows_of(target / "items.csv")
    assert len(done) == 4
    crop = next(p for p in target.rglob("one-*.jpg"))
    before = crop.stat().st_mtime_ns
    extract_faces(read_manifest(listing, "s"), target, SPEC)
    assert crop.stat().st_mtime_ns == before
    assert content(target) == content(whole)
    shutil.rmtree(target)


def test_a_cancelled_run_keeps_what_is_done(samples, tmp_path):
    token = CancelToken()
    seen = []

    def stop(progress):
        seen.append(progress.done)
        token.cancel()

    with pytest.raises(Cancelled):
        extract_faces(samples, tmp_path / "out", SPEC, on_progress=stop, cancel=token)
    assert seen == [1]
    assert [Path(r["item"]).name for r in rows_of(tmp_path / "out/items.csv")] == ["noise.png"]


def test_a_new_split_moves_crops_without_new_work(samples, copy):
    before = {p: p.stat().st_mtime_ns for p in copy.rglob("*.jpg")}
    extract_faces([replace(s, split="test", group="x") for s in samples], copy, SPEC)
    assert {p: p.stat().st_mtime_ns for p in copy.rglob("*.jpg")} == before
    assert {(r.split, r.group) for r in read_manifest(copy / "manifest.csv", "s")} == {("test", "x")}


def test_other_settings_are_refused(samples, copy):
    with pytest.raises(InputError, match="other settings: margin"):
        extract_faces(samples, copy, replace(SPEC, margin=0.3))


def test_a_folder_with_another_list_is_left_alone(samples, tmp_path):
    (tmp_path / "manifest.csv").write_text("mine")
    with pytest.raises(InputError, match="another list"):
        extract_faces(samples, tmp_path, SPEC)
    assert (tmp_path / "manifest.csv").read_text() == "mine"


def test_an_item_listed_twice_is_refused(samples, tmp_path):
    with pytest.raises(InputError, match=f"1 items are .* more than once, for example .*{samples[0].path.name}"):
        extract_faces([*samples, samples[0], samples[0]], tmp_path / "out", SPEC)


@pytest.mark.parametrize(
    "change", [{"margin": -1.0}, {"size_px": 4}, {"min_score": 1.5}, {"min_face_px": 5}, {"every": 0}, {"per_video": 0}]
)
def test_settings_out_of_range_are_refused(change):
    with pytest.raises(InputError, match="must lie between"):
        ExtractSpec(**change)


def test_a_damaged_video_is_unreadable(samples, tmp_path):
    clip = samples[-1].path.read_bytes()
    (tmp_path / "half.mp4").write_bytes(clip[: len(clip) // 3])
    counts = extract_faces([replace(samples[-1], path=tmp_path / "half.mp4")], tmp_path / "out", SPEC)
    assert (counts["kept"], counts["unreadable"]) == (0, 1)
    assert rows_of(tmp_path / "out/skipped.csv")[0]["detail"]


def test_what_is_missing_is_said_and_done_once_it_is_there(tmp_path, samples):
    (tmp_path / "folder.png").mkdir()
    gone = [replace(samples[1], path=tmp_path / name) for name in ("none.png", "none.mp4", "folder.png")]
    counts = extract_faces(gone, tmp_path / "out", SPEC)
    assert (counts["kept"], counts["unreadable"], counts["missing"]) == (0, 0, 3)
    assert rows_of(tmp_path / "out/manifest.csv") == []
    assert [(r["reason"], r["detail"]) for r in rows_of(tmp_path / "out/skipped.csv")] == [
        ("missing", "There is no such file."),
        ("missing", "There is no such file."),
        ("missing", "It is a folder."),
    ]
    shutil.copyfile(samples[1].path, tmp_path / "none.png")
    counts = extract_faces(gone, tmp_path / "out", SPEC)
    assert (counts["items"], counts["kept"], counts["missing"]) == (3, 1, 2)


@pytest.mark.parametrize(
    ("kind", "folder"),
    [
        ("", ""),
        ("FaceSwap", "FaceSwap"),
        ("lip sync 2.0", "lip sync 2.0"),
        ("ñandú", "ñandú"),
        ("../../../escaped", ".._.._._escaped"),
        ("/absolute", "_absolute"),
        ("a/b\\c:d", "a_b_c_d"),
        ("..", "_"),
        (".", "_"),
        ("dot. ", "dot"),
        ("nul\0", "nul_"),
        ("nul", "_nul"),
        ("k" * 300, "k" * 180),
    ],
)
def test_a_kind_is_one_folder_below_the_crops(kind, folder):
    assert extract.kind_folder(kind) == folder


def test_no_crop_lies_outside_of_the_folder(samples, tmp_path):
    away = tmp_path / "away"
    jobs = [replace(samples[n], kind=kind) for n, kind in ((1, "../../../escaped"), (3, str(away)))]
    out = tmp_path / "one/two/out"
    assert extract_faces(jobs, out, SPEC)["kept"] == 2
    rows = read_manifest(out / "manifest.csv", "s")
    assert [r.kind for r in rows] == ["../../../escaped", str(away)]
    assert all(r.path.resolve().is_relative_to(out.resolve()) and r.path.is_file() for r in rows)
    assert {p.name for p in tmp_path.iterdir()} == {"one"}
    assert [len(list((out / "real").rglob("*.jpg"))), list(out.parent.iterdir())] == [2, [out]]
    assert extract_faces(jobs, out, SPEC)["kept"] == 2


def test_reading_gives_rgb_or_nothing(tmp_path):
    path = tmp_path / "ñ.png"
    path.write_bytes(cv2.imencode(".png", np.full((4, 5, 3), (1, 2, 250), np.uint8))[1].tobytes())
    assert read_rgb(path)[0, 0].tolist() == [250, 2, 1]
    for damaged in (b"", b"no image"):
        path.write_bytes(damaged)
        assert read_rgb(path) is None
    assert read_rgb(tmp_path) is None


def test_items_are_named_without_the_way_to_them(tmp_path):
    def sample(path):
        return Sample(path, False, path.stem, "train", "s")

    out = tmp_path / "work" / "crops"
    samples = [sample(tmp_path / "videos" / "a.mp4"), sample(out / "in" / "b.mp4"), sample(tmp_path / "work" / "c.mp4")]
    assert list(name_items(samples, out)) == ["videos/a.mp4", "in/b.mp4", "c.mp4"]
    # two that would be called alike stay apart, whatever their order
    twice = [samples[0], sample(tmp_path / "work" / "videos" / "a.mp4")]
    named = name_items(twice, out)
    assert len(named) == 2
    assert all(name.startswith("videos/a.mp4#") for name in named)
    assert dict(name_items(twice[::-1], out)) == named
    with pytest.raises(InputError, match="more than once"):
        name_items([samples[0], samples[0]], out)
