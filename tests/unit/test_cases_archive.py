"""A case goes to another machine in one file, and nothing comes out of that file unchecked."""

import hashlib
import io
import json
import shutil
import stat
import subprocess
import zipfile
from functools import partial
from pathlib import Path

import pytest

from desktop_app.cases import CaseStore, export_archive, import_archive, verify_case
from desktop_app.cases import archive as archive_module
from desktop_app.cases.archive import MAX_NAME_BYTES, safe_name
from desktop_app.domain.cases import ItemState, Occasion
from desktop_app.errors import CaseError, InputError
from desktop_app.progress import Cancelled, CancelToken
from tests.unit.case_files import make_case, make_clip, result, tamper


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A case on one machine, and its archive."""
    home = tmp_path_factory.mktemp("here")
    path = make_case(home)
    with CaseStore.open(path, "Ana") as case:
        archive = export_archive(case, home / "out.zip", purpose="to the court")
    return home, path, archive


@pytest.fixture
def zipped(packed, tmp_path):
    """A copy of the archive on another machine, where the items are not."""
    away = tmp_path / "away"
    away.mkdir()
    return Path(shutil.copy(packed[2].path, away / "case.zip"))


def files_of(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def rewritten(path, change):
    """The archive with other entries: `change` takes and gives a list of (ZipInfo or name, bytes)."""
    with zipfile.ZipFile(path) as file:
        entries = [(info, file.read(info)) for info in file.infolist()]
    with zipfile.ZipFile(path, "w") as file:
        for info, data in change(entries):
            file.writestr(info, data)
    return path


def relisted(path, change, entries_too=lambda entries: entries):
    """The archive with another list that agrees with itself: `change` takes and gives the list's JSON."""

    def apply(entries):
        table = {info.filename: data for info, data in entries_too(entries)}
        manifest = json.loads(table["manifest.json"])
        for listed in manifest["files"]:
            if listed["path"] in table:
                listed["sha256"] = hashlib.sha256(table[listed["path"]]).hexdigest()
                listed["size_bytes"] = len(table[listed["path"]])
        change(manifest)
        table["manifest.json"] = json.dumps(manifest).encode()
        lines = [f"{f['sha256']}  {f['path']}\n" for f in manifest["files"]]
        lines.append(f"{hashlib.sha256(table['manifest.json']).hexdigest()}  manifest.json\n")
        table["SHA256SUMS"] = "".join(lines).encode()
        return list(table.items())

    return rewritten(path, apply)


def test_a_case_with_its_items_comes_out_as_it_went_in(packed, zipped, tmp_path) -> None:
    home, path, archive = packed
    progress = []
    imported = import_archive(zipped, tmp_path / "case", "Eva", progress.append)
    assert imported.is_intact
    assert imported.path == tmp_path / "case" / "case.cotejo"
    assert imported.sha256 == archive.sha256 == hashlib.sha256(zipped.read_bytes()).hexdigest()
    assert files_of(tmp_path / "case") == ["case.cotejo", "items/0001/clip.mp4", "items/0002/other.mp4"]
    assert {p.stage for p in progress} == {"hash", "unpack"}
    check = verify_case(imported.path)
    assert check.is_intact
    assert [item.state for item in check.items] == [ItemState.INTACT] * 2
    with CaseStore.open(imported.path) as there, CaseStore.open(path) as here:
        before, after = here.analyses.result(1), there.analyses.result(1)
        assert after.predictions == before.predictions == result().predictions
        assert [n.text for n in there.notes.all()] == [n.text for n in here.notes.all()]
        item = there.items.get(1)
        assert item.path == tmp_path / "case" / "items" / "0001" / "clip.mp4"
        assert item.path.read_bytes() == (home / "clip.mp4").read_bytes()
        assert item.path.stat().st_mtime == pytest.approx(item.modified_utc.timestamp(), abs=1e-3)


def test_both_sides_log_what_happened(packed, zipped, tmp_path) -> None:
    _, path, archive = packed
    with CaseStore.open(path) as here:
        entry = next(e for e in here.audit_log() if e.action == "case.archived")
        assert (entry.purpose, entry.details["sha256"], entry.details["items"]) == ("to the court", archive.sha256, 2)
        assert [c.occasion for c in here.items.checks(1)] == [Occasion.INTAKE, Occasion.EXPORT]
    imported = import_archive(zipped, tmp_path / "case", "Eva")
    with CaseStore.open(imported.path) as there:
        log = there.audit_log()
        entry = next(e for e in log if e.action == "case.imported")
        assert entry.actor == "Eva"
        assert archive.sha256 in entry.details["reason"]
        last = there.items.checks(1)[-1]
        assert (last.state, last.accepted_by) == (ItemState.MOVED, "Eva")
        assert archive.sha256 in last.accepted_reason
        actions = [e.action for e in log]
        assert actions.count("item.accepted") == 2


def test_what_lies_in_it(packed) -> None:
    *_, archive = packed
    with zipfile.ZipFile(archive.path) as file:
        names = file.namelist()
        assert names == [
            "README.txt", "items/0001/clip.mp4", "items/0002/other.mp4", "case.cotejo", "manifest.json", "SHA256SUMS",
        ]  # fmt: skip
        assert all(info.compress_type == zipfile.ZIP_STORED for info in file.infolist())
        words = file.read("README.txt").decode()
        assert "offline workstation" in words
        assert "estación de trabajo" in words
        assert "case.cotejo" in words


def test_other_tools_unpack_and_check_it(zipped, tmp_path) -> None:
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("no sha256sum here")
    with zipfile.ZipFile(zipped) as file:
        file.extractall(tmp_path / "plain")
    done = subprocess.run([tool, "-c", "SHA256SUMS"], cwd=tmp_path / "plain", capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_without_items(packed, tmp_path) -> None:
    _, path, _ = packed
    with CaseStore.open(path) as case:
        archive = export_archive(case, tmp_path / "small.zip", with_items=False)
    assert [(item.state, item.file) for item in archive.items] == [(None, None)] * 2
    imported = import_archive(archive.path, tmp_path / "case")
    assert imported.is_intact
    assert [item.state for item in imported.items] == [None, None]
    assert files_of(tmp_path / "case") == ["case.cotejo"]


def test_missing_and_changed_items_are_said_on_both_sides(tmp_path) -> None:
    path = make_case(tmp_path)
    (tmp_path / "clip.mp4").unlink()
    make_clip(tmp_path, "other.mp4", b"altered")
    with CaseStore.open(path) as case:
        archive = export_archive(case, tmp_path / "out.zip")
        assert [c.state for c in (case.items.checks(1)[-1], case.items.checks(2)[-1])] == ["missing", "changed"]
    assert [(i.state, i.file) for i in archive.items] == [("missing", None), ("changed", "items/0002/other.mp4")]
    imported = import_archive(archive.path, tmp_path / "case")
    assert not imported.is_intact
    assert not imported.damaged
    assert [item.state for item in imported.items] == [None, ItemState.CHANGED]


def test_a_read_only_case_is_packed_and_left_alone(packed, tmp_path) -> None:
    _, path, _ = packed
    copy = Path(shutil.copy(path, tmp_path / "copy.cotejo"))
    before = copy.read_bytes()
    with CaseStore.open(copy, read_only=True) as case:
        archive = export_archive(case, tmp_path / "out.zip")
    assert copy.read_bytes() == before
    assert import_archive(archive.path, tmp_path / "case").is_intact


@pytest.mark.parametrize("name", ["señal 假 \u202egpj.mp4", "a" * 200 + ".mp4", "x:y?.mp4", "aux.mp4", ".hidden"])
def test_odd_names_come_through(name, tmp_path) -> None:
    try:
        clip = make_clip(tmp_path, name)
    except OSError:
        pytest.skip("no such name on this system")
    with CaseStore.create(tmp_path / "Fall 7 ñ.cotejo") as case:
        case.items.add(clip)
        archive = export_archive(case, tmp_path / "out.zip")
    imported = import_archive(archive.path, tmp_path / "case")
    assert imported.is_intact
    assert [item.state for item in imported.items] == [ItemState.INTACT]
    assert imported.path.name == "Fall 7 ñ.cotejo"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", "a\0b", "C:", "con", "LPT1.txt", "a.", " a ", "é" * 300]
)
def test_safe_names_are_safe_and_stay_so(name) -> None:
    safe = safe_name(name)
    assert safe == safe_name(safe)
    assert safe not in ("", ".", "..")
    assert not set(safe) & set('<>:"/\\|?*\0')
    assert len(safe.encode()) <= MAX_NAME_BYTES


def test_existing_files_are_not_touched(packed, zipped, tmp_path) -> None:
    _, path, _ = packed
    with CaseStore.open(path) as case:
        for target in (case.path, case.items.get(1).path):
            with pytest.raises(CaseError, match="must not be overwritten"):
                export_archive(case, target)
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "mine.txt").write_text("notes")
    with pytest.raises(CaseError, match="other files"):
        import_archive(zipped, tmp_path / "case")
    assert files_of(tmp_path / "case") == ["mine.txt"]


def test_cancelling_leaves_nothing(packed, zipped, tmp_path) -> None:
    _, path, _ = packed
    for stage in ("archive", "hash"):
        token = CancelToken()
        with CaseStore.open(path) as case, pytest.raises(Cancelled):
            export_archive(case, tmp_path / "out.zip", on_progress=partial(stop, stage, token), cancel=token)
    for stage in ("hash", "unpack"):
        token = CancelToken()
        with pytest.raises(Cancelled):
            import_archive(zipped, tmp_path / "case", on_progress=partial(stop, stage, token), cancel=token)
    assert [p.name for p in tmp_path.iterdir()] == ["away"]


def stop(stage, token, progress) -> None:
    if progress.stage == stage:
        token.cancel()


def test_no_room_is_said_before_work_begins(packed, zipped, tmp_path, monkeypatch) -> None:
    _, path, _ = packed
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(archive_module.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with CaseStore.open(path) as case, pytest.raises(CaseError, match="no room"):
        export_archive(case, tmp_path / "out.zip")
    with pytest.raises(CaseError, match="no room"):
        import_archive(zipped, tmp_path / "case")
    assert [p.name for p in tmp_path.iterdir()] == ["away"]


def test_an_item_that_changes_while_it_is_packed(tmp_path) -> None:
    path = make_case(tmp_path)

    def grow(progress) -> None:
        with (tmp_path / "clip.mp4").open("ab") as file:
            file.write(b"x")

    with CaseStore.open(path) as case, pytest.raises(InputError, match="changed while"):
        export_archive(case, tmp_path / "out.zip", on_progress=grow)
    assert not [p for p in tmp_path.iterdir() if p.suffix == ".zip"]


def entry(name, mode=stat.S_IFREG | 0o644):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


INTRUDERS = {
    "up": entry("../evil.txt"),
    "up within": entry("items/../../evil.txt"),
    "absolute": entry("/evil.txt"),
    "a drive": entry("C:/evil.txt"),
    "backslashes": entry("items\\0001\\evil.txt"),
    "a link": entry("items/0003/evil", stat.S_IFLNK | 0o777),
    "a device": entry("items/0003/evil", stat.S_IFCHR | 0o666),
    "a folder": entry("items/0003/", stat.S_IFDIR | 0o755),
    "the same place in other letters": entry("CASE.COTEJO"),
    "a reserved name": entry("items/0003/con.mp4"),
    "one file more": entry("items/0003/evil.mp4"),
    "an invisible turn": entry("items/0003/\u202e4pm.exe"),
}


@pytest.mark.parametrize("name", INTRUDERS)
def test_intruders_are_refused(name, zipped, tmp_path) -> None:
    rewritten(zipped, lambda entries: [*entries, (INTRUDERS[name], b"/etc/passwd")])
    with pytest.raises(CaseError, match="holds"):
        import_archive(zipped, tmp_path / "case")
    assert [p.name for p in tmp_path.iterdir()] == ["away"]
    assert files_of(tmp_path / "away") == ["case.zip"]


def test_bombs_are_refused(zipped, tmp_path) -> None:
    bomb = entry("items/0001/clip.mp4")
    bomb.compress_type = zipfile.ZIP_DEFLATED

    def swell(entries):
        return [(bomb if i.filename == bomb.filename else i, b"\0" * 20_000_000 if i.filename == bomb.filename else d)
                for i, d in entries]  # fmt: skip

    rewritten(zipped, swell)
    assert zipped.stat().st_size < 20_000_000
    with pytest.raises(CaseError, match="holds"):
        import_archive(zipped, tmp_path / "case")


def test_sizes_that_are_not_there_are_refused(zipped, tmp_path) -> None:
    data = bytearray(zipped.read_bytes())
    name = b"items/0001/clip.mp4"
    at = data.rindex(name) - 46  # its entry in the central directory
    for offset in (20, 24):
        data[at + offset : at + offset + 4] = (1_000_000_000).to_bytes(4, "little")
    zipped.write_bytes(data)
    with pytest.raises(CaseError, match="more than it can"):
        import_archive(zipped, tmp_path / "case")


def test_lists_that_lie_are_refused(zipped, tmp_path) -> None:
    original = zipped.read_bytes()
    lies = {
        "missing from": lambda m: m["files"].append({"path": "items/0009/x", "size_bytes": 1, "sha256": "0" * 64}),
        "holds": lambda m: m["files"].pop(1),
        "contradicts": lambda m: m["files"][1].update(size_bytes=10**15),
        "newer": lambda m: m.update(schema=2),
        "no archive": lambda m: m.update(kind="other"),
        "damaged": lambda m: m.update(program=7),
        "contradicts what": lambda m: m["items"][0].update(file=None),
        "contradicts what is": lambda m: m.update(case_file="items/0001/clip.mp4"),
    }
    for words, change in lies.items():
        zipped.write_bytes(original)
        with pytest.raises(CaseError, match=words):
            import_archive(relisted(zipped, change), tmp_path / "case")
    zipped.write_bytes(original)
    with pytest.raises(CaseError, match="checksums"):
        import_archive(
            rewritten(
                zipped,
                lambda e: [(i, d.replace(b"clip.mp4\n", b"clap.mp4\n") if "SUMS" in i.filename else d) for i, d in e],
            ),
            tmp_path / "case",
        )
    assert [p.name for p in tmp_path.iterdir()] == ["away"]


def replaced(name, data):
    return lambda entries: [(i, data if i.filename == name else d) for i, d in entries]


def test_a_damaged_item_is_left_out_and_said(zipped, tmp_path) -> None:
    rewritten(zipped, replaced("items/0001/clip.mp4", b"frAmes"))
    imported = import_archive(zipped, tmp_path / "case")
    assert not imported.is_intact
    assert imported.damaged == ("items/0001/clip.mp4",)
    assert [item.state for item in imported.items] == [None, ItemState.INTACT]
    assert files_of(tmp_path / "case") == ["case.cotejo", "items/0002/other.mp4"]


def test_a_bit_that_flipped_is_found(zipped, tmp_path) -> None:
    data = bytearray(zipped.read_bytes())
    data[data.index(b"frames")] ^= 1
    zipped.write_bytes(data)
    assert import_archive(zipped, tmp_path / "case").damaged == ("items/0001/clip.mp4",)


def test_an_item_that_was_exchanged_with_all_its_hashes(zipped, tmp_path) -> None:
    relisted(zipped, lambda m: None, replaced("items/0001/clip.mp4", b"forged"))
    imported = import_archive(zipped, tmp_path / "case")
    assert not imported.is_intact
    assert [item.state for item in imported.items] == [ItemState.CHANGED, ItemState.INTACT]


def test_a_case_that_was_exchanged(zipped, tmp_path) -> None:
    original = zipped.read_bytes()
    with zipfile.ZipFile(io.BytesIO(original)) as file:
        (tmp_path / "away" / "forged.cotejo").write_bytes(file.read("case.cotejo"))
    tamper(tmp_path / "away" / "forged.cotejo", "UPDATE notes SET text = 'All is well.' WHERE id = 1")
    forged = (tmp_path / "away" / "forged.cotejo").read_bytes()
    rewritten(zipped, replaced("case.cotejo", forged))
    with pytest.raises(CaseError, match=r"damaged|contradicts"):
        import_archive(zipped, tmp_path / "first")
    zipped.write_bytes(original)
    relisted(zipped, lambda m: None, replaced("case.cotejo", forged))
    imported = import_archive(zipped, tmp_path / "case")
    assert not imported.is_intact
    assert "Note 1 was changed" in imported.check.findings[0].message
    # left as it came, to be examined
    assert imported.path.read_bytes() == forged


def test_a_case_with_another_past_is_found_by_the_noted_end(zipped, tmp_path) -> None:
    def lengthen(manifest) -> None:
        manifest["head"] = "ab" * 32

    imported = import_archive(relisted(zipped, lengthen), tmp_path / "case")
    assert "noted outside" in imported.check.findings[0].message


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18, None])
def test_what_is_no_archive(content, zipped, tmp_path) -> None:
    data = zipped.read_bytes()
    zipped.write_bytes(data[: len(data) // 2] if content is None else content)
    with pytest.raises((CaseError, InputError)) as caught:
        import_archive(zipped, tmp_path / "case")
    assert caught.value.hint
    with pytest.raises(InputError, match="no file"):
        import_archive(tmp_path / "absent.zip", tmp_path / "case")
