"""Real clips through the whole analysis. What the model says of them is not asserted: only what must hold for any."""

import csv
import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from desktop_app.analysis.session import analyze_item, get_detector
from desktop_app.cli import main
from desktop_app.detectors import calibrate
from desktop_app.domain import AnalysisRequest, ItemKind, Outcome, Sampling, SamplingMode
from desktop_app.media import open_item

GENUINE, FAKE = "celeb-df-v2/real/id26_0006.mp4", "celeb-df-v2/fake/id26_id25_0006.mp4"


def ask(path, **changes):
    return replace(AnalysisRequest(path, "", device="cpu", key_frames=1), **changes)


def facts(path):
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns


def check_invariants(result):
    card, limits = result.card, result.card.thresholds
    for p in result.predictions:
        assert (p.p_fake is None) == (p.gate is not None)
        if p.p_fake is not None:
            assert p.p_fake == pytest.approx(float(calibrate(card, np.array([p.logit], np.float32))[0]), abs=1e-5)
            assert (p.label == card.genuine_class) == (p.p_fake <= limits.decision)
    keys = [(p.frame_index, p.track_id) for p in result.predictions]
    assert keys == sorted(set(keys))
    for track in result.tracks:
        verdict = track.verdict
        if verdict.outcome is Outcome.SCORED:
            assert verdict.band is limits.band(verdict.p_fake)
        if verdict.interval:
            assert verdict.interval[0] <= verdict.p_fake <= verdict.interval[1]
    gated = sum(n.count for n in result.notices if n.code.startswith("gate_"))
    assert gated == result.coverage.faces_gated


@pytest.mark.parametrize("clip", [GENUINE, FAKE])
def test_a_second_of_a_real_clip(bench_dir, clip):
    path = bench_dir / clip
    before = facts(path)
    result = analyze_item(ask(path, end_s=1.0))
    assert facts(path) == before
    assert result.media.sha256 == before[0]
    assert result.coverage.in_range == result.coverage.decoded == 31
    assert result.coverage.with_face >= 30
    assert [t.track_id for t in result.tracks] == [1]
    assert result.verdict.outcome is not Outcome.NO_USABLE_FACE
    assert len(result.exhibits) == 3
    check_invariants(result)


def test_the_same_clip_gives_the_same_numbers(bench_dir):
    request = ask(
        bench_dir / FAKE, start_s=2.0, end_s=4.0, sampling=Sampling(SamplingMode.PER_SECOND, 4.0), key_frames=0
    )
    item = open_item(bench_dir / FAKE)
    first, second = analyze_item(request), analyze_item(request, item=item)
    assert first.predictions == second.predictions
    assert (first.result_id, first.verdict) == (second.result_id, second.verdict)
    assert [p.time_s for p in first.predictions] == pytest.approx(2.0 + np.arange(9) / 4, abs=0.034)


def test_a_face_crop_is_a_picture_that_can_be_examined(bench_dir):
    with (bench_dir / "manifest.csv").open(newline="", encoding="utf-8") as file:
        pictures = [row["path"] for row in csv.DictReader(file) if row["kind"] != "video"]
    path = next((bench_dir / p for p in pictures if min(size(bench_dir / p)) >= 200), None)
    if path is None:
        pytest.skip("the folder holds no picture that is large enough")
    result = analyze_item(ask(path))
    assert result.media.kind is ItemKind.IMAGE
    assert result.coverage.sampled == 1
    assert result.verdict.interval is None
    check_invariants(result)
    if not result.tracks:
        assert result.verdict.outcome is Outcome.NO_USABLE_FACE


def size(path):
    info = open_item(path).info
    return info.width_px, info.height_px


def test_the_shipped_model_states_how_often_it_errs():
    card = get_detector("", "cpu").card
    assert card.error_rates
    assert card.error_rates[0].auc is not None
    assert card.limits


def test_the_benchmark_compares_like_with_like(bench_dir, capsys):
    assert main(["benchmark", str(bench_dir / GENUINE), "--seconds", "0.5", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["frames"] == report["faces_naive"] == report["faces_pipeline"] == 16
    assert report["mean_iou"] > 0.8
    assert report["speedup"] == pytest.approx(report["naive_s"] / report["pipeline_s"])
    # how much faster is for the benchmark to say, on a machine that does nothing else
    assert report["speedup"] > 1.0
    assert report["naive_p_fake"] == pytest.approx(report["pipeline_p_fake"], abs=0.15)
