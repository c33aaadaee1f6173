"""Files that leave the window and come back: exports, archives of cases, verification."""

import hashlib
import shutil
from dataclasses import replace
from functools import cache

import av
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from desktop_app.cases import CaseStore
from desktop_app.domain.cases import ItemState
from desktop_app.ui.check_dialog import BAD, GOOD, CheckDialog
from desktop_app.ui.dialogs import MessageDialog
from tests.factories import make_result
from tests.gui.conftest import wait_shown
from tests.unit.media_clips import Clip, make_clip
from tests.unit.seal_reports import make_case_report, write_report


def settled(qtbot, window):
    cases = window.desk.cases
    qtbot.waitUntil(lambda: not window.desk.worker.wanted and cases.queue.running is None, timeout=60_000)


def shown(qtbot, window, kind):
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(kind)), timeout=20_000)
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def choose(qtbot, window, path):
    """Answer the file dialog that stands in the window."""
    dialog = shown(qtbot, window, QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    qtbot.waitUntil(lambda: not any(d.isVisible() for d in window.findChildren(QFileDialog) if d is dialog))


stored_result = cache(lambda: make_result(frames=36))


@pytest.fixture
def case(tmp_path):
    """A case with a clip that has sound, and a stored result."""
    folder = tmp_path / "case"
    folder.mkdir()
    clip = make_clip(folder / "clip.mp4", Clip(".mp4", "libx264", audio=True))
    with CaseStore.create(folder / "Case 9.cotejo") as store:
        item, result = store.items.add(clip), stored_result()
        media = replace(result.media, path=clip, sha256=item.sha256, sha512=item.sha512)
        result = replace(result, media=media, request=replace(result.request, path=clip))
        store.analyses.add_result(item.item_id, result)
    return folder / "Case 9.cotejo"


@pytest.fixture
def window(open_window, qtbot, case):
    """A window with that case, its item on the desk."""
    made = open_window()
    made.front.open_name(str(case))
    qtbot.waitUntil(lambda: made.desk.result is not None, timeout=20_000)
    wait_shown(qtbot, made, 0)
    settled(qtbot, made)
    return made


def export(qtbot, window, kind, path):
    with qtbot.waitSignal(window.desk.exported, timeout=60_000):
        window.table[f"export_{kind}"].trigger()
        choose(qtbot, window, path)
    settled(qtbot, window)


@pytest.mark.parametrize("kind", ["csv", "json", "video"])
def test_an_export_has_its_checksum_and_its_entry_in_the_log(window, qtbot, tmp_path, kind):
    path = tmp_path / f"out.{kind}"
    path = path.with_suffix(".mp4") if kind == "video" else path
    export(qtbot, window, kind, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.with_name(f"{path.name}.sha256").read_text() == f"{digest}  {path.name}\n"
    log = window.desk.cases.file.store.audit_log()
    assert log[-1].action == "result.exported"
    assert log[-1].details["files"] == {path.name: digest}
    assert log[-2].action == "item.checked"
    assert not [d for d in window.findChildren(MessageDialog) if d.isVisible()]
    if kind == "video":
        with av.open(str(path)) as made:
            assert len(made.streams.audio) == 1


def test_key_frames_go_into_a_folder(window, qtbot, tmp_path):
    export(qtbot, window, "frames", tmp_path / "frames")
    sums = (tmp_path / "frames" / "SHA256SUMS").read_bytes()
    assert b"-marked.png" in sums
    entry = window.desk.cases.file.store.audit_log()[-1]
    assert entry.details["files"] == {"frames": hashlib.sha256(sums).hexdigest()}


def test_an_export_of_a_deviating_item_says_so(window, qtbot, tmp_path):
    clip = window.desk.item.info.path
    window.table["close"].trigger()
    clip.rename(clip.with_name("elsewhere.mp4"))
    window.desk.show_item(1)
    qtbot.waitUntil(lambda: window.desk.result is not None, timeout=20_000)
    for dialog in window.findChildren(MessageDialog):
        dialog.close()
    export(qtbot, window, "csv", tmp_path / "out.csv")
    assert "could not be compared with its intake" in shown(qtbot, window, MessageDialog).message
    assert window.desk.cases.file.store.items.checks(1)[-1].state is ItemState.MISSING


def test_a_case_goes_into_a_zip_and_comes_back(window, qtbot, tmp_path):
    archive, folder = tmp_path / "Case 9.zip", tmp_path / "other"
    folder.mkdir()
    window.table["export_case"].trigger()
    choose(qtbot, window, archive)
    dialog = shown(qtbot, window, CheckDialog)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert [line.mark for line in dialog.lines][:1] == [GOOD]
    assert any(digest in line.text for line in dialog.lines)
    assert archive.with_name("Case 9.zip.sha256").read_text().startswith(digest)
    dialog.close()
    settled(qtbot, window)
    assert window.desk.cases.file.store.audit_log()[-1].action == "case.archived"
    window.table["import_case"].trigger()
    choose(qtbot, window, archive)
    choose(qtbot, window, folder)
    dialog = shown(qtbot, window, CheckDialog)
    assert dialog.lines[0].text == "Case 9.cotejo was unpacked and is intact."
    qtbot.mouseClick(dialog.buttons.itemAt(1).widget(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.desk.cases.info.path == folder / "Case 9.cotejo", timeout=20_000)
    wait_shown(qtbot, window, 0)
    assert window.desk.item.info.path.parent.parent.parent == folder


def test_a_damaged_archive_is_never_called_intact(window, qtbot, tmp_path):
    archive = tmp_path / "Case 9.zip"
    window.table["export_case"].trigger()
    choose(qtbot, window, archive)
    shown(qtbot, window, CheckDialog).close()
    settled(qtbot, window)
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    archive.write_bytes(data)
    window.table["import_case"].trigger()
    choose(qtbot, window, archive)
    with qtbot.waitSignal(window.desk.worker.busy_changed, timeout=20_000):
        choose(qtbot, window, tmp_path / "fresh")
    settled(qtbot, window)
    # a damaged case is refused as a whole, a damaged item is left out
    refused = any(dialog.isVisible() for dialog in window.findChildren(MessageDialog))
    assert refused or next(d for d in window.findChildren(CheckDialog) if d.isVisible()).lines[0].mark == BAD


def test_a_report_is_verified_and_compared_with_the_open_case(open_window, qtbot, tmp_path):
    case, report = make_case_report(tmp_path)
    window = open_window()
    window.table["verify"].trigger()
    choose(qtbot, window, report)
    dialog = shown(qtbot, window, CheckDialog)
    assert dialog.lines[0].text == "report.pdf: intact"
    assert {line.mark for line in dialog.lines} == {GOOD, "plain"}
    assert dialog.buttons.count() == 2
    dialog.close()
    window.front.open_name(str(case))
    qtbot.waitUntil(lambda: window.desk.cases.info is not None, timeout=20_000)
    settled(qtbot, window)
    for other in window.findChildren(MessageDialog):
        other.close()
    window.table["verify"].trigger()
    choose(qtbot, window, report)
    dialog = shown(qtbot, window, CheckDialog)
    qtbot.mouseClick(dialog.buttons.itemAt(1).widget(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any("holds the same result" in text for text in words(window)), timeout=20_000)


def words(window):
    return [x.text() for d in window.findChildren(CheckDialog) if d.isVisible() for x in d.findChildren(QLabel)]


def test_an_altered_report_and_an_altered_case_are_marked(open_window, qtbot, tmp_path, case):
    report = write_report(tmp_path)
    data = report.read_bytes()
    report.write_bytes(data.replace(b"/Rotate 0", b"/Rotate 9") + b"\n% appended\n")
    window = open_window()
    window.table["verify"].trigger()
    choose(qtbot, window, report)
    dialog = shown(qtbot, window, CheckDialog)
    assert dialog.lines[0].mark == BAD
    dialog.close()
    # until then the action is off
    settled(qtbot, window)
    shutil.copy(case, tmp_path / "copy.cotejo")
    before = (case.parent / "clip.mp4").read_bytes()
    (case.parent / "clip.mp4").write_bytes(before + b"more")
    window.table["verify"].trigger()
    choose(qtbot, window, tmp_path / "copy.cotejo")
    qtbot.waitUntil(lambda: any("its content has changed" in text for text in words(window)), timeout=20_000)
