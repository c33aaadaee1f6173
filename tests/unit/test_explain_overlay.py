import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain import Heatmap
from desktop_app.explain import colour_map, render_overlay


def heatmap(crop, values=None):
    values = np.eye(7, dtype=np.float32) if values is None else np.asarray(values, np.float32)
    return Heatmap(0, 1, crop, values, 1.0, "fake", "fake", "features.18.0", "Grad-CAM", 0.7)


@pytest.fixture
def image(astronaut):
    return astronaut[:120, :160]


def changed(before, after):
    """Box of the pixels that differ, or None."""
    rows, columns = np.nonzero((before != after).any(axis=2))
    return None if len(rows) == 0 else (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


def test_without_opacity_nothing_changes(image):
    result = render_overlay(image, heatmap((20.0, 10.0, 90.0, 80.0)), 0.0)
    np.testing.assert_array_equal(result, image)
    assert result is not image


def test_a_map_covers_its_square_and_nothing_else(image):
    crop = (20.4, 10.4, 90.4, 80.4)
    result = render_overlay(image, heatmap(crop, np.ones((5, 5))), 1.0)
    assert changed(image, result) == (20, 10, 90, 80)
    assert result.shape == image.shape
    assert result.dtype == np.uint8
    # the strongest colour of the map, everywhere
    assert (result[10:80, 20:90] == colour_map(heatmap(crop, np.ones((1, 1))), 1, 1)[0][0, 0]).all()


def test_the_square_is_rounded_as_the_crop_is():
    # 10.5 to 20.7 is cut as 10 pixels from 10 on, where rounding both ends would say 11
    image = np.full((40, 40, 3), 128, np.uint8)
    result = render_overlay(image, heatmap((10.5, 10.5, 20.7, 20.7), np.ones((2, 2))), 1.0)
    assert changed(image, result) == (10, 10, 20, 20)


@pytest.mark.parametrize(
    ("crop", "expected"),
    [
        ((-30.0, -20.0, 40.0, 50.0), (0, 0, 40, 50)),
        ((130.0, 90.0, 200.0, 160.0), (130, 90, 160, 120)),
        ((-50.0, -50.0, 350.0, 350.0), (0, 0, 160, 120)),
        ((200.0, 10.0, 260.0, 70.0), None),
        ((-90.0, -90.0, -10.0, -10.0), None),
    ],
)
def test_what_lies_outside_the_frame_is_left_out(image, crop, expected):
    assert changed(image, render_overlay(image, heatmap(crop, np.ones((3, 3))), 0.8)) == expected


def test_a_clipped_map_keeps_its_place(image):
    crop, shift = (10.0, 10.0, 80.0, 80.0), 30
    whole = render_overlay(image, heatmap(crop), 0.7)
    part = render_overlay(np.ascontiguousarray(image[shift:, shift:]), heatmap(tuple(v - shift for v in crop)), 0.7)
    np.testing.assert_array_equal(part, whole[shift:, shift:])


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_more_opacity_moves_nearer_to_the_colours(opacities):
    low, high = sorted(opacities)
    rng = np.random.default_rng(1)
    image = rng.integers(0, 256, (30, 30, 3), dtype=np.uint8)
    shown = heatmap((0.0, 0.0, 30.0, 30.0), rng.random((4, 4)))
    target = render_overlay(image, heatmap(shown.crop_xyxy, shown.values), 1.0).astype(int)
    weak, strong = (render_overlay(image, shown, v).astype(int) for v in (low, high))
    assert (np.abs(strong - target) <= np.abs(weak - target) + 1).all()


def test_a_zero_map_shows_nothing_and_strength_follows_the_values(image):
    crop = (20.0, 10.0, 90.0, 80.0)
    np.testing.assert_array_equal(render_overlay(image, heatmap(crop, np.zeros((5, 5))), 1.0), image)
    _, strength = colour_map(heatmap(crop, [[0.0, 0.25, 0.5, 0.75, 1.0]] * 5), 5, 5)
    assert strength[2].tolist() == [0, 64, 128, 191, 255]
    colours, _ = colour_map(heatmap(crop, np.linspace(0, 1, 25).reshape(5, 5)), 5, 5)
    lightness = (colours.reshape(-1, 3) @ [0.299, 0.587, 0.114]).tolist()
    assert lightness == sorted(lightness)


def test_opacity_is_kept_within_bounds(image):
    shown = heatmap((20.0, 10.0, 90.0, 80.0))
    np.testing.assert_array_equal(render_overlay(image, shown, 7.0), render_overlay(image, shown, 1.0))
    np.testing.assert_array_equal(render_overlay(image, shown, -1.0), image)
