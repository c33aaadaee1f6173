import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app import paths
from desktop_app.cases import CaseStore, schema, unsaved_cases, verify_case
from desktop_app.domain.cases import ItemState, Occasion
from desktop_app.errors import CaseError, InputError
from tests.unit.case_files import make_case, make_clip, tamper

REPO = Path(__file__).resolve().parents[2]


def run(code, *arguments):
    """Another process."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=60)


def pragma(path, name):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_case_keeps_what_it_is_given(tmp_path):
    path = make_case(tmp_path)
    with CaseStore.open(path, "Ben") as case:
        first, second = case.items.all()
        assert (first.path, first.note, first.received_from) == (tmp_path / "clip.mp4", "as received", "court")
        assert (second.size_bytes, second.received_from) == (5, "")
        assert case.settings.all() == {"case_number": "2026/17"}
        assert [note.text for note in case.notes.all()] == ["The lips move oddly.", "Ask for the original."]
        assert [note.author for note in case.notes.all(1)] == ["Ana"]
        (bookmark,) = case.bookmarks.all(1)
        assert (bookmark.frame_index, bookmark.time_s, bookmark.label) == (12, 0.48, "edge of the face")
        log = case.audit_log()
        assert [entry.action for entry in log][:3] == ["case.created", "case.opened", "item.added"]
        assert (log[0].actor, log[0].purpose, log[-1].actor) == ("Ana", "casework", "Ben")
        assert case.head().count == len(log)
        assert case.head().sha256 == log[-1].sha256
        assert not case.read_only
    assert pragma(path, "application_id") == schema.APPLICATION_ID
    assert pragma(path, "user_version") == schema.VERSION


def test_it_is_wal_while_open_and_one_plain_file_at_rest(tmp_path):
    path = tmp_path / "case.cotejo"
    with CaseStore.create(path) as case:
        assert pragma(path, "journal_mode") == "wal"
        case.notes.add("x")
    assert pragma(path, "journal_mode") == "delete"
    assert [p.name for p in tmp_path.iterdir() if not p.name.endswith(".lock")] == ["case.cotejo"]


def test_every_table_is_strict(tmp_path):
    path = make_case(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("PRAGMA table_list").fetchall()
    strict = {row[1] for row in tables if row[5]}
    assert strict == {*schema.EVIDENCE, "audit", "anchor"}


def test_a_second_writer_is_refused_and_a_reader_is_not(tmp_path):
    path = make_case(tmp_path)
    with CaseStore.open(path) as case:
        with pytest.raises(CaseError, match="open in another program"):
            CaseStore.open(path)
        code = "import sys, pathlib; from desktop_app.cases import CaseStore; CaseStore.open(pathlib.Path(sys.argv[1]))"
        answer = run(code, path)
        assert "open in another program" in answer.stderr
        with CaseStore.open(path, read_only=True) as reader:
            case.notes.add("written while another reads")
            assert [note.text for note in reader.notes.all()][-1] == "written while another reads"
            with pytest.raises(CaseError, match="for reading only"):
                reader.notes.add("no")
    CaseStore.open(path).close()


def test_threads_have_connections_of_their_own(tmp_path):
    with CaseStore.create(tmp_path / "case.cotejo") as case:
        errors = []

        def work(number):
            try:
                for i in range(5):
                    case.notes.add(f"{number}-{i}")
                    case.notes.all()
            except Exception as error:  # noqa: BLE001
                errors.append(error)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert len(case.notes.all()) == 20
    assert verify_case(tmp_path / "case.cotejo").is_intact


def test_a_transaction_is_stored_whole_or_not_at_all(tmp_path):
    with CaseStore.create(tmp_path / "case.cotejo") as case:
        head = case.head()
        note = {"at_utc": "", "author": "", "text": "half"}
        with pytest.raises(ZeroDivisionError), case._database.writing("note.added") as change:
            change.details["x"] = change.insert("notes", **note) / 0
        with pytest.raises(sqlite3.IntegrityError), case._database.writing("bookmark.added") as change:
            change.insert("bookmarks", item_id=9, frame_index=0, time_s=0.0, label="", at_utc="")
        assert case.notes.all() == ()
        assert case.head() == head


@pytest.mark.parametrize("version", range(1, schema.VERSION))
def test_older_files_are_brought_up_to_date(tmp_path, version, monkeypatch):
    path = tmp_path / "old.cotejo"
    with monkeypatch.context() as earlier:
        earlier.setattr(schema, "VERSION", version)
        earlier.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:version])
        earlier.setattr(schema.migrate, "__defaults__", (version,))
        with CaseStore.create(path, "Ana") as case:
            case.notes.add("of an earlier version")
            with case._database.writing("item.added") as change:
                facts = {"path": '"clip.mp4"', "sha256": "0" * 64, "sha512": "0" * 128, "size_bytes": 1, "note": ""}
                change.insert("items", **facts, modified_utc="2026-01-01T00:00:00Z", intake_utc="2026-01-01T00:00:00Z")
    assert pragma(path, "user_version") == version
    before = path.read_bytes()
    assert verify_case(path, with_items=False).is_intact
    with CaseStore.open(path, read_only=True) as case:
        assert (case.notes.all()[0].text, case.items.get(1).received_from) == ("of an earlier version", "")
    assert path.read_bytes() == before
    with CaseStore.open(path) as case:
        migrated = [entry for entry in case.audit_log() if entry.action == "case.migrated"]
        assert [entry.details["from"] for entry in migrated] == [version]
        assert case.notes.all()[0].text == "of an earlier version"
        case.items.add(make_clip(tmp_path), received_from="court")
    assert pragma(path, "user_version") == schema.VERSION
    assert verify_case(path, with_items=False).is_intact


def test_a_file_of_every_step_equals_a_new_one(tmp_path):
    def tables(path):
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()

    with closing(sqlite3.connect(tmp_path / "steps", isolation_level=None)) as connection:
        for version in range(1, schema.VERSION + 1):
            schema.migrate(connection, version)
            assert schema.version_of(connection) == version
    CaseStore.create(tmp_path / "new.cotejo").close()
    assert tables(tmp_path / "steps") == tables(tmp_path / "new.cotejo")


def test_a_newer_file_is_refused_and_left_alone(tmp_path):
    path = make_case(tmp_path)
    tamper(path, f"PRAGMA user_version = {schema.VERSION + 1}")
    before = path.read_bytes()
    for open_it in (CaseStore.open, lambda p: CaseStore.open(p, read_only=True), verify_case):
        with pytest.raises(CaseError, match="newer version of the program") as caught:
            open_it(path)
        assert "Update" in caught.value.hint
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough for a header of one" * 20])
def test_what_is_no_case_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "x.cotejo"
    path.write_bytes(content)
    for read_only in (False, True):
        with pytest.raises(CaseError, match="not a case"):
            CaseStore.open(path, read_only=read_only)
    assert path.read_bytes() == content


def test_another_database_is_refused(tmp_path):
    path = tmp_path / "x.cotejo"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE a (b)")
        connection.execute("PRAGMA user_version = 2")
        connection.commit()
    with pytest.raises(CaseError, match="not a case"):
        CaseStore.open(path)


def test_a_damaged_file_is_refused(tmp_path):
    path = make_case(tmp_path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :: 3] = bytes(len(content[len(content) // 2 :: 3]))
    path.write_bytes(content)
    with pytest.raises(CaseError, match="damaged"):
        CaseStore.open(path)
    path.write_bytes(content[: len(content) // 3])
    with pytest.raises(CaseError, match="damaged"):
        CaseStore.open(path, read_only=True)


def test_a_missing_or_existing_file_is_said(tmp_path):
    with pytest.raises(CaseError, match="There is no case"):
        CaseStore.open(tmp_path / "absent.cotejo")
    path = make_case(tmp_path)
    with pytest.raises(CaseError, match="exists already"):
        CaseStore.create(path)
    with pytest.raises(CaseError, match="could not be written"):
        CaseStore.create(tmp_path / "no folder" / "case.cotejo")


def test_names_of_any_kind(tmp_path):
    for name in ("a b%20?#'ñ 病.cotejo", "x" * 180 + ".cotejo", os.fsdecode(b"bytes-\xff.cotejo")):
        if sys.platform != "linux" and not name.isprintable():
            continue
        path = tmp_path / name
        with CaseStore.create(path) as case:
            case.items.add(make_clip(tmp_path, name + ".mp4"[: 200 - len(name)]))
            case.save_copy(tmp_path / ("copy " + name))
        assert verify_case(path).is_intact
        with CaseStore.open(tmp_path / ("copy " + name), read_only=True) as copy:
            assert copy.items.get(1).path.exists()


def test_a_copy_is_whole_and_this_case_stays_open(tmp_path):
    path = make_case(tmp_path)
    copy = tmp_path / "copy.cotejo"
    copy.write_bytes(b"an older file")
    with CaseStore.open(path) as case:
        case.save_copy(copy)
        case.notes.add("after the copy")
        assert case.audit_log()[-2].action == "case.copied"
        assert len(case.notes.all()) == 3
        with pytest.raises(CaseError, match="the case itself"):
            case.save_copy(path)
        with CaseStore.open(copy) as other:
            assert len(other.notes.all()) == 2
            with pytest.raises(CaseError, match="open in another program"):
                case.save_copy(copy)
    assert verify_case(copy).is_intact
    assert verify_case(path).is_intact


def test_a_copy_never_covers_a_case_that_was_not_closed(tmp_path):
    path = make_case(tmp_path)
    target = make_case(tmp_path, "target.cotejo")
    (tmp_path / "target.cotejo-wal").write_bytes(b"what was committed last")
    with CaseStore.open(path) as case, pytest.raises(CaseError, match="not closed properly"):
        case.save_copy(target)
    assert verify_case(path).is_intact


def test_a_case_without_a_name_can_be_saved(tmp_path):
    path = tmp_path / "named.cotejo"
    with CaseStore.temporary("Ana") as case:
        first = case.path
        assert case.is_temporary
        assert first.parent == paths.unsaved_dir()
        assert unsaved_cases() == ()  # it is in use
        case.notes.add("quick check")
        case.save_as(path)
        assert not case.is_temporary
        assert case.path == path
        assert not first.exists()
        case.notes.add("goes on")
    with CaseStore.open(path) as case:
        assert [note.text for note in case.notes.all()] == ["quick check", "goes on"]
        assert "case.saved" in [entry.action for entry in case.audit_log()]
    assert verify_case(path).is_intact
    assert list(paths.unsaved_dir().iterdir()) == []


def test_a_case_without_a_name_is_gone_when_it_is_closed(tmp_path):
    with CaseStore.temporary():
        pass
    assert list(paths.unsaved_dir().iterdir()) == []


def test_a_failed_save_leaves_the_case_as_it_was(tmp_path):
    with CaseStore.temporary() as case:
        case.notes.add("kept")
        with pytest.raises(CaseError):
            case.save_as(tmp_path / "absent" / "named.cotejo")
        assert case.is_temporary
        case.notes.add("still open")
        assert len(case.notes.all()) == 2


def test_a_crash_leaves_an_unnamed_case_to_be_found(cotejo_home):
    code = (
        "import os; from desktop_app.cases import CaseStore\n"
        "case = CaseStore.temporary(); case.notes.add('kept'); os._exit(9)"
    )
    assert run(code).returncode == 9
    (found,) = unsaved_cases()
    with CaseStore.open(found) as case:
        assert [note.text for note in case.notes.all()] == ["kept"]


def test_a_full_disk_loses_nothing_that_was_committed(tmp_path):
    path = make_case(tmp_path)
    with CaseStore.open(path) as case:
        connection = case._database.connection()
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        case.notes.add("fits")
        kept = len(case.notes.all())
        with pytest.raises(CaseError, match="disk is full"):
            case.notes.add("y" * 100_000)
        connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
        case.notes.add("room again")
        assert len(case.notes.all()) == kept + 1
    assert verify_case(path, with_items=False).is_intact


FAILING_WRITES = """
import resource, signal, sys, pathlib
from desktop_app.cases import CaseStore
from desktop_app.errors import CaseError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
case = CaseStore.open(pathlib.Path(sys.argv[1]))
case.notes.add('committed before')
size = pathlib.Path(sys.argv[1] + '-wal').stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1000, resource.RLIM_INFINITY))
try:
    case.notes.add('x' * 50_000)
except CaseError as error:
    print(error.user_message)
print(len(case.notes.all()))
case.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limit of a file's size")
def test_writes_that_fail_below_lose_nothing_that_was_committed(tmp_path):
    path = make_case(tmp_path)
    answer = run(FAILING_WRITES, path)
    said, count = answer.stdout.strip().splitlines()
    assert "cannot be reached any more" in said or "disk is full" in said, answer
    assert count == "3"
    with CaseStore.open(path) as case:
        assert case.notes.all()[-1].text == "committed before"
    assert verify_case(path, with_items=False).is_intact


def test_a_file_that_goes_away_is_said_before_anything_is_lost(tmp_path):
    path = make_case(tmp_path)
    case = CaseStore.open(path)
    try:
        case.notes.add("before")
        path.rename(tmp_path / "elsewhere.cotejo")
        with pytest.raises(CaseError, match="no longer where it was opened"):
            case.notes.add("after")
        path.write_bytes(b"another file")
        with pytest.raises(CaseError, match="no longer where it was opened"):
            case.notes.add("after")
    finally:
        case.close()


READ_ONLY_USER = """
import os, sys, pathlib
from desktop_app.cases import CaseStore, verify_case
from desktop_app.errors import CaseError
if os.getuid() == 0:
    os.setuid(65534)  # the superuser may write anywhere
path = pathlib.Path(sys.argv[1])
try:
    CaseStore.open(path, read_only=False)
except CaseError as error:
    print(error.user_message)
with CaseStore.open(path) as case:
    print(case.read_only, len(case.notes.all()), len(case.items.all()))
    copy = case.save_copy(pathlib.Path(sys.argv[2]) / 'copy.cotejo')
print(verify_case(path, with_items=False).is_intact, verify_case(copy, with_items=False).is_intact)
"""


@pytest.fixture
def open_folder():
    """A folder that other users can reach, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="folders of Windows have no read-only mode")
@pytest.mark.parametrize("is_hot", [False, True])
def test_a_read_only_place_is_read_with_all_that_was_committed(open_folder, is_hot):
    folder = open_folder
    out = folder / "out"
    path = make_case(folder)
    if is_hot:
        code = (
            "import os, sys, pathlib; from desktop_app.cases import CaseStore\n"
            "case = CaseStore.open(pathlib.Path(sys.argv[1])); case.notes.add('last'); os._exit(0)"
        )
        assert run(code, path).returncode == 0
        assert (folder / "case.cotejo-wal").stat().st_size
        (folder / "case.cotejo-shm").unlink()
    out.mkdir()
    out.chmod(0o777)
    for file in folder.iterdir():
        if file.is_file():
            file.chmod(0o444)
    folder.chmod(0o555)
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    answer = run(READ_ONLY_USER, path, out)
    folder.chmod(0o755)
    assert answer.stdout.splitlines() == [
        "“case.cotejo” cannot be written to.",
        f"True {3 if is_hot else 2} 2",
        "True True",
    ], answer.stderr
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before


def test_custody_of_an_item(tmp_path):
    with CaseStore.create(tmp_path / "case.cotejo", "Ana") as case:
        clip = make_clip(tmp_path)
        item = case.items.add(clip, purpose="intake")
        assert case.items.add(clip) == item
        check = case.items.check(item.item_id, Occasion.ANALYSIS, "first look")
        assert (check.state, check.allows_analysis, check.sha256) == (ItemState.INTACT, True, item.sha256)
        make_clip(tmp_path, content=b"FRAMES")
        check = case.items.check(item.item_id, Occasion.ANALYSIS)
        assert (check.state, check.allows_analysis) == (ItemState.CHANGED, False)
        with pytest.raises(InputError, match="not the file that was taken in"):
            case.items.require_usable(check)
        with pytest.raises(InputError, match="reason"):
            case.items.accept(check.check_id, "  ")
        accepted = case.items.accept(check.check_id, "The court sent a new copy.")
        case.items.require_usable(accepted)
        assert (accepted.accepted_by, accepted.accepted_reason) == ("Ana", "The court sent a new copy.")
        assert case.items.get(1).sha256 == item.sha256
        entry = case.audit_log()[-1]
        assert (entry.action, entry.purpose) == ("item.accepted", "The court sent a new copy.")
        assert [c.occasion for c in case.items.checks(1)] == [Occasion.INTAKE, Occasion.ANALYSIS, Occasion.ANALYSIS]


def test_a_moved_and_a_missing_item(tmp_path):
    with CaseStore.create(tmp_path / "case.cotejo") as case:
        clip = make_clip(tmp_path)
        case.items.add(clip)
        moved = clip.rename(tmp_path / "renamed.mp4")
        missing = case.items.check(1, Occasion.EXPORT)
        assert (missing.state, missing.sha256) == (ItemState.MISSING, None)
        with pytest.raises(InputError, match="is not where it was"):
            case.items.require_usable(missing)
        with pytest.raises(InputError, match="nothing to accept"):
            case.items.accept(missing.check_id, "because")
        found = case.items.check(1, Occasion.ANALYSIS, path=moved)
        assert found.state is ItemState.MOVED
        with pytest.raises(InputError, match="same content"):
            case.items.require_usable(found)
        case.items.accept(found.check_id, "I renamed it.")
        assert case.items.get(1).path == moved
        assert case.items.check(1, Occasion.EXPORT).state is ItemState.INTACT
        case.items.annotate(1, "renamed by me")
        assert case.items.get(1).note == "renamed by me"
    assert verify_case(tmp_path / "case.cotejo").is_intact


@pytest.mark.parametrize(
    "text", ["", "ñ 病 \N{FACE WITH TEARS OF JOY}", "a\0b", "half \ud83d of one", "x'; DROP TABLE notes; --"]
)
def test_texts_of_any_kind(tmp_path, text):
    path = tmp_path / "case.cotejo"
    with CaseStore.create(path, "Ana " + text, text) as case:
        case.notes.add(text)
        case.settings.set("question", text, text)
        case.items.add(make_clip(tmp_path), note=text, received_from=text, purpose=text)
        kept = text.replace("\ud83d", "?")
        assert (case.notes.all()[0].text, case.settings.all()) == (kept, {"question": kept})
        case.settings.set("question", "again")
        assert case.items.get(1).note == kept
    assert verify_case(path).is_intact


def test_settings_keep_what_they_were_in_the_log(tmp_path):
    with CaseStore.create(tmp_path / "case.cotejo") as case:
        case.settings.set("examiner", "Ana")
        case.settings.set("examiner", "Ben", "handed over")
        assert case.settings.get("examiner") == "Ben"
        assert case.settings.get("absent", "none") == "none"
        assert case.audit_log()[-1].details == {"key": "examiner", "value": "Ben", "before": "Ana"}
