import json
import math
import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app import paths
from desktop_app.config import SETTINGS, Settings, load_settings, setting_of
from desktop_app.domain import AnalysisRequest, Sampling, SamplingMode
from desktop_app.errors import CaseError, InputError
from desktop_app.faces import FaceDetector

KEYS = {
    "language",
    "theme",
    "device",
    "model_id",
    "sampling_mode",
    "sampling_value",
    "detect_every",
    "min_face_score",
    "min_face_px",
    "batch_size",
    "key_frames",
    "examiner",
    "examiner_role",
    "laboratory",
    "laboratory_address",
    "cases_folder",
    "last_folder",
    "shortcuts",
    "tour_seen",
}


def test_the_table_is_sound() -> None:
    assert {setting.key for setting in SETTINGS} == KEYS
    assert len(SETTINGS) == len(KEYS)
    for setting in SETTINGS:
        assert setting.check(setting.default) == setting.default
        assert setting.description.endswith(".")
        assert (setting.bounds is not None) == (setting.type in (int, float))


def test_defaults_are_those_of_a_request() -> None:
    settings = Settings(Path("unused"))
    request = AnalysisRequest(Path("clip.mp4"), "model")
    for key in ("detect_every", "min_face_score", "min_face_px", "device", "batch_size", "key_frames"):
        assert settings.get(key) == getattr(request, key), key
    assert Sampling(SamplingMode(settings.get_str("sampling_mode")), settings.get_float("sampling_value")) == Sampling()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("language", "fr"),
        ("language", 1),
        ("min_face_px", 9),
        ("min_face_px", 2001),
        ("min_face_px", 50.0),
        ("min_face_px", True),
        ("min_face_px", "50"),
        ("min_face_score", 1.01),
        ("min_face_score", math.nan),
        ("min_face_score", math.inf),
        ("min_face_score", None),
        ("sampling_value", True),
        ("last_folder", ["x"]),
        ("detect_every", 0),
    ],
)
def test_a_value_that_does_not_fit_is_refused(key: str, value: object) -> None:
    settings = Settings(Path("unused"))
    with pytest.raises(InputError) as caught:
        settings.set(key, value)
    assert key in caught.value.user_message
    assert repr(setting_of(key).default) in caught.value.hint
    assert settings.get(key) == setting_of(key).default


def test_an_unknown_name_is_refused() -> None:
    settings = Settings(Path("unused"))
    for call in (settings.get, settings.reset, lambda key: settings.set(key, 1)):
        with pytest.raises(InputError, match="no setting"):
            call("colour")


def test_typed_access() -> None:
    settings = Settings(Path("unused"))
    settings.set("min_face_score", 1)
    assert settings.get("min_face_score") == 1.0
    assert type(settings.get("min_face_score")) is float
    assert settings.get_int("key_frames") == 6
    assert settings.get_str("theme") == "system"


def test_what_is_saved_comes_back(cotejo_home: Path) -> None:
    settings = load_settings()
    assert settings.path == paths.settings_file()
    assert settings.warnings == ()
    settings.set("language", "es")
    settings.set("last_folder", "Fälle/日本")
    settings.set("key_frames", 3)
    settings.reset("key_frames")
    settings.save()
    again = load_settings()
    assert again.as_dict() == settings.as_dict()
    assert again.get("language") == "es"
    assert json.loads(settings.path.read_text(encoding="utf-8")) == {"language": "es", "last_folder": "Fälle/日本"}
    assert [p.name for p in cotejo_home.iterdir()] == ["settings.json"]


def test_a_folder_whose_name_is_no_unicode_survives(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.json")
    settings.set("last_folder", "/evidence/caf\udce9")
    settings.save()
    assert load_settings(tmp_path / "s.json").get("last_folder") == "/evidence/caf\udce9"


def test_the_smallest_face_that_can_be_set_can_be_searched() -> None:
    bounds = setting_of("min_face_px").bounds
    assert bounds is not None
    assert FaceDetector(min_face_px=int(bounds[0])).min_face_px == bounds[0]


def test_keys_of_another_version_survive(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text('{"from_the_future": {"a": [1]}, "theme": "dark"}')
    settings = load_settings(path)
    assert settings.warnings == ()
    settings.set("theme", "light")
    settings.save()
    assert json.loads(path.read_text()) == {"from_the_future": {"a": [1]}, "theme": "light"}


def test_an_invalid_value_falls_back_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "s.json"
    path.write_text('{"min_face_px": -3, "theme": "dark"}')
    settings = load_settings(path)
    assert settings.get("min_face_px") == 50
    assert settings.get("theme") == "dark"
    assert len(settings.warnings) == 1
    assert "min_face_px" in settings.warnings[0]
    assert "min_face_px" in caplog.text


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b"\xff\xfe\x00", b"[" * 100_000, b'"text"'])
def test_a_damaged_file_is_kept_and_defaults_rule(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    for number in (1, 2):
        path.write_bytes(content)
        settings = load_settings(path)
        assert settings.as_dict() == Settings(path).as_dict()
        assert f"settings.damaged-{number}.json" in settings.warnings[0]
        assert (tmp_path / f"settings.damaged-{number}.json").read_bytes() == content
        assert not path.exists()


def test_an_unreadable_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    settings = load_settings(path)
    assert settings.get("theme") == "system"
    assert "cannot be read" in settings.warnings[0]
    assert path.is_dir()


def test_a_failed_save_says_so_and_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.json"
    settings = Settings(path)
    settings.set("theme", "dark")
    settings.save()
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    settings.set("theme", "light")
    with pytest.raises(CaseError, match="could not be saved") as caught:
        settings.save()
    assert "No space left" in caught.value.hint
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_way_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseError):
        Settings(tmp_path / "file" / "s.json").save()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_the_file_is_the_users_own(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.json")
    settings.save()
    assert stat.S_IMODE(settings.path.stat().st_mode) == 0o600


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(stored=st.dictionaries(st.sampled_from(sorted(KEYS)) | st.text(max_size=4), JSON, max_size=5))
def test_any_content_gives_valid_settings(stored: dict[str, object]) -> None:
    settings = Settings(Path("unused"), stored)
    for setting in SETTINGS:
        assert setting.check(settings.get(setting.key)) == settings.get(setting.key)
        kept = setting.key in stored and settings.get(setting.key) == stored[setting.key]
        warned = any(f'"{setting.key}"' in warning for warning in settings.warnings)
        assert setting.key not in stored or kept or warned
