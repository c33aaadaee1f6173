"""The report says what the scores say: figures, files, plots, page and heatmaps."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn import metrics as sk

from desktop_app.cli import main
from desktop_app.cli.codes import UsageError
from desktop_app.cli.evaluate import parse_margins
from desktop_app.errors import CaseError
from desktop_app.progress import Cancelled
from desktop_app.training import evaluate as ev
from desktop_app.training.evaluation import figures, plots
from desktop_app.training.evaluation.canvas import Canvas
from desktop_app.training.evaluation.figures import (
    band_counts,
    frame_points,
    make_classes,
    make_robustness,
    make_rows,
    points_of,
    rate_rows,
    track_points,
)
from desktop_app.training.evaluation.hits import choose_hits, draw_hits
from desktop_app.training.evaluation.items import EvalItem, FaceScore, ItemScore, TrackScore
from desktop_app.training.evaluation.page import make_page
from desktop_app.training.evaluation.report import (
    SKIN_NOTE,
    Report,
    as_json,
    framing_sentence,
    make_plots,
    markdown,
    move_text,
    write_report,
)
from desktop_app.training.evaluation.store import STORE_FILE, ScoreStore
from desktop_app.training.evaluation.threshold import card_threshold
from tests.factories import make_card


@pytest.fixture(autouse=True)
def _few_rounds(monkeypatch):
    monkeypatch.setattr(figures, "ROUNDS", 20)


def score(truth, p_fake, condition="", dataset="set", name="a.mp4", **changes):
    item = EvalItem(Path(name), truth == 1, dataset, condition, name, False)
    return ItemScore(item, "scored" if p_fake is not None else "failed", "", p_fake, "why", **changes)


def many(n=60, seed=0, variants=()):
    """Scored videos of two kinds, each with two frames of one person."""
    rng = np.random.default_rng(seed)
    scores = []
    for i in range(n):
        label = i % 2
        p = float(1 / (1 + np.exp(-rng.normal(2.0 * label - 1.0))))
        faces = tuple(FaceScore(f, f / 2, 1, (0.0, 0.0, 60.0, 80.0), 60.0, "", 0.0, p, "fake") for f in (0, 1))
        s = score(
            label, p, ("swap", "lips")[i % 4 // 2] if label else "", name=f"v{i}.mp4", level="video",
            size_px=40.0 + 5 * i, compression="from 0.15 bit/px", ita_deg=float(i), faces=faces,
            tracks=(TrackScore(1, p, "fake", 9, 60.0), TrackScore(2, 0.5, "fake", 2, 60.0)),
            variants=tuple(v(p, label) for v in variants),
        )  # fmt: skip
        scores.append(replace(s, band=make_card().thresholds.band(p).value))
    return scores


def make_report(scores, variants=(), card=None, **changes):
    card = card or make_card()
    threshold = card_threshold(card)
    report = Report(
        card, (("date", "2026-01-01"), ("manifest sha256", "ab<cd")), threshold,
        tuple(make_rows(card, scores, threshold.value)), tuple(make_robustness(scores, len(variants))), tuple(variants),
        make_classes(card, scores), band_counts(scores), tuple(rate_rows(card, scores, frozenset())), tuple(scores),
    )  # fmt: skip
    return replace(report, **changes)


def test_each_manipulation_has_a_row_against_the_genuine_items():
    scores = [score(0, 0.1), score(0, 0.6), score(1, 0.9, "swap"), score(1, 0.4, "lips"), score(1, None, "lips")]
    scores += [score(0, 0.95, dataset="drive"), score(1, 0.3, "one", "pictures", "x.jpg")]
    rows = rate_rows(make_card(), scores, frozenset({"set"}))
    shown = [(r.dataset, r.condition, r.level, r.n_genuine, r.n_fake, r.fpr, r.fnr) for r in rows]
    assert shown == [
        ("drive", "all", "video", 1, 0, 1.0, None),
        ("pictures", "all", "image", 0, 1, None, 1.0),
        ("set", "all", "video", 2, 2, 0.5, 0.5),
        ("set", "lips", "video", 2, 1, 0.5, 1.0),
        ("set", "swap", "video", 2, 1, 0.5, 0.0),
    ]
    assert [r.auc for r in rows] == [None, None, 0.75, 0.5, 1.0]
    assert [r.fpr_strong for r in rows][:1] == [1.0]
    table = make_rows(make_card(), scores, 0.5)
    kinds = [(r.name, r.scores.auc) for r in table if r.aspect == "kind"]
    assert kinds == [("pictures: one", None), ("set: lips", 0.5), ("set: swap", 1.0)]
    text = markdown(make_report(scores))
    assert "| video | set: swap | 2 | 1 | 1.000 |" in text
    assert "Items: 7; without a score: 1." in text


def test_face_sizes_and_compressions_with_enough_items_have_rows():
    sizes = {"face 50-100 px": 80.0, "face 100-200 px": 150.0}
    scores = [
        score(i % 2, 0.9 if i % 2 else 0.1 + 0.8 * (size < 100 and i < 20), size_px=size, compression="JPEG 50-74")
        for size in sizes.values()
        for i in range(2 * figures.MIN_CONDITION)
    ]
    scores += [score(i % 2, 0.5, size_px=30.0, compression="no JPEG") for i in range(10)]
    rows = {r.condition: r for r in rate_rows(make_card(), scores, frozenset())}
    assert list(rows) == ["all", *sizes, "JPEG 50-74"]
    assert [rows[name].fpr for name in sizes] == [0.1, 0.0]
    assert rows["JPEG 50-74"].n_genuine == 200


def test_every_aspect_covers_every_scored_item():
    scores = [*many(), score(1, None, "swap")]
    rows = make_rows(make_card(), scores, 0.5)
    for aspect in ("all", "face size", "compression", "skin tone"):
        own = [r.scores for r in rows if r.aspect == aspect and r.level == "video"]
        assert sum(s.n_genuine + s.n_fake for s in own) == 60
    kinds = {r.name: r.scores for r in rows if r.aspect == "kind"}
    assert {n: (s.n_genuine, s.n_fake) for n, s in kinds.items()} == {"lips": (30, 15), "swap": (30, 15)}
    labels = np.array([s.item.is_fake for s in scores[:60]])
    p = np.array([s.p_fake for s in scores[:60]])
    assert rows[0].scores.auc == pytest.approx(sk.roc_auc_score(labels, p))
    sizes = [r.name for r in rows if r.aspect == "face size"]
    assert sizes == ["face under 50 px", "face 50-100 px", "face 100-200 px", "face 200-400 px"]
    assert make_rows(make_card(), [score(1, None)], 0.5) == []


def test_tracks_and_frames_have_levels_of_their_own():
    scores = many(8)
    assert len(points_of(scores).labels) == 8
    assert len(frame_points(scores).labels) == 16
    # the second person of each is too short to count
    assert len(track_points(scores).labels) == 8
    assert {r.level for r in make_rows(make_card(), scores, 0.5)} == {"video", "track", "frame"}
    pictures = [replace(s, level="image") for s in scores]
    assert {r.level for r in make_rows(make_card(), pictures, 0.5)} == {"image"}
    assert make_rows(make_card(), [*scores[:4], *pictures[4:]], 0.5)[0].level == "item"


def test_the_crop_is_judged_by_the_largest_move():
    same, worse = (lambda p, y: p), (lambda p, y: 1.0 - p)
    scores = many(variants=(same, worse, worse))
    report = make_report(scores, ("crop -20 %", "crop +20 %", "mean with the mirrored face"))
    own = report.robustness[0]
    assert own.moves[0] == 0.0
    assert own.spans[0] is None
    assert move_text(own, 0) == "+0.000"
    assert own.spans[1][0] <= own.moves[1] <= own.spans[1][1]
    assert own.variants[1] == pytest.approx(1.0 - own.own)
    assert [r.name for r in report.robustness] == ["all", "lips", "swap"]
    assert "the result hangs on the crop" in framing_sentence(report)
    assert "does not hang" in framing_sentence(make_report(many(variants=(same,)), ("crop -20 %",)))
    # the mirrored mean is no change of the crop
    alone = make_report(many(variants=(worse,)), ("mean with the mirrored face",))
    assert framing_sentence(alone) == "No change of the crop could be judged."
    assert 'class="off"' in make_page(report, {})
    assert make_robustness([score(1, 0.5)], 2) == []


def test_several_classes_have_figures():
    card = make_card(classes=("genuine", "swap", "lips"))
    scores = [replace(s, label=label) for s, label in zip(many(4), ("genuine", "swap", "swap", "swap"), strict=True)]
    scores.append(score(1, 0.9, "puppet", label="swap"))
    found, unnamed = make_classes(card, scores)
    assert unnamed == 1
    assert found.names == card.classes
    assert found.confusion == ((1, 1, 0), (0, 1, 0), (0, 1, 0))
    assert found.accuracy == 0.5
    assert make_classes(make_card(), scores) is None
    assert make_classes(card, [score(1, 0.9, "puppet", label="swap")]) is None
    report = make_report(scores, card=card)
    assert "macro F1" in markdown(report)
    assert "Macro F1" in make_page(report, make_plots(report))
    assert 'class="thin"' in make_page(report, {})
    assert "classes" in make_plots(report)


def test_every_item_stands_in_one_band():
    counts = band_counts([*many(), score(1, None), score(0, None)])
    assert sum(g for g, _ in counts.values()) == 31
    assert counts["none"] == (1, 1)


class Checker(HTMLParser):
    """Every tag that is opened is closed, and nothing is loaded from elsewhere."""

    def __init__(self):
        super().__init__()
        self.open, self.sources, self.tags = [], [], set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.sources += [v for k, v in attributes if k in ("src", "href")]
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_alone():
    scores = [*many(), score(1, None, name="<b>&.mp4")]
    report = make_report(scores)
    page = make_page(report, make_plots(report))
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert checker.sources == []
    assert not {"script", "link", "iframe"} & checker.tags
    assert "@import" not in page
    assert "url(" not in page
    assert "&lt;b&gt;&amp;.mp4" in page
    assert "ab&lt;cd" in page
    assert f"{report.rows[0].scores.auc:.3f}" in page
    assert "prefers-color-scheme:dark" in page
    used = set(re.findall(r"var\(--(\w+)\)", page))
    assert used <= set(re.findall(r"--(\w+):", page))
    assert SKIN_NOTE.split(":")[0] in page


def test_the_files_hold_every_figure_and_sample(tmp_path):
    report = make_report([*many(variants=(lambda p, y: p,)), score(1, None, name="=cmd.mp4")], ("crop -20 %",))
    drawn = make_plots(report)
    write_report(report, tmp_path / "out", make_page(report, drawn), drawn)
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert names == {
        "report.md", "report.json", "rates.json", "items.csv", "samples.csv", "index.html", "roc.png",
        "reliability.png", "histogram.png", "confusion.png",
    }  # fmt: skip
    written = json.loads((tmp_path / "out/report.json").read_text())
    assert written == json.loads(as_json(report))
    assert written["figures"][0]["scores"]["auc"] == report.rows[0].scores.auc
    assert written["provenance"]["manifest sha256"] == "ab<cd"
    assert written["threshold"]["rule"] == "card"
    assert len(written["robustness"]["parts"]) == 3
    items = list(csv.DictReader(io.StringIO((tmp_path / "out/items.csv").read_text())))
    assert len(items) == 61
    assert items[-1]["path"] == "'=cmd.mp4"
    assert items[0]["crop -20 %"] == items[0]["p_fake"]
    assert {r["called"] for r in items} == {"real", "fake", ""}
    samples = list(csv.DictReader(io.StringIO((tmp_path / "out/samples.csv").read_text())))
    assert len(samples) == 120
    with Image.open(tmp_path / "out/roc.png") as image:
        assert image.size == (2 * plots.WIDTH, 2 * plots.HEIGHT)


def test_a_drawing_is_the_same_as_svg_and_png():
    canvas = Canvas(60, 40, "a <title>")
    canvas.box(0, 0, 30, 40, "fake")
    canvas.line([(30, 20), (60, 20)], "genuine", 4)
    canvas.line([(0, 38), (60, 38)], "ink", 1, is_dashed=True)
    canvas.dot(45, 8, 5, "genuine")
    canvas.text(45, 32, "x & y", "ink", "middle", 9)
    image = np.asarray(Image.open(io.BytesIO(canvas.png())).convert("RGB"))
    assert image.shape == (80, 120, 3)
    assert tuple(image[20, 20]) == (0xA8, 0x43, 0x00)
    assert tuple(image[40, 100]) == (0x00, 0x59, 0x9B)
    assert tuple(image[16, 90]) == (0x00, 0x59, 0x9B)
    assert tuple(image[4, 70]) == (255, 255, 255)
    svg = ET.fromstring(canvas.svg())
    assert [child.tag for child in svg] == ["polygon", "polyline", "polyline", "circle", "text"]
    assert (svg.get("aria-label"), svg[4].text) == ("a <title>", "x & y")


def test_the_roc_plot_follows_the_curve():
    points = points_of([score(0, 0.2), score(1, 0.8)])
    svg = ET.fromstring(plots.roc_plot([("all", points)]).svg())
    curves = [e for e in svg if e.tag == "polyline" and "series1" in e.get("style")]
    left, bottom = plots._place(0, 0)
    right, top = plots._place(1, 1)
    corners = [tuple(map(float, p.split(","))) for p in curves[0].get("points").split()]
    assert corners == [(left, bottom), (left, top), (right, top)]


def test_the_surest_answers_are_chosen_each_of_another_group():
    face = FaceScore(0, 0.0, 1, (0.0, 0.0, 9.0, 9.0), 9.0, "", 0.0, 0.5, "fake")
    values = [(0, 0.1), (0, 0.05), (0, 0.9), (0, 0.7), (1, 0.99), (1, 0.6), (1, 0.2), (1, 0.01)]
    scores = [score(y, p, name=f"{i}", faces=(face,)) for i, (y, p) in enumerate(values)]
    scores.append(replace(scores[1], p_fake=0.06))
    scores += [score(1, None), score(1, 1.0)]
    chosen = choose_hits(scores, 0.5, 2)
    assert [(s.item.is_fake, right, s.p_fake) for s, right in chosen] == [
        (False, True, 0.05), (False, True, 0.1), (False, False, 0.9), (False, False, 0.7),
        (True, True, 0.99), (True, True, 0.6), (True, False, 0.01), (True, False, 0.2),
    ]  # fmt: skip
    assert choose_hits(scores, 0.5, 0) == []


def test_a_share_without_validation_items_is_refused(tmp_path, capsys):
    assert main(["evaluate", str(tmp_path / "m.csv"), "--on-share", "0.5"]) == 2
    assert "Give --on-share with --on" in capsys.readouterr().err


def test_a_stopped_evaluation_says_where_its_scores_are(tmp_path, capsys, monkeypatch):
    def stop(*_):
        raise Cancelled

    monkeypatch.setattr(ev, "evaluate", stop)
    arguments = ["evaluate", str(tmp_path / "m.csv"), "--out", str(tmp_path / "out")]
    assert main(arguments) == 130
    said = " ".join(capsys.readouterr().err.split())
    assert "What is scored is kept in" in said
    assert "The same command goes on" in said
    assert main(arguments[:2]) == 130
    assert "kept" not in capsys.readouterr().err


def test_folders_that_cannot_be_made_are_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseError, match="cannot be made") as caught:
        ScoreStore(tmp_path / "file" / STORE_FILE, "x")
    assert caught.value.hint == "A file of that name is there."
    with pytest.raises(CaseError, match="cannot be made"):
        ScoreStore(tmp_path / "file" / "below" / STORE_FILE, "x")
    (tmp_path / "hits").write_text("")
    face = FaceScore(0, 0.0, 1, (0.0, 0.0, 9.0, 9.0), 9.0, "", 1.0, 0.9, "fake")
    with pytest.raises(CaseError, match="cannot be made"):
        draw_hits(None, [score(1, 0.9, faces=(face,))], 0.5, 1, tmp_path)
    with pytest.raises(CaseError, match="cannot be made"):
        write_report(make_report(many()), tmp_path / "file", "", {})


def test_margins_are_read():
    assert parse_margins("") == ()
    assert parse_margins("-0.2, 0,0.2") == (-0.2, 0.0, 0.2)
    with pytest.raises(UsageError):
        parse_margins("wide")
