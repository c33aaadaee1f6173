import hashlib
import io
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import av
import cv2
import numpy as np
import pytest
from PIL import Image

import desktop_app
from desktop_app.analysis import exhibits
from desktop_app.analysis.exhibits import CHANCE_MASKS, MAX_SIDE_PX, choose_key_frames
from desktop_app.analysis.explanation import ExplainSession
from desktop_app.analysis.session import LIBRARIES, analyze_item, get_detector, load_result, save_result
from desktop_app.domain import AnalysisRequest, ExhibitKind, Outcome, Sampling, SamplingMode
from desktop_app.errors import CaseError, DeviceError, InputError, ModelError
from desktop_app.explain import deletion, faithfulness, render_overlay
from desktop_app.faces import crop_face
from desktop_app.media import FrameReader, open_item
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.reports.document import result_to_json
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.key_frames import _faith_text
from tests.unit.analysis_scenes import MODEL_ID, build_model, scene, write_clip
from tests.unit.faces_scenes import wall

FRAMES = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory, astronaut):
    """The clip, and the model that every test installs in its own home."""
    folder = tmp_path_factory.mktemp("session")
    build_model(folder / MODEL_ID)
    write_clip(folder / "scene.mp4", scene(astronaut, persons=2), FRAMES)
    return folder


@pytest.fixture(autouse=True)
def _installed(folder, cotejo_home):
    shutil.copytree(folder / MODEL_ID, cotejo_home / "models" / MODEL_ID)


@pytest.fixture
def clip(folder):
    return folder / "scene.mp4"


def ask(path, **changes):
    return replace(AnalysisRequest(path, MODEL_ID, device="cpu", key_frames=2), **changes)


@pytest.fixture(scope="module")
def results(folder, tmp_path_factory):
    """Two results of equal requests."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("COTEJO_HOME", str(home))
        shutil.copytree(folder / MODEL_ID, home / "models" / MODEL_ID)
        item = open_item(folder / "scene.mp4")
        return [analyze_item(ask(item.info.path)), analyze_item(ask(item.info.path), item=item)]


def test_equal_requests_give_equal_results(results):
    first, second = results
    assert first.result_id == second.result_id
    plain = [result_to_json(r) for r in results]
    for document in plain:
        for key in ("started_utc", "finished_utc"):
            document["provenance"].pop(key)
    assert plain[0] == plain[1]


def test_another_question_has_another_id(results, clip):
    ids = {results[0].result_id}
    ids.add(analyze_item(ask(clip, key_frames=0, end_s=0.5)).result_id)
    ids.add(analyze_item(ask(clip, key_frames=0, end_s=0.5, min_face_score=0.9)).result_id)
    ids.add(analyze_item(ask(clip, key_frames=0, end_s=0.5000001)).result_id)
    assert len(ids) == 4


def test_a_result_survives_the_disk(results, tmp_path):
    path = save_result(results[0], tmp_path / "a.json")
    again = load_result(path)
    assert result_to_json(again) == result_to_json(results[0])
    assert again.predictions == results[0].predictions
    assert again.tracks == results[0].tracks
    assert again.verdict == results[0].verdict
    assert again.request == results[0].request
    assert again.provenance == results[0].provenance
    assert [e.png for e in again.exhibits] == [e.png for e in results[0].exhibits]


def test_a_damaged_result_is_refused(results, tmp_path):
    path = save_result(results[0], tmp_path / "a.json")
    path.write_text(path.read_text()[:-500])
    with pytest.raises(CaseError):
        load_result(path)
    with pytest.raises(CaseError):
        load_result(tmp_path / "absent.json")


def test_the_result_adds_up(results):
    r = results[0]
    assert [t.track_id for t in r.tracks] == [1, 2]
    assert r.coverage.in_item == r.coverage.in_range == r.coverage.sampled == r.coverage.decoded == FRAMES
    assert r.coverage.faces_scored == sum(p.p_fake is not None for p in r.predictions) == 2 * FRAMES
    assert r.coverage.faces_gated == 0
    assert sum(t.frames_scored for t in r.tracks) == r.coverage.faces_scored
    assert not r.provenance.aborted


def test_provenance_says_what_the_numbers_depend_on(results, folder):
    p = results[0].provenance
    weights = (folder / MODEL_ID / "weights.pt").read_bytes()
    assert p.weights_sha256 == results[0].card.weights_sha256 == hashlib.sha256(weights).hexdigest()
    assert p.app_version == desktop_app.__version__
    assert [name for name, _ in p.libraries] == list(LIBRARIES)
    assert all(version[0].isdigit() for _, version in p.libraries)
    assert p.started_utc <= p.finished_utc <= datetime.now(UTC)
    assert p.device == "cpu"
    assert {key for key, _ in p.settings} >= {
        "start_s", "end_s", "sampling", "detect_every", "min_face_score", "min_face_px", "batch_size", "max_pose_deg",
    }  # fmt: skip


def decode(exhibit):
    return np.asarray(Image.open(io.BytesIO(exhibit.png)).convert("RGB"))


def test_key_frames_are_the_frames(results, clip):
    pictures = [e for e in results[0].exhibits if e.kind is ExhibitKind.KEY_FRAME]
    assert pictures
    assert len({e.frame_index for e in pictures}) == len(pictures)
    with FrameReader(open_item(clip)) as reader:
        for e in results[0].exhibits:
            frame = reader.frame_at(e.frame_index)
            assert hashlib.sha256(e.png).hexdigest() == e.sha256
            assert (e.pts, e.time_s) == (frame.pts, frame.time_s)
            if e.kind is ExhibitKind.KEY_FRAME:
                assert e.track_id is None
                assert np.array_equal(decode(e), frame.image)
            else:
                (p,) = (p for p in results[0].predictions_of(e.track_id) if p.frame_index == e.frame_index)
                crop = crop_face(frame.image, p.box_xyxy, results[0].card.crop_margin, 320)
                assert np.array_equal(decode(e), crop) == (e.kind is ExhibitKind.FACE_CROP)


def test_heatmaps_say_how_faithful_they_are_in_words_that_the_report_reads(results):
    heats = [e for e in results[0].exhibits if e.kind is ExhibitKind.HEATMAP]
    assert len(heats) == 2
    for heat in heats:
        _, tested = heat.caption.split("; strongest raw activation ")[1].split(". ", 1)
        spanish = _faith_text(Context(results[0], "es"), tested)
        assert spanish.startswith(f"Fidelidad {tested[13:17].replace('.', ',')}: sin el 20")
        assert f"media de {CHANCE_MASKS} máscaras" in spanish


def test_masks_of_chance_are_those_of_the_item_the_frame_and_the_person(clip, monkeypatch):
    seeds = []
    monkeypatch.setattr(
        exhibits, "deletion", lambda *args, seed, **kw: seeds.append(seed) or deletion(*args, seed=seed, **kw)
    )
    for _ in range(2):
        analyze_item(ask(clip, end_s=0.3))
    assert len(set(seeds)) == 2
    assert seeds[:2] == seeds[2:]


def test_large_key_frames_are_shrunk(tmp_path, astronaut):
    image = cv2.resize(scene(astronaut)(0), None, fx=4, fy=4)
    Image.fromarray(image).save(tmp_path / "large.png")
    result = analyze_item(ask(tmp_path / "large.png", key_frames=1))
    shown = decode(result.exhibits[0])
    assert max(shown.shape) == MAX_SIDE_PX
    assert np.array_equal(shown, cv2.resize(image, shown.shape[1::-1], interpolation=cv2.INTER_AREA))


def test_key_frames_are_the_most_suspicious_apart_in_time_and_one_for_contrast(results):
    rows = [replace(p, p_fake=0.9 - 0.01 * i) for i, p in enumerate(results[0].predictions_of(1))]
    chosen = choose_key_frames(rows, 3)
    assert [p.frame_index for p in chosen] == [0, 13, 39]
    assert [p.frame_index for p in choose_key_frames(rows, 1)] == [0]
    assert choose_key_frames(rows, 0) == []
    assert choose_key_frames([], 5) == []
    stray = [replace(p, track_id=2, p_fake=0.99) for p in rows[:2]]
    assert {p.track_id for p in choose_key_frames([*rows, *stray], 4)} == {1}
    assert {p.track_id for p in choose_key_frames(stray, 4)} == {2}


def test_a_picture_is_one_frame_without_an_interval(tmp_path, astronaut):
    Image.fromarray(scene(astronaut)(0)).save(tmp_path / "a.png")
    result = analyze_item(ask(tmp_path / "a.png"))
    assert len(result.predictions) == 1
    assert result.verdict.p_fake == pytest.approx(result.predictions[0].p_fake, abs=1e-6)
    assert result.verdict.interval is None
    assert result.verdict.outcome is not Outcome.NO_USABLE_FACE
    assert len(result.exhibits) == 3


def test_an_animated_picture_is_examined_like_a_clip(tmp_path, astronaut):
    draw = scene(astronaut)
    pictures = [Image.fromarray(draw(4 * i)) for i in range(8)]
    pictures[0].save(tmp_path / "a.png", save_all=True, append_images=pictures[1:], duration=80)
    result = analyze_item(ask(tmp_path / "a.png"))
    assert result.coverage.sampled == result.coverage.with_face == 8
    assert len(result.tracks) == 1


def test_without_a_face_nothing_is_said(tmp_path):
    write_clip(tmp_path / "wall.mp4", lambda i: wall(), 12)
    result = analyze_item(ask(tmp_path / "wall.mp4"))
    assert (result.verdict.outcome, result.verdict.p_fake) == (Outcome.NO_USABLE_FACE, None)
    assert (result.tracks, result.predictions, result.exhibits) == ((), (), ())
    assert result.coverage.decoded == 12
    (notice,) = result.notices
    assert (notice.code, notice.frame_index, notice.count) == ("no_face", 0, 12)


def test_damaged_frames_are_told_once(clip, tmp_path):
    with av.open(str(clip)) as source, av.open(str(tmp_path / "broken.ts"), "w") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                out.mux(packet)
    data = bytearray((tmp_path / "broken.ts").read_bytes())
    for offset in range(len(data) // 2, len(data) // 2 + 20 * 188, 188):
        data[offset + 40 : offset + 100] = bytes(60)
    (tmp_path / "broken.ts").write_bytes(data)
    item = open_item(tmp_path / "broken.ts")
    result = analyze_item(ask(tmp_path / "broken.ts", key_frames=0))
    assert result.coverage.corrupt > 0
    opened, told = ([n for n in notices if n.code == "corrupt_frame"] for notices in (item.notices, result.notices))
    assert opened == told
    assert sum(n.count for n in told) == result.coverage.corrupt


def test_times_of_a_variable_rate_are_those_of_the_file(tmp_path, astronaut):
    late = set(range(1, 20, 2))
    clip = write_clip(tmp_path / "vfr.mp4", scene(astronaut), 20, late=late)
    result = analyze_item(ask(clip, key_frames=0, sampling=Sampling(SamplingMode.PER_SECOND, 5.0)))
    assert result.media.is_vfr
    index = open_item(clip).index
    assert [p.frame_index for p in result.predictions] == [0, 5, 10, 15]
    assert [p.time_s for p in result.predictions] == [float(index.time_s[i]) for i in (0, 5, 10, 15)]


def test_a_partial_result_says_so(clip):
    cancel = CancelToken()
    result = analyze_item(ask(clip, batch_size=8), cancel=cancel, on_prediction=lambda batch: cancel.cancel())
    assert result.provenance.aborted
    assert 0 < result.coverage.decoded < result.coverage.sampled == FRAMES
    assert [n.code for n in result.notices] == ["aborted"]
    assert result.exhibits == ()
    assert result.tracks
    assert result_to_json(result)["provenance"]["aborted"] is True


def test_cancelling_while_pictures_are_made_keeps_the_scores(clip):
    cancel = CancelToken()

    def on_progress(progress):
        if progress.stage == "exhibits":
            cancel.cancel()

    result = analyze_item(ask(clip), on_progress, cancel)
    assert result.provenance.aborted
    assert result.coverage.decoded == FRAMES


def test_cancelling_while_a_heatmap_is_drawn_leaves_its_test_out(clip, monkeypatch):
    cancel, scored = CancelToken(), []

    def draw(*args):
        cancel.cancel()
        return render_overlay(*args)

    monkeypatch.setattr(exhibits, "render_overlay", draw)
    monkeypatch.setattr(faithfulness, "without", lambda *args: scored.append(args))
    result = analyze_item(ask(clip, end_s=0.3), cancel=cancel)
    assert (result.provenance.aborted, result.exhibits, scored) == (True, (), [])


def test_cancelling_before_anything_was_analysed_gives_no_result(clip):
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        analyze_item(ask(clip), cancel=cancel, on_started=lambda item, card: cancel.cancel())


def test_a_partial_result_without_faces_is_still_a_result(tmp_path):
    clip = write_clip(tmp_path / "wall.mp4", lambda i: wall(), 300)
    cancel = CancelToken()

    def on_progress(progress):
        if progress.stage == "analyse" and progress.done >= 64:
            cancel.cancel()

    result = analyze_item(ask(clip), on_progress, cancel)
    assert result.provenance.aborted
    assert 64 <= result.coverage.decoded < 300


@pytest.fixture
def copy(clip, tmp_path):
    return shutil.copy(clip, tmp_path / "copy.mp4")


def test_an_item_that_changed_after_it_was_opened_is_refused(copy):
    item = open_item(copy)
    with copy.open("ab") as file:
        file.write(b"x")
    with pytest.raises(InputError, match="changed"):
        analyze_item(ask(copy), item=item)


def test_an_item_that_changes_during_the_analysis_has_no_result(copy):
    def change(_):
        os.utime(copy, ns=(1, copy.stat().st_mtime_ns + 10**9))

    for key_frames in (0, 2):
        with pytest.raises(InputError, match="changed"):
            analyze_item(ask(copy, key_frames=key_frames, end_s=0.2), on_prediction=change)


def test_an_item_that_is_gone_is_an_error_of_its_own(copy):
    item = open_item(copy)
    copy.unlink()
    for opened in (item, None):
        with pytest.raises(InputError, match=r"copy\.mp4"):
            analyze_item(ask(copy), item=opened)


def test_models_and_devices_that_are_not_there_are_named(clip):
    with pytest.raises(ModelError, match="no-such"):
        analyze_item(ask(clip, model_id="no-such"))
    with pytest.raises(DeviceError, match="abacus"):
        analyze_item(ask(clip, device="abacus"))


def test_a_model_is_loaded_once_and_heatmaps_have_their_own():
    assert get_detector(MODEL_ID, "cpu") is get_detector(MODEL_ID, "cpu")
    assert get_detector(MODEL_ID, "cpu", "heatmaps") is not get_detector(MODEL_ID, "cpu")


def test_a_new_card_for_the_same_weights_takes_effect(clip, cotejo_home):
    before = analyze_item(ask(clip, end_s=0.1, key_frames=0)).predictions[0]
    card = cotejo_home / "models" / MODEL_ID / "card.toml"
    card.write_text(card.read_text().replace("bias = -0.1", "bias = 1.9"))
    after = analyze_item(ask(clip, end_s=0.1, key_frames=0)).predictions[0]
    assert after.logit == before.logit
    assert after.p_fake > before.p_fake


def test_a_heatmap_explains_the_same_score(results, clip):
    p = results[0].predictions[10]
    session = ExplainSession(MODEL_ID, "cpu")
    item = open_item(clip)
    heatmap = session.heatmap(item, p.frame_index, p, "fake")
    assert heatmap.p_fake == pytest.approx(p.p_fake, abs=1e-4)
    assert heatmap.target_class == "fake"
    with pytest.raises(InputError):
        session.heatmap(item, p.frame_index, p, "colour")
    session.close()
    assert session.heatmap(item, p.frame_index, p).frame_index == p.frame_index
    session.close()
