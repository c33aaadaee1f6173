"""`cotejo verify`."""

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from desktop_app.cli.codes import NOT_INTACT, UsageError
from desktop_app.cli.console import cancel_on_interrupt, progress_bar, write_out
from desktop_app.domain.cases import CaseCheck, ChainHead, ItemState
from desktop_app.reports.error_texts import finding_text

# in English and Spanish
_TEXTS: dict[object, tuple[str, str]] = {
    None: ("not checked", "sin comprobar"),
    ItemState.INTACT: ("matches", "coincide"),
    ItemState.CHANGED: ("CHANGED: its hashes are not those of the intake",
                        "CAMBIADO: sus hashes no son los del ingreso"),
    ItemState.MISSING: ("missing: the file is not where it was", "ausente: el archivo no está donde estaba"),
    ItemState.MOVED: ("moved", "movido"),
    "whole": ("intact", "íntegro"),
    "altered": ("NOT intact", "NO está íntegro"),
    "since": (", from log entry {since} on", ", desde la entrada {since} del registro"),
    "head": ("log: {count} entries, the last one {sha256}", "registro: {count} entradas, la última {sha256}"),
    "records": ("as the log says: {counts}", "como dice el registro: {counts}"),
    "no records": ("no records", "nada"),
    "item": ("item {item}, {name}: {state}", "material {item}, {name}: {state}"),
    "unnoted": ("The log was not compared with one noted elsewhere; see --head.",
                "El registro no se comparó con uno anotado en otro lugar; véase --head."),
    "settings": ("settings", "ajustes"),
    "items": ("items", "materiales"),
    "checks": ("checks", "comprobaciones"),
    "analyses": ("analyses", "análisis"),
    "predictions": ("predictions", "partes de predicciones"),
    "notices": ("notices", "listas de avisos"),
    "exhibits": ("exhibits", "pruebas"),
    "notes": ("notes", "notas"),
    "bookmarks": ("bookmarks", "marcadores"),
    "traces": ("traces", "conjuntos de indicios"),
}  # fmt: skip


def add_cases(app: typer.Typer) -> None:
    """Add the commands on cases and their options."""

    @app.command()
    def verify(
        file: Annotated[Path, typer.Argument(help="A case, or a report (PDF).", show_default=False)],
        head: Annotated[
            str, typer.Option("--head", help="End of the log as noted elsewhere, as ENTRIES:HASH.", metavar="N:SHA256")
        ] = "",
        items: Annotated[bool, typer.Option(help="Hash the items' files too.")] = True,
        case: Annotated[Path | None, typer.Option("--case", help="The case that a report came from.")] = None,
        trust: Annotated[
            list[Path] | None,
            typer.Option("--trust", help="Certificate (PEM) that must vouch for a report's signature."),
        ] = None,
        redraw: Annotated[bool, typer.Option(help="Draw a report again from its data and compare the pages.")] = True,
        language: Annotated[str | None, typer.Option("--language", help="Language: en or es.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One line of JSON on standard output.")] = False,
    ) -> None:
        """Say whether a case or a report is intact; nothing is changed.

        A case: walks its log and every stored hash, and says what is intact, what is not and since when. Who rewrites
        the whole file can make one that agrees with itself: compare the end of its log with one that was noted
        elsewhere, with --head.

        A report: checks its signatures, the data inside, that the pages show those data, and with --case that they are
        the stored ones.
        """
        from desktop_app.cli.app import choose_language
        from desktop_app.cli.reports import is_report, run_verify_report

        asked = choose_language(language)
        if is_report(file):
            raise typer.Exit(run_verify_report(file, case, trust or [], redraw, as_json, asked))
        raise typer.Exit(run_verify(file, head, items, as_json, asked))


def parse_head(text: str) -> ChainHead | None:
    """The end of a log as ``ENTRIES:HASH``; empty is None.

    Raises:
        UsageError: It is something else.

    >>> parse_head("3:" + "0" * 64).count
    3
    """
    if not text:
        return None
    found = re.fullmatch(r"([1-9]\d{0,17}):([0-9a-fA-F]{64})", text.strip())
    if found is None:
        raise UsageError(f"“{text}” is no end of a log.", "Give the number of entries, a colon and 64 digits.")
    return ChainHead(int(found[1]), found[2].lower())


def run_verify(case: Path, head: str, with_items: bool, as_json: bool, language: str) -> int:
    """Verify a case, say what was found and return the exit code.

    Raises:
        UsageError: The head is none.
        CaseError: It is no case, or cannot be read.
        Cancelled: Ctrl+C.
    """
    from desktop_app.cases import verify_case

    noted = parse_head(head)
    with cancel_on_interrupt() as cancel, progress_bar() as on_progress:
        check = verify_case(case, with_items, noted, on_progress, cancel)
    write_out(json.dumps(_facts(check)) if as_json else "\n".join(_lines(check, noted, language)))
    return 0 if check.is_intact else NOT_INTACT


def _lines(check: CaseCheck, noted: ChainHead | None, language: str) -> list[str]:
    def say(key: object, **values: object) -> str:
        return _TEXTS[key][language == "es"].format(**values)

    since = say("since", since=check.since) if check.since is not None else ""
    lines = [f"{check.path.name}: {say('whole') if check.is_intact else say('altered') + since}"]
    lines += [f"  {finding_text(finding.message, language)}" for finding in check.findings]
    lines.append(f"  {say('head', count=check.head.count, sha256=check.head.sha256)}")
    counts = ", ".join(f"{count} {say(table)}" for table, count in check.records if count)
    lines.append(f"  {say('records', counts=counts or say('no records'))}")
    for item in check.items:
        lines.append(f"  {say('item', item=item.item_id, name=item.path.name, state=say(item.state))}")
    if noted is None and not check.findings:
        lines.append(f"  {say('unnoted')}")
    return lines


def _facts(check: CaseCheck) -> dict[str, object]:
    return {
        "case": str(check.path),
        "intact": check.is_intact,
        "since": check.since,
        "entries": check.head.count,
        "head": check.head.sha256,
        "records": dict(check.records),
        "findings": [{"part": f.part.value, "message": f.message, "since": f.since} for f in check.findings],
        "items": [
            {"item": i.item_id, "path": str(i.path), "state": i.state.value if i.state else None} for i in check.items
        ],
    }
