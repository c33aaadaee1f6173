import shutil

import cv2
import numpy as np
import pytest

from desktop_app.analysis.intake import read_item_traces, take_in
from desktop_app.cases import CaseStore
from desktop_app.media import open_item
from desktop_app.media.preview import HEIGHT_PX, preview_of
from tests.unit.media_clips import Clip, make_clip


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return make_clip(tmp_path_factory.mktemp("preview") / "clip.mp4", Clip(".mp4", "libx264", frames=24))


def test_a_preview_is_the_middle_frame(clip):
    item = open_item(clip)
    picture = cv2.imdecode(np.frombuffer(preview_of(item), np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape[0] == HEIGHT_PX
    assert picture.shape[1] == pytest.approx(HEIGHT_PX * item.info.width_px / item.info.height_px, abs=1)


def test_what_is_not_there_has_none(clip, tmp_path):
    item = open_item(shutil.copy(clip, tmp_path / "gone.mp4"))
    item.info.path.unlink()
    assert preview_of(item) is None


def test_a_case_keeps_it_when_the_file_is_away(clip, tmp_path):
    from desktop_app.ui.case_services import _entry_of

    path = tmp_path / "case.cotejo"
    item = open_item(shutil.copy(clip, tmp_path / "clip.mp4"))
    with CaseStore.create(path) as case:
        item_id = take_in(case, item).item_id
        read_item_traces(case, item_id, item=item)
    item.info.path.unlink()
    with CaseStore.open(path, read_only=True) as case:
        thumb = _entry_of(case, case.items.get(item_id)).thumb
    assert thumb is not None
    assert thumb.height() > 0
