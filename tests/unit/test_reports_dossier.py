"""What a report draws from its dossier: custody, traces, what people state, drafts, and the page for newsrooms."""

import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from desktop_app.domain import ExhibitKind, Outcome, QualityRange, Verdict
from desktop_app.domain.dossier import Dossier, ReportDetails, ReportStatus, ReportTemplate
from desktop_app.domain.traces import Credentials, CredentialState
from desktop_app.reports.arguments import alternatives, contrary
from desktop_app.reports.intervals import sum_intervals
from desktop_app.reports.pdf import write_pdf
from desktop_app.reports.pdf.context import TEXTS, Context
from desktop_app.reports.pdf.coverage import STATES, strip_states
from desktop_app.reports.pdf.custody import hash_rows
from desktop_app.reports.pdf.run import command
from desktop_app.reports.report_id import report_id
from desktop_app.reports.standing import conditions, matching_rows, measure, wilson
from desktop_app.reports.wording import LANGUAGES
from tests.factories import inconclusive_verdict, make_card, make_measured_card, make_result, without_faces
from tests.unit.report_cases import DETAILS, TRACES, make_custody, make_dossier
from tests.unit.test_reports_pdf import Report, squeeze

PICTURED = replace(make_result(2, 120), card=make_measured_card())
BASE = replace(PICTURED, exhibits=())
SECTIONS = {"people": 6, "file": 3, "validation": 8}
SUMMARY = ReportTemplate.SUMMARY


@pytest.fixture
def draw(tmp_path):
    def make(result, language="en", dossier=None, template=ReportTemplate.FULL):
        return Report(write_pdf(result, tmp_path / "report.pdf", language, dossier or make_dossier(result), template))

    return make


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_state_is_in_the_report(draw, language) -> None:
    dossier = make_dossier(PICTURED)
    report = draw(PICTURED, language, dossier)
    wanted = [getattr(DETAILS, name) for name in ("case_number", "question", "requester", "laboratory", "examiner")]
    wanted += [DETAILS.examiner_role, DETAILS.reviewer, DETAILS.supersedes, DETAILS.contrary, DETAILS.alternatives]
    wanted += [*DETAILS.conclusion.split("\n"), *DETAILS.laboratory_address.split("\n"), DETAILS.limitations]
    wanted += [dossier.notes[0][2], report_id(PICTURED, dossier), dossier.custody.head.sha256, dossier.custody.case_id]
    wanted += [trace.meaning for trace in TRACES.findings if language == "en"]
    wanted += [TEXTS[key][language == "es"] for key in ("keys.attention", "weight.p1.value", "credentials.absent")]
    wanted += [TEXTS["custody.same"][language == "es"], command(Context(BASE, language))]
    for said in wanted:
        assert squeeze(said) in report.text, said
    assert report.created == "D:20260315100000+00'00'"
    assert squeeze(TEXTS["draft.margin"][language == "es"]) not in report.text
    assert report.embedded


def test_the_examiners_conclusion_stands_behind_all_that_the_machine_found(draw) -> None:
    report = draw(BASE)
    own = report.text.index(squeeze("Stated by the examiner, not by the machine").upper())
    machine = report.text.index(squeeze("What speaks against it"))
    assert machine < own < report.text.index(squeeze(DETAILS.conclusion.split("\n")[0]))


@pytest.mark.parametrize("template", ReportTemplate)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_says_so_on_every_page(draw, language, template) -> None:
    report = draw(BASE, language, Dossier(), template)
    mark = squeeze(TEXTS["draft.margin"][language == "es"])
    assert all(mark in page for page in report.pages)


def test_nothing_stated_is_said_quietly_and_claims_nothing(draw) -> None:
    report = draw(BASE, dossier=Dossier())
    assert report.text.count("notstated") >= 5
    assert squeeze("has not stated a conclusion") in report.text
    assert squeeze("without a case file") in report.text
    assert squeeze("was not read for this report") in report.text


def test_a_file_that_changed_is_said_plainly(draw) -> None:
    other = make_custody("b" * 64, exported="c" * 64)
    rows = hash_rows(Context(BASE, "en", make_dossier(BASE, custody=other)), other)
    assert [row.match for row in rows] == ["reference", "different", "different"]
    report = draw(BASE, dossier=make_dossier(BASE, custody=other))
    assert squeeze("is NOT the file that was taken in") in report.text
    assert "b" * 64 in report.text
    assert "c" * 64 in report.text
    unexported = make_custody(BASE.media.sha256, checks=2)
    rows = hash_rows(Context(BASE, "en"), replace(unexported, checks=unexported.checks[:1]))
    assert [row.match for row in rows] == ["reference", "same", "none"]


def test_traces_of_another_file_are_not_passed_off_as_the_items(draw) -> None:
    report = draw(BASE, dossier=make_dossier(BASE, traces=TRACES))
    assert squeeze("read from a file with another hash") in report.text


@pytest.mark.parametrize("state", CredentialState)
def test_every_state_of_content_credentials_has_its_sentence(draw, state) -> None:
    traces = replace(TRACES, credentials=Credentials(state, "Camera GmbH", problems=("timestamp.mismatch",)))
    report = draw(BASE, dossier=make_dossier(BASE, traces=traces))
    assert squeeze(TEXTS[f"credentials.{state.value}"][0]) in report.text
    assert (squeeze("Camera GmbH") in report.text) == (state is not CredentialState.ABSENT)


def test_a_long_log_keeps_its_ends(draw) -> None:
    custody = make_custody(BASE.media.sha256, entries=3000)
    report = draw(BASE, dossier=make_dossier(BASE, custody=custody))
    assert squeeze("2,950 entries between") in report.text
    for entry in (custody.log[0], custody.log[9], custody.log[-1]):
        assert entry.sha256[:16] in report.text
    assert len(report.pages) < 16


def test_the_number_of_a_report_follows_what_it_tells() -> None:
    dossier = make_dossier(BASE)
    number = report_id(BASE, dossier)
    assert re.fullmatch("R(-[0-9a-f]{4}){3}", number)
    assert report_id(BASE, make_dossier(BASE)) == number
    others = [
        replace(dossier, details=replace(DETAILS, conclusion="Otherwise.")),
        replace(dossier, issued_utc=None),
        replace(dossier, custody=make_custody(BASE.media.sha256, entries=7)),
        replace(dossier, traces=None),
        Dossier(),
    ]
    numbers = {report_id(BASE, other) for other in others} | {number, report_id(make_result(3, 60), dossier)}
    assert len(numbers) == len(others) + 2


@pytest.mark.parametrize("template", ReportTemplate)
def test_equal_input_gives_equal_bytes(tmp_path: Path, template) -> None:
    made = [write_pdf(BASE, tmp_path / f"{n}.pdf", "es", make_dossier(BASE), template).read_bytes() for n in range(2)]
    assert made[0] == made[1]


LONG = "Institute of Forensic Sciences and Comparative Examination of Recordings, Department of Faces, " * 2
STATED = replace(DETAILS, laboratory=LONG, examiner=LONG, requester=LONG, conclusion="A sentence of some length. " * 40)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "result",
    [
        PICTURED,
        replace(make_result(40, 200, exhibits=False), card=make_measured_card()),
        replace(make_result(1, 60, name="recording_" * 24 + ".mp4"), card=make_measured_card()),
        make_result(2, 200, aborted=True, exhibits=False),
        without_faces(BASE),
        replace(PICTURED, verdict=inconclusive_verdict()),
        make_result(1, 1),
        replace(BASE, card=make_card(error_rates=()), exhibits=()),
    ],
    ids=["two", "forty", "long", "stopped", "no face", "inconclusive", "picture", "bare"],
)
def test_the_summary_is_one_page(draw, result, language) -> None:
    for details in (ReportDetails(), STATED):
        dossier = make_dossier(result, details=details)
        report = draw(result, language, dossier, SUMMARY)
        assert len(report.pages) == 1
        (page,) = report.pages
        assert result.media.sha256 in page
        assert report_id(result, dossier) in page
        assert squeeze(TEXTS["summary.cannot"][language == "es"]).upper() in page
        assert not re.search(r"probabilidaddequeel|probabilitythatthe", page)


def test_the_summary_shows_pictures_and_curves(tmp_path: Path) -> None:
    path = write_pdf(PICTURED, tmp_path / "report.pdf", "en", make_dossier(BASE), SUMMARY)
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages[0].get_images()) == 3
    assert squeeze("Where in the item").upper() in Report(path).text


def test_text_and_figures_are_tagged_in_reading_order(tmp_path: Path) -> None:
    path = write_pdf(PICTURED, tmp_path / "report.pdf", "es", make_dossier(BASE))
    with pikepdf.open(path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        elements = list(pdf.Root.StructTreeRoot.K.K)
        kinds = [str(element.S) for element in elements]
        figures = [element for element in elements if element.S == pikepdf.Name.Figure]
        assert kinds.count("/H1") == 11
        assert kinds.count("/P") > 300
        assert len(figures) > 15
        assert all(str(figure.Alt) for figure in figures)
        for index, page in enumerate(pdf.pages):
            operators = [str(operator) for _, operator in pikepdf.parse_content_stream(page)]
            assert operators.count("BDC") + operators.count("BMC") == operators.count("EMC")
            own = [element for element in elements if element.Pg.objgen == page.obj.objgen]
            assert [int(element.K) for element in own] == list(range(len(own)))
            assert len(own) == operators.count("BDC")
            assert int(page.obj.StructParents) == index


def test_the_interval_of_a_share_is_that_of_wilson() -> None:
    # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I
    for share, count, low, high in (
        (81 / 263, 263, 0.2553, 0.3662),
        (15 / 148, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
    ):
        assert wilson(share, count) == pytest.approx((low, high), abs=1e-4)


def test_rows_that_match_the_item_are_found_by_size_and_compression() -> None:
    names = ("all", "face 50-100 px", "face 200-400 px", "face from 400 px", "0.06-0.15 bit/px", "from 0.15 bit/px")
    rows = tuple(replace(BASE.card.error_rates[0], condition=name, level="video") for name in names)
    at = conditions(BASE)
    assert at.face_px == pytest.approx(260, abs=1)
    assert at.bits == pytest.approx(8 * 8_412_773 / (1280 * 720 * 120))
    assert [rows[i].condition for i in matching_rows(rows, at)] == ["face 200-400 px", "from 0.15 bit/px"]
    # the compression of a video is not that of a picture
    assert matching_rows(tuple(replace(row, level="image") for row in rows), at) == (2,)
    assert matching_rows(rows, conditions(without_faces(BASE))) == (5,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_matching_row_is_pointed_at_and_none_is_said(draw, language) -> None:
    row = replace(BASE.card.error_rates[0], condition="face 200-400 px")
    card = replace(BASE.card, error_rates=(*BASE.card.error_rates, row))
    assert "→" in draw(replace(BASE, card=card), language).text
    assert squeeze({"en": "has no figures for items like this one", "es": "no tiene cifras"}[language]) in (
        draw(BASE, language).text
    )


def test_faces_outside_the_validated_range_are_said(draw) -> None:
    card = replace(BASE.card, validated=(QualityRange("sharpness", 400.0, 760.0), QualityRange("pose_deg", None, 39.0)))
    outside = replace(BASE, card=card)
    assert [row.is_inside for row in measure(outside)] == [True, False, True]
    report = draw(outside)
    assert squeeze("OUTSIDE THE VALIDATED RANGE in sharpness") in report.text
    assert squeeze("The faces lie outside the validated range (section 8)") in report.text
    assert squeeze("lie within the validated range") in draw(BASE).text


def test_arguments_speak_against_the_finding() -> None:
    genuine = replace(BASE, verdict=replace(BASE.tracks[1].verdict, outcome=Outcome.SCORED))
    doubt = replace(BASE, verdict=inconclusive_verdict())
    dossier = make_dossier(BASE)
    for language in LANGUAGES:
        against_fake = contrary(BASE, dossier, language, SECTIONS)
        against_genuine = contrary(genuine, dossier, language, SECTIONS)
        both = contrary(doubt, dossier, language, SECTIONS)
        assert len(set(against_fake) & set(against_genuine)) == 1
        assert len(both) >= 4
        assert set(alternatives(BASE, language)).isdisjoint(alternatives(genuine, language))
    assert "12.0%" in " ".join(contrary(BASE, dossier, "en", SECTIONS))
    assert "missed 19.0%" in " ".join(contrary(genuine, dossier, "en", SECTIONS))
    assert "strong weight: 1" in " ".join(contrary(genuine, dossier, "en", SECTIONS))
    assert contrary(without_faces(BASE), dossier, "en", SECTIONS) == ()


def test_one_figure_is_never_called_a_probability_of_forgery(draw) -> None:
    for language in LANGUAGES:
        text = draw(BASE, language).text
        assert not re.search(r"probab\w*(that|deque)(the|el)(video|item|v\wdeo|material)is", text)
        assert squeeze(TEXTS["weight.intro"][language == "es"]) in text


def test_an_inconclusive_result_weighs_nothing(draw) -> None:
    report = draw(replace(BASE, verdict=inconclusive_verdict()))
    assert squeeze("support neither proposition over the other") in report.text
    assert squeeze("What speaks for either side") in report.text


def test_intervals_count_every_frame_once() -> None:
    rows = BASE.predictions_of(1)
    intervals = sum_intervals(rows, BASE.card.thresholds, 12)
    assert 2 <= len(intervals) <= 12
    assert sum(interval.seen for interval in intervals) == len(rows)
    assert sum(interval.scored for interval in intervals) == sum(row.p_fake is not None for row in rows)
    for interval in intervals:
        own = [p.p_fake for p in rows if interval.start_s - 1e-9 <= p.time_s < interval.end_s - 1e-9 and p.p_fake]
        assert (interval.low, interval.high) == (min(own), max(own))
        assert interval.low <= interval.mean <= interval.high
    assert sum_intervals((), BASE.card.thresholds, 12) == ()
    assert len(sum_intervals(make_result(1, 20_000, exhibits=False).predictions, BASE.card.thresholds, 12)) <= 12


def test_the_strip_tells_scored_from_seen_from_left_out() -> None:
    states = strip_states(Context(BASE, "en"), 4.8)
    assert {STATES[state] for state in states} == {"scored", "gated", "no_face"}
    part = replace(BASE, request=replace(BASE.request, start_s=0.0, end_s=2.4), predictions=BASE.predictions[:100])
    states = strip_states(Context(part, "en"), 4.8)
    assert STATES[states[-1]] == "out"
    assert STATES[states[0]] == "scored"


def test_the_command_gives_range_sampling_and_quotes_the_name() -> None:
    result = make_result(1, 20, exhibits=False, name="my clip.mp4")
    request = replace(result.request, start_s=1.5, model_id="")
    assert command(Context(replace(result, request=request), "en")) == (
        "cotejo analyze 'my clip.mp4' --model cotejo-mobilenetv2-5 --range 1.5: --every 1 --device cpu"
    )


def test_the_title_keeps_the_letters_that_the_fonts_lack(draw) -> None:
    assert "采访.mp4" in draw(make_result(1, 20, exhibits=False, name="采访.mp4")).title
    assert "ראיון" in draw(make_result(1, 20, exhibits=False, name="ראיון.mov")).title
    assert "\u202e" not in draw(make_result(1, 20, exhibits=False, name="a\u202egpj.exe")).title


def test_a_single_frame_and_a_final_status_need_no_interval(draw) -> None:
    one = replace(BASE, verdict=Verdict(Outcome.SCORED, BASE.verdict.band, 0.72, None, "Score of a single picture."))
    report = draw(one, dossier=Dossier(details=ReportDetails(status=ReportStatus.FINAL)))
    assert squeeze("95% interval over the frames: ") not in report.pages[0]


def test_the_heatmap_names_method_layer_class_and_strength(draw) -> None:
    caption = "Grad-CAM, layer features.18.0, for the class fake; strongest raw activation 0.112."
    heats = tuple(replace(e, caption=caption) if e.kind is ExhibitKind.HEATMAP else e for e in PICTURED.exhibits)
    text = draw(replace(PICTURED, exhibits=heats), "es").text
    assert squeeze("Grad-CAM, capa features.18.0, para la clase «fake»; activación bruta máxima 0,112") in text
    assert squeeze(TEXTS["keys.unfaithful"][1]) in text
    told = tuple(replace(e, caption=f"{e.caption} Faithfulness 0.8.") for e in heats)
    text = draw(replace(PICTURED, exhibits=told)).text
    assert squeeze("strongest raw activation 0.112. Faithfulness 0.8.") in text
    assert squeeze(TEXTS["keys.unfaithful"][0]) not in text


def test_the_heatmap_of_a_model_of_several_networks_is_told_in_the_reports_language(draw) -> None:
    caption = "Grad-CAM of the first of 2 networks, layer a, for the class fake; strongest raw activation 0.112."
    heats = tuple(replace(e, caption=caption) if e.kind is ExhibitKind.HEATMAP else e for e in PICTURED.exhibits)
    text = draw(replace(PICTURED, exhibits=heats), "es").text
    assert squeeze("Grad-CAM de la primera de 2 redes, capa a, para la clase «fake»") in text
    assert squeeze("Grad-CAM of the first of 2 networks, layer a") in draw(replace(PICTURED, exhibits=heats)).text


FAITH = (
    "Faithfulness {}: without the strongest 20% of the map the class goes from {} to 0.31; without as much chosen by "
    "chance to 0.85, mean of 12 masks."
)


@pytest.mark.parametrize(
    ("value", "base", "judged"),
    [("0.92", "0.97", "yes"), ("0.75", "0.97", "part"), ("0.50", "0.97", "no"), ("1.00", "0.31", "still")],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_heatmap_tells_its_faithfulness_in_the_reports_language(draw, language, value, base, judged) -> None:
    tested = FAITH.format(value, base)
    caption = f"Grad-CAM, layer features.18.0, for the class fake; strongest raw activation 0.112. {tested}"
    heats = tuple(replace(e, caption=caption) if e.kind is ExhibitKind.HEATMAP else e for e in PICTURED.exhibits)
    text, place = draw(replace(PICTURED, exhibits=heats), language).text, language == "es"
    figures = tested.replace(", mean of 12 masks", " (mean of 12 masks)")
    if place:
        figures = f"Fidelidad {value}: sin el 20 % más intenso del mapa la clase pasa de {base} a 0.31;"
        figures = figures.replace(".", ",")
    assert squeeze(figures) in text
    for key in ("yes", "part", "no", "still"):
        assert (squeeze(TEXTS[f"keys.faith.{key}"][place]) in text) == (key == judged)
    assert squeeze(TEXTS["keys.faithful"][place].format(n=12, times=13)) in text
    assert squeeze(TEXTS["keys.unfaithful"][place]) not in text


def test_an_empty_map_is_said_to_be_untested(draw) -> None:
    caption = (
        "Grad-CAM, layer a, for the class fake; strongest raw activation 0. Faithfulness not tested: the map is empty."
    )
    heats = tuple(replace(e, caption=caption) if e.kind is ExhibitKind.HEATMAP else e for e in PICTURED.exhibits)
    assert squeeze(TEXTS["keys.untested"][1]) in draw(replace(PICTURED, exhibits=heats), "es").text
