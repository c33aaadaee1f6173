"""Size, compression and skin tone are measured, and checked against what made them."""

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage.color import rgb2lab

from desktop_app.domain import ItemKind
from desktop_app.training.evaluation.conditions import (
    COMPRESSION_NAMES,
    SIZE_NAMES,
    SKIN_NAMES,
    UNKNOWN,
    bits_per_pixel,
    compression_class,
    jpeg_class,
    jpeg_quality,
    size_class,
    skin_class,
    typology_angle_deg,
)
from tests.factories import make_media

MARKS = np.array([[80.0, 90.0], [140.0, 90.0], [110.0, 125.0], [88.0, 160.0], [132.0, 160.0]])


@pytest.mark.parametrize("quality", [1, 12, 30, 49, 50, 51, 75, 90, 95, 100])
@pytest.mark.parametrize("writer", ["pillow", "opencv"])
def test_the_quality_of_a_jpeg_is_found_again(tmp_path, astronaut, quality, writer):
    path = tmp_path / "a.jpg"
    if writer == "pillow":
        Image.fromarray(astronaut[:64, :64]).save(path, quality=quality)
    else:
        cv2.imwrite(str(path), astronaut[:64, :64], [cv2.IMWRITE_JPEG_QUALITY, quality])
    # at the worst qualities all tables are full of 255
    assert jpeg_quality(path) == pytest.approx(quality, abs=2 if quality < 5 else 0)
    assert jpeg_class(path) in COMPRESSION_NAMES


def test_other_pictures_have_no_quality(tmp_path, astronaut):
    Image.fromarray(astronaut[:32, :32]).save(tmp_path / "a.png")
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    assert [jpeg_quality(tmp_path / name) for name in ("a.png", "b.jpg", "none.jpg")] == [None] * 3
    assert jpeg_class(tmp_path / "a.png") == "no JPEG"


def test_bits_per_pixel_are_those_of_the_file():
    info = replace(make_media(), kind=ItemKind.VIDEO, size_bytes=125_000, width_px=100, height_px=50, frame_count=2000)
    assert bits_per_pixel(info) == pytest.approx(0.1)
    assert compression_class(info) == "0.06-0.15 bit/px"
    names = [compression_class(replace(info, size_bytes=size)) for size in (10_000, 50_000, 125_000, 900_000)]
    assert names == list(COMPRESSION_NAMES[:4])


def test_sizes_have_bins():
    assert [size_class(v) for v in (10, 50, 150, 200, 4000)] == list(SIZE_NAMES)
    assert size_class(None) == UNKNOWN


@pytest.mark.parametrize("rgb", [(240, 205, 180), (200, 150, 110), (150, 100, 70), (90, 60, 45), (45, 30, 22)])
def test_the_typology_angle_equals_another_librarys_lab(rgb):
    image = np.full((220, 220, 3), rgb, np.uint8)
    lightness, _, yellow = rgb2lab(np.array(rgb, np.uint8)[None, None])[0, 0]
    expected = math.degrees(math.atan((lightness - 50) / yellow))
    assert typology_angle_deg(image, MARKS) == pytest.approx(expected, abs=1.0)


def test_darker_skin_has_a_smaller_angle():
    colours = [(240, 205, 180), (215, 170, 135), (190, 140, 105), (150, 105, 75), (110, 75, 55), (50, 33, 25)]
    angles = [typology_angle_deg(np.full((220, 220, 3), c, np.uint8), MARKS) for c in colours]
    assert angles == sorted(angles, reverse=True)
    assert [SKIN_NAMES.index(skin_class(a)) for a in angles] == sorted(
        (SKIN_NAMES.index(skin_class(a)) for a in angles), reverse=True
    )
    assert skin_class(angles[0]) in ("light", "very light")
    assert skin_class(angles[-1]) == "dark"


def test_only_the_cheeks_count():
    image = np.zeros((220, 220, 3), np.uint8)
    image[:] = (0, 0, 255)
    # between eyes and mouth corners
    image[110:146, 70:150] = (200, 150, 110)
    whole = np.full_like(image, (200, 150, 110))
    assert typology_angle_deg(image, MARKS) == pytest.approx(typology_angle_deg(whole, MARKS), abs=0.1)


def test_an_angle_is_not_made_up():
    grey = np.full((220, 220, 3), 128, np.uint8)
    blue = np.full((220, 220, 3), (90, 110, 160), np.uint8)
    skin = np.full((220, 220, 3), (200, 150, 110), np.uint8)
    assert typology_angle_deg(grey, MARKS) is None
    assert typology_angle_deg(blue, MARKS) is None
    assert typology_angle_deg(skin, MARKS * 0.2) is None
    assert typology_angle_deg(skin, MARKS + 500) is None
    assert typology_angle_deg(skin, np.zeros((5, 2))) is None
    assert skin_class(None) == UNKNOWN


def test_a_portrait_has_the_tone_of_its_cheeks(astronaut):
    # by eye: eyes, nose, mouth corners
    marks = np.array([[204.0, 108.0], [245.0, 105.0], [228.0, 130.0], [209.0, 150.0], [245.0, 147.0]])
    angle = typology_angle_deg(astronaut, marks)
    assert 20 < angle < 70
    assert typology_angle_deg((astronaut * 0.5).astype(np.uint8), marks) < angle - 30
