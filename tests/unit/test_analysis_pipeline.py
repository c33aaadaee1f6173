import gc
import shutil
import threading
import time
import weakref
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from desktop_app.analysis import pipeline as room
from desktop_app.analysis.pipeline import FACE_QUEUE, FRAME_QUEUE, Pipeline, score_crops
from desktop_app.detectors import load_card, load_detector
from desktop_app.domain import AnalysisRequest, FaceDetection, Frame, Sampling, SamplingMode
from desktop_app.errors import DeviceError, InputError, ModelError
from desktop_app.faces import FaceDetector, QualityLimits
from desktop_app.media import FrameReader, open_item
from desktop_app.progress import Cancelled, CancelToken, ignore_progress
from tests.unit.analysis_scenes import INPUT_PX, MODEL_ID, build_model, scene, write_clip

FRAMES = 40
LIMITS = QualityLimits()
WITHIN_S = 5.0  # a dead lock would last for ever; a busy machine is slow


@pytest.fixture(scope="module")
def clip(tmp_path_factory, astronaut):
    return write_clip(tmp_path_factory.mktemp("clip") / "scene.mp4", scene(astronaut, persons=2), FRAMES)


@pytest.fixture(scope="module")
def item(clip):
    return open_item(clip)


@pytest.fixture(scope="module")
def detector(tmp_path_factory):
    folder = build_model(tmp_path_factory.mktemp("models") / MODEL_ID)
    return load_detector(load_card(folder / "card.toml"), folder, "cpu")


@pytest.fixture(scope="module")
def faces():
    return FaceDetector()


def request(item, **changes):
    return replace(AnalysisRequest(item.info.path, MODEL_ID, device="cpu", batch_size=8), **changes)


def run(item, detector, faces, limits=LIMITS, on_progress=ignore_progress, cancel=None, on_batch=None, **changes):
    whole = Pipeline(request(item, **changes), item, detector, faces, limits)
    return whole.run(on_progress, cancel or CancelToken(), on_batch or (lambda batch: None))


@pytest.fixture(scope="module")
def reference(item, detector, faces):
    return run(item, detector, faces)


class Moody:
    """A face detector that takes its time now and then."""

    def __init__(self, faces, seed):
        self._faces, self._chance = faces, np.random.default_rng(seed)

    def detect(self, images, indices):
        time.sleep(self._chance.uniform(0, 0.03))
        return self._faces.detect(images, indices)


class Failing:
    """Stands for any stage's tool: works `good` times, then raises."""

    def __init__(self, tool, method, good, error):
        self._tool, self._good, self._error = tool, good, error
        setattr(self, method, self._work(getattr(tool, method)))

    def __getattr__(self, name):
        return getattr(self._tool, name)

    def _work(self, method):
        def work(*args):
            self._good -= 1
            if self._good < 0:
                raise self._error
            return method(*args)

        return work


def test_every_frame_goes_through_in_order(reference):
    out = reference
    assert (out.sampled, out.decoded, out.with_face, out.aborted) == (FRAMES, FRAMES, FRAMES, False)
    assert [(p.frame_index, p.track_id) for p in out.predictions] == [(i, t) for i in range(FRAMES) for t in (1, 2)]
    assert all(p.p_fake is not None and p.gate is None for p in out.predictions)
    assert {p.is_interpolated for p in out.predictions} == {True, False}
    assert out.notices == []


def test_scores_are_those_of_the_crops_themselves(reference, item, detector):
    p = reference.predictions[-1]
    with FrameReader(item) as reader:
        image = reader.frame_at(p.frame_index).image
    card = detector.card
    crop = room.crop_for(card, image, p.box_xyxy)
    ((logit, p_fake, label),) = score_crops(detector, [crop])
    assert (p.logit, p.p_fake, p.label) == (pytest.approx(logit, abs=1e-4), pytest.approx(p_fake, abs=1e-4), label)


@pytest.mark.parametrize("seed", [1, 2])
def test_two_runs_are_equal_to_the_bit_whatever_the_timing(reference, item, detector, faces, seed):
    slow_callback = np.random.default_rng(seed)
    again = run(
        item, detector, Moody(faces, seed), on_batch=lambda batch: time.sleep(float(slow_callback.uniform(0, 0.03)))
    )
    assert again == reference


def test_batches_come_in_order_while_it_works(item, detector, faces, reference):
    batches, reports = [], []
    run(item, detector, faces, on_batch=batches.append, on_progress=reports.append)
    assert len(batches) >= FRAMES * 2 // 10
    assert [p for batch in batches for p in batch] == reference.predictions
    done = [r.done for r in reports]
    assert done == sorted(done)
    assert (reports[-1].stage, reports[-1].done, reports[-1].total) == ("analyse", FRAMES, FRAMES)


def test_sampling_leaves_frames_out(item, detector, faces):
    out = run(item, detector, faces, sampling=Sampling(SamplingMode.EVERY_NTH, 7.0), start_s=0.2)
    assert sorted({p.frame_index for p in out.predictions}) == [5, 12, 19, 26, 33]


def test_a_range_of_one_frame_is_examined(item, detector, faces):
    out = run(item, detector, faces, start_s=0.4, end_s=0.41)
    assert [(p.frame_index, p.track_id) for p in out.predictions] == [(10, 1), (10, 2)]


def test_gated_faces_are_merged_notices_and_no_scores(item, detector, faces):
    out = run(item, detector, faces, limits=QualityLimits(min_face_px=1000))
    assert len(out.predictions) == 2 * FRAMES
    assert all(p.gate == "too_small" and p.p_fake is None and p.logit is None for p in out.predictions)
    assert [(n.code, n.count, n.frame_index) for n in out.notices] == [("gate_too_small", FRAMES, 0)] * 2


@pytest.mark.parametrize("batch_size", [1, 7, 500])
def test_the_batch_size_changes_no_box_and_hardly_a_score(item, detector, faces, reference, batch_size):
    out = run(item, detector, faces, batch_size=batch_size)
    assert [p.box_xyxy for p in out.predictions] == [p.box_xyxy for p in reference.predictions]
    ours, theirs = ([p.p_fake for p in o.predictions] for o in (out, reference))
    assert np.allclose(ours, theirs, atol=1e-4)


def test_cancelling_takes_effect_after_the_batch(item, detector, faces, reference):
    cancel, batches = CancelToken(), []

    def on_batch(batch):
        batches.append(batch)
        if len(batches) == 2:
            cancel.cancel()

    out = run(item, detector, faces, cancel=cancel, on_batch=on_batch)
    assert out.aborted
    assert len(batches) == 2
    assert out.predictions == [p for batch in batches for p in batch]
    assert out.predictions == reference.predictions[: len(out.predictions)]
    assert out.decoded == out.with_face == len(out.predictions) // 2 < FRAMES == out.sampled


def test_cancelling_does_not_wait_for_the_next_frame(item, detector, faces):
    cancel, entered = CancelToken(), threading.Event()

    class Slow:
        def detect(self, images, indices):
            entered.set()
            time.sleep(0.3)
            return faces.detect(images, indices)

    def stop():
        entered.wait(WITHIN_S)
        cancel.cancel()

    thread = threading.Thread(target=stop)
    thread.start()
    started = time.monotonic()
    out = run(item, detector, Slow(), cancel=cancel)
    thread.join()
    assert out.aborted
    assert out.decoded == 0
    assert time.monotonic() - started < WITHIN_S


def test_a_run_that_is_cancelled_beforehand_does_nothing(item, detector, faces):
    cancel = CancelToken()
    cancel.cancel()
    out = run(item, detector, faces, cancel=cancel)
    assert (out.aborted, out.decoded, out.predictions) == (True, 0, [])


@pytest.mark.parametrize("good", [0, 3])
@pytest.mark.parametrize("error", [DeviceError("memory ran out"), RuntimeError("torch"), Cancelled(), MemoryError()])
def test_an_error_of_the_search_reaches_the_caller(item, detector, faces, good, error):
    with pytest.raises(type(error)) as caught:
        run(item, detector, Failing(faces, "detect", good, error))
    assert caught.value is error


@pytest.mark.parametrize("good", [0, 2])
def test_an_error_of_the_score_reaches_the_caller(item, detector, faces, good):
    error = DeviceError("memory ran out")
    with pytest.raises(DeviceError) as caught:
        run(item, Failing(detector, "predict", good, error), faces)
    assert caught.value is error


@pytest.mark.parametrize("good", [0, 1, 20])
def test_an_error_of_the_decoder_reaches_the_caller(item, detector, faces, monkeypatch, good):
    error = OSError("the drive is gone")
    monkeypatch.setattr(room, "FrameReader", lambda item: Cracked(item, good, error))
    with pytest.raises(OSError, match="the drive is gone"):
        run(item, detector, faces)


class Cracked(FrameReader):
    def __init__(self, item, good, error):
        super().__init__(item)
        self._good, self._failure = good, error

    def frames(self, start=0, stop=None, step=1):
        self._good -= 1
        if self._good < 0:
            raise self._failure
        return super().frames(start, stop, step)


@pytest.mark.parametrize("callback", ["on_batch", "on_progress"])
def test_a_callback_that_raises_ends_the_run(item, detector, faces, callback):
    def raise_it(_):
        raise LookupError("the curve is gone")

    with pytest.raises(LookupError, match="the curve is gone"):
        run(item, detector, faces, **{callback: raise_it})


def test_a_callback_that_cancels_by_exception_leaves_a_partial_result(item, detector, faces):
    def raise_it(_):
        raise Cancelled

    out = run(item, detector, faces, on_batch=raise_it)
    assert out.aborted
    assert out.predictions


def test_a_score_that_is_no_number_is_never_passed_on(item, detector, faces):
    broken = SimpleNamespace(card=detector.card, predict=lambda crops: np.full((len(crops), 2), np.nan, np.float32))
    with pytest.raises(ModelError, match="no number"):
        run(item, broken, faces)


def test_damaged_frames_are_counted_and_noted(tmp_path, clip, detector, faces):
    data = bytearray(clip.read_bytes())
    start = data.find(b"mdat")
    for offset in range(start + 9000, len(data) - 3000, 1700):
        data[offset : offset + 60] = bytes(60)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(data)
    item = open_item(broken)
    out = run(item, detector, faces)
    corrupt = sum(n.count for n in out.notices if n.code == "corrupt_frame")
    missing = sum(n.count for n in out.notices if n.code == "undecodable_frame")
    assert corrupt == out.corrupt
    assert missing == out.sampled - out.decoded
    assert corrupt + missing > 0


class Missing(FrameReader):
    """Every third frame does not decode."""

    def frames(self, start=0, stop=None, step=1):
        return iter(()) if start % 3 == 1 else super().frames(start, stop, step)


def test_a_frame_that_does_not_decode_is_a_notice(item, detector, faces, monkeypatch):
    monkeypatch.setattr(room, "FrameReader", Missing)
    reports = []
    out = run(item, detector, faces, on_progress=reports.append)
    assert [(n.code, n.frame_index) for n in out.notices] == [("undecodable_frame", i) for i in range(1, FRAMES, 3)]
    assert out.decoded == FRAMES - len(out.notices)
    assert reports[-1].done == reports[-1].total == FRAMES


def test_a_cancelled_run_speaks_only_of_what_it_covered(item, detector, faces, monkeypatch):
    monkeypatch.setattr(room, "FrameReader", Missing)
    cancel = CancelToken()
    out = run(item, detector, faces, cancel=cancel, on_batch=lambda batch: cancel.cancel())
    last = out.predictions[-1].frame_index
    assert [n.frame_index for n in out.notices] == list(range(1, last, 3))


def test_the_faceless_frames_of_a_long_clip_take_no_memory(detector, monkeypatch):
    count, live, most = 3000, 0, 0

    def forget():
        nonlocal live
        live -= 1

    class Endless:
        def __init__(self, item):
            self._item = item

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def frames(self, start, stop):
            nonlocal live, most
            image = np.full((24, 32, 3), start % 7, np.uint8)
            weakref.finalize(image, forget)
            live += 1
            most = max(most, live)
            yield Frame(start, start, start / 25, image)

    times = np.arange(count) / 25
    item = SimpleNamespace(index=SimpleNamespace(time_s=times), info=SimpleNamespace(path="x", duration_s=count / 25))
    nobody = SimpleNamespace(detect=lambda images, indices: [[] for _ in images])
    monkeypatch.setattr(room, "FrameReader", Endless)
    out = Pipeline(AnalysisRequest("x", MODEL_ID), item, detector, nobody, LIMITS).run(
        ignore_progress, CancelToken(), lambda batch: None
    )
    assert out.decoded == count
    assert most < 2 * FRAME_QUEUE + 24
    gc.collect()
    assert live <= 1


def test_a_slow_score_holds_the_other_stages_back(detector, monkeypatch):
    """Crops wait in the bounded queue, whole pictures in a shorter one: the reader cannot run ahead."""
    read, scored, ahead = 0, 0, []

    class Endless:
        def __init__(self, item):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def frames(self, start, stop):
            nonlocal read
            read += 1
            image = np.random.default_rng(0).integers(0, 255, (120, 160, 3), dtype=np.uint8)
            yield Frame(start, start, start / 25, image)

    def detect(images, indices):
        marks = np.array([[50, 50], [70, 50], [60, 60], [52, 72], [68, 72]], np.float32)
        return [[FaceDetection(i, (30.0, 30.0, 90.0, 90.0), 0.99, marks.copy())] for i in indices]

    def predict(crops):
        nonlocal scored
        time.sleep(0.01)
        scored += len(crops)
        ahead.append(read - scored)
        return np.zeros((len(crops), 2), np.float32)

    times = np.arange(400) / 25
    item = SimpleNamespace(index=SimpleNamespace(time_s=times), info=SimpleNamespace(path="x", duration_s=16.0))
    slow = SimpleNamespace(card=detector.card, predict=predict)
    monkeypatch.setattr(room, "FrameReader", Endless)
    request = AnalysisRequest("x", MODEL_ID, batch_size=4)
    anyone = QualityLimits(min_sharpness=0.0, min_exposure=0.0, max_exposure=1.0, max_pose_deg=180.0)
    out = Pipeline(request, item, slow, SimpleNamespace(detect=detect), anyone).run(
        ignore_progress, CancelToken(), lambda batch: None
    )
    assert len(out.predictions) == 400
    assert max(ahead) <= FRAME_QUEUE + FACE_QUEUE + 24


def test_no_crops_make_no_call(detector):
    assert score_crops(detector, []) == []
    (one,) = score_crops(detector, [np.zeros((INPUT_PX, INPUT_PX, 3), np.uint8)])
    assert 0.0 <= one[1] <= 1.0


def test_a_file_that_vanishes_is_said(tmp_path, clip, detector, faces):
    copy = tmp_path / "copy.mp4"
    shutil.copy(clip, copy)
    item = open_item(copy)
    copy.unlink()
    with pytest.raises(InputError, match=r"copy\.mp4"):
        run(item, detector, faces)
