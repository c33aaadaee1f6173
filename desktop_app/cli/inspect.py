"""`cotejo inspect`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop_app.cli.codes import UsageError, exit_code_of
from desktop_app.cli.console import cancel_on_interrupt, complain_of, printable, progress_bar, write_out
from desktop_app.errors import AppError

if TYPE_CHECKING:
    from desktop_app.domain.traces import ItemTraces
    from desktop_app.media.provenance import NearPair

MAX_TRUST_BYTES = 4 * 1024 * 1024

_WORDS = {
    "file": ("File", "Archivo"),
    "stream": ("Stream {number}", "Flujo {number}"),
    "findings": ("Findings, the weightiest first", "Hallazgos, de más a menos peso"),
    "none": ("nothing that stands out", "nada que destaque"),
    "credentials": ("Content Credentials", "Content Credentials"),
    "issuer": ("signed by", "firmadas por"),
    "generator": ("made with", "hechas con"),
    "signed_utc": ("signed on", "firmadas el"),
    "actions": ("actions", "acciones"),
    "problems": ("checks that failed", "comprobaciones fallidas"),
    "hash": ("Perceptual hash", "Hash perceptual"),
    "no_hash": (
        "none: plain colour, or nothing could be decoded",
        "ninguno: color liso, o no se pudo decodificar nada",
    ),
    "near": ("Look alike", "Se parecen"),
    "near_pair": ("{first} and {second}: {bits} of 64 bits differ", "{first} y {second}: difieren {bits} de 64 bits"),
}


def add_inspect(app: typer.Typer) -> None:
    """Add the command and its options."""

    @app.command()
    def inspect(
        files: Annotated[list[Path], typer.Argument(help="Videos or pictures.", show_default=False)],
        as_json: Annotated[bool, typer.Option("--json", help="One line of JSON on standard output per item.")] = False,
        language: Annotated[str | None, typer.Option("--language", help="en or es.")] = None,
        trust: Annotated[
            Path | None,
            typer.Option("--trust", help="Certificates (PEM) whose Content Credentials are trusted; none are shipped."),
        ] = None,
    ) -> None:
        """Read what files tell of their own history: structure, programs, dates, edits, Content Credentials.

        The picture itself is not judged. Nothing goes online. Several files are also compared by how they look.
        """
        from desktop_app.cli.app import choose_language

        raise typer.Exit(run_inspect(files, as_json, choose_language(language), trust))


def run_inspect(files: Sequence[Path], as_json: bool, language: str, trust: Path | None = None) -> int:
    """Read the traces of files, write them out and return the exit code.

    Raises:
        UsageError: The certificates cannot be read.
        Cancelled: Ctrl+C.
    """
    from desktop_app.files import hash_file
    from desktop_app.media.provenance import near_duplicates, read_traces

    trust_pem = _read_trust(trust)
    found: list[tuple[Path, ItemTraces]] = []
    code = 0
    with cancel_on_interrupt() as cancel:
        for path in files:
            try:
                with progress_bar() as on_progress:
                    sha256 = hash_file(path, on_progress, cancel).sha256
                    traces = read_traces(path, sha256, on_progress, cancel, trust_pem)
            except AppError as error:
                complain_of(error, path.name)
                code = code or exit_code_of(error)
                continue
            found.append((path, traces))
            write_out(json.dumps(_facts(path, traces, language)) if as_json else _text(path, traces, language))
    pairs = near_duplicates([traces for _, traces in found])
    if pairs and not as_json:
        write_out("\n".join(_near_lines(pairs, [path.name for path, _ in found], language)))
    return code


def _read_trust(trust: Path | None) -> str:
    if trust is None:
        return ""
    try:
        with trust.open("rb") as file:
            text = file.read(MAX_TRUST_BYTES).decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The certificates in “{trust.name}” cannot be read.", "Give a file in PEM form.") from error
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise UsageError(f"There is no certificate in “{trust.name}”.", "Give a file in PEM form.")
    return text


def _word(key: str, language: str) -> str:
    return _WORDS[key][language == "es"]


def _text(path: Path, traces: "ItemTraces", language: str) -> str:
    from desktop_app.reports.trace_texts import trace_text, weight_text

    lines = [printable(path.name), f"  SHA-256 {traces.sha256}", "", f"  {_word('findings', language)}"]
    for trace in traces.findings:
        title, message, meaning = trace_text(trace, language)
        lines += [f"  [{weight_text(trace.weight, language)}] {title}", f"      {message}", f"      {meaning}"]
    if not traces.findings:
        lines.append(f"  {_word('none', language)}")
    lines += ["", *_credential_lines(traces, language), "", f"  {_word('file', language)}"]
    lines += [f"    {key}: {value}" for key, value in traces.container]
    for number, pairs in enumerate(traces.streams, 1):
        lines.append(f"  {_word('stream', language).format(number=number)}")
        lines += [f"    {key}: {value}" for key, value in pairs]
    hashes = " ".join(traces.perceptual_hash) or _word("no_hash", language)
    return "\n".join([*lines, "", f"  {_word('hash', language)}: {hashes}", ""])


def _credential_lines(traces: "ItemTraces", language: str) -> list[str]:
    from desktop_app.reports.trace_texts import credentials_text

    credentials = traces.credentials
    lines = [f"  {_word('credentials', language)}", f"    {credentials_text(credentials.state, language)}"]
    facts = {
        "issuer": credentials.issuer,
        "generator": credentials.generator,
        "signed_utc": credentials.signed_utc,
        "actions": ", ".join(credentials.actions),
        "problems": ", ".join(credentials.problems),
    }
    return lines + [f"    {_word(key, language)}: {value}" for key, value in facts.items() if value]


def _near_lines(pairs: "Sequence[NearPair]", names: Sequence[str], language: str) -> list[str]:
    sentence = _word("near_pair", language)
    return [
        _word("near", language),
        *(
            "  " + sentence.format(first=names[pair.first], second=names[pair.second], bits=pair.distance)
            for pair in pairs
        ),
    ]


def _facts(path: Path, traces: "ItemTraces", language: str) -> dict[str, object]:
    from desktop_app.reports.trace_texts import trace_text

    credentials = traces.credentials
    findings = []
    for trace in traces.findings:
        title, message, meaning = trace_text(trace, language)
        words = {"title": title, "message": message, "meaning": meaning}
        findings.append({"code": trace.code, "weight": trace.weight.value, **words, "facts": dict(trace.facts)})
    return {
        "path": str(path),
        "sha256": traces.sha256,
        "findings": findings,
        "credentials": {
            "state": credentials.state.value,
            "issuer": credentials.issuer,
            "generator": credentials.generator,
            "signed_utc": credentials.signed_utc,
            "actions": list(credentials.actions),
            "problems": list(credentials.problems),
        },
        "container": [list(pair) for pair in traces.container],
        "streams": [[list(pair) for pair in pairs] for pairs in traces.streams],
        "location": list(traces.location) if traces.location else None,
        "thumbnail_bytes": len(traces.thumbnail) if traces.thumbnail else 0,
        "perceptual_hash": list(traces.perceptual_hash),
    }
