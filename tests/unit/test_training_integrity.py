import csv
import errno
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desktop_app.errors import InputError
from desktop_app.media import open_item
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.training import integrity
from desktop_app.training.integrity import (
    DAMAGE,
    Duplicate,
    FileFacts,
    delete,
    dhash,
    exact_duplicates,
    examine,
    near_duplicates,
    quarantine,
    scan_files,
    similar_hashes,
    write_duplicates,
    write_problems,
)
from desktop_app.training.manifest import Sample
from tests.unit.media_clips import CLIPS, make_clip


@pytest.fixture(scope="module")
def files(tmp_path_factory, astronaut):
    """One file of every condition, named after it."""
    folder = tmp_path_factory.mktemp("files")
    portrait = Image.fromarray(astronaut[:200, 100:300])
    for name in ("good.jpg", "good.png", "good.webp", "good.bmp", "good.tif"):
        portrait.save(folder / name)
    for name, share in (("truncated.jpg", 0.6), ("truncated.png", 0.5)):
        content = (folder / f"good{Path(name).suffix}").read_bytes()
        (folder / name).write_bytes(content[: int(len(content) * share)])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "unreadable.jpg").write_text("no image at all")
    (folder / "wrong_type.jpg").write_bytes((folder / "good.png").read_bytes())
    broken = bytearray((folder / "good.png").read_bytes())
    broken[len(broken) // 2] ^= 0xFF
    (folder / "unreadable.png").write_bytes(broken)
    make_clip(folder / "good.mp4", CLIPS["h264_b"])
    content = (folder / "good.mp4").read_bytes()
    (folder / "unreadable.mp4").write_bytes(content[: len(content) // 2])
    (folder / "empty.mp4").write_bytes(b"")
    return folder


def test_every_condition_is_told(files):
    facts = scan_files(sorted(files.iterdir()))
    assert {f.path.name: f.problem for f in facts} == {
        p.name: "" if p.stem == "good" else p.stem for p in files.iterdir()
    }
    assert all(f.detail for f in facts if f.problem)
    assert all(len(f.sha256) == 64 for f in facts if f.problem != "empty")
    assert all((f.dhash is not None) == (f.problem in ("", "wrong_type") and f.path.suffix != ".mp4") for f in facts)


@pytest.mark.parametrize("suffix", [".jpg", ".mp4"])
def test_what_was_not_read_is_no_damage(tmp_path, files, suffix, monkeypatch):
    good, folder = tmp_path / f"good{suffix}", tmp_path / f"folder{suffix}"
    good.write_bytes((files / f"good{suffix}").read_bytes())
    folder.mkdir()
    assert examine(tmp_path / f"none{suffix}").problem == "missing"
    assert examine(tmp_path / "gone" / f"none{suffix}").problem == "missing"
    assert examine(folder).problem == "not_a_file"
    assert examine(tmp_path / f"a\0b{suffix}").problem == "missing"

    def broken_disk(*arguments, **options):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        for name in ("read_bytes", "open"):
            patch.setattr(Path, name, broken_disk)
        found = examine(good)
    assert (found.problem, found.sha256) == ("not_read", "")
    assert not DAMAGE & {"missing", "not_a_file", "not_read"}
    assert examine(good).problem == ""


def test_a_video_that_opens_at_the_second_try_is_whole(files, monkeypatch):
    tries = []

    def flaky(path):
        tries.append(path)
        if len(tries) == 1:
            raise InputError("The file cannot be opened.", "Check the drive it lies on.")
        return open_item(path)

    monkeypatch.setattr(integrity, "open_item", flaky)
    assert examine(files / "good.mp4").problem == ""
    assert len(tries) == 2


def test_a_picture_without_room_in_memory_is_no_damage(files, monkeypatch):
    for error in (MemoryError(), Image.DecompressionBombError("too many pixels")):

        def fail(*arguments, error=error, **options):
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(integrity.Image, "open", fail)
            assert examine(files / "good.jpg").problem == "not_read"


def test_a_scan_can_be_cancelled(files):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        scan_files(sorted(files.iterdir()), cancel=token)


def test_damaged_files_are_moved_and_nothing_is_overwritten(files, tmp_path):
    base, away = tmp_path / "set", tmp_path / "away"
    (base / "real").mkdir(parents=True)
    damaged = base / "real/cut.jpg"
    damaged.write_bytes((files / "truncated.jpg").read_bytes())
    assert examine(damaged).problem == "truncated"
    (away / "real").mkdir(parents=True)
    (away / "real/cut.jpg").write_text("older")
    outside = tmp_path / "elsewhere.jpg"
    outside.write_text("x")
    for path in (damaged, outside):
        quarantine(path, base, away)
    assert not damaged.exists()
    assert (away / "real/cut.jpg").read_text() == "older"
    assert (away / "real/cut-2.jpg").read_bytes() == (files / "truncated.jpg").read_bytes()
    assert (away / "elsewhere.jpg").exists()
    delete(away / "elsewhere.jpg")
    assert not (away / "elsewhere.jpg").exists()


def test_a_file_that_cannot_be_moved_leaves_no_copy(tmp_path, files, monkeypatch):
    base, away = tmp_path / "set", tmp_path / "away"
    base.mkdir()
    damaged = base / "cut.jpg"
    damaged.write_bytes((files / "truncated.jpg").read_bytes())

    def between_volumes(source, target):
        Path(target).write_bytes(Path(source).read_bytes())
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(integrity.shutil, "move", between_volumes)
    with pytest.raises(InputError, match="cannot be moved"):
        quarantine(damaged, base, away)
    assert damaged.exists()
    assert not list(away.rglob("*.jpg"))


def sample(name, split="train", is_fake=False):
    return Sample(Path(name), is_fake, name, split, "s")


def test_equal_content_is_found_across_splits_and_labels(tmp_path):
    samples = [sample("a"), sample("b", "test"), sample("c", is_fake=True), sample("d"), sample("e"), sample("f")]
    hashes = ["1", "1", "2", "2", "3", "3"]
    facts = [FileFacts(s.path, sha256=h) for s, h in zip(samples, hashes, strict=True)]
    found = exact_duplicates(samples, facts)
    assert {(d.first.path.name, d.second.path.name): d.problem for d in found} == {
        ("b", "a"): "split",
        ("d", "c"): "label",
        ("e", "f"): "copy",
    }
    assert write_duplicates(found, tmp_path / "d.csv") == 3
    with (tmp_path / "d.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["split"], rows[0]["other_split"], rows[0]["bits"]) == ("test", "train", "")


def test_damaged_and_unread_files_are_no_duplicates():
    samples = [sample("a"), sample("b", "test"), sample("c"), sample("d", "test")]
    facts = [FileFacts(s.path, "truncated", sha256="1") for s in samples[:2]] + [FileFacts(s.path) for s in samples[2:]]
    assert exact_duplicates(samples, facts) == []
    assert near_duplicates(samples, facts) == []


def test_a_recompressed_and_smaller_copy_is_near_and_another_picture_is_not(tmp_path, astronaut):
    portrait, other = np.ascontiguousarray(astronaut[:300, 60:360]), np.ascontiguousarray(astronaut[212:, 212:])
    cv2.imwrite(str(tmp_path / "a.png"), portrait)
    small = cv2.resize(portrait, (180, 180), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(tmp_path / "b.jpg"), small, [cv2.IMWRITE_JPEG_QUALITY, 40])
    cv2.imwrite(str(tmp_path / "c.png"), other)
    cv2.imwrite(str(tmp_path / "d.png"), portrait)
    samples = [replace(sample(n, split), path=tmp_path / n) for n, split in
               (("a.png", "train"), ("b.jpg", "test"), ("c.png", "test"), ("d.png", "train"))]  # fmt: skip
    facts = scan_files([s.path for s in samples])
    pairs = {(d.first.path.name, d.second.path.name): d.distance for d in near_duplicates(samples, facts)}
    assert set(pairs) <= {("a.png", "b.jpg"), ("b.jpg", "d.png")}
    assert len(pairs) >= 1
    assert max(pairs.values()) <= 4
    assert [(d.first.path.name, d.second.path.name) for d in exact_duplicates(samples, facts)] == [("a.png", "d.png")]


def test_a_flat_picture_by_the_thousand_does_not_fill_the_list():
    samples = [sample(f"t{n}") for n in range(1000)] + [sample(f"v{n}", "test") for n in range(3)]
    facts = [FileFacts(s.path, sha256=str(n), dhash=7) for n, s in enumerate(samples)]
    found = near_duplicates(samples, facts)
    assert 1000 <= len(found) <= 1003 + 3
    assert {d.first.path.name for d in found} | {d.second.path.name for d in found} == {s.group for s in samples}


def test_the_hash_follows_brightness_from_left_to_right():
    ramp = np.tile(np.arange(0, 252, 4, dtype=np.uint8), (40, 1))
    assert dhash(ramp) == 2**64 - 1
    assert dhash(np.ascontiguousarray(ramp[:, ::-1])) == 0


@given(st.lists(st.integers(0, 2**64 - 1), max_size=12), st.integers(0, 6), st.randoms(use_true_random=False))
def test_all_similar_hashes_are_found_once(base, bits, random):
    # every hash again with up to eight bits turned over
    turned = [h ^ sum(1 << b for b in random.sample(range(64), random.randint(0, 8))) for h in base for _ in range(3)]
    values = np.array(sorted({*base, *turned}), np.uint64)
    found = [(min(a, b), max(a, b), d) for a, b, d in similar_hashes(values, bits)]
    assert len(found) == len({(a, b) for a, b, _ in found})
    pairs = [(a, b, (int(values[a]) ^ int(values[b])).bit_count()) for b in range(len(values)) for a in range(b)]
    assert sorted(found) == sorted(p for p in pairs if p[2] <= bits)


def test_problems_are_listed(tmp_path):
    facts = [FileFacts(tmp_path / "a.jpg"), FileFacts(tmp_path / "b.jpg", "empty", "nothing")]
    assert write_problems(facts, tmp_path / "out/p.csv") == 1
    assert (tmp_path / "out/p.csv").read_text() == "path,problem,detail,sha256\n../b.jpg,empty,nothing,\n"


@pytest.mark.parametrize(
    ("split", "is_fake", "problem"),
    [("train", False, "copy"), ("test", False, "split"), ("train", True, "label"), ("test", True, "split+label")],
)
def test_a_pair_says_all_that_is_wrong(split, is_fake, problem):
    pair = Duplicate(sample("a"), sample("b", split, is_fake))
    assert pair.problem == problem
    assert (pair.crosses_split, pair.has_both_labels) == ("split" in problem, "label" in problem)


def test_every_split_and_label_of_one_content_shows():
    samples = [sample("a"), sample("b", is_fake=True), sample("c", "val")]
    found = exact_duplicates(samples, [FileFacts(s.path, sha256="1") for s in samples])
    assert [(d.first.path.name, d.second.path.name, d.problem) for d in found] == [
        ("a", "b", "label"),
        ("b", "c", "split+label"),
    ]
