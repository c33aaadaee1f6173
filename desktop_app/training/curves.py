"""The curves of a run as a picture: losses, learning rate and figures of validation."""

import io
from collections.abc import Mapping, Sequence

from PIL import Image, ImageDraw, ImageFont

from desktop_app.paths import resources_dir

_SIZE = (1280, 440)
_MARGINS = (64, 40, 16, 64)
_INK, _GRID = "#222222", "#dddddd"
# Okabe and Ito's colours, which colour-blind readers can tell apart
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999")
_LINE_PX = 17


def draw_curves(history: Sequence[Mapping[str, float]]) -> bytes:
    """Draw three panels over the images seen: losses, learning rate, and accuracy, F1 and AUC with those of each set.

    Args:
        history: One row per validation, at least one, with ``images`` and columns of figures.

    Returns:
        A PNG.
    """
    figures = [n for n in dict.fromkeys(n for row in history for n in row) if n.startswith(("auc", "f1", "accuracy"))]
    panels = [
        ("Loss", [("train_loss", "training"), ("loss", "validation")]),
        ("Learning rate", [("learning_rate", "")]),
        ("Validation", [(name, name.replace("auc_", "AUC ")) for name in figures]),
    ]
    panels = [(title, [c for c in curves if any(c[0] in row for row in history)]) for title, curves in panels]
    legend_px = _LINE_PX * max(len(curves) for _, curves in panels)
    width = _SIZE[0] // len(panels)
    image = Image.new("RGB", (_SIZE[0], _SIZE[1] + legend_px), "white")
    for place, (title, curves) in enumerate(panels):
        if curves:
            _draw_panel(ImageDraw.Draw(image), place * width, width, title, curves, history)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _draw_panel(
    draw: ImageDraw.ImageDraw,
    left: int,
    width: int,
    title: str,
    curves: Sequence[tuple[str, str]],
    history: Sequence[Mapping[str, float]],
) -> None:
    font = ImageFont.truetype(str(resources_dir() / "fonts" / "SourceSans3-Regular.ttf"), 14)
    x1, y1, x2, y2 = left + _MARGINS[0], _MARGINS[1], left + width - _MARGINS[2], _SIZE[1] - _MARGINS[3]
    values = [row[name] for row in history for name, _ in curves if name in row]
    low, high = min(values), max(values)
    if high - low < 1e-12:
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    last = max(row["images"] for row in history) or 1
    draw.text((x1, 12), title, _INK, font)
    for k in range(5):
        y = y2 + (y1 - y2) * k / 4
        draw.line((x1, y, x2, y), _GRID)
        draw.text((x1 - 6, y), f"{low + (high - low) * k / 4:.3g}", _INK, font, anchor="rm")
        draw.text((x1 + (x2 - x1) * k / 4, y2 + 14), f"{last * k / 4000:.3g}", _INK, font, anchor="mm")
    draw.text(((x1 + x2) / 2, y2 + 32), "thousand images", _INK, font, anchor="mm")
    for number, (name, label) in enumerate(curves):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [
            (x1 + (x2 - x1) * row["images"] / last, y2 - (y2 - y1) * (row[name] - low) / (high - low))
            for row in history
            if name in row
        ]
        draw.line(points, colour, 2)
        for x, y in points:
            draw.ellipse((x - 2, y - 2, x + 2, y + 2), colour)
        if label:
            y = y2 + 52 + number * _LINE_PX
            draw.line((x1, y, x1 + 20, y), colour, 3)
            draw.text((x1 + 28, y), label, _INK, font, anchor="lm")
