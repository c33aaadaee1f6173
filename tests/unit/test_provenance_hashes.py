"""Perceptual hashes: copies are near, other clips are not."""

import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from desktop_app.media.provenance import NEAR_BITS, near_duplicates, perceptual_distance
from desktop_app.media.provenance.hashes import bits_between, picture_hash
from tests.unit.provenance_files import PORTRAIT, frames_of, scene, traces_of, write_video

SIZE = (192, 128)


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """A clip, copies of it and other clips, by name."""
    folder = tmp_path_factory.mktemp("clips")
    original = write_video(folder / "original.mp4", [scene(n, SIZE) for n in range(100)], gop=25, sound_s=1.0)
    frames = frames_of(original)
    small = [np.asarray(Image.fromarray(f).resize((96, 64))) for f in frames]
    bright = [np.asarray(ImageEnhance.Brightness(Image.fromarray(f)).enhance(1.25)) for f in frames]
    other = [scene(n, SIZE, seed=9)[::-1, ::-1] for n in range(100)]
    turned = [np.ascontiguousarray(np.rot90(f)) for f in frames]
    return {
        "original": original,
        "recompressed": write_video(folder / "recompressed.mp4", frames, {"crf": "36"}, 60),
        "scaled": write_video(folder / "scaled.mkv", small, {"bf": "0"}, 12),
        "brighter": write_video(folder / "brighter.mp4", bright, {"crf": "30"}),
        "trimmed": write_video(folder / "trimmed.mp4", frames[12:90], {"crf": "28"}, 30),
        "other": write_video(folder / "other.mp4", other),
        "turned": write_video(folder / "turned.mp4", turned),
    }


@pytest.fixture(scope="module")
def traces(clips):
    return {name: traces_of(path) for name, path in clips.items()}


@pytest.mark.parametrize(
    ("name", "most"), [("recompressed", 6), ("scaled", 6), ("brighter", 8), ("trimmed", NEAR_BITS)]
)
def test_copies_are_near(traces, name, most):
    first, second = traces["original"].perceptual_hash, traces[name].perceptual_hash
    assert perceptual_distance(first, second) <= most
    assert perceptual_distance(first, second) == perceptual_distance(second, first)


@pytest.mark.parametrize("name", ["other", "turned"])
def test_other_clips_are_not(traces, name):
    assert perceptual_distance(traces["original"].perceptual_hash, traces[name].perceptual_hash) > NEAR_BITS + 4


def test_near_duplicates_of_a_case(traces):
    names = list(traces)
    pairs = near_duplicates(list(traces.values()))
    copies = {"original", "recompressed", "scaled", "brighter", "trimmed"}
    found = {(names[pair.first], names[pair.second]) for pair in pairs}
    assert {pair for pair in found if "original" in pair} == {("original", name) for name in copies - {"original"}}
    assert {name for pair in found for name in pair} == copies
    assert [pair.distance for pair in pairs] == sorted(pair.distance for pair in pairs)
    assert near_duplicates([traces["original"]]) == ()


def test_a_picture_and_its_copies():
    image = Image.fromarray(PORTRAIT)
    original = picture_hash(PORTRAIT)
    assert len(original) == 16
    buffer = io.BytesIO()
    image.resize((200, 200)).save(buffer, "JPEG", quality=30)
    assert bits_between(original, picture_hash(np.asarray(Image.open(buffer).convert("RGB")))) <= 4
    assert bits_between(original, picture_hash(PORTRAIT[:, ::-1].copy())) > 16
    assert bits_between("0" * 16, "f" * 16) == 64


def test_plain_colour_has_no_hash_and_is_near_nothing():
    flat = np.full((64, 64, 3), 12, np.uint8)
    assert picture_hash(flat) is None
    assert perceptual_distance((), ("0" * 16,)) == 64
    assert perceptual_distance((), ()) == 64


def test_unrelated_hashes_are_far():
    rng = np.random.default_rng(4)
    lists = [[f"{rng.integers(0, 2**63):016x}" for _ in range(8)] for _ in range(60)]
    distances = [perceptual_distance(a, b) for i, a in enumerate(lists) for b in lists[:i]]
    assert min(distances) > NEAR_BITS + 5
