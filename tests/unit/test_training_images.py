from dataclasses import replace

import cv2
import numpy as np
import pytest

from desktop_app.errors import InputError
from desktop_app.faces import FaceDetector
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.training.augment import (
    AugmentSpec,
    change_colour,
    compress_jpeg,
    degrade,
    lose_resolution,
    render_crop,
)
from desktop_app.training.blend import face_mask, self_blend
from desktop_app.training.dataset import FAKE, GENUINE, Pools, TrainingStream, make_pools
from desktop_app.training.extract import extract_faces, read_rgb
from desktop_app.training.manifest import Sample, read_manifest
from desktop_app.training.train import load_samples
from tests.unit.training_runs import make_images, make_recipe

ALWAYS = AugmentSpec(colour=1, downscale=1, blur=1, noise=1, jpeg=1)


@pytest.fixture
def face(astronaut):
    return np.ascontiguousarray(astronaut[30:230, 120:320])


@pytest.fixture(scope="module")
def data(tmp_path_factory, astronaut):
    folder = tmp_path_factory.mktemp("data")
    make_images(astronaut, folder)
    return folder


@pytest.fixture(scope="module")
def pools(data):
    recipe = make_recipe()
    return make_pools(recipe, load_samples(recipe, data), "train")


@pytest.mark.parametrize("size", [16, 112, 300])
def test_augmented_crops_keep_shape_and_type(face, size):
    for seed in range(5):
        crop = render_crop(face, 0.8, size, AugmentSpec(), np.random.default_rng(seed))
        result = degrade(crop, ALWAYS, np.random.default_rng(seed))
        assert (crop.shape, crop.dtype) == (result.shape, result.dtype) == ((size, size, 3), np.uint8)
        assert 20 < result.mean() < 235


def test_the_plain_crop_is_the_middle_of_the_image(face):
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(render_crop(face, 1.0, 200, None, rng), face)
    np.testing.assert_array_equal(render_crop(face, 0.5, 100, None, rng), face[50:150, 50:150])


def test_a_crop_of_a_wide_image_is_not_squeezed():
    image = np.zeros((400, 800, 3), np.uint8)
    cv2.circle(image, (400, 200), 100, (255, 255, 255), -1)
    crop = render_crop(image, 1.0, 100, None, np.random.default_rng(0))[:, :, 0] > 127
    assert (crop.any(axis=0).sum(), crop.any(axis=1).sum()) == pytest.approx((50, 50), abs=2)


@pytest.mark.parametrize("change", [change_colour, lose_resolution])
def test_each_change_changes_and_depends_on_its_seed_alone(face, change):
    first, again, other = (change(face, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert (first != face).any()


def test_lower_quality_loses_more(face):
    losses = [np.abs(compress_jpeg(face, q).astype(int) - face).mean() for q in (95, 60, 10)]
    assert losses == sorted(losses)
    assert losses[0] > 0


def test_without_degradations_an_image_stays(face):
    none = AugmentSpec(colour=0, downscale=0, blur=0, noise=0, jpeg=0)
    np.testing.assert_array_equal(degrade(face, none, np.random.default_rng(0)), face)


def test_masks_are_soft_and_inside():
    for seed in range(20):
        mask = face_mask(200, 200, 150.0, np.random.default_rng(seed))
        assert mask.shape == (200, 200)
        assert 0 <= mask.min() <= mask.max() <= 1
        assert 0.005 < mask.mean() < 0.6
        assert ((mask > 0.05) & (mask < 0.95)).any()


def test_a_self_blend_changes_the_face_and_leaves_the_rest():
    # a copy that is moved, sharpened or coloured shows inside the mask; what encloses it is one picture as a whole
    rng = np.random.default_rng(11)
    image = cv2.GaussianBlur(rng.integers(0, 256, (240, 240, 3), dtype=np.uint8), (0, 0), 3)
    image = cv2.normalize(image, None, 30, 220, cv2.NORM_MINMAX)
    inside, kept = [], 0
    for seed in range(24):
        forged = self_blend(image, 0.6, np.random.default_rng(seed))
        assert (forged.shape, forged.dtype) == (image.shape, np.uint8)
        difference = np.abs(forged.astype(int) - image).mean(axis=2)
        inside.append(difference[72:168, 72:168].mean())
        border = np.concatenate([difference[:12].ravel(), difference[-12:].ravel(), difference[:, :12].ravel()])
        kept += border.max() == 0
    assert min(inside) > 0.05
    assert np.median(inside) > 1.0
    # in half of them the picture itself is what was changed, evenly
    assert 6 <= kept <= 18


def test_a_self_blend_depends_on_its_seed_alone(face):
    first, again, other = (self_blend(face, 0.8, np.random.default_rng(seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


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
