"""Which of several analyses is an item's result, and what the others say."""

from dataclasses import asdict, replace

import pytest

from desktop_app.analysis.opinions import (
    choose_result,
    compare_stored,
    hold_result,
    opinions_of,
    release_result,
    standing_analysis,
)
from desktop_app.cases import CaseStore
from desktop_app.cli.export import chosen_analysis
from desktop_app.cli.model_compare import facts_of, lines_of
from desktop_app.errors import CaseError
from desktop_app.reports import wording
from tests.factories import make_card, make_measured_card, make_result
from tests.unit.media_clips import Clip, make_clip


@pytest.fixture
def case(tmp_path):
    clip = make_clip(tmp_path / "clip.mp4", Clip(".mp4", "libx264"))
    with CaseStore.create(tmp_path / "a.cotejo") as store:
        store.items.add(clip)
        yield store


def add(case, model_id, make=make_card, **changes):
    """Store an analysis by a model; the number it got."""
    item = case.items.get(1)
    result = make_result(frames=36, exhibits=False, **changes)
    media = replace(result.media, path=item.path, sha256=item.sha256, sha512=item.sha512)
    card = make(model_id=model_id, name=model_id.title())
    rows = tuple(replace(p, model_id=model_id) for p in result.predictions)
    case.analyses.add_result(1, replace(result, media=media, card=card, predictions=rows))
    return case.analyses.all(1)[-1].analysis_id


def test_the_newest_analysis_is_the_result_until_another_model_is_asked(case):
    assert standing_analysis(case, 1) is None
    add(case, "first")
    newer = add(case, "first")
    assert standing_analysis(case, 1).analysis_id == newer
    hold_result(case, 1)
    add(case, "second")
    assert standing_analysis(case, 1).analysis_id == newer
    assert chosen_analysis(case, 0).analysis_id == newer
    release_result(case, 1)
    assert standing_analysis(case, 1).analysis_id == 3


def test_a_choice_stands_is_logged_and_outlives_a_second_comparison(case):
    first, second = add(case, "first"), add(case, "second")
    choose_result(case, 1, first)
    hold_result(case, 1)
    assert standing_analysis(case, 1).analysis_id == first
    assert chosen_analysis(case, 0).analysis_id == first
    assert chosen_analysis(case, second).analysis_id == second
    entry = case.audit_log()[-1]
    assert (entry.action, entry.details["value"]) == ("setting.changed", str(first))
    assert "chosen" in entry.purpose


def test_an_analysis_of_another_item_cannot_be_chosen(case):
    add(case, "first")
    with pytest.raises(CaseError):
        choose_result(case, 1, 9)


def test_each_model_speaks_once_the_result_first(case):
    add(case, "zeta")
    newer = add(case, "zeta", seed=3)
    other = add(case, "alpha")
    choose_result(case, 1, newer)
    found = opinions_of(case, 1)
    assert [(o.card.model_id, o.analysis_id, o.is_result) for o in found] == [
        ("zeta", newer, True),
        ("alpha", other, False),
    ]


def test_a_whole_analysis_speaks_before_a_broken_off_one(case):
    whole = add(case, "first")
    add(case, "first", aborted=True)
    add(case, "second")
    assert [o.analysis_id for o in opinions_of(case, 1) if o.card.model_id == "first"] == [whole]


def test_a_whole_analysis_can_be_chosen_again_after_a_broken_off_one(case):
    add(case, "first")
    whole, other = add(case, "first", seed=3), add(case, "second")
    release_result(case, 1)
    broken = add(case, "first", aborted=True)
    assert [(o.analysis_id, o.is_result) for o in opinions_of(case, 1)] == [
        (broken, True),
        (whole, False),
        (other, False),
    ]
    choose_result(case, 1, whole)
    assert [o.analysis_id for o in opinions_of(case, 1)] == [whole, other]


def test_stored_analyses_are_compared(case):
    first, second = add(case, "first"), add(case, "second", seed=1)
    found = compare_stored(case, first, (second,))
    assert [r.analysis_id for r in found.readings] == [first, second]
    assert found.figures().common > 0


def test_every_detector_is_named_by_what_its_score_was_measured_to_be_worth(case):
    first, second = add(case, "first", make_measured_card), add(case, "second")
    result = case.analyses.result(first)
    ratio = result.ratio_of(result.verdict)
    weighed, plain = wording.headline(result.verdict, "en", ratio), wording.headline(result.verdict, "en")
    assert ratio is not None
    assert weighed != plain
    assert {o.card.model_id: o.ratio for o in opinions_of(case, 1)} == {"first": ratio, "second": None}
    found = compare_stored(case, first, (second,))
    assert [reading.ratio for reading in found.readings] == [ratio, None]
    facts = facts_of(found)["models"]
    assert [fact["likelihood_ratio"] for fact in facts] == [asdict(ratio), None]
    lines = lines_of(found)
    assert lines[0].startswith(f"first: {weighed}, ")
    assert lines[1].startswith(f"second: {plain}, ")
