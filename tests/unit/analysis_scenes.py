"""Short clips with a real face, and a small untrained model: what is tested are facts, never scores."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import torch

from desktop_app.detectors import CARD_FILE, write_card
from desktop_app.detectors.nets import build_net
from desktop_app.detectors.weights import file_sha256
from tests.factories import make_card
from tests.unit.faces_scenes import HEIGHT, WIDTH, head, paste, wall

MODEL_ID = "untrained-1"
INPUT_PX = 64


def build_model(folder: Path, **changes) -> Path:
    """A model with random, fixed weights; `changes` replace fields of its card."""
    folder.mkdir(parents=True)
    torch.manual_seed(7)
    torch.save(build_net("mobilenet_v2", 2).state_dict(), folder / "weights.pt")
    card = replace(
        make_card(model_id=MODEL_ID, name="Untrained", input_size_px=INPUT_PX, error_rates=()),
        weights_sha256=file_sha256(folder / "weights.pt"),
    )
    write_card(replace(card, **changes), folder / CARD_FILE)
    return folder


def scene(portrait, persons=1, height_px=170):
    """Draws frame i: persons side by side who drift to the right, on a still wall."""
    faces = [head(portrait, height_px, other=bool(n % 2)) for n in range(persons)]
    background = wall()

    def draw(index):
        picture = background.copy()
        for n, face in enumerate(faces):
            paste(picture, face, 40 + 220 * n + 0.8 * index, 60)
        return picture

    return draw


def write_clip(path: Path, draw, frames, step_ms=40, codec="libx264", late=()) -> Path:
    """A clip of `draw(i)`; frames in `late` come 15 ms late."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=25, options={"preset": "veryfast", "crf": "18"})
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = WIDTH, HEIGHT, "yuv420p", 12
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for index in range(frames):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(draw(index)), "rgb24")
            frame.pts, frame.time_base = index * step_ms + 15 * (index in late), Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path
