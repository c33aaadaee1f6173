"""What goes wrong around evidence: a clear word each time, and nothing that was there is lost."""

import contextlib
import os
import shutil
import signal
from pathlib import Path

import pytest

from desktop_app.cases import CaseStore, export_archive, import_archive, verify_case
from desktop_app.cli import main
from desktop_app.errors import AppError, CaseError
from desktop_app.files import write_checksum
from desktop_app.reports.annotated_video import write_annotated_video
from desktop_app.reports.document import read_json, write_json
from desktop_app.reports.key_frames import write_key_frames
from desktop_app.reports.pdf import write_pdf
from desktop_app.reports.tables import write_csv
from tests.factories import make_result
from tests.unit.case_files import make_case, result
from tests.unit.test_reports_video import RESULT as VIDEO_RESULT
from tests.unit.test_reports_video import frames

SMALL_DISK_BYTES = 4096
FEW = make_result(1, 30, exhibits=False)

WRITERS = {
    "out.csv": lambda path: write_csv(result(), path),
    "out.json": lambda path: write_json(result(), path),
    "out.pdf": lambda path: write_pdf(FEW, path),
    "out.mp4": lambda path: write_annotated_video(VIDEO_RESULT, frames(), path),
    "out.zip": lambda path: pack(path),
    "frames": lambda path: write_key_frames(result(), path),
}


def pack(path):
    with CaseStore.open(path.parent / "case" / "case.cotejo", read_only=True) as case:
        return export_archive(case, path).path


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return make_case(tmp_path_factory.mktemp("template"))


@pytest.fixture
def case(template, tmp_path):
    folder = tmp_path / "case"
    folder.mkdir()
    for file in template.parent.iterdir():
        if file.is_file():
            shutil.copy2(file, folder)
    return folder / "case.cotejo"


@pytest.fixture
def small_disk():
    """Within it no file can grow beyond a few kilobytes: a disk that is full for whoever writes."""
    resource = pytest.importorskip("resource", reason="no such limits on this system")

    @contextlib.contextmanager
    def full(size=SMALL_DISK_BYTES):
        # over before the test is: the limit would hold for the report of the test run, too
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)

    return full


def content(folder):
    """Everything below a folder, by place, but for lock files."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*"))
        if p.is_file() and not p.name.endswith(".lock")
    }  # fmt: skip


def put_earlier(path) -> None:
    """What an earlier export left there."""
    if path.suffix:
        path.write_bytes(b"earlier")
    else:
        write_key_frames(result(), path)


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk(name, case, tmp_path, small_disk) -> None:
    put_earlier(tmp_path / name)
    before = content(tmp_path)
    # a limit is not quite a full disk: SQLite takes it for a place that is gone
    refused = pytest.raises(AppError, match=r"could not be written|disk is full|cannot be reached")
    with refused as caught, small_disk():
        WRITERS[name](tmp_path / name)
    assert caught.value.hint
    assert content(tmp_path) == before


def test_a_disk_that_fills_up_while_a_case_is_unpacked(case, tmp_path, small_disk) -> None:
    with CaseStore.open(case, read_only=True) as opened:
        export_archive(opened, tmp_path / "case.zip")
    before = content(tmp_path)
    with pytest.raises(CaseError, match="could not be written") as caught, small_disk():
        import_archive(tmp_path / "case.zip", tmp_path / "there")
    assert caught.value.hint
    assert content(tmp_path) == before
    assert not (tmp_path / "there").exists()


def test_a_disk_that_fills_up_while_a_case_is_written(case, tmp_path, small_disk) -> None:
    with CaseStore.open(case) as opened:
        head, notes = opened.head(), opened.notes.all()
        with pytest.raises(CaseError) as caught, small_disk(case.stat().st_size // 2):
            opened.notes.add("x" * 5_000_000)
        assert caught.value.hint
        assert [n.text for n in opened.notes.all()][: len(notes)] == [n.text for n in notes]
        assert opened.head().count >= head.count
        opened.notes.add("There is room again.")
    assert verify_case(case).is_intact


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_that_another_program_has_open(name, case, tmp_path, monkeypatch) -> None:
    target = tmp_path / name
    put_earlier(target)
    before, real = content(tmp_path), os.replace

    def refuse(source, destination):
        # what Windows answers while a reader or player shows the file
        if Path(destination) == target and not str(source).endswith("-earlier"):
            raise PermissionError(13, "The process cannot access the file because it is being used")
        real(source, destination)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(CaseError, match="could not be written") as caught:
        WRITERS[name](target)
    assert "another program" in caught.value.hint
    assert content(tmp_path) == before


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="nothing is forbidden to the administrator")
@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_without_permission(name, case, tmp_path) -> None:
    before = content(tmp_path)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(CaseError, match="could not be written") as caught:
            WRITERS[name](tmp_path / name)
        assert "may write" in caught.value.hint
    finally:
        tmp_path.chmod(0o755)
    assert content(tmp_path) == before


@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_that_refuses(name, case, tmp_path, monkeypatch) -> None:
    """As above, for who may everything: the system says no to new files."""
    before, real_open, real_mkdir = content(tmp_path), os.open, os.mkdir

    def open_(path, flags, *args, **kwargs):
        if flags & os.O_CREAT and Path(os.fsdecode(path)).parent == tmp_path:
            raise PermissionError(13, "Permission denied")
        return real_open(path, flags, *args, **kwargs)

    def mkdir(path, *args, **kwargs):
        if Path(path).parent == tmp_path:
            raise PermissionError(13, "Permission denied")
        return real_mkdir(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", open_)
    monkeypatch.setattr(os, "mkdir", mkdir)
    with pytest.raises(CaseError, match="could not be written") as caught:
        WRITERS[name](tmp_path / name)
    assert "may write" in caught.value.hint
    assert content(tmp_path) == before


@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_that_is_not_there(name, case, tmp_path) -> None:
    if name == "out.zip":
        shutil.copytree(case.parent, tmp_path / "x" / "case")
        target = tmp_path / "x" / "absent" / ".." / "absent" / name
        with CaseStore.open(case, read_only=True) as opened, pytest.raises(CaseError, match="could not") as caught:
            export_archive(opened, target)
    else:
        with pytest.raises(CaseError, match="could not be written") as caught:
            WRITERS[name](tmp_path / "absent" / name)
    assert "folder" in caught.value.hint


@pytest.mark.parametrize("name", [n for n in WRITERS if n != "frames"])
def test_a_folder_where_the_file_should_be(name, case, tmp_path) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "mine.txt").write_text("notes")
    before = content(tmp_path)
    with pytest.raises(CaseError, match="could not be written"):
        WRITERS[name](tmp_path / name)
    assert content(tmp_path) == before


def test_a_checksum_that_cannot_be_written(tmp_path) -> None:
    path = write_csv(FEW, tmp_path / ("n" * 250 + ".csv"))
    with pytest.raises(CaseError, match="could not be written"):
        write_checksum(path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def overwrite(path, start, data) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(data)


DAMAGE = {
    "header": lambda path: overwrite(path, 0, b"\0" * 100),
    "a page in the middle": lambda path: overwrite(path, path.stat().st_size // 2 // 4096 * 4096, os.urandom(8192)),
    "table of contents": lambda path: overwrite(path, 100, os.urandom(600)),
    "cut in half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut to nothing": lambda path: os.truncate(path, 0),
    "something else": lambda path: path.write_bytes(b"%PDF-1.7 not a case"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_corrupted_case(kind, case, tmp_path, capsys) -> None:
    DAMAGE[kind](case)
    damaged = case.read_bytes()
    for read_only in (None, True):
        with pytest.raises(CaseError, match=r"damaged|not a case|altered") as caught:
            CaseStore.open(case, read_only=read_only).close()
        assert caught.value.hint
    # nobody writes to what is damaged: it may still be read in part
    assert case.read_bytes() == damaged
    assert main(["verify", str(case)]) in (5, 7)
    assert main(["export", str(case), "--csv", "--out", str(tmp_path)]) == 5
    assert main(["case", "export", str(case), str(tmp_path / "out.zip")]) == 5
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    assert case.read_bytes() == damaged
    assert not [p for p in tmp_path.iterdir() if p.is_file()]


@pytest.mark.parametrize("cut", [0, 1, 100, -2])
def test_a_corrupted_result(cut, tmp_path) -> None:
    path = write_json(FEW, tmp_path / "r.json")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(CaseError) as caught:
        read_json(path)
    assert caught.value.hint
