import itertools
import random

from desktop_app.analysis.notices import NoticeLog, in_order
from desktop_app.domain import Notice, Stage


def test_a_stretch_is_one_notice_that_counts_its_frames():
    log = NoticeLog()
    for position in range(1000):
        log.add(Stage.QUALITY, "gate_too_small", position * 2, position, "3", 3)
    (notice,) = log.notices()
    assert (notice.frame_index, notice.count, notice.code) == (0, 1000, "gate_too_small")
    assert notice.message == "Person 3 was not scored in 1000 frames from 0 to 1998: too small."


def test_a_single_frame_reads_as_one():
    log = NoticeLog()
    log.add(Stage.QUALITY, "gate_turned_away", 9, 9, "1", 1)
    log.add(Stage.FACES, "unconfirmed_face", 9, 9, "[1, 2, 3, 4]")
    assert [n.message for n in log.notices()] == [
        "Person 1 was not scored in this frame: turned away.",
        "What looked like a face at [1, 2, 3, 4] was seen too briefly to be one, and left out.",
    ]


def test_a_pause_another_person_and_another_reason_are_notices_of_their_own():
    log = NoticeLog()
    for position in (0, 1, 3):
        log.add(Stage.QUALITY, "gate_too_dark", position, position, "1", 1)
    log.add(Stage.QUALITY, "gate_too_dark", 1, 1, "2", 2)
    log.add(Stage.QUALITY, "gate_too_small", 2, 2, "1", 1)
    found = [(n.frame_index, n.count, n.code, n.message.split()[1]) for n in in_order(log.notices())]
    assert found == [
        (0, 2, "gate_too_dark", "1"),
        (1, 1, "gate_too_dark", "2"),
        (2, 1, "gate_too_small", "1"),
        (3, 1, "gate_too_dark", "1"),
    ]


def test_every_frame_is_counted_once_whatever_the_pattern():
    chance = random.Random(0)
    for _ in range(50):
        log, times = NoticeLog(), 0
        for position in range(80):
            for track, code in itertools.product((1, 2), ("gate_too_dark", "gate_too_small")):
                if chance.random() < 0.4:
                    log.add(Stage.QUALITY, code, position, position, str(track), track)
                    times += 1
        assert sum(n.count for n in log.notices()) == times


def test_the_order_does_not_depend_on_who_was_first():
    notices = [
        Notice(Stage.ANALYSIS, "aborted", "a"),
        Notice(Stage.MEDIA, "truncated", "b"),
        Notice(Stage.QUALITY, "gate_too_dark", "c", 4),
        Notice(Stage.MEDIA, "corrupt_frame", "d", 4),
        Notice(Stage.MEDIA, "corrupt_frame", "e", 0),
    ]
    wanted = [notices[i] for i in (1, 0, 4, 3, 2)]
    for order in itertools.permutations(notices):
        assert in_order(order) == wanted
