import hashlib
import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from desktop_app.cases import CaseStore, audit, schema, verify_case
from desktop_app.domain.cases import ChainHead, ItemState, Part
from desktop_app.errors import CaseError
from desktop_app.progress import Cancelled, CancelToken
from tests.unit.case_files import make_case, make_clip, tamper


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    make_case(folder)
    return folder


@pytest.fixture
def case(made, tmp_path):
    path = tmp_path / "case.cotejo"
    shutil.copyfile(made / path.name, path)
    return path


def entries(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT seq, entry, sha256 FROM audit ORDER BY seq").fetchall()


def messages(path):
    return [finding.message for finding in verify_case(path, with_items=False).findings]


def rehash(connection, first, anchor=False):
    """Chain the entries from `first` on anew, as a forger would."""
    rows = connection.execute("SELECT seq, entry FROM audit WHERE seq >= ? ORDER BY seq", (first,)).fetchall()
    found = connection.execute("SELECT sha256 FROM audit WHERE seq = ?", (first - 1,)).fetchone()
    previous = found[0] if found else audit.START
    for seq, text in rows:
        entry = audit.canonical({**json.loads(text), "previous": previous, "seq": seq})
        previous = audit.digest(entry)
        connection.execute("UPDATE audit SET entry = ?, sha256 = ? WHERE seq = ?", (entry, previous, seq))
    if anchor:
        connection.execute("UPDATE anchor SET count = ?, sha256 = ?", (rows[-1][0], previous))


def edit_entry(seq, **changes):
    def change(connection):
        text = connection.execute("SELECT entry FROM audit WHERE seq = ?", (seq,)).fetchone()[0]
        connection.execute(
            "UPDATE audit SET entry = ? WHERE seq = ?", (audit.canonical({**json.loads(text), **changes}), seq)
        )

    return change


def test_an_untouched_case_is_intact(made):
    before = (made / "case.cotejo").read_bytes()
    check = verify_case(made / "case.cotejo")
    assert check.findings == ()
    assert check.is_intact
    assert check.since is None
    counts = dict(check.records)
    assert counts | {"predictions": 1, "exhibits": counts["exhibits"]} == counts
    assert counts["exhibits"] > 2
    assert (counts["items"], counts["notes"], counts["bookmarks"], counts["settings"]) == (2, 2, 1, 1)
    assert [item.state for item in check.items] == [ItemState.INTACT, ItemState.INTACT]
    assert check.head.count == len(entries(made / "case.cotejo"))
    # a verification leaves no trace
    assert (made / "case.cotejo").read_bytes() == before
    assert not [p.name for p in made.iterdir() if p.name.startswith("case.cotejo-")]


def test_each_entry_has_the_hash_of_its_text_and_names_the_one_before(made):
    previous = "0" * 64
    for number, (seq, text, sha256) in enumerate(entries(made / "case.cotejo"), start=1):
        entry = json.loads(text)
        assert seq == number == entry["seq"]
        assert text == json.dumps(entry, sort_keys=True, separators=(",", ":"))
        assert entry["previous"] == previous
        previous = hashlib.sha256(text.encode()).hexdigest()
        assert previous == sha256


def test_the_log_refuses_changes(case):
    for statement in ("UPDATE audit SET entry = '{}'", "DELETE FROM audit WHERE seq = 1"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            tamper(case, statement, guards=False)


def test_an_edited_entry_is_found_wherever_it_stands(case):
    original = case.read_bytes()
    count = len(entries(case))
    for seq in range(1, count + 1):
        case.write_bytes(original)
        tamper(case, edit_entry(seq, actor="Eve"))
        check = verify_case(case, with_items=False)
        assert [f.message for f in check.findings] == [f"Entry {seq} was edited: it does not match its hash."]
        assert (check.since, check.is_intact) == (seq, False)


def test_a_deleted_entry_is_found_wherever_it_stands(case):
    original = case.read_bytes()
    count = len(entries(case))
    for seq in range(1, count):
        case.write_bytes(original)
        tamper(case, ("DELETE FROM audit WHERE seq = ?", (seq,)))
        check = verify_case(case, with_items=False)
        assert f"Entry {seq} is missing from the log." in [f.message for f in check.findings]
        assert check.since == seq


@pytest.mark.parametrize("kept", [1, 4, 9])
def test_a_log_that_was_cut_off_is_found(case, kept):
    count = len(entries(case))
    tamper(case, ("DELETE FROM audit WHERE seq > ?", (kept,)))
    check = verify_case(case, with_items=False)
    said = f"The log was cut off: entries {kept + 1} to {count} are missing at its end."
    assert said in [f.message for f in check.findings]
    assert check.since <= kept + 1


def test_an_emptied_log_is_found(case):
    count = len(entries(case))
    tamper(case, "DELETE FROM audit")
    assert f"The log was cut off: entries 1 to {count} are missing at its end." in messages(case)


def test_a_cut_that_forges_the_anchor_leaves_records_without_an_entry(case):
    kept = len(entries(case)) - 4
    tamper(
        case,
        ("DELETE FROM audit WHERE seq > ?", (kept,)),
        "UPDATE anchor SET (count, sha256) = (SELECT seq, sha256 FROM audit ORDER BY seq DESC LIMIT 1)",
    )
    said = messages(case)
    assert "Note 1 was added outside the program: no entry of the log speaks of it." in said
    assert "Bookmark 1 was added outside the program: no entry of the log speaks of it." in said


def test_a_cut_below_an_analysis_contradicts_it(case):
    names = [json.loads(text)["action"] for _, text, _ in entries(case)]
    kept = names.index("analysis.started") + 1
    tamper(
        case,
        ("DELETE FROM audit WHERE seq > ?", (kept,)),
        "UPDATE anchor SET (count, sha256) = (SELECT seq, sha256 FROM audit ORDER BY seq DESC LIMIT 1)",
    )
    check = verify_case(case, with_items=False)
    assert f"Entry {kept + 1}, which analysis 1 names, is no longer in the log." in [f.message for f in check.findings]


@pytest.mark.parametrize("seq", [1, 3, 8])
def test_an_entry_edited_with_its_hash_is_found(case, seq):
    def forge(connection):
        edit_entry(seq, purpose="nothing")(connection)
        text = connection.execute("SELECT entry FROM audit WHERE seq = ?", (seq,)).fetchone()[0]
        connection.execute("UPDATE audit SET sha256 = ? WHERE seq = ?", (audit.digest(text), seq))

    tamper(case, forge)
    check = verify_case(case, with_items=False)
    said = f"Entry {seq} was replaced: entry {seq + 1} was written after another one."
    assert said in [f.message for f in check.findings]
    assert check.since == seq


def test_a_chain_that_was_computed_anew_contradicts_the_anchor(case):
    tamper(case, edit_entry(3, actor="Eve"), lambda connection: rehash(connection, 3))
    said = messages(case)
    assert any(m.startswith("The log was rewritten: its last entry is not the one that was noted.") for m in said)
    assert any("which analysis 1 names, was replaced" in m for m in said)


def test_a_chain_computed_anew_with_its_anchor_contradicts_the_analyses(case):
    tamper(case, edit_entry(3, actor="Eve"), lambda connection: rehash(connection, 3, anchor=True))
    check = verify_case(case, with_items=False)
    assert [f.part for f in check.findings] == [Part.LOG]
    assert "which analysis 1 names, was replaced" in check.findings[0].message


def test_only_a_head_noted_outside_finds_a_complete_forgery(case):
    noted = verify_case(case, with_items=False).head
    last = len(entries(case))
    tamper(case, edit_entry(last, purpose="another"), lambda connection: rehash(connection, last, anchor=True))
    assert verify_case(case, with_items=False).is_intact
    check = verify_case(case, with_items=False, head=noted)
    assert [f.message for f in check.findings] == [f"Entry {last} is not the one that was noted outside of the case."]
    assert verify_case(case, with_items=False, head=ChainHead(last - 1, entries(case)[-2][2])).is_intact


def test_exchanged_entries_are_found(case):
    def swap(connection):
        four, five = (connection.execute("SELECT * FROM audit WHERE seq = ?", (n,)).fetchone() for n in (4, 5))
        for seq, (_, text, sha256) in ((4, five), (5, four)):
            connection.execute("UPDATE audit SET entry = ?, sha256 = ? WHERE seq = ?", (text, sha256, seq))

    tamper(case, swap)
    check = verify_case(case, with_items=False)
    said = [f.message for f in check.findings]
    assert "Entry 4 is out of its place: it was written as entry 5." in said
    assert "Entry 5 is out of its place: it was written as entry 4." in said
    assert check.since == 4


def test_an_entry_put_in_is_found(case):
    last = len(entries(case))
    forged = audit.canonical({**json.loads(entries(case)[-1][1]), "seq": last + 1, "previous": entries(case)[-1][2]})
    tamper(case, ("INSERT INTO audit VALUES (?, ?, ?)", (last + 1, forged, audit.digest(forged))))
    assert messages(case) == [f"The log has {last + 1} entries, but the note of its end speaks of {last}."]


def flip(table, column):
    """Turn one byte in the middle of a value over."""

    def change(connection):
        value = bytearray(connection.execute(f"SELECT {column} FROM {table} WHERE id = 1").fetchone()[0])
        value[len(value) // 2] ^= 1
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = 1", (bytes(value),))

    return change


@pytest.mark.parametrize(
    ("table", "column", "said"),
    [
        ("exhibits", "png", "The picture of exhibit 1 does not match its hash."),
        ("predictions", "data", "The numbers of prediction chunk 1 do not match their hash."),
        ("analyses", "document", "The result of analysis 1 does not match its hash."),
        ("analyses", "plan", "Analysis 1 was changed after entry"),
    ],
)
def test_a_changed_byte_is_found(case, table, column, said):
    tamper(case, flip(table, column))
    found = verify_case(case, with_items=False).findings
    assert len(found) == 1
    assert found[0].message.startswith(said)
    assert found[0].since is not None


def test_bytes_that_are_changed_with_their_hash_are_found(case):
    forged = b"another picture"
    sha256 = hashlib.sha256(forged).hexdigest()
    tamper(case, ("UPDATE exhibits SET png = ?, sha256 = ? WHERE id = 2", (forged, sha256)))
    assert len(messages(case)) == 1
    assert messages(case)[0].startswith("Exhibit 2 was changed after entry")


def test_any_changed_value_of_any_record_is_found(case):
    original = case.read_bytes()
    with closing(sqlite3.connect(case)) as connection:
        columns = [
            (table, row[1], row[2])
            for table in schema.EVIDENCE
            for row in connection.execute(f"PRAGMA table_info({table})")
            if row[1] != "id" and not row[1].endswith("_id") and row[2] != "BLOB"
        ]
    assert len(columns) > 40
    for table, column, kind in columns:
        case.write_bytes(original)
        changed = f"coalesce({column}, '') || 'x'" if kind == "TEXT" else f"{column} + 1000"
        tamper(case, f"UPDATE {table} SET {column} = {changed} WHERE id = 1")
        assert not verify_case(case, with_items=False).is_intact, (table, column)


@pytest.mark.parametrize("table", ["settings", "checks", "predictions", "notices", "exhibits", "notes", "bookmarks"])
def test_any_deleted_record_is_found(case, table):
    tamper(case, f"DELETE FROM {table} WHERE id = 1")
    said = messages(case)
    assert len(said) == 1
    assert said[0].endswith("is missing.")


def test_an_inserted_record_is_found(case):
    tamper(case, "INSERT INTO notes (at_utc, author, text) VALUES ('2026-01-01T00:00:00Z', 'Eve', 'He did it.')")
    assert messages(case) == ["Note 3 was added outside the program: no entry of the log speaks of it."]


def test_a_record_that_the_examiner_removed_is_no_finding(case):
    with CaseStore.open(case) as store:
        store.notes.remove(1)
        store.notes.change(2, "The original has come.")
    assert verify_case(case, with_items=False).is_intact
    tamper(case, "INSERT INTO notes (id, at_utc, author, text) VALUES (1, '2026-01-01T00:00:00Z', 'Ana', 'x')")
    assert "and is there again" in messages(case)[0]


def test_a_removed_guard_is_found(case):
    tamper(case, "DROP TRIGGER audit_keeps", guards=False)
    assert messages(case) == ["The guard “audit_keeps” of the file was removed, replaced or added."]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP TABLE bookmarks", "The table “bookmarks” of the file"),
        ("CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM items; END", "The guard “t” of the file"),
    ],
)
def test_another_structure_is_found_and_never_written_to(case, statement, said):
    tamper(case, statement, guards=False)
    assert messages(case)[0] == f"{said} was removed, replaced or added."
    with pytest.raises(CaseError, match="altered outside the program"):
        CaseStore.open(case)


def test_nothing_is_written_to_an_altered_log(case):
    tamper(case, "DELETE FROM audit WHERE seq > 5")
    with pytest.raises(CaseError, match="altered outside the program"):
        CaseStore.open(case)
    assert entries(case) == entries(case)[:5]
    with CaseStore.open(case, read_only=True) as store:
        assert len(store.items.all()) == 2


def test_items_on_disk_are_compared(tmp_path):
    path = make_case(tmp_path)
    make_clip(tmp_path, content=b"Frames")
    (tmp_path / "other.mp4").unlink()
    check = verify_case(path)
    assert [item.state for item in check.items] == [ItemState.CHANGED, ItemState.MISSING]
    assert (check.findings, check.is_intact) == ((), False)
    assert [item.state for item in verify_case(path, with_items=False).items] == [None, None]
    make_clip(tmp_path)
    # a file that is away says nothing of the case
    assert verify_case(path).is_intact


def test_a_verification_can_be_cancelled(made):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        verify_case(made / "case.cotejo", cancel=token)


def test_what_is_no_case_is_refused(tmp_path):
    for name, content in (("text.cotejo", b"some text that is long enough to be a header" * 9), ("empty.cotejo", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CaseError, match="not a case"):
            verify_case(tmp_path / name)
    with pytest.raises(CaseError, match="There is no case"):
        verify_case(tmp_path / "absent.cotejo")


def test_damaged_pages_are_said_and_stop_nothing(case):
    content = bytearray(case.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    middle = len(content) // size // 2 * size
    content[middle : middle + size] = b"\xff" * size
    case.write_bytes(content)
    check = verify_case(case, with_items=False)
    assert not check.is_intact
    assert any(f.part in (Part.FILE, Part.RECORD) for f in check.findings)
