"""What the `cotejo case` commands do."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from desktop_app.cli.analyze import Outputs, describe, public_json
from desktop_app.cli.case_texts import (
    describe_case,
    describe_check,
    describe_item,
    facts_of,
    text,
)
from desktop_app.cli.case_use import Hand, opened
from desktop_app.cli.codes import CANCELLED, UsageError, exit_code_of
from desktop_app.cli.console import cancel_on_interrupt, complain, complain_of, printable, progress_bar, write_out
from desktop_app.config import load_settings
from desktop_app.domain import AnalysisRequest, AnalysisResult
from desktop_app.domain.cases import AnalysisState, Occasion
from desktop_app.domain.dossier import Dossier, ReportDetails
from desktop_app.errors import AppError, InputError
from desktop_app.progress import Cancelled, CancelToken, ProgressFn

if TYPE_CHECKING:
    from desktop_app.cases import CaseStore

T = TypeVar("T")
FROM_SETTINGS = ("examiner", "examiner_role", "laboratory", "laboratory_address")


def new_case(path: Path, hand: Hand) -> None:
    """Make a case; what the settings know of examiner and laboratory goes into it.

    Raises:
        CaseError: There is a file already, or none can be written.
    """
    from desktop_app.analysis.dossiers import store_details
    from desktop_app.cases import CaseStore

    settings = load_settings()
    known = {name: settings.get_str(name) for name in FROM_SETTINGS}
    with CaseStore.create(path, hand.actor or known["examiner"], hand.purpose) as case:
        store_details(case, ReportDetails(**known), purpose=hand.purpose)  # type: ignore[arg-type]
    write_out(text("made", hand.language, name=printable(str(path))))


def add_files(path: Path, files: Sequence[Path], note: str, received_from: str, hand: Hand) -> int:
    """Take files in and read what they tell of their history; one that fails does not stop the others.

    Returns:
        The exit code.

    Raises:
        CaseError: The case cannot be written.
        Cancelled: Ctrl+C.
    """

    def add(case: "CaseStore", file: Path, on_progress: ProgressFn, cancel: CancelToken) -> None:
        item_id = take_in_file(case, file, on_progress, cancel, note, received_from, hand.purpose)
        write_out(describe_item(case.items.get(item_id), hand.language))

    with opened(path, hand) as case, cancel_on_interrupt() as cancel:
        return _each(files, lambda file, on_progress: add(case, file, on_progress, cancel), lambda file: file.name)


def take_in_file(
    case: "CaseStore",
    file: Path,
    on_progress: ProgressFn,
    cancel: CancelToken,
    note: str = "",
    received_from: str = "",
    purpose: str = "",
) -> int:
    """Take a file in, once, and read its traces; those that cannot be read are said and are no reason to refuse it.

    Returns:
        The number of the item.
    """
    from desktop_app.analysis.intake import read_item_traces, take_in
    from desktop_app.media import open_item

    place = file.absolute()
    for known in case.items.all():
        if known.path == place:
            return known.item_id  # whether it still is the same is looked at before its analysis
    media = open_item(place, on_progress, cancel)
    item = take_in(case, media, note, received_from, purpose)
    try:
        read_item_traces(case, item.item_id, on_progress, cancel, media)
    except AppError as error:
        complain_of(error, printable(item.path.name))
    return item.item_id


def show_case(path: Path, as_json: bool, hand: Hand) -> None:
    """Say what is in a case, without changing it.

    Raises:
        CaseError: It cannot be read.
    """
    with opened(path, hand, read_only=True) as case:
        write_out(json.dumps(facts_of(case)) if as_json else describe_case(case, hand.language))


def check_items(path: Path, items: Sequence[int], hand: Hand) -> int:
    """Compare items with their files and record it.

    Returns:
        The exit code.
    """

    def check(case: "CaseStore", item_id: int, on_progress: ProgressFn, cancel: CancelToken) -> None:
        found = case.items.check(item_id, Occasion.REVIEW, hand.purpose, None, on_progress, cancel)
        write_out(describe_check(case.items.get(item_id), found, hand.language))

    with opened(path, hand) as case, cancel_on_interrupt() as cancel:
        wanted = items or [item.item_id for item in case.items.all()]
        return _each(
            wanted,
            lambda item, on_progress: check(case, item, on_progress, cancel),
            lambda n: text("item.name", hand.language, item=n),
        )


def accept_check(path: Path, check_id: int, reason: str, hand: Hand) -> None:
    """Accept a deviation.

    Raises:
        InputError: There is nothing to accept, or no reason.
        CaseError: There is no such check, or the case cannot be written.
    """
    with opened(path, hand) as case:
        check = case.items.accept(check_id, reason)
        write_out(describe_check(case.items.get(check.item_id), check, hand.language))


def analyze_items(
    path: Path, items: Sequence[int], is_all: bool, base: AnalysisRequest, outputs: Outputs, hand: Hand
) -> int:
    """Analyse items of a case.

    Args:
        path: The case.
        items: Their numbers.
        is_all: All items of the case instead.
        base: What to ask of each; its path is replaced.
        outputs: How it is told.
        hand: Who asks.

    Returns:
        The exit code.

    Raises:
        UsageError: No item is named.
        CaseError: The case cannot be written.
    """
    if bool(items) == is_all:
        raise UsageError("Name the items by their numbers, or take --all.", "`cotejo case list` shows them.")
    with opened(path, hand) as case, cancel_on_interrupt() as cancel:
        wanted = [item.item_id for item in case.items.all()] if is_all else items

        def analyze(item_id: int, on_progress: ProgressFn) -> None:
            request = replace(base, path=case.items.get(item_id).path)
            result = analyze_and_say(case, item_id, request, on_progress, cancel, hand)
            tell(result, outputs)
            _stop_if_cancelled(cancel)

        return _each(wanted, analyze, lambda n: text("item.name", hand.language, item=n))


def analyze_and_say(
    case: "CaseStore",
    item_id: int,
    request: AnalysisRequest,
    on_progress: ProgressFn,
    cancel: CancelToken,
    hand: Hand,
) -> AnalysisResult:
    """Analyse an item of a case; where it breaks off, say how it goes on, and where it is refused, how to accept."""
    from desktop_app.analysis.casework import analyze_in_case

    known = {analysis.analysis_id for analysis in case.analyses.all(item_id)}
    try:
        _, result = analyze_in_case(case, item_id, request, on_progress, cancel, purpose=hand.purpose)
    except (AppError, Cancelled, KeyboardInterrupt) as error:
        _say_how_to_go_on(case, [a.analysis_id for a in case.analyses.all(item_id) if a.analysis_id not in known], hand)
        _hint_how_to_accept(case, item_id, error)
        raise
    if result.provenance.aborted:
        _say_how_to_go_on(case, [case.analyses.all(item_id)[-1].analysis_id], hand)
    return result


def analyze_file(
    case: "CaseStore",
    request: AnalysisRequest,
    is_reported: bool,
    language: str,
    on_progress: ProgressFn,
    cancel: CancelToken,
) -> tuple[AnalysisResult, Dossier]:
    """Take a file into a case, analyse it there, and give what a report says beside the result.

    Args:
        case: The case.
        request: What and how.
        is_reported: Whether a report will be written, for which the file is compared once more.
        language: Of sentences.
        on_progress: Stages of all that.
        cancel: Stops the work.

    Raises:
        AppError: As `analyze_in_case`.
        Cancelled: As `analyze_in_case`.
    """
    from desktop_app.analysis.dossiers import dossier_of
    from desktop_app.analysis.reporting import report_dossier

    item_id = take_in_file(case, request.path, on_progress, cancel)
    result = analyze_and_say(case, item_id, request, on_progress, cancel, Hand(language=language))
    if not is_reported:
        return result, Dossier()
    analysis_id = case.analyses.all(item_id)[-1].analysis_id
    if cancel.is_cancelled:
        return result, dossier_of(case, item_id, analysis_id)
    return result, report_dossier(case, item_id, analysis_id, on_progress=on_progress)


def resume_analyses(path: Path, analyses: Sequence[int], outputs: Outputs, hand: Hand) -> int:
    """Go on with broken-off analyses; none named are all of them.

    Returns:
        The exit code.

    Raises:
        CaseError: The case cannot be written.
    """
    from desktop_app.analysis.casework import resume_in_case

    with opened(path, hand) as case, cancel_on_interrupt() as cancel:
        broken = [a.analysis_id for a in case.analyses.all() if a.state is AnalysisState.ABORTED]
        if not analyses and not broken:
            write_out(text("nothing_broken", hand.language))

        def resume(analysis_id: int, on_progress: ProgressFn) -> None:
            try:
                result = resume_in_case(case, analysis_id, on_progress, cancel, purpose=hand.purpose)
            except (Cancelled, KeyboardInterrupt):
                _say_how_to_go_on(case, [analysis_id], hand)
                raise
            except InputError as error:
                _hint_how_to_accept(case, case.analyses.get(analysis_id).item_id, error)
                raise
            if result.provenance.aborted:
                _say_how_to_go_on(case, [analysis_id], hand)
            tell(result, outputs)
            _stop_if_cancelled(cancel)

        return _each(analyses or broken, resume, lambda n: text("analysis", hand.language, analysis=n))


def tell(result: AnalysisResult, outputs: Outputs) -> None:
    """What was found, on standard output."""
    write_out(json.dumps(public_json(result), allow_nan=False) if outputs.json else describe(result, outputs.language))


def _stop_if_cancelled(cancel: CancelToken) -> None:
    if cancel.is_cancelled:
        raise Cancelled


def _hint_how_to_accept(case: "CaseStore", item_id: int, error: BaseException) -> None:
    checks = case.items.checks(item_id)
    if isinstance(error, InputError) and not checks[-1].allows_analysis and checks[-1].sha256 is not None:
        error.hint += f' To accept: cotejo case accept "{case.path}" {checks[-1].check_id} --reason "…"'


def _say_how_to_go_on(case: "CaseStore", analyses: Sequence[int], hand: Hand) -> None:
    for analysis_id in analyses:
        said = text("stored", hand.language, analysis=analysis_id, frames=case.analyses.get(analysis_id).frames_done)
        complain(said, f'cotejo case resume "{case.path}" {analysis_id}')


def _each(wanted: Sequence[T], work: Callable[[T, ProgressFn], None], name: Callable[[T], str]) -> int:
    """Do the same with several things; one that fails does not stop the others."""
    code = 0
    for one in wanted:
        try:
            with progress_bar() as on_progress:
                work(one, on_progress)
        except Cancelled:
            complain("Cancelled", f"{printable(name(one))}: nothing was done after that.")
            return CANCELLED
        except AppError as error:
            complain_of(error, printable(name(one)))
            code = code or exit_code_of(error)
    return code
