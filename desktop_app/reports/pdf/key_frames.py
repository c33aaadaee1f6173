# ruff: noqa: RUF001 - dashes are meant
"""Key frames with the face's box, the face as the model saw it, and where the model looked."""

import re
from dataclasses import dataclass

from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from desktop_app.domain import Box, Exhibit, ExhibitKind, FramePrediction
from desktop_app.reports.pdf.blocks import section
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.pictures import Picture, Share
from desktop_app.reports.pdf.style import BODY, CONTENT_W, FONT, MONO_STYLE, MUTED, NOTE, SMALL
from desktop_app.reports.pdf.tags import Text
from desktop_app.reports.pdf.text import markup, para, short
from desktop_app.reports.wording import deletion_grade, method_text

FRAME_W, FACE_W, GAP = 236.0, 120.0, 8.5
MAX_FRAME_H = 190.0
# as the window judges a map

# what the captions of exhibits say, as `analysis.exhibits` writes them
_HEAT = re.compile(r"(.+), layer (.+), for the class (.+); strongest raw activation (\S+?)\.(?: (.+))?")
_FAITH = re.compile(
    r"Faithfulness ([\d.]+): without the strongest (\d+)% of the map the class goes from ([\d.]+) to ([\d.]+); "
    r"without as much chosen by chance to ([\d.]+), mean of (\d+) masks\."
)
_UNTESTED = "Faithfulness not tested: the map is empty."
_CROP = re.compile(r"square (-?\d+,-?\d+) to (-?\d+,-?\d+)")


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


def key_frames(ctx: Context, number: int) -> list[Flowable]:
    """Flowables of the section."""
    groups = gather(ctx.result.exhibits)
    story = section(number, ctx.t("section.key_frames"), 300)
    if not groups:
        return [*story, para(ctx.t("keys.none"), BODY)]
    story += [para(ctx.t("keys.intro"), NOTE), Spacer(0, 4)]
    heats = [group.pictures[ExhibitKind.HEATMAP].caption for group in groups if ExhibitKind.HEATMAP in group.pictures]
    if heats:
        story += [para(f"{ctx.t('keys.attention')} {_faith_intro(ctx, heats)}", SMALL), Spacer(0, 2)]
    by_frame: dict[int, list[FramePrediction]] = {}
    frames = {group.frame_index for group in groups}
    for p in ctx.result.predictions:
        if p.frame_index in frames:
            by_frame.setdefault(p.frame_index, []).append(p)
    for group in groups:
        story.append(KeepTogether(_entry(ctx, group, by_frame.get(group.frame_index, []))))
    return story


def _entry(ctx: Context, group: KeyFrame, faces: list[FramePrediction]) -> list[Flowable]:
    own = next((p for p in faces if p.track_id == group.track_id), None)
    return [
        Spacer(0, 11),
        Text(_title(ctx, group, own), SMALL),
        Spacer(0, 4),
        _pictures(ctx, group, own, faces),
        Spacer(0, 3),
        *[para(text, NOTE) for text in _facts(ctx, group, own)],
        Text(_hashes(ctx, group), MONO_STYLE.clone("hashes", fontSize=5.6, leading=7.6)),
    ]


def _title(ctx: Context, group: KeyFrame, own: FramePrediction | None) -> str:
    first = group.any_picture
    pts = ctx.t("keys.no_pts") if first.pts is None else str(first.pts)
    where = ctx.t("keys.where", frame=first.frame_index, pts=pts, time=ctx.clock(first.time_s))
    line = f"<b>{markup(where)}</b>"
    if group.track_id is not None:
        line += "\u00a0\u00a0" + markup(ctx.t("person", id=group.track_id))
    if own is not None and own.p_fake is not None:
        line += ", " + markup(ctx.t("keys.score", p=ctx.score(own.p_fake)))
    track = next((t for t in ctx.result.tracks if t.track_id == group.track_id), None)
    if track is not None and own is None:
        line += ", " + markup(ctx.short_headline(track.verdict))
    return line


def _facts(ctx: Context, group: KeyFrame, own: FramePrediction | None) -> list[str]:
    """Where the face lies and what the heatmap is of, a line each."""
    parts = []
    if own is not None:
        parts.append(ctx.t("keys.box", box=_corners(own.box_xyxy)))
        if own.is_interpolated:
            parts.append(ctx.t("keys.interpolated"))
    crop = group.pictures.get(ExhibitKind.FACE_CROP)
    if crop is not None and (found := _CROP.search(crop.caption)):
        parts.append(ctx.t("keys.crop", crop=f"({found[1]})–({found[2]})"))
    if own is not None:
        parts.append(ctx.t("keys.size", px=ctx.n(round(own.quality.size_px))))
    texts = [" · ".join(parts)] if parts else []
    heat = group.pictures.get(ExhibitKind.HEATMAP)
    if heat is not None:
        texts.append(_heat_text(ctx, heat.caption))
    return texts


def _corners(box: Box) -> str:
    x1, y1, x2, y2 = (round(v) for v in box)
    return f"({x1},{y1})–({x2},{y2})"


def _heat_text(ctx: Context, caption: str) -> str:
    found = _HEAT.fullmatch(caption)
    if found is None:
        return short(caption)
    method, layer, target, raw, more = found.groups()
    text = ctx.t(
        "keys.heat", method=method_text(method, ctx.language), layer=layer, target=target, raw=_local(ctx, raw)
    )
    return f"{text}. {_faith_text(ctx, more)}" if more else text


def _faith_intro(ctx: Context, captions: list[str]) -> str:
    """What faithfulness is, where captions give it in the known form; that there is none, where none does."""
    tested = [found for caption in captions if (found := _FAITH.search(caption))]
    if tested:
        masks = int(tested[0][6])
        return ctx.t("keys.faithful", n=masks, times=masks + 1)
    return "" if any("faithful" in caption.lower() for caption in captions) else ctx.t("keys.unfaithful")


def _faith_text(ctx: Context, text: str) -> str:
    """Whether the map shows what the score rests on, in the report's language."""
    if text == _UNTESTED:
        return ctx.t("keys.untested")
    found = _FAITH.fullmatch(text)
    if found is None:
        return short(text)
    value, share, base, strongest, chance, masks = found.groups()
    places = {"value": value, "base": base, "strongest": strongest, "chance": chance}
    figures = ctx.t("keys.faith", share=share, masks=masks, **{k: _local(ctx, v) for k, v in places.items()})
    if float(strongest) >= float(base):
        return f"{figures} {ctx.t('keys.faith.still')}"
    return f"{figures} {ctx.t(f'keys.faith.{deletion_grade(float(value))}')}"


def _local(ctx: Context, number: str) -> str:
    return number.replace(".", ",") if ctx.language == "es" else number


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
        cells.append(Picture(exhibit.png, room, broken, shown, _alt(ctx, exhibit, len(faces))) if exhibit else "")
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


def _alt(ctx: Context, exhibit: Exhibit, faces: int) -> str:
    values = {"frame": exhibit.frame_index, "time": ctx.clock(exhibit.time_s), "n": faces, "id": exhibit.track_id}
    keys = {ExhibitKind.KEY_FRAME: "frame", ExhibitKind.FACE_CROP: "crop", ExhibitKind.HEATMAP: "heat"}
    return ctx.t(f"alt.{keys[exhibit.kind]}", **values)


def frame_picture(ctx: Context, exhibit: Exhibit, room: tuple[float, float], track_id: int | None = None) -> Picture:
    """A whole frame with its boxes, that of one person first.

    Args:
        ctx: The report.
        exhibit: A picture of a whole frame.
        room: Greatest width and height in points.
        track_id: The person whose box is drawn bold.
    """
    faces = [p for p in ctx.result.predictions if p.frame_index == exhibit.frame_index]
    faces.sort(key=lambda p: p.track_id != track_id)
    return Picture(exhibit.png, room, ctx.t("keys.broken"), _boxes(ctx, faces), _alt(ctx, exhibit, len(faces)))


def first_picture(ctx: Context, room: tuple[float, float]) -> Flowable | None:
    """The first whole frame with its boxes, None where no exhibit shows one."""
    exhibit = next((e for e in ctx.result.exhibits if e.kind is ExhibitKind.KEY_FRAME), None)
    return None if exhibit is None or min(room) <= 0 else frame_picture(ctx, exhibit, room)


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
