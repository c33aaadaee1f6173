import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from desktop_app.domain import ExhibitKind, Notice, Stage
from desktop_app.domain.dossier import Dossier
from desktop_app.errors import CaseError
from desktop_app.reports.pdf import write_pdf
from desktop_app.reports.pdf.context import Context
from desktop_app.reports.pdf.coverage import group_notices
from desktop_app.reports.pdf.key_frames import gather
from desktop_app.reports.pdf.text import elide, printable
from desktop_app.reports.ratios import ratio_tables
from desktop_app.reports.report_id import report_id
from desktop_app.reports.texts import NOTICES
from desktop_app.reports.wording import (
    LANGUAGES,
    condition_text,
    finding_sentence,
    headline,
    limit_sentences,
)
from tests.factories import inconclusive_verdict, make_card, make_measured_card, make_result, without_faces

BASE = make_result(2, 120)


class Report:
    """A written report, read back with nothing but the file's own tables: what a reader can select and copy."""

    def __init__(self, path):
        self.path = path
        with pikepdf.open(path) as pdf:
            self.pages = [page_text(page) for page in pdf.pages]
            self.fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
            self.embedded = all("/FontFile2" in font.FontDescriptor for font in self.fonts)
            self.boxes = [[float(v) for v in page.MediaBox] for page in pdf.pages]
            self.language = str(pdf.Root.Lang)
            self.title = str(pdf.docinfo.Title)
            self.created = str(pdf.docinfo.CreationDate)
            with pdf.open_outline() as outline:
                self.bookmarks = [item.title for item in outline.root]
        self.text = " ".join(self.pages)


def page_text(page):
    """Text of a page by its fonts' ToUnicode tables, without any space."""
    tables = {
        str(name): {
            int(code, 16): bytes.fromhex(target.decode()).decode("utf-16-be")
            for code, target in re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4,})>", font.ToUnicode.read_bytes())
        }
        for name, font in page.Resources.Font.items()
    }
    text, table = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            table = tables[str(operands[0])]
        elif str(operator) == "Tj":
            text += [table[byte] for byte in bytes(operands[0])]
    return squeeze("".join(text))


def squeeze(text):
    return re.sub(r"\s", "", text)


@pytest.fixture
def draw(tmp_path):
    def make(result, language="en", *more):
        return Report(write_pdf(result, tmp_path / "report.pdf", language, *more))

    return make


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_gives_the_verdict_and_its_limits(draw, language) -> None:
    report = draw(BASE, language)
    first = report.pages[0]
    for said in (
        headline(BASE.verdict, language),
        finding_sentence(BASE.verdict, language),
        *limit_sentences(BASE.verdict, False, language)[:5],
        BASE.media.sha256,
        BASE.media.path.name,
    ):
        assert squeeze(said) in first, said
    assert squeeze({"en": "12.0%", "es": "12,0 %"}[language]) in first
    assert report.language == language
    assert BASE.media.path.name in report.title


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_with_likelihood_ratios_is_worded_by_them(draw, language) -> None:
    report = draw(replace(BASE, card=make_measured_card()), language)
    ratio = replace(BASE, card=make_measured_card()).ratio_of(BASE.verdict)
    for said in (headline(BASE.verdict, language, ratio), finding_sentence(BASE.verdict, language, ratio)):
        assert squeeze(said) in report.pages[0], said
    assert squeeze(headline(BASE.verdict, language)) not in report.text
    (table,) = ratio_tables(make_measured_card(), language)
    for said in (*table.columns, *(cell for row in table.rows for cell in row), table.note):
        assert squeeze(said) in report.text, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_was_asked_for_is_in_it(draw, language) -> None:
    report = draw(BASE, language)
    card, origin = BASE.card, BASE.provenance
    wanted = [str(BASE.media.path), card.model_id, origin.weights_sha256, origin.platform, "h264", *card.limits]
    wanted += [f"{name}\u00a0{version}" for name, version in origin.libraries]
    wanted += [row.dataset for row in card.error_rates] + [
        condition_text(row.condition, language) for row in card.error_rates
    ]
    wanted += [str(e.pts) for e in BASE.exhibits] + [e.sha256 for e in BASE.exhibits]
    wanted += [source.name for source in card.training_data]
    for said in wanted:
        assert squeeze(said) in report.text, said
    for number, page in enumerate(report.pages, 1):
        footer = {"en": "Page {} of {}", "es": "Página {} de {}"}[language].format(number, len(report.pages))
        assert squeeze(footer) in page
        assert report_id(BASE, Dossier()) in page
    assert len(report.bookmarks) == 11
    assert report.embedded
    assert all(box == pytest.approx([0, 0, 595.28, 841.89], abs=0.01) for box in report.boxes)


def test_the_same_result_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    first = write_pdf(BASE, tmp_path / "a.pdf", "es").read_bytes()
    write_pdf(make_result(3, 60), tmp_path / "between.pdf", "en")
    assert write_pdf(BASE, tmp_path / "b.pdf", "es").read_bytes() == first
    code = (
        "import sys; from pathlib import Path; from tests.factories import make_result;"
        "from desktop_app.reports.pdf import write_pdf; write_pdf(make_result(2, 120), Path(sys.argv[1]), 'es')"
    )
    repo = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "c.pdf")], cwd=repo, check=True, timeout=60)
    assert (tmp_path / "c.pdf").read_bytes() == first
    assert Report(tmp_path / "a.pdf").created == "D:20260314092734+00'00'"


@pytest.mark.parametrize(
    ("result", "pages"),
    [
        (without_faces(BASE), 8),
        (make_result(0, 30), 8),
        (make_result(1, 1), 9),
        (make_result(40, 200), 18),
        (replace(BASE, exhibits=(), notices=()), 9),
        (replace(BASE, card=make_card(error_rates=(), limits=(), training_data=())), 10),
    ],
    ids=["no face", "no track", "picture", "forty", "bare", "bare card"],
)
def test_extremes_stay_whole(draw, result, pages) -> None:
    report = draw(result)
    assert 3 <= len(report.pages) <= pages
    for track in result.tracks:
        assert squeeze(f"Person {track.track_id}") in report.text
    assert report.embedded


def test_no_usable_face_shows_no_score(draw) -> None:
    first = draw(without_faces(BASE)).pages[0]
    assert squeeze("No usable face") in first
    assert "Calibratedscore" not in first
    assert "12.0%" not in first
    assert squeeze("It is not a score of zero") in first


def test_an_inconclusive_result_says_why(draw) -> None:
    result = replace(BASE, verdict=inconclusive_verdict())
    first = draw(result).pages[0]
    assert squeeze("Inconclusive") in first
    assert squeeze(result.verdict.reason) in first
    assert not re.search("evidenceof(manipulation|agenuineface)", first.split("WHERE", maxsplit=1)[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stopped_analysis_says_so_on_every_page(draw, language) -> None:
    report = draw(make_result(2, 200, aborted=True), language)
    footer = squeeze({"en": "stopped before its end", "es": "detenido antes de terminar"}[language])
    assert all(footer in page for page in report.pages)
    assert squeeze({"en": "after 100 of 200 chosen", "es": "tras 100 de 200"}[language]) in report.pages[0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("采访.mp4", "\\u91c7\\u8bbf.mp4"),
        ("ראיון.mov", "\\u05e8"),
        ("clip\u202egpj.exe", "clip\\u202egpj.exe"),
        ("a\udcff.mp4", "a\\xff.mp4"),
        ("<b>&amp;.mp4", "<b>&amp;.mp4"),
        ("Señal_ΩЖ.mp4", "Señal_ΩЖ.mp4"),
        ("\U0001f3a5.mp4", "\\U0001f3a5.mp4"),
        ("zoe\u0308.mp4", "zoë.mp4"),
    ],
)
def test_no_character_of_a_name_is_lost(draw, name, shown) -> None:
    report = draw(make_result(1, 20, exhibits=False, name=name))
    assert squeeze(shown) in report.pages[0]
    assert squeeze(shown) in "".join(report.pages[1:3])


def test_a_very_long_name_is_short_in_front_and_whole_inside(draw) -> None:
    name = "recording_" * 24 + ".mp4"
    report = draw(make_result(2, 60, exhibits=False, name=name, tags=(("comment", "x" * 5000),)))
    assert name not in report.pages[0]
    assert ".mp4" in report.pages[0]
    assert name in report.text
    # the overview is what gives way: the section on the item stays the second page
    assert report.pages[1].count(squeeze("1 Request")) == 1


def test_paths_of_other_systems_give_their_file_name() -> None:
    result = make_result(1, 20, exhibits=False, path=Path(r"D:\evidence\clip.mp4"))
    assert Context(result, "en").name == "clip.mp4"


def test_thousands_of_notices_become_a_few_rows(draw) -> None:
    notices = tuple(
        Notice(Stage.FACES, "unconfirmed_face", f"A face at {[i, i]} was seen once.", 3 * i) for i in range(5000)
    )
    notices += tuple(Notice(Stage.MEDIA, "odd_new_thing", f"Odd thing {i}.") for i in range(3))
    groups = group_notices(notices, "en")
    assert [(g.count, g.text) for g in groups] == [(5000, NOTICES["unconfirmed_face"][0]), (3, "Odd thing 0.")]
    assert groups[1].is_one_of_many
    report = draw(replace(BASE, notices=notices))
    assert "5,000" in report.text
    assert squeeze("4,986 more ranges") in report.text
    assert len(report.pages) < 13


def test_other_weights_than_the_cards_are_told(draw) -> None:
    report = draw(replace(BASE, provenance=replace(BASE.provenance, weights_sha256="f" * 64)))
    assert "f" * 64 in report.text
    assert squeeze("do not match the card") in report.text


def test_a_picture_that_cannot_be_read_is_told(draw) -> None:
    broken = tuple(replace(e, png=e.png[:200]) if e.kind is ExhibitKind.FACE_CROP else e for e in BASE.exhibits)
    assert squeeze("could not be read") in draw(replace(BASE, exhibits=broken)).text


def test_key_frames_gather_their_pictures() -> None:
    groups = gather(BASE.exhibits)
    assert [group.frame_index for group in groups] == sorted(group.frame_index for group in groups)
    assert all(set(group.pictures) == set(ExhibitKind) and group.track_id for group in groups)
    alone = gather(tuple(e for e in BASE.exhibits if e.kind is ExhibitKind.KEY_FRAME))
    assert len(alone) == len(groups)
    assert all(group.track_id is None for group in alone)


def test_pictures_are_in_the_file_at_print_size(tmp_path: Path) -> None:
    path = write_pdf(BASE, tmp_path / "report.pdf")
    with pikepdf.open(path) as pdf:
        images = [image for page in pdf.pages for image in page.get_images().values()]
        frames = [i for i in images if i.Width == 983]
        assert len(images) == len(BASE.exhibits)
        assert len(frames) == sum(e.kind is ExhibitKind.KEY_FRAME for e in BASE.exhibits)
        # the portrait's orange suit: the colours are those of the exhibit
        red, _, blue = pikepdf.PdfImage(frames[0]).as_pil_image().convert("RGB").getpixel((983 // 4, 500))
        assert red > blue + 60


def test_a_place_that_cannot_be_written_and_a_wrong_language(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="could not be written"):
        write_pdf(BASE, tmp_path / "absent" / "report.pdf")
    with pytest.raises(ValueError, match="language"):
        write_pdf(BASE, tmp_path / "report.pdf", "fr")
    assert not list(tmp_path.glob("*.pdf"))


def test_names_are_cut_in_their_middle() -> None:
    short = elide("a" * 500 + ".mp4", "CotejoSans", 8, 100)
    assert short.endswith(".mp4")
    assert "…" in short
    assert elide("clip.mp4", "CotejoSans", 8, 100) == "clip.mp4"
    assert printable("tab\there") == "tab\\u0009here"


def test_a_clip_of_ten_minutes_is_drawn_quickly_and_stays_small(tmp_path: Path) -> None:
    result = make_result(1, 15_000, exhibits=False)
    start = time.process_time()
    path = write_pdf(result, tmp_path / "report.pdf")
    assert time.process_time() - start < 5.0
    with pikepdf.open(path) as pdf:
        streams = [stream for stream in pdf.objects if isinstance(stream, pikepdf.Stream)]
        pages = sum(len(s.read_raw_bytes()) for s in streams if s.get("/Type") != pikepdf.Name.EmbeddedFile)
    # beside them the data of every frame is in the file
    assert pages < 200_000
    assert path.stat().st_size < 2_500_000


@pytest.mark.parametrize(("language", "said"), [("en", "16.1% (14–18)"), ("es", "16,1 % (14–18)")])  # noqa: RUF001
def test_the_equal_error_rate_has_its_interval_where_the_card_has_one(draw, language, said) -> None:
    rows = BASE.card.error_rates
    newer = (replace(rows[0], eer_low=0.141, eer_high=0.183), *rows[1:])
    assert squeeze(said) not in draw(BASE, language).text
    assert squeeze(said) in draw(replace(BASE, card=replace(BASE.card, error_rates=newer)), language).text


@pytest.mark.parametrize(("language", "sign"), [("en", "."), ("es", ",")])
def test_times_at_an_axis_have_the_decimal_sign_of_the_language(draw, language, sign) -> None:
    # three seconds: an axis with halves
    times = re.findall(r"0:0[0-3][.,]5(?!\d)", draw(make_result(1, 75), language).text)
    assert times
    assert {time[4] for time in times} == {sign}
