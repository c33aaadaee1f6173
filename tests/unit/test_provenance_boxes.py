"""Boxes of a file: layout, edit lists, dates; and that no bytes whatever break the reading."""

import io
import struct
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.domain.traces import ItemTraces
from desktop_app.errors import InputError
from desktop_app.media.provenance import read_traces
from desktop_app.media.provenance.boxes import MAX_BOXES, read_layout
from desktop_app.media.provenance.dates import date_traces, from_1904, layout_dates, parse_date, parse_iso_6709
from desktop_app.media.provenance.videos import layout_traces
from tests.unit.provenance_files import FTYP, box, movie, scene, traces_of, track, write_video

DAY = datetime(2024, 5, 1, 10, tzinfo=UTC)
SECONDS = int((DAY - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds())


def layout_of(*parts: bytes):
    return read_layout(io.BytesIO(b"".join(parts)))


def found_in(*parts: bytes):
    return {trace.code: dict(trace.facts) for trace in layout_traces(layout_of(*parts))}


def test_layout_of_a_plain_file():
    layout = layout_of(FTYP, box("mdat", bytes(50)), movie(track([(10, 0, 1)])))
    assert layout.top == ["ftyp", "mdat", "moov"]
    assert layout.brands == ("qt  ", "qt  ")
    assert layout.tracks[0].handler == "vide"
    assert layout.tracks[0].handler_name == "Some Handler"
    assert layout.tracks[0].duration_s == 10
    assert list(layout_traces(layout)) == []


def test_a_large_size_and_a_size_to_the_end_are_understood():
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + 30) + bytes(30)
    layout = layout_of(FTYP, large, movie(), struct.pack(">I4s", 0, b"mdat") + bytes(9))
    assert layout.top == ["ftyp", "mdat", "moov", "mdat"]
    assert not layout.problems
    assert layout.after_end == 0


@pytest.mark.parametrize(
    ("edits", "codes"),
    [
        ([(10, 0, 1)], set()),
        ([(9.96, 0.04, 1)], set()),  # what encoders write for the delay of B-frames and of sound
        ([(0, 0, 1)], set()),  # 0: to the end
        ([(4, 3, 1)], {"edit_list_trims"}),
        ([(3, 0, 1), (3, 6, 1)], {"edit_list_joins", "edit_list_trims"}),
        ([(0.5, -1, 1), (10, 0, 1)], {"edit_list_shifts"}),
        ([(0.02, -1, 1), (10, 0, 1)], set()),
        ([(20, 0, 0.5)], {"edit_list_speed"}),
    ],
)
def test_edit_lists(edits, codes):
    assert set(found_in(FTYP, box("mdat"), movie(track(edits), track(edits, "soun")))) == codes


def test_what_an_edit_list_hides_is_measured():
    assert found_in(FTYP, movie(track([(4, 3, 1)])))["edit_list_trims"] == {"hidden_s": "6.00"}


def test_other_findings_of_the_layout():
    codes = found_in(
        FTYP, box("free", b"old metadata"), movie(track([], descriptions=2)), box("SDLN", b"x"), box("mdat", bytes(9))
    )
    assert set(codes) == {"free_not_empty", "several_descriptions", "unknown_boxes", "moov_first"}
    assert codes["unknown_boxes"]["names"] == "SDLN"
    assert codes["free_not_empty"]["size_bytes"] == "12"
    assert set(found_in(FTYP, box("mdat"), movie(), b"\0" * 20)) == {"data_after_end"}
    assert set(found_in(FTYP, movie(), box("moof"), box("mdat"), box("moof"), box("mdat"))) == {"fragmented"}


def test_a_size_beyond_the_end_is_a_finding_and_not_believed():
    layout = layout_of(FTYP, struct.pack(">I4s", 2**31, b"moov"), box("mvhd", bytes(100)))
    assert layout.problems == ["moov"]
    assert set(found_in(FTYP, struct.pack(">I4s", 2**31, b"moov"))) == {"layout_broken"}
    inner = struct.pack(">I4s", 500, b"trak")
    assert "trak" in layout_of(FTYP, box("moov", inner), box("mdat", bytes(600))).problems


def test_the_number_and_depth_of_boxes_are_bounded():
    nested = b""
    for _ in range(3_000):
        nested = box("udta", nested)
    layout_of(FTYP, nested)
    layout = layout_of(FTYP, box("wide") * (MAX_BOXES + 10))
    assert len(layout.top) <= MAX_BOXES
    assert layout.problems


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_layout(junk):
    for start in (b"", FTYP, FTYP + struct.pack(">I4s", 8 + len(junk), b"moov")):
        list(layout_traces(layout_of(start, junk)))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_changed_file_gives_a_layout(data):
    whole = bytearray(FTYP + movie(track([(4, 3, 1)]), track([(10, 0, 1)], "soun"), created=SECONDS) + box("mdat"))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    layout = layout_of(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    list(layout_traces(layout))
    date_traces(*layout_dates(layout), 1.0, DAY)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    frames = [scene(n, (64, 48)) for n in range(12)]
    return write_video(tmp_path_factory.mktemp("fuzz") / "clip.mp4", frames, gop=6, sound_s=0.4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_clip_gives_traces_or_an_input_error(clip, tmp_path, data):
    content = bytearray(clip.read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "changed.mp4"
    path.write_bytes(content[: data.draw(st.integers(1, len(content)))])
    try:
        assert isinstance(read_traces(path, "0" * 64), ItemTraces)
    except InputError:
        pass


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=300), st.sampled_from([b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", FTYP]))
def test_random_files_give_traces_or_an_input_error(tmp_path, junk, head):
    path = tmp_path / "junk.bin"
    path.write_bytes(head + junk)
    try:
        assert isinstance(read_traces(path, "0" * 64), ItemTraces)
    except InputError:
        pass


def test_an_interrupted_copy_is_said_or_refused(clip, tmp_path):
    path = tmp_path / "faststart.mp4"
    frames = [scene(n, (64, 48)) for n in range(12)]
    write_video(path, frames, gop=6, container_options={"movflags": "faststart"})
    whole = traces_of(path)
    assert "moov_first" in {trace.code for trace in whole.findings}
    path.write_bytes(path.read_bytes()[:-900])
    assert "layout_broken" in {trace.code for trace in traces_of(path).findings}


def codes(created, modified, file_modified=None, duration_s=10.0):
    return [t.code for t in date_traces(created, modified, duration_s, file_modified or DAY + timedelta(days=3))]


def test_dates():
    assert codes([], []) == ["date_unset"]
    assert codes([DAY, DAY + timedelta(seconds=30)], [DAY + timedelta(seconds=20)]) == []
    assert codes([DAY, DAY + timedelta(hours=2)], []) == ["dates_differ"]
    assert codes([DAY], [DAY + timedelta(days=1)]) == ["modified_after_creation"]
    assert codes([DAY], [], DAY - timedelta(days=2)) == ["older_than_content"]
    assert codes([DAY], [], DAY - timedelta(hours=14)) == []  # a clock in local time
    assert codes([datetime(1970, 1, 1, 0, 5, tzinfo=UTC)], []) == ["date_implausible"]
    assert codes([DAY, DAY + timedelta(minutes=20)], [], duration_s=1800) == []  # begin and end of a recording


def test_dates_of_headers():
    created, modified = layout_dates(
        layout_of(FTYP, movie(track([], created=SECONDS + 5), created=SECONDS, modified=0))
    )
    assert created == [DAY, DAY + timedelta(seconds=5)]
    assert modified == [DAY + timedelta(seconds=5)]
    assert from_1904(0) is None
    assert from_1904(2**63) is None
    assert parse_date("2024-05-01T12:00:00+0200") == DAY
    assert parse_date("UTC 2024-05-01 10:00:00") == DAY
    assert parse_date("2024:05:01 10:00:00") == DAY
    assert parse_date("yesterday") is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("+40.4168-003.7038/", (40.4168, -3.7038)),
        ("-33.8688+151.2093+010.000/", (-33.8688, 151.2093)),
        ("+4025.008-00342.228/", (40.4168, -3.7038)),
        ("+402500.48-0034213.68/", (40.4168, -3.7038)),
        ("+00.0000+000.0000/", None),
        ("+99.0-003.7/", None),
        ("somewhere", None),
    ],
)
def test_places(text, place):
    assert parse_iso_6709(text) == place
