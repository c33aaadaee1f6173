"""Which needs of the action table are met, as the desk stands."""

from desktop_app.ui.actions import Need
from desktop_app.ui.desk import Desk
from desktop_app.ui.entries import EntryState
from desktop_app.ui.tabletop import State


def needs_met(desk: Desk, current: int, can_explain: bool) -> Need:
    """What is there now.

    Args:
        desk: The open item and its case.
        current: The item that the actions of the queue act upon, 0 when there is none.
        can_explain: Whether a heat map can be asked for.
    """
    have = _case_needs(desk, current)
    have |= Need.BUSY if desk.is_busy else Need.NOTHING
    have |= Need.IDLE if not desk.is_writing else Need.NOTHING
    if desk.state is State.OPENING:
        return have
    if desk.item is not None:
        have |= Need.ITEM
        have |= Need.MOTION if len(desk.item.index) > 1 else Need.NOTHING
        have |= Need.FACE if can_explain else Need.NOTHING
        have |= Need.FREE if not desk.is_queued else Need.NOTHING
    if desk.result is not None:
        have |= Need.RESULT
        have |= Need.PARTIAL if desk.result.provenance.aborted and desk.item_id else Need.NOTHING
    return have


def _case_needs(desk: Desk, current: int) -> Need:
    cases, have = desk.cases, Need.NOTHING
    info = cases.info
    have |= Need.CASE if info is not None else Need.NOTHING
    have |= Need.UNNAMED if info is None or info.is_temporary else Need.NOTHING
    have |= Need.WRITABLE if info is None or not info.read_only else Need.NOTHING
    have |= Need.ENTRIES if cases.entries else Need.NOTHING
    if cases.queue.waiting or cases.queue.running is not None:
        have |= Need.QUEUE
    if current in cases.entries:
        have |= Need.QUEUED if cases.queue.is_queued(current) else Need.NOTHING
        have |= Need.WAITING if cases.entries[current].state is EntryState.WAITING else Need.NOTHING
    return have
