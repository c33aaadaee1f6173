import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app import paths
from desktop_app.analysis import casework
from desktop_app.cases import CaseStore, analyses, verify_case
from desktop_app.domain.cases import AnalysisState, ItemState, Occasion
from desktop_app.domain.codec import to_plain
from desktop_app.domain.dossier import ReportDetails, ReportStatus
from desktop_app.errors import CaseError, InputError
from desktop_app.media import open_item
from desktop_app.progress import Cancelled, CancelToken
from tests.unit.analysis_scenes import MODEL_ID, build_model, scene, write_clip
from tests.unit.case_files import make_case, make_clip, tamper, traces_of
from tests.unit.casework_scenes import ask

FRAMES = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory, astronaut):
    folder = tmp_path_factory.mktemp("casework")
    build_model(folder / MODEL_ID)
    write_clip(folder / "scene.mp4", scene(astronaut), FRAMES)
    return folder


@pytest.fixture(autouse=True)
def _installed(folder, cotejo_home, monkeypatch):
    shutil.copytree(folder / MODEL_ID, cotejo_home / "models" / MODEL_ID)
    monkeypatch.setattr(analyses, "CHUNK_S", 0.0)


@pytest.fixture
def clip(folder, tmp_path):
    return Path(shutil.copy(folder / "scene.mp4", tmp_path / "clip.mp4"))


@pytest.fixture
def case(tmp_path, clip):
    with CaseStore.create(tmp_path / "case.cotejo", "Ana") as store:
        casework.take_in(store, open_item(clip), "as received", "court", "intake")
        yield store


def short(clip):
    return ask(clip, end_s=0.1, key_frames=0)


def append(path):
    with path.open("ab") as file:
        file.write(b"x")


def test_intake_takes_the_hashes_that_opening_took(case, clip, monkeypatch):
    monkeypatch.setattr("desktop_app.cases.items.hash_file", lambda *_: pytest.fail("it was hashed twice"))
    again = casework.take_in(case, open_item(clip))
    (item,) = case.items.all()
    assert again == item
    assert (item.path, item.note, item.received_from) == (clip, "as received", "court")


def test_the_item_is_checked_before_each_analysis(case, clip):
    item = open_item(clip)
    started = []
    for given in (None, item):
        number, result = casework.analyze_in_case(
            case, 1, short(clip), item=given, on_started=lambda media, card: started.append((media, card)), purpose="p"
        )
        assert started[-1][0].info.sha256 == result.media.sha256
        assert case.analyses.result(number).predictions == result.predictions
    assert [(c.occasion, c.state, c.purpose) for c in case.items.checks(1)] == [
        (Occasion.INTAKE, ItemState.INTACT, "intake"),
        *[(Occasion.ANALYSIS, ItemState.INTACT, "p")] * 2,
    ]
    assert verify_case(case.path).is_intact


def test_a_changed_item_is_refused_until_it_is_accepted(case, clip):
    opened = open_item(clip)
    append(clip)
    for given in (None, opened):
        with pytest.raises(InputError, match="its hash is another"):
            casework.analyze_in_case(case, 1, short(clip), item=given)
    assert case.analyses.all() == ()
    check = case.items.checks(1)[-1]
    with pytest.raises(InputError, match="reason is needed"):
        case.items.accept(check.check_id, " ")
    case.items.accept(check.check_id, "The court cut it.")
    number, result = casework.analyze_in_case(case, 1, short(clip), item=opened)
    assert case.analyses.get(number).state is AnalysisState.FINISHED
    assert result.media.sha256 == check.sha256 != case.items.get(1).sha256
    last = case.items.checks(1)[-1]
    assert (last.state, last.accepted_reason, last.accepted_by) == (ItemState.CHANGED, "The court cut it.", "Ana")
    append(clip)  # another change is another matter
    with pytest.raises(InputError, match="its hash is another"):
        casework.analyze_in_case(case, 1, short(clip))
    assert verify_case(case.path, with_items=False).is_intact


def test_what_is_no_clip_any_more_is_said_to_be_changed(case, clip):
    clip.write_bytes(b"nothing to see")
    with pytest.raises(InputError, match="its hash is another"):
        casework.analyze_in_case(case, 1, short(clip))
    case.items.accept(case.items.checks(1)[-1].check_id, "It is what there is.")
    with pytest.raises(InputError) as caught:
        casework.analyze_in_case(case, 1, short(clip))
    assert "hash" not in caught.value.user_message


def test_a_missing_and_a_moved_item(case, clip, tmp_path):
    elsewhere = clip.rename(tmp_path / "elsewhere.mp4")
    with pytest.raises(InputError, match="is not where it was"):
        casework.analyze_in_case(case, 1, short(clip))
    assert case.items.checks(1)[-1].state is ItemState.MISSING
    with pytest.raises(InputError, match="has the same content"):
        casework.analyze_in_case(case, 1, short(elsewhere))
    case.items.accept(case.items.checks(1)[-1].check_id, "The folder was sorted.")
    casework.analyze_in_case(case, 1, short(elsewhere))
    assert case.items.checks(1)[-1].state is ItemState.INTACT
    assert case.items.get(1).path == elsewhere


def test_a_clip_that_changes_while_it_is_analysed(case, clip):
    shown = []

    def change(batch):
        shown.append(batch)
        append(clip)

    with pytest.raises(InputError, match="changed while it was analysed"):
        casework.analyze_in_case(case, 1, ask(clip), on_prediction=change)
    (stored,) = case.analyses.all()
    assert stored.state is AnalysisState.ABORTED
    assert case.analyses.predictions(1) == shown[0]  # and none of the other content
    assert case.audit_log()[-1].details["reason"] == "The file “clip.mp4” changed while it was analysed."
    assert casework.result_of(case, 1).provenance.aborted


def test_cancelled_before_anything_was_analysed(case, clip):
    token = CancelToken()
    with pytest.raises(Cancelled):
        casework.analyze_in_case(case, 1, short(clip), cancel=token, on_started=lambda *_: token.cancel())
    assert case.analyses.get(1).state is AnalysisState.ABORTED
    with pytest.raises(CaseError, match="Nothing of analysis 1 was stored"):
        casework.result_of(case, 1)
    casework.resume_in_case(case, 1)
    assert case.analyses.get(1).state is AnalysisState.FINISHED


def test_a_read_only_case_is_refused_before_the_work_and_can_be_exported(case, clip):
    case.close()
    append(clip)
    with CaseStore.open(case.path, read_only=True) as reader:
        with pytest.raises(CaseError, match="for reading only"):
            casework.analyze_in_case(reader, 1, short(clip))
        with pytest.raises(CaseError, match="for reading only"):
            casework.resume_in_case(reader, 1)
        check = casework.check_for_export(reader, 1)
        assert (check.check_id, check.occasion, check.state) == (0, Occasion.EXPORT, ItemState.CHANGED)
        assert len(reader.items.checks(1)) == 1
        assert casework.dossier_of(reader, 1, check=check).custody.checks[-1] == check


def test_a_case_is_not_saved_elsewhere_while_an_analysis_runs(clip, tmp_path):
    target = tmp_path / "named.cotejo"
    with casework.open_case(None, "Ana") as case:
        assert (case.is_temporary, case.path.parent) == (True, paths.unsaved_dir())
        casework.take_in(case, open_item(clip))
        said = []

        def save(_):
            with pytest.raises(CaseError, match="still runs") as caught:
                case.save_as(target)
            said.append(caught.value)

        casework.analyze_in_case(case, 1, short(clip), on_prediction=save)
        assert said
        case.save_as(target)
    with casework.open_case(target) as case:
        assert case.analyses.get(1).state is AnalysisState.FINISHED
    with casework.open_case(tmp_path / "new.cotejo", "Ana", "casework") as case:
        assert case.audit_log()[0].purpose == "casework"


def test_details_are_kept_for_the_case_or_for_one_item(case):
    details = ReportDetails(case_number="2026/17", question="Genuine?", conclusion="Of all", version=2)
    casework.store_details(case, details)
    count = len(case.audit_log())
    casework.store_details(case, details)
    assert len(case.audit_log()) == count  # nothing differs
    assert case.settings.get("case_number") == "2026/17"
    casework.store_details(case, replace(details, conclusion="Of one", status=ReportStatus.FINAL, requester="Ben"), 1)
    assert casework.details_of(case) == replace(details, requester="Ben")
    assert casework.details_of(case, 1) == replace(
        details, requester="Ben", conclusion="Of one", status=ReportStatus.FINAL
    )
    case.settings.set("version", "many")
    assert casework.details_of(case).version == 1


def test_a_dossier_tells_of_its_item_alone(case, clip, tmp_path):
    casework.take_in(case, open_item(Path(shutil.copy(clip, tmp_path / "other.mp4"))))
    number, _ = casework.analyze_in_case(case, 1, short(clip))
    casework.analyze_in_case(case, 2, short(tmp_path / "other.mp4"))
    case.notes.add("The lips move oddly.", 1)
    case.notes.add("Of the other.", 2)
    case.bookmarks.add(1, 12, 0.48, "left ear")
    case.bookmarks.add(1, 13, 0.52)
    for key in ("conclusion@1", "conclusion@2", "range@1"):
        case.settings.set(key, "3 20")
    casework.check_for_export(case, 1, "report")
    issued = datetime(2026, 3, 4, tzinfo=UTC)
    dossier = casework.dossier_of(case, 1, number, issued)
    custody = dossier.custody
    assert (dossier.issued_utc, custody.analysis_id, custody.item) == (issued, 1, case.items.get(1))
    assert custody.case_id == case.audit_log()[0].details["case"]
    assert (custody.case_name, custody.head) == ("case.cotejo", case.head())
    assert [c.occasion for c in custody.checks] == [Occasion.INTAKE, Occasion.ANALYSIS, Occasion.EXPORT]
    assert [e.action for e in custody.log] == [
        "case.created", "case.opened", "item.added", "item.checked", "analysis.started", "analysis.finished",
        "note.added", "bookmark.added", "bookmark.added", "setting.changed", "item.checked",
    ]  # fmt: skip
    assert custody.log[-2].details["key"] == "conclusion@1"
    assert [text for _, _, text in dossier.notes] == ["The lips move oddly.", "#12 (0.480 s): left ear"]


def test_traces_are_read_and_stored(case, clip, tmp_path):
    traces = casework.read_item_traces(case, 1)
    assert traces.sha256 == case.items.get(1).sha256
    assert to_plain(case.items.traces(1)) == to_plain(traces)
    assert to_plain(casework.dossier_of(case, 1).traces) == to_plain(traces)
    other = casework.take_in(case, open_item(Path(shutil.copy(clip, tmp_path / "other.mp4"))))
    assert casework.look_alikes(case) == ()  # of the other nothing is known
    casework.read_item_traces(case, other.item_id, item=open_item(other.path))
    (pair,) = casework.look_alikes(case)
    assert (pair.first.item_id, pair.second.item_id, pair.distance) == (1, 2, 0)
    append(clip)
    with pytest.raises(InputError, match="its hash is another"):
        casework.read_item_traces(case, 1)


def test_stored_traces_come_back_and_damage_is_said(tmp_path):
    path = make_case(tmp_path)
    with CaseStore.open(path) as store:
        assert to_plain(store.items.traces(1)) == to_plain(traces_of(store.items.get(1).sha256))
        assert store.items.traces(2) is None
        store.items.set_traces(1, replace(traces_of(store.items.get(1).sha256), location=None))
        assert store.items.traces(1).location is None
    assert verify_case(path).is_intact
    tamper(path, "UPDATE traces SET data = x'00'")
    assert "The findings of set of traces 1 do not match their hash." in [
        finding.message for finding in verify_case(path, with_items=False).findings
    ]
    with CaseStore.open(path, read_only=True) as store, pytest.raises(CaseError, match="damaged"):
        store.items.traces(1)


def test_an_analysis_of_an_earlier_version_is_read_and_not_resumed(tmp_path, case, clip, monkeypatch):
    token = CancelToken()
    monkeypatch.setattr(
        analyses, "to_plain", lambda plan: {k: v for k, v in to_plain(plan).items() if k != "provenance"}
    )
    with pytest.raises(Cancelled):
        casework.analyze_in_case(case, 1, short(clip), cancel=token, on_started=lambda *_: token.cancel())
    assert case.analyses.get(1).plan.provenance is None
    with pytest.raises(CaseError, match="not known under which settings"):
        casework.resume_in_case(case, 1)
    with CaseStore.create(tmp_path / "b.cotejo") as other, pytest.raises(CaseError, match="no item 1"):
        casework.analyze_in_case(other, 1, short(make_clip(tmp_path, "x.mp4")))
