"""The options of `cotejo case`."""

from pathlib import Path
from typing import Annotated

import typer

from desktop_app.cli import case_words, casework
from desktop_app.cli.analyze import Outputs, build_request
from desktop_app.cli.case_use import Hand
from desktop_app.cli.export import add_archive_commands
from desktop_app.domain.dossier import ReportTemplate

Case = Annotated[Path, typer.Argument(help="A case.", show_default=False)]
Actor = Annotated[str, typer.Option("--by", help="Who writes; default: the examiner of the settings, else the user.")]
Purpose = Annotated[str, typer.Option("--purpose", help="What for; goes into the audit log.")]
Language = Annotated[str | None, typer.Option("--language", help="en or es.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output, one line per record.")]
ItemOption = Annotated[int | None, typer.Option("--item", help="Number of the item it speaks of.")]


def add_case_commands(app: typer.Typer) -> None:
    """Add `cotejo case`."""
    case = typer.Typer(no_args_is_help=True, help="Cases: items, their custody, analyses that go on, notes, the log.")
    app.add_typer(case, name="case")
    _add_items(case)
    _add_runs(case)
    _add_words(case)
    _add_report(case)
    add_archive_commands(case)


def _hand(actor: str, purpose: str, language: str | None) -> Hand:
    from desktop_app.cli.app import choose_language

    return Hand(actor, purpose, choose_language(language))


def _add_items(case: typer.Typer) -> None:
    @case.command()
    def new(path: Case, actor: Actor = "", purpose: Purpose = "", language: Language = None) -> None:
        """Make a case; examiner and laboratory of the settings go into it."""
        casework.new_case(path, _hand(actor, purpose, language))

    @case.command()
    def add(
        path: Case,
        files: Annotated[list[Path], typer.Argument(help="Videos or pictures.", show_default=False)],
        received_from: Annotated[str, typer.Option("--from", help="Who handed them over.")] = "",
        note: Annotated[str, typer.Option("--note", help="What there is to say of them.")] = "",
        actor: Actor = "",
        purpose: Purpose = "",
        language: Language = None,
    ) -> None:
        """Take files in: hashes, size and times, and what container, streams and metadata tell."""
        hand = _hand(actor, purpose, language)
        raise typer.Exit(casework.add_files(path, files, note, received_from, hand))

    @case.command("list")
    def list_(path: Case, as_json: AsJson = False, language: Language = None) -> None:
        """Show items, how they compared last, analyses and what they found, notes."""
        casework.show_case(path, as_json, _hand("", "", language))

    @case.command()
    def check(
        path: Case,
        items: Annotated[list[int] | None, typer.Argument(help="Numbers of items; none are all.")] = None,
        actor: Actor = "",
        purpose: Purpose = "",
        language: Language = None,
    ) -> None:
        """Compare items with their files and record it."""
        raise typer.Exit(casework.check_items(path, items or [], _hand(actor, purpose, language)))

    @case.command()
    def accept(
        path: Case,
        check: Annotated[int, typer.Argument(help="Number of the check that found a deviation.", show_default=False)],
        reason: Annotated[str, typer.Option("--reason", help="Why the item is examined all the same.")],
        actor: Actor = "",
        language: Language = None,
    ) -> None:
        """Accept that an item's file changed or was moved, and state why."""
        casework.accept_check(path, check, reason, _hand(actor, "", language))


def _add_runs(case: typer.Typer) -> None:
    from desktop_app.cli import casework

    @case.command()
    def analyze(
        path: Case,
        items: Annotated[list[int] | None, typer.Argument(help="Numbers of items.", show_default=False)] = None,
        is_all: Annotated[bool, typer.Option("--all", help="All items.")] = False,
        range_: Annotated[str, typer.Option("--range", help="Part in seconds, as START:END.")] = "",
        every: Annotated[int | None, typer.Option("--every", min=1, help="Analyse every n-th frame.")] = None,
        per_second: Annotated[float | None, typer.Option("--per-second", min=0.01, help="Frames a second.")] = None,
        model: Annotated[str, typer.Option("--model", help="Id of the model.")] = "",
        device: Annotated[str | None, typer.Option("--device", help="auto, cpu, cuda or mps.")] = None,
        actor: Actor = "",
        purpose: Purpose = "",
        language: Language = None,
        as_json: AsJson = False,
    ) -> None:
        """Compare items with their files, analyse them, and store what is found while it is found.

        Ctrl+C, a kill or a power cut leaves what was stored; `cotejo case resume` goes on with it.
        """
        hand = _hand(actor, purpose, language)
        request = build_request(Path(), range_, every, per_second, model, device, path)
        outputs = Outputs(Path(), hand.language, json=as_json)
        raise typer.Exit(casework.analyze_items(path, items or [], is_all, request, outputs, hand))

    @case.command()
    def resume(
        path: Case,
        analyses: Annotated[list[int] | None, typer.Argument(help="Numbers of analyses; none are all.")] = None,
        actor: Actor = "",
        purpose: Purpose = "",
        language: Language = None,
        as_json: AsJson = False,
    ) -> None:
        """Go on with analyses that broke off; each ends as if it had not."""
        hand = _hand(actor, purpose, language)
        outputs = Outputs(Path(), hand.language, json=as_json)
        raise typer.Exit(casework.resume_analyses(path, analyses or [], outputs, hand))


def _add_report(case: typer.Typer) -> None:
    @case.command()
    def report(
        path: Case,
        analysis: Annotated[int, typer.Argument(help="Number of the analysis; 0 is the last.", min=0)] = 0,
        out: Annotated[Path, typer.Option("--out", help="Folder for the files; made if need be.")] = Path(),
        template: Annotated[
            list[ReportTemplate] | None,
            typer.Option("--template", help="The whole report or one page; may be repeated."),
        ] = None,
        language: Annotated[
            list[str] | None, typer.Option("--language", help="Language of reports: en or es; may be repeated.")
        ] = None,
        details: Annotated[
            Path | None, typer.Option("--details", help="TOML file whose entries replace those of the case.")
        ] = None,
        sign: Annotated[Path | None, typer.Option("--sign", help="Sign with this certificate (PKCS#12).")] = None,
        passphrase_file: Annotated[
            Path | None, typer.Option("--passphrase-file", help="Text file with its passphrase.")
        ] = None,
        reason: Annotated[str, typer.Option("--reason", help="What the signature says of its reason.")] = "",
        location: Annotated[str, typer.Option("--location", help="What the signature says of the place.")] = "",
        actor: Actor = "",
        purpose: Purpose = "",
    ) -> None:
        """Write the report (PDF) of an analysis, with custody, traces, notes and what was set with `set`.

        The item is compared with its intake first. Its number of version follows from the reports that the log knows,
        and the last of them is the one that it supersedes. Templates and languages that are asked for at once are one
        report of one number. The log keeps the hash of every file. The passphrase is asked for, or comes from
        --passphrase-file or the variable COTEJO_PASSPHRASE.
        """
        from desktop_app.cli.app import choose_language
        from desktop_app.cli.case_report import Order, write_case_report
        from desktop_app.cli.reports import prepare_signing

        languages = tuple(dict.fromkeys(choose_language(one) for one in language or [""]))
        templates = tuple(dict.fromkeys(template or [ReportTemplate.FULL]))
        signing = prepare_signing(sign, passphrase_file, reason, location)
        order = Order(out, templates, languages, details, signing)
        write_case_report(path, analysis, order, Hand(actor, purpose, languages[0]))


def _add_words(case: typer.Typer) -> None:
    @case.command()
    def note(
        path: Case,
        text: Annotated[str, typer.Argument(help="What to write.", show_default=False)],
        item: ItemOption = None,
        actor: Actor = "",
        language: Language = None,
    ) -> None:
        """Write a note on the case or on one item."""
        case_words.add_note(path, text, item, _hand(actor, "", language))

    @case.command("set")
    def set_(
        path: Case,
        key: Annotated[str, typer.Argument(help="Such as case_number, question, requester.", show_default=False)],
        value: Annotated[str, typer.Argument(help="What reports say.", show_default=False)],
        item: ItemOption = None,
        actor: Actor = "",
        purpose: Purpose = "",
        language: Language = None,
    ) -> None:
        """Set what reports of the case say; a wrong key lists all. As setting.NAME, a setting of this case alone."""
        case_words.set_detail(path, key, value, item, _hand(actor, purpose, language))

    @case.command("log")
    def log_(path: Case, as_json: AsJson = False, language: Language = None) -> None:
        """Print the audit log."""
        case_words.show_log(path, as_json, _hand("", "", language))

    @case.command("save-copy")
    def save_copy(
        path: Case,
        target: Annotated[Path, typer.Argument(help="Where the copy shall be.", show_default=False)],
        actor: Actor = "",
        purpose: Purpose = "",
        language: Language = None,
    ) -> None:
        """Write a whole copy of a case into another file."""
        case_words.save_copy(path, target, _hand(actor, purpose, language))
