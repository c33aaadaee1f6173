import csv
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.errors import InputError
from desktop_app.training.datasets import build, loose_files, real_fake_tree
from desktop_app.training.faceforensics import KINDS, faceforensics, official_splits
from desktop_app.training.manifest import check_disjoint

SHARES = (0.7, 0.15, 0.15)


def touch(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return root


def identities(sample):
    name = sample.path.stem
    numbers = [part for part in name.split("__")[0].split("_") if part.isdigit()]
    return {("actor" if "__" in name else "video", number) for number in numbers}


def ff_tree(root, pairs=40):
    """Originals in pairs that are swapped both ways, as in the real set, in the seven folders of the C23 edition."""
    for first in range(0, 2 * pairs, 2):
        a, b = f"{first:03d}", f"{first + 1:03d}"
        touch(root, f"original/{a}.mp4", f"original/{b}.mp4")
        for kind in KINDS[1:6]:
            touch(root, f"{kind}/{a}_{b}.mp4", f"{kind}/{b}_{a}.mp4")
    return root


def write_table(root, rows):
    (root / "csv").mkdir(exist_ok=True)
    with (root / "csv/FF++_Metadata.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("", "File Path", "Label", "Frame Count"), *rows])


def test_seven_folders_give_seven_kinds(tmp_path):
    touch(ff_tree(tmp_path), "DeepFakeDetection/01_02__meeting_serious__YVGY8LOK.mp4", "csv/original.csv")
    samples = faceforensics(tmp_path, "ffpp", (1, 0, 0))
    assert {s.kind for s in samples} == set(KINDS)
    assert all(s.is_fake == (s.kind != "original") for s in samples)
    assert len(samples) == 80 + 5 * 80 + 1


def test_identities_are_joined_through_pairs(tmp_path):
    # 000 and 002 never meet, but 001 has been swapped with both
    names = ["original/000.mp4", "original/001.mp4", "original/002.mp4", "original/003.mp4"]
    touch(tmp_path, *names, "Deepfakes/000_001.mp4", "FaceSwap/002_001.mp4")
    groups = {s.path.stem: s.group for s in faceforensics(tmp_path, "ffpp")}
    assert len({groups[n] for n in ("000", "001", "002", "000_001", "002_001")}) == 1
    assert groups["003"] != groups["000"]


@pytest.mark.parametrize("seed", range(4))
def test_no_identity_crosses_a_split(tmp_path, seed):
    touch(ff_tree(tmp_path), *(f"original/{a:02d}__exit_phone_room.mp4" for a in range(1, 29)))
    clips = [f"{a:02d}_{b:02d}__scene__{a}{b}" for a in range(1, 29) for b in range(1, 29) if (a * b + a) % 3 == 0]
    touch(tmp_path, *(f"DeepFakeDetection/{name}.mp4" for name in clips))
    samples = faceforensics(tmp_path, "ffpp", SHARES, seed)
    split_of = {}
    for s in samples:
        for identity in identities(s):
            assert split_of.setdefault(identity, s.split) == s.split
    for kind in KINDS:
        assert {s.split for s in samples if s.kind == kind} == {"train", "val", "test"}
    check_disjoint(samples)


@pytest.mark.parametrize("seed", range(3))
def test_actors_take_no_share_of_the_numbered_videos(tmp_path, seed):
    touch(tmp_path, *(f"original/{n:03d}.mp4" for n in range(20)), *(f"original/{a:02d}__x.mp4" for a in range(1, 21)))
    samples = faceforensics(tmp_path, "ffpp", (0.5, 0.25, 0.25), seed)
    for has_actors in (False, True):
        own = [s.split for s in samples if ("__" in s.path.stem) is has_actors]
        assert [own.count(name) for name in ("train", "val", "test")] == [10, 5, 5]


def test_clips_of_actors_of_two_splits_are_left_out_and_said(tmp_path, caplog):
    touch(tmp_path, *(f"DeepFakeDetection/{a:02d}_{b:02d}__x__A.mp4" for a in range(1, 11) for b in range(1, 11)))
    with caplog.at_level(logging.WARNING):
        samples = faceforensics(tmp_path, "ffpp", (0.6, 0.2, 0.2))
    # 6, 2 and 2 actors
    assert sorted(sum(s.split == split for s in samples) for split in ("train", "val", "test")) == [4, 4, 36]
    assert "56 of 100 clips" in caplog.text


def test_the_official_split_is_taken(tmp_path):
    ff_tree(tmp_path, pairs=3)
    (tmp_path / "splits").mkdir()
    for split, first in (("train", 0), ("val", 2), ("test", 4)):
        pairs = [[f"{first:03d}", f"{first + 1:03d}"]]
        (tmp_path / f"splits/{split}.json").write_text(json.dumps(pairs))
    samples = faceforensics(tmp_path, "ffpp")
    expected = {"000": "train", "001": "train", "002": "val", "003": "val", "004": "test", "005": "test"}
    assert all(s.split == expected[s.path.stem[:3]] for s in samples)
    assert official_splits(tmp_path) == expected
    anew = faceforensics(tmp_path, "ffpp", (1, 0, 0), official=False)
    assert {s.split for s in anew} == {"train"}
    touch(tmp_path, "original/999.mp4")
    with pytest.raises(InputError, match="does not name 999"):
        faceforensics(tmp_path, "ffpp")


def test_an_official_split_that_tears_a_clip_apart_is_refused(tmp_path):
    touch(tmp_path, "Deepfakes/000_001.mp4")
    for split, numbers in (("train", ["000"]), ("val", ["001"]), ("test", [])):
        (tmp_path / f"{split}.json").write_text(json.dumps([numbers]))
    with pytest.raises(InputError, match="tears"):
        faceforensics(tmp_path, "ffpp")
    (tmp_path / "val.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        faceforensics(tmp_path, "ffpp")


def test_the_authors_own_folders_and_frames_are_read(tmp_path):
    touch(
        tmp_path,
        "original_sequences/youtube/c23/videos/000.mp4",
        "original_sequences/actors/c23/videos/01__exit.mp4",
        "manipulated_sequences/Deepfakes/c23/videos/000_003.mp4",
        "manipulated_sequences/Deepfakes/masks/videos/000_003.mp4",
        "manipulated_sequences/NeuralTextures/c40/images/000_003/0017.png",
        "original_sequences/youtube/c40/images/003/0017.png",
        "downloaded_videos/000.mp4",
    )
    samples = faceforensics(tmp_path, "ffpp", (1, 0, 0))
    assert [s.kind for s in samples] == ["Deepfakes", "NeuralTextures", "original", "original", "original"]
    assert len({s.group for s in samples}) == 2


def test_the_table_is_held_against_the_tree(tmp_path, caplog):
    ff_tree(tmp_path, pairs=1)
    write_table(tmp_path, [(0, "original/000.mp4", "REAL", 3), (1, "Deepfakes/777_778.mp4", "FAKE", 3)])
    with caplog.at_level(logging.WARNING):
        faceforensics(tmp_path, "ffpp")
    assert "1 clips" in caplog.text
    write_table(tmp_path, [(0, "original/000.mp4", "FAKE", 3)])
    with pytest.raises(InputError, match="its folder says original"):
        faceforensics(tmp_path, "ffpp")


@pytest.mark.parametrize("name", ["original/intro.mp4", "Deepfakes/000.mp4", "DeepFakeDetection/000_003.mp4"])
def test_an_unknown_name_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="is none of FaceForensics"):
        faceforensics(touch(tmp_path, name), "ffpp")


def test_an_empty_or_absent_tree_is_refused(tmp_path):
    with pytest.raises(InputError, match="no FaceForensics"):
        faceforensics(tmp_path, "ffpp")
    with pytest.raises(InputError, match="no folder"):
        faceforensics(tmp_path / "absent", "ffpp")
    with pytest.raises(InputError, match="no images or videos"):
        real_fake_tree(tmp_path, "s")
    with pytest.raises(InputError, match="no images or videos"):
        loose_files(tmp_path, "s")


def test_usual_spellings_of_folders(tmp_path):
    touch(
        tmp_path,
        "real_and_fake/Train/0_real/a_1.jpg",
        "real_and_fake/Train/training_fake/b_1.PNG",
        "real_and_fake/Valid/REAL/c_1.jpg",
        "real_and_fake/validation/Deepfake/d_1.jpg",
        "real_and_fake/testing/Genuine/e_1.mp4",
        "real_and_fake/test/ai generated/f_1.jpg",
        "real_and_fake/test/notes.txt",
    )
    samples, has_splits = real_fake_tree(tmp_path, "s")
    assert has_splits
    found = {s.group: (s.is_fake, s.split) for s in samples}
    assert found == {
        "a": (False, "train"),
        "b": (True, "train"),
        "c": (False, "val"),
        "d": (True, "val"),
        "e": (False, "test"),
        "f": (True, "test"),
    }


@pytest.mark.parametrize(
    ("name", "pattern", "group"),
    [
        ("real/AJ_Cook_0001.jpg", "", "AJ_Cook"),
        ("real/clip-frame_012.png", "", "clip"),
        ("real/video7/0001.png", "", "video7"),
        ("real/0001.png", "", "0001"),
        ("real/one.png", "", "one"),
        ("real/id3/p_x_9.png", r"id\d+", "id3"),
        ("real/id3/p_x_9.png", r"/(p)_", "p"),
        ("real/a.jpg", r".+", "real/a.jpg"),
    ],
)
def test_groups_come_from_names(tmp_path, name, pattern, group):
    samples, _ = real_fake_tree(touch(tmp_path, name), "s", pattern)
    assert samples[0].group == group


def test_bad_patterns_and_places_are_refused(tmp_path):
    touch(tmp_path, "real/a.jpg")
    with pytest.raises(InputError, match="no regular expression"):
        real_fake_tree(tmp_path, "s", "(")
    with pytest.raises(InputError, match="finds nothing"):
        real_fake_tree(tmp_path, "s", "zzz")
    touch(tmp_path, "train/real/b.jpg")
    with pytest.raises(InputError, match="1 of 2 files"):
        real_fake_tree(tmp_path, "s")
    touch(tmp_path, "other/c.jpg")
    with pytest.raises(InputError, match="real or fake"):
        real_fake_tree(tmp_path, "s")


def test_a_leak_in_a_tree_is_refused_unless_it_is_split_anew(tmp_path):
    touch(tmp_path, "train/real/ann_1.jpg", "test/real/ann_2.jpg", "test/fake/bob_1.jpg")
    with pytest.raises(InputError, match="1 of 2 groups") as caught:
        build("folders", tmp_path, "s")
    assert "ann (test, train)" in caught.value.user_message
    assert "--split" in caught.value.hint
    check_disjoint(build("folders", tmp_path, "s", SHARES))
    assert len(build("folders", tmp_path, "s", group_pattern=r"\w+_\d")) == 3


@given(st.integers(0, 1000))
def test_a_flat_tree_is_split_by_group(tmp_path_factory, seed):
    root = tmp_path_factory.getbasetemp() / "flat"
    if not root.exists():
        touch(root, *(f"{label}/p{p}_{n}.jpg" for label in ("real", "fake") for p in range(30) for n in range(2)))
    samples = build("folders", root, "s", seed=seed)
    check_disjoint(samples)
    assert len(samples) == 120
    assert [sum(s.split == name for s in samples) for name in ("train", "val", "test")] == [84, 20, 16]


def test_one_large_group_is_said(tmp_path, caplog):
    touch(tmp_path, *(f"real/img_{n}x.jpg" for n in range(2)), *(f"real/photo_{n}.jpg" for n in range(9)))
    with caplog.at_level(logging.WARNING):
        build("folders", tmp_path, "s")
    assert "“photo” has 9 of 11" in caplog.text


def test_a_list_keeps_its_split_unless_asked(tmp_path):
    (tmp_path / "m.csv").write_text("path,label,group,split,kind\na.jpg,fake,g,val,swap\n")
    assert [(s.split, s.kind) for s in build("manifest", tmp_path / "m.csv", "s")] == [("val", "swap")]
    assert [s.split for s in build("manifest", tmp_path / "m.csv", "s", (0, 0, 1))] == ["test"]
    with pytest.raises(InputError, match="no layout"):
        build("zip", tmp_path, "s")
