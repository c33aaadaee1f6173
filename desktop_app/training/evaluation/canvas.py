"""A drawing that becomes SVG for the page and PNG for the folder."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

from PIL import Image, ImageDraw, ImageFont

from desktop_app.paths import resources_dir

Point = tuple[float, float]

LIGHT = {
    "paper": "#ffffff", "ink": "#1b1d21", "muted": "#5a606a", "grid": "#dfe2e6", "genuine": "#00599b",
    "fake": "#a84300", "series1": "#1b1d21", "series2": "#0072b2", "series3": "#a86a00", "series4": "#007a58",
    "series5": "#b0487f", "series6": "#7d7400", "series7": "#bf4a00",
}  # fmt: skip
DARK = {
    "paper": "#24262a", "ink": "#ececec", "muted": "#b0b4ba", "grid": "#3d4046", "genuine": "#7cbcec",
    "fake": "#f0935a", "series1": "#ececec", "series2": "#56b4e9", "series3": "#e69f00", "series4": "#33c497",
    "series5": "#e58fc0", "series6": "#f0e442", "series7": "#e8763a",
}  # fmt: skip
"""Colours by role: the page has both sets, a PNG the light one."""

SERIES = tuple(role for role in LIGHT if role.startswith("series"))
PNG_SCALE, OVERSAMPLING = 2, 2
_DASH = 5.0


@dataclass(frozen=True, slots=True)
class _Shape:
    kind: str
    points: tuple[Point, ...]
    role: str
    width: float = 0.0
    opacity: float = 1.0
    text: str = ""
    anchor: str = "start"


class Canvas:
    """Shapes in the order of drawing; coordinates in pixels, y downwards.

    Args:
        width: Of the drawing.
        height: Of the drawing.
        title: What it shows, for readers who do not see it.
    """

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height, self.title = width, height, title
        self._shapes: list[_Shape] = []

    def line(self, points: Sequence[Point], role: str, width: float = 1.0, is_dashed: bool = False) -> None:
        """A line through points; a dashed one has two."""
        self._shapes.append(_Shape("dashed" if is_dashed else "line", tuple(points), role, width))

    def area(self, points: Sequence[Point], role: str, opacity: float = 1.0) -> None:
        """A filled polygon."""
        self._shapes.append(_Shape("area", tuple(points), role, opacity=opacity))

    def box(self, x: float, y: float, width: float, height: float, role: str, opacity: float = 1.0) -> None:
        """A filled rectangle."""
        self.area([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], role, opacity)

    def dot(self, x: float, y: float, radius: float, role: str) -> None:
        """A filled circle."""
        self._shapes.append(_Shape("dot", ((x, y),), role, radius))

    def text(self, x: float, y: float, text: str, role: str = "muted", anchor: str = "start", size: float = 12) -> None:
        """Text whose middle stands at a height; `anchor` is ``"start"``, ``"middle"`` or ``"end"``."""
        self._shapes.append(_Shape("text", ((x, y),), role, size, 1.0, text, anchor))

    def svg(self) -> str:
        """The drawing as an ``<svg>`` element with the colours of the page around it."""
        size = f'viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" height="{self.height:g}"'
        body = "".join(_svg_shape(shape) for shape in self._shapes)
        return f'<svg {size} role="img" aria-label="{escape(self.title)}">{body}</svg>'

    def png(self) -> bytes:
        """The drawing as a PNG on white, twice as large."""
        scale = PNG_SCALE * OVERSAMPLING
        image = Image.new("RGB", (round(self.width * scale), round(self.height * scale)), LIGHT["paper"])
        for shape in self._shapes:
            _draw_shape(image, shape, scale)
        image = image.resize((round(self.width * PNG_SCALE), round(self.height * PNG_SCALE)), Image.Resampling.LANCZOS)
        file = io.BytesIO()
        image.save(file, "PNG")
        return file.getvalue()


def _svg_shape(s: _Shape) -> str:
    x, y = s.points[0]
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in s.points)
    if s.kind == "text":
        style = f"fill:var(--{s.role});font-size:{s.width:g}px"
        return (
            f'<text x="{x:.1f}" y="{y:.1f}" dy=".35em" text-anchor="{s.anchor}" style="{style}">{escape(s.text)}</text>'
        )
    if s.kind == "dot":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{s.width:.1f}" style="fill:var(--{s.role})"/>'
    if s.kind == "area":
        return f'<polygon points="{path}" style="fill:var(--{s.role});fill-opacity:{s.opacity:g}"/>'
    dash = f";stroke-dasharray:{_DASH:g}" if s.kind == "dashed" else ""
    return f'<polyline points="{path}" style="fill:none;stroke:var(--{s.role});stroke-width:{s.width:g}{dash}"/>'


@cache
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resources_dir() / "fonts" / "SourceSans3-Regular.ttf"), size_px)


def _draw_shape(image: Image.Image, s: _Shape, scale: float) -> None:
    draw, colour = ImageDraw.Draw(image), LIGHT[s.role]
    points = [(x * scale, y * scale) for x, y in s.points]
    x, y = points[0]
    if s.kind == "text":
        anchor = {"start": "lm", "middle": "mm", "end": "rm"}[s.anchor]
        draw.text((x, y), s.text, colour, _font(round(s.width * scale)), anchor)
    elif s.kind == "dot":
        r = s.width * scale
        draw.ellipse((x - r, y - r, x + r, y + r), colour)
    elif s.kind == "area":
        mask = Image.new("L", image.size, 0)
        ImageDraw.Draw(mask).polygon(points, round(255 * s.opacity))
        image.paste(Image.new("RGB", image.size, colour), mask=mask)
    elif s.kind == "dashed":
        for start, end in _dashes(points[0], points[-1], _DASH * scale):
            draw.line([start, end], colour, round(s.width * scale))
    else:
        draw.line(points, colour, max(1, round(s.width * scale)), joint="curve")


def _dashes(start: Point, end: Point, length: float) -> list[tuple[Point, Point]]:
    """Every other piece of a straight line."""
    (x1, y1), (x2, y2) = start, end
    pieces = max(1, round(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 / length))
    ends = [(x1 + (x2 - x1) * i / pieces, y1 + (y2 - y1) * i / pieces) for i in range(pieces + 1)]
    return [(ends[i], ends[i + 1]) for i in range(0, pieces, 2)]
