"""Boxes, labels and a foot drawn on frames, legible at every size of picture."""

import bisect
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from desktop_app.domain import AnalysisResult, Box, Frame, FramePrediction, UInt8Array
from desktop_app.paths import resources_dir
from desktop_app.reports.charts import clock, typical_step_s
from desktop_app.reports.pdf.context import file_name
from desktop_app.reports.pdf.text import printable
from desktop_app.reports.report_texts import REPORT
from desktop_app.reports.wording import band_short_text, gate_text, pick, score_text

# bright and told apart by every kind of colour vision (Okabe and Ito, "Color Universal Design", 2008)
TRACK_COLOURS = ((86, 180, 233), (230, 159, 0), (51, 196, 151), (229, 143, 192), (240, 228, 66), (232, 118, 58))
_PLATE = (16, 17, 20, 205)
_TEXT = (255, 255, 255)
HOLD_STEPS = 1.5


class FrameMarker:
    """Draws what a result says of each frame.

    Between two examined frames of a person the box moves evenly and the earlier score stays; further away nothing is
    drawn.

    Args:
        result: A stored result.
        language: ``"en"`` or ``"es"``.
    """

    def __init__(self, result: AnalysisResult, language: str) -> None:
        self._result, self._language = result, language
        self._name = printable(file_name(result.media.path))
        self._hold_s = HOLD_STEPS * typical_step_s(result.predictions)
        self._tracks: dict[int, list[FramePrediction]] = {}
        for p in result.predictions:
            self._tracks.setdefault(p.track_id, []).append(p)
        self._frames = {track: [p.frame_index for p in rows] for track, rows in self._tracks.items()}

    def mark(self, frame: Frame) -> UInt8Array:
        """(H, W, 3) uint8 RGB: the frame with its marks, a new array."""
        height, width = frame.image.shape[:2]
        unit = max(1.0, min(width, height) / 480)
        picture = Image.fromarray(frame.image)
        draw = ImageDraw.Draw(picture, "RGBA")
        shown = [(p, box) for track in self._tracks if (found := self._at(track, frame)) for p, box in [found]]
        taken: list[Box] = []
        for p, box in shown:
            self._box(draw, p, box, unit)
        for p, box in shown:
            self._label(draw, p, box, unit, (width, height), taken)
        self._foot(draw, frame, unit, (width, height))
        return np.asarray(picture)

    def _at(self, track: int, frame: Frame) -> tuple[FramePrediction, Box] | None:
        rows = self._tracks[track]
        after = bisect.bisect_left(self._frames[track], frame.index)
        if after < len(rows) and rows[after].frame_index == frame.index:
            return rows[after], rows[after].box_xyxy
        if after in (0, len(rows)):
            return None
        earlier, later = rows[after - 1], rows[after]
        span_s = later.time_s - earlier.time_s
        if span_s > self._hold_s or span_s <= 0:
            return None
        share = (frame.time_s - earlier.time_s) / span_s
        x1, y1, x2, y2 = (a + share * (b - a) for a, b in zip(earlier.box_xyxy, later.box_xyxy, strict=True))
        return earlier, (x1, y1, x2, y2)

    def _box(self, draw: ImageDraw.ImageDraw, p: FramePrediction, box: Box, unit: float) -> None:
        colour = TRACK_COLOURS[(p.track_id - 1) % len(TRACK_COLOURS)]
        line = max(2, round(2.2 * unit))
        halo = max(1, round(unit))
        x1, y1, x2, y2 = (round(v) for v in box)
        outer = (x1 - halo, y1 - halo, max(x1, x2) + halo, max(y1, y2) + halo)
        draw.rectangle(outer, outline=(0, 0, 0, 150), width=line + 2 * halo)
        draw.rectangle((x1, y1, max(x1, x2), max(y1, y2)), outline=colour, width=line)

    def _label(
        self,
        draw: ImageDraw.ImageDraw,
        p: FramePrediction,
        box: Box,
        unit: float,
        size: tuple[int, int],
        taken: list[Box],
    ) -> None:
        font = load_font(max(9, round(16 * unit)))
        pad, swatch = round(4 * unit), round(5 * unit)
        places = []
        for text in self._texts(p):
            width, height = draw.textlength(text, font=font) + 2 * pad + swatch, font.size + 2 * pad
            left = min(max(0.0, box[0]), max(0.0, size[0] - width))
            tops = (box[1] - height - 2 * unit, box[3] + 2 * unit, box[1] + 3 * unit, box[3] - height - 3 * unit)
            places += [(text, (left, top, left + width, top + height)) for top in tops]
        inside = [(t, r) for t, r in places if r[1] >= 0 and r[2] <= size[0] and r[3] <= size[1]]
        free = [(t, r) for t, r in inside if not any(_overlap(r, other) for other in taken)]
        # where all places are taken, the shortest label that is wholly in the picture still tells the person
        text, place = (free or inside[-1:] or places[-1:])[0]
        taken.append(place)
        draw.rectangle(place, fill=_PLATE)
        colour = TRACK_COLOURS[(p.track_id - 1) % len(TRACK_COLOURS)]
        draw.rectangle((place[0], place[1], place[0] + swatch, place[3]), fill=colour)
        middle = (place[1] + place[3]) / 2
        draw.text((place[0] + swatch + pad, middle), text, font=font, fill=_TEXT, anchor="lm")

    def _texts(self, p: FramePrediction) -> list[str]:
        person = pick(REPORT, "person", self._language, id=p.track_id)
        if p.p_fake is None:
            reason = pick(REPORT, "video.unscored", self._language, why=gate_text(p.gate, self._language))
            return [f"{person}  {reason}", reason, str(p.track_id)]
        score = score_text(p.p_fake, self._language)
        card = self._result.card
        band = card.thresholds.band(p.p_fake)
        words = band_short_text(band, self._language, card.ratio_of(band, "image"))
        return [f"{person}  {score}  {words}", f"{person}  {score}", f"{p.track_id}  {score}"]

    def _foot(self, draw: ImageDraw.ImageDraw, frame: Frame, unit: float, size: tuple[int, int]) -> None:
        font = load_font(max(8, round(12 * unit)))
        pad = round(4 * unit)
        place = pick(REPORT, "video.foot", self._language, frame=frame.index, time=clock(frame.time_s, 3))
        room = size[0] - 2 * pad - draw.textlength(f"{place}   ", font=font)
        height = font.size + 2 * pad
        draw.rectangle((0, size[1] - height, size[0], size[1]), fill=_PLATE)
        middle = size[1] - height / 2
        draw.text((size[0] - pad, middle), place, font=font, fill=_TEXT, anchor="rm")
        name = self._name
        while name and draw.textlength(name, font=font) > room:
            name = name[: max(0, len(name) - 2 - len(name) // 10)] + "…" if len(name) > 2 else ""
        if name:
            draw.text((pad, middle), name, font=font, fill=_TEXT, anchor="lm")


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@cache
def load_font(size_px: int) -> ImageFont.FreeTypeFont:
    """The shipped semibold font."""
    return ImageFont.truetype(str(resources_dir() / "fonts" / "SourceSans3-Semibold.ttf"), size_px)
