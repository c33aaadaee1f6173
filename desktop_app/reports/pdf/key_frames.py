"""Key frames with the face's box, the face as the model saw it, and where the model looked."""

import io
from dataclasses import dataclass

from PIL import Image as PilImage
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from desktop_app.domain import Exhibit, ExhibitKind, FramePrediction
from desktop_app.reports.pdf.blocks import section
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.style import (
    BODY,
    CONTENT_W,
    FONT,
    INK,
    MONO_STYLE,
    MUTED,
    NOTE,
    PALE,
    SMALL,
    WHITE,
)
from desktop_app.reports.pdf.text import markup, para, short

FRAME_W, FACE_W, GAP = 236.0, 120.0, 8.5
MAX_FRAME_H = 190.0
PRINT_DPI = 300.0
JPEG_QUALITY = 90

Share = tuple[float, float, float, float]


@dataclass(slots=True)
class KeyFrame:
    """Pictures that belong to one face in one frame.

    Args:
        frame_index: The frame.
        track_id: The person, None for a whole frame alone.
        pictures: By kind.
    """

    frame_index: int
    track_id: int | None
    pictures: dict[ExhibitKind, Exhibit]

    @property
    def any_picture(self) -> Exhibit:
        """One of its pictures, for frame number and time."""
        return next(iter(self.pictures.values()))


def gather(exhibits: tuple[Exhibit, ...]) -> list[KeyFrame]:
    """Exhibits as key frames, in order of frame, then person; each face gets the picture of its whole frame."""
    groups: dict[tuple[int, int | None], KeyFrame] = {}
    for exhibit in exhibits:
        key = (exhibit.frame_index, exhibit.track_id)
        groups.setdefault(key, KeyFrame(*key, {})).pictures.setdefault(exhibit.kind, exhibit)
    for (frame, track), whole in list(groups.items()):
        faces = [g for (f, t), g in groups.items() if f == frame and t is not None]
        if track is None and faces and set(whole.pictures) == {ExhibitKind.KEY_FRAME}:
            for face in faces:
                face.pictures.setdefault(ExhibitKind.KEY_FRAME, whole.pictures[ExhibitKind.KEY_FRAME])
            del groups[frame, track]
    return sorted(groups.values(), key=lambda g: (g.frame_index, -1 if g.track_id is None else g.track_id))


class Picture(Flowable):
    """A stored picture fitted into a space, with boxes around faces.

    Args:
        exhibit: The picture.
        room: Greatest width and height in points.
        broken: What to say where the picture cannot be read.
        boxes: Left, top, right and bottom as shares of the picture; the first is drawn bold.
    """

    def __init__(
        self,
        exhibit: Exhibit,
        room: tuple[float, float],
        broken: str,
        boxes: tuple[Share, ...] = (),
    ) -> None:
        super().__init__()
        self._boxes, self._broken = boxes, broken
        self._image = _prepare(exhibit, room)
        width, height = self._image.getSize() if self._image else (3, 2)
        scale = min(room[0] / width, room[1] / height)
        self.width, self.height = width * scale, height * scale

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the picture and its boxes."""
        canvas = self.canv
        if self._image is None:
            canvas.setFillColor(PALE)
            canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
            note = para(self._broken, NOTE)
            _, height = note.wrap(self.width - 12, self.height)
            note.drawOn(canvas, 6, (self.height - height) / 2)
            return
        canvas.drawImage(self._image, 0, 0, self.width, self.height)
        canvas.saveState()
        clip = canvas.beginPath()
        clip.rect(0, 0, self.width, self.height)
        canvas.clipPath(clip, stroke=0, fill=0)
        for index, (x1, y1, x2, y2) in enumerate(self._boxes):
            place = (x1 * self.width, (1 - y2) * self.height, (x2 - x1) * self.width, (y2 - y1) * self.height)
            # dark line in a light one: seen on every ground, in print too
            for colour, line in ((WHITE, 2.6), (INK, 1.2)) if index == 0 else ((WHITE, 0.8),):
                canvas.setStrokeColor(colour)
                canvas.setLineWidth(line)
                canvas.rect(*place, stroke=1, fill=0)
        canvas.restoreState()


def _prepare(exhibit: Exhibit, room: tuple[float, float]) -> ImageReader | None:
    try:
        with PilImage.open(io.BytesIO(exhibit.png)) as opened:
            picture = opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, PilImage.DecompressionBombError):
        return None
    most = (round(room[0] / 72 * PRINT_DPI), round(room[1] / 72 * PRINT_DPI))
    picture.thumbnail(most, PilImage.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "jpeg", quality=JPEG_QUALITY, subsampling=0)
    buffer.seek(0)
    return ImageReader(buffer)


def key_frames(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section."""
    groups = gather(ctx.result.exhibits)
    story = section(number, ctx.t("section.key_frames"), 260)
    if not groups:
        return [*story, para(ctx.t("keys.none"), BODY)]
    story += [para(ctx.t("keys.intro"), NOTE), Spacer(0, 4)]
    by_frame: dict[int, list[FramePrediction]] = {}
    frames = {group.frame_index for group in groups}
    for p in ctx.result.predictions:
        if p.frame_index in frames:
            by_frame.setdefault(p.frame_index, []).append(p)
    for group in groups:
        story.append(KeepTogether(_entry(ctx, group, by_frame.get(group.frame_index, []))))
    return story


def _entry(ctx: Context, group: KeyFrame, faces: list[FramePrediction]) -> list[Flowable]:
    first = group.any_picture
    pts = ctx.t("keys.no_pts") if first.pts is None else str(first.pts)
    where = ctx.t("keys.where", frame=first.frame_index, pts=pts, time=ctx.clock(first.time_s))
    own = next((p for p in faces if p.track_id == group.track_id), None)
    line = f"<b>{markup(where)}</b>"
    if group.track_id is not None:
        line += "\u00a0\u00a0" + markup(ctx.t("person", id=group.track_id))
    if own is not None and own.p_fake is not None:
        line += ", " + markup(ctx.t("keys.score", p=ctx.score(own.p_fake)))
    track = next((t for t in ctx.result.tracks if t.track_id == group.track_id), None)
    if track is not None and own is None:
        line += ", " + markup(ctx.short_headline(track.verdict))
    heat = group.pictures.get(ExhibitKind.HEATMAP)
    notes: list[Flowable] = [Paragraph(_hashes(ctx, group), MONO_STYLE.clone("hashes", fontSize=5.6, leading=7.6))]
    if heat is not None:
        notes.insert(0, para(short(heat.caption), NOTE))
    return [
        Spacer(0, 11),
        Paragraph(line, SMALL),
        Spacer(0, 4),
        _pictures(ctx, group, own, faces),
        Spacer(0, 3),
        *notes,
    ]


def _pictures(ctx: Context, group: KeyFrame, own: FramePrediction | None, faces: list[FramePrediction]) -> Flowable:
    broken = ctx.t("keys.broken")
    boxes = _boxes(ctx, ([own] if own else []) + [p for p in faces if p is not own])
    cells: list[Flowable | str] = []
    for kind, room in (
        (ExhibitKind.KEY_FRAME, (FRAME_W, MAX_FRAME_H)),
        (ExhibitKind.FACE_CROP, (FACE_W, FACE_W)),
        (ExhibitKind.HEATMAP, (FACE_W, FACE_W)),
    ):
        exhibit = group.pictures.get(kind)
        shown = boxes if kind is ExhibitKind.KEY_FRAME else ()
        cells.append(Picture(exhibit, room, broken, shown) if exhibit else "")
    table = Table([cells], colWidths=[FRAME_W + GAP, FACE_W + GAP, CONTENT_W - FRAME_W - FACE_W - 2 * GAP])
    table.setStyle(
        TableStyle([FONT, ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                    ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
                    ("VALIGN", (0, 0), (-1, -1), "TOP")])
    )  # fmt: skip
    return table


def _boxes(ctx: Context, faces: list[FramePrediction]) -> tuple[Share, ...]:
    width, height = ctx.result.media.width_px, ctx.result.media.height_px
    return tuple((x1 / width, y1 / height, x2 / width, y2 / height) for x1, y1, x2, y2 in (p.box_xyxy for p in faces))


def first_picture(ctx: Context, room: tuple[float, float]) -> Flowable | None:
    """The first whole frame with its boxes, None where no exhibit shows one."""
    exhibit = next((e for e in ctx.result.exhibits if e.kind is ExhibitKind.KEY_FRAME), None)
    if exhibit is None or min(room) <= 0:
        return None
    faces = [p for p in ctx.result.predictions if p.frame_index == exhibit.frame_index]
    return Picture(exhibit, room, ctx.t("keys.broken"), _boxes(ctx, faces))


def _hashes(ctx: Context, group: KeyFrame) -> str:
    names = {
        ExhibitKind.KEY_FRAME: "keys.frame_hash",
        ExhibitKind.FACE_CROP: "keys.crop_hash",
        ExhibitKind.HEATMAP: "keys.heat_hash",
    }
    rows = [
        f'<font color="{MUTED}">{markup(ctx.t(name))}, SHA-256</font> {group.pictures[kind].sha256}'
        for kind, name in names.items()
        if kind in group.pictures
    ]
    return "<br/>".join(rows)
