"""Items are scored by the shipped pipeline, kept, and judged at a threshold that is not chosen on them."""

import json
import shutil
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

import desktop_app
from desktop_app.analysis.pipeline import score_crops
from desktop_app.analysis.session import analyze_item, get_detector
from desktop_app.detectors import CARD_FILE, calibrate, find_card, load_card, write_card
from desktop_app.detectors.nets import build_net
from desktop_app.detectors.preprocess import to_tensor
from desktop_app.detectors.weights import file_sha256
from desktop_app.domain import AnalysisRequest, Sampling, SamplingMode
from desktop_app.errors import InputError
from desktop_app.faces import crop_face
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.training import evaluate as ev
from desktop_app.training.evaluation import scoring
from desktop_app.training.evaluation.figures import rate_rows
from desktop_app.training.evaluation.items import carve_items, limit_items
from desktop_app.training.evaluation.scoring import EvalOptions, face_box, score_items
from desktop_app.training.evaluation.store import STORE_FILE, ScoreStore
from desktop_app.training.evaluation.threshold import check_apart, choose_threshold
from desktop_app.training.extract import read_rgb
from tests.unit.analysis_scenes import INPUT_PX, MODEL_ID, build_model, scene, write_clip
from tests.unit.training_runs import make_images

PLAIN = EvalOptions(MODEL_ID, "cpu", skin_tone=False)
VARIED = EvalOptions(MODEL_ID, "cpu", margins=(-0.2, 0.0, 0.2), flips=True, skin_tone=False)


def build_opinionated_model(folder, images):
    """The untrained model, its norms fitted to some images so that scores of different images differ."""
    build_model(folder)
    card, net = load_card(folder / CARD_FILE), build_net("mobilenet_v2", 2)
    net.load_state_dict(torch.load(folder / "weights.pt"))
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    net.classifier[-1].weight.data *= 5.0
    inputs = to_tensor([crop_face(i, (0, 0, 64, 64), 0.0, INPUT_PX) for i in images], INPUT_PX, card.mean, card.std)
    with torch.no_grad():
        net.train()(inputs)
        odds = np.diff(net.eval()(inputs).numpy(), axis=1)
    torch.save(net.state_dict(), folder / "weights.pt")
    temperature = float(odds.std())
    sha256 = file_sha256(folder / "weights.pt")
    bias = -float(odds.mean()) / temperature
    write_card(replace(card, weights_sha256=sha256, temperature=temperature, bias=bias), folder / CARD_FILE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, astronaut):
    folder = tmp_path_factory.mktemp("evaluate")
    make_images(astronaut, folder / "crops", groups=6, split="test", prefix="t")
    build_opinionated_model(folder / MODEL_ID, [read_rgb(p) for p in sorted(folder.glob("crops/*/*.png"))])
    make_images(astronaut, folder / "other", groups=6, split="val", prefix="v")
    write_clip(folder / "clip.mp4", scene(astronaut), 20)
    Image.fromarray(scene(astronaut)(0)).save(folder / "picture.jpg", quality=60)
    rows = "path,label,method,origin,group\nclip.mp4,fake,swap,set,g1\npicture.jpg,real,none,set,g2\n"
    (folder / "list.csv").write_text(rows)
    return folder


@pytest.fixture(autouse=True)
def card(folder, cotejo_home):
    shutil.copytree(folder / MODEL_ID, cotejo_home / "models" / MODEL_ID)
    return find_card(MODEL_ID)[0]


def crops(folder, **changes):
    return ev.ItemList(folder / "crops/manifest.csv", "portrait", "test", True, **changes)


def alone(image, box, margin, is_mirrored=False):
    """Log-odds of one face, cut and scored apart from everything else."""
    crop = crop_face(image, box, margin, INPUT_PX)
    crop = np.ascontiguousarray(crop[:, ::-1]) if is_mirrored else crop
    return score_crops(get_detector(MODEL_ID, "cpu"), [crop])[0][0]


def test_crops_are_judged_by_the_shipped_scores(folder, card):
    items = crops(folder).read()
    assert len(items) == 12
    scores = score_items(items, PLAIN)
    assert [s.item for s in scores] == items
    odds = [alone(read_rgb(i.path), (0, 0, 64, 64), 0.0) for i in items]
    assert [s.p_fake for s in scores] == pytest.approx(calibrate(card, np.array(odds, np.float32)).tolist(), abs=1e-3)
    assert len({round(s.p_fake, 3) for s in scores}) > 3
    assert [s.compression for s in scores] == ["no JPEG"] * 12


def test_a_crop_takes_its_share_or_goes_by_its_box(folder, card):
    item = crops(folder, nominal=0.5).read()[0]
    image = read_rgb(item.path)
    (score,) = score_items([item], PLAIN)
    assert score.faces[0].logit == pytest.approx(alone(image, (16, 16, 48, 48), 0.0), abs=1e-4)
    boxed = replace(item, nominal=1.0, box_xyxy=(10.0, 20.0, 40.0, 60.0))
    assert face_box(boxed, image, card) == boxed.box_xyxy
    (score,) = score_items([boxed], PLAIN)
    assert score.faces[0].logit == pytest.approx(alone(image, boxed.box_xyxy, card.crop_margin), abs=1e-4)
    assert score.size_px == 30.0


def test_variants_of_crops_equal_crops_cut_by_hand(folder, card):
    item = replace(crops(folder).read()[0], box_xyxy=(12.0, 14.0, 50.0, 52.0))
    image, (score,) = read_rgb(item.path), score_items([item], VARIED)
    own, mirrored = (alone(image, item.box_xyxy, card.crop_margin, flip) for flip in (False, True))
    scaled = [alone(image, item.box_xyxy, (1 + card.crop_margin) * s - 1) for s in (0.8, 1.2)]
    expected = calibrate(card, np.array([*scaled, (own + mirrored) / 2], np.float32))
    assert score.variants == pytest.approx(expected.tolist(), abs=1e-3)
    assert [v.name for v in VARIED.variants] == ["crop -20 %", "crop +20 %", scoring.MIRRORED]


def test_items_go_through_the_pipeline(folder, card):
    items = ev.read_items(folder / "list.csv")
    clip, picture = score_items(items, replace(VARIED, per_second=10.0, skin_tone=True))
    sampling = Sampling(SamplingMode.PER_SECOND, 10.0)
    result = analyze_item(AnalysisRequest(items[0].path, MODEL_ID, sampling=sampling, device="cpu", key_frames=0))
    assert clip.p_fake == result.verdict.p_fake
    assert [f.p_fake for f in clip.faces] == [p.p_fake for p in result.predictions]
    assert (clip.level, picture.level) == ("video", "image")
    assert clip.tracks[0].frames_scored == len(clip.faces) == 8
    assert clip.size_px == pytest.approx(result.tracks[0].median_size_px)
    assert picture.compression == "JPEG 50-74"
    assert clip.compression.endswith("bit/px")
    # the same person in the same light
    assert clip.ita_deg == pytest.approx(picture.ita_deg, abs=6)
    frame = read_rgb(items[1].path)
    box = picture.faces[0].box_xyxy
    odds = np.array([alone(frame, box, (1 + card.crop_margin) * s - 1) for s in (0.8, 1.2)], np.float32)
    assert picture.variants[:2] == pytest.approx(calibrate(card, odds).tolist(), abs=0.02)
    assert len(clip.variants) == 3
    assert len({round(v, 4) for v in (clip.p_fake, *clip.variants)}) > 1


def test_items_that_cannot_be_scored_are_named_and_tried_again(tmp_path, card):
    (tmp_path / "noise.png").write_bytes(b"no image")
    rows = "path,label,method,origin,group\nnoise.png,fake,swap,bench,g\nnone.png,real,,bench,h\n"
    (tmp_path / "m.csv").write_text(rows)
    for are_crops in (False, True):
        store = ScoreStore(tmp_path / STORE_FILE, "x")
        scores = score_items(ev.read_items(tmp_path / "m.csv", are_crops=are_crops), PLAIN, store)
        assert [(s.outcome, s.p_fake) for s in scores] == [("failed", None)] * 2
        assert scores[0].note
        assert not (tmp_path / STORE_FILE).exists()
    # the last ones are those of crops
    assert [s.note for s in scores] == ["The image does not decode.", "There is no such file."]
    assert rate_rows(card, scores, frozenset()) == []
    report = ev.evaluate(ev.EvalRequest(ev.ItemList(tmp_path / "m.csv"), PLAIN, out=tmp_path / "out"))
    assert (report.rows, report.robustness) == ((), ())
    assert "Items: 2; without a score: 2." in (tmp_path / "out/report.md").read_text()
    assert "noise.png" in (tmp_path / "out/index.html").read_text()


def test_an_evaluation_can_be_cancelled(folder, monkeypatch):
    token = CancelToken()

    def partial(request, cancel, item):
        assert isinstance(request, AnalysisRequest)
        cancel.cancel()

    monkeypatch.setattr(scoring, "analyze_item", partial)
    with pytest.raises(Cancelled):
        score_items(ev.read_items(folder / "list.csv"), PLAIN, cancel=token)


def test_a_broken_off_evaluation_goes_on(folder, tmp_path, monkeypatch):
    request = ev.EvalRequest(crops(folder), VARIED, hits=0, out=tmp_path)
    monkeypatch.setattr(scoring, "BATCH", 4)
    token = CancelToken()
    with pytest.raises(Cancelled):
        ev.evaluate(request, lambda p: token.cancel() if p.done >= 4 else None, token)
    file = tmp_path / STORE_FILE
    kept = file.read_text().splitlines()
    assert len(kept) == 4
    # as a kill in the middle of a line leaves it
    file.write_text("\n".join(kept[:3]) + "\n" + kept[3][:40])
    asked = []
    own = scoring._score_crops
    monkeypatch.setattr(scoring, "_score_crops", lambda d, items, *more: asked.extend(items) or own(d, items, *more))
    resumed = ev.evaluate(request)
    assert len(asked) == 9
    whole = ev.evaluate(replace(request, out=None))
    assert [s.p_fake for s in resumed.scores] == pytest.approx([s.p_fake for s in whole.scores], abs=1e-4)
    again = ev.evaluate(request)
    assert again.scores == resumed.scores
    assert len(asked) == 9 + 12
    # with other settings nothing of it counts
    ev.evaluate(replace(request, options=replace(VARIED, flips=False)))
    assert len(asked) == 9 + 12 + 12


def test_a_list_that_names_a_file_twice_goes_on_again_and_again(folder, tmp_path):
    lines = (folder / "crops/manifest.csv").read_text().splitlines()
    (folder / "crops/twice.csv").write_text("\n".join([*lines, lines[1]]) + "\n")
    request = ev.EvalRequest(replace(crops(folder), path=folder / "crops/twice.csv"), PLAIN, hits=0, out=tmp_path)
    first = ev.evaluate(request)
    assert ev.evaluate(request).scores == first.scores
    assert first.scores[0] == first.scores[-1]


def test_kept_lines_that_are_no_scores_are_scored_again(folder, tmp_path):
    items, file = crops(folder).read()[:3], tmp_path / STORE_FILE
    score_items(items, PLAIN, ScoreStore(file, "x"))
    for_keys = [json.loads(line) for line in file.read_text().splitlines()]
    del for_keys[0]["tracks"]
    for_keys[1]["p_fake"] = "high"
    file.write_text("\n".join(json.dumps(r) for r in for_keys) + "\n[]\n")
    store = ScoreStore(file, "x")
    assert [store.get(item) is None for item in items] == [True, True, False]


def test_what_changed_is_scored_again(folder, tmp_path):
    shutil.copytree(folder / "crops", tmp_path / "crops")
    items, store = crops(tmp_path).read(), ScoreStore(tmp_path / STORE_FILE, "x")
    scores = score_items(items, PLAIN, store)
    assert ScoreStore(tmp_path / STORE_FILE, "x").get(items[0]) == scores[0]
    assert ScoreStore(tmp_path / STORE_FILE, "another model").get(items[0]) is None
    cv2.imwrite(str(items[0].path), np.zeros((70, 64, 3), np.uint8))
    fresh = ScoreStore(tmp_path / STORE_FILE, "x")
    assert fresh.get(items[0]) is None
    assert fresh.get(items[1]) == scores[1]
    assert fresh.get(replace(items[1], nominal=0.5)) is None
    assert ScoreStore(tmp_path / STORE_FILE, "x").get(replace(items[1], is_fake=True)).item.is_fake


def test_scores_of_another_version_are_measured_again(folder, tmp_path, monkeypatch, caplog):
    request = ev.EvalRequest(crops(folder), PLAIN, hits=0, out=tmp_path)
    ev.evaluate(request)
    with monkeypatch.context() as patched:
        patched.setattr(scoring, "_score_crops", lambda *_: pytest.fail("nothing is new"))
        ev.evaluate(request)
    assert "not used" not in caplog.text
    monkeypatch.setattr(desktop_app, "__version__", "99.0")
    asked = []
    own = scoring._score_crops
    monkeypatch.setattr(scoring, "_score_crops", lambda d, items, *more: asked.extend(items) or own(d, items, *more))
    ev.evaluate(request)
    assert len(asked) == 12
    assert "12 kept scores are of another version of Cotejo and are not used" in caplog.text
    ev.evaluate(request)
    assert len(asked) == 12


@pytest.mark.parametrize("changes", [{"min_face_px": 60}, {"min_face_score": 0.9}, {"detect_every": 1}])
def test_how_faces_are_found_belongs_to_what_a_score_hangs_on(card, monkeypatch, changes):
    before = scoring.settings_of(card, PLAIN, "cpu")
    assert before == scoring.settings_of(replace(card, error_rates=(), name="Other"), PLAIN, "cpu")
    own = AnalysisRequest
    monkeypatch.setattr(scoring, "AnalysisRequest", lambda *a, **k: own(*a, **{**k, **changes}))
    assert scoring.settings_of(card, PLAIN, "cpu") != before


@pytest.mark.parametrize(
    ("of_card", "of_options", "device"),
    [
        ({"temperature": 9.0}, {}, "cpu"),
        ({"weights_sha256": "0" * 64}, {}, "cpu"),
        ({}, {"margins": (0.2,)}, "cpu"),
        ({}, {"flips": True}, "cpu"),
        ({}, {"per_second": 3.0}, "cpu"),
        ({}, {"skin_tone": True}, "cpu"),
        ({}, {}, "cuda"),
    ],
)
def test_what_a_score_hangs_on(card, of_card, of_options, device):
    changed = scoring.settings_of(replace(card, **of_card), replace(PLAIN, **of_options), device)
    assert changed != scoring.settings_of(card, PLAIN, "cpu")


def test_a_corrected_list_changes_what_it_says_of_a_kept_item(folder, tmp_path):
    item, store = crops(folder).read()[0], ScoreStore(tmp_path / STORE_FILE, "x")
    score_items([replace(item, face_px=80.0, compression="c23")], PLAIN, store)
    store = ScoreStore(tmp_path / STORE_FILE, "x")
    (other,) = score_items([replace(item, face_px=300.0, compression="c40")], PLAIN, store)
    assert (other.size_px, other.compression) == (300.0, "c40")


def test_a_threshold_is_chosen_on_validation_items_alone(folder, tmp_path):
    chosen_on = ev.ItemList(folder / "other/manifest.csv", "portrait", "val", True)
    request = ev.EvalRequest(crops(folder), PLAIN, "youden", chosen_on, hits=1, out=tmp_path)
    report = ev.evaluate(request)
    found = score_items(chosen_on.read(), PLAIN)
    assert report.threshold.value == choose_threshold("youden", found, "", "").value
    assert "the split “val” of manifest.csv: 6 genuine and 6 manipulated" in report.threshold.source
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["threshold"]["rule"] == "youden"
    assert len(written["threshold"]["manifest_sha256"]) == 64
    assert 2 <= len(report.hits) <= 4
    assert {p for p in (tmp_path / "hits").iterdir()} == {h.path for h in report.hits}
    assert (tmp_path / "index.html").read_text().count("data:image/png;base64,") == len(report.hits)
    called = sum(s.p_fake > report.threshold.value for s in report.scores)
    (_, fp), (_, tp) = report.rows[0].scores.confusion
    assert fp + tp == called
    with pytest.raises(InputError, match="test split"):
        ev.evaluate(replace(request, chosen_on=request.items))
    with pytest.raises(InputError, match="by “best”"):
        ev.evaluate(replace(request, rule="best"))


def test_validation_items_of_a_reported_file_or_group_are_refused(folder):
    items = [replace(i, split="val") for i in crops(folder).read()]
    check_apart([], items)
    check_apart(items[:6], items[6:])
    with pytest.raises(InputError, match="1 items are both reported"):
        check_apart(items[:7], items[6:])
    with pytest.raises(InputError, match="1 groups are both reported"):
        check_apart(items[:7], items[7:])


def test_the_rules_of_the_threshold(folder):
    items = crops(folder).read()
    values = (0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6, 0.45, 0.55, 0.65, 0.35)
    scores = [ev.ItemScore(i, "scored", "", p) for i, p in zip(items, values, strict=True)]

    def value(rule):
        return choose_threshold(rule, scores, "m.csv", "").value

    assert value("f1") == pytest.approx(0.5)
    assert value("youden") == pytest.approx(0.5)
    assert value("fpr=0") == pytest.approx(0.65)
    assert value("fpr=0.2") == pytest.approx(0.45)
    for wrong in ("fpr=x", "fpr=2", "f2", ""):
        with pytest.raises(InputError, match="cannot be chosen"):
            value(wrong)
    with pytest.raises(InputError, match="both labels"):
        choose_threshold("f1", scores[::2], "m.csv", "")


def test_a_limit_takes_the_same_items_of_each_label_and_set(folder):
    items = [replace(i, dataset=name) for name in ("a", "b") for i in crops(folder).read()]
    few = limit_items(items, 2)
    assert sorted((i.dataset, i.is_fake) for i in few) == sorted(2 * [(d, f) for d in "ab" for f in (False, True)])
    assert few == limit_items(items, 2)
    assert few == sorted(few, key=items.index)
    assert few != limit_items(items, 2, seed=1)
    assert limit_items(items, 99) == items


def test_validation_is_carved_as_training_carves_it(folder):
    from desktop_app.training.manifest import carve_validation, read_manifest

    path = folder / "other/manifest.csv"
    samples = [replace(s, split="train") for s in read_manifest(path, "portrait")]
    expected = {s.path for s in carve_validation(samples, 0.5, 3) if s.split == "val"}
    items = [replace(i, split="train") for i in ev.read_items(path, "portrait", are_crops=True)]
    carved = carve_items(items, 0.5, 3)
    assert {i.path for i in carved} == expected
    assert {i.split for i in carved} == {"val"}
    with pytest.raises(InputError, match="No group"):
        carve_items(items, 1e-9)


def test_measured_rows_go_into_the_card(folder, card):
    rows = ev.evaluate(ev.EvalRequest(crops(folder), PLAIN, in_domain=True)).rates
    assert [(r.dataset, r.condition, r.level, r.n_genuine, r.n_fake) for r in rows] == [
        ("portrait", "all", "image", 6, 6)
    ]
    assert rows[0].is_in_domain
    fresh = ev.add_to_card(MODEL_ID, rows)
    assert load_card(find_card(MODEL_ID)[1] / CARD_FILE) == fresh
    assert fresh.error_rates == (*rows, *card.error_rates)
    better = replace(rows[0], auc=0.5)
    assert ev.add_to_card(MODEL_ID, [better]).error_rates[0] == better
    assert len(find_card(MODEL_ID)[0].error_rates) == len(fresh.error_rates)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("path,label\n", "at least one row"),
        ("path;label\na;real\n", "needs the columns path, label and"),
        ("path,label\na,maybe\n", "real or fake"),
        ("path,label\n,real\n", "real or fake"),
        ("path,label,x1,y1,x2,y2\na,real,1,1,1,5\n", "box is empty in row 2"),
        ("path,label,face_px\na,real,big\n", "face_px in row 2.* got big"),
        ("path,label,face_px\na,real,9\nb,fake,nan\n", "face_px in row 3"),
        ("path,label,face_px\na,real,0\n", "face_px in row 2"),
        ("path,label,x1,y1,x2,y2\na,real,0,0,inf,inf\n", "x1, y1, x2, y2 in row 2.* got 0, 0, inf, inf"),
        ("path,label,x1,y1,x2,y2\na,real,1,,4,5\n", "x1, y1, x2, y2 in row 2.* got 1, nothing, 4, 5"),
        ("path,label,lx0,ly0\na,real,3,3\n", "lx0, .* in row 2"),
    ],
)
def test_bad_lists_of_items_are_refused(tmp_path, content, complaint):
    (tmp_path / "m.csv").write_text(content)
    with pytest.raises(InputError, match=complaint):
        ev.read_items(tmp_path / "m.csv", are_crops=True)
    with pytest.raises(InputError, match="between 0 and 2"):
        ev.read_items(tmp_path / "m.csv", nominal=0.0)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("path,label\na,real\n", "needs the columns path, label, split"),
        ("path,label,split\na,real,val\n", "has no row"),
    ],
)
def test_a_split_that_a_list_lacks_is_said(tmp_path, content, complaint):
    (tmp_path / "m.csv").write_text(content)
    with pytest.raises(InputError, match=complaint):
        ev.read_items(tmp_path / "m.csv", split="test")


def test_a_test_split_is_one_however_it_is_written(tmp_path):
    (tmp_path / "m.csv").write_text("path,label,split\na,real, Test\nb,fake,TEST\nc,fake,val\n")
    items = ev.read_items(tmp_path / "m.csv", split="Test")
    assert [(i.path.name, i.split) for i in items] == [("a", "test"), ("b", "test")]
    with pytest.raises(InputError, match="test split"):
        check_apart(items, [])


def test_shares_and_rates_out_of_range_are_refused(folder):
    items = [replace(i, split="train") for i in crops(folder).read()]
    for share in (1.5, 1.0, 0.0, -1.0, float("nan")):
        with pytest.raises(InputError, match="between 0 and 1"):
            carve_items(items, share)
    for per_second in (float("inf"), float("nan"), 0.0):
        with pytest.raises(InputError, match="frames per second"):
            EvalOptions(MODEL_ID, per_second=per_second)


@pytest.mark.parametrize("box", [(0.0, 0.0, 400.0, 400.0), (-300.0, 0.0, 5.0, 5.0)])
def test_a_box_far_beyond_its_image_fails_its_item_alone(folder, box):
    near, far = crops(folder).read()[:2]
    scores = score_items([near, replace(far, box_xyxy=box)], PLAIN)
    assert [(s.outcome, s.note) for s in scores] == [("scored", ""), ("failed", "The box lies beyond the image.")]


def test_margins_that_leave_no_crop_are_refused():
    with pytest.raises(InputError, match="must lie between"):
        EvalOptions(MODEL_ID, margins=(-0.95,))
