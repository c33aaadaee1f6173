from dataclasses import replace

import cv2
import numpy as np
import pytest

from desktop_app.errors import InputError
from desktop_app.training.augment import AugmentSpec
from desktop_app.training.dataset import FAKE, GENUINE, Pools, TrainingStream, make_pools, read_image
from desktop_app.training.manifest import Sample
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


@pytest.fixture
def greys(tmp_path):
    """A dark and a bright photograph, which a forgery leaves dark and bright."""
    samples = []
    for level in (50, 200):
        path = tmp_path / f"{level}.png"
        cv2.imwrite(str(path), np.full((64, 64, 3), level, np.uint8))
        samples.append(Sample(path, False, str(level), "train", "tiny"))
    return Pools(((tuple(samples), 1.0, 1.0),), ())


def test_a_blend_is_made_of_the_genuine_image_before_it(greys):
    stream = TrainingStream(make_recipe(augment=AugmentSpec(0, 0, 0, 0, 0, 0, 0, 0)), greys, 0, 400)
    brightness = [[stream.draw(4 * group + place)[0].mean() > 125 for place in (2, 3)] for group in range(20)]
    assert all(third == fourth for third, fourth in brightness)
    assert len({third for third, _ in brightness}) == 2


def test_forgeries_take_the_places_of_fakes_that_no_set_has(greys):
    spec = AugmentSpec(0, 0, 0, 0, 0, 0, 0, 0)
    stream = TrainingStream(make_recipe(augment=spec, blend_share=0.5), greys, 0, 400)
    drawn = [[stream.draw(4 * group + place) for place in range(4)] for group in range(20)]
    assert all([label for _, label in group] == [GENUINE, FAKE, GENUINE, FAKE] for group in drawn)
    bright = [[image.mean() > 125 for image, _ in group] for group in drawn]
    assert all(first == second and third == fourth for first, second, third, fourth in bright)
    assert any(first != third for first, _, third, _ in bright)
    assert any(not np.array_equal(group[0][0], group[1][0]) for group in drawn)


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


def test_an_image_that_cannot_be_read_is_named_once(tmp_path, caplog):
    path = tmp_path / "damaged.jpg"
    path.write_bytes(b"no picture")
    assert read_image(path) is None
    assert read_image(path) is None
    assert [path.name in record.getMessage() for record in caplog.records] == [True]
