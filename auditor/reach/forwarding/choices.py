"""What is not known of a way and is one of several: which table, which zone. Each combination is followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from auditor.frozen import dataclass
from auditor.reach.forwarding.course import Course, perhaps_point
from auditor.reach.points import Point
from auditor.reach.verdict import Code
from auditor.tree import Location, Reason

MOST = 16

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One combination of choices, by what was chosen, and the courses that all exist then."""

    chosen: tuple[tuple[str, int], ...]
    courses: tuple[Course, ...]

    def agrees(self, other: Alternative) -> bool:
        """Whether both may be true at once."""
        if not self.chosen or not other.chosen:
            return True
        mine = dict(self.chosen)
        return all(mine.get(key, number) == number for key, number in other.chosen)


class Choices:
    """The choices of one exploration. ``loose`` follows every candidate, and none for certain."""

    __slots__ = ("asked", "chosen", "loose")

    def __init__(self, chosen: dict[str, int], *, loose: bool = False) -> None:
        self.chosen = chosen
        self.loose = loose
        self.asked: tuple[str, int] | None = None

    def pick(self, key: str, candidates: Sequence[_T], what: str) -> list[tuple[_T, tuple[Point, ...]]]:
        """The candidates to follow, each with the points that say that it may be another."""
        if len(candidates) == 1:
            return [(candidates[0], ())]
        if self.loose:
            why = Reason(what, Location(""), "the input that decides it, or a snapshot")
            doubt = perhaps_point("choice", what, Code.NO_PATH, (why,), None)
            return [(one, (doubt,)) for one in candidates]
        if key not in self.chosen and self.asked is None:
            self.asked = (key, len(candidates))
        return [(candidates[self.chosen.get(key, 0) % len(candidates)], ())]
