"""What a user says of a model that a file does not."""

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path

from desktop_app.domain import DataSource
from desktop_app.errors import ModelError, plain_cause
from desktop_app.records import build_record

TEMPLATE = """\
# What a model file does not say of itself. Every line may be left out; what is then assumed stands in the model's card.
# Use it with: cotejo models import FILE --card THIS.toml

# model_id = "my-detector-1"           # letters, digits, dot, dash, underscore; by default the name of the file
# name = "My detector"
# version = "1"

# architecture = "xception"            # by default recognised; see docs/architectures.md; leave it out for ONNX

# Outputs in order. With one output its score is that of the second class.
# classes = ["genuine", "fake"]
# genuine_class = "genuine"
# outputs = 2                          # 1 or as many as classes; by default counted

# ONNX only:
# output = "logits"                    # or "probabilities", where softmax or sigmoid was applied already
# output_name = "scores"               # by default the first output
# channels = "rgb"                     # or "bgr"

# input_size_px = 224
# mean = [0.485, 0.456, 0.406]         # of RGB in [0, 1]; a network that takes 0 to 255 has mean 0 and std 0.00392157
# std = [0.229, 0.224, 0.225]
# crop_margin = 0.3                    # side of the square crop = (1 + margin) x the longer side of the face's box
# min_face_px = 50

# licence = "of the weights, as its author states it"
# limits = ["What it was not shown to do, a sentence each."]

# [[training_data]]
# name = "set"
# count = 0
# terms = "licence of the set"
"""
"""A card template with all fields, commented out."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Fields of `TEMPLATE`; None is not stated.

    Args:
        model_id, name, version: As in `ModelCard`, like most others.
        architecture: Key of `NETS`.
        classes: Outputs in order; one output is the score of the second of two.
        genuine_class: Which of them is not fake.
        outputs: Number of scores.
        output: ``"logits"`` or ``"probabilities"``.
        output_name: Which output of an ONNX network.
        channels: ``"rgb"`` or ``"bgr"``.
        input_size_px: Side of the input.
        mean, std: Normalisation.
        crop_margin: Margin of the crop.
        min_face_px: Smallest face.
        licence: Of the weights.
        limits: Sentences.
        training_data: Sets.
    """

    model_id: str | None = None
    name: str | None = None
    version: str | None = None
    architecture: str | None = None
    classes: tuple[str, ...] | None = None
    genuine_class: str | None = None
    outputs: int | None = None
    output: str | None = None
    output_name: str | None = None
    channels: str | None = None
    input_size_px: int | None = None
    mean: tuple[float, float, float] | None = None
    std: tuple[float, float, float] | None = None
    crop_margin: float | None = None
    min_face_px: int | None = None
    licence: str | None = None
    limits: tuple[str, ...] = ()
    training_data: tuple[DataSource, ...] = ()

    def __post_init__(self) -> None:
        for name, allowed in (("output", ("logits", "probabilities")), ("channels", ("rgb", "bgr"))):
            value = getattr(self, name)
            if value is not None and value not in allowed:
                raise ValueError(f"{name}: expected one of {', '.join(allowed)}, got {value!r}")
        if self.input_size_px is not None and not 16 <= self.input_size_px <= 2048:
            raise ValueError(f"input_size_px: expected a value in [16, 2048], got {self.input_size_px}")


def read_table(path: Path) -> dict[str, object]:
    """Read a card or a template.

    Raises:
        ModelError: It cannot be read or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ModelError(f"The card {path.name} cannot be read.", plain_cause(error)) from error


def read_options(table: dict[str, object], where: str) -> ImportOptions:
    """Options of a template.

    Args:
        table: As read.
        where: Name of the file, for messages.

    Raises:
        ModelError: It has unknown entries or values of a wrong type.
    """
    try:
        return build_record(ImportOptions, table, where)
    except (ValueError, TypeError) as error:
        raise ModelError(f"The card {where} cannot be used.", str(error)) from error


def merge(base: ImportOptions, over: ImportOptions) -> ImportOptions:
    """Options with those that the second states in place of the first's."""
    stated = {f.name: value for f in fields(over) if (value := getattr(over, f.name)) not in (None, ())}
    return replace(base, **stated)
