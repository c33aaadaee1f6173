"""Items of a case before and after their analysis: taken in, read for traces, compared before an export."""

from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.cases import CaseStore, hash_if_there, hashes_of
from desktop_app.domain.cases import CaseItem, ItemCheck, Occasion
from desktop_app.domain.traces import ItemTraces
from desktop_app.errors import InputError
from desktop_app.media import MediaItem
from desktop_app.progress import CancelToken, ProgressFn, ignore_progress


@dataclass(frozen=True, slots=True, eq=False)
class LookAlike:
    """Two items of a case that look alike.

    Args:
        first, second: The items.
        distance: Bits in which their perceptual hashes differ, of 64.
    """

    first: CaseItem
    second: CaseItem
    distance: int


def take_in(case: CaseStore, item: MediaItem, note: str = "", received_from: str = "", purpose: str = "") -> CaseItem:
    """Take an opened item into a case, with the hashes that opening it took.

    Args:
        case: The case.
        item: The item; the same content at the same place is taken in once.
        note: What the examiner says of it.
        received_from: Who handed it over.
        purpose: What for.

    Raises:
        CaseError: The case cannot be written.
    """
    return case.items.add(item.info.path, hashes_of(item.info), note, received_from, purpose)


def read_item_traces(
    case: CaseStore,
    item_id: int,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    item: MediaItem | None = None,
) -> ItemTraces:
    """Read what an item's file tells of its own history, and store it.

    Args:
        case: The case, open for writing.
        item_id: The item.
        on_progress: Stages ``"hash"`` and ``"traces"``.
        cancel: Stops the work; nothing is stored then.
        item: The item where it was just opened: it need not be hashed again, and a small picture of it is kept.

    Raises:
        InputError: The file is missing, cannot be used, or is not the item.
        CaseError: There is no such item, or the case cannot be written.
        Cancelled: The token was cancelled.
    """
    from desktop_app.media.preview import preview_of
    from desktop_app.media.provenance import read_traces

    path = case.items.get(item_id).path
    hashes = hashes_of(item.info) if item else hash_if_there(path, on_progress, cancel)
    if hashes is None:
        raise InputError(f"“{path.name}” is not where it was.", "Find the file.")
    traces = read_traces(path, hashes.sha256, on_progress=on_progress, cancel=cancel)
    if item is not None:
        traces = replace(traces, preview=preview_of(item))
    case.items.set_traces(item_id, traces)
    return traces


def look_alikes(case: CaseStore) -> tuple[LookAlike, ...]:
    """Items of a case that look alike, the nearest first; only items whose traces were read are compared.

    Raises:
        CaseError: The case is damaged.
    """
    from desktop_app.media.provenance import near_duplicates

    read = [(item, case.items.traces(item.item_id)) for item in case.items.all()]
    known = [(item, traces) for item, traces in read if traces is not None]
    pairs = near_duplicates([traces for _, traces in known])
    return tuple(LookAlike(known[p.first][0], known[p.second][0], p.distance) for p in pairs)


def check_for_export(
    case: CaseStore,
    item_id: int,
    purpose: str = "",
    path: Path | None = None,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> ItemCheck:
    """Compare an item's file before something about it leaves the case.

    A deviation is no error here: the report says it.

    Args:
        case: The case; one that is open for reading only does not record the check, whose number is 0 then.
        item_id: The item.
        purpose: What for.
        path: Where the file lies now, when it is not where it was.
        on_progress: Stage ``"hash"``.
        cancel: Stops the work.

    Raises:
        InputError: The file is there and cannot be read.
        CaseError: There is no such item, or the case cannot be written.
        Cancelled: The token was cancelled.
    """
    place = path or case.items.get(item_id).path
    hashes = hash_if_there(place, on_progress, cancel)
    if case.read_only:
        return case.items.unrecorded_check(item_id, Occasion.EXPORT, hashes, purpose, place)
    return case.items.record_check(item_id, Occasion.EXPORT, hashes, purpose, place)
