from dataclasses import replace

import cv2
import numpy as np
import pytest

from desktop_app.errors import InputError
from desktop_app.faces import FaceDetector
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.training.augment import AugmentSpec
from desktop_app.training.dataset import FAKE, GENUINE, Pools, TrainingStream, make_pools
from desktop_app.training.extract import extract_faces, read_rgb
from desktop_app.training.manifest import Sample, read_manifest
from desktop_app.training.train import load_samples
from tests.unit.training_runs import make_images, make_recipe


@pytest.fixture(scope="module")
def data(tmp_path_factory, astronaut):
    folder = tmp_path_factory.mktemp("data")
    make_images(astronaut, folder)
    return folder


@pytest.fixture(scope="module")
def pools(data):
    recipe = make_recipe()
    return make_pools(recipe, load_samples(recipe, data), "train")


def test_a_place_in_the_stream_gives_the_same_image_whatever_the_start(pools):
    recipe = make_recipe()
    whole = TrainingStream(recipe, pools, 0, 24)
    late = TrainingStream(recipe, pools, 10, 14)
    assert (len(whole), len(late)) == (24, 14)
    for i in range(14):
        image, label = late[i]
        expected, expected_label = whole[10 + i]
        assert label == expected_label
        assert image.equal(expected)
    assert not whole[0][0].equal(whole[4][0])
    other = TrainingStream(replace(recipe, seed=6), pools, 0, 24)
    assert not whole[0][0].equal(other[0][0])


def test_labels_go_by_place(pools):
    stream = TrainingStream(make_recipe(), pools, 3, 9)
    assert [stream[i][1] for i in range(9)] == [FAKE, GENUINE, FAKE, GENUINE, FAKE, GENUINE, FAKE, GENUINE, FAKE]


def test_a_blend_is_made_of_the_genuine_image_before_it(tmp_path):
    recipe = make_recipe(augment=AugmentSpec(0, 0, 0, 0, 0, 0, 0, 0))
    samples = []
    for level in (50, 200):
        path = tmp_path / f"{level}.png"
        cv2.imwrite(str(path), np.full((64, 64, 3), level, np.uint8))
        samples.append(Sample(path, False, str(level), "train", "tiny"))
    stream = TrainingStream(recipe, Pools(((tuple(samples), 1.0, 1.0),), ()), 0, 400)
    brightness = [[stream.draw(4 * group + place)[0].mean() > 125 for place in (2, 3)] for group in range(20)]
    assert all(third == fourth for third, fourth in brightness)
    assert len({third for third, _ in brightness}) == 2


def test_a_stream_without_readable_images_ends(pools, tmp_path):
    gone = Sample(tmp_path / "gone.png", False, "g", "train", "tiny")
    recipe = make_recipe()
    empty = Pools((((gone,), 1.0, 1.0),), pools.fake)
    with pytest.raises(InputError, match=r"cannot be read.*gone\.png"):
        TrainingStream(recipe, empty, 0, 4).draw(0)


def test_sets_of_no_weight_are_left_out(data):
    recipe = make_recipe()
    silent = replace(recipe, sources=(replace(recipe.sources[0], fake_weight=0.0),))
    pools = make_pools(silent, load_samples(silent, data), "train")
    assert (len(pools.genuine), len(pools.fake)) == (1, 0)


def test_reading_gives_rgb_or_nothing(tmp_path):
    path = tmp_path / "ñ.png"
    path.write_bytes(cv2.imencode(".png", np.full((4, 5, 3), (1, 2, 250), np.uint8))[1].tobytes())
    assert read_rgb(path)[0, 0].tolist() == [250, 2, 1]
    for content in (b"", b"no image"):
        path.write_bytes(content)
        assert read_rgb(path) is None
    assert read_rgb(tmp_path) is None


@pytest.fixture(scope="module")
def detector():
    return FaceDetector()


def photographs(astronaut, folder):
    """The portrait twice under one name, noise, and a file that is no image."""
    for place in ("a", "b"):
        (folder / place).mkdir()
    small = np.ascontiguousarray(astronaut[:300, 60:360])
    noise = np.random.default_rng(0).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    cv2.imwrite(str(folder / "a/one.png"), small[:, :, ::-1])
    cv2.imwrite(str(folder / "b/one.png"), small[:, ::-1, ::-1])
    cv2.imwrite(str(folder / "a/noise.png"), noise)
    (folder / "a/text.png").write_text("no image")
    names = ["a/noise.png", "a/one.png", "a/text.png", "b/one.png"]
    return [Sample(folder / n, n[0] == "x", n[0], "train", "s") for n in names]


def test_faces_are_cut_out_and_the_rest_is_counted(astronaut, tmp_path, detector):
    (tmp_path / "in").mkdir()
    samples, out = photographs(astronaut, tmp_path / "in"), tmp_path / "out"
    counts = extract_faces(samples, out, 0.2, 96, detector)
    assert counts == {"kept": 2, "no_face": 1, "unreadable": 1}
    rows = read_manifest(out / "manifest.csv", "s")
    assert [(r.path.name, r.group, r.split) for r in rows] == [("one.jpg", "a", "train"), ("one-2.jpg", "b", "train")]
    first, second = (read_rgb(r.path) for r in rows)
    assert first.shape == (96, 96, 3)
    # the second is the mirrored portrait, not the first again
    assert np.abs(first[:, ::-1].astype(int) - second).mean() < np.abs(first.astype(int) - second).mean() / 2


def test_a_broken_off_extraction_goes_on(astronaut, tmp_path, detector):
    (tmp_path / "in").mkdir()
    samples = photographs(astronaut, tmp_path / "in")
    out = tmp_path / "out"
    extract_faces(samples, out, 0.2, 96, detector)
    whole = (out / "manifest.csv").read_bytes()
    kept, lost = out / "real/one.jpg", out / "real/one-2.jpg"
    before, content = kept.stat().st_mtime_ns, lost.read_bytes()
    lost.unlink()
    assert extract_faces(samples, out, 0.2, 96, detector)["kept"] == 2
    assert (kept.stat().st_mtime_ns, lost.read_bytes()) == (before, content)
    assert (out / "manifest.csv").read_bytes() == whole
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        extract_faces(samples, out, 0.2, 96, detector, cancel=token)


def test_nothing_to_extract_gives_an_empty_list(tmp_path, detector):
    noise = Sample(tmp_path / "none.png", False, "g", "train", "s")
    assert extract_faces([noise], tmp_path / "out", 0.2, 96, detector)["unreadable"] == 1
    assert (tmp_path / "out/manifest.csv").read_text() == "path,label,group,split\n"
