import itertools
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from desktop_app.domain import Frame
from desktop_app.errors import CaseError, InputError
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.reports.annotated_video import time_base, write_annotated_video
from desktop_app.reports.marks import TRACK_COLOURS, FrameMarker
from desktop_app.reports.wording import score_text
from tests.factories import make_result

COUNT = 24


def small(result, width=320, height=180):
    """The result for frames of another size."""
    factors = (width / 1280, height / 720) * 2
    rows = tuple(
        replace(p, box_xyxy=tuple(v * f for v, f in zip(p.box_xyxy, factors, strict=True))) for p in result.predictions
    )
    media = replace(result.media, width_px=width, height_px=height)
    return replace(result, predictions=rows, media=media)


RESULT = small(make_result(2, COUNT, exhibits=False))


def frames(width=320, height=180, times=None, pts=True, count=COUNT):
    for index in range(count):
        image = np.full((height, width, 3), 90, np.uint8)
        time_s = index / 25 if times is None else times[index]
        yield Frame(index, round(time_s * 12_800) if pts else None, time_s, image)


def decode(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        shown = list(container.decode(stream))
        return stream, [float(f.pts * f.time_base) for f in shown], [f.to_ndarray(format="rgb24") for f in shown]


def test_every_frame_keeps_its_time_also_at_a_variable_rate(tmp_path: Path) -> None:
    steps = [0.04, 0.12, 0.04, 0.5, 0.02]
    times = [0.0, *itertools.accumulate(itertools.islice(itertools.cycle(steps), COUNT - 1))]
    _, shown, images = decode(write_annotated_video(RESULT, frames(times=times), tmp_path / "v.mp4"))
    assert shown == pytest.approx(times, abs=1e-4)
    assert len(images) == COUNT
    assert images[0].shape == (180, 320, 3)


def test_without_stamps_and_with_an_odd_size(tmp_path: Path) -> None:
    result = small(RESULT, 321, 181)
    path = write_annotated_video(result, frames(321, 181, pts=False), tmp_path / "v.mp4")
    stream, shown, images = decode(path)
    assert (stream.width, stream.height) == (322, 182)
    assert shown == pytest.approx([i / 25 for i in range(COUNT)], abs=1e-4)
    # the repeated edge, not black
    assert images[0][20, -1].min() > 60


def test_pixels_that_are_not_square_are_shown_as_wide_as_those_of_the_item(tmp_path: Path) -> None:
    aspect = Fraction(16, 11)
    stream, _, images = decode(write_annotated_video(RESULT, frames(), tmp_path / "v.mp4", pixel_aspect=aspect))
    assert stream.sample_aspect_ratio == aspect
    assert images[0].shape == (180, 320, 3)


def test_a_part_of_the_item_starts_at_zero(tmp_path: Path) -> None:
    part = itertools.islice(frames(), 10, None)
    _, shown, _ = decode(write_annotated_video(RESULT, part, tmp_path / "v.mp4"))
    assert shown == pytest.approx([i / 25 for i in range(COUNT - 10)], abs=1e-4)


def test_one_frame_makes_a_video(tmp_path: Path) -> None:
    _, shown, images = decode(write_annotated_video(RESULT, frames(count=1), tmp_path / "v.mp4"))
    assert shown == [0.0]
    assert len(images) == 1


def near(image, colour):
    return (np.abs(image.astype(np.int16) - np.array(colour, np.int16)).max(axis=2) < 12).sum()


@pytest.mark.parametrize(("width", "height"), [(320, 180), (854, 480), (480, 854), (3840, 2160)])
def test_marks_stand_out_at_every_size(width, height) -> None:
    marker = FrameMarker(small(make_result(2, COUNT, exhibits=False), width, height), "es")
    frame = next(frames(width, height))
    marked = marker.mark(frame)
    unit = max(1.0, min(width, height) / 480)
    for colour in TRACK_COLOURS[:2]:
        assert near(marked, colour) > 0.4 * width * unit
    assert near(marked, TRACK_COLOURS[2]) < near(marked, TRACK_COLOURS[1])
    # the foot: dark, with light letters in it
    foot = marked[-round(12 * unit) :]
    assert foot.min() < 60
    assert foot.max() > 200
    assert (frame.image == 90).all()


def test_tiny_pictures_are_marked_too() -> None:
    tiny = next(frames(64, 48))
    assert (FrameMarker(small(RESULT, 64, 48), "es").mark(tiny) != tiny.image).any()


def test_faces_that_were_not_scored_are_told_from_those_that_were() -> None:
    marker = FrameMarker(RESULT, "en")
    texts = [marker._texts(p)[0] for p in RESULT.predictions]
    for text, p in zip(texts, RESULT.predictions, strict=True):
        assert text.startswith(f"Person {p.track_id}  ")
        assert ("not scored: face too blurred" in text) == (p.gate is not None)
        assert "%" not in text
        assert p.p_fake is None or score_text(p.p_fake, "en") in text
    assert any("not scored" in text for text in texts)


def test_between_examined_frames_the_box_moves_and_elsewhere_there_is_none() -> None:
    first, *_ = RESULT.predictions
    base = replace(first, gate=None, logit=0.0, p_fake=0.5, label="fake")
    rows = tuple(
        replace(base, frame_index=i, time_s=i / 25, box_xyxy=(10.0 + i, 10.0, 60.0 + i, 60.0)) for i in (0, 4, 8, 20)
    )
    marker = FrameMarker(replace(RESULT, predictions=rows), "en")
    by_index = list(frames())
    p, box = marker._at(1, by_index[2])
    assert p.frame_index == 0
    assert box == pytest.approx((12.0, 10.0, 62.0, 60.0))
    assert marker._at(1, by_index[4])[0].frame_index == 4
    assert marker._at(1, by_index[12]) is None
    assert marker._at(1, by_index[21]) is None


def test_labels_do_not_cover_each_other() -> None:
    marker = FrameMarker(RESULT, "en")
    places = []

    class Canvas:
        def textlength(self, text, font):
            return font.getlength(text)

        def rectangle(self, place, fill):
            pass

        def text(self, *_args, **_options):
            pass

    for shift in (0, 8, 16):
        p = replace(RESULT.predictions[0], box_xyxy=(60.0 + shift, 60.0, 120.0 + shift, 130.0))
        marker._label(Canvas(), p, p.box_xyxy, 1.0, (320, 180), places)
    for a, b in itertools.combinations(places, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_cancelling_leaves_nothing_and_progress_ends_at_the_end(tmp_path: Path) -> None:
    token, seen = CancelToken(), []

    def stop_midway():
        for frame in frames():
            if frame.index == 12:
                token.cancel()
            yield frame

    path = tmp_path / "v.mp4"
    path.write_bytes(b"old")
    with pytest.raises(Cancelled):
        write_annotated_video(RESULT, stop_midway(), path, cancel=token)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["v.mp4"]
    write_annotated_video(RESULT, frames(), path, on_progress=seen.append)
    assert (seen[-1].stage, seen[-1].done, seen[-1].total) == ("video", COUNT, COUNT)
    assert [p.done for p in seen] == sorted(p.done for p in seen)


def test_what_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no frame"):
        write_annotated_video(RESULT, iter(()), tmp_path / "v.mp4")
    with pytest.raises(CaseError, match="could not be written"):
        write_annotated_video(RESULT, frames(), tmp_path / "absent" / "v.mp4")
    mixed = itertools.chain(frames(count=3), frames(64, 64, count=1))
    with pytest.raises(InputError, match="size"):
        write_annotated_video(RESULT, mixed, tmp_path / "v.mp4")
    assert not [p for p in tmp_path.iterdir() if p.is_file()]


def test_the_unit_of_time_is_the_items_own() -> None:
    def pair(unit, step):
        return [Frame(i, i * step, float(i * step * unit), np.zeros((2, 2, 3), np.uint8)) for i in range(2)]

    for unit, step in ((Fraction(1, 12_800), 512), (Fraction(1, 90_000), 3003), (Fraction(1001, 30_000), 1)):
        assert time_base(pair(unit, step)) == unit
    assert time_base(list(frames(count=1))) == Fraction(1, 90_000)
    assert time_base([replace(f, pts=None) for f in frames(count=2)]) == Fraction(1, 90_000)
