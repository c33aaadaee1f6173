import copy
import dataclasses
import hashlib
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain import (
    RESULT_SCHEMA_VERSION,
    Exhibit,
    ExhibitKind,
    FaceQuality,
    FramePrediction,
    Notice,
    Stage,
)
from desktop_app.errors import CaseError
from desktop_app.files import replacing
from desktop_app.reports.document import read_json, result_from_json, result_to_json, write_json
from tests.factories import make_result, without_faces

BASE = make_result(2, 30)

texts = st.text(max_size=20)
reals = st.floats(allow_nan=False)
shares = st.floats(0, 1)
# as the operating system gives names that are no valid text
names = st.binary(min_size=1, max_size=20).map(lambda b: os.fsdecode(b.replace(b"\0", b"_").replace(b"/", b"_")))
moments = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
boxes = st.tuples(*[st.floats(-100, 5000)] * 2, *[st.floats(1, 5000)] * 2).map(
    lambda v: (v[0], v[1], v[0] + v[2], v[1] + v[3])
)


@st.composite
def predictions(draw):
    scored = draw(st.booleans())
    return FramePrediction(
        frame_index=draw(st.integers(0, 2**40)),
        pts=draw(st.none() | st.integers(-(2**62), 2**62)),
        time_s=draw(reals),
        track_id=draw(st.integers(1, 99)),
        box_xyxy=draw(boxes),
        face_score=draw(shares),
        is_interpolated=draw(st.booleans()),
        quality=FaceQuality(draw(reals), draw(reals), draw(reals), draw(reals)),
        model_id=draw(texts),
        gate=None if scored else draw(texts),
        logit=draw(reals) if scored else None,
        p_fake=draw(shares) if scored else None,
        label=draw(st.none() | texts),
    )


@st.composite
def exhibits(draw):
    png = draw(st.binary(max_size=40))
    digest = hashlib.sha256(png).hexdigest()
    kind, track = draw(st.sampled_from(ExhibitKind)), draw(st.none() | st.integers(1, 9))
    return Exhibit(kind, draw(st.integers(0, 9)), draw(st.none() | st.integers()), draw(reals), track, png, digest, "x")


@st.composite
def results(draw):
    notices = st.builds(Notice, st.sampled_from(Stage), texts, texts, st.none() | st.integers(), st.integers())
    media = replace(
        BASE.media,
        path=Path(draw(names)),
        rate=draw(st.none() | st.fractions(min_value=Fraction(1, 10**6), max_value=10**6)),
        modified_utc=draw(moments),
        tags=tuple(draw(st.lists(st.tuples(texts, texts), max_size=3))),
    )
    return replace(
        BASE,
        media=media,
        request=replace(BASE.request, path=media.path, start_s=draw(st.none() | st.floats(0, 9))),
        predictions=tuple(draw(st.lists(predictions(), max_size=3))),
        notices=tuple(draw(st.lists(notices, max_size=3))),
        exhibits=tuple(draw(st.lists(exhibits(), max_size=2))),
        provenance=replace(BASE.provenance, started_utc=draw(moments), aborted=draw(st.booleans())),
    )


def assert_same(a, b):
    assert dataclasses.asdict(a) == dataclasses.asdict(b)


@settings(max_examples=60)
@given(results())
def test_a_result_survives_the_way_through_json(result) -> None:
    text = json.dumps(result_to_json(result), ensure_ascii=True, allow_nan=False)
    back = result_from_json(json.loads(text))
    assert_same(result, back)
    assert isinstance(back.media.path, Path)
    assert result_to_json(back) == result_to_json(result)


@pytest.mark.parametrize(
    "result", [BASE, without_faces(BASE), make_result(0, 10), make_result(1, 1), make_result(2, 40, aborted=True)]
)
def test_a_file_gives_back_the_result(result, tmp_path: Path) -> None:
    path = write_json(result, tmp_path / "result.json")
    assert_same(read_json(path), result)
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["result.json"]


def test_the_form_is_plain_and_named() -> None:
    data = result_to_json(BASE)
    assert data["schema"] == RESULT_SCHEMA_VERSION
    assert data["media"]["rate"] == "25/1"
    assert data["media"]["modified_utc"] == "2026-03-02T18:04:11Z"
    assert data["verdict"]["outcome"] == BASE.verdict.outcome.value


def test_times_of_other_zones_become_utc_and_times_without_one_are_refused() -> None:
    madrid = datetime(2026, 7, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    data = result_to_json(replace(BASE, media=replace(BASE.media, modified_utc=madrid)))
    assert data["media"]["modified_utc"] == "2026-07-01T10:30:00Z"
    with pytest.raises(ValueError, match="time zone"):
        result_to_json(replace(BASE, media=replace(BASE.media, modified_utc=datetime(2026, 7, 1))))


def test_numbers_of_numpy_are_stored_as_they_are() -> None:
    row = replace(next(p for p in BASE.predictions if p.logit is not None), logit=np.float32(0.1))
    stored = result_to_json(replace(BASE, predictions=(row,)))["predictions"][0]["logit"]
    assert json.loads(json.dumps(stored)) == float(np.float32(0.1))


def _without(*keys):
    def change(data):
        for key in keys[:-1]:
            data = data[key]
        del data[keys[-1]]

    return change


def _with(value, *keys):
    def change(data):
        for key in keys[:-1]:
            data = data[key]
        data[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_with(RESULT_SCHEMA_VERSION + 1, "schema"), "newer"),
        (_with("1", "schema"), "damaged"),
        (_with("something", "kind"), "not a stored result"),
        (_without("verdict"), "lacks"),
        (_with(1, "media", "surprise"), "unknown"),
        (_with("wide", "media", "width_px"), "width_px"),
        (_with(True, "media", "width_px"), "width_px"),
        (_with(0, "media", "width_px"), "damaged"),
        (_with(1.5, "verdict", "p_fake"), "damaged"),
        (_with("perhaps", "verdict", "outcome"), "damaged"),
        (_with("25", "media", "rate"), "fraction"),
        (_with("25/0", "media", "rate"), "fraction"),
        (_with("2026-03-02T18:04:11", "media", "modified_utc"), "UTC"),
        (_with("yesterdayZ", "media", "modified_utc"), "damaged"),
        (_with([1, 2, 3], "predictions", 0, "box_xyxy"), "4 values"),
        (_with("*", "exhibits", 0, "png"), "damaged"),
        (_with("AAAA", "exhibits", 0, "png"), "hash"),
        (_with({}, "predictions"), "predictions"),
    ],
)
def test_damage_is_a_sentence(change, words) -> None:
    data = copy.deepcopy(result_to_json(BASE))
    change(data)
    with pytest.raises(CaseError, match=words) as caught:
        result_from_json(data)
    assert caught.value.hint


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\x00", b'"text"', b"[" * 100_000])
def test_files_that_are_no_result(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(CaseError):
        read_json(path)
    with pytest.raises(CaseError, match="could not be read"):
        read_json(tmp_path / "absent.json")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text("old")

    def write_half():
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["result.json"]


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="could not be written") as caught:
        write_json(BASE, tmp_path / "absent" / "result.json")
    assert "folder" in caught.value.hint
    folder = tmp_path / "taken.json"
    folder.mkdir()
    with pytest.raises(CaseError, match="could not be written"):
        write_json(BASE, folder)


def test_the_longest_name_that_a_file_system_takes(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250 + ".json")
    write_json(BASE, path)
    assert path.is_file()
