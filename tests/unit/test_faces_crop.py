import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.faces import crop_box, crop_face

SIDE = st.floats(1.0, 400.0)


@given(x=st.floats(-100, 500), y=st.floats(-100, 500), w=SIDE, h=SIDE, margin=st.floats(-0.9, 2.0))
def test_the_square_keeps_the_centre_and_has_the_stated_side(x, y, w, h, margin):
    x1, y1, x2, y2 = crop_box((x, y, x + w, y + h), margin)
    assert x2 - x1 == pytest.approx((1 + margin) * max(w, h), rel=1e-6, abs=1e-9)
    assert y2 - y1 == pytest.approx(x2 - x1, rel=1e-6, abs=1e-9)
    assert ((x1 + x2) / 2, (y1 + y2) / 2) == pytest.approx((x + w / 2, y + h / 2), abs=1e-6)


@pytest.mark.parametrize(("box", "margin"), [((0, 0, 10, 10), -1.0), ((5, 5, 5, 10), 0.0), ((9, 0, 3, 4), 0.3)])
def test_what_leaves_no_square_is_refused(box, margin):
    with pytest.raises(ValueError, match="expected"):
        crop_box(box, margin)


def test_a_crop_at_its_own_size_is_a_copy_of_the_frame(astronaut):
    crop = crop_face(astronaut, (100, 50, 160, 110), 0.0, 60)
    assert np.array_equal(crop, astronaut[50:110, 100:160])
    assert not np.shares_memory(crop, astronaut)
    assert not crop.flags.writeable


@pytest.mark.parametrize("box", [(-30, -20, 40, 50), (480, 490, 540, 560), (-90, -90, -30, -20), (-50, 10, 600, 500)])
def test_beyond_the_frame_the_border_is_repeated(astronaut, box):
    side = max(box[2] - box[0], box[3] - box[1])
    padded = np.pad(astronaut, ((100, 150), (100, 150), (0, 0)), mode="edge")
    left, top = round(crop_box(box, 0.0)[0]) + 100, round(crop_box(box, 0.0)[1]) + 100
    expected = padded[top : top + side, left : left + side]
    assert np.array_equal(crop_face(astronaut, box, 0.0, side), expected)


def test_shrinking_averages_areas():
    image = np.zeros((64, 64, 3), np.uint8)
    image[::2, :, :] = 200
    assert np.array_equal(crop_face(image, (0, 0, 64, 64), 0.0, 16), np.full((16, 16, 3), 100, np.uint8))


@pytest.mark.parametrize("size", [1, 7, 64, 300])
def test_every_size_comes_out_as_asked(astronaut, size):
    crop = crop_face(astronaut, (180.3, 61.8, 267.2, 175.7), 0.3, size)
    assert crop.shape == (size, size, 3)
    assert crop.dtype == np.uint8


@pytest.mark.parametrize("image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32)])
def test_other_arrays_are_refused(image):
    with pytest.raises(ValueError, match="uint8"):
        crop_face(image, (0, 0, 2, 2), 0.0, 8)
