"""Still and animated pictures."""

import hashlib

import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image

from desktop_app.domain import ItemKind
from desktop_app.errors import InputError
from desktop_app.media import FrameReader, open_item
from tests.unit.media_clips import picture

PICTURE = picture(3, (60, 40))


def read(path):
    item = open_item(path)
    with FrameReader(item) as reader:
        return item, [frame.image for frame in reader.frames()]


@pytest.mark.parametrize(
    ("name", "options"),
    [("a.png", {}), ("a.bmp", {}), ("a.tiff", {"compression": "tiff_lzw"}), ("a.webp", {"lossless": True})],
)
def test_lossless_still(tmp_path, name, options):
    Image.fromarray(PICTURE).save(tmp_path / name, **options)
    item, (image,) = read(tmp_path / name)
    np.testing.assert_array_equal(image, PICTURE)
    info = item.info
    assert (info.kind, info.frame_count, info.duration_s, info.rate) == (ItemKind.IMAGE, 1, 0.0, None)
    assert (info.width_px, info.height_px, info.bit_depth) == (60, 40, 8)
    assert not item.notices
    assert item.index.frame_at_time(5.0) == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    plain = np.zeros((40, 64, 3), np.uint8)
    plain[:8, :16] = 255  # a mark in the upper left of the stored picture
    Image.fromarray(plain).save(tmp_path / "a.jpg", quality=95, exif=exif)
    item, (image,) = read(tmp_path / "a.jpg")
    turned = {
        1: plain, 2: plain[:, ::-1], 3: plain[::-1, ::-1], 4: plain[::-1], 5: plain.transpose(1, 0, 2),
        6: np.rot90(plain, -1), 7: plain[::-1, ::-1].transpose(1, 0, 2), 8: np.rot90(plain),
    }[orientation]  # fmt: skip
    assert image.shape == turned.shape
    assert np.abs(image.astype(int) - turned).mean() < 2
    assert (item.info.width_px, item.info.height_px) == image.shape[1::-1]
    assert item.info.rotation_deg == {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}.get(orientation, 0)


def test_sixteen_bit_grey(tmp_path):
    grey = np.linspace(0, 65535, 60 * 40).reshape(40, 60).astype(np.uint16)
    for name in ("a.png", "a.tiff"):
        Image.fromarray(grey).save(tmp_path / name)
        item, (image,) = read(tmp_path / name)
        np.testing.assert_array_equal(image[:, :, 1], np.rint(grey / 257.0))
        assert item.info.bit_depth == 16


def test_sixteen_bit_colour(tmp_path):
    import cv2

    deep = (PICTURE.astype(np.uint16) * 257)[:, :, ::-1]
    cv2.imwrite(str(tmp_path / "a.png"), deep)
    item, (image,) = read(tmp_path / "a.png")
    np.testing.assert_array_equal(image, PICTURE)
    assert item.info.bit_depth == 16


def test_cmyk_and_grey_and_palette(tmp_path):
    Image.fromarray(PICTURE).convert("CMYK").save(tmp_path / "cmyk.jpg", quality=98)
    Image.fromarray(PICTURE).convert("L").save(tmp_path / "grey.jpg", quality=98)
    Image.fromarray(PICTURE).convert("P").save(tmp_path / "palette.png")
    Image.fromarray(PICTURE).convert("1").save(tmp_path / "line.tiff")
    assert np.abs(read(tmp_path / "cmyk.jpg")[1][0].astype(int) - PICTURE).mean() < 10
    for name in ("grey.jpg", "palette.png", "line.tiff"):
        assert read(tmp_path / name)[1][0].shape == (40, 60, 3)


def test_transparency_is_examined_over_white_with_a_notice(tmp_path):
    layer = np.dstack([PICTURE, np.full(PICTURE.shape[:2], 255, np.uint8)])
    layer[:10, :, 3] = 0
    Image.fromarray(layer).save(tmp_path / "a.png")
    item, (image,) = read(tmp_path / "a.png")
    assert (image[:10] == 255).all()
    np.testing.assert_array_equal(image[10:], PICTURE[10:])
    assert [notice.code for notice in item.notices] == ["alpha_flattened"]


@pytest.mark.parametrize(("name", "options"), [("a.gif", {}), ("a.webp", {"lossless": True}), ("a.png", {})])
def test_animation_is_a_video(tmp_path, name, options):
    images = [Image.fromarray(picture(n, (60, 40))) for n in range(6)]
    durations = [40, 120, 40, 80, 40, 200]
    images[0].save(tmp_path / name, save_all=True, append_images=images[1:], duration=durations, loop=0, **options)
    item, frames = read(tmp_path / name)
    assert item.info.kind is ItemKind.VIDEO
    assert len(frames) == item.info.frame_count == 6
    assert item.info.is_vfr
    np.testing.assert_allclose(item.index.time_s, np.cumsum([0, *durations[:-1]]) / 1000)
    assert item.info.duration_s == pytest.approx(0.52)
    with FrameReader(item) as reader:
        for index in (5, 0, 3, 2, 4):
            np.testing.assert_array_equal(reader.frame_at(index).image, frames[index])
    if name != "a.gif":
        np.testing.assert_array_equal(frames[4], np.asarray(images[4]))


def test_only_the_first_page(tmp_path):
    pages = [Image.fromarray(picture(n, (60, 40))) for n in range(3)]
    pages[0].save(tmp_path / "a.tiff", save_all=True, append_images=pages[1:])
    item, (image,) = read(tmp_path / "a.tiff")
    np.testing.assert_array_equal(image, np.asarray(pages[0]))
    assert [(notice.code, notice.count) for notice in item.notices] == [("only_first_picture", 3)]


def test_long_descriptions_are_cut(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "x" * 40_000
    Image.fromarray(PICTURE).save(tmp_path / "a.jpg", exif=exif)
    assert dict(open_item(tmp_path / "a.jpg").info.tags)["ImageDescription"] == "x" * 1_000


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.bmp", "a.tiff", "a.gif"])
def test_cut_off_pictures_are_refused(tmp_path, name):
    Image.fromarray(picture(1, (200, 160))).save(tmp_path / name)
    data = (tmp_path / name).read_bytes()
    for length in (20, len(data) // 2):
        (tmp_path / name).write_bytes(data[:length])
        with pytest.raises(InputError):
            open_item(tmp_path / name)


def write_heic(path, *pictures, main=0, **options):
    file = pillow_heif.HeifFile()
    for pixels in pictures:
        file.add_from_pillow(Image.fromarray(pixels))
    file.save(path, primary_index=main, quality=90, **options)
    return path


def smooth(tone, size=(160, 120)):
    rows, columns = np.mgrid[: size[1], : size[0]]
    return np.stack([rows + tone, columns, np.full_like(rows, tone)], 2).clip(0, 255).astype(np.uint8)


def test_a_heic_picture_is_read_whole(tmp_path):
    pixels = smooth(40)
    path = write_heic(tmp_path / "a.heic", pixels)
    item = open_item(path)
    assert (item.info.container, item.info.width_px, item.info.height_px) == ("heif", 160, 120)
    assert (item.is_picture, item.info.bit_depth, len(item.index)) == (True, 8, 1)
    assert item.info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    with FrameReader(item) as reader:
        found = reader.frame_at(0).image.astype(int)
    assert np.abs(found - pixels).mean() < 4


def test_a_heic_picture_is_turned_as_it_is_shown(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    pillow_heif.from_pillow(Image.fromarray(smooth(40))).save(tmp_path / "plain.heic", quality=90)
    Image.fromarray(smooth(40)).save(tmp_path / "turned.heic", exif=exif.tobytes(), quality=90)
    item = open_item(tmp_path / "turned.heic")
    assert (item.info.width_px, item.info.height_px) == (120, 160)
    with FrameReader(item) as reader:
        turned = reader.frame_at(0).image
    assert np.abs(np.rot90(turned).astype(int) - smooth(40)).mean() < 4


def test_the_main_picture_of_a_heic_file_is_examined(tmp_path):
    item = open_item(write_heic(tmp_path / "two.heic", smooth(20), smooth(200), main=1))
    assert [notice.code for notice in item.notices] == ["only_first_picture"]
    with FrameReader(item) as reader:
        assert reader.frame_at(0).image[..., 2].mean() > 150


@pytest.mark.parametrize("length", [40, 300])
def test_a_cut_off_heic_picture_is_refused(tmp_path, length):
    path = write_heic(tmp_path / "a.heic", smooth(40))
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(InputError, match="damaged"):
        open_item(path)


def test_picture_with_video_name(tmp_path):
    Image.fromarray(PICTURE).save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(tmp_path / "a.mp4")
    assert open_item(tmp_path / "a.mp4").info.kind is ItemKind.IMAGE
