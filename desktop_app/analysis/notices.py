"""Notices of an analysis: one for each stretch of the same kind, in an order that does not depend on threads."""

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.domain import Notice, Stage

_SINGLE = {
    "undecodable_frame": "The frame is damaged and could not be decoded.",
    "corrupt_frame": "The frame is damaged; its picture may be wrong.",
    "no_face": "No face was found in this frame.",
    "unconfirmed_face": "What looked like a face at {detail} was seen too briefly to be one, and left out.",
    "gate": "Person {detail} was not scored in this frame: {why}.",
}
_STRETCH = {
    "undecodable_frame": "The frames {first} to {last} are damaged and could not be decoded.",
    "corrupt_frame": "The frames {first} to {last} are damaged; their pictures may be wrong.",
    "no_face": "No face was found in {count} frames from {first} to {last}.",
    "unconfirmed_face": (
        "What looked like a face was seen too briefly to be one in {count} places of the frames {first} to {last}, and "
        "left out."
    ),
    "gate": "Person {detail} was not scored in {count} frames from {first} to {last}: {why}.",
}
_GATE = "gate_"


@dataclass(slots=True)
class _Stretch:
    stage: Stage
    code: str
    detail: str
    first: int
    last: int
    last_position: int
    count: int = 1

    def to_notice(self) -> Notice:
        kind = "gate" if self.code.startswith(_GATE) else self.code
        text = (_SINGLE if self.count == 1 else _STRETCH)[kind]
        why = self.code.removeprefix(_GATE).replace("_", " ")
        message = text.format(detail=self.detail, why=why, first=self.first, last=self.last, count=self.count)
        return Notice(self.stage, self.code, message, self.first, self.count)


class NoticeLog:
    """Gathers what one stage skipped; for one thread.

    Frames that follow each other among the sampled ones make one stretch and one notice.
    """

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], _Stretch] = {}
        self._closed: list[_Stretch] = []

    def add(
        self, stage: Stage, code: str, frame_index: int, position: int, detail: str = "", track_id: int = 0
    ) -> None:
        """Note something.

        Args:
            stage: Where it arose.
            code: ``"gate_…"`` or a key of the table of messages.
            frame_index: The frame.
            position: Its place among the sampled frames; a stretch goes on while this grows by one at most.
            detail: Filled into the message.
            track_id: Stretches are kept apart by it.
        """
        key = (code, track_id)
        stretch = self._open.get(key)
        if stretch is not None and position <= stretch.last_position + 1:
            stretch.last, stretch.last_position = frame_index, position
            stretch.count += 1
            return
        if stretch is not None:
            self._closed.append(stretch)
        self._open[key] = _Stretch(stage, code, detail, frame_index, frame_index, position)

    def notices(self) -> list[Notice]:
        """All so far."""
        return [s.to_notice() for s in (*self._closed, *self._open.values())]


def in_order(notices: Iterable[Notice]) -> list[Notice]:
    """Notices of the whole item first, then by frame; a stable order whatever thread was quicker."""
    stages = list(Stage)
    return sorted(
        notices,
        key=lambda n: (-1 if n.frame_index is None else n.frame_index, stages.index(n.stage), n.code, n.message),
    )
