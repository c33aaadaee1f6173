import hashlib
import json
import shutil
from pathlib import Path

import pytest

from desktop_app.cases import CaseStore, verify_case
from desktop_app.cli import main
from desktop_app.domain.cases import Occasion
from desktop_app.reports.document import read_json, write_json
from tests.factories import make_result
from tests.unit.case_files import make_case, result


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    return make_case(folder)


@pytest.fixture
def path(made, tmp_path):
    """The case and its items, in a folder of this test's own."""
    for file in made.parent.iterdir():
        if file.is_file():
            shutil.copy2(file, tmp_path)
    return tmp_path / "case.cotejo"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_exports_of_a_stored_result(tmp_path, capsys) -> None:
    stored = write_json(result(), tmp_path / "talk.cotejo.json")
    out = tmp_path / "out"
    assert main(["export", str(stored), "--out", str(out), "--json", "--csv", "--frames", "--language", "en"]) == 0
    names = sorted(p.name for p in out.iterdir())
    stem = result().media.path.stem
    assert names == [
        f"{stem}.cotejo-frames", f"{stem}.cotejo.csv", f"{stem}.cotejo.csv.sha256", f"{stem}.cotejo.json",
        f"{stem}.cotejo.json.sha256",
    ]  # fmt: skip
    assert read_json(out / f"{stem}.cotejo.json").predictions == result().predictions
    line = (out / f"{stem}.cotejo.csv.sha256").read_text()
    assert line == f"{digest(out / f'{stem}.cotejo.csv')}  {stem}.cotejo.csv\n"
    assert len(capsys.readouterr().out.splitlines()) == 3
    # again, over the earlier files
    assert main(["export", str(stored), "--out", str(out), "--frames", "--csv"]) == 0
    assert sorted(p.name for p in out.iterdir()) == names


def test_exports_of_a_case_are_logged_with_their_hashes(path, tmp_path) -> None:
    out = tmp_path / "out"
    assert (
        main(["export", str(path), "--out", str(out), "--csv", "--frames", "--by", "Eva", "--purpose", "hearing"]) == 0
    )
    with CaseStore.open(path) as case:
        entry = next(e for e in case.audit_log() if e.action == "result.exported")
        assert (entry.actor, entry.purpose, entry.details["analysis"]) == ("Eva", "hearing", 1)
        assert entry.details["files"] == {
            "clip.cotejo.csv": digest(out / "clip.cotejo.csv"),
            "clip.cotejo-frames": digest(out / "clip.cotejo-frames" / "SHA256SUMS"),
        }
        assert case.items.checks(1)[-1].occasion is Occasion.EXPORT
    assert verify_case(path).is_intact


def test_what_cannot_be_exported_is_said(path, tmp_path, capsys) -> None:
    assert main(["export", str(path)]) == 2
    assert "Nothing was asked for" in capsys.readouterr().err
    assert main(["export", str(path), "--csv", "--analysis", "9", "--out", str(tmp_path)]) == 5
    assert "9" in capsys.readouterr().err
    # the clip of the case is no video
    assert main(["export", str(path), "--video", "--out", str(tmp_path)]) == 3
    bare = write_json(make_result(1, 10, exhibits=False), tmp_path / "bare.json")
    assert main(["export", str(bare), "--frames", "--out", str(tmp_path)]) == 3
    assert "no pictures" in capsys.readouterr().err
    with CaseStore.create(tmp_path / "empty.cotejo"):
        pass
    assert main(["export", str(tmp_path / "empty.cotejo"), "--csv"]) == 5
    assert not [p for p in tmp_path.iterdir() if p.suffix in (".mp4", ".csv") and p.name.startswith(".")]


@pytest.mark.parametrize(("language", "words"), [("en", "the case is intact"), ("es", "el caso está íntegro")])
def test_a_case_goes_to_another_machine(path, tmp_path, capsys, language, words) -> None:
    archive = tmp_path / "case.zip"
    assert main(["case", "export", str(path), str(archive), "--language", language, "--by", "Eva"]) == 0
    out = capsys.readouterr().out
    assert digest(archive) in out
    assert "clip.mp4" in out
    assert (tmp_path / "case.zip.sha256").read_text() == f"{digest(archive)}  case.zip\n"
    for clip in ("clip.mp4", "other.mp4"):
        (tmp_path / clip).unlink()
    there = tmp_path / "there"
    assert main(["case", "import", str(archive), str(there), "--language", language, "--by", "Luis"]) == 0
    out = capsys.readouterr().out
    assert words in out
    assert digest(archive) in out
    assert main(["verify", str(there / "case.cotejo")]) == 0


def test_an_archive_that_is_not_intact_ends_with_its_own_code(path, tmp_path, capsys) -> None:
    archive = tmp_path / "case.zip"
    assert main(["case", "export", str(path), str(archive)]) == 0
    data = bytearray(archive.read_bytes())
    data[data.index(b"frames")] ^= 1
    archive.write_bytes(data)
    assert main(["case", "import", str(archive), str(tmp_path / "there"), "--language", "en"]) == 7
    out = capsys.readouterr().out
    assert "items/0001/clip.mp4 is damaged and was left out" in out
    assert "item 1, clip.mp4: not in the archive" in out
    assert main(["case", "import", str(archive), str(tmp_path / "there")]) == 5
    assert main(["case", "import", str(path), str(tmp_path / "elsewhere")]) == 5


def test_without_items(path, tmp_path, capsys) -> None:
    assert main(["case", "export", str(path), str(tmp_path / "s.zip"), "--no-items", "--language", "en"]) == 0
    assert "item 1, clip.mp4: not in the archive" in capsys.readouterr().out
    assert main(["case", "import", str(tmp_path / "s.zip"), str(tmp_path / "there")]) == 0
    files = [p.name for p in Path(tmp_path / "there").rglob("*")]
    assert files == ["case.cotejo"]


def test_the_list_of_key_frames_names_the_item(path, tmp_path) -> None:
    assert main(["export", str(path), "--frames", "--out", str(tmp_path)]) == 0
    manifest = json.loads((tmp_path / "clip.cotejo-frames" / "manifest.json").read_bytes())
    assert manifest["item"]["sha256"] == result().media.sha256
