"""The audit log speaks English and Spanish, and nothing that the program writes into it lacks words."""

import ast
import re
from pathlib import Path

import pytest

from desktop_app.cases import CaseStore
from desktop_app.cases.overrides import PREFIX, key_of
from desktop_app.cli.case_texts import describe_log
from desktop_app.config import SETTINGS
from desktop_app.domain.cases import ItemState, Occasion
from desktop_app.domain.dossier import ReportDetails
from desktop_app.reports.error_texts import finding_text
from desktop_app.reports.log_texts import ACTIONS, DETAILS, VALUES, action_text, details_text
from tests.unit.case_files import make_case

PACKAGE = Path(__file__).resolve().parents[2] / "desktop_app"
HEADS = {name.partition(".")[0] for name in ACTIONS}


def is_action(node):
    # the prefix of a stored key is no action
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    head, _, tail = text.partition(".")
    return (head in HEADS and tail.isalpha() and head != "setting") or text == "setting.changed"


def test_every_action_of_the_source_has_words():
    found = {
        node.value
        for room in ("cases", "analysis")
        for path in (PACKAGE / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if is_action(node)
    }
    assert found >= {"case.created", "item.checked", "analysis.chunk", "report.exported", "setting.changed"}
    assert not {name for name in found if not name.endswith((".py", ".json"))} - ACTIONS.keys()


def test_every_detail_of_a_full_case_has_words(tmp_path):
    path = make_case(tmp_path)
    with CaseStore.open(path, "Ben") as case:
        (tmp_path / "clip.mp4").write_bytes(b"other")
        check = case.items.check(1, Occasion.REVIEW)
        case.items.accept(check.check_id, "known")
        case.items.check(1, Occasion.ANALYSIS)
        case.items.annotate(1, "a copy")
        case.settings.set("case_number", "2026/18")
        case.settings.unset("case_number")
        case.notes.change(1, "They do not.")
        case.notes.remove(1)
        case.bookmarks.remove(1)
        case.save_copy(tmp_path / "copy.cotejo")
        log = case.audit_log()
    keys = {key for entry in log for key in entry.details}
    assert keys > {"accepted_with", "before", "state", "head"}
    assert not keys - DETAILS.keys()
    lines = describe_log(log, "es")
    assert any("archivo comprobado  material: 1, ocasión: revisión, estado: cambiado" in line for line in lines)
    assert any(
        "datos del caso cambiados  qué: número de caso, valor: ninguno, antes: 2026/18" in line for line in lines
    )
    assert not [line for line in lines if "case_number" in line or "_with" in line]


def test_particulars_states_and_settings_of_a_case_have_words():
    keys = VALUES["key"].keys()
    assert keys >= set(ReportDetails.__dataclass_fields__)
    assert keys >= {key_of(setting.key) for setting in SETTINGS if setting.per_case}
    assert {key.removeprefix(PREFIX) for key in keys if key.startswith(PREFIX)} <= {s.key for s in SETTINGS}
    assert VALUES["state"].keys() == {state.value for state in ItemState}
    assert VALUES["occasion"].keys() == {occasion.value for occasion in Occasion}


@pytest.mark.parametrize(
    ("details", "english", "spanish"),
    [
        ({"rows": 12000}, "faces: 12,000", "rostros: 12\u00a0000"),
        ({"analysis": 1200}, "analysis: 1200", "análisis: 1200"),
        ({"signed": True}, "signed: yes", "firmado: sí"),
        ({"key": "conclusion@3"}, "what: conclusion (item 3)", "qué: conclusión (material 3)"),
        ({"key": "mood@3"}, "what: mood@3", "qué: mood@3"),
        ({"files": {"a.csv": "ab12"}}, "files: a.csv ab12", "archivos: a.csv ab12"),
        ({"name": "moved"}, "file: moved", "archivo: moved"),
        (
            {"reason": "The program ended while the analysis ran."},
            "reason: The program ended while the analysis ran.",
            "motivo: El programa terminó durante el análisis.",
        ),
        ({"pace": 2.5}, "pace: 2.5", "pace: 2.5"),
    ],
)
def test_details_in_words(details, english, spanish):
    assert details_text(details, "en") == (english,)
    assert details_text(details, "es") == (spanish,)


def test_what_ends_an_analysis_is_said_in_spanish():
    rooms = ("analysis/casework.py", "cases/analyses.py")
    source = "\n".join((PACKAGE / name).read_text(encoding="utf-8") for name in rooms)
    reasons = re.findall(r'^(?:KILLED|_CANCELLED|_FAULT) = "(.*)"', source, re.MULTILINE)
    assert len(reasons) == 3
    assert not [reason for reason in reasons if finding_text(reason, "es") == reason]


def test_an_unknown_action_stays_as_it_is():
    assert action_text("moon.landed", "es") == "moon.landed"
