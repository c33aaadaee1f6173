import csv
import logging
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from desktop_app.cli import main
from desktop_app.cli.codes import UsageError
from desktop_app.cli.dataset import parse_shares
from desktop_app.cli.outputs import training_messages
from desktop_app.logs import setup_logging, stop_logging
from desktop_app.training.extract import read_rgb
from desktop_app.training.manifest import read_manifest
from tests.unit.analysis_scenes import scene, write_clip


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def tree(tmp_path_factory, astronaut):
    """Twelve people, each real and fake, one of them as a clip."""
    root = tmp_path_factory.mktemp("tree")
    for number in range(12):
        for label in ("real", "fake"):
            image = astronaut[number : number + 250, 100 + number : 350 + number, ::-1].copy()
            image[:20, :20] = 0 if label == "real" else 255
            (root / label).mkdir(exist_ok=True)
            cv2.imwrite(str(root / label / f"p{number:02d}x_1.jpg"), image)
    write_clip(root / "fake/p00x_2.mp4", scene(astronaut), 6)
    return root


@pytest.fixture
def listing(tree, tmp_path):
    path = tmp_path / "list.csv"
    assert main(["dataset", "build", str(tree), "--out", str(path), "--seed", "1"]) == 0
    return path


def test_a_tree_becomes_a_list_and_crops(listing, tmp_path, capsys):
    samples = read_manifest(listing, "s")
    assert len(samples) == 25
    capsys.readouterr()
    out = tmp_path / "crops"
    arguments = ["dataset", "extract", str(listing), "--out", str(out), "--per-video", "2", "--size", "64"]
    assert main(arguments) == 0
    assert "items: 25, kept: 26, no_face: 0, too_small: 0, unreadable: 0" in capsys.readouterr().out
    crops = read_manifest(out / "manifest.csv", "s")
    assert {s.group: s.split for s in crops} == {s.group: s.split for s in samples}
    assert all(read_rgb(s.path).shape == (64, 64, 3) for s in crops)
    assert main([*arguments[:-1], "96"]) == 3
    assert "other settings: size_px" in capsys.readouterr().err
    assert main([*arguments, "--every", "2"]) == 2


def test_what_was_listed_is_said(tree, tmp_path, capsys):
    arguments = ["dataset", "build", str(tree), "--out", str(tmp_path / "m.csv"), "--split", "0/0/100"]
    assert main(arguments) == 0
    assert "test: 12 real and 13 fake of 12 groups" in capsys.readouterr().out
    assert main([*arguments, "--group", ".+"]) == 0
    assert "test: 12 real and 13 fake of 25 groups" in capsys.readouterr().out


def splits_of(path):
    return {row["path"].rsplit("/")[-1]: row["split"] for row in rows_of(path)}


@pytest.mark.parametrize("name", [[], ["--name", "people"]])
def test_building_and_splitting_make_the_same_split(tree, tmp_path, name):
    root = tmp_path / "people-tree"
    shutil.copytree(tree, root)
    built, again = root / "built.csv", root / "again.csv"
    options = ["--split", "40/30/30", "--seed", "3", *name]
    assert main(["dataset", "build", str(root), "--out", str(built), *options]) == 0
    assert main(["dataset", "split", str(built), "--out", str(again), *options]) == 0
    assert splits_of(again) == splits_of(built)
    assert set(splits_of(again).values()) == {"train", "val", "test"}
    listed = root / "listed.csv"
    assert main(["dataset", "build", str(built), "--layout", "manifest", "--out", str(listed), *options]) == 0
    assert splits_of(listed) == splits_of(built)


def test_a_list_is_split_anew_with_all_its_columns(listing, tmp_path):
    text = listing.read_text().splitlines()
    listing.write_text("\n".join([text[0] + ",note", *(f"{line},n{i}" for i, line in enumerate(text[1:]))]) + "\n")
    out = tmp_path / "elsewhere/again.csv"
    assert main(["dataset", "split", str(listing), "--out", str(out), "--split", "0/50/50"]) == 0
    rows = rows_of(out)
    assert {r["split"] for r in rows} == {"val", "test"}
    assert [r["note"] for r in rows] == [f"n{i}" for i in range(25)]
    assert all(s.path.exists() for s in read_manifest(out, "s"))
    assert main(["dataset", "split", str(listing), "--out", str(out), "--split", "70/20"]) == 2


def test_damage_and_leaks_are_reported_and_quarantined(tree, tmp_path, capsys):
    root = tmp_path / "set"
    (root / "real").mkdir(parents=True)
    good = (tree / "real/p01x_1.jpg").read_bytes()
    for name, content in {"a.jpg": good, "b.jpg": good, "cut.jpg": good[: len(good) // 2], "none.jpg": b""}.items():
        (root / "real" / name).write_bytes(content)
    rows = ["real/a.jpg,real,a,train,1", "real/b.jpg,real,b,test,2", "real/cut.jpg,real,c,train,3"]
    rows.append("real/none.jpg,real,d,val,4")
    (root / "m.csv").write_text("\n".join(["path,label,group,split,note", *rows]) + "\n")
    report, away = tmp_path / "report", tmp_path / "away"
    assert main(["dataset", "check", str(root / "m.csv"), "--out", str(report)]) == 0
    assert "4 files, problems: empty 1, truncated 1" in capsys.readouterr().out
    assert {r["problem"] for r in rows_of(report / "problems.csv")} == {"empty", "truncated"}
    assert [(r["problem"], r["split"], r["other_split"]) for r in rows_of(report / "duplicates.csv")] == [
        ("split", "test", "train")
    ]
    assert (root / "real/cut.jpg").exists()
    command = ["dataset", "check", str(root / "m.csv"), "--out", str(report)]
    assert main([*command, "--remove", "--quarantine", str(away)]) == 2
    assert main([*command, "--quarantine", str(away)]) == 0
    assert sorted(p.name for p in away.rglob("*.jpg")) == ["cut.jpg", "none.jpg"]
    assert [(r["path"], r["note"]) for r in rows_of(root / "m.csv")] == [("real/a.jpg", "1"), ("real/b.jpg", "2")]
    (root / "real/b.jpg").write_bytes(b"")
    assert main([*command, "--remove"]) == 0
    assert not (root / "real/b.jpg").exists()
    assert len(rows_of(root / "m.csv")) == 1


def test_equal_content_counts_for_splits_and_for_labels(tree, tmp_path, capsys):
    rows = []
    for name, label, split in (("a", "real", "train"), ("b", "fake", "val"), ("c", "fake", "val")):
        shutil.copyfile(tree / "real/p01x_1.jpg", tmp_path / f"{name}.jpg")
        rows.append(f"{name}.jpg,{label},{name},{split}")
    (tmp_path / "m.csv").write_text("\n".join(["path,label,group,split", *rows]) + "\n")
    assert main(["dataset", "check", str(tmp_path / "m.csv"), "--out", str(tmp_path / "report")]) == 0
    assert "Equal content: 1 pairs across splits, 1 with both labels, 1 else" in capsys.readouterr().out
    assert [r["problem"] for r in rows_of(tmp_path / "report/duplicates.csv")] == ["split+label", "copy"]


@pytest.mark.parametrize("header", ["path,label,group", "path,label,group,split"])
def test_a_list_that_is_split_anew_needs_no_split(tmp_path, header, capsys):
    end = ",odd" if header.endswith("split") else ""
    rows = [f"{label}{n}.jpg,{label},g{n}{end}" for n in range(10) for label in ("real", "fake")]
    (tmp_path / "m.csv").write_text("\n".join([header, *rows]) + "\n")
    out = tmp_path / "out.csv"
    assert main(["dataset", "split", str(tmp_path / "m.csv"), "--out", str(out), "--split", "60/20/20"]) == 0
    assert "train: 6 real and 6 fake of 6 groups" in capsys.readouterr().out
    built = ["dataset", "build", str(tmp_path / "m.csv"), "--layout", "manifest", "--out", str(tmp_path / "built.csv")]
    assert main([*built, "--split", "60/20/20"]) == 0
    assert splits_of(tmp_path / "built.csv") == splits_of(out)
    assert main(built) == 3
    assert main(["dataset", "extract", str(tmp_path / "m.csv"), "--out", str(tmp_path / "crops")]) == 3


def test_a_file_under_two_groups_is_not_split(tmp_path, capsys):
    (tmp_path / "m.csv").write_text("path,label,group\na.jpg,real,g\na.jpg,real,h\n")
    command = ["dataset", "split", str(tmp_path / "m.csv"), "--out", str(tmp_path / "out.csv"), "--split", "50/50/0"]
    assert main(command) == 3
    assert "1 of 1 files are in more than one split" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out.csv").exists()


def test_a_quarantine_within_the_checked_folder_is_refused(tree, tmp_path):
    command = ["dataset", "check", str(tree), "--out", str(tmp_path / "report"), "--quarantine"]
    assert main([*command, str(tree / "away")]) == 2
    assert not (tmp_path / "report").exists()
    assert main([*command, str(tmp_path / "away")]) == 0


@pytest.mark.parametrize("way", ["--remove", "--quarantine"])
def test_only_damaged_files_are_taken_out(tree, tmp_path, capsys, way):
    """A list with a disk that is not there, a folder and one damaged file."""
    root, away = tmp_path / "set", tmp_path / "away"
    (root / "real").mkdir(parents=True)
    (root / "real/good.jpg").write_bytes((tree / "real/p01x_1.jpg").read_bytes())
    (root / "real/cut.jpg").write_text("no image")
    places = ["real/good.jpg", "real", "unplugged/a.jpg", "unplugged/b.mp4", "real/cut.jpg", "real/../real/cut.jpg"]
    rows = [f"{place},real,g{number},train" for number, place in enumerate(places)]
    (root / "m.csv").write_text("\n".join(["path,label,group,split", *rows]) + "\n")
    command = ["dataset", "check", str(root / "m.csv"), "--out", str(tmp_path / "report"), "--near", "0", way]
    assert main([*command, str(away)] if way == "--quarantine" else command) == 0
    said = capsys.readouterr()
    assert "problems: missing 2, not_a_file 1, unreadable 2" in said.out
    assert "1 damaged files were" in said.out
    assert "3 files were not looked at" in " ".join(said.err.split())
    assert [row["path"] for row in rows_of(root / "m.csv")] == places[:4]
    assert sorted(p.name for p in root.rglob("*.jpg")) == ["good.jpg"]
    assert {r["problem"] for r in rows_of(tmp_path / "report/problems.csv")} == {"missing", "not_a_file", "unreadable"}


def test_the_list_drops_what_was_moved_before_an_error(tree, tmp_path, monkeypatch):
    from desktop_app.training import integrity

    root = tmp_path / "set"
    root.mkdir()
    for name in ("a", "b", "c"):
        (root / f"{name}.jpg").write_text("no image")
    rows = [f"{name}.jpg,real,{name},train" for name in ("a", "b", "c")]
    (root / "m.csv").write_text("\n".join(["path,label,group,split", *rows]) + "\n")
    remove = integrity.os.remove

    def refuse(path):
        if Path(path).name == "b.jpg":
            raise PermissionError(13, "Permission denied")
        remove(path)

    monkeypatch.setattr(integrity.os, "remove", refuse)
    assert main(["dataset", "check", str(root / "m.csv"), "--out", str(tmp_path / "report"), "--remove"]) == 3
    assert [row["path"] for row in rows_of(root / "m.csv")] == ["b.jpg", "c.jpg"]
    assert sorted(p.name for p in root.glob("*.jpg")) == ["b.jpg", "c.jpg"]


def test_a_leaking_list_is_refused(tree, tmp_path, capsys):
    path = tree / "leak.csv"
    path.write_text("path,label,group,split\nreal/p01x_1.jpg,real,g,train\nfake/p01x_1.jpg,fake,g,test\n")
    assert main(["dataset", "check", str(path), "--out", str(tmp_path)]) == 3
    assert (tmp_path / "problems.csv").exists()
    assert main(["dataset", "extract", str(path), "--out", str(tmp_path / "crops")]) == 3
    assert main(["dataset", "build", str(path), "--layout", "manifest", "--out", str(tmp_path / "m.csv")]) == 3
    assert "g (test, train)" in capsys.readouterr().err
    assert not (tmp_path / "m.csv").exists()
    path.unlink()


def test_a_folder_can_be_checked_before_it_is_a_list(tree, tmp_path, capsys):
    assert main(["dataset", "check", str(tree), "--out", str(tmp_path), "--near", "0"]) == 0
    assert "25 files, problems: none" in capsys.readouterr().out


def test_what_was_typed_wrong_is_said(tree, tmp_path, capsys):
    assert main(["dataset", "build", str(tree), "--out", str(tmp_path / "m.csv"), "--layout", "zip"]) == 2
    assert main(["dataset", "build", str(tmp_path / "absent"), "--out", str(tmp_path / "m.csv")]) == 3
    assert main(["dataset", "extract", str(tmp_path / "absent.csv"), "--out", str(tmp_path / "x")]) == 3
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "70", "70/15", "a/b/c", "70/15/16", "-70/85/85", "70/15/15/0"])
def test_what_is_no_split(text):
    with pytest.raises(UsageError):
        parse_shares(text)


def test_splits_are_read():
    assert parse_shares("70/15/15") == pytest.approx((0.7, 0.15, 0.15))
    assert parse_shares("100/0/0") == (1, 0, 0)
    assert np.isclose(sum(parse_shares("33.3/33.3/33.4")), 1)


@pytest.mark.parametrize("command", ["build", "split", "check", "extract"])
def test_an_output_that_cannot_be_written_is_no_bug(tree, listing, tmp_path, capsys, command):
    (tmp_path / "file").write_text("in the way")
    source = tree if command == "build" else listing
    assert main(["dataset", command, str(source), "--out", str(tmp_path / "file/out")]) == 5
    said = " ".join(capsys.readouterr().err.split())
    assert "a part of the path is a file, not a folder. Choose another place" in said


def test_splits_without_a_label_are_named(tmp_path, astronaut, capsys):
    for split in ("train", "val"):
        (tmp_path / "tree" / split / "real").mkdir(parents=True)
        cv2.imwrite(str(tmp_path / "tree" / split / "real" / f"{split}a_1.png"), astronaut)
    assert main(["dataset", "build", str(tmp_path / "tree"), "--out", str(tmp_path / "list.csv")]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "train has no fake items; val has no fake items; test has no real and no fake items." in said


def test_a_warning_is_shown_once_and_as_a_sentence(capsys):
    logger = logging.getLogger("desktop_app.training.some_room")
    setup_logging()
    try:
        with training_messages(logging.WARNING, "%(message)s"):
            logger.warning("some clips are left out")
            logger.info("not shown")
        logger.warning("as a line of the log again")
    finally:
        stop_logging()
    first, second = capsys.readouterr().err.splitlines()
    assert first == "some clips are left out"
    assert "WARNING" in second


@pytest.mark.parametrize("recipe", ["resnet18", "mobilenetv2-plain"])
def test_a_recipe_without_forgeries_is_named_before_its_data_is_asked_for(tmp_path, capsys, recipe):
    assert main(["dataset", "sheet", recipe, "--data", str(tmp_path), "--out", str(tmp_path / "sheet.png")]) != 0
    said = capsys.readouterr().err
    assert "makes no forgeries" in said
    assert "manifest" not in said
    assert not (tmp_path / "sheet.png").exists()
