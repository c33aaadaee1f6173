import cv2
import numpy as np
import pytest

from desktop_app.media.roundtrip import compress_h264
from desktop_app.training.augment import (
    AugmentSpec,
    add_sensor_noise,
    blur_motion,
    change_colour,
    change_gamma,
    compress_jpeg,
    compress_unaligned,
    degrade,
    erase_patch,
    lose_resolution,
    render_crop,
    sharpen,
)

ALWAYS = AugmentSpec(
    colour=1,
    downscale=1,
    blur=1,
    noise=1,
    jpeg=1,
    brightness=0.2,
    gamma=1,
    sharpen=1,
    motion_blur=1,
    sensor_noise=1,
    jpeg_twice=1,
    h264=1,
    erase=1,
)
CHANGES = [change_colour, change_gamma, lose_resolution, blur_motion, add_sensor_noise, erase_patch, sharpen]


@pytest.fixture(scope="module")
def face(astronaut):
    return np.ascontiguousarray(astronaut[30:230, 120:320])


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


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_changes_and_depends_on_its_seed_alone(face, change):
    first, again, other = (change(face, np.random.default_rng(seed)) for seed in (3, 3, 4))
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


@pytest.mark.parametrize(
    "name", ["gamma", "sharpen", "motion_blur", "sensor_noise", "erase", "h264", "jpeg_twice", "brightness"]
)
def test_what_is_switched_on_shows(face, name):
    off = AugmentSpec(colour=0, downscale=0, blur=0, noise=0, jpeg=float(name == "jpeg_twice"))
    on = AugmentSpec(colour=0, downscale=0, blur=0, noise=0, jpeg=off.jpeg, **{name: 0.9})
    plain, changed = (np.stack([degrade(face, spec, np.random.default_rng(i)) for i in range(4)]) for spec in (off, on))
    assert plain.shape == changed.shape
    assert (plain != changed).any()


def test_mirroring_can_be_switched_off(face):
    still = AugmentSpec(scale=0, shift=0, rotate_deg=0, flip=0)
    for seed in range(6):
        np.testing.assert_array_equal(render_crop(face, 1.0, 200, still, np.random.default_rng(seed)), face)
    mirrored = render_crop(face, 1.0, 200, AugmentSpec(0, 0, 0, flip=1), np.random.default_rng(0))
    # the mirror's axis lies at the edge of a pixel, so a column is made up
    np.testing.assert_array_equal(mirrored[:, 1:], face[:, :0:-1])


def test_blocks_of_the_second_compression_begin_elsewhere(face):
    once = compress_jpeg(face, 40)
    changed = [
        np.abs(compress_unaligned(once, 40, np.random.default_rng(i)).astype(int) - once).mean() for i in range(8)
    ]
    aligned = np.abs(compress_jpeg(once, 40).astype(int) - once).mean()
    assert np.median(changed) > 2 * aligned


@pytest.mark.parametrize("shape", [(200, 200), (161, 120), (17, 33)])
def test_a_video_round_trip_keeps_the_shape_and_loses_by_its_factor(face, shape):
    image = np.ascontiguousarray(face[: shape[0], : shape[1]])
    losses = []
    for crf in (10, 28, 45):
        result = compress_h264(image, crf)
        assert (result.shape, result.dtype) == (image.shape, np.uint8)
        losses.append(np.abs(result.astype(int) - image).mean())
    assert 0 < losses[0] < losses[1] < losses[2]
    np.testing.assert_array_equal(compress_h264(image, 30), compress_h264(image, 30))


@pytest.mark.parametrize(("size", "crf"), [(8, 20), (64, 52), (64, -1)])
def test_a_video_round_trip_refuses_what_no_encoder_takes(size, crf):
    with pytest.raises(ValueError, match="at least 16 x 16"):
        compress_h264(np.zeros((size, size, 3), np.uint8), crf)


@pytest.mark.parametrize(
    "wrong",
    [
        {"h264": 1.5},
        {"flip": -0.1},
        {"jpeg_quality": (60, 30)},
        {"h264_crf": (10, 60)},
        {"brightness": 1.0},
        {"shift": -0.1},
        {"downscale_least": 0.0},
    ],
)
def test_impossible_strengths_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        AugmentSpec(**wrong)
