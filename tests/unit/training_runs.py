"""A small training set made of the astronaut portrait, and a recipe for it."""

import csv

import cv2
import numpy as np

from desktop_app.training.augment import AugmentSpec
from desktop_app.training.recipe import Recipe, SourceSpec

SIDE_PX = 64


def make_images(astronaut, folder, groups=12, split="train", name="manifest.csv", prefix="g"):
    """Per group a genuine crop of the face and a fake one, whose lower half is washed out with green."""
    rng = np.random.default_rng(7)
    rows = []
    for number in range(groups):
        x, y, side = int(rng.integers(130, 180)), int(rng.integers(40, 80)), int(rng.integers(130, 190))
        face = cv2.resize(astronaut[y : y + side, x : x + side], (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        fake = face.copy()
        fake[SIDE_PX // 2 :] = (0.3 * fake[SIDE_PX // 2 :] + 0.7 * np.array([40, 200, 90])).astype(np.uint8)
        for label, image in (("real", face), ("fake", fake)):
            path = folder / label / f"{prefix}{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), image[:, :, ::-1])
            rows.append((path.relative_to(folder).as_posix(), label, f"{prefix}{number}", split))
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("path", "label", "group", "split"), *rows])


def make_recipe(**changes):
    values = {
        "model_id": "tiny",
        "name": "Tiny",
        "version": "1",
        "architecture": "mobilenet_v2",
        "start_weights": "",
        "input_size_px": 32,
        "crop_margin": 0.0,
        "mean": (0.5, 0.5, 0.5),
        "std": (0.5, 0.5, 0.5),
        "sources": (SourceSpec("tiny", "manifest.csv", 1.0, 1.0, 1.0, "public domain"),),
        "total_images": 48,
        "batch_size": 8,
        "learning_rate": 2e-3,
        "ema_decay": 0.9,
        "validation_share": 0.3,
        "validation_images": 4,
        "validate_every": 4,
        "min_face_px": 20,
        "seed": 5,
        "limits": ("A test.",),
        "licence": "none",
        "augment": AugmentSpec(jpeg=0.3),
    }
    return Recipe(**(values | changes))
