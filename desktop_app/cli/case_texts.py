"""Sentences of the `cotejo case` commands, in English and Spanish."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop_app.cli.console import printable
from desktop_app.domain import AnalysisResult
from desktop_app.domain.cases import AnalysisState, AuditEntry, CaseItem, CaseNote, ItemCheck, ItemState, StoredAnalysis
from desktop_app.errors import CaseError

if TYPE_CHECKING:
    from desktop_app.cases import CaseStore

TEXTS = {
    "made": ("{name} was made.", "Se ha creado {name}."),
    "noted": ("Note {note} was written.", "Se ha escrito la nota {note}."),
    "copied": ("{name} was written.", "Se ha escrito {name}."),
    "item.name": ("Item {item}", "Material {item}"),
    "analysis": ("Analysis {analysis}", "Análisis {analysis}"),
    "nothing_broken": ("No analysis of this case was broken off.", "Ningún análisis de este caso quedó interrumpido."),
    "stored": ("Analysis {analysis} keeps {frames} frames; it goes on with",
               "El análisis {analysis} conserva {frames} fotogramas; se reanuda con"),
    "log": ("log: {count} entries, the last one {sha256}", "registro: {count} entradas, la última {sha256}"),
    "item": ("item {item}: {name}, {size} bytes", "material {item}: {name}, {size} bytes"),
    "intake": ("taken in {at} UTC", "ingresado {at} UTC"),
    "received": (", received from {who}", ", recibido de {who}"),
    "check": ("check {check} of {at} UTC: {state}", "comprobación {check} del {at} UTC: {state}"),
    "accepted": (" (accepted by {who}: {reason})", " (aceptado por {who}: {reason})"),
    "run": ("analysis {analysis} of {at} UTC: {state}, {done} of {sampled} frames, {model}{band}",
            "análisis {analysis} del {at} UTC: {state}, {done} de {sampled} fotogramas, {model}{band}"),
    "alike": ("items {first} and {second} look alike ({distance} of 64 bits differ)",
              "los materiales {first} y {second} se parecen (difieren {distance} de 64 bits)"),
    "note": ("note {note} of {who}, {at} UTC: {text}", "nota {note} de {who}, {at} UTC: {text}"),
    "empty": ("no items yet", "aún sin materiales"),
    ItemState.INTACT: ("matches", "coincide"),
    ItemState.CHANGED: ("CHANGED: its hashes are not those of the intake",
                        "CAMBIADO: sus resúmenes no son los del ingreso"),
    ItemState.MOVED: ("moved: the same content at another place", "movido: el mismo contenido en otro lugar"),
    ItemState.MISSING: ("missing: the file is not where it was", "ausente: el archivo no está donde estaba"),
    AnalysisState.RUNNING: ("running", "en curso"),
    AnalysisState.FINISHED: ("finished", "terminado"),
    AnalysisState.ABORTED: ("broken off", "interrumpido"),
}  # fmt: skip


def text(key: str, language: str, /, **values: object) -> str:
    """A sentence in a language, its gaps filled."""
    return TEXTS[key][language == "es"].format(**values)


def describe_case(case: "CaseStore", language: str) -> str:
    """Items with their state, analyses and notes."""
    from desktop_app.analysis.intake import look_alikes

    head, items = case.head(), case.items.all()
    lines = [printable(case.path.name), f"  {text('log', language, count=head.count, sha256=head.sha256)}"]
    lines += [f"  {key}: {printable(value)}" for key, value in case.settings.all().items()]
    if not items:
        lines.append(f"  {text('empty', language)}")
    for item in items:
        lines += _item_lines(case, item, language)
    lines += [
        f"  {text('alike', language, first=p.first.item_id, second=p.second.item_id, distance=p.distance)}"
        for p in look_alikes(case)
    ]
    lines += [f"  {_note_text(note, language)}" for note in case.notes.all() if note.item_id is None]
    return "\n".join(lines)


def _item_lines(case: "CaseStore", item: CaseItem, language: str) -> list[str]:
    lines = [f"  {line}" for line in describe_item(item, language).split("\n")]
    checks = case.items.checks(item.item_id)
    lines += [f"    {_check_text(check, language)}" for check in checks[-1:]]
    lines += [f"    {_run_text(case, analysis, language)}" for analysis in case.analyses.all(item.item_id)]
    lines += [f"    {_note_text(note, language)}" for note in case.notes.all(item.item_id)]
    return lines


def _note_text(note: CaseNote, language: str) -> str:
    facts = {"who": printable(note.author), "at": _time(note.at_utc), "text": printable(note.text)}
    return text("note", language, note=note.note_id, **facts)


def describe_item(item: CaseItem, language: str) -> str:
    """An item as it was taken in."""
    intake = text("intake", language, at=_time(item.intake_utc))
    if item.received_from:
        intake += text("received", language, who=printable(item.received_from))
    return f"{_name_text(item, language)}\n  {intake}\n  SHA-256 {item.sha256}"


def _name_text(item: CaseItem, language: str) -> str:
    size = f"{item.size_bytes:,}"
    # Spanish takes a comma for a decimal point
    size = size.replace(",", "\N{NO-BREAK SPACE}") if language == "es" else size
    return text("item", language, item=item.item_id, name=printable(item.path.name), size=size)


def describe_check(item: CaseItem, check: ItemCheck, language: str) -> str:
    """One comparison of an item."""
    return f"{_name_text(item, language)}\n  {_check_text(check, language)}"


def _check_text(check: ItemCheck, language: str) -> str:
    state = text(check.state, language)
    if check.accepted_utc is not None:
        by, reason = printable(check.accepted_by or ""), printable(check.accepted_reason or "")
        state += text("accepted", language, who=by, reason=reason)
    return text("check", language, check=check.check_id, at=_time(check.at_utc), state=state)


def _run_text(case: "CaseStore", analysis: StoredAnalysis, language: str) -> str:
    from desktop_app.reports.wording import short_headline

    result = _result_of(case, analysis)
    band = f": {short_headline(result.verdict, language, result.ratio_of(result.verdict))}" if result else ""
    return text(
        "run", language, analysis=analysis.analysis_id, at=_time(analysis.started_utc),
        state=text(_state_of(case, analysis), language), done=analysis.frames_done, sampled=analysis.plan.sampled,
        model=analysis.plan.card.model_id, band=band,
    )  # fmt: skip


def _state_of(case: "CaseStore", analysis: StoredAnalysis) -> AnalysisState:
    """Where an analysis stands: one that says it runs, while nobody writes to the case, was killed."""
    from desktop_app.cases.locks import is_locked

    is_killed = analysis.state is AnalysisState.RUNNING and not is_locked(case.path)
    return AnalysisState.ABORTED if is_killed else analysis.state


def _result_of(case: "CaseStore", analysis: StoredAnalysis) -> AnalysisResult | None:
    """What a whole analysis found; None of one that broke off."""
    if analysis.state is not AnalysisState.FINISHED:
        return None
    try:
        return case.analyses.result(analysis.analysis_id)
    except CaseError:
        return None  # damaged: `cotejo verify` says more


def facts_of(case: "CaseStore") -> dict[str, object]:
    """The same as JSON values."""
    from desktop_app.analysis.intake import look_alikes

    head = case.head()
    return {
        "case": str(case.path),
        "entries": head.count,
        "head": head.sha256,
        "settings": case.settings.all(),
        "items": [_item_facts(case, item) for item in case.items.all()],
        "alike": [[p.first.item_id, p.second.item_id, p.distance] for p in look_alikes(case)],
    }


def _item_facts(case: "CaseStore", item: CaseItem) -> dict[str, object]:
    checks = case.items.checks(item.item_id)
    return {
        "item": item.item_id,
        "path": str(item.path),
        "sha256": item.sha256,
        "sha512": item.sha512,
        "bytes": item.size_bytes,
        "intake": item.intake_utc.isoformat(),
        "state": checks[-1].state.value if checks else None,
        "check": checks[-1].check_id if checks else None,
        "usable": bool(checks) and checks[-1].allows_analysis,
        "analyses": [_run_facts(case, analysis) for analysis in case.analyses.all(item.item_id)],
    }


def _run_facts(case: "CaseStore", analysis: StoredAnalysis) -> dict[str, object]:
    result = _result_of(case, analysis)
    verdict = result.verdict if result else None
    return {
        "analysis": analysis.analysis_id,
        "state": _state_of(case, analysis).value,
        "started": analysis.started_utc.isoformat(),
        "model": analysis.plan.card.model_id,
        "frames_done": analysis.frames_done,
        "sampled": analysis.plan.sampled,
        "outcome": verdict.outcome.value if verdict else None,
        "band": verdict.band.value if verdict and verdict.band else None,
        "p_fake": verdict.p_fake if verdict else None,
    }


def describe_log(entries: Sequence[AuditEntry], language: str) -> list[str]:
    """One line for each entry of the log."""
    from desktop_app.reports.log_texts import action_text, details_text

    lines = []
    for entry in entries:
        facts = ", ".join(_short(part) for part in details_text(entry.details, language))
        purpose = f" ({printable(entry.purpose)})" if entry.purpose else ""
        action = action_text(entry.action, language)
        said = f"{entry.seq:>5}  {_time(entry.at_utc)}  {printable(entry.actor)}  {action}{purpose}"
        lines.append(f"{said}  {facts}".rstrip())
    return lines


def _short(part: str) -> str:
    words = printable(part)
    return words if len(words) <= 96 else f"{words[:95]}…"


def log_facts(entries: Sequence[AuditEntry]) -> list[dict[str, object]]:
    """Entries as JSON values."""
    return [
        {
            "seq": e.seq,
            "at": e.at_utc.isoformat(),
            "actor": e.actor,
            "action": e.action,
            "purpose": e.purpose,
            "details": dict(e.details),
            "rows": dict(e.rows),
            "previous": e.previous,
            "sha256": e.sha256,
        }
        for e in entries
    ]


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
