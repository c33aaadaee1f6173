from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from desktop_app.errors import InputError
from desktop_app.training import contact_sheet
from desktop_app.training.blend import BlendSpec, forge
from desktop_app.training.contact_sheet import CAPTION_PX, TILE_PX, write_contact_sheet
from desktop_app.training.manifest import Sample
from desktop_app.training.masks import PARTS, face_frame, part_contour, soft_mask
from desktop_app.training.partners import PartnerIndex, adapt, lay_over
from desktop_app.training.recipe import Feed
from tests.unit.training_runs import make_recipe

# Eyes, nose and mouth corners of the portrait, found by looking, and where the face's picture begins in it.
LANDMARKS = np.array([(203.0, 101.0), (246.0, 103.0), (226.0, 126.0), (206.0, 141.0), (243.0, 142.0)])
LEFT, TOP, SIDE = 125, 30, 200
KINDS = {
    "self": BlendSpec(self_blend=1, reenact=0, resynth=0, target=0, opacities=(1.0,)),
    "reenact": BlendSpec(self_blend=0, reenact=1, resynth=0, opacities=(1.0,)),
    "resynth": BlendSpec(self_blend=0, reenact=0, resynth=1, opacities=(1.0,)),
}


def make_sample(points, group="a", split="train", source="s", is_fake=False):
    path = Path(f"{source}-{group}.png")
    return Sample(path, is_fake, group, split, source, landmarks=tuple(map(tuple, np.asarray(points).tolist())))


@pytest.fixture(scope="module")
def face(astronaut):
    return np.ascontiguousarray(astronaut[TOP : TOP + SIDE, LEFT : LEFT + SIDE])


@pytest.fixture(scope="module")
def sample():
    return make_sample(LANDMARKS - (LEFT, TOP))


@pytest.fixture(scope="module")
def partner(face):
    """The portrait turned and enlarged, in the light of another lamp."""
    matrix = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), 12, 1.15)
    points = (LANDMARKS - (LEFT, TOP)) @ matrix[:, :2].T + matrix[:, 2]
    turned = cv2.warpAffine(face, matrix, (SIDE, SIDE), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    return np.clip(turned * np.array([0.8, 0.7, 0.9]), 0, 255).astype(np.uint8), make_sample(points, "b")


def test_the_frame_of_a_face_has_eyes_and_mouth_where_they_are():
    frame = face_frame(LANDMARKS)
    np.testing.assert_allclose(frame.to_image(np.array([(0.0, 0.0), (0.0, 1.0)])), [(224.5, 102.0), (224.5, 141.5)])
    turned = face_frame(LANDMARKS + np.array([(0, 0), (0, 0), (12, 0), (0, 0), (0, 0)]))
    left, right = (abs(turned.to_image(np.array([(x, 0.0)]))[0, 0] - 224.5) for x in (-1.0, 1.0))
    assert right < 0.8 * left


@pytest.mark.parametrize("part", PARTS)
def test_masks_are_soft_and_cover_their_part(part):
    centre = {"mouth": (0, 1.0), "lower": (0, 1.0), "eyes": (0, 0.0), "nose": (0, 0.5)}.get(part, (0, 0.5))
    frame = face_frame(LANDMARKS)
    x, y = frame.to_image(np.array([centre]))[0].round().astype(int)
    for seed in range(12):
        rng = np.random.default_rng(seed)
        mask = soft_mask(400, 400, frame.to_image(part_contour(part, rng, seed % 2 == 0)), 2.5, rng)
        assert (mask.shape, mask.dtype) == ((400, 400), np.uint8)
        assert mask[y, x] == 255
        assert ((mask > 12) & (mask < 243)).any()
        left, top, width, height = cv2.boundingRect(mask)
        # not further out than hair, ears and chin
        assert left > 150
        assert left + width < 300
        assert top > 45
        assert top + height < 205


@pytest.mark.parametrize("kind", KINDS)
def test_a_forgery_differs_where_its_mask_is_and_nowhere_else(face, sample, kind):
    for seed in range(10):
        forgery = forge(face, sample, 0.8, None, np.random.default_rng(seed), KINDS[kind])
        assert forgery.kind == kind
        assert (forgery.image.shape, forgery.image.dtype) == (face.shape, np.uint8)
        changed = (forgery.image != face).any(axis=2)
        assert not changed[forgery.mask == 0].any()
        assert changed[forgery.mask > 128].mean() > 0.5


def test_every_forgery_leaves_a_trace(face, sample):
    spec = BlendSpec()
    for seed in range(40):
        forgery = forge(face, sample, 0.8, None, np.random.default_rng(seed), spec)
        difference = np.abs(forgery.image.astype(int) - face).mean(axis=2)
        assert difference[forgery.mask > forgery.mask.max() / 2].mean() > 0.6


def test_the_picture_itself_is_changed_in_some_self_blends(face, sample):
    spec = replace(KINDS["self"], target=1.0)
    forgery = forge(face, sample, 0.8, None, np.random.default_rng(1), spec)
    assert (forgery.image != face).any(axis=2)[forgery.mask == 0].mean() > 0.3


def test_a_forgery_depends_on_its_seed_alone(face, sample, partner):
    original = face.copy()
    for other in (None, partner):
        first, again, third = (
            forge(face, sample, 0.8, other, np.random.default_rng(seed), BlendSpec()).image for seed in (3, 3, 4)
        )
        np.testing.assert_array_equal(first, again)
        assert (first != third).any()
    np.testing.assert_array_equal(face, original)


def test_the_mask_moves_with_the_landmarks(astronaut, sample):
    moved = np.ascontiguousarray(astronaut[TOP : TOP + SIDE, LEFT + 25 : LEFT + 25 + SIDE])
    shifted = make_sample(LANDMARKS - (LEFT + 25, TOP))
    still = np.ascontiguousarray(astronaut[TOP : TOP + SIDE, LEFT : LEFT + SIDE])
    for seed in range(5):
        masks = [
            forge(image, s, 0.8, None, np.random.default_rng(seed), KINDS["self"]).mask
            for image, s in ((still, sample), (moved, shifted))
        ]
        np.testing.assert_allclose(masks[1][:, :-25], masks[0][:, 25:], atol=3)


def test_without_landmarks_the_face_is_in_the_middle(face):
    blind = Sample(Path("x"), False, "a", "train", "s")
    for seed in range(10):
        mask = forge(face, blind, 0.6, None, np.random.default_rng(seed), BlendSpec()).mask
        x, y, w, h = cv2.boundingRect(mask)
        assert mask.max() > 50
        assert abs(x + w / 2 - SIDE / 2) < 25
        assert 10 < y + h / 2 < 190


def test_a_partner_is_laid_on_the_landmarks_and_takes_colour(face, sample, partner):
    points = np.array(sample.landmarks)
    laid = lay_over(partner[0], np.array(partner[1].landmarks), points, (SIDE, SIDE))
    inner = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(inner, (104, 100), (32, 45), 0, 0, 360, 255, -1)
    before, after = (
        np.abs(x[inner > 0].mean(axis=0) - face[inner > 0].mean(axis=0)).max()
        for x in (laid, adapt(laid, face, inner, np.random.default_rng(0)))
    )
    assert after < 0.3 * before


def test_a_cross_blend_shows_the_partner(face, sample, partner):
    spec = BlendSpec(seamless=0)
    forgeries = [forge(face, sample, 0.8, partner, np.random.default_rng(i), spec) for i in range(6)]
    assert {f.kind for f in forgeries} == {"cross"}
    assert all((f.image == face).all(axis=2)[f.mask == 0].all() for f in forgeries)
    cloned = forge(face, sample, 0.8, partner, np.random.default_rng(1), replace(spec, seamless=1.0))
    assert (cloned.image != forgeries[1].image).any()


def test_a_partner_that_would_show_at_a_glance_is_not_used(face, sample, partner):
    blurred = cv2.GaussianBlur(partner[0], (0, 0), 5)
    noise = np.random.default_rng(0).integers(0, 256, face.shape, dtype=np.uint8)
    for picture in (blurred, noise):
        assert forge(face, sample, 0.8, (picture, partner[1]), np.random.default_rng(0), BlendSpec()).kind != "cross"
    blind = replace(partner[1], landmarks=None)
    assert forge(face, sample, 0.8, (partner[0], blind), np.random.default_rng(0), BlendSpec()).kind != "cross"


def test_partners_are_alike_and_never_of_the_same_group_or_another_split():
    rng = np.random.default_rng(0)
    frontal, profile = LANDMARKS, LANDMARKS + np.array([(0, 0), (-14, 0), (20, 0), (0, 0), (-12, 0)])
    samples = []
    for i in range(200):
        points = (frontal if i % 2 else profile) * rng.uniform(0.5, 2) + rng.normal(0, 0.5, (5, 2))
        samples.append(make_sample(points, f"g{i // 4}", "train" if i < 120 else "test"))
    index = PartnerIndex(samples)
    seen = set()
    for i in (0, 1, 50, 121):
        for _ in range(20):
            found = index.partner_of(samples[i], rng)
            seen.add(found.path)
            assert found.group != samples[i].group
            assert found.split == samples[i].split
            assert samples.index(found) % 2 == i % 2
    assert len(seen) > 10


def test_size_place_and_roll_do_not_matter_for_likeness():
    angle = np.deg2rad(20)
    turn = np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    other = LANDMARKS + np.array([(0, 0), (0, 0), (9, 0), (0, 0), (0, 0)])
    rolled = make_sample(LANDMARKS @ turn.T * 3 + 40, "rolled")
    crowd = [make_sample(other + i / 10, f"o{i}") for i in range(12)]
    index = PartnerIndex([*crowd, rolled])
    found = {index.partner_of(make_sample(LANDMARKS, "me"), np.random.default_rng(i)).group for i in range(60)}
    assert "rolled" in found


def test_nobody_may_be_alike():
    rng = np.random.default_rng(0)
    one = make_sample(LANDMARKS)
    assert PartnerIndex([]).partner_of(one, rng) is None
    assert PartnerIndex([one, make_sample(LANDMARKS + 3)]).partner_of(one, rng) is None
    blind = Sample(Path("x"), False, "z", "train", "s")
    assert PartnerIndex([one]).partner_of(blind, rng) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"self_blend": -1.0},
        {"self_blend": 0.0, "reenact": 0.0, "resynth": 0.0},
        {"parts": (0.0,) * 6},
        {"cross": 1.5},
        {"opacities": ()},
        {"opacities": (0.0, 1.0)},
        {"feather": (0.2, 0.1)},
        {"shift": 0.9},
        {"colour": -1.0},
        {"min_trace": -1.0},
    ],
)
def test_impossible_blends_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        BlendSpec(**wrong)


def test_a_contact_sheet_shows_forgeries(face, sample, tmp_path):
    path = tmp_path / "one.png"
    cv2.imwrite(str(path), face[:, :, ::-1])
    genuine = replace(sample, path=path, source="tiny")
    out = tmp_path / "sheet.png"
    write_contact_sheet(make_recipe(), [genuine], out, rows=2, seed=0)
    sheet = cv2.imread(str(out))
    assert sheet.shape == (2 * (CAPTION_PX + TILE_PX), 6 * TILE_PX, 3)
    first, mask, forged = (sheet[CAPTION_PX:TILE_PX, i * TILE_PX : (i + 1) * TILE_PX].astype(int) for i in range(3))
    assert (first != forged).any()
    assert (mask == mask[:, :, :1]).all()
    gone = replace(genuine, path=tmp_path / "gone.png")
    with pytest.raises(InputError, match="contact sheet"):
        write_contact_sheet(make_recipe(), [gone], out, rows=1, seed=0)


def test_a_recipe_without_forgeries_has_no_contact_sheet(face, sample, tmp_path):
    path, out = tmp_path / "one.png", tmp_path / "sheet.png"
    cv2.imwrite(str(path), face[:, :, ::-1])
    genuine = replace(sample, path=path, source="tiny")
    for plain in (replace(make_recipe(), blend_share=0.0), replace(make_recipe(), feed=Feed.EPOCHS)):
        with pytest.raises(InputError, match="makes no forgeries"):
            write_contact_sheet(plain, [genuine], out, rows=1, seed=0)
    assert not out.exists()


def test_partners_on_a_contact_sheet_are_those_of_training(face, sample, tmp_path, monkeypatch):
    path = tmp_path / "one.png"
    cv2.imwrite(str(path), face[:, :, ::-1])
    genuine = replace(sample, path=path, source="tiny")
    fake, other = replace(genuine, is_fake=True, group="b"), replace(genuine, source="unknown", group="c")
    seen = []

    class Spy(contact_sheet.Forger):
        def __init__(self, recipe, *pools):
            seen.append([sample for pool in pools for sample, _ in pool.samples()])
            super().__init__(recipe, *pools)

    monkeypatch.setattr(contact_sheet, "Forger", Spy)
    recipe = make_recipe()
    shy = replace(recipe, sources=(replace(recipe.sources[0], fake_weight=0.0),))
    for chosen in (recipe, shy):
        write_contact_sheet(chosen, [genuine, fake, other], tmp_path / "sheet.png", rows=1, seed=0)
    assert seen == [[genuine, fake], [genuine]]
