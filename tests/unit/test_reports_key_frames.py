import hashlib
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_app.domain import ExhibitKind
from desktop_app.errors import CaseError, InputError
from desktop_app.files import checksum_line, filling, write_checksum
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.reports.key_frames import is_own_folder, write_key_frames
from tests.factories import make_result, to_png

RESULT = make_result(2, 30)


def listed(folder):
    return json.loads((folder / "manifest.json").read_bytes())


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB"), np.int16)


def test_every_picture_is_there_as_it_was_stored(tmp_path: Path) -> None:
    folder = write_key_frames(RESULT, tmp_path / "frames")
    manifest = listed(folder)
    by_hash = {entry["sha256"]: entry for entry in manifest["pictures"]}
    for exhibit in RESULT.exhibits:
        entry = by_hash[exhibit.sha256]
        assert (folder / entry["file"]).read_bytes() == exhibit.png
        known = (entry["shows"], entry["frame"], entry["pts"], entry["time_s"], entry["track"], entry["caption"])
        wanted = (exhibit.kind, exhibit.frame_index, exhibit.pts, exhibit.time_s, exhibit.track_id, exhibit.caption)
        assert known == wanted
    assert manifest["item"]["sha256"] == RESULT.media.sha256
    assert manifest["result_id"] == RESULT.result_id
    wholes = sum(e.kind is ExhibitKind.KEY_FRAME for e in RESULT.exhibits)
    assert len(manifest["pictures"]) == len(RESULT.exhibits) + wholes
    assert {p.name for p in folder.iterdir()} == {e["file"] for e in manifest["pictures"]} | {
        "manifest.json", "SHA256SUMS",
    }  # fmt: skip


def test_the_hashes_are_right_also_for_other_tools(tmp_path: Path) -> None:
    folder = write_key_frames(RESULT, tmp_path / "frames")
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == len(listed(folder)["pictures"]) + 1
    for line in lines:
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    tool = shutil.which("sha256sum")
    if tool:
        done = subprocess.run([tool, "-c", "SHA256SUMS"], cwd=folder, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_boxes_stand_on_the_faces_also_of_smaller_pictures(share, tmp_path: Path) -> None:
    stored = next(e for e in RESULT.exhibits if e.kind is ExhibitKind.KEY_FRAME)
    size = (round(1280 * share), round(720 * share))
    png = to_png(np.full((size[1], size[0], 3), 90, np.uint8))
    small = replace(stored, png=png, sha256=hashlib.sha256(png).hexdigest())
    folder = write_key_frames(replace(RESULT, exhibits=(small,)), tmp_path / "frames")
    plain, marked = (pixels(folder / f"frame-{stored.frame_index:06d}{end}.png") for end in ("", "-marked"))
    assert plain.shape == marked.shape
    changed = np.abs(plain - marked).max(axis=2) > 20
    for p in RESULT.predictions:
        if p.frame_index == stored.frame_index:
            x1, y1, x2, y2 = (round(v * share) for v in p.box_xyxy)
            assert changed[y1 : y1 + 3, (x1 + x2) // 2].any()
            assert changed[(y1 + y2) // 2, x1 : x1 + 3].any()
            assert not changed[(y1 + y2) // 2, (x1 + x2) // 2]


def test_pictures_of_one_face_twice_get_names_of_their_own(tmp_path: Path) -> None:
    crop = next(e for e in RESULT.exhibits if e.kind is ExhibitKind.FACE_CROP)
    folder = write_key_frames(replace(RESULT, exhibits=(crop, crop)), tmp_path / "frames")
    stem = f"frame-{crop.frame_index:06d}-person-{crop.track_id}-face"
    assert [e["file"] for e in listed(folder)["pictures"]] == [f"{stem}.png", f"{stem}-2.png"]


def test_an_earlier_export_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    write_key_frames(RESULT, folder)
    assert is_own_folder(folder)
    fewer = replace(RESULT, exhibits=RESULT.exhibits[:1])
    write_key_frames(fewer, folder)
    assert len(listed(folder)["pictures"]) == 2
    assert len(list(folder.iterdir())) == 4
    (folder / "mine.txt").write_text("notes")
    with pytest.raises(CaseError, match="other files"):
        write_key_frames(RESULT, folder)
    assert (folder / "mine.txt").read_text() == "notes"
    (tmp_path / "file").write_text("x")
    with pytest.raises(CaseError, match="other files"):
        write_key_frames(RESULT, tmp_path / "file")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "frames"]


def test_no_pictures_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no pictures"):
        write_key_frames(replace(RESULT, exhibits=()), tmp_path / "frames")
    assert not list(tmp_path.iterdir())


def test_cancelling_leaves_the_earlier_folder(tmp_path: Path) -> None:
    folder = write_key_frames(replace(RESULT, exhibits=RESULT.exhibits[:1]), tmp_path / "frames")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    token = CancelToken()
    with pytest.raises(Cancelled):
        write_key_frames(RESULT, folder, on_progress=lambda _: token.cancel(), cancel=token)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["frames"]


def test_a_folder_that_cannot_be_swapped_stays(tmp_path: Path, monkeypatch) -> None:
    import os

    folder = write_key_frames(replace(RESULT, exhibits=RESULT.exhibits[:1]), tmp_path / "frames")
    real = os.replace

    def refuse(source, target):
        # as Windows answers while a viewer shows one of the files
        if not str(source).endswith("-earlier") and str(target) == str(folder):
            raise PermissionError(13, "Access is denied")
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(CaseError, match="could not be written") as caught:
        write_key_frames(RESULT, folder)
    assert "another program" in caught.value.hint
    assert len(listed(folder)["pictures"]) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["frames"]


def test_a_folder_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="could not be written") as caught, filling(tmp_path / "a" / "b"):
        raise AssertionError("reached")
    assert caught.value.hint


@pytest.mark.parametrize("name", ["clip.mp4", "señal 假.pdf", "back\\slash.csv", "two\nlines.json"])
def test_a_checksum_beside_a_file(name, tmp_path: Path) -> None:
    path = tmp_path / name
    try:
        path.write_bytes(b"content")
    except OSError:
        pytest.skip("no such name on this system")
    beside = write_checksum(path)
    digest = hashlib.sha256(b"content").hexdigest()
    assert beside.read_text(encoding="utf-8") == checksum_line(digest, name)
    assert write_checksum(path, "0" * 64).read_bytes().lstrip(b"\\").startswith(b"0" * 64)
    write_checksum(path)
    tool = shutil.which("sha256sum")
    if tool:
        done = subprocess.run([tool, "-c", beside.name], cwd=tmp_path, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
    path.write_bytes(b"altered")
    if tool:
        done = subprocess.run([tool, "-c", beside.name], cwd=tmp_path, capture_output=True, timeout=60, check=False)
        assert done.returncode == 1
