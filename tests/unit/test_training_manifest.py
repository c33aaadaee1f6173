import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desktop_app.errors import InputError
from desktop_app.training.compare import load_crops
from desktop_app.training.evaluation.items import read_items
from desktop_app.training.manifest import (
    Sample,
    carve_validation,
    check_disjoint,
    check_rows,
    read_manifest,
    split_by_group,
    write_manifest,
)
from desktop_app.training.recipe import Schedule, load_recipe, rate_at
from desktop_app.training.start import load_samples
from tests.factories import make_card

SHIPPED = Path(__file__).resolve().parents[2] / "desktop_app/training/recipes/cotejo-mobilenetv2-1.toml"

RECIPE = """
model_id = "cotejo-mobilenetv2-1"
name = "A model"
version = "1"
architecture = "mobilenet_v2"
start_weights = ""
input_size_px = 160
crop_margin = -0.14
mean = [0.5, 0.5, 0.5]
std = [0.5, 0.5, 0.5]
total_images = 1000
batch_size = 48
schedule = "warmup_stable_decay"
decay = 0.3
ema_decay = 0.998
validation_share = 0.06
seed = 1
[augment]
jpeg = 0.8
jpeg_quality = [35.0, 95.0]
[[sources]]
name = "dfdc"
manifest = "dfdc/manifest.csv"
nominal = 1.0
genuine_weight = 0.6
fake_weight = 0.8
terms = "research"
[[sources]]
name = "openforensics"
manifest = "openforensics/manifest.csv"
nominal = 0.7
genuine_weight = 0.2
fake_weight = 0.1
terms = "research"
"""

SAMPLES = st.lists(
    st.builds(
        Sample,
        st.just(Path("x.jpg")),
        st.booleans(),
        st.text(max_size=3),
        st.just("train"),
        st.sampled_from(["dfdc", "lfw"]),
    ),
    max_size=80,
)


def apart(samples):
    """Each with a file of its own."""
    return [replace(s, path=Path(f"{place}.jpg")) for place, s in enumerate(samples)]


def splits_of_groups(samples):
    found = {}
    for s in samples:
        found.setdefault((s.source, s.group), set()).add(s.split)
    return found


@given(SAMPLES, st.floats(0, 1), st.integers(0, 9))
def test_no_group_crosses_a_split(samples, share, seed):
    rest = (1 - share) / 2
    for result in (split_by_group(samples, (share, rest, rest), seed), carve_validation(samples, share, seed)):
        assert all(len(splits) == 1 for splits in splits_of_groups(result).values())
        check_disjoint(apart(result))
        assert [replace(s, split="train") for s in result] == samples


def counts_of(groups, shares, seed=0):
    """Groups of each split; every other group has two samples."""
    samples = [Sample(Path("x"), False, f"g{i}", "train", "s") for i in range(groups) for _ in range(1 + i % 2)]
    dealt = split_by_group(samples, shares, seed)
    return [len({s.group for s in dealt if s.split == name}) for name in ("train", "val", "test")]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("groups", "shares", "counts"),
    [
        (5000, (0.7, 0.15, 0.15), [3500, 750, 750]),
        (16, (0.7, 0.15, 0.15), [11, 3, 2]),
        (4, (0.7, 0.15, 0.15), [2, 1, 1]),
        (3, (0.9, 0.05, 0.05), [1, 1, 1]),
        (3, (0.05, 0.05, 0.9), [1, 1, 1]),
        (10, (0.99, 0, 0.01), [9, 0, 1]),
        (10, (0, 0.5, 0.5), [0, 5, 5]),
        (10, (1, 0, 0), [10, 0, 0]),
        (1, (0.7, 0.15, 0.15), [1, 0, 0]),
        (0, (0.7, 0.15, 0.15), [0, 0, 0]),
    ],
)
def test_the_shares_hold_for_any_number_of_groups(groups, shares, counts, seed):
    assert counts_of(groups, shares, seed) == counts


def test_which_group_goes_where_hangs_on_names_and_seed_alone():
    samples = [Sample(Path("x"), False, f"g{i}", "train", "s") for i in range(40)]
    shares = (0.5, 0.25, 0.25)
    dealt = {s.group: s.split for s in split_by_group(samples, shares, 1)}
    assert {s.group: s.split for s in split_by_group(samples[::-1] + samples[:7], shares, 1)} == dealt
    assert {s.group: s.split for s in split_by_group(samples, shares, 2)} != dealt
    others = split_by_group([replace(s, source="t") for s in samples], shares, 1)
    assert {s.group: s.split for s in others} != dealt


def test_about_the_share_is_carved():
    samples = [Sample(Path("x"), False, f"g{i}", "train", "s") for i in range(5000)]
    assert sum(s.split == "val" for s in carve_validation(samples, 0.06)) == pytest.approx(300, abs=60)


def test_test_samples_are_never_carved():
    samples = [Sample(Path("x"), False, f"g{i}", "test", "s") for i in range(50)]
    assert carve_validation(samples, 0.99) == samples


def test_which_groups_are_carved_does_not_move():
    # runs of other versions must keep out the same people and videos
    samples = [Sample(Path("x"), False, f"g{i}", "train", "s") for i in range(40)]
    carved = [s.group for s in carve_validation(samples, 0.2, 1) if s.split == "val"]
    assert carved == CARVED


CARVED = ["g0", "g3", "g7", "g10", "g12", "g13", "g22", "g28"]


def test_a_leak_is_refused_and_named():
    leak = [Sample(Path("a"), False, "p", "train", "lfw"), Sample(Path("b"), False, "p", "test", "lfw")]
    with pytest.raises(InputError, match=r"1 of 1 groups .*lfw/p \(test, train\)"):
        check_disjoint(leak)
    check_disjoint([leak[0], replace(leak[1], source="other")])


@pytest.mark.parametrize("way", ["same", "round about", "link", "link to the folder"])
def test_one_file_in_two_splits_is_refused(tmp_path, way):
    (tmp_path / "set").mkdir()
    (tmp_path / "set/a.jpg").write_bytes(b"x")
    other = {
        "same": tmp_path / "set/a.jpg",
        "round about": tmp_path / "set/../set/a.jpg",
        "link": tmp_path / "b.jpg",
        "link to the folder": tmp_path / "linked/a.jpg",
    }[way]
    if way == "link":
        other.symlink_to(tmp_path / "set/a.jpg")
    elif way == "link to the folder":
        (tmp_path / "linked").symlink_to(tmp_path / "set")
    first = Sample(tmp_path / "set/a.jpg", False, "p", "train", "one")
    with pytest.raises(InputError, match=r"1 of 1 files are in more than one split, .*a\.jpg \(train, val\)"):
        check_disjoint([first, Sample(other, False, "q", "val", "two")])
    check_disjoint([first, Sample(other, False, "q", "train", "two")])
    check_disjoint([first, Sample(tmp_path / "other/a.jpg", False, "q", "val", "two")])


def test_a_list_as_two_sources_is_refused(tmp_path):
    rows = [f"{n}.jpg,{label},g{n},train" for n in range(20) for label in ("real", "fake")]
    (tmp_path / "m.csv").write_text("\n".join(["path,label,group,split", *rows]) + "\n")
    recipe = replace(load_recipe(SHIPPED), validation_share=0.3)
    one, two = (replace(recipe.sources[0], name=name, manifest="m.csv") for name in ("one", "two"))
    assert len(load_samples(replace(recipe, sources=(one,)), tmp_path)) == 40
    with pytest.raises(InputError, match="files are in more than one split") as caught:
        load_samples(replace(recipe, sources=(one, two)), tmp_path)
    assert "two sources" in caught.value.hint


def test_the_check_is_quick_for_large_lists(tmp_path):
    samples = [Sample(tmp_path / f"set/{n}.jpg", False, f"g{n}", ("train", "val")[n % 2], "s") for n in range(20_000)]
    start = time.process_time()
    check_disjoint(samples)
    assert time.process_time() - start < 2.0


def test_space_around_a_group_is_no_other_group(tmp_path):
    (tmp_path / "m.csv").write_text("path,label,group,split\na.jpg,real,a,train\nb.jpg,real, a ,test\n")
    samples = read_manifest(tmp_path / "m.csv", "s")
    assert [s.group for s in samples] == ["a", "a"]
    with pytest.raises(InputError, match="1 of 1 groups"):
        check_disjoint(samples)
    (tmp_path / "m.csv").write_text("path,label,group,split\na.jpg,real,  ,train\n")
    with pytest.raises(InputError, match="a path and a group"):
        read_manifest(tmp_path / "m.csv", "s")


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("a.jpg,g,train b.jpg,g,test", r"1 of 1 groups .*g \(test, train\)"),
        ("a.jpg,g,train b.jpg,g,Train", ""),
        ("a.jpg,g,train b.jpg,g,", ""),
        ("a.jpg,,train a.jpg,,test", r"1 of 1 files .*a\.jpg \(test, train\)"),
        ("a.jpg,g,train a.jpg,h,test", r"1 of 1 files .*a\.jpg \(test, train\)"),
        ("a.jpg,g,train b.jpg,h,odd", ""),
    ],
)
def test_rows_of_any_list_are_checked(tmp_path, rows, complaint):
    table = [dict(zip(("path", "group", "split"), row.split(","), strict=True)) for row in rows.split()]
    if complaint:
        with pytest.raises(InputError, match=complaint):
            check_rows(table, tmp_path / "m.csv")
    else:
        check_rows(table, tmp_path / "m.csv")
    check_rows([{"path": row["path"]} for row in table], tmp_path / "m.csv")


def test_a_leaking_list_is_refused_by_evaluation_and_comparison(tmp_path):
    path = tmp_path / "leak.csv"
    path.write_text("path,label,group,split\na.jpg,real,g,train\nb.jpg,fake,g ,val\nc.jpg,real,h,test\n")
    for read in (lambda: read_items(path, split="test"), lambda: load_crops(path, make_card(), ("test",), 2)):
        with pytest.raises(InputError, match=r"1 of 2 groups .*g \(train, val\)"):
            read()


def test_a_box_far_beyond_its_image_is_left_out_of_a_comparison(tmp_path):
    Image.new("RGB", (40, 40), "grey").save(tmp_path / "a.png")
    rows = ["path,label,group,split,x1,y1,x2,y2", "a.png,real,g,test,5,5,30,30", "a.png,real,h,test,5,5,90000,90000"]
    (tmp_path / "m.csv").write_text("\n".join(rows))
    assert load_crops(tmp_path / "m.csv", make_card(), ("test",), 4).groups == ("g",)


@pytest.mark.parametrize("shares", [(0.5, 0.2, 0.2), (1.2, -0.1, -0.1)])
def test_shares_that_are_none_are_refused(shares):
    with pytest.raises(InputError, match="sum to 1"):
        split_by_group([], shares)


def test_a_manifest_is_read(tmp_path):
    path = tmp_path / "manifest.csv"
    path.write_bytes(b"\xef\xbb\xbfpath,label,group,split\r\nreal/a.jpg, Real,p1,train\r\nfake/b.jpg,1,v2,test\r\n")
    assert read_manifest(path, "s") == [
        Sample(tmp_path / "real/a.jpg", False, "p1", "train", "s"),
        Sample(tmp_path / "fake/b.jpg", True, "v2", "test", "s"),
    ]


def test_a_list_with_semicolons_is_refused_with_what_is_needed(tmp_path):
    (tmp_path / "m.csv").write_text("path;label;group;split\na;real;g;train\n")
    with pytest.raises(InputError, match="needs the columns path, label, group, split") as caught:
        read_manifest(tmp_path / "m.csv", "s")
    assert "commas" in caught.value.hint


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "needs the columns"),
        (b"path,label,group,split\n", "needs the columns"),
        (b"path,label,split\na,real,train\n", "needs the columns"),
        (b"path,label,group,split\na,perhaps,g,train\n", "unknown label"),
        (b"path,label,group,split\na\n", "unknown label"),
        (b"path,label,group,split\na,real,g,training\n", "unknown split"),
        (b"path,label,group,split\na,real,g\n", "unknown split"),
        (b"path,label,group,split\n,real,g,train\n", "a path and a group"),
        (b"path,label,group,split\na,real,,train\n", "a path and a group"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_a_bad_manifest_is_refused(tmp_path, content, complaint):
    (tmp_path / "m.csv").write_bytes(content)
    with pytest.raises(InputError, match=complaint):
        read_manifest(tmp_path / "m.csv", "s")


MARKS = tuple((10.0 * n, 5.5 + n) for n in range(5))


def test_what_is_written_is_read_again(tmp_path):
    found = Sample(
        tmp_path / "a/ñ, 1.jpg", True, "g,1", "val", "s", "face_swap", (1.0, -2.5, 30.0, 40.0), MARKS, 0.9987, 61.5
    )
    plain = Sample(tmp_path / "b.jpg", False, "g2", "train", "s")
    write_manifest([found, plain], tmp_path / "lists/m.csv", [{"frame_index": 3}, {"frame_index": ""}])
    rows = read_manifest(tmp_path / "lists/m.csv", "s")
    assert [r.path.resolve() for r in rows] == [found.path, plain.path]
    assert [replace(r, path=s.path) for r, s in zip(rows, (found, plain), strict=True)] == [found, plain]
    text = (tmp_path / "lists/m.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0].endswith("lx4,ly4,frame_index")
    assert "../a/ñ, 1.jpg" in text
    assert [p.name for p in (tmp_path / "lists").iterdir()] == ["m.csv"]


def test_columns_without_values_are_left_out(tmp_path):
    write_manifest([Sample(tmp_path / "b.jpg", False, "g", "train", "s", "x")], tmp_path / "m.csv")
    assert (tmp_path / "m.csv").read_text() == "path,label,group,split,kind\nb.jpg,real,g,train,x\n"


@pytest.mark.parametrize(("name", "value"), [("x1", "wide"), ("face_px", "nan"), ("y2", ""), ("face_score", "inf")])
def test_a_value_that_is_no_number_is_refused(tmp_path, name, value):
    values = {"x1": "1", "y1": "1", "x2": "2", "y2": "2", "face_px": "", "face_score": ""} | {name: value}
    lines = [f"path,label,group,split,{','.join(values)}", f"a,real,g,train,{','.join(values.values())}"]
    (tmp_path / "m.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match="needs numbers"):
        read_manifest(tmp_path / "m.csv", "s")


def test_a_missing_manifest_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_manifest(tmp_path / "m.csv", "s")


def test_the_shipped_recipe_is_whole():
    recipe = load_recipe(SHIPPED)
    assert recipe.model_id == SHIPPED.stem
    assert sum(s.fake_weight for s in recipe.sources) > 0


def test_the_recipe_of_these_tests_is_whole(tmp_path):
    (tmp_path / "r.toml").write_text(RECIPE, encoding="utf-8")
    recipe = load_recipe(tmp_path / "r.toml")
    assert recipe.augment.jpeg_quality == (35.0, 95.0)
    assert recipe.total_steps == 20


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("seed = 1", "seed = 1\nmomentum = 0.9", "unknown entries: momentum"),
        ('version = "1"', "", "lacks: version"),
        ("batch_size = 48", 'batch_size = "48"', "batch_size should be int"),
        ("batch_size = 48", "batch_size = 0", "batch_size: expected >= 1"),
        ("mean = [0.5, 0.5, 0.5]", "mean = [0.5, 0.5]", "mean should have 3 values"),
        ("std = [0.5, 0.5, 0.5]", "std = [0.5, 0.5, 0]", "std: expected"),
        ('"warmup_stable_decay"', '"sometimes"', "one of one_cycle, warmup_stable_decay"),
        ("decay = 0.3", "decay = 0", "warmup, decay"),
        ("ema_decay = 0.998", "ema_decay = 1", "ema_decay"),
        ("validation_share = 0.06", "validation_share = 1", "validation_share"),
        ("jpeg = 0.8", "jpeg = 1.8", "jpeg: expected a value in"),
        ("jpeg_quality = [35.0, 95.0]", "jpeg_quality = [95.0, 35.0]", "low <= high"),
        ("jpeg_quality = [35.0, 95.0]", "jpeg_quality = [35.0]", "jpeg_quality should have 2 values"),
        ('name = "openforensics"', 'name = "dfdc"', "different names"),
        ("nominal = 1.0", "nominal = 0.0", "nominal"),
        ("genuine_weight = 0.6", "genuine_weight = -0.6", "weights"),
        ('model_id = "cotejo-mobilenetv2-1"', 'model_id = "../x"', "no plain name"),
        ("[augment]", "[augment", ""),
    ],
)
def test_a_bad_recipe_is_refused(tmp_path, old, new, complaint):
    assert RECIPE.count(old) >= 1
    (tmp_path / "r.toml").write_text(RECIPE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match="not valid") as caught:
        load_recipe(tmp_path / "r.toml")
    assert complaint in caught.value.hint


def test_a_missing_recipe_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        load_recipe(tmp_path / "none.toml")


@given(st.sampled_from(Schedule), st.integers(1, 300), st.floats(0, 0.99), st.floats(0.01, 1), st.integers(1, 10))
def test_rates_stay_between_none_and_full(schedule, steps, warmup, decay, batch):
    recipe = replace(
        load_recipe(SHIPPED),
        schedule=schedule,
        warmup=warmup,
        decay=decay,
        batch_size=batch,
        total_images=steps * batch,
    )
    assert recipe.total_steps == steps
    rates = [rate_at(recipe, step) for step in range(steps)]
    assert all(0 <= rate <= 1 for rate in rates)
    peak = rates.index(max(rates))
    assert rates[:peak] == sorted(rates[:peak])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)


def test_known_rates():
    recipe = replace(load_recipe(SHIPPED), total_images=1000, batch_size=10, warmup=0.1, decay=0.5)
    at = {step: rate_at(recipe, step) for step in (0, 4, 9, 10, 49, 75, 99)}
    assert at == pytest.approx({0: 0.1, 4: 0.5, 9: 1, 10: 1, 49: 1, 75: 0.5, 99: 0.02})
    cosine = replace(recipe, schedule=Schedule.ONE_CYCLE)
    assert [rate_at(cosine, s) for s in (9, 10, 55, 100)] == pytest.approx([1, 1, 0.5, 0])
