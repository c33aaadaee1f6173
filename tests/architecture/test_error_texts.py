"""Every error that a user can meet has Spanish words."""

import re
from pathlib import Path

import pytest

from desktop_app.analysis.notices import _SINGLE
from desktop_app.cases.verify import _HASHED, _NOUNS, _range
from desktop_app.errors import CaseError, InputError
from desktop_app.reports.error_texts import CATALOGUE, GAP, error_text, in_spanish
from desktop_app.reports.wording import generic_notice_text
from tests.architecture import error_templates
from tests.architecture.error_templates import Source, Template

PACKAGE = Path(__file__).resolve().parents[2] / "desktop_app"

# with the room of training: commands of engineers, who train and measure models; nothing else raises these
ENGLISH_ROOMS = (
    "desktop_app.cli.training",
    "desktop_app.cli.dataset",
    "desktop_app.cli.evaluate",
    "desktop_app.cli.model_files",
    "desktop_app.cli.outputs",
    "desktop_app.detectors.calibrate",
    "desktop_app.detectors.exporting",
    "desktop_app.detectors.folding",
)

# the words of a library, or of the checks of a card, as they are
TECHNICAL = re.compile(r"str\(error\)(\[:\d+\])?")

# pieces of one sentence that the source joins from a list of names
JOINED = {
    "the program was \0 and is \0",
    "the computer was \0 and is \0",
    "the library \0 \0 -> \0",
    "the setting \0 \0 -> \0",
    "The table “\0” of the file was removed, replaced or added.",
    "The index “\0” of the file was removed, replaced or added.",
    "The view “\0” of the file was removed, replaced or added.",
    "The guard “\0” of the file was removed, replaced or added.",
    "one of: \0",
    "none",
    # in the middle of a sentence
    "entry \0 is",
    "entries \0 to \0 are",
}


def _shape(english: str) -> str:
    return GAP.sub(error_templates.GAP, english)


def _is_translated(text: str, gap: int, filling: str) -> bool:
    parts = text.split("\0")
    filled = "\0".join(parts[: gap + 1]) + filling + "\0".join(parts[gap + 1 :])
    inner, outer = in_spanish(filling), in_spanish(filled)
    return inner in outer and (inner != filling or not re.search("[a-z]{2}", filling))


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(PACKAGE, without=("training",))


@pytest.fixture(scope="module")
def templates(source: Source) -> list[Template]:
    return [
        found
        for found in source.templates()
        if isinstance(found, Template) and not found.place.startswith(ENGLISH_ROOMS)
    ]


def test_every_error_has_spanish_words(templates: list[Template]) -> None:
    known = {_shape(english) for english, _ in CATALOGUE}
    assert len({template.text for template in templates}) > 250
    lacking = {f"{t.place}: {t.text!r}" for t in templates if t.text not in known}
    assert not lacking, "no Spanish in desktop_app/reports/error_texts:\n" + "\n".join(sorted(lacking))


def test_every_error_can_be_followed(source: Source) -> None:
    lost = [f for f in source.templates() if isinstance(f, str) and not f.startswith(ENGLISH_ROOMS)]
    lost = [found for found in lost if not TECHNICAL.fullmatch(found.split(": ", 1)[1])]
    assert not lost, "write these as texts that a catalogue can know:\n" + "\n".join(lost)


def test_words_of_the_program_in_a_gap_are_translated_too(templates: list[Template]) -> None:
    lacking = {
        f"{template.place}: {filling!r} has no Spanish, or stands in a gap whose name is not in capitals"
        for template in templates
        for filling in template.fillings
        if not any(_is_translated(template.text, gap, filling) for gap in range(template.text.count("\0")))
    }
    assert not lacking, "\n".join(sorted(lacking))


def test_no_entry_is_left_over(source: Source, templates: list[Template]) -> None:
    used = {template.text for template in templates} | source.shapes() | JOINED
    said = (*_NOUNS.values(), *(said for _, _, said in _HASHED.values()))
    used |= {text.replace("{}", error_templates.GAP) for text in said}
    left = [english for english, _ in CATALOGUE if _shape(english) not in used]
    assert not left, "\n".join(left)


def test_entries_fill_all_gaps_and_are_found() -> None:
    shapes = [_shape(english) for english, _ in CATALOGUE]
    assert sorted(shapes) == sorted(set(shapes))
    for english, spanish in CATALOGUE:
        names = GAP.findall(english)
        assert sorted(names) == sorted(GAP.findall(spanish)), english
        filled = {name: f"«{number}»" for number, name in enumerate(names)}
        assert in_spanish(english.format(**filled)) == spanish.format(**filled), english


def test_an_error_in_both_languages() -> None:
    error = CaseError("“report.pdf” could not be written: no space left on device.", "The folder does not exist: …")
    assert error_text(error, "en") == (error.user_message, error.hint)
    message, hint = error_text(error, "es")
    assert message == "No se pudo escribir «report.pdf»: no queda espacio en el disco."
    assert hint == error.hint  # unknown: as it is


def test_names_stay_and_numbers_are_written_in_the_spanish_way() -> None:
    odd = "There is no case “a number”.\n{x}"
    assert in_spanish(f"The file “{odd}” is empty.") == f"El archivo «{odd}» está vacío."
    error = InputError("The range 0.5 s to its end holds no frame of this item.", "The item ends at 3.20 s.")
    assert error_text(error, "es") == (
        "El intervalo entre 0,5 s y el final no contiene ningún fotograma de este material.",
        "El material termina en 3,20 s.",
    )
    room = "There is no room: 12,345 MB are needed, and 7 MB are free."
    assert in_spanish(room) == "No hay espacio: se necesitan 12.345 MB y quedan 7 MB."


def test_every_finding_in_a_case_has_spanish_words(source: Source) -> None:
    known = {_shape(english) for english, _ in CATALOGUE}
    calls = [(module, call) for module, call in source.calls["CaseFinding"] if len(call.args) > 1]
    texts = {text for module, call in calls for text in source.texts(call.args[1], module)}
    texts |= {name.format("\0") for name in _NOUNS.values()} | {_range(1, 1), _range(1, 2)}
    assert len(texts) > 30
    lacking = sorted(text for text in texts if text not in known and in_spanish(text) == text)
    assert not lacking, "no Spanish in desktop_app/reports/error_texts/findings.py:\n" + "\n".join(lacking)
    assert in_spanish("Item 3 of entry 7 is missing.") == "Falta el material 3, de la entrada 7."
    assert in_spanish("The log was cut off: entry 7 is missing at its end.") == (
        "El registro se cortó: al final falta la entrada 7."
    )


def test_every_notice_has_spanish_words(source: Source) -> None:
    codes = {"gate_too_small", *set(_SINGLE) - {"gate"}}
    for module, call in source.calls["Notice"]:
        codes |= {code for code in source.texts(call.args[1], module) if error_templates.GAP not in code}
    assert codes > {"corrupt_frame", "several_video_streams", "device_fallback"}
    assert not sorted(code for code in codes if generic_notice_text(code, "es") is None)


def test_a_new_message_without_spanish_is_missed(tmp_path: Path) -> None:
    package = tmp_path / "desktop_app"
    package.mkdir()
    (package / "errors.py").write_text("class AppError(Exception): ...\nclass NewError(AppError): ...\n")
    (package / "room.py").write_text(
        'WHY = "Because."\n'
        "def _hint(n):\n    return f'Try {n}.' if n else WHY\n"
        'def work(name, n):\n    raise NewError(f\'{name} is {"odd" if n else "even"}.\', hint=_hint(n))\n'
        "def more(error):\n    raise NewError(str(error))\n"
    )
    found = list(Source(package).templates())
    texts = {t.text for t in found if isinstance(t, Template)}
    assert texts == {"\0 is odd.", "\0 is even.", "Try \0.", "Because."}
    assert [f for f in found if isinstance(f, str)] == ["desktop_app.room: str(error)"]
