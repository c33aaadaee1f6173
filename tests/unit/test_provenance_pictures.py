"""Traces of pictures: EXIF, previews, XMP, quantisation and double compression."""

import io

import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from skimage import data

from desktop_app.domain.traces import CredentialState, TraceWeight
from desktop_app.media.provenance import read_traces
from desktop_app.media.provenance.jpeg import bytes_after_end, find_two_compressions, standard_table, tables_of
from desktop_app.media.provenance.xmp import xmp_pairs
from tests.unit.provenance_files import PORTRAIT, codes_of, facts_of, traces_of

PHOTO = Image.fromarray(PORTRAIT)
Base, IFD = ExifTags.Base, ExifTags.IFD


def jpeg(image, quality=90, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, **options)
    return buffer.getvalue()


def opened(image, quality, **options):
    return Image.open(io.BytesIO(jpeg(image, quality, **options)))


def exif_of(thumbnail=None, **tags):
    exif = Image.Exif()
    for name, value in tags.items():
        place = exif if name in ("Make", "Model", "Software", "DateTime") else exif.get_ifd(IFD.Exif)
        place[getattr(Base, name)] = value
    if thumbnail is None:
        return exif.tobytes()
    # two directories by hand: Pillow writes no preview
    make = b"\x0f\x01\x02\x00\x05\x00\x00\x00"
    start = 8 + 2 + 12 + 4 + 6 + 2 + 24 + 4
    first = b"\x01\x00" + make + (26).to_bytes(4, "little") + (32).to_bytes(4, "little") + b"Some\0\0"
    entries = b"\x01\x02\x04\x00\x01\x00\x00\x00" + start.to_bytes(4, "little")
    entries += b"\x02\x02\x04\x00\x01\x00\x00\x00" + len(thumbnail).to_bytes(4, "little")
    return b"Exif\0\0II*\0\x08\0\0\0" + first + b"\x02\x00" + entries + bytes(4) + thumbnail


def saved(tmp_path, content, name="photo.jpg"):
    path = tmp_path / name
    path.write_bytes(content)
    return traces_of(path)


def test_a_picture_without_history(tmp_path):
    traces = saved(tmp_path, jpeg(PHOTO))
    assert codes_of(traces) == {"camera_data_absent", "jpeg_quality"}
    assert facts_of(traces, "jpeg_quality") == {"quality": "90", "tables": "standard"}
    assert dict(traces.container)["format"] == "JPEG"
    assert len(traces.perceptual_hash) == 1


def test_camera_dates_and_software(tmp_path):
    tags = {"Make": "Some", "Model": "Camera 1", "Software": "Adobe Photoshop 25.0", "DateTime": "2024:05:02 10:00:00"}
    exif = exif_of(DateTimeOriginal="2024:05:01 10:00:00", ExifImageWidth=4000, ExifImageHeight=3000, **tags)
    traces = saved(tmp_path, jpeg(PHOTO, exif=exif))
    assert {"software_editor", "device", "device_rewritten", "modified_after_creation", "size_differs"} <= codes_of(
        traces
    )
    assert facts_of(traces, "size_differs") == {"stated": "4000 x 3000", "actual": "512 x 512"}
    assert facts_of(traces, "device")["device"] == "Some Camera 1"
    assert "camera_data_absent" not in codes_of(traces)


def test_a_place(tmp_path):
    exif = Image.Exif()
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: (40.0, 25.0, 0.48), 3: "W", 4: (3.0, 42.0, 13.68)})
    traces = saved(tmp_path, jpeg(PHOTO, exif=exif.tobytes()))
    assert traces.location == pytest.approx((40.4168, -3.7038), abs=1e-4)
    assert "location" in codes_of(traces)
    broken = Image.Exif()
    broken.get_ifd(IFD.GPSInfo).update({1: "N", 2: (40.0,), 3: "W"})
    assert saved(tmp_path, jpeg(PHOTO, exif=broken.tobytes())).location is None


def test_a_preview_of_the_same_picture_is_no_contradiction(tmp_path):
    thumbnail = jpeg(PHOTO.resize((160, 160)), 70)
    traces = saved(tmp_path, jpeg(PHOTO, exif=exif_of(thumbnail)))
    assert traces.thumbnail == thumbnail
    assert facts_of(traces, "thumbnail") == {"width": "160", "height": "160"}
    assert "thumbnail_differs" not in codes_of(traces)
    # a wide picture, its preview with black bars
    wide = PHOTO.crop((0, 60, 512, 348))
    boxed = Image.new("RGB", (160, 120))
    boxed.paste(wide.resize((160, 90)), (0, 15))
    assert "thumbnail_differs" not in codes_of(saved(tmp_path, jpeg(wide, exif=exif_of(jpeg(boxed, 70)))))


def test_a_preview_of_another_state_is_found(tmp_path):
    thumbnail = jpeg(PHOTO.resize((160, 160)), 70)
    edited = PHOTO.crop((130, 0, 330, 200))
    traces = saved(tmp_path, jpeg(edited, exif=exif_of(thumbnail)))
    assert next(t for t in traces.findings if t.code == "thumbnail_differs").weight is TraceWeight.NOTABLE


def test_a_preview_that_lies_outside_is_ignored(tmp_path):
    exif = bytearray(exif_of(jpeg(PHOTO.resize((160, 160)), 70)))
    at = exif.index(b"\x02\x02\x04\x00\x01\x00\x00\x00") + 8
    exif[at : at + 4] = b"\xff\xff\xff\x7f"
    assert saved(tmp_path, jpeg(PHOTO, exif=bytes(exif))).thumbnail is None


def test_a_label_of_generated_content(tmp_path):
    text = PngInfo()
    text.add_text("parameters", "a portrait of an astronaut, Steps: 20, Sampler: Euler a")
    buffer = io.BytesIO()
    PHOTO.save(buffer, "PNG", pnginfo=text)
    traces = saved(tmp_path, buffer.getvalue(), "picture.png")
    assert traces.findings[0].code == "software_generator"
    assert traces.findings[0].weight is TraceWeight.STRONG


def test_xmp_history(tmp_path):
    packet = (
        b'<x:xmpmeta><rdf:Description xmp:CreatorTool="Adobe Photoshop 25.0"><xmpMM:DerivedFrom '
        b'stRef:documentID="xmp.did:1"/><rdf:li stEvt:action="saved" stEvt:softwareAgent="GIMP 2.10"/>'
        b"<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
        b"</Iptc4xmpExt:DigitalSourceType></rdf:Description></x:xmpmeta>"
    )
    traces = saved(tmp_path, jpeg(PHOTO, xmp=packet))
    assert {"xmp_history", "derived", "software_editor", "software_generator"} <= codes_of(traces)
    assert facts_of(traces, "xmp_history")["names"] == "saved"
    assert "GIMP" in facts_of(traces, "software_editor")["names"]
    assert xmp_pairs(b"\xff\xfe<broken" * 50) == ()


def test_bytes_after_the_end(tmp_path):
    whole = jpeg(PHOTO)
    assert bytes_after_end(whole) == 0
    assert bytes_after_end(whole + b"x" * 33) == 33
    assert bytes_after_end(whole[:500]) == 0
    assert facts_of(saved(tmp_path, whole + bytes(33)), "data_after_end")["size_bytes"] == "33"
    assert bytes_after_end(jpeg(PHOTO, progressive=True) + b"\xff\xd9" * 4) == 8


def test_tables_are_those_of_the_library():
    for quality in (1, 30, 50, 75, 95, 100):
        table = opened(PHOTO.resize((64, 64)), quality).quantization[0]
        assert np.array_equal(standard_table(quality).ravel(), table)
        assert tables_of({0: table}).is_standard
    own = [min(255, value + 3 * (number % 5)) for number, value in enumerate(standard_table(80).ravel().tolist())]
    found = tables_of({0: own})
    assert not found.is_standard
    assert 60 <= found.quality <= 90
    assert tables_of({}) is None


def pictures():
    noise = np.random.default_rng(1).normal(0, 4, (400, 440, 1))
    noisy = np.clip(PORTRAIT[40:440, 60:500].astype(np.int16) + noise, 0, 255).astype(np.uint8)
    return [PHOTO, PHOTO.resize((352, 352)), Image.fromarray(noisy), Image.fromarray(data.coffee())]


def test_one_compression_is_not_taken_for_two():
    for image in pictures():
        for quality in (60, 75, 85, 95):
            assert find_two_compressions(opened(image, quality)) is None
        own = [max(1, value - number % 3) for number, value in enumerate(standard_table(80).ravel().tolist())]
        assert find_two_compressions(Image.open(io.BytesIO(_with_tables(image, own)))) is None


def _with_tables(image, table):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", qtables=[table, table])
    return buffer.getvalue()


@pytest.mark.parametrize(("first", "last"), [(65, 80), (75, 90), (85, 95), (55, 70)])
def test_two_compressions_are_found_and_the_first_quality_named(first, last):
    for image in pictures():
        found = find_two_compressions(opened(opened(image, first).convert("RGB"), last))
        assert found is not None
        assert abs(found.first - first) <= 1


def test_what_cannot_be_found_is_not_claimed(tmp_path):
    # the second compression wiped out the first, a shifted grid hides it, and too small a picture says nothing
    assert find_two_compressions(opened(opened(PHOTO, 92).convert("RGB"), 60)) is None
    assert find_two_compressions(opened(opened(PHOTO, 65).convert("RGB").crop((3, 3, 500, 500)), 85)) is None
    assert find_two_compressions(opened(opened(PHOTO, 65).convert("RGB").crop((0, 0, 128, 128)), 85)) is None
    flat = Image.new("RGB", (512, 512), (90, 120, 60))
    traces = saved(tmp_path, jpeg(flat))
    assert "jpeg_twice" not in codes_of(traces)
    assert traces.perceptual_hash == ()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "BMP", "TIFF", "GIF"])
def test_other_kinds(tmp_path, kind):
    buffer = io.BytesIO()
    PHOTO.resize((128, 128)).save(buffer, kind)
    traces = saved(tmp_path, buffer.getvalue(), f"picture.{kind.lower()}")
    assert dict(traces.container)["format"] == kind
    assert codes_of(traces) == {"camera_data_absent"}


def test_an_upright_phone_picture_with_its_preview(tmp_path):
    turned = PHOTO.crop((0, 0, 512, 300))
    exif = bytearray(exif_of(jpeg(turned.resize((160, 94)), 70)))
    traces = saved(tmp_path, jpeg(turned, exif=bytes(exif)))
    assert "thumbnail_differs" not in codes_of(traces)


def test_a_heic_picture_tells_its_camera_and_carries_no_credentials(tmp_path):
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Maker", "Phone 9"
    exif[ExifTags.Base.Software] = "Adobe Photoshop 26.0"
    path = tmp_path / "a.heic"
    Image.fromarray(np.full((120, 160, 3), 90, np.uint8)).save(path, exif=exif.tobytes())
    traces = read_traces(path, "0" * 64)
    facts = dict(traces.container)
    assert (facts["format"], facts["Model"]) == ("HEIF", "Phone 9")
    assert traces.credentials.state is CredentialState.ABSENT
    assert any(finding.code.startswith("software") for finding in traces.findings)
