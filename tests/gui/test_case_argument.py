"""A case that is named on the command line, as by a double click on it, is opened as a case."""

from desktop_app.cases import CaseStore


def test_a_case_on_the_command_line_is_opened(open_window, qtbot, plain_clip, tmp_path):
    path = tmp_path / "2026-17.cotejo"
    with CaseStore.create(path) as case:
        case.items.add(plain_clip)
    window = open_window(path)
    qtbot.waitUntil(lambda: len(window.desk.cases.entries) == 1, timeout=20_000)
    assert window.desk.cases.info.path == path
