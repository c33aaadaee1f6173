import contextlib
import csv
import locale
import re
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.reports.tables import COLUMNS, safe_cell, write_csv
from tests.factories import make_result, without_faces

RESULT = make_result(2, 40, exhibits=False)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_one_row_per_face_and_frame(tmp_path: Path) -> None:
    rows = read(write_csv(RESULT, tmp_path / "t.csv"))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(RESULT.predictions)
    for row, p in zip(rows, RESULT.predictions, strict=True):
        assert (int(row["frame"]), int(row["pts"]), int(row["track"])) == (p.frame_index, p.pts, p.track_id)
        assert float(row["time_s"]) == pytest.approx(p.time_s, abs=1e-6)
        assert [float(row[k]) for k in ("x1", "y1", "x2", "y2")] == pytest.approx(p.box_xyxy, abs=0.01)
        if p.gate:
            assert (row["gate"], row["p_fake"], row["logit"], row["label"]) == (p.gate, "", "", "")
            assert row["band"] == ""
        else:
            assert float(row["p_fake"]) == pytest.approx(p.p_fake, abs=1e-6)
            assert row["label"] == p.label
            assert row["band"] == RESULT.card.thresholds.band(p.p_fake).value
        assert row["model"] == p.model_id
        assert (row["interpolated"], float(row["face_score"])) == (str(int(p.is_interpolated)), p.face_score)
        measured = (p.quality.size_px, p.quality.sharpness, p.quality.exposure, p.quality.pose_deg)
        assert [float(row[k]) for k in ("size_px", "sharpness", "exposure", "pose_deg")] == pytest.approx(
            measured, abs=0.05
        )


def test_text_is_no_formula_and_missing_stamps_are_empty(tmp_path: Path) -> None:
    scored = next(p for p in RESULT.predictions if p.gate is None)
    gated = next(p for p in RESULT.predictions if p.gate)
    rows = (
        replace(scored, label='=HYPERLINK("x"),1\n"', pts=None),
        replace(gated, gate="@evil"),
        replace(scored, label="señal ￼ 假"),
    )
    written = read(write_csv(replace(RESULT, predictions=rows), tmp_path / "t.csv"))
    assert written[0]["label"] == '\'=HYPERLINK("x"),1\n"'
    assert written[0]["pts"] == ""
    assert written[1]["gate"] == "'@evil"
    assert written[2]["label"] == "señal ￼ 假"


def test_no_face_is_a_table_without_rows(tmp_path: Path) -> None:
    path = write_csv(without_faces(RESULT), tmp_path / "t.csv")
    assert path.read_bytes() == ",".join(COLUMNS).encode() + b"\r\n"


def test_every_column_is_documented_and_only_those() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")
    section = text.partition("## Per-frame table")[2].partition("\n## ")[0]
    named = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)))
    assert tuple(named) == COLUMNS


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_text_is_taken_for_a_formula(start) -> None:
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"
    assert safe_cell(f"a{start}") == f"a{start}"


def test_numbers_have_a_point_and_no_mark_stands_before_them(tmp_path: Path) -> None:
    before = locale.setlocale(locale.LC_NUMERIC)
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_NUMERIC, "es_ES.UTF-8")
    try:
        data = write_csv(RESULT, tmp_path / "t.csv").read_bytes()
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)
    assert data.startswith(b"frame,pts,time_s,")
    numbers = re.compile(r"-?\d+(\.\d+)?|")
    for row in csv.DictReader(data.decode().splitlines()):
        assert all(numbers.fullmatch(row[k]) for k in COLUMNS if k not in ("gate", "label", "band", "model"))
