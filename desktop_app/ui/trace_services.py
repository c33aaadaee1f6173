"""What the worker does with the traces of items: read them, and see which items look alike.

Called on the worker's thread only: the heavy rooms are imported in here.
"""

import contextlib
from typing import TYPE_CHECKING

from desktop_app.domain.traces import ItemTraces
from desktop_app.errors import AppError, InputError
from desktop_app.ui.case_services import CaseFile
from desktop_app.ui.jobs import Job

if TYPE_CHECKING:
    from desktop_app.media import MediaItem

Twins = dict[int, tuple[int, ...]]


def read_traces(job: Job, file: CaseFile, item_id: int, media: "MediaItem | None") -> None:
    """Read what an item's file tells of its own history into the case."""
    from desktop_app.analysis.intake import read_item_traces

    store = file.need()
    # a file that cannot be read any more is told where it is opened
    with contextlib.suppress(InputError):
        if not store.read_only and store.items.traces(item_id) is None:
            read_item_traces(store, item_id, job.progress, job.token, media)


def history(job: Job, file: CaseFile, item_id: int, media: "MediaItem | None") -> ItemTraces | None:
    """What an item's file tells of its own history; it is read now where the case does not hold it yet.

    None when it cannot be read, which is told where the file is opened.
    """
    from desktop_app.analysis.intake import read_item_traces
    from desktop_app.media.provenance import read_traces

    with contextlib.suppress(AppError):
        store = file.need()
        stored = store.items.traces(item_id)
        if stored is not None or media is None:
            return stored
        if store.read_only:
            return read_traces(media.info.path, media.info.sha256, cancel=job.token, on_progress=job.progress)
        return read_item_traces(store, item_id, job.progress, job.token, media)
    return None


def twins(job: Job, file: CaseFile) -> Twins:
    """The items that look alike, by item; as far as their traces were read."""
    from desktop_app.analysis.intake import look_alikes

    found: Twins = {}
    for pair in look_alikes(file.need()):
        first, second = pair.first.item_id, pair.second.item_id
        found[first] = (*found.get(first, ()), second)
        found[second] = (*found.get(second, ()), first)
    return found
