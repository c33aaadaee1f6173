"""Settings that count in one case only."""

import pytest

from desktop_app.analysis import casework
from desktop_app.cases import CaseStore, verify_case
from desktop_app.cases.overrides import PARTICULARS, overrides_of, settings_in, store_overrides
from desktop_app.cli import main
from desktop_app.cli.analyze import build_request
from desktop_app.config import SETTINGS, Settings, load_settings
from desktop_app.domain import SamplingMode
from desktop_app.domain.dossier import ReportDetails
from desktop_app.errors import CaseError, InputError
from desktop_app.media import open_item
from tests.unit.analysis_scenes import MODEL_ID, build_model, scene, write_clip

OWN = {setting.key for setting in SETTINGS if setting.per_case}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "case.cotejo"


@pytest.fixture
def case(path):
    with CaseStore.create(path, "Ana") as case:
        yield case


def test_what_a_case_may_have_of_its_own():
    assert {"sampling_mode", "sampling_value", "model_id", "min_face_px", *PARTICULARS} <= OWN
    # these belong to the machine and to the eyes of the user
    assert not OWN & {"device", "batch_size", "theme", "language", "shortcuts", "cases_folder", "last_folder"}


def test_values_of_every_kind_come_back_and_go_again(case, path):
    changes = {"sampling_mode": "per_second", "sampling_value": 2.5, "min_face_px": 80, "model_id": "", "examiner": "B"}
    store_overrides(case.settings, changes, "weak images")
    assert overrides_of(case.settings) == changes
    entries = [entry for entry in case.audit_log() if entry.action == "setting.changed"]
    assert [entry.details["key"] for entry in entries][-2:] == ["setting.model_id", "examiner"]
    assert {entry.purpose for entry in entries} == {"weak images"}
    store_overrides(case.settings, changes)
    assert len([entry for entry in case.audit_log() if entry.action == "setting.changed"]) == len(entries)
    store_overrides(case.settings, dict.fromkeys(changes))
    assert overrides_of(case.settings) == {}
    last = case.audit_log()[-1]
    assert (last.details["key"], last.details["value"], last.details["before"]) == ("examiner", None, "B")
    case.close()
    assert verify_case(path).is_intact


def test_they_stand_above_those_of_all_cases(case, tmp_path):
    general = Settings(tmp_path / "settings.json", {"min_face_px": 60, "key_frames": 3})
    store_overrides(case.settings, {"min_face_px": 80})
    here = settings_in(case.settings, general)
    assert (here.get("min_face_px"), here.get("key_frames")) == (80, 3)
    assert general.get("min_face_px") == 60


def test_the_particulars_of_reports_are_the_same_thing(case):
    casework.store_details(case, ReportDetails(laboratory="Laboratorio de Imagen"))
    assert overrides_of(case.settings) == {"laboratory": "Laboratorio de Imagen"}
    store_overrides(case.settings, {"laboratory": "Another", "examiner_role": "Expert"})
    assert casework.details_of(case).laboratory == "Another"
    assert casework.details_of(case).examiner_role == "Expert"
    casework.store_details(case, ReportDetails())
    assert overrides_of(case.settings) == {}


def test_what_is_no_value_is_left_out(case, caplog):
    for key, value in (("min_face_px", "many"), ("sampling_value", "-1"), ("sampling_mode", "now and then")):
        case.settings.set(f"setting.{key}", value)
    case.settings.set("setting.theme", "dark")
    case.settings.set("setting.of_a_later_version", "1")
    assert overrides_of(case.settings) == {}
    assert "min_face_px" in caplog.text


@pytest.mark.parametrize(("name", "value"), [("theme", "dark"), ("nothing", 1), ("min_face_px", 3)])
def test_what_no_case_can_have_is_refused(case, name, value):
    with pytest.raises(InputError):
        store_overrides(case.settings, {name: value})
    assert case.settings.all() == {}


def test_a_case_for_reading_is_not_changed(case, path):
    store_overrides(case.settings, {"key_frames": 2})
    case.close()
    with CaseStore.open(path, read_only=True) as other:
        assert overrides_of(other.settings) == {"key_frames": 2}
        with pytest.raises(CaseError):
            store_overrides(other.settings, {"key_frames": None})


def run(*arguments):
    return main(["case", *map(str, arguments)])


def test_the_command_line_sets_and_uses_them(case, path, capsys):
    case.close()
    settings = load_settings()
    settings.set("min_face_px", 60)
    settings.save()
    assert run("set", path, "setting.sampling_mode", "per_second") == 0
    assert run("set", path, "setting.sampling_value", "4") == 0
    assert run("set", path, "setting.key_frames", "many") != 0
    assert run("set", path, "setting.theme", "dark") != 0
    capsys.readouterr()
    request = build_request(path, case=path)
    assert (request.sampling.mode, request.sampling.value) == (SamplingMode.PER_SECOND, 4.0)
    assert request.min_face_px == 60
    assert build_request(path, every=3, case=path).sampling.mode is SamplingMode.EVERY_NTH
    assert build_request(path).sampling.mode is SamplingMode.EVERY_NTH
    assert run("set", path, "setting.sampling_mode", "") == 0
    assert build_request(path, case=path).sampling.mode is SamplingMode.EVERY_NTH


def test_an_analysis_of_the_case_records_them(case, path, tmp_path, cotejo_home, astronaut, capsys):
    build_model(cotejo_home / "models" / MODEL_ID)
    clip = write_clip(tmp_path / "scene.mp4", scene(astronaut), 12)
    casework.take_in(case, open_item(clip))
    store_overrides(case.settings, {"sampling_value": 4.0, "min_face_px": 61})
    case.close()
    assert run("analyze", path, "--all", "--model", MODEL_ID, "--device", "cpu") == 0
    with CaseStore.open(path, read_only=True) as other:
        result = other.analyses.result(1)
    kept = dict(result.provenance.settings)
    assert (kept["min_face_px"], kept["sampling"]) == ("61", "every_nth 4")
    assert {prediction.frame_index for prediction in result.predictions} <= {0, 4, 8}
