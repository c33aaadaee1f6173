import base64
import copy
import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker

from desktop_app.analysis.session import analyze_item
from desktop_app.domain import AnalysisRequest
from desktop_app.errors import CaseError
from desktop_app.reports.document import result_from_json, result_to_json, write_json
from desktop_app.reports.schema import described, result_schema, schema_text
from tests.factories import make_measured_card, make_result, to_png, without_faces
from tests.unit.analysis_scenes import MODEL_ID, build_model, scene, write_clip
from tests.unit.test_reports_document import results

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "result.schema.json"
SCHEMA = json.loads(PUBLISHED.read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
PIXEL = to_png(np.zeros((2, 2, 3), np.uint8))
WHOLE = make_result(2, 30)
# the pictures of the factory would make every document a megabyte
SMALL = tuple(replace(e, png=PIXEL, sha256=hashlib.sha256(PIXEL).hexdigest()) for e in WHOLE.exhibits)
RESULT = replace(WHOLE, exhibits=SMALL)
DOCUMENT = result_to_json(RESULT)


def faults(document):
    return [error.json_path for error in VALIDATOR.iter_errors(json.loads(json.dumps(document)))]


def test_the_published_schema_is_that_of_the_records() -> None:
    # renewed by `python packaging/result_schema.py`
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()
    Draft202012Validator.check_schema(result_schema())


def test_every_record_and_field_is_described() -> None:
    for name, definition in {"result": SCHEMA, **SCHEMA["$defs"]}.items():
        assert definition["description"].strip(), name
        for field, schema in definition.get("properties", {}).items():
            assert schema.get("description", "").strip(), f"{name}.{field}"
            assert "``" not in schema["description"]


@pytest.mark.parametrize(
    "result",
    [
        WHOLE,
        make_result(0, 1),
        without_faces(RESULT),
        replace(RESULT, card=make_measured_card()),
        replace(RESULT, request=replace(RESULT.request, start_s=0.5, end_s=math.inf)),
    ],
    ids=["two persons", "a picture", "no faces", "measured", "endless"],
)
def test_results_are_valid(result, tmp_path: Path) -> None:
    assert faults(json.loads(write_json(result, tmp_path / "r.json").read_bytes())) == []


@settings(max_examples=20)
@given(results())
def test_whatever_can_be_stored_is_valid(result) -> None:
    assert faults(result_to_json(result)) == []


def test_a_result_of_the_pipeline_is_valid(tmp_path: Path, cotejo_home: Path, astronaut) -> None:
    build_model(cotejo_home / "models" / MODEL_ID)
    clip = write_clip(tmp_path / "scene.mp4", scene(astronaut), 4)
    result = analyze_item(AnalysisRequest(clip, MODEL_ID, device="cpu", key_frames=1))
    assert result.predictions
    assert result.exhibits
    assert faults(result_to_json(result)) == []


def broken(*place, value=None, drop=False):
    """The document with another value at a place, or without it."""
    document = copy.deepcopy(DOCUMENT)
    spot = document
    for key in place[:-1]:
        spot = spot[key]
    if drop:
        del spot[place[-1]]
    else:
        spot[place[-1]] = value
    return document


FIRST = ("predictions", 0)
BROKEN = {
    "another kind": broken("kind", value="cotejo-case"),
    "a newer form": broken("schema", value=2),
    "no verdict": broken("verdict", drop=True),
    "no time": broken(*FIRST, "time_s", drop=True),
    "one field more": broken("colour", value="blue"),
    "one field more inside": broken("media", "owner", value="x"),
    "a number as text": broken(*FIRST, "frame_index", value="7"),
    "truth as a number": broken(*FIRST, "is_interpolated", value=1),
    "a box of three": broken(*FIRST, "box_xyxy", value=[1.0, 2.0, 3.0]),
    "a box of five": broken(*FIRST, "box_xyxy", value=[1.0, 2.0, 3.0, 4.0, 5.0]),
    "certainty beyond one": broken("verdict", "p_fake", value=1.5),
    "an unknown band": broken("verdict", "band", value="sure"),
    "a short hash": broken("media", "sha256", value="ab12"),
    "an odd turn": broken("media", "rotation_deg", value=45),
    "no size": broken("media", "width_px", value=0),
    "a rate of nothing": broken("media", "rate", value="25/0"),
    "a time without a zone": broken("provenance", "started_utc", value="2026-03-14T09:26:53"),
    "a time that is none": broken("provenance", "started_utc", value="yesterday"),
    "a picture that is no base64": broken("exhibits", 0, "png", value="***"),
    "a word for a number": broken(*FIRST, "time_s", value="soon"),
    "nothing where something must be": broken("card", "classes", value=None),
    "a table for a list": broken("tracks", value={}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_refused_by_the_schema_and_by_the_program(name) -> None:
    assert faults(BROKEN[name])
    with pytest.raises(CaseError):
        result_from_json(BROKEN[name])


def test_what_only_the_program_can_tell() -> None:
    swapped = broken("exhibits", 0, "png", value=base64.b64encode(b"another").decode())
    contradiction = broken(*FIRST, "gate", value="too_small")
    for document in (swapped, contradiction):
        assert faults(document) == []
        with pytest.raises(CaseError):
            result_from_json(document)


def test_fields_that_share_a_line_share_its_words() -> None:
    class Pair:
        """Two numbers.

        More of them.

        Args:
            low, high: Ends of ``x``,
                both of them.
            unit: Its unit: metres.

        Raises:
            Nothing: Ever.
        """

    said = {"low": "Ends of x, both of them.", "high": "Ends of x, both of them.", "unit": "Its unit: metres."}
    assert described(Pair) == ("Two numbers.", said)
