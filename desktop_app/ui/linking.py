"""Linked time of two items: which frame of the one is on display at a moment of the other. Numbers only."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.media import FrameIndex

# of a frame's time on display; what the two files' time stamps were rounded by is forgiven up to this
MAX_SLACK = 0.25


class Side(Enum):
    """Where a moment lies with regard to an item."""

    BEFORE = auto()
    WITHIN = auto()
    AFTER = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """A moment in an item.

    Args:
        side: Whether the item has a frame then.
        frame: The frame on display, the first or last one where there is none.
        away_s: How far before its start or after its end the moment lies, 0.0 within.
    """

    side: Side
    frame: int
    away_s: float = 0.0


def slack_s(first: "FrameIndex", second: "FrameIndex") -> float:
    """What two time stamps that mean the same moment may differ by, as each file rounds to its own unit."""
    shortest = min((index.duration_s / len(index) for index in (first, second) if len(index) > 1), default=0.0)
    return min(float(first.time_base + second.time_base), MAX_SLACK * shortest)


def place_at(index: "FrameIndex", time_s: float, slack: float = 0.0) -> Place:
    """The frame on display at a moment; a still picture is on display always.

    Args:
        index: Frames of the item.
        time_s: Seconds from its first frame.
        slack: A frame that begins so little later is taken to begin now.
    """
    if len(index) == 1:
        return Place(Side.WITHIN, 0)
    if time_s + slack < 0.0 and time_s < -5e-10:
        return Place(Side.BEFORE, 0, -time_s)
    last_s = float(index.time_s[-1])
    if time_s > last_s + slack and time_s + slack >= index.duration_s - 5e-10:
        return Place(Side.AFTER, len(index) - 1, max(0.0, time_s - index.duration_s))
    return Place(Side.WITHIN, index.frame_at_time(time_s + slack))


@dataclass(frozen=True, slots=True)
class Link:
    """How the time of one item goes with that of another.

    Args:
        offset_s: What is added to a time of the first to get that of the second.
        is_on: Whether the second follows the first.
    """

    offset_s: float = 0.0
    is_on: bool = True

    def follow(self, first: "FrameIndex", frame: int, second: "FrameIndex") -> Place:
        """The place in the second item while a frame of the first is shown."""
        return place_at(second, float(first.time_s[frame]) + self.offset_s, slack_s(first, second))


def offset_between(first: "FrameIndex", frame: int, second: "FrameIndex", other: int) -> float:
    """The offset with which a frame of the second item is shown as soon as a frame of the first is."""
    return float(second.time_s[other]) - float(first.time_s[frame])


def nudged(first: "FrameIndex", frame: int, second: "FrameIndex", link: Link, count: int) -> float:
    """The offset with which the second item is so many of its frames further on."""
    place = link.follow(first, frame, second)
    if place.side is Side.WITHIN:
        other = min(max(place.frame + count, 0), len(second) - 1)
        return offset_between(first, frame, second, other)
    # from outside, the first step leads to the nearest frame
    is_inwards = (count > 0) == (place.side is Side.BEFORE)
    return offset_between(first, frame, second, place.frame) if is_inwards else link.offset_s
