"""Contact sheets of forgeries, for a person to judge whether they would have been seen."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from desktop_app.domain import UInt8Array
from desktop_app.errors import InputError
from desktop_app.training.augment import Rng
from desktop_app.training.blend import Forgery
from desktop_app.training.dataset import Forger, make_pools
from desktop_app.training.extract import read_rgb
from desktop_app.training.manifest import Sample
from desktop_app.training.recipe import Recipe
from desktop_app.training.run_files import replace_file

TILE_PX = 224
CAPTION_PX = 18
TRIPLES = 2
TRIES_PER_TILE = 20


def require_forgeries(recipe: Recipe) -> None:
    """Refuse a recipe of which there is nothing to draw.

    Raises:
        InputError: It makes no forgeries.
    """
    if not recipe.has_blends:
        raise InputError(
            f"The recipe {recipe.model_id} makes no forgeries: it trains on images as they are.",
            'Only recipes with groups of four (feed = "groups_of_four") and a blend_share above 0 make any.',
        )


def write_contact_sheet(recipe: Recipe, samples: Sequence[Sample], out: Path, rows: int, seed: int) -> None:
    """Draw forgeries as a recipe makes them: rows of genuine picture, mask and forgery, twice, as a PNG file.

    Args:
        recipe: Its sources say how images are cropped, its `blend` which forgeries are made.
        samples: Images; the genuine ones of the recipe's sources are drawn from, each source as often as the others.
        out: The file.
        rows: Of the sheet.
        seed: Of everything random.

    Raises:
        InputError: The recipe makes no forgeries, or no genuine image of its sources can be read.
    """
    require_forgeries(recipe)
    nominal = {s.name: s.nominal for s in recipe.sources if s.genuine_weight > 0}
    genuine = [s for s in samples if not s.is_fake and s.source in nominal]
    pools = [own for name in nominal if (own := [s for s in genuine if s.source == name])]
    forger = Forger(recipe, *(make_pools(recipe, samples, split) for split in sorted({s.split for s in samples})))
    rng = np.random.default_rng(seed)
    lines = []
    for _ in range(rows):
        triples = []
        for _ in range(TRIPLES):
            image, sample = _pick(pools, rng)
            triples.append(_triple(image, sample, forger.forge(image, sample, nominal[sample.source], rng)))
        lines.append(np.hstack(triples))
    _, data = cv2.imencode(".png", np.vstack(lines)[:, :, ::-1])
    replace_file(out, data.tobytes())


def _pick(pools: Sequence[Sequence[Sample]], rng: Rng) -> tuple[UInt8Array, Sample]:
    for _ in range(TRIES_PER_TILE if pools else 0):
        pool = pools[int(rng.integers(len(pools)))]
        sample = pool[int(rng.integers(len(pool)))]
        image = read_rgb(sample.path)
        if image is not None:
            return image, sample
    raise InputError(
        "No genuine image for a contact sheet can be read.", "Check that the images lie where the manifests say."
    )


def _triple(image: UInt8Array, sample: Sample, forgery: Forgery) -> UInt8Array:
    mask = np.asarray(np.repeat(forgery.mask[:, :, None], 3, axis=2), dtype=np.uint8)
    captions = (f"{sample.source}: genuine", "mask", f"forged: {forgery.kind}")
    tiles = [_tile(x, text) for x, text in zip((image, mask, forgery.image), captions, strict=True)]
    return np.asarray(np.hstack(tiles), dtype=np.uint8)


def _tile(image: UInt8Array, caption: str) -> UInt8Array:
    scale = TILE_PX / max(image.shape[:2])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    tile = np.zeros((CAPTION_PX + TILE_PX, TILE_PX, 3), np.uint8)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    tile[CAPTION_PX : CAPTION_PX + size[1], : size[0]] = cv2.resize(image, size, interpolation=how)
    # letters drawn twice for an outline differ in width
    tile[:CAPTION_PX] = 24
    cv2.putText(tile, caption, (4, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (255, 255, 255), 1, cv2.LINE_AA)
    return tile
